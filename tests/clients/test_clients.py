"""One scenario with other clients than boto3, which is lenient.

It has a number, a pool, a keyword, a text, a list in pages, and an error with its Reason. Clients
print their results as JSON; their effects are checked in the emulator. tests/clients/install
installs the clients.
"""

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest

from pinpoint_sms_emu import Server

HERE = Path(__file__).parent
CLIENTS = HERE.parent.parent / ".clients"
BODY = 'Hello, "Åsa" 😀\n'

PROGRAMS = {
    "aiobotocore": [CLIENTS / "python/bin/python", HERE / "scenario_aiobotocore.py"],
    "capo": [CLIENTS / "python/bin/python", HERE / "scenario_capo.py"],
    "go": [CLIENTS / "scenario"],
    "javascript": ["node", HERE / "scenario.mjs"],
}
COMMAND_LINES = {"aws-cli-1": CLIENTS / "cli/bin/aws", "aws-cli-2": Path("/usr/bin/aws")}

pytestmark = [pytest.mark.needs("clients"), pytest.mark.timeout(600)]


@pytest.fixture
def url(emulator):
    """The URL of the emulator, as each client is another process."""
    with Server(emulator) as server:
        yield server.url


def run(command):
    """Run a client without credentials and settings except the given ones."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, env=environment
    )


def look_at(account, result):
    """Check the emulator's state and its recorded calls."""
    pool = account.pools[result["pool_id"]]
    number = account.phone_numbers[result["phone_number_id"]]
    message = account.messages[result["message_id"]]

    assert (pool.status, number.status, number.pool_id) == ("ACTIVE", "ACTIVE", pool.id)
    assert result["keyword"] == "JOIN"
    assert pool.keywords["JOIN"].message == "Welcome"
    assert (message.body, message.recipient) == (BODY, "+14255550101")
    assert (message.pool_id, message.context) == (pool.id, {"order": "7"})
    assert result["lists"] == ["Default", "one", "two", "three"]
    assert set(result["years"]) == {account.now().year}
    assert result["refusal"] == {
        "code": "ConflictException",
        "message": 'Conflict Occurred - Reason="RESOURCE_ALREADY_EXISTS" '
        'ResourceType="opt-out-list" ResourceId="one"',
        "reason": "RESOURCE_ALREADY_EXISTS",
        "resource_type": "opt-out-list",
        "resource_id": "one",
    }


@pytest.mark.parametrize("client", PROGRAMS)
def test_libraries(account, url, client):
    """A program that uses the library runs the scenario and parses all answers."""
    done = run([*PROGRAMS[client], url, BODY, *([CLIENTS] if client == "javascript" else [])])

    assert done.returncode == 0, done.stderr
    look_at(account, json.loads(done.stdout))


@pytest.mark.parametrize("client", COMMAND_LINES)
def test_the_aws_cli(account, url, client):
    """The AWS CLI runs the scenario call by call."""

    def aws(operation, **options):
        named = [(f"--{name.replace('_', '-')}", value) for name, value in options.items()]
        start = [COMMAND_LINES[client], "--endpoint-url", url, "--output", "json"]
        return run([*start, "pinpoint-sms-voice-v2", operation, *chain(*named)])

    def answer(operation, **options):
        done = aws(operation, **options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    number = answer(
        "request-phone-number",
        iso_country_code="US",
        message_type="TRANSACTIONAL",
        number_capabilities="SMS",
        number_type="LONG_CODE",
    )
    pool = answer(
        "create-pool",
        origination_identity=number["PhoneNumberId"],
        iso_country_code="US",
        message_type="TRANSACTIONAL",
    )
    keyword = answer(
        "put-keyword",
        origination_identity=pool["PoolId"],
        keyword="join",
        keyword_message="Welcome",
        keyword_action="AUTOMATIC_RESPONSE",
    )
    sent = answer(
        "send-text-message",
        destination_phone_number="+14255550101",
        origination_identity=pool["PoolId"],
        message_body=BODY,
        context="order=7",
    )
    for name in ("one", "two", "three"):
        answer("create-opt-out-list", opt_out_list_name=name)
    lists = answer("describe-opt-out-lists", page_size="2")["OptOutLists"]
    refused = aws("create-opt-out-list", opt_out_list_name="one")

    assert refused.returncode in (254, 255)
    said = re.search(r"\((\w+)\) when calling the CreateOptOutList operation: (.*)", refused.stderr)
    look_at(
        account,
        {
            "phone_number_id": number["PhoneNumberId"],
            "pool_id": pool["PoolId"],
            "keyword": keyword["Keyword"],
            "message_id": sent["MessageId"],
            "lists": [each["OptOutListName"] for each in lists],
            "years": [year(each["CreatedTimestamp"]) for each in lists],
            "refusal": {
                "code": said[1],
                "message": said[2],
                "reason": re.search(r'Reason="(\w+)"', said[2])[1],
                "resource_type": re.search(r'ResourceType="([\w-]+)"', said[2])[1],
                "resource_id": re.search(r'ResourceId="(\w+)"', said[2])[1],
            },
        },
    )


def year(listed):
    """The year of a timestamp: version 1 prints a number, version 2 ISO 8601."""
    if isinstance(listed, str):
        return datetime.fromisoformat(listed).year
    return datetime.fromtimestamp(listed, UTC).year
