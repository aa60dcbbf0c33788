"""What people state about a company, its sites and its things: FACTS.yml, and a questionnaire that was filled in.

A statement applies to one scope: `company`, `category:KIND`, `entity:ID`, `list:FILE`, `supplier:NAME`, `site:NAME`,
`fund:NAME`, `things:ENTITY/KIND@SITE`, `finding:ID`, `award:NUMBER`, `country:CODE` or, for a reading of what cameras are for,
`place:USE`; a questionnaire names several sites, things or findings with semicolons. Statements that contradict each other are
an error: were one to win, taking it away could clear a thing. A reading alone gives way to all that is stated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from proscribe.app.kb.firms import NO_FIRMS, Firms
from proscribe.app.kb.plain_words import country, in_one_word, plain, purpose_parts, state
from proscribe.app.rules.returned_rows import ReturnedRow, ReturnedSheet, doubt_in, notes_at_cells
from proscribe.app.rules.scopes import (
    ASKED_AGAIN,
    AWARD,
    COUNTRY,
    DOUBTED,
    FUND,
    NEXT_SCOPE,
    OF_USE,
    PLACE,
    PLACED,
    POSITIONS,
    SECTIONS,
    SITE,
    NoScope,
    Scope,
    fact_of,
    may_differ,
    misplaced,
    scope_of,
)
from proscribe.app.rules.written_file import Faults, WrittenFile, code_of, no_regime, parse_document
from proscribe.kb.strictyaml import notes_of
from proscribe.kb.written_days import TwoMeanings, written_day
from proscribe.model.casework import Case
from proscribe.model.config import Config, read_config
from proscribe.model.errors import ProscribeError, error
from proscribe.model.law import Law
from proscribe.model.organisations import ContractRef
from proscribe.model.periods import parse_day
from proscribe.model.results import Decided, StatedFact
from proscribe.readers import Options, Source, open_source
from proscribe.readers.workbook import rows_not_shown
from proscribe.reports.row_checks import EVERYTHING, Reach
from proscribe.rules.clauses import refuse_editions
from proscribe.rules.facts import (
    CLAUSES,
    FACTS,
    LIST_TYPES,
    PLACE_FACT,
    WrongValue,
    nearest,
    scope_words,
    shown,
    to_come,
)
from proscribe.rules.purposes import FACT as PURPOSE
from proscribe.rules.purposes import NO_PURPOSES, OpenUse, Purposes, Taken, as_said, typed_answer
from proscribe.wording.nations import nation_code

_READINGS = "readings"
_KEYS = ("facts", *SECTIONS, _READINGS, "regimes", "as_of", "title")
#: What the party is, and what it is in regard of an award that a configuration tells as a grant, loan or cooperative agreement.
ROLE, GRANTEE = "party.role", "grant_recipient"
_YAML = (".yml", ".yaml", ".json")
_TOML = ".toml"
_MOST_ROWS = 1_000_000
#: Letters of a comment that are kept.
_LONGEST_NOTE = 400
_LOOK_FOR_HEADER = 60
#: Issues with cells that were read all the same: as text that looks like a formula, or that changes its direction.
_READ_AS_TEXT = ("E117", "E121")

#: Columns that carry an answer back.
ANSWER_COLUMNS = ("Answer", "Fact", "Applies to")
_QUESTION = "Question"
#: How answers are told that stand where nobody sees them, or beside another question; so many are named.
_APART = {
    "unseen": "answers stand in rows that the workbook does not show",
    "asked": "answers stand beside questions in other words than those of this program",
}
_SHOWN, _SHOWN_SCOPE = 3, 80
_UNKNOWN = ("?", "unknown", "not known", "n/a")
_EMPTY_LISTS = ("[]", "nothing", "nobody", "no one")


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact that was stated.

    Attributes:
        value: typed, as the engine takes it.
        at: file:line:column, or file, sheet, row and column.
        note: the comment that its author wrote behind it; empty where none stands there.
        reach: the things of which it was asked; `None` of what was counted for a scan before.
    """

    scope: Scope
    fact: str
    value: Any
    at: str
    note: str = field(default="", compare=False)
    reach: Reach | None = field(default=EVERYTHING, compare=False)


@dataclass(frozen=True, slots=True)
class Stated:
    """Everything that was stated.

    Attributes:
        regimes: ids to ask; empty = every one that could bind.
        as_of: the day to ask; `None` = the scan's.
        notes: readings that were taken, and uses of which none was.
        not_known: fact and scope of what people were asked and could not say. It decides nothing; it is not asked again.
    """

    statements: tuple[Statement, ...] = ()
    regimes: tuple[str, ...] = ()
    as_of: date | None = None
    not_known: tuple[tuple[str, Scope], ...] = ()
    notes: tuple[str, ...] = ()


