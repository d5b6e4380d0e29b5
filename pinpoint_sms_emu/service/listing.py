"""Selecting, filtering and paging, for all Describe and List operations."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Generic, NamedTuple, Protocol, TypedDict, TypeVar

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.state.tables import Entry, Resource, Table
from pinpoint_sms_emu.wire.idempotency import fingerprint
from pinpoint_sms_emu.wire.model import OperationModel, service_model, snake
from pinpoint_sms_emu.wire.shapes import attribute
from pinpoint_sms_emu.wording import one_of

S = TypeVar("S")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R", bound=Resource)


class Filter(TypedDict):
    """A filter of a request."""

    name: str
    values: list[str]


class Listing(Protocol[T_co]):
    """Ordered entries, each with a position."""

    def after(self, position: int) -> Iterator[tuple[int, T_co]]:
        """Go through what comes after a position."""


class Listed(Generic[T_co]):
    """A sequence as a listing. An entry's position is its sequence number, or else its index."""

    def __init__(self, entries: Sequence[T_co]) -> None:
        self._entries = entries

    def after(self, position: int) -> Iterator[tuple[int, T_co]]:
        """Go through what comes after a position."""
        for index, entry in enumerate(self._entries, start=1):
            own = entry.sequence if isinstance(entry, Entry) else index
            if own > position:
                yield own, entry


class Mapped(Generic[S, T_co]):
    """A listing whose entries are converted; those that are converted to None are left out."""

    def __init__(self, entries: Listing[S], convert: Callable[[S], T_co | None]) -> None:
        self._entries = entries
        self._convert = convert

    def after(self, position: int) -> Iterator[tuple[int, T_co]]:
        """Go through what comes after a position."""
        for place, entry in self._entries.after(position):
            converted = self._convert(entry)
            if converted is not None:
                yield place, converted


class Paginated(NamedTuple, Generic[T_co]):
    """What a listing operation returns: all entries, which are answered in pages."""

    entries: Listing[T_co]
    keep: Callable[[Any], bool] = lambda _entry: True
    # Further members of the answer, on every page.
    beside: Mapping[str, Any] = MappingProxyType({})


def listed(
    entries: Sequence[T_co], filters: list[Filter] | None = None, **beside: Any
) -> Paginated[T_co]:
    """Make a `Paginated` from a sequence."""
    return Paginated(Listed(entries), matching(filters), beside)


def select(
    table: Table[R],
    names: list[str] | None = None,
    filters: list[Filter] | None = None,
    owner: str | None = None,
) -> Paginated[R]:
    """Select the named resources, or all, that match the filters."""
    entries: Listing[R] = table
    if names:
        # Sorted like the table, because a page token contains a position in it.
        found = {resource.arn: resource for resource in (table[name] for name in names)}
        entries = Listed(sorted(found.values(), key=lambda resource: resource.sequence))
    elif owner == "SHARED":
        entries = Listed(table.shared())
    return Paginated(entries, matching(filters, table.of))


def matching(filters: list[Filter] | None, of: type | None = None) -> Callable[[Any], bool]:
    """Combine filters into one predicate: a filter matches any of its values, all must match."""
    if not filters:
        return lambda _entry: True
    tests = [(filter_attribute(each["name"], of), set(each["values"])) for each in filters]
    return lambda entry: all(_has(entry, name, values) for name, values in tests)


def matching_in_any_case(filters: list[Filter] | None) -> Callable[[Any], bool]:
    """Combine filters whose values AWS's pages spell both in upper and in lower case."""
    if not filters:
        return lambda _entry: True
    tests = [
        (each["name"].replace("-", "_"), {value.casefold() for value in each["values"]})
        for each in filters
    ]

    def matches(entry: Any) -> bool:
        return all(not values.isdisjoint(_folded(_value(entry, name))) for name, values in tests)

    return matches


def _folded(value: str | Sequence[str] | None) -> list[str]:
    values = [value] if isinstance(value, str) else value or ()
    return [each.casefold() for each in values]


def filter_attribute(name: str, of: type | None) -> str:
    """Return the attribute that a filter compares; a list matches if any of its values does.

    `two-way-enabled` is the attribute `two_way_enabled`, and `keyword-action` on a Keyword its
    `action`. A class declares the few names that differ in `filter_attributes`.
    """
    if of is None:
        return name.replace("-", "_")
    differing: Mapping[str, str] = getattr(of, "filter_attributes", {})
    return differing.get(name) or attribute(name.title().replace("-", ""), of) or name


def _has(entry: Any, name: str, values: set[str]) -> bool:
    value = _value(entry, name)
    if isinstance(value, bool):
        return str(value).lower() in values
    if isinstance(value, list | tuple | set | frozenset):
        return not values.isdisjoint(value)
    return value in values


def _value(entry: Any, name: str) -> Any:
    """Return what a filter compares, or refuse a filter of a botocore newer than the emulator."""
    if isinstance(entry, Mapping):
        return entry.get(name)
    try:
        return getattr(entry, name)
    except AttributeError:
        why = f"{name.replace('_', '-')} is not emulated yet"
        raise ValidationException("INVALID_FILTER_VALUES", filters=why) from None


