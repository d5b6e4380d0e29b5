"""Example files for other tools: whether those tools can read them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.doors.command_line.doctor import OWN_VARIABLE
from pinpoint_sms_emu.settings import Settings

ROOT = Path(__file__).parents[1]
ACTIONS = ROOT / "docs" / "examples" / "github-actions.yml"
GITLAB = ROOT / "docs" / "examples" / "gitlab-ci.yml"
COMPOSE = ROOT / "compose.yaml"


def known_variables() -> set[str]:
    """Every variable that `serve` reads."""
    names = {*Settings.__dataclass_fields__, "host", "port", "log_level", "with_moto"}
    return {f"PINPOINT_SMS_EMU_{name.upper()}" for name in names}


@pytest.fixture
def job() -> dict:
    """The job of the GitHub Actions example."""
    # YAML 1.1, which PyYAML reads, takes the word `on` for true; GitHub does not.
    workflow = yaml.safe_load(ACTIONS.read_text())
    assert {"name", True, "jobs"} <= set(workflow)
    (only,) = workflow["jobs"].values()
    return only


def test_github_actions_service(job):
    """The service is this version's image, with its port and existing settings."""
    service = job["services"]["sms"]

    assert service["image"].endswith(f"/pinpoint-sms-emu:{__version__}")
    assert service["ports"] == ["7670:7670"]
    assert set(service["env"]) <= known_variables()


def test_github_actions_clients(job):
    """The jobs set endpoint, Region and credentials for clients; each step has one purpose."""
    assert job["env"][OWN_VARIABLE] == "http://127.0.0.1:7670"
    assert {"AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= set(job["env"])
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])


def test_gitlab():
    """The service is this version's image; clients use its alias."""
    job = yaml.safe_load(GITLAB.read_text())["test"]
    [service] = job["services"]

    assert service["name"].endswith(f"/pinpoint-sms-emu:{__version__}")
    assert set(service["variables"]) <= known_variables()
    assert job["variables"][OWN_VARIABLE] == f"http://{service['alias']}:7670"
    assert {"AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"} <= set(job["variables"])


def test_compose():
    """compose.yaml has replaceable images, ports on loopback, and existing settings."""
    services = yaml.safe_load(COMPOSE.read_text())["services"]

    assert set(services) == {"sms", "aws"}
    assert all(service["image"].startswith("${") for service in services.values())
    ports = [port for service in services.values() for port in service["ports"]]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert set(services["sms"]["environment"]) <= known_variables()
    assert services["aws"]["healthcheck"]["test"][0] == "CMD"
    # The emulator's health check is in its image.
    assert "\nHEALTHCHECK " in (ROOT / "Dockerfile").read_text()
