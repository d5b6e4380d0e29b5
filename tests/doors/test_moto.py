"""`with_moto`: one URL for this service and, by moto, for all others."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.doors.moto.application import Moto
from tests.doors.serving import Connection, call, run, serving

ACCOUNT, OTHER_ACCOUNT = "123456789012", "111111111111"
STACK = json.dumps(
    {
        "Resources": {"Receipts": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"Topic": {"Value": {"Ref": "Receipts"}}},
    }
)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with moto, reset for each test."""
    Moto.reset()
    with Server(Emulator(seed=7), with_moto=True) as server:
        yield server
    Moto.reset()


@pytest.fixture
def aws(server: Server) -> Iterator[Callable[..., Any]]:
    """Clients of any service at the server's URL."""
    made = []

    def client(service: str, account_id: str = ACCOUNT, region: str = "us-east-1") -> Any:
        made.append(make(server.url, service, account_id, region))
        return made[-1]

    yield client
    for each in made:
        each.close()


def make(url: str, service: str, account_id: str = ACCOUNT, region: str = "us-east-1") -> Any:
    """A client of a service at a URL, which tries once."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=account_id,
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def fetch(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send an unsigned request, and read its answer."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, method=method, headers=names)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def destination(sms: Any, name: str, **sink: Any) -> None:
    """Create an event destination for deliveries."""
    sms.create_event_destination(
        ConfigurationSetName="receipts",
        EventDestinationName=name,
        MatchingEventTypes=["TEXT_DELIVERED", "MEDIA_DELIVERED"],
        **sink,
    )


def queue_of(aws: Callable[..., Any], name: str) -> tuple[str, str]:
    """Create a queue: its URL and its ARN."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]


