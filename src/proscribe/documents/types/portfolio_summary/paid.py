"""What the records of findings say was paid: an amount that is not, or not surely, that of what was found is in no plain sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from proscribe.devices.marks import serials
from proscribe.devices.things import things
from proscribe.documents.evidence import Price, Seen, cut
from proscribe.documents.types.portfolio_summary.lists import (
    THINGS_THERE,
    WHICH_WAY,
    cells_of,
    is_of_a_state,
    is_settled,
    is_unread,
    list_doubts,
    named_in,
    numbers_of,
    of_documents,
    of_lines,
)
from proscribe.model.amounts import headed_currency, is_sign_of, money_of, pieces_in, quantity_of
from proscribe.readers.counting import (
    counting_words,
    counts_others,
    is_small_number,
    leaves_open,
    plain_words,
    says,
)
from proscribe.readers.header_fields import field_of_header

_QUOTED = 5
#: Other numbers in the name of a column of money are a scale: `Price per 100`, `USD 000`.
_YEAR = re.compile(r"(?:19|20)\d\d")
#: A longer text tells of a thing rather than of a sum.
_TOTAL_WORDS = 4
_PAID = "paid for what was found, by its records"
_CURRENCY = re.compile(r"[A-Z]{3}")
#: A quantity of what goes back.
_BELOW = re.compile(r"^[-−–(]|[-−–]$")
_SEVERAL = re.compile(r"[,;/&\n]|\.\.|\bto\b|\bbis\b| - ")
_TEXTS = frozenset({"", "other", "text", "product_name", "model_number", "note", "category"})
#: A word of two letters in a text is often a part of a name.
_SHORT = 2
#: Between these shares of an amount lie those with and without a discount or a tax.
_NEAR = (Decimal("0.5"), Decimal("1.5"))
_WHOLE = 100
_NUMBERS = frozenset({"", "other", "amount", "unit_cost"})
#: A number of a document or a thing, whose letters are no currency.
_IN_BRACKETS = re.compile(r"[(\[]([^)\]]+)[)\]]")
_LETTERED = re.compile(r"[^\W\d_]{2,}[-/#]?\d")
#: Rows of one order that another list is held against.
_LINES = 50
_TENS = frozenset(Decimal(10) ** power for power in range(1, 7))


def by_records(
    seen: Sequence[Seen],
    currencies: Mapping[str, Sequence[str]],
    words: Mapping[str, Sequence[str]],
    above: Mapping[tuple[int, str], str],
) -> Iterator[dict[str, Any]]:
    """Yield the sums of what the records of findings state, by currency, and what is in none of them.

    Args:
        currencies, words, above: as `money` of the board takes them.
    """
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
                or _contradicted(one, read[id(one)], words)
                or _scaled(above.get((one.scan, one.input), ""), words)
            )
            or read[id(one)][0] < 0
        )
    }
    doubts |= _of_a_whole([one for one in found if id(one) in read and id(one) not in doubts], read, words)
    doubts |= list_doubts([one for one in found if id(one) in read and id(one) not in doubts], read, words)
    again, unsure = _stated_again(
        [one for one in found if id(one) in read and id(one) not in doubts], read, words
    )
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
    priced = {(one.scan, one.listed.where or one.input) for one in found if one.prices}
    bare = [one for one in found if not one.prices and (one.scan, one.listed.where or one.input) in priced]
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
    least = "" if not left and not bare else "not known, of it read: " if credit else "at least "
    why = _why(found, doubts, not_read, bare)
    for currency, amounts in paid.items():
        told = f"{len(amounts):,} of {len(records):,} records with findings state an amount in it{rest}{why}"
        yield money_sum(_PAID, currency, amounts, told, least)
    of = f"of {len(records):,} records with findings state an amount that is in no sum"
    if not_read:
        quoted = ", ".join(f"“{text}”" for text in list(dict.fromkeys(not_read))[:_QUOTED])
        why = f"{len(not_read):,} {of}, as it can be read in two ways, names no currency or is no amount: {quoted}"
        yield {"what": _PAID, "currency": "", "amount": "not read", "about": why}
    if doubtful:
        more = f"; and {len(doubtful) - _QUOTED:,} more" if len(doubtful) > _QUOTED else ""
        why = f"{len(doubtful):,} {of}: {'; '.join(doubtful[:_QUOTED])}{more}"
        yield {"what": _PAID, "currency": "", "amount": "not known", "about": why}


def _why(
    found: Sequence[Seen], doubts: Mapping[int, str], not_read: Sequence[str], bare: Sequence[Seen]
) -> str:
    """Say in a line why a sum is a bound, or is not known: what turns it first; empty where nothing speaks against it."""
    told = sorted(
        (not _turns(doubts[id(one)]), one.place, doubts[id(one)]) for one in found if id(one) in doubts
    )
    reason = (
        f"{told[0][1]}: {told[0][2]}"
        if told
        else f"“{not_read[0]}” is not read"
        if not_read
        else f"{bare[0].place} states no amount"
        if bare
        else ""
    )
    return f". No plain sum, since {reason}" if reason else ""


def money_sum(
    kind: str, currency: str, amounts: Sequence[Decimal], about: str, bound: str = ""
) -> dict[str, Any]:
    """Write one sum of amounts of one kind and currency, with what it is a bound of."""
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
    for name, text in cells_of(one):
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


def _contradicted(one: Seen, read: tuple[Decimal, str, Price], words: Mapping[str, Sequence[str]]) -> str:
    """Say what in a row contradicts its amount, or may change it; empty where nothing does."""
    amount_, _, price = read
    cells = list(cells_of(one))
    there = one.listed.kind in THINGS_THERE
    by_unit = one.fields.get(price.column) == "unit_cost"
    counted = quantity_of(one.quantity)
    numbered = [text for name, text in cells if one.fields.get(name) == "serial_number" and serials(text)]
    if counted is not None and counted > 1 and len(numbered) == 1 and not _SEVERAL.search(numbered[0]):
        return f"it counts {cut(one.quantity, 20)} and has one serial number"
    for name, text in cells:
        held, heading, said = one.fields.get(name, ""), plain_words(name), plain_words(text)
        counted_in = _IN_BRACKETS.search(name) if held == "quantity" and by_unit else None
        if (
            counted_in
            and not is_settled(unit := plain_words(counted_in[1]), words)
            and unit not in counting_words()["one"]
        ):
            return f"its column, “{name}”, counts in other than single units"
        if (held == "quantity" or says(heading, counting_words()["quantity"])) and _BELOW.search(
            text.strip()
        ):
            return f"{WHICH_WAY}{name} is “{cut(text, 60)}”"
        if not there and is_of_a_state(heading, words) and said and not is_settled(said, words):
            return f"{WHICH_WAY}{name} is “{cut(text, 60)}”"
        if (of_documents(words).search(heading) or held == "row_id") and _is_number_of_a_credit(text, words):
            return f"{WHICH_WAY}{name} is “{cut(text, 60)}”"
        if not there and held in _TEXTS and (word := _takes_back(said, words)):
            return f"{WHICH_WAY}{name} says “{word}”"
        if by_unit and not one.quantity and held in _TEXTS and pieces_in(text) > 1:
            return f"{name} tells of several, and one has a price"
    return _of_other_numbers(cells, one, read, words) or _of_price_and_quantity(one, amount_, price, counted)


def _is_number_of_a_credit(text: str, words: Mapping[str, Sequence[str]]) -> bool:
    found = re.match(r"[^\W\d_]+(?=[\W_]*\d)", text.strip())
    return found is not None and found[0].casefold() in words.get("credit_numbers", ())


def _takes_back(said: str, words: Mapping[str, Sequence[str]]) -> str:
    """Give the word of a text, in plain words, that says that it takes something back, or is not bought at all."""
    back = (
        *words.get("credit", ()),
        *words.get("undone", ()),
        *counting_words()["returned"],
        *words.get("back", ()),
    )
    found = next((word for word in back if len(word) > _SHORT and says(said, (word,))), "")
    return found or next(
        (word for word in words.get("not_bought", ()) if f"{said} ".startswith(f"{word} ")), ""
    )


def _of_other_numbers(
    cells: Sequence[tuple[str, str]],
    one: Seen,
    read: tuple[Decimal, str, Price],
    words: Mapping[str, Sequence[str]],
) -> str:
    """Say which number of a row may change its amount: a factor, a share, another sum that nothing in the row explains."""
    amount_, _, price = read
    by_unit = one.fields.get(price.column) == "unit_cost"
    unit = quantity_of(price.text) if by_unit else None
    near = [one_ for one_ in (amount_, unit or amount_) if one_]
    for name, text in cells:
        held, heading = one.fields.get(name, ""), plain_words(name)
        # What one costs is held against its quantity, below.
        known = held == "unit_cost" or (held not in _NUMBERS and not headed_currency(name)[1])
        if name == price.column or known or _LETTERED.match(text.strip()):
            continue
        number = money_of(text.strip().rstrip("%").strip())
        if number is None:
            continue
        value = abs(number[0])
        of_money = bool(number[1]) or held in ("amount", "unit_cost") or _is_of_money(name, text)
        if of_money and says(heading, words.get("paid", ())) and value != abs(amount_):
            return f"{name} is “{cut(text, 60)}”"
        another = field_of_header(name)[0] in ("amount", "unit_cost") and not says(
            heading, words.get("not_paid", ())
        )
        if not another and not is_unread(name, "" if held not in _NUMBERS else held, words):
            continue
        taxed = says(heading, words.get("taxed", ()))
        explained = (
            _NEAR[0] * other <= value <= _NEAR[1] * other if taxed else value == other for other in near
        )
        if of_money and value and not any(explained):
            return f"{WHICH_WAY}{name} is “{cut(text, 60)}”, and is not understood"
        if another:
            continue
        share = "%" in name or "%" in text or (0 < value < 1)
        if share and value not in (0, 1, _WHOLE):
            return f"{WHICH_WAY}{name} is “{cut(text, 60)}”, and is not understood"
        if by_unit and value > 1 and (value in _TENS or one.listed.kind not in THINGS_THERE):
            return f"{name} is “{cut(text, 60)}”, and is not understood"
    return ""


def _is_of_money(name: str, text: str) -> bool:
    return (
        bool(headed_currency(name)[1]) or re.fullmatch(r"[^\d]*[\d.,' ]*\d[.,]\d\d[^\d]*", text) is not None
    )


def _of_price_and_quantity(one: Seen, amount_: Decimal, price: Price, counted: Decimal | None) -> str:
    """Say that an amount is not that of its quantity and its price, but for a discount or a tax."""
    if one.fields.get(price.column) == "unit_cost" or counted is None or not amount_:
        return ""
    units = (other for other in one.prices if one.fields.get(other.column) == "unit_cost")
    made = next((money for other in units if (money := money_of(other.text)) is not None), None)
    if made is None or not made[0] * counted:
        return ""
    share = abs(amount_ / (made[0] * counted))
    return (
        ""
        if _NEAR[0] <= share <= _NEAR[1]
        else f"it is not its quantity, {cut(one.quantity, 20)}, times the price of one"
    )


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
    return why.startswith(WHICH_WAY)


def _of_a_whole(
    found: Sequence[Seen], read: Mapping[int, tuple[Decimal, str, Price]], words: Mapping[str, Sequence[str]]
) -> dict[int, str]:
    """Tell which amounts may be that of a whole invoice or order, which each of its lines repeats."""
    first: dict[tuple[int, str, str, str, Decimal], Seen] = {}
    unsure: dict[int, str] = {}
    names_number, names_line = of_documents(words), of_lines(words)
    for one in found:
        amount_, _, price = read[id(one)]
        whole = says(plain_words(price.column), words.get("whole_of", ()))
        numbers = [
            text
            for name, text in cells_of(one)
            if names_number.search(plain_words(name))
            or (one.fields.get(name) == "row_id" and not names_line.search(plain_words(name)))
        ]
        lines = [
            text
            for name, text in cells_of(one)
            if one.fields.get(name) == "order_line" or names_line.search(plain_words(name))
        ]
        if whole and not numbers:
            unsure[id(one)] = f"its column, “{price.column}”, is that of a whole document"
        for number in numbers if one.fields.get(price.column) != "unit_cost" else ():
            # Each line of an order may cost the same, where no column says that it is the price of all of it.
            line = "" if whole else " ".join(lines)
            key = re.sub(r"[\W_]+|(?<!\d)0+(?=\d)", "", number.casefold())
            before = first.setdefault((one.scan, one.input, key, line, amount_), one)
            if before is not one:
                unsure[id(one)] = (
                    f"{before.place} states the same amount under the same number, {cut(number, 40)}"
                )
    return unsure


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
        return WHICH_WAY + "{name} is “{text}”"
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
    found: Sequence[Seen],
    read: Mapping[int, tuple[Decimal, str, Price]],
    words: Mapping[str, Sequence[str]],
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
    left = [one for one in found if id(one) not in again and id(one) not in unsure]
    return again, unsure | _of_one_order(left, words)


def _of_one_order(found: Sequence[Seen], words: Mapping[str, Sequence[str]]) -> dict[int, str]:
    """Tell which records state an amount of an order, or name one, of which another list states an amount."""
    unsure: dict[int, str] = {}
    orders: dict[str, list[tuple[Seen, str]]] = {}
    for one in found:
        line = next((text for name, text in cells_of(one) if one.fields.get(name) == "order_line"), "")
        for number in numbers_of(one, words):
            before = orders.setdefault(number, [])
            other = next(
                (
                    first
                    for first, at in before
                    if (first.scan, first.input) != (one.scan, one.input)
                    and (not at or not line or at == line)
                ),
                None,
            )
            if other is not None:
                unsure[id(one)] = f"{other.place} states an amount of the same order"
                break
            if not before or before[-1][0].input != one.input or len(before) < _LINES:
                before.append((one, line))
    for one in found:
        if id(one) in unsure:
            continue
        number, other = next(
            (
                (number, before[0][0])
                for number in sorted(named_in(one))
                for before in [orders.get(number, [])]
                if before and before[0][0].input != one.input
            ),
            ("", one),
        )
        if number:
            unsure[id(one)] = (
                f"{WHICH_WAY}it names {cut(number, 40)}, under which {other.place} states an amount"
            )
    return unsure


def _serials(one: Seen) -> Iterator[str]:
    """Give the serial numbers that a record states, as they compare; a word that stands for none is none."""
    for name, text in cells_of(one):
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
