"""The customers that a case knows: to whom its documents can go, and for which award."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from proscribe.app.background import jobs
from proscribe.app.rules.facts_file import case_facts
from proscribe.model.customers import KnownCustomer
from proscribe.model.errors import ProscribeError, error
from proscribe.model.exposure import INCOME
from proscribe.model.jobs import JobKind, JobState

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.model.casework import CaseFile

#: Choices of a case that are looked through for customers, the newest first, and customers that are named of them.
_MOST_CHOICES, _MOST_CUSTOMERS = 3, 500


def customers_of(cases: Cases, file: CaseFile) -> tuple[KnownCustomer, ...]:
    """Give the customers that a case knows, by name.

    They come from the configuration (`customers`, and agencies of `contracts`), from the contract of the case, and from the
    contracts, grants and licences of its newest choice. One that several name alike is one, with the awards of all.
    """
    made: dict[tuple[str, str, str], KnownCustomer] = {}
    known = [*cases.configured.customers, *_of_contracts(cases, file), *_of_choices(cases, file)]
    for one in known:
        key = _key(one)
        before = made.get(key)
        if before is None:
            made[key] = one
        else:
            awards = tuple(dict.fromkeys((*before.awards, *one.awards)))
            made[key] = replace(before, awards=awards)
    return tuple(sorted(made.values(), key=lambda one: one.words.casefold()))


def _key(one: KnownCustomer) -> tuple[str, str, str]:
    name = " ".join((one.name or one.agency).casefold().split())
    agency = " ".join(one.agency.casefold().split())
    return name, "" if agency == name else agency, one.nation


def _of_contracts(cases: Cases, file: CaseFile) -> Iterator[KnownCustomer]:
    """Give the agencies of the contracts that the configuration and the case name."""
    for one in cases.configured.contracts:
        if one.agency:
            numbers = (one.number, *one.order_numbers, one.solicitation, one.award)
            yield KnownCustomer(one.agency, awards=tuple(filter(None, numbers)))
    agency = case_facts(file.case).get("contract.agency")
    if isinstance(agency, str) and agency.strip():
        yield KnownCustomer(agency.strip(), awards=tuple(filter(None, [file.case.contract])))


def _of_choices(cases: Cases, file: CaseFile) -> Iterator[KnownCustomer]:
    """Give the customers of the newest choice that can be read: those whose contracts something may stand against."""
    from proscribe.app.background.choices import choice_of

    done = [
        job for job in jobs.of_case(cases.store, file.case.id, JobKind.CHOICE) if job.state is JobState.DONE
    ]
    for job in done[:_MOST_CHOICES]:
        try:
            choice = choice_of(cases.store, job)
        except ProscribeError:
            continue  # what came of it was removed
        if choice is None:
            continue
        found: dict[str, KnownCustomer] = {}
        for line in choice.exposure.lines:
            if line.kind not in INCOME or not line.customer.words or len(found) >= _MOST_CUSTOMERS:
                continue
            customer, awards = line.customer, (line.award,) if line.award else ()
            found[f"{customer.words}\0{line.award}"] = KnownCustomer(
                customer.name, customer.agency, customer.nation, awards=awards
            )
        yield from found.values()
        return


def addressees_of(customers: Iterable[KnownCustomer]) -> tuple[str, ...]:
    """Name customers as a document does, each for each of its awards."""
    return tuple(dict.fromkeys(words for one in customers for words in one.addressees))


def addressee_of(customers: Iterable[KnownCustomer], asked: str) -> str:
    """Name the one customer, and award, that somebody asks for by a name, an identifier or the number of an award.

    Raises:
        CaseError: E458 where none is meant, or several are; names those that can be.
    """
    wanted = " ".join(asked.casefold().split())
    known = tuple(customers)
    by_award = [
        words
        for one in known
        for award, words in zip(one.awards, one.addressees, strict=False)
        if wanted in (award.casefold(), words.casefold())
    ]
    by_name = [
        words
        for one in known
        if wanted
        in {text.casefold() for text in (one.name, one.agency, one.uei, one.agency_code, one.words) if text}
        for words in one.addressees
    ]
    found = tuple(dict.fromkeys(by_award or by_name))
    if len(found) != 1:
        offered = "; ".join(one[:120] for one in (found or addressees_of(known))[:10])
        name = "E458.customers" if found else "E458.customer"
        raise error(name, at=asked[:80], asked=asked[:80], offered=offered or "none is known")
    return found[0]


__all__ = ["addressee_of", "addressees_of", "customers_of"]
