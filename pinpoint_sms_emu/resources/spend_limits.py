"""Spend limits: the maximum monthly cost of each kind of message."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import ServiceQuotaExceededException, ValidationException
from pinpoint_sms_emu.service.listing import Paginated, listed
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.wire.model import service_model

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# In US dollars, the same for every kind (decisions 24). A new account has 1, also in production,
# until AWS raises it on request.
_RAISED_LIMIT: Final = 10_000
_FRESH_LIMIT: Final = 1

_NOTHING: Final = Decimal(0)

_NAME_END: Final = "_MESSAGE_MONTHLY_SPEND_LIMIT"


def kinds() -> list[str]:
    """Return the kinds of messages that have a limit in the installed model."""
    names: list[str] = service_model().shapes["SpendLimitName"]["enum"]
    return [name.removesuffix(_NAME_END) for name in names]


# For sending. A kind is TEXT, VOICE, MEDIA, NOTIFY or RCS.


def must_leave_room(account: Account, kind: str, price: Decimal) -> None:
    """Refuse a message whose price would exceed this month's limit (decisions 24)."""
    if spent_this_month(account, kind) + price > enforced_limit(account, kind):
        raise ServiceQuotaExceededException(f"MONTHLY_SPEND_LIMIT_REACHED_FOR_{kind}")


def add_cost(account: Account, kind: str, price: Decimal, sent: datetime | None = None) -> None:
    """Add a price, which may be negative, to the cost of the month of the message."""
    time = sent or account.now()
    spent = account.spent.setdefault(_month(time.year, time.month), {})
    spent[kind] = spent.get(kind, _NOTHING) + price


def spent_this_month(account: Account, kind: str) -> Decimal:
    """Return the cost of a kind of message in the current month, in UTC."""
    now = account.now()
    return account.spent.get(_month(now.year, now.month), {}).get(kind, _NOTHING)


def enforced_limit(account: Account, kind: str) -> int:
    """Return the limit of a kind of message: the override, but never more than the maximum."""
    most = max_limit(account)
    # A state that was saved in production may be restored in the sandbox.
    return min(account.spend_limit_overrides.get(kind, most), most)


def max_limit(account: Account) -> int:
    """Return the maximum that AWS allows the account for each kind of message."""
    settings = account.settings
    is_fresh = settings.account_tier == "SANDBOX" or settings.is_strict
    return _FRESH_LIMIT if is_fresh else _RAISED_LIMIT


# Cached, because each message calls it twice.
@cache
def _month(year: int, month: int) -> str:
    return f"{year}-{month:02}"


# Operations.


@operation
def describe_spend_limits(account: Account) -> Paginated[dict[str, Any]]:
    """List the limits of all kinds of messages."""
    return listed([_spend_limit(account, kind) for kind in kinds()])


def _spend_limit(account: Account, kind: str) -> dict[str, Any]:
    return {
        "name": f"{kind}{_NAME_END}",
        "enforced_limit": enforced_limit(account, kind),
        "max_limit": max_limit(account),
        "overridden": kind in account.spend_limit_overrides,
    }


_KINDS: Final = {
    "TEXT": "text messages",
    "VOICE": "voice messages",
    "MEDIA": "MMS messages",
    "NOTIFY": "notify messages, text and voice together",
    "RCS": "RCS messages",
}


def _register_overrides(kind: str, messages: str) -> None:
    """Register the two operations of a kind of message, which differ only in the kind."""

    def set_override(account: Account, *, monthly_limit: int) -> dict[str, int]:
        most = max_limit(account)
        if monthly_limit > most:
            raise ValidationException(
                "REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT",
                monthly_limit=f"must be at most {most}",
            )

        account.spend_limit_overrides[kind] = monthly_limit
        return {"monthly_limit": monthly_limit}

    def delete_override(account: Account) -> dict[str, int]:
        account.spend_limit_overrides.pop(kind, None)
        return {"monthly_limit": max_limit(account)}

    name = f"{kind.lower()}_message_spend_limit_override"
    set_override.__name__, delete_override.__name__ = f"set_{name}", f"delete_{name}"
    set_override.__doc__ = f"Set a lower spend limit for {messages}."
    delete_override.__doc__ = f"Reset the spend limit for {messages} to the maximum."
    operation(set_override)
    operation(delete_override)


for _kind, _messages in _KINDS.items():
    _register_overrides(_kind, _messages)
