"""A document as whoever approves or signs it reads it: part by part in an order that matters, a line for each thing, nothing cut.

The parts and their words are declared in `to_sign.yml`, which takes up the sections of documents. What no section of it tells is
told by the names of its fields; so a field that a type gets is never left out.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2.exceptions import TemplateError

from proscribe.documents.blocks import (
    Block,
    Bullets,
    Fields,
    Heading,
    Notice,
    Paragraph,
    Picture,
    Signatures,
    Statement,
    Table,
)
from proscribe.documents.registry import PaperType, paper_type, read_yaml
from proscribe.documents.template import ROWS_SHOWN, blocks_of, seen_of, shared_sections, text_of, value_of
from proscribe.documents.whole import leaf, shared_answers, spaced
from proscribe.model.errors import error
from proscribe.model.papers import Paper
from proscribe.model.pending import DeedPart

#: A longer table that nothing hangs on is counted: the document prints it.
MOST_ROWS = 100
#: Letters from which a text that several rows say stands once, and what it is called there.
_LONG, _NOTE = 80, "as note"
#: More than any table has.
_ALL = 10**9
#: Sections of sections.yml that `to_sign.yml` has in its own order and form.
_OWN_FORM = frozenset(["statements", "valid", "findings", "inquiry", "items"])
_REST = "What else its data holds"
_STOPS = (".", "?", "!")


def parts_to_sign(paper: Paper) -> tuple[DeedPart, ...]:
    """Give a document as it is read before it is approved or signed: the name of each part, and its lines."""
    kind = paper_type(paper.type)
    try:
        return tuple(_read(kind, paper))
    except TemplateError as problem:
        raise error(
            "E215.template", at="to_sign.yml", name=kind.name, why=problem.message or problem
        ) from problem


def _read(kind: PaperType, paper: Paper) -> Iterator[DeedPart]:
    seen: dict[str, Any] = {
        **seen_of(kind, paper),
        "rows_shown": _ALL,
        "most_rows": MOST_ROWS,
        "checklist_printed": True,
        "shared_answers": shared_answers(paper.data["body"].get("findings") or ()),
        "listed_files": _listed_files(paper.data["rests_on"]),
    }
    seen["cited"] = ", ".join(filter(None, (paper.data["title"], seen["cited"], seen["stage"])))
    seen["lead"] = text_of(kind.get("headline"), seen) if kind.get("headline") else ""
    seen["in_short"] = [
        (row[0], text_of(row[1], seen))
        for row in kind.get("in_short") or ()
        if len(row) == 2 or value_of(row[2], seen)
    ]
    for told in declared()["parts"]:
        sections = list(_with_own(told["sections"], kind))
        found = _parts(told["part"], blocks_of(sections, seen), whole=bool(told.get("whole")))
        yield from (replace(part, folded=bool(told.get("folded"))) for part in found)
    rest = tuple(_untold(paper.data))
    if rest:
        yield DeedPart(_REST, rest, folded=True)


def _listed_files(rests_on: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Give the names of the files that a document lists, by their digest."""
    names: dict[str, list[str]] = {}
    for one in rests_on:
        names.setdefault(one["sha256"], []).append(str(one["what"]))
    return names


@cache
def declared() -> Mapping[str, Any]:
    return cast(Mapping[str, Any], read_yaml(Path(__file__).with_name("to_sign.yml")))


def _with_own(sections: Iterable[Any], kind: PaperType) -> Iterator[Any]:
    """Put the sections of a type's template where `own` stands."""
    for one in sections:
        if not isinstance(one, Mapping) or "own" not in one:
            yield one
            continue
        for own in kind.sections:
            name = own if isinstance(own, str) else next(iter(own))
            read = own.get("read", "rest") if isinstance(own, Mapping) else "rest"
            if read == one["own"] and not (name in _OWN_FORM and name in shared_sections()):
                yield own


# From blocks to lines


def _parts(name: str, blocks: Iterable[Block], *, whole: bool) -> Iterator[DeedPart]:
    """Put the lines of blocks under the heading above them; a table that has lines above it stands under its caption."""
    above, title, lines = "", name, list[str]()
    for block in blocks:
        if isinstance(block, Heading):
            if lines:
                yield DeedPart(title, tuple(lines))
            elif title != name and block.level > 1:
                above = title
            if block.level <= 1:
                above = ""
            title, lines = f"{above}: {block.text}" if above else block.text, []
            continue
        told = [one for one in map(_flat, _lines(block, whole=whole)) if one]
        caption = block.title if isinstance(block, Notice) else getattr(block, "caption", title)
        if lines and told and caption != title:
            yield DeedPart(title, tuple(lines))
            title, lines = caption, []
        lines += told
    if lines:
        yield DeedPart(title, tuple(lines))


