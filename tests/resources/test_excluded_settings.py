"""Two-way settings that exclude each other are refused at every door, with nothing created."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.wire.model import service_model, snake

TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"
CONNECT = "connect.us-east-1.amazonaws.com"
ROLE = "arn:aws:iam::123456789012:role/answers"
NUMBER = "+12065550100"

# Settings that cannot be together, and those that need another one.
EXCLUDED: dict[str, dict[str, Any]] = {
    "a channel while off": {"two_way_enabled": False, "two_way_channel_arn": TOPIC},
    "a role while off": {"two_way_enabled": False, "two_way_channel_role": ROLE},
    "self-managed while off": {"two_way_enabled": False, "self_managed_opt_outs_enabled": True},
    "no channel": {"two_way_enabled": True},
    "a role without a channel": {"two_way_enabled": True, "two_way_channel_role": ROLE},
    "self-managed with Connect": {
        "two_way_enabled": True,
        "two_way_channel_arn": CONNECT,
        "self_managed_opt_outs_enabled": True,
    },
}

Door = Callable[[dict[str, Any]], Any]


def call(emulator: Emulator, operation: str, given: dict[str, Any]) -> dict[str, Any]:
    """Call an operation with members in snake case."""
    shape = service_model().operations[operation].input_shape
    names = {snake(each): each for each in service_model().shapes[shape]["members"]}
    return engine_of(emulator).call(operation, {names[name]: it for name, it in given.items()})


@contextmanager
def unchanged_if_refused(emulator: Emulator) -> Iterator[None]:
    """Check that a refusal changes nothing."""
    before = emulator.snapshot()
    try:
        yield
    except (ApiError, ValueError):
        assert emulator.snapshot() == before
        raise


def update_number(settings: dict[str, Any]) -> None:
    """Update a number."""
    with mock_sms() as emulator:
        number = emulator.add_number(NUMBER)
        with unchanged_if_refused(emulator):
            call(emulator, "UpdatePhoneNumber", {"phone_number_id": number.id, **settings})


def update_pool(settings: dict[str, Any]) -> None:
    """Update a pool."""
    with mock_sms() as emulator:
        number = emulator.add_number(NUMBER).id
        members = {"origination_identity": number, "message_type": "TRANSACTIONAL"}
        pool = call(emulator, "CreatePool", members)["PoolId"]
        call(emulator, "DescribePools", {})
        with unchanged_if_refused(emulator):
            call(emulator, "UpdatePool", {"pool_id": pool, **settings})


def add_number(settings: dict[str, Any]) -> None:
    """Add a number with them, in Python as over HTTP."""
    emulator = Emulator()
    with unchanged_if_refused(emulator):
        emulator.add_number(NUMBER, **settings)


def seed_a_number(settings: dict[str, Any]) -> None:
    """Start with a number."""
    Emulator(seed_file={"phone_numbers": [{"phone_number": NUMBER, **settings}]})


def seed_a_pool(settings: dict[str, Any]) -> None:
    """Start with a pool."""
    numbers = [{"phone_number": NUMBER}]
    pool = {"origination_identities": [NUMBER], **settings}
    Emulator(seed_file={"phone_numbers": numbers, "pools": [pool]})


KEYWORDS = {"HELP": {"Message": "Call us."}, "STOP": {"Message": "Goodbye."}}
PLAIN = {
    "IsoCountryCode": "US",
    "NumberType": "LONG_CODE",
    "NumberCapabilities": ["SMS"],
    "MandatoryKeywords": KEYWORDS,
}


def in_a_template(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a template."""
    names = {
        "two_way_enabled": "Enabled",
        "two_way_channel_arn": "ChannelArn",
        "two_way_channel_role": "ChannelRole",
    }
    two_way = {wire: settings[name] for name, wire in names.items() if name in settings}
    self_managed = settings.get("self_managed_opt_outs_enabled", False)
    return {"TwoWay": two_way, "SelfManagedOptOutsEnabled": self_managed}


def deploy_a_number(settings: dict[str, Any]) -> None:
    """Deploy a template with a number."""
    properties = {**PLAIN, **in_a_template(settings)}
    number = {"Type": "AWS::SMSVOICE::PhoneNumber", "Properties": properties}
    Emulator(seed_file={"Resources": {"Number": number}})


def deploy_a_pool(settings: dict[str, Any]) -> None:
    """Deploy a template with a pool."""
    number = {"Type": "AWS::SMSVOICE::PhoneNumber", "Properties": PLAIN}
    properties = {
        "OriginationIdentities": [{"Fn::GetAtt": "Number.Arn"}],
        "MandatoryKeywords": KEYWORDS,
        **in_a_template(settings),
    }
    pool = {"Type": "AWS::SMSVOICE::Pool", "Properties": properties}
    Emulator(seed_file={"Resources": {"Number": number, "Pool": pool}})


DOORS: list[Door] = [
    update_number,
    update_pool,
    add_number,
    seed_a_number,
    seed_a_pool,
    deploy_a_number,
    deploy_a_pool,
]


@pytest.mark.since("1.44.5")
@pytest.mark.rule("two-way-self-managed-connect")
@pytest.mark.parametrize("settings", EXCLUDED.values(), ids=EXCLUDED)
@pytest.mark.parametrize("door", DOORS)
def test_settings_that_exclude_each_other(door: Door, settings: dict[str, Any]):
    """The refusal names one of them; each door accepts what does not exclude anything."""
    with pytest.raises((ApiError, ValueError)) as refused:
        door(settings)

    members = getattr(refused.value, "members", {})
    named = str([each["Name"] for each in members.get("Fields", ())]) + str(refused.value)
    assert any(word in named.replace("_", "").lower() for word in ("channel", "selfmanaged"))


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("door", DOORS)
def test_settings_that_go_together(door: Door):
    """Each door accepts two-way messaging with a topic and self-managed opt-outs."""
    door(
        {
            "two_way_enabled": True,
            "two_way_channel_arn": TOPIC,
            "two_way_channel_role": ROLE,
            "self_managed_opt_outs_enabled": True,
        }
    )
