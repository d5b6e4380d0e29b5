"""The properties of configuration sets that have their own operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pinpoint_sms_emu.cloudformation.caller import Caller
from pinpoint_sms_emu.cloudformation.resource_types import Attributes, Properties

_SINKS: Final = ("CloudWatchLogsDestination", "KinesisFirehoseDestination", "SnsDestination")


def set_all(
    call: Caller, attributes: Attributes, before: Properties, properties: Properties
) -> None:
    """Set the defaults, the protect configuration and the event destinations."""
    name = {"ConfigurationSetName": attributes["ConfigurationSetName"]}
    _set_sender_id(call, name, before, properties)
    _set_feedback(call, name, before, properties)
    _set_protect_configuration(call, name, before, properties)
    _set_destinations(call, name, before, properties)


def _set_sender_id(
    call: Caller, name: Mapping[str, str], before: Properties, properties: Properties
) -> None:
    former, wanted = before.get("DefaultSenderId"), properties.get("DefaultSenderId")
    if wanted is not None and wanted != former:
        call("SetDefaultSenderId", **name, SenderId=wanted)
    elif wanted is None and former is not None:
        call("DeleteDefaultSenderId", **name)


def _set_feedback(
    call: Caller, name: Mapping[str, str], before: Properties, properties: Properties
) -> None:
    former, wanted = before.get("MessageFeedbackEnabled"), properties.get("MessageFeedbackEnabled")
    if former != wanted:
        # The schema's DeleteDefaultMessageFeedbackEnabled is not an operation of the service.
        operation = "SetDefaultMessageFeedbackEnabled"
        call(operation, **name, MessageFeedbackEnabled=bool(wanted))


def _set_protect_configuration(
    call: Caller, name: Mapping[str, str], before: Properties, properties: Properties
) -> None:
    former, wanted = before.get("ProtectConfigurationId"), properties.get("ProtectConfigurationId")
    if former is not None and former != wanted:
        call("DisassociateProtectConfiguration", **name, ProtectConfigurationId=former)
    if wanted is not None and former != wanted:
        call("AssociateProtectConfiguration", **name, ProtectConfigurationId=wanted)


def _set_destinations(
    call: Caller, name: Mapping[str, str], before: Properties, properties: Properties
) -> None:
    former, wanted = _by_name(before), _by_name(properties)
    kept = {
        each
        for each in former.keys() & wanted.keys()
        # A destination cannot change its kind.
        if former[each].keys() & {*_SINKS} == wanted[each].keys() & {*_SINKS}
    }
    for gone in sorted(former.keys() - kept):
        call("DeleteEventDestination", **name, EventDestinationName=gone)
    for each, destination in wanted.items():
        if each not in kept:
            members = {key: value for key, value in destination.items() if key != "Enabled"}
            call("CreateEventDestination", **name, **members)
            if not destination["Enabled"]:
                call("UpdateEventDestination", **name, EventDestinationName=each, Enabled=False)
        elif destination != former[each]:
            call("UpdateEventDestination", **name, **destination)


def _by_name(properties: Properties) -> dict[str, dict[str, Any]]:
    return {each["EventDestinationName"]: each for each in properties.get("EventDestinations", [])}
