"""The report adds up what sending has cost."""

from __future__ import annotations

from pinpoint_sms_emu.messaging.report import make_report
from pinpoint_sms_emu.state.steps import finish
from tests.messaging.people import BRITAIN, US


def test_rows_and_total(emulator, text, voice, number):
    """Messages are added up by day, country, channel and type of number, oldest day first."""
    emulator.clock.freeze("2031-01-31T23:00:00Z")
    text(OriginationIdentity=number.id, MessageBody="a" * 161)
    emulator.clock.advance(hours=2)
    for recipient in (US, US, BRITAIN):
        text(DestinationPhoneNumber=recipient, OriginationIdentity=number.id)
    call = voice()
    emulator.receive("Hello", sender=US, recipient=number.phone_number)

    report = finish(make_report(emulator.messages))

    assert [tuple(row.values()) for row in report["rows"]] == [
        ("2031-01-31", "US", "text", "LONG_CODE", 1, 2, 0.02362),
        ("2031-02-01", "GB", "text", "LONG_CODE", 1, 1, 0.04),
        ("2031-02-01", "US", "text", "LONG_CODE", 2, 2, 0.02362),
        ("2031-02-01", "US", "voice", "LONG_CODE", 1, 1, call.price),
    ]
    assert report["total"] == {"messages": 5, "parts": 6, "price": round(0.08724 + call.price, 6)}


def test_nothing_was_sent(emulator):
    """Without messages there are no rows, and the total is zero."""
    assert finish(make_report(emulator.messages)) == {
        "rows": [],
        "total": {"messages": 0, "parts": 0, "price": 0.0},
    }
