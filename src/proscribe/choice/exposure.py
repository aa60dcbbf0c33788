"""What covered things block and cost: contracts, grants and licences day by day, replacement and stranded value.

The law is asked for every kind of thing on every day of every contract. A thing blocks a contract only by a determination of
that day. What is undetermined, and what would only count if a rule reached beyond the scope stated for the contract, stands
in the second column, which is never less than the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from proscribe.choice.buying import NAMED, PROVIDED, asked_of, open_of
from proscribe.choice.firm_names import firm_key
from proscribe.choice.gathering import listed
from proscribe.choice.headings import tables
from proscribe.choice.matters import Matters, about, fact_of
from proscribe.choice.prices import OWN, Prices, cents, times
from proscribe.choice.records import QUANTITY, STATE, WHOSE, Asset, Contract
from proscribe.choice.whose_law import LAW, UNION, WhoseLaw
from proscribe.model.customers import Customer
from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.model.exposure import (
    COST,
    INCOME,
    CustomerSum,
    ExposureLine,
    ExposureSum,
    Hold,
    LineKind,
    Narrowing,
    Total,
)
from proscribe.model.law import Law
from proscribe.model.site_names import SiteNames, place_key
from proscribe.rules.facts import FACTS, PLACE_FACT, READINGS, typed
from proscribe.wording.nations import nation_name

ZERO = Decimal("0.00")
#: Findings that a line names.
_SHOWN = 8
_YEAR_DAYS = 365
#: A last option or renewal is worth a year, unless the contract ends later than this after it.
_SHORTLY = timedelta(days=90)
#: The reading that says whether a rule reaches things outside the scope stated for a contract.
SCOPE = "reading.entity"
_OPEN = (Outcome.UNDETERMINED, Outcome.APPROVAL_REQUIRED)
#: What an open reading asks, where it is no fact of the vocabulary.
_ASKS = {
    STATE: "How does this contract stand today: which of its rows is right?",
    "site": "At which site is this thing?",
    QUANTITY: "How many pieces are there: as many as the row of assets says, or as the scan does?",
    "legal_entity": "Is the legal entity of this contract the one that the rows of assets name?",
    WHOSE: "Is this a contract, grant or licence of a government, or under one? Write which, or other, as its kind.",
    LAW: "Under which nation's law is this contract, grant or licence, and whose public body is the buyer? Write its country.",
    PROVIDED: "What does this contract buy? Say in the column Product of contracts: which, nothing of these, or not known.",
    NAMED: "Its row names this product: is it delivered under this contract, or paid for with it, with the part that was found?",
    SCOPE: "Does the rule reach things of the company outside the sites or the legal entity of this contract?",
}

Decide = Callable[[Case], CaseResult]


@dataclass(frozen=True, slots=True)
class Thing:
    """An asset with what is known of it for the law; equal facts share one object.

    Attributes:
        facts: typed facts by name.
        finding: id of its finding; empty when none is known.
    """

    asset: Asset
    facts: Mapping[str, Any]
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """What one regime says against one kind of thing on one day."""

    regime: str
    sure: bool
    citations: tuple[str, ...]
    missing: tuple[str, ...] = ()
    until: date | None = None


@dataclass(slots=True)
class Pile:
    """Things of one kind, site and legal entity: the law and the contracts cannot tell them apart.

    Attributes:
        elsewhere, doubtful: as of an `Asset`.
        stands: what stands against them, with the day: by a contract that they lie in the scope of, or of the company's own.
        blocks: ids of contracts and days that they block, and whether surely.
        beyond: ids of contracts and days that they would block if the rule reached beyond the scope stated for the contract.
    """

    facts: Mapping[str, Any]
    site: str
    legal_entity: str
    elsewhere: str = ""
    doubtful: str = ""
    things: list[Thing] = field(default_factory=list)
    stands: dict[tuple[str, bool], tuple[date, Stand]] = field(default_factory=dict)
    blocks: list[tuple[str, date, bool]] = field(default_factory=list)
    beyond: list[tuple[str, date]] = field(default_factory=list)

    def against(self, day: date, stand: Stand) -> None:
        """Note a stand; the earliest day of each regime is kept."""
        key = (stand.regime, stand.sure)
        if key not in self.stands or day < self.stands[key][0]:
            self.stands[key] = (day, stand)


@cache
def acts() -> Mapping[str, Any]:
    """Give what is done on the days of a contract, as typed facts."""
    from proscribe.kb.strictyaml import declared

    told = declared("proscribe.choice", "acts.yml")
    return {
        kind: {
            part: {name: typed(name, value) for name, value in facts.items()} for part, facts in parts.items()
        }
        for kind, parts in told.items()
    }


def piles_of(things: Iterable[Thing]) -> list[Pile]:
    """Gather things that the law and the contracts cannot tell apart."""
    made: dict[tuple[int | str, ...], Pile] = {}
    for thing in things:
        asset = thing.asset
        elsewhere = place_key(asset.elsewhere)
        key = (
            id(thing.facts),
            place_key(asset.site),
            place_key(asset.legal_entity),
            elsewhere,
            asset.doubtful,
        )
        pile = made.get(key)
        if pile is None:
            pile = made[key] = Pile(
                thing.facts, asset.site, asset.legal_entity, asset.elsewhere, asset.doubtful
            )
        pile.things.append(thing)
    return list(made.values())


class Judge:
    """Asks the law about piles, each different question once.

    Args:
        decide: puts a case to the law.
        regimes: those to ask; empty = every one that could bind.
        law: says which contracts a regime can stop.
    """

    def __init__(self, decide: Decide, regimes: tuple[str, ...], law: Law) -> None:
        self._decide = decide
        self.whose = WhoseLaw(law)
        self._regimes = regimes
        self._kept: dict[Hashable, tuple[Case, CaseResult, tuple[Stand, ...]]] = {}

    def __call__(
        self, facts: Mapping[str, Any], more: Mapping[str, Any], day: date
    ) -> tuple[Case, CaseResult, tuple[Stand, ...]]:
        """Give the case, its answer, and what stands against the thing."""
        key = (id(facts), frozenset(more.items()), day)
        found = self._kept.get(key)
        if found is None:
            case = Case("thing", day, self._regimes, {**facts, **more})
            result = self._decide(case)
            found = self._kept[key] = (case, result, tuple(_stands(result)))
        return found

    def open_cases(self) -> Iterator[tuple[Case, CaseResult]]:
        """Give every question asked that was left undetermined."""
        for case, result, stands in self._kept.values():
            if any(not one.sure for one in stands):
                yield case, result


@cache
def _days_in_words() -> str:
    """Name the columns that hold the days on which a contract is awarded or goes on."""
    columns = tables()["contracts"]["columns"]
    first, second, third = (
        f"“{columns[name]['headings'][0]}”" for name in ("award_on", "option_on", "renewal_on")
    )
    return f"{first}, {second} and {third}"


def _stands(result: CaseResult) -> Iterator[Stand]:
    for one in result.determinations:
        if one.outcome is Outcome.PROHIBITED:
            yield Stand(one.regime, True, one.citations, one.presumed)
        elif one.outcome in _OPEN:
            missing = one.missing or (
                ("approval.granted",) if one.outcome is Outcome.APPROVAL_REQUIRED else ()
            )
            yield Stand(one.regime, False, one.citations, missing)
        elif one.outcome is Outcome.PERMITTED_UNTIL and one.until is not None:
            yield Stand(one.regime, True, one.citations, (), one.until)


def contract_facts(contract: Contract, event: str, day: date) -> dict[str, Any]:
    """Say what is done on a day of a contract, as typed facts; nothing where there is no such act of its kind.

    Args:
        event: what happens on that day, or `provided` for what is done with what the company sells.

    Raises:
        WrongValue: when a clause is none.
    """
    told = acts()[contract.kind]
    if event == "provided" and event not in told:
        return {}
    facts = {**told["facts"], **told[event or "renewal"]}
    if contract.law:
        facts[PLACE_FACT] = contract.law
    if contract.agency:
        facts["contract.agency"] = contract.agency
    if contract.clauses:
        facts["contract.clauses"] = typed("contract.clauses", list(contract.clauses))
    awarded = contract.awarded_on or (day if event == "award" else None)
    if awarded is not None:
        facts["contract.awarded_on"] = awarded
    return facts


def not_inside(pile: Pile, contract: Contract, doubtful: Collection[str] = (), *, firm: bool = True) -> str:
    """Say what leaves open, or speaks against, that a pile lies in the scope stated for a contract; empty when it surely does.

    Args:
        doubtful: keys of places that may be one of its sites, spelt otherwise.
        firm: whether any pile names the legal entity of the contract.

    Returns:
        `SCOPE` where it lies outside; `site` or `legal_entity` where that is not known.
    """
    open_: str = ""
    mine, theirs = contract.legal_entity, pile.legal_entity
    if mine and theirs and firm_key(mine) != firm_key(theirs):
        if firm and firm_key(mine, legal_form=False) != firm_key(theirs, legal_form=False):
            return SCOPE
        open_ = "legal_entity"
    own = {place_key(site) for site in contract.sites}
    if not own or place_key(pile.site) in own:
        return open_
    if (
        not pile.site
        or place_key(pile.site) in doubtful
        or (pile.elsewhere and place_key(pile.elsewhere) in own)
    ):
        return open_ or "site"
    return SCOPE


def worth_of(contract: Contract, place: int) -> tuple[date, date]:
    """Give the days from which and up to which one event of a contract carries it; the second is not counted."""
    day = contract.events[place][1]
    later = [one for _, one in contract.events[place + 1 :] if one > day]
    if later:
        return day, later[0]
    if contract.ends_on is not None and contract.ends_on > day + _SHORTLY:
        return contract.carries_from or day, contract.ends_on + timedelta(days=1)
    return day, date(day.year + 1, *_birthday(day, day.year + 1))


def upcoming(contract: Contract, as_of: date, notes: list[str]) -> Contract:
    """Leave out days that are past, which no answer changes any more, and name them; an award then is the one that was."""
    past = [(what, day) for what, day in contract.events if day < as_of]
    if not past:
        return contract
    told = listed([f"{what} of {day.isoformat()}" for what, day in past], _SHOWN)
    notes.append(
        f"{contract.number} ({contract.at}): days before {as_of.isoformat()} are past and not counted: {told}."
    )
    awarded = contract.awarded_on or next((day for what, day in reversed(past) if what == "award"), None)
    return replace(contract, awarded_on=awarded, events=contract.events[len(past) :])


def over(contract: Contract, as_of: date, notes: list[str]) -> bool:
    """Tell whether a contract has ended and nothing of it is to come, and name it then."""
    if (
        contract.ends_on is None
        or contract.ends_on >= as_of
        or any(day >= as_of for _, day in contract.events)
    ):
        return False
    notes.append(
        f"{contract.number} ({contract.at}) ended on {contract.ends_on.isoformat()}, and no award, option or renewal is to "
        "come: it is not counted."
    )
    return True


def years_between(start: date, end: date) -> Fraction:
    """Count whole years of the calendar, and the days left over as parts of 365."""
    whole = end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    passed = date(start.year + whole, *_birthday(start, start.year + whole))
    return whole + Fraction((end - passed).days, _YEAR_DAYS)


def _birthday(day: date, year: int) -> tuple[int, int]:
    """Give month and day of a day in another year; 29 February is 28 February where there is none."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (2, 28) if (day.month, day.day) == (2, 29) and not leap else (day.month, day.day)


