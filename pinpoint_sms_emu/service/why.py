"""Why a call was refused: the rule, its source, the state that caused it, and help."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from pinpoint_sms_emu.errors import ApiError, FrontEndError
from pinpoint_sms_emu.reference import data_files

_NOT_FOUND: Final = "ResourceNotFoundException"
_SHARED: Final = "-shared-"


@dataclass(slots=True)
class Why:
    """The explanation of a refusal; its rule is looked up when it is read."""

    operation: str | None
    error: ApiError
    fault_id: str | None
    state: list[str] = field(default_factory=list)
    help: str = ""
    candidates: list[dict[str, str]] | None = None
    # Whether another account has what this account does not have.
    is_elsewhere: bool = False

    @property
    def summary(self) -> str:
        """One line: the cause of the refusal, or else the rule."""
        if self.state:
            return self.state[0]
        rule = self.rule
        return str(rule["text"]) if rule else self.error.message

    @property
    def sentences(self) -> str:
        """The summary and the help, in one line."""
        return f"{self.summary.removesuffix('.')}. {self.help}" if self.help else self.summary

    @property
    def rule(self) -> dict[str, Any] | None:
        """The rule of the catalogue that was enforced: its id, text, source and basis."""
        if self.fault_id is not None or isinstance(self.error, FrontEndError):
            return None
        return find_rule(self.operation or "", self.error, is_elsewhere=self.is_elsewhere)

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation's JSON representation."""
        members = {
            "summary": self.summary,
            "rule": self.rule,
            "state": list(self.state),
            "help": self.help,
        }
        return (
            members
            if self.candidates is None
            else {**members, "candidates": deepcopy(self.candidates)}
        )


def find_rule(
    operation: str, error: ApiError, *, is_elsewhere: bool = True
) -> dict[str, Any] | None:
    """Find the rule of the catalogue that matches an operation's error best, or return None.

    Of rules about what is not found, one about an unknown resource explains it best; those about
    shared resources match only what another account has.
    """
    best: dict[str, Any] | None = None
    best_score = (-1, False)
    for rule in _rules().get(operation, ()):
        if not is_elsewhere and _SHARED in rule["id"] and error.code == _NOT_FOUND:
            continue
        score = (_score(rule["error"], error), not is_elsewhere and "unknown" in rule["id"])
        if score[0] >= 0 and score > best_score:
            best, best_score = rule, score
    if best is None:
        return None
    return {name: best[name] for name in ("id", "text", "source", "basis")}


def _score(named: dict[str, Any], error: ApiError) -> int:
    """Score a rule: all that it names must match, and a more specific rule scores higher."""
    if named["exception"] != error.code:
        return -1
    actual = {"reason": error.reason, "resource_type": error.members.get("ResourceType")}
    expected = {name: named[name] for name in actual if name in named}
    if any(actual[name] != value for name, value in expected.items()):
        return -1
    at_fault = [each["Name"].lower() for each in error.members.get("Fields") or ()]
    fields = {each.lower().partition(".")[0] for each in named.get("fields", ())}
    # The summary is about the first field, so a rule about another one does not explain it.
    if fields and at_fault and at_fault[0] not in fields:
        return -1
    return len(expected) + bool(fields and at_fault)


@cache
def _rules() -> dict[str, list[dict[str, Any]]]:
    """Return the rules of the catalogue that name an error, by operation."""
    by_operation: dict[str, list[dict[str, Any]]] = {}
    for rule in data_files.read_json("rules"):
        for operation in rule["operations"]:
            by_operation.setdefault(operation, []).append(rule)
    return by_operation
