"""CarrierLookup."""

import pytest

from pinpoint_sms_emu.wire.model import service_model
from tests.messaging.people import SIMULATOR_SUCCESS, US

pytestmark = pytest.mark.since("1.43.11")

MOBILE = "+33612345678"
LANDLINE = "+442079460018"
NORWAY = "+4759449384"


@pytest.fixture
def lookup(sms):
    """Look a number up."""

    def of(number, **members):
        answer = sms.carrier_lookup(PhoneNumber=number, **members)
        del answer["ResponseMetadata"]
        return answer

    return of


@pytest.mark.rule("carrier-normalises")
@pytest.mark.parametrize(
    "spelled", ["+14254147755", "+1 (425) 414-7755", "+1.425.414.7755", "+1[425]{414},7755"]
)
def test_formatting_is_removed(lookup, spelled):
    """Separators between digits are not in the answer."""
    assert lookup(spelled)["E164PhoneNumber"] == SIMULATOR_SUCCESS


@pytest.mark.rule("carrier-always")
def test_all_members_of_the_answer(lookup):
    """The answer for a mobile number has all members."""
    assert lookup(SIMULATOR_SUCCESS) == {
        "E164PhoneNumber": SIMULATOR_SUCCESS,
        "DialingCountryCode": "1",
        "IsoCountryCode": "US",
        "Country": "United States",
        "MCC": "310",
        "MNC": "800",
        "Carrier": "T-mobile USA Inc.",
        "PhoneNumberType": "MOBILE",
    }


@pytest.mark.rule("carrier-format")
@pytest.mark.parametrize(
    "wrong",
    ["", "14254147755", "+0123", "+1425a", "+" + "1" * 40, "1+425", "+1425;414", "tel:+1425"],
)
def test_malformed_numbers_are_refused(lookup, refused, wrong):
    """A number begins with a plus, has 40 characters at most, and few others than digits."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["PhoneNumber"]):
        lookup(wrong)


@pytest.mark.rule("carrier-format")
@pytest.mark.parametrize("spelled", ["+(33)6.12", "+{33}6-12", "+[33] 6,12", "+ 33612"])
def test_separators_between_digits(lookup, spelled):
    """Brackets, braces, parentheses, spaces, hyphens, points and commas are allowed."""
    assert lookup(spelled)["E164PhoneNumber"] == "+33612"


@pytest.mark.rule("carrier-too-long")
@pytest.mark.parametrize("wrong", ["+1.", "+" + "1" * 20])
def test_numbers_that_no_answer_can_hold(lookup, refused, wrong):
    """Fewer than 2 digits or more than 19 are no E.164 number."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["PhoneNumber"]):
        lookup(wrong)


@pytest.mark.rule("carrier-invalid-is-result", "carrier-always")
@pytest.mark.parametrize("wrong", ["+33612", "+999123456789", "+11111111111", "+4407911123456"])
def test_numbers_that_cannot_exist(lookup, wrong):
    """The answer has only the type INVALID."""
    assert lookup(wrong) == {"E164PhoneNumber": wrong, "PhoneNumberType": "INVALID"}


@pytest.mark.rule("carrier-types")
@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (MOBILE, "MOBILE"),
        (US, "MOBILE"),
        (NORWAY, "MOBILE"),
        (LANDLINE, "LANDLINE"),
        ("+18005550199", "OTHER"),
        ("+33612", "INVALID"),
    ],
)
def test_types(lookup, number, kind):
    """Every number has a type, which is one of the model's."""
    assert lookup(number)["PhoneNumberType"] == kind
    assert kind in service_model().shapes["PhoneNumberType"]["enum"]


@pytest.mark.since("1.44.5")
@pytest.mark.rule("carrier-types")
def test_internet_telephones(lookup):
    """The newest model has a word for numbers of the internet, and for prepaid ones."""
    assert {"VOIP", "PREPAID"} <= set(service_model().shapes["PhoneNumberType"]["enum"])
    assert lookup("+33912345678")["PhoneNumberType"] == "VOIP"


@pytest.mark.rule("carrier-mobile-codes")
def test_network_codes(lookup):
    """Only mobile numbers have MCC and MNC."""
    mobile, landline = lookup(MOBILE), lookup(LANDLINE)

    assert (mobile["MCC"], mobile["MNC"]) == ("208", "01")
    assert not {"MCC", "MNC"} & landline.keys()


@pytest.mark.rule("carrier-always")
def test_members_that_are_always_present(sms, lookup):
    """Number and type are always present."""
    assert sms.meta.service_model.shape_for("CarrierLookupResult").required_members == [
        "E164PhoneNumber",
        "PhoneNumberType",
    ]
    worldwide = lookup("+80012345678")
    assert worldwide == {
        "E164PhoneNumber": "+80012345678",
        "DialingCountryCode": "800",
        "PhoneNumberType": "OTHER",
    }


@pytest.mark.since("1.44.5")
@pytest.mark.rule("carrier-cleansing")
def test_cleansing(lookup):
    """A trunk zero is removed, and the answer has the original number if it is different."""
    cleansed = lookup("+44 (0) 20 7946 0018", EnableCleansing=True)
    clean = lookup(LANDLINE, EnableCleansing=True)

    assert cleansed["E164PhoneNumber"] == clean["E164PhoneNumber"] == LANDLINE
    assert cleansed["OriginalPhoneNumber"] == "+44 (0) 20 7946 0018"
    assert "OriginalPhoneNumber" not in clean
    assert lookup("+44 (0) 20 7946 0018") == {
        "E164PhoneNumber": "+4402079460018",
        "PhoneNumberType": "INVALID",
    }


@pytest.mark.rule("carrier-no-not-found")
def test_errors_that_are_not_declared(sms):
    """There are no errors for unknown or conflicting resources."""
    operation = sms.meta.service_model.operation_model("CarrierLookup")
    errors = {shape.name for shape in operation.error_shapes}

    assert errors.isdisjoint({"ResourceNotFoundException", "ConflictException"})
    assert sms.carrier_lookup(PhoneNumber="+33699999999")["PhoneNumberType"] != ""
