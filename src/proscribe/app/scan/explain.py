"""Why: what a text is taken for, what a finding rests on, what a fact, a rule, a word of the law or an error code means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from proscribe.app.scan.explain_law import finding_lines, page
from proscribe.kb.records import TABLES
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.model.errors import error
from proscribe.model.scan_request import DayWords, ScanRequest
from proscribe.wording.errors import page as code_page

if TYPE_CHECKING:
    from proscribe.model.findings import Finding
    from proscribe.model.results import Scan


_CODE = re.compile(r"E[1-5]\d\d")
_FACT = re.compile(r"[a-z_]+:[^\s]+|[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer to why.

    Attributes:
        of: `code`, `finding`, `fact`, `law` or `text`.
        lines: the answer, for people.
    """

    of: str
    lines: tuple[str, ...]


def explain(
    what: str,
    *,
    scan: str | Path | bytes | None = None,
    field: str = "text",
    plain: bool = False,
    **asked: Unpack[DayWords],
) -> Explanation:
    """Say why.

    Args:
        what: a text, the id of a finding (`f_...`) or of a fact, a name of the law, or an error code.
        scan: the JSON of the scan that made the finding, or its path.
        field: read a text as this field.
        plain: explain a text or a finding in plain words, each ground with its days and who says so.
        as_of, known_as_of: ownership and law on the first day, from facts recorded by the second; today by default.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.

    Raises:
        UsageError: E151 a day that is none; E155 no such code; E156 a finding without its scan; E158 no such finding in it;
            E159 no such field.
        InputError: E157 when `scan` is not the JSON of a scan.
    """
    if _CODE.fullmatch(what):
        found = code_page(what)
        if found is None:
            raise error("E155", asked=what)
        return Explanation("code", (str(found),))
    if what.startswith("f_"):
        return Explanation("finding", _finding(what, scan, ScanRequest.of((), **asked), plain=plain))
    request = ScanRequest.of((), **asked)
    snapshot = open_knowledge(request.knowledge)
    fact = _fact(snapshot, what) if _FACT.fullmatch(what) else ()
    if fact:
        # A name in small letters is also the id of what is on record of it: who types a name asks what it is.
        said = _found(what, field, request, plain) if ":" not in what else ()
        return Explanation("fact", (*said, "", "On record:", *fact) if said else fact)
    law = page(what, snapshot)
    if law is not None:
        return Explanation("law", (law,))
    return Explanation("text", _found(what, field, request, plain) or _nothing(what))


def _finding(
    identity: str, scan: str | Path | bytes | None, request: ScanRequest, *, plain: bool
) -> tuple[str, ...]:
    if scan is None:
        raise error("E156", at=identity, identity=identity)
    from proscribe.model.scan_reading import read_scan

    name = "the scan" if isinstance(scan, bytes) else str(scan)
    try:
        read = read_scan(scan if isinstance(scan, bytes) else Path(scan).read_bytes(), name).scan
    except (OSError, ValueError) as problem:
        raise error("E157.explained", scan_file=name, why=problem) from problem
    finding = next((item for item in read.findings if item.id == identity), None)
    if finding is None:
        raise error("E158", identity=identity, scan_file=name)
    lines = _told(read, finding)
    if plain:
        from proscribe.app.scan.explained import explained_finding, in_lines

        told = explained_finding(finding, paths=request.knowledge, known_on=request.known_as_of)
        lines = [*lines[:1], *in_lines([told])]
    return tuple(lines)


def _told(scan: Scan, finding: Finding) -> list[str]:
    """Give the lines that explain one finding."""
    place = finding.locator
    lines = [
        f"{finding.band.value.upper()}: {finding.entity} ({finding.role.value}) in {scan.inputs[finding.input].path}, "
        + (f"sheet {place.sheet!r}, " if place.sheet else "")
        + place.words,
        f"  covered through: {' → '.join(finding.covered_through)} as of {scan.as_of}",
    ]
    for item in finding.evidence + finding.against:
        lines.append(
            f"  {item.weight_mbit / 1000:+6.1f} bits  {item.matcher}: {item.found!r} in {item.field}"
        )
        lines.append(f"               {item.why} [{', '.join(item.facts)}]")
    lines.extend(f"  ? {question}" for question in finding.questions)
    aside = finding.ignored
    if aside is not None:
        until = f" until {aside.until}" if aside.until else ""
        lines.append(f"  set aside by {aside.by} on {aside.at}{until}: {aside.reason}")
    if scan.decided is not None and finding.id in scan.decided.by_finding:
        lines.extend(finding_lines(scan.decided.by_finding[finding.id]))
    lines.append(
        f"  knowledge {scan.knowledge.version} {scan.knowledge.sha256[:16]}…, proscribe {scan.proscribe}"
    )
    return lines


def _fact(snapshot: Snapshot, identity: str) -> tuple[str, ...]:
    """Give the lines of a fact, nothing when there is none of that id."""
    sources = {row["id"]: row for row in snapshot.table("sources")}
    for table in TABLES:
        if table == "oui_others":
            continue
        for row in snapshot.table(table):
            if row.get("id") != identity:
                continue
            lines = [f"{identity}  ({table})"]
            for key, value in row.items():
                if value not in (None, "", [], False) and key != "id":
                    shown = "; ".join(map(str, value)) if isinstance(value, list) else value
                    lines.append(f"  {key}: {shown}")
            source = sources.get(row.get("source"))
            if source:
                lines.append(f"  which is: {source.get('title')} {source.get('url') or ''}".rstrip())
            return tuple(lines)
    return ()


def _found(text: str, field: str, request: ScanRequest, plain: bool) -> tuple[str, ...]:
    from proscribe.app.kb.knowledge_index import index_asked
    from proscribe.matching import explain as words
    from proscribe.matching.findings import analyse
    from proscribe.model.observations import CONTENT_FIELDS

    if field not in CONTENT_FIELDS:
        raise error("E159", at="--field", field=field, content_fields=", ".join(CONTENT_FIELDS))
    if plain:
        from proscribe.app.scan.explained import explained, in_lines

        days = {"as_of": request.as_of, "known_as_of": request.known_as_of}
        return tuple(in_lines(*explained(text, field=field, knowledge=request.knowledge, **days)))
    index = index_asked(request)
    verdicts, spoken = analyse(index, [(field, field, text)])
    names = index.entity_names
    lines = [words.in_words(verdict, names, index.bands) for verdict in verdicts]
    lines += [words.mention_in_words(item, names) for item in spoken]
    return tuple(lines)


def _nothing(text: str) -> tuple[str, ...]:
    return (
        f"Nothing in {text!r} is taken for equipment of a screened firm, or speaks of one.",
        "This is not a clearance: a brand or number that the knowledge does not hold cannot be seen.",
    )
