"""What covered equipment costs and blocks: the answer of `proscribe exposure`.

Money is decimal, with two places, in one currency. What has no price is a line without an amount, never an amount of zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from proscribe.model.codec import As, Written, omitted
from proscribe.model.customers import Customer
from proscribe.model.observations import ReadIssue

_AMOUNT = re.compile(r"-?\d{1,30}\.\d\d")


def _amount(text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise ValueError("no amount")
    return Decimal(text)


Money = Annotated[Decimal, As(_amount, str, "an amount with two places, such as 1200.00")]
#: What a line is about. The first three are income that the law can stop, the last two are cost.
LineKind = Literal["contract", "grant", "licence", "replacement", "stranded"]
#: Whether tables were read.
PartRead = Literal["all", "some", "none"]
INCOME: tuple[LineKind, ...] = ("contract", "grant", "licence")
COST: tuple[LineKind, ...] = ("replacement", "stranded")


@dataclass(frozen=True, slots=True)
class Hold:
    """One rule that stands, or may stand, against a line.

    Attributes:
        sure: whether it is a determination; else it hangs on facts that are not known.
        on: the first day asked on which it stands.
        findings: ids of findings behind it, the first ones.
        count: all of them.
        missing: facts and readings that are not known.
        outside: whether it stands only if the rule reaches things outside the scope stated for the contract.
    """

    regime: str
    sure: bool
    on: date
    citations: tuple[str, ...]
    findings: tuple[str, ...]
    count: int
    missing: tuple[str, ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class ExposureLine:
    """One amount: a period of a contract that cannot be had, or the price of one row of assets.

    Attributes:
        id: of the line; its row is `at`.
        event: `award`, `option`, `extension`, or empty.
        surely: what is lost or paid beyond doubt; `None` where it has no price.
        possibly: the same if everything undetermined or only possible turns out covered; never less than `surely`.
        rules: what stands against it, the sure ones first.
        units: pieces of equipment, for costs.
        not_priced: why there is no amount; empty when there is one.
        priced_by: whose figure it is: `the user's own`, or the source of an assumption.
        customer: of a contract, grant or licence: whom it is with; of a cost nobody.
        award: number of that contract, grant or licence.
    """

    id: str
    kind: LineKind
    what: str
    at: str
    legal_entity: str
    on: date
    surely: Money | None
    possibly: Money | None
    rules: tuple[Hold, ...]
    event: str = ""
    site: str = ""
    units: int = 0
    not_priced: str = ""
    priced_by: str = ""
    notes: tuple[str, ...] = ()
    customer: Customer = omitted(Customer())
    award: str = omitted("")

    @property
    def month(self) -> str:
        """Give the month, such as 2027-01."""
        return self.on.isoformat()[:7]

    @property
    def sure(self) -> bool:
        """Whether some rule stands against it beyond doubt."""
        return any(hold.sure for hold in self.rules)


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """A product that is sold, and why a listed firm may have to do with it.

    Attributes:
        finding: its id.
        what: how its list calls it.
        at: file, sheet and record.
        entity: id of the firm.
        path: names from the product down to the part; empty where the product itself is the firm's.
        across: how lists were joined on the way, in words.
        band: how sure that is.
        asks: what has to be settled of it.
        lines: contract days that it may stand against.
    """

    finding: str
    what: str
    at: str
    entity: str
    band: str
    path: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class _Priced:
    """Sums of lines of which some have no price.

    Attributes:
        lines: their ids, or how many they are.
        sure, sure_not_priced: lines that something stands against beyond doubt, and how many of them have no price.
    """

    __slots__ = ()
    surely: Money
    possibly: Money
    not_priced: int
    lines: int | tuple[str, ...]
    sure: int
    sure_not_priced: int

    @property
    def count(self) -> int:
        """Give how many lines there are."""
        return self.lines if isinstance(self.lines, int) else len(self.lines)

    @property
    def priced(self) -> bool:
        """Whether any line has an amount: without one the sums say nothing."""
        return self.count > self.not_priced or not self.count

    @property
    def columns(self) -> tuple[Money | None, Money | None]:
        """Give both sums; `None` for one of lines none of which has a price."""
        surely = self.priced and (self.sure > self.sure_not_priced or not self.sure)
        return (self.surely if surely else None), (self.possibly if self.priced else None)


@dataclass(frozen=True, slots=True)
class ExposureSum(_Priced):
    """Lines of one rule, legal entity, month and kind; a line under two rules counts under each."""

    regime: str
    legal_entity: str
    month: str
    kind: LineKind
    surely: Money
    possibly: Money
    not_priced: int
    lines: tuple[str, ...]
    sure: int = 0
    sure_not_priced: int = 0


@dataclass(frozen=True, slots=True)
class CustomerSum(_Priced):
    """Contracts, grants and licences of one customer, each line once."""

    customer: Customer
    surely: Money
    possibly: Money
    not_priced: int
    lines: tuple[str, ...]
    sure: int = 0
    sure_not_priced: int = 0


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A fact that is not known, and how much money hangs on it.

    Attributes:
        fact: name of a fact or an open reading; one that is asked of one country alone has its scope, `party.role@country:IT`.
        asks: the question, as a person answers it.
        income: difference of both columns over the contracts, grants and licences that wait for it; several facts may be needed
            for one line.
        cost: the same over replacement and stranded value.
        lines: ids of those lines.
        not_priced: how many of them have no price.
    """

    fact: str
    asks: str
    income: Money
    cost: Money
    lines: tuple[str, ...]
    not_priced: int = 0


