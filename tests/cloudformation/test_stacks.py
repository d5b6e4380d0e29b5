"""The stack of an emulator: created by a seed, updated, deleted, and stored in snapshots."""

from __future__ import annotations

import copy
import re

import boto3
import pytest

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.cloudformation.caller import USER_AGENT
from tests.cloudformation import everything
from tests.cloudformation.conftest import changing

LIST = {"Type": "AWS::SMSVOICE::OptOutList"}
SENDER = {"Type": "AWS::SMSVOICE::SenderId", "Properties": {"SenderId": "ACME"}}
OUTPUTS = {
    **{name: {"Value": everything.ref(name)} for name in everything.RESOURCES},
    "PoolArn": {"Value": everything.arn("Pool")},
    "AgentStatus": {"Value": everything.arn("Agent", "Status")},
    "AgentPool": {"Value": everything.arn("Agent", "PoolId")},
    "Created": {"Value": everything.arn("Verified", "CreatedTimestamp")},
    "Version": {"Value": everything.arn("Registration", "CurrentVersionNumber")},
}


@pytest.mark.rule("cfn-order")
def test_all_types_are_created_and_deleted(stacked):
    """All twelve types are created, listed, and deleted in the order of their dependencies."""
    assert stacked.stack.resources.keys() == everything.RESOURCES.keys()
    assert {each.user_agent for each in stacked.calls} == {USER_AGENT}
    assert not any(each.refused for each in stacked.calls)
    stacked.clock.advance(hours=25)

    stacked.stack.delete()

    [account] = stacked.resources()
    left = {kind: len(found) for kind, found in account["resources"].items() if found}
    assert left == {"opt-out-list": 1}  # the default list
    assert stacked.stack.resources == stacked.stack.outputs == {}


@pytest.mark.rule("cfn-ref", "cfn-message-type")
def test_ref_returns_the_primary_identifier():
    """Ref returns an id, a name or an ARN, depending on the type's primary identifier."""
    with mock_sms(seed_file=everything.template() | {"Outputs": OUTPUTS}) as sms:
        outputs = sms.stack.outputs

    arns = {"Registration", "Attachment", "File", "Agent", "Notify", "Verified", "Policy"}
    assert {name for name, value in outputs.items() if value.startswith("arn:")} == {
        *arns,
        "PoolArn",
    }
    assert outputs["Sender"] == "GB|ACME"
    assert (outputs["List"], outputs["Set"]) == ("Marketing", "Default")
    assert outputs["PoolArn"].endswith(f":pool/{outputs['Pool']}")
    assert outputs["Policy"] == outputs["PoolArn"]
    assert (outputs["AgentStatus"], outputs["AgentPool"]) == ("CREATED", "")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", outputs["Created"])
    assert outputs["Version"] == "1"
    assert {each.message_type for each in sms.numbers} == {"TRANSACTIONAL"}


@pytest.mark.rule("cfn-nothing-changed")
def test_the_same_template_makes_no_call(stacked):
    """An update with the same template calls no operation."""
    before = len(stacked.calls)

    stacked.stack.update(everything.template())

    assert stacked.calls[before:] == []


def test_a_stack_without_a_seed():
    """A template can be deployed later, beside existing resources."""
    with mock_sms() as sms:
        assert sms.stack.resources == sms.stack.outputs == {}

        sms.stack.update(
            {"Resources": {"List": LIST}, "Outputs": {"Name": {"Value": {"Ref": "List"}}}}
        )

        assert sms.stack.outputs == {"Name": sms.stack.resources["List"]}
        client = boto3.client("pinpoint-sms-voice-v2")
        names = [each["OptOutListName"] for each in client.describe_opt_out_lists()["OptOutLists"]]
        assert names == ["Default", sms.stack.resources["List"]]
        assert sms.stack.resources["List"].startswith("seed-List-")


def test_dependents_are_updated_before_the_old_resource_is_deleted(stacked):
    """Resources that refer to a replaced one are updated first; then the old one is deleted."""
    former, before = stacked.stack.resources["Protect"], len(stacked.calls)
    template = everything.template()
    template["Resources"]["Protect"] = {"Type": "AWS::SMSVOICE::OptOutList"}
    template["Resources"]["Other"] = everything.template()["Resources"]["Protect"]
    template["Resources"]["Set"]["Properties"]["ProtectConfigurationId"] = {"Ref": "Other"}

    stacked.stack.update(template)

    assert former not in stacked.stack.resources.values()
    made = changing(stacked.calls[before:])
    assert made.index("AssociateProtectConfiguration") < made.index("DeleteProtectConfiguration")


