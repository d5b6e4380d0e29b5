"""Finds differences between an answer or record of the emulator and one of AWS.

Members, enumerations, texts and the members of errors must be equal. Ids, ARNs, phone numbers and
times must have the same format; prices must both be zero or not. Values that are descriptions in
words are not compared, nor members that an incomplete answer of AWS lacks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from observe.reading import is_words

_HEX: Final = r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"
_TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000"

# The formats of values that differ between calls; the first that matches is used.
FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "a UUID of version 4": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
        r"[0-9a-f]{12}",
        "an id with a prefix": rf"[a-z]+-{_HEX}",
        "an ARN with an id": rf"arn:aws:sms-voice:[\w-]+:\d{{12}}:[\w-]+/[a-z]+-{_HEX}",
        "a phone number with a plus": r"\+\d{7,15}",
        "a phone number without a plus": r"[1-9]\d{6,14}",
        "a time": _TIME,
        "a time with seconds": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
        "a number and a time": rf"\d{{7,15}}-{_TIME}",
        "64 letters and digits": r"[0-9a-zA-Z]{64}",
    }.items()
}
# An id that was partly masked, or invented for an example: it has no format.
_MASKED: Final = re.compile(
    r"([0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}|.*(xxx|EXAMPLE|example|X{4}).*|test-.*|[a-z]+-[0-9a-f]{17,32})"
)
# Members whose value is internal to AWS, or was replaced: only their presence is compared.
_ONLY_PRESENCE: Final = {
    "eventTimestamp",
    "messageRequestTimestamp",
    "previousPublishedMessageId",
    "rcsBusinessId",
    "conversationInitiatingMessageId",
    "messageId",
    "id",
    "account",
    "time",
    "region",
    "NextToken",
    "callDurationInSeconds",
    "totalDurationInMinutes",
    "Used",
    "registrationStatusChangeTimestamp",
    "registrationType",
    "startTime",
    "endTime",
    "context",
}
# Members with personal texts, or names of the caller's resources.
_REPLACED: Final = {"originationPhoneNumber", "destinationPhoneNumber", "originationNumber"}
_PRICES: Final = {"totalMessagePrice", "totalCarrierFee", "conversationSessionFee"}
# A word of an enumeration.
_ENUMERATED: Final = re.compile(r"[A-Z]+(_[A-Z0-9]+)*")
# The members that identify an entry of a list.
_KEYS: Final = ("Name", "FieldPath", "VersionNumber", "RegistrationType", "TemplateId", "Keyword")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The options of a comparison."""

    # Whether a member that AWS's answer lacks must be absent.
    is_whole: bool = False
    # Whether the order of members is compared, as in records.
    is_ordered: bool = False
    # Whether the order of a list of words is compared.
    is_in_order: bool = True
    # For an example, only members and words of enumerations are compared.
    is_example: bool = False
    # Members that AWS has added after the observation.
    added_later: frozenset[str] = frozenset()

    def differences(self, expected: Any, actual: Any, where: str = "") -> Iterator[str]:
        """Yield the differences, each the path of a member and a sentence."""
        if isinstance(expected, Mapping):
            yield from self._of_members(expected, actual, where)
        elif isinstance(expected, list):
            yield from self._of_entries(expected, actual, where)
        elif problem := self._of_values(where.rpartition(".")[2], expected, actual):
            yield f"{where}: {problem}"

    def _of_members(self, expected: Mapping[str, Any], actual: Any, where: str) -> Iterator[str]:
        if not isinstance(actual, Mapping):
            yield f"{where}: is {actual!r} instead of an object"
            return
        for name, value in expected.items():
            if name not in actual:
                yield f"{_at(where, name)}: is missing"
            else:
                yield from self.differences(value, actual[name], _at(where, name))
        if self.is_whole:
            known = expected.keys() | self.added_later
            yield from (f"{_at(where, name)}: is too much" for name in actual if name not in known)
        common = [name for name in actual if name in expected]
        if self.is_ordered and common != [name for name in expected if name in actual]:
            yield f"{where}: the members stand in the order {', '.join(common)}"

    def _of_entries(self, expected: list[Any], actual: Any, where: str) -> Iterator[str]:
        """Find each entry in the emulator's list, which may have more if AWS's is incomplete."""
        if not isinstance(actual, Sequence) or isinstance(actual, str):
            yield f"{where}: is {actual!r} instead of a list"
            return
        if self.is_whole and len(actual) > len(expected):
            yield f"{where}: has {len(actual)} entries instead of {len(expected)}"
        if not all(isinstance(each, Mapping) for each in expected):
            yield from self._of_words(expected, list(actual), where)
            return
        left = list(actual)
        for position, entry in enumerate(expected):
            at = f"{where}[{position}]"
            candidates = [
                (list(self.differences(entry, each, at)), index)
                for index, each in enumerate(left)
                if _is_same(entry, each)
            ]
            if not candidates:
                yield f"{at}: there is no {entry}"
                continue
            found, index = min(candidates, key=lambda each: len(each[0]))
            yield from found
            del left[index]

    def _of_words(self, expected: list[Any], actual: list[Any], where: str) -> Iterator[str]:
        """Compare texts and numbers, and their order."""
        missing = [each for each in expected if each not in actual]
        if missing:
            yield f"{where}: {', '.join(map(str, missing))} is missing"
        elif self.is_in_order and [each for each in actual if each in expected] != expected:
            yield f"{where}: stands in the order {actual}"

    def _of_values(self, name: str, expected: Any, actual: Any) -> str | None:
        if name in _ONLY_PRESENCE or is_words(expected) or isinstance(actual, datetime):
            return None
        if self.is_example and not (isinstance(expected, str) and _ENUMERATED.fullmatch(expected)):
            return None
        if name in _PRICES:
            is_same = bool(expected) == bool(actual) and not isinstance(actual, str)
            return None if is_same else f"is {actual} where AWS has {expected}"
        if isinstance(expected, str):
            return self._of_texts(name, expected, actual)
        is_same = type(expected) is type(actual) and expected == actual
        return None if is_same else f"is {actual!r} where AWS has {expected!r}"

    def _of_texts(self, name: str, expected: str, actual: Any) -> str | None:
        if not isinstance(actual, str):
            return f"is {actual!r} instead of a text"
        if name == "messageBody" and expected.startswith("{"):
            found = self.differences(json.loads(expected), json.loads(actual))
            return "; ".join(found) or None
        form = form_of(expected)
        if form is not None:
            is_same = form == form_of(actual) and _prefix(expected) == _prefix(actual)
            return None if is_same else f"is {actual}, which is not {form} as {expected}"
        if name in _REPLACED or _MASKED.fullmatch(expected):
            return None
        return None if expected == actual else f"is {actual!r} where AWS has {expected!r}"


