"""State, time and random values; knows nothing of AWS SMS."""
