"""Checks that a state is consistent: valid values, and references to existing resources.

A document may have been edited by hand. Whatever the service model or an operation would refuse
is refused here too, with its place in the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from pinpoint_sms_emu.errors import SerializationException
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.persistence import invariants
from pinpoint_sms_emu.persistence.accounts import entries_of
from pinpoint_sms_emu.persistence.codec import DocumentError
from pinpoint_sms_emu.reference import countries, registration_forms
from pinpoint_sms_emu.resources.rcs_launches import CARRIER_STATUSES
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.service.stacks import Stack
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.state.tables import LEAVING, Resource, Table
from pinpoint_sms_emu.wire import validation
from pinpoint_sms_emu.wire.model import service_model, snake
from pinpoint_sms_emu.wire.shapes import attribute
from pinpoint_sms_emu.wording import quoted

# Attributes that refer to other resources, and their kind. The resources must exist in the Region.
# Messages are not checked, because they may name resources that were deleted.
REFERENCES: Final[Mapping[str, str]] = {
    "opt_out_list_name": "opt-out-list",
    "pool_id": "pool",
    "pool_ids": "pool",
    "protect_configuration_id": "protect-configuration",
    "rcs_agent_id": "rcs-agent",
    "registration_id": "registration",
}

# The attribute with the id of the owner, if the resource may be another account's.
OWNERS: Final[Mapping[str, str]] = {
    "opt_out_list_name": "opt_out_list_account_id",
    "pool_id": "pool_account_id",
}


def must_be_consistent(state: State) -> None:
    """Refuse a state that no sequence of operations could have created."""
    _counters_must_not_be_too_low(state)
    for index, account in enumerate(state.accounts.values()):
        try:
            invariants.must_be_complete(account)
        except DocumentError as error:
            raise error.inside(index, "accounts") from None
        for name, table in vars(account).items():
            if isinstance(table, Table):
                place = (name, index, "accounts")
                _each_must_be_possible(table, place)
                _references_must_exist(state, account, table, place)
    _each_must_be_possible(state.messages, ("kept", "messages"))
    _each_must_be_possible(state.events.published, ("published", "events"))
    _records_must_have_places(state)
    if state.stack is not None:
        _stack_must_be_possible(state.stack)


def _stack_must_be_possible(stack: Stack) -> None:
    from pinpoint_sms_emu.cloudformation import stack_checks  # noqa: PLC0415  most states have no stack

    for mistake in stack_checks.find_mistakes(stack):
        raise DocumentError(mistake.why).inside(*reversed(mistake.path), "stack")
    invariants.must_be_json(stack.template, "template", "stack")
    for index, resource in enumerate(stack.resources):
        for name in ("attributes", "properties"):
            invariants.must_be_json(getattr(resource, name), name, index, "resources", "stack")


# Values.


class _Check(NamedTuple):
    """An attribute of a class, and the check of its value."""

    name: str
    must_be_possible: Callable[[Any], None]


def _each_must_be_possible(values: Iterable[Any], place: tuple[str | int, ...]) -> None:
    for index, value in enumerate(values):
        try:
            _must_be_possible(value)
        except DocumentError as error:
            raise error.inside(index, *place) from None


def _must_be_possible(value: Any) -> None:
    """Check a resource, or a part of one."""
    of: type = type(value)
    for name, check in _checks(of):
        try:
            check(getattr(value, name))
        except DocumentError as error:
            raise error.inside(name) from None
    for check in invariants.checks_of(of):
        check(value)


@cache
def _checks(of: type) -> tuple[_Check, ...]:
    """Return the checks of a class: of members in AWS's API, and of its parts."""
    hints = get_type_hints(of)
    checks = [_Check(name, check) for name, check in _member_checks(of, hints).items()]
    checks += [_Check(name, check) for name, check in _RULES.items() if name in hints]
    checks += [
        _Check(each.name, _parts_must_be_possible)
        for each in fields(of)
        if _has_checked_parts(hints[each.name])
    ]
    return tuple(checks)


