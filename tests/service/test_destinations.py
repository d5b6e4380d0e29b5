"""Destinations: numbers in E.164 form, and their countries."""

import pytest

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.service.destinations import find_destination, read_destination


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+14255550100", "US"),
        ("+16045550100", "CA"),
        ("+17875550100", "PR"),
        ("+18335550100", "US"),
        ("+4930123456", "DE"),
        ("+447400123456", "GB"),
        ("+447937000100", "JE"),
        ("+77011234567", "KZ"),
        ("+79161234567", "RU"),
        ("+15551234567", "US"),  # an unassigned area code
        ("+19995550100", "US"),
        ("+16130123456", "CA"),  # an area code of Ontario, an impossible number
    ],
)
@pytest.mark.rule("text-destination-unknown-area-code")
def test_a_number_belongs_to_a_country(number, country):
    """The country is read from the number, with and without the plus."""
    for spelled in (number, number.removeprefix("+")):
        destination = find_destination(spelled)

        assert destination is not None
        assert destination.phone_number == number
        assert destination.iso_country_code == country


@pytest.mark.parametrize(
    ("number", "country"), [("+447700900123", "GB"), ("+4759449384", "NO"), ("+14254147755", "US")]
)
def test_unassigned_numbers_are_destinations(number, country):
    """Numbers for fiction and the simulator's are valid, although phonenumbers disagrees."""
    destination = find_destination(number)

    assert destination is not None
    assert destination.iso_country_code == country


@pytest.mark.parametrize(
    "number",
    [
        "+155555501",
        "+1425555010",  # too short
        "+142555501000",  # too long
        "+999123456789",  # an unassigned calling code
        "+80012345678",  # a calling code of no country
        "+88161234567890123",
        "+12",
        "12",
        "",
        "+",
        "STOP",
    ],
)
def test_numbers_of_no_country_are_refused(number):
    """Texts that are not numbers are refused, too."""
    assert find_destination(number) is None


def test_the_error_names_the_argument():
    """The refusal names the argument."""
    with pytest.raises(ValidationException) as raised:
        read_destination("+12", "destination_phone_number")

    assert raised.value.reason == "INVALID_PARAMETER"
    (field,) = raised.value.members["Fields"]
    assert field["Name"] == "destinationPhoneNumber"
