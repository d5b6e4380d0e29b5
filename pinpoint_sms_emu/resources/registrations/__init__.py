"""Registrations, their versions, forms and reviews."""
