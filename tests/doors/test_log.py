"""The log of a server: a line for each call, a moment later; what goes wrong at once."""

import logging
import re
import select
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.doors.log import Log
from tests.doors.serving import make_client, serving

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"


@pytest.fixture
def log():
    """A log that is a logger's only handler, and that logger."""
    handler, logger = Log(), logging.getLogger("alone")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    yield handler, logger
    logger.removeHandler(handler)


def test_each_call_has_a_line_soon():
    """Who looks at the terminal sees what an application has called, and what came of it."""
    with serving("--log-level", "info", stderr=subprocess.PIPE) as server:
        client = make_client(server.url)
        client.describe_pools()
        with pytest.raises(ClientError):
            client.delete_pool(PoolId="pool-0")

        assert select.select([server.process.stderr], [], [], 2)[0]
        server.stop()
        lines = server.process.stderr.read().splitlines()

    assert re.fullmatch(f"{TIME} us-east-1 DescribePools: ok", lines[0])
    assert re.fullmatch(f"{TIME} us-east-1 DeletePool: ResourceNotFoundException", lines[1])


def test_calls_have_no_line_where_only_warnings_are_asked_for():
    """The level is that of all lines."""
    with serving("--log-level", "warning", stderr=subprocess.PIPE) as server:
        make_client(server.url).describe_pools()
        server.stop()

        assert server.process.stderr.read() == ""


def test_a_warning_is_written_at_once_after_what_came_before_it(log, capsys):
    """What was noted waits until somebody flushes, or until something goes wrong."""
    handler, logger = log
    handler.note("a call")
    logger.info("nothing common")
    assert capsys.readouterr().err == ""

    logger.warning("%s is wrong", "this")

    written = capsys.readouterr().err
    assert re.fullmatch(f"{TIME} a call\n{TIME} nothing common\n{TIME} this is wrong\n", written)
    handler.flush()
    assert capsys.readouterr().err == ""


def test_a_crash_is_written_with_its_traceback(log, capsys):
    """An error says where it comes from."""
    _, logger = log
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        logger.exception("a call broke the emulator")

    written = capsys.readouterr().err
    assert "a call broke the emulator\nTraceback" in written
    assert written.endswith("ZeroDivisionError: division by zero\n")


def test_a_log_that_nobody_reads_breaks_nothing(log, monkeypatch):
    """Where standard error is gone, the server goes on."""

    class Closed:
        def write(self, _text):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Closed())
    _, logger = log

    logger.error("unread")
