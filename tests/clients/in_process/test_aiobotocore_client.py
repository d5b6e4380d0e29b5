"""aiobotocore's clients in blocks of `mock_sms`.

Run by ../test_aiobotocore.py in its environments. aiobotocore pins a version of botocore, so
nothing of the other tests is used here.
"""

import asyncio
import subprocess
import sys

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

from pinpoint_sms_emu import Server, mock_sms
from pinpoint_sms_emu.emulator import Emulator, engine_of

SERVICE = "pinpoint-sms-voice-v2"
ONCE = AioConfig(retries={"total_max_attempts": 1})


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A machine without credentials, Region or config."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)


def make_client(**given):
    """A client that finds Region and credentials by itself, unless they are given."""
    return get_session().create_client(SERVICE, **given)


async def make_list(client, name="mine"):
    """Create an opt-out list."""
    return (await client.create_opt_out_list(OptOutListName=name))["OptOutListName"]


async def names(client):
    """The names of the opt-out lists, read page by page."""
    pages = client.get_paginator("describe_opt_out_lists").paginate(
        PaginationConfig={"PageSize": 2}
    )
    return [each["OptOutListName"] async for page in pages for each in page["OptOutLists"]]


def lists_of(emulator, region="us-east-1"):
    """The opt-out lists of the emulator."""
    return {each.id for each in engine_of(emulator).account("123456789012", region).opt_out_lists}


def test_a_client_made_in_the_block_is_answered():
    """It finds Region and credentials; paginators and concurrent calls work."""

    async def main():
        async with make_client() as client:
            await asyncio.gather(*(make_list(client, f"list-{index}") for index in range(20)))
            return await names(client)

    with mock_sms() as sms:
        found = asyncio.run(main())

    assert sorted(found) == sorted({"Default", *(f"list-{index}" for index in range(20))})
    assert lists_of(sms) == set(found)


def test_a_client_made_before_the_block_is_answered():
    """A client without credentials and with any endpoint needs no change."""

    async def main():
        given = {"region_name": "eu-west-1", "endpoint_url": "http://localhost:4566"}
        async with make_client(**given) as client:
            with mock_sms() as sms:
                await make_list(client)
                return lists_of(sms, "eu-west-1")

    assert asyncio.run(main()) == {"Default", "mine"}


def test_a_refusal_is_the_clients_own_exception():
    """Errors are parsed by the client: class, code and modelled members."""

    async def main():
        async with make_client() as client:
            with pytest.raises(client.exceptions.ResourceNotFoundException) as raised:
                await client.delete_pool(PoolId="pool-unknown")
            return raised.value.response

    with mock_sms():
        response = asyncio.run(main())

    assert response["ResourceType"] == "pool"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_two_decorated_functions_at_once_have_their_own_emulators():
    """Each decorated coroutine is answered by its own block, however they are interleaved."""

    @mock_sms
    async def decorated(name):
        async with make_client() as client:
            await make_list(client, name)
            await asyncio.sleep(0)
            return await names(client)

    async def main():
        return await asyncio.gather(decorated("a"), decorated("b"))

    assert asyncio.run(main()) == [["Default", "a"], ["Default", "b"]]


def test_the_client_retries_a_throttled_call():
    """Retries are the client's own."""

    async def main():
        async with make_client() as client:
            return await client.describe_pools()

    with mock_sms() as sms:
        sms.fail("DescribePools", "ThrottlingException", times=1)
        answered = asyncio.run(main())

    assert answered["ResponseMetadata"]["RetryAttempts"] == 1


def test_a_delay_does_not_block_other_tasks():
    """A delayed call can be cancelled, and nothing waits for it then."""

    async def main():
        async with make_client(config=ONCE) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.describe_pools(), 0.05)

    with mock_sms() as sms:
        sms.fail("DescribePools", delay_seconds=3600)
        asyncio.run(asyncio.wait_for(main(), 20))


