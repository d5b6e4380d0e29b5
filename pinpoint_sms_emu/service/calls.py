"""A journal of the API calls that an emulator answered; it is not part of the state."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict, Unpack

from pinpoint_sms_emu.errors import ApiError, nearest, quoted
from pinpoint_sms_emu.service import filters
from pinpoint_sms_emu.state.steps import Steps, finish, matching
from pinpoint_sms_emu.wire.model import snake
from pinpoint_sms_emu.wire.protocol import LOCAL_ADDRESS
from pinpoint_sms_emu.wire.sns_actions import known_operations

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.why import Why

# The approximate size of all calls that are kept: single calls may be large.
MAX_BYTES: Final = 32 * 1024 * 1024
# The number of characters that are kept of a header.
MAX_HEADER: Final = 500

_ACCESS_KEY: Final = re.compile(r"Credential=([^/\s,]+)/")


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """An API call, with the members of `/_emulator/calls` as attributes.

    `parameters` and `response` use AWS's names. `error` and `why` are None if the call succeeded.

        [call] = sms.find_calls(refused=True).calls
        print(call.error["reason"], call.why["summary"])
    """

    request_id: str
    at: datetime
    account_id: str | None
    region: str | None
    operation: str | None
    status: int
    duration_ms: float
    fault_id: str | None = None
    # The denial that the policies would have caused, with `policies_mode="report"`.
    denied: str | None = None
    # The size of the request's body in bytes.
    size: int = 0
    # The address of the caller, or of a proxy; in process it is that of loopback.
    source_ip: str = LOCAL_ADDRESS
    _parameters: dict[str, Any]
    _response: dict[str, Any] | None
    _authorization: str = ""
    _user_agent: str = ""
    _error: ApiError | None = None
    _crash: str = ""
    _why: Why | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """The members of the request."""
        return deepcopy(self._parameters)

    @property
    def response(self) -> dict[str, Any] | None:
        """The members of the answer, or None."""
        return deepcopy(self._response)

    @property
    def access_key(self) -> str | None:
        """The access key id of the caller."""
        found = _ACCESS_KEY.search(self._authorization)
        return found[1] if found else None

    @property
    def user_agent(self) -> str | None:
        """The User-Agent header."""
        return self._user_agent or None

    @property
    def refused(self) -> bool:
        """Whether the call was refused."""
        return self._response is None

    @property
    def error(self) -> dict[str, Any] | None:
        """The code, reason, resource, fields and message of a refusal, or None."""
        if self._crash:
            return _members_of_error("InternalServerException", {}, self._crash)
        if self._error is None:
            return None
        return _members_of_error(self._error.code, self._error.members, self._error.message)

    @property
    def message_id(self) -> str | None:
        """The id of the message that the call sent, if any; a dry run sends none."""
        if self._response is None or self._parameters.get("DryRun"):
            return None
        return self._response.get("MessageId")

    @property
    def why(self) -> dict[str, Any] | None:
        """Why the call was refused: the rule, the state that caused it, and help; or None."""
        return self._why.as_dict() if self._why is not None else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash(self.request_id)

    def as_dict(self) -> dict[str, Any]:
        """Return the call's JSON representation."""
        members = {name: getattr(self, name) for name in MEMBERS}
        return members | {"at": self.at.isoformat()}


MEMBERS: Final = (
    "request_id",
    "at",
    "account_id",
    "region",
    "access_key",
    "user_agent",
    "operation",
    "parameters",
    "response",
    "error",
    "status",
    "duration_ms",
    "message_id",
    "fault_id",
    "why",
    "denied",
)


def _members_of_error(code: str, members: dict[str, Any], message: str) -> dict[str, Any]:
    return {
        "code": code,
        "reason": members.get("Reason"),
        "resource_type": members.get("ResourceType"),
        "resource_id": members.get("ResourceId"),
        "fields": [
            {snake(name): value for name, value in field.items()}
            for field in members.get("Fields") or ()
        ],
        "message": message,
    }


class CallFilters(TypedDict, total=False):
    """Filters for calls that a reader and a stream share."""

    operation: str | None
    account_id: str | None
    region: str | None
    refused: bool | None


class CallQuery(CallFilters, total=False):
    """All filters for calls, with paging."""

    after: str | None
    limit: int | None


class FoundCalls(NamedTuple):
    """The matching calls, and their number without the limit."""

    calls: list[Call]
    total: int
    # The number of calls that were dropped, because only `max_calls` are kept.
    forgotten: int


class CallJournal:
    """The latest calls in the order of their answers, limited in number and size."""

    def __init__(self, max_calls: int) -> None:
        self.max_calls = max_calls
        self.forgotten = 0
        # Called with each new call.
        self.listeners: list[Callable[[Call], None]] = []
        self._calls: deque[Call] = deque()
        self._size = 0

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: Call) -> None:
        """Add a call, and drop the oldest calls that exceed the limits."""
        self._calls.append(call)
        self._size += call.size
        while len(self._calls) > self.max_calls or self._size > MAX_BYTES:
            self._size -= self._calls.popleft().size
            self.forgotten += 1
        if self.listeners:
            for listener in list(self.listeners):
                listener(call)

    def all(self) -> list[Call]:
        """Return all calls that are kept, oldest first."""
        while True:
            try:
                return list(self._calls)
            except RuntimeError:
                continue  # another thread has added one meanwhile

    def get(self, request_id: str) -> Call:
        """Return the call with a request id; raise a LookupError for an unknown id."""
        for call in reversed(self.all()):
            if call.request_id == request_id:
                return call
        raise LookupError(f"there is no call {request_id:.80}, or it is no longer kept")

    def replace_by(self, other: CallJournal) -> None:
        """Replace all calls by those of another journal."""
        self.clear()
        for call in other.all():
            self.add(call)

    def clear(self) -> None:
        """Remove all calls."""
        self._calls.clear()
        self.forgotten = self._size = 0

    def find(self, **query: Unpack[CallQuery]) -> FoundCalls:
        """Find calls, oldest first; see `Emulator.find_calls`."""
        return finish(self.search(**query))

    def search(
        self,
        *,
        operation: str | None = None,
        account_id: str | None = None,
        region: str | None = None,
        refused: bool | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Steps[FoundCalls]:
        """Find calls as `find` does, in steps."""
        _must_be_filters(operation, account_id, region, refused, after, limit)
        calls = self.all()
        _must_be_an_operation(operation, calls)
        if after is not None:
            ids = [call.request_id for call in calls]
            if after not in ids:
                raise LookupError(f"there is no call {after:.80}, or it is no longer kept")
            calls = calls[ids.index(after) + 1 :]
        found = yield from matching(
            calls,
            lambda call: (
                operation in (None, call.operation)
                and account_id in (None, call.account_id)
                and region in (None, call.region)
                and refused in (None, call.refused)
            ),
        )
        return FoundCalls(found[:limit], len(found), self.forgotten)


def _must_be_an_operation(operation: str | None, calls: list[Call]) -> None:
    """Refuse an operation that the service does not have and that no client has called."""
    operations = known_operations()
    if operation is None or operation in operations:
        return
    if all(call.operation != operation for call in calls):
        meant = nearest(operation, operations)
        raise ValueError(f"there is no operation {quoted(operation)}; {meant}")


def _must_be_filters(
    operation: object,
    account_id: object,
    region: object,
    refused: object,
    after: object,
    limit: object,
) -> None:
    filters.must_be_a_text("operation", operation)
    filters.must_be_a_text("after", after)
    filters.must_be_a_flag("refused", refused)
    filters.must_be_a_limit(limit)
    filters.must_be_a_place(account_id, region)
