"""The Calls view: every API call, why it was refused, and the message that it sent."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import boto3
import pytest
from playwright.sync_api import expect

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.sns_actions import ACTIONS
from tests.doors.browser import DESKTOP, PHONE, nodes, violations
from tests.doors.inbox.page import IN_BROWSER, NUMBER, OTHER, bubbles

pytestmark = IN_BROWSER


def lines(page):
    """The calls of the list."""
    return page.locator("#calls .conversation")


@pytest.fixture
def opted_out(send, emulator, sms):
    """A recipient who has opted out, and a message to them that was refused."""
    send("Hello", to=OTHER)
    emulator.receive("STOP", sender=OTHER, recipient=NUMBER)
    with pytest.raises(sms.exceptions.ConflictException):
        send("A secret offer", to=OTHER)


@pytest.mark.usefixtures("opted_out")
def test_calls_are_listed_the_newest_first(open_page):
    """Each line shows the operation, its outcome and the recipient."""
    page = open_page("/#/calls")

    expect(lines(page)).to_have_count(2)
    expect(lines(page).nth(0)).to_contain_text("SendTextMessage")
    expect(lines(page).nth(0)).to_contain_text("DESTINATION_PHONE_NUMBER_OPTED_OUT")
    expect(lines(page).nth(0)).to_contain_text(OTHER)
    expect(lines(page).nth(1)).to_contain_text("Answered")
    expect(page.locator("#calls-found")).to_have_text("2 calls, 1 refused")


def test_a_call_appears_by_itself(open_page, sms):
    """A call that is made while the view is open is listed at once."""
    page = open_page("/#/calls")
    expect(page.get_by_text("No API calls yet.")).to_be_visible()

    sms.describe_pools()

    expect(lines(page)).to_contain_text("DescribePools")


@pytest.mark.usefixtures("opted_out")
def test_a_refused_call_is_explained(open_page):
    """It has the cause, the help, and the rule with its source and basis."""
    page = open_page("/#/calls")

    lines(page).first.click()

    why = page.locator(".why")
    expect(why.locator(".why-summary")).to_contain_text(f"{OTHER} opted out on")
    expect(why).to_contain_text("What helps: ")
    expect(why.locator(".rule")).to_contain_text("opt-out list")
    expect(why.locator(".rule")).to_contain_text("Source: ")
    expect(why.locator(".rule")).to_contain_text("(documented)")
    expect(page.locator("#call-open")).to_contain_text("ConflictException")
    expect(page.get_by_role("link", name="Open the message")).to_have_count(0)


@pytest.mark.usefixtures("opted_out")
def test_the_text_of_a_message_is_hidden_at_first(open_page):
    """Members that CloudTrail hides are masked; a button shows them."""
    page = open_page("/#/calls")
    lines(page).first.click()
    expect(page.get_by_label("Parameters")).to_contain_text(OTHER)
    expect(page.locator("#call-open")).not_to_contain_text("A secret offer")

    page.get_by_role("button", name="Show hidden values").click()

    expect(page.get_by_label("Parameters")).to_contain_text('"MessageBody": "A secret offer"')


def test_hidden_parameters_equal_cloudtrails(open_page):
    """The page masks the same parameters as CloudTrail's records."""
    from pinpoint_sms_emu.control import cloudtrail

    page = open_page()

    hidden = page.evaluate(
        "import(new URL('_emulator/inbox/call.js', location.href)).then(it => it.HIDDEN)"
    )
    assert {name[0].lower() + name[1:] for name in hidden} == cloudtrail._SECRET


def test_a_call_leads_to_its_message_and_back(open_page, send):
    """A call links to the message that it sent, and the message to the call."""
    sent = send("The first")
    send("The second")
    page = open_page("/#/calls")
    lines(page).nth(1).click()

    page.get_by_role("link", name="Open the message").click()

    details = page.get_by_role("complementary", name="Details of a message")
    expect(details).to_contain_text(sent)
    expect(bubbles(page).first).to_contain_text("The first")
    details.get_by_role("link", name="Open the API call").click()
    expect(page.locator("#call-heading")).to_have_text("SendTextMessage")
    expect(page.get_by_label("Response")).to_contain_text(sent)


def test_unknown_addresses_are_reported(open_page, send):
    """A link to a call or a message that does not exist, or no longer, is reported."""
    send()

    page = open_page("/#/calls/no-such-call")
    expect(page.get_by_text("This call was not found.")).to_be_visible()
    page = open_page("/#/message/no-such-message")
    expect(page.locator("#toast")).to_contain_text("There is no message no-such-message")


