"""Asks LocalEmu's evaluator of IAM policies; run by LocalEmu's own Python.

Reads cases as a JSON list from standard input, and writes the decisions as another list.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from localemu.services.iam_enforcement import evaluator
from localemu.services.iam_enforcement.identity import CallerIdentity


def decide(case: dict[str, Any]) -> str:
    """Return LocalEmu's decision about a case."""
    arn = case["principal"]
    caller = CallerIdentity(
        "AssumedRole" if ":assumed-role/" in arn else "User", arn.split(":")[4], arn
    )
    evaluator.get_identity_policies = lambda _caller: [case["policy"]]
    evaluator.get_permission_boundary = lambda _caller: None
    evaluator.get_session_policies = lambda _caller: []
    decision = evaluator.PolicyEvaluator().evaluate(
        caller, case["action"], case["resource"], case["context"], case["resource_policy"]
    )
    return str(decision.value)


if __name__ == "__main__":
    json.dump([decide(case) for case in json.load(sys.stdin)], sys.stdout)
