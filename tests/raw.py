"""Calls without a client: any bytes, any headers, straight to the emulator or over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.protocol import Request

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/sms-voice/aws4_request, "
    "SignedHeaders=host;x-amz-date;x-amz-target, Signature=0000"
)

# Arguments of RequestPhoneNumber for a number that can send texts.
NUMBER = {
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS"],
    "NumberType": "LONG_CODE",
}


@dataclass(frozen=True)
class Answer:
    """An answer of the server or the emulator."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> dict[str, Any]:
        """The body's members."""
        members: dict[str, Any] = json.loads(self.text)
        return members

    @property
    def code(self) -> str | None:
        """The name of the error, if it is one."""
        return self.json.get("__type")

    @property
    def fields(self) -> list[str]:
        """The failing members, as the answer spells them."""
        return [field["Name"] for field in self.json.get("Fields", [])]


class Raw:
    """Makes raw calls, by default signed ones of the default account."""

    def __init__(self, emulator: Emulator, url: str | None = None) -> None:
        self.emulator = emulator
        self.url = url

    def __call__(self, operation: str, body: Any = None, **headers: str | None) -> Answer:
        """Call an operation with members, or with a body of bytes that is sent unchanged."""
        if not isinstance(body, bytes):
            body = json.dumps({} if body is None else body).encode()
        sent = {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"PinpointSMSVoiceV2.{operation}",
            "authorization": SIGNED,
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        wanted = {name: value for name, value in (sent | given).items() if value is not None}
        return _over_http(self.url, wanted, body) if self.url else self._directly(wanted, body)

    def _directly(self, headers: dict[str, str], body: bytes) -> Answer:
        answer = engine_of(self.emulator).handle(Request(headers, body))
        return Answer(answer.status, _small(answer.headers), answer.body.decode())


def _over_http(url: str, headers: dict[str, str], body: bytes) -> Answer:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=30)
    try:
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, _small(dict(answer.headers)), answer.read().decode())
    finally:
        connection.close()


def _small(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