def test_a_crash_inside_raises_the_original_exception(monkeypatch):
    """What breaks inside the emulator comes out of the client's call."""

    async def main():
        async with make_client() as client:
            await client.describe_pools()

    with mock_sms():
        monkeypatch.setattr("pinpoint_sms_emu.service.listing.take_page", lambda *_: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            asyncio.run(main())


def test_a_client_of_a_server_is_not_intercepted():
    """A client with the endpoint of a server of this process calls that server."""

    async def main(url):
        async with make_client(endpoint_url=url) as client:
            await make_list(client)

    with Server(Emulator()) as server, mock_sms() as sms:
        asyncio.run(main(server.url))

        assert lists_of(server.emulator) == {"Default", "mine"}
        assert lists_of(sms) == {"Default"}


def test_signatures_are_verified(tmp_path):
    """With signing_keys, an asynchronous client's signature is computed and verified."""
    keys = tmp_path / "keys"
    keys.write_text("123456789012 secret\n")
    pair = {"aws_access_key_id": "123456789012", "region_name": "us-east-1"}

    async def main(secret):
        async with make_client(aws_secret_access_key=secret, **pair) as client:
            return await names(client)

    with mock_sms(signing_keys=keys):
        assert asyncio.run(main("secret")) == ["Default"]
        with pytest.raises(Exception, match=r"InvalidSignatureException"):
            asyncio.run(main("wrong"))


def test_texts_of_sns_are_answered():
    """A client of SNS is answered, and errors are its own exceptions."""

    async def main():
        async with get_session().create_client("sns", config=ONCE) as client:
            sent = await client.publish(PhoneNumber="+14255550100", Message="Hello")
            with pytest.raises(client.exceptions.InvalidParameterException):
                await client.publish(PhoneNumber="nobody", Message="Hello")
            return sent["MessageId"]

    with mock_sms() as sms:
        message_id = asyncio.run(main())

    assert [(each.message_id, each.api) for each in sms.messages] == [(message_id, "sns")]


IMPORTED_INSIDE = """
import asyncio, sys
from pinpoint_sms_emu import mock_sms
assert not any(name.startswith("aiobotocore") for name in sys.modules)

async def main():
    from aiobotocore.session import get_session
    async with get_session().create_client("pinpoint-sms-voice-v2") as client:
        return await client.describe_pools()

with mock_sms():
    print(asyncio.run(main())["Pools"])

from aiobotocore.endpoint import AioEndpoint
from aiobotocore.signers import AioRequestSigner
assert AioEndpoint._do_get_response.__module__ == "aiobotocore.endpoint"
assert AioRequestSigner.get_auth_instance.__module__ == "aiobotocore.signers"
"""


def test_aiobotocore_may_be_imported_inside_the_block():
    """A client whose classes are not there yet when the block is entered is answered too."""
    command = [sys.executable, "-c", IMPORTED_INSIDE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_trio():
    """With the httpx backend, a client works with trio, if the version has that backend."""
    httpxsession = pytest.importorskip("aiobotocore.httpxsession")
    trio = pytest.importorskip("trio")
    config = AioConfig(http_session_cls=httpxsession.HttpxSession)

    async def main():
        async with make_client(config=config) as client:
            return await names(client)

    with mock_sms():
        assert trio.run(main) == ["Default"]


def test_a_handler_may_add_to_an_answer():
    """A coroutine that handles `before-parse` adds to answers and refusals, as over HTTP."""

    async def add(customized_response_dict, **_event):
        customized_response_dict["Added"] = 7

    async def use():
        async with make_client() as client:
            client.meta.events.register("before-parse", add)
            assert (await client.describe_pools())["Added"] == 7
            with pytest.raises(client.exceptions.ResourceNotFoundException) as refused:
                await client.delete_opt_out_list(OptOutListName="unknown")
            assert refused.value.response["Added"] == 7

    with mock_sms():
        asyncio.run(use())
