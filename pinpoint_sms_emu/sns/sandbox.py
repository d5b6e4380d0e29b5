"""The SMS sandbox of SNS: verified destination numbers, which both services share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.messaging.sending.channels import SNS_TEXT
from pinpoint_sms_emu.messaging.sending.draft import accept, find_draft
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.selection import Origin
from pinpoint_sms_emu.messaging.sending.verification import CODE_LIFETIME, code_text, new_code
from pinpoint_sms_emu.reference.countries import shared_short_code
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST
from pinpoint_sms_emu.resources.verified_destination_numbers import VerifiedDestinationNumber
from pinpoint_sms_emu.service.destinations import Destination, find_destination
from pinpoint_sms_emu.service.listing import Page
from pinpoint_sms_emu.sns.errors import (
    invalid_parameter,
    not_possible,
    not_there,
    of_shape,
)
from pinpoint_sms_emu.sns.registry import operation
from pinpoint_sms_emu.state.times_log import recent
from pinpoint_sms_emu.wire.model import SNS

if TYPE_CHECKING:
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
def create_sms_sandbox_phone_number(
    account: Account, *, phone_number: str, language_code: str = "en-US"
) -> None:
    """Add a number, and send it a one-time password; a PENDING number gets another one."""
    destination = _read(phone_number)
    number = destination.phone_number
    verified = _find(account, number)

    if number in account.opt_out_lists[DEFAULT_LIST].numbers:
        raise of_shape(
            "OptedOutException", f"{number} has opted out of texts of this account", "phoneNumber"
        )
    if verified is not None and verified.status == "VERIFIED":
        raise not_possible(f"{number} is verified already")
    if verified is None:
        _must_have_room(account)
    elif len(recent(verified.codes_sent, account.now())) >= _MAX_CODES:
        raise of_shape(
            "ThrottledException",
            f"{number} has got {_MAX_CODES} passwords in 24 hours already",
            "phoneNumber",
        )

    if verified is None:
        verified = account.verified_destination_numbers.add(
            VerifiedDestinationNumber(status="PENDING", destination_phone_number=number)
        )
    language = _LANGUAGES.get(language_code, language_code.replace("-", "_").upper())
    _send_password(account, destination, verified, language)


def _must_have_room(account: Account) -> None:
    """Refuse an eleventh number: "You can have up to 10 verified destination phone numbers"."""
    most = account.quota("VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT")
    if len(list(_numbers(account))) >= most:
        raise not_possible(f"The sandbox has {most} numbers already")


def _send_password(
    account: Account, destination: Destination, verified: VerifiedDestinationNumber, language: str
) -> None:
    """Send a password. Inferred: AWS sends it from its own number, free of charge."""
    code = verified.verification_code = new_code(account)
    now = verified.last_attempted = account.now()
    verified.code_expires = now + CODE_LIFETIME
    verified.codes_sent = [*recent(verified.codes_sent, now), now]
    body = code_text(language, code)
    draft = find_draft(
        account,
        SNS_TEXT,
        destination_phone_number=destination.phone_number,
        origin=Origin(shared_short_code(destination.phone_number)),
        message_type="TRANSACTIONAL",
        body=body,
        parts=segment(body),
        api=SNS,
    )
    free = draft._replace(unit_price=Decimal(0), price=Decimal(0))
    accept(free, account.random_source.uuid())


@operation
def verify_sms_sandbox_phone_number(
    account: Account, *, phone_number: str, one_time_password: str
) -> None:
    """Verify a number with its latest password."""
    verified = _must_be_there(account, phone_number)

    expires = verified.code_expires
    problem = None
    if verified.verification_code is None or expires is None:
        problem = "Expired", "no password is waiting to be entered"
    elif account.now() >= expires:
        problem = "Expired", "the password has expired"
    elif one_time_password != verified.verification_code:
        problem = "Mismatch", "this is not the password that was sent last"
    if problem is not None:
        # The possible values of Status are not documented.
        raise of_shape("VerificationException", problem[1], "oneTimePassword", Status=problem[0])

    verified.status = "VERIFIED"
    verified.verification_code = verified.code_expires = None
    verified.last_attempted = account.now()


@operation
def delete_sms_sandbox_phone_number(account: Account, *, phone_number: str) -> None:
    """Delete a number 24 hours after its verification or last attempt."""
    verified = _must_be_there(account, phone_number)

    last = verified.last_attempted or verified.created_timestamp
    if account.now() - last < _KEPT:
        raise not_possible(
            f"{verified.destination_phone_number} can be deleted 24 hours after it was verified, "
            "or its last password was sent"
        )

    account.verified_destination_numbers.remove(verified)


@operation
def list_sms_sandbox_phone_numbers(account: Account) -> Page[dict[str, Any]]:
    """List the verified and pending numbers."""
    return Page(_Shown(account))


class _Shown:
    """Numbers in the form of SNS, as a listing."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def after(self, position: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Iterate over the numbers after a position."""
        for place, each in self._account.verified_destination_numbers.after(position):
            if each.rcs_agent_id is None:
                yield (
                    place,
                    {
                        "phone_number": each.destination_phone_number,
                        "status": _STATUSES[each.status],
                    },
                )


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


def _find(account: Account, number: str) -> VerifiedDestinationNumber | None:
    return next(
        (each for each in _numbers(account) if each.destination_phone_number == number), None
    )


def _must_be_there(account: Account, phone_number: str) -> VerifiedDestinationNumber:
    verified = _find(account, _read(phone_number).phone_number)
    if verified is None:
        raise not_there(f"{phone_number} is not a number of the sandbox")
    return verified
