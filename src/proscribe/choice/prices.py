"""Prices: whose figure counts, in which currency, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations

from proscribe.choice.records import UNSAID, Asset, Assumption, Inputs, Price, Rate, category_key
from proscribe.model.amounts import is_sign_of

CENT = Decimal("0.01")
OWN = "the user's own"
#: Categories of assumptions that price no thing.
DISCOUNT = "discount rate"
CREW_HOUR = "crew hour"


@dataclass(frozen=True, slots=True)
class Priced:
    """An amount in the currency of the answer, or why there is none.

    Attributes:
        by: whose figure it is.
        low, high: the range of an assumption, in the same currency.
    """

    amount: Decimal | None
    why: str = ""
    by: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


def cents(amount: Decimal) -> Decimal:
    """Round to two places, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def times(amount: Decimal, factor: Fraction) -> Decimal:
    """Multiply by a fraction."""
    return amount * factor.numerator / factor.denominator


class Prices:
    """Prices in one currency.

    Args:
        currency: that of the answer.
        rates: dated rates that the user gave; the latest up to `on` counts.
        assumptions: those of the user, then those of the knowledge; the first of a category counts.
        on: the day of the answer.
    """

    def __init__(
        self, currency: str, rates: Iterable[Rate], assumptions: Sequence[Assumption], on: date
    ) -> None:
        self.currency = currency
        self.used: dict[Rate, None] = {}
        self._rates = [one for one in rates if one.on <= on]
        self._assumptions: dict[str, Assumption] = {}
        self._denied: set[str] = set()
        for one in assumptions:
            key = category_key(one.category)
            if self._assumptions.setdefault(key, one).denies(one):
                self._denied.add(key)

    def amount(self, price: Price | None, what: str) -> Priced:
        """Convert an amount; it is not rounded, so that it can be multiplied first.

        Args:
            what: the name of the missing value, such as `value per year`.
        """
        if price is None:
            return Priced(None, f"no {what}")
        if price.currency == UNSAID:
            return Priced(None, f"{what} without a currency, and neither its table nor --currency says which")
        code = price.currency or self.currency
        shared = is_sign_of(code, self.currency)
        if code == self.currency or shared:
            return Priced(price.amount, by=OWN)
        if shared is False:
            return Priced(None, f"{what} in {code}, and nothing says which currency that is")
        rates = self._latest(code)
        if any(one.denies(other) for one, other in combinations(rates, 2)):
            return Priced(
                None, f"{what} in {code}, and rates from {code} to {self.currency} of one day that differ"
            )
        rate = max(rates, key=lambda one: one.first == code, default=None)
        if rate is None:
            return Priced(None, f"{what} in {code}, and no dated rate from {code} to {self.currency}")
        self.used[rate] = None
        factor = rate.rate if rate.first == code else 1 / rate.rate
        return Priced(price.amount * factor, by=OWN)

    def of(self, asset: Asset) -> Priced:
        """Price one piece of a row of assets; by no assumption where the row has a figure of its own that was not read."""
        if asset.cost_unread:
            return Priced(None, "the unit cost was not read")
        return self.unit(asset.unit_cost, asset.category)

    def unit(self, own: Price | None, category: str) -> Priced:
        """Price one piece: the user's own figure, else the assumption for its category."""
        if own is not None:
            return self.amount(own, "unit cost")
        told = self._assumptions.get(category_key(category)) if category else None
        if told is None:
            return Priced(
                None,
                f"no unit cost, and no assumption for {category}"
                if category
                else "no unit cost and no category",
            )
        if category_key(category) in self._denied:
            return Priced(None, f"no unit cost, and assumptions for {category} that differ")
        made = self.amount(told.typical, "unit cost")
        low, high = (
            None if one is None else self.amount(one, "unit cost").amount for one in (told.low, told.high)
        )
        by = f"assumption: {told.source}" if told.source else "assumption"
        return Priced(made.amount, made.why, f"{by}, the user's own" if told.own else by, low, high)

    def discount(self) -> Decimal | None:
        """Give the discount rate in percent of a year; `None` when none was stated."""
        told = None if DISCOUNT in self._denied else self._assumptions.get(DISCOUNT)
        return None if told is None else told.typical.amount

    def _latest(self, code: str) -> list[Rate]:
        """Give the rates of the latest day, in either direction."""
        fitting = [one for one in self._rates if {one.first, one.second} == {code, self.currency}]
        latest = max((one.on for one in fitting), default=None)
        return [one for one in fitting if one.on == latest]


def with_currencies(inputs: Inputs, currency: str) -> Inputs:
    """Mark amounts without a currency that are in no currency for sure: their table names another than the answer, or none.

    Args:
        currency: of the answer, which no one named.
    """

    def marked(price: Price | None, told: set[str]) -> Price | None:
        own = bool(told) and all(one == currency or is_sign_of(one, currency) for one in told)
        return price if price is None or price.currency or own else replace(price, currency=UNSAID)

    def said(prices: Iterable[Price | None]) -> set[str]:
        return {one.currency for one in prices if one is not None and one.currency}

    contracts = said(one.yearly for one in inputs.contracts)
    assets = said(price for one in inputs.assets for price in (one.book_value, one.unit_cost))
    capacity = said(one.amount for one in inputs.capacity)
    return replace(
        inputs,
        contracts=tuple(
            replace(one, yearly=marked(one.yearly, contracts), carries=marked(one.carries, contracts))
            for one in inputs.contracts
        ),
        assets=tuple(
            replace(one, book_value=marked(one.book_value, assets), unit_cost=marked(one.unit_cost, assets))
            for one in inputs.assets
        ),
        capacity=tuple(replace(one, amount=marked(one.amount, capacity)) for one in inputs.capacity),
    )


def currency_of(inputs: Inputs) -> tuple[str, ...]:
    """Give the currencies of the amounts of all tables, the most frequent first; none where a sign of another is more so."""
    seen: dict[str, int] = {}
    signs: dict[str, int] = {}
    prices = [
        *(one.yearly for one in inputs.contracts),
        *(price for one in inputs.assets for price in (one.book_value, one.unit_cost)),
        *(one.amount for one in inputs.capacity),
    ]
    for price in prices:
        if price is not None and price.currency:
            counts = seen if is_sign_of(price.currency, "") is None else signs
            counts[price.currency] = counts.get(price.currency, 0) + 1
    made = tuple(sorted(seen, key=lambda code: (-seen[code], code)))
    if made and any(count > seen[made[0]] and not is_sign_of(sign, made[0]) for sign, count in signs.items()):
        return ()
    return made
