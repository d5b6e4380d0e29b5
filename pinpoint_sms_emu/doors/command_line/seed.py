"""`seed`: checks, creates and exports seed files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    REFUSED,
    Commands,
    add_account,
    add_client_command,
    add_command,
    add_option,
    add_subcommands,
    connect,
    print_help,
)
from pinpoint_sms_emu.doors.command_line.whole_files import write_file
from pinpoint_sms_emu.wording import one_line


def add_seed(commands: Commands) -> None:
    """Declare the command."""
    group = add_command(
        commands,
        "seed",
        "check a seed file, create a new one, or export the state of a server as one",
        print_help,
        examples="seed init seed.toml\nseed check seed.toml\nseed export exported.toml",
    )
    subcommands = add_subcommands(group)
    check = add_command(
        subcommands,
        "check",
        "list all mistakes in a seed file, without a server",
        _check,
        examples="seed check seed.toml\nseed check template.yaml --seed-parameters Stage=dev",
    )
    check.add_argument("file", type=Path, metavar="FILE", help="the seed file")
    add_option(
        check,
        "seed-parameters",
        None,
        "a parameter of a CloudFormation template; can be repeated",
        action="append",
        metavar="NAME=VALUE",
    )
    init = add_command(
        subcommands,
        "init",
        "create a commented seed file as a start, without a server",
        _init,
        examples="seed init\nseed init seed.toml",
    )
    init.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="a new file (default: standard output)"
    )
    export = add_client_command(
        subcommands,
        "export",
        "export the resources of a running server as a seed file",
        _export,
        examples=(
            "seed export\nseed export exported.toml\n"
            "seed export template.json --format cloudformation"
        ),
    )
    export.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="the file (default: standard output)"
    )
    export.add_argument(
        "--format",
        choices=("toml", "cloudformation"),
        default="toml",
        help="toml; or cloudformation: a template of one account in one Region, in JSON",
    )
    add_account(
        export,
        (
            "only in this account (default: all, or with cloudformation 123456789012)",
            "only in this Region (default: all, or with cloudformation us-east-1)",
        ),
    )


def _check(arguments: argparse.Namespace) -> int:
    # Imported here, because reading a seed file loads the whole service.
    from pinpoint_sms_emu.seed.seed_file import find_mistakes
    from pinpoint_sms_emu.settings import Settings

    given = Settings.of(seed_parameters=arguments.seed_parameters).seed_parameters
    mistakes = find_mistakes(arguments.file, given)
    for mistake in mistakes:
        print(one_line(mistake))
    if mistakes:
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
        print(f"{count} in {one_line(arguments.file)}.", file=sys.stderr)
        return REFUSED
    print(f"No mistakes in {one_line(arguments.file)}.")
    return DONE


def _init(arguments: argparse.Namespace) -> int:
    from pinpoint_sms_emu.seed.starter import STARTER

    if arguments.file is not None and arguments.file.exists():
        raise OSError(f"{arguments.file} exists already; choose another name")
    _write(arguments.file, STARTER)
    return DONE


def _export(arguments: argparse.Namespace) -> int:
    place = {"account_id": arguments.account_id, "region": arguments.region}
    if arguments.format == "cloudformation":
        exported = connect(arguments).get("/_emulator/seed/template", **place)
        for each in exported["left_out"]:
            print(f"A template cannot express: {one_line(each)}", file=sys.stderr)
        # Linters read JSON as YAML, which has no surrogate pairs for emojis.
        _write(arguments.file, output.to_json(exported["template"]) + "\n")
        return DONE
    text = connect(arguments).get_text("/_emulator/seed", **place)
    _write(arguments.file, text)
    return DONE


def _write(file: Path | None, text: str) -> None:
    if file is None:
        output.print_file(text)
    else:
        write_file(file, text.encode())
