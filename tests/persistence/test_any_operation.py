"""Any operation of the model, on accounts with every kind of resource: the state stays valid."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.persistence import compaction
from pinpoint_sms_emu.resources.registrations.review import DECISIONS, UndecidableError
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wire.protocol import Request
from pinpoint_sms_emu.wire.sns_actions import ACTIONS, PUBLISH
from tests.doors.serving import AUTHORIZATION
from tests.persistence.any_members import PEOPLE, Draw, Members
from tests.persistence.conftest import fill, make_client
from tests.persistence.machine import OWNER, StoredMachine, accounts
from tests.persistence.prerequisites import add_prerequisites
from tests.state_machines import TIMEOUT, budget, case_of

OPERATIONS = sorted(service_model().operations)
CHANGING = [each for each in OPERATIONS if not each.startswith(("Describe", "List", "Get"))]
PDF = "JVBERi0xLjQ="
OK = 200
people = st.sampled_from(PEOPLE)


@cache
def everything() -> str:
    """The document of an emulator with every kind of resource, and what operations need."""
    with mock_sms(seed=7, delivery_seconds=60) as emulator:
        fill(emulator, make_client)
        add_prerequisites(emulator, make_client())
        return json.dumps(emulator.snapshot())


@cache
def unchanged() -> State:
    """The state of that document, which no call changes."""
    return restored(Emulator())


def restored(emulator: Emulator) -> State:
    """Restore that document, and return the state."""
    emulator.restore(json.loads(everything()))
    return engine_of(emulator).state


class AnyOperation(StoredMachine):
    """Calls of any operation, with members that fit the model; calls may be refused."""

    @initialize()
    def begin(self) -> None:
        """Start with every kind of resource."""
        super().begin()
        restored(self.emulator)

    @property
    def state(self) -> Any:
        """The state, to choose from."""
        return engine_of(self.emulator).state

    def handle(self, operation: str, account_id: str, members: dict[str, Any]) -> None:
        """Send a request, which is answered, or refused without a change; faults apply."""
        headers = {
            "x-amz-target": f"PinpointSMSVoiceV2.{operation}",
            "authorization": AUTHORIZATION.replace("=testing/", f"={account_id}/"),
        }
        before = self.without_faults()
        answer = engine_of(self.emulator).handle(Request(headers, json.dumps(members).encode()))
        assert not engine_of(self.emulator).crashes, answer.body
        if answer.status != OK or operation not in CHANGING:
            assert self.without_faults() == before, operation

    def without_faults(self) -> dict[str, Any]:
        """The state, without what an injected fault changes: its uses, and the random numbers."""
        return {
            name: value
            for name, value in self.emulator.snapshot().items()
            if name not in ("faults", "random_source")
        }

    def change(self, operation: str, account_id: str, data: st.DataObject) -> None:
        """Call an operation with any members."""
        self.handle(operation, account_id, Members(data.draw, self.state, account_id).of(operation))

    @rule(operations=st.lists(st.sampled_from(CHANGING), min_size=2, max_size=8), data=st.data())
    def change_much(self, operations: list[str], data: st.DataObject) -> None:
        """Call operations that change something."""
        for operation in operations:
            self.change(operation, data.draw(accounts), data)

    @rule(operation=st.sampled_from(OPERATIONS), account_id=accounts, data=st.data())
    def call_any(self, operation: str, account_id: str, data: st.DataObject) -> None:
        """Call any operation."""
        self.change(operation, account_id, data)

    @rule(operation=st.sampled_from(ACTIONS), account_id=accounts, data=st.data())
    def call_sns(self, operation: str, account_id: str, data: st.DataObject) -> None:
        """Call an operation of SNS about texts."""
        members = Members(data.draw, self.state, account_id).of(operation)
        if operation == PUBLISH:
            members = {"PhoneNumber": data.draw(people), "Message": "Hello"}
        with suppress(ApiError):
            engine_of(self.emulator).call(operation, members, account_id)

    # What users do besides calls.

    @rule(
        number=st.sampled_from(["+12065550101", "+12065550102", "+18005550103"]),
        account_id=accounts,
        data=st.data(),
    )
    def add_number(self, number: str, account_id: str, data: st.DataObject) -> None:
        """Add a number, perhaps to a pool or with a registration."""
        members = Members(data.draw, self.state, account_id)
        settings = {
            "phone_number_id": st.sampled_from(["mine", "yours"]),
            "pool_id": st.sampled_from(members.known("PoolId")),
            "registration_id": st.sampled_from(members.known("RegistrationId")),
            "opt_out_list_name": st.sampled_from(members.known("OptOutListName")),
        }
        names = data.draw(st.sets(st.sampled_from(sorted(settings)), max_size=2))
        given = {name: data.draw(settings[name]) for name in sorted(names)}
        with suppress(ValueError, LookupError):
            self.emulator.add_number(number, account_id=account_id, **given)

    @rule(person=people, body=st.sampled_from(["STOP", "HELP", "YES", "hello"]))
    def receive(self, person: str, body: str) -> None:
        """A recipient answers the latest message."""
        for message in reversed(self.emulator.messages):
            if message.recipient == person and message.sender:
                with suppress(LookupError, ValueError):
                    self.emulator.receive(body, sender=person, recipient=message.sender)
                return

    @rule(person=people)
    def accept_invitation(self, person: str) -> None:
        """A tester accepts an invitation."""
        with suppress(LookupError, ValueError):
            self.emulator.accept_invitation(person)

    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        """Fill in the required fields of a registration, and submit it with a number."""
        account = self.state.accounts[OWNER, "us-east-1"]
        if not list(account.registrations):
            return
        chosen = data.draw(st.sampled_from(list(account.registrations)))
        named = {"RegistrationId": chosen.id}
        form = {"RegistrationType": chosen.registration_type, "MaxResults": 100}
        fields = self.call("DescribeRegistrationFieldDefinitions", **form)
        for field in fields["RegistrationFieldDefinitions"]:
            if field["FieldRequirement"] == "REQUIRED":
                self.call("PutRegistrationFieldValue", **named, **self.value_of(field))
        for number in list(account.phone_numbers):
            self.call("CreateRegistrationAssociation", ResourceId=number.id, **named)
        self.call("SubmitRegistrationVersion", **named)

    def value_of(self, field: dict[str, Any]) -> dict[str, Any]:
        """Choose a value for a field of a registration."""
        value: dict[str, Any] = {"FieldPath": field["FieldPath"]}
        match field["FieldType"]:
            case "TEXT":
                return value | {"TextValue": field["DisplayHints"]["ExampleTextValue"]}
            case "SELECT":
                return value | {"SelectChoices": field["SelectValidation"]["Options"][:1]}
            case _:
                made = self.call("CreateRegistrationAttachment", AttachmentBody=PDF)
                return value | {"RegistrationAttachmentId": made.get("RegistrationAttachmentId")}

    @rule(decision=st.sampled_from(sorted(DECISIONS)), data=st.data())
    def review(self, decision: str, data: st.DataObject) -> None:
        """Review a registration."""
        registration = data.draw(
            st.sampled_from(Members(data.draw, self.state).known("RegistrationId"))
        )
        with suppress(LookupError, ValueError, UndecidableError):
            self.emulator.review(registration, decision)

    @rule(
        operation=st.sampled_from(["*", "SendTextMessage", "CreatePool"]),
        error=st.sampled_from(["ThrottlingException", "InternalServerException"]),
        times=st.sampled_from([1, 3]),
        probability=st.sampled_from([0.5, 1.0]),
    )
    def fail(self, operation: str, error: str, times: int, probability: float) -> None:
        """Inject a fault."""
        self.emulator.fail(operation, error, times=times, probability=probability)

    @rule(
        event=st.sampled_from(["TEXT_CARRIER_BLOCKED", "TEXT_DELIVERED", "VOICE_BUSY"]),
        person=people | st.just("*"),
        times=st.none() | st.just(2),
    )
    def outcome(self, event: str, person: str, times: int | None) -> None:
        """Choose an outcome."""
        self.emulator.outcome(event, person, times=times)

    @rule()
    def clear(self) -> None:
        """Remove all faults, outcomes, and messages."""
        self.emulator.clear_faults()
        self.emulator.clear_outcomes()
        self.emulator.clear_messages()

    # Kills.

    @rule(
        step=st.integers(0, 6),
        operation=st.sampled_from(CHANGING),
        account_id=accounts,
        data=st.data(),
    )
    def be_killed_during_a_compaction(
        self, step: int, operation: str, account_id: str, data: st.DataObject
    ) -> None:
        """What was answered while a compaction is under way is there after a kill."""
        engine, copies = engine_of(self.emulator), []
        finish = compaction._finish_unless_closed

        def kill() -> None:
            copy = Path(self.folder.name).with_name(f"{Path(self.folder.name).name}-{len(copies)}")
            copies.append((shutil.copytree(self.folder.name, copy), self.emulator.snapshot()))

        def in_steps(steps: Iterator[Any]) -> Iterator[Any]:
            for number, result in enumerate(steps):
                if number == step:
                    self.change(operation, account_id, data)
                    kill()
                yield result

        def interrupted(of: Any, steps: Iterator[Any]) -> bool:
            return finish(of, in_steps(steps))

        with patch.object(compaction, "_finish_unless_closed", interrupted):
            compaction.compact(engine, engine.transactions.journal)  # type: ignore[arg-type]
        kill()
        for copy, expected in copies:
            read = Emulator(data_dir=copy)
            assert read.snapshot() == expected
            read.close()
            shutil.rmtree(copy)


# Each example begins with many resources, so it takes longer.
BUDGET = budget(examples=6, steps=40, soak_examples=700)
TestAnyOperation = case_of(AnyOperation, BUDGET)
# Every change of a status takes a minute.
TestAnyOperationThatTakesTime = case_of(AnyOperation, BUDGET, transition_seconds=60)
pytestmark = TIMEOUT

# The same members in each run.
FEW = settings(BUDGET, max_examples=60, phases=[Phase.generate], derandomize=True, database=None)


@st.composite
def members_of(draw: Draw, operation: str) -> dict[str, Any]:
    """Draw the members of an operation, as the machine does at its start."""
    return Members(draw, unchanged()).of(operation)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_succeeds_sometimes(operation):
    """What the machine draws is refused often, but not always."""
    emulator = Emulator(seed=7)
    restored(emulator)
    answers: list[dict[str, Any]] = []

    def is_answered(members: dict[str, Any]) -> bool:
        if not answers:
            with suppress(ApiError):
                answers.append(engine_of(emulator).call(operation, members))
        return bool(answers)

    found = find(members_of(operation), is_answered, settings=FEW)

    assert is_answered(found)
