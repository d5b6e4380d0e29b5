"""Debian's HAProxy with the shipped configuration, and three replicas with data folders."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from itertools import count
from pathlib import Path
from urllib.error import HTTPError

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from pinpoint_sms_emu.control.openapi import DESCRIBED
from tests.deploy.replicas import (
    DEPLOY,
    Replicas,
    free_ports,
    haproxy,
    served,
    wait_until_served,
)

pytestmark = [pytest.mark.needs("haproxy"), pytest.mark.timeout(600)]

ACCOUNTS = tuple(f"{4_000_000_000 + number * 7:012d}" for number in range(100))
PERSON = "+447700900100"
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Replicas]:
    """Three replicas behind the proxy."""
    with served(tmp_path_factory.mktemp("replicas")) as replicas:
        yield replicas


@pytest.fixture
def replicas(running: Replicas) -> Replicas:
    """The same replicas, reset for each test."""
    assert running.ask("POST", "reset") == {}
    return running


def send(client, body="Hi"):
    """Send a text; return its id."""
    sent = client.send_text_message(DestinationPhoneNumber=PERSON, MessageBody=body)
    return sent["MessageId"]


def places(replicas):
    """The replicas that have each account; an account is at exactly one."""
    at = [(account, number) for number in (1, 2, 3) for account in replicas.accounts_at(number)]
    assert len(dict(at)) == len(at)
    return dict(at)


def test_each_account_stays_at_one_replica(replicas):
    """All calls of an account go to one replica; accounts are distributed evenly."""
    for account in ACCOUNTS:
        client = replicas.client(account)
        client.create_opt_out_list(OptOutListName="Ours")
        send(client)
        assert len(client.describe_opt_out_lists()["OptOutLists"]) == 2

    assert places(replicas).keys() == set(ACCOUNTS)
    assert min(Counter(places(replicas).values()).values()) >= 20
    assert replicas.ask("GET", "messages?limit=1")["total"] == len(ACCOUNTS)


class Asked:
    """Sends requests to the control plane, and records their routes."""

    def __init__(self, replicas: Replicas) -> None:
        self.replicas = replicas
        self.routes: set[tuple[str, str]] = set()

    def __call__(self, method, path, body=None, *, route=None):
        """Send a request; `route` is its route if the path contains an id."""
        path_alone = (route or path).partition("?")[0]
        self.routes.add((method, f"/_emulator/{path_alone}".rstrip("/")))
        return self.replicas.ask(method, path, body)

    def status(self, method, path, body=None, *, route=None):
        """Send a request that is refused; return its status."""
        with pytest.raises(HTTPError) as refused:
            self(method, path, body, route=route)
        with refused.value as answer:
            return answer.code


def use(ask: Asked, account: str, phone_number: str) -> None:
    """Use every route of the control plane for an account."""
    of, client = f"account_id={account}", ask.replicas.client(account)
    number = {"phone_number": phone_number, "account_id": account}
    assert ask("POST", "numbers", number)["account_id"] == account
    assert ask("GET", f"numbers?{of}")["total"] == 1
    sent = client.send_text_message(
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity=phone_number,
        MessageBody="Your code is 482913",
    )["MessageId"]
    assert ask("GET", f"messages?{of}")["messages"][0]["message_id"] == sent
    assert ask("GET", f"messages/latest?{of}")["codes"] == ["482913"]
    assert ask("GET", f"messages/{sent}", route="messages/{message_id}")["account_id"] == account
    assert ask("GET", f"events?{of}")["total"] == ask("GET", f"events?{of}&here=true")["total"]
    request_id = ask("GET", f"calls?{of}")["calls"][-1]["request_id"]
    call = ask("GET", f"calls/{request_id}", route="calls/{request_id}")
    assert call["message_id"] == sent
    assert ask("GET", f"report?{of}")["total"]["messages"] == 1
    assert ask("GET", f"resources?{of}")["accounts"][0]["account_id"] == account
    assert phone_number in ask("GET", f"seed?{of}")
    assert ask("GET", f"policy?{of}")["Statement"]
    text = {"sender": "+14255550100", "recipient": phone_number, "body": "STOP"}
    assert ask("POST", "inbound", text)["action"] == "OPT_OUT"
    assert ask("GET", f"messages?{of}&limit=1&after={sent}")["total"] == 2
    for noun, members in (
        ("faults", {"operation": "DescribePools", "error": "ThrottlingException"}),
        ("outcomes", {"event": "TEXT_BLOCKED"}),
    ):
        made = ask("POST", noun, {**members, "account_id": account, "times": 1})
        assert ask("GET", noun)["total"] == 1
        ask("DELETE", f"{noun}/{made['id']}", route=f"{noun}/{{{noun[:-1]}_id}}")
    made = client.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")
    path, route = (
        f"registrations/{each}/review" for each in (made["RegistrationId"], "{registration_id}")
    )
    # The registration was found, and is not submitted.
    assert ask.status("POST", path, {"decision": "COMPLETE"}, route=route) == 409


def others(asked):
    """The routes that were not used, except streams."""
    return [
        each
        for each in DESCRIBED
        if (each.method, re.sub("<(.*?)>", r"{\1}", each.path)) not in asked
        and each.answers_with != "text/event-stream"
    ]


def test_every_control_route_for_every_account(replicas):
    """For 100 accounts, each route has the same results as on a single server."""
    ask = Asked(replicas)

    for number, account in enumerate(ACCOUNTS):
        use(ask, account, f"+1206556{number:04}")

    for path in ("", "health", "settings", "operations", "clock", "segments?text=Hi"):
        ask("GET", path)
    ask("GET", "openapi.json")
    assert ask("GET", "accounts")["total"] == len(ACCOUNTS)
    assert ask.status("POST", "invitations", {"destination_phone_number": PERSON}) == 404
    # Each replica has its own state.
    assert ask.status("GET", "state") == ask.status("PUT", "state", {}) == 400
    with ExitStack() as stack:
        for path in ("messages/stream", "calls/stream"):
            ask.routes.add(("GET", f"/_emulator/{path}"))
            stream = urllib.request.urlopen(f"{replicas.url}/_emulator/{path}", timeout=30)
            stack.enter_context(stream)
            assert stream.readline() == b": open\n"
    ask("POST", "clock", {"advance_seconds": 60})
    for noun in ("faults", "outcomes", "calls", "messages"):
        ask("DELETE", noun)
    ask("POST", "reset")
    assert ask("GET", "accounts")["total"] == 0
    for route in others(ask.routes):
        # The entries after an existing one.
        path = re.sub("<.*?>", "nothing", route.path.removeprefix("/_emulator/"))
        body = {} if route.method in {"POST", "PUT"} else None
        assert replicas.status(route.method, path, body) < HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.needs("clients")
def test_the_javascript_client(replicas):
    """The AWS SDK for JavaScript calls operations for 100 accounts, with pages."""
    root = Path(__file__).parent
    command = ["node", root / "accounts.mjs", replicas.url, root.parent.parent / ".clients"]
    finished = subprocess.run(
        [*map(str, command), *ACCOUNTS], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    found = json.loads(finished.stdout)

    assert list(found) == list(ACCOUNTS)
    assert {tuple(each["lists"]) for each in found.values()} == {
        ("Default", f"of-{account}") for account in ACCOUNTS
    }
    listed = {each["message_id"] for each in replicas.ask("GET", "messages")["messages"]}
    assert listed == {each["messageId"] for each in found.values()}
    assert places(replicas).keys() == set(ACCOUNTS)


def test_a_killed_replica_loses_nothing(replicas):
    """One of three replicas is killed under load and restarted: no acknowledged change is lost."""
    acknowledged: list[str] = []
    failures: list[Exception] = []
    enough = threading.Event()

    def load(account):
        try:
            client = replicas.client(account)
            for number in range(40):
                acknowledged.append(send(client, f"{account} {number}"))
                if len(acknowledged) > 100:
                    enough.set()
        except Exception as error:  # noqa: BLE001  told by the test
            failures.append(error)
            enough.set()

    for account in ACCOUNTS[:12]:
        send(replicas.client(account))
    assert set(places(replicas).values()) == {1, 2, 3}
    threads = [threading.Thread(target=load, args=[account]) for account in ACCOUNTS[:12]]
    for thread in threads:
        thread.start()
    assert enough.wait(120)
    replicas.kill(2)
    replicas.start(2)
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(acknowledged) == 12 * 40
    listed = {each["message_id"] for each in replicas.ask("GET", "messages")["messages"]}
    assert set(acknowledged) <= listed


def test_accounts_of_a_missing_replica_get_503(replicas):
    """While a replica is down its accounts get a 503 that clients retry.

    Other accounts are served.
    """
    for account in ACCOUNTS[:20]:
        replicas.client(account).create_opt_out_list(OptOutListName="Ours")
    at = places(replicas)
    away = next(account for account in ACCOUNTS if at[account] == 3)
    served_on = next(account for account in ACCOUNTS if at[account] != 3)
    replicas.kill(3)
    try:
        with pytest.raises(ClientError) as refused:
            replicas.client(away, config=ONCE).describe_opt_out_lists()
        assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert len(replicas.client(served_on).describe_opt_out_lists()["OptOutLists"]) == 2
        assert replicas.status("GET", "messages") in {502, 503}
    finally:
        replicas.start(3)
    assert len(replicas.client(away).describe_opt_out_lists()["OptOutLists"]) == 2


def test_a_cut_connection_reaches_the_client(replicas):
    """A fault that cuts the connection, after the change was made, is visible through the proxy."""
    client = replicas.client(ACCOUNTS[0], config=ONCE)
    replicas.ask("POST", "faults", {"operation": "*", "cut": True, "account_id": ACCOUNTS[0]})

    with pytest.raises(ConnectionClosedError):
        client.create_opt_out_list(OptOutListName="Cut")

    replicas.ask("DELETE", "faults")
    names = [each["OptOutListName"] for each in client.describe_opt_out_lists()["OptOutLists"]]
    assert names == ["Default", "Cut"]


def test_a_stream_through_the_proxy(replicas):
    """The page's stream has the messages of all accounts."""
    expected = set(ACCOUNTS[:9])
    stream = urllib.request.urlopen(f"{replicas.url}/_emulator/messages/stream", timeout=30)
    with stream:
        assert stream.readline() == b": open\n"
        for account in expected:
            send(replicas.client(account))
        seen = set()
        while seen != expected:
            line = stream.readline()
            if line.startswith(b"data: {"):
                seen.add(json.loads(line[6:])["account_id"])

    assert set(places(replicas).values()) == {1, 2, 3}


