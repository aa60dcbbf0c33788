"""What a form asks for a document: groups of fields, as `asks.yml` and the types declare them, and the values of what was typed.

for group in groups_of("waiver-request"): ...
values_in("waiver-request", {"route": "dni", "plan:1:what": "Take it down"})
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from proscribe.documents.registry import TYPES, PaperType, paper_type, read_yaml
from proscribe.kb.written_days import TwoMeanings, written_day
from proscribe.model.errors import ProscribeError, error
from proscribe.wording.lines import lines_of

#: Between the name of a group with rows, the number of a row and the name of a field; rows are numbered from 1.
_PART = ":"
_ROW = re.compile(r"([a-z_]+):([1-9][0-9]{0,3}):([a-z_]+)")
#: Rows that a group is given one by one.
MOST_ROWS = 200
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PARTED = re.compile(r"[,;\n]")
_FINDING = re.compile(r"f_[0-9a-f]+")
#: What is said of one product, and again in the document that takes the place of one on it.
_SAME = "of the same"


class Kind(StrEnum):
    """How a field is typed."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    TRUTH = "truth"
    CHOICE = "choice"
    LIST = "list"
    NAMES = "names"
    LINES = "lines"
    AMOUNT = "amount"
    CURRENCY = "currency"
    THINGS = "things"
    PARTS_LIST = "parts list"
    CASES = "cases"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `asks.yml` says what each attribute means.

    Attributes:
        name: in the form; in a row, within its row.
        to: steps to its place in `PaperInputs`, or in the entry of its row; empty where the form reads it itself.
        besides: the field without which it says nothing.
        not_before: the field whose day is the first that it can have.
    """

    name: str
    label: str
    kind: Kind
    to: tuple[str, ...]
    help: str
    choices: Mapping[str, str]
    parts: tuple[str, ...]
    fills: tuple[str, ...]
    must: bool
    given: bool
    anew: bool
    same: bool
    besides: str
    not_before: str


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together, or the rows of a list.

    Attributes:
        rows: steps to the list in `PaperInputs`; empty for a group of single fields.
        one: what an entry of the list is called.
        id: the field of an entry that holds the number of its row; empty where it has none.
        seeds: what the page begins rows with: `things`, `open components`, or nothing.
        folded: whether it is closed until something stands in it.
        outside: whether it is asked only for what leaves the firm.
        of_contract: whether it is asked only for what is made under a contract.
        of_agencies: whether it is asked only for what agencies of the United States read, or those that deal with them.
        same: whether what it says is said again only in the document that takes the place of the one that said it.
    """

    name: str
    title: str
    help: str
    rows: tuple[str, ...]
    one: str
    id: str
    seeds: str
    fills: tuple[str, ...]
    folded: bool
    outside: bool
    of_contract: bool
    of_agencies: bool
    every: bool
    same: bool
    fields: Mapping[str, Field]


def named(group: str, number: int, field: str) -> str:
    """Give the name of a field in a row."""
    return _PART.join((group, str(number), field))


def row_of(name: str) -> tuple[str, int, str] | None:
    """Give group, number and field of the name of a field in a row; `None` for any other name."""
    found = _ROW.fullmatch(name)
    return (found[1], int(found[2]), found[3]) if found else None


