"""Two runs of a case compared: what is new, what is surer or less sure, what is gone, and what was not read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proscribe.model.casework import CaseFile, RunRecord
from proscribe.model.errors import error

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases


@dataclass(frozen=True, slots=True)
class Compared:
    """What a later run shows that an earlier one did not, and the other way round.

    Findings are as a case shows them, with their `id`.

    Attributes:
        new: of the later run alone.
        changed: of both, with the band that the earlier one gave, where it is another.
        gone: of the earlier run alone, in files that the later one read too, under the same name.
        not_read: of the earlier run alone, in files that the later one did not read; nothing is known of them.
        same: how many both show alike.
        first_files, second_files: names of files that one of them alone read.
    """

    first: RunRecord
    second: RunRecord
    new: tuple[Mapping[str, Any], ...]
    changed: tuple[tuple[Mapping[str, Any], str], ...]
    gone: tuple[Mapping[str, Any], ...]
    not_read: tuple[Mapping[str, Any], ...]
    same: int
    first_files: tuple[str, ...]
    second_files: tuple[str, ...]


def compare_runs(cases: Cases, file: CaseFile, first: str = "", second: str = "") -> Compared | None:
    """Compare two runs of a case; `None` where it holds fewer than two.

    Args:
        first, second: ids of runs; by default the newest, and before it the newest over other files or content.

    Raises:
        CaseError: E423 when the case has no such run.
    """
    from proscribe.casework.scans import findings_in_short

    runs = [run for run in file.made_runs if not run.of_scans]
    if len(runs) < 2:
        return None
    later = _run(file, runs, second) if second else runs[-1]
    before = [run for run in runs[: runs.index(later)] if run.inputs != later.inputs]
    earlier = _run(file, runs, first) if first else (before or runs)[-1 if before else 0]

    def shown(run: RunRecord) -> dict[str, dict[str, Any]]:
        found = findings_in_short(cases.store.blob(run.scan_sha256))
        return {name: {**one, "id": name} for name, one in found.items()}

    old, now = shown(earlier), shown(later)
    old_files, new_files = ({path for path, _ in run.inputs} for run in (earlier, later))
    lost = [one for name, one in old.items() if name not in now]
    changed = tuple(
        (one, old[name]["band"])
        for name, one in now.items()
        if name in old and old[name]["band"] != one["band"]
    )
    return Compared(
        earlier, later, tuple(one for name, one in now.items() if name not in old), changed,
        tuple(one for one in lost if one["path"] in new_files), tuple(one for one in lost if one["path"] not in new_files),
        sum(name in old for name in now) - len(changed), tuple(sorted(old_files - new_files)),
        tuple(sorted(new_files - old_files)),
    )  # fmt: skip


def _run(file: CaseFile, runs: list[RunRecord], asked: str) -> RunRecord:
    found = next((run for run in runs if run.id == asked), None)
    if found is None:
        known = ", ".join(run.id for run in runs)
        raise error("E423.record", case_id=file.case.id, what="run", identity=asked[:40], known=known)
    return found
