"""The codec: every record comes back as it was, and what is wrong is named where it stands."""

from __future__ import annotations

import importlib
import pkgutil
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import proscribe.model
from proscribe.model.canonical import canonical_json, written_json
from proscribe.model.codec import (
    DEEPEST,
    MOST_FAULTS,
    As,
    CodecError,
    Fault,
    Limits,
    named,
    parse,
    parts_of,
    read,
    read_json,
    write,
)
from proscribe.model.json_schema import schema

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))])


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf.

    Attributes:
        colour: what it looks like,
            on a dull day.
        size, weight: in whole units.
    """

    colour: Colour
    size: Annotated[int, Limits(least=0, most=9)] = 0
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Tree:
    name: Annotated[str, Limits("[a-z]+")]
    grown: date
    seen_at: datetime | None = None
    leaves: tuple[Leaf, ...] = ()
    pair: tuple[int, str] | tuple[()] = ()
    due: date | datetime | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    by_colour: Mapping[Colour, int] = field(default_factory=dict, metadata=named("by-colour", omit=True))
    kind: Literal["tree", "bush"] = "tree"
    half: Annotated[int, As(lambda text: int(text) // 2, lambda half: str(half * 2), "an even number")] = 0
    children: tuple[Tree, ...] = field(default=(), metadata=named(omit=True))
    names: tuple[str, ...] = field(default=(), metadata=named(beside="children"))


def frozen(kind: type) -> bool:
    return bool(kind.__dataclass_params__.frozen)  # type: ignore[attr-defined]


def records() -> list[type]:
    """List every record of the model."""
    found = []
    for module in pkgutil.iter_modules(proscribe.model.__path__):
        loaded = importlib.import_module(f"proscribe.model.{module.name}")
        for kind in vars(loaded).values():
            if (
                is_dataclass(kind)
                and isinstance(kind, type)
                and kind.__module__ == loaded.__name__
                and frozen(kind)
            ):
                found.append(kind)
    return found


def written() -> list[type]:
    """List the records of the model that have a form in JSON; parsed law and what keeps bytes have none."""
    return [
        kind
        for kind in records()
        if kind.__module__.rpartition(".")[2] not in ("codec", "law", "agencies")
        and not any(keeps_bytes(part.kind) for part in parts_of(kind))
    ]


def keeps_bytes(kind: Any) -> bool:
    """Tell whether a type is one of bytes, or a table of records that keep some."""
    if kind in (bytes, bytes | None):
        return True
    return any(
        is_dataclass(one) and any(part.kind is bytes for part in parts_of(typing.cast(Any, one)))
        for one in typing.get_args(kind)
        if typing.get_origin(kind) is Mapping
    )


def values(kind: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Make any value of a type."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        return _narrowed(arguments, depth)
    if origin in (types.UnionType, typing.Union):
        return st.one_of([values(one, depth) for one in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is Sequence or (origin is tuple and arguments[1:] == (...,)):
        return st.lists(values(arguments[0], depth + 1), max_size=2 if depth < 3 else 0).map(tuple)
    if origin is tuple:
        return st.tuples(*(values(one, depth) for one in arguments))
    if origin in (Mapping, dict):
        return st.dictionaries(values(arguments[0]), values(arguments[1], depth + 1), max_size=2)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        if depth > 5:
            return st.nothing()
        return st.fixed_dictionaries(
            {part.attribute: values(part.kind, depth + 1) for part in parts_of(kind)}
        ).map(lambda made: _made(kind, made))
    return {
        str: TEXTS,
        int: st.integers(-(2**60), 2**60),
        bool: st.booleans(),
        type(None): st.none(),
        bytes: st.binary(max_size=9),
        Any: JSON,
        date: st.dates(),
        Decimal: st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=2),
        datetime: st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES),  # noqa: DTZ001 - the zone is drawn
    }[kind]


def _narrowed(arguments: tuple[Any, ...], depth: int) -> st.SearchStrategy[Any]:
    kind = arguments[0]
    limits = next((one for one in arguments[1:] if isinstance(one, As)), arguments[1])
    if isinstance(limits, As):
        if limits.expected == "YYYY-MM-DD":
            return st.dates().map(date.isoformat)
        if limits.expected.startswith("a month such as"):
            return st.dates().map(lambda day: day.isoformat()[:7])
        if limits.expected.startswith("a field that a column can hold: "):
            return st.sampled_from(limits.expected.partition(": ")[2].split(", "))
        if limits.expected.startswith("a path below the folder of the file"):
            return st.sampled_from(("a.csv", "ledgers/*.xlsx", "**/parts?.json"))
        return values(kind, depth).filter(lambda value: limits.read(limits.write(value)) == value)
    if limits.pattern:
        return st.from_regex(limits.pattern, fullmatch=True).filter(
            lambda text: len(text) <= (limits.most or 1_000)
        )
    if kind is int:
        return st.integers(-(2**60) if limits.least is None else limits.least, limits.most or 2**60)
    return values(kind, depth).filter(
        lambda value: (limits.least or 0) <= len(value) <= (limits.most or 10_000)
    )


def _made(kind: type, made: dict[str, Any]) -> Any:
    for part in parts_of(kind):
        if part.beside and not made[part.beside]:
            made[part.attribute] = part.default  # what is left out beside an empty field does not come back
    try:
        return kind(**made)
    except ValueError:
        assume(False)


@pytest.mark.parametrize("kind", [Tree, *written()], ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_record_of_the_model_comes_back_as_it_was(kind: type) -> None:
    @settings(
        max_examples=15,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(values(kind))
    def check(record: Any) -> None:
        assert read(kind, write(record)) == record

    check()


def at(value: Any, pointer: str) -> Any:
    """Follow a JSON pointer; fails where it leads nowhere."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def places(value: Any) -> list[tuple[Any, Any]]:
    """List every list or object inside with every key of it."""
    found = []
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        found.append((value, key))
        if isinstance(item, (dict, list)):
            found += places(item)
    return found


