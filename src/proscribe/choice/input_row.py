"""One row of a table of a choice: its cells by name, each read as what it should be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from proscribe.choice.gathering import Gathered
from proscribe.choice.headings import tables
from proscribe.choice.records import Price
from proscribe.kb.written_days import written_day
from proscribe.model.amounts import (
    headed_currency,
    is_sign_of,
    money_of,
    number_of,
    quantity_of,
)
from proscribe.model.observations import ReadIssue
from proscribe.model.periods import parse_day
from proscribe.readers.issues import issue
from proscribe.wording.nations import nation_code

MAX_UNITS = 10_000_000
#: Highest amount of a cell and of all pieces of a row: sums of such amounts in cents are counted whole.
MAX_MONEY = 10_000_000_000_000
WHOLE = Decimal(100)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_QUARTER = re.compile(r"(?:Q([1-4])[ /-]?(\d{4})|(\d{4})[ /-]?Q([1-4]))", re.ASCII | re.IGNORECASE)
_DAY = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_DAYS = re.compile(r"\s*(?:calendar\s+)?(?:days?|d|tage?|jours?|días?|日|天)$", re.IGNORECASE)
#: Between two days of one cell, not between a day and its time.
_BETWEEN_DAYS = re.compile(r"\s*[,&]\s*|\s+(?:and\s+)?(?=\d{4}-)", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}")
_TRUTH = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "x": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}


def row_of(
    table: str,
    at: str,
    cells: Mapping[str, str | None],
    columns: Mapping[str, str],
    made: Gathered,
    point: str,
) -> InputRow:
    """Give a row by our names. Where two columns of one meaning are filled, a list holds both; of values that differ
    the first counts, or none where the table says that only one can be true."""
    known = tables()[table]["columns"]
    taken: dict[str, str | None] = {}
    headings: dict[str, str] = {}
    differ: list[tuple[str, str]] = []
    for heading, text in cells.items():
        name = columns.get(heading)
        if name is None:
            continue
        before = taken.get(name)
        if not (before or "").strip():
            taken[name], headings[name] = text, heading
        elif (text or "").strip() and known[name]["type"] == "list":
            taken[name] = f"{before};{text}"
        elif (text or "").strip() and known[name].get("single") and not _same(before, text):
            differ.append((name, heading))
    row = InputRow(at, taken, headings, made.issues, point)
    for name, heading in differ:
        row.wrong(name, f"what “{heading}” says, which is taken to mean the same; neither counts")
        taken[name] = ""
    return InputRow(at, taken, headings, made.issues, point) if differ else row


def _same(one: str | None, other: str | None) -> bool:
    """Tell whether two cells say the same, as text or as numbers."""
    first, second = (one or "").strip(), (other or "").strip()
    number = number_of(first)
    return first.casefold() == second.casefold() or (number is not None and number == number_of(second))


def _day_in_words(text: str) -> date | None:
    """Read `30/06/2028`, `31.12.2026` and `01-Jul-2025`; `None` where day and month could change places."""
    try:
        told = written_day(text, loosely=False)
        return None if told is None else parse_day(told)
    except ValueError:
        return None


class InputRow:
    """The cells of one row, read by name; what cannot be read becomes an issue."""

    def __init__(
        self,
        at: str,
        cells: Mapping[str, str | None],
        headings: Mapping[str, str],
        issues: list[ReadIssue],
        point: str,
    ) -> None:
        self.at = at
        #: The sign before a fraction in the amounts of the table, where one that can be read in one way shows it.
        self._point = point
        self._cells = {name: " ".join((text or "").split()) for name, text in cells.items()}
        self._raw = cells
        self._headings = headings
        self._issues = issues

    def __bool__(self) -> bool:
        return any(self._cells.values())

    def filled(self) -> set[str]:
        """Give the names of the cells that hold something."""
        return {name for name, text in self._cells.items() if text}

    def text(self, name: str, most: int = 300) -> str:
        return self._cells.get(name, "")[:most]

    def wrong(self, name: str, expected: str) -> None:
        heading = self._headings.get(name, name)
        at = f"{self.at}, column “{heading}”"
        self._issues.append(issue("E541.cell", at, text=self._cells.get(name, "")[:60], expected=expected))

    def list(self, name: str) -> tuple[str, ...]:
        """Give the parts of a cell, which semicolons or line breaks divide; nothing is cut off."""
        parts = re.split(r"[;\n\r\u2028]+", self._raw.get(name) or "")
        return tuple(text for part in parts if (text := " ".join(part.split())))

    def nation(self, name: str) -> str:
        """Read a nation, by its code or its name, into its code; empty where none is written or read."""
        text = self.text(name)
        code = nation_code(text)
        if text and not code:
            self.wrong(name, "the code or the name of a nation, such as US or Germany")
        return code

    def percent(self, name: str, text: str | None = None) -> Decimal | None:
        """Read a number of percent. A share such as 0.4 may be 40 percent of a formatted cell: it is not read."""
        text = self.text(name) if text is None else text
        if not text:
            return None
        found = number_of(text.removesuffix("%").strip())
        if found is None or found > WHOLE or (0 < found <= 1 and not text.endswith("%")):
            self.wrong(
                name,
                "percent from 0 to 100, such as 40 or 40 %; 0.4 can be read in two ways, also from a cell formatted as "
                "percent: write it as text with the sign",
            )
            return None
        return found

    def number(
        self, name: str, *, expected: str = "a number that is not negative, such as 12.5"
    ) -> Decimal | None:
        text = self.text(name)
        if not text:
            return None
        found = number_of(text)
        if found is None:
            self.wrong(name, expected)
        return found

    def whole(self, name: str, most: int = MAX_UNITS) -> int | None:
        expected = f"a whole number from 0 to {most:,}"
        text = self.text(name)
        if not text:
            return None
        found = quantity_of(_DAYS.sub("", text) if name == "lead_days" else text)
        if found is None or found != int(found) or found > most:
            self.wrong(name, expected)
            return None
        return int(found)

    def money(self, name: str) -> Price | None:
        text = self.text(name)
        if not text:
            return None
        code = self.text("currency").upper()
        headed = headed_currency(self._headings.get(name, ""))[1]
        if code and not CURRENCY.fullmatch(code):
            self.wrong("currency", "a code of three letters, such as USD")
            return None
        read = money_of(text, self._point)
        if read is None or not 0 <= read[0] <= MAX_MONEY:
            self.wrong(
                name,
                f"an amount that is not negative and no more than {MAX_MONEY:,}, such as 1250.00; 1,234 can be read in two "
                "ways where no other amount of the table, such as 1,250.00, shows which: write 1234",
            )
            return None
        amount, told = read
        # a code goes before a sign that may be its own
        said = [one for one in (code, headed, told) if one]
        said.sort(key=lambda one: is_sign_of(one, "") is not None)
        for one in said[1:]:
            if one != said[0] and not is_sign_of(one, said[0]):
                self.wrong(name, f"an amount in {said[0]}, as the column of the currency or the heading says")
                return None
        return Price(amount, said[0] if said else "")

    def day(self, name: str, text: str | None = None) -> date | None:
        text = self.text(name) if text is None else text
        if not text:
            return None
        told = _DAY.fullmatch(text)
        try:
            found = _day_in_words(text) if told is None else parse_day(told[1])
        except ValueError:
            found = None
        if found is None or not 1990 <= found.year <= 2199:
            self.wrong(name, "a day that exists, such as 2027-03-31; 03/04/2027 can be read in two ways")
            return None
        return found

    def days(self, name: str) -> tuple[date, ...]:
        """Read every day of a cell, whatever divides them; each once."""
        made: dict[date, None] = {}
        for text in self.list(name):
            # every part is a day or is named: none is passed over
            for part in _BETWEEN_DAYS.split(text):
                day = self.day(name, part)
                if day is not None:
                    made[day] = None
        return tuple(made)

    def quarter(self, name: str) -> int | None:
        """Give the first month of a quarter of a calendar year, such as `Q1 2027`; `None` for what is none."""
        told = _QUARTER.fullmatch(self.text(name))
        if told is None:
            return None
        year, number = int(told[2] or told[3]), int(told[1] or told[4])
        return year * 12 + 3 * (number - 1) if 1990 <= year <= 2199 else None

    def month(self, name: str, *, last: bool = False) -> int | None:
        """Read a month; of a quarter the first, or the last."""
        text = self.text(name)
        if not text:
            return None
        quarter = self.quarter(name)
        if quarter is not None:
            return quarter + (2 if last else 0)
        day = _DAY.fullmatch(text)
        # a cell with a date, shown as a month, holds the first day of it
        try:
            written = day[1] if day is not None else written_day(text, loosely=False) or text
        except ValueError:
            written = text
        found = _MONTH.fullmatch(written.removesuffix("-01") if written.count("-") > 1 else written)
        if found is None or not 1 <= int(found[2]) <= 12 or not 1990 <= int(found[1]) <= 2199:
            self.wrong(name, "a month, such as 2027-01")
            return None
        return int(found[1]) * 12 + int(found[2]) - 1

    def truth(self, name: str, absent: bool, wrong: bool) -> bool:
        text = self.text(name).casefold()
        if not text:
            return absent
        if text not in _TRUTH:
            self.wrong(name, "yes or no")
            return wrong
        return _TRUTH[text]
