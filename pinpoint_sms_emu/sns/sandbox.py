"""The SMS sandbox of SNS: verified destination numbers, which both services share.

Observed: what the other service refuses has its text, with the Reason, under a code of SNS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    ResourceNotFoundException,
    ResourceReference,
    ValidationException,
)
from pinpoint_sms_emu.messaging.sending import checks
from pinpoint_sms_emu.messaging.sending.channels import SNS_TEXT
from pinpoint_sms_emu.messaging.sending.draft import accept, find_draft
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.selection import Origin
from pinpoint_sms_emu.messaging.sending.verification import (
    CODE_LIFETIME,
    PLACEHOLDER,
    code_text,
    first_is_free,
    new_code,
)
from pinpoint_sms_emu.reference.countries import shared_short_code
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST
from pinpoint_sms_emu.resources.verified_destination_numbers import (
    VerifiedDestinationNumber,
    must_be_unverified,
)
from pinpoint_sms_emu.service.destinations import Destination, find_destination
from pinpoint_sms_emu.service.listing import Mapped, Paginated
from pinpoint_sms_emu.sns.errors import errors_of_sns, invalid_parameter, of_shape
from pinpoint_sms_emu.sns.registry import operation
from pinpoint_sms_emu.state.times_log import is_recent, recent
from pinpoint_sms_emu.wire.model import SNS

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.sending.draft import Draft
    from pinpoint_sms_emu.service.account import Account

# "You can send the OTP to the same destination phone number up to five times every 24 hours."
_MAX_CODES: Final = 5
# "only after a minimum of 24 hours have passed since verification, or the last attempt".
_KEPT: Final = timedelta(hours=24)

# The language of texts with codes. SNS names Korean by its country.
_LANGUAGES: Final[Mapping[str, str]] = MappingProxyType({"kr-KR": "KO_KR"})
_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {"PENDING": "Pending", "VERIFIED": "Verified"}
)


@operation
def get_sms_sandbox_account_status(account: Account) -> dict[str, bool]:
    """Return whether the account is in the sandbox."""
    return {"is_in_sandbox": account.settings.account_tier == "SANDBOX"}


@operation
@errors_of_sns()
def create_sms_sandbox_phone_number(
    account: Account, *, phone_number: str, language_code: str = "en-US"
) -> None:
    """Add a number, and send it a one-time password; a PENDING number gets another one."""
    destination = _read(phone_number)
    number = destination.phone_number
    verified = _get(account, number)
    language = _LANGUAGES.get(language_code, language_code.replace("-", "_").upper())
    draft = _find_password(account, destination, language)

    if number in account.opt_out_lists[DEFAULT_LIST].numbers:
        raise of_shape(
            "OptedOutException", f"{number} has opted out of texts of this account", "phoneNumber"
        )
    if verified is not None:
        must_be_unverified(verified)
        if len(recent(verified.codes_sent, account.now())) >= _MAX_CODES:
            raise of_shape(
                "ThrottledException",
                f"{number} has got {_MAX_CODES} passwords in 24 hours already",
                "phoneNumber",
            )
    if verified is None or not verified.codes_sent:
        draft = first_is_free(draft)
    checks.spend_limit_leaves_room(draft)

    if verified is None:
        verified = account.verified_destination_numbers.add(
            VerifiedDestinationNumber(status="PENDING", destination_phone_number=number)
        )
    code = verified.verification_code = new_code(account)
    now = verified.last_attempted = account.now()
    verified.code_expires = now + CODE_LIFETIME
    verified.codes_sent = [*recent(verified.codes_sent, now), now]
    accept(draft._replace(body=code_text(language, code)), account.random_source.uuid())


def _find_password(account: Account, destination: Destination, language: str) -> Draft:
    """Return the message for a password. Inferred: it comes from a number of AWS."""
    body = code_text(language, PLACEHOLDER)
    return find_draft(
        account,
        SNS_TEXT,
        destination_phone_number=destination.phone_number,
        origin=Origin(shared_short_code(destination.phone_number)),
        message_type="TRANSACTIONAL",
        body=body,
        parts=segment(body),
        api=SNS,
    )


@operation
@errors_of_sns()
def verify_sms_sandbox_phone_number(
    account: Account, *, phone_number: str, one_time_password: str
) -> None:
    """Verify a number with its latest password."""
    verified = _find(account, phone_number)

    expires = verified.code_expires
    # The possible values of Status are not documented.
    if expires is None or account.now() >= expires:
        text = ConflictException("VERIFICATION_CODE_EXPIRED", verified).message
        raise of_shape("VerificationException", text, "oneTimePassword", Status="Expired")
    if one_time_password != verified.verification_code:
        text = ValidationException("VERIFICATION_CODE_MISMATCH").message
        raise of_shape("VerificationException", text, "oneTimePassword", Status="Mismatch")

    verified.status = "VERIFIED"
    verified.verification_code = verified.code_expires = None
    verified.last_attempted = account.now()


@operation
@errors_of_sns()
def delete_sms_sandbox_phone_number(account: Account, *, phone_number: str) -> None:
    """Delete a number 24 hours after its verification or last attempt."""
    verified = _find(account, phone_number)

    last = verified.last_attempted or verified.created_timestamp
    if is_recent(last, account.now(), _KEPT):
        raise ConflictException("RESOURCE_DELETION_NOT_ALLOWED", verified)

    account.verified_destination_numbers.remove(verified)


@operation
def list_sms_sandbox_phone_numbers(account: Account) -> Paginated[dict[str, Any]]:
    """List the verified and pending numbers."""
    return Paginated(Mapped(account.verified_destination_numbers, _as_dict))


def _as_dict(number: VerifiedDestinationNumber) -> dict[str, Any] | None:
    """Return a number in the form of SNS; None for a tester of an RCS agent."""
    if number.rcs_agent_id is not None:
        return None
    return {
        "phone_number": number.destination_phone_number,
        "status": _STATUSES[number.status],
    }


def _numbers(account: Account) -> Iterator[VerifiedDestinationNumber]:
    """Yield the numbers of the sandbox, without testers of RCS agents."""
    return (each for each in account.verified_destination_numbers if each.rcs_agent_id is None)


def _read(phone_number: str) -> Destination:
    destination = find_destination(phone_number) if phone_number else None
    if destination is None:
        raise invalid_parameter(
            "phoneNumber",
            f"Invalid parameter: PhoneNumber Reason: {phone_number} is not a valid phone number",
        )
    return destination


def _get(account: Account, number: str) -> VerifiedDestinationNumber | None:
    return next(
        (each for each in _numbers(account) if each.destination_phone_number == number), None
    )


def _find(account: Account, phone_number: str) -> VerifiedDestinationNumber:
    verified = _get(account, _read(phone_number).phone_number)
    if verified is None:
        raise ResourceNotFoundException(
            ResourceReference(VerifiedDestinationNumber.kind, phone_number)
        )
    return verified
