"""What the record of a finding says beside what was found, and what it calls the thing where that is only a number."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proscribe.readers.columns import field_of_header

if TYPE_CHECKING:
    from proscribe.casework.findings import CaseFinding
    from proscribe.casework.store import Store

#: Fields in which a record says what the thing is, the most telling first.
_TELLING = (
    "product_name",
    "model_number",
    "part_number",
    "hostname",
    "text",
    "file_name",
    "banner",
    "category",
    "note",
)
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:. -]?){2,7}[0-9A-Fa-f]{2}")
_MOST = 3
#: Letters of a record in a list.
_LONGEST = 28
#: The matcher of MAC prefixes.
_PREFIX = "oui"


def called(whole: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what the record calls the thing of a finding that rests on hardware addresses alone, the most telling cell first.

    Nothing where the record does not say, and for findings that rest on more.

    Args:
        whole: the finding, as its scan has it, with the cells of its record.
    """
    said = whole.get("evidence") or ()
    if not said or any(one.get("matcher") != _PREFIX for one in said):
        return ()
    return tuple(text for name, text in _ranked(whole) if name in _TELLING)[:_MOST]


def beside(whole: Mapping[str, Any]) -> str:
    """Give what else the record of a finding says, the most telling cells first, as short as a line of a list holds.

    Args:
        whole: as in `called`.
    """
    said = " · ".join(text for _, text in _ranked(whole))
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rstrip(' ·')}…"


@dataclass(frozen=True, slots=True)
class Words:
    """What the record of a finding says.

    Attributes:
        called: what it calls the thing; see `called`.
        beside: what else it says, where it calls it nothing.
    """

    called: tuple[str, ...]
    beside: str


#: Words by the run and the finding: a scan never changes, and to read its pieces again costs more than a page.
_HELD: dict[tuple[str, str], Words] = {}
_MOST_HELD = 20_000


def words_of(store: Store, case_id: str, page: Sequence[CaseFinding]) -> list[Words]:
    """Give what the records of findings of a case say, in their order."""
    keys = [(one.support.last_run, one.support.finding_id) for one in page]
    held = {key: _HELD[key] for key in keys if key in _HELD}
    wanted = [name for run, name in keys if (run, name) not in held]
    whole = store.wholes(case_id, wanted) if wanted else {}
    if len(_HELD) > _MOST_HELD:
        _HELD.clear()
    for key in keys:
        if key not in held:
            named = called(whole[key[1]])
            held[key] = _HELD[key] = Words(named, "" if named else beside(whole[key[1]]))
    return [held[key] for key in keys]


def _without(cell: str, found: Collection[str]) -> str:
    """Give what a cell says beside what was found in it."""
    for text in sorted(found, key=len, reverse=True):
        cell = cell.replace(text, " ") if text else cell
    return cell


def _ranked(whole: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give field and text of the cells that say more than what was found, the most telling first, each text once."""
    found = {str(one.get("found")) for one in whole.get("evidence") or ()}
    told: dict[str, str] = {}
    for column, text in whole.get("record") or ():
        cell = str(text).strip()
        if any(map(str.isalnum, _without(cell, found))) and not _MAC.fullmatch(cell):
            told.setdefault(cell, field_of_header(str(column))[0] or "")
    ranked = sorted(
        told.items(), key=lambda item: _TELLING.index(item[1]) if item[1] in _TELLING else len(_TELLING)
    )
    return [(name, text) for text, name in ranked]


__all__ = ["Words", "called", "words_of"]
