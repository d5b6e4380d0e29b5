"""The ways in which calls reach an emulator."""
