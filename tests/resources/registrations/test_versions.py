"""Registration versions: created, submitted, discarded and reviewed."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import UndecidableError
from pinpoint_sms_emu.wire.model import service_model

CITY = "companyInfo.city"
GUIDE = "https://docs.aws.amazon.com/sms-voice/latest/userguide/"

required = pytest.mark.pinpoint_sms(registrations="required")
new_model = pytest.mark.since("1.44.5")


@pytest.fixture
def status_of(sms):
    """Return the status of a registration and those of its versions."""

    def tell(registration):
        (described,) = sms.describe_registrations(RegistrationIds=[registration.id])[
            "Registrations"
        ]
        versions = versions_of(sms, registration)
        return described["RegistrationStatus"], [
            each["RegistrationVersionStatus"] for each in versions
        ]

    return tell


@pytest.fixture
def submitted(registration, submit):
    """A submitted registration."""
    submit(registration)
    return registration


def versions_of(sms, registration, **members):
    """The versions of a registration."""
    answer = sms.describe_registration_versions(RegistrationId=registration.id, **members)
    assert answer["RegistrationArn"] == registration.arn
    assert answer["RegistrationId"] == registration.id
    found: list[dict[str, object]] = answer["RegistrationVersions"]
    return found


def values_of(sms, registration, **members):
    """The field values of a registration."""
    answer = sms.describe_registration_field_values(RegistrationId=registration.id, **members)
    found: list[dict[str, object]] = answer["RegistrationFieldValues"]
    return found


# Create.


@pytest.mark.rule("regver-create", "regver-create-empty", "regver-create-previous-readonly")
def test_a_new_version(sms, submitted, status_of):
    """It has the next number, is an empty DRAFT and becomes the current one."""
    before = values_of(sms, submitted)

    made = sms.create_registration_version(RegistrationId=submitted.id)

    assert (made["VersionNumber"], made["RegistrationVersionStatus"]) == (2, "DRAFT")
    assert status_of(submitted) == ("COMPLETE", ["APPROVED", "DRAFT"])
    assert sms.describe_registrations()["Registrations"][0]["CurrentVersionNumber"] == 2
    assert values_of(sms, submitted) == []
    put = sms.put_registration_field_value(
        RegistrationId=submitted.id, FieldPath=CITY, TextValue="Elsewhere"
    )
    assert put["VersionNumber"] == 2
    sms.delete_registration_field_value(RegistrationId=submitted.id, FieldPath=CITY)
    assert values_of(sms, submitted, VersionNumber=1) == before


@required
@pytest.mark.rule("regver-create-not-allowed")
@pytest.mark.parametrize(
    "decision",
    ["draft", "SUBMITTED", "REVIEWING", "AWS_REVIEWING", "REQUIRES_AUTHENTICATION", "CLOSED"],
)
def test_a_new_version_is_refused_in_some_states(
    sms, emulator, registration, submit, refused, decision
):
    """These are a draft or a review of the current one, and a CLOSED registration."""
    if decision != "draft":
        submit(registration)
    if decision not in ("draft", "SUBMITTED"):
        emulator.review(registration.id, decision)

    with refused(
        "ConflictException", "CREATE_REGISTRATION_VERSION_NOT_ALLOWED", about=registration
    ):
        sms.create_registration_version(RegistrationId=registration.id)


@pytest.mark.pinpoint_sms(quotas={"REGISTRATION_VERSIONS_CREATED_PER_DAY": 2})
@pytest.mark.rule("regver-create-quota")
def test_the_number_of_versions_per_day_is_limited(sms, emulator, registration, refused):
    """One more than may be created in a day is refused; the next day it is not."""

    def start_over():
        sms.discard_registration_version(RegistrationId=registration.id)
        sms.create_registration_version(RegistrationId=registration.id)

    start_over()
    sms.discard_registration_version(RegistrationId=registration.id)
    with refused("ServiceQuotaExceededException", "REGISTRATION_VERSIONS_CREATED_PER_DAY"):
        sms.create_registration_version(RegistrationId=registration.id)
    emulator.clock.advance(days=1)
    sms.create_registration_version(RegistrationId=registration.id)


# Describe.


@pytest.mark.rule("regver-number-range")
@pytest.mark.parametrize("number", [0, 100_001])
def test_the_range_of_version_numbers(sms, registration, refused, number):
    """Version numbers are 1 to 100000."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["VersionNumbers"]):
        versions_of(sms, registration, VersionNumbers=[number])
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["VersionNumber"]):
        values_of(sms, registration, VersionNumber=number)


