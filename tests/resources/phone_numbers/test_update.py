"""UpdatePhoneNumber, and the two-way settings of numbers."""

import pytest

from tests.resources.phone_numbers.calls import ALWAYS, ARN, LATER, ROLE, TOPIC, described, newer


@pytest.mark.parametrize(
    "change",
    [
        {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC},
        {"OptOutListName": "news"},
        pytest.param({"InternationalSendingEnabled": True}, marks=newer),
        {"DeletionProtectionEnabled": True},
        {},
    ],
)
@pytest.mark.rule("phone-update-partial")
def test_only_given_members_change(sms, number, change):
    """UpdatePhoneNumber keeps the settings that are not given."""
    sms.create_opt_out_list(OptOutListName="news")
    before = described(sms)[0]

    sms.update_phone_number(PhoneNumberId=number.id, **change)

    assert described(sms)[0] == before | change


@newer
def test_an_update_without_changes_succeeds(sms, number):
    """The current settings can be sent any number of times."""
    settings = {
        "TwoWayEnabled": True,
        "TwoWayChannelArn": TOPIC,
        "TwoWayChannelRole": ROLE,
        "SelfManagedOptOutsEnabled": True,
        "OptOutListName": "Default",
        "InternationalSendingEnabled": False,
        "DeletionProtectionEnabled": False,
    }

    answers = [sms.update_phone_number(PhoneNumberId=number.id, **settings) for _ in range(2)]

    for answer in answers:
        assert {name: answer[name] for name in settings} == settings


@pytest.mark.rule("phone-update-in-pool")
@pytest.mark.parametrize("change", [{"DeletionProtectionEnabled": True}, {"TwoWayEnabled": False}])
def test_a_number_in_a_pool_cannot_be_updated(sms, number, pool, refused, change):
    """Not even its deletion protection can be updated."""
    assert number.pool_id == pool.id
    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=number):
        sms.update_phone_number(PhoneNumberId=number.id, **change)


@pytest.mark.parametrize("operation", ["update_phone_number", "release_phone_number"])
@pytest.mark.parametrize("name", ["phone-none", f"{ARN}phone-number/phone-none"])
@pytest.mark.rule("phone-update-unknown")
def test_an_unknown_number_is_refused(sms, refused, operation, name):
    """An unknown PhoneNumberId is refused."""
    with refused("ResourceNotFoundException", about=("phone-number", "phone-none")):
        getattr(sms, operation)(PhoneNumberId=name)


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-update-not-active")
def test_a_released_number_cannot_be_updated(lease, sms, account, refused):
    """A PENDING number can be updated; a released one cannot."""
    number = account.phone_numbers[lease()["PhoneNumberId"]]
    two_way = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}

    updated = sms.update_phone_number(PhoneNumberId=number.id, **two_way)
    assert (updated["Status"], updated["TwoWayEnabled"]) == ("PENDING", True)
    sms.release_phone_number(PhoneNumberId=number.id)
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=number):
        sms.update_phone_number(PhoneNumberId=number.id, DeletionProtectionEnabled=True)


@pytest.mark.rule("phone-capabilities-order")
def test_capabilities_are_sorted(lease, sms, emulator):
    """Capabilities are returned in alphabetical order."""
    given = ["VOICE", "SMS", "MMS"]

    assert lease(NumberCapabilities=given)["NumberCapabilities"] == sorted(given)
    emulator.add_number("+12065550111", number_capabilities=given)
    for listed in described(sms):
        assert listed["NumberCapabilities"] == sorted(given)


@pytest.mark.rule("phone-simulator-form")
def test_simulator_numbers_have_one_prefix(lease):
    """Every simulator number of the United States begins with +1206555."""
    leased = [lease(NumberType="SIMULATOR", NumberCapabilities=["SMS"]) for _ in range(5)]

    assert {each["PhoneNumber"][:8] for each in leased} == {"+1206555"}
    assert len({each["PhoneNumber"] for each in leased}) == 5


@pytest.mark.parametrize("operation", ["update_phone_number", "release_phone_number"])
@pytest.mark.rule("phone-update-id-or-arn")
def test_a_number_is_named_by_id_or_arn(sms, emulator, refused, operation):
    """PhoneNumberId takes the id or the ARN, but not the phone number."""
    named = getattr(sms, operation)
    by_id, by_arn = emulator.add_number("+12065550111"), emulator.add_number("+12065550112")

    assert named(PhoneNumberId=by_id.id)["PhoneNumber"] == "+12065550111"
    assert named(PhoneNumberId=by_arn.arn)["PhoneNumber"] == "+12065550112"
    emulator.add_number("+12065550113")
    with refused("ValidationException", "INVALID_PARAMETER", fields=["PhoneNumberId"]):
        named(PhoneNumberId="12065550113")
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["PhoneNumberId"]):
        named(PhoneNumberId="+12065550113")


@pytest.mark.rule("phone-update-response")
def test_the_answer_shows_all_settings_after_the_change(sms, emulator):
    """UpdatePhoneNumber returns the new settings, without PoolId and Tags."""
    number = emulator.add_number("+12065550111", tags={"team": "a"})

    answer = sms.update_phone_number(
        PhoneNumberId=number.id,
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayChannelRole=ROLE,
        DeletionProtectionEnabled=True,
    )

    listed = described(sms)[0]
    assert answer.keys() - {"ResponseMetadata"} - LATER == (
        ALWAYS | {"TwoWayChannelArn", "TwoWayChannelRole"}
    )
    assert all(answer[name] == listed[name] for name in answer.keys() - {"ResponseMetadata"})


@newer
@pytest.mark.rule("phone-update-later-members", "phone-describe-later-members")
def test_members_added_later(sms, number):
    """International sending and the channel's role can be updated and are described."""
    sms.update_phone_number(
        PhoneNumberId=number.id,
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayChannelRole=ROLE,
        InternationalSendingEnabled=True,
    )

    listed = described(sms)[0]
    assert listed["TwoWayChannelRole"] == ROLE
    assert listed["InternationalSendingEnabled"] is True


@pytest.mark.rule("phone-opt-out-list-unknown")
def test_an_unknown_opt_out_list_changes_nothing(sms, number, refused):
    """A number cannot use an opt-out list that does not exist."""
    with refused("ResourceNotFoundException", about=("opt-out-list", "none")):
        sms.update_phone_number(
            PhoneNumberId=number.id, DeletionProtectionEnabled=True, OptOutListName="none"
        )