def _member_checks(of: type, hints: Mapping[str, Any]) -> dict[str, Callable[[Any], None]]:
    """Return checks of the attributes that AWS's API has as texts or structures of texts.

    No operation returns messages, so their attributes are checked by the enums of the requests.
    """
    checks: dict[str, Callable[[Any], None]] = {}
    if issubclass(of, Resource):
        # Resources without a status in AWS's API have these.
        checks["status"] = _among(frozenset({"ACTIVE", *LEAVING}))
    shapes = service_model().shapes
    for shape in _SHAPES.get(of.__name__, (f"{of.__name__}Information", of.__name__)):
        members = shapes.get(shape, {}).get("members", {})
        for member, about in members.items():
            name = _attribute(member, of, set(hints), set(map(snake, members)))
            inner = about["shape"]
            while shapes[inner]["type"] == "list":
                inner = shapes[inner]["member"]["shape"]
            if name is None or (of is Message and "enum" not in shapes[inner]):
                continue
            if shapes[inner]["type"] == "string":
                checks[name] = _shape_check(about["shape"], is_status=name == "status")
            elif shapes[inner]["type"] == "structure" and not _has_checked_parts(hints[name]):
                checks[name] = _structure_check(inner)
    return checks


def _attribute(member: str, of: type, attributes: set[str], members: set[str]) -> str | None:
    """Return the attribute that a member is rendered from: AttachmentStatus is `status`.

    It is not if another member is Status, as in the launch of an agent, whose CarrierStatus is
    computed. A Name in AWS's API is the id.
    """
    name = attribute(member, of)
    last = snake(member).rpartition("_")[2]
    names = ("id" if name == "name" else name, None if last in members else last)
    return next((name for name in names if name in attributes), None)


def _shape_check(shape: str, *, is_status: bool) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        # Not every enum has the statuses of resources that are being removed.
        if value is None or (is_status and value in LEAVING):
            return
        for place, why in _problems(shape, value):
            error = DocumentError(why)
            raise error.inside(int(place[1:-1])) if place else error

    return check


def _structure_check(shape: str) -> Callable[[Any], None]:
    """Return a check of a mapping, or a list of mappings, by a structure of the model."""
    shapes = service_model().shapes
    members = {snake(name): of["shape"] for name, of in shapes[shape]["members"].items()}
    checks = {
        name: _shape_check(inner, is_status=False) if shapes[inner]["type"] == "string" else _ignore
        for name, inner in members.items()
    }
    required = [snake(name) for name in shapes[shape].get("required", ())]

    def check(value: Any) -> None:
        if isinstance(value, list):
            _each(check, enumerate(value))
            return
        if value is None:
            return
        for name, inner in value.items():
            if name not in checks:
                raise DocumentError(f"has the unknown member {quoted(name)}")
            _each(checks[name], [(name, inner)])
        for name in required:
            if value.get(name) is None:
                raise DocumentError(f"lacks {name}")

    return check


def _ignore(_value: Any) -> None:
    """Accept any value: only texts are checked by the model."""


def _problems(shape: str, value: Any) -> list[tuple[str, str]]:
    """Return the problems of a value by a shape of the model: where, and why."""
    problems: list[validation.Problem] = []
    try:
        validation.check(shape)(value, "", problems)
    except SerializationException as error:
        return [("", error.message)]
    return [(place, why) for _, place, why in problems]


# Classes whose shapes in the model have other names.
_SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "CountryLaunch": ("CountryLaunchStatusInformation",),
    "Message": ("SendTextMessageRequest", "SendVoiceMessageRequest"),
    "NumberOverride": ("ProtectConfigurationRuleSetNumberOverride",),
    "RegistrationAttachment": ("RegistrationAttachmentsInformation",),
}


def _among(possible: frozenset[str]) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        if isinstance(value, list):
            _each(check, enumerate(value))
        elif value is not None and value not in possible:
            raise DocumentError(f"must not be {quoted(value)}")

    return check


def _each(check: Callable[[Any], None], values: Iterable[tuple[Any, Any]]) -> None:
    for name, value in values:
        try:
            check(value)
        except DocumentError as error:
            raise error.inside(name) from None


def _must_be_country(value: str | None) -> None:
    if value is not None and countries.country(value) is None:
        raise DocumentError(f"is not a country: {quoted(value)}")


def _must_be_countries(values: Iterable[str] | None) -> None:
    for value in values or ():
        _must_be_country(value)


def _must_be_country_rules(rules: Mapping[str, Mapping[str, str]]) -> None:
    _in_enum("NumberCapability")(list(rules))
    for capability, by_country in rules.items():
        try:
            _must_be_countries(by_country)
            _each(_in_enum("ProtectStatus"), by_country.items())
        except DocumentError as error:
            raise error.inside(capability) from None


