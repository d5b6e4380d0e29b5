"""Earlier messages to a recipient affect later ones, even after messages are cleared."""

import json

import pytest

from pinpoint_sms_emu.messaging.contacts import Contacts
from tests.filling import fill_in
from tests.messaging.people import CANADA, US

TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"


@pytest.mark.rule("text-selection-sticky")
@pytest.mark.parametrize("is_restored", [False, True])
def test_a_pair_outlives_its_messages(emulator, text, is_restored):
    """A recipient gets the next message from the same number, however many are stored."""
    first = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    text()
    emulator.add_number("20655", number_type="SHORT_CODE")

    emulator.clear_messages()
    if is_restored:
        emulator.restore(emulator.snapshot())

    assert text().sender == first.phone_number


def test_the_last_of_two_at_the_same_time(emulator, text):
    """With a frozen clock, the identity that was used last is chosen."""
    emulator.clock.freeze()
    for number in ("+12065550100", "+12065550101", "+12065550102"):
        emulator.add_number(number)
    for number in ("+12065550102", "+12065550101"):
        text(OriginationIdentity=number)

    assert text().sender == "+12065550101"


@pytest.mark.rule("inbound-previous-message")
def test_an_answer_names_what_it_answers(emulator, text):
    """The two-way payload has the id of the last message, also if that is cleared."""
    number = emulator.add_number("+12065550100", two_way_enabled=True, two_way_channel_arn=TOPIC)
    sent = text(OriginationIdentity=number.phone_number)
    emulator.clear_messages()

    emulator.receive("Thanks", sender=US, recipient=number.phone_number)

    [event] = emulator.find_events().inbound
    assert event.record["previousPublishedMessageId"] == sent.id


# RCS.


@pytest.fixture
def conversational(sms, emulator, agent):
    """The agent, launched in Canada with conversational pricing."""
    made = sms.create_registration(RegistrationType="CA_RCS_LAUNCH_REGISTRATION")
    sms.create_registration_association(RegistrationId=made["RegistrationId"], ResourceId=agent.id)
    fill_in(sms, Registration(made["RegistrationId"]))
    sms.put_registration_field_value(
        RegistrationId=made["RegistrationId"],
        FieldPath="agentDetails.billingCategory",
        SelectChoices=["CONVERSATIONAL"],
    )
    sms.submit_registration_version(RegistrationId=made["RegistrationId"])
    sms.describe_registrations()
    return agent


class Registration:
    """The message attributes that `fill_in` needs."""

    registration_type = "CA_RCS_LAUNCH_REGISTRATION"

    def __init__(self, registration_id):
        self.id = registration_id


@pytest.mark.since("1.44.5")
@pytest.mark.rule("rcs-conversation-session")
def test_a_session_outlives_its_messages(emulator, rcs, conversational):
    """The fee of a session that has begun is not paid again because messages were cleared."""
    received = emulator.receive("Hello", sender=CANADA, recipient=conversational.id)
    emulator.clear_messages()
    rcs(DestinationPhoneNumber=CANADA)
    emulator.clear_messages()

    message = rcs(DestinationPhoneNumber=CANADA)

    assert message.conversation_initiating_message_id == received.message_id
    assert message.price == 0


@pytest.fixture
def published(sms, emulator, conversational):
    """The payloads that the agent's topic got."""

    def all_of_them(*, enabled=("ALL",)):
        sms.update_rcs_agent(
            RcsAgentId=conversational.id,
            TwoWayEnabled=True,
            TwoWayChannelArn=TOPIC,
            TwoWayRcsEventsEnabled=list(enabled),
        )
        return lambda: [event.record for event in emulator.find_events().inbound]

    return all_of_them


