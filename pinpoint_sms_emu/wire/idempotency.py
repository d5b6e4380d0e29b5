"""Client tokens: a repeated token gets the former answer. Operations do not see tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from pinpoint_sms_emu.errors import ValidationException

# Neither limit is documented; both are our choice (decisions 4).
LIFETIME = timedelta(hours=8)
MAX_REMEMBERED = 10_000


@dataclass(slots=True, eq=False, repr=False)
class Remembered:
    """The answer to a call, and the fingerprint of its request."""

    fingerprint: str
    answer: dict[str, Any]
    at: datetime


@dataclass(slots=True, eq=False, repr=False)
class Tokens:
    """The answers of an account in a Region, by operation and token. Refusals are not kept."""

    answers: dict[str, Remembered] = field(default_factory=dict)

    def recall(
        self, operation: str, token: str, fingerprint: str, now: datetime
    ) -> dict[str, Any] | None:
        """Return the former answer of a token, if any; refuse a token with other arguments."""
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
        """Keep an answer, and drop the oldest ones that exceed the lifetime or the number."""
        key = f"{operation} {token}"
        self.answers.pop(key, None)
        self.answers[key] = Remembered(fingerprint, _copy(answer), now)
        while len(self.answers) > MAX_REMEMBERED or now - self._oldest().at >= LIFETIME:
            del self.answers[next(iter(self.answers))]

    def _oldest(self) -> Remembered:
        return next(iter(self.answers.values()))


def _copy(value: Any) -> Any:
    """Copy JSON, because callers may change an answer. Much faster than `deepcopy`."""
    if isinstance(value, dict):
        return {name: _copy(inner) for name, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


_written = json.JSONEncoder(sort_keys=True, default=repr).encode


def fingerprint(*parts: Any) -> str:
    """Return a digest of a request, for comparison without keeping the request."""
    return blake2b(_written(parts).encode(), digest_size=12).hexdigest()
