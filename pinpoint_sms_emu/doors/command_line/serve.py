"""`serve`: runs the HTTP server."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from pinpoint_sms_emu.doors.command_line.parsing import (
    DEFAULT_PORT,
    Commands,
    Parser,
    add_command,
    add_option,
    complete_files,
)
from pinpoint_sms_emu.setting_values import read_flag
from pinpoint_sms_emu.settings import Settings

HIGHEST_PORT = 65_535
LOG_LEVELS = ("debug", "info", "warning", "error")

# How the help writes the value of an option whose last word does not describe it.
_VALUES = {
    "account_tier": "{PRODUCTION,SANDBOX}",
    "registrations": "{automatic,required}",
    "quotas": "NAME=N,NAME=N",
    "allowed_hosts": "NAME,NAME",
    "max_messages": "N",
    "seed": "N",
    "seed_parameters": "NAME=VALUE",
    "durability": "{process,machine}",
    "signing_keys": "FILE",
    "max_calls": "N",
    "pass_through": "URL,URL",
    "policies": "FILE",
    "policies_mode": "{enforce,report}",
    "replica": "K/N",
    "peers": "URL,URL",
    "like_aws": "strict",
}
_FLAG = "true|false"


def add_serve(commands: Commands) -> None:
    """Declare the command."""
    command = add_command(
        commands,
        "serve",
        "run the HTTP server with the API, the control plane and the page",
        _serve,
        examples="""serve
serve --port 0 --seed 7
serve --host 0.0.0.0 --access-token secret --account-tier SANDBOX
serve --with-moto""",
    )
    add_option(command, "host", "127.0.0.1", "the address to listen on")
    add_option(command, "port", DEFAULT_PORT, "the port to listen on; 0 picks a free one", _port)
    add_option(
        command,
        "log-level",
        "info",
        "info logs one line for each call, warning only problems; debug, info, warning or error",
        _log_level,
        choices=LOG_LEVELS,
    )
    add_option(
        command,
        "with-moto",
        False,
        "answer calls of all other AWS services with moto; needs the package moto[server]",
        _switch,
        nargs="?",
        const=True,
        metavar=_FLAG,
    )
    settings = command.add_argument_group("settings of the emulator")
    defaults = Settings()
    for each in fields(Settings):
        _add_setting(command, settings, each, getattr(defaults, each.name))


def _add_setting(command: Parser, group: Any, setting: Field[Any], default: Any) -> None:
    more: dict[str, Any] = {}
    if setting.name in _VALUES:
        more["metavar"] = _VALUES[setting.name]
    if isinstance(default, bool):
        # A flag may be given without a value: --throttling means --throttling=true.
        more = {"metavar": _FLAG, "nargs": "?", "const": "true"}
    elif isinstance(default, Mapping) and setting.name != "quotas":
        more["action"] = "append"
    option = setting.name.replace("_", "-")
    help_default = default if isinstance(default, str | int | float) else None
    explanation = setting.metadata["help"]
    action = add_option(
        command, option, None, explanation, group=group, help_default=help_default, **more
    )
    if "Path" in str(setting.type):
        complete_files(action)


def _serve(arguments: argparse.Namespace) -> int:
    given = {each.name: getattr(arguments, each.name) for each in fields(Settings)}
    options = {name: value for name, value in given.items() if value is not None}
    settings = Settings.of(**options)  # refuses mistakes before anything is started
    _must_have_a_place(settings.data_dir)

    # Imported here, because no other command needs a server.
    from pinpoint_sms_emu.doors.http.server import serve

    return serve(
        arguments.host,
        arguments.port,
        options,
        log_level=arguments.log_level,
        with_moto=arguments.with_moto,
    )


def _must_have_a_place(data_dir: Path | None) -> None:
    """Refuse a data folder in a folder that does not exist, which is more likely a mistake."""
    if data_dir is not None and not data_dir.absolute().parent.is_dir():
        raise OSError(
            f"data_dir {data_dir} cannot be used: there is no folder {data_dir.absolute().parent}"
        )


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(
            f"must be a number from 0 to {HIGHEST_PORT}, not {value!r}"
        )
    return int(value)


def _switch(value: str) -> bool:
    try:
        return read_flag(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _log_level(value: str) -> str:
    """Parse a level, because argparse does not check the choices of environment variables."""
    if value not in LOG_LEVELS:
        raise argparse.ArgumentTypeError(f"must be one of {', '.join(LOG_LEVELS)}, not {value!r}")
    return value
