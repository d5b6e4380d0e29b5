"""The class `Emulator`, the public API. `service/request_handler.py` answers requests."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from pinpoint_sms_emu.api.arrangements import ArrangementsApi
from pinpoint_sms_emu.api.calls import CallsApi
from pinpoint_sms_emu.api.messages import MessagesApi
from pinpoint_sms_emu.api.permissions import PermissionsApi
from pinpoint_sms_emu.api.stacks import StacksApi
from pinpoint_sms_emu.service.calls import CallJournal
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.settings import Settings, SettingsArguments
from pinpoint_sms_emu.state import collection
from pinpoint_sms_emu.state.clock import Clock
from pinpoint_sms_emu.state.live_objects import LiveObject
from pinpoint_sms_emu.state.steps import finish


class Emulator(MessagesApi, ArrangementsApi, CallsApi, PermissionsApi, StacksApi, LiveObject):
    """An emulator of the service with all its accounts. Emulators share nothing.

    The arguments are settings; the documentation's page "Settings" explains them. A wrong one
    raises a ValueError.

        sms = Emulator(account_tier="SANDBOX", seed=7)
        sms.add_number("+12065550100")
    """

    def __init__(self, **settings: Unpack[SettingsArguments]) -> None:
        self._engine = Engine(_read(settings))
        self._given = _with_absolute_paths(settings, self.settings)
        if self.settings.data_dir:
            from pinpoint_sms_emu.persistence import recovery

            recovery.open_folder(
                self._engine,
                self.settings.data_dir,
                lambda: _first_state(self.settings, self._engine.calls),
            )
        elif self.settings.seed_file:
            self._engine.adopt(_first_state(self.settings, self._engine.calls), self.settings)

    if not TYPE_CHECKING:  # type checkers would take it as leave to assign any name

        def __setattr__(self, name: str, value: object) -> None:
            """Refuse to assign a setting, which would have no effect."""
            if name in SettingsArguments.__annotations__:
                raise AttributeError(
                    f"{name} is a setting: give it to Emulator(), or later to reset()"
                )
            super().__setattr__(name, value)

    @property
    def settings(self) -> Settings:
        """The settings of the emulator."""
        return self._engine.settings

    @property
    def clock(self) -> Clock:
        """The emulator's time, which can be moved: `sms.clock.advance(hours=25)`."""
        return self._engine.clock

    def resources(
        self,
        account_id: str | None = None,
        region: str | None = None,
        *,
        kind: str | None = None,
    ) -> list[dict[str, Any]]:
        """List the resources of accounts in each Region, by kind, and what they have spent.

        `account_id`, `region`: limit the list to an account or a Region. `kind`: only resources of
        this kind, such as "pool". Raises a ValueError for wrong arguments.

            [account] = sms.resources()
            assert account["resources"]["pool"]
        """
        from pinpoint_sms_emu.service import inventory

        engine = self._engine
        with engine.transaction():
            inventory.must_be_a_kind(engine.state, kind)
            accounts = engine.state.accounts_in(account_id, region)
            return [inventory.take(each, kind) for each in accounts]

    def snapshot(self) -> dict[str, Any]:
        """Return the whole state as one JSON document, for `restore`.

        It has no API calls and no settings. Later versions can read it too.

            state = sms.snapshot()
            Path("state.json").write_text(json.dumps(state))
        """
        from pinpoint_sms_emu.persistence import long_lists
        from pinpoint_sms_emu.persistence.gradual import GradualWriter

        pause = self._engine.pause
        with collection.paused(), GradualWriter(self._engine) as writer:
            for _ in writer.slices():
                pause()
            document: dict[str, Any] = finish(long_lists.complete(writer.begin_document()), pause)
            return document

    def restore(self, state: Any) -> None:
        """Replace the state by one that `snapshot` returned, of this or an earlier version.

        `state`: the document. Raises a ValueError with the reason if it is invalid; then nothing
        has changed.

            sms.restore(json.loads(Path("state.json").read_text()))
        """
        from pinpoint_sms_emu.persistence import document
        from pinpoint_sms_emu.service import dispatch

        dispatch.load_service()
        other = State(self.settings)
        document.read(state, other)
        self._engine.adopt(other)

    def reset(self, **settings: Unpack[SettingsArguments]) -> None:
        """Reset the emulator to its state at the start, and apply the seed file again.

        The given settings are changed; the others stay. `data_dir` cannot be changed; its folder is
        emptied. Raises a ValueError for wrong settings.

            sms.reset(account_tier="SANDBOX")
        """
        given: SettingsArguments = {**self._given, **settings}
        changed = _read(given)
        if changed.data_dir != self.settings.data_dir:
            raise ValueError("data_dir is chosen when an emulator is made, and cannot be changed")
        calls = CallJournal(changed.max_calls)
        first_state = _first_state(changed, calls)
        with self._engine.transaction():
            self._engine.adopt(first_state, changed)
            self._engine.crashes.clear()
            self._engine.calls.replace_by(calls)
        self._given = _with_absolute_paths(given, changed)
        for reset_other in self._engine.reset_listeners:
            reset_other()

    def close(self) -> None:
        """Close: end delays and streams early, deliver nothing more, and close the data folder.

        `mock_sms`, the fixtures and `serve` do this automatically.
        """
        self._engine.close()


# Python's errors about wrong arguments name a method by its qualified name, which would be that of
# the class in `api`, such as MessagesApi.flush.
for _name, _method in inspect.getmembers(Emulator, inspect.isfunction):
    if not _name.startswith("_"):
        _method.__qualname__ = f"Emulator.{_name}"


def engine_of(emulator: Emulator) -> Engine:
    """Return the engine, for `doors` and `control`."""
    return emulator._engine  # noqa: SLF001  this module's own


def _read(given: SettingsArguments) -> Settings:
    settings = Settings.of(**given)
    if settings.seed_parameters and settings.seed_file is None:
        raise ValueError("seed_parameters need a template: give one as seed_file")
    return settings


def _with_absolute_paths(given: SettingsArguments, parsed: Settings) -> SettingsArguments:
    """Return given settings whose paths do not depend on the working directory any more."""
    paths = {name: path for name in given if isinstance(path := getattr(parsed, name), Path)}
    return {**given, **paths}  # type: ignore[typeddict-item]


def _first_state(settings: Settings, calls: CallJournal) -> State:
    """Create the state at the start: empty, or with the resources of the seed file.

    The calls of a template's deployment are recorded.
    """
    if settings.seed_file is None:
        return State(settings)
    from pinpoint_sms_emu.seed import seed_file

    return seed_file.first_state(settings, calls)
