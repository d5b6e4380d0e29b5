"""Replaces personal data in an answer before it is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from pinpoint_sms_emu.wire.model import service_model

_ID: Final = re.compile(r"\b([a-z]+-)([0-9a-f]{32})\b")
_NUMBER: Final = re.compile(r"\+\d{7,15}")
_ACCOUNT: Final = re.compile(r"\b\d{12}\b")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
# The prefix of fictitious phone numbers.
_FICTION: Final = "+1425555"
# Members whose values are AWS's, not the customer's, besides enumerations.
_CHOSEN_BY_AWS: Final = {"IsoCountryCode", "MonthlyLeasingPrice", "RegistrationType", "Reason"}


class Replacer:
    """Replaces the same value by the same placeholder throughout one run."""

    def __init__(self, own: Mapping[str, str]) -> None:
        # The names that the plan uses, and their placeholders in files.
        self._own = own
        self._stand_ins: dict[str, str] = {}
        self._numbers = 0

    def replace(self, value: Any, *, is_own: bool, member: str = "") -> Any:
        """Replace ids, numbers, accounts and times, and every other text if it is not our own.

        The plan's own texts are not personal. Of other resources, only numbers, the words of
        enumerations and values that AWS chooses are kept.
        """
        if isinstance(value, datetime):
            return "a time"
        if isinstance(value, dict):
            return {
                key: self.replace(each, is_own=is_own, member=key) for key, each in value.items()
            }
        if isinstance(value, list):
            return [self.replace(each, is_own=is_own, member=member) for each in value]
        if not isinstance(value, str):
            return value
        return self._text(value, member, is_own=is_own)

    def _text(self, value: str, member: str, *, is_own: bool) -> str:
        for own, stand_in in self._own.items():
            if own in value:
                is_own, value = True, value.replace(own, stand_in)
        has_form = _ID.fullmatch(value) or _NUMBER.fullmatch(value)
        if value.startswith("arn:aws:sms-voice:") and not is_own:
            value = self._arn(value)
        elif not is_own and not has_form and not _is_chosen_by_aws(member, value):
            return self._stand_in(value, member)
        return self._forms(value)

    def _arn(self, value: str) -> str:
        """Replace a name at the end of an ARN."""
        beginning, _, name = value.partition("/")
        if _ID.fullmatch(name):
            return value
        return f"{beginning}/{'/'.join(self._stand_in(part, 'Name') for part in name.split('/'))}"

    def _forms(self, value: str) -> str:
        """Replace ids, phone numbers and accounts by others of the same format."""
        value = _ID.sub(lambda found: found[1] + _other_uuid(found[2]), value)
        value = _NUMBER.sub(lambda found: self._number(found[0]), value)
        value = _ACCOUNT.sub("123456789012", value)
        return _MAIL.sub("person@example.com", value)

    def _number(self, number: str) -> str:
        if number.startswith(_FICTION):
            return number
        if number not in self._stand_ins:
            self._numbers += 1
            self._stand_ins[number] = f"{_FICTION}{100 + self._numbers:04}"
        return self._stand_ins[number]

    def _stand_in(self, value: str, member: str) -> str:
        if value not in self._stand_ins:
            self._stand_ins[value] = f"{member.lower()}-{len(self._stand_ins) + 1}"
        return self._stand_ins[value]


def _is_chosen_by_aws(member: str, value: str) -> bool:
    """Return whether a value is a word of an enumeration, or of a member that is AWS's."""
    return member in _CHOSEN_BY_AWS or value in _words().get(member, ())


@cache
def _words() -> dict[str, set[str]]:
    shapes = service_model().shapes
    words: dict[str, set[str]] = {}
    for shape in shapes.values():
        for name, member in shape.get("members", {}).items():
            target = shapes[member["shape"]]
            if target["type"] == "list":
                target = shapes[target["member"]["shape"]]
            words.setdefault(name, set()).update(target.get("enum", ()))
    # Every number has these keywords.
    words["Keyword"] = {"HELP", "STOP"}
    # An attribute's value is a word of another enumeration, or an id.
    words["Value"] = {"SANDBOX", "PRODUCTION"}
    return words


def _other_uuid(digits: str) -> str:
    """Return other digits in the same format: a UUID keeps its version and variant."""
    other = hashlib.sha256(digits.encode()).hexdigest()[:32]
    return other[:12] + digits[12] + other[13:16] + digits[16] + other[17:]
