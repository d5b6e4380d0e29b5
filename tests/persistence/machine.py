"""A state machine with a data folder: what sequences of calls and of any operation share."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.persistence.gradual import GradualWriter

OWNER, OTHER = "123456789012", "210987654321"
accounts = st.sampled_from([OWNER, OWNER, OTHER])


class StoredMachine(RuleBasedStateMachine):
    """Two accounts in a data folder; after each step, the state can be restored."""

    transition_seconds: ClassVar[float] = 0

    @initialize()
    def begin(self) -> None:
        """Start with two accounts."""
        self.folder = tempfile.TemporaryDirectory()
        self.emulator = self.start()
        # A running clock could make a job due between two comparisons.
        self.emulator.clock.freeze()
        for account_id in (OWNER, OTHER):
            engine_of(self.emulator).account(account_id, "us-east-1")

    def start(self) -> Emulator:
        """Start with the data folder, new or existing, and begin to write the state."""
        emulator = Emulator(
            seed=7, transition_seconds=self.transition_seconds, data_dir=self.folder.name
        )
        self.writer = GradualWriter(engine_of(emulator)).__enter__()
        return emulator

    def teardown(self) -> None:
        """Close the emulator, and delete the data folder."""
        self.emulator.close()
        self.folder.cleanup()

    def call(self, operation: str, account_id: str = OWNER, /, **members: Any) -> dict[str, Any]:
        """Call an operation, which may refuse."""
        given = {name: value for name, value in members.items() if value is not None}
        with suppress(ApiError):
            return engine_of(self.emulator).call(operation, given, account_id)
        return {}

    @rule()
    def be_restored(self) -> None:
        """Restore the state from itself."""
        state = self.emulator.snapshot()
        self.emulator.restore(state)
        assert self.emulator.snapshot() == state

    @rule(in_order=st.booleans())
    def restart(self, *, in_order: bool) -> None:
        """Stop, by closing or by a crash, and restart from the data folder."""
        state = self.emulator.snapshot()
        if not in_order:
            folder: Any = engine_of(self.emulator).transactions.journal
            folder.release()
        self.emulator.close()
        self.emulator = self.start()
        assert self.emulator.snapshot() == state

    @rule(days=st.sampled_from([0.001, 1, 31]))
    def wait(self, days: float) -> None:
        """Advance the clock."""
        self.emulator.clock.advance(days=days)

    @invariant()
    def the_state_can_be_restored(self) -> None:
        """The state can be restored in another emulator."""
        state = self.emulator.snapshot()
        elsewhere = Emulator()
        elsewhere.restore(state)
        assert elsewhere.snapshot() == state

    @invariant()
    def what_was_written_earlier_is_up_to_date(self) -> None:
        """Messages that were written before this step are written again if they changed."""
        assert self.writer.finish() == self.emulator.snapshot()

    @invariant()
    def ids_are_unique(self) -> None:
        """No two resources have the same ARN or the same position."""
        found = [
            resource
            for account in engine_of(self.emulator).state.accounts.values()
            for table in account.tables.values()
            for resource in table
        ]
        assert len({each.arn for each in found}) == len(found)
        assert len({each.sequence for each in found}) == len(found)
