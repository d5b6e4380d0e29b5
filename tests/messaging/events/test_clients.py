"""Clients: each account has its own credentials, and unused clients are closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events import clients
from pinpoint_sms_emu.messaging.events.clients import Clients
from pinpoint_sms_emu.state.clock import Clock
from tests.messaging.endpoints import FlakyReceiver, interrupted_receiver
from tests.messaging.receivers import add_destination

URL = "http://127.0.0.1:9"
OTHER = "111122223333"


NUMBER, PERSON = "+12065550100", "+14255550100"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:events"
ROLE = "arn:aws:iam::123456789012:role/logs"

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of open files")


@pytest.fixture
def made() -> Iterator[Clients]:
    """Clients for an endpoint that does not answer."""
    kept = Clients(URL, 1)
    yield kept
    kept.close()


def used(made: Clients, *key: str) -> Any:
    """Use a client, and return it."""
    with made.use(*key) as client:
        return client


def key_of(client):
    """The access key with which a client signs."""
    return client._request_signer._credentials.access_key


def test_each_account_has_a_client_of_its_own(made, monkeypatch):
    """A client is kept by service, Region and account, and signs with the account's own key."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)

    first = used(made, "sns", "us-east-1", "123456789012")
    other = used(made, "sns", "us-east-1", OTHER)

    assert (key_of(first), key_of(other)) == ("123456789012", OTHER)
    assert used(made, "sns", "us-east-1", OTHER) is other
    assert used(made, "sns", "eu-west-1", OTHER) is not other


def test_credentials_of_the_environment_are_the_default_account_s(made, monkeypatch):
    """Credentials in the environment are not used for other accounts."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")

    assert key_of(used(made, "sns", "us-east-1", "123456789012")) == "mine"
    assert key_of(used(made, "sns", "us-east-1", OTHER)) == OTHER


def test_there_are_few_clients(made, monkeypatch):
    """Of too many, the one that was not used for longest is closed."""
    monkeypatch.setattr(clients, "_MAX_CLIENTS", 2)
    accounts = ["000000000001", "000000000002", "000000000003"]
    first, second = (used(made, "sns", "us-east-1", each) for each in accounts[:2])
    closed = watch(monkeypatch, first, second)
    used(made, "sns", "us-east-1", accounts[0])

    used(made, "sns", "us-east-1", accounts[2])

    assert closed == [second]
    assert len(made._clients) == 2


def test_idle_clients_are_closed(made, monkeypatch):
    """A client that was not used for five minutes is closed when another one is used."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(Clock, "system_now", staticmethod(lambda: now))
    idle = used(made, "sns", "us-east-1", OTHER)
    closed = watch(monkeypatch, idle)
    now += timedelta(minutes=4)
    current = used(made, "sns", "eu-west-1", OTHER)
    now += timedelta(minutes=2)

    assert used(made, "sns", "eu-west-1", OTHER) is current
    assert closed == [idle]
    assert used(made, "sns", "us-east-1", OTHER) is not idle


def test_a_client_in_use_is_closed_later(made, monkeypatch):
    """A client that is dropped or whose emulator is closed amid a request is closed after it."""
    monkeypatch.setattr(clients, "_MAX_CLIENTS", 1)
    with made.use("sns", "us-east-1", OTHER) as first, made.use("sns", "us-east-1", OTHER):
        closed = watch(monkeypatch, first)
        with made.use("sns", "eu-west-1", OTHER) as second:
            watch(monkeypatch, second, closed=closed)
            made.close()
            assert closed == []
        assert closed == [second]

    assert closed == [second, first]


def test_a_client_of_several_threads_is_closed_after_the_last_use(made, monkeypatch):
    """Each use is counted."""
    key = ("sns", "us-east-1", OTHER)
    with made.use(*key) as client:
        closed = watch(monkeypatch, client)
        with made.use(*key) as same:
            made.close()
        assert same is client
        assert closed == []

    assert closed == [client]


def test_a_client_is_used_after_the_end(made, monkeypatch):
    """A thread that begins a request when its emulator is closed leaves nothing open."""
    made.close()
    with made.use("sns", "us-east-1", OTHER) as late:
        closed = watch(monkeypatch, late)

    assert closed == [late]


def watch(monkeypatch, *watched: object, closed: list[object] | None = None) -> list[object]:
    """Record which clients are closed."""
    closed = [] if closed is None else closed
    for client in watched:
        monkeypatch.setattr(client, "close", lambda client=client: closed.append(client))
    return closed


@pytest.fixture
def _nothing_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection is closed because its client is garbage."""
    made = []
    make = Clients._make

    def make_and_keep(self: Clients, *key: str) -> Any:
        made.append(make(self, *key))
        return made[-1]

    monkeypatch.setattr(Clients, "_make", make_and_keep)


@needs_proc
@pytest.mark.usefixtures("_nothing_is_freed")
def test_a_reset_closes_connections():
    """Connections to a destination are closed at a reset, not when something collects garbage."""
    with FlakyReceiver() as receiver:
        emulator = Emulator(events_endpoint_url=receiver.url)
        connections = []
        for _ in range(4):
            registration = {"RegistrationType": "US_TOLL_FREE_REGISTRATION"}
            engine_of(emulator).call("CreateRegistration", registration)
            emulator.reset()
            connections.append(open_connections(receiver.url))
        emulator.close()

    assert len(receiver.taken) == 4
    assert connections == [0] * 4


def deliver_events(emulator: Emulator) -> None:
    """Send a text whose events go to a log group."""
    log_group = {"LogGroupArn": LOGS, "IamRoleArn": ROLE}
    add_destination(emulator, "logs", CloudWatchLogsDestination=log_group)
    text = {"DestinationPhoneNumber": PERSON, "MessageBody": "Hello", "ConfigurationSetName": "Set"}
    engine_of(emulator).call("SendTextMessage", text)


def inspect_files(emulator: Emulator) -> None:
    """Send a file, which is inspected."""
    members = {
        "DestinationPhoneNumber": PERSON,
        "OriginationIdentity": NUMBER,
        "MediaUrls": ["s3://files/one.png"],
    }
    engine_of(emulator).call("SendMediaMessage", members)


@needs_proc
@pytest.mark.usefixtures("_nothing_is_freed")
@pytest.mark.parametrize("end", [Emulator.reset, Emulator.close])
@pytest.mark.parametrize(("work", "expected"), [(deliver_events, 3), (inspect_files, 1)])
def test_an_end_amid_a_request(
    work: Callable[[Emulator], None], expected: int, end: Callable[[Emulator], None]
):
    """Connections that are in use at a reset or a close are closed when they are not any more."""
    with interrupted_receiver(lambda: end(emulator)) as (url, requests):
        emulator = Emulator(events_endpoint_url=url, s3_endpoint_url=url)
        emulator.add_number(NUMBER)
        work(emulator)
        connections = open_connections(url)
        emulator.close()

    # A log stream is created and written after the request during which the emulator ended.
    assert len(requests) == expected
    assert connections == 0


def open_connections(url: str) -> int:
    """How many connections this process has open to a port, as the one that has opened them."""
    port = f"{int(url.rpartition(':')[2]):04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # A remote address, in the state ESTABLISHED.
    return sum(line[2].endswith(f":{port}") and line[3] == "01" for line in lines)
