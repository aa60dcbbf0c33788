"""Parts that were found, carried up to every assembly and product that contains them.

A part that the lines say is not fitted, or is another choice for its line, is said to be so, and makes no more than a
question about what contains it. A derived finding states what the product contains, never that it is forbidden.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from proscribe.app.scan import run
from proscribe.app.scan.reading_process import open_apart
from proscribe.app.scan.run import KeptInput
from proscribe.matching import rollup
from proscribe.matching.assembly import identity_in
from proscribe.matching.findings import CHIP_QUESTION
from proscribe.matching.found import Cells, Findings, digests, id_of
from proscribe.matching.identity import (
    RecordIdentity,
    Subjects,
    digest_of,
    ids_of,
    kept_cells,
)
from proscribe.matching.normalize import fold_text
from proscribe.matching.product_links import (
    BETWEEN,
    Product,
    named_product,
    nearest,
    pattern,
    shorter,
    whole,
    within,
)
from proscribe.matching.rollup import Bom, Lies, plain, times
from proscribe.matching.set_asides import chosen_for, decisions_about, set_aside_by
from proscribe.model.amounts import money_of, quantity_of
from proscribe.model.errors import InputError
from proscribe.model.findings import Band, Contained, Details, Evidence, Finding, Locator, Role
from proscribe.model.observations import OFFERED, PARTS, SILENT_KINDS, TOTALS, UNCERTAIN, ReadIssue, Table
from proscribe.readers.base import Options, Source
from proscribe.readers.header_fields import fold_header
from proscribe.readers.issues import issue

if TYPE_CHECKING:
    import pyarrow as pa

    from proscribe.matching.index import Index

#: Ways written out in one finding; the rest are counted.
MAX_WAYS = 50
_MAX_EVIDENCE = 5
_MAX_ISSUES = 20
#: Lines of inventories that are held as places of a product, per input.
_MAX_PLACES = 50_000
#: Stands for the kind of a table that says which product stands where.
_PLACE = "(place)"
_KEYS = frozenset({"part_number", "model_number", "product_name"})
#: Fields in which a thing may be named in words, or by what its list calls its lines; and those of a list with amounts of things.
_NUMBERS = frozenset({"part_number", "model_number", "chip"})
#: What lists of things that somebody has say, and lists of parts do not.
_OF_A_PLACE = frozenset(
    {"site", "serial_number", "asset_tag", "hostname", "ip", "mac", "vendor_name", "seen_at"}
)
_NAMED, _PRICED = _KEYS | {"text", "row_id"}, frozenset({"unit_cost", "quantity"})
_BESIDE = frozenset({"site", "quantity", "unit_cost", "currency", "row_id", "maker_name", "text"})
#: Kinds of tables none of whose lines is a thing that somebody has or sells.
_NO_THINGS = SILENT_KINDS | {TOTALS, PARTS}
#: Readers of formats that list who contains whom apart from the records.
_LISTS_LINKS = frozenset({"cyclonedx", "spdx"})

#: What the clauses ask of a part: FAR 52.204-25(a), "substantial or essential component", "critical technology".
LEGAL_QUESTION = (
    "Is this part a substantial or essential component of the product, or critical technology in it, "
    "under the rule asked?"
)
PLACE_QUESTION = "The number is that of a product whose parts another document lists. Is this that product?"
#: Where only the names are alike: what is listed, where, as what it would be, and which document lists its parts.
LIKE_QUESTION = "Is {listed!r} of {place} the {product} whose parts {document} lists?"
NOT_FITTED_QUESTION = "The line says that this part is not fitted. Is it fitted in any build or variant?"
ALTERNATE_QUESTION = "This part is another choice for its line. Is it the one that is fitted in any build?"


def _loosely(letter: str) -> str:
    plain = fold_text(letter)
    return "[ -]" if letter == " " else re.escape(letter) if plain == letter else f"(?:{letter}|{plain})"


@lru_cache(maxsize=1)
def _of_fitting() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    """Read what says of a part that it is not fitted: anywhere in a text, as the whole of one, and as a header."""
    from proscribe.kb.strictyaml import parse  # of bills of materials alone

    said = parse(
        resources.files("proscribe.app.scan").joinpath("fitting.yml").read_bytes(), "fitting.yml"
    ).value
    listed = [word for line in said["not_fitted"] for word in line.split(", ")]
    words = {one for word in listed for one in (word, word.replace("ü", "ue"), fold_text(word))}
    spaced = "|".join(sorted("".join(map(_loosely, word)) for word in words))
    unspaced = "|".join(map(re.escape, said["not_fitted_unspaced"]))
    anywhere = re.compile(rf"(?<![0-9A-Za-z])(?:{spaced})(?![0-9A-Za-z])|{unspaced}", re.IGNORECASE)
    whole = frozenset([*words, *said["not_fitted_whole"]])
    return anywhere, whole, frozenset(map(fold_header, whole))


_NO = frozenset(["", "0", "no", "n", "false", "f", "nein", "non", "não", "off", "-", "none", "null"])
_ALTERNATE = re.compile(
    r"\b(?:alt|alternates?|alternative|2nd|second|3rd|third|substitute|replacement|equivalent)\b"
    r"|(?:mpn|manufacturer|mfr|mfg|number|part|pn)\s*0?[2-9]$"
)


@dataclass(slots=True)
class RolledUp:
    """The findings with those that follow from them, in order, and what has to be said of the inputs."""

    findings: Findings
    issues: dict[int, list[ReadIssue]] = field(default_factory=dict)


@dataclass(slots=True)
class _Structure:
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


def roll_up(
    index: Index,
    kept: Sequence[KeptInput],
    sources: Sequence[Source],
    options: Options,
    findings: Findings,
) -> RolledUp:
    """Add to the findings of a scan what contains the things found.

    Args:
        index: compiled knowledge, for decisions that set findings aside.
        kept: the columns of the inputs.
        sources: the inputs; read again for their dependencies and the records of assemblies, where something was found.
        options: how they were opened.
        findings: findings in the order of the inputs.
    """
    structures = _structures(kept, sources, options, _first_tables(kept), findings) if findings else []
    if not structures:
        return RolledUp(findings)
    work = _Work(findings, structures, _first_tables(kept))
    work.mark(index.part_makers)
    if not work.parts:
        return RolledUp(findings.revised(work.patches, (), np.lexsort((findings.numbers, findings.tables))))
    answer = rollup.roll_up([item.bom for item in structures], work.hits)
    described = _described(answer, structures, work.hits)
    places = _places(kept, sources, options, _numbers(answer, structures), [one.product for one in described])
    if places:
        structures.extend(places)
        answer = rollup.roll_up([item.bom for item in structures], work.hits)
        _ask(answer, structures, described)
    work.raise_up(answer)
    added = work.named(index, _Records(kept, sources, options, work.derived))
    tables = [*findings.tables.tolist(), *(work.table_of(one.structure) for one in work.derived)]
    numbers = [*findings.numbers.tolist(), *(one.locator.row for one in added)]
    result = RolledUp(findings.revised(work.patches, added, np.lexsort((numbers, tables))))
    _say(result, answer, structures)
    return result


def _first_tables(kept: Sequence[KeptInput]) -> dict[int, int]:
    """Give the number within the scan of each input's first table."""
    firsts: dict[int, int] = {}
    number = 0
    for one in kept:
        firsts[one.index] = number
        number += len(one.tables)
    return firsts


