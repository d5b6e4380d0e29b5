"""Origination identities: find them by any of their names, let them join and leave pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinpoint_sms_emu.errors import ConflictException, ValidationException
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account
    from pinpoint_sms_emu.resources.pools import Pool


def find_identity(
    account: Account, origination_identity: str, iso_country_code: str | None
) -> PhoneNumber:
    """Find an identity by id or ARN; a country that is given must be its own."""
    identity = account.phone_numbers[origination_identity]
    if iso_country_code not in (None, identity.iso_country_code):
        raise ValidationException(
            "COUNTRY_CODE_MISMATCH",
            iso_country_code=f"{identity.id} is of {identity.iso_country_code}",
        )
    return identity


def must_be_free(identity: PhoneNumber) -> None:
    """Refuse a number that is in a pool: it can be in one only."""
    if identity.pool_id:
        raise ConflictException("PHONE_NUMBER_ASSOCIATED_TO_POOL", identity)


def members(account: Account, pool: Pool) -> list[PhoneNumber]:
    """The identities of a pool, in the order of their age."""
    return [each for each in account.phone_numbers if each.pool_id == pool.id]


def join(pool: Pool, identity: PhoneNumber) -> None:
    """Make an identity a member."""
    identity.pool_id = pool.id


def leave(identity: PhoneNumber) -> None:
    """End a membership; the identity keeps the settings it had as a member."""
    identity.pool_id = None
