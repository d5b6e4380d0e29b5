"""Generates the least-privilege policy for recorded calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from pinpoint_sms_emu.permissions import patterns, policies, resources
from pinpoint_sms_emu.permissions.enforcement import CheckedCall, denials, tags_in
from pinpoint_sms_emu.permissions.evaluation import NO_RESOURCE, Denial, Reason
from pinpoint_sms_emu.permissions.policies import Policy
from pinpoint_sms_emu.permissions.resources import Accounts
from pinpoint_sms_emu.reference import service_authorization
from pinpoint_sms_emu.state.steps import Steps, slices
from pinpoint_sms_emu.wire.model import SIGNING_NAME

_MAKERS: Final = ("Create", "Request")
# A principal that no policy names.
_NOBODY: Final = "pinpoint-sms-emu"


class RecordedCall(Protocol):
    """The attributes of a call that are used here."""

    @property
    def at(self) -> datetime:
        """When it was made."""

    @property
    def account_id(self) -> str | None:
        """The account that was called."""

    @property
    def region(self) -> str | None:
        """The Region that was called."""

    @property
    def operation(self) -> str | None:
        """The name of the operation."""

    @property
    def source_ip(self) -> str:
        """The address of the caller."""

    @property
    def parameters(self) -> dict[str, Any]:
        """The members of the request."""

    @property
    def response(self) -> dict[str, Any] | None:
        """The members of the answer, or None."""


def generate(
    calls: Sequence[RecordedCall],
    all_calls: Sequence[RecordedCall],
    accounts: Accounts,
    *,
    widen: bool = False,
) -> Steps[dict[str, Any]]:
    """Return a policy document that allows these calls, and little more.

    Resources that one of `all_calls` has created with an id of AWS's choice are allowed by a
    pattern, because the ids differ in the next run. With `widen`, all resources are.
    """
    made: set[str] = set()
    for part in slices(all_calls):
        made.update(arn for call in part for arn in _made_by(call))
        yield
    needed: dict[str, set[str]] = defaultdict(set)
    tag_keys: dict[str, set[str]] = defaultdict(set)
    for part in slices(calls):
        for call in filter(is_checked, part):
            action = f"{SIGNING_NAME}:{call.operation}"
            for arn in arns_named_by(call, accounts):
                is_pattern = arn != NO_RESOURCE and (widen or arn in made)
                needed[action].add(resources.pattern_of(arn) if is_pattern else arn)
            if _makes_with_tags(str(call.operation)):
                tag_keys[action].update(tags_in(call.parameters))
        yield
    return {
        "Version": policies.VERSION,
        "Statement": _statements(needed, tag_keys),
    }


def denied_by(
    policy: Policy, calls: Iterable[RecordedCall], accounts: Accounts
) -> dict[tuple[str, str], Denial]:
    """Return the denials of a policy for calls, each action and resource once.

    Denials by the owner of a resource in another account are left out.
    """
    denied: dict[tuple[str, str], Denial] = {}
    for call in calls:
        if not is_checked(call):
            continue
        checked = CheckedCall(
            f"arn:aws:iam::{call.account_id}:user/{_NOBODY}",
            str(call.account_id),
            str(call.region),
            str(call.operation),
            call.parameters,
            call.at,
            call.source_ip,
        )
        for denial in denials(checked, [policy], accounts):
            if denial.reason in (Reason.DENIED_BY_IDENTITY, Reason.NOT_ALLOWED_BY_IDENTITY):
                denied.setdefault((denial.request.action, denial.request.resource), denial)
    return denied


def is_checked(call: RecordedCall) -> bool:
    """Return whether IAM checks a call: its operation and account must be known."""
    known = call.operation in service_authorization.operations()
    return known and bool(call.account_id) and bool(call.region)


def arns_named_by(call: RecordedCall, accounts: Accounts) -> list[str]:
    """Return the ARNs on which a call is checked, or *."""
    place = (str(call.account_id), str(call.region))
    named = resources.named_by(accounts, place, str(call.operation), call.parameters)
    return [each.arn for each in named] or [NO_RESOURCE]


def _makes_with_tags(operation: str) -> bool:
    return operation.startswith(_MAKERS) and service_authorization.checks_tags(operation)


def _made_by(call: RecordedCall) -> Iterable[str]:
    """Yield the ARNs of resources that a call has created with an id of AWS's choice."""
    if not is_checked(call) or call.response is None:
        return
    operation, place = str(call.operation), (str(call.account_id), str(call.region))
    if operation.startswith("Send") and "MessageId" in call.response:
        yield resources.arn_of(place, "Message", call.response["MessageId"])
    for maker in _MAKERS:
        made = operation.removeprefix(maker)
        if made == operation or made not in service_authorization.resource_types():
            continue
        if made not in service_authorization.NAMED_BY_CALLERS:
            yield call.response[f"{made}Arn"]
            if made == "PhoneNumber":
                # The ARN of a resource that may have been released since.
                yield resources.arn_of(place, made, call.response["PhoneNumber"])


def _statements(
    needed: Mapping[str, set[str]], tag_keys: Mapping[str, set[str]]
) -> list[dict[str, Any]]:
    """Group the actions that have the same resources and conditions."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for action, arns in needed.items():
        group = (_without_redundant(arns), tuple(sorted(tag_keys.get(action, ()))))
        groups[group].append(action)
    statements = []
    for (resource_arns, keys), actions in sorted(groups.items(), key=lambda group: min(group[1])):
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Action": sorted(actions),
            "Resource": list(resource_arns),
        }
        if keys:
            statement["Condition"] = {"ForAllValues:StringEquals": {"aws:TagKeys": list(keys)}}
        statements.append(statement)
    return statements


def _without_redundant(arns: set[str]) -> tuple[str, ...]:
    """Remove ARNs that a pattern also matches."""
    return tuple(
        arn
        for arn in sorted(arns)
        if not any(other != arn and patterns.matches_arn(other, arn) for other in arns)
    )
