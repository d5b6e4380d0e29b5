"""Runs the plan against AWS and the emulator, and writes each of AWS's answers to a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError

from observe.calling import Caller, Unmade
from observe.comparing import Comparison
from observe.plan import GROUPS, Group, Step
from observe.replacing import Replacer

# The placeholder in files for the plan's own name; `{number}` is a number of the account.
STAND_IN: Final = "observed"

_READS: Final = ("Describe", "List", "Get")
_DETAILS: Final = re.compile(r"[a-z]+-[0-9a-f]{32}|\+\d{7,15}")
_ACCOUNT: Final = re.compile(r"arn:[\w-]+:sms-voice:[\w-]+:(\d{12}):")


@dataclass
class Finding:
    """An answer of AWS: its file, and the differences of the emulator's answer."""

    file: str
    step: Step
    differences: list[str]


@dataclass
class Findings:
    """The results of a run."""

    answers: list[Finding] = field(default_factory=list)
    # Descriptions of steps that could not be made, and of what could not be deleted.
    unmade: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass
class Run:
    """A run of the plan: the callers of AWS and the emulator, and the folder of the files."""

    aws: Caller
    ours: Caller
    folder: Path
    source: str
    replacer: Replacer
    findings: Findings = field(default_factory=Findings)

    def run(self, groups: tuple[Group, ...] = GROUPS) -> Findings:
        """Make every possible call of the plan."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            for group in groups:
                if group.needs_number and "number" not in self.aws.names:
                    self.findings.unmade.append(f"{group.name}: the account has no number")
                else:
                    self._run_group(group)
        finally:
            self.findings.left = self.aws.left
        return self.findings

    def _run_group(self, group: Group) -> None:
        before: list[dict[str, Any]] = []
        with self.aws.group(group) as steps, self.ours.group(group):
            for step in steps:
                try:
                    answer = self.aws.call(step)
                except (Unmade, BotoCoreError) as reason:
                    self.findings.unmade.append(f"{group.name}, {step.name}: {reason}")
                    continue
                self._learn_account(answer)
                found = list(self._compare(step, answer)) if step.is_compared else []
                file = self._write(step, answer, before)
                self.findings.answers.append(Finding(file, step, found))
                if "error" not in answer and not step.operation.startswith(_READS):
                    before.append(self._reported(step) | {"label": step.name})

    def _learn_account(self, answer: dict[str, Any]) -> None:
        if found := _ACCOUNT.search(str(answer)):
            self.aws.names["account"] = found[1]

    def _compare(self, step: Step, answer: dict[str, Any]) -> Iterator[str]:
        """Make the same call to the emulator, and yield the differences."""
        try:
            answered = self.ours.call(step)
        except Unmade as reason:
            yield f"the emulator cannot be called: {reason}"
            return
        expected, actual = (self.replacer.replace(each, is_own=True) for each in (answer, answered))
        texts = [_DETAILS.sub("…", str(each.pop("printed", ""))) for each in (expected, actual)]
        yield from Comparison(is_whole=True).differences(expected, actual)
        if texts[0] != texts[1]:
            yield f"printed: is {texts[1]!r} where AWS has {texts[0]!r}"

    def _reported(self, step: Step) -> dict[str, Any]:
        """Return a call in the format of the files, with references to earlier answers."""
        names = {
            **self.aws.names,
            "name": STAND_IN,
            "number": "{number}",
            "account": "123456789012",
        }
        return {"operation": step.operation, "request": _with_names(step.request, names)}

    def _write(self, step: Step, answer: dict[str, Any], before: list[dict[str, Any]]) -> str:
        """Write an answer to a file with the next number of its operation."""
        number = 1
        while (path := self.folder / f"{step.operation}-{number}.json").exists():
            number += 1
        result = {
            **self._reported(step),
            "before": before,
            "answer": self.replacer.replace(answer, is_own=step.is_compared),
            "source": self.source,
            "real": True,
            "note": "The whole output." if step.is_compared else "What an account had.",
        }
        path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
        return path.name


def _with_names(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: names[found[1]], value)
    if isinstance(value, list):
        return [_with_names(each, names) for each in value]
    if isinstance(value, Mapping):
        return {key: _with_names(each, names) for key, each in value.items()}
    return value
