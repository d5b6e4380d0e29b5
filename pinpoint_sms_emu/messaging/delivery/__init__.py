"""The delivery of accepted messages."""
