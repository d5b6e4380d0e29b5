"""Recorded calls: stored, found, asserted, and explained if they were refused."""

from __future__ import annotations

import json
import re

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service import explanations
from pinpoint_sms_emu.wire.protocol import Request
from tests import rules_data

US, GB = "+14255550100", "+447700900123"


@pytest.fixture
def refuse(sms, emulator):
    """Make a call that is refused, and return its record."""

    def make(operation, **members):
        with pytest.raises(ClientError):
            getattr(sms, operation)(**members)
        return emulator.calls[-1]

    return make


def test_an_answered_call(sms, emulator, number):
    """A call is recorded with request, answer and caller."""
    answer = sms.send_text_message(
        DestinationPhoneNumber=US, OriginationIdentity=number.id, MessageBody="Hello"
    )

    call = emulator.calls[-1]
    assert call.operation == "SendTextMessage"
    assert call.parameters["MessageBody"] == "Hello"
    assert call.response == {"MessageId": answer["MessageId"]}
    assert (call.status, call.error, call.why, call.fault_id) == (200, None, None, None)
    assert call.message_id == answer["MessageId"]
    assert call.request_id == answer["ResponseMetadata"]["RequestId"]
    assert (call.account_id, call.region) == ("123456789012", "us-east-1")
    assert call.access_key == "123456789012"
    assert "Boto3" in (call.user_agent or "")
    assert call.duration_ms > 0
    assert json.loads(json.dumps(call.as_dict()))["at"] == call.at.isoformat()


def test_a_dry_run_makes_no_message(sms, emulator, number):
    """The id of a dry run is not recorded as a message id."""
    sms.send_text_message(
        DestinationPhoneNumber=US, OriginationIdentity=number.id, MessageBody="x", DryRun=True
    )

    assert emulator.calls[-1].message_id is None


def test_a_refused_call(refuse):
    """A refusal is recorded with all members of AWS's error."""
    call = refuse("delete_pool", PoolId="pool-unknown")

    assert call.response is None
    assert call.status == 400
    assert call.error == {
        "code": "ResourceNotFoundException",
        "reason": None,
        "resource_type": "pool",
        "resource_id": "pool-unknown",
        "fields": [],
        "message": call.error["message"],
    }


def test_a_fault_is_named(refuse, emulator):
    """The explanation of an injected fault names it, and says how to remove it."""
    fault = emulator.fail("DescribePools", "ThrottlingException")

    call = refuse("describe_pools")

    assert call.fault_id == fault.id
    assert fault.id in call.why["summary"]
    assert "clear_faults" in call.why["help"]


def test_a_crashed_call(emulator, sms, monkeypatch):
    """A crash of the emulator is recorded as a call too."""
    monkeypatch.setattr("pinpoint_sms_emu.service.dispatch.answer", lambda *_: 1 / 0, raising=True)
    with pytest.raises(Exception):  # noqa: B017, PT011  in process it is raised, a server says 500
        sms.describe_pools()

    assert emulator.calls[-1].status == 500
    assert "ZeroDivisionError" in emulator.calls[-1].error["message"]


@pytest.mark.parametrize(
    ("target", "operation"),
    [("PinpointSMSVoiceV2.SendFax", "SendFax"), ("nonsense", None), ("", None)],
)
def test_invalid_requests_are_recorded(emulator, target, operation):
    """They are refused calls, with the operation if it is recognized."""
    engine_of(emulator).handle(Request({"x-amz-target": target}, b"{}"))

    assert emulator.calls[-1].operation == operation
    assert emulator.calls[-1].refused


# Finding.


