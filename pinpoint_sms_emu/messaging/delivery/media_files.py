"""Media files: what stands against sending one.

User guide, "MMS file types, size and character limits". Types are told by the extension of the
key; one that has none could be anything. Files themselves are looked at only where the user has
named an S3 endpoint, and without the lock: in process before the call returns, on a thread with a
server. What was found is a change like any other.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.messaging.events.clients import Clients
from pinpoint_sms_emu.messaging.messages import Message

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator

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


def type_trouble(message: Message) -> str | None:
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
    """The files that messages name, and the messages that wait until somebody has looked."""

    def __init__(self, s3_endpoint_url: str | None) -> None:
        self._clients = Clients(s3_endpoint_url, _SECONDS) if s3_endpoint_url else None
        self._waiting: deque[str] = deque()
        self._turn = threading.RLock()
        self._is_looking = False
        self._worker: threading.Thread | None = None

    def takes(self, message: Message) -> bool:
        """Let a message wait, if its files can be looked at."""
        if self._clients is None or not message.media_urls:
            return False
        self._waiting.append(message.id)
        return True

    def resume(self, messages: list[Message]) -> None:
        """Let wait what has waited when a state was written down."""
        for message in messages:
            if is_waiting(message):
                self.takes(message)

    def look(self, emulator: Emulator) -> None:
        """Look at what waits, and tell the emulator; who calls it does not have the lock."""
        if self._clients is None or not self._waiting:
            return
        with self._turn:
            if self._is_looking:
                return  # what was found is told by a call that ends as any other
            self._is_looking = True
            try:
                while self._waiting and not emulator.closing.is_set():
                    message = emulator.message_store.get(self._waiting.popleft())
                    if message is not None and is_waiting(message):
                        trouble = _trouble(self._clients, message)
                        emulator.files_were_looked_at(message.id, trouble)
            finally:
                self._is_looking = False

    def look_in_background(self, emulator: Emulator) -> None:
        """Let a thread look at what waits."""
        if self._waiting and (self._worker is None or not self._worker.is_alive()):
            self._worker = threading.Thread(target=self.look, args=(emulator,), daemon=True)
            self._worker.start()

    def close(self) -> None:
        """Let go of the connections."""
        if self._clients:
            self._clients.close()


def _trouble(clients: Clients, message: Message) -> str | None:
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