def _must_be_registration_type(value: str) -> None:
    if value not in registration_forms.registration_types():
        raise DocumentError(f"is not a registration type: {quoted(value)}")


def _in_enum(shape: str) -> Callable[[Any], None]:
    """Return a check by an enum of the model, if the installed botocore has it."""

    def check(value: Any) -> None:
        known = service_model().shapes.get(shape)
        if known:
            _among(frozenset(known["enum"]))(value)

    return check


# Checks by rules of operations, where the model has no enum.
_RULES: Final[Mapping[str, Callable[[Any], None]]] = {
    "carriers": lambda carriers: _each(_among(frozenset(CARRIER_STATUSES)), carriers.items()),
    "country_rules": _must_be_country_rules,
    "direction": _among(frozenset({"inbound", "outbound"})),
    "enabled_countries": _must_be_countries,
    "iso_country_code": _must_be_country,
    "launches": _must_be_countries,
    "message_type": _in_enum("MessageType"),
    "number_type": _in_enum("NumberType"),
    "registration_type": _must_be_registration_type,
}


@cache
def _has_checked_parts(hint: Any) -> bool:
    """Return whether a field contains parts that have checks."""
    if is_dataclass(hint):
        return bool(_checks(hint))  # type: ignore[arg-type]
    return any(_has_checked_parts(inner) for inner in get_args(hint))


def _parts_must_be_possible(parts: Any) -> None:
    if is_dataclass(parts):
        _must_be_possible(parts)
    elif isinstance(parts, Mapping):
        _each(_must_be_possible, parts.items())
        for name, part in parts.items():
            if part.key != name:
                raise DocumentError(f"must be {part.key}, the key of this entry").inside(name)
    elif parts is not None:
        _each(_must_be_possible, enumerate(parts))


# Counters must not be less than the numbers that were already used.


def _counters_must_not_be_too_low(state: State) -> None:
    resources = (
        entry.sequence
        for account in state.accounts.values()
        for table in account.tables.values()
        for resource in table
        for entry in (resource, *_ordered_parts(resource))
    )
    records = (event.sequence for message in state.messages for event in message.history)
    published = (record.sequence for record in state.events.published)
    jobs = (entry.sequence for entry in state.scheduler.entries)
    for place, counter, made in (
        (("sequence",), state.sequence, resources),
        (("sequence", "messages"), state.messages.sequence, _sequences(state.messages)),
        (("made", "events"), state.events.made, (*records, *published)),
        (("sequence", "scheduler"), state.scheduler.sequence, jobs),
        (("made", "faults"), state.faults.made, _sequences(state.faults.entries)),
        (("made", "outcomes"), state.outcomes.made, _sequences(state.outcomes.entries)),
    ):
        latest = max(made, default=0)
        if counter < latest:
            raise DocumentError(f"must not be less than {quoted(latest)}, which is used").inside(
                *place
            )


def _records_must_have_places(state: State) -> None:
    """Refuse two event records with the same place in the order of all."""
    seen: set[int] = set()
    for index, message in enumerate(state.messages):
        for position, event in enumerate(message.history):
            if event.sequence in seen:
                raise DocumentError(f"occurs twice: {event.sequence}").inside(
                    "sequence", position, "history", index, "kept", "messages"
                )
            seen.add(event.sequence)


def _sequences(entries: Iterable[Any]) -> Iterator[int]:
    return (entry.sequence for entry in entries)


def _ordered_parts(resource: Resource) -> Iterator[Any]:
    of: type = type(resource)
    for name in entries_of(of):
        yield from getattr(resource, name)


# References.


def _references_must_exist(
    state: State, account: Account, table: Table[Any], place: tuple[str | int, ...]
) -> None:
    references = [
        (name, kind)
        for name, kind in REFERENCES.items()
        if name in {each.name for each in fields(table.of)}
    ]
    for index, resource in enumerate(table if references else ()):
        if resource.status in LEAVING:
            continue  # the resources that it refers to may have been removed first
        for name, kind in references:
            value = getattr(resource, name)
            names = [value] if isinstance(value, str) else value or ()
            owner_id = getattr(resource, OWNERS.get(name, ""), None) or account.account_id
            owner = state.accounts.get((owner_id, account.region))
            for key in names:
                if owner is None or key not in owner.tables[kind]:
                    error = DocumentError(f"names {kind} {key:.80}, which does not exist")
                    raise error.inside(name, index, *place)
