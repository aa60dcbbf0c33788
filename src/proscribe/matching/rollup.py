"""Component roll-up: in which assemblies and products a part lies, along which way, and how many times.

What it does: follows the parts that were hit upwards through bills of materials: by the parent a record names, by the
dependencies a document lists, by the levels of an indented list, and from one document into another where a line
carries the very part number of the other's product. Only what lies above a hit is looked at.
Why it matters: a covered chip makes a question about every product that holds it, however deep it lies.
Example: `Recorder > Mainboard (MB-2) > HI3535 [U1]`, two boards of one chip each make two chips in the recorder.
Not covered: parts that a bill of materials does not list. Quantities are exact decimals; one unknown quantity on the
way makes the product unknown, never one.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from proscribe.model.amounts import MAX_DIGITS, quantity_of
from proscribe.model.observations import INDENTED, LEVEL_FORMS, OF_LEVEL
from proscribe.readers.levels import depths_of

#: Assemblies looked at above all hits, and steps from a part to what contains it, over all parts.
MAX_NODES = 500_000
MAX_STEPS = 1_000_000
#: Answers of the form "this part lies in that assembly", over all parts.
MAX_ANSWERS = 200_000
#: Names written of one way; the middle of a longer one is left out and counted.
MAX_PATH = 40
#: Levels for which a column is searched as a whole; for a deeper document its values are sorted into an index once.
_WHOLE_SEARCHES = 12

_DESIGNATOR = re.compile(r"([A-Za-z_]{1,8})(\d{1,6})([A-Za-z]?)")
_RANGE = re.compile(r"([A-Za-z_]{1,8})(\d{1,6})\s*(?:-|–|\.\.|to|bis)\s*([A-Za-z_]{0,8})(\d{1,6})", re.I)
_OUTLINE = re.compile(r"\d+(?:\.\d+)*\.?")
#: Between several wholes in one cell: each on its line, or behind a sign that no number holds; numbers may stand behind commas.
_SEVERAL = re.compile(r"[\n;|]")
_NUMBERS = re.compile(r"[^\s,]*\d[^\s,]*(?:\s*,\s*[^\s,]*\d[^\s,]*)+")
_INDENT = re.compile(r"([.\-_>+*|\s]*)(\d+)?\s*")

#: Fields that can hold the number by which another record or another document names an assembly.
KEY_FIELDS = ("component_ref", "part_number", "row_id", "model_number", "product_name")
_LABEL_FIELDS = ("product_name", "text", "model_number", "part_number", "component_ref")
_REF_FIELDS = ("part_number", "component_ref", "row_id")


def count_designators(text: str | None) -> int | None:
    """Count reference designators such as `R1, R2, R5-R8`; `None` when one of them cannot be read."""
    if not text or not text.strip():
        return None
    total = 0

    def spanned(found: re.Match[str]) -> str:
        nonlocal total
        first, last = int(found.group(2)), int(found.group(4))
        if found.group(3) and found.group(3).lower() != found.group(1).lower():
            return found.group()
        if not first <= last < first + 10_000:
            return found.group()
        total += last - first + 1
        return " "

    rest = _RANGE.sub(spanned, text)
    for token in re.split(r"[,;\s]+", rest):
        if not token:
            continue
        if _DESIGNATOR.fullmatch(token) is None:
            return None
        total += 1
    return total or None


def plain(amount: Decimal) -> str:
    """Write a decimal without exponent and without zeros at the end of its fraction."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def times(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    """Multiply exactly; unknown stays unknown, and so does what has more digits than are kept."""
    if first is None or second is None:
        return None
    with localcontext() as context:
        context.prec = 4 * MAX_DIGITS
        made = first * second
    return made if len(made.as_tuple().digits) <= MAX_DIGITS else None


def plus(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    """Add exactly; see `times`."""
    if first is None or second is None:
        return None
    with localcontext() as context:
        context.prec = 4 * MAX_DIGITS
        made = first + second
    return made if len(made.as_tuple().digits) <= MAX_DIGITS else None


def folded_number(text: str) -> str:
    """Give a part number for comparing across documents: no white space, no case; nothing else is forgiven."""
    return "".join(text.split()).casefold()


def tells_apart(number: str) -> bool:
    """Tell whether a number is one that two documents would not share by chance: four characters and a digit."""
    return len(number) >= 4 and any(char.isdigit() for char in number)


def levels_of(texts: Sequence[str | None]) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Read the depth of each line: `2`, `..2`, `...`, `1.2.3`; -1 where there is none.

    Numbering such as `1.2.3` counts its numbers; it is taken for numbering when one line has two dots, or when what
    stands before the last dot is a line of its own.
    """
    stripped = [(text or "").strip() for text in texts]
    filled = [text for text in stripped if text]
    outlines = {text.rstrip(".") for text in filled if _OUTLINE.fullmatch(text)}
    dotted = [text for text in outlines if "." in text]
    numbering = (
        bool(dotted)
        and all(_OUTLINE.fullmatch(text) for text in filled)
        and (
            any(text.count(".") > 1 for text in dotted)
            or all(text.rpartition(".")[0] in outlines for text in dotted)
        )
    )
    depths = np.full(len(stripped), -1, dtype=np.int32)
    for place, text in enumerate(stripped):
        if not text or len(text) > 200:
            continue
        if numbering:
            depths[place] = min(text.rstrip(".").count("."), 10_000)
            continue
        found = _INDENT.match(text)
        if found is None:
            continue
        if found.group(2) is not None:
            depths[place] = min(int(found.group(2)[:5]), 10_000)
        elif found.group(1):
            depths[place] = min(len(found.group(1)), 10_000)
    return depths


