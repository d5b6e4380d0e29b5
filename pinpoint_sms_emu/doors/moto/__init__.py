"""Interplay with moto: its server application, its stacks and its topics."""
