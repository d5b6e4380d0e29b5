"""The pages of the reference, made from the code when the documentation is built.

`python docs/generate.py` brings the pages that are kept in the repository up to date: the code that
they copy from other files, and the list of operations.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import yaml

from pinpoint_sms_emu.api.permissions import PolicyFilters
from pinpoint_sms_emu.api.stacks import Stack
from pinpoint_sms_emu.control.openapi import DESCRIBED, describe
from pinpoint_sms_emu.doors.command_line import main
from pinpoint_sms_emu.emulator import Emulator
from pinpoint_sms_emu.messaging.inbound import Interactions
from pinpoint_sms_emu.messaging.message_queries import FiltersBesideRecipient, MessageQuery
from pinpoint_sms_emu.resources.added_numbers import NumberSettings
from pinpoint_sms_emu.service import modules  # noqa: F401  registers every operation
from pinpoint_sms_emu.service.calls import CallQuery
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.service.opt_outs import OptOutQuery
from pinpoint_sms_emu.settings import QUOTAS, Settings, SettingsArguments
from pinpoint_sms_emu.state.clock import Clock
from pinpoint_sms_emu.wire.model import service_model, snake

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
RULES = ROOT / "tests" / "rules"
OBSERVED_FILES = re.compile(r"observed/([\w-]+\.json)")
HISTORY = ROOT / "benchmarks" / "history.jsonl"
SURE = {
    "observed": "observed",
    "documented": "documented",
    "partly": "documented in part",
    "inferred": "inferred",
}


# Where the page about speed has the table, and what stands there in the repository.
SPEED_TABLE = re.compile(r"<!-- the table that was recorded last -->\n\n.*")

# Code of a page that is copied from a file of the repository, or from a section of one.
COPY = re.compile(
    r"(?P<head><!-- copy of (?P<file>\S+)(?: section (?P<section>\w+))? -->\n```\w*\n)"
    r"(?P<code>.*?)(?P<end>^```$)",
    re.DOTALL | re.MULTILINE,
)


def update() -> None:
    """Bring the pages that are kept in the repository up to date."""
    for page in DOCS.glob("**/*.md"):
        text = page.read_text()
        if text != (copied := copy_code(text)):
            page.write_text(copied)
    DOCS.joinpath("operations.md").write_text(operations_page())


def copy_code(text: str) -> str:
    """Return a page with its copied code as it stands in the files now."""
    return COPY.sub(lambda found: found["head"] + _code(found) + found["end"], text)


def _code(found: re.Match[str]) -> str:
    text = (ROOT / found["file"]).read_text()
    if not found["section"]:
        return text
    name = found["section"]
    section = rf"^ *(?:#|//) \[start:{name}\]\n(.*?)^ *(?:#|//) \[end:{name}\]"
    [code] = re.findall(section, text, re.DOTALL | re.MULTILINE)
    return dedent(code)


def operations_page() -> str:
    """Every operation that is emulated, by the kind of resource that it belongs to."""
    families: dict[str, list[str]] = {}
    for name in service_model().operations:
        if snake(name) in OPERATIONS:
            families.setdefault(_family(snake(name)), []).append(name)
    lines = [
        "# Operations",
        "",
        f"The newest botocore has {len(service_model().operations)} operations of the service, and",
        f"the emulator answers {sum(map(len, families.values()))} of them. With an older botocore,",
        "it answers those that botocore knows. `GET /_emulator/operations` returns this list.",
        "",
        "| | |",
        "|---|---|",
    ]
    lines += [
        f"| {family} | {', '.join(f'`{name}`' for name in sorted(names))} |"
        for family, names in sorted(families.items())
    ]
    return "\n".join(lines) + "\n"


# Where the name of an operation's module is not what users would look for.
FAMILIES = {
    "account_settings": "The account",
    "added_numbers": "Phone numbers",
    "available_numbers": "Phone numbers",
    "feedback": "Sending",
    "number_overrides": "Protect configurations",
    "opt_out_lists": "Opt-out lists",
    "rcs_agents": "RCS agents",
    "rcs_launches": "RCS agents",
    "resource_policies": "Sharing by resource policies",
    "sender_ids": "Sender IDs",
    "verification": "Verified destination numbers",
}


def _family(operation: str) -> str:
    """What the row of an operation is called."""
    *_, package, module = OPERATIONS[operation].function.__module__.split(".")
    if package in {"sending", "registrations"}:
        package = FAMILIES.get(module, package)
        return package.capitalize()
    return FAMILIES.get(module, module.replace("_", " ").capitalize())


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made; mkdocs calls this."""
    from mkdocs.structure.files import File  # noqa: PLC0415 only mkdocs has it

    for name, make in PAGES.items():
        files.append(File.generated(config, f"reference/{name}.md", content=make()))
    return files


def on_page_markdown(markdown: str, **_given: Any) -> str:
    """Put in what a page only names; mkdocs calls this."""
    return SPEED_TABLE.sub(lambda _found: speed_table(), markdown)