@dataclass(frozen=True, slots=True)
class Total(_Priced):
    """All lines of one kind, each once."""

    kind: LineKind
    surely: Money
    possibly: Money
    lines: int
    not_priced: int
    sure: int = 0
    sure_not_priced: int = 0


@dataclass(frozen=True, slots=True)
class Exposure(Written):
    """The answer.

    Attributes:
        as_of: the day of the scan's law; each contract is asked on its own days.
        lines: in order of kind, day and row.
        sums: per rule, legal entity, month and kind.
        issues: cells that were not read, with file, row and column.
        notes: what was taken for granted, and what was not counted.
        not_asked: what was put to no rule.
        titles: the rules that are named, by id.
        customers: contracts, grants and licences by customer, the most first.
        sold: what is sold and holds, or is, something of a listed firm; its lines are in the second column alone.
        contracts_read: whether `all`, `some` or `none` of the tables of contracts gave rows; of none nothing is known.
    """

    as_of: date
    currency: str
    knowledge: Mapping[str, str]
    proscribe: str
    lines: tuple[ExposureLine, ...]
    sums: tuple[ExposureSum, ...]
    totals: tuple[Total, ...]
    narrowing: tuple[Narrowing, ...]
    issues: tuple[ReadIssue, ...] = ()
    notes: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = omitted(())
    contracts_read: PartRead = omitted("all")
    titles: Mapping[str, str] = field(default_factory=dict)
    sold: tuple[SoldProduct, ...] = omitted(())
    customers: tuple[CustomerSum, ...] = omitted(())
    schema: Literal["proscribe.exposure/1"] = field(default="proscribe.exposure/1")

    @property
    def complete(self) -> bool:
        """Whether every cell was read."""
        return not any(issue.lossy for issue in self.issues)

    def total(self, kinds: Iterable[str]) -> Total:
        """Add up the totals of some kinds."""
        found = [one for one in self.totals if one.kind in tuple(kinds)]
        zero = Decimal("0.00")
        return Total(
            found[0].kind if found else "contract",
            sum((one.surely for one in found), zero),
            sum((one.possibly for one in found), zero),
            sum(one.lines for one in found),
            sum(one.not_priced for one in found),
            sum(one.sure for one in found),
            sum(one.sure_not_priced for one in found),
        )
