"""Tables that list the parts of something: which they are, and what their columns mean there.

Words such as `Level`, `Reference`, `Item` or `Value` mean one thing in a bill of materials and another elsewhere, so
they are read this way only when other columns show that the table is one. The words are those that KiCad, Altium,
OrCAD, and the common planning systems write by default.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence


def _folded(words: Iterable[str]) -> frozenset[str]:
    """Give words as `fold_header` does, which takes accents off."""
    plain = (unicodedata.normalize("NFD", word.strip().casefold()) for word in words)
    return frozenset("".join(char for char in word if unicodedata.category(char) != "Mn") for word in plain)


_DESIGNATORS = _folded(
    ["reference", "references", "ref", "refs", "refdes", "ref des", "ref designator", "ref designators", "designator",
     "designators", "designation", "part reference", "reference designator", "reference designators",
     "component reference", "location", "locations", "schematic reference", "referenz", "bezeichner",
     "bauteilbezeichner", "repère", "repères", "位号", "元件位号"]
)  # fmt: skip
_MPN = re.compile(
    r"(?:alt(?:ernate|ernative)?|2nd(?: source)?|second(?: source)?|substitute)?\s*"
    r"(?:mpn|mfr pn|mfg pn|(?:manufacturer|mfr|mfg|manuf)s? (?:part|product)(?: (?:number|no|nr|#))?|manufacturer pn"
    r"|herstellernummer|herstellerteilenummer)\s*\d{0,2}"
)
_MAKER = re.compile(
    r"(?:alt(?:ernate|ernative)?|2nd(?: source)?|second(?: source)?|substitute)?\s*"
    r"(?:manufacturer|mfr|mfg|manuf|maker|hersteller)(?: name)?\s*\d{0,2}"
)
_SUPPLIER = re.compile(r"(?:supplier|vendor|distributor|lieferant)(?: name)?\s*\d{0,2}")
_SUPPLIER_PART = re.compile(
    r"(?:supplier|vendor|distributor|digi ?key|mouser|lcsc|farnell|jlcpcb)s? (?:part|order|pn|no|part number|part #|#)\b.*"
)
_LEVEL = _folded(
    ["level", "lvl", "bom level", "indent", "indent level", "indented level", "depth", "tier", "structure level",
     "explosion level", "stufe", "ebene", "strukturstufe", "auflösungsstufe", "niveau", "nivel", "livello", "层级", "层次"]
)  # fmt: skip
_PARENT = _folded(
    ["parent", "parent part", "parent part number", "parent part no", "parent pn", "parent number", "parent item",
     "parent item number", "parent id", "parent ref", "parent assembly", "parent component", "next higher assembly",
     "next assembly", "nha", "higher assembly", "used on", "where used", "assembly number", "assembly part number",
     "baugruppe", "übergeordnete baugruppe", "übergeordnet", "ensemble parent", "père", "padre", "conjunto padre",
     "assieme padre", "父项", "父件", "父级料号", "上级物料"]
)  # fmt: skip
_OWN = _folded(
    ["child", "child part", "child id", "child item", "component id", "component number", "component ref"]
)
_FITTING = _folded(
    ["dnp", "dnf", "dni", "dns", "dnm", "nofit", "no fit", "no pop", "nopop", "do not populate", "do not fit",
     "do not place", "do not install", "do not mount", "do not stuff", "not fitted", "not populated", "fitted", "fit",
     "populate", "populated", "mount", "mounted", "stuffed", "placed", "bestückt", "bestückung", "nicht bestückt"]
)  # fmt: skip
_NUMBER = _folded(
    ["item", "item no", "item nr", "item number", "item id", "find", "find no", "find number", "find num", "no", "nr",
     "num", "number", "pos", "position", "pos nr", "positionsnummer", "line", "line no", "index", "id", "seq", "sequence",
     "balloon", "#", "bom line", "序号", "项次"]
)  # fmt: skip
_PLACE = _folded(
    ["footprint", "package", "case", "pcb footprint", "package footprint", "gehäuse", "bauform", "封装"]
)
_TEXT = _folded(
    ["value", "comment", "part value", "val", "libref", "lib ref", "cmp name", "component", "part name", "description",
     "part description", "item description", "wert", "name", "component name", "designitemid", "design item id"]
)  # fmt: skip
_QUANTITY = re.compile(
    r"(?:qty|quantity|qnty|qte|menge|anzahl|用量|数量|count|quant)(?: (?:per|each|pro|par|for|in)(?: \w+){0,3})?"
)
_OUTLINE = re.compile(r"\d{1,4}(?:\.\d{1,4})*\.?")
_INDENT = re.compile(r"[.\-_>+*|\s]*(\d{1,3})?")
_LETTERS = re.compile(r"[A-Za-z]+")
#: First letters of reference designators, after IEEE 315 and common use.
_KINDS = frozenset(
    [
        "R",
        "C",
        "L",
        "U",
        "D",
        "Q",
        "J",
        "P",
        "X",
        "Y",
        "K",
        "F",
        "T",
        "M",
        "FB",
        "TP",
        "SW",
        "IC",
        "LED",
        "CN",
        "RN",
        "BT",
    ]
)
_MARKS = re.compile(r"[A-Za-z]{1,5}_?\d{1,5}[A-Za-z]?(?:\s*(?:-|–|\.\.)\s*[A-Za-z]{0,5}\d{1,5})?")
_SEVERAL = re.compile(r"[,;\s]+")


def _values(sample: Sequence[Sequence[str | None]], place: int) -> list[str]:
    return [
        text for row in sample if place < len(row) and (value := row[place]) and (text := value[:400].strip())
    ]


def _are_marks(values: Sequence[str]) -> bool:
    """Tell whether most cells are reference designators: `R1`, `C3, C4`, `U1-U4`."""
    good = 0
    for text in values[:500]:
        tokens = [token for token in _SEVERAL.split(text) if token]
        good += (
            bool(tokens)
            and sum(_MARKS.fullmatch(token) is not None for token in tokens) * 10 >= len(tokens) * 8
        )
    return bool(values) and good * 10 >= len(values[:500]) * 6


def _are_varied(values: Sequence[str]) -> bool:
    """Tell whether designators are of several kinds of parts, or several stand in one cell."""
    tokens = [[token for token in _SEVERAL.split(text) if token] for text in values[:500]]
    kinds = {found.group().upper() for row in tokens for token in row if (found := _LETTERS.match(token))}
    return any(len(row) > 1 for row in tokens) or len(kinds & _KINDS) > 1


def _are_levels(values: Sequence[str], *, sure: bool) -> bool:
    """Tell whether cells indent a list: the first lies highest, and no line is more than one step below the last.

    Where other columns show a list of parts (`sure`), steps may be left out.
    """
    if not values:
        return False
    if _is_outline(values):
        return True
    depths = []
    for text in values:
        found = _INDENT.fullmatch(text)
        if found is None:
            return False
        depths.append(int(found.group(1)) if found.group(1) else len(text))
    steps = [below - above for above, below in itertools.pairwise(depths)]
    deepest = max(steps, default=0)
    return depths[0] == min(depths) and (deepest == 1 or (sure and deepest > 1))


def _is_outline(values: Sequence[str]) -> bool:
    """Tell whether cells number an outline: `1`, `1.1`, `1.1.2`, each below a line that is there."""
    if not values or not all(_OUTLINE.fullmatch(text) for text in values):
        return False
    plain = {text.rstrip(".") for text in values}
    dotted = [text for text in plain if "." in text]
    return bool(dotted) and all(text.rpartition(".")[0] in plain for text in dotted)


def parts_columns(
    header: Mapping[str, str], sample: Sequence[Sequence[str | None]], guessed: Mapping[str, str | None]
) -> dict[str, str] | None:
    """Give what the columns of a list of parts mean, or `None` when the table is none.

    Args:
        header: column names in order, with their folded form.
        sample: first rows.
        guessed: the field that the header alone suggests.

    Returns:
        Column to field for the columns that mean something else than elsewhere; the others keep their meaning.
    """
    values = {name: _values(sample, place) for place, name in enumerate(header)}
    made: dict[str, str] = {}

    def first(words: frozenset[str], kind: str) -> str | None:
        for name, folded in header.items():
            if folded in words and name not in made:
                made[name] = kind
                return name
        return None

    telling = any(
        folded in _PLACE or folded in _FITTING or _MPN.fullmatch(folded) for folded in header.values()
    )
    marks = [
        name
        for name, folded in header.items()
        if folded in _DESIGNATORS
        and (_are_marks(values[name]) or (not values[name] and "desig" in folded))
        # `Ref` with A1, A2, A3 may number anything
        and (
            "des" in folded.split()
            or "desig" in folded
            or "refdes" in folded
            or telling
            or _are_varied(values[name])
        )
    ]
    numbers = [name for name, folded in header.items() if _MPN.fullmatch(folded)]
    parent = next((name for name, folded in header.items() if folded in _PARENT and values[name]), None)
    level = next(
        (
            name
            for name, folded in header.items()
            if folded in _LEVEL and _are_levels(values[name], sure=bool(marks or numbers))
        ),
        None,
    )
    fitting = next((name for name, folded in header.items() if folded in _FITTING), None)
    counted = [name for name, folded in header.items() if _QUANTITY.fullmatch(folded)]
    named = numbers or [name for name, kind in guessed.items() if kind == "part_number" and name not in marks]
    outline = next(
        (name for name, folded in header.items() if folded in _NUMBER and _is_outline(values[name])), None
    )
    footprint = [name for name, folded in header.items() if folded in _PLACE]
    texts = [name for name, folded in header.items() if folded in _TEXT]
    structured = level is not None or parent is not None or (outline is not None and bool(counted))
    if not (
        (marks and (counted or named or footprint or texts))
        or (structured and (named or numbers or counted))
        or (numbers and counted and (footprint or fitting))
    ):
        return None
    for name in marks:
        made[name] = "designators"
    if level is not None:
        made[level] = "level"
    elif parent is None and outline is not None:
        made[outline] = "level"
    if parent is not None:
        made[parent] = "parent_ref"
        first(_OWN, "component_ref")
    if fitting is not None:
        made[fitting] = "fitting"
    for name, folded in header.items():
        # `Item` may hold part numbers; running numbers are the line's own id
        if (
            folded in _NUMBER
            and name not in made
            and values[name]
            and all(map(_OUTLINE.fullmatch, values[name]))
        ):
            made[name] = "row_id"
            break
    for name, folded in header.items():
        if name in made:
            continue
        if _MPN.fullmatch(folded) or _SUPPLIER_PART.fullmatch(folded):
            made[name] = "part_number"
        elif _MAKER.fullmatch(folded):
            made[name] = "maker_name"
        elif _SUPPLIER.fullmatch(folded):
            made[name] = "vendor_name"
        elif folded in _PLACE:
            made[name] = "category"
        elif folded in _TEXT:
            made[name] = "text"
    if counted and not any(kind == "quantity" for kind in guessed.values()):
        made[counted[0]] = "quantity"
    return made