def read_stated(
    paths: Iterable[str | Path | Source],
    law: Law,
    firms: Firms,
    purposes: Purposes = NO_PURPOSES,
    *,
    beside: Iterable[Stated] = (),
) -> Stated:
    """Read files of facts and filled-in questionnaires and join them.

    Args:
        paths: `.yml`, `.yaml` or `.json` is a file of facts, `.toml` the configuration, over which all others prevail; any other
            file is read as a questionnaire. A `Source` is read from its path, and called by its name in what is said of it.
        law: names the regimes that can be asked.
        firms: those that the knowledge holds; a fact may name one as people write it.
        purposes: what cameras are for, as people say it; an answer may name a reading.
        beside: what was read already.

    Raises:
        CaseError: E401 unknown fact, E402 wrong value, E403 unknown regime, E404 bad date, E405 contradiction, E406
            another shape, E407 to E410 not strict YAML, E411 unreadable, E412 no questionnaire; exit code 2.
    """
    parts = list(beside)
    beneath: list[Statement] = []
    for given in paths:
        path, name = (given.path, given.display) if isinstance(given, Source) else (Path(given), str(given))
        if path.suffix.lower() == _TOML:
            beneath += company_of(read_config(_bytes(path), name), name, purposes, firms, law)
        elif path.suffix.lower() in _YAML:
            parts.append(facts_of(_bytes(path), name, law, firms, purposes))
        else:
            parts.append(read_answers(path, law, firms, purposes, name=name))
    return _with_company(_united(parts), beneath)


def _with_company(stated: Stated, beneath: Iterable[Statement]) -> Stated:
    """Add what a configuration says of the company where nothing is stated, and nothing is said to be unknown, of that fact.

    Its readings are added where no other is taken of the same kind of site, its funds, awards, countries and sites where nothing
    is stated of that one.
    """

    def key(item: Statement) -> Any:
        if item.scope.kind in (PLACE, FUND, *POSITIONS) or item.fact == PLACE_FACT:
            return item.scope.kind, item.scope.name, item.fact
        return item.fact

    said: set[Any] = {key(item) for item in stated.statements}
    said |= {
        fact if scope.kind not in POSITIONS else (scope.kind, scope.name, fact)
        for fact, scope in stated.not_known
    }
    said |= {item.fact for item in stated.statements if item.scope.kind == FUND}
    more = {key(item): item for item in beneath if key(item) not in said}
    return replace(stated, statements=(*stated.statements, *more.values()))


def company_of(
    config: Config,
    name: str,
    purposes: Purposes = NO_PURPOSES,
    firms: Firms = NO_FIRMS,
    law: Law | None = None,
) -> Iterator[Statement]:
    """Give what its configuration states of the company: `[readings]`, `[facts]`, its contracts, its country, `[funds]`,
    `[awards]`, `[countries]` and `[site_countries]`.

    Args:
        law: tells which editions clauses have; without it, any will do.

    Raises:
        CaseError: E401 unknown fact, E402 wrong value, E404 bad date, E406 a fact that is of one thing, E429 an edition that a
            clause never had.
    """
    told: dict[str, Any] = dict(_flat(config.facts))
    awards = {one: dict(_flat(facts)) for one, facts in config.awards.items()}
    contract = config.contract()
    if contract is not None and not awards and not contract.award:
        for fact, value in _of_contract(contract).items():
            told.setdefault(fact, value)
    else:
        # each of several answers for itself; so does a grant beside what the company is stated to be
        for one in config.contracts:
            if number := one.number or one.award or one.solicitation:
                awards[number] = {**_of_contract(one), **awards.get(number, {})}
    told.setdefault(PLACE_FACT, config.options.jurisdiction or None)
    for use, reading in config.readings.items():
        at = f"{name}: {_READINGS}.{use}"
        try:
            yield _reading(use, reading, at, purposes)
        except WrongValue as problem:
            raise _error("E402", problem.what, at, problem.expected, problem.near) from None
    stated = [(Scope("company"), fact, value, f"{name}: {fact}") for fact, value in told.items()]
    of_sites = {
        site: {PLACE_FACT: nation_code(place) or place} for site, place in config.site_countries.items()
    }
    for kind, section, told_of in (
        (FUND, "funds", config.funds), (AWARD, "awards", awards), (COUNTRY, "countries", config.countries),
        ("site", "site_countries", of_sites),
    ):  # fmt: skip
        for called, facts in told_of.items():
            scope = scope_of(kind, called, firms)
            if isinstance(scope, NoScope):
                raise _error("E406", scope.what, f"{name}: {section}.{called}", scope.expected, scope.near)
            for fact, value in _flat(facts):
                stated.append((scope, fact_of(scope, fact), value, f"{name}: {section}.{called}.{fact}"))
    for scope, fact, value, at in stated:
        wrong = misplaced(fact, scope)
        if wrong is not None:
            raise _error(wrong[0], wrong[1], at, *wrong[2:])
        if value is None:
            continue
        try:
            yield Statement(scope, fact, _taken(fact, value, purposes, firms, law), at)
        except WrongValue as problem:
            raise _error(code_of(fact, problem), problem.what, at, problem.expected, problem.near) from None


