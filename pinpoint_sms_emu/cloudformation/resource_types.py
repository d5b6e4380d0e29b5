"""The handlers of resource types: create, read, update, delete and list.

The five handlers are the same for every type. A `ResourceType` names the operations and members
that differ, and the steps that only some types have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from pinpoint_sms_emu.cloudformation.caller import Caller, HandlerError, pages
from pinpoint_sms_emu.reference import cloudformation_schemas
from pinpoint_sms_emu.reference.cloudformation_schemas import TypeSchema
from pinpoint_sms_emu.state.tables import LEAVING
from pinpoint_sms_emu.wire.model import service_model

# The properties in a template, and the attributes that identify a resource or are read-only.
Properties = Mapping[str, Any]
Attributes = dict[str, Any]


# Handlers wait while a resource has one of these statuses.
_BECOMING_ACTIVE: Final = ("CREATING", "PENDING")
# The members with the status of a resource.
_STATUSES: Final = ("Status", "RegistrationStatus", "AttachmentStatus")
_CREATED: Final = "CreatedTimestamp"
# The value of a missing member, which differs from all others.
_ABSENT: Final = object()


def _nothing(*_: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """The operations of one type, in CloudFormation's order of handlers."""

    name: str
    create: str
    # Describes resources: `ids` is the member with their ids, `listed` the one with the results.
    read: str
    ids: str
    listed: str
    # Changes settings; empty if only tags can change.
    update: str = ""
    delete: str
    # The property with the id, which is also the name of the member.
    id: str
    # Members of the API for properties of another name.
    members: Mapping[str, str] = field(default_factory=dict)
    # The default values of settings.
    defaults: Properties = field(default_factory=dict)

    # Settings that must be given together.
    together: tuple[str, ...] = ()

    # Steps that only some types have: members for creation that are not properties; on creation
    # and update, adding members to the resource, and further settings; steps before deletion;
    # properties that another operation returns; and members that identify a resource besides
    # its id.
    also_create: Callable[[Caller, Properties], Mapping[str, Any]] = _nothing
    join: Callable[[Caller, Attributes, Properties, Properties], Any] = _nothing
    finish: Callable[[Caller, Attributes, Properties, Properties], Any] = _nothing
    before_delete: Callable[[Caller, Attributes], Any] = _nothing
    also_read: Callable[[Caller, Attributes], Mapping[str, Any]] = _nothing
    also_named: Callable[[Attributes], Mapping[str, Any]] = _nothing

    @property
    def schema(self) -> TypeSchema:
        """The schema in CloudFormation's registry."""
        return cloudformation_schemas.types()[self.name]

    def ref(self, attributes: Attributes) -> str:
        """Return the value of Ref: the primary identifier, with parts joined by a bar."""
        return "|".join(str(attributes[name]) for name in self.schema.identifier)

    @property
    def arn(self) -> str:
        """The property with the ARN."""
        return next(name for name in self.schema.properties if name.endswith("Arn"))

    @property
    def short_name(self) -> str:
        """The last part of the name, such as Pool."""
        return self.name.rpartition(":")[2]

    @property
    def can_be_named(self) -> bool:
        """Whether a template may choose the name of a resource, or leave it to CloudFormation."""
        return self.id in self.schema.settable and self.id not in self.schema.required

    def must_be_replaced(self, before: Properties, properties: Properties) -> bool:
        """Return whether a change requires a replacement."""
        return any(before.get(name) != properties.get(name) for name in self.schema.create_only)

    def read_attributes(self, call: Caller, attributes: Attributes) -> Attributes:
        """Read the attributes for Fn::GetAtt."""
        found = self.read_resource(call, attributes)
        return {name: found[name] for name in self.schema.read_only if name in found}

    # Handlers.

    def create_resource(self, call: Caller, properties: Properties) -> Attributes:
        """Create a resource, and return its attributes."""
        given = {**flat(properties), **self.also_create(call, properties)}
        answer = call(self.create, **self._members_of(self.create, given))
        attributes = self._attributes(answer)
        if self._calls("create", self.read):
            described = self._described(call, attributes)
            while described.get("Status") in _BECOMING_ACTIVE and call.wait():
                described = self._described(call, attributes)
            attributes |= self._attributes(described)
        self.join(call, attributes, {}, properties)
        self._change_settings(call, attributes, given, properties, answer)
        self.finish(call, attributes, {}, properties)
        if self._calls("create", "ListTagsForResource"):
            call("ListTagsForResource", ResourceArn=attributes[self.arn])
        return attributes

    def read_resource(self, call: Caller, attributes: Attributes) -> dict[str, Any]:
        """Read all properties of a resource, including read-only ones."""
        described = self._described(call, attributes)
        properties = {**self._properties(described), **self.also_read(call, attributes)}
        if self._calls("read", "ListTagsForResource"):
            arn = {**attributes, **properties}[self.arn]
            properties["Tags"] = call("ListTagsForResource", ResourceArn=arn)["Tags"]
        return properties

    def update_resource(
        self, call: Caller, attributes: Attributes, before: Properties, properties: Properties
    ) -> Attributes:
        """Update the changed properties, and return the attributes."""
        current: Mapping[str, Any] | None = None
        if self._calls("update", self.read):
            current = self._described(call, attributes)
            attributes = attributes | self._attributes(current)
        changed = [
            name for name in self.schema.settable if before.get(name) != properties.get(name)
        ]
        self._change_settings(call, attributes, changed, properties, current)
        self.finish(call, attributes, before, properties)
        # New members must have the pool's settings; a new pool gets those of its first member.
        self.join(call, attributes, before, properties)
        if "Tags" in changed:
            _change_tags(call, attributes[self.arn], properties.get("Tags", []))
        return attributes

    def delete_resource(self, call: Caller, attributes: Attributes) -> None:
        """Delete a resource, if it still exists."""
        try:
            self._delete(call, attributes)
        except HandlerError as error:
            if error.code != "ResourceNotFoundException":
                raise

    def _delete(self, call: Caller, attributes: Attributes) -> None:
        if self._calls("delete", self.read):
            self._described(call, attributes)
        if self._calls("delete", "ListTagsForResource"):
            call("ListTagsForResource", ResourceArn=attributes[self.arn])
        self.before_delete(call, attributes)
        call(self.delete, **self._named(attributes))

    def list_resources(self, call: Caller) -> Iterator[Attributes]:
        """List the resources of an account, except those that are being removed."""
        for described in staying(call, self.read, self.listed):
            yield self._attributes(described)

    # Steps of the handlers.

    def _calls(self, handler: str, operation: str) -> bool:
        return operation in self.schema.handlers[handler]

    def _named(self, attributes: Attributes) -> dict[str, Any]:
        return {self.id: attributes[self.id], **self.also_named(attributes)}

    def _described(self, call: Caller, attributes: Attributes) -> dict[str, Any]:
        named = self._named(attributes)
        # Several members that name a resource are given as a structure.
        which = named if len(named) > 1 else attributes[self.id]
        found: dict[str, Any] = call(self.read, **{self.ids: [which]})[self.listed][0]
        return found

    def _properties(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Return the properties in an answer, by their names in a template."""
        own = {self.members.get(name, name): name for name in self.schema.properties}
        found = {own[name]: value for name, value in answer.items() if name in own}
        if _CREATED in found:
            # The schemas have a date in ISO 8601, the API has seconds.
            created = datetime.fromtimestamp(found[_CREATED], UTC)
            found[_CREATED] = created.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        two_way = {name: answer[each] for name, each in TWO_WAY.items() if each in answer}
        return found | ({"TwoWay": two_way} if "TwoWay" in self.schema.properties else {})

    def _attributes(self, answer: Mapping[str, Any]) -> Attributes:
        found = self._properties(answer)
        kept = {*self.schema.identifier, *self.schema.read_only, self.id}
        return {name: value for name, value in found.items() if name in kept}

    def _members_of(self, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the members that an operation has, by their names in the API."""
        model = service_model()
        known = model.shapes[model.operations[operation].input_shape]["members"]
        spelled = {self.members.get(name, name): value for name, value in given.items()}
        return {name: value for name, value in spelled.items() if name in known}

    def _change_settings(
        self,
        call: Caller,
        attributes: Attributes,
        changed: Iterable[str],
        properties: Properties,
        current: Mapping[str, Any] | None,
    ) -> None:
        """Call the update operation with the settings that differ."""
        if not self.update:
            return
        named, wanted = self._named(attributes), {**self.defaults, **flat(properties)}
        known = self._members_of(self.update, wanted)
        names = self._members_of(self.update, flat(dict.fromkeys(changed))).keys() & (
            known.keys() - named.keys()
        )
        if current is not None and names:
            # Changing a setting may have removed others, such as the channel.
            given = self._members_of(self.update, flat(properties)).keys()
            names = {
                name
                for name in names | (given - named.keys())
                if not _is_current(known[name], current.get(name, _ABSENT))
            }
        different = {name: value for name, value in known.items() if name in names}
        if not different.keys().isdisjoint(self.together):
            different |= {name: wanted[name] for name in self.together if name in wanted}
        if different:
            call(self.update, **named, **different)


def staying(call: Caller, operation: str, listed: str) -> Iterator[dict[str, Any]]:
    """List what an operation describes, except resources that are being removed."""
    for described in pages(call, operation, listed):
        if not any(described.get(member) in LEAVING for member in _STATUSES):
            yield described


# The API's names of the members of the property TwoWay.
TWO_WAY: Mapping[str, str] = {
    "Enabled": "TwoWayEnabled",
    "ChannelArn": "TwoWayChannelArn",
    "ChannelRole": "TwoWayChannelRole",
}


def flat(properties: Properties) -> dict[str, Any]:
    """Replace TwoWay by the API's members."""
    members = {name: value for name, value in properties.items() if name != "TwoWay"}
    if "TwoWay" in properties:
        two_way = properties["TwoWay"] or {}
        members |= {
            member: two_way.get(name)
            for name, member in TWO_WAY.items()
            if name in two_way or not two_way
        }
    return members


def _is_current(value: Any, current: Any) -> bool:
    """Return whether a setting has a value already; an ARN equals the name of the resource."""
    if isinstance(value, list) and isinstance(current, list):
        return sorted(map(str, value)) == sorted(map(str, current))
    if isinstance(value, str) and value.startswith("arn:") and isinstance(current, str):
        return current in (value, value.rpartition("/")[2])
    return bool(value == current)


def _change_tags(call: Caller, arn: str, tags: list[dict[str, str]]) -> None:
    listed = call("ListTagsForResource", ResourceArn=arn)["Tags"]
    current = {each["Key"]: each["Value"] for each in listed}
    wanted = {each["Key"]: each["Value"] for each in tags}
    gone = sorted(current.keys() - wanted.keys())
    if gone:
        call("UntagResource", ResourceArn=arn, TagKeys=gone)
    changed = [each for each in tags if current.get(each["Key"]) != each["Value"]]
    if changed:
        call("TagResource", ResourceArn=arn, Tags=changed)
