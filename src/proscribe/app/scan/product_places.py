"""Lines of other lists that are, or may be, a product whose parts one list describes: where it stands, or that it is sold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from proscribe.app.scan.parts_tables import PLACE, Structure
from proscribe.app.scan.reading_process import open_apart
from proscribe.app.scan.run import KeptInput
from proscribe.matching import rollup
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
from proscribe.matching.rollup import Bom, Lies
from proscribe.model.errors import InputError
from proscribe.model.observations import OFFERED, PARTS, SILENT_KINDS, TOTALS, Table
from proscribe.readers.base import Options, Source

if TYPE_CHECKING:
    import pyarrow as pa

_KEYS = frozenset({"part_number", "model_number", "product_name"})
#: Fields in which a thing may be named in words, or by what its list calls its lines; and those of a list with amounts of things.
_NAMED = _KEYS | {"text", "row_id"}
_PRICED = frozenset({"unit_cost", "quantity"})
_BESIDE = frozenset({"site", "quantity", "unit_cost", "currency", "row_id", "maker_name", "text"})
#: Kinds of tables none of whose lines is a thing that somebody has or sells.
_NO_THINGS = SILENT_KINDS | {TOTALS, PARTS}
#: Lines of inventories that are held as places of a product, per input.
_MAX_PLACES = 50_000
PLACE_QUESTION = "The number is that of a product whose parts another document lists. Is this that product?"
#: Where only the names are alike: what is listed, where, as what it would be, and which document lists its parts.
LIKE_QUESTION = "Is {listed!r} of {place} the {product} whose parts {document} lists?"


def numbers_inside(answer: rollup.RollUp, structures: Sequence[Structure]) -> set[str]:
    """Give the part numbers of everything that contains a hit."""
    found: set[str] = set()
    for number, row in answer.contained:
        found |= structures[number].bom.numbers(row)
    return found


@dataclass(frozen=True, slots=True)
class Described:
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


def described_in(
    answer: rollup.RollUp, structures: Sequence[Structure], hits: Sequence[tuple[int, int]]
) -> list[Described]:
    """Give everything that contains a hit, and each list as a whole that has no line for its product."""
    made: list[Described] = []
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
        made.append(Described(product, bom.display, bom.cell("maker_name", row) or "", tuple(lies)))
    for number, item in enumerate(structures):
        bom = item.bom
        lines = [(hit, row) for hit, (one, row) in enumerate(hits) if one == number]
        if lines and bom.is_flat():
            inside = tuple(Lies(hit, bom.quantity(row), 1, ("", bom.label(row))) for hit, row in lines)
            made.append(Described(Product((), (), item.names), bom.display, "", inside))
    # what a column names as the product of its lines stands in no line of its own
    for (number, name), lies in sorted(answer.unlisted.items()):
        made.append(Described(named_product(name), structures[number].bom.display, "", tuple(lies)))
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


def places_of(
    kept: Sequence[KeptInput],
    sources: Sequence[Source],
    options: Options,
    wanted: set[str],
    products: Sequence[Product],
) -> list[Structure]:
    """Read again the inputs that list things, and keep the lines that name one of these numbers, or may name a product."""
    import pyarrow as pa
    import pyarrow.compute as pc

    made: list[Structure] = []
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
                Structure(
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
                    kind=PLACE,
                    first=[record for record, _, _ in lines],
                    starts=list(range(len(lines))),
                    pointers=[None if pointer is None else [pointer] for _, _, pointer in lines],
                    sold=table.kind == OFFERED,
                )
            )
    return made


def ask(answer: rollup.RollUp, structures: Sequence[Structure], described: Sequence[Described]) -> None:
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
        for row in range(item.bom.rows.num_rows) if item.kind == PLACE else ():
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
    answer: rollup.RollUp, structures: Sequence[Structure], one: Described, numbers: Mapping[str, str]
) -> None:
    """Ask of what is sold under a number that begins as that of a product does which no list has: "WT-2000" of "WT-200"."""
    for number, item in enumerate(structures):
        for row in range(item.bom.rows.num_rows) if item.kind == PLACE and item.sold else ():
            cells = (item.bom.rows.column(name)[row].as_py() or "" for name in item.bom.columns(*_NAMED))
            listed = next(((text, numbers[key]) for text in cells if (key := nearest(text, numbers))), None)
            if listed is not None:
                lies = answer.contained.setdefault((number, row), [])
                lies += _as_listed(item.bom, row, *listed, one, is_it=False)


def _as_listed(
    bom: Bom, row: int, listed: str, product: str, one: Described, *, is_it: bool
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
