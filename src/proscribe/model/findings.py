"""What was seen, what it is, and why: evidence, findings and mentions.

The shapes are those of `proscribe.scan/1`. Everything here is frozen and free of library types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from proscribe.model.codec import Limits, named, omitted

#: Ids as a case can keep and show them.
FindingId = Annotated[
    str, Limits(r"[A-Za-z0-9_.:-]{1,80}", expected="letters, digits and _ . : -, 80 at most")
]
#: Ids of firms, own ones (`org:...`) among them.
EntityId = Annotated[
    str, Limits(r"[A-Za-z0-9_.:/-]{1,120}", expected="letters, digits and _ . : / -, 120 at most")
]
Basis = Annotated[
    str, Limits("stated|derived|inferred|reported", expected="stated, derived, inferred, reported")
]


#: (column, text) of the cells of a record that are not empty, in the order of the columns. In JSON a list of pairs: keys of
#: an object would be sorted, and two columns may have one name.
Cells = tuple[tuple[str, str], ...]

#: Number of the scheme by which finding ids are made, `finding_ids` in the JSON of a scan; absent in it for the first.
FINDING_IDS = 2


class Band(StrEnum):
    """How sure a finding is. Order: `confirmed` > `probable` > `possible`."""

    CONFIRMED = "confirmed"  # an identifier or several independent signals, nothing against
    PROBABLE = "probable"  # one strong signal
    POSSIBLE = "possible"  # needs a person

    @property
    def rank(self) -> int:
        """Give 3 for `confirmed`, 2 for `probable`, 1 for `possible`."""
        return {"confirmed": 3, "probable": 2, "possible": 1}[self.value]


class Role(StrEnum):
    """How the entity relates to the thing in the record."""

    MADE_BY = "made_by"
    RELABEL = "relabel"
    COMPONENT = "component"
    SERVICE = "service"
    FORMERLY = "formerly"  # removed, sold or returned, by the record's own words, which prove nothing


class State(StrEnum):
    """Where the thing is now, by the record's own words."""

    IN_SERVICE = "in_service"
    PLANNED_REMOVAL = "planned_removal"  # to be removed, so still there
    STORED_DISCONNECTED = "stored_disconnected"
    DISPOSED = "disposed"
    UNKNOWN = "unknown"


class MentionKind(StrEnum):
    """Why a record speaks of a firm without being its equipment."""

    ACCESSORY = "accessory"
    COMPATIBLE = "compatible"
    NEGATED = "negated"
    COMPETITOR = "competitor"
    SOFTWARE = "software"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a record stands in its input.

    Attributes:
        row: number of the record, from 1, header not counted.
        source_row: row of the sheet, or of the file, as a program that shows tables numbers it; `None` where the format has
            none, or it is not known.
    """

    row: int
    sheet: str | None = None
    pointer: str | None = None
    source_row: int | None = omitted(None)

    @property
    def shown_row(self) -> int:
        """The number under which a person finds the record: that of its row in the sheet or file, else its own."""
        return self.row if self.source_row is None else self.source_row

    @property
    def words(self) -> str:
        """Say where in its table the record stands: `row 18` as a program that shows tables numbers it, else `record 17`."""
        return f"{'record' if self.source_row is None else 'row'} {self.shown_row:,}"


def shown_row(locator: Mapping[str, Any]) -> Any:
    """Give `Locator.shown_row` of a locator as it is written; what a person wrote there may be anything, or nothing."""
    return locator.get("source_row") or locator.get("row")


def row_words(locator: Mapping[str, Any]) -> str:
    """Give `Locator.words` of a locator as it is written: `record 6` where it says in its own way where that stands.

    Scans of older versions know no row of a sheet, and call the record so.
    """
    is_record = locator.get("source_row") is None and bool(locator.get("pointer"))
    return f"{'record' if is_record else 'row'} {shown_row(locator)}"


#: The matcher of what is set against a finding whose firm is named without a doubt, by other laws than the first.
OTHER_LAW = "other_law"
#: Matchers that see the name of a firm or brand and nothing of a thing.
NAME_MATCHERS = frozenset(["entity_name", "brand", "relabel"])
#: Matcher and field of what reports name beside the signs of a finding: who judged it to be what it says.
JUDGEMENT = ("person", "judgement")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One signal for or against a finding.

    Attributes:
        matcher: name of the matcher that raised it (`entity_name`, `model_number`, `oui`, ...).
        field: the user's own column name, or the reader's word for the part of the record.
        found: the text that was hit, as it stands in the record.
        span: start and end of `found` in the field, UTF-8 byte offsets, end exclusive.
        facts: ids of the knowledge rows used.
        weight_mbit: signed millibits; 1000 doubles the odds. Negative in `against`.
        why: one plain sentence fragment.
        group: signals of one group are not independent and count once, at their strongest.
    """

    matcher: str
    field: str
    found: str
    span: tuple[int, int]
    facts: tuple[str, ...]
    weight_mbit: int
    why: str
    group: str = omitted("")


