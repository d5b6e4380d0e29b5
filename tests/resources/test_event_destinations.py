"""Event destinations: where the events of a configuration set's messages go."""

import pytest

from pinpoint_sms_emu.resources.event_destinations import EventDestination
from pinpoint_sms_emu.wire.model import service_model

ROLE = "arn:aws:iam::123456789012:role/events"
SNS = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:events"}
LOGS = {
    "IamRoleArn": ROLE,
    "LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:events",
}
FIREHOSE = {
    "IamRoleArn": ROLE,
    "DeliveryStreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/events",
}
SINKS = {
    "CloudWatchLogsDestination": LOGS,
    "KinesisFirehoseDestination": FIREHOSE,
    "SnsDestination": SNS,
}
EVENT_TYPES = service_model().shapes["EventType"]["enum"]
HAPPENING = [each for each in EVENT_TYPES if each != "TEXT_SENT" and not each.endswith("ALL")]

# What is heard of a message to which nothing happens but delivery.
LIVES = {
    "TEXT": ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"],
    "VOICE": ["VOICE_INITIATED", "VOICE_RINGING", "VOICE_ANSWERED", "VOICE_COMPLETED"],
}


@pytest.fixture
def configuration_set(sms, account):
    """An empty set."""
    sms.create_configuration_set(ConfigurationSetName="news")
    return account.configuration_sets["news"]


@pytest.fixture
def create(sms, configuration_set):
    """Add a destination to the set; all but what is said otherwise is the same."""

    def make(name="events", **other):
        asked = {
            "ConfigurationSetName": configuration_set.name,
            "EventDestinationName": name,
            "MatchingEventTypes": ["ALL"],
        }
        sink = {} if other.keys() & SINKS else {"SnsDestination": SNS}
        return sms.create_event_destination(**(asked | sink | other))

    return make


@pytest.fixture
def update(sms, configuration_set):
    """Update a destination of the set."""

    def change(name="events", **changes):
        return sms.update_event_destination(
            ConfigurationSetName=configuration_set.name, EventDestinationName=name, **changes
        )

    return change


@pytest.fixture
def destination(create, configuration_set):
    """A topic that gets everything."""
    create()
    return configuration_set.event_destinations["events"]


@pytest.fixture
def shown(sms):
    """The destinations that the set shows."""

    def describe():
        (found,) = sms.describe_configuration_sets()["ConfigurationSets"]
        return found["EventDestinations"]

    return describe


def without(structure, member):
    """The same structure without one member."""
    return {name: value for name, value in structure.items() if name != member}


# Creation.


@pytest.mark.rule("evdest-create-set-arn")
def test_a_set_is_not_found_by_its_arn(create, configuration_set, refused):
    """A configuration set named by its ARN is not found."""
    with refused("ResourceNotFoundException", about=("configuration-set", configuration_set.arn)):
        create(ConfigurationSetName=configuration_set.arn)


