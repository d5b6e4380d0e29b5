"""The intended differences between the emulator and what was observed."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

import pytest

from observe.reading import Observation


class Difference(NamedTuple):
    """An intended difference: its files, its members, and the reason."""

    files: str
    members: str
    why: str


DIFFERENCES: Final = (
    Difference(
        "AssociateOriginationIdentity-1",
        "error",
        "What was wrong with the parameter is not told, and others associate numbers by ARN.",
    ),
    Difference(
        "DescribeSenderIds-1",
        "SenderIds*.MessageTypes",
        "One writer's table has Promotional and Transactional, which are not the enumeration's.",
    ),
    Difference(
        "PutKeyword-1",
        "answered.*",
        "AWS's own text says that a message begins with the keyword (E-CON-14, undecided).",
    ),
    Difference(
        "SendTextMessage-6",
        "error",
        "Another user saw such messages delivered (E-CON-06, decision 45).",
    ),
    Difference(
        "eventbridge-TEXT_SUCCESSFUL-*",
        "isFinal",
        "Receipts of other numbers go on to TEXT_DELIVERED, which tests wait for (E-CON-02).",
    ),
    Difference(
        "eventbridge-registration-status-change-2",
        "detail*",
        "A test's fixture, invented: no capture has its members.",
    ),
    Difference(
        "inbound-sms-6",
        "*",
        "Of 2021, before this API: no capture since has its order and its small keyword.",
    ),
    Difference(
        "status-descriptions-1",
        "*",
        "A blocked text was seen with other words; opt-out and price are refused before.",
    ),
)


def unexplained(name: str, found: Iterable[str]) -> list[str]:
    """The differences that no row of the table covers."""
    rows = [each for each in DIFFERENCES if fnmatchcase(name, each.files)]
    return [
        each
        for each in found
        if not any(fnmatchcase(each.partition(": ")[0], row.members) for row in rows)
    ]


def as_parameters(observed: Iterable[Observation]) -> list[Any]:
    """The parameters of a test, by the names of the files."""
    return [pytest.param(each, id=each.name) for each in observed]
