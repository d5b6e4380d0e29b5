"""Every member of every answer has a value in the life of an account, or a reason why not."""

from fnmatch import fnmatchcase

import pytest

from pinpoint_sms_emu.wire.model import service_model
from tests.contract.life import live

SHAPES = service_model().shapes

# Members without a value, and why.
WITHOUT_VALUE = {
    "CreateNotifyConfigurationResult.RejectionReason": "A new configuration is not reviewed yet.",
    "CreateRcsAgentResult.TwoWay*": "CreateRcsAgent takes no two-way settings.",
    "CreateRegistrationVersionResult.*StatusHistory.*": "A new version is nothing but a draft.",
    "DescribeRcsAgentCountryLaunchStatusResult.NextToken": "The agent has one launch: one page.",
    "*.AdditionalAttributes": "AWS does not document which attributes there are (decisions 77).",
    "*.ConditionalValidation.AllowedValues": "No form that is known has it (decisions 77).",
    "DescribeRcsAgentsResult.*.DailyMessageCaps": "The caps are those of 10DLC numbers.",
    "DescribeSenderIdsResult.*.DailyMessageCaps": "The caps are those of 10DLC numbers.",
    "DiscardRegistrationVersionResult.*.ArchivedTimestamp": "It was a draft, or denied.",
    "DiscardRegistrationVersionResult.*.RevokedTimestamp": "It was a draft, or denied.",
    "SubmitRegistrationVersionResult.*StatusHistory.*": "What comes after is not known at once.",
}


def possible(shape_name, where, inside=()):
    """Yield every member that an answer can have; a recursive shape once."""
    shape = SHAPES[shape_name]
    if shape_name in inside:
        return
    if shape["type"] in ("list", "map"):
        inner = shape["member" if shape["type"] == "list" else "value"]["shape"]
        yield from possible(inner, where, inside)
    elif shape["type"] == "structure":
        for name, of in shape["members"].items():
            yield f"{where}.{name}"
            yield from possible(of["shape"], f"{where}.{name}", (*inside, shape_name))


def members(shape_name, value, where):
    """Yield every member that an answer has."""
    shape = SHAPES[shape_name]
    if shape["type"] in ("list", "map"):
        inner = shape["member" if shape["type"] == "list" else "value"]["shape"]
        for each in value if shape["type"] == "list" else value.values():
            yield from members(inner, each, where)
    elif shape["type"] == "structure":
        for name, each in value.items():
            if name != "ResponseMetadata":
                yield f"{where}.{name}"
                yield from members(shape["members"][name]["shape"], each, f"{where}.{name}")


@pytest.mark.since("1.44.5")
@pytest.mark.rule("proto-every-member")
def test_every_member_has_a_value(sms, emulator, inputs):
    """Members that are never filled are in the table above, and no others."""
    filled = set()

    def note(parsed, model, **_about):
        filled.update(members(model.output_shape.name, parsed, model.output_shape.name))

    sms.meta.events.register("after-call.pinpoint-sms-voice-v2", note)
    for operation, arguments in inputs.items():
        method = "".join(f"_{each.lower()}" if each.isupper() else each for each in operation)
        getattr(sms, method.removeprefix("_"))(**arguments, MaxResults=1)

    live(sms, emulator)

    shapes = {each.output_shape for each in service_model().operations.values()}
    empty = {each for shape in shapes for each in possible(shape, shape)} - filled
    unexplained = {
        each for each in empty if not any(fnmatchcase(each, row) for row in WITHOUT_VALUE)
    }
    needless = {row for row in WITHOUT_VALUE if not any(fnmatchcase(each, row) for each in empty)}
    assert (sorted(unexplained), sorted(needless)) == ([], [])
