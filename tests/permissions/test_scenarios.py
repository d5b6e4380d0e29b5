"""The generated policy of each documented scenario is sufficient, and has no needless statement."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

from pinpoint_sms_emu import Emulator

DOCS = Path(__file__).parents[2] / "docs"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))
DENIED = re.compile(
    r"User: arn:aws:iam::\d{12}:user/\S+ is not authorized to perform: (sms-voice:\w+)"
    r"( on resource: arn:aws:sms-voice:\S+)? because no identity-based policy allows the \1 action"
)

# The policies by access key for each emulator that a test creates, in order.
Policies = list[dict[str, dict[str, Any]]]


class Run(NamedTuple):
    """The result of running a scenario with policies: whether it passed, and what was denied."""

    passed: bool
    denials: list[str]


class Scenario:
    """Runs a scenario several times, each time with other policies."""

    def __init__(
        self, item: pytest.Item, nextitem: pytest.Item | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.item = item
        self._nextitem = nextitem
        self._emulators: list[Emulator] = []
        self._policies: Policies = []
        make = Emulator.__init__

        def make_with_policies(emulator: Emulator, **settings: Any) -> None:
            number = len(self._emulators)
            policies = self._policies[number] if number < len(self._policies) else None
            self._emulators.append(emulator)
            make(emulator, **settings | {"policies": policies or None})

        monkeypatch.setattr(Emulator, "__init__", make_with_policies)

    def run(self, policies: Policies) -> Run:
        """Run it with these policies."""
        self._policies, self._emulators = policies, []
        reports = runtestprotocol(self.item, log=False, nextitem=self._nextitem)
        errors = [call.error for each in self._emulators for call in each.calls]
        return Run(
            all(report.passed for report in reports),
            [
                each["message"]
                for each in errors
                if each and each["code"].startswith("AccessDenied")
            ],
        )

    def policies(self) -> Policies:
        """The policies that the calls of the last run needed."""
        return [
            {
                key: each.policy(access_key=key)
                for key in {call.access_key for call in each.calls}
                if key is not None
            }
            for each in self._emulators
        ]


def without_one_statement(policies: Policies) -> Iterator[tuple[str, Policies]]:
    """Yield the policy without each of its statements in turn."""
    for number, by_key in enumerate(policies):
        for key, policy in by_key.items():
            for statement in policy["Statement"]:
                rest = [each for each in policy["Statement"] if each is not statement]
                changed = {**by_key, key: {**policy, "Statement": rest}}
                yield str(statement), [*policies[:number], changed, *policies[number + 1 :]]


class Examined:
    """A plugin that runs each scenario without policies, with its own, and with incomplete ones."""

    def __init__(self) -> None:
        self.scenarios: list[str] = []
        # The statements already left out, by file: scenarios in one file need similar ones.
        self.left_out: set[tuple[Path, str]] = set()
        self.mistakes: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """Examine a scenario instead of running it once."""
        with pytest.MonkeyPatch.context() as monkeypatch:
            self._examine(Scenario(item, nextitem, monkeypatch))
        return True

    def _examine(self, scenario: Scenario) -> None:
        name = scenario.item.nodeid
        self.scenarios.append(name)
        if not scenario.run([]).passed:
            self.mistakes.append(f"{name} fails without policies")
        policies = scenario.policies()
        if (run := scenario.run(policies)) != Run(True, []):
            self.mistakes.append(f"{name} fails with its own policy: {run.denials}")
        for statement, fewer in without_one_statement(policies):
            if (scenario.item.path, statement) in self.left_out:
                continue
            self.left_out.add((scenario.item.path, statement))
            run = scenario.run(fewer)
            if run.passed or not run.denials or not all(map(DENIED.fullmatch, run.denials)):
                self.mistakes.append(f"{name} without {statement}: {run}")


@pytest.mark.since("1.44")
@pytest.mark.timeout(600)
def test_policies_of_scenarios(pytester):
    """Each scenario passes with its own policy, and is denied without any one of its statements."""
    for found in GENERATE["COPY"].finditer((DOCS / "scenarios.md").read_text()):
        name = found["file"]
        target = Path(name).name if name.startswith("tests/scenarios/") else name
        target = "conftest.py" if name.endswith("scenarios_conftest.py") else target
        path = pytester.path / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["code"])
    examined = Examined()

    pytester.inline_run("-p", "no:randomly", "-p", "no:xdist", plugins=[examined])

    assert "\n".join(examined.mistakes) == ""
    assert len(examined.scenarios) > 12
    assert len(examined.left_out) > len(examined.scenarios)
