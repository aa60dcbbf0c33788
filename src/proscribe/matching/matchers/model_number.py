"""Model numbers, as people write them.

What it does: matches the model families of the knowledge, dashes lost or changed, suffixes cut.
Why it matters: inventories name the model and leave out the maker.
Example: `ds 2cd2143g2 i`, `S5720-52X-LI-AC`, `DHI-NVR4104`; written apart, and then a question: `AR-617-VW`, `S 5735-L24T4S`.
Not covered: a family marked `weak` needs a maker, a column of models, or a device word beside it.
References: `knowledge/models/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proscribe.kb.spacing import SIGNS_BETWEEN, joints_only
from proscribe.matching.index import Index, is_low
from proscribe.matching.normalize import MAC
from proscribe.matching.patterns import Pattern
from proscribe.matching.record import Record
from proscribe.matching.signals import Cell, Signal

NAME = "model_number"
#: What stands before the places behind a point: the "8A" of "0.8A" is a rating.
_FRACTION = re.compile(r"(?:\d\.|(?<!\d)0,)\Z")
#: Figures of an address: the "8a" of "48:46:fb:4a:8a:31" is none of a model.
_HEX = re.compile(r"[0-9a-f]+")
_BY_COLONS = re.compile(r"[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,}")
_STRENGTHS = ("weak", "strong", "sure")


def _worth(row: Mapping[str, Any]) -> tuple[bool, int]:
    """Rank a family: what may only ask comes after what may say, however much of the text it takes."""
    strength = str(row.get("strength") or "weak")
    return not is_low(row), _STRENGTHS.index(strength) if strength in _STRENGTHS else 0


#: A number written apart has as many letters and digits, more with a blank, or it may be anything.
_LEAST_SIGNS, _LEAST_WITH_BLANK = 6, 7
#: In so many pieces of letters or digits, more behind a single letter: "B 63685S" is the number of an order.
_LEAST_PIECES, _LEAST_BEHIND_ONE = 3, 4
_RUN = re.compile(r"[a-z]+|[0-9]+")
#: So many letters are of one case in a number; keys and certificates mix them.
_LETTERS = re.compile(r"[^\W\d_]{4,}")
WRITTEN_APART = (
    "Is this the number of a model, written with other signs between its letters: what does the label say?"
)


def _apart(cell: Cell, tried: Sequence[int], index: Index) -> Iterator[tuple[Pattern, int, int]]:
    """Give numbers with signs between letters and digits where their maker has none, or without those that he has."""
    for pattern, start, end in index.apart.find(joints_only(cell.folded.text), tried):
        text = cell.folded.text[start:end].rstrip(SIGNS_BETWEEN)
        end = start + len(text)
        runs = _RUN.findall(text)
        if len(runs) < (_LEAST_PIECES if len(runs[0]) > 1 else _LEAST_BEHIND_ONE):
            continue
        if sum(map(len, runs)) < (_LEAST_WITH_BLANK if " " in text else _LEAST_SIGNS):
            continue
        quoted = cell.folded.quote(start, end)
        if any(not (run.isupper() or run.islower() or run.istitle()) for run in _LETTERS.findall(quoted)):
            continue
        pieces = quoted.split(" ")[1:]
        if all(piece[:1].isdigit() or not piece.isalpha() or piece.isupper() for piece in pieces):
            yield pattern, start, end


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Give a text with line breaks in place of some of its parts."""
    for start, end in spans:
        text = f"{text[:start]}{chr(10) * (end - start)}{text[end:]}"
    return text


def _is_in_address(text: str, start: int, end: int) -> bool:
    """Tell whether a part of a folded text stands within a hardware or network address."""
    return _HEX.fullmatch(text, start, end) is not None and any(
        found.start() <= start and end <= found.end() and found.span() != (start, end)
        for notation in (MAC, _BY_COLONS)
        for found in notation.finditer(text)
    )


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a signal for every model number, the longest one where two families of like worth overlap."""
    for number, cell in enumerate(record.cells):
        tried = record.tried[number].get("models")
        found = list(index.models.find(cell.folded.text, tried)) if tried else ()
        for pattern, start, end in found:
            if any(
                other_start <= start and end <= other_end and other_end - other_start > end - start
                and other.row["maker"] == pattern.row["maker"] and _worth(other.row) >= _worth(pattern.row)
                for other, other_start, other_end in found
            ):  # fmt: skip
                continue
            strength = str(pattern.row.get("strength") or "weak")
            if strength == "weak" and (
                _FRACTION.search(cell.folded.text, max(0, start - 2), start)
                or _is_in_address(cell.folded.text, start, end)
            ):
                continue
            yield _signal(pattern.row, pattern.fact, index, (number, start, end), strength)
        tried = record.tried[number].get("apart")
        strong = [(first, last) for other, first, last in found if _worth(other.row)[1]] if tried else ()
        if strong:
            # Most that begins like a number is one as its maker prints it, and needs no second look.
            tried = index.book.tried(_without(cell.folded.text, strong)).get("apart")
        for pattern, start, end in _apart(cell, tried, index) if tried else ():
            if any(first < end and start < last for first, last in strong):
                continue
            signal = _signal(pattern.row, pattern.fact, index, (number, start, end), "weak")
            why = f"{signal.why}, written apart"
            yield signal._replace(why=why, needs="any", cap="possible", question=WRITTEN_APART)


def _signal(
    row: Mapping[str, Any], fact: str, index: Index, place: tuple[int, int, int], strength: str
) -> Signal:
    """Make the signal of a family at a place: number of the cell, and where in it the number of the model begins and ends."""
    maker = str(row["maker"])
    return Signal(
        NAME,
        *place,
        entity=maker,
        role="made_by",
        facts=(fact,),
        strength=strength,
        weight_mbit=index.weights[strength],
        group="model",
        why=f"{index.called(maker)} model number: {row.get('what')}",
        needs=str(row.get("needs") or ("none" if strength != "weak" else "any")),
        device_words=tuple(map(str, row.get("device_words") or ())),
        low=is_low(row),
        question=str(row.get("question") or ""),
        category=str(row.get("category") or ""),
        basis=str(row.get("basis") or "reported"),
        launched_on=str(row.get("launched_on") or ""),
    )
