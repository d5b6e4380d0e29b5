"""The data folder: after a crash every answered change is there, and damage is detected."""

from __future__ import annotations

import inspect
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import ApiError, NotWrittenError
from pinpoint_sms_emu.persistence import data_folder, recovery
from pinpoint_sms_emu.service import arrangements
from pinpoint_sms_emu.state.transactions import CHANGES as REGISTERED
from pinpoint_sms_emu.wire.protocol import Request, Response
from tests.doors.serving import AUTHORIZATION, run
from tests.filling import fill_in
from tests.messaging.receivers import add_destination
from tests.persistence.folders import state_in

NUMBERS = st.sampled_from([f"+1206555010{digit}" for digit in range(4)])
RECIPIENTS = st.sampled_from([f"+1425555010{digit}" for digit in range(3)])
NAMES = st.sampled_from(["red", "green"])
ACCOUNTS = st.sampled_from(["123456789012", "210987654321"])


VERSION_1 = Path(__file__).parent / "version_1"


def crashed(folder: Path) -> Path:
    """A copy of the folder as if the process had died now."""
    return Path(shutil.copytree(folder, folder.with_name(f"{folder.name}-crashed")))


def handle(emulator: Emulator, operation: str, **members: Any) -> Response:
    """Call an operation as clients do."""
    target = f"PinpointSMSVoiceV2.{operation}"
    headers = {"x-amz-target": target, "authorization": AUTHORIZATION}
    return engine_of(emulator).handle(Request(headers, json.dumps(members).encode()))


def send(number: str, person: str, **more: Any) -> Callable[[Emulator], object]:
    """Send a text."""
    members = {
        "DestinationPhoneNumber": person,
        "OriginationIdentity": number,
        "MessageBody": "Hello",
    }
    return lambda emulator: engine_of(emulator).call("SendTextMessage", members | more)


def named(operation: str) -> Callable[[str, str], Callable[[Emulator], object]]:
    """Return calls about an opt-out list in an account."""
    return lambda name, account: (
        lambda emulator: engine_of(emulator).call(operation, {"OptOutListName": name}, account)
    )


def first_number(emulator: Emulator) -> str:
    """The id of an existing number."""
    account = engine_of(emulator).account("123456789012", "us-east-1")
    return next((number.id for number in account.phone_numbers), "none")


def plain(*actions: Callable[[Emulator], object]) -> st.SearchStrategy[Any]:
    """Return a call without arguments."""
    return st.sampled_from(actions)


CHANGES = st.one_of(
    st.builds(named("CreateOptOutList"), NAMES, ACCOUNTS),
    st.builds(named("DeleteOptOutList"), NAMES, ACCOUNTS),
    st.builds(named("DescribeOptedOutNumbers"), NAMES, ACCOUNTS),
    st.builds(send, NUMBERS, RECIPIENTS),
    st.builds(
        lambda number, account: lambda emulator: emulator.add_number(number, account_id=account),
        NUMBERS,
        ACCOUNTS,
    ),
    st.builds(
        lambda body, person, number: (
            lambda emulator: emulator.receive(body, sender=person, recipient=number)
        ),
        st.sampled_from(["STOP", "START", "HELP", "ok"]),
        RECIPIENTS,
        NUMBERS,
    ),
    st.builds(
        lambda hours: lambda emulator: emulator.clock.advance(hours=hours), st.floats(0, 800)
    ),
    plain(
        lambda emulator: emulator.clock.freeze(),
        lambda emulator: emulator.clock.resume(),
        lambda emulator: emulator.fail("DescribePools", "ThrottlingException", times=2),
        lambda emulator: emulator.fail("*", delay_seconds=0.0, cut=True, probability=0.5, times=1),
        lambda emulator: emulator.clear_faults(),
        lambda emulator: emulator.clear_faults("fault-1"),
        lambda emulator: emulator.outcome("TEXT_BLOCKED", times=2),
        lambda emulator: emulator.clear_outcomes(),
        lambda emulator: emulator.clear_messages(),
        lambda emulator: emulator.clear_messages(emulator.messages[0].message_id),
        lambda emulator: emulator.restore(emulator.snapshot()),
        lambda emulator: emulator.reset(),
        lambda emulator: engine_of(emulator).tick(),
        lambda emulator: handle(emulator, "DescribePools"),
        lambda emulator: handle(
            emulator,
            "CreatePool",
            OriginationIdentity=first_number(emulator),
            MessageType="TRANSACTIONAL",
        ),
        lambda emulator: handle(
            emulator,
            "RequestPhoneNumber",
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
            ClientToken="token",
        ),
    ),
)


