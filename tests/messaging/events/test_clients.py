"""Clients: each account has its own credentials, and unused clients are closed."""

import gc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events import clients
from pinpoint_sms_emu.messaging.events.clients import Clients
from pinpoint_sms_emu.state.clock import Clock
from tests.messaging.endpoints import FlakyReceiver

URL = "http://127.0.0.1:9"
OTHER = "111122223333"


@pytest.fixture
def made():
    """Clients for an endpoint that does not answer."""
    kept = Clients(URL, 1)
    yield kept
    kept.close()


def key_of(client):
    """The access key with which a client signs."""
    return client._request_signer._credentials.access_key


def test_each_account_has_a_client_of_its_own(made, monkeypatch):
    """A client is kept by service, Region and account, and signs with the account's own key."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)

    first = made.get("sns", "us-east-1", "123456789012")
    other = made.get("sns", "us-east-1", OTHER)

    assert (key_of(first), key_of(other)) == ("123456789012", OTHER)
    assert made.get("sns", "us-east-1", OTHER) is other
    assert made.get("sns", "eu-west-1", OTHER) is not other


def test_credentials_of_the_environment_are_the_default_account_s(made, monkeypatch):
    """Credentials in the environment are not used for other accounts."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")

    assert key_of(made.get("sns", "us-east-1", "123456789012")) == "mine"
    assert key_of(made.get("sns", "us-east-1", OTHER)) == OTHER


def test_there_are_few_clients(made, monkeypatch):
    """Of too many, the one that was not used for longest is closed."""
    monkeypatch.setattr(clients, "_MAX_CLIENTS", 2)
    accounts = ["000000000001", "000000000002", "000000000003"]
    first, second = (made.get("sns", "us-east-1", each) for each in accounts[:2])
    closed = watch(monkeypatch, first, second)
    made.get("sns", "us-east-1", accounts[0])

    made.get("sns", "us-east-1", accounts[2])

    assert closed == [second]
    assert len(made._clients) == 2


def test_idle_clients_are_closed(made, monkeypatch):
    """A client that was not used for five minutes is closed when another one is used."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(Clock, "system_now", staticmethod(lambda: now))
    idle = made.get("sns", "us-east-1", OTHER)
    closed = watch(monkeypatch, idle)
    now += timedelta(minutes=4)
    used = made.get("sns", "eu-west-1", OTHER)
    now += timedelta(minutes=2)

    assert made.get("sns", "eu-west-1", OTHER) is used
    assert closed == [idle]
    assert made.get("sns", "us-east-1", OTHER) is not idle


def watch(monkeypatch, *watched: object):
    """Record which clients are closed."""
    closed = []
    for client in watched:
        monkeypatch.setattr(client, "close", lambda client=client: closed.append(client))
    return closed


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of open files")
def test_a_reset_closes_connections():
    """Connections to a destination are closed at a reset, not when something collects garbage."""
    with FlakyReceiver() as receiver:
        emulator = Emulator(events_endpoint_url=receiver.url)
        gc.collect()
        gc.disable()
        try:
            connections = []
            for _ in range(4):
                registration = {"RegistrationType": "US_TOLL_FREE_REGISTRATION"}
                engine_of(emulator).call("CreateRegistration", registration)
                emulator.reset()
                connections.append(open_connections(receiver.url))
        finally:
            gc.enable()
        emulator.close()

    assert len(receiver.taken) == 4
    assert connections == [0] * 4


def open_connections(url: str) -> int:
    """How many connections this process has open to a port, as the one that has opened them."""
    port = f"{int(url.rpartition(':')[2]):04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # A remote address, in the state ESTABLISHED.
    return sum(line[2].endswith(f":{port}") and line[3] == "01" for line in lines)