def wholes_in(cell: str) -> list[str]:
    """Give the wholes that a cell names: `PR-400; PR-410`."""
    pieces = cell.split(",") if _NUMBERS.fullmatch(cell.strip()) else _SEVERAL.split(cell)
    return list(filter(None, map(str.strip, pieces)))


@dataclass(slots=True)
class Bom:
    """One table of parts as columns.

    Attributes:
        rows: the user's columns, every record.
        fields: column name to field.
        forms: column name to form; those of `LEVEL_FORMS` tell how deep lines lie.
        stem: name of the document without folder and ending; the product's number where no line is the product.
        display: name of the document for people.
        links: gives (part, whole) references where the document lists them apart from the records.
        linked: word for that list.
        ends: whether its lines are things at places, such as those of an inventory, that nothing further contains.
    """

    rows: pa.Table
    fields: Mapping[str, str]
    stem: str = ""
    display: str = ""
    links: Callable[[], Iterable[tuple[str, str]]] | None = None
    linked: str = "dependencies"
    ends: bool = False
    forms: Mapping[str, str] = field(default_factory=dict)
    _parents: tuple[str, pa.ChunkedArray] | None = None
    _levels: np.ndarray[Any, np.dtype[np.int32]] | None = None
    _pairs: tuple[pa.Array, pa.Array] | None = None
    _flat: bool | None = None
    _key: str | None = None
    _columns: dict[str, list[str]] | None = None
    _cells: dict[tuple[str, int], str | None] = field(default_factory=dict)

    def columns(self, *kinds: str) -> list[str]:
        """Give the columns of some fields, in the order of the fields asked for."""
        return [name for kind in kinds for name in self._by_field().get(kind, ())]

    def _by_field(self) -> dict[str, list[str]]:
        if self._columns is None:
            here = set(self.rows.schema.names)
            self._columns = {}
            for name, kind in self.fields.items():
                if name in here:
                    self._columns.setdefault(kind, []).append(name)
        return self._columns

    def cell(self, kind: str, row: int) -> str | None:
        """Give the first filled cell of a field."""
        key = (kind, row)
        if key not in self._cells:
            value = None
            for name in self.columns(kind):
                value = self.rows.column(name)[row].as_py()
                if value:
                    break
            self._cells[key] = value or None
        return self._cells[key]

    def levels(self) -> np.ndarray[Any, np.dtype[np.int32]] | None:
        """Give the depth of every line, or `None` when no column holds it."""
        if self._levels is None:
            names = self.columns("level")
            depths = None if names else self._shown_levels()
            if not names and depths is None:
                return None
            self._levels = levels_of(self.rows.column(names[0]).to_pylist()) if depths is None else depths
        return self._levels

    def level_column(self) -> str:
        """Name the column that tells how deep lines lie; the first of several."""
        return next(iter(self.columns("level") or self._of_forms(LEVEL_FORMS)))

    def _of_forms(self, forms: Container[str]) -> list[str]:
        return [name for name in self.rows.schema.names if self.forms.get(name) in forms]

    def _shown_levels(self) -> np.ndarray[Any, np.dtype[np.int32]] | None:
        """Read how deep lines lie from which column is filled, or from how cells are indented; `None` where nothing tells it."""
        depths = np.full(self.rows.num_rows, -1, dtype=np.int32)
        of_level = self._of_forms({OF_LEVEL})
        for place, name in reversed(list(enumerate(of_level))):
            filled = pc.greater(pc.utf8_length(pc.fill_null(_text(self.rows.column(name)), "")), 0)
            depths[filled.to_numpy()] = place
        if of_level:
            return depths
        told = next(
            (depths_of(self.rows.column(name).to_pylist()) for name in self._of_forms({INDENTED})), None
        )
        return None if told is None else np.array(told, dtype=np.int32)

    def parents(self) -> tuple[str, pa.ChunkedArray] | None:
        """Give the column that names what each line lies in, trimmed, with its name; `None` where there is none.

        A list that names its product on the first of its lines alone, and has no line for it, means it on those below as well.
        """
        if self._parents is None and (names := self.columns("parent_ref")):
            texts = _text(self.rows.column(names[0]))
            texts = pc.if_else(pc.equal(texts, ""), None, texts)
            if texts.null_count and len(texts) and texts[0].as_py() and self.key_column() is None:
                texts = pc.fill_null_forward(texts)
            self._parents = names[0], texts
        return self._parents

    def wholes(self, row: int) -> list[str]:
        """Give what a line names as what it lies in."""
        parents = self.parents()
        return wholes_in(parents[1][row].as_py() or "") if parents is not None else []

    def pairs(self) -> tuple[pa.Array, pa.Array]:
        """Give the parts and the wholes of the list of links, read once."""
        if self._pairs is None:
            parts: list[str] = []
            wholes: list[str] = []
            for part, whole in self.links() if self.links is not None else ():
                parts.append(part)
                wholes.append(whole)
            self._pairs = (pa.array(parts, pa.string()), pa.array(wholes, pa.string()))
        return self._pairs

    def key_column(self) -> str | None:
        """Give the column that parents are named by: the own reference, else the column that most parents stand in."""
        if self._key is None:
            parents = self.columns("parent_ref")
            own = self.columns("component_ref")
            if own and (not parents or self.links is not None):
                self._key = own[0]
            elif parents:
                wanted = pc.drop_null(pc.unique(_text(self.rows.column(parents[0]))))
                counted = [
                    (
                        int(pc.sum(pc.is_in(_text(self.rows.column(name)), value_set=wanted)).as_py() or 0),
                        -place,
                        name,
                    )
                    for place, name in enumerate(self.columns(*KEY_FIELDS))
                ]
                best = max(counted, default=(0, 0, ""))
                self._key = best[2] if best[0] else ""
            else:
                self._key = ""
        return self._key or None

    def quantity(self, row: int) -> Decimal | None:
        """Give how many of the line lie in one of what contains it."""
        text = self.cell("quantity", row)
        if text is not None:
            return quantity_of(text)
        # an empty cell is unknown, unless the line lists its places on the board
        count = count_designators(self.cell("designators", row)) if self.links is None else None
        return Decimal(count) if count is not None else None

    def label(self, row: int) -> str:
        """Name a line for people: its name, its number, its places on the board."""
        name = next((text for kind in _LABEL_FIELDS if (text := self.cell(kind, row))), "")
        name = " ".join(name.split())
        if len(name) > 80:
            name = name[:79] + "…"
        number = next((text for kind in _REF_FIELDS if (text := self.cell(kind, row))), "")
        number = " ".join(number.split())[:80]
        if number and number not in name:
            name = f"{name} ({number})" if name else number
        places = " ".join((self.cell("designators", row) or "").split())
        if places and self.links is None:
            name += f" [{places if len(places) <= 40 else places[:39] + '…'}]"
        return name or f"record {row + 1}"

    def is_flat(self) -> bool:
        """Tell whether no line is the product that the others lie in."""
        if self._flat is None:
            parents, levels = self.parents(), self.levels()
            if parents is not None and parents[1].null_count < len(parents[1]):
                self._flat = False
            elif levels is None:
                self._flat = True
            else:
                known = levels[levels >= 0]
                self._flat = known.size == 0 or bool((known == known.min()).sum() > 1)
        return self._flat

    def numbers(self, row: int) -> set[str]:
        """Give the folded part numbers by which another document could name this line's thing."""
        found: set[str] = set()
        for name in self.columns("part_number", "component_ref", "model_number", "product_name"):
            value = self.rows.column(name)[row].as_py()
            if value:
                found.update(folded for one in value.split("\n") if tells_apart(folded := folded_number(one)))
        return found


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(column)


