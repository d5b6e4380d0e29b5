"""A shop sends an RCS card, and a text with a link to those who cannot get it.

The card is sent through a pool with an agent and a number. The request has the text that is sent
instead, if the card fails or is not delivered within a minute. Card and text have one message id in
the event records.
"""

import boto3
import pytest

from pinpoint_sms_emu import mock_sms

pytestmark = pytest.mark.since("1.44.5")

ANN = "+14255550101"
LINK = "https://shop.example/parcels/7"


class Shop:
    """The application under test."""

    def __init__(self, pool_id) -> None:
        self.sms = boto3.client("pinpoint-sms-voice-v2")
        self.pool_id = pool_id

    def announce(self, person):
        """Send the card; return its message id."""
        follow = {"Text": "Follow it", "PostbackData": "follow:7", "Url": LINK}
        card = {
            "Title": "Your parcel is on its way",
            "Description": "It arrives tomorrow.",
            "Media": {"FileUrl": "s3://shop-pictures/parcel.png", "Height": "MEDIUM"},
            "Suggestions": [{"OpenUrl": follow}],
        }
        return self.sms.send_rcs_message(
            DestinationPhoneNumber=person,
            OriginationIdentity=self.pool_id,
            RcsMessageContent={
                "Content": {"RichCard": {"CardOrientation": "VERTICAL", "CardContent": card}}
            },
            TimeToLive=60,
            FallbackConfiguration={
                "Channel": "SMS",
                "MessageBody": f"Your parcel arrives tomorrow: {LINK}",
            },
        )["MessageId"]


@pytest.fixture
def sms():
    """The emulator with a frozen clock."""
    with mock_sms(seed=7) as emulator:
        emulator.clock.freeze()
        yield emulator


@pytest.fixture
def shop(sms):
    """The application, with a pool of a number and an agent."""
    client = boto3.client("pinpoint-sms-voice-v2")
    number = sms.add_number("+12065550100")
    pool = client.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    agent = client.create_rcs_agent()
    client.associate_origination_identity(
        PoolId=pool["PoolId"], OriginationIdentity=agent["RcsAgentId"], IsoCountryCode="US"
    )
    return Shop(pool["PoolId"])


def event_types_of(sms, message_id):
    """Return the event types of a message and its fallback, which have one message id."""
    records = [each.record for each in sms.events]
    return [each["eventType"] for each in records if each["messageId"] == message_id]


def test_a_phone_with_rcs(sms, shop):
    """A phone with RCS gets the card, and no text."""
    message_id = shop.announce(ANN)
    sms.clock.advance(minutes=5)

    [card] = sms.messages
    assert (card.message_id, card.channel, card.status) == (message_id, "rcs", "DELIVERED")
    assert card.body == "Your parcel is on its way\nIt arrives tomorrow."
    assert event_types_of(sms, message_id) == ["RCS_SENT", "RCS_DELIVERED"]


def test_a_phone_without_rcs(sms, shop):
    """A phone without RCS gets the text at once, from the pool's number."""
    sms.outcome("RCS_FAILED", ANN)
    message_id = shop.announce(ANN)

    card, text = sms.messages
    assert (card.status, card.price) == ("FALLEN_BACK_TO_SMS", 0)
    assert (text.channel, text.sender, text.fallback_of) == ("text", "+12065550100", message_id)
    assert LINK in text.body
    assert event_types_of(sms, message_id) == [
        "RCS_FALLEN_BACK_TO_SMS",
        "TEXT_SUCCESSFUL",
        "TEXT_DELIVERED",
    ]


def test_a_phone_that_is_switched_off(sms, shop):
    """If the card is not delivered within a minute, the text is sent."""
    sms.outcome("RCS_SENT", ANN)
    message_id = shop.announce(ANN)
    sms.clock.advance(seconds=59)
    assert event_types_of(sms, message_id) == ["RCS_SENT"]

    sms.clock.advance(seconds=1)

    assert event_types_of(sms, message_id)[1:] == [
        "RCS_FALLEN_BACK_TO_SMS",
        "TEXT_SUCCESSFUL",
        "TEXT_DELIVERED",
    ]
