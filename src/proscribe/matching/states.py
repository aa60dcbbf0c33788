"""Where a thing is now by the other cells of its record: a column of states, a remark, a quantity below zero.

The line with the hit is read first (`context.py`). What another cell says fills what that line leaves open, and where the
two differ the thing may still be there. A cell speaks of the record's thing only when it names no other: "bracket removed"
says nothing of the camera. A row that takes pieces back (a cancelled purchase, a return) is no thing that is there by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from proscribe.matching.context import CALENDAR_YEAR, moved_beside
from proscribe.matching.days import iso_day
from proscribe.matching.findings import Verdict
from proscribe.matching.identity import says_nothing
from proscribe.matching.index import Index
from proscribe.matching.line import Term
from proscribe.matching.line_spot import Surroundings
from proscribe.matching.normalize import TOKEN, fold_text
from proscribe.matching.opposing import STATES_BY_RISK
from proscribe.matching.readings import (
    WHEN_GONE,
    WHETHER_BACK,
    WHETHER_CAME,
    WHETHER_CARRIED,
    WHETHER_SUM,
    Reading,
)
from proscribe.matching.record import COMPANY_FIELDS, MODEL_FIELDS, NOTE, CellsSeen, Record, cells_seen
from proscribe.matching.state_words import state_key
from proscribe.model.findings import Band, Evidence, Role, State
from proscribe.readers.header_fields import field_of_header
from proscribe.readers.table_kinds import named_kinds

#: Fields whose cells people fill with sentences.
_TOLD = frozenset([NOTE, "text"])
#: Fields whose cells name the thing or a firm.
_SAYS_WHAT = MODEL_FIELDS | COMPANY_FIELDS
#: What columns are that say where a thing is, or whose.
_WHERE_OR_WHOSE = frozenset(["site", "skip"])
#: Words by which things go.
_GOING = frozenset(["gone", "removal", "remove"])
_LONGEST = 400
_LONGEST_SUM = 30
_PIECES = "quantity"
#: A number of pieces below zero, as ledgers write it: `-1`, `1-`, `(1)`.
_BELOW_ZERO = re.compile(
    r"\s*(?:[-\u2010-\u2015\u2212]\s*(?P<before>\d[\d.,]*)|\((?P<in>\d[\d.,]*)\)|(?P<after>\d[\d.,]*)\s*[-\u2212])"
    r"\s*[^\W\d_]{0,10}\.?\s*"
)
#: What parts the things that a cell says: "broken, thrown away".
_PARTS = re.compile(r"[,;/|]")
#: Days outside of these years stand for "none" in ledgers: 1900-01-01, 9999-12-31.
_FIRST_YEAR = 1980
_YEARS_AHEAD = 50
_MOST_KEPT = 10_000
#: Where the name of a list stands, as evidence calls it.
COLUMNS = "columns of the table"
NAME_OF_SHEET = "name of the sheet"
NAME_OF_FILE = "name of the file"
TITLE = "title above the table"
#: Words at the beginning of a title that may say what the table is.
_TITLE_WORDS = 3
_SUFFIX = re.compile(r"(?:\.[A-Za-z0-9]{1,8}){1,2}$")
#: What may stand in the name of a column beside the words that it is made of.
_SMALL = frozenset(["aux", "for", "in"])
#: What a word of going may also be, so that it names no list of what left.
_NO_PARTICIPLE = frozenset(
    ["former", "replaced_by", "exchange", "remove", "planned", "still", "neg", "attribute", "service"]
)
#: What may stand in the name of a list beside the word of going.
_LISTED = _SMALL | {"device", "month", "quantity", "place"}


class StateCell(NamedTuple):
    """A cell that may say where the thing is.

    Attributes:
        column: its name.
        text: as it stands.
        listed: whether the column is one of states.
        dated: whether the column holds the day on which a thing left.
        apart: whether nobody looks for remarks in the column; only what tells of going is heeded there.
        taken_back: whether it holds a quantity below zero.
        why: whether the column says why a thing left.
        sums: whether it says that its row is the sum of others.
        quoted: whether it is the name or title of a list of what somebody offers.
        carried: whether it is the names of the columns by which a list is one of goods in transit.
        list_name: whether it is no cell, but the name of a sheet or file that lists what left.
    """

    column: str
    text: str
    listed: bool
    dated: bool = False
    apart: bool = False
    taken_back: bool = False
    why: bool = False
    list_name: bool = False
    sums: bool = False
    quoted: bool = False
    carried: bool = False


class _Kind(NamedTuple):
    """What the name of a column says: whether it tells a state, the day on which a thing left, and why it did."""

    listed: bool
    dated: bool
    why: bool


@dataclass(slots=True)
class States:
    """Reads the cells of states and remarks of records in which something was found.

    Attributes:
        cells: memory of cells already taken apart.
        samples: first values of each column, which tell one of states where its name does not.
    """

    index: Index
    cells: CellsSeen = field(default_factory=cells_seen)
    samples: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _read: dict[StateCell, Reading | None] = field(default_factory=dict)
    _kinds: dict[str, _Kind] = field(default_factory=dict)
    _apart: dict[str, bool] = field(default_factory=dict)
    _telling: dict[str, bool] = field(default_factory=dict)

    def cells_of(
        self, names: Sequence[str], fields: Mapping[str, str], cells: Sequence[str | None]
    ) -> list[StateCell]:
        """Give the cells of a record that may say where its thing is.

        Args:
            names: columns of the record.
            fields: column to field.
            cells: texts, in the order of `names`.
        """
        found: list[StateCell] = []
        for name, text in zip(names, cells, strict=True):
            listed, dated, why = self._kind(name)
            if not text or not text.strip():
                continue
            if len(text) <= _LONGEST_SUM and state_key(text) in self.index.words.states.sums:
                found.append(StateCell(name, text, listed=False, sums=True))
            elif listed or dated or why or fields.get(name) in _TOLD:
                found.append(StateCell(name, text, listed, dated, why=why))
            elif fields.get(name) == _PIECES and _is_below_zero(text):
                found.append(StateCell(name, text, listed=False, taken_back=True))
            elif fields.get(name) not in _SAYS_WHAT and not self._is_apart(name) and self._tells(text):
                found.append(StateCell(name, text, listed=False, apart=True))
        return found

    def _is_apart(self, name: str) -> bool:
        """Tell whether a column names a place, or somebody: "Site: camera disposal room 2" tells nothing of the thing."""
        if name not in self._apart:
            self._apart[name] = field_of_header(name)[0] in _WHERE_OR_WHOSE
        return self._apart[name]

    def _says_gone(self, text: str) -> bool:
        """Tell whether all that a cell says, but for a day, is that a thing left: "selejtezve 2022"."""
        if len(text) > 2 * _LONGEST_SUM:
            return False
        values = self.index.words.states.values
        told = {values.get(state_key(part)) for part in _PARTS.split(text)}
        return State.DISPOSED in told and told <= {State.DISPOSED, State.UNKNOWN, None}

    def _tells(self, text: str) -> bool:
        """Tell whether a cell of another column may say that a thing went: by a word of going and one more sign."""
        told = self._telling.get(text)
        if told is None:
            if len(self._telling) >= _MOST_KEPT:
                self._telling.clear()
            told = self._telling[text] = self._says_gone(text) or self._tells_of_going(text)
        return told

    def _tells_of_going(self, text: str) -> bool:
        """Look for a word of going, and for a number, a thing, or another such word beside it."""
        if len(text) > _LONGEST or (text.isascii() and " " not in text.strip()):
            return False
        folded = fold_text(text)
        words, known = TOKEN.findall(folded), self.index.words.line
        tags: list[frozenset[str]] = []
        place = 0
        while place < len(words):
            size, found = known.at(words, place)
            tags.append(found)
            place += max(size, 1)
        if not folded.isascii():
            tags += [found for _, _, found in known.inside(folded, 0, len(folded))]
        going = sum(bool(one & _GOING) for one in tags)
        return going > 1 or (
            going > 0 and (any("device" in one for one in tags) or any(map(str.isdigit, words)))
        )

    def _kind(self, name: str) -> _Kind:
        """Tell what the name of a column says of its cells."""
        if name not in self._kinds:
            states = self.index.words.states
            # what stands in a list inside a record is told by its own name: "devices.status"
            inner = name.rpartition(".")[2]
            key = next(
                (key for key in map(state_key, (name, inner)) if key in states.headers), state_key(name)
            )
            dated, why = key in states.left_on, key in states.left_why
            if not dated and not why and key not in states.headers:
                dated, why = self._of_going(name)
            listed = key in states.headers or (not dated and not why and self._holds_states(name))
            self._kinds[name] = _Kind(listed, dated, why)
        return self._kinds[name]

    def _holds_states(self, name: str) -> bool:
        """Tell whether the first values of a column are states, each of them, and one at least says where a thing is."""
        values = self.index.words.states.values
        told = [values.get(state_key(text)) for text in self.samples.get(name, ())]
        return len(told) > 1 and None not in told and any(one is not State.UNKNOWN for one in told)

    def _of_going(self, name: str) -> tuple[bool, bool]:
        """Tell whether a column's name puts a word like `date`, or like `reason`, to a word of going, and says no more."""
        states = self.index.words.states
        dated = why = going = False
        for text, tags in self._terms(name):
            dated, why = dated or text in states.days, why or text in states.why
            if text in states.days or text in states.why or text in states.lists or "device" in tags:
                continue
            if tags & {"gone", "removal"} or states.values.get(text) is State.DISPOSED:
                going = True
            elif not tags & _SMALL:
                return False, False
        return going and dated and not why, going and why

    def list_of_gone(self, sheet: str | None, display: str) -> StateCell | None:
        """Give the name of a sheet, or of its file, as a cell where it says that it lists what left: "Disposed 2024"."""
        if "offered" in named_kinds(sheet, display):
            return None  # what was sold to others is no thing of one's own that left
        own = self._named_gone(sheet or "")
        if own:
            return StateCell(NAME_OF_SHEET, sheet or "", listed=False, list_name=True)
        stem = _stem(display)
        # "Bestand" in a workbook of disposals is its own word
        if own is not None and self._named_gone(stem):
            return StateCell(NAME_OF_FILE, stem, listed=False, list_name=True)
        return None

    def list_of_quoted(self, sheet: str | None, display: str, titles: Iterable[str]) -> StateCell | None:
        """Give the name or title of a list of what somebody offers: "Angebot 2024-113", above a table "Nabídka č. 55"."""
        named = ((NAME_OF_SHEET, sheet or ""), (NAME_OF_FILE, _stem(display)))
        above = ((TITLE, title) for title in titles)
        for where, text in (*named, *above):
            if text and self._names_offer(text, anywhere=where != TITLE):
                return StateCell(where, text[:_LONGEST], listed=False, list_name=True, quoted=True)
        return None

    def list_of_carried(self, header: Iterable[str]) -> StateCell | None:
        """Give the columns of a list of goods in transit: who sends, who receives, and what is carried."""
        states = self.index.words.states
        found: list[str] = []
        for words in (states.senders, states.receivers, states.goods):
            column = next((name for name in header if self._names_one_of(name, words)), None)
            if column is None:
                return None
            found.append(column)
        return StateCell(COLUMNS, ", ".join(found), listed=False, carried=True)

    def _names_one_of(self, name: str, known: frozenset[str]) -> bool:
        key = state_key(name)
        return key in known or any(word in known for word in key.split())

    def _names_offer(self, text: str, *, anywhere: bool) -> bool:
        """Tell whether a name, or the beginning of a title, is one of an offer, and of nothing that was agreed on."""
        states = self.index.words.states
        words = state_key(text[:_LONGEST].replace("_", " ")).split()
        if not words or not states.agreed.isdisjoint(words):
            return False
        told = words if anywhere else words[:_TITLE_WORDS]
        pairs = (" ".join(pair) for pair in pairwise(told))
        return any(
            word in states.quoted_lists
            or (
                not word.isascii() and any(known in word for known in states.quoted_lists if known > "\u3000")
            )
            for word in (*told, *pairs)
        )

    def _named_gone(self, name: str) -> bool | None:
        """Tell whether a name is one of a list of what left; `None` where it is one of something else."""
        states = self.index.words.states
        bare = _SUFFIX.sub("", name).replace("_", " ")[:_LONGEST]
        if any(int(year) > self.index.as_of.year for year in CALENDAR_YEAR.findall(bare)):
            return None
        if state_key(bare) in states.left_lists:
            return True
        left: list[str] = []
        gone = True
        for text, tags in self._terms(bare):
            if text in states.lists or text in states.days or tags & _LISTED or any(map(str.isdigit, text)):
                continue
            left.append(text)
            gone = gone and "gone" in tags and not tags & _NO_PARTICIPLE
        if not left:
            return False
        key = " ".join(left)
        going = gone or key in states.left_lists or states.values.get(key) is State.DISPOSED
        return True if going else None

    def _terms(self, text: str) -> Iterable[tuple[str, frozenset[str]]]:
        """Yield the words and phrases of a name, folded, with what the lexicon says of them."""
        words, known = TOKEN.findall(fold_text(text)), self.index.words.line
        place = 0
        while place < len(words):
            size, tags = known.at(words, place)
            size = max(size, 1)
            yield " ".join(words[place : place + size]), tags
            place += size

    def apply(self, verdicts: tuple[Verdict, ...], cells: Iterable[StateCell]) -> tuple[Verdict, ...]:
        """Give the judgements of a record with what its other cells say of where the thing is."""
        said = [
            (cell, reading)
            for cell in cells
            # nearly every hit stands in the cell that would be read here
            if not all(_is_own(verdict, cell) for verdict in verdicts)
            and (reading := self._reading(cell)) is not None
        ]
        return tuple(_told(verdict, said) for verdict in verdicts) if said else verdicts

    def _reading(self, cell: StateCell) -> Reading | None:
        if cell not in self._read:
            if len(self._read) >= _MOST_KEPT:
                self._read.clear()
            self._read[cell] = self._read_anew(cell)
        return self._read[cell]

    def _read_anew(self, cell: StateCell) -> Reading | None:
        if cell.taken_back:
            why = f"{cell.text.strip()[:80]!r}: a quantity below zero takes pieces back"
            return Reading(asks=True, formerly=True, question=WHETHER_BACK, why=why)
        if cell.sums:
            return Reading(asks=True, question=WHETHER_SUM, why=f"{cell.text.strip()!r}: a row of a sum")
        if cell.quoted:
            why = f"{cell.text.strip()[:80]!r}: the {cell.column} says that its things are offered"
            return Reading(asks=True, question=WHETHER_CAME, why=why)
        if cell.carried:
            why = (
                f"{cell.text.strip()[:80]!r}: the columns say that the goods are carried from one to another"
            )
            return Reading(asks=True, question=WHETHER_CARRIED, why=why)
        if cell.list_name:
            return _left(f"{cell.text.strip()[:80]!r}: the {cell.column} says that its things left")
        if cell.dated:
            left_on = iso_day(cell.text)
            if left_on is not None:
                return _of_day(left_on, cell, self.index.as_of)
        key = state_key(cell.text) if cell.listed or cell.why else ""
        if not key and self._says_gone(cell.text):
            return _of_value(State.DISPOSED, cell.text)
        if key in self.index.words.states.awaited:
            why = f"{cell.text.strip()[:80]!r}: the record says that it is to come"
            return Reading(asks=True, question=WHETHER_CAME, why=why)
        known = self.index.words.states.values.get(key)
        if known is not None and not cell.why:
            return None if known is State.UNKNOWN else _of_value(known, cell.text)
        if len(cell.text) > _LONGEST:
            return _of_why(cell.text, known, None) if cell.why else None
        record = Record.of(self.index, [(cell.column, "text", cell.text)], seen=self.cells)
        around = Surroundings(record, self.index, 0, [])
        terms = around.line.terms
        read = moved_beside(around)
        if cell.why:
            return _of_why(cell.text, known, read)
        return read if read is None or not cell.apart or _is_told_as_done(read, terms) else None


