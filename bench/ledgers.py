"""Innocent ledgers beside the generator's, on which the scan must leave nearly every row out: same arguments, same bytes.

    python bench/ledgers.py codes|council|joined|payments --rows 100000 --out LEDGER.csv

`codes`: of ten rows at least three hold a code of two letters or a number that looks like one of a model, some are Chinese,
Japanese or Korean, and one in a hundred holds a word that a brand shares with the language. `council`: supplier payments of
English councils (`labels/negatives/ledgers.csv`, OGL-UK-3.0) with fresh numbers, days and amounts. `joined`: the same, all
cells in one description. `payments`: the same in the columns in which councils publish them, of which most repeat their values.
No row names a screened firm.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import WORDS
from rows import negative_texts

#: Codes of stores, rooms, cost centres, drawings, cables and lorries: a few letters, then what people count with.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHARED = (
    "honour", "honor", "blade", "axon", "atlas", "ascend", "prism", "fusion", "vision", "plus", "space", "northern", "people",
    "product", "security", "mate", "nova", "enjoy", "link", "blade 4", "mobile", "essential", "general", "speed", "active",
)  # fmt: skip
_HAN = "东南西北中上大小新华安和兴海天金江山水木火土光明星城建电信通讯科技贸易服务材料设备工程运输"
_HAN_ENDS = ("有限公司", "股份有限公司", "贸易商行", "服务中心", "商店")
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"
_HANGUL = "가나다라마바사아자차카타파하서울부산대한민국상사전자"
Cells = tuple[str, ...]


def codes(rows: int, seed: int = 889) -> Iterator[Cells]:
    """Give vendor and description of rows that are full of codes."""
    rng = random.Random(f"codes-{seed}")
    draw: tuple[Callable[[random.Random], str], ...] = (_short, _dashed, _number, _priced)
    for _ in range(rows):
        item, place = rng.choice(WORDS["items"]), rng.choice(WORDS["places"])
        share = rng.random()
        if share < 0.4:
            text = f"{item} {draw[rng.randrange(len(draw))](rng)} {place}"
        elif share < 0.405:
            text = f"{rng.choice(_SHARED)} {item} {rng.randrange(10**6)}"
        else:
            text = f"{item} - {place} {rng.randrange(10**7)}"
        yield _vendor(rng), text


def _short(rng: random.Random) -> str:
    return "".join(rng.sample(_LETTERS, 2)) + rng.choice((" ", "-", "")) + str(rng.randrange(1, 9_999))


def _dashed(rng: random.Random) -> str:
    ends = (
        f"{rng.randrange(10)}{rng.choice(_LETTERS)}",
        f"{rng.choice(_LETTERS)}{rng.randrange(100):02}",
        "LX",
        "AN",
    )
    return f"{''.join(rng.choices(_LETTERS, k=rng.randrange(1, 5)))}{rng.randrange(1, 99)}-{rng.choice(ends)}"


def _number(rng: random.Random) -> str:
    return (
        f"{rng.choice(_LETTERS)}{rng.randrange(100, 99_999)}{rng.choice(('', 'S', 'E', '/2', '.1', ' v2'))}"
    )


def _priced(rng: random.Random) -> str:
    return f"{rng.randrange(1, 9_000)}.{rng.randrange(100):02} {rng.choice(('ea', 'x2', 'net', 'GBP', '%'))} {_short(rng)}"


def looks_like_code(word: str) -> bool:
    """Tell whether a word is one to four letters with digits behind them, or a dash and an end."""
    letters = len(word) - len(word.lstrip(_LETTERS))
    return 1 <= letters <= 4 and any(char.isdigit() for char in word[letters:])


def _vendor(rng: random.Random) -> str:
    share = rng.random()
    if share < 0.04:
        return "".join(rng.sample(_HAN, rng.randrange(2, 5))) + rng.choice(_HAN_ENDS)
    if share < 0.06:
        return "".join(rng.choices(_KANA, k=rng.randrange(3, 7)))
    if share < 0.08:
        return "".join(rng.choices(_HANGUL, k=rng.randrange(2, 5)))
    first = rng.choice(_SHARED).title() if share < 0.085 else rng.choice(WORDS["places"])
    words = f"{first} {rng.choice(WORDS['trades']).title()}"
    return f"{words} {rng.choice(('Ltd', 'LLP', 'Inc', 'GmbH', 'plc', ''))}".strip()


def council(rows: int, seed: int = 889) -> Iterator[Cells]:
    """Give supplier and description of payments with fresh numbers, days and amounts."""
    rng = random.Random(f"council-{seed}")
    known = [one for one in negative_texts() if one.file == "ledgers.csv"]
    for one in rng.choices(known, [one.lines for one in known], k=rows):
        supplier, _, what = one.text.partition(" | ")
        day = f"20{rng.randrange(15, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        yield (
            supplier,
            f"{what.replace(' | ', ' ')} {day} {rng.randrange(10**7, 10**10)} {rng.randrange(10**7) / 100:.2f}",
        )


def joined(rows: int, seed: int = 889) -> Iterator[Cells]:
    """Give the payments of councils as one description, without a supplier."""
    for supplier, what in council(rows, seed):
        yield "", f"{supplier} {what}"


def payments(rows: int, seed: int = 889) -> Iterator[Cells]:
    """Give supplier, service, account, day, number and amount of payments, as councils publish them."""
    rng = random.Random(f"payments-{seed}")
    known = [one for one in negative_texts() if one.file == "ledgers.csv"]
    for number, one in enumerate(
        rng.choices(known, [one.lines for one in known], k=rows), start=5_100_000_000
    ):
        supplier, service, account = one.text.split(" | ", 2)
        day = f"20{rng.randrange(15, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        yield (
            supplier,
            service,
            account.replace(" | ", " "),
            day,
            str(number),
            f"{rng.randrange(10**7) / 100:.2f}",
        )


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger that is made.

    Attributes:
        fields: column to the field as which it is read, empty where that is left to the program.
        cells: gives so many rows.
        repeating: whether its texts are few enough for a dictionary.
    """

    fields: Mapping[str, str]
    cells: Callable[[int], Iterator[Cells]]
    repeating: bool = False


_SAID = {"vendor": "vendor_name", "description": "text"}
_PAID = {"Supplier Name": "vendor_name", "Service Area": "text", "Expenses Type": "text",
         "Invoice Payment Date": "", "Transaction Number": "", "Net Amount": ""}  # fmt: skip
LEDGERS: dict[str, Ledger] = {
    "codes": Ledger(_SAID, codes),
    "council": Ledger(_SAID, council),
    "joined": Ledger(_SAID, joined),
    "payments": Ledger(_PAID, payments, repeating=True),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Write one ledger."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ledger", choices=sorted(LEDGERS))
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    with options.out.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream, lineterminator="\n")
        made = LEDGERS[options.ledger]
        table.writerow(("row_id", *made.fields))
        for number, cells in enumerate(made.cells(options.rows), start=1):
            table.writerow((f"L{number}", *cells))
    return 0


if __name__ == "__main__":
    sys.exit(main())
