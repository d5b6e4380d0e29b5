"""Intercepts the calls of boto3's, botocore's and aiobotocore's clients.

A call is answered at the point where botocore would send it, after the client has validated and
serialised it, so retries and parsing are the client's own. No `before-send` handler is called:
moto's handler would answer 404. A signature is not computed unless it is verified, because that
takes boto3 longer than answering the call.

aiobotocore has its own classes, which derive from botocore's and may be imported at any time. So
`Endpoint.make_request`, which all have in common, is wrapped too: classes that call it for the
first time are wrapped there.
"""

from __future__ import annotations

import inspect
import re
import socket
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.endpoint import Endpoint
from botocore.signers import RequestSigner

from pinpoint_sms_emu.doors import endpoints
from pinpoint_sms_emu.doors.in_process import answers, blocks
from pinpoint_sms_emu.doors.moto import topics
from pinpoint_sms_emu.doors.replacements import Replacement, is_as_defined, is_replaced
from pinpoint_sms_emu.errors import NotAnsweredError
from pinpoint_sms_emu.reference.partitions import PARTITIONS
from pinpoint_sms_emu.wire.model import SERVICE, SIGNING_NAME, SNS
from pinpoint_sms_emu.wire.protocol import DUMMY_KEY
from pinpoint_sms_emu.wire.sns_actions import is_sms_action

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

_ANSWERING = "_do_get_response"  # called after before-send
_SIGNING = "get_auth_instance"
_UNREAD_TIME = "19700101T000000Z"
# The key in a call's context of what answers the call and its retries.
_ANSWERED_BY = "pinpoint_sms_emu"
# Not the first version of the service, which is sms-voice.pinpoint.
_SUFFIXES = "|".join(re.escape(suffix) for each in PARTITIONS for suffix in each.dns_suffixes)
_HOST = re.compile(
    rf"(.+\.)?sms-voice(-fips)?\.(?!pinpoint\.).*({_SUFFIXES})\.?",
    re.IGNORECASE,
)


class _AnsweredBy:
    """The engine that answers a call; code that copies or pickles the context does not copy it."""

    __slots__ = ("engine",)

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __deepcopy__(self, _memo: Any) -> _AnsweredBy:
        return self

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()


_replacements: list[Replacement] = []
# The endpoints that may be called outside of blocks; None if calls are not guarded.
_guarded_but: tuple[str, ...] | None = None


def intercept() -> None:
    """Intercept every client of this service, if that is not done already."""
    if _replacements:
        return
    _replacements.append(Replacement(Endpoint, "make_request", _wrap_make_request))
    _replacements.append(Replacement(socket, "getaddrinfo", _wrap_getaddrinfo))
    topics.replace(blocks.answering, _replacements)
    _replace(Endpoint, _ANSWERING, _wrap_answering)
    for kind in _kinds(RequestSigner):
        _replace(kind, _SIGNING, _wrap_signing)


def stop_intercepting() -> None:
    """Restore the original functions, unless a block is open or calls are guarded."""
    if blocks.are_open() or _guarded_but is not None:
        return
    while _replacements:
        _replacements.pop().restore()


def guard(pass_through: tuple[str, ...] | None) -> None:
    """Refuse calls outside of blocks, except to these endpoints; None ends the guard."""
    global _guarded_but  # noqa: PLW0603  process-wide, like the clients
    _guarded_but = pass_through
    if pass_through is None:
        stop_intercepting()
    else:
        intercept()


def _kinds(of: type[Any]) -> Iterator[type[Any]]:
    """Yield a class and all its subclasses."""
    yield of
    for kind in of.__subclasses__():
        yield from _kinds(kind)


