"""A client of the control plane, for the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

# The timeout of an answer, in addition to `wait_seconds`.
ANSWER_SECONDS = 30
START_IT = "; start it with pinpoint-sms-emu serve, or give its --url"
HOW_TO_AUTHORIZE = "; give --access-token or PINPOINT_SMS_EMU_ACCESS_TOKEN"


class ControlClient:
    """A client of a server's control plane. All failures raise an OSError with one sentence."""

    def __init__(self, url: str, access_token: str | None = None) -> None:
        _must_be_a_base_url(url)
        self.url = url.rstrip("/")
        self.access_token = access_token
        # Without a proxy, because the server is on this machine or in this network.
        self._opener = build_opener(ProxyHandler({}))

    def get(self, path: str, **query: Any) -> Any:
        """Get a JSON document."""
        return self._read("GET", path, query, json.loads)

    def get_text(self, path: str, **query: Any) -> str:
        """Get a text."""
        return str(self._read("GET", path, query, bytes.decode))

    def get_bytes(self, path: str, **query: Any) -> bytes:
        """Read what is not text."""
        return bytes(self._read("GET", path, query, bytes))

    @contextmanager
    def stream(self, path: str, **query: Any) -> Iterator[Iterator[tuple[str, Any]]]:
        """Iterate over a stream's events, each as kind and data, until the server ends it."""
        with self._open("GET", _with_query(path, query)) as answer:
            # After the first line, no event is missed.
            answer.readline()
            yield self._events(answer)

    def post(self, path: str, **members: Any) -> Any:
        """Send a POST request; members that are None are left out."""
        given = {name: value for name, value in members.items() if value is not None}
        return self._send("POST", path, given)

    def put(self, path: str, document: Mapping[str, Any]) -> Any:
        """Replace a document."""
        return self._send("PUT", path, document)

    def delete(self, path: str, **query: Any) -> Any:
        """Delete the entries that match a query."""
        return self._read("DELETE", path, query, json.loads)

    def _read(
        self, method: str, path: str, query: Mapping[str, Any], parse: Callable[[bytes], Any]
    ) -> Any:
        wait_seconds = query.get("wait_seconds") or 0
        with self._open(method, _with_query(path, query), wait_seconds=wait_seconds) as answer:
            return parse(answer.read())

    def _send(self, method: str, path: str, document: Mapping[str, Any]) -> Any:
        with self._open(method, path, document) as answer:
            return json.loads(answer.read())

    @contextmanager
    def _open(
        self,
        method: str,
        path: str,
        document: Mapping[str, Any] | None = None,
        wait_seconds: float = 0,
    ) -> Iterator[HTTPResponse]:
        headers = {"Accept": "application/json"}
        body = None
        if document is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(document).encode()
        if self.access_token:
            headers["Authorization"] = f"Bearer {self.access_token}"
        request = Request(self.url + path, body, headers, method=method)  # noqa: S310 - http only
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS + wait_seconds) as answer:
                yield answer
        except HTTPError as error:
            raise OSError(_refusal(error)) from error
        except URLError as error:
            reason = getattr(error.reason, "strerror", None) or error.reason
            raise OSError(f"nothing answers at {self.url}: {reason}{START_IT}") from error
        except TimeoutError as error:
            raise OSError(f"the server at {self.url} did not answer in time") from error
        # Not BrokenPipeError: that is the reader of the command's output.
        except (ConnectionResetError, ConnectionAbortedError, IncompleteRead) as error:
            raise OSError(f"the server at {self.url} closed the connection early") from error
        except (ValueError, HTTPException) as error:
            raise OSError(f"the server at {self.url} is not the emulator") from error

    @staticmethod
    def _events(answer: HTTPResponse) -> Iterator[tuple[str, Any]]:
        kind = "message"
        for line in answer:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                yield kind, json.loads(value)
                kind = "message"


def _must_be_a_base_url(url: str) -> None:
    """Refuse a URL to which no path can be added."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"the URL must start with http:// or https://, not {url!r}")
    if any(each.isspace() or not each.isprintable() for each in url):
        raise ValueError(f"the URL must not have spaces or control characters: {url!r}")
    try:
        parts = urlsplit(url)
        names_a_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # an invalid address or port
        names_a_host = False
    if not names_a_host:
        raise ValueError(f"the URL must name a host, and a port up to 65535, not {url!r}")
    if "@" in parts.netloc:
        raise ValueError("the URL must not have a user or a password: give --access-token")
    if parts.query or parts.fragment:
        raise ValueError(f"the URL must not have a query or a fragment, as {url!r} has")


def _with_query(path: str, query: Mapping[str, Any]) -> str:
    encoded = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}?{encoded}" if encoded else path


def _refusal(error: HTTPError) -> str:
    """Return the sentence of a refusal, or else its status."""
    remedy = HOW_TO_AUTHORIZE if error.code == HTTPStatus.UNAUTHORIZED else ""
    try:
        return f"{json.loads(error.read())['error']}{remedy}"
    except (ValueError, KeyError, TypeError):
        return f"{error.url} answered {error.code} {error.reason}"
