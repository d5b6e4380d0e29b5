"""Outcomes: results of messages that a test has set."""

import pytest

from tests.messaging.people import BRITAIN, CANADA, SIMULATOR_SUCCESS, US, US_TOO


def test_an_outcome_for_everyone(emulator, text, number):
    """An outcome without a recipient applies to all messages."""
    emulator.outcome("TEXT_CARRIER_BLOCKED")

    assert text().status == "CARRIER_BLOCKED"
    assert text(DestinationPhoneNumber=US_TOO).status == "CARRIER_BLOCKED"


@pytest.mark.parametrize(
    "recipient", [US, US.removeprefix("+"), "+1425*", "1425*", "*425555010?", "US"]
)
def test_outcomes_for_a_number_a_pattern_or_a_country(emulator, text, number, recipient):
    """An outcome may be for a number, a pattern of digits, or a country; others are delivered."""
    emulator.outcome("TEXT_UNREACHABLE", recipient)

    assert text().status == "UNREACHABLE"
    assert text(DestinationPhoneNumber=CANADA, OriginationIdentity=number.id).status == "DELIVERED"


@pytest.mark.parametrize("text", ["*" * 200_000 + "x", "+14*" * 50_000, "*" * 31, "1+4*", "+*+"])
def test_invalid_patterns_are_refused(emulator, text):
    """An invalid pattern of recipients is refused at once, however long, and quoted in part."""
    with pytest.raises(ValueError, match="recipient must be") as refused:
        emulator.outcome("TEXT_UNREACHABLE", text)

    assert len(str(refused.value)) < 300


def test_an_outcome_with_times(emulator, text, number):
    """An outcome with times applies so many times."""
    outcome = emulator.outcome("TEXT_SPAM", US, times=2)

    assert [text().status for _ in range(3)] == ["SPAM", "SPAM", "DELIVERED"]
    assert list(emulator.outcomes) == []
    with pytest.raises(LookupError, match=outcome.id):
        emulator.clear_outcomes(outcome.id)


def test_outcomes_with_times_come_first(emulator, text, number):
    """Outcomes with times apply before those without, in the order in which they were added."""
    emulator.outcome("TEXT_BLOCKED", times=1)
    emulator.outcome("TEXT_INVALID")
    emulator.outcome("TEXT_UNKNOWN", times=1)

    assert [text().status for _ in range(3)] == ["BLOCKED", "UNKNOWN", "INVALID"]


def test_the_latest_unlimited_outcome_applies(emulator, text, number):
    """Of outcomes that always hold the last one decides."""
    emulator.outcome("TEXT_BLOCKED")
    emulator.outcome("TEXT_DELIVERED", US)

    assert text().status == "DELIVERED"
    assert text(DestinationPhoneNumber=US_TOO).status == "BLOCKED"


def test_an_outcome_is_of_one_channel(emulator, text, voice, number):
    """Outcomes of texts do not apply to calls."""
    emulator.outcome("TEXT_BLOCKED")
    emulator.outcome("VOICE_BUSY")

    assert text().status == "BLOCKED"
    assert voice().status == "BUSY"


def test_an_outcome_for_an_account_or_region(emulator, client):
    """An outcome may be for the messages of one account, or in one Region."""
    emulator.outcome("TEXT_BLOCKED", account_id="111122223333")
    emulator.outcome("TEXT_INVALID", region="eu-west-1")
    emulator.add_number("+12065550101", account_id="111122223333")
    emulator.add_number("+12065550102", region="eu-west-1")
    emulator.add_number("+12065550103")

    for sms in (client("111122223333"), client(region="eu-west-1"), client()):
        sms.send_text_message(DestinationPhoneNumber=US, MessageBody="Hello")

    assert [each.status for each in emulator.messages] == ["BLOCKED", "INVALID", "DELIVERED"]


def test_a_refused_call_uses_up_nothing(emulator, sms, text, number):
    """An outcome for once waits for a message that is accepted."""
    emulator.outcome("TEXT_BLOCKED", times=1)
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)
    with pytest.raises(sms.exceptions.ConflictException):
        text()

    assert text(DestinationPhoneNumber=US_TOO).status == "BLOCKED"


@pytest.mark.rule("simulator-numbers")
def test_the_simulator_means_what_aws_says(emulator, text, number):
    """Outcomes do not apply to AWS's simulator numbers."""
    emulator.outcome("TEXT_BLOCKED")

    assert text(DestinationPhoneNumber=SIMULATOR_SUCCESS).status == "DELIVERED"


def test_clearing_outcomes(emulator, text, number):
    """Outcomes can be cleared, one or all."""
    first = emulator.outcome("TEXT_BLOCKED")
    emulator.outcome("TEXT_INVALID", BRITAIN)

    emulator.clear_outcomes(first.id)
    left = [each.event for each in emulator.outcomes]
    emulator.clear_outcomes()

    assert left == ["TEXT_INVALID"]
    assert list(emulator.outcomes) == []
    assert text().status == "DELIVERED"


@pytest.mark.parametrize(
    "event", ["TEXT_ALL", "TEXT_SENT", "BLOCKED", "text_blocked", "", None, []]
)
def test_unknown_events(emulator, event):
    """An event that cannot happen is refused, and the refusal names the nearest that can."""
    with pytest.raises(
        ValueError,
        match=r"the most similar are .* \(see docs/how-to/delivery-failures.md for all\)",
    ):
        emulator.outcome(event)


@pytest.mark.parametrize("recipient", ["", "somebody", "+", "XX", "us", "+1425[0-9]", None, 5])
def test_impossible_recipients(emulator, recipient):
    """A recipient that cannot be a number is refused."""
    with pytest.raises(ValueError, match="recipient must be"):
        emulator.outcome("TEXT_BLOCKED", recipient)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"times": 0}, "times must be"),
        ({"times": True}, "times must be"),
        ({"times": 1.5}, "times must be"),
        ({"account_id": "1234"}, "account_id must"),
        ({"account_id": 123456789012}, "account_id must"),
        ({"region": ""}, "region must"),
    ],
)
def test_impossible_outcomes(emulator, wrong, why):
    """Invalid arguments are refused with a sentence, and no outcome is added."""
    with pytest.raises(ValueError, match=why):
        emulator.outcome("TEXT_BLOCKED", **wrong)

    assert list(emulator.outcomes) == []


def test_outcomes_are_state(emulator, text, number):
    """Outcomes come back with the state, with the times that are left."""
    emulator.outcome("TEXT_BLOCKED", times=2)
    text()
    state = emulator.snapshot()
    text()

    emulator.restore(state)

    assert [each.times for each in emulator.outcomes] == [1]
    assert [text().status, text().status] == ["BLOCKED", "DELIVERED"]
