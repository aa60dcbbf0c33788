"""What a board reads first: the organisation's own sites, money as it was stated, currencies apart, and the nearest days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from proscribe.devices.marks import serials
from proscribe.devices.things import things
from proscribe.documents.evidence import Price, Seen, cut
from proscribe.model.amounts import is_sign_of, money_of, quantity_of
from proscribe.model.errors import error
from proscribe.model.observations import SILENT_KINDS
from proscribe.model.papers import StatedMoney
from proscribe.readers.counting import (
    counting_words,
    counts_others,
    is_small_number,
    leaves_open,
    plain_words,
    says,
)

#: What money can be stated about.
KINDS = ("contract value", "revenue at stake", "replacement cost")
_ROOMS_NAMED = 5
#: Other numbers in the name of a column of money are a scale: `Price per 100`, `USD 000`.
_YEAR = re.compile(r"(?:19|20)\d\d")
#: A longer text tells of a thing rather than of a sum.
_TOTAL_WORDS = 4
_WHICH_WAY = "it may go the other way: "
#: Lines above a header are told with this code.
_ABOVE = "E127"
_PAID = "paid for what was found, by its records"
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
        yield _sum(kind, currency, amounts, told, "at most " if twice else "")
    yield from _by_records(seen, currencies, words, above or {})


def lines_above(scans: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], str]:
    """Give what stands above the headers of inputs, as the scan tells it: number of the scan and path, to what it says."""
    return {
        (number, str(one.get("path"))): " ".join(
            str(issue.get("what")) for issue in one.get("issues") or () if issue.get("code") == _ABOVE
        )
        for number, value in enumerate(scans)
        for one in value.get("inputs") or ()
    }


def _by_records(
    seen: Sequence[Seen],
    currencies: Mapping[str, Sequence[str]],
    words: Mapping[str, Sequence[str]],
    above: Mapping[tuple[int, str], str],
) -> Iterator[dict[str, Any]]:
    paid: dict[str, list[Decimal]] = {}
    # A record is paid for once, however many firms it names.
    records = {(one.scan, one.input, one.place or one.id, one.record_id): one for one in reversed(seen)}
    found = list(reversed(records.values()))
    read = {id(one): amount for one in found if (amount := _paid(one, currencies)) is not None}
    doubts = {
        id(one): "it is below zero, as what is given back is" if read[id(one)][0] < 0 else why
        for one in found
        if id(one) in read
        and (
            (
                why := _doubt(one, read[id(one)][2], words)
                or _scaled(above.get((one.scan, one.input), ""), words)
            )
            or read[id(one)][0] < 0
        )
    }
    doubts |= _of_a_whole([one for one in found if id(one) in read and id(one) not in doubts], read, words)
    again, unsure = _stated_again([one for one in found if id(one) in read and id(one) not in doubts], read)
    doubts |= unsure
    not_read, doubtful = [], []
    for one in found:
        if id(one) in again:
            continue
        if id(one) in doubts:
            doubtful.append(f"{one.place}: “{one.prices[0].text}” ({doubts[id(one)]})")
        elif id(one) in read:
            paid.setdefault(read[id(one)][1], []).append(read[id(one)][0])
        elif one.prices:
            not_read.append(one.prices[0].text)
    left = len(not_read) + len(doubtful)
    empty = len(records) - left - len(again) - sum(map(len, paid.values()))
    rest = f"; {left:,} state one that is not read, {empty:,} state none"
    rest += f"; {len(again):,} state again what another list states of the same thing" if again else ""
    left_out = (
        text
        for one in found
        if id(one) in doubts or id(one) not in read
        for price in one.prices
        for text in (price.text, price.times)
    )
    credit = any(_is_credit(text, words) for text in left_out) or any(_turns(why) for why in doubts.values())
    least = "" if not left else "not known, of it read: " if credit else "at least "
    for currency, amounts in paid.items():
        told = f"{len(amounts):,} of {len(records):,} records with findings state an amount in it{rest}"
        yield _sum(_PAID, currency, amounts, told, least)
    of = f"of {len(records):,} records with findings state an amount that is in no sum"
    if not_read:
        quoted = ", ".join(f"“{text}”" for text in list(dict.fromkeys(not_read))[:_ROOMS_NAMED])
        why = f"{len(not_read):,} {of}, as it can be read in two ways, names no currency or is no amount: {quoted}"
        yield {"what": _PAID, "currency": "", "amount": "not read", "about": why}
    if doubtful:
        more = f"; and {len(doubtful) - _ROOMS_NAMED:,} more" if len(doubtful) > _ROOMS_NAMED else ""
        why = f"{len(doubtful):,} {of}: {'; '.join(doubtful[:_ROOMS_NAMED])}{more}"
        yield {"what": _PAID, "currency": "", "amount": "not known", "about": why}


def _sum(kind: str, currency: str, amounts: Sequence[Decimal], about: str, bound: str = "") -> dict[str, Any]:
    return {"what": kind, "currency": currency, "amount": f"{bound}{sum(amounts):,}", "about": about}


def _is_credit(text: str, words: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether an amount or a quantity may take something back: by a sign of what is below zero, or by a word."""
    return any(mark in text for mark in "-−–(") or says(
        plain_words(re.sub(r"\d", " ", text)), words.get("credit", ())
    )


