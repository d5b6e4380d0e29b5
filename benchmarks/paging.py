"""One page of 10 among many over the same among 100: the first page, and one from the middle."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.clients import SOMEONE, direct
from benchmarks.measuring import Case, Row, in_turn
from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.control.messages import list_messages
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.resources.number_overrides import NumberOverride
from pinpoint_sms_emu.resources.opt_out_lists import OptedOutNumber
from pinpoint_sms_emu.state.steps import finish

FEW = 100
MANY = tuple(int(each) for each in os.environ.get("BENCH_MANY", "100000,1000000").split(","))
# Few enough that each has a full page after the middle of the smallest store.
RECIPIENTS = 4

# Fills an emulator, and returns the cases to measure, by the name of the row.
Fill = Callable[[int], dict[str, Case]]


def measure() -> Iterator[Row]:
    """Measure the listings whose length is not limited by a quota."""
    for fill in (_opted_out_numbers, _number_overrides, _messages):
        cases = {size: fill(size) for size in (FEW, *MANY)}
        for what in cases[FEW]:
            figures = in_turn({str(size): cases[size][what] for size in cases}, str(FEW))
            for size in MANY:
                row = f"{what} of 10 at {size:,} over {FEW}"
                yield Row(row, figures[str(size)].ratio, 2.0, 1.2)


def _opted_out_numbers(size: int) -> dict[str, Case]:
    emulator = Emulator(seed=7)
    direct(emulator, "CreateOptOutList", OptOutListName="full")
    account = engine_of(emulator).account("123456789012", "us-east-1")
    numbers = account.opt_out_lists["full"].numbers
    for index in range(size):
        sequence, now = account.next_sequence(), account.now()
        number = _number(index)
        numbers.put(OptedOutNumber(id=number, sequence=sequence, opted_out_timestamp=now))
    operation = "DescribeOptedOutNumbers"
    return _pages("opted-out numbers", emulator, size, operation, OptOutListName="full")


def _number_overrides(size: int) -> dict[str, Case]:
    emulator = Emulator(seed=7)
    answer = direct(emulator, "CreateProtectConfiguration")
    name = json.loads(answer.body)["ProtectConfigurationId"]
    account = engine_of(emulator).account("123456789012", "us-east-1")
    overrides = account.protect_configurations[name].number_overrides
    for index in range(size):
        overrides.put(
            NumberOverride(
                id=_number(index),
                sequence=account.next_sequence(),
                protect_configuration_id=name,
                action="BLOCK",
                iso_country_code="US",
                created_timestamp=account.now(),
            )
        )
    operation = "ListProtectConfigurationRuleSetNumberOverrides"
    return _pages("number overrides", emulator, size, operation, ProtectConfigurationId=name)


def _pages(
    what: str, emulator: Emulator, size: int, operation: str, **given: Any
) -> dict[str, Case]:
    deep = given | {"NextToken": _token_of_the_middle(emulator, size, operation, given)}
    return {
        f"{what}, {page} page": partial(direct, emulator, operation, MaxResults=10, **members)
        for page, members in (("first", given), ("deep", deep))
    }


def _token_of_the_middle(
    emulator: Emulator, size: int, operation: str, given: dict[str, Any]
) -> str:
    """Read half of the list in the largest possible pages, and return the next token."""
    token: dict[str, str] = {}
    most = min(100, size // 2)
    for _ in range(size // 2 // most):
        answer = direct(emulator, operation, MaxResults=most, **given, **token)
        token = {"NextToken": json.loads(answer.body)["NextToken"]}
    return token["NextToken"]


def _messages(size: int) -> dict[str, Case]:
    emulator = Emulator(seed=7, max_messages=size)
    emulator.add_number("+12065550100")
    direct(emulator, "SendTextMessage", DestinationPhoneNumber=SOMEONE, MessageBody="Hello")
    first = emulator.messages[0]
    emulator.clear_messages()
    for index in range(size):
        recipient = _number(index % RECIPIENTS)
        engine_of(emulator).state.messages.keep(
            replace(first, id=f"message-{index}", recipient=recipient)
        )
    middle = f"message-{size // 2}"
    members: dict[str, dict[str, Any]] = {
        "messages": {},
        "messages to one recipient": {"recipient": _number(0)},
    }
    # As in GET /_emulator/messages.
    return {
        f"{what}, {page} page": partial(_list, emulator, **(given | position))
        for what, given in members.items()
        for page, position in (("first", {}), ("deep", {"after": middle}))
    }


def _list(emulator: Emulator, **given: Any) -> Any:
    return finish(list_messages(emulator, limit=10, **given))


def _number(index: int) -> str:
    return f"+1425{index:07d}"
