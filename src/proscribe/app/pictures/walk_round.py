"""Of which devices the type plate is to be photographed, and what the pictures that there are show of them.

The list is made from the records without pictures, so that it stays the same while pictures come in. A picture belongs to an
item when its plate joins the device by a key, when the printed code stands beside the plate, or when the file is named after it.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Unpack

from proscribe.app.files import put_text, refuse_inputs
from proscribe.app.inventory.devices import join, tables_of
from proscribe.app.scan import api, crops, run
from proscribe.app.scan.joined import is_joined
from proscribe.devices import Decisions
from proscribe.devices.claims import makers, names_maker
from proscribe.devices.kinds import PICTURE_KINDS
from proscribe.devices.marks import as_alike, plain
from proscribe.devices.plate_codes import code_of, codes_in
from proscribe.devices.rows import Rows, Spot
from proscribe.matching.cycles import no_cycle_search
from proscribe.matching.described import describes_part
from proscribe.matching.normalize import name_tokens
from proscribe.model.amounts import pieces_of
from proscribe.model.devices import Device, DeviceReport, Join, JoinDecision, JoinState, KeyKind, RecordRef
from proscribe.model.findings import Band, Finding, Role
from proscribe.model.scan_request import Paths, ScanRequest, ScanWords
from proscribe.model.walk_round import PlateItem, PlatePicture, PlateReason, PlateState, WalkRound
from proscribe.readers.pictures.drawing import inside_of
from proscribe.reports import walk_round as pages

if TYPE_CHECKING:
    from proscribe.matching.index import Index

TODO_FORMATS = ("table", "json", "csv", "html", "yml")
#: What is compared between plate and records, and its word.
_COMPARED = {"serial_number": "serial number", "mac": "MAC address", "model_number": "model"}
#: What a device's id rests on where it has one of them.
_SURE_KEYS = frozenset({KeyKind.MAC, KeyKind.SERIAL, KeyKind.ASSET_TAG, KeyKind.RECORDER_CHANNEL})
#: By what a device is found on a walk.
_LOOK_FOR = (
    (pages.LABELLED_AS, ("maker_name", "model_number", "product_name", "text")), ("Asset tag", ("asset_tag",)),
    ("Serial number", ("serial_number",)), ("MAC address", ("mac",)), ("Address", ("ip",)), ("Name", ("hostname",)),
    ("Recorder, channel", ("recorder", "recorder_channel")),
)  # fmt: skip
#: So many signs of a shorter text tell that a longer one holds it.
_LEAST_ALIKE = 4
_SHOWN = 160
#: Plates that fit no item and are named.
_EXTRA_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Walk:
    """The list with the scan that it rests on, for the pieces of pictures on its page."""

    todo: WalkRound
    result: api.ScanResult


@dataclass(slots=True)
class _Picture:
    """One picture: its records, and the codes in them and in the name of its file."""

    input: int
    spots: list[Spot] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)


@no_cycle_search()
def todo(
    paths: Paths,
    *,
    joins: Sequence[JoinDecision] = (),
    confirmed: bool = False,
    progress: run.Progress | None = None,
    **asked: Unpack[ScanWords],
) -> Walk:
    """List the devices that need a picture of their type plate, with what the pictures among the inputs show.

    Args:
        paths: lists, network scans and pictures, or a `ScanRequest`.
        progress, asked: as in `scan`.
        joins: what people decided about joins.
        confirmed: whether devices of a listed firm are listed too that need no plate to be confirmed.

    Raises:
        UsageError: as `scan`; E142 as `devices`.
    """
    request = ScanRequest.of(paths, **asked).on(api.day_of(None))
    index = api.index_asked(request)
    result, kept = api.scan_keeping(request, progress=progress)
    decisions = Decisions(frozenset(), tuple(joins))
    without = join(index, result, kept, decisions, PICTURE_KINDS)
    joined = join(index, result, kept, decisions)
    work = _Work(index, result, kept, without, joined)
    scan = result.scan
    items = work.items(confirmed=confirmed)
    return Walk(
        WalkRound(
            as_of=scan.as_of,
            known_as_of=scan.known_as_of,
            knowledge={"version": scan.knowledge.version, "sha256": scan.knowledge.sha256},
            proscribe=scan.proscribe,
            inputs=tuple((one.path, one.sha256) for one in scan.inputs),
            items=items,
            not_listed=without.blind_spots,
            notes=tuple(work.notes(items)),
            not_checked=scan.not_checked,
            counts={state.value: sum(one.state is state for one in items) for state in PlateState},
            complete=result.complete,
        ),
        result,
    )


class _Work:
    """Makes the items."""

    def __init__(
        self,
        index: Index,
        result: api.ScanResult,
        kept: Sequence[run.KeptInput],
        without: DeviceReport,
        joined: DeviceReport,
    ) -> None:
        self.index, self.scan, self.without = index, result.scan, without
        tables = [one for item in kept for one in tables_of(item)]
        rows = Rows(tables)
        total = sum(batch.rows.num_rows for one in tables for batch in one.batches)
        spots = [rows.spot(number) for number in range(total)]
        self.spots = {one.ref: one for one in spots}
        self.found: dict[tuple[int, str, int], list[Finding]] = {}
        # what a record says itself: a plate that lends it a maker by its number is still to be looked at
        for one in (one for one in self.scan.findings if not is_joined(one)):
            place = (one.input, one.locator.sheet or "", one.locator.row)
            self.found.setdefault(place, []).append(one)
        self.joined = {
            record.ref: device for device in joined.devices for record in device.records if not record.lot
        }
        self.refused: dict[RecordRef, list[Join]] = {}
        for link in joined.open_joins:
            if link.state is JoinState.REFUSED or (
                link.state is JoinState.SUGGESTED and link.kind is KeyKind.SERIAL
            ):
                for ref in link.ends:
                    self.refused.setdefault(ref, []).append(link)
        self.pictures = self._pictures(one for one in spots if one.table.kind in PICTURE_KINDS)
        self.owns = Counter(map(_own, without.devices))
        self.gone = 0
        self.parts = 0

    def _pictures(self, spots: Iterable[Spot]) -> list[_Picture]:
        made: dict[tuple[int, str, str], _Picture] = {}
        for spot in spots:
            number, _, _ = spot.ref.pointer.partition(", xywh=")
            inside = inside_of(spot.ref.sheet)
            picture = made.setdefault((spot.ref.input, inside, number), _Picture(spot.ref.input))
            picture.named.update(codes_in(inside.rpartition(".")[0]))
            picture.spots.append(spot)
            picture.shown.update(code for _, _, text in spot.content() for code in codes_in(text))
        seen = {number for number, _, _ in made}
        for item in self.scan.inputs:
            if item.reader == "picture" and item.index not in seen:
                made[item.index, "", ""] = _Picture(item.index)
        for picture in made.values():
            name = self.scan.inputs[picture.input].path.replace("\\", "/").rpartition("/")[2]
            picture.named.update(codes_in(name.rpartition(".")[0]))
        return list(made.values())

    def _findings(self, ref: RecordRef) -> list[Finding]:
        return self.found.get((ref.input, ref.sheet, ref.row), [])

    # Items

    def items(self, *, confirmed: bool) -> tuple[PlateItem, ...]:
        """Give the items by site and name."""
        wanted = [
            (device, reasons, why)
            for device in self.without.devices
            for reasons, why in [self._why(device, confirmed=confirmed)]
            if reasons
        ]
        codes = _codes({device.id: self._basis(device) for device, _, _ in wanted})
        made = [self._item(device, reasons, why, codes[device.id]) for device, reasons, why in wanted]
        made += self._against(set(codes))
        return tuple(sorted(made, key=lambda one: (not one.site, one.site.casefold(), one.name, one.code)))

    def _against(self, listed: set[str]) -> Iterator[PlateItem]:
        """Yield devices that needed no picture, and of which one contradicts the records."""
        for device in self.without.devices:
            spots = [] if device.id in listed else list(self._records(device))
            if self._joined_plates(spots) or self._refused_plates(spots):
                item = self._item(
                    device,
                    (PlateReason.CONTRADICTION,),
                    "A picture contradicts the records.",
                    code_of(self._basis(device)),
                )
                if item.state is PlateState.CONTRADICTS:
                    yield item

    def _basis(self, device: Device) -> str:
        """Give what a code is made of: the id by a key, else the record's own id and site where no other device has them.

        An id without a key rests on the whole row and the name of its file, which change from month to month.
        """
        own = _own(device)
        by_key = any(key.kind in _SURE_KEYS for key in device.keys)
        return device.id if by_key or not own[0] or self.owns[own] > 1 else "\x1f".join(own)

    def _why(self, device: Device, *, confirmed: bool) -> tuple[tuple[PlateReason, ...], str]:
        """Say why a plate would settle something; nothing where it would not."""
        if device.verdicts and all(one.role is Role.FORMERLY for one in device.verdicts):
            self.gone += 1
            return (), ""
        told: list[tuple[PlateReason, str]] = [
            (PlateReason.CONTRADICTION, one.what) for one in device.contradictions if not one.explained
        ]
        for verdict in device.verdicts:
            name = self.index.called(verdict.entity)
            if verdict.band is not Band.CONFIRMED:
                told.append((PlateReason.UNDETERMINED, f"{verdict.band.value.capitalize()}: {name}."))
            elif confirmed:
                told.append((PlateReason.CONFIRMED, f"Confirmed: {name}; the plate is for the file."))
        if not device.verdicts:
            spots = [(spot, self._findings(spot.ref)) for spot in self._records(device, lots=True)]
            if spots and all(describes_part(self.index, spot.content(), numbered=True) for spot, _ in spots):
                self.parts += 1
                return (), ""
            known, others = makers(self.index, spots)
            if not known and others:
                shown = ", ".join(f"“{one}”" for one in sorted(others)[:3])
                told.append(
                    (
                        PlateReason.UNKNOWN_MAKER,
                        f"The records name {shown}, which the knowledge does not hold.",
                    )
                )
            elif not known:
                said = next((text for spot, _ in spots if (text := spot.first("maker_name"))), None)
                why = (
                    f"The maker {said.strip()[:_SHOWN]!r} is only mentioned."
                    if said
                    else "No record names a maker."
                )
                told.append((PlateReason.NO_MAKER, why))
        return tuple(dict.fromkeys(reason for reason, _ in told)), " ".join(
            dict.fromkeys(why for _, why in told)
        )

    def _records(self, device: Device, *, lots: bool = False) -> Iterator[Spot]:
        for record in device.records:
            if (lots or not record.lot) and record.ref in self.spots:
                yield self.spots[record.ref]

    def _item(self, device: Device, reasons: tuple[PlateReason, ...], why: str, code: str) -> PlateItem:
        spots = list(self._records(device))
        pictures = tuple(self._of_device(device, spots, code))
        # what has a number of its own may stand for several in a list that counts
        units = max([device.units, *(pieces_of(spot.first("quantity")) or 1 for spot in spots)])
        return PlateItem(
            code=code,
            device=device.id,
            name=device.name,
            site=device.site,
            units=units,
            look_for=tuple(_look_for(spots)),
            reasons=reasons,
            why=why,
            state=_state(pictures, units),
            pictures=pictures,
        )

    # Pictures

    def _of_device(self, device: Device, spots: Sequence[Spot], code: str) -> Iterator[PlatePicture]:
        """Yield what the pictures show that belong to an item, each plate once."""
        by_key = self._joined_plates(spots)
        refused = self._refused_plates(spots)
        for picture in self.pictures:
            codes = picture.shown | picture.named
            plates = [
                one
                for one in picture.spots
                if one.table.kind == "plate" and not (_from_card(one) and self._only_repeats(spots, one))
            ]
            keyed = [one for one in plates if one.ref in by_key]
            apart = [one for one in plates if one.ref in refused and one not in keyed]
            if code not in codes:
                yield from (self._plate(spots, one, by_key[one.ref], ()) for one in keyed)
                yield from (self._plate(spots, one, *refused[one.ref]) for one in apart)
                continue
            how = tuple(
                word for word, held in (("code", picture.shown), ("file_name", picture.named)) if code in held
            )
            doubt = _doubt(codes, plates, keyed)
            if not plates or (doubt and not keyed):
                item = self.scan.inputs[picture.input]
                yield PlatePicture(picture.input, item.path, item.sha256, "", "", how, (), doubt)
            for one in keyed or (() if doubt else plates):
                _, why = refused.get(one.ref, ((), ()))
                yield self._plate(spots, one, (*by_key.get(one.ref, ()), *how), (*doubt, *why))

    def _joined_plates(self, spots: Sequence[Spot]) -> dict[RecordRef, tuple[str, ...]]:
        """Give the plates that joins tie to records, and the kinds of keys."""
        made: dict[RecordRef, tuple[str, ...]] = {}
        for device in {one.id: one for spot in spots if (one := self.joined.get(spot.ref))}.values():
            for record in device.records:
                if record.source == "plate":
                    kinds = {link.key for link in device.joins if record.ref in link.ends}
                    made[record.ref] = tuple(sorted(kinds)) or ("joined",)
        return made

    def _refused_plates(
        self, spots: Sequence[Spot]
    ) -> dict[RecordRef, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Give the plates that share a key with records and are not joined, the kind of the key, and why."""
        made: dict[RecordRef, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for spot in spots:
            for link in self.refused.get(spot.ref, ()):
                other = next(ref for ref in link.ends if ref != spot.ref)
                because = link.because if link.state is JoinState.REFUSED else f"{link.why}: {link.because}"
                plate = self.spots.get(other)
                if plate is not None and plate.table.kind == "plate":
                    made[other] = ((link.key,), (f"not taken for one device: {because}",))
        return made

    def _plate(
        self, spots: Sequence[Spot], plate: Spot, how: tuple[str, ...], doubt: tuple[str, ...]
    ) -> PlatePicture:
        item = self.scan.inputs[plate.ref.input]
        # what a key ties was compared there, and a board may have several addresses
        joined = self.joined.get(plate.ref)
        clashes = [
            clash.what
            for clash in (joined.contradictions if joined is not None else ())
            if not clash.explained
            and any(claim.record == plate.ref for side in clash.sides for claim in side.claims)
        ]
        known, others = makers(self.index, [(plate, self._findings(plate.ref))])
        named = known | others
        differs = [*doubt, *_differences(spots, plate), *(clashes or self._other_maker(spots, named))]
        return PlatePicture(
            plate.ref.input, item.path, item.sha256, plate.ref.sheet, plate.ref.pointer, how, plate.told(14, _SHOWN),
            tuple(differs), tuple(sorted(named)), names_maker(self.index, plate, self._findings(plate.ref)),
            tuple(_likenesses(spots, plate)),
        )  # fmt: skip

    def _other_maker(self, spots: Sequence[Spot], read: set[str]) -> Iterator[str]:
        """Say where the plate names a maker that no record names, while the records name another."""
        known, others = makers(self.index, ((one, self._findings(one.ref)) for one in spots))
        said = known | others
        if said and read and not any(_same_maker(one, other) for one in said for other in read):
            yield f"maker: the plate says {', '.join(sorted(read))}, the records say {', '.join(sorted(said))}"

    def _only_repeats(self, spots: Sequence[Spot], plate: Spot) -> bool:
        """Tell whether a plate names no maker beside those that the records name, as the printed card does."""
        known, others = makers(self.index, ((one, self._findings(one.ref)) for one in spots))
        said = known | others
        known, others = makers(self.index, [(plate, self._findings(plate.ref))])
        return all(any(_same_maker(one, other) for other in said) for one in known | others)

    def notes(self, items: Sequence[PlateItem]) -> Iterator[str]:
        """Say what the list leaves out, and which plates fit no item."""
        if self.gone:
            yield (
                f"{self.gone:,} devices are not listed, because the records say that they are gone; no plate "
                "shows that."
            )
        if self.parts:
            yield (
                f"{self.parts:,} records are not listed, because they describe accessories or licences, which bear "
                "no type plate of a device."
            )
        used = {(one.input, one.sheet, one.place) for item in items for one in item.pictures}
        of_devices = {
            ref
            for ref, device in self.joined.items()
            if any(record.source != "plate" for record in device.records)
        }
        extra = [
            f"{self.scan.inputs[spot.ref.input].path}, {spot.ref.pointer}"
            for picture in self.pictures
            for spot in picture.spots
            if spot.table.kind == "plate"
            and (spot.ref.input, spot.ref.sheet, spot.ref.pointer) not in used
            and spot.ref not in of_devices
            and not _from_card(spot)
        ]
        if extra:
            more = f" and {len(extra) - _EXTRA_SHOWN:,} more" if len(extra) > _EXTRA_SHOWN else ""
            yield (
                "Plates that fit no device of the records by serial number, MAC address or code; either the device is on no list "
                f"or the picture lacks its code: {'; '.join(extra[:_EXTRA_SHOWN])}{more}."
            )
        listed = {one.code for one in items}
        strange = sorted({code for one in self.pictures for code in one.shown | one.named} - listed)
        if strange:
            yield f"Codes in pictures that are not on this list: {', '.join(strange[:_EXTRA_SHOWN])}."


def _codes(devices: Mapping[str, str]) -> dict[str, str]:
    """Give each device the code of what it is known by."""
    made: dict[str, str] = {}
    taken: set[str] = set()
    for device, basis in sorted(devices.items()):
        code = next(one for salt in itertools.count() if (one := code_of(basis, salt)) not in taken)
        taken.add(code)
        made[device] = code
    return made


def _own(device: Device) -> tuple[str, str]:
    return next((one.record_id for one in device.records if one.record_id), ""), device.site


def _doubt(codes: set[str], plates: Sequence[Spot], keyed: Sequence[Spot]) -> tuple[str, ...]:
    """Say why a code does not tell of which plate it speaks; a plate that a key ties needs no code."""
    if keyed:
        return ()
    if len(codes) > 1:
        return (
            f"more than one code speaks of this picture: {', '.join(sorted(codes))}; photograph one device at a time",
        )
    if len(plates) > 1:
        return ("more than one type plate stands beside the code; photograph one device at a time",)
    return ()


def _state(pictures: Sequence[PlatePicture], units: int) -> PlateState:
    if not pictures:
        return PlateState.MISSING
    if not any(one.place for one in pictures):
        return PlateState.UNREADABLE
    if any(one.differs for one in pictures):
        return PlateState.CONTRADICTS
    if not any(one.names_maker for one in pictures):
        return PlateState.NAMES_NO_MAKER
    return PlateState.DONE if len(set(map(_own_number, pictures))) >= units else PlateState.SOME


def _own_number(picture: PlatePicture) -> tuple[str, ...]:
    """Give what tells a plate from another one: its serial number or address, else where it was seen."""
    read = dict(picture.read)
    number = read.get("serial") or read.get("mac")
    return (as_alike(number),) if number else (picture.sha256, picture.sheet, picture.place)


def _from_card(plate: Spot) -> bool:
    """Tell whether words of the printed page stand in what was read as a plate; recognition may lose blanks and signs."""
    read = "".join(text for _, _, text in plate.content())
    return any(_letters(words) in _letters(read) for words in pages.CARD_WORDS)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalpha())


