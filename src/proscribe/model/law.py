"""The law as data: expressions, rules, exceptions, waivers, clauses, obligations, regimes. Nothing here evaluates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from proscribe.model.agencies import Agencies
from proscribe.model.decisions import Outcome, Signing
from proscribe.model.periods import Period

#: A typed fact value: text, boolean, integer, a day, an instant, a year (as a `Period`), or several texts.
FactValue = object


# Expressions. Each has a three-valued meaning; `proscribe.rules.expressions` parses them, `rules.evaluation` evaluates them.


@dataclass(frozen=True, slots=True)
class AllOf:
    """TRUE when every item is; FALSE when one is."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """TRUE when one item is; FALSE when every one is."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class NotOf:
    """Kleene negation."""

    item: Expression


@dataclass(frozen=True, slots=True)
class UnlessShown:
    """TRUE while `item` is not shown; unknown only where nothing but a reading of `item` is open."""

    item: Expression


@dataclass(frozen=True, slots=True)
class Shown:
    """TRUE only where `item` is; a fact that nobody stated adds nothing and is not asked.

    For what the knowledge itself answers, such as whether an authority has named a maker, and what a statement may add.
    """

    item: Expression


@dataclass(frozen=True, slots=True)
class FactTest:
    """One test of one fact.

    Attributes:
        fact: name of the fact.
        op: `is`, `in`, `has_any`, `has_only`, `at_least`, `at_most`, `before`, `after`, `on_or_before`, `on_or_after`, `given`.
        value: what it is compared with: a typed value, a tuple of texts, `as_of`, or the name of a date fact.
    """

    fact: str
    op: str
    value: FactValue


@dataclass(frozen=True, slots=True)
class AsOfIn:
    """TRUE when the case's day lies in the period."""

    period: Period


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """TRUE when the day of `second` is at least `at_least` days after that of `first`."""

    first: str
    second: str
    at_least: int


@dataclass(frozen=True, slots=True)
class DefinitionRef:
    """A definition, by id."""

    id: str


@dataclass(frozen=True, slots=True)
class AffiliateOf:
    """The entity is one of the firms, their subsidiary or their affiliate.

    Attributes:
        who: a fact of type entity or list of entities.
        firms: entity ids.
        excluding: entity ids, themselves never counted here.
        over_percent: a law that counts as an affiliate whoever holds more than this share says so here; 0 = the tie
            itself must be known.
    """

    who: str
    firms: frozenset[str]
    excluding: frozenset[str] = frozenset()
    over_percent: int = 0


@dataclass(frozen=True, slots=True)
class IsEntity:
    """The entity is one of these, without affiliates."""

    who: str
    firms: frozenset[str]


@dataclass(frozen=True, slots=True)
class ListedOn:
    """A list names the entity, or a firm to which it belongs, on the case's day."""

    who: str
    list: str


@dataclass(frozen=True, slots=True)
class BasedIn:
    """The entity's jurisdiction is one of these."""

    who: str
    territories: frozenset[str]


