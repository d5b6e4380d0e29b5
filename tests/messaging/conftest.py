"""Fixtures of the tests of sending: recipients, and origins of an account."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator, Number
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.resources.configuration_sets import ConfigurationSet
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.resources.protect_configurations import ProtectConfiguration
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.sender_ids import SenderId
from pinpoint_sms_emu.service.account import Account
from tests.messaging.people import US

Send = Callable[..., Message]


def _sender(emulator: Emulator, operation: Callable[..., Any], defaults: dict[str, Any]) -> Send:
    def send(**members: Any) -> Message:
        """Send, and return the stored message."""
        given = {name: value for name, value in (defaults | members).items() if value is not None}
        return engine_of(emulator).state.messages[operation(**given)["MessageId"]]

    return send


@pytest.fixture
def text(sms: Any, emulator: Emulator) -> Send:
    """Send a text to a number in the US; members can be set, or removed with None."""
    defaults = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}
    return _sender(emulator, sms.send_text_message, defaults)


@pytest.fixture
def voice(sms: Any, emulator: Emulator, number: PhoneNumber) -> Send:
    """Call a number in the US."""
    defaults = {
        "DestinationPhoneNumber": US,
        "MessageBody": "Hello",
        "OriginationIdentity": number.id,
    }
    return _sender(emulator, sms.send_voice_message, defaults)


@pytest.fixture
def media(sms: Any, emulator: Emulator, mms_number: Number) -> Send:
    """Send a picture to a number in the US, from the number that supports MMS."""
    defaults = {
        "DestinationPhoneNumber": US,
        "MediaUrls": ["s3://pictures/cat.png"],
        "OriginationIdentity": mms_number.id,
    }
    return _sender(emulator, sms.send_media_message, defaults)


@pytest.fixture
def rcs(sms: Any, emulator: Emulator, agent: RcsAgent) -> Send:
    """Send a text to a number in the US, from the agent."""
    defaults = {
        "DestinationPhoneNumber": US,
        "OriginationIdentity": agent.id,
        "RcsMessageContent": {"Content": {"TextMessage": {"Body": "Hello"}}},
    }
    return _sender(emulator, sms.send_rcs_message, defaults)


@pytest.fixture
def agent(sms: Any, emulator: Emulator) -> RcsAgent:
    """An ACTIVE RCS agent."""
    made = sms.create_rcs_agent()
    sms.describe_rcs_agents()
    return engine_of(emulator).account("123456789012", "us-east-1").rcs_agents[made["RcsAgentId"]]


@pytest.fixture
def mms_number(emulator: Emulator) -> Number:
    """A toll-free number, which can do all."""
    return emulator.add_number("+18885550100", number_type="TOLL_FREE")


@pytest.fixture
def sender_id(sms: Any, emulator: Emulator) -> SenderId:
    """An unregistered sender ID in the United Kingdom."""
    sms.request_sender_id(SenderId="SHOP", IsoCountryCode="GB")
    sms.describe_sender_ids()
    return engine_of(emulator).account("123456789012", "us-east-1").sender_ids["SHOP/GB"]


@pytest.fixture
def make_pool(sms: Any, account: Account) -> Callable[..., Pool]:
    """Make an ACTIVE pool of these."""

    def make(first: Any, others: Iterable[Any] = (), **settings: Any) -> Pool:
        made = sms.create_pool(
            OriginationIdentity=first.arn,
            IsoCountryCode=first.iso_country_code,
            MessageType="TRANSACTIONAL",
        )
        for other in others:
            sms.associate_origination_identity(
                PoolId=made["PoolId"],
                OriginationIdentity=other.arn,
                IsoCountryCode=other.iso_country_code,
            )
        if settings:
            sms.update_pool(PoolId=made["PoolId"], **settings)
        return account.pools[made["PoolId"]]

    return make


@pytest.fixture
def configuration_set(sms: Any, emulator: Emulator) -> ConfigurationSet:
    """A configuration set without defaults."""
    sms.create_configuration_set(ConfigurationSetName="campaign")
    return engine_of(emulator).account("123456789012", "us-east-1").configuration_sets["campaign"]


@pytest.fixture
def protection(sms: Any, emulator: Emulator) -> ProtectConfiguration:
    """A protect configuration that blocks the US for all that can be sent."""
    made = sms.create_protect_configuration()
    for capability in ("SMS", "VOICE", "MMS"):
        sms.update_protect_configuration_country_rule_set(
            ProtectConfigurationId=made["ProtectConfigurationId"],
            NumberCapability=capability,
            CountryRuleSetUpdates={"US": {"ProtectStatus": "BLOCK"}},
        )
    account = engine_of(emulator).account("123456789012", "us-east-1")
    return account.protect_configurations[made["ProtectConfigurationId"]]


@pytest.fixture
def with_members() -> Callable[..., None]:
    """Let a client add members to all its requests, even if the model does not allow them."""

    def add(client: Any, **members: Any) -> None:
        def put(params: dict[str, Any], **_about: Any) -> None:
            params["body"] = json.dumps(json.loads(params["body"]) | members).encode()

        client.meta.events.register("before-call", put)

    return add
