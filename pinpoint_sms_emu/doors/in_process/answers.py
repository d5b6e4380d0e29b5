"""Converts an emulator's answers to the results of botocore's and aiobotocore's endpoints."""

from __future__ import annotations

import inspect
import io
import sys
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError

from pinpoint_sms_emu.doors.threads import on_a_thread
from pinpoint_sms_emu.wire.model import SNS
from pinpoint_sms_emu.wire.protocol import JSON, Request, Response, Wire

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

_REFUSED = 300  # as in botocore
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def answer(engine: Engine, endpoint: Any, request: Any, operation_model: Any) -> Any:
    """Answer like `Endpoint._do_get_response`: the response and its contents, or an exception."""
    answered = engine.handle(_request_of(engine, request), _wire_of(operation_model))
    if answered.cut:
        return None, ConnectionClosedError(endpoint_url=request.url)
    response = AWSResponse(
        request.url, answered.status, answered.headers, io.BytesIO(answered.body)
    )
    response._content = answered.body  # noqa: SLF001  as if it had been read from the socket
    response_dict = _response_dict(response, operation_model)
    added: dict[str, Any] = {}
    _emit_before_parse(endpoint, operation_model, response_dict, added)
    parser = _parser(endpoint, operation_model)
    parsed = parser.parse(response_dict, operation_model.output_shape)
    parsed.update(added)
    if answered.status >= _REFUSED:
        endpoint._add_modeled_error_fields(  # noqa: SLF001
            response_dict, parsed, operation_model, parser
        )
    return (response, parsed), None


async def answer_async(engine: Engine, endpoint: Any, request: Any, operation_model: Any) -> Any:
    """Answer like aiobotocore's `AioEndpoint._do_get_response`."""
    wire = _wire_of(operation_model)
    answered = await _handle_async(engine, _request_of(engine, request), wire)
    if answered.cut:
        return None, ConnectionClosedError(endpoint_url=request.url)
    response = _AsyncResponse(request.url, answered.status, answered.headers, _Raw.of(answered))
    response._content = answered.body  # noqa: SLF001
    response_dict = _response_dict(response, operation_model)
    added: dict[str, Any] = {}
    await _emit_before_parse(endpoint, operation_model, response_dict, added)
    parser = _parser(endpoint, operation_model)
    # In some versions, parsers are coroutines.
    parsed = parser.parse(response_dict, operation_model.output_shape)
    parsed = await parsed if inspect.isawaitable(parsed) else parsed
    parsed.update(added)
    if answered.status >= _REFUSED:
        await endpoint._add_modeled_error_fields(  # noqa: SLF001
            response_dict, parsed, operation_model, parser
        )
    return (response, parsed), None


def _response_dict(response: Any, operation_model: Any) -> dict[str, Any]:
    """What `botocore.endpoint.convert_to_response_dict` makes of a response that is no stream."""
    return {
        "headers": response.headers,
        "status_code": response.status_code,
        "context": {"operation_name": operation_model.name},
        "body": response._content,  # noqa: SLF001
    }


def _emit_before_parse(
    endpoint: Any, operation_model: Any, response_dict: dict[str, Any], added: dict[str, Any]
) -> Any:
    """Emit the event whose handlers may add to the answer; aiobotocore's result is awaited."""
    service_id = operation_model.service_model.service_id.hyphenize()
    return endpoint._event_emitter.emit(  # noqa: SLF001
        f"before-parse.{service_id}.{operation_model.name}",
        operation_model=operation_model,
        response_dict=response_dict,
        customized_response_dict=added,
    )


class _Raw(NamedTuple):
    """The attributes of aiohttp's response that are used after its body was read."""

    raw_headers: tuple[tuple[bytes, bytes], ...]

    @classmethod
    def of(cls, answered: Response) -> _Raw:
        return cls(tuple((k.encode(), v.encode()) for k, v in answered.headers.items()))


class _AsyncResponse(AWSResponse):  # type: ignore[misc]  # botocore is not typed
    @property
    async def content(self) -> bytes:
        """The body; aiobotocore awaits it."""
        body: bytes = self._content
        return body

    @property
    async def text(self) -> str:
        """The body as text."""
        return (await self.content).decode()


def _wire_of(operation_model: Any) -> Wire:
    """How the calls of a client are read and answered."""
    if operation_model.service_model.service_name != SNS:
        return JSON
    from pinpoint_sms_emu.sns.protocol import QUERY  # noqa: PLC0415  only with SNS

    return QUERY


# The headers that are used from each call; the others are needed only to verify signatures.
_READ = ("x-amz-target", "authorization", "user-agent")


def _request_of(engine: Engine, request: Any) -> Request:
    header = request.headers.get
    if engine.signing_keys:
        headers = {name.lower(): _text(header(name)) for name in request.headers}
        # This header is signed, but added only when a request is sent.
        headers["host"] = _host(request.url)
    else:
        headers = {name: _text(header(name, "")) for name in _READ}
    body = request.body or b""
    return Request(headers, body.encode() if isinstance(body, str) else body)


def _host(url: str) -> str:
    """Return the Host header of a URL, without the scheme's default port."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2].removesuffix(_DEFAULT_PORTS.get(parts.scheme, ":"))


@lru_cache(maxsize=128)
def _text(value: str | bytes) -> str:
    """Return a header's value; the records of calls share what a client repeats in each call."""
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _parser(endpoint: Any, operation_model: Any) -> Any:
    factory = endpoint._response_parser_factory  # noqa: SLF001
    return factory.create_parser(operation_model.metadata["protocol"])


async def _handle_async(engine: Engine, request: Request, wire: Wire) -> Response:
    """Handle a request; on a thread if a fault may delay it, so that other tasks continue."""
    asyncio = sys.modules.get("asyncio")
    in_asyncio = asyncio is not None and asyncio._get_running_loop() is not None  # noqa: SLF001
    if not in_asyncio or not any(fault.delay_seconds for fault in engine.state.faults):
        return engine.handle(request, wire)
    return await on_a_thread(partial(engine.handle, request, wire))
