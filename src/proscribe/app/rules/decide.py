"""Put cases to the law: open the knowledge, decide, compare with what worked cases expect."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from proscribe import __version__
from proscribe.app.kb.firms import NO_FIRMS, Firms
from proscribe.app.rules.casefile import cases_of
from proscribe.app.rules.record_kinds import DOCUMENT as WORDS
from proscribe.app.rules.record_kinds import NO_KINDS, RecordKinds
from proscribe.app.rules.unsought import unsought_of
from proscribe.kb.build import manifest_of, members_of
from proscribe.kb.ownership import Certainty, CoveredPath, Ownership, links_of
from proscribe.kb.quotations import DOCUMENT as QUOTATIONS
from proscribe.kb.snapshot import Manifest, Snapshot, View, open_knowledge
from proscribe.kb.source import read_tree
from proscribe.model.decisions import Case, CaseResult, Obligation, Outcome
from proscribe.model.law import Law
from proscribe.model.periods import AsOf
from proscribe.model.scan_request import day_if_named
from proscribe.rules.citations import met_by
from proscribe.rules.deadlines import Calendar
from proscribe.rules.denials import DOCUMENT as DENIALS
from proscribe.rules.engine import Outline, decide, decide_many, key_of, outlined
from proscribe.rules.facts import nearest
from proscribe.rules.in_force import boundaries
from proscribe.rules.purposes import DOCUMENT as PURPOSES
from proscribe.rules.purposes import NO_PURPOSES, Purposes, purposes_of
from proscribe.rules.regimes import documents_of, law_in, load
from proscribe.rules.whatif import Trials
from proscribe.rules.worked import FAILS, HOLDS, VALUE, unworked

_CALENDAR = "us-federal"
_AGENCIES = "regimes/agencies"
_CLAUSE_FOLDER = re.compile(r"[a-z-]+-(\d+\.\d+-\d+)")


class EntityKnowledge:
    """The knowledge about entities, in the form the rules ask. Answers are kept.

    Args:
        view: the knowledge as known on a day.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._links = links_of(view.rows("stakes"))
        self._graphs: dict[tuple[frozenset[str], int], Ownership] = {}
        self._lists: dict[tuple[str, date], frozenset[str]] = {}
        self._listed: dict[str, list[Mapping[str, Any]]] = {}
        for row in view.rows("listings"):
            self._listed.setdefault(row["list"], []).append(row)

    def knows(self, entity: str) -> bool:
        """Tell whether the knowledge holds the entity."""
        return entity in self._view.entities

    def nearest(self, text: str) -> str:
        """Give the id of the entity that is spelled most alike; empty when none is near."""
        return nearest(text, map(str, self._view.entities))

    def tie(self, entity: str, firms: frozenset[str], on: date) -> CoveredPath:
        """Find the best tie of an entity to one of some firms on a day."""
        return self._graph(firms).covered_through(entity, on)

    def maker_for(self, entity: str, firms: frozenset[str], days: Sequence[date]) -> str | None:
        """Name a firm, or its subsidiary or affiliate, whose units the entity sells under its own name."""
        graph = self._graph(firms)
        for day in days or (date.max,):
            for supplier in graph.suppliers(entity, day):
                ended = supplier.certainty is Certainty.FORMER
                if ended and days:
                    continue
                if graph.covered_through(supplier.maker, supplier.last_day or day).named_firm is not None:
                    return supplier.maker
        return None

    def held_over(self, entity: str, firms: frozenset[str], on: date, percent: int) -> tuple[str, ...]:
        """Give the path from the entity up to a firm that holds more than a share at each step; empty without one."""
        found = self._graph(firms, percent).covered_through(entity, on)
        return found.path if found.certainty is Certainty.CERTAIN else ()

    def _graph(self, firms: frozenset[str], over_percent: int = 0) -> Ownership:
        key = (firms, over_percent)
        graph = self._graphs.get(key)
        if graph is None:
            graph = self._graphs[key] = Ownership(self._links, firms, over_percent=over_percent)
        return graph

    def lists_of(self, entity: str, on: date) -> frozenset[str]:
        """Give the lists that name the entity, or a firm to which it certainly belongs, on a day."""
        key = (entity, on)
        if key not in self._lists:
            self._lists[key] = frozenset(name for name in self._listed if self._on_list(entity, name, on))
        return self._lists[key]

    def names_any(self, name: str, on: date) -> bool:
        """Tell whether a list names anybody on a day."""
        day = on.isoformat()
        return any(
            row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])
            for row in self._listed.get(name, ())
        )

    def _on_list(self, entity: str, name: str, on: date) -> bool:
        day = on.isoformat()
        firms = frozenset(
            row["entity"]
            for row in self._listed[name]
            if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])
        )
        return entity in firms or (bool(firms) and self.tie(entity, firms, on).certainty == "certain")

    def jurisdiction_of(self, entity: str) -> str | None:
        """Give the entity's country."""
        row = self._view.entities.get(entity)
        return (row.get("jurisdiction") or None) if row is not None else None


