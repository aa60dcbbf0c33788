"""Strict JSON for the model's records: read, write, and the JSON Schema of what is read and written.

A record is a frozen dataclass. Its annotations say what its JSON is: an object with one field for each field of the class.
Texts, whole numbers, truth values, enumerations, days, instants with an offset, tuples, mappings with text keys, other
records, `Literal`, `None` and unions of what differs in JSON are known; `Any` stands for any JSON without floats. `Limits`
and `As` in `Annotated` narrow a type or give it another text form, `named` says how a field is called or when it is left out.

Reading finds all faults, not the first one, and says where each stands as a JSON pointer (RFC 6901) into the value; an
unknown or a missing field, a key that stands twice, a float and half a surrogate pair are faults.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Self, TypeVar, cast

_Kind = TypeVar("_Kind")
_Value = TypeVar("_Value")

#: Lists and objects may stand this deep in one another.
DEEPEST = 64
#: Faults that are collected; a value with more of them is another thing altogether.
MOST_FAULTS = 1_000
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be.

    Attributes:
        pointer: JSON pointer to the value at fault; empty for the whole. A missing field is a fault of its object.
        what: what stands there, in words.
        expected: what should stand there.
    """

    pointer: str
    what: str
    expected: str


class CodecError(ValueError):
    """JSON that is not the record asked for.

    Attributes:
        faults: all faults in the order of the value, `MOST_FAULTS` at most.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first, others = faults[0], len(faults) - 1
        more = f", and {others:,} more" if others else ""
        super().__init__(f"{first.pointer or 'the top'}: {first.what} (expected: {first.expected}){more}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Narrows a text, a whole number or a list, in `Annotated`.

    Attributes:
        pattern: regular expression for the whole text.
        least, most: bounds of a number, else of the count of characters or entries.
        expected: what is allowed, in words; made from the rest when empty.
    """

    pattern: str = ""
    least: int | None = None
    most: int | None = None
    expected: str = ""


@dataclass(frozen=True, slots=True)
class As:
    """Another form of a type in JSON, in `Annotated`.

    Attributes:
        read: gives the value of what stands in JSON; raises ValueError.
        write: gives what stands in JSON, as plain values.
        expected: the form in words or as an example.
        of: type of what stands in JSON.
        schema: items of its JSON Schema, as (key, value).
    """

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    expected: str
    of: Any = str
    schema: tuple[tuple[str, str], ...] = ()


def named(name: str = "", *, omit: bool = False, beside: str = "") -> dict[str, Any]:
    """Give `field(metadata=...)` of a field that is written under another name, or not always.

    Args:
        name: its name in JSON.
        omit: leave it out where it is the default.
        beside: leave it out where the field of this name is empty.
    """
    return {"codec": (name, omit, beside)}


def omitted(default: _Value) -> _Value:
    """Give a field of a dataclass that is left out of JSON where it is the default."""
    return field(default=default, metadata=named(omit=True))


@dataclass(frozen=True, slots=True)
class _Mode:
    text_first: bool  # whole numbers may be written as text, as in YAML read as text
    open: bool  # unknown fields are passed over: they may come from a later version
    first: bool = False  # a value at fault is refused without saying where: it is read again for that


def read(
    kind: type[_Kind], value: Any, *, at: str = "", text_first: bool = False, open_: bool = False
) -> _Kind:
    """Read a record, or another known type, from plain JSON values.

    Args:
        kind: what to read.
        value: as `parse` gives it.
        at: JSON pointer of `value`, where it is a part of something larger.
        text_first: also take whole numbers that are written as text.
        open_: pass over fields that the records do not have, as long as they hold plain JSON: no floats, no key twice.

    Raises:
        CodecError: with all faults.
    """
    try:
        return cast(_Kind, _reader(cast(Any, kind), _Mode(text_first, open_))(value, 0))
    except _Wrong as wrong:
        faults = [Fault(at + pointer(path), what, expected) for path, what, expected in wrong.faults]
    except RecursionError:
        faults = [Fault(at, "this is nested too deeply", f"at most {DEEPEST} levels")]
    raise CodecError(faults)


def read_json(kind: type[_Kind], content: bytes, *, open_: bool = False) -> _Kind:
    """Read a record from JSON text in UTF-8; see `read`."""
    return read(kind, parse(content), open_=open_)


