"""Sender IDs: names that recipients see instead of a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, Unpack

from pinpoint_sms_emu.errors import ConflictException, ValidationException
from pinpoint_sms_emu.reference.countries import country, leasing_price
from pinpoint_sms_emu.reference.rates import SENDER_ID_RATE
from pinpoint_sms_emu.resources.identities import find_sender_id
from pinpoint_sms_emu.resources.registrations.registered_identities import (
    close_if_empty,
    must_be_free_to_leave,
)
from pinpoint_sms_emu.service.listing import Filter, Paginated, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_protected
from pinpoint_sms_emu.state.tables import Owner, Resource, Table
from pinpoint_sms_emu.state.times_log import is_recent

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# RequestSenderId: letters, digits and hyphens, "at least one letter", no hyphen at either end.
_WELL_FORMED = re.compile(r"(?!-)(?=.*[A-Za-z])[A-Za-z0-9-]+(?<!-)")

# User guide, "Supported countries and regions for SMS messaging", note 11: "As of March 1, 2026,
# France does not support the dash character (-) in sender IDs."
_WITHOUT_DASH = frozenset({"FR"})


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class SenderId(Resource):
    """A sender ID of an account in one country. Its id is the name, in upper case."""

    kind: ClassVar[str] = "sender-id"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"sender-id": "names", "message-type": "message_types"}
    )
    # An attribute that other members of a pool have.
    number_capabilities: ClassVar[tuple[str, ...]] = ("SMS",)
    # The model does not list the possible values.
    pricing_tier: ClassVar[str] = "STANDARD"

    iso_country_code: str
    message_types: list[str]
    monthly_leasing_price: str = leasing_price("SENDER_ID")
    deletion_protection_enabled: bool = False
    registered: bool = False
    registration_id: str | None = None
    # Unlike a number, it can be in many pools.
    pool_ids: list[str] = field(default_factory=list)
    # The pools of other accounts that it is in.
    shared_pool_arns: list[str] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, str]:
        """Its name and its ARN, in upper case, for filters."""
        return self.id, self.arn.upper()

    @property
    def key(self) -> str:
        """The name and the country: an account can have a name in several countries."""
        return f"{self.id}/{self.iso_country_code}"

    @property
    def messaging_limits(self) -> dict[str, Any]:
        """Its sending rates."""
        return {"rate_limits": {"SMS": SENDER_ID_RATE}}


class SenderIds(Table[SenderId]):
    """The sender IDs of an account. Names and ARNs are not case-sensitive."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(owner, SenderId, quota="SENDER_IDS_PER_ACCOUNT")

    def normalized(self, key: str) -> str:
        """Convert a name and its country to upper case."""
        return key.upper()


def supports_characters(iso_country_code: str, name: str) -> bool:
    """Whether a country supports the characters of a sender ID."""
    return "-" not in name or iso_country_code not in _WITHOUT_DASH


class SenderIdAndCountry(TypedDict):
    """A sender ID in a request: a name or an ARN, and the country."""

    sender_id: str
    iso_country_code: str


class SenderIdChanges(TypedDict, total=False):
    """The settings that can be updated."""

    deletion_protection_enabled: bool


@operation
def request_sender_id(
    account: Account,
    *,
    sender_id: str,
    iso_country_code: str,
    message_types: list[str] | None = None,
    deletion_protection_enabled: bool = False,
    tags: dict[str, str] | None = None,
) -> SenderId:
    """Request a sender ID for a country without registrations."""
    place = country(iso_country_code)
    sender = SenderId(
        id=sender_id.upper(),
        iso_country_code=iso_country_code,
        # The default is not documented; the answer has at least one.
        message_types=message_types or ["TRANSACTIONAL", "PROMOTIONAL"],
        deletion_protection_enabled=deletion_protection_enabled,
        registered=place is not None and place.sender_ids == "registration",
        tags=tags or {},
    )

    if not _WELL_FORMED.fullmatch(sender_id):
        raise ValidationException(
            "INVALID_PARAMETER",
            sender_id="needs a letter, takes letters, digits and hyphens, and no hyphen at an end",
        )
    if not supports_characters(iso_country_code, sender_id):
        raise ValidationException(
            "INVALID_PARAMETER", sender_id=f"takes no hyphen in {iso_country_code}"
        )
    if place is None or place.sender_ids == "unsupported":
        raise ValidationException(
            "SENDER_ID_NOT_SUPPORTED", iso_country_code=f"{iso_country_code} has no sender IDs"
        )
    if must_be_registered(account, iso_country_code):
        raise ValidationException(
            "SENDER_ID_REQUIRES_REGISTRATION", iso_country_code="is where they must be registered"
        )
    _must_not_be_being_released(account, sender)

    return account.sender_ids.add(sender)


