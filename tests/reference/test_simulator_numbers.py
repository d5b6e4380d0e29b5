"""The simulator's destination numbers and their carriers."""

from __future__ import annotations

import pytest

from pinpoint_sms_emu.reference.simulator_numbers import (
    SUCCESS_AND_FAILURE,
    Carrier,
    carrier_of,
    simulator_country,
    simulator_outcome,
)


def test_success_and_failure_of_the_united_states():
    """The two numbers in the user guide have the documented results."""
    assert simulator_outcome("+14254147755") == "success"
    assert simulator_outcome("+14254147167") == "failure"


def test_an_ordinary_number_is_no_simulator_number():
    """Any other number has no outcome and no country in the table."""
    assert simulator_outcome("+14255550100") is None
    assert simulator_country("+14255550100") is None


def test_every_country_has_two_numbers():
    """The table has 25 countries with two different numbers each."""
    assert len(SUCCESS_AND_FAILURE) == 25
    assert len({number for pair in SUCCESS_AND_FAILURE.values() for number in pair}) == 50


@pytest.mark.parametrize(("iso_code", "pair"), SUCCESS_AND_FAILURE.items())
def test_country_and_outcome_of_a_number(iso_code, pair):
    """Both are found from the number alone."""
    assert [simulator_country(number) for number in pair] == [iso_code, iso_code]
    assert [simulator_outcome(number) for number in pair] == ["success", "failure"]


@pytest.mark.parametrize("iso_code", SUCCESS_AND_FAILURE)
def test_the_countries_of_the_simulator_have_a_carrier(iso_code):
    """A carrier has a name, an MCC of three digits and an MNC of two or three."""
    carrier = carrier_of(iso_code)

    assert carrier is not None
    assert len(carrier.mcc) == 3
    assert len(carrier.mnc) in {2, 3}
    assert (carrier.mcc + carrier.mnc).isdigit()
    assert carrier.name


def test_carriers_equal_those_in_published_events():
    """Where an event record was published, the carrier is the one in it."""
    assert carrier_of("ES") == Carrier("214", "05", "Movistar")
    assert carrier_of("CA") == Carrier("302", "610", "Bell Cellular Inc. / Aliant Telecom")


def test_other_countries_have_no_carrier():
    """Numbers of other countries have no carrier."""
    assert carrier_of("AF") is None
