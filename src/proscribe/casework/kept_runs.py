"""What runs found whose answers lie beside a store, and that no case took: it stands as what stands in another case does.

A run counts until a case holds its scan, or scans of cases show what it found, as surely and with all that was seen of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from proscribe.casework import jobs, tables
from proscribe.casework.content import chunks_of
from proscribe.casework.files import Files
from proscribe.casework.organisation import held_of, signs_of
from proscribe.casework.scan_stream import pieces
from proscribe.casework.store import Store
from proscribe.model.errors import CaseError
from proscribe.model.findings import Band
from proscribe.model.jobs import Job, JobKind, JobState
from proscribe.model.papers import RunBeside

#: Bytes of the digest by which a cell or a sign is known again.
_SIGN = 8
#: Answers of runs that a process remembers in short, so that a page does not read them anew.
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding in short; `signs` are digests of what is seen of it, one behind the other."""

    id: str
    band: Band
    signs: bytes


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


def never_taken(store: Store) -> list[RunBeside]:
    """List the runs of a store of whose findings something stands that no case shows, the newest first.

    Of several runs that show a thing alike the newest counts. What a case shows and somebody set aside there is shown for a run
    that sees no more of it; what a layer of knowledge set aside and is merely possible counts nowhere.
    """
    with store.reading() as conn:
        taken = set(conn.execute(sa.select(tables.runs.c.scan_sha256).distinct()).scalars())
    runs: dict[str, Job] = {}
    for job in jobs.listed(store, [JobState.DONE], [JobKind.SCAN]):
        if job.result_sha256 not in taken and (job.progress.findings or job.unreadable):
            runs.setdefault(job.result_sha256, job)
    newer: dict[str, _Known] = {}
    return [made for job in runs.values() if (made := _beside(store, job, newer)) is not None]


def _beside(store: Store, job: Job, newer: dict[str, _Known]) -> RunBeside | None:
    """Give what of a run stands, None where nothing does; and take what it found into what newer runs showed."""
    inputs = tuple(one.display[-120:] for one in job.originals.files if one.use == "paths")
    about = (job.id, job.created_at.date(), job.created_by, job.result_sha256, inputs)
    try:
        found = _found(Files.of(store).path(job.result_sha256), job.result_sha256)
    except (CaseError, OSError, ValueError, KeyError, TypeError):
        return RunBeside(*about, gone=True)
    shown = _shown(store, [one.id for one in found])
    standing: list[_Found] = []
    for one in found:
        known = [each[one.id] for each in (shown, newer) if one.id in each]
        if not any(each.covers(one) for each in known):
            standing.append(one)
            mine = newer.setdefault(one.id, _Known())
            mine.band = max(mine.band, one.band, key=lambda band: band.rank)
            mine.seen.append(_split(one.signs))
    sure = sum(one.band is Band.CONFIRMED for one in standing)
    return RunBeside(*about, sure, len(standing) - sure) if standing else None


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


@lru_cache(_REMEMBERED)
def _found(path: Path, sha256: str) -> tuple[_Found, ...]:
    """Read what a kept scan found.

    Raises:
        OSError, ValueError, KeyError, TypeError: when it is not there, is no scan, or is another one than was kept.
    """
    digest = hashlib.sha256()

    def read() -> Iterator[bytes]:
        for chunk in chunks_of(path):
            digest.update(chunk)
            yield chunk

    made = tuple(
        _short(one.value) for one in pieces(read(), ("findings", "mentions")) if one.key == "findings" and _counts(one.value)
    )  # fmt: skip
    if digest.hexdigest() != sha256:
        raise ValueError("it is not what was kept")
    return made


def _counts(finding: Mapping[str, Any]) -> bool:
    return not (finding.get("ignored") and finding["band"] == Band.POSSIBLE)


def _short(finding: Mapping[str, Any]) -> _Found:
    return _Found(finding["id"], Band(finding["band"]), b"".join(sorted(map(_sign, signs_of(finding)))))


def _sign(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_SIGN).digest()


def _split(signs: bytes) -> frozenset[bytes]:
    return frozenset(signs[start : start + _SIGN] for start in range(0, len(signs), _SIGN))
