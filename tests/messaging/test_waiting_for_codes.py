"""A test waits for a one-time code; the error explains why there is none."""

from __future__ import annotations

import threading

import pytest

import pinpoint_sms_emu
from tests.messaging.people import US, US_TOO


def test_the_code_of_the_latest_message(emulator, text, number):
    """The latest message with a code counts, at once where there is one."""
    text(OriginationIdentity=number.id, MessageBody="Your code is 111111")
    text(OriginationIdentity=number.id, MessageBody="Your code is G-48291")
    text(OriginationIdentity=number.id, MessageBody="Thank you")
    text(OriginationIdentity=number.id, DestinationPhoneNumber=US_TOO, MessageBody="Code: 222222")

    assert emulator.wait_for_code(recipient=US, timeout=0) == "G-48291"
    assert emulator.wait_for_code(recipient=US, length=6, timeout=0) == "111111"
    assert emulator.wait_for_code(recipient=US, contains="111", timeout=0) == "111111"


def test_a_code_is_waited_for(emulator, text, number):
    """What arrives meanwhile ends the wait only if it has the code that is waited for."""
    found = []
    thread = threading.Thread(
        target=lambda: found.append(emulator.wait_for_code(recipient=US, length=6, timeout=60))
    )
    thread.start()
    for body in ("Hello", "Your code is 1234", "Your code is 482913"):
        text(OriginationIdentity=number.id, MessageBody=body)
    thread.join(70)

    assert found == ["482913"]


def test_no_code_in_time(emulator, text, number):
    """The error names whom it waited for, and which messages there were."""
    with pytest.raises(TimeoutError) as nothing:
        emulator.wait_for_code(recipient=US, timeout=0)
    text(OriginationIdentity=number.id, MessageBody="Hello")
    with pytest.raises(TimeoutError) as no_code:
        emulator.wait_for_code(recipient=US, timeout=0)
    with pytest.raises(TimeoutError) as other_number:
        emulator.wait_for(recipient="+14255550199", timeout=0)
    text(OriginationIdentity=number.id, MessageBody="Your code is 1234")
    with pytest.raises(TimeoutError) as too_short:
        emulator.wait_for_code(recipient=US, length=6, timeout=0)

    assert str(nothing.value) == (
        f"no message with a code for {US} within 0 s; there are no messages for this number"
    )
    assert str(no_code.value).endswith("; the only message for this number: 'Hello'")
    assert str(other_number.value).endswith(
        f"; there are no messages for this number; the latest were to {US}"
    )
    assert str(too_short.value) == (
        f"no message with a code of 6 characters for {US} within 0 s; "
        "the latest of 2 messages for this number: 'Your code is 1234', 'Hello'"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient": ""},
        {"recipient": None},
        {"recipient": US, "length": 0},
        {"recipient": US, "length": "6"},
        {"recipient": US, "timeout": -1},
        {"recipient": US, "colour": "red"},
    ],
)
def test_wrong_arguments(emulator, wrong):
    """Wrong arguments are a ValueError."""
    with pytest.raises(ValueError, match=list(wrong)[-1]):
        emulator.wait_for_code(**wrong)


def test_the_report_of_an_emulator(emulator, text, number):
    """An emulator adds up what its accounts, or one of them, have sent."""
    text(OriginationIdentity=number.id)

    assert emulator.report()["total"] == {"messages": 1, "parts": 1, "price": 0.01181}
    assert emulator.report(account_id="210987654321")["rows"] == []


def test_exported_names_have_docstrings():
    """Every exported name can be imported, and has a docstring."""
    assert pinpoint_sms_emu.segments("abc")["parts"] == 1
    for name in pinpoint_sms_emu.__all__:
        assert getattr(pinpoint_sms_emu, name).__doc__


def test_the_error_says_that_sending_was_refused(emulator, sms):
    """A caller who waits for a message that was never accepted learns why it was not."""
    emulator.add_number("+12065550100")
    emulator.receive("STOP", sender=US, recipient="+12065550100")
    for _ in range(2):
        with pytest.raises(sms.exceptions.ConflictException):
            sms.send_text_message(
                DestinationPhoneNumber=US,
                OriginationIdentity="+12065550100",
                MessageBody="Your code is 482913",
            )

    with pytest.raises(TimeoutError) as waited:
        emulator.wait_for(recipient=US, direction="outbound", contains="482913", timeout=0)
    with pytest.raises(TimeoutError) as waited_for_code:
        emulator.wait_for_code(recipient=US, timeout=0)

    why = emulator.calls[-1].why["summary"]
    refused = f"; sending was refused 2 times, the last time by SendTextMessage: {why}"
    assert str(waited.value).endswith(refused)
    assert str(waited_for_code.value).endswith(refused)
    assert "contains='482913'" in str(waited.value)
