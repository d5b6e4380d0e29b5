"""How bytes become calls and answers become bytes; knows nothing of pools."""
