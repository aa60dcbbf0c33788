"""From the declaration of a type and inputs to a document: what every builder works with, and the builder of a type without code.

A type that has no `build.py` says what its declaration says: it weighs its statements, describes items where its fields have
some, and fills its fields from `FIELDS`. A type with code makes its own `Draft` from the same `Work`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from proscribe.documents.envelope import Draft, assemble, plain, supplier_entry
from proscribe.documents.evidence import Seen, findings
from proscribe.documents.items import disclosure, item_values, to_disclose
from proscribe.documents.law import PaperLaw
from proscribe.documents.obstacles import ObstacleKind, kinds_of, obstacle
from proscribe.documents.parts_list import OfPartsList, of_parts_list
from proscribe.documents.registry import PaperType
from proscribe.documents.representations import (
    Said,
    finding_rows,
    inquiry_value,
    representations,
    weigh,
)
from proscribe.documents.search import general
from proscribe.documents.validity import valid_to
from proscribe.model.errors import error
from proscribe.model.papers import Obstacle, Paper, PaperInputs, PaperState, Question, Stage


class Work:
    """One document in the making: its declaration, its inputs, the law, and what follows from them.

    Attributes:
        kind: the type that is made.
        inputs: as they were given, but for what the declaration leaves out of them.
        law: what the knowledge says about the type.
        of_list: what of the scans was left out of a type that speaks of a parts list alone.
    """

    def __init__(self, kind: PaperType, inputs: PaperInputs, law: PaperLaw) -> None:
        self.kind = kind
        inputs = replace(inputs, contract=None) if kind.get("under") == "no contract" else inputs
        self.of_list = of_parts_list(inputs) if kind.get("scope") == "parts list" else OfPartsList(inputs)
        self.inputs = self.of_list.inputs
        self.law = law

    @cached_property
    def stage(self) -> Stage | None:
        """Give the stage of a report, the first when none is named; `None` for what has no stages.

        Raises:
            CaseError: E458 for a stage that the clause does not have.
        """
        if not self.law.stages:
            return None
        stage = self.inputs.stage or Stage.FIRST
        if stage.value not in self.law.stages:
            raise error(
                "E458.report",
                citation=self.law.citation,
                stage=stage.value,
                stages=", ".join(self.law.stages),
            )
        return stage

    @cached_property
    def goes_to(self) -> str:
        """Name those to whom the duty of the stage, or what is sent, is met; empty where the knowledge names none."""
        duties = self.kind.get("sent_by", ()) if self.stage is None else self.law.stages[self.stage.value]
        return "; ".join(
            dict.fromkeys(told for duty in duties if (told := self.law.addressees.told(duty, self.inputs)))
        )

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """Give every finding of the scans."""
        return findings(self.inputs)

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """Give the statements that the edition of the clause asks, weighed."""
        return self.weighed(self.inputs)

    def weighed(self, inputs: PaperInputs) -> tuple[Said, ...]:
        """Weigh the statements on inputs with other answers."""
        seen = self.seen  # a scan that is none is told before a clause that is none
        return weigh(inputs, self.law, seen, self.law.edition(self.inputs.contract, self.inputs.as_of))

    @cached_property
    def regimes(self) -> tuple[str, ...]:
        """Give the ids of the rules that the statements and the declaration name; empty where they name none."""
        named = [name for one in self.law.statements for name in one.regimes]
        return tuple(dict.fromkeys([*named, *self.kind.get("regimes", ())]))

    @cached_property
    def items(self) -> list[dict[str, Any]]:
        """Give the items: those described, and one for each kind of covered thing that a "does" has to disclose."""
        return item_values(self.inputs, self.seen, to_disclose(self.said, self.inputs.disclosed))

    def shown(self, said: Iterable[Said]) -> list[Seen]:
        """Give the findings that are covered or doubtful for a statement, in the order of the scans."""
        names = {one.id for item in said for one in (*item.standing.covered, *item.standing.doubtful)}
        return [one for one in self.seen if one.id in names]

    def rows(self, seen: Sequence[Seen]) -> list[dict[str, Any]]:
        """Write findings, with what the regimes say that the declaration names; every regime where it names none."""
        return finding_rows(seen, self.kind.get("regimes", ()))

    def body(self, state: PaperState, **own: Any) -> dict[str, Any]:
        """Write the fields that the declaration lists, in its order.

        Args:
            own: fields of which the type's own code gives the value, `None` of one that may be absent and is; the others are
                those of `FIELDS`, or an option.
        """
        options = self._options()
        body: dict[str, Any] = {}
        for name in self.kind.get("fields"):
            field = name.rstrip("?")
            if field in own:
                if own[field] is not None or field == name:
                    body[field] = own[field]
            elif field in options:
                body[field] = options[field]
            else:
                body[field] = FIELDS[field](self, state)
        return body

    def _options(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for one in self.kind.get("options", ()):
            *parents, name = one["field"].split("/")
            holder = made
            for parent in parents:
                holder = holder.setdefault(parent, {})
            holder[name] = self.inputs.options.get(one["option"], one.get("otherwise", ""))
        return made

    def search(self, question: Question) -> Iterator[Obstacle]:
        """Yield what stands against an answer besides findings, of the codes that the declaration lets matter."""
        told = self.kind.get("search", {})
        for one in general(self.inputs, question):
            if one.code in told.get("only", (one.code,)) and one.code not in told.get("without", ()):
                yield one

    @cached_property
    def _kinds(self) -> Mapping[str, ObstacleKind]:
        return kinds_of(self.kind.get("obstacles", {}))

    def obstacle(self, name: str, /, *about: str, **told: Any) -> Obstacle:
        """Make an obstacle of a kind that the type itself declares, or of a shared one; see `obstacles.obstacle`."""
        return obstacle(name, *about, kinds=self._kinds, **told)


#: Fields that any type may have: name to the value for a state.
FIELDS: Mapping[str, Callable[[Work, PaperState], Any]] = {
    "clause": lambda work, state: work.law.citation,
    "facts": lambda work, state: plain(work.inputs.facts),
    "findings": lambda work, state: work.rows(work.shown(work.said)),
    "inquiry": lambda work, state: inquiry_value(work.inputs, work.seen),
    "items": lambda work, state: work.items,
    "plan": lambda work, state: plain(work.inputs.plan),
    "representations": lambda work, state: representations(work.said, work.inputs, state),
    "submissions": lambda work, state: [dict(one) for one in work.inputs.submissions],
    "suppliers": lambda work, state: [supplier_entry(one) for one in work.inputs.suppliers],
    "to": lambda work, state: work.inputs.options.get("to", "") or work.goes_to,
    "valid_to": lambda work, state: valid_to(work.law, work.inputs.as_of),
    "valid_why": lambda work, state: str((work.law.valid or {}).get("why", "")),
    "waivers": lambda work, state: plain(work.inputs.waivers),
}


def build(kind: PaperType, inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make a document of a type, by the code of its folder where it has some.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from.
        InputError: E461 for a scan that is none.
    """
    work = Work(kind, inputs, law)
    for need in kind.get("needs", ()):
        if not any(_there(work.inputs, pointer) for pointer in need["any"]):
            raise error(
                "E458.need",
                at=need.get("at", ""),
                what=need["what"],
                expected=need["expected"],
                next_step=need["next_step"],
            )
    made = kind.code.draft(work) if kind.code is not None else draft(work)
    made = replace(made, regimes=made.regimes or work.regimes)
    gaps_stand = kind.get("gaps") != "printed"
    stage = work.stage.value if work.stage else ""
    seen = work.seen if made.inputs is None else None
    return assemble(made.inputs or work.inputs, law, made, seen=seen, missing_stands=gaps_stand, stage=stage)


def _there(inputs: PaperInputs, pointer: str) -> bool:
    found: Any = inputs
    for step in pointer.split("/")[1:]:
        found = getattr(found, step, None)
    return bool(found.strip() if isinstance(found, str) else found)


def draft(work: Work) -> Draft:
    """Draft a document of which the declaration says all there is."""
    against = [one for name in work.kind.get("weighs", ("statements",)) for one in _CHECKS[name](work)]
    return Draft(work.body, against)


def said_against(said: Sequence[Said]) -> list[Obstacle]:
    """Give what stands against statements."""
    return [one for item in said for one in item.obstacles]


def _clause(work: Work) -> Iterator[Obstacle]:
    why = work.law.uncertain(work.inputs.contract, work.inputs.as_of)
    if why:
        yield obstacle("clause-not-known", why, why=why)


#: What a type without code may weigh, by the word in its declaration.
_CHECKS: Mapping[str, Callable[[Work], Iterable[Obstacle]]] = {
    "statements": lambda work: said_against(work.said),
    "disclosure": lambda work: disclosure(work.items, work.said),
    "clause": _clause,
}
