"""Customers: whom a contract is with, under whose law, and whose contract it is in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from proscribe.model.codec import omitted
from proscribe.wording.nations import nation_name

#: What a customer is; empty where nobody said it.
CustomerKind = Literal["", "agency", "prime_contractor", "recipient", "company"]
#: What stands in an addressee between whom it is and the award that it is written for.
_FOR_AWARD = ", for award "


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom a contract, grant or licence is with.

    Attributes:
        name: as its list calls it: a public body, or the firm under whose contract one works; empty where the list names none.
        agency: public body whose contract it is, or stands under; empty where nothing says so.
        nation: code of the nation whose law it is under; empty where nothing says so.
    """

    name: str = omitted("")
    agency: str = omitted("")
    nation: str = omitted("")

    @property
    def words(self) -> str:
        """Name the customer for people: `Northgate Ltd for Ministry of Defence, United Kingdom`; empty where nobody is named."""
        whom = self.name or self.agency
        if self.agency and self.agency != whom:
            whom = f"{whom} for {self.agency}"
        return ", ".join(part for part in (whom, self.nation and nation_name(self.nation)) if part)


@dataclass(frozen=True, slots=True)
class KnownCustomer(Customer):
    """A customer to whom papers can go.

    Attributes:
        kind: what it is; `recipient` of a grant that passes it on.
        uei: unique entity id of SAM; of a firm.
        agency_code: as its contracts write it, such as `9700`.
        awards: numbers of its contracts, orders, solicitations, grants and licences.
    """

    kind: CustomerKind = omitted("")
    uei: str = omitted("")
    agency_code: str = omitted("")
    awards: tuple[str, ...] = omitted(())

    @property
    def addressee(self) -> str:
        """Name it as a paper does, with its identifiers: `Harbour Defence Ltd, United States (UEI H7K2M4N6P8R1)`."""
        told = (("UEI", self.uei), ("agency code", self.agency_code))
        codes = ", ".join(f"{name} {code}" for name, code in told if code)
        return f"{self.words} ({codes})" if codes else self.words

    @property
    def addressees(self) -> tuple[str, ...]:
        """Name it for each of its awards, or once where none is known."""
        return tuple(f"{self.addressee}{_FOR_AWARD}{award}" for award in self.awards) or (self.addressee,)


def award_of(addressee: str) -> str:
    """Give the award that an addressee names, as `KnownCustomer.addressees` does; empty where it names none."""
    return addressee.rpartition(_FOR_AWARD)[2].strip() if _FOR_AWARD in addressee else ""


__all__ = ["Customer", "CustomerKind", "KnownCustomer", "award_of"]
