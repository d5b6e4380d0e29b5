"""One message can be deleted by its id: in Python, over HTTP and on the command line."""

import pytest

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


def test_an_id_and_filters_exclude_each_other(emulator, number):
    """In Python both at once are a ValueError that changes nothing."""
    del number
    received = emulator.receive("Hello", sender=PERSON, recipient=NUMBER)

    with pytest.raises(ValueError, match="give a message_id or recipient, not both"):
        emulator.clear_messages(received.message_id, recipient=NUMBER)

    assert len(emulator.messages) == 1
