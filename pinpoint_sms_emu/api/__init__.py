"""The methods of `Emulator`, one module for each subject."""
