"""The nation matrix for people: a page, and lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proscribe.choice.exposure import asks_of
from proscribe.choice.exposure_page import money, rule_words
from proscribe.model.nation_matrix import MatrixCell, NationMatrix
from proscribe.reports.scan import page as pages
from proscribe.wording.safe import terminal as safe
from proscribe.wording.shown import fit

_WIDE = 15
#: Width of the name of a maker.
_MAKER = 32


def named(made: NationMatrix, entity: str) -> str:
    """Give the name of a maker, or its id where none is known."""
    return made.names.get(entity, entity)


def words(cell: MatrixCell | None) -> str:
    """Say an outcome, or that nobody asked: a blank would look like nothing that forbids."""
    return "not asked" if cell is None else cell.outcome.value.replace("_", " ")


def since(cell: MatrixCell) -> str:
    """Say from which day something is forbidden; nothing where nothing is."""
    if cell.forbidden_on is None:
        return ""
    return f"{'before or on' if cell.or_before else 'since'} {cell.forbidden_on.isoformat()}"


def asked(cell: MatrixCell) -> str:
    """Say what was asked, where the facts as stated do not speak of the jurisdiction."""
    return f"asked: {cell.act.replace('_', ' ')}" if cell.act else ""


def asks(missing: Sequence[str]) -> str:
    """Give the questions of facts that are not known."""
    return " ".join(map(asks_of, missing))


def _by_place(made: NationMatrix) -> dict[tuple[str, str, int], MatrixCell]:
    return {(one.entity, one.jurisdiction, one.year): one for one in made.cells}


def page(made: NationMatrix) -> str:
    """Write the page."""
    return "".join(
        pages.pieces(
            "matrix.html.j2", pages.own_text("scan/report.css"), made=made, cells=_by_place(made), money=money, words=words,
            since=since, asked=asked, named=named, asks=asks,
            years=list(range(made.first, made.last + 1)),
            contents=(("matrix", "Matrix", True), ("cells", "What each cell rests on", True), ("read", "Notes", True)),
        )
    )  # fmt: skip


def to_table(made: NationMatrix) -> str:
    """Write lines for a terminal."""
    return "\n".join(safe(line) for line in _lines(made)) + "\n"


def _lines(made: NationMatrix) -> Iterator[str]:
    cells = _by_place(made)
    years = range(made.first, made.last + 1)
    yield " " * (_MAKER + 6) + "".join(f"{year:<{_WIDE + 3}}" for year in years)
    for entity in made.entities:
        for place in made.jurisdictions:
            row = "".join(f"{words(cells.get((entity, place, year))):<{_WIDE + 3}}" for year in years)
            yield (fit(f"{fit(named(made, entity), _MAKER).rstrip()}, {place}", _MAKER + 6) + row).rstrip()
    yield ""
    for one in made.cells:
        if one.forbidden_on is not None and one.year == _first_year(made, one):
            more = (
                f"; with undetermined {one.units:,} units, {money(one.cost)}"
                if one.units > one.sure_units
                else ""
            )
            rest = f"{one.sure_units:,} units, {money(one.sure_cost)}{more}"
            what = "; ".join(part for part in (one.citation or one.regime, asked(one), rest) if part)
            yield f"{named(made, one.entity)}, {one.jurisdiction}: forbidden {since(one)}; {what}"
    for name in dict.fromkeys(name for one in made.cells for name in one.proposals):
        reached = sorted(
            {f"{named(made, one.entity)}, {one.jurisdiction}" for one in made.cells if name in one.proposals}
        )
        yield f"{rule_words(made.titles, name)} would reach: {'; '.join(reached[:8])}"
    yield from (f"- {note}" for note in made.notes)


def _first_year(made: NationMatrix, cell: MatrixCell) -> int:
    return min(
        one.year
        for one in made.cells
        if one.entity == cell.entity
        and one.jurisdiction == cell.jurisdiction
        and one.forbidden_on is not None
    )
