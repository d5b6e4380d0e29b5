"""The HTTP server, on a thread of a test process or as the command `serve`."""