def parse(content: bytes) -> Any:
    """Give the plain values of JSON text in UTF-8. A key that stands twice is found when the value is read.

    Raises:
        CodecError: when it is not JSON.
    """
    try:
        return _DECODER.decode(content.decode("utf-8"))
    except RecursionError:
        what = "it is nested too deeply"
    except UnicodeDecodeError as error:
        what = f"it is not UTF-8: {error.reason} at byte {error.start}"
    except ValueError as error:
        what = f"it is not JSON: {error}"
    raise CodecError([Fault("", what[:200], "JSON in UTF-8")])


def pointer(path: Iterable[str | int]) -> str:
    """Write keys and indexes as a JSON pointer."""
    texts = (str(part).encode("utf-8", "replace").decode() for part in path)
    return "".join("/" + text.replace("~", "~0").replace("/", "~1") for text in texts)


class _Twice(dict[str, Any]):
    """An object in which a key stands twice; no reader takes it for an object."""

    key = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    twice, seen = _Twice(made), set()
    for key, _ in pairs:
        if key in seen:
            twice.key = key
        seen.add(key)
    return twice


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not a number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)

# Reading: one function for each type and mode, made once. It takes the value and its depth. A record is first read by code that
# refuses a value at its first fault; what it refuses is read again, part by part, to find all faults and their places. Both
# take the same values.

_Reader = Callable[[Any, int], Any]


class _Wrong(Exception):
    """A value at fault: path from here, what stands there, what is expected."""

    def __init__(self, *faults: tuple[tuple[str | int, ...], str, str]) -> None:
        self.faults = faults

    def under(self, key: str | int) -> list[tuple[tuple[str | int, ...], str, str]]:
        return [((key, *path), what, expected) for path, what, expected in self.faults]


class _Nearly(_Wrong):
    """A value that is nearly what one alternative takes: its words say more than that it is none of them."""


def _wrong(value: Any, expected: str, what: str = "") -> _Wrong:
    if isinstance(value, _Twice):
        what = f"the key {value.key[:40]!r} stands twice"
    if isinstance(value, str):
        what = what or f"{value[:40]!r} is not one"
    return _Wrong(
        ((), what or f"{_NAMES.get(type(value), type(value).__name__)} stands here", expected[:400])
    )


_NAMES = {
    bool: "true or false", int: "a whole number", float: "a number with a point", list: "a list", dict: "an object",
    types.NoneType: "null",
}  # fmt: skip


@cache
def _reader(kind: Any, mode: _Mode) -> _Reader:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        inner = _reader(arguments[0], mode)
        for extra in arguments[1:]:
            inner = _form(extra, _reader(extra.of, mode)) if isinstance(extra, As) else _limited(inner, extra)
        return inner
    if origin in (types.UnionType, typing.Union):
        return _union([_reader(one, mode) for one in arguments])
    if origin is typing.Literal:
        return _choice({one: one for one in arguments})
    if origin is Sequence or (origin is tuple and arguments[1:] == (...,)):
        if mode.first and arguments[0] in _COMMON:
            return _COMMON[arguments[0]]
        return (_list_first if mode.first else _list)(_reader(arguments[0], mode))
    if origin is tuple:
        return (_row_first if mode.first else _row)([_reader(one, mode) for one in arguments])
    if origin in (Mapping, dict):
        return _mapping(_reader(arguments[0], mode), _reader(arguments[1], mode))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _choice({member.value: member for member in kind})
    if kind in _READERS:
        return _number_or_text if mode.text_first and kind is int else _READERS[kind]
    return (_record_first if mode.first else _record)(cast(type, kind), mode)


def _text(value: Any, depth: int) -> Any:
    if type(value) is not str:
        raise _wrong(value, "text")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _wrong(value, "whole characters", "half a surrogate pair stands in the text") from None
    return value


def _number(value: Any, depth: int) -> Any:
    if type(value) is not int:
        raise _wrong(value, "a whole number")
    if not -_LARGEST <= value <= _LARGEST:
        raise _wrong(value, "a whole number of 64 bits", "the number is too large")
    return value


def _truth(value: Any, depth: int) -> Any:
    if type(value) is not bool:
        raise _wrong(value, "true or false")
    return value


def _none(value: Any, depth: int) -> Any:
    if value is not None:
        raise _wrong(value, "null")


def _number_or_text(value: Any, depth: int) -> Any:
    if type(value) is str and re.fullmatch("-?[0-9]{1,15}", value):
        return int(value)
    return _number(value, depth)


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError("a day in another form")
    return day


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise _Nearly(((), f"{text[:40]!r} has no offset", "2026-11-25T09:30:00-05:00"))
    return moment


