"""A refused send is explained in plain words at every door, shown for ten Reasons."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, expect

from pinpoint_sms_emu import Emulator, Server, mock_sms
from pinpoint_sms_emu.doors.command_line.main import main
from tests import refusals
from tests.control.http import Control
from tests.doors.browser import chromium
from tests.doors.inbox.page import visit_to
from tests.refusals import REFUSALS, Refusal, refuse

EACH = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.reason)


def test_the_reasons_differ():
    """There are ten."""
    assert len({each.reason for each in REFUSALS}) == 10


@EACH
def test_in_python(refusal: Refusal):
    """The last call has the Reason, the cause, and what would help."""
    with mock_sms(seed=7, **refusal.settings) as sms:
        refuse(sms, refusal)

        [call] = sms.find_calls(refused=True).calls

    assert call.error["reason"] == refusal.reason
    assert refusal.words in call.why["summary"]
    assert call.message_id is None


@pytest.fixture
def url(refusal: Refusal) -> Iterator[str]:
    """The URL of a server where the call was refused."""
    with closing(Emulator(seed=7, **refusal.settings)) as emulator, Server(emulator) as server:
        refuse(
            emulator,
            refusal,
            endpoint_url=server.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        yield server.url


@EACH
def test_over_http(refusal: Refusal, url: str):
    """The journal and the call itself have it."""
    control = Control(url)

    [call] = control.get("/_emulator/calls", refused="true").json["calls"]
    assert call["error"]["reason"] == refusal.reason
    assert refusal.words in call["why"]["summary"]
    assert control.get(f"/_emulator/calls/{call['request_id']}").json == call


@EACH
def test_in_the_header(refusal: Refusal):
    """The answer itself says it in a line."""
    with closing(Emulator(seed=7, **refusal.settings)) as emulator, Server(emulator) as server:
        error = refuse(
            emulator,
            refusal,
            endpoint_url=server.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    header = error.response["ResponseMetadata"]["HTTPHeaders"]["x-emulator-why"]
    assert header.isascii()
    assert refusal.words in unquote(header)


@EACH
def test_on_the_command_line(refusal: Refusal, url: str, capsys: pytest.CaptureFixture[str]):
    """`calls` has it in the line of the call, and `calls show` in full."""
    assert main(["calls", "--refused", "--url", url]) == 0
    [_titles, line] = capsys.readouterr().out.splitlines()
    [call] = Control(url).get("/_emulator/calls", refused="true").json["calls"]

    assert main(["calls", "show", call["request_id"], "--url", url]) == 0

    shown = capsys.readouterr().out
    assert refusal.reason in line
    assert refusal.words in line
    assert refusal.reason in shown
    assert refusal.words in shown
    assert call["why"]["help"] in shown


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser."""
    with chromium() as started:
        yield started


@EACH
@pytest.mark.needs("browser")
def test_on_the_page(refusal: Refusal, url: str, browser: Browser):
    """The list of calls has the Reason, and the call the cause."""
    with visit_to(browser, f"{url}/#/calls") as page:
        page.get_by_text(refusal.reason).first.click()

        expect(page.locator(".why-summary")).to_contain_text(refusal.words)


def test_in_the_output_of_pytest(pytester: pytest.Pytester, bare: None):
    """The section of a failing test has the Reason and the cause."""
    del bare
    pytester.makepyfile(
        refusals=inspect.getsource(refusals),
        test_application="""
        import pytest
        from refusals import REFUSALS, refuse

        @pytest.mark.parametrize(
            "refusal",
            [
                pytest.param(each, marks=pytest.mark.pinpoint_sms(seed=7, **each.settings))
                for each in REFUSALS
            ],
        )
        def test_a_send(pinpoint_sms, refusal):
            raise refuse(pinpoint_sms, refusal)
        """,
    )

    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist")

    result.assert_outcomes(failed=len(REFUSALS))
    refused = [line for line in result.outlines if "SendTextMessage: refused, " in line]
    assert len(refused) == len(REFUSALS)
    for refusal, line in zip(REFUSALS, refused, strict=True):
        assert refusal.reason in line
        assert refusal.words in line
