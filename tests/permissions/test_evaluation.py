"""IAM's documented evaluation logic as a table: what policies allow, and how denials read."""

from __future__ import annotations

from typing import Any

import pytest

from pinpoint_sms_emu.permissions import evaluation, policies
from pinpoint_sms_emu.permissions.evaluation import AccessRequest, Reason

USER = "arn:aws:iam::123456789012:user/app"
ROLE = "arn:aws:sts::123456789012:assumed-role/app/session"
POOL = "arn:aws:sms-voice:us-east-1:123456789012:pool/pool-1"
FOREIGN = "arn:aws:sms-voice:us-east-1:210987654321:pool/pool-1"
SEND = "sms-voice:SendTextMessage"
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def decide(
    *statements: dict[str, Any],
    action: str = SEND,
    resource: str = POOL,
    principal: str = USER,
    shared_by: dict[str, Any] | None = None,
    version: str = "2012-10-17",
    **context: Any,
) -> Reason | None:
    """Decide about a request with one policy; in context keys, _ stands for punctuation."""
    identity = policies.read({"Version": version, "Statement": list(statements)})
    of_resource = policies.read_of_resource({"Statement": shared_by}) if shared_by else None
    keys = {key.lower().replace("__", "/").replace("_", ":"): each for key, each in context.items()}
    denial = evaluation.denial(
        AccessRequest(principal, action, resource, keys), [identity], of_resource
    )
    return denial.reason if denial else None


def shared_with(principal: Any, effect: str = "Allow") -> dict[str, Any]:
    """A statement of a resource-based policy."""
    return {"Effect": effect, "Principal": principal, "Action": SEND}


IDENTITY, RESOURCE = Reason.NOT_ALLOWED_BY_IDENTITY, Reason.NOT_ALLOWED_BY_RESOURCE


@pytest.mark.parametrize(
    ("statements", "resource", "shared_by", "expected"),
    [
        pytest.param([], POOL, None, IDENTITY, id="denied-by-default"),
        pytest.param([ALLOW], POOL, None, None, id="allowed"),
        pytest.param([ALLOW, DENY], POOL, None, Reason.DENIED_BY_IDENTITY, id="deny-wins"),
        pytest.param([DENY, ALLOW], POOL, None, Reason.DENIED_BY_IDENTITY, id="in-any-order"),
        pytest.param([DENY], POOL, None, Reason.DENIED_BY_IDENTITY, id="deny-alone"),
        pytest.param(
            [ALLOW],
            POOL,
            shared_with("*", "Deny"),
            Reason.DENIED_BY_RESOURCE,
            id="denied-by-resource",
        ),
        pytest.param([], POOL, shared_with({"AWS": USER}), None, id="resource-names-user"),
        pytest.param([], POOL, shared_with("*"), None, id="resource-names-everybody"),
        pytest.param(
            [],
            POOL,
            shared_with({"AWS": "arn:aws:iam::123456789012:root"}),
            IDENTITY,
            id="own-account-decides-itself",
        ),
        pytest.param([ALLOW], FOREIGN, None, RESOURCE, id="foreign-not-shared"),
        pytest.param(
            [ALLOW], FOREIGN, shared_with({"AWS": "123456789012"}), None, id="foreign-shared"
        ),
        pytest.param(
            [ALLOW],
            FOREIGN,
            shared_with({"AWS": ["arn:aws:iam::123456789012:root"]}),
            None,
            id="foreign-shared-with-root",
        ),
        pytest.param(
            [ALLOW], FOREIGN, shared_with({"AWS": "111122223333"}), RESOURCE, id="shared-elsewhere"
        ),
        pytest.param(
            [], FOREIGN, shared_with({"AWS": USER}), IDENTITY, id="foreign-needs-identity-too"
        ),
        pytest.param(
            [ALLOW],
            FOREIGN,
            shared_with({"AWS": USER}, "Deny"),
            Reason.DENIED_BY_RESOURCE,
            id="foreign-denies",
        ),
        pytest.param([DENY], FOREIGN, None, Reason.DENIED_BY_IDENTITY, id="deny-before-all"),
        pytest.param([], FOREIGN, None, IDENTITY, id="neither-allows"),
    ],
)
@pytest.mark.rule("iam-evaluation")
def test_evaluation_order(statements, resource, shared_by, expected):
    """An explicit deny wins; otherwise an allow is required, across accounts on both sides."""
    assert decide(*statements, resource=resource, shared_by=shared_by) == expected


@pytest.mark.parametrize(
    "principal", ["arn:aws:iam::123456789012:role/app", "123456789012", ROLE, "*"]
)
def test_principals_of_a_role_session(principal):
    """The principal of a role session can be the session, the role or the account."""
    shared = shared_with({"AWS": principal})

    assert decide(ALLOW, resource=FOREIGN, principal=ROLE, shared_by=shared) is None


