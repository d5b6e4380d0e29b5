"""Measures three replicas behind HAProxy on this machine: what the simulation must reproduce.

The processor time of each process, at one replica, is the input of the simulation; the run of all
three is what it is compared with. All of it has priority over whatever else the machine does.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.clients import SERVICE, bare_environment
from benchmarks.fleet import Sender, senders
from benchmarks.processes import Captured, capture

DEPLOY = Path(__file__).parent.parent / "deploy"
FRONT, *PORTS = 7670, 7671, 7672, 7673
PEERS = ",".join(f"http://127.0.0.1:{port}" for port in PORTS)
CONNECTIONS = 24
SECONDS = 3
ROUNDS = 3
PERSON = "+447700900100"


@contextmanager
def _process(*command: str, ready: str | None = None) -> Iterator[int]:
    with subprocess.Popen(  # noqa: S603  of our own
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            if ready and not next(iter(process.stdout or ())).startswith(ready):
                raise RuntimeError(" ".join(command))
            yield process.pid
        finally:
            process.kill()


def _seconds_of(pid: int) -> float:
    """The processor time of a process until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _sent(port: int) -> int:
    """How many messages a replica has had."""
    url = f"http://127.0.0.1:{port}/_emulator/messages?limit=0&here=true"
    with urllib.request.urlopen(url) as answer:
        found = json.load(answer)
    return int(found["total"] + found["forgotten"])


def _wrk(port: int, chosen: Sequence[int]) -> tuple[float, int, float]:
    """Send for a while for the accounts at these replicas: rate, calls, own seconds."""
    sending = [each for each in senders() if each.replica in chosen]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_lua(sending, _send()))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = subprocess.check_output(  # noqa: S603  of our own
            [*command, "-s", script.name, f"http://127.0.0.1:{port}/"], text=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if "Non-2xx" in told:
        raise RuntimeError(told)
    [rate] = re.findall(r"Requests/sec: +([\d.]+)", told)
    [calls] = re.findall(r"(\d+) requests in", told)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return float(rate), int(calls), own


def _send() -> Captured:
    return capture(SERVICE, "send_text_message", DestinationPhoneNumber=PERSON, MessageBody="Hello")


def _lua(sending: Sequence[Sender], request: Captured) -> str:
    """A script that chooses an account at random for each call."""
    authorization = request.headers["Authorization"]
    total = sum(each.share for each in sending)
    reached, choices = 0.0, []
    for each in sending:
        reached += each.share / total
        signed = re.sub("Credential=[^/]*", f"Credential={each.account_id}", authorization)
        choices.append(f"  {{{reached!r}, [==[{signed}]==]}},")
    headers = [
        f"wrk.headers[ [==[{name}]==] ] = [==[{value}]==]"
        for name, value in request.headers.items()
    ]
    return "\n".join(
        [
            'wrk.method = "POST"',
            f"wrk.body = [==[{request.body.decode()}]==]",
            *headers,
            "choices = {",
            *choices,
            "}",
            "function request()",
            "  local drawn = math.random()",
            "  for _, choice in ipairs(choices) do",
            "    if drawn <= choice[1] then",
            '      wrk.headers["Authorization"] = choice[2]',
            "      return wrk.format()",
            "    end",
            "  end",
            "end",
        ]
    )


def measure() -> dict[str, object]:
    """Measure one replica, the proxy in front of it, and all three."""
    for program in ("wrk", "haproxy"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: apt-get install {program}")
    bare_environment()
    # Inherited by all that is started: nothing else of the machine comes between.
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    rounds = []
    for _ in range(ROUNDS):
        with ExitStack() as stack:
            pids = [
                stack.enter_context(
                    _process(
                        *(sys.executable, "-m", "pinpoint_sms_emu", "serve"),
                        *("--port", str(port), "--log-level", "warning"),
                        *("--replica", f"{number}/3", "--peers", PEERS),
                        ready="Listening on",
                    )
                )
                for number, port in enumerate(PORTS, start=1)
            ]
            proxy = stack.enter_context(
                _process("haproxy", "-db", "-f", str(DEPLOY / "haproxy.cfg"))
            )
            time.sleep(1)
            rounds.append(_round(pids, proxy))
    middle = sorted(rounds, key=lambda each: each["three"]["rate"])[ROUNDS // 2]
    return {"cores": os.cpu_count(), "connections": CONNECTIONS, **middle, "rounds": rounds}


def _round(pids: Sequence[int], proxy: int) -> dict[str, dict[str, object]]:
    before = {"replica": _seconds_of(pids[0]), "proxy": _seconds_of(proxy)}
    rate, calls, client = _wrk(FRONT, [1])
    alone = {"rate": rate}
    seconds = {
        "replica": (_seconds_of(pids[0]) - before["replica"]) / calls,
        "proxy": (_seconds_of(proxy) - before["proxy"]) / calls,
        "client": client / calls,
    }
    former = [_sent(port) for port in PORTS]
    rate, _, _ = _wrk(FRONT, [1, 2, 3])
    parts = [_sent(port) - before for port, before in zip(PORTS, former, strict=True)]
    shares = [part / sum(parts) for part in parts]
    return {
        "seconds": seconds,
        "alone": alone,
        "three": {"rate": rate, "shares": shares},
    }