def _of_contract(contract: ContractRef) -> dict[str, Any]:
    """Give what the configuration tells of a contract, as facts; `None` where it does not say. A grant is told by its number."""
    day = contract.awarded_on
    return {
        "contract.agency": contract.agency or None,
        "contract.clauses": list(contract.clauses) or None,
        "contract.awarded_on": None if day is None else day.isoformat(),
        "contract.is_idiq": contract.is_idiq,
        ROLE: GRANTEE if contract.award and not contract.number else None,
    }


def _taken(fact: str, value: Any, purposes: Purposes, firms: Firms, law: Law | None) -> Any:
    """Read what is stated as the value of a fact.

    Raises:
        WrongValue: when it is none; also an edition that a clause never had, where the law is given.
    """
    read = firms.stated(fact, typed_answer(fact, value, purposes))
    if fact == CLAUSES and law is not None:
        refuse_editions(read, law)
    return read


def _reading(use: str, reading: Any, at: str, purposes: Purposes) -> Statement:
    """Take a reading for every site of a kind, by its name.

    Raises:
        WrongValue: when there is no such reading.
    """
    value = typed_answer(PURPOSE, f"{use}/{reading}", purposes)
    return Statement(Scope(PLACE, use, use), PURPOSE, value, at)


def _flat(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give names and values; TOML reads `party.role` without quotes as a table in a table."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{rest}", one) for rest, one in value.items())
        else:
            yield name, value


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise _unreadable(path, problem) from None


def _unreadable(path: Path, problem: OSError) -> ProscribeError:
    return error("E411.facts", at=path, strerror=problem.strerror or problem)


def _united(parts: list[Stated]) -> Stated:
    faults = _faults()
    regimes: tuple[str, ...] = ()
    as_of: date | None = None
    for part in parts:
        if part.regimes and regimes and set(part.regimes) != set(regimes):
            faults.say("E405", "the files name different regimes", "regimes", "the same regimes, or one list")
        if part.as_of and as_of and part.as_of != as_of:
            faults.say("E405", "the files name different days", "as_of", "one day")
        regimes, as_of = regimes or part.regimes, as_of or part.as_of
    statements = _checked([item for part in parts for item in part.statements], faults)
    faults.refuse()
    said = {(item.fact, item.scope.kind, item.scope.name) for item in statements}
    open_ = {
        (fact, scope.kind, scope.name): (fact, scope) for part in parts for fact, scope in part.not_known
    }
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    return Stated(
        statements, regimes, as_of, tuple(one for key, one in open_.items() if key not in said), tuple(notes)
    )


def _checked(statements: Iterable[Statement], faults: Faults) -> tuple[Statement, ...]:
    """Keep each statement once; complain of those that contradict another of the same scope or of the company."""
    kept: dict[tuple[str, str, str], Statement] = {}
    for item in statements:
        before = kept.setdefault((item.scope.kind, item.scope.name, item.fact), item)
        if before.value != item.value:
            faults.found.append(contradiction(before, item))
    for item in kept.values():
        general = kept.get(("company", "", item.fact))
        # Whether what is said of the use of many things reaches a thing at all hangs on the list that it stands in: where both
        # meet, `scan_decide` refuses them.
        met = item.scope.kind == PLACE or (item.scope.kind == "finding" and item.fact in OF_USE)
        met = met or item.scope.kind in POSITIONS
        # What is done is said of a list beside the whole: a firm uses some things and sells others; a sister firm uses some.
        met = met or (
            general is not None and may_differ(item.fact, item.scope.kind, "company", general.value)
        )
        # what stands somewhere else is asked about under the law of that country, too
        met = met or (item.fact == PLACE_FACT and item.scope.kind in PLACED)
        if general is not None and not met and general.value != item.value:
            faults.found.append(contradiction(general, item))
    for kind, name in dict.fromkeys((item.scope.kind, item.scope.name) for item in kept.values()):
        here = {
            item.fact: item for item in kept.values() if (item.scope.kind, item.scope.name) == (kind, name)
        }
        places = {fact: item.at for fact, item in here.items()}
        faults.contradictions({fact: item.value for fact, item in here.items()}, places.__getitem__)
    return tuple(kept.values())


