"""Field values: the contents of a registration version's form."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from pinpoint_sms_emu.errors import ConflictException, ValidationException
from pinpoint_sms_emu.resources.registrations.attachments import must_be_uploaded
from pinpoint_sms_emu.resources.registrations.definitions import VALUE_MEMBERS, refuse_value
from pinpoint_sms_emu.resources.registrations.status import (
    find_registration,
    must_not_be_closed,
)
from pinpoint_sms_emu.resources.registrations.type_definitions import (
    must_be_fields,
    must_be_sections,
)
from pinpoint_sms_emu.service.listing import Listed, Paginated
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.tables import Entry

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.resources.registrations.versions import RegistrationVersion
    from pinpoint_sms_emu.service.account import Account


@dataclass(slots=True, kw_only=True)
class RegistrationFieldValue(Entry):
    """The value of a field. Its id is the field's path; values are in the form's order."""

    kind: ClassVar[str] = "registration-field-value"

    select_choices: list[str] | None = None
    text_value: str | None = None
    registration_attachment_id: str | None = None
    denied_reason: str | None = None
    feedback: str | None = None

    @property
    def field_path(self) -> str:
        """The path of the field."""
        return self.id

    @property
    def is_empty(self) -> bool:
        """Whether there is no value, only the reason of a denial."""
        return not (self.select_choices or self.text_value or self.registration_attachment_id)


@operation
def put_registration_field_value(
    account: Account,
    *,
    registration_id: str,
    field_path: str,
    select_choices: list[str] | None = None,
    text_value: str | None = None,
    registration_attachment_id: str | None = None,
) -> dict[str, Any]:
    """Set the value of a field in the draft version."""
    given = {
        "select_choices": select_choices,
        "text_value": text_value,
        "registration_attachment_id": registration_attachment_id,
    }
    _must_be_one(given)
    registration = find_registration(account, registration_id)
    must_be_fields(registration.form, field_path=[field_path])
    attachment = None
    if registration_attachment_id is not None:
        attachment = account.registration_attachments[registration_attachment_id]
    value = RegistrationFieldValue(
        id=field_path,
        sequence=list(registration.form.fields).index(field_path) + 1,
        select_choices=select_choices,
        text_value=text_value,
        registration_attachment_id=attachment.id if attachment else None,
    )

    _must_fit(registration, value)
    _must_be_a_draft(registration)
    if attachment:
        must_be_uploaded(attachment)

    registration.current.values[field_path] = value
    return _value_of(registration, registration.current, value)


@operation
def delete_registration_field_value(
    account: Account, *, registration_id: str, field_path: str
) -> dict[str, Any]:
    """Remove the value of a field, and return it."""
    registration = find_registration(account, registration_id)
    must_be_fields(registration.form, field_path=[field_path])

    _must_be_a_draft(registration)

    # Without a value the answer has none; an error is not documented.
    deleted = registration.current.values.pop(field_path, RegistrationFieldValue(id=field_path))
    return _value_of(registration, registration.current, deleted)


@operation
def describe_registration_field_values(
    account: Account,
    *,
    registration_id: str,
    version_number: int | None = None,
    section_path: str | None = None,
    field_paths: list[str] | None = None,
) -> Paginated[RegistrationFieldValue]:
    """List the values of a version, or of the current one, including denied empty fields."""
    registration = find_registration(account, registration_id)
    version = registration.current
    if version_number is not None:
        version = registration.version(version_number, "version_number")
    form = registration.form
    must_be_sections(form, section_path=[section_path] if section_path else [])
    must_be_fields(form, field_paths=field_paths or [])

    found = [
        each
        for each in version.values.values()
        if section_path in (None, form.fields[each.id].section_path)
        and (not field_paths or each.id in field_paths)
    ]
    beside = registration.reference | {"version_number": version.version_number}
    return Paginated(Listed(sorted(found, key=attrgetter("sequence"))), beside=beside)


def _value_of(
    registration: Registration, version: RegistrationVersion, value: RegistrationFieldValue
) -> dict[str, Any]:
    return registration.reference | {
        "version_number": version.version_number,
        "field_path": value.id,
        "select_choices": value.select_choices,
        "text_value": value.text_value,
        "registration_attachment_id": value.registration_attachment_id,
    }


# Rules.


def _must_be_one(given: dict[str, Any]) -> None:
    named = [name for name, value in given.items() if value is not None]
    if not named:
        raise ValidationException("MISSING_PARAMETER", **dict.fromkeys(given, "or another is due"))
    if len(named) > 1:
        raise ValidationException(
            "PARAMETERS_CANNOT_BE_USED_TOGETHER",
            **dict.fromkeys(named, "cannot be given together"),
        )


def _must_fit(registration: Registration, value: RegistrationFieldValue) -> None:
    """Refuse an invalid value (decisions 20)."""
    field = registration.form.fields[value.id]
    why = refuse_value(field, value)
    if why:
        member = VALUE_MEMBERS[field.field_type]
        at_fault = "field_path" if getattr(value, member) is None else member
        raise ValidationException("INVALID_PARAMETER", **{at_fault: f"{value.id} {why}"})


def _must_be_a_draft(registration: Registration) -> None:
    must_not_be_closed(registration, "EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED")
    if registration.current.status != "DRAFT":
        raise ConflictException("EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED", registration)
