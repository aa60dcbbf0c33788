"""An answer about some of the things that a question is asked of, and what would follow from it; the rest stays open.

The things are chosen by site, by list or one by one. What is chosen whole keeps the scope in which it is asked; of the rest the
answer is stated finding by finding, so that it never reaches a thing that was not chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from proscribe.app.case.case_law import anew, answered_scan, newest_scan, open_questions
from proscribe.app.papers.as_judged import decided_as_judged, judged_in
from proscribe.app.rules.first_page import open_in_all
from proscribe.app.rules.questions import answerable_for_some, asked_anew, questionnaire
from proscribe.app.rules.scopes import NO_SITE, OURS, USED_BY, scopes_in, site_key, things_key
from proscribe.app.store.findings import finding_of
from proscribe.casework.findings import FindingFilter
from proscribe.model.answers import Changed, Follows
from proscribe.model.errors import error
from proscribe.model.results import Scan, StatedFact

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.model.casework import CaseFile
    from proscribe.reports.questions import Question

#: Findings that are read from the store at once, and findings that a preview names.
_AT_ONCE, _MOST_NAMED = 500, 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is open, and the things that wait for it.

    Attributes:
        things: id of a finding to the finding in short, as its scan has it, in the order of the case.
        stated: whether it was answered of all of them already, and is asked of some anew.
    """

    question: Question
    things: Mapping[str, Mapping[str, Any]]
    stated: bool = False

    def sites(self) -> Counter[str]:
        """Count the findings that wait, by the name of their site."""
        return Counter(_site(one) for one in self.things.values())

    def lists(self) -> Counter[str]:
        """Count the findings that wait, by the name of their list."""
        return Counter(str(one["path"]) for one in self.things.values())

    def chosen(
        self, sites: Collection[str] = (), lists: Collection[str] = (), findings: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Give the findings of some sites and of some lists, and those that are named.

        Raises:
            UsageError: E438 where nothing is chosen, E449 for a site, list or finding of which the question is not asked.
        """
        known = {"site": self.sites(), "list": self.lists(), "finding": self.things}
        for name, values in (("site", sites), ("list", lists), ("finding", findings)):
            if strange := [one for one in values if one not in known[name]]:
                told = ", ".join(list(known[name])[:12])
                raise error("E449.value", name=name, value=strange[0][:80], known=told)
        found = tuple(
            id_
            for id_, one in self.things.items()
            if id_ in findings or _site(one) in sites or one["path"] in lists
        )
        if not found:
            raise error("E438.none_chosen")
        return found

    def scope(self, chosen: Collection[str]) -> str:
        """Give what an answer about some of the findings is stated for.

        Raises:
            CaseError: E424 where it cannot differ from thing to thing, such as a day of the contract.
        """
        left = self.things.keys() - set(chosen)
        if not left:
            return self.question.applies_to
        if not answerable_for_some(self.question):
            raise error("E424.not_for_some", fact=self.question.fact)
        whole = [
            part
            for part in scopes_in(self.question.applies_to)
            if (held := self._of(part)) and not held & left
        ]
        told = set().union(*map(self._of, whole))
        return "; ".join([*whole, *(f"finding:{id_}" for id_ in chosen if id_ not in told)])

    def reached(self, applies_to: str) -> set[str]:
        """Give the findings that wait and that an answer stated for `applies_to` speaks of."""
        if applies_to == self.question.applies_to:
            return set(self.things)
        return set().union(*map(self._of, scopes_in(applies_to)))

    def _of(self, part: str) -> set[str]:
        kind, _, name = part.partition(":")
        if kind == "finding":
            return {name} & self.things.keys()
        if kind == "site":
            return {id_ for id_, one in self.things.items() if site_key(_site(one)) == site_key(name)}
        if kind == "things":
            head, _, site = name.partition("@")
            entity, _, category = head.partition("/")
            wanted = things_key(entity, category, site)
            return {
                id_
                for id_, one in self.things.items()
                if things_key(one["entity"], one.get("category"), _site(one)) == wanted
            }
        return set()


def _site(one: Mapping[str, Any]) -> str:
    return " ".join(str((one.get("details") or {}).get("site") or one.get("site") or NO_SITE).split())


def asked_of(cases: Cases, file: CaseFile, fact: str, applies_to: str) -> Asked:
    """Give an open question with the things that wait for it; of who uses things, also where it was said that the party does.

    Raises:
        CaseError: E424 the case asks no such question now.
    """
    form = open_questions(cases, file)
    for one in form.questions if form is not None else ():
        if (one.fact, one.applies_to) == (fact, applies_to):
            return Asked(one, _things(cases, file.case.id, one.findings))
    for said in form.stated if form is not None else ():
        # said of all, it may be another for some: a sister firm, a landlord
        if is_ours(said) and (said.fact, said.applies_to) == (fact, applies_to):
            question, used = asked_anew(said), _used_as_stated(cases, file, said.value)
            assert question is not None
            return Asked(replace(question, findings=used), _things(cases, file.case.id, used), stated=True)
    raise error("E424.not_asked", at=file.case.id, case=file.case.id, fact=fact[:80])


def is_ours(said: StatedFact) -> bool:
    """Tell whether it is stated of everything that the party uses it itself; of some of it something else may be said then."""
    return (said.fact, said.applies_to, said.value) == (USED_BY, "company", OURS)


def _used_as_stated(cases: Cases, file: CaseFile, value: str) -> tuple[str, ...]:
    """Give the findings of the newest answer of which it is said that who is stated of all uses them."""
    scan = answered_scan(cases, file)
    decided = scan.decided.by_finding if scan is not None and scan.decided is not None else {}
    return tuple(name for name, one in decided.items() if dict(one.facts).get(USED_BY) == value)


def _things(cases: Cases, case_id: str, names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(names), _AT_ONCE):
        where = FindingFilter(finding=tuple(names[start : start + _AT_ONCE]))
        page = cases.store.findings(case_id, where, limit=_AT_ONCE)
        found.update((one.support.finding_id, finding_of(one)) for one in page.findings)
    return found


def what_follows(cases: Cases, case_id: str, answers: Sequence[tuple[str, str, str]]) -> Follows:
    """Say what the law would say of a case under further answers; nothing is kept.

    Args:
        answers: see `case_law.put_to_the_law`.

    Raises:
        CaseError: as `case_law.put_to_the_law`.
    """
    file = cases.case(case_id)
    found = newest_scan(cases, file)
    if found is None:
        raise error("E424.no_scan", at=case_id)
    judged = judged_in(cases, file)
    form = open_questions(cases, file)
    was = _outcomes(decided_as_judged(found[1], judged, cases.decider)) if found[1].decided else {}
    made = decided_as_judged(anew(cases, file, found, answers=answers)[1], judged, cases.decider)
    now = _outcomes(made)
    changed = [Changed(id_, was.get(id_, ""), said) for id_, said in now.items() if was.get(id_) != said]
    return Follows(
        findings=len(now),
        before=dict(Counter(was.values())),
        after=dict(Counter(now.values())),
        changed=len(changed),
        first=tuple(changed[:_MOST_NAMED]),
        open_before=open_in_all(form) if form is not None else 0,
        open_after=open_in_all(questionnaire(made, cases.decider)),
    )


def _outcomes(scan: Scan) -> dict[str, str]:
    decided = scan.decided.by_finding if scan.decided is not None else {}
    live: Iterable[str] = (one.id for one in scan.findings if one.ignored is None)
    return {id_: decided[id_].outcome.value for id_ in live if id_ in decided}
