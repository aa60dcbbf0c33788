"""What runs found whose answers lie beside a store, and that no case took: it stands as what stands in another case does.

A run counts until a case holds its answer, or cases show what it found, as surely and with all that was seen of it; or until two
people set it aside (`runs_aside`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from proscribe.casework import jobs, runs_aside, tables
from proscribe.casework.content import chunks_of
from proscribe.casework.devices import devices_of
from proscribe.casework.files import Files
from proscribe.casework.organisation import held_of, inputs_read, mentions_of_inputs, signs_of
from proscribe.casework.runs_aside import Aside
from proscribe.casework.scan_stream import pieces
from proscribe.casework.store import Store
from proscribe.model.casework import EventKind
from proscribe.model.errors import CaseError, error
from proscribe.model.findings import Band
from proscribe.model.jobs import Job, JobKind, JobState
from proscribe.model.papers import RunBeside

#: Bytes of the digest by which a cell or a sign is known again.
_SIGN = 8
#: Answers of runs that a process remembers in short, so that a page does not read them anew.
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding or a device in short; `signs` are digests of what is seen of it, one behind the other."""

    id: str
    band: Band
    signs: bytes


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a run found.

    Attributes:
        devices: those that its findings alone do not show: surer than any of them, or with records that contradict each other.
        mentions: digest of an input to the mentions in it.
    """

    found: tuple[_Found, ...]
    devices: tuple[_Found, ...]
    mentions: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Known:
    """How a finding is shown by what counts already: the surest band, and what was seen of it; `all` where that is no matter."""

    band: Band = Band.POSSIBLE
    seen: list[frozenset[bytes]] = field(default_factory=list)
    all: bool = False

    def covers(self, one: _Found) -> bool:
        """Tell whether a finding is shown as surely, and nothing more is seen of it."""
        signs = _split(one.signs)
        return self.band.rank >= one.band.rank and (self.all or any(signs <= seen for seen in self.seen))


class _Newer:
    """What newer runs showed that count themselves."""

    def __init__(self) -> None:
        self.found: dict[str, _Known] = {}
        self.mentions: dict[str, int] = {}

    def add(self, standing: Sequence[_Found], mentions: Mapping[str, int]) -> None:
        for one in standing:
            mine = self.found.setdefault(one.id, _Known())
            mine.band = max(mine.band, one.band, key=lambda band: band.rank)
            mine.seen.append(_split(one.signs))
        for name, count in mentions.items():
            self.mentions[name] = max(self.mentions.get(name, 0), count)


def never_taken(store: Store) -> list[RunBeside]:
    """List the runs of a store of whose findings something stands that no case shows, or that were set aside, the newest first.

    Of several runs that show a thing alike the newest counts that nobody set aside. What a case shows and somebody set aside
    there is shown for a run that sees no more of it; what a layer of knowledge set aside and is merely possible counts nowhere.
    """
    with store.reading() as conn:
        taken = set(conn.execute(sa.select(tables.runs.c.scan_sha256).distinct()).scalars())
    attached = store.events_of(EventKind.DEVICES_ATTACHED)
    taken.update(event.data["report"]["sha256"] for event in attached)
    runs: dict[str, Job] = {}
    for job in jobs.listed(store, [JobState.DONE], [JobKind.SCAN, JobKind.DEVICES]):
        told = job.progress.findings or job.progress.mentions or job.kind == JobKind.DEVICES
        if job.result_sha256 not in taken and (told or job.unreadable):
            runs.setdefault(job.result_sha256, job)
    aside = runs_aside.aside(store) if runs else {}
    own = list(dict.fromkeys(event.case_id for event in attached))
    newer = _Newer()
    return [
        made
        for job in runs.values()
        if (made := _beside(store, job, newer, own, aside.get(job.result_sha256))) is not None
    ]


def never_read(store: Store) -> list[RunBeside]:
    """List the runs of inputs that came to no answer: they wait or run, were cancelled, or failed; the newest first.

    One is over when a later scan, in a case or not, read every file that it was handed, byte for byte.
    """
    waiting = [one for one in JobState if one is not JobState.DONE]
    runs = jobs.listed(store, waiting, [JobKind.SCAN, JobKind.DEVICES])
    if not runs:
        return []
    with store.reading() as conn:
        read = inputs_read(conn)
    for job in jobs.listed(store, [JobState.DONE], [JobKind.SCAN, JobKind.DEVICES]):
        read.update(one.sha256 for one in job.originals.files)
    made = []
    for job in runs:
        handed = [one for one in job.originals.files if one.use == "paths"]
        if job.unreadable or any(one.sha256 not in read for one in handed):
            names = tuple(one.display[-120:] for one in handed)
            made.append(
                RunBeside(job.id, job.created_at.date(), job.created_by, "", names, unread=job.state.value)
            )
    return made


def found_in(store: Store, job: Job) -> dict[str, int]:
    """Count what a run found: `confirmed` findings, `others` and `mentions`.

    Raises:
        CaseError: E479 when its answer is kept no longer, or cannot be read.
    """
    try:
        answer = _answer(Files.of(store).path(job.result_sha256), job.result_sha256)
    except (OSError, ValueError, KeyError, TypeError):
        raise error("E479.changed", at=job.id, sha256=job.result_sha256) from None
    every = (*answer.found, *answer.devices)
    sure = sum(one.band is Band.CONFIRMED for one in every)
    return {
        "confirmed": sure, "others": len(every) - sure, "mentions": sum(count for _, count in answer.mentions)
    }  # fmt: skip


def _beside(
    store: Store, job: Job, newer: _Newer, own: Sequence[str], aside: Aside | None
) -> RunBeside | None:
    """Give what of a run stands, None where nothing does; and take what it found into what newer runs showed.

    Args:
        own: the cases that hold reports of devices.
        aside: what people said of it; what two set aside stands no more, and shows nothing for others.
    """
    inputs = tuple(one.display[-120:] for one in job.originals.files if one.use == "paths")
    made = RunBeside(
        job.id, job.created_at.date(), job.created_by, job.result_sha256, inputs, aside=aside.words if aside else ""
    )  # fmt: skip
    if aside is not None and aside.of_all:
        return made
    try:
        answer = _answer(Files.of(store).path(job.result_sha256), job.result_sha256)
    except (CaseError, OSError, ValueError, KeyError, TypeError):
        return replace(made, gone=True)
    every = (*answer.found, *answer.devices)
    shown = _shown(store, [one.id for one in answer.found])
    if answer.devices:
        shown |= _devices_shown(store, own)
    standing = [
        one
        for one in every
        if not any(
            known.covers(one) for each in (shown, newer.found) if (known := each.get(one.id)) is not None
        )
    ]
    told = _mentions_standing(store, answer, newer)
    sure = sum(one.band is Band.CONFIRMED for one in standing)
    if aside is not None and aside.of_open:
        return replace(made, sure=sure)
    newer.add(standing, dict(answer.mentions))
    if not standing and not told:
        return None
    return replace(made, sure=sure, open=len(standing) - sure, mentions=told)


def _mentions_standing(store: Store, answer: _Answer, newer: _Newer) -> int:
    """Count the mentions of a run beyond those that a case, or a newer run, shows in the very same file."""
    if not answer.mentions:
        return 0
    with store.reading() as conn:
        held = mentions_of_inputs(conn, [name for name, _ in answer.mentions])
    return sum(
        max(0, count - max(held.get(name, 0), newer.mentions.get(name, 0))) for name, count in answer.mentions
    )


def _shown(store: Store, ids: list[str]) -> dict[str, _Known]:
    """Give how cases show findings: by the surest of their scans, and what they saw of those that somebody set aside."""
    made: dict[str, _Known] = {}
    with store.reading() as conn:
        for finding_id, band, seen in held_of(conn, ids):
            known = made.setdefault(finding_id, _Known())
            known.band = max(known.band, Band(band), key=lambda each: each.rank)
            if seen is None:
                known.all = True
            else:
                known.seen.append(frozenset(map(_sign, seen)))
    return made


def _devices_shown(store: Store, own: Sequence[str]) -> dict[str, _Known]:
    """Give the devices that cases hold, with what speaks against itself in them."""
    made: dict[str, _Known] = {}
    for case_id in own:
        for one in devices_of(store, store.case(case_id)):
            known = made.setdefault(one.id, _Known())
            if one.band:
                known.band = max(known.band, Band(one.band), key=lambda each: each.rank)
            known.seen.append(frozenset(map(_sign, (*one.contradictions, *one.entities))))
    return made


@lru_cache(_REMEMBERED)
def _answer(path: Path, sha256: str) -> _Answer:
    """Read what a kept answer of a run holds.

    Raises:
        OSError, ValueError, KeyError, TypeError: when it is not there, is no answer, or is another one than was kept.
    """
    digest = hashlib.sha256()

    def read() -> Iterator[bytes]:
        for chunk in chunks_of(path):
            digest.update(chunk)
            yield chunk

    found: list[_Found] = []
    devices: list[_Found] = []
    inputs: dict[int, str] = {}
    counts: Counter[int] = Counter()
    for one in pieces(read(), ("findings", "mentions", "devices", "inputs")):
        if one.key == "findings" and _counts(one.value):
            found.append(_short(one.value))
        elif one.key == "mentions":
            counts[one.value["input"]] += 1
        elif one.key == "devices":
            devices += _of_device(one.value)
        elif one.key == "inputs":
            inputs[one.value["index"]] = one.value["sha256"]
    if digest.hexdigest() != sha256:
        raise ValueError("it is not what was kept")
    mentions = Counter[str]()
    for number, count in counts.items():
        mentions[inputs[number]] += count
    return _Answer(tuple(found), tuple(devices), tuple(sorted(mentions.items())))


def _counts(finding: Mapping[str, Any]) -> bool:
    return not (finding.get("ignored") and finding["band"] == Band.POSSIBLE)


def _short(finding: Mapping[str, Any]) -> _Found:
    return _Found(finding["id"], Band(finding["band"]), b"".join(sorted(map(_sign, signs_of(finding)))))


def _of_device(device: Mapping[str, Any]) -> Iterator[_Found]:
    """Yield a device whose findings do not say by themselves what it is."""
    against = [one["what"] for one in device["contradictions"] if not one["explained"]]
    if against or any("lifted_from" in one for one in device["verdicts"]):
        said = (*against, *(one["entity"] for one in device["verdicts"]))
        yield _Found(
            device["id"], Band(device["band"] or Band.POSSIBLE), b"".join(sorted(map(_sign, set(said))))
        )


def _sign(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_SIGN).digest()


def _split(signs: bytes) -> frozenset[bytes]:
    return frozenset(signs[start : start + _SIGN] for start in range(0, len(signs), _SIGN))
