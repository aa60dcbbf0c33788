"""Small tables for the device graph."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from proscribe.devices import DeviceBatch, DeviceTable
from proscribe.model.observations import Table

#: Columns of the tests, named after their fields.
FIELDS = {
    "tag": "asset_tag", "site": "site", "maker": "maker_name", "model": "model_number", "serial": "serial_number",
    "mac": "mac", "ip": "ip", "host": "hostname", "seen": "seen_at", "recorder": "recorder", "channel": "recorder_channel",
    "order": "order_line", "run": "scan_run", "qty": "quantity", "text": "text",
}  # fmt: skip


def table(
    number: int, kind: str, rows: Sequence[dict[str, str]], *, cuts: Sequence[int] = (), name: str = ""
) -> DeviceTable:
    """Make a table of records given as dicts; `cuts` are the places where a new batch begins."""
    header = tuple(FIELDS)
    ends = sorted({cut for cut in cuts if 0 < cut < len(rows)} | {len(rows)})
    batches = []
    start = 0
    for end in ends:
        part = rows[start:end]
        columns = [pa.array([row.get(key) or None for row in part], pa.string()) for key in header]
        batches.append(DeviceBatch(start + 1, pa.RecordBatch.from_arrays(columns, names=list(header))))
        start = end
    return DeviceTable(
        number,
        name or f"{kind}.csv",
        Table(None, header, dict(FIELDS), source_kind=kind),
        kind,
        tuple(batches),
    )
