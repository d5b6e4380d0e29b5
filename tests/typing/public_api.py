"""Code of users, for type checkers only: mypy and pyright both read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, assert_type

from pinpoint_sms_emu import Emulator, Message, Number, mock_sms


def a_block() -> None:
    """A block gives the emulator."""
    with mock_sms(seed=7, account_tier="SANDBOX") as sms:
        assert_type(sms, Emulator)


def settings() -> None:
    """Settings are completed and checked; each ignore below is reported where it is not needed."""
    mock_sms(
        data_dir="state",
        seed_file={"opt_out_lists": [{"opt_out_list_name": "Marketing"}]},
        quotas={"POOLS_PER_ACCOUNT": 2},
        pass_through=["http://localhost:4566"],
        like_aws="strict",
        throttling=None,
    )
    mock_sms(seed=7, account_tier=3)  # type: ignore[call-overload]
    mock_sms(colour="red")  # type: ignore[call-overload]
    Emulator(max_calls="many")  # type: ignore[arg-type]
    Emulator(policies_mode="maybe")  # type: ignore[arg-type]
    Emulator(colour="red")  # type: ignore[call-arg]
    Emulator().reset(seed="seven")  # type: ignore[arg-type]


@mock_sms
def decorated(name: str) -> int:
    """A decorated function keeps its signature."""
    return len(name)


@mock_sms(seed=7)
def decorated_with_settings(name: str) -> int:
    """So does one that is decorated with settings."""
    return len(name)


@mock_sms
async def decorated_coroutine(name: str) -> int:
    """And a coroutine."""
    return len(name)


@mock_sms(seed=7)
class DecoratedClass:
    """A class stays itself."""

    answer = 42


def signatures() -> None:
    """What decorating has left."""
    assert_type(decorated("x"), int)
    assert_type(decorated_with_settings("x"), int)
    assert_type(DecoratedClass().answer, int)


async def coroutines() -> None:
    """A coroutine is still to be awaited."""
    assert_type(await decorated_coroutine("x"), int)


def an_emulator(sms: Emulator) -> None:
    """The emulator's methods."""
    assert_type(sms.add_number("+12065550100", number_type="TOLL_FREE"), Number)
    assert_type(sms.numbers, list[Number])
    sms.receive("STOP", sender="+14255550100", recipient="+12065550100")
    assert_type(sms.messages, list[Message])
    assert_type(sms.wait_for(recipient="+14255550100", timeout=5), Message)
    sms.fail("SendTextMessage", "ThrottlingException", times=2)
    sms.outcome("TEXT_CARRIER_BLOCKED", recipient="+14255550100")
    assert_type(sms.clock.now(), datetime)
    assert_type(sms.clock.advance(hours=25), datetime)
    assert_type(sms.clock.advance(timedelta(hours=25)), datetime)
    state: dict[str, Any] = sms.snapshot()
    sms.restore(state)
    sms.reset()


def a_message(message: Message) -> None:
    """Use the members of a message."""
    assert_type(message.message_id, str)
    assert_type(message.body, str | None)
    assert_type(message.status, str)
    assert_type(message.price, float)
    assert_type(message.created, datetime)
