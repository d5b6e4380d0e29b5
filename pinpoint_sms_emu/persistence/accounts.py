"""Writes the accounts of a state, and reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import cache
from typing import Any, Final, get_args, get_origin, get_type_hints

from pinpoint_sms_emu.messaging.contacts import Contact, Contacts
from pinpoint_sms_emu.persistence.codec import (
    Codec,
    DocumentError,
    codec,
    in_order,
    must_have_exactly,
)
from pinpoint_sms_emu.persistence.invariants import must_be_json
from pinpoint_sms_emu.persistence.long_lists import LongList, LongObject
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.state.tables import Entries, Resource, Table
from pinpoint_sms_emu.wire.idempotency import Tokens
from pinpoint_sms_emu.wording import quoted

# Attributes of an account that are not state, or that are written separately.
_OUTSIDE: Final = ("state", "account_id", "region", "partition", "tokens", "tables")

_dump_contact: Final = codec(Contact).dump


def inside(name: str | int, load: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function for a member of a document, whose name precedes the place of an error."""
    try:
        return load(*arguments)
    except DocumentError as error:
        raise error.inside(name) from None


def dump_accounts(state: State) -> Any:
    """Write all accounts, without their tokens."""
    return [
        _place(account)
        | {name: _dump_attribute(value, of) for name, value, of in _attributes(account)}
        for account in state.accounts.values()
    ]


def _dump_attribute(value: Any, of: Codec) -> Any:
    if isinstance(value, Contacts):
        return {"people": LongObject(dict(value.people).items(), _dump_person)}
    if not isinstance(value, Table):
        return of.dump(value)
    kind: Any = value.of
    names = entries_of(kind)
    return [_dump_resource(each, kind, names) for each in value] if names else of.dump(value)


def _dump_person(person: tuple[str, Mapping[str, Contact]]) -> tuple[str, Any]:
    name, identities = person
    return name, {each: _dump_contact(contact) for each, contact in identities.items()}


def _dump_resource(resource: Resource, of: Any, names: Mapping[str, Codec]) -> dict[str, Any]:
    """Write a resource, except its long lists."""
    short = copy(resource)
    for name in names:
        setattr(short, name, Entries())
    document: dict[str, Any] = codec(of).dump(short)
    for name, entry in names.items():
        document[name] = LongList(iter(getattr(resource, name)), entry.dump)
    return document


@cache
def entries_of(of: Any) -> Mapping[str, Codec]:
    """Return the attributes of a resource that are `Entries`, and the codec of each entry."""
    return {
        name: codec(get_args(hint)[0])
        for name, hint in get_type_hints(of).items()
        if get_origin(hint) is Entries
    }


def load_accounts(state: State, document: Any) -> None:
    """Read all accounts into an empty state."""
    for index, members in enumerate(codec(list[dict[str, Any]]).load(document)):
        account = inside(index, _load_account, state, members)
        state.accounts[account.account_id, account.region] = account


def _load_account(state: State, members: dict[str, Any]) -> Account:
    account = Account(state, *_read_place(members))
    attributes = list(_attributes(account))
    must_have_exactly(members, _place(account) | {name: None for name, *_ in attributes})
    if (account.account_id, account.region) in state.accounts:
        raise DocumentError(f"occurs twice: {account.account_id:.80} in {account.region:.80}")
    for name, value, of in attributes:
        loaded = inside(name, of.load, members[name])
        if isinstance(value, Table):
            inside(name, _fill, value, loaded)
        else:
            setattr(account, name, loaded)
    return account


def _place(account: Account) -> dict[str, Any]:
    return {"account_id": account.account_id, "region": account.region}


def _read_place(members: Mapping[str, Any]) -> tuple[str, str]:
    place = {name: members.get(name) for name in ("account_id", "region")}
    account_id, region = codec(dict[str, str]).load(place).values()
    return account_id, region


def _attributes(account: Account) -> Iterator[tuple[str, Any, Codec]]:
    """Iterate over an account's attributes; a table is written as a list of its resources."""
    for name, value, of in typed_attributes(account):
        yield name, value, codec(of)


def typed_attributes(account: Account) -> Iterator[tuple[str, Any, Any]]:
    """Iterate over an account's attributes, with their values and types."""
    for name, value in vars(account).items():
        if name not in _OUTSIDE:
            of = list[value.of] if isinstance(value, Table) else _hints()[name]  # type: ignore[name-defined]
            yield name, value, of


@cache
def _hints() -> Mapping[str, Any]:
    return get_type_hints(Account)


def _fill(table: Table[Any], resources: list[Any]) -> None:
    for index, resource in enumerate(resources):
        if resource.arn != table.arn_of(resource):
            raise DocumentError(f"has a wrong ARN: {quoted(resource.arn)}").inside(index)
    in_order(resources, table)


def dump_tokens(state: State) -> Any:
    """Write the tokens of all accounts."""
    return [
        _place(account) | codec(Tokens).dump(account.tokens) for account in state.accounts.values()
    ]


def load_tokens(state: State, document: Any) -> None:
    """Read the tokens of all accounts."""
    for index, members in enumerate(codec(list[dict[str, Any]]).load(document)):
        account = state.accounts.get(inside(index, _read_place, members))
        if account is None:
            raise DocumentError("belongs to an account that does not exist").inside(index)
        rest = {name: value for name, value in members.items() if name not in _place(account)}
        account.tokens = inside(index, codec(Tokens).load, rest)
        for name, each in account.tokens.answers.items():
            must_be_json(each.answer, "answer", name, "answers", index)
