"""Customers: whom a contract is with, under whose law, and whose contract it is in the end."""

from __future__ import annotations

from dataclasses import dataclass

from proscribe.model.codec import omitted
from proscribe.wording.nations import nation_name


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


__all__ = ["Customer"]
