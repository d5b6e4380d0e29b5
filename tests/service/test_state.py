"""The state as a whole: replacing and copying it."""

from __future__ import annotations

import threading
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of


def delayed(emulator: Emulator, sms: Any, name: str, **members: str) -> tuple[Any, list[Any]]:
    """Start a call that takes 0.3 seconds; return its thread, and a list for its answer."""
    emulator.fail("*", delay_seconds=0.3, times=1)
    answers: list[Any] = []

    def call() -> None:
        try:
            answers.append(getattr(sms, name)(**members))
        except ClientError as error:
            answers.append(error.response["Error"]["Code"])

    thread = threading.Thread(target=call)
    thread.start()
    while emulator.faults:
        threading.Event().wait(0.001)
    return thread, answers


@pytest.mark.parametrize("replaced_by", ["reset", "restore"])
@pytest.mark.parametrize("operation", ["create_opt_out_list", "delete_opt_out_list"])
def test_a_delayed_call_belongs_to_the_state_in_which_it_began(
    client, emulator, replaced_by, operation
):
    """A call in progress is answered from the former state, and does not change the new one."""
    empty = emulator.snapshot()
    sms = client()
    sms.create_opt_out_list(OptOutListName="Former")
    heard: list[str] = []
    slow, answers = delayed(emulator, sms, operation, OptOutListName="Late")

    engine_of(emulator).message_listeners.append(lambda message: heard.append(message.id))
    if replaced_by == "reset":
        emulator.reset()
    else:
        emulator.restore(empty)
    fresh, calls = emulator.snapshot(), len(emulator.calls)
    slow.join(60)

    if operation == "create_opt_out_list":
        assert answers[0]["OptOutListName"] == "Late"
    else:
        assert answers == ["ResourceNotFoundException"]
    assert emulator.snapshot() == fresh
    assert len(emulator.calls) == calls
    assert heard == []


def test_a_delayed_message_is_not_in_the_new_state(client, emulator, number):
    """A text that is delayed beyond a reset is not stored, and listeners are not called."""
    slow, answers = delayed(
        emulator,
        client(),
        "send_text_message",
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity=number.id,
        MessageBody="Late",
    )
    heard: list[str] = []
    engine_of(emulator).message_listeners.append(lambda message: heard.append(message.id))

    emulator.reset()
    slow.join(60)
    emulator.clock.advance(days=1)

    assert answers[0]["MessageId"]
    assert (emulator.messages, heard, emulator.events) == ([], [], [])


@pytest.mark.parametrize("settings", [{}, {"seed": 5}])
def test_a_reset_keeps_other_settings(settings):
    """A reset with one setting leaves the others as they were."""
    emulator = Emulator(account_tier="SANDBOX", max_messages=3, quotas={"POOLS_PER_ACCOUNT": 2})

    emulator.reset(**settings)
    emulator.reset(delivery_seconds=5)

    assert emulator.settings.account_tier == "SANDBOX"
    assert emulator.settings.max_messages == 3
    assert emulator.settings.quotas["POOLS_PER_ACCOUNT"] == 2
    assert emulator.settings.seed == settings.get("seed", Emulator().settings.seed)


def outcomes_of(emulator: Emulator, client: Any) -> list[str]:
    """The results of twenty calls."""
    found = []
    sms = client()
    for _ in range(20):
        try:
            sms.describe_pools()
            found.append("ok")
        except ClientError as error:
            found.append(error.response["Error"]["Code"])
    return found


def test_random_faults_repeat_after_a_restore(client, emulator):
    """Faults with a probability apply to the same calls again."""
    emulator.fail("DescribePools", "InternalServerException", probability=0.5)
    outcomes_of(emulator, client)
    state_before = emulator.snapshot()

    first = outcomes_of(emulator, client)
    emulator.restore(state_before)

    assert outcomes_of(emulator, client) == first
    assert {"ok", "InternalServerException"} == set(first)


# Arguments and returned objects.


def spoil(value: Any) -> None:
    """Change everything that can be changed in a returned object."""
    if isinstance(value, dict):
        for inner in value.values():
            spoil(inner)
        value["spoilt"] = "spoilt"
    elif isinstance(value, list):
        for inner in value:
            spoil(inner)
        value.append("spoilt")
    elif is_dataclass(value):
        for each in fields(value):
            inner = getattr(value, each.name)
            if isinstance(inner, dict | list):
                spoil(inner)
            elif isinstance(inner, str | int | None) and not value.__dataclass_params__.frozen:
                setattr(value, each.name, None)


@pytest.fixture
def busy(client, emulator):
    """An emulator with every kind of returned object."""
    sms = client()
    number = emulator.add_number("+12065550100", tags={"a": "b"})
    sms.send_text_message(
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity=number.phone_number_id,
        MessageBody="Hello",
        Context={"a": "b"},
    )
    sms.create_opt_out_list(OptOutListName="A", Tags=[{"Key": "a", "Value": "b"}], ClientToken="t")
    sms.describe_opt_out_lists()
    emulator.fail("CreatePool", "ThrottlingException", times=3)
    emulator.outcome("TEXT_BLOCKED", times=3)
    emulator.clock.freeze()
    return emulator


@pytest.mark.parametrize(
    "hand_out",
    [
        lambda emulator: emulator.snapshot(),
        lambda emulator: emulator.resources(),
        lambda emulator: emulator.numbers,
        lambda emulator: [
            part for call in emulator.calls for part in (call.parameters, call.response)
        ],
        lambda emulator: [call.as_dict() for call in emulator.calls],
        lambda emulator: [message.as_dict() for message in emulator.messages],
        lambda emulator: [message.events for message in emulator.messages],
        lambda emulator: [event.record for event in emulator.events],
        lambda emulator: emulator.faults,
        lambda emulator: emulator.fail("CreatePool", "ThrottlingException", times=3),
        lambda emulator: emulator.outcomes,
        lambda emulator: emulator.outcome("TEXT_BLOCKED", times=3),
        lambda emulator: emulator.receive("Hi", sender="+14255550100", recipient="+12065550100"),
    ],
)
def test_returned_objects_are_copies(busy, hand_out):
    """Changing them changes nothing else."""
    found = hand_out(busy)
    before = busy.snapshot()

    spoil(found)

    assert found
    assert busy.snapshot() == before


def test_arguments_are_copied(busy):
    """A document or arguments can be changed after they were used."""
    document = busy.snapshot()
    tags, settings = {"c": "d"}, {"POOLS_PER_ACCOUNT": 3}
    busy.restore(document)
    busy.add_number("+12065550101", tags=tags)
    busy.reset(quotas=settings)
    busy.restore(document)
    busy.add_number("+12065550101", tags=tags)
    before = busy.snapshot()

    spoil(document)
    spoil(tags)
    spoil(settings)

    assert busy.snapshot() == before
    assert "spoilt" not in busy.settings.quotas
