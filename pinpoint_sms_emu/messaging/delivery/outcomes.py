"""Outcomes: the final events that tests choose for messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Final

from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.limited_entries import (
    LimitedEntries,
    LimitedEntry,
    must_be_times,
)
from pinpoint_sms_emu.wording import one_of, quoted

EVERYONE: Final = "*"

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LONGEST_PATTERN: Final = 30
_OF_PATTERNS: Final = frozenset("+0123456789*?")


@dataclass(slots=True, kw_only=True)
class Outcome(LimitedEntry):
    """An outcome for messages; `times` counts the remaining ones, None is unlimited."""

    kind: ClassVar[str] = "outcome"

    event: str
    recipient: str = EVERYONE
    times: int | None = None
    account_id: str | None = None
    region: str | None = None

    def is_for(self, message: Message) -> bool:
        """Return whether the outcome applies to a message."""
        return (
            EVENT_TYPES[self.event].channel == message.channel
            and self.account_id in (None, message.account_id)
            and self.region in (None, message.region)
            and self._reaches(message)
        )

    def _reaches(self, message: Message) -> bool:
        if _COUNTRY.fullmatch(self.recipient):
            return self.recipient == message.iso_country_code
        return fnmatchcase(message.recipient, self.recipient)


class Outcomes(LimitedEntries[Outcome]):
    """The outcomes, in the order in which they were added."""

    def __init__(self) -> None:
        super().__init__(Outcome, must_be_possible)

    def take(self, message: Message) -> str | None:
        """Choose the event for a message: first outcomes with `times`, in the order of adding.

        Of the unlimited outcomes, the latest counts.
        """
        lasting = None
        for outcome in self.entries or ():
            if not outcome.is_for(message):
                continue
            if outcome.times is not None:
                self.use(outcome)
                return outcome.event
            lasting = outcome.event
        return lasting


def _is_pattern(text: str) -> bool:
    """Return whether a text has only digits and wildcards, with or without a leading plus sign.

    The length is checked first, so that any text is matched quickly.
    """
    return (
        len(text) <= _LONGEST_PATTERN
        and ("*" in text or "?" in text)
        and _OF_PATTERNS.issuperset(text)
        and "+" not in text[1:]
    )


def _read_recipient(recipient: Any) -> str:
    """Parse a recipient: a number, a country, a pattern of digits, or everyone."""
    from pinpoint_sms_emu.reference.countries import ISO_CODES
    from pinpoint_sms_emu.service.destinations import find_destination, must_have_a_country_code

    if isinstance(recipient, str):
        if recipient in ISO_CODES:
            return recipient
        if _is_pattern(recipient):
            return f"+{recipient}" if recipient[0].isdigit() else recipient
        must_have_a_country_code(recipient)
        destination = find_destination(recipient)
        if destination is not None:
            return destination.phone_number
    raise ValueError(
        "recipient must be a phone number, an ISO country code such as CA, a pattern such as "
        f"+1425* or * for everyone, not {quoted(recipient)}"
    )


def must_be_possible(outcome: Outcome) -> None:
    """Refuse an outcome with a wrong value, and spell its recipient as messages do."""
    if outcome.event not in tuple(EVENT_TYPES):  # a wrong value may not be hashable
        possible = one_of(outcome.event, EVENT_TYPES, "docs/how-to/delivery-failures.md")
        raise ValueError(f"there is no event {quoted(outcome.event)}; it {possible}")
    must_be_times(outcome.times)
    outcome.recipient = _read_recipient(outcome.recipient)
