"""Queries for messages: filters, order, start and limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, TypedDict, Unpack

from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.service.filters import (
    must_be_a_flag,
    must_be_a_limit,
    must_be_a_party,
    must_be_a_place,
    must_be_a_text,
    must_be_filters,
)
from pinpoint_sms_emu.wording import one_of, quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.messages import Message

CHANNELS = ("text", "media", "voice", "rcs")
DIRECTIONS = ("outbound", "inbound")
_WHERE: Final = "docs/how-to/delivery-failures.md"
# The status before any event, those after an event, and that of inbound messages.
STATUSES = tuple(
    dict.fromkeys(("PENDING", *(each.status for each in EVENT_TYPES.values()), "RECEIVED"))
)


# The first is the default.
ORDERS = ("oldest", "newest")


class FiltersBesideRecipient(TypedDict, total=False):
    """Filters other than the recipient."""

    sender: str | None
    channel: str | None
    direction: str | None
    contains: str | None
    status: str | None
    account_id: str | None
    region: str | None


class MessageFilters(FiltersBesideRecipient, total=False):
    """Filters for messages."""

    recipient: str | None
    has_code: bool | None


class MessageQuery(MessageFilters, total=False):
    """Filters for messages, with order, start and limit."""

    order: str | None
    after: str | None
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query for messages: all given filters must match. Wrong arguments raise a ValueError.

    Numbers may omit the plus sign. `order` is "oldest" (first) or "newest"; `after` is the id of
    the message after which the list begins, in that order; `limit` is the maximum number.
    """

    recipient: str | None = None
    sender: str | None = None
    channel: str | None = None
    direction: str | None = None
    contains: str | None = None
    status: str | None = None
    # Whether the message has a one-time code.
    has_code: bool | None = None
    account_id: str | None = None
    region: str | None = None
    order: str | None = None
    after: str | None = None
    limit: int | None = None

    @classmethod
    def of(cls, **members: Unpack[MessageQuery]) -> Self:
        """Make a query from keyword arguments; raise a ValueError for an unknown name."""
        must_be_arguments(members)
        return cls(**members)

    def __post_init__(self) -> None:
        must_be_a_party("recipient", self.recipient)
        must_be_a_party("sender", self.sender)
        must_be_a_text("contains", self.contains)
        must_be_a_text("after", self.after)
        must_be_a_flag("has_code", self.has_code)
        must_be_a_limit(self.limit)
        must_be_a_place(self.account_id, self.region)
        if self.order not in (None, *ORDERS):
            raise ValueError(f"order must be {' or '.join(ORDERS)}, not {quoted(self.order)}")
        if self.channel not in (None, *CHANNELS):
            raise ValueError(
                f"channel must be one of {', '.join(CHANNELS)}, not {quoted(self.channel)}"
            )
        if self.direction not in (None, *DIRECTIONS):
            raise ValueError(
                f"direction must be {' or '.join(DIRECTIONS)}, not {quoted(self.direction)}"
            )
        if self.status not in (None, *STATUSES):
            raise ValueError(
                f"status {one_of(self.status, STATUSES, _WHERE)}, not {quoted(self.status)}"
            )

    @property
    def needs_a_look(self) -> bool:
        """Whether there are filters other than the recipient."""
        looked_at = MessageQuery.__annotations__.keys() - {"recipient", "order", "after", "limit"}
        return any(getattr(self, name) is not None for name in looked_at)

    def test(self) -> Callable[[Message], bool]:
        """Return a predicate for all filters."""
        equal = [
            (name, value)
            for name in ("channel", "direction", "status", "account_id", "region")
            if (value := getattr(self, name)) is not None
        ]
        numbers = [
            (name, spellings(value))
            for name in ("recipient", "sender")
            if (value := getattr(self, name)) is not None
        ]
        contains, has_code = self.contains, self.has_code

        def fits(message: Message) -> bool:
            return (
                all(getattr(message, name) == value for name, value in equal)
                and all(getattr(message, name) in values for name, values in numbers)
                and (contains is None or contains in (message.body or ""))
                and (has_code is None or has_code is bool(message.codes))
            )

        return fits


def must_be_arguments(named: Iterable[str], *beside: str) -> None:
    """Refuse what is neither a filter of messages nor another argument of the method."""
    must_be_filters(named, (*MessageQuery.__annotations__, *beside), "messages")


def spellings(number: str) -> tuple[str, ...]:
    """Return the spellings of a recipient: as given, and with a plus sign."""
    # In a query string, an unquoted plus sign is decoded as a space.
    number = number.strip()
    return (number,) if number.startswith("+") else (number, f"+{number}")
