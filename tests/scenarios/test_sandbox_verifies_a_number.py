"""A new account is in the sandbox: it can send only to numbers that it has verified.

A developer verifies her own number with the code that the service sends there.
"""

import boto3
import pytest

from pinpoint_sms_emu import mock_sms

pytestmark = pytest.mark.since("1.43.11")

OWN, CUSTOMER = "+14255550101", "+14255550102"


class Developer:
    """The application under test."""

    def __init__(self) -> None:
        self.sms = boto3.client("pinpoint-sms-voice-v2")

    def send_code(self, number):
        """Have a verification code sent to a number; return the id of the verified number."""
        made = self.sms.create_verified_destination_number(DestinationPhoneNumber=number)
        name = made["VerifiedDestinationNumberId"]
        self.sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=name, VerificationChannel="TEXT"
        )
        return name

    def verify(self, name, code):
        """Enter the code; return the status of the number."""
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
    """The application, whose account is in the sandbox."""
    return Developer()


def code_of(message):
    """The six digits at the end of a message."""
    return message.body[-6:]


def test_a_number_is_verified(sms, developer):
    """The code arrives as a text; once it is entered, the number can get other texts."""
    name = developer.send_code(OWN)
    assert developer.verify(name, code_of(sms.wait_for(recipient=OWN))) == "VERIFIED"

    developer.text(OWN)

    assert sms.messages[-1].body == "Hello"


def test_a_number_that_is_not_verified(sms, developer):
    """Texts to numbers that are not verified are refused."""
    developer.send_code(OWN)
    for number in (OWN, CUSTOMER):
        with pytest.raises(developer.sms.exceptions.ConflictException) as refused:
            developer.text(number)
        assert refused.value.response["Reason"] == "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"


def test_a_code_that_is_too_old(sms, developer):
    """A code is valid for 15 minutes; after that, a new one is needed."""
    name = developer.send_code(OWN)
    first = code_of(sms.messages[-1])
    sms.clock.advance(minutes=15)

    with pytest.raises(developer.sms.exceptions.ConflictException) as refused:
        developer.verify(name, first)
    assert refused.value.response["Reason"] == "VERIFICATION_CODE_EXPIRED"
    developer.sms.send_destination_number_verification_code(
        VerifiedDestinationNumberId=name, VerificationChannel="TEXT"
    )
    assert developer.verify(name, code_of(sms.messages[-1])) == "VERIFIED"
