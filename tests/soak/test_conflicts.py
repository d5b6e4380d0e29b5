"""Many clients compete for the same resource: exactly as many succeed as the rules allow."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.doors.serving import AUTHORIZATION, Serving, serving

SOAK = bool(os.environ.get("SOAK"))
CLIENTS = 64
ROUNDS = 20 if SOAK else 1


@pytest.fixture
def served() -> Iterator[Serving]:
    """A server with room for all clients."""
    quotas = ",".join(
        f"{name}_PER_ACCOUNT=1000" for name in ("POOLS", "PHONE_NUMBERS", "OPT_OUT_LISTS")
    )
    with serving("--quotas", quotas, "--max-messages", "500", "--max-calls", "500") as server:
        yield server


class Answer(NamedTuple):
    """The result of a call, and when it began and ended."""

    body: dict[str, Any]
    ok: bool
    query: float
    answered: float


class Caller:
    """One client with a connection of its own."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(self, operation: str, **members: Any) -> Answer:
        """Call an operation; refusals are results too, and 5xx are failures of the test."""
        headers = {
            "X-Amz-Target": f"PinpointSMSVoiceV2.{operation}",
            "Content-Type": "application/x-amz-json-1.0",
            "Authorization": AUTHORIZATION,
        }
        query = time.monotonic()
        self.connection.request("POST", "/", json.dumps(members), headers)
        response = self.connection.getresponse()
        body = json.loads(response.read())
        assert response.status in (200, 400), body
        return Answer(body, response.status == 200, query, time.monotonic())

    def control(self, method: str, path: str) -> Any:
        """Ask the control plane."""
        self.connection.request(method, path)
        return json.loads(self.connection.getresponse().read())


def all_at_once(port: int, work: Callable[[Caller, int], Answer]) -> list[Answer]:
    """Let every client act at the same moment."""
    answers: list[Answer] = []
    gate = threading.Barrier(CLIENTS)

    def one(number: int) -> None:
        caller = Caller(port)
        gate.wait(60)
        answers.append(work(caller, number))
        caller.connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == CLIENTS, "every client is answered"
    return answers


def lease(caller: Caller) -> str:
    """Request a number that can send."""
    leased = caller(
        "RequestPhoneNumber",
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )
    caller("DescribePhoneNumbers")
    number: str = leased.body["PhoneNumberId"]
    return number


@pytest.fixture
def caller(served: Serving) -> Iterator[Caller]:
    """A client for preparations and checks."""
    made = Caller(served.port)
    yield made
    made.connection.close()


def test_one_number_joins_one_of_many_pools(served, caller):
    """Of many pools that request a number at the same time, one gets it."""
    for _ in range(ROUNDS):
        number = lease(caller)
        answers = all_at_once(
            served.port,
            lambda own, _number, wanted=number: own(
                "CreatePool",
                OriginationIdentity=wanted,
                IsoCountryCode="US",
                MessageType="TRANSACTIONAL",
            ),
        )
        winners = [each.body["PoolId"] for each in answers if each.ok]
        numbers = caller("DescribePhoneNumbers", PhoneNumberIds=[number]).body["PhoneNumbers"]

        assert len(winners) == 1
        assert numbers[0]["PoolId"] == winners[0]
        assert {each.body["Reason"] for each in answers if not each.ok} == {
            "PHONE_NUMBER_ASSOCIATED_TO_POOL"
        }


def test_concurrent_calls_with_one_token_make_one_number(served, caller):
    """Many concurrent calls with the same token request one number."""
    answers = all_at_once(
        served.port,
        lambda own, _number: own(
            "RequestPhoneNumber",
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
            ClientToken="the-same",
        ),
    )

    assert len({each.body["PhoneNumberId"] for each in answers}) == 1
    assert len(caller("DescribePhoneNumbers").body["PhoneNumbers"]) == 1


