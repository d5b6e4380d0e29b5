"""Registration attachments: uploading, describing and deleting."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.resources.registrations.attachments import largest

PDF = b"%PDF-1.7"
BOTH = ["AttachmentBody", "AttachmentUrl"]


def own(answer):
    """An answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


@pytest.mark.rule("regatt-create-exclusive", "regatt-create-none")
def test_either_body_or_url_is_required(sms, refused):
    """Exactly one of the two must be given."""
    with refused("ValidationException", "PARAMETERS_CANNOT_BE_USED_TOGETHER", fields=BOTH):
        sms.create_registration_attachment(AttachmentBody=PDF, AttachmentUrl="s3://bucket/a.pdf")
    with refused("ValidationException", "MISSING_PARAMETER", fields=BOTH):
        sms.create_registration_attachment()


@pytest.mark.rule("regatt-create-size")
def test_the_size_is_limited(sms, refused):
    """The limit is 5 MB in the newest model, 500 KB in an older one."""
    assert largest() in (500 * 1024, 5 * 1024 * 1024)
    sms.create_registration_attachment(AttachmentBody=PDF.ljust(largest()))
    with refused("ValidationException", "MAXIMUM_SIZE_EXCEEDED", fields=["AttachmentBody"]):
        sms.create_registration_attachment(AttachmentBody=PDF.ljust(largest() + 1))


@pytest.mark.rule("regatt-create-type")
@pytest.mark.parametrize(
    ("body", "is_accepted"),
    [
        (b"%PDF-1.4 ...", True),
        (b"\xff\xd8\xff\xe0 JPEG", True),
        (b"\x89PNG\r\n\x1a\n...", True),
        (b"GIF89a", False),
        (b"text", False),
    ],
)
def test_only_pdf_jpeg_and_png_are_accepted(sms, refused, body, is_accepted):
    """Only PDF, JPEG and PNG are accepted."""
    if is_accepted:
        sms.create_registration_attachment(AttachmentBody=body)
        return
    with refused("ValidationException", "ATTACHMENT_TYPE_NOT_SUPPORTED", fields=BOTH[:1]):
        sms.create_registration_attachment(AttachmentBody=body)


@pytest.mark.rule("regatt-create-url")
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://bucket.s3.amazonaws.com/a.pdf", "INVALID_PARAMETER"),
        ("s3://bucket", "INVALID_PARAMETER"),
        ("s3://bucket/a b.pdf", "FIELD_VALIDATION_FAILED"),
        ("s3://bucket/".ljust(2049, "a"), "FIELD_VALIDATION_FAILED"),
    ],
)
def test_invalid_urls_are_refused(sms, refused, url, reason):
    """A URL is an s3:// URI of at most 2048 characters without white space."""
    with refused("ValidationException", reason, fields=["AttachmentUrl"]):
        sms.create_registration_attachment(AttachmentUrl=url)


@pytest.mark.rule("regatt-create-status")
@pytest.mark.parametrize(
    ("url", "status", "reason"),
    [
        ("s3://bucket/folder/letter.PDF", "UPLOAD_COMPLETE", None),
        ("s3://bucket/letter.jpeg", "UPLOAD_COMPLETE", None),
        ("s3://bucket/letter.docx", "UPLOAD_FAILED", "INTERNAL_ERROR"),
    ],
)
def test_the_statuses_of_an_upload(sms, url, status, reason):
    """It is in progress, then complete or failed; a failure has a reason."""
    made = own(sms.create_registration_attachment(AttachmentUrl=url))

    (described,) = sms.describe_registration_attachments()["RegistrationAttachments"]
    assert made["AttachmentStatus"] == "UPLOAD_IN_PROGRESS"
    assert described["AttachmentStatus"] == status
    assert described.get("AttachmentUploadErrorReason") == reason
    # Older models do not show it.
    assert described.get("AttachmentUrl", url) == url


