"""AWS partitions, the second part of every ARN."""

from __future__ import annotations

_PARTITIONS = {"us-gov": "aws-us-gov", "cn": "aws-cn"}


def partition_of(region: str) -> str:
    """Return the partition of a Region."""
    return _PARTITIONS.get(region.rpartition("-")[0].rpartition("-")[0], "aws")
