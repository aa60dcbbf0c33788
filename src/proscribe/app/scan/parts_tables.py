"""Tables of parts as a scan kept their columns, and where their lines stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proscribe.app.scan import run
from proscribe.app.scan.reading_process import open_apart
from proscribe.app.scan.run import KeptInput
from proscribe.matching.found import Findings
from proscribe.matching.product_links import Product
from proscribe.matching.rollup import Bom
from proscribe.model.errors import InputError
from proscribe.model.observations import PARTS, UNCERTAIN, Table
from proscribe.readers.base import Options, Source

if TYPE_CHECKING:
    import pyarrow as pa

#: Stands for the kind of a table that says which product stands where.
PLACE = "(place)"
_NUMBERS = frozenset({"part_number", "model_number", "chip"})
#: What lists of things that somebody has say, and lists of parts do not.
_OF_A_PLACE = frozenset(
    {"site", "serial_number", "asset_tag", "hostname", "ip", "mac", "vendor_name", "seen_at"}
)
_ENDINGS = (
    ".gz", ".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".ods", ".json", ".xml", ".parquet", ".cdx", ".spdx", ".bom",
)  # fmt: skip
#: Readers of formats that list who contains whom apart from the records.
_LISTS_LINKS = frozenset({"cyclonedx", "spdx"})


@dataclass(slots=True)
class Structure:
    """One table of parts, and where its lines stand."""

    bom: Bom
    input: int
    table: int
    sheet: str | None
    path: str
    kind: str
    first: list[int]  # number of the first record of each batch
    starts: list[int]  # line (from 0) that each batch begins with
    pointers: list[Sequence[str] | None]
    names: tuple[str, ...] = ()  # of the document: its file, its sheet, lines above its header
    sold: bool = False  # whether its lines are offered
    by_name: bool = False  # whether only the name of its file says that it may list the parts of a product

    def record(self, row: int) -> int:
        """Give the record number of a line."""
        place = bisect_right(self.starts, row) - 1
        return self.first[place] + row - self.starts[place]

    def row(self, record: int) -> int | None:
        """Give the line of a record number, or `None` when it was not kept."""
        place = bisect_right(self.first, record) - 1
        if place < 0:
            return None
        row = self.starts[place] + record - self.first[place]
        end = self.starts[place + 1] if place + 1 < len(self.starts) else self.bom.rows.num_rows
        return row if row < end else None

    def pointer(self, row: int) -> str | None:
        """Give the pointer of a line."""
        place = bisect_right(self.starts, row) - 1
        pointers = self.pointers[place]
        return pointers[row - self.starts[place]] if pointers else None


def structures_of(
    kept: Sequence[KeptInput],
    sources: Sequence[Source],
    options: Options,
    first_tables: Mapping[int, int],
    findings: Findings,
) -> list[Structure]:
    """Give the tables of parts of the inputs; of those of which no kind is sure the ones in which something was found.

    Args:
        first_tables: number within the scan of each input's first table.
    """
    made: list[Structure] = []
    for one in kept:
        batches: dict[int, list[run.Kept]] = {}
        for part in one.parts:
            for batch in part.kept:
                batches.setdefault(batch.table, []).append(batch)
        first = first_tables[one.index]
        plain_lists = [
            place
            for place, table in enumerate(one.tables)
            if (table.kind == PARTS or may_list_parts(one.path, table))
            and place not in batches
            and bool((findings.tables == first + place).any())
        ]
        batches.update(_read_again(sources[one.index], options, plain_lists) if plain_lists else {})
        for place, held in sorted(batches.items()):
            table = one.tables[place]
            by_name = not run.lists_parts(table)
            if by_name and place not in plain_lists:
                continue
            held.sort(key=lambda batch: batch.first_record)
            starts = [0]
            for batch in held:
                starts.append(starts[-1] + batch.rows.num_rows)
            name = one.path.replace("\\", "/").rsplit("/", 1)[-1]
            made.append(
                Structure(
                    bom=Bom(
                        rows=_together(batch.rows for batch in held),
                        fields=table.fields,
                        forms=table.forms,
                        stem="" if by_name else _stem(name) if len(batches) == 1 else (table.sheet or ""),
                        display=name if table.sheet is None else f"{name}, sheet {table.sheet!r}",
                        links=_LinksOf(sources[one.index], options) if one.reader in _LISTS_LINKS else None,
                    ),
                    input=one.index,
                    table=place,
                    sheet=table.sheet,
                    path=one.path,
                    kind=table.source_kind,
                    first=[batch.first_record for batch in held],
                    starts=starts[:-1],
                    pointers=[batch.pointers for batch in held],
                    names=tuple(
                        filter(
                            None,
                            (table.sheet, _stem(name), *(text for _, text in table.beside), *table.named),
                        )
                    ),
                    by_name=by_name,
                )
            )
    return made


def may_list_parts(path: str, table: Table) -> bool:
    """Tell whether a table of which no kind is sure may list the parts of the product that its file is named for: `WT-200.csv`.

    It numbers its lines as parts or models, and says nothing of where a thing is, or which one. Whether the product is one of
    another list is asked; alone such a list comes to nothing.
    """
    kinds = set(table.fields.values())
    name = _stem(path.replace("\\", "/").rsplit("/", 1)[-1])
    return (
        (table.kind or UNCERTAIN) == UNCERTAIN
        and not kinds.isdisjoint(_NUMBERS)
        and kinds.isdisjoint(_OF_A_PLACE)
        and bool(Product((), (), (name,)).inside())
    )


def _read_again(source: Source, options: Options, tables: Sequence[int]) -> dict[int, list[run.Kept]]:
    """Read lists of parts of which no column was kept, since none says how parts lie in a product."""
    held: dict[int, list[run.Kept]] = {}
    try:
        reading = open_apart(source, options, check_columns=False)
        for batch in reading.batches():
            if batch.table in tables:
                kept = run.kept_of(batch, reading.tables[batch.table], whole=False)
                held.setdefault(batch.table, []).append(kept)
    except (InputError, OSError):
        # the first reading said what could not be read
        return {}
    return held


def _together(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    """Join batches of one table; what is known of its kind may change on the way, and with it which columns were kept."""
    import pyarrow as pa

    tables = [pa.Table.from_batches([rows]) for rows in batches]
    return pa.concat_tables(tables, promote_options="default")


class _LinksOf:
    """The dependencies that a document lists apart from its records, read again when they are asked for."""

    def __init__(self, source: Source, options: Options) -> None:
        self._source = source
        self._options = options

    def __call__(self) -> Iterable[tuple[str, str]]:
        return open_apart(self._source, self._options, check_columns=False).links()


def _stem(name: str) -> str:
    """Give a file name without its endings: `CAM-100.cdx.json` is `CAM-100`."""
    while True:
        ending = next((one for one in _ENDINGS if name.lower().endswith(one)), None)
        if ending is None:
            return name
        name = name[: -len(ending)]
