"""The words every report of a scan shares: bands, roles, places, counts, the summary sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from proscribe.model.findings import Band, Contained, Evidence, Finding, Locator, Mention, MentionKind, Role
from proscribe.model.kept_findings import Sketch
from proscribe.model.observations import BlindSpot, Table
from proscribe.model.results import Counts, Scan, ScannedInput
from proscribe.model.results import firm_of as firm_of
from proscribe.wording.shown import counted as counted
from proscribe.wording.shown import visible

BANDS = (Band.CONFIRMED, Band.PROBABLE, Band.POSSIBLE)

BAND_MEANING = {
    Band.CONFIRMED: "an identifier or several independent signals, and nothing against",
    Band.PROBABLE: "one strong signal",
    Band.POSSIBLE: "a sign that a person needs to check",
}

BAND_ACTION = {
    Band.CONFIRMED: "Treat it as equipment of the firm unless you can show otherwise.",
    Band.PROBABLE: "Check the device or the supplier's papers.",
    Band.POSSIBLE: "Answer the question shown with the finding before you rely on either answer.",
}

ROLE_WORDS = {
    Role.MADE_BY: "made by",
    Role.RELABEL: "relabel of",
    Role.COMPONENT: "component of",
    Role.SERVICE: "service of",
    Role.FORMERLY: "said to be gone, made by",
}

ROLE_MEANING = {
    Role.MADE_BY: "the firm, or a company of its group, made the thing under its own name",
    Role.RELABEL: "the firm made it; it is sold under another name",
    Role.COMPONENT: "another firm's product that holds a part made by the firm",
    Role.SERVICE: "a service supplied by the firm",
    Role.FORMERLY: "removed, sold or returned, by the words of the record, which prove nothing",
}

MENTION_MEANING = {
    MentionKind.ACCESSORY: "an accessory for the firm's equipment",
    MentionKind.COMPATIBLE: "said to be compatible with the firm's equipment",
    MentionKind.NEGATED: "said not to be the firm's equipment",
    MentionKind.COMPETITOR: "named beside the firm as a competitor or replacement",
    MentionKind.SOFTWARE: "software that talks to the firm's equipment",
    MentionKind.REFERENCE: "speaks of the firm without being its equipment",
}

_MATCHER_WORDS = {
    "entity_name": "name",
    "brand": "brand",
    "person": "a person's reading",
    "relabel": "relabel",
    "model_number": "model number",
    "phone": "phone model",
    "oui": "MAC prefix",
    "pen": "SNMP number",
    "cpe": "CPE",
    "purl": "package URL",
    "usb": "USB id",
    "usb_id": "USB id",
    "pci_id": "PCI id",
    "bluetooth_id": "Bluetooth company number",
    "fcc": "FCC id",
    "fcc_id": "FCC id",
    "fingerprint": "fingerprint",
    "chip": "chip",
    "certificate": "certificate",
    "hostname": "host name",
    "joined": "number of another list",
}


def matcher_words(matcher: str) -> str:
    """Say for people what kind of signal a matcher raises."""
    return _MATCHER_WORDS.get(matcher, matcher.replace("_", " "))


def count(scan: Scan) -> Counts:
    """Count records, findings and mentions of `scan`."""
    return scan.counts()


def name_of(scan: Scan, entity: str) -> str:
    """Give the name to show for an entity id."""
    return visible(scan.entity_names.get(entity, entity), 120)


def short_name(scan: Scan, entity: str) -> str:
    """Give the everyday part of a name: `Hikvision` of `Hangzhou Hikvision Digital Technology Co., Ltd.`

    It is the part of the name that the entity's id is made of; where there is none, the whole name.
    """
    return everyday_name(entity, scan.entity_names.get(entity, entity))


def everyday_name(entity: str, name: str) -> str:
    """Give the everyday part of the name of an entity, as `short_name`."""
    core = re.search(r"\b" + r"[\s-]+".join(map(re.escape, entity.split("-"))) + r"\b", name, re.IGNORECASE)
    return visible(core.group() if core is not None else name, 60)


def firm_words(scan: Scan, finding: Finding | Sketch) -> str:
    """Name the entity, and the firm it belongs to where that is another."""
    name = short_name(scan, finding.entity)
    firm = firm_of(finding)
    return name if firm == finding.entity else f"{name} (through {short_name(scan, firm)})"


def role_words(scan: Scan, finding: Finding) -> str:
    """Say how the firm relates to the thing, the badge included: `relabel of Dahua, sold as Lorex`."""
    words = f"{ROLE_WORDS[finding.role]} {short_name(scan, finding.entity)}"
    if finding.brand is not None:
        words += f", sold as {visible(finding.brand, 60)}"
    return words


def place(scan: Scan, where: Finding | Mention) -> str:
    """Say where a record stands: input, sheet, record or pointer.

    A single input goes by its file name; of several, two may share a file name, so the path is given.
    """
    path = scan.inputs[where.input].path if where.input < len(scan.inputs) else f"input {where.input}"
    shown = file_name(path) if len(scan.inputs) == 1 else path
    return f"{visible(shown, 160)} {known_by(where)}"


def known_by(where: Finding | Mention) -> str:
    """Say where a record stands inside its input, a host by the address that people know it by."""
    host = host_of(where)
    return f"{where.locator.words}, {host}" if host else inside(where.locator)


#: Names that our readers of networks give the columns by which people know a host.
_OF_HOSTS = ("ip", "hostname")


def host_of(where: Finding | Mention) -> str:
    """Give the address, else the name, by which people know a host that only a pointer tells apart; else an empty text."""
    if where.locator.pointer is None:
        return ""
    cells = dict(where.record)
    return next((visible(cells[name], 60) for name in _OF_HOSTS if cells.get(name)), "")


def file_name(path: str) -> str:
    """Give the last part of a path, whichever slash it is written with."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2] or path


