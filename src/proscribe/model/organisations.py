"""Organisations that speak, their people, and the contracts that they speak about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who is named in a document."""

    name: str
    title: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who speaks.

    Attributes:
        uei: unique entity identifier of SAM, 12 characters; empty when not known.
        cage: CAGE code, 5 characters; empty when not known.
        address: lines.
    """

    name: str
    uei: str = ""
    cage: str = ""
    address: tuple[str, ...] = ()
    contacts: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class ContractRef:
    """The contract, order, solicitation or award that a document is about.

    Attributes:
        number: contract number; empty for a solicitation or an award.
        clauses: as in `contract.clauses` of the decision vocabulary, `52.204-25 (NOV 2021)`.
        ordering_officers: contracting officers of affected orders of an indefinite-delivery contract.
        award: number of a grant, loan or cooperative agreement.
        is_idiq: True, False, or None when not known.
    """

    number: str = ""
    order_numbers: tuple[str, ...] = ()
    solicitation: str = ""
    award: str = ""
    agency: str = ""
    contracting_officer: Person | None = None
    ordering_officers: tuple[Person, ...] = ()
    clauses: tuple[str, ...] = ()
    awarded_on: date | None = None
    is_idiq: bool | None = None
