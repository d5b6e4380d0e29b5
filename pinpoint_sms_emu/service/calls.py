"""A journal of the API calls that an emulator answered; it is not part of the state."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict, Unpack

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.service import filters
from pinpoint_sms_emu.state.found import Found
from pinpoint_sms_emu.state.steps import Steps, finish, select_in_steps
from pinpoint_sms_emu.wire.json_text import read_request_body
from pinpoint_sms_emu.wire.model import snake
from pinpoint_sms_emu.wire.sns_actions import known_operations
from pinpoint_sms_emu.wording import nearest, quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.why import Why

# The approximate size of all calls that are kept: single calls may be large.
MAX_BYTES: Final = 32 * 1024 * 1024
# The number of characters that are kept of a header.
MAX_HEADER: Final = 500

_ACCESS_KEY: Final = re.compile(r"Credential=([^/\s,]+)/")


class CallRecord(NamedTuple):
    """What is kept of a call. Every call makes one, so it only refers to what exists already.

    Parameters and response are JSON: bytes take less memory than objects, and are not visited by
    garbage collections.
    """

    request_id: str
    at: datetime
    account_id: str | None
    region: str | None
    operation: str | None
    # None if the request could not be read.
    parameters: bytes | None
    # None if the call was refused.
    response: bytes | None
    seconds: float
    # The size of the request's body and of the response in bytes.
    size: int
    source_ip: str
    authorization: str
    user_agent: str
    fault_id: str | None
    denied: str | None
    error: ApiError | None
    crash: str
    why: Why | None


class Call:
    """An API call, with the members of `/_emulator/calls` as attributes.

    `parameters` and `response` use AWS's names. `error` and `why` are None if the call succeeded.

        [call] = sms.find_calls(refused=True).calls
        print(call.error["reason"], call.why["summary"])
    """

    __slots__ = ("_record",)

    def __init__(self, record: CallRecord) -> None:
        self._record = record

    @property
    def request_id(self) -> str:
        """The id of the request, as in the answer."""
        return self._record.request_id

    @property
    def at(self) -> datetime:
        """The emulator's time at the call."""
        return self._record.at

    @property
    def account_id(self) -> str | None:
        """The account that was called; None if the request could not be read."""
        return self._record.account_id

    @property
    def region(self) -> str | None:
        """The Region that was called; None if the request could not be read."""
        return self._record.region

    @property
    def operation(self) -> str | None:
        """The name of the operation, such as SendTextMessage, if the request has one."""
        return self._record.operation

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        if self._record.response is not None:
            return 200
        return self._record.error.status if self._record.error else 500

    @property
    def duration_ms(self) -> float:
        """How long the emulator took to answer, in milliseconds."""
        return round(self._record.seconds * 1000, 3)

    @property
    def fault_id(self) -> str | None:
        """The injected fault that answered or delayed the call, if any."""
        return self._record.fault_id

    @property
    def denied(self) -> str | None:
        """The denial that the policies would have caused, with `policies_mode="report"`."""
        return self._record.denied

    @property
    def source_ip(self) -> str:
        """The address of the caller, or of a proxy; in process it is that of loopback."""
        return self._record.source_ip

    @property
    def parameters(self) -> dict[str, Any]:
        """The members of the request."""
        parameters: dict[str, Any] = read_request_body(self._record.parameters or b"{}")
        return parameters

    @property
    def response(self) -> dict[str, Any] | None:
        """The members of the answer, or None."""
        response = self._record.response
        return None if response is None else json.loads(response)

    @property
    def access_key(self) -> str | None:
        """The access key id of the caller."""
        found = _ACCESS_KEY.search(self._record.authorization)
        return found[1] if found else None

    @property
    def user_agent(self) -> str | None:
        """The User-Agent header."""
        return self._record.user_agent or None

    @property
    def refused(self) -> bool:
        """Whether the call was refused."""
        return self._record.response is None

    @property
    def error(self) -> dict[str, Any] | None:
        """The code, reason, resource, fields and message of a refusal, or None."""
        error, crash = self._record.error, self._record.crash
        if crash:
            return _members_of_error("InternalServerException", {}, crash)
        return _members_of_error(error.code, error.members, error.message) if error else None

    @property
    def message_id(self) -> str | None:
        """The id of the message that the call sent, if any; a dry run sends none."""
        response = self.response
        if response is None or "MessageId" not in response or self.parameters.get("DryRun"):
            return None
        message_id: str = response["MessageId"]
        return message_id

    @property
    def why(self) -> dict[str, Any] | None:
        """Why the call was refused: the rule, the state that caused it, and help; or None."""
        return self._record.why.as_dict() if self._record.why is not None else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash(self.request_id)

    def __repr__(self) -> str:
        return f"<Call {self.operation} {self.status} {self.request_id}>"

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


@dataclass(frozen=True, slots=True)
class FoundCalls(Found[Call]):
    """The matching calls, and their number without the limit."""

    calls: list[Call]
    total: int
    # The number of calls that were dropped, because only `max_calls` are kept.
    forgotten: int

    @property
    def _entries(self) -> list[Call]:
        return self.calls


class CallJournal:
    """The latest calls in the order of their answers, limited in number and size."""

    def __init__(self, max_calls: int) -> None:
        self.max_calls = max_calls
        self.forgotten = 0
        # Called with each new call.
        self.listeners: list[Callable[[Call], None]] = []
        self._records: deque[CallRecord] = deque()
        self._size = 0

    def __len__(self) -> int:
        return len(self._records)

    def add(self, record: CallRecord) -> None:
        """Add a call, and drop the oldest calls that exceed the limits."""
        self._records.append(record)
        self._size += record.size
        while len(self._records) > self.max_calls or self._size > MAX_BYTES:
            self._size -= self._records.popleft().size
            self.forgotten += 1
        if self.listeners:
            call = Call(record)
            for listener in list(self.listeners):
                listener(call)

    def all(self) -> list[Call]:
        """Return all calls that are kept, oldest first."""
        return [Call(record) for record in self._all()]

    def _all(self) -> list[CallRecord]:
        while True:
            try:
                return list(self._records)
            except RuntimeError:
                continue  # another thread has added one meanwhile

    def get(self, request_id: str) -> Call:
        """Return the call with a request id; raise a LookupError for an unknown id."""
        for record in reversed(self._all()):
            if record.request_id == request_id:
                return Call(record)
        raise LookupError(f"there is no call {request_id:.80}, or it is no longer kept")

    def replace_by(self, other: CallJournal) -> None:
        """Replace all calls by those of another journal."""
        self.clear()
        for record in other._all():
            self.add(record)

    def clear(self) -> None:
        """Remove all calls."""
        self._records.clear()
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
        records = self._all()
        _must_be_an_operation(operation, records)
        if after is not None:
            ids = [record.request_id for record in records]
            if after not in ids:
                raise LookupError(f"there is no call {after:.80}, or it is no longer kept")
            records = records[ids.index(after) + 1 :]
        found = yield from select_in_steps(
            records,
            lambda record: (
                operation in (None, record.operation)
                and account_id in (None, record.account_id)
                and region in (None, record.region)
                and refused in (None, record.response is None)
            ),
        )
        return FoundCalls([*map(Call, found[:limit])], len(found), self.forgotten)


def _must_be_an_operation(operation: str | None, records: list[CallRecord]) -> None:
    """Refuse an operation that the service does not have and that no client has called."""
    operations = known_operations()
    if operation is None or operation in operations:
        return
    if all(record.operation != operation for record in records):
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
