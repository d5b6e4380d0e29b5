"""Ten ways in which SendTextMessage is refused, each with another Reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator

NUMBER, PERSON = "+12065550100", "+14255550100"


class Refusal(NamedTuple):
    """A Reason, what leads to it, and what people read about it."""

    reason: str
    words: str
    # Prepares the account, and returns parameters of the call.
    prepare: Callable[[Emulator, Any], dict[str, Any]] = lambda _emulator, _client: {}
    settings: dict[str, Any] = {}


def opt_out(emulator: Emulator, _client: Any) -> dict[str, Any]:
    """The person has texted STOP."""
    [number] = emulator.numbers
    emulator.receive("STOP", sender=PERSON, recipient=number.phone_number)
    return {}


def block_country(_emulator: Emulator, client: Any) -> dict[str, Any]:
    """A protect configuration blocks the country."""
    made = client.create_protect_configuration()["ProtectConfigurationId"]
    client.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=made,
        NumberCapability="SMS",
        CountryRuleSetUpdates={"US": {"ProtectStatus": "BLOCK"}},
    )
    return {"ProtectConfigurationId": made}


def name_a_pool(emulator: Emulator, client: Any) -> dict[str, Any]:
    """The pool has a number for another country."""
    [number] = emulator.numbers
    made = client.create_pool(
        OriginationIdentity=number.phone_number_id,
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
    )
    return {"OriginationIdentity": made["PoolId"], "DestinationPhoneNumber": "+14165550100"}


def spend_nothing(_emulator: Emulator, client: Any) -> dict[str, Any]:
    """The spend limit is zero."""
    client.set_text_message_spend_limit_override(MonthlyLimit=0)
    return {}


def request_a_number(_emulator: Emulator, client: Any) -> dict[str, Any]:
    """The number is new."""
    made = client.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )
    return {"OriginationIdentity": made["PhoneNumberId"]}


def sending(**members: Any) -> Callable[[Emulator, Any], dict[str, Any]]:
    """Prepare nothing: the parameters are the cause."""
    return lambda _emulator, _client: members


REFUSALS = (
    Refusal(
        "DESTINATION_PHONE_NUMBER_OPTED_OUT",
        f"{PERSON} opted out on ",
        opt_out,
    ),
    Refusal(
        "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
        f" blocks {PERSON} (US)",
        block_country,
    ),
    Refusal(
        "NO_ORIGINATION_IDENTITIES_FOUND",
        " has nothing that can send to CA; tried: +12065550100 ",
        name_a_pool,
    ),
    Refusal(
        "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
        "0.00000 of 0 USD has been spent on TEXT messages this month",
        spend_nothing,
    ),
    Refusal("RESOURCE_NOT_ACTIVE", " is PENDING", request_a_number, {"transition_seconds": 60}),
    Refusal(
        "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
        f"The account is in the sandbox, and {PERSON} is not a verified number",
        settings={"account_tier": "SANDBOX"},
    ),
    Refusal(
        "FIELD_VALIDATION_FAILED",
        "destinationPhoneNumber must be a phone number in E.164 form, such as +14255550123",
        sending(DestinationPhoneNumber="somebody"),
    ),
    Refusal(
        "PRICE_OVER_THRESHOLD",
        "maxPrice is below the price of 0.01181",
        sending(MaxPrice="0.00001"),
    ),
    Refusal(
        "DESTINATION_COUNTRY_BLOCKED",
        "destinationPhoneNumber is in CU, ",
        sending(DestinationPhoneNumber="+5352345678"),
    ),
    Refusal(
        "SENDER_ID_NOT_SUPPORTED",
        "pool-1 is neither a phone number nor a pool of the account",
        sending(OriginationIdentity="pool-1"),
    ),
)


def refuse(emulator: Emulator, refusal: Refusal, **client: Any) -> ClientError:
    """Make the call that is refused, and return the error that the application gets."""
    emulator.add_number(NUMBER)
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    sms = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1", config=config, **client)
    given = {
        "DestinationPhoneNumber": PERSON,
        "OriginationIdentity": NUMBER,
        "MessageBody": "Hello",
    }
    members = refusal.prepare(emulator, sms)
    with pytest.raises(ClientError) as refused:
        sms.send_text_message(**(given | members))
    assert refused.value.response["Reason"] == refusal.reason
    return refused.value
