"""What a store holds beside one case: the findings of its other cases that no scan of that case shows, and what was read when.

Findings are counted and chosen in the tables, so that what is settled long since costs nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa

from proscribe.casework import content, tables
from proscribe.casework.scan_tables import (
    case_findings,
    scan_findings,
    scan_groups,
    scan_inputs,
    scan_mention_counts,
    scans,
)
from proscribe.model.casework import TABLE_OF_MARK, CaseFile, EventKind, Verdict, read_again, without_tables

#: So many findings of a case are named, the surest first.
MOST_NAMED = 200
#: Findings that are asked for by their ids at once.
_AT_ONCE = 500
_M, _G, _F = case_findings.c, scan_groups.c, scan_findings.c
_ASIDE = (Verdict.DIFFERENT.value, Verdict.CLEARED.value)
#: Bands, the surest first.
_BANDS = ("confirmed", "probable", "possible")


def _rank(band: sa.ColumnElement[str]) -> sa.Case[int]:
    return sa.case({name: place for place, name in enumerate(_BANDS)}, value=band, else_=len(_BANDS) - 1)


_RANK = _rank(_G.band)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_GAP = r"[ ._-]?"
#: Days, months, weeks, versions and copies in the name of a file: what differs from one export of a source to the next. Other
#: numbers tell one source from another: `site1` and `site2` are two.
_DATED = re.compile(
    rf"(?<![0-9])[0-9]{{1,2}}{_GAP}(?<![a-z]){_MONTH}(?![a-z])(?:{_GAP}[0-9]{{2,4}}(?![0-9]))?|"
    rf"(?<![a-z]){_MONTH}(?![a-z])(?:{_GAP}[0-9]{{1,2}}(?![0-9]))?|"
    r"(?<![0-9])[0-9]{1,2}[ ._-][0-9]{1,2}[ ._-](?:[0-9]{4}|[0-9]{2})(?![0-9])|"
    r"(?<![0-9])[0-9]{1,2}[ ._-](?:19|20)[0-9]{2}(?![0-9])|"
    r"[0-9]{4,}(?:[ ._t:-][0-9]{1,6}(?![0-9]))*|"
    r"(?<![a-z])(?:[qh][1-4]|(?:kw|cw|fy|week|w|v|ver|version)[ ._-]?[0-9]+)(?![a-z])|\([0-9]+\)"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding of another case.

    Attributes:
        verdict: what stands on it; empty when nobody judged it.
        words: what it is and where it stands.
    """

    finding_id: str
    band: str
    verdict: str
    ignored: bool
    words: str

    @property
    def sure(self) -> bool:
        """Whether it is confirmed, by its evidence or by a person."""
        return self.band == "confirmed" or self.verdict == Verdict.SAME.value


@dataclass(frozen=True, slots=True)
class Read:
    """An input that a scan of a case read.

    Attributes:
        seq: the event that attached the scan.
        scan: digest of the scan.
        reader: what read it.
        sha256: digest of the input.
        marks: what the input is known by, as `RunRecord.marks` without the tables; empty where nothing was kept.
        of_tables: the same by the number of the table, where there are several.
        attached: day on which the scan came into the store; what a scan says of its own day anybody chose.
    """

    case_id: str
    seq: int
    as_of: str
    path: str
    records: int
    scan: str = ""
    reader: str = ""
    sha256: str = ""
    marks: frozenset[str] = frozenset()
    of_tables: Mapping[int, frozenset[str]] = field(default_factory=dict)
    attached: date = date.min


@dataclass(frozen=True, slots=True)
class Bearing:
    """The cases of a store of which something may bear on a document of another one; none else is looked at.

    Attributes:
        findings, mentions: whose scans show any.
        untaken: whose scans show findings that they did not take.
        devices, suppliers: to which a report of devices was attached; in which a supplier answered.
    """

    findings: frozenset[str]
    untaken: frozenset[str]
    mentions: frozenset[str]
    devices: frozenset[str]
    suppliers: frozenset[str]

    @property
    def whole(self) -> frozenset[str]:
        """Give the cases that are read for what is neither counted nor chosen in the tables."""
        return self.mentions | self.devices | self.suppliers


