"""Verified destination numbers: whom an account in the sandbox may write to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

from pinpoint_sms_emu.errors import ConflictException, ValidationException
from pinpoint_sms_emu.service.destinations import find_destination, read_destination
from pinpoint_sms_emu.service.listing import Filter, Page, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_leaving
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# "Deletable only after 24 h" (user guide).
_YOUTH: Final = timedelta(hours=24)


@dataclass(slots=True, kw_only=True)
class VerifiedDestinationNumber(Resource):
    """A number whose owner has told, or has yet to tell, the code that was sent there."""

    kind: ClassVar[str] = "verified-destination-number"
    id_prefix: ClassVar[str] = "vdn-"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"rcs-agent-id": "rcs_agent_names"}
    )

    destination_phone_number: str
    rcs_agent_id: str | None = None
    verification_code: str | None = None
    code_expires: datetime | None = None
    # When codes were sent, as far back as their number is limited.
    codes_sent: list[datetime] = field(default_factory=list)

    @property
    def rcs_agent_names(self) -> tuple[str, ...]:
        """The id and the ARN of its agent, to filter by."""
        return self.names_of("rcs-agent", self.rcs_agent_id)


@operation
def create_verified_destination_number(
    account: Account,
    *,
    destination_phone_number: str,
    rcs_agent_id: str | None = None,
    tags: dict[str, str] | None = None,
) -> VerifiedDestinationNumber:
    """Note a number that is to be verified."""
    number = read_destination(destination_phone_number, "destination_phone_number").phone_number
    if rcs_agent_id is not None:
        agent = account.rcs_agents[rcs_agent_id]
        must_not_be_leaving(agent)
        rcs_agent_id = agent.id

    for verified in account.verified_destination_numbers:
        if verified.destination_phone_number == number:
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
    """Tell the code that was sent to a number."""
    verified = account.verified_destination_numbers[verified_destination_number_id]

    must_be_unverified(verified)
    if verified.code_expires is None or account.now() >= verified.code_expires:
        raise ConflictException("VERIFICATION_CODE_EXPIRED", verified)
    if verification_code != verified.verification_code:
        raise ValidationException(
            "VERIFICATION_CODE_MISMATCH", verification_code="is not the code that was sent last"
        )

    verified.status = "VERIFIED"
    verified.verification_code = verified.code_expires = None
    return verified


def must_be_unverified(verified: VerifiedDestinationNumber) -> None:
    """Refuse a number that is verified already: it needs no code any more."""
    if verified.status == "VERIFIED":
        raise ConflictException("VERIFICATION_ALREADY_COMPLETE", verified)


@operation
def delete_verified_destination_number(
    account: Account, *, verified_destination_number_id: str
) -> VerifiedDestinationNumber:
    """Forget a number. In the sandbox it gets no messages any more."""
    verified = account.verified_destination_numbers[verified_destination_number_id]

    if account.now() - verified.created_timestamp < _YOUTH:
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
) -> Page[VerifiedDestinationNumber]:
    """The numbers asked for by id or by number, or all of them."""
    page = select(account.verified_destination_numbers, verified_destination_number_ids, filters)
    if not destination_phone_numbers:
        return page
    found = (find_destination(number) for number in destination_phone_numbers)
    wanted = {destination.phone_number for destination in found if destination}
    return Page(
        page.entries,
        lambda verified: verified.destination_phone_number in wanted and page.keep(verified),
    )
