"""State, time and chance; knows nothing of AWS SMS."""
