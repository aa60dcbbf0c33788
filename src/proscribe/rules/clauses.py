"""Which clause text governs a contract: a fact of the contract, else its agency and date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from proscribe.model.decisions import Truth
from proscribe.model.law import Clause, Law, Quotation
from proscribe.rules.facts import WrongValue, alternate_of, clause_of
from proscribe.rules.logic import FALSE, TRUE, UNKNOWN, negated


@dataclass(frozen=True, slots=True)
class Governing:
    """Whether a clause governs, and in which edition.

    Attributes:
        truth: unknown when the facts do not tell.
        edition: such as `AUG 2020`; empty when it has none or it is not known.
    """

    truth: Truth
    edition: str = ""


def governing(law: Law, number: str, facts: Mapping[str, Any], as_of: date) -> Governing:
    """Say whether a clause governs the contract of a case.

    Args:
        law: holds the clauses with their editions and the agencies' dates.
        number: such as `52.204-25`.
        facts: typed facts; `contract.clauses`, `contract.agency`, `contract.solicitation_issued_on`, `contract.awarded_on`.
        as_of: the case's day, which stands in for an unknown date.
    """
    clause = law.clauses[number]
    listed = facts.get("contract.clauses")
    stated = facts.get("contract.solicitation_issued_on") or facts.get("contract.awarded_on")
    edition = _edition_on(clause, stated or as_of, _later(facts, as_of))
    if listed is not None:
        named = dict(clause_of(text) for text in listed)
        if number in named:
            return Governing(TRUE, named[number] or edition or "")
        families = {law.clauses[name].family for name in named if name in law.clauses}
        if clause.family in families:
            # the other members of a listed family follow by date
            return Governing(TRUE if edition is not None and clause.default else FALSE, edition or "")
        rivals = {clause.replaced_by.family} if clause.replaced_by else set()
        rivals |= {
            other.family
            for other in law.clauses.values()
            if other.replaced_by is not None and other.replaced_by.family == clause.family
        }
        if families & rivals or not named or not clause.default:
            return Governing(FALSE)
    if edition is None:
        # an older contract takes a clause in by a modification, an option or an order, which nobody has told of
        since = _edition_on(clause, as_of) if listed is None and clause.default else None
        return Governing(FALSE) if since is None else Governing(UNKNOWN, since)
    if not clause.default:
        return Governing(UNKNOWN, edition)
    if stated is None and facts.get("act.kind") in _BEGINS:
        stated = as_of
    truth = _by_agency(law, clause, facts, stated, as_of)
    if listed is not None and truth is TRUE:
        # prescribed by then, and not among the clauses that were told of: nobody has said that the contract has it
        truth = UNKNOWN
    return Governing(truth, edition)


class NoSuchEdition(WrongValue):
    """An edition that a clause never had: nothing that the law says of its editions could be said of it."""


def refuse_editions(clauses: Iterable[str], law: Law) -> None:
    """Refuse an edition that a clause never had. Of a clause that the law does not hold, or holds in no editions, any will do.

    Args:
        clauses: as `contract.clauses` takes them.

    Raises:
        NoSuchEdition: says which editions there are.
    """
    for text in clauses:
        number, edition = clause_of(text)
        clause = law.clauses.get(number)
        names = [one.name for one in clause.editions if one.name] if clause is not None else []
        if edition and names and edition not in names:
            expected = f"{number} in one of its editions, {', '.join(names)}, or alone where its edition is not known"
            raise NoSuchEdition(f"{number} has no edition {edition}", expected)


_NUMBER = re.compile(r"\b\d{1,4}\.\d{3}-\d{1,5}\b")
_EDITION = re.compile(r"[A-Z]{3} \d{4}")
_ALTERNATE = re.compile(r"alternate-([IVX]+)-(.+)")


def applies(
    one: Quotation,
    among: tuple[Quotation, ...],
    facts: Mapping[str, Any],
    governs: Callable[[str], Governing],
    law: Law,
) -> bool | None:
    """Say whether the contract of a case has the quoted words of a clause.

    A contract has a clause in one edition, whatever the day on which it is read; what an alternate puts in the place of a
    paragraph, it has instead of that paragraph.

    Args:
        one: the words.
        among: all that are quoted together.
        governs: says of the number of a clause whether it governs.

    Returns:
        `None` where the day decides: the words of no clause, or of one whose edition is not known.
    """
    number = _number_of(one.citation)
    if number not in law.clauses:
        return None
    ruling = governs(number)
    if ruling.truth is FALSE or _other_alternate(one, among, number, facts):
        return False
    editions = {other.edition for other in among if _number_of(other.citation) in (number, "")}
    if ruling.edition in editions:
        return one.edition == ruling.edition
    return None if _EDITION.fullmatch(one.edition) else True


@cache
def _number_of(citation: str) -> str:
    """Give the number of the clause in a citation, or nothing."""
    found = _NUMBER.search(citation)
    return found[0] if found else ""


def _other_alternate(
    one: Quotation, among: tuple[Quotation, ...], number: str, facts: Mapping[str, Any]
) -> bool:
    """Tell whether the clause that a contract lists has other words in this place."""
    listed = facts.get("contract.clauses")
    if not listed:
        return False
    held = {alternate_of(text) for text in listed if clause_of(text)[0] == number}
    text, _, anchor = one.reference.partition("#")
    of = _ALTERNATE.fullmatch(anchor)
    if of is not None:
        return bool(held) and of[1] not in held
    put = {other.reference.partition("#")[2] for other in among if other.reference.partition("#")[0] == text}
    return bool(held - {""}) and all(f"alternate-{name}-{anchor}" in put for name in held)


#: What happens to a contract on the day asked, so that an edition which reaches earlier solicitations goes in.
_HAPPENS = ("award_contract", "place_order", "exercise_option", "extend_contract", "represent")


#: Acts before there is a contract: the day asked stands in for that of the solicitation.
_BEGINS = ("award_contract", "represent", "procure")


def _later(facts: Mapping[str, Any], as_of: date) -> date | None:
    """Give the day of the award, or of the order, option or offer that is asked about, where one is known."""
    awarded: date | None = facts.get("contract.awarded_on")
    act = facts.get("act.kind")
    if act in ("place_order", "exercise_option", "extend_contract") or (awarded is None and act in _HAPPENS):
        return as_of
    return awarded


def _edition_on(clause: Clause, day: date, later: date | None = None) -> str | None:
    """Give the edition in use on a day, empty when the clause has no editions, `None` when it did not exist.

    Args:
        day: of the solicitation, or what stands in for it.
        later: of the award, order or option; an edition that reaches back goes in when it had begun by then.
    """
    if not clause.editions:
        return ""
    if later is not None:
        for edition in reversed(clause.editions):
            first = edition.period.start
            if edition.reaches and first is not None and day < first <= later:
                return edition.name
    return next((edition.name for edition in clause.editions if edition.period.holds_on(day)), None)


def _by_agency(law: Law, clause: Clause, facts: Mapping[str, Any], stated: date | None, as_of: date) -> Truth:
    agency = facts.get("contract.agency") or facts.get("party.agency")
    if clause.replaced_by is not None:
        return negated(_replaced(law, clause, agency, stated, as_of))
    older = [
        other
        for other in law.clauses.values()
        if other.replaced_by is not None and other.replaced_by.family == clause.family
    ]
    if older:
        return _replaced(law, older[0], agency, stated, as_of)
    return TRUE


def _replaced(law: Law, clause: Clause, agency: str | None, stated: date | None, as_of: date) -> Truth:
    """Say whether an agency uses the new family in a solicitation of a day."""
    assert clause.replaced_by is not None
    table = clause.replaced_by.agencies
    lineage = law.agencies.lineage(agency) if agency is not None else ()
    day = stated or as_of
    first = next((table[name] for name in (*lineage, agency or "") if name in table), None)
    if first is not None:
        if day < first:
            return FALSE
        return TRUE if stated is not None else UNKNOWN
    others = clause.replaced_by.others_from
    if agency is None or not lineage:  # one that nobody knows may be any
        known = [*table.values(), *([others] if others is not None else [])]
        return FALSE if not known or day < min(known) else UNKNOWN
    return FALSE if others is None or day < others else UNKNOWN
