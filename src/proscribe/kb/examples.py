"""Collect every example and near-miss of the knowledge base as cases to be tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proscribe.kb.records import Row

if TYPE_CHECKING:
    from proscribe.kb.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Example:
    """One text, and whether one fact must be found in it.

    Attributes:
        fact: id of the fact.
        table: its table.
        text: the content of one field of a record.
        should_hit: whether evidence that names `fact` must be raised (`True`) or must not (`False`).
        field: the field of the record that the text stands in, from `proscribe.model.observations.FIELDS`.
        channel: for fingerprints, the kind of evidence; empty elsewhere.
        entity: the entity that the evidence speaks for; empty when the fact names none.
    """

    fact: str
    table: str
    text: str
    should_hit: bool
    field: str = "text"
    channel: str = ""
    entity: str = ""


#: Table to the field its examples stand in. Names, brands and patterns are tried in free text.
_FIELDS = {
    "names": "text",
    "brands": "text",
    "relabels": "text",
    "models": "text",
    "phones": "text",
    "chips": "text",
    "fcc": "fcc_id",
    "cpe": "cpe",
}
#: Channels that are a field of their own; every other channel is read from a banner.
_CHANNELS = {
    "file.name": "file_name",
    "hostname": "hostname",
    "http.user_agent": "user_agent",
    "purl": "purl",
    "serial": "serial_number",
    "text": "text",
    "tls.subject": "certificate",
}


def collect(snapshot: Snapshot, *, ids: frozenset[str] | None = None) -> list[Example]:
    """Give every case of facts that are in force, by table and id.

    Retracted and removed facts are left out. MAC prefixes, enterprise numbers and bus ids have examples
    derived from the number itself.

    Args:
        ids: only the cases of these facts; `None` = all.
    """
    found = [
        case
        for table in (
            "names",
            "brands",
            "relabels",
            "models",
            "phones",
            "fingerprints",
            "chips",
            "cpe",
            "fcc",
        )
        for row in snapshot.table(table)
        if _in_force(row)
        for case in _written(table, row)
    ]
    found += _prefixes(snapshot)
    for row in snapshot.table("pen"):
        if _in_force(row):
            found += _enterprise(row)
    for row in snapshot.table("usb_pci"):
        if _in_force(row) and row["bus"] in _AS_WRITTEN and row["verdict"] != "other":
            found += _usb(row)
    return [case for case in found if ids is None or case.fact in ids]


def _in_force(row: Row) -> bool:
    return not row["retracted_on"] and row["status"] != "removed"


def _written(table: str, row: Row) -> Iterator[Example]:
    if "examples" in row:
        hits, misses = row["examples"], row["near_misses"]
    else:
        hits, misses = _several(row["example"]), _several(row["near_miss"])
    channel = row["channel"] if table == "fingerprints" else ""
    field = _CHANNELS.get(channel, "banner") if channel else _FIELDS[table]
    if row.get("needs") == "model_column":
        field = "model_number"  # a weak number is only read where numbers are expected
    if row.get("form") == "initials":
        field = "maker_name"
    entity = row.get("entity") or row.get("maker") or ""
    speaks = _speaks(table, row)
    for text in hits:
        yield Example(row["id"], table, text, speaks, field, channel, entity)
    for text in misses:
        yield Example(row["id"], table, text, False, field, channel, entity)


def _speaks(table: str, row: Row) -> bool:
    """Tell whether the fact is ever cited: one that clears, rejects or names another maker is not.

    Chips are the exception: a chip of another maker is cited as such.
    """
    if table == "relabels":
        return bool(row["verdict"] == "relabel")
    if table in ("cpe", "pen", "usb_pci"):
        return bool(row["verdict"] != "other" and row["entity"])
    return bool(table != "fcc" or row["entity"])


def _several(cell: str) -> list[str]:
    """Split a CSV cell that holds several texts, ` | ` between them."""
    return [text.strip() for text in cell.split(" | ") if text.strip()]


def _prefixes(snapshot: Snapshot) -> Iterator[Example]:
    """Derive the examples of MAC prefixes: the first device hits, the next unlisted prefix does not."""
    listed = {row["prefix_hex"] for row in snapshot.table("oui")}
    for row in snapshot.table("oui"):
        if not _in_force(row) or not row["entity"]:
            continue
        prefix = row["prefix_hex"]
        yield Example(row["id"], "oui", _mac(prefix), True, "mac", "", row["entity"])
        neighbour = (int(prefix, 16) + 1) % 16 ** len(prefix)
        while f"{neighbour:0{len(prefix)}X}" in listed:
            neighbour = (neighbour + 1) % 16 ** len(prefix)
        yield Example(row["id"], "oui", _mac(f"{neighbour:0{len(prefix)}X}"), False, "mac", "", row["entity"])


def _mac(prefix: str) -> str:
    digits = prefix + "0" * (11 - len(prefix)) + "1"
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def _enterprise(row: Row) -> Iterator[Example]:
    number = row["enterprise_number"]
    subtree = row["subtree"].strip(".")
    tail = f"{subtree}." if subtree and not subtree.startswith("1.3.6") else ""
    hit = row["verdict"] != "other"
    yield Example(row["id"], "pen", f"1.3.6.1.4.1.{number}.{tail}2.1", hit, "sysobjectid", "", row["entity"])
    yield Example(row["id"], "pen", f"1.3.6.1.4.1.{number}0.2.1", False, "sysobjectid", "", row["entity"])


#: How a vendor id is written on each bus whose ids name makers of things, and in which field.
_AS_WRITTEN = {"usb": ("{}:0001", "usb_id"), "bluetooth": ("ManufacturerData Key: 0x{}", "text")}


def _usb(row: Row) -> Iterator[Example]:
    vendor = row["vendor_id"].lower()
    other = f"{(int(vendor, 16) + 1) % 65536:04x}"
    written, field = _AS_WRITTEN[row["bus"]]
    yield Example(row["id"], "usb_pci", written.format(vendor), True, field, "", row["entity"])
    yield Example(row["id"], "usb_pci", written.format(other), False, field, "", row["entity"])