@dataclass(frozen=True, slots=True)
class Decider:
    """Law, knowledge and calendar of one snapshot, ready to be asked.

    Attributes:
        stamp: `version` and `sha256` of the snapshot.
        purposes: what cameras are for, as people say it.
        kinds: what kind of thing the words of a record show.
        firms: the firms that a fact may name.
        unsought: by regime, a sentence on the firms that it names and no file is searched for, then their names.
    """

    law: Law
    entities: EntityKnowledge
    calendar: Calendar
    stamp: Mapping[str, str]
    purposes: Purposes = NO_PURPOSES
    kinds: RecordKinds = NO_KINDS
    firms: Firms = NO_FIRMS
    unsought: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot, *, known_on: date = date.max) -> Decider:
        """Prepare a snapshot.

        Args:
            snapshot: the knowledge.
            known_on: facts recorded later are invisible.

        Raises:
            RuleError: when the rules are malformed.
        """
        law = law_in(snapshot)
        view = snapshot.at(AsOf(known_on, known_on))
        entities = EntityKnowledge(view)
        purposes = purposes_of(snapshot.documents(PURPOSES).get(PURPOSES))
        kinds = RecordKinds.of(snapshot.documents(WORDS).get(WORDS))
        calendar, stamp = calendar_of(snapshot), stamp_of(snapshot)
        unsought = unsought_of(law, snapshot, view)
        return cls(law, entities, calendar, stamp, purposes, kinds, Firms.of(snapshot), unsought)

    def decide(self, case: Case) -> CaseResult:
        """Decide one case."""
        return decide(case, self.law, self.entities, self.calendar)

    def narrowed(self, case: Case, regimes: frozenset[str]) -> CaseResult:
        """Decide one case by no more than some regimes; each binds or not as it does among all."""
        if case.regimes:
            named = tuple(name for name in case.regimes if name in regimes)
            return decide(replace(case, regimes=named), self.law, self.entities, self.calendar)
        law = replace(self.law, rules={name: self.law.rules[name] for name in regimes})
        return decide(case, law, self.entities, self.calendar)

    def run(self, cases: Iterable[Case]) -> Iterator[CaseResult]:
        """Decide cases in order; equal questions are decided once."""
        return decide_many(cases, self.law, self.entities, self.calendar)


def open_decider(knowledge: Sequence[str | Path] = (), known_as_of: str | date | None = None) -> Decider:
    """Open the law with the knowledge beside it.

    Args:
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
        known_as_of: facts recorded later are not used.

    Raises:
        UsageError: E151 when the day is no ISO date.
        KnowledgeError, RuleError: when the knowledge cannot be used.
    """
    return Decider.of(open_knowledge(knowledge), known_on=day_if_named(known_as_of) or date.max)


def trials_of(decider: Decider) -> Trials:
    """Try answers against a law; each regime is asked about a case once."""
    decided: dict[Hashable, CaseResult] = {}
    kept: dict[Hashable, dict[str, Outline | None]] = {}

    def narrowed(case: Case, regimes: frozenset[str]) -> CaseResult:
        key = (key_of(case), regimes)
        if key not in decided:
            decided[key] = decider.narrowed(case, regimes)
        return decided[key]

    def outlines(case: Case, regimes: frozenset[str]) -> dict[str, Outline]:
        held = kept.setdefault(key_of(case), {})
        if more := regimes - held.keys():
            held.update(dict.fromkeys(more))
            held |= {one.regime: one for one in outlined(case, decider.law, decider.entities, more)}
        return {name: one for name in regimes if (one := held[name]) is not None}

    return Trials(narrowed, outlines, decider.law)


def stamp_of(snapshot: Snapshot) -> dict[str, str]:
    """Say which knowledge an answer rests on."""
    return {"version": snapshot.manifest.version, "sha256": snapshot.manifest.sha256}


