"""Configuration sets: defaults for messages that name one, and their event destinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from pinpoint_sms_emu.resources.event_destinations import EventDestination
from pinpoint_sms_emu.service.listing import Filter, Paginated, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class ConfigurationSet(Resource):
    """A configuration set. Its id is its name."""

    kind: ClassVar[str] = "configuration-set"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "event-destination-name": "event_destination_names",
            "protect-configuration-id": "protect_configuration_names",
        }
    )

    default_message_type: str | None = None
    default_sender_id: str | None = None
    default_message_feedback_enabled: bool = False
    protect_configuration_id: str | None = None
    event_destinations: dict[str, EventDestination] = field(default_factory=dict)

    @property
    def reference(self) -> dict[str, Any]:
        """The name and ARN of the set, in answers about parts of it."""
        return {"configuration_set_arn": self.arn, "configuration_set_name": self.name}

    @property
    def protect_configuration_names(self) -> tuple[str, ...]:
        """The id and the ARN of its protect configuration, for filters."""
        return self.names_of("protect-configuration", self.protect_configuration_id)

    @property
    def event_destination_names(self) -> set[str]:
        """The names of its destinations, for filters."""
        return set(self.event_destinations)

    @property
    def matching_event_types(self) -> set[str]:
        """All event types that its destinations list, including words such as ALL, for filters."""
        destinations = self.event_destinations.values()
        return {word for each in destinations for word in each.matching_event_types}


@operation
def create_configuration_set(
    account: Account, *, configuration_set_name: str, tags: dict[str, str] | None = None
) -> ConfigurationSet:
    """Create a set without destinations and defaults."""
    return account.configuration_sets.add(
        ConfigurationSet(id=configuration_set_name, tags=tags or {})
    )


@operation
def delete_configuration_set(account: Account, *, configuration_set_name: str) -> ConfigurationSet:
    """Delete a set with all its destinations. This is never refused."""
    configuration_set = account.configuration_sets[configuration_set_name]

    account.configuration_sets.remove(configuration_set)
    return configuration_set


@operation
def describe_configuration_sets(
    account: Account,
    *,
    configuration_set_names: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[ConfigurationSet]:
    """List the configuration sets that the request names, or all."""
    return select(account.configuration_sets, configuration_set_names, filters)


@operation
def set_default_message_type(
    account: Account, *, configuration_set_name: str, message_type: str
) -> dict[str, Any]:
    """Set the type of messages that do not specify one."""
    configuration_set = account.configuration_sets[configuration_set_name]

    configuration_set.default_message_type = message_type
    return configuration_set.reference | {"message_type": message_type}


@operation
def delete_default_message_type(account: Account, *, configuration_set_name: str) -> dict[str, Any]:
    """Delete the default message type, and return it."""
    configuration_set = account.configuration_sets[configuration_set_name]

    message_type = configuration_set.default_message_type
    configuration_set.default_message_type = None
    return configuration_set.reference | {"message_type": message_type}


@operation
def set_default_sender_id(
    account: Account, *, configuration_set_name: str, sender_id: str
) -> dict[str, Any]:
    """Set the sender ID of messages without one; it need not exist (decisions 14)."""
    configuration_set = account.configuration_sets[configuration_set_name]

    configuration_set.default_sender_id = sender_id
    return configuration_set.reference | {"sender_id": sender_id}


@operation
def delete_default_sender_id(account: Account, *, configuration_set_name: str) -> dict[str, Any]:
    """Delete the default sender ID, and return it."""
    configuration_set = account.configuration_sets[configuration_set_name]

    sender_id = configuration_set.default_sender_id
    configuration_set.default_sender_id = None
    return configuration_set.reference | {"sender_id": sender_id}


@operation
def set_default_message_feedback_enabled(
    account: Account, *, configuration_set_name: str, message_feedback_enabled: bool
) -> dict[str, Any]:
    """Set whether messages that do not specify it expect feedback."""
    configuration_set = account.configuration_sets[configuration_set_name]

    configuration_set.default_message_feedback_enabled = message_feedback_enabled
    return configuration_set.reference | {"message_feedback_enabled": message_feedback_enabled}
