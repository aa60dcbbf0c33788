"""What each table of a choice takes from one of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cache

from proscribe.choice.buying import bought
from proscribe.choice.gathering import Gathered, words
from proscribe.choice.headings import clauses_of, tables
from proscribe.choice.input_row import CURRENCY, MAX_MONEY, WHOLE, InputRow
from proscribe.choice.prices import DISCOUNT
from proscribe.choice.records import (
    WHOSE,
    Asset,
    Assumption,
    Capacity,
    Contract,
    Price,
    Rate,
    category_key,
)  # fmt: skip
from proscribe.model.customers import Customer
from proscribe.readers.issues import issue

#: Hours for one piece.
MAX_HOURS = 100_000
_CONTRACT, _OTHER_KIND = "contract", "other"
_CENT = Decimal("0.01")
_WHAT = ("money", "grant", "crew", "closed")
_YEAR_DAYS = 365
#: To which a window is closed whose end was not read.
_LAST_MONTH = 2199 * 12 + 11
#: No currency is worth less of another; a smaller rate is a slip.
_LEAST_RATE = Decimal("0.000000001")


@cache
def _kinds() -> Mapping[str, str]:
    """Give the words for kinds of contracts, as they are compared, to the kind."""
    return {words(word): kind for kind, told in tables()["contracts"]["kinds"].items() for word in told}


@cache
def _buyers() -> Mapping[str, str]:
    """Give the words for kinds that one government's contracts alone have, as they are compared, to that government."""
    return {words(word): buyer for buyer, told in tables()["contracts"]["buyers"].items() for word in told}


@cache
def _totals() -> frozenset[str]:
    return frozenset(map(words, tables()["contracts"]["totals"]))


@cache
def _no_site() -> frozenset[str]:
    """Give what a cell of sites holds that names none of them; a dash alone is one."""
    return frozenset({"", *map(words, tables()["contracts"]["no_site"])})


@cache
def _without_clauses() -> frozenset[str]:
    """Give what a cell of clauses holds that lists none; a dash alone is one."""
    return frozenset({"", *map(words, tables()["contracts"]["no_clauses"])})


def _asset(row: InputRow, made: Gathered) -> None:
    if words(row.text("finding") or row.text("item") or row.text("site")) in _totals():
        made.notes.append(f"{row.at} adds up other rows by its words: it is no thing and is left out.")
        return
    units = row.whole("quantity") if row.text("quantity") else (None if "quantity" in row._headings else 1)
    hours = row.number("hours")
    if hours is not None and hours > MAX_HOURS:
        row.wrong("hours", f"a number from 0 to {MAX_HOURS:,}")
        hours = None
    cost = row.money("unit_cost")
    if cost is not None and cost.amount * (units or 1) > MAX_MONEY:
        row.wrong(
            "unit_cost", f"an amount that comes to no more than {MAX_MONEY:,} for all pieces of the row"
        )
        cost = None
    if units == 0 and row.text("finding"):
        made.notes.append(
            f"{row.at} says that there are 0 pieces of what was found ({row.text('finding')}): how many there are is not known, "
            "and they are not priced. What is gone is judged in its case."
        )
        units = None
    if cost is not None and not cost.amount:
        made.notes.append(f"{row.at} says that replacing one piece costs 0; it is counted as written.")
    made.assets.append(
        Asset(
            f"A{len(made.assets) + 1}",
            row.at,
            row.text("finding"),
            row.text("item"),
            units,
            row.text("site"),
            row.text("category"),
            row.text("legal_entity"),
            row.money("book_value"),
            cost,
            row.whole("lead_days", 3_650),
            None if hours is None else hours * 60,
            row.text("region"),
            row.text("skill"),
            row.text("after"),
            row.whole("parallel_months", 120) or 0,
            row.day("due_on"),
            cost_unread=cost is None and bool(row.text("unit_cost")),
        )
    )


