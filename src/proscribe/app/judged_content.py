"""Judgements hold for what was seen when they were made.

The id of a finding rests on the record's own identifiers where it has some, so another thing may come to bear it: a sheet
that counts its rows anew, a tag that was moved, a row that says more than it did. A judgement that sets a finding aside does
not go on over signs that nobody has looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proscribe.casework.content import chunks_of
from proscribe.casework.scan_stream import pieces
from proscribe.matching.set_asides import sign_of
from proscribe.model.casework import CaseFile, Verdict
from proscribe.model.findings import Band

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SETS_ASIDE = (Verdict.DIFFERENT, Verdict.CLEARED)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Signs:
    """What a finding rests on: (matcher, text found, folded), and how sure it is."""

    found: frozenset[tuple[str, str]]
    band: Band

    def beyond(self, judged: Signs) -> str:
        """Say what stands here that was not judged; empty when nothing does."""
        new = sorted(text for _, text in self.found - judged.found)
        said = []
        if new:
            more = f" and {len(new) - _SHOWN} more" if len(new) > _SHOWN else ""
            said.append("it holds " + ", ".join(repr(text[:60]) for text in new[:_SHOWN]) + more)
        if self.band.rank > judged.band.rank:
            said.append(f"it was {judged.band.value} and is {self.band.value}")
        return "; ".join(said)


def signs_in(source: bytes | Path, wanted: Collection[str]) -> dict[str, Signs]:
    """Give finding id to its signs, for the findings asked for, reading the scan piece by piece."""
    found: dict[str, Signs] = {}
    if not wanted:
        return found
    for piece in pieces(chunks_of(source), ("findings", "mentions")):
        if piece.key == "findings" and piece.value.get("id") in wanted:
            evidence = piece.value.get("evidence") or ()
            texts = frozenset((str(one["matcher"]), sign_of(str(one["found"]))) for one in evidence)
            found[piece.value["id"]] = Signs(texts, Band(piece.value["band"]))
    return found


def changed_since_judged(
    file: CaseFile,
    scan: bytes | Path,
    earlier: Iterable[bytes | Path | Callable[[], bytes]],
    carried: Mapping[str, str],
) -> dict[str, str]:
    """Give the findings of a scan whose standing judgement was made of something else, and what is new about each.

    Args:
        file: the case before the scan is attached.
        scan: the scan that is attached.
        earlier: the scans of the case, the newest first; a function is called when its scan is needed.
        carried: earlier id to the id in this scan, where the scheme of ids has changed.
    """
    judged = {name for name, one in file.standing().items() if one.verdict in _SETS_ASIDE}
    now_called = {name: carried.get(name, name) for name in judged}
    now = signs_in(scan, set(now_called.values()))
    open_ = {name for name in judged if now_called[name] in now}
    changed: dict[str, str] = {}
    for source in earlier:
        if not open_:
            break
        for name, before in signs_in(source() if callable(source) else source, open_).items():
            open_.discard(name)
            beyond = now[now_called[name]].beyond(before)
            if beyond:
                changed[now_called[name]] = beyond
    return changed
