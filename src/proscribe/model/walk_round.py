"""The walk-round list: of which devices somebody has to photograph the type plate, and what the pictures showed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from proscribe.model.codec import Written
from proscribe.model.observations import BlindSpot


class PlateState(StrEnum):
    """How far an item of the list is."""

    MISSING = "missing"  # no picture of it
    UNREADABLE = "unreadable"  # a picture of it, on which no type plate could be read
    NAMES_NO_MAKER = "names_no_maker"  # a plate was read that does not say who made the unit
    SOME = "some"  # plates were read of fewer units than the records count
    CONTRADICTS = "contradicts"  # the plate says something else than the records
    DONE = "done"


class PlateReason(StrEnum):
    """Why a picture is needed, the most pressing first."""

    CONTRADICTION = "contradiction"  # records name different makers
    UNDETERMINED = "undetermined"  # a finding that is not confirmed
    NO_MAKER = "no_maker"  # no record names a maker
    UNKNOWN_MAKER = "unknown_maker"  # a maker is named that the knowledge does not hold
    CONFIRMED = "confirmed"  # for the file: asked for with an option


#: States in which nobody read yet who made the unit.
OPEN_STATES = (PlateState.MISSING, PlateState.UNREADABLE, PlateState.NAMES_NO_MAKER, PlateState.SOME)


@dataclass(frozen=True, slots=True)
class PlatePicture:
    """A picture that was matched to an item.

    Attributes:
        input: number of the input, `path` its path and `sha256` its digest.
        sheet, place: table of the plate, which names a file inside, and picture and box; empty where none was read.
        matched_by: `serial`, `mac` and other keys of joins; `code` beside the plate; `file_name`.
        read: column and text of what was read on the plate.
        differs: where plate and records disagree, as sentences.
        alike: where they agree only if letters that look alike were misread, or one number is the end of the other.
        makers: who made the unit, by what the plate says.
        names_maker: whether the plate names a maker that the knowledge holds, or a model number that it ties to one.
    """

    input: int
    path: str
    sha256: str
    sheet: str
    place: str
    matched_by: tuple[str, ...]
    read: tuple[tuple[str, str], ...] = ()
    differs: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    names_maker: bool = False
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlateItem:
    """A device of which the type plate is to be photographed.

    Attributes:
        code: what is printed, and held beside the plate or put into the name of the file; the same in every list of the device.
        device: id of the device, without the pictures.
        name, site: as records say.
        units: how many the records count, whatever number tells one of them from others.
        look_for: what it is known by, name and text.
        reasons: why, the most pressing first, and `why` in a sentence.
    """

    code: str
    device: str
    name: str
    site: str
    units: int
    look_for: tuple[tuple[str, str], ...]
    reasons: tuple[PlateReason, ...]
    why: str
    state: PlateState
    pictures: tuple[PlatePicture, ...] = ()


@dataclass(frozen=True, slots=True)
class WalkRound(Written):
    """The list.

    Attributes:
        items: by site and name.
        not_listed: what no list of devices can name: blind spots of the records.
        notes: what a reader should know, such as pictures that fit no item.
        counts: items by state.
        complete: whether every input was read in full.
    """

    as_of: str
    known_as_of: str
    knowledge: Mapping[str, str]
    proscribe: str
    inputs: tuple[tuple[str, str], ...]
    items: tuple[PlateItem, ...]
    not_listed: tuple[BlindSpot, ...]
    notes: tuple[str, ...]
    not_checked: tuple[str, ...]
    counts: Mapping[str, int]
    complete: bool
    schema: Literal["proscribe.plates-todo/1"] = field(default="proscribe.plates-todo/1")

    @property
    def open(self) -> tuple[PlateItem, ...]:
        """Give the items of which no plate was read so far that says who made them."""
        return tuple(one for one in self.items if one.state in OPEN_STATES)

    @property
    def settled(self) -> bool:
        """Whether every item has a plate that names a maker and says nothing else than the records."""
        return all(one.state is PlateState.DONE for one in self.items)