def _contract(row: InputRow, made: Gathered) -> None:
    if _is_total(row):
        made.notes.append(f"{row.at} adds up other rows by its words: it is no contract and is left out.")
        return
    number = row.text("number") or f"(no number, {row.at})"
    clauses = tuple(one for one in row.list("clauses") if words(one) not in _without_clauses())
    whose = _whose(row, number, clauses, made)
    if whose is None:
        return
    kind, doubtful = whose
    award, ends = row.day("award_on"), row.day("ends_on")
    awarded = row.day("awarded_on")
    events = [("award", award)] if award else []
    events += [("option", day) for day in row.days("option_on")]
    events += [("renewal", day) for day in row.days("renewal_on")]
    yearly = row.money("value_per_year")
    if yearly is not None and not yearly.amount:
        made.notes.append(f"{row.at} says that a year of {number} brings 0; it is counted as written.")
    start = awarded or award
    potential = row.day("potential_end")
    carries: Price | None = None
    carries_from: date | None = None
    if yearly is None and not row.text("value_per_year"):
        yearly = _spread(row, start, ends, made)
    if ends and start and ends < start:
        row.wrong("ends_on", f"a day from {start.isoformat()} on, when it begins")
        ends = None
    if ends and potential and potential > ends and not events:
        made.notes.append(
            f"{number} ({row.at}) runs to {ends.isoformat()}, and with its options to {potential.isoformat()}: an option is "
            "taken to stand on the first of these days and to carry it to the second; write option days in a column of "
            "their own where they differ."
        )
        carries, carries_from = _by_options(row, made), ends + timedelta(days=1)
        events, ends = [("option", ends)], potential
    late = [day for _, day in events if ends and day > ends]
    if late:
        made.notes.append(
            f"{number} ({row.at}) ends on {ends}, before {', '.join(map(str, late))}, on which it is awarded or goes on; that "
            "day counts nevertheless: correct what is wrong."
        )
    sites = row.list("sites")
    if any(words(site) in _no_site() for site in sites):
        sites = ()
    if not sites:
        made.notes.append(f"{number} ({row.at}) names no sites: it is taken to reach the whole company.")
    made.contracts.append(
        Contract(
            f"C{len(made.contracts) + 1}",
            row.at,
            number,
            kind,
            _customer(row),
            yearly,
            clauses,
            awarded,
            tuple(sorted(events, key=lambda one: (one[1], one[0]))),
            ends,
            row.text("legal_entity"),
            sites,
            row.truth("must_keep", absent=False, wrong=False),
            WHOSE if doubtful else "",
            row.text("modification"),
            row.day("changed_on"),
            carries,
            carries_from,
            clauses_of(clauses) or _buyers().get(words(row.text("kind")), ""),
            bought(row),
        )
    )


def _customer(row: InputRow) -> Customer:
    """Give whom a row of contracts is with; where it names one body alone, that may be a customer or an agency."""
    name, agency = row.text("customer"), row.text("agency")
    return Customer(name or agency, agency or name, row.nation("law"))


def _whose(row: InputRow, number: str, clauses: Sequence[str], made: Gathered) -> tuple[str, bool] | None:
    """Give the kind of a row of contracts, and whether nothing in it says that it is of a government.

    What its clauses say goes before a word for a private customer: under one a subcontract may stand that carries them.

    Returns:
        `None` where the row is of no government; it is named.
    """
    told = row.text("kind")
    kind = _kinds().get(words(told)) if told else _CONTRACT
    if kind is not None and kind != _OTHER_KIND:
        return kind, False
    listed = bool(clauses)
    agency = row.text("agency") or row.text("customer")
    if kind == _OTHER_KIND and not listed and made.agencies.chains(agency)[0]:
        made.issues.append(
            issue(
                "E541.cell",
                row.at,
                text=told[:60],
                expected=f"contract, grant or licence, since {agency[:60]} is an agency",
            )
        )
        made.notes.append(
            f"{number} ({row.at}) is said to be of no government ({told[:40]}), and names {agency[:60]}: it counts as one of the "
            "government only in the second column; correct what is wrong."
        )
        return _CONTRACT, True
    if kind == _OTHER_KIND and not listed:
        made.notes.append(
            f"{number} ({row.at}) is said to be of no government ({told[:40]}): no rule is asked about it."
        )
        return None
    if kind == _OTHER_KIND:
        made.notes.append(
            f"{number} ({row.at}) is said to be of no government ({told[:40]}), and lists clauses: it is taken for a contract of "
            "the government, or under one, because of its clauses; where they are none of a government, leave them out."
        )
        return _CONTRACT, False
    made.notes.append(
        f"{row.at}: {told[:40]!r} does not say whose contract it is. "
        + (
            "It is taken for a contract of the government, because of its clauses; "
            if listed
            else "It counts as one of the government only in the second column; "
        )
        + "write contract, grant, licence or other."
    )
    return _CONTRACT, not listed


def _by_options(row: InputRow, made: Gathered) -> Price | None:
    """Give what all options bring: the value with them less that without, where both stand in the row."""
    whole, now = row.money("potential_value"), row.money("total_value")
    if whole is None or now is None or whole.currency != now.currency or whole.amount <= now.amount:
        return None
    made.notes.append(f"{row.at}: its options bring its potential value less its current one.")
    return Price(whole.amount - now.amount, whole.currency)


def _is_total(row: InputRow) -> bool:
    """Tell whether a row of contracts adds up others: the cell that names it says so, or it holds nothing but amounts."""
    named = row.text("number") or row.text("agency") or row.text("customer")
    columns = tables()["contracts"]["columns"]
    amounts = {name for name, column in columns.items() if column["type"] == "money"} | {"currency"}
    return bool({words(named), words(row.text("kind"))} & _totals()) or row.filled() <= amounts


def _spread(row: InputRow, start: date | None, ends: date | None, made: Gathered) -> Price | None:
    """Give a year's part of a value that is told for all years."""
    total = row.money("total_value")
    if total is None or start is None or ends is None or ends <= start:
        return None
    days = (ends - start).days + 1
    made.notes.append(f"{row.at}: the value of a year is the total value times {_YEAR_DAYS}/{days} days.")
    return Price(total.amount * _YEAR_DAYS / days, total.currency)  # rounded when it is multiplied