@dataclass(slots=True)
class Exposing:
    """Lines in the making.

    Attributes:
        as_of: the day on which what depends on no contract is asked.
        sold: things that are sold: they stand against contracts, possibly, and nothing is paid to replace them.
        provided: ids of lines that a thing that is sold may stand against, by its finding.
        organisation: whose the contracts and assets are that name no legal entity.
        matters: what was stated in regard of each award, and in other countries.
        denied: contracts that are said to buy nothing of what is sold.
        elsewhere, asked: contracts that some rule about contracts of others cannot stop, and those of which nothing tells whose.
    """

    piles: list[Pile]
    contracts: Sequence[Contract]
    judge: Judge
    prices: Prices
    as_of: date
    organisation: str = ""
    lines: list[ExposureLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    free: list[Contract] = field(default_factory=list)
    sold: Sequence[Pile] = ()
    provided: dict[str, dict[str, None]] = field(default_factory=dict)
    elsewhere: dict[str, Contract] = field(default_factory=dict)
    asked: dict[str, Contract] = field(default_factory=dict)
    matters: Matters = field(default_factory=Matters)
    denied: dict[str, Contract] = field(default_factory=dict)

    def run(self) -> None:
        """Make all lines."""
        doubtful = self._doubtful_places()
        strange = self._strange_firms()
        for contract in self.contracts:
            days = {day: place for place, (_, day) in reversed(list(enumerate(contract.events)))}
            for place in sorted(days.values()) or (-1,):
                self._contract(contract, place, doubtful[contract.id], firm=contract.id not in strange)
        for pile in self.piles:
            self._own(pile)
        for pile in self.piles:
            for thing in pile.things:
                self._asset(pile, thing)
        order = {kind: number for number, kind in enumerate(LineKind.__args__)}  # type: ignore[attr-defined]
        self.lines.sort(key=lambda one: (order[one.kind], one.on, _numbered(one.id)))
        self.notes += [*self._whose(), *self._buying()]
        if self.free:
            named = dict.fromkeys(f"{one.number} ({one.at})" for one in self.free)
            self.notes.append(
                f"{len(self.free)} contract days of {len(self.contracts)} contracts: no rule asked stands against them: "
                f"{listed(list(named), _SHOWN)}."
            )

    def _whose(self) -> Iterator[str]:
        """Name contracts of which nothing tells whose they are, and those that rules of other buyers cannot stop."""
        if self.asked:
            yield (
                "Nothing says whose law these contracts are under and that their buyer is one whom the rule binds, or two things "
                f"that they say differ: {listed([f'{one.number} ({one.at})' for one in self.asked.values()], _SHOWN)}. Rules "
                "stand against them in the second column only; write their country and agency."
            )
        if self.elsewhere:
            named = [
                " ".join(
                    part
                    for part in (one.number, one.law and f"of {nation_name(one.law)}", f"({one.at})")
                    if part
                )
                for one in self.elsewhere.values()
            ]
            yield (
                "Rules about contracts of other buyers, or of another nation, cannot stop these, and are not counted against "
                f"them: {listed(named, _SHOWN)}. Where such a contract passes on clauses of another government, list them."
            )

    def _doubtful_places(self) -> dict[str, set[str]]:
        """Give, by contract, places that may be a site of it, spelt otherwise; they are named, and contracts without any."""
        sites = SiteNames(pile.site for pile in self.piles if pile.site)
        like = {site: sites.like(site) for contract in self.contracts for site in contract.sites}
        made: dict[str, set[str]] = {}
        for contract in self.contracts:
            made[contract.id] = {key for site in contract.sites for key in like[site]}
            named = [f"{site} ({sites.names[like[site][0]]})" for site in contract.sites if like[site]]
            if named:
                self.notes.append(
                    f"{contract.number} ({contract.at}) names sites that may be those of assets in brackets: "
                    f"{listed(named, _SHOWN)}. What stands there counts in the second column; "
                    "write both alike, or so that they differ."
                )
            if contract.sites and not any(place_key(site) in sites.names for site in contract.sites):
                self.notes.append(
                    f"{contract.number} ({contract.at}): nothing that was found stands at its sites by their names: "
                    f"{listed(contract.sites, _SHOWN)}."
                )
        return made

    def _strange_firms(self) -> set[str]:
        """Give contracts of a legal entity that no row of assets names, where rows name others; they are named."""
        firms = {firm_key(pile.legal_entity): pile.legal_entity for pile in self.piles if pile.legal_entity}
        if not firms:
            return set()
        made = [one for one in self.contracts if one.legal_entity and firm_key(one.legal_entity) not in firms]
        if made:
            self.notes.append(
                "No row of assets names the legal entity of these contracts: "
                f"{listed([f'{one.legal_entity} of {one.number} ({one.at})' for one in made], _SHOWN)}; rows name "
                f"{listed(sorted(firms.values()), _SHOWN)}. They are taken to reach all that was found, in the second column; "
                "write both alike, or leave the entity empty."
            )
        return {one.id for one in made}

    def _contract(self, contract: Contract, place: int, doubtful: Collection[str], *, firm: bool) -> None:
        event, day = contract.events[place] if place >= 0 else ("", self.as_of)
        events = [what for what, when in contract.events if when == day] or [event]
        acts_of_day = [
            self.matters.under(contract, contract_facts(contract, what, day))
            for what in dict.fromkeys(events)
        ]
        holds = _Holds()
        for pile in self.piles:
            lacks = not_inside(pile, contract, doubtful, firm=firm)
            for stand, whose in self._stopping(pile, contract, acts_of_day, day):
                sure = stand.sure and not lacks and not pile.doubtful and not whose
                missing = (*stand.missing, *(one for one in (whose, lacks, pile.doubtful) if one))
                holds.add(stand, sure, day, missing, pile.things, outside=lacks == SCOPE)
                if contract.doubtful:
                    sure, missing = False, (*missing, contract.doubtful)
                if lacks == SCOPE:
                    pile.beyond.append((contract.id, day))
                else:
                    pile.blocks.append((contract.id, day, sure))
                    pile.against(day, Stand(stand.regime, sure, stand.citations, missing))
        sold = self._provided(contract, day, holds)
        rules = holds.all()
        if contract.doubtful:
            rules = tuple(
                replace(one, sure=False, missing=(*one.missing, contract.doubtful)) for one in rules
            )
        if not rules:
            self.free.append(contract)
            return
        priced = self.prices.amount(contract.carries or contract.yearly, "value per year")
        why, amount, notes = priced.why, None, []
        if place < 0:
            why = f"no day to come of an award, option or renewal (columns {_days_in_words()} of contracts)"
        elif priced.amount is not None:
            start, end = worth_of(contract, place)
            whole = contract.carries is not None
            amount = cents(priced.amount if whole else times(priced.amount, years_between(start, end)))
            notes.append(f"{start.isoformat()} to {(end - timedelta(days=1)).isoformat()}")
        sure = any(one.sure for one in rules)
        line = f"{contract.id}-{place + 1}"
        for finding in sold:
            self.provided.setdefault(finding, {})[line] = None
        self.lines.append(
            ExposureLine(
                line,
                contract.kind,  # type: ignore[arg-type]
                f"{contract.number} ({whom})"
                if (whom := contract.customer.name or contract.agency)
                else contract.number,
                contract.at,
                contract.legal_entity or self.organisation,
                day,
                None if amount is None else amount if sure else ZERO,
                amount,
                rules,
                event=" and ".join(dict.fromkeys(events)),
                site="; ".join(contract.sites[:_SHOWN]),
                not_priced=why,
                priced_by="" if why else OWN,
                notes=tuple(notes),
                customer=contract.customer,
                award=contract.number,
            )
        )

    def _provided(self, contract: Contract, day: date, holds: _Holds) -> list[str]:
        """Ask of what is sold whether it may be provided under a contract; never surely: a row that names it is no delivery.

        Returns:
            The findings of things against which a rule may stand.
        """
        facts = contract_facts(contract, "provided", day)
        facts = self.matters.under(contract, facts) if facts else facts
        made: dict[str, None] = {}
        for pile in self.sold if facts else ():
            for stand, whose in self._stopping(pile, contract, [facts], day):
                of_open: dict[str, list[Thing]] = {}
                for thing in pile.things:
                    if (lacks := open_of(contract, thing.asset.item)) is None:
                        self.denied[contract.id] = contract
                    else:
                        of_open.setdefault(lacks, []).append(thing)
                for lacks, things in sorted(of_open.items()):
                    missing = (*stand.missing, *(one for one in (whose, lacks) if one))
                    holds.add(stand, False, day, missing, things, outside=False)
                    made.update((thing.finding, None) for thing in things)
                if of_open:
                    pile.blocks.append((contract.id, day, False))
        return list(made)

    def _buying(self) -> Iterator[str]:
        """Ask what contracts buy of which nothing says it, and name those that are said to buy nothing of what is sold."""
        stake = {line.partition("-")[0] for lines in self.provided.values() for line in lines}
        open_ = [f"{one.number} ({one.at})" for one in asked_of(self.contracts) if one.id in stake]
        items = dict.fromkeys(
            thing.asset.item for pile in self.sold for thing in pile.things if thing.finding in self.provided
        )
        if open_:
            yield (
                f"What do these contracts buy? Nothing says it: {listed(open_, _SHOWN)}. Write in their column Product which of "
                f"what is sold it is ({listed(list(items), _SHOWN)}), nothing of these, or not known. Until then what is sold is "
                "possibly at stake by them."
            )
        if self.denied:
            named = [f"{one.number} ({one.at})" for one in self.denied.values()]
            yield (
                "Rows of contracts say that they buy nothing of what is sold, and nothing that is sold is counted against them: "
                f"{listed(named, _SHOWN)}."
            )

    def _against(self, pile: Pile, acts_of_day: Sequence[Mapping[str, Any]], day: date) -> Iterable[Stand]:
        """Give what stands against any act of a day, of each regime once."""
        made: dict[str, Stand] = {}
        known = self.matters.bare(pile.facts)
        for facts in acts_of_day:
            for stand in self.judge(known, self.matters.paid(known, facts), day)[2]:
                if stand.until is not None and stand.until >= day:
                    continue
                if stand.regime not in made or (stand.sure and not made[stand.regime].sure):
                    made[stand.regime] = stand
        return made.values()

    def _stopping(
        self, pile: Pile, contract: Contract, acts_of_day: Sequence[Mapping[str, Any]], day: date
    ) -> Iterator[tuple[Stand, str]]:
        """Give what stands against any act of a day of a contract, and what leaves open whether it can stop that contract."""
        for stand in self._against(pile, acts_of_day, day):
            whose = self.judge.whose.lacks(contract, self.matters.bare(pile.facts), stand.regime)
            if whose is None:
                self.elsewhere[contract.id] = contract
                continue
            if whose:
                self.asked[contract.id] = contract
            yield stand, whose

    def _own(self, pile: Pile) -> None:
        """Ask what stands against things whatever the contracts: on facts that were stated, and by the law of where they are."""
        for stand in (*self.judge(pile.facts, {}, self.as_of)[2], *self._there(pile)):
            if pile.doubtful:
                stand = replace(stand, sure=False, missing=(*stand.missing, pile.doubtful))
            pile.against(stand.until or self.as_of, stand)

    def _there(self, pile: Pile) -> Iterator[Stand]:
        """Give what the law of another country says of things that stand there."""
        there = self.matters.abroad.get(id(pile.facts))
        regimes = self.judge.whose.law.regimes
        for facts in there.facts if there is not None else ():
            for stand in self.judge(facts, {}, self.as_of)[2]:
                if there is not None and regimes[stand.regime].jurisdiction in (there.code, UNION):
                    yield replace(stand, missing=there.asked(stand.missing))

    def _asset(self, pile: Pile, thing: Thing) -> None:
        stands = sorted(pile.stands.items(), key=lambda one: (not one[0][1], one[1][0], one[0][0]))
        if not stands:
            return
        asset = thing.asset
        named = (thing.finding,) if thing.finding else ()
        sure_regimes = {regime for (regime, sure), _ in stands if sure}
        rules = tuple(
            Hold(regime, sure, day, stand.citations, named, len(named), stand.missing)
            for (regime, sure), (day, stand) in stands
            if sure or regime not in sure_regimes
        )
        sure = bool(sure_regimes)
        on = min(one.on for one in rules if one.sure is sure)
        unit = self.prices.of(asset)
        uncounted = "" if asset.units is not None else "the quantity was not read"
        why = "; ".join(filter(None, (unit.why, uncounted)))
        cost = None if why or unit.amount is None else cents(unit.amount * (asset.units or 0))
        notes = (
            () if unit.low is None or unit.high is None or why else (f"one: {unit.low:f} to {unit.high:f}",)
        )
        self._cost("replacement", thing, cost, why, rules, on, unit.by, notes, sure=sure)
        if asset.book_value is not None:
            book = self.prices.amount(asset.book_value, "book value")
            value = None if book.amount is None else cents(book.amount)
            self._cost("stranded", thing, value, book.why, rules, on, book.by, (), sure=sure)

    def _cost(
        self, kind: LineKind, thing: Thing, amount: Decimal | None, why: str, rules: tuple[Hold, ...], on: date, priced_by: str,
        notes: tuple[str, ...], *, sure: bool,
    ) -> None:  # fmt: skip
        asset = thing.asset
        self.lines.append(
            ExposureLine(
                f"{asset.id}-{'r' if kind == 'replacement' else 's'}",
                kind,
                asset.item or asset.category or thing.finding,
                asset.at,
                asset.legal_entity or self.organisation,
                on,
                None if amount is None else amount if sure else ZERO,
                amount,
                rules,
                site=asset.site,
                units=asset.units or 0,
                not_priced=why,
                priced_by="" if why else priced_by,
                notes=notes,
            )
        )


def _numbered(identity: str) -> tuple[int, str]:
    head, _, tail = identity.partition("-")
    return int(head[1:]), tail


class _Holds:
    """What stands against one day of a contract, joined over all piles."""

    def __init__(self) -> None:
        self._found: dict[str, list[Any]] = {}

    def add(
        self,
        stand: Stand,
        sure: bool,
        day: date,
        missing: tuple[str, ...],
        things: Sequence[Thing],
        *,
        outside: bool,
    ) -> None:
        held = self._found.setdefault(stand.regime, [False, day, {}, {}, 0, {}, True])
        if sure and not held[0]:
            # what is open matters no longer where the rule stands beyond doubt
            held[0], held[2], held[3], held[4], held[5] = True, {}, {}, 0, {}
        if held[0] and not sure:
            return
        held[2].update(dict.fromkeys(stand.citations))
        for thing in things:
            if thing.finding and len(held[3]) < _SHOWN:
                held[3][thing.finding] = None
        held[4] += len(things)
        held[5].update(dict.fromkeys(missing))
        held[6] = held[6] and outside

    def all(self) -> tuple[Hold, ...]:
        made = [
            Hold(regime, sure, day, tuple(cited), tuple(found), count, tuple(missing), outside)
            for regime, (sure, day, cited, found, count, missing, outside) in self._found.items()
        ]
        return tuple(sorted(made, key=lambda one: (not one.sure, one.regime)))


def sums_of(lines: Iterable[ExposureLine]) -> tuple[ExposureSum, ...]:
    """Add up lines per rule, legal entity, month and kind; to a rule that stands only possibly a line adds nothing sure."""
    groups: dict[tuple[str, str, str, LineKind], list[tuple[ExposureLine, Hold]]] = defaultdict(list)
    for line in lines:
        for hold in line.rules:
            groups[hold.regime, line.legal_entity, line.month, line.kind].append((line, hold))
    made = []
    for (regime, entity, month, kind), held in sorted(groups.items()):
        surely = sum((line.possibly or ZERO for line, hold in held if hold.sure), ZERO)
        possibly = sum((line.possibly or ZERO for line, _ in held), ZERO)
        unpriced = sum(line.possibly is None for line, _ in held)
        made.append(
            ExposureSum(
                regime,
                entity,
                month,
                kind,
                surely,
                possibly,
                unpriced,
                tuple(line.id for line, _ in held),
                sum(hold.sure for _, hold in held),
                sum(hold.sure and bool(line.not_priced) for line, hold in held),
            )
        )
    return tuple(made)


def totals_of(lines: Sequence[ExposureLine]) -> tuple[Total, ...]:
    """Add up lines per kind, each line once."""
    kinds: tuple[LineKind, ...] = LineKind.__args__  # type: ignore[attr-defined]
    return tuple(
        Total(
            kind,
            sum((one.surely or ZERO for one in lines if one.kind == kind), ZERO),
            sum((one.possibly or ZERO for one in lines if one.kind == kind), ZERO),
            sum(one.kind == kind for one in lines),
            sum(one.kind == kind and bool(one.not_priced) for one in lines),
            sum(one.kind == kind and one.sure for one in lines),
            sum(one.kind == kind and one.sure and bool(one.not_priced) for one in lines),
        )
        for kind in kinds
        if any(one.kind == kind for one in lines)
    )


def customers_of(lines: Iterable[ExposureLine]) -> tuple[CustomerSum, ...]:
    """Add up contracts, grants and licences by customer, each line once; the most first."""
    held: dict[Customer, list[ExposureLine]] = defaultdict(list)
    for line in lines:
        if line.kind in INCOME:
            held[line.customer].append(line)
    made = [
        CustomerSum(
            customer,
            sum((one.surely or ZERO for one in found), ZERO),
            sum((one.possibly or ZERO for one in found), ZERO),
            sum(bool(one.not_priced) for one in found),
            tuple(one.id for one in found),
            sum(one.sure for one in found),
            sum(one.sure and bool(one.not_priced) for one in found),
        )
        for customer, found in held.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.surely, -one.possibly, one.customer.words)))


