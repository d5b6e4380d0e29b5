"""The commands of the command line, most of which talk to a running server."""
