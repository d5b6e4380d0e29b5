"""The setting `policies`: permissions, the order of checks, and errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator, mock_sms
from tests.permissions.scenario import ACCOUNT, KEY, PERSON, client_of

ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
NOTHING: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}
EVERYTHING = {"Version": "2012-10-17", "Statement": [ALLOW]}


def allow_if(**condition: Any) -> dict[str, Any]:
    """A policy that allows everything under a condition."""
    return {"Version": "2012-10-17", "Statement": [{**ALLOW, "Condition": condition}]}


def denial(call: Any, *arguments: Any, **members: Any) -> str:
    """The error message of a denied call."""
    with pytest.raises(ClientError) as denied:
        call(*arguments, **members)
    answer = denied.value.response
    assert answer["Error"]["Code"] == "AccessDeniedException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert "Reason" not in answer
    return str(answer["Error"]["Message"])


@pytest.mark.rule("iam-evaluation")
def test_a_key_without_entry_may_do_everything():
    """Only access keys with an entry are checked; the error is the one for IAM users."""
    with mock_sms(policies={KEY: NOTHING}) as sms:
        client_of("AKIAOTHER").describe_pools()
        text = denial(client_of().describe_pools)

        assert text == (
            f"User: arn:aws:iam::{ACCOUNT}:user/{KEY} is not authorized to perform: "
            "sms-voice:DescribePools because no identity-based policy allows the "
            "sms-voice:DescribePools action"
        )
        [call] = sms.find_calls(refused=True).calls
        assert (call.error["code"], call.denied) == ("AccessDeniedException", None)
        assert call.why["summary"] == text


@pytest.mark.parametrize(
    ("entry", "who"),
    [
        ([NOTHING, NOTHING], f"arn:aws:iam::{ACCOUNT}:user/{KEY}"),
        (
            {"arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run", "policies": NOTHING},
            f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run",
        ),
    ],
)
def test_forms_of_an_entry(entry, who):
    """An entry is a document, a list of documents, or a principal with policies."""
    with mock_sms(policies={KEY: entry}):
        assert denial(client_of().describe_pools).startswith(f"User: {who} is not")


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_policies_from_a_file(tmp_path, suffix):
    """Policies can be read from a file; in YAML, account ids are strings and Version is no date."""
    file = tmp_path / f"policies.{suffix}"
    yaml = "012345678901:\n  Version: 2012-10-17\n  Statement: []\n"
    file.write_text(json.dumps({"012345678901": NOTHING}) if suffix == "json" else yaml)

    with mock_sms(policies=file):
        text = denial(client_of("012345678901").describe_pools)

    assert text.startswith("User: arn:aws:iam::012345678901:user/012345678901 is not")


@pytest.mark.rule("iam-order")
def test_iam_is_checked_after_the_model_and_before_the_state():
    """A malformed call is invalid; an unknown resource is denied like a known one."""
    with mock_sms(policies={KEY: NOTHING}):
        client = client_of()

        with pytest.raises(client.exceptions.ValidationException):
            client.delete_pool(PoolId="!")
        assert denial(client.delete_pool, PoolId="pool-unknown").endswith(
            f" on resource: arn:aws:sms-voice:us-east-1:{ACCOUNT}:pool/pool-unknown "
            "because no identity-based policy allows the sms-voice:DeletePool action"
        )


@pytest.mark.rule("iam-resources")
def test_every_named_resource_is_checked():
    """A call is denied if one of the resources that it names is not allowed."""
    statement = {**ALLOW, "Resource": "arn:aws:sms-voice:*:*:phone-number/*"}
    with mock_sms(policies={KEY: {"Statement": statement}}) as sms:
        sms.add_number("+12065550100")
        client_of("root").create_configuration_set(ConfigurationSetName="receipts")
        members = {
            "DestinationPhoneNumber": PERSON,
            "MessageBody": "Hi",
            "OriginationIdentity": "+12065550100",
        }
        send = client_of().send_text_message

        assert send(**members)["MessageId"]
        assert "set/receipts" in denial(send, ConfigurationSetName="receipts", **members)
        del members["OriginationIdentity"]
        assert "on resource" not in denial(send, **members)


def test_report_mode_refuses_nothing():
    """In report mode, the error message is in the call's `denied`, which is null when allowed."""
    with mock_sms(policies={KEY: NOTHING}, policies_mode="report") as sms:
        client_of().describe_pools()
        client_of("AKIAOTHER").describe_pools()

        first, second = sms.calls
        assert first.response == {"Pools": []}
        assert first.denied.startswith(f"User: arn:aws:iam::{ACCOUNT}:user/{KEY} is not authorized")
        assert second.denied is None