def _form(form: As, inner: _Reader) -> _Reader:
    def read_form(value: Any, depth: int) -> Any:
        if form.of is str and type(value) is not str:
            raise _wrong(value, form.expected)
        found = inner(value, depth)
        try:
            return form.read(found)
        except (ValueError, OverflowError):
            raise _wrong(value, form.expected) from None

    return read_form


def _choice(members: Mapping[Any, Any]) -> _Reader:
    by_type = {(type(word), word): member for word, member in members.items()}
    by_text = {word: member for word, member in members.items() if type(word) is str}

    def read_choice(value: Any, depth: int) -> Any:
        if type(value) is str and value in by_text:
            return by_text[value]
        if type(value) in (str, int, bool) and (type(value), value) in by_type:
            return by_type[type(value), value]
        raise _wrong(value, ", ".join(map(str, members)))

    return read_choice


def _limited(inner: _Reader, limits: Limits) -> _Reader:
    pattern = re.compile(limits.pattern) if limits.pattern else None
    low = "" if limits.least is None else f"{limits.least:,} or more"
    high = "" if limits.most is None else f"at most {limits.most:,}"
    form = pattern and f"of the form {limits.pattern}"
    expected = limits.expected or " and ".join(filter(None, (low, high, form)))

    def read_limited(value: Any, depth: int) -> Any:
        found = inner(value, depth)
        size = found if isinstance(found, int) else len(found)
        too_small = limits.least is not None and size < limits.least
        if too_small or (limits.most is not None and size > limits.most):
            raise _wrong(value, expected, f"{size:,} is out of bounds")
        if pattern is not None and not pattern.fullmatch(found):
            raise _wrong(value, expected)
        return found

    return read_limited


def _each(parts: Iterable[tuple[str | int, Any, _Reader]], depth: int) -> list[Any]:
    """Read the parts of a list or an object: key, value and reader of each. All faults are collected."""
    if depth > DEEPEST:
        raise _Wrong(((), "this is nested too deeply", f"at most {DEEPEST} levels"))
    found, faults = [], []
    for key, value, reader in parts:
        try:
            found.append(reader(value, depth + 1))
        except _Wrong as wrong:
            faults += wrong.under(key)
            if len(faults) >= MOST_FAULTS:
                break
    if faults:
        raise _Wrong(*faults[:MOST_FAULTS])
    return found


def _list(inner: _Reader) -> _Reader:
    def read_list(value: Any, depth: int) -> Any:
        if type(value) is not list:
            raise _wrong(value, "a list", "this is not a list")
        return tuple(_each(((index, item, inner) for index, item in enumerate(value)), depth))

    return read_list


def _list_first(inner: _Reader) -> _Reader:
    def read_list(value: Any, depth: int) -> Any:
        if type(value) is not list or depth > DEEPEST:
            raise _refused()
        return tuple([inner(item, depth + 1) for item in value]) if value else ()

    return read_list


def _texts(value: Any, depth: int) -> Any:
    """Read a list of texts."""
    if type(value) is not list or depth > DEEPEST:
        raise _refused()
    for item in value:
        if type(item) is not str or not item.isascii():
            _text(item, depth)
    return tuple(value)


def _pairs(value: Any, depth: int) -> Any:
    """Read a list of pairs of texts."""
    if type(value) is not list or depth >= DEEPEST:
        raise _refused()
    for pair in value:
        if type(pair) is not list or len(pair) != 2:
            raise _refused()
        for item in pair:
            if type(item) is not str or not item.isascii():
                _text(item, depth)
    return tuple(map(tuple, value))


def _row_first(inner: Sequence[_Reader]) -> _Reader:
    def read_row(value: Any, depth: int) -> Any:
        if type(value) is not list or len(value) != len(inner) or depth > DEEPEST:
            raise _refused()
        return tuple([one(item, depth + 1) for one, item in zip(inner, value, strict=True)])

    return read_row


def _refused() -> _Wrong:
    return _Wrong(((), "", ""))


def _row(inner: Sequence[_Reader]) -> _Reader:
    def read_row(value: Any, depth: int) -> Any:
        if type(value) is not list or len(value) != len(inner):
            raise _wrong(value, f"a list of {len(inner)}")
        return tuple(_each(zip(range(len(inner)), value, inner, strict=True), depth))

    return read_row


def _mapping(of_key: _Reader, of_value: _Reader) -> _Reader:
    def read_mapping(value: Any, depth: int) -> Any:
        if type(value) is not dict:
            raise _wrong(value, "an object", "this is not an object")
        keys = _each(((key, key, of_key) for key in value), depth)
        return dict(
            zip(keys, _each(((key, item, of_value) for key, item in value.items()), depth), strict=True)
        )

    return read_mapping


