"""What waits for whoever looks at a page, and where they do it; worked out anew where something in the store is another."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from proscribe.web.addresses import link

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.waits_for_person import WaitsForPerson

#: People of stores of whom it is known; the oldest is forgotten first.
_MOST_KNOWN = 200
#: So many findings are named one by one in an address.
_MOST_NAMED = 20
#: After so many seconds it is worked out anew on any page, where there are later entries; on Start it always is.
_AGAIN_AFTER_S = 30.0


class _Known(NamedTuple):
    """What waited for a person: with which drafts, at which head of the chain, and when that was asked (monotonic clock)."""

    drafts: frozenset[str]
    head: str
    asked_s: float
    found: tuple[WaitsForPerson, ...]


_known: dict[tuple[str, str], _Known] = {}


class Waiting(NamedTuple):
    """One thing that waits, with the words of its link and where that leads."""

    verb: str
    words: str
    address: str


def waiting_for(
    cases: Cases, place: str, person: str, opens: Callable[[str], bool], *, now: bool
) -> tuple[Waiting, ...]:
    """List what waits for a person, as far as they may open it.

    Args:
        place: of the store.
        opens: tells whether they may open an address.
        now: whether what others did in the last half minute has to be in it, and not only drafts.
    """
    from proscribe.app.case.pending import ids
    from proscribe.app.case.waits_for_person import waits_for

    drafts, asked_s = ids(cases.store), monotonic()
    known = _known.get((place, person))
    if known is None or known.drafts != drafts or now or asked_s - known.asked_s > _AGAIN_AFTER_S:
        head = cases.store.head().digest
        same = known is not None and (known.drafts, known.head) == (drafts, head)
        found = known.found if known is not None and same else waits_for(cases, person)
        while len(_known) >= _MOST_KNOWN:
            _known.pop(next(iter(_known)), None)
        known = _known[place, person] = _Known(drafts, head, asked_s, found)
    told = (Waiting(_VERBS[one.kind.value], one.words, _address(one)) for one in known.found)
    return tuple(one for one in told if opens(one.address.partition("?")[0].partition("#")[0]))


_VERBS = {
    "sign_draft": "Read it, and sign with your key",
    "agree": "Look at the change of the roster, and agree or not",
    "enrol": "Look at the key, and propose to enrol it",
    "approve": "Read the paper, and approve it or not",
    "sign": "Sign the paper",
    "review": "Look at them, and say the same or not",
}


def _address(one: WaitsForPerson) -> str:
    if one.kind.value == "sign_draft":
        if one.case_id:
            return link("/cases/{case_id}/pending/{pending_id}", case_id=one.case_id, pending_id=one.record)
        return link("/pending/{pending_id}", pending_id=one.record)
    if one.kind.value in ("approve", "sign"):
        return f"{link('/cases/{case_id}/documents', case_id=one.case_id)}#{one.record}"
    if one.kind.value == "review":
        named = [("finding", name) for name in one.findings]
        if len(named) > _MOST_NAMED:
            named = [("band", "confirmed"), ("verdict", "different"), ("verdict", "cleared")]
        return link("/cases/{case_id}/findings", named, case_id=one.case_id)
    return "/people"
