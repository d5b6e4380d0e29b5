"""The settings that phone numbers, pools and RCS agents share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, TypedDict

from pinpoint_sms_emu.resources.keywords import Keyword, mandatory_keywords
from pinpoint_sms_emu.state.resource import Resource


@dataclass(slots=True, kw_only=True)
class TwoWay(Resource):
    """Something that recipients can answer: it has a channel, keywords and an opt-out list."""

    # What a member has in common with its pool.
    inherited: ClassVar[tuple[str, ...]] = (
        "two_way_enabled",
        "two_way_channel_arn",
        "two_way_channel_role",
        "self_managed_opt_outs_enabled",
        "opt_out_list_name",
    )

    two_way_enabled: bool = False
    two_way_channel_arn: str | None = None
    two_way_channel_role: str | None = None
    self_managed_opt_outs_enabled: bool = False
    opt_out_list_name: str = "Default"
    deletion_protection_enabled: bool = False
    keywords: dict[str, Keyword] = field(default_factory=mandatory_keywords)

    def heritage(self) -> dict[str, Any]:
        """What a pool takes over from its first identity, and a new member from its pool."""
        copied = {word: keyword.copy() for word, keyword in self.keywords.items()}
        return {name: getattr(self, name) for name in self.inherited} | {"keywords": copied}


class TwoWayChanges(TypedDict, total=False):
    """The settings that can be updated."""

    two_way_enabled: bool
    two_way_channel_arn: str
    two_way_channel_role: str
    self_managed_opt_outs_enabled: bool
    opt_out_list_name: str
    deletion_protection_enabled: bool
