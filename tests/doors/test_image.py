"""The container image: its build, its process, and its health check."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from pinpoint_sms_emu import Emulator, Server
from tests.doors.serving import run

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("engine_runs", "build"),
    [(True, "docker build"), (False, "buildah build --format docker")],
)
def test_buildah_can_build_the_image(tmp_path, engine_runs, build):
    """A Docker client without an engine cannot build, so buildah does."""
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\nexit {0 if engine_runs else 1}\n")
    docker.chmod(0o755)

    listed = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "image", "BASE=mine:3.13", "IMAGE=sms:test"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )

    assert listed.stdout.strip() == f"{build} --build-arg BASE=mine:3.13 --tag sms:test ."


def instruction(name):
    """The words of an instruction of the Dockerfile, which has it once."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(name)]
    return json.loads(line[line.index("[") :])


def test_the_image_has_every_command():
    """The entry point is the command; `serve` is only the default."""
    assert instruction("ENTRYPOINT") == ["pinpoint-sms-emu"]
    assert instruction("CMD") == ["serve"]


def test_the_image_knows_whether_it_is_healthy():
    """The health check is the product's own, at the port in the variables."""
    program, *arguments = instruction("HEALTHCHECK")
    assert program == "pinpoint-sms-emu"
    with Server(Emulator()) as server:
        assert run(*arguments, PINPOINT_SMS_EMU_PORT=str(server.port)).returncode == 0
        assert run(*arguments, PINPOINT_SMS_EMU_URL=server.url).returncode == 0
        taken = str(server.port)
    gone = run(*arguments, PINPOINT_SMS_EMU_PORT=taken)
    assert gone.returncode == 1
    assert "Traceback" not in gone.stderr