def _doubt(one: Seen, price: Price, words: Mapping[str, Sequence[str]]) -> str:
    """Say why a price in a record is not, or not surely, what was paid for what was found; empty where nothing says so."""
    column = plain_words(price.column)
    numbers = re.findall(r"\w*\d\w*", column)
    counting = counting_words()
    scaled = says(column, (*counting["scales"], *counting["periods"]))
    if scaled or not all(map(_YEAR.fullmatch, numbers)):
        return f"its column, “{price.column}”, counts in other than single units"
    if says(column, words.get("not_paid", ())):
        return f"its column, “{price.column}”, is not what was paid"
    if any(word in column for word in words.get("scaled", ()) if not word.isascii()):
        return f"its column, “{price.column}”, counts in other than single units"
    by_unit, counts = one.fields.get(price.column) == "unit_cost", "quantity" in one.fields.values()
    for name, text in _cells(one):
        held = one.fields.get(name, "")
        if why := _otherwise(plain_words(name), plain_words(text), held, words):
            return why.format(name=name, text=cut(text, 60))
        if by_unit and held == "quantity" and counts_others(plain_words(name)):
            return f"its column, “{name}”, counts in other than single units"
        if _unsettles(plain_words(name), plain_words(text), held, words) or (
            by_unit
            and name != price.column
            and (
                leaves_open(name, text, held, one.quantity if counts else None)
                # Of a row without a quantity any small whole number may be one.
                or (not (counts and one.quantity) and is_small_number(text, held))
            )
        ):
            return f"{name} is “{cut(text, 60)}”"
    return "its quantity is not stated" if by_unit and counts and not one.quantity.strip() else ""


def _scaled(above: str, words: Mapping[str, Sequence[str]]) -> str:
    """Say that the lines above a header count in other than single units; empty where they do not."""
    said = next(
        (
            word
            for word in words.get("scaled", ())
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", above.casefold())
        ),
        "",
    )
    return f"above its header stands “{said}”" if said else ""


def _turns(why: str) -> bool:
    """Tell whether a doubt is one of which way an amount goes: what is not in the sum may be taken off it."""
    return why.startswith(_WHICH_WAY)


