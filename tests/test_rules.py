"""Every rule of the catalogue has a test, or a reason why it is not emulated."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wire.sns_actions import known_operations
from tests import catalogue

ROOT = Path(__file__).parent.parent

# A pytest plugin: reports which test shows which rules, before any is deselected.
COLLECTOR = """
import json, pytest

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    from tests.selection import rules_of
    sure = [each for each in items if not any(map(each.get_closest_marker, ("skip", "needs")))]
    print("\\nRULES " + json.dumps([(each.nodeid, list(rules_of(each))) for each in sure]))
"""


@pytest.fixture(scope="session")
def entries():
    """Every entry of every family."""
    return [entry for family in catalogue.families().values() for entry in family]


@pytest.fixture(scope="session")
def listed(tmp_path_factory):
    """Collect all tests, and return them by rule."""
    folder = tmp_path_factory.mktemp("collector")
    (folder / "rule_collector.py").write_text(COLLECTOR)
    start = f"import sys, pytest; sys.path[:0] = [{str(folder)!r}, {str(ROOT)!r}]; "
    options = ["--collect-only", "-q", "-p", "rule_collector", "-p", "no:cacheprovider", "tests"]
    found = subprocess.run(
        [sys.executable, "-c", f"{start}sys.exit(pytest.main({options!r}))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in found.stdout.splitlines() if line.startswith("RULES ")]
    assert lines, found.stdout[-3000:] + found.stderr[-3000:]
    tests: dict[str, list[str]] = {}
    for test, rules in json.loads(lines[0].removeprefix("RULES ")):
        for rule in rules:
            tests.setdefault(rule, []).append(test)
    return tests


@pytest.mark.since("1.44.5")
def test_every_reason_has_a_rule(entries):
    """Each Reason and ResourceType of the model is in a rule, emulated or not."""
    text = " ".join(f"{entry}" for entry in entries)
    shapes = service_model().shapes
    names = [name for name in shapes if name.endswith("ExceptionReason")] + ["ResourceType"]
    values = {value for name in names for value in shapes[name]["enum"]}

    assert len(names) == 5
    assert len(values) > 100
    none([value for value in sorted(values) if not re.search(rf"\b{value}\b", text)])


def none(wrong):
    """Fail with all mistakes, if there are any."""
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def test_entries_are_well_formed(entries):
    """Every entry has the required members, and no others."""
    none([mistake for entry in entries for mistake in catalogue.mistakes(entry)])


def test_ids_are_unique(entries):
    """No two rules have the same id."""
    times = Counter(entry.get("id") for entry in entries)

    none([rule for rule, count in times.items() if count > 1])


def test_observed_sources_exist(entries):
    """A file of tests/observed that a source names exists.

    A rule can also be based on somebody's report, so not every observed rule has a file.
    """
    named = {each["id"]: re.findall(r"observed/([\w-]+\.json)", each["source"]) for each in entries}
    folder = ROOT / "tests" / "observed"

    assert any(named.values())
    none(
        [
            f"{rule}: {name}"
            for rule, names in named.items()
            for name in names
            if not (folder / name).exists()
        ]
    )


@pytest.mark.since("1.44.5")
def test_operations_of_rules_exist(entries):
    """A rule names operations of the newest model, or all of them."""
    known = {"*", *known_operations()}

    none([f"{each['id']}: {name}" for each in entries for name in {*each["operations"]} - known])


def test_every_refusal_has_a_rule():
    """A test that expects a call of this service to be refused names the rule that refuses it."""
    folders = [ROOT / "tests" / name for name in ("messaging", "resources")]
    modules = [file for folder in folders for file in sorted(folder.rglob("test_*.py"))]
    tests = [
        (module, each)
        for module in modules
        for each in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
    ]
    refusing = [
        (module, each)
        for module, each in tests
        if "refused" in {argument.arg for argument in each.args.args}
    ]

    assert len(refusing) > 100
    none(
        [
            f"{module.relative_to(ROOT)}: {each.name}"
            for module, each in refusing
            if not any("mark.rule(" in ast.unparse(mark) for mark in each.decorator_list)
        ]
    )


@pytest.mark.timeout(600)  # Every test is collected once more.
def test_rules_and_tests_agree(entries, listed):
    """A rule has a test or `not_emulated`; a test names only known rules."""
    known = {each["id"]: each for each in entries}
    excused = {rule for rule, each in known.items() if "not_emulated" in each}
    unknown = {rule: tests for rule, tests in listed.items() if rule not in known}

    none(
        [
            *(f"{rule} has no test" for rule in known.keys() - listed.keys() - excused),
            *(f"{rule} has a test, so it is emulated" for rule in listed.keys() & excused),
            *(f"{rule} is no rule: {', '.join(tests)}" for rule, tests in unknown.items()),
        ]
    )
