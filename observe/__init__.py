"""Observing: free calls to AWS, whose answers are kept as files and compared with the emulator."""
