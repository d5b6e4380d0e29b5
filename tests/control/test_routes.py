"""The routes of the control plane, and their errors."""

import json
import re

import pytest

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.control.routes import ROUTES
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.settings import QUOTAS
from pinpoint_sms_emu.wire.model import service_model

NUMBER = "+12065550100"


def test_health(control):
    """It returns status and version."""
    assert control.get("/_emulator/health").json == {
        "status": "ok",
        "version": __version__,
        "replica": None,
    }


@pytest.mark.pinpoint_sms(account_tier="SANDBOX", quotas={"POOLS_PER_ACCOUNT": 3}, seed=9)
def test_settings(control):
    """It returns every setting by its name."""
    listed = control.get("/_emulator/settings").json

    assert listed["account_tier"] == "SANDBOX"
    assert listed["seed"] == 9
    assert listed["quotas"] == QUOTAS | {"POOLS_PER_ACCOUNT": 3}
    assert listed["access_token"] is None
    assert listed["throttling"] is False


def test_operations(control):
    """It lists every operation, whether it is emulated, and the number of both."""
    result = control.get("/_emulator/operations").json

    names = [each["name"] for each in result["operations"]]
    assert names == sorted(service_model().operations)
    assert result["total"] == len(names)
    assert result["emulated"] == sum(each["emulated"] for each in result["operations"])
    assert {"name": "CreatePool", "emulated": True} in result["operations"]


def test_reset(control, sms, number):
    """Everything is as at the start, and ids repeat."""
    del number
    first = sms.describe_phone_numbers()["PhoneNumbers"]

    answer = control.post("/_emulator/reset")

    assert (answer.status, answer.json) == (200, {})
    assert sms.describe_phone_numbers()["PhoneNumbers"] == []
    again = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS", "VOICE"],
        NumberType="LONG_CODE",
    )
    assert again["PhoneNumberId"] == first[0]["PhoneNumberId"]


def test_reset_takes_faults_and_the_clock_back(control, emulator):
    """A reset removes faults and resets the clock."""
    emulator.fail("*", "ThrottlingException")
    emulator.clock.freeze()

    control.post("/_emulator/reset")

    assert list(emulator.faults) == []
    assert not control.get("/_emulator/clock").json["frozen"]


# --- numbers --------------------------------------------------------------------------------------


def test_a_chosen_number_is_added(control, sms):
    """The number is in the account, with the requested id and settings."""
    answer = control.post(
        "/_emulator/numbers",
        phone_number="+12065550100",
        number_type="TOLL_FREE",
        phone_number_id="phone-mine",
        message_type="PROMOTIONAL",
        number_capabilities=["SMS"],
        tags={"for": "tests"},
        two_way_enabled=None,
    )

    assert answer.status == 200
    listed = answer.json
    assert listed["phone_number"] == NUMBER
    assert listed["phone_number_id"] == "phone-mine"
    assert (listed["account_id"], listed["region"]) == ("123456789012", "us-east-1")
    assert listed["created_timestamp"].endswith("+00:00")
    [number] = sms.describe_phone_numbers(PhoneNumberIds=["phone-mine"])["PhoneNumbers"]
    assert number["PhoneNumber"] == NUMBER
    assert number["NumberType"] == "TOLL_FREE"
    assert number["Status"] == "ACTIVE"


def test_numbers_are_listed(control, emulator):
    """All numbers, or those of an account, are listed, oldest first."""
    here = emulator.add_number(NUMBER)
    there = emulator.add_number("+12065550101", account_id="210987654321", region="eu-west-1")

    everything = control.get("/_emulator/numbers").json
    assert everything == {"numbers": [here.as_dict(), there.as_dict()], "total": 2}
    one = control.get("/_emulator/numbers?account_id=210987654321&region=eu-west-1").json
    assert one == {"numbers": [there.as_dict()], "total": 1}
    assert control.get("/_emulator/numbers?account_id=me").status == 400


