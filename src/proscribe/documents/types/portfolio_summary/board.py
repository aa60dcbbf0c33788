"""What a board reads first: the organisation's own sites, money as it was stated, currencies apart, and the nearest days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from proscribe.documents.evidence import Price, Seen
from proscribe.model.amounts import money_of, quantity_of
from proscribe.model.errors import error
from proscribe.model.observations import SILENT_KINDS
from proscribe.model.papers import StatedMoney

#: What money can be stated about.
KINDS = ("contract value", "revenue at stake", "replacement cost")
_ROOMS_NAMED = 5
_PAID = "paid for what was found, by its records"
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
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


def money(
    stated: Sequence[StatedMoney], seen: Sequence[Seen], currencies: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """Yield sums of what was stated, and of what the records of findings state, by currency. Nothing is converted or guessed.

    Args:
        currencies: code to the words and signs that say it in a cell or in the name of a column.

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
    # A record is paid for once, however many firms it names.
    records = {(one.scan, one.input, one.place or one.id, one.record_id): one for one in reversed(seen)}
    not_read: list[str] = []
    for found in reversed(records.values()):
        read = _paid(found, currencies)
        if read is not None:
            paid.setdefault(read[1], []).append(read[0])
        elif found.prices:
            not_read.append(found.prices[0].text)
    empty = len(records) - len(not_read) - sum(map(len, paid.values()))
    rest = f"; {len(not_read):,} state one that is not read, {empty:,} state none"
    for currency, amounts in paid.items():
        told = f"{len(amounts):,} of {len(records):,} records with findings state an amount in it{rest}"
        yield _sum(_PAID, currency, amounts, told)
    if not_read:
        quoted = ", ".join(f"“{text}”" for text in list(dict.fromkeys(not_read))[:_ROOMS_NAMED])
        why = (
            f"{len(not_read):,} of {len(records):,} records with findings state an amount that is in no sum, as it can be "
            f"read in two ways, names no currency or is no amount: {quoted}"
        )
        yield {"what": _PAID, "currency": "", "amount": "not read", "about": why}


def _sum(kind: str, currency: str, amounts: Sequence[Decimal], about: str) -> dict[str, Any]:
    return {"what": kind, "currency": currency, "amount": f"{sum(amounts):,}", "about": about}


def amount(one: Seen, currencies: Mapping[str, Sequence[str]]) -> str:
    """Write what the record of a finding says it cost, in its currency; as it stands there where that is in doubt."""
    read = _paid(one, currencies)
    if read is None:
        return one.amount if any(map(str.isdigit, one.amount)) else ""
    return f"{read[0]:,} {read[1]}"


def _paid(one: Seen, currencies: Mapping[str, Sequence[str]]) -> tuple[Decimal, str] | None:
    """Give what a record says was paid: the amount of its row, else the price of a unit times the quantity."""
    for price in one.prices:
        times = quantity_of(price.times)
        text, currency = _parted(price, currencies)
        paid = money_of(text)
        if paid is None or times is None:
            continue
        own = paid[1] if _CURRENCY.fullmatch(paid[1]) else ""
        if (own or currency) and (not own or not currency or own == currency):
            return paid[0] * times, own or currency
    return None


def _parted(price: Price, currencies: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Part a price into its number and its currency: its own, else that of its record, else that of its column."""
    for said in (price.text, price.currency, price.column):
        found = {
            code: word
            for code, words in currencies.items()
            for word in (code, *words)
            if re.search(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", said)
        }
        if len(found) > 1:
            return price.text, ""
        for code, word in found.items():
            return (price.text.replace(word, "").strip() if said is price.text else price.text), code
    return price.text, price.currency if _CURRENCY.fullmatch(price.currency) else ""


def clocks(told: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Write the nearest clocks, as they were handed over, soonest first."""
    return sorted((dict(one) for one in told), key=lambda one: (one.get("due", ""), one.get("case", "")))
