"""`segments`: shows how a text is sent as SMS, and which characters force Unicode."""

from __future__ import annotations

import argparse

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import DONE, Commands, add_client_command, add_json
from pinpoint_sms_emu.wording import one_line


def add_segments(commands: Commands) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "segments",
        "show how many parts a text needs, and which characters force Unicode, without a server",
        _segments,
        examples='segments "Your code is 482913"\nsegments --country US,DE "Grüße"',
    )
    command.add_argument(
        "--country", metavar="COUNTRIES", help="also show the price there: US, or several: US,DE"
    )
    add_json(command)
    command.add_argument("text", metavar="TEXT", help="the text")


def _segments(arguments: argparse.Namespace) -> int:
    # Imported here, because no other command needs it. No server is called: --url has no effect.
    from pinpoint_sms_emu.messaging.sending.segments import segments

    countries = None if arguments.country is None else arguments.country.split(",")
    found = segments(arguments.text, country=countries)
    if arguments.json:
        output.print_json(found)
        return DONE
    units = "septets" if found["encoding"] == "GSM" else "UTF-16 code units"
    print(f"Encoding:         {found['encoding']}")
    print(f"Parts:            {found['parts']}")
    print(f"Length:           {found['units']} {units}")
    print(f"Characters left:  {found['characters_left']}")
    for country, price in found["prices"].items():
        print(f"Price to {country}:      {price:.5f} USD")
    for each in found["forcing"]:
        instead = {None: "no similar character", "": "leave it out"}.get(
            each["suggestion"], f"write {each['suggestion']}"
        )
        print(f"Forces Unicode:   {one_line(each['character'])} {each['name']}; {instead}")
    return DONE
