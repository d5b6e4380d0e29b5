"""The generated policy: it is sufficient for the calls, and minimal."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import mock_sms
from tests.permissions.scenario import ACCOUNT, KEY, PERSON, client_of, run

START = f"arn:aws:sms-voice:us-east-1:{ACCOUNT}"


@cache
def generated() -> str:
    """The policy that the scenario needs."""
    with mock_sms(seed=7) as sms:
        run(client_of())
        return json.dumps(sms.policy())


def resources_of(policy: dict[str, Any], operation: str) -> list[str]:
    """Return the resources in the statement about an operation."""
    [statement] = [
        each for each in policy["Statement"] if f"sms-voice:{operation}" in each["Action"]
    ]
    resources: list[str] = statement["Resource"]
    return resources


def test_the_policy_of_the_scenario():
    """Ids that AWS chooses are patterns, names that the caller chooses are exact, others are *."""
    policy = json.loads(generated())

    assert resources_of(policy, "SendTextMessage") == [
        f"{START}:configuration-set/receipts",
        f"{START}:phone-number/*",
        f"{START}:sender-id/SHOP/GB",
    ]
    assert resources_of(policy, "PutMessageFeedback") == [f"{START}:message/*"]
    assert resources_of(policy, "DeletePool") == [f"{START}:pool/*"]
    assert resources_of(policy, "PutOptedOutNumber") == [f"{START}:opt-out-list/shop"]
    assert resources_of(policy, "SendVoiceMessage") == ["*"]
    assert {
        "Effect": "Allow",
        "Action": ["sms-voice:RequestPhoneNumber"],
        "Resource": ["*"],
        "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
    } in policy["Statement"]
    groups = [(each["Resource"], each.get("Condition")) for each in policy["Statement"]]
    assert all(groups.count(group) == 1 for group in groups)


def test_the_scenario_passes_with_its_policy():
    """The scenario passes when it is repeated with the policy, although ids differ."""
    with mock_sms(seed=8, policies={KEY: json.loads(generated())}) as sms:
        run(client_of())

        sms.assert_allowed_by(generated())


@pytest.mark.parametrize("left_out", range(len(json.loads(generated())["Statement"])))
def test_every_statement_is_needed(left_out):
    """Without any one statement the scenario is denied with AWS's message."""
    policy = json.loads(generated())
    removed = policy["Statement"].pop(left_out)

    with mock_sms(policies={KEY: policy}) as sms:
        with pytest.raises(ClientError) as denied:
            run(client_of())

        text = denied.value.response["Error"]["Message"]
        assert text.startswith(f"User: arn:aws:iam::{ACCOUNT}:user/{KEY} is not authorized to")
        assert text.rpartition("allows the ")[2].removesuffix(" action") in removed["Action"]
        with pytest.raises(AssertionError, match="sms-voice:"):
            sms.assert_allowed_by(policy)


def test_widened_policies_have_no_names():
    """With `widen`, every ARN is the pattern of its resource type."""
    with mock_sms() as sms:
        run(client_of())
        widened = sms.policy(widen=True)

        assert resources_of(widened, "SendTextMessage") == [
            f"{START}:{kind}/*" for kind in ("configuration-set", "phone-number", "sender-id")
        ]
        sms.assert_allowed_by(widened)


def test_existing_resources_keep_their_arns():
    """Only ids of resources that the recorded calls created become patterns."""
    with mock_sms() as sms:
        number = sms.add_number("+12065550100")
        client_of().send_text_message(
            DestinationPhoneNumber=PERSON, OriginationIdentity="+12065550100", MessageBody="Hi"
        )

        assert resources_of(sms.policy(), "SendTextMessage") == [number.phone_number_arn]


def test_without_calls_there_is_no_statement():
    """Without calls, the policy has an empty list of statements."""
    with mock_sms() as sms:
        assert sms.policy() == {"Version": "2012-10-17", "Statement": []}
        sms.assert_allowed_by(sms.policy())


