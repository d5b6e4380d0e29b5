"""The life of an account in which every answer has all its members."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from pinpoint_sms_emu import Emulator
from tests.filling import PDF, fill_in

TAGS = [{"Key": "team", "Value": "a"}]
TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"
ROLE = "arn:aws:iam::123456789012:role/answers"
PERSON = "+14255550101"
TWO_WAY = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC, "TwoWayChannelRole": ROLE}
SINKS = {
    "log": {
        "CloudWatchLogsDestination": {
            "IamRoleArn": ROLE,
            "LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:events",
        }
    },
    "stream": {
        "KinesisFirehoseDestination": {
            "IamRoleArn": ROLE,
            "DeliveryStreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/events",
        }
    },
    "topic": {"SnsDestination": {"TopicArn": TOPIC}},
}


def live(sms: Any, emulator: Emulator) -> None:
    """Create, use, change, describe and delete resources of every kind."""
    for part in (
        _sets,
        _protection,
        _lists,
        _registrations,
        _numbers,
        _senders,
        _agents,
        _notify,
        _tester,
        _spending,
    ):
        part(sms, emulator)


def _sets(sms: Any, _emulator: Emulator) -> None:
    name = {"ConfigurationSetName": "life"}
    sms.create_configuration_set(Tags=TAGS, **name)
    for sink, given in SINKS.items():
        event = {"EventDestinationName": sink, **name}
        sms.create_event_destination(MatchingEventTypes=["ALL"], **given, **event)
        sms.update_event_destination(Enabled=False, **event)
    sms.set_default_message_type(MessageType="PROMOTIONAL", **name)
    sms.set_default_sender_id(SenderId="ACME", **name)
    sms.set_default_message_feedback_enabled(MessageFeedbackEnabled=True, **name)
    protection = sms.create_protect_configuration(Tags=TAGS)["ProtectConfigurationId"]
    pair = {"ProtectConfigurationId": protection, **name}
    sms.associate_protect_configuration(**pair)
    sms.describe_configuration_sets()
    sms.disassociate_protect_configuration(**pair)
    for sink, given in SINKS.items():
        sms.create_configuration_set(ConfigurationSetName=sink)
        event = {"EventDestinationName": "only", "ConfigurationSetName": sink}
        sms.create_event_destination(MatchingEventTypes=["ALL"], **given, **event)
        sms.delete_event_destination(**event)
    sms.delete_configuration_set(**name)
    sms.create_configuration_set(**name)
    sms.set_default_message_type(MessageType="PROMOTIONAL", **name)
    sms.set_default_sender_id(SenderId="ACME", **name)
    sms.delete_default_message_type(**name)
    sms.delete_default_sender_id(**name)


def _protection(sms: Any, _emulator: Emulator) -> None:
    name = {"ProtectConfigurationId": sms.create_protect_configuration()["ProtectConfigurationId"]}
    rules = {"NumberCapability": "SMS", **name}
    sms.update_protect_configuration_country_rule_set(
        CountryRuleSetUpdates={"FR": {"ProtectStatus": "BLOCK"}}, **rules
    )
    sms.get_protect_configuration_country_rule_set(**rules)
    person = {"DestinationPhoneNumber": PERSON, **name}
    sms.put_protect_configuration_rule_set_number_override(
        Action="ALLOW", ExpirationTimestamp=4_000_000_000, **person
    )
    sms.list_protect_configuration_rule_set_number_overrides(**name)
    sms.delete_protect_configuration_rule_set_number_override(**person)
    sms.update_protect_configuration(DeletionProtectionEnabled=False, **name)
    sms.set_account_default_protect_configuration(**name)
    sms.describe_protect_configurations()
    sms.describe_account_attributes()
    sms.delete_account_default_protect_configuration()
    sms.delete_protect_configuration(**name)


def _lists(sms: Any, _emulator: Emulator) -> None:
    name = {"OptOutListName": "life"}
    made = sms.create_opt_out_list(Tags=TAGS, **name)
    sms.tag_resource(ResourceArn=made["OptOutListArn"], Tags=TAGS)
    sms.list_tags_for_resource(ResourceArn=made["OptOutListArn"])
    policy = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sms-voice:*"}}'
    sms.put_resource_policy(ResourceArn=made["OptOutListArn"], Policy=policy)
    sms.get_resource_policy(ResourceArn=made["OptOutListArn"])
    sms.delete_resource_policy(ResourceArn=made["OptOutListArn"])
    sms.put_opted_out_number(OptedOutNumber=PERSON, **name)
    sms.describe_opted_out_numbers(**name)
    sms.delete_opted_out_number(OptedOutNumber=PERSON, **name)
    sms.delete_opt_out_list(**name)


# Registrations.


def register(sms: Any, registration_type: str, resource_id: str | None = None) -> str:
    """Create and submit a registration; return its id."""
    made: str = sms.create_registration(RegistrationType=registration_type, Tags=TAGS)[
        "RegistrationId"
    ]
    if resource_id:
        sms.create_registration_association(RegistrationId=made, ResourceId=resource_id)
    fill_in(sms, SimpleNamespace(id=made, registration_type=registration_type))
    sms.submit_registration_version(RegistrationId=made)
    sms.describe_registrations(RegistrationIds=[made])
    return made


def _registrations(sms: Any, emulator: Emulator) -> None:
    for kind in sms.describe_registration_type_definitions()["RegistrationTypeDefinitions"]:
        for describe in (
            sms.describe_registration_section_definitions,
            sms.describe_registration_field_definitions,
        ):
            describe(RegistrationType=kind["RegistrationType"])
    file = {"AttachmentUrl": "s3://files/a.pdf"}
    kept = sms.create_registration_attachment(Tags=TAGS, **file)["RegistrationAttachmentId"]
    sms.describe_registration_attachments()
    sms.delete_registration_attachment(RegistrationAttachmentId=kept)
    sms.create_registration_attachment(AttachmentUrl="s3://files/a.zip")
    for each in sms.describe_registration_attachments()["RegistrationAttachments"]:
        sms.delete_registration_attachment(
            RegistrationAttachmentId=each["RegistrationAttachmentId"]
        )
    _values(sms)
    _reviews(sms, emulator)


def _values(sms: Any) -> None:
    toll_free = "US_TOLL_FREE_REGISTRATION"
    name = {"RegistrationId": sms.create_registration(RegistrationType=toll_free)["RegistrationId"]}
    file = sms.create_registration_attachment(AttachmentBody=PDF)["RegistrationAttachmentId"]
    sms.describe_registration_attachments()
    values: dict[str, dict[str, Any]] = {
        "companyInfo.companyName": {"TextValue": "Acme"},
        "messagingUseCase.optInType": {"SelectChoices": ["DIGITAL_FORM"]},
        "messagingUseCase.optInImage": {"RegistrationAttachmentId": file},
    }
    for path, value in values.items():
        sms.put_registration_field_value(FieldPath=path, **value, **name)
    sms.describe_registration_field_values(**name)
    for path in ("companyInfo.companyName", "messagingUseCase.optInType"):
        sms.delete_registration_field_value(FieldPath=path, **name)
    sms.delete_registration_field_value(FieldPath="messagingUseCase.optInImage", **name)
    sms.discard_registration_version(**name)
    sms.delete_registration(**name)


def _reviews(sms: Any, emulator: Emulator) -> None:
    name = {"RegistrationId": sms.create_registration(RegistrationType=BRAND)["RegistrationId"]}
    fill_in(sms, SimpleNamespace(id=name["RegistrationId"], registration_type=BRAND))
    sms.submit_registration_version(AwsReview=True, **name)
    for decision in ("AWS_REVIEWING", "REVIEWING", "REQUIRES_AUTHENTICATION"):
        emulator.review(name["RegistrationId"], decision)
    emulator.review(
        name["RegistrationId"],
        "REQUIRES_UPDATES",
        reason="BRAND_MULTI_USE",
        fields={"companyInfo.city": "INVALID_FIELD_VALUE"},
    )
    sms.describe_registration_versions(**name)
    sms.describe_registration_field_values(**name)
    sms.discard_registration_version(**name)
    for _ in range(2):
        sms.create_registration_version(**name)
        fill_in(sms, SimpleNamespace(id=name["RegistrationId"], registration_type=BRAND))
        sms.submit_registration_version(**name)
        emulator.review(name["RegistrationId"], "COMPLETE")
    emulator.review(name["RegistrationId"], "CLOSED")
    sms.describe_registrations()
    sms.describe_registration_versions(**name)
    sms.delete_registration(**name)


BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
CAMPAIGN = "US_TEN_DLC_CAMPAIGN_REGISTRATION"


# Identities.


def _numbers(sms: Any, emulator: Emulator) -> None:
    campaign = register(sms, CAMPAIGN, register(sms, BRAND))
    ours = {
        "IsoCountryCode": "US",
        "MessageType": "TRANSACTIONAL",
        "NumberCapabilities": ["SMS", "VOICE"],
    }
    sms.list_available_phone_numbers(
        IsoCountryCode="US", NumberCapabilities=["SMS"], NumberType="TEN_DLC", MaxResults=1
    )
    toll_free = sms.request_phone_number(NumberType="TOLL_FREE", **ours)["PhoneNumberId"]
    sms.describe_phone_numbers()
    register(sms, "US_TOLL_FREE_REGISTRATION", toll_free)
    first = sms.request_phone_number(
        NumberType="TEN_DLC", RegistrationId=campaign, Tags=TAGS, **ours
    )["PhoneNumberId"]
    sms.describe_phone_numbers()
    sms.list_registration_associations(RegistrationId=campaign)
    sms.update_phone_number(PhoneNumberId=first, **TWO_WAY)
    pool = {"PoolId": _pool(sms, first)}
    sms.request_phone_number(NumberType="LONG_CODE", PoolId=pool["PoolId"], **ours)
    sms.describe_phone_numbers()
    number = emulator.add_number("+12065550100", two_way_enabled=True, two_way_channel_arn=TOPIC,
                                 two_way_channel_role=ROLE)  # fmt: skip
    _messages(sms, number.phone_number_id)
    member = {"OriginationIdentity": number.phone_number_id, "IsoCountryCode": "US", **pool}
    sms.associate_origination_identity(**member)
    sms.describe_pools()
    sms.list_pool_origination_identities(**pool)
    sms.disassociate_origination_identity(**member)
    sms.delete_pool(**pool)
    sms.release_phone_number(PhoneNumberId=first)
    sms.describe_phone_numbers()


def _pool(sms: Any, first: str) -> str:
    made: str = sms.create_pool(
        OriginationIdentity=first, IsoCountryCode="US", MessageType="TRANSACTIONAL", Tags=TAGS
    )["PoolId"]
    sms.describe_pools()
    sms.update_pool(PoolId=made, SharedRoutesEnabled=True)
    return made


def _messages(sms: Any, number: str) -> None:
    given = {"DestinationPhoneNumber": PERSON, "OriginationIdentity": number}
    sent = sms.send_text_message(MessageBody="Hello", MessageFeedbackEnabled=True, **given)
    sms.put_message_feedback(MessageId=sent["MessageId"], MessageFeedbackStatus="RECEIVED")
    sms.send_media_message(MessageBody="Hello", **given)
    sms.send_voice_message(MessageBody="Hello", **given)
    for phone, cleansing in (("+447700900123", False), ("+4407911123456", True)):
        sms.carrier_lookup(PhoneNumber=phone, EnableCleansing=cleansing)
    sms.carrier_lookup(PhoneNumber="+14254147755")
    keyword = {"OriginationIdentity": number, "Keyword": "SHOP"}
    sms.put_keyword(KeywordMessage="Open", **keyword)
    sms.describe_keywords(OriginationIdentity=number)
    sms.delete_keyword(**keyword)


def _senders(sms: Any, _emulator: Emulator) -> None:
    sms.request_sender_id(SenderId="ACME", IsoCountryCode="DE", Tags=TAGS)
    register(sms, "GB_SENDER_ID_REGISTRATION")
    [registered] = [each for each in sms.describe_sender_ids()["SenderIds"] if each["Registered"]]
    name = {member: registered[member] for member in ("SenderId", "IsoCountryCode")}
    sms.list_registration_associations(RegistrationId=registered["RegistrationId"])
    sms.update_sender_id(DeletionProtectionEnabled=False, **name)
    sms.release_sender_id(**name)


def _agents(sms: Any, emulator: Emulator) -> None:
    agent = sms.create_rcs_agent(Tags=TAGS, OptOutListName="Default")["RcsAgentId"]
    sms.describe_rcs_agents()
    media = {
        "TwoWayMediaS3BucketName": "bucket",
        "TwoWayMediaS3KeyPrefix": "files",
        "TwoWayMediaS3Role": ROLE,
        "TwoWayRcsEventsEnabled": ["ALL"],
    }
    sms.update_rcs_agent(RcsAgentId=agent, **TWO_WAY, **media)
    testing = register(sms, "TEST_RCS_LAUNCH_REGISTRATION", agent)
    launch = register(sms, "CA_RCS_LAUNCH_REGISTRATION", agent)
    sms.describe_rcs_agent_country_launch_status(RcsAgentId=agent)
    pool = sms.create_pool(OriginationIdentity=agent, MessageType="TRANSACTIONAL")["PoolId"]
    sms.describe_pools()
    sms.describe_rcs_agents()
    sms.delete_pool(PoolId=pool)
    content = {"Content": {"TextMessage": {"Body": "Hello"}}}
    sms.send_rcs_message(
        DestinationPhoneNumber="+16135550100", OriginationIdentity=agent, RcsMessageContent=content
    )
    for each in (launch, testing):
        sms.delete_registration(RegistrationId=each)
    sms.delete_rcs_agent(RcsAgentId=agent)


def _notify(sms: Any, emulator: Emulator) -> None:
    number = emulator.add_number("+12065550177").phone_number_id
    pool = _pool(sms, number)
    template = "notify-code-verification-english-001"
    made = sms.create_notify_configuration(
        DisplayName="Acme",
        UseCase="CODE_VERIFICATION",
        EnabledChannels=["SMS", "VOICE"],
        EnabledCountries=["US"],
        DefaultTemplateId=template,
        PoolId=pool,
        Tags=TAGS,
    )
    name = {"NotifyConfigurationId": made["NotifyConfigurationId"]}
    sms.describe_notify_configurations()
    sms.update_notify_configuration(DeletionProtectionEnabled=False, **name)
    told = {"DestinationPhoneNumber": PERSON, "TemplateVariables": {"code": "123456"}}
    sms.send_notify_text_message(**told, **name)
    sms.send_notify_voice_message(**told, **name)
    sms.delete_notify_configuration(**name)
    rude = {"DisplayName": "shit", "UseCase": "CODE_VERIFICATION", "EnabledChannels": ["SMS"]}
    name = {
        "NotifyConfigurationId": sms.create_notify_configuration(**rude)["NotifyConfigurationId"]
    }
    sms.describe_notify_configurations()
    sms.update_notify_configuration(DeletionProtectionEnabled=False, **name)
    sms.delete_notify_configuration(**name)
    sms.describe_notify_templates()
    sms.list_notify_countries()


def _tester(sms: Any, emulator: Emulator) -> None:
    agent = sms.create_rcs_agent()["RcsAgentId"]
    made = sms.create_verified_destination_number(
        DestinationPhoneNumber="+14255550177", RcsAgentId=agent, Tags=TAGS
    )
    sms.describe_verified_destination_numbers()
    sms.delete_verified_destination_number(
        VerifiedDestinationNumberId=made["VerifiedDestinationNumberId"]
    )
    made = sms.create_verified_destination_number(DestinationPhoneNumber="+14255550178")
    name = {"VerifiedDestinationNumberId": made["VerifiedDestinationNumberId"]}
    sms.send_destination_number_verification_code(VerificationChannel="TEXT", **name)
    [code] = emulator.messages[-1].codes
    sms.verify_destination_number(VerificationCode=code, **name)


def _spending(sms: Any, _emulator: Emulator) -> None:
    for kind in ("text", "voice", "media", "notify", "rcs"):
        call: Callable[..., Any] = getattr(sms, f"set_{kind}_message_spend_limit_override")
        call(MonthlyLimit=1)
        getattr(sms, f"delete_{kind}_message_spend_limit_override")()
    sms.describe_spend_limits()
    sms.describe_account_limits()
