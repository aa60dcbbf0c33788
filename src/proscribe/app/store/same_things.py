"""Findings of one product, of which somebody may want to say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proscribe.app.store.findings import as_filtered
from proscribe.casework.findings import FindingFilter
from proscribe.casework.scan_rows import product_of

if TYPE_CHECKING:
    from proscribe.casework.findings import CaseFinding
    from proscribe.casework.store import Store


@dataclass(frozen=True, slots=True)
class Alike:
    """Findings that nobody judged yet, of the product of one that was judged.

    Attributes:
        product: as a filter names it.
        site: where they are; empty for those of all sites.
        query: the filter that chooses them, as pairs.
        count: their number.
    """

    product: str
    site: str
    query: tuple[tuple[str, str], ...]
    count: int


def alike(store: Store, case_id: str, one: CaseFinding) -> list[Alike]:
    """Give what else is of the product and firm of a finding and was not judged: at its site, and at all where these are more."""
    product = product_of(one.whole)
    if not product:
        return []
    through = tuple(one.whole.get("covered_through") or ())
    firm, site = (
        (through[-1] if through else one.whole["entity"]),
        str((one.whole.get("details") or {}).get("site") or ""),
    )
    made: list[Alike] = []
    for at in (site, "") if site else ("",):
        where = FindingFilter(product=(product,), firm=(firm,), site=(at,) if at else (), judged=False)
        count = store.facets(case_id, where).total
        if count and (not made or count > made[0].count):
            query = [("product", as_filtered(product)), ("firm", firm), ("judged", "no")]
            made.append(Alike(product, at, (*query, *([("site", as_filtered(at))] if at else [])), count))
    return made
