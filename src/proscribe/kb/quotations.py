"""The words of the law that rules point at: looked up in the library when the knowledge is read, and checked.

A record of `rules.yml` names words as `texts/us/far-52.204-25--NOV-2021#d-2-i`: a file of the library and the designations
of a paragraph in it. What it names is copied with the words that introduce it, its edition, days and digest into one
document, so that nobody has to read the library to decide a case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from proscribe.kb.issues import Issue, fault, issue_of, nearest
from proscribe.kb.texts import FOLDER, LawText, Paragraph, quoted, read_text
from proscribe.model.errors import KnowledgeError

#: Document that holds the words that rules point at, by reference.
DOCUMENT = "regimes/quotations"
_RULES = re.compile(r"regimes/[^/]+/rules")
_SECTIONS = ("definitions", "rules", "exceptions", "obligations")
_LOCAL = re.compile(r"(?:(?P<regime>[^/]+)/)?(?P<file>text/[^#]+)(?:#(?P<heading>.+))?")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def references(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what a record's `text` points at: one reference or several."""
    raw = record.get("text")
    if isinstance(raw, str):
        return (raw,)
    return tuple(one for one in raw if isinstance(one, str)) if isinstance(raw, list) else ()


def records(
    documents: Mapping[str, object],
) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield document path, section, record and defaults of everything in `rules.yml` that can point at words."""
    for path, content in sorted(documents.items()):
        if not _RULES.fullmatch(path) or not isinstance(content, Mapping):
            continue
        defaults = content.get("defaults")
        for section in _SECTIONS:
            items = content.get(section)
            for item in items if isinstance(items, list) else ():
                if isinstance(item, Mapping):
                    yield path, section, item, defaults if isinstance(defaults, Mapping) else {}


def collect(documents: Mapping[str, object]) -> tuple[dict[str, Any], list[Issue]]:
    """Look up every reference to the library.

    Args:
        documents: path to content, as a source tree holds them.

    Returns:
        The content of `DOCUMENT`, and an issue for each reference that leads nowhere.
    """
    found: dict[str, Any] = {}
    issues: list[Issue] = []
    opened: dict[str, LawText] = {}
    names = [path for path in documents if path.startswith(FOLDER)]
    for path, _, record, _ in records(documents):
        fact = str(record.get("id", ""))
        for reference in references(record):
            if not reference.startswith(FOLDER) or reference in found:
                continue
            name, _, anchor = reference.partition("#")
            content = documents.get(f"{name}.md")
            if not isinstance(content, str):
                near = nearest(f"{name}.md", names)
                issues.append(fault("E231", f"{path}.yml", 0, fact=fact, near=near, reference=reference))
                continue
            try:
                if name not in opened:
                    opened[name] = read_text(f"{name.removeprefix(FOLDER)}.md", content)
                found[reference] = _entry(opened[name], anchor)
            except KnowledgeError as problem:
                issues.append(issue_of(problem, f"{path}.yml"))
    return dict(sorted(found.items())), issues


def _entry(text: LawText, anchor: str) -> dict[str, Any]:
    front = text.front
    paragraphs = [*text.leads(anchor), *_run(text, anchor)] if anchor else list(text.paragraphs)
    first, end = front.in_force.first, front.in_force.end
    return {
        "citation": text.paragraph(anchor),
        "edition": front.edition,
        "from": None if first is None else first.isoformat(),
        "to": None if end is None else end.isoformat(),
        "reading": front.reading,
        "sha256": front.sha256,
        "retrieved_on": front.source.retrieved_on.isoformat(),
        "words": quoted(paragraphs),
    }


def _run(text: LawText, anchor: str) -> list[Paragraph]:
    """Give the first run of paragraphs at an anchor."""
    wanted = {id(one) for one in text.at(anchor)}
    found: list[Paragraph] = []
    for one in text.paragraphs:
        if id(one) in wanted:
            found.append(one)
        elif found:
            break
    return found


def is_primary(reference: str, path: str, documents: Mapping[str, object]) -> bool:
    """Tell whether a reference leads to words of the law: the library, or a stored quotation that is no paraphrase."""
    if reference.startswith(FOLDER):
        return True
    words = _local(reference, path, documents)
    return any(line.startswith(">") for line in words.splitlines()) and "araphrase" not in words


def _local(reference: str, path: str, documents: Mapping[str, object]) -> str:
    """Give the words under a heading of a regime's own `text/`."""
    found = _LOCAL.fullmatch(reference)
    if found is None:
        return ""
    regime = found["regime"] or path.split("/")[1]
    content = documents.get(f"regimes/{regime}/{found['file']}")
    if not isinstance(content, str):
        return ""
    parts = _HEADING.split(content)
    return next(
        (body for head, body in zip(parts[1::2], parts[2::2], strict=True) if head == found["heading"]), ""
    )


def lint(documents: Mapping[str, object]) -> Iterator[Issue]:
    """Yield what rests on too little: a rule of high confidence without words, a paraphrase where the words are stored."""
    stored = {
        text.number
        for path, content in documents.items()
        if path.startswith(FOLDER) and isinstance(content, str)
        for text in _readable(path, content)
    }
    for path, section, record, defaults in records(documents):
        told = references(record)
        fact = str(record.get("id", ""))
        high = record.get("confidence", defaults.get("confidence")) == "high"
        worded = any(is_primary(one, path, documents) for one in told)
        if section == "rules" and high and not worded:
            yield fault("E231.high", f"{path}.yml", 0, fact=fact)
        if section == "rules" and told and not worded and not _says_so(record, defaults):
            yield fault("E231.unsaid", f"{path}.yml", 0, fact=fact)
        citation = str(record.get("citation", ""))
        said = [one for one in told if "araphrase" in _local(one, path, documents)]
        held = sorted(number for number in stored if re.search(rf"\b{re.escape(number)}(?![\d.-])", citation))
        if said and held:
            yield fault("E231.paraphrase", f"{path}.yml", 0, fact=fact, reference=said[0], held=held[0])


def _says_so(record: Mapping[str, object], defaults: Mapping[str, object]) -> bool:
    """Tell whether the answer of a rule says what it rests on: by a note, as recalled, or by what it leaves open."""
    if record.get("confidence", defaults.get("confidence")) == "low" or record.get("cautions"):
        return True
    return "unsettled" in json.dumps(record.get("when"), default=str)


def _readable(path: str, content: str) -> Iterator[LawText]:
    try:
        yield read_text(path.removeprefix(FOLDER), content)
    except KnowledgeError:
        return  # told by the check of the library
