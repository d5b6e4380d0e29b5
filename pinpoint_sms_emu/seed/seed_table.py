"""A table of a seed file, with its account and its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.wire.model import service_model, snake
from pinpoint_sms_emu.wording import nearest, quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

# A place in a file: names of members, and indexes of entries.
Path = tuple[str | int, ...]

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

_TABLE: Final = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\s-]+?)\s*\]")
_MEMBER: Final = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


class SeedFileError(Exception):
    """A mistake in a seed file, and its place."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(why)
        self.path = path
        self.why = why

    def line(self, lines: Mapping[Path, int]) -> int | None:
        """Return the line, if it is known."""
        outwards = (self.path[:length] for length in range(len(self.path), 0, -1))
        return next((lines[each] for each in outwards if each in lines), None)

    def place(self, lines: Mapping[Path, int]) -> str:
        """Return the place as text: the line, if it is known, and the path."""
        line = self.line(lines)
        steps = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.path)
        parts = [f"line {line}" if line else "", "".join(steps).lstrip(".")]
        return ", ".join(each for each in parts if each)


def find_lines(text: str) -> dict[Path, int]:
    """Return the lines of all tables and members, but not of places inside of values."""
    lines: dict[Path, int] = {}
    latest: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = ()
            *outer, own = (name.strip() for name in header[2].split("."))
            for name in outer:
                table = (*table, name)
                table = (*table, latest[table]) if table in latest else table
            table = (*table, own)
            lines.setdefault(table, number)
            if header[1] == "[[":
                latest[table] = latest.get(table, -1) + 1
                table = (*table, latest[table])
            lines[table] = number
        elif member := _MEMBER.match(line):
            lines.setdefault((*table, member[1]), number)
    return lines


class Mistakes:
    """Collects all mistakes of a seed file."""

    def __init__(self) -> None:
        self.found: list[SeedFileError] = []
        # The names of resources that were not created; a reference to them is not another mistake.
        self._absent: set[str] = set()

    def add(self, mistake: SeedFileError, table: dict[str, Any], *, is_made: bool) -> None:
        """Add a mistake in a table, unless it is a consequence of an earlier one."""
        if not self._absent & set(_texts(table)):
            self.found.append(mistake)
        if not is_made:
            self._absent |= {table[name] for name in _NAMES if isinstance(table.get(name), str)}


# The members by which other tables refer to a table.
_NAMES: Final = (
    "opt_out_list_name",
    "protect_configuration_id",
    "registration_id",
    "phone_number",
    "phone_number_id",
    "sender_id",
    "rcs_agent_id",
    "pool_id",
    "notify_configuration_id",
    "configuration_set_name",
)


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


