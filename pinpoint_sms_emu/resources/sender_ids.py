"""Sender IDs: names that recipients see where a number would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from pinpoint_sms_emu import countries
from pinpoint_sms_emu.state.resource import Resource


@dataclass(slots=True, kw_only=True)
class SenderId(Resource):
    """A name of the account's in one country; its id is the name, in upper case."""

    kind: ClassVar[str] = "sender-id"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"sender-id": "id", "message-type": "message_types"}
    )
    # What it can do, among the other members of a pool.
    number_capabilities: ClassVar[tuple[str, ...]] = ("SMS",)

    iso_country_code: str
    message_types: list[str]
    monthly_leasing_price: str = countries.leasing_price("SENDER_ID")
    deletion_protection_enabled: bool = False
    registered: bool = False
    registration_id: str | None = None
    # Unlike a number, it can be in many pools.
    pool_ids: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The same name can be one's own in several countries."""
        return f"{self.id}/{self.iso_country_code}"
