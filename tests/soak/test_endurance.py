"""Days of mixed traffic with a fast clock: memory and response times do not grow."""

from __future__ import annotations

import gc
import os
import random
import time
import tracemalloc
from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import count
from statistics import median
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.contacts import MAX_IDENTITIES
from tests.messaging.endpoints import FlakyReceiver
from tests.raw import Raw

SOAK = bool(os.environ.get("SOAK"))
STEPS = 12_000 if SOAK else 400
TENTHS = 10
# Long enough for client tokens to expire (eight hours) in the first tenth.
SECONDS_BETWEEN = 100 * 3600 / STEPS
# So few that each of them occurs in the first tenth.
MAX_MESSAGES = RECIPIENTS = STEPS // 20
# Contacts are kept for MAX_IDENTITIES of each recipient, more than the first tenth has.
CONTACT_BYTES = 250
# The median of fewer values would be noise.
LEAST_SAMPLES = 20


class Campaign:
    """A number in a pool with an opt-out list, and a configuration set with a topic."""

    def __init__(self, traffic: Traffic) -> None:
        self.name = f"campaign-{next(traffic.names)}"
        self.call = traffic.call
        number = self.make(
            "RequestPhoneNumber",
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )
        self.number, self.phone_number = number["PhoneNumberId"], number["PhoneNumber"]
        self.make("CreateOptOutList", OptOutListName=self.name)
        made = self.make("CreatePool", OriginationIdentity=self.number, MessageType="TRANSACTIONAL")
        self.pool = made["PoolId"]
        self.call("UpdatePool", PoolId=self.pool, OptOutListName=self.name)
        self.call(
            "PutKeyword",
            OriginationIdentity=self.pool,
            Keyword="JOIN",
            KeywordMessage="Welcome",
            KeywordAction="AUTOMATIC_RESPONSE",
        )
        self.make("CreateConfigurationSet", ConfigurationSetName=self.name)
        self.make(
            "CreateEventDestination",
            ConfigurationSetName=self.name,
            EventDestinationName="topic",
            MatchingEventTypes=["TEXT_DELIVERED"],
            SnsDestination={"TopicArn": f"arn:aws:sns:us-east-1:123456789012:{self.name}"},
        )
        self.protect = self.make("CreateProtectConfiguration")["ProtectConfigurationId"]
        self.call(
            "AssociateProtectConfiguration",
            ProtectConfigurationId=self.protect,
            ConfigurationSetName=self.name,
        )

    def make(self, operation: str, **members: Any) -> dict[str, Any]:
        """Create a resource as SDKs do, with a token."""
        return self.call(operation, ClientToken=f"{operation}-{self.name}", **members)

    def end(self) -> None:
        """Delete all resources of the campaign."""
        self.call("DeletePool", PoolId=self.pool)
        self.call("ReleasePhoneNumber", PhoneNumberId=self.number)
        self.call("DeleteOptOutList", OptOutListName=self.name)
        self.call(
            "DisassociateProtectConfiguration",
            ProtectConfigurationId=self.protect,
            ConfigurationSetName=self.name,
        )
        self.call("DeleteProtectConfiguration", ProtectConfigurationId=self.protect)
        self.call("DeleteConfigurationSet", ConfigurationSetName=self.name)