def test_waiting_through_the_proxy(replicas):
    """A client that waits for a message gets it, whichever account sends it."""
    answers: list[dict[str, object]] = []
    path = "messages/latest?wait_seconds=60"
    waiting = threading.Thread(target=lambda: answers.append(replicas.ask("GET", path)))
    waiting.start()
    sent = send(replicas.client(ACCOUNTS[1]))
    waiting.join()

    assert answers[0]["message_id"] == sent


def test_other_keys_are_mapped_to_accounts(tmp_path):
    """The third column of signing_keys, equal to accounts.map, maps a key to its account."""
    keys = tmp_path / "signing_keys"
    keys.write_text("# Teams.\n" + "".join(f"TEAM{a[-3:]} secret {a}\n" for a in ACCOUNTS[:12]))
    folder = tmp_path / "deploy"
    shutil.copytree(DEPLOY, folder)
    made = subprocess.run(
        ["awk", "!/^#/ && NF == 3 {print $1, $3}", keys], capture_output=True, text=True, check=True
    )
    (folder / "accounts.map").write_text(made.stdout)
    front, *ports = free_ports(4)
    variables = {f"REPLICA_{number}": f"127.0.0.1:{port}" for number, port in enumerate(ports, 1)}
    numbers = count()
    with ExitStack() as stack:
        replicas = Replicas(tmp_path, "--signing-keys", str(keys), ports=ports)
        stack.callback(lambda: [replicas.kill(number) for number in list(replicas.processes)])
        for number in (1, 2, 3):
            replicas.start(number)
        stack.enter_context(haproxy(folder, HAPROXY_BIND=f"127.0.0.1:{front}", **variables))
        replicas.url = f"http://127.0.0.1:{front}"
        wait_until_served(replicas.url)

        for account in ACCOUNTS[:12]:
            client = replicas.client(f"TEAM{account[-3:]}", "secret")
            client.create_opt_out_list(OptOutListName=f"List-{next(numbers)}")
            replicas.ask(
                "POST",
                "numbers",
                {"phone_number": f"+1206556{next(numbers):04}", "account_id": account},
            )

        assert places(replicas).keys() == set(ACCOUNTS[:12])
        assert set(places(replicas).values()) == {1, 2, 3}
