"""The pytest plugin: fixtures, the guard, and reports of failures.

The package is imported only when a fixture or the guard is used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from pinpoint_sms_emu.doors.http.server import Server
    from pinpoint_sms_emu.emulator import Emulator

T = TypeVar("T")

ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"
MARKER = "pinpoint_sms"
GUARD = "pinpoint_sms_guard"
PASSED = "pinpoint_sms_pass_through"
SECTION = "pinpoint-sms-emu: the last calls and messages"

_FIXTURES = ("pinpoint_sms", "pinpoint_sms_server")
# What the methods of an emulator raise for wrong arguments, and if something did not happen.
_MISTAKES = (ValueError, LookupError, TimeoutError, AssertionError)
_OURS = __name__.partition(".")[0]
# The emulators of a test, for the report of its failure.
_EMULATORS = pytest.StashKey[list["Emulator"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the configuration options."""
    parser.addini(
        GUARD, "refuse calls of the service that no emulator answers", type="bool", default=False
    )
    parser.addini(
        PASSED, "endpoint URLs that the guard and pinpoint_sms pass through", type="linelist"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and start the guard, if it is configured."""
    config.addinivalue_line(
        "markers", f"{MARKER}(**settings): settings of the emulator that this test uses"
    )
    if config.getini(GUARD) or config.getini(PASSED):
        from pinpoint_sms_emu.settings import Settings  # noqa: PLC0415 loading the plugin loads nothing

        try:
            passed = Settings.of(pass_through=config.getini(PASSED)).pass_through
        except ValueError as error:
            raise pytest.UsageError(f"pinpoint_sms_{error}") from error
    if config.getini(GUARD):
        from pinpoint_sms_emu.doors.in_process.client_calls import guard  # noqa: PLC0415

        guard(passed)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the guard."""
    if config.getini(GUARD):
        from pinpoint_sms_emu.doors.in_process.client_calls import guard  # noqa: PLC0415

        guard(None)


# The marker.


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test with a wrong or unused marker, which would otherwise be ignored."""
    for mark in item.iter_markers(MARKER):
        if mark.args:
            from pinpoint_sms_emu.doors.in_process.mock import named  # noqa: PLC0415

            pytest.fail(
                f"@pytest.mark.{MARKER} takes settings by name, not {mark.args[0]!r}: "
                f"did you mean @pytest.mark.{MARKER}({named(mark.args[0])})?",
                pytrace=False,
            )
    if any(item.iter_markers(_FIXTURES[1])):
        pytest.fail(f"the marker of both fixtures is @pytest.mark.{MARKER}", pytrace=False)
    # A marker of the class or module may be meant for other tests.
    is_marked = any(mark.name == MARKER for mark in item.own_markers)
    if is_marked and not set(_FIXTURES) & set(getattr(item, "fixturenames", ())):
        pytest.fail(
            f"@pytest.mark.{MARKER} configures the fixtures {' and '.join(_FIXTURES)}, but "
            f"{item.name} asks for neither: make one an argument of the test, "
            f'or mark it with @pytest.mark.usefixtures("{_FIXTURES[0]}")',
            pytrace=False,
        )


def _settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the settings of all markers; the one closest to the test has precedence."""
    from pinpoint_sms_emu.settings import Settings  # noqa: PLC0415

    settings: dict[str, Any] = {}
    for mark in request.node.iter_markers(MARKER):
        settings = mark.kwargs | settings
    passed = request.config.getini(PASSED)
    settings = ({"pass_through": passed} if passed else {}) | settings
    _applied(lambda: Settings.of(**settings))
    return settings


def _applied(function: Callable[[], T]) -> T:
    """Apply the settings of the marker; fail the test if they are refused, as a file may be."""
    try:
        return function()
    except ValueError as error:
        wrong = f"@pytest.mark.{MARKER}: {error}"
    # Not in the block above, which would be reported as a second error.
    pytest.fail(wrong, pytrace=False)


# The fixtures.


@pytest.fixture
def pinpoint_sms(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """An emulator that answers all calls of the service in process, new for each test.

    Settings are given with the marker: `@pytest.mark.pinpoint_sms(account_tier="SANDBOX")`.

        def test_it(pinpoint_sms):
            pinpoint_sms.add_number("+12065550100")
    """
    from pinpoint_sms_emu.doors.in_process.mock import mock_sms  # noqa: PLC0415

    block = mock_sms(**_settings(request))
    with ExitStack() as stack:
        emulator = _applied(lambda: stack.enter_context(block))
        _note(request, emulator)
        yield emulator


@pytest.fixture(scope="session")
def _pinpoint_sms_running_server() -> Iterator[Callable[[], Server]]:
    """The session's server; a new one if a test has stopped it, or closed its emulator."""
    from pinpoint_sms_emu.doors import endpoints  # noqa: PLC0415
    from pinpoint_sms_emu.doors.http.server import Server  # noqa: PLC0415
    from pinpoint_sms_emu.emulator import Emulator, engine_of  # noqa: PLC0415

    def is_usable(server: Server) -> bool:
        is_closed = engine_of(server.emulator).closing.is_set()
        return endpoints.is_served(server.url) and not is_closed

    with ExitStack() as stack:
        servers: list[Server] = []

        def running() -> Server:
            if not servers or not is_usable(servers[-1]):
                servers.append(stack.enter_context(Server(Emulator())))
            return servers[-1]

        yield running


@pytest.fixture
def pinpoint_sms_server(
    request: pytest.FixtureRequest,
    _pinpoint_sms_running_server: Callable[[], Server],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    """An emulator behind an HTTP server, one per session, which is reset for each test.

    Environment variables with its URL, and with a Region and credentials if there are none, let
    clients and subprocesses find it. A crash inside the emulator fails the test.

        def test_it(pinpoint_sms_server):
            subprocess.run([program, pinpoint_sms_server.url])
            assert pinpoint_sms_server.emulator.messages
    """
    from pinpoint_sms_emu.doors.in_process.lent_credentials import lent  # noqa: PLC0415
    from pinpoint_sms_emu.emulator import engine_of  # noqa: PLC0415
    from pinpoint_sms_emu.settings import SettingsArguments  # noqa: PLC0415

    server = _pinpoint_sms_running_server()
    emulator = server.emulator
    # Unsets the settings of former tests.
    unset: Any = dict.fromkeys(SettingsArguments.__annotations__)
    settings = unset | _settings(request)
    _applied(lambda: emulator.reset(**settings))
    _note(request, emulator)
    monkeypatch.setenv(ENDPOINT_VARIABLE, server.url)
    with lent():
        yield server
    # Nothing is sent after the test, because its receivers may be gone.
    engine = engine_of(emulator)
    engine.dispatcher.stop()
    if engine.crashes:
        raise engine.crashes[0]


# The report of a failure.


def _note(request: pytest.FixtureRequest, emulator: Emulator) -> None:
    request.node.stash.setdefault(_EMULATORS, []).append(emulator)


@contextmanager
def _our_frames_hidden(
    config: pytest.Config, excinfo: pytest.ExceptionInfo[BaseException] | None
) -> Iterator[None]:
    """Let pytest end the traceback of a mistake at the line of the test, or of its fixture.

    Nor does it show what caused the error inside the emulator: the error says what is wrong.
    """
    if excinfo is None or config.getoption("fulltrace") or not _is_mistake(excinfo):
        yield
        return
    ours = [entry.frame.f_globals for entry in excinfo.traceback if _root(entry) == _OURS]
    error, cause = excinfo.value, excinfo.value.__cause__
    error.__cause__ = None  # which also hides the context
    for names in ours:
        names["__tracebackhide__"] = True
    yield
    for names in ours:
        names.pop("__tracebackhide__", None)
    error.__cause__ = cause


def _is_mistake(excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
    """Return whether the emulator raised an error about what a user's code asked for."""
    roots = [_root(entry) for entry in excinfo.traceback]
    is_ours = type(excinfo.value) in _MISTAKES and roots[-1] == _OURS
    return is_ours and bool({*roots} - {_OURS, "_pytest", "pluggy"} - sys.stdlib_module_names)


def _root(entry: Any) -> str:
    """Return the package of the code of a traceback's entry."""
    return str(entry.frame.f_globals.get("__name__", "")).partition(".")[0]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, None]:
    """Add the calls and messages of a failed test's emulators to its report."""
    with _our_frames_hidden(item.config, call.excinfo):
        outcome = yield
    report: pytest.TestReport = outcome.get_result()
    emulators = item.stash.get(_EMULATORS, ())
    if report.failed and emulators:
        from pinpoint_sms_emu.doors.failure_report import describe  # noqa: PLC0415

        report.sections += [(SECTION, describe(emulator)) for emulator in emulators]
    if report.when == "teardown" and emulators:
        # pytest keeps all items until the end, and they would keep their emulators.
        del item.stash[_EMULATORS]