def inside(locator: Locator) -> str:
    """Say where a record stands inside its input: `sheet 'Old' row 18`."""
    words = locator.words
    if locator.pointer is not None:
        words = f"{words} at {visible(locator.pointer, 80)}"
    return f"sheet '{visible(locator.sheet, 40)}' {words}" if locator.sheet is not None else words


def strongest(finding: Finding) -> Evidence | None:
    """Give the evidence with the largest weight; the first of equals."""
    return max(finding.evidence, key=lambda one: one.weight_mbit, default=None)


def found_texts(finding: Finding, limit: int) -> list[str]:
    """List the texts that were hit, strongest first, each once and none that is part of a longer one."""
    ranked = [one.found for one in sorted(finding.evidence, key=lambda one: -one.weight_mbit)]
    distinct = list(dict.fromkeys(ranked))
    return [text for text in distinct if not any(text != other and text in other for other in distinct)][
        :limit
    ]


def reasons(finding: Finding) -> str:
    """Say in one line why: the reasons, strongest first, then what speaks against."""
    ranked = sorted(finding.evidence, key=lambda one: -one.weight_mbit)
    parts = list(dict.fromkeys(visible(f"{one.why} ({one.field}: “{one.found}”)", 400) for one in ranked))
    against = list(dict.fromkeys(visible(one.why, 400) for one in finding.against))
    if against:
        parts.append("against: " + "; ".join(against))
    return "; ".join(parts)


def why(finding: Finding) -> str:
    """Say in one line why, and what to ask to settle it."""
    parts = [reasons(finding)]
    if finding.questions:
        parts.append("to settle: " + " ".join(visible(one, 400) for one in finding.questions))
    return "; ".join(parts)


def bits(weight_mbit: int) -> str:
    """Write millibits as bits with one decimal and a sign, without floats: `+9.0`, `−1.5`."""
    tenths = (abs(weight_mbit) + 50) // 100
    sign = "−" if weight_mbit < 0 and tenths else "+"
    return f"{sign}{tenths // 10}.{tenths % 10}"


def about(scan: Scan) -> str:
    """Say whose the scan is, and of which case; empty where nobody told."""
    return visible(scan.about, 300)


