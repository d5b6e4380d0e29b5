"""`numbers`: lists the phone numbers of accounts, and adds one of your choice."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from pinpoint_sms_emu.doors.command_line.listing import (
    Row,
    add_and_print,
    add_formats,
    add_list_command,
    print_list,
)
from pinpoint_sms_emu.doors.command_line.parsing import (
    WHERE,
    Commands,
    Parser,
    add_account,
    add_client_command,
    add_json,
)

_PATH = "/_emulator/numbers"
_MEMBERS = (
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
_TITLES = ("ID", "NUMBER", "TYPE", "STATUS", "CAPABILITIES", "POOL", "ACCOUNT", "REGION")


def add_numbers(commands: Commands) -> None:
    """Declare the command."""
    group, subcommands = add_list_command(
        commands,
        "numbers",
        "list the phone numbers of all accounts, or add a number",
        _list,
        options=_add_list_options,
        examples="numbers\nnumbers list --json\nnumbers add +12065550100",
        list_explanation="list the phone numbers of all accounts, or of one",
        list_examples="numbers list\nnumbers list --format csv",
    )
    add = add_client_command(
        subcommands,
        "add",
        "add a phone number of your choice to an account, and print its id",
        _add,
        examples="""numbers add +12065550100
numbers add 12345 --iso-country-code US --message-type PROMOTIONAL
numbers add 447700900123 --phone-number-id main --number-capabilities SMS,VOICE""",
        above=group,
    )
    add.add_argument("phone_number", metavar="PHONE_NUMBER", help="in E.164 form, or a short code")
    add.add_argument(
        "--phone-number-id", metavar="ID", help="an id of your choice (default: one in AWS's form)"
    )
    add.add_argument(
        "--iso-country-code", metavar="COUNTRY", help="the country of a short code, such as US"
    )
    add.add_argument("--number-type", metavar="TYPE", help="such as TOLL_FREE or TEN_DLC")
    add.add_argument("--message-type", metavar="TYPE", help="TRANSACTIONAL or PROMOTIONAL")
    add.add_argument(
        "--number-capabilities",
        metavar="CAPABILITIES",
        type=lambda text: text.split(","),
        help="such as SMS,VOICE,MMS",
    )
    add.add_argument(
        "--two-way-enabled",
        action="store_const",
        const=True,
        help="publish inbound messages to a two-way channel",
    )
    add.add_argument("--two-way-channel-arn", metavar="ARN", help="such as that of an SNS topic")
    add.add_argument(
        "--opt-out-list-name", metavar="NAME", help="the opt-out list (default: Default)"
    )
    add.add_argument("--pool-id", metavar="POOL_ID", help="add the number to this pool")
    add_json(add)
    add_account(add, WHERE)


def _add_list_options(command: Parser) -> None:
    add_formats(command)
    add_account(command)


def _list(arguments: argparse.Namespace) -> int:
    place = {"account_id": arguments.account_id, "region": arguments.region}
    return print_list(arguments, _PATH, "numbers", _TITLES, _row, **place)


def _row(number: Mapping[str, Any]) -> Row:
    return (
        number["phone_number_id"],
        number["phone_number"],
        number["number_type"],
        number["status"],
        ",".join(number["number_capabilities"]),
        number["pool_id"],
        number["account_id"],
        number["region"],
    )


def _add(arguments: argparse.Namespace) -> int:
    return add_and_print(arguments, _PATH, _MEMBERS, "phone_number_id")
