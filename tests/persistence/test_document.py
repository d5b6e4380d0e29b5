"""The whole state as one document: written, and read or refused with a sentence."""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.persistence.document import PARTS
from pinpoint_sms_emu.state.tables import Entry
from tests.persistence.conftest import NUMBER, RECIPIENT

# Every kind of resource needs all operations.
pytestmark = [pytest.mark.pinpoint_sms(delivery_seconds=60), pytest.mark.since("1.44.5")]


def through_json(document):
    """Convert a document to JSON and back."""
    return json.loads(json.dumps(document))


def without_tokens(document):
    """Return the document without the tokens that boto3 generates."""
    return {name: part for name, part in document.items() if name != "tokens"}


def leaves(document, path=()):
    """Yield every place in a document."""
    yield path
    if isinstance(document, dict):
        for name, inner in document.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(document, list):
        for index, inner in enumerate(document):
            yield from leaves(inner, (*path, index))


def changed(document, path, change):
    """Return a copy of a document with the value at a path replaced."""
    document = copy.deepcopy(document)
    place = document
    for name in path[:-1]:
        place = place[name]
    change(place, path[-1])
    return document


# --- reading and writing --------------------------------------------------------------------


def test_a_state_round_trips(everything_written):
    """A state is equal after it was written, read and restored elsewhere."""
    state = json.loads(everything_written)
    elsewhere = Emulator()

    elsewhere.restore(state)

    assert elsewhere.snapshot() == state
    assert json.dumps(elsewhere.snapshot()) == everything_written
    assert set(state) == {"format", "version", *PARTS}


def test_every_table_has_entries(everything):
    """Every table has entries, so that these tests cover all of them."""
    account = engine_of(everything).state.accounts["123456789012", "us-east-1"]

    assert [kind for kind, table in account.tables.items() if not len(table)] == []
    assert engine_of(everything).state.scheduler.entries
    assert account.tokens.answers
    assert account.spent


def test_a_restored_emulator_continues_in_the_same_way(everything, client):
    """The same calls have the same ids, and jobs that are not due yet run in both."""

    def go_on():
        sms = client()
        made = sms.create_protect_configuration()["ProtectConfigurationId"]
        everything.clock.advance(seconds=60)
        everything.clock.advance(days=40)
        sent = sms.send_text_message(DestinationPhoneNumber=RECIPIENT, MessageBody="Hi")
        sms.request_sender_id(SenderId="MORE", IsoCountryCode="DE")
        return made, sent["MessageId"], without_tokens(everything.snapshot())

    state = everything.snapshot()
    first = go_on()
    everything.restore(through_json(state))
    second = go_on()

    assert first == second


def test_scheduled_jobs_are_restored(everything):
    """A message under way is delivered in the emulator that was restored."""
    elsewhere = Emulator()
    elsewhere.restore(everything.snapshot())
    [text] = elsewhere.find_messages(channel="text", direction="outbound", limit=1).messages
    assert text.status == "PENDING"

    elsewhere.clock.advance(seconds=60)

    assert engine_of(elsewhere).state.messages[text.id].status != "PENDING"
    assert engine_of(everything).state.messages[text.id].status == "PENDING"


def test_indexes_are_restored(everything, client):
    """Numbers, lists and messages are found by all their keys."""
    sms = client()
    number = sms.describe_phone_numbers(PhoneNumberIds=["phone-mine"])["PhoneNumbers"]

    everything.restore(everything.snapshot())

    assert sms.describe_phone_numbers(PhoneNumberIds=["phone-mine"])["PhoneNumbers"] == number
    assert sms.describe_phone_numbers(PhoneNumberIds=[number[0]["PhoneNumberArn"]])["PhoneNumbers"]
    assert everything.find_messages(recipient="+14255550103").total
    assert sms.describe_keywords(OriginationIdentity="phone-mine", Keywords=["YES"])["Keywords"]
    with pytest.raises(ValueError, match=r"\+12065550100"):
        everything.add_number(NUMBER)
    with pytest.raises(ClientError, match="DESTINATION_PHONE_NUMBER_OPTED_OUT"):
        sms.send_text_message(
            DestinationPhoneNumber="+14255550101",
            OriginationIdentity=number[0]["PoolId"],
            MessageBody="Hi",
        )


def test_page_tokens_stay_valid(emulator, client):
    """Reading pages continues after a restore, without gaps."""
    sms = client()
    for index in range(5):
        sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=f"+1425555010{index}")
    page = sms.describe_opted_out_numbers(OptOutListName="Default", MaxResults=2)

    emulator.restore(through_json(emulator.snapshot()))

    rest = sms.describe_opted_out_numbers(OptOutListName="Default", NextToken=page["NextToken"])
    assert len(rest["OptedOutNumbers"]) == 3


