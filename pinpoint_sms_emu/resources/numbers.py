"""The public view of a phone number: a read-only copy with AWS's members."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.wire.shapes import attribute


@dataclass(frozen=True, kw_only=True)
class Number:
    """A phone number of an account, at the time when it was read.

    The members are those of PhoneNumberInformation in the API, in snake case, with the number's
    account, Region and tags. The copy does not change when the number does: `sms.numbers` has
    current ones.

        number = sms.add_number("+12065550100", phone_number_id="main")
        assert number.phone_number_id == "main"
    """

    account_id: str
    region: str
    phone_number_arn: str
    phone_number_id: str
    phone_number: str
    status: str
    iso_country_code: str
    message_type: str
    number_capabilities: list[str]
    number_type: str
    monthly_leasing_price: str
    two_way_enabled: bool
    two_way_channel_arn: str | None
    two_way_channel_role: str | None
    self_managed_opt_outs_enabled: bool
    opt_out_list_name: str
    international_sending_enabled: bool
    deletion_protection_enabled: bool
    pool_id: str | None
    registration_id: str | None
    messaging_limits: dict[str, Any]
    pricing_tier: str
    created_timestamp: datetime
    tags: dict[str, str]

    @classmethod
    def of(cls, number: PhoneNumber) -> Self:
        """Copy a number's public members."""
        members = {name: deepcopy(getattr(number, kept)) for name, kept in _KEPT_AS.items()}
        return cls(**members)

    @property
    def id(self) -> str:
        """The `phone_number_id`."""
        return self.phone_number_id

    @property
    def arn(self) -> str:
        """The `phone_number_arn`."""
        return self.phone_number_arn

    def as_dict(self) -> dict[str, Any]:
        """Return the number as JSON, with its time in ISO 8601."""
        return asdict(self) | {"created_timestamp": self.created_timestamp.isoformat()}


# The resource's attribute for each member.
_KEPT_AS = {
    each.name: attribute(each.name.title().replace("_", ""), PhoneNumber) or each.name
    for each in fields(Number)
}
