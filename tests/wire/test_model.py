"""The model, which is read from the installed botocore, and its names."""

import subprocess
import sys
from importlib.metadata import version

import botocore.loaders
import pytest

from pinpoint_sms_emu.wire.model import SERVICE, field_name, service_model, snake


def test_the_model_is_botocores():
    """It has every operation that the installed client has."""
    theirs = botocore.loaders.Loader().load_service_model(SERVICE, "service-2")

    assert service_model().operations.keys() == theirs["operations"].keys()
    assert service_model().shapes == theirs["shapes"]


def test_reading_the_model_does_not_import_botocore():
    """The model is a file in botocore."""
    program = (
        "import sys; from pinpoint_sms_emu.wire.model import service_model; service_model(); "
        "print([name for name in sys.modules if name.startswith('botocore')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]", version("botocore")


@pytest.mark.parametrize(
    ("wire", "python"),
    [
        ("PoolId", "pool_id"),
        ("IsoCountryCode", "iso_country_code"),
        ("MCC", "mcc"),
        ("OptedOutNumbers", "opted_out_numbers"),
        ("TwoWayMediaS3BucketName", "two_way_media_s3_bucket_name"),
        ("E164PhoneNumber", "e164_phone_number"),
    ],
)
def test_wire_names_in_snake_case(wire, python):
    """A wire name is spelled with small letters and underscores."""
    assert snake(wire) == python


def test_snake_case_names_are_unique():
    """Wire names and Python names map one to one in each shape and over all operations."""
    model = service_model()
    members = [list(shape.get("members", ())) for shape in model.shapes.values()]

    assert all(len(set(map(snake, names))) == len(names) for names in members)
    assert len(model.by_snake_name) == len(model.operations)


def test_field_names_begin_with_a_small_letter():
    """Fields has the member's name with a small first letter."""
    model = service_model()
    inputs = [model.shapes[each.input_shape] for each in model.operations.values()]
    members = {name for shape in inputs for name in shape["members"]}

    assert {
        name for name in members if field_name(snake(name)) != name[0].lower() + name[1:]
    } == set()


@pytest.mark.parametrize(
    ("operation", "token", "listed", "size"),
    [
        ("CreatePool", "ClientToken", None, 0),
        ("DescribePools", None, "Pools", 100),
        ("UpdatePool", None, None, 0),
        ("ListTagsForResource", None, None, 0),
    ],
)
def test_tokens_and_lists_of_operations(operation, token, listed, size):
    """Idempotency tokens and paginated lists are read from the model."""
    model = service_model().operations[operation]

    assert (model.token_member, model.list_member, model.page_size) == (token, listed, size)


def test_tag_lists_become_mappings():
    """Other lists stay lists."""
    model = service_model()

    assert model.is_key_value_list("TagList")
    assert not model.is_key_value_list("PoolFilterList")
    assert not model.is_key_value_list("PoolIdList")
    assert not model.is_key_value_list("ContextMap")
