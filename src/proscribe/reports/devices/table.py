"""The device graph as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proscribe.model.devices import Device, DeviceReport, Join, JoinState
from proscribe.model.findings import Band
from proscribe.reports.devices import labels as device_labels
from proscribe.reports.scan import labels
from proscribe.wording.shown import visible, wrap

_COLOURS = {Band.CONFIRMED: "1;31", Band.PROBABLE: "1;33", Band.POSSIBLE: "1;36"}
_MOST = 50


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


def _hanging(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    for number, line in enumerate(wrap(text, width - len(rest))):
        yield (rest if number else first) + line


def _lines(report: DeviceReport, width: int, colour: bool, limit: int, show_all: bool) -> Iterator[str]:
    scan = report.scan
    yield from wrap(
        f"Proscribe {scan.proscribe} · knowledge {scan.knowledge.version} · law and ownership as of {scan.as_of}",
        width,
    )
    yield ""
    yield from wrap(device_labels.sentence(report), width)
    contested = [one for one in report.devices if any(not item.explained for item in one.contradictions)]
    if contested:
        yield ""
        yield _paint(f"CONTRADICTIONS ({len(contested):,})", "1", colour)
        for device in contested[:limit]:
            yield from _contradictions(report, device, width)
        yield from _more(len(contested) - limit, "devices with contradictions", width)
    for band in labels.BANDS:
        devices = [one for one in report.devices if one.band is band]
        if devices:
            yield ""
            yield _paint(f"{band.value.upper()} ({len(devices):,})", _COLOURS[band], colour)
            for device in devices[:limit]:
                yield from _device(report, device, width)
            yield from _more(len(devices) - limit, f"{band.value} devices", width)
    rest = [one for one in report.devices if one.band is None]
    if rest:
        yield ""
        yield _paint(f"NOTHING RECOGNISED ({len(rest):,})", "1", colour)
        if show_all:
            for device in rest:
                yield from _hanging(_head(report, device), width, "  ", "    ")
        else:
            yield from _hanging("devices without a finding; list them with --all", width, "  ", "  ")
    loose = [one for one in scan.findings if one.id in set(report.loose) and one.ignored is None]
    if loose:
        yield ""
        yield _paint(f"FINDINGS THAT BELONG TO NO DEVICE ({len(loose):,})", "1", colour)
        said = "parts, software, vendors and purchases; all about them: proscribe scan"
        yield from _hanging(said, width, "  ", "  ")
        for finding in sorted(loose, key=lambda one: -one.band.rank)[:limit]:
            found = ", ".join(visible(text, 60) for text in labels.found_texts(finding, 2))
            yield from _hanging(
                f"{finding.band.value}: {labels.place(scan, finding)}: {found}, {labels.role_words(scan, finding)}",
                width, "  ", "    ",
            )  # fmt: skip
            if finding.path:
                names = " > ".join(visible(name, 60) for name in finding.path)
                yield from _hanging(f"contains it: {names}", width, "      ", "        ")
            if finding.questions:
                more = f" (and {len(finding.questions) - 1} more)" if len(finding.questions) > 1 else ""
                question = visible(finding.questions[0], 200)
                yield from _hanging(f"? {question}{more}", width, "      ", "        ")
        yield from _more(len(loose) - limit, "findings", width)
    if report.open_joins:
        yield ""
        yield _paint(f"JOINS THAT A PERSON MAY DECIDE ({len(report.open_joins):,})", "1", colour)
        for join in report.open_joins[: min(limit, len(report.open_joins))][: None if show_all else 12]:
            yield from _hanging(_join(report, join), width, "  ", "    ")
        if not show_all:
            yield from _more(len(report.open_joins) - 12, "open joins", width)
    lines = [one for one in report.purchases if one.missing or one.overdrawn]
    if lines:
        yield ""
        yield _paint("PURCHASES THAT DEVICES DO NOT MATCH", "1", colour)
        for line in lines[:limit]:
            number = "an unknown number" if line.quantity is None else f"{line.quantity:,}"
            said = "; ".join(text for _, text in line.record.says[:4])
            yield from _hanging(
                f"{line.order_line or device_labels.place(report, line.record.ref)}: {number} bought, "
                f"{len(line.devices):,} found"
                + (f", {line.overdrawn:,} more than bought" if line.overdrawn else "")
                + f" · {visible(said, 120)}",
                width, "  ", "    ",
            )  # fmt: skip
        yield from _more(len(lines) - limit, "purchase lines", width)
    yield ""
    yield _paint("BLIND SPOTS", "1", colour)
    for unseen in labels.blind_spots(report.blind_spots)[:limit]:
        yield from _hanging(unseen, width, "  - ", "    ")
    if not report.blind_spots:
        yield from _hanging("none was counted; what was never looked at cannot be counted", width, "  ", "  ")
    for note in report.notes:
        yield from _hanging(visible(note, 400), width, "  - ", "    ")
    yield ""
    yield _paint("READ", "1", colour)
    for position, sheet, kind, records in report.kinds:
        where = visible(scan.inputs[position].path, 160) + (
            f", sheet '{visible(sheet, 40)}'" if sheet else ""
        )
        yield from _hanging(
            f"{where}: {labels.plural(records, 'record')} as {device_labels.SOURCE_WORDS.get(kind, kind)}",
            width,
            "  ",
            "    ",
        )
    for one in scan.inputs:
        for note in labels.gaps(one)[:limit]:
            yield from _hanging(f"{visible(labels.file_name(one.path), 80)}: {note}", width, "  ! ", "    ")
    yield ""
    yield from wrap("All the evidence, with a picture of each device: -o html=devices.html", width)


def _more(left_out: int, what: str, width: int) -> Iterator[str]:
    if left_out > 0:
        yield from _hanging(
            f"… and {left_out:,} more {what}; see all with --all or -o json=FILE", width, "  ", "    "
        )


def _head(report: DeviceReport, device: Device) -> str:
    site = f", {visible(device.site, 60)}" if device.site else ""
    label = f" · {visible(device.label, 120)}" if device.label else ""
    kinds = ", ".join(device_labels.SOURCE_WORDS.get(kind, kind) for kind in device.sources)
    return f"{visible(device.name, 60)}{site}{label} [{kinds}]"


def _device(report: DeviceReport, device: Device, width: int) -> Iterator[str]:
    yield from _hanging(_head(report, device), width, "  ", "    ")
    for verdict in device.verdicts:
        marks = " · corroborated" if verdict.corroborated else ""
        found = ", ".join(dict.fromkeys(visible(item.evidence.found, 40) for item in verdict.evidence[:3]))
        yield from _hanging(
            f"{verdict.band.value}: {device_labels.what(report, verdict)}{marks}: {found}",
            width,
            "      ",
            "        ",
        )
        if verdict.lifted_from is not None or verdict.why.startswith(("Stays", "Not")):
            yield from _hanging(verdict.why, width, "      ", "        ")
        if verdict.questions:
            more = f" (and {len(verdict.questions) - 1} more)" if len(verdict.questions) > 1 else ""
            yield from _hanging(f"? {visible(verdict.questions[0], 200)}{more}", width, "      ", "        ")


def _contradictions(report: DeviceReport, device: Device, width: int) -> Iterator[str]:
    yield from _hanging(_head(report, device), width, "  ", "    ")
    for item in device.contradictions:
        for said in device_labels.claim_words(report, item):
            yield from _hanging(said, width, "      ", "        ")
        yield from _hanging("look at: " + "; ".join(item.look_at[:2]), width, "      ", "        ")


def _join(report: DeviceReport, join: Join) -> str:
    state = {
        JoinState.SUGGESTED: "suggested",
        JoinState.REFUSED: "not joined",
        JoinState.UNDONE: "taken back",
    }
    return (
        f"{state.get(join.state, join.state.value)} {join.id}: {device_labels.place(report, join.left)} and "
        f"{device_labels.place(report, join.right)}: {visible(join.why, 160)} "
        f"({device_labels.key_value(join.kind.value, join.value)}); {visible(join.because, 200)}"
    )


__all__: Sequence[str] = ("to_table",)
