"""The device graph as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proscribe.model.devices import Device, DeviceReport, Join, PurchaseLine
from proscribe.model.findings import Band, Finding
from proscribe.reports.devices import labels as device_labels
from proscribe.reports.scan import labels
from proscribe.wording.shown import counted, hanging, visible, wrap

_COLOURS = {Band.CONFIRMED: "1;31", Band.PROBABLE: "1;33", Band.POSSIBLE: "1;36"}
_MOST = 50
_JOINS_SHOWN = 12


def to_table(report: DeviceReport, *, width: int = 100, colour: bool = False, show_all: bool = False) -> str:
    """Write `report` for a terminal.

    Args:
        report: the answer.
        width: cells to a line; at least 40 are used.
        colour: whether to use ANSI colours; meaning never hangs on them.
        show_all: whether devices without findings and long lists are shown in full.
    """
    width = max(width, 40)
    limit = 10**9 if show_all else _MOST
    lines = list(_lines(report, width, colour, limit, show_all))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _lines(report: DeviceReport, width: int, colour: bool, limit: int, show_all: bool) -> Iterator[str]:
    scan = report.scan
    yield from wrap(
        f"Proscribe {scan.proscribe} · knowledge {scan.knowledge.version} · law and ownership as of {scan.as_of} · "
        f"as known on {scan.known_as_of}",
        width,
    )
    yield ""
    yield from wrap(device_labels.sentence(report), width)
    contested = [one for one in report.devices if any(not item.explained for item in one.contradictions)]
    sections: list[tuple[str, str, Iterator[str]]] = []
    if contested:
        title = f"CONTRADICTIONS ({len(contested):,})"
        sections.append((title, "1", _contested(report, contested, width, limit)))
    for band in labels.BANDS:
        devices = [one for one in report.devices if one.band is band]
        if devices:
            title = f"{band.value.upper()} ({len(devices):,})"
            sections.append((title, _COLOURS[band], _of_band(report, band, devices, width, limit)))
    rest = [one for one in report.devices if one.band is None]
    if rest:
        sections.append((f"NOTHING RECOGNISED ({len(rest):,})", "1", _rest(report, rest, width, show_all)))
    loose = [one for one in scan.findings if one.id in set(report.loose) and one.ignored is None]
    if loose:
        title = f"FINDINGS THAT BELONG TO NO DEVICE ({len(loose):,})"
        sections.append((title, "1", _loose(report, loose, width, limit)))
    if report.open_joins:
        title = f"JOINS THAT A PERSON MAY DECIDE ({len(report.open_joins):,})"
        sections.append((title, "1", _open_joins(report, width, show_all)))
    odd = [one for one in report.purchases if one.missing or one.overdrawn]
    if odd:
        sections.append(("PURCHASES THAT DEVICES DO NOT MATCH", "1", _purchases(report, odd, width, limit)))
    sections.append(("BLIND SPOTS", "1", _blind_spots(report, width, limit)))
    sections.append(("READ", "1", _read(report, width, limit)))
    for title, code, lines in sections:
        yield ""
        yield _paint(title, code, colour)
        yield from lines
    yield ""
    yield from wrap("All the evidence, with a picture of each device: -o html=devices.html", width)


def _contested(report: DeviceReport, devices: Sequence[Device], width: int, limit: int) -> Iterator[str]:
    for device in devices[:limit]:
        yield from _contradictions(report, device, width)
    yield from _more(len(devices) - limit, "devices with contradictions", width)


def _of_band(
    report: DeviceReport, band: Band, devices: Sequence[Device], width: int, limit: int
) -> Iterator[str]:
    for device in devices[:limit]:
        yield from _device(report, device, width)
    yield from _more(len(devices) - limit, f"{band.value} devices", width)


def _rest(report: DeviceReport, devices: Sequence[Device], width: int, show_all: bool) -> Iterator[str]:
    if not show_all:
        yield from hanging("devices without a finding; list them with --all", width, "  ", "  ")
        return
    for device in devices:
        yield from hanging(_head(report, device), width, "  ", "    ")


def _loose(report: DeviceReport, loose: Sequence[Finding], width: int, limit: int) -> Iterator[str]:
    said = "parts, software, vendors, purchases and letters; all about them: proscribe scan"
    yield from hanging(said, width, "  ", "  ")
    for finding in sorted(loose, key=lambda one: -one.band.rank)[:limit]:
        found = ", ".join(visible(text, 60) for text in labels.found_texts(finding, 2))
        place, role = labels.place(report.scan, finding), labels.role_words(report.scan, finding)
        yield from hanging(f"{finding.band.value}: {place}: {found}, {role}", width, "  ", "    ")
        if finding.path:
            names = " > ".join(visible(name, 60) for name in finding.path)
            yield from hanging(f"contains it: {names}", width, "      ", "        ")
        yield from _questions(finding.questions, width)
    yield from _more(len(loose) - limit, "findings", width)


def _questions(questions: Sequence[str], width: int) -> Iterator[str]:
    """Write the first question, and how many more there are."""
    if questions:
        more = f" (and {len(questions) - 1} more)" if len(questions) > 1 else ""
        yield from hanging(f"? {visible(questions[0], 200)}{more}", width, "      ", "        ")


def _open_joins(report: DeviceReport, width: int, show_all: bool) -> Iterator[str]:
    most = len(report.open_joins) if show_all else _JOINS_SHOWN
    for join in report.open_joins[:most]:
        yield from hanging(_join(report, join), width, "  ", "    ")
    yield from _more(len(report.open_joins) - most, "open joins", width)


def _purchases(report: DeviceReport, odd: Sequence[PurchaseLine], width: int, limit: int) -> Iterator[str]:
    for line in odd[:limit]:
        number = "an unknown number" if line.quantity is None else f"{line.quantity:,}"
        said = "; ".join(text for _, text in line.record.says[:4])
        over = f", {line.overdrawn:,} more than bought" if line.overdrawn else ""
        name = line.order_line or device_labels.place(report.scan.inputs, line.record.ref)
        bought = f"{name}: {number} bought, {len(line.devices):,} found{over} · {visible(said, 120)}"
        yield from hanging(bought, width, "  ", "    ")
    yield from _more(len(odd) - limit, "purchase lines", width)


def _blind_spots(report: DeviceReport, width: int, limit: int) -> Iterator[str]:
    for unseen in labels.blind_spots(report.blind_spots)[:limit]:
        yield from hanging(unseen, width, "  - ", "    ")
    if not report.blind_spots:
        yield from hanging("none was counted; what was never looked at cannot be counted", width, "  ", "  ")
    for note in report.notes:
        yield from hanging(visible(note, 400), width, "  - ", "    ")


def _read(report: DeviceReport, width: int, limit: int) -> Iterator[str]:
    inputs = report.scan.inputs
    for position, sheet, kind, records in report.kinds:
        where = visible(inputs[position].path, 160) + (f", sheet '{visible(sheet, 40)}'" if sheet else "")
        said = f"{counted(records, 'record')} as {device_labels.SOURCE_WORDS.get(kind, kind)}"
        yield from hanging(f"{where}: {said}", width, "  ", "    ")
    for one in inputs:
        for note in labels.gaps(one)[:limit]:
            yield from hanging(f"{visible(labels.file_name(one.path), 80)}: {note}", width, "  ! ", "    ")


def _more(left_out: int, what: str, width: int) -> Iterator[str]:
    if left_out > 0:
        yield from hanging(
            f"… and {left_out:,} more {what}; see all with --all or -o json=FILE", width, "  ", "    "
        )


def _head(report: DeviceReport, device: Device) -> str:
    site = f", {visible(device.site, 60)}" if device.site else ""
    label = f" · {visible(device.label, 120)}" if device.label else ""
    kinds = ", ".join(device_labels.SOURCE_WORDS.get(kind, kind) for kind in device.sources)
    return f"{visible(device.name, 60)}{site}{label} [{kinds}]"


def _device(report: DeviceReport, device: Device, width: int) -> Iterator[str]:
    yield from hanging(_head(report, device), width, "  ", "    ")
    for verdict in device.verdicts:
        marks = " · corroborated" if verdict.corroborated else ""
        found = ", ".join(dict.fromkeys(visible(item.found, 40) for item in verdict.evidence[:3]))
        yield from hanging(
            f"{verdict.band.value}: {device_labels.what(report, verdict)}{marks}: {found}",
            width,
            "      ",
            "        ",
        )
        if verdict.lifted_from is not None or verdict.why.startswith(("Stays", "Not")):
            yield from hanging(verdict.why, width, "      ", "        ")
        yield from _questions(verdict.questions, width)


def _contradictions(report: DeviceReport, device: Device, width: int) -> Iterator[str]:
    yield from hanging(_head(report, device), width, "  ", "    ")
    for item in device.contradictions:
        for said in device_labels.claim_words(report.scan.inputs, item):
            yield from hanging(said, width, "      ", "        ")
        yield from hanging("look at: " + "; ".join(item.look_at[:2]), width, "      ", "        ")


def _join(report: DeviceReport, join: Join) -> str:
    state = device_labels.JOIN_STATE_WORDS.get(join.state.value, join.state.value)
    return (
        f"{state} {join.id}: {device_labels.place(report.scan.inputs, join.left)} and "
        f"{device_labels.place(report.scan.inputs, join.right)}: {visible(join.why, 160)} "
        f"({device_labels.key_value(join.key, join.value)}); {visible(join.because, 200)}"
    )
