"""The findings of a case by page, filter and count, at a cost that does not depend on how many there are.

A case holds its findings in the order in which they came in; `place` is the position in it. A page begins after a place and
is never reached by counting rows. A filter chooses groups of findings (`scan_tables`), so totals and facets are sums over the
cube, and a page takes from each group in question only the rows that can stand on it.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache
from itertools import islice, takewhile
from typing import Any

import sqlalchemy as sa

from proscribe.casework import attribution, content, scan_rows
from proscribe.casework.scan_rows import unpacked, words_of
from proscribe.casework.scan_tables import (
    case_findings,
    case_groups,
    scan_findings,
    scan_groups,
    scan_inputs,
    scan_mention_counts,
    scan_mentions,
    scan_words,
    scans,
)
from proscribe.model.casework import RunRecord, Support, read_again
from proscribe.model.errors import error

#: Longest page.
MOST = 500
#: Texts that few records hold are looked up by these; for others the pages are walked.
_RARE = 5_000
#: Findings after a place among which a page of a filter is looked for first.
_NEAR = 500
#: Groups of which one statement asks for places: databases bound its parts.
_PARTS = 64
#: Groups that are asked for by their numbers.
_FEW = 256
#: Fewer letters are looked for in records alone, not in names of files.
_SHORTEST_OF_A_NAME = 3
_M = case_findings.c
#: What a filter can name, and where it stands.
_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "band": scan_groups.c.band,
    "firm": scan_groups.c.firm,
    "entity": scan_groups.c.entity,
    "role": scan_groups.c.role,
    "site": scan_groups.c.site,
    "input": scan_inputs.c.path,
    "outcome": scan_groups.c.outcome,
    "product": scan_groups.c.product,
    "verdict": case_groups.c.verdict,
    "run": sa.cast(case_groups.c.first_run + 1, sa.Text),
}
_FLAGS = {"ignored": scan_groups.c.ignored, "aged": case_groups.c.aged}
_GROUPED = (*_COLUMNS, *_FLAGS)
#: What statements bind that are written once: to write one takes many times as long as to ask it.
_CASE: sa.BindParameter[Any] = sa.bindparam("case")
_AFTER: sa.BindParameter[Any] = sa.bindparam("after")
_LIMIT = sa.bindparam("limit", type_=sa.Integer)
#: Shapes of filters of which statements are kept.
_SHAPES = 256
#: What is counted apart; of what is new nothing while nothing was read before.
FACETS = (*_GROUPED, "new")


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings of a case. Of one field any value will do; all fields have to hold.

    Attributes:
        band, firm, entity, role, site, input, outcome: values as the scan has them; an input by its path.
        product: as `scan_rows.product_of` gives it; empty text where the record names none.
        verdict: the verdict that stands; empty text for findings that nobody judged.
        run: the run that first showed it, by its number in the case, from 1.
        judged: True for those with a verdict, False for those without.
        aged: whether the newest run over its input no longer shows it.
        ignored: whether a layer set it aside.
        new: whether the newest reading of the files showed it first; of none while nothing was read before.
        finding: these alone, by their ids.
        without: but not these, by their ids.
        text: words that its record holds, each in whole, one that ends in `*` by its beginning; or that the name of its file
            holds, in any part. A number with signs in it that stands nowhere is looked for by its parts, all of them.
    """

    band: tuple[str, ...] = ()
    firm: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    input: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    judged: bool | None = None
    aged: bool | None = None
    ignored: bool | None = None
    new: bool | None = None
    finding: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give what is set, as plain values."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value not in ((), None, "")
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FindingFilter:
        """Read what `to_json` wrote.

        Raises:
            TypeError: on a field that is none.
        """
        read: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in value.items()
        }
        return cls(**read)


#: Chooses every finding.
ALL = FindingFilter()
#: A number that no run has.
_NO_RUN = "0"


def newest(runs: Sequence[RunRecord]) -> tuple[int, ...]:
    """Give the numbers of the runs of the newest reading, from 1; none where nothing was read before it.

    A reading that was put to the law is another run over the same content, right behind it.
    """
    made = [(number, run) for number, run in enumerate(runs, start=1) if not run.is_a_persons]
    last = [*takewhile(lambda one: one[1].inputs == made[-1][1].inputs, reversed(made))]
    return tuple(sorted(number for number, _ in last)) if len(last) < len(made) else ()


