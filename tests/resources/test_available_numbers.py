"""Available phone numbers: searched, and requested by their digits."""

import phonenumbers
import pytest

pytestmark = pytest.mark.since("1.44.5")

SEARCH = {"IsoCountryCode": "US", "NumberType": "TEN_DLC", "NumberCapabilities": ["SMS"]}
TEN_DLC = SEARCH | {"MessageType": "TRANSACTIONAL"}


@pytest.fixture
def search(sms):
    """Search for numbers; members override those of a usual search."""

    def search(**more):
        return sms.list_available_phone_numbers(**(SEARCH | more))["AvailablePhoneNumbers"]

    return search


def prefer(kind, *patterns: str):
    """Make a NumberPreference."""
    return [{"PreferenceType": [kind], "Filter": list(patterns)}]


@pytest.mark.parametrize(
    ("query", "reason", "field"),
    [
        ({"IsoCountryCode": "CA"}, "INVALID_PARAMETER", "IsoCountryCode"),
        ({"NumberType": "TOLL_FREE"}, "FIELD_VALIDATION_FAILED", "NumberType"),
        ({"NumberType": "LONG_CODE"}, "FIELD_VALIDATION_FAILED", "NumberType"),
    ],
)
@pytest.mark.rule("phone-available-scope")
def test_only_10dlc_numbers_of_the_us_can_be_searched(search, refused, query, reason, field):
    """IsoCountryCode is US and NumberType is TEN_DLC."""
    with refused("ValidationException", reason, fields=[field]):
        search(**query)


@pytest.mark.rule("phone-available-all-capabilities")
def test_numbers_have_the_requested_settings(search):
    """Only numbers with all given capabilities are returned."""
    assert search(NumberCapabilities=["SMS", "VOICE", "MMS"])
    assert search(NumberCapabilities=["SMS", "RCS"]) == []


@pytest.mark.rule("phone-available-empty")
def test_a_search_without_hits_is_no_error(search):
    """The list is empty."""
    assert search(NumberPreference=prefer("StartsWith", "+1999")) == []


@pytest.mark.parametrize("size", [0, 11])
@pytest.mark.rule("phone-available-page-size")
def test_a_page_has_one_to_ten_numbers(search, refused, size):
    """MaxResults is 1 to 10."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MaxResults"]):
        search(MaxResults=size)


@pytest.mark.rule("phone-available-page-size")
def test_ten_numbers_by_default(search, sms):
    """No other operation has a default of MaxResults in the model."""
    assert len(search()) == 10
    assert len(search(MaxResults=1)) == 1
    documented = [
        name
        for name in sms.meta.service_model.operation_names
        if (members := sms.meta.service_model.operation_model(name).input_shape.members)
        and "MaxResults" in members
        and "default" in members["MaxResults"].documentation
    ]
    assert documented == ["ListAvailablePhoneNumbers"]


def test_pages_follow_one_another(search, sms):
    """The token returns the next numbers."""
    first = sms.list_available_phone_numbers(**SEARCH, MaxResults=3)
    second = sms.list_available_phone_numbers(**SEARCH, MaxResults=3, NextToken=first["NextToken"])

    assert first["AvailablePhoneNumbers"] + second["AvailablePhoneNumbers"] == search()[:6]


@pytest.mark.rule("phone-available-format")
def test_results_are_plain_numbers(search):
    """Results are plain E.164 strings, of the US."""
    found = search()

    assert len(found) == len(set(found)) == 10
    for number in found:
        parsed = phonenumbers.parse(number)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number
        assert phonenumbers.region_code_for_number(parsed) == "US"


@pytest.mark.parametrize(
    ("kind", "pattern", "matches"),
    [
        ("StartsWith", "+1425", lambda number: number.startswith("+1425")),
        ("StartsWith", "425", lambda number: number.startswith("+1425")),
        ("EndsWith", "0208", lambda number: number.endswith("0208")),
        ("Contains", "5557", lambda number: "5557" in number),
    ],
)
@pytest.mark.rule("phone-available-preference")
def test_a_preference_restricts_the_results(search, kind, pattern, matches):
    """Only numbers that match its pattern are returned."""
    numbers = search(NumberPreference=prefer(kind, pattern))

    assert numbers
    assert all(matches(number) for number in numbers)


@pytest.mark.rule("phone-available-exact-match")
def test_an_exact_match_is_for_requests(sms, search, refused):
    """ExactMatch selects one of up to 10 numbers in a request, and is refused in a search."""
    ten = search()

    with refused("ValidationException", "INVALID_PARAMETER", fields=["NumberPreference"]):
        search(NumberPreference=prefer("ExactMatch", ten[0]))
    wished = prefer("ExactMatch", "+19995550100", *ten[1:])
    picked = [
        sms.request_phone_number(**TEN_DLC, NumberPreference=wished)["PhoneNumber"]
        for _number in ten[1:]
    ]
    assert picked == ten[1:]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberPreference"]):
        sms.request_phone_number(
            **TEN_DLC, NumberPreference=prefer("ExactMatch", *ten, "+14255550200")
        )


@pytest.mark.parametrize("kind", ["StartsWith", "EndsWith", "Contains"])
@pytest.mark.parametrize("operation", ["search", "request"])
@pytest.mark.rule("phone-available-preference")
def test_a_pattern_has_one_value(sms, search, refused, operation, kind):
    """StartsWith, EndsWith and Contains take one filter value."""
    preference = prefer(kind, "425", "206")

    with refused("ValidationException", "INVALID_PARAMETER", fields=["NumberPreference"]):
        if operation == "search":
            search(NumberPreference=preference)
        else:
            sms.request_phone_number(**TEN_DLC, NumberPreference=preference)


@pytest.mark.parametrize("value", ["1", "+", "+1-425", "1" * 17, "ABC", ""])
@pytest.mark.parametrize("operation", ["search", "request"])
@pytest.mark.rule("phone-available-filter-value")
def test_malformed_values_are_refused(sms, search, refused, operation, value):
    """A value has 2 to 16 characters: an optional plus and 1 to 15 digits."""
    preference = prefer("StartsWith", value)

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberPreference"]):
        if operation == "search":
            search(NumberPreference=preference)
        else:
            sms.request_phone_number(**TEN_DLC, NumberPreference=preference)


@pytest.mark.parametrize("value", ["+1", "12", "+" + "1" * 15])
@pytest.mark.rule("phone-available-filter-value")
def test_well_formed_values_are_accepted(search, value):
    """The shortest and the longest value."""
    assert isinstance(search(NumberPreference=prefer("StartsWith", value)), list)


@pytest.mark.parametrize(
    "preference",
    [
        prefer("StartsWith", "425") * 2,
        [],
        [{"PreferenceType": ["StartsWith", "EndsWith"], "Filter": ["425"]}],
        [{"PreferenceType": [], "Filter": ["425"]}],
        prefer("Like", "425"),
    ],
)
@pytest.mark.parametrize("operation", ["search", "request"])
@pytest.mark.rule("phone-request-preference-one")
def test_one_preference_of_one_type(sms, search, refused, operation, preference):
    """At most one NumberPreference with exactly one PreferenceType is allowed."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberPreference"]):
        if operation == "search":
            search(NumberPreference=preference)
        else:
            sms.request_phone_number(**TEN_DLC, NumberPreference=preference)


