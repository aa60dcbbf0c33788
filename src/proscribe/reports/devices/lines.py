"""One line for each device, as CSV."""

from __future__ import annotations

import csv
import io

from proscribe.model.devices import DeviceReport
from proscribe.reports.devices import labels as device_labels
from proscribe.wording import safe
from proscribe.wording.shown import visible

COLUMNS = (
    "device", "name", "site", "units", "band", "entity", "role", "covered_through", "corroborated", "contradiction",
    "label", "sources", "records", "mac", "serial", "asset_tag", "ip", "hostname", "recorder_channel", "order_line",
    "why", "findings",
)  # fmt: skip


def to_csv(report: DeviceReport) -> str:
    """Write a header and one line for each device, surest first; cells that a spreadsheet would run are made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for device in report.devices:
        keys: dict[str, list[str]] = {}
        for key in device.keys:
            keys.setdefault(key.kind.value, []).append(device_labels.key_value(key.kind.value, key.value))
        first = device.verdicts[0] if device.verdicts else None
        cells = (
            device.id,
            device.name,
            device.site,
            "" if device.quantity_not_read else str(device.units),
            device.band.value if device.band is not None else "",
            "; ".join(item.entity for item in device.verdicts),
            "; ".join(item.role.value for item in device.verdicts),
            " > ".join(first.covered_through) if first is not None else "",
            "yes" if any(item.corroborated for item in device.verdicts) else "",
            "; ".join(
                ("explained: " if item.explained else "") + item.what for item in device.contradictions
            ),
            device.label,
            "; ".join(device.sources),
            "; ".join(device_labels.place(report.scan.inputs, record.ref) for record in device.records),
            *(
                "; ".join(keys.get(kind, ()))
                for kind in ("mac", "serial", "asset_tag", "ip", "hostname", "recorder_channel", "order_line")
            ),
            "; ".join(item.why for item in device.verdicts),
            "; ".join(one for item in device.verdicts for one in item.findings),
        )
        writer.writerow([safe.csv_cell(visible(cell, 2_000)) for cell in cells])
    return out.getvalue()