@pytest.mark.rule("regver-unknown")
def test_an_unknown_version_is_refused(sms, registration, refused):
    """A version number that does not exist is refused."""
    with refused("ValidationException", "UNKNOWN_REGISTRATION_VERSION", fields=["VersionNumbers"]):
        versions_of(sms, registration, VersionNumbers=[1, 2])
    with refused("ValidationException", "UNKNOWN_REGISTRATION_VERSION", fields=["VersionNumber"]):
        values_of(sms, registration, VersionNumber=2)


@pytest.mark.rule("regver-describe", "regver-filter-status")
def test_versions_by_number_and_status(sms, submitted, refused):
    """Numbers (at most five) and a filter restrict them; by default all are returned."""
    sms.create_registration_version(RegistrationId=submitted.id)
    drafts = [{"Name": "registration-version-status", "Values": ["DRAFT"]}]

    def numbers(**members):
        return [each["VersionNumber"] for each in versions_of(sms, submitted, **members)]

    assert numbers() == [1, 2]
    assert numbers(VersionNumbers=[1]) == [1]
    assert numbers(Filters=drafts) == [2]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["VersionNumbers"]):
        numbers(VersionNumbers=[1] * 6)


@required
@pytest.mark.rule("regver-history")
def test_the_status_history(sms, emulator, register, submit):
    """It has DraftTimestamp, and another timestamp for each status since."""
    emulator.clock.freeze("2030-01-01T00:00:00Z")
    registration = register()
    steps = {"DraftTimestamp": emulator.clock.now()}
    emulator.clock.advance(seconds=10)
    steps["SubmittedTimestamp"] = emulator.clock.now()
    answer = submit(registration)
    assert answer["RegistrationVersionStatusHistory"] == steps
    for member, decision in (
        ("RequiresAuthenticationTimestamp", "REQUIRES_AUTHENTICATION"),
        ("DeniedTimestamp", "REQUIRES_UPDATES"),
        ("ApprovedTimestamp", "COMPLETE"),
        ("RevokedTimestamp", "CLOSED"),
    ):
        steps["ReviewingTimestamp"] = steps["SubmittedTimestamp"]
        emulator.clock.advance(seconds=10)
        steps[member] = emulator.clock.now()
        emulator.review(registration.id, decision)
        (version,) = versions_of(sms, registration)
        # An older model does not know of the authentication.
        known = service_model().shapes["RegistrationVersionStatusHistory"]["members"]
        expected = {name: at for name, at in steps.items() if name in known}
        assert version["RegistrationVersionStatusHistory"] == expected


@required
@pytest.mark.rule("regver-history")
def test_a_status_keeps_its_time(sms, emulator, submitted):
    """The first time of a status stays."""
    emulator.review(submitted.id, "REVIEWING")
    (before,) = versions_of(sms, submitted)
    emulator.clock.advance(seconds=10)

    emulator.review(submitted.id, "REVIEWING")

    assert versions_of(sms, submitted) == [before]


@pytest.mark.rule("regver-history", "regver-approve-archives")
def test_the_history_of_an_archived_version(sms, emulator, submitted, submit):
    """ArchivedTimestamp is the time at which the later version was approved."""
    sms.create_registration_version(RegistrationId=submitted.id)
    emulator.clock.advance(seconds=10)
    submit(submitted)

    former, latest = (
        each["RegistrationVersionStatusHistory"] for each in versions_of(sms, submitted)
    )
    assert former["ArchivedTimestamp"] == latest["ApprovedTimestamp"]
    assert former["ArchivedTimestamp"] > former["ApprovedTimestamp"]
    assert "ArchivedTimestamp" not in latest


@pytest.mark.rule("regver-history")
def test_the_history_of_a_discarded_version(sms, registration):
    """It has the times of the draft and of discarding."""
    answer = sms.discard_registration_version(RegistrationId=registration.id)

    assert set(answer["RegistrationVersionStatusHistory"]) == {
        "DraftTimestamp",
        "DiscardedTimestamp",
    }
    made = sms.create_registration_version(RegistrationId=registration.id)
    assert set(made["RegistrationVersionStatusHistory"]) == {"DraftTimestamp"}


