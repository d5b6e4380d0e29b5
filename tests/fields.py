"""Fields of forms that only tests use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pinpoint_sms_emu.reference.registration_forms import (
    ConditionalBehavior,
    ConditionalRule,
    DisplayHints,
    Field,
    FieldCondition,
    SelectOptionDescription,
    SelectValidation,
    TextValidation,
)

Needed = str | ConditionalBehavior


def text(
    path: str,
    title: str,
    about: str,
    lengths: tuple[int, int],
    example: str,
    *,
    pattern: str = r"[\s\S]+",
    needed: Needed = "REQUIRED",
) -> Field:
    """Define a text field."""
    requirement, behavior = _requirement(needed)
    return Field(
        field_path=path,
        field_type="TEXT",
        field_requirement=requirement,
        display_hints=DisplayHints(
            title=title,
            short_description=about,
            example_text_value=example,
        ),
        text_validation=TextValidation(*lengths, pattern),
        conditional_behavior=behavior,
    )


def select(
    path: str,
    title: str,
    about: str,
    options: Sequence[str] | Mapping[str, str],
    *,
    choices: tuple[int, int] = (1, 1),
    needed: Needed = "REQUIRED",
) -> Field:
    """Define a field with options; a mapping has their titles."""
    requirement, behavior = _requirement(needed)
    described = isinstance(options, Mapping) and tuple(
        SelectOptionDescription(option, meaning) for option, meaning in options.items()
    )
    return Field(
        field_path=path,
        field_type="SELECT",
        field_requirement=requirement,
        display_hints=DisplayHints(
            title=title, short_description=about, select_option_descriptions=described or None
        ),
        select_validation=SelectValidation(*choices, tuple(options)),
        conditional_behavior=behavior,
    )


def attachment(path: str, title: str, about: str, *, needed: Needed = "REQUIRED") -> Field:
    """Define a file field."""
    requirement, behavior = _requirement(needed)
    return Field(
        field_path=path,
        field_type="ATTACHMENT",
        field_requirement=requirement,
        display_hints=DisplayHints(title=title, short_description=about),
        conditional_behavior=behavior,
    )


def _requirement(needed: Needed) -> tuple[str, ConditionalBehavior | None]:
    return (needed, None) if isinstance(needed, str) else ("CONDITIONAL", needed)


def has(path: str, *values: str) -> FieldCondition:
    """Return a condition: the field has one of these values, or any value."""
    if not values:
        return FieldCondition(path, "HAS_VALUE")
    return FieldCondition(path, "EQUALS" if len(values) == 1 else "IN", values)


def required_if(*conditions: FieldCondition) -> ConditionalBehavior:
    """Require a field while all of the conditions hold."""
    return ConditionalBehavior((ConditionalRule(conditions, "REQUIRED"),))
