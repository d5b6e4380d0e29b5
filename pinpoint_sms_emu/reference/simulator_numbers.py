"""Destination numbers of AWS's SMS simulator, and carriers.

The numbers are those of the user guide's page "Simulator phone numbers", for SMS and MMS. Mobile
country and network codes are public assignments of ITU-T E.212, for one large carrier per country;
those of Canada, Japan, Spain and the United States are from published event records. The choice of
the carrier is inferred for all others. Other countries have none.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Outcome = Literal["success", "failure"]


class Carrier(NamedTuple):
    """A mobile network, as in event records and CarrierLookup."""

    mcc: str
    mnc: str
    name: str


SUCCESS_AND_FAILURE: Final = {
    "AT": ("+43676800442031", "+43676800442032"),
    "AU": ("+61455944038", "+61455944039"),
    "BE": ("+32460213922", "+32460213923"),
    "CH": ("+41798075872", "+41798075874"),
    "CL": ("+56229140630", "+56229140631"),
    "CZ": ("+420790542286", "+420790542287"),
    "DK": ("+4525919410", "+4525919215"),
    "EE": ("+37282720792", "+37282720793"),
    "ES": ("+34683783440", "+34683783442"),
    "FI": ("+3584573979110", "+3584573979111"),
    "FR": ("+33755512501", "+33755512502"),
    "GB": ("+447860019066", "+447860019067"),
    "HK": ("+85257048426", "+85257048854"),
    "HU": ("+36707178770", "+36707178772"),
    "IT": ("+394390009172", "+394390009174"),
    "JE": ("+447937404990", "+447937404992"),
    "LU": ("+352691385880", "+352691385882"),
    "NL": ("+3197008100148", "+3197008100150"),
    "NO": ("+4759449384", "+4759449387"),
    "PL": ("+48732141440", "+48732141442"),
    "PT": ("+351927946948", "+351927946950"),
    "RO": ("+40783900330", "+40783900332"),
    "SE": ("+46790645100", "+46790645102"),
    "TW": ("+886903444630", "+886903444632"),
    "US": ("+14254147755", "+14254147167"),
}

# The countries come from the list, because phonenumbers treats Norway's two numbers as invalid.
_OUTCOMES: Final[dict[str, tuple[str, Outcome]]] = {
    **{success: (country, "success") for country, (success, _) in SUCCESS_AND_FAILURE.items()},
    **{failure: (country, "failure") for country, (_, failure) in SUCCESS_AND_FAILURE.items()},
}

_CARRIERS: Final = {
    "AT": Carrier("232", "01", "A1 Telekom Austria"),
    "AU": Carrier("505", "01", "Telstra"),
    "BE": Carrier("206", "01", "Proximus"),
    "CA": Carrier("302", "610", "Bell Cellular Inc. / Aliant Telecom"),  # published event record
    "CH": Carrier("228", "01", "Swisscom"),
    "CL": Carrier("730", "01", "Entel"),
    "CZ": Carrier("230", "02", "O2"),
    "DK": Carrier("238", "01", "TDC"),
    "EE": Carrier("248", "01", "Telia"),
    "ES": Carrier("214", "05", "Movistar"),  # the user guide's EventBridge sample
    "FI": Carrier("244", "05", "Elisa"),
    "FR": Carrier("208", "01", "Orange"),
    "GB": Carrier("234", "30", "EE"),
    "HK": Carrier("454", "00", "CSL"),
    "HU": Carrier("216", "30", "Magyar Telekom"),
    "IT": Carrier("222", "01", "TIM"),
    "JE": Carrier("234", "50", "JT"),
    "JP": Carrier("440", "54", "KDDI"),  # published event record
    "LU": Carrier("270", "01", "POST Luxembourg"),
    "NL": Carrier("204", "08", "KPN"),
    "NO": Carrier("242", "01", "Telenor"),
    "PL": Carrier("260", "02", "T-Mobile"),
    "PT": Carrier("268", "06", "MEO"),
    "RO": Carrier("226", "10", "Orange"),
    "SE": Carrier("240", "01", "Telia"),
    "TW": Carrier("466", "92", "Chunghwa Telecom"),
    "US": Carrier("310", "800", "T-mobile USA Inc."),  # published event record
}


def simulator_outcome(number: str) -> Outcome | None:
    """Return the outcome of messages to a simulator number, or None for other numbers."""
    entry = _OUTCOMES.get(number)
    return entry[1] if entry else None


def simulator_country(number: str) -> str | None:
    """Return the country of a simulator number, or None for other numbers."""
    entry = _OUTCOMES.get(number)
    return entry[0] if entry else None


def carrier_of(iso_country_code: str) -> Carrier | None:
    """Return the carrier of mobile numbers in a country, or None."""
    return _CARRIERS.get(iso_country_code)