def test_concurrent_messages_stay_within_the_spend_limit(served, caller):
    """Close to the limit, as many messages are sent as it allows."""
    number = lease(caller)
    caller("SetTextMessageSpendLimitOverride", MonthlyLimit=1)
    answers = all_at_once(
        served.port,
        lambda own, _number: own(
            "SendTextMessage",
            DestinationPhoneNumber="+14255550123",
            OriginationIdentity=number,
            MessageBody="x" * 1500,
        ),
    )
    sent = {each.body["MessageId"] for each in answers if each.ok}
    kept = caller.control("GET", "/_emulator/messages")["messages"]
    price = kept[0]["price"]

    assert {each["message_id"] for each in kept} == sent
    assert len(sent) == int(1 / price)
    assert {each.body["Reason"] for each in answers if not each.ok} == {
        "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"
    }


# One name, created and deleted by all clients.


class Done(NamedTuple):
    """One call of a history: create or delete, whether it succeeded, and when."""

    makes: bool
    ok: bool
    query: float
    answered: float


def is_linearizable(history: list[Done]) -> bool:
    """Whether there is an order in which no call precedes one that was answered before it began.

    No backtracking is needed. A refusal that fits changes nothing, so it may come at once; of the
    successful calls that can come now, all do the same, so the one answered first comes first.
    """
    left, there = list(history), False
    while left:
        earliest = min(each.answered for each in left)
        # Creating succeeds if the name is free, deleting if it exists.
        fitting = [
            each for each in left if each.query <= earliest and each.ok == (each.makes != there)
        ]
        if not fitting:
            return False
        chosen = min(fitting, key=lambda each: (each.ok, each.answered))
        left.remove(chosen)
        there ^= chosen.ok
    return True


def test_the_checker_rejects_impossible_histories():
    """Two successful creations, or a deletion before any creation, are impossible."""
    assert is_linearizable([Done(True, True, 0, 9), Done(False, True, 1, 2)])
    assert not is_linearizable([Done(True, True, 0, 9), Done(True, True, 1, 2)])
    assert not is_linearizable([Done(True, True, 3, 4), Done(False, True, 1, 2)])


def test_one_name_created_and_deleted_by_many_threads(served, caller):
    """There is an order of the calls that explains all answers."""
    for round_ in range(ROUNDS):
        history: list[Done] = []

        def work(own: Caller, number: int, name: str = f"name-{round_}", kept: Any = history):
            random_source = random.Random(number)
            for _ in range(4):
                makes = random_source.random() < 0.5
                operation = "CreateOptOutList" if makes else "DeleteOptOutList"
                answer = own(operation, OptOutListName=name)
                kept.append(Done(makes, answer.ok, answer.query, answer.answered))
            return answer

        all_at_once(served.port, work)

        assert len(history) == 4 * CLIENTS
        assert is_linearizable(history)


# Endurance.


@pytest.mark.timeout(3600)
def test_memory_and_response_times_stay_constant(served, caller, tell):
    """Stored messages are bounded, removed ones are counted, and nothing else grows."""
    number = lease(caller)
    total = 200_000 if SOAK else 4_000
    pids = [served.process.pid, *children(served.process.pid)]
    memory, ticks = [], []
    for eighth in range(8):
        before = sum(worked(pid) for pid in pids)
        for _ in range(total // 8):
            caller(
                "SendTextMessage",
                DestinationPhoneNumber="+14255550123",
                OriginationIdentity=number,
                MessageBody="Hello",
            )
        ticks.append(sum(worked(pid) for pid in pids) - before)
        memory.append(sum(resident(pid) for pid in pids))
        tell(f"{eighth + 1}/8: {memory[-1]} pages, {ticks[-1]} ticks")
    found = caller.control("GET", "/_emulator/messages")
    events = caller.control("GET", "/_emulator/events")

    assert (found["total"], found["forgotten"]) == (500, total - 500)
    assert events["total"] <= 500 * 4
    assert memory[-1] < memory[0] * 1.1
    # The best CPU time of the server, because other processes use the machine too.
    assert min(ticks[4:]) < 3 * min(ticks[:4])


def children(pid: int) -> list[int]:
    """The child processes of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in found.split()]


def resident(pid: int) -> int:
    """The number of resident memory pages of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1])


def worked(pid: int) -> int:
    """The CPU time of a process, in clock ticks."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return int(user) + int(system)