def test_a_number_of_another_account(control, client, sms):
    """A number may be of another account and Region."""
    control.post(
        "/_emulator/numbers", phone_number=NUMBER, account_id="210987654321", region="eu-west-1"
    )

    there = client("210987654321", "eu-west-1").describe_phone_numbers()["PhoneNumbers"]
    assert [each["PhoneNumber"] for each in there] == [NUMBER]
    assert sms.describe_phone_numbers()["PhoneNumbers"] == []


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "phone_number must be given"),
        ({"phone_number": 5}, "phone_number must be a text"),
        ({"phone_number": "+1206555"}, "+1206555"),
        ({"phone_number": NUMBER, "number_typ": "TOLL_FREE"}, "did you mean number_type?"),
        ({"phone_number": NUMBER, "number_type": "FANCY"}, "number_type"),
        ({"phone_number": NUMBER, "number_capabilities": "SMS"}, "number_capabilities"),
        ({"phone_number": NUMBER, "two_way_enabled": "yes"}, "two_way_enabled"),
        ({"phone_number": NUMBER, "tags": {"a": 1}}, "tags"),
        ({"phone_number": NUMBER, "account_id": "me"}, "me"),
    ],
)
def test_invalid_numbers_are_refused(control, emulator, members, words):
    """An invalid number is refused with a sentence, and not added."""
    answer = control.post("/_emulator/numbers", **members)

    assert answer.status == 400
    assert words in answer.error
    assert not engine_of(emulator).state.accounts


@pytest.mark.parametrize("members", [{"pool_id": "pool-unknown"}, {"opt_out_list_name": "Nobody"}])
def test_numbers_with_an_unknown_pool_or_list(control, members):
    """A pool or a list that is unknown is a 404."""
    answer = control.post("/_emulator/numbers", phone_number=NUMBER, **members)

    assert answer.status == 404
    assert next(iter(members.values())) in answer.error


# --- bad input to any -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/_emulator/",
        "/_emulator/nothing",
        "/_emulator/health/",
        "/_emulator/messages/a/b",
        "/_emulator/%00",
        "/_emulator/faults/",
        "/nothing",
    ],
)
def test_unknown_paths(control, path):
    """An unknown path is a 404 with a sentence, whatever the method."""
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = control.call(method, path)

        assert answer.status == 404
        assert answer.error


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/_emulator/health"),
        ("GET", "/_emulator/reset"),
        ("POST", "/_emulator/settings"),
        ("PATCH", "/_emulator/clock"),
        ("POST", "/_emulator/faults/fault-1"),
        ("PUT", "/_emulator/messages"),
        ("OPTIONS", "/_emulator/health"),
        ("BREW", "/_emulator/messages"),
    ],
)
def test_other_methods_are_refused(control, method, path):
    """Another method is a 405 that lists the possible ones."""
    answer = control.call(method, path)

    assert answer.status == 405
    assert all(possible in answer.error for possible in answer.headers["allow"].split(", "))


def test_a_web_socket_is_not_opened(control):
    """A request that also asks for one is answered as if it had not asked."""
    asking = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}

    for path in ("/", "/_emulator/health", "/_emulator/messages"):
        assert control.call("GET", path, headers=asking).status == 200
    assert "GET" in control.call("PUT", "/_emulator/messages", headers=asking).error


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nothing",
        b"[]",
        b'"text"',
        b"5",
        b"\xff\xfe",
        b'{"advance_seconds": NaN}',
        b'{"advance_seconds": Infinity}',
        b'{"freeze_at": "\\ud800"}',
        b'{"advance_seconds": 1e400}',
        b'{"advance_seconds": ' + b"9" * 400 + b"}",
        b"[" * 100_000,
        b'{"advance_seconds": 0, "advance_seconds": 5}',
    ],
)
def test_malformed_bodies_are_refused(control, body):
    """A body that is not a JSON object, or has an infinite number, is a 400."""
    answer = control.call("POST", "/_emulator/clock", body)

    assert answer.status == 400
    assert answer.error


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"[" * 100_000, "it is nested too deeply"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b'{"freeze_at": "\\ud800"}', "it has a lone surrogate, which is not a character"),
        (b'{"advance_seconds": ' + b"9" * 5000 + b"}", "a number has too many digits"),
        (b'{"resume": true, "resume": true}', "the key 'resume' is given twice"),
        (b'{"resume": NaN}', "NaN is not JSON"),
    ],
)
def test_why_a_body_is_malformed(control, raw, body, why):
    """The sentence has no terms of Python, and is that of the API, where keys may be repeated."""
    answer = control.call("POST", "/_emulator/clock", body)

    assert answer.error == f"the body is not JSON: {why}"
    if "twice" not in why:
        assert raw("DescribePools", body).json["message"] == f"The body is not JSON: {why}"


