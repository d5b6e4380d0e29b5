"""Arguments and results are never the state itself, whatever the operation."""

import copy

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.service import dispatch
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import service_model, snake
from tests.contract.samples import sample
from tests.contract.test_names import OF_OPERATIONS, VALUES, filled

dispatch.load_service()
MODEL = service_model()
EMULATED = [each for each in MODEL.operations.values() if snake(each.name) in OPERATIONS]


def spoil(value):
    """Change every list and mapping in a value, innermost first."""
    if isinstance(value, dict):
        for inner in list(value.values()):
            spoil(inner)
        value["spoiled"] = "spoiled"
    elif isinstance(value, list):
        for inner in value:
            spoil(inner)
        value.append("spoiled")


def everything(operation, account):
    """All members of an operation that can be given together."""
    shape = MODEL.shapes[operation.input_shape]
    members = filled(operation, account)
    given = VALUES | OF_OPERATIONS.get(operation.name, {})
    for name, of in shape["members"].items():
        kind = MODEL.kind(of["shape"])
        if name not in members and kind in ("list", "map", "structure") and name != "Filters":
            members[name] = given.get(name, _filled(of["shape"]))
    return members


def _filled(shape_name):
    shape = MODEL.shapes[shape_name]
    if shape["type"] == "list":
        return [sample(shape["member"]["shape"])]
    if shape["type"] == "map":
        return {sample(shape["key"]["shape"]): sample(shape["value"]["shape"])}
    return sample(shape_name)


@pytest.mark.since("1.44.5")
@pytest.mark.rule("proto-copies")
@pytest.mark.parametrize("operation", EMULATED, ids=lambda each: each.name)
def test_arguments_and_results_are_copies(emulator, account, inputs, operation):
    """Changing an operation's arguments or result does not change the state."""
    del inputs
    before = emulator.snapshot()
    for members in (everything(operation, account), filled(operation, account)):
        emulator.restore(before)
        if token := operation.token_member:
            members[token] = "token"
        given = copy.deepcopy(members)
        try:
            answer = engine_of(emulator).call(operation.name, given)
        except ApiError:
            answer = {}
        assert given == members
        after = emulator.snapshot()

        spoil(given)
        spoil(answer)

        assert emulator.snapshot() == after
    assert answer, "with what is required alone the call is answered"


@pytest.mark.rule("proto-copies")
def test_a_message_as_json_is_a_copy(emulator, sms, number):
    """Changes to a message's JSON or to the request do not change the message."""
    context, parameters = {"order": "7"}, {"IN_ENTITY_ID": "1"}
    sms.send_text_message(
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity=number.id,
        MessageBody="Hello https://example.com",
        Context=context,
        DestinationCountryParameters=parameters,
    )
    before = emulator.snapshot()

    for given in (context, parameters, *(each.as_dict() for each in emulator.messages)):
        spoil(given)

    assert emulator.snapshot() == before