def refuse_to_come(stated: Stated, as_of: date | None = None) -> None:
    """Refuse statements about what has happened that lie ahead of the clock, and of the day on which the law is asked.

    Raises:
        CaseError: E440, with the place of the statement.
    """
    now = datetime.now(UTC)
    for item in stated.statements:
        if to_come({item.fact: item.value}, now, as_of) is not None:
            raise error("E440.stated_ahead", at=item.at, name=item.fact, value=shown(item.value))


def contradiction(one: Statement, other: Statement) -> ProscribeError:
    """Complain of two statements that both apply to a thing and differ."""
    return error(
        "E405.file",
        at=other.at,
        fact=other.fact,
        second=shown(other.value),
        scope=other.scope,
        first=shown(one.value),
        first_scope=one.scope,
        place=one.at,
    )


_faults = partial(Faults, "Correct the file of facts.")
_error = _faults().one


# FACTS.yml


def facts_of(
    data: bytes | str, name: str, law: Law, firms: Firms, purposes: Purposes = NO_PURPOSES
) -> Stated:
    """Read a file of facts from bytes; see `read_stated`."""
    file = WrittenFile(parse_document(data, name), _faults(), law, firms, purposes)
    return _FactsFile(file, notes_of(data)).read()


def stated_again(told: Decided, law: Law, firms: Firms, purposes: Purposes = NO_PURPOSES) -> Stated:
    """Give what was stated for a scan that was decided, as the scan tells it.

    Raises:
        CaseError: E406 when it is nothing that could have been stated.
    """
    made = []
    for one in told.stated:
        scope = _scope_again(one, firms)
        try:
            value = firms.meant(one.fact, typed_answer(one.fact, meant(one.fact, one.value), purposes))
        except WrongValue as wrong:
            raise error("E406.stated", at=one.applies_to[:80], fact=f"{one.fact} ({wrong.what})") from None
        made.append(Statement(scope, one.fact, value, "the scan", one.note, None))
    not_known = tuple(
        (one.fact, replace(_scope_again(one, firms), open=one.note if one.note in ASKED_AGAIN else ""))
        for one in told.not_known
    )
    return Stated(tuple(made), told.regimes, parse_day(told.as_of), not_known)


def _scope_again(one: StatedFact, firms: Firms) -> Scope:
    """Give the scope of what a scan says was stated.

    Raises:
        CaseError: E406 when it is of nothing that could have been stated.
    """
    kind, _, name = one.applies_to.partition(":")
    scope = Scope(kind) if kind == "company" else scope_of(kind, name, firms)
    if isinstance(scope, NoScope) or one.fact not in FACTS:
        raise error("E406.stated", at=one.applies_to[:80], fact=one.fact[:80])
    return scope


def carried_over(stated: Stated, before: Stated, at: str, *, same_contract: bool = False) -> Stated:
    """Add what was stated for a scan where the files of facts do not speak of the same.

    The rules and the day are asked anew each time, and are not taken over; nor is a contract, unless it is the same matter.

    Args:
        same_contract: whether the files go on with the matter of the scan, so that its contract is still the one.
        stated: what the files say; it prevails, also where they say that something is not known.
        before: what the scan carries.
        at: names the scan.

    Raises:
        CaseError: E405 when what is taken over contradicts what the files say of other things, or of these.
    """
    before = without(before, [stated])

    def counts(fact: str, scope: Scope) -> bool:
        return same_contract or scope.kind == AWARD or not fact.startswith("contract.")

    # who says it of the whole company now says it also of that of which it was not known
    of_all = {item.fact for item in stated.statements if item.scope.kind == "company"}
    open_ = tuple(
        (fact, scope)
        for fact, scope in before.not_known
        if counts(fact, scope) and (fact not in of_all or scope.kind in POSITIONS)
    )
    stated = replace(stated, not_known=(*stated.not_known, *open_))
    more = [replace(item, at=at) for item in before.statements if counts(item.fact, item.scope)]
    if not more:
        return stated
    faults = _faults()
    whole = _checked([*stated.statements, *more], faults)
    faults.refuse()
    note = (
        f"{len(more)} statement{'' if len(more) == 1 else 's'} of people that the scan carries "
        f"{'is' if len(more) == 1 else 'are'} taken over ({at}); what the files of facts say of the same goes before."
    )
    return replace(stated, statements=whole, notes=(*stated.notes, note))


