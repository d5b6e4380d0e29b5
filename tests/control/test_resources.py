"""What accounts have, as the control plane shows it."""

from __future__ import annotations

from datetime import datetime

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service.inventory import MAX_DELIVERIES, MAX_ENTRIES

TOPIC = "arn:aws:sns:us-east-1:123456789012:events"
PERSON = "+14255550123"


def resources(control, kind):
    """What the only account has of a kind."""
    [account] = control.get("/_emulator/resources").json["accounts"]
    return account["resources"][kind]


@pytest.fixture
def destination(sms):
    """A configuration set with a destination for every event."""
    sms.create_configuration_set(ConfigurationSetName="orders")
    sms.create_event_destination(
        ConfigurationSetName="orders",
        EventDestinationName="analytics",
        MatchingEventTypes=["ALL"],
        SnsDestination={"TopicArn": TOPIC},
    )


def test_accounts_are_listed_with_how_much_they_have(control, sms, client, pool):
    """Every account and Region that has something is told, with its number of each kind."""
    del pool
    client("210987654321", "eu-west-1").create_protect_configuration()

    told = control.get("/_emulator/accounts").json

    assert told["total"] == 2
    places = [(each["account_id"], each["region"]) for each in told["accounts"]]
    assert places == [("123456789012", "us-east-1"), ("210987654321", "eu-west-1")]
    assert told["accounts"][0]["resources"]["pool"] == 1
    assert told["accounts"][1]["resources"]["pool"] == 0


def test_reading_and_being_refused_make_no_account(sms, emulator):
    """Anybody can make up keys: of an account that changes nothing, nothing stays."""
    lists = sms.describe_opt_out_lists()["OptOutLists"]
    with pytest.raises(sms.exceptions.ResourceNotFoundException):
        sms.delete_pool(PoolId="pool-unknown")

    assert [each["OptOutListName"] for each in lists] == ["Default"]
    assert engine_of(emulator).state.accounts == {}


def test_looking_makes_no_account(control, emulator):
    """Who asks for an account that nobody has used gets nothing, and makes none."""
    told = control.get("/_emulator/resources", account_id="210987654321", region="eu-west-1").json

    assert told == {"accounts": [], "total": 0}
    assert engine_of(emulator).state.accounts == {}


def test_resources_are_those_of_the_account_and_region_asked_for(control, client):
    """Account and Region narrow down whose resources are shown; without them it is everybody's."""
    for place in (("123456789012", "us-east-1"), ("210987654321", "us-east-1")):
        client(*place).create_protect_configuration()
    client("210987654321", "eu-west-1").create_protect_configuration()

    def places(**asked):
        told = control.get("/_emulator/resources", **asked).json["accounts"]
        return [(each["account_id"], each["region"]) for each in told]

    assert len(places()) == 3
    assert places(account_id="210987654321") == [
        ("210987654321", "eu-west-1"),
        ("210987654321", "us-east-1"),
    ]
    assert places(region="eu-west-1") == [("210987654321", "eu-west-1")]


def test_every_table_is_shown(control, sms, account):
    """Whatever an account can have is in it, also what it has none of."""
    sms.describe_pools()

    [shown] = control.get("/_emulator/resources").json["accounts"]

    assert list(shown["resources"]) == list(account.tables)


def test_a_resource_shows_all_that_is_kept_of_it(control, number):
    """Names are those of the state, times are ISO 8601."""
    [shown] = resources(control, "phone-number")

    assert shown["id"] == number.id
    assert shown["arn"] == number.arn
    assert shown["phone_number"] == number.phone_number
    assert shown["number_capabilities"] == ["SMS", "VOICE"]
    assert datetime.fromisoformat(shown["created_timestamp"]) == number.created_timestamp
    assert [each["id"] for each in shown["keywords"]] == ["HELP", "STOP"]
    assert "sequence" not in shown


def test_a_pool_shows_its_members(control, pool, number):
    """Members are told with the pool, though each of them knows its pool itself."""
    del pool

    [shown] = resources(control, "pool")

    assert shown["members"] == [
        {
            "kind": "phone-number",
            "id": number.id,
            "phone_number": number.phone_number,
            "iso_country_code": "US",
            "account_id": "123456789012",
        }
    ]


def test_a_destination_shows_its_last_deliveries(control, sms, number, destination):
    """The latest records come first, and not more than a few; those of other sets do not count."""
    for _ in range(MAX_DELIVERIES):
        sent = sms.send_text_message(
            DestinationPhoneNumber=PERSON,
            OriginationIdentity=number.id,
            MessageBody="Hello",
            ConfigurationSetName="orders",
        )
    sms.send_text_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=number.id, MessageBody="Hello"
    )

    [shown] = resources(control, "configuration-set")

    [analytics] = shown["event_destinations"]
    assert len(analytics["last_deliveries"]) == MAX_DELIVERIES
    latest = analytics["last_deliveries"][0]
    assert latest["message_id"] == sent["MessageId"]
    assert latest["event_type"] == "TEXT_DELIVERED"
    assert latest["status"] == "recorded"
    assert latest["recipient"] == PERSON


def test_a_long_opt_out_list_shows_its_latest_numbers(control, sms):
    """Of what grows without end the latest are shown, the last first, and how many there are."""
    numbers = [f"+1425555{index:04}" for index in range(MAX_ENTRIES + 20)]
    for each in numbers:
        sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=each)
    sms.delete_opted_out_number(OptOutListName="Default", OptedOutNumber=numbers[-1])

    [shown] = resources(control, "opt-out-list")

    assert shown["numbers"]["total"] == MAX_ENTRIES + 19
    told = [each["id"] for each in shown["numbers"]["latest"]]
    assert told == numbers[-2 : -MAX_ENTRIES - 2 : -1]


def test_spend_is_told_against_its_limit(control, sms, number):
    """For each kind of message: what was spent this month, and what may be."""
    sms.set_text_message_spend_limit_override(MonthlyLimit=5)
    sms.send_text_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=number.id, MessageBody="Hello"
    )

    [account] = control.get("/_emulator/resources").json["accounts"]

    text = next(each for each in account["spend"] if each["kind"] == "TEXT")
    assert text == {
        "kind": "TEXT",
        "spent": pytest.approx(0.01181),
        "enforced_limit": 5,
        "max_limit": 10_000,
        "overridden": True,
    }
