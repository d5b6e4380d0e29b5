"""What accounts have, as the control plane shows it."""

from __future__ import annotations

from datetime import datetime

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service.inventory import MAX_DELIVERIES, MAX_ENTRIES

TOPIC = "arn:aws:sns:us-east-1:123456789012:events"
PERSON = "+14255550123"


def resources(control, kind):
    """Return the resources of one kind in the only account."""
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
    """Every account and Region with resources is listed, with the number of each kind."""
    del pool
    client("210987654321", "eu-west-1").create_protect_configuration()

    result = control.get("/_emulator/accounts").json

    assert result["total"] == 2
    places = [(each["account_id"], each["region"]) for each in result["accounts"]]
    assert places == [("123456789012", "us-east-1"), ("210987654321", "eu-west-1")]
    assert result["accounts"][0]["resources"]["pool"] == 1
    assert result["accounts"][1]["resources"]["pool"] == 0


def test_reading_and_being_refused_make_no_account(sms, emulator):
    """Calls with unknown keys that change nothing do not create an account."""
    lists = sms.describe_opt_out_lists()["OptOutLists"]
    with pytest.raises(sms.exceptions.ResourceNotFoundException):
        sms.delete_pool(PoolId="pool-unknown")

    assert [each["OptOutListName"] for each in lists] == ["Default"]
    assert engine_of(emulator).state.accounts == {}


def test_looking_makes_no_account(control, emulator):
    """A request for an unused account returns nothing, and does not create it."""
    result = control.get("/_emulator/resources", account_id="210987654321", region="eu-west-1").json

    assert result == {"accounts": [], "total": 0}
    assert engine_of(emulator).state.accounts == {}


def test_resources_are_those_of_the_requested_account_and_region(control, client):
    """Account and Region filter the resources; the default is all accounts."""
    for place in (("123456789012", "us-east-1"), ("210987654321", "us-east-1")):
        client(*place).create_protect_configuration()
    client("210987654321", "eu-west-1").create_protect_configuration()

    def places(**members):
        result = control.get("/_emulator/resources", **members).json["accounts"]
        return [(each["account_id"], each["region"]) for each in result]

    assert len(places()) == 3
    assert places(account_id="210987654321") == [
        ("210987654321", "eu-west-1"),
        ("210987654321", "us-east-1"),
    ]
    assert places(region="eu-west-1") == [("210987654321", "eu-west-1")]


def test_every_table_is_shown(control, sms, account):
    """Every kind of resource is listed, even without entries."""
    sms.describe_pools()

    [listed] = control.get("/_emulator/resources").json["accounts"]

    assert list(listed["resources"]) == list(account.tables)


def test_a_resource_shows_all_that_is_kept_of_it(control, number):
    """Names are those of the state; times are ISO 8601."""
    [listed] = resources(control, "phone-number")

    assert listed["id"] == number.id
    assert listed["arn"] == number.arn
    assert listed["phone_number"] == number.phone_number
    assert listed["number_capabilities"] == ["SMS", "VOICE"]
    assert datetime.fromisoformat(listed["created_timestamp"]) == number.created_timestamp
    assert [each["id"] for each in listed["keywords"]] == ["HELP", "STOP"]
    assert "sequence" not in listed


def test_a_pool_shows_its_members(control, pool, number):
    """Members are listed with their pool, although each also has its pool."""
    del pool

    [listed] = resources(control, "pool")

    assert listed["members"] == [
        {
            "kind": "phone-number",
            "id": number.id,
            "phone_number": number.phone_number,
            "iso_country_code": "US",
            "account_id": "123456789012",
        }
    ]


def test_a_destination_shows_its_last_deliveries(control, sms, number, destination):
    """The latest records are first, limited to a few; those of other sets are not included."""
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

    [listed] = resources(control, "configuration-set")

    [analytics] = listed["event_destinations"]
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

    [listed] = resources(control, "opt-out-list")

    assert listed["numbers"]["total"] == MAX_ENTRIES + 19
    result = [each["id"] for each in listed["numbers"]["latest"]]
    assert result == numbers[-2 : -MAX_ENTRIES - 2 : -1]


def test_spend_is_listed_with_its_limit(control, sms, number):
    """Each kind of message is listed with this month's cost and its limit."""
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
