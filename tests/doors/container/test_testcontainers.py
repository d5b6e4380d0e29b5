"""What the page about Testcontainers shows, in Python and JavaScript, run by podman."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import boto3
import pytest

from tests.doors.container.containers import IMAGE, ROOT, Engine

pytestmark = [pytest.mark.needs("testcontainers"), pytest.mark.timeout(900)]

EXAMPLES = ROOT / "docs" / "examples"


@contextmanager
def docker_socket(engine: Engine) -> Iterator[str]:
    """What Docker's clients talk to, answered by podman; containers have the usual network."""
    address = engine.folder / "testcontainers.sock"
    containers = Path(engine.variables["CONTAINERS_CONF"])
    bridged = engine.folder / "bridged.conf"
    bridged.write_text(containers.read_text().replace('netns = "host"\n', ""))
    with subprocess.Popen(
        ["podman", "system", "service", "--time", "0", f"unix://{address}"],
        env=os.environ | engine.variables | {"CONTAINERS_CONF": str(bridged)},
        stderr=subprocess.DEVNULL,
    ) as service:
        try:
            wait_for_socket = ["podman", "--remote", "--url", f"unix://{address}", "version"]
            for _ in range(100):
                if engine.run(*wait_for_socket, check=False).returncode == 0:
                    break
            yield f"unix://{address}"
        finally:
            service.terminate()


@pytest.fixture
def docker(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let testcontainers find podman, on a machine that may be a container itself."""
    with docker_socket(engine) as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        monkeypatch.setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
        monkeypatch.setenv("TESTCONTAINERS_CONNECTION_MODE", "docker_host")
        monkeypatch.setenv("TESTCONTAINERS_HOST_OVERRIDE", "localhost")
        yield


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_python(docker):
    """A test of a user's starts a container of its own, and sends a text."""
    SmsContainer = runpy.run_path(str(EXAMPLES / "sms_container.py"))["SmsContainer"]  # noqa: N806

    # [start:python]
    with SmsContainer(IMAGE) as sms:
        number = json.dumps({"phone_number": "+12065550100"}).encode()
        urlopen(Request(f"{sms.url}/_emulator/numbers", number)).close()

        client = boto3.client(
            "pinpoint-sms-voice-v2",
            endpoint_url=sms.url,
            region_name="us-east-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",
        )
        client.send_text_message(
            DestinationPhoneNumber="+14255550123",
            OriginationIdentity="+12065550100",
            MessageBody="Hello from a container",
        )

        with urlopen(f"{sms.url}/_emulator/messages") as answer:
            [message] = json.load(answer)["messages"]
        assert message["body"] == "Hello from a container"
    # [end:python]


@pytest.mark.needs("clients")
def test_javascript(docker, tmp_path):
    """The same in JavaScript, with testcontainers of npm."""
    for path in (EXAMPLES / "sms-container.mjs", Path(__file__).with_name("testcontainers.mjs")):
        shutil.copy(path, tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / ".clients" / "node_modules")

    ended = subprocess.run(
        ["node", "testcontainers.mjs"],
        cwd=tmp_path,
        env=os.environ | {"IMAGE": IMAGE},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ended.returncode == 0, ended.stderr
