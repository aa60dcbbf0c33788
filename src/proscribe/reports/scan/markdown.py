"""The answer as Markdown, for tickets, wikis and pull requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proscribe.model.findings import Finding
from proscribe.model.results import Scan
from proscribe.reports import answer
from proscribe.reports.scan import determinations, labels
from proscribe.reports.scan.leading import Leading, leading, mention_kinds
from proscribe.wording import safe
from proscribe.wording.html import MARK, marked
from proscribe.wording.shown import counted


def to_markdown(scan: Scan, *, limit: int = 500) -> str:
    """Write `scan` as Markdown, with the mark of our own output at its end.

    Args:
        scan: the answer.
        limit: most rows in any one table or list; what is beyond is counted and pointed to.
    """
    return "".join(marked((line + "\n" for line in _lines(scan, limit)), MARK))


def _more(left_out: int, what: str) -> Iterator[str]:
    if left_out > 0:
        yield ""
        yield (
            f"**{left_out:,} more {what} are not shown here.** "
            "Write them all with `-o json=FILE` or `-o csv=FILE`."
        )


def _lines(scan: Scan, limit: int) -> Iterator[str]:
    counts = labels.count(scan)
    saying = determinations.Saying(scan) if scan.decided is not None else None
    yield "# Equipment scan"
    yield ""
    if scan.about:
        yield f"**{safe.markdown(scan.about)}**"
        yield ""
    if saying is not None:
        yield from answer.markdown_lines(saying.answer, safe.markdown)
        yield ""
        yield "## What was found"
        yield ""
    of_things = saying.counted() if saying is not None else ""
    yield safe.markdown(f"{labels.sentence(scan)} {of_things}".rstrip(), None)
    yield ""
    yield (
        f"Law and ownership as of {safe.markdown(scan.as_of)}. Knowledge {safe.markdown(scan.knowledge.version)}. "
        f"Proscribe {safe.markdown(scan.proscribe)}."
    )
    yield ""
    yield "| band | findings | meaning |"
    yield "|---|---:|---|"
    for band in labels.BANDS:
        yield f"| {band.value} | {counts.by_band[band.value]:,} | {labels.BAND_MEANING[band]} |"
    shown = leading(scan, limit)
    for band in labels.BANDS:
        findings = shown.bands[band]
        if findings:
            yield ""
            yield f"## {band.value.capitalize()} ({shown.in_all[band]:,})"
            yield ""
            yield labels.BAND_ACTION[band]
            yield ""
            yield from _rows(scan, findings)
            yield from _more(shown.in_all[band] - limit, f"{band.value} findings")
    if saying is not None:
        yield ""
        yield from determinations.markdown_lines(saying, limit, safe.markdown)
    yield from _mentions(scan, limit)
    yield from _ignored(scan, shown)
    yield ""
    yield "## What was read"
    for one in scan.inputs[:limit]:
        yield ""
        yield f"- {safe.markdown(one.path)}: {counted(one.records, 'record')}, reader {safe.markdown(one.reader)}"
        notes = labels.gaps(one)
        for note in notes[:limit]:
            yield f"  - {safe.markdown(note, None)}"
        yield from _more(len(notes) - limit, "notes")
    yield from _more(len(scan.inputs) - limit, "inputs")
    yield ""
    yield "## Blind spots"
    yield ""
    unseen = labels.blind_spots(scan.blind_spots)
    for line in unseen[:limit]:
        yield f"- {safe.markdown(line, None)}"
    if not unseen:
        yield "None was counted."
    yield from _more(len(unseen) - limit, "blind spots")
    yield ""
    yield "## What was not checked"
    yield ""
    for line in scan.not_checked[:limit]:
        yield f"- {safe.markdown(line, 600)}"
    if not scan.not_checked:
        yield "Nothing was reported as unchecked."
    yield from _more(len(scan.not_checked) - limit, "lines")


def _rows(scan: Scan, findings: Sequence[Finding]) -> Iterator[str]:
    yield "| where | record id | found | firm | role | why | ask |"
    yield "|---|---|---|---|---|---|---|"
    for one in findings:
        reasons = list(
            dict.fromkeys(item.why for item in sorted(one.evidence, key=lambda item: -item.weight_mbit))
        )
        reasons += [f"against: {item.why}" for item in one.against]
        cells = (
            safe.markdown(labels.place(scan, one)),
            safe.markdown(one.record_id or "", 60),
            ", ".join(safe.markdown(text, 80) for text in labels.found_texts(one, 3)),
            safe.markdown(labels.firm_words(scan, one)),
            one.role.value.replace("_", " ")
            + (f", sold as {safe.markdown(one.brand, 60)}" if one.brand else ""),
            "; ".join(safe.markdown(reason) for reason in reasons),
            " ".join(safe.markdown(question) for question in one.questions),
        )
        yield f"| {' | '.join(cells)} |"


def _mentions(scan: Scan, limit: int) -> Iterator[str]:
    if not len(scan.mentions):
        return
    yield ""
    yield f"## Mentions ({len(scan.mentions):,})"
    yield ""
    yield "Records that speak of a firm without being its equipment."
    yield ""
    yield "| kind | firm | records | example |"
    yield "|---|---|---:|---|"
    kinds = list(mention_kinds(scan))
    for kind, entity, number, first in kinds[:limit]:
        example = safe.markdown(labels.place(scan, first))
        if first.evidence:
            example += f": {safe.markdown(first.evidence[0], 120)}"
        yield f"| {kind.value} | {safe.markdown(labels.short_name(scan, entity))} | {number:,} | {example} |"
    yield from _more(len(kinds) - limit, "kinds")


def _ignored(scan: Scan, chosen: Leading) -> Iterator[str]:
    if not chosen.set_aside:
        return
    yield ""
    yield f"## Set aside ({chosen.set_aside_in_all:,})"
    yield ""
    yield "| where | firm | band | reason | decided |"
    yield "|---|---|---|---|---|"
    for one in chosen.set_aside:
        decision = one.ignored
        assert decision is not None
        until = f", until {safe.markdown(decision.until)}" if decision.until is not None else ""
        yield (
            f"| {safe.markdown(labels.place(scan, one))} | {safe.markdown(labels.firm_words(scan, one))} "
            f"| {one.band.value} | {safe.markdown(decision.reason)} "
            f"| {safe.markdown(decision.by)}, {safe.markdown(decision.at)}{until} |"
        )
    yield from _more(chosen.set_aside_in_all - len(chosen.set_aside), "ignored findings")
