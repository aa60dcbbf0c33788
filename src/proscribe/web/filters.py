"""Which findings an address asks for: its filter, and what of it the case does not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.pending import FindingFilter

Pairs = Sequence[tuple[str, str]]
#: What a filter names in an address, in the order of the page.
FIELDS = ("band", "firm", "run", "product", "role", "site", "input", "outcome", "verdict")
FLAGS = ("judged", "new", "aged", "ignored")
#: Findings that are named one by one: these alone, and all but these.
NAMED = ("finding", "without")
#: By what findings are gathered, with the words of it.
GROUPS = {
    "site": "site",
    "product": "product",
    "firm": "firm",
    "input": "file",
    "outcome": "outcome",
    "run": "run",
}
_SWITCHES = frozenset({"yes", "no", "1", "0"})
#: What else an address of a page of findings holds.
_BESIDE = frozenset({"after", "group", "was", "done", "made", "back", "left", "like", "row", "text"})
#: Of what an address holds that is no filter so much is told.
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Strange:
    """What of an address is no filter, or names what the case does not hold.

    Attributes:
        says: of each, in one sentence.
        without: the filter without these.
    """

    says: tuple[str, ...]
    without: tuple[tuple[str, str], ...]


def kept(query: Pairs) -> list[tuple[str, str]]:
    """Give the filter of an address as pairs; what is no filter is left out (`strange` tells of it)."""
    from proscribe.app.store.findings import as_filtered

    # A field without a value is one of findings that have none, as in the API; a flag or a text without one is not set.
    return [
        (name, value or as_filtered(""))
        for name, value in query
        if name in FIELDS or (name in FLAGS and value in _SWITCHES) or (name in (*NAMED, "text") and value)
    ]


def where_of(query: Pairs) -> FindingFilter:
    """Read the filter of an address."""
    from proscribe.app.store.findings import filter_of

    return filter_of(kept(query))


def strange(cases: Cases, case_id: str, query: Pairs, counts: Any) -> Strange | None:
    """Tell what of an address is no filter, or names what no finding of the case has; None where there is nothing of it.

    Args:
        counts: facets of the filter: a value that they count is known, and nothing more is asked of the store.
    """
    from proscribe.app.store.surest_first import is_mark

    told, gone = [], set()
    for name, value in query:
        if name == "after" and value and not is_mark(value):
            told.append(f"No page begins after “{value}”: this is the first one.")
        elif name == "group" and value and value not in GROUPS:
            told.append(f"Findings are not gathered by “{value}”.")
        elif name in FLAGS and value and value not in _SWITCHES:
            told.append(f"“{name}” is yes or no, and not “{value}”: it is left out.")
        elif name not in (*FIELDS, *FLAGS, *NAMED, *_BESIDE):
            told.append(f"Findings are not chosen by “{name}”: it is left out.")
    named = [pair for pair in kept(query) if pair[0] in NAMED]
    missing = set(cases.store.not_held(case_id, [value for _, value in named])) if named else set()
    for pair in kept(query):
        if (pair[1] in missing and pair in named) or _is_of_none(cases, case_id, pair, counts):
            what = "This case holds no" if pair in named else "No finding of this case has the"
            told.append(f"{what} {_WORDS.get(pair[0], pair[0])} “{pair[1]}”.")
            gone.add(pair)
    if not told:
        return None
    more = len(told) - _MOST_TOLD
    says = (*told[:_MOST_TOLD], *([f"{more:,} more are not known."] if more > 0 else []))
    return Strange(says, tuple(pair for pair in kept(query) if pair not in gone))


_WORDS = {"finding": "finding", "without": "finding", "input": "file", "verdict": "judgement"}


def _is_of_none(cases: Cases, case_id: str, pair: tuple[str, str], counts: Any) -> bool:
    from proscribe.app.store.findings import as_filtered

    name, value = pair
    if name not in FIELDS or any(as_filtered(one) == value for one, _ in counts.get(name, ())):
        return False
    return all(as_filtered(one) != value for one, _ in cases.store.facets(case_id).counts.get(name, ()))
