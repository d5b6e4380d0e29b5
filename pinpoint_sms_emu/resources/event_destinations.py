"""Event destinations: where the events of a configuration set's messages are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypedDict, Unpack

from pinpoint_sms_emu.errors import (
    ConflictException,
    ResourceNotFoundException,
    ResourceReference,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.tables import Entry

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.configuration_sets import ConfigurationSet
    from pinpoint_sms_emu.service.account import Account


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class EventDestination(Entry):
    """An event destination. Its id is its name, which is unique in the configuration set."""

    kind: ClassVar[str] = "event-destination"

    matching_event_types: list[str]
    enabled: bool = True
    # Exactly one of these is set, with the ARNs of the target and the role.
    cloud_watch_logs_destination: dict[str, str] | None = None
    kinesis_firehose_destination: dict[str, str] | None = None
    sns_destination: dict[str, str] | None = None

    def matches(self, event_type: str) -> bool:
        """Return whether events of a type are sent here: TEXT_ALL matches all TEXT_ events."""
        group = event_type.partition("_")[0] + "_ALL"
        return self.enabled and not {"ALL", group, event_type}.isdisjoint(self.matching_event_types)


class SinkMembers(TypedDict, total=False):
    """The kinds of targets, of which an event destination has exactly one."""

    cloud_watch_logs_destination: dict[str, str]
    kinesis_firehose_destination: dict[str, str]
    sns_destination: dict[str, str]


SINKS: Final = tuple(SinkMembers.__annotations__)


class EventDestinationChanges(SinkMembers, total=False):
    """The settings that can be updated."""

    enabled: bool
    matching_event_types: list[str]


@operation
def create_event_destination(
    account: Account,
    *,
    configuration_set_name: str,
    event_destination_name: str,
    matching_event_types: list[str],
    **sink: Unpack[SinkMembers],
) -> dict[str, Any]:
    """Add an enabled event destination."""
    _must_be_one_kind(sink)
    if not sink:
        raise ValidationException(
            "MISSING_PARAMETER", **dict.fromkeys(SINKS, "exactly one destination is required")
        )

    # Not by ARN: this operation does not find the set by its ARN (decisions 9).
    configuration_set = account.configuration_sets.get(configuration_set_name)
    if configuration_set is None:
        raise ResourceNotFoundException(
            ResourceReference("configuration-set", configuration_set_name)
        )

    destinations = configuration_set.event_destinations
    if event_destination_name in destinations:
        raise ConflictException("RESOURCE_ALREADY_EXISTS", destinations[event_destination_name])
    if len(destinations) >= account.quota("EVENT_DESTINATIONS_PER_CONFIGURATION_SET"):
        raise ServiceQuotaExceededException("EVENT_DESTINATIONS_PER_CONFIGURATION_SET")

    destination = EventDestination(
        id=event_destination_name, matching_event_types=matching_event_types, **sink
    )
    destinations[destination.name] = destination
    return _answer(configuration_set, destination)


@operation
def update_event_destination(
    account: Account,
    *,
    configuration_set_name: str,
    event_destination_name: str,
    **changes: Unpack[EventDestinationChanges],
) -> dict[str, Any]:
    """Change the given settings. The kind of target cannot change."""
    _must_be_one_kind(changes)
    configuration_set = account.configuration_sets[configuration_set_name]
    destination = _find(configuration_set, event_destination_name)

    if any(sink in changes and getattr(destination, sink) is None for sink in SINKS):
        raise ConflictException("EVENT_DESTINATION_MISMATCH", destination)

    destination.change(changes)
    return _answer(configuration_set, destination)


@operation
def delete_event_destination(
    account: Account, *, configuration_set_name: str, event_destination_name: str
) -> dict[str, Any]:
    """Remove a destination from its set."""
    configuration_set = account.configuration_sets[configuration_set_name]
    destination = _find(configuration_set, event_destination_name)

    del configuration_set.event_destinations[destination.name]
    return _answer(configuration_set, destination)


def _find(configuration_set: ConfigurationSet, name: str) -> EventDestination:
    destination = configuration_set.event_destinations.get(name)
    if destination is None:
        raise ResourceNotFoundException(ResourceReference(EventDestination.kind, name))
    return destination


def _must_be_one_kind(given: SinkMembers | EventDestinationChanges) -> None:
    """Refuse several targets at once: each event destination has one."""
    if len(given.keys() & set(SINKS)) > 1:
        raise ValidationException(
            "PARAMETERS_CANNOT_BE_USED_TOGETHER",
            **dict.fromkeys(SINKS, "only one destination can be given"),
        )


def _answer(configuration_set: ConfigurationSet, destination: EventDestination) -> dict[str, Any]:
    return configuration_set.reference | {"event_destination": destination}
