"""The tables of the papers in one document, page by page, as pieces of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from proscribe.readers.header_fields import field_of_header
from proscribe.readers.table_kinds import names_a_kind
from proscribe.readers.written.invoices import About, PaperTable, about, split_words, table_of
from proscribe.readers.written.pieces import Grid
from proscribe.readers.written.positions import Word, lines_of
from proscribe.readers.written.ruled import ruled_tables

if TYPE_CHECKING:
    from proscribe.readers.pictures.recognition import Box

UNSURE = "unsure"


@dataclass(slots=True)
class _Paper:
    """The records of one table, which may go on over pages."""

    name: str
    header: tuple[str, ...]
    context: tuple[tuple[str, str], ...]
    rows: list[list[str]] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the words of a page stand, as places of its records say it.

    Attributes:
        page: what its records begin with: `page 3`, `picture 1, mirrored`.
        box: how a box in it is written.
    """

    page: str
    box: Callable[[Box], str] = lambda box: box.place

    def line(self, number: int, words: Iterable[Word]) -> str:
        """Give the place of a line, with the box around those of its words that were recognised."""
        place = f"{self.page}, line {number}"
        boxes = [word.seen for word in words if word.seen is not None]
        if not boxes:
            return place
        from proscribe.readers.pictures.recognition import around

        return f"{place}, {self.box(around(boxes))}"


class Papers:
    """Collects the tables of a document; each page comes once, and those of a text layer before those that are recognised.

    Args:
        display: the path of the document, as it was named.
    """

    def __init__(self, display: str) -> None:
        # what the name of the file says of its tables goes before what a paper calls itself: an invoice may be one's own
        self._is_told = names_a_kind(display)
        self._papers: list[_Paper] = []
        self._tables: dict[int, tuple[PaperTable, About]] = {}

    def take_text(
        self,
        page: int,
        lines: Sequence[str],
        told: Sequence[Sequence[Any]],
        rules: Sequence[Sequence[float]] = (),
    ) -> list[str]:
        """Take the tables of a page of text.

        Args:
            lines: the text of the page.
            told: its words as line, left, top, right, bottom and text.
            rules: the lines that are drawn on it, as left, top, right and bottom.

        Returns:
            The lines, those of which every word is in a table emptied.
        """
        words = [
            Word(str(text), float(left), float(top), float(right), float(bottom), line=int(line))
            for line, left, top, right, bottom, text in told
        ]
        numbers = {id(word): word.line + 1 for word in words}
        tables = self._take(page, words, lines, numbers, Spot(f"page {page}"), rules)
        in_table = set().union(*(table.taken for table in tables))
        left_over = {word.line for word in words if id(word) not in in_table}
        taken = {word.line for word in words} - left_over
        return ["" if number in taken else line for number, line in enumerate(lines)]

    def take_seen(self, page: int, words: Sequence[Word], at: Spot) -> list[Word]:
        """Take the table of a page that was recognised; give the runs of words that are not in it."""
        numbers: dict[int, int] = {}
        parts: list[Word] = []
        whole: dict[int, list[int]] = {}
        seen = lines_of(words)
        for number, line in enumerate(seen, start=1):
            for run in line:
                for part in split_words([run]):
                    parts.append(part)
                    numbers[id(part)] = number
                    whole.setdefault(id(run), []).append(id(part))
        lines = [word.text for line in seen for word in line]
        tables = self._take(page, parts, lines, numbers, at)
        in_table = set().union(*(table.taken for table in tables))
        return [run for run in words if not in_table.issuperset(whole.get(id(run), (-1,)))]

    def _take(
        self,
        page: int,
        words: Sequence[Word],
        lines: Sequence[str],
        numbers: dict[int, int],
        at: Spot,
        rules: Sequence[Sequence[float]] = (),
    ) -> list[PaperTable]:
        before, of_before = self._tables.get(page - 1, (None, About("", ())))
        tables = ruled_tables(
            words, [(left, top, right, bottom) for left, top, right, bottom in rules], before
        )
        if not tables:
            table = table_of(words, before)
            tables = [] if table is None else [table]
        if not tables:
            return []
        told = about(lines)
        if before is not None and not (told.title and told.context):
            told = of_before
        self._tables[page] = tables[-1], told
        for table in tables:
            self._keep(table, told, numbers, at)
        return tables

    def _keep(self, table: PaperTable, told: About, numbers: dict[int, int], at: Spot) -> None:
        header = tuple(column.name for column in table.columns)
        if not self._papers or (self._papers[-1].header, self._papers[-1].context) != (header, told.context):
            self._papers.append(
                _Paper("table" if self._is_told else told.title or "table", header, told.context)
            )
        paper = self._papers[-1]
        for record in table.records:
            paper.rows.append(record.cells)
            paper.unsure.append(record.unsure)
            paper.places.append(at.line(numbers[id(record.words[0])], record.words))

    def grids(self) -> Iterator[Grid]:
        """Yield the tables; what the head of a paper says of all of its lines is a column of each."""
        for number, paper in enumerate(self._papers, start=1):
            fields = {field_of_header(name)[0] for name in paper.header}
            context = [one for one in paper.context if field_of_header(one[0])[0] not in fields]
            header = [*paper.header, *(name for name, _ in context)]
            rows = [[*row, *(value for _, value in context)] for row in paper.rows]
            if any(paper.unsure):
                header.append(UNSURE)
                rows = [[*row, words] for row, words in zip(rows, paper.unsure, strict=True)]
            name = paper.name if len(self._papers) == 1 else f"{paper.name} {number}"
            yield Grid(name, rows, tuple(header), paper.places)
