"""A client that reads a registration's definitions and fills in its fields."""

from __future__ import annotations

from typing import Any

PDF = b"%PDF-1.7 letter of authorization"


def png(width: int, height: int) -> bytes:
    """Return the beginning of a PNG file of a given size."""
    size = width.to_bytes(4) + height.to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + b"IHDR" + size


# User guide, "Getting started with RCS".
SIZES = {"agentDetails.logoImage": (224, 224), "agentDetails.bannerImage": (1440, 448)}
# Agents need one contact, with its label.
CONTACT = ("agentDetails.contactWebsite", "agentDetails.contactWebsiteLabel")


def ask(sms: Any, registration_type: str) -> list[dict[str, Any]]:
    """Read every field of a form."""
    pages = sms.get_paginator("describe_registration_field_definitions").paginate(
        RegistrationType=registration_type
    )
    return [field for page in pages for field in page["RegistrationFieldDefinitions"]]


def answer(sms: Any, field: dict[str, Any]) -> dict[str, Any]:
    """Make a value from the field's definition."""
    match field["FieldType"]:
        case "TEXT":
            return {"TextValue": field["DisplayHints"]["ExampleTextValue"]}
        case "SELECT":
            return {"SelectChoices": field["SelectValidation"]["Options"][:1]}
        case _:
            image = png(*SIZES.get(field["FieldPath"], (640, 480)))
            made = sms.create_registration_attachment(AttachmentBody=image)
            return {"RegistrationAttachmentId": made["RegistrationAttachmentId"]}


def fill_in(sms: Any, registration: Any) -> None:
    """Fill in the required fields of the current version, and a contact for agents."""
    for field in ask(sms, registration.registration_type):
        if field["FieldRequirement"] == "REQUIRED" or field["FieldPath"] in CONTACT:
            sms.put_registration_field_value(
                RegistrationId=registration.id, FieldPath=field["FieldPath"], **answer(sms, field)
            )
