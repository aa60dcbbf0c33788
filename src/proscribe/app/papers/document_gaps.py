"""What a document does not know yet, as the fields in which a person fills it in: one by one, or for many items at once."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from proscribe.documents import TYPES, paper_type
from proscribe.documents.checks import NOT_KNOWN
from proscribe.documents.envelope import named_item
from proscribe.model.papers import Facilities, Item, Offering, Paper, Party, ReportEvent

#: Before the names of the fields: what is filled in, by item and place; what an item is about; and what is filled in for several
#: items, by place and their ids.
FILL, ITEM, EACH = "fill:", "item:", "each:"
#: A field that says of every item that what is left empty is not known.
REST = "rest-not-known"
#: Before the id of a finding that is disclosed although it is not settled; and of fields with the ids of several.
DISCLOSE, DISCLOSE_ALL = "disclose:", "disclose-all:"
#: Before the ids of obstacles that an approver overrides for one reason; and of a reason for a group, its fields parted by bars.
OVERRIDE, OVERRIDE_ALL = "override:", "override-all:"
#: Before the name of a field that takes several values, each chosen by a box of its own with a number behind.
BOX = "box:"
#: Items that are filled in by fields at once, and findings of one; larger ones are described in a file.
MOST_ITEMS, _MOST_FINDINGS = 60, 500
#: Where the parts of a document that a person describes stand in it, with the type that holds their texts.
_PARTS: Mapping[str, type] = {"event": ReportEvent, "offering": Offering}
_WITHIN_ITEM: Mapping[str, type] = {"producer": Party, "supplier": Party, "facilities": Facilities}
#: Texts that say what a thing is, whatever is done with it; all others are asked apart for what is provided and what is used.
_OF_THE_THING = frozenset(["brand", "model_number", "model_number_kind", "description"])
#: Texts that hang on what kind of thing it is as well.
_OF_ITS_KIND = frozenset(["proposed_use", "permissibility_factors"])
#: How a field for several items says which answers they concern.
_CONCERNED = {
    "provide": "to be provided",
    "use": "in use",
    "contain": "contained",
    "spend": "paid with award funds",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One text that is asked for.

    Attributes:
        name: of the field of the form.
        said: what was filled in; empty text while nothing was.
    """

    name: str
    label: str
    citation: str
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked of one item, or of the document as a whole.

    Attributes:
        what: the item in words; empty for the document.
        field, about: the hidden field that says which findings the item is about, and its value; empty for the document.
    """

    what: str
    field: str
    about: str
    gaps: tuple[Gap, ...]

    @property
    def open(self) -> bool:
        """Whether something of it is asked for still."""
        return not all(gap.said for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a document asks for and a person can type.

    Attributes:
        groups: the document as a whole first, then item by item.
        each: what several items ask for, filled in once for those that it can be true of alike: of one maker or supplier, or
            provided or used alike and of one kind.
        items_later: further items that ask for something, whose fields come once those of others are filled in.
        items_left: items of so many findings that they are described in a file.
        kept: what was filled in of items without fields on this page, and what items are about: hidden field and value.
        disclosed: what is disclosed although it is not settled: the field and the finding in words.
        places: JSON pointers of what these fields fill.
    """

    groups: tuple[Group, ...]
    each: tuple[Gap, ...]
    items_later: int
    items_left: int
    kept: tuple[tuple[str, str], ...]
    disclosed: tuple[tuple[str, str], ...]
    places: frozenset[str]