@settings(max_examples=300)
@given(values(Tree), st.data())
def test_every_fault_names_a_place_that_exists(tree: Tree, data: st.DataObject) -> None:
    value = write(tree)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(value) or [(value, "name")]))
        junk: Any = data.draw(
            st.sampled_from([None, 1.5, True, 17, "?", "\ud800", [], [[]], {}, {"~/": 1}, -(2**70)])
        )
        holder[key] = junk
    try:
        read(Tree, value)
    except CodecError as error:
        assert error.faults and str(error)
        for fault in error.faults:
            at(value, fault.pointer)
            assert fault.what and fault.expected


GOOD = {"name": "oak", "grown": "2026-11-27"}


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"name": "Oak"}, [("/name", "'Oak' is not one", "of the form [a-z]+")]),
        ({"grown": "2026-W01-1"}, [("/grown", "'2026-W01-1' is not one", "YYYY-MM-DD")]),
        ({"grown": 20261127}, [("/grown", "a whole number stands here", "YYYY-MM-DD")]),
        ({"seen_at": "2026-11-27T10:00:00"}, [("/seen_at", "'2026-11-27T10:00:00' has no offset", None)]),
        ({"leaves": [{"colour": "red"}, {"colour": "green", "size": True}]}, [
            ("/leaves/1/colour", "'green' is not one", "red, blue"),
            ("/leaves/1/size", "true or false stands here", "a whole number"),
        ]),
        ({"leaves": [{"colour": "red", "size": 10, "weight": 1.0}]}, [
            ("/leaves/0/size", "10 is out of bounds", "0 or more and at most 9"),
            ("/leaves/0/weight", "a number with a point stands here", "a whole number"),
        ]),
        ({"leaves": [{"colour": "red", "size": -1}]}, [("/leaves/0/size", "-1 is out of bounds", None)]),
        ({"leaves": {}}, [("/leaves", "this is not a list", "a list")]),
        ({"leaves": [{"size": 1, "shape": "x"}]}, [
            ("/leaves/0/shape", "there is no such field", "colour, size, weight"),
            ("/leaves/0", "colour is missing", "colour"),
        ]),
        ({"pair": [1]}, [("/pair", "a list stands here", "a list of 0 or a list of 2")]),
        ({"pair": ["1", "2"]}, [("/pair/0", "'1' is not one", "a whole number")]),
        ({"due": "soon"}, [("/due", "'soon' is not one", "2026-11-25T09:30:00-05:00 or YYYY-MM-DD")]),
        ({"notes": {"a/b": {"~": [0.5]}}}, [("/notes/a~1b/~0/0", "a number with a point stands here", None)]),
        ({"notes": {"a": "\ud800"}}, [("/notes/a", "half a surrogate pair stands in the text", None)]),
        ({"by-colour": {"green": 1}}, [("/by-colour/green", "'green' is not one", "red, blue")]),
        ({"by_colour": {}}, [("/by_colour", "there is no such field", None)]),
        ({"kind": "shrub"}, [("/kind", "'shrub' is not one", "tree, bush")]),
        ({"kind": True}, [("/kind", "true or false stands here", "tree, bush")]),
        ({"half": "x"}, [("/half", "'x' is not one", "an even number")]),
        ({"leaves": [{"colour": "red", "weight": 2**70}]}, [("/leaves/0/weight", "the number is too large", None)]),
    ],
)  # fmt: skip
def test_a_fault_says_where_what_and_what_was_expected(
    change: dict[str, Any], faults: list[tuple[str, str, str | None]]
) -> None:
    with pytest.raises(CodecError) as caught:
        read(Tree, {**GOOD, **change})
    assert [(one.pointer, one.what) for one in caught.value.faults] == [
        (place, what) for place, what, _ in faults
    ]
    for one, (_, _, expected) in zip(caught.value.faults, faults, strict=True):
        assert expected is None or one.expected == expected


