"""Phone numbers as SNS takes them: E.164, with the plus or without."""

from __future__ import annotations

import re
from typing import Final

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.service.destinations import Destination, find_destination
from pinpoint_sms_emu.sns.errors import invalid_parameter

# "Phone numbers that follow this format can have a maximum of 15 digits."
_E164: Final = re.compile(r"\+?[1-9][0-9]{1,14}", re.ASCII)


def read_destination(phone_number: str) -> Destination:
    """Read the number that a text goes to."""
    destination = find_destination(phone_number) if _E164.fullmatch(phone_number) else None
    if destination is None:
        raise invalid_parameter(
            f"Invalid parameter: PhoneNumber Reason: {phone_number} is not valid to publish to"
        )
    return destination


def read_number(phone_number: str) -> str:
    """Read the number of a person, which need not be anybody's: it is looked up only."""
    if not _E164.fullmatch(phone_number):
        raise incorrectly_formatted()
    destination = find_destination(phone_number)
    return destination.phone_number if destination else f"+{phone_number.removeprefix('+')}"


def incorrectly_formatted() -> ApiError:
    """Refuse a number that is not in the format; observed of two operations."""
    return invalid_parameter("Invalid parameter: PhoneNumber Reason: input incorrectly formatted")
