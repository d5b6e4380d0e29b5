"""Configuration sets: defaults and event destinations for messages."""

import datetime as dt

import pytest

TOPIC = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:events"}
ARN = "arn:aws:sms-voice:us-east-1:123456789012:configuration-set/"

# Each operation that takes a configuration set, with its other members.
BY_NAME_OR_ARN = {
    "delete_configuration_set": {},
    "set_default_message_type": {"MessageType": "PROMOTIONAL"},
    "delete_default_message_type": {},
    "set_default_sender_id": {"SenderId": "NEWS"},
    "delete_default_sender_id": {},
    "set_default_message_feedback_enabled": {"MessageFeedbackEnabled": True},
    "update_event_destination": {"EventDestinationName": "events", "Enabled": False},
    "delete_event_destination": {"EventDestinationName": "events"},
}
# botocore knows message feedback since 1.36.
NAMING = [
    pytest.param(name, marks=pytest.mark.since("1.36"))
    if name == "set_default_message_feedback_enabled"
    else name
    for name in BY_NAME_OR_ARN
]
SENDING = {
    "send_text_message": {"MessageBody": "Hello"},
    "send_voice_message": {"MessageBody": "Hello"},
    "send_media_message": {"MediaUrls": ["s3://bucket/picture.png"]},
}


@pytest.fixture
def configuration_set(sms, account):
    """A set with one event destination."""
    sms.create_configuration_set(ConfigurationSetName="news")
    sms.create_event_destination(
        ConfigurationSetName="news",
        EventDestinationName="events",
        MatchingEventTypes=["TEXT_ALL"],
        SnsDestination=TOPIC,
    )
    return account.configuration_sets["news"]


@pytest.fixture
def mms_number(sms, account):
    """An ACTIVE US number for text, voice and MMS."""
    leased = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS", "VOICE", "MMS"],
        NumberType="LONG_CODE",
    )
    sms.describe_phone_numbers()
    return account.phone_numbers[leased["PhoneNumberId"]]


def described(sms, *query: str, **filters):
    """Describe the named or matching sets."""
    answer = sms.describe_configuration_sets(
        ConfigurationSetNames=list(query),
        Filters=[{"Name": name.replace("_", "-"), "Values": v} for name, v in filters.items()],
    )
    return answer["ConfigurationSets"]


def names(sets):
    """The names of the described sets."""
    return [each["ConfigurationSetName"] for each in sets]


def members(answer):
    """An answer without its metadata."""
    return set(answer) - {"ResponseMetadata"}


# Creating and deleting.


@pytest.mark.rule("cfgset-create-name-unique")
def test_an_existing_name_is_refused(sms, configuration_set, refused):
    """A configuration set name that exists already is refused."""
    with refused("ConflictException", "RESOURCE_ALREADY_EXISTS", about=configuration_set):
        sms.create_configuration_set(ConfigurationSetName=configuration_set.name)


@pytest.mark.rule("cfgset-create-name-format")
@pytest.mark.parametrize("name", ["a", "-", "_9Z", "a" * 64])
def test_valid_names(sms, name):
    """The name has 1 to 64 letters, digits, underscores or hyphens."""
    made = sms.create_configuration_set(ConfigurationSetName=name)

    assert made["ConfigurationSetName"] == name


