"""`settings`: shows the settings of the server."""

from __future__ import annotations

import argparse
import json
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import add_list_command, print_table
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    add_json,
    connect,
)


def add_settings(commands: Commands) -> None:
    """Declare the command."""
    add_list_command(
        commands,
        "settings",
        "show the settings of the server",
        _list,
        options=add_json,
        examples="settings\nsettings --json",
        list_examples="settings list",
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