@pytest.mark.since("1.44.5")
@pytest.mark.rule("rcs-conversation-started")
@pytest.mark.rule("rcs-inbound-in-conversation")
def test_a_reply_of_the_person_begins_a_session(emulator, rcs, conversational, published):
    """The start is published once; the person's messages in the session name its first one."""
    payloads = published()
    sent = rcs(DestinationPhoneNumber=CANADA)
    for content in ({"body": "Hello"}, {"suggestion": {"text": "Open"}}):
        emulator.receive(sender=CANADA, recipient=conversational.id, **content)
    emulator.receive(typing=True, sender=CANADA, recipient=conversational.id)

    begun, text, tap, typing = payloads()
    body = json.loads(begun["messageBody"])
    assert (body["type"], begun["inboundMessageId"]) == ("CONVERSATION_STARTED", sent.id)
    assert list(begun) == list(typing)
    for named in (body, text, tap):
        assert list(named.items())[-2:] == [
            ("conversationInitiatingMessageId", sent.id),
            ("conversationInitiatingMessageType", "OUTBOUND"),
        ]


@pytest.mark.since("1.44.5")
@pytest.mark.rule("rcs-conversation-started")
def test_an_answer_of_the_agent_begins_a_session(emulator, rcs, conversational, published):
    """The start is published when the agent answers, and again in the session of the next days."""
    payloads = published()
    received = emulator.receive("Hi", sender=CANADA, recipient=conversational.id)
    rcs(DestinationPhoneNumber=CANADA)
    rcs(DestinationPhoneNumber=CANADA)

    text, begun = payloads()
    assert "conversationInitiatingMessageId" not in text
    body = json.loads(begun["messageBody"])
    assert body["conversationInitiatingMessageType"] == "INBOUND"
    assert body["conversationInitiatingMessageId"] == received.message_id

    emulator.clock.advance(hours=25)
    sent = rcs(DestinationPhoneNumber=CANADA)
    emulator.receive("Yes", sender=CANADA, recipient=conversational.id)
    assert payloads()[2]["inboundMessageId"] == sent.id


@pytest.mark.since("1.44.5")
@pytest.mark.rule("rcs-conversation-started")
def test_the_start_of_a_session_is_switched(emulator, rcs, conversational, published):
    """Without CONVERSATION_STARTED in TwoWayRcsEventsEnabled the topic gets the text only."""
    payloads = published(enabled=["RCS_TYPING"])
    rcs(DestinationPhoneNumber=CANADA)
    emulator.receive("Hello", sender=CANADA, recipient=conversational.id)

    [text] = payloads()
    assert text["messageBody"] == "Hello"


@pytest.mark.since("1.44.5")
def test_typing_is_no_reply(emulator, rcs, conversational):
    """A session begins with a reply, which a typing indicator is not."""
    rcs(DestinationPhoneNumber=CANADA)
    emulator.receive(typing=True, sender=CANADA, recipient=conversational.id)

    assert rcs(DestinationPhoneNumber=CANADA).conversation_initiating_message_id is None


@pytest.mark.since("1.44.5")
@pytest.mark.rule("rcs-retry-after-fallback")
@pytest.mark.parametrize(("hours", "retried"), [(24, False), (25, True)])
def test_rcs_is_tried_again_after_a_fallback(emulator, text, agent, hours, retried):
    """For a while after a fallback texts go out as SMS; then the agent has another try."""
    number = emulator.add_number("+12065550100")
    emulator.outcome("RCS_FAILED", times=1)
    text()
    # A text in between keeps the number paired, and does not keep RCS waiting.
    emulator.clock.advance(hours=20)
    assert text().sender == number.phone_number

    emulator.clock.advance(hours=hours - 20)

    assert text().sender == (agent.id if retried else number.phone_number)


def test_the_identities_of_a_person_are_bounded():
    """An account may lease new numbers for ever: the latest identities of a person are kept."""
    contacts = Contacts()
    for number in range(60):
        contacts.renew(US, f"phone-{number}")

    assert list(contacts.of(US)) == [f"phone-{number}" for number in range(10, 60)]