def _capacity(row: InputRow, made: Gathered) -> None:
    what = row.text("what").casefold()
    if what not in _WHAT:
        row.wrong("what", ", ".join(_WHAT))
        return
    region, skill = row.text("region"), row.text("skill")
    # a row that was not read still says that there is a cap: without it there would be more than it allowed
    nothing = Capacity(row.at, what, 0, 0, region=region, skill=skill)
    first = row.month("first")
    if first is None:
        if not row.text("first"):
            row.wrong("first", "a month, such as 2027-01")
        made.capacity.append(nothing)
        return
    in_quarter = row.quarter("first") is not None
    last = row.month("last", last=True) if row.text("last") else row.month("first", last=True)
    if last is None and row.text("last"):
        if what != "closed":
            made.capacity.append(nothing)
            return
        last = _LAST_MONTH
    last = first if last is None else last
    if last < first:
        row.wrong("last", "a month that is not before the first")
        made.capacity.append(nothing)
        return
    hours, amount = row.number("hours"), row.money("amount")
    if in_quarter:
        # money and hours of a quarter are not those of each of its months
        hours = None if hours is None else hours / 3
        amount = (
            None
            if amount is None
            else Price((amount.amount / 3).quantize(_CENT, ROUND_DOWN), amount.currency)
        )
        made.of_quarters.append(row.at)
    elif last > first and what != "closed":
        made.of_months.append(row.at)
    share = row.percent("share")
    if share is None and row.text("share"):
        made.capacity.append(nothing)
        return
    made.capacity.append(
        Capacity(
            row.at,
            what,
            first,
            last,
            amount,
            row.truth("carry_over", absent=True, wrong=False),
            WHOLE if share is None else share,
            # whole minutes: never more than there are
            int((hours or Decimal(0)) * 60),
            region,
            skill,
        )
    )


def _assumption(row: InputRow, made: Gathered) -> None:
    if category_key(row.text("category")) == DISCOUNT:
        share = row.percent("typical")
        if share is not None:
            _assume(row, Assumption(DISCOUNT, Price(share), source=row.text("source"), at=row.at), made)
        return
    typical = row.money("typical")
    if typical is None:
        if row.text("category") and not row.text("typical"):
            made.notes.append(
                f"{row.at}: no typical figure for {row.text('category')}; nothing is priced by this row."
            )
        return
    low, high = row.money("low"), row.money("high")
    if (low and low.amount > typical.amount) or (high and high.amount < typical.amount):
        row.wrong("typical", "a figure between the low and the high one")
        return
    _assume(
        row,
        Assumption(
            row.text("category"), typical, low, high, row.whole("year", 2199), row.text("source"), at=row.at
        ),
        made,
    )


def _assume(row: InputRow, told: Assumption, made: Gathered) -> None:
    denied = next((one for one in made.assumptions if one.denies(told)), None)
    if denied is not None:
        row.wrong(
            "typical", f"the figure of {denied.at}, which is of the same category; neither prices anything"
        )
    made.assumptions.append(told)


def _rate(row: InputRow, made: Gathered) -> None:
    first, second, rate, day = (
        row.text("from").upper(),
        row.text("to").upper(),
        row.number("rate"),
        row.day("on"),
    )
    for name, code in (("from", first), ("to", second)):
        if not CURRENCY.fullmatch(code):
            row.wrong(name, "a code of three letters, such as USD")
            return
    if rate is None and row.text("rate"):
        return
    if rate is None or not _LEAST_RATE <= rate <= 1 / _LEAST_RATE:
        row.wrong("rate", f"a number from {_LEAST_RATE:f} to {1 / _LEAST_RATE:f}")
        return
    if first == second:
        row.wrong("to", f"another currency than {first}")
        return
    if day is None:
        if not row.text("on"):
            row.wrong("on", "the day of the rate; a rate without a day converts nothing")
        return
    told = Rate(first, second, rate, day, row.text("source"), row.at)
    denied = next((one for one in made.rates if one.denies(told)), None)
    if denied is not None:
        row.wrong(
            "rate",
            f"the rate of {denied.at}, which is of the same day and pair; nothing is converted with either",
        )
    made.rates.append(told)


def _progress(row: InputRow, made: Gathered) -> None:
    done = row.whole("done")
    if done is None:
        if not row.text("done"):
            row.wrong("done", "a whole number")
        return
    finding = row.text("finding")
    before = made.progress.setdefault(finding, done)
    if finding in made.progressed:
        made.notes.append(
            f"{row.at} and {made.progressed[finding]} say how many of {finding} are replaced so far: the larger number counts."
        )
    made.progressed[finding] = row.at
    made.progress[finding] = max(before, done)


TAKE: Mapping[str, Callable[[InputRow, Gathered], None]] = {
    "assets": _asset, "contracts": _contract, "capacity": _capacity, "assumptions": _assumption, "rates": _rate,
    "progress": _progress,
}  # fmt: skip