def without(before: Stated, others: Iterable[Stated]) -> Stated:
    """Leave out what others state of the same things, or of which they say that it is not known."""
    said = {_place(item.fact, item.scope) for one in others for item in one.statements}
    said |= {_place(fact, scope) for one in others for fact, scope in one.not_known}
    return replace(
        before,
        statements=tuple(item for item in before.statements if _place(item.fact, item.scope) not in said),
        not_known=tuple(item for item in before.not_known if _place(*item) not in said),
    )


def _place(fact: str, scope: Scope) -> tuple[str, str, str]:
    return fact, scope.kind, scope.name


def _rests_on(item: Statement, purposes: Purposes) -> Iterator[str]:
    """Say on which readings a statement rests."""
    if isinstance(item.value, Taken):
        for name in item.value.said:
            reading = purposes.reading(name)
            if reading is not None:
                yield f"{item.fact} of {item.scope} rests on the reading {name}: {reading.why} ({item.at})"


class _FactsFile:
    def __init__(self, file: WrittenFile, notes: Mapping[int, str]) -> None:
        self._file = file
        self._written = notes

    def read(self) -> Stated:
        file, raw = self._file, self._file.document.value
        if not isinstance(raw, dict):
            file.say("E406", "a file of facts is a mapping", (), ", ".join(_KEYS))
            file.faults.refuse()
        file.only(raw, _KEYS, "a file of facts")
        found = list(self._facts(Scope("company"), raw.get("facts"), ("facts",)))
        seen: dict[tuple[str, str], str] = {}
        for section, kind in SECTIONS.items():
            for name, facts in file.mapping(
                raw.get(section), (section,), f"{section}: a mapping of names to facts"
            ):
                scope = scope_of(kind, name, file.firms)
                if isinstance(scope, NoScope):
                    file.say("E406", scope.what, (section, name), scope.expected, scope.near)
                    continue
                if (kind, scope.name) in seen:
                    file.say(
                        "E408",
                        f"{name!r} and {seen[kind, scope.name]!r} are the same {kind}",
                        (section, name),
                        f"each {kind} once",
                    )
                seen[kind, scope.name] = name
                found.extend(self._facts(scope, facts, (section, name)))
        for use, reading in file.mapping(
            raw.get(_READINGS), (_READINGS,), f"{_READINGS}: a mapping of names to readings"
        ):
            try:
                at = file.at(_READINGS, use)
                found.append(_reading(use, reading, at, file.purposes))
            except WrongValue as wrong:
                file.say("E402", wrong.what, (_READINGS, use), wrong.expected, wrong.near)
        regimes = tuple(dict.fromkeys(file.regimes(raw.get("regimes"))))
        as_of = None if raw.get("as_of") is None else file.day(raw["as_of"], ("as_of",))
        statements = _checked(found, file.faults)
        file.faults.refuse()
        notes = tuple(note for item in statements for note in _rests_on(item, file.purposes))
        return Stated(statements, regimes, as_of, (), notes)

    def _facts(self, scope: Scope, raw: Any, path: tuple[str | int, ...]) -> Iterator[Statement]:
        file = self._file
        for name, value in file.mapping(raw, path, "fact names to values"):
            fact = fact_of(scope, name)
            problem = misplaced(fact, scope)
            if problem is not None:
                file.say(*problem[:2], (*path, name), *problem[2:])
            elif value is not None:  # null is stated as not known
                read = file.value(fact, value, (*path, name), file.firms.stated)
                if read is not None:
                    yield Statement(scope, fact, read, file.at(*path, name), self._note(*path, name))

    def _note(self, *path: str | int) -> str:
        """Give what stands behind a fact as a comment; words that a new file of facts brings are nobody's note."""
        note = self._written.get(self._file.document.line(*path), "")
        return "" if note in _notes_of_a_new_file() else note[:_LONGEST_NOTE]


@cache
def _notes_of_a_new_file() -> frozenset[str]:
    text = resources.files("proscribe.app.scan").joinpath("templates/facts.yml").read_text("utf-8")
    return frozenset(line.rpartition("# ")[2].strip() for line in text.splitlines())


# The questionnaire