def test_find_calls(sms, client, emulator):
    """All filters must match; total ignores the limit."""
    sms.describe_pools()
    client(region="eu-west-1").describe_pools()
    client(account_id="210987654321").describe_keywords  # noqa: B018  no call
    with pytest.raises(ClientError):
        sms.delete_pool(PoolId="pool-x")
    first = emulator.calls[0]

    assert emulator.find_calls(operation="DescribePools").total == 2
    assert emulator.find_calls(region="eu-west-1").total == 1
    assert emulator.find_calls(refused=True).calls == [emulator.calls[-1]]
    assert emulator.find_calls(refused=False, limit=1).total == 2
    assert emulator.find_calls(after=first.request_id).total == len(emulator.calls) - 1
    assert emulator.find_calls(account_id="210987654321").total == 0


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"after": "unknown"}, LookupError),
        ({"limit": -1}, ValueError),
        ({"limit": True}, ValueError),
        ({"refused": "yes"}, ValueError),
        ({"operation": ""}, ValueError),
        ({"operation": "SendText"}, ValueError),
        ({"colour": "red"}, ValueError),
    ],
)
def test_invalid_filters_are_refused(emulator, query, error):
    """Wrong arguments are refused with a sentence."""
    with pytest.raises(error, match=r"\w+ \w+"):
        emulator.find_calls(**query)


@pytest.mark.pinpoint_sms(max_calls=3)
def test_the_number_of_calls_is_limited(sms, emulator):
    """The oldest are removed and counted."""
    for _ in range(5):
        sms.describe_pools()

    assert len(emulator.calls) == 3
    assert emulator.find_calls().forgotten == 2


def test_the_size_of_calls_is_limited(emulator, sms, monkeypatch):
    """A few large calls use the space of many small ones."""
    monkeypatch.setattr("pinpoint_sms_emu.service.calls.MAX_BYTES", 10_000)
    sms.describe_pools()
    for number in range(4):
        with pytest.raises(ClientError):
            sms.delete_pool(PoolId=f"{number}" * 4_000)

    assert [call.parameters["PoolId"][0] for call in emulator.calls] == ["2", "3"]
    assert emulator.find_calls().forgotten == 3


@pytest.mark.pinpoint_sms(max_calls=0)
def test_max_calls_zero_records_nothing(sms, emulator):
    """With 0, no calls are recorded."""
    sms.describe_pools()

    assert emulator.calls == []


def test_clearing_and_reset(sms, emulator):
    """Calls are not part of the state: a snapshot has none, a reset and clear_calls remove them."""
    sms.create_opt_out_list(OptOutListName="red")
    before = emulator.snapshot()
    assert "calls" not in before
    emulator.clear_calls()
    assert emulator.calls == []
    assert emulator.snapshot() == before
    sms.describe_pools()
    emulator.reset()
    assert emulator.calls == []


# Asserting.


def test_assertions_that_hold(sms, emulator, number):
    """Values, patterns and predicates; refused calls count."""
    for body in ("Your code is 123456", "Hello"):
        sms.send_text_message(
            DestinationPhoneNumber=US,
            OriginationIdentity=number.id,
            MessageBody=body,
            Context={"order": "1"},
        )
    with pytest.raises(ClientError):
        sms.delete_pool(PoolId="pool-x")

    emulator.assert_called("SendTextMessage", times=2, DestinationPhoneNumber=US)
    emulator.assert_called("SendTextMessage", times=1, MessageBody=re.compile(r"\d{6}$"))
    emulator.assert_called("SendTextMessage", MessageBody=lambda body: body.startswith("H"))
    emulator.assert_called("SendTextMessage", Context={"order": re.compile("1")})
    emulator.assert_called("DeletePool", times=1)
    emulator.assert_not_called("SendTextMessage", DestinationPhoneNumber=GB)
    emulator.assert_not_called("SendTextMessage", MessageBody=lambda _body: 1 / 0)
    emulator.assert_not_called("DescribePools")
    emulator.assert_last_called_with("DeletePool", PoolId="pool-x")


def test_failed_assertions_show_the_difference(sms, emulator, number):
    """The most similar call comes first, with its differences."""
    sms.describe_pools()
    for person in (US, GB):
        sms.send_text_message(
            DestinationPhoneNumber=person, OriginationIdentity=number.id, MessageBody="Hello"
        )

    with pytest.raises(AssertionError) as raised:
        emulator.assert_called("SendTextMessage", DestinationPhoneNumber=GB, MessageBody="Bye")

    first, _, nearest, difference, *_ = str(raised.value).splitlines()
    assert first == (
        f"Expected SendTextMessage(DestinationPhoneNumber='{GB}', MessageBody='Bye') "
        "to be called at least once, but it was called 0 times."
    )
    assert f"DestinationPhoneNumber='{GB}'" in nearest
    assert difference.strip() == "MessageBody: expected 'Bye', got 'Hello'"


