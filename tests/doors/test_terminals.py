"""Terminals: what a caller or an end user wrote neither forges a line nor gives a command."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.doors import failure_report
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.serving import run

# Clears the screen, begins another line, and turns the text around.
HOSTILE = "\x1b[2J\u009b2J\u202eX"
LINE = f"\n2030-01-01 00:00:00.000 us-east-1 DeletePool: ok {HOSTILE}"

# Calls that are refused with a text that the caller chose.
REFUSED: dict[str, Callable[[Any, Any, str], object]] = {
    "a keyword": lambda sms, _sns, number: sms.describe_keywords(
        OriginationIdentity=number, Keywords=[HOSTILE]
    ),
    "a number of SNS": lambda _sms, sns, _number: sns.publish(
        PhoneNumber=f"+1425{LINE}", Message="Hello"
    ),
    "an attribute of SNS": lambda _sms, sns, _number: sns.set_sms_attributes(
        attributes={LINE: "x"}
    ),
}


@pytest.fixture(params=REFUSED.values(), ids=REFUSED)
def lines(request: pytest.FixtureRequest, emulator: Emulator, sms: Any, number: Any) -> list[str]:
    """The lines of the log about a call that is refused."""
    found: list[str] = []
    engine_of(emulator).servers += 1  # so that the log explains
    engine_of(emulator).log_call = found.append
    sns = boto3.client("sns", region_name="us-east-1")
    with suppress(ClientError):
        request.param(sms, sns, number.id)
    engine_of(emulator).servers -= 1
    return found


def test_lines_of_the_log(lines: list[str]) -> None:
    """Each call has one line, and everything else is escaped."""
    [line] = lines

    assert line.isprintable()
    assert r"\x1b[2J\x9b2J\u202eX" in line


def test_reports_of_failed_tests(lines: list[str], emulator: Emulator) -> None:
    """The same holds for the calls in the report of a failed test."""
    [*_others, line] = failure_report.describe(emulator).splitlines()

    assert line.isprintable()
    assert lines


@pytest.mark.parametrize(
    "arguments",
    [
        ("messages", "show", LINE),
        ("messages", "show", "\udcff"),
        ("messages", "--limit", LINE),
        ("inbound", "--sender", "+14255550100", "--recipient", "rcs-0", "--media", LINE),
        ("seed", "check", f"no-such-file{LINE}"),
    ],
)
def test_errors_of_commands(arguments: tuple[str, ...]) -> None:
    """An error of a command is one line, also where it has what an argument or a server said."""
    with closing(Emulator()) as emulator, Server(emulator) as server:
        finished = run(*arguments, PINPOINT_SMS_EMU_URL=server.url)

    assert finished.returncode != 0
    [line] = finished.stderr.splitlines()
    assert line.isprintable()
    assert "codec" not in line
