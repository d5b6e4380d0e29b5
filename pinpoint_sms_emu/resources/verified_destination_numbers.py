"""Verified destination numbers: the recipients in the sandbox, and the testers of RCS agents.

A number for the sandbox is verified with a code; the testers of an agent accept an invitation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.service.destinations import find_destination, read_destination
from pinpoint_sms_emu.service.listing import Filter, Paginated, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_leaving
from pinpoint_sms_emu.state.tables import Owner, Resource, Table
from pinpoint_sms_emu.state.times_log import is_recent
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.service.account import Account

_QUOTA: Final = "VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT"
# User guide, "Quotas": a number can be deleted 24 hours after it was created.
_MIN_AGE: Final = timedelta(hours=24)
# User guide, "Testing RCS messages": "at least 120 seconds".
_INVITATION_SECONDS: Final = 120


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class VerifiedDestinationNumber(Resource):
    """A number that is verified, or that waits for its code or for the answer to an invitation."""

    kind: ClassVar[str] = "verified-destination-number"
    id_prefix: ClassVar[str] = "vdn-"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"rcs-agent-id": "rcs_agent_names"}
    )

    destination_phone_number: str
    # The agent of a tester, or None for a number for the sandbox.
    rcs_agent_id: str | None = None
    verification_code: str | None = None
    code_expires: datetime | None = None
    # When codes were sent in the period to which the limit applies.
    codes_sent: list[datetime] = field(default_factory=list)
    # When SNS has sent its last password, or it was verified with that.
    last_attempted: datetime | None = None

    @property
    def rcs_agent_names(self) -> tuple[str, ...]:
        """The id and the ARN of its agent, for filters."""
        return self.names_of("rcs-agent", self.rcs_agent_id)


class VerifiedDestinationNumbers(Table[VerifiedDestinationNumber]):
    """The verified numbers of an account. The quota applies to the sandbox and to each agent."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(owner, VerifiedDestinationNumber)

    def must_accept(self, resource: VerifiedDestinationNumber) -> None:
        """Refuse a number that exceeds the quota of its agent or of the sandbox."""
        super().must_accept(resource)
        alike = sum(each.rcs_agent_id == resource.rcs_agent_id for each in self)
        if alike >= self._owner.quota(_QUOTA):
            raise ServiceQuotaExceededException(_QUOTA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tester:
    """A tester of an RCS agent."""

    verified_destination_number_id: str
    destination_phone_number: str
    rcs_agent_id: str
    status: str
    account_id: str
    region: str


@operation
def create_verified_destination_number(
    account: Account,
    *,
    destination_phone_number: str,
    rcs_agent_id: str | None = None,
    tags: dict[str, str] | None = None,
) -> VerifiedDestinationNumber:
    """Add a number to verify, or with an RCS agent, invite a tester."""
    number = read_destination(destination_phone_number, "destination_phone_number").phone_number
    if rcs_agent_id is not None:
        agent = account.rcs_agents[rcs_agent_id]
        must_not_be_leaving(agent)
        rcs_agent_id = agent.id

    for verified in account.verified_destination_numbers:
        if (verified.destination_phone_number, verified.rcs_agent_id) == (number, rcs_agent_id):
            raise ConflictException("RESOURCE_ALREADY_EXISTS", verified)

    return account.verified_destination_numbers.add(
        VerifiedDestinationNumber(
            status="PENDING",
            destination_phone_number=number,
            rcs_agent_id=rcs_agent_id,
            tags=tags or {},
        )
    )


@operation
def verify_destination_number(
    account: Account, *, verified_destination_number_id: str, verification_code: str
) -> VerifiedDestinationNumber:
    """Verify a number with the code that was sent to it."""
    verified = account.verified_destination_numbers[verified_destination_number_id]

    must_be_unverified(verified)
    if verified.code_expires is None or account.now() >= verified.code_expires:
        raise ConflictException("VERIFICATION_CODE_EXPIRED", verified)
    if verification_code != verified.verification_code:
        raise ValidationException(
            "VERIFICATION_CODE_MISMATCH", verification_code="is not the latest code"
        )

    verified.status = "VERIFIED"
    verified.verification_code = verified.code_expires = None
    return verified


def must_be_unverified(verified: VerifiedDestinationNumber) -> None:
    """Refuse a verified number."""
    if verified.status == "VERIFIED":
        raise ConflictException("VERIFICATION_ALREADY_COMPLETE", verified)


@operation
def delete_verified_destination_number(
    account: Account, *, verified_destination_number_id: str
) -> VerifiedDestinationNumber:
    """Delete a number of the sandbox, or remove a tester at once.

    AWS's agent guide: a tester without an invitation is deleted and created again, and the cleanup
    deletes a tester who has accepted.
    """
    verified = account.verified_destination_numbers[verified_destination_number_id]

    is_new = is_recent(verified.created_timestamp, account.now(), _MIN_AGE)
    if verified.rcs_agent_id is None and is_new:
        raise ConflictException("RESOURCE_DELETION_NOT_ALLOWED", verified)

    account.verified_destination_numbers.remove(verified)
    return verified


@operation
def describe_verified_destination_numbers(
    account: Account,
    *,
    verified_destination_number_ids: list[str] | None = None,
    destination_phone_numbers: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[VerifiedDestinationNumber]:
    """List the numbers that the request names by id or by phone number, or all."""
    found = select(account.verified_destination_numbers, verified_destination_number_ids, filters)
    if not destination_phone_numbers:
        return found
    destinations = map(find_destination, destination_phone_numbers)
    numbers = {destination.phone_number for destination in destinations if destination}
    return Paginated(
        found.entries,
        lambda verified: verified.destination_phone_number in numbers and found.keep(verified),
    )


# Testers.


def must_get_a_code(verified: VerifiedDestinationNumber) -> None:
    """Refuse a tester, who is invited instead (user guide, "Testing RCS messages").

    The Reason is inferred.
    """
    if verified.rcs_agent_id is not None:
        raise ValidationException(
            "INVALID_PARAMETER",
            verified_destination_number_id="is a tester of an RCS agent, who gets an invitation",
        )


def remove_testers(account: Account, agent: RcsAgent) -> None:
    """Delete the testers of a deleted agent: "all … testing configurations … are lost"."""
    for tester in account.verified_destination_numbers:
        if tester.rcs_agent_id == agent.id:
            account.verified_destination_numbers.remove(tester)


def accept_invitation(
    accounts: Iterable[Account], tester: Any, *, rcs_agent_id: str | None = None
) -> Tester:
    """Accept the invitation of an RCS agent, as a tester does with "Make me a tester".

    `tester` is the id or the ARN of a verified destination number, or the phone number itself.
    Raises a LookupError for an unknown one, and a ValueError without an open invitation.
    """
    if not isinstance(tester, str) or not tester:
        raise ValueError(f"the tester must be an id or a phone number, not {quoted(tester)}")
    if rcs_agent_id is not None and not isinstance(rcs_agent_id, str):
        raise ValueError(f"rcs_agent_id must be an id or an ARN, not {quoted(rcs_agent_id)}")
    account, verified = _find_tester(accounts, tester, rcs_agent_id)
    _must_be_invited(account, verified)

    verified.status = "VERIFIED"
    return Tester(
        verified_destination_number_id=verified.id,
        destination_phone_number=verified.destination_phone_number,
        rcs_agent_id=verified.rcs_agent_id or "",
        status=verified.status,
        account_id=account.account_id,
        region=account.region,
    )


def _find_tester(
    accounts: Iterable[Account], name: str, rcs_agent_id: str | None
) -> tuple[Account, VerifiedDestinationNumber]:
    destination = find_destination(name)
    number = destination.phone_number if destination else None
    agent_id = rcs_agent_id.rpartition("/")[2] if rcs_agent_id else None
    found = [
        (account, each)
        for account in accounts
        for each in account.verified_destination_numbers
        if name in (each.id, each.arn) or each.destination_phone_number == number
        if agent_id in (None, each.rcs_agent_id)
    ]
    testers = [(account, each) for account, each in found if each.rcs_agent_id is not None]
    if not testers:
        if found:
            raise ValueError(f"{name:.80} is not a tester of an RCS agent: a code verifies it")
        raise LookupError(f"{name:.80} is not invited to test an RCS agent")
    waiting = [each for each in testers if each[1].status == "PENDING"] or testers
    if len(waiting) > 1:
        raise ValueError(
            f"several RCS agents have invited {name:.80}: "
            "say which with rcs_agent_id, account_id or region"
        )
    return waiting[0]


def _must_be_invited(account: Account, tester: VerifiedDestinationNumber) -> None:
    """Refuse to accept an invitation that has not arrived.

    On AWS it takes 2 to 20 minutes, here it takes `transition_seconds`, or with
    `like_aws="strict"` 2 minutes.
    """
    number, agent = tester.destination_phone_number, account.rcs_agents[tester.rcs_agent_id or ""]
    if tester.status == "VERIFIED":
        raise ValueError(f"{number} is a tester of {agent.id} already")
    if agent.status not in agent.working:
        raise ValueError(f"{number} got no invitation yet: {agent.id} is {agent.status}")
    settings = account.settings
    seconds = _INVITATION_SECONDS if settings.is_strict else settings.transition_seconds
    wait = timedelta(seconds=seconds)
    if is_recent(tester.created_timestamp, account.now(), wait):
        arrives = tester.created_timestamp + wait
        raise ValueError(f"{number} got no invitation yet: it arrives at {arrives.isoformat()}")
