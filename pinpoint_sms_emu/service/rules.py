"""Rules that more than one operation enforces; each name reads as its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from pinpoint_sms_emu.errors import ConflictException, Identified, ResourceNotFoundException
from pinpoint_sms_emu.state.tables import LEAVING

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


class HasStatus(Identified, Protocol):
    """Something with a status."""

    status: str
    working: ClassVar[tuple[str, ...]]


class Owned(Identified, Protocol):
    """Something that belongs to an account."""

    @property
    def account_id(self) -> str:
        """The account."""


class Protectable(Identified, Protocol):
    """Something that can be protected from deletion."""

    deletion_protection_enabled: bool


def must_be_active(resource: HasStatus) -> None:
    """Refuse a resource that is not, or no longer, ACTIVE; of agents some of a kind may do."""
    if resource.status not in resource.working:
        raise ConflictException("RESOURCE_NOT_ACTIVE", resource)


def must_be_set_up(resource: HasStatus) -> None:
    """Refuse to change a resource that is not, or no longer, there; one that is new will do.

    Observed of pools that are CREATING and of numbers that are PENDING.
    """
    if resource.status not in ("CREATING", "PENDING"):
        must_be_active(resource)


def must_not_be_leaving(resource: HasStatus) -> None:
    """Do not find what was released or deleted: Describe still lists it for a while."""
    if resource.status in LEAVING:
        raise ResourceNotFoundException(resource)


def must_be_own(account: Account, resource: Owned) -> None:
    """Do not find what another account shares, where the call is about one's own resources.

    User guide, "Working with shared resources": accounts that a resource is shared with "can use
    and view" it.
    """
    if resource.account_id != account.account_id:
        raise ResourceNotFoundException(resource)


def must_not_be_protected(resource: Protectable) -> None:
    """Refuse to delete what its owner has protected from deletion."""
    if resource.deletion_protection_enabled:
        raise ConflictException("DELETION_PROTECTION_ENABLED", resource)
