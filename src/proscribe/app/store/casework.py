"""Cases with the law at hand: the Python API of casework.

`open_store` opens a store. A `Desk` joins it with the knowledge: it checks facts against the vocabulary, puts a case to the
law, counts days, and asks whether a waiver was to be had on a day. What needs no law is in `proscribe.casework.commands`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.keys.people import checks
from proscribe.app.rules.casefile import cases_of, read_cases
from proscribe.app.rules.decide import Decider, answer
from proscribe.app.rules.facts_file import case_facts
from proscribe.app.starting import KEY_VARIABLE
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.model import decisions
from proscribe.model.casework import (
    IMPORTED_NAME,
    STAGE_OF_EVENT,
    Case,
    CaseDevice,
    CaseFile,
    EventKind,
    Verdict,
    Waiver,
)
from proscribe.model.decisions import Outcome, Truth
from proscribe.model.devices_document import read_devices
from proscribe.model.errors import ProscribeError, error, missing_extra
from proscribe.model.findings import Band
from proscribe.model.findings import Role as FindingRole
from proscribe.model.results import KnowledgeStamp
from proscribe.rules.evaluation import Context, evaluate
from proscribe.rules.facts import FACTS, WrongValue, clause_of, day_of, is_to_come, nearest, to_come, typed
from proscribe.rules.regimes import rules_in_force

if TYPE_CHECKING:
    from proscribe.app.store.scan_replay import Knowledge, Replay
    from proscribe.casework.clock import Counting
    from proscribe.casework.commands.runs import Carry, RanAgain
    from proscribe.casework.findings import CaseFinding, FindingFilter
    from proscribe.casework.judgements import LayerText
    from proscribe.casework.scans import ScanFile
    from proscribe.casework.store import Store
    from proscribe.casework.watch import Watch

#: Names the store when no place is given.
STORE_VARIABLE = "PROSCRIBE_STORE"
DEFAULT_STORE = "proscribe-cases.db"
#: How a filter and a list call what has no value.
NO_VALUE = "(none)"


@lru_cache(maxsize=1)
def _shipped() -> Decider:
    return Decider.of(open_knowledge(()))


def open_store(
    place: str | Path | None = None,
    *,
    create: bool = True,
    now: Callable[[], datetime] | None = None,
    checked: bool = True,
    watch: Watch | None = None,
) -> Store:
    """Open a store of cases.

    Args:
        place: a file or a URL; `PROSCRIBE_STORE`, else `./proscribe-cases.db`, by default.
        create: make it when there is none.
        now: the clock that stamps events.
        checked: False opens one whose newest events do not hold together, to say what is wrong.
        watch: of the server that opens it; that of `PROSCRIBE_SERVER_KEY` by default.

    Raises:
        CaseError: see `Store.open`; E427 when its newest events do not hold together.
        EnvironmentProblem: E502 when the extra `app` is not installed.
    """
    try:
        from proscribe.casework.store import Store
    except ModuleNotFoundError as problem:
        raise missing_extra(problem.name or "sqlalchemy", "app") from None
    key = os.environ.get(KEY_VARIABLE, "")
    watch = watch or (watch_of(bytes.fromhex(key)) if re.fullmatch("[0-9a-f]{64}", key) else None)
    store = Store.open(
        place or os.environ.get(STORE_VARIABLE) or DEFAULT_STORE, create=create, now=now, watch=watch
    )
    if checked and store.chain_fault:
        store.close()
        raise error("E427.chain", at=store.url, what=store.chain_fault)
    store.check_signature = checks
    return store


def watch_of(key: bytes) -> Watch:
    """Give what tells a server's own writing from that of others."""
    from proscribe.casework.watch import Watch

    return Watch(key)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a waiver route.

    Attributes:
        result: `true`, `false` or `unknown`.
    """

    title: str
    citation: str
    result: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a waiver is to be had on a day.

    Attributes:
        outcome: `waived` = available; anything else is not, or not shown.
        citations: where it says so.
        missing: facts that are not known.
        requirements: the conditions of the route.
        because: why, in one sentence.
        differs: where the grant is not what was asked for, or the request not what the case is about; a sentence each.
    """

    route: str
    day: date
    outcome: str
    citations: tuple[str, ...]
    missing: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    because: str
    differs: tuple[str, ...] = ()

    @property
    def available(self) -> bool:
        """Tell whether every condition is shown."""
        return self.outcome == "waived"

    @property
    def barred(self) -> tuple[Requirement, ...]:
        """Give the conditions that are shown not to be met."""
        return tuple(item for item in self.requirements if item.result == "false")

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "route": self.route,
            "on": self.day.isoformat(),
            "outcome": self.outcome,
            "available": self.available,
            "because": self.because,
            "citations": list(self.citations),
            "missing": list(self.missing),
            "requirements": [
                {"title": item.title, "citation": item.citation, "result": item.result}
                for item in self.requirements
            ],
            "differs": list(self.differs),
        }


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the inputs of a scan may lie.

    Attributes:
        near: folders from which the scan's own paths may lead to them.
        under: folders under which they may lie anywhere, under any name.
    """

    near: tuple[Path, ...] = ()
    under: tuple[Path, ...] = ()

    @classmethod
    def of(cls, scan: Path, under: Sequence[Path] = ()) -> Inputs:
        """Look beside a scan's file and in the working folder, and anywhere under the folders named."""
        return cls((scan.parent, Path()), tuple(under))


