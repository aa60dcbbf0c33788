"""Public figures of the knowledge: shown beside a user's own, and a price only where one is a unit cost of a category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from proscribe.choice.records import Assumption, Price
from proscribe.kb.costs import FOLDER, PublicFigure, figures
from proscribe.kb.snapshot import Snapshot


def public_figures(snapshot: Snapshot) -> tuple[PublicFigure, ...]:
    """Give every public figure that the knowledge holds, each with its source in words."""
    named = {
        str(row["id"]): ", ".join(str(row[part]) for part in ("publisher", "title", "url") if row.get(part))
        for row in snapshot.table("sources")
    }
    return tuple(
        replace(one, source=named.get(one.source, one.source)) for one in figures(snapshot.documents(FOLDER))
    )


def assumptions_of(known: Sequence[PublicFigure]) -> list[Assumption]:
    """Give the unit costs among public figures as assumptions, which the user's own go before."""
    return [
        Assumption(
            one.category, Price(one.amount, one.currency), year=one.on.year, source=one.source, own=False
        )
        for one in known
        if one.kind == "unit" and one.category
    ]