@pytest.mark.usefixtures("opted_out")
def test_calls_are_filtered(open_page, sms):
    """Calls can be found by outcome, operation, or anything in their parameters and errors."""
    sms.describe_pools()
    page = open_page("/#/calls")
    expect(lines(page)).to_have_count(3)

    page.get_by_role("combobox", name="Outcome").select_option("Refused")
    expect(lines(page)).to_have_count(1)
    page.get_by_role("combobox", name="Outcome").select_option("All outcomes")
    page.get_by_role("combobox", name="Operation").select_option("DescribePools")
    expect(lines(page)).to_have_count(1)
    expect(lines(page)).to_contain_text("DescribePools")
    page.get_by_role("combobox", name="Operation").select_option("All operations")
    page.keyboard.press("Control+K")
    page.keyboard.type("opted_out")
    expect(lines(page)).to_have_count(1)
    expect(lines(page).locator("mark")).to_have_text("OPTED_OUT")
    page.keyboard.type("nothing")
    expect(page.get_by_text("No matching calls.")).to_be_visible()


@pytest.mark.parametrize("body", ["Hello", 'It\'s 5 $HOME "quoted" \\ `x`\nmañana 🎉'])
def test_a_call_is_copied_as_python_that_runs(open_page, send, emulator, body):
    """The copied code makes the same call again with boto3."""
    send(body, Context={"order": "48213"}, DestinationCountryParameters={"IN_ENTITY_ID": "12345"})
    page = open_page("/#/calls", permissions=["clipboard-read", "clipboard-write"])
    lines(page).first.click()

    page.get_by_role("button", name="Copy for boto3").click()
    expect(page.locator("#toast")).to_have_text("Copied the Python code")
    code = page.evaluate("navigator.clipboard.readText()")
    subprocess.run([sys.executable, "-c", code], check=True)

    first, second = emulator.find_calls(operation="SendTextMessage").calls
    assert second.parameters == first.parameters


def test_a_call_is_copied_as_a_command(open_page, send, emulator):
    """The copied command has the endpoint, the Region and all parameters, quoted for a shell."""
    send("It's $HOME")
    page = open_page("/#/calls", permissions=["clipboard-read", "clipboard-write"])
    lines(page).first.click()

    page.get_by_role("button", name="Copy for the AWS CLI").click()
    expect(page.locator("#toast")).to_have_text("Copied the command")
    command = page.evaluate("navigator.clipboard.readText()")

    words = shlex.split(command.replace("\\\n", " "))
    at = words.index("aws")
    assert words[at : at + 3] == ["aws", "pinpoint-sms-voice-v2", "send-text-message"]
    assert words[words.index("--region") + 1] == "us-east-1"
    assert words[words.index("--endpoint-url") + 1] == page.url.partition("/#")[0]
    [call] = emulator.find_calls(operation="SendTextMessage").calls
    assert json.loads(words[words.index("--cli-input-json") + 1]) == call.parameters


def test_the_operations_of_sns_are_known(open_page):
    """The page takes the same operations for those of SNS as the emulator does."""
    page = open_page()

    known = page.evaluate(
        "import(new URL('_emulator/inbox/snippets.js', location.href)).then(it => it.OF_SNS)"
    )
    assert tuple(known) == ACTIONS


