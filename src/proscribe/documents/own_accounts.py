"""What the sources of a document say of themselves: that they are filtered, a part, failed, narrowed or old.

Scans hold it (`E552`, `readers/own_account.py`); the titles of a parts list are weighed here, where no scan read that list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from proscribe.documents.evidence import named_unread
from proscribe.model.papers import Obstacle, PaperInputs, Question
from proscribe.readers.own_account import ABOVE, OF_NO_FORM, weighed, words_of
from proscribe.wording.shown import counted

_SHOWN = 400


def own_accounts(
    inputs: PaperInputs, question: Question, made: Callable[..., Obstacle]
) -> Iterator[Obstacle]:
    """Yield what sources say of themselves that bears on whether they are whole, alike texts once; an approver answers for each.

    Names of the organisation, of the people of the document and of its product say nothing of what a source leaves out.
    """
    known = _known_words(inputs)
    told: dict[str, list[str]] = {}
    for scan in inputs.scans:
        for path, text in named_unread(scan, "E552") if question in scan.bears_on else ():
            unknown = OF_NO_FORM.search(text)
            if unknown is None or not known.issuperset(unknown[1].split(", ")):
                told.setdefault(text, []).append(path)
    if question is Question.CONTAIN:
        for title in _titles(inputs, known):
            if not any(title in text for text in told):
                told[f"{ABOVE}: “{title[:_SHOWN]}”."] = ["the parts list"]
    for text, paths in told.items():
        others = len(set(paths)) - 1
        more = f" (and {counted(others, 'more file')})" if others else ""
        yield made("source-says", text, evidence=paths[:200], path=paths[0], more=more, text=text)


def _titles(inputs: PaperInputs, known: frozenset[str]) -> Iterator[str]:
    """Yield the titles of the parts list that say more than that they head it."""
    offering = inputs.offering
    for title in offering.parts_list.titles if offering is not None else ():
        limit, unknown = weighed(
            ABOVE, title, len(offering.components) if offering is not None else 0, inputs.as_of
        )
        if limit or not known.issuperset(unknown):
            yield title


def _known_words(inputs: PaperInputs) -> frozenset[str]:
    people = [one.name for one in (inputs.author, inputs.approver, inputs.signer) if one is not None]
    names = [inputs.organisation.name, *people]
    if (offering := inputs.offering) is not None:
        names += [offering.name, offering.part_number, offering.revision, offering.maker]
    return frozenset(word for name in names for word in words_of(name).split())