def test_all_faults_are_told_up_to_a_bound() -> None:
    with pytest.raises(CodecError) as caught:
        read(Tree, {"grown": "x", "leaves": [{}, {"colour": 1}], "?": 0})
    assert [one.pointer for one in caught.value.faults] == [
        "/grown",
        "/leaves/0",
        "/leaves/1/colour",
        "/?",
        "",
    ]
    assert str(caught.value).endswith(", and 4 more")
    with pytest.raises(CodecError) as caught:
        read(Tree, {**GOOD, "leaves": [0] * 100_000})
    assert len(caught.value.faults) == MOST_FAULTS


def test_a_place_is_told_from_the_whole_where_a_part_is_read() -> None:
    with pytest.raises(CodecError) as caught:
        read(Leaf, {"colour": ""}, at="/leaves/17")
    assert caught.value.faults == (Fault("/leaves/17/colour", "'' is not one", "red, blue"),)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "it is not JSON"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"name": NaN}', "NaN is not a number of JSON"),
        (b"9" * 5_000, "it is not JSON"),
        (b'{"name":"a","name":"b","grown":"2026-01-01"}', "the key 'name' stands twice"),
        (b'{"name":"a","grown":"2026-01-01","leaves":[{"colour":"red","colour":"red"}]}', "the key 'colour'"),
    ],
)
def test_what_is_no_json_is_refused_without_a_traceback(content: bytes, what: str) -> None:
    with pytest.raises(CodecError, match=what):
        read_json(Tree, content)


def test_a_key_that_stands_twice_is_found_where_it_stands() -> None:
    with pytest.raises(CodecError) as caught:
        read(Tree, parse(b'{"name":"a","grown":"2026-01-01","leaves":[{"colour":"red","colour":"red"}]}'))
    assert caught.value.faults[0].pointer == "/leaves/0"


def test_depth_is_bounded() -> None:
    deep: Any = {**GOOD}
    for _ in range(DEEPEST):
        deep = {**GOOD, "children": [deep]}
    with pytest.raises(CodecError, match="nested too deeply"):
        read(Tree, deep)
    notes: Any = []
    for _ in range(50_000):
        notes = [notes]
    with pytest.raises(CodecError, match="nested too deeply"):
        read(Tree, {**GOOD, "notes": {"a": notes}})


def test_numbers_of_yaml_may_be_text() -> None:
    assert read(Leaf, {"colour": "red", "size": "7", "weight": "-12"}, text_first=True) == Leaf(
        Colour.RED, 7, -12
    )
    with pytest.raises(CodecError):
        read(Leaf, {"colour": "red", "size": "7"})
    with pytest.raises(CodecError):
        read(Leaf, {"colour": "red", "size": "٧"}, text_first=True)


def test_fields_of_later_versions_are_passed_over_where_it_is_asked() -> None:
    assert read(Leaf, {"colour": "red", "new": {"a": [1, None]}}, open_=True) == Leaf(Colour.RED)
    with pytest.raises(CodecError):
        read(Leaf, {"colour": "red", "new": 0.5}, open_=True)


def test_a_field_is_left_out_where_it_says_so() -> None:
    plain = write(Tree("oak", date(2026, 11, 27)))
    assert "by-colour" not in plain and "children" not in plain and "names" not in plain
    assert plain["half"] == "0" and plain["seen_at"] is None
    child = Tree("ash", date(2026, 11, 27))
    value = write(Tree("oak", date(2026, 11, 27), children=(child,), by_colour={Colour.RED: 1}))
    assert value["names"] == [] and value["by-colour"] == {"red": 1}


def test_the_schema_says_what_is_read() -> None:
    made = schema(Tree, id_="urn:x", title="a tree")
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$id"] == "urn:x" and made["title"] == "a tree"
    leaf = made["$defs"]["Leaf"]
    assert leaf["description"] == "A leaf." and leaf["required"] == ["colour"]
    assert leaf["properties"]["size"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 9,
        "description": "in whole units.",
    }
    assert leaf["properties"]["colour"]["description"] == "what it looks like, on a dull day."


@settings(max_examples=60)
@given(values(Tree))
def test_what_is_written_meets_the_schema(tree: Tree) -> None:
    jsonschema.validate(write(tree), schema(Tree))


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_PLAIN)
def test_what_is_written_fast_is_canonical(value: object) -> None:
    """Half surrogate pairs, control characters and large numbers among it."""
    assert written_json(value) == canonical_json(value)