def read_answers(
    path: Path, law: Law, firms: Firms, purposes: Purposes = NO_PURPOSES, *, name: str = ""
) -> Stated:
    """Read the answers of a questionnaire (XLSX, ODS, CSV): rows with an answer, a fact and what it applies to.

    An empty answer, and `?`, is not known. Raises as `read_stated`, with row and column.

    Args:
        name: what the questionnaire is called in what is said of it; its path by default.
    """
    name = name or str(path)
    try:
        size = path.stat().st_size
        reading = open_source(Source(name, path, size), Options())
        rows = list(_rows(reading))
    except OSError as problem:
        raise _unreadable(path, problem) from None
    lossy = [issue for issue in reading.issues if issue.lossy and issue.code not in _READ_AS_TEXT]
    if lossy and not rows:
        raise _error("E411", f"the questionnaire cannot be read: {lossy[0].what}", name, "XLSX, ODS or CSV")
    if lossy:
        raise _error(
            "E411",
            f"part of the questionnaire cannot be read: {lossy[0].what}",
            f"{name} {lossy[0].at}",
            "a whole file, so that no answer is lost",
        )
    hidden = {table.sheet or "" for table in reading.tables if table.hidden}
    returned = ReturnedSheet(name, notes_at_cells(getattr(reading, "beside", ()), path))
    return _Answers(name, law, firms, purposes, rows_not_shown(path), hidden, returned).read(rows)


def answers_of(
    answers: Iterable[tuple[str, str, str]], name: str, law: Law, firms: Firms, purposes: Purposes
) -> Stated:
    """Take answers that people gave one by one; see `read_answers`.

    Args:
        answers: fact, what it applies to, and the answer in people's words; `?` is not known.
        name: what they are called in what is said of them.
    """
    rows = [("", 1, list(ANSWER_COLUMNS))]
    rows += [("", row, [answer, fact, scope]) for row, (fact, scope, answer) in enumerate(answers, 2)]
    return _Answers(name, law, firms, purposes, {}, (), None).read(rows)


def _rows(reading: Any) -> Iterator[tuple[str, int, list[str]]]:
    """Yield sheet, row of the file and cells, the header as well."""
    count = 0
    announced: set[int] = set()
    for index, batch in _with_tables(reading):
        table = reading.tables[index]
        sheet = table.sheet or ""
        if index not in announced:
            announced.add(index)
            yield sheet, max(table.first_row - 1, 1), list(table.header)
        columns = [column.to_pylist() for column in batch.rows.columns]
        for offset in range(batch.rows.num_rows):
            count += 1
            if count > _MOST_ROWS:
                raise _error("E410", "the questionnaire has too many rows", sheet, f"at most {_MOST_ROWS:,}")
            row = reading.source_row(index, batch.first_record + offset)
            yield sheet, row, [column[offset] or "" for column in columns]


def _with_tables(reading: Any) -> Iterator[tuple[int, Any]]:
    # a reader of workbooks knows the rows of its records once all are read
    batches = list(reading.batches())
    for batch in batches:
        yield batch.table, batch