@dataclass(frozen=True, slots=True)
class ClauseListed:
    """The contract lists the clause, in one of the editions when any are given, with the alternate when one is given."""

    clause: str
    editions: tuple[str, ...] = ()
    alternate: str = ""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An open reading: always unknown.

    Attributes:
        asks: the question as it arises in this rule; empty = the reading's own.
    """

    reading: str
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Presumed:
    """A test that is taken to hold while its fact is unknown and `when` holds; the stated fact always decides."""

    test: FactTest
    when: Expression


Expression = (
    AllOf
    | AnyOf
    | NotOf
    | UnlessShown
    | Shown
    | FactTest
    | AsOfIn
    | DaysBetween
    | DefinitionRef
    | AffiliateOf
    | IsEntity
    | ListedOn
    | BasedIn
    | ClauseListed
    | Unsettled
    | Presumed
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record comes from.

    Attributes:
        source: id of a source.
        locator: where in the source.
        basis: `stated`, `derived`, `inferred` or `reported`.
        confidence: `high`, `medium` or `low`.
        file: knowledge file that holds the record.
    """

    source: str = ""
    locator: str = ""
    basis: str = "stated"
    confidence: str = "high"
    file: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression with its citation."""

    id: str
    title: str
    citation: str
    also: tuple[str, ...]
    excerpt: str
    when: Expression
    provenance: Provenance
    words: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of the law that a record points at.

    Attributes:
        reference: such as `texts/us/far-52.204-25--NOV-2021#d-2-i`.
        citation: of the paragraph.
        edition: as the issuing body names it.
        period: days of the edition; without a first day they are not known.
        reading: how the words were read, such as `verbatim-from-official`.
        retrieved_on: ISO date.
        sha256: of the whole text they stand in.
        text: the words, each paragraph after `> `, under a line that says where they stand.
    """

    reference: str
    citation: str
    edition: str
    period: Period
    reading: str
    retrieved_on: str
    sha256: str
    text: str


def quoted_on(
    words: tuple[Quotation, ...],
    excerpt: str,
    day: date,
    edition: str = "",
    applies: Callable[[Quotation, tuple[Quotation, ...]], bool | None] | None = None,
) -> str:
    """Give the words of the editions in force on a day; where none is, the first; without words the excerpt.

    Args:
        edition: of the clause that governs; where words of it are there, they alone are given.
        applies: says of one of the words whether the contract has it; `None` = the day decides.
    """
    if not words:
        return excerpt
    named = [one for one in words if edition and one.edition.startswith(edition)]
    told = {one.reference: applies(one, words) for one in words} if applies is not None else {}
    of_the_day = [
        one
        for one in words
        if (one.period.holds_on(day) if told.get(one.reference) is None else told[one.reference])
    ]
    held = named or of_the_day or [words[0]]
    return "\n\n".join(one.text for one in held)


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A condition under which the law is open.

    Attributes:
        reading: name of the reading.
        when: the condition.
        why: one sentence.
    """

    reading: str
    when: Expression
    why: str


@dataclass(frozen=True, slots=True)
class Exception_:
    """A carve-out that overrides a rule when shown.

    Attributes:
        effect: the outcome it gives.
        until: last lawful day, with the effect `permitted_until`.
        in_force: periods; `None` = always.
    """

    id: str
    title: str
    citation: str
    also: tuple[str, ...]
    excerpt: str
    effect: Outcome
    until: date | None
    in_force: tuple[Period, ...] | None
    when: Expression
    unsettled: tuple[OpenPoint, ...]
    provenance: Provenance
    words: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a waiver needs.

    Attributes:
        unshown: outcome while the facts are absent: `prohibited` (the waiver has to be shown) or `undetermined`.
    """

    title: str
    citation: str
    needs: Expression
    unshown: Outcome