def test_client_tokens_are_restored(emulator, client):
    """A call that is repeated after a restore has the same answer."""
    sms = client()
    first = sms.create_opt_out_list(OptOutListName="Once", ClientToken="token")

    emulator.restore(through_json(emulator.snapshot()))
    again = sms.create_opt_out_list(OptOutListName="Once", ClientToken="token")

    assert again["OptOutListArn"] == first["OptOutListArn"]
    assert again["CreatedTimestamp"] == first["CreatedTimestamp"]


@pytest.mark.parametrize("frozen", [True, False])
def test_the_clock_is_restored(emulator, frozen):
    """The clock's offset is restored; a running clock continues from the system's time."""
    emulator.clock.advance(days=1000, microseconds=1)
    offset = emulator.clock.position.offset
    if frozen:
        emulator.clock.freeze()
    at = emulator.clock.now()
    state = through_json(emulator.snapshot())
    emulator.clock.resume()

    emulator.restore(state)

    assert emulator.clock.position.offset == offset
    assert timedelta() <= emulator.clock.now() - at <= timedelta(seconds=0 if frozen else 30)


def test_faults_and_outcomes_are_restored(everything):
    """Faults and outcomes still apply, the remaining number of times."""
    everything.restore(through_json(everything.snapshot()))

    assert [fault.times for fault in everything.faults] == [3]
    assert everything.fail("*", cut=True).id == "fault-2"
    assert [outcome.recipient for outcome in everything.outcomes] == ["+1425*"]


def test_nothing_is_sent_again(everything):
    """Restoring creates no records and no messages."""
    state = everything.snapshot()
    result = []
    engine_of(everything).message_listeners.append(result.append)

    everything.restore(state)

    assert result == []
    assert everything.snapshot() == state


def test_a_document_can_be_restored_twice(everything, client):
    """Changes after a restore do not change the document."""
    state = everything.snapshot()
    before = copy.deepcopy(state)
    everything.restore(state)
    client().tag_resource(
        ResourceArn=engine_of(everything)
        .state.accounts["123456789012", "us-east-1"]
        .opt_out_lists["Default"]
        .arn,
        Tags=[{"Key": "b", "Value": "c"}],
    )
    everything.clock.advance(days=1)

    assert state == before
    everything.restore(state)
    assert everything.snapshot() == before


def test_max_messages_applies_to_a_restore(everything):
    """An emulator that stores fewer messages keeps the latest, and counts the others."""
    state = everything.snapshot()
    kept = len(state["messages"]["kept"])
    small = Emulator(max_messages=2)

    small.restore(state)

    assert [each.id for each in small.messages] == [each.id for each in everything.messages][-2:]
    assert small.find_messages().forgotten == kept - 2


def test_overdue_jobs_run_at_once(everything):
    """In a restored state, jobs that are due do not wait for the next request."""
    state = everything.snapshot()
    with mock_sms() as elsewhere:
        state["clock"] = {"offset_microseconds": 0, "frozen_at": "2031-01-01T00:00:00+00:00"}
        elsewhere.restore(state)

        assert elsewhere.clock.now() == datetime(2031, 1, 1, tzinfo=UTC)
        assert (
            engine_of(elsewhere).state.scheduler.entries == []
            or engine_of(elsewhere).state.scheduler.entries[0].due.year >= 2031
        )


# --- documents that cannot be read ----------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [None, 5, "state", [], {}, {"format": "something"}, {"format": "pinpoint-sms-emu state"}],
)
def test_invalid_documents_are_refused(everything, document):
    """An invalid document is refused with a sentence, and changes nothing."""
    before = everything.snapshot()

    with pytest.raises(ValueError, match=r"this (state|is not an emulator's state)"):
        everything.restore(document)

    assert everything.snapshot() == before


@pytest.mark.parametrize("version", [0, 3, "1", None, 1.5])
def test_another_version(everything, version):
    """The error about another version names it and the supported ones."""
    before = everything.snapshot()

    with pytest.raises(ValueError, match=rf"version {version!r}; versions 1 to 2"):
        everything.restore(before | {"version": version})

    assert everything.snapshot() == before


