"""Fixtures for everyone's tests; a test run that does not use them pays nothing.

Nothing of ours is imported before a fixture is used, or the guard.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pinpoint_sms_emu.doors.server import Server
    from pinpoint_sms_emu.emulator import Emulator

ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"
MARKER = "pinpoint_sms"
GUARD = "pinpoint_sms_guard"
PASSED = "pinpoint_sms_pass_through"
SECTION = "pinpoint-sms-emu: the last calls and messages"

_FIXTURES = ("pinpoint_sms", "pinpoint_sms_server")
# The emulators that a test uses, for the report of its failure.
_EMULATORS = pytest.StashKey[list["Emulator"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the configuration known."""
    parser.addini(
        GUARD, "refuse calls of the service that no emulator answers", type="bool", default=False
    )
    parser.addini(
        PASSED, "endpoint URLs that the guard and pinpoint_sms leave alone", type="linelist"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and guard the whole run where that is configured."""
    config.addinivalue_line(
        "markers", f"{MARKER}(**settings): settings of the emulator that this test uses"
    )
    if config.getini(GUARD):
        from pinpoint_sms_emu.doors.client_calls import guard  # noqa: PLC0415 loading the plugin loads nothing
        from pinpoint_sms_emu.settings import Settings  # noqa: PLC0415

        try:
            passed = Settings.of(pass_through=config.getini(PASSED)).pass_through
        except ValueError as error:
            raise pytest.UsageError(f"pinpoint_sms_{error}") from error
        guard(passed)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Guard no longer."""
    if config.getini(GUARD):
        from pinpoint_sms_emu.doors.client_calls import guard  # noqa: PLC0415

        guard(None)


# The marker.


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say what is wrong with a marker, before it is passed over in silence."""
    for mark in item.iter_markers(MARKER):
        if mark.args:
            from pinpoint_sms_emu.doors.in_process import named  # noqa: PLC0415

            pytest.fail(
                f"@pytest.mark.{MARKER} takes settings by name, not {mark.args[0]!r}: "
                f"@pytest.mark.{MARKER}({named(mark.args[0])}) is meant",
                pytrace=False,
            )
    # One of its class or module may be meant for other tests.
    is_marked = any(mark.name == MARKER for mark in item.own_markers)
    if is_marked and not set(_FIXTURES) & set(getattr(item, "fixturenames", ())):
        pytest.fail(
            f"@pytest.mark.{MARKER} configures the fixtures {' and '.join(_FIXTURES)}, but "
            f"{item.name} asks for neither: make one an argument of the test, "
            f'or mark it with @pytest.mark.usefixtures("{_FIXTURES[0]}")',
            pytrace=False,
        )


def _settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the markers say, the one closest to the test first."""
    from pinpoint_sms_emu.settings import Settings  # noqa: PLC0415

    settings: dict[str, Any] = {}
    for mark in request.node.iter_markers(MARKER):
        settings = mark.kwargs | settings
    passed = request.config.getini(PASSED)
    settings = ({"pass_through": passed} if passed else {}) | settings
    try:
        Settings.of(**settings)
    except ValueError as error:
        pytest.fail(f"@pytest.mark.{MARKER}: {error}", pytrace=False)
    return settings


# The fixtures.


@pytest.fixture
def pinpoint_sms(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """An emulator that answers every call of the service in this process, fresh for each test.

    Settings come from the marker: `@pytest.mark.pinpoint_sms(account_tier="SANDBOX")`.

        def test_it(pinpoint_sms):
            pinpoint_sms.add_number("+12065550100")
    """
    from pinpoint_sms_emu.doors.in_process import mock_sms  # noqa: PLC0415

    with mock_sms(**_settings(request)) as emulator:
        _note(request, emulator)
        yield emulator


@pytest.fixture(scope="session")
def _pinpoint_sms_server() -> Iterator[Server]:
    from pinpoint_sms_emu.doors.server import Server  # noqa: PLC0415
    from pinpoint_sms_emu.emulator import Emulator  # noqa: PLC0415

    with Server(Emulator()) as server:
        yield server


@pytest.fixture
def pinpoint_sms_server(
    request: pytest.FixtureRequest, _pinpoint_sms_server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """An emulator behind HTTP, one a session and reset for each test.

    Clients find it through the environment, and so do subprocesses: its URL, and a Region and
    credentials where there are none. What crashes inside it fails the test that hit it.

        def test_it(pinpoint_sms_server):
            subprocess.run([program, pinpoint_sms_server.url])
            assert pinpoint_sms_server.emulator.messages
    """
    from pinpoint_sms_emu.doors.lent_credentials import lent  # noqa: PLC0415
    from pinpoint_sms_emu.emulator import engine_of  # noqa: PLC0415
    from pinpoint_sms_emu.settings import SettingsArguments  # noqa: PLC0415

    emulator = _pinpoint_sms_server.emulator
    # Nothing stays of the settings of another test.
    unset: Any = dict.fromkeys(SettingsArguments.__annotations__)
    emulator.reset(**(unset | _settings(request)))
    _note(request, emulator)
    monkeypatch.setenv(ENDPOINT_VARIABLE, _pinpoint_sms_server.url)
    with lent():
        yield _pinpoint_sms_server
    # Nothing is sent when the test is over, and with it what it has put in AWS's place.
    engine = engine_of(emulator)
    engine.dispatcher.stop()
    if engine.crashes:
        raise engine.crashes[0]


# The report of a failure.


def _note(request: pytest.FixtureRequest, emulator: Emulator) -> None:
    request.node.stash.setdefault(_EMULATORS, []).append(emulator)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Show the calls and messages of the emulators of a failed test."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    emulators = item.stash.get(_EMULATORS, ())
    if report.failed and emulators:
        from pinpoint_sms_emu.doors.failure_report import describe  # noqa: PLC0415

        report.sections += [(SECTION, describe(emulator)) for emulator in emulators]
    if report.when == "teardown" and emulators:
        # pytest keeps all items until the end, and they would keep their emulators.
        del item.stash[_EMULATORS]
