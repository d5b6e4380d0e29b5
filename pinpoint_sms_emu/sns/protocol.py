"""The query protocol of SNS: parses requests, and writes answers and errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pinpoint_sms_emu.errors import ApiError, SerializationException
from pinpoint_sms_emu.sns import query
from pinpoint_sms_emu.sns.errors import SnsError, translated
from pinpoint_sms_emu.wire import protocol
from pinpoint_sms_emu.wire.model import SNS, model_of
from pinpoint_sms_emu.wire.protocol import OperationRequest, Request, Response, Wire
from pinpoint_sms_emu.wire.sns_actions import ACTIONS, form_of, is_sms_action
from pinpoint_sms_emu.wording import quoted

_CONTENT_TYPE: Final = "text/xml"
_NAME: Final = re.compile(r"\w{1,100}", re.ASCII)


def read(request: Request) -> OperationRequest:
    """Parse a request; refuse everything except well-formed calls about texts."""
    account_id, region = protocol.scope(request.headers)
    form = _form(request)
    action = form.get("Action", "")
    if not is_sms_action(action, form):
        raise SnsError("InvalidAction", _not_emulated(action))
    shape = model_of(SNS).operations[action].input_shape
    members = query.members_of(shape, form)
    return OperationRequest(action, request.account_id or account_id, region, members)


def _form(request: Request) -> Mapping[str, str]:
    try:
        return form_of(request.query, request.body)
    except ValueError as error:
        raise SerializationException(f"The body is not a form: {error}") from error


def _not_emulated(action: str) -> str:
    """Return the text about operations that are not emulated."""
    named = f"a {action} without PhoneNumber" if action in ACTIONS else quoted(action)
    return (
        f"Only the operations of SNS that are about texts are emulated, not {named}: "
        "start the server with `serve --with-moto` for the others"
    )


def operation_in(request: Request) -> str | None:
    """Return the action of a request that cannot be parsed."""
    try:
        action = form_of(request.query, request.body, "replace").get("Action", "")
    except ValueError:  # more parameters than a call has
        return None
    return action if _NAME.fullmatch(action) else None


def answer(
    operation: str,
    body: dict[str, Any],
    request_id: str,
    cut: bool,  # noqa: FBT001  the same for every wire
) -> Response:
    """Write the answer of a successful call."""
    return Response(200, query.answer(operation, body, request_id), _headers(request_id), cut)


def refusal(
    error: ApiError,
    request_id: str,
    cut: bool = False,  # noqa: FBT001, FBT002  as above
    why: str | None = None,
) -> Response:
    """Write the answer of a refused call."""
    refused = translated(error)
    body = query.refusal(
        refused.code, refused.message, refused.status, refused.further_members, request_id
    )
    return Response(refused.status, body, _headers(request_id), cut, why)


def _headers(request_id: str) -> dict[str, str]:
    return {"Content-Type": _CONTENT_TYPE, "x-amzn-RequestId": request_id}


QUERY: Final = Wire(SNS, ("host",), read, operation_in, answer, refusal, translated)
