"""Access control: protects the emulator from foreign web pages (DNS rebinding, CSRF)."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.wording import quoted

# Top-level names that public name servers do not resolve, so they cannot be rebound.
_PRIVATE = (".localhost", ".local", ".internal", ".test")
# The path of the page, to which links on any page may lead.
PAGE = "/"
# The health check needs no token.
HEALTH = "/_emulator/health"

# The digits of the port may be missing: RFC 3986, section 3.2.3.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{0,5})?")


def must_be_allowed(environ: Mapping[str, Any], settings: Settings) -> None:
    """Refuse a request from a foreign web page."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None:
        if not _is_origin_allowed(origin, environ.get("HTTP_HOST", ""), settings):
            raise Forbidden(
                f"A page of {origin[:80]} may not use this emulator; "
                "allowed_hosts can name its host"
            )
    elif environ.get("HTTP_SEC_FETCH_SITE") == "cross-site" and not _is_navigation(environ):
        raise Forbidden(
            "A page of another site may not use this emulator; allowed_hosts can name its host"
        )


def must_have_known_host(environ: Mapping[str, Any], settings: Settings) -> None:
    """Refuse a Host that a public name server could resolve, because it may be rebound."""
    host = environ.get("HTTP_HOST", "")
    if not host and environ["PATH_INFO"] == HEALTH:
        return  # an HTTP/1.0 client; browsers always send a Host
    if not _is_host_allowed(host, settings):
        raise Forbidden(
            f"The page and /_emulator do not answer under the name {quoted(host)}; "
            "allowed_hosts can name it"
        )


def must_have_token(environ: Mapping[str, Any], settings: Settings) -> None:
    """Refuse a request without the access token, if one is set. Browsers then ask for it."""
    expected = settings.access_token
    if expected is None or environ["PATH_INFO"] == HEALTH:
        return
    presented = _token(environ.get("HTTP_AUTHORIZATION", ""))
    if not hmac.compare_digest(presented, expected.encode()):
        raise Unauthorized(
            "This emulator requires its access_token, as Bearer or as the password of Basic",
            www_authenticate=WWWAuthenticate("basic", {"realm": "pinpoint-sms-emu"}),
        )


def cors_headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return the CORS headers for an allowed page."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "x-amzn-RequestId",
        "Vary": "Origin",
    }


def is_preflight(environ: Mapping[str, Any]) -> bool:
    """Return whether a request is a CORS preflight."""
    return (
        environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
    )


def preflight_headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that allow the request of a preflight."""
    requested_headers = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
    return {
        "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "Access-Control-Allow-Headers": requested_headers,
        "Access-Control-Max-Age": "600",
    }


def _is_host_allowed(host: str, settings: Settings) -> bool:
    """Allow IP addresses, names without a dot, private names, and those of `allowed_hosts`."""
    found = _HOST.fullmatch(host.lower())
    if not found:
        return False
    name = found[1].strip("[]").rstrip(".")
    return (
        _is_address(name)
        or "." not in name
        or name.endswith(_PRIVATE)
        or _is_named(found[0], name, settings)
    )


def _is_origin_allowed(origin: str, host: str, settings: Settings) -> bool:
    """Allow loopback with any port, the server's own host, and those of `allowed_hosts`."""
    scheme, _, place = origin.lower().partition("://")
    found = _HOST.fullmatch(place)
    if scheme not in ("http", "https") or not found:
        return False
    name = found[1].strip("[]").rstrip(".")
    # A rebound name equals the own host, so the rules for hosts apply too.
    own = place == host.lower() and _is_host_allowed(host, settings)
    return own or _is_loopback(name) or _is_named(place, name, settings)


def _is_named(place: str, name: str, settings: Settings) -> bool:
    named = {each.lower() for each in settings.allowed_hosts}
    return name in named or place in named


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    if _is_address(name):
        return ip_address(name).is_loopback
    return name == "localhost" or name.endswith(".localhost")


def _is_navigation(environ: Mapping[str, Any]) -> bool:
    """Return whether a browser navigates to the page itself, not in a frame."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and environ["PATH_INFO"] == PAGE
        and environ.get("HTTP_SEC_FETCH_MODE") == "navigate"
        and environ.get("HTTP_SEC_FETCH_DEST", "document") == "document"
    )


def _token(authorization: str) -> bytes:
    """Return the token of a header; WSGI decodes headers as Latin-1."""
    scheme, _, presented = authorization.partition(" ")
    presented = presented.strip()
    if scheme.lower() == "bearer":
        return presented.encode("latin-1")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(presented, validate=True).partition(b":")[2]
    except ValueError:  # not base64, or not ASCII
        return b""
