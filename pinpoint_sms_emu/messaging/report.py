"""The cost report: messages, parts and prices, by day, country, channel and number type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import TypeAlias, TypedDict

from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.state.steps import Steps, for_each, slices


class ReportTotal(TypedDict):
    """The number of messages and parts that were sent, and their price in US dollars."""

    messages: int
    parts: int
    price: float


class ReportRow(TypedDict):
    """The messages of one day (UTC), country, channel and number type."""

    day: str
    country: str | None
    channel: str
    # None for sender IDs, RCS agents and shared routes.
    number_type: str | None
    # Repeated from ReportTotal, whose members would come first: these are the columns in order.
    messages: int
    parts: int
    price: float


class Report(TypedDict):
    """The cost of messages, in rows and in total."""

    rows: list[ReportRow]
    total: ReportTotal


# The day, country, channel and number type of a row.
_Key: TypeAlias = tuple[str, str | None, str, str | None]


def make_report(messages: Sequence[Message]) -> Steps[Report]:
    """Sum up the outbound messages. Inbound messages cost nothing and are left out."""
    rows: dict[_Key, ReportRow] = {}

    def add(part: Sequence[Message]) -> None:
        for message in part:
            if message.direction == "outbound":
                _add(rows, message)

    yield from for_each(slices(messages), add)
    in_order = sorted(rows.items(), key=lambda item: tuple(part or "" for part in item[0]))
    return Report(rows=[row for _, row in in_order], total=_total(rows.values()))


def _add(rows: dict[_Key, ReportRow], message: Message) -> None:
    day = message.created.astimezone(UTC).date().isoformat()
    key = day, message.iso_country_code, message.channel, message.number_type
    row = rows.get(key)
    if row is None:
        row = rows[key] = ReportRow(
            day=day,
            country=message.iso_country_code,
            channel=message.channel,
            number_type=message.number_type,
            messages=0,
            parts=0,
            price=0.0,
        )
    row["messages"] += 1
    row["parts"] += message.parts
    row["price"] = round(row["price"] + message.price, 6)


def _total(rows: Iterable[ReportRow]) -> ReportTotal:
    total = ReportTotal(messages=0, parts=0, price=0.0)
    for row in rows:
        total["messages"] += row["messages"]
        total["parts"] += row["parts"]
        total["price"] = round(total["price"] + row["price"], 6)
    return total
