"""A server with a data folder is killed repeatedly under load: no answered change is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.doors.serving import AUTHORIZATION, COMMAND, environment

SOAK = bool(os.environ.get("SOAK"))
# In each folder, the server is killed several times: with more data, a restart takes longer.
FOLDERS = 6 if SOAK else 1
KILLS = 50 if SOAK else 20
CLIENTS = 6
SENT_FROM, SENT_TO = "+12065550100", "+14255550123"


class Client(threading.Thread):
    """Creates lists and sends messages until the server is gone, and records the answers."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.prefix = name
        self.lists: set[str] = set()
        self.gone: set[str] = set()
        self.messages: set[str] = set()
        self.trouble: list[str] = []

    def run(self) -> None:
        """Continue until a request is not answered."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            for turn in range(100_000):
                self.work(connection, f"{self.prefix}-{turn}")
        except (OSError, HTTPException, json.JSONDecodeError):
            return  # the result of the last request is unknown
        finally:
            connection.close()

    def work(self, connection: HTTPConnection, name: str) -> None:
        """Create a list, sometimes delete it, send a message."""
        made = call(connection, "CreateOptOutList", OptOutListName=name)
        self.must(made, "OptOutListName")
        self.lists.add(name)
        sent = call(
            connection,
            "SendTextMessage",
            DestinationPhoneNumber=SENT_TO,
            OriginationIdentity=SENT_FROM,
            MessageBody=name,
        )
        self.messages.add(self.must(sent, "MessageId"))
        if name.endswith(("3", "7")):
            # Until this is answered, the result is uncertain; then it is gone.
            self.lists.discard(name)
            self.must(call(connection, "DeleteOptOutList", OptOutListName=name), "OptOutListName")
            self.gone.add(name)

    def must(self, answer: dict[str, str], member: str) -> str:
        """Return the body of an answer, which must be a success."""
        if member not in answer:
            self.trouble.append(str(answer))
        return answer.get(member, "")


def call(connection: HTTPConnection, operation: str, **members: object) -> dict[str, str]:
    """Call an operation on a persistent connection."""
    headers = {
        "X-Amz-Target": f"PinpointSMSVoiceV2.{operation}",
        "Content-Type": "application/x-amz-json-1.0",
        "Authorization": AUTHORIZATION,
    }
    connection.request("POST", "/", json.dumps(members), headers)
    with connection.getresponse() as response:
        answer: dict[str, str] = json.loads(response.read())
    return answer


def ask(port: int, method: str, path: str, body: object = None) -> Any:
    """Send a request to the control plane."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    assert response.status == 200, answer
    return answer


# The command line, with a data folder that is compacted all the time.
COMPACTING = """
import sys
from pinpoint_sms_emu.doors.command_line.main import main
from pinpoint_sms_emu.persistence import data_folder
data_folder.MIN_BYTES = 20_000
data_folder.DataFolder._state_bytes = property(lambda _self: 0, lambda _self, _size: None)
sys.exit(main())
"""


def start(folder: Path, *, is_compacting: bool = False) -> tuple[subprocess.Popen[str], int]:
    """Start the server in a process group, so that all its processes can be killed at once."""
    command = (sys.executable, "-c", COMPACTING) if is_compacting else COMMAND
    process = subprocess.Popen(
        [
            *(*command, "serve", "--port", "0", "--log-level", "error"),
            *("--data-dir", str(folder), "--quotas", "OPT_OUT_LISTS_PER_ACCOUNT=1000000"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    assert process.stdout is not None
    announced = process.stdout.readline().strip()
    assert announced.startswith("Listening on "), "it must start again after every kill"
    return process, int(announced.rpartition(":")[2])


def kill_all(process: subprocess.Popen[str]) -> None:
    """Kill the server and its worker."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


@pytest.mark.timeout(KILLS * 30)
@pytest.mark.parametrize("is_compacting", [False, True])
@pytest.mark.parametrize("seed", range(FOLDERS))
def test_nothing_answered_is_lost(
    tmp_path: Path, tell: Callable[[str], None], *, seed: int, is_compacting: bool
):
    """After kill -9 at any moment, all answered changes exist, and no deleted list is back."""
    random_source = random.Random(seed)
    process, port = start(tmp_path, is_compacting=is_compacting)
    ask(port, "POST", "/_emulator/numbers", {"phone_number": SENT_FROM})
    lists: set[str] = set()
    gone: set[str] = set()
    messages: set[str] = set()
    try:
        for round_ in range(KILLS):
            clients = [Client(port, f"{round_}-{number}") for number in range(CLIENTS)]
            for client in clients:
                client.start()
            time.sleep(random_source.uniform(0.01, 0.3))
            kill_all(process)
            for client in clients:
                client.join(30)
                assert not client.is_alive()
                assert client.trouble == []
                lists |= client.lists
                gone |= client.gone
                messages |= client.messages

            process, port = start(tmp_path, is_compacting=is_compacting)
            state = ask(port, "GET", "/_emulator/state")
            there = {each["id"] for each in state["accounts"][0]["opt_out_lists"]}
            kept = {each["id"] for each in state["messages"]["kept"]}

            assert lists <= there
            assert not gone & there
            assert messages <= kept
            if round_ % 10 == 9:
                tell(f"{round_ + 1} kills, {len(lists) + len(messages)} things kept")
    finally:
        kill_all(process)
    assert len(messages) > KILLS, "the clients must have had time to do something"
