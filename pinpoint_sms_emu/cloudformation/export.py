"""Export: the resources of an account as a template, and what a template cannot express."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.cloudformation import properties as checks
from pinpoint_sms_emu.cloudformation.caller import Call
from pinpoint_sms_emu.cloudformation.limits import unexpressed, unexpressed_of_account
from pinpoint_sms_emu.cloudformation.resource_types import Attributes, ResourceType
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.service.account import Account

# The properties in which a resource names others.
_REFERRING: Final = (
    "OptOutListName",
    "OriginationIdentities",
    "PolicyDocument",
    "PoolId",
    "ProtectConfigurationId",
    "ResourceArn",
)
# What says nothing: whoever leaves it out gets the same.
_USUAL: Final[tuple[Any, ...]] = (None, False, [], {}, {"Enabled": False})
# Every account has one of that name from the start.
_DEFAULT_LIST: Final = "Default"


class Exported(NamedTuple):
    """A template, and sentences about what it leaves out."""

    template: dict[str, Any]
    left_out: list[str]


class _Found(NamedTuple):
    """A resource on its way into a template."""

    kind: ResourceType
    attributes: Attributes
    properties: dict[str, Any]

    @property
    def name(self) -> str:
        """How people call it."""
        return f"{self.kind.short_name} {self.attributes[self.kind.id]}"


def export(account: Account, call: Call) -> Exported:
    """Write the resources of an account in a Region as a template."""
    left_out = list(unexpressed_of_account(account))
    found: dict[str, _Found] = {}
    values: dict[str, Any] = {}
    for kind in TYPES.values():
        for resource in _read_all(kind, call):
            left_out += unexpressed(account, kind, resource.attributes)
            wanted = _settled(resource, values)
            mistakes = list(_find_mistakes(kind, wanted))
            if mistakes:
                left_out.append(f"{resource.name} is left out: {mistakes[0]}")
                continue
            logical_id = _logical_id(kind, found)
            found[logical_id] = resource._replace(properties=wanted)
            values |= _values_of(logical_id, resource)
    resources = {
        logical_id: {
            "Type": each.kind.name,
            "Properties": {
                name: _with_references(value, values) if name in _REFERRING else value
                for name, value in each.properties.items()
                if name != each.kind.id or name == "ResourceArn"
            }
            | _own_name(each),
        }
        for logical_id, each in found.items()
    }
    return Exported({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}, left_out)


def _read_all(kind: ResourceType, call: Call) -> Iterator[_Found]:
    for attributes in kind.list_resources(call):
        if attributes.get("OptOutListName") != _DEFAULT_LIST or kind.id != "OptOutListName":
            yield _Found(kind, attributes, kind.read_resource(call, attributes))


def _settled(resource: _Found, values: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that a template sets, without those that are as they would be anyway."""
    kind, wanted = resource.kind, {}
    for name in kind.schema.settable:
        value = _chosen(name, resource.properties.get(name))
        if name in kind.schema.required or value not in (*_USUAL, kind.defaults.get(name)):
            wanted[name] = value
    if "OriginationIdentities" in wanted:
        # What the template has not got cannot be in its pool.
        wanted["OriginationIdentities"] = [
            each for each in wanted["OriginationIdentities"] if each in values
        ]
    if kind.id == "RegistrationAttachmentId":
        wanted["AttachmentUrl"] = resource.properties.get("UploadedAttachmentUrl")
    return wanted


def _chosen(name: str, value: Any) -> Any:
    """Leave out the rules that allow a country, as every configuration does by itself."""
    if name != "CountryRuleSet":
        return value
    rules = {
        capability: [each for each in of if each["ProtectStatus"] != "ALLOW"]
        for capability, of in value.items()
    }
    return {capability: of for capability, of in rules.items() if of}


def _find_mistakes(kind: ResourceType, wanted: Mapping[str, Any]) -> Iterator[Any]:
    yield from checks.find_unknown(wanted, kind.schema, ())
    for name, value in wanted.items():
        yield from checks.find_mistakes(value, kind.schema.settable[name], (name,))


def _logical_id(kind: ResourceType, taken: Mapping[str, Any]) -> str:
    number = 1 + sum(each.kind is kind for each in taken.values())
    return kind.short_name if number == 1 else f"{kind.short_name}{number}"


def _values_of(logical_id: str, resource: _Found) -> dict[str, Any]:
    """What others call a resource by, and what gives that in a template."""
    kind, attributes = resource.kind, resource.attributes
    if kind.id == "ResourceArn":
        return {}
    arn = {attributes[kind.arn]: {"Fn::GetAtt": [logical_id, kind.arn]}}
    return {**arn, kind.ref(attributes): {"Ref": logical_id}}


def _with_references(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {name: _with_references(each, values) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_references(each, values) for each in value]
    return values.get(value, value) if isinstance(value, str) else value


def _own_name(resource: _Found) -> dict[str, Any]:
    """The name that a resource was given, which refers to nothing."""
    kind = resource.kind
    named = kind.id in kind.schema.settable and kind.id != "ResourceArn"
    return {kind.id: resource.properties[kind.id]} if named else {}
