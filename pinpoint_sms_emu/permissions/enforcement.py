"""Enforcement: checks a call on each resource that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pinpoint_sms_emu.permissions import evaluation, policies, resources
from pinpoint_sms_emu.permissions.evaluation import NO_RESOURCE, AccessRequest, Denial
from pinpoint_sms_emu.permissions.policies import Policy
from pinpoint_sms_emu.permissions.resources import Accounts
from pinpoint_sms_emu.wire.model import SIGNING_NAME
from pinpoint_sms_emu.wire.protocol import LOCAL_ADDRESS


class CheckedCall(NamedTuple):
    """A call, with everything that IAM checks."""

    principal_arn: str
    account_id: str
    region: str
    operation: str
    parameters: Mapping[str, Any]
    at: datetime
    source_ip: str = LOCAL_ADDRESS

    @property
    def place(self) -> tuple[str, str]:
        """The account and Region of the call."""
        return self.account_id, self.region


def denials(
    call: CheckedCall, identity_policies: Sequence[Policy], accounts: Accounts
) -> Iterator[Denial]:
    """Yield the denials of a call by policies; an allowed call has none."""
    context = _context(call)
    action = f"{SIGNING_NAME}:{call.operation}"
    named = resources.named_by(accounts, call.place, call.operation, call.parameters)
    for arn in [each.arn for each in named] or [NO_RESOURCE]:
        tags = {
            f"aws:resourcetag/{name.lower()}": (value,)
            for name, value in resources.tags_of(accounts, arn).items()
        }
        request = AccessRequest(call.principal_arn, action, arn, context | tags)
        denial = evaluation.denial(request, identity_policies, _policy_of(accounts, arn))
        if denial is not None:
            yield denial


def _context(call: CheckedCall) -> dict[str, tuple[str, ...]]:
    """Return the condition keys of a request; all other keys are missing."""
    context: dict[str, tuple[str, ...]] = {
        "aws:requestedregion": (call.region,),
        "aws:principalaccount": (call.principal_arn.split(":")[4],),
        "aws:currenttime": (call.at.isoformat(),),
        "aws:sourceip": (call.source_ip,),
    }
    tags = tags_in(call.parameters)
    context |= {f"aws:requesttag/{name.lower()}": (value,) for name, value in tags.items()}
    keys = [*tags, *_texts(call.parameters.get("TagKeys"))]
    if keys:
        context["aws:tagkeys"] = tuple(keys)
    return context


def tags_in(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags in a request."""
    tags = parameters.get("Tags")
    return {
        each["Key"]: each["Value"]
        for each in (tags if isinstance(tags, list) else ())
        if isinstance(each, Mapping) and len(_texts([each.get("Key"), each.get("Value")])) > 1
    }


def _texts(values: Any) -> list[str]:
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []


def _policy_of(accounts: Accounts, arn: str) -> Policy | None:
    text = resources.policy_of(accounts, arn)
    if text is None:
        return None
    try:
        return policies.read_of_resource(text)
    except ValueError:
        # The service accepts policies that IAM does not: such a policy allows nothing.
        return None
