"""Three replicas answer as one: lists are merged, and some requests go to all replicas."""

from __future__ import annotations

import http.server
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import boto3
import pytest

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.control import arguments, fleet
from pinpoint_sms_emu.control.calls import stream_calls
from pinpoint_sms_emu.control.merging import listing_of
from pinpoint_sms_emu.control.messages import latest_message, stream_messages
from pinpoint_sms_emu.control.peers import ANSWER_SECONDS, Peer
from pinpoint_sms_emu.control.route import Span
from pinpoint_sms_emu.control.routes import ROUTES
from tests.control.http import Control
from tests.deploy.replicas import free_ports

ACCOUNTS = ("111111111111", "222222222222", "333333333333")
PERSON = "+447700900100"


class Replicas:
    """Three replicas, each on a thread; account K is at the K-th."""

    def __init__(self, **settings) -> None:
        ports = free_ports(3)
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.servers = [
            Server(Emulator(replica=f"{number}/3", peers=self.urls, **settings), port=port)
            for number, port in enumerate(ports, start=1)
        ]
        self.clients = {}
        self.controls = [Control(url) for url in self.urls]

    def client(self, number):
        """A client of the K-th account, at the K-th replica."""
        if number not in self.clients:
            self.clients[number] = self._make_client(number)
        return self.clients[number]

    def _make_client(self, number):
        return boto3.client(
            "pinpoint-sms-voice-v2",
            endpoint_url=self.urls[number - 1],
            region_name="us-east-1",
            aws_access_key_id=ACCOUNTS[number - 1],
            aws_secret_access_key="secret",
        )

    def send(self, number, body="Hi"):
        """A text of the K-th account; returns its id."""
        sent = self.client(number).send_text_message(
            DestinationPhoneNumber=PERSON, MessageBody=body
        )
        return sent["MessageId"]


@pytest.fixture
def replicas() -> Iterator[Replicas]:
    """Three replicas that answer."""
    made = Replicas()
    with ExitStack() as stack:
        for server in made.servers:
            stack.enter_context(server)
        yield made


@pytest.fixture
def control(replicas: Replicas) -> Control:
    """The control plane of the first."""
    return replicas.controls[0]


def accounts_of(answer, name="messages"):
    """The accounts of a listing, in its order."""
    return [each["account_id"] for each in answer.json[name]]


# Routes and replicas.


@pytest.mark.parametrize(
    "path",
    [
        each.path
        for each in ROUTES
        if each.span is Span.MERGED and each.answers_with != "text/event-stream"
    ],
)
def test_every_merged_route_is_merged(replicas, path):
    """A request without an account has a part from each replica, whichever is asked."""
    for number in (1, 2, 3):
        replicas.send(number)

    answers = [each.get(path) for each in replicas.controls]

    assert {each.status for each in answers} == {200}
    assert answers[0].text == answers[1].text == answers[2].text


def test_every_route_says_which_replicas_it_concerns():
    """Routes about accounts or their entries do not concern only one replica."""
    silent = [
        each.path
        for each in ROUTES
        if each.span is Span.HERE
        and ("account_id" in arguments.parameters(each.function) or "<" in each.path)
    ]

    assert silent == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda each: f"{each.method} {each.path}")
def test_merged_listings_are_known(route):
    """Each merged listing has its way of merging, except streams and the latest message."""
    if route.span is Span.MERGED and route.function not in {
        stream_messages,
        stream_calls,
        latest_message,
    }:
        assert listing_of(route.function, {}).name


@pytest.mark.parametrize(("path", "entries"), [("messages", "messages"), ("calls", "calls")])
def test_lists_are_in_order(replicas, control, path, entries):
    """Entries stand in the order they were made, whoever has them; `here` asks one alone."""
    for number in (2, 3, 1, 2):
        replicas.send(number)
    of = [ACCOUNTS[number - 1] for number in (2, 3, 1, 2)]

    merged = control.get(f"/_emulator/{path}")

    assert accounts_of(merged, entries) == of
    assert merged.json["total"] == 4
    assert accounts_of(control.get(f"/_emulator/{path}", here="true"), entries) == [ACCOUNTS[0]]
    second = control.get(f"/_emulator/{path}", account_id=ACCOUNTS[1])
    assert accounts_of(second, entries) == [ACCOUNTS[1]] * 2


