"""How much of the law its worked cases exercise; the number may fall and never rise."""

from __future__ import annotations

from collections import Counter

from make_law_pages import Book

from proscribe.model.decisions import Case
from proscribe.rules.worked import VALUE, unworked

#: Parts of conditions that no worked case decides, `proscribe law check --branches`; lower it when cases were added.
MOST = 703


def test_no_more_parts_of_the_law_are_without_a_case_than_before(book: Book) -> None:
    cases: dict[str, list[Case]] = {}
    for held in book.cases.values():
        for one in held:
            for regime in one.case.regimes:
                cases.setdefault(regime, []).append(one.case)
    left = [one for one in unworked(book.law, book.decider.entities, cases) if one.kind != VALUE]
    by_regime = Counter(one.record.partition("/")[0] for one in left)
    assert len(left) <= MOST, f"{len(left)} parts of conditions without a case: {dict(by_regime)}"
