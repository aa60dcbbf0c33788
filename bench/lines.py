"""Lines as people write them, judged by what must come of them: `labels/lines/*.csv`.

Columns: `row_id, lang, text, want, firm, why`, and `source` where it is not the file's. `want`: `finding` surfaces, most
at `probable`; `finding_or_question` surfaces; `mention` is a mention or `possible`; `nothing` is never `probable`. `firm`
may name two, with a slash.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rows import LABELS

FOLDER = LABELS / "lines"
WANTS = frozenset({"finding", "finding_or_question", "mention", "nothing"})


class Said(Protocol):
    """What a scan said of one line."""

    @property
    def band(self) -> str:
        """Band, `mention` or `none`."""

    @property
    def entities(self) -> tuple[str, ...]:
        """Entity and its owners."""

    @property
    def rank(self) -> int:
        """Rank of the band."""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """One line and what is wanted of it."""

    row_id: str
    lang: str
    text: str
    want: str
    firm: str
    why: str
    source: str = "own:context-dev"


def wanted_lines(folder: Path = FOLDER) -> list[WantedLine]:
    """Read all wanted lines, in order of file name and line."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as stream:
            found += [WantedLine(**record) for record in csv.DictReader(stream)]
    return found


def surfaces(line: WantedLine, said: Said) -> bool:
    """Tell whether the line came out as a finding of the right firm."""
    return said.rank >= 1 and bool(set(line.firm.split("/")) & set(said.entities))


def is_met(line: WantedLine, said: Said) -> bool:
    """Tell whether the line came out as it must."""
    return surfaces(line, said) if line.want.startswith("finding") else said.rank < 2


def measure_lines(lines: Sequence[WantedLine], answers: Sequence[Said]) -> dict[str, Any]:
    """Count and divide, over all lines and by language."""
    pairs = list(zip(lines, answers, strict=True))
    by_language: dict[str, list[int]] = {}
    for line, said in pairs:
        met, asked = by_language.setdefault(line.lang, [0, 0])
        by_language[line.lang] = [met + is_met(line, said), asked + 1]
    return {
        **_shares(pairs),
        "met_by_language": by_language,
        "by_source_and_language": {
            f"{source} {lang}": _shares(
                [pair for pair in pairs if (pair[0].source, pair[0].lang) == (source, lang)]
            )
            for source, lang in sorted({(line.source, line.lang) for line in lines})
        },
        "unmet": [
            f"{line.row_id} {line.text!r}: wanted {line.want}, got {said.band}"
            for line, said in pairs
            if not is_met(line, said)
        ],
    }


def _shares(pairs: Sequence[tuple[WantedLine, Said]]) -> dict[str, Any]:
    def share(part: Callable[[WantedLine, Said], bool], of: Callable[[WantedLine], bool]) -> float | None:
        chosen = [part(line, said) for line, said in pairs if of(line)]
        return round(sum(chosen) / len(chosen), 4) if chosen else None

    return {
        "lines": len(pairs),
        "equipment_surfaced": share(surfaces, lambda line: line.want.startswith("finding")),
        "others_at_probable": share(
            lambda _, said: said.rank >= 2, lambda line: not line.want.startswith("finding")
        ),
        "findings_at_probable": share(
            lambda line, said: surfaces(line, said) and said.rank >= 2, lambda line: line.want == "finding"
        ),
        "nothing_spoken_of": share(lambda _, said: said.band != "none", lambda line: line.want == "nothing"),
    }
