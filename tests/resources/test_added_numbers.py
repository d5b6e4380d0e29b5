"""Numbers that a test adds to an account with a chosen phone number."""

from dataclasses import FrozenInstanceError, fields

import pytest

from pinpoint_sms_emu import Number
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.model import service_model, snake

TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"


def test_a_number_is_active_at_once(sms, emulator):
    """By default it is transactional, with all capabilities that its type has."""
    number = emulator.add_number("+12065550100")

    (listed,) = sms.describe_phone_numbers()["PhoneNumbers"]
    assert number.phone_number == listed["PhoneNumber"] == "+12065550100"
    assert listed["Status"] == "ACTIVE"
    assert listed["IsoCountryCode"] == "US"
    assert listed["NumberType"] == "LONG_CODE"
    assert listed["MessageType"] == "TRANSACTIONAL"
    assert listed["NumberCapabilities"] == ["MMS", "SMS", "VOICE"]
    assert listed["MonthlyLeasingPrice"] == "1.00"
    assert listed["OptOutListName"] == "Default"


@pytest.mark.parametrize(
    ("phone_number", "country", "number_type", "capabilities", "price"),
    [
        ("12345", "US", "SHORT_CODE", ["MMS", "SMS"], "995.00"),
        ("+18335550100", "US", "TOLL_FREE", ["MMS", "SMS", "VOICE"], "2.00"),
        ("+4930123456", "DE", "LONG_CODE", ["SMS", "VOICE"], "1.00"),
        ("+16045550100", "CA", "LONG_CODE", ["MMS", "SMS", "VOICE"], "1.00"),
        # France has no long codes for texts; an added number can send all the same.
        ("+33612345678", "FR", "LONG_CODE", ["SMS"], "1.00"),
    ],
)
def test_defaults_depend_on_the_number(
    emulator, phone_number, country, number_type, capabilities, price
):
    """Country, type, capabilities and price follow from the number."""
    number = emulator.add_number(phone_number)

    assert number.iso_country_code == country
    assert number.number_type == number_type
    assert number.number_capabilities == capabilities
    assert number.monthly_leasing_price == price


def test_every_setting_can_be_chosen(sms, emulator, account):
    """All settings of RequestPhoneNumber and UpdatePhoneNumber, and the id, can be given."""
    sms.create_opt_out_list(OptOutListName="news")
    settings = {
        "iso_country_code": "US",
        "message_type": "PROMOTIONAL",
        "number_capabilities": ["VOICE"],
        "number_type": "TOLL_FREE",
        "two_way_enabled": True,
        "two_way_channel_arn": TOPIC,
        "two_way_channel_role": "arn:aws:iam::123456789012:role/answers",
        "self_managed_opt_outs_enabled": True,
        "opt_out_list_name": "news",
        "international_sending_enabled": True,
        "deletion_protection_enabled": True,
        "tags": {"team": "a"},
    }

    number = emulator.add_number("+12065550100", phone_number_id="phone-mine", **settings)

    assert number.phone_number_id == number.id == "phone-mine"
    assert number == Number.of(account.phone_numbers["phone-mine"])
    assert number.arn.endswith(":phone-number/phone-mine")
    assert {name: getattr(number, name) for name in settings} == settings


def test_none_means_not_given(emulator):
    """A setting of None is the same as one left out."""
    assert emulator.add_number("+12065550100", number_type=None).number_type == "LONG_CODE"


@pytest.mark.parametrize("given", ["+12065550100", "12065550100"])
def test_the_plus_does_not_matter(emulator, given):
    """A number is stored in E.164 form."""
    assert emulator.add_number(given).phone_number == "+12065550100"


@pytest.mark.rule("numbers-country-code")
def test_ten_ambiguous_digits_are_refused(emulator):
    """2065550100 could be Egyptian or lack the US country code; the error asks which."""
    before = emulator.snapshot()
    for refused in (
        lambda: emulator.add_number("2065550100"),
        lambda: emulator.receive("Hello", sender="2065550100", recipient="+12065550199"),
        lambda: emulator.outcome("TEXT_BLOCKED", recipient="2065550100"),
    ):
        with pytest.raises(ValueError, match=r"E.164 form, as \+12065550100 or \+2065550100$"):
            refused()

    assert emulator.snapshot() == before
    # Not in the format of North American numbers.
    assert emulator.add_number("4791234567").iso_country_code == "NO"


def test_a_short_code_can_have_any_form(emulator):
    """With number_type SHORT_CODE, any digits are accepted."""
    number = emulator.add_number("+12065550100", number_type="SHORT_CODE")

    assert (number.phone_number, number.number_type) == ("+12065550100", "SHORT_CODE")


