"""Parts that were found, carried up to every assembly and product that contains them.

A part that the lines say is not fitted, or is another choice for its line, is said to be so, and makes no more than a
question about what contains it. A derived finding states what the product contains, never that it is forbidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from proscribe.app.scan import run
from proscribe.app.scan.fitting import marked_by_line
from proscribe.app.scan.parts_tables import PLACE, Structure, structures_of
from proscribe.app.scan.product_places import PLACE_QUESTION, ask, described_in, numbers_inside, places_of
from proscribe.app.scan.reading_process import open_apart
from proscribe.app.scan.run import KeptInput
from proscribe.matching import rollup
from proscribe.matching.assembly import identity_in
from proscribe.matching.findings import CHIP_QUESTION
from proscribe.matching.found import Cells, Findings, digests, id_of
from proscribe.matching.identity import RecordIdentity, Subjects, digest_of, ids_of, kept_cells
from proscribe.matching.rollup import Bom, Lies, plain, times
from proscribe.matching.set_asides import chosen_for, decisions_about, set_aside_by
from proscribe.model.amounts import money_of, quantity_of
from proscribe.model.errors import InputError
from proscribe.model.findings import Band, Contained, Details, Evidence, Finding, Locator, Role
from proscribe.model.observations import ReadIssue
from proscribe.readers.base import Options, Source
from proscribe.readers.issues import issue

if TYPE_CHECKING:
    from proscribe.matching.index import Index

#: Ways written out in one finding; the rest are counted.
MAX_WAYS = 50
_MAX_EVIDENCE = 5
_MAX_ISSUES = 20

#: What the clauses ask of a part: FAR 52.204-25(a), "substantial or essential component", "critical technology".
LEGAL_QUESTION = (
    "Is this part a substantial or essential component of the product, or critical technology in it, "
    "under the rule asked?"
)


@dataclass(slots=True)
class RolledUp:
    """The findings with those that follow from them, in order, and what has to be said of the inputs."""

    findings: Findings
    issues: dict[int, list[ReadIssue]] = field(default_factory=dict)


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
    structures = structures_of(kept, sources, options, _first_tables(kept), findings) if findings else []
    if not structures:
        return RolledUp(findings)
    work = _Work(findings, structures, _first_tables(kept))
    work.mark(index.part_makers)
    if not work.parts:
        return RolledUp(findings.revised(work.patches, (), np.lexsort((findings.numbers, findings.tables))))
    answer = rollup.roll_up([item.bom for item in structures], work.hits)
    described = described_in(answer, structures, work.hits)
    places = places_of(
        kept, sources, options, numbers_inside(answer, structures), [one.product for one in described]
    )
    if places:
        structures.extend(places)
        answer = rollup.roll_up([item.bom for item in structures], work.hits)
        ask(answer, structures, described)
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
    structure: Structure
    label: str


class _Work:
    """The findings on their way through the roll-up.

    Attributes:
        patches: findings that say more than they did, by place.
        unsure: ids of parts that may not be in their product.
        hits, parts: line of each part that was found, (structure, row), and its finding.
        derived: findings on assemblies that had none of their own.
    """

    def __init__(self, findings: Findings, structures: list[Structure], first_tables: dict[int, int]) -> None:
        self.findings = findings
        self.structures = structures
        self.patches: dict[int, Finding] = {}
        self.unsure: set[str] = set()
        self.hits: list[tuple[int, int]] = []
        self.parts: list[Finding] = []
        self.derived: list[_Derived] = []
        self._first_tables = first_tables

    def table_of(self, structure: Structure) -> int:
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
            marked = finding if item.by_name else marked_by_line(finding, item, row, self.unsure, part_makers)
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

    def _on_assembly(self, structure: Structure, row: int, members: Sequence[Lies]) -> Finding:
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
        first, bom, is_place = parts[0], structure.bom, structure.kind == PLACE
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


def _say(result: RolledUp, answer: rollup.RollUp, structures: Sequence[Structure]) -> None:
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