@dataclass(frozen=True, slots=True)
class Ignore:
    """A person's or an organisation's decision to set a finding aside; it stays in the result."""

    reason: str
    by: str
    at: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What the record itself says about amount, place and time; texts as in the record."""

    quantity: str | None = omitted(None)
    unit_cost: str | None = omitted(None)
    amount: str | None = omitted(None)
    currency: str | None = omitted(None)
    site: str | None = omitted(None)
    dated_on: str | None = omitted(None)
    serial_number: str | None = omitted(None)


@dataclass(frozen=True, slots=True)
class Contained:
    """A found part inside the assembly of a derived finding.

    Attributes:
        part: id of the finding on the part.
        path: names and references from the assembly down to the part, along the shortest way.
        ways: in how many ways the part lies in the assembly; 0 when it cannot be counted.
        quantity: how many of the part lie in one of the assembly, an exact decimal; `None` when it is not known.
        cost: quantity times the unit cost of the part, an exact decimal; `None` when one of them is not known.
        currency: currency of `cost`, as in the record.
        across: how documents were joined on the way, in words.
        units: where the record says which product stands at a place: how many of it, an exact decimal.
        in_all, cost_in_all: `quantity` and `cost` times `units`; `None` when one of them is not known.
    """

    part: str
    path: tuple[str, ...]
    ways: int = 1
    quantity: str | None = None
    cost: str | None = None
    currency: str | None = omitted(None)
    across: tuple[str, ...] = omitted(())
    units: str | None = omitted(None)
    in_all: str | None = omitted(None)
    cost_in_all: str | None = omitted(None)


@dataclass(frozen=True, slots=True)
class Finding:
    """All evidence of one record for one entity.

    A finding with `derived_from` says that the thing of the record contains what other findings are about; `path`
    is the way to the first of them, `contains` holds the ways, `contained` counts them all.

    Scans of versions that did not keep the cells of the record have none.
    """

    id: FindingId
    input: Annotated[int, Limits(least=0)]
    locator: Locator
    record_id: str | None
    entity: EntityId
    covered_through: tuple[str, ...]
    role: Role
    band: Band
    basis: Basis  # stated, derived, inferred or reported: the weakest link the band rests on
    lists: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...] = ()
    questions: tuple[str, ...] = ()
    ignored: Ignore | None = omitted(None)
    details: Details = field(default_factory=Details, metadata=named(omit=True))
    brand: str | None = omitted(None)  # the badge, where it differs from the maker
    category: str | None = omitted(None)
    total_mbit: int = 0
    path: tuple[str, ...] = field(default=(), metadata=named(beside="derived_from"))
    derived_from: tuple[str, ...] = omitted(())
    contains: tuple[Contained, ...] = field(default=(), metadata=named(beside="derived_from"))
    # parts in all, those left out of `contains` too
    contained: int = field(default=0, metadata=named(beside="derived_from"))
    record: Cells = omitted(())  # the record's own cells, column and text, bounded in size
    state: State = omitted(State.UNKNOWN)  # scans of versions that did not read it say `unknown`


@dataclass(frozen=True, slots=True)
class Mention:
    """A record that speaks of an entity without being its equipment; `record` as in `Finding`."""

    input: Annotated[int, Limits(least=0)]
    locator: Locator
    record_id: str | None
    entity: EntityId
    kind: MentionKind
    evidence: tuple[str, ...]
    record: Cells = omitted(())
