"""What a row of a questionnaire was written of, carried in the row: by it a returned sheet shows whether its cells still agree.

It guards against slips, such as columns that were sorted apart, and is no signature: whoever can type an answer can type it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

#: The column that carries it.
COLUMN = "Check"
#: What a row is asked of: cells that an answer is read by, or that say to a reader what is asked.
ASKED = ("Site", "About", "Question", "Fact", "Applies to")
_ANSWER = "Answer"
#: Things of which each is named; of more their digest alone stands there, since a cell holds 32,767 characters.
_MOST_NAMED = 2_000
_NAME, _DIGITS = 8, 16
#: Stands where an answer is not about things that a scan found.
_NO_THINGS = "-"
_FORM = re.compile(
    r"q1\.([0-9a-f]{16})\.([0-9a-f]{8}) (-|all [0-9a-f]{16}|[0-9a-f]{8}(?: [0-9a-f]{8})*|none)"
)


@dataclass(frozen=True, slots=True)
class Reach:
    """The things of which something was asked.

    Attributes:
        named: the beginnings of the ids of the findings.
        whole: the digest of all ids together, where they are too many to name; empty otherwise.
        everything: whether it speaks of all that its scope holds, in any scan.
    """

    named: frozenset[str] = frozenset()
    whole: str = ""
    everything: bool = False

    def outside(self, findings: Collection[str]) -> list[str]:
        """Give the ids, of those that its scope holds in a scan, of which nothing was asked."""
        if self.everything or (self.whole and self.whole == _digest(sorted(findings), _DIGITS)):
            return []
        return [one for one in findings if _short(one) not in self.named]


EVERYTHING = Reach(everything=True)


@dataclass(frozen=True, slots=True)
class RowCheck:
    """What a row carries: digests of what it is asked of and of what else was written in it, and the things asked about."""

    asked: str
    beside: str
    reach: Reach

    def agrees(self, cells: Mapping[str, str]) -> bool:
        """Tell whether the cells that say what is asked stand as they were written."""
        return self.asked == _of_asked(cells, self.reach_text)

    def is_untouched(self, cells: Mapping[str, str]) -> bool:
        """Tell whether the other cells, but for the answer, stand as they were written."""
        return self.beside == _of_others(cells)

    @property
    def reach_text(self) -> str:
        """Write the things as the row has them."""
        if self.reach.everything:
            return _NO_THINGS
        return f"all {self.reach.whole}" if self.reach.whole else " ".join(sorted(self.reach.named)) or "none"


def written_check(cells: Mapping[str, str], findings: Collection[str] | None) -> str:
    """Write the check of a row.

    Args:
        cells: by column, as they are written.
        findings: ids of those of which an answer in this row speaks; `None` where it speaks of no things that a scan found.
    """
    if findings is None:
        things = _NO_THINGS
    elif len(findings) > _MOST_NAMED:
        things = f"all {_digest(sorted(findings), _DIGITS)}"
    else:
        things = " ".join(sorted({_short(one) for one in findings})) or "none"
    return f"q1.{_of_asked(cells, things)}.{_of_others(cells)} {things}"


def read_check(text: str) -> RowCheck | None:
    """Read the check of a row; `None` where it is none."""
    found = _FORM.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    asked, beside, things = found.groups()
    if things == _NO_THINGS:
        reach = EVERYTHING
    elif things.startswith("all "):
        reach = Reach(whole=things.removeprefix("all "))
    else:
        reach = Reach(frozenset(things.split()) - {"none"})
    return RowCheck(asked, beside, reach)


def _short(finding: str) -> str:
    return finding.removeprefix("f_")[:_NAME]


def _of_asked(cells: Mapping[str, str], things: str) -> str:
    return _digest([*(_as_compared(cells.get(name, "")) for name in ASKED), things], _DIGITS)


def _of_others(cells: Mapping[str, str]) -> str:
    others = (name for name in sorted(cells) if name not in (*ASKED, _ANSWER, COLUMN))
    return _digest([f"{name}={_as_compared(cells[name])}" for name in others if cells[name]], _NAME)


def _as_compared(text: str) -> str:
    """Leave out what spreadsheet programs change by themselves: blanks, ends of lines, the mark of text before a cell."""
    return "".join(unicodedata.normalize("NFC", text).split()).lstrip("'")


def _digest(parts: Iterable[str], digits: int) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:digits]
