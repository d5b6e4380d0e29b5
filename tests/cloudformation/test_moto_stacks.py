"""Moto's stacks create, update and delete resources of this service beside moto's own."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from pinpoint_sms_emu import Emulator, Server, mock_sms
from pinpoint_sms_emu.cloudformation.caller import USER_AGENT
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from tests.cloudformation import everything
from tests.cloudformation.conftest import changing

LIST = {"Type": "AWS::SMSVOICE::OptOutList"}
CHANGES = [
    key
    for key in everything.CHANGES
    if key[0] != "Number" and key not in (("List", "OptOutListName"), ("Sender", "SenderId"))
]


@pytest.fixture
def moto() -> Iterator[Any]:
    """A client of moto's CloudFormation."""
    with mock_aws():
        yield boto3.client("cloudformation", "us-east-1")


@pytest.fixture
def sms() -> Iterator[Any]:
    """An emulator that is open together with moto."""
    with mock_sms(seed=7) as emulator:
        yield emulator


def create(moto: Any, template: dict[str, Any], name: str = "sms", **given: Any) -> None:
    """Create a stack in moto."""
    moto.create_stack(StackName=name, TemplateBody=json.dumps(template), **given)


def outputs(moto: Any, name: str = "sms") -> dict[str, str]:
    """The outputs of a stack in moto."""
    [stack] = moto.describe_stacks(StackName=name)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def ids(moto: Any) -> dict[str, str]:
    """The physical ids of a stack's resources in moto, by logical id."""
    found = moto.describe_stack_resources(StackName="sms")["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}


def left(sms: Any) -> dict[str, int]:
    """The number of resources of each kind."""
    [account] = sms.resources()
    return {kind: len(found) for kind, found in account["resources"].items() if found}


def test_all_types_are_created_and_deleted(moto, sms):
    """All twelve types are created as by a seed, and deleted with the stack."""
    attributes = {
        f"{logical_id}{name}": {"Value": everything.arn(logical_id, name)}
        for logical_id, (kind, _) in everything.RESOURCES.items()
        for name in TYPES[f"AWS::SMSVOICE::{kind}"].schema.read_only
        if name != "TestingAgent"
    }
    create(moto, everything.template() | {"Outputs": attributes})

    assert ids(moto).keys() == everything.RESOURCES.keys()
    assert outputs(moto).keys() == attributes.keys()
    assert ids(moto)["Sender"] == "GB|ACME"
    assert ids(moto)["Agent"] == outputs(moto)["AgentRcsAgentArn"]
    assert {each.user_agent for each in sms.calls} == {USER_AGENT}
    sms.clock.advance(hours=25)

    moto.delete_stack(StackName="sms")

    assert left(sms) == {"opt-out-list": 1}


def test_calls_are_those_of_a_seed(moto, sms):
    """The calls equal those of a seed, whatever the order of the resources."""
    create(moto, everything.template())

    with mock_sms(seed_file=everything.template(), seed=7) as seeded:
        expected = sorted(each.operation for each in seeded.calls)
    assert sorted(each.operation for each in sms.calls) == expected


@pytest.mark.parametrize(("logical_id", "member"), CHANGES)
def test_updates(moto, sms, logical_id, member):
    """A change of a property updates the resource, or replaces it."""
    create(moto, everything.template())
    kind = TYPES[f"AWS::SMSVOICE::{everything.RESOURCES[logical_id][0]}"]
    change = everything.CHANGES[logical_id, member]
    is_replaced = not change.keys().isdisjoint(kind.schema.create_only)
    former, before = ids(moto), len(sms.calls)
    sms.clock.advance(hours=25)

    template = everything.template(**{logical_id: change})
    moto.update_stack(StackName="sms", TemplateBody=json.dumps(template))

    called = [each.operation for each in sms.calls[before:]]
    assert (kind.create in called and kind.delete in called) or not is_replaced
    assert is_replaced or set(called) <= set(kind.schema.handlers["update"])
    assert changing(sms.calls[before:])
    assert (ids(moto)[logical_id] != former[logical_id]) == is_replaced
    again = len(sms.calls)
    moto.update_stack(StackName="sms", TemplateBody=json.dumps(template))
    assert changing(sms.calls[again:]) == []


def test_change_sets(moto, sms):
    """A change set adds and removes resources when it is executed."""
    create(moto, {"Resources": {"First": LIST}})
    changed = {"Resources": {"Second": LIST}}
    moto.create_change_set(
        StackName="sms",
        ChangeSetName="lists",
        ChangeSetType="UPDATE",
        TemplateBody=json.dumps(changed),
    )
    assert [each.operation for each in sms.calls].count("CreateOptOutList") == 1

    moto.execute_change_set(StackName="sms", ChangeSetName="lists")

    assert ids(moto).keys() == {"Second"}
    assert left(sms) == {"opt-out-list": 2}


def test_types_are_found_after_an_earlier_stack(moto):
    """Moto caches its resource types with its first stack, which may be older than the block."""
    create(moto, {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}, "earlier")

    with mock_sms() as sms:
        create(moto, {"Resources": {"List": LIST}})

        assert left(sms) == {"opt-out-list": 2}


def test_moto_may_be_imported_inside_a_block():
    """Moto can be imported for the first time inside a block."""
    code = """if True:
        import boto3, json, sys
        from pinpoint_sms_emu import Emulator, mock_sms
        with mock_sms() as sms:
            assert "moto" not in sys.modules
            from moto import mock_aws
            with mock_aws():
                boto3.client("cloudformation", "us-east-1").create_stack(
                    StackName="sms",
                    TemplateBody=json.dumps(
                        {"Resources": {"List": {"Type": "AWS::SMSVOICE::OptOutList"}}}
                    ),
                )
                print(sms.calls[0].operation)
    """
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == "CreateOptOutList\n"


def test_functions_are_resolved_by_moto(moto, sms):
    """Moto resolves parameters, conditions, mappings and references to its own resources."""
    template = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Mappings": {"Names": {"dev": {"List": "Marketing"}}},
        "Conditions": {"IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}},
        "Resources": {
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "answers"}},
            "List": {
                **LIST,
                "Condition": "IsDev",
                "Properties": {
                    "OptOutListName": {"Fn::FindInMap": ["Names", {"Ref": "Stage"}, "List"]},
                    "Tags": {"Fn::If": ["IsDev", everything.TAGS, {"Ref": "AWS::NoValue"}]},
                },
            },
            "Set": {
                "Type": "AWS::SMSVOICE::ConfigurationSet",
                "Properties": {
                    "ConfigurationSetName": {"Fn::Sub": "${AWS::StackName}-${Stage}"},
                    "DefaultSenderId": {"Ref": "AWS::NoValue"},
                    "EventDestinations": [
                        {
                            "EventDestinationName": "topic",
                            "Enabled": True,
                            "MatchingEventTypes": ["ALL"],
                            "SnsDestination": {"TopicArn": {"Ref": "Topic"}},
                        }
                    ],
                },
            },
        },
        "Outputs": {"Name": {"Value": {"Ref": "Set"}}},
    }

    create(moto, template, Parameters=[{"ParameterKey": "Stage", "ParameterValue": "dev"}])

    assert outputs(moto) == {"Name": "sms-dev"}
    client = boto3.client("pinpoint-sms-voice-v2", "us-east-1")
    [found] = client.describe_configuration_sets()["ConfigurationSets"]
    [destination] = found["EventDestinations"]
    assert destination["SnsDestination"]["TopicArn"].endswith(":answers")
    assert left(sms)["opt-out-list"] == 2


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Nonsense": 1}, "Resources.List.Properties.Nonsense: is not known"),
        ({"OptOutListName": "a b"}, "Resources.List.Properties.OptOutListName: must have only"),
        ({"OptOutListName": "Default"}, "CreateOptOutList: ConflictException"),
    ],
)
def test_refusals_are_validation_errors(moto, sms, properties, expected):
    """A refusal by a schema or the service is a ValidationError of CloudFormation."""
    with pytest.raises(ClientError, match=expected) as refused:
        create(moto, {"Resources": {"List": {**LIST, "Properties": properties}}})

    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert left(sms) == {"opt-out-list": 1} if sms.resources() else True


