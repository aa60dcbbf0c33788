"""The certificate on an offering, from the state of each of its components.

It refuses while a component is unresolved, the parts list is not known to be complete, or a supplier's declaration does not
hold. An unresolved component cannot be overridden: nobody can sign for what nobody knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from proscribe.documents.envelope import Draft, plain
from proscribe.documents.making import Work, said_against
from proscribe.documents.representations import representations
from proscribe.model.errors import error
from proscribe.model.findings import Band
from proscribe.model.papers import Answer, Component, Obstacle, Offering, PartsList, SupplierAnswer
from proscribe.wording.shown import counted

_STATES = ("cleared", "covered", "unresolved")
#: What is known of a component besides; it is said in the obstacles.
_NOT_PRINTED = ("found", "stated")
#: Characters of the list's own words that an obstacle shows.
_SHOWN = 200
_OF_THE_OFFERING = ("name", "part_number", "revision", "maker", "parts_list_sha256")


def draft(work: Work) -> Draft:
    """Draft the certificate: where a component is covered, the evidence says "does"."""
    inputs, offering = work.inputs, work.inputs.offering
    assert offering is not None, "the declaration needs it"
    _check(offering)
    states = Counter(one.state for one in offering.components)
    said = work.said
    denied = said[0].sought is Answer.DOES_NOT and bool(inputs.answers.get("contain"))
    if states["covered"] and not denied:
        said = work.weighed(replace(inputs, answers={**inputs.answers, "contain": Answer.DOES.value}))
    against = said_against(said)
    if said[0].sought is Answer.DOES_NOT:
        against += _against(work, offering)
    badges = [
        one for one in offering.components if one.sold_as and one.sold_as.casefold() != one.maker.casefold()
    ]
    return Draft(
        lambda state: work.body(
            state,
            offering={name: getattr(offering, name) for name in _OF_THE_OFFERING} | _of_the_list(offering),
            representations=representations(said, inputs, state),
            components=[
                {name: said for name, said in plain(one).items() if name not in _NOT_PRINTED}
                for one in offering.components
            ],
            counts={name: states[name] for name in _STATES},
            relabels=[
                {name: asdict(one)[name] for name in ("ref", "name", "sold_as", "maker", "state")}
                for one in badges
            ],
            chips=[
                {"ref": one.ref, "name": one.name, "chip": chip, "state": one.state}
                for one in offering.components
                for chip in one.chips
            ],
            findings=work.rows(work.shown(said)),
        ),
        against,
        tuple(_left_out(work.of_list.left_out, offering)),
    )


def _left_out(count: int, offering: Offering) -> Iterator[str]:
    if count:
        named = "among these parts lists" if offering.more_lists else "this parts list"
        yield (
            f"The scans read {counted(count, 'more file')}, which {'is' if count == 1 else 'are'} not {named}; what they "
            f"say of {'it' if count == 1 else 'them'} is no part of this certificate, and was not weighed for it."
        )


def _check(offering: Offering) -> None:
    refs = Counter(one.ref for one in offering.components)
    for component in offering.components:
        if refs[component.ref] > 1:
            # What stands against one of them could not be told from what stands against the other.
            raise error("E458.reference", refs=refs[component.ref], ref=component.ref[:40])
        if component.state not in _STATES:
            raise error(
                "E458.state", ref=component.ref[:40], state=component.state[:40], states=", ".join(_STATES)
            )


def _against(work: Work, offering: Offering) -> Iterator[Obstacle]:
    question = {"questions": ("contain",)}
    if not offering.components:
        yield work.obstacle("no-parts-list", offering.name, **question)
    if offering.parts_list_complete is not True:
        told = "not complete" if offering.parts_list_complete is False else "not known to be complete"
        yield work.obstacle("parts-list-open", offering.name, offering.revision, told=told, **question)
    yield from _said_by_the_list(work, offering)
    for other in work.of_list.others:
        found = counted(other.findings, "finding")
        yield work.obstacle("parts-list-beside", other.name, told=other.name, found=found, **question)
    for one in offering.components:
        name = f"{one.ref} {one.name}".strip()
        if one.state == "covered":
            yield work.obstacle(
                "component-covered",
                one.ref,
                component=name,
                why=one.because or "no reason is given",
                **question,
            )
        elif one.state == "unresolved":
            why = f": {one.because}" if one.because else ""
            yield work.obstacle("component-unresolved", one.ref, component=name, why=why, **question)
        elif not one.because.strip():
            yield work.obstacle("component-unfounded", one.ref, component=name, **question)
        elif one.found == Band.CONFIRMED.value:
            # A name is whatever somebody types; what is confirmed takes an approver whose key shows who answers.
            kind = "component-by-name" if work.inputs.roster else "component-by-name.not_proved"
            yield work.obstacle(kind, one.ref, component=name, why=one.because, **question)
        elif one.stated:
            yield work.obstacle("component-stated", one.ref, component=name, **question)
        for supplier in _undeclared(work, one):
            yield work.obstacle(
                "declaration-missing", one.ref, supplier, ref=one.ref, supplier=supplier, **question
            )


def _of_the_list(offering: Offering) -> dict[str, Any]:
    lists, admits = _lists(offering), _admits(offering)
    names = dict.fromkeys(
        name
        for said in lists
        for name in (*said.names, *([f"revision {said.revision}"] if said.revision else []))
    )
    more = [one.sha256 for one in offering.more_lists]
    # A list that says that parts are missing is not complete because somebody types that it is.
    return {
        "parts_list_complete": False if admits else offering.parts_list_complete,
        "parts_list_of": list(names),
        "parts_list_admits": admits,
        "parts_list_titles": [title for said in lists for title in said.titles],
        **({"more_lists": more} if more else {}),
    }


def _lists(offering: Offering) -> tuple[PartsList, ...]:
    return (offering.parts_list, *offering.more_lists)


def _said_by_the_list(work: Work, offering: Offering) -> Iterator[Obstacle]:
    """Yield what each list says against speaking of this product, and of all of it."""
    for told in _admits(offering):
        yield work.obstacle("parts-list-admits", told, told=told, questions=("contain",))
    # What two lists say alike stands once.
    yield from {
        one.id: one for said in _lists(offering) for one in _said_by_one(work, offering, said)
    }.values()


def _said_by_one(work: Work, offering: Offering, said: PartsList) -> Iterator[Obstacle]:
    question = {"questions": ("contain",)}
    own = {_letters(one) for one in (offering.name, offering.part_number)} - {""}
    number = {_letters(offering.part_number)} - {""}
    compared, listed = (number, said.numbers) if number and said.numbers else (own, said.names)
    if said.names and compared.isdisjoint({_letters(one) for one in (*listed, *said.names)}):
        named = ", ".join(said.names)[:_SHOWN]
        about = ", ".join(filter(None, (offering.name, offering.part_number)))[:_SHOWN]
        yield work.obstacle("parts-list-other", *said.names, of=named, offering=about, **question)
    if said.revision and _letters(said.revision) != _letters(offering.revision):
        told = f"revision {said.revision[:_SHOWN]}"
        about = f"revision {offering.revision[:_SHOWN]}" if offering.revision else "no revision"
        yield work.obstacle("parts-list-other", told, of=told, offering=about, **question)


def _admits(offering: Offering) -> list[str]:
    told = [*dict.fromkeys(one for said in _lists(offering) for one in said.admits)]
    if offering.components and all(_is_the_whole(one, offering) for one in offering.components):
        told.append("It has a line for the product, and none for a part of it.")
    return told


def _is_the_whole(component: Component, offering: Offering) -> bool:
    number, name = _letters(offering.part_number), _letters(offering.name)
    return bool(number and _letters(component.model_number) == number) or (
        bool(name) and _letters(component.name) in (name, name + number)
    )


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text.casefold()).split()


def _letters(text: str) -> str:
    return "".join(_words(text))


def _undeclared(work: Work, component: Component) -> Iterator[str]:
    """Give the suppliers on whose declaration a component rests, and of whom none was handed over that speaks to it."""
    by_name: dict[str, list[SupplierAnswer]] = {}
    for one in work.inputs.suppliers:
        by_name.setdefault(one.supplier.casefold(), []).append(one)
    own = {component.ref, component.name, component.model_number}
    for supplier in component.declared_by:
        if not any(not one.covers or own & set(one.covers) for one in by_name.get(supplier.casefold(), ())):
            yield supplier