@dataclass(frozen=True, slots=True)
class _Derived:
    """A finding on an assembly, without its id and its record's cells."""

    finding: Finding
    structure: _Structure
    label: str


class _Work:
    """The findings on their way through the roll-up.

    Attributes:
        patches: findings that say more than they did, by place.
        unsure: ids of parts that may not be in their product.
        hits, parts: line of each part that was found, (structure, row), and its finding.
        derived: findings on assemblies that had none of their own.
    """

    def __init__(
        self, findings: Findings, structures: list[_Structure], first_tables: dict[int, int]
    ) -> None:
        self.findings = findings
        self.structures = structures
        self.patches: dict[int, Finding] = {}
        self.unsure: set[str] = set()
        self.hits: list[tuple[int, int]] = []
        self.parts: list[Finding] = []
        self.derived: list[_Derived] = []
        self._first_tables = first_tables

    def table_of(self, structure: _Structure) -> int:
        """Give the number of a structure's table within the scan."""
        return self._first_tables[structure.input] + structure.table

    def mark(self, part_makers: Sequence[str]) -> None:
        """Find the findings on lines of parts lists, and say on them what their lines say."""
        by_table = {self.table_of(item): number for number, item in enumerate(self.structures)}
        places = np.flatnonzero(np.isin(self.findings.tables, list(by_table))).tolist()
        for place, finding in zip(places, self.findings.stored(places), strict=True):
            number = by_table[int(self.findings.tables[place])]
            row = self.structures[number].row(finding.locator.row)
            if row is None:
                continue
            item = self.structures[number]
            marked = finding if item.by_name else _marked(finding, item, row, self.unsure, part_makers)
            if marked is not finding:
                self.patches[place] = marked
            if marked.ignored is None:
                self.hits.append((number, row))
                self.parts.append(marked)

    def raise_up(self, answer: rollup.RollUp) -> None:
        """Write on every assembly what it contains, on its own finding or as a new one."""
        direct = self._direct(answer)
        for (number, row), lies in sorted(answer.contained.items()):
            structure = self.structures[number]
            groups: dict[str, list[Lies]] = {}
            for one in lies:
                groups.setdefault(self.parts[one.hit].entity, []).append(one)
            for entity, members in sorted(groups.items()):
                place = direct.get((self.table_of(structure), structure.record(row), entity))
                if place is None:
                    made = self._on_assembly(structure, row, members)
                    self.derived.append(_Derived(made, structure, structure.bom.label(row)))
                elif sure := [one for one in members if one.asks in ("", PLACE_QUESTION)]:
                    own = self.patches.get(place) or next(self.findings.stored([place]))
                    self.patches[place] = replace(own, **_ways([self._contained(one) for one in sure]))

    def _direct(self, answer: rollup.RollUp) -> dict[tuple[int, int, str], int]:
        """Give the places of the findings that assemblies have themselves: (table, record, entity) to place."""
        wanted: dict[int, list[int]] = {}
        for number, row in answer.contained:
            structure = self.structures[number]
            wanted.setdefault(self.table_of(structure), []).append(structure.record(row))
        made: dict[tuple[int, int, str], int] = {}
        for table, records in wanted.items():
            mask = (self.findings.tables == table) & np.isin(self.findings.numbers, records)
            places = np.flatnonzero(mask).tolist()
            for place, finding in zip(places, self.findings.stored(places), strict=True):
                made.setdefault((table, finding.locator.row, finding.entity), place)
        return made

    def _contained(self, one: Lies, units: Decimal | None = None) -> Contained:
        number, row = self.hits[one.hit]
        bom = self.structures[number].bom
        price = _money(bom.cell("unit_cost", row))
        total = times(price, one.quantity) if price is not None else None
        cost = _plain(total)
        return Contained(
            part=self.parts[one.hit].id,
            path=one.path,
            ways=one.ways,
            quantity=_plain(one.quantity),
            cost=cost,
            currency=bom.cell("currency", row) if cost is not None else None,
            across=one.across,
            units=_plain(units),
            in_all=_plain(times(one.quantity, units)),
            cost_in_all=_plain(times(total, units)) if price is not None else None,
        )

    def _band(self, one: Lies) -> Band:
        """Give the band that a part lends to what it lies in: a question where it is asked whether it does."""
        return Band.POSSIBLE if one.asks else _effective(self.parts[one.hit], self.unsure)

    def _on_assembly(self, structure: _Structure, row: int, members: Sequence[Lies]) -> Finding:
        """Make the finding on an assembly from the parts of one entity that lie in it; its id comes later."""
        ranked = sorted(
            members,
            key=lambda one: (
                -self._band(one).rank,
                self.parts[one.hit].basis == "inferred",
                one.hit,
            ),
        )
        parts = [self.parts[one.hit] for one in ranked]
        first, bom, is_place = parts[0], structure.bom, structure.kind == _PLACE
        band = self._band(ranked[0])
        bases = {self.parts[one.hit].basis for one in ranked if self._band(one) is band}
        units = _units(bom, row) if is_place else None
        held = [self._contained(one, units) for one in ranked]
        site = bom.cell("site", row) if is_place else None
        questions = [question for part in parts[:_MAX_EVIDENCE] for question in part.questions]
        if band is Band.POSSIBLE:
            questions[:0] = [one.asks for one in ranked[:_MAX_EVIDENCE] if one.asks]
        if any(part.category == "semiconductor" for part in parts):
            questions.append(CHIP_QUESTION)
        questions.append(LEGAL_QUESTION)
        return Finding(
            id="",
            input=structure.input,
            locator=Locator(structure.record(row), structure.sheet, structure.pointer(row)),
            record_id=bom.cell("row_id", row) or bom.cell("component_ref", row),
            entity=first.entity,
            covered_through=first.covered_through,
            role=Role.COMPONENT,
            band=band,
            basis="inferred" if bases == {"inferred"} else "derived",
            lists=first.lists,
            evidence=tuple(
                _inside_evidence(*item, site)
                for item in zip(ranked[:_MAX_EVIDENCE], parts, held, strict=False)
            ),
            questions=tuple(dict.fromkeys(questions)),
            details=Details(
                quantity=bom.cell("quantity", row),
                unit_cost=bom.cell("unit_cost", row),
                currency=bom.cell("currency", row),
                site=bom.cell("site", row),
            ),
            total_mbit=first.total_mbit,
            **_ways(held),
        )

    def named(self, index: Index, records: _Records) -> list[Finding]:
        """Give the findings on assemblies their ids, their records' cells, and the decisions that set them aside."""
        known = [records.of(one) for one in self.derived]
        about = [(one.finding.entity, one.finding.role.value, "contains") for one in self.derived]
        ids = ids_of(
            Subjects(
                subjects=digests(
                    [bytearray(one[0].subject(*names)) for one, names in zip(known, about, strict=True)]
                ),
                wholes=digests([bytearray(one[0].whole) for one in known]),
                tables=np.array([self.table_of(one.structure) for one in self.derived], np.int64),
                days=np.array([one[0].day for one in known], np.int64),
                weak=np.array([one[0].weak for one in known], bool),
            )
        )
        made = []
        for one, digest, (_, cells) in zip(self.derived, ids, known, strict=True):
            finding = replace(one.finding, id=id_of(digest), record=cells)
            fitting = decisions_about(
                index.suppressions, index.as_of, entities=(finding.entity, *finding.covered_through),
                record_id=finding.record_id, details=finding.details, texts=[one.label],
                found=[item.found for item in finding.evidence],
            )  # fmt: skip
            chosen = chosen_for(list(fitting), finding.id)
            made.append(finding if chosen is None else replace(finding, ignored=set_aside_by(chosen)))
        return made


