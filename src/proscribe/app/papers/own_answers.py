"""What the record of a search admits in people's own words, beside an answer that denies it.

The words are searched for reserves, for "not known", and for what the knowledge hears of firms. An answer of yes or no is read
with its question; what it says beyond the word that leaves nothing has to be understood, or a person has to read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from proscribe.app.kb.firms import Firms
from proscribe.app.kb.plain_words import (
    asks_whether_gone,
    good_answer,
    is_cut,
    is_less,
    is_nobody,
    is_none_at_all,
    is_not_known,
    is_unsearched,
    left_unsaid,
    reserves,
    says_looked,
    truth,
    without_answer,
)
from proscribe.model.papers import Inquiry, PersonAsked, SourceSearched
from proscribe.rules.facts import WrongValue

_SHOWN = 160


def admitted(inquiry: Inquiry | None, firms: Firms) -> Iterator[str]:
    """Yield, in words, what the record of a search says against itself, each once."""
    if inquiry is None:
        return
    for name, text in (("scope", inquiry.scope), ("method", inquiry.method)):
        told = is_unsearched(text) or is_cut(text) or (name == "scope" and is_less(text))
        if text.strip() and (told or _beside_the_search(text, firms)):
            yield f"its {name} says: {text[:_SHOWN]}"
    for source in inquiry.searched:
        yield from _of_source(source, firms)
    for asked in inquiry.people:
        against = against_answer(asked, firms)
        if against:
            yield f"{asked.person.name} was asked {asked.question[:_SHOWN]!r} and said {asked.answer[:_SHOWN]!r}: {against}"


def _of_source(source: SourceSearched, firms: Firms) -> Iterator[str]:
    how = source.how
    if is_unsearched(how) or is_cut(how) or is_less(how) or not says_looked(how) or "?" in how:
        yield f"how {source.name[:_SHOWN]} was searched: {how[:_SHOWN]}"
    elif _beside_the_search(how, firms):
        yield f"how {source.name[:_SHOWN]} was searched names {', '.join(_beside_the_search(how, firms))}: {how[:_SHOWN]}"
    if is_nobody(source.by):
        yield f"{source.name[:_SHOWN]} was searched by {source.by[:_SHOWN]}"


def _beside_the_search(text: str, firms: Firms) -> list[str]:
    """Give the firms that words on a search name otherwise than as what was looked for."""
    return firms.heard_in(". ".join(part for part in re.split(r"[.;]", text) if not says_looked(part)))


def against_answer(asked: PersonAsked, firms: Firms) -> str:
    """Say what an answer leaves open or admits, read together with its question; empty when it does neither."""
    said, question = asked.answer, asked.question
    if not any(map(str.isalnum, said)) or (is_not_known(said) and not is_none_at_all(said)):
        return "that answers nothing"
    if "?" in said or "？" in said:
        return "that asks back"
    named = firms.heard_in(without_answer(said))
    if named:
        return f"that names {', '.join(named)}"
    if reserves(said):
        return "that leaves something out, or supposes it"
    plainly, good = _plainly(said), good_answer(question)
    about = bool(firms.named_in(question)) and not (
        good and (asks_whether_gone(question) or says_looked(question))
    )
    if plainly is True and (good is False or about):
        return "that says yes to it"
    if plainly is False and good is True:
        return "that says no to it"
    if plainly is None and good is None:
        return "" if len(said.split()) > 1 else "that answers nothing"
    left = left_unsaid(said, firms.names_other, firms.is_named)
    return (
        f"that says more than yes or no, and nobody has said what it means: {left[:_SHOWN]!r}" if left else ""
    )


def _plainly(said: str) -> bool | None:
    """Give the yes or no of an answer; none of anything is a no."""
    try:
        plainly = truth(said)
    except WrongValue:
        return None
    return False if plainly is None and is_none_at_all(said) else plainly
