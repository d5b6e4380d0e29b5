"""An application signs people in with one-time codes, which it sends through Notify.

With Notify, the application needs neither a phone number nor a template of its own. It chooses a
template in the person's language, and texts a code. If the text does not arrive, it sends the code
in a call.
"""

from types import SimpleNamespace

import boto3
import pytest

from pinpoint_sms_emu import mock_sms
from tests.filling import fill_in

pytestmark = pytest.mark.since("1.43.11")

BRITAIN, FRANCE = "+447700900123", "+33612345678"


class SignIn:
    """The application under test."""

    def __init__(self, configuration_id) -> None:
        self.sms = boto3.client("pinpoint-sms-voice-v2")
        self.configuration_id = configuration_id
        self.codes = {}

    def template(self, language, channel):
        """Return the id of a template in a language, or in English if there is none."""
        filters = [
            {"Name": "language-code", "Values": [language]},
            {"Name": "channels", "Values": [channel]},
            {"Name": "tier-access", "Values": ["BASIC"]},
        ]
        found = self.sms.describe_notify_templates(Filters=filters)["NotifyTemplates"]
        return found[0]["TemplateId"] if found else self.template("en", channel)

    def begin(self, person, code, language="en"):
        """Text a code."""
        self.codes[person] = code
        return self.sms.send_notify_text_message(
            NotifyConfigurationId=self.configuration_id,
            DestinationPhoneNumber=person,
            TemplateId=self.template(language, "SMS"),
            TemplateVariables={"code": code},
        )

    def call(self, person, language="en"):
        """Send the code in a call, with a pause after each digit."""
        return self.sms.send_notify_voice_message(
            NotifyConfigurationId=self.configuration_id,
            DestinationPhoneNumber=person,
            TemplateId=self.template(language, "VOICE"),
            TemplateVariables={"code": ". ".join(self.codes[person])},
        )

    def is_right(self, person, code):
        """Return whether a person has entered the right code."""
        return self.codes.get(person) == code


@pytest.fixture
def sms():
    """The emulator with a frozen clock."""
    with mock_sms(seed=7) as emulator:
        emulator.clock.freeze()
        yield emulator


@pytest.fixture
def sign_in(sms):
    """The application, with a Notify configuration."""
    made = boto3.client("pinpoint-sms-voice-v2").create_notify_configuration(
        DisplayName="Acme", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS", "VOICE"]
    )
    return SignIn(made["NotifyConfigurationId"])


def test_a_code_is_texted(sms, sign_in):
    """The text is the resolved body in the answer, and the person enters the code from it."""
    answer = sign_in.begin(BRITAIN, "493817")

    message = sms.wait_for(recipient=BRITAIN)
    assert message.body == answer["ResolvedMessageBody"]
    assert message.body == "493817 is your Acme verification code."
    assert sign_in.is_right(BRITAIN, message.body.split()[0])


@pytest.mark.parametrize("person", ["+12065550100", "+16135550100"])
def test_a_code_is_texted_in_north_america(sms, sign_in, person):
    """People in the United States and Canada get a code, although the account has no number."""
    answer = sign_in.begin(person, "493817")

    message = sms.wait_for(recipient=person)
    assert (message.status, message.body) == ("DELIVERED", answer["ResolvedMessageBody"])
    assert message.template_variables == {"code": "493817"}
    assert sign_in.is_right(person, message.codes[0])


def test_the_text_is_in_the_persons_language(sms, sign_in):
    """There is a French template; Welsh has none, so the text is in English."""
    sign_in.begin(FRANCE, "493817", language="fr")
    sign_in.begin(BRITAIN, "493817", language="cy")

    french, english = sms.messages
    assert "code de vérification" in french.body
    assert "verification code" in english.body


def test_an_undelivered_text_is_followed_by_a_call(sms, sign_in):
    """If the text does not arrive, a call has the digits of the code."""
    sms.outcome("TEXT_UNREACHABLE", BRITAIN)
    sign_in.begin(BRITAIN, "493817")
    if sms.wait_for(recipient=BRITAIN).status != "DELIVERED":
        sign_in.call(BRITAIN)

    call = sms.wait_for(recipient=BRITAIN, channel="voice")
    assert call.status == "COMPLETED"
    assert "4. 9. 3. 8. 1. 7" in call.body


def test_an_operator_raises_the_tier(sms, sign_in):
    """The ADVANCED tier has no limit of 200 messages a day, and reaches more countries."""
    client = sign_in.sms
    austria = "+436641234567"
    with pytest.raises(client.exceptions.ValidationException):
        sign_in.begin(austria, "493817")
    kind = "MANAGED_ROUTES_BRAND_VERIFICATION"
    made = client.create_registration(RegistrationType=kind)["RegistrationId"]
    fill_in(client, SimpleNamespace(id=made, registration_type=kind))
    client.submit_registration_version(RegistrationId=made)

    [configuration] = client.describe_notify_configurations()["NotifyConfigurations"]
    assert (configuration["Tier"], configuration["TierUpgradeStatus"]) == ("ADVANCED", "ADVANCED")
    for nth in range(201):
        sign_in.begin(f"+4477009{nth:05}", "493817")
    assert sign_in.begin(austria, "493817")["MessageId"]


def test_the_daily_limit(sms, sign_in):
    """The BASIC tier sends 200 messages a day; a day later, it sends again."""
    for nth in range(200):
        sign_in.begin(f"+4477009{nth:05}", "493817")

    with pytest.raises(sign_in.sms.exceptions.ServiceQuotaExceededException) as refused:
        sign_in.begin(BRITAIN, "493817")
    assert refused.value.response["Reason"] == "DAILY_NOTIFY_TIER_MESSAGE_LIMIT"
    sms.clock.advance(days=1)
    assert sign_in.begin(BRITAIN, "493817")["MessageId"]