@pytest.mark.rule("evdest-create-one-destination", "evdest-error-on-none-since")
def test_a_destination_is_somewhere(sms, configuration_set, refused):
    """Exactly one of the three destinations must be given; none is refused."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=list(SINKS)):
        sms.create_event_destination(
            ConfigurationSetName=configuration_set.name,
            EventDestinationName="events",
            MatchingEventTypes=["ALL"],
        )


@pytest.mark.rule("evdest-create-one-destination", "evdest-error-on-none-since")
@pytest.mark.parametrize("sink", SINKS)
def test_one_destination_is_enough(create, sink):
    """Each of the three members is optional beside another one."""
    made = create(**{sink: SINKS[sink]})

    assert made["EventDestination"][sink] == SINKS[sink]


@pytest.mark.rule("evdest-create-two-destinations")
@pytest.mark.parametrize(
    "sinks",
    [
        ["CloudWatchLogsDestination", "SnsDestination"],
        ["CloudWatchLogsDestination", "KinesisFirehoseDestination"],
        ["KinesisFirehoseDestination", "SnsDestination"],
        list(SINKS),
    ],
)
def test_several_destinations_at_once(create, refused, sinks):
    """Two or three destination members in one request are refused."""
    with refused("ValidationException", "PARAMETERS_CANNOT_BE_USED_TOGETHER", fields=list(SINKS)):
        create(**{sink: SINKS[sink] for sink in sinks})


@pytest.mark.rule("evdest-create-name-unique")
def test_a_name_is_used_once_in_a_set(create, destination, refused):
    """A destination name exists at most once in a configuration set."""
    with refused("ConflictException", "RESOURCE_ALREADY_EXISTS", about=destination):
        create(KinesisFirehoseDestination=FIREHOSE)


@pytest.mark.rule("evdest-name-scope")
def test_a_name_in_two_sets(sms, create, destination):
    """The same destination name may be used in different configuration sets."""
    sms.create_configuration_set(ConfigurationSetName="other")

    create(destination.name, ConfigurationSetName="other")

    found = sms.describe_configuration_sets()["ConfigurationSets"]
    assert [len(each["EventDestinations"]) for each in found] == [1, 1]


@pytest.mark.rule("evdest-create-name-format")
@pytest.mark.parametrize("name", ["a", "-", "_9Z", "a" * 64])
def test_names_that_can_be(create, name):
    """The name has 1 to 64 letters, digits, underscores or hyphens."""
    assert create(name)["EventDestination"]["EventDestinationName"] == name


@pytest.mark.rule("evdest-create-name-format")
@pytest.mark.parametrize("name", ["", "a" * 65, "a b", "a.b", "ä"])
def test_names_that_cannot_be(create, refused, name):
    """A name that is empty, too long or of other characters is refused."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["EventDestinationName"]):
        create(name)


@pytest.mark.rule("evdest-create-max-five")
def test_five_destinations(create, refused):
    """A configuration set holds at most 5 event destinations; the sixth is refused."""
    for index in range(5):
        create(f"events-{index}")

    with refused("ServiceQuotaExceededException", "EVENT_DESTINATIONS_PER_CONFIGURATION_SET"):
        create("one-more")


@pytest.mark.rule("evdest-create-enabled")
def test_a_new_destination_is_enabled(create, shown):
    """A new destination has Enabled true; creation has no Enabled member."""
    made = create()

    assert "Enabled" not in service_model().shapes["CreateEventDestinationRequest"]["members"]
    assert made["EventDestination"]["Enabled"] is True
    assert shown()[0]["Enabled"] is True


@pytest.mark.rule("evdest-create-idempotent")
def test_creation_again_with_the_same_token(create, shown):
    """The same ClientToken with the same parameters returns the first result."""
    first = create(ClientToken="once")

    again = create(ClientToken="once")

    assert again["EventDestination"] == first["EventDestination"]
    assert len(shown()) == 1


# Event types.


@pytest.mark.rule("evdest-create-types-required")
def test_types_are_required(sms, configuration_set, refused):
    """MatchingEventTypes is required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["MatchingEventTypes"]):
        sms.create_event_destination(
            ConfigurationSetName=configuration_set.name,
            EventDestinationName="events",
            SnsDestination=SNS,
        )


@pytest.mark.rule("evdest-create-types-required")
def test_at_least_one_type(create, refused):
    """MatchingEventTypes has at least one entry."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MatchingEventTypes"]):
        create(MatchingEventTypes=[])


@pytest.mark.rule("evdest-types-enum")
@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_known_types(create, update, event_type):
    """Every event type that the model knows is accepted."""
    made = create(MatchingEventTypes=[event_type])
    updated = update(MatchingEventTypes=[event_type])

    assert made["EventDestination"]["MatchingEventTypes"] == [event_type]
    assert updated["EventDestination"]["MatchingEventTypes"] == [event_type]


