"""Reads templates from files or mappings, and checks their structure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pinpoint_sms_emu.cloudformation.mistakes import Path as Place
from pinpoint_sms_emu.cloudformation.mistakes import TemplateMistake, place_of
from pinpoint_sms_emu.setting_files import read_text
from pinpoint_sms_emu.wire import json_text
from pinpoint_sms_emu.wording import one_line, quoted

# The suffixes of template files.
SUFFIXES: Final = (".json", ".yaml", ".yml", ".template")
# The prefix of this service's types.
PREFIX: Final = "AWS::SMSVOICE::"

# The maximum depth of nested values.
_DEEPEST: Final = 100
# The steps of a place in errors: Resources, a logical id, Properties and a property.
_STEPS: Final = 4
_LOGICAL_ID: Final = re.compile(r"[A-Za-z0-9]+")

Template = Mapping[str, Any]

# The sections that are read; others, such as Metadata and Rules, are for CloudFormation itself.
_SECTIONS: Final = ("Parameters", "Mappings", "Conditions", "Resources", "Outputs")


def is_template(source: Path | Mapping[str, Any]) -> bool:
    """Return whether a seed is a template, by its suffix or by its section Resources."""
    if isinstance(source, Path):
        return source.suffix in SUFFIXES
    return "Resources" in source


def read(source: Path | Mapping[str, Any]) -> Template:
    """Read a template; raise a ValueError with one line if it is invalid."""
    document = source if isinstance(source, Mapping) else _load(source)
    if not isinstance(document, Mapping):
        raise ValueError("it is no template: it must be a mapping of sections")
    try:
        # A copy with only JSON values, because the stack keeps its template.
        copied: dict[str, Any] = json.loads(json.dumps(document))
    except RecursionError as error:
        raise ValueError("it is no template: it is nested too deeply") from error
    except (TypeError, ValueError) as error:
        raise ValueError(f"it is no template: {error}") from error
    for place, why in _find_unusable(copied):
        raise ValueError(f"it is no template: {one_line(place_of(place[:_STEPS]))}: {why}")
    return copied


def _find_unusable(value: object) -> Iterator[tuple[Place, str]]:
    """Find the places with values that no part of a template may have."""
    for place, inner in _all_values(value):
        if len(place) > _DEEPEST:
            yield place, "is nested too deeply"
        if place and isinstance(place[-1], str) and json_text.has_lone_surrogate(place[-1]):
            yield place[:-1], f"has a name that is not Unicode: {quoted(place[-1])}"
        if isinstance(inner, str) and json_text.has_lone_surrogate(inner):
            yield place, f"is not Unicode: {quoted(inner)}"
        if isinstance(inner, float) and not math.isfinite(inner):
            yield place, f"must be a finite number, not {inner}"


def is_usable(value: object) -> bool:
    """Return whether a template may have a value: it has a limited depth, and can be stored."""
    return next(_find_unusable(value), None) is None


def _all_values(value: object) -> Iterator[tuple[Place, object]]:
    """Yield a value and all values in it, with their places, without recursion."""
    waiting: list[tuple[Place, object]] = [((), value)]
    while waiting:
        place, found = waiting.pop()
        yield place, found
        inner: Iterable[tuple[str | int, object]] = ()
        if isinstance(found, Mapping):
            inner = found.items()
        elif isinstance(found, list):
            inner = enumerate(found)
        waiting += [((*place, name), each) for name, each in inner]


def _load(file: Path) -> Any:
    text = read_text(file, "it")
    # What `cdk synth` writes to a file named .template is JSON or YAML; YAML includes JSON.
    is_json = file.suffix == ".json" or text.lstrip().startswith("{")
    decode = json_text.decode_without_duplicates if is_json else _yaml_loader()
    try:
        return decode(text)
    except RecursionError as error:
        raise ValueError("it is no template: it is nested too deeply") from error
    except ValueError as error:
        line = one_line(" ".join(str(error).split()))
        raise ValueError(f"it is no template: {line}") from error


def _yaml_loader() -> Callable[[str], Any]:
    from pinpoint_sms_emu.cloudformation import yaml_templates  # noqa: PLC0415 only YAML needs it

    return yaml_templates.load


def find_mistakes(template: Template) -> Iterator[TemplateMistake]:
    """Yield mistakes in the structure of sections and resources."""
    for name in _SECTIONS:
        section = template.get(name, {})
        if not isinstance(section, Mapping):
            yield TemplateMistake((name,), f"must be a mapping, not {quoted(section)}")
    resources = section_of(template, "Resources")
    if not resources:
        yield TemplateMistake(("Resources",), "must have at least one resource")
    for logical_id, resource in resources.items():
        if isinstance(resource, Mapping) and not _LOGICAL_ID.fullmatch(logical_id):
            why = "must be a logical id, which has only letters and digits"
            yield TemplateMistake(("Resources", logical_id), why)
        yield from _find_mistakes_in_resource(("Resources", logical_id), resource)
    for name, output in section_of(template, "Outputs").items():
        if not is_output(output):
            yield TemplateMistake(("Outputs", name), "must be a mapping with a Value")


def _find_mistakes_in_resource(
    path: tuple[str, ...], resource: object
) -> Iterator[TemplateMistake]:
    if not isinstance(resource, Mapping) or not isinstance(resource.get("Type"), str):
        yield TemplateMistake(path, "must be a mapping with a Type")
        return
    if not isinstance(resource.get("Properties", {}), Mapping):
        why = f"must be a mapping, not {quoted(resource['Properties'])}"
        yield TemplateMistake((*path, "Properties"), why)
    wanted = resource.get("DependsOn", [])
    if not isinstance(wanted, str | list):
        why = f"must be a logical id or a list of them, not {quoted(wanted)}"
        yield TemplateMistake((*path, "DependsOn"), why)


def section_of(template: Template, name: str) -> Mapping[str, Any]:
    """Return a section of a template; a missing or invalid one is empty."""
    section = template.get(name)
    return section if isinstance(section, Mapping) else {}


def resources_of(template: Template) -> dict[str, Mapping[str, Any]]:
    """Return the valid resources of a template, by logical id."""
    return {
        logical_id: resource
        for logical_id, resource in section_of(template, "Resources").items()
        if not list(_find_mistakes_in_resource((), resource))
    }


def is_output(output: object) -> bool:
    """Return whether an output has a value."""
    return isinstance(output, Mapping) and "Value" in output


def is_ours(resource: Mapping[str, Any]) -> bool:
    """Return whether a resource belongs to this service."""
    return str(resource["Type"]).startswith(PREFIX)


def depends_on(resource: Mapping[str, Any]) -> list[str]:
    """Return the logical ids in a resource's DependsOn."""
    wanted = resource.get("DependsOn", [])
    return [wanted] if isinstance(wanted, str) else [str(each) for each in wanted]
