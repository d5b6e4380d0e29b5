"""The resources of an emulator are exported as a seed file that creates them again."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.seed.starter import STARTER
from tests.control.http import Control

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "seed.toml"
EVERYTHING = r"""
[[opt_out_lists]]
opt_out_list_name = "Marketing"
opted_out_numbers = ["+14255550199", "+14255550198"]
tags = { team = "growth" }

[[opt_out_lists]]
opt_out_list_name = "Default"
opted_out_numbers = ["+14255550197"]

[[protect_configurations]]
protect_configuration_id = "protect-main"
deletion_protection_enabled = true
account_default = true
country_rule_set.SMS = { FR = { protect_status = "BLOCK" }, DE = { protect_status = "MONITOR" } }
[[protect_configurations.number_overrides]]
destination_phone_number = "+33612345678"
action = "ALLOW"
expiration_timestamp = 2077-01-01T00:00:00Z

[[registrations]]
registration_id = "registration-main"
registration_type = "GB_SENDER_ID_REGISTRATION"
fields = { "companyInfo.companyName" = "Acme" }

[[phone_numbers]]
phone_number = "+12065550100"
phone_number_id = "phone-main"
number_type = "TOLL_FREE"
two_way_enabled = true
two_way_channel_arn = "arn:aws:sns:us-east-1:123456789012:inbound"
opt_out_list_name = "Marketing"
deletion_protection_enabled = true
tags = { "a key" = "a value" }
keywords = [
    { keyword = "YES", keyword_message = "Thank \"you\" \\ \u202E😀", keyword_action = "OPT_IN" },
    { keyword = "HELP", keyword_message = "Call us" },
]

[[phone_numbers]]
phone_number = "12345"
iso_country_code = "US"
message_type = "PROMOTIONAL"

[[sender_ids]]
sender_id = "ACME"
iso_country_code = "DE"
message_types = ["TRANSACTIONAL"]

[[pools]]
pool_id = "pool-main"
origination_identities = ["+12065550100"]
opt_out_list_name = "Marketing"
two_way_enabled = true
two_way_channel_arn = "arn:aws:sns:us-east-1:123456789012:inbound"

[[pools]]
pool_id = "pool-sender"
origination_identities = [{ origination_identity = "ACME", iso_country_code = "DE" }]
shared_routes_enabled = true

[[configuration_sets]]
configuration_set_name = "main"
default_message_type = "TRANSACTIONAL"
default_sender_id = "ACME"
default_message_feedback_enabled = true
protect_configuration_id = "protect-main"
[[configuration_sets.event_destinations]]
event_destination_name = "everything"
matching_event_types = ["ALL"]
enabled = false
sns_destination = { topic_arn = "arn:aws:sns:us-east-1:123456789012:messages" }

[[verified_destination_numbers]]
destination_phone_number = "+14255550100"

[spend_limit_overrides]
text = 50
voice = 7

[[accounts]]
account_id = "210987654321"
region = "eu-west-1"
phone_numbers = [{ phone_number = "+447700900123" }]
"""


def inventory(emulator):
    """Return the resources of accounts, without generated values."""

    def stripped(value):
        if isinstance(value, dict):
            left_out = ("created", "timestamp", "arn", "code", "status_history", "sequence")
            return {
                name: stripped(each)
                for name, each in value.items()
                if not any(piece in name for piece in left_out)
            }
        return [stripped(each) for each in value] if isinstance(value, list) else value

    return stripped(emulator.resources())


@pytest.mark.parametrize("text", [EVERYTHING, STARTER, EXAMPLE.read_text()])
def test_an_export_creates_the_same_resources(tmp_path, text):
    """An exported seed file creates equal resources, whose export is the same file."""
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(text)
    with Server(Emulator(seed_file=first)) as server:
        exported = Control(server.url).get("/_emulator/seed")
        before = inventory(server.emulator)
    assert exported.headers["content-type"] == "application/toml"
    second.write_text(exported.text)

    with Server(Emulator(seed_file=second)) as server:
        assert inventory(server.emulator) == before
        assert Control(server.url).get("/_emulator/seed").text == exported.text


def test_an_empty_export_is_a_comment():
    """Without resources, the file has only a comment."""
    with Server(Emulator()) as server:
        exported = Control(server.url).get("/_emulator/seed").text

    assert tomllib.loads(exported) == {}


def test_one_account_or_region_is_exported(tmp_path):
    """One account, or one Region, is exported alone."""
    file = tmp_path / "seed.toml"
    file.write_text(EVERYTHING)
    with Server(Emulator(seed_file=file)) as server:
        exported = Control(server.url).get("/_emulator/seed", account_id="210987654321").text

    document = tomllib.loads(exported)
    assert list(document) == ["accounts"]
    [account] = document["accounts"]
    assert (account["account_id"], account["region"]) == ("210987654321", "eu-west-1")
    assert account["phone_numbers"][0]["phone_number"] == "+447700900123"


def test_a_number_that_is_being_released_is_left_out():
    """A resource is not exported from the moment when it is released or deleted."""
    with Server(Emulator(transition_seconds=60)) as server:
        number = server.emulator.add_number("+12065550100")
        engine_of(server.emulator).call("ReleasePhoneNumber", {"PhoneNumberId": number.id})
        exported = Control(server.url).get("/_emulator/seed").text
        statuses = [each.status for each in server.emulator.numbers]

    assert statuses == ["DISASSOCIATING"]
    assert tomllib.loads(exported) == {}