def _of_a_whole(
    found: Sequence[Seen], read: Mapping[int, tuple[Decimal, str, Price]], words: Mapping[str, Sequence[str]]
) -> dict[int, str]:
    """Tell which amounts may be that of a whole invoice or order, which each of its lines repeats."""
    first: dict[tuple[int, str, str, str, Decimal], Seen] = {}
    unsure: dict[int, str] = {}
    names_number, names_line = _of_documents(words), _of_lines(words)
    for one in found:
        amount_, _, price = read[id(one)]
        whole = says(plain_words(price.column), words.get("whole_of", ()))
        numbers = [
            text
            for name, text in _cells(one)
            if one.fields.get(name) == "row_id" or names_number.search(plain_words(name))
        ]
        lines = [
            text
            for name, text in _cells(one)
            if one.fields.get(name) == "order_line" or names_line.search(plain_words(name))
        ]
        if whole and not numbers:
            unsure[id(one)] = f"its column, “{price.column}”, is that of a whole document"
        for number in numbers if one.fields.get(price.column) != "unit_cost" else ():
            # Each line of an order may cost the same, where no column says that it is the price of all of it.
            line = "" if whole else " ".join(lines)
            before = first.setdefault((one.scan, one.input, number, line, amount_), one)
            if before is not one:
                unsure[id(one)] = (
                    f"{before.place} states the same amount under the same number, {cut(number, 40)}"
                )
    return unsure


def _of_documents(words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Give a pattern of the name of a column of numbers of invoices, orders or other documents, in plain words."""
    things, numbers, whole = map(words.get, ("documents", "document_numbers", "document_columns"))
    return re.compile(rf"\b{_one_of(things)}\b.*\b{_one_of(numbers)}\b|^{_one_of(whole)}$")


def _of_lines(words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Give a pattern of the name of a column of lines of documents, in plain words."""
    lines, numbers = map(words.get, ("lines", "line_numbers"))
    return re.compile(rf"^(?:\w+ )?{_one_of(lines)}(?: {_one_of(numbers)})?$")


def _one_of(words: Sequence[str] | None) -> str:
    """Write a pattern of one of some words, of which one that ends in `*` is the beginning; without any it fits nothing."""
    told = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words or ())
    return f"(?:{told or '(?!)'})"


def _cells(one: Seen) -> Iterator[tuple[str, str]]:
    for cell in one.cells:
        if isinstance(cell, list) and cell:
            yield str(cell[0]), str(cell[-1])


def _otherwise(name: str, said: str, held: str, words: Mapping[str, Sequence[str]]) -> str:
    """Say why a cell makes the amount beside it another one, or one that goes the other way; empty where it does not."""
    if held in ("vendor_name", "site", "country") or not said:
        return ""
    paid = said in words.get("paid", ()) or says(said, words.get("paid", ()))
    taken = (*words.get("credit", ()), *words.get("owed", ()), *words.get("not_yet", ()))
    against = says(said, taken) or said in words.get("alone", ())
    if (name in words.get("turning", ()) and (against or not paid)) or (
        name in words.get("kinds", ()) and against
    ):
        return _WHICH_WAY + "{name} is “{text}”"
    if name in words.get("undone", ()) and said not in words.get("not_undone", ()):
        return "{name} is “{text}”"
    if name in words.get("share", ()) and said not in ("100", "1"):
        return "{name} is “{text}”"
    if says(name, words.get("reductions", ())) and re.search(r"[1-9]", said):
        return "{name} is “{text}”"
    if held in ("product_name", "text") and says(said, words.get("more_than", ())):
        return "it tells of more than what was found: “{text}”"
    return ""


