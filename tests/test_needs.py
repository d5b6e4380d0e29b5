"""A test that needs more than Python is left out and named, or required and failed."""

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


def test_left_out_and_named(project, monkeypatch):
    """Without REQUIRE the test is skipped, and the reason says how to run it."""
    monkeypatch.delenv("REQUIRE", raising=False)

    result = summary(project, "-k", "test_it")

    result.assertoutcome(skipped=1)
    report = result.getreports("pytest_runtest_logreport")[0]
    assert "REQUIRE=container" in report.longrepr[2]


def test_required_and_there(project, monkeypatch):
    """With REQUIRE and the programs, the test runs."""
    monkeypatch.setenv("REQUIRE", "browser, container")
    monkeypatch.setitem(needs.PROGRAMS, "container", ("sh",))

    summary(project, "-k", "test_it").assertoutcome(passed=1)


def test_required_and_absent(project, monkeypatch):
    """With REQUIRE and without the programs, absence is a failure."""
    monkeypatch.setenv("REQUIRE", "container")
    monkeypatch.setitem(needs.PROGRAMS, "container", ("no-such-program",))

    result = summary(project, "-k", "test_it")

    result.assertoutcome(failed=1)
    assert "no-such-program" in str(result.getfailures()[0].longrepr)


@pytest.mark.parametrize(
    ("modules", "outcome"), [(("json",), {"passed": 1}), (("no_such_module",), {"failed": 1})]
)
def test_modules(project, monkeypatch, modules, outcome):
    """A need may come down to modules of Python, too."""
    monkeypatch.setenv("REQUIRE", "fuzzing")
    monkeypatch.setitem(needs.MODULES, "fuzzing", modules)

    summary(project, "-k", "test_with_modules").assertoutcome(**outcome)


def test_an_unknown_need_is_a_failure(project, monkeypatch):
    """A test with an unknown need is not skipped silently."""
    monkeypatch.delenv("REQUIRE", raising=False)

    summary(project, "-k", "test_unknown").assertoutcome(failed=1)
