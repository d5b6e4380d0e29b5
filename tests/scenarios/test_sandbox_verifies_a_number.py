"""A new account is in the sandbox: it verifies the developer's own number, and writes to it.

Whoever has not told the code that was sent gets nothing.
"""

import boto3
import pytest

from pinpoint_sms_emu import mock_sms

pytestmark = pytest.mark.since("1.43.11")

OWN, CUSTOMER = "+14255550101", "+14255550102"


class Developer:
    """Who tries the service out."""

    def __init__(self, inbox) -> None:
        self.sms = boto3.client("pinpoint-sms-voice-v2")
        self.inbox = inbox

    def ask(self, number):
        """Send a verification code to a number."""
        made = self.sms.create_verified_destination_number(DestinationPhoneNumber=number)
        name = made["VerifiedDestinationNumberId"]
        self.sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=name, VerificationChannel="TEXT"
        )
        return name

    def tell(self, name, code):
        """Verify the code; return the status."""
        return self.sms.verify_destination_number(
            VerifiedDestinationNumberId=name, VerificationCode=code
        )["Status"]

    def text(self, number):
        """Send a text."""
        return self.sms.send_text_message(DestinationPhoneNumber=number, MessageBody="Hello")


@pytest.fixture
def sms():
    """The emulator with an account in the sandbox, and a frozen clock."""
    with mock_sms(seed=7, account_tier="SANDBOX") as emulator:
        emulator.clock.freeze()
        emulator.add_number("+12065550100")
        yield emulator


@pytest.fixture
def developer(sms):
    """The phone of a developer, whose messages can be read."""
    return Developer(sms)


def code_of(message):
    """The six digits at the end of a message."""
    return message.body[-6:]


def test_a_number_is_verified(sms, developer):
    """The code comes as a text, and opens the number for other texts."""
    name = developer.ask(OWN)
    assert developer.tell(name, code_of(sms.wait_for(recipient=OWN))) == "VERIFIED"

    developer.text(OWN)

    assert sms.messages[-1].body == "Hello"


def test_a_number_that_is_not_verified(sms, developer):
    """Texts to all other numbers are refused."""
    developer.ask(OWN)
    for number in (OWN, CUSTOMER):
        with pytest.raises(developer.sms.exceptions.ConflictException) as refused:
            developer.text(number)
        assert refused.value.response["Reason"] == "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"


def test_a_code_that_is_too_old(sms, developer):
    """A code is good for a quarter of an hour; then another one is sent."""
    name = developer.ask(OWN)
    first = code_of(sms.messages[-1])
    sms.clock.advance(minutes=15)

    with pytest.raises(developer.sms.exceptions.ConflictException) as refused:
        developer.tell(name, first)
    assert refused.value.response["Reason"] == "VERIFICATION_CODE_EXPIRED"
    developer.sms.send_destination_number_verification_code(
        VerifiedDestinationNumberId=name, VerificationChannel="TEXT"
    )
    assert developer.tell(name, code_of(sms.messages[-1])) == "VERIFIED"
