"""What a table is a list of: stated by a person, told by the format, or weighed from columns, names and values.

Every sign of `table_kinds.yml` that a column shows gives its points once; words in the names of sheet and file give theirs.
The kind with most points counts when it has as many as it needs, and leads the next one that answers another question.
Kinds that answer no question by themselves need more, and nothing that speaks of a thing; else the kind is uncertain.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache
from typing import Any

from proscribe.model.errors import error
from proscribe.model.observations import (
    CONTENT_FIELDS,
    KINDS,
    SILENT_KINDS,
    TOTALS,
    UNCERTAIN,
    Table,
    answers_of,
)
from proscribe.readers._declared import values_of
from proscribe.readers.header_fields import fold_header

#: Fields of a list of things.
_THINGS = frozenset(CONTENT_FIELDS) - {"vendor_name", "other"}
#: Those in which a thing may stand, and columns that are read without being known.
_READ_FOR_THINGS = _THINGS | {"other"}
#: Points of a sign that shows by itself which question a table answers.
_SHOWS = 4
#: Words that a kind rests on, as far as they are kept.
_MOST_WORDS = 12
_SOLID = re.compile(r"[\u0600-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: Letters whose strokes are no accents.
_STROKES = str.maketrans("łøđ", "lod")
#: Where the words of a title that say what a list is end, before those that say of what.
_TITLE_ENDS = re.compile(
    r"\s*(?:[:;,|–—]|\s-\s|\s(?:for|of|für|zu|zur|pour|de|du|per|di|para|voor|van|dla)(?!\w))", re.IGNORECASE
)
#: What `_Phrases.hit` says of a phrase that is the whole of a name.
_WHOLE = 2
_WILD = re.compile(r"[*?\[]")
_LONGEST = 200
#: Columns that are looked at; further ones tell no more.
_MOST_COLUMNS = 2_000
_SUFFIX = re.compile(r"(?:\.[A-Za-z0-9]{1,8}){1,2}$")


class _Phrases:
    """Phrases that are looked for in folded names."""

    def __init__(self, phrases: Iterable[str]) -> None:
        solid, apart, whole, firsts = set(), set(), set(), set()
        for phrase in phrases:
            # `*` is no letter, and is lost when a name is folded.
            words = [_plain(part) for part in phrase.removeprefix("=").split("*")]
            if phrase.startswith("="):
                whole.add(words[0])
            elif _SOLID.search(words[0]):
                solid.add(words[0].replace(" ", ""))
            else:
                apart.add(r"\w*".join(map(re.escape, words)))
                firsts.add(words[0])
        self._whole, self._solid, self._firsts = whole, sorted(solid), tuple(firsts)
        self._pattern = rf"(?<!\w)(?:{'|'.join(sorted(apart)) or '(?!)'})(?!\w)"

    @cached_property
    def _apart(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def hit(self, names: Iterable[str]) -> int:
        """Tell whether a phrase stands in a folded name: 2 when it is the whole name, 1 when it is a part of it, else 0."""
        return max(map(self._hit, names))

    def _hit(self, folded: str) -> int:
        bare = folded.replace(" ", "") if self._solid else ""
        # Of fifty lists of phrases a header meets few: no other is compiled.
        apart = any(first in folded for first in self._firsts)
        if folded in self._whole or bare in self._solid or (apart and self._apart.fullmatch(folded)):
            return 2
        return 1 if (apart and self._apart.search(folded)) or any(one in bare for one in self._solid) else 0


def _folded(name: str) -> tuple[str, ...]:
    """Fold a name, with the words that capitals make and without: `USt-IdNr.`."""
    short = name[:_LONGEST]
    return tuple({_plain(short), _plain(short.lower())})


def _plain(text: str) -> str:
    return fold_header(text).translate(_STROKES)


@dataclass(frozen=True, slots=True)
class _Sign:
    """One sign, with the meaning that `table_kinds.yml` gives its keys."""

    name: str
    thing: bool
    no_vendors: bool
    instead: bool
    alone: bool
    speaks: str
    fields: frozenset[str]
    forms: frozenset[str]
    headers: _Phrases
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Rules:
    sources: Mapping[str, str]
    needs: Mapping[str, int]
    lead: int
    silent: frozenset[str]
    of_things: frozenset[str]
    name_points: int
    names: Mapping[str, _Phrases]
    signs: tuple[_Sign, ...]
    secret: _Phrases


@cache
def _rules() -> _Rules:
    raw: dict[str, Any] = values_of("table_kinds.yml")
    signs = tuple(
        _Sign(
            name,
            one.get("thing") == "true",
            one.get("no_vendors") == "true",
            one.get("instead") == "true",
            one.get("alone") == "true",
            one.get("speaks", ""),
            frozenset(one.get("fields", ())),
            frozenset(one.get("forms", ())),
            _Phrases(one.get("headers", ())),
            _numbers(one["points"]),
        )
        for name, one in raw["signs"].items()
    )
    return _Rules(
        raw["sources"],
        _numbers(raw["needs"]),
        int(raw["lead"]),
        frozenset(raw["silent"]),
        frozenset(raw["of_things"]),
        int(raw["name_points"]),
        {kind: _Phrases(words) for kind, words in raw["names"].items()},
        signs,
        _Phrases(raw["secret"]),
    )


def _numbers(written: Mapping[str, str]) -> dict[str, int]:
    return {name: int(number) for name, number in written.items()}


def kinds_told(
    tables: Sequence[Table],
    display: str,
    reader: str,
    stated: Mapping[str, str],
    configured: Callable[[str | None], str] = lambda _sheet: "",
) -> list[Table]:
    """Say of each table of an input what it is a list of.

    Args:
        tables: as the reader gives them, with samples.
        display: path of the input as it was named.
        reader: name of the reader.
        stated: names to kinds, of `--kind`.
        configured: gives the kind of a sheet that a configuration states, or nothing.
    """
    told = [_told(table, display, reader, stated, configured(table.sheet)) for table in tables]
    return [_beside_others(table, [one for one in told if one is not table]) for table in told]


def _beside_others(table: Table, others: Sequence[Table]) -> Table:
    """Leave a table of totals uncertain where nothing is read of which it could hold the totals: it may be the list itself."""
    if table.kind != TOTALS or table.kind_by == "stated":
        return table
    if any(one.kind != TOTALS and _THINGS.intersection(one.fields.values()) for one in others):
        return table
    return replace(table, kind=UNCERTAIN, kind_by=UNCERTAIN)


def _told(table: Table, display: str, reader: str, stated: Mapping[str, str], configured: str) -> Table:
    rules = _rules()
    samples = {
        column: values
        for column, values in table.samples.items()
        if column in table.header and not rules.secret.hit(_folded(column))
    }
    words: tuple[str, ...]
    name = stated_by(stated, display, table.sheet)
    if table.source_kind and (table.export or not table.forms):
        kind = rules.sources.get(table.source_kind, UNCERTAIN)
        by, words = ("reader" if kind != UNCERTAIN else UNCERTAIN), (table.export or reader,)
    else:
        kind, by, words = _weighed(table, display)
    words = words[:_MOST_WORDS]
    said = stated[name] if name is not None else configured
    # what is stated of a table that says the same of itself adds nothing, and takes nothing away
    if not said or (said == kind and by in ("reader", "headers")):
        return replace(
            table, kind=kind, kind_by=by, kind_words=words, kind_seen=kind if said else "", samples=samples
        )
    against = _against(table, said)[:_MOST_WORDS]
    return replace(
        table, kind=said, kind_by="stated", kind_words=(name or "by whoever scanned",), kind_seen=kind, kind_against=against,
        samples=samples,
    )  # fmt: skip


def _against(table: Table, kind: str) -> tuple[str, ...]:
    """Give the columns that speak against a kind that is stated.

    Against one which answers nothing: those of things, and of what no list of vendors holds. Against one that answers one
    question: those which by themselves show what answers the other.
    """
    silent, answered = kind in SILENT_KINDS, answers_of(kind)

    def speaks(sign: _Sign) -> bool:
        if silent:
            return sign.thing or (sign.no_vendors and kind == "vendors")
        return bool(sign.speaks) and sign.speaks not in answered and max(sign.points.values()) >= _SHOWS

    return tuple(
        column[:_LONGEST]
        for column in table.header[:_MOST_COLUMNS]
        if any(speaks(sign) for sign, _ in _signs_of(column, table))
    )


# Weighing


@dataclass(frozen=True, slots=True)
class _Shown:
    """A sign that a table shows."""

    sign: _Sign
    word: str  # the first column that shows it
    by: str  # `headers` or `values`


def _weighed(table: Table, display: str) -> tuple[str, str, tuple[str, ...]]:
    """Give kind, what says so, and the words it rests on."""
    rules = _rules()
    shown: dict[str, _Shown] = {}
    for column in table.header[:_MOST_COLUMNS]:
        for sign, by in _signs_of(column, table):
            if sign.name not in shown or (by == "headers" and shown[sign.name].by == "values"):
                shown[sign.name] = _Shown(sign, column[:_LONGEST], by)
    points = dict.fromkeys(rules.needs, 0)
    reasons: dict[str, list[tuple[str, str]]] = {kind: [] for kind in points}

    def add(kind: str, number: int, word: str, by: str) -> None:
        points[kind] += number
        if number > 0:
            reasons[kind].append((word, by))

    for one in shown.values():
        for kind, number in one.sign.points.items():
            add(kind, number, one.word, one.by)
    for kind, word in _named(table.sheet, display) or _titled(table):
        add(kind, rules.name_points, word, "headers")
    if table.source_kind == "parts":
        add("product_parts", rules.needs["product_parts"], "a list of parts", "headers")
    ranked = sorted(points, key=lambda kind: -points[kind])
    best, kinds = ranked[0], answers_of(ranked[0])
    rival = next((kind for kind in ranked[1:] if answers_of(kind) != kinds or best in rules.silent), best)
    blocked = best in rules.silent and (
        len(table.header) > _MOST_COLUMNS
        or any(one.sign.thing or (one.sign.no_vendors and best == "vendors") for one in shown.values())
    )
    if points[best] < rules.needs[best] or points[best] - points[rival] < rules.lead or blocked:
        words = [word for kind in ranked[:2] if points[kind] > 0 for word, _ in reasons[kind]]
        against = [one.word for one in shown.values() if one.sign.thing] if blocked else []
        return UNCERTAIN, UNCERTAIN, tuple(dict.fromkeys([*words, *against]))
    against = [
        one.word for one in shown.values() if one.sign.speaks and kinds and one.sign.speaks not in kinds
    ]
    if against:
        words = [word for word, _ in reasons[best]]
        return UNCERTAIN, UNCERTAIN, tuple(dict.fromkeys([*against, *words]))
    if best in rules.of_things and not any(one in _READ_FOR_THINGS for one in table.fields.values()):
        return UNCERTAIN, UNCERTAIN, tuple(dict.fromkeys(word for word, _ in reasons[best]))
    told = "headers" if any(by == "headers" for _, by in reasons[best]) else "values"
    return best, told, tuple(dict.fromkeys(word for word, _ in reasons[best]))


def _signs_of(column: str, table: Table) -> Iterable[tuple[_Sign, str]]:
    """Yield the signs that one column shows, each with what shows it."""
    rules = _rules()
    field, form = table.fields.get(column), table.forms.get(column)
    alone = next((sign for sign, _ in _named_by(column[:_LONGEST]) if sign.alone), None)
    if alone is not None:
        yield alone, "headers"
        yield from ((sign, "values") for sign in rules.signs if form in sign.forms)
        return
    # A program's own words, a person's mapping and the words of columns.yml go before the form of values.
    sure = table.recognised_by.get(column) in ("header", "map", "config")
    of_field = [sign for sign in rules.signs if field is not None and field in sign.fields]
    is_thing = sure and any(sign.thing for sign in of_field)
    instead = False
    for sign, how in _named_by(column[:_LONGEST]):
        if is_thing and not sign.thing and how < 2:
            continue
        instead = instead or sign.instead
        yield sign, "headers"
    if instead and not sure:
        return
    for sign in of_field:
        yield sign, "headers" if sure else "values"
    if instead:
        return
    for sign in rules.signs:
        if form in sign.forms:
            yield sign, "values"


@lru_cache(maxsize=20_000)
def _named_by(name: str) -> tuple[tuple[_Sign, int], ...]:
    """Give the signs of which words stand in a column's name, and whether they are all of it (2) or a part (1)."""
    folded = _folded(name)
    hits = ((sign, sign.headers.hit(folded)) for sign in _rules().signs)
    return tuple((sign, how) for sign, how in hits if how)