def sentence(scan: Scan) -> str:
    """Answer the main question in plain words, with every number that qualifies it."""
    counts = count(scan)
    if counts.records == 0:
        read = f"No record could be read in {counted(len(scan.inputs), 'input')}"
    else:
        read = f"{counted(counts.records, 'record')} read in {counted(len(scan.inputs), 'input')}"
    if counts.findings == 0:
        found = (
            "Nothing in them was recognised as equipment of a listed firm"
            if counts.records
            else "nothing was found"
        )
    else:
        bands = ", ".join(f"{number:,} {band}" for band, number in counts.by_band.items() if number)
        firms = ", ".join(short_name(scan, firm) for firm in counts.by_firm)
        found = f"{counted(counts.findings, 'finding')} ({bands}) of {firms}"
    extra = []
    if counts.mentions:
        extra.append(
            f"{counted(counts.mentions, 'record')} only "
            f"{'mentions' if counts.mentions == 1 else 'mention'} such a firm"
        )
    if counts.ignored:
        extra.append(f"{counted(counts.ignored, 'finding')} set aside by decision")
    tail = f" {'; '.join(extra)[:1].upper()}{'; '.join(extra)[1:]}." if extra else ""
    return f"{read}. {found[:1].upper()}{found[1:]}.{tail}"


def blind_spot(spot: BlindSpot) -> str:
    """Say in one line what could not be seen, how often, and where."""
    number = f"{spot.count:,} of {spot.of:,}" if spot.of else f"{spot.count:,}"
    site = f"{visible(spot.site, 60)}, " if spot.site else ""
    return f"{site}{number}: {visible(spot.what, 400)}"


def blind_spots(spots: Sequence[BlindSpot]) -> list[str]:
    """Say what could not be seen, a line a kind, with the count at each site behind it."""
    kinds: dict[tuple[str, str], list[BlindSpot]] = {}
    for spot in spots:
        kinds.setdefault((spot.kind, spot.what), []).append(spot)
    lines = []
    for (_, what), ones in kinds.items():
        counts = [f"{one.count:,} of {one.of:,}" if one.of else f"{one.count:,}" for one in ones]
        if len(ones) > 1 or ones[0].site:
            counts = [
                f"{visible(one.site, 60) or 'no site given'} {n}" for one, n in zip(ones, counts, strict=True)
            ]
        lines.append(f"{visible(what, 400).rstrip('.')}. {'; '.join(counts)}")
    return lines


_COVERAGE_WORDS = {
    "records_with_maker": "with a maker",
    "records_with_model": "with a model",
    "records_with_identifier": "with an identifier",
    "records_with_nothing_usable": "with nothing usable",
}


def coverage_words(key: str) -> str:
    """Say what a count of coverage counts: `with a maker`."""
    return _COVERAGE_WORDS.get(key) or visible(key.replace("_", " "), 60)


def detail_facts(finding: Finding) -> list[tuple[str, str]]:
    """List the details of the record that are known, by name: quantity, cost, site, date, serial number."""
    details = finding.details
    amount = " ".join(part for part in (details.amount, details.currency) if part is not None)
    pairs = (
        ("Quantity", details.quantity),
        ("Unit cost", details.unit_cost),
        ("Amount", amount or None),
        ("Site", details.site),
        ("Date", details.dated_on),
        ("Serial number", details.serial_number),
    )
    return [(name, value) for name, value in pairs if value is not None]


#: Columns of a record of a picture that say how it was read, and the words for them.
_HOW_READ = {
    "model as taken": "Model as taken",
    "unsure": "Read without certainty",
    "certainty": "Certainty of the recognition",
    "taken at": "Picture taken at (clock of the camera)",
}


