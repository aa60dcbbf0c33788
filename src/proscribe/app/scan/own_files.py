"""Files that look like those of this program, of a system or of git: left out where nothing is told in them alone, else inputs.

What it does: such a file is read like any other, and of one that is explained by its form from end to end (a key, a lock, an
index of git) the words that it has room for are looked at. It is left out when no firm, no word of its own against a thing, no
thing without a maker and no part that stayed closed is told in it. One that tells of no other firms than the lists beside it do
stands as not read: where this program wrote it from them, its records would count twice. Anything else makes it an input.
Why it matters: anybody can type a schema, a digest, a first or a last line of ours under a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from proscribe.app.scan.beside import named_in
from proscribe.app.scan.run import Part
from proscribe.matching.found import Findings, Mentions, Segment
from proscribe.matching.index import Index
from proscribe.model.observations import OUR_FILES, BlindSpot, ReadIssue
from proscribe.model.results import ScannedInput
from proscribe.readers import sha256_of
from proscribe.readers.base import Source
from proscribe.readers.issues import issue
from proscribe.readers.kept import is_named_by_git
from proscribe.readers.sources import Kept, kept
from proscribe.rules.facts import FACTS

#: What was made of one input: the input, its parts, and the blind spots that were counted in it.
Told = tuple[ScannedInput, list[Part], list[BlindSpot]]
#: Issues by which a list says itself that something is to be looked at, or by which a firm is named beside its records, and the
#: blind spots of things without a maker.
_SAID, _NAMELESS = ("E547", "E140"), ("maker_not_told", "maker_not_known")
#: Characters of a text that are shown, and texts of one file.
_SHOWN, _MOST_NAMES = 120, 20
#: Sections of a file of facts: those of the company, and those of some of its things.
_OF_ALL = "facts"
_OF_SOME = frozenset({"sites", "entities", "categories", "things", "findings", "funds", "lists", "suppliers"})


def settled(
    index: Index, own: Sequence[Source], read: Callable[[int], Told], known: set[str]
) -> tuple[list[tuple[Source, Told]], list[ReadIssue]]:
    """Read files that look like ours, and tell which are inputs and which are left out.

    Args:
        own: the files.
        read: gives what is made of one of them, by its place in `own`.
        known: the firms that the other inputs tell of.

    Returns:
        What counts as an input, and an issue for each of the rest.
    """
    inputs: list[tuple[Source, Told]] = []
    issues: list[ReadIssue] = []
    forms = [_form(source) for source in own]
    named = _names_in(index, forms)
    for place, source in enumerate(own):
        if forms[place] is not None and place not in named:
            issues += _said_of(source)
            continue
        item, parts, spots = read(place)
        item = replace(item, issues=(*item.issues, *named.get(place, ())))
        told = item, parts, spots
        firms = firms_of(item, parts)
        speaks = (
            bool(firms)
            or any(one.code in _SAID for one in item.issues)
            or any(one.kind in _NAMELESS for one in spots)
        )
        if firms and firms <= known and not _is_of_git(source):
            shown = ", ".join(index.entity_names.get(firm, firm) for firm in sorted(firms))
            stated = states_alone(index, source)
            said = "E105.states" if stated else "E105.tells"
            issues.append(issue(said, source.display, lossy=not stated, named=shown, sha256=item.sha256))
        elif speaks or (item.records and any(one.lossy for one in item.issues)):
            inputs.append((source, told))
        elif item.records or _is_kept(source):
            issues += _said_of(source, item.sha256)
        else:
            issues.append(issue("E105.unseen", source.display, lossy=True, sha256=item.sha256))
    return inputs, issues


def _form(source: Source) -> Kept | None:
    with suppress(OSError):
        return kept(source.display, source.path)
    return None


def _names_in(index: Index, forms: Sequence[Kept | None]) -> dict[int, list[ReadIssue]]:
    """Say which firms the words of files that are explained by their form name, by the place of the file."""
    texts = [
        (str(place), word)
        for place, form in enumerate(forms)
        for word in dict.fromkeys(form.words if form is not None else ())
    ]
    found: dict[int, list[ReadIssue]] = {}
    for (place, text), firms in named_in(index, texts) if texts else ():
        names = ", ".join(index.entity_names.get(firm, firm) for firm in sorted(firms))
        found.setdefault(int(place), []).append(
            issue("E140.beside", "words of the file", lossy=False, named=names, text=text[:_SHOWN])
        )
    return {place: told[:_MOST_NAMES] for place, told in found.items()}


def firms_of(item: ScannedInput, parts: Sequence[Part]) -> set[str]:
    """Give the firms that an input names: those of its findings, as they are covered, and those that it only mentions."""
    sheets = tuple(table.sheet for table in item.tables)
    segments = [Segment(item.index, sheets, 0, part.found) for part in parts]
    found = {firm for one in Findings(segments).verdicts() for firm in (one.entity, *one.covered_through)}
    return found | Mentions(segments).entities()


def states_alone(index: Index, source: Source) -> bool:
    """Tell whether a file is one of facts that names firms as values of facts, and as those of whose things it speaks, alone.

    Titles, comments, names of sites and all other words are looked at as those of any text: a list may stand in them.
    """
    import yaml

    name = PurePath(source.display.replace("\\", "/")).name
    if name not in OUR_FILES or PurePath(name).suffix != ".yml":
        return False
    with suppress(OSError, ValueError, RecursionError, MemoryError, yaml.YAMLError):
        text = source.path.read_text(encoding="utf-8-sig")
        if "&" in text or "*" in text:  # what an anchor repeats is not looked for in its place
            return False
        rest = list(text)
        for first, last in _firms_stated(
            yaml.compose(text, Loader=yaml.SafeLoader), frozenset(index.entity_names)
        ):
            rest[first:last] = " " * (last - first)
        lines = [("", line) for line in dict.fromkeys("".join(rest).splitlines()) if line.strip()]
        return not any(True for _ in named_in(index, lines)) if lines else True
    return False


def _firms_stated(top: Any, firms: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Give where firms stand by their ids: as the value of a fact that names firms, or as whose things facts are stated of."""
    for key, value in _pairs(top):
        if key.value == _OF_ALL:
            yield from _values_of(value, firms)
        elif key.value in _OF_SOME:
            for whose, facts in _pairs(value):
                id_ = whose.value.partition("/")[0] if key.value == "things" else whose.value
                at = whose.start_mark.index + (whose.style is not None)
                if key.value in ("entities", "things") and id_ in firms:
                    yield at, at + len(id_)
                yield from _values_of(facts, firms)


