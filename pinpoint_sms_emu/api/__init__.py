"""The methods of `Emulator`, by what they are about."""
