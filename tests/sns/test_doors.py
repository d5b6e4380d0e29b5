"""The ways in for texts of SNS, calls that are not intercepted, and which modules are loaded."""

import os
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, NoCredentialsError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import Subscription, sns_backends
from werkzeug.test import create_environ

from pinpoint_sms_emu import Emulator, Server, mock_sms
from pinpoint_sms_emu.doors.moto.application import Moto
from pinpoint_sms_emu.doors.replacements import is_replaced
from pinpoint_sms_emu.emulator import engine_of
from tests.sns.conftest import OTHER, PERSON

ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=1)


KEYS = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}


def client(service="sns", **given):
    """A client of a service, which tries once."""
    return boto3.client(service, region_name="us-east-1", config=ONCE, **KEYS | given)


def text(sns, body="Hello"):
    """Publish a text."""
    return sns.publish(PhoneNumber=PERSON, Message=body)


# In process.


@pytest.mark.parametrize("order", ["moto first", "moto second"])
def test_moto_answers_for_topics(order):
    """With moto, in either order, texts are answered by the emulator, and topics by moto."""
    blocks = [mock_aws, mock_sms] if order == "moto first" else [mock_sms, mock_aws]
    with blocks[0]() as first, blocks[1]() as second:
        sms = second if order == "moto first" else first
        sns, sqs = client(), client("sqs")
        topic = sns.create_topic(Name="alerts")["TopicArn"]
        queue = sqs.create_queue(QueueName="alerts")["QueueUrl"]
        arn = "arn:aws:sqs:us-east-1:123456789012:alerts"
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        sns.publish(TopicArn=topic, Message="to the queue")
        text(sns, "to the phone")

        assert [message.body for message in sms.messages] == ["to the phone"]
        [received] = sqs.receive_message(QueueUrl=queue)["Messages"]
        assert "to the queue" in received["Body"]
        assert sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sms_messages == {}


def test_sns_sms_can_be_turned_off():
    """With `sns_sms=False` moto answers texts, too."""
    with mock_aws(), mock_sms(sns_sms=False) as sms:
        sent = text(client())

        assert list(sms.messages) == []
        kept = sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sms_messages
        assert kept[sent["MessageId"]] == (PERSON, "Hello")


def test_pass_through_applies_to_sns():
    """A client with such an endpoint calls that endpoint."""
    with mock_sms(pass_through=["http://127.0.0.1:9"]) as sms:
        with pytest.raises(Exception, match=r"127\.0\.0\.1:9"):
            text(client(endpoint_url="http://127.0.0.1:9"))
        text(client(endpoint_url="http://127.0.0.1:10"))

        assert len(sms.messages) == 1


def test_a_client_of_a_server_is_not_intercepted():
    """A client with the endpoint of a server of this process calls that server."""
    with mock_sms() as sms, Server(Emulator()) as server:
        text(client(endpoint_url=server.url))

        assert (len(sms.messages), len(server.emulator.messages)) == (0, 1)


def test_a_client_without_credentials(monkeypatch, tmp_path):
    """A module-level client is lent credentials for its texts only."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    late = boto3.client("sns", region_name="us-east-1", config=ONCE)

    with mock_sms() as sms:
        text(late)
        with pytest.raises(NoCredentialsError):
            late.list_topics()

    assert len(sms.messages) == 1


def test_a_block_restores_sns_clients():
    """After the block, a client calls its own endpoint."""
    sns = client(endpoint_url="http://127.0.0.1:9")
    with mock_sms():
        text(sns)

    with pytest.raises(Exception, match=r"127\.0\.0\.1:9"):
        text(sns)


@pytest.mark.parametrize("door", ["in process", "server"])
def test_signatures_are_verified(tmp_path, door):
    """With signing keys, a wrong secret is refused with SNS's error code."""
    keys = tmp_path / "keys"
    keys.write_text("AKIDEXAMPLE secret\n")

    def pair(secret, url):
        return client(
            aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key=secret, endpoint_url=url
        )

    with mock_sms(signing_keys=keys) as sms, Server(Emulator(signing_keys=keys)) as server:
        url = server.url if door == "server" else None
        emulator = server.emulator if door == "server" else sms
        text(pair("secret", url))
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            text(pair("other", url))

        assert len(emulator.messages) == 1


# Over HTTP.


