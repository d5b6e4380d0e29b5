"""The settings that phone numbers, pools and RCS agents share."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypedDict

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.reference.countries import country
from pinpoint_sms_emu.state.tables import Entry, Resource


@dataclass(slots=True, kw_only=True)
class Keyword(Entry):
    """A word that an inbound message can begin with; its id is the word in upper case."""

    kind: ClassVar[str] = "keyword"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType({"keyword-action": "action"})

    message: str
    action: str = "AUTOMATIC_RESPONSE"

    def copy(self) -> Keyword:
        """Make another one like it, for a pool that takes over its identity's keywords."""
        return replace(self)


def mandatory_keywords() -> dict[str, Keyword]:
    """HELP and STOP: every number and pool has them from the start.

    AWS's own default texts are not known; these are the examples of its user guide.
    """
    return {
        "HELP": Keyword(
            id="HELP",
            sequence=1,
            message="For assistance with your account, call (206) 555-0199.",
        ),
        "STOP": Keyword(
            id="STOP",
            sequence=2,
            message="You are now opted out and will no longer receive messages.",
            action="OPT_OUT",
        ),
    }


@dataclass(slots=True, kw_only=True)
class TwoWay(Resource):
    """Something that recipients can answer: it has a channel, keywords and an opt-out list."""

    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"number-capability": "number_capabilities", "opt-out-list-name": "opt_out_list_names"}
    )
    # What a member has in common with its pool.
    inherited: ClassVar[tuple[str, ...]] = (
        "two_way_enabled",
        "two_way_channel_arn",
        "two_way_channel_role",
        "self_managed_opt_outs_enabled",
        "opt_out_list_name",
        "opt_out_list_account_id",
    )

    two_way_enabled: bool = False
    two_way_channel_arn: str | None = None
    two_way_channel_role: str | None = None
    self_managed_opt_outs_enabled: bool = False
    opt_out_list_name: str = "Default"
    # Whose list it is: one that another account shares may be called as one's own.
    opt_out_list_account_id: str | None = None
    deletion_protection_enabled: bool = False
    keywords: dict[str, Keyword] = field(default_factory=mandatory_keywords)

    @property
    def opt_out_list_names(self) -> tuple[str, ...]:
        """The name and the ARN of its opt-out list, to filter by."""
        return self.names_of("opt-out-list", self.opt_out_list_name, self.opt_out_list_owner)

    @property
    def opt_out_list_owner(self) -> str:
        """The account of its opt-out list: its own, or one that shares the list."""
        return self.opt_out_list_account_id or self.account_id

    def shared_settings(self) -> dict[str, Any]:
        """What a pool's members have in common, in a form that other accounts can take over."""
        settings = {name: getattr(self, name) for name in self.inherited}
        return settings | {"opt_out_list_account_id": self.opt_out_list_owner}

    def inherited_settings(self) -> dict[str, Any]:
        """What a pool takes over from its first identity, and a new member from its pool."""
        copied = {word: keyword.copy() for word, keyword in self.keywords.items()}
        return self.shared_settings() | {"keywords": copied}

    def change(self, changes: Mapping[str, Any]) -> None:
        """Take over the settings that are given; without two-way messaging there is no channel."""
        Resource.change(self, changes)
        if not self.two_way_enabled:
            # Inferred: a channel that nothing uses is not returned any more.
            self.two_way_channel_arn = self.two_way_channel_role = None


class TwoWayChanges(TypedDict, total=False):
    """The settings that can be updated."""

    two_way_enabled: bool
    two_way_channel_arn: str
    two_way_channel_role: str
    self_managed_opt_outs_enabled: bool
    opt_out_list_name: str
    deletion_protection_enabled: bool


# User guide, "Two-way SMS": messages go to an Amazon SNS topic or to Amazon Connect.
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:\S+", re.ASCII)
_CONNECT = re.compile(r"connect\.[a-z0-9-]+\.amazonaws\.com", re.ASCII)


class TwoWayNumber(Protocol):
    """What two-way settings ask of a phone number."""

    iso_country_code: str
    number_type: str


def must_be_able_to_answer(
    resource: TwoWay, changes: Mapping[str, Any], numbers: Collection[TwoWayNumber]
) -> None:
    """Refuse two-way settings that cannot be together, or that the numbers cannot have."""
    must_have_a_channel(resource, changes)
    must_have_two_way_messaging_on(resource, changes)
    if changes.get("two_way_enabled") and not resource.two_way_enabled:
        for number in numbers:
            _must_be_in_a_country_with_two_way_messaging(number)
    if is_connect(changes.get("two_way_channel_arn")):
        for number in numbers:
            if number.number_type == "SIMULATOR":
                raise ValidationException(
                    "INVALID_PARAMETER",
                    two_way_channel_arn="simulator numbers do not support Connect Customer",
                )


def is_connect(channel: str | None) -> bool:
    """Tell whether a two-way channel is Amazon Connect."""
    return channel is not None and _CONNECT.fullmatch(channel) is not None


def must_have_a_channel(resource: TwoWay, changes: Mapping[str, Any]) -> None:
    """Refuse two-way messaging without a channel, or with one that is none.

    The first is inferred from the Reason's name, the second from the user guide's two channels.
    """
    channel = changes.get("two_way_channel_arn")
    if channel and not is_connect(channel) and not _TOPIC.fullmatch(channel):
        raise ValidationException(
            "INVALID_PARAMETER",
            two_way_channel_arn="must be the ARN of an SNS topic or connect.REGION.amazonaws.com",
        )
    enabled = changes.get("two_way_enabled", resource.two_way_enabled)
    if enabled and not channel and not resource.two_way_channel_arn:
        # TWO_WAY_TOPIC_NOT_PRESENT was its name when topics were the only channels.
        raise ValidationException(
            "TWO_WAY_CHANNEL_NOT_PRESENT",
            two_way_channel_arn="is needed when two-way messaging is on",
        )


def must_have_two_way_messaging_on(resource: TwoWay, changes: Mapping[str, Any]) -> None:
    """Refuse to set what only two-way messaging uses while it is off.

    Self-managed opt-outs need it, the user guide says; that a channel does is inferred.
    """
    if changes.get("two_way_enabled", resource.two_way_enabled):
        return
    for name in ("two_way_channel_arn", "two_way_channel_role"):
        if changes.get(name) and not resource.two_way_enabled:
            raise ValidationException("TWO_WAY_NOT_ENABLED", **{name: "needs two-way messaging"})
    if changes.get("self_managed_opt_outs_enabled") and not resource.self_managed_opt_outs_enabled:
        raise ValidationException(
            "TWO_WAY_NOT_ENABLED", self_managed_opt_outs_enabled="needs two-way messaging"
        )


def has_two_way_messaging(iso_country_code: str) -> bool:
    """Tell whether people's texts come in at the numbers of a country."""
    place = country(iso_country_code)
    return place is not None and place.two_way


def _must_be_in_a_country_with_two_way_messaging(number: TwoWayNumber) -> None:
    code = number.iso_country_code
    if not has_two_way_messaging(code):
        raise ValidationException(
            "TWO_WAY_NOT_SUPPORTED_IN_COUNTRY", two_way_enabled=f"is not possible in {code}"
        )