@pytest.mark.rule("cfn-deletion-policy")
def test_deletion_policies():
    """Retained resources stay when the stack, or the template's resource, is deleted."""
    resources = {
        "Kept": {**LIST, "Properties": {"OptOutListName": "Kept"}, "DeletionPolicy": "Retain"},
        "Gone": {**LIST, "Properties": {"OptOutListName": "Gone"}},
        "Former": {
            **LIST,
            "Properties": {"OptOutListName": "Former"},
            "UpdateReplacePolicy": "Retain",
        },
    }
    with mock_sms(seed_file={"Resources": resources}) as sms:
        client = boto3.client("pinpoint-sms-voice-v2")
        replaced = resources["Former"] | {"Properties": {"OptOutListName": "Latter"}}
        sms.stack.update({"Resources": {"Gone": resources["Gone"], "Former": replaced}})
        sms.stack.delete()

        names = {each["OptOutListName"] for each in client.describe_opt_out_lists()["OptOutLists"]}
        assert names == {"Default", "Kept", "Former"}


def test_a_refused_update_is_rolled_back(stacked):
    """If the service refuses a call in the middle of an update, nothing has changed."""
    before, calls = stacked.snapshot(), len(stacked.calls)
    template = everything.template(
        List={"Tags": everything.OTHER_TAGS}, Set={"DefaultSenderId": "WAY-TOO-LONG-A-NAME"}
    )

    with pytest.raises(
        ValueError, match=r"^the template, Resources\.Set\.Properties\.DefaultSenderId: "
    ) as refused:
        stacked.stack.update(template)

    assert "SetDefaultSenderId: ValidationException" in str(refused.value)
    assert stacked.snapshot() == before
    assert len(stacked.calls) == calls


def test_a_refused_deletion_changes_nothing(stacked):
    """A verified number cannot be deleted for a day, so the stack's deletion deletes nothing."""
    before = stacked.stack.resources

    with pytest.raises(ValueError, match=r"Resources\.Verified: DeleteVerifiedDestinationNumber"):
        stacked.stack.delete()

    assert stacked.stack.resources == before


def test_deletion_protection(stacked):
    """A protected resource is deleted only after an update has removed its protection."""
    stacked.stack.update(everything.template(Sender={"DeletionProtectionEnabled": True}))
    stacked.clock.advance(hours=25)

    with pytest.raises(ValueError, match=r"the stack cannot be deleted, Resources\.Sender: "):
        stacked.stack.delete()
    stacked.stack.update(everything.template())
    stacked.stack.delete()


def test_created_resources_stay_after_a_fault(stacked):
    """A fault applies to a handler's call; resources created before it are in the stack."""
    stacked.fail("CreateOptOutList", "InternalServerException", times=1)
    template = everything.template()
    template["Resources"] |= {"First": LIST, "Second": LIST}

    with pytest.raises(ValueError, match="CreateOptOutList: InternalServerException"):
        stacked.stack.update(template)

    assert len(stacked.stack.resources) == len(everything.RESOURCES) + 1
    stacked.stack.update(template)
    assert stacked.stack.resources.keys() == template["Resources"].keys()


def test_handlers_retry_and_wait():
    """Handlers repeat throttled calls, and wait until a resource is active."""
    with mock_sms(transition_seconds=0.2) as sms:
        sms.fail("CreatePool", "ThrottlingException", times=1)

        sms.stack.update(everything.template(Notify={"PoolId": None}))

        assert [each.operation for each in sms.calls if each.refused] == ["CreatePool"]
        assert sms.stack.resources.keys() == everything.RESOURCES.keys()


def test_handlers_need_no_permissions(tmp_path):
    """Signing keys and policies do not apply to the handlers' calls."""
    keys = tmp_path / "keys"
    keys.write_text("AKIAEXAMPLE secret\n")
    policies = {"123456789012": {"Version": "2012-10-17", "Statement": []}}

    with mock_sms(
        seed_file=everything.template(), signing_keys=keys, policies=policies, seed=7
    ) as sms:
        sms.stack.update(everything.template(List={"Tags": everything.OTHER_TAGS}))

        assert not any(each.refused for each in sms.calls)


