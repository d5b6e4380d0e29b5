"""The table of countries, and generated phone numbers."""

from __future__ import annotations

import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observe.reading import FOLDER, read
from pinpoint_sms_emu.reference.countries import (
    ISO_CODES,
    PROTECT_ISO_CODES,
    SERVED_ISO_CODES,
    TOLL_FREE_PREFIXES,
    country,
    invent_number,
    leasing_price,
)
from pinpoint_sms_emu.wire.model import service_model

TYPES = service_model().shapes["RequestableNumberType"]["enum"]


def number_types(iso_code):
    """The types of numbers that can be requested in a country."""
    return [each for each in TYPES if country(iso_code).capabilities(each)]


REQUESTABLE = [(code, each) for code in SERVED_ISO_CODES for each in number_types(code)]


def digits_of(seed):
    """A source of digits that repeats them."""
    return lambda count: str(seed)[-count:].rjust(count, "0")


def test_every_number_has_a_country():
    """The table has each region of phonenumbers, supported or not."""
    assert set(ISO_CODES) == set(phonenumbers.SUPPORTED_REGIONS)
    assert country("QQ") is None


def test_the_number_of_countries():
    """AWS's six tables have 215 countries; American Samoa and Benin are on other pages."""
    assert len(SERVED_ISO_CODES) == 217


def test_the_countries_of_protect_configurations():
    """A program's copy of AWS's codes has 245, all that are served but China among them."""
    observed = read(FOLDER / "GetProtectConfigurationCountryRuleSet-1.json")

    assert set(PROTECT_ISO_CODES) == {*observed.answer["CountryRuleSet"], "CN"}


@pytest.mark.parametrize("iso_code", ["CU", "IR", "KP", "SD", "SY"])
def test_countries_that_cannot_be_reached(iso_code):
    """The service cannot send to Cuba, Iran, North Korea, Sudan and Syria."""
    place = country(iso_code)

    assert not place.served
    assert number_types(iso_code) == []


@pytest.mark.parametrize(
    ("iso_code", "sender_ids"),
    [
        ("US", "unsupported"),
        ("CA", "unsupported"),
        ("CN", "unsupported"),
        ("DE", "open"),
        ("GB", "open"),
        ("IN", "registration"),
        ("AU", "registration"),
        ("SG", "registration"),
    ],
)
def test_sender_ids(iso_code, sender_ids):
    """Sender IDs are unsupported, open to all, or need a registration, by country."""
    assert country(iso_code).sender_ids == sender_ids


def test_two_way_messaging():
    """It is supported in Canada and not in Switzerland."""
    assert country("CA").two_way
    assert not country("CH").two_way


def test_long_codes_that_only_receive():
    """Long codes of five countries cannot send."""
    only_receive = {code for code in ISO_CODES if country(code).long_codes_only_receive}

    assert only_receive == {"AE", "IN", "PH", "PK", "SA"}


@pytest.mark.parametrize("iso_code", ["AS", "CN", "GU", "PR", "US", "VI"])
def test_countries_without_shared_routes(iso_code):
    """Some countries require dedicated identities."""
    assert not country(iso_code).shared_routes
    assert country("FR").shared_routes


def test_number_types_of_the_united_states():
    """All requestable types exist in the United States, and only there."""
    assert number_types("US") == ["LONG_CODE", "TOLL_FREE", "TEN_DLC", "SIMULATOR"]
    assert [code for code in ISO_CODES if "SIMULATOR" in number_types(code)] == ["US"]
    assert number_types("CA") == ["LONG_CODE"]


def test_toll_free_numbers_are_american():
    """They exist in the United States and its territories."""
    found = {code for code in ISO_CODES if "TOLL_FREE" in number_types(code)}

    assert found == {"AS", "GU", "PR", "US", "VI"}


def test_mms_is_north_american():
    """Canadian long and short codes support MMS, and all numbers of the United States."""
    assert [code for code in ISO_CODES if country(code).mms] == ["CA", "US"]
    assert country("CA").capabilities("LONG_CODE") == ("SMS", "VOICE", "MMS")
    assert country("CA").capabilities("SHORT_CODE") == ("SMS", "MMS")
    assert country("US").capabilities("TOLL_FREE") == ("SMS", "VOICE", "MMS")
    assert country("PR").capabilities("TOLL_FREE") == ("SMS", "VOICE")


def test_long_codes_for_voice_only():
    """Brazil has long codes for voice, but not for SMS."""
    assert country("BR").capabilities("LONG_CODE") == ("VOICE",)
    assert country("FR").capabilities("LONG_CODE") == ()


def test_rcs():
    """RCS agents can be launched in 22 countries."""
    assert sum(country(code).rcs for code in ISO_CODES) == 22


@pytest.mark.parametrize(
    ("number_type", "price"),
    [("LONG_CODE", "1.00"), ("TOLL_FREE", "2.00"), ("SIMULATOR", "1.00"), ("SENDER_ID", "0.00")],
)
def test_leasing_prices(number_type, price):
    """A monthly price is a string with two decimals."""
    assert leasing_price(number_type) == price


@given(st.sampled_from(REQUESTABLE), st.integers(0, 10**12))
def test_generated_numbers_are_valid(requestable, seed):
    """Whatever the digits, the number is valid in its country."""
    iso_code, number_type = requestable

    text = invent_number(iso_code, number_type, digits_of(seed))

    number = phonenumbers.parse(text)
    assert phonenumbers.is_possible_number(number)
    assert phonenumbers.is_valid_number_for_region(number, iso_code)
    assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == text
    if number_type != "TOLL_FREE":
        assert phonenumbers.region_code_for_number(number) == iso_code


@given(st.sampled_from(REQUESTABLE), st.integers(0, 10**12))
def test_the_same_digits_give_the_same_number(requestable, seed):
    """The number depends only on the digits."""
    assert invent_number(*requestable, digits_of(seed)) == invent_number(
        *requestable, digits_of(seed)
    )


@given(st.sampled_from(["LONG_CODE", "TEN_DLC", "SIMULATOR", "TOLL_FREE"]), st.integers(0, 10**12))
def test_generated_american_numbers_are_unassigned(number_type, seed):
    """They have the exchange 555, but are not those reserved for fiction."""
    text = invent_number("US", number_type, digits_of(seed))

    assert text[5:8] == "555"
    assert not text[8:].startswith("01")
    assert (text[2:5] in TOLL_FREE_PREFIXES) == (number_type == "TOLL_FREE")


def test_countries_have_many_numbers():
    """A country does not run out of numbers soon."""
    numbers = {invent_number("DE", "LONG_CODE", digits_of(seed)) for seed in range(2_000)}

    assert len(numbers) == 2_000


def test_short_codes_have_five_digits():
    """They are not telephone numbers."""
    assert invent_number("US", "SHORT_CODE", digits_of(7)) == "20007"


def test_a_country_that_shares_its_calling_code():
    """Numbers of the Isle of Man are recognized as British, so none is generated."""
    with pytest.raises(LookupError, match="IM has no numbers"):
        invent_number("IM", "LONG_CODE", digits_of(1))


def test_the_tables_are_cheap_to_import():
    """Reading the tables does not load phonenumbers' metadata."""
    code = "import sys, pinpoint_sms_emu.reference.countries; print('phonenumbers' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