def received(aws: Callable[..., Any], queue: str) -> list[dict[str, Any]]:
    """Receive the messages in a queue as JSON."""
    found = aws("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [json.loads(each["Body"]) for each in found.get("Messages", ())]


def test_all_of_aws_at_one_url(server, aws):
    """CloudFormation, SNS, SQS, Firehose, S3, Logs and EventBridge get the events of a message."""
    cloudformation, sns, s3 = aws("cloudformation"), aws("sns"), aws("s3")
    cloudformation.create_stack(StackName="receipts", TemplateBody=STACK)
    [stack] = cloudformation.describe_stacks(StackName="receipts")["Stacks"]
    topic = stack["Outputs"][0]["OutputValue"]
    queue, queue_arn = queue_of(aws, "receipts")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    s3.create_bucket(Bucket="archive")
    s3.put_object(Bucket="archive", Key="cat.png", Body=b"picture")
    role = f"arn:aws:iam::{ACCOUNT}:role/events"
    stream = aws("firehose").create_delivery_stream(
        DeliveryStreamName="receipts",
        S3DestinationConfiguration={"RoleARN": role, "BucketARN": "arn:aws:s3:::archive"},
    )["DeliveryStreamARN"]
    aws("logs").create_log_group(logGroupName="receipts")
    log = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:receipts"
    bus_queue, bus_queue_arn = queue_of(aws, "bus")
    aws("events").put_rule(Name="texts", EventPattern='{"source": ["aws.sms-voice"]}')
    aws("events").put_targets(Rule="texts", Targets=[{"Id": "queue", "Arn": bus_queue_arn}])

    sms = aws("pinpoint-sms-voice-v2")
    server.emulator.add_number("+12065550100", number_capabilities=["SMS", "MMS"])
    sms.create_configuration_set(ConfigurationSetName="receipts")
    destination(sms, "topic", SnsDestination={"TopicArn": topic})
    firehose = {"IamRoleArn": role, "DeliveryStreamArn": stream}
    destination(sms, "stream", KinesisFirehoseDestination=firehose)
    logs = {"IamRoleArn": role, "LogGroupArn": log}
    destination(sms, "log", CloudWatchLogsDestination=logs)
    sent = sms.send_media_message(
        DestinationPhoneNumber="+14255550123",
        OriginationIdentity="+12065550100",
        MediaUrls=["s3://archive/cat.png"],
        ConfigurationSetName="receipts",
    )["MessageId"]
    server.emulator.wait_for(status="DELIVERED")
    assert server.emulator.flush(timeout=60)

    [at_topic] = received(aws, queue)
    assert json.loads(at_topic["Message"])["messageId"] == sent
    on_the_bus = received(aws, bus_queue)
    assert sent in {each["detail"]["messageId"] for each in on_the_bus}
    [file] = [
        each
        for each in s3.list_objects_v2(Bucket="archive")["Contents"]
        if each["Key"] != "cat.png"
    ]
    assert sent in s3.get_object(Bucket="archive", Key=file["Key"])["Body"].read().decode()
    [log_stream] = aws("logs").describe_log_streams(logGroupName="receipts")["logStreams"]
    [entry] = aws("logs").get_log_events(
        logGroupName="receipts", logStreamName=log_stream["logStreamName"]
    )["events"]
    assert json.loads(entry["message"])["messageId"] == sent


def test_stacks_make_resources_of_this_service(server, aws):
    """A stack of moto makes, updates and deletes them, in the account and Region of its caller."""
    template = {
        "Resources": {
            "Receipts": {"Type": "AWS::SNS::Topic"},
            "Shop": {
                "Type": "AWS::SMSVOICE::OptOutList",
                "Properties": {"OptOutListName": "shop", "Tags": [{"Key": "a", "Value": "b"}]},
            },
        },
        "Outputs": {"List": {"Value": {"Fn::GetAtt": ["Shop", "Arn"]}}},
    }
    cloudformation = aws("cloudformation", OTHER_ACCOUNT, "eu-west-1")
    sms = aws("pinpoint-sms-voice-v2", OTHER_ACCOUNT, "eu-west-1")

    cloudformation.create_stack(StackName="shop", TemplateBody=json.dumps(template))

    [stack] = cloudformation.describe_stacks(StackName="shop")["Stacks"]
    [made] = sms.describe_opt_out_lists(OptOutListNames=["shop"])["OptOutLists"]
    assert stack["Outputs"][0]["OutputValue"] == made["OptOutListArn"]
    assert f":eu-west-1:{OTHER_ACCOUNT}:" in made["OptOutListArn"]
    cloudformation.delete_stack(StackName="shop")
    with pytest.raises(sms.exceptions.ResourceNotFoundException):
        sms.describe_opt_out_lists(OptOutListNames=["shop"])


def test_missing_media_in_motos_s3(server, aws):
    """Files are read from moto's S3 without a setting."""
    server.emulator.add_number("+12065550100", number_capabilities=["SMS", "MMS"])
    aws("pinpoint-sms-voice-v2").send_media_message(
        DestinationPhoneNumber="+14255550123",
        OriginationIdentity="+12065550100",
        MediaUrls=["s3://archive/cat.png"],
    )

    assert server.emulator.wait_for(status="FILE_INACCESSIBLE")


def test_the_page_and_a_list_of_buckets_are_at_the_same_path(server, aws):
    """An unsigned GET / is the page, a signed or presigned one S3's ListBuckets."""
    aws("s3").create_bucket(Bucket="archive")
    presigned = aws("s3").generate_presigned_url("list_buckets")

    assert b"<!doctype html>" in fetch(server.url)[2]
    assert [each["Name"] for each in aws("s3").list_buckets()["Buckets"]] == ["archive"]
    assert b"<Name>archive</Name>" in fetch(presigned)[2]


def test_a_file_keeps_its_metadata(server, aws):
    """HEAD returns the size, and names of metadata and keys are unchanged."""
    s3 = aws("s3")
    s3.create_bucket(Bucket="archive")
    key, size = "cats/ü and more.png", 9 * 1024 * 1024
    s3.put_object(Bucket="archive", Key=key, Body=b"x" * size, Metadata={"taken_by": "me"})

    head = s3.head_object(Bucket="archive", Key=key)

    assert (head["ContentLength"], head["Metadata"]) == (size, {"taken_by": "me"})


def test_the_body_limit_applies_to_this_service(server):
    """Only requests for moto may be larger."""
    with Connection(server.port) as connection:
        connection.send(call(body=b" " * (8 * 1024 * 1024 + 1)))

        assert connection.answer()[0] == 413


def test_accounts_and_regions_are_the_same_on_both_sides(server, aws):
    """An access key of 12 digits, also in a presigned URL, is moto's account."""
    for account_id, region in ((OTHER_ACCOUNT, "us-east-1"), (ACCOUNT, "eu-west-1")):
        aws("sns", account_id, region).create_topic(Name="receipts")
        topics = aws("sns", account_id, region).list_topics()["Topics"]

        assert [each["TopicArn"] for each in topics] == [
            f"arn:aws:sns:{region}:{account_id}:receipts"
        ]
    aws("s3", OTHER_ACCOUNT).create_bucket(Bucket="others")
    assert b"others" in fetch(aws("s3", OTHER_ACCOUNT).generate_presigned_url("list_buckets"))[2]
    assert b"others" not in fetch(aws("s3").generate_presigned_url("list_buckets"))[2]


def test_a_role_session_belongs_to_the_roles_account(server, aws):
    """This holds for temporary credentials of moto's STS in this service, too."""
    given = aws("sts").assume_role(
        RoleArn=f"arn:aws:iam::{OTHER_ACCOUNT}:role/app", RoleSessionName="me"
    )["Credentials"]
    client = boto3.client(
        "pinpoint-sms-voice-v2",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    with closing(client):
        client.create_opt_out_list(OptOutListName="mine")

    [account] = server.emulator.resources(OTHER_ACCOUNT)
    assert "mine" in json.dumps(account["resources"], default=str)


def test_reset_resets_both(server, aws):
    """Neither has anything left, in any account or Region, and events still go to moto."""
    for account_id, region in ((ACCOUNT, "us-east-1"), (OTHER_ACCOUNT, "eu-west-1")):
        aws("sqs", account_id, region).create_queue(QueueName="receipts")
        aws("pinpoint-sms-voice-v2", account_id, region).create_opt_out_list(OptOutListName="x")

    assert fetch(f"{server.url}/_emulator/reset", "POST")[0] == 200

    assert not aws("sqs").list_queues().get("QueueUrls")
    assert not aws("sqs", OTHER_ACCOUNT, "eu-west-1").list_queues().get("QueueUrls")
    assert server.emulator.resources() == []
    assert server.emulator.settings.events_endpoint_url == server.url


def test_endpoints_in_the_settings_are_used(server):
    """Events go to that endpoint, and nowhere after the server has stopped."""
    emulator = Emulator(events_endpoint_url="http://127.0.0.1:1")
    with Server(emulator, with_moto=True) as other:
        assert emulator.settings.events_endpoint_url == "http://127.0.0.1:1"
        assert emulator.settings.s3_endpoint_url == other.url
        emulator.restore(emulator.snapshot())

    assert emulator.settings.s3_endpoint_url is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Host": "rebound.example.com"}, 403),
        ({"Origin": "https://example.com"}, 403),
        ({"Origin": "http://localhost:3000"}, 404),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/archive/cat.png", "/moto-api/state"])
def test_the_rules_for_hosts_and_origins_hold(server, path, headers, status):
    """A page of someone else's reaches moto no more than it reaches /_emulator."""
    got, answered, body = fetch(server.url + path, **headers)

    assert got == status
    assert (b"allowed_hosts" in body) == (status == 403)
    if status == 404 and "Origin" in headers:
        assert answered["Access-Control-Allow-Origin"] == headers["Origin"]


def test_preflight_requests_are_answered(server):
    """This applies to files in S3 and to calls."""
    status, headers, _ = fetch(
        f"{server.url}/archive/cat.png",
        "OPTIONS",
        Origin="http://localhost:3000",
        Access_Control_Request_Method="PUT",
    )

    assert status == 204
    assert "PUT" in headers["Access-Control-Allow-Methods"]


def test_the_access_token_protects_both_control_planes():
    """moto's control plane needs the token, calls of AWS's services do not."""
    with Server(Emulator(access_token="secret"), with_moto=True) as server:
        assert fetch(f"{server.url}/moto-api/data.json")[0] == 401
        assert fetch(f"{server.url}/moto-api/data.json", Authorization="Bearer secret")[0] == 200
        with closing(make(server.url, "sqs")) as sqs:
            assert "QueueUrls" not in sqs.list_queues()


def test_moto_does_not_block_this_service(server, aws):
    """A client that waits for a message in SQS does not block others."""
    queue, _ = queue_of(aws, "receipts")
    waiting = threading.Thread(
        target=aws("sqs").receive_message, kwargs={"QueueUrl": queue, "WaitTimeSeconds": 20}
    )
    waiting.start()
    sms = aws("pinpoint-sms-voice-v2")
    for _ in range(3):
        sms.describe_pools()
        assert waiting.is_alive()

    aws("sqs").send_message(QueueUrl=queue, MessageBody="now")
    waiting.join(60)
    assert not waiting.is_alive()


def test_a_crash_in_moto_is_a_500(server, aws, monkeypatch, caplog):
    """It is not reported as a crash of this emulator."""
    monkeypatch.setattr("moto.sqs.responses.SQSResponse.list_queues", lambda _self: 1 / 0)

    with pytest.raises(aws("sqs").exceptions.ClientError) as refused:
        aws("sqs").list_queues()

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "ZeroDivisionError" in caplog.text


# The command line.


def test_serve_with_moto():
    """The option starts both; events go to moto, and the process ends as fast as ever."""
    with serving("--with-moto", "--host", "0.0.0.0") as server:
        url = f"http://127.0.0.1:{server.port}"
        with closing(make(url, "sqs")) as sqs:
            assert sqs.create_queue(QueueName="receipts")["QueueUrl"].startswith(url)
        settings = json.loads(fetch(f"{url}/_emulator/settings")[2])
        assert settings["events_endpoint_url"] == settings["s3_endpoint_url"] == url

        status, seconds = server.stop()
    assert (status, seconds < 1.5) == (0, True)


def test_a_data_folder_does_not_keep_moto(tmp_path: Path):
    """After a restart this service has everything, and moto nothing."""
    arguments = ("--with-moto", "--data-dir", str(tmp_path / "data"))
    with serving(*arguments) as server:
        with closing(make(server.url, "pinpoint-sms-voice-v2")) as sms:
            sms.create_opt_out_list(OptOutListName="mine")
        with closing(make(server.url, "sqs")) as sqs:
            sqs.create_queue(QueueName="receipts")
        assert server.stop()[0] == 0

    with serving(*arguments) as server:
        with closing(make(server.url, "pinpoint-sms-voice-v2")) as sms:
            lists = sms.describe_opt_out_lists(OptOutListNames=["mine"])["OptOutLists"]
        with closing(make(server.url, "sqs")) as sqs:
            queues = sqs.list_queues().get("QueueUrls", [])
    assert ([each["OptOutListName"] for each in lists], queues) == (["mine"], [])


@pytest.mark.parametrize("missing", ["moto", "flask"])
def test_without_the_extra(tmp_path: Path, missing: str):
    """One sentence names the extra; the status is not 0."""
    module = f"raise ModuleNotFoundError(\"No module named '{missing}'\")\n"
    (tmp_path / f"{missing}.py").write_text(module)

    ended = run("serve", "--port", "0", "--with-moto", PYTHONPATH=str(tmp_path))

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "pip install 'moto[server]'" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_an_invalid_boolean_variable_is_refused():
    """The variable accepts only true and false."""
    ended = run("serve", "--port", "0", PINPOINT_SMS_EMU_WITH_MOTO="perhaps")

    assert ended.returncode == 2
    assert "true or false" in ended.stderr


def test_moto_is_not_loaded_without_the_flag():
    """A server without moto does not load it."""
    code = (
        "import sys, urllib.request\n"
        "from pinpoint_sms_emu import Emulator\n"
        "from pinpoint_sms_emu import Server\n"
        "with Server(Emulator()) as server:\n"
        "    urllib.request.urlopen(server.url + '/_emulator/operations').read()\n"
        "print([each for each in sys.modules if each.partition('.')[0] in ('moto', 'flask')])\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert ended.stdout == "[]\n"
