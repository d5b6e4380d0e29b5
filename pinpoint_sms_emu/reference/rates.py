"""How fast an origination identity sends: the guide's message parts per second, as data.

From "Message parts per second (MPS) limits" of the SMS guide, and its voice quotas. Inferred: the
rates of 10DLC and simulator numbers and of RCS agents, for which it names none, and the daily cap,
which is that of a brand without vetting, the lowest that the carrier publishes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SENDER_ID_RATE: Final = 10
RCS_AGENT_RATE: Final = 10


def rate_limits(
    iso_country_code: str, number_type: str, capabilities: Iterable[str]
) -> dict[str, int]:
    """Messages per second of a number, for each thing that it can do."""
    rates = {
        "SMS": _sms_rate(iso_country_code, number_type),
        "MMS": 40 if number_type == "SHORT_CODE" else _sms_rate(iso_country_code, number_type),
        "VOICE": 1,
        "RCS": _sms_rate(iso_country_code, number_type),
    }
    return {name: rates[name] for name in capabilities}


def daily_message_caps(number_type: str) -> dict[str, int] | None:
    """What carriers advise not to pass in a day; only 10DLC numbers have that."""
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
