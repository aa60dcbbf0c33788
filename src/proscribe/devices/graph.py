"""Records to devices: exact keys first, compound keys next, scored agreements last; each join explained and undoable.

The answer does not depend on the order of inputs, rows or batches: records are known by a digest of their content,
and every group of records is decided as a whole. Where a record fits two that contradict each other, it joins neither:
both joins are suggested, and a person decides.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice

import polars as pl

from proscribe.devices.copies import same_rows
from proscribe.devices.keys import DeviceTable, Keys, extract, is_short_serial, is_short_tag
from proscribe.devices.kinds import DEVICE_KINDS, PICTURE_KINDS, PURCHASE_KINDS
from proscribe.devices.marks import as_alike, ends_in
from proscribe.model.devices import JoinDecision, JoinState, KeyKind

#: Millibits of each agreement. 1000 doubles the odds that two records are one device. Set by judgement.
SCORES = {
    KeyKind.STATED: 20_000,
    KeyKind.SERIAL: 16_000,
    KeyKind.MAC: 16_000,
    KeyKind.ASSET_TAG: 13_000,
    KeyKind.SAME_SCAN: 12_000,
    KeyKind.SAME_ROW: 12_000,
    KeyKind.RECORDER_CHANNEL: 9_000,
    KeyKind.ORDER_LINE: 9_000,
    KeyKind.IP_TIME: 8_000,
    KeyKind.HOSTNAME: 5_000,
    KeyKind.IP: 4_000,
    KeyKind.MODEL: 2_000,
}
SHORT_SERIAL = 5_000
SAME_SITE = 1_000
#: Weak agreements are applied from this sum on, and only when at least two of them tell devices apart.
APPLIED_FROM = 7_000
#: More clusters than this around one value say that the value does not tell devices apart.
MOST_CLUSTERS = 64
#: Suggestions listed for one value.
MOST_SUGGESTED = 12
#: Decisions named one by one that meet no record; the rest are counted.
_MOST_UNMET = 10
_DAY = 86_400
#: Clocks differ; stretches of time may miss each other by so much, in seconds.
_SLACK = 3_600
#: Two addresses this close, of one maker, sit on one board.
_SAME_BOARD = 64

_LONE_KINDS = {
    "host name": KeyKind.HOSTNAME,
    "IP address": KeyKind.IP,
    "short serial number": KeyKind.SERIAL,
    "number": KeyKind.ASSET_TAG,
}
_WORDS = {
    KeyKind.SERIAL: "the same serial number",
    KeyKind.MAC: "the same MAC address",
    KeyKind.ASSET_TAG: "the same asset tag",
    KeyKind.SAME_SCAN: "the same address in two exports of one scan",
    KeyKind.SAME_ROW: "the same row, id and every cell, in two copies of one list",
    KeyKind.RECORDER_CHANNEL: "the same channel of the same recorder",
    KeyKind.IP_TIME: "the same IP address at the same time",
    KeyKind.ORDER_LINE: "the same order line",
    KeyKind.HOSTNAME: "the same host name",
    KeyKind.IP: "the same IP address",
    KeyKind.MODEL: "the same model",
}


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided about joins.

    Attributes:
        without: ids of joins taken back.
        stated: decisions of a file, in its order.
    """

    without: frozenset[str] = frozenset()
    stated: tuple[JoinDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A join between two records, by their running numbers."""

    id: str
    kind: KeyKind
    value: str
    left: int
    right: int
    strength: str
    score_mbit: int
    why: str
    state: JoinState
    because: str = ""


@dataclass(slots=True)
class _Cluster:
    """What tells a cluster apart from others; of its serial numbers `seen` were read in pictures, where letters are misread."""

    serials: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    macs: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    tables: frozenset[int] = frozenset()
    marks: frozenset[tuple[int, int]] = frozenset()

    def with_(self, other: _Cluster) -> _Cluster:
        return _Cluster(
            self.serials | other.serials,
            self.seen | other.seen,
            self.macs | other.macs,
            self.tags | other.tags,
            self.sites | other.sites,
            self.tables | other.tables,
            self.marks | other.marks,
        )


@dataclass(slots=True)
class Graph:
    """Devices as sets of records.

    Attributes:
        clusters: records of each device, ascending; ordered by the smallest digest.
        links: applied joins among device records.
        purchases: purchase record to the clusters it explains, each with its link.
        open: joins suggested, refused or undone.
        keys: what was extracted.
        digests: content digest of every record of a device or purchase.
        notes: what was left out and why.
        unknown: ids of decisions that name no join.
    """

    clusters: list[list[int]]
    links: list[Link]
    purchases: dict[int, list[tuple[int, Link]]]
    open: list[Link]
    keys: Keys
    digests: dict[int, str]
    values: Mapping[int, Mapping[str, tuple[str, ...]]]
    notes: list[str] = field(default_factory=list)
    unknown: tuple[str, ...] = ()


def build(tables: Sequence[DeviceTable], decisions: Decisions | None = None) -> Graph:
    """Join the records of all tables into devices."""
    return _Builder(tables, decisions or Decisions()).run()


def _nearly(a: _Cluster, b: _Cluster) -> str:
    """Say why serial numbers of two clusters that are not the same may be one device's: nothing where they may not."""
    for one in sorted(a.serials):
        for other in sorted(b.serials):
            if ends_in(one, other):
                return f"the serial number {max(one, other, key=len)} ends in {min(one, other, key=len)}"
            if (one in a.seen or other in b.seen) and as_alike(one) == as_alike(other):
                return f"the serial numbers {one} and {other} differ only in letters that look alike in a picture"
    return ""


def _digest(*parts: str) -> str:
    texts = [part.encode("utf-8", "surrogatepass") for part in parts]
    framed = b"".join([b"%d:%b" % (len(text), text) for text in texts])
    return hashlib.blake2b(framed, digest_size=10).hexdigest()


def record_digests(tables: Sequence[DeviceTable]) -> dict[int, str]:
    """Digest the content of every record of a device or purchase table; equal rows are numbered."""
    made: dict[int, str] = {}
    seen: dict[str, int] = {}
    base = 0
    for table in tables:
        wanted = table.kind in DEVICE_KINDS or table.kind in PURCHASE_KINDS
        for batch in table.batches:
            if wanted:
                columns = [column.to_pylist() for column in batch.rows.columns]
                rows: Iterable[tuple[str | None, ...]] = zip(*columns, strict=True) if columns else ()
                for place, row in enumerate(rows):
                    plain = _digest(table.name, table.table.sheet or "", *(text or "" for text in row))
                    count = seen[plain] = seen.get(plain, 0) + 1
                    made[base + place] = plain if count == 1 else _digest(plain, str(count))
            base += batch.rows.num_rows
    return made


class _Builder:
    def __init__(self, tables: Sequence[DeviceTable], decisions: Decisions) -> None:
        self.tables = tables
        self.decisions = decisions
        self.keys = extract(tables)
        self.digests = record_digests(tables)
        self.links: list[Link] = []
        self.open: dict[str, Link] = {}
        self.notes: list[str] = []
        self.met: set[str] = set()
        self.same_ids = frozenset(item.join for item in decisions.stated if item.same and item.join)
        self.without = decisions.without | {
            item.join for item in decisions.stated if not item.same and item.join
        }
        device = [table.kind in DEVICE_KINDS for table in tables]
        starts = self.keys.starts
        self.units = [
            record
            for number, ok in enumerate(device)
            if ok
            for record in range(starts[number], starts[number + 1])
        ]
        unit_spans = pl.DataFrame(
            {"first": starts[:-1], "unit": device},
            schema={"first": pl.Int64, "unit": pl.Boolean},
        )
        frame = self.keys.frame.sort("record")
        self.frame = (
            frame.join_asof(unit_spans.sort("first"), left_on="record", right_on="first")
            if frame.height and unit_spans.height
            else frame.with_columns(pl.lit(False).alias("unit"))
        )
        self.values = self._values()
        self.parent: dict[int, int] = {record: record for record in self.units}
        self.clusters: dict[int, _Cluster] = {}

    # Records and their values

    def _values(self) -> dict[int, dict[str, tuple[str, ...]]]:
        made: dict[int, dict[str, tuple[str, ...]]] = {}
        grouped = self.frame.group_by("record", "kind").agg(pl.col("value").sort())
        same: dict[str, str] = {}  # one text for a kind or a value, however many records have it
        for record, kind, values in grouped.iter_rows():
            held = tuple([same.setdefault(value, value) for value in values])
            made.setdefault(int(record), {})[same.setdefault(kind, kind)] = held
        return made

    def table_of(self, record: int) -> int:
        return bisect_right(self.keys.starts, record) - 1

    def of(self, record: int, kind: str) -> tuple[str, ...]:
        return self.values.get(record, {}).get(kind, ())

    def _cluster(self, root: int) -> _Cluster:
        if root not in self.clusters:
            shared = self.keys.shared
            table = self.table_of(root)
            serials = frozenset(value for value in self.of(root, "serial") if ("serial", value) not in shared)
            self.clusters[root] = _Cluster(
                serials,
                serials if self.tables[table].kind in PICTURE_KINDS else frozenset(),
                frozenset(value for value in self.of(root, "mac") if ("mac", value) not in shared),
                frozenset(value for value in self.of(root, "asset_tag") if not is_short_tag(value)),
                frozenset(self.of(root, "site")),
                frozenset((table,)),
                self.marks.get(root, frozenset()),
            )
        return self.clusters[root]

    def find(self, record: int) -> int:
        root = record
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[record] != root:
            self.parent[record], record = root, self.parent[record]
        return root

    def union(self, one: int, two: int) -> None:
        first, second = self.find(one), self.find(two)
        if first == second:
            return
        merged = self._cluster(first).with_(self._cluster(second))
        if self.digests[second] < self.digests[first]:
            first, second = second, first
        self.parent[second] = first
        self.clusters[first] = merged
        self.clusters.pop(second, None)

    # Joins

    def link(
        self,
        kind: KeyKind,
        value: str,
        one: int,
        two: int,
        state: JoinState,
        because: str = "",
        *,
        strength: str = "exact",
        score: int | None = None,
        why: str = "",
    ) -> Link:
        if self.digests[two] < self.digests[one]:
            one, two = two, one
        identity = "j_" + _digest(kind.value, value, self.digests[one], self.digests[two])
        self.met.add(identity)
        return Link(
            identity,
            kind,
            value,
            one,
            two,
            strength,
            SCORES.get(kind, 0) if score is None else score,
            why or _WORDS[kind],
            state,
            because,
        )

    def offer(self, link: Link) -> None:
        """Keep a join that is not applied, unless a person said that it holds."""
        if link.id in self.same_ids and link.state is not JoinState.UNDONE:
            if link.left in self.parent and link.right in self.parent:
                self.union(link.left, link.right)
                self.links.append(
                    replace(
                        link,
                        strength="stated",
                        score_mbit=SCORES[KeyKind.STATED],
                        why=f"{link.why}, and a person said that they are one device",
                        state=JoinState.APPLIED,
                        because="",
                    )
                )
            return
        known = self.open.get(link.id)
        if known is None or known.state is JoinState.SUGGESTED:
            self.open[link.id] = link

    def conflict(self, one: int, two: int, kind: KeyKind) -> str:
        """Say why two clusters cannot be one device, or nothing."""
        a, b = self._cluster(one), self._cluster(two)
        for number, side in a.marks:
            if (number, 1 - side) in b.marks:
                return "a person said that they are two devices"
        weak = kind in (KeyKind.RECORDER_CHANNEL, KeyKind.IP_TIME, KeyKind.LIKENESS, KeyKind.ORDER_LINE)
        if a.serials and b.serials and not a.serials & b.serials and not _nearly(a, b):
            return f"the serial numbers differ: {_shown(a.serials)} and {_shown(b.serials)}"
        if a.macs and b.macs and not a.macs & b.macs:
            explained = not weak and (
                _one_board(a.macs, b.macs) or (kind is KeyKind.SERIAL and a.tags & b.tags)
            )
            if not explained:
                return (
                    f"the MAC addresses differ: {_shown(map(_mac, a.macs))} and {_shown(map(_mac, b.macs))}"
                )
        if _two_tags(a.tags, b.tags):
            return f"the asset tags differ: {_shown(a.tags)} and {_shown(b.tags)}"
        if weak and a.tables & b.tables:
            return "both stand in one table, which lists each device once"
        if (weak or kind is KeyKind.ASSET_TAG) and not _same_site(a.sites, b.sites):
            return f"the sites differ: {_shown(a.sites)} and {_shown(b.sites)}"
        return ""

    def run(self) -> Graph:
        self._mark_decisions()
        self._stated()
        for kind, name in (
            (KeyKind.SERIAL, "serial"),
            (KeyKind.MAC, "mac"),
            (KeyKind.ASSET_TAG, "asset_tag"),
            (KeyKind.SAME_SCAN, "same_scan"),
            (KeyKind.RECORDER_CHANNEL, "recorder_channel"),
        ):
            for value, records in self.groups(name):
                if (kind is KeyKind.SERIAL and is_short_serial(value)) or (
                    kind is KeyKind.ASSET_TAG and is_short_tag(value)
                ):
                    continue
                if (name, value) in self.keys.shared:
                    self._note_shared(kind, value)
                    continue
                self.decide(kind, value, records)
        for value, alike in same_rows(self.tables, self.keys.starts):
            # A row with a key of its own joins by that, and a person who takes the join back is not overruled.
            records = [record for record in alike if not self._has_key(record)]
            self.decide(KeyKind.SAME_ROW, value, sorted(records, key=self.digests.__getitem__))
        for value, records in self.groups("ip"):
            timed = [record for record in records if record in self.keys.spans]
            if len(timed) > 1:
                self.decide(KeyKind.IP_TIME, value, timed, self._together)
        self._likeness()
        self._misread()
        purchases = self._purchases()
        members: dict[int, list[int]] = {}
        for record in self.units:
            members.setdefault(self.find(record), []).append(record)
        clusters = sorted(members.values(), key=lambda records: min(self.digests[item] for item in records))
        still = [
            item
            for item in self.open.values()
            if item.state is not JoinState.SUGGESTED
            or item.right not in self.parent
            or item.left not in self.parent
            or self.find(item.left) != self.find(item.right)
        ]
        for item in still:
            if item.state is JoinState.SUGGESTED and item.left in self.parent and item.right in self.parent:
                # Other keys may have settled since what the suggestion left open.
                reason = self.conflict(self.find(item.left), self.find(item.right), item.kind)
                if reason:
                    self.open[item.id] = _state(item, JoinState.REFUSED, reason)
            if item.state is JoinState.UNDONE and self.find(item.left) == self.find(item.right):
                self.open[item.id] = _because(item, f"{item.because}; other keys still make them one device")
        self.notes += self._contradicted()
        unknown = sorted((self.without | self.same_ids) - self.met)
        order = [JoinState.SUGGESTED, JoinState.REFUSED, JoinState.UNDONE]
        return Graph(
            clusters=clusters,
            links=sorted(dict.fromkeys(self.links), key=lambda item: item.id),
            purchases=purchases,
            open=sorted(
                (self.open[item.id] for item in still),
                key=lambda item: (order.index(item.state), -item.score_mbit, item.id),
            ),
            keys=self.keys,
            digests=self.digests,
            values=self.values,
            notes=list(dict.fromkeys(self.notes)),
            unknown=tuple(unknown),
        )

    def _has_key(self, record: int) -> bool:
        return (
            bool(self.of(record, "mac"))
            or any(not is_short_serial(value) for value in self.of(record, "serial"))
            or any(not is_short_tag(value) for value in self.of(record, "asset_tag"))
        )

    def groups(self, kind: str, *, units: bool = True) -> Iterator[tuple[str, list[int]]]:
        """Yield the values that more than one record carries, in order of the value."""
        chosen = self.frame.filter(pl.col("kind") == kind)
        if units:
            chosen = chosen.filter(pl.col("unit"))
        grouped = (
            chosen.group_by("value")
            .agg(pl.col("record"))
            .filter(pl.col("record").list.len() > 1)
            .sort("value")
        )
        for value, records in grouped.iter_rows():
            yield value, sorted(set(records), key=self.digests.__getitem__)

    def decide(
        self, kind: KeyKind, value: str, records: list[int], holds: Callable[[int, int], bool] | None = None
    ) -> None:
        """Join the records that share a value, as far as nothing speaks against it.

        Two clusters join when nothing speaks against it and every third cluster around the value stands to both
        alike; otherwise a record could join either of two devices, and the join is only suggested.
        """
        if len({self.find(record) for record in records}) > MOST_CLUSTERS:
            self._note_shared(kind, value, len(records))
            return
        by_root: dict[int, list[int]] = {}
        for record in self._without_undone(kind, value, records):
            by_root.setdefault(self.find(record), []).append(record)
        roots = list(by_root)
        against: dict[tuple[int, int], str] = {}
        linked: dict[int, set[int]] = {root: {root} for root in roots}
        for one, two in combinations(roots, 2):
            if holds is not None and not any(
                holds(left, right) for left in by_root[one] for right in by_root[two]
            ):
                continue
            reason = self.conflict(one, two, kind)
            if reason:
                against[one, two] = reason
            else:
                linked[one].add(two)
                linked[two].add(one)
        for one, two in combinations(roots, 2):
            if two in linked[one] and linked[one] != linked[two]:
                self.offer(
                    self.link(
                        kind,
                        value,
                        by_root[one][0],
                        by_root[two][0],
                        JoinState.SUGGESTED,
                        "more than one record fits, and those contradict each other: a person must choose",
                    )
                )
        for (one, two), reason in against.items():
            if kind is not KeyKind.IP_TIME:
                self.offer(
                    self.link(kind, value, by_root[one][0], by_root[two][0], JoinState.REFUSED, reason)
                )
        classes: dict[frozenset[int], list[int]] = {}
        for root in roots:
            classes.setdefault(frozenset(linked[root]), []).append(root)
        for members in classes.values():
            chosen = sorted(
                (item for root in members for item in by_root[root]), key=self.digests.__getitem__
            )
            for other in chosen[1:]:
                a, b = self._cluster(self.find(chosen[0])), self._cluster(self.find(other))
                nearly = "" if a.serials & b.serials else _nearly(a, b)
                why = f"{_WORDS[kind]}; {nearly}" if nearly else ""
                self.union(chosen[0], other)
                self.links.append(self.link(kind, value, chosen[0], other, JoinState.APPLIED, why=why))

    def _without_undone(self, kind: KeyKind, value: str, records: list[int]) -> list[int]:
        if not self.without:
            return records
        dropped: set[int] = set()
        for one, two in combinations(records, 2):
            if one in dropped or two in dropped:
                continue
            link = self.link(kind, value, one, two, JoinState.UNDONE, "a person took it back")
            if link.id in self.without:
                dropped.add(two)
                self.open[link.id] = link
        return [record for record in records if record not in dropped]

    def _together(self, one: int, two: int) -> bool:
        """Tell whether two records held at one time: two instants of one UTC day, or stretches that meet."""
        a, b = self.keys.spans[one], self.keys.spans[two]
        if a.first == a.last and b.first == b.last:
            return a.first // _DAY == b.first // _DAY
        return a.first - _SLACK <= b.last and b.first - _SLACK <= a.last

    def _note_shared(self, kind: KeyKind, value: str, count: int = 0) -> None:
        number = count or self.keys.shared.get((kind.value, value), 0)
        shown = _mac(value) if kind is KeyKind.MAC else value
        self.notes.append(
            f"{_WORDS[kind].removeprefix('the same ')} {shown} stands in {number} records: it is shared, as a router's "
            "or a docking station's address is, and joins nothing"
        )

    # What people said

    def _mark_decisions(self) -> None:
        marks: dict[int, set[tuple[int, int]]] = {}
        unmet: list[str] = []
        for number, decision in enumerate(self.decisions.stated):
            if len(decision.keys) != 2:
                continue
            missing = [key for key in dict.fromkeys(decision.keys) if not self._records_with(key)]
            if missing:
                unmet.append(f"{_decided(decision)} meets no record with {' or '.join(missing)}")
            if decision.same:
                continue
            for side, key in enumerate(decision.keys):
                for record in self._records_with(key):
                    marks.setdefault(record, set()).add((number, side))
        self.marks = {record: frozenset(items) for record, items in marks.items()}
        self.notes += unmet[:_MOST_UNMET]
        if len(unmet) > _MOST_UNMET:
            self.notes.append(f"{len(unmet) - _MOST_UNMET} more decisions meet no record of these inputs")

    def _records_with(self, key: str) -> list[int]:
        kind, _, value = key.partition(":")
        found = self.frame.filter((pl.col("kind") == kind) & (pl.col("value") == value) & pl.col("unit"))[
            "record"
        ].to_list()
        return sorted(set(found), key=self.digests.__getitem__)

    def _stated(self) -> None:
        for decision in self.decisions.stated:
            if not decision.same or len(decision.keys) != 2:
                continue
            first, second = (self._records_with(key) for key in decision.keys)
            if not first or not second:
                continue
            why = f"{decision.by} said so on {decision.at}: {decision.reason}"
            value = " = ".join(decision.keys)
            for other in [*first[1:], *second]:
                if self.find(first[0]) == self.find(other):
                    continue
                against = self._said_apart(first[0], other)
                if against is not None:
                    # Two people, or one on two days: neither is overruled in silence.
                    self.notes.append(
                        f"{_decided(decision)} is not followed: {_decided(against)} says otherwise. One of the two "
                        "has to be changed"
                    )
                    because = f"{against.by} said on {against.at} that they are two devices: {against.reason}"
                    link = self.link(
                        KeyKind.STATED, value, first[0], other, JoinState.REFUSED, because, strength="stated", why=why
                    )  # fmt: skip
                    self.open[link.id] = link
                    continue
                self.union(first[0], other)
                self.links.append(
                    self.link(
                        KeyKind.STATED, value, first[0], other, JoinState.APPLIED, strength="stated", why=why
                    )
                )

    def _said_apart(self, one: int, two: int) -> JoinDecision | None:
        """Give the decision of a person that keeps two records' clusters apart."""
        marks = self._cluster(self.find(two)).marks
        for number, side in sorted(self._cluster(self.find(one)).marks):
            if (number, 1 - side) in marks:
                return self.decisions.stated[number]
        return None

    def _contradicted(self) -> Iterator[str]:
        """Yield decisions that could not be kept, in words."""
        for item in sorted(self.same_ids & self.without):
            yield (
                f"join {item} is both taken back and said to hold; it is taken back. One of the two decisions has to be "
                "changed"
            )
        broken: set[int] = set()
        for record, marks in self.marks.items():
            root = self.find(record)
            whole = self._cluster(root).marks
            broken |= {number for number, side in marks if (number, 1 - side) in whole}
        for number in sorted(broken):
            yield f"{_decided(self.decisions.stated[number])} cannot be kept: one record carries both keys"

    # Weak agreements together

    def _likeness(self) -> None:
        members: dict[int, list[int]] = {}
        for record in self.units:
            members.setdefault(self.find(record), []).append(record)
        pairs = self._alike()
        eligible: dict[int, set[int]] = {}
        ready: dict[tuple[int, int], Link] = {}
        for (one, two), found in sorted(
            pairs.items(), key=lambda item: (self.digests[item[0][0]], self.digests[item[0][1]])
        ):
            if self.conflict(one, two, KeyKind.LIKENESS):
                continue
            link, telling = self._scored(one, two, found, members)
            if link.id in self.without:
                self.offer(_state(link, JoinState.UNDONE, "a person took it back"))
            elif link.score_mbit >= APPLIED_FROM and telling >= 2:
                eligible.setdefault(one, {one}).add(two)
                eligible.setdefault(two, {two}).add(one)
                ready[one, two] = link
            else:
                why = f"{link.why.removeprefix('they agree in ')} alone is too weak a key"
                self.offer(_state(link, JoinState.SUGGESTED, why))
        for (one, two), link in ready.items():
            if eligible[one] == eligible[two] and not self.conflict(
                self.find(one), self.find(two), KeyKind.LIKENESS
            ):
                self.union(one, two)
                self.links.append(link)
            elif self.find(one) != self.find(two):
                self.offer(
                    _state(link, JoinState.SUGGESTED, "more than one record fits: a person must choose")
                )

    def _misread(self) -> None:
        """Suggest to join what a picture shows to the device whose serial number differs in letters that look alike."""
        known: dict[str, list[tuple[str, int]]] = {}
        for record in self.units if any(table.kind in PICTURE_KINDS for table in self.tables) else ():
            for value in self.of(record, "serial"):
                if not is_short_serial(value):
                    known.setdefault(as_alike(value), []).append((value, record))
        for held in known.values():
            for (value, one), (other, two) in combinations(held[:MOST_SUGGESTED], 2):
                a, b = self._cluster(self.find(one)), self._cluster(self.find(two))
                if value == other or self.find(one) == self.find(two) or not (nearly := _nearly(a, b)):
                    continue
                if not self.conflict(self.find(one), self.find(two), KeyKind.SERIAL):
                    because = "a person must look at the picture"
                    self.offer(
                        self.link(
                            KeyKind.SERIAL, min(value, other), one, two, JoinState.SUGGESTED, because,
                            strength="scored", score=SHORT_SERIAL, why=nearly,
                        )
                    )  # fmt: skip

    def _alike(self) -> dict[tuple[int, int], _Agreements]:
        """Give the pairs of devices that agree in a weak key, with the keys."""
        pairs: dict[tuple[int, int], _Agreements] = {}
        for kind, value, score, records in self._weak_keys():
            roots: dict[int, int] = {}
            for record in records:
                roots.setdefault(self.find(record), record)
            if len(roots) > MOST_SUGGESTED:
                self.notes.append(
                    f"{kind} {value!r} stands in records of {len(roots)} devices: it tells none of them apart"
                )
                continue
            for one, two in combinations(sorted(roots, key=self.digests.__getitem__), 2):
                known = pairs.setdefault((one, two), {}).get(kind)
                if known is None or known[1] < score:
                    pairs[one, two][kind] = (value, score, roots[one], roots[two])
        return pairs

    def _weak_keys(self) -> Iterator[tuple[str, str, int, list[int]]]:
        """Give the keys that tell devices apart only together: kind, value, score, records."""
        for value, records in self._by_short_name():
            yield "host name", value, SCORES[KeyKind.HOSTNAME], records
        for value, records in self.groups("ip"):
            yield "IP address", value, SCORES[KeyKind.IP], records
        for value, records in self.groups("serial"):
            if is_short_serial(value):
                yield "short serial number", value, SHORT_SERIAL, records
        for value, records in self.groups("asset_tag"):
            if is_short_tag(value):
                yield "number", value, SHORT_SERIAL, records

    def _scored(
        self, one: int, two: int, found: _Agreements, members: Mapping[int, Sequence[int]]
    ) -> tuple[Link, int]:
        """Make the join of two devices that agree in something; give it with the number of keys that tell."""
        words = [f"{kind} {value}" for kind, (value, *_rest) in sorted(found.items())]
        score = sum(item[1] for item in found.values())
        telling = len(found)
        models = [
            {model for record in members[root] for model in self.of(record, "model")} for root in (one, two)
        ]
        shared = min(models[0] & models[1], default="")
        if shared:
            words.append(f"model {shared}")
            score += SCORES[KeyKind.MODEL]
            telling += 1
        if self._cluster(one).sites and self._cluster(two).sites:
            words.append("site")
            score += SAME_SITE
        first = min(found)
        value, _, left, right = found[first]
        lone = len(words) == 1
        link = self.link(
            KeyKind.LIKENESS if not lone else _LONE_KINDS[first],
            value if lone else "; ".join(words),
            left,
            right,
            JoinState.APPLIED,
            strength="scored",
            score=score,
            why="they agree in " + ", ".join(words),
        )
        return link, telling

    def _by_short_name(self) -> Iterator[tuple[str, list[int]]]:
        """Yield records by first label of their host name; names in two different domains are different names."""
        chosen = self.frame.filter((pl.col("kind") == "hostname") & pl.col("unit"))
        by_short: dict[str, dict[str, list[int]]] = {}
        for record, value in chosen.select("record", "value").iter_rows():
            short, _, domain = str(value).partition(".")
            by_short.setdefault(short, {}).setdefault(domain, []).append(int(record))
        for short in sorted(by_short):
            domains = by_short[short]
            named = sorted(
                domain
                for domain in domains
                if domain and domain not in ("local", "lan", "home", "localdomain")
            )
            if len(named) > 1:
                for domain in named:
                    if len(domains[domain]) > 1:
                        yield f"{short}.{domain}", sorted(set(domains[domain]), key=self.digests.__getitem__)
                continue
            records = sorted(
                {item for group in domains.values() for item in group}, key=self.digests.__getitem__
            )
            if len(records) > 1:
                yield short, records

    # Purchases

    def _purchases(self) -> dict[int, list[tuple[int, Link]]]:
        lots = [
            record
            for number, table in enumerate(self.tables)
            if table.kind in PURCHASE_KINDS
            for record in range(self.keys.starts[number], self.keys.starts[number + 1])
        ]
        if not lots:
            return {}
        owners: dict[tuple[str, str], list[int]] = {}
        kinds = ["serial", "mac", "asset_tag", "order_line", "model"]
        for kind, value, record in (
            self.frame.filter(pl.col("unit") & pl.col("kind").is_in(kinds))
            .select("kind", "value", "record")
            .iter_rows()
        ):
            owners.setdefault((kind, value), []).append(int(record))
        for records in owners.values():
            records.sort(key=self.digests.__getitem__)
        lots.sort(key=self.digests.__getitem__)
        made: dict[int, list[tuple[int, Link]]] = {}
        self._bought_by_key(lots, owners, made)
        self._bought_by_model([lot for lot in lots if lot not in made], owners, made)
        return made

    def _attach(
        self, made: dict[int, list[tuple[int, Link]]], lot: int, kind: KeyKind, value: str, record: int
    ) -> None:
        """Join a unit to the purchase line that explains it."""
        link = self.link(kind, value, lot, record, JoinState.APPLIED)
        if link.id in self.without:
            self.open[link.id] = _state(link, JoinState.UNDONE, "a person took it back")
            return
        root = self.find(record)
        held = made.setdefault(lot, [])
        if not any(known == root for known, _ in held):
            held.append((root, link))

    def _bought_by_key(
        self,
        lots: Sequence[int],
        owners: Mapping[tuple[str, str], list[int]],
        made: dict[int, list[tuple[int, Link]]],
    ) -> None:
        """Join units to purchase lines that name them, or whose order they name."""
        by_line: dict[str, list[int]] = {}
        for lot in lots:
            for value in self.of(lot, "order_line"):
                by_line.setdefault(value, []).append(lot)
        for lot in lots:
            for kind, name in _NAMING_KEYS:
                for value in self.of(lot, name):
                    if (name, value) in self.keys.shared or (name == "serial" and is_short_serial(value)):
                        continue
                    for record in owners.get((name, value), ()):
                        self._attach(made, lot, kind, value, record)
            for value in self.of(lot, "order_line"):
                rivals = by_line[value]
                for record in owners.get(("order_line", value), ()):
                    models = set(self.of(record, "model"))
                    chosen = [
                        one for one in rivals if len(rivals) == 1 or models & set(self.of(one, "model"))
                    ]
                    if chosen == [lot]:
                        self._attach(made, lot, KeyKind.ORDER_LINE, value, record)
                    elif len(chosen) != 1:
                        why = f"{len(rivals)} lines carry this order, and the model does not tell which"
                        self.offer(
                            self.link(KeyKind.ORDER_LINE, value, lot, record, JoinState.SUGGESTED, why)
                        )

    def _bought_by_model(
        self,
        lots: Sequence[int],
        owners: Mapping[tuple[str, str], list[int]],
        made: Mapping[int, Sequence[tuple[int, Link]]],
    ) -> None:
        """Suggest for purchase lines that explain no unit the units of their model that no line explains."""
        taken = {root for held in made.values() for root, _ in held}
        why = "a purchase of the same model, and nothing that ties it to this unit"
        free: dict[str, list[int]] = {}
        for lot in lots:
            for value in self.of(lot, "model"):
                if value not in free:
                    units = (one for one in owners.get(("model", value), ()) if self.find(one) not in taken)
                    free[value] = list(islice(units, MOST_SUGGESTED))
                for record in free[value]:
                    self.offer(
                        self.link(
                            KeyKind.MODEL, value, lot, record, JoinState.SUGGESTED, why, strength="scored"
                        )
                    )


#: Keys by which a purchase line names a unit.
_NAMING_KEYS = ((KeyKind.SERIAL, "serial"), (KeyKind.MAC, "mac"), (KeyKind.ASSET_TAG, "asset_tag"))
#: Kind of a weak key to its value, its score, and a record of each device that has it.
_Agreements = dict[str, tuple[str, int, int, int]]


def _decided(decision: JoinDecision) -> str:
    word = "same" if decision.same else "different"
    return f"the decision {word!r} of {decision.by} ({decision.at}) on {' and '.join(decision.keys)}"


def _state(link: Link, state: JoinState, because: str) -> Link:
    return replace(link, state=state, because=because)


def _because(link: Link, because: str) -> Link:
    return _state(link, link.state, because)


def _one_board(one: frozenset[str], two: frozenset[str]) -> bool:
    if len(one) * len(two) > 4_096:
        return False  # no board has so many
    return any(
        first[:6] == second[:6] and abs(int(first, 16) - int(second, 16)) <= _SAME_BOARD
        for first in one
        for second in two
    )


def _two_tags(one: frozenset[str], two: frozenset[str]) -> bool:
    """Tell whether two sets hold different tags of one way of numbering: `HR-0101` and `HR-0102`, not `A-77`."""
    if one & two:
        return False
    shapes = {re.sub(r"\d+", "0", tag) for tag in one}
    return any(re.sub(r"\d+", "0", tag) in shapes for tag in two)


def _same_site(one: frozenset[str], two: frozenset[str]) -> bool:
    if not one or not two:
        return True
    return any(first in second or second in first for first in one for second in two)


def _mac(value: str) -> str:
    return ":".join(value[place : place + 2] for place in range(0, len(value), 2)).lower()


def _shown(values: Iterable[str]) -> str:
    listed = sorted(values)
    return ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")
