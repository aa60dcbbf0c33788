"""A picture of one device: its records as rows, its keys as columns, a dot where a key ties a record, and who each
record says made it.

Inline SVG in pixels, so that letters keep their size; wide pictures scroll. Meaning never hangs on colour: sources and
claims have shapes of their own, scored joins are dashed, and everything stands in words beside the picture too.
"""

from __future__ import annotations

from collections.abc import Sequence

from proscribe.model.devices import Device, DeviceReport, RecordRef, SeenRecord
from proscribe.reports.devices import labels as device_labels
from proscribe.wording import safe
from proscribe.wording.shown import fit, visible

#: Rows and columns drawn; what is beyond is said in device_labels.
MOST_ROWS = 24
MOST_LANES = 8
_ROW = 46
_TOP = 54
_LEFT = 236
_LANE = 98
_CLAIMS = 250
_PAPER = frozenset({"ledger", "inventory", "vendors", "declaration", "parts"})


def shape(source: str, x: int, y: int) -> str:
    """Draw the shape of a kind of evidence: paper a square, a recorder a diamond, the network a circle."""
    if source in _PAPER:
        return f'<rect x="{x - 7}" y="{y - 7}" width="14" height="14" class="node"/>'
    if source == "recorder":
        return f'<path d="M{x} {y - 9} L{x + 9} {y} L{x} {y + 9} L{x - 9} {y} Z" class="node"/>'
    return f'<circle cx="{x}" cy="{y}" r="8" class="node"/>'


def mark(kind: str, x: int, y: int) -> str:
    """Draw the mark of a claim: a filled disc for the screened firm, a triangle for another maker, a dash for none."""
    if kind == "firm":
        return f'<circle cx="{x}" cy="{y}" r="7" class="says-firm"/>'
    if kind == "other":
        return f'<path d="M{x} {y - 8} L{x + 8} {y + 7} L{x - 8} {y + 7} Z" class="says-other"/>'
    return f'<line x1="{x - 6}" x2="{x + 6}" y1="{y}" y2="{y}" class="says-none"/>'


def claims_of(device: Device) -> dict[RecordRef, list[tuple[str, str]]]:
    """Give for each record the makers it names, as (firm or other, name), screened firms first."""
    said: dict[RecordRef, list[tuple[str, str]]] = {}
    for item in device.contradictions:
        for side in item.sides:
            for claim in side.claims:
                entry = ("firm" if side.covered else "other", side.name)
                if entry not in said.setdefault(claim.record, []):
                    said[claim.record].append(entry)
    return said


def lanes_of(device: Device) -> list[tuple[str, str, str, tuple[RecordRef, ...]]]:
    """Give the keys that tie records: (kind, value, strength, records), the surest first."""
    gathered: dict[tuple[str, str], tuple[str, int, list[RecordRef]]] = {}
    for join in device.joins:
        _, _, refs = gathered.setdefault((join.key, join.value), (join.strength, join.score_mbit, []))
        for ref in join.ends:
            if ref not in refs:
                refs.append(ref)
    ranked = sorted(gathered.items(), key=lambda item: (-item[1][1], item[0]))
    return [(kind, value, strength, tuple(refs)) for (kind, value), (strength, _, refs) in ranked]


def firm_claims(report: DeviceReport, device: Device) -> dict[RecordRef, list[tuple[str, str]]]:
    """Give for each record whom it names, from the contradiction or else from the verdicts."""
    said = claims_of(device)
    if device.contradictions:
        return said
    for verdict in device.verdicts:
        name = device_labels.short_firm(
            report, verdict.covered_through[-1] if verdict.covered_through else verdict.entity
        )
        for item in verdict.evidence:
            entry = ("firm", name)
            if entry not in said.setdefault(item.record, []):
                said[item.record].append(entry)
    return said