def bearing(conn: sa.Connection) -> Bearing:
    """Ask for the cases that bear on others, by what their scans hold and which events they have."""
    runs = tables.runs.c

    def shown(table: sa.Table) -> frozenset[str]:
        held = sa.select(table.c.scan).where(table.c.scan == scans.c.scan).exists()
        return frozenset(map(str, conn.execute(holding.where(held).distinct()).scalars()))

    holding = sa.select(runs.case_id).join(scans, scans.c.sha256 == runs.scan_sha256)
    taken = sa.select(_M.place).where(_M.case_id == runs.case_id, _M.finding_id == _F.finding_id)
    untaken = ~taken.correlate(tables.runs, scan_findings).exists()
    more = sa.select(_F.place).where(_F.scan == scans.c.scan, untaken).correlate(tables.runs, scans).exists()
    return Bearing(
        shown(scan_groups),
        frozenset(map(str, conn.execute(holding.where(more).distinct()).scalars())),
        shown(scan_mention_counts),
        cases_with(conn, [EventKind.DEVICES_ATTACHED]),
        cases_with(conn, [EventKind.DECLARATION_STORED, EventKind.SUPPLIER_ANSWERED]),
    )


def cases_with(conn: sa.Connection, kinds: Sequence[EventKind]) -> frozenset[str]:
    """Give the cases that have an event of one of some kinds."""
    table = tables.events.c
    query = sa.select(table.case_id).where(table.kind.in_([kind.value for kind in kinds])).distinct()
    return frozenset(map(str, conn.execute(query).scalars()))


def family(path: str) -> str:
    """Give what one source's files have in common: the name without folders, days, months and numbers."""
    name = PurePath(path.replace("\\", "/")).name
    return undated(name) or unicodedata.normalize("NFKC", name).casefold()


