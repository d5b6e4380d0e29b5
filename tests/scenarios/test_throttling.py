"""An application sends faster than the service allows.

AWS refuses calls above its rates with a ThrottlingException. boto3 repeats such a call a few times.
An application that sends a lot must slow down by itself. These tests do not wait: instead of
sleeping, they move the emulator's clock.
"""

import boto3
import pytest
from botocore.config import Config

from pinpoint_sms_emu import mock_sms

NUMBER, ANN = "+18885550100", "+14255550101"
SUBSCRIBERS = [f"+142555501{index:02}" for index in range(20)]


class Mailing:
    """The application under test, which slows down when it is throttled."""

    def __init__(self, sleep) -> None:
        self.sleep = sleep
        # Without boto3's retries, because the application has its own.
        self.sms = boto3.client(
            "pinpoint-sms-voice-v2", config=Config(retries={"total_max_attempts": 1})
        )
        self.pauses = []

    def send(self, texts, people=SUBSCRIBERS):
        """Send a text to each person, in order, and repeat what is throttled."""
        for person, text in zip(people, texts, strict=False):
            pause = 0.1
            while not self._send(person, text):
                self.pauses.append(pause)
                self.sleep(pause)
                pause = min(pause * 2, 5)

    def _send(self, person, text):
        try:
            self.sms.send_text_message(
                DestinationPhoneNumber=person, OriginationIdentity=NUMBER, MessageBody=text
            )
        except self.sms.exceptions.ThrottlingException:
            return False
        return True


@pytest.fixture
def sms():
    """The emulator, with a toll-free number."""
    with mock_sms(seed=7) as emulator:
        emulator.clock.freeze()
        emulator.add_number(NUMBER)
        yield emulator


@pytest.fixture
def strict():
    """The emulator with AWS's rates: a toll-free number sends three message parts a second."""
    with mock_sms(seed=7, throttling=True) as emulator:
        emulator.clock.freeze()
        emulator.add_number(NUMBER)
        yield emulator


def sleep_on(emulator):
    """Return a replacement for time.sleep, which moves the emulator's clock."""
    return lambda seconds: emulator.clock.advance(seconds=seconds)


def test_boto3_tries_again(sms, monkeypatch):
    """boto3 repeats a throttled call: the application does not notice two refusals."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", sleep_on(sms))
    sms.fail("SendTextMessage", "ThrottlingException", times=2)

    answer = boto3.client("pinpoint-sms-voice-v2").send_text_message(
        DestinationPhoneNumber=ANN, OriginationIdentity=NUMBER, MessageBody="Hello"
    )

    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert len(sms.messages) == 1


def test_boto3_gives_up(sms, monkeypatch):
    """If all five attempts are throttled, boto3 raises the error, and nothing is sent."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", sleep_on(sms))
    sms.fail("SendTextMessage", "ThrottlingException")
    client = boto3.client("pinpoint-sms-voice-v2")

    with pytest.raises(client.exceptions.ThrottlingException):
        client.send_text_message(
            DestinationPhoneNumber=ANN, OriginationIdentity=NUMBER, MessageBody="Hello"
        )

    assert sms.messages == []


def test_an_application_that_waits_longer_each_time(sms):
    """The application doubles its pause after each refusal; the next message follows at once."""
    sms.fail("SendTextMessage", "ThrottlingException", times=3)
    mailing = Mailing(sleep_on(sms))

    mailing.send(["one", "two"])

    assert mailing.pauses == [0.1, 0.2, 0.4]
    assert [each.body for each in sms.messages] == ["one", "two"]


def test_documented_rates(strict):
    """Three texts are sent at once, and nine more within three to six seconds, in order."""
    mailing = Mailing(sleep_on(strict))
    start = strict.clock.now()
    texts = [f"text {number}" for number in range(12)]

    mailing.send(texts)

    assert [each.body for each in strict.messages] == texts
    assert mailing.pauses
    assert 3 <= (strict.clock.now() - start).total_seconds() < 6


def test_one_person_gets_one_text_a_second(strict):
    """Five texts to one recipient take at least four seconds, whatever the number's rate."""
    mailing = Mailing(sleep_on(strict))
    start = strict.clock.now()

    mailing.send(["one", "two", "three", "four", "five"], people=[ANN] * 5)

    assert [each.body for each in strict.messages] == ["one", "two", "three", "four", "five"]
    assert 4 <= (strict.clock.now() - start).total_seconds() < 7


def test_long_texts_take_longer(strict):
    """Rates count message parts: four texts of three parts take as long as twelve short ones."""
    mailing = Mailing(sleep_on(strict))
    start = strict.clock.now()

    mailing.send(["x" * 400] * 4)

    assert {each.parts for each in strict.messages} == {3}
    assert 3 <= (strict.clock.now() - start).total_seconds() < 6


def test_some_calls_fail(sms):
    """If half of the calls are throttled at random, all texts are still sent, in order."""
    sms.fail("SendTextMessage", "ThrottlingException", probability=0.5)
    mailing = Mailing(sleep_on(sms))

    mailing.send([str(number) for number in range(20)])

    assert [each.body for each in sms.messages] == [str(number) for number in range(20)]
    assert mailing.pauses


def ids_of_a_mailing():
    """Send a throttled mailing, and return the ids and times of its messages."""
    with mock_sms(seed=7, throttling=True) as sms:
        start = sms.clock.freeze()
        sms.add_number(NUMBER)
        sms.fail("SendTextMessage", "ThrottlingException", probability=0.3)
        Mailing(sleep_on(sms)).send([str(number) for number in range(20)])
        return [(each.id, each.created - start) for each in sms.messages]


def test_the_same_ids_twice():
    """With the same seed, the same calls are refused, and the ids and times are the same."""
    assert ids_of_a_mailing() == ids_of_a_mailing()