def told_by_runs(where: FindingFilter, runs: Sequence[RunRecord]) -> FindingFilter:
    """Say by the numbers of runs what a filter says of what is new."""
    if where.new is None:
        return where
    last = newest(runs)
    asked = [str(number) for number in range(1, len(runs) + 1) if (number in last) == where.new]
    run = tuple(one for one in asked if not where.run or one in where.run)
    return replace(where, new=None, run=run or (_NO_RUN,))


#: Place and group of the findings whose records hold a text; None where they are many, or not known.
Rare = tuple[tuple[int, tuple[Any, ...]], ...] | None


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """A finding of a case.

    Attributes:
        place: position in the case, from 0.
        support: the finding in short, and which runs show it.
        verdict: what stands on it, empty when nobody judged it.
        judged: the event that says so, 0 for none.
        whole: the finding as the scan that last showed it has it, with evidence and cells.
    """

    place: int
    support: Support
    verdict: str
    judged: int
    whole: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Findings in the order of the case.

    Attributes:
        findings: at most as many as were asked for.
        after: place after which the next page begins; None at the end.
    """

    findings: tuple[CaseFinding, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many findings a filter chooses, and how they are spread.

    Attributes:
        total: their number.
        counts: name of a facet to value and number, the most first.
        newest: runs of the newest reading of the files, by their numbers; none where nothing was read before it.
    """

    total: int
    counts: Mapping[str, tuple[tuple[str, int], ...]]
    newest: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The findings that a filter chooses.

    Attributes:
        ids: in the order of the case.
        digest: SHA-256 of the sorted ids, one a line.
    """

    ids: tuple[str, ...]
    digest: str

    @property
    def told(self) -> tuple[int, str]:
        """Give how many they are, and their digest: what a judgement of all of them names."""
        return len(self.ids), self.digest


def digest_of_ids(ids: Iterable[str]) -> str:
    """Digest a set of ids: SHA-256 of the sorted ids, one a line."""
    return hashlib.sha256(text_of_ids(ids)).hexdigest()


def text_of_ids(ids: Iterable[str]) -> bytes:
    """Write a set of ids, one a line, sorted."""
    return "".join(f"{one}\n" for one in sorted(ids)).encode()


def page(
    conn: sa.Connection,
    case_id: str,
    runs: Sequence[RunRecord],
    where: FindingFilter,
    *,
    after: int,
    limit: int,
    rare: Rare = None,
) -> Page:
    """Give a page of findings.

    Args:
        runs: the runs of the case.
        after: place of the last finding of the page before; -1 for the first.
        limit: from 1 to `MOST`.
        rare: what `of_rare_text` gives for the text of the filter, where that is known.
    """
    limit = max(1, min(limit, MOST))
    places = _places(conn, case_id, where, after, limit + 1, rare)
    more = len(places) > limit
    found = _rows(conn, runs, _ROWS_AT, {"case": case_id, "places": places[:limit]}) if places else []
    return Page(tuple(found), found[-1].place if more and found else None)


def next_id(conn: sa.Connection, case_id: str, where: FindingFilter, after: int, rare: Rare = None) -> str:
    """Give the id of the first finding after a place that a filter chooses; empty where there is none; `rare` as for `page`."""
    places = _places(conn, case_id, where, after, 1, rare)
    return str(conn.execute(_ID_AT, {"case": case_id, "place": places[0]}).scalar_one()) if places else ""


def _asked_rows(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    table = scan_findings
    return (
        sa.select(case_findings, table.c.start, table.c.size, scan_inputs.c.path, scans.c.sha256)
        .join(table, sa.and_(table.c.scan == _M.scan, table.c.place == _M.scan_place))
        .join(scan_inputs, sa.and_(scan_inputs.c.scan == _M.scan, scan_inputs.c.input == table.c.input))
        .join(scans, scans.c.scan == _M.scan)
        .where(_M.case_id == _CASE, condition)
        .order_by(_M.place)
    )


_ROWS_AT = _asked_rows(_M.place.in_(sa.bindparam("places", expanding=True)))
_ROW_OF = _asked_rows(_M.finding_id == sa.bindparam("finding_id"))
_ID_AT = sa.select(_M.finding_id).where(_M.case_id == _CASE, _M.place == sa.bindparam("place"))


def _rows(
    conn: sa.Connection, runs: Sequence[RunRecord], query: sa.Select[Any], values: Mapping[str, Any]
) -> list[CaseFinding]:
    """Give findings of a case, in short and whole, in their order."""
    case_id = str(values["case"])
    found = conn.execute(query, values).all()
    whole: dict[tuple[int, int], bytes] = {}
    for scan, sha256 in dict.fromkeys((row.scan, row.sha256) for row in found):
        mine = [row for row in found if row.scan == scan]
        cut = content.cuts(conn, sha256, [(int(row.start), int(row.size)) for row in mine])
        whole |= {(scan, row.scan_place): piece for row, piece in zip(mine, cut, strict=True)}
    out = []
    for row in found:
        value = json.loads(whole[row.scan, row.scan_place])
        path = _path(runs, row)
        seen = attribution.Seen(path, row.finding_id, row.first_run, row.last_run, row.latest_run)
        short = attribution.in_short(value, path)
        held = attribution.support(case_id, row.finding_id, seen, runs, short)
        out.append(CaseFinding(row.place, held, row.verdict, row.judged, value))
    return out


def _path(runs: Sequence[RunRecord], row: Any) -> str:
    # A column cannot hold null characters; the event that names the inputs can.
    path = str(row.path)
    if "\ufffd" not in path:
        return path
    return next((one for one, _ in runs[row.last_run].inputs if one.replace("\x00", "\ufffd") == path), path)


def facets(
    conn: sa.Connection, case_id: str, runs: Sequence[RunRecord], where: FindingFilter, rare: Rare = None
) -> Facets:
    """Count the findings that a filter chooses, by every facet; `runs` and `rare` as for `page`."""
    counted: dict[str, Counter[Any]] = {name: Counter() for name in FACETS}
    listed = bool(where.text or where.finding)
    numbers = Counter(key for _, key in _listed(conn, case_id, where, rare=rare)) if listed else None
    left_out = Counter(key for _, key in _named(conn, case_id, where.without))
    # One walk over the groups: a statement that counts by each facet would walk them once for each.
    shape, values = _asked(case_id, where, numbers)
    for row in conn.execute(_groups(shape, _GROUPED), values).all():
        key, number, spread = tuple(row[: len(_KEY)]), int(row[len(_KEY)]), row[len(_KEY) + 1 :]
        number = number - left_out[key] if numbers is None else numbers[key]
        if not number:
            continue
        for name, value in zip(_GROUPED, spread, strict=True):
            counted[name][value] += number
    last = newest(runs)
    for run, number in counted["run"].items() if last else ():
        counted["new"][int(int(run) in last)] += number
    return Facets(
        counted["band"].total(),
        {
            name: tuple(
                sorted(
                    ((str(value), number) for value, number in values.items()),
                    key=lambda one: (-one[1], one[0]),
                )
            )
            for name, values in counted.items()
        },
        last,
    )


def size_of(facets: Facets) -> int:
    """Tell about how many bytes facets take in memory."""
    return sum(200 + len(value) for values in facets.counts.values() for value, _ in values)


def count(conn: sa.Connection, case_id: str, where: FindingFilter = ALL) -> int:
    """Count the findings that a filter chooses."""
    if where.text or where.finding or where.without:
        return len(chosen(conn, case_id, where).ids)
    shape, values = _asked(case_id, where)
    inner = _groups(shape).subquery()
    total = sa.select(sa.func.coalesce(sa.func.sum(inner.c["count"]), 0))
    return int(conn.execute(total, values).scalar_one())


def chosen(conn: sa.Connection, case_id: str, where: FindingFilter) -> Chosen:
    """Give the ids of all findings that a filter chooses, with their digest."""
    every = sa.select(_M.place, _M.finding_id).where(_M.case_id == case_id).order_by(_M.place)
    if where.text or where.finding:
        wanted = set(_places(conn, case_id, where, -1, None))
        ids = tuple(row.finding_id for row in conn.execute(every).all() if row.place in wanted)
    elif where == ALL:
        ids = tuple(row.finding_id for row in conn.execute(every).all())
    else:
        found, left_out = _of_groups(conn, case_id, where, _M.place, _M.finding_id), set(where.without)
        ids = tuple(name for _, name in sorted(found) if name not in left_out)
    return Chosen(ids, digest_of_ids(ids))


_KEY = ("scan", "grp", "aged", "verdict", "first_run")
#: What `_first_places` binds for a group: its key, the place from which on, and how many.
_BOUND = ("scan", "grp", "aged", "verdict", "run", "from", "most")


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a filter asks of groups, without the values: filters of one shape share their statements.

    Attributes:
        fields, flags: names of those that are asked for.
        judged: as in `FindingFilter`.
        among: whether groups are named by their numbers.
    """

    fields: tuple[str, ...]
    flags: tuple[str, ...]
    judged: bool | None
    among: bool


