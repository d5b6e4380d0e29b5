"""The Service Authorization Reference's data equals the installed package's, and is complete."""

from __future__ import annotations

import pytest

from pinpoint_sms_emu.permissions import resources
from pinpoint_sms_emu.reference import service_authorization
from pinpoint_sms_emu.wire.model import service_model
from tests import service_authorization as script

PLACE = ("123456789012", "us-east-1")


def test_the_data_file_is_up_to_date():
    """The file equals what `python -m tests.service_authorization` writes."""
    assert script.document() == script.FILE.read_text()


def test_every_operation_is_in_the_table():
    """The table has all operations of the model, with known types."""
    known = service_authorization.operations()

    assert known.keys() == service_model().operations.keys()
    assert {each for types in known.values() for each in types} <= set(
        service_authorization.resource_types()
    )


@pytest.mark.parametrize("operation", service_authorization.operations())
def test_every_resource_type_has_a_parameter(operation):
    """For each resource type of an operation, a parameter has its id or ARN."""
    model = service_model()
    members = model.shapes[model.operations[operation].input_shape]["members"]
    for wanted in service_authorization.operations()[operation]:
        arn = resources.arn_of(PLACE, wanted, "GB" if wanted == "SenderId" else "x")
        found = set()
        for name, member in members.items():
            is_list = model.kind(member["shape"]) == "list"
            found |= {
                resource.type
                for resource in resources.named_by(
                    {}, PLACE, operation, {name: [arn] if is_list else arn}
                )
            }
        assert wanted in found
