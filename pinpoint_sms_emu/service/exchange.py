"""An exchange: one request while it is answered, and the record of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from pinpoint_sms_emu.errors import ApiError, NotAuthorizedError
from pinpoint_sms_emu.service.calls import MAX_HEADER, CallRecord
from pinpoint_sms_emu.service.faults import NO_FAULT
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.service.why import Why
from pinpoint_sms_emu.wire import protocol
from pinpoint_sms_emu.wire.protocol import OperationRequest, Request, Response, Wire

if TYPE_CHECKING:
    from pinpoint_sms_emu.permissions.principals import Principal


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
        self, principal: Principal, call: OperationRequest, mode: str, now: datetime
    ) -> None:
        """Refuse a call that the principal's policies deny, or only note the denial."""
        from pinpoint_sms_emu.permissions import enforcement  # noqa: PLC0415  only with policies

        checked = enforcement.CheckedCall(
            principal.arn,
            call.account_id,
            call.region,
            call.operation,
            call.body,
            now,
            self.request.source_ip,
        )
        denial = next(enforcement.denials(checked, principal.policies, self.state.accounts), None)
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
        response: bytes | None = None,
        error: ApiError | None = None,
        crash: Exception | None = None,
        why: Why | None = None,
    ) -> CallRecord:
        """Return the record of the call: answered, refused, or ended by a crash."""
        request, call = self.request, self.call
        parameters: bytes | None = None
        if call is None:
            operation, account_id, region = self.wire.operation_in(request), None, None
        else:
            operation, account_id, region, members = call
            parameters = request.body if self.wire.is_json else protocol.encode(members)
        return CallRecord(
            self.request_id,
            at,
            account_id,
            region,
            operation,
            parameters,
            response,
            perf_counter() - self.began,
            len(request.body) + (len(response) if response else 0),
            request.source_ip,
            request.headers.get("authorization", "")[:MAX_HEADER],
            request.headers.get("user-agent", "")[:MAX_HEADER],
            self.fault.fault_id,
            self.denied,
            error and _without_frames(error),
            repr(crash) if crash else "",
            why,
        )


def _without_frames(error: ApiError) -> ApiError:
    """Remove what an error refers to: its frames would keep a state that was replaced."""
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error