def test_a_number_of_no_country_needs_a_country(emulator):
    """Unassigned numbers can be added with a country."""
    assert emulator.add_number("+999123456789", iso_country_code="US").iso_country_code == "US"
    assert emulator.add_number("+15555550100").iso_country_code == "US"


def test_another_account_in_another_region(client, emulator):
    """A number can be added to any account and Region."""
    emulator.add_number("+12065550100", account_id="210987654321", region="eu-west-1")

    for asking in (client(), client("210987654321"), client(region="eu-west-1")):
        assert asking.describe_phone_numbers()["PhoneNumbers"] == []
    (listed,) = client("210987654321", "eu-west-1").describe_phone_numbers()["PhoneNumbers"]
    assert listed["PhoneNumberArn"].startswith("arn:aws:sms-voice:eu-west-1:210987654321:")


def test_a_number_added_to_a_pool_has_its_settings(sms, emulator, account, pool):
    """With a pool, the number has the pool's settings and is its member."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.update_pool(
        PoolId=pool.id, OptOutListName="news", TwoWayEnabled=True, TwoWayChannelArn=TOPIC
    )

    number = emulator.add_number("+12065550100", pool_id=pool.id)

    assert number.pool_id == pool.id
    assert number.opt_out_list_name == "news"
    assert number.two_way_channel_arn == TOPIC
    assert number.message_type == pool.message_type
    members = sms.list_pool_origination_identities(PoolId=pool.id)["OriginationIdentities"]
    assert number.id in [each["OriginationIdentity"] for each in members]
    assert number.id in account.phone_numbers


@pytest.fixture
def wrong(emulator):
    """Expect an error whose sentence contains a word, and no change."""

    def expect(error, word, phone_number="+12065550100", **settings):
        engine_of(emulator).account("123456789012", "us-east-1")
        before = emulator.snapshot()

        with pytest.raises(error, match=word):
            emulator.add_number(phone_number, **settings)

        assert emulator.snapshot() == before

    return expect


@pytest.mark.parametrize(
    ("word", "settings"),
    [
        ("E.164", {"phone_number": "none"}),
        ("E.164", {"phone_number": ""}),
        ("E.164", {"phone_number": "+1 206 555 0100"}),
        ("E.164", {"phone_number": 12065550100}),
        ("E.164", {"phone_number": None}),
        ("does not belong to a country", {"phone_number": "+999123456789"}),
        (
            "does not belong to a country",
            {"phone_number": "+999123456789", "iso_country_code": "QQ"},
        ),
        ("is a number of US", {"iso_country_code": "CA"}),
        ("short code", {"phone_number": "12345", "number_type": "LONG_CODE"}),
        ("no setting colour", {"colour": "red"}),
        ("number_type must be one of", {"number_type": "PAGER"}),
        ("message_type must be one of", {"message_type": "SPAM"}),
        ("number_capabilities", {"number_capabilities": []}),
        ("number_capabilities", {"number_capabilities": "SMS"}),
        ("two_way_enabled is not of type boolean", {"two_way_enabled": "yes"}),
        ("two_way_channel_arn is needed", {"two_way_enabled": True}),
        ("needs two-way messaging", {"two_way_channel_arn": TOPIC}),
        ("needs two-way messaging", {"self_managed_opt_outs_enabled": True}),
        (
            "not possible for SHORT_CODE",
            {"phone_number": "12345", "international_sending_enabled": True},
        ),
        ("cannot be an id", {"phone_number_id": "a b"}),
        ("cannot be an id", {"phone_number_id": 7}),
        ("tags", {"tags": ["team"]}),
        ("tags", {"tags": {"team": 1}}),
        ("tags", {"tags": {"": "a"}}),
        ("12 digits", {"account_id": "me"}),
        ("12 digits", {"account_id": 123456789012}),
        ("must be a Region", {"region": "moon"}),
        ("must be a Region", {"region": None}),
    ],
)
def test_a_wrong_argument_is_refused_with_a_sentence(wrong, word, settings):
    """Wrong arguments are a ValueError with a sentence, and change nothing."""
    wrong(ValueError, word, **settings)


@pytest.mark.parametrize(
    ("word", "settings"),
    [
        ("there is no pool pool-none", {"pool_id": "pool-none"}),
        ("there is no opt-out list none", {"opt_out_list_name": "none"}),
        ("no registration registration-none", {"registration_id": "registration-none"}),
    ],
)
def test_unknown_names_are_refused_with_a_sentence(wrong, word, settings):
    """Unknown ids raise a LookupError with a sentence, and nothing changes."""
    wrong(LookupError, word, **settings)


def test_a_number_exists_once_in_all_accounts(client, emulator, wrong):
    """A number that any account has is refused."""
    emulator.add_number("+12065550100", account_id="210987654321", region="eu-west-1")

    wrong(ValueError, "already")
    wrong(ValueError, "already", "12065550100")
    assert client().describe_phone_numbers()["PhoneNumbers"] == []


def test_an_id_exists_once(emulator, wrong):
    """An id that the account has is refused."""
    emulator.add_number("+12065550100", phone_number_id="phone-mine")

    wrong(ValueError, "ALREADY_EXISTS", "+12065550101", phone_number_id="phone-mine")


@pytest.mark.pinpoint_sms(quotas="PHONE_NUMBERS_PER_ACCOUNT=1")
def test_the_quota_applies(emulator, wrong):
    """An account cannot have more numbers than its quota."""
    emulator.add_number("+12065550100")

    wrong(ValueError, "PHONE_NUMBERS_PER_ACCOUNT", "+12065550101")


@pytest.mark.parametrize(
    ("reason", "settings"),
    [
        ("MESSAGE_TYPE_MISMATCH", {"message_type": "PROMOTIONAL"}),
        ("OPT_OUT_LIST_MISMATCH", {"opt_out_list_name": "other"}),
        ("TWO_WAY_CONFIG_MISMATCH", {"two_way_enabled": True, "two_way_channel_arn": TOPIC}),
    ],
)
def test_a_member_cannot_differ_from_its_pool(sms, pool, wrong, reason, settings):
    """Settings that differ from the pool's are refused."""
    sms.create_opt_out_list(OptOutListName="other")

    wrong(ValueError, reason, pool_id=pool.id, **settings)


