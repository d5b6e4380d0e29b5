"""A shop shows what is on its way as an RCS card; who has no RCS gets a text with the link.

The card goes out through a pool of an agent and a number. The shop says what is to be sent when
the card fails, or is not delivered within a minute, and follows both with one message id.
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

    def tell(self, person):
        """Show where the parcel is."""
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
    """The application, with the pool that an operator has set up."""
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
    """Return the events of a message and its fallback, which have the same message id."""
    result = [each.record for each in sms.events]
    return [each["eventType"] for each in result if each["messageId"] == message_id]


def test_a_telephone_with_rcs(sms, shop):
    """Who has RCS sees the card, and no text comes."""
    message_id = shop.tell(ANN)
    sms.clock.advance(minutes=5)

    [card] = sms.messages
    assert (card.message_id, card.channel, card.status) == (message_id, "rcs", "DELIVERED")
    assert card.body == "Your parcel is on its way\nIt arrives tomorrow."
    assert event_types_of(sms, message_id) == ["RCS_SENT", "RCS_DELIVERED"]


def test_a_telephone_without_rcs(sms, shop):
    """A recipient without RCS gets the text at once, from the pool's number."""
    sms.outcome("RCS_FAILED", ANN)
    message_id = shop.tell(ANN)

    card, text = sms.messages
    assert (card.status, card.price) == ("FALLEN_BACK_TO_SMS", 0)
    assert (text.channel, text.sender, text.fallback_of) == ("text", "+12065550100", message_id)
    assert LINK in text.body
    assert event_types_of(sms, message_id) == [
        "RCS_FALLEN_BACK_TO_SMS",
        "TEXT_SUCCESSFUL",
        "TEXT_DELIVERED",
    ]


def test_a_telephone_that_is_switched_off(sms, shop):
    """Who is not reached within a minute gets the text then."""
    sms.outcome("RCS_SENT", ANN)
    message_id = shop.tell(ANN)
    sms.clock.advance(seconds=59)
    assert event_types_of(sms, message_id) == ["RCS_SENT"]

    sms.clock.advance(seconds=1)

    assert event_types_of(sms, message_id)[1:] == [
        "RCS_FALLEN_BACK_TO_SMS",
        "TEXT_SUCCESSFUL",
        "TEXT_DELIVERED",
    ]
