"""Extracts of the System for Award Management that the user supplies: entities with their representations, and exclusions.

Shapes read, as GSA documents them (open.gsa.gov, entity-api and exclusions-api):

- entities as JSON: `entityData[]` with `entityRegistration` and `repsAndCerts.certifications.fARResponses[]`, each with
  `provisionId` and `listOfAnswers[]`, whose `section` names the paragraph (`52.204-26.c.1`) and `answerText` the answer;
- entities as CSV with the same names as columns (a CSV of this kind carries no representations);
- exclusions as JSON: `excludedEntity[]`; as CSV with the API's names, or with the headings of the public extract.

Anything else is reported, not guessed at. Nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from proscribe.model import identifiers
from proscribe.model.errors import error
from proscribe.model.observations import ReadIssue
from proscribe.readers._grammar import grammar
from proscribe.readers.base import Options, Source
from proscribe.readers.issues import issue
from proscribe.readers.opening import open_source
from proscribe.readers.sources import sha256_of

_GRAMMAR = grammar("sam.yml")
_RE = _GRAMMAR.patterns

#: A JSON extract is held in memory as a whole; ask SAM for fewer entities at a time.
MAX_JSON_BYTES = 128 * 1024 * 1024
_MAX_ISSUES = 200
# Both spellings are met: the documents write `fARResponses`, other readers of the same service note `farResponses`.
_FAR = ("fARResponses", "farResponses")
_EXTRACT_HEADINGS = _GRAMMAR.maps["extract_headings"]
_API_HEADINGS = _GRAMMAR.words["api_headings"]


@dataclass(frozen=True, slots=True)
class SamAnswer:
    """One answer of an entity to a paragraph of a provision.

    Attributes:
        provision: number, such as `52.204-26`.
        citation: paragraph as it is cited, such as `52.204-26(c)(1)`.
        says: the text of the answer, such as `Yes`.
        question: the question as the extract writes it, if it does.
        place: JSON pointer.
    """

    provision: str
    citation: str
    says: str
    question: str
    place: str


@dataclass(frozen=True, slots=True)
class SamEntity:
    """What an extract says about one registered entity.

    Attributes:
        uei, cage: validated, or empty.
        name, other_name: of the law, and that under which it does business.
        excluded: the flag as it stands: `Y`, `D`, `N`, or empty.
        has_answers: whether the extract holds any representations of the entity at all.
        place: JSON pointer, or row.
    """

    uei: str
    cage: str
    name: str
    other_name: str
    status: str
    expires_on: date | None
    excluded: str
    has_answers: bool
    answers: tuple[SamAnswer, ...]
    place: str


@dataclass(frozen=True, slots=True)
class SamExclusion:
    """One exclusion.

    Attributes:
        active_from, ends_on: days; `ends_on` is None when it is indefinite or not given, and `ends` keeps the words.
        record: status of the record as it stands, such as `Active`.
        comments: the record's own words on its scope.
    """

    uei: str
    cage: str
    name: str
    kind: str
    type: str
    program: str
    agency: str
    active_from: date | None
    ends_on: date | None
    ends: str
    record: str
    comments: str
    place: str

    def in_force(self, day: date) -> bool:
        """Tell whether the record says that it holds on a day; what it does not say counts as holding."""
        if self.record and self.record.casefold() != "active":
            return False
        if self.active_from is not None and day < self.active_from:
            return False
        return self.ends_on is None or day <= self.ends_on


@dataclass(frozen=True, slots=True)
class SamExtract:
    """One extract.

    Attributes:
        kind: `entities` or `exclusions`; empty when nothing could be taken.
        unread: columns or fields at the top that are not read.
    """

    name: str
    sha256: str
    kind: str
    entities: tuple[SamEntity, ...] = ()
    exclusions: tuple[SamExclusion, ...] = ()
    issues: tuple[ReadIssue, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Log:
    issues: list[ReadIssue] = field(default_factory=list)
    more: int = 0

    def add(self, name: str, at: str, **values: Any) -> None:
        if len(self.issues) < _MAX_ISSUES:
            self.issues.append(issue(name, at, **values))
        else:
            self.more += 1

    def all(self) -> tuple[ReadIssue, ...]:
        if self.more:
            self.issues.append(issue("E187.more_these_not_listed", "the rest of the file", more=self.more))
        return tuple(self.issues)


def read_sam(path: Path, name: str = "") -> SamExtract:
    """Read an extract.

    Args:
        path: the file.
        name: how it is shown; the path by default.

    Raises:
        InputError: E101 or E102 when the file cannot be read at all. What is wrong inside is in `issues`.
    """
    shown = name or str(path)
    try:
        size = path.stat().st_size
        sha256 = sha256_of(path)
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as problem:
        code = "E101.extract" if isinstance(problem, FileNotFoundError) else "E102.extract"
        raise error(code, at=shown, why=problem.strerror or problem) from None
    log = _Log()
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _of_json(path, shown, size, sha256, log)
    return _of_table(path, shown, size, sha256, log)


# JSON


def _of_json(path: Path, name: str, size: int, sha256: str, log: _Log) -> SamExtract:
    if size > MAX_JSON_BYTES:
        log.add("E189.extract_has_bytes_most", "byte 0", size=size, max_json_bytes=MAX_JSON_BYTES)
        return SamExtract(name, sha256, "", issues=log.all())
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        log.add("E189.extract_no_json", "byte 0", str=str(error)[:200])
        return SamExtract(name, sha256, "", issues=log.all())
    for key, kind in (("entityData", "entities"), ("excludedEntity", "exclusions")):
        records = value.get(key) if isinstance(value, dict) else None
        if not isinstance(records, list):
            continue
        unread = tuple(sorted(str(one)[:80] for one in set(value) - {key, "totalRecords", "links"}))
        total = value.get("totalRecords")
        if isinstance(total, int) and not isinstance(total, bool) and total > len(records):
            log.add("E187.sam_says_there_records", "/totalRecords", total=total, count=len(records))
        if kind == "entities":
            entities = tuple(_entities(records, log))
            return SamExtract(name, sha256, kind, entities, issues=log.all(), unread=unread)
        exclusions = tuple(_exclusions(records, log))
        return SamExtract(name, sha256, kind, exclusions=exclusions, issues=log.all(), unread=unread)
    log.add("E186.neither_entitydata_nor_excludedentity", "/")
    return SamExtract(name, sha256, "", issues=log.all())


def _part(value: Any, key: str, place: str, log: _Log) -> Mapping[str, Any]:
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        log.add("E187.not_object", f"{place}/{key}", key=key, named=type(found).__name__)
        return {}
    return found


def _word(value: Mapping[str, Any], key: str, place: str, log: _Log) -> str:
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        log.add("E187.not_text", f"{place}/{key}", key=key, named=type(found).__name__)
        return ""
    text = found.strip()
    return "" if text.casefold() in ("null", "n/a") else text[:4_000]


def _code(parse: Callable[[str], str], text: str, place: str, what: str, log: _Log) -> str:
    if not text:
        return ""
    try:
        return parse(text)
    except ValueError as problem:
        log.add("E188.said", place, said=what, problem=problem)
        return ""


def _day(text: str, place: str, log: _Log) -> date | None:
    if not text or text.casefold().startswith("indefinite"):
        return None
    found = _RE["date"].fullmatch(text)
    try:
        if found is not None:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        return date.fromisoformat(text[:10])
    except ValueError:
        log.add("E187.not_day", place, text=text[:40])
        return None


def _entities(records: Sequence[Any], log: _Log) -> Iterator[SamEntity]:
    for number, record in enumerate(records):
        place = f"/entityData/{number}"
        if not isinstance(record, dict):
            log.add("E187.record_not_object", place, named=type(record).__name__)
            continue
        about = _part(record, "entityRegistration", place, log)
        at = f"{place}/entityRegistration"
        if not about:
            log.add("E187.record_has_no_entityregistration", place)
            continue
        reps = _part(record, "repsAndCerts", place, log)
        yield SamEntity(
            _code(identifiers.uei, _word(about, "ueiSAM", at, log), f"{at}/ueiSAM", "UEI", log),
            _code(identifiers.cage, _word(about, "cageCode", at, log), f"{at}/cageCode", "CAGE code", log),
            _word(about, "legalBusinessName", at, log),
            _word(about, "dbaName", at, log),
            _word(about, "registrationStatus", at, log),
            _day(
                _word(about, "registrationExpirationDate", at, log), f"{at}/registrationExpirationDate", log
            ),
            _word(about, "exclusionStatusFlag", at, log),
            bool(reps),
            tuple(_far_answers(reps, f"{place}/repsAndCerts", log)),
            place,
        )


def _far_answers(reps: Mapping[str, Any], place: str, log: _Log) -> Iterator[SamAnswer]:
    certifications = _part(reps, "certifications", place, log)
    seen: dict[str, str] = {}
    for key in _FAR:
        responses = certifications.get(key)
        if responses is None:
            continue
        at = f"{place}/certifications/{key}"
        if not isinstance(responses, list):
            log.add("E187.not_list", at, key=key, named=type(responses).__name__)
            continue
        for number, response in enumerate(responses):
            for answer in _answers(response, f"{at}/{number}", log):
                if seen.setdefault(answer.citation, answer.says) != answer.says:
                    log.add(
                        "E187.answered_one_record",
                        answer.place,
                        citation=answer.citation,
                        seen=seen[answer.citation],
                        says=answer.says,
                    )
                yield answer


def _answers(response: Any, place: str, log: _Log) -> Iterator[SamAnswer]:
    if not isinstance(response, dict):
        log.add("E187.response_not_object", place, named=type(response).__name__)
        return
    named = _RE["provision"].fullmatch(_word(response, "provisionId", place, log))
    answers = response.get("listOfAnswers")
    if answers is None:
        return
    if not isinstance(answers, list):
        log.add("E187.listofanswers_not_list", f"{place}/listOfAnswers", named=type(answers).__name__)
        return
    for number, answer in enumerate(answers):
        at = f"{place}/listOfAnswers/{number}"
        if not isinstance(answer, dict):
            log.add("E187.answer_not_object", at, named=type(answer).__name__)
            continue
        section = _RE["section"].fullmatch(_word(answer, "section", at, log))
        says = _word(answer, "answerText", at, log)
        if section is None or not says:
            continue  # answers of other provisions that name people, products or owners instead
        if named is not None and named["number"] != section["provision"]:
            log.add("E187.section_stands_under_provision", at, group=section.group(), named=named["number"])
            continue
        paragraphs = "".join(f"({one})" for one in section["paragraphs"].split(".") if one)
        yield SamAnswer(
            section["provision"],
            section["provision"] + paragraphs,
            says[:200],
            _word(answer, "questionText", at, log)[:1_000],
            at,
        )


def _exclusions(records: Sequence[Any], log: _Log) -> Iterator[SamExclusion]:
    for number, record in enumerate(records):
        place = f"/excludedEntity/{number}"
        if not isinstance(record, dict):
            log.add("E187.record_not_object", place, named=type(record).__name__)
            continue
        flat: dict[str, Any] = {}
        for part in ("exclusionDetails", "exclusionIdentification", "exclusionOtherInformation"):
            flat.update(_part(record, part, place, log))
        actions = _part(record, "exclusionActions", place, log).get("listOfActions")
        if actions is not None and not isinstance(actions, list):
            log.add("E187.listofactions_not_list", f"{place}/exclusionActions/listOfActions")
            actions = None
        # Each action is a period of its own; a record without any still says that there is an exclusion.
        for action in actions or [{}]:
            if not isinstance(action, dict):
                log.add("E187.action_not_object", f"{place}/exclusionActions/listOfActions")
                continue
            yield _exclusion({**flat, **action}, place, log)


def _exclusion(value: Mapping[str, Any], place: str, log: _Log) -> SamExclusion:
    def word(key: str) -> str:
        return _word(value, key, place, log)

    person = " ".join(filter(None, (word("firstName"), word("middleName"), word("lastName"))))
    ends = word("terminationDate")
    return SamExclusion(
        _code(identifiers.uei, word("ueiSAM"), f"{place}, UEI", "UEI", log),
        _code(identifiers.cage, word("cageCode"), f"{place}, CAGE", "CAGE code", log),
        word("entityName") or word("name") or person,
        word("classificationType"),
        word("exclusionType"),
        word("exclusionProgram"),
        word("excludingAgencyName") or word("excludingAgencyCode"),
        _day(word("activateDate"), f"{place}, activateDate", log),
        _day(ends, f"{place}, terminationDate", log),
        ends,
        word("recordStatus"),
        word("additionalComments")[:2_000],
        place,
    )


# Tables


def _of_table(path: Path, name: str, size: int, sha256: str, log: _Log) -> SamExtract:
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"BOF "):
        log.add("E186.extract_without_column_names", "line 1")
        return SamExtract(name, sha256, "", issues=log.all())
    reading = open_source(Source(name, path, size), Options())
    row_of = getattr(reading, "source_row", None)  # not every format has rows
    rows: list[tuple[str, dict[str, str]]] = []
    unread: list[str] = []
    kinds: set[str] = set()
    for batch in reading.batches():
        table = reading.tables[batch.table]
        columns = {header: _api_name(header) for header in table.header}
        known = {api for api in columns.values() if api}
        kind = _kind(known)
        if not kind:
            continue
        kinds.add(kind)
        unread = [header for header, api in columns.items() if not api]
        for offset, row in enumerate(batch.rows.to_pylist()):
            number = batch.first_record + offset
            place = f"row {row_of(batch.table, number) if row_of is not None else number}"
            rows.append((place, {columns[key]: cell or "" for key, cell in row.items() if columns.get(key)}))
    found = [one for one in reading.issues if one.lossy]
    if len(kinds) != 1:
        log.add("E186.columns_neither_those_entities", "line 1")
        return SamExtract(name, sha256, "", issues=(*found, *log.all()))
    (kind,) = kinds
    if kind == "exclusions":
        exclusions = tuple(_exclusion(row, place, log) for place, row in rows)
        return SamExtract(
            name, sha256, kind, exclusions=exclusions, issues=(*found, *log.all()), unread=tuple(unread)
        )
    entities = tuple(
        SamEntity(
            _code(identifiers.uei, _word(row, "ueiSAM", place, log), f"{place}, UEI", "UEI", log),
            _code(identifiers.cage, _word(row, "cageCode", place, log), f"{place}, CAGE", "CAGE code", log),
            _word(row, "legalBusinessName", place, log),
            _word(row, "dbaName", place, log),
            _word(row, "registrationStatus", place, log),
            _day(_word(row, "registrationExpirationDate", place, log), place, log),
            _word(row, "exclusionStatusFlag", place, log),
            False,
            (),
            place,
        )
        for place, row in rows
    )
    return SamExtract(name, sha256, kind, entities, issues=(*found, *log.all()), unread=tuple(unread))


def _api_name(header: str) -> str:
    clean = header.strip()
    if clean in _API_HEADINGS:
        return clean
    return _EXTRACT_HEADINGS.get(re.sub(r"[^a-z]", "", clean.casefold()), "")


def _kind(known: set[str]) -> str:
    if {"exclusionProgram", "exclusionType"} & known and "entityName" in known:
        return "exclusions"
    if {"ueiSAM", "legalBusinessName"} <= known:
        return "entities"
    return ""