@pytest.mark.rule("cfgset-create-name-format")
@pytest.mark.parametrize("name", ["", "a" * 65, "a b", "a.b", "a/b", "ä", "a\n"])
def test_invalid_names_are_refused(sms, refused, name):
    """An empty name, a long one or one with other characters is refused."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["ConfigurationSetName"]):
        sms.create_configuration_set(ConfigurationSetName=name)


@pytest.mark.rule("cfgset-create-empty", "cfgset-feedback-default", "cfgset-describe-members")
@pytest.mark.since("1.36")
def test_a_new_set_is_empty(sms):
    """A new set has no destinations and no defaults, and feedback is off."""
    sms.create_configuration_set(ConfigurationSetName="news")

    (found,) = described(sms)

    assert members(found) == {
        "ConfigurationSetArn",
        "ConfigurationSetName",
        "EventDestinations",
        "DefaultMessageFeedbackEnabled",
        "CreatedTimestamp",
    }
    assert found["EventDestinations"] == []
    assert found["DefaultMessageFeedbackEnabled"] is False


@pytest.mark.rule("cfgset-create-response", "cfgset-arn-format")
def test_members_of_the_answer_of_creation(sms, emulator):
    """The answer has only ARN, name, tags and CreatedTimestamp; the ARN ends in the name."""
    now = emulator.clock.freeze()

    made = sms.create_configuration_set(
        ConfigurationSetName="news", Tags=[{"Key": "team", "Value": "blue"}]
    )

    made.pop("ResponseMetadata")
    assert made == {
        "ConfigurationSetArn": ARN + "news",
        "ConfigurationSetName": "news",
        "Tags": [{"Key": "team", "Value": "blue"}],
        "CreatedTimestamp": now.replace(microsecond=made["CreatedTimestamp"].microsecond),
    }
    assert abs(made["CreatedTimestamp"] - now) < dt.timedelta(milliseconds=1)
    assert described(sms)[0]["ConfigurationSetArn"] == ARN + "news"


@pytest.mark.rule("cfgset-create-quota")
def test_an_account_has_at_most_25_sets(sms, refused):
    """More sets than the CONFIGURATION_SETS account limit are refused."""
    limits = sms.describe_account_limits()["AccountLimits"]
    most = next(each["Max"] for each in limits if each["Name"] == "CONFIGURATION_SETS")
    for index in range(most):
        sms.create_configuration_set(ConfigurationSetName=f"set-{index}")

    assert most == 25
    with refused("ServiceQuotaExceededException", "CONFIGURATION_SETS_PER_ACCOUNT"):
        sms.create_configuration_set(ConfigurationSetName="one-more")


@pytest.mark.rule("cfgset-create-idempotent")
def test_creation_again_with_the_same_token(sms):
    """The same ClientToken with the same parameters returns the first set, not a conflict."""
    first = sms.create_configuration_set(ConfigurationSetName="news", ClientToken="once")

    again = sms.create_configuration_set(ConfigurationSetName="news", ClientToken="once")

    assert again["ConfigurationSetArn"] == first["ConfigurationSetArn"]
    assert again["CreatedTimestamp"] == first["CreatedTimestamp"]
    assert names(described(sms)) == ["news"]


@pytest.mark.rule("cfgset-delete-returns-content", "cfgset-delete-response-feedback")
@pytest.mark.since("1.36")
def test_members_of_the_answer_of_deletion(sms, configuration_set):
    """The answer has destinations, defaults, feedback and creation time."""
    sms.set_default_message_type(
        ConfigurationSetName=configuration_set.name, MessageType="PROMOTIONAL"
    )
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="NEWS")
    sms.set_default_message_feedback_enabled(
        ConfigurationSetName=configuration_set.name, MessageFeedbackEnabled=True
    )
    (before,) = described(sms)

    deleted = sms.delete_configuration_set(ConfigurationSetName=configuration_set.name)

    deleted.pop("ResponseMetadata")
    assert deleted == before
    assert deleted["DefaultMessageType"] == "PROMOTIONAL"
    assert deleted["DefaultSenderId"] == "NEWS"
    assert deleted["DefaultMessageFeedbackEnabled"] is True
    assert [each["EventDestinationName"] for each in deleted["EventDestinations"]] == ["events"]


@pytest.mark.rule("cfgset-delete-removes-destinations")
def test_destinations_are_deleted_with_their_set(sms, configuration_set):
    """A new set of the same name has none."""
    sms.delete_configuration_set(ConfigurationSetName=configuration_set.name)
    gone = described(sms)
    sms.create_configuration_set(ConfigurationSetName=configuration_set.name)

    assert gone == []
    assert described(sms)[0]["EventDestinations"] == []


@pytest.mark.rule("cfgset-delete-no-conflict", "cfgset-delete-drops-protect-association")
def test_nothing_blocks_deletion(sms, configuration_set):
    """A set can be deleted with everything in it, which frees its protect configuration."""
    protecting = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.associate_protect_configuration(
        ProtectConfigurationId=protecting, ConfigurationSetName=configuration_set.name
    )
    sms.set_default_message_type(
        ConfigurationSetName=configuration_set.name, MessageType="PROMOTIONAL"
    )
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="NEWS")

    sms.delete_configuration_set(ConfigurationSetName=configuration_set.name)
    sms.delete_protect_configuration(ProtectConfigurationId=protecting)

    assert described(sms) == []
    assert sms.describe_protect_configurations()["ProtectConfigurations"] == []


# Naming a set.


@pytest.mark.rule("cfgset-name-or-arn")
@pytest.mark.parametrize("name", ["news", ARN + "news"])
@pytest.mark.parametrize("operation", NAMING)
def test_a_set_is_named_by_name_or_arn(sms, configuration_set, operation, name):
    """ConfigurationSetName takes either; answers have both."""
    answer = getattr(sms, operation)(ConfigurationSetName=name, **BY_NAME_OR_ARN[operation])

    assert answer["ConfigurationSetName"] == configuration_set.name
    assert answer["ConfigurationSetArn"] == configuration_set.arn


@pytest.mark.rule("cfgset-name-or-arn")
@pytest.mark.parametrize("name", ["news", ARN + "news"])
@pytest.mark.parametrize("operation", SENDING)
def test_send_requests_name_a_set_by_name_or_arn(
    sms, emulator, configuration_set, mms_number, operation, name
):
    """A message's ConfigurationSetName takes the name or the ARN."""
    getattr(sms, operation)(
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity=mms_number.id,
        ConfigurationSetName=name,
        **SENDING[operation],
    )

    assert [each.configuration_set for each in emulator.messages] == [configuration_set.name]


