"""Finds the resources that a call names, because IAM checks a call on each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

from pinpoint_sms_emu.reference import service_authorization
from pinpoint_sms_emu.reference.partitions import partition_of
from pinpoint_sms_emu.service.destinations import find_destination

# Parameters that name a resource of any of the operation's types.
_OF_ANY_TYPE: Final = ("OriginationIdentity", "ResourceArn", "ResourceId")
_SUFFIXES: Final = ("", "s", "Id", "Ids", "Name", "Names", "Arn")
_ID_PREFIXES: Final = {"phone-": "PhoneNumber", "pool-": "Pool", "rcs-": "RcsAgent"}
_ORIGINATION_IDENTITIES: Final = ["PhoneNumber", "Pool", "RcsAgent", "SenderId"]
# A longer name that begins like an id cannot be a sender ID.
_LONGEST_SENDER_ID: Final = 11


class Tables(Protocol):
    """The part of `Account` that is used here."""

    @property
    def tables(self) -> Mapping[str, Any]:
        """The resources by kind."""


# All accounts, by account id and Region.
Accounts = Mapping[tuple[str, str], Tables]


class NamedResource(NamedTuple):
    """A resource that a call names, whether it exists or not."""

    type: str
    arn: str


def named_by(
    accounts: Accounts, place: tuple[str, str], operation: str, parameters: Mapping[str, Any]
) -> list[NamedResource]:
    """List the resources that a call names, in the order of its operation's resource types.

    `place` is the account and Region of the call. Nothing is refused: resources that do not exist
    get the ARN that they would have.
    """
    types = service_authorization.operations().get(operation, [])
    finder = _Finder(accounts, place, types, parameters)
    found = {
        resource: None
        for name, value in parameters.items()
        for each in (value if isinstance(value, list) else [value])
        if (resource := finder.find(name, each)) and resource.type in types
    }
    return sorted(found, key=lambda resource: types.index(resource.type))


def origination_identity(
    accounts: Accounts, place: tuple[str, str], parameters: Mapping[str, Any]
) -> str | None:
    """Return the ARN of the origination identity that a sending call names, or None."""
    name = "OriginationIdentity"
    finder = _Finder(accounts, place, _ORIGINATION_IDENTITIES, parameters)
    found = finder.find(name, parameters.get(name))
    return found.arn if found is not None else None


def tags_of(accounts: Accounts, arn: str) -> Mapping[str, str]:
    """Return the tags of a resource, or none if it does not exist."""
    resource = find(accounts, arn)
    tags: Mapping[str, str] = resource.tags if resource is not None else {}
    return tags


def policy_of(accounts: Accounts, arn: str) -> str | None:
    """Return the policy of a resource, or None."""
    resource = find(accounts, arn)
    return resource.policy if resource is not None else None


def find(accounts: Accounts, arn: str) -> Any:
    """Find a resource by its ARN, or None."""
    parts = arn.split(":", 5)
    if len(parts) < 6:  # noqa: PLR2004 of an ARN
        return None
    account = accounts.get((parts[4], parts[3]))
    kind, _, name = parts[5].partition("/")
    table = account.tables.get(kind) if account is not None else None
    return table.get(table.normalized(name)) if table is not None else None


def arn_of(place: tuple[str, str], resource_type: str, name: str) -> str:
    """Return the ARN of a resource in an account and Region."""
    account_id, region = place
    kind = service_authorization.resource_types()[resource_type]
    return f"arn:{partition_of(region).name}:sms-voice:{region}:{account_id}:{kind}/{name}"


class _Finder:
    """Finds the resources that the parameters of a call name."""

    def __init__(
        self,
        accounts: Accounts,
        place: tuple[str, str],
        types: list[str],
        parameters: Mapping[str, Any],
    ) -> None:
        account = accounts.get(place)
        self._tables = account.tables if account is not None else {}
        self._place = place
        self._types = types
        self._parameters = parameters

    def find(self, parameter: str, value: Any) -> NamedResource | None:
        country = self._parameters.get("IsoCountryCode")
        if isinstance(value, Mapping):  # an entry of SenderIds
            value, country = value.get("SenderId"), value.get("IsoCountryCode")
        if not isinstance(value, str) or not value:
            return None
        if value.startswith("arn:"):
            return self._of_arn(value)
        resource_type = (
            self._type_of(value) if parameter in _OF_ANY_TYPE else _type_named(parameter)
        )
        if resource_type is None or resource_type not in self._types:
            return None
        name = self._name(resource_type, value, country)
        return NamedResource(resource_type, arn_of(self._place, resource_type, name))

    def _of_arn(self, arn: str) -> NamedResource | None:
        kind = arn.rpartition(":")[2].partition("/")[0]
        return next((NamedResource(each, arn) for each in self._types if _kind(each) == kind), None)

    def _type_of(self, name: str) -> str | None:
        """Return the type of a resource by its name: that of a known one, or by the format."""
        for each in self._types:
            table = self._tables.get(_kind(each))
            # A chosen id may have any prefix.
            if table is not None and name in table:
                return each
        if len(name) > _LONGEST_SENDER_ID:
            for prefix, resource_type in _ID_PREFIXES.items():
                if name.startswith(prefix):
                    return resource_type
        is_number = name.removeprefix("+").isdigit()
        return "PhoneNumber" if is_number or "SenderId" not in self._types else "SenderId"

    def _name(self, resource_type: str, name: str, country: Any) -> str:
        """Return the end of the ARN: a number's id, or a sender ID's name and country."""
        if resource_type == "PhoneNumber" and "phone-number" in self._tables:
            number = self._tables["phone-number"].by_number(name)
            return number.id if number is not None else name
        if resource_type == "SenderId":
            country = country if isinstance(country, str) else self._destination_country()
            return "/".join([name.upper(), *([country] if country else [])])
        return name

    def _destination_country(self) -> str | None:
        number = self._parameters.get("DestinationPhoneNumber")
        verified = self._parameters.get("VerifiedDestinationNumberId")
        table = self._tables.get("verified-destination-number")
        if isinstance(verified, str) and table is not None:
            known = table.get(verified.rpartition("/")[2])
            number = known.destination_phone_number if known is not None else None
        destination = find_destination(number) if isinstance(number, str) else None
        return destination.iso_country_code if destination else None


def _kind(resource_type: str) -> str:
    return service_authorization.resource_types()[resource_type]


def _type_named(parameter: str) -> str | None:
    """Return the resource type in the name of a parameter: PoolId names a Pool."""
    return next(
        (
            each
            for each in service_authorization.resource_types()
            if parameter.startswith(each) and parameter.removeprefix(each) in _SUFFIXES
        ),
        None,
    )


def pattern_of(arn: str) -> str:
    """Return the pattern of all resources of the same type, account and Region."""
    return f"{arn.partition('/')[0]}/*"