def _ways(held: Sequence[Contained]) -> dict[str, Any]:
    """Write what an assembly contains as fields of its finding."""
    return {
        "path": held[0].path,
        "derived_from": tuple(dict.fromkeys(item.part for item in held[:MAX_WAYS])),
        "contains": tuple(held[:MAX_WAYS]),
        "contained": len(held),
    }


class _Records:
    """Records of assemblies, read again: what their ids rest on, and their cells."""

    def __init__(
        self,
        kept: Sequence[KeptInput],
        sources: Sequence[Source],
        options: Options,
        derived: Iterable[_Derived],
    ) -> None:
        wanted: dict[int, set[tuple[int, int]]] = {}
        for one in derived:
            place = (one.structure.table, one.finding.locator.row)
            wanted.setdefault(one.structure.input, set()).add(place)
        self._known: dict[tuple[int, int, int], tuple[RecordIdentity, Cells]] = {}
        for item in kept:
            if item.index in wanted:
                self._read(item.index, sources[item.index], options, wanted[item.index])

    def _read(self, number: int, source: Source, options: Options, wanted: set[tuple[int, int]]) -> None:
        try:
            reading = open_apart(source, options, check_columns=False)
            for batch in reading.batches():
                end = batch.first_record + batch.rows.num_rows
                records = sorted(
                    row for table, row in wanted if table == batch.table and batch.first_record <= row < end
                )
                names = batch.rows.schema.names
                table = run.kind_stated(reading, reading.tables[batch.table])
                identity = identity_in(table, names, reading.reader)
                for record in records:
                    line = batch.rows.slice(record - batch.first_record, 1)
                    cells = [column[0].as_py() for column in line.columns]
                    self._known[number, batch.table, record] = identity.of(cells), kept_cells(names, cells)
        except (InputError, OSError):
            # the first reading said what could not be read
            return

    def of(self, one: _Derived) -> tuple[RecordIdentity, Cells]:
        """Give what the id of a finding rests on; what stands for its record where that cannot be read again."""
        finding = one.finding
        known = self._known.get((one.structure.input, one.structure.table, finding.locator.row))
        if known is not None:
            return known
        parts = ("label", finding.record_id or "", one.label)
        return RecordIdentity(parts, True, digest_of(*parts), 0), ()


