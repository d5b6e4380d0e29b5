"""Calls the service for CloudFormation's handlers, with CloudFormation's user agent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from pinpoint_sms_emu.wire.model import SIGNING_NAME, TARGET_PREFIX
from pinpoint_sms_emu.wire.protocol import CONTENT_TYPE, Request

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

USER_AGENT: Final = "cloudformation.amazonaws.com"


class Call(Protocol):
    """Calls an operation with AWS's member names; raises a HandlerError if it is refused."""

    def __call__(self, operation: str, **members: Any) -> dict[str, Any]:
        """Call an operation."""


class HandlerError(Exception):
    """A call of a handler was refused."""

    def __init__(self, operation: str, answer: Mapping[str, Any]) -> None:
        self.operation = operation
        self.answer = answer
        self.code: str = answer.get("__type", "InternalServerException")
        super().__init__(f"{operation}: {self.code}: {answer.get('Message', '')}")


class Caller:
    """Calls an engine for an account in a Region; the calls are recorded like all others."""

    def __init__(self, engine: Engine, account_id: str, region: str) -> None:
        self.engine = engine
        scope = f"{account_id}/20260101/{region}/{SIGNING_NAME}/aws4_request"
        self._headers = {
            "authorization": (
                f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
            ),
            "content-type": CONTENT_TYPE,
            "user-agent": USER_AGENT,
        }

    def __call__(self, operation: str, **members: Any) -> dict[str, Any]:
        """Call an operation."""
        headers = {**self._headers, "x-amz-target": f"{TARGET_PREFIX}.{operation}"}
        request = Request(headers, json.dumps(members).encode(), is_ours=True)
        response = self.engine.handle(request)
        answer: dict[str, Any] = json.loads(response.body)
        if response.status >= 400:  # noqa: PLR2004  the first status of a refusal
            raise HandlerError(operation, answer)
        return answer


def pages(call: Call, operation: str, listed: str, **members: Any) -> Iterator[dict[str, Any]]:
    """Iterate over all pages of a listing operation."""
    token: dict[str, Any] = {}
    while True:
        answer = call(operation, **members, **token)
        yield from answer[listed]
        if "NextToken" not in answer:
            return
        token = {"NextToken": answer["NextToken"]}
