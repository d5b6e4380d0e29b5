"""The settings that phone numbers, pools and RCS agents share."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar, Final, Protocol, TypedDict

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.reference.countries import country
from pinpoint_sms_emu.state.tables import Entry, Resource


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Keyword(Entry):
    """A keyword that an inbound message can begin with. Its id is the word in upper case."""

    kind: ClassVar[str] = "keyword"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType({"keyword-action": "action"})

    message: str
    action: str = "AUTOMATIC_RESPONSE"

    def copy(self) -> Keyword:
        """Copy the keyword, for a pool that inherits its identity's keywords."""
        return replace(self)


def mandatory_keywords() -> dict[str, Keyword]:
    """Return HELP and STOP, which every number, pool and agent has from the start.

    AWS's default texts are not documented; these are the user guide's examples.
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


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class TwoWay(Resource):
    """A resource that can receive answers, with a two-way channel, keywords and an opt-out list."""

    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"number-capability": "number_capabilities", "opt-out-list-name": "opt_out_list_names"}
    )
    # The settings that a pool and its members have in common.
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
    # The owner of the list, if another account shares it, whose lists may have the same names.
    opt_out_list_account_id: str | None = None
    deletion_protection_enabled: bool = False
    keywords: dict[str, Keyword] = field(default_factory=mandatory_keywords)

    @property
    def opt_out_list_names(self) -> tuple[str, ...]:
        """The name and the ARN of its opt-out list, for filters."""
        return self.names_of("opt-out-list", self.opt_out_list_name, self.opt_out_list_owner)

    @property
    def opt_out_list_owner(self) -> str:
        """The account of its opt-out list: its own, or the one that shares the list."""
        return self.opt_out_list_account_id or self.account_id

    def shared_settings(self) -> dict[str, Any]:
        """The settings that a pool's members have in common, valid in any account."""
        settings = {name: getattr(self, name) for name in self.inherited}
        return settings | {"opt_out_list_account_id": self.opt_out_list_owner}

    def inherited_settings(self) -> dict[str, Any]:
        """Copy the settings that a pool inherits from its identity, or a member from its pool."""
        copied = {word: keyword.copy() for word, keyword in self.keywords.items()}
        return self.shared_settings() | {"keywords": copied}

    def change(self, changes: Mapping[str, Any]) -> None:
        """Set the given attributes; without two-way messaging, remove the channel."""
        Resource.change(self, changes)
        if not self.two_way_enabled:
            # Inferred: an unused channel is no longer returned.
            self.two_way_channel_arn = self.two_way_channel_role = None


def changed_keywords(resource: TwoWay) -> list[Keyword]:
    """Return the keywords of a resource, without HELP and STOP if they have their first message."""
    first = mandatory_keywords()
    return [
        each
        for each in resource.keywords.values()
        if each.id not in first or each.message != first[each.id].message
    ]


class TwoWayChanges(TypedDict, total=False):
    """The settings that can be updated."""

    two_way_enabled: bool
    two_way_channel_arn: str
    two_way_channel_role: str
    self_managed_opt_outs_enabled: bool
    opt_out_list_name: str
    deletion_protection_enabled: bool


# User guide, "Two-way SMS": messages go to an Amazon SNS topic or to Amazon Connect.
# A topic's name has no colons, unlike the ARN of a subscription.
_REGION: Final = r"[a-z]{2}(-[a-z]+)+-[0-9]"
_TOPIC = re.compile(rf"arn:aws[a-z-]*:sns:{_REGION}:[0-9]{{12}}:[A-Za-z0-9_-]+(\.fifo)?", re.ASCII)
_CONNECT = re.compile(rf"connect\.{_REGION}\.amazonaws\.com", re.ASCII)


class TwoWayNumber(Protocol):
    """The attributes of a phone number that two-way settings depend on."""

    iso_country_code: str
    number_type: str


def must_be_able_to_answer(
    resource: TwoWay, changes: Mapping[str, Any], numbers: Collection[TwoWayNumber]
) -> None:
    """Refuse two-way settings that contradict each other, or that the numbers do not support."""
    must_have_a_channel(resource, changes)
    must_have_two_way_messaging_on(resource, changes)
    _must_not_manage_opt_outs_with_connect(resource, changes)
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
    """Return whether a two-way channel is Amazon Connect."""
    return channel is not None and _CONNECT.fullmatch(channel) is not None


def must_have_a_channel(resource: TwoWay, changes: Mapping[str, Any]) -> None:
    """Refuse two-way messaging without a channel, or with an invalid one.

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
        # The Reason was TWO_WAY_TOPIC_NOT_PRESENT when topics were the only channels.
        raise ValidationException(
            "TWO_WAY_CHANNEL_NOT_PRESENT",
            two_way_channel_arn="is needed when two-way messaging is on",
        )


def must_have_two_way_messaging_on(resource: TwoWay, changes: Mapping[str, Any]) -> None:
    """Refuse settings that need two-way messaging while it is off.

    Self-managed opt-outs need it (user guide); for a channel it is inferred.
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


def _must_not_manage_opt_outs_with_connect(resource: TwoWay, changes: Mapping[str, Any]) -> None:
    """Refuse self-managed opt-outs together with Amazon Connect (user guide)."""
    names = ("two_way_enabled", "two_way_channel_arn", "self_managed_opt_outs_enabled")
    before = [getattr(resource, name) for name in names]
    after = [changes.get(name, value) for name, value in zip(names, before, strict=True)]
    enabled, channel, self_managed = after
    if after != before and enabled and self_managed and is_connect(channel):
        raise ValidationException(
            "INVALID_PARAMETER",
            self_managed_opt_outs_enabled="is not supported with Amazon Connect",
        )


def has_two_way_messaging(iso_country_code: str) -> bool:
    """Return whether the numbers of a country can receive messages."""
    place = country(iso_country_code)
    return place is not None and place.two_way


def _must_be_in_a_country_with_two_way_messaging(number: TwoWayNumber) -> None:
    code = number.iso_country_code
    if not has_two_way_messaging(code):
        raise ValidationException(
            "TWO_WAY_NOT_SUPPORTED_IN_COUNTRY", two_way_enabled=f"is not possible in {code}"
        )
