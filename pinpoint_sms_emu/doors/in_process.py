"""The emulator inside botocore, without a socket: what `mock_sms` puts in place.

It answers where botocore would send, after the client has validated and serialised, so retries and
parsing are the client's own. No `before-send` handler is asked: moto's, active beside us, would
answer 404. A signature that nobody is going to verify is not computed: that would take boto3
longer than the answer takes us.
"""

from __future__ import annotations

import functools
import inspect
import io
import os
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar, Unpack, overload
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.credentials import Credentials
from botocore.endpoint import Endpoint, convert_to_response_dict
from botocore.exceptions import ConnectionClosedError
from botocore.signers import RequestSigner

from pinpoint_sms_emu.emulator import Emulator
from pinpoint_sms_emu.settings import Settings, SettingsArguments
from pinpoint_sms_emu.wire.model import SERVICE, SIGNING_NAME, TARGET_PREFIX
from pinpoint_sms_emu.wire.protocol import DEFAULT_REGION, Request

if TYPE_CHECKING:
    from unittest import TestCase

F = TypeVar("F", bound=Callable[..., Any])

_HARMLESS = "emulated"
_UNREAD_TIME = "19700101T000000Z"

# The blocks that are open, in the order they were entered: the last one answers, on all threads.
_open: list[Emulator] = []
_lock = threading.Lock()
_put_in_place: dict[str, str] = {}

_original_response = Endpoint._do_get_response  # noqa: SLF001 the one seam behind before-send
_original_auth = RequestSigner.get_auth_instance


def _enter(emulator: Emulator) -> None:
    with _lock:
        if not _open:
            Endpoint._do_get_response = _respond  # noqa: SLF001
            RequestSigner.get_auth_instance = _find_auth
            _put_credentials_in_place()
        _open.append(emulator)


def _leave(emulator: Emulator) -> None:
    with _lock:
        _open[:] = [each for each in _open if each is not emulator]
        if not _open:
            Endpoint._do_get_response = _original_response  # noqa: SLF001
            RequestSigner.get_auth_instance = _original_auth
            _take_credentials_out()
    emulator.close()


def _respond(endpoint: Any, request: Any, operation_model: Any, context: Any) -> Any:
    """Answer in place of Endpoint._do_get_response, for this service only."""
    is_ours = operation_model.service_model.service_name == SERVICE
    emulator = _who_answers(endpoint.host) if is_ours else None
    if emulator is None:
        return _original_response(endpoint, request, operation_model, context)
    # Others are only looked at where signatures are verified.
    names = request.headers if emulator.signing_keys else ("x-amz-target", "authorization")
    headers = {name.lower(): _text(request.headers.get(name, "")) for name in names}
    if emulator.signing_keys:
        # Signed, but only put in when something is sent.
        headers["host"] = urlsplit(request.url).netloc
    answer = emulator.handle(Request(headers, request.body or b""))
    if answer.cut:
        return None, ConnectionClosedError(endpoint_url=request.url)
    response = AWSResponse(request.url, answer.status, answer.headers, io.BytesIO(answer.body))
    response._content = answer.body  # noqa: SLF001  as if it had been read from the socket
    response_dict = convert_to_response_dict(response, operation_model)
    parser = endpoint._response_parser_factory.create_parser(  # noqa: SLF001
        operation_model.metadata["protocol"]
    )
    parsed = parser.parse(response_dict, operation_model.output_shape)
    if answer.status >= 300:  # noqa: PLR2004 as botocore has it
        endpoint._add_modeled_error_fields(  # noqa: SLF001
            response_dict, parsed, operation_model, parser
        )
    return (response, parsed), None


def _who_answers(url: str) -> Emulator | None:
    """Find the block that answers a client of this service, unless nobody or a server does."""
    return None if _is_loopback(url) else next(reversed(_open), None)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@lru_cache(maxsize=128)
def _is_loopback(url: str) -> bool:
    """A client whose own endpoint is on this machine goes there: it is another emulator's."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _find_auth(signer: Any, signing_name: str, *args: Any, **given: Any) -> Any:
    """Lend harmless credentials to a client that was made without any, before the block."""
    if signing_name != SIGNING_NAME:
        return _original_auth(signer, signing_name, *args, **given)
    if signer._credentials is None:  # noqa: SLF001
        given.setdefault("request_credentials", Credentials(_HARMLESS, _HARMLESS))
    auth = _original_auth(signer, signing_name, *args, **given)
    # A subclass signs something else: a URL that somebody is given.
    return _UnverifiedAuth(auth) if type(auth) is SigV4Auth else auth


class _UnverifiedAuth:
    """Says who calls, and leaves it to botocore's own to sign what somebody may verify."""

    def __init__(self, own: SigV4Auth) -> None:
        self._own = own

    def add_auth(self, request: AWSRequest) -> None:
        """Write the Authorization header."""
        # Another service, the first version of this one, signs by the same name.
        is_ours = request.headers.get("X-Amz-Target", "").startswith(f"{TARGET_PREFIX}.")
        emulator = _who_answers(request.url) if is_ours else None
        if emulator is None or emulator.signing_keys:
            self._own.add_auth(request)
            return
        request.context["timestamp"] = _UNREAD_TIME
        del request.headers["Authorization"]
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._own.scope(request)}, SignedHeaders=, Signature="
        )


