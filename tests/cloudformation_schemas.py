"""Write CloudFormation's schemas of this service's types: from the installed cfn-lint.

Run `python -m tests.cloudformation_schemas` after `pip install --upgrade cfn-lint`.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import cfnlint

import pinpoint_sms_emu

FILE: Final = Path(pinpoint_sms_emu.__file__).parent / "reference/data/cloudformation.json"
REGION: Final = "us-east-1"

_SCHEMAS: Final = Path(cfnlint.__file__).parent / "data/schemas"
_PREFIX: Final = "AWS::SMSVOICE::"
_PATH: Final = "/properties/"
_ACTION: Final = "sms-voice:"
# The keywords that are checked; descriptions are for people.
_LEFT_OUT: Final = ("description", "format", "insertionOrder")


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas as they are in the package, by type."""
    files = json.loads((_SCHEMAS / f"providers/{REGION}.json").read_text())
    return {
        name: json.loads((_SCHEMAS / f"resources/{file}.json").read_text())
        for name, file in sorted(files.items())
        if name.startswith(_PREFIX)
    }


def document() -> str:
    """The data file as the installed package has it."""
    date = json.loads((_SCHEMAS / "version.json").read_text())["schema_date"]
    data = {
        "sources": [
            f"CloudFormation's registry: the schemas of AWS::SMSVOICE in {REGION}",
            "PyPI's cfn-lint (MIT-0), which ships them",
            "Written by `python -m tests.cloudformation_schemas`",
        ],
        "cfn_lint": version("cfn-lint"),
        "date": date[:10],
        "types": {name: _type(schema) for name, schema in schemas().items()},
    }
    return json.dumps(data, indent=1) + "\n"


def _type(schema: dict[str, Any]) -> dict[str, Any]:
    definitions = schema.get("definitions", {})
    return {
        "properties": {
            name: _plain(each, definitions) for name, each in schema["properties"].items()
        },
        "required": schema.get("required", []),
        "identifier": _names(schema["primaryIdentifier"]),
        "read_only": _names(schema.get("readOnlyProperties", [])),
        "create_only": _names(schema.get("createOnlyProperties", [])),
        "write_only": _names(schema.get("writeOnlyProperties", [])),
        # Which operations each handler calls; those of other services are not ours.
        "handlers": {
            name: [
                each.removeprefix(_ACTION)
                for each in handler["permissions"]
                if each.startswith(_ACTION)
            ]
            for name, handler in schema["handlers"].items()
        },
    }


def _names(paths: list[str]) -> list[str]:
    return [each.removeprefix(_PATH) for each in paths]


def _plain(schema: Any, definitions: dict[str, Any]) -> Any:
    """Inline each definition where it is used, and leave out descriptions."""
    if isinstance(schema, list):
        return [_plain(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {
        name: {key: _plain(each, definitions) for key, each in value.items()}
        if name == "properties"
        else _plain(value, definitions)
        for name, value in schema.items()
        if name not in _LEFT_OUT
    }


if __name__ == "__main__":
    FILE.write_text(document())
