"""What a whole list says against adding up its amounts: rows that hold others, refer to others, or are one thing twice.

A sum of rows is right where each stands for a purchase of its own. Nothing here knows how a kind of list is called: rows are held
against each other, and a column that is not understood counts against those that it alone tells apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise

from proscribe.documents.evidence import Price, Seen, cut
from proscribe.readers.counting import counting_words, plain_words, says
from proscribe.readers.header_fields import field_of_header

Words = Mapping[str, Sequence[str]]
Read = Mapping[int, tuple[Decimal, str, Price]]

#: Begins a doubt of what an amount does to the sum: what is not in it may have to be taken off.
WHICH_WAY = "it may lower the sum: "
#: Kinds of lists in which each row is a thing that is there, whatever its flags and states say of it.
THINGS_THERE = frozenset({"equipment"})
_UNKNOWN = frozenset({"", "other"})
_TELLS_APART = frozenset({"serial_number", "asset_tag", "mac", "hostname", "ip"})
_SAYS_WHAT = frozenset({"maker_name", "model_number", "part_number", "product_name", "text"})
#: A phrase of two known words names a column; one known word inside a longer name does not.
_NAMED = 2
_ROW = re.compile(r"(\d+)\D*$")
_NUMBERED = re.compile(r"(?=.*\d)[^\W_][\w./#-]{3,39}")
_LETTERED = re.compile(r"[^\W\d_]{1,5}[-/ ]?\d[\w./-]{0,30}")
_TOKENS = re.compile(r"[\w./#-]+")
_INDENT = re.compile(r"[\s.>└├─│]*")
_OUTLINE = re.compile(r"[A-Z]?\d{1,4}(?:[.-]\d{1,4})*\.?")
_TEXTS = frozenset({"text", "product_name", "note"})
#: Rows of one thing and amount that are held against each other; in larger groups none is a remark on another.
_COMPARED = 200
_OUTLINED = frozenset({*_UNKNOWN, "row_id", "order_line", "level", "part_number"})
#: Numbers of this many digits are told apart by their first two, as ranges of numbers of documents are.
_RANGED_DIGITS = 8
#: A list whose rows hold each other does so on few levels.
_LEVELS = 4


def cells_of(one: Seen) -> Iterator[tuple[str, str]]:
    """Yield the columns of the record of a finding, and what stands in them."""
    for cell in one.cells:
        if isinstance(cell, list) and cell:
            yield str(cell[0]), str(cell[-1])


def of_documents(words: Words) -> re.Pattern[str]:
    """Give a pattern of the name of a column of numbers of invoices, orders or other documents, in plain words."""
    things, numbers, whole = map(words.get, ("documents", "document_numbers", "document_columns"))
    return re.compile(rf"\b{_one_of(things)}\b.*\b{_one_of(numbers)}\b|^{_one_of(whole)}$")


def of_lines(words: Words) -> re.Pattern[str]:
    """Give a pattern of the name of a column of lines of documents, in plain words."""
    lines, numbers = map(words.get, ("lines", "line_numbers"))
    return re.compile(rf"^(?:\w+ )?{_one_of(lines)}(?: {_one_of(numbers)})?$")


def _one_of(words: Sequence[str] | None) -> str:
    """Write a pattern of one of some words, of which one that ends in `*` is the beginning; without any it fits nothing."""
    told = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words or ())
    return f"(?:{told or '(?!)'})"


def is_settled(said: str, words: Words) -> bool:
    """Tell whether a state, in plain words, is one in which what was ordered is paid for, or is to be."""
    settled = (*words.get("settled", ()), *words.get("paid", ()), *counting_words()["moved"])
    return said in settled or said in words.get("yes", ()) or said.isdigit()


def _is_open(said: str, words: Words) -> bool:
    return said in words.get("not_yet", ()) or said in words.get("alone", ())


def numbers_of(one: Seen, words: Words) -> Iterator[str]:
    """Give the numbers of orders, invoices and other documents under which a record stands, as they compare."""
    pattern = of_documents(words)
    if one.listed.kind == "purchases" and _NUMBERED.fullmatch(one.record_id.strip().casefold()):
        yield one.record_id.strip().casefold()
    for name, text in cells_of(one):
        if pattern.search(plain_words(name)) and _NUMBERED.fullmatch(text.strip().casefold()):
            yield text.strip().casefold()


def named_in(one: Seen) -> set[str]:
    """Give what may be numbers of documents in the texts of a record."""
    texts = [text for name, text in cells_of(one) if one.fields.get(name) in _TEXTS]
    return {number for number in _named_in(texts, ()) if _NUMBERED.fullmatch(number)}


def is_of_a_state(name: str, words: Words) -> bool:
    """Tell whether the name of a column, in plain words, says that it holds a state: `Status`, `Payment status`."""
    return name in words.get("state", ()) or name.rpartition(" ")[2] in words.get("state", ())


def is_unread(name: str, held: str, words: Words) -> bool:
    """Tell whether nothing is known of what a column says: it has no field, and its name is not one that is known.

    Args:
        name: of the column, as it stands there.
        held: its field, empty where none is known.
    """
    heading = plain_words(name)
    if is_of_a_state(heading, words):
        return True
    counting = counting_words()
    known = (
        words.get("beside", ()),
        words.get("not_paid", ()),
        words.get("reductions", ()),
        words.get("undone", ()),
    )
    counted = (
        counting["quantity"],
        counting["moved"],
        counting["returned"],
        counting["measure"],
        counting["things"],
    )
    return (
        held in _UNKNOWN
        and field_of_header(name)[1] < _NAMED
        and not any(says(heading, one) for one in (*known, *counted))
        and not of_documents(words).search(heading)
        and not of_lines(words).search(heading)
    )


def list_doubts(found: Sequence[Seen], read: Read, words: Words) -> dict[int, str]:
    """Say of which records their list makes the amount doubtful, by `id`.

    Args:
        found: records whose amount is read and which say nothing against it themselves, one each.
    """
    made: dict[int, str] = {}
    lists: dict[tuple[int, str], list[Seen]] = defaultdict(list)
    for one in found:
        lists[one.scan, one.listed.where or one.input].append(one)
    for rows in lists.values():
        one_list = _List(sorted(rows, key=_row_of), read, words)
        for rule in (
            one_list.unread_flags,
            one_list.states,
            one_list.told_apart,
            one_list.said_with_more,
            one_list.referring,
            one_list.other_numbers,
            one_list.holding,
        ):
            made |= {name: why for name, why in rule(made) if name not in made}
    return made


def _row_of(one: Seen) -> int:
    found = _ROW.search(one.place)
    return int(found[1]) if found else 0


class _List:
    """The rows of one list, in their order."""

    def __init__(self, rows: Sequence[Seen], read: Read, words: Words) -> None:
        self._rows, self._read, self._words = rows, read, words
        self._there = rows[0].listed.kind in THINGS_THERE
        self._documents, self._lines = of_documents(words), of_lines(words)
        self._cells = {id(one): dict(cells_of(one)) for one in rows}
        names = {name: one.fields.get(name, "") for one in rows for name in self._cells[id(one)]}
        self._unread = [name for name, held in names.items() if is_unread(name, held, words)]
        self._numbered = [
            name
            for name, held in names.items()
            if self._documents.search(plain_words(name)) or (held == "row_id" and not self._there)
        ]
        self._headed = [name for name in self._numbered if self._documents.search(plain_words(name))]
        self._own = [
            name
            for name, held in names.items()
            if name not in self._headed
            and held not in _TELLS_APART
            and field_of_header(name)[1] < _NAMED
            and self._numbers_rows([self._cells[id(one)].get(name, "") for one in rows])
        ]
        self._named = [
            name
            for name, held in names.items()
            if held not in _TELLS_APART
            and self._numbers_rows([self._cells[id(one)].get(name, "") for one in rows])
        ]
        self._told = [
            *self._unread,
            *(name for name in names if plain_words(name) in words.get("versions", ())),
        ]

    def unread_flags(self, made: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """Doubt rows of a column of yes and no that is not understood, where not all of them say yes."""
        yes, no = (frozenset(self._words.get(one, ())) for one in ("yes", "not_undone"))
        for name in () if self._there else self._unread:
            told = [self._cells[id(one)].get(name, "").strip() for one in self._rows]
            said = {text.casefold() for text in told}
            if said - {""} and said - {""} <= yes | no and not said <= yes:
                for one, text in zip(self._rows, told, strict=True):
                    yield id(one), f"{WHICH_WAY}{name} is “{cut(text, 60)}”, and is not understood"

    def states(self, made: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """Doubt rows of a column that is not understood and holds states, where theirs is not one of what is paid for."""
        for name in () if self._there else self._unread:
            told = [plain_words(self._cells[id(one)].get(name, "")) for one in self._rows]
            if not any(
                text.isalpha() and (is_settled(text, self._words) or _is_open(text, self._words))
                for text in told
            ):
                continue
            for one, text in zip(self._rows, told, strict=True):
                if text and not is_settled(text, self._words):
                    shown = self._cells[id(one)][name]
                    yield id(one), f"{WHICH_WAY}{name} is “{cut(shown, 60)}”"

    def said_with_more(self, made: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """Doubt the same amount of one thing, of which the one row says more than the other: `camera sent back to vendor`."""
        groups: dict[tuple[object, ...], list[tuple[frozenset[str], Seen]]] = defaultdict(list)
        for one in () if self._there else self._rows:
            texts = [text for name, text in self._cells[id(one)].items() if one.fields.get(name) in _TEXTS]
            if texts:
                makers = tuple(
                    text
                    for name, text in self._cells[id(one)].items()
                    if one.fields.get(name) == "maker_name"
                )
                said = frozenset(plain_words(" ".join(texts)).split())
                groups[makers, one.firm, self._read[id(one)][0]].append((said, one))
        for members in groups.values():
            if len(members) > _COMPARED:
                continue
            for said, one in members:
                more = next(
                    (said - other for other, before in members if other < said and before is not one),
                    frozenset(),
                )
                if any(word.isalpha() and len(word) > 2 for word in more):
                    yield (
                        id(one),
                        f"{WHICH_WAY}it says more of a thing that has the same amount in another row",
                    )

    def told_apart(self, made: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """Doubt rows that are one thing of one document, where what is not understood alone tells them apart."""
        groups: dict[tuple[object, ...], list[Seen]] = defaultdict(list)
        for one in self._rows:
            groups[self._thing(one), self._alone(one)].append(one)
        numbers = {
            name
            for name in self._told
            if self._distinct([self._cells[id(one)].get(name, "") for one in self._rows])
        }
        for members in groups.values():
            if len(members) == 1:
                continue
            apart = [
                name
                for name in self._told
                if name not in numbers and len({self._cells[id(one)].get(name, "") for one in members}) > 1
            ]
            document = self._document(members[0])
            lined = any(
                self._lines.search(plain_words(name)) or one.fields.get(name) == "order_line"
                for one in members
                for name in self._cells[id(one)]
            )
            amounts = {self._read[id(one)][0] for one in members}
            for one in members:
                if apart:
                    text = self._cells[id(one)].get(apart[0], "")
                    yield (
                        id(one),
                        f"{WHICH_WAY}{apart[0]} is “{cut(text, 60)}”, which alone tells it from another row",
                    )
                elif document and not lined and len(amounts) > 1 and not self._there:
                    yield (
                        id(one),
                        f"{WHICH_WAY}another amount of the same thing stands under {cut(document, 40)}",
                    )

    def referring(self, made: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """Doubt rows that name the document of another row: they may be its invoice, its change or its reversal."""
        own = {id(one): set(self._numbers(one)) for one in self._rows}
        first: dict[str, Seen] = {}
        for one in self._rows:
            for number in own[id(one)]:
                first.setdefault(number, one)
        rows = {self._cells[id(one)][name].strip(): (name, one) for one in self._rows for name in self._named}
        for one in self._rows:
            cells = self._cells[id(one)]
            texts = [text for name, text in cells.items() if one.fields.get(name) not in _TELLS_APART]
            named = [
                (number, first[number])
                for number in sorted(_named_in(texts, own[id(one)]))
                if number in first and number not in own[id(one)]
            ]
            named += [
                (text, other)
                for name, text in cells.items()
                for column, other in [rows.get(text.strip(), (name, one))]
                if column != name and other is not one
            ]
            for number, other in named[:1]:
                yield (
                    id(one),
                    f"{WHICH_WAY}it names {cut(number, 40)}, under which {other.place} states an amount",
                )

    def other_numbers(self, made: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """Doubt the same amount of one thing under a number of another kind: an order and its invoice, or its credit note."""
        first: dict[tuple[object, ...], tuple[str, Seen]] = {}
        for one in self._rows:
            own = (self._cells[id(one)][name] for name in self._own)
            number = self._document(one) or next(iter(self._numbers(one)), "") or next(own, "")
            if not number or self._there:
                continue
            vendor = tuple(
                text for name, text in self._cells[id(one)].items() if one.fields.get(name) == "vendor_name"
            )
            prefix, before = first.setdefault(
                (self._thing(one), vendor, abs(self._read[id(one)][0])), (_prefix(number), one)
            )
            if prefix != _prefix(number):
                yield (
                    id(one),
                    f"{WHICH_WAY}{before.place} states the same amount of it under a number of another kind",
                )

    def holding(self, made: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """Doubt rows that hold others: sums of rows beside them, and those above others in an outline."""
        known = set(made)
        for name, why in (*self._outlined(), *self._sums_of()):
            known.add(name)
            yield name, why
        for _ in range(_LEVELS):
            rows = [one for one in self._rows if id(one) not in known and self._read[id(one)][0] > 0]
            found = dict(self._sums(rows))
            yield from found.items()
            known |= set(found)
            if not found:
                return

    def _sums_of(self) -> Iterator[tuple[int, str]]:
        for one in self._rows:
            column = self._read[id(one)][2].column
            if re.match(rf"{_one_of(self._words.get('sums'))} ", f"{plain_words(column)} "):
                yield id(one), f"its column, “{column}”, is one of sums, and they may hold each other"

    def _outlined(self) -> Iterator[tuple[int, str]]:
        for name in {name for one in self._rows for name in self._cells[id(one)]}:
            written = [(one, text) for one in self._rows if (text := self._cells[id(one)].get(name, ""))]
            told = [(one, text.strip()) for one, text in written if text.strip()]
            levels = [(one, _indented(text)) for one, text in written]
            above: list[Seen] = []
            if plain_words(name) in self._words.get("levels", ()):
                levels = [(one, _level(text)) for one, text in told]
            elif {one.fields.get(name, "") for one, _ in told} <= _OUTLINED and all(
                _OUTLINE.fullmatch(text) for _, text in told
            ):
                heads = {
                    text[: found.start()] for _, text in told for found in re.finditer(r"[.-](?=\d)", text)
                }
                above = [one for one, text in told if text.rstrip(".") in heads]
            above += [one for (one, level), (_, below) in pairwise(levels) if level < below]
            for one in above:
                text = self._cells[id(one)][name]
                yield id(one), f"{name} is “{cut(text, 60)}”, and other rows are parts of it"

    def _sums(self, rows: Sequence[Seen]) -> Iterator[tuple[int, str]]:
        """Find rows whose amount is the sum of two or more rows beside it, or is that of one that says more of the same."""
        by_currency: dict[str, list[Seen]] = defaultdict(list)
        for one in rows:
            by_currency[self._read[id(one)][1]].append(one)
        for several in by_currency.values():
            amounts = [self._read[id(one)][0] for one in several]
            before = [Decimal(0), *accumulate(amounts)]
            for place, (one, amount) in enumerate(zip(several, amounts, strict=True)):
                above = bisect_left(before, before[place] - amount, 0, place)
                below = bisect_left(before, before[place + 1] + amount, place + 1)
                if before[above] == before[place] - amount and place - above > 1:
                    parts = several[above:place]
                elif (
                    below < len(before) and before[below] == before[place + 1] + amount and below - place > 2
                ):
                    parts = several[place + 1 : below]
                else:
                    parts = []
                if parts and self._may_hold(one, parts):
                    yield id(one), f"it is the sum of the {len(parts):,} rows from {parts[0].place} on"
                    continue
                for other in (*several[max(0, place - 1) : place], *several[place + 1 : place + 2]):
                    if self._read[id(other)][0] == amount and (
                        self._says_less(one, other) or self._is_unnumbered(one, other)
                    ):
                        yield id(one), f"it says less than {other.place}, which states the same amount"

    def _may_hold(self, one: Seen, parts: Sequence[Seen]) -> bool:
        """Tell whether a row may be the sum of others: it has no number, day or price of a unit that is its own."""
        if any(one.fields.get(name) in _TELLS_APART for name in self._cells[id(one)]):
            return False
        if self._there and any(one.fields.get(name) == "row_id" for name in self._cells[id(one)]):
            return False
        own = (self._document(one), self._day(one))
        if any(
            text and text not in {(self._document(part), self._day(part))[place] for part in parts}
            for place, text in enumerate(own)
        ):
            return False
        price = self._unit_price(one)
        return not price or price not in {self._unit_price(part) for part in parts}

    def _is_unnumbered(self, one: Seen, other: Seen) -> bool:
        """Tell whether a row lacks both the number and the day that another row has."""
        return not self._there and bool(
            self._document(other) and self._day(other) and not self._document(one) and not self._day(one)
        )

    def _says_less(self, one: Seen, other: Seen) -> bool:
        """Tell whether a row has what another has, but for what the thing is: a maker without its models."""
        mine, theirs = (set(self._cells[id(row)].items()) for row in (one, other))
        more = {other.fields.get(name) for name, _ in theirs - mine}
        return mine < theirs and bool(more) and more <= _SAYS_WHAT | {"quantity"}

    def _thing(self, one: Seen) -> tuple[str, ...]:
        """Give what a row is about, as it compares."""
        others = {*self._headed, *self._told, *self._own}
        return tuple(
            plain_words(text)
            for name, text in self._cells[id(one)].items()
            if one.fields.get(name) in _SAYS_WHAT and name not in others
        )

    def _alone(self, one: Seen) -> tuple[object, ...]:
        """Give what makes a row one of its own: where it is, its serial number, and its document or else its day."""
        cells = self._cells[id(one)]
        apart = {"site", *_TELLS_APART} | ({"row_id"} if self._there else set())
        own = tuple(
            text for name, text in cells.items() if one.fields.get(name) in apart and name not in self._headed
        )
        document = self._document(one)
        return own, document, "" if document else self._day(one)

    def _document(self, one: Seen) -> str:
        return next(
            (self._cells[id(one)][name].strip() for name in self._headed if name in self._cells[id(one)]), ""
        )

    def _day(self, one: Seen) -> str:
        return " ".join(
            text for name, text in self._cells[id(one)].items() if one.fields.get(name) == "dated_on"
        )

    def _unit_price(self, one: Seen) -> str:
        return next(
            (text for name, text in self._cells[id(one)].items() if one.fields.get(name) == "unit_cost"), ""
        )

    def _numbers(self, one: Seen) -> Iterator[str]:
        """Give the numbers of documents under which a row stands, as they compare."""
        for name in self._numbered:
            for text in _TOKENS.findall(self._cells[id(one)].get(name, "").casefold())[:1]:
                if _NUMBERED.fullmatch(text) and not (text.isdigit() and len(text) < 5):
                    yield text

    def _numbers_rows(self, texts: Sequence[str]) -> bool:
        """Tell whether a column holds a number of each row's own: letters and digits, none of them twice."""
        return len(set(texts)) == len(texts) and all(_LETTERED.fullmatch(text.strip()) for text in texts)

    def _distinct(self, texts: Sequence[str]) -> bool:
        """Tell whether a column numbers its rows: each has another number of three digits or more."""
        return len(set(texts)) == len(texts) and all(re.search(r"\d{3}", text) for text in texts)


def _named_in(texts: Iterable[str], own: Iterable[str]) -> set[str]:
    """Give what may be numbers of documents in cells, and what the own number goes on from: `po-1` of `po-1r`."""
    tokens = {token.strip(".-/#") for text in texts for token in _TOKENS.findall(text.casefold()[:400])}
    longer = {
        number[:end]
        for number in own
        for end in range(4, len(number))
        if not (number[end].isdigit() and number[end - 1].isdigit())
    }
    return tokens | longer


def _indented(text: str) -> int:
    """Give how far a cell is set in, by blanks or by what draws a tree."""
    found = _INDENT.match(text)
    return found.end() if found else 0


def _level(text: str) -> int:
    """Give the level of an outline that a cell states: `2`, `..2`, `1.2.1`; deeper ones are larger."""
    digits = re.findall(r"\d{1,4}", text)
    return (int(digits[0]) if digits else 0) if len(digits) < _NAMED else len(digits)


def _prefix(number: str) -> str:
    """Give what says of which kind the number of a document is: its letters, or the first two digits of a long one."""
    letters = re.match(r"[^\W\d_]+", number)
    if letters:
        return letters[0].casefold()
    return number[:2] if number.isdigit() and len(number) >= _RANGED_DIGITS else ""
