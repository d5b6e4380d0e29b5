"""Seed files: resources that an emulator starts with."""