# Submit.


@required
@pytest.mark.rule("regver-submit", "reg-status-submitted", "reg-status-reviewing")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_a_version_is_submitted(emulator, registration, submit, status_of):
    """The version and the registration are SUBMITTED, then REVIEWING."""
    answer = submit(registration)

    assert (answer["VersionNumber"], answer["RegistrationVersionStatus"]) == (1, "SUBMITTED")
    assert status_of(registration) == ("SUBMITTED", ["SUBMITTED"])
    emulator.clock.advance(seconds=60)
    assert status_of(registration) == ("REVIEWING", ["REVIEWING"])


@required
@pytest.mark.rule("regver-submit-twice")
@pytest.mark.parametrize("decision", [None, "AWS_REVIEWING", "REQUIRES_AUTHENTICATION"])
def test_a_submitted_version_cannot_be_submitted(sms, emulator, submitted, refused, decision):
    """A version already submitted cannot be submitted again."""
    if decision:
        emulator.review(submitted.id, decision)
    sms.describe_registrations()

    with refused("ConflictException", "REGISTRATION_ALREADY_SUBMITTED", about=submitted):
        sms.submit_registration_version(RegistrationId=submitted.id)


@pytest.mark.rule("regver-submit-not-allowed")
@pytest.mark.parametrize("decision", ["COMPLETE", "REQUIRES_UPDATES", "CLOSED"])
def test_a_reviewed_version_cannot_be_submitted(sms, emulator, submitted, refused, decision):
    """A denied, approved or revoked version cannot be submitted."""
    emulator.review(submitted.id, decision)

    with refused("ConflictException", "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", about=submitted):
        sms.submit_registration_version(RegistrationId=submitted.id)


@pytest.mark.rule("regver-submit-not-allowed")
def test_a_discarded_version_cannot_be_submitted(sms, registration, refused, submit):
    """An archived one cannot be submitted as it is not current any more."""
    sms.discard_registration_version(RegistrationId=registration.id)

    with refused(
        "ConflictException", "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", about=registration
    ):
        sms.submit_registration_version(RegistrationId=registration.id)

    for _ in range(2):
        sms.create_registration_version(RegistrationId=registration.id)
        submit(registration)
    assert registration.versions[1].status == "ARCHIVED"
    with refused(
        "ConflictException", "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", about=registration
    ):
        sms.submit_registration_version(RegistrationId=registration.id)


@new_model
@pytest.mark.rule("regver-submit-aws-review")
def test_aws_review_is_always_returned(sms, registration, submit):
    """AwsReview is false unless it is set."""
    assert submit(registration)["AwsReview"] is False
    sms.create_registration_version(RegistrationId=registration.id)
    assert submit(registration, AwsReview=True)["AwsReview"] is True


@required
@new_model
@pytest.mark.rule("reg-status-aws-reviewing")
def test_aws_review_leads_to_aws_reviewing(registration, submit, status_of):
    """AWS_REVIEWING is in both enums, and AwsReview leads to it."""
    for enum in ("RegistrationStatus", "RegistrationVersionStatus"):
        assert "AWS_REVIEWING" in service_model().shapes[enum]["enum"]

    submit(registration, AwsReview=True)

    assert status_of(registration) == ("AWS_REVIEWING", ["AWS_REVIEWING"])


# Discard.


@required
@pytest.mark.rule("regver-discard")
@pytest.mark.parametrize("under_review", [False, True])
def test_a_version_is_discarded(sms, registration, submit, status_of, under_review):
    """It is DISCARDED, and a new version can be created."""
    if under_review:
        submit(registration)

    answer = sms.discard_registration_version(RegistrationId=registration.id)

    assert (answer["VersionNumber"], answer["RegistrationVersionStatus"]) == (1, "DISCARDED")
    assert sms.create_registration_version(RegistrationId=registration.id)["VersionNumber"] == 2
    assert status_of(registration) == ("CREATED", ["DISCARDED", "DRAFT"])


