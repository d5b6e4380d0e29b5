"""Values of the state are converted to JSON and back; errors have the place and reason."""

import json
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.messaging.contacts import Contacts
from pinpoint_sms_emu.persistence.codec import DocumentError, codec
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.state import scheduler
from pinpoint_sms_emu.state.tables import Entries, Entry, Resource, Table
from pinpoint_sms_emu.wire.idempotency import Tokens


@dataclass(slots=True, kw_only=True)
class EveryType(Entry):
    """A class with a member of every type that a state may have."""

    text: str = ""
    flag: bool = False
    number: int = 0
    amount: float = 0.0
    at: datetime = datetime(2030, 1, 1, tzinfo=UTC)
    lasting: timedelta = timedelta()
    price: Decimal = Decimal(0)
    data: bytes = b""
    perhaps: str | None = None
    texts: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    pair: tuple[str, ...] = ()
    some: set[str] = field(default_factory=set)
    by_name: dict[str, Decimal] = field(default_factory=dict)
    nested: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    anything: Any = None
    things: Entries[Entry] = field(default_factory=Entries)


def classes():
    """Return every class in the state."""
    found = []
    waiting = [Entry]
    while waiting:
        children = waiting.pop().__subclasses__()
        waiting += children
        found += [each for each in children if each.__module__.startswith("pinpoint_sms_emu.")]
    return [
        *sorted(found, key=lambda each: each.__name__),
        Tokens,
        Contacts,
        scheduler.ScheduledJob,
    ]


def through_json(of, value):
    """Dump a value, convert it to JSON and back, and load it."""
    return codec(of).load(json.loads(json.dumps(codec(of).dump(value))))


NEW_YEAR = datetime(2030, 1, 1, tzinfo=UTC)

# A few values of each type that are easily lost; few, so that large instances are made quickly.
SIMPLE = {
    str: ["", "a", "é💬\0", "__time__", "2030-01-01T00:00:00+00:00", "null"],
    bool: [True, False],
    int: [0, 1, -1, 2**53 + 1, 2**64],
    float: [0.0, 0.1, -1e-9, 1e300, 2.0],
    bytes: [b"", b"\x00\xff"],
    datetime: [NEW_YEAR, datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)],
    timedelta: [timedelta(), timedelta(days=-1, microseconds=1), timedelta(days=9999)],
    Decimal: [Decimal(0), Decimal("0.00645"), Decimal("1.10"), Decimal("-1E+5")],
    Any: [None, {"__time__": "x"}, {"a": [NEW_YEAR, {"b": Decimal("1.0")}]}, b"x", [1, 2.5, "c"]],
}
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | names
    | st.binary(max_size=4)
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            names | st.sampled_from(["__time__", "__bytes__", "__object__"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@st.composite
def instances(draw, of):
    """Make any instance of a class from the types of its fields."""
    hints = get_type_hints(of)
    return of(**{name: draw(values(hints[name])) for name in names_of(of)})


def names_of(of):
    """Return the names of the members of a dataclass or named tuple; of other types, nothing."""
    if not is_dataclass(of):
        return getattr(of, "_fields", ())
    return [each.name for each in fields(of) if each.init]


@cache
def values(of):
    """Make any value of a type."""
    origin, inner = get_origin(of), get_args(of)
    if of in SIMPLE:
        return st.sampled_from(SIMPLE[of])
    if names_of(of):
        return instances(of)
    if origin is UnionType:
        return st.none() | values(inner[0])
    if origin is dict:
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=2)
    if origin is Entries:
        # Ordered collections have their own class, which is tested separately.
        return st.builds(Entries)
    return st.lists(values(inner[0]), max_size=2).map(origin)


def same(one, other):
    """Compare two values by their members, since entries are compared by identity."""
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        return all(same(getattr(one, name), getattr(other, name)) for name in names_of(type(one)))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple | Entries):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize("of", [EveryType, *classes()])
@settings(max_examples=40)
@given(data=st.data())
def test_every_class_round_trips(of, data):
    """Any instance of any class in the state is equal after it was written and read."""
    thing = data.draw(instances(of))

    assert same(through_json(of, thing), thing)


def test_every_attribute_of_an_account_has_a_type():
    """Every attribute of an account is a table, or has a type in the class."""
    account = engine_of(Emulator()).account("123456789012", "us-east-1")
    hints = get_type_hints(Account)
    outside = {"state", "account_id", "region", "partition", "tokens", "tables"}

    for name, value in vars(account).items():
        if name not in outside and not isinstance(value, Table):
            assert codec(hints[name])