def _structures(
    kept: Sequence[KeptInput],
    sources: Sequence[Source],
    options: Options,
    first_tables: Mapping[int, int],
    findings: Findings,
) -> list[_Structure]:
    made: list[_Structure] = []
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
                _Structure(
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


def _numbers(answer: rollup.RollUp, structures: Sequence[_Structure]) -> set[str]:
    """Give the part numbers of everything that contains a hit."""
    found: set[str] = set()
    for number, row in answer.contained:
        found |= structures[number].bom.numbers(row)
    return found


@dataclass(frozen=True, slots=True)
class _Described:
    """A product or assembly that a parts list describes, and holds something that was found.

    Attributes:
        document: name of the list.
        maker: who makes it, where the list says so.
        inside: the parts found in it.
    """

    product: Product
    document: str
    maker: str
    inside: tuple[Lies, ...]

    def numbers(self) -> set[str]:
        """Give its numbers as they are compared where another list must have the very same: of letters and digits."""
        folded = (rollup.folded_number(text) for text in self.product.numbers)
        return {text for text in folded if rollup.tells_apart(text) and any(map(str.isalpha, text))}


def _described(
    answer: rollup.RollUp, structures: Sequence[_Structure], hits: Sequence[tuple[int, int]]
) -> list[_Described]:
    """Give everything that contains a hit, and each list as a whole that has no line for its product."""
    made: list[_Described] = []
    topmost: dict[int, int] = {}
    for (number, _), lies in answer.contained.items():
        topmost[number] = max(topmost.get(number, 0), *(len(one.path) for one in lies))
    for (number, row), lies in sorted(answer.contained.items()):
        item, bom = structures[number], structures[number].bom
        numbers = [bom.cell(kind, row) for kind in ("part_number", "model_number", "component_ref", "row_id")]
        names = [bom.cell(kind, row) for kind in ("product_name", "text")]
        is_top = any(len(one.path) == topmost[number] for one in lies)
        product = Product(
            tuple(filter(None, numbers)),
            tuple(filter(None, names))[:1],
            # what the whole is called may hold its number: "vg-900-firmware"
            (*item.names, *filter(None, names)) if is_top else (),
        )
        made.append(_Described(product, bom.display, bom.cell("maker_name", row) or "", tuple(lies)))
    for number, item in enumerate(structures):
        bom = item.bom
        lines = [(hit, row) for hit, (one, row) in enumerate(hits) if one == number]
        if lines and bom.is_flat():
            inside = tuple(Lies(hit, bom.quantity(row), 1, ("", bom.label(row))) for hit, row in lines)
            made.append(_Described(Product((), (), item.names), bom.display, "", inside))
    # what a column names as the product of its lines stands in no line of its own
    for (number, name), lies in sorted(answer.unlisted.items()):
        made.append(_Described(named_product(name), structures[number].bom.display, "", tuple(lies)))
    return made


def _is_place(table: Table) -> bool:
    """Tell whether a table lists things by number or name: what one has and where, or what one sells."""
    kinds = set(table.fields.values())
    listed = "site" in kinds or table.kind not in _NO_THINGS
    # what is offered is often named in words, and by what its list calls its lines
    keys = _NAMED if table.kind == OFFERED or not _PRICED.isdisjoint(kinds) else _KEYS | {"row_id"}
    return listed and not keys.isdisjoint(kinds) and not table.structured


def _together_in_words(texts: Any) -> Any:
    """Give texts without signs and spaces, in small letters, as `product_links.whole` does."""
    import pyarrow.compute as pc

    return pc.utf8_lower(pc.replace_substring_regex(texts, BETWEEN, ""))


def _places(
    kept: Sequence[KeptInput],
    sources: Sequence[Source],
    options: Options,
    wanted: set[str],
    products: Sequence[Product],
) -> list[_Structure]:
    """Read again the inputs that list things, and keep the lines that name one of these numbers, or may name a product."""
    import pyarrow as pa
    import pyarrow.compute as pc

    made: list[_Structure] = []
    like = {key for one in products for key in one.wholes()}
    like |= {near for one in products for key in one.inside() for near in shorter(key)}
    if not wanted and not like:
        return made
    values, wholes = (pa.array(sorted(one), pa.string()) for one in (wanted, like))
    anywhere = pattern(products)
    for one in kept:
        places = {number for number, table in enumerate(one.tables) if _is_place(table)}
        if not places:
            continue
        held: dict[int, list[tuple[int, pa.RecordBatch, str | None]]] = {}
        try:
            reading = open_apart(sources[one.index], options, check_columns=False)
            for batch in reading.batches():
                if batch.table not in places:
                    continue
                table = reading.tables[batch.table]
                mask = None
                for name, kind in table.fields.items():
                    if kind not in _NAMED:
                        continue
                    column = batch.rows.column(name)
                    here = (
                        pc.fill_null(pc.match_substring_regex(column, anywhere, ignore_case=True), False)
                        if anywhere
                        else None
                    )
                    for told, among in (
                        (pc.utf8_lower(pc.replace_substring_regex(column, r"\s+", "")), values),
                        (_together_in_words(column), wholes),
                    ):
                        same = pc.fill_null(pc.is_in(told, value_set=among), False)
                        here = same if here is None else pc.or_(here, same)
                    mask = here if mask is None else pc.or_(mask, here)
                names = [name for name, kind in table.fields.items() if kind in _KEYS | _BESIDE]
                for place in pc.indices_nonzero(mask).to_pylist() if mask is not None else ():
                    pointer = batch.pointers[place] if batch.pointers else None
                    line = batch.rows.select(names).slice(place, 1)
                    held.setdefault(batch.table, []).append((batch.first_record + place, line, pointer))
                if sum(map(len, held.values())) >= _MAX_PLACES:
                    break
        except (InputError, OSError):
            # the first reading said what could not be read
            continue
        name = one.path.replace("\\", "/").rsplit("/", 1)[-1]
        for number, lines in sorted(held.items()):
            table = one.tables[number]
            made.append(
                _Structure(
                    bom=Bom(
                        rows=pa.Table.from_batches([line for _, line, _ in lines]),
                        fields=table.fields,
                        display=name if table.sheet is None else f"{name}, sheet {table.sheet!r}",
                        ends=True,
                    ),
                    input=one.index,
                    table=number,
                    sheet=table.sheet,
                    path=one.path,
                    kind=_PLACE,
                    first=[record for record, _, _ in lines],
                    starts=list(range(len(lines))),
                    pointers=[None if pointer is None else [pointer] for _, _, pointer in lines],
                    sold=table.kind == OFFERED,
                )
            )
    return made


def _ask(answer: rollup.RollUp, structures: Sequence[_Structure], described: Sequence[_Described]) -> None:
    """Ask of lines of other lists whether they are a product that is described: each that may be one, and of exact numbers too.

    What one sells by the very number under which one's own parts list has it is that product, unless the two name two makers.
    """
    makers = {
        key: _maker_key(one.maker)
        for one in described
        for text in one.product.numbers
        if (key := rollup.folded_number(text))
    }
    alike = [(one, one.product.wholes(), one.product.inside(), one.numbers()) for one in described]
    met: set[int] = set()
    for number, item in enumerate(structures):
        for row in range(item.bom.rows.num_rows) if item.kind == _PLACE else ():
            lies = answer.contained.get((number, row), [])
            theirs = _maker_key(item.bom.cell("maker_name", row) or "")
            if not item.sold or theirs not in {"", *(makers.get(text) for text in item.bom.numbers(row))}:
                lies = [replace(one, asks=PLACE_QUESTION) for one in lies]
            cells = (item.bom.rows.column(name)[row].as_py() for name in item.bom.columns(*_NAMED))
            own = {rollup.folded_number(text) for text in cells if text}
            for one, wholes, inside, numbers in alike:
                listed = _like(item.bom, row, wholes, inside)
                if listed is not None:
                    met.add(id(one))
                    there = {part.hit for part in lies}
                    more = replace(one, inside=tuple(part for part in one.inside if part.hit not in there))
                    is_it = (
                        item.sold and not own.isdisjoint(numbers) and theirs in {"", _maker_key(one.maker)}
                    )
                    lies = [*lies, *_as_listed(item.bom, row, *listed, more, is_it=is_it)]
            if lies:
                answer.contained[number, row] = lies
    for one, _, inside, _ in alike:
        if id(one) not in met:
            _ask_of_near(answer, structures, one, inside)


def _ask_of_near(
    answer: rollup.RollUp, structures: Sequence[_Structure], one: _Described, numbers: Mapping[str, str]
) -> None:
    """Ask of what is sold under a number that begins as that of a product does which no list has: "WT-2000" of "WT-200"."""
    for number, item in enumerate(structures):
        for row in range(item.bom.rows.num_rows) if item.kind == _PLACE and item.sold else ():
            cells = (item.bom.rows.column(name)[row].as_py() or "" for name in item.bom.columns(*_NAMED))
            listed = next(((text, numbers[key]) for text in cells if (key := nearest(text, numbers))), None)
            if listed is not None:
                lies = answer.contained.setdefault((number, row), [])
                lies += _as_listed(item.bom, row, *listed, one, is_it=False)


def _as_listed(
    bom: Bom, row: int, listed: str, product: str, one: _Described, *, is_it: bool
) -> Iterator[Lies]:
    """Say of the parts of a product that they lie in a line of another list, with the question whether it is that product."""
    named = "product" if product in one.product.beside else repr(_cut(product))
    asks = LIKE_QUESTION.format(listed=_cut(listed), place=bom.display, product=named, document=one.document)
    across = f"{one.document} lists the parts of {_cut(product)!r}; {bom.display} has {_cut(listed)!r}"
    for part in one.inside:
        yield replace(
            part,
            path=(bom.label(row), *part.path[1:]),
            across=(*part.across, across),
            asks="" if is_it else asks,
        )


def _maker_key(name: str) -> str:
    """Spell the name of a maker for comparing."""
    return "".join(fold_text(name).split()).casefold()


def _like(bom: Bom, row: int, wholes: Mapping[str, str], inside: Mapping[str, str]) -> tuple[str, str] | None:
    """Give what a line is called, and what the product is, where the two may be one; `None` where nothing is alike."""
    for kind in sorted(_NAMED):
        for name in bom.columns(kind):
            text = bom.rows.column(name)[row].as_py()
            if not text:
                continue
            if (key := whole(text)) in wholes:
                return text, wholes[key]
            found = next((inside[key] for key in within(text) if key in inside), None) if inside else None
            if found is not None:
                return text, found
    return None


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:79] + "…"


