"""Shared resources: each operation is called with another account's resource."""

import json
import re

import pytest
from botocore.session import get_session

from pinpoint_sms_emu.resources.resource_policies import TAKE_SHARED
from tests.contract.samples import body
from tests.contract.test_names import BESIDE, EMULATED, MODEL, filled, places
from tests.raw import SIGNED

CONSUMER = "210987654321"
AS_CONSUMER = SIGNED.replace("123456789012", CONSUMER)
ALL = {"Effect": "Allow", "Principal": CONSUMER, "Action": "sms-voice:*"}

# The kinds that can be shared, and the members of inputs that take them.
SHAREABLE = {
    "OptOutListName": ("opt-out-list",),
    "OriginationIdentity": ("phone-number", "pool", "sender-id"),
    "PhoneNumberId": ("phone-number",),
    "PoolId": ("pool",),
    "ResourceArn": ("opt-out-list", "phone-number", "pool", "sender-id"),
    "ResourceId": ("phone-number", "sender-id"),
    "SenderId": ("sender-id",),
}
# Names of new resources, which belong to no account.
NAMES_NOTHING = {"CreateOptOutList", "RequestSenderId", "SetDefaultSenderId"}


def named(operations):
    """Yield every place of an input that can name a resource that another account shares."""
    for operation in operations:
        for path, shape in places(operation.input_shape):
            member = next(each for each in reversed(path) if each != 0)
            kinds = SHAREABLE.get(member.removesuffix("s"), ())
            if operation.name in NAMES_NOTHING or MODEL.kind(shape) != "string":
                continue
            for kind in kinds:
                yield pytest.param(operation, path, kind, id=f"{operation.name}-{member}-{kind}")


@pytest.mark.since("1.44.5")
@pytest.mark.rule("policy-what-takes-shared")
def test_the_api_reference_says_which_operations_take_shared_resources():
    """They have a member whose text mentions shared resources."""
    service = get_session().get_service_model("pinpoint-sms-voice-v2")
    told = {
        name
        for name in service.operation_names
        for member, shape in service.operation_model(name).input_shape.members.items()
        if member != "Owner" and re.search(r"\bshared\b.*resource", shape.documentation or "")
    }

    assert told == TAKE_SHARED


@pytest.mark.since("1.44.5")
@pytest.mark.rule("policy-what-takes-shared")
@pytest.mark.parametrize(
    ("operation", "path", "kind"),
    list(named([each for each in EMULATED if each.name not in TAKE_SHARED])),
)
def test_other_operations_take_only_own_resources(
    emulator, account, raw, inputs, operation, path, kind
):
    """A shared resource is not found there, and its owner's state does not change."""
    del inputs
    for resource in account.tables[kind]:
        policy = json.dumps({"Statement": ALL | {"Resource": resource.arn}})
        raw("PutResourcePolicy", {"ResourceArn": resource.arn, "Policy": policy})
    resource = latest(account, kind)
    state = emulator.snapshot()["accounts"]

    answer = raw(
        operation.name, request(operation, path, resource.arn, account), authorization=AS_CONSUMER
    )

    assert answer.status == 400
    assert (answer.code, answer.json.get("Reason")) in {
        ("ResourceNotFoundException", None),
        # The member does not accept this kind.
        ("ValidationException", "INVALID_ARN"),
        ("ValidationException", "INVALID_PARAMETER"),
    }
    assert owned(emulator.snapshot()["accounts"], account) == owned(state, account)


@pytest.mark.since("1.44.5")
@pytest.mark.rule("policy-what-takes-shared")
@pytest.mark.parametrize(
    ("operation", "path", "kind"),
    list(named([each for each in EMULATED if each.name in TAKE_SHARED])),
)
def test_a_shared_resource_needs_a_policy(emulator, account, raw, inputs, operation, path, kind):
    """Without a policy another account does not find the resource, by ARN or id."""
    del inputs
    resource = latest(account, kind)
    state = emulator.snapshot()["accounts"]

    for name in (resource.arn, resource.id):
        answer = raw(
            operation.name, request(operation, path, name, account), authorization=AS_CONSUMER
        )
        assert answer.status == 400, answer.text

    assert owned(emulator.snapshot()["accounts"], account) == owned(state, account)


def latest(account, kind):
    """Return a resource of a kind; no account has an opt-out list by that name by default."""
    return list(account.tables[kind])[-1]


def owned(accounts, account):
    """The resources of an account in a snapshot."""
    [found] = [each for each in accounts if each["account_id"] == account.account_id]
    return found


def request(operation, path, name, account):
    """Make a request with a resource at a place, and the other required members."""
    made = body(operation.input_shape, path, name)
    required = filled(operation, account) if needs_own(operation) else {}
    inside = made
    for step in path[:-1]:
        inside = inside[step]
    if path[0] in BESIDE:
        inside |= BESIDE[path[0]]
    return required | made


def needs_own(operation):
    """Whether an operation requires other resources than the one at the tested place."""
    return bool(MODEL.shapes[operation.input_shape].get("required"))
