"""Calls: the emulator answers as AWS was seen to answer, call by call."""

import re
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

import pinpoint_sms_emu
from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.wire.model import service_model, snake
from tests.conftest import LENIENT, SERVICE
from tests.observed.comparing import Comparison, error_differences
from tests.observed.preparing import ACCOUNT, Preparation, settings_for
from tests.observed.reading import observations
from tests.observed.table import marked, unexplained

PACKAGE = Path(pinpoint_sms_emu.__file__).parent
TEXTS = (".py", ".toml", ".json")
# How often a call is made that must use up a quota.
REPEATED = 60

CALLS = [each for each in observations() if each.operation and each.request is not None]
WORDS = [each for each in observations() if each.operation and each.request is None]


@pytest.fixture
def prepared(observation):
    """An account in which the call can be made."""
    with mock_sms(seed=7, **settings_for(observation)) as emulator:
        sms = boto3.client(
            SERVICE,
            region_name=observation.region,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="any",
            config=LENIENT,
        )
        yield Preparation(emulator, sms, observation)


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("observation", marked(CALLS))
def test_an_answer(prepared, observation):
    """The same call gets the same answer, as far as AWS's is known."""
    request = prepared.request()
    prepared.list_entries()

    found = list(compare(prepared, observation, request))

    remaining = unexplained(observation.name, found)
    assert not remaining, "\n".join(remaining)


@pytest.mark.parametrize("observation", marked(WORDS))
def test_words(observation):
    """Words that AWS's texts list stand in the product."""
    product = "".join(path.read_text() for path in PACKAGE.rglob("*.*") if path.suffix in TEXTS)
    missing = [word for word in texts_in(observation.answer) if word not in product]

    assert unexplained(observation.name, [f"{word}: is missing" for word in missing]) == []


def compare(prepared, observation, request):
    """Make the call, and go through the differences."""
    expected = observation.answer
    as_it_is = Comparison(is_whole=observation.is_whole, is_example=not observation.real)
    try:
        for _repeated in range(REPEATED if is_quota(expected) else 1):
            answer = call(prepared.sms, observation.operation, request)
    except ClientError as error:
        if "error" in expected:
            yield from error_differences(expected, error.response)
        else:
            yield f"error: {error}"
        return
    if "error" in expected:
        yield f"error: is none where AWS has {expected['error']}"
    elif expected.get("accepted"):
        yield from as_it_is.differences(expected["later"], later(prepared, observation, request))
    else:
        members = service_model().shapes[
            service_model().operations[observation.operation].output_shape
        ]
        plain = {name: value for name, value in expected.items() if name in members["members"]}
        yield from as_it_is.differences(plain, answer)
        for name in expected.keys() - plain.keys():
            yield from of_summary(prepared, name, expected[name], answer, request)


def is_quota(expected):
    """Whether a call is refused for a quota, which it has then to use up."""
    return expected.get("error", {}).get("Code") == "ServiceQuotaExceededException"


def call(sms, operation, request):
    """Make a call; all pages of it."""
    operation = snake(operation)
    if sms.can_paginate(operation):
        answer = sms.get_paginator(operation).paginate(**request).build_full_result()
    else:
        answer = getattr(sms, operation)(**request)
    answer.pop("ResponseMetadata", None)
    return answer


def later(prepared, observation, request):
    """What becomes of the registration within a few seconds, once it is submitted."""
    registration = request["RegistrationId"]
    if observation.operation != "SubmitRegistrationVersion":
        prepared.fill(registration)
        prepared.sms.submit_registration_version(RegistrationId=registration)
    prepared.emulator.clock.advance(seconds=observation.answer["later"].get("seconds", 10))
    [shown] = prepared.sms.describe_registrations(RegistrationIds=[registration])["Registrations"]
    versions = prepared.sms.describe_registration_versions(RegistrationId=registration)
    return {"seconds": observation.answer["later"].get("seconds")} | shown | newest(versions)


def newest(versions):
    """The newest version of a registration."""
    return max(versions["RegistrationVersions"], key=lambda each: each["VersionNumber"])


def of_summary(prepared, name, expected, answer, request):
    """Compare what a file tells in a form of its own, made from one or more answers."""
    if name.startswith("then "):
        given = {key: value for key, value in request.items() if key.endswith("Id")}
        next_answer = call(prepared.sms, name.removeprefix("then "), given)
        told = {key: next_answer[key] for key in expected}
        yield from Comparison(is_whole=True).differences(expected, told, name)
    elif name == "answered":
        for body, is_answered in expected.items():
            received = prepared.emulator.receive(
                body, sender="+14255550101", recipient=request["OriginationIdentity"]
            )
            if (received.reply is not None) != is_answered:
                yield f"answered.{body}: is {received.reply!r}"
    else:
        told = set(texts_in(answer))
        for value in expected if isinstance(expected, list) else [expected]:
            pattern = re.escape(value).replace("<ISO2>", "[A-Z]{2}")
            if not any(re.fullmatch(pattern, each) for each in told):
                yield f"{name}: {value} is missing"


def texts_in(answer):
    """Go through every text of an answer."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, list | dict):
        for each in answer.values() if isinstance(answer, dict) else answer:
            yield from texts_in(each)
