"""Conversations: sessions of RCS agents with conversational pricing, and their records."""

import pytest

from tests.filling import fill_in
from tests.messaging.people import CANADA

pytestmark = pytest.mark.since("1.44.5")


@pytest.fixture
def launched(sms, emulator, account, agent):
    """An agent that is launched in Canada, with the given pricing."""

    def launch(category):
        made = sms.create_registration(RegistrationType="CA_RCS_LAUNCH_REGISTRATION")
        registration = account.registrations[made["RegistrationId"]]
        sms.create_registration_association(RegistrationId=registration.id, ResourceId=agent.id)
        fill_in(sms, registration)
        sms.put_registration_field_value(
            RegistrationId=registration.id,
            FieldPath="agentDetails.billingCategory",
            SelectChoices=[category],
        )
        sms.submit_registration_version(RegistrationId=registration.id)
        sms.describe_registrations()
        if registration.status != "COMPLETE":
            emulator.review(registration.id, "COMPLETE")
        return agent

    return launch


def conversation_of(message):
    """Return the members about conversation and price in the record of a delivery."""
    delivered = next(each for each in message.events if each["eventType"] == "RCS_DELIVERED")
    names = ("conversationInitiatingMessageId", "conversationInitiatingMessageType")
    price = delivered["totalMessagePrice"] + delivered["totalCarrierFee"]
    fee = delivered.get("conversationSessionFee")
    return *(delivered.get(name) for name in names), fee, price > 0


def spent(account):
    """What RCS messages have cost, in all months: time passes in here."""
    return float(sum(month.get("RCS", 0) for month in account.spent.values()))


@pytest.mark.rule("rcs-conversation-session")
def test_a_person_answers(emulator, account, rcs, launched):
    """A reply within a day begins a session, which covers the agent's messages for a day."""
    agent = launched("CONVERSATIONAL")
    first = rcs(DestinationPhoneNumber=CANADA)
    before = spent(account)

    emulator.receive("Yes", sender=CANADA, recipient=agent.id)
    second, third = rcs(DestinationPhoneNumber=CANADA), rcs(DestinationPhoneNumber=CANADA)
    emulator.clock.advance(hours=24)
    later = rcs(DestinationPhoneNumber=CANADA)

    assert conversation_of(first) == (None, None, None, True)
    assert conversation_of(second) == (first.id, "OUTBOUND", 0.012, False)
    assert conversation_of(third) == (first.id, "OUTBOUND", 0.012, False)
    assert conversation_of(later) == (None, None, None, True)
    assert spent(account) == pytest.approx(2 * before + 0.012)


@pytest.mark.rule("rcs-conversation-session")
def test_an_agent_answers(emulator, rcs, launched):
    """The answer to a person's message begins a session."""
    agent = launched("CONVERSATIONAL")
    received = emulator.receive("Hello", sender=CANADA, recipient=agent.id)

    answer = rcs(DestinationPhoneNumber=CANADA)

    assert conversation_of(answer) == (received.message_id, "INBOUND", 0.012, False)


@pytest.mark.rule("rcs-conversation-session")
def test_a_late_answer(emulator, rcs, launched):
    """A reply after more than a day begins no session by itself."""
    agent = launched("CONVERSATIONAL")
    emulator.receive("Hello", sender=CANADA, recipient=agent.id)
    emulator.clock.advance(hours=25)

    assert conversation_of(rcs(DestinationPhoneNumber=CANADA)) == (None, None, None, True)


@pytest.mark.rule("rcs-conversation-session")
def test_without_conversational_pricing(emulator, rcs, launched):
    """An agent without that pricing has no sessions."""
    agent = launched("NON_CONVERSATIONAL")
    emulator.receive("Hello", sender=CANADA, recipient=agent.id)

    assert conversation_of(rcs(DestinationPhoneNumber=CANADA)) == (None, None, None, True)
