"""Formats and orders of listings, the latest message, segments, and the report."""

from __future__ import annotations

import csv
import io
import json
import threading

import pytest

from pinpoint_sms_emu.messaging.messages import MEMBERS

US = "+14255550100"
US_TOO = "+14255550101"
PATH = "/_emulator/messages"


@pytest.fixture
def send(sms, number):
    """Send a text, and give its id."""

    def text(body="Hello", recipient=US):
        return sms.send_text_message(
            DestinationPhoneNumber=recipient, OriginationIdentity=number.id, MessageBody=body
        )["MessageId"]

    return text


def rows_of(answer):
    """The rows of a CSV document."""
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.text)))


# --- order ---------------------------------------------------------------------------------------


def test_the_newest_come_first(control, send):
    """With order=newest a listing begins with the latest, and pages go back in time."""
    first, second, third = (send(body) for body in ("one", "two", "three"))

    def ids(**query):
        return [each["message_id"] for each in control.get(PATH, **query).json["messages"]]

    assert ids(order="oldest") == ids() == [first, second, third]
    assert ids(order="newest") == [third, second, first]
    assert ids(order="newest", limit=1) == [third]
    assert ids(order="newest", after=third, limit=1) == [second]
    assert ids(order="newest", after=first) == []
    assert ids(order="newest", contains="o", limit=1) == [second]
    assert control.get(PATH, order="newest", limit=1).json["total"] == 3


@pytest.mark.parametrize("order", ["Newest", "desc", ""])
def test_unknown_orders_are_refused(control, order):
    """Another order is a 400."""
    answer = control.get(PATH, order=order)

    assert answer.status == 400
    assert "order" in answer.error


def test_messages_with_a_code(control, send):
    """has_code chooses messages by whether a one-time code is in them."""
    send("Thank you")
    code = send("Your code is 482913")

    [found] = control.get(PATH, has_code="true").json["messages"]

    assert (found["message_id"], found["codes"]) == (code, ["482913"])
    assert control.get(PATH, has_code="false").json["total"] == 1


# --- the latest ----------------------------------------------------------------------------------


def test_the_latest_message(control, send):
    """The latest message that fits is one answer."""
    send("Your code is 111111")
    latest = send("Your code is 482913")
    send("Your code is 222222", US_TOO)

    found = control.get(f"{PATH}/latest", recipient=US).json

    assert found["message_id"] == latest
    assert found["codes"] == ["482913"]


def test_no_latest_message(control):
    """If no message matches, the answer is a 404 with a sentence, also after waiting."""
    for wait_seconds in (0, 0.05):
        answer = control.get(f"{PATH}/latest", recipient=US, wait_seconds=wait_seconds)
        assert answer.status == 404
        assert answer.error == f"there is no message with recipient={US}"
    with_code = control.get(f"{PATH}/latest", recipient=US, has_code="true")
    assert with_code.error == f"there is no message with recipient={US}, has_code=true"


def test_the_latest_message_is_waited_for(control, send):
    """With wait_seconds the answer comes as soon as a message fits."""
    answers = []
    query = {"recipient": US, "wait_seconds": 20}
    thread = threading.Thread(target=lambda: answers.append(control.get(f"{PATH}/latest", **query)))
    thread.start()
    send("not to her", US_TOO)
    message_id = send("to her")
    thread.join(60)

    assert answers[0].json["message_id"] == message_id


# --- clearing ------------------------------------------------------------------------------------


def test_messages_that_fit_are_deleted(control, send, emulator):
    """DELETE accepts the query of GET, and deletes matching messages; others keep their order."""
    first = send("one")
    send("two", US_TOO)
    third = send("three")

    assert control.call("DELETE", f"{PATH}?recipient=%2B14255550101").json == {}

    listed = control.get(PATH).json
    assert [each["message_id"] for each in listed["messages"]] == [first, third]
    assert (listed["total"], listed["forgotten"]) == (2, 1)
    fourth = send("four")
    assert [message.id for message in emulator.find_messages(after=third).messages] == [fourth]
    emulator.clear_messages(contains="o", after=first)
    assert [message.id for message in emulator.messages] == [first, third]


