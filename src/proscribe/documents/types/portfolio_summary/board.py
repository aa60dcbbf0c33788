"""What a board reads first: the organisation's own sites, money as it was stated, currencies apart, and the nearest days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from proscribe.documents.evidence import Seen
from proscribe.model.errors import error
from proscribe.model.papers import StatedMoney

#: What money can be stated about.
KINDS = ("contract value", "revenue at stake", "replacement cost")
_ROOMS_NAMED = 5
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_EDGES = re.compile(r"\W+")


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
    named = {one.site for one in seen if one.site}
    found: dict[str, _Site] = {name: _Site(own=True) for name in own}
    for one in seen:
        name = _site_of(one.site, own, named, rooms)
        site = found.setdefault(name, _Site(own=name in own))
        site.counts[one.band] += 1
        outcomes = {item["outcome"] for item in one.outcomes.values()}
        site.counts.update(outcomes & {"prohibited", "undetermined"})
        if one.site and one.site != name:
            site.places[one.site] = None
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


def _site_of(text: str, own: Sequence[str], named: Iterable[str], rooms: re.Pattern[str]) -> str:
    """Give the site of a place; empty where none is named."""
    words = _words(text)
    for name in sorted(own, key=len, reverse=True):
        if _words(name) and f" {_words(name)} " in f" {words} ":
            return name
    if own or not words or rooms.match(text.strip()):
        return ""
    within = [
        one for one in named if one != text and _words(one) and f"{words} ".startswith(f"{_words(one)} ")
    ]
    return min(within, key=lambda one: (len(_words(one)), one), default=text)


def _words(text: str) -> str:
    return " ".join(_EDGES.sub(" ", text.casefold()).split())


def money(stated: Sequence[StatedMoney], seen: Sequence[Seen]) -> Iterator[dict[str, Any]]:
    """Yield sums of what was stated, and of what the records of findings state, by currency. Nothing is converted or guessed.

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
        about = [
            f"{one.about}: {one.amount}"
            for one in stated
            if (one.kind, one.currency) == (kind, currency) and one.about
        ]
        yield _sum(kind, currency, amounts, "; ".join(about[:_ROOMS_NAMED]) or "as stated")
    paid: dict[str, list[Decimal]] = {}
    for found in seen:
        read = _read(found.amount)
        if read is not None:
            paid.setdefault(read[1], []).append(read[0])
    for currency, amounts in paid.items():
        told = f"{len(amounts):,} of {len(seen):,} findings state an amount in it"
        yield _sum("paid for what was found, by its records", currency, amounts, told)


def _sum(kind: str, currency: str, amounts: Sequence[Decimal], about: str) -> dict[str, Any]:
    return {"what": kind, "currency": currency, "amount": f"{sum(amounts):,}", "about": about}


def _read(text: str) -> tuple[Decimal, str] | None:
    """Read an amount with its currency; `None` where either is not stated beyond doubt."""
    number, _, currency = text.strip().rpartition(" ")
    if _CURRENCY.fullmatch(currency) and (_AMOUNT.fullmatch(number) or _THOUSANDS.fullmatch(number)):
        return Decimal(number.replace(",", "")), currency
    return None


def clocks(told: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Write the nearest clocks, as they were handed over, soonest first."""
    return sorted((dict(one) for one in told), key=lambda one: (one.get("due", ""), one.get("case", "")))
