"""What a company can do instead of a plan, side by side: each posed anew, planned where it is a plan, and counted."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from proscribe.app.choice.exposure import Work, titled
from proscribe.app.rules.decide import Decider
from proscribe.choice.alternatives import asked_of, counted, doubt_of, in_doubt
from proscribe.choice.exposure import (
    ZERO,
    Decide,
    Exposing,
    Judge,
    Pile,
    piles_of,
    sums_of,
    totals_of,
)
from proscribe.choice.firm_names import firm_key
from proscribe.choice.model import circle_of
from proscribe.choice.posing import Posed, Posing
from proscribe.choice.records import Contract
from proscribe.choice.schedule import Planned
from proscribe.choice.search import Clock
from proscribe.choice.sooner import planned
from proscribe.model.decisions import Case, CaseResult
from proscribe.model.errors import error
from proscribe.model.exposure import Exposure
from proscribe.model.periods import Period
from proscribe.model.phase_out import Alternative
from proscribe.rules.facts import PLACE_FACT

_GRANT_SHARE = "cost/fcc-scrp-share"
#: Share of the usual search for a plan that stands beside the one asked for.
_EFFORT = 0.3
#: Why replacing everything costs nothing.
_NOTHING = "there is nothing to replace: no rule that was asked surely stands against a thing, and none says by when it must go"
#: Legal entities that are ring-fenced, those of the most contracts first.
_FENCED = 3
_PROPOSAL = "proposal"
#: Rows of a circle that are named.
_NAMED = 6


def alternatives(
    work: Work, posing: Posing, posed: Posed, found: Planned, seconds: float
) -> tuple[list[Alternative], list[str]]:
    """Put what a company can do side by side.

    Args:
        found: the plan that was asked for.
        seconds: that the solver may take for all of them together.

    Returns:
        The alternatives; and in words which of those that one looks for are not among them, and why.
    """
    made = _Alternatives(work, posing, posed, found, seconds)
    return list(made.all()), made.notes


def refuse_circle(posed: Posed) -> None:
    """Stop where categories of one site wait for each other.

    Raises:
        UsageError: E542 with the rows and the categories.
    """
    circle = [posed.things[place].asset for place in circle_of(posed.problem)]
    if circle:
        rows = list(dict.fromkeys(one.at for one in circle))
        more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        names = ", ".join(dict.fromkeys(f"“{one.category}”" for one in circle))
        raise error("E542.circle", at="; ".join(rows[:_NAMED]) + more, name=names)


class _Alternatives:
    def __init__(self, work: Work, posing: Posing, posed: Posed, found: Planned, seconds: float) -> None:
        self._work, self._posing, self._posed, self._planned = work, posing, posed, found
        self._clock = Clock(seconds)
        self.notes: list[str] = []

    def all(self) -> Iterator[Alternative]:
        """Give them, those without a plan first."""
        yield from self._plain()
        if self._planned.schedule is not None:
            yield self._as_planned("the plan", self._work.exposure, self._posed, self._planned)
        posings = list(self._posings())
        for number, (name, posing, note) in enumerate(posings):
            # what one leaves of its time goes to those behind it
            yield self._planned_anew(name, posing, note, self._clock.left / (len(posings) - number))

    def _posings(self) -> Iterator[tuple[str, Posing, str]]:
        """Give what is planned anew: name, what it is posed as, and a note."""
        share = next((one.amount for one in self._work.public if one.id == _GRANT_SHARE), None)
        if share is None or not any(row.what == "grant" for row in self._work.inputs.capacity):
            self.notes.append("No grant stands in the table of capacity: no plan with a share of it is made.")
        else:
            posing = replace(self._posing, share=share, notes=[])
            yield f"the plan, if grants arrive at {share} percent", posing, ""
        yield from self._fenced()
        yield from self._proposed()

    def _plain(self) -> Iterator[Alternative]:
        problem, start = self._posed.problem, self._posing.start
        doubt = doubt_of(self._work.exposure, self._posed)
        count = self._counter(self._posed)
        yield count(
            "do nothing",
            {},
            frozenset(),
            doubt=doubt,
            note="every contract that a determination blocks is lost",
            asks=asked_of(self._work.exposure, self._posed, frozenset()),
        )
        yield count(
            "leave the government market", {}, frozenset(), doubt=ZERO, also=in_doubt(self._work.exposure, self._posed, start),
            note="contract value in doubt is let go too; rules that bind whatever the contracts still do",
        )  # fmt: skip
        now = {
            (place, min(max(job.release, 0), problem.periods - 1)): job.units
            for place, job in enumerate(problem.jobs)
        }
        reached: set[int] = set()
        for place, stake in enumerate(problem.stakes):  # the day before stands earlier
            clean = all(
                max(problem.jobs[job].release, 0) + problem.jobs[job].lag <= stake.period
                for job in stake.jobs
            )
            if clean and (stake.after < 0 or stake.after in reached):
                reached.add(place)
        yield counted(
            self._posed, self._work.prices, start, "replace all now", now, frozenset(reached),
            doubt=doubt_of(self._work.exposure, self._posed, reached),
            asks=asked_of(self._work.exposure, self._posed, reached),
            note="as soon as delivered, whatever money and crews allow" if problem.jobs else _NOTHING,
        )  # fmt: skip

    def _counter(self, posed: Posed) -> Callable[..., Alternative]:
        def count(*parts: object, **more: object) -> Alternative:
            return counted(posed, self._work.prices, self._posing.start, *parts, **more)  # type: ignore[arg-type]

        return count

    def _as_planned(
        self, name: str, exposure: Exposure, posed: Posed, found: Planned, note: str = ""
    ) -> Alternative:
        count = self._counter(posed)
        if found.timed:
            note = "; ".join(part for part in (note, "the time limit ended the search") if part)
        if found.schedule is None:
            doubt = doubt_of(exposure, posed)
            without = f"no plan: {found.state}, and the figures are those of doing nothing"
            without += f"; {note}" if note else ""
            asks = asked_of(exposure, posed, frozenset())
            return count(name, {}, frozenset(), doubt=doubt, note=without, asks=asks)
        return count(
            name, found.schedule.work, found.schedule.kept,
            doubt=doubt_of(exposure, posed, found.schedule.kept), note=note, gap=round(found.gap * 10_000),
            asks=asked_of(exposure, posed, found.schedule.kept),
        )  # fmt: skip

    def _planned_anew(self, name: str, posing: Posing, note: str, seconds: float) -> Alternative:
        posed = posing.pose()
        refuse_circle(posed)  # other law reaches other things
        return self._as_planned(
            name, posing.exposure, posed,
            planned(posed, posing.start, seconds=seconds, effort=_EFFORT), note,
        )  # fmt: skip

    def _exposed(
        self, judge: Judge, contracts: Sequence[Contract]
    ) -> tuple[Exposure, list[Pile], list[Pile]]:
        """Put the same things to other law, or to contracts of another firm."""
        work = self._work
        piles, sold = piles_of(work.things), piles_of(work.sold)
        made = Exposing(
            piles,
            contracts,
            judge,
            work.prices,
            work.exposure.as_of,
            work.sources.organisation,
            sold=sold,
            matters=work.matters,
        )
        made.run()
        return (
            replace(
                work.exposure, lines=tuple(made.lines), sums=sums_of(made.lines), totals=totals_of(made.lines)
            ),
            piles,
            sold,
        )

    def _fenced(self) -> Iterator[tuple[str, Posing, str]]:
        """Let one legal entity alone hold the contracts, and read rules as reaching that one and no other."""
        work = self._work
        held: dict[str, int] = {}
        spelt: dict[str, str] = {}
        for name in (
            *(one.legal_entity for one in work.contracts),
            *(thing.asset.legal_entity for thing in work.things),
        ):
            if name:
                spelt.setdefault(firm_key(name), name)
                held[firm_key(name)] = held.get(firm_key(name), 0)
        for one in work.contracts:
            if one.legal_entity:
                held[firm_key(one.legal_entity)] += 1
        if len({firm_key(thing.asset.legal_entity) for thing in work.things} - {""}) < 2:
            self.notes.append(
                "Ring-fencing a legal entity is not worked out: the rows of assets name no two legal entities."
            )
            return
        for key in sorted(held, key=lambda key: (-held[key], key))[:_FENCED]:
            own = [
                replace(one, legal_entity=spelt[key]) if firm_key(one.legal_entity) in ("", key) else one
                for one in work.contracts
            ]
            exposure, piles, sold = self._exposed(work.judge, own)
            posing = replace(self._posing, exposure=exposure, piles=piles, sold=sold, contracts=own, notes=[])
            yield (
                f"ring-fence {spelt[key]}", posing,
                "it alone holds the contracts that name no other firm; takes the reading (reading.entity) that a rule reaches "
                "the legal entity of the contract and none of its affiliates: if that is wrong, what is in doubt is lost",
            )  # fmt: skip

    def _proposed(self) -> Iterator[tuple[str, Posing, str]]:
        """Switch on each proposed rule of the places that the facts name."""
        work, law = self._work, self._work.decider.law
        places = {str(thing.facts[PLACE_FACT]) for thing in work.things if PLACE_FACT in thing.facts}
        on = work.exposure.as_of
        as_it_is = _once(work.decider.decide)
        idle, silent = [], []
        for name in sorted(law.regimes):
            regime = law.regimes[name]
            if regime.kind != _PROPOSAL or not regime.pending_on(on):
                continue
            if places and regime.jurisdiction not in {*places, "EU"}:
                continue
            if not law.rules.get(name):
                silent.append(name)
                continue
            judge = Judge(_with(work.decider, as_it_is, name, on), work.stated.regimes, law)
            exposure, piles, sold = self._exposed(judge, work.contracts)
            if exposure.totals == work.exposure.totals and exposure.lines == work.exposure.lines:
                idle.append(name)
                continue
            posing = replace(self._posing, exposure=exposure, piles=piles, sold=sold, notes=[])
            yield (
                f"the plan, if “{regime.title}” were law", posing,
                f"{name}: taken to hold from {on.isoformat()} as it is proposed",
            )  # fmt: skip
        if idle:
            self.notes.append(f"Proposed rules that would change nothing here: {titled(law, idle)}.")
        if silent:
            self.notes.append(f"Proposals without a rule that could be switched on: {titled(law, silent)}.")
        if places:
            self.notes.append(
                f"Proposed rules were asked of the places that the facts name: {', '.join(sorted(places))}, and of the EU."
            )


def _once(decide: Decide) -> Decide:
    """Put each different case to the law once; every proposal is asked of the same ones."""
    kept: dict[Hashable, CaseResult] = {}

    def decided(case: Case) -> CaseResult:
        key = (case.as_of, case.regimes, frozenset(case.facts.items()))
        found = kept.get(key)
        if found is None:
            found = kept[key] = decide(case)
        return found

    return decided


def _with(decider: Decider, as_it_is: Decide, name: str, on: date) -> Decide:
    """Give the law with one proposal that holds from a day on.

    Args:
        as_it_is: the law without it.
    """
    always = (Period(on, None),)
    rules = tuple(replace(rule, in_force=always) for rule in decider.law.rules[name])
    switched = replace(decider, law=replace(decider.law, rules={name: rules}))

    def decide(case: Case) -> CaseResult:
        said = as_it_is(case)
        more = switched.decide(replace(case, regimes=(name,))).determinations
        others = tuple(one for one in said.determinations if one.regime != name)
        return replace(said, determinations=(*others, *more))

    return decide