def picture(report: DeviceReport, device: Device, identity: str) -> str:
    """Draw a device.

    Args:
        report: names the inputs.
        device: what to draw.
        identity: prefix of ids inside the picture; unique in the page.
    """
    records = device.records[:MOST_ROWS]
    lanes = lanes_of(device)[:MOST_LANES]
    said = firm_claims(report, device)
    rows = {record.ref: place for place, record in enumerate(records)}
    width = _LEFT + _LANE * len(lanes) + _CLAIMS
    height = _TOP + _ROW * len(records)
    drawing = [
        f'<svg class="chart device" role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'aria-labelledby="{identity}-t {identity}-d" focusable="false">'
        f'<title id="{identity}-t">Evidence of {safe.html(device.name, 80)}</title>'
        f'<desc id="{identity}-d">{safe.html(_said(report, device, lanes, said), None)}</desc>'
        f'<text x="0" y="16" class="head">Record</text>'
        f'<text x="{_LEFT + _LANE * len(lanes) + 10}" y="16" class="head">Maker it names</text>'
    ]
    for number in range(len(records)):
        y = _TOP + _ROW * number
        if number % 2 == 0:
            drawing.append(f'<rect x="0" y="{y - 4}" width="{width}" height="{_ROW}" class="band"/>')
    for place, (kind, value, strength, refs) in enumerate(lanes):
        drawing.append(_lane(place, kind, value, strength, [rows[ref] for ref in refs if ref in rows]))
    for number, record in enumerate(records):
        drawing.append(
            _row(report, record, number, _LEFT + _LANE * len(lanes) + 10, said.get(record.ref, []))
        )
    drawing.append("</svg>")
    return "".join(drawing)


def _middle(number: int) -> int:
    return _TOP + _ROW * number + _ROW // 2 - 4


def _lane(place: int, kind: str, value: str, strength: str, rows: Sequence[int]) -> str:
    x = _LEFT + _LANE * place + _LANE // 2
    style = "tie" if strength == "exact" else "tie scored"
    shown = device_labels.key_value(kind, value)
    parts = [
        f'<text x="{x}" y="16" class="head" text-anchor="middle">{safe.html(_LANE_HEADS.get(kind, kind), None)}</text>'
        f'<text x="{x}" y="33" class="axis" text-anchor="middle">{safe.html(_short(shown), None)}</text>'
    ]
    if len(rows) > 1:
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{_middle(min(rows))}" y2="{_middle(max(rows))}" class="{style}"/>'
        )
    parts += [f'<circle cx="{x}" cy="{_middle(row)}" r="6" class="dot"/>' for row in rows]
    return "".join(parts)


_LANE_HEADS = {
    "stated": "stated", "serial": "serial", "mac": "MAC", "asset_tag": "tag", "same_scan": "scan", "same_row": "row",
    "recorder_channel": "channel", "order_line": "order", "ip_time": "IP, time", "likeness": "likeness", "hostname": "name",
    "ip": "IP", "model": "model",
}  # fmt: skip


def _short(text: str) -> str:
    """Keep the end of a long value: it is what tells two of a kind apart."""
    return text if len(text) <= 12 else "…" + text[-11:]


def _row(
    report: DeviceReport, record: SeenRecord, number: int, at: int, said: Sequence[tuple[str, str]]
) -> str:
    y = _middle(number)
    source = device_labels.SOURCE_WORDS.get(record.source, record.source)
    place = device_labels.place(report.scan.inputs, record.ref)
    kind = said[0][0] if said else "none"
    names = ", ".join(name for _, name in said[:2]) + (f" +{len(said) - 2}" if len(said) > 2 else "")
    return (
        shape(record.source, 12, y)
        + f'<text x="30" y="{y - 3}" class="label">{safe.html(source[:1].upper() + source[1:], None)}</text>'
        + f'<text x="30" y="{y + 14}" class="axis">{safe.html(_fit_end(place, 30), None)}</text>'
        + mark(kind, at + 10, y)
        + f'<text x="{at + 28}" y="{y + 5}" class="label">'
        + f"{safe.html(fit(visible(names or 'names none'), 30).rstrip(), None)}</text>"
    )


def _fit_end(text: str, width: int) -> str:
    return text if len(text) <= width else "…" + text[-(width - 1) :]


def _said(
    report: DeviceReport,
    device: Device,
    lanes: Sequence[tuple[str, str, str, tuple[RecordRef, ...]]],
    said: dict[RecordRef, list[tuple[str, str]]],
) -> str:
    """Say in words what the picture shows."""
    parts = []
    for record in device.records:
        names = ", ".join(name for _, name in said.get(record.ref, ())) or "no maker"
        source = device_labels.SOURCE_WORDS.get(record.source, record.source)
        parts.append(f"{source}, {device_labels.place(report.scan.inputs, record.ref)}, names {names}")
    for kind, value, strength, refs in lanes:
        places = " and ".join(device_labels.place(report.scan.inputs, ref) for ref in refs)
        parts.append(
            f"{device_labels.KEY_WORDS.get(kind, kind)} {device_labels.key_value(kind, value)} ties {places} ({strength})"
        )
    if len(device.records) > MOST_ROWS:
        parts.append(f"{len(device.records) - MOST_ROWS} more records are not drawn")
    return visible("; ".join(parts), 3_000)
