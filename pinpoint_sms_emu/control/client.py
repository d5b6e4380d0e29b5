"""Talks to the control plane of a server that is running, for the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

# Longer than any answer takes that nobody has asked to wait for.
ANSWER_SECONDS = 30


class ControlClient:
    """One server's control plane; what goes wrong is an OSError with a sentence."""

    def __init__(self, url: str, access_token: str | None = None) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"the URL must start with http:// or https://, not {url!r}")
        if not _names_a_host(url):
            raise ValueError(f"the URL must name a host, and a port up to 65535, not {url!r}")
        self.url = url.rstrip("/")
        self.access_token = access_token
        # Not through a proxy: the server is on this machine, or one next to it.
        self._opener = build_opener(ProxyHandler({}))

    def get(self, path: str, **query: Any) -> Any:
        """Read something."""
        patience = query.get("wait_seconds") or 0
        return self._call("GET", _asked(path, query), patience=patience)

    @contextmanager
    def stream(self, path: str, **query: Any) -> Iterator[Iterator[tuple[str, Any]]]:
        """Watch something: the kind and the data of each event, until the server ends."""
        with self._open("GET", _asked(path, query)) as answer:
            # The first line comes when the server listens for what happens.
            answer.readline()
            yield self._events(answer)

    def post(self, path: str, **members: Any) -> Any:
        """Make or do something."""
        return self._call("POST", path, members)

    def put(self, path: str, document: Mapping[str, Any]) -> Any:
        """Put a document in the place of the one there is."""
        return self._call("PUT", path, document)

    def delete(self, path: str) -> Any:
        """Take something away."""
        return self._call("DELETE", path)

    def _call(
        self,
        method: str,
        path: str,
        document: Mapping[str, Any] | None = None,
        patience: float = 0,
    ) -> Any:
        with self._open(method, path, document, patience) as answer:
            return json.loads(answer.read())

    @contextmanager
    def _open(
        self,
        method: str,
        path: str,
        document: Mapping[str, Any] | None = None,
        patience: float = 0,
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
            with self._opener.open(request, timeout=ANSWER_SECONDS + patience) as answer:
                yield answer
        except HTTPError as error:
            raise OSError(_refusal(error)) from error
        except URLError as error:
            reason = getattr(error.reason, "strerror", None) or error.reason
            raise OSError(f"nothing answers at {self.url}: {reason}") from error
        except (ValueError, HTTPException) as error:
            raise OSError(f"what answers at {self.url} is not the emulator") from error

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


def _names_a_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # no address, or no port
        return False


def _asked(path: str, query: Mapping[str, Any]) -> str:
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}?{asked}" if asked else path


def _refusal(error: HTTPError) -> str:
    """The sentence of a refusal, or at least its status."""
    try:
        return str(json.loads(error.read())["error"])
    except (ValueError, KeyError, TypeError):
        return f"{error.url} answered {error.code} {error.reason}"
