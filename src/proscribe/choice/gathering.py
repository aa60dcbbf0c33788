"""What the tables of a choice say, while they are read, and what is to be said of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from proscribe.choice.records import Asset, Assumption, Capacity, Contract, Rate
from proscribe.model.agencies import Agencies
from proscribe.model.observations import ReadIssue

#: Rows that a note names.
SHOWN = 5


def words(text: str) -> str:
    """Spell a text for comparing: small letters, and one blank for all that is neither letter nor figure."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


@dataclass(slots=True)
class Gathered:
    """What was read so far.

    Attributes:
        progress, progressed: units that are done by finding, and where each is said.
        files: place of a table to its name, such as `choice.xlsx#Assets` to `assets`.
        rows: of all tables together.
        as_of: the day after which no change of a contract counts yet; `None` counts all.
        contracts_unread: whether a row, sheet or file of contracts could not be read.
        of_months, of_quarters: rows of capacity whose figure was taken for each month, and for a quarter.
    """

    assets: list[Asset] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    capacity: list[Capacity] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    progress: dict[str, int] = field(default_factory=dict)
    progressed: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    issues: list[ReadIssue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    agencies: Agencies = field(default_factory=Agencies)
    as_of: date | None = None
    contracts_unread: bool = False
    of_months: list[str] = field(default_factory=list)
    of_quarters: list[str] = field(default_factory=list)


def listed(places: Sequence[str], shown: int = SHOWN) -> str:
    """Join the first places of some, and count the rest."""
    more = f" and {len(places) - shown} more" if len(places) > shown else ""
    return "; ".join(places[:shown]) + more