def ran_again(again: Replay) -> RanAgain:
    """Give what a store keeps of a scan that came out again."""
    from proscribe.casework.commands.runs import RanAgain

    assert again.knowledge is not None
    snapshot, layers = again.knowledge.snapshot, again.knowledge.layers
    record = {
        "scan_sha256": again.scan_sha256,
        "result": again.result,
        "inputs": list(again.inputs),
        "knowledge_version": again.knowledge_version,
        "knowledge_sha256": again.knowledge_sha256,
        "knowledge_content": hashlib.sha256(snapshot).hexdigest(),
        "layers": [hashlib.sha256(layer).hexdigest() for layer in layers],
        "scanned_with": again.scanned_with,
        "program": again.program,
    }
    return RanAgain(record, (snapshot, *layers))


class Desk:
    """A store of cases with the knowledge beside it. The knowledge is opened when it is first needed.

    Args:
        store: the store.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
    """

    def __init__(self, store: Store, knowledge: Sequence[str | Path] = ()) -> None:
        self.store = store
        self.knowledge = tuple(str(item) for item in knowledge)

    @cached_property
    def decider(self) -> Decider:
        """Give the law."""
        return Decider.of(self._snapshot) if self.knowledge else _shipped()

    @cached_property
    def _snapshot(self) -> Snapshot:
        return open_knowledge(self.knowledge)

    @cached_property
    def law_stamp(self) -> tuple[str, ...]:
        """Name the knowledge that the law is read from: version, digest, and its layers with theirs."""
        layers = self._snapshot.layers if self.knowledge else ()
        return (*self.decider.stamp.values(), *layers)

    @cached_property
    def counting(self) -> Counting:
        """Give the calendar with its digest, and the rules in force."""
        from proscribe.casework.clock import Counting

        law = self.decider.law

        def rules(regime: str, day: date) -> Sequence[str]:
            return tuple(rule.id for rule in rules_in_force(law, regime, day))

        return Counting.of(self.decider.calendar, rules, self.decider.stamp["sha256"])

    # Facts

    def question(
        self, name: str, as_of: date, facts: Mapping[str, Any], regimes: Sequence[str] = ()
    ) -> decisions.Case:
        """Check facts against the vocabulary and the law.

        Raises:
            CaseError: E401 to E405 as for a case file; E429 unknown clause; E430 a day before all law.
        """
        self._day(as_of)
        value: dict[str, Any] = {"id": name, "as_of": as_of.isoformat(), "facts": dict(facts)}
        if regimes:
            value["regimes"] = list(regimes)
        case = cases_of(
            json.dumps(value),
            name,
            self.decider.law,
            purposes=self.decider.purposes,
            firms=self.decider.firms,
        )[0]
        self._clauses(case.facts.get("contract.clauses") or (), as_of)
        self._events(case.facts)
        return case

    def _day(self, as_of: date) -> None:
        first = self.first_day_of_law
        if as_of < first:
            raise error("E430.before_law", as_of=as_of, first=first)

    @cached_property
    def first_day_of_law(self) -> date:
        """Give the first day on which any regime, or rule of one, is in force; pointers to law not held have none."""
        law = self.decider.law
        held = {name for name, regime in law.regimes.items() if regime.kind != "pointer"}
        periods = [
            period
            for rules in law.rules.values()
            for rule in rules
            if rule.regime in held
            for period in rule.in_force
        ]
        periods += [period for name in held for period in law.regimes[name].in_force]
        return min(period.start for period in periods if period.start is not None)

    def _clauses(self, stated: Sequence[str], as_of: date) -> None:
        known = {clause.number: clause for clause in self.decider.law.clauses.values()}
        for text in stated:
            number, edition = clause_of(text)
            clause = known.get(number)
            if clause is None:
                near = nearest(number, known)
                raise error("E429.clause", near=near, number=number)
            names = [item.name for item in clause.editions if item.name]
            if edition and names and edition not in names:
                raise error("E429.edition", edition=edition, number=number, known=", ".join(names))
            starts = self._starts(text)
            if starts and as_of < min(starts):
                raise error("E430.clause_later", as_of=as_of, text=text, start=min(starts))

    def _starts(self, stated: str) -> list[date]:
        number, edition = clause_of(stated)
        return [
            item.period.start
            for clause in self.decider.law.clauses.values()
            if clause.number == number
            for item in clause.editions
            if item.period.start is not None and edition in ("", item.name)
        ]

    def _events(self, facts: Mapping[str, Any]) -> None:
        """Refuse events that no clock can start from: before the clauses that are stated, before all law, or to come."""
        starts = [day for text in facts.get("contract.clauses") or () for day in self._starts(text)]
        first = min(starts, default=self.first_day_of_law)
        for name in STAGE_OF_EVENT:
            value = facts.get(name)
            if value is not None and day_of(value) < first:
                raise error("E430.day_before_law", name=name, day=day_of(value), first=first)
        self._not_to_come(facts)

    def _not_to_come(self, facts: Mapping[str, Any]) -> None:
        """Refuse what has not happened yet by the clock of the store, whatever day the law is asked on."""
        ahead = to_come(facts, self.store.now())
        if ahead is not None:
            raise error("E440.day_ahead", name=ahead[0], value=ahead[1].isoformat())

    def _check_stated(self, scan: ScanFile) -> None:
        """Refuse a scan that was put to the law with facts that no case would take."""
        for one in scan.decided["decided"]["stated"] if scan.decided else ():
            if one["fact"] in FACTS:
                with suppress(
                    WrongValue
                ):  # what is no value at all is said where the scan is put to the law again
                    self._not_to_come({one["fact"]: typed(one["fact"], one["value"])})

    # Cases

    def run_again(self, content: bytes | Path, name: str, inputs: Inputs) -> Replay:
        """Run a scan again from its inputs, and compare.

        Raises:
            CaseError: E433 not a scan; E467 something else comes out.
        """
        again = self.replayed(content if isinstance(content, bytes) else content.read_bytes(), name, inputs)
        again.refuse_different(name)
        return again

    def replayed(self, content: bytes, name: str, inputs: Inputs) -> Replay:
        """Run a scan again from its inputs, whatever comes of it.

        Raises:
            CaseError: E433 not a scan.
        """
        from proscribe.app.store.scan_replay import replay_scan

        return replay_scan(
            content, name, inputs.under, near=inputs.near, knowledge=self.knowledge, kept=self._kept_knowledge,
            originals=self.original,
        )  # fmt: skip

    def _kept_knowledge(self, stamp: KnowledgeStamp) -> Knowledge | None:
        """Give knowledge that the store kept when a scan was run again under it."""
        from proscribe.app.store.scan_replay import Knowledge

        for event in self.store.events_of(EventKind.RUN_REPLAYED):
            told = event.data["replay"]
            if told["knowledge_sha256"] == stamp.sha256:
                layers = tuple(map(self.store.blob, told["layers"]))
                kept = Knowledge(self.store.blob(told["knowledge_content"]), layers)
                if kept.layer_names == stamp.layers:
                    return kept
        return None

    def original(self, sha256: str) -> Path | None:
        """Give an input that is kept beside the store, for jobs."""
        from proscribe.casework.files import Files

        with suppress(ProscribeError):
            return Files.of(self.store).path(sha256)
        return None

    def _ran_again(self, content: bytes | Path, name: str, inputs: Inputs | None) -> RanAgain | None:
        if inputs is None:
            return None
        again = self.run_again(content, name, inputs)
        return ran_again(again) if again.holds else None

    def open_from_scan(
        self,
        content: bytes | Path,
        name: str,
        *,
        only: Sequence[str] = (),
        inputs: Inputs | None = None,
        **about: Any,
    ) -> CaseFile:
        """Open a case about the findings of a scan; see `cases.open_case` for `about`.

        Args:
            content: the JSON of the scan, byte for byte, or the file that holds it.
            name: shown in errors.
            only: ids of the findings that the case is about; all by default.
            inputs: where the inputs may lie; where all of them do, the scan is run again. By default it is not.

        Raises:
            CaseError: E433 not a scan; E439 no such finding in it; E467 something else comes out of its inputs.
        """
        from proscribe.casework.commands.cases import open_case
        from proscribe.casework.scans import read_scan

        scan = read_scan(content, name, frozenset(only) or None)
        gone = sorted(set(only) - set(scan.ids)) if only else []
        if gone:
            raise error("E439.scan", at=name, gone=gone[0])
        day = about.pop("as_of", None) or date.fromisoformat(
            scan.decided["as_of"] if scan.decided else scan.run["as_of"]
        )
        self._day(day)
        self._check_stated(scan)
        title = about.pop("title", "") or f"{len(scan.ids)} findings of {name}"
        if scan.decided and not about.get("regimes"):
            about["regimes"] = tuple(scan.decided["decided"]["regimes"])
        return open_case(
            self.store, title=title, as_of=day, scan=scan, counting=self.counting,
            ran_again=self._ran_again(content, name, inputs), **about,
        )  # fmt: skip

    def open_by_hand(
        self,
        as_of: date,
        facts: Mapping[str, Any],
        *,
        regimes: Sequence[str] = (),
        decide: bool = True,
        **about: Any,
    ) -> CaseFile:
        """Open a case from stated facts, and put it to the law.

        Raises:
            CaseError: E401 to E405, E429, E430 on facts; see `cases.open_case` for the rest.
        """
        from proscribe.casework.commands.cases import open_case

        self.question("case", as_of, facts, regimes)
        return open_case(
            self.store,
            as_of=as_of,
            facts=facts,
            regimes=regimes,
            counting=self.counting,
            decide=(lambda file: self._answer(file.case)) if decide and facts else None,
            **about,
        )

    def read_facts(self, path: Path) -> tuple[date, dict[str, Any], tuple[str, ...], str]:
        """Read a case file with one case: its day, its facts as text, its regimes, its title.

        Raises:
            CaseError: E401 to E411.
        """
        from proscribe.rules.facts import shown
        from proscribe.rules.purposes import as_said

        cases = read_cases(path, self.decider.law, purposes=self.decider.purposes, firms=self.decider.firms)
        if len(cases) != 1:
            raise error("E406.several", at=path, count=len(cases))
        case = cases[0]
        facts: dict[str, Any] = {}
        for name, value in case.facts.items():
            if isinstance(value, bool):
                facts[name] = value
            elif isinstance(value, tuple):
                facts[name] = list(as_said(value))
            else:
                facts[name] = shown(value)
        return case.as_of, facts, case.regimes, case.title

    def attach_devices(self, case_id: str, content: bytes, name: str, *, by: str, **more: Any) -> CaseFile:
        """Attach a devices report (`proscribe.devices/1`) to a case.

        A device that was set aside and of which the report says more than was judged counts as unsure again.

        Raises:
            CaseError: E445 not a devices report; E446 it does not hang together; E424 attached already.
        """
        from proscribe.app.store.judged_content import devices_changed_since_judged
        from proscribe.casework.commands.runs import attach_devices
        from proscribe.casework.devices import devices_in

        document, file = read_devices(content, name), self.store.case(case_id)
        changed = devices_changed_since_judged(file, self.devices(file), devices_in(document))
        return attach_devices(self.store, case_id, document, by=by, changed=changed, **more)

    @staticmethod
    def count_devices(content: bytes, name: str) -> dict[str, int]:
        """Count the devices that a devices report would bring into a case: band, the surest first, to number.

        Those that are contradicted alone stand last, under an empty text.

        Raises:
            CaseError: E445 not a devices report; E446 it does not hang together.
        """
        from proscribe.app.store.surest_first import BANDS
        from proscribe.casework.devices import devices_in

        found = Counter(one.band for one in devices_in(read_devices(content, name)))
        return {band: found[band] for band in (*map(str, BANDS), "") if found[band]}

    def devices(self, file: CaseFile) -> tuple[CaseDevice, ...]:
        """Give the devices of a case that have a verdict or an open contradiction.

        Raises:
            CaseError: E442, E445, E446 when a report of the case can no longer be read.
        """
        from proscribe.casework.devices import devices_of

        return devices_of(self.store, file)

    @staticmethod
    def device_of_finding(devices: Sequence[CaseDevice]) -> dict[str, str]:
        """Give finding id to the id of the device whose record it stands on."""
        return {name: device.id for device in reversed(devices) for name in device.findings}

    def attach(
        self,
        case_id: str,
        content: bytes | Path,
        name: str,
        *,
        by: str,
        inputs: Inputs | None = None,
        **more: Any,
    ) -> CaseFile:
        """Attach a further scan to a case; see `open_from_scan` for `inputs`.

        Where it is the first with a newer scheme of ids, judgements and waivers go on under the new ids; what could not be
        carried over stands in `CaseFile.carried`, and counts as not judged. A finding that was set aside and rests on more
        here than when it was judged counts as unsure again, with what is new as the reason.
        """
        from proscribe.app.store.judged_content import changed_since_judged
        from proscribe.casework.commands.runs import attach_scan
        from proscribe.casework.findings import FindingFilter
        from proscribe.casework.scans import read_scan

        scan = read_scan(content, name)
        self._check_stated(scan)
        file = self.store.case(case_id)
        carry = self._carry(file, scan)
        earlier = [(run, partial(self.store.blob, run.scan_sha256)) for run in reversed(file.runs)]
        left = FindingFilter(aged=True, verdict=(Verdict.CLEARED.value,))
        gone = self.store.chosen(case_id, left).ids
        changed = changed_since_judged(
            file, scan.held.source, scan.run, earlier, carry.ids if carry else {}, gone
        )
        return attach_scan(
            self.store, case_id, scan, by=by, counting=self.counting, carry=carry, changed=changed,
            ran_again=self._ran_again(content, name, inputs), **more,
        )  # fmt: skip

    def replay(self, case_id: str, inputs: Inputs, *, by: str) -> tuple[CaseFile, tuple[Replay, ...]]:
        """Run the scans of a case again that were not yet, and keep which came out the same.

        Returns:
            The case, and what came of each scan.

        Raises:
            CaseError: E423 no such case; E467 something else comes out of a scan; nothing is kept then.
        """
        from proscribe.casework.commands.runs import keep_replays

        file = self.store.case(case_id)
        done = {one.scan_sha256 for one in file.replays}
        runs = [run for run in file.made_runs if run.scan_sha256 not in done]
        made = tuple(self.run_again(self.store.blob(run.scan_sha256), run.id, inputs) for run in runs)
        held = [ran_again(one) for one in made if one.holds]
        if held:
            file = keep_replays(self.store, case_id, held, by=by)
        return file, made

    def _carry(self, file: CaseFile, scan: ScanFile) -> Carry | None:
        """Find what the findings of a case are called in a further scan; None when nothing is to be done.

        A scan of a newer scheme of ids calls all of them otherwise; one that reads the same bytes with columns said otherwise
        may, of the records whose own id or maker stands in such a column.
        """
        from proscribe.app.store.carry_over import CarryOver, Lost, carried, of_same_bytes
        from proscribe.casework.commands.runs import Carry
        from proscribe.model.codec import CodecError
        from proscribe.model.scan_reading import read_scan

        schemes = self.store.schemes(file)
        older = {run.id for run in file.runs if schemes.get(run.scan_sha256, 1) < scan.rows.scheme}
        read = {sha256 for _, sha256 in scan.run["inputs"] if sha256}
        again = [
            run for run in file.runs if run.id in older or any(sha256 in read for _, sha256 in run.inputs)
        ]
        if not again:
            return None
        held = set(file.case.finding_ids)
        ids: dict[str, str] = {}
        lost: dict[str, dict[str, str]] = {}
        new = read_scan(scan.content, scan.run["id"])
        for run in reversed(again):
            try:
                before = read_scan(self.store.blob(run.scan_sha256), run.id)
                found = carried(before, new) if run.id in older else of_same_bytes(before, new)
            except CodecError as problem:  # the first release took scans that are not taken today
                if run.id not in older:
                    continue
                why = f"the earlier scan is not taken today: {problem}"[:300]
                found = CarryOver({}, tuple(Lost(name, run.id, why) for name in sorted(held - set(ids))))
            for name, other in found.ids.items():
                if name not in held or name in ids or name == other:
                    continue
                if (other in held or other in ids.values()) and run.id not in older:
                    continue
                if other in held or other in ids.values():
                    lost.setdefault(name, {"id": name, "at": run.id, "why": f"{other} is another finding"})
                else:
                    ids[name] = other
            for one in found.lost:
                if one.id in held:
                    lost.setdefault(one.id, {"id": one.id, "at": one.at, "why": one.why})
        for name in ids:
            lost.pop(name, None)
        # What was lost before is told once.
        if not ids and (file.carried or not lost):
            return None
        return Carry(ids, tuple(lost.values()))

    def state(
        self,
        case_id: str,
        facts: Mapping[str, Any],
        *,
        by: str,
        version: int,
        as_of: date | None = None,
        **more: Any,
    ) -> CaseFile:
        """State facts of a case; `None` takes one back.

        Raises:
            CaseError: E401 to E405, E429, E430.
        """
        from proscribe.casework.commands import statements

        held = self.store.case(case_id).case
        joined = {**case_facts(held), **facts}
        self.question(
            case_id, as_of or held.as_of, {k: v for k, v in joined.items() if v is not None}, held.regimes
        )
        return statements.state_facts(
            self.store, case_id, facts, by=by, version=version, as_of=as_of, counting=self.counting, **more
        )

    def decide(self, case_id: str, *, by: str, version: int, **more: Any) -> CaseFile:
        """Put a case to the law on its facts, store the determination and open its clocks.

        Raises:
            CaseError: E424 where the findings of a decided scan say more than the facts of the case do.
        """
        from proscribe.casework.commands import determining

        held = self.store.case(case_id)
        data = self._answer(held.case)
        before, outcome = held.determination(), data["cases"][0]["outcome"]
        # Facts of the case say nothing of single findings: they take back nothing that was decided on those.
        if (
            before is not None
            and decisions.Outcome(before.outcome).rank < decisions.Outcome(outcome).rank
            and "findings" in json.loads(self.store.blob(before.sha256))
        ):
            raise error(
                "E424.scan_decides",
                at=case_id,
                id=before.id,
                was=before.outcome,
                outcome=outcome,
                case=case_id,
            )
        return determining.determine(
            self.store, case_id, data, by=by, version=version, counting=self.counting, **more
        )

    def _answer(self, held: Case) -> dict[str, Any]:
        case = self.question(held.id, held.as_of, case_facts(held), held.regimes)
        result = self.decider.decide(case)
        return answer("proscribe.decide/1", self.decider.stamp, held.as_of, {"cases": [result.to_json()]})

    def submit(self, case_id: str, **about: Any) -> CaseFile:
        """Say that a report went out; see `sending.submit`."""
        from proscribe.casework.commands import sending

        return sending.submit(self.store, case_id, counting=self.counting, **about)

    def waiting(self, file: CaseFile) -> list[tuple[str, str, str]]:
        """List the clocks of a case that have not started: duty, rule in words, the fact they wait for."""
        from proscribe.casework import clock

        stored = file.determination()
        if stored is None:
            return []
        return clock.waiting(json.loads(self.store.blob(stored.sha256)), json.loads(file.case.facts))

    # Waivers

    def readiness(self, waiver: Waiver, file: CaseFile, on: date) -> Readiness:
        """Ask whether a waiver is to be had on a day: its route's conditions then, against what the file shows."""
        from proscribe.casework.waivers import PARTS

        differs = tuple(self._differs(waiver, file))
        facts: dict[str, Any] = {
            "party.jurisdiction": "US",
            "party.role": "government_buyer",
            "act.kind": "waive",
            "waiver.grantor": waiver.grantor,
            "waiver.part": waiver.part,
        }
        if waiver.agency:
            facts |= {"party.agency": waiver.agency, "waiver.agency": waiver.agency}
        for field, (fact, _) in PARTS.items():
            facts[fact] = bool(getattr(waiver, field))
        # One that is only asked for is taken to be granted on the day of the question, unless it would be over by then.
        if waiver.granted_on or waiver.valid_to is None or on <= waiver.valid_to:
            facts["waiver.granted_on"] = (waiver.granted_on or on).isoformat()
        if waiver.valid_to:
            facts["waiver.valid_to"] = waiver.valid_to.isoformat()
        stated = case_facts(file.case)
        facts |= {
            name: value for name, value in stated.items() if name.startswith("waiver.") and name not in facts
        }
        case = self.question(f"{file.case.id}/{waiver.id}", on, facts, (waiver.route,))
        result = self.decider.decide(case)
        found = result.determinations[0] if result.determinations else None
        if found is None:
            return Readiness(
                waiver.route,
                on,
                result.outcome.value,
                (),
                (),
                (),
                "the route says nothing on that day",
                differs,
            )
        requirements: list[Requirement] = []

        def walk(node: decisions.TraceNode) -> None:
            if node.kind == "requirement":
                requirements.append(Requirement(node.title, node.citation, node.result))
                return
            for child in node.children:
                walk(child)

        walk(found.trace)
        outcome, because = found.outcome.value, found.trace.because
        if outcome == "waived" and waiver.valid_to is not None and on > waiver.valid_to:
            outcome, because = "not_in_force", f"its last day, {waiver.valid_to}, is over on {on}"
        return Readiness(
            waiver.route, on, outcome, found.citations, found.missing, tuple(requirements), because, differs
        )

    def route(self, grantor: str, part: str) -> str:
        """Give the regime that lets someone waive a part.

        Raises:
            CaseError: E434 when there is none.
        """
        facts = {
            "party.jurisdiction": "US",
            "act.kind": "waive",
            "waiver.grantor": grantor,
            "waiver.part": part,
        }
        law = self.decider.law
        context = Context(facts, self.first_day_of_law, law.definitions, self.decider.entities, law.agencies)
        found = next(
            (
                one.id
                for one in law.regimes.values()
                if one.kind == "waiver"
                and one.asked_when is not None
                and evaluate(one.asked_when, context).truth is Truth.TRUE
            ),
            None,
        )
        if found is None:
            raise error("E434.route", grantor=grantor, part=part)
        return found

    def _differs(self, waiver: Waiver, file: CaseFile) -> Iterator[str]:
        """Say where a waiver is not what was asked for, and where its request is not for the contract of the case."""
        asked = ""
        for event in self.store.events(file.case.id):
            if event.kind is EventKind.WAIVER_DRAFTED and event.data["waiver"]["id"] == waiver.id:
                asked = event.data["waiver"].get("valid_to") or ""
        ends = waiver.valid_to.isoformat() if waiver.valid_to else ""
        if asked != ends:
            yield f"its last day is {ends or 'not told'}; asked for was {asked or 'none'}"
        contract = case_facts(file.case).get("contract.agency")
        if contract and waiver.agency and self._one_agency(waiver.agency, contract) is not Truth.TRUE:
            yield f"it is asked of {waiver.agency}; the contract of the case is one of {contract}"

    def _one_agency(self, one: str, other: str) -> Truth:
        """Say whether two names mean one agency, or a part of the other; unknown where one is not known here."""
        if " ".join(one.split()).casefold() == " ".join(other.split()).casefold():
            return Truth.TRUE
        agencies = self.decider.law.agencies
        first, second = agencies.meant(one), agencies.meant(other)
        if not first or not second:
            return Truth.UNKNOWN
        chains = [frozenset().union(*agencies.chains(name)[0]) for name in (one, other)]
        return Truth.TRUE if first & chains[1] or second & chains[0] else Truth.FALSE

    def ask_for_waiver(
        self, case_id: str, waiver: Mapping[str, Any], *, from_findings: bool = False, **about: Any
    ) -> CaseFile:
        """Write the request for a waiver; see `waivers.draft_waiver` for `about`.

        Args:
            waiver: fields of `Waiver`, `grantor` and `part` among them; the route follows from these.
            from_findings: fill `laydown` from the findings of the case that nothing clears, and name them where none are named.

        Raises:
            CaseError: E434 no such route; E439 no such finding in the case, or none to lay down.
        """
        from proscribe.casework.commands import waivers
        from proscribe.casework.waivers import laydown

        file = self.store.case(case_id)
        today = self.store.today(file.case.zone)
        route = self.route(str(waiver["grantor"]), str(waiver["part"]))
        value = {
            "citation": "; ".join(sorted({rule.citation for rule in self.decider.law.rules.get(route, ())})),
            **waiver, "route": route, "knowledge_version": self.decider.stamp["version"],
            "knowledge_sha256": self.decider.stamp["sha256"], "rules": list(self.counting.rules(route, today)),
        }  # fmt: skip
        if from_findings:
            text, ids = laydown(file, today, value.get("finding_ids") or ())
            if not ids:
                raise error("E439.laydown", case_id=case_id)
            value |= {"laydown": text, "finding_ids": list(ids)}
        return waivers.draft_waiver(self.store, case_id, value, **about)

    def grant(
        self, case_id: str, waiver_id: str, *, granted_on: date, valid_to: date | None, **about: Any
    ) -> tuple[CaseFile, Readiness]:
        """Record a grant, when its route was open on that day.

        Conditions that the file does not show are no obstacle here (the grantor knows them); one that is shown not to be
        met is, such as an authority that had ended.

        Raises:
            CaseError: E430 when the day lies ahead; E434 when the route was not open, or the request is to another agency than
                that of the contract; see `waivers.grant_waiver` for the rest.
        """
        from proscribe.casework.commands import waivers
        from proscribe.casework.lifecycle import record

        file = self.store.case(case_id)
        if is_to_come(granted_on, self.store.now()):
            raise error("E430.grant_ahead", granted_on=granted_on)
        waiver: Waiver = record(file.waivers, waiver_id, "waiver", case_id)
        valid_to = valid_to or waiver.valid_to
        contract = case_facts(file.case).get("contract.agency")
        if contract and waiver.agency and self._one_agency(waiver.agency, contract) is Truth.FALSE:
            raise error("E434.agency", id=waiver_id, agency=waiver.agency, contract=contract)
        ready = self.readiness(replace(waiver, granted_on=granted_on, valid_to=valid_to), file, granted_on)
        barred = [item for item in ready.barred if not _is_part(item.title)]
        if barred or ready.outcome == "not_in_force":
            what = "; ".join(f"{item.title} ({item.citation})" for item in barred) or ready.because
            raise error("E434.closed", route=ready.route, granted_on=granted_on, what=what)
        stamp = self.decider.stamp
        shown = {
            **ready.to_json(), "knowledge": {"version": stamp["version"], "sha256": stamp["sha256"]},
            "rules": list(self.counting.rules(waiver.route, granted_on)),
        }  # fmt: skip
        made = waivers.grant_waiver(
            self.store,
            case_id,
            waiver_id,
            granted_on=granted_on,
            valid_to=valid_to,
            readiness=shown,
            **about,
        )
        return made, ready

    # Knowledge out of judgements

    def layer(self) -> LayerText:
        """Write the standing judgements of all cases as a knowledge layer for later scans."""
        from proscribe.casework.clock import zone_of
        from proscribe.casework.judgements import to_layer
        from proscribe.matching.set_asides import sign_of

        entities: dict[str, str] = {}
        judged = self.store.judgements()
        zones = {}
        signs: dict[str, set[str]] = {}
        confirmed: dict[str, set[str]] = {}
        for case_id in sorted({item.case_id for item in judged}):
            file = self.store.checked_case(case_id)
            zones[case_id] = zone_of(file.case.zone)
            for item in file.support:
                short = json.loads(item.finding)
                entities[item.finding_id] = short.get("entity", "")
                if short.get("band") == Band.CONFIRMED.value:
                    confirmed.setdefault(case_id, set()).add(item.finding_id)
            for name, one in file.standing().items():
                if one.verdict in (Verdict.DIFFERENT, Verdict.CLEARED) and name in entities:
                    whole = self.store.finding(case_id, name).whole
                    signs.setdefault(name, set()).update(
                        sign_of(str(item["found"])) for item in whole.get("evidence", ())
                    )
        foreign = {event.case_id for event in self.store.imports() if "signature" not in event.data}
        own, not_ours = [], Counter[str]()
        until = {case_id: self.imported_until(case_id) for case_id in zones}
        for one in judged:
            taken_over = one.seq <= until[one.case_id]
            if taken_over and one.case_id not in foreign and one.finding_id in confirmed.get(one.case_id, ()):
                not_ours[one.case_id] += 1
                continue
            own.append(replace(one, by=f"{one.by} {IMPORTED_NAME}") if taken_over else one)
        made = to_layer(own, entities, self.store.head(), signs=signs, zones=zones, foreign=foreign)
        told = tuple(
            f"{count} judgements of confirmed findings of {case_id} that were made in another store: no key proves them here"
            for case_id, count in sorted(not_ours.items())
        )
        return replace(made, left_out=(*made.left_out, *told))

    def imported_until(self, case_id: str) -> int:
        """Give the last event of a case that was taken over from another store, whose people are not ours; 0 where none was."""
        return max((event.seq for event in self.store.imports() if event.case_id == case_id), default=0)