# Parameters that cannot be combined with ids or names: Owner according to the model ("can't be
# used at the same time"), MaxResults as observed.
_NOT_BESIDE_NAMES = ("owner", "max_results")


def must_not_name_and_select(arguments: Mapping[str, Any], operation: OperationModel) -> None:
    """Refuse a Describe call that has both ids or names, and Owner or MaxResults."""
    selecting = [name for name in _NOT_BESIDE_NAMES if name in arguments]
    if not selecting or not operation.name.startswith("Describe"):
        return
    named = [
        name
        for name, value in arguments.items()
        if isinstance(value, list) and value and name != "filters"
    ]
    if named:
        together = dict.fromkeys((*selecting, *named), "cannot be given together")
        raise ValidationException("PARAMETERS_CANNOT_BE_USED_TOGETHER", **together)


def must_be_possible(filters: list[Filter], operation: OperationModel) -> None:
    """Refuse a filter value that the filtered member can never have."""
    for each in filters:
        _must_be_countries(each, operation)
        possible = _possible_values(operation.entry_shape, each["name"])
        if possible:
            possible |= _FURTHER_VALUES.get((operation.entry_shape, each["name"]), frozenset())
        if possible and not possible.issuperset(each["values"]):
            wrong = min(set(each["values"]) - possible)
            why = f"{each['name']} {one_of(wrong, sorted(possible), 'the API reference')}"
            raise ValidationException("INVALID_FILTER_VALUES", filters=why)


def _must_be_countries(given: Filter, operation: OperationModel) -> None:
    """Refuse what is no country code where a filter compares one: codes are in upper case.

    Inferred from `language-code`, whose values in the wrong letter case AWS refuses.
    """
    if operation.name in _IN_ANY_CASE or not _is_of_countries(operation.entry_shape, given["name"]):
        return
    for value in given["values"]:
        if not _COUNTRY.fullmatch(value):
            why = f"{given['name']} has no value {value:.80}"
            raise ValidationException("INVALID_FILTER_VALUES", filters=why)


_COUNTRY: Final = re.compile("[A-Z]{2}")
# The operations about registrations take values in any letter case: see `matching_in_any_case`.
_IN_ANY_CASE: Final = frozenset({"ListRegistrationAssociations"})


@cache
def _is_of_countries(entry_shape: str, filter_name: str) -> bool:
    """Return whether the member that a filter compares is a country, or a list of countries."""
    members = service_model().shapes[entry_shape].get("members", {})
    return any(
        snake(name) == filter_name.replace("-", "_") and of["shape"].startswith("IsoCountryCode")
        for name, of in members.items()
    )


# Values that the user guide filters by, although the model's enum lacks them: "Notify templates".
_FURTHER_VALUES: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("NotifyTemplateInformation", "template-type"): frozenset({"CODE_VERIFICATION"})
}


@cache
def _possible_values(entry_shape: str, filter_name: str) -> frozenset[str] | None:
    """Return the possible values of the member that a filter compares; None if unknown."""
    name = filter_name.replace("-", "_")
    members = list(_members(entry_shape))
    # `message-type` compares MessageTypes, `number-capability` NumberCapabilities, and
    # `country-launch-status` the Status of a country's launch.
    for about in ({name, f"{name}s", f"{name[:-1]}ies"}, {name.rpartition("_")[2]}):
        for member, shape in members:
            if snake(member) in about:
                return frozenset(("true", "false") if shape["type"] == "boolean" else shape["enum"])
    return None


def _members(shape_name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over an entry's enum and boolean members, its own before nested ones."""
    shapes = service_model().shapes
    inside = []
    for name, of in shapes[shape_name].get("members", {}).items():
        inner = of["shape"]
        while shapes[inner]["type"] == "list":
            inner = shapes[inner]["member"]["shape"]
        if shapes[inner]["type"] == "boolean" or "enum" in shapes[inner]:
            yield name, shapes[inner]
        elif shapes[inner]["type"] == "structure":
            inside.append(inner)
    for each in inside:
        yield from _members(each)


def take_page(
    found: Paginated[Any], size: int, token: str | None, query: Any
) -> tuple[list[Any], str | None]:
    """Take the page that a token names; return its entries and the token of the next page."""
    position = _position(token, query) if token else 0
    entries: list[Any] = []
    for place, entry in found.entries.after(position):
        if not found.keep(entry):
            continue
        if len(entries) == size:
            return entries, _token(position, query)
        entries.append(entry)
        position = place
    return entries, None


def _token(position: int, query: Any) -> str:
    """Encode a position in the order of entries, so that deletions hide no entries."""
    return base64.b64encode(f"{position}.{fingerprint(query)}".encode()).decode()


def _position(token: str, query: Any) -> int:
    try:
        position = int(base64.b64decode(token.encode(), validate=True).partition(b".")[0])
    except ValueError:
        position = -1
    # A valid token equals the one that is made for this position and query.
    if position < 0 or token != _token(position, query):
        raise ValidationException("INVALID_NEXT_TOKEN", next_token="was not given for this query")
    return position