@pytest.mark.parametrize("query", ["colour=red", "limit=-1", "channel=fax"])
def test_an_invalid_query_deletes_nothing(control, send, query):
    """An invalid query is a 400, and deletes nothing."""
    send()

    answer = control.call("DELETE", f"{PATH}?{query}")

    assert answer.status == 400
    assert control.get(PATH).json["total"] == 1


# --- forms ---------------------------------------------------------------------------------------


def test_messages_as_csv(control, send):
    """CSV has the members of a message as columns; nested values are JSON."""
    send('Hello, "you"\nYour code is 482913')

    titles, row = rows_of(control.get(PATH, format="csv"))

    current = dict(zip(titles, row, strict=True))
    assert titles == list(MEMBERS)
    assert current["body"] == 'Hello, "you"\nYour code is 482913'
    assert json.loads(current["codes"]) == ["482913"]
    assert (current["parts"], current["pool_id"]) == ("1", "")


def test_no_messages_as_csv(control):
    """Without messages the columns are there still."""
    assert rows_of(control.get(PATH, format="csv")) == [list(MEMBERS)]


def test_messages_as_lines_of_json(control, send):
    """JSON lines are the entries of the listing, one a line."""
    send("one\ntwo")
    send("three")

    answer = control.get(PATH, format="jsonl", order="newest")

    assert answer.headers["content-type"] == "application/jsonl"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == control.get(PATH, order="newest").json["messages"]


LISTINGS = ("events", "numbers", "faults", "outcomes", "operations")


@pytest.mark.parametrize("name", LISTINGS)
def test_every_listing_has_every_form(control, send, name):
    """Each listing is JSON, CSV and lines of JSON with the same entries."""
    send()
    control.post("/_emulator/faults", operation="CreatePool", error="ThrottlingException")
    control.post("/_emulator/outcomes", event="TEXT_BLOCKED", recipient=US_TOO)

    listed = control.get(f"/_emulator/{name}").json[name]
    lines = control.get(f"/_emulator/{name}", format="jsonl").text.splitlines()
    titles, *rows = rows_of(control.get(f"/_emulator/{name}", format="csv"))

    assert len(listed) > 0
    assert [json.loads(line) for line in lines] == listed
    assert set(titles) == set(listed[0])
    assert len(rows) == len(listed)


@pytest.mark.parametrize("name", [*LISTINGS, "messages", "report"])
def test_unknown_formats_are_refused(control, name):
    """An unknown format is a 400 whose error lists the formats."""
    answer = control.get(f"/_emulator/{name}", format="xml")

    assert answer.status == 400
    assert answer.error == "format must be json, csv or jsonl, not 'xml'"


# --- what a text takes, and costs ----------------------------------------------------------------


def test_segments(control):
    """The segments of a text are returned, with prices if requested."""
    found = control.get("/_emulator/segments", text="It\u2019s you", country="US,ES").json

    assert found == {
        "encoding": "Unicode",
        "parts": 1,
        "units": 8,
        "characters_left": 62,
        "forcing": [
            {"character": "\u2019", "name": "RIGHT SINGLE QUOTATION MARK", "suggestion": "'"}
        ],
        "prices": {"US": 0.01181, "ES": 0.06087},
    }
    assert control.get("/_emulator/segments").status == 400
    assert control.get("/_emulator/segments", text="a", country="XX").status == 400


def test_the_report(control, send):
    """The report sums up what was sent, for all accounts or one, in every format."""
    send("a" * 161)
    send()

    report = control.get("/_emulator/report").json

    [row] = report["rows"]
    assert (row["country"], row["channel"], row["number_type"]) == ("US", "text", "LONG_CODE")
    assert report["total"] == {"messages": 2, "parts": 3, "price": 0.03543}
    assert control.get("/_emulator/report", account_id="210987654321").json["rows"] == []
    titles, cells = rows_of(control.get("/_emulator/report", format="csv"))
    assert dict(zip(titles, cells, strict=True)) == {name: str(of) for name, of in row.items()}
    assert (
        list(row)
        == titles
        == ["day", "country", "channel", "number_type", "messages", "parts", "price"]
    )
