"""Mentions of a case: records that speak of a firm without being its equipment, as the program reads them.

The program may be wrong. A person who looks at a mention and takes it for equipment says so with a reason: the record then
stands in the case as a finding, in a scan of this one record that names who said it, and is judged, decided, weighed and
reported like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from proscribe.casework.commands.judging import MENTION
from proscribe.matching.found import id_of
from proscribe.matching.identity import digest_of
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import TAKEN, CaseFile, RunRecord, read_again
from proscribe.model.codec import read, write
from proscribe.model.errors import error
from proscribe.model.findings import Band, Evidence, Finding, FindingId, Mention, Role
from proscribe.model.papers import FindingJudgement
from proscribe.model.results import Scan, ScannedInput
from proscribe.model.scan_reading import ScanReading
from proscribe.model.scan_writing import scan_text

#: Name of the matcher of a finding that a person made.
PERSON = "person"
_KEY_DIGITS = 16


@dataclass(frozen=True, slots=True)
class CaseMention:
    """A mention that a scan of a case shows.

    Attributes:
        key: `m_...`, the same for the same record, firm and kind.
        mention: as the scan says it, with the cells of its record.
        path: of the input it stands in.
        run_id: the scan that shows it: the newest that read the input.
        finding_id: id of the finding it is, or would be, when a person takes it for equipment.
        taken: whether somebody did.
    """

    key: str
    mention: Mention
    path: str
    run_id: str
    finding_id: FindingId
    taken: bool

    @property
    def words(self) -> str:
        """Say which record it is, with all that its cells say."""
        mention = self.mention
        sheet = f"sheet {mention.locator.sheet}, " if mention.locator.sheet else ""
        cells = "; ".join(f"{name}: {text}" for name, text in mention.record if text)
        said = cells or "; ".join(mention.evidence)
        return f"{self.path}, {sheet}{mention.locator.words}: {mention.entity}, {mention.kind.value}: {said} ({self.key})"

    def to_json(self) -> dict[str, object]:
        """Give it as plain values."""
        return {
            "key": self.key, "path": self.path, "run_id": self.run_id, "taken": self.taken,
            "finding_id": self.finding_id if self.taken else None, "mention": write(self.mention),
        }  # fmt: skip


def mentions_of(file: CaseFile, content: Callable[[str], bytes]) -> Iterator[CaseMention]:
    """Yield the mentions of a case, the newest reading of each input alone.

    Args:
        file: the case.
        content: gives what is held under a digest.

    Raises:
        CodecError: a scan that is held does not hold together.
    """
    held = set(file.case.finding_ids)
    again = read_again(file.runs)
    for run in reversed(file.runs):
        yield from _of_run(run, content(run.scan_sha256), held, again[run.id])


def as_shown(
    shown: Iterable[tuple[RunRecord, str, Mapping[str, object]]], held: Container[str]
) -> list[CaseMention]:
    """Give mentions as a case shows them.

    Args:
        shown: of each the run, the path of its input, and the mention as the scan has it.
        held: ids of the findings of the case.

    Raises:
        CodecError: a mention is not as it should be.
    """
    made = []
    for run, path, value in shown:
        mention = read(Mention, value, open_=True)
        name = _finding_id(mention)
        made.append(CaseMention(_key(mention, path), mention, path, run.id, name, name in held))
    return made


def _of_run(run: RunRecord, content: bytes, held: set[str], again: set[str]) -> Iterator[CaseMention]:
    """Yield the mentions of one scan, but for inputs that a newer scan read again."""
    reading = ScanReading(content)
    for _ in reading.findings():
        pass
    shown = list(reading.mentions())
    reading.check()
    for mention in shown:
        told = reading.head.inputs[mention.input]
        if told.path not in again:
            name = _finding_id(mention)
            yield CaseMention(_key(mention, told.path), mention, told.path, run.id, name, name in held)


def _cells(mention: Mention) -> Iterable[str]:
    """Give what the record says, as the id rests on it; scans of older versions kept no cells."""
    if mention.record:
        return [text for cell in mention.record for text in cell]
    place = mention.locator
    return [*mention.evidence, str(place.sheet), str(place.row), str(place.pointer)]


def _finding_id(mention: Mention) -> FindingId:
    return id_of(digest_of("mention", mention.entity, *_cells(mention)))


def _key(mention: Mention, path: str) -> str:
    place = mention.locator
    where = (path, str(place.sheet), str(place.row), str(place.pointer))
    named = digest_of(*where, mention.entity, mention.kind.value, *_cells(mention))
    return MENTION + named.hex()[:_KEY_DIGITS]


def seen_in(
    value: Mapping[str, Any], seen: Mapping[str, FindingJudgement], *, name_each: bool
) -> tuple[list[tuple[Mapping[str, Any], str]], list[FindingJudgement]]:
    """Divide the mentions of a scan: those of which nothing that counts was said, with their keys, and what was said of the rest.

    Args:
        value: the scan as plain values.
        seen: what was judged of mentions and counts, by their keys.
        name_each: whether keys are needed; without, none is given, and nothing counts.
    """
    paths = {one.get("index"): str(one.get("path")) for one in value.get("inputs", ())}
    left: list[tuple[Mapping[str, Any], str]] = []
    said: list[FindingJudgement] = []
    for one in value.get("mentions", ()):
        key = _key(read(Mention, one, open_=True), paths.get(one.get("input"), "")) if name_each else ""
        if key in seen:
            said.append(seen[key])
        else:
            left.append((one, key))
    return left, said


def chosen(mentions: Iterable[CaseMention], key: str, case_id: str) -> CaseMention:
    """Give the mention of a key.

    Raises:
        CaseError: E439 the case shows no such mention; E424 it was taken for equipment before.
    """
    found = next((one for one in mentions if one.key == key), None)
    if found is None:
        raise error("E439.mention", case=case_id, key=key)
    if found.taken:
        raise error("E424.mention_taken", case=case_id, key=key, finding=found.finding_id)
    return found


def as_scan(held: CaseMention, content: bytes, *, by: str, reason: str) -> bytes:
    """Make the scan of the one record that a person takes for equipment.

    Args:
        held: the mention.
        content: the scan that shows it.
        by: who says so; `reason`: why.
    """
    reading = ScanReading(content)
    for _ in reading.findings():
        pass
    for _ in reading.mentions():
        pass
    reading.check()
    head: Scan = reading.head
    mention = held.mention
    before = head.inputs[mention.input]
    record = canonical_json(write(mention)).encode()
    sheet = f"sheet {mention.locator.sheet}, " if mention.locator.sheet else ""
    where = f"{before.path}, {sheet}{mention.locator.words}"
    read = ScannedInput(
        0, f"{TAKEN}{where} ({held.key})", sha256(record).hexdigest(), before.reader, 1, (), (), {},
        len(record),
    )  # fmt: skip
    made = replace(
        head, inputs=(read,), findings=(_finding(held, by, reason),), mentions=(), decided=None, blind_spots=(),
        not_checked=(f"Everything but the record in {where}: this is a person's reading of one mention.",),
    )  # fmt: skip
    return scan_text(made).encode()


def _finding(held: CaseMention, by: str, reason: str) -> Finding:
    """Make the finding: a question to be judged, whatever the person who raised it thinks."""
    mention = held.mention
    evidence = tuple(
        Evidence(
            PERSON,
            "mention",
            said[:500],
            (0, len(said[:500].encode())),
            (),
            0,
            f"taken for equipment by {by}",
        )
        for said in mention.evidence
    ) or (Evidence(PERSON, "mention", mention.entity, (0, 0), (), 0, f"taken for equipment by {by}"),)
    return Finding(
        id=held.finding_id,
        input=0,
        locator=mention.locator,
        record_id=mention.record_id,
        entity=mention.entity,
        covered_through=(mention.entity,),
        role=Role.MADE_BY,
        band=Band.POSSIBLE,
        basis="stated",
        lists=(),
        evidence=evidence,
        against=(
            Evidence("context", "mention", mention.kind.value, (0, 0), (), 0, f"the scan reads it as {mention.kind.value}"),
        ),
        questions=(f"{by} takes this for equipment of the firm: {reason}. Is it?",),
        record=mention.record,
    )  # fmt: skip