def test_the_call_with_the_most_similar_text_is_nearest(sms, emulator, number):
    """Of calls that differ in one parameter, the one with the most similar text comes first."""
    for body in ("Hello", "Your PIN is 0042", "Bye"):
        sms.send_text_message(
            DestinationPhoneNumber=US, OriginationIdentity=number.id, MessageBody=body
        )

    with pytest.raises(AssertionError) as raised:
        emulator.assert_called("SendTextMessage", MessageBody="Your PIN is 0043")

    title, nearest = str(raised.value).splitlines()[1:3]
    assert title == f"The {len(emulator.calls)} calls that were made, the most similar first:"
    assert "MessageBody='Your PIN is 0042'" in nearest


@pytest.mark.parametrize(
    "make",
    [
        lambda sms: sms.assert_called("SendTextMessage"),
        lambda sms: sms.assert_called("DescribePools", times=2),
        lambda sms: sms.assert_called("DescribePools", MaxResults=5),
        lambda sms: sms.assert_not_called("DescribePools"),
        lambda sms: sms.assert_last_called_with("DescribePools", MaxResults=5),
        lambda sms: sms.assert_last_called_with("DeletePool"),
    ],
)
def test_failed_assertions_list_the_calls(sms, emulator, make):
    """An assertion that does not hold is an AssertionError with the calls there were."""
    sms.describe_pools()

    with pytest.raises(AssertionError, match="DescribePools"):
        make(emulator)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("SendFax", {}),
        ("DescribePools", {"Colour": "red"}),
        (5, {}),
        ("DescribePools", {"times": -1}),
    ],
)
def test_assertions_about_unknown_operations_are_refused(emulator, operation, parameters):
    """Assertions about unknown operations are refused."""
    with pytest.raises(ValueError, match=r"\w+"):
        emulator.assert_called(operation, **parameters)


# Why.


def opted_out(sms, emulator, number):
    """A recipient has texted STOP."""
    emulator.receive("STOP", sender=US, recipient=number.phone_number)
    return {}


def protected(sms, emulator, number):
    """A country is blocked."""
    made = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=made,
        NumberCapability="SMS",
        CountryRuleSetUpdates={"US": {"ProtectStatus": "BLOCK"}},
    )
    return {"ProtectConfigurationId": made}


def nothing_fits(sms, emulator, number):
    """A US number in a pool cannot send to Great Britain."""
    made = sms.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    return {"OriginationIdentity": made["PoolId"], "DestinationPhoneNumber": "+14165550100"}


def unknown(sms, emulator, number):
    """A number that no account has."""
    return {"OriginationIdentity": "phone-" + "0" * 32}


def elsewhere(sms, emulator, number):
    """A number that the account has in another Region."""
    emulator.add_number("+12065550177", region="eu-west-1", phone_number_id="phone-far-away")
    return {"OriginationIdentity": "phone-far-away"}


def wrong_number(sms, emulator, number):
    """A destination that is no number."""
    return {"DestinationPhoneNumber": "+1"}


def spent(sms, emulator, number):
    """The month's spend limit is reached."""
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)
    return {}


def too_dear(sms, emulator, number):
    """The message costs more than MaxPrice."""
    return {"MaxPrice": "0.00001"}


def throttled(sms, emulator, number):
    """A fault."""
    emulator.fail("SendTextMessage", "ThrottlingException")
    return {}


def unknown_set(sms, emulator, number):
    """The configuration set does not exist."""
    return {"ConfigurationSetName": "nothing"}


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (opted_out, "opted out on .* with the inbound message .*STOP"),
        (protected, r"blocks \+14255550100 \(US\)"),
        (nothing_fits, "can send to CA"),
        (unknown, "There is no phone number phone-0000"),
        (elsewhere, "There is no phone number phone-far-away in account .* us-east-1"),
        (wrong_number, "destinationPhoneNumber must be a phone number in E.164 form"),
        (spent, "USD|limit"),
        (too_dear, "(?i)price"),
        (throttled, "The fault fault-1"),
        (unknown_set, "There is no configuration set nothing"),
    ],
)
def test_a_refused_send_says_why(refuse, sms, emulator, number, prepare, words):
    """Ten different refusals of one operation, each explained in plain words."""
    members = {
        "DestinationPhoneNumber": US,
        "OriginationIdentity": number.id,
        "MessageBody": "Hello",
    } | prepare(sms, emulator, number)

    why = refuse("send_text_message", **members).why

    assert re.search(words, why["summary"]), why
    assert set(why) - {"candidates"} == {"summary", "rule", "state", "help"}
    if prepare is not throttled:
        assert why["rule"] is None or set(why["rule"]) == {"id", "text", "source", "basis"}


