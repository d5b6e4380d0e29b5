"""Registration attachments: files for registration forms, such as letters of authorization."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.resources.registrations.file_types import file_type_of, image_size
from pinpoint_sms_emu.resources.registrations.status import UNDER_REVIEW
from pinpoint_sms_emu.service.listing import Filter, Paginated, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.state.tables import LEAVING, Resource
from pinpoint_sms_emu.state.times_log import recent
from pinpoint_sms_emu.wire.model import service_model

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


_S3_URL: Final = re.compile(r"s3://[^/]+/.+", re.ASCII)
_SUFFIX: Final = re.compile(r".*\.(pdf|jpe?g|png)", re.IGNORECASE | re.ASCII)
_BY_SUFFIX: Final = {"pdf": "PDF", "jpg": "JPEG", "jpeg": "JPEG", "png": "PNG"}

# CreateRegistrationAttachment: first 500 KB, later 5 MB; the shape's limit is the base64 length.
_SMALL: Final = 1_572_864
_LARGEST_OF_SMALL: Final = 500 * 1024
_LARGEST: Final = 5 * 1024 * 1024

# Attachments of versions with these statuses cannot be deleted.
_IN_USE: Final = (*UNDER_REVIEW, "APPROVED")


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class RegistrationAttachment(Resource):
    """A file. Only the properties that forms check are kept, not the content."""

    kind: ClassVar[str] = "registration-attachment"
    id_prefix: ClassVar[str] = "attachment-"  # observed

    attachment_url: str | None = None
    attachment_upload_error_reason: str | None = None
    # PDF, JPEG or PNG.
    file_type: str | None = None
    # In bytes.
    size: int | None = None
    # Of an image, in pixels.
    width: int | None = None
    height: int | None = None

    @property
    def attachment_status(self) -> str:
        """The status of its upload."""
        return self.status


@operation
def create_registration_attachment(
    account: Account,
    *,
    attachment_body: bytes | None = None,
    attachment_url: str | None = None,
    tags: dict[str, str] | None = None,
) -> RegistrationAttachment:
    """Upload a file, or fetch it from S3."""
    _must_be_one_file(attachment_body, attachment_url)
    attachment = RegistrationAttachment(
        status="UPLOAD_IN_PROGRESS",
        attachment_url=attachment_url,
        tags=tags or {},
        **_properties(attachment_body, attachment_url),
    )

    account.registration_attachments.must_accept(attachment)
    created = recent(account.registration_attachments_created, account.now())
    quota = "REGISTRATION_ATTACHMENTS_CREATED_PER_DAY"
    if len(created) >= account.quota(quota):
        raise ServiceQuotaExceededException(quota)

    account.registration_attachments.add(attachment)
    account.registration_attachments_created = [*created, account.now()]
    account.schedule(finish_upload, attachment)
    return attachment


@operation
def describe_registration_attachments(
    account: Account,
    *,
    registration_attachment_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[RegistrationAttachment]:
    """List the attachments that the request names, or all."""
    return select(account.registration_attachments, registration_attachment_ids, filters)


@operation
def delete_registration_attachment(
    account: Account, *, registration_attachment_id: str
) -> RegistrationAttachment:
    """Delete an attachment, and its use as a value in drafts."""
    attachment = account.registration_attachments[registration_attachment_id]
    users = [
        (registration, version, path)
        for registration in account.registrations
        for version in registration.versions
        for path, value in version.values.items()
        if value.registration_attachment_id == attachment.id
    ]

    for registration, version, _path in users:
        # Observed, also right after its registration was deleted.
        if version.status in _IN_USE or registration.status in LEAVING:
            raise ConflictException("RESOURCE_DELETION_NOT_ALLOWED", attachment)

    for _registration, version, path in users:
        if version.status == "DRAFT":
            del version.values[path]
    account.registration_attachments.remove(attachment)
    attachment.status = "DELETED"
    return attachment


@job
def finish_upload(_account: Account, attachment: RegistrationAttachment) -> None:
    """Complete an upload; it fails if the file's name has no supported suffix."""
    url = attachment.attachment_url
    if url is None or _SUFFIX.fullmatch(url):
        attachment.status = "UPLOAD_COMPLETE"
    else:
        attachment.status = "UPLOAD_FAILED"
        attachment.attachment_upload_error_reason = "INTERNAL_ERROR"


def must_be_uploaded(attachment: RegistrationAttachment) -> None:
    """Refuse a file whose upload is not complete. Observed while it is in progress."""
    if attachment.status != "UPLOAD_COMPLETE":
        raise ConflictException("RESOURCE_NOT_ACTIVE", attachment)


def _properties(body: bytes | None, url: str | None) -> dict[str, Any]:
    """Return the properties that forms check; for a file in S3, only its type by its name."""
    if body is not None:
        width, height = image_size(body) or (None, None)
        file_type = file_type_of(body)
        return {"file_type": file_type, "size": len(body), "width": width, "height": height}
    named = _SUFFIX.fullmatch(url or "")
    return {"file_type": _BY_SUFFIX[named[1].lower()] if named else None}


def _must_be_one_file(body: bytes | None, url: str | None) -> None:
    """Refuse both a body and a URL, or none; a wrong type or size; and a URL that is not S3's."""
    both = ("attachment_body", "attachment_url")
    if body is None and url is None:
        raise ValidationException("MISSING_PARAMETER", **dict.fromkeys(both, "or the other is due"))
    if body is not None and url is not None:
        raise ValidationException(
            "PARAMETERS_CANNOT_BE_USED_TOGETHER", **dict.fromkeys(both, "or the other, not both")
        )
    if body is not None and len(body) > largest():
        raise ValidationException(
            "MAXIMUM_SIZE_EXCEEDED", attachment_body=f"may have {largest()} bytes"
        )
    if body is not None and file_type_of(body) is None:
        raise ValidationException(
            "ATTACHMENT_TYPE_NOT_SUPPORTED", attachment_body="must be a PDF, JPEG or PNG file"
        )
    if url is not None and not _S3_URL.fullmatch(url):
        raise ValidationException(
            "INVALID_PARAMETER", attachment_url="has the form s3://BucketName/FileName"
        )


def largest() -> int:
    """Return the maximum size of a file in bytes, which depends on the model's version."""
    limit = service_model().shapes["AttachmentBody"]["max"]
    return _LARGEST_OF_SMALL if limit <= _SMALL else _LARGEST
