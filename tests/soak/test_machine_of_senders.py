"""Any sequence of changes to numbers, pools, opt-out lists and keywords, and of messages."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, invariant, rule

from tests.raw import NUMBER
from tests.soak.machine import BUDGET, Machine
from tests.state_machines import case_of

RECIPIENTS = st.sampled_from(["+14255550123", "+14255550124"])
NAMES = st.sampled_from(["red", "green", "blue", "grey", "pink"])
WORDS = st.sampled_from(["JOIN", "INFO", "WHO", "HELP", "STOP"])
MANDATORY = {"HELP", "STOP"}


@dataclass
class Settings:
    """The model's copy of the settings of a number or a pool."""

    list: str = "Default"
    words: dict[str, str] = field(default_factory=dict)
    protected: bool = False
    # For a pool: its numbers.
    members: set[str] = field(default_factory=set)

    @property
    def shared(self) -> tuple[str, dict[str, str]]:
        """The settings that a number must have in common with its pool."""
        return self.list, self.words


class Senders(Machine):
    """Numbers and pools of one account, compared with a simple model."""

    quotas: ClassVar = {
        "KEYWORDS_PER_PHONE_NUMBER": 2,
        "KEYWORDS_PER_POOL": 2,
        "OPT_OUT_LISTS_PER_ACCOUNT": 4,
        "ORIGINATION_IDENTITIES_PER_POOL": 3,
        "PHONE_NUMBERS_PER_ACCOUNT": 4,
        "POOLS_PER_ACCOUNT": 2,
    }

    numbers = Bundle("numbers")
    pools = Bundle("pools")

    def __init__(self) -> None:
        super().__init__()
        self.lists = {"Default"}
        self.stopped: set[tuple[str, str]] = set()
        self.owned: dict[str, Settings] = {}
        self.pooled: dict[str, Settings] = {}

    # Predictions of the model.

    def is_free(self, number: str) -> bool:
        """Whether a number exists and is in no pool."""
        in_a_pool = any(number in pool.members for pool in self.pooled.values())
        return number in self.owned and not in_a_pool

    def changeable(self, name: str) -> list[Settings]:
        """The settings that change when those of a free number, or of a pool, are changed."""
        if name in self.pooled:
            pool = self.pooled[name]
            return [pool, *(self.owned[each] for each in pool.members)]
        return [self.owned[name]] if self.is_free(name) else []

    # Lists.

    @rule(name=NAMES)
    def make_list(self, name: str) -> None:
        """A list is created if its name is free and the quota allows it."""
        possible = name not in self.lists and len(self.lists) < 4
        if self.expect(possible, "CreateOptOutList", OptOutListName=name):
            self.lists.add(name)

    @rule(name=NAMES)
    def delete_list(self, name: str) -> None:
        """A list that is not in use can be deleted."""
        used = any(name == each.list for each in (*self.owned.values(), *self.pooled.values()))
        possible = name in self.lists and not used
        if self.expect(possible, "DeleteOptOutList", OptOutListName=name):
            self.lists.discard(name)
            self.stopped = {each for each in self.stopped if each[0] != name}

    @rule(name=NAMES | st.just("Default"), person=RECIPIENTS)
    def opt_out(self, name: str, person: str) -> None:
        """A recipient can be put on any existing list."""
        members = {"OptOutListName": name, "OptedOutNumber": person}
        if self.expect(name in self.lists, "PutOptedOutNumber", **members):
            self.stopped.add((name, person))

    @rule(name=NAMES | st.just("Default"), person=RECIPIENTS)
    def opt_in(self, name: str, person: str) -> None:
        """A recipient can be removed from a list once in 30 days."""
        members = {"OptOutListName": name, "OptedOutNumber": person}
        if self.call("DeleteOptedOutNumber", **members):
            self.stopped.remove((name, person))

    # Numbers and pools.

    @rule(target=numbers)
    def request_number(self) -> str:
        """A number can be requested if the quota allows it."""
        answer = self.expect(len(self.owned) < 4, "RequestPhoneNumber", **NUMBER)
        if answer is None:
            return "phone-none"
        number: str = answer["PhoneNumberId"]
        self.owned[number] = Settings()
        self.every_id.append(number)
        return number

    @rule(number=numbers)
    def release_number(self, number: str) -> None:
        """A number that is in no pool and not protected can be released."""
        possible = self.is_free(number) and not self.owned[number].protected
        if self.expect(possible, "ReleasePhoneNumber", PhoneNumberId=number):
            del self.owned[number]

    @rule(target=pools, number=numbers)
    def make_pool(self, number: str) -> str:
        """A pool is created with a free number, and takes over its settings."""
        answer = self.expect(
            self.is_free(number) and len(self.pooled) < 2,
            "CreatePool",
            OriginationIdentity=number,
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
        )
        if answer is None:
            return "pool-none"
        pool: str = answer["PoolId"]
        of_number = deepcopy(self.owned[number])
        self.pooled[pool] = Settings(of_number.list, of_number.words, members={number})
        self.every_id.append(pool)
        return pool

    @rule(pool=pools, number=numbers)
    def join(self, pool: str, number: str) -> None:
        """A free number can join a pool with the same settings and room for it."""
        answer = self.expect(
            pool in self.pooled
            and self.is_free(number)
            and self.owned[number].shared == self.pooled[pool].shared
            and len(self.pooled[pool].members) < 3,
            "AssociateOriginationIdentity",
            PoolId=pool,
            OriginationIdentity=number,
            IsoCountryCode="US",
        )
        if answer:
            self.pooled[pool].members.add(number)

    @rule(pool=pools, number=numbers)
    def leave(self, pool: str, number: str) -> None:
        """A number can leave its pool, unless it is the last one."""
        there = self.pooled[pool].members if pool in self.pooled else set()
        members = {"PoolId": pool, "OriginationIdentity": number, "IsoCountryCode": "US"}
        possible = number in there and len(there) > 1
        if self.expect(possible, "DisassociateOriginationIdentity", **members):
            there.discard(number)

    @rule(pool=consumes(pools))
    def delete_pool(self, pool: str) -> None:
        """A pool that is not protected can be deleted."""
        possible = pool in self.pooled and not self.pooled[pool].protected
        if self.expect(possible, "DeletePool", PoolId=pool):
            del self.pooled[pool]

    # Their settings.

    def update(self, possible: bool, name: str, **members: object) -> bool:  # noqa: FBT001 - as `expect`
        """Update a number or a pool."""
        kind = "Pool" if name.startswith("pool-") else "PhoneNumber"
        answer = self.expect(possible, f"Update{kind}", **{f"{kind}Id": name, **members})
        return answer is not None

    @rule(name=st.one_of(numbers, pools), protected=st.booleans())
    def protect(self, name: str, *, protected: bool) -> None:
        """Deletion protection can be enabled, except for numbers in a pool."""
        changed = self.changeable(name)
        if self.update(bool(changed), name, DeletionProtectionEnabled=protected):
            # Members do not take over deletion protection.
            changed[0].protected = protected

    @rule(name=st.one_of(numbers, pools), chosen=NAMES)
    def choose_list(self, name: str, chosen: str) -> None:
        """An existing list can be chosen; numbers in a pool have their pool's."""
        changed = self.changeable(name)
        if self.update(bool(changed) and chosen in self.lists, name, OptOutListName=chosen):
            for each in changed:
                each.list = chosen

    @rule(name=st.one_of(numbers, pools), word=WORDS, text=st.sampled_from(["Hello", "Bye"]))
    def put_keyword(self, name: str, word: str, text: str) -> None:
        """Keywords are put on free numbers and pools, up to the quota; two always exist."""
        changed = self.changeable(name)
        possible = bool(changed) and (
            word in MANDATORY
            or word in changed[0].words
            or len(changed[0].words.keys() - MANDATORY) < 2
        )
        members = {"OriginationIdentity": name, "Keyword": word, "KeywordMessage": text}
        if self.expect(possible, "PutKeyword", **members):
            for each in changed:
                each.words[word] = text

    @rule(name=st.one_of(numbers, pools), word=WORDS)
    def delete_keyword(self, name: str, word: str) -> None:
        """Any keyword can be deleted, except the two that always exist."""
        changed = self.changeable(name)
        possible = bool(changed) and word in changed[0].words and word not in MANDATORY
        if self.expect(possible, "DeleteKeyword", OriginationIdentity=name, Keyword=word):
            for each in changed:
                del each.words[word]

    # Messages.

    @rule(number=numbers, person=RECIPIENTS, length=st.sampled_from([1, 1500]))
    def send(self, number: str, person: str, length: int) -> None:
        """Messages are refused from foreign identities, and to opted-out recipients."""
        answer = self.call(
            "SendTextMessage",
            DestinationPhoneNumber=person,
            OriginationIdentity=number,
            MessageBody="x" * length,
        )
        if answer is not None:
            assert number in self.owned
            assert (self.owned[number].list, person) not in self.stopped
            self.every_id.append(answer["MessageId"])

    @rule(number=numbers, person=RECIPIENTS, word=WORDS)
    def answer(self, number: str, person: str, word: str) -> None:
        """A recipient who texts STOP is opted out; the other words do not opt out."""
        if number not in self.owned:
            return
        self.emulator.receive(word, sender=person, recipient=number)
        if word == "STOP":
            self.stopped.add((self.owned[number].list, person))

    # Invariants.

    @invariant()
    def everything_is_known(self) -> None:
        """The account has exactly what the model has."""
        account = self.account
        assert {each.id for each in account.opt_out_lists} == self.lists
        assert {each.id for each in account.phone_numbers} == self.owned.keys()
        assert {each.id for each in account.pools} == self.pooled.keys()
        assert self.stopped == {
            (each.id, number.id) for each in account.opt_out_lists for number in each.numbers
        }

    @invariant()
    def settings_are_known(self) -> None:
        """Numbers and pools have the settings that the model has."""
        known = self.owned | self.pooled
        for each in (*self.account.phone_numbers, *self.account.pools):
            model = known[each.id]
            assert each.opt_out_list_name == model.list
            assert each.deletion_protection_enabled == model.protected
            assert each.keywords.keys() == model.words.keys() | MANDATORY
            for word, text in model.words.items():
                assert each.keywords[word].message == text

    @invariant()
    def every_number_is_in_one_pool(self) -> None:
        """A number and its pool refer to each other, and no other pool has it."""
        for number in self.account.phone_numbers:
            holders = [each for each, pool in self.pooled.items() if number.id in pool.members]
            assert holders == ([number.pool_id] if number.pool_id else [])


TestSenders = case_of(Senders, BUDGET)