def test_missing_members_are_named(control):
    """All that is missing is named in one sentence."""
    answer = control.post("/_emulator/inbound")

    assert answer.error == "sender and recipient must be given"


def test_routes_without_members_say_so(control):
    """Members are refused if a route has no parameters."""
    answer = control.post("/_emulator/reset", everything=True)

    assert (answer.status, answer.error) == (
        400,
        "'everything' is unknown; nothing can be given",
    )


def test_no_body_is_an_empty_object(control):
    """A body may be empty if no member is required."""
    assert control.call("POST", "/_emulator/reset").status == 200
    assert control.call("POST", "/_emulator/reset", b" \n").status == 200
    assert control.call("POST", "/_emulator/reset", b"null").status == 400
    assert "must be given" in control.call("POST", "/_emulator/faults").error


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "?"])
def test_any_content_type(control, kind):
    """curl sends JSON as a form: the type is not looked at."""
    body = json.dumps({"advance_seconds": 1}).encode()

    answer = control.call("POST", "/_emulator/clock", body, {"Content-Type": kind})

    assert answer.status == 200


def test_members_of_the_query(control):
    """A member of a query has a type too, and is given once."""
    for wrong in ("many", "\u0663", "1_0", "1" * 5_000):
        answer = control.get("/_emulator/messages", limit=wrong)
        assert "limit must be a whole number" in answer.error
    assert "must be a number" in control.get("/_emulator/messages", wait_seconds="1_0").error
    assert "'limits'" in control.get("/_emulator/messages", limits=1).error
    assert "twice" in control.call("GET", "/_emulator/messages?limit=1&limit=2").error
    assert control.get("/_emulator/health", x=1).status == 400
    assert control.call("DELETE", "/_emulator/faults?x=1").status == 400


CHANGING = [each for each in ROUTES if each.method in ("POST", "PUT")]


@pytest.mark.parametrize("route", CHANGING, ids=lambda each: f"{each.method} {each.path}")
def test_a_query_of_what_reads_a_body(control, route):
    """`curl -X POST .../reset?seed=1` would have no effect but the reset."""
    path = re.sub("<[^>]*>", "x", route.path)

    answer = control.query(route.method, path, seed=1)

    expected = f"{route.method} reads the body, not the query, which has 'seed'"
    assert (answer.status, answer.error) == (400, expected)


def test_large_bodies_are_refused(control, emulator):
    """A body that is too large is a 413, even if the client sends all of it."""
    answer = control.call("POST", "/_emulator/clock", b" " * (8 * 1024 * 1024 + 1))

    assert answer.status == 413
    assert answer.error
    assert not engine_of(emulator).crashes


def test_a_crash_is_reported_and_kept(control, emulator, monkeypatch):
    """A crash is answered with 500 in JSON, and kept for the test that caused it."""

    def broken(_clock):
        raise KeyError("mistake")

    monkeypatch.setattr(type(emulator.clock), "as_dict", broken)

    answer = control.get("/_emulator/clock")

    assert answer.status == 500
    assert "mistake" in answer.error
    assert [str(crash) for crash in engine_of(emulator).crashes] == ["'mistake'"]


def test_heads(control):
    """HEAD is GET without the body; a stream is not opened for it."""
    for path in ("/_emulator/health", "/_emulator/messages/stream"):
        answer = control.call("HEAD", path)

        assert (answer.status, answer.text) == (200, "")
