"""An app that uses SNS alone over HTTP, with the AWS SDK for JavaScript.

The SDK is installed by tests/clients/install.
"""

import json

import pytest

from pinpoint_sms_emu import Server
from pinpoint_sms_emu.emulator import engine_of
from tests.clients.test_clients import BODY, CLIENTS, HERE, run

pytestmark = [pytest.mark.needs("clients"), pytest.mark.timeout(600)]


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
def test_javascript_texts_through_sns(emulator):
    """It sets attributes, leaves the sandbox with a password, sends texts, and parses errors."""
    emulator.add_number("+12065550100")
    with Server(emulator) as server:
        done = run(["node", HERE / "scenario_sns.mjs", server.url, BODY, CLIENTS])

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    unverified, sent = (
        engine_of(emulator).state.messages[told[each]] for each in ("unverified", "sent")
    )
    assert told["attributes"] == {"DefaultSMSType": "Transactional", "MonthlySpendLimit": "1"}
    assert told["numbers"] == [{"PhoneNumber": "+14255550100", "Status": "Verified"}]
    assert (told["sandbox"], told["isOptedOut"]) == (True, False)
    assert (unverified.status, unverified.message_type) == ("BLOCKED", "TRANSACTIONAL")
    assert (sent.status, sent.message_type, sent.body) == ("DELIVERED", "PROMOTIONAL", BODY)
    assert told["wrong"] == {
        "name": "VerificationException",
        "message": 'Validation failed - Reason="VERIFICATION_CODE_MISMATCH"',
        "status": 400,
    }
    assert told["refused"] == {
        "name": "InvalidParameterException",
        "message": "Invalid parameter: PhoneNumber Reason: nobody is not valid to publish to",
        "status": 400,
    }
    assert told["topic"]["name"] == "InvalidAction"
    assert "--with-moto" in told["topic"]["message"]
