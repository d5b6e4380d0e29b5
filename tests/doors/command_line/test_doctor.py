"""The doctor finds what keeps a client from the emulator, and agrees with boto3 about it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinpoint_sms_emu import Emulator, Server
from tests.doors.serving import COMMAND

OWN = "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
CALL = """
import boto3, botocore.config
config = botocore.config.Config(retries={"total_max_attempts": 1}, connect_timeout=1)
boto3.client("pinpoint-sms-voice-v2", config=config).describe_pools()
"""


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    """An emulator in which something is, in us-east-1."""
    emulator = Emulator()
    emulator.add_number("+12065550100")
    return emulator


@pytest.fixture(scope="module")
def url(emulator) -> Iterator[str]:
    """Where it answers."""
    with Server(emulator) as server:
        yield server.url


class Place:
    """An environment with only these variables, and an empty home folder."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AWS_EC2_METADATA_DISABLED": "true",
        } | variables

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run something there."""
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=self.variables,
            cwd=Path(__file__).parents[3],
        )

    def ask(self, *arguments: str) -> tuple[int, list[str]]:
        """Run the doctor, and return the exit status and the findings."""
        finished = self.run(*COMMAND, "doctor", *arguments)
        assert finished.stderr == ""
        return finished.returncode, finished.stdout.splitlines()

    def reaches(self) -> bool:
        """Whether boto3 reaches the emulator from there."""
        return self.run(sys.executable, "-c", CALL).returncode == 0


@pytest.fixture
def place(tmp_path, url):
    """Create a correct environment, except for these variables; None removes one."""

    def place(**changed: str | None) -> Place:
        variables = CREDENTIALS | {"AWS_DEFAULT_REGION": "us-east-1", OWN: url} | changed
        return Place(tmp_path, **{name: value for name, value in variables.items() if value})

    return place


def mistakes(findings: list[str]) -> list[str]:
    """The findings that are wrong."""
    return [line.removeprefix("wrong  ") for line in findings if line.startswith("wrong")]


def test_everything_is_right(place, url):
    """Without problems, it lists what it has checked; the status is 0, and boto3's call arrives."""
    status, findings = place().ask()

    assert status == 0
    assert mistakes(findings) == []
    assert f"right  {OWN} sends clients to {url}." in findings
    assert "right  The Region is us-east-1." in findings
    assert "right  No proxy is used." in findings
    assert findings[-1] == "Clients in this environment reach the emulator."
    assert place().reaches()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({OWN: None}, "No endpoint is set: clients call AWS, at https://sms-voice.us-east-1."),
        ({OWN: "http://127.0.0.1:9"}, f"{OWN} sends clients to http://127.0.0.1:9, not to URL."),
        ({OWN: "URL/sms"}, f"{OWN} has a path, URL/sms, but calls go to the root."),
        ({OWN: "https://HOST"}, f"{OWN} sends clients to https://HOST, not to URL."),
        ({OWN: "HOST"}, "No client can be created with the endpoint of"),
        (
            {OWN: None, "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE": "URL"},
            "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE is set, but no SDK reads it: the name is " + OWN,
        ),
        ({OWN: None, "AWS_ENDPOINT": "URL"}, "AWS_ENDPOINT is set, but no SDK reads it"),
        ({OWN: None, "aws_endpoint_url": "URL"}, "aws_endpoint_url is set, but the name must be"),
        (
            {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS makes clients ignore configured endpoints",
        ),
        (
            {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"},
            "Calls to URL go through the proxy http://127.0.0.1:9: add 127.0.0.1 to NO_PROXY",
        ),
        ({"AWS_DEFAULT_REGION": None}, "No Region is set"),
        (
            {"AWS_DEFAULT_REGION": None, "AWS_REGION": "us-east-1"},
            "AWS_REGION is us-east-1, but boto3 and AWS CLI 1 read AWS_DEFAULT_REGION",
        ),
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "There are no credentials"),
        ({"AWS_PROFILE": "nobody"}, "AWS's configuration cannot be read: The config profile"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_each_mistake_is_reported(place, url, changed, sentence):
    """The status is 1, and boto3 cannot reach the emulator either."""
    host = url.removeprefix("http://")
    changed = {
        name: value and value.replace("URL", url).replace("HOST", host)
        for name, value in changed.items()
    }
    here = place(**changed)

    status, findings = here.ask("--url", url)

    assert status == 1
    wanted = sentence.replace(" URL", f" {url}").replace("HOST", host)
    assert any(wanted in found for found in mistakes(findings)), findings
    assert not here.reaches()


def test_a_missing_server_is_reported(place):
    """The help says how to start one."""
    status, findings = place(**{OWN: "http://127.0.0.1:9"}).ask()

    assert status == 1
    (mistake,) = mistakes(findings)
    assert mistake == (
        "Nothing answers at http://127.0.0.1:9: Connection refused; "
        "start it with pinpoint-sms-emu serve, or give its --url."
    )


def test_another_region(place, url):
    """A Region without resources is a mistake if there are resources in another."""
    status, findings = place(AWS_DEFAULT_REGION="eu-west-1").ask("--url", url)

    assert status == 1
    assert mistakes(findings) == [
        (
            "The Region is eu-west-1, where the emulator has no resources; "
            "its resources are in us-east-1."
        )
    ]


def test_no_proxy(place):
    """A proxy that NO_PROXY excludes is not reported."""
    here = place(HTTP_PROXY="http://127.0.0.1:9", NO_PROXY="127.0.0.1")

    assert here.ask()[0] == 0
    assert here.reaches()


def test_the_common_variable(place, url):
    """AWS_ENDPOINT_URL is right too, with a word about the other services."""
    here = place(**{OWN: None, "AWS_ENDPOINT_URL": url})

    status, findings = here.ask()

    assert status == 0
    assert f"right  AWS_ENDPOINT_URL sends clients to {url}." in findings
    assert any(
        line.startswith("note   AWS_ENDPOINT_URL applies to the clients") for line in findings
    )
    assert here.reaches()


def test_the_configuration_file(place, url, tmp_path):
    """Endpoint, Region and credentials can be in AWS's configuration file."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(
        "[default]\nregion = us-east-1\nservices = local\n"
        "aws_access_key_id = any\naws_secret_access_key = any\n"
        f"[services local]\npinpoint_sms_voice_v2 =\n  endpoint_url = {url}\n"
    )
    absent = dict.fromkeys((OWN, "AWS_DEFAULT_REGION", *CREDENTIALS))
    here = place(**absent)

    status, findings = here.ask()

    assert status == 0
    assert f"right  endpoint_url in AWS's configuration file sends clients to {url}." in findings
    assert here.reaches()


def test_credentials_of_a_server_that_verifies_signatures(place, tmp_path):
    """It says where the keys are that the server accepts."""
    keys = tmp_path / "keys"
    keys.write_text("TEAM secret")
    with Server(Emulator(signing_keys=keys)) as server:
        here = place(**{OWN: server.url}, **dict.fromkeys(CREDENTIALS))

        status, findings = here.ask()

    assert status == 1
    assert mistakes(findings)[0].endswith(f" to a key and its secret from {keys}.")


def test_the_access_token(place):
    """It reports a missing token, and a correct one."""
    with Server(Emulator(access_token="secret")) as server:
        here = place(**{OWN: server.url})
        without, sentences = here.ask()
        with_token, findings = here.ask("--access-token", "secret")

        assert without == 1
        assert "PINPOINT_SMS_EMU_ACCESS_TOKEN" in mistakes(sentences)[0]
        assert with_token == 0
        assert "right  The access token is correct." in findings
