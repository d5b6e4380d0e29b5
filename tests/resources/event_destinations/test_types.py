"""Event types: the known ones, and the events that match them."""

import pytest

from pinpoint_sms_emu.resources.event_destinations import EventDestination
from pinpoint_sms_emu.wire.model import service_model

EVENT_TYPES = service_model().shapes["EventType"]["enum"]


HAPPENING = [each for each in EVENT_TYPES if each != "TEXT_SENT" and not each.endswith("ALL")]


LIVES = {
    "TEXT": ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"],
    "VOICE": ["VOICE_INITIATED", "VOICE_RINGING", "VOICE_ANSWERED", "VOICE_COMPLETED"],
}


SENDING = {
    "TEXT": ("send_text_message", {"MessageBody": "Hello"}),
    "VOICE": ("send_voice_message", {"MessageBody": "Hello"}),
    "MEDIA": ("send_media_message", {"MediaUrls": ["s3://pictures/cat.png"]}),
}


@pytest.fixture
def send(sms, emulator, configuration_set):
    """Send a message of a group of event types with the configuration set."""
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
    """The types of the events that were sent to a destination of the set."""

    def at(name):
        return [
            event.record["eventType"]
            for event in emulator.events
            if name in [each.name for each in event.destinations]
        ]

    return at


@pytest.mark.rule("evdest-types-enum")
@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_known_types_are_accepted(create, update, event_type):
    """Every event type that the model knows is accepted."""
    made = create(MatchingEventTypes=[event_type])
    updated = update(MatchingEventTypes=[event_type])

    assert made["EventDestination"]["MatchingEventTypes"] == [event_type]
    assert updated["EventDestination"]["MatchingEventTypes"] == [event_type]


@pytest.mark.rule("evdest-types-enum")
@pytest.mark.parametrize("event_type", ["TEXT_READ", "text_all", ""])
def test_unknown_types_are_refused(create, update, destination, refused, event_type):
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
def test_the_number_of_types_is_limited(create, update, refused):
    """MatchingEventTypes has at most as many entries as the model says; all types fit."""
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
def test_types_added_later(create):
    """TEXT_PROTECT_BLOCKED, the MEDIA_ types and the nine RCS_ types can be requested."""
    later = ["TEXT_PROTECT_BLOCKED", *[each for each in EVENT_TYPES if each.startswith("MEDIA_")]]
    newest = [each for each in EVENT_TYPES if each.startswith("RCS_")]

    made = create(MatchingEventTypes=later + newest)

    assert len(newest) == 9
    assert made["EventDestination"]["MatchingEventTypes"] == later + newest


@pytest.mark.rule("evdest-types-stored-verbatim")
@pytest.mark.parametrize("types", [["ALL"], ["VOICE_ALL", "TEXT_SPAM", "TEXT_ALL"]])
def test_types_are_returned_as_given(create, listed, types):
    """MatchingEventTypes is returned as given; ALL is not expanded."""
    made = create(MatchingEventTypes=types)

    assert made["EventDestination"]["MatchingEventTypes"] == types
    assert listed()[0]["MatchingEventTypes"] == types


@pytest.mark.rule("evdest-text-all", "evdest-media-rcs-all")
@pytest.mark.parametrize(
    "group", ["TEXT", "VOICE", "MEDIA", pytest.param("RCS", marks=pytest.mark.since("1.44.5"))]
)
def test_a_group_matches_its_prefix(group):
    """TEXT_ALL matches types that begin with TEXT_ and no others; so do the other groups."""
    destination = EventDestination(matching_event_types=[f"{group}_ALL"])

    matching = [each for each in EVENT_TYPES if each != "ALL" and destination.matches(each)]

    assert matching == [each for each in EVENT_TYPES if each.startswith(f"{group}_")]


@pytest.mark.rule("evdest-all-type")
def test_matching_types():
    """ALL matches every type, a single type only itself, and a disabled destination nothing."""
    everything = EventDestination(matching_event_types=["ALL"])
    single = EventDestination(matching_event_types=["TEXT_SPAM", "VOICE_BUSY"])
    disabled = EventDestination(matching_event_types=["ALL"], enabled=False)

    assert all(everything.matches(each) for each in EVENT_TYPES)
    assert [each for each in EVENT_TYPES if single.matches(each)] == ["TEXT_SPAM", "VOICE_BUSY"]
    assert not any(disabled.matches(each) for each in EVENT_TYPES)


@pytest.mark.pinpoint_sms(quotas={"DAILY_DESTINATION_CALL_LIMIT": 100})
@pytest.mark.rule("evdest-all-type", "evdest-text-all", "evdest-media-rcs-all", "evdest-text-sent")
@pytest.mark.parametrize("group", SENDING)
def test_groups_get_their_events(emulator, create, send, arrived, group):
    """ALL gets every event.

    TEXT_ALL, VOICE_ALL and MEDIA_ALL those of their group; TEXT_SENT none.
    """
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
    """TEXT_SENT is accepted as an event type, but no such event exists."""
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
def test_events_have_the_context(create, send, emulator, group):
    """The Context of a send request is in its events."""
    create()

    send(group, Context={"order": "17", "campaign": "spring"})

    delivered = [each for each in emulator.events if each.destinations]
    assert delivered
    assert all(
        each.record["context"] == {"order": "17", "campaign": "spring"} for each in delivered
    )
