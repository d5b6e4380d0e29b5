"""One message can be deleted by its id: in Python, over HTTP and on the command line."""

import pytest

from pinpoint_sms_emu.api import messages
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.serving import run

NUMBER, PERSON = "+12065550100", "+14255550100"


@pytest.fixture
def number(emulator):
    """A number to send from."""
    return emulator.add_number(NUMBER)


def test_one_message_is_deleted(control, sms, number):
    """Only the named message is removed; it counts as `forgotten`."""
    del number
    first, second = (
        sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody=body)["MessageId"]
        for body in ("One", "Two")
    )

    assert control.delete(f"/_emulator/messages/{first}").json == {}

    left = control.get("/_emulator/messages").json
    assert [each["message_id"] for each in left["messages"]] == [second]
    assert left["forgotten"] == 1
    again = control.delete(f"/_emulator/messages/{first}")
    assert (again.status, again.error) == (
        404,
        f"there is no message {first}, or it has been removed",
    )


def test_the_command_deletes_one_message(emulator, server, number):
    """The command takes an id instead of filters."""
    del number
    received = emulator.receive("Hello", sender=PERSON, recipient=NUMBER)

    done = run("messages", "clear", received.message_id, "--url", server.url)

    assert (done.returncode, done.stderr) == (0, "")
    assert emulator.messages == []


@pytest.fixture
def in_pairs(monkeypatch):
    """Two messages are deleted at once."""
    monkeypatch.setattr(messages, "_CLEARED_AT_ONCE", 2)


@pytest.mark.usefixtures("in_pairs")
@pytest.mark.parametrize("filters", [{}, {"contains": "Old"}])
def test_many_messages_are_deleted_in_steps(emulator, number, filters):
    """Calls are answered between the steps; the messages that they send stay."""
    del number
    for place in range(7):
        emulator.receive(f"Old {place}", sender=PERSON, recipient=NUMBER)
    generation = engine_of(emulator).generation
    left = []
    for _ in messages.clear_in_steps(engine_of(emulator), **filters):
        emulator.receive("New", sender=PERSON, recipient=NUMBER)
        left.append(len(emulator.find_messages(contains="Old").messages))

    assert left == [5, 3, 1]
    assert [each.body for each in emulator.messages] == ["New"] * 3
    assert emulator.find_messages().forgotten == 7
    assert engine_of(emulator).generation == generation + 1


@pytest.mark.usefixtures("in_pairs")
def test_a_restore_ends_the_deletion(emulator, number):
    """The messages of a state that is restored meanwhile are not deleted."""
    del number
    for place in range(7):
        emulator.receive(f"Old {place}", sender=PERSON, recipient=NUMBER)
    before = emulator.snapshot()
    steps = messages.clear_in_steps(engine_of(emulator))
    next(steps)
    emulator.restore(before)

    list(steps)
    assert emulator.snapshot() == before


def test_an_id_and_filters_exclude_each_other(emulator, number):
    """In Python both at once are a ValueError that changes nothing."""
    del number
    received = emulator.receive("Hello", sender=PERSON, recipient=NUMBER)

    with pytest.raises(ValueError, match="give a message_id or recipient, not both"):
        emulator.clear_messages(received.message_id, recipient=NUMBER)

    assert len(emulator.messages) == 1
