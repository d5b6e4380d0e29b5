"""Media files: why one cannot be sent.

User guide, "MMS file types, size and character limits". Types are told by the extension of the
key; one that has none could be anything. Files themselves are inspected only where the user has
named an S3 endpoint, and without the lock: in process before the call returns, on a thread with a
server. What was found is a change like any other.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

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

_SECONDS: Final = 1.0

logger = logging.getLogger("pinpoint_sms_emu")


def type_problem(message: Message) -> str | None:
    """What is wrong with the types of a message's files, as a messageStatus."""
    if message.media_urls and any(_largest(url) is None for url in message.media_urls):
        return "FILE_TYPE_UNSUPPORTED"
    return None


def _largest(url: str) -> int | None:
    """How large a file may be; None for a type that is not supported."""
    name = url.rpartition("/")[2]
    _, point, extension = name.rpartition(".")
    return _LARGEST.get(extension.lower()) if point else _IMAGE


class MediaFiles:
    """The messages of a state whose files are still to be inspected."""

    def __init__(self, s3_endpoint_url: str | None) -> None:
        self.are_inspected = s3_endpoint_url is not None
        self.waiting: deque[str] = deque()

    def takes(self, message: Message) -> bool:
        """Let a message wait, if its files can be inspected."""
        if not self.are_inspected or not message.media_urls:
            return False
        self.waiting.append(message.id)
        return True

    def forget(self, message: Message) -> None:
        """Let a message that is removed wait no longer; it may be under inspection just now."""
        if self.waiting and is_waiting(message):
            with suppress(ValueError):
                self.waiting.remove(message.id)

    def load(self, messages: Iterable[Message]) -> None:
        """Let the messages of a document wait that were waiting when it was written."""
        for message in messages:
            if is_waiting(message):
                self.takes(message)


class MediaInspector:
    """Looks at the files of one state's messages, without holding the lock."""

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
        # Notes what was found: a message id and a messageStatus, or None if all is well.
        self._note = note
        self._stopped = threading.Event()
        self._inspecting = threading.Lock()
        self._worker: threading.Thread | None = None

    @property
    def has_work(self) -> bool:
        """Whether a message waits for its files."""
        return bool(self._files.waiting)

    def inspect(self) -> None:
        """Inspect the files of all messages that wait; whoever calls it must not hold the lock."""
        if self._clients is None or not self._files.waiting:
            return
        with self._inspecting:
            for _ in range(len(self._files.waiting)):
                if self._stopped.is_set() or not self._files.waiting:
                    return
                message = self._messages.get(self._files.waiting.popleft())
                if message is None or not is_waiting(message):
                    continue
                if not self._note(message.id, _problem(self._clients, message)):
                    self._files.waiting.append(message.id)

    def inspect_in_background(self) -> None:
        """Start a thread that inspects what waits."""
        if self._files.waiting and (self._worker is None or not self._worker.is_alive()):
            self._worker = threading.Thread(target=self.inspect, daemon=True)
            self._worker.start()

    def stop(self) -> None:
        """Inspect nothing any more, and close the connections."""
        self._stopped.set()
        if self._clients:
            self._clients.close()


def _problem(clients: Clients, message: Message) -> str | None:
    """What is wrong with the files themselves, as a messageStatus."""
    for url in message.media_urls:
        bucket, _, key = url.removeprefix("s3://").partition("/")
        try:
            s3 = clients.get("s3", message.region, message.account_id)
            size: int = s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
        except Exception as error:  # noqa: BLE001  whatever it is, the file cannot be read
            logger.info("%s cannot be read: %s", url, error)
            return "FILE_INACCESSIBLE"
        if size > (_largest(url) or 0):
            return "FILE_SIZE_EXCEEDED"
    return None


def is_waiting(message: Message) -> bool:
    """Whether it is still to be seen what becomes of a message."""
    outbound = message.direction == "outbound" and message.channel == "media"
    return outbound and not message.pending_events and not message.history
