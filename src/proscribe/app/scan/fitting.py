"""What a line of a parts list says of its part: that it is not fitted, or another choice for its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from proscribe.app.scan.parts_tables import Structure
from proscribe.devices.alternates import ALTERNATE_QUESTION, is_alternate
from proscribe.matching.findings import CHIP_QUESTION
from proscribe.matching.normalize import fold_text
from proscribe.model.amounts import quantity_of
from proscribe.model.findings import Band, Evidence, Finding, Role
from proscribe.readers.header_fields import fold_header

NOT_FITTED_QUESTION = "The line says that this part is not fitted. Is it fitted in any build or variant?"
_NO = frozenset(["", "0", "no", "n", "false", "f", "nein", "non", "não", "off", "-", "none", "null"])


def _loosely(letter: str) -> str:
    plain = fold_text(letter)
    return "[ -]" if letter == " " else re.escape(letter) if plain == letter else f"(?:{letter}|{plain})"


@lru_cache(maxsize=1)
def _of_fitting() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    """Read what says of a part that it is not fitted: anywhere in a text, as the whole of one, and as a header."""
    from proscribe.kb.strictyaml import declared  # of bills of materials alone

    said = declared("proscribe.app.scan", "fitting.yml")
    listed = [word for line in said["not_fitted"] for word in line.split(", ")]
    words = {one for word in listed for one in (word, word.replace("ü", "ue"), fold_text(word))}
    spaced = "|".join(sorted("".join(map(_loosely, word)) for word in words))
    unspaced = "|".join(map(re.escape, said["not_fitted_unspaced"]))
    anywhere = re.compile(rf"(?<![0-9A-Za-z])(?:{spaced})(?![0-9A-Za-z])|{unspaced}", re.IGNORECASE)
    whole = frozenset([*words, *said["not_fitted_whole"]])
    return anywhere, whole, frozenset(map(fold_header, whole))


def says_not_fitted(column: str, value: str) -> bool:
    """Tell whether a cell of a column such as `DNP` or `Fitted` says that the part is not fitted.

    The name of the column says which way `yes` points; a cell of the form `name=value` brings its own.
    """
    name, equals, own = value.partition("=")
    if equals:
        column, value = name, own
    text = " ".join(value.split()).casefold()
    anywhere, whole, headers = _of_fitting()
    if anywhere.search(text) or text in whole:
        return True
    if fold_header(column) in headers:
        return text not in _NO and text not in ("fitted", "populated", "mounted", "placed")
    return text in _NO - {""}


def _not_fitted(structure: Structure, row: int) -> tuple[str, str] | None:
    """Give column and text that say that the part of a line is not fitted."""
    bom = structure.bom
    for name in bom.columns("fitting"):
        value = bom.rows.column(name)[row].as_py()
        if value and says_not_fitted(name, value):
            return name, value
    if structure.kind == "software":
        return None
    for name in bom.columns("text", "product_name", "part_number", "quantity"):
        value = bom.rows.column(name)[row].as_py()
        if not value:
            continue
        if bom.fields[name] == "quantity":
            if quantity_of(value) == Decimal(0):
                return name, value
            continue
        found = _of_fitting()[0].search(value)
        if found is not None:
            return name, found.group()
    return None


def marked_by_line(
    finding: Finding, structure: Structure, row: int, unsure: set[str], part_makers: Sequence[str]
) -> Finding:
    """Say on a finding what the line says of the part: not fitted, or another choice."""
    said = _not_fitted(structure, row)
    questions = list(finding.questions)
    against = finding.against
    band = finding.band
    if finding.entity in part_makers and finding.role is Role.MADE_BY:
        # A line of a parts list is a part: what the law asks is asked of the product that holds it.
        finding = replace(finding, role=Role.COMPONENT, questions=(*questions, CHIP_QUESTION))
        questions = list(finding.questions)
    if said is not None:
        unsure.add(finding.id)
        name, text = said
        shown = text if len(text) <= 200 else text[:200]
        against = (
            *against,
            Evidence(
                "not_fitted", name, shown, (0, len(shown.encode("utf-8", "replace"))), (), 0,
                "the line says that the part is not fitted",
            ),
        )  # fmt: skip
        questions.insert(0, NOT_FITTED_QUESTION)
        # the maker may be certain; that a product holds the part is what the line denies
        band = Band.POSSIBLE
    if structure.kind == "parts" and all(is_alternate(one.field) for one in finding.evidence):
        unsure.add(finding.id)
        # who made that part may be certain; that it is the one which is fitted, no line says
        band = Band.PROBABLE if band is Band.CONFIRMED else band
        questions.append(ALTERNATE_QUESTION)
    if len(questions) == len(finding.questions):
        return finding
    return replace(finding, band=band, against=against, questions=tuple(dict.fromkeys(questions)))
