"""Which findings an address asks for: its filter, and what of it the case does not know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

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
#: What a filter says once: of two the later one counts, and a later one without a value takes the former back.
_ONCE = (*FLAGS, "text")
#: Takes back what stands before it in the address: a choice (`less=site=Mill Lane`), or all of a field (`less=site`).
LESS = "less"
#: What else an address of a page of findings holds.
_BESIDE = frozenset(
    {"after", "group", "start", "was", "done", "made", "back", "left", "like", "row", "text", "signed", LESS}
)
#: A filter of more characters stands within the path, so that the links of its page say only what they change.
_MOST_BEHIND = 48
_WITHIN = re.compile(r"/in/([^/]+)(/cases/.+)", re.DOTALL)
_OF_FINDINGS = re.compile(r"/cases/[^/]+/findings")
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
    held: dict[tuple[str, str], None] = {}
    for name, value in query:
        if name == LESS:
            field, one, said = value.partition("=")
            held = {pair: None for pair in held if pair[0] != field or (one and pair[1] != said)}
        elif name in FIELDS or (name in NAMED and value):
            held[name, value or as_filtered("")] = None
        elif name in _ONCE and (name == "text" or value in _SWITCHES or not value):
            held = {pair: None for pair in held if pair[0] != name}
            if value:
                held[name, value] = None
    return list(held)


def within_of(query: Pairs) -> str:
    """Give the filter of an address as its page has it within the path; empty where it stands behind the question mark."""
    asked = urlencode(kept(query))
    return asked if len(asked) > _MOST_BEHIND else ""


def _page_of(path: str, query: Pairs) -> str:
    """Give the address of the page of findings at a path that a query asks for."""
    # A switch that is neither yes nor no is told of there.
    beside = [
        (name, value) for name, value in query
        if name not in (*FIELDS, *NAMED, "text", LESS) and not (name in FLAGS and (value in _SWITCHES or not value))
    ]  # fmt: skip
    within = within_of(query)
    if not within:
        beside = [*kept(query), *beside]
    return f"{'/in/' + quote(within, safe='=&+') if within else ''}{quote(path)}{'?' if beside else ''}{urlencode(beside)}"


class Within:
    """Reads a filter that stands within a path as if it stood behind the question mark, for every page of a case.

    Under `/in/FILTER/cases/...` the links of a page are relative: however long the filter is, it is in none of them. A page of
    findings whose filter is long, and only such a one, is found there: other addresses of it lead to that one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path, behind, within = scope.get("path", ""), scope.get("query_string", b""), ""
        if found := _WITHIN.fullmatch(path):
            within, path = quote(found[1], safe="=&+%"), found[2]
            behind = b"&".join(filter(None, (within.encode(), behind)))
            state = {**scope.get("state", {}), "within": within}
            scope = {
                **scope,
                "path": path,
                "raw_path": quote(path).encode(),
                "query_string": behind,
                "state": state,
            }
        if _OF_FINDINGS.fullmatch(path) and scope["method"] in ("GET", "HEAD"):
            query = parse_qsl(behind.decode("latin-1"), keep_blank_values=True)
            if within_of(query) != within:
                await RedirectResponse(_page_of(path, query), status_code=303)(scope, receive, send)
                return
        await self.app(scope, receive, send)


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
    gathered = any(name == "group" and value in GROUPS for name, value in query)
    for name, value in query:
        if name == "after" and value and not is_mark(value):
            told.append(f"No page begins after “{value}”: this is the first one.")
        elif name == "group" and value and value not in GROUPS:
            told.append(f"Findings are not gathered by “{value}”.")
        elif name in FLAGS and value and value not in _SWITCHES:
            told.append(f"“{name}” is yes or no, and not “{value}”: it is left out.")
        elif name not in (*FIELDS, *FLAGS, *NAMED, *_BESIDE) or (
            name == "start" and not (gathered and value.isdecimal())
        ):
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
