"""Makes free calls to AWS, writes the answers to files, and compares them with the emulator's."""
