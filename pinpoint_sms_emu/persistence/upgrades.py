"""Upgrades documents of earlier versions, one step a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pinpoint_sms_emu.wire.model import snake


def _to_version_2(document: dict[str, Any]) -> None:
    """Rename members, and add the account of the pool to pool memberships."""
    _rename(document, {"chance": "random_source", "agenda": "scheduler"})
    for message in document["messages"]["kept"]:
        _rename(message, _NEW_NAMES_IN_MESSAGES)
        message["rcs_content"] = _in_snake_case(message.get("rcs_content"))
    for account in document["accounts"]:
        for registration in account["registrations"]:
            former = registration["registration_type"]
            registration["registration_type"] = _NEW_TYPES.get(former, former)
    _name_accounts_of_pools(document)
    _rename(document["random_source"], {"drawn": "position"})
    _rename(document["events"], {"forgotten": "lost"})
    for record in document["events"]["published"]:
        _rename(record, {"parcels": "deliveries", "notice": "account_event"})
        record["id"] = record["id"].replace("notice/", "account-event/")
        for delivery in record["deliveries"]:
            delivery["status"] = {"forgotten": "lost"}.get(delivery["status"], delivery["status"])
    for entry in document["scheduler"]["entries"]:
        entry["job"] = _NEW_JOBS.get(entry["job"], entry["job"])
    document["faults"]["random_source"] = {"seed": document["random_source"]["seed"], "position": 0}
    document["version"] = 2


# Version 1 kept only the id of a pool, which could belong to another account.


def _name_accounts_of_pools(document: Mapping[str, Any]) -> None:
    """Add the account of each pool of another account to its members and its messages."""
    accounts = {(each["account_id"], each["region"]): each for each in document["accounts"]}
    for account in accounts.values():
        place = account["account_id"], account["region"]
        for member in (*account["phone_numbers"], *account["rcs_agents"]):
            pool = _pool_of_another(accounts, place, member["pool_id"])
            member["pool_account_id"] = pool and _account_of(pool)
        for sender_id in account["sender_ids"]:
            pools = {
                each: _pool_of_another(accounts, place, each) for each in sender_id["pool_ids"]
            }
            sender_id["pool_ids"] = [name for name, pool in pools.items() if pool is None]
            sender_id["shared_pool_arns"] = [pool["arn"] for pool in pools.values() if pool]
    for message in document["messages"]["kept"]:
        place = message["account_id"], message["region"]
        pool = _pool_of_another(accounts, place, message["pool_id"])
        message["pool_account_id"] = pool and _account_of(pool)


def _pool_of_another(
    accounts: Mapping[tuple[str, str], Mapping[str, Any]],
    place: tuple[str, str],
    pool_id: str | None,
) -> Mapping[str, Any] | None:
    """Return the pool of another account with this id, or None if the account has it itself."""
    account_id, region = place
    own = accounts.get(place, {}).get("pools", ())
    if pool_id is None or any(pool["id"] == pool_id for pool in own):
        return None
    found = [
        pool
        for (_, other_region), account in accounts.items()
        for pool in account["pools"]
        if other_region == region and pool["id"] == pool_id
    ]
    # If two other accounts have the same id, it is the pool with this member.
    found.sort(key=lambda pool: account_id not in pool["visitors"])
    return found[0] if found else None


def _account_of(resource: Mapping[str, Any]) -> str:
    account_id: str = resource["arn"].split(":")[4]
    return account_id


# Registration types: no source has the former name.
_NEW_TYPES: Final = {"US_RCS_REGISTRATION": "US_RCS_LAUNCH_REGISTRATION"}
_NEW_NAMES_IN_MESSAGES: Final = {
    "ahead": "pending_events",
    "heard": "history",
    "rcs_message_content": "rcs_content",
    "told": "two_way_payload",
}
_NEW_JOBS: Final = {
    "hear": "record_next_event",
    "give_up": "expire_feedback",
    "forget": "remove_deleted",
}


def _rename(members: dict[str, Any], names: Mapping[str, str]) -> None:
    for former, name in names.items():
        if former in members:
            members[name] = members.pop(former)


def _in_snake_case(value: Any) -> Any:
    """Convert AWS's member names to snake case."""
    if isinstance(value, list):
        return [_in_snake_case(each) for each in value]
    if isinstance(value, dict):
        return {snake(name): _in_snake_case(each) for name, each in value.items()}
    return value


UPGRADES: Final[tuple[Callable[[dict[str, Any]], None], ...]] = (_to_version_2,)
