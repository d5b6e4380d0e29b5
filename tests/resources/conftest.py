"""Fixtures of the tests of resources: more identities than one number and one pool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.registrations.attachments import RegistrationAttachment
from pinpoint_sms_emu.resources.registrations.registrations import Registration
from pinpoint_sms_emu.resources.sender_ids import SenderId
from pinpoint_sms_emu.service.account import Account
from tests.filling import PDF, fill_in


@pytest.fixture
def lease(sms: Any, account: Account) -> Callable[..., PhoneNumber]:
    """Request ACTIVE numbers, by default US long codes for text and voice."""

    def make(**members: Any) -> PhoneNumber:
        usual = {
            "IsoCountryCode": "US",
            "MessageType": "TRANSACTIONAL",
            "NumberCapabilities": ["SMS", "VOICE"],
            "NumberType": "LONG_CODE",
        }
        leased = sms.request_phone_number(**(usual | members))
        sms.describe_phone_numbers()
        return account.phone_numbers[leased["PhoneNumberId"]]

    return make


@pytest.fixture
def sender_id(sms: Any, account: Account) -> SenderId:
    """A British sender ID for both types of messages."""
    sms.request_sender_id(
        SenderId="EXAMPLE",
        IsoCountryCode="GB",
        MessageTypes=["TRANSACTIONAL", "PROMOTIONAL"],
    )
    sms.describe_sender_ids()
    return account.sender_ids["EXAMPLE/GB"]


@pytest.fixture
def agent(sms: Any, account: Account) -> RcsAgent:
    """An ACTIVE RCS agent."""
    made = sms.create_rcs_agent()
    sms.describe_rcs_agents()
    return account.rcs_agents[made["RcsAgentId"]]


# Registrations.


BRAND = "US_TEN_DLC_BRAND_REGISTRATION"


@pytest.fixture
def register(sms: Any, account: Account) -> Callable[..., Registration]:
    """Create registrations, by default of a brand."""

    def make(registration_type: str = BRAND, **members: Any) -> Registration:
        made = sms.create_registration(RegistrationType=registration_type, **members)
        return account.registrations[made["RegistrationId"]]

    return make


@pytest.fixture
def registration(register: Callable[..., Registration]) -> Registration:
    """An empty registration of a brand, which needs no identity."""
    return register()


@pytest.fixture
def submit(sms: Any) -> Callable[..., dict[str, Any]]:
    """Fill in a registration's current version, and submit it."""

    def hand_in(registration: Registration, **members: Any) -> dict[str, Any]:
        fill_in(sms, registration)
        answer: dict[str, Any] = sms.submit_registration_version(
            RegistrationId=registration.id, **members
        )
        return answer

    return hand_in


@pytest.fixture
def attachment(sms: Any, account: Account) -> RegistrationAttachment:
    """An uploaded file."""
    made = sms.create_registration_attachment(AttachmentBody=PDF)
    sms.describe_registration_attachments()
    return account.registration_attachments[made["RegistrationAttachmentId"]]
