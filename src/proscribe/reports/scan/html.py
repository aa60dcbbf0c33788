"""The answer as one HTML file without any request, for a screen, a phone, paper and a screen reader.

The list of findings is as in the workbench, and each finding has a page of its own in the same file. Filters are rules of
style, so that they work where scripts do not run; the script adds search, order and keys.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proscribe.model.findings import Evidence, Finding
from proscribe.model.kept_findings import Chosen, Sketch, sketches
from proscribe.model.pictures import Crops
from proscribe.model.results import Scan
from proscribe.reports import answer
from proscribe.reports.scan import charts, determinations, labels, page
from proscribe.reports.scan.order import devices_first
from proscribe.rules.answer_words import headline
from proscribe.wording.html import trusted
from proscribe.wording.marked import MOST_CELLS, MOST_LETTERS, Cell, marked
from proscribe.wording.shown import counted

#: Findings written in full; what is beyond is counted and pointed to.
MAX_FINDINGS = 2_000

_BARS_SHOWN = 12

#: Options of one facet; the rest is one option.
_OPTIONS = 40


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
    seen = list(sketches(scan.findings))
    ignored = Chosen(scan.findings, [one.at for one in seen if one.ignored is not None])
    live = [one for one in seen if one.ignored is None]
    first = heapq.nsmallest(max_findings, live, lambda one: (-one.band.rank, *devices_first(scan, one)))
    shown = [scan.findings[one.at] for one in first]
    used = {fact for one in shown for item in (*one.evidence, *one.against) for fact in item.facts}
    saying = determinations.Saying(scan) if scan.decided is not None else None
    facets = tuple(_facets(scan, shown, saying))
    return page.pieces(
        "scan.html.j2",
        page.own_text("scan/report.css") + "".join(rule for one in facets for rule in one.rules()),
        script=page.own_text("scan/report.js") if live else "",
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
        facets=facets,
        row_of=row_of,
        mention_kinds=sorted(Counter((one.kind, one.entity) for one in scan.mentions).items()),
        noted=[fact for fact in sorted(used) if fact in scan.fact_notes],
        crops=crops or Crops(),
        steps_of=_steps_of,
        waterfall=lambda *drawn: trusted(charts.waterfall(*drawn)),
        contents=(
            ("findings", "Findings", live),
            ("overview", "By firm, band and site", live),
            ("rules", "Findings by what the law says", saying is not None),
            ("mentions", "Mentions", scan.mentions),
            ("aside", "Set aside", ignored),
            ("read", "What was read", True),
            ("blind", "Blind spots", True),
            ("not-checked", "What was not checked", True),
            ("evidence", "All evidence", live),
            ("columns", "How it was read", scan.inputs),
            ("how", "How to read this", True),
            ("knowledge", "Knowledge and sources", True),
        ),
    )


def row_of(
    finding: Finding, cells: int = MOST_CELLS, letters: int = MOST_LETTERS
) -> tuple[tuple[Cell, ...], int]:
    """Give the cells of the record with what was found in them marked, and how many are not shown."""
    hits = [(one.field, one.found, one.span) for one in (*finding.evidence, *finding.against)]
    return marked(finding.record, hits, cells_shown=cells, letters=letters)


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to choose among the findings of the page: a choice in a list, and the rules of style that make it work.

    Attributes:
        key: class prefix of the rows, letters.
        label: its name for people.
        options: words and number of findings, the most numerous first; the last may stand for all others.
        of: finding id to the number of its option.
    """

    key: str
    label: str
    options: tuple[tuple[str, int], ...]
    of: dict[str, int]

    def rules(self) -> Iterator[str]:
        """Yield a rule of style for each option: it hides the rows that have another."""
        for number in range(len(self.options)):
            yield f'body:has(#by-{self.key} [value="{number}"]:checked) .rows>li:not(.{self.key}-{number}){{display:none}}\n'


def _facets(scan: Scan, shown: Sequence[Finding], saying: determinations.Saying | None) -> Iterator[Facet]:
    ways: list[tuple[str, str, Callable[[Finding], str]]] = [
        ("firm", "Firm", lambda one: labels.short_name(scan, labels.firm_of(one))),
        ("site", "Site", lambda one: one.details.site or "no site in the record"),
        ("file", "File", lambda one: labels.file_name(scan.inputs[one.input].path)),
        ("role", "What it is", lambda one: labels.ROLE_WORDS[one.role]),
    ]
    if saying is not None:
        ways.insert(0, ("law", "The law says", lambda one: determinations.outcome_words(saying, one)))
    for key, label, words_of in ways:
        words = {one.id: words_of(one) for one in shown}
        ranked = sorted(Counter(words.values()).items(), key=lambda item: (-item[1], item[0]))
        options = ranked[:_OPTIONS]
        if ranked[_OPTIONS:]:
            others = f"{len(ranked) - _OPTIONS:,} others"
            options.append((others, sum(number for _, number in ranked[_OPTIONS:])))
        if len(options) > 1:
            places = {text: number for number, (text, _) in enumerate(ranked)}
            of = {name: min(places[text], _OPTIONS) for name, text in words.items()}
            yield Facet(key, label, tuple(options), of)


def _limits(scan: Scan) -> list[str]:
    lossy = sum(issue.lossy for one in scan.inputs for issue in one.issues)
    unread = sum(len(table.unread) for one in scan.inputs for table in one.tables)
    said = (
        (lossy, "place", "in the input could not be read"),
        (unread, "column", "was not read" if unread == 1 else "were not read"),
        (len(scan.not_checked), "thing", f"{'was' if len(scan.not_checked) == 1 else 'were'} not checked"),
    )
    return [f"{counted(number, noun)} {rest}" for number, noun, rest in said if number]


def _breakdowns(scan: Scan, live: Sequence[Sketch]) -> list[dict[str, Any]]:
    """Count the findings by firm, and by maker, site and input where these differ."""
    ways: list[tuple[str, Callable[[Sketch], str], bool]] = [
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


def _breakdown(key: str, label_of: Callable[[Sketch], str], live: Sequence[Sketch]) -> dict[str, Any]:
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
