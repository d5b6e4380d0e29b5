"""UpdateEventDestination and DeleteEventDestination."""

import pytest

from tests.resources.event_destinations.calls import FIREHOSE, SINKS, SNS, without


@pytest.mark.rule("evdest-create-response", "evdest-delete-returns")
@pytest.mark.parametrize("sink", SINKS)
def test_members_of_the_answers(sms, create, update, configuration_set, sink):
    """Each answer has the set's ARN and name and one destination of exactly one kind."""
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


@pytest.mark.rule("evdest-update-partial")
@pytest.mark.parametrize(
    "changes",
    [{"Enabled": False}, {"MatchingEventTypes": ["VOICE_ALL"]}, {"SnsDestination": SNS}, {}],
    ids=str,
)
def test_only_given_members_change(update, destination, listed, changes):
    """Each member can be updated alone."""
    (before,) = listed()

    answer = update(destination.name, **changes)

    assert answer["EventDestination"] == before | changes
    assert listed() == [before | changes]


@pytest.mark.rule("evdest-update-types-replace")
def test_event_types_are_replaced(update, create, listed):
    """MatchingEventTypes given in an update replaces the whole list."""
    create(MatchingEventTypes=["TEXT_ALL", "VOICE_ALL"])

    update(MatchingEventTypes=["VOICE_BUSY"])

    assert listed()[0]["MatchingEventTypes"] == ["VOICE_BUSY"]


@pytest.mark.rule("evdest-update-resource")
@pytest.mark.parametrize("sink", SINKS)
def test_arns_can_be_changed(create, update, listed, sink):
    """Role and target ARN of the existing kind of destination can be changed."""
    create(**{sink: SINKS[sink]})
    other = {member: f"{arn}-2" for member, arn in SINKS[sink].items()}

    update(**{sink: other})

    assert listed()[0][sink] == other


@pytest.mark.rule("evdest-update-kind-fixed")
@pytest.mark.parametrize("new", SINKS)
@pytest.mark.parametrize("old", SINKS)
def test_the_kind_cannot_change(create, update, configuration_set, refused, old, new):
    """A destination stays of its kind: CloudWatch Logs, Firehose or SNS."""
    create(**{old: SINKS[old]})
    destination = configuration_set.event_destinations["events"]

    if old == new:
        assert update(**{new: SINKS[new]})["EventDestination"][old] == SINKS[old]
        return
    with refused("ConflictException", "EVENT_DESTINATION_MISMATCH", about=destination):
        update(Enabled=False, **{new: SINKS[new]})


@pytest.mark.rule("evdest-update-two-destinations")
def test_only_one_destination_can_be_given(update, destination, refused):
    """More than one destination member in an update is refused."""
    with refused("ValidationException", "PARAMETERS_CANNOT_BE_USED_TOGETHER", fields=list(SINKS)):
        update(destination.name, SnsDestination=SNS, KinesisFirehoseDestination=FIREHOSE)


@pytest.mark.rule("evdest-update-empty-types")
def test_an_empty_list_of_event_types_is_refused(update, destination, refused):
    """An empty MatchingEventTypes list is refused."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MatchingEventTypes"]):
        update(destination.name, MatchingEventTypes=[])


@pytest.mark.rule("evdest-update-unknown")
@pytest.mark.parametrize("operation", ["update_event_destination", "delete_event_destination"])
def test_an_unknown_destination_is_refused(sms, configuration_set, destination, refused, operation):
    """A destination name that is not in the set is refused, even if another set has it."""
    sms.create_configuration_set(ConfigurationSetName="other")

    for name, unknown in (("other", destination.name), (configuration_set.name, "nothing")):
        with refused("ResourceNotFoundException", about=("event-destination", unknown)):
            getattr(sms, operation)(ConfigurationSetName=name, EventDestinationName=unknown)


@pytest.mark.rule("evdest-delete-returns")
def test_deletion_returns_the_destination_as_it_was(sms, update, destination, configuration_set):
    """The answer of a deletion contains the destination as it was."""
    changed = update(destination.name, Enabled=False, MatchingEventTypes=["TEXT_SPAM"])

    deleted = sms.delete_event_destination(
        ConfigurationSetName=configuration_set.name, EventDestinationName=destination.name
    )

    assert deleted["EventDestination"] == changed["EventDestination"]


@pytest.mark.rule("evdest-delete-frees-slot")
def test_deletion_frees_the_name_and_the_quota(sms, create, configuration_set, listed):
    """After deletion the name can be used again, and one more destination fits."""
    for index in range(5):
        create(f"events-{index}")

    sms.delete_event_destination(
        ConfigurationSetName=configuration_set.name, EventDestinationName="events-2"
    )
    create("events-2")

    assert len(listed()) == 5
