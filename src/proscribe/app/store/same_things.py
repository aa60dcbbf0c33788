"""Findings of which somebody may want to say the same as of another one.

That a thing is what it seems, or is not settled, may be said of all of one product. What sets a finding aside was true of
the words of its record, so it is offered for records alone that say the same and hold no sign of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proscribe.app.store.findings import as_filtered
from proscribe.casework.findings import FindingFilter
from proscribe.casework.scan_rows import product_of
from proscribe.matching.set_asides import sign_of
from proscribe.model.casework import Verdict
from proscribe.model.findings import Band
from proscribe.readers.header_fields import field_of_header

if TYPE_CHECKING:
    from proscribe.casework.findings import CaseFinding
    from proscribe.casework.store import Store


_SETS_ASIDE = (Verdict.DIFFERENT.value, Verdict.CLEARED.value)
#: What tells one piece, purchase or place from another, and nothing of what it is.
_OF_ONE_PIECE = frozenset(
    [
        "row_id",
        "asset_tag",
        "serial_number",
        "order_line",
        "site",
        "dated_on",
        "unit_cost",
        "amount",
        "currency",
    ]
)
_LOOKED_THROUGH = 500
#: Each is named in the address of the preview.
_MOST_NAMED = 50
_NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Alike:
    """Findings that nobody judged yet, and of which what was said of another one may be said too.

    Attributes:
        product: as a filter names it; of those that are set aside, the words of the record that were judged.
        site: where they are; empty for those of all sites.
        query: the filter that chooses them, as pairs.
        count: their number.
    """

    product: str
    site: str
    query: tuple[tuple[str, str], ...]
    count: int


def alike(store: Store, case_id: str, one: CaseFinding) -> list[Alike]:
    """Give of what else the same may be said, and nobody did yet.

    Of what was set aside: the findings whose records say the same. Of any other: what is of its product and firm, at its
    site, and at all where these are more.
    """
    through = tuple(one.whole.get("covered_through") or ())
    firm = through[-1] if through else one.whole["entity"]
    if one.verdict in _SETS_ASIDE:
        return _said_alike(store, case_id, one, firm)
    product = product_of(one.whole)
    if not product:
        return []
    site = str((one.whole.get("details") or {}).get("site") or "")
    made: list[Alike] = []
    for at in (site, "") if site else ("",):
        where = FindingFilter(product=(product,), firm=(firm,), site=(at,) if at else (), judged=False)
        count = store.facets(case_id, where).total
        if count and (not made or count > made[0].count):
            query = [("product", as_filtered(product)), ("firm", firm), ("judged", "no")]
            made.append(Alike(product, at, (*query, *([("site", as_filtered(at))] if at else [])), count))
    return made


def _said_alike(store: Store, case_id: str, one: CaseFinding, firm: str) -> list[Alike]:
    where = FindingFilter(
        entity=(one.whole["entity"],), firm=(firm,), band=_no_surer(one.whole), judged=False
    )
    judged = _words_of(one.whole)
    if not judged.says:
        return []
    others = store.findings(case_id, where, limit=_LOOKED_THROUGH).findings
    found = [other for other in others if _words_of(other.whole).hold_no_more_than(judged)][:_MOST_NAMED]
    if not found:
        return []
    query = (*(("finding", other.support.finding_id) for other in found), ("judged", "no"))
    return [Alike(_name(one.whole), "", query, len(found))]


def _no_surer(whole: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(band.value for band in Band if band.rank <= Band(whole["band"]).rank)


@dataclass(frozen=True, slots=True)
class _Words:
    """What a record says of what it is, and by which signs it was found.

    Attributes:
        kind: role and category.
        signs: (matcher, column, text found).
        says: column and its text, each that tells of more than one piece; empty where the scan kept no cells.
        columns: all of the record, as those of one kind of list.
    """

    kind: tuple[str, str]
    signs: frozenset[tuple[str, str, str]]
    says: frozenset[tuple[str, str]]
    columns: frozenset[str]

    def hold_no_more_than(self, judged: _Words) -> bool:
        """Tell whether what was judged is all that stands here: a sign or word beyond it was seen by nobody."""
        return (self.kind, self.says) == (judged.kind, judged.says) and (
            self.signs <= judged.signs and self.columns <= judged.columns
        )


def _words_of(whole: Mapping[str, Any]) -> _Words:
    own_id = str(whole.get("record_id") or "")
    cells = [(str(column), str(text)) for column, text in whole.get("record") or ()]
    return _Words(
        (str(whole.get("role")), str(whole.get("category"))),
        frozenset(
            (str(sign["matcher"]), sign_of(str(sign.get("field") or "")), sign_of(str(sign["found"])))
            for sign in whole.get("evidence") or ()
        ),
        frozenset(
            (sign_of(column), sign_of(text))
            for column, text in cells
            if text != own_id
            and any(map(str.isalpha, text))  # a day, an amount, a count
            and field_of_header(column)[0] not in _OF_ONE_PIECE
        ),
        frozenset(sign_of(column) for column, _ in cells),
    )


def _name(whole: Mapping[str, Any]) -> str:
    """Give the text in which a finding was seen: that of its weightiest sign."""
    signs: Sequence[Mapping[str, Any]] = whole.get("evidence") or ({},)
    seen_in = max(signs, key=lambda one: one.get("weight_mbit") or 0).get("field")
    cells = {column: str(text) for column, text in whole.get("record") or ()}
    return cells.get(seen_in, str(whole.get("record_id") or ""))[:_NAME_SHOWN]
