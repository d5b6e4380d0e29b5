"""`numbers`, `faults` and `outcomes`: what somebody arranges before an application is tried."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from pinpoint_sms_emu.doors.command_line.declaring import (
    FINE,
    Run,
    add_client_command,
    connect,
    inherit,
)
from pinpoint_sms_emu.doors.command_line.terminal import harmless

_NUMBERS = "/_emulator/numbers"
_RESOURCES = "/_emulator/resources"
_FAULTS = "/_emulator/faults"
_OUTCOMES = "/_emulator/outcomes"

_NUMBER_MEMBERS = (
    "phone_number",
    "phone_number_id",
    "iso_country_code",
    "number_type",
    "message_type",
    "number_capabilities",
    "two_way_enabled",
    "two_way_channel_arn",
    "opt_out_list_name",
    "pool_id",
    "account_id",
    "region",
)
_FAULT_MEMBERS = (
    "operation",
    "error",
    "reason",
    "times",
    "probability",
    "delay_seconds",
    "cut",
    "account_id",
    "region",
)
_OUTCOME_MEMBERS = ("event", "recipient", "times", "account_id", "region")


# --- numbers -------------------------------------------------------------------------------------


def add_numbers(commands: Any) -> None:
    """Declare the command, and the way to add one."""
    ways = _add_group(
        commands,
        "numbers",
        "show the phone numbers that accounts have, or add one",
        _show_numbers,
        examples="numbers\nnumbers --json\nnumbers add +12065550100",
    )
    add = _add_way(
        ways,
        "add",
        "give an account a number of your choice, which AWS does not; show its id",
        _add_number,
        examples="""numbers add +12065550100
numbers add 12345 --iso-country-code US --message-type PROMOTIONAL
numbers add 447700900123 --phone-number-id mine --number-capabilities SMS,VOICE""",
    )
    add.add_argument("phone_number", metavar="NUMBER", help="in E.164 form, or a short code")
    add.add_argument("--phone-number-id", metavar="ID", help="the id that it is to have")
    add.add_argument("--iso-country-code", metavar="CODE", help="where a short code is: US")
    add.add_argument("--number-type", metavar="TYPE", help="such as TOLL_FREE or TEN_DLC")
    add.add_argument("--message-type", metavar="TYPE", help="TRANSACTIONAL or PROMOTIONAL")
    add.add_argument(
        "--number-capabilities",
        metavar="LIST",
        type=lambda text: text.split(","),
        help="such as SMS,VOICE,MMS",
    )
    add.add_argument(
        "--two-way-enabled",
        action="store_const",
        const=True,
        help="a channel is told what people text it",
    )
    add.add_argument("--two-way-channel-arn", metavar="ARN", help="which channel that is")
    add.add_argument("--opt-out-list-name", metavar="NAME", help="the list that it keeps to")
    add.add_argument("--pool-id", metavar="ID", help="the pool that it is in")
    _add_whose(add)


def _show_numbers(chosen: argparse.Namespace) -> int:
    numbers = [
        {"account_id": account["account_id"], "region": account["region"], **number}
        for account in connect(chosen).get(_RESOURCES)["accounts"]
        for number in account["resources"].get("phone-number", ())
    ]
    if chosen.json:
        print(json.dumps(numbers, ensure_ascii=False, indent=2))
        return FINE
    shown = ("phone_number", "status", "message_type", "pool_id", "account_id", "region")
    _print_list(({"id": each["id"]} | {name: each.get(name) for name in shown}) for each in numbers)
    return FINE


def _add_number(chosen: argparse.Namespace) -> int:
    return _add(chosen, _NUMBERS, _NUMBER_MEMBERS, "phone_number_id")


# --- faults --------------------------------------------------------------------------------------


def add_faults(commands: Any) -> None:
    """Declare the command, and the ways to add and forget."""
    ways = _add_group(
        commands,
        "faults",
        "show what is to go wrong with calls, add to it, forget it",
        _show_faults,
        examples="faults\nfaults add SendTextMessage --error ThrottlingException --times 2\n"
        "faults forget",
    )
    add = _add_way(
        ways,
        "add",
        "let calls of an operation fail, take long, or be cut in the answer; show the fault's id",
        _add_fault,
        examples="""faults add SendTextMessage --error ThrottlingException --times 2
