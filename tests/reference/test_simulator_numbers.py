"""Simulator destinations and their carriers."""

from __future__ import annotations

import pytest

from pinpoint_sms_emu.reference.simulator_numbers import (
    Carrier,
    carrier_of,
    simulator_country,
    simulator_numbers,
    simulator_outcome,
)


def test_success_and_failure_of_the_united_states():
    """The two numbers of the user guide's table have its meaning."""
    assert simulator_outcome("+14254147755") == "success"
    assert simulator_outcome("+14254147167") == "failure"


def test_an_ordinary_number_is_no_simulator_number():
    """Any other number has neither an outcome nor a country of the simulator."""
    assert simulator_outcome("+14255550100") is None
    assert simulator_country("+14255550100") is None


def test_all_countries_have_two_numbers_of_their_own():
    """The table has 25 countries with two different numbers each."""
    numbers = simulator_numbers()

    assert len(numbers) == 25
    assert len({number for pair in numbers.values() for number in pair}) == 50


@pytest.mark.parametrize(("iso_code", "pair"), simulator_numbers().items())
def test_a_number_knows_its_country_and_outcome(iso_code, pair):
    """Country and outcome are found from the number alone."""
    assert [simulator_country(number) for number in pair] == [iso_code, iso_code]
    assert [simulator_outcome(number) for number in pair] == ["success", "failure"]


@pytest.mark.parametrize("iso_code", simulator_numbers())
def test_the_countries_of_the_simulator_have_a_carrier(iso_code):
    """MCC has three digits and MNC two or three, and the carrier has a name."""
    carrier = carrier_of(iso_code)

    assert carrier is not None
    assert len(carrier.mcc) == 3
    assert len(carrier.mnc) in {2, 3}
    assert (carrier.mcc + carrier.mnc).isdigit()
    assert carrier.name


def test_carriers_of_published_events():
    """Where an event record was published, the carrier is the one in it."""
    assert carrier_of("ES") == Carrier("214", "05", "Movistar")
    assert carrier_of("CA") == Carrier("302", "610", "Bell Cellular Inc. / Aliant Telecom")


def test_no_carrier_is_made_up():
    """Numbers of other countries have no carrier."""
    assert carrier_of("AF") is None
