"""The same ClientToken gets the same answer; operations do not know that tokens exist."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from pinpoint_sms_emu.errors import ValidationException

# Neither is documented; the numbers are ours (decisions 4).
LIFETIME = timedelta(hours=8)
MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Remembered:
    """An answer that was given, and the request it was given to."""

    fingerprint: str
    answer: dict[str, Any]
    at: datetime


@dataclass(slots=True)
class Tokens:
    """The answers of one account in one Region, by operation and token; refusals are not kept."""

    answers: dict[str, Remembered] = field(default_factory=dict)

    def recall(
        self, operation: str, token: str, fingerprint: str, now: datetime
    ) -> dict[str, Any] | None:
        """Find the answer to a repeated call; other arguments with the same token are refused."""
        found = self.answers.get(f"{operation} {token}")
        if found is None or now - found.at >= LIFETIME:
            return None
        if found.fingerprint != fingerprint:
            raise ValidationException(
                "INVALID_PARAMETER", client_token="was used with other parameters before"
            )
        answer: dict[str, Any] = _copy(found.answer)
        return answer

    def remember(
        self, operation: str, token: str, fingerprint: str, answer: dict[str, Any], now: datetime
    ) -> None:
        """Keep an answer; from the oldest on, those leave that are too old or too many."""
        key = f"{operation} {token}"
        self.answers.pop(key, None)
        self.answers[key] = Remembered(fingerprint, _copy(answer), now)
        while len(self.answers) > MOST_REMEMBERED or now - self._oldest().at >= LIFETIME:
            del self.answers[next(iter(self.answers))]

    def _oldest(self) -> Remembered:
        return next(iter(self.answers.values()))


def _copy(value: Any) -> Any:
    """Copy JSON: who gets an answer may change it. Much faster than `deepcopy`."""
    if isinstance(value, dict):
        return {name: _copy(inner) for name, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


_written = json.JSONEncoder(sort_keys=True, default=repr).encode


def fingerprint(*parts: Any) -> str:
    """Tell requests apart without keeping them."""
    return blake2b(_written(parts).encode(), digest_size=12).hexdigest()
