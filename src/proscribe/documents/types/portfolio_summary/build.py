"""The summary for a board: what was looked at, found, is due, and is not known. It represents nothing to anyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from proscribe.documents.envelope import Draft, plain
from proscribe.documents.evidence import Seen, as_judged, counted_band, off_the_count, unseen
from proscribe.documents.loose import objects, whole_number
from proscribe.documents.making import Work
from proscribe.documents.repeats import Repeated, once, repeated
from proscribe.documents.types.portfolio_summary.board import (
    clocks,
    lines_above,
    money,
    place_of,
    sites,
)
from proscribe.documents.types.portfolio_summary.paid import amount
from proscribe.model.decisions import Outcome
from proscribe.model.papers import PaperInputs

_BANDS = ("confirmed", "probable", "possible")
_LARGEST_SHOWN = 15


def draft(work: Work) -> Draft:
    """Draft the summary from units, or from the scans where no units are given."""
    inputs = work.inputs
    seen, aside = once(inputs, work.seen)
    seen = [_counted(one, inputs) for one in seen]
    units = [plain(one) for one in inputs.units] or _of_scans(inputs, work.seen)
    totals: dict[str, Any] = {
        "records": sum(one["records"] for one in units),
        "by_band": _sum([one["by_band"] for one in units], _BANDS),
        "by_outcome": _sum(
            [_as_counted(name, count) for one in units for name, count in one["by_outcome"].items()]
        ),
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
            *(f"{one['name']}: {one['note']}" for one in units if one["note"] and inputs.units),
            *_judged(aside),
            *_not_counted(inputs, seen, totals["by_band"]),
        ]
    )
    currencies, words = work.kind.get("currencies", {}), work.kind.get("money_words", {})
    largest = [one for one in seen if one.band == "confirmed"][:_LARGEST_SHOWN]
    return Draft(
        lambda state: work.body(
            state,
            sites=sites(seen, inputs.sites, work.kind.get("rooms", ())),
            money=list(
                money(inputs.money, seen, currencies, words, lines_above([one.value for one in inputs.scans]))
            ),
            clocks=clocks(inputs.clocks),
            units=units,
            totals=totals,
            undecided=totals["by_outcome"].get("undetermined", 0),
            due=[dict(one) for one in inputs.submissions],
            not_known=list(not_known),
            largest=[
                {"what": one.words(), "site": place_of(one), "amount": amount(one, currencies, words)}
                for one in largest
            ],
        )
    )


def _counted(one: Seen, inputs: PaperInputs) -> Seen:
    """Give a finding as it counts: in the band, and with what the law says, that people's judgements give it."""
    made = as_judged(one, inputs.scans[one.scan].as_judged)
    return replace(made, band=counted_band(one.judgement, one.band))


def _judged(aside: Sequence[Seen]) -> Iterator[str]:
    alone = sum(not (one.judgement and one.judgement.approver) for one in aside)
    if aside:
        told = f", {alone:,} of them on the word of one person" if alone else ""
        yield f"Judged to be none, and not counted: {len(aside):,}{told}"


def _not_counted(inputs: PaperInputs, seen: Sequence[Seen], by_band: Mapping[str, int]) -> Iterator[str]:
    """Say what the scans hold beyond what units count: a unit that somebody wrote makes no finding go away."""
    for band in _BANDS if inputs.units else ():
        there = sum(one.band == band for one in seen)
        if there > by_band[band]:
            yield f"The scans hold {there:,} {band} findings, and the units count {by_band[band]:,}; the rest is in no unit"


def _of_scans(inputs: PaperInputs, seen: Sequence[Seen]) -> list[dict[str, Any]]:
    units = []
    again = repeated([scan.value for scan in inputs.scans])
    for index, scan in enumerate(inputs.scans, 1):
        known = again[index - 1]
        own = [one for one in seen if one.scan == index - 1]
        judged = {place for place, one in enumerate(own) if off_the_count(one.judgement, one.band)}
        left = known.findings | judged
        gone = _left_out(scan.value, left)
        summary = scan.value.get("summary")
        summary = summary if isinstance(summary, Mapping) else {}
        raised = Counter(
            one.band
            for place, one in enumerate(own)
            if place not in left and one.ignored is None and counted_band(one.judgement, one.band) != one.band
        )
        by_band = _less(_counts(summary.get("by_band")), gone["band"] + raised)
        by_band["confirmed"] = by_band.get("confirmed", 0) + raised.total()
        decided = scan.value.get("decided")
        outcomes = decided.get("by_outcome") if isinstance(decided, Mapping) else {}
        units.append(
            {
                "name": f"scan {index}",
                "records": max(0, whole_number(summary.get("records")) - known.records),
                "by_band": by_band,
                "by_outcome": {
                    name: count for name, count in _less(_counts(outcomes), gone["outcome"]).items() if count
                },
                "by_firm": _less(_counts(summary.get("by_firm")), gone["firm"]),
                "cases_open": 0,
                "overdue": 0,
                "next_due": "",
                "not_checked": len(unseen(scan)),
                "note": _same_again(known),
            }
        )
    return units


def _same_again(known: Repeated) -> str:
    if not known.findings and not known.records:
        return ""
    return (
        f"{len(known.findings):,} of its findings and {known.records:,} of its records are those of another scan of this "
        "summary and are counted there"
    )


def _left_out(scan: Mapping[str, Any], places: Set[int]) -> dict[str, Counter[str]]:
    """Count the findings that count with another scan or not at all, as the summary of their own scan counted them."""
    gone: dict[str, Counter[str]] = {"band": Counter(), "firm": Counter(), "outcome": Counter()}
    for place, finding in enumerate(objects(scan.get("findings"))):
        if place not in places:
            continue
        if finding.get("outcome"):
            gone["outcome"][str(finding["outcome"])] += 1
        if not finding.get("ignored"):
            through = finding.get("covered_through")
            firm = through[-1] if isinstance(through, list) and through else finding.get("entity")
            gone["band"][str(finding.get("band"))] += 1
            gone["firm"][str(firm)] += 1
    return gone


def _less(counts: Mapping[str, int], gone: Mapping[str, int]) -> dict[str, int]:
    return {name: max(0, count - gone.get(name, 0)) for name, count in counts.items()}


def _sum(parts: list[dict[str, int]], always: tuple[str, ...] = ()) -> dict[str, int]:
    total: Counter[str] = Counter(dict.fromkeys(always, 0))
    for part in parts:
        total.update(part)
    names = [*always, *sorted(name for name in total if name not in always)]
    return {name: total[name] for name in names}


def _as_counted(name: str, count: int) -> dict[str, int]:
    """Give how many things stand under an outcome, as answers count them; other words stay as they are."""
    return {Outcome(name).counted.value if name in set(Outcome) else name: count}


def _counts(value: Any) -> dict[str, int]:
    return {str(key): whole_number(item) for key, item in value.items()} if isinstance(value, Mapping) else {}