faults add '*' --delay-seconds 3 --probability 0.1
faults add DescribePools --cut""",
    )
    add.add_argument("operation", metavar="OPERATION", help="SendTextMessage; * is each of them")
    add.add_argument("--error", metavar="NAME", help="such as InternalServerException")
    add.add_argument("--reason", metavar="REASON", help="the Reason that the error has")
    add.add_argument("--times", type=int, metavar="N", help="so often, and then no more")
    add.add_argument("--probability", type=float, metavar="P", help="from 0 to 1; 1 is always")
    add.add_argument("--delay-seconds", type=float, metavar="SECONDS", help="wait before")
    add.add_argument("--cut", action="store_true", help="break the connection in the answer")
    _add_whose(add)
    _add_forget(ways, "faults", _forget_faults)


def _show_faults(chosen: argparse.Namespace) -> int:
    return _show(chosen, _FAULTS, "faults")


def _add_fault(chosen: argparse.Namespace) -> int:
    return _add(chosen, _FAULTS, _FAULT_MEMBERS, "id")


def _forget_faults(chosen: argparse.Namespace) -> int:
    return _forget(chosen, _FAULTS)


# --- outcomes ------------------------------------------------------------------------------------


def add_outcomes(commands: Any) -> None:
    """Declare the command, and the ways to add and forget."""
    ways = _add_group(
        commands,
        "outcomes",
        "show what is to become of messages, add to it, forget it",
        _show_outcomes,
        examples="outcomes\noutcomes add TEXT_BLOCKED --recipient +14255550100\noutcomes forget",
    )
    add = _add_way(
        ways,
        "add",
        "say what becomes of messages, by the type of their final event; show the outcome's id",
        _add_outcome,
        examples="""outcomes add TEXT_BLOCKED --recipient +14255550100
outcomes add TEXT_CARRIER_UNREACHABLE --recipient CA --times 1
outcomes add VOICE_NO_ANSWER""",
    )
    add.add_argument("event", metavar="EVENT", help="such as TEXT_BLOCKED or VOICE_BUSY")
    add.add_argument(
        "--recipient", metavar="WHOM", help="a number, a country, +1425*; else it is everyone"
    )
    add.add_argument("--times", type=int, metavar="N", help="so often, and then no more")
    _add_whose(add)
    _add_forget(ways, "outcomes", _forget_outcomes)


def _show_outcomes(chosen: argparse.Namespace) -> int:
    return _show(chosen, _OUTCOMES, "outcomes")


def _add_outcome(chosen: argparse.Namespace) -> int:
    return _add(chosen, _OUTCOMES, _OUTCOME_MEMBERS, "id")


def _forget_outcomes(chosen: argparse.Namespace) -> int:
    return _forget(chosen, _OUTCOMES)


# --- what they have in common --------------------------------------------------------------------


def _add_group(commands: Any, name: str, explanation: str, show: Run, *, examples: str) -> Any:
    group = add_client_command(commands, name, explanation, show, examples=examples)
    group.add_argument("--json", action="store_true", help="JSON instead of words")
    return group.add_subparsers(title="ways", dest="way", metavar="WAY")


def _add_way(
    ways: Any, name: str, explanation: str, run: Run, *, examples: str
) -> argparse.ArgumentParser:
    way = add_client_command(ways, name, explanation, run, examples=examples)
    way.add_argument("--json", action="store_true", help="JSON instead of words")
    inherit(way)
    return way


def _add_forget(ways: Any, name: str, run: Run) -> None:
    one = name.removesuffix("s")
    forget = _add_way(
        ways,
        "forget",
        f"forget one of the {name}, or all of them",
        run,
        examples=f"{name} forget\n{name} forget {one}-1",
    )
    forget.add_argument("id", nargs="?", metavar="ID", help="which; else it is all of them")


def _add_whose(command: argparse.ArgumentParser) -> None:
    command.add_argument("--account-id", metavar="ID", help="of this account")
    command.add_argument("--region", metavar="REGION", help="of this Region")


def _show(chosen: argparse.Namespace, path: str, name: str) -> int:
    answer = connect(chosen).get(path)
    if chosen.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _print_list(answer[name])
    return FINE


def _add(chosen: argparse.Namespace, path: str, members: Iterable[str], shown: str) -> int:
    added = connect(chosen).post(path, **{name: getattr(chosen, name) for name in members})
    print(json.dumps(added, ensure_ascii=False, indent=2) if chosen.json else added[shown])
    return FINE


def _forget(chosen: argparse.Namespace, path: str) -> int:
    connect(chosen).delete(path if chosen.id is None else f"{path}/{quote(chosen.id, safe='')}")
    return FINE


def _print_list(entries: Iterable[Mapping[str, Any]]) -> None:
    """Print a line for each: its id, and what else is known of it."""
    for entry in entries:
        known = [f"{name}={value}" for name, value in entry.items() if value and name != "id"]
        print(harmless(f"{entry['id']}  {'  '.join(known)}"))
