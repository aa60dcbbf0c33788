"""One batch of records matched, and what was found in it put with its place, its record and what its ids rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from proscribe.matching import parted
from proscribe.matching.coverage import count_coverage, count_left_out, rests_on_identifier
from proscribe.matching.days import iso_days
from proscribe.matching.found import Found, PlacedRecord
from proscribe.matching.identity import TableIdentity, kept_cells
from proscribe.matching.kernel import Answer, Kernel
from proscribe.matching.pieces import pieces_said
from proscribe.matching.probes import Probes, compare_stated, probe, ranks_of
from proscribe.matching.record import NOTE, SORTED
from proscribe.matching.set_asides import decisions_about
from proscribe.matching.states import StateCell, States
from proscribe.model.findings import Band, Details, Evidence
from proscribe.model.observations import CONTENT_FIELDS, Table
from proscribe.readers.header_fields import own_id_columns
from proscribe.readers.site_names import site_of

if TYPE_CHECKING:
    import pyarrow as pa

    from proscribe.matching.findings import Verdict
    from proscribe.readers.base import Batch

#: Records whose cells are held as texts at once.
_AT_ONCE = 1_000
#: Kinds of tables whose cells say nothing of where a thing is: whose vendor is "active" is no thing in use.
_WITHOUT_STATES = frozenset({"firmware", "vendors", "supplier_statement"})
#: Kinds of sources whose sheets and files people name: a scan is never one of what left.
_LISTED = frozenset({"", "inventory", "ledger"})
#: Words of a noun with what describes it, and what makes of words behind a name another thing beside it.
_MOST_OF_A_NOUN = 4
_BESIDE_IT = frozenset(
    {
        "with",
        "without",
        "in",
        "for",
        "for_post",
        "compat",
        "included",
        "except",
        "accessory",
        "component",
        "and",
    }
)
_DETAILS = ("quantity", "unit_cost", "amount", "currency", "site", "dated_on", "serial_number")


def read_fields(table: Table) -> dict[str, str]:
    """Give the columns of a table that are matched, with their fields; the kernel looks at the others aside."""
    unread = set(table.unread)
    return {
        name: kind for name, kind in table.fields.items() if kind in CONTENT_FIELDS and name not in unread
    }


def _looked_at(rows: pa.RecordBatch, table: Table) -> pa.RecordBatch:
    """Give the columns that are looked at."""
    if table.source_kind == "firmware":
        # What stands beside the strings says where they were found.
        fields = read_fields(table)
        return rows.select([name for name in rows.schema.names if name in fields])
    if table.unread:
        return rows.select([name for name in rows.schema.names if name not in table.unread])
    return rows


def pieces_of(kernel: Kernel, table: Table, batch: Batch) -> list[parted.Joined]:
    """Give the cells of a batch that may read otherwise with pieces of cells beside them; rows that follow belong together."""
    if table.source_kind == "firmware":
        return []
    return parted.joined_cells(kernel, _looked_at(batch.rows, table), table.fields, batch.first_record)


def match_into(
    kernel: Kernel,
    table: Table,
    batch: Batch,
    source: tuple[str, str],
    found: Found,
    coverage: Counter[str],
    probes: Probes,
    pieces: Sequence[parted.Joined] | None = None,
) -> None:
    """Match one batch of a table.

    Args:
        source: name of the reader of the input, and the path of the input as it was named.
        found, coverage, probes: take findings and mentions, counts of what records carry, and names in unread columns.
        pieces: what `pieces_of` gave, where the batch was cut out of a larger one.
    """
    rows, fields = batch.rows, read_fields(table)
    identified, nothing = count_coverage(rows, fields, coverage)
    if batch.left is not None:
        count_left_out(batch.left, coverage)
    placing = _Placing(kernel, table, batch, source, found)
    probing, stated = bool(table.unread), bool(table.stated_lesser())
    dated, sighted = (
        next((iso_days(rows.column(name)) for name, kind in table.fields.items() if kind == wanted), None)
        for wanted in ("dated_on", "seen_at")
    )
    said: dict[int, set[str]] = {}
    ranks: dict[int, dict[str, int]] = {}
    hits: list[tuple[int, Answer]] = []
    remarks = {
        name: kind
        for name, kind in table.fields.items()
        if kind in (NOTE, SORTED) and name not in table.unread
    }
    looked_at = _looked_at(rows, table)
    if table.source_kind == "firmware":
        remarks = {}  # its columns are the reader's own
    if pieces is None:
        pieces = pieces_of(kernel, table, batch)
    answered = kernel.match_rows(looked_at, fields | remarks, dated, sighted)
    if pieces:
        own = dict(answered)
        more = parted.answers(kernel, looked_at, fields | remarks, pieces, (dated, sighted), own)
        own |= {row: parted.with_pieces(own.get(row), found) for row, found in more.items()}
        answered = iter(sorted(own.items()))
    for place, answer in answered:
        if probing:
            said[place] = {
                verdict.covered_through[-1] for verdict in answer[0] if verdict.band is Band.CONFIRMED
            }
        if stated:
            ranks[place] = ranks_of(answer[0])
        if not identified[place] and rests_on_identifier(answer):
            coverage["records_with_identifier"] += 1
        if nothing[place]:
            coverage["records_with_nothing_usable"] -= 1  # what decided stood where nobody looks for it
        hits.append((place, answer))
        if len(hits) >= _AT_ONCE:
            placing.write(hits)
            hits = []
    placing.write(hits)
    if probing:
        probe(kernel, batch, table, said, probes)
    if stated:
        read = (fields | remarks, ranks)
        compare_stated(kernel, batch, looked_at, table, read, (dated, sighted), probes)


class Beside(Protocol):
    """What other records lend to the rows of a batch."""

    def rows(self) -> Sequence[int]:
        """Give the rows that something is lent to, ascending."""
        ...

    def columns(self) -> Mapping[str, tuple[str, Sequence[str | None]]]:
        """Give the columns that stand beside those rows: name to field, and a cell for each row."""
        ...

    def answer(self, row: int, number: int, answer: Answer) -> Answer | None:
        """Give what is found in a row through what is lent, of all that is found in it; `number` is that of its record."""
        ...


def match_beside(
    kernel: Kernel, table: Table, batch: Batch, source: tuple[str, str], found: Found, beside: Beside
) -> None:
    """Match rows of a batch as if what others lend them stood in them, and write it with their own place and identity.

    Args:
        source: name of the reader of the input, and the path of the input as it was named.
        found: takes the findings.
    """
    import pyarrow as pa

    rows, lent = beside.rows(), beside.columns()
    taken: pa.RecordBatch = batch.rows.take(pa.array(rows))
    fields = {name: kind for name, kind in table.fields.items() if name in taken.schema.names}
    for name, (kind, cells) in lent.items():
        taken = taken.append_column(name, pa.array(cells, pa.string()))
        fields[name] = kind
    dated, sighted = (
        next((iso_days(taken.column(name)) for name, kind in table.fields.items() if kind == wanted), None)
        for wanted in ("dated_on", "seen_at")
    )
    hits = [
        (rows[place], said)
        for place, answer in kernel.match_rows(taken, fields, dated, sighted)
        if (said := beside.answer(rows[place], batch.number(rows[place]), answer)) is not None
    ]
    _Placing(kernel, table, batch, source, found).write(hits)


def identity_in(table: Table, header: Sequence[str], reader: str) -> TableIdentity:
    """Give what ids of findings rest on in a table; of its kind only what a person states counts."""
    return TableIdentity(header, reader, table.kind if table.kind_by == "stated" else "")


def _list_of_gone(kernel: Kernel, table: Table, display: str, header: Sequence[str]) -> StateCell | None:
    """Give what makes a table a list of what left, of what somebody offers to us, or of what is carried.

    What is offered to others is ours.
    """
    if table.source_kind not in _LISTED or table.kind in _WITHOUT_STATES:
        return None
    states = States(kernel.index)
    gone = states.list_of_gone(table.sheet, display)
    if gone is not None or table.kind == "offered":
        return gone
    quoted = states.list_of_quoted(table.sheet, display, [text for _, text in table.beside])
    return quoted or states.list_of_carried(header)


class _Placing:
    """Writes what was found in the records of one batch."""

    def __init__(
        self,
        kernel: Kernel,
        table: Table,
        batch: Batch,
        source: tuple[str, str],
        found: Found,
    ) -> None:
        reader, display = source
        names: list[str] = batch.rows.schema.names
        self._index = kernel.index
        self._site = site_of(table, display)
        self._batch = batch
        self._counts = table.source_kind in _LISTED
        self._first_row = table.first_row
        self._identity = identity_in(table, names, reader)
        self._found = found
        self._names = names
        column_of: dict[str, str] = {}
        for name, kind in table.fields.items():
            column_of.setdefault(kind, name)
        place_of = {name: place for place, name in reversed(list(enumerate(self._names)))}
        self._own = [place_of[name] for name in own_id_columns(table.fields)]
        self._details = [place_of[column_of[kind]] if kind in column_of else None for kind in _DETAILS]
        self._content = [place_of[name] for name in read_fields(table)]
        self._fields = table.fields
        self._gone = _list_of_gone(kernel, table, display, names)
        self._states = (
            States(kernel.index, kernel.cells, table.samples) if table.kind not in _WITHOUT_STATES else None
        )

    def write(self, hits: Sequence[tuple[int, Answer]]) -> None:
        """Write the hits of the batch: row and judgement."""
        if not hits:
            return
        import pyarrow as pa

        batch = self._batch
        taken: pa.RecordBatch = batch.rows.take(pa.array([place for place, _ in hits]))
        columns = [column.to_pylist() for column in taken.columns]
        for number, (place, answer) in enumerate(hits):
            cells = [column[number] for column in columns]
            answer = self._with_state(answer, cells)
            record = PlacedRecord(
                table=batch.table,
                number=batch.number(place),
                pointer=batch.pointers[place] if batch.pointers else None,
                record_id="/".join(filter(None, (_bare(cells, one) for one in self._own))) or None,
                details=self._details_of(cells, answer[0]),
                cells=kept_cells(self._names, cells),
                source_row=batch.source_row(place, self._first_row),
            )
            self._found.add(
                record,
                answer,
                self._identity.of(cells),
                self._decisions(record, cells, answer) if self._index.suppressions else None,
            )

    def _details_of(self, cells: Sequence[str | None], verdicts: Sequence[Verdict]) -> Details:
        details = Details(*(_bare(cells, one) for one in self._details))
        if details.quantity is None and self._counts and len(verdicts) == 1:
            details = replace(details, quantity=self._pieces(cells, verdicts[0].evidence))
        return replace(details, site=self._site) if self._site is not None else details

    def _pieces(self, cells: Sequence[str | None], evidence: Sequence[Evidence]) -> str | None:
        """Give the number of things that the cells in which something was found say, where they agree."""
        states = self._index.words.states
        told = {
            number
            for column in {one.field for one in evidence}
            if column in self._names
            and (text := cells[self._names.index(column)])
            and (number := pieces_said(evidence, column, text, states.pieces, self._is_thing, states.counted))
            is not None
        }
        return told.pop() if len(told) == 1 else None

    def _is_thing(self, words: list[str]) -> bool:
        """Tell whether words behind a name are one noun of a device with what describes it, and of nothing beside it."""
        named = [word for word in words if word in self._index.words.device]
        return (
            bool(named)
            and words[-1] == named[-1]
            and len(words) <= _MOST_OF_A_NOUN
            and not any(char.isdigit() for word in words for char in word)
            and not self._index.words.line.may_be(words) & _BESIDE_IT
        )

    def _with_state(self, answer: Answer, cells: Sequence[str | None]) -> Answer:
        """Give an answer with what other cells of the record say of where its thing is."""
        if self._states is None or not answer[0]:
            return answer
        said = self._states.cells_of(self._names, self._fields, cells)
        if self._gone is not None:
            said.append(self._gone)
        return (self._states.apply(answer[0], said), *answer[1:]) if said else answer

    def _decisions(
        self, record: PlacedRecord, cells: Sequence[str | None], answer: Answer
    ) -> list[tuple[Mapping[str, object], ...]]:
        """Give for each finding the decisions of the organisation that fit it in all but its id."""
        texts = [cells[place] for place in self._content]
        return [
            tuple(
                decisions_about(
                    self._index.suppressions,
                    self._index.as_of,
                    entities=(verdict.entity, *verdict.covered_through),
                    record_id=record.record_id,
                    details=record.details,
                    texts=texts,
                    found=[one.found for one in verdict.evidence],
                )
            )
            for verdict in answer[0]
        ]


def _bare(cells: Sequence[str | None], place: int | None) -> str | None:
    """Give a cell without the blanks that some programs fill it up with; `None` where nothing else is in it."""
    text = cells[place] if place is not None else None
    return (text.strip() or None) if text else None
