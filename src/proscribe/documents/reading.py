"""The inputs of a document from JSON, so that another program or a file can hand them over.

The shape is that of `PaperInputs`, field by field; days are `YYYY-MM-DD`, instants ISO 8601 with an offset.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, cast

from proscribe.model.errors import InputError
from proscribe.model.papers import PaperInputs
from proscribe.model.periods import parse_day

_DEEPEST = 12


def inputs_from_json(value: Any) -> PaperInputs:
    """Read inputs.

    Raises:
        InputError: E461 with the place of the first thing that is not as it should be: an unknown or a missing field, a
            value of another type, a day or an instant that is none.
    """
    return cast(PaperInputs, _read(PaperInputs, value, "", 0))


def _wrong(place: str, what: str, expected: str) -> InputError:
    return InputError(
        "E461",
        f"the inputs of a document have another shape: {what}",
        at=place or "the top",
        expected=expected,
        next_step="See docs/documents.md for the fields.",
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(kind: Any, value: Any, place: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _wrong(place, "nested too deeply", f"at most {_DEEPEST} levels")
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _read_union(arguments, value, place, depth)
    if is_dataclass(kind):
        return _read_record(cast(type, kind), value, place, depth)
    if origin is tuple:
        if not isinstance(value, list):
            raise _wrong(place, "this is not a list", "a list")
        return tuple(
            _read(arguments[0], one, f"{place}/{index}", depth + 1) for index, one in enumerate(value)
        )
    if origin is Mapping:
        if not isinstance(value, dict):
            raise _wrong(place, "this is not an object", "an object")
        if arguments[1] is Any:
            return value
        return {str(key): _read(arguments[1], one, f"{place}/{key}", depth + 1) for key, one in value.items()}
    return _read_plain(kind, value, place)


def _read_union(arguments: tuple[Any, ...], value: Any, place: str, depth: int) -> Any:
    if value is None and types.NoneType in arguments:
        return None
    kinds = [one for one in arguments if one is not types.NoneType]
    if len(kinds) == 1:
        return _read(kinds[0], value, place, depth)
    # A due time is an instant for hour clocks and a day for day clocks.
    return _read_plain(date if isinstance(value, str) and len(value) == 10 else datetime, value, place)


def _read_record(kind: type, value: Any, place: str, depth: int) -> Any:
    if not isinstance(value, dict):
        raise _wrong(place, "this is not an object", f"the fields of {kind.__name__}")
    hints = _hints(kind)
    names = {one.name for one in fields(kind)}
    for name in value:
        if name not in names:
            raise _wrong(f"{place}/{name}"[:200], "there is no such field", ", ".join(sorted(names)))
    read = {name: _read(hints[name], one, f"{place}/{name}", depth + 1) for name, one in value.items()}
    needed = [
        one.name
        for one in fields(kind)
        if one.default is MISSING and one.default_factory is MISSING and one.name not in read
    ]
    if needed:
        raise _wrong(
            place, f"{', '.join(needed)} {'is' if len(needed) == 1 else 'are'} missing", ", ".join(needed)
        )
    return kind(**read)


def _read_plain(kind: Any, value: Any, place: str) -> Any:
    try:
        if kind is datetime and isinstance(value, str):
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise _wrong(place, f"{value[:40]!r} has no offset", "2026-11-25T09:30:00-05:00")
            return moment
        if kind is date and isinstance(value, str):
            return parse_day(value)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(value)
    except ValueError:
        expected = (
            ", ".join(str(one.value) for one in kind)
            if isinstance(kind, type) and issubclass(kind, Enum)
            else "YYYY-MM-DD"
            if kind is date
            else "2026-11-25T09:30:00-05:00"
        )
        raise _wrong(place, f"{str(value)[:40]!r} is not one", expected) from None
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind is int and isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)  # text-first YAML writes numbers as text
    if kind in (bool, str) and isinstance(value, kind):
        return value
    raise _wrong(place, f"a {type(value).__name__} stands here", getattr(kind, "__name__", str(kind)))
