"""The signatures of the operations are compared with the newest model."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import pinpoint_sms_emu
from pinpoint_sms_emu.service import modules
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import service_model, snake
from tests.model_conformance import NEWEST

# These are handled for all operations.
KEPT_BACK = {"client_token", "next_token", "max_results"}

# The annotation of each kind of shape, without None.
ANNOTATIONS = {
    "string": {"str"},
    "boolean": {"bool"},
    "integer": {"int"},
    "long": {"int"},
    "double": {"float"},
    "timestamp": {"datetime"},
    "blob": {"bytes"},
    "list": {"list"},
    "map": {"dict"},
}

PACKAGE = Path(pinpoint_sms_emu.__file__).parent

assert modules, "importing it registers every operation"


def model_of(operation):
    """The operation in the model, with the shapes of its members by argument name."""
    model = service_model()
    name = model.by_snake_name[operation]
    shape = model.shapes[model.operations[name].input_shape]
    members = {snake(member): of["shape"] for member, of in shape["members"].items()}
    required = {snake(member) for member in shape.get("required", ())}
    return {name: of for name, of in members.items() if name not in KEPT_BACK}, required


IN_THE_MODEL = sorted(OPERATIONS.keys() & service_model().by_snake_name.keys())


@pytest.mark.since("1.44.5")
def test_every_operation_is_in_the_model():
    """Every registered function has the name of an operation."""
    assert OPERATIONS.keys() <= service_model().by_snake_name.keys()


@pytest.mark.parametrize("operation", IN_THE_MODEL)
def test_functions_take_all_members(operation):
    """A function takes every member of its input, and no other."""
    members, _required = model_of(operation)
    taken = OPERATIONS[operation].parameters

    assert members.keys() <= taken
    if NEWEST:
        assert members.keys() == taken


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("operation", IN_THE_MODEL)
def test_required_members(operation):
    """Required members of the model have no default, all others have one."""
    members, required = model_of(operation)
    parameters = inspect.signature(OPERATIONS[operation].function).parameters.values()
    named = [each for each in parameters if each.kind is each.KEYWORD_ONLY]
    by_default = {each.name for each in named if each.default is not each.empty}

    assert {each.name for each in named} - by_default == required
    assert by_default <= members.keys()


@pytest.mark.parametrize("operation", IN_THE_MODEL)
def test_arguments_have_the_type_of_their_member(operation):
    """An argument is annotated as what its member is parsed to."""
    members, _required = model_of(operation)
    function = OPERATIONS[operation].function
    model = service_model()

    for parameter in inspect.signature(function).parameters.values():
        shape = members.get(parameter.name)
        if parameter.kind is not parameter.KEYWORD_ONLY or shape is None:
            continue
        kind = "map" if model.is_key_value_list(shape) else model.kind(shape)
        annotated = re.sub(r"\[.*\]| \| None", "", parameter.annotation)
        assert kind == "structure" or annotated in ANNOTATIONS[kind], parameter


def literals(callables):
    """Every string that is the first argument of one of these calls, with its place."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            first = node.args[0] if node.args else None
            if node.func.id in callables and isinstance(first, ast.Constant):
                yield node.func.id, first.value, f"{file.name}:{node.lineno}"


@pytest.mark.since("1.44.5")
def test_reasons_exist():
    """Every Reason and ResourceType in the code is in the model."""
    enums = {
        "AccessDeniedException": "AccessDeniedExceptionReason",
        "ConflictException": "ConflictExceptionReason",
        "ServiceQuotaExceededException": "ServiceQuotaExceededExceptionReason",
        "ValidationException": "ValidationExceptionReason",
        "Thing": "ResourceType",
    }
    shapes = service_model().shapes
    found = list(literals(enums))

    assert len(found) > 10
    assert [each for each in found if each[1] not in shapes[enums[each[0]]]["enum"]] == []


@pytest.mark.since("1.44.5")
def test_kinds_exist():
    """The kind of every resource class is a ResourceType of the model."""
    from pinpoint_sms_emu.state.tables import Resource

    def descendants(of):
        for each in of.__subclasses__():
            yield each
            yield from descendants(each)

    kinds = {each.kind for each in descendants(Resource) if hasattr(each, "kind")}

    assert kinds <= set(service_model().shapes["ResourceType"]["enum"])
