"""Any sequence of changes against a plain model of the rules: what must always hold, does."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from pinpoint_sms_emu.emulator import Emulator
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.state.resource import Resource

SOAK = bool(os.environ.get("SOAK"))
QUOTAS = {"OPT_OUT_LISTS_PER_ACCOUNT": 4, "PHONE_NUMBERS_PER_ACCOUNT": 4, "POOLS_PER_ACCOUNT": 2}
ACCOUNT = ("123456789012", "us-east-1")
PEOPLE = st.sampled_from(["+14255550123", "+14255550124"])
NAMES = st.sampled_from(["red", "green", "blue", "grey", "pink"])


class Machine(RuleBasedStateMachine):
    """Lists, numbers, pools, opt-outs and messages of one account, beside sets of their ids."""

    numbers = Bundle("numbers")
    pools = Bundle("pools")

    def __init__(self) -> None:
        super().__init__()
        self.emulator = Emulator(seed=7, quotas=QUOTAS)
        self.account = self.emulator.account(*ACCOUNT)
        self.call("SetTextMessageSpendLimitOverride", MonthlyLimit=1)
        self.lists = {"Default"}
        self.owned: set[str] = set()
        # Which numbers each pool has.
        self.members: dict[str, set[str]] = {}
        self.stopped: set[tuple[str, str]] = set()
        self.every_id: list[str] = []

    def call(self, operation: str, **members: Any) -> dict[str, Any] | None:
        """Call; None when it was refused, and that must have changed nothing."""
        before = self.emulator.snapshot()
        try:
            answer = self.emulator.call(operation, members)
        except ApiError:
            assert self.emulator.snapshot() == before
            return None
        self.emulator.run_due()
        return answer

    def expect(self, possible: bool, operation: str, **members: Any) -> dict[str, Any] | None:  # noqa: FBT001
        """Call, and be answered just where the model says so."""
        answer = self.call(operation, **members)
        assert (answer is not None) == possible, f"{operation} {members}"
        return answer

    @rule(name=NAMES)
    def make_list(self, name: str) -> None:
        """A list is made if its name is free and the quota leaves room."""
        possible = name not in self.lists and len(self.lists) < 4
        if self.expect(possible, "CreateOptOutList", OptOutListName=name):
            self.lists.add(name)

    @rule(name=NAMES)
    def delete_list(self, name: str) -> None:
        """A list that nothing uses can be deleted."""
        if self.expect(name in self.lists, "DeleteOptOutList", OptOutListName=name):
            self.lists.discard(name)
            self.stopped = {each for each in self.stopped if each[0] != name}

    @rule(name=NAMES, person=PEOPLE)
    def opt_out(self, name: str, person: str) -> None:
        """A person can be put on any list there is."""
        members = {"OptOutListName": name, "OptedOutNumber": person}
        if self.expect(name in self.lists, "PutOptedOutNumber", **members):
            self.stopped.add((name, person))

    @rule(target=numbers)
    def request_number(self) -> str:
        """A number is leased if the quota leaves room."""
        answer = self.expect(
            len(self.owned) < 4,
            "RequestPhoneNumber",
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )
        if answer is None:
            return "phone-none"
        number: str = answer["PhoneNumberId"]
        self.owned.add(number)
        self.every_id.append(number)
        return number

    @rule(number=numbers)
    def release_number(self, number: str) -> None:
        """A number that is in no pool can be released."""
        in_a_pool = any(number in each for each in self.members.values())
        possible = number in self.owned and not in_a_pool
        if self.expect(possible, "ReleasePhoneNumber", PhoneNumberId=number):
            self.owned.discard(number)

    @rule(target=pools, number=numbers)
    def make_pool(self, number: str) -> str:
        """A pool is made with a number that is in none."""
        answer = self.expect(
            self.is_free(number) and len(self.members) < 2,
            "CreatePool",
            OriginationIdentity=number,
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
        )
        if answer is None:
            return "pool-none"
        pool: str = answer["PoolId"]
        self.members[pool] = {number}
        self.every_id.append(pool)
        return pool

    def is_free(self, number: str) -> bool:
        """Whether a number can join a pool."""
        in_a_pool = any(number in each for each in self.members.values())
        return number in self.owned and not in_a_pool

    @rule(pool=pools, number=numbers)
    def join(self, pool: str, number: str) -> None:
        """A number that is in no pool can join one."""
        members = {"PoolId": pool, "OriginationIdentity": number, "IsoCountryCode": "US"}
        already = number in self.members.get(pool, ())
        answer = self.call("AssociateOriginationIdentity", **members)
        if answer is not None and not already:
            assert pool in self.members
            assert self.is_free(number)
            self.members[pool].add(number)
        elif answer is None:
            assert already or pool not in self.members or not self.is_free(number)

    @rule(pool=pools, number=numbers)
    def leave(self, pool: str, number: str) -> None:
        """A number can leave its pool, but not the last one."""
        there = self.members.get(pool, set())
        members = {"PoolId": pool, "OriginationIdentity": number, "IsoCountryCode": "US"}
        if self.call("DisassociateOriginationIdentity", **members) is not None:
            assert number in there
            there.discard(number)

    @rule(pool=consumes(pools))
    def delete_pool(self, pool: str) -> None:
        """A pool can be deleted."""
        if self.call("DeletePool", PoolId=pool) is not None:
            self.members.pop(pool)

    @rule(number=numbers, person=PEOPLE, length=st.sampled_from([1, 1500]))
    def send(self, number: str, person: str, length: int) -> None:
        """Nobody sends from what is not theirs."""
        answer = self.call(
            "SendTextMessage",
            DestinationPhoneNumber=person,
            OriginationIdentity=number,
            MessageBody="x" * length,
        )
        if answer is not None:
            assert number in self.owned
            self.every_id.append(answer["MessageId"])

    @rule(days=st.integers(0, 40))
    def wait(self, days: int) -> None:
        """Time goes by."""
        self.emulator.clock.advance(days=days)

    @rule()
    def be_copied(self) -> None:
        """A state that is written down and read is the same."""
        before = self.emulator.snapshot()
        self.emulator.restore(before)
        self.account = self.emulator.account(*ACCOUNT)
        assert self.emulator.snapshot() == before

    @invariant()
    def everything_is_known(self) -> None:
        """What there is, is what the model has."""
        assert {each.id for each in self.account.opt_out_lists} == self.lists
        assert {each.id for each in self.account.phone_numbers} == self.owned
        assert {each.id for each in self.account.pools} == self.members.keys()

    @invariant()
    def every_number_is_in_one_pool(self) -> None:
        """A number says the pool that has it, and one alone does."""
        in_pools = {number.id: number.pool_id for number in self.account.phone_numbers}
        for number, pool in in_pools.items():
            holders = [each for each, members in self.members.items() if number in members]
            assert holders == ([pool] if pool else [])

    @invariant()
    def references_are_alive(self) -> None:
        """What a resource names is there."""
        for table in self.account.tables.values():
            for resource in table:
                name = getattr(resource, "opt_out_list_name", None)
                assert name is None or name in self.account.opt_out_lists

    @invariant()
    def ids_are_unique(self) -> None:
        """No id has been given twice."""
        assert len(self.every_id) == len(set(self.every_id))
        resources = [each for table in self.account.tables.values() for each in table]
        arns = [each.arn for each in resources if isinstance(each, Resource)]
        assert len(arns) == len(set(arns))

    @invariant()
    def quotas_are_held(self) -> None:
        """There is never more than there may be."""
        for name, most in QUOTAS.items():
            assert len(getattr(self.account, name.removesuffix("_PER_ACCOUNT").lower())) <= most

    @invariant()
    def spend_is_below_the_limit(self) -> None:
        """No month has cost more than the limit."""
        assert all(month.get("TEXT", 0) <= 1 for month in self.account.spent.values())


Machine.TestCase.settings = settings(
    max_examples=2000 if SOAK else 40,
    stateful_step_count=60 if SOAK else 30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestMachine = Machine.TestCase