def undated(name: str) -> str:
    """Give the words of a name without days, months, versions and marks; empty where it is nothing else."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", " ", _DATED.sub(" ", folded)).strip()


def numbers(
    conn: sa.Connection, case_id: str, but: str, *, untaken: bool = True
) -> tuple[dict[tuple[str, str, bool], int], list[Standing]]:
    """Count the findings of a case that no scan of another one shows as surely, and name the first of them.

    Args:
        case_id: the case that is looked at.
        but: the case whose scans show what is weighed already.
        untaken: whether its scans may show findings that it did not take; see `Bearing`.

    Returns:
        Number of findings, also of those that its scans show and it never took, by the best band of any reading in the case,
        verdict and whether a layer set them aside; and those
        among them that are not judged different or cleared, or that are so and not merely possible, the surest first: at most
        `MOST_NAMED` of each.
    """
    mine, theirs = _scans_of(conn, but), _scans_of(conn, case_id)
    joined: sa.FromClause = case_findings.join(scan_groups, sa.and_(_G.scan == _M.scan, _G.grp == _M.grp))
    rank: sa.ColumnElement[int] = _RANK
    if len(theirs) > 1:
        # A later reading of a list, with other columns or of another export, lowers nothing that one of them confirmed.
        best = _best_of(theirs)
        joined = joined.outerjoin(best, best.c.finding_id == _M.finding_id)
        rank = sa.case((best.c.rank < _RANK, best.c.rank), else_=_RANK)
    weighed = _weighed(mine, but, rank, _M.finding_id, _M.verdict)
    out: dict[tuple[str, str, bool], int] = {}
    named = list(_counted(conn, joined, rank, [_M.case_id == case_id, ~weighed], out))
    others = _other_things(conn, theirs, case_id, but)
    while some := list(islice(others, _AT_ONCE)):
        here = [_M.case_id == case_id, _M.finding_id.in_(some), weighed]
        named += [
            replace(one, words=f"{one.words}, another record than the one of this id that was set aside here")
            for one in _counted(conn, joined, rank, here, out)
        ]
    if untaken:
        named += _never_taken(conn, theirs, case_id, but, out)
    return out, named


def _never_taken(
    conn: sa.Connection, theirs: Sequence[int], case_id: str, but: str, out: dict[tuple[str, str, bool], int]
) -> list[Standing]:
    """Add to the counts, and name, what the scans of a case show and no case about such a scan took: nobody can judge it there.

    A scan is kept whole where a case is about one of its findings. One that several cases are about counts in the first.

    Args:
        theirs: scans of the case that is looked at.
        case_id: that case.
        but: the case whose scans show what is weighed already.
    """
    runs = tables.runs.c
    about = sa.select(scans.c.scan, runs.case_id, runs.event_seq).join(
        tables.runs, runs.scan_sha256 == scans.c.sha256
    )
    first: dict[int, str] = {}
    for scan, holder, _ in conn.execute(
        about.where(scans.c.scan.in_(theirs), runs.case_id != but).order_by(runs.event_seq)
    ):
        first.setdefault(int(scan), str(holder))
    own = [scan for scan, holder in first.items() if holder == case_id]
    holders, taken = about.subquery(), case_findings.alias()
    held = (
        sa.select(taken.c.place)
        .join(holders, holders.c.case_id == taken.c.case_id)
        .where(holders.c.scan == _F.scan, taken.c.finding_id == _F.finding_id)
    )
    joined = scan_findings.join(scan_groups, sa.and_(_G.scan == _F.scan, _G.grp == _F.grp)).join(
        scan_inputs, sa.and_(scan_inputs.c.scan == _F.scan, scan_inputs.c.input == _F.input)
    )
    none = sa.literal("")
    here = [
        _F.scan.in_(own),
        ~held.exists(),
        ~_weighed(_scans_of(conn, but), but, _RANK, _F.finding_id, none),
    ]
    # Of several readings of a thing the surest counts.
    surest = (
        sa.select(_F.finding_id, sa.func.min(_RANK).label("rank"), sa.func.min(_G.ignored).label("ignored"))
        .select_from(joined)
        .where(*here)
        .group_by(_F.finding_id)
        .subquery()
    )
    counted = sa.select(surest.c.rank, surest.c.ignored, sa.func.count())
    for place, ignored, count in conn.execute(counted.group_by(surest.c.rank, surest.c.ignored)).all():
        key = (_BANDS[int(place)], "", bool(ignored))
        out[key] = out.get(key, 0) + int(count)
    query = (
        sa.select(
            _F.finding_id, surest.c.rank, _G.band, none.label("verdict"), surest.c.ignored, _G.entity, _G.site, _F.record_id,
            _F.row, sa.literal(0).label("aged"), scan_inputs.c.path,
        )
        .select_from(joined.join(surest, surest.c.finding_id == _F.finding_id))
        .where(_F.scan.in_(own), surest.c.rank == _RANK)
        .order_by(surest.c.rank, _F.scan.desc(), _F.place)
        .limit(MOST_NAMED * max(1, len(own)))
    )  # fmt: skip
    told = {row["finding_id"]: _standing(row) for row in conn.execute(query).mappings()}
    return [
        replace(one, words=f"{one.words}, shown by its scan and never taken into the case")
        for one in islice(told.values(), MOST_NAMED)
    ]


def _counted(
    conn: sa.Connection,
    joined: sa.FromClause,
    rank: sa.ColumnElement[int],
    here: Sequence[sa.ColumnElement[bool]],
    out: dict[tuple[str, str, bool], int],
) -> Iterator[Standing]:
    """Add to the counts those findings for which all these conditions hold, and yield the first of them, as `numbers` does."""
    counted = conn.execute(
        sa.select(rank, _M.verdict, _G.ignored, sa.func.count())
        .select_from(joined)
        .where(*here)
        .group_by(rank, _M.verdict, _G.ignored)
    ).all()
    for place, verdict, ignored, count in counted:
        key = (_BANDS[int(place)], str(verdict), bool(ignored))
        out[key] = out.get(key, 0) + int(count)
    query = (
        sa.select(
            _M.finding_id, rank.label("rank"), _G.band, _M.verdict, _G.ignored, _G.entity, _G.site, _F.record_id, _F.row,
            _M.aged, scan_inputs.c.path,
        )
        .select_from(
            joined.join(scan_findings, sa.and_(_F.scan == _M.scan, _F.place == _M.scan_place)).join(
                scan_inputs, sa.and_(scan_inputs.c.scan == _M.scan, scan_inputs.c.input == _F.input)
            )
        )
        .where(*here)
        .order_by(rank, _M.place)
    )  # fmt: skip
    aside = _M.verdict.in_(_ASIDE)
    yield from map(_standing, conn.execute(query.where(~aside).limit(MOST_NAMED)).mappings())
    # A clearance ends; what is judged different and merely possible one person settles.
    lasting = sa.or_(rank < _BANDS.index("possible"), _M.verdict == "cleared")
    yield from map(_standing, conn.execute(query.where(aside, lasting)).mappings())


def _other_things(conn: sa.Connection, theirs: Sequence[int], case_id: str, but: str) -> Iterator[str]:
    """Yield the findings that a case set aside, or a layer did there, and of which another case shows more than was seen.

    An id rests on tag, site and firm, and two things may bear one tag: whoever set one aside did not speak of the other.

    Args:
        theirs: scans of the case that is looked at.
        case_id: that case.
        but: the case in which they were set aside; what its newest reading shows is what was seen.
    """
    own, group, seen, shown = (
        one.alias() for one in (case_findings, scan_groups, scan_findings, scan_findings)
    )
    named, named_here = scans.alias(), scans.alias()
    query = (
        sa.select(
            own.c.finding_id, named.c.sha256, shown.c.start, shown.c.size, named_here.c.sha256, seen.c.start, seen.c.size
        )
        .select_from(own)
        .join(group, sa.and_(group.c.scan == own.c.scan, group.c.grp == own.c.grp))
        .join(seen, sa.and_(seen.c.scan == own.c.scan, seen.c.place == own.c.scan_place))
        .join(
            shown,
            sa.and_(shown.c.scan.in_(theirs), shown.c.finding_id == own.c.finding_id, shown.c.scan != own.c.scan),
        )
        .join(named, named.c.scan == shown.c.scan)
        .join(named_here, named_here.c.scan == own.c.scan)
        .where(own.c.case_id == but, sa.or_(own.c.verdict.in_(_ASIDE), group.c.ignored == 1))
        .order_by(own.c.place)
    )  # fmt: skip
    rows = iter(conn.execute(query).all())
    told: set[str] = set()
    while some := [tuple(row) for row in islice(rows, _AT_ONCE)]:
        there = _signs(conn, [row[1:4] for row in some])
        here = _signs(conn, [row[4:7] for row in some])
        for (finding_id, *_), more, known in zip(some, there, here, strict=True):
            if not more <= known and finding_id not in told:
                told.add(finding_id)
                yield finding_id


def _signs(conn: sa.Connection, cuts: Sequence[Sequence[Any]]) -> list[frozenset[str]]:
    """Give, for findings by digest of their scan, first byte and length, all that is seen of each: its cells and its evidence."""
    by_scan: dict[str, list[int]] = {}
    for number, (sha256, _, _) in enumerate(cuts):
        by_scan.setdefault(sha256, []).append(number)
    out: dict[int, frozenset[str]] = {}
    for sha256, places in by_scan.items():
        texts = content.cuts(conn, sha256, [(int(cuts[place][1]), int(cuts[place][2])) for place in places])
        for place, text in zip(places, texts, strict=True):
            out[place] = signs_of(json.loads(text))
    return [out[place] for place in range(len(cuts))]


def signs_of(finding: Mapping[str, Any]) -> frozenset[str]:
    """Give all that is seen of a finding of a scan: its cells and its evidence, without case and spacing."""
    cells = [str(cell[-1]) for cell in finding.get("record") or ()]
    found = [str(one["found"]) for one in finding.get("evidence") or ()]
    return frozenset(_folded(one) for one in (*cells, *found))


def held_of(conn: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Yield how the cases of the store hold findings.

    Args:
        ids: of the findings; one that the scan of a case shows is held where no case took it, as `numbers` counts it.

    Yields:
        Its id, the surest band of any scan of a case, and `None`; or what was seen of it, where somebody set it aside in the
        case, or a layer did.
    """
    every, cases = sa.select(scans.c.scan), sa.select(tables.cases.c.id)
    for start in range(0, len(ids), _AT_ONCE):
        some = _F.finding_id.in_(ids[start : start + _AT_ONCE])
        found = scan_findings.join(scan_groups, sa.and_(_G.scan == _F.scan, _G.grp == _F.grp))
        ranks = conn.execute(
            sa.select(_F.finding_id, sa.func.min(_RANK))
            .select_from(found)
            .where(_F.scan.in_(every), some)
            .group_by(_F.finding_id)
        ).all()
        bands = {finding_id: _BANDS[int(rank)] for finding_id, rank in ranks}
        own = case_findings.join(scan_groups, sa.and_(_G.scan == _M.scan, _G.grp == _M.grp)).join(
            scan_findings, sa.and_(_F.scan == _M.scan, _F.place == _M.scan_place)
        )
        held = conn.execute(
            sa.select(_M.finding_id, _M.verdict, _G.ignored, scans.c.sha256, _F.start, _F.size)
            .select_from(own.join(scans, scans.c.scan == _M.scan))
            .where(_M.case_id.in_(cases), _M.finding_id.in_(ids[start : start + _AT_ONCE]))
        ).all()
        aside = [row for row in held if row.verdict in _ASIDE or row.ignored]
        for row, seen in zip(aside, _signs(conn, [row[3:] for row in aside]), strict=True):
            yield row.finding_id, bands[row.finding_id], seen
        settled = {row.finding_id for row in aside} - {row.finding_id for row in held if row not in aside}
        sure = {row.finding_id for row in held if row.verdict == Verdict.SAME.value}
        for finding_id, band in bands.items():
            if finding_id not in settled:
                yield finding_id, _BANDS[0] if finding_id in sure else band, None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _scans_of(conn: sa.Connection, case_id: str) -> list[int]:
    runs = tables.runs.c
    query = sa.select(scans.c.scan).join(tables.runs, runs.scan_sha256 == scans.c.sha256)
    return [int(one) for one in conn.execute(query.where(runs.case_id == case_id).distinct()).scalars()]