class _Answers:
    def __init__(
        self,
        name: str,
        law: Law,
        firms: Firms,
        purposes: Purposes,
        unseen: Mapping[str, frozenset[int]],
        hidden: Container[str],
        returned: ReturnedSheet | None,
    ) -> None:
        self._hidden = hidden
        self._returned = returned
        self._name = name
        self._unseen = unseen
        #: Places of answers in rows that are not shown, and of those beside a question in other words than ours.
        self._told_apart: dict[str, list[str]] = {"unseen": [], "asked": []}
        self._purposes = purposes
        self._notes: dict[str, None] = {}
        self._law = law
        self._firms = firms
        self._faults = _faults()
        self._statements: list[Statement] = []
        self._not_known: dict[tuple[str, Scope], None] = {}
        self._unsure: dict[tuple[str, Scope], str] = {}
        self._regimes: tuple[str, ...] = ()
        self._as_of: date | None = None

    def read(self, rows: list[tuple[str, int, list[str]]]) -> Stated:
        columns: dict[str, dict[str, int]] = {}
        seen: dict[str, int] = {}
        for sheet, number, cells in rows:
            if sheet not in columns:
                seen[sheet] = seen.get(sheet, 0) + 1
                found = _columns(cells)
                if found is not None:
                    columns[sheet] = found
                    self._stand_once(sheet, number, cells)
                    if self._returned is not None:
                        self._returned.begin(sheet, cells)
                elif seen[sheet] == _LOOK_FOR_HEADER:
                    columns[sheet] = {}
                continue
            place = columns[sheet]
            if place:
                told = {name: _cell(cells, at) for name, at in place.items()}
                row = None if self._returned is None else self._returned.row(sheet, number, cells)
                self._row(sheet, number, told, told.get(_QUESTION, ""), row)
        if not any(columns.values()):
            raise error("E412", at=self._name, answer_columns=", ".join(ANSWER_COLUMNS))
        for one in self._statements:
            if (one.fact, one.scope) in self._unsure:
                what = f"{one.fact} of {one.scope} is answered, and said to be not known"
                at = f"{one.at} and {self._unsure[one.fact, one.scope]}"
                self._faults.say("E405", what, at, "one answer to a question")
        statements = _checked(self._statements, self._faults)
        if self._returned is not None:
            self._faults.found[:0] = self._returned.faults()
        self._faults.refuse()
        added = () if self._returned is None else self._returned.sheets_added(seen.keys() | columns.keys())
        notes = (*self._notes, *self._apart(), *added)
        return Stated(statements, self._regimes, self._as_of, tuple(self._not_known), notes)

    def _stand_once(self, sheet: str, number: int, cells: Sequence[str]) -> None:
        """Complain of answers of which people see others than are read: on a hidden sheet, in a second column."""
        folded = [cell.strip().casefold() for cell in cells]
        if sheet in self._hidden:
            self._faults.say(
                "E411", "answers stand on a sheet that the workbook does not show", f"{self._name} sheet {sheet!r}",
                "answers that whoever opens the workbook sees",
            )  # fmt: skip
        for name in ANSWER_COLUMNS:
            if folded.count(name.casefold()) > 1:
                at = f"{self._name}{f' sheet {sheet!r}' if sheet else ''} row {number}"
                self._faults.say("E406", f"the column {name!r} stands twice", at, "each column once")

    def _apart(self) -> Iterator[str]:
        """Say which answers stand where nobody sees them, and which beside a question in other words than ours."""
        for kind, says in _APART.items():
            places = self._told_apart[kind]
            if places:
                more = f"; and {len(places) - _SHOWN:,} more" if len(places) > _SHOWN else ""
                yield f"{says}: {'; '.join(places[:_SHOWN])}{more} ({self._name})"

    def _row(
        self, sheet: str, number: int, cells: Mapping[str, str], asked: str, row: ReturnedRow | None
    ) -> None:
        answer, fact, applies = (cells[name] for name in ANSWER_COLUMNS)
        if not answer or not (fact or applies):
            return
        if number in self._unseen.get(sheet, ()):
            self._told_apart["unseen"].append(f"row {number}, {fact} {answer[:40]!r}")
        ours = FACTS[fact].question if fact in FACTS else ""
        if asked and ours and "".join(asked.split()) != "".join(ours.split()):
            self._told_apart["asked"].append(f"row {number}, {asked[:80]!r} for {fact}, which asks {ours!r}")
        if answer.lower() in _UNKNOWN:
            self._cannot_say(fact, applies, number)
            return
        doubt = (row.doubt if row is not None else "") or doubt_in(fact, answer)
        if doubt and row is not None:
            self._cannot_say(fact, applies, number, DOUBTED)
            stands = f"{self._name}{f' sheet {sheet!r}' if sheet else ''} row {number}"
            of = scope_words(applies)[:_SHOWN_SCOPE]
            self._notes[f"“{ours or fact}” of {of} is asked again: {doubt} ({stands})"] = None
            return
        tab = f" sheet {sheet!r}" if sheet else ""

        def at(column: str) -> str:
            return f"{self._name}{tab} row {number}, column {column!r}"

        def say(code: str, what: str, column: str, expected: str, near: str = "") -> None:
            row = Faults(f"Correct row {number} of {self._name}.", self._faults.found)
            row.say(code, what, at(column), expected, near)

        if doubt:
            say(
                "E402", f"{fact} is {answer[:40]!r}: {doubt}", "Answer", "a plain answer, or ? when not known"
            )
            return
        if fact in ("regimes", "as_of"):
            self._asked(fact, answer, say)
            return
        reach = EVERYTHING if row is None else row.reach
        # A questionnaire asks once about things that are described alike, and names each.
        for named in NEXT_SCOPE.split(applies):
            self._one(fact, answer, named.strip(), say, at("Answer"), reach)

    def _cannot_say(self, fact: str, applies: str, number: int, why: str = "") -> None:
        """Note what was asked and is not known; a row that names nothing askable says nothing.

        Of several sites in one row it is noted together: each can still be asked by itself, where they differ.
        """
        sites = applies.startswith(SITE)
        for named in [applies] if sites else NEXT_SCOPE.split(applies):
            kind, _, name = named.strip().partition(":")
            scope = Scope("company") if named.strip() == "company" else scope_of(kind, name, self._firms)
            if isinstance(scope, Scope) and fact in FACTS:
                self._not_known[fact, replace(scope, open=why)] = None
                self._unsure[fact, scope] = f"row {number}"

    def _one(self, fact: str, answer: str, applies: str, say: Any, place: str, reach: Reach) -> None:
        """Take an answer for one scope."""
        kind, _, name = applies.partition(":")
        scope = Scope("company") if applies == "company" else scope_of(kind, name, self._firms)
        if isinstance(scope, NoScope):
            say("E406", scope.what, "Applies to", scope.expected, scope.near)
            return
        problem = misplaced(fact, scope)
        if problem is not None:
            say(problem[0], problem[1], "Fact", problem[2], problem[3])
            return
        try:
            value = meant(fact, answer)
            if fact == PURPOSE and (worded := purpose_parts(value, self._purposes)) != value:
                words = ", ".join(worded)
                self._notes[f"{fact} of {scope} was understood as {words}: {answer[:80]!r} ({place})"] = None
                value = worded
            if fact == "item.producer" and isinstance(value, str) and self._firms.is_other(value):
                self._notes[
                    f"{fact} of {scope}: {value[:80]!r} is a known maker that is none of the listed firms ({place})"
                ] = None
                value = "other"
            read = _taken(fact, value, self._purposes, self._firms, self._law)
            statement = Statement(scope, fact, read, place, reach=reach)
            self._notes.update(dict.fromkeys(_rests_on(statement, self._purposes)))
            self._statements.append(statement)
        except OpenUse as wrong:
            self._not_known[fact, scope] = None
            self._notes[f"{wrong.what}; it was not used. Expected {wrong.expected} ({place})."] = None
        except WrongValue as wrong:
            say(code_of(fact, wrong), wrong.what, "Answer", wrong.expected, wrong.near)

    def _asked(self, fact: str, answer: str, say: Any) -> None:
        if fact == "as_of":
            try:
                self._as_of = parse_day(answer)
            except ValueError:
                say("E404", f"as_of is {answer!r}", "Answer", "a date such as 2026-11-25")
            return
        names = tuple(dict.fromkeys(_parts(answer)))
        for name in names:
            what = no_regime(name, self._law)
            if what:
                near = nearest(name, self._law.askable())
                say("E403", what, "Answer", "a regime of `proscribe law list`", near)
        self._regimes = names


