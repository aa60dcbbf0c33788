"""Files that look like those of this program, met in folders: left out where nothing is told in them alone, else inputs.

What it does: such a file is read like any other. It is left out when no firm, no word of its own against a thing and no thing
without a maker is told in it. One that tells of no other firms than the lists beside it do stands as not read: where this program
wrote it from them, its records would count twice. Anything else makes it an input.
Why it matters: anybody can type a schema, a digest or a last line of ours under a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath

from proscribe.app.scan.run import Part
from proscribe.matching.found import Findings, Segment
from proscribe.matching.index import Index
from proscribe.model.observations import OUR_FILES, BlindSpot, ReadIssue
from proscribe.model.results import ScannedInput
from proscribe.readers import sha256_of
from proscribe.readers.base import Source
from proscribe.readers.issues import issue

#: What was made of one input: the input, its parts, and the blind spots that were counted in it.
Told = tuple[ScannedInput, list[Part], list[BlindSpot]]
#: Issues by which a list says itself that something is to be looked at, and the blind spot of things without a maker.
_SAID, _NAMELESS = "E547", "maker_not_told"


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
    for place, source in enumerate(own):
        told = read(place)
        item, parts, spots = told
        firms = firms_of(item, parts)
        speaks = (
            bool(firms)
            or any(one.code == _SAID for one in item.issues)
            or any(one.kind == _NAMELESS for one in spots)
        )
        known_alone = bool(firms) and firms <= known
        if speaks and (_is_of_git(source) or not known_alone):
            inputs.append((source, told))
        elif _is_kept(source):
            issues.append(left_out(source))
        elif speaks:
            named = ", ".join(index.entity_names.get(firm, firm) for firm in sorted(firms))
            issues.append(issue("E105.tells", source.display, lossy=True, named=named, sha256=item.sha256))
        elif item.records:
            issues.append(left_out(source, item.sha256))
        else:
            issues.append(issue("E105.unseen", source.display, lossy=True, sha256=item.sha256))
    return inputs, issues


def firms_of(item: ScannedInput, parts: Sequence[Part]) -> set[str]:
    """Give the firms that the findings of an input name, as they are covered."""
    sheets = tuple(table.sheet for table in item.tables)
    findings = Findings([Segment(item.index, sheets, 0, part.found) for part in parts])
    return {firm for one in findings.verdicts() for firm in (one.entity, *one.covered_through)}


def left_out(source: Source, sha256: str = "") -> ReadIssue:
    """Say that a file is left out as one of ours, or of git."""
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
