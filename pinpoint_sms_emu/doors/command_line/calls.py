"""`calls`: lists the API calls that the server answered or refused, and why it refused them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import (
    Row,
    add_formats,
    add_list_command,
    follow,
    print_list,
)
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    Parser,
    add_account,
    add_client_command,
    add_json,
    connect,
    whole_number,
)
from pinpoint_sms_emu.wording import one_line

_PATH = "/_emulator/calls"
_TITLES = ("TIME", "OPERATION", "RESULT", "REQUEST", "WHY")
_WIDTHS = (23, 20, 24, 36)
_FILTERS = ("operation", "account_id", "region", "refused", "after", "limit")


def add_calls(commands: Commands) -> None:
    """Declare the command."""
    group, subcommands = add_list_command(
        commands,
        "calls",
        "list the recorded API calls, oldest first, and why they were refused",
        _list,
        options=_add_options,
        examples="calls --refused\ncalls --operation SendTextMessage --json\ncalls --follow",
        list_examples="calls list\ncalls list --limit 10",
        note="With --follow --json, each call is one line of JSON.",
    )
    show = add_client_command(
        subcommands,
        "show",
        "show one call, with its parameters and why it was refused",
        _show,
        examples="calls show 5f9f2c0e-0a53-4b3a-8a43-0000000000a1",
        above=group,
    )
    show.add_argument("request_id", metavar="REQUEST_ID", help="the request id of the call")
    add_json(show)
    add_client_command(
        subcommands,
        "clear",
        "clear the recorded calls, and nothing else",
        _clear,
        examples="calls clear",
        above=group,
    )


def _add_options(command: Parser) -> None:
    add_formats(command)
    command.add_argument(
        "--follow", action="store_true", help="also print new calls, until stopped"
    )
    command.add_argument("--operation", metavar="OPERATION", help="such as SendTextMessage")
    command.add_argument("--refused", action="store_const", const="true", help="only refused calls")
    add_account(command)
    command.add_argument("--after", metavar="REQUEST_ID", help="only calls after this one")
    command.add_argument(
        "--limit", type=whole_number, metavar="N", help="the maximum number of calls; 0 prints none"
    )


def _list(arguments: argparse.Namespace) -> int:
    query = {name: getattr(arguments, name) for name in _FILTERS}
    if arguments.follow:
        table = output.Table(_TITLES, _WIDTHS)
        return follow(
            arguments,
            _PATH,
            member="calls",
            key="request_id",
            write=lambda calls: table.print(map(_row, calls)),
            **query,
        )
    return print_list(arguments, _PATH, "calls", _TITLES, _row, **query)


def _row(call: Mapping[str, Any]) -> Row:
    return (
        output.local_time(call["at"]),
        call["operation"] or "unknown",
        _result(call),
        call["request_id"],
        (call["why"] or {}).get("summary"),
    )


def _result(call: Mapping[str, Any]) -> str:
    error = call["error"]
    if not error:
        return "answered"
    return " ".join(filter(None, (error["code"], error["reason"])))


def _show(arguments: argparse.Namespace) -> int:
    from urllib.parse import quote

    call = connect(arguments).get(f"{_PATH}/{quote(arguments.request_id, safe='')}")
    if arguments.json:
        output.print_json(call)
        return DONE
    print(f"{output.local_time(call['at'])}  {_row(call)[1]}  {_result(call)}")
    print(f"Account:     {call['account_id']} in {call['region']}")
    print(f"Parameters:  {output.to_json(call['parameters'])}")
    why = call["why"]
    if why:
        print(f"Why:         {one_line(why['summary'])}")
        for sentence in why["state"]:
            if sentence == why["summary"]:
                continue
            print(f"             {one_line(sentence)}")
        if why["rule"]:
            rule = why["rule"]
            print(f"Rule:        {one_line(rule['text'])} ({one_line(rule['source'])})")
        if why["help"]:
            print(f"Help:        {one_line(why['help'])}")
    return DONE


def _clear(arguments: argparse.Namespace) -> int:
    connect(arguments).delete(_PATH)
    return DONE
