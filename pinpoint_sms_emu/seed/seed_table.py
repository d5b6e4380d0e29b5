"""A table of a seed file, with its account and its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.wire.model import service_model, snake
from pinpoint_sms_emu.wire.validation import MISSING, Problem, check
from pinpoint_sms_emu.wording import nearest, quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

# A place in a file: names of members, and indexes of entries.
Path = tuple[str | int, ...]

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

# A step of a problem's place, which is such as SnsDestination.TopicArn or MatchingEventTypes[0].
_STEP: Final = re.compile(r"\[([^]]*)\]|([^.\[]+)")

_TABLE: Final = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\s-]+?)\s*\]")
_MEMBER: Final = re.compile(r"\s*([A-Za-z0-9_.\s-]+?)\s*=")


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
        steps = (f"[{key}]" if isinstance(key, int) else f".{key:.80}" for key in self.path)
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
            path = table
            for name in member[1].split("."):
                path = (*path, name.strip())
                lines.setdefault(path, number)
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
            written = f": write [{_header(path)}]" if isinstance(table, list) else ""
            raise SeedFileError(path, f"must be a table, not {quoted(table)}{written}")
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

    def need_text(self, name: str) -> str:
        """Return a required member, which must be a text."""
        return str(_on_the_wire("String", self.need(name), (*self.path, name)))

    def flag(self, name: str) -> bool:
        """Return a member that is true or false, by default false."""
        return bool(_on_the_wire("Boolean", self.table.get(name, False), (*self.path, name)))

    def items(self, name: str) -> list[tuple[Any, Path]]:
        """Return the entries of a list, each with its place."""
        values = self.table.get(name, [])
        if not isinstance(values, list):
            path = (*self.path, name)
            written = f": write [[{_header(path)}]]" if isinstance(values, dict) else ""
            raise SeedFileError(path, f"must be a list, not {quoted(values)}{written}")
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
        places = {name: (*self.path, name) for name in given} | dict.fromkeys(more, path)
        shape = service_model().operations[operation].input_shape
        body = _structure(shape, given | more, places)
        self._must_be_valid(shape, body, places, path)
        try:
            return self.engine.call(operation, body, self.account_id, self.region)
        except ApiError as error:
            raise _mistake(error, places, path) from error

    def _must_be_valid(
        self, shape: str, body: dict[str, Any], places: Mapping[str, Path], path: Path
    ) -> None:
        """Refuse a body that breaks its input shape; each problem is a mistake at its place."""
        problems: list[Problem] = []
        check(shape)(body, "", problems)
        mistakes = [_placed(problem, places, path) for problem in problems]
        for mistake in mistakes[:-1]:
            with self.collecting():
                raise mistake
        for last in mistakes[-1:]:
            raise last

    def is_past(self, name: str) -> bool:
        """Return whether a member is a time that has passed."""
        value = self.table.get(name)
        return isinstance(value, date) and _moment(value) <= self.engine.clock.now()

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


def _header(path: Path) -> str:
    """Return the name of a table as its header has it, without indexes."""
    return ".".join(each for each in path if isinstance(each, str))


def _placed(problem: Problem, places: Mapping[str, Path], path: Path) -> SeedFileError:
    """Return a problem of a body as a mistake in the file, at the place of the wrong value."""
    steps = [
        snake(name) if name else int(key) if key.isdecimal() else key
        for key, name in _STEP.findall(problem.where)
    ]
    first, *others = steps
    inner = (*places.get(str(first), path), *others)
    if problem.reason != MISSING:
        return SeedFileError(inner, problem.why)
    return SeedFileError(inner[:-1] if others else path, f"{steps[-1]} {problem.why}")


def _mistake(error: ApiError, places: Mapping[str, Path], path: Path) -> SeedFileError:
    """Return an operation's error as a mistake, at the only member that it is about, if any."""
    fields = {snake(each["Name"]): each["Message"] for each in error.members.get("Fields") or ()}
    names, reasons = list(fields), list(dict.fromkeys(fields.values()))
    if len(names) == 1 and names[0] in places:
        return SeedFileError(places[names[0]], reasons[0])
    if len(reasons) == 1:
        return SeedFileError(path, f"{', '.join(names)} {reasons[0]}")
    described = "; ".join(f"{name} {why}" for name, why in fields.items())
    return SeedFileError(path, described or error.message)


def _members(operation: str) -> frozenset[str]:
    """Return the members of an operation that a seed file can have."""
    model = service_model().operations[operation]
    members = service_model().shapes[model.input_shape]["members"]
    return frozenset(map(snake, members)) - {"client_token"}


def _moment(value: date) -> datetime:
    """Convert a time of TOML: without a zone it is UTC, and a date begins at midnight."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# What a member of each type is in a seed file.
_TYPES: Final[Mapping[str, tuple[str, type | tuple[type, ...]]]] = {
    "structure": ("a table", dict),
    "map": ("a table", dict),
    "list": ("a list", list),
    "string": ("a text in quotes", str),
    "boolean": ("true or false", bool),
    "integer": ("a whole number", int),
    "long": ("a whole number", int),
    "double": ("a number", (int, float)),
    "timestamp": ("a time", (int, float)),
}


def _on_the_wire(shape: str, value: Any, path: Path) -> Any:
    """Convert a value to its shape: AWS's names, tags as a list, times as numbers."""
    model = service_model()
    kind = model.kind(shape)
    if isinstance(value, date) and kind == "timestamp":
        return _moment(value).timestamp()
    if model.is_key_value_list(shape):
        _must_be("map", value, path)
        for name, text in value.items():
            _must_be("string", name, path)
            _must_be("string", text, (*path, name))
        return [{"Key": name, "Value": text} for name, text in value.items()]
    _must_be(kind, value, path)
    if kind == "map":
        entry = model.shapes[shape]["value"]["shape"]
        return {name: _on_the_wire(entry, each, (*path, name)) for name, each in value.items()}
    if kind == "list":
        entry = model.shapes[shape]["member"]["shape"]
        return [_on_the_wire(entry, each, (*path, at)) for at, each in enumerate(value)]
    if kind == "structure":
        return _structure(shape, value, {name: (*path, name) for name in value})
    return value


def _structure(shape: str, given: dict[str, Any], places: Mapping[str, Path]) -> dict[str, Any]:
    """Convert the members of a structure, each with its place in the file."""
    of_shape = service_model().shapes[shape]["members"]
    members = {snake(name): (name, of["shape"]) for name, of in of_shape.items()}
    spelled = {}
    for name, each in given.items():
        if name not in members:
            raise SeedFileError(places[name], f"is unknown; {nearest(name, members)}")
        wire_name, of = members[name]
        spelled[wire_name] = _on_the_wire(of, each, places[name])
    return spelled


def _must_be(kind: str, value: Any, path: Path) -> None:
    """Refuse a value of another type; in Python, booleans are numbers too."""
    expected, types = _TYPES.get(kind, _TYPES["string"])
    if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
        raise SeedFileError(path, f"must be {expected}, not {quoted(value)}")