def _put_credentials_in_place() -> None:
    config = os.environ.get("AWS_CONFIG_FILE") or os.path.expanduser("~/.aws/config")
    shared = os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or os.path.expanduser(
        "~/.aws/credentials"
    )
    missing = {}
    has_files = os.path.exists(shared) or os.path.exists(config)
    if "AWS_ACCESS_KEY_ID" not in os.environ and not has_files:
        missing = {"AWS_ACCESS_KEY_ID": _HARMLESS, "AWS_SECRET_ACCESS_KEY": _HARMLESS}
    if "AWS_DEFAULT_REGION" not in os.environ and not _names_a_region(config):
        missing["AWS_DEFAULT_REGION"] = DEFAULT_REGION
    os.environ.update(missing)
    _put_in_place.update(missing)


def _names_a_region(config: str) -> bool:
    if not os.path.exists(config):
        return False
    with open(config, errors="replace") as file:
        return "region" in file.read()


def _take_credentials_out() -> None:
    for name, value in _put_in_place.items():
        # What somebody else has put there meanwhile is his: moto, entered inside and left later.
        if os.environ.get(name) == value:
            del os.environ[name]
    _put_in_place.clear()
    # boto3's default session has remembered what it found while we were here.
    session = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    botocore_session: Any = getattr(session, "_session", None)
    remembered = getattr(botocore_session, "_credentials", None)
    if remembered is not None and remembered.access_key == _HARMLESS:
        botocore_session._credentials = None  # noqa: SLF001


class Block:
    """A stretch of code inside which calls of this service are answered here."""

    def __init__(self, settings: SettingsArguments) -> None:
        Settings.of(**settings)
        self._settings = settings
        self._entered: list[Emulator] = []

    def __enter__(self) -> Emulator:
        emulator = Emulator(**self._settings)
        self._entered.append(emulator)
        _enter(emulator)
        return emulator

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _leave(self._entered.pop())

    def __call__(self, decorated: F) -> F:
        """Decorate a function, an async function or a test class; nothing is passed in."""
        if isinstance(decorated, type):
            return _decorate_class(decorated, self._settings)  # type: ignore[return-value]
        if inspect.isgeneratorfunction(decorated) or inspect.isasyncgenfunction(decorated):
            raise TypeError(
                f"mock_sms cannot decorate the generator {decorated.__name__}: "
                "use `with mock_sms():` inside it"
            )
        if inspect.iscoroutinefunction(decorated):

            @functools.wraps(decorated)
            async def in_block_async(*args: Any, **given: Any) -> Any:
                with Block(self._settings):
                    return await decorated(*args, **given)

            return in_block_async  # type: ignore[return-value]

        @functools.wraps(decorated)
        def in_block(*args: Any, **given: Any) -> Any:
            with Block(self._settings):
                return decorated(*args, **given)

        return in_block  # type: ignore[return-value]


def _decorate_class(decorated: type, settings: SettingsArguments) -> type:
    """Run each test method, with its setUp or setup_method, in a fresh block."""
    if _is_test_case(decorated):
        decorated.run = Block(settings)(decorated.run)  # type: ignore[method-assign]
        return decorated

    set_up = getattr(decorated, "setup_method", None)
    tear_down = getattr(decorated, "teardown_method", None)
    blocks: dict[int, Block] = {}

    def setup_method(self: Any, method: Any = None) -> None:
        block = blocks[id(self)] = Block(settings)
        block.__enter__()
        try:
            _call_hook(set_up, self, method)
        except BaseException:
            blocks.pop(id(self)).__exit__(None, None, None)
            raise

    def teardown_method(self: Any, method: Any = None) -> None:
        try:
            _call_hook(tear_down, self, method)
        finally:
            blocks.pop(id(self)).__exit__(None, None, None)

    def own_block(test: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(test)
        def method(self: Any, *args: Any, **given: Any) -> Any:
            # Whoever calls a test method by hand has not called setup_method before.
            if id(self) in blocks:
                return test(self, *args, **given)
            return Block(settings)(test)(self, *args, **given)

        return method

    for name, member in list(vars(decorated).items()):
        if name.startswith("test") and inspect.isfunction(member):
            plain = not inspect.iscoroutinefunction(member)
            setattr(decorated, name, own_block(member) if plain else member)
    decorated.setup_method = setup_method  # type: ignore[attr-defined]
    decorated.teardown_method = teardown_method  # type: ignore[attr-defined]
    return decorated


def _is_test_case(decorated: type) -> TypeGuard[type[TestCase]]:
    # Whoever has one has imported unittest: nobody else should have to.
    unittest = sys.modules.get("unittest")
    return unittest is not None and issubclass(decorated, unittest.TestCase)


def _call_hook(hook: Callable[..., Any] | None, instance: Any, method: Any) -> None:
    if hook is not None:
        takes_method = len(inspect.signature(hook).parameters) > 1
        hook(instance, method) if takes_method else hook(instance)


@overload
def mock_sms(decorated: F, /) -> F: ...


@overload
def mock_sms(**settings: Unpack[SettingsArguments]) -> Block: ...


def mock_sms(decorated: Any = None, /, **settings: Unpack[SettingsArguments]) -> Any:
    """Answer every call of this service in the process: a context manager and a decorator.

    Settings are those of `Emulator`; a wrong one is a ValueError.
    """
    block = Block(settings)
    return block if decorated is None else block(decorated)