@pytest.mark.parametrize(
    ("members", "rule", "words"),
    [
        ({"OriginationIdentity": "+12065550199"}, "text-origination-unknown-phone", "add_number"),
        ({"OriginationIdentity": "pool-1"}, "text-identity-sender-country", "resources"),
        ({"ConfigurationSetName": "nothing"}, "cfgset-unknown", "leave"),
        ({"DestinationPhoneNumber": "4255550188"}, "text-destination-not-a-number", "E.164"),
    ],
)
def test_common_mistakes_get_help(refuse, number, members, rule, words):
    """The explanation has the enforced rule, and the help says what to do."""
    given = {
        "DestinationPhoneNumber": US,
        "OriginationIdentity": number.id,
        "MessageBody": "Hello",
    }

    why = refuse("send_text_message", **(given | members)).why

    assert words in why["help"]
    assert why["rule"]["id"] == rule


@pytest.mark.parametrize(
    ("members", "rule", "summary", "help"),
    [
        (
            {"OriginationIdentity": "my number", "MessageBody": "x" * 2_000, "MaxPrice": "cheap"},
            "proto-constraint-violation",
            "originationIdentity must have only letters, digits and the characters _ : / + -",
            "",
        ),
        (
            {"MaxPrice": "cheap"},
            "text-max-price-format",
            "maxPrice must be an amount below 100 US dollars with a decimal point, such as 0.05",
            "",
        ),
        (
            {"DestinationPhoneNumber": "+5352345678"},
            "text-country-blocked",
            "destinationPhoneNumber is in CU, ",
            "",
        ),
    ],
)
def test_the_first_wrong_field_is_explained(refuse, number, members, rule, summary, help):
    """The summary, the rule and the help are about the same field, and say what is expected."""
    given = {
        "DestinationPhoneNumber": US,
        "OriginationIdentity": number.id,
        "MessageBody": "Hello",
    }

    why = refuse("send_text_message", **(given | members)).why

    assert why["summary"].startswith(summary)
    assert (why["rule"] and why["rule"]["id"], why["help"]) == (rule, help)


def test_a_mistyped_id_is_named(refuse):
    """A pool id that does not exist is taken for a sender ID: the explanation says so."""
    why = refuse(
        "send_text_message",
        DestinationPhoneNumber=US,
        OriginationIdentity="pool-1",
        MessageBody="Hello",
    ).why

    assert why["summary"].startswith("pool-1 is neither a phone number nor a pool of the account")


def test_a_wrong_part_of_a_member_is_named_once(refuse, number):
    """The path of the part names the member already."""
    why = refuse(
        "send_media_message",
        DestinationPhoneNumber=US,
        OriginationIdentity=number.id,
        MediaUrls=["https://example.com/cat.png"],
    ).why

    assert why["summary"].startswith(
        "MediaUrls[0] must be the address of a file in S3, such as s3:"
    )


def test_a_refusal_without_an_id_says_the_rule(refuse):
    """RequestPhoneNumber names no id where nothing is available."""
    why = refuse(
        "request_phone_number",
        IsoCountryCode="XX",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    ).why

    assert why["summary"] == why["rule"]["text"]


def test_a_reached_limit_names_its_own_kind_of_message(refuse, sms, emulator, number):
    """What was spent on calls is not the cause of a refused text."""
    sms.send_voice_message(
        DestinationPhoneNumber=US, OriginationIdentity=number.id, MessageBody="Hello"
    )
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)

    why = refuse(
        "send_text_message",
        DestinationPhoneNumber=US,
        OriginationIdentity=number.id,
        MessageBody="Hello",
    ).why

    assert why["summary"] == "0.00000 of 0 USD has been spent on TEXT messages this month"
    assert "SetTextMessageSpendLimitOverride" in why["help"]