@settings(deadline=None, max_examples=60)
@given(
    changes=st.lists(CHANGES, max_size=25),
    given=st.fixed_dictionaries(
        {
            "transition_seconds": st.sampled_from([0, 3600]),
            "delivery_seconds": st.sampled_from([0, 3600]),
            "throttling": st.booleans(),
            "max_messages": st.sampled_from([3, 1000]),
        }
    ),
)
def test_any_changes_are_there_after_a_crash(changes, given):
    """After any calls, an emulator with the folder of a dead process has the same state."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "data"
        emulator = Emulator(data_dir=folder, **given)
        for change in changes:
            with suppress(ApiError, ValueError, LookupError):
                change(emulator)
        before = emulator.snapshot()

        assert state_in(crashed(folder), **given) == before

        emulator.close()
        assert state_in(folder, **given) == before


def test_a_review_is_there_after_a_crash(folder: Path):
    """A review is stored like any change, and later changes follow it."""
    with mock_sms(seed=7, data_dir=folder, registrations="required") as emulator:
        sms = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")
        made = sms.create_registration(RegistrationType="GB_SENDER_ID_REGISTRATION")
        registration_id = made["RegistrationId"]
        account = engine_of(emulator).account("123456789012", "us-east-1")
        fill_in(sms, account.registrations[registration_id])
        sms.submit_registration_version(RegistrationId=registration_id)

        emulator.review(registration_id, "COMPLETE")
        sms.create_opt_out_list(OptOutListName="red")

        assert account.registrations[registration_id].status == "COMPLETE"
        assert state_in(crashed(folder)) == emulator.snapshot()


def test_every_change_can_be_repeated():
    """Every function with which the emulator changes a state can be repeated by name."""
    made_by_users = {
        name
        for name in vars(arrangements)
        if inspect.isfunction(getattr(arrangements, name)) and not name.startswith("_")
    }
    own = {
        name
        for name in made_by_users
        if getattr(arrangements, name).__module__.endswith("arrangements")
    }

    assert own <= REGISTERED.keys()
    assert {"answer_call", "run_due_jobs", "move_clock", "settle_delivery"} <= REGISTERED.keys()


def test_changes_are_repeated_with_their_settings(folder: Path, kept: Emulator):
    """Changes under earlier settings are not repeated with the current ones."""
    for name in ("red", "green"):
        engine_of(kept).call("CreateOptOutList", {"OptOutListName": name})
    before = kept.snapshot()

    quotas = {"OPT_OUT_LISTS_PER_ACCOUNT": 1}

    assert state_in(crashed(folder), quotas=quotas, seed=8) == before


def test_secrets_are_not_written(folder: Path):
    """The access token is not in the folder."""
    Emulator(data_dir=folder, access_token="very-secret").close()

    written = b"".join(each.read_bytes() for each in folder.iterdir())
    assert written
    assert b"very-secret" not in written


def test_reset_empties_the_folder(folder: Path, kept: Emulator):
    """After a reset, a new emulator has an empty state."""
    engine_of(kept).call("CreateOptOutList", {"OptOutListName": "red"})
    kept.reset()

    assert state_in(crashed(folder))["accounts"] == []


def test_the_folder_is_compacted(folder: Path, kept: Emulator, monkeypatch):
    """When there are too many changes, the whole state is written in their place."""
    monkeypatch.setattr(data_folder, "MIN_BYTES", 10_000)
    for _ in range(200):
        engine_of(kept).call("CreateOptOutList", {"OptOutListName": "red"})
        engine_of(kept).call("DeleteOptOutList", {"OptOutListName": "red"})
    before = kept.snapshot()
    engine_of(kept).transactions.journal.wait()  # type: ignore[union-attr]

    assert sum(each.stat().st_size for each in folder.iterdir()) < 1_000_000
    assert state_in(crashed(folder)) == before


def test_closing_leaves_a_compact_state(folder: Path, kept: Emulator):
    """After closing there is one file, with the state and without changes."""
    engine_of(kept).call("CreateOptOutList", {"OptOutListName": "red"})
    before = kept.snapshot()
    kept.close()

    assert [each.name for each in folder.iterdir()] == ["state.sqlite3"]
    with closing(sqlite3.connect(folder / "state.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM changes").fetchone() == (0,)
    assert state_in(folder) == before


# Damage.


@pytest.fixture
def abandoned(folder: Path, kept: Emulator) -> Path:
    """A folder of a crashed process, with a state and changes."""
    engine_of(kept).account("123456789012", "us-east-1")
    for name in ("red", "green", "blue"):
        engine_of(kept).call("CreateOptOutList", {"OptOutListName": name})
    return crashed(folder)


def test_an_incomplete_change_is_dropped(abandoned: Path, kept: Emulator):
    """A change that was not written completely was not answered.

    All changes before it are there.
    """
    log = abandoned / "state.sqlite3-wal"
    whole = log.read_bytes()
    page = int.from_bytes(whole[8:12])
    # The frames of the write-ahead log; only the last frame of a transaction marks it as committed.
    frames = range(32, len(whole), page + 24)
    commits = [each for each in frames if int.from_bytes(whole[each + 4 : each + 8])]
    last = commits[-2] + page + 24
    names = []
    for size in (last, last + 24, commits[-1], commits[-1] + 24, len(whole) - 1):
        copy = crashed(abandoned)
        (copy / log.name).write_bytes(whole[:size])
        lists = state_in(copy)["accounts"][0]["opt_out_lists"]
        names.append([each["id"] for each in lists])
        shutil.rmtree(copy)
    (crashed(abandoned) / log.name).write_bytes(whole + b"torn")

    assert names == [["Default", "red", "green"]] * 5
    assert state_in(abandoned.with_name(f"{abandoned.name}-crashed")) == kept.snapshot()


@pytest.mark.parametrize("name", ["state.sqlite3", "state.sqlite3-wal"])
def test_every_changed_byte_is_detected(abandoned: Path, kept: Emulator, name):
    """A changed byte has no effect or causes an error, and the file is not modified."""
    whole = (abandoned / name).read_bytes()
    before, named = kept.snapshot(), list[str]()
    for place in (*range(0, 100, 7), *range(100, len(whole), len(whole) // 60)):
        copy = crashed(abandoned)
        damaged = bytearray(whole)
        damaged[place] ^= 0x5A
        (copy / name).write_bytes(damaged)
        try:
            assert state_in(copy) == before, f"byte {place} of {name}"
        except (ValueError, OSError) as error:
            named.append(str(error))
        shutil.rmtree(copy)

    assert len(named) > 10
    assert all("damaged" in each or str(abandoned) in each for each in named)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM head",
        "DELETE FROM state",
        "DELETE FROM changes WHERE number = 2",
        "UPDATE changes SET line = replace(line, 'green', 'greed')",
        "UPDATE changes SET number = 9 WHERE number = 1",
        "UPDATE state SET text = replace(text, '7', '8')",
        "UPDATE head SET value = 'something' WHERE name = 'format'",
        "DROP TABLE changes",
        "DROP TABLE head",
    ],
)
def test_an_edited_database_is_refused(abandoned: Path, statement):
    """An edited file is detected."""
    with closing(sqlite3.connect(abandoned / "state.sqlite3", isolation_level=None)) as database:
        database.execute(statement)

    with pytest.raises(ValueError, match=r"state\.sqlite3 is damaged: "):
        Emulator(data_dir=abandoned)


def test_a_later_version_is_refused(abandoned: Path):
    """A folder of a later version is refused with a sentence."""
    with closing(sqlite3.connect(abandoned / "state.sqlite3", isolation_level=None)) as database:
        database.execute("UPDATE head SET value = '3' WHERE name = 'version'")

    with pytest.raises(ValueError, match=r"has version 3, but must have 2: use version \d"):
        Emulator(data_dir=abandoned)


def test_changes_of_another_version_are_refused(abandoned: Path, monkeypatch):
    """Changes that were made by a version with other behaviour are refused."""
    positions = iter([[0, 0, 0, 0]])
    monkeypatch.setattr(recovery, "position_of", lambda _state: next(positions, [9, 9, 9, 9]))

    with pytest.raises(ValueError, match=r"repeating change 2 had another result"):
        Emulator(data_dir=abandoned)


def test_a_damaged_folder_is_not_served(abandoned: Path):
    """`serve` prints the error in one sentence, and fails."""
    (abandoned / "state.sqlite3").write_bytes(b"nonsense\n" * 1000)
    (abandoned / "state.sqlite3-wal").unlink()

    ended = run("serve", "--port", "0", "--data-dir", str(abandoned))

    assert ended.returncode == 1
    assert "state.sqlite3 is damaged: file is not a database" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (abandoned / "state.sqlite3").read_bytes() == b"nonsense\n" * 1000


# Folders and states of version 1.


@pytest.mark.parametrize("how", ["clean", "unclean"])
def test_a_folder_of_version_1(tmp_path: Path, how):
    """A folder of version 1 is read, also if a crash has left it."""
    folder = Path(shutil.copytree(VERSION_1 / how, tmp_path / "data"))
    expected = json.loads((VERSION_1 / f"{how}.json").read_text())

    emulator = Emulator(data_dir=folder)
    state = emulator.snapshot()
    emulator.close()

    assert state["version"] == 2
    assert len(state["messages"]["kept"]) == len(expected["messages"]["kept"]) > 5
    assert [each["id"] for each in state["messages"]["kept"]] == [
        each["id"] for each in expected["messages"]["kept"]
    ]
    assert [each["id"] for each in state["accounts"][0]["pools"]] == [
        each["id"] for each in expected["accounts"][0]["pools"]
    ]
    assert sorted(each.name for each in folder.iterdir()) == ["journal.version-1", "state.sqlite3"]
    assert state_in(folder) == state


def test_a_state_of_version_1():
    """A snapshot of version 1 is read, and new changes follow."""
    document = json.loads((VERSION_1 / "clean.json").read_text())
    emulator = Emulator()

    emulator.restore(document)

    kept = {message.id: message for message in emulator.messages}
    for each in document["messages"]["kept"]:
        assert len(kept[each["id"]].history) == len(each["heard"])
    emulator.clock.advance(hours=1)
    assert "PENDING" not in {message.status for message in emulator.messages}
    assert emulator.snapshot()["random_source"]["seed"] == document["chance"]["seed"]


def test_a_registration_type_of_version_1_is_renamed():
    """A registration of a type that had two names gets the remaining one."""
    document = json.loads((VERSION_1 / "clean.json").read_text())
    document["accounts"][0]["registrations"][0]["registration_type"] = "US_RCS_REGISTRATION"
    emulator = Emulator()

    emulator.restore(document)

    [registration] = emulator.snapshot()["accounts"][0]["registrations"]
    assert registration["registration_type"] == "US_RCS_LAUNCH_REGISTRATION"


# A full disk.


def test_a_full_disk(folder: Path, kept: Emulator):
    """A call that cannot be written fails with the reason, and changes nothing."""
    engine_of(kept).account("123456789012", "us-east-1")
    before = kept.snapshot()
    database = engine_of(kept).transactions.journal._database  # type: ignore[union-attr]
    [(pages,)] = database.execute("PRAGMA page_count")
    database.execute(f"PRAGMA max_page_count = {pages}")
    tags = [{"Key": f"key-{number}", "Value": "x" * 250} for number in range(40)]

    answer = handle(kept, "CreateOptOutList", OptOutListName="red", Tags=tags)

    assert answer.status == 500
    assert json.loads(answer.body)["__type"] == "InternalServerException"
    message = json.loads(answer.body)["Message"]
    assert "state.sqlite3 cannot be written: database or disk is full" in message
    assert kept.snapshot() == before
    with pytest.raises(NotWrittenError, match="database or disk is full"):
        kept.fail("DescribePools", "ThrottlingException", reason=None, region="x" * 9000)
    assert handle(kept, "DescribePools").status == 200
    assert kept.snapshot() == before

    database.execute("PRAGMA max_page_count = 1000000")
    assert handle(kept, "CreateOptOutList", OptOutListName="red", Tags=tags).status == 200
    assert state_in(crashed(folder)) == kept.snapshot() != before


def test_a_file_size_limit(folder: Path):
    """A limit on file sizes acts like a full disk: a clear error, and nothing is lost."""
    script = f"""
