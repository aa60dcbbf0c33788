"""What a board reads first: the organisation's own sites, money as it was stated, currencies apart, and the nearest days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from proscribe.documents.evidence import Seen
from proscribe.documents.types.portfolio_summary.paid import by_records, money_sum
from proscribe.model.errors import error
from proscribe.model.observations import SILENT_KINDS
from proscribe.model.papers import StatedMoney
from proscribe.readers.counting import plain_words

#: What money can be stated about.
KINDS = ("contract value", "revenue at stake", "replacement cost")
_ROOMS_NAMED = 5
#: Lines above a header are told with this code.
_ABOVE = "E127"
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass
class _Site:
    own: bool
    counts: Counter[str] = field(default_factory=Counter)
    places: dict[str, None] = field(default_factory=dict)


def sites(seen: Sequence[Seen], own: Sequence[str], room_words: Iterable[str]) -> list[dict[str, Any]]:
    """Count findings by site; rooms, floors and racks count with the site that names them, or with none.

    Args:
        own: the organisation's sites, as it spells them; a record is at the one that its place names.
        room_words: words with which a place begins that is a part of a site.
    """
    rooms = re.compile(rf"(?:{'|'.join(map(re.escape, room_words))})\b", re.IGNORECASE)
    named = {place_of(one) for one in seen} - {""}
    found: dict[str, _Site] = {name: _Site(own=True) for name in own}
    for one in seen:
        at = place_of(one)
        name = _site_of(at, own, named, rooms)
        site = found.setdefault(name, _Site(own=name in own))
        site.counts[one.band] += 1
        outcomes = {item["outcome"] for item in one.outcomes.values()}
        site.counts.update(outcomes & {"prohibited", "undetermined"})
        if at and at != name:
            site.places[at] = None
    ranked = sorted(
        found.items(),
        key=lambda item: (not item[0], -item[1].counts["confirmed"], -item[1].counts.total(), item[0]),
    )
    return [
        {
            "name": name or "No site of the organisation is named",
            "own": site.own,
            "places": [*list(site.places)[:_ROOMS_NAMED]],
            "more_places": max(0, len(site.places) - _ROOMS_NAMED),
            **{
                band: site.counts[band]
                for band in ("confirmed", "probable", "possible", "prohibited", "undetermined")
            },
        }
        for name, site in ranked
    ]


def place_of(one: Seen) -> str:
    """Give the place of a finding; what a list of others says (vendors, their statements) is where they are, not we."""
    return "" if one.listed.kind in SILENT_KINDS else one.site


def _site_of(text: str, own: Sequence[str], named: Iterable[str], rooms: re.Pattern[str]) -> str:
    """Give the site of a place; empty where none is named."""
    words = plain_words(text)
    for name in sorted(own, key=len, reverse=True):
        if plain_words(name) and f" {plain_words(name)} " in f" {words} ":
            return name
    if own or not words or rooms.match(text.strip()):
        return ""
    within = [
        one
        for one in named
        if one != text and plain_words(one) and f"{words} ".startswith(f"{plain_words(one)} ")
    ]
    return min(within, key=lambda one: (len(plain_words(one)), one), default=text)


def money(
    stated: Sequence[StatedMoney],
    seen: Sequence[Seen],
    currencies: Mapping[str, Sequence[str]],
    words: Mapping[str, Sequence[str]],
    above: Mapping[tuple[int, str], str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield sums of what was stated, and of what the records of findings state, by currency. Nothing is converted or guessed.

    Args:
        currencies: code to the words and signs that say it in a cell or in the name of a column.
        words: what makes an amount another than was paid, by kind of word, as `money_words` of the type lists it.
        above: what stands above the headers of inputs, as `lines_above` gives it.

    Raises:
        CaseError: E458 for an amount, a currency or a kind that is none.
    """
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for place, one in enumerate(stated):
        if (
            one.kind not in KINDS
            or not _AMOUNT.fullmatch(one.amount)
            or not _CURRENCY.fullmatch(one.currency)
        ):
            raise error(
                "E458.money", at=f"money[{place}]", kind=one.kind[:40], amount=one.amount[:40], currency=one.currency[:20],
                kinds=", ".join(KINDS),
            )  # fmt: skip
        sums.setdefault((one.kind, one.currency), []).append(Decimal(one.amount))
    for (kind, currency), amounts in sums.items():
        of = [one for one in stated if (one.kind, one.currency) == (kind, currency) and one.about]
        about = [f"{one.about}: {one.amount}" for one in of]
        twice = [name for name, count in Counter(plain_words(one.about) for one in of).items() if count > 1]
        told = "; ".join(about[:_ROOMS_NAMED]) or "as stated"
        if twice:
            told = (
                f"stated more than once, and perhaps for one thing: {', '.join(twice[:_ROOMS_NAMED])}; {told}"
            )
        yield money_sum(kind, currency, amounts, told, "at most " if twice else "")
    yield from by_records(seen, currencies, words, above or {})


def lines_above(scans: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], str]:
    """Give what stands above the headers of inputs, as the scan tells it: number of the scan and path, to what it says."""
    return {
        (number, str(one.get("path"))): " ".join(
            str(issue.get("what")) for issue in one.get("issues") or () if issue.get("code") == _ABOVE
        )
        for number, value in enumerate(scans)
        for one in value.get("inputs") or ()
    }


def clocks(told: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Write the nearest clocks, as they were handed over, soonest first."""
    return sorted((dict(one) for one in told), key=lambda one: (one.get("due", ""), one.get("case", "")))
