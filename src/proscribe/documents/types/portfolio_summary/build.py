"""The summary for a board: what was looked at, found, is due, and is not known. It represents nothing to anyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proscribe.documents.envelope import Draft, plain
from proscribe.documents.evidence import Seen, unseen
from proscribe.documents.making import Work
from proscribe.model.papers import PaperInputs

_BANDS = ("confirmed", "probable", "possible")
_LARGEST_SHOWN = 15


def draft(work: Work) -> Draft:
    """Draft the summary from units, or from the scans where no units are given."""
    inputs, seen = work.inputs, work.seen
    units = [plain(one) for one in inputs.units] or _of_scans(inputs)
    totals: dict[str, Any] = {
        "records": sum(one["records"] for one in units),
        "by_band": _sum([one["by_band"] for one in units], _BANDS),
        "by_outcome": _sum([one["by_outcome"] for one in units]),
        "by_firm": _sum([one["by_firm"] for one in units]),
        **{name: sum(one[name] for one in units) for name in ("cases_open", "overdue", "not_checked")},
    }
    not_known = dict.fromkeys(
        [
            *(
                f"{one.name}: not searched; {one.why}"
                for one in (inputs.inquiry.not_searched if inputs.inquiry else ())
            ),
            *(text for scan in inputs.scans for _, text in unseen(scan)),
            *(f"{one['name']}: {one['note']}" for one in units if one["note"]),
            *_not_counted(inputs, seen, totals["by_band"]),
        ]
    )
    largest = [one for one in seen if one.band == "confirmed"][:_LARGEST_SHOWN]
    return Draft(
        lambda state: work.body(
            state,
            units=units,
            totals=totals,
            undecided=totals["by_outcome"].get("undetermined", 0),
            due=[dict(one) for one in inputs.submissions],
            not_known=list(not_known),
            largest=[{"what": one.words(), "site": one.site, "amount": one.amount} for one in largest],
        )
    )


def _not_counted(inputs: PaperInputs, seen: Sequence[Seen], by_band: Mapping[str, int]) -> Iterator[str]:
    """Say what the scans hold beyond what units count: a unit that somebody wrote makes no finding go away."""
    for band in _BANDS if inputs.units else ():
        there = sum(one.band == band for one in seen)
        if there > by_band[band]:
            yield f"The scans hold {there:,} {band} findings, and the units count {by_band[band]:,}; the rest is in no unit"


def _of_scans(inputs: PaperInputs) -> list[dict[str, Any]]:
    units = []
    for index, scan in enumerate(inputs.scans, 1):
        summary = scan.value.get("summary")
        summary = summary if isinstance(summary, Mapping) else {}
        decided = scan.value.get("decided")
        outcomes = decided.get("by_outcome") if isinstance(decided, Mapping) else {}
        units.append(
            {
                "name": f"scan {index}",
                "records": _whole(summary.get("records")),
                "by_band": _counts(summary.get("by_band")),
                "by_outcome": {name: count for name, count in _counts(outcomes).items() if count},
                "by_firm": _counts(summary.get("by_firm")),
                "cases_open": 0,
                "overdue": 0,
                "next_due": "",
                "not_checked": len(unseen(scan)),
                "note": "",
            }
        )
    return units


def _sum(parts: list[dict[str, int]], always: tuple[str, ...] = ()) -> dict[str, int]:
    total: Counter[str] = Counter(dict.fromkeys(always, 0))
    for part in parts:
        total.update(part)
    names = [*always, *sorted(name for name in total if name not in always)]
    return {name: total[name] for name in names}


def _counts(value: Any) -> dict[str, int]:
    return {str(key): _whole(item) for key, item in value.items()} if isinstance(value, Mapping) else {}


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
