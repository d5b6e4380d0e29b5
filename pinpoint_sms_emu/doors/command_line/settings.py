"""`settings`: shows what the server runs with."""

from __future__ import annotations

import argparse
import json
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import print_table
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    add_client_command,
    add_json,
    add_subcommands,
    connect,
)


def add_settings(commands: Any) -> None:
    """Declare the command."""
    group = add_client_command(
        commands,
        "settings",
        "show the settings that the server runs with",
        _list,
        examples="settings\nsettings --json",
    )
    add_json(group)
    add_json(
        add_client_command(
            add_subcommands(group),
            "list",
            "show the settings that the server runs with",
            _list,
            examples="settings list",
            above=group,
        )
    )


def _list(arguments: argparse.Namespace) -> int:
    settings = connect(arguments).get("/_emulator/settings")
    if arguments.json:
        output.print_json(settings)
        return DONE
    print_table(("SETTING", "VALUE"), [(name, _text(of)) for name, of in settings.items()], "")
    return DONE


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
