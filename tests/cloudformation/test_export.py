"""Exporting existing resources as a template that cfn-lint accepts and that recreates them."""

from __future__ import annotations

import json

import boto3
import pytest
from cfnlint import decode
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from pinpoint_sms_emu import Emulator, Server, mock_sms
from tests.cloudformation import everything
from tests.cloudformation.conftest import listed, properties, read
from tests.control.http import Control
from tests.doors.serving import run


def exported(sms: Emulator, **place: str) -> dict:
    """What the route returns."""
    with Server(sms) as server:
        return Control(server.url).get("/_emulator/seed/template", **place).json


def assert_is_valid(template: dict) -> None:
    """cfn-lint finds no errors and no warnings."""
    _, problems = decode.decode_str(json.dumps(template))
    assert problems == []
    found = lint(json.dumps(template, indent=2), config=ManualArgs(regions=["us-east-1"]))
    assert [f"{each.rule.id} {each.message}" for each in found] == []


def test_every_property_is_exported(stacked):
    """All properties are exported, with references; an attachment's file is not."""
    found = exported(stacked)
    template = found["template"]

    assert_is_valid(template)
    kinds = sorted(each["Type"] for each in template["Resources"].values())
    expected = sorted(each["Type"] for each in everything.template()["Resources"].values())
    expected.remove("AWS::SMSVOICE::RegistrationAttachment")
    assert kinds == expected
    [left_out] = [each for each in found["left_out"] if "left out" in each]
    assert left_out.endswith("its file cannot be read again")
    resources = template["Resources"]
    assert resources["Pool"]["Properties"]["OriginationIdentities"] == [
        everything.arn("PhoneNumber"),
        everything.arn("SenderId"),
    ]
    assert resources["Pool"]["Properties"]["OptOutListName"] == everything.ref("OptOutList")
    assert resources["NotifyConfiguration"]["Properties"]["PoolId"] == everything.ref("Pool")
    policy = resources["ResourcePolicy"]["Properties"]
    assert policy == {"ResourceArn": everything.arn("Pool"), "PolicyDocument": everything.POLICY}


def test_an_export_can_be_deployed(stacked):
    """Deployed in another emulator, an export creates equal resources, and is exported the same."""
    template = exported(stacked)["template"]

    with mock_sms(seed_file=template, seed=8) as other:
        for logical_id in template["Resources"]:
            wanted = properties(other, logical_id)
            assert listed(wanted, read(other, logical_id)) == wanted
        assert exported(other)["template"] == template


def test_an_export_records_no_call(stacked):
    """An export records no call and changes nothing."""
    before, state = len(stacked.calls), stacked.snapshot()

    exported(stacked)

    assert len(stacked.calls) == before
    assert stacked.snapshot() == state


def test_inexpressible_settings_are_reported():
    """Settings without a property are reported; a short code cannot be requested."""
    with mock_sms(seed=7, registrations="automatic") as sms:
        client = boto3.client("pinpoint-sms-voice-v2")
        client.put_opted_out_number(OptOutListName="Default", OptedOutNumber="+14255550100")
        client.create_opt_out_list(OptOutListName="Others")
        client.put_opted_out_number(OptOutListName="Others", OptedOutNumber="+14255550100")
        client.set_text_message_spend_limit_override(MonthlyLimit=1)
        client.create_configuration_set(ConfigurationSetName="Others")
        client.set_default_message_type(ConfigurationSetName="Others", MessageType="PROMOTIONAL")
        protect = client.create_protect_configuration()["ProtectConfigurationId"]
        client.set_account_default_protect_configuration(ProtectConfigurationId=protect)
        number = sms.add_number("+12065550100", message_type="PROMOTIONAL")
        short_code = sms.add_number("12345", iso_country_code="US")
        client.create_pool(
            OriginationIdentity=short_code.phone_number_id, MessageType="TRANSACTIONAL"
        )
        registration = client.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")
        client.put_registration_field_value(
            RegistrationId=registration["RegistrationId"],
            FieldPath="companyInfo.companyName",
            TextValue="ACME",
        )

        found = exported(sms)

    assert_is_valid(found["template"])
    assert {
        each["Type"].rpartition(":")[2] for each in found["template"]["Resources"].values()
    } == {
        "ConfigurationSet",
        "OptOutList",
        "PhoneNumber",
        "ProtectConfiguration",
        "Registration",
    }
    sentences = "\n".join(found["left_out"])
    for expected in (
        "the account: its spend limits",
        "OptOutList Default: 1 opted-out number",
        "OptOutList Others: 1 opted-out number",
        "ConfigurationSet Others: its default message type PROMOTIONAL",
        f"ProtectConfiguration {protect}: it is the account's default",
        f"PhoneNumber {number.phone_number_id}: its digits +12065550100 and its id",
        f"PhoneNumber {number.phone_number_id}: its message type PROMOTIONAL",
        f"PhoneNumber {short_code.phone_number_id}, which is left out: NumberType: must be one of",
        "which is left out: OriginationIdentities: must have at least 1 entries, not 0",
        f"Registration {registration['RegistrationId']}: the values of its fields",
    ):
        assert expected in sentences


def test_an_export_has_one_account_and_region(stacked):
    """An export is of the default account and Region, or of those requested."""
    client = boto3.client("pinpoint-sms-voice-v2", "eu-west-1")
    client.create_opt_out_list(OptOutListName="Elsewhere")

    [found] = exported(stacked, region="eu-west-1")["template"]["Resources"].values()

    assert found["Properties"] == {"OptOutListName": "Elsewhere"}


def test_the_export_command(stacked, tmp_path):
    """It prints JSON, and on standard error what a template cannot express."""
    file = tmp_path / "template.json"
    with Server(stacked) as server:
        printed = run("seed", "export", "--format", "cloudformation", "--url", server.url)
        run("seed", "export", str(file), "--format", "cloudformation", "--url", server.url)

    template = json.loads(printed.stdout)
    assert template == json.loads(file.read_text())
    assert len(template["Resources"]) == 13
    lines = printed.stderr.splitlines()
    assert len(lines) == 3
    assert all(each.startswith("A template cannot express: ") for each in lines)


@pytest.mark.parametrize(
    ("place", "why"),
    [({"region": "nowhere"}, "be a Region"), ({"account_id": "12"}, "12 digits")],
)
def test_invalid_accounts_and_regions_are_refused(stacked, place, why):
    """An invalid account or Region is refused with a sentence."""
    with Server(stacked) as server:
        answer = Control(server.url).get("/_emulator/seed/template", **place)

    assert answer.status == 400
    assert why in answer.error


@pytest.mark.parametrize("keyword", ["HELP", "OFFERS"])
def test_dynamic_references_cannot_be_exported(keyword):
    """A keyword message that looks like a dynamic reference cannot be written in a template."""
    with mock_sms(seed=7) as sms:
        number = sms.add_number("+12065550100")
        boto3.client("pinpoint-sms-voice-v2").put_keyword(
            OriginationIdentity=number.phone_number_id,
            Keyword=keyword,
            KeywordMessage="{{resolve:ssm:bar}}",
        )

        found = exported(sms)

    assert found["template"]["Resources"] == {}
    assert any(
        each.startswith(f"PhoneNumber {number.phone_number_id}, which is left out: ")
        and each.endswith("Keywords: CloudFormation would resolve a text with {{resolve:")
        for each in found["left_out"]
    )