@pytest.mark.rule("evdest-types-enum")
@pytest.mark.parametrize("event_type", ["TEXT_READ", "text_all", ""])
def test_unknown_types(create, update, destination, refused, event_type):
    """Only known event types are accepted."""
    for call, name in ((create, "other"), (update, destination.name)):
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["MatchingEventTypes"]
        ):
            call(name, MatchingEventTypes=["ALL", event_type])


@pytest.mark.rule("evdest-types-enum", "evdest-types-list-max")
@pytest.mark.since("1.44")
def test_there_are_52_types():
    """The newest model has 52 event types."""
    assert len(EVENT_TYPES) == 52
    assert service_model().shapes["EventTypeList"]["max"] == 52


@pytest.mark.rule("evdest-types-list-max")
def test_as_many_types_as_there_are(create, update, refused):
    """MatchingEventTypes has at most as many entries as the model says, all types among them."""
    most = service_model().shapes["EventTypeList"]["max"]
    types = (EVENT_TYPES * 2)[:most]

    made = create(MatchingEventTypes=types)
    updated = update(MatchingEventTypes=types)

    assert made["EventDestination"]["MatchingEventTypes"] == types
    assert updated["EventDestination"]["MatchingEventTypes"] == types
    for call, name in ((create, "other"), (update, "events")):
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["MatchingEventTypes"]
        ):
            call(name, MatchingEventTypes=[*types, "ALL"])


@pytest.mark.rule("evdest-later-types")
@pytest.mark.since("1.44.5")
def test_later_types(create):
    """TEXT_PROTECT_BLOCKED, the MEDIA_ types and the nine RCS_ types can be asked for."""
    later = ["TEXT_PROTECT_BLOCKED", *[each for each in EVENT_TYPES if each.startswith("MEDIA_")]]
    newest = [each for each in EVENT_TYPES if each.startswith("RCS_")]

    made = create(MatchingEventTypes=later + newest)

    assert len(newest) == 9
    assert made["EventDestination"]["MatchingEventTypes"] == later + newest


@pytest.mark.rule("evdest-types-stored-verbatim")
@pytest.mark.parametrize("types", [["ALL"], ["VOICE_ALL", "TEXT_SPAM", "TEXT_ALL"]])
def test_types_come_back_as_given(create, shown, types):
    """MatchingEventTypes is returned as given; ALL is not expanded."""
    made = create(MatchingEventTypes=types)

    assert made["EventDestination"]["MatchingEventTypes"] == types
    assert shown()[0]["MatchingEventTypes"] == types


@pytest.mark.rule("evdest-text-all", "evdest-media-rcs-all")
@pytest.mark.parametrize(
    "group", ["TEXT", "VOICE", "MEDIA", pytest.param("RCS", marks=pytest.mark.since("1.44.5"))]
)
def test_a_group_stands_for_its_types(group):
    """TEXT_ALL matches what begins with TEXT_ and nothing else, and so for the others."""
    destination = EventDestination(matching_event_types=[f"{group}_ALL"])

    matching = [each for each in EVENT_TYPES if each != "ALL" and destination.matches(each)]

    assert matching == [each for each in EVENT_TYPES if each.startswith(f"{group}_")]


@pytest.mark.rule("evdest-all-type")
def test_single_types_and_all():
    """ALL matches every type, a single type itself only, and what is disabled nothing."""
    everything = EventDestination(matching_event_types=["ALL"])
    single = EventDestination(matching_event_types=["TEXT_SPAM", "VOICE_BUSY"])
    disabled = EventDestination(matching_event_types=["ALL"], enabled=False)

    assert all(everything.matches(each) for each in EVENT_TYPES)
    assert [each for each in EVENT_TYPES if single.matches(each)] == ["TEXT_SPAM", "VOICE_BUSY"]
    assert not any(disabled.matches(each) for each in EVENT_TYPES)


# The three kinds.


