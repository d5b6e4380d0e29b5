"""Event records and their destinations."""