def gaps_of(paper: Paper, form: Mapping[str, str]) -> Gaps:
    """Give what a document asks for, with what was typed before."""
    items = {one["id"]: one for one in (paper.data.get("body") or {}).get("items") or ()}
    options = _options(paper.type)
    asked: dict[str, dict[str, Gap]] = {}
    pointers: dict[str, set[str]] = {}
    unfinished: set[str] = set()
    for row in paper.data.get("checklist") or ():
        for one in row["fields"]:
            path = _path(one["pointer"], options)
            if not path:
                continue
            name = f"{FILL}{row['item']}:{path}"
            open_ = row["state"] in ("missing", "not known") and not one["filled"]
            if open_ and name not in form:
                unfinished.add(row["item"])
            if name in form or open_:
                gap = Gap(name, one["label"], row["citation"], form.get(name, ""))
                asked.setdefault(row["item"], {}).setdefault(name, gap)
                pointers.setdefault(row["item"], set()).add(one["pointer"])
    groups: list[Group] = []
    named: list[tuple[Mapping[str, Any], tuple[Gap, ...]]] = []
    kept: dict[str, str] = {}
    later = left = 0
    for identity in sorted(asked, key=lambda name: (name != "", name not in unfinished)):
        gaps = tuple(asked[identity].values())
        item = items.get(identity)
        if not identity:
            groups.append(Group("", "", "", gaps))
            continue
        if not item or len(item["finding_ids"]) > _MOST_FINDINGS:
            left += 1
            del pointers[identity]
            continue
        named.append((item, gaps))
        about = json.dumps({name: item[name] for name in ("kind", "finding_ids")})
        if len(named) <= MOST_ITEMS:
            groups.append(Group(named_item(item), f"{ITEM}{identity}", about, gaps))
            continue
        kept |= {f"{ITEM}{identity}": about, **{gap.name: gap.said for gap in gaps if gap.said}}
        later += identity in unfinished
    words = {one["id"]: one["what"] for item in items.values() for one in item["findings"]}
    disclosed = (
        (name, words.get(name.removeprefix(DISCLOSE), "")) for name in form if name.startswith(DISCLOSE)
    )
    kinds = {
        one["id"]: str(one.get("category") or "")
        for one in (paper.data.get("body") or {}).get("findings") or ()
        if isinstance(one, Mapping)
    }
    return Gaps(
        tuple(groups), tuple(_each(named, kinds)), later, left, tuple(kept.items()),
        tuple(one for one in disclosed if one[1]), frozenset().union(*pointers.values()),
    )  # fmt: skip


def _each(
    named: Sequence[tuple[Mapping[str, Any], Sequence[Gap]]], kinds: Mapping[str, str]
) -> Iterator[Gap]:
    """Yield what several items ask for, by what one text can be true of.

    What is said of a firm goes firm by firm. What is said of a use goes by whether things are provided or used, and by what they
    are: words about one's own buildings say nothing of what is offered.

    Args:
        kinds: id of a finding to the category of its thing; empty where none is known.
    """
    asked: dict[tuple[str, str, str], list[tuple[str, Gap]]] = {}
    for item, gaps in named:
        for gap in gaps:
            if not gap.said:
                path = gap.name.rpartition(":")[2]
                of, which = _true_of(item, path, kinds)
                asked.setdefault((path, of, which), []).append((item["id"], gap))
    for (path, of, which), found in asked.items():
        if len(found) > 1:
            label = f"{found[0][1].label}{of}, for {len(found):,} items{which}"
            yield Gap(f"{EACH}{path}:{' '.join(name for name, _ in found)}", label, found[0][1].citation, "")


def _true_of(item: Mapping[str, Any], path: str, kinds: Mapping[str, str]) -> tuple[str, str]:
    """Say of which firm, and of which items, a text of a place can be true alike; empty where it is of any."""
    part = path.partition(".")[0]
    if _WITHIN_ITEM.get(part) is Party:
        firm = item[part]["name"] if path != f"{part}.name" else ""
        return (f" of {firm}" if firm else ""), ""
    if part in _OF_THE_THING or part in _WITHIN_ITEM:
        return "", ""
    which = " " + " and ".join(_CONCERNED[name] for name in item["concerns"])
    if part in _OF_ITS_KIND:
        told = {kinds.get(name, "") for name in item["finding_ids"]} - {""}
        which += f": {' and '.join(sorted(told)).replace('_', ' ') or 'of no known kind'}"
    return "", which


