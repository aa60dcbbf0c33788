"""Entity, jurisdiction and year: what the law engine says, since when, and what a proposal would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from proscribe.model.codec import Written
from proscribe.model.decisions import Outcome
from proscribe.model.exposure import Money


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The most severe that the law of one jurisdiction says of one maker's things in one year.

    Attributes:
        first_day: the first day of the year, of those that were asked, that has this outcome.
        forbidden_on: the day, often of an earlier year, from which something is forbidden in the year without a gap; `None` = on
            no day that was asked.
        regime, citation, confidence: of the determination behind it; empty where no rule asked reaches the facts.
        missing: facts that are not known.
        units: pieces that something stands against in the year, or may stand.
        cost: to replace them; `None` where one of them has no price.
        sure_units, sure_cost: the same of the pieces that are forbidden on a day of the year beyond doubt.
        proposals: what is proposed, announced or enacted and would reach these facts.
        act: what was asked, where no stated fact speaks of the jurisdiction; empty = as stated.
        or_before: whether the prohibition may be older than `forbidden_on`.
    """

    entity: str
    jurisdiction: str
    year: int
    outcome: Outcome
    first_day: date
    forbidden_on: date | None
    regime: str
    citation: str
    confidence: str
    missing: tuple[str, ...]
    units: int
    cost: Money | None
    proposals: tuple[str, ...]
    act: str = ""
    or_before: bool = False
    sure_units: int = 0
    sure_cost: Money | None = None


@dataclass(frozen=True, slots=True)
class NationMatrix(Written):
    """The answer; what has no cell was not asked.

    Attributes:
        titles: of the rules that are named, by id.
        names: of the makers, by id.
    """

    as_of: date
    first: int
    last: int
    currency: str
    entities: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    cells: tuple[MatrixCell, ...]
    knowledge: Mapping[str, str]
    proscribe: str
    notes: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    schema: Literal["proscribe.matrix/1"] = field(default="proscribe.matrix/1")
