"""What people judged of the findings of a case, as the law's answer about the case counts it.

What two people, or for what is not confirmed one, judged to be something else, or cleared, is left out, as in every count of
findings. What somebody judged to be what it says is put to the law as a thing of which the maker is sure. A document says what
the law says in the same way; it weighs judgements by rules of its own, and may hold against an answer what is not counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from proscribe.app.papers.document_case import judgements_of
from proscribe.app.papers.document_scans import ScansOf
from proscribe.app.rules.decide import Decider
from proscribe.app.rules.facts_file import stated_again
from proscribe.app.rules.first_page import asked_first
from proscribe.app.rules.scan_decide import decide_findings, with_stated_alone
from proscribe.app.store.desk import Desk
from proscribe.casework.findings import FindingFilter
from proscribe.devices.same_thing import is_sure, place_of
from proscribe.documents.evidence import off_the_count
from proscribe.model.casework import CaseFile, Verdict
from proscribe.model.errors import CaseError
from proscribe.model.findings import JUDGEMENT, Band, Evidence, Finding, Ignore
from proscribe.model.kept_findings import KeptFindings
from proscribe.model.papers import FindingJudgement
from proscribe.model.results import FindingDecision, Scan
from proscribe.model.scan_writing import scan_value

_SETS_ASIDE = (Verdict.DIFFERENT.value, Verdict.CLEARED.value)


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgements of a case that hold today.

    Attributes:
        aside: what is not counted, by the id of the finding.
        alone: confirmed findings that one person alone set aside; they count.
        unproved: confirmed findings that two names set aside, and no keys show it; they are not counted.
        same: findings that are what they say, by id.
    """

    aside: dict[str, FindingJudgement]
    alone: frozenset[str]
    unproved: frozenset[str]
    same: dict[str, FindingJudgement]

    def __bool__(self) -> bool:
        return bool(self.aside or self.alone or self.same)

    def notes(self, ids: Iterable[str]) -> Iterator[str]:
        """Say what of some findings is counted in another way than the scan alone would have it."""
        held = frozenset(ids)
        aside, alone, unproved = held & self.aside.keys(), held & self.alone, held & self.unproved
        if aside:
            yield f"{_findings(aside)} judged to be something else, or cleared, and {_not(aside)} counted here."
        if unproved:
            yield (
                f"Of these {len(unproved):,} {_are(unproved)} confirmed: names alone say so, and a document holds "
                f"{_them(unproved)} against an answer until keys of two people do."
            )
        if alone:
            yield (
                f"{_findings(alone)} set aside by one person and {_are(alone)} confirmed: counted until a second person says the "
                "same."
            )


def _findings(ids: frozenset[str] | set[str]) -> str:
    return f"{len(ids):,} finding{' was' if len(ids) == 1 else 's were'}"


def _are(ids: frozenset[str]) -> str:
    return "is" if len(ids) == 1 else "are"


def _not(ids: frozenset[str] | set[str]) -> str:
    return "is not" if len(ids) == 1 else "are not"


def _them(ids: frozenset[str]) -> str:
    return "it" if len(ids) == 1 else "them"


def judged_in(desk: Desk, file: CaseFile) -> Judged:
    """Give the judgements of a case that hold today, in its time zone."""
    today = desk.store.today(file.case.zone)
    said = [one for one in judgements_of(desk, file) if _holds(one, today)] if file.judgements else []
    asides = {one.finding_id: one for one in said if one.verdict in _SETS_ASIDE}
    where = FindingFilter(band=(Band.CONFIRMED.value,), verdict=_SETS_ASIDE)
    confirmed = frozenset(desk.store.chosen(file.case.id, where).ids) if asides else frozenset()
    counted = {
        name: one
        for name, one in asides.items()
        if off_the_count(one, Band.CONFIRMED.value if name in confirmed else "")
    }
    return Judged(
        counted,
        frozenset(asides.keys() - counted.keys()),
        frozenset(name for name, one in counted.items() if name in confirmed and not one.proved),
        {one.finding_id: one for one in said if one.verdict == Verdict.SAME.value},
    )


