"""Tests that run only in their own environments: see test_aiobotocore.py."""

collect_ignore = ["in_process"]
