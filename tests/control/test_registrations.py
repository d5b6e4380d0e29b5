"""The reviewer's route: a decision about a registration over HTTP."""

import pytest

from tests.filling import fill_in

pytestmark = pytest.mark.pinpoint_sms(registrations="required")

TYPE = "GB_SENDER_ID_REGISTRATION"


@pytest.fixture
def registration(sms):
    """The id of a registration that is not yet filled in."""
    return sms.create_registration(RegistrationType=TYPE)["RegistrationId"]


@pytest.fixture
def submitted(sms, account, registration):
    """The id of a registration that is under review."""
    fill_in(sms, account.registrations[registration])
    sms.submit_registration_version(RegistrationId=registration)
    return registration


def test_a_reviewer_approves(control, submitted):
    """The answer has the registration as in AWS's API, and EventBridge gets the event."""
    answer = control.post(f"/_emulator/registrations/{submitted}/review", decision="COMPLETE")

    assert answer.status == 200
    assert answer.json["registration_id"] == submitted
    assert answer.json["registration_status"] == "COMPLETE"
    assert answer.json["approved_version_number"] == 1
    result = control.get("/_emulator/events").json["registrations"]
    assert result[-1]["record"]["registrationDetails"]["currentStatus"] == "COMPLETE"


def test_a_reviewer_denies(control, sms, submitted):
    """Reasons arrive where the client looks for them."""
    control.post(
        f"/_emulator/registrations/{submitted}/review",
        decision="REQUIRES_UPDATES",
        reason="No.",
        fields={"senderIdInfo.senderId": "Taken."},
    )

    (value,) = sms.describe_registration_field_values(
        RegistrationId=submitted, FieldPaths=["senderIdInfo.senderId"]
    )["RegistrationFieldValues"]
    assert value["DeniedReason"] == "Taken."


@pytest.mark.parametrize(
    ("decision", "status"), [("COMPLETE", 409), ("SUBMITTED", 409), ("PERHAPS", 400)]
)
def test_impossible_decisions_are_refused(control, registration, decision, status):
    """A draft cannot be reviewed, and some statuses are no decision: the error is one sentence."""
    answer = control.post(f"/_emulator/registrations/{registration}/review", decision=decision)

    assert answer.status == status
    assert answer.error


def test_an_unknown_registration_is_a_404(control):
    """It is not found."""
    answer = control.post("/_emulator/registrations/registration-0/review", decision="COMPLETE")

    assert (answer.status, answer.error) == (404, "there is no registration registration-0")