@pytest.mark.rule("cfgset-unknown")
@pytest.mark.parametrize("operation", [*NAMING, "create_event_destination"])
def test_an_unknown_set_is_refused(sms, refused, operation):
    """A configuration set that does not exist is rejected."""
    create = {
        "EventDestinationName": "events",
        "MatchingEventTypes": ["ALL"],
        "SnsDestination": TOPIC,
    }

    with refused("ResourceNotFoundException", about=("configuration-set", "nowhere")):
        getattr(sms, operation)(
            ConfigurationSetName="nowhere", **BY_NAME_OR_ARN.get(operation, create)
        )


@pytest.mark.rule("cfgset-unknown")
@pytest.mark.parametrize(
    "operation", ["associate_protect_configuration", "disassociate_protect_configuration"]
)
def test_protecting_an_unknown_set_is_refused(sms, refused, operation):
    """A configuration set that does not exist cannot be protected."""
    protecting = sms.create_protect_configuration()["ProtectConfigurationId"]

    with refused("ResourceNotFoundException", about=("configuration-set", "nowhere")):
        getattr(sms, operation)(ProtectConfigurationId=protecting, ConfigurationSetName="nowhere")


@pytest.mark.rule("cfgset-unknown")
@pytest.mark.parametrize("operation", SENDING)
def test_sending_with_an_unknown_set_is_refused(sms, mms_number, refused, operation):
    """A message that names a configuration set that does not exist is rejected."""
    with refused("ResourceNotFoundException", about=("configuration-set", "nowhere")):
        getattr(sms, operation)(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity=mms_number.id,
            ConfigurationSetName="nowhere",
            **SENDING[operation],
        )


@pytest.mark.rule("cfgset-unknown")
def test_a_code_with_an_unknown_set_is_refused(sms, number, refused):
    """A verification code that names a configuration set that does not exist is rejected."""
    verified = sms.create_verified_destination_number(DestinationPhoneNumber="+14255550100")

    with refused("ResourceNotFoundException", about=("configuration-set", "nowhere")):
        sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=verified["VerifiedDestinationNumberId"],
            VerificationChannel="TEXT",
            OriginationIdentity=number.id,
            ConfigurationSetName="nowhere",
        )


@pytest.mark.rule("cfgset-one-per-send")
def test_a_message_has_one_set(sms, number, configuration_set, refused):
    """A send request takes one configuration set, not a list."""
    sms.create_configuration_set(ConfigurationSetName="other")

    for send in (sms.send_text_message, sms.send_voice_message):
        with refused("SerializationException"):
            send(
                DestinationPhoneNumber="+14255550100",
                OriginationIdentity=number.id,
                MessageBody="Hello",
                ConfigurationSetName=[configuration_set.name, "other"],
            )


# Describing.


@pytest.mark.rule("cfgset-describe-all")
def test_all_sets_are_described(sms):
    """Without names or filters all sets are returned."""
    for name in ("a", "b", "c"):
        sms.create_configuration_set(ConfigurationSetName=name)

    assert names(sms.describe_configuration_sets()["ConfigurationSets"]) == ["a", "b", "c"]


@pytest.mark.rule("cfgset-describe-by-name")
def test_sets_are_described_by_name(sms):
    """Names or ARNs restrict the result."""
    for name in ("a", "b", "c"):
        sms.create_configuration_set(ConfigurationSetName=name)

    assert names(described(sms, "a", ARN + "c")) == ["a", "c"]