def names_a_kind(display: str) -> bool:
    """Tell whether the name of a file speaks of what is in it."""
    return bool(_named(None, display))


def named_kinds(sheet: str | None, display: str) -> frozenset[str]:
    """Give the kinds that the name of a sheet speaks of, else those that the name of its file does."""
    return frozenset(kind for kind, _ in _named(sheet, display))


def _named(sheet: str | None, display: str) -> list[tuple[str, str]]:
    """Give the kinds that a sheet's name speaks of, else those that the file's name does."""
    stem = _SUFFIX.sub("", _base(display))
    for label, text in (("sheet", sheet or ""), ("file", stem)):
        folded = _folded(text)
        found = [
            (kind, f"{label}: {text[:60]}") for kind, words in _rules().names.items() if words.hit(folded)
        ]
        if found:
            return found
    return []


def _titled(table: Table) -> list[tuple[str, str]]:
    """Give the kinds that a line above the header is the name of: "Distinta base", "Parts list for: RX-200"."""
    for _, text in table.beside:
        text = text[:_LONGEST]
        titles = [text, *(text[: end.start()] for end in _TITLE_ENDS.finditer(text))]
        found = [
            (kind, f"title: {text[:60]}")
            for kind, words in _rules().names.items()
            if any(words.hit(_folded(title)) == _WHOLE for title in titles)
        ]
        if found:
            return found
    return []


