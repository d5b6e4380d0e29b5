"""Provisioning: activates the numbers and sender IDs of approved registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinpoint_sms_emu.resources import rcs_launches
from pinpoint_sms_emu.resources.registrations.number_activation import waits_for_its_registration
from pinpoint_sms_emu.resources.registrations.registered_identities import (
    SENDER_ID,
    numbers,
    sender_ids,
)
from pinpoint_sms_emu.resources.sender_ids import SenderId

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

_SENDER_ID_FIELD = "senderIdInfo.senderId"


def provision(account: Account, registration: Registration) -> bool:
    """Activate the identities of a registration; return False if the quota prevents it."""
    for number in numbers(account, registration):
        if number.status == "PENDING":
            number.status = "ACTIVE"
    has_room = _give_its_sender_id(account, registration)
    for sender in sender_ids(account, registration):
        sender.registered = True
    return has_room


def withdraw(account: Account, registration: Registration) -> None:
    """Deactivate the identities of a registration that is no longer approved."""
    for number in numbers(account, registration):
        if number.status == "ACTIVE":
            number.status = "PENDING"
    for sender in sender_ids(account, registration):
        sender.registered = False


def disassociate(account: Account, registration: Registration) -> None:
    """Remove all identities from a registration that is being deleted."""
    for number in numbers(account, registration):
        number.registration_id = None
        if number.status == "ACTIVE" and waits_for_its_registration(
            account, number.iso_country_code, number.number_type, None
        ):
            number.status = "PENDING"
    for sender in sender_ids(account, registration):
        sender.registration_id = None
    rcs_launches.unregister(account, registration.id)


def _give_its_sender_id(account: Account, registration: Registration) -> bool:
    """Create the form's sender ID: ASSOCIATE_ON_APPROVAL, "automatically provisioned"."""
    approved = registration.approved
    named = approved.values.get(_SENDER_ID_FIELD) if approved else None
    country = registration.country_of(SENDER_ID)
    if named is None or named.text_value is None or country is None:
        return True
    name = named.text_value.upper()
    sender = account.sender_ids.get(f"{name}/{country}")
    if sender is None:
        if len(account.sender_ids) >= account.quota("SENDER_IDS_PER_ACCOUNT"):
            return False
        # Not every form has the message types, so it gets both.
        sender = account.sender_ids.add(
            SenderId(
                id=name, iso_country_code=country, message_types=["TRANSACTIONAL", "PROMOTIONAL"]
            )
        )
    if sender.registration_id is None:
        sender.registration_id = registration.id
    return True
