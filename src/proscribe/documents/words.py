"""Words of people on which an answer would rest: printed as they are, and answered for by whoever approves the document.

What a scan read, and who is a person of the store, can be looked up. A sentence cannot: however it is put, it supports no answer
until somebody else than its author has read it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from proscribe.documents.evidence import records_of
from proscribe.documents.kinds import answering
from proscribe.model.organisations import Person
from proscribe.model.papers import PaperInputs, PersonAsked, Question, SourceSearched

#: Kinds of searches that show what an organisation sells or offers, as `SourceSearched` names them. Any other word, and `other`,
#: counts as a search of its own things.
OF_OFFERS = frozenset(["ledger", "bill of materials", "firmware", "supplier", "person", "offers"])
#: All of them.
KINDS_OF_SEARCHES = OF_OFFERS | {"assets", "network", "site visit", "other"}


def kind_of(one: SourceSearched) -> str:
    """Give the kind of a search without regard to case and blanks."""
    return " ".join(one.kind.split()).casefold()


def shows_offers(one: SourceSearched) -> bool:
    """Tell whether a search shows what is sold or offered, by its kind."""
    return kind_of(one) in OF_OFFERS


def search_in_words(one: SourceSearched) -> str:
    """Write a search as it was stated."""
    return f"{one.name} ({one.kind}), searched by {one.by} on {one.on.isoformat()}: {one.how}"


def in_words(one: Person) -> str:
    """Write who somebody is."""
    return ", ".join(filter(None, (one.name, one.title)))


def interview_in_words(one: PersonAsked) -> str:
    """Write what somebody was asked and said."""
    return (
        f"{in_words(one.person)} was asked on {one.asked_on.isoformat()}: {one.question} Said: {one.answer}"
    )


def scanned_for(inputs: PaperInputs, question: Question) -> bool:
    """Tell whether a scan read a record that answers a question."""
    return any(
        question in one.bears_on and records_of(one) and answering(one, question) for one in inputs.scans
    )


def to_read(inputs: PaperInputs, questions: Collection[Question]) -> list[str]:
    """List the words on which answers would rest: what is no plain statement, and searches without a scan behind them."""
    return list(dict.fromkeys([*inputs.words, *_alone(inputs, questions)]))


def _alone(inputs: PaperInputs, questions: Collection[Question]) -> Iterator[str]:
    bare = [one for one in questions if not scanned_for(inputs, one)]
    for one in inputs.inquiry.searched if inputs.inquiry else ():
        bears = [
            question
            for question in bare
            if question in one.bears_on and (question is not Question.PROVIDE or shows_offers(one))
        ]
        if bears:
            yield search_in_words(one)
