"""Obstacles put together by what lifts them: one entry a person can act on, however many rows it stands for.

Obstacles are of one group when their code, the way to lift them and whether an approver may override them are the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from proscribe.documents.evidence import cut
from proscribe.documents.obstacles import ObstacleKind, kinds_of, shared_kinds
from proscribe.documents.registry import paper_type
from proscribe.model.papers import Obstacle
from proscribe.wording.shown import without_commands as without_commands

#: What each names is told behind its words, so that two of the same words are not the same.
_NAMES_MORE = frozenset(["blind-spot"])
#: What obstacles say.
_TOLD = ("code", "what", "lift", "overridable", "evidence")
#: Places of a group that are named.
PLACES_NAMED = 5
_LONGEST_PLACE = 160


def said_once(obstacles: Iterable[Any]) -> list[list[Any]]:
    """Put obstacles together that say the same, as they do against several answers: so many there are, wherever they are counted.

    Args:
        obstacles: as `Obstacle`, or as a document writes them.
    """
    said: dict[tuple[Any, ...], list[Any]] = {}
    for one in obstacles:
        code, what, lift, overridable, evidence = (
            (one[name] for name in _TOLD)
            if isinstance(one, Mapping)
            else (getattr(one, name) for name in _TOLD)
        )
        more = tuple(evidence) if code in _NAMES_MORE else ()
        said.setdefault((code, what, lift, overridable, more), []).append(one)
    return list(said.values())


def grouped(
    obstacles: Sequence[Obstacle],
    *,
    names: Mapping[str, str],
    kinds: Mapping[str, ObstacleKind],
    lifted: Collection[str],
    case: str,
    type_: str,
) -> list[dict[str, Any]]:
    """Put obstacles together; what nobody may override comes first, else as they were found.

    Args:
        names: id of a finding or device to its words, by which it is counted once however many questions it stands against.
        kinds: those of the type of document itself.
        lifted: ids that were overridden.
        case: id of the case, for commands; empty without one.

    Returns:
        `{code, what, obstacles, about, places, lift, command, questions, overridable, overridden}`: `obstacles` and
        `overridden` count obstacles, those that say the same once; `about` the things that they are about.
    """
    groups: dict[tuple[str, str, bool], list[Obstacle]] = {}
    for one in obstacles:
        groups.setdefault((one.code, one.lift, one.overridable), []).append(one)
    ordered = sorted(groups.values(), key=lambda members: members[0].overridable)
    return [_group(members, names, kinds, lifted, case, type_) for members in ordered]


def _group(
    members: Sequence[Obstacle],
    names: Mapping[str, str],
    kinds: Mapping[str, ObstacleKind],
    lifted: Collection[str],
    case: str,
    type_: str,
) -> dict[str, Any]:
    first = members[0]
    kind = _kind_of(first, kinds)
    about = dict.fromkeys(_about(one, names) for one in members)
    said = said_once(members)
    more = f"; and {len(said) - 1:,} more of this kind" if len(said) > 1 else ""
    named = list(dict.fromkeys(names.get(name, name) for name in about))[:PLACES_NAMED]
    return {
        "code": first.code,
        "what": kind.many.format(count=f"{len(about):,}")
        if kind.many and len(about) > 1
        else first.what + more,
        "obstacles": len(said),
        "about": len(about),
        "places": [cut(one, _LONGEST_PLACE) for one in named] if len(about) > 1 else [],
        "lift": first.lift,
        "command": kind.command.format(case=case or "CASE", type=type_),
        "questions": list(dict.fromkeys(name for one in members for name in one.questions)),
        "overridable": first.overridable,
        "overridden": sum(all(one.id in lifted for one in same) for same in said),
    }


def _kind_of(one: Obstacle, kinds: Mapping[str, ObstacleKind]) -> ObstacleKind:
    """Give the variant of which an obstacle is, told by its words: what lifts it may be another command."""
    own = {name: kind for name, kind in kinds.items() if kind.code == one.code}
    alike = own or {name: kind for name, kind in shared_kinds().items() if kind.code == one.code}
    fitting = (
        kind
        for kind in alike.values()
        if kind.overridable == one.overridable
        and _words_of(kind.lift).fullmatch(one.lift)
        and _words_of(kind.what).fullmatch(one.what)
    )
    return next(fitting, alike[one.code])


def remedy_of(type_: str, one: Obstacle) -> str:
    """Tell where an obstacle of a document is lifted, for a face that leads there; see `ObstacleKind.remedy`."""
    return _kind_of(one, kinds_of(paper_type(type_).get("obstacles", {}))).remedy


@cache
def _words_of(template: str) -> re.Pattern[str]:
    """Match what a template says, whatever its values."""
    return re.compile(".*".join(map(re.escape, re.split(r"\{[^{}]*\}", template))), re.DOTALL)


def _about(one: Obstacle, names: Mapping[str, str]) -> str:
    """Tell what an obstacle is about: a finding or device by its id, anything else by what is said."""
    return one.evidence[0] if one.evidence and one.evidence[0] in names else one.what