NUMBERS = ("accounts", 0, "phone_numbers")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ((*NUMBERS, 0, "pool_id"), "pool-gone", "phone_numbers[0].pool_id names pool pool-gone"),
        (
            (*NUMBERS, 0, "opt_out_list_name"),
            "Gone",
            "names opt-out-list Gone, which does not exist",
        ),
        ((*NUMBERS, 0, "arn"), "arn:of:something", "has a wrong ARN"),
        ((*NUMBERS, 0, "sequence"), 10**6, "must have a sequence greater than"),
        ((*NUMBERS, 0, "status"), 5, "status must be a text"),
        ((*NUMBERS, 0, "created_timestamp"), "2030", "must be an ISO 8601 time"),
        (
            ("accounts", 0, "configuration_sets", 0, "protect_configuration_id"),
            "x",
            "does not exist",
        ),
        (("accounts", 0, "spent"), {"TEXT": {"2030-01": 5}}, "must be a decimal number"),
        (("accounts", 0, "pools"), [], "names pool pool-"),
        (("accounts", 1, "region"), 5, "must be a text"),
        (("accounts", 0), "account", "must be an object"),
        (
            ("scheduler", "entries", 0, "job"),
            "explode",
            "scheduler.entries[0] cannot run: explode",
        ),
        (("scheduler", "entries", 0, "kind"), "bomb", "cannot run"),
        (("scheduler", "entries", 0, "account_id"), "999999999999", "cannot run"),
        (("random_source", "seed"), "seven", "random_source.seed must be a whole number"),
        (("clock", "offset_microseconds"), 10**18, "clock is out of range"),
        (("clock", "frozen_at"), "9999-01-01T00:00:00+00:00", "clock is out of range"),
        (("faults", "entries", 0, "times"), "often", "faults.entries[0].times must be"),
        (
            ("faults", "entries", 0, "operation"),
            "SendFax",
            "entries[0] is not a possible fault: there is no oper",
        ),
        (
            ("faults", "entries", 0, "error"),
            "Nonsense",
            "entries[0] is not a possible fault: error",
        ),
        (("messages", "kept", 0, "price"), None, "messages.kept[0].price must be a number"),
        (
            ("messages", "kept", 1, "sequence"),
            1,
            "kept[1] must have a sequence greater than",
        ),
        (("tokens", 0, "account_id"), "999999999999", "tokens[0] belongs to an account"),
        (("more",), {}, "has the unknown member 'more'"),
    ],
)
def test_impossible_states_are_refused(everything, path, value, words):
    """The error has the place of the mistake, and nothing changes."""
    before = everything.snapshot()
    document = changed(before, path, lambda place, name: place.__setitem__(name, value))

    with pytest.raises(ValueError, match=r"^this state cannot be read: ") as raised:
        everything.restore(document)

    assert words in str(raised.value)
    assert everything.snapshot() == before


@pytest.mark.parametrize("name", [*PARTS])
def test_missing_parts_are_refused(everything, name):
    """All parts must be there."""
    before = everything.snapshot()
    document = {part: value for part, value in before.items() if part != name}

    with pytest.raises(ValueError, match=f"lacks {name}"):
        everything.restore(document)

    assert everything.snapshot() == before


def test_duplicate_accounts_are_refused(everything):
    """An account id occurs once in a Region."""
    state = everything.snapshot()
    state["accounts"].append(state["accounts"][0])

    with pytest.raises(ValueError, match="occurs twice: 123456789012 in us-east-1"):
        everything.restore(state)


ODD = [None, True, -1, 1.5, "", "odd", [], {}, ["odd"], {"odd": 1}, [[]]]


def test_any_wrong_value_is_read_or_refused(everything):
    """Any value at any place is read, or refused with a sentence, never read in part."""
    before = everything.snapshot()
    checked = 0
    for number, path in enumerate(leaves(before)):
        if not path:
            continue
        odd = ODD[number % len(ODD)]
        for change in (
            lambda place, name, odd=odd: place.__setitem__(name, odd),
            lambda place, name: place.__delitem__(name),
        ):
            document = changed(before, path, change)
            elsewhere = Emulator()
            empty = elsewhere.snapshot()
            try:
                elsewhere.restore(document)
            except ValueError:
                assert elsewhere.snapshot() == empty
            else:
                assert elsewhere.snapshot()
            checked += 1

    assert checked > 500


def kinds_in(value: Any) -> Iterator[type]:
    """Yield the classes of all dataclasses in a part of a state."""
    if is_dataclass(value):
        yield type(value)
        inner = [getattr(value, each.name) for each in fields(value)]
    elif isinstance(value, Mapping):
        inner = [*value.values()]
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        inner = [*value]
    else:
        return
    for each in inner:
        yield from kinds_in(each)


def test_everything_has_every_kind_of_entry(everything):
    """So what the tests of documents show holds for all of them."""
    state = engine_of(everything).state
    accounts = [vars(each) for each in state.accounts.values()]
    # These are made for answers.
    computed = {"Association", "Member"}

    found = {*kinds_in(accounts), *kinds_in(state.messages), *kinds_in(state.events.published)}
    found |= {*kinds_in(state.faults), *kinds_in(state.outcomes)}

    assert found >= {
        each
        for each in subclasses_of(Entry)
        if not each.__subclasses__() and each.__name__ not in computed
    }


def subclasses_of(kind: type) -> Iterator[type]:
    """Yield the classes of the package that are derived from a class."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("pinpoint_sms_emu."):
            yield each
        yield from subclasses_of(each)
