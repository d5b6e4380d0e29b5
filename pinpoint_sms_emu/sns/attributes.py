"""SMS attributes: an account's defaults for texts that are sent with Publish."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.messaging.events.sms_logs import (
    DELIVERY_STATUS_ROLE,
    SUCCESS_SAMPLING_RATE,
)
from pinpoint_sms_emu.resources import spend_limits
from pinpoint_sms_emu.sns.errors import invalid_parameter
from pinpoint_sms_emu.sns.message_attributes import MESSAGE_TYPES, is_sender_id
from pinpoint_sms_emu.sns.registry import operation

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# The monthly limit of text messages, which both services share.
MONTHLY_SPEND_LIMIT: Final = "MonthlySpendLimit"
_KIND: Final = "TEXT"

DEFAULT_SENDER_ID: Final = "DefaultSenderID"
DEFAULT_MESSAGE_TYPE: Final = "DefaultSMSType"

_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/\S{1,512}", re.ASCII)
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_DOLLARS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_PERCENT: Final = re.compile(r"100|[1-9]?[0-9]", re.ASCII)

# The format of each. Reports to a bucket are not emulated.
_ATTRIBUTES: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType(
    {
        DEFAULT_MESSAGE_TYPE: MESSAGE_TYPES.__contains__,
        DEFAULT_SENDER_ID: is_sender_id,
        DELIVERY_STATUS_ROLE: _ROLE.fullmatch,
        SUCCESS_SAMPLING_RATE: _PERCENT.fullmatch,
        MONTHLY_SPEND_LIMIT: _DOLLARS.fullmatch,
        "UsageReportS3Bucket": _BUCKET.fullmatch,
    }
)


@operation
def set_sms_attributes(account: Account, *, attributes: dict[str, str]) -> None:
    """Set attributes; an empty value resets an attribute."""
    for name, value in attributes.items():
        if name not in _ATTRIBUTES:
            raise invalid_parameter("attributes", f"{name} is not a valid attribute")
        if value and not is_possible(name, value):
            raise invalid_parameter("attributes", f"{name} is invalid")
    limit = attributes.get(MONTHLY_SPEND_LIMIT)
    if limit and int(limit) > spend_limits.max_limit(account):
        raise invalid_parameter("attributes", f"{MONTHLY_SPEND_LIMIT} is invalid")

    for name, value in attributes.items():
        if name == MONTHLY_SPEND_LIMIT:
            _limit_spending(account, value)
        elif value:
            account.sns_attributes[name] = value
        else:
            account.sns_attributes.pop(name, None)


def is_possible(name: str, value: str) -> bool:
    """Return whether there is an attribute with this name that can have this value."""
    return name in _ATTRIBUTES and bool(_ATTRIBUTES[name](value))


def _limit_spending(account: Account, limit: str) -> None:
    if limit:
        account.spend_limit_overrides[_KIND] = int(limit)
    else:
        account.spend_limit_overrides.pop(_KIND, None)


@operation
def get_sms_attributes(
    account: Account, *, attributes: list[str] | None = None
) -> dict[str, dict[str, str]]:
    """List the attributes that the request names, or all that were set.

    Observed: a new account has only its spend limit.
    """
    limit = {MONTHLY_SPEND_LIMIT: str(spend_limits.enforced_limit(account, _KIND))}
    known = {**account.sns_attributes, **limit}
    return {
        "attributes": {
            name: value for name, value in known.items() if not attributes or name in attributes
        }
    }