def _best_of(numbers_of: Sequence[int]) -> sa.Subquery:
    """Give each finding of some scans the best rank of its band in any of them."""
    group, found = scan_groups.alias(), scan_findings.alias()
    joined = found.join(group, sa.and_(group.c.scan == found.c.scan, group.c.grp == found.c.grp))
    return (
        sa.select(found.c.finding_id, sa.func.min(_rank(group.c.band)).label("rank"))
        .select_from(joined)
        .where(found.c.scan.in_(numbers_of))
        .group_by(found.c.finding_id)
        .subquery()
    )


def _weighed(
    mine: Sequence[int],
    but: str,
    rank: sa.ColumnElement[int],
    finding_id: sa.ColumnElement[str],
    verdict: sa.ColumnElement[str],
) -> sa.ColumnElement[bool]:
    """Tell whether a case shows a finding itself, at least as surely as it stands elsewhere: a weaker reading replaces none.

    Args:
        mine: scans of the case, `but`.
        rank, finding_id, verdict: the finding as it stands elsewhere.
    """
    group, found, own = scan_groups.alias(), scan_findings.alias(), case_findings.alias()
    shown = (
        sa.select(found.c.place)
        .join(group, sa.and_(group.c.scan == found.c.scan, group.c.grp == found.c.grp))
        .where(found.c.scan.in_(mine), found.c.finding_id == finding_id)
    )
    as_sure = sa.and_(verdict != Verdict.SAME.value, _rank(group.c.band) <= rank)
    told = sa.select(own.c.place).where(
        own.c.case_id == but, own.c.finding_id == finding_id, own.c.verdict == Verdict.SAME.value
    )
    confirmed = group.c.band == _BANDS[0]
    return sa.or_(shown.where(sa.or_(confirmed, as_sure)).exists(), told.exists())


