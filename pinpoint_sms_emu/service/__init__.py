"""What is common to all operations."""
