"""Who belongs to whom on a day: the ownership graph over time, up to the firms a law names.

A link is an interval, not an edge. Each link has a grade on a day, a path has the grade of its worst link,
and an entity has the grade of its best path.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from proscribe.kb.records import OWNERSHIP_RELATIONS, Row
from proscribe.model.periods import Period


class Certainty(StrEnum):
    """How firmly an entity is tied to a named firm on a day."""

    CERTAIN = "certain"  # every link stated, reported or derived with high or medium confidence
    UNSETTLED = "unsettled"  # only through a period in which the link is undetermined
    WEAK = "weak"  # only through a low-confidence, inferred or preview link, or before a latest start
    FORMER = "former"  # tied before the day, no longer
    NONE = "none"


_RANK = {
    Certainty.CERTAIN: 3,
    Certainty.UNSETTLED: 2,
    Certainty.WEAK: 1,
    Certainty.FORMER: 0,
    Certainty.NONE: 0,
}
#: Relations whose first day is that of a listing: the tie is older, by how much is not known.
_LATEST_START = ("named_affiliate_of", "affiliate_of")


@dataclass(frozen=True, slots=True)
class CoveredPath:
    """The tie of an entity to a named firm on a day.

    Attributes:
        entity: the entity asked about.
        path: entity ids from `entity` up to the named firm, both included; `(entity,)` alone when there is
            no tie.
        certainty: grade of the path.
        stakes: ids of the ownership facts used, in path order.
        lists: ids of the lists that name the firm, or the entity itself, on that day; sorted.
        last_day: for `former`, the last day of the tie.
    """

    entity: str
    path: tuple[str, ...]
    certainty: Certainty
    stakes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    last_day: date | None = None

    @property
    def named_firm(self) -> str | None:
        """Give the named firm at the end of the path."""
        return None if self.certainty is Certainty.NONE else self.path[-1]


@dataclass(frozen=True, slots=True)
class Supplier:
    """A maker whose units an entity sells under its own name; no ownership is claimed.

    Attributes:
        maker: entity id of the maker.
        stake: id of the fact.
        certainty: `certain`, `unsettled`, `weak`, or `former` when the supply has ended.
        last_day: for `former`, the last day of the supply.
    """

    maker: str
    stake: str
    certainty: Certainty
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One ownership or supply fact, ready to be asked.

    Attributes:
        period: when it holds; `None` = on no day.
        unsettled: when it is undetermined; may lie outside `period`, between signing and closing of a sale.
        doubtful: whether the fact may only raise a question.
        latest_start: whether `period.start` is the day of a listing, so that the tie is older.
        stake_bp: the share held in basis points; 0 = not known.
    """

    id: str
    owner: str
    asset: str
    relation: str
    period: Period | None
    unsettled: Period | None
    doubtful: bool
    latest_start: bool
    stake_bp: int = 0

    def grade(self, on: date, over_percent: int = 0) -> Certainty:
        """Grade the link on a day; `none` when it does not hold then.

        Args:
            on: the day.
            over_percent: a stake above this share is a tie by itself, also where control is undetermined; 0 = it is not.
        """
        if over_percent and self.stake_bp > over_percent * 100 and not self.doubtful and self._spans(on):
            return Certainty.CERTAIN
        if self.unsettled is not None and self.unsettled.holds_on(on):
            return Certainty.WEAK if self.doubtful else Certainty.UNSETTLED
        if self.period is None or (self.period.end is not None and self.period.end <= on):
            return Certainty.NONE
        if self.period.start is not None and on < self.period.start:
            return Certainty.WEAK if self.latest_start else Certainty.NONE
        return Certainty.WEAK if self.doubtful else Certainty.CERTAIN

    def _spans(self, on: date) -> bool:
        return any(period is not None and period.holds_on(on) for period in (self.period, self.unsettled))

    def ends(self) -> tuple[date, ...]:
        """Give the first days on which the link may no longer hold."""
        return tuple(
            period.end
            for period in (self.period, self.unsettled)
            if period is not None and period.end is not None
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _period(start: str, end: str) -> Period | None:
    try:
        return Period(_day(start), _day(end))
    except ValueError:  # ends before it begins: `kb lint` reports it; it never holds
        return None


def doubtful(row: Row) -> bool:
    """Tell whether a fact may only raise a question: low confidence, inferred, or preview."""
    return bool(row["confidence"] == "low" or row["basis"] == "inferred" or row["status"] == "preview")


def links_of(stakes: Iterable[Row]) -> list[Link]:
    """Turn rows of the table `stakes` into links, ordered by id.

    `formerly_subsidiary_of` with a `valid_to` is a subsidiary in its period. Without one it says that the
    tie ended on `valid_from`: before that day it is doubtful, because its start is not given, from that day
    it is former.
    """
    links: list[Link] = []
    for row in stakes:
        start, end = row["valid_from"], row["valid_to"]
        doubt = doubtful(row)
        if row["relation"] == "formerly_subsidiary_of" and not end:
            start, end, doubt = "", start, True
        unsettled = None
        if row["unsettled_from"] or row["unsettled_to"]:
            unsettled = _period(row["unsettled_from"], row["unsettled_to"])
        links.append(
            Link(
                row["id"],
                row["owner"],
                row["asset"],
                row["relation"],
                _period(start, end),
                unsettled,
                doubt,
                row["relation"] in _LATEST_START,
                int(row.get("stake_bp") or 0),
            )
        )
    return sorted(links, key=lambda link: link.id)


class Ownership:
    """The graph of links, asked by day. Cycles are allowed and end.

    Args:
        links: every link that is known.
        named_firms: ids at which a path ends.
        listings: entity id to its `(list, period)` pairs.
        over_percent: a stake above this share is a tie by itself; 0 = it is not.
    """

    def __init__(
        self,
        links: Iterable[Link],
        named_firms: Iterable[str],
        listings: Mapping[str, Iterable[tuple[str, Period]]] | None = None,
        over_percent: int = 0,
    ) -> None:
        self._over_percent = over_percent
        self._upward: dict[str, list[Link]] = {}
        self._supply: dict[str, list[Link]] = {}
        self._firms = frozenset(named_firms)
        self._listings = {entity: tuple(pairs) for entity, pairs in (listings or {}).items()}
        self._answers: dict[tuple[str, date], CoveredPath] = {}
        for link in links:
            if link.relation in OWNERSHIP_RELATIONS:
                self._upward.setdefault(link.asset, []).append(link)
            elif link.relation == "sells_units_made_by":
                self._supply.setdefault(link.asset, []).append(link)
        for group in self._upward.values():
            group.sort(key=lambda link: (link.owner, link.id))

    def covered_through(self, entity: str, on: date) -> CoveredPath:
        """Find the best tie of `entity` to a named firm on a day.

        The grade comes first, then the shortest path, then the smallest ids. A tie that ended is reported as
        `former` with the last day on which any path held.
        """
        key = (entity, on)
        if key not in self._answers:
            self._answers[key] = self._find(entity, on)
        return self._answers[key]

    def suppliers(self, entity: str, on: date) -> list[Supplier]:
        """List whose units `entity` sells or sold under its own name, by maker and fact id."""
        found = []
        for link in self._supply.get(entity, ()):
            grade = link.grade(on)
            if grade is not Certainty.NONE:
                found.append(Supplier(link.owner, link.id, grade))
            else:
                ended = [end for end in link.ends() if end <= on]
                if ended:
                    last_day = max(ended) - timedelta(days=1)
                    found.append(Supplier(link.owner, link.id, Certainty.FORMER, last_day))
        return sorted(found, key=lambda supplier: (supplier.maker, supplier.stake))

    def lists_of(self, entity: str, on: date) -> set[str]:
        """Give the lists that name `entity` itself on a day."""
        return {name for name, period in self._listings.get(entity, ()) if period.holds_on(on)}

    def _find(self, entity: str, on: date) -> CoveredPath:
        for least in (Certainty.CERTAIN, Certainty.UNSETTLED, Certainty.WEAK):
            found = self._path(entity, on, least)
            if found is not None:
                return self._answer(entity, on, found, least)
        for last_day in self._last_days(entity, on):
            found = self._path(entity, last_day, Certainty.WEAK)
            if found is not None:
                return self._answer(entity, on, found, Certainty.FORMER, last_day)
        return CoveredPath(entity, (entity,), Certainty.NONE, (), tuple(sorted(self.lists_of(entity, on))))

    def _answer(
        self, entity: str, on: date, links: list[Link], certainty: Certainty, last_day: date | None = None
    ) -> CoveredPath:
        path = (entity, *(link.owner for link in links))
        lists = self.lists_of(path[-1], on) | self.lists_of(entity, on)
        return CoveredPath(
            entity, path, certainty, tuple(link.id for link in links), tuple(sorted(lists)), last_day
        )

    def _path(self, entity: str, on: date, least: Certainty) -> list[Link] | None:
        """Find the shortest path whose links all have at least a grade; breadth first, owners in id order."""
        came: dict[str, Link | None] = {entity: None}
        queue = deque([entity])
        while queue:
            here = queue.popleft()
            if here in self._firms:
                links: list[Link] = []
                step = came[here]
                while step is not None:
                    links.append(step)
                    step = came[step.asset]
                return links[::-1]
            best: dict[str, Link] = {}
            for link in self._upward.get(here, ()):
                rank = _RANK[link.grade(on, self._over_percent)]
                if rank >= _RANK[least]:
                    kept = best.get(link.owner)
                    if kept is None or rank > _RANK[kept.grade(on, self._over_percent)]:
                        best[link.owner] = link
            for owner in sorted(best):
                if owner not in came:
                    came[owner] = best[owner]
                    queue.append(owner)
        return None

    def _last_days(self, entity: str, on: date) -> list[date]:
        """Give the last days, before `on`, of every link that a path from `entity` can use; latest first.

        A tie can only end where one of its links ends, so no other day needs asking.
        """
        seen = {entity}
        queue = deque([entity])
        days: set[date] = set()
        while queue:
            for link in self._upward.get(queue.popleft(), ()):
                days.update(end - timedelta(days=1) for end in link.ends() if end <= on)
                if link.owner not in seen:
                    seen.add(link.owner)
                    queue.append(link.owner)
        return sorted(days, reverse=True)
