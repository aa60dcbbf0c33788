"""Kinds of obstacles: what can stand against a document, in declared words, and how each is lifted.

Every obstacle says what it rests on. Some can be overridden by an approver who is not the author; a confirmed finding cannot,
because then the only true answer is "does", with a disclosure.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from proscribe.documents.registry import read_yaml
from proscribe.model.canonical import digest
from proscribe.model.papers import Obstacle, Question

#: What most obstacles of a type of its own are lifted with.
_MADE_AGAIN = "proscribe document make {type} {case} --with FILE.yml"


@dataclass(frozen=True, slots=True)
class ObstacleKind:
    """One kind of obstacle, or a variant of one.

    Attributes:
        code: without the variant.
        what, lift: templates of `str.format`.
        many: says several of them in one sentence, with their `count`; empty where one stands for itself.
        command: what lifts them, with `case` and `type`.
        remedy: where a face without commands leads to: a page, `law`, `findings`, `mentions`, `devices`, `files`, `runs`,
            `waivers`, `people`, `suppliers`, `clocks`, `cases`, `kept_runs` or `knowledge`; or what is filled in with the
            document: `answers`, `items`, `inquiry`, `contract`, `approver`, `form` (what it asks for), a field or group of
            `asks.yml` by its name, or `file` for what only a file of its values states.
        questions: those it can stand against; empty = all.
        inside: values of `what` that need not leave the firm, and what stands for each in a document that does; `digest` is that
            of what the obstacle rests on.
    """

    code: str
    what: str
    lift: str
    overridable: bool
    questions: tuple[str, ...]
    many: str = ""
    command: str = ""
    remedy: str = "file"
    inside: Mapping[str, str] = field(default_factory=dict)

    def stands_against(self, question: Question) -> bool:
        """Tell whether it can stand against an answer to a question."""
        return not self.questions or question.value in self.questions


def kinds_of(told: Mapping[str, Mapping[str, Any]]) -> dict[str, ObstacleKind]:
    """Read kinds: name to what is declared. A variant, `code.variant`, says what its code says unless it says otherwise."""

    def whole(name: str) -> dict[str, Any]:
        above = name.rpartition(".")[0]
        return {**(whole(above) if above else {}), **told[name]}

    return {
        name: ObstacleKind(
            name.partition(".")[0],
            said["what"],
            said["lift"],
            said.get("overridable", True),
            tuple(said.get("questions", ())),
            said.get("many", ""),
            said.get("command", _MADE_AGAIN),
            said.get("remedy", "file"),
            said.get("inside", {}),
        )
        for name in told
        for said in (whole(name),)
    }


@cache
def shared_kinds() -> Mapping[str, ObstacleKind]:
    """Give the kinds that any document may raise; those of one type stand in its declaration."""
    return MappingProxyType(kinds_of(read_yaml(Path(__file__).with_name("obstacles.yml"))))


def obstacle(
    name: str,
    /,
    *about: str,
    questions: Sequence[str] = (),
    evidence: Sequence[str] = (),
    kinds: Mapping[str, ObstacleKind] = MappingProxyType({}),
    **values: object,
) -> Obstacle:
    """Make an obstacle of a declared kind.

    Args:
        name: the kind, with its variant where there are several.
        about: what it is about; with code and questions it makes the id, so that an override fits no other obstacle.
        questions: those it stands against here.
        evidence: what it rests on, where that is not what it is about.
        kinds: further kinds, of the type of document.
        values: for the words.
    """
    kind = kinds.get(name) or shared_kinds()[name]
    rests_on = tuple(evidence or about)
    named = {**values, **{one: told.format(digest=_digest(rests_on)) for one, told in kind.inside.items()}}
    return Obstacle(
        id=f"{kind.code}/{digest([kind.code, list(questions), list(about)], length=5)}",
        code=kind.code,
        what=kind.what.format(**values),
        evidence=rests_on,
        lift=kind.lift.format(**values),
        questions=tuple(questions),
        overridable=kind.overridable,
        outside=kind.what.format(**named) if kind.inside else "",
    )


def _digest(texts: Sequence[str]) -> str:
    """Give the digest by which a document names what it does not tell, and by which whoever holds the store finds it."""
    return digest(list(texts), length=16)


def leaving(one: Obstacle, told: Container[str]) -> Obstacle:
    """Give an obstacle as a document tells somebody outside: without what need not leave the firm, under the same id.

    Args:
        told: ids of the cases that are told by name.
    """
    if not one.outside or any(name in told for name in one.evidence):
        return one
    return replace(one, what=one.outside, evidence=(f"digest {_digest(one.evidence)}",), outside="")


def restated(one: Obstacle, what: str) -> Obstacle:
    """Say an obstacle to an answer in a document that gives none: it stands against the document, and can be overridden."""
    name = digest([one.code, [], [one.id]], length=5)
    outside = what.replace(one.what, one.outside) if one.outside else ""
    return replace(one, id=f"{one.code}/{name}", what=what, questions=(), overridable=True, outside=outside)
