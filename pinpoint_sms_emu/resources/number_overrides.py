"""Number overrides: rules of a protect configuration for single numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pinpoint_sms_emu.errors import ResourceNotFoundException, ValidationException
from pinpoint_sms_emu.service.destinations import find_destination, read_destination
from pinpoint_sms_emu.service.listing import Filter, Paginated, matching
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.state.tables import Entry

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.protect_configurations import ProtectConfiguration
    from pinpoint_sms_emu.service.account import Account


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class NumberOverride(Entry):
    """A rule for messages to one number, before the rule of its country. The id is the number."""

    kind: ClassVar[str] = "number-override"

    protect_configuration_id: str
    action: str
    iso_country_code: str
    created_timestamp: datetime
    expiration_timestamp: datetime | None = None

    @property
    def key(self) -> str:
        """The configuration and the number: each configuration can override a number."""
        return override_key(self.protect_configuration_id, self.id)

    @property
    def destination_phone_number(self) -> str:
        """The number in E.164 form."""
        return self.id


def override_key(protect_configuration_id: str, phone_number: str) -> str:
    """Return the key of the override of a number in a configuration."""
    return f"{protect_configuration_id}/{phone_number}"


@operation
def put_protect_configuration_rule_set_number_override(
    account: Account,
    *,
    protect_configuration_id: str,
    destination_phone_number: str,
    action: str,
    expiration_timestamp: datetime | None = None,
) -> dict[str, Any]:
    """Set the override of a number, or replace it."""
    destination = read_destination(destination_phone_number, "destination_phone_number")
    if expiration_timestamp is not None and expiration_timestamp <= account.now():
        # Inferred: such a rule could never apply.
        raise ValidationException("INVALID_PARAMETER", expiration_timestamp="is in the past")
    configuration = account.protect_configurations[protect_configuration_id]

    if former := configuration.number_override(destination.phone_number):
        configuration.number_overrides.remove(former)
    override = NumberOverride(
        id=destination.phone_number,
        sequence=account.next_sequence(),
        protect_configuration_id=configuration.id,
        action=action,
        iso_country_code=destination.iso_country_code,
        created_timestamp=account.now(),
        expiration_timestamp=expiration_timestamp,
    )
    configuration.number_overrides.put(override)
    if expiration_timestamp is not None:
        account.schedule(expire, override, at=expiration_timestamp)
    return _answer(configuration, override)


@job
def expire(account: Account, override: NumberOverride) -> None:
    """Remove an override that has expired, unless it was replaced by a later one."""
    expiration = override.expiration_timestamp
    if expiration is not None and expiration <= account.now():
        configuration = account.protect_configurations[override.protect_configuration_id]
        configuration.number_overrides.remove(override)


@operation
def delete_protect_configuration_rule_set_number_override(
    account: Account, *, protect_configuration_id: str, destination_phone_number: str
) -> dict[str, Any]:
    """Delete the override of a number; the rule of its country applies again."""
    configuration = account.protect_configurations[protect_configuration_id]
    destination = find_destination(destination_phone_number)
    override = configuration.number_override(destination.phone_number) if destination else None
    if override is None:
        # Overrides have no ResourceType, so the error names the configuration.
        raise ResourceNotFoundException(configuration)

    configuration.number_overrides.remove(override)
    return _answer(configuration, override)


def _answer(configuration: ProtectConfiguration, override: NumberOverride) -> dict[str, Any]:
    return configuration.reference | {
        "destination_phone_number": override.destination_phone_number,
        "action": override.action,
        "iso_country_code": override.iso_country_code,
        "created_timestamp": override.created_timestamp,
        "expiration_timestamp": override.expiration_timestamp,
    }


@operation
def list_protect_configuration_rule_set_number_overrides(
    account: Account, *, protect_configuration_id: str, filters: list[Filter] | None = None
) -> Paginated[NumberOverride]:
    """List the overrides of a configuration that match all filters."""
    tests = [_test(each["name"], each["values"]) for each in filters or []]
    configuration = account.protect_configurations[protect_configuration_id]

    return Paginated(
        configuration.number_overrides,
        keep=lambda override: all(passes(override) for passes in tests),
        beside=configuration.reference,
    )


_TIMES: Final = {
    "created": attrgetter("created_timestamp"),
    "expires": attrgetter("expiration_timestamp"),
}


def _test(name: str, values: list[str]) -> Callable[[NumberOverride], bool]:
    """Return a predicate for a filter, which matches any of its values."""
    if name == "destination-phone-number-begins-with":
        return lambda override: override.id.startswith(tuple(values))
    what, _, order = name.partition("-")
    if what not in _TIMES:
        return matching([Filter(name=name, values=values)])

    time_of = _TIMES[what]
    times = [_time(name, value) for value in values]
    # An override without expiration matches no time.
    if order == "before":
        return lambda override: (time := time_of(override)) is not None and time < max(times)
    return lambda override: (time := time_of(override)) is not None and time > min(times)


def _time(name: str, value: str) -> datetime:
    """Parse an ISO 8601 time (decisions 40); without a zone it is UTC."""
    try:
        time = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValidationException(
            "INVALID_FILTER_VALUES", filters=f"{name} takes times in ISO 8601, not {value}"
        ) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
