"""RCS agents, from which RCS messages are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from pinpoint_sms_emu.errors import ConflictException, ValidationException
from pinpoint_sms_emu.reference.rates import RCS_AGENT_RATE
from pinpoint_sms_emu.resources.identities import must_be_free
from pinpoint_sms_emu.resources.opt_out_lists import chosen_list
from pinpoint_sms_emu.resources.rcs_launches import CountryLaunch, update_status
from pinpoint_sms_emu.resources.two_way import (
    TwoWay,
    TwoWayChanges,
    must_have_a_channel,
    must_have_two_way_messaging_on,
)
from pinpoint_sms_emu.resources.verified_destination_numbers import remove_testers
from pinpoint_sms_emu.service.life_cycle import remove_deleted
from pinpoint_sms_emu.service.listing import Filter, Listed, Paginated, matching, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_leaving, must_not_be_protected
from pinpoint_sms_emu.state.scheduler import job

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

UNSET_MEDIA = "UNSET_RCS_MEDIA_CONFIGURATION"
_MEDIA = ("two_way_media_s3_bucket_name", "two_way_media_s3_key_prefix", "two_way_media_s3_role")
# The two that are set and unset together.
_BUCKET, _, _ROLE = _MEDIA


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class RcsAgent(TwoWay):
    """An agent. It has no country, but is launched in each country where it sends."""

    kind: ClassVar[str] = "rcs-agent"
    id_prefix: ClassVar[str] = "rcs-"
    # Attributes that other members of a pool have.
    iso_country_code: ClassVar[None] = None
    message_type: ClassVar[None] = None
    number_capabilities: ClassVar[tuple[str, ...]] = ("RCS",)
    # User guide, "Lifecycle states": a PARTIAL agent sends "in countries where it has been
    # approved", a TESTING one "to registered test devices".
    working: ClassVar[tuple[str, ...]] = ("ACTIVE", "PARTIAL", "TESTING")

    pool_id: str | None = None
    pool_account_id: str | None = None
    two_way_media_s3_bucket_name: str | None = None
    two_way_media_s3_key_prefix: str | None = None
    two_way_media_s3_role: str | None = None
    two_way_rcs_events_enabled: list[str] | None = None
    # The TestingAgent of DescribeRcsAgents: status, testing_agent_id, registration_id.
    testing_agent: dict[str, str] | None = None
    launches: dict[str, CountryLaunch] = field(default_factory=dict)

    @property
    def messaging_limits(self) -> dict[str, Any]:
        """Its sending rates."""
        return {"rate_limits": {"RCS": RCS_AGENT_RATE}}

    def change(self, changes: Mapping[str, Any]) -> None:
        """Set the given attributes; without two-way messaging, remove the media settings."""
        TwoWay.change(self, changes)
        if not self.two_way_enabled or self.two_way_media_s3_bucket_name == UNSET_MEDIA:
            for name in _MEDIA:
                setattr(self, name, None)


class RcsAgentChanges(TwoWayChanges, total=False):
    """The settings that can be updated."""

    two_way_media_s3_bucket_name: str
    two_way_media_s3_key_prefix: str
    two_way_media_s3_role: str
    two_way_rcs_events_enabled: list[str]


@operation
def create_rcs_agent(
    account: Account,
    *,
    deletion_protection_enabled: bool = False,
    opt_out_list_name: str | None = None,
    tags: dict[str, str] | None = None,
) -> RcsAgent:
    """Create an agent, which can send after it was launched."""
    chosen = chosen_list(account, opt_out_list_name)

    agent = RcsAgent(
        status="CREATED",
        deletion_protection_enabled=deletion_protection_enabled,
        tags=tags or {},
        **chosen,
    )
    account.rcs_agents.add(agent)
    if account.settings.registrations == "automatic":
        account.schedule(launch, agent)
    return agent


@operation
def update_rcs_agent(
    account: Account, *, rcs_agent_id: str, **changes: Unpack[RcsAgentChanges]
) -> RcsAgent:
    """Change the given settings, and keep the others."""
    _must_be_complete(changes)
    agent = account.rcs_agents[rcs_agent_id]
    chosen = chosen_list(account, changes.get("opt_out_list_name"))

    if not changes.keys().isdisjoint(agent.inherited):
        # Inferred from numbers: settings of the pool cannot be changed on a member.
        must_be_free(agent)
    _must_not_be_deleted(agent)
    must_have_a_channel(agent, changes)
    must_have_two_way_messaging_on(agent, changes)
    _must_be_able_to_keep_media(agent, changes)

    agent.change({**changes, **chosen})
    return agent


@operation
def delete_rcs_agent(account: Account, *, rcs_agent_id: str) -> RcsAgent:
    """Delete an agent."""
    agent = account.rcs_agents[rcs_agent_id]

    must_not_be_leaving(agent)
    must_not_be_protected(agent)
    must_be_free(agent)
    if agent.launches or agent.testing_agent:
        # User guide: "you must first delete all associated registrations"; observed.
        raise ConflictException("RESOURCE_NOT_EMPTY", agent)

    agent.status = "DELETED"
    remove_testers(account, agent)
    account.schedule(remove_deleted, agent)
    return agent


@operation
def describe_rcs_agents(
    account: Account,
    *,
    rcs_agent_ids: list[str] | None = None,
    owner: str | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[RcsAgent]:
    """List the agents that the request names, or all."""
    return select(account.rcs_agents, rcs_agent_ids, filters, owner)


@operation
def describe_rcs_agent_country_launch_status(
    account: Account,
    *,
    rcs_agent_id: str,
    iso_country_codes: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[CountryLaunch]:
    """List the launches of an agent in the countries that the request names, or in all."""
    agent = account.rcs_agents[rcs_agent_id]

    found = sorted(
        (
            each
            for each in agent.launches.values()
            if not iso_country_codes or each.id in iso_country_codes
        ),
        key=lambda each: each.sequence,
    )
    beside = {"rcs_agent_arn": agent.arn, "rcs_agent_id": agent.id}
    return Paginated(Listed(found), matching(filters, CountryLaunch), beside)


@job
def launch(account: Account, agent: RcsAgent) -> None:
    """Activate a new agent, unless it has registrations by now."""
    update_status(account, agent)


def _must_not_be_deleted(agent: RcsAgent) -> None:
    if agent.status == "DELETED":
        raise ConflictException("RESOURCE_NOT_ACTIVE", agent)


def _must_be_complete(changes: Mapping[str, Any]) -> None:
    """Refuse to unset only the bucket or only the role, and ALL together with other events."""
    if (changes.get(_BUCKET) == UNSET_MEDIA) != (changes.get(_ROLE) == UNSET_MEDIA):
        why = f"are both {UNSET_MEDIA} or neither"
        raise ValidationException("INVALID_PARAMETER", **dict.fromkeys((_BUCKET, _ROLE), why))
    events = changes.get("two_way_rcs_events_enabled", [])
    if "ALL" in events and events != ["ALL"]:
        raise ValidationException(
            "INVALID_PARAMETER", two_way_rcs_events_enabled="ALL must be the only element"
        )


def _must_be_able_to_keep_media(agent: RcsAgent, changes: Mapping[str, Any]) -> None:
    """Refuse a bucket or role for media without two-way messaging, or one without the other.

    User guide, "Receiving inbound RCS media", of bucket and role: "If you specify one, you must
    specify both."
    """
    given = [name for name in _MEDIA if name in changes]
    if changes.get(_BUCKET) == UNSET_MEDIA or not given:
        return
    if not changes.get("two_way_enabled", agent.two_way_enabled):
        raise ValidationException(
            "TWO_WAY_NOT_ENABLED", **dict.fromkeys(given, "needs two-way messaging")
        )
    for name, other, what in ((_BUCKET, _ROLE, "bucket"), (_ROLE, _BUCKET, "role")):
        if name in changes and other not in changes:
            raise ValidationException("MISSING_PARAMETER", **{other: f"is needed with a {what}"})
