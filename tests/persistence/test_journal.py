"""The data folder: after a crash everything is there that was answered, and damage is named."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.emulator import Emulator
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.persistence import journal
from pinpoint_sms_emu.wire.protocol import Request, Response
from tests.doors.serving import AUTHORIZATION, run
from tests.filling import fill_in

NUMBERS = st.sampled_from([f"+1206555010{digit}" for digit in range(4)])
PEOPLE = st.sampled_from([f"+1425555010{digit}" for digit in range(3)])
NAMES = st.sampled_from(["red", "green"])
ACCOUNTS = st.sampled_from(["123456789012", "210987654321"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that is yet to be made."""
    return tmp_path / "made" / "data"


@pytest.fixture
def kept(folder: Path) -> Iterator[Emulator]:
    """An emulator with a data folder."""
    emulator = Emulator(seed=7, data_dir=folder)
    yield emulator
    emulator.close()


def crashed(folder: Path) -> Path:
    """The folder as it would be if the process died now."""
    return Path(shutil.copytree(folder, folder.with_name(f"{folder.name}-crashed")))


def state_in(folder: Path, **given: Any) -> dict[str, Any]:
    """What an emulator finds in a folder."""
    emulator = Emulator(data_dir=folder, **given)
    try:
        return emulator.snapshot()
    finally:
        emulator.close()


def handle(emulator: Emulator, operation: str, **members: Any) -> Response:
    """Call as a client does."""
    target = f"PinpointSMSVoiceV2.{operation}"
    headers = {"x-amz-target": target, "authorization": AUTHORIZATION}
    return emulator.handle(Request(headers, json.dumps(members).encode()))


def send(number: str, person: str, **more: Any) -> Callable[[Emulator], object]:
    """Send a text."""
    members = {
        "DestinationPhoneNumber": person,
        "OriginationIdentity": number,
        "MessageBody": "Hello",
    }
    return lambda emulator: emulator.call("SendTextMessage", members | more)


def named(operation: str) -> Callable[[str, str], Callable[[Emulator], object]]:
    """Call what is about an opt-out list, for an account."""
    return lambda name, account: (
        lambda emulator: emulator.call(operation, {"OptOutListName": name}, account)
    )


def first_number(emulator: Emulator) -> str:
    """The id of some number that there is."""
    account = emulator.account("123456789012", "us-east-1")
    return next((number.id for number in account.phone_numbers), "none")


def plain(*actions: Callable[[Emulator], object]) -> st.SearchStrategy[Any]:
    """One of what takes no arguments."""
    return st.sampled_from(actions)


