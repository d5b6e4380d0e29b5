"""Resource policies, which share resources with other accounts."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import InvalidArnError, ValidationException
from pinpoint_sms_emu.resources.identities import members, table_of
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_leaving
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from datetime import datetime

    from pinpoint_sms_emu.resources.identities import Identity
    from pinpoint_sms_emu.resources.pools import Pool
    from pinpoint_sms_emu.service.account import Account

# The answer without a policy: observed (decisions 13).
NO_POLICY = "{}"

SNS: Final = "sns.amazonaws.com"

# The operations with a member whose text in the API reference says "If you are using a shared …
# resource then you must use the full Amazon Resource Name(ARN)". Inferred: the others take only the
# account's own resources, whatever the policy allows.
TAKE_SHARED: Final = frozenset(
    {
        "AssociateOriginationIdentity",
        "CreatePool",
        "DeleteKeyword",
        "DeleteOptOutList",
        "DeleteOptedOutNumber",
        "DeletePool",
        "DescribeKeywords",
        "DescribeOptOutLists",
        "DescribeOptedOutNumbers",
        "DescribePhoneNumbers",
        "DescribePools",
        "DescribeSenderIds",
        "DisassociateOriginationIdentity",
        "ListPoolOriginationIdentities",
        "PutKeyword",
        "PutOptedOutNumber",
        "ReleasePhoneNumber",
        "RequestPhoneNumber",
        "SendDestinationNumberVerificationCode",
        "SendMediaMessage",
        "SendTextMessage",
        "SendVoiceMessage",
        "UpdatePhoneNumber",
        "UpdatePool",
    }
)


@operation
def put_resource_policy(account: Account, *, resource_arn: str, policy: str) -> dict[str, Any]:
    """Set the policy of a resource, or replace it."""
    must_be_a_policy(policy)
    resource = _find_shareable(account, resource_arn)
    _must_be_on_one_server(account, policy)

    resource.policy, resource.policy_timestamp = policy, account.now()
    return _policy_of(resource)


@operation
def get_resource_policy(account: Account, *, resource_arn: str) -> dict[str, Any]:
    """Return the policy of a resource."""
    resource = _find_shareable(account, resource_arn)

    return _policy_of(resource)


@operation
def delete_resource_policy(account: Account, *, resource_arn: str) -> dict[str, Any]:
    """Delete the policy of a resource, and return it."""
    resource = _find_shareable(account, resource_arn)

    deleted = _policy_of(resource)
    resource.policy = resource.policy_timestamp = None
    return deleted


def shares(policy: str, account_id: str, operation_name: str) -> bool:
    """Return whether a policy allows an account an operation; Deny has precedence."""
    if operation_name not in TAKE_SHARED:
        return False
    effects = {
        statement["Effect"]
        for statement in _statements(policy)
        if _is_for(statement, account_id) and _is_about(statement, operation_name)
    }
    return effects == {"Allow"}


def lets_sns_send(resource: Resource) -> bool:
    """Return whether the policy of a resource lets SNS send texts; Deny has precedence."""
    effects = {
        statement["Effect"]
        for statement in _statements(resource.policy or NO_POLICY)
        if {SNS, "*"}.intersection(_principals(statement, "Service"))
        and _is_about(statement, "SendTextMessage")
    }
    return effects == {"Allow"}


def let_sns_send(resource: Resource, now: datetime) -> None:
    """Give a resource the policy of those that are requested in the console, for SNS."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": SNS},
        "Action": "sms-voice:SendTextMessage",
        "Resource": resource.arn,
    }
    resource.policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    resource.policy_timestamp = now


def usable_members(account: Account, pool: Pool) -> list[Identity]:
    """Return the identities of a pool from which an account may send, oldest first.

    "Any resources contained in the pool must also be shared for other AWS accounts to be able to
    access them" (user guide, "Working with shared resources").
    """
    inside = members(account.owner_of(pool), pool)
    if pool.account_id == account.account_id:
        return inside
    return [
        each
        for each in inside
        if each.account_id == account.account_id
        or (each.policy and shares(each.policy, account.account_id, account.operation))
    ]


def _is_for(statement: dict[str, Any], account_id: str) -> bool:
    """Return whether a statement names an account, by its id or its root's ARN."""
    named = _principals(statement)
    roots = {each for each in named if each.endswith(f":iam::{account_id}:root")}
    return bool(roots) or account_id in named or "*" in named


def _principals(statement: dict[str, Any], kind: str = "AWS") -> list[str]:
    principal = statement["Principal"]
    return _as_list(principal.get(kind, []) if isinstance(principal, dict) else principal)


def _is_about(statement: dict[str, Any], operation_name: str) -> bool:
    called = f"sms-voice:{operation_name}".lower()
    return any(fnmatchcase(called, each.lower()) for each in _as_list(statement["Action"]))


def must_be_a_policy(text: str) -> None:
    """Refuse a text that is not a JSON policy document with Effect, Principal and Action."""
    if not _statements(text):
        raise ValidationException(
            "INVALID_PARAMETER",
            policy="must be a JSON policy document with Effect, Principal and Action",
        )


def _must_be_on_one_server(account: Account, policy: str) -> None:
    """Refuse to share with an account that another replica may have, and not this one."""
    replica = account.settings.replica
    if replica is None or replica.total == 1:
        return
    own = {account.account_id, f"arn:{account.partition}:iam::{account.account_id}:root"}
    for statement in _statements(policy):
        if statement["Effect"] == "Allow" and not own.issuperset(_principals(statement)):
            raise ValidationException(
                "OTHER",
                policy="shares with other accounts, which several replicas cannot do; "
                "one server alone can",
            )


def _statements(text: str) -> list[Any]:
    """Return the statements of a policy document, or an empty list if it is invalid."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return []
    statements = _as_list(document.get("Statement")) if isinstance(document, dict) else []
    whole = all(
        isinstance(each, dict)
        and each.get("Effect") in ("Allow", "Deny")
        and _are_principals(each.get("Principal"))
        and _are_texts(each.get("Action"))
        for each in statements
    )
    return statements if whole else []


def _are_principals(value: Any) -> bool:
    """Return whether a value has principals, perhaps by kinds such as AWS and Service."""
    if isinstance(value, dict):
        return bool(value) and all(map(_are_texts, value.values()))
    return _are_texts(value)


def _are_texts(value: Any) -> bool:
    return bool(value) and all(isinstance(each, str) for each in _as_list(value))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _find_shareable(account: Account, arn: str) -> Resource:
    """Find a resource of the account that can have a policy."""
    table = table_of(
        arn, account.phone_numbers, account.sender_ids, account.pools, account.opt_out_lists
    )
    if table is None:
        raise InvalidArnError(arn, "is not the ARN of a resource that can be shared")
    found: Resource = table[arn]
    must_not_be_leaving(found)
    return found


def _policy_of(resource: Resource) -> dict[str, Any]:
    return {
        "resource_arn": resource.arn,
        "policy": resource.policy or NO_POLICY,
        "created_timestamp": resource.policy_timestamp,
    }
