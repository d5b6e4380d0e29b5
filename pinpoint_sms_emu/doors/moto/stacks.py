"""Lets moto's CloudFormation create the resources of this service in an emulator.

Moto finds resource types among the subclasses of its `CloudFormationModel`. This module defines a
subclass for each type of this service, when a client first calls CloudFormation in a process that
has loaded moto. All other processes save the time.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pinpoint_sms_emu.cloudformation import properties as checks
from pinpoint_sms_emu.cloudformation.caller import Caller, HandlerError
from pinpoint_sms_emu.cloudformation.mistakes import TemplateMistake
from pinpoint_sms_emu.cloudformation.resource_types import ResourceType
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.doors.in_process import blocks

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

# Functions whose results moto caches with its first stack.
_PARSING: Final = "moto.cloudformation.parsing"
_REMEMBERED: Final = ("get_model_list", "get_model_map", "get_name_type_map")

# Moto has only weak references to the subclasses.
_models: list[type] = []
# The engine of the server that passes a call to moto.
_server: ContextVar[Engine | None] = ContextVar("pinpoint_sms_moto_server", default=None)


def register() -> None:
    """Let moto find the types of this service, even if it has created a stack before."""
    if _models:
        return
    from moto.core.common_models import CloudFormationModel  # noqa: PLC0415  moto is loaded

    kind_of_models: Any = type(CloudFormationModel)
    for kind in TYPES.values():
        name = kind.name.rpartition(":")[2]
        bases = (_StackModel, CloudFormationModel)
        _models.append(kind_of_models(name, bases, {"kind": kind, "__module__": __name__}))
    parsing = sys.modules.get(_PARSING)
    for function in _REMEMBERED if parsing else ():
        getattr(parsing, function).cache_clear()


@contextmanager
def acting_on(engine: Engine) -> Iterator[None]:
    """Within the context, let moto's stacks change an engine, whichever blocks are open."""
    register()
    token = _server.set(engine)
    try:
        yield
    finally:
        _server.reset(token)


class _StackModel:
    """A resource of this service in moto's stack; `kind` is its type."""

    kind: ClassVar[ResourceType]

    def __init__(
        self,
        name: str,
        properties: Mapping[str, Any],
        attributes: dict[str, Any],
        place: tuple[str, str],
    ) -> None:
        self.name = name
        self.properties = properties
        self.attributes = attributes
        self.place = place

    # What moto calls on a type.

    @classmethod
    def cloudformation_type(cls) -> str:
        """Return the name of the type."""
        return cls.kind.name

    @classmethod
    def cloudformation_name_type(cls) -> str:
        """Return the property with the resource's name, if a template can choose the name."""
        return cls.kind.id if cls.kind.can_be_named else ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Return whether an attribute can be used in Fn::GetAtt."""
        return attr.partition(".")[0] in cls.kind.schema.read_only

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **of_the_stack: Any,
    ) -> _StackModel:
        """Create a resource."""
        engine = _engine()
        if engine is None:
            warnings.warn(f"{cls.kind.name} needs mock_sms beside mock_aws", stacklevel=2)
            return cls(resource_name, {}, {}, (account_id, region_name))
        wanted = cls._checked(cloudformation_json, str(of_the_stack.get("LogicalId")))
        if cls.kind.can_be_named:
            wanted.setdefault(cls.kind.id, resource_name)
        with _as_moto_errors():
            attributes = cls.kind.create_resource(Caller(engine, account_id, region_name), wanted)
        return cls(resource_name, wanted, attributes, (account_id, region_name))

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
    ) -> _StackModel:
        """Update a resource, or replace it; delete the replaced one if nothing uses it."""
        engine, before = _engine(), original_resource
        if engine is None or not isinstance(before, cls):
            return cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
        wanted = cls._checked(cloudformation_json, getattr(before, "logical_resource_id", ""))
        if cls.kind.can_be_named:
            wanted.setdefault(cls.kind.id, before.properties[cls.kind.id])
        if cls.kind.must_be_replaced(before.properties, wanted):
            made = cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
            # Like CloudFormation: an update succeeds even if the clean-up fails.
            with suppress(HandlerError):
                cls.kind.delete_resource(before.caller(engine), before.attributes)
            return made
        if wanted != before.properties:
            with _as_moto_errors():
                before.attributes = cls.kind.update_resource(
                    before.caller(engine), before.attributes, before.properties, wanted
                )
            before.properties = wanted
        return before

    @classmethod
    def _checked(cls, cloudformation_json: Mapping[str, Any], logical_id: str) -> dict[str, Any]:
        """Check the properties, whose functions moto has resolved."""
        schema, path = cls.kind.schema, ("Resources", logical_id, "Properties")
        wanted: dict[str, Any] = _without_none(cloudformation_json.get("Properties", {}))
        mistakes = list(checks.find_unknown(wanted, schema, path))
        for name, of in schema.settable.items():
            if name in wanted:
                wanted[name] = checks.adapted(wanted[name], of)
                mistakes += checks.find_mistakes(wanted[name], of, (*path, name))
        for mistake in mistakes:
            raise _validation_error(mistake)
        return wanted

    # What moto calls on a resource.

    @property
    def physical_resource_id(self) -> str:
        """The value of Ref."""
        return self.kind.ref(self.attributes) if self.attributes else self.name

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        """Return the value of Fn::GetAtt."""
        first, *inner = attribute_name.split(".")
        if not self.has_cfn_attr(attribute_name):
            from moto.cloudformation import exceptions  # noqa: PLC0415  moto is loaded

            raise exceptions.UnformattedGetAttTemplateException
        engine = _engine()
        if first not in self.attributes and engine is not None:
            self.attributes |= self.kind.read_attributes(self.caller(engine), self.attributes)
        value = self.attributes.get(first, "")
        for each in inner:
            value = value.get(each, "") if isinstance(value, Mapping) else ""
        return value

    def is_created(self) -> bool:
        """Return whether the resource is complete, which it always is."""
        return True

    def delete(self, _account_id: str, _region: str) -> None:
        """Delete the resource."""
        engine = _engine()
        if engine is not None and self.attributes:
            with _as_moto_errors():
                self.kind.delete_resource(self.caller(engine), self.attributes)

    def caller(self, engine: Engine) -> Caller:
        """Return a caller of the service for the account and Region of the resource."""
        return Caller(engine, *self.place)


def _engine() -> Engine | None:
    return _server.get() or blocks.answering()


def _without_none(value: Any) -> Any:
    """Remove None, to which moto resolves AWS::NoValue."""
    if isinstance(value, Mapping):
        return {name: _without_none(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_none(each) for each in value if each is not None]
    return value


@contextmanager
def _as_moto_errors() -> Iterator[None]:
    """Raise a refusal as the error that clients of CloudFormation get."""
    try:
        yield
    except HandlerError as error:
        raise _validation_error(error) from error


def _validation_error(error: HandlerError | TemplateMistake) -> Exception:
    from moto.cloudformation.exceptions import ValidationError  # noqa: PLC0415  moto is loaded

    refusal: Exception = ValidationError(message=str(error))
    return refusal
