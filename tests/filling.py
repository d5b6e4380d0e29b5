"""A client that reads a registration's definitions, and fills in what they ask for."""

from __future__ import annotations

from typing import Any

PDF = b"%PDF-1.7 letter of authorization"


def ask(sms: Any, registration_type: str) -> list[dict[str, Any]]:
    """Read every field of a form."""
    pages = sms.get_paginator("describe_registration_field_definitions").paginate(
        RegistrationType=registration_type
    )
    return [field for page in pages for field in page["RegistrationFieldDefinitions"]]


def answer(sms: Any, field: dict[str, Any]) -> dict[str, Any]:
    """Make a value as the definition of a field suggests it."""
    match field["FieldType"]:
        case "TEXT":
            return {"TextValue": field["DisplayHints"]["ExampleTextValue"]}
        case "SELECT":
            return {"SelectChoices": field["SelectValidation"]["Options"][:1]}
        case _:
            made = sms.create_registration_attachment(AttachmentBody=PDF)
            return {"RegistrationAttachmentId": made["RegistrationAttachmentId"]}


def fill_in(sms: Any, registration: Any) -> None:
    """Answer every question of the current version that is required."""
    for field in ask(sms, registration.registration_type):
        if field["FieldRequirement"] == "REQUIRED":
            sms.put_registration_field_value(
                RegistrationId=registration.id, FieldPath=field["FieldPath"], **answer(sms, field)
            )
