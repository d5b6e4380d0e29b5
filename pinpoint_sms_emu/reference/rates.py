"""The rates of origination identities, in message parts per second.

User guide, "Message parts per second (MPS) limits" and voice quotas. Inferred: the rates of 10DLC
and simulator numbers and of RCS agents, and the daily cap, which is the lowest that the carrier
publishes, for a brand without vetting.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SENDER_ID_RATE: Final = 10
RCS_AGENT_RATE: Final = 10


def rate_limits(
    iso_country_code: str, number_type: str, capabilities: Iterable[str]
) -> dict[str, int]:
    """Return the message parts per second of a number, by capability."""
    rates = {
        "SMS": _sms_rate(iso_country_code, number_type),
        "MMS": 40 if number_type == "SHORT_CODE" else _sms_rate(iso_country_code, number_type),
        "VOICE": 1,
        "RCS": _sms_rate(iso_country_code, number_type),
    }
    return {name: rates[name] for name in capabilities}


def daily_message_caps(number_type: str) -> dict[str, int] | None:
    """Return the carriers' recommended daily maximum, which only 10DLC numbers have."""
    return {"T-MOBILE": 2_000} if number_type == "TEN_DLC" else None


def _sms_rate(iso_country_code: str, number_type: str) -> int:
    if number_type == "LONG_CODE" and iso_country_code == "CA":
        return 1
    return _SMS_RATES[number_type]


_SMS_RATES: Final = {
    "SHORT_CODE": 100,
    "LONG_CODE": 10,
    "TOLL_FREE": 3,
    "TEN_DLC": 1,
    "SIMULATOR": 1,
}
