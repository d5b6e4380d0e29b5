"""Initial inputs for fuzzing: an emulator with resources of every kind, and calls about them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.wire.model import service_model
from tests.contract.samples import body, cases, sample
from tests.persistence.conftest import fill, make_client
from tests.raw import SIGNED

State = dict[str, Any]


def something_of_everything() -> State:
    """Make a state with every kind of resource, without faults and outcomes."""
    with mock_sms(seed=7) as emulator:
        fill(emulator, make_client)
        emulator.clear_faults()
        emulator.clear_outcomes()
        return emulator.snapshot()


def known(state: State) -> dict[str, str]:
    """The ids and names in a state, by the members that take them."""
    account = state["accounts"][0]
    ids = {
        "OptOutListName": account["opt_out_lists"][1]["id"],
        "PhoneNumberId": account["phone_numbers"][0]["id"],
        "PoolId": account["pools"][0]["id"],
        "RcsAgentId": account["rcs_agents"][0]["id"],
        "ConfigurationSetName": account["configuration_sets"][0]["id"],
        "EventDestinationName": "topic",
        "ProtectConfigurationId": account["protect_configurations"][0]["id"],
        "RegistrationId": account["registrations"][0]["id"],
        "RegistrationAttachmentId": account["registration_attachments"][0]["id"],
        "VerifiedDestinationNumberId": account["verified_destination_numbers"][0]["id"],
        "NotifyConfigurationId": account["notify_configurations"][0]["id"],
        "MessageId": state["messages"]["kept"][0]["id"],
        "ResourceArn": account["pools"][0]["arn"],
    }
    people = dict.fromkeys(("DestinationPhoneNumber", "OptedOutNumber"), "+14255550101")
    sender = dict.fromkeys(("OriginationIdentity", "ResourceId"), ids["PhoneNumberId"])
    country = dict.fromkeys(("IsoCountryCode", "DestinationCountryCode"), "US")
    return ids | people | sender | country | {"Keyword": "YES"}


def bodies(state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    """Make bodies of every operation: minimal, complete, and at each constraint's bound."""
    there = known(state)
    for name, operation in service_model().operations.items():
        members = service_model().shapes[operation.input_shape]["members"]
        fitting = {member: there[member] for member in members if member in there}
        yield name, sample(operation.input_shape) | fitting
        yield name, {member: sample(of["shape"]) for member, of in members.items()}
        for case in cases(name):
            for value in case.kept[:1]:
                made = body(operation.input_shape, case.path, value)
                yield name, made | {each: fitting[each] for each in fitting if each in made}


def write_seeds(state: State, folder: Path) -> None:
    """Write the small calls as input files."""
    for number, (name, members) in enumerate(bodies(state)):
        seed = spell(name, members)
        if len(seed) < 4096:
            folder.joinpath(f"{number}-{name}").write_bytes(seed)


def spell(operation: str, members: Any) -> bytes:
    """Format an input: header lines, an empty line, the body."""
    head = f"x-amz-target: PinpointSMSVoiceV2.{operation}\nauthorization: {SIGNED}"
    return f"{head}\n\n{json.dumps(members)}".encode()


def values(state: State) -> dict[str, dict[str, list[Any]]]:
    """List possible values of each member of each operation."""
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for name, members in bodies(state):
        for member, value in members.items():
            if value not in found[name][member]:
                found[name][member].append(value)
    return found
