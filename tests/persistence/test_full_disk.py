"""A full disk between calls: postponed changes are made later."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import NotWrittenError
from tests.messaging.endpoints import FlakyReceiver, free_port
from tests.messaging.receivers import add_destination

NUMBER, PERSON = "+18885550100", "+14255550100"
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"


class Disk:
    """A data folder's disk that is full for some changes."""

    def __init__(self, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
        journal: Any = engine_of(emulator).transactions.journal
        self._append = journal.append
        self.refused: set[str] = set()
        monkeypatch.setattr(journal, "append", self.append)

    def append(self, name: str, *change: Any) -> None:
        """Write a change, unless the disk is full."""
        if name in self.refused:
            raise NotWrittenError("the disk is full")
        self._append(name, *change)


def after_a_crash(folder: Path, **settings: Any) -> dict[str, Any]:
    """The state that a new process reads from a folder."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    emulator = Emulator(data_dir=copy, **settings)
    state = emulator.snapshot()
    emulator.close()
    return state


def test_a_full_disk_during_media_inspection(tmp_path: Path, monkeypatch, caplog):
    """The message is accepted and answered; its delivery continues when there is space."""
    dead = f"http://127.0.0.1:{free_port()}"
    emulator = Emulator(data_dir=tmp_path / "data", s3_endpoint_url=dead, delivery_seconds=0)
    emulator.clock.freeze()
    emulator.add_number(NUMBER)
    disk = Disk(emulator, monkeypatch)
    disk.refused = {"note_inspection"}
    call = engine_of(emulator).call

    sent = call(
        "SendMediaMessage",
        {
            "DestinationPhoneNumber": PERSON,
            "OriginationIdentity": NUMBER,
            "MediaUrls": ["s3://pictures/cat.png"],
        },
    )
    [message] = emulator.messages
    assert (message.id, message.status, message.events) == (sent["MessageId"], "PENDING", [])
    assert "note_inspection is put off: the disk is full" in caplog.text
    restarted = after_a_crash(tmp_path / "data", s3_endpoint_url=dead)
    assert restarted["messages"]["kept"][0]["status"] == "FILE_INACCESSIBLE"

    shutil.rmtree(tmp_path / "copy")
    disk.refused = set()
    call("DescribePools", {})

    assert emulator.messages[0].status == "FILE_INACCESSIBLE"
    assert after_a_crash(tmp_path / "data") == emulator.snapshot()
    emulator.close()


def test_a_full_disk_when_jobs_are_due(tmp_path: Path, monkeypatch):
    """Jobs run when there is space, and not before they can be written."""
    emulator = Emulator(data_dir=tmp_path / "data", transition_seconds=60)
    emulator.clock.freeze()
    members = {
        "IsoCountryCode": "US",
        "MessageType": "TRANSACTIONAL",
        "NumberCapabilities": ["SMS"],
        "NumberType": "TOLL_FREE",
    }
    call = engine_of(emulator).call
    call("RequestPhoneNumber", members)
    disk = Disk(emulator, monkeypatch)
    disk.refused = {"run_due_jobs"}
    before = call("DescribePhoneNumbers", {})

    emulator.clock.advance(minutes=2)
    assert call("DescribePhoneNumbers", {}) == before

    disk.refused = set()
    assert call("DescribePhoneNumbers", {}) != before
    assert after_a_crash(tmp_path / "data") == emulator.snapshot()
    emulator.close()


def test_a_full_disk_during_delivery(tmp_path: Path, monkeypatch):
    """A delivered record stays delivered; nothing is sent twice in this process."""
    with FlakyReceiver() as flaky:
        emulator = Emulator(data_dir=tmp_path / "data", events_endpoint_url=flaky.url)
        emulator.add_number(NUMBER)
        call = engine_of(emulator).call
        add_destination(emulator, "topic", SnsDestination={"TopicArn": TOPIC})
        Disk(emulator, monkeypatch).refused = {"settle_delivery"}

        call(
            "SendTextMessage",
            {
                "DestinationPhoneNumber": PERSON,
                "OriginationIdentity": NUMBER,
                "MessageBody": "Hello",
                "ConfigurationSetName": "Set",
            },
        )

        assert emulator.flush() is True
        assert flaky.of(TOPIC) == ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"]
        statuses = {each.status for event in emulator.events for each in event.destinations}
        assert statuses == {"delivered"}
        emulator.close()
