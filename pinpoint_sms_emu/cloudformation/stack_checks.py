"""Checks a stack that is read from a state, which may have been edited by hand."""

from __future__ import annotations

from collections.abc import Iterator

from pinpoint_sms_emu.cloudformation import properties, templates
from pinpoint_sms_emu.cloudformation.mistakes import Path, TemplateMistake
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.service.stacks import Stack, StackResource
from pinpoint_sms_emu.wire.protocol import ACCOUNT_ID, REGION
from pinpoint_sms_emu.wording import nearest, quoted


def find_mistakes(stack: Stack) -> Iterator[TemplateMistake]:
    """Yield the mistakes in a stack, with their places in it."""
    if not ACCOUNT_ID.fullmatch(stack.account_id):
        yield TemplateMistake(("account_id",), f"must be 12 digits, not {quoted(stack.account_id)}")
    if not REGION.fullmatch(stack.region):
        why = f"must be a Region such as us-east-1, not {quoted(stack.region)}"
        yield TemplateMistake(("region",), why)
    # The stack has no template before its first deployment, and after it was deleted.
    for each in templates.find_mistakes(stack.template) if stack.template else ():
        yield TemplateMistake(("template", *each.path), each.why)
    # A logical id is there twice if the replaced resource could not be deleted.
    known: set[tuple[str, str]] = set()
    for index, resource in enumerate(stack.resources):
        path = ("resources", index)
        if (resource.type, resource.ref) in known:
            yield TemplateMistake((*path, "ref"), f"is given twice: {quoted(resource.ref)}")
        known.add((resource.type, resource.ref))
        yield from _find_mistakes_in_resource(path, resource)


def _find_mistakes_in_resource(path: Path, resource: StackResource) -> Iterator[TemplateMistake]:
    kind = TYPES.get(resource.type)
    if kind is None:
        why = f"is unknown: {quoted(resource.type)}; {nearest(resource.type, TYPES)}"
        yield TemplateMistake((*path, "type"), why)
        return
    needed = sorted({kind.id, kind.arn, *kind.schema.identifier})
    for name in needed:
        if not isinstance(resource.attributes.get(name), str):
            yield TemplateMistake((*path, "attributes"), f"must have the text {name}")
            return
    if resource.ref != kind.ref(resource.attributes):
        why = f"must be {quoted(kind.ref(resource.attributes))}, not {quoted(resource.ref)}"
        yield TemplateMistake((*path, "ref"), why)
    path = (*path, "properties")
    yield from properties.find_unknown(resource.properties, kind.schema, path)
    for name, of in kind.schema.settable.items():
        if name in resource.properties:
            yield from properties.find_mistakes(resource.properties[name], of, (*path, name))
