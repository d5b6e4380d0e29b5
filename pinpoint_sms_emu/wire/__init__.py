"""Reads calls from bytes and writes answers as bytes; independent of what operations do."""
