"""Checks properties by the schema of their type, and converts values to the schema's types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pinpoint_sms_emu.cloudformation.intrinsics import as_text
from pinpoint_sms_emu.cloudformation.mistakes import Path, TemplateMistake
from pinpoint_sms_emu.cloudformation.templates import is_usable
from pinpoint_sms_emu.reference.cloudformation_schemas import TypeSchema
from pinpoint_sms_emu.wire.pattern_words import in_words
from pinpoint_sms_emu.wording import nearest, quoted

Schema = Mapping[str, Any]

# Python requires this flag at the beginning; the schemas have it elsewhere.
_FLAG: Final = "(?i)"
# The maximum number of digits of a whole number that is given as text.
_DIGITS: Final = 18
_FLAGS: Final = {"true": True, "false": False}


def find_unknown(
    properties: Mapping[str, Any], schema: TypeSchema, path: Path
) -> Iterator[TemplateMistake]:
    """Find unknown, read-only and missing properties."""
    for name in properties:
        if name in schema.read_only:
            yield TemplateMistake((*path, name), "is read-only")
        elif name not in schema.properties:
            why = f"is not known; {nearest(name, schema.settable)}"
            yield TemplateMistake((*path, name), why)
    for name in schema.required:
        if name not in properties:
            yield TemplateMistake((*path, name), "is required")


def adapted(value: Any, schema: Schema) -> Any:
    """Convert a value to the schema's type like CloudFormation: "true" becomes a flag."""
    match schema.get("type"), value:
        case "boolean", str():
            return _FLAGS.get(value.lower(), value)
        case "string", bool() | int() | float():
            return as_text(value)
        case "integer", str():
            is_number = value.isascii() and value.isdecimal() and len(value) <= _DIGITS
            return int(value) if is_number else value
        case "array", list():
            return [adapted(each, schema.get("items", {})) for each in value]
        case "object", Mapping():
            members = schema.get("properties", {})
            return {name: adapted(each, members.get(name, {})) for name, each in value.items()}
        case "object", str() if "properties" not in schema:
            return _document(value)
    return value


def _document(text: str) -> Any:
    """Parse a policy that is given as text; return the text if a template cannot have it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return document if is_usable(document) else text


def find_mistakes(value: Any, schema: Schema, path: Path) -> Iterator[TemplateMistake]:
    """Find the parts of a converted value that break its schema."""
    kind = str(schema.get("type"))
    if kind in _KINDS and not _is_a(value, kind):
        yield TemplateMistake(path, f"must be {_KINDS[kind][1]}, not {quoted(value)}")
        return
    for why in _find_broken(value, schema):
        yield TemplateMistake(path, why)
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from find_mistakes(each, schema.get("items", {}), (*path, index))
    elif isinstance(value, Mapping):
        yield from _find_mistakes_in_members(value, schema, path)


_KINDS: Final[Mapping[str, tuple[type | tuple[type, ...], str]]] = {
    "string": (str, "text"),
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "array": (list, "a list"),
    "object": (dict, "a mapping"),
}


def _is_a(value: Any, kind: str) -> bool:
    if kind == "integer" and isinstance(value, bool):
        return False
    return isinstance(value, _KINDS[kind][0])


def _find_broken(value: Any, schema: Schema) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"must be one of {', '.join(schema['enum'])}, not {quoted(value)}"
    if "pattern" in schema and not _fits(value, schema["pattern"]):
        yield f"{in_words(schema['pattern'])}, not {quoted(value)}"
    least, most, things = _LIMITS.get(schema.get("type", ""), ("", "", ""))
    if least in schema and len(value) < schema[least]:
        yield f"must have at least {schema[least]} {things}, not {len(value)}"
    if most in schema and len(value) > schema[most]:
        yield f"must have at most {schema[most]} {things}, not {len(value)}"
    if schema.get("uniqueItems"):
        spelled = [json.dumps(each, sort_keys=True) for each in value]
        if len(set(spelled)) < len(spelled):
            yield "must have no entry twice"


_LIMITS: Final = {
    "string": ("minLength", "maxLength", "characters"),
    "array": ("minItems", "maxItems", "entries"),
}


def _fits(text: str, pattern: str) -> bool:
    plain = pattern.replace(_FLAG, "")
    return re.search(plain, text, re.IGNORECASE if plain != pattern else 0) is not None


def _find_mistakes_in_members(
    value: Mapping[str, Any], schema: Schema, path: Path
) -> Iterator[TemplateMistake]:
    members = schema.get("properties")
    if members is None:
        return
    for name in value.keys() - members.keys():
        yield TemplateMistake((*path, name), f"is not known; {nearest(name, members)}")
    for name in schema.get("required", ()):
        if name not in value:
            yield TemplateMistake((*path, name), "is required")
    for several, fits in (("oneOf", lambda count: count == 1), ("anyOf", bool)):
        choices = [each["required"] for each in schema.get(several, ())]
        if choices and not fits(sum(set(each) <= value.keys() for each in choices)):
            names = " or ".join(", ".join(each) for each in choices)
            only = "exactly one of " if several == "oneOf" else ""
            yield TemplateMistake(path, f"must have {only}{names}")
    for name, each in value.items():
        if name in members:
            yield from find_mistakes(each, members[name], (*path, name))
