"""Account attributes and limits: the tier, the default protect configuration, and the quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinpoint_sms_emu.resources.protect_configurations import account_default
from pinpoint_sms_emu.service.listing import Paginated, listed
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.wire.model import service_model

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


@operation
def describe_account_attributes(account: Account) -> Paginated[dict[str, str]]:
    """List the tier, and the default protect configuration if there is one."""
    attributes = [{"name": "ACCOUNT_TIER", "value": account.settings.account_tier}]
    if default := account_default(account):
        attributes.append({"name": "DEFAULT_PROTECT_CONFIGURATION_ID", "value": default.id})
    return listed(attributes)


@operation
def describe_account_limits(account: Account) -> Paginated[dict[str, str | int]]:
    """List the number of resources of each kind, and its quota."""
    used = {table.quota: table.used for table in account.tables.values()}
    names = service_model().shapes["AccountLimitName"]["enum"]
    quotas = {name: f"{name}_PER_ACCOUNT" for name in names}
    # A limit of a newer model may have no quota here yet.
    return listed(
        [
            {"name": name, "used": used.get(quota, 0), "max": account.quota(quota)}
            for name, quota in quotas.items()
            if quota in account.settings.quotas
        ]
    )