def _standing(row: Mapping[Any, Any]) -> Standing:
    place, band = row["record_id"] or f"row {row['row']}", _BANDS[row["rank"]]
    told = ", ".join(
        text
        for text in (
            f"{row['entity']}: {place}"[:160], str(row["path"])[:120], str(row["site"])[:80], band,
            f"judged {row['verdict']}" if row["verdict"] else "", "set aside by a layer" if row["ignored"] else "",
            "not shown by the newest reading" if row["aged"] else "",
            f"{row['band']} in the newest reading" if row["band"] != band and not row["aged"] else "",
        )
        if text
    )  # fmt: skip
    return Standing(row["finding_id"], band, row["verdict"], bool(row["ignored"]), told)


def mentions(conn: sa.Connection, file: CaseFile, but: str) -> int:
    """Count the mentions of the scans of a case that are no scans of another one, of the newest reading of each input.

    Where an input was changed between two readings the one that mentions more counts: what a list no longer says was said.
    """
    runs = tables.runs.c
    mine = sa.select(runs.scan_sha256).where(runs.case_id == but)
    rows = conn.execute(
        sa.select(scans.c.scan, runs.id, scan_inputs.c.input, scan_inputs.c.path, scan_inputs.c.sha256)
        .join(tables.runs, runs.scan_sha256 == scans.c.sha256)
        .join(scan_inputs, scan_inputs.c.scan == scans.c.scan)
        .where(runs.case_id == file.case.id, runs.scan_sha256.not_in(mine))
        .order_by(runs.event_seq)
    ).all()
    again = read_again(file.runs)
    newest = {path: sha256 for run in file.runs for path, sha256 in run.inputs if path not in again[run.id]}
    wanted = {
        (row.scan, row.input): row
        for row in rows
        if row.path not in again[row.id] or newest.get(row.path, row.sha256) != row.sha256
    }
    table = scan_mention_counts.c
    counts = conn.execute(
        sa.select(table.scan, table.input, sa.func.sum(table["count"]))
        .where(table.scan.in_({scan for scan, _ in wanted}))
        .group_by(table.scan, table.input)
    )
    most: dict[tuple[str, str], int] = {}
    for scan, number, count in counts:
        row = wanted.get((scan, number))
        if row is not None:
            stands = row.path not in again[row.id]
            # Two lists of one name that both stand count both; readings of one that was changed count once.
            key = (
                row.path,
                "" if row.path in newest and (not stands or newest[row.path] == row.sha256) else row.id,
            )
            most[key] = max(most.get(key, 0), int(count))
    return sum(most.values())


