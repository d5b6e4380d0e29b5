"""The edge to WSGI servers: bodies, lengths, broken connections."""

import io
import json
from contextlib import contextmanager

import pytest
from botocore.exceptions import ConnectionClosedError

from pinpoint_sms_emu.doors.server import Server
from pinpoint_sms_emu.doors.wsgi import create_app
from pinpoint_sms_emu.wire.body import LARGEST
from tests.control.http import Control
from tests.doors.serving import Connection, call, make_client, serving

AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/sms-voice/aws4_request, "
    "SignedHeaders=host, Signature=0"
)


@pytest.fixture
def post(emulator):
    """Call the application as a WSGI server does; status, headers and members of the answer."""
    app = create_app(emulator)

    def send(body=b"{}", **more):
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_AMZ_TARGET": "PinpointSMSVoiceV2.DescribePools",
            "HTTP_AUTHORIZATION": AUTHORIZATION,
            "wsgi.input": io.BytesIO(body),
        }
        environ |= more
        told = []
        answer = b"".join(app(environ, lambda status, headers: told.extend((status, headers))))
        return told[0], dict(told[1]), json.loads(answer)

    return send


def test_a_call(post):
    """A body of a known length is read, and the answer has a length."""
    status, headers, members = post()

    assert status == "200 OK"
    assert headers["Content-Length"] == "12"
    assert headers["x-amzn-RequestId"]
    assert members == {"Pools": []}


def test_a_body_in_chunks(post):
    """A body whose end the server tells is read to that end; with neither there is none."""
    assert post(CONTENT_LENGTH="", **{"wsgi.input_terminated": True})[2] == {"Pools": []}
    assert post(b"nonsense", CONTENT_LENGTH="")[0] == "400 Bad Request"


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "0x10", "+5", "\u0661", "9" * 30, " 5"])
def test_lengths_that_are_none(post, emulator, length):
    """A length that is none is the caller's mistake, in the words of AWS's front end."""
    status, headers, members = post(CONTENT_LENGTH=length)

    assert status == "400 Bad Request"
    assert members["__type"] == "SerializationException"
    assert headers["x-amzn-RequestId"]
    assert not emulator.crashes


@pytest.mark.parametrize("given", [{}, {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}])
def test_a_body_that_is_too_large(post, given):
    """More than any call has is refused, after it was taken off the line."""
    body = b" " * (LARGEST + 3 * 1024 * 1024)
    source = io.BytesIO(body)

    status, _, members = post(body, **{"wsgi.input": source}, **given)

    assert status == "413 Payload Too Large"
    assert members["__type"] == "RequestEntityTooLargeException"
    assert source.tell() == len(body)


def test_a_body_that_is_shorter_than_said(post):
    """What is not all there is no JSON."""
    assert post(b'{"PoolIds"', CONTENT_LENGTH="100")[0] == "400 Bad Request"


class BrokenInput(io.BytesIO):
    """A body as servers give it whose sender has gone, or sends what is no chunk."""

    def read(self, _size=-1):
        """Break off."""
        raise OSError("Invalid chunk header")


def test_a_body_that_breaks_off(post, emulator):
    """What cannot be read to its end is the caller's mistake too, and no crash of ours."""
    given = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True, "wsgi.input": BrokenInput()}

    status, _, members = post(**given)

    assert status == "400 Bad Request"
    assert members["__type"] == "SerializationException"
    assert not emulator.crashes


# --- a connection that breaks in the answer -------------------------------------------------------


@contextmanager
def in_a_thread(emulator):
    """The server that tests have."""
    with Server(emulator) as server:
        yield server.url


@contextmanager
def as_a_command(_emulator):
    """The server that the command line starts."""
    with serving() as process:
        yield process.url


SERVERS = pytest.mark.parametrize("start", [in_a_thread, as_a_command])


@SERVERS
def test_a_cut_answer(emulator, start):
    """The change is made, and every client notices that the answer broke off."""
    with start(emulator) as url:
        control, sms = Control(url), make_client(url)
        control.post("/_emulator/faults", operation="CreateOptOutList", cut=True, times=1)

        with pytest.raises(ConnectionClosedError):
            sms.create_opt_out_list(OptOutListName="Made")

        assert len(sms.describe_opt_out_lists()["OptOutLists"]) == 2


@SERVERS
def test_a_cut_answer_as_it_is_sent(emulator, start):
    """Nothing that could be taken for a whole answer is sent, and the connection is closed."""
    with start(emulator) as url:
        Control(url).post("/_emulator/faults", operation="*", cut=True)
        with Connection(int(url.rpartition(":")[2])) as connection:
            connection.send(call())
            sent = connection.stream.read()

    assert b"]}" not in sent
    assert b"\r\n0\r\n" not in sent


@SERVERS
def test_a_delay_holds_up_nobody_else(emulator, start):
    """While a call is delayed others are answered, and the end does not wait for it."""
    with start(emulator) as url:
        control = Control(url)
        control.post("/_emulator/faults", operation="DescribePools", delay_seconds=60)
        with Connection(int(url.rpartition(":")[2])) as connection:
            connection.send(call())
            assert control.get("/_emulator/health").status == 200
            assert make_client(url).describe_opt_out_lists()["OptOutLists"]
