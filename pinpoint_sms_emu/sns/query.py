"""The query protocol: parses the members of a form, and writes the members of an answer as XML.

A form names members with dots, `attributes.entry.1.key`. Members and types come from the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from pinpoint_sms_emu.errors import SerializationException
from pinpoint_sms_emu.wire.model import SNS, model_of

# Characters that XML 1.0 cannot contain.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NAMESPACE: Final = "http://sns.amazonaws.com/doc/2010-03-31/"

_NUMBER: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
# The number of an entry. A form has far fewer entries; int() refuses thousands of digits.
_POSITION: Final = re.compile(r"[0-9]{1,18}", re.ASCII)

# The parts of a member by name, or its value.
_Tree = dict[str, "_Tree | str"]


# Reading.


def members_of(shape: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Parse the members of a structure from a form, with the names of the model."""
    tree: _Tree = {}
    for name, value in form.items():
        *outer, last = name.split(".")
        inside = tree
        for part in outer:
            inner = inside.setdefault(part, {})
            if isinstance(inner, str):
                raise SerializationException(f"{name} is part of a value")
            inside = inner
        if isinstance(inside.get(last), dict):
            raise SerializationException(f"{name} has parts, and is a value too")
        inside[last] = value
    members: dict[str, Any] = _read(shape, tree, "")
    return members


def _read(shape_name: str, part: _Tree | str, where: str) -> Any:
    shape = model_of(SNS).shapes[shape_name]
    kind = shape["type"]
    if kind in ("structure", "list", "map"):
        # An empty list or map has no parts.
        parts: _Tree = {} if part == "" else _must_have_parts(part, where)
        return _READERS[kind](shape, parts, where)
    if not isinstance(part, str):
        raise SerializationException(f"{where} is a value, and has parts")
    if kind == "integer":
        if not _NUMBER.fullmatch(part):
            raise SerializationException(f"{where} is not of type integer")
        return int(part)
    return part


def _must_have_parts(part: _Tree | str, where: str) -> _Tree:
    if isinstance(part, str):
        raise SerializationException(f"{where} has parts, and is no value")
    return part


def _read_structure(shape: Mapping[str, Any], parts: _Tree, where: str) -> dict[str, Any]:
    members = shape["members"]
    return {
        name: _read(members[name]["shape"], part, f"{where}.{name}" if where else name)
        for name, part in parts.items()
        if name in members
    }


def _read_list(shape: Mapping[str, Any], parts: _Tree, where: str) -> list[Any]:
    entry = shape["member"]["shape"]
    return [_read(entry, part, where) for part in _in_order(parts.get("member", {}), where)]


def _read_map(shape: Mapping[str, Any], parts: _Tree, where: str) -> dict[str, Any]:
    key, value = (shape[each].get("locationName", each) for each in ("key", "value"))
    read = {}
    for entry in _in_order(parts.get("entry", {}), where):
        pair = _must_have_parts(entry, where)
        if key not in pair:
            raise SerializationException(f"{where} has an entry without {key}")
        name = _read(shape["key"]["shape"], pair[key], where)
        read[name] = _read(shape["value"]["shape"], pair.get(value, ""), f"{where}.{name}")
    return read


def _in_order(entries: _Tree | str, where: str) -> Iterator[_Tree | str]:
    """Iterate over numbered entries, in order."""
    numbered = _must_have_parts(entries, where)
    if not all(map(_POSITION.fullmatch, numbered)):
        raise SerializationException(f"{where} has entries without a number")
    for number in sorted(numbered, key=int):
        yield numbered[number]


_READERS: Final[Mapping[str, Any]] = {
    "structure": _read_structure,
    "list": _read_list,
    "map": _read_map,
}


# Writing.


def answer(operation: str, members: Mapping[str, Any], request_id: str) -> bytes:
    """Write an answer by the output shape of its operation."""
    root = Element(f"{operation}Response", xmlns=NAMESPACE)
    model = model_of(SNS).operations[operation]
    _write(SubElement(root, f"{operation}Result"), model.output_shape, members)
    _write_text(SubElement(root, "ResponseMetadata"), "RequestId", request_id)
    return _as_bytes(root)


def refusal(
    code: str, text: str, status: int, members: Mapping[str, Any], request_id: str
) -> bytes:
    """Write an error; its Type depends on the HTTP status."""
    root = Element("ErrorResponse", xmlns=NAMESPACE)
    error = SubElement(root, "Error")
    _write_text(error, "Type", "Receiver" if status >= _AT_FAULT_OURSELVES else "Sender")
    _write_text(error, "Code", code)
    _write_text(error, "Message", text)
    for name, value in members.items():
        _write_text(error, name, str(value))
    _write_text(root, "RequestId", request_id)
    return _as_bytes(root)


_AT_FAULT_OURSELVES: Final = 500


def _write(element: Element, shape_name: str, value: Any) -> None:
    shape = model_of(SNS).shapes[shape_name]
    kind = shape["type"]
    if kind == "structure":
        for name, inner in value.items():
            _write(SubElement(element, name), shape["members"][name]["shape"], inner)
    elif kind == "list":
        for inner in value:
            _write(SubElement(element, "member"), shape["member"]["shape"], inner)
    elif kind == "map":
        for key, inner in value.items():
            entry = SubElement(element, "entry")
            _write_text(entry, "key", key)
            _write(SubElement(entry, "value"), shape["value"]["shape"], inner)
    else:
        element.text = _UNWRITABLE.sub("\ufffd", _spelled(kind, value))


def _spelled(kind: str, value: Any) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "timestamp":
        time = datetime.fromtimestamp(value, UTC)
        return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z"
    return str(value)


def _write_text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _UNWRITABLE.sub("\ufffd", text)


def _as_bytes(root: Element) -> bytes:
    # The type of tostring's result depends on the encoding.
    written: bytes = tostring(root, encoding="utf-8")
    return written