@pytest.mark.parametrize(
    ("path", "entries", "id"),
    [("messages", "messages", "message_id"), ("calls", "calls", "request_id")],
)
@pytest.mark.parametrize("query", [0, 1], ids=["same", "other"])
def test_pages(replicas, path, entries, id, query):
    """Page after page gives every entry once, also where another replica is asked for the next."""
    for number in (2, 3, 1, 2, 1):
        replicas.send(number)
    whole = [each[id] for each in replicas.controls[0].get(f"/_emulator/{path}").json[entries]]

    found, totals, more = [], [], {}
    while True:
        page = replicas.controls[query * (len(found) % 3)].get(
            f"/_emulator/{path}", limit=2, **more
        )
        found += [each[id] for each in page.json[entries]]
        totals.append(page.json["total"])
        if len(page.json[entries]) < 2:
            break
        more = {"after": found[-1]}

    assert found == whole
    assert totals == [5, 3, 1]


def test_the_next_page_after_an_entry_was_removed(replicas, control):
    """A page begins where the one before ended, also if another replica's entry has gone since."""
    first, second, third = replicas.send(1), replicas.send(2), replicas.send(3)
    assert len(control.get("/_emulator/messages", limit=2).json["messages"]) == 2
    replicas.controls[0].delete("/_emulator/messages?here=true")

    [left] = control.get("/_emulator/messages", limit=2, after=second).json["messages"]

    assert left["message_id"] == third
    assert control.get("/_emulator/messages", limit=2, after=first).status == 404


def test_newest_first(replicas, control):
    """The order can be turned around."""
    for number in (2, 3, 1):
        replicas.send(number)

    newest = control.get("/_emulator/messages", order="newest", limit=2)

    assert accounts_of(newest) == [ACCOUNTS[0], ACCOUNTS[2]]


def test_formats(replicas, control):
    """A merged listing can be CSV or lines of JSON."""
    replicas.send(2)
    replicas.send(3)

    assert len(control.get("/_emulator/messages", format="csv").text.splitlines()) == 3
    assert len(control.get("/_emulator/messages", format="jsonl").text.splitlines()) == 2
    records = control.get("/_emulator/calls", **{"as": "cloudtrail"}).json["Records"]
    assert [each["eventName"] for each in records] == ["SendTextMessage"] * 2


def test_a_report_is_added_up(replicas, control):
    """Rows of the same day, country, channel and type of number become one."""
    for number in (1, 2, 3):
        replicas.send(number)

    report = control.get("/_emulator/report").json

    [row] = report["rows"]
    assert row["messages"] == report["total"]["messages"] == 3
    assert row["price"] == report["total"]["price"] == pytest.approx(0.12)


def test_one_entry_is_found(replicas, control):
    """A message, a call and the latest message are found wherever they are."""
    replicas.send(1)
    sent = replicas.send(3, "Latest")
    request_id = control.get("/_emulator/calls").json["calls"][-1]["request_id"]

    assert control.get(f"/_emulator/messages/{sent}").json["body"] == "Latest"
    assert control.get(f"/_emulator/calls/{request_id}").json["account_id"] == ACCOUNTS[2]
    assert control.get("/_emulator/messages/latest").json["message_id"] == sent
    assert control.get("/_emulator/messages/unknown").status == 404
    assert control.get("/_emulator/messages/latest", recipient="+19").status == 404


def test_the_file_of_a_message(replicas, control, monkeypatch):
    """A file comes from the replica that has the message, with the headers that make it safe."""
    sent = replicas.send(3)
    file = SimpleNamespace(content=b"\x89PNG\xff", content_type="image/png")
    monkeypatch.setattr(replicas.servers[2].emulator, "read_media", lambda *_given: file)

    with control.opened("GET", f"/_emulator/messages/{sent}/media") as answer:
        assert answer.read() == file.content
        assert answer.headers["Content-Type"] == "image/png"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_message_without_files(replicas, control, number):
    """The replica that has the message says what it lacks; no other says there is no message."""
    sent = replicas.send(number)

    media = control.get(f"/_emulator/messages/{sent}/media")
    unknown = control.get("/_emulator/messages/unknown/media")

    assert (media.status, media.error) == (404, f"the message {sent} has no files")
    assert (unknown.status, unknown.error[:24]) == (404, "there is no message unkn")