@pytest.mark.rule("cfgset-describe-by-name")
def test_at_most_five_names_are_accepted(sms, refused):
    """At most 5 names can be given."""
    query = [f"set-{index}" for index in range(6)]
    for name in query:
        sms.create_configuration_set(ConfigurationSetName=name)

    assert names(described(sms, *query[:5])) == query[:5]
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["ConfigurationSetNames"]
    ):
        described(sms, *query)


@pytest.mark.rule("cfgset-describe-unknown")
def test_one_unknown_name_fails_the_whole_call(sms, configuration_set, refused):
    """One unknown name fails the whole call."""
    with refused("ResourceNotFoundException", about=("configuration-set", "nowhere")):
        described(sms, configuration_set.name, "nowhere")


@pytest.mark.rule("cfgset-filter-destination-name")
def test_filter_by_destination_name(sms, configuration_set):
    """Filter event-destination-name keeps sets that contain a destination of that name."""
    sms.create_configuration_set(ConfigurationSetName="other")

    assert names(described(sms, event_destination_name=["events"])) == [configuration_set.name]
    assert described(sms, event_destination_name=["other"]) == []


@pytest.mark.rule("cfgset-filter-event-types")
def test_filter_by_event_types(sms, configuration_set):
    """Filter matching-event-types keeps sets with a destination that lists one of the types."""
    sms.create_event_destination(
        ConfigurationSetName=configuration_set.name,
        EventDestinationName="second",
        MatchingEventTypes=["VOICE_BUSY", "VOICE_FAILED"],
        SnsDestination=TOPIC,
    )
    sms.create_configuration_set(ConfigurationSetName="other")

    assert names(described(sms, matching_event_types=["TEXT_ALL"])) == [configuration_set.name]
    assert names(described(sms, matching_event_types=["ALL", "VOICE_FAILED"])) == [
        configuration_set.name
    ]
    assert described(sms, matching_event_types=["ALL", "TEXT_DELIVERED"]) == []


@pytest.mark.rule("cfgset-filter-message-type")
def test_filter_by_message_type(sms, configuration_set):
    """Filter default-message-type matches the default; sets without one never match."""
    sms.create_configuration_set(ConfigurationSetName="other")
    sms.set_default_message_type(
        ConfigurationSetName=configuration_set.name, MessageType="PROMOTIONAL"
    )

    assert names(described(sms, default_message_type=["PROMOTIONAL"])) == [configuration_set.name]
    assert described(sms, default_message_type=["TRANSACTIONAL"]) == []


@pytest.mark.rule("cfgset-filter-sender-id")
def test_filter_by_sender_id(sms, configuration_set):
    """Filter default-sender-id matches the default; sets without one never match."""
    sms.create_configuration_set(ConfigurationSetName="other")
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="NEWS")

    assert names(described(sms, default_sender_id=["NEWS", "ELSE"])) == [configuration_set.name]
    assert described(sms, default_sender_id=["ELSE"]) == []


@pytest.mark.rule("cfgset-filter-feedback")
@pytest.mark.since("1.36")
def test_filter_by_feedback(sms, configuration_set):
    """Filter default-message-feedback-enabled takes true or false and matches the flag."""
    sms.create_configuration_set(ConfigurationSetName="other")
    sms.set_default_message_feedback_enabled(
        ConfigurationSetName=configuration_set.name, MessageFeedbackEnabled=True
    )

    assert names(described(sms, default_message_feedback_enabled=["true"])) == [
        configuration_set.name
    ]
    assert names(described(sms, default_message_feedback_enabled=["false"])) == ["other"]


@pytest.mark.rule("cfgset-filter-protect", "cfgset-describe-later-members")
@pytest.mark.since("1.36")
def test_filter_by_protect_configuration(sms, configuration_set):
    """Filter protect-configuration-id keeps the sets it is associated with, which show it."""
    protecting = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.create_configuration_set(ConfigurationSetName="other")
    sms.associate_protect_configuration(
        ProtectConfigurationId=protecting, ConfigurationSetName=configuration_set.name
    )

    (found,) = described(sms, protect_configuration_id=[protecting])

    assert found["ConfigurationSetName"] == configuration_set.name
    assert found["ProtectConfigurationId"] == protecting
    assert found["DefaultMessageFeedbackEnabled"] is False
    assert "ProtectConfigurationId" not in described(sms, "other")[0]


# Defaults.


@pytest.mark.rule("cfgset-set-message-type")
def test_default_message_type(sms, configuration_set):
    """It is set, replaces an earlier one, and is returned."""
    for message_type in ("PROMOTIONAL", "TRANSACTIONAL"):
        answer = sms.set_default_message_type(
            ConfigurationSetName=configuration_set.name, MessageType=message_type
        )

        assert answer["MessageType"] == message_type
        assert described(sms)[0]["DefaultMessageType"] == message_type


