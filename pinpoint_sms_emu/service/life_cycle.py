"""Scheduled changes of a resource's status, after the call has returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


@job
def activate(_account: Account, resource: Resource) -> None:
    """Finish setting up a resource."""
    if resource.status in ("PENDING", "CREATING", "ASSOCIATING"):
        resource.status = "ACTIVE"


@job
def remove_deleted(account: Account, resource: Resource) -> None:
    """Remove a deleted resource, which Describe no longer lists."""
    account.tables[resource.kind].remove(resource)