class _Searched:
    """A column that is searched for many values, level after level.

    The first searches compare the whole column; a document so deep that there are more gets an index, so that the work
    stays in proportion to its lines.
    """

    def __init__(self, texts: pa.Array | pa.ChunkedArray) -> None:
        self._texts = texts
        self._searches = 0
        self._places: dict[str, list[int]] = {}

    def find(self, values: Iterable[str]) -> list[tuple[int, str]]:
        """Give line (from 0) and value of every line that holds one of the values, in order of lines."""
        self._searches += 1
        if self._searches > _WHOLE_SEARCHES:
            if not self._places:
                for place, text in enumerate(self._texts.to_pylist()):
                    if text is not None:
                        self._places.setdefault(text, []).append(place)
            return sorted((place, value) for value in set(values) for place in self._places.get(value, ()))
        wanted = pa.array(sorted(set(values)), pa.string())
        mask = pc.fill_null(pc.is_in(self._texts, value_set=wanted), False)
        lines = pc.indices_nonzero(mask).to_pylist()
        return list(zip(lines, self._texts.filter(mask).to_pylist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Way:
    """The way from a thing down to the part: its first and last names, how many there are, documents joined on it."""

    head: tuple[str, ...]
    tail: tuple[str, ...]
    names: int
    across: tuple[str, ...] = ()
    joined: int = 0

    def below(self, name: str | None, joined: str | None) -> _Way:
        """Give the way of what contains this thing; no name where the two are one thing."""
        head, tail, names = self.head, self.tail, self.names
        if name is not None:
            head, names = (name, *head[: MAX_PATH - 1]), names + 1
            tail = head if names <= MAX_PATH else tail
        if joined is None:
            return _Way(head, tail, names, self.across, self.joined)
        return _Way(head, tail, names, (joined, *self.across[: MAX_PATH - 1]), self.joined + 1)


#: A thing in the graph: number of the document, and the reference of a component, the place of a line, or "" for the
#: product that the whole document is of.
Node = tuple[int, str | int]


@dataclass(frozen=True, slots=True)
class Lies:
    """A hit part in something that contains it.

    Attributes:
        hit: number of the hit.
        quantity: how many of the part lie in one of the assembly; `None` when a quantity on a way is unknown.
        ways: in how many ways it lies there; 0 when parts contain each other and ways cannot be counted.
        path: names from the assembly down to the part, along the shortest way.
        across: documents that were joined on that way, in words.
        by: the column or list that says so of the part.
        asks: the question that has to be answered before it is known that the part lies there; empty where it is known.
    """

    hit: int
    quantity: Decimal | None
    ways: int
    path: tuple[str, ...]
    across: tuple[str, ...] = ()
    by: str = ""
    asks: str = ""


@dataclass(slots=True)
class RollUp:
    """What contains the hits.

    Attributes:
        contained: by document and line (from 0), the hits that lie in it, in order of hits.
        cycles: groups of parts that contain each other, by document, as names.
        missing: parents that are named and that no record is, by document.
        unlisted: what lies in each of them, by document and name.
        stopped: whether a bound ended the search.
    """

    contained: dict[tuple[int, int], list[Lies]] = field(default_factory=dict)
    cycles: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    missing: dict[int, dict[str, int]] = field(default_factory=dict)
    unlisted: dict[tuple[int, str], list[Lies]] = field(default_factory=dict)
    stopped: bool = False


@dataclass(slots=True)
class _Edge:
    to: Node
    quantity: Decimal | None
    by: str = ""
    same: bool = False  # the two are one thing, described in two documents


def roll_up(
    boms: Sequence[Bom],
    hits: Sequence[tuple[int, int]],
    *,
    max_nodes: int = MAX_NODES,
    max_steps: int = MAX_STEPS,
) -> RollUp:
    """Find everything that contains the hits.

    Args:
        boms: the tables.
        hits: table and line (from 0) of each part that was hit; a line may stand several times.
        max_nodes: assemblies looked at; beyond them the search stops and says so.
        max_steps: steps from parts to what contains them, over all hits.
    """
    result = RollUp()
    graph = _Graph(boms, result, max_nodes)
    starts = graph.build(sorted(set(hits)))
    component, cyclic = _components(graph.edges)
    cyclic.extend([node] for node in sorted(graph.own_parents, key=str))
    result.cycles.extend(
        (members[0][0], tuple(graph.label(node) for node in members[:6])) for members in cyclic
    )
    rings = _Rings.of(graph.edges, component, {node for members in cyclic for node in members})
    steps = answers = 0
    for hit, numbers in _by_line(hits).items():
        reached, used = _propagate(starts[hit], graph.edges, component, rings, max_steps - steps)
        steps += used
        if steps >= max_steps or answers >= MAX_ANSWERS:
            result.stopped = True
            break
        ways: dict[Node, _Way] = {}
        for node, total in reached.items():
            path, across = graph.path(node, reached, hit, ways)
            if isinstance(node[1], str) and node[1] in result.missing.get(node[0], ()):
                result.unlisted.setdefault((node[0], node[1]), []).extend(
                    Lies(number, total.quantity, total.ways, path, across, total.by) for number in numbers
                )
                answers += len(numbers)
            for row in graph.rows_of(node):
                if (node[0], row) == hit:
                    continue
                inside = result.contained.setdefault((node[0], row), [])
                if inside and inside[-1].hit in numbers:
                    continue  # described in two documents: once is enough
                inside.extend(
                    Lies(number, total.quantity, total.ways, path, across, total.by) for number in numbers
                )
                answers += len(numbers)
    return result


def _by_line(hits: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[int]]:
    lines: dict[tuple[int, int], list[int]] = {}
    for number, hit in enumerate(hits):
        lines.setdefault(hit, []).append(number)
    return lines


@dataclass(slots=True)
class _Sum:
    quantity: Decimal | None
    ways: int
    depth: int
    before: Node | None  # next thing on the shortest way down; `None` is the part itself
    by: str
    same: bool


@dataclass(frozen=True, slots=True)
class _Rings:
    """Things that contain each other.

    Attributes:
        nodes: all of them.
        sizes: how many things each component has, by its number.
        leaving: of each of the nodes, the edges that lead out of its ring. Looked up once for all hits: a ring may have
            as many edges as its things squared.
    """

    nodes: set[Node]
    sizes: Mapping[int, int]
    leaving: Mapping[Node, Sequence[_Edge]]

    @classmethod
    def of(
        cls, edges: Mapping[Node, Sequence[_Edge]], component: Mapping[Node, int], nodes: set[Node]
    ) -> _Rings:
        """Look the edges of all rings through."""
        leaving = {
            node: [edge for edge in edges.get(node, ()) if component[edge.to] != component[node]]
            for node in nodes
        }
        return cls(nodes, Counter(component.values()), leaving)


class _Upwards:
    """Quantities on their way from one part up through everything that contains it.

    Attributes:
        reached: what contains the part, and how.
        used: edges followed.
    """

    def __init__(
        self, edges: Mapping[Node, Sequence[_Edge]], component: Mapping[Node, int], rings: _Rings
    ) -> None:
        self.reached: dict[Node, _Sum] = {}
        self.used = 0
        self._edges = edges
        self._component = component
        self._rings = rings
        self._waiting: list[tuple[int, int, Node]] = []

    def arrive(self, edge: _Edge, before: Node | None) -> None:
        """Follow an edge from a thing that was reached, or from the part itself."""
        self.used += 1
        below = self.reached[before] if before is not None else None
        quantity = edge.quantity if below is None else times(below.quantity, edge.quantity)
        ways = 1 if below is None else below.ways
        depth = (0 if below is None else below.depth) + (0 if edge.same else 1)
        by = edge.by if below is None else below.by
        if edge.to in self._rings.nodes:
            quantity, ways = None, 0
        known = self.reached.get(edge.to)
        if known is None:
            self.reached[edge.to] = _Sum(quantity, ways, depth, before, by, edge.same)
            # a larger number was finished earlier and lies further down
            heapq.heappush(self._waiting, (-self._component[edge.to], len(self.reached), edge.to))
            return
        known.quantity = plus(known.quantity, quantity)
        known.ways = known.ways + ways if known.ways and ways else 0
        if depth < known.depth:
            known.depth, known.before, known.by, known.same = depth, before, by, edge.same

    def go(self, budget: int) -> None:
        """Go up to the end, or until the budget of edges is used; each thing after everything below it."""
        done: set[Node] = set()
        while self._waiting and self.used < budget:
            _number, _order, first = heapq.heappop(self._waiting)
            if first in done:
                continue
            done.add(first)
            if first in self._rings.nodes:
                self._around(first, done)
                continue
            for edge in self._edges.get(first, ()):
                self.arrive(edge, first)

    def _around(self, first: Node, done: set[Node]) -> None:
        """Reach everything in a ring of things that contain each other, and then what contains the ring."""
        own = self._component[first]
        ring = [first]
        for node in ring:
            if len(ring) == self._rings.sizes[own]:
                break
            for edge in self._edges.get(node, ()):
                if self._component[edge.to] == own and edge.to not in done:
                    self.arrive(edge, node)
                    done.add(edge.to)
                    ring.append(edge.to)
        for node in ring:
            for edge in self._rings.leaving[node]:
                self.arrive(edge, node)


def _propagate(
    start: Sequence[_Edge],
    edges: Mapping[Node, Sequence[_Edge]],
    component: Mapping[Node, int],
    rings: _Rings,
    budget: int,
) -> tuple[dict[Node, _Sum], int]:
    """Carry quantities upwards; give what was reached, and how many edges were followed."""
    upwards = _Upwards(edges, component, rings)
    for edge in start:
        upwards.arrive(edge, None)
    upwards.go(budget)
    return upwards.reached, upwards.used


def _components(edges: Mapping[Node, Sequence[_Edge]]) -> tuple[dict[Node, int], list[list[Node]]]:
    """Number the rings of things that contain each other; what lies above gets the smaller number (Tarjan)."""
    number: dict[Node, int] = {}
    low: dict[Node, int] = {}
    component: dict[Node, int] = {}
    cyclic: list[list[Node]] = []
    stack: list[Node] = []
    counter = finished = 0
    for root in edges:
        if root in number:
            continue
        work: list[tuple[Node, int]] = [(root, 0)]
        while work:
            node, place = work.pop()
            if node not in number:
                number[node] = low[node] = counter
                counter += 1
                stack.append(node)
            out = edges.get(node, ())
            again = False
            for at in range(place, len(out)):
                to = out[at].to
                if to not in number:
                    work.append((node, at))
                    work.append((to, 0))
                    again = True
                    break
                if to not in component:
                    low[node] = min(low[node], low[to])
            if again:
                continue
            if low[node] == number[node]:
                members = []
                while True:
                    member = stack.pop()
                    component[member] = finished
                    members.append(member)
                    if member == node:
                        break
                finished += 1
                if len(members) > 1:
                    cyclic.append(sorted(members, key=lambda item: (item[0], str(item[1]))))
    return component, cyclic


class _Graph:
    """Things above the hits, found level by level so that each column is searched once a level."""

    def __init__(self, boms: Sequence[Bom], result: RollUp, max_nodes: int) -> None:
        self.boms = boms
        self.edges: dict[Node, list[_Edge]] = {}
        self._result = result
        self._max = max_nodes
        self._rows: dict[Node, list[int]] = {}
        self._joined: dict[tuple[Node, Node], str] = {}
        self._keys: dict[int, _Searched] = {}
        self._linked: dict[int, _Searched] = {}
        self._numbered: dict[tuple[int, str], _Searched] = {}
        self.own_parents: set[Node] = set()

    def build(self, hits: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[_Edge]]:
        """Follow the hits upwards to the end, or to the bound."""
        starts: dict[tuple[int, int], list[_Edge]] = {}
        by_bom: dict[int, list[int]] = {}
        for bom, row in hits:
            by_bom.setdefault(bom, []).append(row)
        waiting: list[Node] = []
        for bom, rows in by_bom.items():
            for row, edges in self._above(bom, rows).items():
                starts[bom, row] = edges
        # in a list without levels, the product is what the document is named after
        lonely = {hit: [hit[1]] for hit, edges in starts.items() if not edges}
        starts.update(self._across(lonely, leaves=True))
        for edges in starts.values():
            waiting.extend(edge.to for edge in edges)
        while waiting:
            fresh = [node for node in dict.fromkeys(waiting) if node not in self.edges]
            if not fresh:
                break
            if len(self.edges) + len(fresh) > self._max:
                self._result.stopped = True
                fresh = fresh[: max(0, self._max - len(self.edges))]
                if not fresh:
                    break
            self._raise(fresh)
            waiting = [edge.to for node in fresh for edge in self.edges[node]]
        for node in {edge.to for edges in (*starts.values(), *self.edges.values()) for edge in edges}:
            self.edges.setdefault(node, [])
        return starts

    def _raise(self, nodes: Sequence[Node]) -> None:
        """Find what directly contains things of one level: in their own document, else in another."""
        for node in nodes:
            self.edges[node] = []
        self._find_rows(nodes)
        usage: dict[int, dict[int, list[Node]]] = {}
        for node in nodes:
            for row in self._rows.get(node, ()):
                usage.setdefault(node[0], {}).setdefault(row, []).append(node)
        for bom, lines in usage.items():
            for row, edges in self._above(bom, sorted(lines)).items():
                for node in lines[row]:
                    self.edges[node].extend(edge for edge in edges if edge.to != node)
                    if any(edge.to == node for edge in edges):
                        self.own_parents.add(node)
        tops = {
            node: self._rows.get(node, [])
            for node in nodes
            if not self.edges[node] and not self.boms[node[0]].ends
        }
        for node, edges in self._across(tops).items():
            self.edges[node].extend(edges)

    def _above(self, number: int, rows: Sequence[int]) -> dict[int, list[_Edge]]:
        """Give for each line what directly contains it."""
        bom = self.boms[number]
        answer: dict[int, list[_Edge]] = {row: [] for row in rows}
        left = list(rows)
        parents = bom.parents()
        if parents is not None:
            for row in left:
                answer[row] += [
                    _Edge((number, one), bom.quantity(row), parents[0]) for one in bom.wholes(row)
                ]
            left = [row for row in left if not answer[row]]
        own = bom.columns("component_ref")
        if left and bom.links is not None and own:
            refs = {row: (bom.rows.column(own[0])[row].as_py() or "").strip() for row in left}
            wholes: dict[str, list[str]] = {}
            parts, containers = bom.pairs()
            wanted = [ref for ref in refs.values() if ref]
            if wanted and len(parts):
                if number not in self._linked:
                    self._linked[number] = _Searched(parts)
                found_parts = self._linked[number].find(wanted)
                places = pa.array([place for place, _ in found_parts], pa.int64())
                for (_, part), whole in zip(found_parts, containers.take(places).to_pylist(), strict=True):
                    wholes.setdefault(part, []).append(whole)
            rest = []
            for row in left:
                found = list(dict.fromkeys(wholes.get(refs[row], ())))
                for whole in found:
                    answer[row].append(_Edge((number, whole), bom.quantity(row), bom.linked))
                if not found:
                    rest.append(row)
            left = rest
        levels = bom.levels()
        if left and levels is not None:
            column_name = bom.level_column()
            for row, above in _by_level(levels, left).items():
                if above is not None:
                    # lines of an indented list are things of their own, even when a number stands twice
                    answer[row].append(_Edge((number, above), bom.quantity(row), column_name))
        return answer

    def _find_rows(self, nodes: Sequence[Node]) -> None:
        """Find the lines that describe things named by reference."""
        wanted: dict[int, list[str]] = {}
        for number, key in nodes:
            if isinstance(key, int):
                self._rows[number, key] = [key]
            elif key:
                wanted.setdefault(number, []).append(key)
        for number, keys in wanted.items():
            bom = self.boms[number]
            name = bom.key_column()
            if name is not None:
                if number not in self._keys:
                    self._keys[number] = _Searched(_text(bom.rows.column(name)))
                for place, value in self._keys[number].find(keys):
                    self._rows.setdefault((number, value), []).append(place)
            for key in keys:
                if (number, key) not in self._rows:
                    lost = self._result.missing.setdefault(number, {})
                    lost[key] = lost.get(key, 0) + 1

    def _across(
        self, tops: Mapping[tuple[int, Any], Sequence[int]], *, leaves: bool = False
    ) -> dict[Any, list[_Edge]]:
        """Give the lines of other documents that carry the part number of a product.

        Args:
            tops: things that nothing of their own document contains, with their lines.
            leaves: whether they are parts, which no other document describes, rather than assemblies.
        """
        if len(self.boms) < 2 or not tops:
            return {}
        names = self._numbers_of(tops, leaves=leaves)
        found: dict[Node, list[_Edge]] = {}
        if not names:
            return found
        values = {text.lstrip("\0") for text in names}
        for number, bom in enumerate(self.boms):
            for column in bom.columns("part_number", "component_ref", "model_number", "product_name"):
                for place, text in self._numbers_in(number, column).find(values):
                    to: Node = (number, place)
                    for mark in ("", "\0"):
                        for node in names.get(mark + text, ()):
                            if node[0] == number or any(edge.to == to for edge in found.get(node, ())):
                                continue
                            edge = _Edge(to, Decimal(1), "part number", same=True)
                            if mark:
                                # the part lies in the document's product as often as its line says
                                edge = _Edge(to, self.boms[node[0]].quantity(tops[node][0]), "file name")
                            found.setdefault(node, []).append(edge)
                            self._joined[node, to] = (
                                f"{self.boms[node[0]].display} describes {text!r}, which stands in "
                                f"{bom.display}, column {column!r}"
                            )
        return found

    def _numbers_in(self, number: int, column: str) -> _Searched:
        """Give a column of numbers as they are compared: without space, in small letters."""
        key = (number, column)
        if key not in self._numbered:
            texts = pc.replace_substring_regex(self.boms[number].rows.column(column), r"\s+", "")
            self._numbered[key] = _Searched(pc.utf8_lower(texts))
        return self._numbered[key]

    def _numbers_of(
        self, tops: Mapping[tuple[int, Any], Sequence[int]], *, leaves: bool
    ) -> dict[str, list[Node]]:
        """Give the part numbers by which other documents may name things; behind a NUL, names of whole documents."""
        names: dict[str, list[Node]] = {}
        for node, rows in tops.items():
            numbers: set[str] = set()
            if not leaves:
                for row in rows:
                    numbers |= self.boms[node[0]].numbers(row)
                if not rows and isinstance(node[1], str) and tells_apart(folded := folded_number(node[1])):
                    numbers.add(folded)
            for text in numbers:
                names.setdefault(text, []).append(node)
            stem = folded_number(self.boms[node[0]].stem)
            if rows and stem not in numbers and tells_apart(stem) and self.boms[node[0]].is_flat():
                names.setdefault(f"\0{stem}", []).append(node)
        return names

    def rows_of(self, node: Node) -> list[int]:
        """Give the lines that describe a thing."""
        return self._rows.get(node, [])

    def label(self, node: Node) -> str:
        """Name a thing for people."""
        rows = self.rows_of(node)
        return self.boms[node[0]].label(rows[0]) if rows else str(node[1])

    def path(
        self, node: Node, sums: Mapping[Node, _Sum], hit: tuple[int, int], ways: dict[Node, _Way]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the names from a thing down to the part, and the documents joined on the way.

        Args:
            ways: those of the hit that are known; what is found on this way is added.
        """
        upwards: list[Node] = []
        at: Node | None = node
        while at is not None and at not in ways:
            upwards.append(at)
            at = sums[at].before
        part = (self.boms[hit[0]].label(hit[1]),)
        way = ways[at] if at is not None else _Way(part, part, 1)
        for one in reversed(upwards):
            here = sums[one]
            joined = self._joined.get((here.before if here.before is not None else (hit[0], hit[1]), one))
            way = ways[one] = way.below(None if here.same else self.label(one), joined)
        if sums[node].same:
            # the line and the product it stands for are one thing; the line's own name leads
            own = self.label(node)
            way = (
                _Way((own, *way.head[1:]), way.tail, way.names, way.across, way.joined)
                if way.names > 1
                else way.below(own, None)
            )
        names, across = way.head, way.across
        if way.names > MAX_PATH:
            left_out = way.names - MAX_PATH + 1
            names = (*way.head[: MAX_PATH // 2], f"({left_out} more)", *way.tail[-(MAX_PATH // 2 - 1) :])
        if way.joined > len(across):
            across = (*across, f"({way.joined - len(across)} more)")
        return names, across


def _by_level(levels: np.ndarray[Any, np.dtype[np.int32]], rows: Sequence[int]) -> dict[int, int | None]:
    """Give for each line the nearest line before it that lies less deep; lines without a depth are passed over."""
    answer: dict[int, int | None] = {}
    memory: dict[int, tuple[int, int | None]] = {}  # level -> last line asked, its answer
    known = levels >= 0
    least = int(levels[known].min()) if known.any() else 0
    tops = np.flatnonzero(levels == least)
    for row in sorted(rows):
        level = int(levels[row])
        if level < 0 or level == least:
            answer[row] = None
            continue
        last, before = memory.get(level, (-1, None))
        found: int | None = None
        end = row
        width = 64
        while end > last + 1 or (last < 0 and end > 0):
            begin = max(last + 1 if last >= 0 else 0, end - width)
            piece = levels[begin:end]
            places = np.flatnonzero((piece >= 0) & (piece < level))
            if places.size:
                found = begin + int(places[-1])
                break
            end = begin
            width *= 4
            if begin <= 0:
                break
        if found is None:
            found = before
        if found is None and len(tops) == 1:
            # the product may be named after its parts
            found = int(tops[0])
        memory[level] = (row, found)
        answer[row] = found
    return answer
