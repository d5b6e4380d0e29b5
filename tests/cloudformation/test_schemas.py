"""The schemas are those of the installed cfn-lint, and the table of types follows them."""

from __future__ import annotations

import pytest

from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.reference import cloudformation_schemas
from pinpoint_sms_emu.wire.model import service_model
from tests import cloudformation_schemas as script
from tests.cloudformation import everything

SCHEMAS = cloudformation_schemas.types()
PROPERTIES = [(name, each) for name, schema in SCHEMAS.items() for each in schema.settable]
# The only permission that is no operation of the service.
_NO_OPERATION = "DeleteDefaultMessageFeedbackEnabled"


def test_the_data_file_is_that_of_the_package():
    """`python -m tests.cloudformation_schemas` renews it."""
    assert script.document() == script.FILE.read_text()


def test_all_types_are_in_the_table():
    """There is a row for each of the twelve types."""
    assert TYPES.keys() == SCHEMAS.keys()
    assert len(TYPES) == 12


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_the_operations_are_those_of_the_handlers(kind):
    """Each handler may call the operation that the table has for it."""
    handlers = kind.schema.handlers

    assert kind.create in handlers["create"]
    assert kind.read in handlers["read"]
    assert kind.delete in handlers["delete"]
    assert kind.update in ("", *handlers["update"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_handlers_call_operations_of_the_service(name):
    """Every permission of a handler is an operation, but for one that AWS does not have."""
    called = {each for handler in SCHEMAS[name].handlers.values() for each in handler}

    assert called - service_model().operations.keys() <= {_NO_OPERATION}


@pytest.mark.parametrize(("name", "member"), PROPERTIES)
def test_the_template_with_everything_has_every_property(name, member):
    """What the other tests go through is all there is, and each property has another value."""
    having = [
        logical_id
        for logical_id, (kind, properties) in everything.RESOURCES.items()
        if name.endswith(f"::{kind}") and member in properties
    ]

    assert having
    # Two name another resource, and change where that one is replaced; one has a single value.
    assert member in ("PoolId", "ProtectConfigurationId", "UseCase") or any(
        (logical_id, member) in everything.CHANGES for logical_id in having
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_attribute_is_known(name):
    """A type has an ARN, and what identifies it among its properties."""
    schema = SCHEMAS[name]

    assert TYPES[name].arn in schema.properties
    assert {*schema.identifier, *schema.read_only, *schema.create_only} <= schema.properties.keys()