def _base(display: str) -> str:
    return display.replace("\\", "/").rstrip("/").rpartition("/")[2]


# What people state


def stated_by(stated: Mapping[str, str], display: str, sheet: str | None) -> str | None:
    """Give the name that speaks of a table; of several the one that says it most exactly.

    A name is that of a file (its path as it was named, the end of it, or its last part), or a pattern of one; with
    `#SHEET` it speaks of that sheet alone.
    """
    fits = [(rank, name) for name in stated if (rank := _rank(name, display, sheet)) is not None]
    return max(fits)[1] if fits else None


def stated_kind(stated: Mapping[str, str], display: str, sheet: str | None) -> str:
    """Give what is stated of a table; empty where nothing is."""
    name = stated_by(stated, display, sheet)
    return "" if name is None else stated[name]


def _rank(name: str, display: str, sheet: str | None) -> tuple[bool, bool, int] | None:
    if _is_named(name, display):
        return False, _WILD.search(name) is None, len(name)
    for place in (at for at, char in enumerate(name) if char == "#"):
        file, part = name[:place], name[place + 1 :]
        if sheet is not None and _is_named(file, display) and (part == sheet or fnmatchcase(sheet, part)):
            return True, _WILD.search(name) is None, len(name)
    return None


def _is_named(name: str, display: str) -> bool:
    path = display.replace("\\", "/")
    wanted = name.replace("\\", "/").removeprefix("./")
    if not wanted:
        return False
    ends = path.removeprefix("./"), _base(path)
    return wanted in ends or path.endswith(f"/{wanted}") or any(fnmatchcase(end, wanted) for end in ends)