def _look_for(spots: Sequence[Spot]) -> Iterator[tuple[str, str]]:
    for name, fields in _LOOK_FOR:
        texts = [
            " ".join(text.strip() for one in fields if (text := spot.first(one)))[:_SHOWN] for spot in spots
        ]
        if said := "; ".join(dict.fromkeys(filter(None, texts))):
            yield name, said[: 2 * _SHOWN]


def _differences(spots: Sequence[Spot], plate: Spot) -> Iterator[str]:
    """Yield where what the plate says of itself is nothing that the records say."""
    for kind, word in _COMPARED.items():
        read, said = _told_of(spots, plate, kind)
        if read and said and not any(_same(one, other) for one in read for other in said):
            yield f"{word}: the plate says {' / '.join(dict.fromkeys(read))}, the records say {' / '.join(dict.fromkeys(said))}"


def _likenesses(spots: Sequence[Spot], plate: Spot) -> Iterator[str]:
    """Yield where plate and records agree only if letters that look alike were misread, or one number ends the other."""
    for kind, word in _COMPARED.items():
        read, said = _told_of(spots, plate, kind)
        if {*map(plain, read)} & {*map(plain, said)}:
            continue
        near = [(one, other) for one in read for other in said if _same(one, other)]
        if near and kind != "model_number":
            yield f"{word}: the plate says {near[0][0]}, the records say {near[0][1]}, which can be one number"