@dataclass(frozen=True, slots=True)
class Reading:
    """A settled point of construction."""

    question: str
    answer: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What to say of a case that a rule does not reach, where the bare fact would mislead.

    Attributes:
        when: the condition; it must be shown.
        why: the end of a sentence that begins with "because".
    """

    when: Expression
    why: str


@dataclass(frozen=True, slots=True)
class Caution:
    """What an answer of a rule says beside its outcome: a doubt, or what the outcome rests on.

    Attributes:
        says: whole sentences.
        when: it is said unless this is shown to fail; `None` = always.
        outcomes: it is said with these alone; empty = with all but those by which the rule does not reach the facts.
    """

    says: str
    when: Expression | None = None
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a regime in one version.

    Attributes:
        outcome: what it says when its condition holds.
        until: last lawful day; after it the outcome is `prohibited`.
        until_fact: the date fact that says that day, where an order sets it; the condition asks the fact.
        in_force: periods; empty = never yet.
        unless: ids of exceptions.
        requirements: only with the outcome `waived`.
        outside: what to say of cases outside it.
        cautions: what its answer says besides.
        silent_without: facts; while one of them is not known it says nothing, since no rule bars the act whatever it is.
    """

    id: str
    regime: str
    title: str
    citation: str
    also: tuple[str, ...]
    excerpt: str
    because: str
    in_force: tuple[Period, ...]
    outcome: Outcome
    until: date | None
    when: Expression
    unless: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    readings: tuple[Reading, ...]
    provenance: Provenance
    until_fact: str = ""
    words: tuple[Quotation, ...] = ()
    outside: tuple[Outside, ...] = ()
    cautions: tuple[Caution, ...] = ()
    silent_without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaiverSpec:
    """A waiver that lifts prohibitions of some regimes."""

    id: str
    title: str
    lifts: tuple[str, ...]
    citation: str
    also: tuple[str, ...]
    in_force: tuple[Period, ...] | None
    when: Expression
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a clause, used in solicitations of a period.

    Attributes:
        reaches: whether it also goes into what was solicited before its first day and is awarded, ordered or extended after it.
    """

    name: str
    period: Period
    reaches: bool = False


@dataclass(frozen=True, slots=True)
class Replacement:
    """When agencies replace a family of clauses by another.

    Attributes:
        family: the new family.
        agencies: id of an agency to the first day.
        others_from: first day on which it is not known which text other agencies use.
    """

    family: str
    agencies: Mapping[str, date]
    others_from: date | None


@dataclass(frozen=True, slots=True)
class Clause:
    """A contract clause or provision in its editions.

    Attributes:
        default: whether it is in contracts that do not say which clauses they hold.
    """

    id: str
    number: str
    family: str
    citation: str
    editions: tuple[Edition, ...]
    replaced_by: Replacement | None
    default: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Element:
    """A data element or an addressee, perhaps only under a condition."""

    text: str
    if_known: bool = False
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class DeadlineSpec:
    """A clock.

    Attributes:
        count: how many units; `None` when the text sets no clock.
        unit: `hour`, `day`, `business_day`, `month`, or empty.
        start: name of the event fact that starts it, or words such as `with the offer`.
        recurring: whether it comes back.
        yearly: month and day by which it comes back each year; empty for a clock that an event starts.
    """

    count: int | None
    unit: str
    start: str
    recurring: bool = False
    yearly: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ObligationSpec:
    """A duty that comes with some regimes' determinations.

    Attributes:
        not_required: where this holds, the clause is not required: the duty stands only where the contract lists the clause.
        reading: an open point of the duty itself, such as when its clock starts; named in the determination's `missing`.
    """

    id: str
    title: str
    regimes: tuple[str, ...]
    kind: str
    clause: str
    editions: tuple[str, ...]
    citation: str
    also: tuple[str, ...]
    excerpt: str
    in_force: tuple[Period, ...] | None
    on_outcome: tuple[Outcome, ...]
    when: Expression | None
    unless: Expression | None
    deadline: DeadlineSpec
    to: tuple[Element, ...]
    contents: tuple[Element, ...]
    reading: str
    provenance: Provenance
    not_required: Expression | None = None
    words: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class StancePeriod:
    """A regime's stance in a period."""

    stance: str
    period: Period
    citation: str


