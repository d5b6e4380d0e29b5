"""What the guide's pages of the forms say about their fields."""

import pytest

from pinpoint_sms_emu.reference.registration_forms import registration_types
from tests.filling import fill_in

FORMS = registration_types()
DEDICATED = ("_SENDER_ID_REGISTRATION", "_LONG_CODE_REGISTRATION", "_SHORT_CODE_REGISTRATION")

# "State/Province (optional)" and "Zip Code/Postal code".
NEEDS_POSTAL_CODE = {"GB_SENDER_ID_REGISTRATION", "SG_SENDER_ID_REGISTRATION"}


# Addresses.


def address_fields(form):
    """The requirement of the state and of the postal code of a form's address."""
    return {
        path.partition(".")[2]: field.field_requirement
        for path, field in form.fields.items()
        if path.endswith((".state", ".zipCode"))
    }


@pytest.mark.rule("regform-optional-address")
@pytest.mark.parametrize(
    "registration_type",
    [each for each in FORMS if each.endswith(DEDICATED) and each != "US_SHORT_CODE_REGISTRATION"],
)
def test_the_state_of_an_address_is_optional(registration_type):
    """The postal code is optional too, except on the pages of GB and SG sender IDs."""
    needs_postal_code = registration_type in NEEDS_POSTAL_CODE

    assert address_fields(FORMS[registration_type]) == {
        "state": "OPTIONAL",
        "zipCode": "REQUIRED" if needs_postal_code else "OPTIONAL",
    }


@pytest.mark.rule("regform-optional-address")
@pytest.mark.parametrize("code", ["GB", "ID", "IN", "SG"])
def test_a_sender_id_is_registered_without_a_state(sms, register, code):
    """The required fields are enough, and the state is none of them."""
    registration = register(f"{code}_SENDER_ID_REGISTRATION")
    fill_in(sms, registration)
    assert not any(path.endswith(".state") for path in registration.current.values)

    answer = sms.submit_registration_version(RegistrationId=registration.id)

    assert answer["RegistrationVersionStatus"] == "SUBMITTED"