CHANGES = st.one_of(
    st.builds(named("CreateOptOutList"), NAMES, ACCOUNTS),
    st.builds(named("DeleteOptOutList"), NAMES, ACCOUNTS),
    st.builds(named("DescribeOptedOutNumbers"), NAMES, ACCOUNTS),
    st.builds(send, NUMBERS, PEOPLE),
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
        PEOPLE,
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
        lambda emulator: emulator.restore(emulator.snapshot()),
        lambda emulator: emulator.reset(),
        lambda emulator: emulator.tick(),
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
    """Whatever has been done: who starts where a dead process left off finds the same state."""
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


def test_what_a_reviewer_decides_is_there_after_a_crash(folder: Path):
    """A review is a change like any other, and what comes after it goes on from there."""
    with mock_sms(seed=7, data_dir=folder, registrations="required") as emulator:
        sms = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")
        made = sms.create_registration(RegistrationType="GB_SENDER_ID_REGISTRATION")
        registration_id = made["RegistrationId"]
        account = emulator.account("123456789012", "us-east-1")
        fill_in(sms, account.registrations[registration_id])
        sms.submit_registration_version(RegistrationId=registration_id)

        emulator.review(registration_id, "COMPLETE")
        sms.create_opt_out_list(OptOutListName="red")

        assert account.registrations[registration_id].status == "COMPLETE"
        assert state_in(crashed(folder)) == emulator.snapshot()


def test_every_method_that_changes_something_is_written_down():
    """A method of the emulator that is not written down only looks, or says why here."""
    methods = {
        name for name, each in vars(Emulator).items() if callable(each) and not name.startswith("_")
    }
    looks = {"find_messages", "wait_for", "message", "resources", "places", "find_events"}
    looks |= {"find_numbers"}
    looks |= {"new_request_id", "snapshot"}
    # The call is written down, what becomes due, and what is told of by itself.
    by_themselves = {"handle", "call", "turn", "run_due", "change", "note", "account"}
    # They begin the file anew, end it, or deliver what is in it already.
    of_the_whole = {"restore", "reset", "close", "tick", "flush"}

    assert methods - journal.CHANGES.keys() == looks | by_themselves | of_the_whole


def test_settings_of_before(folder: Path, kept: Emulator):
    """What was done under other settings is not done again under those of now."""
    for name in ("red", "green"):
        kept.call("CreateOptOutList", {"OptOutListName": name})
    before = kept.snapshot()

    quotas = {"OPT_OUT_LISTS_PER_ACCOUNT": 1}

    assert state_in(crashed(folder), quotas=quotas, seed=8) == before


def test_secrets_are_not_written(folder: Path):
    """The access token is not in the folder."""
    Emulator(data_dir=folder, access_token="very-secret").close()

    assert b"very-secret" not in (folder / "journal.jsonl").read_bytes()


def test_reset_empties_the_folder(folder: Path, kept: Emulator):
    """After a reset, a new start finds nothing."""
    kept.call("CreateOptOutList", {"OptOutListName": "red"})
    kept.reset()

    assert state_in(crashed(folder))["accounts"] == []


def test_the_file_does_not_grow_for_ever(folder: Path, kept: Emulator, monkeypatch):
    """When more has been changed than is kept, the state is written anew."""
    monkeypatch.setattr(journal, "LEAST_BYTES", 10_000)
    for _ in range(200):
        kept.call("CreateOptOutList", {"OptOutListName": "red"})
        kept.call("DeleteOptOutList", {"OptOutListName": "red"})
    before = kept.snapshot()

    assert (folder / "journal.jsonl").stat().st_size < 30_000
    assert state_in(crashed(folder)) == before


# Damage.


@pytest.fixture
def three_lines(folder: Path, kept: Emulator) -> Path:
    """The file of a folder that has been left by a crash, with a state and two changes."""
    kept.account("123456789012", "us-east-1")
    kept.call("CreateOptOutList", {"OptOutListName": "red"})
    return crashed(folder) / "journal.jsonl"


def test_a_torn_line(three_lines: Path, kept: Emulator):
    """A last line that was not finished was never answered; all before it is there."""
    whole = three_lines.read_bytes()
    before = kept.snapshot()
    after_one = len(b"".join(whole.splitlines(keepends=True)[:2]))
    for size in range(after_one, len(whole), 5):
        three_lines.write_bytes(whole[:size])
        lists = state_in(three_lines.parent)["accounts"][0]["opt_out_lists"]
        assert [each["id"] for each in lists] == ["Default"]
    three_lines.write_bytes(whole + b"00000000 {torn")

    assert state_in(three_lines.parent) == before


def test_every_byte_counts(three_lines: Path):
    """A byte that is another is found wherever it is, named, and the file is left alone."""
    whole = three_lines.read_bytes()
    first = whole.index(b"\n")
    for place in (*range(0, first, 97), *range(first - 12, len(whole))):
        damaged = bytearray(whole)
        damaged[place] ^= 0x5A
        three_lines.write_bytes(damaged)

        with pytest.raises(ValueError, match=r"journal\.jsonl, line [123]: "):
            Emulator(data_dir=three_lines.parent)
        assert three_lines.read_bytes() == damaged


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (lambda lines: lines[:0], 1),
        (lambda lines: lines[1:], 1),
        (lambda lines: [lines[0][:-1]], 1),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: [*lines, lines[2]], 4),
        (lambda lines: [lines[0], lines[2], lines[1]], 2),
        (lambda lines: [lines[0], b"\n", *lines[1:]], 2),
    ],
    ids=["empty", "headless", "torn head", "one gone", "one twice", "changed places", "one more"],
)
def test_lines_that_are_not_as_they_were(three_lines: Path, edit, line):
    """Lines cannot go, come or change places unnoticed."""
    three_lines.write_bytes(b"".join(edit(three_lines.read_bytes().splitlines(keepends=True))))

    with pytest.raises(ValueError, match=f"line {line}: "):
        Emulator(data_dir=three_lines.parent)


def test_changes_of_another_version(three_lines: Path, monkeypatch):
    """Another version reads what was left in order, and does not guess what changes would do."""
    monkeypatch.setattr(journal, "__version__", "0.0.1")

    with pytest.raises(ValueError, match=r"line 2: version .* was killed"):
        Emulator(data_dir=three_lines.parent)


def test_a_damaged_folder_is_not_served(three_lines: Path):
    """`serve` says in one sentence what is wrong, and fails."""
    three_lines.write_bytes(b"nonsense\n")

    ended = run("serve", "--port", "0", "--data-dir", str(three_lines.parent))

    assert ended.returncode == 1
    assert f"{three_lines}, line 1: this is not what was written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert three_lines.read_bytes() == b"nonsense\n"


# A disk that takes no more.


def full_after(room: int) -> Callable[..., int]:
    """Write as a disk does that has only so much room, and then none."""
    left = room
    write = os.pwrite

    def pwrite(file: int, data: Any, at: int) -> int:
        nonlocal left
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(file, bytes(data[:left]), at)
        left -= written
        return written

    return pwrite


@pytest.mark.parametrize("room", [0, 1, 60])
def test_a_full_disk(folder: Path, kept: Emulator, monkeypatch, room):
    """A call for which there is no room fails, says why, and changes nothing."""
    kept.account("123456789012", "us-east-1")
    before = kept.snapshot()
    with monkeypatch.context() as disk:
        disk.setattr(os, "pwrite", full_after(room))
        answer = handle(kept, "CreateOptOutList", OptOutListName="red")
        for change in (kept.reset, lambda: kept.restore(before), kept.clock.freeze):
            with pytest.raises(journal.NotWrittenError, match="No space left on device"):
                change()
        assert handle(kept, "DescribePools").status == 200

    assert answer.status == 500
    assert json.loads(answer.body)["__type"] == "InternalServerException"
    assert "journal.jsonl takes no more: No space left" in json.loads(answer.body)["Message"]
    assert kept.snapshot() == before
    assert sorted(each.name for each in folder.iterdir()) == ["journal.jsonl", "lock"]

    assert handle(kept, "CreateOptOutList", OptOutListName="red").status == 200
    assert state_in(crashed(folder)) == kept.snapshot() != before


