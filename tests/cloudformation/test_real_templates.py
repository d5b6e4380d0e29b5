"""Realistic templates: a SAM application, the output of `cdk synth`, a health service."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.seed import seed_template

FOLDER = Path(__file__).parent / "templates"
SAM, CDK = FOLDER / "sam.yaml", FOLDER / "cdk.template.json"
HEALTH = Path(__file__).parents[2] / "docs/examples/template.yaml"
PARAMETERS = {SAM: {}, CDK: {"SenderName": "ACME"}, HEALTH: {"SenderName": "CLINIC"}}


def text(destination: str, **given: str) -> str:
    """Send a text; return the message id."""
    client = boto3.client("pinpoint-sms-voice-v2")
    sent = client.send_text_message(
        DestinationPhoneNumber=destination, MessageBody="Hello", **given
    )
    return str(sent["MessageId"])


@pytest.mark.parametrize("file", PARAMETERS, ids=lambda file: file.name)
def test_templates_are_deployed_and_deleted(file):
    """Each is deployed and deleted; deploying it a second time changes nothing."""
    assert seed_template.find_mistakes(file, PARAMETERS[file]) == []
    with mock_sms(seed_file=file, seed_parameters=PARAMETERS[file]) as sms:
        before = len(sms.calls)
        sms.stack.update(file)
        assert sms.calls[before:] == []
        sms.stack.delete()
        assert sms.stack.resources == {}


def test_the_sam_application():
    """It sends from its pool; in production the pool has a second number, which is retained."""
    with mock_sms(seed_file=SAM) as sms:
        outputs = sms.stack.outputs
        assert outputs.keys() == {"PoolId", "PoolArn", "Number", "FunctionArn"}
        assert outputs["FunctionArn"].endswith(":function:seed-ReminderFunction")
        text("+14254147755", OriginationIdentity=outputs["PoolId"])
        answer = sms.receive("STOP", sender="+14255550100", recipient=outputs["Number"])
        assert answer.reply == "You get no more reminders."
        client = boto3.client("pinpoint-sms-voice-v2")
        [sets] = client.describe_configuration_sets()["ConfigurationSets"]
        [destination] = sets["EventDestinations"]
        assert destination["KinesisFirehoseDestination"] == {
            "IamRoleArn": "arn:aws:iam::123456789012:role/seed-ReminderFunctionRole",
            "DeliveryStreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/sms",
        }

        sms.stack.update(SAM, {"Stage": "prod"})

        assert "SpareNumber" in sms.stack.outputs
        pool = sms.stack.resources["Pool"]
        members = client.list_pool_origination_identities(PoolId=pool)["OriginationIdentities"]
        assert len(members) == 2
        sms.stack.delete()
        assert [each.number_type for each in sms.numbers] == ["TOLL_FREE"]


def test_the_cdk_application():
    """Joins, splits and selects are resolved; metadata and rules are ignored."""
    with mock_sms(seed_file=CDK, seed_parameters={"SenderName": "ACME"}) as sms:
        client = boto3.client("pinpoint-sms-voice-v2")
        [found] = client.describe_configuration_sets()["ConfigurationSets"]

        assert (found["ConfigurationSetName"], found["DefaultSenderId"]) == ("sms-acme", "ACME")
        logs, topic = found["EventDestinations"]
        assert logs["CloudWatchLogsDestination"]["LogGroupArn"] == (
            "arn:aws:logs:us-east-1:123456789012:log-group:/sms/dev:*"
        )
        assert topic["SnsDestination"]["TopicArn"] == (
            "arn:aws:sns:us-east-1:123456789012:seed-TopicBFC7AF6E"
        )
        [sender] = client.describe_sender_ids()["SenderIds"]
        assert sms.stack.outputs["SenderArn"] == sender["SenderIdArn"]


def test_the_health_service():
    """Texts to the United Kingdom have its sender ID; other countries are blocked."""
    with mock_sms(seed_file=HEALTH, seed_parameters={"SenderName": "CLINIC"}) as sms:
        name = sms.stack.outputs["ConfigurationSet"]
        text("+447700900123", ConfigurationSetName=name, OriginationIdentity="CLINIC")
        assert sms.messages[-1].sender == "CLINIC"

        with pytest.raises(ClientError, match="DESTINATION_COUNTRY_BLOCKED_BY_PROTECT"):
            text("+33612345678", ConfigurationSetName=name)

        sms.stack.update(HEALTH, {"Stage": "live"})
        protect = sms.stack.outputs["ProtectConfiguration"]
        with pytest.raises(ClientError, match="DELETION_PROTECTION_ENABLED"):
            boto3.client("pinpoint-sms-voice-v2").delete_protect_configuration(
                ProtectConfigurationId=protect
            )


@pytest.mark.parametrize("file", [CDK, HEALTH], ids=lambda file: file.name)
def test_templates_work_in_moto(file):
    """Moto creates the other services' resources, and this service's beside them."""
    given = [
        {"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS[file].items()
    ]
    template = file.read_text()
    if file == CDK:
        # Moto reads the bootstrap version from its Systems Manager, and warns about metadata.
        document = json.loads(template)
        del document["Parameters"]["BootstrapVersion"], document["Resources"]["CDKMetadata"]
        template = json.dumps(document)
    with mock_sms(), mock_aws():
        cloudformation = boto3.client("cloudformation", "us-east-1")
        cloudformation.create_stack(StackName="sms", TemplateBody=template, Parameters=given)

        [stack] = cloudformation.describe_stacks(StackName="sms")["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        client = boto3.client("pinpoint-sms-voice-v2", "us-east-1")
        [found] = client.describe_configuration_sets()["ConfigurationSets"]
        role = found["EventDestinations"][0]["CloudWatchLogsDestination"]["IamRoleArn"]
        names = [each["Arn"] for each in boto3.client("iam").list_roles()["Roles"]]
        assert names == [role]
        cloudformation.delete_stack(StackName="sms")
        assert client.describe_configuration_sets()["ConfigurationSets"] == []
