"""The Regions in which AWS's service has no calls.

User guide, "What is AWS End User Messaging SMS?", Region availability: "Supports voice channel". A
Region that is not in the table is not restricted, since clients of an emulator invent some.
"""

from __future__ import annotations

from typing import Final

_WITHOUT_CALLS: Final = frozenset(
    {
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-6",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "us-gov-east-1",
    }
)


def has_calls(region: str) -> bool:
    """Tell whether numbers of a Region can make calls."""
    return region not in _WITHOUT_CALLS
