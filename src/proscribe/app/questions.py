"""What still has to be asked about a scan: once for the company, once a site, once for things of a kind, or of one thing.

An answer is asked for where a person can give it: what a site is for is asked of the site, what a thing is, of the thing. Things
that their records describe alike are asked about together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proscribe.app.facts_file import NO_SITE, things_shown
from proscribe.app.scan_decide import Ready, own_facts, place_of, records_of, sold_tables
from proscribe.model.decisions import Outcome
from proscribe.model.errors import error
from proscribe.model.findings import Finding
from proscribe.model.results import FindingDecision, Scan, StatedFact
from proscribe.model.scan_document import read_scan as read_document
from proscribe.reports.questions import Question, Questionnaire
from proscribe.reports.scan import labels
from proscribe.rules.facts import FACTS, READINGS

#: Facts about one thing: another thing of the same kind may differ.
_OF_ONE_THING = frozenset(
    {
        "item.producer", "item.brand", "item.kind", "item.produced_on", "item.authorized_on", "item.model_year",
        "item.risk_class",
    }
)  # fmt: skip
#: Facts about a site and what is done there.
_OF_THE_SITE = frozenset({"item.purpose", "use.by", "use.state", "use.supports_federal_contract"})
_OF_EACH_PLACE = _OF_THE_SITE | {"site.is_sensitive"}
#: They choose the rules; while one is open, every rule of every country asks for its own facts.
_FIRST = ("party.jurisdiction", "party.role", "act.kind")
_SITE_PREFIXES = ("site.", "network.")


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
    return (*found, *decided.stated)


def decided_anew(scan: Scan, paths: Sequence[str | Path], knowledge: Sequence[str | Path]) -> Scan:
    """Put a scan that was read from a file to the law, on the facts of some files, perhaps none.

    Raises:
        CaseError: see `read_stated`.
    """
    return Ready.of(paths, knowledge=knowledge, known_as_of=scan.known_as_of).decide(scan)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a finding waits for: facts that decide, facts that could help, and who asks for each."""

    deciding: Mapping[str, tuple[str, ...]]
    helping: Mapping[str, tuple[str, ...]]


def questionnaire(scan: Scan) -> Questionnaire:
    """Gather the questions that still matter.

    Args:
        scan: a scan that was put to the law. What is stated goes into the questionnaire, so that it can be
            fed back alone.

    Returns:
        Questions in the order in which people can answer: for the company first, then site by site.
    """
    decisions = scan.decided.by_finding if scan.decided is not None else {}
    waiting: dict[tuple[str, str], list[Finding]] = {}
    asked_by: dict[tuple[str, str], dict[str, None]] = {}
    decides: set[tuple[str, str]] = set()
    readings: dict[str, dict[str, None]] = {}
    records, sold = records_of(scan.findings), sold_tables(scan)
    for finding in scan.findings:
        if finding.ignored is not None:
            continue
        asking = _asking(decisions.get(finding.id))
        shut = own_facts(
            finding, records[place_of(finding)], sold=(finding.input, finding.locator.sheet) in sold
        ).shut
        for fact, citations in [*asking.deciding.items(), *asking.helping.items()]:
            if fact in READINGS:
                readings.setdefault(fact, {})[finding.id] = None
                continue
            if fact not in FACTS:
                continue
            key = (_applies_to(fact, finding, shut), fact)
            waiting.setdefault(key, []).append(finding)
            asked_by.setdefault(key, {}).update(dict.fromkeys(citations))
            if fact in asking.deciding:
                decides.add(key)
    questions = [
        _question(
            applies,
            fact,
            findings,
            tuple(dict.fromkeys(text for key in keys for text in asked_by[key])),
            decides=any(key in decides for key in keys),
            thing=_thing(scan, findings[0]),
        )
        for applies, fact, findings, keys in _alike_together(scan, waiting)
    ]
    questions.sort(key=_rank)
    first = _first_round(questions)
    asked_now = first or questions
    return Questionnaire(
        scan.as_of,
        tuple(asked_now),
        len(questions) - len(asked_now),
        tuple((READINGS[name], name, len(ids)) for name, ids in sorted(readings.items())),
        _stated(scan),
    )


#: What tells one thing from another of the same kind, and where it stands: things that differ in nothing else are alike.
_OF_THE_PIECE = frozenset(
    {
        "row_id", "serial_number", "mac", "mac_vendor", "hostname", "ip", "asset_tag", "site", "port", "quantity", "amount",
        "unit_cost", "currency", "dated_on", "seen_at", "scan_run", "recorder", "recorder_channel", "order_line", "component_ref",
        "parent_ref", "designators",
    }
)  # fmt: skip
#: So many things are named in one question; a cell of a workbook holds no more.
_MOST_TOGETHER = 500
#: What a thing is made of is the same at every site.
_WHEREVER_IT_STANDS = frozenset({"item.contains_producer", "item.service_uses_producer"})
_Key = tuple[str, str]


