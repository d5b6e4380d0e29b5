"""The inventory: the resources of an account in a Region, as JSON.

It is made from the account's tables, so it contains new kinds of resources without changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from pinpoint_sms_emu.messaging.events.deliveries import EVENT_BRIDGE
from pinpoint_sms_emu.resources import spend_limits
from pinpoint_sms_emu.resources.configuration_sets import ConfigurationSet
from pinpoint_sms_emu.resources.identities import members
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.service.account import Account, StateInterface
from pinpoint_sms_emu.state.tables import Entries, Entry
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION
from pinpoint_sms_emu.wording import nearest, quoted

# Only the latest entries are listed, since there may be a million, such as opted-out numbers.
MAX_ENTRIES = 100
# The number of records that are searched, and of deliveries that are listed per destination.
MAX_RECORDS = 1_000
MAX_DELIVERIES = 5

# Attributes that are of no interest to users.
_LEFT_OUT = ("sequence",)

# The last deliveries, by the names of the configuration set and of the destination.
_Deliveries: TypeAlias = Mapping[tuple[str, str], list[dict[str, Any]]]


def count(account: Account) -> dict[str, int]:
    """Count an account's resources by kind."""
    return {kind: len(table) for kind, table in account.tables.items()}


def must_be_a_kind(state: StateInterface, kind: object) -> None:
    """Refuse what is not a kind of resource; None means all."""
    kinds = Account(state, DEFAULT_ACCOUNT, DEFAULT_REGION).tables
    if kind is not None and (not isinstance(kind, str) or kind not in kinds):
        raise ValueError(f"there is no kind {quoted(kind)}; {nearest(kind, kinds)}")


def take(account: Account, kind: str | None = None) -> dict[str, Any]:
    """List an account's resources by kind, or those of one kind, and what it has spent."""
    has_sets = kind in (None, ConfigurationSet.kind)
    deliveries = _last_deliveries(account) if has_sets else {}
    return {
        "account_id": account.account_id,
        "region": account.region,
        "spend": list(_spend(account)),
        "resources": {
            name: [_resource(account, each, deliveries) for each in table]
            for name, table in account.tables.items()
            if kind in (None, name)
        },
    }


def _spend(account: Account) -> Iterator[dict[str, Any]]:
    for kind in spend_limits.kinds():
        yield {
            "kind": kind,
            "spent": float(spend_limits.spent_this_month(account, kind)),
            "enforced_limit": spend_limits.enforced_limit(account, kind),
            "max_limit": spend_limits.max_limit(account),
            "overridden": kind in account.spend_limit_overrides,
        }


def _resource(account: Account, resource: Entry, deliveries: _Deliveries) -> dict[str, Any]:
    """Return a resource as JSON, with members and deliveries, which are stored elsewhere."""
    view: dict[str, Any] = _plain(resource)
    match resource:
        case Pool():
            view["members"] = [
                {
                    "kind": each.kind,
                    "id": each.id,
                    "phone_number": getattr(each, "phone_number", None),
                    "iso_country_code": each.iso_country_code,
                    "account_id": each.account_id,
                }
                for each in members(account, resource)
            ]
        case ConfigurationSet():
            for destination in view["event_destinations"]:
                place = resource.id, destination["id"]
                destination["last_deliveries"] = deliveries.get(place, [])
    return view


def _last_deliveries(account: Account) -> _Deliveries:
    """Return the last records that were sent to each destination of an account, latest first."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for published in account.events.published.latest(MAX_RECORDS):
        message = account.messages.get(published.message_id)
        if message is None or message.configuration_set is None:
            continue
        if (message.account_id, message.region) != (account.account_id, account.region):
            continue
        event = message.history[int(published.position)]
        for delivery in published.deliveries:
            last = found.setdefault((message.configuration_set, delivery.id), [])
            if delivery.sink != EVENT_BRIDGE and len(last) < MAX_DELIVERIES:
                last.append(
                    {
                        "event_type": event.event_type,
                        "status": delivery.status,
                        "attempts": delivery.attempts,
                        "time": event.at.isoformat(timespec="milliseconds"),
                        "recipient": message.recipient,
                        "message_id": message.id,
                        "error": delivery.error,
                    }
                )
    return found


def _plain(value: Any) -> Any:
    """Convert a value of the state to JSON."""
    match value:
        case Entries():
            return {"total": len(value), "latest": [_plain(e) for e in value.latest(MAX_ENTRIES)]}
        case Mapping():
            if any(isinstance(each, Entry) for each in value.values()):
                # Entries contain their names.
                return [_plain(each) for each in value.values()]
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case set() | frozenset():
            return sorted(map(_plain, value))
        case datetime():
            return value.isoformat()
        case Decimal():
            return float(value)
        case bytes():
            return f"{len(value)} bytes"
        case _ if is_dataclass(value):
            names = [each.name for each in fields(value) if each.name not in _LEFT_OUT]
            return {name: _plain(getattr(value, name)) for name in names}
        case _:
            return value
