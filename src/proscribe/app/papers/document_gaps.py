"""What a document does not know yet, as the fields in which a person fills it in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from proscribe.model.papers import Facilities, Item, Offering, Paper, Party, ReportEvent

#: Before the names of the fields: what is filled in, by item and place; and what an item is about.
FILL, ITEM = "fill:", "item:"
#: Items that are filled in by fields, and findings of one; larger ones are described in a file.
MOST_ITEMS, _MOST_FINDINGS = 30, 500
#: Where the parts of a document that a person describes stand in it, with the type that holds their texts.
_PARTS: Mapping[str, type] = {"event": ReportEvent, "offering": Offering}
_WITHIN_ITEM: Mapping[str, type] = {"producer": Party, "supplier": Party, "facilities": Facilities}


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


def gaps_of(paper: Paper, form: Mapping[str, str]) -> list[Group]:
    """Give what a document asks for and a person can type, with what was typed before; the document as a whole first."""
    items = {one["id"]: one for one in (paper.data.get("body") or {}).get("items") or ()}
    asked: dict[str, dict[str, Gap]] = {}
    for row in paper.data.get("checklist") or ():
        for one in row["fields"]:
            path = _path(one["pointer"])
            if not path:
                continue
            name = f"{FILL}{row['item']}:{path}"
            if name in form or (row["state"] in ("missing", "not known") and not one["filled"]):
                gap = Gap(name, one["label"], row["citation"], form.get(name, ""))
                asked.setdefault(row["item"], {}).setdefault(name, gap)
    made = []
    for identity in sorted(asked, key=lambda name: name != ""):
        gaps = tuple(asked[identity].values())
        if not identity:
            made.append(Group("", "", "", gaps))
        elif (
            (item := items.get(identity))
            and len(item["finding_ids"]) <= _MOST_FINDINGS
            and len(made) <= MOST_ITEMS
        ):
            about = {name: item[name] for name in ("concerns", "kind", "finding_ids")}
            made.append(Group(item["name"], f"{ITEM}{identity}", json.dumps(about), gaps))
    return made


def filled_in(form: Mapping[str, str]) -> dict[str, Any]:
    """Give what was filled in, as values that a document is made with; nothing where the form says nothing of it."""
    values: dict[str, Any] = {}
    items: dict[str, dict[str, Any]] = {}
    for name, text in form.items():
        if not name.startswith(FILL) or not text.strip():
            continue
        identity, _, path = name.removeprefix(FILL).rpartition(":")
        if path not in _typed(identity):
            continue
        holder = values
        if identity:
            if identity not in items:
                items[identity] = {"id": identity, **_about(form.get(f"{ITEM}{identity}", ""))}
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
    names = ("concerns", "kind", "finding_ids")
    return {name: told[name] for name in names if name in told} if isinstance(told, dict) else {}


def _path(pointer: str) -> str:
    """Give the place of a text that a person types, such as `supplier.name`; empty for a pointer to anything else."""
    body, _, rest = pointer.removeprefix("/").partition("/")
    if body != "body":
        return ""
    first, _, within = rest.partition("/")
    if first == "items":
        path = within.partition("/")[2].replace("/", ".")
        return path if path in _typed("an item") else ""
    path = rest.replace("/", ".")
    return path if path in _typed("") else ""


def _typed(identity: str) -> frozenset[str]:
    """List the places of texts that are typed: of an item, or of the document as a whole."""
    if not identity:
        return frozenset(f"{part}.{name}" for part, kind in _PARTS.items() for name in _texts(kind))
    within = (f"{part}.{name}" for part, kind in _WITHIN_ITEM.items() for name in _texts(kind))
    return frozenset([*within, *_texts(Item)])


def _texts(kind: type) -> Iterator[str]:
    return (one.name for one in fields(kind) if one.type == "str" and one.name not in ("id", "kind"))
