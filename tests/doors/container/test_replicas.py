"""deploy/compose.yaml runs: three replicas from the image, with volumes, behind HAProxy."""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tests.deploy.replicas import DEPLOY, RETRIES, free_ports
from tests.doors.container.containers import IMAGE, RELEASE, Engine, debian_mirror
from tests.doors.container.test_compose import wait_for

pytestmark = [pytest.mark.needs("container"), pytest.mark.timeout(900)]

HAPROXY = "localhost/haproxy:test"
ACCOUNTS = tuple(f"{5_000_000_000 + number * 7:012d}" for number in range(20))


@pytest.fixture(scope="module")
def proxy_image(engine: Engine) -> str:
    """An image of Debian's HAProxy, in place of the one that its makers publish."""
    if engine.run("podman", "image", "exists", HAPROXY, check=False).returncode:
        archive = engine.folder / "haproxy.tar"
        engine.run(
            *("mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", "--include=haproxy"),
            *('--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/usr/share/doc/*',),
            *(RELEASE, str(archive), *debian_mirror()),
        )
        engine.run("podman", "import", "-q", str(archive), HAPROXY)
        archive.unlink()
    return HAPROXY


def on_loopback(front: int, ports: list[int]) -> str:
    """What makes all of them use the machine's own network: no bridge is needed for a test."""
    peers = ",".join(f"http://127.0.0.1:{port}" for port in ports)
    services = {
        f"replica-{number}": {
            "network_mode": "host",
            "environment": {
                "PINPOINT_SMS_EMU_HOST": "127.0.0.1",
                "PINPOINT_SMS_EMU_PORT": str(port),
                "PINPOINT_SMS_EMU_PEERS": peers,
            },
        }
        for number, port in enumerate(ports, start=1)
    }
    addresses = {f"REPLICA_{number}": f"127.0.0.1:{port}" for number, port in enumerate(ports, 1)}
    services["proxy"] = {
        "network_mode": "host",
        "environment": {"HAPROXY_BIND": f"127.0.0.1:{front}", **addresses},
    }
    return json.dumps({"services": services})


@pytest.fixture(scope="module")
def composed(engine: Engine, proxy_image: str) -> Iterator[tuple[str, str]]:
    """What compose starts: its name, and where the proxy answers."""
    front, *ports = free_ports(4)
    override = engine.folder / "replicas.yaml"
    override.write_text(on_loopback(front, ports))
    name = f"replicas-{front}"
    compose = (
        *("env", f"PINPOINT_SMS_EMU_IMAGE={IMAGE}", f"HAPROXY_IMAGE={proxy_image}"),
        f"PINPOINT_SMS_EMU_PORT={front}",
        str(Path(sys.executable).with_name("podman-compose")),
        *("--project-name", name),
        *("--file", str(DEPLOY / "compose.yaml"), "--file", str(override)),
    )
    engine.run(*compose, "up", "--detach", "--no-build")
    try:
        for port in ports:
            wait_for(f"http://127.0.0.1:{port}/_emulator/health")
        wait_for(f"http://127.0.0.1:{front}/_proxy/health")
        yield name, f"http://127.0.0.1:{front}"
    finally:
        engine.run(*compose, "down", "--volumes", "--timeout", "1")


def make_client(url: str, account: str):
    """A client of an account, which repeats what a restart interrupts."""
    return boto3.client(
        "pinpoint-sms-voice-v2",
        "us-east-1",
        endpoint_url=url,
        aws_access_key_id=account,
        aws_secret_access_key="any",
        config=RETRIES,
    )


def lists_at(url: str) -> int:
    """How many accounts have a list of their own."""
    with urllib.request.urlopen(f"{url}/_emulator/accounts", timeout=30) as answer:
        accounts = json.load(answer)["accounts"]
    return sum(each["resources"]["opt-out-list"] == 2 for each in accounts)


def test_compose_serves_all_accounts_and_keeps_them(engine, composed):
    """Accounts are spread over the replicas, and each keeps what it has when it is restarted."""
    name, url = composed
    for account in ACCOUNTS:
        make_client(url, account).create_opt_out_list(OptOutListName="Ours")
    assert lists_at(url) == len(ACCOUNTS)

    engine.run("podman", "restart", "--time", "1", f"{name}_replica-2_1")

    for account in ACCOUNTS:
        lists = make_client(url, account).describe_opt_out_lists()["OptOutLists"]
        assert [each["OptOutListName"] for each in lists] == ["Default", "Ours"]
    assert lists_at(url) == len(ACCOUNTS)