@pytest.mark.rule("evdest-cloudwatch-required", "evdest-firehose-required", "evdest-sns-required")
@pytest.mark.parametrize(
    ("sink", "member"), [(sink, member) for sink, arns in SINKS.items() for member in arns]
)
def test_every_arn_is_required(create, update, refused, sink, member):
    """Logs need role and log group, Firehose role and stream, SNS a topic."""
    create(**{sink: SINKS[sink]})

    for call, name in ((create, "other"), (update, "events")):
        with refused("ValidationException", "MISSING_PARAMETER", fields=[sink]):
            call(name, **{sink: without(SINKS[sink], member)})


@pytest.mark.rule("evdest-sns-required")
def test_a_topic_takes_no_role(create):
    """SnsDestination takes no role."""
    made = create(SnsDestination=SNS)

    assert set(service_model().shapes["SnsDestination"]["members"]) == {"TopicArn"}
    assert made["EventDestination"]["SnsDestination"] == SNS


@pytest.mark.rule("evdest-arn-formats")
@pytest.mark.parametrize("arn", ["arn:" + "a" * 16, "arn:" + "a" * 2044])
@pytest.mark.parametrize(
    ("sink", "member"), [(sink, member) for sink, arns in SINKS.items() for member in arns]
)
def test_arns_that_can_be(create, update, sink, member, arn):
    """ARNs are 20 to 2048 characters and begin with arn:."""
    made = create(**{sink: SINKS[sink] | {member: arn}})
    updated = update(**{sink: SINKS[sink] | {member: arn}})

    assert made["EventDestination"][sink][member] == arn
    assert updated["EventDestination"][sink][member] == arn


@pytest.mark.rule("evdest-arn-formats")
@pytest.mark.parametrize("arn", ["arn:" + "a" * 15, "arn:" + "a" * 2045, "a" * 20, "arn: " + ROLE])
@pytest.mark.parametrize(
    ("sink", "member"), [(sink, member) for sink, arns in SINKS.items() for member in arns]
)
def test_arns_that_cannot_be(create, update, refused, sink, member, arn):
    """An ARN that is too short, too long or none is refused."""
    create(**{sink: SINKS[sink]})

    for call, name in ((create, "other"), (update, "events")):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=[sink]):
            call(name, **{sink: SINKS[sink] | {member: arn}})


# Answers.


@pytest.mark.rule("evdest-create-response", "evdest-delete-returns")
@pytest.mark.parametrize("sink", SINKS)
def test_what_calls_answer(sms, create, update, configuration_set, sink):
    """Each answer has the set's ARN and name and one destination with exactly one kind."""
    expected = {
        "ConfigurationSetArn": configuration_set.arn,
        "ConfigurationSetName": configuration_set.name,
        "EventDestination": {
            "EventDestinationName": "events",
            "Enabled": True,
            "MatchingEventTypes": ["ALL"],
            sink: SINKS[sink],
        },
    }

    answers = [
        create(**{sink: SINKS[sink]}),
        update(Enabled=True),
        sms.delete_event_destination(
            ConfigurationSetName=configuration_set.name, EventDestinationName="events"
        ),
    ]

    assert [without(each, "ResponseMetadata") for each in answers] == [expected] * 3


@pytest.mark.rule("evdest-visible-in-describe")
def test_destinations_are_seen_in_their_set(sms, create, update, configuration_set, shown):
    """There is no describe operation for destinations; their set shows what they are now."""
    seen = []
    create()
    seen.append(shown())
    update(MatchingEventTypes=["TEXT_ALL"])
    seen.append(shown())
    sms.delete_event_destination(
        ConfigurationSetName=configuration_set.name, EventDestinationName="events"
    )
    seen.append(shown())

    assert [[each["MatchingEventTypes"] for each in one] for one in seen] == [
        [["ALL"]],
        [["TEXT_ALL"]],
        [],
    ]
    assert "DescribeEventDestinations" not in service_model().operations


# Updates.