def _asked(
    case_id: str, where: FindingFilter, among: Iterable[tuple[Any, ...]] | None = None
) -> tuple[_Shape, dict[str, Any]]:
    """Give the shape of a filter, and what its statement binds.

    Args:
        among: keys outside of which no group is asked for; others may be given all the same.
    """
    fields = tuple(name for name in _COLUMNS if getattr(where, name))
    flags = tuple(name for name in _FLAGS if getattr(where, name) is not None)
    values: dict[str, Any] = {"case": case_id, **{name: getattr(where, name) for name in fields}}
    values |= {name: int(getattr(where, name)) for name in flags}
    numbers = None if among is None else sorted({int(key[1]) for key in among})
    few = numbers is not None and len(numbers) <= _FEW
    if numbers is not None and few:
        values["among"] = _padded(numbers)
    return _Shape(fields, flags, where.judged, few), values


@lru_cache(maxsize=_SHAPES)
def _groups(shape: _Shape, named: Sequence[str] = ()) -> sa.Select[Any]:
    """Choose the groups of a case that a filter lets through: their key, their count, and facets under `of_` and their name."""
    group = case_groups.c
    facet = {**_COLUMNS, **_FLAGS}
    query = (
        sa.select(
            *(group[name] for name in _KEY),
            group["count"],
            *(facet[name].label(f"of_{name}") for name in named),
        )
        .select_from(case_groups)
        .join(scan_groups, sa.and_(scan_groups.c.scan == group.scan, scan_groups.c.grp == group.grp))
        .where(group.case_id == _CASE)
    )
    if "input" in (*shape.fields, *named):
        query = query.join(
            scan_inputs,
            sa.and_(scan_inputs.c.scan == group.scan, scan_inputs.c.input == scan_groups.c.input),
        )
    for name in shape.fields:
        query = query.where(_COLUMNS[name].in_(sa.bindparam(name, expanding=True)))
    for name in shape.flags:
        query = query.where(_FLAGS[name] == sa.bindparam(name))
    if shape.among:
        query = query.where(group.grp.in_(sa.bindparam("among", expanding=True)))
    if shape.judged is not None:
        query = query.where((group.verdict != "") if shape.judged else (group.verdict == ""))
    return query


