"""Outcomes: the final events that tests choose for messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Final

from pinpoint_sms_emu.errors import one_of, quoted
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.replicas import Replica, numbered
from pinpoint_sms_emu.service.filters import must_be_a_text
from pinpoint_sms_emu.state.tables import Entries, Entry

EVERYONE: Final = "*"

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LONGEST_PATTERN: Final = 30
_OF_PATTERNS: Final = frozenset("+0123456789*?")

# More than any test makes, and few enough for every program that reads a state.
_MOST_TIMES: Final = 1_000_000_000


@dataclass(slots=True, kw_only=True)
class Outcome(Entry):
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

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome's JSON representation."""
        members = asdict(self)
        del members["sequence"]
        return members


class Outcomes:
    """The outcomes, in the order in which they were added."""

    def __init__(self) -> None:
        self.entries: Entries[Outcome] = Entries()
        self.made = 0

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.entries)

    def add(self, outcome: Outcome, replica: Replica | None = None) -> Outcome:
        """Add an outcome; raise a ValueError if it is invalid.

        An outcome that another replica has made keeps its id.
        """
        must_be_possible(outcome)
        if outcome.id in self.entries:
            raise ValueError(f"there is an {outcome.id:.80} already")

        self.made += 1
        outcome.id = outcome.id or numbered(f"outcome-{self.made}", replica)
        outcome.sequence = self.made
        self.entries.put(outcome)
        return outcome

    def clear(self, outcome_id: str | None = None) -> None:
        """Remove one outcome, or all; raise a LookupError for an unknown id."""
        if outcome_id is None:
            self.entries = Entries()
            return
        must_be_a_text("outcome_id", outcome_id)
        outcome = self.entries.get(outcome_id)
        if outcome is None:
            raise LookupError(f"there is no outcome {outcome_id!s:.80}, or it has been used up")
        self.entries.remove(outcome)

    def take(self, message: Message) -> str | None:
        """Choose the event for a message: first outcomes with `times`, in the order of adding.

        Of the unlimited outcomes, the latest counts.
        """
        lasting = None
        for outcome in self.entries or ():
            if not outcome.is_for(message):
                continue
            if outcome.times is not None:
                outcome.times -= 1
                if not outcome.times:
                    self.entries.remove(outcome)
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


def must_be_times(times: object) -> None:
    """Refuse an invalid number of times; None is unlimited."""
    if times is not None and (type(times) is not int or not 1 <= times <= _MOST_TIMES):
        raise ValueError(
            f"times must be a whole number from 1 to {_MOST_TIMES}, not {quoted(times)}"
        )
