"""Two-way channels: what end users send is published to a topic or to Amazon Connect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pinpoint_sms_emu.messaging.events.deliveries import EventDelivery
from pinpoint_sms_emu.resources.identities import pool_of
from pinpoint_sms_emu.state.read_only import read_only

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.messages import Message
    from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.resources.two_way import TwoWay
    from pinpoint_sms_emu.service.account import Account


def answering_of(account: Account, number: PhoneNumber | RcsAgent) -> TwoWay:
    """Return the resource whose settings apply: the number's pool, or else the number itself."""
    return pool_of(account, number) or number


def publish(
    account: Account, answering: TwoWay, message: Message, payload: Mapping[str, Any]
) -> None:
    """Publish an inbound message. Records for Amazon Connect are only kept."""
    message.two_way_payload = read_only(payload)
    channel = answering.two_way_channel_arn or ""
    sink = "sns" if channel.startswith("arn:") else "connect"
    events = account.events
    delivery = EventDelivery(id="two-way", sink=sink, target=channel)
    events.publish(message, 0, events.next_sequence(), [delivery])
