"""What a signature does, as values: every fact, answer, site, reason and person that whoever signs signs for.

Each kind of record says it in parts (`DeedPart`), and nothing of a part is left out; faces show all of them, or refuse to have it
signed. What a determination or a statement sets aside is named by the findings that it reaches, as a judgement names its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from proscribe.app.case.case_law import stated_for
from proscribe.app.papers.document_scans import carried_ids, dicts
from proscribe.documents.law import Statement, statements_of
from proscribe.documents.registry import TYPES
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.casework import (
    CaseDevice,
    CaseFile,
    StoredDetermination,
    StoredDocument,
    StoredStatement,
)
from proscribe.model.decisions import Outcome
from proscribe.model.pending import DeedPart
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.casework.findings import FindingFilter
    from proscribe.model.results import StatedFact
    from proscribe.model.roster import Enrolment, Proposal, Roster

#: Outcomes under which no rule that was asked reaches a thing.
_LETS_GO = frozenset(
    one.value for one in (Outcome.WAIVED, Outcome.EXCEPTED, Outcome.NOT_IN_FORCE, Outcome.NOT_COVERED)
)
#: Parts of a document's data that say what it is, in the order in which they are shown.
_HEAD = (
    "type",
    "title",
    "citation",
    "stage",
    "number",
    "as_of",
    "made_at",
    "contract",
    "organisation",
    "people",
    "scopes",
)
#: A longer table of the body of a document is counted: the document prints it. Answers and their words are shown whole.
_PRINTED = 100

#: What takes a finding out: a fact or an outcome, and the citation of what documents then say without it.
Clearing = tuple[tuple[str, str], ...]


def parts(told: Iterable[tuple[str, Iterable[str]]]) -> tuple[DeedPart, ...]:
    """Put parts together; a value without a letter, and a part without a value, is none."""
    found = ((name, tuple(one for one in values if one.strip())) for name, values in told)
    return tuple(DeedPart(name, values) for name, values in found if values)


def leaves(value: Any, at: str = "") -> Iterator[str]:
    """Give every value in plain data with its place: `sites/1: Mill Lane`."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, f"{at}/{name}" if at else str(name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, inner in enumerate(value, start=1):
            yield from leaves(inner, f"{at}/{place}" if at else str(place))
    elif value not in (None, ""):
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        yield f"{at}: {text}" if at else text


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
    told = parts(
        [
            ("Outcome", [f"{_said(one.outcome)}, as of {one.as_of}", *(
                f"{counted(count, 'finding')}: {_said(name)}" for name, count in sorted(outcomes.items())
            )]),
            ("Facts", [f"{text}{' (sets findings aside)' if name in clearing else ''}" for name, text in facts]),
            ("Sets aside", _why_aside(aside)),
            ("Put to the law by", [f"{one.author}, {one.decided_at.isoformat()}"]),
            ("Runs", one.run_ids),
            ("Rules that were asked", [", ".join(one.rules)]),
        ]
    )  # fmt: skip
    return told, FindingFilter(finding=tuple(aside)) if aside else None


def _facts(one: StoredDetermination, stated: Sequence[StatedFact]) -> Iterator[tuple[str, str]]:
    """Give the name of each fact with all that was said of it."""
    if stated:
        for fact in stated:
            yield (
                fact.fact,
                f"{fact.fact}={fact.value} ({fact.applies_to})" + (f": {fact.note}" if fact.note else ""),
            )
        return
    for name, value in json.loads(one.facts).items():
        yield name, f"{name}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"


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
            f"by {_said(name)}, from what is said under {cited}"
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
        runs = [run.id for run in file.runs if run.scan_sha256 in (scope.get("scans") or ())]
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
    shown += [(name, leaves(value)) for name, value in told.items()]
    shown.append(("Stated by", [f"{one.author}, {one.stated_at.isoformat()}"]))
    return parts(shown), where


# Documents


def of_document(cases: Cases, one: StoredDocument, title: str = "") -> tuple[DeedPart, ...]:
    """Say what a document is, to whom it goes, what it answers, and what was overridden for it."""
    data = json.loads(cases.store.blob(one.sha256))
    body = data.get("body") or {}
    shown: list[tuple[str, Iterable[str]]] = [("Document", leaves({name: data.get(name) for name in _HEAD}))]
    if title:
        shown.append(("Signed as", [title]))
    for name, said in (body.get("representations") or {}).items():
        shown.append((f"Answer to {name}", _answer(said)))
    for name, value in body.items():
        if name != "representations":
            shown.append((name.replace("_", " ").capitalize(), _of_body(value)))
    for reason, against in one.overridden().items():
        shown.append(
            ("Says in the name of whoever approves it", [reason, *(f"against: {what}" for what in against)])
        )
    shown.append(
        ("Words of people that whoever approves it says to have read", map(str, data.get("words") or ()))
    )
    return parts(shown)


def _answer(said: Mapping[str, Any]) -> Iterator[str]:
    yield f"{said.get('answer') or 'no answer'} ({said.get('citation') or 'no citation'})"
    yield str(said.get("statement") or "")
    for one in dicts(said.get("set_aside")):
        yield f"set aside: {', '.join(str(one[name]) for name in ('what', 'why', 'by') if one.get(name))}"
    for name in ("covered", "doubtful", "obstacles"):
        if said.get(name):
            yield f"{name}: {', '.join(map(str, said[name]))}"
    if said.get("outside"):
        yield f"put outside by a scope: {counted(int(said['outside']), 'finding')}"


def _of_body(value: Any) -> Iterator[str]:
    """Give all of a field, an entry of a table in a line; of a long table that the document prints, how long it is."""
    if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
        if len(value) > _PRINTED:
            yield f"{len(value):,} entries, which the document prints"
        else:
            yield from ("; ".join(leaves(one)) for one in value)
    else:
        yield from leaves(value)


# Judgements, devices, people


def of_judgement(verdict: str, reason: str, until: str, seen: Iterable[str]) -> tuple[DeedPart, ...]:
    """Say what a judgement says, and of what."""
    return parts([("Judgement", [verdict]), ("Reason", [reason]), ("Until", [until]), ("Of", seen)])


def of_device(device: CaseDevice) -> Iterator[str]:
    """Say what a device is, as the newest report shows it."""
    yield f"{device.id}: {device.name}"
    yield f"{device.band} {', '.join(device.entities)}" if device.band else "no finding"
    yield f"label: {device.label}" if device.label else ""
    yield f"site: {device.site}" if device.site else "site: not named"
    yield f"{counted(device.units, 'unit')}, last seen {device.last_seen}"
    yield from (f"finding {name}" for name in device.findings)
    yield from (f"contradiction: {text}" for text in device.contradictions)


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
            ("Proposed by", [f"{proposal.proposer(roster)}, {proposal.at.isoformat()}"]),
        ]
    )


def _enrolment(one: Enrolment) -> str:
    until = f" until {one.valid_until}" if one.valid_until else ""
    where = f", used at {one.site}" if one.site else ""
    email = f", {one.email}" if one.email else ""
    return f"{one.name} ({one.person}{email}): {', '.join(one.roles)}, key {one.key_id} from {one.valid_from}{until}{where}"