class _LinksOf:
    """The dependencies that a document lists apart from its records, read again when they are asked for."""

    def __init__(self, source: Source, options: Options) -> None:
        self._source = source
        self._options = options

    def __call__(self) -> Iterable[tuple[str, str]]:
        return open_apart(self._source, self._options, check_columns=False).links()


def _stem(name: str) -> str:
    """Give a file name without its endings: `CAM-100.cdx.json` is `CAM-100`."""
    known = (
        ".gz",
        ".csv",
        ".tsv",
        ".txt",
        ".xlsx",
        ".xls",
        ".xlsm",
        ".ods",
        ".json",
        ".xml",
        ".parquet",
        ".cdx",
        ".spdx",
        ".bom",
    )
    while True:
        ending = next((one for one in known if name.lower().endswith(one)), None)
        if ending is None:
            return name
        name = name[: -len(ending)]


def says_not_fitted(column: str, value: str) -> bool:
    """Tell whether a cell of a column such as `DNP` or `Fitted` says that the part is not fitted.

    The name of the column says which way `yes` points; a cell of the form `name=value` brings its own.
    """
    name, equals, own = value.partition("=")
    if equals:
        column, value = name, own
    text = " ".join(value.split()).casefold()
    anywhere, whole, headers = _of_fitting()
    if anywhere.search(text) or text in whole:
        return True
    if fold_header(column) in headers:
        return text not in _NO and text not in ("fitted", "populated", "mounted", "placed")
    return text in _NO - {""}


