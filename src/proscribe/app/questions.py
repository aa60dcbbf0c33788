"""What still has to be asked about a scan: once for the company, once a site, once for things of a kind, or of one thing.

An answer is asked for where a person can give it: what a site is for is asked of the site, what a thing is, of the thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proscribe.app.facts_file import NO_SITE, things_shown
from proscribe.app.scan_decide import Ready, own_facts, place_of, records_of
from proscribe.model.errors import InputError
from proscribe.model.findings import Band, Details, Finding, Ignore, Locator, Role
from proscribe.model.periods import parse_day
from proscribe.model.results import KnowledgeStamp, Scan, ScannedInput, StatedFact
from proscribe.reports.questions import Question, Questionnaire
from proscribe.reports.scan import labels
from proscribe.reports.scan.determinations import DecisionValues
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


@dataclass(frozen=True, slots=True)
class ScanFile:
    """The JSON of a scan, as far as questions need it.

    Attributes:
        scan: without evidence.
        raw: its findings as they stand in the file, by id.
        stated: what was stated when it was decided.
    """

    scan: Scan
    raw: Mapping[str, dict[str, Any]]
    stated: tuple[StatedFact, ...]


def read_scan(path: Path) -> ScanFile:
    """Read the JSON of a scan.

    Raises:
        InputError: E157 when it is not the JSON of a scan.
    """
    try:
        value = json.loads(path.read_text("utf-8"))
        if not str(value["schema"]).startswith("proscribe.scan/"):
            raise ValueError("its schema is " + str(value["schema"])[:60])
        findings = tuple(_finding(item) for item in value["findings"])
        inputs = tuple(
            ScannedInput(int(item["index"]), str(item["path"]), "", "", int(item["records"]), (), (), {})
            for item in value["inputs"]
        )
        scan = Scan(
            str(value["proscribe"]),
            str(parse_day(value["as_of"])),
            str(parse_day(value["known_as_of"])),
            KnowledgeStamp(str(value["knowledge"]["version"]), str(value["knowledge"]["sha256"])),
            inputs,
            findings,
            (),
            (),
            entity_names={str(key): str(name) for key, name in value.get("entity_names", {}).items()},
        )
        for item in value["findings"]:  # what is asked of each later must be there
            _asking(item)
            _found(item)
        stated = _stated(value)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "E157",
            f"{path} is not the JSON of a scan: {error or type(error).__name__}",
            expected="a file of `proscribe scan ... -o json=scan.json`",
            next_step="Write one, with --decide FACTS.yml when you have facts.",
        ) from None
    return ScanFile(scan, {str(item["id"]): item for item in value["findings"]}, stated)


def _stated(value: Mapping[str, Any]) -> tuple[StatedFact, ...]:
    decided = value.get("decided") or {}
    found = [
        StatedFact(str(item["fact"]), str(item["value"]), str(item["applies_to"]))
        for item in decided.get("stated", [])
    ]
    regimes = tuple(map(str, decided.get("regimes", [])))
    return (*_asked(str(decided.get("as_of") or value["as_of"]), str(value["as_of"]), regimes), *found)


def _asked(as_of: str, scanned: str, regimes: Sequence[str]) -> list[StatedFact]:
    """Say which day and regimes were asked, where that is not what is asked by itself."""
    found = [StatedFact("as_of", as_of, "company")] if as_of != scanned else []
    return [*found, *([StatedFact("regimes", "; ".join(regimes), "company")] if regimes else [])]


def decided_anew(file: ScanFile, paths: Sequence[str | Path], knowledge: Sequence[str | Path]) -> ScanFile:
    """Put a scan that was read from a file to the law, on the facts of some files, perhaps none.

    Raises:
        CaseError: see `read_stated`.
    """
    ready = Ready.of(paths, knowledge=knowledge, known_as_of=file.scan.known_as_of)
    decided = ready.decide(file.scan).decided
    assert decided is not None
    values = DecisionValues(decided)
    return ScanFile(
        file.scan,
        {finding.id: {**file.raw[finding.id], **values.of(finding)} for finding in file.scan.findings},
        (*_asked(decided.as_of, file.scan.as_of, decided.regimes), *decided.stated),
    )


def _finding(item: Mapping[str, Any]) -> Finding:
    place = item["locator"]
    ignored = item.get("ignored")
    return Finding(
        id=str(item["id"]),
        input=int(item["input"]),
        locator=Locator(int(place["row"]), place["sheet"], place["pointer"]),
        record_id=item["record_id"],
        entity=str(item["entity"]),
        covered_through=tuple(map(str, item["covered_through"])),
        role=Role(item["role"]),
        band=Band(item["band"]),
        basis=str(item["basis"]),
        lists=tuple(map(str, item["lists"])),
        evidence=(),
        questions=tuple(map(str, item["questions"])),
        ignored=Ignore("", "", "") if ignored is not None else None,
        details=Details(site=(item.get("details") or {}).get("site")),
        brand=item.get("brand"),
        category=item.get("category"),
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a finding waits for: facts that decide, facts that could help, and who asks for each."""

    deciding: Mapping[str, tuple[str, ...]]
    helping: Mapping[str, tuple[str, ...]]


