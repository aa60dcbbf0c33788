"""Kinds of files, and which question each answers: what stands in a list of vendors shows neither use nor provision.

What a scan says of its tables is read from its JSON, which may be of any shape; a table of which no kind is told is
uncertain, and what stands in it stands against both questions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from proscribe.devices.passed_on import MayGoOn, compared, may_go_on, names_of_list
from proscribe.documents.loose import entries, objects
from proscribe.model.findings import NAME_MATCHERS
from proscribe.model.observations import (
    KINDS,
    KINDS_IN_WORDS,
    PROVIDE_KINDS,
    SILENT_KINDS,
    TOTALS,
    UNCERTAIN,
    question_kinds,
)
from proscribe.model.papers import PaperInputs, Question, ScanInput
from proscribe.rules.acts import ACT, PASSES_ON

#: Questions that kinds of tables answer; the others are put to every finding.
BY_KIND = frozenset([Question.USE, Question.PROVIDE])
_SHOWN_FILES, _SHOWN_WORDS, _SHOWN = 20, 6, 120
_BY = {"stated": "as stated", "reader": "by its format", "headers": "by its names", "values": "by its values"}


@dataclass(frozen=True, slots=True)
class Listed:
    """The table in which a finding stands.

    Attributes:
        kind, by: as in the scan; `by` is empty where it tells none.
        where: name of its file, and sheet.
        words: what the kind rests on.
        answers: the questions of `BY_KIND` that its findings stand against.
        sold: whether it lists what is sold, or may.
        seen: the kind that the table itself shows, where somebody stated another.
        text: whether it is running text, and no list.
        may_go_on: why a finding may go to others, though its list is one of what is used, and what is stated of it; `None`
            where nothing shows it.
        done: what somebody stated to be done with the things of this very list; empty where nobody did.
        file: name of its file.
        note: what stands beside that statement, such as who said it where the files were handed in.
    """

    kind: str = UNCERTAIN
    by: str = ""
    where: str = ""
    words: tuple[str, ...] = ()
    answers: frozenset[Question] = BY_KIND
    sold: bool = False
    seen: str = ""
    text: bool = False
    done: str = ""
    note: str = ""
    file: str = ""
    may_go_on: MayGoOn | None = None

    def speaks_to(self, question: Question) -> bool:
        """Tell whether what stands in it bears on a question."""
        return question not in BY_KIND or question in self.answers

    @property
    def names_firms(self) -> bool:
        """Whether it is no list of things: a name in it says nothing of a thing."""
        return self.text or self.kind in SILENT_KINDS

    def told(self) -> str:
        """Say what it is a list of, and what says so."""
        words = ", ".join(self.words[:_SHOWN_WORDS])
        because = f" {_BY[self.by]}" + (f": {words}" if words else "") if self.by in _BY else ""
        form = f"; by its form it lists {KINDS_IN_WORDS[self.seen]}" if self.seen else ""
        note = f"; what is done with its things was stated with the note: {self.note}" if self.note else ""
        return f"a list of {KINDS_IN_WORDS[self.kind]} ({self.where}{',' if because and self.where else ''}{because}{form}{note})"

    def why_not(self) -> str:
        """Say why a finding in it does not bear on a question."""
        others = " and ".join(sorted(one.value for one in self.answers))
        if self.may_go_on is not None:
            return f"it stands in {self.told()}, and somebody stated that nothing there is sold, leased or installed for others"
        return f"it stands in {self.told()}, which {f'speaks to {others!r}' if others else 'shows neither use nor provision'}"


_UNTOLD = Listed()


class Tables:
    """The tables of one scan.

    Attributes:
        tables: input and sheet to the table, its fields by column, and whether it is a statement of a supplier.
    """

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.tables: dict[tuple[Any, Any], tuple[Listed, Mapping[str, str], bool]] = {}
        self._guessed: dict[tuple[Any, Any], frozenset[str]] = {}
        self._kinds: dict[tuple[Any, Any], tuple[str, str]] = {}
        done = _done_with_lists(value)
        for one in objects(value.get("inputs")):
            for table in objects(one.get("tables")):
                key = _key(one.get("index"), table.get("sheet"))
                self.tables[key] = _read(str(one.get("path") or ""), table, done)
                self._kinds[key] = (self.tables[key][0].kind, str(table.get("kind_seen") or ""))
                self._guessed[key] = frozenset(
                    str(column.get("name"))
                    for column in objects(table.get("column_plan"))
                    if column.get("why") != "header"
                )

    def of(self, finding: Mapping[str, Any]) -> Listed:
        """Give the table of a finding; one whose finding speaks of a thing silences nothing."""
        found = self._table(finding)
        if found is None:
            return _UNTOLD
        listed, fields, statement = found
        goes_on = self._may_go_on(finding, listed)
        if goes_on is not None:
            # nothing takes what is sold out of what is provided
            told = BY_KIND if listed.sold else frozenset(map(Question, goes_on.answers))
            return replace(listed, may_go_on=goes_on, answers=told, sold=listed.sold or goes_on.said is True)
        if listed.answers or _only_a_name(finding, fields, statement=statement):
            return listed
        return replace(listed, answers=BY_KIND)

    def _may_go_on(self, finding: Mapping[str, Any], listed: Listed) -> MayGoOn | None:
        locator = finding.get("locator")
        sheet = locator.get("sheet") if isinstance(locator, Mapping) else None
        record = (
            (str(one[0]), str(one[1]))
            for one in entries(finding.get("record"))
            if isinstance(one, (list, tuple)) and len(one) == 2
        )
        goes_on = may_go_on(
            [one.value for one in listed.answers],
            self._kinds.get(_key(finding.get("input"), sheet), ()),
            listed.file,
            str(sheet or ""),
            record,
            act=listed.done,
        )
        return goes_on and goes_on.stated({"true": True, "false": False}.get(_stated_of(finding)))

    def fields_of(self, finding: Mapping[str, Any]) -> Mapping[str, str]:
        """Give the field of each column of the table of a finding; nothing where the scan tells none."""
        found = self._table(finding)
        return found[1] if found is not None else {}

    def guessed_of(self, finding: Mapping[str, Any]) -> frozenset[str]:
        """Give the columns whose field no name of theirs shows: configured, or taken from their values.

        What configuration calls a model may be a guess that nobody looked at; a report does not print it as one.
        """
        locator = finding.get("locator")
        sheet = locator.get("sheet") if isinstance(locator, Mapping) else None
        return self._guessed.get(_key(finding.get("input"), sheet), frozenset())

    def _table(self, finding: Mapping[str, Any]) -> tuple[Listed, Mapping[str, str], bool] | None:
        locator = finding.get("locator")
        sheet = locator.get("sheet") if isinstance(locator, Mapping) else None
        return self.tables.get(_key(finding.get("input"), sheet))

    def all(self) -> list[Listed]:
        """Give every table."""
        return [listed for listed, _, _ in self.tables.values()]


def _key(index: Any, sheet: Any) -> tuple[Any, Any]:
    return index if isinstance(index, int) else None, sheet if isinstance(sheet, str) else None


def _done_with_lists(value: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Give what people stated to be done with the things of lists, with its note, by the name of the list as it is compared."""
    decided = value.get("decided")
    said = objects(decided.get("stated")) if isinstance(decided, Mapping) else ()
    return {
        compared(str(one.get("applies_to")).removeprefix("list:")): (
            str(one.get("value")),
            str(one.get("note") or "")[:_SHOWN],
        )
        for one in said
        if one.get("fact") == ACT and str(one.get("applies_to")).startswith("list:")
    }


