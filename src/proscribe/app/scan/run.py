"""One input of a scan: batches matched in order, and everything unread named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, overload

from proscribe.app.scan.blind_spots import Tallies, Tally, count_batch
from proscribe.app.scan.site_rows import SiteRows
from proscribe.app.scan.spool import Spool
from proscribe.matching.assembly import match_into
from proscribe.matching.coverage import asks_inside
from proscribe.matching.cycles import no_cycle_search
from proscribe.matching.found import Found
from proscribe.matching.kernel import Crowd, Kernel
from proscribe.matching.probes import Probes
from proscribe.matching.probes import merged as merged_probes
from proscribe.model.observations import CONTENT_FIELDS, LEVEL_FORMS, PARTS, PARTS_FIELDS, PROGRAM, Table
from proscribe.model.results import FEW_IDENTIFIERS, LIMITS_OF_ANY_SCAN, NO_IDENTIFIER, ScannedInput
from proscribe.readers import samples_of
from proscribe.readers.closed import Closed
from proscribe.readers.own_account import tells_beside
from proscribe.readers.own_lines import OwnLines
from proscribe.readers.own_words import OwnWords

if TYPE_CHECKING:
    import pyarrow as pa

    from proscribe.matching.index import Index
    from proscribe.matching.parted import Joined
    from proscribe.readers.base import Batch, Reading

#: Called with bytes done, bytes in all, records done.
Progress = Callable[[int, int, int], None]

#: Fields whose columns the roll-up needs; the other columns of a bill of materials are kept only when all are asked for.
_KEPT_FIELDS = PARTS_FIELDS | {
    "quantity", "unit_cost", "currency", "site", "row_id", "part_number", "model_number", "product_name", "text", "maker_name",
}  # fmt: skip

#: What the different records of one input that are crowded with signs may take to judge, in signs times characters: some twenty
#: seconds of a processor. A list of models in a remark takes two thousand; what takes more in all was made to take time.
MOST_CROWDED = 12_000_000


def lists_parts(table: Table) -> bool:
    """Tell whether a table is a list of parts: by how its columns say that they lie in a product, or by its kind alone."""
    return table.structured or table.kind == PARTS


@dataclass(frozen=True, slots=True)
class Kept:
    """Whole columns of one batch, kept for questions that need the records without findings too.

    Attributes:
        first_record: number of the first record, counted from 1 within the table.
        rows: the table's columns under their own names, every row of the batch; for the roll-up alone, those it needs.
        pointers: places of the records, as in the batch.
    """

    table: int
    first_record: int
    rows: pa.RecordBatch
    pointers: Sequence[str] | None = None


@dataclass(slots=True)
class Part:
    """What was made of one input, or of one byte range of it. Parts of an input join in any order of their making.

    `crowd` counts what its records that are crowded with signs take.

    `keep_all` asks for the columns of every table; otherwise only bills of materials are kept. `samples` has first values of
    the columns of tables whose readers give none. `display` is the path of the input as it was named.
    """

    records: int = 0
    coverage: Counter[str] = field(default_factory=Counter)
    found: Found = field(default_factory=lambda: Found(Spool()))
    probes: Probes = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    keep_all: bool = False
    blind: Tallies = field(default_factory=dict)
    samples: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    crowd: Crowd = field(default_factory=lambda: Crowd(MOST_CROWDED))
    closed: Closed = field(default_factory=Closed)
    own_words: OwnWords = field(default_factory=OwnWords)
    own_lines: OwnLines = field(default_factory=OwnLines)
    sites: SiteRows = field(default_factory=SiteRows)
    display: str = ""

    def extend(self, other: Part) -> None:
        """Add what was made of the records that follow.

        Raises:
            InputError: E148 when the records of both are too crowded with signs.
        """
        for digest, work in other.crowd.held.items():
            self.crowd.add(digest, work)
        self.records += other.records
        self.coverage.update(other.coverage)
        self.found.extend(other.found)
        self.probes = merged_probes((self.probes, other.probes))
        for key, tally in other.blind.items():
            self.blind.setdefault(key, Tally()).merge(tally)
        self.kept += other.kept
        self.samples = {**other.samples, **self.samples}
        self.closed.extend(other.closed)
        self.own_words.extend(other.own_words)
        self.own_lines.extend(other.own_lines)
        self.sites.extend(other.sites)


@dataclass(frozen=True, slots=True)
class KeptInput:
    """One input with the columns of its records, for questions that need those without findings too."""

    index: int
    path: str
    tables: tuple[Table, ...]
    parts: tuple[Part, ...]
    reader: str = ""


def match_batches(
    kernel: Kernel, reading: Reading, batches: Iterable[Batch], part: Part, tick: Callable[[int], None]
) -> None:
    """Match every batch and collect answers, counts and probes of unread columns into `part`.

    Raises:
        InputError: E148 when its records are more crowded with signs than those of any honest input.
    """
    with no_cycle_search():
        for batch in batches:
            table = kind_stated(reading, reading.tables[batch.table])
            keep_of(batch, table, part)
            match_batch(kernel, reading.reader, table, batch, part)
            tick(batch.records)
    part.found.forget()


def keep_of(batch: Batch, table: Table, part: Part) -> None:
    """Keep in a part what of a batch is asked for again: first values of its columns, and columns for the roll-up."""
    if not table.samples and batch.table not in part.samples:
        part.samples[batch.table] = samples_of(batch.rows)
    if part.keep_all or table.structured:
        part.kept.append(kept_of(batch, table, whole=part.keep_all))


def match_batch(
    kernel: Kernel,
    reader: str,
    table: Table,
    batch: Batch,
    part: Part,
    pieces: Sequence[Joined] | None = None,
) -> None:
    """Match one batch, and collect answers, counts and probes of unread columns into `part`.

    Args:
        reader: name of the reader.
        pieces: as `assembly.match_into` takes them.

    Raises:
        InputError: E148 as `match_batches`.
    """
    kernel.crowd = part.crowd
    part.records += batch.records
    with no_cycle_search():
        match_into(
            kernel, table, batch, (reader, part.display), part.found, part.coverage, part.probes, pieces
        )
        if table.source_kind != "firmware":
            part.closed.look(batch, table)
            part.own_words.look(batch, table)
            part.own_lines.look(batch, table)
        count_batch(batch, table, part.blind, kernel.index)
        part.sites.count(batch, table, part.display)


def kind_stated(reading: Reading, table: Table) -> Table:
    """Give a table with the kind that a person states, on which ids of findings may rest."""
    stated = getattr(reading, "stated_kind", None)
    kind = stated(table.sheet) if stated is not None else ""
    return replace(table, kind=kind, kind_by="stated") if kind else table


#: The last index and its kernel: a scanner takes half a second to make, for the images of one scan once.
_sieving: list[Kernel] = []


def sieve_of(index: Index) -> Callable[[pa.StringArray, str], list[int]]:
    """Give a function that tells which texts of a column hold a sign by themselves, for readers of very many strings.

    The function takes the column and the field it would be read as, and gives row numbers, ascending.
    """
    if not _sieving or _sieving[0].index is not index:
        _sieving[:] = [Kernel(index, always_scan=True)]
    kernel = _sieving[0]

    def rows(column: pa.StringArray, kind: str) -> list[int]:
        import pyarrow as pa

        texts = pa.RecordBatch.from_pydict({"text": column})
        with no_cycle_search():
            return [place for place, _ in kernel.match_rows(texts, {"text": kind})]

    return rows


class _Packed(Sequence[str]):
    """Texts held as one Arrow array: a tenth of the memory of a list of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        import pyarrow as pa

        self._texts = pa.array(texts, pa.string())

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            texts: list[str] = self._texts[place].to_pylist()
            return texts
        text: str = self._texts[place].as_py()
        return text


