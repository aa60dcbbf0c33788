"""Which parts of the knowledge are due for a review."""

from __future__ import annotations

from datetime import date

from proscribe.kb.snapshot import Snapshot
from proscribe.kb.source import Review


def overdue_reviews(snapshot: Snapshot, as_of: date) -> list[Review]:
    """List the reviews of a snapshot, of its parts and of its sources, that were due before a day."""
    reviews = [
        Review(item.get("file", ""), item.get("due_on", ""), item.get("by", "")) for item in snapshot.reviews
    ]
    reviews += [Review(row["id"], row["review"]) for row in snapshot.table("sources") if row["review"]]
    return [review for review in reviews if review.overdue(as_of)]
