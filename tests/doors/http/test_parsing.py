"""The HTTP/1.1 parser: complete requests or one error, however the bytes are split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint_sms_emu.doors.http import parsing
from pinpoint_sms_emu.doors.http.parsing import MAX_DROPPED_BYTES, MAX_HEAD_BYTES, RequestReader

LARGEST = 200
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"


@pytest.fixture
def reader():
    """A reader that accepts a body of two hundred bytes."""
    return RequestReader(lambda _request: LARGEST)


def test_the_parts_of_a_request(reader):
    """A request has its method, path, query, headers in lower case, and body."""
    [request] = reader.feed(
        b"POST /a%20b?c=d%20e HTTP/1.1\r\nHost: a\r\nX-Name: \t value \r\n"
        b"Content-Length: 2\r\n\r\n{}"
    )

    assert (request.method, request.path, request.query) == ("POST", "/a%20b", "c=d%20e")
    assert request.headers == {"host": "a", "x-name": "value", "content-length": "2"}
    assert request.body == b"{}"
    assert request.keeps_connection
    assert not reader.is_incomplete


def test_duplicate_headers(reader):
    """Values are joined; headers that determine the request's length must not be repeated."""
    [request] = reader.feed(HEAD + b"X: 1\r\nx: 2\r\n\r\n")

    assert request.headers["x"] == "1, 2"


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [
        ("1.1", "", True),
        ("1.1", "keep-alive", True),
        ("1.1", "close", False),
        ("1.1", "Close", False),
        ("1.0", "", False),
        ("1.0", "keep-alive", True),
    ],
)
def test_whether_the_connection_is_kept(reader, version, connection, keeps):
    """HTTP/1.1 keeps a connection by default, HTTP/1.0 only on request."""
    header = f"Connection: {connection}\r\n" if connection else ""
    [request] = reader.feed(f"GET / HTTP/{version}\r\nHost: a\r\n{header}\r\n".encode())

    assert request.keeps_connection is keeps


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("http://host:80/x?y", "/x", "y"),
        ("HTTPS://host", "/", ""),
        ("*", "*", ""),
        ("//x", "//x", ""),
        ("/?", "/", ""),
    ],
)
def test_absolute_targets(reader, target, path, query):
    """A proxy's absolute form is read like the usual one."""
    [request] = reader.feed(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())

    assert (request.path, request.query) == (path, query)


REQUESTS = (
    HEAD + b"Content-Length: 5\r\n\r\nhello",
    b"GET /x HTTP/1.1\r\nHost: b\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n",
    HEAD + b"Content-Length: 0\r\n\r\n",
)


@given(st.lists(st.integers(1, 30)))
def test_requests_in_any_pieces(sizes):
    """However the bytes are split, the requests are the same."""
    reader = RequestReader(lambda _request: LARGEST)
    data = b"".join(REQUESTS)
    requests = []
    for size in [*sizes, len(data)]:
        requests += reader.feed(data[:size])
        data = data[size:]

    assert [each.body for each in requests] == [b"hello", b"", b"abcde", b""]
    assert reader.error is None
    assert not reader.is_incomplete


@given(st.lists(st.integers(1, 30)))
def test_large_bodies_in_any_pieces(sizes):
    """A large body is joined while it arrives, and is the same."""
    body = bytes(range(200))
    chunks = b"".join(b"14\r\n%b\r\n" % body[start : start + 20] for start in range(0, 200, 20))
    data = HEAD + b"Content-Length: 200\r\n\r\n" + body
    data += HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    reader = RequestReader(lambda _request: LARGEST)
    requests = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parsing, "_JOINED_AT_ONCE", 8)
        for size in [*sizes, len(data)]:
            requests += reader.feed(data[:size])
            data = data[size:]

    assert [each.body for each in requests] == [body, body]


