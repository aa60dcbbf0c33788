"""Rows of a questionnaire that come back from people: whether each still asks what it asked, and what stands beside its answer.

A row whose cells no longer agree is refused, since nobody can tell which question was answered. An answer with a remark, a note
at its cell, a question mark, a footnote or a line through it is none: it is asked again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from proscribe.app.kb.plain_words import denies, is_less, is_nobody, plain, reserves
from proscribe.kb.written_days import TwoMeanings, written_day
from proscribe.model.errors import ProscribeError, error
from proscribe.readers.workbook import struck_cells
from proscribe.reports.questions import COLUMNS, SHEETS
from proscribe.reports.row_checks import COLUMN, EVERYTHING, Reach, read_check
from proscribe.rules.facts import FACTS

_OURS = {name.casefold(): name for name, _ in COLUMNS}
#: Columns that show of what a row asks; a sheet that has one was written by this program.
_SHOWN_OF = ("Site", "About", "Findings that wait")
_ANSWER, _FACT, _APPLIES = "Answer", "Fact", "Applies to"
#: Facts whose answers are entries of a list, yes, no or firms: no sign belongs to one.
_CLOSED = ("bool", "choice", "choices", "entity", "entities")
_ASKS = re.compile(r"[?？¿؟⁇❓]")
_SIGNS = re.compile(r"[*＊†‡§#~^()\[\]{}<>|\"“”„«»'‘’¹²³⁰-₟\u0335-\u0338☐☑✓✗]")
#: Words that may stand beside an answer and say that it was given; names and days stand in columns that are called so.
_SETTLED = frozenset(
    {
        "ok", "okay", "done", "checked", "confirmed", "answered", "agreed", "final", "verified",
        "erledigt", "geprüft", "vu", "fait", "hecho", "fatto",
    }
)  # fmt: skip
_OF_WHO_OR_WHEN = "|".join(
    (
        "answered", "filled in", "checked", "confirmed", "given", "signed", "date", "day", "name", "initials", "owner",
        "person", "who", "when", "by", "on", "at", "of", "the", "answer",
    )
)  # fmt: skip
_WHO_OR_WHEN = re.compile(f"(?:{_OF_WHO_OR_WHEN})(?: (?:{_OF_WHO_OR_WHEN}))*")
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3}")
_NOT_NAMES = frozenset(
    {
        "not", "no", "nope", "none", "unsure", "some", "maybe", "somebody", "someone", "perhaps", "guess", "guessed",
        "unknown", "tbd", "tbc", "partly",
    }
)  # fmt: skip
_SHOWN = 60
_NOTE = re.compile(r"sheet '(?P<sheet>.*)', comment at \$?[A-Z]{1,3}\$?(?P<row>\d{1,7})")
_CELLS_TOLD = 20


def doubt_in(fact: str, answer: str) -> str:
    """Say what sign in an answer leaves it in doubt; empty where it is as plain as an answer offered."""
    type_ = FACTS[fact].type if fact in FACTS else "text"
    if answer.strip() == "[]":
        return ""
    if _ASKS.search(answer) and (type_ in _CLOSED or _ASKS.match(answer.strip()[-1:])):
        return f"{answer[:_SHOWN]!r} asks as much as it answers"
    sign = _SIGNS.search(answer) if type_ in _CLOSED else re.search("[\u0335-\u0338]", answer)
    return f"{answer[:_SHOWN]!r} bears a mark, {sign[0]!r}" if sign else ""


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """What a row says beside its answer.

    Attributes:
        reach: the things of which it was asked.
        doubt: why its answer is none, in words; empty where nothing stands against it.
    """

    reach: Reach = EVERYTHING
    doubt: str = ""


class ReturnedSheet:
    """Looks at the rows of one file.

    Args:
        name: what the file is called in what is said of it.
        noted: what stands in notes at the cells of a row, or that one is struck, by sheet and row.
    """

    def __init__(self, name: str, noted: Mapping[tuple[str, int], str]) -> None:
        self._name = name
        self._noted = noted
        self._headers: dict[str, list[str]] = {}
        self._moved: list[str] = []
        self._added: list[str] = []
        self._loose: list[str] = []
        self._without: dict[str, None] = {}

    def begin(self, sheet: str, header: Sequence[str]) -> None:
        """Take the header of a sheet: each of our columns once, any other by what people called it."""
        seen: set[str] = set()
        columns = []
        for cell in header:
            ours = _OURS.get(cell.strip().casefold(), "")
            columns.append(ours if ours and ours not in seen else f"+{cell.strip()}")
            seen.add(ours)
        self._headers[sheet] = columns

    def row(self, sheet: str, number: int, cells: Sequence[str]) -> ReturnedRow:
        """Look at a row; what is wrong with it is kept for `faults`."""
        header = self._headers[sheet]
        named = [*header, *["+"] * (len(cells) - len(header))]
        told = {
            name: cell.strip()
            for name, cell in zip(named, cells, strict=False)
            if name and not name.startswith("+")
        }
        beside = [
            (name[1:], " ".join(cell.split()))
            for name, cell in zip(named, cells, strict=False)
            if name.startswith("+")
        ]
        answer, fact, applies = (told.get(name, "") for name in (_ANSWER, _FACT, _APPLIES))
        checked = COLUMN in header
        place = f"row {number}" + (f" of sheet {sheet!r}" if sheet else "")
        if not fact and not applies:
            text = " ".join(cell for cell in (*told.values(), *(cell for _, cell in beside)) if cell)
            if checked and text and not is_settled("", text):
                self._loose.append(f"{place}, {text[:_SHOWN]!r}")
            return ReturnedRow()
        if not answer:
            return ReturnedRow()
        doubts = [f"{words!r} stands beside it" for head, words in beside if not is_settled(head, words)]
        noted = self._noted.get((sheet, number))
        doubts += [noted] if noted else []
        if not checked:
            if any(name in header for name in _SHOWN_OF):
                self._without[sheet] = None
            return ReturnedRow(doubt="; ".join(doubts))
        check = read_check(told.get(COLUMN, ""))
        if check is None:
            self._added.append(place)
            return ReturnedRow()
        if not check.agrees(told):
            self._moved.append(f"{place} ({told.get('About', '')[:_SHOWN]!r}, for {applies[:_SHOWN]!r})")
        elif not check.is_untouched(told):
            doubts.append("cells beside it were written over")
        return ReturnedRow(check.reach, "; ".join(doubts)[:400])

    def sheets_added(self, sheets: Iterable[str]) -> Iterator[str]:
        """Say which sheets with words stand beside those that this program writes; they are not read."""
        added = sorted(one for one in sheets if one not in SHEETS and one not in self._headers)
        if any(COLUMN in header for header in self._headers.values()) and added:
            shown = ", ".join(repr(one[:_SHOWN]) for one in added[:_CELLS_TOLD])
            yield f"Sheets were added to the questionnaire and not read: {shown} ({self._name})."

    def faults(self) -> Iterator[ProscribeError]:
        """Give what has to be put right before any answer of the file is taken."""
        for message, rows in (
            ("E553.moved", self._moved),
            ("E553.added", self._added),
            ("E553.loose", self._loose),
        ):
            if rows:
                more = f", and {len(rows) - _CELLS_TOLD:,} more" if len(rows) > _CELLS_TOLD else ""
                yield error(message, at=f"{self._name} {rows[0].partition(' (')[0].partition(', ')[0]}",
                            rows="; ".join(rows[:_CELLS_TOLD]) + more)  # fmt: skip
        for sheet in self._without:
            yield error("E553.unchecked", at=f"{self._name} {sheet}".strip(), column=COLUMN)


def is_settled(head: str, text: str) -> bool:
    """Tell whether a text beside an answer leaves it as it is: nothing, that it was given, and by whom or when.

    Args:
        head: of its column.
    """
    said = plain(text)
    if not any(map(str.isalnum, text)):
        return not any(sign in text for sign in "?？¿!*") and not text.strip("-–—._ ")
    if said in _SETTLED:
        return True
    if not _WHO_OR_WHEN.fullmatch(plain(head)):
        return False
    try:
        if written_day(text, loosely=False):
            return True
    except TwoMeanings:
        return True
    known = is_nobody(text) or denies(text) or reserves(text) or is_less(text)
    return bool(_NAME.fullmatch(text)) and not known and not _NOT_NAMES & set(said.split())


def notes_at_cells(beside: Iterable[tuple[str, str]], path: Path) -> Mapping[tuple[str, int], str]:
    """Give what stands in notes at cells of a workbook, and where the text of a cell is struck, in words, by sheet and row.

    Args:
        beside: places and texts beside the records, as a reader tells them.
    """
    found: dict[tuple[str, int], str] = {}
    for place, text in beside:
        at = _NOTE.fullmatch(place)
        if at is not None and any(map(str.isalnum, text)):
            found.setdefault(
                (at["sheet"], int(at["row"])),
                f"a note at it says {unicodedata.normalize('NFC', text)[:_SHOWN]!r}",
            )
    for sheet, row in struck_cells(path):
        found.setdefault((sheet, row), "a line is drawn through it")
    return found