def _is_part(title: str) -> bool:
    # The parts of the file are the requester's matter and were before the grantor.
    from proscribe.casework.waivers import PARTS

    return title in {words for _, words in PARTS.values()}


_CONDITION = re.compile(r"""\s*([a-z]+)\s*=\s*('[^']*'|"[^"]*"|[^,]*?)\s*(?:,|$)""")


def where_of(text: str) -> FindingFilter:
    """Read a filter of findings: `band=possible,site='Mill Lane'`; a name that is written twice takes both values.

    Raises:
        UsageError: E449 when it is none.
    """
    from dataclasses import fields

    from proscribe.casework.findings import FindingFilter

    pairs: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _CONDITION.match(text, at)
        if found is None:
            raise error(
                "E449", where=text[at : at + 80], known=", ".join(one.name for one in fields(FindingFilter))
            )
        pairs.append((found.group(1), found.group(2).strip("'\"")))
        at = found.end()
    return filter_of(pairs)


def as_filtered(value: str) -> str:
    """Write a value as filters have it: `(none)` for none, and a value that is called so with a stroke, `\\(none)`."""
    return f"\\{value}" if value.lstrip("\\") == NO_VALUE else value or NO_VALUE


def _as_held(said: str) -> str:
    """Read what `as_filtered` wrote."""
    if said == NO_VALUE:
        return ""
    return said[1:] if said.startswith("\\") and said.lstrip("\\") == NO_VALUE else said


