"""Media files: checks their types and sizes, and puts those that end users send into buckets.

User guide, "MMS file types, size and character limits". The type is determined by the extension of
the S3 key; without one, any type is possible. The files themselves are inspected only with
`s3_endpoint_url`, without holding the lock: in process before the call returns, and on a thread of
a server. The result is recorded as a change of the state.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from pinpoint_sms_emu.messaging.events.clients import Clients
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.messaging.messages import Message

_IMAGE: Final = 2 * 1024 * 1024
_OTHER: Final = 600 * 1024

_LARGEST: Final[Mapping[str, int]] = MappingProxyType(
    dict.fromkeys(("gif", "jpeg", "jpg", "png"), _IMAGE)
    | dict.fromkeys(
        (
            *("tif", "tiff"),
            *("3gp", "3gpp", "3g2", "3gpp2", "amr", "m4a", "mov", "mp3", "mp4", "ogg", "webm"),
            *("ics", "pdf", "vcf"),
        ),
        _OTHER,
    )
)

# The beginning of an address in S3.
_S3: Final = "s3://"
# The timeout of a request, for which the caller in process waits.
_SECONDS: Final = 1.0

# The name of the thread that inspects files where there is a server.
THREAD_NAME: Final = "pinpoint-sms-emu media files"
# The members of RCS content with the address of a file.
_ADDRESSES: Final = ("file_url", "thumbnail_url")

logger = logging.getLogger("pinpoint_sms_emu")


def type_problem(message: Message) -> str | None:
    """Return the messageStatus if a file has an unsupported type, or None."""
    if message.media_urls and any(_largest(url) is None for url in message.media_urls):
        return "FILE_TYPE_UNSUPPORTED"
    return None


def _largest(url: str) -> int | None:
    """Return the maximum size of a file, or None for an unsupported type."""
    name = url.rpartition("/")[2]
    _, point, extension = name.rpartition(".")
    return _LARGEST.get(extension.lower()) if point else _IMAGE


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file as it is in S3."""

    url: str
    content_type: str
    content: bytes


class MediaFiles:
    """The messages of a state whose files have not been inspected."""

    def __init__(self, s3_endpoint_url: str | None) -> None:
        self.are_inspected = s3_endpoint_url is not None
        self.waiting: deque[str] = deque()

    def queue_for_inspection(self, message: Message) -> bool:
        """Queue a message whose files are inspected; return False if they are not."""
        if not self.are_inspected or not message.media_urls:
            return False
        self.waiting.append(message.id)
        return True

    def drop(self, message: Message) -> None:
        """Remove a message from the queue, unless its inspection has already begun."""
        if self.waiting and is_waiting(message):
            with suppress(ValueError):
                self.waiting.remove(message.id)

    def queue_for_upload(self, message: Message, members: Mapping[str, Any]) -> bool:
        """Queue a file that an end user sends; return False if there is no S3 endpoint for it."""
        if not self.are_inspected or not message.media_urls:
            return False
        message.incoming_media = dict(members)
        self.waiting.append(message.id)
        return True

    def load(self, messages: Iterable[Message]) -> None:
        """Queue those messages of a document that were waiting when it was written."""
        self.waiting.extend(message.id for message in messages if is_waiting(message))