def _union(inner: Sequence[_Reader]) -> _Reader:
    optional = _none in inner
    inner = [one for one in inner if one is not _none]
    if len(inner) == 1:
        first = inner[0]
        return lambda value, depth: None if value is None else first(value, depth)

    def read_union(value: Any, depth: int) -> Any:
        if value is None and optional:
            return None
        tried: list[_Wrong] = []
        for one in inner:
            try:
                return one(value, depth)
            except _Wrong as wrong:
                tried.append(wrong)
        # The alternative that got furthest into the value says best what is wrong with it.
        best = max(tried, key=lambda wrong: max(len(path) for path, _, _ in wrong.faults))
        if any(path for path, _, _ in best.faults):
            raise best
        nearly = next((wrong.faults[0][1] for wrong in tried if isinstance(wrong, _Nearly)), "")
        raise _wrong(value, " or ".join(sorted({wrong.faults[0][2] for wrong in tried})), nearly)

    return read_union


def _any(value: Any, depth: int) -> Any:
    if type(value) is dict:
        _each(
            (
                (key, part, reader)
                for key, item in value.items()
                for part, reader in ((key, _text), (item, _any))
            ),
            depth,
        )
        return value
    if type(value) is list:
        _each(((index, item, _any) for index, item in enumerate(value)), depth)
        return value
    if value is None or type(value) is bool:
        return value
    return _text(value, depth) if type(value) is str else _number(value, depth)


