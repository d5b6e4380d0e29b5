"""Events: the emulator sends what AWS was observed to send."""

import pytest
from botocore import xform_name

from observe.comparing import Comparison
from observe.reading import observations
from pinpoint_sms_emu.control.cloudtrail import record
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events.event_types import DETAIL_TYPES, EVENT_TYPES
from pinpoint_sms_emu.messaging.events.records import resources_in
from tests.observed.answering import preparation_for
from tests.observed.happening import (
    added_later,
    detail_as,
    payload_of,
    receive_as,
    record_of,
    send_as,
    submit_as,
)
from tests.observed.preparing import NAMED
from tests.observed.table import as_parameters, unexplained

EVENTS = [each for each in observations() if each.event]
RECORDS = [each for each in EVENTS if record_of(each)]
PAYLOADS = [each for each in EVENTS if payload_of(each)]
STATUS_CHANGES = [each for each in EVENTS if "registrationArn" in each.answer.get("detail", {})]
ID_FORMS = [each for each in EVENTS if each.event == "id-forms"]
DESCRIPTIONS = [each for each in EVENTS if each.event == "status-descriptions"]
TRAILS = [each for each in EVENTS if each.event.startswith("cloudtrail-")]
OTHERS = [
    each
    for each in EVENTS
    if each not in RECORDS + PAYLOADS + STATUS_CHANGES + ID_FORMS + DESCRIPTIONS + TRAILS
]
# The resource that creates an id with a prefix that is not part of the member's name.
MEMBERS = {
    "phone": "PhoneNumberId",
    "protect": "ProtectConfigurationId",
    "vdn": "VerifiedDestinationNumberId",
    "notify": "NotifyConfigurationId",
    "rcs": "RcsAgentId",
    "attachment": "RegistrationAttachmentId",
}


@pytest.fixture
def prepared(observation):
    """An account in which it can happen."""
    with preparation_for(observation) as preparation:
        yield preparation


def expect(observation, found):
    """Expect no differences except those in the table."""
    remaining = unexplained(observation.name, found)
    assert not remaining, "\n".join(remaining)


def comparison(observation, **more):
    """Records and payloads are complete and ordered, unless they are examples."""
    real = observation.real
    return Comparison(is_whole=real, is_ordered=real, is_example=not real, **more)


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("observation", as_parameters(RECORDS))
def test_records_equal_the_observed_ones(prepared, observation):
    """A record has AWS's members, in the same order, and the same values."""
    record = record_of(observation)
    happen = send_as if record is observation.answer else detail_as
    compared = comparison(observation, added_later=added_later(record))

    found = list(compared.differences(record, happen(prepared, record)))
    if record is not observation.answer:
        detail_type = DETAIL_TYPES[EVENT_TYPES[record["eventType"]].channel]
        envelope = {"detail-type": detail_type, "source": "aws.sms-voice"}
        found += list(Comparison().differences(around(observation), envelope))

    expect(observation, found)


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("observation", as_parameters(PAYLOADS))
def test_payloads_equal_the_observed_ones(prepared, observation):
    """A two-way payload has AWS's members, in the same order, and the same values."""
    payload = payload_of(observation)

    found = comparison(observation).differences(payload, receive_as(prepared, payload))

    expect(observation, found)


@pytest.mark.parametrize("observation", as_parameters(STATUS_CHANGES))
def test_status_changes_equal_the_observed_ones(prepared, observation):
    """EventBridge gets the status of a registration as AWS sends it."""
    detail = observation.answer["detail"]

    sent = submit_as(prepared, detail)

    found = list(comparison(observation).differences(detail, sent, "detail"))
    envelope = {"detail-type": "Registration Status Change", "source": "aws.sms-voice"}
    found += list(Comparison().differences(around(observation), envelope))
    expect(observation, found)
    assert resources_in(sent) == (sent["registrationArn"],)


def around(observation):
    """The fields of an EventBridge event beside its detail and resources."""
    known = ("detail-type", "source")
    return {name: value for name, value in observation.answer.items() if name in known}


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("observation", as_parameters(ID_FORMS))
def test_ids_have_the_observed_form(prepared, observation):
    """Ids have AWS's prefixes, and are UUIDs of version 4."""
    made = {}
    for prefix in observation.answer:
        if prefix == "message":
            made[prefix] = send_text(prepared)
        else:
            member = MEMBERS.get(prefix, f"{prefix.capitalize()}Id")
            made[prefix] = NAMED[member](prepared, "")

    expected = {prefix: ids[0] for prefix, ids in observation.answer.items()}
    expect(observation, Comparison().differences(expected, made))


def send_text(prepared):
    """Send a text; return its id."""
    return prepared.sms.send_text_message(
        DestinationPhoneNumber="+14255550101",
        MessageBody="Hello",
        OriginationIdentity=prepared.number(),
    )["MessageId"]


@pytest.mark.parametrize("observation", as_parameters(DESCRIPTIONS))
def test_descriptions_contain_the_known_words(observation):
    """Words that programs look for are in one of the emulator's descriptions."""
    descriptions = [each.description for each in EVENT_TYPES.values()]
    *parts, last = observation.answer["contained"]
    lower = " ".join(descriptions).lower()

    missing = [part for part in parts if part not in lower]
    missing += [last] if last not in " ".join(descriptions) else []

    expect(observation, [f"{part}: is missing" for part in missing])


@pytest.mark.rule("cloudtrail-resources")
@pytest.mark.parametrize("observation", as_parameters(TRAILS))
def test_a_call_in_cloudtrail(prepared, observation):
    """The record of a call has the members of CloudTrail's, in its order."""
    number = prepared.number(number_capabilities=["SMS", "MMS", "VOICE"])
    parameters = {
        "DestinationPhoneNumber": "+14255550101",
        "OriginationIdentity": number,
        "MessageBody": "Hello",
    }
    getattr(prepared.sms, xform_name(observation.answer["eventName"]))(**parameters)
    [*_, call] = prepared.emulator.calls

    written = record(call, engine_of(prepared.emulator).state.accounts)

    compared = Comparison(is_whole=True, is_ordered=True, is_example=True)
    differences = compared.differences(observation.answer, written)
    # Who called differs from account to account.
    expect(observation, [each for each in differences if not each.startswith("userIdentity")])
    [resource] = written["resources"]
    [described] = prepared.sms.describe_phone_numbers()["PhoneNumbers"]
    assert resource["ARN"] == described["PhoneNumberArn"]


def test_nothing_else_is_sent():
    """Each event is compared by a test of this file, or stands in the table."""
    for observation in OTHERS:
        expect(observation, [f"{observation.event}: is not sent"])
