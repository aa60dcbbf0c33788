"""Statements with an answer: what is said, what stands against it, what was set aside and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from proscribe.documents.evidence import Seen, asked_on, cut, sources
from proscribe.documents.law import PaperLaw, Statement
from proscribe.documents.obstacles import obstacle
from proscribe.documents.repeats import repeated
from proscribe.documents.weighing import Standing, standing
from proscribe.model.errors import error
from proscribe.model.papers import Answer, Obstacle, PaperInputs, PaperState, ScanInput
from proscribe.wording.shown import counted

NO_ANSWER = "No answer is given on {asks}. What stands against it is listed in this document."

#: What the annual representation answers for: its own search, on its own day.
_OF_THE_SEARCH = frozenset(["no-inquiry", "no-inquiry-record", "search-old"])

REFUSED_ELSEWHERE = "No answer is given on {asks}, since the document is refused. Nothing stands against this answer by itself."

#: Kind of a source of the register in the summary of an inquiry.
EXPECTED = "expected source"


@dataclass(frozen=True, slots=True)
class Said:
    """One statement, weighed.

    Attributes:
        sought: what the author means to say, or what the evidence says where the author left it open.
        obstacles: what stands against saying it.
        skipped: why the statement is not made; empty when it is.
    """

    statement: Statement
    standing: Standing
    sought: Answer
    proposed: bool
    obstacles: tuple[Obstacle, ...]
    skipped: str


def weigh(inputs: PaperInputs, law: PaperLaw, seen: Sequence[Seen], edition: str) -> tuple[Said, ...]:
    """Weigh every statement that the edition asks.

    Raises:
        CaseError: E458 for an answer that is neither `does` nor `does not`, or to a question that is not asked.
    """
    asked = [one for one in law.statements if not one.editions or not edition or edition in one.editions]
    for question, answer in inputs.answers.items():
        if answer and (question not in {one.id for one in asked} or answer not in ("does", "does not")):
            raise error(
                "E458.answer",
                answer=cut(answer, 40),
                question=cut(question, 40),
                questions=", ".join(one.id for one in asked),
            )
    return tuple(_weigh(inputs, law, one, seen) for one in asked)


def _weigh(inputs: PaperInputs, law: PaperLaw, statement: Statement, seen: Sequence[Seen]) -> Said:
    found = standing(inputs, law, statement, seen)
    skipped = _skipped(inputs, statement)
    given = inputs.answers.get(statement.id)
    sought = Answer(given) if given else (Answer.DOES if found.covered else Answer.DOES_NOT)
    if skipped:
        # A standing "does not" is a statement too: what is certain against it stands against leaving this one out.
        against = tuple(
            obstacle(
                "annual-contradicted",
                one.id,
                questions=(statement.id,),
                finding=one.words(),
                does=statement.says["does"],
            )
            for one in found.covered
        ) + tuple(
            # What is open against the standing answer is open here as well.
            replace(one, what=f'the annual representation says "does not", and {one.what}')
            for one in found.against
            if one.code not in _OF_THE_SEARCH and not set(one.evidence) & {item.id for item in found.covered}
        )
    else:
        against = found.against if sought is Answer.DOES_NOT else ()
        if given == "" and sought is Answer.DOES_NOT:
            against = (_nobody_says(statement), *against)
    return Said(statement, found, sought, not given, against, skipped)


def _nobody_says(statement: Statement) -> Obstacle:
    """Make the obstacle of an answer that was left open: evidence may say that something is there, and never that nothing is."""
    return obstacle(
        "answer-open",
        statement.id,
        "none",
        questions=(statement.id,),
        asks=statement.asks.format(organisation="the organisation"),
        does=statement.says["does"],
        denies=statement.says["does not"],
    )


def _skipped(inputs: PaperInputs, statement: Statement) -> str:
    rule = statement.skipped_by
    if rule is None or inputs.answers.get(statement.id):
        return ""
    # What is said of one site alone is no answer of the whole offeror, and two that differ are none.
    said = {fact.value for fact in inputs.facts if fact.fact == rule["fact"]}
    whole = any(fact.fact == rule["fact"] and fact.applies_to == "company" for fact in inputs.facts)
    return rule["words"] if said == {rule["value"]} and whole else ""


def sentence(statement: Statement, answer: Answer, inputs: PaperInputs) -> str:
    """Write the statement with its answer."""
    words = statement.words_does if answer is Answer.DOES and statement.words_does else statement.words
    return words.format(
        organisation=inputs.organisation.name,
        answer=statement.says[answer.value],
        as_of=inputs.as_of.isoformat(),
    )


def no_answer(statement: Statement, inputs: PaperInputs, words: str = NO_ANSWER) -> str:
    """Say that the statement is not made."""
    return words.format(asks=statement.asks.format(organisation=inputs.organisation.name))


def representations(said: Sequence[Said], inputs: PaperInputs, state: PaperState) -> dict[str, Any]:
    """Write the statements; in a refused document those against which something stands have no answer."""
    return {one.statement.id: _value(one, inputs, state) for one in said}


def _value(said: Said, inputs: PaperInputs, state: PaperState) -> dict[str, Any]:
    statement, found = said.statement, said.standing
    # A refused document says no "does not", not even where nothing stands against it by itself: pages part.
    refused = state is PaperState.REFUSED and (bool(said.obstacles) or said.sought is Answer.DOES_NOT)
    if said.skipped and not refused:
        answer, words = "not completed", said.skipped
    elif refused and not said.obstacles:
        answer, words = "", no_answer(statement, inputs, REFUSED_ELSEWHERE)
    elif refused:
        answer, words = "", no_answer(statement, inputs)
    else:
        answer = said.sought.value
        words = sentence(statement, said.sought, inputs)
    return {
        "id": statement.id,
        "citation": statement.citation,
        "sought": said.sought.value,
        "proposed_by_evidence": said.proposed,
        "answer": answer,
        "word": statement.says.get(answer, answer),
        "statement": words,
        "covered": [one.id for one in found.covered],
        "doubtful": [one.id for one in found.doubtful],
        "obstacles": [one.id for one in said.obstacles],
        "set_aside": [
            {"finding": item.finding.id, "what": item.finding.words(), "why": item.why, "by": item.by}
            for item in found.set_aside
        ],
        "outside": len(found.outside),
    }


def finding_rows(seen: Sequence[Seen], regimes: Sequence[str]) -> list[dict[str, Any]]:
    """Write findings for a document: what, where, how sure, what the law says, who judged it."""
    return [finding_row(one, regimes) for one in seen]


def finding_row(one: Seen, regimes: Sequence[str]) -> dict[str, Any]:
    """Write one finding."""
    outcomes = [
        {
            "regime": name,
            "outcome": str(one.outcomes[name].get("outcome", "")),
            "because": cut(str(one.outcomes[name].get("because", ""))),
            "citations": [str(text) for text in one.outcomes[name].get("citations") or ()],
            "missing": [str(text) for text in one.outcomes[name].get("missing") or ()],
        }
        for name in (regimes or sorted(one.outcomes))
        if name in one.outcomes
    ]
    judged = one.judgement
    return {
        "id": one.id,
        "firm": one.firm_name,
        "entity": one.entity_name,
        "role": one.role,
        "band": one.band,
        "brand": one.brand,
        "model": cut(one.model, 120),
        "category": one.category,
        "place": one.place,
        "record_id": one.record_id,
        "site": one.site,
        "quantity": one.quantity,
        "amount": one.amount,
        "evidence": [dict(item) for item in one.evidence],
        "against": [dict(item) for item in one.against],
        "questions": list(one.questions),
        "outcomes": outcomes,
        "known": one.known,
        "judgement": None
        if judged is None
        else {
            "verdict": judged.verdict,
            "by": judged.by,
            "approver": judged.approver,
            "reason": judged.reason,
            "at": judged.at.isoformat(),
            "until": judged.until.isoformat() if judged.until else None,
        },
    }


def inquiry_value(inputs: PaperInputs, seen: Sequence[Seen]) -> dict[str, Any]:
    """Sum up the inquiry that supports a statement; the record itself is a document of its own."""
    inquiry = inputs.inquiry
    scanned = [
        {
            "name": f"scan {index}",
            "kind": "scan",
            "by": "",
            "on": asked_on(scan),
            "how": f"searched by this program: {counted(_records(scan.value), 'record')} of {_files(scan)}",
        }
        for index, scan in enumerate(inputs.scans, 1)
    ]
    expected = [
        {
            "name": one.name,
            "kind": EXPECTED,
            "by": one.owner,
            "on": one.last_seen.isoformat() if one.last_seen else "never seen",
            "how": f"in the register of sources, every {one.every_days} days"
            + (f"; {counted(one.read, 'record')} read" if one.read else ""),
        }
        for one in (inputs.store.sources if inputs.store else ())
    ]
    named = [
        {
            "name": one.name,
            "kind": one.kind,
            "by": one.by,
            "on": one.on.isoformat(),
            "how": one.how,
            **({} if one.digests else {"stated": True}),
        }
        for one in (inquiry.searched if inquiry else ())
    ]
    return {
        "sources": [*scanned, *expected, *named],
        "not_searched": [
            {"name": one.name, "why": one.why} for one in (inquiry.not_searched if inquiry else ())
        ],
        "people": len(inquiry.people) if inquiry else 0,
        "records": sum(_records(scan.value) for scan in inputs.scans)
        - sum(one.records for one in repeated([scan.value for scan in inputs.scans])),
        "findings": len(seen),
        "from_on": inquiry.from_on.isoformat() if inquiry and inquiry.from_on else None,
        "to_on": inquiry.to_on.isoformat() if inquiry and inquiry.to_on else None,
    }


def _files(scan: ScanInput) -> str:
    paths = [one["path"].replace("\\", "/").rpartition("/")[2] for one in sources(scan)]
    return ", ".join(paths[:3]) + (f" and {len(paths) - 3} more files" if len(paths) > 3 else "")


def _records(scan: Mapping[str, Any]) -> int:
    summary = scan.get("summary")
    count = summary.get("records") if isinstance(summary, Mapping) else 0
    return count if isinstance(count, int) and not isinstance(count, bool) else 0