class SeedTable:
    """A table. Its members are those of operations, in snake case, and a few of our own."""

    # Collects mistakes; without it, the first mistake is raised.
    mistakes: Mistakes | None = None

    def __init__(
        self, table: Any, path: Path, engine: Engine, account_id: str, region: str
    ) -> None:
        if not isinstance(table, dict):
            raise SeedFileError(path, f"must be a table, not {table!r:.60}")
        self.table = table
        self.path = path
        self.engine = engine
        self.account_id = account_id
        self.region = region

    def must_know(
        self, *operations: str, also: tuple[str, ...] = (), but: tuple[str, ...] = ()
    ) -> None:
        """Refuse a member that is not one of these operations' or of `also`."""
        for operation in operations:
            _must_be_in_the_model(operation, self.path)
        known = {name for operation in operations for name in _members(operation)} | {*also}
        known -= {*but}
        for name in [name for name in self.table if name not in known]:
            with self.collecting():
                why = f"is unknown; {nearest(name, known)}"
                raise SeedFileError((*self.path, name), why)
        self.table = {name: value for name, value in self.table.items() if name in known}

    @contextmanager
    def collecting(self, *, all_of_it: bool = False) -> Iterator[None]:
        """Run a part of this table, or all of it; collect a mistake, if they are collected."""
        try:
            yield
        except SeedFileError as mistake:
            if self.mistakes is None:
                raise
            self.mistakes.add(mistake, self.table, is_made=not all_of_it)
            self.engine.state.requested_id = None

    def need(self, name: str) -> Any:
        """Return a required member."""
        if name not in self.table:
            raise SeedFileError(self.path, f"needs {name}")
        return self.table[name]

    def items(self, name: str) -> list[tuple[Any, Path]]:
        """Return the entries of a list, each with its place."""
        values = self.table.get(name, [])
        if not isinstance(values, list):
            raise SeedFileError((*self.path, name), f"must be a list, not {values!r:.60}")
        return [(value, (*self.path, name, index)) for index, value in enumerate(values)]

    def each(self, name: str) -> list[SeedTable]:
        """Return the tables of a list."""
        return [self.inner(value, path) for value, path in self.items(name)]

    def inner(self, table: Any, path: Path) -> SeedTable:
        """Make a table inside of this one."""
        inner = SeedTable(table, path, self.engine, self.account_id, self.region)
        inner.mistakes = self.mistakes
        return inner

    def call(self, operation: str, *, at: Path | None = None, **more: Any) -> Any:
        """Call an operation with those members that it has, and with more."""
        path = self.path if at is None else at
        _must_be_in_the_model(operation, path)
        given = {name: value for name, value in self.table.items() if name in _members(operation)}
        shape = service_model().operations[operation].input_shape
        body = _on_the_wire(shape, given | more, self.path)
        try:
            return self.engine.call(operation, body, self.account_id, self.region)
        except ApiError as error:
            raise SeedFileError(path, _sentence(error)) from error

    def choose_id(self, name: str) -> None:
        """Set the id of the resource that is created next, if the file has one."""
        chosen = self.table.get(name)
        if chosen is None:
            return
        if not isinstance(chosen, str) or not _ID.fullmatch(chosen):
            why = f"must be letters, digits, - and _, 64 at most, not {quoted(chosen)}"
            raise SeedFileError((*self.path, name), why)
        account = self.engine.account(self.account_id, self.region)
        if any(chosen in table for table in account.tables.values()):
            raise SeedFileError((*self.path, name), f"exists already: {chosen}")
        self.engine.state.requested_id = chosen


def _must_be_in_the_model(operation: str, path: Path) -> None:
    if operation not in service_model().operations:
        raise SeedFileError(path, f"needs {operation}, which the installed botocore does not know")


def _sentence(error: ApiError) -> str:
    """Return the text of an operation's error, with the fields that it names."""
    fields = error.members.get("Fields") or ()
    return "; ".join(f"{snake(each['Name'])} {each['Message']}" for each in fields) or error.message


def _members(operation: str) -> frozenset[str]:
    """Return the members of an operation that a seed file can have."""
    model = service_model().operations[operation]
    members = service_model().shapes[model.input_shape]["members"]
    return frozenset(map(snake, members)) - {"client_token"}


def _moment(value: date) -> datetime:
    """Convert a time of TOML: without a zone it is UTC, and a date begins at midnight."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _on_the_wire(shape: str, value: Any, path: Path) -> Any:
    """Convert a value to its shape: AWS's names, tags as a list, times as numbers."""
    model = service_model()
    kind = model.kind(shape)
    if isinstance(value, date) and kind == "timestamp":
        return _moment(value).timestamp()
    if isinstance(value, dict) and model.is_key_value_list(shape):
        return [{"Key": name, "Value": text} for name, text in value.items()]
    if isinstance(value, dict) and kind == "map":
        entry = model.shapes[shape]["value"]["shape"]
        return {name: _on_the_wire(entry, each, (*path, name)) for name, each in value.items()}
    if isinstance(value, list) and kind == "list":
        entry = model.shapes[shape]["member"]["shape"]
        return [_on_the_wire(entry, each, (*path, at)) for at, each in enumerate(value)]
    if not isinstance(value, dict) or kind != "structure":
        return value
    members = {
        snake(name): (name, of["shape"]) for name, of in model.shapes[shape]["members"].items()
    }
    spelled = {}
    for name, each in value.items():
        if name not in members:
            raise SeedFileError((*path, name), f"is unknown; {nearest(name, members)}")
        wire_name, of = members[name]
        spelled[wire_name] = _on_the_wire(of, each, (*path, name))
    return spelled
