"""What shows that a scan found what it says: the store keeps that it was run again, or it is run again where a document is made.

A file of a scan alone shows nothing: anybody can write one. Where its inputs are at hand it is run again in passing, so that
nobody has to ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.store.desk import Inputs, ran_again
from proscribe.app.store.scan_replay import Replay, replay_scan
from proscribe.documents.envelope import plain
from proscribe.model.casework import EventKind
from proscribe.model.papers import ScanCameOut, ScanReplay

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk
    from proscribe.casework.commands.runs import RanAgain


def unsigned_until(desk: Desk) -> dict[str, int]:
    """Give each case that was taken over without a signature the place in the chain up to which anybody could have written it."""
    return {
        event.case_id: event.seq for event in desk.store.imports() if "signature" not in event.data
    }  # the last one counts


class ScanProofs:
    """Tells of scans whether they came out again, and runs those again that did not yet.

    Args:
        desk: the store whose word counts; `None` for a document from files alone.
        knowledge: a snapshot or source folder, then layers, that may be those of a scan.
        folders: anywhere under these the inputs may lie.
        at, by: when and for whom scans are run again here.
    """

    def __init__(
        self,
        desk: Desk | None,
        *,
        knowledge: Sequence[str | Path] = (),
        folders: Sequence[Path] = (),
        at: datetime | None = None,
        by: str = "",
    ) -> None:
        self._desk, self._knowledge, self._folders = desk, tuple(knowledge), tuple(folders)
        self._at, self._by = at, by
        self._fresh: dict[str, Replay] = {}

    @cached_property
    def _kept(self) -> dict[str, ScanReplay]:
        if self._desk is None:
            return {}
        unsigned = unsigned_until(self._desk)
        kept = {}
        for event in self._desk.store.events_of(EventKind.RUN_REPLAYED):
            if event.seq > unsigned.get(event.case_id, 0):
                told = event.data["replay"]
                kept[told["scan_sha256"]] = ScanReplay(
                    ScanCameOut.SAME, event.happened_at, event.by, told["program"], told["scanned_with"]
                )
        return kept

    def holds(self, sha256: str) -> bool:
        """Tell whether the store keeps that a scan came out again, or it did here."""
        return sha256 in self._kept or (sha256 in self._fresh and self._fresh[sha256].holds)

    def of(self, content: bytes | Path, sha256: str, near: Sequence[Path]) -> dict[str, Any]:
        """Tell of a scan what came of running it again, as `ScanInput.replay` takes it; run it where nobody did.

        Args:
            content: the JSON of the scan, or its file.
            sha256: its digest.
            near: folders from which its own paths may lead to its inputs.
        """
        if sha256 in self._kept:
            return self._value(self._kept[sha256])
        if sha256 not in self._fresh:
            where = Inputs(tuple(near), self._folders)
            data = content if isinstance(content, bytes) else content.read_bytes()
            if self._desk is not None:
                self._fresh[sha256] = self._desk.replayed(data, sha256[:12], where)
            else:
                self._fresh[sha256] = replay_scan(
                    data, sha256[:12], where.under, near=where.near, knowledge=self._knowledge
                )
        again = self._fresh[sha256]
        outcome = ScanCameOut(again.outcome.value)
        return self._value(
            ScanReplay(outcome, self._at, self._by, again.program, again.scanned_with, again.what)
        )

    @staticmethod
    def _value(told: ScanReplay) -> dict[str, Any]:
        value: dict[str, Any] = plain(told)
        return value

    def to_keep(self, digests: Iterable[str]) -> list[RanAgain]:
        """Give what a store is to keep of the scans among these that were run again here and came out the same."""
        return [
            ran_again(self._fresh[one])
            for one in dict.fromkeys(digests)
            if one in self._fresh and self._fresh[one].holds
        ]
