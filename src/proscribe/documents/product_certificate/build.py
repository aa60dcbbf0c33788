"""Makes the certificate on an offering from the state of each of its components.

It refuses while a component is unresolved, the parts list is not known to be complete, or a supplier's declaration does not
hold. An unresolved component cannot be overridden: nobody can sign for what nobody knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from proscribe.documents.envelope import Draft, assemble, plain, supplier_entry
from proscribe.documents.evidence import findings
from proscribe.documents.law import PaperLaw
from proscribe.documents.obstacles import obstacle
from proscribe.documents.representations import finding_rows, representations, weigh
from proscribe.documents.validity import valid_to
from proscribe.model.errors import CaseError
from proscribe.model.papers import (
    Answer,
    Component,
    Obstacle,
    Offering,
    Paper,
    PaperInputs,
    PaperState,
    SupplierAnswer,
)

_STATES = ("cleared", "covered", "unresolved")


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from; E458 without an offering.
        InputError: E461 for a scan that is none.
    """
    offering = inputs.offering
    if offering is None or not offering.name.strip():
        raise CaseError(
            "E458",
            "the certificate names no offering",
            expected="an offering with its parts list",
            next_step="Name the product, its part number and its revision.",
        )
    refs = Counter(one.ref for one in offering.components)
    for component in offering.components:
        if refs[component.ref] > 1:
            # What stands against one of them could not be told from what stands against the other.
            raise CaseError(
                "E458",
                f"{refs[component.ref]} components have the reference {component.ref[:40]!r}",
                expected="a reference of its own for each line",
                next_step="Give each line its own reference, such as the reference with its line number.",
            )
        if component.state not in _STATES:
            raise CaseError(
                "E458",
                f"component {component.ref[:40]!r} has the state {component.state[:40]!r}",
                expected="one of " + ", ".join(_STATES),
                next_step="Correct the state.",
            )
    seen = findings(inputs)
    said = weigh(inputs, law, seen, "")
    covered = [one for one in offering.components if one.state == "covered"]
    denied = said[0].sought is Answer.DOES_NOT and "contain" in inputs.answers
    if covered and not denied:
        said = weigh(_says_does(inputs), law, seen, "")
    obstacles = [one for item in said for one in item.obstacles]
    if said[0].sought is Answer.DOES_NOT:
        obstacles += _against(offering, inputs)
    shown = {one.id for item in said for one in (*item.standing.covered, *item.standing.doubtful)}

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "offering": {
                "name": offering.name,
                "part_number": offering.part_number,
                "revision": offering.revision,
                "maker": offering.maker,
                "parts_list_sha256": offering.parts_list_sha256,
                "parts_list_complete": offering.parts_list_complete,
            },
            "representations": representations(said, inputs, state),
            "components": [plain(one) for one in offering.components],
            "counts": {name: Counter(one.state for one in offering.components)[name] for name in _STATES},
            "relabels": [
                {
                    "ref": one.ref,
                    "name": one.name,
                    "sold_as": one.sold_as,
                    "maker": one.maker,
                    "state": one.state,
                }
                for one in offering.components
                if one.sold_as and one.sold_as.casefold() != one.maker.casefold()
            ],
            "chips": [
                {"ref": one.ref, "name": one.name, "chip": chip, "state": one.state}
                for one in offering.components
                for chip in one.chips
            ],
            "suppliers": [supplier_entry(one) for one in inputs.suppliers],
            "findings": finding_rows([one for one in seen if one.id in shown], ("us-889-a",)),
            "valid_to": valid_to(law, inputs.as_of),
            "valid_why": str((law.valid or {}).get("why", "")),
        }

    return assemble(inputs, law, Draft(body, obstacles))


def _says_does(inputs: PaperInputs) -> PaperInputs:

    return replace(inputs, answers={**inputs.answers, "contain": Answer.DOES.value})


def _against(offering: Offering, inputs: PaperInputs) -> Iterator[Obstacle]:
    question = ("contain",)
    if not offering.components:
        yield obstacle(
            "no-parts-list",
            "the offering has no parts list",
            "Give the components; a certificate speaks of them.",
            about=(offering.name,),
            questions=question,
            overridable=False,
        )
    if offering.parts_list_complete is not True:
        yield obstacle(
            "parts-list-open",
            "the parts list is "
            + ("not complete" if offering.parts_list_complete is False else "not known to be complete"),
            "Complete it, or have the engineer responsible say that it is complete.",
            about=(offering.name, offering.revision),
            questions=question,
        )
    for one in offering.components:
        name = f"{one.ref} {one.name}".strip()
        if one.state == "covered":
            yield obstacle(
                "component-covered",
                f"component {name} is covered: {one.because or 'no reason is given'}",
                'Replace it, or answer "does".',
                about=(one.ref,),
                questions=question,
                overridable=False,
            )
        elif one.state == "unresolved":
            yield obstacle(
                "component-unresolved",
                f"it is not known who made component {name}{': ' + one.because if one.because else ''}",
                "Ask the supplier for the maker and the chips, or look at the part.",
                about=(one.ref,),
                questions=question,
                overridable=False,
            )
        elif not one.because.strip():
            yield obstacle(
                "component-unfounded",
                f"component {name} is said to be cleared, and nothing says why",
                "Say what shows it.",
                about=(one.ref,),
                questions=question,
            )
        yield from _declared(one, inputs)


def _declared(component: Component, inputs: PaperInputs) -> Iterator[Obstacle]:
    by_name: dict[str, list[SupplierAnswer]] = {}
    for one in inputs.suppliers:
        by_name.setdefault(one.supplier.casefold(), []).append(one)
    for supplier in component.declared_by:
        if not any(
            not one.covers or {component.ref, component.name, component.model_number} & set(one.covers)
            for one in by_name.get(supplier.casefold(), ())
        ):
            yield obstacle(
                "declaration-missing",
                f"component {component.ref} rests on a declaration of {supplier} that is not among those handed over",
                "Hand over the declaration, or clear the component another way.",
                about=(component.ref, supplier),
                questions=("contain",),
            )
