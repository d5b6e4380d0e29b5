"""References between resources are valid in every state, also during deletion."""

import pytest

from tests.filling import PDF

pytestmark = [pytest.mark.since("1.44.5"), pytest.mark.pinpoint_sms(transition_seconds=60)]

NUMBER = {
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS"],
    "NumberType": "LONG_CODE",
}
NOTIFY = {"DisplayName": "codes", "UseCase": "CODE_VERIFICATION", "EnabledChannels": ["SMS"]}


@pytest.fixture
def settle(emulator):
    """Let all scheduled jobs run."""
    return lambda: emulator.clock.advance(seconds=60)


def a_number(sms, settle, **members):
    """An ACTIVE number."""
    leased = sms.request_phone_number(**(NUMBER | members))["PhoneNumberId"]
    settle()
    return leased


def number_and_list(sms, settle):
    """A number is released, then its list is deleted."""
    sms.create_opt_out_list(OptOutListName="ours")
    number = a_number(sms, settle, OptOutListName="ours")
    return [
        lambda: sms.release_phone_number(PhoneNumberId=number),
        lambda: sms.delete_opt_out_list(OptOutListName="ours"),
    ]


def pool_and_list(sms, settle):
    """A pool is deleted, its number gets another list, then its list is deleted."""
    sms.create_opt_out_list(OptOutListName="ours")
    number = a_number(sms, settle, OptOutListName="ours")
    pool = sms.create_pool(OriginationIdentity=number, MessageType="TRANSACTIONAL")["PoolId"]
    settle()
    return [
        lambda: sms.delete_pool(PoolId=pool),
        lambda: sms.update_phone_number(PhoneNumberId=number, OptOutListName="Default"),
        lambda: sms.delete_opt_out_list(OptOutListName="ours"),
    ]


def agent_and_list(sms, settle):
    """An agent is deleted, then its list."""
    sms.create_opt_out_list(OptOutListName="ours")
    agent = sms.create_rcs_agent(OptOutListName="ours")["RcsAgentId"]
    settle()
    return [
        lambda: sms.delete_rcs_agent(RcsAgentId=agent),
        lambda: sms.delete_opt_out_list(OptOutListName="ours"),
    ]


def number_and_registration(sms, settle):
    """A number is released, then its registration, which has no numbers left, is deleted."""
    number = a_number(sms, settle, NumberType="TOLL_FREE")
    made = sms.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")["RegistrationId"]
    sms.create_registration_association(RegistrationId=made, ResourceId=number)
    settle()
    return [
        lambda: sms.release_phone_number(PhoneNumberId=number),
        settle,
        lambda: sms.delete_registration(RegistrationId=made),
    ]


def sender_id_and_registration(sms, settle):
    """A sender ID is released, then its registration is deleted."""
    made = sms.create_registration(RegistrationType="GB_SENDER_ID_REGISTRATION")["RegistrationId"]
    named = {"SenderId": "SHOP", "IsoCountryCode": "GB"}
    sender_id = sms.request_sender_id(**named)["SenderIdArn"]
    settle()
    sms.create_registration_association(RegistrationId=made, ResourceId=sender_id)
    settle()
    return [
        lambda: sms.release_sender_id(**named),
        lambda: sms.delete_registration(RegistrationId=made),
    ]


def pool_and_its_numbers(sms, settle):
    """A pool is deleted, then its numbers are released."""
    number = a_number(sms, settle)
    pool = sms.create_pool(OriginationIdentity=number, MessageType="TRANSACTIONAL")["PoolId"]
    settle()
    return [
        lambda: sms.delete_pool(PoolId=pool),
        lambda: sms.release_phone_number(PhoneNumberId=number),
    ]


def notify_and_pool(sms, settle):
    """A notify configuration is deleted, then its pool."""
    number = a_number(sms, settle)
    pool = sms.create_pool(OriginationIdentity=number, MessageType="TRANSACTIONAL")["PoolId"]
    settle()
    made = sms.create_notify_configuration(PoolId=pool, **NOTIFY)["NotifyConfigurationId"]
    settle()
    return [
        lambda: sms.delete_notify_configuration(NotifyConfigurationId=made),
        lambda: sms.delete_pool(PoolId=pool),
    ]


def agent_and_tester(sms, settle):
    """An agent with testers is deleted."""
    agent = sms.create_rcs_agent()["RcsAgentId"]
    settle()
    sms.create_verified_destination_number(DestinationPhoneNumber="+14255550100", RcsAgentId=agent)
    return [lambda: sms.delete_rcs_agent(RcsAgentId=agent)]


def set_and_protection(sms, settle):
    """A configuration set is deleted, then its protect configuration."""
    sms.create_configuration_set(ConfigurationSetName="ours")
    made = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.associate_protect_configuration(ProtectConfigurationId=made, ConfigurationSetName="ours")
    settle()
    return [
        lambda: sms.delete_configuration_set(ConfigurationSetName="ours"),
        lambda: sms.delete_protect_configuration(ProtectConfigurationId=made),
    ]


def registration_and_attachment(sms, settle):
    """An attachment that a draft uses is deleted."""
    made = sms.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")["RegistrationId"]
    attachment = sms.create_registration_attachment(AttachmentBody=PDF)["RegistrationAttachmentId"]
    settle()
    sms.put_registration_field_value(
        RegistrationId=made,
        FieldPath="messagingUseCase.optInImage",
        RegistrationAttachmentId=attachment,
    )
    return [
        lambda: sms.delete_registration_attachment(RegistrationAttachmentId=attachment),
        lambda: sms.delete_registration(RegistrationId=made),
    ]


@pytest.mark.rule("optout-delete-leaving-holders")
@pytest.mark.parametrize("steps", [number_and_list, pool_and_list, agent_and_list])
def test_a_list_that_only_leaving_resources_have_can_be_deleted(sms, emulator, settle, steps):
    """They have the list Default from then on, and describing or restoring them works."""
    for step in steps(sms, settle):
        step()
    emulator.restore(emulator.snapshot())

    found = [
        *sms.describe_phone_numbers()["PhoneNumbers"],
        *sms.describe_pools()["Pools"],
        *sms.describe_rcs_agents()["RcsAgents"],
    ]

    assert {each["OptOutListName"] for each in found} == {"Default"}
    assert {"DISASSOCIATING", "DELETING", "DELETED"} & {each["Status"] for each in found}


@pytest.mark.parametrize(
    "steps",
    [
        number_and_list,
        pool_and_list,
        agent_and_list,
        number_and_registration,
        sender_id_and_registration,
        pool_and_its_numbers,
        notify_and_pool,
        agent_and_tester,
        set_and_protection,
        registration_and_attachment,
    ],
    ids=lambda each: each.__name__,
)
def test_every_state_can_be_restored(sms, emulator, settle, steps):
    """After each step, before and after its jobs have run, the state can be restored."""
    for step in steps(sms, settle):
        step()
        _is_read_again(emulator)
    for _ in range(3):
        settle()
        _is_read_again(emulator)


def _is_read_again(emulator):
    before = emulator.snapshot()
    emulator.restore(before)
    assert emulator.snapshot() == before
