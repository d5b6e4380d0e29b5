"""Values of filters: one that nothing can ever match is refused with a sentence.

None means that a filter is not given. These checks hold for everything that finds, waits for,
counts or clears, whether it is asked in Python, over HTTP or on the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pinpoint_sms_emu.wire.protocol import ACCOUNT_ID
from pinpoint_sms_emu.wording import quoted

# What clients can sign with: not only AWS's Regions, but also names such as local.
_REGION: Final = re.compile(r"[a-z0-9-]+", re.ASCII)
# As for the settings: about thirty years.
_LONGEST: Final = 1e9
# The length of a number of North America without its country code.
_TEN_DIGITS: Final = 10
_PHONE_NUMBER: Final = re.compile(r"\+?[0-9]+", re.ASCII)
# Phone numbers, ids, names of sender IDs, and ARNs.
_PARTY: Final = re.compile(r"\+[0-9]+|[A-Za-z0-9_:/-]+", re.ASCII)


def must_be_filters(named: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse names that are not filters of what is looked for."""
    names = tuple(known)
    for name in named:
        if name not in names:
            raise ValueError(
                f"{what} cannot be filtered by {name:.80}; the arguments are {', '.join(names)}"
            )


def must_be_a_text(name: str, value: object) -> None:
    """Refuse a value that is not a text or is empty."""
    if value is not None and (not isinstance(value, str) or not value):
        raise ValueError(f"{name} must be a text that is not empty, not {quoted(value)}")


def must_be_a_flag(name: str, value: object) -> None:
    """Refuse a value that is neither True nor False."""
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {quoted(value)}")


def must_be_seconds(name: str, value: object) -> None:
    """Refuse a value that is not a number of seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST:
        raise ValueError(
            f"{name} must be a number of seconds from 0 to {_LONGEST:.0f}, not {quoted(value)}"
        )


def must_be_a_limit(limit: object) -> None:
    """Refuse an invalid limit; with 0, matches are only counted."""
    if limit is not None and (type(limit) is not int or limit < 0):
        raise ValueError(f"limit must be a whole number from 0, not {quoted(limit)}")


def must_be_a_place(account_id: object, region: object) -> None:
    """Refuse an account id or a Region that no account can have."""
    if account_id is not None and not _is(ACCOUNT_ID, account_id):
        raise ValueError(f"account_id must be a text of 12 digits, not {quoted(account_id)}")
    if region is not None and not _is(_REGION, region):
        raise ValueError(f"region must be a Region such as us-east-1, not {quoted(region)}")


def must_be_a_party(name: str, value: object) -> None:
    """Refuse what can be neither the sender nor the recipient of a message."""
    # In a query string, an unquoted plus sign is decoded as a space.
    if value is not None and not (isinstance(value, str) and _is(_PARTY, value.strip())):
        raise ValueError(
            f"{name} must be a phone number such as +14255550100, or an id, without spaces, "
            f"not {quoted(value)}"
        )
    if isinstance(value, str) and len(value) == _TEN_DIGITS and value.isdecimal():
        # The command line loads this module alone.
        from pinpoint_sms_emu.service.destinations import must_have_a_country_code  # noqa: PLC0415

        try:
            must_have_a_country_code(value)
        except ValueError as error:
            raise ValueError(f"{name} {error}") from error


def must_be_a_phone_number(name: str, value: object) -> None:
    """Refuse what is not a phone number, where nothing else can match."""
    must_be_a_party(name, value)
    if isinstance(value, str) and not _is(_PHONE_NUMBER, value.strip()):
        raise ValueError(f"{name} must be a phone number such as +14255550100, not {quoted(value)}")


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