def inputs_read(conn: sa.Connection) -> set[str]:
    """Give the digests of all inputs that scans of cases read."""
    held = sa.select(tables.runs.c.scan_sha256)
    query = sa.select(scan_inputs.c.sha256).join(scans, scans.c.scan == scan_inputs.c.scan)
    return set(conn.execute(query.where(scans.c.sha256.in_(held)).distinct()).scalars())


def mentions_of_inputs(conn: sa.Connection, digests: Sequence[str]) -> dict[str, int]:
    """Give how many mentions scans of cases show in inputs of these digests, the most of any scan; 0 is left out."""
    table, made = scan_mention_counts.c, dict[str, int]()
    held = sa.select(tables.runs.c.scan_sha256)
    for start in range(0, len(digests), _AT_ONCE):
        query = (
            sa.select(scan_inputs.c.sha256, sa.func.sum(table["count"]))
            .join(scans, scans.c.scan == scan_inputs.c.scan)
            .join(
                scan_mention_counts,
                sa.and_(table.scan == scan_inputs.c.scan, table.input == scan_inputs.c.input),
            )
            .where(scan_inputs.c.sha256.in_(digests[start : start + _AT_ONCE]), scans.c.sha256.in_(held))
            .group_by(scan_inputs.c.sha256, scan_inputs.c.scan, scan_inputs.c.input)
        )
        for sha256, count in conn.execute(query):
            made[sha256] = max(made.get(sha256, 0), int(count))
    return made


def readings(conn: sa.Connection) -> list[Read]:
    """List what every scan of every case read, in the order in which the scans were attached."""
    runs = tables.runs.c
    rows = conn.execute(
        sa.select(
            runs.case_id,
            runs.event_seq,
            scans.c.as_of,
            scan_inputs.c.path,
            scan_inputs.c.records,
            runs.scan_sha256,
            scan_inputs.c.reader,
            scan_inputs.c.sha256,
            runs.data,
            scan_inputs.c.input,
        )
        .join(scans, scans.c.sha256 == runs.scan_sha256)
        .join(scan_inputs, scan_inputs.c.scan == scans.c.scan)
        .order_by(runs.event_seq, scan_inputs.c.input)
    )
    known: dict[int, tuple[list[list[str]], date]] = {}
    made = []
    for case, seq, day, path, count, scan, reader, sha256, data, number in rows:
        if seq not in known:
            record = json.loads(data)
            known[seq] = (record.get("marks") or [], date.fromisoformat(str(record["attached_at"])[:10]))
        every, attached = known[seq]
        marks = every[number] if number < len(every) else ()
        made.append(
            Read(
                str(case), int(seq), str(day), str(path), int(count), str(scan), str(reader), str(sha256),
                without_tables(marks), _of_tables(marks), attached,
            )
        )  # fmt: skip
    return made


def _of_tables(marks: Sequence[str]) -> dict[int, frozenset[str]]:
    made: dict[int, set[str]] = {}
    for mark, _, number in (one.partition(TABLE_OF_MARK) for one in marks):
        if number.isdigit():
            made.setdefault(int(number), set()).add(mark)
    return {number: frozenset(some) for number, some in made.items()}
