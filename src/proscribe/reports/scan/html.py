"""The answer as one HTML file: no script, no request, for a screen, a phone, paper and a screen reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from proscribe.model.findings import Band, Evidence, Finding
from proscribe.model.pictures import Crops
from proscribe.model.results import Scan
from proscribe.reports import answer
from proscribe.reports.scan import charts, determinations, labels, page
from proscribe.rules.answer_words import headline
from proscribe.wording.html import trusted

#: Findings written in full; what is beyond is counted and pointed to.
MAX_FINDINGS = 2_000

_BARS_SHOWN = 12


def to_html(scan: Scan, *, max_findings: int = MAX_FINDINGS, crops: Crops | None = None) -> str:
    """Write `scan` as one self-contained page.

    Args:
        scan: the answer.
        max_findings: most findings written in full, surest first; the page says how many are left out.
        crops: what is seen in pictures where findings stand; without them nothing of pictures is shown.
    """
    return "".join(html_pieces(scan, max_findings=max_findings, crops=crops))


def html_pieces(scan: Scan, *, max_findings: int = MAX_FINDINGS, crops: Crops | None = None) -> Iterator[str]:
    """Write the page of `to_html` piece by piece."""
    live = [one for one in scan.findings if one.ignored is None]
    ignored = [one for one in scan.findings if one.ignored is not None]
    shown = sorted(live, key=lambda one: (-one.band.rank, labels.firm_of(one)))[:max_findings]
    groups: dict[tuple[Band, str], list[Finding]] = {}
    for one in shown:
        groups.setdefault((one.band, labels.firm_of(one)), []).append(one)
    used = {fact for one in shown for item in (*one.evidence, *one.against) for fact in item.facts}
    saying = determinations.Saying(scan) if scan.decided is not None else None
    return page.pieces(
        "scan.html.j2",
        page.style_sheet("scan/report.css"),
        scan=scan,
        saying=saying,
        headline="" if saying is None else headline(saying.answer),
        verdict="" if saying is None else trusted(answer.html_body(saying.answer)),
        live=live,
        ignored=ignored,
        shown=shown,
        counts=labels.count(scan),
        limits=_limits(scan),
        breakdowns=_breakdowns(scan, live),
        groups=list(groups.items()),
        mention_kinds=sorted(Counter((one.kind, one.entity) for one in scan.mentions).items()),
        noted=[fact for fact in sorted(used) if fact in scan.fact_notes],
        crops=crops or Crops(),
        steps_of=_steps_of,
        waterfall=lambda *drawn: trusted(charts.waterfall(*drawn)),
        contents=(
            ("summary", "Summary" if saying is None else "What was found", True),
            ("overview", "By firm, band and site", live),
            ("rules", "Findings by what the law says", saying is not None),
            ("findings", "Findings and evidence", live),
            ("mentions", "Mentions", scan.mentions),
            ("aside", "Set aside", ignored),
            ("read", "What was read", True),
            ("blind", "Blind spots", True),
            ("not-checked", "What was not checked", True),
            ("how", "How to read this", True),
            ("knowledge", "Knowledge and sources", True),
        ),
    )


def _limits(scan: Scan) -> list[str]:
    lossy = sum(issue.lossy for one in scan.inputs for issue in one.issues)
    unread = sum(len(table.unread) for one in scan.inputs for table in one.tables)
    said = (
        (lossy, "place", "in the input could not be read"),
        (unread, "column", "was not read" if unread == 1 else "were not read"),
        (len(scan.not_checked), "thing", f"{'was' if len(scan.not_checked) == 1 else 'were'} not checked"),
    )
    return [f"{labels.plural(number, noun)} {rest}" for number, noun, rest in said if number]


def _breakdowns(scan: Scan, live: Sequence[Finding]) -> list[dict[str, Any]]:
    """Count the findings by firm, and by maker, site and input where these differ."""
    ways: list[tuple[str, Callable[[Finding], str], bool]] = [
        ("firm", lambda one: labels.short_name(scan, labels.firm_of(one)), True),
        (
            "maker",
            lambda one: labels.firm_words(scan, one),
            {one.entity for one in live} != {labels.firm_of(one) for one in live},
        ),
        (
            "site",
            lambda one: one.details.site or "no site in the record",
            any(one.details.site is not None for one in live),
        ),
        ("input", lambda one: labels.file_name(scan.inputs[one.input].path), len(scan.inputs) > 1),
    ]
    return [_breakdown(key, label_of, live) for key, label_of, wanted in ways if wanted]


def _breakdown(key: str, label_of: Callable[[Finding], str], live: Sequence[Finding]) -> dict[str, Any]:
    cells: dict[str, Counter[str]] = {}
    for one in live:
        cells.setdefault(label_of(one), Counter())[one.band.value] += 1
    ranked = sorted(
        cells.items(),
        key=lambda item: (-item[1]["confirmed"], -item[1]["probable"], -item[1].total(), item[0]),
    )
    drawn, rest = ranked[:_BARS_SHOWN], ranked[_BARS_SHOWN:]
    if rest:
        drawn = [*drawn, (f"{len(rest):,} others", sum((numbers for _, numbers in rest), Counter()))]
    bars = [
        charts.Bar(label, tuple((band.value, numbers[band.value]) for band in labels.BANDS))
        for label, numbers in drawn
    ]
    title = f"Findings by {key}"
    chart = trusted(charts.stacked_bars(f"by-{key}", title, bars))
    return {"key": key, "title": title, "chart": chart, "rows": ranked}


def _steps_of(one: Finding) -> list[charts.Step]:
    """Turn the evidence of a finding, strongest first, into steps; only the first of a group counts."""
    return [
        *_steps(sorted(one.evidence, key=lambda item: -item.weight_mbit)),
        *_steps(sorted(one.against, key=lambda item: item.weight_mbit)),
    ]


def _steps(ranked: Sequence[Evidence]) -> Iterator[charts.Step]:
    seen: set[str] = set()
    for one in ranked:
        label = f"{labels.matcher_words(one.matcher)}: {one.found}"
        yield charts.Step(label, one.weight_mbit, counted=one.group not in seen)
        if one.group:
            seen.add(one.group)
