"""Which tests run, and which rules they show: the markers `rule` and `since`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from importlib.metadata import version

import pytest

_LEFT_OUT = pytest.StashKey[int]()


def rules_of(item: pytest.Item) -> Iterator[str]:
    """Go through the rules that a test says it shows."""
    for mark in item.iter_markers("rule"):
        if not mark.args or not all(isinstance(rule, str) for rule in mark.args):
            raise pytest.UsageError(f"{item.nodeid}: a rule marker takes the ids of rules")
        yield from mark.args


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def _needs_newer_botocore(item: pytest.Item) -> bool:
    installed = _numbers(version("botocore"))
    return any(_numbers(mark.args[0]) > installed for mark in item.iter_markers("since"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only a newer botocore can show, and count it."""
    left_out = [item for item in items if _needs_newer_botocore(item)]
    config.stash[_LEFT_OUT] = len(left_out)
    if left_out:
        items[:] = [item for item in items if item not in set(left_out)]
        config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test pass for showing a rule that it skips or is expected to fail."""
    report = yield
    rules = list(rules_of(item))
    # What needs more than Python may be left out; tests/test_rules.py does not count it.
    if report.skipped and rules and not item.get_closest_marker("needs"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} is skipped, so it does not show {', '.join(rules)}"
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take over from a worker of xdist how many tests it has left out."""
    output = getattr(node, "workeroutput", {})
    config: pytest.Config = node.config  # type: ignore[attr-defined] # xdist is not typed here
    config.stash[_LEFT_OUT] = output.get("left_out", 0)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controller of xdist how many tests were left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash.get(_LEFT_OUT, 0)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many tests need a newer botocore."""
    left_out = config.stash.get(_LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(
            f"left out: {left_out} that need a botocore newer than {version('botocore')}"
        )
