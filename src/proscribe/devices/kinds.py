"""What kind of evidence a table is, where the format does not say: told by its fields."""

from __future__ import annotations

from collections.abc import Iterable

from proscribe.model.observations import SOURCE_KINDS, Table

#: Kinds in which a record is a device, or something seen of one.
DEVICE_KINDS = frozenset(
    {
        "inventory",
        "network_scan",
        "neighbours",
        "leases",
        "discovery",
        "management",
        "radio",
        "recorder",
        "plate",
    }
)
#: Kinds whose records were read in pictures.
PICTURE_KINDS = frozenset({"plate", "picture"})
#: Kinds in which a record is something bought, which may be several devices.
PURCHASE_KINDS = frozenset({"ledger"})
#: Kinds whose records come from the devices themselves, through a network.
NETWORK_KINDS = frozenset(
    {"network_scan", "neighbours", "leases", "discovery", "management", "radio", "recorder"}
)

#: What a table is a list of, to the kinds of evidence that it may then be; the first where nothing tells more.
_OF_KIND: dict[str, tuple[str, ...]] = {
    "equipment": ("inventory", *sorted(DEVICE_KINDS)),
    "network": ("network_scan", *sorted(DEVICE_KINDS)),
    "purchases": ("ledger",),
    "product_parts": ("parts", "software", "firmware"),
    "vendors": ("vendors",),
    "offered": ("offered",),
    "bought_to_sell": ("ledger", "offered"),
    "as_built": ("inventory", *sorted(DEVICE_KINDS)),
    "supplier_statement": ("declaration",),
    "totals": ("totals",),
    "other": ("unlike",),
}
_MONEY = frozenset({"amount", "unit_cost"})
_BOUGHT = frozenset({"order_line", "vendor_name", "amount", "dated_on"})
_PLACE_IN_NETWORK = frozenset({"mac", "ip", "hostname"})
_OWN = frozenset({"serial_number", "asset_tag"})
_THING = frozenset({"text", "product_name", "model_number", "part_number", "maker_name", "chip"})
#: A table with nothing else is what a switch or a host knows of its neighbours.
_NEIGHBOUR = frozenset(
    {"mac", "ip", "mac_vendor", "hostname", "seen_at", "port", "protocol", "dated_on", "note", "row_id"}
)


def kind_of(table: Table) -> str:
    """Give the kind of evidence of a table, a word of `SOURCE_KINDS`; `inventory` when nothing tells.

    What the table is a list of goes first; within that, its format and fields say more.
    """
    told = table.source_kind if table.source_kind in SOURCE_KINDS else _told(set(table.fields.values()))
    wanted = _OF_KIND.get(table.kind)
    return told if wanted is None or told in wanted else wanted[0]


def _told(fields: set[str]) -> str:
    if {"level", "parent_ref", "designators"} & fields and not fields & (_PLACE_IN_NETWORK | _OWN):
        return "parts"
    if "purl" in fields and not fields & _PLACE_IN_NETWORK:
        return "software"
    if {"recorder", "recorder_channel"} <= fields and not fields & (_MONEY | {"asset_tag", "order_line"}):
        return "recorder"
    if not fields & (_PLACE_IN_NETWORK | {"asset_tag"}):
        if fields & _MONEY and fields & _BOUGHT and not _is_inventory(fields):
            return "ledger"
        if "vendor_name" in fields and not fields & (_THING | _OWN):
            return "vendors"
    if "mac" in fields and fields <= _NEIGHBOUR:
        return "neighbours"
    return "inventory"


def _is_inventory(fields: Iterable[str]) -> bool:
    """Tell whether a priced list is of things that stand somewhere: serial numbers or places, and no payee or sum."""
    known = set(fields)
    if known & {"vendor_name", "amount"}:
        return False
    return bool(known & _OWN) or ("site" in known and not known & {"order_line", "currency"})