@pytest.mark.rule("cfgset-set-message-type-enum")
@pytest.mark.parametrize("message_type", ["OTP", "promotional", ""])
def test_unknown_message_types_are_refused(sms, configuration_set, refused, message_type):
    """MessageType is TRANSACTIONAL or PROMOTIONAL."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MessageType"]):
        sms.set_default_message_type(
            ConfigurationSetName=configuration_set.name, MessageType=message_type
        )


@pytest.mark.rule("cfgset-set-message-type-enum")
def test_the_message_type_is_required(sms, configuration_set, refused):
    """A default cannot be set without saying which."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["MessageType"]):
        sms.set_default_message_type(ConfigurationSetName=configuration_set.name)


@pytest.mark.rule("cfgset-delete-message-type")
def test_delete_default_message_type(sms, configuration_set):
    """The set has no default any more; the answer has the deleted one."""
    sms.set_default_message_type(
        ConfigurationSetName=configuration_set.name, MessageType="PROMOTIONAL"
    )

    answer = sms.delete_default_message_type(ConfigurationSetName=configuration_set.name)

    assert answer["MessageType"] == "PROMOTIONAL"
    assert "DefaultMessageType" not in described(sms)[0]


@pytest.mark.rule("cfgset-delete-message-type-none")
@pytest.mark.parametrize("operation", ["delete_default_message_type", "delete_default_sender_id"])
def test_deleting_a_missing_default_succeeds(sms, configuration_set, operation):
    """The answer omits it."""
    answer = getattr(sms, operation)(ConfigurationSetName=configuration_set.name)

    assert members(answer) == {"ConfigurationSetArn", "ConfigurationSetName"}


@pytest.mark.rule("cfgset-set-sender-id")
def test_default_sender_id(sms, configuration_set):
    """It is set, replaces an earlier one, and is returned."""
    for sender_id in ("NEWS", "OTHER"):
        answer = sms.set_default_sender_id(
            ConfigurationSetName=configuration_set.name, SenderId=sender_id
        )

        assert answer["SenderId"] == sender_id
        assert described(sms)[0]["DefaultSenderId"] == sender_id


@pytest.mark.rule("cfgset-set-sender-id-not-owned")
def test_a_default_sender_id_need_not_be_owned(sms, configuration_set):
    """It is stored as given; the account need not have it."""
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="myNews-1")

    assert sms.describe_sender_ids()["SenderIds"] == []
    assert described(sms)[0]["DefaultSenderId"] == "myNews-1"


@pytest.mark.rule("cfgset-delete-sender-id")
def test_delete_default_sender_id(sms, configuration_set):
    """The set has no default sender ID any more; the answer has the deleted one."""
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="NEWS")

    answer = sms.delete_default_sender_id(ConfigurationSetName=configuration_set.name)

    assert answer["SenderId"] == "NEWS"
    assert "DefaultSenderId" not in described(sms)[0]


@pytest.mark.rule("cfgset-account-wide-remark")
def test_a_default_applies_to_one_set(sms, configuration_set):
    """Only that set shows the default message type, although the API reference says otherwise."""
    sms.create_configuration_set(ConfigurationSetName="other")

    sms.set_default_message_type(
        ConfigurationSetName=configuration_set.name, MessageType="PROMOTIONAL"
    )
    listed = {
        each["ConfigurationSetName"]: each.get("DefaultMessageType") for each in described(sms)
    }
    sms.delete_default_message_type(ConfigurationSetName="other")

    assert listed == {"news": "PROMOTIONAL", "other": None}
    assert described(sms, configuration_set.name)[0]["DefaultMessageType"] == "PROMOTIONAL"


@pytest.mark.rule("cfgset-set-feedback")
@pytest.mark.since("1.36")
def test_feedback_is_switched(sms, configuration_set):
    """The flag is stored and returned with ARN and name; false turns it off again."""
    for enabled in (True, False):
        answer = sms.set_default_message_feedback_enabled(
            ConfigurationSetName=configuration_set.name, MessageFeedbackEnabled=enabled
        )

        answer.pop("ResponseMetadata")
        assert answer == {
            "ConfigurationSetArn": configuration_set.arn,
            "ConfigurationSetName": configuration_set.name,
            "MessageFeedbackEnabled": enabled,
        }
        assert described(sms)[0]["DefaultMessageFeedbackEnabled"] is enabled