def _values_of(facts: Any, firms: frozenset[str]) -> Iterator[tuple[int, int]]:
    for fact, value in _pairs(facts):
        spec = FACTS.get(fact.value)
        if spec is not None and spec.type in ("entity", "entities"):
            listed = value.value if value.id == "sequence" else [value]
            yield from (
                (one.start_mark.index, one.end_mark.index)
                for one in listed
                if one.id == "scalar" and one.value in firms
            )


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    pairs = node.value if node is not None and node.id == "mapping" else []
    return [(key, value) for key, value in pairs if key.id == "scalar"]


def _said_of(source: Source, sha256: str = "") -> list[ReadIssue]:
    """Name a file that is left out; those that git names itself are counted where their folder is named."""
    _, of_git, place = source.display.replace("\\", "/").rpartition("/.git/")
    return [] if of_git and is_named_by_git(place) else [left_out(source, sha256)]


def left_out(source: Source, sha256: str = "") -> ReadIssue:
    """Say that a file is left out as one of ours, or as what a system or git keeps."""
    form = _form(source)
    if form is not None:
        return issue(form.said, source.display, kind="file")
    if _is_of_git(source):
        return issue("E105.kept_elsewhere", source.display, kind="file")
    if _is_kept(source):
        return issue("E105.ours", source.display)
    return issue("E105.made_here", source.display, sha256=sha256 or sha256_of(source.path))


def _is_of_git(source: Source) -> bool:
    return ".git" in PurePath(source.display.replace("\\", "/")).parts


def _is_kept(source: Source) -> bool:
    name = PurePath(source.display.replace("\\", "/")).name
    return _is_of_git(source) or name in OUR_FILES
