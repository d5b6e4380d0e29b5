"""Calls the service for CloudFormation's handlers, with CloudFormation's user agent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.wire.model import SIGNING_NAME, TARGET_PREFIX
from pinpoint_sms_emu.wire.protocol import CONTENT_TYPE, Request

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

USER_AGENT: Final = "cloudformation.amazonaws.com"

# How often a call is tried that is throttled, and how many seconds pass between two tries.
_TRIES: Final = 30
_PAUSE: Final = 0.1
# The first status of a refusal.
_REFUSED: Final = 400


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
        transition = engine.settings.transition_seconds
        self._seconds_left = transition + 1 if transition else 0.0
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
        for last in range(_TRIES, 0, -1):
            response = self.engine.handle(request)
            answer: dict[str, Any] = json.loads(response.body)
            if response.status < _REFUSED:
                return answer
            error = HandlerError(operation, answer)
            # Handlers repeat what was throttled. While the clock is frozen, only a fault passes.
            if error.code != "ThrottlingException" or last == 1:
                break
            if not self._is_frozen:
                self._pause()
        raise error

    def wait(self) -> bool:
        """Wait a moment; all in all as long as resources take to become active."""
        if self._seconds_left <= 0 or self._is_frozen:
            return False
        self._seconds_left -= _PAUSE
        self._pause()
        return True

    @property
    def _is_frozen(self) -> bool:
        return self.engine.clock.frozen_at is not None

    def _pause(self) -> None:
        self.engine.wait(threading.Event(), _PAUSE)


def pages(call: Caller, operation: str, listed: str, **members: Any) -> Iterator[dict[str, Any]]:
    """Iterate over all pages of a listing operation."""
    token: dict[str, Any] = {}
    while True:
        answer = call(operation, **members, **token)
        yield from answer[listed]
        if "NextToken" not in answer:
            return
        token = {"NextToken": answer["NextToken"]}