def test_a_refused_number_creates_no_account(emulator):
    """An account without resources is not created for a refused number."""
    before = emulator.snapshot()

    with pytest.raises(LookupError, match="no pool"):
        emulator.add_number("+12065550100", account_id="210987654321", pool_id="pool-none")

    assert emulator.snapshot() == before


def test_arguments_and_results_are_copies(emulator):
    """Given lists and tags, and those of the returned number, are not the state's."""
    capabilities, tags = ["SMS"], {"team": "a"}
    number = emulator.add_number("+12065550100", number_capabilities=capabilities, tags=tags)
    before = emulator.snapshot()

    for given in (capabilities, number.number_capabilities):
        given.append("VOICE")
    for given in (tags, number.tags, number.messaging_limits):
        given["more"] = "b"

    assert emulator.snapshot() == before
    assert emulator.numbers[0].messaging_limits.keys() == {"rate_limits", "daily_message_caps"}


# --- the returned number -------------------------------------------------------------------


@pytest.mark.since("1.44.5")
def test_a_number_has_the_members_of_the_wire():
    """It has every member of PhoneNumberInformation in snake case, with account and Region."""
    members = service_model().shapes["PhoneNumberInformation"]["members"]

    assert {each.name for each in fields(Number)} == {
        *map(snake, members),
        *("account_id", "region", "tags"),
    }


def test_a_number_is_read_only(emulator):
    """A returned number is a copy that cannot be changed."""
    number = emulator.add_number("+12065550100")

    for name in ("status", "id", "arn"):
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(number, name, "other")


def test_numbers_of_all_accounts(emulator):
    """`numbers` has the current numbers of all accounts, oldest first."""
    first = emulator.add_number("+12065550100", phone_number_id="first")
    second = emulator.add_number("+447700900100", account_id="210987654321", region="eu-west-2")
    third = emulator.add_number("+12065550101")

    assert emulator.numbers == [first, second, third]
    assert [each.region for each in emulator.numbers] == ["us-east-1", "eu-west-2", "us-east-1"]
    assert emulator.find_numbers(account_id="210987654321") == [second]
    assert emulator.find_numbers(region="us-east-1") == [first, third]
    engine_of(emulator).call(
        "UpdatePhoneNumber", {"PhoneNumberId": "first", "DeletionProtectionEnabled": True}
    )
    assert emulator.numbers[0].deletion_protection_enabled
    assert not first.deletion_protection_enabled


def test_a_released_number_can_be_added_again(sms, emulator):
    """A number that was removed can be added again."""
    number = emulator.add_number("+12065550100")
    sms.release_phone_number(PhoneNumberId=number.id)

    assert emulator.add_number("+12065550100").id != number.id