@pytest.mark.parametrize(
    ("condition", "is_allowed"),
    [
        ({"StringEquals": {"aws:RequestTag/team": "a"}}, True),
        ({"StringEquals": {"aws:RequestTag/team": "b"}}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["cost"]}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"StringLike": {"aws:RequestedRegion": "eu-*"}}, False),
        ({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2099-06-01T00:00:00Z"}}, True),
        ({"DateGreaterThan": {"aws:CurrentTime": "2099-06-01T00:00:00Z"}}, False),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"Null": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"StringEquals": {"aws:username": KEY}}, False),
    ],
)
def test_condition_keys_of_a_request(condition, is_allowed):
    """A request has these context keys; every other key is absent."""
    with mock_sms(policies={KEY: allow_if(**condition)}) as sms:
        sms.clock.freeze("2099-05-31T12:00:00Z")
        create = client_of().create_configuration_set
        members = {"ConfigurationSetName": "a", "Tags": [{"Key": "team", "Value": "a"}]}

        if is_allowed:
            create(**members)
        else:
            assert "sms-voice:CreateConfigurationSet" in denial(create, **members)


def test_resource_tags():
    """aws:ResourceTag has the tags of the resource that the request names."""
    with mock_sms(policies={KEY: allow_if(StringEquals={"aws:ResourceTag/team": "a"})}):
        for name, team in (("a", "a"), ("b", "b")):
            client_of("root").create_configuration_set(
                ConfigurationSetName=name, Tags=[{"Key": "team", "Value": team}]
            )
        change = client_of().set_default_message_type

        change(ConfigurationSetName="a", MessageType="TRANSACTIONAL")
        assert "set/b" in denial(change, ConfigurationSetName="b", MessageType="TRANSACTIONAL")


def test_shared_resources_need_two_policies():
    """A shared pool needs the permission of both the caller's policy and the owner's."""
    with mock_sms(policies={KEY: EVERYTHING}):
        owner = client_of("210987654321")
        number = owner.request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )
        arn = number["PhoneNumberArn"]
        members = {
            "DestinationPhoneNumber": PERSON,
            "MessageBody": "Hi",
            "OriginationIdentity": arn,
        }
        send = client_of().send_text_message
        text = denial(send, **members)

        for effect in ("Allow", "Deny"):
            statement = {
                "Effect": effect,
                "Principal": {"AWS": ACCOUNT},
                "Action": "sms-voice:SendTextMessage",
            }
            owner.put_resource_policy(
                ResourceArn=arn, Policy=json.dumps({"Statement": [statement]})
            )
            if effect == "Allow":
                assert send(**members)["MessageId"]

        assert text.endswith(
            "because no resource-based policy allows the sms-voice:SendTextMessage action"
        )
        assert denial(send, **members).endswith("with an explicit deny in a resource-based policy")


@pytest.mark.parametrize(
    ("policies", "sentence"),
    [
        ({KEY: "no policy"}, f"policies of {KEY}: a policy must be JSON"),
        ({KEY: {"Statement": {}}}, f"policies of {KEY}: statement 1: Effect must be"),
        ({KEY: {"arn": "app", "policies": []}}, f"policies of {KEY}: arn must be the ARN of"),
        ({KEY: {"arn": f"arn:aws:iam::{ACCOUNT}:user/a"}}, f"policies of {KEY}: the member poli"),
        ({KEY: {"policies": [], "name": "a"}}, f"policies of {KEY}: there is no member 'name'"),
        ({123456789012: NOTHING}, "policies of 123456789012: an access key must be a text"),
    ],
)
def test_invalid_policies_are_refused(policies, sentence):
    """With an invalid policy the emulator does not start, and a reset changes nothing."""
    with pytest.raises(ValueError, match=sentence) as refused:
        Emulator(policies=policies)
    assert "\n" not in str(refused.value)

    with mock_sms(policies={KEY: NOTHING}) as sms:
        sms.add_number("+12065550100")
        with pytest.raises(ValueError, match=sentence):
            sms.reset(policies=policies)
        assert denial(client_of().describe_pools)
        assert len(sms.numbers) == 1


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("a.json", '{"A": {"Statement": []}, "A": {"Statement": []}}', "the key 'A'"),
        ("a.json", '{"A": {"Statement": [], "Statement": []}}', "the key 'Statement'"),
        ("a.yaml", "A:\n  Statement: []\nA:\n  Statement: []\n", "line 3: the key 'A'"),
        ("a.yml", "A:\n  Statement: []\n  Statement: []\n", "line 3: the key 'Statement'"),
    ],
)
def test_a_key_that_is_given_twice(tmp_path, name, text, where):
    """Neither policy of a key that has two is dropped silently."""
    (tmp_path / name).write_text(text)

    with pytest.raises(ValueError, match=f"cannot be read: {where} is given twice$"):
        Emulator(policies=tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{"),
        ("a.yaml", "a: ["),
        ("a.yaml", "? [a]\n: b"),
        ("a.json", "[]"),
        ("absent.json", None),
    ],
)
def test_unreadable_files_are_named(tmp_path, name, text):
    """The error about an unreadable file is one line with its name."""
    if text is not None:
        (tmp_path / name).write_text(text)

    with pytest.raises(ValueError, match="policies ") as refused:
        Emulator(policies=tmp_path / name)

    assert "\n" not in str(refused.value)