def crop_cells(cells: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """List what was read in a picture by name: as read, then as taken, then how surely."""
    read = [(f"{name} as read", text) for name, text in cells if name not in _HOW_READ]
    said = dict(cells)
    return read + [
        (words, f"{said[name]} of 1" if name == "certainty" else said[name])
        for name, words in _HOW_READ.items()
        if said.get(name)
    ]


def crop_words(cells: Sequence[tuple[str, str]]) -> str:
    """Say in a line what a piece of a picture shows, for those who do not see it."""
    read = "; ".join(f"{name} {text}" for name, text in cells if name not in ("certainty", "taken at"))
    return f"Piece of a photograph. Read there: {read or 'nothing'}"


def at_place(inside: Contained) -> str:
    """Say how many of a found part are at the place of what holds it, and at which cost."""
    if inside.in_all is None:
        return "not known"
    cost = (
        f", {inside.cost_in_all} {inside.currency or ''}".rstrip() if inside.cost_in_all is not None else ""
    )
    return f"{inside.in_all} in {inside.units}{cost}"


_KIND_WORDS = {
    "equipment": "own equipment", "purchases": "purchases", "product_parts": "parts of a product that is sold",
    "vendors": "vendors", "network": "network", "offered": "offered for sale",
    "bought_to_sell": "bought to sell", "as_built": "installed at customers (as built)",
    "supplier_statement": "statements of suppliers", "other": "other", "uncertain": "uncertain",
}  # fmt: skip
_KIND_BY = {
    "stated": "stated",
    "reader": "by its format",
    "headers": "by its names",
    "values": "by its values",
}


def kind_words(kind: str) -> str:
    """Say what a table is a list of: `own equipment`."""
    return _KIND_WORDS.get(kind) or visible(kind.replace("_", " "), 40)


def kinds_of(one: ScannedInput) -> list[tuple[str, str, str]]:
    """List (sheet, kind, what it rests on) of the tables of an input; none where a version did not ask."""
    return [
        (
            table.sheet or "",
            kind_words(table.kind),
            ": ".join(
                part
                for part in (
                    _KIND_BY.get(table.kind_by, ""),
                    ", ".join(visible(word, 60) for word in table.kind_words),
                )
                if part
            )
            + _contradicted(table),
        )
        for table in one.tables
        if table.kind_by
    ]


def _contradicted(table: Table) -> str:
    """Say what speaks against a kind that is stated."""
    said = []
    if table.kind_seen and table.kind_seen not in (table.kind, "uncertain"):
        said.append(f"by itself it would be {kind_words(table.kind_seen)}")
    if table.kind_against:
        said.append(
            f"columns speak against it: {', '.join(visible(name, 40) for name in table.kind_against)}"
        )
    return f"; {'; '.join(said)}" if said else ""


def columns_read(one: ScannedInput) -> list[tuple[str, str, str, str]]:
    """List (column, field, what recognised it, sheet) of what was read in an input."""
    return [
        (column, field, table.recognised_by.get(column, ""), table.sheet or "")
        for table in one.tables
        for column, field in read_columns(table)
    ]


def read_columns(table: Table) -> list[tuple[str, str]]:
    """List (column, field) of the columns that are read, in the order of the header."""
    return [(column, table.fields[column]) for column in table.header if column in table.fields]


def gaps(one: ScannedInput) -> list[str]:
    """List what of one input went unread or was read with a doubt, in words."""
    lines: list[str] = []
    for table in one.tables:
        where = f"sheet '{visible(table.sheet, 40)}'" if table.sheet is not None else ""
        if table.hidden:
            lines.append(f"{where or 'table'} is hidden in the workbook; it was read")
        if table.unread:
            names = ", ".join(visible(name, 40) for name in table.unread[:20])
            more = f" and {len(table.unread) - 20:,} more" if len(table.unread) > 20 else ""
            lines.append(f"{where + ': ' if where else ''}columns not read: {names}{more}")
    unusable = one.coverage.get("records_with_nothing_usable", 0)
    if unusable:
        lines.append(f"{counted(unusable, 'record')} with nothing usable in the columns that were read")
    lines += [
        f"{issue.code} {visible(issue.at, 120)}: {visible(issue.what, 400)}"
        + (" (unread, or read with a doubt)" if issue.lossy else "")
        for issue in one.issues
    ]
    return lines