class MediaInspector:
    """Inspects the files of a state's messages, without holding the lock."""

    def __init__(
        self,
        files: MediaFiles,
        messages: Messages,
        s3_endpoint_url: str | None,
        note: Callable[[str, str | None], bool],
    ) -> None:
        self._files = files
        self._messages = messages
        self._clients = Clients(s3_endpoint_url, _SECONDS) if s3_endpoint_url else None
        # Records a result: a message id, and a messageStatus or None.
        self._note = note
        self._stopped = threading.Event()
        self._inspecting = threading.Lock()
        self._worker: threading.Thread | None = None

    @property
    def has_work(self) -> bool:
        """Whether a message waits for its files."""
        return bool(self._files.waiting)

    def inspect(self) -> None:
        """Inspect the files of all queued messages. The caller must not hold the lock."""
        if not self._files.waiting:
            return
        with self._inspecting:
            for message in self._take(len(self._files.waiting)):
                if not self._note(message.id, self._find_problem(message)):
                    self._files.waiting.append(message.id)

    def _take(self, most: int) -> Iterator[Message]:
        """Take the messages out of the queue, at most so many; others may be removed meanwhile."""
        with suppress(IndexError):
            for _ in range(most):
                if self._stopped.is_set():
                    return
                message = self._messages.get(self._files.waiting.popleft())
                if message is not None and is_waiting(message):
                    yield message

    def _find_problem(self, message: Message) -> str | None:
        """Return the problem of a message's files, or None.

        Without an endpoint there is none: the message comes from a state that had one.
        """
        if self._clients is None:
            return None
        inspect = _find_problem if message.incoming_media is None else _upload
        return inspect(self._clients, message)

    def inspect_in_background(self) -> None:
        """Start a thread that inspects the files of all queued messages."""
        if self._files.waiting and (self._worker is None or not self._worker.is_alive()):
            self._worker = threading.Thread(target=self.inspect, name=THREAD_NAME, daemon=True)
            self._worker.start()

    def read(self, message: Message, url: str | None = None) -> MediaFile:
        """Read a file of a message, the first where none is named; see `Emulator.read_media`."""
        urls = files_of(message)
        if url is not None and url not in urls:
            raise LookupError(f"the message {message.id} has no file {url:.200}")
        if not urls:
            raise LookupError(f"the message {message.id} has no files")
        if self._clients is None:
            raise LookupError("files are not read: s3_endpoint_url is not set")
        return _read(self._clients, message, url or urls[0])

    def stop(self) -> None:
        """Stop, and close the connections; that of a request in progress after it."""
        self._stopped.set()
        if self._clients:
            self._clients.close()


def files_of(message: Message) -> list[str]:
    """The addresses of the files of an MMS, or of an RCS message's file and cards."""
    content: dict[str, Any] = (message.rcs_content or {}).get("content", {})
    rich_card, carousel = content.get("rich_card"), content.get("carousel")
    cards = [rich_card["card_content"]] if rich_card else []
    cards += carousel["card_contents"] if carousel else []
    files = [content.get("file_message"), *(card.get("media") for card in cards)]
    addresses = [each.get(name) for each in files if each for name in _ADDRESSES]
    return [*message.media_urls, *filter(None, addresses)]


def _read(clients: Clients, message: Message, url: str) -> MediaFile:
    if not url.startswith(_S3):
        raise LookupError(f"{url:.200} is not read: only s3:// is")
    bucket, key = _bucket_and_key(url)
    try:
        with clients.use("s3", message.region, message.account_id) as s3:
            found = s3.get_object(Bucket=bucket, Key=key)
            with closing(found["Body"]) as body:
                content: bytes = body.read(_IMAGE + 1)
    except Exception as error:
        raise LookupError(f"{url:.200} cannot be read: {error}") from error
    if len(content) > _IMAGE:
        raise LookupError(f"{url:.200} is larger than {_IMAGE} bytes")
    return MediaFile(url, found["ContentType"], content)


def _find_problem(clients: Clients, message: Message) -> str | None:
    """Return the messageStatus if a file is inaccessible or too large, or None."""
    for url in message.media_urls:
        bucket, key = _bucket_and_key(url)
        try:
            with clients.use("s3", message.region, message.account_id) as s3:
                size: int = s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
        except Exception as error:  # noqa: BLE001  any error means that the file cannot be read
            logger.info("%s cannot be read: %s", url, error)
            return "FILE_INACCESSIBLE"
        if size > (_largest(url) or 0):
            return "FILE_SIZE_EXCEEDED"
    return None


def _upload(clients: Clients, message: Message) -> str | None:
    """Put a file of an end user into its bucket; return None, or the failed mediaStatus."""
    members = message.incoming_media or {}
    bucket, key = _bucket_and_key(message.media_urls[0])
    try:
        with clients.use("s3", message.region, message.account_id) as s3:
            s3.put_object(
                Bucket=bucket,
                Key=key,
                # There is no real file: zeros, of the size that was stated.
                Body=bytes(members["file_size_bytes"]),
                ContentType=members["mime_type"],
            )
    except Exception as error:  # noqa: BLE001  whatever it is, the upload has failed
        logger.info("%s cannot be written: %s", message.media_urls[0], error)
        return "UPLOAD_FAILED"
    return None


def _bucket_and_key(url: str) -> tuple[str, str]:
    bucket, _, key = url.removeprefix(_S3).partition("/")
    return bucket, key


def is_waiting(message: Message) -> bool:
    """Return whether a message's files have not been inspected or uploaded yet."""
    if message.incoming_media is not None:
        return True
    outbound = message.direction == "outbound" and message.channel == "media"
    return outbound and not message.pending_events and not message.history