def speed_table() -> str:
    """What `make bench` has recorded last, and when."""
    if not HISTORY.exists():
        return "Nothing has been recorded yet."
    run = json.loads(HISTORY.read_text().splitlines()[-1])
    lines = [
        f"Recorded {run['date']}, commit {run['commit']}, Python {run['python']}:",
        "",
        "| What | Is | Must be | Goal |",
        "|---|---:|---:|---:|",
    ]
    for row in run["rows"]:
        shown = f"{row['value']:.2f} {row['unit']}"
        lines.append(f"| {row['what']} | {shown} | {row['must_be']} | {row['goal']:g} |")
    return "\n".join(lines)


def settings_page() -> str:
    """Every setting: its name in Python, on the command line, in the environment; its default."""
    lines = [
        "# Settings",
        "",
        "Each is an argument of `mock_sms`, `Emulator` and the marker `pinpoint_sms`, an option of",
        "`pinpoint-sms-emu serve`, and an environment variable of it.",
        "",
    ]
    for each in fields(Settings):
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        told = "AWS's documented ones, below" if each.name == "quotas" else f"`{default!r}`"
        option = each.name.replace("_", "-")
        lines += [
            f"## {each.name}",
            "",
            f"{each.metadata['help'][0].upper()}{each.metadata['help'][1:]}.",
            "",
            f"`{each.name}=` · `--{option}` · `PINPOINT_SMS_EMU_{each.name.upper()}`",
            "",
            f"Default: {told}",
            "",
        ]
    lines += ["## The quotas", "", "| Name | Default |", "|---|---|"]
    lines += [f"| `{name}` | {number:,} |" for name, number in QUOTAS.items()]
    return "\n".join(lines)


def command_line_page() -> str:
    """The help of every command."""
    parser = main.build_parser()
    lines = ["# Command line", "", "```text", parser.format_help().rstrip(), "```", ""]
    lines += _commands(parser, "")
    return "\n".join(lines)


def _commands(parser: argparse.ArgumentParser, above: str) -> Iterator[str]:
    """The help of each command and of its subcommands."""
    for action in parser._actions:  # noqa: SLF001 argparse has no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, command in action.choices.items():
                heading = "###" if above else "##"
                yield from (f"{heading} {above}{name}", "", "```text")
                yield from (command.format_help().rstrip(), "```", "")
                yield from _commands(command, f"{name} ")


# All that an Emulator has for its users.
ASKED_FOR = [name for name in dir(Emulator) if not name.startswith("_")]
# How much of a signature stands on one line.
LINE = 80
OF_THE_CLOCK = ("now", "advance", "set", "freeze", "resume")
OF_THE_STACK = ("outputs", "resources", "update", "delete")


def python_page() -> str:
    """What an Emulator, its clock and a message can be asked for."""
    lines = [
        "# Python",
        "",
        "`mock_sms(**settings)` is a context manager that gives an `Emulator`, and a decorator of",
        "functions, async functions and test classes. `Emulator(**settings)` alone answers nobody",
        "until something serves it. Wrong arguments are a `ValueError`, unknown ids a",
        "`LookupError`, each with a sentence.",
        "",
        "## The emulator",
        "",
        "`sms.faults` and `sms.outcomes` are those that are still to happen, `sms.settings` is",
        "what it runs with.",
        "",
    ]
    for name in ASKED_FOR:
        lines += _asked_for("sms", name, getattr(Emulator, name))
    lines += ["## Its clock", ""]
    for name in OF_THE_CLOCK:
        lines += _asked_for("sms.clock", name, getattr(Clock, name))
    lines += ["## Its stack", ""]
    for name in OF_THE_STACK:
        lines += _asked_for("sms.stack", name, getattr(Stack, name))
    lines += [
        "## A message",
        "",
        "Its attributes are the members that HTTP shows, told in",
        "[Test from any language](../how-to/http.md#before-and-after): `message.recipient`,",
        "`message.body`, `message.status`, `message.events` and so on.",
        "",
    ]
    return "\n".join(lines)


def _asked_for(owner: str, name: str, member: Any) -> list[str]:
    is_read = isinstance(member, property)
    found: Any = member.fget if isinstance(member, property) else member
    function = inspect.unwrap(found)
    shown = f"{owner}.{name}" if is_read else f"{owner}.{name}{_signature(function)}"
    lines = [f"### {name}", "", "```python", shown, "```", ""]
    lines += [inspect.cleandoc(function.__doc__ or ""), ""]
    for each in inspect.signature(function).parameters.values():
        members = TAKEN.get(str(each.annotation))
        if members:
            told = ", ".join(f"`{name}`" for name in members.__annotations__)
            lines += [f"`{each.name}` are {told}.", ""]
    return lines


