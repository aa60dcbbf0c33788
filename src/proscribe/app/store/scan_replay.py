"""Scans run again: the inputs found by their digests, read as before with the knowledge of then, and the answers compared.

What a scan says is believed only where it comes out again. A file is looked at when it has the size that the scan tells, and
counts when it has the digest; no link is followed, and folders are walked up to a bound.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from proscribe import __version__
from proscribe.kb.layers import unpacked
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.model.canonical import canonical_json
from proscribe.model.codec import CodecError
from proscribe.model.errors import ProscribeError, error
from proscribe.model.findings import row_words
from proscribe.model.observations import ReadIssue
from proscribe.model.results import KnowledgeStamp, Reading, ReadInput, Scan, ScannedInput
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_request import ScanRequest
from proscribe.model.scan_writing import result_of, scan_value
from proscribe.readers import Expansion, Source, sha256_of

#: Entries of folders that are looked at, in all.
MOST_ENTRIES = 200_000
#: Differences that are named.
_SHOWN = 20
_SIGN = frozenset(["why", "facts", "weight_mbit", "span"])
#: What another version of the program may word otherwise without finding anything else, by part of a scan. Nothing by which a
#: document weighs a finding or a table is among it: whoever writes another version into a scan could lower it.
_WORDING = {
    "findings": frozenset(["questions", "lists"]),
    "evidence": _SIGN,
    "against": _SIGN,
    "mentions": frozenset(["evidence"]),
    "determinations": frozenset(["because", "notices", "obligations", "possible_obligations"]),
    "inputs": frozenset(["size_bytes"]),
    "locator": frozenset(["source_row"]),
    "tables": frozenset(["kind_words"]),
    "issues": frozenset(["what"]),
    "blind_spots": frozenset(["what", "examples"]),
}


class Outcome(StrEnum):
    """What came of running a scan again."""

    SAME = "same"  # the same findings, mentions and counts
    DIFFERENT = "different"
    OTHER_VERSION = "other version"  # another version of the program words or finds something otherwise
    MISSING = "missing"  # an input, or the knowledge, is not at hand


class Missing(StrEnum):
    """What was not at hand to run a scan again."""

    NOTHING = ""
    INPUTS = "inputs"
    KNOWLEDGE = "knowledge"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Knowledge as it is kept, so that a scan can be run again under it.

    Attributes:
        snapshot: the packed snapshot.
        layers: the packed layers on top of it, lowest first.
    """

    snapshot: bytes
    layers: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, snapshot: Snapshot) -> Knowledge:
        """Pack a snapshot and its layers."""
        return cls(snapshot.packed(), snapshot.packed_layers())

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Name the layers, each with the start of its digest."""
        return tuple(str(json.loads(layer)["name"]) for layer in self.layers)


#: Gives kept knowledge by the stamp of a scan, or `None`.
KeptKnowledge = Callable[[KnowledgeStamp], Knowledge | None]


@dataclass(frozen=True, slots=True)
class Replay:
    """A scan that was run again, or could not be.

    Attributes:
        scan_sha256: digest of the scan's file.
        inputs: digests of the inputs that were read.
        program, scanned_with: versions of the program that ran it again, and that made it.
        result: digest of the result that came out.
        what: what differs, or is missing, in words; the first of them.
        missing: what was not at hand.
        knowledge: that under which it ran.
    """

    outcome: Outcome
    scan_sha256: str
    knowledge_version: str
    knowledge_sha256: str
    scanned_with: str
    inputs: tuple[str, ...] = ()
    program: str = __version__
    result: str = ""
    what: tuple[str, ...] = ()
    missing: Missing = Missing.NOTHING
    knowledge: Knowledge | None = field(default=None, compare=False, repr=False)

    @property
    def holds(self) -> bool:
        """Whether the scan came out again."""
        return self.outcome is Outcome.SAME

    def refuse_different(self, name: str) -> None:
        """Refuse a scan that comes out otherwise.

        Raises:
            CaseError: E467.
        """
        if self.outcome is Outcome.DIFFERENT:
            raise error("E467.differs", at=name, name=name, what="; ".join(self.what))


def replay_scan(
    content: bytes,
    name: str,
    folders: Sequence[Path],
    *,
    near: Sequence[Path] = (),
    knowledge: Sequence[str | Path] = (),
    kept: KeptKnowledge = lambda _stamp: None,
    originals: Callable[[str], Path | None] = lambda _sha256: None,
    only_there: bool = False,
) -> Replay:
    """Run a scan again and compare.

    Args:
        content: the JSON of the scan.
        name: how errors call it.
        folders: anywhere under these its inputs may lie.
        near: folders from which the scan's own paths may lead to them.
        knowledge: a snapshot or source folder, then layers, that may be those of the scan.
        kept: further knowledge that is at hand.
        originals: gives a file by digest that is kept elsewhere.
        only_there: whether a path that the scan names counts below these folders alone: a stranger wrote it.

    Raises:
        CaseError: E433 when it is no scan.
    """
    try:
        document = read_scan(content, name)
    except CodecError as problem:
        raise error("E433.scan", at=name, what=str(problem)[:200]) from None
    told = document.scan

    def made(outcome: Outcome, *what: str, **more: Any) -> Replay:
        stamp = told.knowledge
        return Replay(
            outcome, document.sha256, stamp.version, stamp.sha256, told.proscribe, what=what, **more
        )

    if told.options is None:
        return made(Outcome.MISSING, "it does not say how it was made; scan again")
    read = _read_of(told)
    found = find_inputs(read, folders, near=near, originals=originals, only_there=only_there)
    gone = [f"{one.path} ({one.sha256[:12]})" for one in read if one.sha256 and one.sha256 not in found]
    if gone:
        return made(
            Outcome.MISSING,
            *(f"the input {one} is not at hand, or has changed" for one in gone[:_SHOWN]),
            missing=Missing.INPUTS,
        )
    with tempfile.TemporaryDirectory(prefix="proscribe-") as folder:
        opened = _knowledge_of(told.knowledge, knowledge, kept, Path(folder))
        if opened is None:
            layers = f" with {', '.join(told.knowledge.layers)}" if told.knowledge.layers else ""
            stamp = f"{told.knowledge.version} ({told.knowledge.sha256[:12]})"
            return made(
                Outcome.MISSING, f"the knowledge {stamp}{layers} is not at hand", missing=Missing.KNOWLEDGE
            )
        paths, held = opened
        inputs = tuple(one.sha256 for one in read if one.sha256)
        try:
            again = _scanned(told, found, paths)
        except ProscribeError as problem:
            return made(Outcome.DIFFERENT, f"it cannot be made as it says: {problem.what}", inputs=inputs)
        result = result_of(again)
        if result == result_of(told):
            return made(Outcome.SAME, inputs=inputs, result=result, knowledge=held)
        other = told.proscribe != __version__
        what = tuple(_differing(scan_value(told), scan_value(again), whole=not other))
    outcome = Outcome.DIFFERENT if not other else Outcome.OTHER_VERSION if what else Outcome.SAME
    return made(outcome, *what[:_SHOWN], inputs=inputs, result=result, knowledge=held)


def _read_of(told: Scan) -> tuple[ScannedInput | ReadInput, ...]:
    """Give all that was read for a scan; what was put together was read beside lists that do not stand in it."""
    return tuple(one for each in told.readings for one in each.inputs) or told.inputs


def _scanned(told: Scan, found: Mapping[str, Path], knowledge: Sequence[Path]) -> Scan:
    """Scan again as a scan says that it was made."""
    scan = (
        _together_again(told, found, knowledge)
        if told.readings
        else _found_again(told, told, told.inputs, found, knowledge)
    )
    if told.decided is None:
        return scan
    from proscribe.app.rules.decide import open_decider
    from proscribe.app.rules.facts_file import stated_again
    from proscribe.app.rules.scan_decide import decide_findings

    decider = open_decider(knowledge, told.known_as_of)
    return decide_findings(
        scan, decider, stated_again(told.decided, decider.law, decider.firms, decider.purposes)
    )


def _together_again(told: Scan, found: Mapping[str, Path], knowledge: Sequence[Path]) -> Scan:
    """Scan again, each with its own days and columns, what a scan was put together from."""
    from proscribe.app.store.put_together import Part, put_together

    parts = []
    for one in told.readings:
        scan = _found_again(one, told, one.inputs, found, knowledge)
        places: dict[tuple[str, str], list[int]] = {}
        for read in scan.inputs:
            places.setdefault((read.path, read.sha256), []).append(read.index)
        stands, apart = set(), set()
        for item in one.inputs:
            place = next(iter(places.get((item.path, item.sha256), ())), None)
            if place is not None:
                places[item.path, item.sha256].remove(place)
            if place is not None and item.index is not None:
                stands.add(place)
            if place is not None and item.apart:
                apart.add(place)
        parts.append(Part(scan, one.scan_sha256, frozenset(stands), frozenset(apart)))
    return put_together(parts)


def _found_again(
    way: Scan | Reading,
    told: Scan,
    inputs: Sequence[ScannedInput | ReadInput],
    found: Mapping[str, Path],
    knowledge: Sequence[Path],
) -> Scan:
    """Scan some inputs again.

    Args:
        way: how and on which days they were read.
        told: the scan that says so, with what could not be opened.
    """
    from proscribe.app.scan import api

    assert way.options is not None
    sources: list[Source] = []
    issues: list[ReadIssue] = []
    for one in inputs:
        if one.sha256:
            sources.append(Source(one.path, found[one.sha256], found[one.sha256].stat().st_size))
        elif one.index is not None:
            issues += told.inputs[one.index].issues
    result, _ = api.scan_keeping(
        ScanRequest.of(way.options, as_of=way.as_of, known_as_of=way.known_as_of, knowledge=knowledge),
        processes=api.cpu_count(), anew=True, expansion=Expansion(sources, issues), keep_all=False,
    )  # fmt: skip
    return result.scan


# Inputs


def find_inputs(
    inputs: Iterable[ScannedInput | ReadInput],
    folders: Sequence[Path],
    *,
    near: Sequence[Path] = (),
    originals: Callable[[str], Path | None] = lambda _sha256: None,
    only_there: bool = False,
) -> dict[str, Path]:
    """Find files by digest: digest to a file that holds these bytes.

    Args:
        only_there: see `replay_scan`.
    """
    wanted: dict[str, ScannedInput | ReadInput] = {one.sha256: one for one in inputs if one.sha256}
    found: dict[str, Path] = {}

    def look(places: Iterable[Path]) -> None:
        sizes = {one.size_bytes for digest, one in wanted.items() if digest not in found}
        for place in places:
            if len(found) == len(wanted):
                return
            digest = _digest(place, sizes)
            if digest in wanted and digest not in found:
                found[digest] = place

    for digest in wanted:
        place = originals(digest)
        if place is not None:
            found[digest] = place
    if not only_there:
        look(_named(wanted.values(), [*near, *folders]))
    if len(found) < len(wanted):
        look(_files_under(folders))
    return found


def _named(inputs: Iterable[ScannedInput | ReadInput], folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the places where inputs lie when they are where they were."""
    for one in inputs:
        yield Path(one.path)
        for folder in folders:
            yield folder / one.path
            yield folder / Path(one.path).name


