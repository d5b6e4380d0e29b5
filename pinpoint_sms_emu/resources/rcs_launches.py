"""The launches of RCS agents: an agent sends to testers, and in countries where it is launched.

Both depend on registrations. An agent without registrations is ACTIVE in all countries, unless
registrations are required.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

from pinpoint_sms_emu.reference import data_files
from pinpoint_sms_emu.service.destinations import Destination
from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.state.tables import Entry

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.service.account import Account

# User guide, "Per-carrier launch status": "as soon as at least one carrier in that country has
# approved the agent".
_LAUNCHED: Final = ("ACTIVE", "PARTIAL")
CARRIER_STATUSES: Final = ("PENDING", "ACTIVE", "REJECTED")

# The status of a launch by the status of its registration. A launch that works keeps working while
# a new version is under review.
_LAUNCH_STATUSES: Final[Mapping[str, str]] = {
    "CREATED": "CREATED",
    "SUBMITTED": "PENDING",
    "AWS_REVIEWING": "PENDING",
    "REVIEWING": "PENDING",
    "REQUIRES_AUTHENTICATION": "PENDING",
    "PROVISIONING": "PENDING",
    "COMPLETE": "ACTIVE",
    "REQUIRES_UPDATES": "REJECTED",
    "CLOSED": "REJECTED",
}


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class CountryLaunch(Entry):
    """The launch of an agent in one country. Its id is the country."""

    kind: ClassVar[str] = "country-launch"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"country-launch-status": "status"}
    )

    registration_id: str
    status: str = "CREATED"
    rcs_platform_id: str | None = None
    # The status of each carrier, by its name.
    carriers: dict[str, str] = field(default_factory=dict)

    @property
    def iso_country_code(self) -> str:
        """The country."""
        return self.id

    @property
    def carrier_status(self) -> list[dict[str, str]]:
        """The carriers and their statuses, as in answers."""
        return [{"carrier_name": name, "status": it} for name, it in self.carriers.items()]


# Reach.


def reaches(account: Account, agent: RcsAgent, destination: Destination) -> bool:
    """Return whether an agent can send to a destination."""
    return is_launched_in(account, agent, destination.iso_country_code) or is_tester(
        account, agent, destination.phone_number
    )


def is_launched_in(account: Account, agent: RcsAgent, iso_country_code: str) -> bool:
    """Return whether an agent can send to all recipients in a country."""
    if not _has_registrations(agent):
        return bool(account.settings.registrations == "automatic")
    launch = agent.launches.get(iso_country_code)
    return launch is not None and launch.status in _LAUNCHED


def is_tester(account: Account, agent: RcsAgent, phone_number: str) -> bool:
    """Return whether a number has accepted the invitation of an agent that can be tested."""
    if not can_be_tested(agent):
        return False
    return any(
        each.rcs_agent_id == agent.id
        and each.destination_phone_number == phone_number
        and each.status == "VERIFIED"
        for each in account.owner_of(agent).verified_destination_numbers
    )


def can_be_tested(agent: RcsAgent) -> bool:
    """Return whether the testing registration of an agent is approved."""
    return agent.testing_agent is not None and agent.testing_agent["status"] == "ACTIVE"


def business_id(agent: RcsAgent, iso_country_code: str) -> str | None:
    """Return the RCS for Business ID for a country: the launch's, or else the testing agent's."""
    launch = agent.launches.get(iso_country_code)
    if launch is not None and launch.rcs_platform_id is not None:
        return launch.rcs_platform_id
    return (agent.testing_agent or {}).get("testing_agent_id")


# Registrations.


def is_registered_by(agent: RcsAgent, registration_id: str) -> bool:
    """Return whether an agent is associated with a registration."""
    return _is_tested_by(agent, registration_id) or bool(_launches_of(agent, registration_id))


def has_registration_for(agent: RcsAgent, iso_country_code: str | None) -> bool:
    """Return whether an agent has a registration for a country, or for testing (None)."""
    if iso_country_code is None:
        return agent.testing_agent is not None
    return iso_country_code in agent.launches


def register(
    account: Account,
    agent: RcsAgent,
    registration_id: str,
    registration_status: str,
    iso_country_code: str | None,
) -> None:
    """Associate an agent with a registration for a country, or for testing (None)."""
    if iso_country_code is None:
        agent.testing_agent = {"status": "CREATED", "registration_id": registration_id}
    else:
        agent.launches[iso_country_code] = CountryLaunch(
            id=iso_country_code,
            sequence=account.next_sequence(),
            registration_id=registration_id,
            carriers=dict.fromkeys(_carriers()[iso_country_code], "PENDING"),
        )
    _follow(account, agent, registration_id, registration_status)


def unregister(account: Account, registration_id: str) -> None:
    """End the launches of a deleted registration. A testing agent is removed later.

    Observed: the agent cannot be deleted in the next 20 to 30 seconds.
    """
    for agent in account.rcs_agents:
        for launch in _launches_of(agent, registration_id):
            del agent.launches[launch.id]
            update_status(account, agent)
        if _is_tested_by(agent, registration_id):
            account.schedule(tear_down_testing_agent, agent)


@job
def tear_down_testing_agent(account: Account, agent: RcsAgent) -> None:
    """End a testing agent whose registration was deleted."""
    testing = agent.testing_agent
    if testing is not None and testing["registration_id"] not in account.registrations:
        agent.testing_agent = None
        update_status(account, agent)


def follow_registration(account: Account, registration_id: str, status: str) -> None:
    """Update the agents of a registration by its status."""
    for agent in account.rcs_agents:
        if is_registered_by(agent, registration_id):
            _follow(account, agent, registration_id, status)


def set_carriers(account: Account, registration_id: str, carriers: Mapping[str, str]) -> None:
    """Set the decisions of single carriers about the agents of a registration.

    An unknown carrier or status raises a ValueError, and changes nothing.
    """
    agents = [each for each in account.rcs_agents if _launches_of(each, registration_id)]
    launches = [launch for each in agents for launch in _launches_of(each, registration_id)]
    if not launches:
        raise ValueError(f"{registration_id} launches no RCS agent, so it has no carriers")
    for name, status in carriers.items():
        if known := next((each.carriers for each in launches if name not in each.carriers), None):
            raise ValueError(f"carriers are {', '.join(known)}, not {name!r:.80}")
        if status not in CARRIER_STATUSES:
            raise ValueError(
                f"a carrier is {', '.join(CARRIER_STATUSES)}, not {status!r:.80}: {name}"
            )

    for launch in launches:
        launch.carriers |= carriers
        _follow_carriers(account, launch)
    for agent in agents:
        update_status(account, agent)


def _follow(account: Account, agent: RcsAgent, registration_id: str, status: str) -> None:
    launch_status = _LAUNCH_STATUSES.get(status, "CREATED")
    for launch in _launches_of(agent, registration_id):
        if launch.status not in _LAUNCHED or status in ("COMPLETE", "CLOSED"):
            _set_launch_status(account, launch, launch_status)
    if agent.testing_agent and _is_tested_by(agent, registration_id):
        _follow_testing(account, agent.testing_agent, launch_status)
    update_status(account, agent)


def _set_launch_status(account: Account, launch: CountryLaunch, status: str) -> None:
    match status:
        case "ACTIVE":
            # Earlier decisions of carriers do not change.
            waiting = [name for name, it in launch.carriers.items() if it == "PENDING"]
            launch.carriers |= dict.fromkeys(waiting or _all_if_rejected(launch), "ACTIVE")
        case "REJECTED":
            launch.carriers = dict.fromkeys(launch.carriers, "REJECTED")
        case _:
            launch.carriers = dict.fromkeys(launch.carriers, "PENDING")
    launch.status = status
    _follow_carriers(account, launch)


def _all_if_rejected(launch: CountryLaunch) -> Iterable[str]:
    """Return all carriers if all have rejected the launch, which is approved now."""
    return launch.carriers if "ACTIVE" not in launch.carriers.values() else ()


def _follow_carriers(account: Account, launch: CountryLaunch) -> None:
    """Update the status of a launch by its carriers; an ACTIVE one gets a platform id."""
    statuses = set(launch.carriers.values())
    if "ACTIVE" in statuses:
        launch.status = "PARTIAL" if len(statuses) > 1 else "ACTIVE"
        launch.rcs_platform_id = launch.rcs_platform_id or _platform_id(account)
    elif statuses == {"REJECTED"}:
        launch.status = "REJECTED"
    elif launch.status in _LAUNCHED:
        launch.status = "PENDING"


def _follow_testing(account: Account, testing: dict[str, str], launch_status: str) -> None:
    """Update a testing agent: CREATED, PENDING or ACTIVE. CREATED after a denial is inferred."""
    if testing["status"] != "ACTIVE" or launch_status == "REJECTED":
        testing["status"] = "CREATED" if launch_status == "REJECTED" else launch_status
    if testing["status"] == "ACTIVE" and "testing_agent_id" not in testing:
        testing["testing_agent_id"] = _platform_id(account)


def update_status(account: Account, agent: RcsAgent) -> None:
    """Update the status of an agent by its registrations (user guide, "Lifecycle states")."""
    if agent.status == "DELETED":
        return
    if not _has_registrations(agent):
        automatic = account.settings.registrations == "automatic"
        agent.status = "ACTIVE" if automatic else "CREATED"
        return
    # "Not all submitted country launches are active": a launch that was not submitted is ignored.
    submitted = {each.status for each in agent.launches.values()} - {"CREATED"}
    testing = agent.testing_agent["status"] if agent.testing_agent else "CREATED"
    if not submitted.isdisjoint(_LAUNCHED):
        agent.status = "ACTIVE" if submitted == {"ACTIVE"} else "PARTIAL"
    elif testing == "ACTIVE":
        agent.status = "TESTING"
    else:
        agent.status = "PENDING" if "PENDING" in {*submitted, testing} else "CREATED"


def _has_registrations(agent: RcsAgent) -> bool:
    return bool(agent.launches) or agent.testing_agent is not None


def _is_tested_by(agent: RcsAgent, registration_id: str) -> bool:
    return agent.testing_agent is not None and (
        agent.testing_agent["registration_id"] == registration_id
    )


def _launches_of(agent: RcsAgent, registration_id: str) -> list[CountryLaunch]:
    return [each for each in agent.launches.values() if each.registration_id == registration_id]


def _platform_id(account: Account) -> str:
    """Generate an RCS for Business ID, in the format of published ones."""
    return f"rcs_{account.random_source.hexadecimal(8)}_agent"


@cache
def _carriers() -> Mapping[str, list[str]]:
    carriers: Mapping[str, list[str]] = data_files.read("rcs_carriers")["carriers"]
    return carriers
