"""A state machine that calls operations in any order: what all of them share."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.state.tables import Resource, Table
from tests.state_machines import budget

BUDGET = budget(examples=40, steps=30, soak_examples=700)
ACCOUNT = ("123456789012", "us-east-1")


class Machine(RuleBasedStateMachine):
    """One account, of which a subclass has a simple model that predicts every result."""

    quotas: ClassVar[dict[str, int]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.emulator = Emulator(seed=7, quotas=self.quotas)
        self.call("SetTextMessageSpendLimitOverride", MonthlyLimit=1)
        self.every_id: list[str] = []

    @property
    def account(self) -> Account:
        """The account, to inspect it."""
        return engine_of(self.emulator).account(*ACCOUNT)

    def call(self, operation: str, **members: Any) -> dict[str, Any] | None:
        """Call an operation; return None if it was refused, which must have changed nothing."""
        before = self.emulator.snapshot()
        try:
            answer = engine_of(self.emulator).call(operation, members)
        except ApiError:
            assert self.emulator.snapshot() == before
            return None
        engine_of(self.emulator).run_due()
        return answer

    def expect(self, possible: bool, operation: str, **members: Any) -> dict[str, Any] | None:  # noqa: FBT001 - it reads as: expect this, of that
        """Call an operation, which must succeed if and only if the model says so."""
        answer = self.call(operation, **members)
        assert (answer is not None) == possible, f"{operation} {members}"
        return answer

    @rule(hours=st.sampled_from([0, 1, 25, 24 * 32]))
    def wait(self, hours: int) -> None:
        """Advance the clock."""
        self.emulator.clock.advance(hours=hours)

    @rule()
    def be_copied(self) -> None:
        """A state that is written and read again is equal."""
        before = self.emulator.snapshot()
        self.emulator.restore(before)
        assert self.emulator.snapshot() == before

    @invariant()
    def references_are_alive(self) -> None:
        """Every resource that another one refers to exists."""
        account = self.account
        named: dict[str, Table[Any]] = {
            "opt_out_list_name": account.opt_out_lists,
            "pool_id": account.pools,
            "protect_configuration_id": account.protect_configurations,
            "registration_id": account.registrations,
        }
        for table in account.tables.values():
            for resource in table:
                for attribute, there in named.items():
                    name = getattr(resource, attribute, None)
                    assert name is None or name in there, f"{resource.id} names {name}"

    @invariant()
    def ids_are_unique(self) -> None:
        """No id is used twice."""
        assert len(self.every_id) == len(set(self.every_id))
        resources = [each for table in self.account.tables.values() for each in table]
        arns = [each.arn for each in resources if isinstance(each, Resource)]
        assert len(arns) == len(set(arns))

    @invariant()
    def quotas_are_held(self) -> None:
        """No quota is exceeded."""
        for name, most in self.quotas.items():
            if name.endswith("_PER_ACCOUNT"):
                table = getattr(self.account, name.removesuffix("_PER_ACCOUNT").lower())
                assert table.used <= most

    @invariant()
    def spend_is_below_the_limit(self) -> None:
        """No month has cost more than the limit."""
        assert all(month.get("TEXT", 0) <= 1 for month in self.account.spent.values())