def test_a_call_of_sns_is_copied(open_page, emulator, server):
    """A text that was sent through SNS is copied as a call of SNS, in each form."""
    emulator.add_number(NUMBER)
    sns = boto3.client(
        "sns",
        region_name="us-east-1",
        endpoint_url=server.url,
        aws_access_key_id="123456789012",
        aws_secret_access_key="any",
    )
    kind = {"DataType": "String", "StringValue": "Transactional"}
    attributes = {"AWS.SNS.SMS.SMSType": kind}
    sns.publish(PhoneNumber=OTHER, Message="It's $5 & more", MessageAttributes=attributes)
    page = open_page("/#/calls", permissions=["clipboard-read", "clipboard-write"])
    lines(page).first.click()
    copied = []
    for name in ("boto3", "the AWS CLI", "curl"):
        page.get_by_role("button", name=f"Copy for {name}").click()
        expect(page.locator("#toast")).to_contain_text("Copied")
        copied.append(page.evaluate("navigator.clipboard.readText()"))

    code, command, curl = copied
    exec(code, {})  # noqa: S102  that it runs is what is tested
    words = shlex.split(command.replace("\\\n", " "))
    assert words[words.index("aws") :][:3] == ["aws", "sns", "publish"]
    words = shlex.split(curl.replace("\\\n", " "))
    assert words[words.index("--aws-sigv4") + 1] == "aws:amz:us-east-1:sns"
    pairs = [words[at + 1] for at, word in enumerate(words) if word == "--data-urlencode"]
    body = urlencode([tuple(pair.split("=", 1)) for pair in pairs]).encode()
    scope = "Credential=123456789012/20361124/us-east-1/sns/aws4_request, SignedHeaders=host"
    signed = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, Signature=none"}
    with urlopen(Request(words[1], body, signed)) as answer:
        assert answer.status == 200
    first, *again = emulator.find_calls(operation="Publish").calls
    assert [each.parameters for each in again] == [first.parameters] * 2


def test_a_call_is_copied_for_curl(open_page, send, emulator):
    """The copied command makes the same call again, if it is run."""
    send("It's $HOME")
    page = open_page("/#/calls", permissions=["clipboard-read", "clipboard-write"])
    lines(page).first.click()

    page.get_by_role("button", name="Copy for curl").click()
    expect(page.locator("#toast")).to_have_text("Copied the command")
    command = page.evaluate("navigator.clipboard.readText()")
    words = shlex.split(command.replace("\\\n", " "))
    headers = [words[index + 1].split(": ") for index, it in enumerate(words) if it == "--header"]
    service = words[words.index("--aws-sigv4") + 1]
    key = words[words.index("--user") + 1].partition(":")[0]
    scope = f"{key}/20361124/us-east-1/sms-voice/aws4_request, SignedHeaders=host"
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=none"}
    request = Request(words[1], words[words.index("--data") + 1].encode(), dict(headers) | signed)
    with urlopen(request) as answer:
        assert answer.status == 200

    assert service == "aws:amz:us-east-1:sms-voice"
    first, again = emulator.find_calls(operation="SendTextMessage").calls
    assert (again.parameters, again.account_id) == (first.parameters, first.account_id)


@pytest.mark.usefixtures("opted_out")
def test_calls_are_cleared(open_page, emulator):
    """Clearing the calls keeps the messages; a reset removes the calls too."""
    page = open_page("/#/calls")
    expect(lines(page)).to_have_count(2)

    page.get_by_role("button", name="Clear…").click()
    page.get_by_role("button", name="Clear calls").click()

    expect(lines(page)).to_have_count(0)
    assert emulator.calls == []
    assert emulator.messages


def test_ten_thousand_calls_are_a_short_document(open_page, sms, emulator):
    """Of 10,000 calls those in view are drawn; all can be reached and searched."""
    sms.describe_pools()
    [call] = emulator.calls
    for index in range(9_999):
        record = call._record._replace(request_id=f"request-{index}")
        engine_of(emulator).calls.add(record)

    page = open_page("/#/calls")

    expect(page.locator("#calls-found")).to_have_text("10,000 calls, 0 refused")
    assert nodes(page) < 1_000
    lines(page).first.focus()
    page.keyboard.press("End")
    expect(lines(page).last).to_be_focused()
    assert nodes(page) < 1_000
    page.get_by_label("Search calls").fill("request-4711")
    expect(lines(page)).to_have_count(1)


@pytest.mark.usefixtures("opted_out")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_calls(open_page, scheme, size):
    """The list, an answered call and a refused one break no rule of axe."""
    page = open_page("/#/calls", size=size, color_scheme=scheme)
    expect(lines(page)).to_have_count(2)
    assert violations(page) == []
    for place in (0, 1):
        lines(page).nth(place).click()
        expect(page.locator("#call-heading")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(page.url.partition("#")[0] + "#/calls")


def test_the_calls_of_one_account_are_chosen(open_page, sms, client):
    """The choice of account and Region at the top holds for calls too."""
    sms.describe_pools()
    client("210987654321", "eu-west-1").describe_opt_out_lists()
    page = open_page("/#/calls")
    expect(lines(page)).to_have_count(2)

    page.get_by_role("combobox", name="Account", exact=True).select_option("210987654321")

    expect(lines(page)).to_have_count(1)
    expect(lines(page)).to_contain_text("DescribeOptOutLists")
