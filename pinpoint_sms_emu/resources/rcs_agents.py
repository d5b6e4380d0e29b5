"""RCS agents: what rich messages are sent from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pinpoint_sms_emu.resources.two_way import TwoWay

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account  # noqa: F401 soon


@dataclass(slots=True, kw_only=True)
class RcsAgent(TwoWay):
    """An agent. It is of no country; where it has been launched is told by its registrations."""

    kind: ClassVar[str] = "rcs-agent"
    id_prefix: ClassVar[str] = "rcs-"
    # What an agent has none of, or always, among the other members of a pool.
    iso_country_code: ClassVar[None] = None
    message_type: ClassVar[None] = None
    number_capabilities: ClassVar[tuple[str, ...]] = ("RCS",)

    pool_id: str | None = None