@pytest.mark.rule("regatt-create-quota", "regatt-create-quota-day")
@pytest.mark.pinpoint_sms(
    quotas={
        "REGISTRATION_ATTACHMENTS_PER_ACCOUNT": 2,
        "REGISTRATION_ATTACHMENTS_CREATED_PER_DAY": 3,
    }
)
def test_attachments_are_limited(sms, emulator, refused):
    """The number of attachments is limited for an account, and for a day including deleted ones."""

    def create():
        return sms.create_registration_attachment(AttachmentBody=PDF)["RegistrationAttachmentId"]

    first, second = create(), create()
    with refused("ServiceQuotaExceededException", "REGISTRATION_ATTACHMENTS_PER_ACCOUNT"):
        create()
    sms.delete_registration_attachment(RegistrationAttachmentId=first)
    create()
    sms.delete_registration_attachment(RegistrationAttachmentId=second)
    with refused("ServiceQuotaExceededException", "REGISTRATION_ATTACHMENTS_CREATED_PER_DAY"):
        create()
    emulator.clock.advance(days=1)
    create()


@pytest.mark.rule("regatt-describe")
def test_attachments_by_id_and_status(sms, account, refused):
    """Ids (at most five) and a filter restrict the result."""
    for name in ("one.pdf", "two.txt", "three.png"):
        sms.create_registration_attachment(AttachmentUrl=f"s3://bucket/{name}")
    one, two, three = account.registration_attachments

    def found(**members):
        answer = sms.describe_registration_attachments(**members)
        return [each["RegistrationAttachmentId"] for each in answer["RegistrationAttachments"]]

    complete = [{"Name": "attachment-status", "Values": ["UPLOAD_COMPLETE"]}]
    assert found() == [one.id, two.id, three.id]
    assert found(RegistrationAttachmentIds=[three.arn, two.id]) == [two.id, three.id]
    assert found(Filters=complete) == [one.id, three.id]
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["RegistrationAttachmentIds"]
    ):
        found(RegistrationAttachmentIds=[one.id] * 6)


@pytest.mark.rule("regatt-describe-unknown")
def test_an_unknown_attachment_is_refused(sms, refused):
    """An unknown attachment is rejected."""
    with refused("ResourceNotFoundException", about=("registration-attachment", "none")):
        sms.describe_registration_attachments(RegistrationAttachmentIds=["none"])
    with refused("ResourceNotFoundException", about=("registration-attachment", "none")):
        sms.delete_registration_attachment(RegistrationAttachmentId="none")


@pytest.mark.rule("regatt-delete")
def test_a_deleted_attachment_is_gone(sms, attachment, register):
    """The answer has DELETED; a draft that used it has no value for that field any more."""
    registration = register("US_TOLL_FREE_REGISTRATION")
    sms.put_registration_field_value(
        RegistrationId=registration.id,
        FieldPath="messagingUseCase.optInImage",
        RegistrationAttachmentId=attachment.id,
    )

    deleted = sms.delete_registration_attachment(RegistrationAttachmentId=attachment.id)

    assert deleted["AttachmentStatus"] == "DELETED"
    assert sms.describe_registration_attachments()["RegistrationAttachments"] == []
    assert registration.current.values == {}


@pytest.mark.rule("regatt-delete-in-use")
@pytest.mark.parametrize("registrations", ["automatic", "required"])
def test_an_attachment_in_use_cannot_be_deleted(
    sms, emulator, register, submit, attachment, refused, registrations
):
    """An attachment of a submitted registration cannot be deleted."""
    engine_of(emulator).state.settings = emulator.settings.of(registrations=registrations)
    registration = register("GB_SENDER_ID_REGISTRATION")
    sms.put_registration_field_value(
        RegistrationId=registration.id,
        FieldPath="senderIdInfo.letterOfAuthorization",
        RegistrationAttachmentId=attachment.id,
    )
    submit(registration)
    sms.describe_registrations()

    with refused("ConflictException", "RESOURCE_DELETION_NOT_ALLOWED", about=attachment):
        sms.delete_registration_attachment(RegistrationAttachmentId=attachment.id)