def test_unknown_attributes(moto, sms):
    """Moto's error about an unknown attribute is the same as for its own resources."""
    template = {
        "Resources": {
            "List": LIST,
            "Other": {**LIST, "Properties": {"OptOutListName": everything.arn("List", "Name")}},
        }
    }
    with pytest.raises(ClientError, match="List does not support attribute type Name"):
        create(moto, template)

    assert left(sms) == {"opt-out-list": 2}


def test_resources_are_in_the_stacks_account_and_region(moto, sms):
    """Resources are created in moto's account and the stack's Region."""
    client = boto3.client("cloudformation", "eu-west-1")
    client.create_stack(StackName="sms", TemplateBody=json.dumps({"Resources": {"List": LIST}}))

    [account] = sms.resources()
    assert (account["account_id"], account["region"]) == ("123456789012", "eu-west-1")


def test_stacks_over_http():
    """With `with_moto`, a stack created over HTTP has resources in the server's emulator."""
    with Server(Emulator(), with_moto=True) as server:
        place = {"region_name": "us-east-1", "endpoint_url": server.url}
        keys = {"aws_access_key_id": "123456789012", "aws_secret_access_key": "x"}
        client = boto3.client("cloudformation", **place, **keys)
        create(client, {"Resources": {"List": LIST}})
        assert left(server.emulator) == {"opt-out-list": 2}
        client.delete_stack(StackName="sms")
        assert left(server.emulator) == {"opt-out-list": 1}


def test_without_a_block_types_are_unsupported(moto):
    """Without an emulator, moto reports the types as it does all unsupported types."""
    with mock_sms():
        create(moto, {"Resources": {"List": LIST}})
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        create(moto, {"Resources": {"List": LIST}}, "alone")
        moto.delete_stack(StackName="alone")

    assert any("AWS::SMSVOICE::OptOutList" in str(each.message) for each in warned)


def test_deletion_policy_retain(moto, sms):
    """Moto retains resources with that DeletionPolicy."""
    create(moto, {"Resources": {"List": {**LIST, "DeletionPolicy": "Retain"}}})

    moto.delete_stack(StackName="sms")

    assert left(sms) == {"opt-out-list": 2}