def test_no_pieces_are_left_for_the_end(monkeypatch):
    """Joining a large body at the end would hold up everybody."""
    monkeypatch.setattr(parsing, "_JOINED_AT_ONCE", 8)
    content = parsing._Content()
    for _ in range(100):
        content.add(b"abc")

    assert len(content._pieces) <= 8
    assert content.whole() == b"abc" * 100


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET x HTTP/1.1\r\n\r\n", 400),
        (b"G@T / HTTP/1.1\r\n\r\n", 400),
        (HEAD + b"X\r\n\r\n", 400),
        (HEAD + b": x\r\n\r\n", 400),
        (HEAD + b"X : y\r\n\r\n", 400),
        (HEAD + b"X: y\r\n z\r\n\r\n", 400),
        (HEAD + b"X: \x00\r\n\r\n", 400),
        (HEAD + b"X: a\nY: b\r\n\r\n", 400),
        (HEAD + b"X: a\rY: b\r\n\r\n", 400),
        (HEAD + b"Host: b\r\n\r\n", 400),
        (HEAD + b"Content-Length: abc\r\n\r\n", 400),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400),
        (HEAD + b"Content-Length: +1\r\n\r\n", 400),
        (HEAD + b"Content-Length: 0x1\r\n\r\n", 400),
        (HEAD + b"Content-Length: \xb2\r\n\r\n", 400),
        (HEAD + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", 400),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
        (HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 5000, 400),
        (HEAD + b"Content-Length: %d\r\n\r\n" % (LARGEST + MAX_DROPPED_BYTES + 1), 413),
        (HEAD + b"X: " + b"a" * MAX_HEAD_BYTES, 431),
        (HEAD + b"X: " + b"a" * MAX_HEAD_BYTES + b"\r\n\r\n", 431),
    ],
)
def test_invalid_requests_are_refused(reader, data, status):
    """So are ambiguous ones."""
    requests = reader.feed(data)

    assert requests == []
    assert reader.error.status == status
    assert reader.error.sentence


def test_requests_before_an_error_are_kept(reader):
    """Complete requests before an invalid one are returned."""
    requests = reader.feed(REQUESTS[0] + b"NONSENSE\r\n\r\n")

    assert [each.body for each in requests] == [b"hello"]
    assert reader.error.status == 400


@pytest.mark.parametrize(
    "mistake",
    [
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    ],
)
def test_bytes_after_an_error_are_ignored(mistake):
    """There is one error, as the start of the next request is unknown."""
    reader = RequestReader(lambda _request: 10)
    good = b"GET /good HTTP/1.1\r\n\r\n"

    first = reader.feed(mistake + good)
    error = reader.error
    later = reader.feed(good)

    assert (first, later) == ([], [])
    assert error is not None
    assert reader.error is error
    assert not reader.is_incomplete or mistake.startswith(b"POST")


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_large_body_is_read_and_dropped(reader, framing):
    """The client can read the error, and the next request is complete."""
    body = b"x" * (LARGEST + 1)
    if framing == "length":
        data = HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    else:
        data = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)

    requests = reader.feed(data + REQUESTS[0])

    assert [each.body for each in requests] == [None, b"hello"]


def test_expect_100_continue(reader):
    """A client that waits for "100 Continue" gets it once, unless the body is already there."""
    head = HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"

    assert reader.feed(head) == []
    assert reader.expects_continue
    assert reader.feed(b"a") == []
    assert not reader.expects_continue
    assert [each.body for each in reader.feed(b"b" + head + b"cd")] == [b"ab", b"cd"]
    assert not reader.expects_continue


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500, "without TLS"),
        (b"GET / HTTP/1.0\n\n", "control character"),
        (b"\x00", "control character"),
        (b"POST / HTTP/1.1\r\nX: a\nb", "control character"),
    ],
)
def test_what_can_never_become_a_request(reader, data, sentence):
    """It is refused at once, because its client waits for an answer."""
    assert reader.feed(data) == []

    assert reader.error.status == 400
    assert sentence in reader.error.sentence
    assert not reader.is_incomplete