def questionnaire(file: ScanFile) -> Questionnaire:
    """Gather the questions that still matter.

    Args:
        file: a scan whose findings have `determinations`. What is stated goes into the questionnaire, so that it can be
            fed back alone.

    Returns:
        Questions in the order in which people can answer: for the company first, then site by site.
    """
    scan, raw = file.scan, file.raw
    waiting: dict[tuple[str, str], list[Finding]] = {}
    asked_by: dict[tuple[str, str], dict[str, None]] = {}
    decides: set[tuple[str, str]] = set()
    readings: dict[str, dict[str, None]] = {}
    records = records_of(scan.findings)
    for finding in scan.findings:
        if finding.ignored is not None:
            continue
        asking = _asking(raw[finding.id])
        shut = own_facts(finding, records[place_of(finding)]).shut
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
            tuple(asked_by[applies, fact]),
            decides=(applies, fact) in decides,
            thing=_thing(scan, findings[0], raw[findings[0].id]),
        )
        for (applies, fact), findings in waiting.items()
    ]
    questions.sort(key=_rank)
    first = _first_round(questions)
    asked_now = first or questions
    return Questionnaire(
        scan.as_of,
        tuple(asked_now),
        len(questions) - len(asked_now),
        tuple((READINGS[name], name, len(ids)) for name, ids in sorted(readings.items())),
        file.stated,
    )


def _asking(item: Mapping[str, Any]) -> _Asking:
    deciding: dict[str, tuple[str, ...]] = {}
    helping: dict[str, tuple[str, ...]] = {}

    def put(into: dict[str, tuple[str, ...]], names: Iterable[str], citations: Sequence[str]) -> None:
        for name in names:
            into[name] = tuple(dict.fromkeys((*into.get(name, ()), *citations)))

    for one in item.get("determinations") or []:
        cites = tuple(map(str, one["citations"][:1])) or (str(one["regime"]),)
        if one["outcome"] == "undetermined":
            put(deciding, one["missing"], cites)
        elif one["outcome"] == "prohibited":
            put(helping, [*one["missing"], *one["open_exceptions"]], cites)
        if one["outcome"] in ("prohibited", "approval_required", "permitted_until"):
            for duty in one["possible_obligations"]:
                put(helping, duty["missing"], (str(duty["citation"]),))
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


def _thing(scan: Scan, finding: Finding, raw: Mapping[str, Any]) -> str:
    """Say which thing a finding is about: where it stands, its own id, and the strongest texts that were found."""
    found = _found(raw)
    words = labels.place(scan, finding) + (f", id {finding.record_id}" if finding.record_id else "")
    return words + (": " + ", ".join(found) if found else "")


def _found(raw: Mapping[str, Any]) -> list[str]:
    ranked = sorted(raw["evidence"], key=lambda one: -int(one["weight_mbit"]))
    return list(dict.fromkeys(str(one["found"])[:60] for one in ranked))[:2]


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
        "finding": thing,
    }[kind]
    hints = dict.fromkeys(text for one in findings for text in one.questions)
    return Question(
        fact=fact,
        applies_to=applies,
        site="" if kind == "company" else first.details.site or NO_SITE,
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