def spread(form: Mapping[str, str]) -> dict[str, str]:
    """Write what was filled in for several items into the empty fields of each, and what was chosen of many one by one."""
    made = {name: text for name, text in form.items() if not name.startswith((EACH, BOX))}
    for name, text in form.items():
        if name.startswith(BOX):
            field = name.removeprefix(BOX).rpartition(":")[0]
            made[field] = f"{made[field]}, {text}" if made.get(field) else text
    for name, text in form.items():
        if name.startswith(EACH) and text.strip():
            path, _, items = name.removeprefix(EACH).partition(":")
            for one in items.split():
                if not made.get(f"{FILL}{one}:{path}", "").strip():
                    made[f"{FILL}{one}:{path}"] = text
    if made.pop(REST, "").strip():
        made |= {
            name: NOT_KNOWN
            for name, text in made.items()
            if name.startswith(FILL) and not name.startswith(f"{FILL}:") and not text.strip()
        }
    for name in [name for name in made if name.startswith(OVERRIDE_ALL)]:
        reason = made.pop(name)
        for ids in name.removeprefix(OVERRIDE_ALL).split("|"):
            if reason.strip() and not made.get(f"{OVERRIDE}{ids}", "").strip():
                made[f"{OVERRIDE}{ids}"] = reason
    every = [name for name in made if name.startswith(DISCLOSE_ALL)]
    return made | {f"{DISCLOSE}{one}": "yes" for name in every for one in made.pop(name).split()}


def filled_in(form: Mapping[str, str]) -> dict[str, Any]:
    """Give what was filled in, as values that a document is made with; nothing where the form says nothing of it."""
    values: dict[str, Any] = {}
    items: dict[str, dict[str, Any]] = {}
    if disclosed := [
        name.removeprefix(DISCLOSE)
        for name, text in form.items()
        if name.startswith(DISCLOSE) and text.strip()
    ]:
        values["disclosed"] = disclosed
    options = _options(form.get("type", ""))
    for name, text in form.items():
        if not name.startswith(FILL) or not text.strip():
            continue
        identity, _, path = name.removeprefix(FILL).rpartition(":")
        if not identity and path in options:
            values.setdefault("options", {})[options[path]] = text.strip()
            continue
        if path not in _typed(identity):
            continue
        holder = values
        if identity:
            if identity not in items:
                about = _about(form.get(f"{ITEM}{identity}", ""))
                # The page took the item from the findings: which answers it concerns follows from them, each time.
                items[identity] = {"id": identity, "concerns": [], **about}
            holder = items[identity]
        *parts, last = path.split(".")
        for part in parts:
            holder = holder.setdefault(part, {})
        holder[last] = text.strip()
    return {**values, "items": list(items.values())} if items else values


def _about(text: str) -> dict[str, Any]:
    """Read what an item is about; what is not as a page writes it says nothing, and the item then names no finding."""
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    names = ("kind", "finding_ids")
    return {name: told[name] for name in names if name in told} if isinstance(told, dict) else {}


def _options(type_: str) -> dict[str, str]:
    """Give the places of the options of a type of document, to their names."""
    told = paper_type(type_).get("options", ()) if type_ in TYPES else ()
    return {one["field"].replace("/", "."): one["option"] for one in told}


def _path(pointer: str, options: Container[str]) -> str:
    """Give the place of a text that a person types, such as `supplier.name`; empty for a pointer to anything else."""
    body, _, rest = pointer.removeprefix("/").partition("/")
    if body != "body":
        return ""
    first, _, within = rest.partition("/")
    if first == "items":
        path = within.partition("/")[2].replace("/", ".")
        return path if path in _typed("an item") else ""
    path = rest.replace("/", ".")
    return path if path in _typed("") or path in options else ""


def _typed(identity: str) -> frozenset[str]:
    """List the places of texts that are typed: of an item, or of the document as a whole."""
    if not identity:
        return frozenset(f"{part}.{name}" for part, kind in _PARTS.items() for name in _texts(kind))
    within = (f"{part}.{name}" for part, kind in _WITHIN_ITEM.items() for name in _texts(kind))
    return frozenset([*within, *_texts(Item)])


def _texts(kind: type) -> Iterator[str]:
    return (one.name for one in fields(kind) if one.type == "str" and one.name not in ("id", "kind"))