def test_texts_over_http(pinpoint_sms_server):
    """A server answers texts at the URL of the main service."""
    sns = client(endpoint_url=pinpoint_sms_server.url)
    text(sns, "Hello 😀 <&>")
    [message] = pinpoint_sms_server.emulator.messages

    assert (message.api, message.body) == ("sns", "Hello 😀 <&>")
    with pytest.raises(ClientError, match="--with-moto"):
        sns.create_topic(Name="alerts")


def test_a_server_with_sns_sms_turned_off():
    """The error names the setting."""
    with Server(Emulator(sns_sms=False)) as server, pytest.raises(ClientError) as raised:
        text(client(endpoint_url=server.url))

    assert raised.value.response["Error"]["Code"] == "InvalidAction"
    assert "sns_sms" in raised.value.response["Error"]["Message"]


def test_a_server_with_moto_has_topics():
    """One URL has both topics, whose phones are texted, and texts to numbers."""
    with Server(Emulator(), with_moto=True) as server:
        sns = client(endpoint_url=server.url)
        topic = sns.create_topic(Name="alerts")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=OTHER)
        sns.publish(TopicArn=topic, Message="to all")
        text(sns, "to one")

        assert [(each.recipient, each.body) for each in server.emulator.messages] == [
            (OTHER, "to all"),
            (PERSON, "to one"),
        ]
    with mock_aws():
        sns = client()
        topic = sns.create_topic(Name="alerts")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=OTHER)
        sns.publish(TopicArn=topic, Message="after the server has stopped")
    assert len(server.emulator.messages) == 2


def test_a_call_that_ends_after_the_server_changes_nothing_in_moto():
    """A call that moto answers when the server has stopped does not replace moto's function."""
    application = Moto()
    application.engine = engine_of(Emulator())
    application.stop_texting()

    answer = application._respond(create_environ("/moto-api/data.json", "http://127.0.0.1"))

    assert answer.status_code == 200
    assert not is_replaced(Subscription.publish)


def in_url(server, method, service="sns", **parameters):
    """Send a signed request with its parameters in the URL; return status and body."""
    path = f"/?{urlencode(parameters)}"
    request = AWSRequest(method=method, url=f"{server.url}{path}")
    SigV4Auth(Credentials("AKIDEXAMPLE", "secret"), service, "us-east-1").add_auth(request)
    connection = HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    with closing(connection):
        connection.request(method, path, headers=dict(request.headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("with_moto", [False, True])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_parameters_in_the_url(tmp_path, method, with_moto):
    """The query protocol allows parameters in the URL; the signature is verified."""
    keys = tmp_path / "keys"
    keys.write_text("AKIDEXAMPLE secret\n")
    with Server(Emulator(signing_keys=keys), with_moto=with_moto) as server:
        sent = {"Action": "Publish", "PhoneNumber": PERSON, "Message": "Grüße ~ & *"}
        status, body = in_url(server, method, **sent)
        in_url(server, method, "sqs", **sent)  # not a call for this service

        assert (status, "<PublishResponse" in body) == (200, True)
        assert [each.body for each in server.emulator.messages] == ["Grüße ~ & *"]


def test_a_crash_is_an_error_in_xml(monkeypatch):
    """A crash is a 500 that an SNS client can parse."""
    emulator = Emulator()

    def broken(*_arguments):
        raise RuntimeError("planted")

    monkeypatch.setattr(engine_of(emulator), "begin", broken)
    with Server(emulator) as server, pytest.raises(ClientError) as raised:
        text(client(endpoint_url=server.url))

    answer = raised.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert answer["Error"]["Code"] == "InternalError"


# What is loaded.

LOADED = """
import sys
from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.doors.http import server
import boto3
with mock_sms() as sms:
    sms.add_number("+12065550100")
    boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1").send_text_message(
        DestinationPhoneNumber="+14255550100", MessageBody="Hello")
    before = [name for name in sys.modules if name.startswith(("pinpoint_sms_emu.sns", "moto"))]
    boto3.client("sns", region_name="us-east-1").publish(
        PhoneNumber="+14255550100", Message="Hello")
    after = [name for name in sys.modules if name.startswith("moto")]
print([before, after, len(sms.messages)])
"""


def test_nothing_of_sns_is_loaded_before_its_first_call():
    """The modules for SNS are loaded with the first call, and moto is not loaded."""
    loaded = subprocess.check_output([sys.executable, "-c", LOADED], text=True)

    assert loaded.strip() == "[[], [], 2]"