def _padded(numbers: list[int]) -> list[int]:
    """Repeat the last number up to a power of two: a database keeps statements of few lengths ready."""
    return numbers + numbers[-1:] * (_power_of_two(len(numbers)) - len(numbers))


def _power_of_two(count: int) -> int:
    return 1 << (count - 1).bit_length() if count else 0


@cache
def _first_places(count: int) -> sa.TextClause:
    """Give what asks for the first places in so many groups, each from a place on: one statement for all groups there are.

    Written with the numbers of the groups, nearly each page would have a statement of its own, and all of them be kept.
    """
    here = " AND ".join(f"{column} = :{name}{{0}}" for column, name in zip(_KEY, _BOUND[:-2], strict=True))
    part = (
        f"SELECT place FROM (SELECT place FROM case_findings WHERE case_id = :case AND {here} "  # noqa: S608 (names of our own)
        "AND place >= :from{0} ORDER BY place LIMIT :most{0}) AS g{0}"
    )
    return sa.text(" UNION ALL ".join(part.format(number) for number in range(count)))


@cache
def _every(all_of_them: bool) -> sa.Select[Any]:
    """Ask for the places of a case after one, all of them or as many as are bound."""
    query = sa.select(_M.place).where(_M.case_id == _CASE, _M.place > _AFTER).order_by(_M.place)
    return query if all_of_them else query.limit(_LIMIT)


@lru_cache(maxsize=_SHAPES)
def _near(shape: _Shape) -> sa.Select[Any]:
    """Ask for the first places after one, among the nearest of the case."""
    keys = _groups(shape).subquery()
    near = sa.select(_M.place, *(_M[name] for name in _KEY)).where(_M.case_id == _CASE, _M.place > _AFTER)
    close = near.order_by(_M.place).limit(_NEAR).subquery()
    both = close.join(keys, sa.and_(*(close.c[name] == keys.c[name] for name in _KEY)))
    return sa.select(close.c.place).select_from(both).order_by(close.c.place).limit(_LIMIT)