def kept_of(batch: Batch, table: Table, *, whole: bool) -> Kept:
    """Give what is kept of a batch until every input is read: all of it, or the columns in which parts may be named."""
    if whole:
        return Kept(batch.table, batch.first_record, batch.rows, batch.pointers)
    wanted = [
        name
        for name in batch.rows.schema.names
        if (table.fields.get(name) in _KEPT_FIELDS or table.forms.get(name) in LEVEL_FORMS)
        # what programs say of themselves at length names nobody's parts
        and not (table.source_kind == "software" and table.fields.get(name) == "text")
    ]
    return Kept(batch.table, batch.first_record, batch.rows.select(wanted), packed(batch.pointers))


def packed(texts: Sequence[str] | None) -> Sequence[str] | None:
    """Hold texts in little memory."""
    return None if texts is None else _Packed(texts)


#: Kinds of tables of which photographs are made.
PICTURES = frozenset({"plate", "picture"})
#: The sheet of lines of scanned pages; a page may show anything, so that it has no kind (`readers/pictures/plates.yml`).
_SCANNED_PAGES = "(words of scanned pages)"
#: What recognition on pictures and scanned pages cannot see.
_OTHER_SCRIPTS = (
    "On pictures and scanned pages, letters of other scripts than Latin, hanzi and kana (Cyrillic, Greek, Arabic, Hangul, "
    "Thai and others) are not recognised, and can take the Latin letters beside them with them."
)


