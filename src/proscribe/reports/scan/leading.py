"""The findings and mentions that a report with limits shows, chosen without holding the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from proscribe.model.findings import Band, Finding, Mention, MentionKind
from proscribe.model.results import Scan


@dataclass(slots=True)
class Leading:
    """The first findings of each band, and of those set aside, with how many there are in all.

    Attributes:
        bands: band to its first findings, in order; set-aside ones are not among them.
        in_all: band to how many there are.
        set_aside: the first findings that were set aside.
        set_aside_in_all: how many were.
    """

    bands: dict[Band, list[Finding]] = field(default_factory=dict)
    in_all: dict[Band, int] = field(default_factory=dict)
    set_aside: list[Finding] = field(default_factory=list)
    set_aside_in_all: int = 0


def leading(scan: Scan, limit: int) -> Leading:
    """Choose up to `limit` findings of each band, and as many of those set aside."""
    tally = scan.tally()
    made = Leading(set_aside_in_all=tally.set_aside.total())
    for band in Band:
        made.bands[band] = []
        made.in_all[band] = sum(number for key, number in tally.live.items() if key[0] is band)
    missing = sum(min(limit, number) for number in (*made.in_all.values(), made.set_aside_in_all))
    for finding in scan.findings if missing else ():
        shown = made.bands[finding.band] if finding.ignored is None else made.set_aside
        if len(shown) < limit:
            shown.append(finding)
            missing -= 1
            if not missing:
                break
    return made


def mention_kinds(scan: Scan) -> Iterator[tuple[MentionKind, str, int, Mention]]:
    """Give each kind of mention of each entity, in order: kind, entity, how many, the first of them."""
    counts: dict[tuple[MentionKind, str], tuple[int, Mention]] = {}
    for mention in scan.mentions:
        key = (mention.kind, mention.entity)
        number, first = counts.get(key, (0, mention))
        counts[key] = (number + 1, first)
    for (kind, entity), (number, first) in sorted(counts.items(), key=lambda item: item[0]):
        yield kind, entity, number, first
