"""CloudFormation's intrinsic functions."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from pinpoint_sms_emu.cloudformation.mistakes import Path, TemplateMistake
from pinpoint_sms_emu.cloudformation.references import VARIABLE
from pinpoint_sms_emu.cloudformation.templates import Template, section_of
from pinpoint_sms_emu.wording import nearest, quoted


class _NoValue:
    def __repr__(self) -> str:
        return "AWS::NoValue"


# A property with this value is removed.
NO_VALUE: Final = _NoValue()

# The value is in Systems Manager or Secrets Manager.
DYNAMIC: Final = "{{resolve:"
# The maximum number of digits of an index.
_DIGITS: Final = 9


class Names(Protocol):
    """Resolves the names of a template."""

    def ref(self, name: str, path: Path) -> Any:
        """Return the value of Ref: the value of a parameter, or the id of a resource."""

    def attribute(self, name: str, attribute: str, path: Path) -> Any:
        """Return the value of Fn::GetAtt."""


class Resolver:
    """Resolves the values of a template; raises a TemplateMistake if that is not possible."""

    def __init__(self, template: Template, names: Names) -> None:
        self.names = names
        self._conditions = section_of(template, "Conditions")
        self._mappings = section_of(template, "Mappings")
        self._open_conditions: list[str] = []
        # Each condition is evaluated once.
        self._held: dict[str, bool] = {}

    def resolve(self, value: Any, path: Path) -> Any:
        """Resolve the functions in a value, at any depth."""
        if isinstance(value, list):
            found = [self.resolve(each, (*path, index)) for index, each in enumerate(value)]
            return [each for each in found if each is not NO_VALUE]
        if isinstance(value, str) and DYNAMIC in value:
            raise TemplateMistake(path, f"{value:.80} is kept by another service, not here")
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            [(name, argument)] = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                if name not in _FUNCTIONS:
                    raise TemplateMistake(path, f"{name} cannot be resolved here")
                return _FUNCTIONS[name](self, argument, path)
        members = {name: self.resolve(each, (*path, name)) for name, each in value.items()}
        return {name: each for name, each in members.items() if each is not NO_VALUE}

    def text(self, value: Any, path: Path) -> str:
        """Resolve a value to a text; numbers and flags are converted."""
        resolved = self.resolve(value, path)
        if isinstance(resolved, Mapping | list) or resolved is NO_VALUE or resolved is None:
            raise TemplateMistake(path, f"must be text, not {quoted(resolved)}")
        return as_text(resolved)

    def items(self, value: Any, path: Path) -> list[Any]:
        """Resolve a value that must be a list."""
        resolved = self.resolve(value, path)
        if not isinstance(resolved, list):
            raise TemplateMistake(path, f"must be a list, not {quoted(resolved)}")
        return resolved

    # Conditions.

    def holds(self, name: Any, path: Path) -> bool:
        """Return whether a condition of the template is true."""
        if not isinstance(name, str) or name not in self._conditions:
            raise TemplateMistake(
                path, f"there is no condition {name!s:.80}; {nearest(str(name), self._conditions)}"
            )
        if name in self._open_conditions:
            raise TemplateMistake(("Conditions", name), "refers to itself")
        if name not in self._held:
            self._open_conditions.append(name)
            try:
                self._held[name] = self._is_true(self._conditions[name], ("Conditions", name))
            except RecursionError:
                asked = self._open_conditions[0]
                raise TemplateMistake(("Conditions", asked), "is nested too deeply") from None
            finally:
                self._open_conditions.pop()
        return self._held[name]

    def _is_true(self, condition: Any, path: Path) -> bool:
        match condition:
            case {"Condition": name, **rest} if not rest:
                return self.holds(name, path)
            case {"Fn::Equals": [left, right], **rest} if not rest:
                return self.text(left, path) == self.text(right, path)
            case {"Fn::And": [*parts], **rest} if not rest:
                return all(self._is_true(each, path) for each in parts)
            case {"Fn::Or": [*parts], **rest} if not rest:
                return any(self._is_true(each, path) for each in parts)
            case {"Fn::Not": [part], **rest} if not rest:
                return not self._is_true(part, path)
        raise TemplateMistake(
            path, "must be one of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition"
        )

    # Functions.

    def ref(self, argument: Any, path: Path) -> Any:
        """`Ref`: a parameter or a resource."""
        if not isinstance(argument, str):
            raise TemplateMistake(path, f"Ref must name something, not {quoted(argument)}")
        return NO_VALUE if argument == "AWS::NoValue" else self.names.ref(argument, path)

    def attribute(self, argument: Any, path: Path) -> Any:
        """`Fn::GetAtt`: an attribute of a resource."""
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        match parts:
            case [str() as name, *rest] if rest:
                return self.names.attribute(
                    name, ".".join(self.text(each, path) for each in rest), path
                )
        raise TemplateMistake(path, "Fn::GetAtt must be a resource and an attribute")

    def substitute(self, argument: Any, path: Path) -> Any:
        """`Fn::Sub`: a text with replaced variables."""
        text, given = argument if _is_list_of(argument, 2) else (argument, {})
        if not isinstance(text, str) or not isinstance(given, Mapping):
            raise TemplateMistake(path, "Fn::Sub must be text, or a list of text and a mapping")

        def value(name: str) -> str:
            if name in given:
                return self.text(given[name], path)
            if "." in name:
                return self.text({"Fn::GetAtt": name}, path)
            return self.text({"Ref": name}, path)

        replaced = VARIABLE.sub(lambda found: value(found[1].strip()), text)
        return replaced.replace("${!", "${")

    def join(self, argument: Any, path: Path) -> Any:
        """`Fn::Join`: texts joined by a delimiter."""
        if not _is_list_of(argument, 2):
            raise TemplateMistake(path, "Fn::Join must be a list of a delimiter and a list")
        delimiter, values = argument
        texts = [self.text(each, path) for each in self.items(values, path)]
        return self.text(delimiter, path).join(texts)

    def split(self, argument: Any, path: Path) -> Any:
        """`Fn::Split`: the parts of a text."""
        if not _is_list_of(argument, 2):
            raise TemplateMistake(path, "Fn::Split must be a list of a delimiter and text")
        delimiter, text = (self.text(each, path) for each in argument)
        return text.split(delimiter) if delimiter else [text]

    def select(self, argument: Any, path: Path) -> Any:
        """`Fn::Select`: an entry of a list."""
        if not _is_list_of(argument, 2):
            raise TemplateMistake(path, "Fn::Select must be a list of an index and a list")
        index, values = self.text(argument[0], path), self.items(argument[1], path)
        if not index.isdecimal() or len(index) > _DIGITS or int(index) >= len(values):
            raise TemplateMistake(path, f"has no entry {index:.80} among {len(values)}")
        return values[int(index)]

    def choose(self, argument: Any, path: Path) -> Any:
        """`Fn::If`: one of two values."""
        if not _is_list_of(argument, 3):
            raise TemplateMistake(path, "Fn::If must be a list of a condition and two values")
        condition, if_true, if_false = argument
        return self.resolve(if_true if self.holds(condition, path) else if_false, path)

    def find_in_map(self, argument: Any, path: Path) -> Any:
        """`Fn::FindInMap`: a value of the section Mappings."""
        if not isinstance(argument, list) or len(argument) not in (3, 4):
            raise TemplateMistake(path, "Fn::FindInMap must be a list of a map and two keys")
        keys = [self.text(each, path) for each in argument[:3]]
        default = argument[3] if argument[3:] else {}
        if not isinstance(default, Mapping) or (argument[3:] and "DefaultValue" not in default):
            why = f"the last entry of Fn::FindInMap must have a DefaultValue, not {quoted(default)}"
            raise TemplateMistake(path, why)
        found: Any = self._mappings
        for key in keys:
            if not isinstance(found, Mapping) or key not in found:
                if default:
                    return self.resolve(default["DefaultValue"], path)
                raise TemplateMistake(path, f"{'.'.join(keys):.200} is not in Mappings")
            found = found[key]
        return found

    def encode(self, argument: Any, path: Path) -> Any:
        """`Fn::Base64`: text in Base64."""
        return base64.b64encode(self.text(argument, path).encode()).decode()

    def zones(self, argument: Any, path: Path) -> Any:
        """`Fn::GetAZs`: fictitious zones of a Region."""
        region = self.text(argument, path) or self.text({"Ref": "AWS::Region"}, path)
        return [f"{region}{zone}" for zone in "abc"]

    def as_json(self, argument: Any, path: Path) -> Any:
        """`Fn::ToJsonString`: a value as JSON."""
        resolved = self.resolve(argument, path)
        if not isinstance(resolved, Mapping | list):
            why = f"Fn::ToJsonString must be a mapping or a list, not {quoted(resolved)}"
            raise TemplateMistake(path, why)
        return json.dumps(resolved, separators=(",", ":"))

    def length(self, argument: Any, path: Path) -> Any:
        """`Fn::Length`: the length of a list."""
        return len(self.items(argument, path))


def as_text(value: Any) -> str:
    """Convert a value to text like CloudFormation."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_list_of(value: Any, length: int) -> bool:
    return isinstance(value, list) and len(value) == length


_FUNCTIONS: Final[Mapping[str, Callable[[Resolver, Any, Path], Any]]] = {
    "Ref": Resolver.ref,
    "Fn::Base64": Resolver.encode,
    "Fn::FindInMap": Resolver.find_in_map,
    "Fn::GetAZs": Resolver.zones,
    "Fn::GetAtt": Resolver.attribute,
    "Fn::If": Resolver.choose,
    "Fn::Join": Resolver.join,
    "Fn::Length": Resolver.length,
    "Fn::Select": Resolver.select,
    "Fn::Split": Resolver.split,
    "Fn::Sub": Resolver.substitute,
    "Fn::ToJsonString": Resolver.as_json,
}