#: An input is told of in which fewer than one record in so many carries an identifier; in running text a line is soon one that
#: speaks of another device than the line with the address.
_ONE_IN, _ONE_IN_OF_TEXT = 10, 2


def told_of_identifiers(item: ScannedInput) -> str:
    """Say that no record of an input carries an identifier, or that few do; empty where enough of them do."""
    identified = item.coverage.get("records_with_identifier", 0)
    if not item.records or not identified:
        return NO_IDENTIFIER if item.records else ""
    is_text = all(
        asks_inside({name: kind for name, kind in table.fields.items() if kind in CONTENT_FIELDS})
        for table in item.tables
    )
    if identified * (_ONE_IN_OF_TEXT if is_text else _ONE_IN) >= item.records:
        return ""
    return FEW_IDENTIFIERS.format(identified=identified, records=item.records)


def not_checked(inputs: Iterable[ScannedInput]) -> list[str]:
    """List, in words, what this scan did not look at."""
    said: list[str] = []
    for item in inputs:
        for table in item.tables:
            where = item.path if table.sheet is None else f"{item.path}, sheet {table.sheet!r}"
            if table.unread:
                shown = ", ".join(repr(name) for name in table.unread[:12])
                more = f" and {len(table.unread) - 12} more" if len(table.unread) > 12 else ""
                said.append(f"{where}: columns not read: {shown}{more}")
            if table.hidden:
                said.append(f"{where}: this sheet is hidden in the workbook; it was read")
        nothing = item.coverage.get("records_with_nothing_usable", 0)
        if nothing:
            said.append(f"{item.path}: {nothing} of {item.records} records hold nothing that can be matched")
        if unidentified := told_of_identifiers(item):
            said.append(f"{item.path}: {unidentified}")
        said.extend(
            f"{item.path}, {issue.at}: {issue.what}"
            for issue in item.issues
            if issue.lossy or tells_beside(issue)
        )
    looked_at = {table.source_kind for item in inputs for table in item.tables}
    pages = any((table.sheet or "").endswith(_SCANNED_PAGES) for item in inputs for table in item.tables)
    others = [] if pages or looked_at & PICTURES else ["photograph", "paper label"]
    kept = {
        table.export == PROGRAM for item in inputs for table in item.tables if table.source_kind == "firmware"
    }
    programs = kept == {True}
    others += [] if False in kept else ["whole firmware image" if programs else "firmware image"]
    *most, last = ["", *others]
    ending = f", no {', '.join(most[1:])}{' or ' if most[1:] else ''}{last} was examined." if others else "."
    if pages and not looked_at & PICTURES:
        ending += " Of photographs and paper labels only what scanned pages show was examined."
    if programs:
        ending += " Of firmware the programs that were handed in were examined, each by itself."
    said.append(f"{LIMITS_OF_ANY_SCAN[0]} No device was opened, no network was asked{ending}")
    if pages or looked_at & PICTURES or any(item.reader == "picture" for item in inputs):
        said.append(_OTHER_SCRIPTS)
    said.append(f"{LIMITS_OF_ANY_SCAN[1]}; it is not known to be clear either.")
    return said
