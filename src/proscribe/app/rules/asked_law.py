"""Where a nation stands beside what its law says of what was found: which of its rules were asked, and which were not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from proscribe.model.decisions import Outcome
from proscribe.model.law import Law
from proscribe.model.results import FindingDecision
from proscribe.rules.answer_words import WORLD
from proscribe.rules.stance import stance
from proscribe.wording.nations import nation_name

#: What a nation holds that no case is put to by itself.
_NO_RULES = frozenset({"definitions", "clause", "pointer"})
_SILENT = (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE)
_NAMED = 6


def told_of(decisions: Mapping[str, FindingDecision], nation: str, day: date, law: Law) -> Iterator[str]:
    """Say, where a nation has rules and none reaches anything that was found, why that is no contradiction.

    Args:
        decisions: by finding.
        nation: code of the nation whose law was asked; may be empty.
        day: on which it was asked.
    """
    said = {found.regime: found.outcome for one in decisions.values() for found in one.determinations}
    outcomes = {one.outcome for one in decisions.values()}
    stands = stance(law, nation, day)
    if not outcomes or not outcomes <= {*_SILENT} or not stands.instruments:
        return
    held = [
        one
        for one in law.regimes.values()
        if one.jurisdiction == nation and one.kind not in _NO_RULES and one.id not in stands.pending
    ]
    asked = sorted(one.title for one in held if one.id in said)
    left = sorted(one.title for one in held if one.id not in said)
    first = stands.instruments[0]
    others = (
        f" Not asked, being about others or about something else as stated: {_first(left)}." if left else ""
    )
    yield (
        f"{WORLD}{nation_name(nation)} stands at “{stands.stance.replace('_', ' ')}” ({first.citation}). That says how it deals "
        "with such equipment, and not whether a rule binds you. Asked of its law: "
        f"{_first(asked) or 'nothing'}.{others} What of its law is not held here was not looked at."
    )


def _first(names: list[str]) -> str:
    more = len(names) - _NAMED
    return "; ".join(names[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
