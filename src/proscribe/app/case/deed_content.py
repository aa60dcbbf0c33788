"""What a signature does, as values: every fact, answer, site, reason and person that whoever signs signs for.

Each kind of record says it in parts (`DeedPart`), and nothing of a part is left out; faces show all of them, or refuse to have it
signed. What a determination or a statement sets aside is named by the findings that it reaches, as a judgement names its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from proscribe.app.case.case_law import stated_for
from proscribe.app.kb.firms import everyday_names
from proscribe.app.papers.document_scans import carried_ids, dicts
from proscribe.documents import TYPES, paper_from_json
from proscribe.documents.asks import label_of
from proscribe.documents.grounds import judged_as
from proscribe.documents.law import Statement, statements_of
from proscribe.documents.template import instant_line
from proscribe.documents.to_sign import parts_to_sign
from proscribe.documents.whole import field_lines, leaf
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.casework import (
    CaseDevice,
    CaseFile,
    StoredDetermination,
    StoredDocument,
    StoredStatement,
)
from proscribe.model.decisions import Outcome
from proscribe.model.errors import ProscribeError
from proscribe.model.findings import row_words
from proscribe.model.pending import DeedPart
from proscribe.rules.facts import FACTS, asks, scope_words, value_words
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.casework.findings import CaseFinding, FindingFilter
    from proscribe.model.law import Regime
    from proscribe.model.results import StatedFact
    from proscribe.model.roster import Enrolment, Proposal, Roster

#: Outcomes under which no rule that was asked reaches a thing.
_LETS_GO = frozenset(
    one.value for one in (Outcome.WAIVED, Outcome.EXCEPTED, Outcome.NOT_IN_FORCE, Outcome.NOT_COVERED)
)
#: What stands first in an entry of what somebody states.
_FIRST = ("name", "what", "supplier", "person", "kind", "how", "why", "question", "answer", "by", "on")

#: What takes a finding out: a fact or an outcome, and the citation of what documents then say without it.
Clearing = tuple[tuple[str, str], ...]


def parts(told: Iterable[tuple[str, Iterable[str]]]) -> tuple[DeedPart, ...]:
    """Put parts together; a value without a letter, and a part without a value, is none."""
    found = ((name, tuple(one for one in values if one.strip())) for name, values in told)
    return tuple(DeedPart(name, values) for name, values in found if values)


# Determinations


def of_determination(
    cases: Cases, file: CaseFile, one: StoredDetermination
) -> tuple[tuple[DeedPart, ...], FindingFilter | None]:
    """Say what a determination holds: its facts, those that set something aside first, its outcome, and what they set aside."""
    from proscribe.casework.findings import FindingFilter

    data = json.loads(cases.store.blob(one.sha256))
    decided = data.get("findings") if isinstance(data.get("findings"), dict) else {}
    aside = _by_facts(cases, file, decided)
    clearing = {name for told in aside.values() for name, _ in told}
    stated = stated_for(cases, file, one)
    facts = sorted(_facts(one, stated), key=lambda told: (told[0] not in clearing, told))
    outcomes: dict[str, int] = {}
    for decision in decided.values():
        outcomes[str(decision.get("outcome"))] = outcomes.get(str(decision.get("outcome")), 0) + 1
    law = cases.decider.law.regimes
    told = parts(
        [
            ("What the law was said to hold", [f"{_said(one.outcome).capitalize()}, as of {one.as_of}", *(
                f"{counted(count, 'finding')}: {_said(name)}" for name, count in sorted(outcomes.items())
            )]),
            ("What sets findings aside", _why_aside(aside)),
            ("What was stated", [f"{text}{' (sets findings aside)' if name in clearing else ''}" for name, text in facts]),
            ("Put to the law by", [f"{one.author}, {instant_line(one.decided_at.isoformat())}"]),
            ("Scans that it is about", _runs(file, one.run_ids)),
            ("Rules that were asked", _rules(one.rules, law)),
            ("Knowledge", [f"{one.knowledge_version}, {one.knowledge_sha256}"]),
        ]
    )  # fmt: skip
    return told, FindingFilter(finding=tuple(aside)) if aside else None


def _runs(file: CaseFile, ids: Iterable[str]) -> Iterator[str]:
    """Name scans by what they read and when; one that the case does not know by its id."""
    known = {run.id: run for run in file.runs}
    for name in ids:
        run = known.get(name)
        yield (
            name
            if run is None
            else f"{', '.join(path for path, _ in run.inputs)}, as of {run.as_of} [{name}]"
        )


def _rules(names: Iterable[str], law: Mapping[str, Regime]) -> Iterator[str]:
    """Name rules by the law that they are of, each law once, with their own ids."""
    found: dict[str, list[str]] = {}
    for name in names:
        regime = law.get(re.split(r"[/@ ]", name, maxsplit=1)[0])
        found.setdefault(regime.title if regime is not None else "", []).append(name)
    yield from (f"{title} [{', '.join(ids)}]" if title else ", ".join(ids) for title, ids in found.items())


def _facts(one: StoredDetermination, stated: Sequence[StatedFact]) -> Iterator[tuple[str, str]]:
    """Give the name of each fact with all that was said of it."""
    if stated:
        for fact in stated:
            yield fact.fact, _fact(fact.fact, fact.value, fact.applies_to, fact.note)
        return
    for name, value in json.loads(one.facts).items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield name, _fact(name, text, "company")


def _fact(name: str, value: str, applies_to: str, *more: str) -> str:
    """Say a fact as it was asked: the question, the answer, and of what it was said."""
    said = "nobody knows" if value == "?" else value_words(value)
    beside = "; ".join(filter(None, more))
    return f"{asks(name)} {said} ({scope_words(applies_to)})" + (f": {beside}" if beside else "")


def _said(outcome: str) -> str:
    return outcome.replace("_", " ")


def _by_facts(cases: Cases, file: CaseFile, decided: Mapping[str, Any]) -> dict[str, Clearing]:
    """Give each finding that a decision sets aside, by the id under which the case holds it, with the facts that do.

    One is set aside where no rule that was asked reaches it, and where a document may take it out of what it speaks of: its rule
    does not cover the thing, and a fact that it names was stated, or its outcome is one that it allows.
    """
    known = open_knowledge(cases.knowledge)
    statements = [one for type_ in TYPES for one in statements_of(known, type_)]
    ids = carried_ids(cases, file)
    found: dict[str, Clearing] = {}
    for name, decision in decided.items():
        clearing = tuple(dict.fromkeys(_clearing(decision, statements)))
        if clearing or decision.get("outcome") in _LETS_GO:
            found[ids.get(str(name), str(name))] = clearing
    return found


def _clearing(decision: Mapping[str, Any], statements: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    """Give what takes a finding out of what documents say: a fact, or an outcome, and the citation of what they say."""
    facts = {fact: str(value) for fact, value in (decision.get("decided_on") or {}).items()}
    outcomes = {
        str(one.get("regime")): str(one.get("outcome")) for one in dicts(decision.get("determinations"))
    }
    firm = facts.get("item.producer", "")
    for statement in statements:
        asked = [outcomes[regime] for regime in statement.regimes if regime in outcomes]
        yield from ((outcome, statement.citation) for outcome in asked if outcome in statement.allows)
        if Outcome.NOT_COVERED.value not in asked:
            continue
        for clear in statement.clears:
            told = {part.strip(" []'\"") for part in facts.get(clear.fact, "").split(",")} - {""}
            if told and told <= set(clear.values) and (not clear.firms or not firm or firm in clear.firms):
                yield clear.fact, statement.citation


def _why_aside(aside: Mapping[str, Clearing]) -> Iterator[str]:
    count: dict[tuple[str, str], int] = {}
    for clearing in aside.values():
        by: dict[str, list[str]] = {}
        for name, citation in clearing:
            by.setdefault(name, []).append(citation)
        for name, citations in by.items():
            key = (name, ", ".join(citations))
            count[key] = count.get(key, 0) + 1
        if not clearing:
            count["", ""] = count.get(("", ""), 0) + 1
    for (name, cited), many in sorted(count.items()):
        why = (
            f"by {f'the answer to “{asks(name)}”' if name in FACTS else f'“{_said(name)}”'}, from what is said under {cited}"
            if name
            else "no rule that was asked reaches it"
        )
        yield f"{counted(many, 'finding')}: {why}"


# Statements


def of_statement(
    cases: Cases, file: CaseFile, one: StoredStatement
) -> tuple[tuple[DeedPart, ...], FindingFilter | None]:
    """Say what a statement states, whole, and which findings its scope puts outside."""
    from proscribe.casework.findings import FindingFilter

    told = json.loads(cases.store.blob(one.sha256))
    scope = told.pop("scope", None)
    where: FindingFilter | None = None
    shown: list[tuple[str, Iterable[str]]] = []
    if isinstance(scope, dict) and scope.get("takes_back"):
        shown.append(("Takes back the scope", [str(scope["takes_back"])]))
    elif isinstance(scope, dict):
        sites, questions = (
            tuple(map(str, scope.get("sites") or ())),
            tuple(map(str, scope.get("questions") or ())),
        )
        scans = scope.get("scans") or ()
        runs = _runs(file, [run.id for run in file.runs if run.scan_sha256 in scans])
        outside = scope.get("outside") or {}
        mentions = int(outside.get("mentions") or 0)
        shown += [
            ("Reason", [str(scope.get("why") or "")]),
            ("Sites put outside", sites),
            ("Scans speak to these questions alone", questions),
            ("Scans", runs),
            ("Lists that they read", [str(name) for name in outside.get("sources") or ()]),
            ("Put outside", [
                f"{counted(int(outside.get('findings_count') or 0), 'finding')} when it was stated",
                f"{counted(mentions, 'record')} with the name of a firm and no finding" if mentions else "",
            ]),
        ]  # fmt: skip
        where = FindingFilter() if questions else FindingFilter(site=sites)
    for field, value in told.items():
        shown += _stated(field, value)
    shown.append(("Stated by", [f"{one.author}, {instant_line(one.stated_at.isoformat())}"]))
    return parts(shown), where


def _stated(field: str, value: Any) -> Iterator[tuple[str, Iterable[str]]]:
    """Give what is stated of one field, under the words in which a form asks for it."""
    if field == "facts":
        yield (
            "What was stated",
            (
                _fact(*(str(one.get(name, "")) for name in ("fact", "value", "applies_to", "by", "on")))
                for one in dicts(value)
            ),
        )
    elif isinstance(value, Mapping):
        yield (
            label_of(field),
            field_lines({name: one for name, one in value.items() if not isinstance(one, list)}),
        )
        for name, one in value.items():
            if isinstance(one, list):
                yield label_of(f"{field}.{name}"), _entries(one)
    else:
        yield label_of(field), _entries(value if isinstance(value, list) else [value])


def _entries(value: Iterable[Any]) -> Iterator[str]:
    """Give the entries of a list, each in a line: first what it is, then the rest."""
    for one in value:
        if not isinstance(one, Mapping):
            yield leaf(one)
            continue
        names = sorted(one, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
        yield "; ".join(field_lines({name: one[name] for name in names}))


# Documents


def of_document(cases: Cases, one: StoredDocument, title: str = "") -> tuple[DeedPart, ...]:
    """Say what a document says, in its own words, and what is said in the name of whoever approves it."""
    content = cases.store.blob(one.sha256)
    data, shown = json.loads(content), list(_read_as_paper(content))
    if title:
        shown.insert(1, DeedPart("Signed as", (title,)))
    said = {override.get("reason") for override in dicts(data.get("overrides"))}
    beside = [(reason, against) for reason, against in one.overridden().items() if reason not in said]
    return (*shown, *parts(
        ("Says in the name of whoever approves it", [reason, *(f"against: {what}" for what in against)])
        for reason, against in beside
    ))  # fmt: skip


@lru_cache(maxsize=8)
def _read_as_paper(content: bytes) -> tuple[DeedPart, ...]:
    """Read a document as this program writes it; what it does not write so is shown as it stands."""
    data = json.loads(content)
    try:
        return parts_to_sign(paper_from_json(data))
    except ProscribeError as problem:
        why = f"This program writes such documents otherwise, and shows what stands in it field by field: {problem.what}."
        return parts([("The document, as it is kept", [why, *field_lines(data)])])


# Judgements, devices, people


def of_judgement(verdict: str, reason: str, until: str, seen: Iterable[str]) -> tuple[DeedPart, ...]:
    """Say what a judgement says, and of what."""
    said = f"{verdict}: judged {judged_as(verdict, reason)}"
    return parts([("Judgement", [said]), ("Reason", [reason]), ("Until", [until]), ("Of", seen)])


def of_device(device: CaseDevice) -> Iterator[str]:
    """Say what a device is, as the newest report shows it."""
    yield f"{device.name} [{device.id}]"
    yield f"{device.band} {', '.join(device.entities)}" if device.band else "no finding"
    yield f"label: {device.label}" if device.label else ""
    yield f"site: {device.site}" if device.site else "site: not named"
    yield f"{counted(device.units, 'unit')}, last seen {device.last_seen}"
    yield f"its findings: {', '.join(device.findings)}" if device.findings else ""
    yield from (f"contradiction: {text}" for text in device.contradictions)


def of_finding(cases: Cases, one: CaseFinding) -> Iterator[str]:
    """Say what a finding is of, where it stands, and what was seen there."""
    short = json.loads(one.support.finding)
    firm = everyday_names(cases.knowledge).get(short["entity"], short["entity"])
    record = f"id {short['record_id']}" if short.get("record_id") else ""
    row = row_words(short["locator"]) if short.get("locator") else ""
    where = ", ".join(filter(None, (str(short.get("path") or ""), row, record)))
    yield f"{short['band']} {firm}, {_said(str(short['role']))}: {where} [{one.support.finding_id}]"
    yield from (f"seen: {text}" for text in short.get("found") or ())
    yield f"aged: {one.support.why}" if one.support.aged else ""


def of_proposal(proposal: Proposal, roster: Roster) -> tuple[DeedPart, ...]:
    """Say everything that a change of the roster changes."""
    gone = []
    for key_id, why in proposal.revoke.items():
        member = roster.members.get(key_id)
        whose = f"{member.name} ({member.person})" if member is not None else "nobody whom the roster knows"
        gone.append(f"{whose}, key {key_id}: {why}")
    return parts(
        [
            ("Enrols", [f"{roster.further(one.person)}{_enrolment(one)}" for one in proposal.enrol]),
            ("Revokes", gone),
            ("Proposed by", [f"{proposal.proposer(roster)}, {instant_line(proposal.at.isoformat())}"]),
        ]
    )


def _enrolment(one: Enrolment) -> str:
    until = f" until {one.valid_until}" if one.valid_until else ""
    where = f", used at {one.site}" if one.site else ""
    email = f", {one.email}" if one.email else ""
    return f"{one.name} ({one.person}{email}): {', '.join(one.roles)}, key {one.key_id} from {one.valid_from}{until}{where}"