@cache
def _labels() -> Mapping[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for group in _declared().values():
        if group.rows:
            found.setdefault(group.rows, group.title)
            continue
        for field in group.fields.values():
            found.setdefault(field.to, field.label)
    return found


def label_of(place: str) -> str:
    """Call a place of `PaperInputs`, such as `inquiry.searched`, as a form does; by its name where no form asks for it."""
    steps = tuple(place.split("."))
    return _labels().get(steps) or steps[-1].replace("_", " ").capitalize()


@cache
def _declared() -> Mapping[str, Group]:
    raw = read_yaml(Path(__file__).with_name("asks.yml"))
    return {name: _group(name, one) for name, one in raw.items()}


def _group(name: str, raw: Mapping[str, Any]) -> Group:
    return Group(
        name, raw.get("title", ""), " ".join(raw.get("help", "").split()), _steps(raw.get("rows", "")), raw.get("one", ""),
        raw.get("id", ""), raw.get("seeds", ""), tuple(raw.get("fills", ())), raw.get("folded", False),
        raw.get("when") == "goes outside", raw.get("when") == "under a contract",
        raw.get("when") == "known to agencies of the United States", raw.get("of") == "every", raw.get("said", "") == _SAME,
        {field: _field(field, told) for field, told in raw["fields"].items()},
    )  # fmt: skip


def _field(name: str, raw: Mapping[str, Any]) -> Field:
    return Field(
        name, raw["label"], Kind(raw.get("kind", Kind.LINE)), _steps(raw.get("to", "")),
        raw.get("help", ""), raw.get("choices", {}),
        tuple(raw.get("parts", ())), tuple(raw.get("fills", ())), raw.get("must", False), raw.get("given", False),
        raw.get("anew", False), raw.get("said", "") == _SAME, raw.get("with", ""), raw.get("from", ""),
    )  # fmt: skip


def _steps(text: str) -> tuple[str, ...]:
    return tuple(text.split(".")) if text else ()


def groups_of(type_: str) -> tuple[Group, ...]:
    """Give the groups of a type in the order in which a form asks them; those of every document where it is no type."""
    kind = paper_type(type_) if type_ in TYPES else None
    own = kind.get("asks", ()) if kind is not None else ()
    return tuple(
        one
        for one in _declared().values()
        if (one.every or one.name in own) and not (kind is not None and _is_beside(one, kind))
    )


def _is_beside(group: Group, kind: PaperType) -> bool:
    """Tell whether a type has no use for a group: what would be typed there would not be printed."""
    under = kind.get("under")
    return (
        (group.outside and kind.stays)
        or (group.of_contract and under is not None)
        or (group.of_agencies and under == "a direction")
    )


def single_fields(type_: str) -> dict[str, Field]:
    """Give the fields of a type that stand in no row, by their names."""
    return {name: one for group in groups_of(type_) if not group.rows for name, one in group.fields.items()}


def needed_in(type_: str) -> tuple[str, ...]:
    """Name the fields, in no row, without which no document of a type is made, in the order in which a form asks them."""
    needs = paper_type(type_).get("needs", ()) if type_ in TYPES else ()
    alone = {filled_by(type_, one["any"][0]) for one in needs if len(one["any"]) == 1}
    return tuple(name for name, one in single_fields(type_).items() if one.must or name in alone)


def field_of(type_: str, name: str) -> Field | None:
    """Give the field of the form of a type that has a name; `None` where it has none."""
    if (row := row_of(name)) is None:
        return single_fields(type_).get(name)
    return next((one.fields.get(row[2]) for one in groups_of(type_) if one.rows and one.name == row[0]), None)


def numbers(group: Group, form: Mapping[str, str]) -> list[int]:
    """Give the numbers of the rows of a group that a form has, empty ones too."""
    rows = (row_of(name) for name in form)
    return sorted({row[1] for row in rows if row is not None and row[0] == group.name})


#: What a form asks for beside being read: another row of a group, or one row less.
_MORE, _LESS = "more", "less"


def with_rows(type_: str, form: Mapping[str, str], wish: str) -> dict[str, str] | None:
    """Give a form with one more row, or without one; `None` where that is not what was asked for.

    Args:
        wish: `more:GROUP` or `less:GROUP:NUMBER`.
    """
    verb, _, rest = wish.partition(_PART)
    name, _, number = rest.partition(_PART)
    group = next((one for one in groups_of(type_) if one.rows and one.name == name), None)
    if group is None or verb not in (_MORE, _LESS):
        return None
    if verb == _LESS:
        return {
            key: text for key, text in form.items() if not key.startswith(f"{name}{_PART}{number}{_PART}")
        }
    rows = numbers(group, form)
    # A page that has no row yet shows an empty one.
    last = max(rows, default=1)
    made = {named(name, last, next(iter(group.fields))): ""} if not rows else {}
    return {
        **form,
        **made,
        **({named(name, last + 1, next(iter(group.fields))): ""} if len(rows) < MOST_ROWS else {}),
    }


def row_about(type_: str, name: str, form: Mapping[str, str], about: Sequence[str]) -> str:
    """Name the row of a group that is about something, such as `plan:2`; empty where none is.

    Args:
        about: ids of what is looked for.
    """
    for group in groups_of(type_):
        for number in numbers(group, form) if group.rows and group.name == name else ():
            own = {form.get(named(name, number, one.name), "") for one in group.fields.values() if one.given}
            if ({str(number)} if group.id else own - {""}) & set(about):
                return f"{name}{_PART}{number}"
    return ""


def filled_by(type_: str, pointer: str) -> str:
    """Name the field, or the group, that fills a place of a document; empty where none does.

    Args:
        pointer: such as `/contract/award` or `/body/plan/0/owner`.
    """
    for group in groups_of(type_):
        if any(_within(pointer, one) for one in group.fills):
            return group.name
        for name, one in group.fields.items() if not group.rows else ():
            if any(
                _within(pointer, place) for place in ("/" + "/".join(one.to), *one.fills) if len(place) > 1
            ):
                return name
    return ""


def _within(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")


def field_at(type_: str, place: str, form: Mapping[str, str]) -> str:
    """Name the field, or the group, whose value stands at a place of `PaperInputs`; empty where none does.

    Args:
        place: such as `/plan/1/by_on` or `contract.award`; or the name of a field itself.
        form: what was typed; entries of a list are counted as they were read from its rows.
    """
    if field_of(type_, place) is not None:
        return place
    steps = tuple(step for step in re.split(r"[./\[\]]+", place) if step)
    for group in groups_of(type_):
        if group.rows and steps == group.rows:
            return group.name
        depth = len(group.rows)
        if group.rows and steps[:depth] == group.rows and len(steps) > depth and steps[depth].isdecimal():
            read = [number for number in numbers(group, form) if _says(group, number, form)]
            at = int(steps[depth])
            if at < len(read):
                within = (
                    name for name, one in group.fields.items() if one.to == steps[depth + 1 :][: len(one.to)]
                )
                return named(group.name, read[at], next(within, next(iter(group.fields))))
        for name, one in group.fields.items() if not group.rows else ():
            if one.to and steps[: len(one.to)] == one.to:
                return name
    return ""


def values_in(type_: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Give what was typed as values in the shape of `PaperInputs`; nothing where a field is empty.

    Raises:
        CaseError: E458 for what is not as it was asked, `at` the field.
    """
    values: dict[str, Any] = {}
    for group in groups_of(type_):
        if group.rows:
            rows = (_row(group, number, form) for number in numbers(group, form))
            if entries := [one for one in rows if one is not None]:
                put(values, group.rows, entries)
        else:
            _read(group.fields, form, "", values)
    return values


def _row(group: Group, number: int, form: Mapping[str, str]) -> dict[str, Any] | None:
    """Read a row; `None` for one in which nobody typed anything."""
    names = {name: named(group.name, number, name) for name in group.fields}
    if not _says(group, number, form):
        return None
    entry: dict[str, Any] = {group.id: str(number)} if group.id else {}
    for name, one in group.fields.items():
        if one.must and not form.get(names[name], "").strip():
            raise error("E458.missing", at=names[name], which=f"{group.one} {number}", lacks=one.label)
    _read(group.fields, form, f"{group.name}{_PART}{number}{_PART}", entry)
    return entry


def _says(group: Group, number: int, form: Mapping[str, str]) -> bool:
    """Tell whether somebody typed anything into a row."""
    own = (name for name, one in group.fields.items() if not one.given)
    return any(form.get(named(group.name, number, name), "").strip() for name in own)


def _read(fields: Mapping[str, Field], form: Mapping[str, str], before: str, values: dict[str, Any]) -> None:
    """Read fields into values.

    Args:
        before: what stands before their names in the form.
    """
    for name, one in fields.items():
        text = form.get(f"{before}{name}", "").strip()
        if not text or not one.to:
            continue
        at = f"{before}{name}"
        if one.besides and not form.get(f"{before}{one.besides}", "").strip():
            raise error(
                "E458.missing",
                at=f"{before}{one.besides}",
                which=f"“{one.label}”",
                lacks=fields[one.besides].label,
            )
        value = typed(one, text, at)
        first = form.get(f"{before}{one.not_before}", "").strip() if one.not_before else ""
        if first and (day := _day(first)) is not None and str(value) < day:
            raise _wrong(one, text, at, f"{day} or a later day")
        if one.kind is Kind.THINGS:
            records = [word for word in value if not _FINDING.fullmatch(word)]
            value = [word for word in value if word not in records]
            if records:
                put(values, ("records",), records)
        put(values, one.to, value)


def put(values: dict[str, Any], steps: Sequence[str], value: Any) -> None:
    """Put a value at a place of nested values."""
    *parents, last = steps
    for step in parents:
        values = values.setdefault(step, {})
    values[last] = value


def typed(one: Field, text: str, at: str) -> Any:
    """Read what was typed into a field, without blanks at its ends.

    Raises:
        CaseError: E458 for what is not of its kind.
    """
    match one.kind:
        case Kind.DAY:
            if (day := _day(text)) is None:
                raise _wrong(one, text, at, "a day such as 2026-11-18")
            return day
        case Kind.TRUTH:
            if text not in ("true", "false"):
                raise _wrong(one, text, at, "yes or no")
            return text == "true"
        case Kind.CHOICE:
            if text not in one.choices:
                raise _wrong(one, text, at, f"one of {', '.join(one.choices)}")
        case Kind.AMOUNT:
            if not _AMOUNT.fullmatch(text):
                raise _wrong(one, text, at, "digits with a decimal point, such as 1250000.00")
        case Kind.CURRENCY:
            if not _CURRENCY.fullmatch(text):
                raise _wrong(one, text, at, "a currency in three capitals, such as USD")
        case Kind.LIST | Kind.THINGS | Kind.CASES:
            return list(dict.fromkeys(word.strip() for word in _PARTED.split(text) if word.strip()))
        case Kind.NAMES:
            return [line.strip() for line in lines_of(text) if line.strip()]
        case Kind.LINES:
            lines = enumerate(lines_of(text), start=1)
            return [
                entry_of(at, one.label, number, line, one.parts) for number, line in lines if line.strip()
            ]
    return text


def _wrong(one: Field, text: str, at: str, expected: str) -> ProscribeError:
    return error("E458.value", at=at, label=one.label, text=text[:80], expected=expected)


#: What people call parts of a line.
_SAID = {
    "concerns": "provide, use or both", "description": "what it is", "model_number": "model number", "quantity": "how many",
    "site": "where", "by": "by whom", "on": "day",
}  # fmt: skip


def entry_of(
    at: str, label: str, number: int, line: str, parts: Sequence[str], *, least: int = 0
) -> dict[str, str]:
    """Read a line of a list; it is counted from 1, empty ones too, as whoever typed it counts.

    Args:
        at: the field.
        label: what the list is called.
        least: how many of the parts there have to be, from the first; all where it is 0.

    Raises:
        CaseError: E458 too many parts, too few, or no day.
    """
    said = [text.strip() for text in line.split(";")]
    called = "; ".join(_SAID.get(part, part) for part in parts)
    if len(said) > len(parts):
        raise error("E458.line", at=at, name=at, line=line[:80], parts="; ".join(parts))
    entry = {part: text for part, text in zip(parts, said, strict=False) if text}
    told = {"at": at, "list": label[:1].lower() + label[1:], "number": number, "line": line[:80]}
    if missing := [_SAID.get(part, part) for part in parts[: least or len(parts)] if part not in entry]:
        raise error("E458.short", missing=", ".join(missing), parts=called, **told)
    if "on" in entry:
        day = _day(entry["on"])
        if day is None:
            raise error("E458.day", day=entry["on"][:40], **told)
        entry["on"] = day
    return entry


def says_short(
    at: str, label: str, number: int, line: str, parts: Sequence[str], missing: str
) -> ProscribeError:
    """Say that a part of a line is none of what it can be."""
    called = "; ".join(_SAID.get(part, part) for part in parts)
    return error(
        "E458.short", at=at, list=label, number=number, line=line[:80], missing=_SAID[missing], parts=called
    )


def _day(text: str) -> str | None:
    """Give a day as ISO; `None` for what is none, or could be two."""
    try:
        found = written_day(text, loosely=False)
        return None if found is None else date.fromisoformat(found).isoformat()
    except (TwoMeanings, ValueError):
        return None


def typed_of(group: Group, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form under which the rows of a list are typed.

    Args:
        value: the list, as plain values.
    """
    for number, entry in enumerate(value if isinstance(value, list) else (), start=1):
        for name, one in group.fields.items():
            found = entry
            for step in one.to:
                found = found.get(step) if isinstance(found, Mapping) else None
            if text := _as_typed(found, one.kind):
                yield named(group.name, number, name), text


def _as_typed(value: Any, kind: Kind) -> str:
    if isinstance(value, (list, tuple)):
        return ("\n" if kind is Kind.NAMES else ", ").join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