def _replace(
    owner: type, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> None:
    """Wrap a class's own method, unless other code has wrapped our wrapper."""
    method = vars(owner).get(name)
    is_first = not any(each.is_of(owner, name) for each in _replacements)
    if method is not None and (is_first or is_as_defined(method, owner)):
        _replacements.append(Replacement(owner, name, wrap))


# The beginning of a call.


def _wrap_make_request(found: Callable[..., Any]) -> Callable[..., Any]:
    def make_request(endpoint: Any, operation_model: Any, request_dict: Any) -> Any:
        service = operation_model.service_model.service_name
        if service == SERVICE:
            _choose_engine(endpoint, operation_model.name, request_dict["context"])
        elif service == SNS:
            _choose_engine_for_texts(endpoint, operation_model.name, request_dict)
        elif service == "cloudformation" and "moto" in sys.modules:
            _register_in_moto()
        return found(endpoint, operation_model, request_dict)

    return make_request


def _register_in_moto() -> None:
    """Let moto's stacks create resources of this service."""
    from pinpoint_sms_emu.doors.moto import stacks  # noqa: PLC0415  only with stacks of moto

    stacks.register()


def _choose_engine(endpoint: Any, operation: str, context: dict[str, Any]) -> None:
    """Let a block's engine answer a call; if no block is open, refuse a guarded call."""
    engine = blocks.who_answers(endpoint.host)
    if engine is not None:
        _answer_by(engine, endpoint, context)
    elif _guarded_but is not None and not _may_be_reached(endpoint.host):
        raise NotAnsweredError(
            f"{operation} was about to be sent to {endpoint.host}, outside of any block: use the "
            "fixture pinpoint_sms or pinpoint_sms_server, or list the endpoint in "
            "pinpoint_sms_pass_through"
        )


def _choose_engine_for_texts(endpoint: Any, operation: str, request_dict: dict[str, Any]) -> None:
    """Let a block's engine answer a call of SNS about texts, unless `sns_sms` is false."""
    topics.replace(blocks.answering, _replacements)
    if not is_sms_action(operation, request_dict["body"]):
        return
    engine = blocks.who_answers(endpoint.host)
    if engine is not None and engine.settings.sns_sms:
        _answer_by(engine, endpoint, request_dict["context"])


def _answer_by(engine: Engine, endpoint: Any, context: dict[str, Any]) -> None:
    """Let an engine answer a call, whose endpoint's class may not be wrapped yet."""
    context[_ANSWERED_BY] = _AnsweredBy(engine)
    kind = type(endpoint)
    if not is_replaced(kind._do_get_response):  # noqa: SLF001
        _replace_in(kind)


def _replace_in(endpoint_kind: type) -> None:
    """Wrap the methods of a class that was imported, or restored, after the block was entered."""
    owner = next(each for each in endpoint_kind.__mro__ if _ANSWERING in vars(each))
    _replace(owner, _ANSWERING, _wrap_answering)
    for kind in _kinds(RequestSigner):
        _replace(kind, _SIGNING, _wrap_signing)


def _may_be_reached(url: str) -> bool:
    """Return whether an endpoint is a server of this process, or is passed through."""
    listed = (*blocks.pass_through(), *(_guarded_but or ()))
    return endpoints.is_served(url) or endpoints.is_listed(url, listed)


# Answering.


def _wrap_answering(found: Callable[..., Any]) -> Callable[..., Any]:
    def respond(endpoint: Any, request: Any, operation_model: Any, context: Any) -> Any:
        engine = _engine_of(context) or _engine_now(endpoint, operation_model)
        if engine is None:
            return found(endpoint, request, operation_model, context)
        return answers.answer(engine, endpoint, request, operation_model)

    async def respond_async(endpoint: Any, request: Any, operation_model: Any, context: Any) -> Any:
        engine = _engine_of(context) or _engine_now(endpoint, operation_model)
        if engine is None:
            return await found(endpoint, request, operation_model, context)
        return await answers.answer_async(engine, endpoint, request, operation_model)

    return respond_async if inspect.iscoroutinefunction(found) else respond


def _engine_of(context: dict[str, Any]) -> Engine | None:
    """Return the engine that was chosen when the call began."""
    answered_by = context.get(_ANSWERED_BY)
    return answered_by.engine if answered_by else None


def _engine_now(endpoint: Any, operation_model: Any) -> Engine | None:
    """Return the engine that answers a call, although other code has restored `make_request`."""
    is_ours = operation_model.service_model.service_name == SERVICE
    return blocks.who_answers(endpoint.host) if is_ours else None


# Signing.


def _wrap_signing(found: Callable[..., Any]) -> Callable[..., Any]:
    def get_auth_instance(signer: Any, signing_name: str, *args: Any, **given: Any) -> Any:
        if signing_name == SNS and blocks.are_open():
            return _AuthOfTexts(found(signer, signing_name, *args, **given))
        if signing_name != SIGNING_NAME or not blocks.are_open():
            return found(signer, signing_name, *args, **given)
        _lend_credentials(signer, given, Credentials)
        return _unverified(found(signer, signing_name, *args, **given))

    async def get_auth_instance_async(
        signer: Any, signing_name: str, *args: Any, **given: Any
    ) -> Any:
        if signing_name == SNS and blocks.are_open():
            return _AuthOfTexts(await found(signer, signing_name, *args, **given))
        if signing_name != SIGNING_NAME or not blocks.are_open():
            return await found(signer, signing_name, *args, **given)
        _lend_credentials(signer, given, _AsyncCredentials)
        return _unverified(await found(signer, signing_name, *args, **given))

    return get_auth_instance_async if inspect.iscoroutinefunction(found) else get_auth_instance


class _AuthOfTexts:
    """Lends harmless credentials to a client of SNS that has none, where its call stays here."""

    def __init__(self, own: Any) -> None:
        self._own = own

    def add_auth(self, request: AWSRequest) -> Any:
        """Sign, as the client itself does."""
        if _engine_of(request.context) and self._own.credentials is None:
            self._own.credentials = Credentials(DUMMY_KEY, DUMMY_KEY)
        return self._own.add_auth(request)


class _AsyncCredentials(Credentials):  # type: ignore[misc]  # botocore is not typed
    async def get_frozen_credentials(self) -> Any:
        """Return the credentials; aiobotocore awaits it."""
        return super().get_frozen_credentials()


def _lend_credentials(signer: Any, given: dict[str, Any], kind: type[Credentials]) -> None:
    """Provide credentials to a client that has none, or that would call a service for them."""
    own = signer._credentials  # noqa: SLF001
    if own is None:
        given.setdefault("request_credentials", kind(DUMMY_KEY, DUMMY_KEY))
    elif isinstance(own, RefreshableCredentials) and not blocks.pass_through():
        last = own._access_key or DUMMY_KEY  # noqa: SLF001  the property refreshes
        given.setdefault("request_credentials", kind(last, own._secret_key or DUMMY_KEY))  # noqa: SLF001


def _unverified(auth: Any) -> Any:
    # A subclass signs something else, such as a presigned URL.
    return _UnverifiedAuth(auth) if type(auth) is SigV4Auth else auth


class _UnverifiedAuth:
    """Writes a header with the caller but without a signature, unless it may be verified."""

    def __init__(self, own: SigV4Auth) -> None:
        self._own = own

    def add_auth(self, request: AWSRequest) -> None:
        """Write the Authorization header."""
        # The first version of the service, which has the same signing name, is not answered.
        engine = _engine_of(request.context)
        if engine is None or engine.signing_keys:
            self._own.add_auth(request)
            return
        request.context["timestamp"] = _UNREAD_TIME
        del request.headers["Authorization"]
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._own.scope(request)}, "
            "SignedHeaders=host, Signature=0"
        )


# Other clients.


def _wrap_getaddrinfo(found: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, port: Any, *args: Any, **given: Any) -> Any:
        name = host.decode("latin-1") if isinstance(host, bytes) else host
        if isinstance(name, str) and _HOST.fullmatch(name):
            _must_not_be_looked_up(name)
        return found(host, port, *args, **given)

    return getaddrinfo


def _must_not_be_looked_up(host: str) -> None:
    """Refuse to resolve the service's host, because an unknown client is about to call it."""
    is_watched = blocks.are_open() or _guarded_but is not None
    hosts = {urlsplit(url).hostname for url in (*blocks.pass_through(), *(_guarded_but or ()))}
    if is_watched and host.rstrip(".").lower() not in hosts:
        raise NotAnsweredError(
            f"a client of {SERVICE} that cannot be intercepted was about to call {host}: "
            "use the fixture pinpoint_sms_server, and give the client its URL"
        )
