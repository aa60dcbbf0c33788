"""The answer as text for a terminal: aligned, no wider than asked, colour only when asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

from proscribe.model.findings import Band, Finding
from proscribe.model.results import Scan
from proscribe.reports import answer
from proscribe.reports.scan import determinations, labels
from proscribe.reports.scan.leading import Leading, leading, mention_kinds
from proscribe.wording.shown import counted, display_width, fit, hanging, visible, wrap

#: Below this width a finding is written as a block of lines instead of a row.
_NARROW = 96

#: Lines of a first screen, where the law was asked: what it says stands there whole.
_SCREEN = 24
_COLOURS = {Band.CONFIRMED: "1;31", Band.PROBABLE: "1;33", Band.POSSIBLE: "1;36"}
_BOLD = "1"


class _Paint:
    """Wraps text in terminal colours, or leaves it alone."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text


def to_table(scan: Scan, *, width: int = 100, colour: bool = False, limit: int | None = 50) -> str:
    """Write `scan` for reading in a terminal.

    Args:
        scan: the answer.
        width: cells to a line; at least 40 are used.
        colour: whether to use ANSI colours; meaning never hangs on them.
        limit: most findings to show of each band, and most mentions and notes of each kind; `None`
            shows all.
    """
    limit = sys.maxsize if limit is None else limit
    width = max(width, 40)
    paint = _Paint(colour)
    lines = [
        *wrap(
            f"Proscribe {scan.proscribe} · knowledge {scan.knowledge.version} · "
            f"law and ownership as of {scan.as_of}",
            width,
        ),
        *(wrap(labels.about(scan), width) if scan.about else ()),
        "",
    ]
    saying = determinations.Saying(scan) if scan.decided is not None else None
    if saying is not None:
        lines += [*answer.text_lines(saying.answer, width, screen=_SCREEN - len(lines)), ""]
    counted = saying.counted() if saying is not None else ""
    lines += [*wrap(f"{labels.sentence(scan)} {counted}".rstrip(), width), ""]
    lines += _band_counts(scan, width, paint)
    shown = leading(scan, limit)
    for band in labels.BANDS:
        if shown.bands[band]:
            lines += ["", *_band(scan, band, shown, width, paint)]
    if saying is not None:
        lines += ["", paint("FINDINGS BY WHAT THE LAW SAYS", _BOLD)]
        lines += determinations.text_lines(saying, width, limit)
    lines += _mentions(scan, width, paint, limit)
    lines += _ignored(scan, shown, width, paint)
    lines += _what_was_read(scan, width, paint, limit)
    if scan.blind_spots:
        lines += ["", paint("BLIND SPOTS", _BOLD)]
        lines += _bullets(labels.blind_spots(scan.blind_spots), width, limit)
    lines += ["", paint("NOT CHECKED", _BOLD)]
    lines += _bullets(scan.not_checked, width, limit) or ["  nothing was reported as unchecked"]
    if len(scan.findings):
        hint = (
            "All the evidence: -o html=report.html. "
            "Your own file with the answers beside each row: -o xlsx=FILE."
        )
        lines += ["", *wrap(hint, width)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _band_counts(scan: Scan, width: int, paint: _Paint) -> list[str]:
    counts = labels.count(scan)
    lines = []
    for band in labels.BANDS:
        number = f"{counts.by_band[band.value]:>9,}"
        first, *rest = wrap(labels.BAND_MEANING[band], width - 22)
        lines.append(f"{paint(number, _COLOURS[band])}  {band.value:<10} {first}")
        lines += [" " * 22 + line for line in rest]
    return lines


def _more(left_out: int, what: str, width: int) -> list[str]:
    if left_out <= 0:
        return []
    text = f"… and {left_out:,} more {what}; see all with --all, -o json=FILE or -o html=FILE"
    return list(hanging(text, width, "  ", "    "))


def _heading(title: str, note: str, width: int, paint: _Paint) -> list[str]:
    if display_width(title) + 2 + display_width(note) <= width:
        return [f"{paint(title, _BOLD)}  {note}"]
    return [paint(title, _BOLD), *hanging(note, width, "  ", "  ")]


def _band(scan: Scan, band: Band, chosen: Leading, width: int, paint: _Paint) -> Iterator[str]:
    yield paint(f"{band.value.upper()} ({chosen.in_all[band]:,})", _COLOURS[band])
    shown = chosen.bands[band]
    for (position, sheet), group in groupby(shown, key=lambda one: (one.input, one.locator.sheet)):
        members = list(group)
        path = scan.inputs[position].path if position < len(scan.inputs) else f"input {position}"
        tail = f", sheet '{visible(sheet, 40)}'" if sheet is not None else ""
        yield from hanging(f"{visible(path, 200)}{tail}", width, "  ", "    ")
        if width < _NARROW:
            for finding in members:
                yield from _block(scan, finding, width)
        else:
            yield from _rows(scan, members, width)
    yield from _more(chosen.in_all[band] - len(shown), f"{band.value} findings", width)


def _found(finding: Finding) -> str:
    return ", ".join(visible(text, 60) for text in labels.found_texts(finding, 2))


def _record(finding: Finding) -> str:
    place = labels.host_of(finding) or visible(finding.locator.pointer or "", 60)
    return f"{finding.locator.shown_row:,} {place}".rstrip()


def _reasons(scan: Scan, finding: Finding) -> list[str]:
    """Give the two strongest reasons, what speaks against, and the first question; the rest as counts."""
    ranked = sorted(finding.evidence, key=lambda one: -one.weight_mbit)
    reasons = list(dict.fromkeys(_shortened(scan, finding, visible(one.why, 160)) for one in ranked))
    words = "; ".join(reasons[:2]) or "no evidence given"
    if len(reasons) > 2:
        words += f"; and {counted(len(reasons) - 2, 'more signal')}"
    lines = [words]
    lines += [f"against: {visible(one.why, 160)}" for one in finding.against]
    lines += [f"? {visible(one, 200)}" for one in finding.questions[:1]]
    if len(finding.questions) > 1:
        lines[-1] += f" (and {counted(len(finding.questions) - 1, 'more question')})"
    return lines


def _shortened(scan: Scan, finding: Finding, text: str) -> str:
    """Use the everyday name of a firm where a reason gives its full legal one."""
    for entity in dict.fromkeys((finding.entity, *finding.covered_through)):
        text = text.replace(labels.name_of(scan, entity), labels.short_name(scan, entity))
    return text


def _role(finding: Finding) -> str:
    sold = f", sold as {visible(finding.brand, 40)}" if finding.brand is not None else ""
    return finding.role.value.replace("_", " ") + sold


def _rows(scan: Scan, findings: Sequence[Finding], width: int) -> Iterator[str]:
    caps = {"RECORD": 16, "ID": 16, "FOUND": 24, "FIRM": 20, "ROLE": 16}
    titles = [*caps, "WHY"]
    has_rows = all(one.locator.source_row is not None for one in findings)
    cells = [
        [
            _record(one),
            visible(one.record_id or "", 40),
            _found(one),
            labels.firm_words(scan, one),
            _role(one),
        ]
        for one in findings
    ]
    if not any(row[1] for row in cells):
        for row in (titles, *cells):
            del row[1]
    titles[0] = "ROW" if has_rows else titles[0]
    widths = []
    for index, title in enumerate(titles[:-1]):
        widest = max([display_width(title), *(display_width(row[index]) for row in cells)])
        widths.append(min(widest, caps.get(title, caps["RECORD"])))
    indent = 4
    # The reason gets what is left; where that is little, the widest column gives way.
    while width - indent - sum(widths) - 2 * len(widths) < 32 and max(widths) > 10:
        widths[widths.index(max(widths))] -= 1
    rest = width - indent - sum(widths) - 2 * len(widths)
    heads = (f"{fit(title, size)}  " for title, size in zip(titles[:-1], widths, strict=True))
    yield " " * indent + "".join(heads) + titles[-1]
    for row, finding in zip(cells, findings, strict=True):
        columns = [wrap(text, size) for text, size in zip(row, widths, strict=True)]
        reason = [line for text in _reasons(scan, finding) for line in wrap(text, rest)]
        for level in range(max(len(reason), *(len(column) for column in columns))):
            left = "".join(
                f"{fit(column[level] if level < len(column) else '', size)}  "
                for column, size in zip(columns, widths, strict=True)
            )
            yield " " * indent + left + (reason[level] if level < len(reason) else "")


def _block(scan: Scan, finding: Finding, width: int) -> Iterator[str]:
    record_id = f", id {visible(finding.record_id, 40)}" if finding.record_id is not None else ""
    role = labels.role_words(scan, finding)
    firm = labels.firm_of(finding)
    through = f" (through {labels.short_name(scan, firm)})" if firm != finding.entity else ""
    kind = "record" if finding.locator.source_row is None else "row"
    head = f"{kind} {_record(finding)}{record_id}: “{_found(finding)}” {role}{through}"
    yield from hanging(head, width, "    ", "      ")
    for text in _reasons(scan, finding):
        yield from hanging(text, width, "      ", "      ")


def _bullets(texts: Sequence[str], width: int, limit: int) -> list[str]:
    lines = [line for text in texts[:limit] for line in hanging(visible(text, 600), width, "  - ", "    ")]
    return lines + _more(len(texts) - limit, "lines", width)


def _mentions(scan: Scan, width: int, paint: _Paint, limit: int) -> list[str]:
    if not len(scan.mentions):
        return []
    lines = [
        "",
        *_heading(
            f"MENTIONS ({len(scan.mentions):,})", "speak of a firm without being its equipment", width, paint
        ),
    ]
    for kind, entity, number, first in mention_kinds(scan):
        example = f", e.g. {labels.place(scan, first)}"
        if first.evidence:
            example += f": “{visible(first.evidence[0], 80)}”"
        lines += hanging(
            f"{number:,} {kind.value} · {labels.short_name(scan, entity)}{example}", width, "  ", "      "
        )
    return lines[: limit + 2] + _more(len(lines) - limit - 2, "lines", width)


def _ignored(scan: Scan, chosen: Leading, width: int, paint: _Paint) -> list[str]:
    if not chosen.set_aside_in_all:
        return []
    lines = [
        "",
        *_heading(
            f"SET ASIDE ({chosen.set_aside_in_all:,})",
            "ignored by decision, kept in the result",
            width,
            paint,
        ),
    ]
    for one in chosen.set_aside:
        assert one.ignored is not None
        until = f" until {visible(one.ignored.until, 20)}" if one.ignored.until is not None else ""
        lines += hanging(
            f"{labels.place(scan, one)} · {labels.firm_words(scan, one)} · {one.band.value}: "
            f"{visible(one.ignored.reason, 200)} ({visible(one.ignored.by, 60)}, "
            f"{visible(one.ignored.at, 20)}{until})",
            width,
            "  ",
            "    ",
        )
    return lines + _more(chosen.set_aside_in_all - len(chosen.set_aside), "ignored findings", width)


def _what_was_read(scan: Scan, width: int, paint: _Paint, limit: int) -> list[str]:
    lines = ["", paint("READ", _BOLD)]
    for one in scan.inputs[:limit]:
        used = {
            f"{visible(column, 40)} ({field})" if field != column else visible(column, 40)
            for table in one.tables
            for column, field in labels.read_columns(table)
        }
        columns = f"; columns: {', '.join(sorted(used)[:30])}" if used else ""
        if len(used) > 30:
            columns += f" and {len(used) - 30:,} more"
        lines += hanging(
            f"{visible(one.path, 200)}: {counted(one.records, 'record')}, reader {one.reader}{columns}",
            width,
            "  ",
            "    ",
        )
        for sheet, kind, why in labels.kinds_of(one)[:limit]:
            where = f"sheet '{visible(sheet, 40)}': " if sheet else ""
            lines += hanging(f"{where}{kind}{f' ({why})' if why else ''}", width, "    ", "      ")
        notes = labels.gaps(one)
        for note in notes[:limit]:
            lines += hanging(note, width, "    ! ", "      ")
        lines += _more(len(notes) - limit, f"notes on {visible(one.path, 80)}", width)
    return lines + _more(len(scan.inputs) - limit, "inputs", width)
