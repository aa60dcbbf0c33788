"""What one matcher saw: the hot-path form of evidence, before fusion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from proscribe.matching.escapes import spelled_out
from proscribe.matching.garbled import Garbles
from proscribe.matching.normalize import TOKEN, Folded, fold


class Token(NamedTuple):
    """A token of folded text with its place."""

    text: str
    start: int
    end: int


def _folded(text: str, garbles: Garbles | None) -> Folded:
    """Fold what the escapes in a text stand for, and names in it that were read in a wrong encoding."""
    spelled = spelled_out(text)
    plain = text if spelled is None else spelled[0]
    right = garbles.read_right(plain) if garbles is not None and not plain.isascii() else None
    if spelled is None and right is None:
        return fold(text)
    starts = list(spelled[1]) if spelled is not None else list(range(len(text)))
    ends = list(spelled[2]) if spelled is not None else list(range(1, len(text) + 1))
    if right is not None:
        plain = "".join(piece for piece, _, _ in right)
        begins = [starts[first] for piece, first, _ in right for _ in piece]
        ends = [ends[last - 1] for piece, _, last in right for _ in piece]
        starts = begins
    return fold(plain).within(text, starts, ends)


@dataclass(frozen=True, slots=True)
class Cell:
    """One content field of a record."""

    column: str
    field: str
    folded: Folded
    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, column: str, field: str, text: str, garbles: Garbles | None = None) -> Cell:
        """Read, fold and tokenise `text`.

        Args:
            column, field: name of the column, and what it holds.
            text: the cell as it stands.
            garbles: names as they look when they were read in a wrong encoding, which count as the names.
        """
        folded = _folded(text, garbles)
        return cls(
            column,
            field,
            folded,
            tuple([Token._make((match[0], *match.span())) for match in TOKEN.finditer(folded.text)]),
        )


class Signal(NamedTuple):
    """One matcher's hit.

    A tuple, since very many are made and a tuple is made in a quarter of the time.

    Attributes:
        matcher: the matcher's name.
        cell: index of the cell in the record.
        start, end: span in the folded text of the cell.
        entity: entity id the signal speaks for.
        role: `made_by`, `relabel`, `component`, `service`.
        facts: knowledge ids used.
        strength: `identifier`, `sure`, `strong`, `weak`, `support` (adds, never raises by itself).
        weight_mbit: millibits.
        group: signals of one group count once.
        why: sentence fragment.
        needs: `none`, `model_column`, `device_word`, `maker`: what a weak signal asks for.
        device_words: narrows `needs: device_word` to these words; empty = any device word.
        low: rests on a low-confidence, preview or inferred fact; never more than `possible`.
        cap: `possible` or `probable` when the class of signal may not exceed it.
        question: what to ask when this signal decides.
        brand: the badge, when it is not the maker's own.
        category: item kind, when the fact knows it.
        text_bound: whether words around it (negation, accessory, ...) can change what it means.
        launched_on: ISO day before which no unit of the model was sold; empty when the fact knows none.
    """

    matcher: str
    cell: int
    start: int
    end: int
    entity: str
    role: str
    facts: tuple[str, ...]
    strength: str
    weight_mbit: int
    group: str
    why: str
    needs: str = "none"
    device_words: tuple[str, ...] = ()
    low: bool = False
    cap: str = ""
    question: str = ""
    brand: str = ""
    category: str = ""
    text_bound: bool = True
    basis: str = "stated"
    launched_on: str = ""

    def weakened(self, weight_mbit: int, why: str) -> Signal:
        """Give the same signal with less weight and a reason appended."""
        return self._replace(weight_mbit=weight_mbit, why=f"{self.why}; {why}")
