"""The schemas equal those of the installed cfn-lint, and the table of types follows them."""

from __future__ import annotations

import pytest

from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.reference import cloudformation_schemas
from pinpoint_sms_emu.wire.model import service_model
from tests import cloudformation_schemas as script
from tests.cloudformation import everything

SCHEMAS = cloudformation_schemas.types()
PROPERTIES = [(name, each) for name, schema in SCHEMAS.items() for each in schema.settable]
# The only permission that is not an operation of the service.
_NO_OPERATION = "DeleteDefaultMessageFeedbackEnabled"


def test_the_data_file_is_up_to_date():
    """The file equals what `python -m tests.cloudformation_schemas` writes."""
    assert script.document() == script.FILE.read_text()


def test_all_types_are_in_the_table():
    """The table has each of the twelve types."""
    assert TYPES.keys() == SCHEMAS.keys()
    assert len(TYPES) == 12


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_operations_are_in_the_handlers_permissions(kind):
    """Each handler has the permission for the operation that the table names."""
    handlers = kind.schema.handlers

    assert kind.create in handlers["create"]
    assert kind.read in handlers["read"]
    assert kind.delete in handlers["delete"]
    assert kind.update in ("", *handlers["update"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_handler_permissions_are_operations(name):
    """Every permission of a handler is an operation, except one that AWS does not have."""
    called = {each for handler in SCHEMAS[name].handlers.values() for each in handler}

    assert called - service_model().operations.keys() <= {_NO_OPERATION}


@pytest.mark.parametrize(("name", "member"), PROPERTIES)
def test_the_template_with_everything_has_every_property(name, member):
    """The template has every property of every type, and the changes another value for each."""
    having = [
        logical_id
        for logical_id, (kind, properties) in everything.RESOURCES.items()
        if name.endswith(f"::{kind}") and member in properties
    ]

    assert having
    # Two properties refer to another resource, and change when that is replaced; one has a single
    # possible value.
    assert member in ("PoolId", "ProtectConfigurationId", "UseCase") or any(
        (logical_id, member) in everything.CHANGES for logical_id in having
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_attribute_is_known(name):
    """Each type has an ARN, and its primary identifier is one of its properties."""
    schema = SCHEMAS[name]

    assert TYPES[name].arn in schema.properties
    assert {*schema.identifier, *schema.read_only, *schema.create_only} <= schema.properties.keys()
