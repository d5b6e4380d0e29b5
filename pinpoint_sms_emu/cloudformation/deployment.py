"""Deploys a template to a stack: creates, updates, replaces and deletes resources."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, Final

from pinpoint_sms_emu.cloudformation import properties, references, templates
from pinpoint_sms_emu.cloudformation.caller import Caller, HandlerError
from pinpoint_sms_emu.cloudformation.intrinsics import NO_VALUE, Resolver
from pinpoint_sms_emu.cloudformation.mistakes import NotMadeError, Path, TemplateMistake
from pinpoint_sms_emu.cloudformation.names import TemplateNames
from pinpoint_sms_emu.cloudformation.parameters import Parameters, pseudo_parameters
from pinpoint_sms_emu.cloudformation.resource_types import ResourceType
from pinpoint_sms_emu.cloudformation.templates import Template, is_ours, resources_of, section_of
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.service.stacks import Stack, StackResource
from pinpoint_sms_emu.wording import nearest, one_of, quoted

# The possible values of policies; snapshots are for types that have them.
_POLICIES: Final = {
    "DeletionPolicy": ("Delete", "Retain", "RetainExceptOnCreate"),
    "UpdateReplacePolicy": ("Delete", "Retain"),
}
# The maximum length of generated names.
_LONGEST_NAME: Final = 64


class Deployment:
    """The deployment of a template to a stack. Mistakes are collected in `mistakes`."""

    def __init__(self, stack: Stack, template: Template, given: Mapping[str, str]) -> None:
        self.stack = stack
        self.mistakes: list[TemplateMistake] = list(templates.find_mistakes(template))
        self._template = template
        self._resources = resources_of(template)
        self._given = given
        self._former = {each.logical_id: each for each in stack.resources}
        # Replaced resources that an earlier update could not delete.
        self._replaced = [
            each for each in stack.resources if each is not self._former[each.logical_id]
        ]
        self._made: dict[str, StackResource] = {}
        self._pseudo_parameters = pseudo_parameters(stack.account_id, stack.region, stack.name)

    def run(self, call: Caller) -> None:
        """Deploy, without parts that have mistakes, and everything that depends on them."""
        parameters = Parameters(self._template, self._given)
        self.mistakes += parameters.mistakes
        order: list[str] = []
        with self._collecting():
            order = references.in_order(self._template)
            self._find_unknown_names()
            names = TemplateNames(
                self._template,
                parameters,
                self._pseudo_parameters,
                self._made,
                lambda made: made.attributes.update(
                    TYPES[made.type].read_attributes(call, made.attributes)
                ),
            )
            resolver = Resolver(self._template, names)
            for logical_id in order:
                with self._collecting():
                    self._deploy(call, resolver, logical_id)
            if not self.mistakes:
                self._delete_former(call)
            self.stack.outputs = dict(self._outputs(resolver))
        self.stack.resources = self._in_order(order)
        self.stack.template = deepcopy(dict(self._template))
        self.stack.parameters = dict(self._given)

    def _in_order(self, order: list[str]) -> list[StackResource]:
        """Return the resources that exist, each after those that it needs, for their deletion.

        Those of the template have its order. Others could not be deleted: each stays after the one
        that was before it.
        """
        known = self._former | self._made
        ordered = [known[each] for each in order if each in known]
        place = 0
        for former in self.stack.resources:
            if former in self._replaced or former in self._former.values():
                if former not in ordered:
                    ordered.insert(place, former)
                place = ordered.index(former) + 1
            elif known.get(former.logical_id) in ordered:
                place = ordered.index(known[former.logical_id]) + 1
        return ordered

    @contextmanager
    def _collecting(self) -> Iterator[None]:
        try:
            yield
        except TemplateMistake as mistake:
            self.mistakes.append(mistake)
        except NotMadeError:
            pass  # the mistake of the missing resource was already collected

    def _find_unknown_names(self) -> None:
        parts: list[tuple[Any, Path]] = [
            (each.get("Properties", {}), ("Resources", logical_id, "Properties"))
            for logical_id, each in self._resources.items()
            if is_ours(each)
        ]
        parts += [(section_of(self._template, name), (name,)) for name in ("Conditions", "Outputs")]
        for part, path in parts:
            self.mistakes += references.find_unknown(
                self._template, part, path, self._pseudo_parameters
            )

        for reference in references.references(*parts[-2]):
            if reference.name in self._resources:
                why = f"names the resource {reference.name}, which a condition cannot do"
                self.mistakes.append(TemplateMistake(reference.path, why))

    # One resource.

    def _deploy(self, call: Caller, resolver: Resolver, logical_id: str) -> None:
        resource, path = self._resources[logical_id], ("Resources", logical_id)
        for each in templates.depends_on(resource):
            if each not in self._resources:
                why = f"there is no resource {each!s:.80}; {nearest(each, self._resources)}"
                self.mistakes.append(TemplateMistake((*path, "DependsOn"), why))
        if not is_ours(resource):
            return
        kind = TYPES.get(resource["Type"])
        if kind is None:
            why = f"is unknown; {nearest(resource['Type'], TYPES)}"
            raise TemplateMistake((*path, "Type"), why)
        condition = resource.get("Condition")
        if condition is not None and not resolver.holds(condition, (*path, "Condition")):
            return
        wanted = self._wanted(resolver, kind, resource, path)
        if kind.can_be_named and kind.id not in wanted:
            wanted[kind.id] = self._generated_name(logical_id)
        is_retained = _retains(resolver, resource, "DeletionPolicy", path)
        is_retained_when_replaced = _retains(resolver, resource, "UpdateReplacePolicy", path)
        with _explained(path, wanted):
            made = self._create_or_update(call, kind, logical_id, wanted)
        made.is_retained = is_retained
        made.is_retained_when_replaced = is_retained_when_replaced
        self._made[logical_id] = made

    def _wanted(
        self, resolver: Resolver, kind: ResourceType, resource: Mapping[str, Any], path: Path
    ) -> dict[str, Any]:
        """Resolve and check the properties; raise after collecting all mistakes in them."""
        schema, path = kind.schema, (*path, "Properties")
        given = resource.get("Properties", {})
        wanted: dict[str, Any] = {}
        earlier = len(self.mistakes)
        for name, value in given.items():
            wanted[name] = _UNKNOWN
            with self._collecting():
                wanted[name] = resolver.resolve(value, (*path, name))
        wanted = {name: value for name, value in wanted.items() if value is not NO_VALUE}
        self.mistakes += properties.find_unknown(wanted, schema, path)
        for name, of in schema.settable.items():
            if wanted.get(name, _UNKNOWN) is not _UNKNOWN:
                wanted[name] = properties.adapted(wanted[name], of)
                self.mistakes += properties.find_mistakes(wanted[name], of, (*path, name))
        if _UNKNOWN in wanted.values() or len(self.mistakes) > earlier:
            raise NotMadeError
        return wanted

    def _create_or_update(
        self, call: Caller, kind: ResourceType, logical_id: str, wanted: dict[str, Any]
    ) -> StackResource:
        """Create, replace or update a resource, if it has changed."""
        former = self._former.get(logical_id)
        if (
            former is None
            or former.type != kind.name
            or kind.must_be_replaced(former.properties, wanted)
        ):
            attributes = kind.create_resource(call, wanted)
        elif former.properties == wanted:
            del self._former[logical_id]
            return former
        else:
            before = former.properties
            attributes = kind.update_resource(call, former.attributes, before, wanted)
            del self._former[logical_id]
        return StackResource(
            logical_id=logical_id,
            type=kind.name,
            ref=kind.ref(attributes),
            attributes=attributes,
            properties=wanted,
        )

    def _generated_name(self, logical_id: str) -> str:
        """Generate a name for a resource without one, which is always the same."""
        digest = hashlib.sha256(f"{self._pseudo_parameters['AWS::StackId']}/{logical_id}".encode())
        suffix = base64.b32encode(digest.digest()).decode()[:12]
        stem = f"{self.stack.name}-{logical_id}"[: _LONGEST_NAME - len(suffix) - 1]
        return f"{stem}-{suffix}"

    # After all resources were created.

    def _delete_former(self, call: Caller) -> None:
        """Delete removed and replaced resources, in the reverse order of their creation."""
        for former in reversed([*self._replaced, *self._former.values()]):
            is_replaced = former in self._replaced or former.logical_id in self._made
            path = ("Resources", former.logical_id)
            is_retained = former.is_retained_when_replaced if is_replaced else former.is_retained
            with self._collecting(), _explained(path, former.properties):
                if not is_retained:
                    TYPES[former.type].delete_resource(call, former.attributes)
                if former in self._replaced:
                    self._replaced.remove(former)
                else:
                    del self._former[former.logical_id]

    def _outputs(self, resolver: Resolver) -> Iterator[tuple[str, str]]:
        for name, output in section_of(self._template, "Outputs").items():
            path = ("Outputs", name)
            if not templates.is_output(output):
                continue
            with self._collecting():
                condition = output.get("Condition")
                if condition is None or resolver.holds(condition, (*path, "Condition")):
                    yield name, resolver.text(output["Value"], (*path, "Value"))


_UNKNOWN: Final = object()


def _retains(resolver: Resolver, resource: Mapping[str, Any], name: str, path: Path) -> bool:
    """Return whether a policy keeps a resource; it can be a function, such as Fn::If."""
    place = (*path, name)
    try:
        policy = resolver.resolve(resource.get(name, NO_VALUE), place)
    except NotMadeError:
        why = "must refer to parameters that have a value, and to no resource"
        raise TemplateMistake(place, why) from None
    if policy is NO_VALUE:
        return False
    if policy not in _POLICIES[name]:
        raise TemplateMistake(place, one_of(policy, _POLICIES[name]) + f", not {quoted(policy)}")
    return bool(policy != "Delete")


def delete(stack: Stack, call: Caller) -> list[TemplateMistake]:
    """Delete a stack's resources, except retained ones; return those that cannot be deleted."""
    mistakes = []
    for made in reversed(list(stack.resources)):
        path = ("Resources", made.logical_id)
        try:
            with _explained(path, made.properties):
                if not made.is_retained:
                    TYPES[made.type].delete_resource(call, made.attributes)
        except TemplateMistake as mistake:
            mistakes.append(mistake)
        else:
            stack.resources.remove(made)
    if not mistakes:
        stack.template, stack.parameters, stack.outputs = {}, {}, {}
    return mistakes


# Refusals.


@contextmanager
def _explained(path: Path, wanted: Mapping[str, Any]) -> Iterator[None]:
    """Convert a refusal to a mistake, with the property that it names, if any."""
    try:
        yield
    except HandlerError as error:
        named = _property_of(error.answer, wanted)
        place = (*path, "Properties", named) if named else path
        raise TemplateMistake(place, str(error)) from error


def _property_of(answer: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """Return the property that a refusal is about: its field, or the reference to a resource."""
    member = _PROPERTIES.get(answer.get("ResourceType", ""), "")
    for each in answer.get("Fields", ()):
        member = each["Name"][:1].upper() + each["Name"][1:]
    if member in wanted:
        return member
    # DefaultSenderId is SenderId in the API, and TwoWay has several members.
    alike = (each for each in wanted if each.endswith(member) or member.startswith(each))
    return next(alike, None) if member else None


# The property that refers to a resource, by the ResourceType of errors.
_PROPERTIES: Final = {
    "opt-out-list": "OptOutListName",
    "pool": "PoolId",
    "protect-configuration": "ProtectConfigurationId",
    "phone-number": "OriginationIdentities",
    "sender-id": "OriginationIdentities",
    "notify-template": "DefaultTemplateId",
}