@lru_cache(maxsize=_SHAPES)
def _next_of_each(shape: _Shape) -> sa.Select[Any]:
    """Ask for the key and the next place after one of each group, for the first of these places."""
    keys = _groups(shape).subquery()
    mine = [_M.case_id == _CASE, *(_M[name] == keys.c[name] for name in _KEY), _M.place > _AFTER]
    next_place = sa.select(sa.func.min(_M.place)).where(*mine).correlate(keys).scalar_subquery()
    inner = sa.select(*(keys.c[name] for name in _KEY), next_place.label("next")).subquery()
    return sa.select(inner).where(inner.c.next.is_not(None)).order_by(inner.c.next).limit(_LIMIT)


def _places(
    conn: sa.Connection, case_id: str, where: FindingFilter, after: int, limit: int | None, rare: Rare = None
) -> list[int]:
    """Give the places of the first findings after a place that a filter lets through."""
    if where.text or where.finding:
        return [place for place, _ in islice(_listed(conn, case_id, where, after, rare), limit)]
    if where.without:
        left_out = {place for place, _ in _named(conn, case_id, where.without)}
        more = None if limit is None else limit + len(left_out)
        found = _places(conn, case_id, replace(where, without=()), after, more, rare)
        return [place for place in found if place not in left_out][:limit]
    if where == ALL:
        return list(
            conn.execute(_every(limit is None), {"case": case_id, "after": after, "limit": limit}).scalars()
        )
    assert limit is not None
    shape, values = _asked(case_id, where)
    values |= {"after": after, "limit": limit}
    # What many findings fit stands near: looked for there first, without asking each group.
    if len(places := list(conn.execute(_near(shape), values).scalars())) == limit:
        return places
    # The next place of each group; a page takes from the groups with the first of these alone.
    firsts = conn.execute(_next_of_each(shape), values).all()
    if not firsts:
        return []
    joined: list[int] = []
    for start in range(0, len(firsts), _PARTS):
        some = firsts[start : start + _PARTS]
        bound: dict[str, Any] = {"case": case_id}
        size = _power_of_two(len(some))
        for number in range(size):
            key = some[min(number, len(some) - 1)]
            most = max(limit - start - number, 0) if number < len(some) else 0
            named = zip(_BOUND, (*key, most), strict=True)
            bound |= {f"{name}{number}": value for name, value in named}
        joined += conn.execute(_first_places(size), bound).scalars()
    return sorted(joined)[:limit]


_OF_IDS = sa.select(_M.place, *(_M[name] for name in _KEY)).where(
    _M.case_id == _CASE, _M.finding_id.in_(sa.bindparam("ids", expanding=True))
)


def _named(
    conn: sa.Connection, case_id: str, ids: Collection[str]
) -> tuple[tuple[int, tuple[Any, ...]], ...]:
    """Give place and group of the findings of some ids, in their order; what the case does not hold is left out."""
    found: list[tuple[int, tuple[Any, ...]]] = []
    asked = sorted(set(ids))
    for start in range(0, len(asked), 500):
        rows = conn.execute(_OF_IDS, {"case": case_id, "ids": asked[start : start + 500]})
        found += [(place, tuple(key)) for place, *key in rows]
    return tuple(sorted(found))


def not_held(conn: sa.Connection, case_id: str, ids: Collection[str]) -> list[str]:
    """Give those of some ids under which the case holds no finding, in their order."""
    asked, held = list(dict.fromkeys(ids)), set[str]()
    for start in range(0, len(asked), 500):
        some = sa.and_(_M.case_id == case_id, _M.finding_id.in_(asked[start : start + 500]))
        held.update(conn.execute(sa.select(_M.finding_id).where(some)).scalars())
    return [name for name in asked if name not in held]


# Text


@dataclass(frozen=True, slots=True)
class _Word:
    """Where a word stands in a scan: places of findings whose record holds it, and groups of which the name of the file does."""

    places: Sequence[int]
    groups: frozenset[int]
    size: int

    def stands(self, place: int, group: int) -> bool:
        if group in self.groups:
            return True
        at = bisect_left(self.places, place)
        return at < len(self.places) and self.places[at] == place


