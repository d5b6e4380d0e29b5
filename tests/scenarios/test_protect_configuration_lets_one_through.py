"""A country is blocked because of fraud, but one customer there still gets codes.

An operator blocks the country in the account's default protect configuration, and allows one number
for a week.
"""

import boto3
import pytest

from pinpoint_sms_emu import mock_sms

pytestmark = pytest.mark.since("1.43.11")

CUSTOMER, OTHER_NUMBER = "+4915155550100", "+4915155550199"
ELSEWHERE = "+14255550100"


class Operator:
    """The application under test."""

    def __init__(self) -> None:
        self.sms = boto3.client("pinpoint-sms-voice-v2")
        self.protect = self.sms.create_protect_configuration()["ProtectConfigurationId"]
        self.sms.set_account_default_protect_configuration(ProtectConfigurationId=self.protect)

    def block(self, country):
        """Block all messages to a country."""
        self.sms.update_protect_configuration_country_rule_set(
            ProtectConfigurationId=self.protect,
            NumberCapability="SMS",
            CountryRuleSetUpdates={country: {"ProtectStatus": "BLOCK"}},
        )

    def allow(self, number, until):
        """Allow messages to a number until a time, in seconds since 1970."""
        self.sms.put_protect_configuration_rule_set_number_override(
            ProtectConfigurationId=self.protect,
            DestinationPhoneNumber=number,
            Action="ALLOW",
            ExpirationTimestamp=until,
        )


@pytest.fixture
def sms():
    """The emulator with a frozen clock and a number."""
    with mock_sms(seed=7) as emulator:
        emulator.clock.freeze()
        emulator.add_number("+12065550100", international_sending_enabled=True)
        yield emulator


@pytest.fixture
def text(sms):
    """A function that sends a code, and returns the Reason of a refusal, or None."""
    client = boto3.client("pinpoint-sms-voice-v2")

    def to(number):
        try:
            client.send_text_message(
                DestinationPhoneNumber=number,
                OriginationIdentity="+12065550100",
                MessageBody="493817 is your code.",
            )
        except client.exceptions.ConflictException as error:
            return error.response["Reason"]
        return None

    return to


def test_one_is_let_through(sms, text):
    """The country is blocked, but not this customer, and not other countries."""
    operator = Operator()
    operator.block("DE")
    operator.allow(CUSTOMER, sms.clock.now().timestamp() + 7 * 86400)

    assert text(OTHER_NUMBER) == "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"
    assert text(CUSTOMER) is None
    assert text(ELSEWHERE) is None
    assert [each.recipient for each in sms.messages] == [CUSTOMER, ELSEWHERE]


def test_for_a_week(sms, text):
    """After a week, the customer is blocked like everyone else in the country."""
    operator = Operator()
    operator.block("DE")
    operator.allow(CUSTOMER, sms.clock.now().timestamp() + 7 * 86400)
    sms.clock.advance(days=6)
    assert text(CUSTOMER) is None

    sms.clock.advance(days=1)

    assert text(CUSTOMER) == "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"