def _lines(block: Block, *, whole: bool) -> Iterator[str]:
    match block:
        case Paragraph(text, _):
            yield text
        case Fields(_, rows):
            yield from (f"{label}: {_flat(text)}" for label, text in rows if text)
        case Table(_, header, rows, _, _):
            if len(rows) > MOST_ROWS and not whole:
                yield _counted(len(rows))
            else:
                yield from _rows(header, rows)
        case Bullets(entries):
            yield from entries
        case Notice(_, _, entries):
            yield from entries
        case Statement(citation, text, answer, is_open):
            said = "Not answered" if is_open else answer
            yield f"{said} ({citation}): {text}" if said else f"{citation}: {text}"
        case Picture(caption, entries, _):
            yield "; ".join((caption, *entries))
        case Signatures(people):
            yield from (f"{part}: {', '.join(filter(None, told))}" for part, *told in people)
        case Heading():
            pass


def _counted(count: int) -> str:
    if count <= ROWS_SHOWN:
        return f"{count:,} entries, which the document prints"
    return f"{count:,} entries, of which the document prints the first {ROWS_SHOWN:,}; its data holds all"


def _rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Write rows; a long text that several of them say stands once, below them, under the number by which each names it."""
    said = Counter((column, cell) for row in rows for column, cell in enumerate(row) if column)
    notes: dict[tuple[int, str], str] = {}
    # A text that reads as the name of a note, in whatever letters, leaves none to be mistaken for it.
    named = any(_NOTE in unicodedata.normalize("NFKC", cell).casefold() for row in rows for cell in row)
    for key, count in said.items():
        if count > 1 and len(key[1]) >= _LONG and not named:
            notes[key] = f"{_NOTE} {len(notes) + 1}"
    for row in rows:
        yield _row(header, [notes.get((column, cell), cell) for column, cell in enumerate(row)])
    for (column, cell), name in notes.items():
        yield f"{name}, which {said[column, cell]:,} of these name. {header[column]}: {_flat(cell)}"


def _row(header: Sequence[str], row: Sequence[str]) -> str:
    """Write a row: its first cell as it is, the others behind the head of their column."""
    more = [f"{head}: {_flat(cell)}" for head, cell in zip(header[1:], row[1:], strict=True) if cell.strip()]
    said = ""
    for text in filter(None, (_flat(row[0]), *more)):
        said += f"{'' if not said else ' ' if said.endswith(_STOPS) else '. '}{text}"
    return said


def _flat(text: str) -> str:
    """Put the lines of a text behind each other; whatever else hides in it stays, and faces make it visible."""
    return "; ".join(filter(None, (line.strip(" ") for line in text.split("\n"))))


# What no section tells


def _untold(data: Mapping[str, Any]) -> Iterator[str]:
    """Give what no part above tells, by the names of its fields, an entry of a list in a line."""
    lines: dict[str, list[str]] = {}
    words = _findings_named(data["body"])
    for path, text in _leaves(data, ()):
        text = words.get(text, text)
        place = max((at for at, step in enumerate(path) if isinstance(step, int)), default=-1)
        # a list of texts is one value
        if place == len(path) - 1:
            place = max((at for at, step in enumerate(path[:-1]) if isinstance(step, int)), default=-1)
        entry, field = path[: place + 1], path[place + 1 :]
        within = entry or field[:1]
        name = ", ".join(spaced(step) for step in field[len(within) - len(entry) :] if isinstance(step, str))
        lines.setdefault(_named(within), []).append(f"{name}: {text}" if name else text)
    # What is said alike of several is said once.
    alike: dict[str, list[str]] = {}
    for name, texts in lines.items():
        alike.setdefault("; ".join(texts), []).append(name)
    for text, names in alike.items():
        told = "; ".join(names)
        yield f"{told[:1].upper()}{told[1:]}: {text}"


def _findings_named(body: Mapping[str, Any]) -> Mapping[str, str]:
    """Say what each finding of a document is, and where, by its id."""
    return {
        str(
            one["id"]
        ): f"{' '.join(filter(None, (one['entity'], one['model'])))}, {one['place']} [{one['id']}]"
        for one in body.get("findings") or ()
    }


def _named(path: Sequence[str | int]) -> str:
    """Name an entry in words: `plan, 2`."""
    return ", ".join(spaced(one) if isinstance(one, str) else str(one + 1) for one in path if one != "body")


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if path and _is_told(path):
        return
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _leaves(one, (*path, str(name)))
    elif isinstance(value, list):
        within = (found for place, one in enumerate(value) for found in _leaves(one, (*path, place)))
        if len(value) <= MOST_ROWS:
            yield from within
        elif next(within, None) is not None:
            yield path, _counted(len(value))
    elif text := leaf(value):
        yield path, text


def _is_told(path: Sequence[str | int]) -> bool:
    """Tell whether the parts above tell what stands at a place, or `to_sign.yml` says why nobody reads it."""
    return _is_declared("/".join("0" if isinstance(one, int) else one for one in path))


@cache
def _is_declared(place: str) -> bool:
    steps = place.split("/")
    return any(
        len(steps) == len(told) and all(map(fnmatchcase, steps, told))
        for told in (one.split("/") for one in (*declared()["told"], *declared()["not_read"]))
    )
