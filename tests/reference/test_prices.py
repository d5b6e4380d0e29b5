"""Prices of messages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pinpoint_sms_emu.reference.countries import SERVED_ISO_CODES
from pinpoint_sms_emu.reference.prices import Price, media_price, rcs_price, text_price, voice_price


def test_prices_equal_those_in_published_events():
    """These are event records and samples."""
    assert text_price("US") == Price(Decimal("0.00581"), Decimal("0.006"))
    assert text_price("CA") == Price(Decimal("0.00581"), Decimal("0.006"))
    assert text_price("ES") == Price(Decimal("0.06087"), Decimal(0))
    assert rcs_price("US") == Price(Decimal("0.007"), Decimal("0.00494"))


def test_the_total_is_price_and_fee():
    """The carrier fee is added to the price."""
    assert text_price("US").total == Decimal("0.01181")


def test_each_part_is_charged():
    """Price and fee are multiplied by the number of parts."""
    assert text_price("US").times(3) == Price(Decimal("0.01743"), Decimal("0.018"))


@pytest.mark.parametrize("iso_code", SERVED_ISO_CODES)
def test_every_country_has_prices(iso_code):
    """Each country has a price for each channel; MMS and RCS cost more than a text part."""
    text = text_price(iso_code).total

    assert text > 0
    assert voice_price(iso_code).total > 0
    assert media_price(iso_code).total > text
    assert rcs_price(iso_code).total > text


def test_a_destination_not_in_the_table():
    """A country that is not in the table has the price for other countries."""
    assert text_price("WS") == text_price("TO")
    assert voice_price("WS") == voice_price("TO")