_SCANS_OF = sa.select(case_groups.c.scan).distinct().where(case_groups.c.case_id == _CASE)
_SCAN: sa.BindParameter[Any] = sa.bindparam("scan")
_WORD_ASKED: sa.BindParameter[Any] = sa.bindparam("word")
_PLACES_OF_WORD = sa.select(scan_words.c.places).where(scan_words.c.scan == _SCAN)
_WORD = _PLACES_OF_WORD.where(scan_words.c.word == _WORD_ASKED)
_WORDS_FROM = _PLACES_OF_WORD.where(
    scan_words.c.word >= _WORD_ASKED, scan_words.c.word < sa.bindparam("beyond")
)
_PATHS_OF = sa.select(scan_inputs.c.input, scan_inputs.c.path).where(scan_inputs.c.scan == _SCAN)
_OF_INPUTS = sa.select(scan_groups.c.grp, scan_groups.c["count"]).where(
    scan_groups.c.scan == _SCAN, scan_groups.c.input.in_(sa.bindparam("inputs", expanding=True))
)
_IN_SCAN = scan_findings.c
_IN_GROUPS = sa.select(_IN_SCAN.place).where(
    _IN_SCAN.scan == _SCAN, _IN_SCAN.grp.in_(sa.bindparam("groups", expanding=True))
)
_AT_PLACES = (
    sa.select(_IN_SCAN.place, _IN_SCAN.grp, _M.place, *(_M[name] for name in _KEY))
    .select_from(scan_findings)
    .join(case_findings, sa.and_(_M.case_id == _CASE, _M.finding_id == _IN_SCAN.finding_id))
    .where(_IN_SCAN.scan == _SCAN, _M.scan == _SCAN)
    .where(_IN_SCAN.place.in_(sa.bindparam("places", expanding=True)))
)


def _standing(conn: sa.Connection, case_id: str, text: str) -> dict[int, list[_Word]]:
    """Give scan to where each word of a text stands; the rarest word first."""
    asked = []
    for word in text.split():
        # A token with signs in it is one word without them; its parts are words of their own.
        if forms := list(words_of(word.rstrip("*"))):
            asked.append((forms, word.endswith("*"), word.strip('*"').casefold()))
    scans_of_case = conn.execute(_SCANS_OF, {"case": case_id}).scalars().all() if asked else ()
    scans = list(map(int, scans_of_case))
    named = {scan: _named_groups(conn, scan, [word for _, _, word in asked]) for scan in scans}
    out: dict[int, list[_Word]] = {scan: [] for scan in scans}
    for forms, begins, word in asked:
        places = {scan: _places_of(conn, scan, forms[-1], begins) for scan in scans}
        if len(forms) > 1 and not any(len(places[scan]) or named[scan][word] for scan in scans):
            # NVR5216-16P stands within DHI-NVR5216-16P-I, which begins otherwise.
            *whole, last = forms[:-1]
            for scan in scans:
                parts = [_places_of(conn, scan, last, begins)]
                parts += [_places_of(conn, scan, part, False) for part in whole]
                places[scan] = sorted(set(parts[0]).intersection(*parts[1:]))
        for scan in scans:
            groups = named[scan][word]
            out[scan].append(_Word(places[scan], frozenset(groups), len(places[scan]) + sum(groups.values())))
    for words in out.values():
        words.sort(key=lambda one: one.size)
    return out


def _places_of(conn: sa.Connection, scan: int, form: str, begins: bool) -> Sequence[int]:
    """Give the places of a scan at which a word stands, or one that begins so; rising."""
    asked = {"scan": scan, "word": form}
    found = (
        conn.execute(_WORDS_FROM, {**asked, "beyond": form + "\U0010ffff"})
        if begins
        else conn.execute(_WORD, asked)
    )
    lists = [unpacked(bytes(packed)) for packed in found.scalars()]
    return lists[0] if len(lists) == 1 else sorted(set().union(*lists))


def _named_groups(conn: sa.Connection, scan: int, words: Sequence[str]) -> dict[str, dict[int, int]]:
    """Give of each word the groups of a scan whose file holds it in its name, with how many findings each has."""
    paths = conn.execute(_PATHS_OF, {"scan": scan})
    folded = {int(one.input): str(one.path).casefold() for one in paths}
    out: dict[str, dict[int, int]] = {}
    for word in words:
        inputs = [
            number for number, path in folded.items() if len(word) >= _SHORTEST_OF_A_NAME and word in path
        ]
        found = conn.execute(_OF_INPUTS, {"scan": scan, "inputs": inputs}) if inputs else ()
        out[word] = {int(one[0]): int(one[1]) for one in found}
    return out