@dataclass(frozen=True, slots=True)
class Regime:
    """An instrument: what it is and since when.

    Attributes:
        kind: `prohibition`, `advice`, `approval`, `waiver`, `clause`, `list`, `proposal`, `pointer`, `definitions`.
        dates: `introduced`, `proposed`, `announced`, `adopted`, `enacted`, `signed`, `published` to the day.
        ended: for a proposal, the first day on which it is no longer pending.
        asked: whether a case may name it.
        asked_when: when it binds without being named; `None` = the party's jurisdiction.
        verified_on: ISO day on which it was last compared with its sources; empty when nobody did.
        watch: what would change it: a notice, a decision, a list.
        review_days: days from one comparison to the next.
        signing: what is signed about what it forbids; `None` where nothing is.
        signed_when: of which party.
        forbids: what may not be done, as half a sentence, by act; under the empty name whatever the act.
        buyers: agency whose contracts and awards it is about; empty = it is not about those of one buyer.
        names_also: firms that its list names and the knowledge holds no names of, as the list writes them.
    """

    id: str
    title: str
    jurisdiction: str
    kind: str
    instrument: str
    citations: tuple[str, ...]
    authority: str
    binding: str
    summary: str
    asked: bool
    dates: Mapping[str, date]
    in_force: tuple[Period, ...]
    ended: date | None
    stances: tuple[StancePeriod, ...]
    asked_when: Expression | None
    verified_on: str
    notes: str
    provenance: Provenance
    watch: tuple[str, ...] = ()
    review_days: int = 180
    signing: Signing | None = None
    signed_when: Expression | None = None
    forbids: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    buyers: str = ""
    names_also: tuple[str, ...] = ()

    def forbidden(self, act: str) -> str:
        """Say what it forbids of an act; empty where the act itself says it."""
        return self.forbids.get(act, self.forbids.get("", ""))

    def review_due_on(self) -> date | None:
        """Give the day on which it is to be compared with its sources again; `None` when nobody ever did."""
        if not self.verified_on:
            return None
        return date.fromisoformat(self.verified_on) + timedelta(days=self.review_days)

    def in_force_on(self, day: date) -> bool:
        """Tell whether the instrument is in force on a day."""
        return any(period.holds_on(day) for period in self.in_force)

    def pending_on(self, day: date) -> bool:
        """Tell whether it is proposed, announced or enacted by a day and has never been in force."""
        if not self.dates or min(self.dates.values()) > day:
            return False
        if self.ended is not None and self.ended <= day:
            return False
        return not any(period.start is None or period.start <= day for period in self.in_force)


@dataclass(frozen=True, slots=True)
class DatedCitation:
    """When a provision can be cited.

    Attributes:
        in_force: days on which it says what it is cited for.
        clause: number of the clause that must be possible for the contract; empty = any contract.
        editions: editions of that clause; empty = any.
        when: it is no ground where this is shown to fail; `None` = always one.
        published_on: first day on which it could be named; `None` = taken from the records that cite it.
    """

    in_force: tuple[Period, ...]
    clause: str = ""
    editions: tuple[str, ...] = ()
    when: Expression | None = None
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Denial:
    """Two facts that do not hold together, of which the first would let a thing go.

    Attributes:
        fact: the one that is taken as not known.
        values: its values that are denied; of a list, whole lists.
        by: the fact that denies it.
        by_values: the values that do; of a list, a list that has one of them. Empty: any value but an empty list.
        why: why they do not hold together, as the second half of a sentence.
    """

    fact: str
    values: tuple[Any, ...]
    by: str
    by_values: tuple[Any, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Law:
    """Everything that was loaded, by id. Immutable; build it with `proscribe.rules.regimes.load`.

    Attributes:
        citable: each citation of a record, as written, to the most special of them that holds it.
        known_from: each citation of a record to the first day on which it could be named: published, or in force.
        agencies: which agency a name means.
        denials: statements that do not hold together.
    """

    regimes: Mapping[str, Regime]
    rules: Mapping[str, tuple[Rule, ...]]
    definitions: Mapping[str, Definition]
    exceptions: Mapping[str, Exception_]
    waivers: Mapping[str, tuple[WaiverSpec, ...]]
    clauses: Mapping[str, Clause]
    obligations: Mapping[str, tuple[ObligationSpec, ...]]
    digest: str = ""
    cases: Mapping[str, object] = field(default_factory=dict)
    citable: Mapping[str, DatedCitation] = field(default_factory=dict)
    known_from: Mapping[str, date] = field(default_factory=dict)
    agencies: Agencies = field(default_factory=Agencies)
    denials: tuple[Denial, ...] = ()

    def askable(self) -> tuple[str, ...]:
        """Give the ids of the regimes that a case may name, sorted."""
        return tuple(sorted(name for name, regime in self.regimes.items() if regime.asked))
