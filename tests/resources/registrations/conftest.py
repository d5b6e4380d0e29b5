"""Fixtures of the tests of registrations: identities to register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.resources.registrations.registrations import Registration
from pinpoint_sms_emu.resources.sender_ids import SenderId
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.state.tables import Resource

SENDER_ID = "GB_SENDER_ID_REGISTRATION"
TOLL_FREE = "US_TOLL_FREE_REGISTRATION"


@pytest.fixture
def associate(sms: Any) -> Callable[..., Any]:
    """Associate an identity with a registration."""

    def link(registration: Registration, resource: Resource) -> Any:
        return sms.create_registration_association(
            RegistrationId=registration.id, ResourceId=resource.id
        )

    return link


@pytest.fixture
def status_of(sms: Any) -> Callable[[Registration], Any]:
    """Return the status of a registration."""

    def tell(registration: Registration) -> Any:
        answer = sms.describe_registrations(RegistrationIds=[registration.id])
        return answer["Registrations"][0]["RegistrationStatus"]

    return tell


@pytest.fixture
def toll_free(
    register: Callable[..., Registration],
    lease: Callable[..., Resource],
    associate: Callable[..., Any],
) -> Registration:
    """A registration with an associated toll-free number."""
    registration = register(TOLL_FREE)
    associate(registration, lease(NumberType="TOLL_FREE", NumberCapabilities=["SMS"]))
    return registration


@pytest.fixture
def complete(
    register: Callable[..., Registration], submit: Callable[..., Any], emulator: Emulator
) -> Callable[[str], Registration]:
    """Create registrations that are COMPLETE."""

    def make(registration_type: str) -> Registration:
        registration = register(registration_type)
        submit(registration)
        emulator.review(registration.id, "COMPLETE")
        return registration

    return make


@pytest.fixture
def registered_sender(
    complete: Callable[[str], Registration], account: Account
) -> tuple[Registration, SenderId]:
    """A COMPLETE registration of a sender ID, and the sender ID."""
    registration = complete(SENDER_ID)
    (sender,) = account.sender_ids
    return registration, sender