def of_rare_text(
    conn: sa.Connection, case_id: str, text: str, standing: Mapping[int, list[_Word]] | None = None
) -> Rare:
    """Give place and group of all findings of a case whose records hold a text, in their order; None where those are many."""
    standing = _standing(conn, case_id, text) if standing is None else standing
    if sum(words[0].size for words in standing.values()) > _RARE:
        return None
    found: list[tuple[int, tuple[Any, ...]]] = []
    for scan, (rarest, *others) in standing.items():
        places: set[int] = set(rarest.places)
        if rarest.groups:
            places.update(conn.execute(_IN_GROUPS, {"scan": scan, "groups": list(rarest.groups)}).scalars())
        # Words that name no file stand in records alone: where one does not, the finding need not be read.
        told = [word for word in others if not word.groups]
        ordered = [place for place in sorted(places) if all(word.stands(place, -1) for word in told)]
        for start in range(0, len(ordered), 500):
            some = {"case": case_id, "scan": scan, "places": _padded(ordered[start : start + 500])}
            found += [
                (at, tuple(key))
                for place, group, at, *key in conn.execute(_AT_PLACES, some)
                if all(word.stands(place, group) for word in others)
            ]
    return tuple(sorted(found))


def _listed(
    conn: sa.Connection, case_id: str, where: FindingFilter, after: int = -1, rare: Rare = None
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield place and group of the findings after a place that a filter with a text or with ids lets through, in their order."""
    left_out = {place for place, _ in _named(conn, case_id, where.without)}
    named = _named(conn, case_id, where.finding) if where.finding else None
    if where.text:
        among = None if named is None else {place for place, _ in named}
        found = _by_text(conn, case_id, where, after, rare)
    else:
        among, found = None, _in_groups(conn, case_id, where, after, named or ())
    return (one for one in found if one[0] not in left_out and (among is None or one[0] in among))


def _in_groups(
    conn: sa.Connection,
    case_id: str,
    where: FindingFilter,
    after: int,
    listed: Sequence[tuple[int, tuple[Any, ...]]],
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield those of some findings after a place that stand in a group which a filter lets through."""
    keys = None
    if replace(where, text="", finding=(), without=()) != ALL:
        among = [key for _, key in listed]
        shape, values = _asked(case_id, where, among)
        keys = {tuple(row)[: len(_KEY)] for row in conn.execute(_groups(shape), values).all()}
    for place, named_by in listed:
        if place > after and (keys is None or named_by in keys):
            yield place, named_by


def _by_text(
    conn: sa.Connection, case_id: str, where: FindingFilter, after: int = -1, rare: Rare = None
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield place and group of the findings after a place that a filter with a text lets through, in their order."""
    standing = _standing(conn, case_id, where.text) if rare is None else {}
    rare = of_rare_text(conn, case_id, where.text, standing) if rare is None else rare
    if rare is not None:
        # Named in the query, the place would lead it through the whole case.
        yield from _in_groups(conn, case_id, where, after, rare)
        return
    keys = None
    if replace(where, text="", finding=(), without=()) != ALL:
        shape, values = _asked(case_id, where)
        keys = {tuple(row)[: len(_KEY)] for row in conn.execute(_groups(shape), values).all()}
    columns = (_M.place, *(_M[name] for name in _KEY))
    # Many records hold it, so a page is near.
    walk = (
        sa.select(_M.scan_place, *columns).where(_M.case_id == case_id, _M.place > after).order_by(_M.place)
    )
    for scan_place, place, *key in conn.execution_options(yield_per=1_000).execute(walk):
        scan, group = key[0], key[1]
        if (keys is None or tuple(key) in keys) and all(
            word.stands(scan_place, group) for word in standing[scan]
        ):
            yield place, tuple(key)


def one(conn: sa.Connection, case_id: str, runs: Sequence[RunRecord], finding_id: str) -> CaseFinding:
    """Give a finding of a case.

    Raises:
        CaseError: E439 when the case holds no such finding.
    """
    found = _rows(conn, runs, _ROW_OF, {"case": case_id, "finding_id": finding_id})
    if not found:
        raise _unknown(conn, case_id, finding_id)
    return found[0]


def holds(conn: sa.Connection, case_id: str, finding_id: str) -> bool:
    """Tell whether a case holds a finding."""
    query = sa.select(_M.place).where(_M.case_id == case_id, _M.finding_id == finding_id)
    return conn.execute(query).first() is not None


_LAST_RUN_OF = sa.select(_M.last_run).where(_M.case_id == _CASE, _M.finding_id == sa.bindparam("finding_id"))


def last_run(conn: sa.Connection, case_id: str, finding_id: str) -> int:
    """Give the number of the run in which a finding was last seen.

    Raises:
        CaseError: E439 when the case holds no such finding.
    """
    found = conn.execute(_LAST_RUN_OF, {"case": case_id, "finding_id": finding_id}).scalar()
    if found is None:
        raise _unknown(conn, case_id, finding_id)
    return int(found)


def last_runs(conn: sa.Connection, case_id: str, where: FindingFilter) -> list[int]:
    """Give the numbers of the runs in which findings that a filter chooses were last seen."""
    if where.finding:
        places = _places(conn, case_id, where, -1, None)
        some = sa.and_(_M.case_id == case_id, _M.place.in_(places))
        return sorted(
            int(run) for run in conn.execute(sa.select(_M.last_run).distinct().where(some)).scalars()
        )
    left_out = set(where.without)
    columns = (_M.last_run, _M.finding_id) if left_out else (_M.last_run,)
    found = _of_groups(conn, case_id, where, *columns, once=not left_out)
    return sorted({int(run) for run, *name in found if left_out.isdisjoint(name)})


def _of_groups(
    conn: sa.Connection,
    case_id: str,
    where: FindingFilter,
    *columns: sa.ColumnElement[Any],
    once: bool = False,
) -> Iterator[tuple[Any, ...]]:
    """Yield columns of the findings that a filter without a text lets through, in no order.

    The groups stand to the left, where SQLite has to begin with them: it would walk through the whole case first.

    Args:
        once: yield equal rows once.
    """
    shape, values = _asked(case_id, where)
    keys = _groups(shape).subquery()
    mine = sa.and_(_M.case_id == _CASE, *(_M[name] == keys.c[name] for name in _KEY))
    query = sa.select(*columns).select_from(keys.outerjoin(case_findings, mine))
    query = query.distinct() if once else query
    return (tuple(row) for row in conn.execute(query, values).all() if row[0] is not None)


def _unknown(conn: sa.Connection, case_id: str, finding_id: str) -> Exception:
    query = sa.select(_M.finding_id).where(_M.case_id == case_id).order_by(_M.place).limit(3)
    known = ", ".join(conn.execute(query).scalars())
    return error("E439.case", case=case_id, finding_id=finding_id, known=known or "a case with findings")


def count_mentions(conn: sa.Connection, runs: Sequence[RunRecord]) -> int:
    """Count the mentions of a case, the newest reading of each input alone."""
    return sum(number for *_, number in _mentioned(conn, runs))


def mentions(
    conn: sa.Connection, runs: Sequence[RunRecord], *, start: int = 0, limit: int = 50
) -> list[tuple[RunRecord, str, dict[str, Any]]]:
    """Give mentions of a case, the newest run first, and the newest reading of each input alone.

    Args:
        start: how many come before.

    Returns:
        Of each the run that shows it, the path of its input, and the mention as the scan has it.
    """
    out: list[tuple[RunRecord, str, dict[str, Any]]] = []
    table = scan_mentions.c
    for run, scan, paths, number in _mentioned(conn, runs):
        if start >= number:
            start -= number
            continue
        query = sa.select(table.input, table.start, table.size).where(
            table.scan == scan, table.input.in_(paths)
        )
        rows = conn.execute(query.order_by(table.place).offset(start).limit(limit - len(out))).all()
        cut = content.cuts(conn, run.scan_sha256, [(int(row.start), int(row.size)) for row in rows])
        out += [(run, paths[int(row.input)], json.loads(piece)) for row, piece in zip(rows, cut, strict=True)]
        start = 0
        if len(out) >= limit:
            break
    return out


def _mentioned(
    conn: sa.Connection, runs: Sequence[RunRecord]
) -> Iterator[tuple[RunRecord, int, dict[int, str], int]]:
    """Yield each run, the newest first, with its number, its inputs that no newer run read, and how many mentions these hold."""
    counts, inputs = scan_mention_counts.c, scan_inputs.c
    again = read_again(runs)
    for run in reversed(runs):
        query = (
            sa.select(inputs.scan, inputs.input, inputs.path, sa.func.sum(counts["count"]).label("number"))
            .join(scans, scans.c.scan == inputs.scan)
            .join(scan_mention_counts, sa.and_(counts.scan == inputs.scan, counts.input == inputs.input))
            .where(scans.c.sha256 == run.scan_sha256)
            .group_by(inputs.scan, inputs.input, inputs.path)
        )
        # A column cannot hold null characters; the event that names the inputs can.
        told = {scan_rows.column(path): path for path, _ in run.inputs}
        rows = [row for row in conn.execute(query) if told.get(row.path, row.path) not in again[run.id]]
        if rows:
            paths = {int(row.input): told.get(row.path, row.path) for row in rows}
            yield run, int(rows[0].scan), paths, sum(int(row.number) for row in rows)