def _holds(one: FindingJudgement, today: date) -> bool:
    return one.until is None or one.until >= today


def with_judgements(scan: Scan, judged: Judged) -> Scan:
    """Give a scan with its findings as people judged them; what the law said of them stays as it is."""
    ids = judged.aside.keys() | judged.same.keys()
    return replace(scan, findings=_changed(scan.findings, ids, lambda one: _taken(one, judged)))


def _changed(
    findings: Sequence[Finding], ids: Collection[str], change: Callable[[Finding], Finding]
) -> Sequence[Finding]:
    """Change some findings; those that are kept elsewhere stay there."""
    if isinstance(findings, KeptFindings):
        return findings.changed(ids, change)
    return tuple(change(one) if one.id in ids else one for one in findings)


def as_judged(scan: Scan, judged: Judged, decider: Decider) -> Scan:
    """Give a decided scan as people judged its findings, with the questions of a first page; see `decided_as_judged`."""
    return asked_first(decided_as_judged(scan, judged, decider), decider)


def decided_as_judged(scan: Scan, judged: Judged, decider: Decider) -> Scan:
    """Give a decided scan as people judged its findings, without questions; nothing of it is kept anywhere.

    What the law says is worked out again where the same knowledge says it, since a scan keeps no traces; else it is what the
    scan keeps, but for records with a judged finding.

    Args:
        scan: the answer of a scan that was put to the law; what it holds no decision about stays so.
        decider: the law.

    Raises:
        CaseError: E405, E406 when what is stated contradicts what was judged.
    """
    made = _decided_as_judged(scan, judged, decider)
    return scan if made is None else made


def said_as_judged(scan: Scan, judged: Judged, decider: Decider) -> dict[str, Any] | None:
    """Give what the law says of the findings of a scan that it says something else of since people judged them.

    Returns:
        `findings`, by id `decided_on`, `determinations` and `acts`, and the `obligations` that these name by their place, as the
        JSON of a scan holds them; `None` where nothing changed. What was set aside is not among them.

    Raises:
        CaseError: see `as_judged`.
    """
    if scan.decided is None or not any(_is_raised(one, judged) for one in scan.findings):
        return None
    made = _decided_as_judged(scan, judged, decider)
    assert made is not None and made.decided is not None
    before, after = scan.decided.by_finding, made.decided.by_finding
    changed = {name: one for name, one in after.items() if one.facts != before[name].facts}
    told = tuple(one for one in made.findings if one.id in changed)
    value = scan_value(replace(made, findings=told, decided=replace(made.decided, by_finding=changed)))
    return {
        "obligations": value["decided"]["obligations"],
        "findings": {
            one["id"]: {name: one.get(name) for name in ("decided_on", "determinations", "acts")}
            for one in value["findings"]
        },
    }


