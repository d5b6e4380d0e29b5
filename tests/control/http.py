"""Speaks to the control plane as scripts do: JSON over HTTP, without a client of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Answer:
    """An answer of the server."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The JSON value in the body."""
        return json.loads(self.text)

    @property
    def error(self) -> str:
        """The one sentence of a refusal, which is all that there is."""
        members: dict[str, str] = self.json
        assert list(members) == ["error"]
        return members["error"]


class Control:
    """The control plane of a server."""

    def __init__(self, url: str) -> None:
        self.place = url.removeprefix("http://")

    def get(self, path: str, /, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        """Read something."""
        inputs_ = "&".join(f"{name}={quote(str(value))}" for name, value in query.items())
        return self.call("GET", f"{path}?{inputs_}" if inputs_ else path, headers=headers)

    def query(self, method: str, path: str, /, **members: Any) -> Answer:
        """Send a request with a query."""
        return self.call(method, f"{path}?{urlencode(members)}")

    def post(self, path: str, /, **members: Any) -> Answer:
        """Make or do something."""
        return self.call("POST", path, members)

    def put(self, path: str, document: Any) -> Answer:
        """Put a document there."""
        return self.call("PUT", path, document)

    def delete(self, path: str) -> Answer:
        """Take something away."""
        return self.call("DELETE", path)

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send a request; a body of bytes is sent unchanged."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        with self.opened(method, path, body, headers) as answer:
            small = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, small, answer.read().decode())

    @contextmanager
    def opened(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Iterator[HTTPResponse]:
        """Send a request, and leave its answer open."""
        connection = HTTPConnection(self.place, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            with connection.getresponse() as answer:
                yield answer
        finally:
            connection.close()
