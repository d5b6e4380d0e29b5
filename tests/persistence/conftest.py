"""An emulator with every kind of resource, and one with a data folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from pinpoint_sms_emu import Emulator, mock_sms

NUMBER = "+12065550100"
RECIPIENT = "+14255550100"
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"
ROLE = "arn:aws:iam::123456789012:role/sms"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def kept(folder: Path) -> Iterator[Emulator]:
    """An emulator with a data folder."""
    emulator = Emulator(seed=7, data_dir=folder)
    yield emulator
    emulator.close()


@pytest.fixture(scope="session")
def everything_written() -> str:
    """The document of an emulator with every kind of resource."""
    with mock_sms(seed=7, delivery_seconds=60) as emulator:
        fill(emulator, make_client)
        return json.dumps(emulator.snapshot())


@pytest.fixture
def everything(emulator: Emulator, everything_written: str) -> Emulator:
    """Every kind of resource, in two accounts and Regions, and jobs that are not due yet."""
    emulator.restore(json.loads(everything_written))
    return emulator


def make_client(account_id: str = "123456789012", region: str = "us-east-1") -> Any:
    """Make a client of whichever emulator answers."""
    return boto3.client(
        "pinpoint-sms-voice-v2",
        region_name=region,
        aws_access_key_id=account_id,
        aws_secret_access_key="any",
    )


def fill(emulator: Emulator, client: Any) -> None:
    """Create every kind of resource through the public API."""
    sms = client()
    emulator.clock.freeze("2030-01-01T00:00:00.123456Z")

    sms.create_opt_out_list(OptOutListName="Marketing", Tags=[{"Key": "a", "Value": "ä"}])
    for recipient in (RECIPIENT, "+14255550101"):
        sms.put_opted_out_number(OptOutListName="Marketing", OptedOutNumber=recipient)
    sms.delete_opted_out_number(OptOutListName="Marketing", OptedOutNumber=RECIPIENT)

    number = emulator.add_number(NUMBER, number_type="TEN_DLC", phone_number_id="phone-mine")
    sms.put_keyword(
        OriginationIdentity=number.id,
        Keyword="YES",
        KeywordMessage="Thank you",
        KeywordAction="AUTOMATIC_RESPONSE",
    )
    sms.update_phone_number(
        PhoneNumberId=number.id, TwoWayEnabled=True, TwoWayChannelArn=TOPIC, TwoWayChannelRole=ROLE
    )
    made = sms.create_pool(OriginationIdentity=number.id, MessageType="TRANSACTIONAL")
    sms.update_pool(PoolId=made["PoolId"], OptOutListName="Marketing")
    sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="PROMOTIONAL",
        NumberCapabilities=["SMS", "VOICE"],
        NumberType="TOLL_FREE",
    )
    sms.request_sender_id(SenderId="ACME", IsoCountryCode="DE")
    agent = sms.create_rcs_agent()["RcsAgentId"]

    sms.create_configuration_set(ConfigurationSetName="Set")
    sms.create_event_destination(
        ConfigurationSetName="Set",
        EventDestinationName="topic",
        MatchingEventTypes=["ALL"],
        SnsDestination={"TopicArn": TOPIC},
    )
    protect = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=protect,
        NumberCapability="SMS",
        CountryRuleSetUpdates={"FR": {"ProtectStatus": "BLOCK"}},
    )
    sms.put_protect_configuration_rule_set_number_override(
        ProtectConfigurationId=protect,
        DestinationPhoneNumber="+33612345678",
        Action="ALLOW",
    )
    sms.associate_protect_configuration(ProtectConfigurationId=protect, ConfigurationSetName="Set")
    sms.set_text_message_spend_limit_override(MonthlyLimit=100)

    sms.create_verified_destination_number(DestinationPhoneNumber="+14255550102")
    sms.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")
    launch = sms.create_registration(RegistrationType="US_RCS_LAUNCH_REGISTRATION")
    sms.create_registration_association(RegistrationId=launch["RegistrationId"], ResourceId=agent)
    sms.put_registration_field_value(
        RegistrationId=launch["RegistrationId"],
        FieldPath="companyInfo.companyName",
        TextValue="Acme",
    )
    sms.create_registration_attachment(AttachmentBody=b"%PDF-1.4")
    sms.create_notify_configuration(
        DisplayName="Codes", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS"]
    )
    sms.put_resource_policy(
        ResourceArn=number.arn,
        Policy='{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "210987654321"}, '
        '"Action": "sms-voice:SendTextMessage"}]}',
    )

    sent = sms.send_text_message(
        DestinationPhoneNumber="+14255550103",
        OriginationIdentity=made["PoolId"],
        MessageBody="Hällo 💬",
        ConfigurationSetName="Set",
        Context={"__time__": "not one"},
        MessageFeedbackEnabled=True,
    )
    sms.send_voice_message(
        DestinationPhoneNumber="+14255550103",
        OriginationIdentity=number.id,
        MessageBody="Hello",
    )
    sms.put_message_feedback(MessageId=sent["MessageId"], MessageFeedbackStatus="RECEIVED")
    emulator.receive("YES please", sender="+14255550103", recipient=NUMBER)

    emulator.fail("SendTextMessage", "ThrottlingException", times=3, account_id="210987654321")
    emulator.outcome("TEXT_CARRIER_BLOCKED", recipient="+1425*", times=2)

    client("210987654321", "eu-west-1").create_opt_out_list(OptOutListName="Elsewhere")
