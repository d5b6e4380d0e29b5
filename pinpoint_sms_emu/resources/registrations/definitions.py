"""The rules of registration forms: which fields are required, and which values are valid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pinpoint_sms_emu.wire.pattern_words import in_words

if TYPE_CHECKING:
    from pinpoint_sms_emu.reference.registration_forms import (
        ConditionalRule,
        ConditionalValidation,
        Field,
        FieldCondition,
        RegistrationType,
        SelectValidation,
        TextValidation,
    )


class FieldValue(Protocol):
    """The value of a field: choices, a text or an attachment."""

    @property
    def select_choices(self) -> Sequence[str] | None:
        """The options chosen."""

    @property
    def text_value(self) -> str | None:
        """The text."""

    @property
    def registration_attachment_id(self) -> str | None:
        """The attachment."""


class FieldProblem(NamedTuple):
    """A problem with a field."""

    # The code on the user guide's page of reasons.
    reason: str
    # In words that follow the name of the field.
    sentence: str


Values = Mapping[str, FieldValue]

# The member that holds the value, by the type of the field.
VALUE_MEMBERS = {
    "TEXT": "text_value",
    "SELECT": "select_choices",
    "ATTACHMENT": "registration_attachment_id",
}


def requirement(field: Field, values: Values) -> str:
    """Return REQUIRED, OPTIONAL or DISALLOWED, which may depend on other fields' values."""
    if field.field_requirement != "CONDITIONAL":
        return field.field_requirement
    if field.conditional_behavior is None:
        return "OPTIONAL"
    rule = _matching_rule(field, values)
    return rule.rule_behavior if rule else field.conditional_behavior.default_behavior


def refuse_value(
    field: Field, value: FieldValue, override: ConditionalValidation | None = None
) -> str | None:
    """Return why a value is invalid, in words that follow the field's name, or None."""
    member = VALUE_MEMBERS[field.field_type]
    others = [other for other in VALUE_MEMBERS.values() if other != member]
    if getattr(value, member) is None or any(getattr(value, other) for other in others):
        wire_name = member.title().replace("_", "")
        return f"is of type {field.field_type}, whose value is given as {wire_name}"
    if field.text_validation:
        return _refuse_text(value.text_value or "", field.text_validation, override)
    if field.select_validation:
        return _refuse_choices(value.select_choices or (), field.select_validation, override)
    return None


def find_problems(form: RegistrationType, values: Values) -> dict[str, FieldProblem]:
    """Return the problems of a form, by the path of the field."""
    problems = {}
    for path, field in form.fields.items():
        behavior, value = requirement(field, values), values.get(path)
        if value is None:
            if behavior == "REQUIRED":
                is_conditional = field.field_requirement == "CONDITIONAL"
                reason = "MISSING_CONDITIONAL_FIELD" if is_conditional else "MISSING_REQUIRED_FIELD"
                problems[path] = FieldProblem(reason, "is required")
        elif behavior == "DISALLOWED":
            problems[path] = FieldProblem(
                "CONDITIONAL_FIELD_NOT_ALLOWED", "is not allowed with the values of other fields"
            )
        else:
            rule = _matching_rule(field, values)
            override = rule.conditional_validation if rule else None
            if why := refuse_value(field, value, override):
                problems[path] = FieldProblem("INVALID_FIELD_VALUE", why)
    return problems


def is_denied_by_review(field: Field, values: Values) -> bool:
    """Return whether a valid value breaks a rule of the review that applies to the others."""
    return any(
        refuse_value(field, values[field.field_path], rule.validation)
        for rule in field.review_rules
        if all(_holds(condition, values) for condition in rule.conditions)
    )


def _matching_rule(field: Field, values: Values) -> ConditionalRule | None:
    # ConditionalBehavior: "the first rule whose conditions all evaluate to true".
    rules = field.conditional_behavior.rules if field.conditional_behavior else ()
    return next((rule for rule in rules if all(_holds(c, values) for c in rule.conditions)), None)


def _holds(condition: FieldCondition, values: Values) -> bool:
    given = _strings(values.get(condition.depends_on_field_path))
    # Inferred: one of several choices is enough. Only HAS_VALUE and NO_VALUE say anything about a
    # field without a value: an empty form was denied for its required fields alone (observed).
    found = not given.isdisjoint(condition.values or ())
    match condition.operator:
        case "EQUALS" | "IN":
            return found
        case "NOT_EQUALS" | "NOT_IN":
            return bool(given) and not found
        case "HAS_VALUE":
            return bool(given)
        case "NO_VALUE":
            return not given
        case _:
            # FieldCondition: "Operators not in this list are treated as evaluating to false".
            return False


def _strings(value: FieldValue | None) -> frozenset[str]:
    if value is None:
        return frozenset()
    single = (value.text_value, value.registration_attachment_id)
    return frozenset((*(value.select_choices or ()), *(text for text in single if text)))


def _refuse_text(
    text: str, rules: TextValidation, override: ConditionalValidation | None
) -> str | None:
    shortest, longest, pattern = rules.min_length, rules.max_length, rules.pattern
    if override is not None:
        shortest = shortest if override.min_length is None else override.min_length
        longest = longest if override.max_length is None else override.max_length
        pattern = override.pattern or pattern
    if not shortest <= len(text) <= longest:
        return f"must have {shortest} to {longest} characters, and has {len(text)}"
    if not re.fullmatch(pattern, text, re.ASCII):
        return in_words(pattern)
    return None


def _refuse_choices(
    choices: Sequence[str], rules: SelectValidation, override: ConditionalValidation | None
) -> str | None:
    if not rules.min_choices <= len(choices) <= rules.max_choices:
        return f"takes {rules.min_choices} to {rules.max_choices} choices, and has {len(choices)}"
    if len(set(choices)) < len(choices):
        return "must not have the same choice twice"
    options = (override and override.allowed_values) or rules.options
    unknown = [choice for choice in choices if choice not in options]
    if unknown:
        return f"has no option {unknown[0]}; its options are {', '.join(options)}"
    return None