def filter_of(pairs: Iterable[tuple[str, str]]) -> FindingFilter:
    """Read a filter of findings from pairs of name and value; a name that stands twice takes both values.

    Raises:
        UsageError: E449 when a name is no field, or a flag is neither yes nor no.
    """
    from dataclasses import fields

    from proscribe.casework.findings import FindingFilter

    known = {item.name: str(item.type) for item in fields(FindingFilter)}
    read: dict[str, Any] = {}
    for name, said in pairs:
        value = _as_held(said)
        if name not in known:
            raise error("E449", where=f"{name}={said}"[:80], known=", ".join(known))
        if "bool" in known[name]:
            if value not in ("yes", "no", "1", "0"):
                raise error("E449.flag", name=name, value=value[:40])
            read[name] = value in ("yes", "1")
        elif known[name] == "str":
            read[name] = value
        else:
            read[name] = (*read.get(name, ()), value)
    return FindingFilter(**read)


def finding_of(one: CaseFinding) -> dict[str, Any]:
    """Give a finding of a case in short, as its scan has it."""
    found: dict[str, Any] = json.loads(one.support.finding)
    return found


#: What a filter names findings by, one by one.
_NAMED = ("finding", "without")
#: Fields whose values the program knows, whether or not a finding of the case has them.
_CLOSED: Mapping[str, type[StrEnum]] = {"band": Band, "role": FindingRole, "outcome": Outcome}