@pytest.mark.rule("evdest-update-partial")
@pytest.mark.parametrize(
    "changes",
    [{"Enabled": False}, {"MatchingEventTypes": ["VOICE_ALL"]}, {"SnsDestination": SNS}, {}],
    ids=str,
)
def test_only_what_is_given_changes(update, destination, shown, changes):
    """Only given members change, so each alone can be updated."""
    (before,) = shown()

    answer = update(destination.name, **changes)

    assert answer["EventDestination"] == before | changes
    assert shown() == [before | changes]


@pytest.mark.rule("evdest-update-types-replace")
def test_types_are_replaced(update, create, shown):
    """MatchingEventTypes given in an update replaces the whole list."""
    create(MatchingEventTypes=["TEXT_ALL", "VOICE_ALL"])

    update(MatchingEventTypes=["VOICE_BUSY"])

    assert shown()[0]["MatchingEventTypes"] == ["VOICE_BUSY"]


@pytest.mark.rule("evdest-update-resource")
@pytest.mark.parametrize("sink", SINKS)
def test_arns_can_be_changed(create, update, shown, sink):
    """Role and target ARN of the existing kind of destination can be changed."""
    create(**{sink: SINKS[sink]})
    other = {member: f"{arn}-2" for member, arn in SINKS[sink].items()}

    update(**{sink: other})

    assert shown()[0][sink] == other


@pytest.mark.rule("evdest-update-kind-fixed")
@pytest.mark.parametrize("new", SINKS)
@pytest.mark.parametrize("old", SINKS)
def test_the_kind_stays(create, update, configuration_set, refused, old, new):
    """A destination cannot change its kind among CloudWatch Logs, Firehose and SNS."""
    create(**{old: SINKS[old]})
    destination = configuration_set.event_destinations["events"]

    if old == new:
        assert update(**{new: SINKS[new]})["EventDestination"][old] == SINKS[old]
        return
    with refused("ConflictException", "EVENT_DESTINATION_MISMATCH", about=destination):
        update(Enabled=False, **{new: SINKS[new]})


@pytest.mark.rule("evdest-update-two-destinations")
def test_an_update_to_several_destinations(update, destination, refused):
    """More than one destination member in an update is refused."""
    with refused("ValidationException", "PARAMETERS_CANNOT_BE_USED_TOGETHER", fields=list(SINKS)):
        update(destination.name, SnsDestination=SNS, KinesisFirehoseDestination=FIREHOSE)