TAKEN = {
    "Unpack[FiltersBesideRecipient]": FiltersBesideRecipient,
    "Unpack[CallQuery]": CallQuery,
    "Unpack[Interactions]": Interactions,
    "Unpack[MessageQuery]": MessageQuery,
    "Unpack[PolicyFilters]": PolicyFilters,
    "Unpack[NumberSettings]": NumberSettings,
    "Unpack[OptOutQuery]": OptOutQuery,
    "Unpack[SettingsArguments]": SettingsArguments,
}


def _signature(function: Any) -> str:
    """The signature as one would write it: annotations without quotes, one line if it fits."""
    signature = inspect.signature(function)
    told: list[str] = []
    for each in signature.parameters.values():
        if each.kind is each.KEYWORD_ONLY and "*" not in told:
            told.append("*")
        if each.name != "self":
            is_spread = str(each.annotation) in TAKEN
            told.append(str(each.replace(annotation=each.empty) if is_spread else each))
    told = [re.sub(r": '([^']*)'", r": \1", each) for each in told]
    answer = f" -> {signature.return_annotation}"
    line = f"({', '.join(told)}){answer}"
    return line if len(line) < LINE else "(\n    " + ",\n    ".join(told) + f",\n){answer}"


def fidelity_page() -> str:
    """Every rule of the catalogue: how sure it is, and whether it is emulated."""
    emulated = [name for name in service_model().operations if snake(name) in OPERATIONS]
    families = {
        file.stem: yaml.safe_load(file.read_text()) for file in sorted(RULES.glob("*.yaml"))
    }
    rules = [rule for family in families.values() for rule in family]
    shown = [rule for rule in rules if "not_emulated" not in rule]
    lines = [
        "# What is emulated",
        "",
        f"{len(emulated)} of {len(service_model().operations)} operations of the newest botocore,",
        f"and {len(shown)} of {len(rules)} rules. Each rule is shown by a test, or says why it is",
        "not emulated. *Documented*: AWS writes it, in the service model or the user guide.",
        "*Inferred*: nobody writes it down, and the emulator does what a user would expect.",
        "*Observed*: somebody has met it on the real service; where `tests/observed` has the",
        "answer, its file is named.",
        "",
    ]
    for family, entries in families.items():
        lines += [f"## {family.replace('-', ' ').capitalize()}", ""]
        lines += ["| Rule | Refusal | How sure |", "|---|---|---|"]
        lines += [_row(rule) for rule in entries]
        lines += [""]
    return "\n".join(lines)


def _row(rule: dict[str, Any]) -> str:
    error = rule.get("error", {})
    refusal = " ".join(f"`{error[key]}`" for key in ("exception", "reason") if error.get(key))
    sure = SURE.get(rule["condition_basis"], rule["condition_basis"])
    sure += ", observed" if rule.get("observed") else ""
    if rule["condition_basis"] == "observed" and (files := OBSERVED_FILES.findall(rule["source"])):
        sure += f": {', '.join(f'`{name}`' for name in files)}"
    text = " ".join(str(rule["rule"]).split()).replace("|", "\\|")
    if "not_emulated" in rule:
        sure, text = "not emulated", f"{text} *{' '.join(rule['not_emulated'].split())}*"
    return f"| <span id='{rule['id']}'></span>{text} | {refusal} | {sure} |"


def http_page() -> str:
    """Every route under /_emulator, as the OpenAPI document tells it."""
    lines = [
        "# HTTP",
        "",
        "`POST /` is the AWS API, `GET /` the page. Everything else is under `/_emulator`, in JSON",
        "with snake_case members, ISO 8601 times, UTC. What is wrong with a request is a 4xx with",
        '`{"error": "one sentence"}`. `GET /_emulator/openapi.json` tells this page to programs;',
        "[Test from any language](../how-to/http.md) shows the routes that everybody needs, and",
        "says who may ask.",
        "",
    ]
    for path, methods in sorted(describe(DESCRIBED)["paths"].items()):
        for method, operation in methods.items():
            lines += [f"## {method.upper()} {path}", "", operation.get("summary", ""), ""]
            asked = [
                _member(each["name"], each["schema"], required=each["required"])
                for each in operation.get("parameters", ())
                if each["in"] == "query"
            ]
            if asked:
                lines += [f"Query: {', '.join(asked)}", ""]
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema", {})
            told = [
                _member(name, schema, required=name in body.get("required", ()))
                for name, schema in body.get("properties", {}).items()
            ]
            if told:
                lines += [f"Body: {', '.join(told)}", ""]
    return "\n".join(lines)


def _member(name: str, schema: dict[str, Any], *, required: bool) -> str:
    """Tell of a member what it is, and whether it may be left out."""
    kind = schema.get("anyOf", [schema])[0]["type"]
    return f"`{name}` ({kind}, required)" if required else f"`{name}` ({kind})"


PAGES = {
    "http": http_page,
    "settings": settings_page,
    "command-line": command_line_page,
    "python": python_page,
    "fidelity": fidelity_page,
}

if __name__ == "__main__":
    update()
