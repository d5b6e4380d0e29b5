"""An exchange: one request while it is answered, and the record of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from pinpoint_sms_emu.errors import ApiError, NotAuthorizedError
from pinpoint_sms_emu.service.calls import MAX_HEADER, Call
from pinpoint_sms_emu.service.faults import NO_FAULT
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.service.why import Why
from pinpoint_sms_emu.wire import protocol
from pinpoint_sms_emu.wire.protocol import OperationRequest, Request, Response, Wire

if TYPE_CHECKING:
    from pinpoint_sms_emu.permissions.callers import Caller


class Delayed(NamedTuple):
    """An answer that an injected fault delays: wait, then call `go_on`."""

    seconds: float
    go_on: Callable[[], Response]


class Exchange:
    """A request that is being answered, and what is known about it so far."""

    __slots__ = ("began", "call", "denied", "fault", "request", "request_id", "state", "wire")

    def __init__(self, request: Request, wire: Wire, state: State, request_id: str) -> None:
        self.request = request
        self.wire = wire
        # A delayed call uses the state in which it began.
        self.state = state
        self.request_id = request_id
        self.began = perf_counter()
        self.call: OperationRequest | None = None
        self.fault = NO_FAULT
        # The denial of the policies, with `policies_mode="report"`.
        self.denied: str | None = None

    @property
    def access_key(self) -> str:
        """The access key id in the request's signature."""
        return protocol.authorization(self.request.headers).access_key

    def must_be_allowed(
        self, caller: Caller, call: OperationRequest, mode: str, now: datetime
    ) -> None:
        """Refuse a call that the caller's policies deny, or only note the denial."""
        from pinpoint_sms_emu.permissions import enforcement  # noqa: PLC0415  only with policies

        checked = enforcement.CheckedCall(
            caller.arn,
            call.account_id,
            call.region,
            call.operation,
            call.body,
            now,
            self.request.source_ip,
        )
        denial = next(enforcement.denials(checked, caller.policies, self.state.accounts), None)
        if denial is None:
            return
        if mode == "enforce":
            raise NotAuthorizedError(denial.text)
        self.denied = denial.text

    def explain(self, error: ApiError) -> Why:
        """Find why it was refused; the caller holds the lock, because this reads the state."""
        from pinpoint_sms_emu.service import explanations  # noqa: PLC0415  only for a refusal

        return explanations.explain(self.state, self.call, self.fault, error)

    def recorded(
        self,
        at: datetime,
        *,
        response: dict[str, Any] | None = None,
        error: ApiError | None = None,
        crash: Exception | None = None,
        explained: Why | None = None,
    ) -> Call:
        """Return the record of the call: answered, refused, or ended by a crash."""
        call, headers = self.call, self.request.headers
        return Call(
            request_id=self.request_id,
            at=at,
            account_id=call.account_id if call else None,
            region=call.region if call else None,
            operation=call.operation if call else self.wire.operation_in(self.request),
            _parameters=call.body if call else {},
            _response=response,
            status=200 if response is not None else error.status if error else 500,
            duration_ms=round((perf_counter() - self.began) * 1000, 3),
            fault_id=self.fault.fault_id,
            size=len(self.request.body),
            _authorization=headers.get("authorization", "")[:MAX_HEADER],
            _user_agent=headers.get("user-agent", "")[:MAX_HEADER],
            denied=self.denied,
            source_ip=self.request.source_ip,
            _error=_without_frames(error),
            _crash=repr(crash) if crash else "",
            _why=explained,
        )


def _without_frames(error: ApiError | None) -> ApiError | None:
    """Remove what an error refers to: its frames would keep a state that was replaced."""
    if error is not None:
        error.__traceback__ = error.__cause__ = error.__context__ = None
    return error
