"""What hangs on a registration: numbers and sender IDs are ACTIVE, agents are launched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinpoint_sms_emu.resources.rcs_agents import CountryLaunch, RcsAgent
from pinpoint_sms_emu.resources.registrations.registered_identities import (
    launches_of,
    numbers,
    sender_ids,
)
from pinpoint_sms_emu.resources.registrations.required_registrations import (
    waits_for_its_registration,
)
from pinpoint_sms_emu.resources.sender_ids import SenderId

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

_SENDER_ID = "senderIdInfo.senderId"

# The carriers of an agent in each country. The user guide's pages on launching RCS name those of
# AT, BR, GB, NL, PE and SG; the others are ours.
_CARRIERS = {
    "AT": ("A1 Telekom", "Hi3G", "T-Mobile"),
    "BR": ("Claro", "TIM", "Vivo"),
    "CA": ("Bell", "Rogers", "TELUS"),
    "CO": ("Claro",),
    "CZ": ("O2", "T-Mobile", "Vodafone"),
    "DE": ("O2", "Telekom", "Vodafone"),
    "DK": ("TDC", "Telenor"),
    "DO": ("Claro",),
    "ES": ("Movistar", "Orange", "Vodafone"),
    "FR": ("Bouygues", "Orange", "SFR"),
    "GB": ("BT", "EE", "O2", "Three", "Vodafone"),
    "GT": ("Claro",),
    "IT": ("TIM", "Vodafone", "WindTre"),
    "MX": ("AT&T", "Telcel"),
    "NL": ("Odido", "VodafoneZiggo"),
    "NO": ("Telenor", "Telia"),
    "PE": ("Entel",),
    "PL": ("Orange", "Play", "Plus"),
    "SE": ("Tele2", "Telia"),
    "SG": ("M1", "Singtel", "StarHub", "TPG"),
    "SK": ("O2", "Orange"),
    "US": ("AT&T", "T-Mobile", "Verizon"),
}
# Where they stand while the launch has a status.
_CARRIER_STATUS = {"ACTIVE": "ACTIVE", "REJECTED": "REJECTED"}


def provision(account: Account, registration: Registration) -> bool:
    """Let the identities of an approved registration work; tells whether there was room."""
    for number in numbers(account, registration):
        if number.status == "PENDING":
            number.status = "ACTIVE"
    has_room = _give_its_sender_id(account, registration)
    for sender in sender_ids(account, registration):
        sender.registered = True
    launch_agents(account, registration, "ACTIVE")
    return has_room


def withdraw(account: Account, registration: Registration) -> None:
    """Let the identities of a registration that was taken back wait for it again."""
    for number in numbers(account, registration):
        if number.status == "ACTIVE":
            number.status = "PENDING"
    for sender in sender_ids(account, registration):
        sender.registered = False
    launch_agents(account, registration, "REJECTED")


def disassociate(account: Account, registration: Registration) -> None:
    """Take all identities from a registration that is being deleted."""
    for number in numbers(account, registration):
        number.registration_id = None
        if number.status == "ACTIVE" and waits_for_its_registration(
            account, number.iso_country_code, number.number_type, None
        ):
            number.status = "PENDING"
    for sender in sender_ids(account, registration):
        sender.registration_id = None
    for agent in account.rcs_agents:
        for each in launches_of(agent.launches, registration):
            del agent.launches[each.id]
            _follow_launches(account, agent)


def add_launch(
    account: Account, agent: RcsAgent, registration: Registration, iso_country_code: str
) -> None:
    """Note that an agent is to be launched in a country."""
    agent.launches[iso_country_code] = CountryLaunch(
        id=iso_country_code,
        sequence=account.next_sequence(),
        registration_id=registration.id,
        carriers=dict.fromkeys(_CARRIERS[iso_country_code], "PENDING"),
    )
    _follow_launches(account, agent)


def launch_agents(account: Account, registration: Registration, status: str) -> None:
    """Let the launches that a registration is about have a status, and the agents follow."""
    for agent in account.rcs_agents:
        for each in launches_of(agent.launches, registration):
            each.status = status
            each.carriers = dict.fromkeys(each.carriers, _CARRIER_STATUS.get(status, "PENDING"))
            _follow_launches(account, agent)


def _follow_launches(account: Account, agent: RcsAgent) -> None:
    """Let an agent stand where its launches do; without rules it is ACTIVE by itself."""
    # "Not all submitted country launches are active": what was only begun does not count.
    statuses = {each.status for each in agent.launches.values()} - {"CREATED"}
    if agent.status == "DELETED" or account.settings.registrations == "automatic":
        return
    if "ACTIVE" in statuses:
        agent.status = "PARTIAL" if len(statuses) > 1 else "ACTIVE"
    else:
        agent.status = "PENDING" if "PENDING" in statuses else "CREATED"


def _give_its_sender_id(account: Account, registration: Registration) -> bool:
    """Make the sender ID that a form names: ASSOCIATE_ON_APPROVAL, "automatically provisioned"."""
    approved = registration.approved
    named = approved.values.get(_SENDER_ID) if approved else None
    country = registration.country_of("sender-id")
    if named is None or named.text_value is None or country is None:
        return True
    name = named.text_value.upper()
    sender = account.sender_ids.get(f"{name}/{country}")
    if sender is None:
        if len(account.sender_ids) >= account.quota("SENDER_IDS_PER_ACCOUNT"):
            return False
        # For which types of messages is not asked in every form, so it is for both.
        sender = account.sender_ids.add(
            SenderId(
                id=name, iso_country_code=country, message_types=["TRANSACTIONAL", "PROMOTIONAL"]
            )
        )
    if sender.registration_id is None:
        sender.registration_id = registration.id
    return True
