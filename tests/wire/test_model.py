"""The model that is read from the installed botocore, and the names in it."""

import subprocess
import sys
from importlib.metadata import version

import botocore.loaders
import pytest

from pinpoint_sms_emu.wire.model import SERVICE, field_name, service_model, snake


def test_it_is_botocores():
    """It is the model that the installed client has, every operation of it."""
    theirs = botocore.loaders.Loader().load_service_model(SERVICE, "service-2")

    assert service_model().operations.keys() == theirs["operations"].keys()
    assert service_model().shapes == theirs["shapes"]


def test_reading_it_imports_nothing_of_botocore():
    """The model is a file: botocore's code is not needed to read it."""
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
def test_names_in_python(wire, python):
    """A wire name is spelled with small letters and underscores."""
    assert snake(wire) == python


def test_no_two_names_become_one():
    """Wire names and Python names map one to one within each shape, and over all operations."""
    model = service_model()
    members = [list(shape.get("members", ())) for shape in model.shapes.values()]

    assert all(len(set(map(snake, names))) == len(names) for names in members)
    assert len(model.by_snake_name) == len(model.operations)


def test_names_in_fields():
    """An argument is spelled in Fields as its member is, but for the first letter."""
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
def test_what_the_machinery_does(operation, token, listed, size):
    """Tokens and lists are read from the model."""
    model = service_model().operations[operation]

    assert (model.token_member, model.list_member, model.page_size) == (token, listed, size)


def test_tags_are_a_mapping():
    """A list of Key and Value is a mapping; a list of anything else is a list."""
    model = service_model()

    assert model.is_key_value_list("TagList")
    assert not model.is_key_value_list("PoolFilterList")
    assert not model.is_key_value_list("PoolIdList")
    assert not model.is_key_value_list("ContextMap")