import resource, signal
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import ApiError
from tests.messaging.receivers import add_destination
from tests.persistence.folders import state_in
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (90000, 90000))
emulator = Emulator(data_dir={str(folder)!r}, quotas={{"OPT_OUT_LISTS_PER_ACCOUNT": 1000}})
try:
    for number in range(1000):
        engine_of(emulator).call("CreateOptOutList", {{"OptOutListName": f"list-{{number}}"}})
except ApiError as error:
    print(number, error.message)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    made, _, message = ended.stdout.partition(" ")

    assert "cannot be written: " in message
    assert len(state_in(folder)["accounts"][0]["opt_out_lists"]) == int(made) + 1


@pytest.mark.parametrize("place", ["a-file", "a-file/below"])
def test_an_impossible_path_is_refused(tmp_path: Path, place):
    """A path that cannot be a folder is refused in one sentence, also by `serve`."""
    (tmp_path / "a-file").touch()

    ended = run("serve", "--port", "0", "--data-dir", str(tmp_path / place))

    assert ended.returncode == 1
    assert f"data_dir {tmp_path / place} cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_unserializable_changes_are_refused(kept: Emulator):
    """A change that cannot be written is refused, and changes nothing."""
    with pytest.raises(ValueError, match="arguments must be valid JSON"):
        kept.clear_faults(object())  # type: ignore[arg-type]


