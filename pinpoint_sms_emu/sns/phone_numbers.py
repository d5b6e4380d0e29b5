"""Phone numbers in requests of SNS: E.164, with or without a plus sign."""

from __future__ import annotations

import re
from typing import Final

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.service.destinations import Destination, find_destination
from pinpoint_sms_emu.sns.errors import invalid_parameter

# "Phone numbers that follow this format can have a maximum of 15 digits."
_E164: Final = re.compile(r"\+?[1-9][0-9]{1,14}", re.ASCII)


def read_destination(phone_number: str) -> Destination:
    """Parse the destination of a text."""
    destination = find_destination(phone_number) if _E164.fullmatch(phone_number) else None
    if destination is None:
        raise invalid_parameter(
            "phoneNumber",
            f"Invalid parameter: PhoneNumber Reason: {phone_number} is not valid to publish to",
        )
    return destination


def read_number(phone_number: str) -> str:
    """Parse a number for a look-up, which need not be assigned."""
    if not _E164.fullmatch(phone_number):
        raise incorrectly_formatted()
    destination = find_destination(phone_number)
    return destination.phone_number if destination else f"+{phone_number.removeprefix('+')}"


def incorrectly_formatted() -> ApiError:
    """Return the error for a wrong format, which was observed for two operations."""
    return invalid_parameter(
        "phoneNumber", "Invalid parameter: PhoneNumber Reason: input incorrectly formatted"
    )
