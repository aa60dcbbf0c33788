"""What a removal is measured by: the affected things of the records, each with the last day that the law sets for it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from proscribe.documents.evidence import Seen
from proscribe.documents.making import Work
from proscribe.documents.registry import PaperType
from proscribe.documents.representations import Said
from proscribe.documents.search import day_of
from proscribe.documents.validity import spoken_on
from proscribe.model.amounts import quantity_of

_SEGMENT = "network.segment"
_SETTLED = frozenset(["prohibited", "permitted_until"])


@dataclass(frozen=True, slots=True)
class Affected:
    """One affected thing.

    Attributes:
        rows: findings about it, of one list or several.
        last_day: the first of the last days that the law sets for it; `None` where it sets none.
        cited: what sets that day; empty where nothing does.
        passed: whether it may no longer be in operation on the day that is spoken of.
        settled: whether the law says which it is.
        held: whether nobody may leave it out.
    """

    rows: tuple[Seen, ...]
    last_day: date | None
    cited: str
    passed: bool
    settled: bool
    held: bool

    @property
    def ids(self) -> frozenset[str]:
        """Give the ids of its findings."""
        return frozenset(one.id for one in self.rows)

    @property
    def units(self) -> Decimal | None:
        """Give how many there are, by the list that counts most; `None` where no list says it."""
        return max(
            (count for one in self.rows if (count := count_of(one.quantity)) is not None), default=None
        )

    @property
    def parts(self) -> frozenset[str]:
        """Give the names of the parts of the network in which its records put it."""
        return frozenset(map(part_of, (part for one in self.rows for part in _parts(one))))


def affected(work: Work, said: Sequence[Said]) -> list[Affected]:
    """Give what the law reaches or may reach, unless two people set it aside; rows about one thing are one."""
    held: set[str] = set()
    found: dict[str, Seen] = {}
    for standing in (item.standing for item in said):
        allowed = [one.finding for one in standing.set_aside if one.allowed and isinstance(one.finding, Seen)]
        # What a fact takes out for which too few people answer is as it was.
        by_one = {name for one in standing.against if one.code.startswith("facts-") for name in one.evidence}
        outside = [one for one in standing.outside if not one.scope_proved and not _judged_off(one)]
        open_ = [one for one in (*standing.doubtful, *outside) if one.id in by_one or is_reached(work, one)]
        found |= {one.id: one for one in (*standing.covered, *allowed, *open_)}
        firm = (*standing.covered, *allowed, *(one for one in standing.doubtful if one.id in by_one))
        held |= {one.id for one in firm if one.sure}
    return [_thing(work, rows, held=any(one.id in held for one in rows)) for rows in _same(found.values())]


def _same(found: Iterable[Seen]) -> Iterator[Sequence[Seen]]:
    """Put rows about one thing together, by what they share."""
    groups: dict[int, list[Seen]] = {}
    of_mark: dict[Hashable, list[Seen]] = {}
    for one in found:
        alike = {id(group): group for mark in one.marks if (group := of_mark.get(mark)) is not None}
        group = max(alike.values(), key=len, default=[])
        more = [row for name, other in alike.items() if name != id(group) for row in other]
        for name in alike:
            groups.pop(name, None)
        group += [*more, one]
        groups[id(group)] = group
        of_mark.update((mark, group) for row in (*more, one) for mark in row.marks)
    yield from groups.values()


def _thing(work: Work, rows: Sequence[Seen], *, held: bool) -> Affected:
    told = [one.outcomes[name] for one in rows for name in work.regimes if name in one.outcomes]
    days = [
        (day, next(iter(one["citations"]), ""))
        for one in told
        if (day := day_of(one["until"] or one["ended"])) is not None
    ]
    first, cited = min(days, default=(None, ""))
    passed = any(one["outcome"] == "prohibited" for one in told)
    passed = passed or (first is not None and first < spoken_on(work.inputs))
    settled = bool(told) and all(one["outcome"] in _SETTLED for one in told)
    return Affected(tuple(rows), first, cited, passed, settled, held)


def is_reached(work: Work, one: Seen) -> bool:
    """Tell whether the law of a document may reach a finding, by whose it is and where it stands.

    That the firm of which a direction speaks supplied what another made is asked, and counts for no more than a question.
    """
    told = [one.outcomes[name]["outcome"] for name in work.regimes if name in one.outcomes]
    if not speaks_of(work.kind, one.firm) or (told and one.abroad):
        return False
    return not told or any(outcome != "not_covered" for outcome in told)


def speaks_of(kind: PaperType, firm: str) -> bool:
    """Tell whether a type of document is about a firm: of some directions one alone."""
    return firm in kind.get("of_firms", (firm,))


def _judged_off(one: Seen) -> bool:
    return one.judgement is not None and one.judgement.verdict in ("different", "cleared")


def count_of(text: str) -> Decimal | None:
    """Read the number with which a text begins, such as that of `410 masts remain`; `None` where it begins with none."""
    begins = re.match(r"\s*\d[\d.,]*", text)
    return quantity_of(begins.group().strip().rstrip(".,")) if begins else None


def part_of(text: str) -> str:
    """Give the name of a part of the network as it is compared."""
    return " ".join(text.replace("_", " ").split()).casefold()


def _parts(one: Seen) -> Iterator[str]:
    if one.site:
        yield one.site
    if one.decided_on.get(_SEGMENT):
        yield one.decided_on[_SEGMENT]
