"""IAM's evaluation of a request.

"If any applicable policy has an explicit deny, the final decision is Deny. […] Otherwise the
request is implicitly denied by default" unless a policy allows it: of the caller or, in the same
account, of the resource; in another account both must (IAM user guide, "Policy evaluation logic",
"Cross-account policy evaluation logic"). There are no organizations, boundaries or sessions here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from pinpoint_sms_emu.permissions import patterns
from pinpoint_sms_emu.permissions.patterns import Context
from pinpoint_sms_emu.permissions.policies import Names, Policy, Statement

# The resource of operations that have no resource types.
NO_RESOURCE: Final = "*"

_ASSUMED_ROLE: Final = re.compile(r"(arn:[^:]+):sts::(\d+):assumed-role/(.+)/[^/]+")


class Reason(StrEnum):
    """Why a request is denied, in AWS's words after user, action and resource."""

    DENIED_BY_IDENTITY = "with an explicit deny in an identity-based policy"
    DENIED_BY_RESOURCE = "with an explicit deny in a resource-based policy"
    NOT_ALLOWED_BY_IDENTITY = "because no identity-based policy allows the {action} action"
    NOT_ALLOWED_BY_RESOURCE = "because no resource-based policy allows the {action} action"


class Denial(NamedTuple):
    """A denied request, and the reason."""

    request: AccessRequest
    reason: Reason

    @property
    def text(self) -> str:
        """The text of the error, as on AWS."""
        who, action, resource, _ = self.request
        on = "" if resource == NO_RESOURCE else f" on resource: {resource}"
        because = self.reason.format(action=action)
        return f"User: {who} is not authorized to perform: {action}{on} {because}"


class AccessRequest(NamedTuple):
    """The principal, action, resource and condition keys of a request."""

    principal_arn: str
    action: str
    resource: str
    context: Context

    @property
    def principal_account(self) -> str:
        """The account of the caller."""
        return self.principal_arn.split(":")[4]

    @property
    def crosses_accounts(self) -> bool:
        """Whether the resource is another account's than the caller's."""
        return (
            self.resource != NO_RESOURCE and self.resource.split(":")[4] != self.principal_account
        )


def denial(
    request: AccessRequest, identity_policies: Sequence[Policy], resource_policy: Policy | None
) -> Denial | None:
    """Return the denial of a request, or None if it is allowed."""
    reason = _why_denied(request, identity_policies, resource_policy)
    return Denial(request, reason) if reason else None


def _why_denied(
    request: AccessRequest, identity_policies: Sequence[Policy], resource_policy: Policy | None
) -> Reason | None:
    of_identity = [
        each
        for policy in identity_policies
        for each in policy.statements
        if _applies(each, request)
    ]
    of_resource = [
        each
        for each in (resource_policy.statements if resource_policy else ())
        if _is_for(each, request) and _applies(each, request)
    ]
    if any(each.effect == "Deny" for each in of_identity):
        return Reason.DENIED_BY_IDENTITY
    if any(each.effect == "Deny" for each in of_resource):
        return Reason.DENIED_BY_RESOURCE
    if request.crosses_accounts and of_identity and not of_resource:
        return Reason.NOT_ALLOWED_BY_RESOURCE
    if of_identity:
        return None
    # A statement for a whole account delegates the decision to that account's own policies.
    is_named = any(_names_principal(each, request) for each in of_resource)
    if is_named and not request.crosses_accounts:
        return None
    return Reason.NOT_ALLOWED_BY_IDENTITY


def _applies(statement: Statement, request: AccessRequest) -> bool:
    """Return whether a statement matches the action, resource and conditions of a request."""
    variables = request.context if statement.has_variables else None
    action = request.action.lower()
    return (
        _is_among(statement.actions, lambda each: patterns.matches(each.lower(), action))
        and _is_among(
            statement.resources,
            lambda each: patterns.matches_arn(each, request.resource, variables),
        )
        and all(each.holds(request.context, variables) for each in statement.conditions)
    )


def _is_for(statement: Statement, request: AccessRequest) -> bool:
    account = request.principal_account
    names = {account, "*", *_names_of(request.principal_arn)}
    principals = statement.principals
    return principals is not None and _is_among(
        principals, lambda each: each in names or each.endswith(f":iam::{account}:root")
    )


def _names_principal(statement: Statement, request: AccessRequest) -> bool:
    principals = statement.principals
    names = ("*", *_names_of(request.principal_arn))
    return principals is not None and _is_among(principals, lambda each: each in names)


def _names_of(principal_arn: str) -> tuple[str, ...]:
    """Return the ARNs that name a principal: its own, and that of its assumed role."""
    role = _ASSUMED_ROLE.fullmatch(principal_arn)
    return (principal_arn, f"{role[1]}:iam::{role[2]}:role/{role[3]}") if role else (principal_arn,)


def _is_among(names: Names, fits: Callable[[str], bool]) -> bool:
    return any(fits(each) for each in names.patterns) is not names.is_negated
