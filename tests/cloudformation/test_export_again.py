"""An exported template always makes its resources again: what could not be made is left out."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from cfnlint import decode

from pinpoint_sms_emu import Emulator, Server, mock_sms
from tests.cloudformation import everything
from tests.cloudformation.test_export import exported
from tests.doors.serving import run
from tests.raw import NUMBER

SERVICE = "pinpoint-sms-voice-v2"
UNRESOLVED = "{{resolve:ssm:bar}}"


def seeded_again(sms: Emulator) -> tuple[dict[str, Any], str]:
    """Return the resources of an export that goes up and is exported the same, and its limits."""
    found = exported(sms)
    template = found["template"]
    with mock_sms(seed_file=template, seed=8) as other:
        assert exported(other)["template"] == template
    return template["Resources"], "\n".join(found["left_out"])


@pytest.mark.rule("cfn-order")
def test_the_order_of_a_template():
    """Resources that need no other are made in the template's order, and so are listed again."""
    with mock_sms(seed=7) as sms:
        client = boto3.client(SERVICE)
        client.create_opt_out_list(OptOutListName="Own")
        client.create_rcs_agent(OptOutListName="Own", Tags=[{"Key": "nr", "Value": "1"}])
        client.create_rcs_agent(Tags=[{"Key": "nr", "Value": "2"}])

        resources, _ = seeded_again(sms)

    agents = [
        resources[name]["Properties"]["Tags"][0]["Value"] for name in ("RcsAgent", "RcsAgent2")
    ]
    assert agents == ["1", "2"]


def test_what_names_a_resource_that_is_left_out():
    """A policy goes with its resource; any other resource stays, without the reference."""
    with mock_sms(seed=7) as sms:
        client = boto3.client(SERVICE)
        number = client.request_phone_number(**NUMBER)["PhoneNumberArn"]
        pool = client.create_pool(OriginationIdentity=number, MessageType="TRANSACTIONAL")
        client.put_keyword(
            OriginationIdentity=pool["PoolId"], Keyword="HELP", KeywordMessage=UNRESOLVED
        )
        client.put_resource_policy(
            ResourceArn=pool["PoolArn"],
            Policy=json.dumps(everything.POLICY),
        )
        notify = client.create_notify_configuration(
            DisplayName="Acme", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS"]
        )["NotifyConfigurationId"]
        client.update_notify_configuration(NotifyConfigurationId=notify, PoolId=pool["PoolId"])

        resources, left_out = seeded_again(sms)

    assert [each["Type"] for each in resources.values()] == ["AWS::SMSVOICE::NotifyConfiguration"]
    assert f"ResourcePolicy {pool['PoolArn']}, which is left out: so is its resource" in left_out
    expected = f"NotifyConfiguration {notify}: its PoolId {pool['PoolId']}, which is left out"
    assert expected in left_out


def test_an_agent_with_the_keywords_of_a_number():
    """The type of agents has no keywords, so that the agent could not join the pool again."""
    with mock_sms(seed=7) as sms:
        client = boto3.client(SERVICE)
        number = client.request_phone_number(**NUMBER)["PhoneNumberArn"]
        agent = client.create_rcs_agent()["RcsAgentArn"]
        pool = client.create_pool(OriginationIdentity=number, MessageType="TRANSACTIONAL")["PoolId"]
        client.associate_origination_identity(PoolId=pool, OriginationIdentity=agent)
        assert len(seeded_again(sms)[0]["Pool"]["Properties"]["OriginationIdentities"]) == 2
        client.put_keyword(OriginationIdentity=pool, Keyword="OFFERS", KeywordMessage="None today")

        resources, left_out = seeded_again(sms)

    [member] = resources["Pool"]["Properties"]["OriginationIdentities"]
    assert member == {"Fn::GetAtt": ["PhoneNumber", "Arn"]}
    why = "which is left out, needs a registration, or has other keywords"
    assert f"Pool {pool}: its identity {agent}, {why}" in left_out


