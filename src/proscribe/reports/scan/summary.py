"""The answer as one screen of a terminal: what was found, what to look at, what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from proscribe.model.findings import Band, Finding
from proscribe.model.results import Scan
from proscribe.reports import answer
from proscribe.reports.scan import determinations, labels
from proscribe.reports.scan.leading import leading
from proscribe.reports.scan.order import devices_first
from proscribe.wording.errors import message
from proscribe.wording.shown import counted, display_width, fit, visible, wrap

#: Lines of a screen; with the law's answer on it, what it says takes as many again.
SCREEN = 24
#: Firms and reasons of decisions that are named; the rest is counted.
_FIRMS, _REASONS = 6, 3
#: How many findings and unread things are named, the first that a screen has room for; the first of all says unread things whole.
_NAMED = ((5, 4), (5, 4), (5, 3), (5, 2), (4, 2), (3, 2), (3, 1), (2, 1), (1, 1))
_BELOW_THE_LAW = 8
#: Findings of each band among which the first are chosen.
_CONSIDERED = 200
#: The issue of a list that looks like what the program wrote from findings.
_ANSWERED = "E549"
#: How files are left out as this program's own, of which so many are named.
_OWN, _OWN_SHOWN = ("E105.made_here", "E105.ours"), 3
_BOLD, _COLOURS = "1", {"confirmed": "1;31", "probable": "1;33", "possible": "1;36"}


def to_summary(scan: Scan, *, width: int = 100, colour: bool = False) -> str:
    """Write `scan` as a screenful; `to_table` has the rest.

    Args:
        scan: the answer.
        width: cells to a line; at least 40 are used.
        colour: whether to use ANSI colours; meaning never hangs on them.
    """
    width = max(width, 40)
    return "\n".join(line.rstrip() for line in _lines(scan, width, colour)) + "\n"


def _lines(scan: Scan, width: int, colour: bool) -> Iterator[str]:
    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    saying = determinations.Saying(scan) if scan.decided is not None else None
    if saying is not None:
        yield from answer.text_lines(saying.answer, width, screen=SCREEN - 2, short=True)
        yield ""
    counted = [saying.counted()] if saying is not None else []
    said = [
        *([f"{labels.about(scan)}:"] if scan.about else []),
        labels.sentence(scan),
        *counted,
        _counted_again(scan),
        _left_out(scan),
        f"Law and ownership as of {scan.as_of}; knowledge {scan.knowledge.version}.",
    ]
    chosen = leading(scan, _CONSIDERED)
    findings = sum(chosen.in_all.values()) if saying is None else 0
    first = _first(scan, [one for ones in chosen.bands.values() for one in ones]) if findings else []
    unread = [*_unread(scan), *labels.blind_spots(scan.blind_spots), *scan.not_checked]
    answered = " Your file, answered: -o xlsx=FILE." if len(scan.inputs) == 1 else ""
    last = [
        "", *wrap(f"Every finding: --all. To search and print: -o html=report.html.{answered}", width),
    ]  # fmt: skip

    def named(most: int, most_unread: int, *, short: bool) -> Iterator[str]:
        if findings:
            yield from ("", paint("FOUND", _BOLD), *_firms(scan, width), "", paint("LOOK AT FIRST", _BOLD))
            for one in first[:most]:
                yield from _row(scan, one, width, paint(f"{one.band.value:<9}", _COLOURS[one.band.value]))
            if findings > most:
                yield f"  … and {findings - most:,} more: see --all"
        if chosen.set_aside:
            yield ""
            yield paint(f"SET ASIDE BY DECISION ({chosen.set_aside_in_all:,})", _BOLD)
            yield from _set_aside(chosen.set_aside, width)
        if unread:
            cut = short or len(unread) > most_unread
            counted = (
                f"{min(most_unread, len(unread))} of {len(unread):,}; whole: --all"
                if cut
                else f"{len(unread):,}"
            )
            yield ""
            yield paint(f"NOT READ, NOT SEEN OR NOT CHECKED ({counted})", _BOLD)
            yield from _told(unread[:most_unread], width, short=cut)

    head = list(wrap(" ".join(filter(None, said)), width))
    # the last line of a screen is that on which one types; below the law's answer the rest is brief
    room = SCREEN - 1 - len(head) - len(last) if saying is None else _BELOW_THE_LAW
    parts = ([*named(*most, short=place > 0)] for place, most in enumerate(_NAMED))
    yield from head
    yield from next((part for part in parts if len(part) <= room), [*named(*_NAMED[-1], short=True)])
    yield from last


def _told(texts: Sequence[str], width: int, *, short: bool) -> Iterator[str]:
    """Name unread things; `short` in a line each."""
    for text in texts:
        lines = list(wrap(visible(text, 600), width - 6))
        if short:
            lines = [lines[0] + " …"] if lines[1:] else lines
        yield from (f"  - {line}" if not place else f"    {line}" for place, line in enumerate(lines))


def _first(scan: Scan, findings: list[Finding]) -> list[Finding]:
    """Choose the findings to look at first: the surest, of each firm in turn."""
    turns: Counter[tuple[Band, str]] = Counter()
    ranked: list[tuple[tuple[int, int], int, Finding]] = []
    for one in sorted(findings, key=lambda one: devices_first(scan, one)):
        turn = one.band, labels.firm_of(one)
        ranked.append(((-one.band.rank, turns[turn]), len(ranked), one))
        turns[turn] += 1
    return [one for *_, one in sorted(ranked)[: _NAMED[0][0]]]


def _firms(scan: Scan, width: int) -> Iterator[str]:
    """Write a line a firm, the most of it first: how many of each band."""
    cells: dict[str, Counter[str]] = {}
    for (band, _, firm, _), number in scan.tally().live.items():
        cells.setdefault(labels.short_name(scan, firm), Counter())[band.value] += number
    ranked = sorted(cells.items(), key=lambda item: (-item[1].total(), item[0]))
    size = min(max(display_width(name) for name, _ in ranked), width // 3)
    for name, numbers in ranked[:_FIRMS]:
        said = ", ".join(
            f"{numbers[band.value]:,} {band.value}" for band in labels.BANDS if numbers[band.value]
        )
        yield f"  {numbers.total():>7,}  {fit(name, size)}  {said}"
    if len(ranked) > _FIRMS:
        rest = ranked[_FIRMS:]
        yield f"  {len(rest):,} more firms, {counted(sum(one.total() for _, one in rest), 'finding')}"


def _row(scan: Scan, one: Finding, width: int, band: str) -> Iterator[str]:
    texts = labels.found_texts(one, 2)
    firm = labels.short_name(scan, one.entity).casefold()
    # the name of the firm stands before them
    texts = [text for text in texts if text.casefold() != firm] or texts
    found = ", ".join(visible(text, 40) for text in texts)
    names = [labels.file_name(item.path) for item in scan.inputs]
    path = scan.inputs[one.input].path
    name = names[one.input] if names.count(names[one.input]) == 1 else path
    said = f"{labels.role_words(scan, one)}: {found} · {visible(name, 80)} {labels.known_by(one)}"
    lines = list(wrap(said, width - 13))
    yield f"  {band}  {lines[0]}"
    yield from (" " * 13 + line for line in lines[1:])


def _set_aside(findings: Sequence[Finding], width: int) -> Iterator[str]:
    """Name why findings count for nothing, and who says so: a decision that nobody knows of hides what is there."""
    reasons = Counter(
        (one.ignored.reason, one.ignored.by) for one in findings if one.ignored is not None
    ).most_common()
    for (reason, by), number in reasons[:_REASONS]:
        lines = list(wrap(f"{number:,}: {visible(reason, 200)} ({visible(by, 60)})", width - 4))
        yield from (f"  - {line}" if not place else f"    {line}" for place, line in enumerate(lines))
    if len(reasons) > _REASONS:
        yield f"  … and {len(reasons) - _REASONS:,} more reasons: see --all"


def _counted_again(scan: Scan) -> str:
    """Say that lists look like what the program wrote; an empty text where none does."""
    held = sum(any(issue.code == _ANSWERED for issue in one.issues) for one in scan.inputs)
    if not held:
        return ""
    lists = "1 of the inputs looks" if held == 1 else f"{held:,} of the inputs look"
    return f"{lists} like what this program wrote ({_ANSWERED}); the rows count again: keep it in a folder that is not scanned."


def _left_out(scan: Scan) -> str:
    """Name the files that were left out as this program's own, by marks that anybody can type; an empty text where none was."""
    marks = [message(name, {"sha256": ""}).says.partition(" SHA-256")[0] for name in _OWN]
    names = [
        labels.file_name(one.path)
        for one in scan.inputs
        if any(issue.what.startswith(tuple(marks)) for issue in one.issues)
    ]
    if not names:
        return ""
    more = f" and {len(names) - _OWN_SHOWN:,} more" if len(names) > _OWN_SHOWN else ""
    shown = ", ".join(visible(name, 80) for name in names[:_OWN_SHOWN])
    return f"Left out as files of Proscribe, with no finding in them (E105): {shown}{more}."


def _unread(scan: Scan) -> Iterator[str]:
    """Say what of the inputs could not be read at all, file by file; what is only doubtful stands in the table."""
    for one in scan.inputs:
        for issue in one.issues:
            if issue.lossy:
                yield f"{labels.file_name(one.path)}: {issue.code} {issue.at}: {issue.what}"