@pytest.mark.rule("phone-available-readonly")
def test_a_search_reserves_nothing(search, emulator, client):
    """A found number can be requested by others, and is then not available any more."""
    before = emulator.snapshot()
    first, *rest = search()
    assert emulator.snapshot() == before
    other = client("210987654321")

    leased = other.request_phone_number(**TEN_DLC, NumberPreference=prefer("ExactMatch", first))

    assert leased["PhoneNumber"] == first
    assert search()[:9] == rest


# Requests with a preference.


@pytest.mark.parametrize("changes", [{"NumberType": "TOLL_FREE"}, {"NumberType": "LONG_CODE"}])
@pytest.mark.rule("phone-request-preference-scope")
def test_a_preference_is_for_10dlc_numbers_of_the_us(sms, refused, changes):
    """NumberPreference can be used only in requests for TEN_DLC in the US."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["NumberPreference"]):
        sms.request_phone_number(**(TEN_DLC | changes), NumberPreference=prefer("Contains", "425"))


@pytest.mark.parametrize(
    ("preference", "matches"),
    [
        (prefer("StartsWith", "+1206"), lambda number: number.startswith("+1206")),
        (prefer("EndsWith", "4248"), lambda number: number.endswith("4248")),
        (prefer("Contains", "55542"), lambda number: "55542" in number),
        (prefer("ExactMatch", "+12015550200"), lambda number: number == "+12015550200"),
    ],
)
@pytest.mark.rule("phone-request-preference-match")
def test_the_granted_number_matches_the_preference(sms, preference, matches):
    """The number granted satisfies the preference."""
    leased = sms.request_phone_number(**TEN_DLC, NumberPreference=preference)

    assert matches(leased["PhoneNumber"])


@pytest.mark.rule("phone-request-none-available")
def test_a_preference_without_matches_is_refused(sms, refused):
    """When no number is as wished, none is found."""
    with refused("ResourceNotFoundException", about=("phone-number", None)):
        sms.request_phone_number(**TEN_DLC, NumberPreference=prefer("StartsWith", "+1999"))


@pytest.mark.parametrize("registrations", ["automatic", "required"])
@pytest.mark.rule("phone-request-registration-unknown")
def test_an_unknown_registration_is_refused(sms, search, emulator, refused, registrations):
    """A RegistrationId that names no registration is rejected."""
    emulator.reset(registrations=registrations)

    for name in ("registration-none", "arn:aws:sms-voice:us-east-1:123456789012:registration/none"):
        plain = name.rpartition("/")[2]
        with refused("ResourceNotFoundException", about=("registration", plain)):
            search(RegistrationId=name)
        with refused("ResourceNotFoundException", about=("registration", plain)):
            sms.request_phone_number(**TEN_DLC, RegistrationId=name)


@pytest.mark.pinpoint_sms(registrations="required")
@pytest.mark.rule("phone-available-campaign")
def test_a_search_needs_a_complete_campaign(sms, emulator, register, submit, refused):
    """A campaign in DRAFT finds no numbers."""
    campaign = register("US_TEN_DLC_CAMPAIGN_REGISTRATION")
    sms.create_registration_association(RegistrationId=campaign.id, ResourceId=register().id)
    wanted = {
        "IsoCountryCode": "US",
        "NumberCapabilities": ["SMS"],
        "NumberType": "TEN_DLC",
        "RegistrationId": campaign.id,
    }
    with refused("ConflictException", "REGISTRATION_NOT_COMPLETE", about=campaign):
        sms.list_available_phone_numbers(**wanted)

    submit(campaign)
    emulator.review(campaign.id, "COMPLETE")

    assert sms.list_available_phone_numbers(**wanted)["AvailablePhoneNumbers"]
