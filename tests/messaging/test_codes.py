"""One-time codes and links are found in texts."""

from __future__ import annotations

import time

import pytest

from pinpoint_sms_emu.messaging.codes import find_codes, find_links

CODES = {
    # The text says what the code is.
    "Your code is 482913.": ["482913"],
    "PIN:4821": ["4821"],
    "482 913 is your ACME code": ["482913"],
    "Your WhatsApp code: 123-456\nYou can also tap on this link: v.whatsapp.com/123456": ["123456"],
    "<#> 482913 is your code. FA+9qCX9VSu": ["482913"],
    "Your ACME2 code: 991204. Don't share it.": ["991204"],
    "Your code is 1234 5678": ["12345678"],
    "Your code is 123-456, valid for 10 minutes": ["123456"],
    "Hello. Your code is 4, 0, 9, 1, 7, 7.": ["409177"],
    # It stands near such a word.
    "Use 12 34 56 to verify your account": ["123456"],
    "Enter 123456 or 654321 as code": ["654321", "123456"],
    "Verification: 482913": ["482913"],
    # Six digits by themselves.
    "123456 is what you asked for": ["123456"],
    "Enter 482913 to log in": ["482913"],
    # Other languages.
    "Dein Code lautet 582 114": ["582114"],
    "Votre code est 482913": ["482913"],
    "Su código es 482913": ["482913"],
    "Ваш код: 482913": ["482913"],
    "验证码\uff1a482913\uff0c5分钟内有效": ["482913"],
    "認証コードは482913です": ["482913"],
    # Letters and dashes.
    "G-4821 is your verification code": ["G-4821"],
    "G-123456 is your Google verification code.": ["G-123456"],
    "Your verification code is: A1B2-C3D4": ["A1B2-C3D4"],
    "Your code is KXQMZP.": ["KXQMZP"],
    "Use code SAVE20 for 20% off": ["SAVE20"],
    "Use it.\n\n@example.com #H7D3F2": ["H7D3F2"],
    # Other numbers beside the code.
    "Order 48213344: your code is 482913": ["482913"],
    "Your code for order 482133 is 7391": ["7391"],
    "7391 is the code for order 55120": ["7391"],
    "Order #55120 is on its way. Your pickup code is 7391.": ["7391"],
    "Order 551203 shipped. Use code 739164 at the door.": ["739164"],
    "Your order 551203 has code 4417 and total 1200": ["4417"],
    "Your security code for 2024 is 482913": ["482913"],
    "Invoice INV-20931 is due. Your one-time code is 884422": ["884422"],
    "Your login code is 482913. Order 11223344 is waiting. Call 2065550100.": ["482913"],
    # No code at all.
    "Call +1 206 555 0100 or +12065550100 for a code": [],
    "The code for order 2026-11-24 costs $482913 or 482913 €": [],
    "Your parcel NW-48213 arrives on Monday between 9 and 12": [],
    "Your ticket 482913 was closed": [],
    "Reset your password: https://acme.example/r/1?t=482913": [],
    "See https://example.com/482913": [],
    "It is 2026 already": [],
    "Your code HAS been sent": [],
    "": [],
}


@pytest.mark.parametrize("text", CODES)
def test_codes_are_distinguished_from_other_numbers(text):
    """Codes are found; prices, dates, orders, numbers and addresses are not."""
    assert find_codes(text) == CODES[text]


@pytest.mark.parametrize(
    "piece", ["1 ", "A-", "A1-", "order ", "code ", "code is ", "12345 code ", "is:", "http://a "]
)
def test_no_text_takes_long(piece):
    """The search for codes and links takes bounded time, however repetitive the text is."""
    text = piece * (100_000 // len(piece))
    started = time.process_time()

    find_codes(text)
    find_links(text)

    assert time.process_time() - started < 2


def test_links():
    """An address ends before the full stop or bracket that follows it, and is listed once."""
    text = (
        "Sign in: https://example.com/in?token=a&to=%2Fhome. Or (http://example.org/#b)! ftp://c.d "
        "Again: http://example.org/#b"
    )

    assert find_links(text) == [
        "https://example.com/in?token=a&to=%2Fhome",
        "http://example.org/#b",
    ]
