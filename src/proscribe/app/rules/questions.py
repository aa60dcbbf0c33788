"""What still has to be asked about a scan: as little as settles it, what settles most first.

For each finding the one question is chosen whose answers can settle most; a question about which no answer changes anything
is not asked. It is asked as widely as one answer can be true: of the company, of a site, of things of a kind, else of one
thing. Who answers `?` there is asked more narrowly in the next round, where things may differ. What cannot be known is then
left, and the next question is asked. What decides nothing, but could show an exception, is asked on demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proscribe.app.kb.firms import NO_FIRMS
from proscribe.app.rules.asked_where import OF_COMPANY_OR_SITE, Place, Places, is_of_company
from proscribe.app.rules.asking import entry_words
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.list_acts import acts_taken, lists_corrected
from proscribe.app.rules.question_words import QuestionWords
from proscribe.app.rules.reach import reach_of
from proscribe.app.rules.scan_decide import in_full
from proscribe.app.rules.scopes import LIST, POSITIONS, NoScope, can_state, scope_of
from proscribe.app.rules.waiting import ORDER, Waiting, WaitingFindings, asked_in_vain, in_vain
from proscribe.devices.same_thing import place_of
from proscribe.model.errors import error
from proscribe.model.findings import Finding
from proscribe.model.results import FindingDecision, Scan, StatedFact
from proscribe.model.scan_reading import read_scan as read_document
from proscribe.reports.questions import Question, Questionnaire
from proscribe.rules.acts import PASSES_ON
from proscribe.rules.facts import AFTER, FACTS, READINGS
from proscribe.rules.facts import asks as asks
from proscribe.rules.facts import scope_words as scope_words
from proscribe.rules.facts import value_words as value_words
from proscribe.rules.whatif import FIRST, KIND, turn_of

#: Scopes of a question of which an answer may leave things out.
_DIVIDED = frozenset({"company", "site", "things", "finding"})
_KINDS = ("company", *POSITIONS, LIST, "site", "things", "finding")


def read_scan(path: Path) -> Scan:
    """Read the JSON of a scan.

    Raises:
        InputError: E157 when it is not the JSON of a scan, or does not hold together.
    """
    try:
        return read_document(path.read_bytes(), path.name).scan
    except (OSError, ValueError) as problem:
        raise error("E157.questions", path=path, why=problem) from None


def _stated(scan: Scan) -> tuple[StatedFact, ...]:
    """Give what was stated, with the day and the regimes where they are not what is asked by itself."""
    decided = scan.decided
    if decided is None:
        return ()
    found = [StatedFact("as_of", decided.as_of, "company")] if decided.as_of != scan.as_of else []
    found += [StatedFact("regimes", "; ".join(decided.regimes), "company")] if decided.regimes else []
    return (*found, *decided.stated, *asked_in_vain(decided))


def asked_anew(one: StatedFact) -> Question | None:
    """Give the question that something stated answers, to be answered anew; None where it answers none, as the day does not."""
    spec = FACTS.get(one.fact)
    if spec is None:
        return None
    return Question(
        fact=one.fact, applies_to=one.applies_to, site="", about=scope_words(one.applies_to), question=spec.question,
        help=spec.help, who=spec.who, type=spec.type, values=spec.values, asked_by=(), decides=True,
        findings=findings_of(one.applies_to), entities=(),
    )  # fmt: skip


def asked_of_position(fact: str, applies_to: str) -> Question | None:
    """Give the question that is asked of an award or a country, by the scope of that; None where it is asked of none."""
    kind, _, name = applies_to.partition(":")
    if kind not in POSITIONS or fact not in FACTS or not can_state(fact, kind):
        return None
    scope = scope_of(kind, name, NO_FIRMS)
    return None if isinstance(scope, NoScope) else asked_anew(StatedFact(fact, "", str(scope)))


def findings_of(applies_to: str) -> tuple[str, ...]:
    """Give the ids of the findings that the scope of an answer names one by one; none for any other scope."""
    parts = [one.strip().partition(":") for one in applies_to.split(";")]
    return tuple(name for kind, _, name in parts if kind == "finding")


def questionnaire(scan: Scan, decider: Decider | None = None, *, exceptions: bool = False) -> Questionnaire:
    """Gather the questions that still matter.

    Args:
        scan: a scan that was put to the law. What is stated goes into the questionnaire, so that it can be
            fed back alone.
        decider: the law it was put to; the shipped one by default.
        exceptions: also ask what decides nothing, but could show an exception, a waiver or a duty.

    Returns:
        Questions in the order in which people can answer: for the company first, then site by site.
    """
    if scan.decided is None or not scan.decided.by_finding:
        stated = _stated(scan)
        return Questionnaire(scan.as_of, (), 0, (), stated, reach=_reach(scan, stated))
    if decider is None:
        decider = open_decider((), scan.known_as_of)
    scan = in_full(scan, decider)
    assert scan.decided is not None
    asking = _Asking(scan, decider, exceptions=exceptions)
    questions = asking.questions()
    first = [
        item for item in questions if item.fact in FIRST and item.decides and item.applies_to == "company"
    ]
    asked_now = first or questions
    words = (
        (FACTS[fact].question, entry, means)
        for fact in dict.fromkeys(item.fact for item in asked_now)
        for entry, means in entry_words(fact, decider.purposes).items()
    )
    stated = _stated(scan)
    return Questionnaire(
        scan.as_of,
        tuple(asked_now),
        len(questions) - len(asked_now) + asking.later,
        tuple((READINGS[name], name, number) for name, number in sorted(asking.readings.items())),
        stated,
        0 if exceptions else asking.could_help,
        meanings=tuple(words),
        taken=tuple(acts_taken(scan)),
        corrected=tuple(lists_corrected(scan)),
        reach=_reach(scan, (*asked_now, *stated)),
    )


def _reach(scan: Scan, rows: Iterable[Question | StatedFact]) -> Mapping[tuple[str, str], list[str]]:
    """Give the findings of which the answer in each row speaks."""
    asked = {(one.fact, one.applies_to) for one in rows}
    return reach_of(scan, scan.decided, asked) if scan.decided is not None else {}


def answerable_for_some(question: Question) -> bool:
    """Tell whether an answer may speak of some of the things of a question and leave the others open."""
    if len(question.findings) < 2 or question.applies_to.partition(":")[0] not in _DIVIDED:
        return False
    return (
        question.applies_to != "company"
        or question.fact in OF_COMPANY_OR_SITE
        or not is_of_company(question.fact)
    )


@dataclass(slots=True)
class _Asked:
    """A question that was chosen: the scopes of its answer with the findings that wait in each."""

    decides: bool = False
    scopes: dict[str, list[Finding]] = field(default_factory=dict)


class _Asking:
    """Chooses the questions of a scan."""

    def __init__(self, scan: Scan, decider: Decider, *, exceptions: bool) -> None:
        decided = scan.decided
        assert decided is not None
        self._scan = scan
        self._exceptions = exceptions
        self._in_vain = in_vain(decided)
        found = WaitingFindings(scan, decider)
        self._waiting = list(found)
        self.readings = found.readings
        self._places = Places(scan, decider, self._waiting)
        self._words = QuestionWords(scan, decider, self._places)
        self.later = 0
        self.could_help = 0

    def questions(self) -> list[Question]:
        """Choose them: for each finding that waits, the one that settles most."""
        chosen = self._chosen()
        made = [
            self._words.rows(fact, place, asked.scopes, decides=asked.decides)
            for (fact, place), asked in chosen.items()
        ]
        flat = [item for group in made for item in group]
        stands = {one.id: place for place, one in enumerate(self._scan.findings)}
        flat.sort(key=lambda item: (*_rank(item), min(map(stands.__getitem__, item.findings))))
        return flat

    def _chosen(self) -> dict[tuple[str, Place], _Asked]:
        chosen: dict[tuple[str, Place], _Asked] = {}
        open_now: list[tuple[Waiting, list[tuple[int, str, Place, str]]]] = []
        weight: dict[tuple[str, Place], int] = {}
        joining: list[tuple[Waiting, str, Place, str]] = []
        for one in self._waiting:
            options = []
            # nobody knows what kind of thing it is: then only what settles it by itself is worth a question
            lost = KIND in dict(one.worth) and self._places.place(KIND, one) is None
            for fact, worth in one.worth:
                found = self._places.place(fact, one, once=lost)
                if found is not None and lost and not worth.settles:
                    joining.append((one, fact, *found))
                elif found is not None:
                    options.append((worth.value, fact, *found))
                    weight[fact, found[0]] = weight.get((fact, found[0]), 0) + worth.value
            asked = {option[1] for option in options}
            options = [option for option in options if AFTER.get(option[1]) not in asked]
            if options:
                open_now.append((one, options))
        # what settles most findings is chosen first, and a finding that it can settle needs no other question now
        for one, options in open_now:
            options.sort(
                key=lambda item: (turn_of(item[1]), -weight[item[1], item[2]], -item[0], ORDER[item[1]])
            )
            # whether what is bought goes to others is asked beside what else is open, so that it costs no round of its own
            beside = [option for option in options if option[1] == PASSES_ON]
            others = [option for option in options if option[1] != PASSES_ON]
            for best in options if options[0][1] in FIRST else (*beside, *others[:1]):
                self._take(chosen, best[1:], one, decides=True)
        for one, fact, place, scope in joining:
            if (fact, place) in chosen:
                self._take(chosen, (fact, place, scope), one, decides=True)
        # what else could be asked once these are answered, each question once; while the rules are open, one of each finding
        self.later = len({option[1:3] for _, options in open_now for option in options} - chosen.keys())
        self.later += sum(options[0][1] in FIRST for _, options in open_now)
        self._also(chosen)
        for (fact, place), taken in chosen.items():
            if place[0] == "list":
                self._whole_list(fact, taken)
        return chosen

    def _whole_list(self, fact: str, asked: _Asked) -> None:
        """Let a question about a list of what is sold speak of all of it, so that no later one asks the same of other lines."""
        first = next(iter(asked.scopes.values()))[0]
        for one in self._scan.findings:
            scope = f"finding:{one.id}"
            decision = self._decided(one)
            if place_of(one)[:2] != place_of(first)[:2] or decision is None or scope in asked.scopes:
                continue
            if fact not in dict(decision.facts) and (fact, scope) not in self._in_vain:
                asked.scopes[scope] = [one]

    def _decided(self, finding: Finding) -> FindingDecision | None:
        assert self._scan.decided is not None
        return None if finding.ignored is not None else self._scan.decided.by_finding.get(finding.id)

    def _also(self, chosen: dict[tuple[str, Place], _Asked]) -> None:
        helpful: set[tuple[str, Place]] = set()
        for one in self._waiting:
            for fact in one.duties:
                found = self._places.place(fact, one)
                if found is not None:
                    self._take(chosen, (fact, *found), one, decides=True)
            for fact in one.helping:
                found = self._places.place(fact, one)
                if found is None or ((fact, found[0]) in chosen and chosen[fact, found[0]].decides):
                    continue
                helpful.add((fact, found[0]))
                if self._exceptions:
                    self._take(chosen, (fact, *found), one, decides=False)
        self.could_help = len(helpful)

    def _take(
        self,
        chosen: dict[tuple[str, Place], _Asked],
        what: tuple[str, Place, str],
        one: Waiting,
        *,
        decides: bool,
    ) -> None:
        fact, place, scope = what
        asked = chosen.setdefault((fact, place), _Asked())
        asked.decides = asked.decides or decides
        found = asked.scopes.setdefault(scope, [])
        if not found or found[-1] is not one.finding:  # it waits for the same in several positions
            found.append(one.finding)


def _rank(item: Question) -> tuple[Any, ...]:
    kind = item.applies_to.partition(":")[0]
    # what decides for the company comes first, since it may make other questions idle; what only helps it, last
    whole = kind == "company" or kind in POSITIONS
    phase = 1 if not whole else 0 if item.decides else 2
    return (
        phase,
        "" if whole else item.site.casefold(),
        not item.decides,
        _KINDS.index(kind),
        ORDER[item.fact],
    )
