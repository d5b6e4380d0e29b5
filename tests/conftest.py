"""Fixtures for all tests: a client, some resources, and expecting a refusal."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import boto3
import hypothesis
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

import pinpoint_sms_emu
from pinpoint_sms_emu import Emulator, Number, Server
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import Identified
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.service import modules  # noqa: F401  tests go through OPERATIONS
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.wire.model import field_name, snake
from tests.raw import Raw

pytest_plugins = [
    "pytester",
    "tests.needs",
    "tests.network",
    "tests.model_conformance",
    "tests.selection",
    "tests.inputs",
]

os.environ["TZ"] = "UTC"

# The duration of an example depends on the machine.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

SERVICE = "pinpoint-sms-voice-v2"

# A name in snake case.
OUR_NAME = re.compile(r"\b[a-z]+(_[a-z0-9]+)+\b")

# The server must validate by itself, so boto3 does not, and tries once.
LENIENT = Config(parameter_validation=False, retries={"total_max_attempts": 1})


# pytest parses what it imports, and CPython 3.11 may not parse on two threads at once (gh-106905):
# what servers import on first use is imported here.
for package in ("control", "messaging", "service"):
    path = [f"{pinpoint_sms_emu.__path__[0]}/{package}"]
    for module in pkgutil.walk_packages(path, f"pinpoint_sms_emu.{package}."):
        importlib.import_module(module.name)


def pytest_collection(session: pytest.Session) -> None:
    """Make ids reproducible, in every test that does not set a seed itself."""
    session.add_marker(pytest.mark.pinpoint_sms(seed=7))


@pytest.fixture(autouse=True)
def _own_default_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test its own default session of boto3, without another's credentials."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def emulator(pinpoint_sms: Emulator) -> Emulator:
    """An emulator in process, or behind HTTP with DOOR=server; `pinpoint_sms` marks set it up."""
    return pinpoint_sms


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str | None]:
    """The emulator's URL with DOOR=server; None in process."""
    if os.environ.get("DOOR") != "server":
        yield None
        return
    with Server(emulator) as server:
        yield server.url


@pytest.fixture
def client(emulator: Emulator, url: str | None) -> Callable[..., Any]:
    """Make clients of the emulator: for another account, another Region, other settings."""

    def make(account_id: str = "123456789012", region: str = "us-east-1", **given: Any) -> Any:
        return boto3.client(
            SERVICE,
            region_name=region,
            aws_access_key_id=account_id,
            aws_secret_access_key="any",
            **({"config": LENIENT, "endpoint_url": url} | given),
        )

    return make


@pytest.fixture
def raw(emulator: Emulator, account: Account, url: str | None) -> Raw:
    """Calls without a client: any bytes and headers."""
    del account  # It exists before the first call.
    return Raw(emulator, url)


@pytest.fixture
def sms(client: Callable[..., Any]) -> Any:
    """A boto3 client without validation of its own."""
    return client()


@pytest.fixture
def account(emulator: Emulator) -> Account:
    """The client's account in its Region, to inspect."""
    return engine_of(emulator).account("123456789012", "us-east-1")


@pytest.fixture
def number(sms: Any, account: Account) -> PhoneNumber:
    """An ACTIVE US long code for text and voice."""
    leased = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS", "VOICE"],
        NumberType="LONG_CODE",
    )
    sms.describe_phone_numbers()
    return account.phone_numbers[leased["PhoneNumberId"]]


@pytest.fixture
def pool(sms: Any, account: Account, number: PhoneNumber) -> Pool:
    """An ACTIVE pool of that number."""
    # The country was required in earlier models.
    made = sms.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    sms.describe_pools()
    return account.pools[made["PoolId"]]


class Refused(Protocol):
    """Expect a refusal that changes nothing."""

    def __call__(
        self,
        code: str,
        reason: str | None = None,
        *,
        about: Identified | Number | tuple[str, str] | None = None,
        fields: list[str] | None = None,
    ) -> AbstractContextManager[pytest.ExceptionInfo[ClientError]]:
        """Expect code, Reason, resource and Fields."""
        ...


@pytest.fixture
def refused(emulator: Emulator) -> Refused:
    """Expect code, Reason, resource and Fields (member names) of a refusal that changes nothing."""

    @contextmanager
    def expect(
        code: str,
        reason: str | None = None,
        *,
        about: Identified | Number | tuple[str, str] | None = None,
        fields: list[str] | None = None,
    ) -> Iterator[pytest.ExceptionInfo[ClientError]]:
        if isinstance(about, Number):
            about = ("phone-number", about.id)
        elif about is not None and not isinstance(about, tuple):
            about = (about.kind, about.id)
        kind, name = about or (None, None)
        before = emulator.snapshot()

        with pytest.raises(ClientError) as raised:
            yield raised

        answer: dict[str, Any] = dict(raised.value.response)
        assert answer["Error"]["Code"] == code
        assert answer.get("Reason") == reason
        assert answer.get("ResourceType") == kind
        assert answer.get("ResourceId") == name
        for each in answer.get("Fields", []):
            assert not OUR_NAME.search(each["Message"]), "AWS's names are in camel case"
        if fields is not None:
            named = [field["Name"] for field in answer["Fields"]]
            assert sorted(named) == sorted(field_name(snake(each)) for each in fields)
        assert emulator.snapshot() == before

    return expect
