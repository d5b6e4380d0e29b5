"""The operations that describe registration types, and their sections and fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.service.listing import Filter, Listed, Paginated, matching_in_any_case
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.wording import nearest

if TYPE_CHECKING:
    from pinpoint_sms_emu.reference.registration_forms import Field, RegistrationType, Section
    from pinpoint_sms_emu.service.account import Account


@operation
def describe_registration_type_definitions(
    _account: Account,
    *,
    registration_types: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[RegistrationType]:
    """List the registration types that the request names, or all."""
    forms = _forms()
    _must_know(forms, "UNKNOWN_REGISTRATION_TYPE", registration_types=registration_types or [])

    selected = registration_types or list(forms)
    found = [form for name, form in forms.items() if name in selected]
    return Paginated(Listed(found), matching_in_any_case(filters))


@operation
def describe_registration_section_definitions(
    _account: Account, *, registration_type: str, section_paths: list[str] | None = None
) -> Paginated[Section]:
    """List the sections of a form that the request names, or all."""
    form = find_form(registration_type)
    must_be_sections(form, section_paths=section_paths or [])

    selected = section_paths or list(form.sections)
    found = [section for path, section in form.sections.items() if path in selected]
    return Paginated(Listed(found), beside={"registration_type": registration_type})


@operation
def describe_registration_field_definitions(
    _account: Account,
    *,
    registration_type: str,
    section_path: str | None = None,
    field_paths: list[str] | None = None,
) -> Paginated[Field]:
    """List the fields of a form that the request names, or all."""
    form = find_form(registration_type)
    must_be_sections(form, section_path=[section_path] if section_path else [])
    must_be_fields(form, field_paths=field_paths or [])

    found = [
        field
        for path, field in form.fields.items()
        if section_path in (None, field.section_path) and (not field_paths or path in field_paths)
    ]
    return Paginated(Listed(found), beside={"registration_type": registration_type})


def find_form(registration_type: str) -> RegistrationType:
    """Return the form of a registration type; refuse an unknown type."""
    forms = _forms()
    _must_know(forms, "UNKNOWN_REGISTRATION_TYPE", registration_type=[registration_type])
    return forms[registration_type]


def _forms() -> Mapping[str, RegistrationType]:
    """Return all registration types; the first call loads their classes, which few callers need."""
    from pinpoint_sms_emu.reference import registration_forms  # noqa: PLC0415

    return registration_forms.registration_types()


def must_be_sections(form: RegistrationType, **paths: list[str]) -> None:
    """Refuse a section that a form does not have; the keyword names the argument."""
    _must_know(form.sections, "UNKNOWN_REGISTRATION_SECTION", **paths)


def must_be_fields(form: RegistrationType, **paths: list[str]) -> None:
    """Refuse a field that a form does not have; the keyword names the argument."""
    _must_know(form.fields, "UNKNOWN_REGISTRATION_FIELD", **paths)


def _must_know(known: Mapping[str, object], reason: str, **named: Iterable[str]) -> None:
    for argument, names in named.items():
        unknown = [name for name in names if name not in known]
        if unknown:
            why = f"there is no {unknown[0]}; {nearest(unknown[0], known)}"
            raise ValidationException(reason, **{argument: why})
