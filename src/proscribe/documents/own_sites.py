"""Sites that the organisation states as its own and of which no list, no search and no statement of two people speaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from proscribe.documents.evidence import cut
from proscribe.documents.loose import objects, whole_number
from proscribe.documents.obstacles import shared_kinds
from proscribe.model.papers import Obstacle, PaperInputs, Question, ScanInput
from proscribe.model.site_names import SiteNames, place_key
from proscribe.model.spelling import unaccented

_WORD = re.compile(r"[^\W_]+")
_SITE = "site:"


def unseen_sites(
    inputs: PaperInputs, question: Question, made: Callable[..., Obstacle]
) -> Iterator[Obstacle]:
    """Yield the stated sites of which nothing speaks that bears on a question.

    A row speaks of a site by its name, or by one that may mean it; all rows of a file or sheet that bears its name do. Where one
    site is stated alone, rows that name none are of it. So do searches and places not searched that name it, and statements that
    put it outside.
    """
    stated = _stated(inputs)
    if not stated or not shared_kinds()["site-not-seen"].stands_against(question):
        return
    names = SiteNames(stated)
    seen: set[str] = set()
    for scan in inputs.scans:
        if question in scan.bears_on:
            for name in _named(scan):
                key = place_key(name)
                seen.update([key] if key in names.names else names.like(name))
                if not key and len(names.names) == 1:
                    seen.update(names.names)
    texts = _texts(inputs, question)
    # a longer name takes its words first: a search of "Mill Lane Depot" is none of "Mill Lane"
    for key in sorted(names.names, key=len, reverse=True):
        words = _words(names.names[key])
        if words and any(words in text for text in texts):
            seen.add(key)
            texts = [text.replace(words, " | ") for text in texts]
    for key, name in names.names.items():
        if key not in seen:
            yield made("site-not-seen", key, site=cut(name, 120))


def _stated(inputs: PaperInputs) -> list[str]:
    """Give the sites of the configuration, and those of which facts are stated, as they are written."""
    of_facts = (
        one.strip().removeprefix(_SITE).strip()
        for fact in inputs.facts
        for one in fact.applies_to.split(";")
        if one.strip().startswith(_SITE)
    )
    # what is told of records without a site stands in parentheses
    return [name for name in (*inputs.sites, *of_facts) if name.strip() and not name.startswith("(")]


def _named(scan: ScanInput) -> Iterator[str]:
    """Give the sites that the rows of a scan name; the empty one where a row names none."""
    for one in objects(scan.value.get("inputs")):
        counts = one.get("sites")
        if isinstance(counts, Mapping):
            yield from (str(name) for name, count in counts.items() if whole_number(count))
        elif whole_number(one.get("records")):
            yield ""
    for one in objects(scan.value.get("findings")):
        details = one.get("details")
        if isinstance(details, Mapping) and details.get("site"):
            yield str(details["site"])


def _texts(inputs: PaperInputs, question: Question) -> list[str]:
    """Give the words of whatever names places: searches, scopes, and files and sheets in which something was read."""
    told: list[Any] = []
    if inputs.inquiry is not None:
        for source in inputs.inquiry.searched:
            if question in source.bears_on and source.records != 0:
                told += [source.name, source.how]
        told += [one.name for one in inputs.inquiry.not_searched]
    told += [name for scope in inputs.scopes for name in scope.sites]
    for scan in inputs.scans:
        for one in objects(scan.value.get("inputs")) if question in scan.bears_on else ():
            if whole_number(one.get("records")):
                told += [one.get("path"), *(table.get("sheet") for table in objects(one.get("tables")))]
    return [_words(str(one)) for one in told if one]


def _words(text: str) -> str:
    """Give the words of a text between blanks, spelled for comparing."""
    found = _WORD.findall(unaccented(text).casefold())
    return f" {' '.join(found)} " if found else ""