def test_pools_and_message_types_are_named(refuse, sms, number):
    """Refusals about a pool's member and a message type name what the state has."""
    pool = sms.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )["PoolId"]

    in_a_pool = refuse("release_phone_number", PhoneNumberId=number.id).why
    other_type = refuse(
        "send_text_message",
        DestinationPhoneNumber=US,
        OriginationIdentity=pool,
        MessageBody="Hello",
        MessageType="PROMOTIONAL",
    ).why

    assert in_a_pool["summary"] == f"The phone number {number.id} belongs to the pool {pool}"
    assert other_type["summary"] == (
        f"The message type of {pool} is TRANSACTIONAL, and the call has PROMOTIONAL"
    )


def test_the_sharing_rule_explains_only_other_accounts_resources(refuse, emulator):
    """The rule about shared resources explains only what somebody else has."""
    emulator.add_number("+12065550177", account_id="210987654321", phone_number_id="phone-theirs")

    why = refuse(
        "send_text_message",
        DestinationPhoneNumber=US,
        OriginationIdentity="phone-theirs",
        MessageBody="Hello",
    ).why

    assert "shared" in why["rule"]["id"]
    assert any("210987654321" in sentence for sentence in why["state"])


def test_the_message_that_opted_out_is_named(refuse, emulator, number):
    """The explanation names the STOP message, and following the help succeeds."""
    stop = emulator.receive("STOP", sender=US, recipient=number.phone_number)
    emulator.clock.advance(minutes=1)
    emulator.receive("START", sender=US, recipient=number.phone_number)

    why = refuse(
        "send_text_message",
        DestinationPhoneNumber=US,
        OriginationIdentity=number.id,
        MessageBody="Hello",
    ).why

    assert stop.message_id in why["summary"]
    assert "DeleteOptedOutNumber" in why["help"]
    assert "START" not in why["help"]


def test_a_registration_that_cannot_be_submitted(refuse, sms):
    """The explanation lists missing values, then says that the version is not a draft."""
    made = sms.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")
    submitted = {"RegistrationId": made["RegistrationId"]}
    lonely = refuse("submit_registration_version", **submitted).why
    sms.discard_registration_version(**submitted)
    discarded = refuse("submit_registration_version", **submitted).why

    assert "is associated with no " in lonely["summary"]
    assert "CreateRegistrationAssociation" in lonely["help"]
    assert discarded["summary"] == f"Version 1 of {made['RegistrationId']} is DISCARDED"
    assert "CreateRegistrationVersion" in discarded["help"]


def test_the_rule_is_named(refuse):
    """The explanation has the enforced rule of the catalogue, and its source."""
    why = refuse("create_opt_out_list", OptOutListName="Default").why

    assert why["rule"]["id"].startswith("optout-")
    assert why["rule"]["source"]
    assert why["rule"]["basis"] in ("observed", "documented", "partly", "inferred")


def test_candidates_are_in_the_error(refuse, sms, number):
    """The explanation says of each candidate why it was not chosen."""
    made = sms.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )

    why = refuse(
        "send_text_message",
        DestinationPhoneNumber="+14165550100",
        OriginationIdentity=made["PoolId"],
        MessageBody="Hello",
    ).why

    assert [each["id"] for each in why["candidates"]] == [number.id]
    assert why["candidates"][0]["reason"]


def test_shipped_rules_equal_the_catalogue():
    """They equal what `python -m tests.rules_data` writes."""
    assert rules_data.FILE.read_text("utf-8") == rules_data.text()


def test_calls_of_two_emulators():
    """Each emulator has its own calls."""
    assert Emulator().calls is not Emulator().calls


def test_a_refusal_is_explained_under_the_lock(refuse, emulator, monkeypatch):
    """The explanation reads the state, which other threads cannot change meanwhile."""
    lock, held = engine_of(emulator).lock, []
    explain = explanations.explain

    def watched(*arguments):
        held.append(lock._is_owned())
        return explain(*arguments)

    monkeypatch.setattr(explanations, "explain", watched)
    refuse("delete_pool", PoolId="pool-unknown")

    assert held == [True]
