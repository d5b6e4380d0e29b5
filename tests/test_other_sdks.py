"""Examples for SDKs that are not installed here: their names are in the service's model."""

import re
from pathlib import Path

import pytest

from pinpoint_sms_emu.control.openapi import DESCRIBED
from pinpoint_sms_emu.wire.model import service_model, snake

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
MODEL = service_model()
REASON = "DESTINATION_PHONE_NUMBER_OPTED_OUT"
SENT = ("DestinationPhoneNumber", "OriginationIdentity", "MessageBody")


def camel(name):
    """Spell a name of the model in camel case."""
    return name[0].lower() + name[1:]


# How each SDK writes an operation, a member of its input, and a value of an enumeration.
SPELLINGS = {
    "java/SendCodeTest.java": ("sms.{camel}(", ".{camel}(", REASON),
    "kotlin/SendCodeTest.kt": ("sms.{camel} {{", " {camel} = ", REASON),
    "dotnet/SendCodeTests.cs": ("sms.{name}Async(new {name}Request", " {name} = ", REASON),
    "php/SendCodeTest.php": ("sms->{camel}([", "'{name}' => ", REASON),
    "ruby/send_code_spec.rb": ("sms.{snake}(", " {snake}: ", REASON),
    "rust/send_code.rs": (
        "sms.{snake}()",
        ".{snake}(",
        REASON.title().replace("_", ""),
    ),
}


def spelled(form, name):
    """Fill a form of the table with a name."""
    return form.format(name=name, camel=camel(name), snake=snake(name))


@pytest.mark.parametrize("file", SPELLINGS)
def test_names_are_those_of_the_model(file):
    """Operation, members, error and Reason are in the model, in the SDK's form."""
    code = (EXAMPLES / file).read_text()
    operation, member, reason = SPELLINGS[file]
    model = MODEL.operations["SendTextMessage"]

    assert spelled(operation, model.name) in code
    assert set(SENT) <= set(MODEL.shapes[model.input_shape]["members"])
    assert all(spelled(member, name) in code for name in SENT)
    assert REASON in MODEL.shapes["ConflictExceptionReason"]["enum"]
    assert "ConflictException" in code
    assert reason in code


@pytest.mark.parametrize("file", SPELLINGS)
def test_routes_exist(file):
    """Control plane requests in examples match routes."""
    code = (EXAMPLES / file).read_text()
    routes = {route.path.removeprefix("/_emulator/") for route in DESCRIBED}
    members = set(re.findall(r"(?:post|Post|ask)\(\s*[\"'](\w+)[\"']", code))
    members |= set(re.findall(r"(messages/latest)\?", code))

    assert members == {"reset", "numbers", "inbound", "messages/latest"}
    assert members <= routes


def test_every_example_is_checked():
    """Files for other languages are run by a test, or in the table above."""
    run_elsewhere = {"go", "javascript", "playwright"}
    found = {
        str(file.relative_to(EXAMPLES))
        for file in EXAMPLES.glob("*/*")
        if file.parent.name not in run_elsewhere
    }

    assert found == set(SPELLINGS)
