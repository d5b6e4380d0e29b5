"""Templates in YAML, with the short forms of intrinsic functions: `!Ref`, `!GetAtt`, `!Sub`."""

from __future__ import annotations

from typing import Any, Final

from pinpoint_sms_emu.wording import quoted

try:
    import yaml
except ImportError as error:
    raise ValueError("YAML needs a package: pip install pyyaml") from error


_MERGE: Final = "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):
    """Parses YAML like CloudFormation: dates are text, tags are functions, there are no aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse an alias, whose values could be repeated without limit."""
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            why = f"CloudFormation does not support YAML aliases such as *{event.anchor}"
            raise ValueError(f"line {event.start_mark.line + 1}: {why}")
        return super().compose_node(parent, index)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Refuse a merge, and a key that is given twice."""
        keys: set[str] = set()
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.tag == _MERGE:
                raise ValueError(f"line {line}: CloudFormation does not support YAML merges (<<)")
            if isinstance(key, yaml.ScalarNode):
                if key.value in keys:
                    raise ValueError(f"line {line}: the key {quoted(key.value)} is given twice")
                keys.add(key.value)


# CloudFormation has no dates: the Version of a policy is text.
_Loader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _function(loader: Any, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _function)


def load(text: str) -> Any:
    """Parse a template; raise a ValueError if it is not YAML."""
    try:
        # A control character is refused as soon as the loader is made.
        return yaml.load(text, Loader=_Loader)  # noqa: S506  derived from the safe one
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
