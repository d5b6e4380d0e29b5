"""One module per kind of resource: its dataclass, then its operations."""