def _unsettles(name: str, said: str, field_: str, words: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a cell says that its row is a sum of others, was not bought, or not kept."""
    is_total = len(said.split()) <= _TOTAL_WORDS and any(
        said == word or said.startswith(f"{word} ") or said.endswith(f" {word}")
        for word in words.get("totals", ())
    )
    return (
        (is_total and field_ not in ("vendor_name", "site"))
        or (
            name in words.get("state", ())
            and (says(said, words.get("not_yet", ())) or said in words.get("alone", ()))
        )
        or (says(name, counting_words()["returned"]) and said not in ("0", "no", "n", "false"))
    )


def _stated_again(
    found: Sequence[Seen], read: Mapping[int, tuple[Decimal, str, Price]]
) -> tuple[set[int], dict[int, str]]:
    """Tell which records state once more what another list states of one thing, and of which that is not known.

    Returns:
        By `id`: those that count with another record; and why others are in no sum.
    """
    again: set[int] = set()
    unsure: dict[int, str] = {}
    numbered: dict[tuple[int, str, str, str], Seen] = {}
    for one in found:
        for number in _serials(one):
            first = numbered.setdefault((one.scan, one.input, one.firm, number), one)
            if first is not one:
                unsure[id(one)] = f"{first.place} states an amount of the same serial number"
    for members in things(found):
        first, *others = members
        for one in others:
            if (first.scan, first.input) == (one.scan, one.input) or id(one) in unsure:
                continue
            if read[id(one)][:2] == read[id(first)][:2]:
                again.add(id(one))
            else:
                unsure[id(one)] = f"{first.place} states another amount of the same thing"
    orders: dict[tuple[str, str], Seen] = {}
    for one in found:
        line = next((text for name, text in _cells(one) if one.fields.get(name) == "order_line"), "")
        if one.listed.kind != "purchases" or not one.record_id or id(one) in again or id(one) in unsure:
            continue
        first = orders.setdefault((one.record_id, line), one)
        if (first.scan, first.input) != (one.scan, one.input):
            unsure[id(one)] = f"{first.place} states an amount of the same order"
    return again, unsure


def _serials(one: Seen) -> Iterator[str]:
    """Give the serial numbers that a record states, as they compare; a word that stands for none is none."""
    for name, text in _cells(one):
        if one.fields.get(name) == "serial_number":
            yield from serials(text)[:1]


def amount(one: Seen, currencies: Mapping[str, Sequence[str]], words: Mapping[str, Sequence[str]]) -> str:
    """Write what the record of a finding says it cost, in its currency; as it stands there where that is in doubt."""
    read = _paid(one, currencies)
    if read is None or _doubt(one, read[2], words):
        return one.amount if any(map(str.isdigit, one.amount)) else ""
    return f"{read[0]:,} {read[1]}"


def _paid(one: Seen, currencies: Mapping[str, Sequence[str]]) -> tuple[Decimal, str, Price] | None:
    """Give what a record says was paid, and where: the amount of its row, else the price of a unit times the quantity."""
    for price in one.prices:
        times = quantity_of(price.times)
        text, currency = _parted(price, currencies)
        paid = money_of(text)
        if paid is None or times is None:
            continue
        own = paid[1] if _CURRENCY.fullmatch(paid[1]) else ""
        if is_sign_of(paid[1], currency) is False:
            continue
        if (own or currency) and (not own or not currency or own == currency):
            return paid[0] * times, own or currency, price
    return None


def _parted(price: Price, currencies: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Part a price into its number and its currency: its own, else that of its record, else that of its column.

    One that is not that of its record or column stays in the text: the two contradict each other.
    """
    named: list[tuple[str, str]] = []
    for said in (price.text, price.currency, price.column):
        found = {
            code: word
            for code, words in currencies.items()
            for word in (code, *words)
            if re.search(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", said)
        }
        if len(found) > 1:
            return price.text, ""
        named += [(code, word if said is price.text else "") for code, word in found.items()]
        if not found and said is price.currency and _CURRENCY.fullmatch(said):
            named.append((said, ""))
    if not named:
        return price.text, ""
    code, word = named[0]
    other = next((one for one, _ in named if one != code), "")
    if other:
        return price.text, other if word else ""
    return (price.text.replace(word, "").strip() if word else price.text), code


def clocks(told: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Write the nearest clocks, as they were handed over, soonest first."""
    return sorted((dict(one) for one in told), key=lambda one: (one.get("due", ""), one.get("case", "")))
