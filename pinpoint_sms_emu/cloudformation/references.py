"""The references in a template, which determine the order of creation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.cloudformation.mistakes import Path, TemplateMistake
from pinpoint_sms_emu.cloudformation.templates import (
    Template,
    depends_on,
    resources_of,
    section_of,
)
from pinpoint_sms_emu.wording import nearest

# A name in Fn::Sub; `${!Name}` stays as `${Name}`.
VARIABLE: Final = re.compile(r"\$\{([^}!][^}]*)\}")
_SERVERLESS: Final = "AWS::Serverless"


class Reference(NamedTuple):
    """A name in a template, with the attribute for Fn::GetAtt, and its place."""

    name: str
    attribute: str | None
    path: Path


def references(value: Any, path: Path = ()) -> Iterator[Reference]:
    """Yield the parameters and resources that a value names, at any depth."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from references(each, (*path, index))
    elif isinstance(value, Mapping):
        yield from _references_in(value, path)


def _references_in(value: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    for key, each in value.items():
        match key, each:
            case "Ref", str():
                yield Reference(each, None, path)
            case "Fn::GetAtt", str():
                yield Reference(*_halves(each), path)
            case "Fn::GetAtt", [str() as name, *rest]:
                yield Reference(name, ".".join(map(str, rest)), path)
                yield from references(rest, path)
            case "Fn::Sub", str():
                yield from _variables(each, path)
            case "Fn::Sub", [str() as text, Mapping() as given]:
                yield from (found for found in _variables(text, path) if _whole(found) not in given)
                yield from references(given, path)
            case _:
                # A function is not part of the place.
                is_function = key.startswith("Fn::")
                yield from references(each, path if is_function else (*path, key))


def _variables(text: str, path: Path) -> Iterator[Reference]:
    for name in VARIABLE.findall(text):
        yield Reference(*_halves(name.strip()), path)


def _whole(reference: Reference) -> str:
    name, attribute = reference.name, reference.attribute
    return name if attribute is None else f"{name}.{attribute}"


def _halves(name: str) -> tuple[str, str | None]:
    first, dot, attribute = name.partition(".")
    return first, attribute if dot else None


def needs_of(resource: Mapping[str, Any]) -> set[str]:
    """Return the names that a resource refers to or depends on."""
    found = {each.name for each in references(resource.get("Properties", {}))}
    return found | set(depends_on(resource))


def in_order(template: Template) -> list[str]:
    """Return the logical ids in the template's order, but what others need before them.

    Refuses a cycle.
    """
    resources = resources_of(template)
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for logical_id, resource in resources.items():
        sorter.add(logical_id, *sorted(needs_of(resource) & resources.keys()))
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        why = f"is part of a circle of dependencies: {' needs '.join(reversed(circle))}"
        raise TemplateMistake(("Resources", circle[0]), why) from error

    logical_ids = list(resources)
    positions = {logical_id: position for position, logical_id in enumerate(logical_ids)}
    ready: list[int] = []
    order = []
    while sorter.is_active():
        for logical_id in sorter.get_ready():
            heappush(ready, positions[logical_id])
        order.append(logical_ids[heappop(ready)])
        sorter.done(order[-1])
    return order


def find_unknown(
    template: Template, value: Any, path: Path, pseudo_parameters: Mapping[str, Any]
) -> Iterator[TemplateMistake]:
    """Yield the names in a value that the template does not have."""
    resources, parameters = resources_of(template), section_of(template, "Parameters")
    known = {*resources, *parameters, *pseudo_parameters}
    for reference in references(value, path):
        name = reference.name
        if reference.attribute is not None:
            if name not in resources and not is_generated(template, name):
                yield TemplateMistake(
                    reference.path, f"there is no resource {name!s:.80}; {nearest(name, resources)}"
                )
        elif name not in known and not is_generated(template, name):
            yield TemplateMistake(
                reference.path,
                f"there is no parameter or resource {name!s:.80}; {nearest(name, known)}",
            )


def is_generated(template: Template, name: str) -> bool:
    """Return whether SAM generates a resource with this name, such as the role of a function."""
    if _SERVERLESS not in str(template.get("Transform", "")):
        return False
    own = [
        logical_id
        for logical_id, resource in resources_of(template).items()
        if resource["Type"].startswith(_SERVERLESS)
    ]
    return name.startswith(("Serverless", *own))