def test_opt_outs_of_all(replicas, control):
    """Who has opted out is listed of all replicas."""
    for number in (1, 3):
        replicas.client(number).put_opted_out_number(
            OptOutListName="Default", OptedOutNumber="+14255550100"
        )

    listed = control.get("/_emulator/opt-outs")

    assert accounts_of(listed, "opt_outs") == [ACCOUNTS[0], ACCOUNTS[2]]


# Waiting and watching.


@pytest.mark.parametrize("path", ["messages", "messages/latest"])
def test_waiting_for_a_message_of_another_replica(replicas, control, path):
    """Whoever waits gets the first message, wherever it is sent."""
    answers = []
    waiting = threading.Thread(
        target=lambda: answers.append(control.get(f"/_emulator/{path}", wait_seconds=20))
    )
    waiting.start()
    sent = replicas.send(3)
    waiting.join()

    [answer] = answers
    assert answer.status == 200, answer.error
    message = answer.json["messages"][0] if path == "messages" else answer.json
    assert message["message_id"] == sent


@pytest.mark.parametrize("path", ["messages", "messages/latest"])
def test_wait_seconds_must_not_be_negative(replicas, control, path):
    """A wrong `wait_seconds` is refused even if nothing is waited for."""
    replicas.send(1)

    assert control.get(f"/_emulator/{path}", wait_seconds=-1).status == 400


def test_waiting_until_the_timeout(control):
    """After the timeout, the command says that there are no messages."""
    assert control.get("/_emulator/messages", wait_seconds=0.1).json["total"] == 0
    assert control.get("/_emulator/messages/latest", wait_seconds=0.1).status == 404


@pytest.mark.parametrize("path", ["messages/stream", "calls/stream"])
def test_streams(replicas, control, path):
    """A stream has the events of all replicas, each once; it ends when one of them ends."""
    with control.opened("GET", f"/_emulator/{path}") as stream:
        assert stream.readline() == b": open\n"
        for number in (3, 1, 2):
            replicas.send(number)
            data = next(line for line in iter(stream.readline, b"") if line.startswith(b"data"))
            assert [each for each in ACCOUNTS if each.encode() in data] == [ACCOUNTS[number - 1]]

        replicas.servers[1].stop()
        assert stream.read().strip() == b""

    assert control.get(f"/_emulator/{path}").status == 502


# Requests to all replicas.


def test_reset_reaches_all_replicas(replicas, control):
    """A reset applies to all replicas."""
    for number in (1, 2, 3):
        replicas.send(number)

    assert control.call("POST", "/_emulator/reset").status == 200

    assert control.get("/_emulator/messages").json["total"] == 0
    assert control.get("/_emulator/accounts").json["total"] == 0


@pytest.mark.parametrize(
    ("noun", "members"),
    [
        ("faults", {"operation": "SendTextMessage", "error": "ThrottlingException"}),
        ("outcomes", {"event": "TEXT_BLOCKED"}),
    ],
)
def test_faults_and_outcomes_are_added_to_all_replicas(replicas, control, noun, members):
    """A fault or an outcome has the same id on all replicas, is listed once, and cleared on all."""
    made = control.post(f"/_emulator/{noun}", **members).json

    for each in replicas.controls:
        listed = each.get(f"/_emulator/{noun}", here="true").json[noun]
        assert [entry["id"] for entry in listed] == [made["id"]]
    assert control.get(f"/_emulator/{noun}").json["total"] == 1

    # It was used up at one of them.
    replicas.controls[0].delete(f"/_emulator/{noun}/{made['id']}?here=true")
    assert control.delete(f"/_emulator/{noun}/{made['id']}").status == 200
    assert control.delete(f"/_emulator/{noun}/{made['id']}").status == 404
    assert control.get(f"/_emulator/{noun}").json["total"] == 0


def test_a_fault_for_an_account(replicas, control):
    """What names an account is arranged at the replica that has it."""
    replicas.send(3)

    control.post("/_emulator/faults", operation="*", delay_seconds=0.01, account_id=ACCOUNTS[2])

    there = [each.get("/_emulator/faults", here="true").json["total"] for each in replicas.controls]
    assert there == [0, 0, 1]


