"""Finding opt-outs in Python, over HTTP and on the command line."""

import json

import pytest

from tests.doors.serving import run

NUMBER, OTHER, PERSON = "+12065550100", "+12065550111", "+14255550100"


@pytest.fixture
def number(emulator):
    """A number that uses the list of every account."""
    return emulator.add_number(NUMBER)


def test_the_message_that_opted_out_is_named(control, emulator, number):
    """The first STOP of a recipient, its time and the list are returned."""
    del number
    first = emulator.receive("STOP", sender=PERSON, recipient=NUMBER)
    emulator.receive("STOP", sender=PERSON, recipient=NUMBER)

    listed = control.get("/_emulator/opt-outs", recipient=PERSON).json

    [opt_out] = listed["opt_outs"]
    assert opt_out == {
        "opted_out_number": PERSON,
        "opt_out_list_name": "Default",
        "account_id": "123456789012",
        "region": "us-east-1",
        "opted_out_timestamp": opt_out["opted_out_timestamp"],
        "end_user_opted_out": True,
        "message_id": first.message_id,
        "request_id": None,
    }
    assert listed["total"] == 1
    assert [each.as_dict() for each in emulator.find_opt_outs()] == [opt_out]


def test_the_call_that_opted_out_is_named(sms, emulator, number):
    """For a number that the account put on a list, the call is returned while it is kept."""
    del number
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)

    [opt_out] = emulator.find_opt_outs()
    assert (opt_out.message_id, opt_out.request_id) == (None, emulator.calls[0].request_id)
    emulator.clear_calls()
    [opt_out] = emulator.find_opt_outs()
    assert opt_out.request_id is None


def test_the_list_of_the_sender_counts(sms, emulator, number):
    """With a sender, only its own list is looked at, or its pool's; a sender ID has Default."""
    sms.create_opt_out_list(OptOutListName="orders")
    other = emulator.add_number(OTHER, opt_out_list_name="orders")
    sms.put_opted_out_number(OptOutListName="orders", OptedOutNumber=PERSON)

    def lists(**query):
        return [each.opt_out_list_name for each in emulator.find_opt_outs(**query)]

    for sender in (OTHER, OTHER.removeprefix("+"), other.phone_number_id, other.phone_number_arn):
        assert lists(sender=sender, recipient=PERSON) == ["orders"]
    assert lists(sender=NUMBER) == lists(sender="NORTHWIND") == []
    pool = sms.create_pool(OriginationIdentity=number.phone_number_id, MessageType="TRANSACTIONAL")[
        "PoolId"
    ]
    sms.describe_pools()
    sms.update_pool(PoolId=pool, OptOutListName="orders")
    assert lists(sender=NUMBER) == lists(sender=pool) == ["orders"]


def test_the_command_lists_them(server, emulator, number):
    """The command prints a table, JSON or CSV; an empty list says so."""
    del number
    nothing = run("opt-outs", "--url", server.url)
    assert (nothing.stdout, nothing.stderr) == ("", "No opt-outs.\n")
    received = emulator.receive("STOP", sender=PERSON, recipient=NUMBER)

    listed = run("opt-outs", "list", "--recipient", PERSON, "--url", server.url).stdout

    assert listed.splitlines()[1].split()[:2] == [PERSON, "Default"]
    assert received.message_id in listed
    as_json = json.loads(run("opt-outs", "--json", "--url", server.url).stdout)
    assert as_json["opt_outs"][0]["message_id"] == received.message_id


@pytest.mark.parametrize("name", ["recipient", "sender", "account_id", "region"])
def test_a_wrong_filter_is_refused(emulator, name):
    """A filter that is no text is a ValueError that names it."""
    with pytest.raises(ValueError, match=f"{name} must be a"):
        emulator.find_opt_outs(**{name: 1})


@pytest.mark.parametrize("recipient", ["x", "vdn-1", "+1x"])
def test_only_phone_numbers_opt_out(emulator, recipient):
    """A recipient that no list can have is refused, and not merely found nowhere."""
    with pytest.raises(ValueError, match="recipient must be a phone number such as"):
        emulator.find_opt_outs(recipient=recipient)


def test_an_unknown_filter_is_refused(emulator):
    """It is a ValueError with the known ones, as with messages."""
    with pytest.raises(ValueError, match=r"by nope; the arguments are recipient, sender, "):
        emulator.find_opt_outs(nope=1)
