"""Exports the resources of an account as a template, and lists what templates cannot express."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.cloudformation import properties as checks
from pinpoint_sms_emu.cloudformation.caller import Caller
from pinpoint_sms_emu.cloudformation.intrinsics import DYNAMIC
from pinpoint_sms_emu.cloudformation.resource_types import Attributes, ResourceType
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.cloudformation.unsupported_settings import (
    can_join_a_pool,
    find_impossible,
    find_unsupported,
    find_unsupported_of_account,
)
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST
from pinpoint_sms_emu.resources.two_way import mandatory_keywords
from pinpoint_sms_emu.service.account import Account

# Default values, which are left out.
_USUAL: Final[tuple[Any, ...]] = (None, False, [], {}, {"Enabled": False})
_NUMBER: Final = ":phone-number/"
_AGENT: Final = ":rcs-agent/"


class Exported(NamedTuple):
    """A template, and sentences about what it does not contain."""

    template: dict[str, Any]
    left_out: list[str]


class _Found(NamedTuple):
    """A resource to export."""

    kind: ResourceType
    attributes: Attributes
    properties: dict[str, Any]

    @property
    def name(self) -> str:
        """The name in sentences."""
        return f"{self.kind.short_name} {self.attributes[self.kind.id]}"


def export(account: Account, call: Caller) -> Exported:
    """Export the resources of an account in a Region as a template."""
    left_out = list(find_unsupported_of_account(account))
    found: dict[str, _Found] = {}
    names = _Names()
    for kind in TYPES.values():
        for resource in _read_all(kind, call):
            left_out += find_unsupported(account, kind, resource.attributes)
            wanted = _chosen(account, resource, names)
            mistake = next(
                chain(
                    find_impossible(account, kind, resource.attributes),
                    _find_mistakes(resource, wanted, names),
                ),
                None,
            )
            if mistake is not None:
                left_out.append(f"{resource.name}, which is left out: {mistake}")
                names.leave_out(resource)
                continue
            left_out += _without_left_out(resource, wanted, names)
            logical_id = _logical_id(kind, found)
            found[logical_id] = resource._replace(properties=wanted)
            names.add(logical_id, resource)
    resources = {
        logical_id: {
            "Type": each.kind.name,
            "Properties": {
                name: names.referring(each.kind, name, value)
                for name, value in each.properties.items()
            },
        }
        for logical_id, each in found.items()
    }
    return Exported({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}, left_out)


class _Names:
    """The names of resources in each other's properties, and the references to write instead."""

    def __init__(self) -> None:
        # By the property with the name, and the name.
        self._refs: dict[tuple[str, str], dict[str, Any]] = {}
        self.arns: dict[str, dict[str, Any]] = {}
        # The ARNs, and the names by property, of resources that the template does not have.
        self.left_out: set[str | tuple[str, str]] = set()

    def add(self, logical_id: str, resource: _Found) -> None:
        """Add a resource that the template has."""
        kind, attributes = resource.kind, resource.attributes
        if kind.id != "ResourceArn":
            self.arns[attributes[kind.arn]] = {"Fn::GetAtt": [logical_id, kind.arn]}
            self._refs[kind.id, kind.ref(attributes)] = {"Ref": logical_id}

    def leave_out(self, resource: _Found) -> None:
        """Note a resource that the template does not have."""
        kind, attributes = resource.kind, resource.attributes
        if kind.id != "ResourceArn":
            self.left_out |= {attributes[kind.arn], (kind.id, kind.ref(attributes))}

    def referring(self, kind: ResourceType, name: str, value: Any) -> Any:
        """Replace what names another resource by a reference to it."""
        if name == kind.id != "ResourceArn":
            return value
        if isinstance(value, str) and (name, value) in self._refs:
            return self._refs[name, value]
        return self._by_arn(value)

    def _by_arn(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self._by_arn(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._by_arn(each) for each in value]
        return self.arns.get(value, value) if isinstance(value, str) else value


def _read_all(kind: ResourceType, call: Caller) -> Iterator[_Found]:
    for attributes in kind.list_resources(call):
        # Every account has the default list from the start.
        if attributes.get("OptOutListName") != DEFAULT_LIST or kind.id != "OptOutListName":
            yield _Found(kind, attributes, kind.read_resource(call, attributes))


def _chosen(account: Account, resource: _Found, names: _Names) -> dict[str, Any]:
    """Return the properties for the template, without default values."""
    kind = resource.kind
    properties = resource.properties | {
        "AttachmentUrl": resource.properties.get("UploadedAttachmentUrl"),
        "CountryRuleSet": _rules_that_protect(resource.properties.get("CountryRuleSet", {})),
        "OriginationIdentities": _identities(account, resource, names),
    }
    wanted = {name: properties.get(name) for name in kind.schema.settable}
    return {
        name: value
        for name, value in wanted.items()
        if name in kind.schema.required or value not in (*_USUAL, kind.defaults.get(name))
    }


def _identities(account: Account, resource: _Found, names: _Names) -> list[str]:
    """Return the identities of a pool that the template has, and that can join the pool again.

    An agent gets its keywords from the pool, because its type has none. It cannot join a pool that
    has them from a number already.
    """
    properties = resource.properties
    kept = [
        each
        for each in properties.get("OriginationIdentities", [])
        if each in names.arns and can_join_a_pool(account, each)
    ]
    usual = {word: {"Message": each.message} for word, each in mandatory_keywords().items()}
    has_usual = properties.get("MandatoryKeywords") == usual and (
        "OptionalKeywords" not in properties
    )
    if has_usual or not any(_NUMBER in each for each in kept):
        return kept
    return [each for each in kept if _AGENT not in each]


def _rules_that_protect(rules: Mapping[str, list[dict[str, str]]]) -> dict[str, Any]:
    """Leave out country rules with ALLOW, which is the default."""
    kept = {
        capability: [each for each in of if each["ProtectStatus"] != "ALLOW"]
        for capability, of in rules.items()
    }
    return {capability: of for capability, of in kept.items() if of}


def _without_left_out(resource: _Found, wanted: dict[str, Any], names: _Names) -> Iterator[str]:
    """Remove properties that name resources which are left out, and say so."""
    for name, value in list(wanted.items()):
        if isinstance(value, str) and (name, value) in names.left_out:
            del wanted[name]
            yield f"{resource.name}: its {name} {value}, which is left out"
    for arn in resource.properties.get("OriginationIdentities", []):
        if arn not in wanted["OriginationIdentities"]:
            why = "which is left out, needs a registration, or has other keywords"
            yield f"{resource.name}: its identity {arn}, {why}"


def _find_mistakes(resource: _Found, wanted: Mapping[str, Any], names: _Names) -> Iterator[str]:
    """Find why CloudFormation would not take a resource."""
    schema = resource.kind.schema
    if wanted.get("ResourceArn") in names.left_out:
        yield "so is its resource"
    if "AttachmentUrl" in schema.settable and "AttachmentUrl" not in wanted:
        yield "its file cannot be read again"
    for name, value in wanted.items():
        yield from map(str, checks.find_mistakes(value, schema.settable[name], (name,)))
        if DYNAMIC in json.dumps(value):
            yield f"{name}: CloudFormation would resolve a text with {DYNAMIC}"


def _logical_id(kind: ResourceType, taken: Mapping[str, Any]) -> str:
    number = 1 + sum(each.kind is kind for each in taken.values())
    return kind.short_name if number == 1 else f"{kind.short_name}{number}"
