"""Delivery: what becomes of a message after it was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinpoint_sms_emu.messaging.messages import Message

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account


def accepted(_account: Account, _message: Message) -> None:
    """Let the delivery of a message begin."""
