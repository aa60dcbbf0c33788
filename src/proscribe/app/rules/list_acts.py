"""What is done with the things of each list: asked of the law by the kind of the list and by what people stated, and told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from proscribe.devices.same_thing import place_of
from proscribe.model.decisions import CaseResult, Determination, Obligation, Outcome
from proscribe.model.findings import Finding
from proscribe.model.observations import Table
from proscribe.model.results import ActOutcome, FindingDecision, Scan, StatedFact
from proscribe.rules.acts import ACT, BOTH, PASSES_ON, PROVIDE, USE, acts_of, side, sides_of_act
from proscribe.rules.answers import act_forbidden
from proscribe.rules.facts import asks, in_order, value_words
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.rules.facts_file import Statement
    from proscribe.devices.passed_on import MayGoOn

_LISTS_NAMED = 3
_SILENT = (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE)


def with_act(facts: Mapping[str, Any], act: str | None) -> Mapping[str, Any]:
    """Give facts with another act; without any where it is not known."""
    if facts.get(ACT) == act:
        return facts
    others = {name: value for name, value in facts.items() if name != ACT}
    return others if act is None else {**others, ACT: act}


@dataclass(slots=True)
class _Lists:
    """Lists of which the same was taken, with how many findings."""

    findings: int = 0
    names: dict[str, None] = field(default_factory=dict)

    def add(self, name: str) -> None:
        self.findings += 1
        self.names[name] = None

    @property
    def words(self) -> str:
        shown = list(self.names)[:_LISTS_NAMED]
        more = len(self.names) - len(shown)
        return "; ".join(shown) + (f" and {more} more" if more else "")


def list_of(finding: Finding, paths: Mapping[int, str]) -> str:
    """Give the scope of the list of a finding, as facts name it; of two files of one name the whole path says which is meant.

    Args:
        paths: of the inputs of its scan.
    """
    path, sheet = paths.get(finding.input, ""), finding.locator.sheet
    name = PurePath(path).name
    alone = sum(PurePath(one).name == name for one in paths.values()) == 1
    return f"list:{name if alone else path}" + (f", {sheet}" if sheet else "")


def is_corrected(table: Table | None, act: Any) -> bool:
    """Tell whether a list that only its form takes for one of what is sold is stated to be used.

    Who stated its kind to be that of what is sold is not corrected by another who states what is done: then both are asked.

    Args:
        act: what is stated to be done with the things of this very list; `None` where nothing is.
    """
    return table is not None and table.shows_sold and act in side(USE).says


def lists_corrected(scan: Scan) -> Iterator[tuple[StatedFact, str]]:
    """Give what was stated of lists in place of what their form shows, which it notes, each once, with a finding of each."""
    if scan.decided is None:
        return
    said = {one.applies_to: one for one in scan.decided.stated if one.fact == ACT}
    tables, paths = scan.tables, {one.index: one.path for one in scan.inputs}
    found: dict[str, tuple[StatedFact, str]] = {}
    for finding in scan.findings:
        scope, table = list_of(finding, paths), tables.get(place_of(finding)[:2])
        one = said.get(scope)
        if one is not None and table is not None and is_corrected(table, one.value):
            found.setdefault(scope, (replace(one, note=side(PROVIDE).lists), finding.id))
    yield from found.values()


def acts_taken(scan: Scan) -> Iterator[StatedFact]:
    """Give what was taken from lists to be done with their things, as somebody would state it of the list, each once.

    Of a list that counts for both, because its form shows what is sold and somebody says otherwise, what its form shows is given:
    that is what a person may have to correct.
    """
    if scan.decided is None:
        return
    company = next(
        (one.value for one in scan.decided.stated if (one.fact, one.applies_to) == (ACT, "company")), None
    )
    said = {one.applies_to for one in scan.decided.stated if one.fact == ACT}
    tables = scan.tables
    paths = {one.index: one.path for one in scan.inputs}
    found: dict[str, str] = {}
    for finding in scan.findings:
        decision, table = scan.decided.by_finding.get(finding.id), tables.get(place_of(finding)[:2])
        if decision is None or table is None:
            continue
        act, scope = dict(decision.facts).get(ACT), list_of(finding, paths)
        if table.shows_sold and any(one.act == side(PROVIDE).act for one in decision.acts):
            act = side(PROVIDE).act
        elif len(table.questions) != 1:
            continue
        if act and act != company and scope not in said:
            found.setdefault(scope, act)
    yield from (StatedFact(ACT, act, scope) for scope, act in found.items())


class ListActs:
    """The acts of the things of a scan, and what was taken from which list."""

    def __init__(self, tables: Iterable[Table]) -> None:
        alone = (table.questions for table in tables if table.tells)
        self._told = frozenset(name for found in alone if len(found) == 1 for name in found)
        self._taken: dict[tuple[str, str], _Lists] = {}
        self._open: dict[tuple[str, ...], _Lists] = {}
        self._against: dict[tuple[str, str], _Lists] = {}
        self._apart: dict[tuple[str, str], _Lists] = {}
        self._corrected: dict[tuple[str, str], _Lists] = {}
        self._passed: dict[str, tuple[MayGoOn, _Lists, dict[str, None]]] = {}

    def of(self, table: Table | None) -> tuple[frozenset[str], bool]:
        """Tell which questions the list of a finding answers, and whether it is known what it is a list of."""
        return (BOTH, False) if table is None else (table.questions, table.tells)

    def asked(
        self,
        answers: frozenset[str],
        facts: Mapping[str, Any],
        *,
        tells: bool,
        of_list: bool,
        corrected: bool = False,
    ) -> tuple[str | None, ...]:
        """Give the acts about which the law is asked; see `acts_of`."""
        stated = sides_of_act(facts.get(ACT))
        return acts_of(
            answers,
            facts,
            told=tells,
            of_list=of_list,
            mixed=bool(self._told - stated),
            explained=bool(self._told & stated),
            corrected=corrected,
        )

    def note(
        self,
        name: str,
        answers: frozenset[str],
        acts: tuple[str | None, ...],
        company: Any,
        said: Statement | None,
        *,
        corrected: bool = False,
    ) -> None:
        """Note what was taken for a finding.

        Args:
            name: of its list.
            acts: those that are asked about.
            company: the act that is stated of everything.
            said: what is stated of the list.
            corrected: whether that takes the place of what its form shows.
        """
        if corrected and said is not None:
            self._corrected.setdefault((str(said.value), said.at), _Lists()).add(name)
            return
        stated = said.value if said is not None else company
        alone = next(iter(answers)) if len(answers) == 1 else ""
        if len(acts) > 1:
            if said is not None and alone:
                self._against.setdefault((alone, said.at), _Lists()).add(name)
            elif stated is not None and alone:
                self._apart.setdefault((alone, str(stated)), _Lists()).add(name)
            elif stated is not None:
                self._open.setdefault(tuple(one or "" for one in acts), _Lists()).add(name)
            return
        (act,) = acts
        if act != stated and alone:
            self._taken.setdefault((alone, act or ""), _Lists()).add(name)

    def note_passed(self, name: str, shown: MayGoOn) -> None:
        """Note that a thing of a list of what is used counts as provided, too, since nobody said that it goes to nobody else.

        Args:
            name: of its list.
            shown: what shows that it may.
        """
        _, found, texts = self._passed.setdefault(shown.column or shown.text, (shown, _Lists(), {}))
        found.add(name)
        texts[shown.words] = None

    def notes(self) -> Iterator[str]:
        """Say from which lists an act was taken, and where both are asked."""
        for first, found, texts in self._passed.values():
            named = [f"“{one}”" for one in islice(filter(None, texts), _LISTS_NAMED)]
            more = f" and {len(texts) - len(named)} more" if named and len(texts) > len(named) else ""
            said = (
                f"says {', '.join(named)}{more}"
                if named
                else "lists what was bought, which may be for others"
            )
            count = "counts" if found.findings == 1 else "count"
            yield (
                f"{found.words} {said}: {counted(found.findings, 'finding')} there {count} as used, and it is open whether "
                f"they are provided, until somebody says it{' of this list' if first.by_record else ''}: “{asks(PASSES_ON)}”"
            )
        for (name, act), found in self._taken.items():
            one = side(name)
            lists = f"of {one.lists} ({found.words})"
            if act:
                yield (
                    f"“{asks(ACT)}” is answered with {value_words(act)} for {counted(found.findings, 'finding')}: taken from the "
                    f"list, which is one {lists}. Where that is not so, say what it is a list of, or what is done, of that list."
                )
            else:
                yield (
                    f"“{asks(ACT)}” is open for {counted(found.findings, 'finding')}: what was stated of everything "
                    f"is not said of a list {lists}; state it of that list."
                )
        for acts, found in self._open.items():
            words = " and ".join(value_words(one) for one in acts if one)
            yield (
                f"What {found.words} lists is not told, and other lists are of what is used and of what is offered: "
                f"{counted(found.findings, 'finding')} there count for both, {words}. Say of that list what it is of, "
                "or what is done."
            )
        for (name, act), found in self._apart.items():
            yield (
                f"{found.words} is taken for a list of {side(name).lists}, and {value_words(act)} is stated of everything: "
                f"both are asked of {counted(found.findings, 'finding')}. Say of that list what is done, or what it is a list of."
            )
        for (act, at), found in self._corrected.items():
            yield (
                f"{found.words} was read as a list of {side(PROVIDE).lists}, by its form alone; {at} corrects that to "
                f"“{value_words(act)}”, which counts for {counted(found.findings, 'finding')}. Whoever approves a "
                "statement that they are not provided has to answer for it."
            )
        for (name, at), found in self._against.items():
            yield (
                f"{found.words} is a list of {side(name).lists}, and {at} says something else of it: both are asked, "
                "since its own form says so. Have it read again and say what it is a list of, or take back what is stated."
            )


def joined(
    made: Sequence[tuple[str, CaseResult]],
    facts: tuple[tuple[str, str], ...],
    withheld: tuple[str, ...],
    *,
    doubtful: bool = False,
    hangs_on: str = ACT,
) -> FindingDecision:
    """Make one decision of what the law says about each act; of each regime the stricter determination stands.

    Args:
        made: act, empty where it is not known, and answer; the act of `facts` first.
        doubtful: whether it is open that more than the first is done at all: what the others come to is then undetermined.
        hangs_on: the fact on which that hangs.
    """
    first = made[0][1]
    if len(made) == 1 and doubtful and hangs_on not in (ACT, PASSES_ON):
        open_ = tuple(
            of_act(one, made[0][0], doubtful=True, hangs_on=hangs_on, alone=True)
            for one in first.determinations
        )
        outcome = min((one.outcome for one in open_), key=lambda one: one.rank, default=first.outcome)
        return FindingDecision(outcome, stricter(open_), facts, withheld)
    if len(made) == 1:
        return FindingDecision(first.outcome, first.determinations, facts, withheld)
    open_anyway = {one.regime for one in first.determinations if one.outcome is Outcome.UNDETERMINED}
    every: list[Determination] = []
    outcomes = []
    for place, (act, result) in enumerate(made):
        told = [
            of_act(
                one,
                act,
                doubtful=doubtful and place > 0,
                hangs_on=hangs_on,
                alone=one.regime not in open_anyway,
            )
            for one in result.determinations
        ]
        every += told
        outcomes.append(
            ActOutcome(
                act, min((one.outcome for one in told), key=lambda one: one.rank, default=result.outcome)
            )
        )
    outcome = min((one.outcome for one in outcomes), key=lambda one: one.rank)
    return FindingDecision(outcome, stricter(every), facts, withheld, tuple(outcomes))


def stricter(every: Iterable[Determination]) -> tuple[Determination, ...]:
    """Give for each regime the stricter of its determinations, the most severe first."""
    by_regime: dict[str, list[Determination]] = {}
    for one in every:
        by_regime.setdefault(one.regime, []).append(one)
    whole = (_stricter(found) for found in by_regime.values())
    return tuple(sorted(whole, key=lambda one: (one.outcome.rank, one.regime)))


def of_act(
    one: Determination, act: str, *, doubtful: bool = False, hangs_on: str = ACT, alone: bool = False
) -> Determination:
    """Let a determination say by itself what it forbids: beside those of another act the facts do not tell.

    Args:
        doubtful: whether it is open that this is done at all.
        hangs_on: the fact on which that hangs.
        alone: whether the rule is open about this act alone, so that the fact may settle it.
    """
    if one.outcome in _SILENT:
        return one
    said = one if one.forbids else replace(one, forbids=act_forbidden(act))
    if not doubtful:
        return said
    if said.outcome is Outcome.UNDETERMINED:
        if hangs_on == ACT or not alone:
            return said
        return replace(said, missing=tuple(in_order([*said.missing, hangs_on])))
    may = tuple(replace(duty, missing=(hangs_on,)) for duty in said.obligations)
    return replace(
        said, outcome=Outcome.UNDETERMINED, missing=tuple(in_order([*said.missing, hangs_on])), until=None, waivers=(),
        exceptions=(), open_exceptions=(), presumed=(), obligations=(), possible_obligations=(*may, *said.possible_obligations),
    )  # fmt: skip


def _stricter(found: Sequence[Determination]) -> Determination:
    """Take the stricter of what a regime says, with the duties of all that say something."""
    first = min(found, key=lambda one: one.outcome.rank)
    others = [one for one in found if one is not first and one.outcome not in _SILENT]
    due = _once(first.obligations, (duty for one in others for duty in one.obligations))
    held = {one.id for one in due}
    may = _once(first.possible_obligations, (duty for one in others for duty in one.possible_obligations))
    # what is open here and there is open: an answer of one alone settles nothing
    open_ = [one for one in others if one.outcome is first.outcome is Outcome.UNDETERMINED]
    missing = (
        tuple(in_order({name for one in (first, *open_) for name in one.missing})) if open_ else first.missing
    )
    return replace(
        first, missing=missing, obligations=due,
        possible_obligations=tuple(one for one in may if one.id not in held),
    )  # fmt: skip


def _once(own: Sequence[Obligation], more: Iterable[Obligation]) -> tuple[Obligation, ...]:
    return tuple({one.id: one for one in (*more, *own)}.values())