def answer(
    schema: str, stamp: Mapping[str, str], as_of: date | None, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Give a JSON answer with what every one of them carries.

    Args:
        schema: name and major version, such as `proscribe.decide/1`.
        stamp: the knowledge.
        as_of: the day asked.
        content: the answer's own fields.
    """
    return {
        "schema": schema,
        "proscribe": __version__,
        "knowledge": dict(stamp),
        "as_of": None if as_of is None else as_of.isoformat(),
        **content,
    }


def calendar_of(snapshot: Snapshot, name: str = _CALENDAR) -> Calendar:
    """Read a calendar of the knowledge; one that is absent leaves out weekends only."""
    rows = snapshot.documents(f"calendars/{name}").get(f"calendars/{name}")
    return Calendar.of_rows(name, rows) if rows else Calendar("weekends only")


# Authoring


def author_check(path: Path, names: Sequence[str], *, branches: bool = False) -> tuple[list[str], int]:
    """Check some regimes of a source tree by themselves: load, worked cases, boundaries without cases.

    Only these regimes, and what they refer to, are read, so that another author's unfinished file does not stand in the way.

    Args:
        path: the folder that holds `regimes/`.
        names: regimes; empty = all.
        branches: also name the parts of their conditions that no worked case exercises.

    Returns:
        What is wrong, in words, and how many worked cases were run.

    Raises:
        RuleError: when a rule is malformed.
    """
    tree = read_tree(path)
    wanted = {f"regimes/{name}/" for name in names}
    lines = [
        f"{issue.file}:{issue.line} {issue.code} {issue.what}"
        for issue in tree.issues
        if not wanted or any(issue.file.startswith(folder) for folder in wanted)
    ]
    members = members_of(tree)
    snapshot = Snapshot(
        Manifest.from_json(manifest_of(tree, members), str(path)),
        members.__getitem__,
        str(path),
        trusted=True,
    )
    documents = _closure(documents_of(snapshot), names)
    law = load(documents)
    entities = EntityKnowledge(snapshot.at(AsOf(date.max, date.max)))
    decider = Decider(law, entities, calendar_of(snapshot), stamp_of(snapshot))
    count = 0
    known = set(snapshot.columns("sources")["id"])
    worked: dict[str, list[Case]] = {}
    for name in names or sorted(law.regimes):
        lines.extend(f"{name}: no source {source!r}" for source in sorted(sources_of(law, name) - known))
        days = set()
        raw = law.cases.get(name)
        for case in cases_of(json.dumps(raw), f"regimes/{name}/cases", law) if raw else []:
            count += 1
            days.add(case.as_of)
            for regime in case.regimes:
                worked.setdefault(regime, []).append(case)
            result = decider.decide(case)
            mark = " DANGEROUS" if dangerous(case, result) else ""
            lines.extend(
                f"{name}: {case.id}{mark}: {item.what}: expected {item.expected}; got {item.got}"
                for item in check(case, result)
            )
        if name not in law.regimes:
            lines.append(f"{name}: no regime.yml")
        elif law.rules.get(name):
            for day in boundaries(law, name):
                for side, which in ((day - timedelta(days=1), "the day before"), (day, "the day")):
                    if side not in days:
                        lines.append(f"{name}: no worked case on {side}, {which} of a change")
    if branches:
        found = unworked(law, entities, worked)
        lines.extend(
            f"{one.record}: no worked case where it {_UNWORKED[one.kind]}: {one.condition}"
            for one in found
            if not names or one.record.partition("/")[0] in names
        )
    return lines, count


#: How a part of a condition that no worked case exercises is told.
_UNWORKED = {HOLDS: "holds and decides", FAILS: "fails and decides", VALUE: "is met by this value"}


def sources_of(law: Law, name: str) -> set[str]:
    """Give the sources that a regime's records name."""
    records: list[Any] = [
        *law.rules.get(name, ()),
        *law.obligations.get(name, ()),
        *law.waivers.get(name, ()),
    ]
    records += [item for key, item in law.definitions.items() if key.startswith(f"{name}/")]
    records += [item for key, item in law.exceptions.items() if key.startswith(f"{name}/")]
    named = {record.provenance.source for record in records}
    if name in law.regimes:
        named.add(law.regimes[name].provenance.source)
    named |= {reading.source for rule in law.rules.get(name, ()) for reading in rule.readings}
    return named - {""}


def _closure(documents: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Keep the documents of some regimes, of every regime they mention, and of those whose waivers lift them."""
    if not names:
        return dict(documents)
    folders: dict[str, dict[str, Any]] = {}
    for path, content in documents.items():
        parts = path.split("/", 2)
        if len(parts) == 3:
            folders.setdefault(parts[1], {})[path] = content
    kept: set[str] = set()
    queue = [name for name in names if name in folders]
    while queue:
        name = queue.pop()
        if name in kept:
            continue
        kept.add(name)
        text = json.dumps(
            {path: value for path, value in folders[name].items() if not path.endswith("/cases")}
        )
        for other in folders:
            number = _CLAUSE_FOLDER.fullmatch(other)
            named = f'"{other}"' in text or f'"{other}/' in text
            if named or (number and f'"{number.group(1)}' in text) or _lifts(folders[other], name):
                queue.append(other)
    words = {path: content for path, content in documents.items() if path in (QUOTATIONS, _AGENCIES, DENIALS)}
    return {path: content for name in sorted(kept) for path, content in folders[name].items()} | words


def _lifts(documents: Mapping[str, Any], regime: str) -> bool:
    """Tell whether a waiver that a regime declares lifts another."""
    waivers = (
        one
        for content in documents.values()
        if isinstance(content, Mapping)
        for one in content.get("waivers") or ()
    )
    return any(regime in (one.get("lifts") or ()) for one in waivers)


# Worked cases


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One way in which a result differs from what a worked case expects.

    Attributes:
        what: `outcome`, `citation`, `missing`, `until`, `obligation` or `obligation_absent`.
        expected, got: in words.
    """

    what: str
    expected: str
    got: str


def check(case: Case, result: CaseResult) -> list[Mismatch]:
    """Compare a result with the case's `expect`, as the decision vocabulary says."""
    expect = case.expect
    if expect is None:
        return []
    found: list[Mismatch] = []
    wanted = expect.get("outcome")
    accepted = wanted is not None and result.outcome.value != wanted and result.outcome.value in case.accept
    if wanted is not None and result.outcome.value != wanted and not accepted:
        found.append(Mismatch("outcome", str(wanted), result.outcome.value))
    deciding = result.deciding()
    cited = [text for item in deciding for text in item.citations]
    for citation in _list(expect.get("citations")):
        if not met_by(citation, cited):
            found.append(Mismatch("citation", citation, ", ".join(cited) or "none"))
    if not accepted:
        for key, names in (
            ("missing", [name for item in deciding for name in item.missing]),
            ("bound_if", [name for item in deciding for name in item.bound_if]),
        ):
            for name in _list(expect.get(key)):
                if name not in names:
                    found.append(Mismatch(key, name, ", ".join(names) or "none"))
        if expect.get("until") is not None:
            untils = [item.until.isoformat() for item in deciding if item.until is not None]
            if str(expect["until"]) not in untils:
                found.append(Mismatch("until", str(expect["until"]), ", ".join(untils) or "none"))
    duties = [duty for item in result.determinations for duty in item.obligations]
    listed = "; ".join(f"{duty.kind} {duty.citation} due {_due_text(duty)}" for duty in duties) or "none"
    for wish in expect.get("obligations") or []:
        if not any(_meets(duty, wish) for duty in duties):
            found.append(Mismatch("obligation", _words(wish), listed))
    for wish in expect.get("obligations_absent") or []:
        if any(_meets(duty, wish) for duty in duties):
            found.append(Mismatch("obligation_absent", f"none with {_words(wish)}", listed))
    return found


def _list(value: Any) -> list[str]:
    return [] if value is None else [str(item) for item in (value if isinstance(value, list) else [value])]


def _words(wish: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in wish.items())


def _due_text(duty: Obligation) -> str:
    return duty.due.isoformat() if duty.due is not None else "-"


def _meets(duty: Obligation, wish: Mapping[str, Any]) -> bool:
    if "id" in wish and duty.id != wish["id"]:
        return False
    if "kind" in wish and duty.kind != wish["kind"]:
        return False
    if "citation" in wish and not met_by(str(wish["citation"]), [duty.citation]):
        return False
    if "due" in wish:
        days = [str(wish["due"]), *_list(wish.get("accept_due"))]
        if duty.due is None or not any(_same_moment(duty.due, text) for text in days):
            return False
    for key, elements in (("contents_include", duty.contents), ("to_includes", duty.to)):
        for text in _list(wish.get(key)):
            if not any(text.lower() in element.lower() for element in elements):
                return False
    return True


def _same_moment(given: date | datetime, text: str) -> bool:
    try:
        if isinstance(given, datetime):
            other = datetime.fromisoformat(text)
            return other.tzinfo is not None and given == other
        return given.isoformat() == text
    except ValueError:
        return False


def dangerous(case: Case, result: CaseResult) -> bool:
    """Tell whether a result says lawful where the case expects prohibited or undetermined."""
    wanted = (case.expect or {}).get("outcome")
    lenient = (Outcome.NOT_COVERED, Outcome.EXCEPTED, Outcome.WAIVED)
    return (
        wanted in ("prohibited", "undetermined")
        and result.outcome in lenient
        and result.outcome.value not in case.accept
    )
