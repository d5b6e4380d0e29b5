"""The variables of Notify templates: checking their values, and filling in templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.wire.pattern_words import in_words

if TYPE_CHECKING:
    from pinpoint_sms_emu.reference.notify_templates import NotifyTemplate, TemplateVariable

_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")


def missing_variables(template: NotifyTemplate, values: Mapping[str, str]) -> list[str]:
    """List the required variables without a value."""
    # User guide: "Required variables without a default value cause an error if omitted."
    return [
        name
        for name, variable in template.variables.items()
        if variable.source == "CUSTOMER" and variable.required and not variable.default_value
        if name not in values
    ]


def refuse_variables(template: NotifyTemplate, values: Mapping[str, str]) -> dict[str, str]:
    """Return why values are invalid, by variable, in words that follow its name."""
    refused = {}
    for name, value in values.items():
        variable = template.variables.get(name)
        # Inferred: system variables and unknown variables cannot be given.
        if variable is None or variable.source == "SYSTEM":
            refused[name] = f"is not a variable of {template.template_id}"
        elif reason := _refuse_value(variable, value):
            refused[name] = reason
    return refused


def fill_in(template: NotifyTemplate, values: Mapping[str, str], brand_name: str) -> str:
    """Replace a template's placeholders with values, defaults and the brand's name."""
    defaults = {name: variable.default_value or "" for name, variable in template.variables.items()}
    known = {**defaults, **values, "brandName": brand_name}
    return _PLACEHOLDER.sub(lambda found: known[found[1]], template.content)


def _refuse_value(variable: TemplateVariable, value: str) -> str | None:
    if variable.max_length is not None and len(value) > variable.max_length:
        return f"must have at most {variable.max_length} characters, and has {len(value)}"
    if variable.pattern and not re.fullmatch(variable.pattern, value, re.ASCII):
        return in_words(variable.pattern)
    if variable.type == "BOOLEAN" and value not in {"true", "false"}:
        return "must be true or false"
    if variable.type == "INTEGER":
        if not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
            return "must be a whole number"
        if variable.min_value is not None and int(value) < variable.min_value:
            return f"must be at least {variable.min_value}"
        if variable.max_value is not None and int(value) > variable.max_value:
            return f"must be at most {variable.max_value}"
    return None