def test_calls_can_be_filtered():
    """A policy can cover the calls of one key, user agent, Region, operation or result."""
    with mock_sms() as sms:
        client_of().describe_pools()
        elsewhere = client_of("210987654321", "eu-west-1")
        with pytest.raises(elsewhere.exceptions.ResourceNotFoundException):
            elsewhere.describe_keywords(OriginationIdentity="pool-unknown0")
        client_of().describe_account_limits()

        def actions(**filters):
            statements = sms.policy(**filters)["Statement"]
            return [action.partition(":")[2] for each in statements for action in each["Action"]]

        assert actions(access_key=KEY) == ["DescribeAccountLimits", "DescribePools"]
        assert actions(account_id="210987654321") == ["DescribeKeywords"]
        assert actions(region="us-east-1") == ["DescribeAccountLimits", "DescribePools"]
        assert actions(operation="DescribePools") == ["DescribePools"]
        assert len(actions(user_agent="Boto3")) == 3
        assert actions(user_agent="nobody") == []
        assert actions(refused=False) == ["DescribeAccountLimits", "DescribePools"]


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (
            {"user_agents": "a"},
            "filtered by user_agents; the arguments are .*, user_agent",
        ),
        ({"user_agent": ""}, "user_agent must be a text that is not empty"),
        ({"access_key": 5}, "access_key must be a text that is not empty"),
        ({"refused": "yes"}, "refused must be true or false"),
        ({"widen": "yes"}, "widen must be true or false"),
    ],
)
def test_unknown_filters_are_refused(filters, sentence):
    """An invalid filter is a ValueError."""
    with mock_sms() as sms, pytest.raises(ValueError, match=sentence):
        sms.policy(**filters)


def test_assert_allowed_by_lists_denials():
    """The AssertionError lists each denied operation and ARN once."""
    with mock_sms() as sms:
        for _ in range(2):
            client_of().describe_pools()
        client_of().create_configuration_set(ConfigurationSetName="receipts")
        client_of().set_default_message_type(
            ConfigurationSetName="receipts", MessageType="TRANSACTIONAL"
        )
        pools = {"Effect": "Allow", "Action": "sms-voice:*Pools", "Resource": "*"}

        with pytest.raises(AssertionError) as failed:
            sms.assert_allowed_by({"Statement": pools})

        assert str(failed.value).splitlines()[1:] == [
            "  sms-voice:CreateConfigurationSet on *",
            f"  sms-voice:SetDefaultMessageType on {START}:configuration-set/receipts",
        ]


ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("no JSON", "a policy must be JSON"),
        ([], "a policy must be a mapping with Statement, not"),
        ({}, "Statement is missing"),
        ({"Version": "2020-01-01", "Statement": []}, "Version must be 2012-10-17 or 2008-10-17"),
        ('{"Statement": [], "Statement": []}', "the key 'Statement' is given twice"),
        ({"Statement": [], "Extra": 1}, "there is no element 'Extra'; choose from Id, Statement"),
        ({"Statement": [], "Version ": 1}, "there is no element 'Version '; did you mean Version"),
        ({"Statement": ["*"]}, "statement 1: must be a mapping"),
        ({"Statement": [ALLOW, {**ALLOW, "Effect": "allow"}]}, "statement 2: Effect must be Allow"),
        ({"Statement": {**ALLOW, "NotAction": "*"}}, "needs either Action or NotAction"),
        ({"Statement": {"Effect": "Allow", "Action": "*"}}, "needs either Resource or NotResource"),
        ({"Statement": {**ALLOW, "Action": "SendTextMessage"}}, "Action must be like sms-voice:"),
        ({"Statement": {**ALLOW, "Action": []}}, "Action must be a text or a list of texts"),
        ({"Statement": {**ALLOW, "Resource": "pool-1"}}, "Resource must be in ARN format"),
        ({"Statement": {**ALLOW, "Principal": "*"}}, "Principal is for policies of resources"),
        ({"Statement": {**ALLOW, "Sid": 1}}, "Sid must be a text"),
        (
            {"Statement": [{**ALLOW, "Sid": "a"}, ALLOW, {**ALLOW, "Sid": "a"}]},
            "statement 3: Sid 'a' is given twice",
        ),
        ({"Statement": {**ALLOW, "Condition": []}}, "Condition must be a mapping of operators"),
        (
            {"Statement": {**ALLOW, "Condition": {"StringIs": {"aws:A": "b"}}}},
            "there is no condition operator 'StringIs'",
        ),
        (
            {"Statement": {**ALLOW, "Condition": {"StringLike": "a"}}},
            "StringLike must be a mapping of condition keys",
        ),
        (
            {"Statement": {**ALLOW, "Condition": {"StringLike": {"aws:A": {}}}}},
            "the value of a condition must be a text",
        ),
    ],
)
def test_invalid_documents_are_refused(policy, sentence):
    """A document that IAM would refuse is a ValueError with one sentence."""
    with mock_sms() as sms, pytest.raises(ValueError, match=sentence) as refused:
        sms.assert_allowed_by(policy)

    assert "\n" not in str(refused.value)