@operation
def describe_sender_ids(
    account: Account,
    *,
    sender_ids: list[SenderIdAndCountry] | None = None,
    filters: list[Filter] | None = None,
    owner: str | None = None,
) -> Paginated[SenderId]:
    """List the sender IDs that the request names, or all."""
    named = [_find_described(account, each).arn for each in sender_ids or ()]
    return select(account.sender_ids, named, _in_upper_case(filters), owner)


def _find_described(account: Account, named: SenderIdAndCountry) -> SenderId:
    """Find a sender ID of a list; an error names the list, as for every nested member."""
    try:
        return find_sender_id(account, **named)
    except ValidationException as error:
        if error.reason != "COUNTRY_CODE_MISMATCH":
            raise
        why = f"{named['sender_id']} is not of {named['iso_country_code']}"
        raise ValidationException("COUNTRY_CODE_MISMATCH", sender_ids=why) from error


def _in_upper_case(filters: list[Filter] | None) -> list[Filter] | None:
    """Convert the names in filters to upper case."""
    if filters is None:
        return None
    return [
        Filter(name=each["name"], values=[value.upper() for value in each["values"]])
        if each["name"] == "sender-id"
        else each
        for each in filters
    ]


@operation
def update_sender_id(
    account: Account, *, sender_id: str, iso_country_code: str, **changes: Unpack[SenderIdChanges]
) -> SenderId:
    """Change the given settings, and keep the others."""
    sender = find_sender_id(account, sender_id, iso_country_code)

    sender.change(changes)
    return sender


@operation
def release_sender_id(account: Account, *, sender_id: str, iso_country_code: str) -> SenderId:
    """Release a sender ID, which is removed at once."""
    sender = find_sender_id(account, sender_id, iso_country_code)

    must_not_be_protected(sender)
    if sender.pool_ids or sender.shared_pool_arns:
        raise ConflictException("SENDER_ID_ASSOCIATED_TO_POOL", sender)
    must_be_free_to_leave(account, sender)

    account.sender_ids.remove(sender)
    close_if_empty(account, sender.registration_id)
    if seconds := account.settings.transition_seconds:
        is_final_at = account.now() + timedelta(seconds=seconds)
        account.released_sender_ids = {**_being_released(account), sender.key: is_final_at}
    return sender


def must_be_registered(account: Account, iso_country_code: str) -> bool:
    """Return whether an account gets sender IDs of a country only with a registration."""
    place = country(iso_country_code)
    is_registered = place is not None and place.sender_ids == "registration"
    return is_registered and account.settings.registrations == "required"


def _being_released(account: Account) -> dict[str, datetime]:
    """Return the sender IDs whose release is not final yet, and when it will be."""
    now, period = account.now(), timedelta(seconds=account.settings.transition_seconds)
    return {
        key: is_final_at
        for key, is_final_at in account.released_sender_ids.items()
        if is_recent(is_final_at - period, now, period)
    }


def _must_not_be_being_released(account: Account, sender: SenderId) -> None:
    """Refuse a name until its release is final, which takes about two minutes (observed)."""
    if sender.key in _being_released(account):
        raise ValidationException(
            "SENDER_ID_REQUIRES_REGISTRATION", sender_id="is still being released"
        )
