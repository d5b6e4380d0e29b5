"""The parameters of a template and their constraints, and pseudo parameters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from pinpoint_sms_emu.cloudformation.intrinsics import as_text
from pinpoint_sms_emu.cloudformation.mistakes import TemplateMistake
from pinpoint_sms_emu.cloudformation.templates import Template, section_of
from pinpoint_sms_emu.reference.partitions import partition_of
from pinpoint_sms_emu.wire.json_text import has_lone_surrogate
from pinpoint_sms_emu.wording import nearest, quoted

# The value of such a parameter is the name of one in Systems Manager, which is not emulated.
_STORED: Final = "AWS::SSM::Parameter::Value"
# The types of lists. All other types have text values.
_LISTS: Final = ("CommaDelimitedList", "List<")
_TYPE: Final = re.compile(
    r"String|Number|CommaDelimitedList|List<(String|Number|AWS::[\w:]+)>|AWS::[\w:]+(<.+>)?",
    re.ASCII,
)
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


class Parameters:
    """The parameters of a template: values by name, and mistakes in the given values."""

    def __init__(self, template: Template, given: Mapping[str, str]) -> None:
        self.declared = section_of(template, "Parameters")
        self.mistakes: list[TemplateMistake] = []
        for name in given.keys() - self.declared.keys():
            why = f"there is no parameter {name:.80}; {nearest(name, self.declared)}"
            self.mistakes.append(TemplateMistake(("Parameters",), why))
        self._values: dict[str, Any] = {}
        # Their values in Systems Manager are unknown.
        self.stored: set[str] = set()
        for name, declared in self.declared.items():
            try:
                self._read(name, declared, given.get(name))
            except TemplateMistake as mistake:
                self.mistakes.append(mistake)

    def _read(self, name: str, declared: Any, given: str | None) -> None:
        path = ("Parameters", name)
        if not isinstance(declared, Mapping) or not isinstance(declared.get("Type"), str):
            raise TemplateMistake(path, "must be a mapping with a Type")
        for member, why in _find_mistakes_in_declaration(declared):
            raise TemplateMistake((*path, member), why)
        if given is None and declared["Type"].startswith(_STORED):
            self.stored.add(name)
            return
        default = declared.get("Default")
        if given is None and default is None:
            raise TemplateMistake(path, f"needs a value: --seed-parameters {name}=VALUE")
        text = given if given is not None else as_text(default)
        is_list = any(each in declared["Type"] for each in _LISTS)
        value = [each.strip() for each in text.split(",")] if is_list else text
        for why in _find_mistakes(declared, text, value if isinstance(value, list) else [text]):
            raise TemplateMistake(path, why)
        self._values[name] = value

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]


def _find_mistakes_in_declaration(declared: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the members of a declaration that are none, and why."""
    if not _TYPE.fullmatch(declared["Type"]):
        yield "Type", f"must be a type such as String or Number, not {quoted(declared['Type'])}"
    if isinstance(declared.get("Default"), Mapping | list):
        yield "Default", f"must be text, not {quoted(declared['Default'])}"
    for name in ("MinLength", "MaxLength", "MinValue", "MaxValue"):
        limit = declared.get(name)
        if limit is not None and not _is_number(limit, is_whole=name.endswith("Length")):
            yield name, f"must be a number, not {quoted(limit)}"
    allowed, pattern = declared.get("AllowedValues"), declared.get("AllowedPattern")
    if allowed is not None and not isinstance(allowed, list):
        yield "AllowedValues", f"must be a list, not {quoted(allowed)}"
    if pattern is not None and not _is_pattern(pattern):
        yield "AllowedPattern", f"must be a regular expression, not {quoted(pattern)}"


def _is_number(value: Any, *, is_whole: bool) -> bool:
    try:
        (int if is_whole else float)(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return not isinstance(value, bool)


def _is_pattern(value: Any) -> bool:
    if isinstance(value, Mapping | list):
        return False
    try:
        re.compile(str(value))
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _find_mistakes(declared: Mapping[str, Any], text: str, entries: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with a value: a text, whose entries are several for a list."""
    if has_lone_surrogate(text):
        yield f"is not Unicode: {quoted(text)}"
    for entry in entries:
        yield from _find_mistakes_in_entry(declared, entry)
    least, most = declared.get("MinLength"), declared.get("MaxLength")
    if least is not None and len(text) < int(least):
        yield f"must have at least {least} characters"
    if most is not None and len(text) > int(most):
        yield f"must have at most {most} characters"


def _find_mistakes_in_entry(declared: Mapping[str, Any], text: str) -> Iterator[str]:
    """Yield what is wrong with a text, or with one entry of a list.

    "When applied to a parameter of type CommaDelimitedList, each value in the list must be one of
    the specified allowed values"; the same holds for the pattern (user guide, "Parameters").
    """
    allowed, pattern = declared.get("AllowedValues"), declared.get("AllowedPattern")
    if allowed is not None and text not in map(as_text, allowed):
        yield f"must be one of {', '.join(map(as_text, allowed))}, not {quoted(text)}"
    if pattern is not None and not re.fullmatch(str(pattern), text):
        yield str(declared.get("ConstraintDescription") or f"must match {pattern}")
    if declared["Type"] in ("Number", "List<Number>"):
        yield from _find_mistakes_in_number(declared, text)


def _find_mistakes_in_number(declared: Mapping[str, Any], text: str) -> Iterator[str]:
    if not _NUMBER.fullmatch(text):
        yield f"must be a number, not {quoted(text)}"
        return
    number = float(text)
    least, most = declared.get("MinValue"), declared.get("MaxValue")
    if least is not None and number < float(least):
        yield f"must be at least {least}"
    if most is not None and number > float(most):
        yield f"must be at most {most}"


def pseudo_parameters(account_id: str, region: str, stack_name: str) -> dict[str, Any]:
    """Return the pseudo parameters of a template."""
    partition = partition_of(region)
    stack = UUID(bytes=hashlib.sha256(f"{account_id}/{region}/{stack_name}".encode()).digest()[:16])
    return {
        "AWS::AccountId": account_id,
        "AWS::NoValue": None,
        "AWS::NotificationARNs": [],
        "AWS::Partition": partition.name,
        "AWS::Region": region,
        "AWS::StackId": (
            f"arn:{partition.name}:cloudformation:{region}:{account_id}:stack/{stack_name}/{stack}"
        ),
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": partition.dns_suffix,
    }