@pytest.mark.rule("evdest-update-empty-types")
def test_an_update_to_no_types(update, destination, refused):
    """An empty MatchingEventTypes list is refused."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MatchingEventTypes"]):
        update(destination.name, MatchingEventTypes=[])


@pytest.mark.rule("evdest-update-unknown")
@pytest.mark.parametrize("operation", ["update_event_destination", "delete_event_destination"])
def test_unknown_destination(sms, configuration_set, destination, refused, operation):
    """A destination name that is not in the set is rejected, though another set has it."""
    sms.create_configuration_set(ConfigurationSetName="other")

    for name, unknown in (("other", destination.name), (configuration_set.name, "nothing")):
        with refused("ResourceNotFoundException", about=("event-destination", unknown)):
            getattr(sms, operation)(ConfigurationSetName=name, EventDestinationName=unknown)


# Deletion.


@pytest.mark.rule("evdest-delete-returns")
def test_deletion_returns_the_destination_as_it_was(sms, update, destination, configuration_set):
    """The answer of a deletion contains the destination as it was."""
    changed = update(destination.name, Enabled=False, MatchingEventTypes=["TEXT_SPAM"])

    deleted = sms.delete_event_destination(
        ConfigurationSetName=configuration_set.name, EventDestinationName=destination.name
    )

    assert deleted["EventDestination"] == changed["EventDestination"]


@pytest.mark.rule("evdest-delete-frees-slot")
def test_deletion_frees_name_and_place(sms, create, configuration_set, shown):
    """After deletion the name and one of the five places are free again."""
    for index in range(5):
        create(f"events-{index}")

    sms.delete_event_destination(
        ConfigurationSetName=configuration_set.name, EventDestinationName="events-2"
    )
    create("events-2")

    assert len(shown()) == 5


# What arrives.


SENDING = {
    "TEXT": ("send_text_message", {"MessageBody": "Hello"}),
    "VOICE": ("send_voice_message", {"MessageBody": "Hello"}),
    "MEDIA": ("send_media_message", {"MediaUrls": ["s3://pictures/cat.png"]}),
}


@pytest.fixture
def send(sms, emulator, configuration_set):
    """Send a message of a group of event types, with the configuration set."""
    number = emulator.add_number("+18885550100", number_type="TOLL_FREE")

    def call(group="TEXT", **other):
        operation, members = SENDING[group]
        return getattr(sms, operation)(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity=number.id,
            ConfigurationSetName=configuration_set.name,
            **members,
            **other,
        )["MessageId"]

    return call


@pytest.fixture
def arrived(emulator):
    """The types of the events that have gone to a destination of the set."""

    def at(name):
        return [
            event.record["eventType"]
            for event in emulator.events
            if name in [each.name for each in event.destinations]
        ]

    return at


@pytest.mark.pinpoint_sms(quotas={"DAILY_DESTINATION_CALL_LIMIT": 100})
@pytest.mark.rule("evdest-all-type", "evdest-text-all", "evdest-media-rcs-all", "evdest-text-sent")
@pytest.mark.parametrize("group", SENDING)
def test_groups_and_all_get_their_events(emulator, create, send, arrived, group):
    """ALL gets every event, TEXT_ALL, VOICE_ALL, MEDIA_ALL those of their group; TEXT_SENT none."""
    create("everything", MatchingEventTypes=["ALL"])
    create("group", MatchingEventTypes=[f"{group}_ALL"])
    create("others", MatchingEventTypes=[f"{each}_ALL" for each in SENDING if each != group])
    create("sent", MatchingEventTypes=["TEXT_SENT"])
    types = [each for each in HAPPENING if each.startswith(f"{group}_")]
    for event_type in types:
        emulator.outcome(event_type, times=1)
        send(group)

    assert set(arrived("everything")) == set(types)
    assert arrived("everything") == [each.record["eventType"] for each in emulator.events]
    assert arrived("group") == arrived("everything")
    assert arrived("others") == []
    assert arrived("sent") == []


@pytest.mark.rule("evdest-text-sent")
def test_text_sent_is_accepted_and_never_happens(create, emulator):
    """TEXT_SENT is accepted as an event type, and nothing can make such an event happen."""
    made = create(MatchingEventTypes=["TEXT_SENT"])

    with pytest.raises(ValueError, match="TEXT_SENT"):
        emulator.outcome("TEXT_SENT")

    assert made["EventDestination"]["MatchingEventTypes"] == ["TEXT_SENT"]


@pytest.mark.rule("evdest-disabled-silent")
@pytest.mark.parametrize("group", ["TEXT", "VOICE"])
def test_a_disabled_destination_gets_nothing(create, update, send, arrived, group):
    """A destination with Enabled false receives no events, until it is enabled again."""
    create()
    update(Enabled=False)
    send(group)
    while_disabled = arrived("events")
    update(Enabled=True)
    send(group)

    assert while_disabled == []
    assert arrived("events") == LIVES[group]


@pytest.mark.rule("evdest-context-logged")
@pytest.mark.parametrize("group", ["TEXT", "VOICE"])
def test_events_carry_the_context(create, send, emulator, group):
    """Context entries of a send are part of the events delivered."""
    create()

    send(group, Context={"order": "17", "campaign": "spring"})

    delivered = [each for each in emulator.events if each.destinations]
    assert delivered
    assert all(
        each.record["context"] == {"order": "17", "campaign": "spring"} for each in delivered
    )
