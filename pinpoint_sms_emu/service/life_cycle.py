"""What resources do on their own after the call has returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


@job
def activate(_account: Account, resource: Resource) -> None:
    """A resource has been set up."""
    if resource.status in ("PENDING", "CREATING", "ASSOCIATING"):
        resource.status = "ACTIVE"


@job
def remove_deleted(account: Account, resource: Resource) -> None:
    """A resource that was deleted is gone."""
    account.tables[resource.kind].remove(resource)