def _stated_of(finding: Mapping[str, Any]) -> str:
    """Give what was stated of a finding, its list or the company about whether it goes to others; empty where nothing was."""
    facts = finding.get("decided_on")
    return str(facts.get(PASSES_ON) or "") if isinstance(facts, Mapping) else ""


def _read(
    path: str, table: Mapping[str, Any], done: Mapping[str, tuple[str, str]]
) -> tuple[Listed, Mapping[str, str], bool]:
    by = str(table.get("kind_by") or "")
    kind = str(table.get("kind") or UNCERTAIN) if by else UNCERTAIN
    seen = str(table.get("kind_seen") or "")
    kind = kind if kind in KINDS else UNCERTAIN
    told = question_kinds(kind, by, seen, bool(table.get("kind_against")))
    fields = {str(one.get("name")): str(one.get("field")) for one in objects(table.get("column_plan"))}
    name = path.replace("\\", "/").rpartition("/")[2]
    where = name[:_SHOWN]
    sheet = table.get("sheet")
    listed = Listed(
        kind,
        by,
        f"{where} sheet {str(sheet)[:60]}" if sheet else where,
        tuple(str(word)[:_SHOWN] for word in entries(table.get("kind_words"))),
        frozenset(Question(one) for one in told),
        bool({kind, seen} & PROVIDE_KINDS),
        seen if by == "stated" and seen in KINDS_IN_WORDS and seen != kind else "",
        kind == UNCERTAIN and set(fields.values()) == {"text"},
        *next((done[told] for told in names_of_list(path, str(sheet or "")) if told in done), ("", "")),
        name,
    )
    return listed, fields, kind == "supplier_statement"


