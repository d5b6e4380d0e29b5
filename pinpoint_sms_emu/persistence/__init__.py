"""A state as a document, and in a folder."""
