"""What kind of evidence a table is, where the format does not say: told by its fields."""

from __future__ import annotations

from collections.abc import Iterable

from proscribe.model.observations import TABLE_KINDS, Table

#: Kinds in which a record is a device, or something seen of one.
DEVICE_KINDS = frozenset(
    {"inventory", "network_scan", "neighbours", "leases", "discovery", "management", "radio", "recorder"}
)
#: Kinds in which a record is something bought, which may be several devices.
PURCHASE_KINDS = frozenset({"ledger"})
#: Kinds whose records come from the devices themselves, through a network.
NETWORK_KINDS = frozenset(
    {"network_scan", "neighbours", "leases", "discovery", "management", "radio", "recorder"}
)

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
    """Give the kind of evidence of a table, a word of `TABLE_KINDS`; `inventory` when nothing tells."""
    if table.kind in TABLE_KINDS:
        return table.kind
    return _told(set(table.fields.values()))


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