def with_what_is_said(
    desk: Desk, file: CaseFile, scans: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Give the scans of a document of a case, each with what the law says of its findings as people judged them.

    Args:
        scans: as `PaperInputs` takes them.
    """
    judged = judged_in(desk, file)
    if not judged.same:
        return list(scans)
    held, runs = ScansOf(desk, file), {run.scan_sha256: run.id for run in file.runs}
    made = []
    for one in scans:
        said = None
        # what contradicts what was stated is told on the page of the law; the document tells what the scan says
        with suppress(CaseError):
            if "decided" in one["value"] and one["sha256"] in runs:
                said = said_as_judged(held.scan(runs[one["sha256"]]), judged, desk.decider)
        made.append({**one, "as_judged": said} if said is not None else one)
    return made


def _decided_as_judged(scan: Scan, judged: Judged, decider: Decider) -> Scan | None:
    told = scan.decided
    if told is None:
        return None
    taken = with_judgements(scan, judged).findings
    # what else the record of a judged finding shows is decided anew: a part and its product speak of each other
    changed = {place_of(new) for old, new in zip(scan.findings, taken, strict=True) if new is not old}
    same_law = scan.knowledge.sha256 == decider.stamp["sha256"]
    again = tuple(one for one in taken if one.ignored is None and (same_law or place_of(one) in changed))
    stated = stated_again(told, decider.law, decider.firms, decider.purposes)
    made = decide_findings(replace(scan, findings=again), decider, stated).decided
    assert made is not None
    kept = {} if same_law else _titled(told.by_finding, decider)
    decisions = {
        name: made.by_finding.get(name) or kept[name]
        for name in told.by_finding
        if name not in judged.aside and (name in made.by_finding or name in kept)
    }
    raised = sum(one.band is not Band.CONFIRMED for one in scan.findings if _is_raised(one, judged))
    counted = (f"{raised_words(raised)} here.",) if raised else ()
    notes = (*judged.notes(told.by_finding), *counted, *told.notes)
    decided = replace(told, by_finding=decisions, asked=(), more_asked=0, notes=notes)
    return with_stated_alone(replace(scan, findings=taken, decided=decided), decider)


def with_names_of_rules(scan: Scan, decider: Decider) -> Scan:
    """Give a decided scan that was read with what its file does not keep: names of rules, and when they were last checked."""
    if scan.decided is None:
        return scan
    told = _titled(scan.decided.by_finding, decider, checked=scan.knowledge.sha256 == decider.stamp["sha256"])
    return replace(scan, decided=replace(scan.decided, by_finding=told))


def _titled(
    decisions: Mapping[str, FindingDecision], decider: Decider, *, checked: bool = False
) -> dict[str, FindingDecision]:
    """Name the rules of decisions that were read from a scan, whose traces are not kept, as people do.

    Args:
        checked: whether the day on which the knowledge compared each rule with its source is that of the decisions.
    """
    regimes = decider.law.regimes
    named: dict[int, FindingDecision] = {}
    for one in decisions.values():
        if id(one) not in named:
            said = tuple(
                replace(
                    item,
                    trace=replace(item.trace, title=f"{item.regime}: {regimes[item.regime].title}"),
                    checked_on=regimes[item.regime].verified_on if checked else item.checked_on,
                )
                if item.regime in regimes
                else item
                for item in one.determinations
            )
            named[id(one)] = replace(one, determinations=said)
    return {name: named[id(one)] for name, one in decisions.items()}


def raised_words(count: int) -> str:
    """Say how many findings count as confirmed because somebody judged them to be what they say."""
    return (
        f"{count:,} finding{' was' if count == 1 else 's were'} judged to be what {'it says' if count == 1 else 'they say'}, and "
        f"{'counts' if count == 1 else 'count'} as confirmed"
    )


def _is_raised(one: Finding, judged: Judged) -> bool:
    sure = one.band is Band.CONFIRMED and is_sure(one)
    return one.id in judged.same and one.id not in judged.aside and not sure


def with_who_said(scan: Scan, judged: Judged) -> Scan:
    """Name beside each finding of a scan who judged it to be what it says, when and why; for reports, which weigh nothing."""

    def named(one: Finding) -> Finding:
        return replace(one, evidence=(*one.evidence, _said(judged.same[one.id])))

    return replace(scan, findings=_changed(scan.findings, judged.same, named))


def _said(one: FindingJudgement) -> Evidence:
    why = f"judged to be what it says by {one.by}, {one.at.date().isoformat()}: {one.reason}"
    return Evidence(*JUDGEMENT, "it is what it says", (0, 0), (), 0, why)


def _taken(one: Finding, judged: Judged) -> Finding:
    said = judged.aside.get(one.id)
    if said is not None:
        until = said.until.isoformat() if said.until else None
        return replace(one, ignored=Ignore(said.reason, said.by, said.at.date().isoformat(), until))
    if _is_raised(one, judged):
        return replace(one, band=Band.CONFIRMED, basis="reported", questions=())
    return one
