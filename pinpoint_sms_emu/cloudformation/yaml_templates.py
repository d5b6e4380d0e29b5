"""Templates in YAML, with the short forms of intrinsic functions: `!Ref`, `!GetAtt`, `!Sub`."""

from __future__ import annotations

from typing import Any

try:
    import yaml
except ImportError as error:
    raise ValueError('YAML needs a package: pip install "pinpoint-sms-emu[yaml]"') from error


class _Loader(yaml.SafeLoader):
    """Parses YAML like CloudFormation: dates are text, and tags are functions."""

    def get_single_data(self) -> Any:
        """Read a single document."""
        try:
            return super().get_single_data()
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from error


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
    return yaml.load(text, Loader=_Loader)  # noqa: S506  derived from the safe one
