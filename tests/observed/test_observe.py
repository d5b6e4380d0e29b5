"""`make observe`: a second emulator with deliberate differences stands in for AWS."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest

from observe import __main__ as command
from observe.plan import GROUPS
from observe.reading import read
from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.model import service_model
from tests.conftest import SERVICE
from tests.observed.answering import answer_differences

DECISIONS = Path(__file__).parent.parent.parent / "docs" / "decisions.md"
# Personal data: none of it may be in a file.
PERSONAL = {
    "account": "998877665544",
    "number": "+12065550199",
    "friend": "+14257770123",
    "list": "annas-friends",
    "set": "annas-campaign",
    "sender": "ANNASHOP",
    "tag": "anna.smith@example.org",
    "topic": "annas-topic",
    "text": "Call Anna at home",
}


class StandIn(ThreadingHTTPServer):
    """An emulator behind HTTP whose answers can be changed by operation or error."""

    daemon_threads = True

    def __init__(self, target):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.url = f"http://127.0.0.1:{self.server_port}"
        # Changes of an operation's answers: functions of their members.
        self.changes = {}
        # The operations that were called.
        self.calls = []


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        """Forward a call, and change its answer."""
        server = self.server
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        server.calls.append(operation)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        names = ("Content-Type", "X-Amz-Target", "Authorization", "X-Amz-Date")
        headers = {name: self.headers[name] for name in names}
        try:
            with urlopen(Request(f"{server.target}/", body, headers)) as answer:
                status, each = answer.status, json.loads(answer.read())
        except HTTPError as error:
            status, each = error.code, json.loads(error.read())
        change = server.changes.get(operation)
        each = change(each) if change else each
        written = json.dumps(each).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *_given):
        """Say nothing."""


@pytest.fixture
def stand_in(monkeypatch):
    """The stand-in, and personal credentials for it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", PERSONAL["account"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("OBSERVE_AWS", "yes")
    with Server(Emulator(seed=3)) as server, StandIn(server.url) as stand_in:
        stand_in.emulator = server.emulator
        thread = threading.Thread(target=stand_in.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        server.emulator.add_number(
            PERSONAL["number"], account_id=PERSONAL["account"], region="us-east-1"
        )
        yield stand_in
        stand_in.shutdown()
        thread.join()


@pytest.fixture
def observe(stand_in, tmp_path, capsys):
    """Run the command; return its status, its output, and the files."""

    def run(*arguments):
        into = tmp_path / "answers"
        given = ["--into", str(into), "--endpoint-url", stand_in.url, *arguments]
        status = command.main(given)
        printed = capsys.readouterr()
        return status, printed.out + printed.err, sorted(into.glob("*.json"))

    return run


def without(name):
    """Remove a member."""
    return lambda each: {key: value for key, value in each.items() if key != name}


def only_in_errors(**members):
    """Change only the members of errors."""
    return lambda each: each | members if "__type" in each else each


@pytest.mark.since("1.44.5")
@pytest.mark.usefixtures("stand_in")
def test_the_same_version_has_no_differences(observe):
    """Against an emulator of the same version nothing differs, and every call has its file.

    The other tests in this folder can read the files.
    """
    status, printed, files = observe()

    assert status == 0
    assert "the emulator differs in 0 of them" in printed
    assert len(files) == sum(len(group.steps) for group in GROUPS)
    read_again = [read(file) for file in files]
    assert all(each.real for each in read_again)
    for observation in (each for each in read_again if each.is_whole):
        assert answer_differences(observation) == [], observation.name


@pytest.mark.since("1.44.5")
def test_introduced_differences_are_found(stand_in, observe):
    """Exactly these differences are found, each in the calls of its operation."""
    # An answer with a member that is not in the model, which clients ignore; a new value of an
    # enumeration; a missing member; another Reason; another message.
    stand_in.changes = {
        "CreateOptOutList": without("CreatedTimestamp"),
        "SetDefaultMessageType": lambda each: each | {"MessageType": "NEW"},
        "CreateConfigurationSet": only_in_errors(Reason="OTHER"),
        "DeleteKeyword": only_in_errors(Message="Something else"),
        "DescribeRegistrationVersions": lambda each: each | {"RegistrationId": "registration-1"},
    }

    status, printed, files = observe()

    found = re.findall(r"^(\w+)-\d+\.json: ", printed, re.MULTILINE)
    assert status == 0
    assert set(found) == set(stand_in.changes)
    assert "CreatedTimestamp: is too much" in printed
    assert "MessageType: is 'TRANSACTIONAL' where AWS has 'NEW'" in printed
    assert "error.Reason: is 'RESOURCE_ALREADY_EXISTS' where AWS has 'OTHER'" in printed
    assert "printed: is" in printed
    assert "RegistrationId: is" in printed
    assert files


@pytest.mark.since("1.44.5")
def test_everything_is_deleted_afterwards(stand_in, observe):
    """Resources that the plan creates are deleted, even if a call fails in the middle."""
    before = left_of(stand_in)

    _status, _printed, files = observe()
    after_all = left_of(stand_in)
    stand_in.changes = {"UpdateProtectConfigurationCountryRuleSet": lambda _told: 1 / 0}
    _status, printed, _files = observe()

    assert "not called: protect configurations and rule sets" in printed
    assert files
    assert before == after_all == left_of(stand_in)


def left_of(stand_in):
    """The number of resources that the account still has."""
    account = engine_of(stand_in.emulator).account(PERSONAL["account"], "us-east-1")
    keywords = [len(number.keywords) for number in account.phone_numbers]
    return {kind: len(list(table)) for kind, table in account.tables.items()}, keywords


@pytest.mark.since("1.44.5")
def test_undeletable_resources_are_reported(stand_in, observe):
    """If AWS refuses a deletion, the resource is left to the user, with another exit status."""
    stand_in.emulator.fail("DeleteConfigurationSet", "AccessDeniedException")

    status, printed, _files = observe()

    assert status == 1
    assert "NOT DELETED, please delete it: DeleteConfigurationSet" in printed


@pytest.mark.since("1.44.5")
def test_personal_data_is_replaced(stand_in, observe):
    """Numbers, names, texts, tags and accounts are replaced by values of the same form."""
    sms = boto3.client(SERVICE, endpoint_url=stand_in.url)
    sms.create_opt_out_list(
        OptOutListName=PERSONAL["list"], Tags=[{"Key": "owner", "Value": PERSONAL["tag"]}]
    )
    sms.create_configuration_set(ConfigurationSetName=PERSONAL["set"])
    sms.set_default_sender_id(
        ConfigurationSetName=PERSONAL["set"], SenderId=PERSONAL["sender"][:11]
    )
    topic = f"arn:aws:sns:us-east-1:{PERSONAL['account']}:{PERSONAL['topic']}"
    sms.create_event_destination(
        ConfigurationSetName=PERSONAL["set"],
        EventDestinationName=PERSONAL["set"],
        MatchingEventTypes=["ALL"],
        SnsDestination={"TopicArn": topic},
    )
    sms.request_sender_id(SenderId=PERSONAL["sender"], IsoCountryCode="GB")
    sms.create_verified_destination_number(DestinationPhoneNumber=PERSONAL["friend"])
    [number] = sms.describe_phone_numbers()["PhoneNumbers"]
    sms.update_phone_number(
        PhoneNumberId=number["PhoneNumberId"], TwoWayEnabled=True, TwoWayChannelArn=topic
    )
    sms.put_keyword(
        OriginationIdentity=number["PhoneNumberId"],
        Keyword="ANNA",
        KeywordMessage=PERSONAL["text"],
    )

    _status, _printed, files = observe()

    written = "".join(file.read_text() for file in files)
    assert [name for name, value in PERSONAL.items() if value in written] == []
    assert number["PhoneNumberId"] not in written
    assert '"NumberType": "LONG_CODE"' in written


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("OBSERVE_AWS", "", "OBSERVE_AWS=yes"),
        ("AWS_ACCESS_KEY_ID", "", "no AWS credentials"),
        ("AWS_DEFAULT_REGION", "", "no Region"),
    ],
)
def test_it_needs_consent_credentials_and_a_region(
    stand_in, observe, monkeypatch, tmp_path, variable, value, reason
):
    """Without them, no operation is called."""
    monkeypatch.delenv(variable)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    status, printed, files = observe()

    assert (status, files) == (2, [])
    assert reason in printed
    assert stand_in.calls == []


def test_the_plan_is_free():
    """The plan sends nothing, requests no number, submits nothing, and deletes what it creates."""
    steps = [step for group in GROUPS for step in group.steps]
    forbidden = ("Send", "Request", "Submit", "Release", "Associate", "CarrierLookup", "Set")
    allowed = ("SetDefaultMessageType", "SetDefaultSenderId", "SetDefaultMessageFeedbackEnabled")

    for step in steps:
        assert step.operation in allowed or not step.operation.startswith(forbidden)
        assert step.operation in service_model().operations
    for group in GROUPS:
        undone = {step.undo[0] for step in group.steps if step.undo}
        made = {step.operation for step in group.steps if step.operation.startswith("Create")}
        assert {each.replace("Create", "Delete") for each in made} - undone <= {
            "DeleteRegistrationVersion"
        }


def test_open_questions_are_among_the_calls():
    """Steps name the decisions that their answers would settle."""
    decisions = {step.decision for group in GROUPS for step in group.steps} - {None}
    written = set(map(int, re.findall(r"^(\d+)\. ", DECISIONS.read_text(), re.MULTILINE)))

    assert len(decisions) > 10
    assert decisions <= written