def _stem(display: str) -> str:
    """Give the name of a file without its folder and ending."""
    return _SUFFIX.sub("", display.replace("\\", "/").rstrip("/").rpartition("/")[2])


def _left(why: str) -> Reading:
    return Reading(state=State.DISPOSED, asks=True, formerly=True, question=WHEN_GONE, why=why)


def _of_why(text: str, known: State | None, read: Reading | None) -> Reading | None:
    """Read why a thing left: it did, unless the cell says that it is still there or to go."""
    if says_nothing(text):
        return None
    if known not in (None, State.UNKNOWN, State.DISPOSED):
        return _of_value(known, text)
    if read is not None and not read.formerly and read.state is not State.UNKNOWN:
        return read
    return _left(f"{text.strip()[:80]!r}: the column says why the thing left")


def _is_told_as_done(read: Reading, terms: Sequence[Term]) -> bool:
    """Tell whether a cell of which nobody knows what it is for says that a thing went: by a verb, or a noun and a year.

    "Camera removal team" names somebody and "Disposal room 2" a place: nouns of going alone state nothing.
    """
    if not read.formerly or read.state is State.DISPOSED:
        return read.formerly
    return any(CALENDAR_YEAR.match(term.text) for term in terms) and not any(
        "place" in term.tags for term in terms
    )


