"""What the record of a search admits in people's own words, beside an answer that denies it.

The words are searched for reserves, for "not known", and for names of firms. They prove nothing; a person has to read them.
"""

from __future__ import annotations

from collections.abc import Iterator

from proscribe.app.firms import Firms
from proscribe.app.plain_words import asks_after, is_nobody, is_not_known, is_unsearched, reserves, truth
from proscribe.model.papers import Inquiry, PersonAsked, SourceSearched
from proscribe.rules.facts import WrongValue

_SHOWN = 160


def admitted(inquiry: Inquiry | None, firms: Firms) -> Iterator[str]:
    """Yield, in words, what the record of a search says against itself, each once."""
    if inquiry is None:
        return
    for name, text in (("scope", inquiry.scope), ("method", inquiry.method)):
        if text.strip() and is_unsearched(text):
            yield f"its {name} says: {text[:_SHOWN]}"
    for source in inquiry.searched:
        yield from _of_source(source)
    for asked in inquiry.people:
        against = against_answer(asked, firms)
        if against:
            yield f"{asked.person.name} was asked {asked.question[:_SHOWN]!r} and said {asked.answer[:_SHOWN]!r}: {against}"


def _of_source(source: SourceSearched) -> Iterator[str]:
    if is_unsearched(source.how):
        yield f"how {source.name[:_SHOWN]} was searched: {source.how[:_SHOWN]}"
    if is_nobody(source.by):
        yield f"{source.name[:_SHOWN]} was searched by {source.by[:_SHOWN]}"


def against_answer(asked: PersonAsked, firms: Firms) -> str:
    """Say what an answer leaves open or admits; empty when it does neither."""
    said = asked.answer
    if not any(map(str.isalnum, said)) or is_not_known(said):
        return "that answers nothing"
    try:
        plainly = truth(said)
    except WrongValue:
        plainly = None
    named = firms.named_in(said)
    if named:
        return f"that names {', '.join(named)}"
    if reserves(said):
        return "that leaves something out, or supposes it"
    if plainly is True and (asks_after(asked.question) or firms.named_in(asked.question)):
        return "that says yes to it"
    return "" if plainly is not None or len(said.split()) > 1 else "that answers nothing"