def _is_same(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> bool:
    """Return whether two entries have the same identifying members."""
    keys = [key for key in _KEYS if key in expected and not is_words(expected[key])]
    return all(actual.get(key) == expected[key] for key in keys)


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _prefix(value: str) -> str | None:
    """Return the prefix of an id, also within an ARN, or None."""
    found = re.search(rf"([a-z]+)-{_HEX}", value)
    return found and found[1]


def form_of(value: str) -> str | None:
    """Return the name of a value's format, or None."""
    return next((name for name, form in FORMS.items() if form.fullmatch(value)), None)


# Errors.


def error_differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[str]:
    """Compare an error in boto3's form with what is known of AWS's error."""
    result = expected["error"]
    code = actual["Error"]["Code"]
    if code not in re.split(r" or ", result["Code"]):
        yield f"Code: is {code} where AWS has {result['Code']}"
    for name in ("Reason", "ResourceType"):
        if name in result and result[name] != actual.get(name):
            yield f"{name}: is {actual.get(name)} where AWS has {result[name]}"
    if "Fields" in result:
        fields = [each["Name"] for each in actual.get("Fields", ())]
        if fields != result["Fields"]:
            yield f"Fields: are {fields} where AWS has {result['Fields']}"
    if "ResourceId" in result:
        beginning = result["ResourceId"].partition("-")[0]
        if not str(actual.get("ResourceId")).startswith(beginning):
            yield f"ResourceId: is {actual.get('ResourceId')} where AWS has {result['ResourceId']}"
    yield from _of_message(expected.get("printed", ""), actual["Error"]["Message"])


def _of_message(printed: str, message: str) -> Iterator[str]:
    """Compare the text of an error: its beginning and its parts, without ids."""
    if " - " in printed and not message.startswith(printed.partition(" - ")[0] + " - "):
        yield f"Message: {message} begins unlike {printed}"
    for name, value in re.findall(r'(\w+)="([^"]*)"', printed):
        # Only the beginning of an id is compared.
        kept = re.sub(r"(xxx|[0-9a-f]{32}).*", "", value)
        part = f'{name}="{value}"' if kept == value else f'{name}="{kept}'
        if part not in message:
            yield f"Message: {message} lacks {part}"
