"""`mock_sms` as a block and as a decorator, together with other libraries."""

import asyncio
import os
import threading
from types import SimpleNamespace

import boto3
import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, NoCredentialsError
from freezegun import freeze_time
from moto import mock_aws

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.opt_out_lists import SERVICE, make_list, names

pytestmark = pytest.mark.usefixtures("bare")


def test_a_block_gives_an_emulator_and_answers_clients_made_in_it():
    """A client that is made inside the block is answered by the block's emulator."""
    with mock_sms() as sms:
        make_list(boto3.client(SERVICE))

        assert isinstance(sms, Emulator)
        assert "mine" in engine_of(sms).account("123456789012", "us-east-1").opt_out_lists


def test_a_client_made_before_the_block_is_answered_too():
    """A module-level client without credentials, the commonest in CI, works inside the block."""
    client = boto3.client(SERVICE, region_name="eu-west-1")

    with mock_sms() as sms:
        make_list(client)

        assert "mine" in engine_of(sms).account("123456789012", "eu-west-1").opt_out_lists


def test_a_plain_botocore_client_is_answered():
    """botocore without boto3 is answered as well."""
    with mock_sms():
        client = botocore.session.get_session().create_client(SERVICE)

        assert names(client) == ["Default"]


def test_after_the_block_calls_go_where_they_went_before():
    """The block restores botocore: the same client is refused again afterwards."""
    client = boto3.client(SERVICE, region_name="us-east-1")
    with mock_sms():
        client.describe_pools()

    with pytest.raises(NoCredentialsError):
        client.describe_pools()


@pytest.mark.parametrize("first", ["moto", "ours"])
def test_beside_moto_in_both_orders(first):
    """moto's mock_aws works too, entered before or after; each answers its own services."""
    blocks = [mock_aws(), mock_sms()] if first == "moto" else [mock_sms(), mock_aws()]
    with blocks[0], blocks[1]:
        boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="q")
        queues = boto3.client("sqs", region_name="us-east-1").list_queues()["QueueUrls"]

        assert len(queues) == 1
        assert make_list(boto3.client(SERVICE, region_name="us-east-1")) == "mine"


def test_moto_entered_inside_may_be_left_later(monkeypatch):
    """Variables that moto has set meanwhile stay, and those that it restores do not."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "to be as before in the end")
        monkeypatch.delenv(name)
    moto = mock_aws()

    with mock_sms():
        moto.start()
    queue = boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="q")
    moto.stop()
    with mock_sms():
        pass

    assert queue["QueueUrl"]
    assert {name for name in os.environ if name.startswith("AWS_")} == {"AWS_EC2_METADATA_DISABLED"}


def test_an_inner_block_has_an_emulator_of_its_own():
    """A block inside a block starts empty, and the outer one is back when it ends."""
    with mock_sms():
        client = boto3.client(SERVICE)
        make_list(client, "outer")
        with mock_sms():
            make_list(client, "inner")
            inside = names(client)
        after = names(client)

    assert inside == ["Default", "inner"]
    assert after == ["Default", "outer"]


def test_blocks_can_end_in_any_order():
    """Leaving takes out the block's own emulator, whichever was entered last."""
    outer, inner = mock_sms(), mock_sms()
    outer.__enter__()
    inner.__enter__()
    client = boto3.client(SERVICE)
    make_list(client, "inner")
    outer.__exit__(None, None, None)
    still = names(client)
    inner.__exit__(None, None, None)

    assert still == ["Default", "inner"]
    assert "AWS_DEFAULT_REGION" not in os.environ


def test_a_block_is_left_once():
    """Leaving it again is an error that says so, and changes nothing for the other blocks."""
    block = mock_sms()
    with mock_sms():
        with block:
            pass

        with pytest.raises(RuntimeError, match="has been left already"):
            block.__exit__(None, None, None)

        assert names(boto3.client(SERVICE, region_name="us-east-1")) == ["Default"]


def test_threads_are_answered_by_the_same_emulator():
    """The block applies to the whole process: other threads use it, and lose nothing."""
    with mock_sms(quotas={"OPT_OUT_LISTS_PER_ACCOUNT": 100}):
        client = boto3.client(SERVICE)
        threads = [
            threading.Thread(target=make_list, args=(client, f"list-{index}"))
            for index in range(40)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(names(client)) == 41


def test_an_unverified_signature_is_not_computed(monkeypatch):
    """The header has the caller, but no signature, which would take longer than the answer."""
    client = boto3.client(
        SERVICE, "eu-west-1", aws_access_key_id="210987654321", aws_secret_access_key="secret"
    )
    monkeypatch.delattr(SigV4Auth, "signature")

    with mock_sms() as sms:
        make_list(client)

    assert "mine" in engine_of(sms).account("210987654321", "eu-west-1").opt_out_lists


def test_other_requests_are_signed_inside_a_block():
    """These are pass_through endpoints, the service's first version, and presigned URLs."""
    with mock_sms(pass_through=["http://127.0.0.1:1"]):
        served = boto3.client(SERVICE, "us-east-1", endpoint_url="http://127.0.0.1:1")
        first_version = boto3.client("pinpoint-sms-voice", "us-east-1")
        assert _signature(served, "describe_pools") == 64
        assert _signature(first_version, "list_configuration_sets") == 64

        url = boto3.client(SERVICE, "us-east-1").generate_presigned_url("describe_pools")
    assert len(url.partition("X-Amz-Signature=")[2]) == 64


def _signature(client, method):
    """Return the length of the signature that a client sends."""
    signatures = []

    def answer(request, **_given):
        signatures.append(request.headers["Authorization"].rpartition(b"Signature=")[2])
        return AWSResponse(request.url, 200, {}, SimpleNamespace(stream=lambda: [b"{}"]))

    client.meta.events.register("before-send", answer)
    getattr(client, method)()
    return len(signatures[0])


def test_freezegun_stops_the_emulators_time():
    """With freezegun's frozen time, resources are created at that time."""
    with freeze_time("2026-03-01 12:00:00"), mock_sms():
        made = boto3.client(SERVICE).create_opt_out_list(OptOutListName="mine")

    assert made["CreatedTimestamp"].isoformat() == "2026-03-01T12:00:00+00:00"


def test_a_decorated_function_runs_in_a_block_and_gets_nothing():
    """The decorator passes no argument, and each call has a new emulator."""

    @mock_sms
    def decorated(word):
        client = boto3.client(SERVICE)
        return word, make_list(client), names(client)

    assert decorated("a") == ("a", "mine", ["Default", "mine"])
    assert decorated("b") == ("b", "mine", ["Default", "mine"])


def test_a_decorator_takes_settings():
    """Settings repeat ids: seed=7 gives the same pool twice."""

    @mock_sms(seed=7)
    def request():
        return boto3.client(SERVICE).request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="TOLL_FREE",
        )["PhoneNumberId"]

    assert request() == request()


