"""10,000 random cases are compared with LocalEmu's evaluator, an independent implementation.

LocalEmu's decisions are stored in a file, so every test run compares them; where LocalEmu is
installed, it decides again.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from textwrap import wrap

import pytest

from tests.permissions.random_cases import CONSTRUCTS, Case, Cases, decide

FOLDER = Path(__file__).parent
# The first letters of LocalEmu's decisions: Allow, Implicit or Explicit deny.
RECORDED = FOLDER / "second_opinion.txt"
LOCALEMU = Path(__file__).parents[2] / ".localstack" / "localemu" / "bin" / "python"

# The constructs on which the two differ, with what AWS's documentation (IAM user guide) says about
# each. On all others they agree in every case.
EXPLAINED = {
    "several_excluded_values": (
        "Multivalued condition values: with a negated operator, the values are evaluated using a "
        "logical NOR; LocalEmu: one value that differs is enough"
    ),
    "excluded_absent_key": (
        "Condition operators: if a key is absent and the condition requires that it is not "
        "matched, the condition is true; LocalEmu: false"
    ),
    "all_of_no_values": (
        "Multivalued context keys: ForAllValues is true if there are no context keys in the "
        "request; LocalEmu: false"
    ),
    "key_in_other_letters": "Condition: names of keys are not case-sensitive; LocalEmu's are",
    "brackets": "Condition operators: the wildcards are * and ?; LocalEmu: also [ ]",
    "arn_equals_pattern": (
        "ARN condition operators: ArnEquals and ArnLike behave identically; LocalEmu's ArnEquals "
        "takes * as it is"
    ),
    "seconds_since_1970": "Date condition operators: also epoch time; LocalEmu reads ISO 8601 only",
    "incomplete_arn": "Resource: AWS completes an incomplete ARN with *; LocalEmu matches nothing",
    "variable_with_default": (
        "Variables and tags: a default value is used where the key is absent; LocalEmu has none"
    ),
    "variable_without_value": (
        "Variables and tags: a variable without a value has no equal or like value; LocalEmu: "
        "an empty text"
    ),
    "variable_of_the_old_version": (
        "Version: in 2008-10-17 variables are literal strings; LocalEmu replaces them"
    ),
    "resource_policy_for_the_account": (
        "Principal: an account as principal delegates to that account, whose own policies must "
        "allow the call; LocalEmu allows it"
    ),
    "role_of_a_session": (
        "Principal: a role as principal gives its permissions to its sessions; LocalEmu compares "
        "the ARNs"
    ),
    "another_account": (
        "Cross-account policy evaluation logic: both sides must allow the call; LocalEmu: one"
    ),
}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """The cases, always the same."""
    made = Cases(7)
    return [made.make() for _ in range(10_000)]


def test_differences_are_documented_by_aws(cases):
    """The two differ only where LocalEmu does not follow AWS's documentation."""
    theirs = "".join(RECORDED.read_text().split())
    assert len(theirs) == len(cases)

    differences = Counter(
        case.construct
        for case, decided in zip(cases, theirs, strict=True)
        if not decide(case).startswith(decided)
    )

    assert set(differences) == set(EXPLAINED)
    assert set(EXPLAINED) < set(CONSTRUCTS)


def test_every_construct_has_cases(cases):
    """Each construct has hundreds of cases, and so has each decision."""
    assert min(Counter(case.construct for case in cases).values()) > 300
    assert {case.construct for case in cases} == set(CONSTRUCTS)
    assert min(Counter(decide(case) for case in cases).values()) > 500


@pytest.mark.needs("localstack")
def test_recorded_decisions_are_localemus(cases):
    """LocalEmu decides as the file says; after a change of the cases, this test rewrites it."""
    script = FOLDER / "second_opinion.py"
    asked = json.dumps([case._asdict() for case in cases])
    ended = subprocess.run(
        [LOCALEMU, script], input=asked, capture_output=True, text=True, check=True, timeout=120
    )
    decided = "\n".join(wrap("".join(each[0] for each in json.loads(ended.stdout)), 100)) + "\n"
    recorded = RECORDED.read_text() if RECORDED.exists() else ""

    RECORDED.write_text(decided)

    assert recorded == decided