def check_kinds(stated: Mapping[str, str], tables: Iterable[tuple[str, str | None]] | None = None) -> None:
    """Check `--kind` against the list of kinds and, when given, against what was read.

    Args:
        tables: path and sheet of every table.

    Raises:
        UsageError: E144 with the nearest names.
    """
    for name, kind in stated.items():
        if kind not in KINDS:
            near = difflib.get_close_matches(kind, KINDS, 3, 0.4)
            raise error(
                "E144.kind",
                at=f"--kind {name}={kind}",
                near=near,
                name=name,
                kind=kind[:60],
                kinds=", ".join(KINDS),
            )
    if tables is None:
        return
    known = list(tables)
    for name, kind in stated.items():
        if all(_rank(name, display, sheet) is None for display, sheet in known):
            names = list(
                dict.fromkeys(
                    one for display, sheet in known for one in (_base(display), *_with_sheet(display, sheet))
                )
            )
            near = difflib.get_close_matches(name, names, 3, 0.4)
            raise error(
                "E144.name", at=f"--kind {name}={kind}", near=near, name=name[:200], kind=kind,
                names=", ".join(near or names[:20]) or "none, since nothing could be read",
            )  # fmt: skip


def _with_sheet(display: str, sheet: str | None) -> list[str]:
    return [] if sheet is None else [f"{_base(display)}#{sheet}"]