_READERS: dict[Any, _Reader] = {
    str: _text, int: _number, bool: _truth, types.NoneType: _none, Any: _any,
    date: _form(As(_day, date.isoformat, "YYYY-MM-DD"), _text),
    datetime: _form(As(_instant, datetime.isoformat, "2026-11-25T09:30:00-05:00"), _text),
}  # fmt: skip
#: Readers of the commonest lists, by what stands in them.
_COMMON: dict[Any, _Reader] = {str: _texts, tuple[str, str]: _pairs}


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a record: its names in Python and in JSON, its type, and when it is written."""

    attribute: str
    name: str
    kind: Any
    default: Any  # MISSING where it has to be there
    omit: bool
    beside: str


@cache
def parts_of(kind: type) -> tuple[Part, ...]:
    """List the fields of a record as they are written."""
    hints = typing.get_type_hints(kind, include_extras=True)
    made = []
    for item in fields(kind):
        name, omit, beside = item.metadata.get("codec", ("", False, ""))
        default = item.default if item.default_factory is MISSING else item.default_factory()
        made.append(Part(item.name, name or item.name, hints[item.name], default, omit, beside))
    return tuple(made)


def _unknown(name: str, item: Any, depth: int) -> list[tuple[tuple[str | int, ...], str, str]]:
    faults: list[tuple[tuple[str | int, ...], str, str]] = []
    for value, reader in ((name, _text), (item, _any)):
        try:
            reader(value, depth + 1)
        except _Wrong as wrong:
            faults += wrong.under(name)
    return faults


def _record(kind: type, mode: _Mode) -> _Reader:
    # The readers of its fields are made when the first value comes: a record may hold records of its own kind.
    readers: dict[str, tuple[str, _Reader]] = {}
    needed: list[str] = []
    read_first = _reader(kind, replace(mode, first=True))

    def read_record(value: Any, depth: int) -> Any:
        try:
            return read_first(value, depth)
        except _Wrong:
            pass
        if type(value) is not dict:
            raise _wrong(value, f"the fields of {kind.__name__}", "this is not an object")
        if depth > DEEPEST:
            raise _Wrong(((), "this is nested too deeply", f"at most {DEEPEST} levels"))
        if not readers:
            readers.update((part.name, (part.attribute, _reader(part.kind, mode))) for part in parts_of(kind))
            needed.extend(part.name for part in parts_of(kind) if part.default is MISSING)
        made, faults = {}, []
        for name, item in value.items():
            if name in readers:
                attribute, reader = readers[name]
                try:
                    made[attribute] = reader(item, depth + 1)
                except _Wrong as wrong:
                    faults += wrong.under(name)
            elif not mode.open:
                faults.append(((name,), "there is no such field", ", ".join(sorted(readers))))
            else:
                # What is passed over is kept with the rest all the same: it is plain JSON, or it is refused.
                faults += _unknown(name, item, depth)
        missing = [name for name in needed if name not in value]
        if missing:
            what = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
            faults.append(((), what, ", ".join(missing)))
        if faults:
            raise _Wrong(*faults[:MOST_FAULTS])
        try:
            return kind(**made)
        except ValueError as error:
            raise _Wrong(((), str(error)[:200], f"a {kind.__name__} that holds together")) from None

    return read_record


def _pass_over(value: Mapping[str, Any], known: set[str], mode: _Mode, depth: int) -> None:
    """Refuse unknown fields, or what they hold where they may stand: it is kept with the rest, and read by others."""
    for name in value.keys() - known:
        if not mode.open:
            raise _refused()
        _text(name, depth)
        _any(value[name], depth + 1)


def _record_first(kind: type, mode: _Mode) -> _Reader:
    # Texts are looked at here and not by their reader: most fields of most records are texts.
    texts: list[tuple[str, str]] = []
    needed: list[tuple[str, str, _Reader]] = []
    others: list[tuple[str, str, _Reader]] = []
    known: set[str] = set()

    def plan() -> None:
        for part in parts_of(kind):
            reader = _reader(part.kind, mode)
            if part.default is not MISSING:
                others.append((part.name, part.attribute, reader))
            elif reader is _text:
                texts.append((part.name, part.attribute))
            else:
                needed.append((part.name, part.attribute, reader))
            known.add(part.name)

    def read_record(value: Any, depth: int) -> Any:
        if type(value) is not dict or depth > DEEPEST:
            raise _refused()
        if not known:
            plan()
        if not value.keys() <= known:
            _pass_over(value, known, mode, depth)
        made = {}
        try:
            for name, attribute in texts:
                item = made[attribute] = value[name]
                if type(item) is not str or not item.isascii():
                    _text(item, depth)
            for name, attribute, reader in needed:
                made[attribute] = reader(value[name], depth + 1)
            for name, attribute, reader in others:
                if name in value:
                    made[attribute] = reader(value[name], depth + 1)
            return kind(**made)
        except (KeyError, ValueError):
            raise _refused() from None

    return read_record


# Writing


def write(record: Any) -> Any:
    """Give the plain JSON values of a record or another known value.

    Raises:
        TypeError: when something has no form in JSON.
    """
    # By what it is: annotations tell only of the fields of records.
    kind: Any = type(record)
    if isinstance(record, Enum):
        return record.value
    if record is None or isinstance(record, (str, bool, int)):
        return record
    if is_dataclass(record):
        return _writer(kind)(record)
    if isinstance(record, (date, datetime)):
        return record.isoformat()
    if isinstance(record, Mapping):
        return {str(write(name)): write(item) for name, item in record.items()}
    if isinstance(record, (tuple, list)):
        return [write(item) for item in record]
    raise TypeError(f"a {type(record).__name__} has no form in JSON")


class Written:
    """A record that gives itself as plain values, and is read from them."""

    __slots__ = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises:
            CodecError: a ValueError, with the places of all that is not as it should be.
        """
        return read(cls, value)

    def to_json(self) -> dict[str, Any]:
        """Give it in the shape of its JSON; parts that its type leaves out where they are empty are left out."""
        return cast(dict[str, Any], write(self))


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        forms = [extra for extra in arguments[1:] if isinstance(extra, As)]
        return forms[-1].write if forms else _writer(arguments[0])
    if origin in (types.UnionType, typing.Union):
        inner = [one for one in arguments if one is not types.NoneType]
        if len(inner) != 1:
            return write
        of_one = _writer(inner[0])
        return lambda value: None if value is None else of_one(value)
    if origin is Sequence or (origin is tuple and arguments[1:] == (...,)):
        of_item = _writer(arguments[0])
        return list if of_item is _same else lambda value: [of_item(item) for item in value]
    if origin in (Mapping, dict):
        of_value = _writer(arguments[1])
        return lambda value: {str(write(name)): of_value(item) for name, item in value.items()}
    if origin is tuple and all(_writer(one) is _same for one in arguments):
        return list
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _value_of
    if is_dataclass(kind):
        return _record_writer(cast(type, kind))
    return _same if kind in (str, int, bool) else write


def _same(value: Any) -> Any:
    return value


def _value_of(value: Any) -> Any:
    return value.value


def _record_writer(kind: type) -> Callable[[Any], Any]:
    plan: list[tuple[Part, Callable[[Any], Any]]] = []

    def write_record(record: Any) -> Any:
        if not plan:
            plan.extend((part, _writer(part.kind)) for part in parts_of(kind))
        made = {}
        for part, writer in plan:
            value = getattr(record, part.attribute)
            if (part.omit and value == part.default) or (part.beside and not getattr(record, part.beside)):
                continue
            made[part.name] = value if writer is _same else writer(value)
        return made

    return write_record
