"""How long a document speaks."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from proscribe.documents.law import PaperLaw
from proscribe.model.papers import PaperInputs


def valid_to(law: PaperLaw, as_of: date) -> str | None:
    """Give the last day on which the document speaks, as its own knowledge says; `None` when it sets no end."""
    if law.valid is None or law.valid.get("unit") != "month":
        return None
    return (_months_later(as_of, int(str(law.valid["count"]))) - timedelta(days=1)).isoformat()


def spoken_on(inputs: PaperInputs) -> date:
    """Give the day on which the document speaks: that of the law, of its making or of its signature, whichever is last.

    What has to hold for a statement has to hold on that day: a document dated back revives nothing that has ended.
    """
    days = [inputs.as_of, inputs.made_at.date()]
    if inputs.signed_at is not None:
        days.append(inputs.signed_at.date())
    return max(days)


def is_later(at: datetime, inputs: PaperInputs) -> bool:
    """Tell whether something was said after the document was made.

    An instant of making that is told in whole seconds is that whole second: what a case recorded within it, before the document
    was made, is told more finely.
    """
    return (at if inputs.made_at.microsecond else at.replace(microsecond=0)) > inputs.made_at


def _months_later(day: date, months: int) -> date:
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))