class Traffic:
    """The actions of an application and its recipients."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.raw = Raw(emulator)
        self.random_source = random.Random(7)
        self.names: Iterator[int] = count()
        self.messages = 0
        self.latest = ""
        self.campaigns = deque([Campaign(self) for _ in range(3)])
        self.works = {
            self.send: 60,
            self.look: 12,
            self.receive: 10,
            self.stop: 3,
            self.judge: 5,
            self.page: 5,
            self.disturb: 3,
            self.renew: 2,
        }

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        """Call an operation, which must succeed."""
        answer = self.raw(operation, members)
        assert answer.status == 200, answer.text
        return answer.json

    def person(self) -> str:
        """Choose a recipient."""
        return f"+1206{2_000_000 + self.random_source.randrange(RECIPIENTS)}"

    def step(self) -> tuple[str, float]:
        """Take one action and advance the clock; return the action's name and its duration."""
        [work] = self.random_source.choices(list(self.works), self.works.values())
        # The thread's CPU time, because other processes use the machine too.
        started = time.thread_time()
        work()
        taken = time.thread_time() - started
        self.emulator.clock.advance(seconds=SECONDS_BETWEEN)
        return work.__name__, taken

    def send(self) -> None:
        """Send a text."""
        campaign = self.random_source.choice(self.campaigns)
        self.latest = self.call(
            "SendTextMessage",
            DestinationPhoneNumber=self.person(),
            OriginationIdentity=campaign.pool,
            ConfigurationSetName=campaign.name,
            MessageBody="Your parcel is on its way",
            MessageFeedbackEnabled=True,
        )["MessageId"]
        self.messages += 1

    def look(self) -> None:
        """Describe the pools."""
        assert len(self.call("DescribePools")["Pools"]) == len(self.campaigns)

    def receive(self) -> None:
        """Let a recipient answer."""
        self._receive(
            self.person(), "JOIN" if self.random_source.random() < 0.5 else "Who is this?"
        )

    def stop(self) -> None:
        """Let one of a few recipients text STOP."""
        self._receive(f"+1206555{self.random_source.randrange(20):04}", "STOP")

    def _receive(self, sender: str, body: str) -> None:
        campaign = self.random_source.choice(self.campaigns)
        answer = self.emulator.receive(body, sender=sender, recipient=campaign.phone_number)
        self.messages += 2 if answer.reply else 1

    def judge(self) -> None:
        """Put feedback for the latest message."""
        if self.latest:
            self.call("PutMessageFeedback", MessageId=self.latest, MessageFeedbackStatus="RECEIVED")

    def page(self) -> None:
        """List messages and events as the page does."""
        assert len(self.emulator.find_messages(limit=10).messages) <= 10
        assert len(self.emulator.find_events(limit=10).events) <= 10

    def disturb(self) -> None:
        """Let a call fail, and a message not be delivered."""
        self.emulator.fail("DescribeKeywords", "ThrottlingException", times=1)
        answer = self.raw("DescribeKeywords", {"OriginationIdentity": self.campaigns[0].pool})
        assert answer.code == "ThrottlingException"
        self.emulator.outcome("TEXT_CARRIER_BLOCKED", times=1)
        self.send()

    def renew(self) -> None:
        """Delete the oldest campaign and create another."""
        self.campaigns.popleft().end()
        self.campaigns.append(Campaign(self))


@pytest.mark.timeout(3600)
def test_nothing_grows_or_slows_down(tmp_path, tell):
    """In the last tenth, memory and response times are those of the second; stored data is bounded.

    Removed messages are counted, and after a restart the state is the same.
    """
    bounds = {"max_messages": MAX_MESSAGES, "max_calls": MAX_MESSAGES}
    settings = bounds | {"delivery_seconds": 30, "data_dir": tmp_path}
    memory: list[int] = []
    medians: list[dict[str, float]] = []
    with FlakyReceiver() as receiver:
        emulator = Emulator(events_endpoint_url=receiver.url, **settings)
        traffic = Traffic(emulator)
        tracemalloc.start()
        for tenth in range(TENTHS):
            taken: dict[str, list[float]] = defaultdict(list)
            for _ in range(STEPS // TENTHS):
                work, seconds = traffic.step()
                taken[work].append(seconds)
            medians.append(
                {work: median(each) for work, each in taken.items() if len(each) >= LEAST_SAMPLES}
            )
            del taken, receiver.taken[:]
            gc.collect()
            memory.append(tracemalloc.get_traced_memory()[0])
            found, events = emulator.find_messages(), emulator.find_events()
            sending = medians[-1]["send"] * 1000
            tell(f"{tenth + 1}/{TENTHS}: {memory[-1] / 1024:,.0f} KiB, {sending:.2f} ms a message")

            assert found.total == min(traffic.messages, MAX_MESSAGES)
            assert found.total + found.forgotten == traffic.messages
            assert events.total <= 4 * MAX_MESSAGES
            assert not engine_of(emulator).crashes
        tracemalloc.stop()
        before = emulator.snapshot()
        emulator.close()
    again = Emulator(**settings)
    after = again.snapshot()
    again.close()

    assert after | {"clock": None} == before | {"clock": None}
    assert memory[-1] < memory[1] * 1.1 + RECIPIENTS * MAX_IDENTITIES * CONTACT_BYTES
    for work in medians[1].keys() & medians[-1].keys():
        assert medians[-1][work] < 3 * medians[1][work], work
