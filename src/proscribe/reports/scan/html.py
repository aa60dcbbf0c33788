"""The answer as one HTML file: no script, no request, for a screen, a phone, paper and a screen reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from proscribe.model.findings import Band, Contained, Evidence, Finding, Role
from proscribe.model.observations import BlindSpot
from proscribe.model.results import Scan, ScannedInput
from proscribe.reports.scan import charts, determinations, labels
from proscribe.wording.shown import visible

#: Findings written in full, mentions and notes listed; what is beyond is counted and pointed to.
MAX_FINDINGS = 2_000
MAX_ROWS = 500

_SITES_SHOWN = 12
CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def style_sheet() -> str:
    """Give the style of every page."""
    return files("proscribe.reports.scan").joinpath("report.css").read_text(encoding="utf-8")


def safe(value: str, limit: int | None = 600) -> str:
    """Make text of unknown origin safe to place in HTML."""
    return escape(visible(value, limit))


def slug(*parts: str) -> str:
    """Make an id of letters, digits and dashes."""
    return "-".join(re.sub(r"[^A-Za-z0-9_]+", "-", part) for part in parts)


def to_html(scan: Scan, *, max_findings: int = MAX_FINDINGS) -> str:
    """Write `scan` as one self-contained page.

    Args:
        scan: the answer.
        max_findings: most findings written in full, surest first; the page says how many are left out.
    """
    return "".join(_page(scan, max_findings))


def _page(scan: Scan, max_findings: int) -> Iterator[str]:
    live = [one for one in scan.findings if one.ignored is None]
    ranked = sorted(live, key=lambda one: (-one.band.rank, labels.firm_of(one)))
    shown = ranked[:max_findings]
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>Equipment scan, {safe(scan.as_of)}: "
        f"{labels.plural(len(live), 'finding')}</title>\n<style>\n{style_sheet()}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the report</a>\n'
    )
    yield from _top(scan)
    yield from _contents(scan, live)
    yield '<main id="main">\n'
    yield from _summary(scan, live)
    if live:
        yield from _charts(scan, live)
        yield from _findings(scan, live, shown)
    yield from determinations.html_section(scan, MAX_ROWS)
    yield from _mentions(scan)
    yield from _ignored(scan)
    yield from inputs_section(scan)
    yield from blind_spots_section(scan.blind_spots)
    yield from not_checked_section(scan)
    yield from _how_to_read(scan)
    yield from _knowledge(scan, shown)
    yield "</main>\n"
    yield (
        f"<footer><div><p class='small'>Written by Proscribe {safe(scan.proscribe)} "
        "from the files named above, without any network. It says what the records say, and is not "
        "legal advice.</p></div></footer>\n"
        "</body>\n</html>\n"
    )


def _top(scan: Scan) -> Iterator[str]:
    names = ", ".join(safe(labels.file_name(one.path), 80) for one in scan.inputs[:3])
    if len(scan.inputs) > 3:
        names += f" and {len(scan.inputs) - 3:,} more"
    yield (
        '<header class="top"><div>\n<p class="brand">Proscribe</p>\n'
        f"<h1>Equipment scan of {names or 'no input'}</h1>\n"
        f'<p class="lead">{escape(labels.sentence(scan))}</p>\n'
        f'<p class="small">Law and ownership as of {safe(scan.as_of)}. '
        f"Knowledge {safe(scan.knowledge.version)}.</p>\n</div></header>\n"
    )


def _contents(scan: Scan, live: Sequence[Finding]) -> Iterator[str]:
    links = [("summary", "Summary")]
    if live:
        links += [("overview", "By firm, band and site"), ("findings", "Findings and evidence")]
    if scan.decided is not None:
        links.append(("rules", determinations.TITLE))
    if scan.mentions:
        links.append(("mentions", "Mentions"))
    if any(one.ignored is not None for one in scan.findings):
        links.append(("aside", "Set aside"))
    links += [
        ("read", "What was read"),
        ("blind", "Blind spots"),
        ("not-checked", "What was not checked"),
        ("how", "How to read this"),
        ("knowledge", "Knowledge and sources"),
    ]
    items = "".join(f'<li><a href="#{target}">{text}</a></li>' for target, text in links)
    yield f'<nav class="toc" aria-label="Contents"><ul>{items}</ul></nav>\n'


def _summary(scan: Scan, live: Sequence[Finding]) -> Iterator[str]:
    counts = labels.count(scan)
    yield '<section aria-labelledby="summary"><h2 id="summary">Summary</h2>\n<ul class="counts">\n'
    for band in labels.BANDS:
        yield (
            f'<li class="{band.value}"><b>{counts.by_band[band.value]:,}</b> {band_tag(band)}'
            f"<br>{labels.BAND_MEANING[band]}</li>\n"
        )
    yield "</ul>\n"
    if live:
        yield (
            "<p>"
            + " ".join(
                f"<strong>{band.value.capitalize()}:</strong> {labels.BAND_ACTION[band]}"
                for band in labels.BANDS
                if counts.by_band[band.value]
            )
            + "</p>\n"
        )
    lossy = sum(issue.lossy for one in scan.inputs for issue in one.issues)
    unread = sum(len(table.unread) for one in scan.inputs for table in one.tables)
    limits = []
    if lossy:
        limits.append(f"{labels.plural(lossy, 'place')} in the input could not be read")
    if unread:
        limits.append(f"{labels.plural(unread, 'column')} {'was' if unread == 1 else 'were'} not read")
    if scan.not_checked:
        limits.append(
            f"{labels.plural(len(scan.not_checked), 'thing')} "
            f"{'was' if len(scan.not_checked) == 1 else 'were'} not checked"
        )
    if limits:
        yield (
            f'<div class="notice"><p><strong>Limits of this answer:</strong> {"; ".join(limits)}. '
            'See <a href="#read">what was read</a> and <a href="#not-checked">what was not checked</a>. '
            "That nothing was found in a record does not prove that nothing is there.</p></div>\n"
        )
    yield "</section>\n"


def band_tag(band: Band) -> str:
    """Write a band in its colour."""
    return f'<span class="tag {band.value}">{band.value}</span>'


def table(
    caption: str, heads: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]], *, row_heads: bool = True
) -> Iterator[str]:
    """Write a table. Cells are HTML already; `heads` are (text, is a number)."""
    yield f'<div class="scroll" role="region" aria-label="{escape(caption, quote=True)}" tabindex="0"><table>'
    yield f"<caption>{escape(caption)}</caption><thead><tr>"
    for text, number in heads:
        yield f'<th scope="col"{" class=n" if number else ""}>{escape(text)}</th>'
    yield "</tr></thead><tbody>\n"
    for row in rows:
        yield "<tr>"
        for index, (cell, (_, number)) in enumerate(zip(row, heads, strict=True)):
            mark = ' class="n"' if number else ""
            yield f'<th scope="row">{cell}</th>' if row_heads and index == 0 else f"<td{mark}>{cell}</td>"
        yield "</tr>\n"
    yield "</tbody></table></div>\n"


def _charts(scan: Scan, live: Sequence[Finding]) -> Iterator[str]:
    yield '<section aria-labelledby="overview"><h2 id="overview">By firm, band and site</h2>\n'
    legend = "".join(
        f'<li class="{band.value}"><i aria-hidden="true"></i>{band.value}</li>' for band in labels.BANDS
    )
    yield f'<ul class="legend" aria-label="Colours of the bands">{legend}</ul>\n'
    yield from _breakdown(
        "firm", "Findings by firm", live, lambda one: labels.short_name(scan, labels.firm_of(one))
    )
    makers = {one.entity for one in live}
    if makers != {labels.firm_of(one) for one in live}:
        yield from _breakdown("maker", "Findings by maker", live, lambda one: labels.firm_words(scan, one))
    if any(one.details.site is not None for one in live):
        yield from _breakdown(
            "site", "Findings by site", live, lambda one: one.details.site or "no site in the record"
        )
    if len(scan.inputs) > 1:
        yield from _breakdown(
            "input", "Findings by input", live, lambda one: labels.file_name(scan.inputs[one.input].path)
        )
    yield "</section>\n"


def _breakdown(
    key: str, title: str, live: Sequence[Finding], label_of: Callable[[Finding], str]
) -> Iterator[str]:
    cells: dict[str, Counter[str]] = {}
    for one in live:
        cells.setdefault(label_of(one), Counter())[one.band.value] += 1
    ranked = sorted(
        cells.items(),
        key=lambda item: (-item[1]["confirmed"], -item[1]["probable"], -item[1].total(), item[0]),
    )
    rest = ranked[_SITES_SHOWN:]
    bars = [
        charts.Bar(label, tuple((band.value, numbers[band.value]) for band in labels.BANDS))
        for label, numbers in ranked[:_SITES_SHOWN]
    ]
    if rest:
        left = sum((numbers for _, numbers in rest), Counter())
        bars.append(
            charts.Bar(
                f"{len(rest):,} others", tuple((band.value, left[band.value]) for band in labels.BANDS)
            )
        )
    yield f"<figure><figcaption>{escape(title)}</figcaption>\n"
    yield charts.stacked_bars(f"by-{key}", title, bars)
    yield "\n</figure>\n<details class='more'><summary>The same as a table</summary>\n"
    rows = (
        [safe(label, 120), *(f"{numbers[band.value]:,}" for band in labels.BANDS), f"{numbers.total():,}"]
        for label, numbers in ranked[:MAX_ROWS]
    )
    heads = [(key.capitalize(), False), *((band.value, True) for band in labels.BANDS), ("all", True)]
    yield from table(title, heads, rows)
    yield from left_out(len(ranked) - MAX_ROWS, "rows")
    yield "</details>\n"


def left_out(number: int, what: str) -> Iterator[str]:
    """Say how much is not shown, and where it is."""
    if number > 0:
        yield (
            f'<div class="notice"><p><strong>{number:,} more {what} are not shown on this page.</strong> '
            "Write them all with <code>-o json=FILE</code> or <code>-o csv=FILE</code>.</p></div>\n"
        )


def _findings(scan: Scan, live: Sequence[Finding], shown: Sequence[Finding]) -> Iterator[str]:
    yield '<section aria-labelledby="findings"><h2 id="findings">Findings and evidence</h2>\n'
    if len(shown) < len(live):
        yield (
            f'<div class="notice"><p><strong>Only {len(shown):,} of {len(live):,} findings are written here, '
            f"surest first; {len(live) - len(shown):,} are not.</strong> All of them are in the data: "
            "<code>-o json=FILE</code>, <code>-o csv=FILE</code> or <code>-o xlsx=FILE</code>.</p></div>\n"
        )
    groups: dict[tuple[Band, str], list[Finding]] = {}
    for one in shown:
        groups.setdefault((one.band, labels.firm_of(one)), []).append(one)
    yield '<nav class="jump" aria-label="Findings by band and firm"><ul>'
    for (band, firm), members in groups.items():
        yield (
            f'<li><a href="#{slug("g", band.value, firm)}">{band.value}: '
            f"{escape(labels.short_name(scan, firm))} ({len(members):,})</a></li>"
        )
    yield "</ul></nav>\n"
    open_all = len(shown) <= 3
    band_now: Band | None = None
    for (band, firm), members in groups.items():
        if band is not band_now:
            band_now = band
            number = sum(one.band is band for one in live)
            yield f'<h3 id="b-{band.value}">{band.value.capitalize()} ({number:,})</h3>\n'
            yield f"<p>{labels.BAND_MEANING[band].capitalize()}. {labels.BAND_ACTION[band]}</p>\n"
        name = escape(labels.short_name(scan, firm))
        yield f'<h4 id="{slug("g", band.value, firm)}">{name}, {band.value}</h4>\n'
        for one in members:
            yield from _finding(scan, one, open_all)
    yield "</section>\n"


def quoted(found: str, limit: int = 200) -> str:
    """Quote text of a record."""
    return f"<q>{safe(found, limit)}</q>"


def _finding(scan: Scan, one: Finding, is_open: bool) -> Iterator[str]:
    identity = slug(one.id)
    hits = " ".join(quoted(text, 60) for text in labels.found_texts(one, 3))
    headline = f"{hits} {escape(labels.role_words(scan, one))}"
    record_id = f", id {safe(one.record_id, 60)}" if one.record_id is not None else ""
    yield (
        f'<details class="finding {one.band.value}" id="{identity}"{" open" if is_open else ""}>'
        f"<summary>{band_tag(one.band)} {headline} "
        f'<span class="where">{escape(labels.place(scan, one))}{record_id}</span></summary>\n<div>\n'
    )
    path = " → ".join(escape(labels.name_of(scan, entity)) for entity in one.covered_through)
    facts = [("Maker", escape(labels.name_of(scan, one.entity)))]
    if len(one.covered_through) > 1:
        facts.append(("Covered through", path))
    if one.brand is not None:
        facts.append(("Sold as", safe(one.brand, 80)))
    facts.append(("Role", f"{one.role.value.replace('_', ' ')}: {labels.ROLE_MEANING[one.role]}"))
    if one.category is not None:
        facts.append(("Kind of thing", safe(one.category.replace("_", " "), 80)))
    if one.lists:
        facts.append(("On the lists", ", ".join(f"<code>{safe(name, 60)}</code>" for name in one.lists)))
    facts += _details(one)
    facts.append(("Rests on", f"{safe(one.basis, 40)} facts"))
    facts.append(("Finding id", f"<code>{safe(one.id, 80)}</code>"))
    yield (
        '<dl class="facts">'
        + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
        + "</dl>\n"
    )
    if one.contains:
        yield from _ways(one)
    for question in one.questions:
        yield f'<p class="ask"><strong>To settle:</strong> {safe(question)}</p>\n'
    yield determinations.html_finding(scan, one)
    yield "<p><strong>Why</strong></p>\n" + _evidence_list(scan, one.evidence)
    if one.against:
        yield "<p><strong>What speaks against it</strong></p>\n" + _evidence_list(scan, one.against)
    steps = [
        *_steps(sorted(one.evidence, key=lambda item: -item.weight_mbit)),
        *_steps(sorted(one.against, key=lambda item: item.weight_mbit)),
    ]
    if steps:
        yield "<figure><figcaption>How the evidence adds up, in bits</figcaption>\n"
        title = "How the evidence adds up"
        yield charts.waterfall(f"w-{identity}", title, steps, one.total_mbit, scan.thresholds_mbit)
        yield "\n</figure>\n"
        if not all(step.counted for step in steps):
            yield (
                '<p class="small">Signals that say the same thing count once, at their strongest; '
                "the others stand in brackets.</p>\n"
            )
        if sum(step.weight_mbit for step in steps if step.counted) != one.total_mbit:
            yield (
                '<p class="small">The total is not the plain sum, since kinds of signals have a '
                "ceiling.</p>\n"
            )
    yield "</div></details>\n"


def _ways(one: Finding) -> Iterator[str]:
    """Write which found parts lie in the thing, along which way, and how many."""
    placed = any(inside.units is not None for inside in one.contains)
    rows = (
        [
            " → ".join(safe(name, 120) for name in inside.path),
            safe(inside.quantity, 60) if inside.quantity is not None else "not known",
            safe(f"{inside.cost} {inside.currency or ''}".strip(), 80)
            if inside.cost is not None
            else "not known",
            *((_at_place(inside),) if placed else ()),
            f'<a href="#{slug(inside.part)}">{safe(inside.part, 40)}</a>',
        ]
        for inside in one.contains
    )
    heads = [
        ("Way to the part", False),
        ("Parts in one", True),
        ("Their cost", True),
        *((("At this place", True),) if placed else ()),
        ("Finding on the part", False),
    ]
    yield from table("Found parts that it contains", heads, rows)
    yield from left_out(one.contained - len(one.contains), "parts")


def _at_place(inside: Contained) -> str:
    if inside.in_all is None:
        return "not known"
    cost = (
        f", {inside.cost_in_all} {inside.currency or ''}".rstrip() if inside.cost_in_all is not None else ""
    )
    return safe(f"{inside.in_all} in {inside.units}{cost}", 120)


def _steps(ranked: Sequence[Evidence]) -> Iterator[charts.Step]:
    """Turn evidence, strongest first, into steps; only the first of a group counts."""
    seen: set[str] = set()
    for one in ranked:
        label = f"{labels.matcher_words(one.matcher)}: {one.found}"
        yield charts.Step(label, one.weight_mbit, counted=one.group not in seen)
        if one.group:
            seen.add(one.group)


def _details(one: Finding) -> list[tuple[str, str]]:
    details = one.details
    cost = " ".join(part for part in (details.amount, details.currency) if part is not None)
    pairs = [
        ("Quantity", details.quantity),
        ("Unit cost", details.unit_cost),
        ("Amount", cost or None),
        ("Site", details.site),
        ("Date", details.dated_on),
        ("Serial number", details.serial_number),
    ]
    return [(name, safe(value, 120)) for name, value in pairs if value is not None]


def _evidence_list(scan: Scan, evidence: Sequence[Evidence]) -> str:
    items = []
    for one in evidence:
        sources = "".join(
            f"<br><span class='small'><code>{safe(fact, 120)}</code>"
            + (f" {safe(scan.fact_notes[fact], 400)}" if fact in scan.fact_notes else "")
            + "</span>"
            for fact in one.facts
        )
        items.append(
            f"<li>Found {quoted(one.found)} in <span class='quote'>{safe(one.field, 80)}</span>: "
            f"{safe(one.why)} <span class='weight'>({labels.bits(one.weight_mbit)} bits)</span>"
            f"{sources}</li>"
        )
    return f"<ul class='plain'>{''.join(items)}</ul>\n"


def _mentions(scan: Scan) -> Iterator[str]:
    if not scan.mentions:
        return
    yield '<section aria-labelledby="mentions"><h2 id="mentions">Mentions</h2>\n'
    yield (
        f"<p>{labels.plural(len(scan.mentions), 'record')} "
        f"{'speaks' if len(scan.mentions) == 1 else 'speak'} of a firm without being its equipment. "
        "They are not counted as findings.</p>\n"
    )
    kinds = Counter((one.kind, one.entity) for one in scan.mentions)
    yield from table(
        "Mentions by kind and firm",
        [("Kind", False), ("Firm", False), ("Meaning", False), ("Records", True)],
        (
            [
                kind.value,
                escape(labels.short_name(scan, entity)),
                labels.MENTION_MEANING[kind],
                f"{number:,}",
            ]
            for (kind, entity), number in sorted(kinds.items())
        ),
    )
    yield "<details class='more'><summary>Every mention</summary>\n"
    yield from table(
        "Mentions, record by record",
        [("Where", False), ("Kind", False), ("Firm", False), ("What it says", False)],
        (
            [
                escape(labels.place(scan, one))
                + (f", id {safe(one.record_id, 60)}" if one.record_id is not None else ""),
                one.kind.value,
                escape(labels.short_name(scan, one.entity)),
                "; ".join(safe(text, 200) for text in one.evidence),
            ]
            for one in scan.mentions[:MAX_ROWS]
        ),
    )
    yield from left_out(len(scan.mentions) - MAX_ROWS, "mentions")
    yield "</details></section>\n"


def _ignored(scan: Scan) -> Iterator[str]:
    ignored = [(one, one.ignored) for one in scan.findings if one.ignored is not None]
    if not ignored:
        return
    yield '<section aria-labelledby="aside"><h2 id="aside">Set aside by decision</h2>\n'
    yield "<p>Findings that a person or the organisation decided to ignore. They stay on record.</p>\n"
    yield from table(
        "Findings set aside",
        [("Where", False), ("Firm", False), ("Band", False), ("Reason", False), ("Decided", False)],
        (
            [
                escape(labels.place(scan, one)),
                escape(labels.firm_words(scan, one)),
                band_tag(one.band),
                safe(decision.reason),
                f"{safe(decision.by, 80)}, {safe(decision.at, 20)}"
                + (f", until {safe(decision.until, 20)}" if decision.until is not None else ""),
            ]
            for one, decision in ignored[:MAX_ROWS]
        ),
    )
    yield from left_out(len(ignored) - MAX_ROWS, "ignored findings")
    yield "</section>\n"


def inputs_section(scan: Scan) -> Iterator[str]:
    """Write what was read."""
    yield '<section aria-labelledby="read"><h2 id="read">What was read</h2>\n'
    if not scan.inputs:
        yield "<p>No input was given.</p>\n"
    for one in scan.inputs[:MAX_ROWS]:
        yield from _input(one)
    yield from left_out(len(scan.inputs) - MAX_ROWS, "inputs")
    yield "</section>\n"


_COVERAGE_WORDS = {
    "records_with_maker": "with a maker",
    "records_with_model": "with a model",
    "records_with_identifier": "with an identifier",
    "records_with_nothing_usable": "with nothing usable",
}


def _input(one: ScannedInput) -> Iterator[str]:
    yield f"<h3>{safe(one.path, 300)}</h3>\n"
    covered = ", ".join(
        f"{number:,} {_COVERAGE_WORDS.get(key, safe(key.replace('_', ' '), 60))}"
        for key, number in sorted(one.coverage.items())
    )
    facts = [
        ("Reader", safe(one.reader, 60)),
        ("Records", f"{one.records:,}" + (f" ({covered})" if covered else "")),
        ("Size", labels.plural(one.size_bytes, "byte")),
        ("SHA-256", f"<code>{safe(one.sha256, 80)}</code>"),
    ]
    yield (
        '<dl class="facts">'
        + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
        + "</dl>\n"
    )
    notes = labels.gaps(one)
    if notes:
        yield "<p><strong>Not read, or read with a doubt</strong></p>\n<ul>"
        yield "".join(f"<li>{escape(note)}</li>" for note in notes[:MAX_ROWS])
        yield "</ul>\n"
        yield from left_out(len(notes) - MAX_ROWS, "notes")
    rows = [
        [
            safe(column, 80),
            f"<code>{safe(field, 40)}</code>",
            safe(table.recognised_by.get(column, ""), 40),
            safe(table.sheet, 60) if table.sheet is not None else "",
        ]
        for table in one.tables
        for column, field in labels.read_columns(table)
    ]
    if rows:
        yield from table(
            f"Columns read in {visible(labels.file_name(one.path), 80)}",
            [("Column", False), ("Read as", False), ("Recognised by", False), ("Sheet", False)],
            rows[:MAX_ROWS],
        )
        yield from left_out(len(rows) - MAX_ROWS, "columns")


def blind_spots_section(spots: Sequence[BlindSpot]) -> Iterator[str]:
    """Write what the inputs cannot show, by kind and site."""
    yield '<section aria-labelledby="blind"><h2 id="blind">Blind spots</h2>\n'
    if not spots:
        yield (
            "<p>None was counted. What no input looks at cannot be counted: see what was not checked.</p></section>\n"
        )
        return
    yield "<p>What could be there and cannot be seen in these inputs.</p>\n"
    yield from table(
        "Blind spots by kind and site",
        [
            ("What cannot be seen", False),
            ("Site", False),
            ("Count", True),
            ("Of", True),
            ("For instance", False),
        ],
        (
            [
                safe(spot.what),
                safe(spot.site, 80) or "no site given",
                f"{spot.count:,}",
                f"{spot.of:,}" if spot.of else "",
                "; ".join(safe(example, 80) for example in spot.examples),
            ]
            for spot in spots[:MAX_ROWS]
        ),
    )
    yield from left_out(len(spots) - MAX_ROWS, "blind spots")
    yield "</section>\n"


def not_checked_section(scan: Scan) -> Iterator[str]:
    """Write what was not checked."""
    yield '<section aria-labelledby="not-checked"><h2 id="not-checked">What was not checked</h2>\n'
    if scan.not_checked:
        yield (
            "<ul>"
            + "".join(f"<li>{safe(line, 1000)}</li>" for line in scan.not_checked[:MAX_ROWS])
            + "</ul>\n"
        )
        yield from left_out(len(scan.not_checked) - MAX_ROWS, "lines")
    else:
        yield "<p>Nothing was reported as unchecked.</p>\n"
    yield (
        "<p>A scan reads what the records say. Equipment that is missing from the files, or that is "
        "described without its maker, model or an identifier, cannot be found in them.</p></section>\n"
    )


def _how_to_read(scan: Scan) -> Iterator[str]:
    yield '<section aria-labelledby="how"><h2 id="how">How to read this</h2>\n'
    thresholds: Mapping[str, int] = scan.thresholds_mbit
    heads = [("Band", False), ("Meaning", False), ("What to do", False)]
    if thresholds:
        heads.append(("Starts at", True))
    yield from table(
        "Bands",
        heads,
        (
            [
                band_tag(band),
                labels.BAND_MEANING[band],
                labels.BAND_ACTION[band],
                *(
                    [f"{labels.bits(thresholds[band.value])} bits" if band.value in thresholds else ""]
                    if thresholds
                    else []
                ),
            ]
            for band in labels.BANDS
        ),
    )
    yield (
        "<p>Each piece of evidence carries a weight in bits: one bit more doubles the odds that the finding "
        "is right, one bit less halves them. Weights add up to a total. Pieces that say the same thing "
        "count once, at their strongest. A band also asks that nothing speaks against it, so a large total "
        "alone does not make a finding confirmed.</p>\n"
    )
    yield from table(
        "Roles",
        [("Role", False), ("Meaning", False)],
        ([role.value.replace("_", " "), labels.ROLE_MEANING[role]] for role in Role),
    )
    yield "</section>\n"


def _knowledge(scan: Scan, shown: Sequence[Finding]) -> Iterator[str]:
    yield '<section aria-labelledby="knowledge"><h2 id="knowledge">Knowledge and sources</h2>\n'
    facts = [
        ("Proscribe", safe(scan.proscribe, 40)),
        ("Knowledge", safe(scan.knowledge.version, 40)),
        ("Digest", f"<code>{safe(scan.knowledge.sha256, 80)}</code>"),
        ("Law and ownership as of", safe(scan.as_of, 20)),
        ("As known on", safe(scan.known_as_of, 20)),
    ]
    if scan.knowledge.layers:
        facts.append(("Layers", safe(", ".join(scan.knowledge.layers), 400)))
    yield (
        '<dl class="facts">'
        + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
        + "</dl>\n"
    )
    used = sorted({fact for one in shown for item in (*one.evidence, *one.against) for fact in item.facts})
    noted = [fact for fact in used if fact in scan.fact_notes]
    if noted:
        yield "<details class='more'><summary>Facts used and where they come from</summary>\n"
        yield from table(
            "Facts used",
            [("Fact", False), ("What and source", False)],
            (
                [f"<code>{safe(fact, 120)}</code>", safe(scan.fact_notes[fact], 600)]
                for fact in noted[:MAX_ROWS]
            ),
        )
        yield from left_out(len(noted) - MAX_ROWS, "facts")
        yield "</details>\n"
    yield "</section>\n"