def test_a_disk_that_is_full_from_the_start(folder: Path, monkeypatch):
    """Nothing starts, and nothing is left that looks like a state."""
    monkeypatch.setattr(os, "pwrite", full_after(100))

    with pytest.raises(OSError, match=r"journal\.jsonl cannot be written: No space left"):
        Emulator(data_dir=folder)
    assert [each.name for each in folder.iterdir()] == ["lock"]


def test_a_limit_of_the_system(folder: Path):
    """A real limit on file sizes is met like a full disk: clearly, and nothing is lost."""
    script = f"""
import resource, signal
from pinpoint_sms_emu.emulator import Emulator
from pinpoint_sms_emu.errors import ApiError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
emulator = Emulator(data_dir={str(folder)!r}, quotas={{"OPT_OUT_LISTS_PER_ACCOUNT": 1000}})
try:
    for number in range(1000):
        emulator.call("CreateOptOutList", {{"OptOutListName": f"list-{{number}}"}})
except ApiError as error:
    print(number, error.message)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    made, _, message = ended.stdout.partition(" ")

    assert "takes no more: File too large" in message
    assert len(state_in(folder)["accounts"][0]["opt_out_lists"]) == int(made) + 1


@pytest.mark.parametrize("place", ["a-file", "a-file/below"])
def test_a_folder_that_cannot_be(tmp_path: Path, place):
    """What can be no folder is said in one sentence, also by `serve`."""
    (tmp_path / "a-file").touch()

    ended = run("serve", "--port", "0", "--data-dir", str(tmp_path / place))

    assert ended.returncode == 1
    assert f"data_dir {tmp_path / place} cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_two_at_once(folder: Path, kept: Emulator):
    """A folder is one emulator's; when that has been closed, it is the next one's."""
    with pytest.raises(OSError, match="is in use by another process"):
        Emulator(data_dir=folder)
    kept.close()
    with pytest.raises(journal.NotWrittenError, match="has been closed"):
        kept.clock.freeze()

    Emulator(data_dir=folder).close()


def test_what_is_no_json(kept: Emulator):
    """What cannot be written down is refused, and changes nothing."""
    with pytest.raises(ValueError, match="everything must be possible in JSON"):
        kept.clear_faults(object())  # type: ignore[arg-type]


def test_what_is_nested_too_deeply(folder: Path, kept: Emulator):
    """What could not be read again is refused before it is written."""
    answers = [
        handle(kept, "CreateOptOutList", OptOutListName=f"list-{depth}", Unknown=nested(depth))
        for depth in (150, 250)
    ]

    assert [each.status for each in answers] == [200, 400]
    assert state_in(crashed(folder)) == kept.snapshot()


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    return [nested(depth - 1)] if depth else []


def test_what_became_of_records(folder: Path, kept: Emulator, monkeypatch):
    """A record that has arrived is not sent again; one that was under way is, nothing is lost."""
    kept.reset(seed=7, events_endpoint_url="http://127.0.0.1:9")
    number = kept.add_number("+12065550100").id
    kept.call("CreateConfigurationSet", {"ConfigurationSetName": "set"})
    kept.call(
        "CreateEventDestination",
        {
            "ConfigurationSetName": "set",
            "EventDestinationName": "topic",
            "MatchingEventTypes": ["ALL"],
            "SnsDestination": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:topic"},
        },
    )
    taken: list[str] = []

    def take(_sinks: object, payload: Any) -> str | None:
        taken.append(payload.target)
        return None if len(taken) == 1 else "nobody is there"

    monkeypatch.setattr("pinpoint_sms_emu.messaging.events.dispatcher.Sinks.take", take)
    send(number, "+14255550123", ConfigurationSetName="set")(kept)
    statuses = [destination.status for event in kept.events for destination in event.destinations]
    before = kept.snapshot()["events"]["published"]

    assert statuses[0] == "delivered"
    assert "pending" in statuses
    after = state_in(crashed(folder), events_endpoint_url="http://127.0.0.1:9")
    left = [
        delivery["status"]
        for each in after["events"]["published"]
        for delivery in each["deliveries"]
    ]
    was = [delivery["status"] for each in before for delivery in each["deliveries"]]
    assert left == was


def test_another_folder_at_a_reset(tmp_path: Path, kept: Emulator):
    """A reset has other settings, but not another folder."""
    with pytest.raises(ValueError, match="data_dir is chosen when an emulator is made"):
        kept.reset(data_dir=tmp_path)
    kept.reset(account_tier="SANDBOX")

    assert kept.settings.data_dir
    assert kept.settings.account_tier == "SANDBOX"
