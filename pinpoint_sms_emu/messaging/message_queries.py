"""What messages can be filtered by: filters, their order, and where a listing begins and ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

from pinpoint_sms_emu.errors import quoted
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.messages import Message

CHANNELS = ("text", "media", "voice", "rcs")
DIRECTIONS = ("outbound", "inbound")
# Before any event, as its latest event says, and of what has come in.
STATUSES = tuple(
    dict.fromkeys(("PENDING", *(each.status for each in EVENT_TYPES.values()), "RECEIVED"))
)


# The order of a listing; without one it is the first.
ORDERS = ("oldest", "newest")


class FiltersBesideRecipient(TypedDict, total=False):
    """What messages must match, whoever their recipient."""

    sender: str | None
    channel: str | None
    direction: str | None
    contains: str | None
    status: str | None
    account_id: str | None
    region: str | None


class MessageFilters(FiltersBesideRecipient, total=False):
    """What messages must match."""

    recipient: str | None
    has_code: bool | None


class MessageQuery(MessageFilters, total=False):
    """What messages can be filtered by, and how they are listed."""

    order: str | None
    after: str | None
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which messages to find: all that is given must match. A wrong argument is a ValueError.

    Numbers may leave out their plus. `order` is "oldest" (first) or "newest"; `after` is the id of
    the message after which the listing begins, in that order; `limit` is how many at most.
    """

    recipient: str | None = None
    sender: str | None = None
    channel: str | None = None
    direction: str | None = None
    contains: str | None = None
    status: str | None = None
    # Whether a one-time code is in it.
    has_code: bool | None = None
    account_id: str | None = None
    region: str | None = None
    order: str | None = None
    after: str | None = None
    limit: int | None = None

    @classmethod
    def of(cls, **members: Unpack[MessageQuery]) -> Self:
        """Make a query of keyword arguments; an unknown name is a ValueError."""
        for name in members.keys() - MessageQuery.__annotations__.keys():
            known = ", ".join(MessageQuery.__annotations__)
            raise ValueError(f"messages cannot be filtered by {name}, but by {known}")
        return cls(**members)

    def __post_init__(self) -> None:
        for name in MessageQuery.__annotations__.keys() - {"has_code", "limit"}:
            must_be_a_text(name, getattr(self, name))
        must_be_a_limit(self.limit)
        if self.has_code is not None and not isinstance(self.has_code, bool):
            raise ValueError(f"has_code must be true or false, not {quoted(self.has_code)}")
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
                f"status must be one of {', '.join(STATUSES)}, not {quoted(self.status)}"
            )

    @property
    def needs_a_look(self) -> bool:
        """Whether messages must be looked at, beyond who got them and when."""
        looked_at = MessageQuery.__annotations__.keys() - {"recipient", "order", "after", "limit"}
        return any(getattr(self, name) is not None for name in looked_at)

    def test(self) -> Callable[[Message], bool]:
        """Make a test of everything but `after`."""
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


def must_be_a_text(name: str, value: object) -> None:
    """Refuse what cannot be a name or an id; None is anything."""
    if value is not None and (not isinstance(value, str) or not value):
        raise ValueError(f"{name} must be a text that is not empty, not {quoted(value)}")


def must_be_a_limit(limit: object) -> None:
    """Refuse what cannot be how many at most; None is all."""
    if limit is not None and (type(limit) is not int or limit < 0):
        raise ValueError(f"limit must be a whole number, not below zero, not {quoted(limit)}")


def spellings(number: str) -> tuple[str, ...]:
    """The ways to write a number: with a plus, and as short codes and sender IDs without."""
    # In a query string a plus that is not quoted arrives as a space.
    number = number.strip()
    return (number,) if number.startswith("+") else (number, f"+{number}")
