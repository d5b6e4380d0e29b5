"""The documentation's tests for other languages pass with their own test runners."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from pinpoint_sms_emu import Server

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"
CLIENTS = ROOT / ".clients"
MODULES = CLIENTS / "node_modules"

pytestmark = [pytest.mark.needs("clients"), pytest.mark.timeout(600)]


@pytest.fixture
def project(tmp_path):
    """An empty JavaScript project with the packages installed."""
    (tmp_path / "node_modules").symlink_to(MODULES)
    (tmp_path / "package.json").write_text('{"private": true}')
    return tmp_path


@pytest.fixture
def run(emulator, tmp_path):
    """Run a command with the documented environment."""
    with Server(emulator) as server:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": server.url,
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            "AWS_REGION": "us-east-1",
        }

        def run(*command, **further):
            done = subprocess.run(
                list(map(str, command)),
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
                env=environment | further,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout + done.stderr

        yield run


def copy(project, *files):
    """Copy examples into a project."""
    for file in files:
        shutil.copy(EXAMPLES / file, project)


def test_vitest(project, run):
    """The application and its two tests for Vitest."""
    copy(project, "javascript/send-code.mjs", "javascript/send-code.test.mjs")

    assert "2 passed" in run(MODULES / ".bin/vitest", "run", "--no-color")


def test_jest(project, run):
    """The test for Jest."""
    copy(project, "javascript/send-code.test.js")

    assert "1 passed" in run(MODULES / ".bin/jest")


def test_go(run):
    """tests/clients/install compiles the test."""
    passed = run(CLIENTS / "send_code_test", "-test.v")

    assert passed.count("--- PASS") == 2


@pytest.mark.needs("browser")
def test_playwright(project, run):
    """The browser test of a sign-in page reads the code from the emulator."""
    copy(project, *(f"playwright/{file.name}" for file in (EXAMPLES / "playwright").iterdir()))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    passed = run(
        MODULES / ".bin/playwright",
        "test",
        PORT=str(port),
        CHROMIUM=shutil.which("chromium"),
    )

    assert "1 passed" in passed


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (
            (EXAMPLES / "main.tf").read_text(),
            {
                "unformatted": [],
                "syntax": [],
                "resources": [
                    "aws_pinpointsmsvoicev2_configuration_set.marketing",
                    "aws_pinpointsmsvoicev2_opt_out_list.marketing",
                    "aws_pinpointsmsvoicev2_phone_number.marketing",
                    "aws_sns_sms_preferences.everyone",
                ],
                # Only the provider could check more: see test_terraform.py.
                "validation": ["Missing required provider"],
            },
        ),
        (
            'provider "aws" {\nregion="x"\n}\nresource "aws_vpc" {}\n',
            {
                "unformatted": ["main.tf"],
                "syntax": ["Missing name for resource"],
                "resources": [],
                "validation": ["Missing name for resource"],
            },
        ),
    ],
    ids=["example", "mistakes"],
)
def test_terraform_reads_the_configuration(tmp_path, configuration, expected):
    """Terraform's core finds the example well formed and formatted; it does find mistakes."""
    (tmp_path / "main.tf").write_text(configuration)
    program = Path(__file__).parent / "check_terraform.py"
    done = subprocess.run(
        [CLIENTS / "terraform/bin/python", program, tmp_path], capture_output=True, check=True
    )

    assert json.loads(done.stdout) == expected
