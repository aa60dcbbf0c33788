"""One device behind many records: keys, joins, fused evidence, contradictions. Pure: tables in, devices out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proscribe.devices.kinds import DEVICE_KINDS, PURCHASE_KINDS, kind_of

if TYPE_CHECKING:
    from proscribe.devices.graph import Decisions, build
    from proscribe.devices.keys import DeviceBatch, DeviceTable

__all__ = [
    "DEVICE_KINDS",
    "PURCHASE_KINDS",
    "Decisions",
    "DeviceBatch",
    "DeviceTable",
    "build",
    "kind_of",
]


def __getattr__(name: str) -> Any:
    """Import the graph on first use: a scan asks only for kinds of tables, and needs no data-frame library for that."""
    if name in {"Decisions", "build"}:
        from proscribe.devices import graph

        return getattr(graph, name)
    if name in {"DeviceBatch", "DeviceTable"}:
        from proscribe.devices import keys

        return getattr(keys, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
