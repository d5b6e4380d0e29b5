"""Rules that several operations enforce; each name states the rule."""

from __future__ import annotations

from typing import ClassVar, Protocol

from pinpoint_sms_emu.errors import ConflictException, Identified, ResourceNotFoundException
from pinpoint_sms_emu.state.tables import LEAVING


class HasStatus(Identified, Protocol):
    """A resource with a status."""

    status: str
    working: ClassVar[tuple[str, ...]]


class Protectable(Identified, Protocol):
    """A resource with deletion protection."""

    deletion_protection_enabled: bool


def must_be_active(resource: HasStatus) -> None:
    """Refuse a resource whose status is not ACTIVE, or not one of the kind's `working` ones."""
    if resource.status not in resource.working:
        raise ConflictException("RESOURCE_NOT_ACTIVE", resource)


def must_be_set_up(resource: HasStatus) -> None:
    """Refuse to change a resource that is neither working nor being created.

    Observed of pools that are CREATING and of numbers that are PENDING.
    """
    if resource.status not in ("CREATING", "PENDING"):
        must_be_active(resource)


def must_not_be_leaving(resource: HasStatus) -> None:
    """Treat a released or deleted resource as not found, although Describe still lists it."""
    if resource.status in LEAVING:
        raise ResourceNotFoundException(resource)


def must_not_be_protected(resource: Protectable) -> None:
    """Refuse to delete a resource with deletion protection."""
    if resource.deletion_protection_enabled:
        raise ConflictException("DELETION_PROTECTION_ENABLED", resource)
