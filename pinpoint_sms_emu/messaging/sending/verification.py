"""SendDestinationNumberVerificationCode. Codes are kept as messages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ServiceQuotaExceededException
from pinpoint_sms_emu.messaging.sending import checks, text, voice
from pinpoint_sms_emu.messaging.sending.channels import TEXT, VOICE
from pinpoint_sms_emu.messaging.sending.draft import Check, Draft, accept, find_draft
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.selection import wrong_country
from pinpoint_sms_emu.messaging.sending.suitability import is_at_home
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.verified_destination_numbers import (
    VerifiedDestinationNumber,
    must_be_unverified,
    must_get_a_code,
)
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.times_log import recent

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# Decisions 33. For the SNS sandbox, a lifetime of 15 minutes is documented.
_DIGITS: Final = 6
# Stands for the code, which is generated after all checks.
PLACEHOLDER: Final = "0" * _DIGITS
CODE_LIFETIME: Final = timedelta(minutes=15)

_QUOTA: Final = "VERIFICATION_ATTEMPTS_PER_DAY"


def origin_is_of_the_country(draft: Draft) -> None:
    """The destination must be in the country of the origination identity.

    User guide, "Add a destination phone number while in the sandbox": "The origination identity
    can only send messages within its country or region"; "You can not use a simulator phone number
    to verify a destination phone number". The Reason is inferred.
    """
    identity, destination = draft.origin.identity, draft.destination
    if isinstance(identity, PhoneNumber) and identity.number_type == "SIMULATOR":
        raise wrong_country(f"{identity.id} is a simulator number, which verifies no number")
    if identity and not is_at_home(identity, destination):
        raise wrong_country(
            f"{identity.id} sends codes within {identity.iso_country_code}, "
            f"not to {destination.iso_country_code}"
        )


def _of_codes(others: tuple[Check, ...]) -> tuple[Check, ...]:
    """Return the checks for codes, which are sent to numbers that are not verified yet."""
    kept = (check for check in others if check is not checks.destination_is_verified)
    return (*kept, origin_is_of_the_country)


CHECKS_OF: Final = {"TEXT": _of_codes(text.CHECKS), "VOICE": _of_codes(voice.CHECKS)}

# The texts are our choice.
_WORDS: Final = {
    "DE_DE": "Ihr Bestätigungscode lautet {code}",
    "EN_GB": "Your verification code is {code}",
    "EN_US": "Your verification code is {code}",
    "ES_419": "Su código de verificación es {code}",
    "ES_ES": "Su código de verificación es {code}",
    "FR_CA": "Votre code de vérification est {code}",
    "FR_FR": "Votre code de vérification est {code}",
    "IT_IT": "Il codice di verifica è {code}",
    "JA_JP": "認証コードは{code}です",
    "KO_KR": "인증 코드는 {code}입니다",
    "PT_BR": "Seu código de verificação é {code}",
    "ZH_CN": "您的验证码是 {code}",
    "ZH_TW": "您的驗證碼是 {code}",
}


@operation
def send_destination_number_verification_code(
    account: Account,
    *,
    verified_destination_number_id: str,
    verification_channel: str,
    language_code: str = "EN_US",
    origination_identity: str | None = None,
    configuration_set_name: str | None = None,
    context: dict[str, str] | None = None,
    destination_country_parameters: dict[str, str] | None = None,
) -> dict[str, str]:
    """Send a code to a number. It replaces the former code."""
    verified = account.verified_destination_numbers[verified_destination_number_id]
    spoken = verification_channel == "VOICE"
    body = code_text(language_code, PLACEHOLDER, spoken=spoken)
    draft = find_draft(
        account,
        VOICE if spoken else TEXT,
        destination_phone_number=verified.destination_phone_number,
        origination_identity=origination_identity,
        configuration_set_name=configuration_set_name,
        context=context,
        body=body,
        parts=None if spoken else segment(body),
        spoken=body if spoken else None,
        destination_country_parameters=destination_country_parameters or {},
    )

    must_get_a_code(verified)
    must_be_unverified(verified)
    if not verified.codes_sent:
        draft = first_is_free(draft)
    for check in CHECKS_OF[verification_channel]:
        check(draft)
    must_have_attempts_left(account, verified)

    code = new_code(account)
    message_id = account.random_source.uuid()
    verified.verification_code = code
    verified.code_expires = account.now() + CODE_LIFETIME
    verified.codes_sent = [*recent(verified.codes_sent, account.now()), account.now()]
    accept(draft._replace(body=code_text(language_code, code, spoken=spoken)), message_id)
    return {"message_id": message_id}


def first_is_free(draft: Draft) -> Draft:
    """Return the message for the first code of a number, which costs nothing.

    User guide, "Add a destination phone number": "Only the first verification code is free."
    """
    return draft._replace(unit_price=Decimal(0), price=Decimal(0))


def new_code(account: Account) -> str:
    """Generate a code."""
    return account.random_source.digits(_DIGITS)


def code_text(language_code: str, code: str, *, spoken: bool = False) -> str:
    """Return the text of a code; digits are spoken one by one."""
    return _WORDS[language_code].format(code=", ".join(code) if spoken else code)


def must_have_attempts_left(account: Account, verified: VerifiedDestinationNumber) -> None:
    """Refuse a code that exceeds the limit in 24 hours. Inferred: the limit counts codes."""
    if len(recent(verified.codes_sent, account.now())) >= account.quota(_QUOTA):
        raise ServiceQuotaExceededException(_QUOTA)