def _not_fitted(structure: _Structure, row: int) -> tuple[str, str] | None:
    """Give column and text that say that the part of a line is not fitted."""
    bom = structure.bom
    for name in bom.columns("fitting"):
        value = bom.rows.column(name)[row].as_py()
        if value and says_not_fitted(name, value):
            return name, value
    if structure.kind == "software":
        return None
    for name in bom.columns("text", "product_name", "part_number", "quantity"):
        value = bom.rows.column(name)[row].as_py()
        if not value:
            continue
        if bom.fields[name] == "quantity":
            if quantity_of(value) == Decimal(0):
                return name, value
            continue
        found = _of_fitting()[0].search(value)
        if found is not None:
            return name, found.group()
    return None


def _marked(
    finding: Finding, structure: _Structure, row: int, unsure: set[str], part_makers: Sequence[str]
) -> Finding:
    """Say on a finding what the line says of the part: not fitted, or another choice."""
    said = _not_fitted(structure, row)
    questions = list(finding.questions)
    against = finding.against
    band = finding.band
    if finding.entity in part_makers and finding.role is Role.MADE_BY:
        # A line of a parts list is a part: what the law asks is asked of the product that holds it.
        finding = replace(finding, role=Role.COMPONENT, questions=(*questions, CHIP_QUESTION))
        questions = list(finding.questions)
    if said is not None:
        unsure.add(finding.id)
        name, text = said
        shown = text if len(text) <= 200 else text[:200]
        against = (
            *against,
            Evidence(
                "not_fitted", name, shown, (0, len(shown.encode("utf-8", "replace"))), (), 0,
                "the line says that the part is not fitted",
            ),
        )  # fmt: skip
        questions.insert(0, NOT_FITTED_QUESTION)
        # the maker may be certain; that a product holds the part is what the line denies
        band = Band.POSSIBLE
    if structure.kind == "parts" and all(
        _ALTERNATE.search(fold_header(one.field)) for one in finding.evidence
    ):
        unsure.add(finding.id)
        questions.append(ALTERNATE_QUESTION)
    if len(questions) == len(finding.questions):
        return finding
    return replace(finding, band=band, against=against, questions=tuple(dict.fromkeys(questions)))


