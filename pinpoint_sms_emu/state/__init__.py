"""State, time and random values; independent of AWS SMS."""
