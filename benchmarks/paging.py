"""One page of 10 among many over the same among 100, the first page and one from the middle."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.clients import direct
from benchmarks.measuring import Row, in_turn
from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.resources.opt_out_lists import OptedOutNumber

FEW = 100
MANY = tuple(int(each) for each in os.environ.get("BENCH_MANY", "100000,1000000").split(","))


def measure() -> Iterator[Row]:
    """Opted-out numbers: the kind that grows without a quota."""
    emulator = Emulator(seed=7)
    account = emulator.account("123456789012", "us-east-1")
    middle: dict[int, str] = {}
    for size in (FEW, *MANY):
        name = f"list-{size}"
        direct(emulator, "CreateOptOutList", OptOutListName=name)
        numbers = account.opt_out_lists[name].numbers
        for index in range(size):
            number = f"+1425{index:07d}"
            numbers.put(
                OptedOutNumber(
                    id=number, sequence=account.next_sequence(), opted_out_timestamp=account.now()
                )
            )
        middle[size] = _token_of_the_middle(emulator, name, size)
    for page in ("first", "deep"):
        cases = {
            str(size): _page(emulator, f"list-{size}", middle[size] if page == "deep" else None)
            for size in (FEW, *MANY)
        }
        figures = in_turn(cases, str(FEW))
        for size in MANY:
            what = f"opted-out numbers, {page} page of 10 at {size:,} over {FEW}"
            yield Row(what, figures[str(size)].ratio, 2.0, 1.2)


def _page(emulator: Emulator, name: str, token: str | None) -> Callable[[], Any]:
    given: dict[str, Any] = {"OptOutListName": name, "MaxResults": 10}
    if token:
        given["NextToken"] = token
    return lambda: direct(emulator, "DescribeOptedOutNumbers", **given)


def _token_of_the_middle(emulator: Emulator, name: str, size: int) -> str:
    """Read on until half of the list has been seen, in the largest pages there are."""
    token = None
    for _ in range(max(1, size // 200)):
        given = {"NextToken": token} if token else {}
        most = min(100, size // 2)
        answer = direct(
            emulator, "DescribeOptedOutNumbers", OptOutListName=name, MaxResults=most, **given
        )
        token = json.loads(answer.body)["NextToken"]
    return token