def known_values(
    store: Store,
    case_id: str,
    where: FindingFilter,
    counts: Mapping[str, Sequence[tuple[str, int]]] | None = None,
) -> FindingFilter:
    """Check that the values of a filter are known, so that a slip does not read as "there is none".

    What has a vocabulary is held to that; any other value has to be one that a finding of the case has.

    Args:
        counts: what is counted already, facet to values with numbers: a value in it is known, and nothing is asked of the store.

    Raises:
        UsageError: E449 with the values that there are.
        CaseError: E438 when a judgement is none.
    """
    for name, value in where.to_json().items():
        if not isinstance(value, list) or name in _NAMED:
            continue
        if name == "verdict":
            for verdict in filter(None, value):
                verdict_of(verdict)
        else:
            _check_values(store, case_id, name, value, {one for one, _ in (counts or {}).get(name, ())})
    for name in _NAMED:
        if unknown := store.not_held(case_id, getattr(where, name)):
            some = store.findings(case_id, limit=3).findings
            known = ", ".join(one.support.finding_id for one in some)
            raise error("E449.value", name=name, value=unknown[0][:80], known=known or NO_VALUE)
    return where


def _check_values(
    store: Store, case_id: str, name: str, values: Sequence[str], counted: Collection[str]
) -> None:
    kind = _CLOSED.get(name)
    known = {one.value for one in kind} if kind else set()
    open_ = [value for value in values if value not in known and value not in counted]
    there = dict(store.facets(case_id).counts.get(name, {})) if open_ else {}
    unknown = [value for value in open_ if value not in there]
    if unknown and (there or kind):
        raise error(
            "E449.value",
            name=name,
            value=as_filtered(unknown[0])[:80],
            known=", ".join(sorted(known or there)[:12]) or NO_VALUE,
        )


def verdict_of(text: str) -> Verdict:
    """Read a verdict.

    Raises:
        CaseError: E438 when it is none.
    """
    try:
        return Verdict(text)
    except ValueError:
        raise error("E438.verdict", text=text, verdicts=", ".join(item.value for item in Verdict)) from None
