"""What people say for a choice: assets, contracts, capacity, assumptions and rates of exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from proscribe.model.customers import Customer
from proscribe.model.exposure import PartRead
from proscribe.model.observations import ReadIssue

#: How far a rate times the one turned around may be from 1.
_ROUNDED = Decimal("0.01")
#: What may be open about a row of contracts: whether it is one of a government, and which of several rows tells how it stands.
WHOSE, STATE = "kind", "state"
#: What may be open about a row of assets: how many pieces there are.
QUANTITY = "quantity"


def category_key(category: str) -> str:
    """Spell a category for comparing."""
    return " ".join(category.replace("_", " ").casefold().split())


#: The currency of an amount of which nothing says it, neither its table nor who asks.
UNSAID = "?"


@dataclass(frozen=True, slots=True)
class Price:
    """An amount with its currency: a code, a sign that several share such as `$`, empty for that of the answer, or `UNSAID`."""

    amount: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """A row of assets, or a finding that no row speaks of.

    Attributes:
        id: `A` and a number, unique.
        at: file and row.
        units: pieces; `None` when the cell was not read.
        book_value: of the whole row.
        unit_cost: of one piece with its installation.
        minutes: of a crew, for one piece; `None` when not stated.
        lead_days: from order to delivery; `None` = nobody said.
        after: category that has to be clean first at the same site.
        parallel_months: months that old and new run side by side before the old one is gone.
        due_on: last day by a rule or promise of the user's own.
        elsewhere: another site at which the scan saw it; empty where no other is named.
        cost_unread: whether a unit cost stands in the row that was not read: no assumption prices it then.
        doubtful: `quantity` where only the scan says that there are these pieces.
    """

    id: str
    at: str
    finding: str = ""
    item: str = ""
    units: int | None = 1
    site: str = ""
    category: str = ""
    legal_entity: str = ""
    book_value: Price | None = None
    unit_cost: Price | None = None
    lead_days: int | None = None
    minutes: Decimal | None = None
    region: str = ""
    skill: str = ""
    after: str = ""
    parallel_months: int = 0
    due_on: date | None = None
    elsewhere: str = ""
    doubtful: str = ""
    cost_unread: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """A row of contracts.

    Attributes:
        id: `C` and a number, unique.
        kind: `contract`, `grant` or `licence`.
        yearly: what a year of it brings; `None` when not stated.
        events: what happens (`award`, `option`, `renewal`) on which day, in order.
        sites: where it is performed; empty = the whole company.
        must_keep: whether no plan may let it go.
        doubtful: what is open about the row itself: `kind` where nothing says that it is of a government, `state` where rows
            contradict each other of how it stands; empty = nothing.
        carries, carries_from: of an option that an export tells by its days: what it brings as a whole, `None` = what its years
            do, and its first day.
        customer: whom it is with, its agency, and the nation whose law its row says that it is under.
        buyer: agency that its kind or its clauses are those of; empty = they tell none.
        buys: names or numbers of products that it buys; empty = nothing says it, `None` = nothing of what is sold.
        modification, changed_on: of an export, which change of the award the row tells, and of which day.
    """

    id: str
    at: str
    number: str
    kind: str = "contract"
    customer: Customer = field(default_factory=Customer)
    yearly: Price | None = None
    clauses: tuple[str, ...] = ()
    awarded_on: date | None = None
    events: tuple[tuple[str, date], ...] = ()
    ends_on: date | None = None
    legal_entity: str = ""
    sites: tuple[str, ...] = ()
    must_keep: bool = False
    doubtful: str = ""
    modification: str = ""
    changed_on: date | None = None
    carries: Price | None = None
    carries_from: date | None = None
    buyer: str = ""
    buys: tuple[str, ...] | None = ()

    @property
    def agency(self) -> str:
        """The public body whose contract it is, or stands under."""
        return self.customer.agency

    @property
    def law(self) -> str:
        """Code of the nation whose law it is under; empty where its row does not say."""
        return self.customer.nation


@dataclass(frozen=True, slots=True)
class Capacity:
    """A row of capacity: what each month from `first` to `last` has.

    Attributes:
        what: `money`, `grant`, `crew` or `closed`.
        first, last: months, counted as year times twelve plus month less one.
        share: percent of a grant that arrives.
    """

    at: str
    what: str
    first: int
    last: int
    amount: Price | None = None
    carry_over: bool = True
    share: Decimal = Decimal(100)
    minutes: int = 0
    region: str = ""
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure for a category; `own` tells the user's, with its file and row, from one of the knowledge."""

    category: str
    typical: Price
    low: Price | None = None
    high: Price | None = None
    year: int | None = None
    source: str = ""
    own: bool = True
    at: str = ""

    def denies(self, other: Assumption) -> bool:
        """Tell whether two figures of the user for one category cannot both be meant."""
        if not (self.own and other.own) or category_key(self.category) != category_key(other.category):
            return False
        return (self.low, self.typical, self.high) != (other.low, other.typical, other.high)


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of one currency another is worth on a day; `at` is file and row."""

    first: str
    second: str
    rate: Decimal
    on: date
    source: str = ""
    at: str = ""

    def denies(self, other: Rate) -> bool:
        """Tell whether two rates of one day and pair cannot both be true; one turned around may be off by its rounding."""
        if self.on != other.on:
            return False
        if (self.first, self.second) == (other.first, other.second):
            return self.rate != other.rate
        turned = (self.first, self.second) == (other.second, other.first)
        return turned and abs(self.rate * other.rate - 1) > _ROUNDED


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that was read.

    Attributes:
        files: path to what it was taken for.
        progress: units that are replaced already, by finding.
        issues: cells that were not read; each says file, row and column.
        notes: what was taken for granted.
        contracts_read: whether `all`, `some` or `none` of the tables of contracts gave rows.
    """

    assets: tuple[Asset, ...] = ()
    contracts: tuple[Contract, ...] = ()
    capacity: tuple[Capacity, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    rates: tuple[Rate, ...] = ()
    progress: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    issues: tuple[ReadIssue, ...] = ()
    notes: tuple[str, ...] = ()
    contracts_read: PartRead = "all"