def _files_under(folders: Sequence[Path]) -> Iterator[Path]:
    left = MOST_ENTRIES
    for top in folders:
        for folder, inside, files in os.walk(top, followlinks=False):
            inside.sort()
            for name in sorted(files):
                yield Path(folder) / name
            left -= len(files) + len(inside)
            if left < 0:
                return


def _digest(place: Path, sizes: set[int]) -> str:
    """Digest a regular file of one of the sizes; empty for anything else."""
    with suppress(OSError, ValueError):
        status = place.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size in sizes:
            return sha256_of(place)
    return ""


# Knowledge


def _knowledge_of(
    stamp: KnowledgeStamp, named: Sequence[str | Path], kept: KeptKnowledge, folder: Path
) -> tuple[list[Path], Knowledge] | None:
    """Give the paths by which the knowledge of a scan is opened, and the knowledge itself; `None` when it is not at hand."""
    for paths in ([], [Path(one) for one in named]):
        with suppress(ProscribeError):
            snapshot = open_knowledge(paths)
            if _is(snapshot, stamp):
                return list(paths), Knowledge.of(snapshot)
    held = kept(stamp)
    if held is None:
        return None
    base = folder / "snapshot.zip"
    base.write_bytes(held.snapshot)
    paths = [base]
    with suppress(ProscribeError, ValueError, KeyError, TypeError, AttributeError):
        paths += [unpacked(layer, folder / str(place)) for place, layer in enumerate(held.layers)]
        if _is(open_knowledge(paths), stamp):
            return paths, held
    return None