@pytest.mark.parametrize(
    "move", [{"advance_seconds": 3600}, {"freeze_at": "now"}, {"set_to": "2099-01-01T00:00:00Z"}]
)
def test_the_clock_is_the_same_everywhere(replicas, move):
    """The time moves at all replicas; one that stands is the same at all."""
    replicas.controls[0].post("/_emulator/clock", freeze_at="now")
    if "set_to" in move:
        replicas.controls[0].post("/_emulator/clock", resume=True)
    assert replicas.controls[1].post("/_emulator/clock", **move).status == 200

    clocks = [each.get("/_emulator/clock").json for each in replicas.controls]

    places = {each["now"] if each["frozen"] else each["now"][:10] for each in clocks}
    assert len(places) == 1


def test_clearing(replicas, control):
    """Messages and calls are removed everywhere, or of one account."""
    for number in (1, 2, 3):
        replicas.send(number)

    control.delete(f"/_emulator/messages?account_id={ACCOUNTS[2]}")
    assert accounts_of(control.get("/_emulator/messages")) == list(ACCOUNTS[:2])
    control.delete("/_emulator/messages?recipient=%2B447700900100")
    assert control.get("/_emulator/messages").json["total"] == 0
    control.delete("/_emulator/calls")
    assert control.get("/_emulator/calls").json["total"] == 0
    assert "needs account_id" in control.delete("/_emulator/messages?limit=1").error


# Requests to one replica.


def test_a_number_has_one_owner(replicas, control):
    """A number goes to the replica of its account, and no other can have it; texts find it."""
    replicas.send(2)

    added = control.post(
        "/_emulator/numbers", phone_number="+12065550142", account_id=ACCOUNTS[1]
    ).json
    again = replicas.controls[2].post("/_emulator/numbers", phone_number="12065550142")
    text = {"sender": "+14255550100", "recipient": "+12065550142", "body": "STOP"}
    received = replicas.controls[2].post("/_emulator/inbound", **text).json

    assert f"already exists, as {added['phone_number_id']} in account {ACCOUNTS[1]}" in again.error
    assert received["action"] == "OPT_OUT"
    message = control.get(f"/_emulator/messages/{received['message_id']}").json
    assert message["account_id"] == ACCOUNTS[1]
    assert control.post("/_emulator/inbound", **text | {"recipient": "+12065550199"}).status == 404


def test_a_new_account_is_made_where_it_is_asked_for(replicas):
    """The proxy has led an account that nobody has to the replica that is to have it."""
    replicas.controls[1].post(
        "/_emulator/numbers", phone_number="+12065550142", account_id=ACCOUNTS[2]
    )

    there = [each.get("/_emulator/accounts", here="true").json for each in replicas.controls]
    assert [each["total"] for each in there] == [0, 1, 0]


def test_documents_of_one_replica(replicas, control):
    """A seed file and a policy are those of an account; a state is asked for at each replica."""
    replicas.send(2)

    assert control.get("/_emulator/seed", account_id=ACCOUNTS[1]).text.startswith("# The resources")
    policy = control.get("/_emulator/policy", account_id=ACCOUNTS[1]).json
    assert policy["Statement"][0]["Action"] == ["sms-voice:SendTextMessage"]
    for path in ("seed", "policy", "state"):
        assert "each one with here=true" in control.get(f"/_emulator/{path}").error
    state = control.get("/_emulator/state", here="true").json
    assert control.put("/_emulator/state", state).status == 400
    assert control.put("/_emulator/state?here=true", state).status == 200


# Missing replicas, and access.


def test_a_replica_that_does_not_answer(replicas, control):
    """What needs it is refused in one sentence and changes nothing; the rest goes on."""
    replicas.send(1)
    replicas.servers[2].stop()

    for answer in (
        control.get("/_emulator/messages"),
        control.get("/_emulator/messages", account_id=ACCOUNTS[2]),
        control.get("/_emulator/messages/unknown"),
        control.call("POST", "/_emulator/reset"),
        control.delete("/_emulator/messages"),
        control.post("/_emulator/clock", advance_seconds=60),
    ):
        assert answer.status == 502
        assert answer.error.startswith(f"replica 3/3 at {replicas.urls[2]} does not answer (")
    assert control.get("/_emulator/clock").json["offset_seconds"] == 0
    assert control.get("/_emulator/messages", here="true").json["total"] == 1
    assert control.get("/_emulator/messages", account_id=ACCOUNTS[0]).json["total"] == 1


def test_wrong_requests_are_refused_before_replicas_are_called(control):
    """A wrong request is answered with 400, as by a single server."""
    assert control.get("/_emulator/messages", channel="smoke").status == 400
    assert control.get("/_emulator/messages", here="perhaps").error.startswith("here must be true")
    assert control.get("/_emulator/messages?here=true&here=true").error == "here is given twice"
    assert control.post("/_emulator/faults", operation="Nothing").status == 400


