"""Facts, such as countries and prices, with their sources."""