def _alike_together(
    scan: Scan, waiting: Mapping[_Key, Sequence[Finding]]
) -> Iterator[tuple[str, str, list[Finding], list[_Key]]]:
    """Yield what to ask: of what things are, once for those whose records say the same; where they stand is asked of each.

    What does not hang on the place is asked once for all sites.

    One answer is given for each thing that is named in it, and for none besides: what comes later is asked again.
    """
    fields = {(one.index, table.sheet): table.fields for one in scan.inputs for table in one.tables}
    groups: dict[Any, list[tuple[_Key, Sequence[Finding]]]] = {}
    for key, findings in waiting.items():
        applies, fact = key
        alike: Any = None
        if applies.startswith("finding:") and len(findings) == 1 and fact not in _OF_EACH_PLACE:
            alike = _described(findings[0], fields)
        elif applies.startswith("things:") and fact in _WHEREVER_IT_STANDS:
            alike = applies.partition("@")[0]
        groups.setdefault((fact, applies if alike is None else alike), []).append((key, findings))
    for (fact, _), group in groups.items():
        for start in range(0, len(group), _MOST_TOGETHER):
            members = group[start : start + _MOST_TOGETHER]
            keys = [key for key, _ in members]
            yield (
                "; ".join(applies for applies, _ in keys),
                fact,
                [one for _, found in members for one in found],
                keys,
            )


def _described(
    finding: Finding, fields: Mapping[tuple[int, str | None], Mapping[str, str]]
) -> tuple[Any, ...] | None:
    """Give what a record says of the kind of its thing; `None` where only a number or an address of the piece names it."""
    told = fields.get((finding.input, finding.locator.sheet), {})
    said = tuple(
        (column, " ".join(text.split()).casefold())
        for column, text in finding.record
        if told.get(column) not in _OF_THE_PIECE and text.strip()
    )
    seen = {column for column, _ in said}
    if not any(one.field in seen for one in finding.evidence):
        return None
    return finding.entity, finding.role, finding.category, finding.brand, finding.state, said


def _asking(decision: FindingDecision | None) -> _Asking:
    deciding: dict[str, tuple[str, ...]] = {}
    helping: dict[str, tuple[str, ...]] = {}

    def put(into: dict[str, tuple[str, ...]], names: Iterable[str], citations: Sequence[str]) -> None:
        for name in names:
            into[name] = tuple(dict.fromkeys((*into.get(name, ()), *citations)))

    for one in decision.determinations if decision is not None else ():
        cites = one.citations[:1] or (one.regime,)
        if one.outcome is Outcome.UNDETERMINED:
            put(deciding, one.missing, cites)
        elif one.outcome is Outcome.PROHIBITED:
            put(helping, (*one.missing, *one.open_exceptions), cites)
        if one.outcome in (Outcome.PROHIBITED, Outcome.APPROVAL_REQUIRED, Outcome.PERMITTED_UNTIL):
            for duty in one.possible_obligations:
                put(helping, duty.missing, (duty.citation,))
    return _Asking(deciding, {name: text for name, text in helping.items() if name not in deciding})


def _applies_to(fact: str, finding: Finding, shut: frozenset[str]) -> str:
    if fact in _OF_ONE_THING or fact in shut:
        return f"finding:{finding.id}"
    if fact in _OF_EACH_PLACE and finding.details.site is None:
        # things of which no place is known may stand anywhere: one answer would speak of all of them
        return f"finding:{finding.id}"
    site = " ".join((finding.details.site or NO_SITE).split())
    if fact in _OF_THE_SITE or fact.startswith(_SITE_PREFIXES):
        return f"site:{site}"
    if fact.startswith("item."):
        return f"things:{things_shown(finding.entity, finding.category, finding.details.site)}"
    return "company"


def _thing(scan: Scan, finding: Finding) -> str:
    """Say which thing a finding is about: where it stands, its own id, and the strongest texts that were found."""
    ranked = sorted(finding.evidence, key=lambda one: -one.weight_mbit)
    found = list(dict.fromkeys(one.found[:60] for one in ranked))[:2]
    words = labels.place(scan, finding) + (f", id {finding.record_id}" if finding.record_id else "")
    return words + (": " + ", ".join(found) if found else "")


def _question(
    applies: str,
    fact: str,
    findings: Sequence[Finding],
    citations: tuple[str, ...],
    *,
    decides: bool,
    thing: str,
) -> Question:
    spec = FACTS[fact]
    first = findings[0]
    kind, _, name = applies.partition(":")
    about = {
        "company": "the company",
        "site": name,
        "things": f"{(first.category or 'things of unknown kind').replace('_', ' ')} of {first.entity}",
        "finding": thing
        if len(findings) == 1
        else f"each of {len(findings):,} things described alike, such as {thing}",
    }[kind]
    sites = {one.details.site or NO_SITE for one in findings} if kind != "company" else set()
    hints = dict.fromkeys(text for one in findings for text in one.questions)
    return Question(
        fact=fact,
        applies_to=applies,
        site=""
        if kind == "company"
        else "several sites"
        if len(sites) > 1
        else first.details.site or NO_SITE,
        about=about,
        question=spec.question,
        help=" ".join(part for part in (spec.help, *(hints if fact == "item.producer" else ())) if part),
        who=spec.who,
        type=spec.type,
        values=spec.values,
        asked_by=citations,
        decides=decides,
        findings=tuple(one.id for one in findings),
        entities=tuple(dict.fromkeys(one.entity for one in findings)),
    )


_KINDS = ("company", "site", "things", "finding")
_ORDER = {name: place for place, name in enumerate(FACTS)}


def _rank(item: Question) -> tuple[Any, ...]:
    kind = item.applies_to.partition(":")[0]
    # what decides for the company comes first, since it may make other questions idle; what only helps it, last
    phase = 1 if kind != "company" else 0 if item.decides else 2
    return (
        phase,
        item.site.casefold() if kind != "company" else "",
        not item.decides,
        _KINDS.index(kind),
        _ORDER[item.fact],
        item.applies_to,
    )


def _first_round(questions: list[Question]) -> list[Question]:
    """Keep those of the first questions that are open: who asks, where, and what is done choose the rules themselves."""
    return [item for item in questions if item.fact in _FIRST and item.decides]