def test_deeply_nested_changes_are_refused(folder: Path, kept: Emulator):
    """A change that could not be read again is refused before it is written."""
    answers = [
        handle(kept, "CreateOptOutList", OptOutListName=f"list-{depth}", Unknown=nested(depth))
        for depth in (150, 250)
    ]

    assert [each.status for each in answers] == [200, 400]
    assert state_in(crashed(folder)) == kept.snapshot()


def nested(depth: int) -> list[Any]:
    """A list in a list in a list, this many times."""
    return [nested(depth - 1)] if depth else []


def test_delivered_records_are_not_sent_again(folder: Path, kept: Emulator, monkeypatch):
    """Delivered records are not sent again; those in progress are, and nothing is lost."""
    kept.reset(seed=7, events_endpoint_url="http://127.0.0.1:9")
    number = kept.add_number("+12065550100").id
    topic = "arn:aws:sns:us-east-1:123456789012:topic"
    add_destination(kept, "topic", SnsDestination={"TopicArn": topic})
    taken: list[str] = []

    def deliver(_sinks: object, payload: Any) -> str | None:
        taken.append(payload.target)
        return None if len(taken) == 1 else "nobody is there"

    monkeypatch.setattr("pinpoint_sms_emu.messaging.events.dispatcher.Sinks.deliver", deliver)
    send(number, "+14255550123", ConfigurationSetName="Set")(kept)
    statuses = [destination.status for event in kept.events for destination in event.destinations]
    before = kept.snapshot()["events"]["published"]

    assert statuses[0] == "delivered"
    assert "pending" in statuses
    after = state_in(crashed(folder), events_endpoint_url="http://127.0.0.1:9")
    abandoned = [
        delivery["status"]
        for each in after["events"]["published"]
        for delivery in each["deliveries"]
    ]
    was = [delivery["status"] for each in before for delivery in each["deliveries"]]
    assert abandoned == was
