"""`registrations`: lists registrations, and reviews them."""

from __future__ import annotations

import argparse
from urllib.parse import quote

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import add_list_command, print_table
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    WHOSE,
    Commands,
    Parser,
    add_account,
    add_client_command,
    add_json,
    connect,
)

_TITLES = ("ID", "TYPE", "STATUS", "ACCOUNT", "REGION")


def add_registrations(commands: Commands) -> None:
    """Declare the command."""
    group, subcommands = add_list_command(
        commands,
        "registrations",
        "list registrations, or review a registration",
        _list,
        options=_add_options,
        examples="registrations\nregistrations review registration-0123456789abcdef COMPLETE",
        list_explanation="list the registrations of all accounts, or of one",
        list_examples="registrations list",
    )
    review = add_client_command(
        subcommands,
        "review",
        "decide about a registration, as AWS's reviewers do, and print its status",
        _review,
        examples="""registrations review registration-0123456789abcdef COMPLETE
registrations review registration-0123456789abcdef REQUIRES_UPDATES --reason "No opt-in page" """,
        above=group,
    )
    review.add_argument("registration_id", metavar="ID", help="the registration")
    review.add_argument(
        "decision", metavar="DECISION", help="such as COMPLETE, REQUIRES_UPDATES or CLOSED"
    )
    review.add_argument("--reason", metavar="TEXT", help="why updates are required")
    review.add_argument(
        "--field",
        action="append",
        type=_field,
        metavar="PATH=REASON",
        help="why a field needs an update; may be repeated",
    )
    add_json(review)
    add_account(review, WHOSE)


def _add_options(command: Parser) -> None:
    add_json(command)
    add_account(command)


def _field(text: str) -> tuple[str, str]:
    path, equals, reason = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"must be PATH=REASON, not {text!r}")
    return path, reason


def _list(arguments: argparse.Namespace) -> int:
    place = {"account_id": arguments.account_id, "region": arguments.region}
    answer = connect(arguments).get("/_emulator/resources", **place)
    found = [
        {**each, "account_id": account["account_id"], "region": account["region"]}
        for account in answer["accounts"]
        for each in account["resources"].get("registration", ())
    ]
    if arguments.json:
        output.print_json({"registrations": found, "total": len(found)})
        return DONE
    names = ("id", "registration_type", "status", "account_id", "region")
    print_table(_TITLES, [[each.get(name) for name in names] for each in found], "registrations")
    return DONE


def _review(arguments: argparse.Namespace) -> int:
    reviewed = connect(arguments).post(
        f"/_emulator/registrations/{quote(arguments.registration_id, safe='')}/review",
        decision=arguments.decision,
        reason=arguments.reason,
        fields=dict(arguments.field) if arguments.field else None,
        account_id=arguments.account_id,
        region=arguments.region,
    )
    if arguments.json:
        output.print_json(reviewed)
    else:
        print(reviewed["registration_status"])
    return DONE
