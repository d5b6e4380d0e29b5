"""A month in which the spend limit is hit, raised, and resets.

At the limit, which may be in the night, the service refuses every further message. This application
keeps what it could not send, and sends it when there is room again.
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
        """Send texts, with those that are still waiting, the oldest first."""
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
        """Raise the monthly spend limit of texts."""
        self.sms.set_text_message_spend_limit_override(MonthlyLimit=dollars)


@pytest.fixture
def sms():
    """The emulator, on the evening of the tenth of a month."""
    with mock_sms(seed=7) as emulator:
        emulator.clock.freeze(dt.datetime(2040, 3, 10, 22, 0, tzinfo=dt.UTC))
        emulator.add_number(NUMBER)
        yield emulator


@pytest.fixture
def outbox(sms):
    """The application, with a limit of one dollar."""
    outbox = Outbox()
    outbox.raise_limit(1)
    return outbox


def spent(sms):
    """What all messages have cost."""
    return sum(each.price for each in sms.messages)


def test_the_limit_is_hit(sms, outbox):
    """The message that would pass the limit is refused, and waits."""
    outbox.send(*["Hello"] * 100)

    assert outbox.alarms == 1
    assert len(sms.messages) + len(outbox.waiting) == 100
    assert 1 - sms.messages[0].price < spent(sms) <= 1


def test_nothing_goes_out_while_the_limit_holds(sms, outbox):
    """Days later, in the same month, there is still no room."""
    outbox.send(*["Hello"] * 100)
    before = len(sms.messages)

    sms.clock.advance(days=20)
    outbox.send("Hello again")

    assert len(sms.messages) == before
    assert outbox.alarms == 2


def test_the_limit_is_raised(sms, outbox):
    """With a higher limit what waits goes out at once."""
    outbox.send(*["Hello"] * 100)

    outbox.raise_limit(2)
    outbox.send("Hello again")

    assert outbox.waiting == []
    assert len(sms.messages) == 101
    assert 1 < spent(sms) <= 2


def test_a_new_month_begins(sms, outbox):
    """On the first of the next month the whole limit is there again."""
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
    """After a long message was refused, a short one is sent."""
    outbox.send(*["Hello"] * 80, "A long story. " * 100)
    stuck, outbox.waiting = outbox.waiting, []

    outbox.send("Good night")

    assert len(stuck) == 1
    assert sms.messages[-1].body == "Good night"
    assert spent(sms) <= 1


def ids_of_a_month():
    """The ids of all messages of a month in which the limit was hit and raised."""
    with mock_sms(seed=7) as sms:
        sms.add_number(NUMBER)
        outbox = Outbox()
        outbox.raise_limit(1)
        outbox.send(*["Hello"] * 100)
        outbox.raise_limit(2)
        outbox.send()
        return [each.id for each in sms.messages]


def test_the_same_ids_twice():
    """With a seed, the ids of the month are reproducible: refused calls use no id."""
    assert len(ids_of_a_month()) == 100
    assert ids_of_a_month() == ids_of_a_month()