def _effective(part: Finding, unsure: set[str]) -> Band:
    """Give the band that a part lends to what contains it; never above its own."""
    if part.id in unsure or (part.role is not Role.COMPONENT and part.questions):
        return Band.POSSIBLE
    # who made the part may be certain; that it lies in the product, one document says
    return Band.PROBABLE if part.band is Band.CONFIRMED else part.band


def _units(bom: Bom, row: int) -> Decimal | None:
    """Give how many of a product a line of an inventory lists: one, where the inventory has no column for it."""
    return quantity_of(bom.cell("quantity", row)) if bom.columns("quantity") else Decimal(1)


def _money(text: str | None) -> Decimal | None:
    """Read an amount such as `$ 3.20`; `None` when it can be read in two ways."""
    read = money_of(text)
    return read[0] if read is not None else None


def _inside_evidence(one: Lies, part: Finding, inside: Contained, site: str | None) -> Evidence:
    """Write a part that lies in an assembly as evidence; `site` is where the record says that the product stands."""
    strongest = max(part.evidence, key=lambda item: item.weight_mbit, default=None)
    found = strongest.found if strongest is not None else one.path[-1]
    how_many = f"{inside.quantity} in each" if inside.quantity is not None else "how many is not known"
    more = f", in {one.ways} ways" if one.ways > 1 else ", in a ring of parts" if one.ways == 0 else ""
    if inside.in_all is not None and site is not None:
        cost = f", cost {inside.cost_in_all} {inside.currency or ''}".rstrip() if inside.cost_in_all else ""
        how_many += f"; {inside.in_all} in the {inside.units} at {' '.join(site.split())[:80]}{cost}"
    across = f" ({'; '.join(one.across[:3])})" if one.across else ""
    return Evidence(
        matcher="roll_up",
        # what says that it lies in there does not say what it is
        field=f"its parts, by {one.by}" if one.by else "its parts",
        found=found,
        span=(0, len(found.encode("utf-8", "replace"))),
        facts=tuple(dict.fromkeys(fact for item in part.evidence for fact in item.facts))[:8],
        weight_mbit=part.total_mbit,
        why=f"contains {found} ({how_many}{more}) through {' > '.join(one.path)}{across}",
        group="roll_up",
    )


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _say(result: RolledUp, answer: rollup.RollUp, structures: Sequence[_Structure]) -> None:
    """Turn what the roll-up could not follow into issues of the inputs."""

    def add(number: int, made: ReadIssue) -> None:
        result.issues.setdefault(structures[number].input, []).append(made)

    for number, names in answer.cycles[:_MAX_ISSUES]:
        shown = ", ".join(names[:6])
        what = f"These parts contain each other: {shown}."
        if len(names) == 1:
            what = f"{shown} is named as its own parent."
        add(number, issue("E175", shown[:200], what))
    for number, lost in answer.missing.items():
        shown = ", ".join(repr(name) for name in list(lost)[:10])
        more = f" and {len(lost) - 10} more" if len(lost) > 10 else ""
        add(
            number,
            issue(
                "E178",
                structures[number].bom.display,
                f"These contain something found here, and no record describes them, so no finding stands for them: "
                f"{shown}{more}.",
                lossy=False,
            ),
        )
    if answer.stopped:
        for number in range(len(structures)):
            add(
                number,
                issue(
                    "E178",
                    structures[number].bom.display,
                    "The search for what contains the finds stopped at its bound.",
                ),
            )
