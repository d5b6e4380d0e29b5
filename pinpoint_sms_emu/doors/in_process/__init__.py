"""Calls of the clients in this process, without a socket."""
