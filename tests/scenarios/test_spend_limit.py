"""An application reaches its monthly spend limit, raises it, and waits for the next month.

Once the limit is reached, the service refuses messages until the month ends or the limit is raised.
This application keeps the texts that it could not send, and sends them later.
"""

import datetime as dt

import boto3
import pytest

from pinpoint_sms_emu import mock_sms

NUMBER, ANN = "+12065550100", "+14255550101"
REACHED = "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"


class Outbox:
    """The application under test."""

    def __init__(self) -> None:
        self.sms = boto3.client("pinpoint-sms-voice-v2")
        self.waiting = []
        self.alarms = 0

    def send(self, *texts: str):
        """Send the waiting texts, and then these, until one is refused."""
        self.waiting += texts
        while self.waiting:
            try:
                self.sms.send_text_message(
                    DestinationPhoneNumber=ANN,
                    OriginationIdentity=NUMBER,
                    MessageBody=self.waiting[0],
                )
            except self.sms.exceptions.ServiceQuotaExceededException as refused:
                if refused.response["Reason"] != REACHED:
                    raise
                self.alarms += 1
                return
            self.waiting.pop(0)

    def raise_limit(self, dollars):
        """Set the monthly spend limit for texts, in US dollars."""
        self.sms.set_text_message_spend_limit_override(MonthlyLimit=dollars)


@pytest.fixture
def sms():
    """The emulator, with its clock stopped at ten in the evening of 10 March 2040."""
    with mock_sms(seed=7) as emulator:
        emulator.clock.freeze(dt.datetime(2040, 3, 10, 22, 0, tzinfo=dt.UTC))
        emulator.add_number(NUMBER)
        yield emulator


@pytest.fixture
def outbox(sms):
    """The application, with a limit of one US dollar."""
    outbox = Outbox()
    outbox.raise_limit(1)
    return outbox


def spent(sms):
    """Return the price of all messages."""
    return sum(each.price for each in sms.messages)


def test_the_limit_is_reached(sms, outbox):
    """A message that would exceed the limit is refused, and stays in the outbox."""
    outbox.send(*["Hello"] * 100)

    assert outbox.alarms == 1
    assert len(sms.messages) + len(outbox.waiting) == 100
    assert 1 - sms.messages[0].price < spent(sms) <= 1


def test_nothing_is_sent_until_the_month_ends(sms, outbox):
    """Twenty days later, in the same month, messages are still refused."""
    outbox.send(*["Hello"] * 100)
    before = len(sms.messages)

    sms.clock.advance(days=20)
    outbox.send("Hello again")

    assert len(sms.messages) == before
    assert outbox.alarms == 2


def test_the_limit_is_raised(sms, outbox):
    """Once the limit is higher, the waiting messages are sent."""
    outbox.send(*["Hello"] * 100)

    outbox.raise_limit(2)
    outbox.send("Hello again")

    assert outbox.waiting == []
    assert len(sms.messages) == 101
    assert 1 < spent(sms) <= 2


def test_a_new_month_begins(sms, outbox):
    """The amount spent begins at zero again on the first of the next month, at midnight UTC."""
    outbox.send(*["Hello"] * 100)
    waiting = len(outbox.waiting)
    assert 0 < waiting < 100
    sms.clock.set("2040-03-31T23:59:59Z")
    outbox.send()
    before = len(outbox.waiting)

    sms.clock.advance(seconds=1)
    outbox.send()

    assert (before, len(outbox.waiting)) == (waiting, 0)
    assert len(sms.messages) == 100


def test_refused_messages_are_free(sms, outbox):
    """A refused message costs nothing: a shorter one can still be sent."""
    outbox.send(*["Hello"] * 80, "A long story. " * 100)
    stuck, outbox.waiting = outbox.waiting, []

    outbox.send("Good night")

    assert len(stuck) == 1
    assert sms.messages[-1].body == "Good night"
    assert spent(sms) <= 1


def ids_of_a_month():
    """Reach the limit and raise it, and return the ids of all messages."""
    with mock_sms(seed=7) as sms:
        sms.add_number(NUMBER)
        outbox = Outbox()
        outbox.raise_limit(1)
        outbox.send(*["Hello"] * 100)
        outbox.raise_limit(2)
        outbox.send()
        return [each.id for each in sms.messages]


def test_the_same_ids_twice():
    """With the same seed, message ids are the same; refused calls use none."""
    assert len(ids_of_a_month()) == 100
    assert ids_of_a_month() == ids_of_a_month()
