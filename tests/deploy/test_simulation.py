"""The simulation of many replicas: accounts are assigned as by HAProxy, and a run is reproduced."""

from __future__ import annotations

import json
import urllib.request
from contextlib import ExitStack
from dataclasses import asdict

import numpy as np
import pytest

from benchmarks.fleet import MEASURED, Ring, hashes, reproduced, simulate, weights
from pinpoint_sms_emu import Emulator, Server
from tests.deploy.replicas import free_ports, haproxy, wait_until_served

SERVICES = np.random.default_rng(1).exponential(0.000_1, 1000)
WITHIN = 0.15


@pytest.fixture(scope="module")
def kept():
    """The last measurement and simulation."""
    return json.loads(MEASURED.read_text())


def test_the_measured_run_is_reproduced(kept):
    """Calls per second and each replica's share are within 15 % of the measurement."""
    measured = kept["measured"]

    run = reproduced(measured)

    assert run.rate == pytest.approx(measured["three"]["rate"], rel=WITHIN)
    assert run.shares == pytest.approx(measured["three"]["shares"], rel=WITHIN)


@pytest.mark.needs("haproxy")
def test_accounts_are_assigned_as_by_haproxy():
    """For any account, the simulated replica is the one that HAProxy chooses."""
    accounts = np.random.default_rng(1).integers(10**12, size=100)
    front, *ports = free_ports(4)
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    variables = {f"REPLICA_{number}": f"127.0.0.1:{port}" for number, port in enumerate(ports, 1)}
    with ExitStack() as stack:
        for number, port in enumerate(ports, start=1):
            emulator = Emulator(replica=f"{number}/3", peers=urls)
            stack.enter_context(Server(emulator, port=port))
        stack.enter_context(haproxy(HAPROXY_BIND=f"127.0.0.1:{front}", **variables))
        url = f"http://127.0.0.1:{front}"
        wait_until_served(url)
        chosen = [replica_of(url, int(account)) for account in accounts]

    assert chosen == list(Ring((1, 2, 3)).places(hashes(accounts)))


def replica_of(url: str, account: int) -> int:
    """The replica that answers for an account."""
    path = f"{url}/_emulator/health"
    signed = f"AWS4-HMAC-SHA256 Credential={account:012d}/20260101/us-east-1/sms-voice/aws4_request"
    request = urllib.request.Request(path, headers={"Authorization": signed})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return int(json.load(answer)["replica"].partition("/")[0])


def test_adding_a_replica_moves_only_its_share():
    """Accounts move only to the new replica, and about as many as its share."""
    of = hashes(np.arange(20_000))
    before, after = Ring(range(1, 10)).places(of), Ring(range(1, 11)).places(of)

    moved = before != after

    assert set(after[moved]) == {10}
    assert moved.mean() == pytest.approx(1 / 10, rel=0.1)


def test_one_replica_is_an_m_m_1_queue():
    """At half load, with exponential times, a call takes twice its service time (M/M/1)."""
    outcome = simulate(3, SERVICES, most=0.01)

    # The median of exponentially distributed times with this mean.
    assert outcome.p50 == pytest.approx(2 * SERVICES.mean() * 1000 * np.log(2), rel=0.15)


def test_the_shares_of_accounts():
    """The first account sends the most, none more than the limit, and all together everything."""
    assert list(weights(100)) == sorted(weights(100), reverse=True)
    assert weights(100).sum() == pytest.approx(1)
    limited = weights(1000, 0.01)
    assert limited.max() < weights(1000).max()


def test_the_stored_figures_are_reproducible(kept):
    """The stored figures equal those simulated now."""
    for name, most in (("without limit", float("inf")), ("at most 10 % of a replica", 0.1)):
        kept_of_ten = next(each for each in kept["tables"][name] if each["replicas"] == 10)
        services = np.random.default_rng(7).exponential(
            kept["measured"]["seconds"]["replica"], 10_000
        )

        assert asdict(simulate(10, services, most)) == pytest.approx(kept_of_ten)
