"""The device graph as one HTML file: no script, no request, for a screen, a phone, paper and a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from proscribe.model.devices import Contradiction, Device, DeviceReport, DeviceVerdict, Join
from proscribe.model.findings import Finding
from proscribe.reports.devices import labels as device_labels
from proscribe.reports.devices.picture import mark, picture, shape
from proscribe.reports.scan import html as page
from proscribe.reports.scan import labels
from proscribe.wording.shown import visible

#: Devices written in full, and rows of any one table; what is beyond is counted and pointed to.
MAX_DEVICES = 500
MAX_ROWS = 500


@cache
def _own_style() -> str:
    return files("proscribe.reports.devices").joinpath("devices.css").read_text(encoding="utf-8")


def to_html(report: DeviceReport, *, max_devices: int = MAX_DEVICES) -> str:
    """Write `report` as one self-contained page.

    Args:
        report: the answer.
        max_devices: most devices written in full, contradictions and the surest first.
    """
    return "".join(_page(report, max_devices))


def _contested(device: Device) -> bool:
    return any(not item.explained for item in device.contradictions)


def _page(report: DeviceReport, max_devices: int) -> Iterator[str]:
    found = [one for one in report.devices if one.verdicts or one.contradictions]
    ranked = sorted(found, key=lambda one: (not _contested(one), -(one.band.rank if one.band else 0)))
    shown = ranked[:max_devices]
    scan = report.scan
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{page.CSP}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>Devices, {page.safe(scan.as_of)}: {labels.plural(len(found), 'device')} of listed firms</title>\n"
        f"<style>\n{page.style_sheet()}{_own_style()}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the report</a>\n'
    )
    yield from _top(report)
    yield from _contents(report, found)
    yield '<main id="main">\n'
    yield from _summary(report)
    yield from _devices(report, found, shown)
    yield from _rest(report)
    yield from _loose(report)
    yield from _joins(report)
    yield from _purchases(report)
    yield from page.blind_spots_section(report.blind_spots)
    yield from _notes(report)
    yield from _kinds(report)
    yield from page.inputs_section(scan)
    yield from page.not_checked_section(scan)
    yield from _how()
    yield "</main>\n"
    yield (
        f"<footer><div><p class='small'>Written by Proscribe {page.safe(scan.proscribe)}, knowledge "
        f"{page.safe(scan.knowledge.version)}, from the files named above, without any network. It says what the "
        "records say, and is not legal advice.</p></div></footer>\n</body>\n</html>\n"
    )


def _top(report: DeviceReport) -> Iterator[str]:
    scan = report.scan
    names = ", ".join(page.safe(labels.file_name(one.path), 80) for one in scan.inputs[:6])
    if len(scan.inputs) > 6:
        names += f" and {len(scan.inputs) - 6:,} more"
    yield (
        '<header class="top"><div>\n<p class="brand">Proscribe</p>\n<h1>One device behind many records</h1>\n'
        f'<p class="lead">{escape(device_labels.sentence(report))}</p>\n'
        f'<p class="small">From {names or "no input"}. Law and ownership as of {page.safe(scan.as_of)}. '
        f"Knowledge {page.safe(scan.knowledge.version)}.</p>\n</div></header>\n"
    )


def _contents(report: DeviceReport, found: Sequence[Device]) -> Iterator[str]:
    links = [("summary", "Summary")]
    if any(_contested(one) for one in found):
        links.append(("contradictions", "Contradictions"))
    if found:
        links.append(("devices", "Devices and evidence"))
    links.append(("rest", "Nothing recognised"))
    if report.loose:
        links.append(("loose", "Findings without a device"))
    if report.open_joins:
        links.append(("joins", "Joins to decide"))
    if report.purchases:
        links.append(("purchases", "Purchases"))
    links += [
        ("blind", "Blind spots"), ("read", "What was read"), ("not-checked", "What was not checked"),
        ("how", "How to read this"),
    ]  # fmt: skip
    items = "".join(f'<li><a href="#{target}">{text}</a></li>' for target, text in links)
    yield f'<nav class="toc" aria-label="Contents"><ul>{items}</ul></nav>\n'


def _summary(report: DeviceReport) -> Iterator[str]:
    counts = report.summary
    yield '<section aria-labelledby="summary"><h2 id="summary">Summary</h2>\n<ul class="counts">\n'
    for band in labels.BANDS:
        yield (
            f'<li class="{band.value}"><b>{counts[band.value]:,}</b> {page.band_tag(band)}'
            f"<br>{labels.BAND_MEANING[band]}</li>\n"
        )
    for key, title, meaning in (
        ("open_contradictions", "contradictions", "records of one device that name different makers"),
        ("corroborated", "corroborated", "three or more independent kinds of evidence agree"),
        ("suggested_joins", "joins suggested", "too weak to be applied; a person decides"),
    ):
        yield f"<li><b>{counts[key]:,}</b> <strong>{title}</strong><br>{meaning}</li>\n"
    yield "</ul>\n"
    yield (
        '<div class="notice"><p><strong>Limits of this answer:</strong> records are joined only by keys that tell '
        "devices apart. A device that no record names by such a key stays alone, and may be counted twice. See "
        '<a href="#blind">blind spots</a> and <a href="#not-checked">what was not checked</a>.</p></div>\n</section>\n'
    )


def _devices(report: DeviceReport, found: Sequence[Device], shown: Sequence[Device]) -> Iterator[str]:
    contested = [one for one in shown if _contested(one)]
    if contested:
        yield '<section aria-labelledby="contradictions"><h2 id="contradictions">Contradictions</h2>\n'
        yield (
            "<p>The records of these devices name different makers. A label clears nothing: the test is who produced "
            "the unit. Nor does a network part clear a label.</p>\n"
        )
        yield _legend()
        for one in contested:
            yield from _device(report, one, is_open=len(contested) <= 5)
        yield "</section>\n"
    rest = [one for one in shown if not _contested(one)]
    if rest:
        yield '<section aria-labelledby="devices"><h2 id="devices">Devices and evidence</h2>\n'
        if len(shown) < len(found):
            yield (
                f'<div class="notice"><p><strong>Only {len(shown):,} of {len(found):,} devices are written here, '
                "surest first.</strong> All of them are in the data: <code>-o json=FILE</code>.</p></div>\n"
            )
        if not contested:
            yield _legend()
        for band in labels.BANDS:
            members = [one for one in rest if one.band is band]
            if members:
                yield f'<h3 id="b-{band.value}">{band.value.capitalize()} ({len(members):,})</h3>\n'
                yield f"<p>{labels.BAND_MEANING[band].capitalize()}. {labels.BAND_ACTION[band]}</p>\n"
                for one in members:
                    yield from _device(report, one, is_open=len(rest) <= 2)
        yield "</section>\n"


def _legend() -> str:
    def sign(drawn: str) -> str:
        return f'<svg class="chart device sign" width="20" height="20" aria-hidden="true" focusable="false">{drawn}</svg>'

    items = (
        (shape("inventory", 10, 10), "paper: inventory, purchase"),
        (shape("recorder", 10, 10), "recorder"),
        (shape("network_scan", 10, 10), "network"),
        (mark("firm", 10, 10), "names a listed firm"),
        (mark("other", 10, 10), "names another maker"),
        (mark("none", 10, 10), "names no maker"),
        ('<line x1="10" x2="10" y1="1" y2="19" class="tie"/>', "exact key"),
        ('<line x1="10" x2="10" y1="1" y2="19" class="tie scored"/>', "scored or stated"),
    )
    return (
        '<ul class="legend" aria-label="Shapes in the pictures">'
        + "".join(f"<li>{sign(drawn)} {text}</li>" for drawn, text in items)
        + "</ul>\n"
    )


def _device(report: DeviceReport, one: Device, *, is_open: bool) -> Iterator[str]:
    identity = page.slug(one.id)
    band = one.band
    site = f", {page.safe(one.site, 80)}" if one.site else ""
    what = (
        "; ".join(escape(device_labels.what(report, verdict)) for verdict in one.verdicts[:2])
        or "makers named differ"
    )
    standing = device_labels.standing(one)
    yield (
        f'<details class="finding {band.value if band else ""}" id="{identity}"{" open" if is_open else ""}><summary>'
        f"{page.band_tag(band) if band else ''} <strong>{page.safe(one.name, 80)}</strong>{site}: {what}"
        + (f' <span class="standing">{escape(standing)}</span>' if standing else "")
        + (
            f'<span class="where">labelled and bought as: {page.safe(one.label, 200)}</span>'
            if one.label
            else ""
        )
        + "</summary>\n<div>\n"
    )
    for item in one.contradictions:
        yield from _contradiction(report, item)
    yield (
        "<figure><figcaption>Records of this device, and what ties them</figcaption>\n"
        f'<div class="scroll" role="region" aria-label="Picture of the evidence of {page.safe(one.name, 60)}" tabindex="0">'
        f"{picture(report, one, f'p-{identity}')}</div>\n</figure>\n"
    )
    for verdict in one.verdicts:
        yield from _verdict(report, one, verdict)
    yield from _facts(one)
    yield from _records(report, one)
    yield from _device_joins(report, one)
    yield "</div></details>\n"


def _contradiction(report: DeviceReport, item: Contradiction) -> Iterator[str]:
    title = "Sold under another badge" if item.explained else "The records contradict each other"
    kind = "explained" if item.explained else "open"
    yield f'<div class="clash {kind}"><p><strong>{title}.</strong> {page.safe(item.what)}</p>\n<dl class="sides">'
    for side in item.sides:
        claims = "".join(
            f"<li>{escape(device_labels.ASPECT_WORDS[claim.aspect])}: {page.quoted(claim.found, 100)} "
            f'<span class="small">{escape(device_labels.place(report, claim.record))}, {page.safe(claim.column, 60)}</span></li>'
            for claim in side.claims
        )
        note = "listed firm" if side.covered else "another maker or badge"
        known = (
            f"<br><span class='small'>known to be sold on that firm's units: "
            f"{', '.join(f'<code>{page.safe(fact, 100)}</code>' for fact in side.explained_by)}</span>"
            if side.explained_by
            else ""
        )
        yield f"<dt>{page.safe(side.name, 80)} <span class='small'>({note})</span>{known}</dt><dd><ul>{claims}</ul></dd>"
    yield "</dl>\n"
    if not item.explained:
        looks = "".join(f"<li>{page.safe(one)}</li>" for one in item.look_at)
        yield f"<p><strong>To settle, look at:</strong></p><ul>{looks}</ul>\n"
    yield "</div>\n"


def _verdict(report: DeviceReport, one: Device, verdict: DeviceVerdict) -> Iterator[str]:
    path = " → ".join(escape(labels.name_of(report.scan, entity)) for entity in verdict.covered_through)
    sources = ", ".join(device_labels.SOURCE_WORDS.get(kind, kind) for kind in verdict.sources)
    yield (
        f"<p>{page.band_tag(verdict.band)} <strong>{escape(device_labels.what(report, verdict))}.</strong> "
        f"{page.safe(verdict.why)}</p>\n<p class='small'>{path.rstrip('.')}. Evidence from: {escape(sources)}."
        + (
            f" On the lists {', '.join(f'<code>{page.safe(name, 60)}</code>' for name in verdict.lists)}."
            if verdict.lists
            else ""
        )
        + "</p>\n"
    )
    for question in verdict.questions:
        yield f'<p class="ask"><strong>To settle:</strong> {page.safe(question)}</p>\n'
    seen: set[str] = set()
    items = []
    for item in verdict.evidence:
        group = item.evidence.group
        counted = not group or group not in seen
        seen.add(group)
        weight = labels.bits(item.evidence.weight_mbit)
        items.append(
            f"<li>{page.quoted(item.evidence.found, 120)} in <span class='quote'>{page.safe(item.evidence.field, 60)}</span>"
            f" ({escape(device_labels.place(report, item.record))}): {page.safe(item.evidence.why)} "
            f"<span class='weight'>{weight if counted else f'({weight}, counted already)'} bits</span></li>"
        )
    yield f"<ul class='plain'>{''.join(items[:40])}</ul>\n"
    yield from page.left_out(len(items) - 40, "signals")
    if verdict.against:
        against = "".join(
            f"<li>{page.quoted(item.evidence.found, 120)} ({escape(device_labels.place(report, item.record))}): "
            f"{page.safe(item.evidence.why)}</li>"
            for item in verdict.against[:20]
        )
        yield f"<p><strong>What speaks against it</strong></p><ul class='plain'>{against}</ul>\n"


def _facts(one: Device) -> Iterator[str]:
    facts = [
        (
            device_labels.KEY_WORDS.get(key.kind.value, key.kind.value),
            page.safe(device_labels.key_value(key.kind.value, key.value), 120),
        )
        for key in one.keys[:20]
    ]
    if one.units > 1:
        facts.append(("units", f"{one.units:,}, listed on one line"))
    facts.append(("device id", f"<code>{page.safe(one.id, 60)}</code>"))
    yield (
        '<dl class="facts">'
        + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
        + "</dl>\n"
    )


def _records(report: DeviceReport, one: Device) -> Iterator[str]:
    yield "<details class='more'><summary>What each record says</summary>\n"
    yield from page.table(
        f"Records of {visible(one.name, 60)}",
        [("Record", False), ("Kind", False), ("Seen", False), ("It says", False)],
        (
            [
                escape(device_labels.place(report, record.ref)),
                escape(device_labels.SOURCE_WORDS.get(record.source, record.source)),
                escape(" to ".join(dict.fromkeys(record.seen))),
                "; ".join(f"{page.safe(name, 40)}: {page.quoted(text, 100)}" for name, text in record.says),
            ]
            for record in one.records[:MAX_ROWS]
        ),
    )
    yield from page.left_out(len(one.records) - MAX_ROWS, "records")
    yield "</details>\n"


def _device_joins(report: DeviceReport, one: Device) -> Iterator[str]:
    if not one.joins:
        yield "<p class='small'>No other record names this device by a key that would tell it apart.</p>\n"
        return
    yield "<details class='more'><summary>Why these records are one device</summary>\n"
    yield from _join_table(report, one.joins, f"Joins of {visible(one.name, 60)}", state=False)
    yield "<p class='small'>Take one back with <code>--without-join ID</code>.</p></details>\n"


def _join_table(report: DeviceReport, joins: Sequence[Join], caption: str, *, state: bool) -> Iterator[str]:
    heads = [("Records", False), ("They share", False), ("How sure", False), ("Join", False)]
    if state:
        heads.insert(2, ("State", False))

    def cells(join: Join) -> list[str]:
        made = [
            f"{escape(device_labels.place(report, join.left))} and {escape(device_labels.place(report, join.right))}",
            f"{page.safe(join.why)}: {page.quoted(device_labels.key_value(join.kind.value, join.value), 100)}",
            f"{escape(join.strength)}, {labels.bits(join.score_mbit)} bits",
            f"<code>{page.safe(join.id, 40)}</code>",
        ]
        if state:
            said = {"suggested": "suggested", "refused": "not joined", "undone": "taken back"}
            made.insert(
                2,
                f"<strong>{said.get(join.state.value, join.state.value)}</strong>: {page.safe(join.because)}",
            )
        return made

    yield from page.table(caption, heads, (cells(join) for join in joins[:MAX_ROWS]))
    yield from page.left_out(len(joins) - MAX_ROWS, "joins")


def _rest(report: DeviceReport) -> Iterator[str]:
    rest = [one for one in report.devices if not (one.verdicts or one.contradictions)]
    yield '<section aria-labelledby="rest"><h2 id="rest">Nothing recognised</h2>\n'
    if not rest:
        yield "<p>Every device has a finding.</p></section>\n"
        return
    yield (
        f"<p>{labels.plural(len(rest), 'device')} in which nothing of a listed firm was recognised. That clears none "
        "of them.</p>\n<details class='more'><summary>List them</summary>\n"
    )
    yield from page.table(
        "Devices without a finding",
        [("Device", False), ("Site", False), ("Labelled and bought as", False), ("Evidence from", False)],
        (
            [
                page.safe(one.name, 80),
                page.safe(one.site, 80),
                page.safe(one.label, 160),
                escape(", ".join(device_labels.SOURCE_WORDS.get(kind, kind) for kind in one.sources)),
            ]
            for one in rest[:MAX_ROWS]
        ),
    )
    yield from page.left_out(len(rest) - MAX_ROWS, "devices")
    yield "</details></section>\n"


def _loose(report: DeviceReport) -> Iterator[str]:
    wanted = set(report.loose)
    loose = sorted((one for one in report.scan.findings if one.id in wanted), key=lambda one: -one.band.rank)
    if not loose:
        return
    yield '<section aria-labelledby="loose"><h2 id="loose">Findings without a device</h2>\n'
    yield (
        "<p>Parts, software, vendors, and purchases that no device explains. Their evidence is in the report of "
        "<code>proscribe scan</code>.</p>\n"
    )

    def cells(one: Finding) -> list[str]:
        return [
            page.band_tag(one.band) + (" set aside" if one.ignored is not None else ""),
            escape(labels.place(report.scan, one)),
            " ".join(page.quoted(text, 60) for text in labels.found_texts(one, 2)),
            escape(labels.role_words(report.scan, one)),
            page.safe(labels.reasons(one), 300),
            "<br>".join(page.safe(question, 300) for question in one.questions[:3]),
        ]

    yield from page.table(
        "Findings that belong to no device",
        [
            ("Band", False),
            ("Where", False),
            ("Found", False),
            ("What", False),
            ("Why", False),
            ("What has to be settled", False),
        ],
        (cells(one) for one in loose[:MAX_ROWS]),
    )
    yield from page.left_out(len(loose) - MAX_ROWS, "findings")
    yield "</section>\n"


def _joins(report: DeviceReport) -> Iterator[str]:
    if not report.open_joins:
        return
    yield '<section aria-labelledby="joins"><h2 id="joins">Joins to decide</h2>\n'
    yield (
        "<p>Records that may be one device. Nothing was joined here: the key is weak, more than one record fits, "
        "something speaks against it, or a person took it back. Say which is true in a file and give it with "
        "<code>--joins FILE</code>.</p>\n"
    )
    yield from _join_table(report, report.open_joins, "Joins that were not applied", state=True)
    yield "</section>\n"


def _purchases(report: DeviceReport) -> Iterator[str]:
    if not report.purchases:
        return
    names = {one.id: one.name for one in report.devices}
    odd = [one for one in report.purchases if one.missing or one.overdrawn]
    yield '<section aria-labelledby="purchases"><h2 id="purchases">Purchases</h2>\n'
    yield (
        f"<p>{labels.plural(len(report.purchases), 'line')} bought equipment; "
        f"{labels.plural(len(odd), 'line')} and the devices do not match.</p>\n"
    )
    yield from page.table(
        "Purchase lines and the devices they explain",
        [
            ("Line", False), ("What was bought", False), ("Bought", True), ("Found", True), ("Missing", True),
            ("Too many", True), ("Devices", False),
        ],
        (
            [
                page.safe(one.order_line or device_labels.place(report, one.record.ref), 60),
                "; ".join(page.safe(text, 80) for _, text in (one.record.says[3:7] or one.record.says[:4])),
                f"{one.quantity:,}" if one.quantity is not None else "not said",
                f"{len(one.devices):,}",
                f"{one.missing:,}" if one.missing else "",
                f"{one.overdrawn:,}" if one.overdrawn else "",
                ", ".join(page.safe(names.get(device, device), 40) for device in one.devices[:12])
                + (f" and {len(one.devices) - 12:,} more" if len(one.devices) > 12 else ""),
            ]
            for one in sorted(report.purchases, key=lambda one: (not one.missing, not one.overdrawn))[:MAX_ROWS]
        ),
    )  # fmt: skip
    yield from page.left_out(len(report.purchases) - MAX_ROWS, "purchase lines")
    yield "</section>\n"


def _notes(report: DeviceReport) -> Iterator[str]:
    if report.notes:
        yield "<h3>Keys that were not used</h3>\n<ul>"
        yield "".join(f"<li>{page.safe(note)}</li>" for note in report.notes[:MAX_ROWS])
        yield "</ul>\n"
        yield from page.left_out(len(report.notes) - MAX_ROWS, "notes")


def _kinds(report: DeviceReport) -> Iterator[str]:
    yield '<section aria-labelledby="kinds"><h2 id="kinds">Kinds of evidence</h2>\n'
    yield "<p>Records of two kinds are independent sources; two files of one kind are not.</p>\n"
    yield from page.table(
        "Inputs by kind of evidence",
        [("Input", False), ("Sheet", False), ("Kind", False), ("Records", True)],
        (
            [
                page.safe(report.scan.inputs[number].path, 160),
                page.safe(sheet, 60),
                escape(device_labels.SOURCE_WORDS.get(kind, kind)),
                f"{records:,}",
            ]
            for number, sheet, kind, records in report.kinds[:MAX_ROWS]
        ),
    )
    yield from page.left_out(len(report.kinds) - MAX_ROWS, "tables")
    yield "</section>\n"


def _how() -> Iterator[str]:
    yield '<section aria-labelledby="how"><h2 id="how">How to read this</h2>\n'
    yield (
        "<p>Records are joined by exact keys first: serial number, MAC address, asset tag. Then by keys made of two "
        "parts: a channel of a recorder, an IP address on the same day, an order line. Weak keys are joined only when "
        "several agree and one record fits alone. Two serial numbers, two MAC addresses that are not on one board, or "
        "two tags keep records apart.</p>\n"
        "<p>The evidence of all records is added up as if it stood in one record; what says the same counts once. A "
        "device is never less than its best record, but for one case: a firm that only labels and papers name is not "
        "confirmed while the device itself names another maker. It is more than its best record only when records of "
        "two kinds support each other, and confirmed is not reached over a contradiction.</p>\n"
    )
    yield from page.table(
        "Bands",
        [("Band", False), ("Meaning", False), ("What to do", False)],
        ([page.band_tag(band), labels.BAND_MEANING[band], labels.BAND_ACTION[band]] for band in labels.BANDS),
    )
    yield "</section>\n"
