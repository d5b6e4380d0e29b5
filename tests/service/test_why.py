"""Refused calls say why: the rule, the state that caused the refusal, and what would help."""

from __future__ import annotations

import re

import boto3
import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service import explanations
from tests import rules_data
from tests.conftest import SERVICE
from tests.refusals import block_country, name_a_pool, opt_out, sending, spend_nothing

US, GB = "+14255550100", "+447700900123"


def elsewhere(emulator, _client):
    """A number that the account has in another Region."""
    emulator.add_number("+12065550177", region="eu-west-1", phone_number_id="phone-far-away")
    return {"OriginationIdentity": "phone-far-away"}


def throttled(emulator, _client):
    """A fault."""
    emulator.fail("SendTextMessage", "ThrottlingException")
    return {}


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (opt_out, "opted out on .* with the inbound message .*STOP"),
        (block_country, r"blocks \+14255550100 \(US\)"),
        (name_a_pool, "can send to CA"),
        (sending(OriginationIdentity="phone-" + "0" * 32), "There is no phone number phone-0000"),
        (elsewhere, "There is no phone number phone-far-away in account .* us-east-1"),
        (
            sending(DestinationPhoneNumber="+1"),
            "destinationPhoneNumber must be a phone number in E.164 form",
        ),
        (spend_nothing, "USD|limit"),
        (sending(MaxPrice="0.00001"), "(?i)price"),
        (throttled, "The fault fault-1"),
        (sending(ConfigurationSetName="nothing"), "There is no configuration set nothing"),
    ],
)
def test_a_refused_send_says_why(refuse, sms, emulator, number, prepare, words):
    """Ten different refusals of one operation, each explained in plain words."""
    members = {
        "DestinationPhoneNumber": US,
        "OriginationIdentity": number.id,
        "MessageBody": "Hello",
    } | prepare(emulator, sms)

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
    ("operation", "identity", "members"),
    [
        ("put_keyword", "OriginationIdentity", {"Keyword": "A", "KeywordMessage": "B"}),
        ("describe_keywords", "OriginationIdentity", {}),
        ("update_phone_number", "PhoneNumberId", {}),
    ],
)
def test_a_number_in_place_of_its_id_gets_help(refuse, number, operation, identity, members):
    """Most operations take the id of a number, which the help names."""
    why = refuse(operation, **{identity: number.phone_number}, **members).why

    assert number.id in why["help"]


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


@pytest.mark.rule("feedback-not-enabled")
@pytest.mark.parametrize(
    ("region", "members", "words"),
    [
        ("us-east-1", {}, "has no record of feedback. Send it with MessageFeedbackEnabled, or"),
        ("eu-west-1", {"MessageFeedbackEnabled": True}, "belongs to account 123456789012 in eu-"),
    ],
)
def test_a_message_that_takes_no_feedback_is_not_called_unknown(
    refuse, emulator, region, members, words
):
    """One that was sent without feedback, and one of another Region, are told apart."""
    emulator.add_number("+12065550177", region=region, phone_number_id="phone-there")
    sent = boto3.client(SERVICE, region_name=region).send_text_message(
        DestinationPhoneNumber=US,
        OriginationIdentity="phone-there",
        MessageBody="Hello",
        **members,
    )["MessageId"]

    why = refuse("put_message_feedback", MessageId=sent, MessageFeedbackStatus="RECEIVED").why

    assert why["summary"].startswith(f"The message {sent} ")
    assert words in f"{why['summary']}. {why['help']}"
    assert len(why["state"]) == 1


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