@pytest.mark.rule("regver-discard-not-allowed")
@pytest.mark.parametrize("decision", ["COMPLETE", "CLOSED", "discarded"])
def test_some_versions_cannot_be_discarded(sms, emulator, registration, submit, refused, decision):
    """Approved, revoked and discarded versions cannot be; archived ones are never current."""
    if decision == "discarded":
        sms.discard_registration_version(RegistrationId=registration.id)
    else:
        submit(registration)
        emulator.review(registration.id, decision)

    with refused(
        "ConflictException", "DISCARD_REGISTRATION_VERSION_NOT_ALLOWED", about=registration
    ):
        sms.discard_registration_version(RegistrationId=registration.id)


@pytest.mark.rule("regver-discard-not-allowed", "regver-approve-archives")
def test_approving_a_version_archives_the_earlier_one(sms, submitted, submit, status_of, refused):
    """An ARCHIVED version cannot be discarded."""
    sms.create_registration_version(RegistrationId=submitted.id)
    submit(submitted)

    assert status_of(submitted) == ("COMPLETE", ["ARCHIVED", "APPROVED"])
    with refused("ConflictException", "DISCARD_REGISTRATION_VERSION_NOT_ALLOWED", about=submitted):
        sms.discard_registration_version(RegistrationId=submitted.id)


def test_a_discarded_version_is_not_approved_later(sms, emulator, registration, submit, status_of):
    """A version that was discarded under review is not approved when the review would end."""
    engine_of(emulator).state.settings = emulator.settings.of(transition_seconds=60)
    submit(registration)
    sms.discard_registration_version(RegistrationId=registration.id)
    emulator.clock.advance(seconds=60)

    assert status_of(registration) == ("CREATED", ["DISCARDED"])


# Review.


@required
@pytest.mark.parametrize(
    ("decision", "version"),
    [
        pytest.param(
            "REQUIRES_AUTHENTICATION",
            "REQUIRES_AUTHENTICATION",
            marks=pytest.mark.rule("reg-status-authentication"),
        ),
        pytest.param("PROVISIONING", "APPROVED", marks=pytest.mark.rule("reg-status-provisioning")),
        ("REVIEWING", "REVIEWING"),
        ("AWS_REVIEWING", "AWS_REVIEWING"),
    ],
)
def test_statuses_before_a_decision(emulator, submitted, status_of, decision, version):
    """A registration can wait for the customer's authentication, for AWS, or for its identity."""
    emulator.review(submitted.id, decision)

    assert status_of(submitted) == (decision, [version])
    emulator.review(submitted.id, "COMPLETE")
    assert status_of(submitted) == ("COMPLETE", ["APPROVED"])


@required
@pytest.mark.rule(
    "reg-status-requires-updates",
    "regver-status-denied",
    "regver-denied-reasons",
    "regfield-denied-reason",
)
def test_a_denial_and_a_corrected_version(sms, emulator, submitted, submit, status_of):
    """Reasons and the denied version are returned.

    A corrected version can be approved, and revoked.
    """
    emulator.review(
        submitted.id, "REQUIRES_UPDATES", reason="City unknown.", fields={CITY: "There is none."}
    )

    assert status_of(submitted) == ("REQUIRES_UPDATES", ["DENIED"])
    assert sms.describe_registrations()["Registrations"][0]["LatestDeniedVersionNumber"] == 1
    (version,) = versions_of(sms, submitted)
    assert version["DeniedReasons"] == [
        {
            "Reason": "City unknown.",
            "ShortDescription": "City unknown.",
            "LongDescription": (
                "City unknown. Create a new version with corrections, and submit it."
            ),
            "DocumentationTitle": "Understanding rejection reasons",
            "DocumentationLink": f"{GUIDE}understanding-rejection-reasons.html",
        }
    ]
    denied = [each for each in values_of(sms, submitted) if "DeniedReason" in each]
    assert [(each["FieldPath"], each["DeniedReason"]) for each in denied] == [
        (CITY, "There is none.")
    ]

    sms.create_registration_version(RegistrationId=submitted.id)
    submit(submitted)
    emulator.review(submitted.id, "COMPLETE")
    assert status_of(submitted) == ("COMPLETE", ["DENIED", "APPROVED"])
    emulator.review(submitted.id, "CLOSED")
    assert status_of(submitted) == ("CLOSED", ["DENIED", "REVOKED"])


