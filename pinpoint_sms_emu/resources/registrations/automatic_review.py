"""The automatic review, which denies submissions with certain mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.registrations.definitions import (
    FieldProblem,
    find_problems,
    is_denied_by_review,
)
from pinpoint_sms_emu.resources.registrations.registered_identities import RCS_AGENT, identities
from pinpoint_sms_emu.resources.registrations.status import UNDER_REVIEW
from pinpoint_sms_emu.resources.two_way import mandatory_keywords

if TYPE_CHECKING:
    from pinpoint_sms_emu.reference.registration_forms import AttachmentValidation, Field
    from pinpoint_sms_emu.resources.registrations.attachments import RegistrationAttachment
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.resources.registrations.versions import RegistrationVersion
    from pinpoint_sms_emu.service.account import Account

_VETTING: Final = "US_TEN_DLC_BRAND_VETTING"

_INVALID: Final = "INVALID_FIELD_VALUE"

_LINEAR_BELOW: Final = 0.04045

# The fields of a launch registration for an agent's answers to keywords.
_ANSWERS: Final = {
    "STOP": "complianceKeywords.stopResponse",
    "HELP": "complianceKeywords.helpResponse",
}


_CONTACT: Final = "agentDetails.contact"


def find_reasons(account: Account, registration: Registration) -> Iterator[str]:
    """Find why a campaign or a vetting is denied independently of its fields: because of its brand.

    User guide, "Rejection troubleshooting".
    """
    for brand_id in registration.registration_ids:
        brand = account.registrations.get(brand_id)
        if brand is None or brand.status != "COMPLETE":
            yield "BRAND_UNVERIFIED"
        elif registration.registration_type != _VETTING and any(
            each.current.status in UNDER_REVIEW for each in _vettings(account, brand)
        ):
            yield "WAIT_TO_RESUBMIT_REGISTRATION"


def _vettings(account: Account, brand: Registration) -> Iterator[Registration]:
    for each in account.registrations:
        if each.registration_type == _VETTING and brand.id in each.registration_ids:
            yield each


def find_denials(
    account: Account, registration: Registration, version: RegistrationVersion
) -> dict[str, str]:
    """Return the fields for which a version is denied, with the code of the reason."""
    form = registration.form
    denials = {
        path: "CONTACT_DETAILS_MISSING" if _is_missing_contact(path, problem) else problem.reason
        for path, problem in find_problems(form, version.values).items()
    }
    for path, field in form.fields.items():
        if path in version.values and path not in denials:
            reason = _judge(account, registration, field, version)
            if reason:
                denials[path] = reason
    denials |= dict.fromkeys(_answers_that_differ(account, registration, version), _INVALID)
    # In the form's order.
    return {path: denials[path] for path in form.fields if path in denials}


def _is_missing_contact(path: str, problem: FieldProblem) -> bool:
    """Tell whether an agent lacks a way of contact or its label, for which there is a reason."""
    return path.startswith(_CONTACT) and problem.reason == "MISSING_CONDITIONAL_FIELD"


def _judge(
    account: Account, registration: Registration, field: Field, version: RegistrationVersion
) -> str | None:
    """Return why the review denies a value that is valid for its field, or None."""
    value = version.values[field.field_path]
    if is_denied_by_review(field, version.values):
        return _INVALID
    if field.contrast_with_white and value.text_value:
        is_dark = _contrast_with_white(value.text_value) >= field.contrast_with_white
        return None if is_dark else "ACCENT_COLOR_CONTRAST_INSUFFICIENT"
    attachment = account.registration_attachments.get(value.registration_attachment_id or "")
    if field.attachment_validation is None or attachment is None:
        return None
    reason = _judge_file(field.attachment_validation, attachment)
    # Only the page about agents lists reasons for images.
    is_about_agents = registration.supports(RCS_AGENT)
    return reason if reason is None or is_about_agents else _INVALID


def _judge_file(rules: AttachmentValidation, attachment: RegistrationAttachment) -> str | None:
    """Return why the review denies a file, or None."""
    if attachment.file_type is not None and attachment.file_type not in rules.file_types:
        return "IMAGE_FORMAT_INVALID"
    if attachment.size is not None and attachment.size > rules.max_bytes:
        return "IMAGE_SIZE_EXCEEDED"
    if rules.pixels and attachment.width and (attachment.width, attachment.height) != rules.pixels:
        return "IMAGE_RESOLUTION_INVALID"
    return None


def _answers_that_differ(
    account: Account, registration: Registration, version: RegistrationVersion
) -> Iterator[str]:
    """Yield the fields whose answers to keywords differ from the agent's keywords.

    User guide, "Launching RCS in countries": they "must exactly match". An agent that still has
    the default answers is not compared.
    """
    defaults = mandatory_keywords()
    for agent in identities(account, registration):
        if not isinstance(agent, RcsAgent):
            continue
        for word, path in _ANSWERS.items():
            value, answer = version.values.get(path), agent.keywords[word].message
            if value and answer not in (defaults[word].message, value.text_value):
                yield path


def _contrast_with_white(color: str) -> float:
    """Return the contrast ratio of a color such as #0B3D91 with white, as WCAG 2 defines it."""
    red, green, blue = (_linear(int(color[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    """Convert a channel of sRGB to linear light."""
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
