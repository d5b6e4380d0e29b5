"""Makes an observed call to an emulator, and compares the two answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from observe.comparing import Comparison, error_differences
from observe.reading import Observation
from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.wire.model import service_model, snake
from tests.conftest import LENIENT, SERVICE
from tests.observed.preparing import ACCOUNT, Preparation, settings_for

# The number of calls that use up a quota.
_REPEATED: Final = 60


@contextmanager
def preparation_for(observation: Observation) -> Iterator[Preparation]:
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


def answer_differences(observation: Observation) -> list[str]:
    """Prepare an account, make the call, and yield the differences of the answers."""
    with preparation_for(observation) as prepared:
        prepared.call_before()
        request = prepared.request()
        prepared.list_entries()
        return list(_compare(prepared, observation, request))


def _compare(
    prepared: Preparation, observation: Observation, request: dict[str, Any]
) -> Iterator[str]:
    expected = observation.answer
    as_it_is = Comparison(
        is_whole=observation.is_whole,
        is_in_order=observation.is_in_order,
        is_example=not observation.real,
    )
    try:
        for _repeated in range(_REPEATED if _is_quota(expected) else 1):
            answer = _call(
                prepared.sms,
                observation.operation or "",
                request,
                # People write all pages as one answer; `make observe` writes one page.
                all_pages=observation.before is None,
            )
    except ClientError as error:
        if "error" in expected:
            yield from error_differences(expected, error.response)
        else:
            yield f"error: {error}"
        return
    if "error" in expected:
        yield f"error: is none where AWS has {expected['error']}"
    elif expected.get("accepted"):
        yield from as_it_is.differences(expected["later"], _later(prepared, observation, request))
    else:
        model = service_model()
        output = model.operations[observation.operation or ""].output_shape
        known = model.shapes[output]["members"]
        plain = {name: value for name, value in expected.items() if name in known}
        yield from as_it_is.differences(plain, answer)
        for name in expected.keys() - plain.keys():
            yield from _of_summary(prepared, name, expected[name], answer, request)


def _is_quota(expected: dict[str, Any]) -> bool:
    """Whether a call is refused for a quota, which must be used up first."""
    return bool(expected.get("error", {}).get("Code") == "ServiceQuotaExceededException")


def _call(
    sms: Any, operation: str, request: dict[str, Any], *, all_pages: bool = True
) -> dict[str, Any]:
    """Make a call; return its answer, or that of all pages together."""
    method = snake(operation)
    if all_pages and sms.can_paginate(method):
        answer: dict[str, Any] = sms.get_paginator(method).paginate(**request).build_full_result()
    else:
        answer = getattr(sms, method)(**request)
    answer.pop("ResponseMetadata", None)
    return answer


def _later(
    prepared: Preparation, observation: Observation, request: dict[str, Any]
) -> dict[str, Any]:
    """The status of the registration a few seconds after its submission."""
    registration = request["RegistrationId"]
    if observation.operation != "SubmitRegistrationVersion":
        prepared.fill(registration)
        prepared.sms.submit_registration_version(RegistrationId=registration)
    prepared.emulator.clock.advance(seconds=observation.answer["later"].get("seconds", 10))
    [listed] = prepared.sms.describe_registrations(RegistrationIds=[registration])["Registrations"]
    versions = prepared.sms.describe_registration_versions(RegistrationId=registration)
    newest: dict[str, Any] = max(
        versions["RegistrationVersions"], key=lambda each: int(each["VersionNumber"])
    )
    return {"seconds": observation.answer["later"].get("seconds"), **listed, **newest}


def _of_summary(
    prepared: Preparation, name: str, expected: Any, answer: Any, request: dict[str, Any]
) -> Iterator[str]:
    """Compare a file's own summary of one or more answers."""
    if name.startswith("then "):
        given = {key: value for key, value in request.items() if key.endswith("Id")}
        next_answer = _call(prepared.sms, name.removeprefix("then "), given)
        result = {key: next_answer[key] for key in expected}
        yield from Comparison(is_whole=True).differences(expected, result, name)
    elif name == "answered":
        for body, is_answered in expected.items():
            received = prepared.emulator.receive(
                body, sender="+14255550101", recipient=request["OriginationIdentity"]
            )
            if (received.reply is not None) != is_answered:
                yield f"answered.{body}: is {received.reply!r}"
    else:
        texts = set(texts_in(answer))
        for value in expected if isinstance(expected, list) else [expected]:
            pattern = re.escape(value).replace("<ISO2>", "[A-Z]{2}")
            if not any(re.fullmatch(pattern, each) for each in texts):
                yield f"{name}: {value} is missing"


def texts_in(answer: Any) -> Iterator[str]:
    """Yield every string in an answer."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, list | dict):
        for each in answer.values() if isinstance(answer, dict) else answer:
            yield from texts_in(each)
