"""The log of a server: a line for each call, written by another thread."""

import logging
import os
import re
import select
import subprocess
import tracemalloc

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.doors.http.log import MAX_LINES, Log
from tests.doors.serving import Connection, call, control, make_client, serving

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"


@pytest.fixture
def pipe():
    """A pipe: its writing end, and a function that reads what is in it."""
    read, write = os.pipe()
    yield write, lambda: os.read(read, 1_000_000).decode()
    for file in (read, write):
        os.close(file)


@pytest.fixture
def logger():
    """A separate logger without handlers."""
    logger = logging.Logger("alone")  # noqa: LOG001  the other one would outlive the test
    logger.setLevel(logging.INFO)
    return logger


def test_each_call_has_a_line():
    """The terminal shows an application's calls and their results."""
    with serving("--log-level", "info", stderr=subprocess.PIPE) as server:
        client = make_client(server.url)
        client.describe_pools()
        with pytest.raises(ClientError):
            client.delete_pool(PoolId="pool-0")

        assert select.select([server.process.stderr], [], [], 10)[0]
        server.stop()
        lines = server.process.stderr.read().splitlines()

    assert re.fullmatch(f"{TIME} us-east-1 DescribePools: ok", lines[0])
    why = (
        "There is no pool pool-0 in account 123456789012 in us-east-1. "
        "Call CreatePool first; DescribePools lists the pools there are."
    )
    refused = f"{TIME} us-east-1 DeletePool: ResourceNotFoundException - {re.escape(why)}"
    assert re.fullmatch(refused, lines[1])


@pytest.mark.rule("proto-unknown-members")
def test_ignored_members_are_named():
    """Clients that do not check members send a misspelled one, which has no effect."""
    with serving("--log-level", "info", stderr=subprocess.PIPE) as server:
        with Connection(server.port) as client:
            client.send(call(body=b'{"MaxResult": 5, "MaxResults": 5}'))
            assert client.answer()[0] == 200
        server.stop()
        lines = server.process.stderr.read().splitlines()

    ignored = "'MaxResult' is ignored, did you mean MaxResults[?]"
    assert re.fullmatch(f"{TIME} us-east-1 DescribePools: ok; {ignored}", lines[0])


def test_calls_of_a_template_at_the_start_have_the_same_lines(tmp_path):
    """What creates the resources of a template is logged as calls of clients are."""
    template = tmp_path / "template.json"
    template.write_text('{"Resources": {"List": {"Type": "AWS::SMSVOICE::OptOutList"}}}')
    arguments = ("--log-level", "info", "--seed-file", str(template))
    with serving(*arguments, stderr=subprocess.PIPE) as server:
        server.stop()
        lines = server.process.stderr.read().splitlines()

    assert re.fullmatch(f"{TIME} us-east-1 CreateOptOutList: ok", lines[0])


def test_calls_have_no_line_at_log_level_warning():
    """The level is that of all lines."""
    with serving("--log-level", "warning", stderr=subprocess.PIPE) as server:
        make_client(server.url).describe_pools()
        server.stop()

        assert server.process.stderr.read() == ""


def test_a_server_continues_if_its_log_is_not_read():
    """A full pipe blocks neither calls, nor warnings, nor scheduled jobs, nor the end."""
    # Nothing takes the records, which is a warning.
    options = ("--events-endpoint-url", "http://127.0.0.1:9", "--delivery-seconds", "0.2")
    with serving("--log-level", "info", *options, stderr=subprocess.PIPE) as server:
        with Connection(server.port) as client:
            client.socket.settimeout(60)
            for _ in range(30):
                client.send(call() * 100)
                for _ in range(100):
                    assert client.answer()[0] == 200
            client.send(control("POST", "/_emulator/numbers", b'{"phone_number": "+12065550100"}'))
            assert client.answer()[0] == 200
            sms = make_client(server.url)
            sms.send_text_message(DestinationPhoneNumber="+14255550100", MessageBody="Hello")
            client.send(control("GET", "/_emulator/messages?status=DELIVERED&wait_seconds=50"))
            assert b"DELIVERED" in client.answer()[2]

        status, seconds = server.stop()

        assert status == 0
        assert seconds < 5
        written = server.process.stderr.read()
    assert 16 * 1024 < len(written) < 3000 * 40


def test_lines_are_written_in_their_order(pipe, logger):
    """Lines of calls and records keep their order and their times."""
    write, read = pipe
    log = Log(write)
    logger.addHandler(log.handler)
    log.note("a call")
    logger.info("nothing common")
    log.note("another call")
    logger.warning("%s is wrong", "this")
    log.flush(10)

    expected = ("a call", "nothing common", "another call", "this is wrong")
    assert re.fullmatch("".join(f"{TIME} {line}\n" for line in expected), read())


def test_a_crash_is_written_with_its_traceback(pipe, logger):
    """An error has its traceback."""
    write, read = pipe
    log = Log(write)
    logger.addHandler(log.handler)
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        logger.exception("a call broke the emulator")
    log.flush(10)

    written = read()
    assert "a call broke the emulator\nTraceback" in written
    assert written.endswith("ZeroDivisionError: division by zero\n")


def test_an_unreadable_log_is_ignored(logger):
    """If standard error is closed, the server continues."""
    read, write = os.pipe()
    os.close(read)
    log = Log(write)
    logger.addHandler(log.handler)

    logger.error("unread")
    log.note("unread")
    log.flush(10)

    assert log.dropped == 0
    os.close(write)


def test_unwritable_lines_are_dropped_and_counted(pipe, logger):
    """If the log is not read, calls do not wait, and memory is bounded."""
    write, read = pipe
    log = Log(write)
    logger.addHandler(log.handler)
    line = "x" * 100
    tracemalloc.start()
    for _ in range(MAX_LINES * 10):
        log.note(line)
        logger.info(line)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert log.dropped > MAX_LINES * 8
    assert size < MAX_LINES * 2000
    written = ""
    while "missing" not in written:
        written += read()
    missing = int(re.search(rf"{TIME} (\d+) lines are missing", written)[1])
    assert missing == log.dropped
    assert written.count(line) + missing == MAX_LINES * 20