@required
@pytest.mark.rule("reg-status-requires-updates", "regver-discard")
def test_the_latest_denied_version_stays(sms, emulator, submitted, status_of, submit):
    """LatestDeniedVersionNumber stays when that version is discarded."""
    emulator.review(submitted.id, "REQUIRES_UPDATES", reason="No.")
    sms.discard_registration_version(RegistrationId=submitted.id)

    assert status_of(submitted) == ("REQUIRES_UPDATES", ["DISCARDED"])
    assert sms.describe_registrations()["Registrations"][0]["LatestDeniedVersionNumber"] == 1

    sms.create_registration_version(RegistrationId=submitted.id)
    submit(submitted)
    sms.discard_registration_version(RegistrationId=submitted.id)
    assert status_of(submitted) == ("REQUIRES_UPDATES", ["DISCARDED", "DISCARDED"])


@required
@new_model
@pytest.mark.rule("regver-feedback")
def test_feedback_of_aws(sms, emulator, registration, submit):
    """It can be given for a version and for each field, if AwsReview was requested."""
    for query in (False, True):
        submit(registration, AwsReview=query)
        emulator.review(
            registration.id, "REQUIRES_UPDATES", reason="No.", fields={CITY: "Unknown."}
        )
        (value,) = values_of(sms, registration, FieldPaths=[CITY])
        version = versions_of(sms, registration)[-1]
        result = (version.get("Feedback"), value.get("Feedback"))
        assert result == (("No.", "Unknown.") if query else (None, None))
        sms.create_registration_version(RegistrationId=registration.id)


@required
@new_model
@pytest.mark.rule("regver-status-offline-review")
def test_no_decision_leads_to_offline_review(emulator, submitted):
    """The status exists only in the enum."""
    assert (
        "REQUIRES_OFFLINE_REVIEW" in (service_model().shapes["RegistrationVersionStatus"]["enum"])
    )
    with pytest.raises(ValueError, match="decision must be one of"):
        emulator.review(submitted.id, "REQUIRES_OFFLINE_REVIEW")


@required
def test_impossible_reviews_are_refused(emulator, registration, submit):
    """Drafts, unknown registrations and some statuses are refused."""
    with pytest.raises(UndecidableError, match="no version that was submitted"):
        emulator.review(registration.id, "COMPLETE")
    with pytest.raises(LookupError, match="no registration registration-0"):
        emulator.review("registration-0", "COMPLETE")
    submit(registration)
    with pytest.raises(UndecidableError, match="SUBMITTED is not a decision that"):
        emulator.review(registration.id, "SUBMITTED")
    with pytest.raises(ValueError, match=r"'contactInfo\.none' is not a field of US_TEN"):
        emulator.review(registration.id, "REQUIRES_UPDATES", fields={"contactInfo.none": "x"})
    with pytest.raises(ValueError, match="REQUIRES_UPDATES only"):
        emulator.review(registration.id, "COMPLETE", fields={CITY: "x"})
    for reason in (5, None, ["x"]):
        # The state could not be restored.
        with pytest.raises(ValueError, match=f"the reason for {CITY} must be a text, not "):
            emulator.review(registration.id, "REQUIRES_UPDATES", fields={CITY: reason})


@required
@pytest.mark.rule("reg-status-events")
def test_registration_events_go_to_event_bridge(emulator, submitted):
    """Each change of status is an event with the members in the user guide."""
    emulator.review(submitted.arn, "COMPLETE", account_id="123456789012", region="us-east-1")

    events = emulator.find_events().registrations
    details = [each.record["registrationDetails"] for each in events]
    assert [each["currentStatus"] for each in details] == [
        "CREATED",
        "SUBMITTED",
        "REVIEWING",
        "COMPLETE",
    ]
    assert events[-1].record["registrationArn"] == submitted.arn
    assert list(details[-1]) == [
        "registrationId",
        "registrationVersionNumber",
        "registrationType",
        "registrationStatusChangeTimestamp",
        "currentStatus",
    ]
    assert events[-1].event_bridge.kind == "eventbridge"
    assert emulator.find_events(region="eu-west-1").registrations == []