def _columns(cells: list[str]) -> dict[str, int] | None:
    folded = [cell.strip().casefold() for cell in cells]
    if any(name.casefold() not in folded for name in ANSWER_COLUMNS):
        return None
    asked = (_QUESTION,) if _QUESTION.casefold() in folded else ()
    return {name: folded.index(name.casefold()) for name in (*ANSWER_COLUMNS, *asked)}


def _cell(cells: list[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,\n]", text.strip().strip("[]")) if part.strip()]


def meant(fact: str, answer: str) -> Any:
    """Turn what a person wrote into a value that `typed` takes: yes and no, lists with commas or semicolons, names of places.

    A day is taken where it has one meaning; one that could be two is left as it stands, and refused.
    """
    kind = FACTS[fact].type
    if kind == "bool":
        said = in_one_word(answer)
        return answer if said is None else said
    if kind in ("entities", "clauses", "texts") and answer.lower() in (*_EMPTY_LISTS, "none"):
        return []
    if kind in LIST_TYPES:
        return [_as_listed(fact, part) for part in _parts(answer)]
    if kind == "subdivision":
        return state(answer) or answer
    if kind == "country":
        return country(answer) or answer
    if kind.startswith("date"):
        return _day(answer)
    return _as_listed(fact, answer)


def _day(text: str) -> str:
    try:
        return written_day(text, loosely=False) or text
    except TwoMeanings:
        return text


def _as_listed(fact: str, text: str) -> str:
    """Give the entry of a closed list that a text spells with blanks and capitals, as the questionnaire shows it, or means."""
    entry = "_".join(plain(text).split())
    if entry in FACTS[fact].values or (entry == "other" and FACTS[fact].type in ("entity", "entities")):
        return entry  # spreadsheets begin a cell with a capital
    return str(in_one_word(text, fact) or text) if FACTS[fact].type == "choice" else text


def case_facts(case: Case) -> dict[str, Any]:
    """Give the facts of a case as values; those that came with a scan are kept as people answer, `yes` or `a; b`."""
    return {
        name: meant(name, told) if isinstance(told, str) and name in FACTS else told
        for name, told in json.loads(case.facts).items()
    }


def unmeant(value: Any) -> str:
    """Write a typed value the way a person answers; `meant` reads it back."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(as_said(value)) if value else "[]"
    return shown(value)
