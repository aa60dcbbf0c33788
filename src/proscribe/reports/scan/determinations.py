"""What the law says about the findings of a scan: one answer for all, one for each group of findings, one for each finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from proscribe.devices.described import as_read, model_of
from proscribe.devices.passed_on import MayGoOn, compared, may_go_on, names_of_list
from proscribe.devices.same_thing import BY_ADDRESS, ListedThings, place_of
from proscribe.devices.things import Shared, carried, marks_of, things
from proscribe.model.answers import MOST_QUESTIONS, Answer, Asked
from proscribe.model.decisions import Outcome
from proscribe.model.findings import JUDGEMENT, NAME_MATCHERS, Band, Finding, Role
from proscribe.model.observations import UNCERTAIN, Table
from proscribe.model.results import FindingDecision, Scan
from proscribe.reports.scan import labels
from proscribe.rules.acts import ACT, BOTH, PASSES_ON
from proscribe.rules.answer_words import GONE, asked_words, head_of, said_words
from proscribe.rules.answers import NOT_ADVICE, Told, answer_of, asked_of
from proscribe.rules.facts import FACTS, READINGS, SOURCE_MISSING, in_order
from proscribe.rules.facts import asks as asks
from proscribe.rules.facts import scope_words as scope_words
from proscribe.rules.facts import value_words as value_words
from proscribe.rules.out_of_reach import title_of
from proscribe.wording.shown import counted, hanging, visible, wrap

TITLE = "What the law says"

HOW_TO_ASK = (
    "To have them answered: proscribe questions scan.json -o xlsx=questions.xlsx; then scan again with "
    "--answers questions.xlsx."
)
_REGIMES_SHOWN = 6
_RULES_SHOWN = 3
_PLACES_SHOWN = 3
_FIRMS_SHOWN = 5
#: The kind of a list of the firms with which one deals.
VENDORS = "vendors"
_VENDORS = (VENDORS,)
#: The decision of things by its identity, their site, and the questions that their lists answer.
_Counted = tuple[int, str, frozenset[str]]


def ask_words(fact: str) -> str:
    """Ask for a fact in plain words: the question, how to find the answer, who can say."""
    if fact in READINGS:
        if fact in SOURCE_MISSING:
            return f"{READINGS[fact]} A source is missing on this point: a text that names the owner and the day ({fact})."
        return f"{READINGS[fact]} The law is open on this point; counsel decides ({fact})."
    spec = FACTS.get(fact)
    if spec is None:
        return fact
    return " ".join(part for part in (spec.question, spec.help, f"({fact}; {spec.who} can say)") if part)


def open_facts(decision: FindingDecision) -> list[str]:
    """List the facts and readings that would settle what is undetermined, in the order a person can answer."""
    missing = [
        name
        for item in decision.determinations
        if item.outcome is Outcome.UNDETERMINED
        for name in item.missing
    ]
    return in_order(missing)


def outcome_cell(scan: Scan, findings: Sequence[Finding]) -> str:
    """Say the outcomes of the findings of one record for a cell: `prohibited (us-889-b)`."""
    decided = scan.decided
    if decided is None:
        return ""
    decisions = [decided.by_finding[one.id] for one in findings if one.id in decided.by_finding]
    decisions.sort(key=lambda item: item.outcome.rank)
    texts = []
    for decision in decisions:
        names = [item.regime for item in decision.deciding()]
        regimes = ", ".join(names[:_REGIMES_SHOWN])
        if len(names) > _REGIMES_SHOWN:
            regimes += f" and {len(names) - _REGIMES_SHOWN} more"
        text = decision.outcome.value + (f" ({regimes})" if regimes else "")
        asked = open_facts(decision)
        if decision.outcome is Outcome.UNDETERMINED and asked:
            text += ": needs " + ", ".join(asked[:6])
        texts.append(text)
    return "; ".join(dict.fromkeys(texts))


def outcome_in_words(scan: Scan, findings: Sequence[Finding]) -> str:
    """Say the outcomes of the findings of one record for a cell that people read, with its rules and what is to be said first."""
    decided = scan.decided
    if decided is None:
        return ""
    decisions = [decided.by_finding[one.id] for one in findings if one.id in decided.by_finding]
    texts = []
    for decision in sorted(decisions, key=lambda one: one.outcome.rank):
        rules = list(dict.fromkeys(map(title_of, decision.deciding())))
        more = f" and {len(rules) - _RULES_SHOWN} more" if len(rules) > _RULES_SHOWN else ""
        open_ = decision.outcome is Outcome.UNDETERMINED
        asked = [asks(name) for name in open_facts(decision)] if open_ else []
        texts.append(
            head_of(decision.outcome)
            + (f" ({'; '.join(rules[:_RULES_SHOWN])}{more})" if rules else "")
            + (f". To be said first: {' '.join(asked[:_RULES_SHOWN])}" if asked else "")
        )
    return "; ".join(dict.fromkeys(texts))


_OF_A_THING = ("item", "use", "site", "network", "funds")


def vendor_tables(scan: Scan) -> frozenset[tuple[int, str | None]]:
    """Give input and sheet of the tables that list vendors: they say with whom one deals, not what one has."""
    return frozenset(
        place
        for place, table in scan.tables.items()
        if table.kind in _VENDORS and table.kind_seen in ("", UNCERTAIN, *_VENDORS)
    )


def only_a_name(finding: Finding, table: Table) -> bool:
    """Tell a finding that rests on the name of a firm alone, where a list that shows no things names firms."""
    # that somebody judged it stands beside the signs in reports, and is none: it says nothing of what a list shows
    signs = [one for one in finding.evidence if (one.matcher, one.field) != JUDGEMENT]
    if not signs or any(one.matcher not in NAME_MATCHERS for one in signs):
        return False
    if table.kind == "supplier_statement":
        return not finding.category and all(one.matcher != "relabel" for one in signs)
    return all(table.fields.get(one.field) == "vendor_name" for one in signs)


def vendor_lines(scan: Scan) -> frozenset[str]:
    """Give the ids of the findings that are names of firms in lists of vendors, and no things."""
    vendors = vendor_tables(scan)
    if not vendors:
        return frozenset()
    lines = (one for one in scan.findings if (one.input, one.locator.sheet) in vendors)
    return frozenset(one.id for one in lines if only_a_name(one, scan.tables[one.input, one.locator.sheet]))


def asked_of_vendors(name: str) -> bool:
    """Tell whether a fact can be asked about a line of a list of vendors: of a thing only what was bought, and who made it."""
    spec = FACTS.get(name)
    return spec is None or name.partition(".")[0] not in _OF_A_THING or bool(spec.asked_in(_VENDORS))


@dataclass(frozen=True, slots=True)
class Group:
    """Findings about which the rules say the same.

    Attributes:
        answer: what they say.
    """

    decision: FindingDecision
    findings: tuple[Finding, ...]
    answer: Answer


@dataclass(slots=True)
class _Piece:
    """A finding as things are told apart by it."""

    finding: Finding
    marks: frozenset[Hashable]
    table: Table | None
    decision: int

    @property
    def model(self) -> str:
        raw, evidence = as_read(self.finding)
        if self.table is None:
            return model_of(raw, evidence, {}, frozenset())
        fields, by = self.table.fields, self.table.recognised_by
        return model_of(
            raw,
            evidence,
            fields,
            frozenset(name for name, told in fields.items() if told == "serial_number"),
            frozenset(name for name in fields if by.get(name) != "header"),
        )


def _shared(one: Finding) -> Shared:
    place = one.locator
    addresses = [item.found for item in one.evidence if item.matcher == BY_ADDRESS]
    return Shared(
        one.id,
        (one.input, place.sheet, place.row, place.pointer),
        carried(addresses, one.entity, one.details.serial_number or ""),
    )


class Saying:
    """What the law says about a scan that was put to it.

    Args:
        scan: a scan with `decided`.
    """

    def __init__(self, scan: Scan) -> None:
        assert scan.decided is not None
        self.scan = scan
        self._decided = scan.decided
        self._day = date.fromisoformat(scan.decided.as_of)
        self._answers: dict[tuple[int, bool, bool], Answer] = {}
        self._vendors = vendor_tables(scan)
        self._tables = scan.tables
        self._paths = {one.index: one.path for one in scan.inputs}

    @cached_property
    def answer(self) -> Answer:
        """Give one answer about everything found."""
        decisions, counts = self._things()
        sited = any(site for _, site, _ in counts)
        told = [
            _told(decisions[key], number, (site or "no site in the record") if sited else "", answers)
            for (key, site, answers), number in counts.items()
        ]
        asked, more = self._decided.asked, self._decided.more_asked
        if not asked:
            vendors = {id(self._decided.by_finding[one.id]) for one in self._leads()}
            asked, more = _by_fact(decisions, counts, vendors)
        made = answer_of(
            TITLE,
            self._day,
            told,
            questions=asked,
            more=more,
            notes=[*self._of_vendors(), *self._only(), *self._decided.notes],
            gone=list(self._gone(self.scan.findings)),
            findings=len(self._decided.by_finding),
            left=len(self._left(self.scan.findings)),
            leads=len({self._found[1][one.id][0] for one in self._leads()}),
        )
        why = self._confirmed_and_open()
        return replace(
            made,
            stated_alone=self._decided.stated_alone,
            said=tuple(
                replace(one, because=why) if one.outcome is Outcome.UNDETERMINED else one for one in made.said
            ),
        )

    def _confirmed_and_open(self) -> str:
        """Say why findings that are confirmed are not called prohibited, and what is to be known first; empty where none is."""
        waiting: Counter[str] = Counter()
        number = 0
        for finding in self.scan.findings:
            decision = self._decided.by_finding.get(finding.id)
            if finding.band is Band.CONFIRMED and decision and decision.outcome is Outcome.UNDETERMINED:
                number += 1
                waiting.update(name for name in open_facts(decision) if name in FACTS)
        if not number:
            return ""
        # what is asked first of what they wait for; where nothing is asked, what most of them wait for
        listed = (one.fact for one in self._decided.asked if one.fact in waiting)
        first = next(listed, max(in_order(waiting), key=waiting.__getitem__, default=""))
        asked = (
            f"; first to be known: {FACTS[first].question}" if first else "; the law, or a source, is open"
        )
        are, them = ("is", "it") if number == 1 else ("are", "them")
        return (
            f"{counted(number, 'confirmed finding')} {are} among them: it is sure who made {them}, and that alone "
            f"prohibits nothing{asked}"
        )

    def _gone(self, findings: Sequence[Finding]) -> Iterator[str]:
        """Say of things whose record says that they left that this is not shown, and what would show it."""
        said = self._left(findings)
        if said:
            places = ", ".join(labels.place(self.scan, one) for one in said[:_PLACES_SHOWN])
            more = f" and {len(said) - _PLACES_SHOWN:,} more" if len(said) > _PLACES_SHOWN else ""
            who_left, here, where = (
                ("it", "it is", "") if len(said) == 1 else ("each", "they are", f" ({places}{more})")
            )
            yield (
                f"{counted(len(said), 'thing')}. The record says that {who_left} was sold, "
                f"returned, removed or thrown away{where}; until that is shown, {here} treated as still there. What settles it: "
                "the day on which it left and a paper that proves it, such as a bill of sale, a receipt for the return or a "
                f"certificate of disposal. Then answer {FACTS['use.state'].question!r} with disposed."
            )

    def _left(self, findings: Sequence[Finding]) -> list[Finding]:
        """Give the things whose record says that they left, the first finding of each."""
        found = self._found[1]
        things: dict[Hashable, Finding] = {}
        for one in findings:
            if one.role is Role.FORMERLY and self._holds(one):
                things.setdefault(found[one.id][0], one)
        return list(things.values())

    def _holds(self, finding: Finding) -> bool:
        decision = self._decided.by_finding.get(finding.id)
        return decision is not None and decision.outcome not in (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE)

    def counted(self) -> str:
        """Say how many things the findings are, as the answer counts them; empty where each is one."""
        findings, number = len(self._decided.by_finding), self._things()[1].total()
        if findings == number:
            return ""
        return (
            f"The law counts things: {findings:,} findings are {counted(number, 'thing')}, since findings of one record, "
            "or of one network address or serial number, are one thing where the law says the same of them."
        )

    def _leads(self) -> list[Finding]:
        """Give the findings in lists of vendors of which something is open."""
        return [
            one
            for one in (self.scan.findings if self._vendors else ())
            if place_of(one)[:2] in self._vendors
            and (decision := self._decided.by_finding.get(one.id)) is not None
            and decision.outcome is Outcome.UNDETERMINED
        ]

    def _of_vendors(self) -> Iterator[str]:
        """Say what a list of vendors cannot tell, where something is open about its lines."""
        open_lines = len(self._leads())
        if open_lines:
            yield (
                f"{counted(open_lines, 'line')} of a list of vendors: it says with whom you deal, not what you have. "
                "What was bought of them stands in purchases and inventories; scan those."
            )

    def _things(self) -> tuple[dict[int, FindingDecision], Counter[_Counted]]:
        """Count the things that were decided by what is said of them, where they are, and which questions their lists answer.

        Findings about which the law says the same, of the same maker, are one thing where they are of one record, such as a
        label that two firms supply, or of records with one network address or serial number; see `proscribe.devices.things`.

        Returns:
            Decisions by their identity; numbers by decision, site and questions.
        """
        decisions, found = self._found
        answers: dict[Hashable, frozenset[str]] = {}
        for finding in self.scan.findings:
            if finding.id in found:
                thing = found[finding.id][0]
                answers[thing] = answers.get(thing, frozenset()) | self._answers_of(finding)
        held = {thing: (key, site, answers[thing]) for thing, key, site in found.values()}
        return decisions, Counter(held.values())

    def _answers_of(self, finding: Finding) -> frozenset[str]:
        """Tell which questions a finding stands against by its list; in one that shows no things one that does, against both."""
        table = self._tables.get(place_of(finding)[:2])
        if table is None:
            return BOTH
        told = table.questions or (frozenset() if only_a_name(finding, table) else BOTH)
        # what may go to others stands against both, until somebody says that it does not
        goes_on = self._may_go_on(finding, table)
        return told if goes_on is None else goes_on.answers

    def _may_go_on(self, finding: Finding, table: Table) -> MayGoOn | None:
        path, sheet = self._paths.get(finding.input, ""), finding.locator.sheet
        act = next((self._done[name] for name in names_of_list(path, sheet) if name in self._done), None)
        goes_on = may_go_on(
            table.questions, (table.kind, table.kind_seen), path, sheet, finding.record, act=act
        )
        decision = self._decided.by_finding.get(finding.id)
        if goes_on is None or decision is None:
            return goes_on
        return goes_on.stated({"true": True, "false": False}.get(dict(decision.facts).get(PASSES_ON, "")))

    @cached_property
    def _done(self) -> dict[str, str]:
        """Give what people stated to be done with the things of lists, by the name of the list as it is compared."""
        return {
            compared(one.applies_to.removeprefix("list:")): one.value
            for one in self._decided.stated
            if one.fact == ACT and one.applies_to.startswith("list:")
        }

    def things_of(self, findings: Iterable[str]) -> int:
        """Count the things that findings are about, by their ids; those that were not put to the law are none."""
        found = self._found[1]
        return len({found[one][0] for one in findings if one in found})

    @cached_property
    def _found(self) -> tuple[dict[int, FindingDecision], dict[str, tuple[Hashable, int, str]]]:
        """Give the decisions by their identity, and by finding its thing, with the decision and the site of that."""
        decisions: dict[int, FindingDecision] = {}
        told: dict[int, Told] = {}
        saying: dict[int, Hashable] = {}
        held = [one for one in self.scan.findings if one.id in self._decided.by_finding]
        fields = self._tables
        told_by = {place: table.fields for place, table in fields.items()}
        marks = marks_of([list(map(_shared, held))], [ListedThings(held, told_by).counted()])[0]
        alike: dict[Hashable, list[_Piece]] = {}
        for finding, own in zip(held, marks, strict=True):
            decision = self._decided.by_finding[finding.id]
            key = id(decision)
            if key not in decisions:
                decisions[key], told[key] = decision, _told(decision)
                saying[key] = told[key].said
            piece = _Piece(finding, own, fields.get((finding.input, finding.locator.sheet)), key)
            alike.setdefault(saying[key], []).append(piece)
        found: dict[str, tuple[Hashable, int, str]] = {}
        for said, pieces in alike.items():
            for members in things(pieces):
                # of what is due and open of one thing the most is told, at the first place that is known
                key = max((one.decision for one in members), key=lambda key: told[key].weight)
                site = next((name for one in members if (name := one.finding.details.site)), "")
                thing = said, members[0].finding.id
                found |= {one.finding.id: (thing, key, site) for one in members}
        return decisions, found

    def _only(self) -> Iterator[str]:
        """Say which rules alone were asked, where they were chosen."""
        if self._decided.regimes:
            titles = {
                item.regime: title_of(item)
                for decision in self._decided.by_finding.values()
                for item in decision.determinations
            }
            named = "; ".join(
                name if titles.get(name, name) == name else f"{titles[name]} ({name})"
                for name in self._decided.regimes
            )
            yield f"Only these rules were asked: {named}."

    def of(self, finding: Finding) -> Answer | None:
        """Give what the law says about one finding, or `None` when it was not asked."""
        decision = self._decided.by_finding.get(finding.id)
        if decision is None:
            return None
        gone = list(self._gone([finding]))
        key = id(decision), (finding.input, finding.locator.sheet) in self._vendors, bool(gone)
        if key not in self._answers:
            asked = asked_of([one for one in open_facts(decision) if not key[1] or asked_of_vendors(one)])
            self._answers[key] = answer_of(TITLE, self._day, [_told(decision)], questions=asked, gone=gone)
        return self._answers[key]

    def decision_of(self, finding: Finding) -> FindingDecision:
        """Give the decision about a finding that was put to the law."""
        return self._decided.by_finding[finding.id]

    @cached_property
    def groups(self) -> list[Group]:
        """Gather the decided findings by what is said about them, the most severe first, then the most numerous."""
        found: dict[Any, tuple[FindingDecision, list[Finding]]] = {}
        for finding in self.scan.findings:
            decision = self._decided.by_finding.get(finding.id)
            if decision is None:
                continue
            said = tuple(
                (item.regime, item.outcome, item.citations, item.missing) for item in decision.determinations
            )
            found.setdefault((decision.outcome, said, decision.withheld), (decision, []))[1].append(finding)
        made = []
        for decision, members in found.values():
            answer = self.of(members[0])
            assert answer is not None
            answer = replace(answer, gone=tuple(self._gone(members)))
            made.append(Group(decision, tuple(members), answer))
        made.sort(
            key=lambda item: (
                item.decision.outcome.rank,
                -len(item.findings),
                item.findings[0].input,
                item.findings[0].locator.sheet or "",
                item.findings[0].locator.row,
            )
        )
        return made


def _told(decision: FindingDecision, things: int = 0, site: str = "", answers: frozenset[str] = BOTH) -> Told:
    return Told(
        decision.determinations, dict(decision.facts), things, decision.withheld, site, decision.acts, answers,
        tuple(one.told for one in decision.positions),
    )  # fmt: skip


def _by_fact(
    decisions: dict[int, FindingDecision], counts: Counter[_Counted], vendors: Container[int]
) -> tuple[tuple[Asked, ...], int]:
    """Ask for what open determinations wait for, fact by fact, in the order a person can answer.

    Args:
        vendors: the decisions about lines of lists of vendors, of which less can be asked.
    """
    waiting: Counter[str] = Counter()
    for (key, _, _), number in counts.items():
        for name in open_facts(decisions[key]):
            if key not in vendors or asked_of_vendors(name):
                waiting[name] += number
    names = [name for name in in_order(waiting) if name in FACTS]
    asked = [Asked(FACTS[name].question, FACTS[name].who, "", name, waiting[name]) for name in names]
    return tuple(asked[:MOST_QUESTIONS]), max(0, len(asked) - MOST_QUESTIONS)


def who(scan: Scan, group: Group) -> str:
    """Name the firms and the first places of a group."""
    firms = Counter(labels.firm_words(scan, one) for one in group.findings)
    named = ", ".join(f"{number:,} of {firm}" for firm, number in firms.most_common(_FIRMS_SHOWN))
    if len(firms) > _FIRMS_SHOWN:
        named += f" and {len(firms) - _FIRMS_SHOWN} more firms"
    places = ", ".join(labels.place(scan, one) for one in group.findings[:_PLACES_SHOWN])
    more = len(group.findings) - _PLACES_SHOWN
    return f"{named}: {places}" + (f" and {more:,} more" if more > 0 else "")


def head(group: Group) -> str:
    """Say the outcome of a group and how many things it has: `Prohibited, 3 findings`."""
    return f"{head_of(group.decision.outcome)}, {counted(len(group.findings), 'finding')}"


def outcome_words(saying: Saying, finding: Finding) -> str:
    """Say in a word or two what the law says about a finding: `Prohibited`."""
    return head_of(saying.decision_of(finding).outcome) if saying.of(finding) is not None else "not asked"


def said(answer: Answer) -> list[str]:
    """Give what is said of a group or a finding: outcome with its rule, what is open, what to settle first."""
    lines = [*map(said_words, answer.said), *(f"{GONE}: {text}" for text in answer.gone)]
    lines += [f"First settle: {text}" for text in answer.notes]
    lines += [f"Ask: {asked_words(one)}" for one in answer.questions]
    lines += [f"Open: {text}" for text in answer.open_law]
    return lines


# As text and Markdown


def text_lines(saying: Saying, width: int, limit: int) -> Iterator[str]:
    """Write the groups of findings for a terminal; the answer about all of them stands above."""
    for group in saying.groups[:limit]:
        yield ""
        yield from hanging(f"{head(group)} · {who(saying.scan, group)}", width, "  ", "    ")
        for text in said(group.answer):
            yield from hanging(visible(text, 800), width, "    ", "      ")
    if len(saying.groups) > limit:
        more = f"… and {len(saying.groups) - limit:,} more groups; see all with --all, -o json=FILE or -o html=FILE"
        yield from hanging(more, width, "  ", "    ")
    if saying.answer.questions:
        yield ""
        yield from hanging(HOW_TO_ASK, width, "  ", "  ")
    yield ""
    yield from wrap(NOT_ADVICE, width)


def markdown_lines(saying: Saying, limit: int, clean: Callable[..., str]) -> Iterator[str]:
    """Write the groups of findings as Markdown.

    Args:
        saying: what the law says.
        limit: most groups written.
        clean: makes text of unknown origin harmless in Markdown.
    """
    yield "## Findings by what the law says"
    for group in saying.groups[:limit]:
        yield ""
        yield f"### {clean(head(group))}"
        yield ""
        yield clean(who(saying.scan, group), 600)
        yield ""
        yield from (f"- {clean(text, 800)}" for text in said(group.answer))
    if len(saying.groups) > limit:
        yield ""
        yield f"**{len(saying.groups) - limit:,} more groups are not shown here.** Write them all with `-o json=FILE`."
    yield ""
    yield clean(NOT_ADVICE, None)
