"""A phase-out plan: what is replaced where and when, which contracts that keeps, and how far it can be from the best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from proscribe.model.codec import As, Written, omitted
from proscribe.model.exposure import Money, PartRead
from proscribe.model.observations import ReadIssue


def _month(text: str) -> str:
    if (
        len(text) != 7
        or text[4] != "-"
        or not (text[:4] + text[5:]).isdigit()
        or not 1 <= int(text[5:]) <= 12
    ):
        raise ValueError("no month")
    return text


Month = Annotated[str, As(_month, str, "a month such as 2027-01")]


@dataclass(frozen=True, slots=True)
class WorkLine:
    """Units of one row of assets that are replaced in one month.

    Attributes:
        gone: month by whose end the old units are gone, after parallel running.
        minutes: of the crew.
        counted: whether the quantity was read; else one unit stands for the row, and its cost is not known.
        priced: whether its cost is known; else `cost` is 0 and means nothing.
    """

    month: Month
    asset: str
    at: str
    item: str
    finding: str
    site: str
    category: str
    crew: str
    units: int
    cost: Money
    minutes: int
    gone: Month
    region: str = ""
    counted: bool = True
    priced: bool = True


@dataclass(frozen=True, slots=True)
class ContractDay:
    """A day of a contract that covered things stand against.

    Attributes:
        clean_by: last month by whose end they have to be gone.
        kept: whether the plan keeps it.
        things: rows of assets that it waits for.
        lacks: what a day that is not kept needs more of than there is by then, in words; nothing where it is another reason.
    """

    line: str
    contract: str
    on: date
    value: Money | None
    clean_by: Month
    kept: bool
    things: int
    must: bool
    lacks: tuple[str, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class AtStake:
    """A day of a contract that nothing which the plan replaces makes safe: lost or kept, nobody knows yet.

    Attributes:
        line: of the exposure.
        value: of that day; `None` where it has no price.
        sold: products that are sold and may stand against it.
        asks: what would settle it, the questions of most money first.
    """

    line: str
    contract: str
    on: date
    value: Money | None
    sold: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cash:
    """What one month costs and has."""

    month: Month
    spent: Money
    available: Money | None
    sites: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change after which a plan exists, planned anew; `total` is the plan's cost with the change, as far as it has a price."""

    what: str
    total: Money
    priced: bool


@dataclass(frozen=True, slots=True)
class Quarter:
    """What one quarter of a year, such as 2027-Q1, costs in replacement."""

    quarter: str
    spent: Money


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing that a company can do.

    Attributes:
        stranded: book value of what is replaced, as far as it was given; `None` where none was.
        peak: most that one month costs.
        present_value: of what is spent and let go; `None` without a discount rate.
        unlawful: rows of assets of which something stays on a day that a rule forbids, whatever the contracts.
        unlawful_days: days of the plan on which any of them does; a thing counts to the end of the month in which it is gone.
        doubt: contract value that stays open: it hangs on facts nobody stated, or on how far a rule reaches; let go, it is none.
        gap: of a plan against its bound, in hundredths of a percent of its cost.
        asks: what would settle what stays open, the questions of most money first.
    """

    name: str
    replaced: Money
    let_go: Money
    kept: Money
    stranded: Money | None
    peak: Money
    present_value: Money | None
    unlawful: int
    note: str = ""
    unlawful_days: int = 0
    doubt: Money = Decimal("0.00")
    quarters: tuple[Quarter, ...] = ()
    gap: int = 0
    asks: tuple[str, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class PhaseOut(Written):
    """The answer.

    Attributes:
        state: `planned`, `infeasible`, or `undecided`: none was found, and none was excluded.
        cost: replacement and contract value let go, together.
        bound: no plan costs less.
        gap: distance of cost and bound, in hundredths of a percent of the cost.
        reason: why there is no plan, in sentences.
        residual: contract value that stays open after the plan: as `doubt` of an alternative.
        stays: rows of assets that are not planned because what the law says of them is undetermined.
        stays_units, stays_cost: of these, as far as they are known.
        no_lead: rows of the plan without a lead time, which are taken to be there at once.
        contracts_read: as of an exposure.
        at_stake: contract days that stay open whatever is replaced.
        not_priced: contracts, grants and licences under a rule, by day, that have no amount: they are in no sum.
    """

    as_of: date
    first: Month
    last: Month
    currency: str
    state: Literal["planned", "infeasible", "undecided"]
    cost: Money | None
    bound: Money
    gap: int
    replaced: Money
    let_go: Money
    residual: Money
    work: tuple[WorkLine, ...]
    contracts: tuple[ContractDay, ...]
    cash: tuple[Cash, ...]
    reason: tuple[str, ...]
    ways: tuple[Change, ...]
    alternatives: tuple[Alternative, ...]
    knowledge: Mapping[str, str]
    proscribe: str
    issues: tuple[ReadIssue, ...] = ()
    notes: tuple[str, ...] = ()
    stays: int = omitted(0)
    stays_units: int = omitted(0)
    stays_cost: Money = omitted(Decimal("0.00"))
    no_lead: int = omitted(0)
    contracts_read: PartRead = omitted("all")
    at_stake: tuple[AtStake, ...] = omitted(())
    not_priced: int = omitted(0)
    schema: Literal["proscribe.plan/1"] = field(default="proscribe.plan/1")

    @property
    def is_worth_known(self) -> bool:
        """Whether any contract day has a value, or none lacks one: else what is kept and let go is not known, and is not zero."""
        return (
            not self.not_priced
            or any(one.kept or one.let_go or one.doubt for one in self.alternatives)
            or any(one.value is not None for one in self.contracts)
        )

    @property
    def complete(self) -> bool:
        """Whether every cell was read."""
        return not any(issue.lossy for issue in self.issues)
