"""The visible list of the types of documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from proscribe.documents.blocks import Layout
from proscribe.documents.law import PaperLaw
from proscribe.model.errors import UsageError
from proscribe.model.papers import Paper, PaperInputs


@dataclass(frozen=True, slots=True)
class PaperType:
    """One type of document; its folder holds `build.py`, `layout.py` and `schema.json`.

    Attributes:
        name: as in `proscribe.paper.<name>/1` and `knowledge/papers/<name>.yml`.
        answers: ids of the questions it answers; empty when it answers none.
        what: one line for lists.
    """

    name: str
    what: str
    answers: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """Give the name of the package that holds it."""
        return self.name.replace("-", "_")

    def build(self, inputs: PaperInputs, law: PaperLaw) -> Paper:
        """Make a document of this type; see its `build.py`."""
        builder = cast(Callable[[PaperInputs, PaperLaw], Paper], self._module("build").build)
        return builder(inputs, law)

    def layout(self, paper: Paper) -> Layout:
        """Lay out a document of this type."""
        return cast(Callable[[Paper], Layout], self._module("layout").layout)(paper)

    def _module(self, name: str) -> Any:
        return import_module(f"proscribe.documents.{self.folder}.{name}")


TYPES: dict[str, PaperType] = {
    one.name: one
    for one in (
        PaperType(
            "annual-representation", "yearly representation in SAM, 48 CFR 52.204-26", ("provide", "use")
        ),
        PaperType(
            "offer-representation",
            "representation and full disclosure with an offer, 48 CFR 52.204-24(d), (e)",
            ("provide", "use"),
        ),
        PaperType("rfo-disclosure", "disclosure by an offeror, RFO 52.240-90(g)"),
        PaperType("far-report", "first and follow-up report, 48 CFR 52.204-25(d)"),
        PaperType("rfo-report", "report within 72 hours and supplements, RFO 52.240-91(h)"),
        PaperType("dfars-report", "first and second report, 48 CFR 252.204-7018(d)"),
        PaperType("fascsa-report", "first and second report on a FASCSA order, 48 CFR 52.204-30(c)"),
        PaperType("inquiry-record", "what was searched, how, by whom, and what was not"),
        PaperType("product-certificate", "what an offering contains, component by component", ("contain",)),
        PaperType("waiver-request", "justification, laydown and phase-out plan"),
        PaperType("portfolio-summary", "where the organisation stands, for a board"),
        PaperType("grant-certification", "award funds, 2 CFR 200.216", ("spend",)),
        PaperType(
            "phase-out-statement", "removal by a telecom operator, against the dates of a direction", ("use",)
        ),
    )
}


def paper_type(name: str) -> PaperType:
    """Give a type by its name.

    Raises:
        UsageError: E459.
    """
    if name not in TYPES:
        raise UsageError(
            "E459",
            f"there is no document of the type {name[:60]!r}",
            expected=", ".join(TYPES),
            next_step="Choose one of them.",
        )
    return TYPES[name]