def _told_of(spots: Sequence[Spot], plate: Spot, kind: str) -> tuple[list[str], list[str]]:
    """Give what the plate and what the records say under a field; without a digit it is a word such as “IP camera”."""
    read = [text for _, held, text in plate.content() if held == kind and any(map(str.isdigit, text))]
    said = [text for spot in spots if (text := spot.first(kind)) and any(map(str.isdigit, text))]
    return read, said


def _same(one: str, other: str) -> bool:
    """Tell whether two texts can be one: without signs, with letters that look alike as digits, one may be the longer."""
    short, long = sorted((as_alike(one), as_alike(other)), key=len)
    return short == long or (len(short) >= _LEAST_ALIKE and short in long)


def _same_maker(one: str, other: str) -> bool:
    """Tell whether a name only spells another longer or shorter."""
    short, long = sorted((name_tokens(one), name_tokens(other)), key=len)
    return bool(short) and long[: len(short)] == short


def write_todo(made: Walk, name: str, target: str | Path | IO[str]) -> None:
    """Write a list in one of `TODO_FORMATS`.

    Args:
        made: what `todo` gave.
        name: the format: table, json, csv, html or yml.
        target: a path, or an open stream of text.

    Raises:
        EnvironmentProblem: E510 when the target cannot be written.
        UsageError: E191 when the target is one of the files that were read.
    """
    if isinstance(target, (str, Path)):
        refuse_inputs([target], (path for path, _ in made.todo.inputs))
    match name:
        case "json":
            text = json.dumps(made.todo.to_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        case "csv":
            text = pages.to_csv(made.todo)
        case "yml":
            text = pages.to_inquiry(made.todo)
        case "html":
            places = [
                (one.input, one.sheet, one.place)
                for item in made.todo.items
                for one in item.pictures
                if one.place
            ]
            cut = crops.of_places(made.result.scan, places, made.result.sources)
            text = pages.to_html(made.todo, made.result.scan, cut)
        case _:
            text = pages.to_table(made.todo)
    put_text([text], target)