def _is_below_zero(text: str) -> bool:
    found = _BELOW_ZERO.fullmatch(text)
    return found is not None and any(digit in "123456789" for digit in "".join(filter(None, found.groups())))


def _of_value(state: State, text: str) -> Reading:
    gone = state is State.DISPOSED
    return Reading(
        state=state, asks=gone, formerly=gone, question=WHEN_GONE if gone else "",
        why=f"{text.strip()[:80]!r}: the record says so of the thing",
    )  # fmt: skip


def _of_day(left_on: str, cell: StateCell, as_of: date) -> Reading | None:
    """Read the day on which a thing left or is to leave; a day that stands for "never" says nothing."""
    day = date.fromisoformat(left_on)
    if not _FIRST_YEAR <= day.year <= as_of.year + _YEARS_AHEAD:
        return None
    why = f"{cell.text.strip()[:80]!r}: the record gives a day under {cell.column.strip()[:40]!r}"
    if day > as_of:
        return Reading(state=State.PLANNED_REMOVAL, why=why)
    return _left(why)


def _told(verdict: Verdict, said: Sequence[tuple[StateCell, Reading]]) -> Verdict:
    """Join what the line of a judgement says with what other cells say."""
    spoken = [(cell, one) for cell, one in said if not _is_own(verdict, cell)]
    if not spoken:
        return verdict
    states = {one.state for _, one in spoken} | {verdict.state}
    state = next((one for one in STATES_BY_RISK if one in states), State.UNKNOWN)
    against = verdict.against + tuple(
        Evidence(
            "context", cell.column, cell.text.strip()[:200], (0, len(cell.text.encode())), (), 0,
            one.why, "context",
        )
        for cell, one in spoken
        if one.why and one.state is not State.IN_SERVICE  # that it is in use speaks for it
    )  # fmt: skip
    # "purchase return", and minus one
    taken_back = any(cell.taken_back for cell, _ in spoken) and state in (
        State.UNKNOWN,
        State.PLANNED_REMOVAL,
    )
    left = all(one.formerly for _, one in spoken) or taken_back
    gone = left and (taken_back or verdict.state in (State.UNKNOWN, State.DISPOSED))
    # what is to come, and of which nothing says that it is here
    awaited = state is State.UNKNOWN and any(
        one.question in (WHETHER_CAME, WHETHER_SUM, WHETHER_CARRIED) for _, one in spoken
    )
    if not gone and not awaited:
        open_ = (one.question for _, one in spoken if one.question and not one.formerly)
        return replace(
            verdict,
            state=state,
            against=against,
            questions=tuple(dict.fromkeys((*verdict.questions, *open_))),
        )
    questions = tuple(one.question for _, one in spoken if one.question)
    return replace(
        verdict, state=state, against=against, band=Band.POSSIBLE, role=Role.FORMERLY if gone else verdict.role,
        questions=tuple(dict.fromkeys((*verdict.questions, *questions))),
    )  # fmt: skip


def _is_own(verdict: Verdict, cell: StateCell) -> bool:
    """Tell whether a judgement rests on what stands in a cell: its line was read there."""
    return any(item.field == cell.column for item in verdict.evidence)
