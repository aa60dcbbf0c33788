"""Files that look like those of this program, of a system or of git: left out where nothing is told in them alone, else inputs.

What it does: such a file is read like any other, and of one that is explained by its form from end to end (a key, a lock, an
index of git) the words that it has room for are looked at. It is left out when no firm, no word of its own against a thing, no
thing without a maker and no part that stayed closed is told in it. One that tells of no other firms than the lists beside it do
stands as not read: where this program wrote it from them, its records would count twice. Anything else makes it an input.
Why it matters: anybody can type a schema, a digest, a first or a last line of ours under a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath

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

#: What was made of one input: the input, its parts, and the blind spots that were counted in it.
Told = tuple[ScannedInput, list[Part], list[BlindSpot]]
#: Issues by which a list says itself that something is to be looked at, or by which a firm is named beside its records, and the
#: blind spot of things without a maker.
_SAID, _NAMELESS = ("E547", "E140"), "maker_not_told"
#: Characters of a text that are shown, and texts of one file.
_SHOWN, _MOST_NAMES = 120, 20


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
            or any(one.kind == _NAMELESS for one in spots)
        )
        if firms and firms <= known and not _is_of_git(source):
            shown = ", ".join(index.entity_names.get(firm, firm) for firm in sorted(firms))
            issues.append(issue("E105.tells", source.display, lossy=True, named=shown, sha256=item.sha256))
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
