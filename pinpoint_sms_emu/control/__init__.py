"""/_emulator: for tests and people, never part of AWS."""
