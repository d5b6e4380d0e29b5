"""What the public searches return is a sequence: true, counted and read by its entries."""

import boto3
import pytest

NUMBER, PERSON, NOBODY = "+12065550100", "+14255550123", "+14255550199"

# By the method: what it finds, a filter that nothing matches, and the member with the entries.
SEARCHES = {
    "find_messages": ({"recipient": PERSON}, {"recipient": NOBODY}, "messages"),
    "find_calls": ({"operation": "SendTextMessage"}, {"refused": True}, "calls"),
    "find_events": ({}, {"region": "eu-west-1"}, "events"),
}


@pytest.fixture
def emulator(pinpoint_sms):
    """An emulator with two messages."""
    pinpoint_sms.add_number(NUMBER)
    client = boto3.client("pinpoint-sms-voice-v2")
    for body in ("Hello", "Hello again"):
        client.send_text_message(
            DestinationPhoneNumber=PERSON, OriginationIdentity=NUMBER, MessageBody=body
        )
    return pinpoint_sms


@pytest.mark.parametrize("method", SEARCHES)
def test_what_was_found_is_a_sequence(emulator, method):
    """It has the entries in their order; a limit reduces them, but not the total."""
    filters, _, member = SEARCHES[method]
    found = getattr(emulator, method)(**filters)
    first = getattr(emulator, method)(**filters, limit=1)

    assert found
    assert list(found) == getattr(found, member)
    assert len(found) == found.total > 1
    assert found[:1] == list(first)
    assert (len(first), first.total) == (1, found.total)


@pytest.mark.parametrize("method", SEARCHES)
def test_nothing_found_is_false(emulator, method):
    """An assertion about what was found fails if there is nothing."""
    found = getattr(emulator, method)(**SEARCHES[method][1])

    assert not found
    assert len(found) == 0
    with pytest.raises(IndexError):
        found[0]
