"""The image is built and run: healthy, without rights, and gone within a second."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import closing
from pathlib import Path

import boto3
import pytest

from tests.doors.container.containers import BASE, IMAGE, ROOT
from tests.doors.serving import Connection, call, control, make_client

pytestmark = [pytest.mark.needs("container"), pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def container(engine):
    """A container that is healthy: its name, and its port."""
    with engine.container() as (name, port):
        yield name, port


def stop(engine, name) -> tuple[str, float]:
    """Send SIGTERM to its first process, as engines do; how it ended, and after how long."""
    process = int(engine.inspect(name, "{{.State.Pid}}"))
    started = time.monotonic()
    os.kill(process, signal.SIGTERM)
    while Path(f"/proc/{process}").exists():
        time.sleep(0.005)
    seconds = time.monotonic() - started
    return engine.run("podman", "wait", name).stdout.strip(), seconds


def test_it_has_no_rights(engine, container):
    """Its processes are of a user who owns nothing, and the root file system is read-only."""
    name, _ = container

    assert engine.run("podman", "exec", name, "id", "-u").stdout.strip() == "10001"
    assert engine.inspect(name, "{{.HostConfig.ReadonlyRootfs}}") == "true"
    assert engine.run("podman", "exec", name, "touch", "/x", check=False).returncode != 0


def test_it_is_healthy_until_it_is_not(engine, container):
    """The image's own health check says whether the server answers."""
    name, _ = container

    assert engine.inspect(name, "{{.State.Healthcheck.Status}}") == "healthy"
    check = json.loads(engine.inspect(IMAGE, "{{json .HealthCheck.Test}}"))
    asked_elsewhere = engine.run(
        *("podman", "exec", "--env", "PINPOINT_SMS_EMU_PORT=9", name, *check[1:]), check=False
    )
    assert asked_elsewhere.returncode == 1


def test_it_sends_a_text(container):
    """boto3 leases a number from the container and sends a text."""
    _, port = container
    with closing(make_client(f"http://127.0.0.1:{port}")) as sms:
        number = sms.request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )
        sent = sms.send_text_message(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity=number["PhoneNumberId"],
            MessageBody="Hello from a container",
        )

    assert sent["MessageId"]


def test_it_ends_within_a_second(engine):
    """SIGTERM ends it with status 0, within a second, and its announcement is in the log."""
    with engine.container() as (name, port):
        status, seconds = stop(engine, name)

        assert status == "0"
        assert seconds < 1
        assert f"Listening on http://127.0.0.1:{port}" in engine.run("podman", "logs", name).stdout


def test_it_ends_within_a_second_amid_work(engine):
    """A stream, a call that is delayed and half a request do not keep it from ending in time."""
    with engine.container() as (name, port):
        with Connection(port) as asking:
            fault = b'{"operation": "DescribePools", "delay_seconds": 30}'
            asking.send(control("POST", "/_emulator/faults", fault))
            assert asking.answer()[0] == 200
        with Connection(port) as stream, Connection(port) as delayed, Connection(port) as slow:
            stream.send(control("GET", "/_emulator/messages/stream"))
            assert stream.stream.readline().startswith(b"HTTP/1.1 200")
            delayed.send(call("DescribePools"))
            slow.send(call("DescribePools")[:-1])
            time.sleep(0.3)

            status, seconds = stop(engine, name)

            assert status == "0"
            assert seconds < 1


def test_it_answers_for_all_of_aws_with_moto(engine):
    """An image with the extra has what moto needs: SQS is at the same URL."""
    image = f"{IMAGE}-moto"
    engine.run(
        *("buildah", "build", "--format", "docker", "--build-arg", f"BASE={BASE}"),
        *("--build-arg", "EXTRA=moto", "--tag", image, str(ROOT)),
    )
    with (
        engine.container(image=image, command=("serve", "--with-moto")) as (_, port),
        closing(
            boto3.client(
                "sqs",
                endpoint_url=f"http://127.0.0.1:{port}",
                region_name="us-east-1",
                aws_access_key_id="123456789012",
                aws_secret_access_key="any",
            )
        ) as sqs,
    ):
        assert sqs.create_queue(QueueName="texts")["QueueUrl"].endswith("/123456789012/texts")


def test_it_is_small(engine):
    """What the image adds to its base is less than 60 MB."""
    base = int(engine.inspect("localhost/python-base:3.13", "{{.Size}}"))

    assert int(engine.inspect(IMAGE, "{{.Size}}")) - base < 60_000_000


def test_it_listens_everywhere(engine):
    """Inside a container, loopback would reach nobody: the image listens on every address."""
    variables = json.loads(engine.inspect(IMAGE, "{{json .Config.Env}}"))

    assert "PINPOINT_SMS_EMU_HOST=0.0.0.0" in variables
    assert "PINPOINT_SMS_EMU_PORT=7670" in variables


def test_nothing_else_is_in_it(engine):
    """Neither tests nor build tools are in the image."""
    tools = "! ls /app/bin | grep -E 'pip|pytest|ruff' && ! ls -d /source /wheels /app/tests"
    listed = engine.run("podman", "run", "--rm", "--entrypoint", "sh", IMAGE, "-c", tools)

    assert listed.stdout == ""
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
