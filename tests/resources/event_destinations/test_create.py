"""CreateEventDestination: names, kinds and answers."""

import pytest

from pinpoint_sms_emu.wire.model import service_model
from tests.resources.event_destinations.calls import FIREHOSE, ROLE, SINKS, SNS, without


@pytest.mark.rule("evdest-create-set-arn")
def test_a_set_is_not_found_by_its_arn(create, configuration_set, refused):
    """A configuration set cannot be named by its ARN."""
    with refused("ResourceNotFoundException", about=("configuration-set", configuration_set.arn)):
        create(ConfigurationSetName=configuration_set.arn)


@pytest.mark.rule("evdest-create-one-destination", "evdest-error-on-none-since")
def test_a_destination_is_required(sms, configuration_set, refused):
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
def test_valid_names(create, name):
    """The name has 1 to 64 letters, digits, underscores or hyphens."""
    assert create(name)["EventDestination"]["EventDestinationName"] == name


@pytest.mark.rule("evdest-create-name-format")
@pytest.mark.parametrize("name", ["", "a" * 65, "a b", "a.b", "ä"])
def test_invalid_names(create, refused, name):
    """An empty name, a long one or one with other characters is refused."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["EventDestinationName"]):
        create(name)


@pytest.mark.rule("evdest-create-max-five")
def test_a_set_has_at_most_five_destinations(create, refused):
    """A configuration set holds at most 5 event destinations; the sixth is refused."""
    for index in range(5):
        create(f"events-{index}")

    with refused("ServiceQuotaExceededException", "EVENT_DESTINATIONS_PER_CONFIGURATION_SET"):
        create("one-more")


@pytest.mark.rule("evdest-create-enabled")
def test_a_new_destination_is_enabled(create, listed):
    """A new destination has Enabled true; CreateEventDestination has no such member."""
    made = create()

    assert "Enabled" not in service_model().shapes["CreateEventDestinationRequest"]["members"]
    assert made["EventDestination"]["Enabled"] is True
    assert listed()[0]["Enabled"] is True


@pytest.mark.rule("evdest-create-idempotent")
def test_creation_again_with_the_same_token(create, listed):
    """The same ClientToken with the same parameters returns the first result."""
    first = create(ClientToken="once")

    again = create(ClientToken="once")

    assert again["EventDestination"] == first["EventDestination"]
    assert len(listed()) == 1


@pytest.mark.rule("evdest-create-types-required")
def test_event_types_are_required(sms, configuration_set, refused):
    """MatchingEventTypes is required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["MatchingEventTypes"]):
        sms.create_event_destination(
            ConfigurationSetName=configuration_set.name,
            EventDestinationName="events",
            SnsDestination=SNS,
        )


@pytest.mark.rule("evdest-create-types-required")
def test_at_least_one_event_type_is_required(create, refused):
    """MatchingEventTypes has at least one entry."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MatchingEventTypes"]):
        create(MatchingEventTypes=[])


@pytest.mark.rule("evdest-cloudwatch-required", "evdest-firehose-required", "evdest-sns-required")
@pytest.mark.parametrize(
    ("sink", "member"), [(sink, member) for sink, arns in SINKS.items() for member in arns]
)
def test_every_arn_is_required(create, update, refused, sink, member):
    """CloudWatch Logs needs a role and a log group, Firehose a role and a stream, SNS a topic."""
    create(**{sink: SINKS[sink]})

    for call, name in ((create, "other"), (update, "events")):
        with refused("ValidationException", "MISSING_PARAMETER", fields=[sink]):
            call(name, **{sink: without(SINKS[sink], member)})


@pytest.mark.rule("evdest-sns-required")
def test_sns_takes_no_role(create):
    """SnsDestination takes no role."""
    made = create(SnsDestination=SNS)

    assert set(service_model().shapes["SnsDestination"]["members"]) == {"TopicArn"}
    assert made["EventDestination"]["SnsDestination"] == SNS


@pytest.mark.rule("evdest-arn-formats")
@pytest.mark.parametrize("arn", ["arn:" + "a" * 16, "arn:" + "a" * 2044])
@pytest.mark.parametrize(
    ("sink", "member"), [(sink, member) for sink, arns in SINKS.items() for member in arns]
)
def test_valid_arns(create, update, sink, member, arn):
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
def test_invalid_arns(create, update, refused, sink, member, arn):
    """An ARN that is too short, too long or malformed is refused."""
    create(**{sink: SINKS[sink]})

    for call, name in ((create, "other"), (update, "events")):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=[sink]):
            call(name, **{sink: SINKS[sink] | {member: arn}})


@pytest.mark.rule("evdest-visible-in-describe")
def test_a_set_shows_its_destinations(sms, create, update, configuration_set, listed):
    """No operation describes destinations; their configuration set shows them."""
    seen = []
    create()
    seen.append(listed())
    update(MatchingEventTypes=["TEXT_ALL"])
    seen.append(listed())
    sms.delete_event_destination(
        ConfigurationSetName=configuration_set.name, EventDestinationName="events"
    )
    seen.append(listed())

    assert [[each["MatchingEventTypes"] for each in one] for one in seen] == [
        [["ALL"]],
        [["TEXT_ALL"]],
        [],
    ]
    assert "DescribeEventDestinations" not in service_model().operations
