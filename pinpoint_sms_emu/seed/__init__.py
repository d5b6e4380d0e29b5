"""Resources to start with."""