def narrowing_of(
    lines: Iterable[ExposureLine], useful: Mapping[str, bool] | None = None
) -> tuple[Narrowing, ...]:
    """Say on which unknown facts how much money hangs, the most first.

    Args:
        useful: facts that were tried, to whether an answer changes anything; what was not tried is kept.
    """
    waiting: dict[str, dict[str, ExposureLine]] = defaultdict(dict)
    for line in lines:
        if line.sure:
            continue
        for hold in line.rules:
            for name in hold.missing:
                if (useful or {}).get(name, True):
                    waiting[name][line.id] = line
    made = [
        Narrowing(
            name, asks_of(name), _between(held.values(), INCOME), _between(held.values(), COST), tuple(held),
            sum(bool(one.not_priced) for one in held.values()),
        )
        for name, held in waiting.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (-one.income, -one.cost, -len(one.lines), one.fact)))


def _between(lines: Iterable[ExposureLine], kinds: tuple[LineKind, ...]) -> Decimal:
    return sum(
        (
            one.possibly - (one.surely or ZERO)
            for one in lines
            if one.kind in kinds and one.possibly is not None
        ),
        ZERO,
    )


def asks_of(name: str) -> str:
    """Give the question of a fact or an open reading, as a person answers it."""
    fact, scope = fact_of(name)
    if fact in FACTS:
        return FACTS[fact].question + about(scope)
    return _ASKS.get(name) or READINGS.get(name, "The law is open on this point; counsel decides.")