def test_peers_in_another_order():
    """Peers that are others than they should be are refused before anything is done."""
    made = Replicas()
    made.servers[0] = Server(
        Emulator(replica="1/3", peers=[made.urls[0], made.urls[2], made.urls[1]]),
        port=made.servers[0].port,
    )
    with made.servers[0], made.servers[1], made.servers[2]:
        answer = made.controls[0].call("POST", "/_emulator/reset")

    assert answer.status == 502
    assert answer.error in {
        f"peers has {made.urls[2]} as replica 2/3, but it is 3/3",
        f"peers has {made.urls[1]} as replica 3/3, but it is 2/3",
    }


def test_a_peer_that_refuses():
    """The sentence of a peer that refuses is passed on, with its status."""
    made = Replicas(access_token="open")
    made.servers[1] = Server(
        Emulator(replica="2/3", peers=made.urls, access_token="other"), port=made.servers[1].port
    )
    given = {"Authorization": "Bearer open"}
    with made.servers[0], made.servers[1], made.servers[2]:
        answer = made.controls[0].get("/_emulator/messages", headers=given)
        number = made.controls[0].get("/_emulator/seed", account_id=ACCOUNTS[2], headers=given)
        stream = made.controls[0].get("/_emulator/messages/stream", headers=given)

    assert answer.status == number.status == 401
    assert answer.error.startswith("replica 2/3: This emulator ")
    assert "access_token" in answer.error
    assert stream.status == 502


@pytest.mark.parametrize("status", [200, 500])
def test_a_peer_that_is_something_else(replicas, control, status):
    """What answers in a peer's place and is no emulator is a 502."""
    replicas.servers[2].stop()

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(status, "Not what you expect")

        def log_message(self, *_told: object) -> None:
            pass

    port = int(replicas.urls[2].rpartition(":")[2])
    with http.server.HTTPServer(("127.0.0.1", port), Page) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        answer = control.get("/_emulator/messages")
        other.shutdown()

    assert answer.status == 502
    assert f"does not answer (status {status})" in answer.error


@pytest.mark.parametrize("path", ["messages", "messages/stream", "calls/stream"])
def test_a_peer_that_never_answers(replicas, control, path, monkeypatch):
    """A peer that accepts the connection and says nothing is a 502, for streams as for lists."""
    replicas.servers[2].stop()

    def made(name, *rest):
        return Peer(name, *rest, answer_seconds=0.05 if name == "3/3" else ANSWER_SECONDS)

    monkeypatch.setattr(fleet, "Peer", made)
    port = int(replicas.urls[2].rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        answer = control.get(f"/_emulator/{path}")

    assert answer.status == 502
    assert answer.error.startswith(f"replica 3/3 at {replicas.urls[2]} does not answer (")


def test_the_access_token_is_passed_on():
    """The caller's token opens the peers as well."""
    made = Replicas(access_token="open")
    with made.servers[0], made.servers[1], made.servers[2]:
        given = {"Authorization": "Bearer open"}
        assert made.controls[0].get("/_emulator/messages", headers=given).status == 200
        assert made.controls[0].get("/_emulator/messages").status == 401


ALONE = """
import sys
from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.control.router import ControlRouter
request = {"REQUEST_METHOD": "GET", "PATH_INFO": "/_emulator/messages", "HTTP_HOST": "localhost"}
request |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
assert ControlRouter(Emulator()).answer(request, b"").status_code == 200
print(*(name for name in sys.modules if name.startswith("pinpoint_sms_emu.control")))
"""


def test_a_single_server_loads_no_fleet():
    """Who has no peers pays nothing for those who have."""
    loaded = subprocess.check_output([sys.executable, "-c", ALONE], text=True).split()

    assert "pinpoint_sms_emu.control.messages" in loaded
    needless = {"fleet", "merging", "merged_stream", "peers"}
    assert not needless & {name.rpartition(".")[2] for name in loaded}


def test_a_single_server_accepts_here(server):
    """Scripts work with one server and with several."""
    assert Control(server.url).get("/_emulator/messages", here="true").json["total"] == 0


@pytest.fixture
def server() -> Iterator[Server]:
    """One that has no peers."""
    with Server(Emulator()) as running:
        yield running