@pytest.mark.parametrize("to_a_file", [False, True])
def test_emojis(tmp_path, to_a_file):
    """cfn-lint reads JSON as YAML, which has no surrogate pairs; control characters are escaped."""
    message = "Gr\u00fc\u00dfe \U0001f600\x7f"
    with mock_sms(seed=7) as sms:
        number = sms.add_number("+12065550100", number_type="TOLL_FREE")
        boto3.client(SERVICE).put_keyword(
            OriginationIdentity=number.phone_number_id, Keyword="HELP", KeywordMessage=message
        )
        file = tmp_path / "template.json"
        with Server(sms) as server:
            command = ["seed", "export", "--format", "cloudformation", "--url", server.url]
            printed = run(*command, *([str(file)] if to_a_file else []))

    text = file.read_text("utf-8") if to_a_file else printed.stdout
    template, problems = decode.decode_str(text)
    assert problems == []
    [resource] = template["Resources"].values()
    assert resource["Properties"]["MandatoryKeywords"]["HELP"]["Message"] == message
    assert json.loads(text) == template


def test_a_sender_id_with_one_message_type():
    """The type of sender IDs has no message types; each that is made has both."""
    with mock_sms(seed=7) as sms:
        client = boto3.client(SERVICE)
        for sender_id, types in (("ONE", ["PROMOTIONAL"]), ("BOTH", [])):
            client.request_sender_id(
                SenderId=sender_id,
                IsoCountryCode="GB",
                **({"MessageTypes": types} if types else {}),
            )

        _, left_out = seeded_again(sms)

    assert left_out == "SenderId ONE: that it has only the message type PROMOTIONAL"


def test_what_is_being_removed_is_left_out():
    """Describe operations still list it, but it has no tags, keywords or policy any more."""
    with mock_sms(seed=7, transition_seconds=60) as sms:
        client = boto3.client(SERVICE)
        sms.clock.freeze()
        sms.add_number("+12065550100")
        pooled = sms.add_number("+12065550101")
        pool = client.create_pool(
            OriginationIdentity=pooled.phone_number_id,
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
        )["PoolId"]
        agent = client.create_rcs_agent()["RcsAgentId"]
        registration = client.create_registration(RegistrationType="US_TEN_DLC_BRAND_REGISTRATION")[
            "RegistrationId"
        ]
        sms.clock.advance(seconds=60)
        client.delete_pool(PoolId=pool)
        client.release_phone_number(PhoneNumberId=pooled.phone_number_id)
        client.delete_rcs_agent(RcsAgentId=agent)
        client.delete_registration(RegistrationId=registration)

        found = exported(sms)

    assert list(found["template"]["Resources"]) == ["PhoneNumber"]
    assert not any(each in str(found["left_out"]) for each in (pool, agent, registration))


def test_testers_are_left_out():
    """The type has no agent: the same number would be made twice, for the sandbox."""
    with mock_sms(seed=7) as sms:
        client = boto3.client(SERVICE)
        agent = client.create_rcs_agent()["RcsAgentId"]
        client.create_verified_destination_number(DestinationPhoneNumber="+14255550123")
        client.create_verified_destination_number(
            DestinationPhoneNumber="+14255550123", RcsAgentId=agent
        )

        resources, left_out = seeded_again(sms)

    assert [each for each in resources if each.startswith("Verified")] == [
        "VerifiedDestinationNumber"
    ]
    assert f"which is left out: it tests {agent}" in left_out


def test_what_needs_a_registration():
    """With registrations required, a template makes no 10DLC number, and pools no toll-free one."""
    with mock_sms(seed=7, registrations="required") as sms:
        client = boto3.client(SERVICE)
        pools = [
            client.create_pool(
                OriginationIdentity=sms.add_number(number, number_type=number_type).phone_number_id,
                IsoCountryCode="US",
                MessageType="TRANSACTIONAL",
            )["PoolId"]
            for number, number_type in (
                ("+12065550100", "TEN_DLC"),
                ("+18885550100", "TOLL_FREE"),
                ("+12065550101", "LONG_CODE"),
            )
        ]
        found = exported(sms)
        template = found["template"]
        with mock_sms(seed_file=template, seed=8, registrations="required") as other:
            assert exported(other)["template"] == template

    types = [each["Properties"].get("NumberType") for each in template["Resources"].values()]
    assert types == ["TOLL_FREE", "LONG_CODE", None]
    left_out = "\n".join(found["left_out"])
    assert "which is left out: it needs a registration" in left_out
    assert all(f"Pool {each}, which is left out" in left_out for each in pools[:2])