def _is(snapshot: Snapshot, stamp: KnowledgeStamp) -> bool:
    return (snapshot.manifest.sha256, snapshot.layers) == (stamp.sha256, stamp.layers)


# Comparing


def _differing(told: Mapping[str, Any], again: Mapping[str, Any], *, whole: bool) -> Iterator[str]:
    """Yield what differs between two scans, findings first.

    Args:
        whole: compare everything; else only what another version of the program finds in the same way.
    """
    told, again = (one if whole else _unworded(one) for one in (told, again))
    before = {one["id"]: one for one in told["findings"]}
    after = {one["id"]: one for one in again["findings"]}
    for name in (*after, *(name for name in before if name not in after)):
        one, other = before.get(name), after.get(name)
        words = _words(other or one, again)
        if one is None:
            yield f"the finding {name} is missing in it: {words}"
        elif other is None:
            yield f"the finding {name} does not come out: {words}"
        elif canonical_json(one) != canonical_json(other):
            fields = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
            yield f"the finding {name} differs in {', '.join(fields)}: {words}"
    held, came = ([canonical_json(one) for one in scan["mentions"]] for scan in (told, again))
    for text in (Counter(came) - Counter(held)).elements():
        yield f"a mention is missing in it, or differs: {_words(json.loads(text), again)}"
    for text in (Counter(held) - Counter(came)).elements():
        yield f"a mention of it does not come out: {_words(json.loads(text), again)}"
    for key in (
        "inputs",
        "blind_spots",
        *(("not_checked", "decided", "entity_names", "fact_notes") if whole else ()),
    ):
        if canonical_json(told.get(key)) != canonical_json(again.get(key)):
            yield f"its {key.replace('_', ' ')} differ"
    left_out = len(again["not_checked"]) - len(told["not_checked"])
    if left_out > 0:
        yield f"it leaves out {left_out} of what it could not see"
    if told["summary"] != again["summary"]:
        yield f"it counts {told['summary']['records']:,} records, {again['summary']['records']:,} come out"


def _unworded(value: Any, part: str = "") -> Any:
    """Leave out what versions word differently."""
    if isinstance(value, Mapping):
        dropped = _WORDING.get(part, frozenset())
        return {key: _unworded(item, str(key)) for key, item in value.items() if key not in dropped}
    return [_unworded(one, part) for one in value] if isinstance(value, (list, tuple)) else value


def _words(one: Any, scan: Mapping[str, Any]) -> str:
    path = next((item["path"] for item in scan["inputs"] if item["index"] == one["input"]), "?")
    record = f" ({one['record_id']})" if one.get("record_id") else ""
    band = f", {one['band']}" if one.get("band") else ""
    return f"{one['entity']}, {path} {row_words(one['locator'])}{record}{band}"