def _only_a_name(finding: Mapping[str, Any], fields: Mapping[str, str], *, statement: bool) -> bool:
    """Tell a finding that rests on the name of a firm alone.

    In a list of vendors the name stands where vendors are named; a statement of a supplier may name one anywhere.
    """
    evidence = objects(finding.get("evidence"))
    if not evidence or any(one.get("matcher") not in NAME_MATCHERS for one in evidence):
        return False
    if statement:
        return not finding.get("category") and all(one.get("matcher") != "relabel" for one in evidence)
    return all(fields.get(str(one.get("field"))) == "vendor_name" for one in evidence)


def lists_things(scan: ScanInput) -> bool:
    """Tell whether a scan read any table that may list things: lists of vendors, statements and totals show none."""
    tables = Tables(scan.value).all()
    return not tables or any(one.answers and one.kind != TOTALS for one in tables)


def answering(scan: ScanInput, question: Question) -> bool:
    """Tell whether a scan read a table that answers a question; one of which no table is told may."""
    tables = Tables(scan.value).all()
    return (
        question not in BY_KIND
        or not tables
        or any(
            # totals say what another list should hold, and are no search of it
            question in one.answers and one.kind != TOTALS
            for one in tables
        )
    )


def speaking_to(scan: ScanInput, asked: Collection[Question] = tuple(Question)) -> dict[str, list[str]]:
    """Tell of each input of a scan to which of the questions asked it speaks, by what its tables list and its findings show.

    Returns:
        Path to the words of `Question`; an input without a record speaks to none, one without a table to all that its scan does.
    """
    answers: dict[Any, set[Question]] = {}
    tables = Tables(scan.value)
    for (index, _), (listed, _, _) in tables.tables.items():
        answers.setdefault(index, set()).update(listed.answers)
    for one in objects(scan.value.get("findings")):
        index = one.get("input")
        if isinstance(index, int):
            answers.get(index, set()).update(tables.of(one).answers)
    return {
        str(one.get("path") or ""): [
            question.value
            for question in scan.bears_on
            if question in asked
            and one.get("records") != 0
            and (question not in BY_KIND or question in answers.get(one.get("index"), BY_KIND))
        ]
        for one in objects(scan.value.get("inputs"))
    }


def kind_rows(inputs: PaperInputs) -> list[dict[str, Any]]:
    """List the kinds of the tables that were read, which question each answers, and the files; none where no scan tells."""
    rows: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for scan in inputs.scans:
        for one in Tables(scan.value).all():
            if one.by:
                answers = tuple(sorted(item.value for item in one.answers & frozenset(scan.bears_on)))
                rows.setdefault((one.kind, one.by, answers), []).append(one.where)
    return [
        {
            "kind": kind,
            "by": by,
            "answers": list(answers),
            "files": list(dict.fromkeys(files))[:_SHOWN_FILES],
            "more": max(0, len(dict.fromkeys(files)) - _SHOWN_FILES),
        }
        for (kind, by, answers), files in sorted(
            rows.items(), key=lambda item: (item[0][0] in SILENT_KINDS, KINDS.index(item[0][0]), item[0])
        )
    ]