def test_an_async_function_can_be_decorated():
    """The block is open while the coroutine runs."""

    @mock_sms
    async def decorated():
        await asyncio.sleep(0)
        return names(boto3.client(SERVICE))

    assert asyncio.run(decorated()) == ["Default"]


def test_a_generator_function_cannot_be_decorated():
    """A generator would run after its block has ended, so it is refused when decorated."""
    with pytest.raises(TypeError, match="generator"):

        @mock_sms
        def decorated():
            yield


def test_settings_are_given_by_name():
    """A single value is a ValueError that names the setting that is meant."""
    with pytest.raises(ValueError, match=r"did you mean mock_sms\(account_tier='SANDBOX'\)\?"):
        mock_sms("SANDBOX")
    with pytest.raises(ValueError, match=r"did you mean mock_sms\(seed=7\)\?"):
        mock_sms(7)


@pytest.mark.parametrize("name", ["add_number", "start"])
def test_a_block_that_is_not_entered_has_no_emulator(name):
    """Whoever forgets the `with` is told what to write."""
    with pytest.raises(AttributeError, match=rf"has no {name}; .* with mock_sms\(\) as sms:$"):
        getattr(mock_sms(), name)


def test_an_endpoint_may_name_the_default_port(tmp_path):
    """The port is part of neither the signed nor the sent Host header."""
    keys = tmp_path / "keys"
    keys.write_text("123456789012 secret\n")
    pair = {"aws_access_key_id": "123456789012", "aws_secret_access_key": "secret"}
    urls = ("https://sms.example.com:443", "http://sms.example.com:80", "http://localhost:8080")

    with mock_sms(signing_keys=keys):
        clients = [boto3.client(SERVICE, "us-east-1", endpoint_url=url, **pair) for url in urls]

        assert [names(client) for client in clients] == [["Default"]] * 3


def test_request_ids_of_two_emulators_differ():
    """No request of a process has the id of another."""
    seen = set()
    for _ in range(2):
        with mock_sms():
            answered = boto3.client(SERVICE).describe_pools()
            seen.add(answered["ResponseMetadata"]["RequestId"])

    assert len(seen) == 2


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"account_tier": "GOLD"}, "account_tier must be PRODUCTION or SANDBOX"),
        ({"colour": "red"}, "there is no setting colour"),
        ({"quotas": {"POOLS": 3}}, "quotas has no POOLS"),
        ({"transition_seconds": -1}, "transition_seconds must be a number of seconds"),
        ({"max_messages": 0}, "max_messages must be at least 1"),
        ({"seed": "seven"}, "seed must be a whole number"),
    ],
)
def test_a_wrong_setting_is_a_value_error_with_a_sentence(settings, sentence):
    """Settings are checked before the block is entered."""
    with pytest.raises(ValueError, match=sentence):
        mock_sms(**settings)


def test_a_crash_inside_raises_the_original_exception(monkeypatch):
    """What breaks inside the emulator comes out of the client's call, and is not tried again."""
    with mock_sms():
        monkeypatch.setattr("pinpoint_sms_emu.service.listing.take_page", lambda *_: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            boto3.client(SERVICE).describe_pools()


def test_a_refusal_is_the_clients_own_exception():
    """Errors are parsed by the client: class, code and modelled members."""
    with mock_sms():
        client = boto3.client(SERVICE)
        with pytest.raises(client.exceptions.ResourceNotFoundException) as raised:
            client.delete_pool(PoolId="pool-unknown")

    assert raised.value.response["ResourceType"] == "pool"
    assert isinstance(raised.value, ClientError)


def test_a_connection_can_be_cut_in_the_middle_of_an_answer():
    """A cut breaks the answer after the change was made, as a client sees it on a bad network."""
    with mock_sms() as sms:
        once = Config(retries={"total_max_attempts": 1})
        client = boto3.client(SERVICE, config=once)
        sms.fail("CreateOptOutList", cut=True)

        with pytest.raises(ConnectionClosedError):
            make_list(client)
        assert "mine" in engine_of(sms).account("123456789012", "us-east-1").opt_out_lists
