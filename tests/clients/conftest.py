"""What runs in places of their own only: see test_aiobotocore.py."""

collect_ignore = ["in_process"]
