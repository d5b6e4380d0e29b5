"""The commands of the command line that talk to a server that is running."""
