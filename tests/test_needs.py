"""A test with an unmet need is skipped with a reason, or fails if the need is required."""

from __future__ import annotations

import pytest

from tests import needs

TEST = """
    import pytest

    @pytest.mark.needs("container")
    def test_it():
        pass

    @pytest.mark.needs("fuzzing")
    def test_with_modules():
        pass

    @pytest.mark.needs("contraband")
    def test_unknown():
        pass
"""


def summary(pytester, *arguments: str):
    """Run pytest in this process, where patches apply, and return the output's lines."""
    return pytester.inline_run("-p", "no:randomly", "-p", "tests.needs", *arguments)


@pytest.fixture
def project(pytester):
    """A project with a test that needs a container, and one with an unknown need."""
    pytester.makeini("[pytest]\nmarkers = needs(what): more than Python")
    pytester.makepyfile(TEST)
    return pytester


def test_an_unmet_need_skips_the_test(project, monkeypatch):
    """Without REQUIRE, the reason says how to run the test."""
    monkeypatch.delenv("REQUIRE", raising=False)

    result = summary(project, "-k", "test_it")

    result.assertoutcome(skipped=1)
    report = result.getreports("pytest_runtest_logreport")[0]
    assert "REQUIRE=container" in report.longrepr[2]


def test_a_met_need_runs_the_test(project, monkeypatch):
    """With REQUIRE and the programs, the test runs."""
    monkeypatch.setenv("REQUIRE", "browser, container")
    monkeypatch.setitem(needs.PROGRAMS, "container", ("sh",))

    summary(project, "-k", "test_it").assertoutcome(passed=1)


def test_an_unmet_required_need_fails_the_test(project, monkeypatch):
    """With REQUIRE and without the programs, absence is a failure."""
    monkeypatch.setenv("REQUIRE", "container")
    monkeypatch.setitem(needs.PROGRAMS, "container", ("no-such-program",))

    result = summary(project, "-k", "test_it")

    result.assertoutcome(failed=1)
    assert "no-such-program" in str(result.getfailures()[0].longrepr)


@pytest.mark.parametrize(
    ("modules", "outcome"), [(("json",), {"passed": 1}), (("no_such_module",), {"failed": 1})]
)
def test_needs_can_be_modules(project, monkeypatch, modules, outcome):
    """A need may come down to modules of Python, too."""
    monkeypatch.setenv("REQUIRE", "fuzzing")
    monkeypatch.setitem(needs.MODULES, "fuzzing", modules)

    summary(project, "-k", "test_with_modules").assertoutcome(**outcome)


def test_an_unknown_need_is_a_failure(project, monkeypatch):
    """A test with an unknown need is not skipped silently."""
    monkeypatch.delenv("REQUIRE", raising=False)

    summary(project, "-k", "test_unknown").assertoutcome(failed=1)