def test_not_principal():
    """NotPrincipal applies to everybody else."""
    statement = {"Effect": "Deny", "NotPrincipal": {"AWS": USER}, "Action": "*"}

    assert decide(ALLOW, shared_by=statement) is None
    assert decide(ALLOW, principal=ROLE, shared_by=statement) == Reason.DENIED_BY_RESOURCE


@pytest.mark.parametrize(
    ("element", "pattern", "is_allowed"),
    [
        ("Action", "sms-voice:SendTextMessage", True),
        ("Action", "SMS-VOICE:sendtextmessage", True),
        ("Action", "sms-voice:Send*", True),
        ("Action", "sms-voice:Send????Message", True),
        ("Action", "sms-voice:Send?Message", False),
        ("Action", "sms-voice:*", True),
        ("Action", "*", True),
        ("Action", "s3:*", False),
        ("Action", ["s3:*", "sms-voice:Send*"], True),
        ("NotAction", "sms-voice:Delete*", True),
        ("NotAction", ["s3:*", "sms-voice:*"], False),
        ("Resource", POOL, True),
        ("Resource", POOL.upper().replace("ARN:", "arn:"), False),
        ("Resource", "*", True),
        ("Resource", "arn:aws:sms-voice:*:*:pool/*", True),
        ("Resource", "arn:aws:sms-voice:us-east-?:123456789012:*", True),
        ("Resource", "arn:aws:sms-voice:*:pool/*", False),
        ("Resource", "arn:aws:sms-voice", True),
        ("Resource", "arn:aws:sms-voice:*:*:phone-number/*", False),
        ("Resource", "arn:aws:sms-voice:us-east-1:123456789012:pool/[p]ool-1", False),
        ("NotResource", "arn:aws:sms-voice:*:*:phone-number/*", True),
        ("NotResource", ["arn:aws:sms-voice:*:*:pool/*"], False),
    ],
)
@pytest.mark.rule("iam-evaluation")
def test_patterns_of_actions_and_resources(element, pattern, is_allowed):
    """Actions ignore case, resources do not; a wildcard stays within its part of an ARN."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    del statement[element.removeprefix("Not")]

    assert (decide({**statement, element: pattern}) is None) is is_allowed


def test_an_operation_without_resources_needs_a_star():
    """An operation without resource types is only allowed on *."""
    pools = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:sms-voice:*:*:*"}

    assert decide(pools, resource="*") == IDENTITY
    assert decide(ALLOW, resource="*") is None


@pytest.mark.parametrize(
    ("resource", "version", "is_allowed"),
    [
        ("pool/${aws:ResourceTag/name}", "2012-10-17", True),
        ("pool/${AWS:resourcetag/NAME}", "2012-10-17", True),
        ("pool/${aws:ResourceTag/other}", "2012-10-17", False),
        ("pool/${aws:ResourceTag/other, 'pool-1'}", "2012-10-17", True),
        ("pool/${aws:TagKeys}", "2012-10-17", False),
        ("pool/${*}", "2012-10-17", False),
        ("pool/${aws:ResourceTag/name}", "2008-10-17", False),
    ],
)
def test_variables(resource, version, is_allowed):
    """Variables exist only in the newer version; one without a value does not match."""
    arn = f"arn:aws:sms-voice:us-east-1:123456789012:{resource}"
    context = {"aws_ResourceTag__name": ("pool-1",), "aws_TagKeys": ("a", "b")}

    reason = decide({**ALLOW, "Resource": arn}, version=version, **context)

    assert (reason is None) is is_allowed


@pytest.mark.parametrize(
    ("reason", "resource", "text"),
    [
        (
            IDENTITY,
            POOL,
            (
                f"User: {USER} is not authorized to perform: {SEND} on resource: {POOL} "
                f"because no identity-based policy allows the {SEND} action"
            ),
        ),
        (
            IDENTITY,
            "*",
            (
                f"User: {USER} is not authorized to perform: {SEND} "
                f"because no identity-based policy allows the {SEND} action"
            ),
        ),
        (
            RESOURCE,
            FOREIGN,
            (
                f"User: {USER} is not authorized to perform: {SEND} on resource: {FOREIGN} "
                f"because no resource-based policy allows the {SEND} action"
            ),
        ),
        (
            Reason.DENIED_BY_IDENTITY,
            POOL,
            (
                f"User: {USER} is not authorized to perform: {SEND} on resource: {POOL} "
                "with an explicit deny in an identity-based policy"
            ),
        ),
        (
            Reason.DENIED_BY_RESOURCE,
            POOL,
            (
                f"User: {USER} is not authorized to perform: {SEND} on resource: {POOL} "
                "with an explicit deny in a resource-based policy"
            ),
        ),
    ],
)
def test_the_message_of_a_denial(reason, resource, text):
    """The message of a denial is AWS's."""
    assert evaluation.Denial(AccessRequest(USER, SEND, resource, {}), reason).text == text
