"""Resolves the names of a template: parameters, created resources, and other resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pinpoint_sms_emu.cloudformation import other_services
from pinpoint_sms_emu.cloudformation.caller import HandlerError
from pinpoint_sms_emu.cloudformation.intrinsics import Resolver
from pinpoint_sms_emu.cloudformation.mistakes import NotMadeError, Path, TemplateMistake
from pinpoint_sms_emu.cloudformation.other_services import Fictitious
from pinpoint_sms_emu.cloudformation.parameters import Parameters
from pinpoint_sms_emu.cloudformation.references import is_generated
from pinpoint_sms_emu.cloudformation.templates import Template, is_ours, resources_of
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.service.stacks import StackResource
from pinpoint_sms_emu.wording import nearest


class TemplateNames:
    """Returns the values of Ref and Fn::GetAtt, after the resources were created."""

    def __init__(
        self,
        template: Template,
        parameters: Parameters,
        pseudo_parameters: Mapping[str, Any],
        made: Mapping[str, StackResource],
        read_again: Callable[[StackResource], None],
    ) -> None:
        self._template = template
        self._parameters = parameters
        self._pseudo_parameters = pseudo_parameters
        self._resources = resources_of(template)
        self._made = made
        self._read_again = read_again
        self._resolver = Resolver(template, self)

    def ref(self, name: str, path: Path) -> Any:
        """Return the value of Ref: the value of a parameter, or the id of a resource."""
        if name in self._pseudo_parameters:
            return self._pseudo_parameters[name]
        if name in self._parameters:
            return self._parameters[name]
        if name in self._parameters.stored:
            raise TemplateMistake(
                path,
                f"{name} is a value of Systems Manager, which is not emulated: "
                f"--seed-parameters {name}=VALUE",
            )
        if name in self._parameters.declared:
            raise NotMadeError
        if self._is_ours(name):
            return self._find(name, path).ref
        return self._fictitious(name, path).ref

    def attribute(self, name: str, attribute: str, path: Path) -> Any:
        """Return the value of Fn::GetAtt, which may have to be read again."""
        if not self._is_ours(name):
            return self._fictitious(name, path).attribute(attribute)
        kind = TYPES.get(self._resources[name]["Type"])
        if kind is None:
            raise NotMadeError  # the unknown type is reported elsewhere
        schema = kind.schema
        first, *inner = attribute.split(".")
        if first not in schema.read_only:
            why = f"{name} has no attribute {attribute:.80}; {nearest(first, schema.read_only)}"
            raise TemplateMistake(path, why)
        found = self._find(name, path)
        if first not in found.attributes:
            try:
                self._read_again(found)
            except HandlerError as error:
                raise TemplateMistake(path, str(error)) from error
        value: Any = found.attributes.get(first, "")
        for each in inner:
            value = value.get(each, "") if isinstance(value, Mapping) else ""
        return value

    def _is_ours(self, name: str) -> bool:
        resource = self._resources.get(name)
        return resource is not None and is_ours(resource)

    def _find(self, name: str, path: Path) -> StackResource:
        found = self._made.get(name)
        if found is not None:
            return found
        condition = self._resources[name].get("Condition")
        if condition is not None and not self._resolver.holds(condition, path):
            raise TemplateMistake(path, f"{name} is not made: {condition} does not hold")
        raise NotMadeError

    def _fictitious(self, name: str, path: Path) -> Fictitious:
        if name not in self._resources and not is_generated(self._template, name):
            raise NotMadeError  # the unknown name is reported elsewhere
        resource = self._resources.get(name, {})
        kind = resource.get("Type") or other_services.generated_type(name)
        chosen = resource.get("Properties", {}).get(other_services.name_property(kind))
        stack_name = self._pseudo_parameters["AWS::StackName"]
        chosen = f"{stack_name}-{name}" if chosen is None else self._resolver.text(chosen, path)
        return other_services.fictitious_resource(kind, chosen, self._pseudo_parameters)
