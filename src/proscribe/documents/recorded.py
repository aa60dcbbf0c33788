"""What is recorded or stated besides findings by which the organisation does, against a "does not" of the same scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from proscribe.documents.law import Statement
from proscribe.documents.obstacles import obstacle, shared_kinds
from proscribe.documents.registry import read_yaml
from proscribe.model.papers import Obstacle, PaperInputs, Question, SaysDoes

#: Kind of a record to its obstacle, and to that where things may have changed since.
_NAMES = {
    "determination": ("says-does.determination", "says-does.determination.changed"),
    "open": ("says-does.open", "says-does.open"),
    "paper": ("says-does", "says-does.changed"),
    "waiver": ("says-does.waiver", "says-does.waiver.changed"),
    "waiver-asked": ("says-does.waiver-asked", "says-does.waiver-asked.changed"),
    "item": ("says-does.item", "says-does.item"),
    "words": ("says-does.words", "says-does.words"),
}


@cache
def waived_parts() -> Mapping[str, tuple[str, ...]]:
    """Give the rules that each part of a waiver speaks of."""
    told = read_yaml(Path(__file__).with_name("waived.yml"))
    return MappingProxyType({str(part): tuple(one["regimes"]) for part, one in told.items()})


def recorded(inputs: PaperInputs, statement: Statement) -> Iterator[Obstacle]:
    """Yield what says "does" where a statement would say "does not"."""
    question = Question(statement.id)
    for one in inputs.says_does:
        name = _NAMES[one.kind][bool(one.since)]
        if not shared_kinds()[name].stands_against(question) or not _speaks_to(one, statement, inputs):
            continue
        yield obstacle(
            name, one.id, one.words, one.since,
            questions=(statement.id,), evidence=(one.id,), record=one.id, on=one.on, words=one.words, since=one.since,
            case=one.id.partition("/")[0], does=statement.says["does"], denies=statement.says["does not"],
        )  # fmt: skip


def _speaks_to(one: SaysDoes, statement: Statement, inputs: PaperInputs) -> bool:
    question = Question(statement.id)
    if one.questions and question not in one.questions:
        return False
    if one.regimes and not set(one.regimes) & set(statement.regimes):
        return False
    # What is provided under one contract is no part of another; what is used, is.
    ours = inputs.contract.number if inputs.contract is not None else ""
    return not (question is Question.PROVIDE and _number(ours) and _number(one.contract)) or (
        _number(ours) == _number(one.contract)
    )


def _number(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
