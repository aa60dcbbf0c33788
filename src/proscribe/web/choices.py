"""What a page of findings offers to choose: of each facet its values in words, each with the address of the page that has it so.

A page holds some sixty of them. Written by macros, they took more than all else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from proscribe.web.filters import FLAGS, LESS, Pairs
from proscribe.wording.shown import visible

if TYPE_CHECKING:
    from proscribe.model.casework import CaseFile

#: A longer value is cut.
_LONGEST = 120
_SWITCHED = {"1": "yes", "0": "no", "True": "yes", "False": "no"}


class Choices:
    """The choices of one page of findings.

    Args:
        file: the case.
        kept: the filter of the page.
        within: whether that stands within its path, so that addresses say only what they change.
        firm: says what people call a firm.
    """

    def __init__(self, file: CaseFile, kept: Pairs, *, within: bool, firm: Callable[[str], str]) -> None:
        self._file, self._kept, self._within, self._firm = file, kept, within, firm
        self._held: Pairs = [] if within else kept
        self._chosen = set(kept)

    def to(self, query: Pairs) -> str:
        """Give the address of the page with another filter: what is behind the question mark."""
        return f"?{urlencode(query)}"

    def of(
        self, name: str, values: Iterable[tuple[str, int | str]]
    ) -> Iterator[tuple[str, str, bool, int | str]]:
        """Yield of each value of a facet the address that takes or leaves it, its words, whether it is chosen, and its number."""
        from proscribe.app.store.findings import as_filtered

        flag = name in FLAGS
        others = [pair for pair in self._held if pair[0] != name] if flag else self._held
        beside = f"?{urlencode(others)}&" if others else "?"
        for value, number in values:
            told = as_filtered(_SWITCHED.get(value, value) if flag else value)
            chosen = (name, told) in self._chosen
            address = self._fewer(name, told) if chosen else beside + urlencode([(name, told)])
            yield address, self.said(name, told), chosen, number

    def _fewer(self, name: str, value: str) -> str:
        if self._within:
            return self.to([(LESS, f"{name}={value}")])
        return self.to([pair for pair in self._kept if pair != (name, value)])

    def said(self, name: str, value: str) -> str:
        """Say a value of a facet, as filters have it, in words."""
        if name == "firm":
            return visible(self._firm(value), _LONGEST)
        if name == "run":
            run = self._file.runs[int(value) - 1]
            taken = f", taken in by {visible(run.by, 60)}" if run.is_a_persons else ""
            return f"{run.attached_at.date().isoformat()} (run {value}{taken})"
        if name == "new":
            return "the last run showed it first" if value == "yes" else "seen before"
        if name == "verdict" and value == "cleared":
            return "does not count: cleared, gone, not ours, only talk, only offered"
        if name == "product" and value == "(none)":
            return "no model and no brand named"
        if name in ("role", "outcome"):
            value = value.replace("_", " ")
        return visible(value, _LONGEST)