def test_entries_have_their_kind():
    """Entries of tables are distinguished by their kind."""
    account = engine_of(Emulator()).account("123456789012", "us-east-1")

    kinds = [table.kind for table in vars(account).values() if isinstance(table, Table)]
    assert len(kinds) == len(set(kinds))
    assert all(issubclass(table.of, Resource) for table in account.tables.values())


@given(anything)
def test_untyped_values_round_trip(value):
    """Times, decimals and bytes are restored without a type, too."""
    assert through_json(Any, value) == value


def test_a_dump_shares_nothing():
    """A dumped document does not change when the state does."""
    thing = EveryType(texts=["a"], nested={"a": {"b": [1]}}, anything={"a": [1]})
    dumped = codec(EveryType).dump(thing)

    thing.texts.append("b")
    thing.nested["a"]["b"].append(2)
    thing.anything["a"].append(2)

    assert dumped["texts"] == ["a"]
    assert dumped["nested"] == {"a": {"b": [1]}}
    assert dumped["anything"] == {"a": [1]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": 5}, "text must be a text, not 5"),
        ({"text": None}, "text must be a text, not None"),
        ({"flag": 1}, "flag must be true or false"),
        ({"number": True}, "number must be a whole number"),
        ({"number": 1.0}, "number must be a whole number"),
        ({"amount": "1"}, "amount must be a number"),
        ({"amount": True}, "amount must be a number"),
        ({"at": "2030-01-01"}, "at must be an ISO 8601 time with its zone"),
        ({"at": "tomorrow"}, "at must be an ISO 8601 time"),
        ({"at": 5}, "at must be an ISO 8601 time"),
        ({"lasting": 1.5}, "lasting must be a whole number of microseconds"),
        ({"lasting": 10**30}, "lasting must be a whole number of microseconds"),
        ({"price": "much"}, "price must be a decimal number"),
        ({"price": 1}, "price must be a decimal number"),
        ({"price": "NaN"}, "price must be a decimal number"),
        ({"price": [1]}, "price must be a decimal number"),
        ({"data": "%"}, "data must be base64"),
        ({"perhaps": 5}, "perhaps must be a text"),
        ({"texts": "abc"}, "texts must be a list"),
        ({"texts": ["a", 5]}, "texts[1] must be a text"),
        ({"times": ["2030-01-01T00:00:00Z", "x"]}, "times[1] must be an ISO 8601 time"),
        ({"some": {"a": 1}}, "some must be a list"),
        ({"by_name": []}, "by_name must be an object"),
        ({"by_name": {"a": "x"}}, "by_name.a must be a decimal number"),
        ({"nested": {"a": {"b": [1, "x"]}}}, "nested.a.b[1] must be a whole number"),
        ({"anything": {"__time__": "x"}}, "anything must be an ISO 8601 time"),
        ({"things": [{"id": "a", "sequence": 0}]}, "things[0] must have a sequence greater than"),
        (
            {"things": [{"id": "a", "sequence": 1}, {"id": "a", "sequence": 2}]},
            "things[1] occurs twice: a",
        ),
        (
            {"things": [{"id": "a", "sequence": 2}, {"id": "b", "sequence": 1}]},
            "things[1] must have a sequence greater than",
        ),
        ({"more": 1}, "has the unknown member 'more'"),
    ],
)
def test_invalid_values_are_refused(changes, words):
    """An invalid value is refused with its place."""
    document = codec(EveryType).dump(EveryType()) | changes

    with pytest.raises(DocumentError) as raised:
        codec(EveryType).load(document)

    assert str(raised.value).startswith(words)


def test_missing_members_are_refused():
    """Every member must be there."""
    document = codec(EveryType).dump(EveryType())
    del document["texts"]

    with pytest.raises(DocumentError, match="lacks texts"):
        codec(EveryType).load(document)
    with pytest.raises(DocumentError, match="must be an object"):
        codec(EveryType).load(["texts"])


@pytest.mark.parametrize("of", [object, dict[int, str], complex, list, str | int])
def test_unsupported_types_are_refused(of):
    """A type without a form in JSON has no codec, and its values cannot be written."""
    with pytest.raises(TypeError, match="snapshot"):
        codec(of)
    with pytest.raises(TypeError, match="snapshot"):
        codec(Any).dump(object())
