"""A store of cases with the knowledge beside it: cases opened from scans or by hand, decided, and judgements as a layer.

What needs no law is in `proscribe.casework.commands`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.rules.facts_file import case_facts
from proscribe.app.store.waiver_desk import WaiverDesk
from proscribe.model import decisions
from proscribe.model.authors import Author, Informed
from proscribe.model.casework import (
    IMPORTED_NAME,
    CaseDevice,
    CaseFile,
    EventKind,
    Verdict,
)
from proscribe.model.devices_document import read_devices
from proscribe.model.errors import ProscribeError, error
from proscribe.model.findings import Band
from proscribe.model.results import KnowledgeStamp
from proscribe.rules.facts import PLACE_FACT
from proscribe.wording.nations import nation_code

if TYPE_CHECKING:
    from proscribe.app.store.scan_replay import Knowledge, Replay
    from proscribe.casework.commands.runs import Carry, RanAgain
    from proscribe.casework.judgements import LayerText
    from proscribe.casework.scans import ScanFile


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


class Desk(WaiverDesk):
    """A store of cases with the knowledge beside it: cases opened, attached to, decided."""

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
        by: str,
        stated_at: datetime | None = None,
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
            about: beside what is said there, `country`: code or name of the nation whose law is asked, which is stated with the
                case; empty where nobody said.

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
        if (country := about.pop("country", None)) is not None:
            about["jurisdiction"] = country
            if code := nation_code(country):
                about["facts"] = {PLACE_FACT: code, **about.get("facts", {})}
        title = about.pop("title", "") or f"{len(scan.ids)} findings of {name}"
        if scan.decided and not about.get("regimes"):
            about["regimes"] = tuple(scan.decided["decided"]["regimes"])
        return open_case(
            self.store, by=Author(by, stated_at=stated_at), title=title, as_of=day, scan=scan, counting=self.counting,
            ran_again=self._ran_again(content, name, inputs), **about,
        )  # fmt: skip

    def open_by_hand(
        self,
        as_of: date,
        facts: Mapping[str, Any],
        *,
        by: str,
        stated_at: datetime | None = None,
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
            by=Author(by, stated_at=stated_at),
            as_of=as_of,
            facts=facts,
            regimes=regimes,
            counting=self.counting,
            decide=(lambda file: self._answer(file.case)) if decide and facts else None,
            **about,
        )

    def attach_devices(
        self,
        case_id: str,
        content: bytes,
        name: str,
        *,
        by: str,
        version: int | None = None,
        stated_at: datetime | None = None,
    ) -> CaseFile:
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
        author = Author(by, version=version, stated_at=stated_at)
        return attach_devices(self.store, case_id, document, by=author, changed=changed)

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
        version: int | None = None,
        stated_at: datetime | None = None,
        inputs: Inputs | None = None,
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
            self.store, case_id, scan, by=Author(by, version=version, stated_at=stated_at), counting=self.counting,
            carry=carry, changed=changed, ran_again=self._ran_again(content, name, inputs),
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
            file = keep_replays(self.store, case_id, held, by=Author(by))
        return file, made

    def keep_ran_again(self, case_id: str, again: Iterable[RanAgain], *, by: str) -> None:
        """Keep that scans of a case came out the same when they were run again; what it keeps already is not kept twice."""
        from proscribe.casework.commands.runs import keep_replays

        file = self.store.case(case_id)
        open_ = {run.scan_sha256 for run in file.runs} - {one.scan_sha256 for one in file.replays}
        held = [one for one in again if one.record["scan_sha256"] in open_]
        if held:
            keep_replays(self.store, case_id, held, by=Author(by))

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
        stated_at: datetime | None = None,
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
            self.store,
            case_id,
            facts,
            by=Informed(by, version=version, stated_at=stated_at),
            as_of=as_of,
            counting=self.counting,
        )

    def decide(self, case_id: str, *, by: str, version: int, stated_at: datetime | None = None) -> CaseFile:
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
        author = Informed(by, version=version, stated_at=stated_at)
        return determining.determine(self.store, case_id, data, by=author, counting=self.counting)

    def submit(
        self, case_id: str, *, by: str, version: int, stated_at: datetime | None = None, **about: Any
    ) -> CaseFile:
        """Say that a report went out; see `sending.submit`."""
        from proscribe.casework.commands import sending

        author = Informed(by, version=version, stated_at=stated_at)
        return sending.submit(self.store, case_id, by=author, counting=self.counting, **about)

    def waiting(self, file: CaseFile) -> list[tuple[str, str, str]]:
        """List the clocks of a case that have not started: duty, rule in words, the fact they wait for."""
        from proscribe.casework import clock

        stored = file.determination()
        if stored is None:
            return []
        return clock.waiting(json.loads(self.store.blob(stored.sha256)), file)

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