def test_updates_keep_parameters():
    """Parameters that an update leaves out keep their values; removed ones are dropped."""
    name = {"Ref": "Name"}
    template = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {"List": {**LIST, "Properties": {"OptOutListName": name}}},
        "Outputs": {"Name": {"Value": name}},
    }
    with mock_sms(seed_file=template, seed_parameters={"Name": "First"}) as sms:
        sms.stack.update(template)
        assert sms.stack.outputs == {"Name": "First"}
        sms.stack.update(template, {"Name": "Second"})
        assert sms.stack.outputs == {"Name": "Second"}
        with pytest.raises(ValueError, match="there is no parameter Nam; did you mean Name"):
            sms.stack.update(template, {"Nam": "Third"})
        sms.stack.update({"Resources": {"List": LIST}})
        assert sms.stack.outputs == {}


def test_a_stack_is_part_of_the_state(stacked):
    """A snapshot contains the stack, which can be updated and deleted after a restore."""
    resources, state = stacked.stack.resources, stacked.snapshot()
    stacked.clock.advance(hours=25)
    stacked.stack.delete()

    stacked.restore(state)

    assert stacked.stack.resources == resources
    stacked.stack.update(everything.template(List={"Tags": everything.OTHER_TAGS}))


def test_a_stack_in_a_data_folder(tmp_path):
    """After a restart the stack is the same; the handlers' calls are repeated."""
    settings = {"seed_file": everything.template(), "data_dir": tmp_path / "data"}
    first = Emulator(**settings)
    first.stack.update(everything.template(List={"Tags": everything.OTHER_TAGS}))
    resources = first.stack.resources
    state = first.snapshot()
    # Not closed, so the folder has the changes and no complete state.
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in (tmp_path / "data").iterdir():
        (copy / file.name).write_bytes(file.read_bytes())

    second = Emulator(seed_file=everything.template(), data_dir=copy)

    assert second.stack.resources == resources
    assert second.snapshot()["accounts"] == state["accounts"]
    first.close()
    second.close()


def test_reset_deploys_again(stacked):
    """A reset deploys the seed's template again, and nothing else."""
    stacked.stack.update(everything.template(List={"Tags": everything.OTHER_TAGS}))

    stacked.reset()

    assert stacked.stack.resources.keys() == everything.RESOURCES.keys()
    assert stacked.calls[0].operation == "CreateOptOutList"
    ids = [each.request_id for each in stacked.calls]
    assert len(set(ids)) == len(ids)
    boto3.client("pinpoint-sms-voice-v2").describe_pools()
    assert stacked.calls[-1].request_id not in ids


def test_the_stack_sends_messages(stacked):
    """Messages can be sent from the stack's pool."""
    sent = boto3.client("pinpoint-sms-voice-v2").send_text_message(
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity=stacked.stack.resources["Pool"],
        MessageBody="Hello",
    )

    assert stacked.messages[0].message_id == sent["MessageId"]


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("account_id",), "zz", "account_id must be 12 digits, not 'zz'"),
        (("region",), "Ohio", "region must be a Region such as us-east-1, not 'Ohio'"),
        (("template",), {"Resources": []}, "template.Resources must be a mapping, not []"),
        (("template", "Resources", "List"), {}, "template.Resources.List must be a mapping with"),
        (("resources", 0, "type"), "X", "resources[0].type is unknown: 'X'; "),
        (("resources", 0, "attributes"), {}, "resources[0].attributes must have the text "),
        (("resources", 0, "ref"), "x", "resources[0].ref must be '"),
        (("resources", 0, "properties"), {"X": 1}, "resources[0].properties.X is not known; "),
    ],
)
def test_an_edited_stack_is_refused(stacked, path, value, why):
    """A stack that no deployment could have recorded is refused with its place."""
    state = stacked.snapshot()
    edited = copy.deepcopy(state)
    place = edited["stack"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(ValueError, match=r"^this state cannot be read: stack\.") as refused:
        stacked.restore(edited)

    assert why in str(refused.value)
    assert stacked.snapshot() == state


def test_an_edited_stack_with_a_duplicate_is_refused(stacked):
    """A resource that is in the stack twice is refused, as it would be deleted twice."""
    edited = stacked.snapshot()
    edited["stack"]["resources"] *= 2

    with pytest.raises(ValueError, match=r"stack\.resources\[\d+\]\.ref is given twice"):
        stacked.restore(edited)
