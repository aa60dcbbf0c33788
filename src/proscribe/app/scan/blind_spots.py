"""What the inputs cannot show, counted by site and kind while they are read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from proscribe.app.scan.undescribed import OWN, undescribed
from proscribe.devices.kinds import kind_of
from proscribe.model.observations import UNCERTAIN, BlindSpot, Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from proscribe.matching.index import Index
    from proscribe.model.devices import Device, PurchaseLine
    from proscribe.readers.base import Batch

    _Mask = npt.NDArray[np.bool_]

#: Examples that are shown of one kind at one site.
EXAMPLES = 5
_LAST: tuple[int, ...] = (1 << 62,)
#: Sites named of one kind; the rest are added up, so that a column of rooms does not drown the report.
_MOST_SITES = 30
_HOSTS = frozenset({"network_scan", "neighbours", "leases", "discovery", "management"})
#: Fields of which a listed device needs one, for any other input to be able to speak of it.
KEYS = ("mac", "serial_number", "asset_tag", "hostname", "ip", "row_id")
#: Columns that a list of things has, and a list of payments, persons or remarks has not.
_OF_A_THING = frozenset({"maker_name", "model_number", "serial_number", "asset_tag", "hostname", "mac"})
#: Columns of purchases that tell whose or which thing was bought, and those that tell what in words.
_SAYS_WHAT, _BOUGHT = (
    frozenset({"maker_name", "vendor_name", "model_number"}),
    frozenset({"product_name", "text"}),
)
_NAMES_A_CAMERA = ("mac", "serial_number", "ip", "model_number", "maker_name", "product_name", "hostname")

WHAT = {
    "hosts_without_mac": "Hosts without a MAC address: a relabelled device among them shows only what it says of itself.",
    "routed_segment": "Hosts in segments of which no MAC address was seen: they stand behind a router, which hides the "
    "addresses of the devices, and any that did not answer.",
    "listed_without_key": "Listed items with no serial number, MAC, tag, name or address: no other input can speak of "
    "them.",
    "maker_not_told": "Listed cameras, recorders, radios, phones and network devices of which the record tells neither who made "
    "them nor which model they are: nothing is recognised in them, whoever made them.",
    "maker_not_known": "Names in columns of makers, of listed cameras, recorders, radios, phones and network devices without a "
    "model number, which neither the knowledge nor the IEEE registry knows: who made the things is not told.",
    "channels_without_device": "Channels of recorders with nothing that says which camera stands behind them.",
    "lines_without_maker": "Lines of a parts list without a manufacturer: the part number alone must tell.",
    "purchase_without_device": "Units bought that no inventory, network or recorder record explains: they may stand "
    "somewhere unseen.",
    "device_without_purchase": "Devices that no purchase line explains: who sold them, and as what, is not known.",
    "seen_and_not_listed": "Devices that a network or recorder saw and that no inventory lists.",
    "listed_and_not_seen": "Devices that the inventory lists and that no network or recorder saw: switched off, moved, "
    "gone, or in a segment that was not looked at.",
}


#: A name that nobody knows is asked about by itself.
_WHO = (
    "Who is {name!r}? It stands alone as the maker of listed cameras, recorders, radios, phones or network devices without a "
    "model number, and neither the knowledge nor the IEEE registry knows a maker of that name."
)
#: Characters of such a name that are shown.
_MOST_OF_NAME = 60
#: Where an example stands: table and record, or its number in a list; smaller comes first.
Place = tuple[int, ...]


@dataclass(slots=True)
class Tally:
    """Counts of one kind at one site, with the first few examples by place. Tallies add up in any order."""

    count: int = 0
    of: int = 0
    examples: dict[str, Place] = field(default_factory=dict)

    def add(self, count: int, of: int, examples: Iterable[tuple[Place, str]] = ()) -> None:
        """Add counts and examples."""
        self.count += count
        self.of += of
        for place, example in examples:
            if place < self.examples.get(example, _LAST):
                self.examples[example] = place
        if len(self.examples) > EXAMPLES:
            self.examples = dict(self._ranked()[:EXAMPLES])

    def merge(self, other: Tally) -> None:
        """Add another tally."""
        self.add(other.count, other.of, ((place, example) for example, place in other.examples.items()))

    def shown(self) -> tuple[str, ...]:
        """Give the examples in their order."""
        return tuple(example for example, _ in self._ranked())

    def _ranked(self) -> list[tuple[str, Place]]:
        return sorted(self.examples.items(), key=lambda item: (item[1], item[0]))


#: (kind, site) to its tally; for `routed_segment` the site is followed by the segment. A kind that some lists alone
#: have is followed by the table: what that is a list of is known when all of it was read.
Tallies = dict[tuple[str, str], Tally]
_SEGMENT = _PART = "\x1f"


def merged(parts: Iterable[Tallies]) -> Tallies:
    """Add up the tallies of the parts of one input, in any order."""
    made: Tallies = {}
    for part in parts:
        for key, one in part.items():
            made.setdefault(key, Tally()).merge(one)
    return made


def keys_counted(table: Table) -> tuple[str, ...] | None:
    """Name the fields of which some must be filled for a record not to count; `None` where more is asked of each record."""
    kind = kind_of(table)
    if kind in _HOSTS | {"recorder", "parts"} or _lists_things(table):
        return None
    if kind != "inventory" or len(set(table.fields.values())) < 2:
        return ()
    return KEYS if "site" not in table.fields.values() else None


def count_batch(batch: Batch, table: Table, tallies: Tallies, index: Index) -> None:
    """Count the blind spots of one batch into `tallies`; of what was left out of it by the class `key`."""
    import numpy as np

    rows, kind = batch.rows, kind_of(table)
    by_field: dict[str, list[str]] = {}
    for name, held in table.fields.items():
        by_field.setdefault(held, []).append(name)

    def filled(*fields: str) -> _Mask:
        return _filled(rows, (name for one in fields for name in by_field.get(one, ())))

    where = f"sheet {table.sheet!r}, record " if table.sheet else "record "
    names, codes = _sites(rows, by_field)

    def tally(spot: str, lacking: _Mask, among: _Mask) -> None:
        if not among.any():
            return
        places = np.flatnonzero(lacking & among)
        whole = np.bincount(codes[among], minlength=len(names))
        lacks = np.bincount(codes[places], minlength=len(names))
        # The first few places of each site: stable order by site, then the start of each run.
        ordered = places[np.argsort(codes[places], kind="stable")]
        starts = np.searchsorted(codes[ordered], np.arange(len(names)))
        for number in np.flatnonzero(whole):
            start = int(starts[number])
            examples = ordered[start : start + min(EXAMPLES, int(lacks[number]))]
            tallies.setdefault((spot, names[number]), Tally()).add(
                int(lacks[number]),
                int(whole[number]),
                (((batch.table, record), f"{where}{record}") for record in map(batch.number, examples)),
            )

    everything = np.ones(rows.num_rows, dtype=bool)
    if kind in _HOSTS:
        with_mac = filled("mac")
        tally("hosts_without_mac", ~with_mac, everything)
        if kind == "network_scan" and "ip" in by_field:
            addresses = rows.column(by_field["ip"][0]).to_pylist()
            _count_segments(zip(addresses, (names[code] for code in codes), with_mac, strict=True), tallies)
    elif kind == "inventory":
        if len(by_field) > 1:  # a list of one column has no keys to lack
            unkeyed = f"listed_without_key{_PART}{batch.table}"
            tally(unkeyed, ~filled(*KEYS), everything)
            if batch.left is not None and batch.left.records:
                lacking = batch.left.records - batch.left.holding["key"]
                tallies.setdefault((unkeyed, ""), Tally()).add(lacking, batch.left.records)
    elif kind == "recorder":
        tally("channels_without_device", ~filled(*_NAMES_A_CAMERA), everything)
    elif kind == "parts":
        tally(
            "lines_without_maker",
            ~filled("maker_name"),
            filled("part_number", "model_number", "text", "product_name", "chip"),
        )

    if _lists_things(table):
        named, nameless, unknown = undescribed(index, rows, by_field)
        # Of what the table is a list is known when all of it was read.
        tally(f"maker_not_told{_PART}{batch.table}", nameless, named)
        for place, name in unknown.items():
            record = batch.number(place)
            told = tallies.setdefault((f"maker_not_known{_PART}{batch.table}{_PART}{name}", ""), Tally())
            told.add(1, 0, [((batch.table, record), f"{where}{record}")])


def _filled(rows: pa.RecordBatch, columns: Iterable[str]) -> _Mask:
    """Tell in which rows any of the columns holds something."""
    import numpy as np

    mask = np.zeros(rows.num_rows, dtype=bool)
    for name in columns:
        mask |= rows.column(name).is_valid().to_numpy(zero_copy_only=False)
    return mask


def _lists_things(table: Table) -> bool:
    """Tell whether a table lists things by its own columns, whatever somebody states of it."""
    fields = set(table.fields.values())
    kind = kind_of(replace(table, kind=UNCERTAIN))
    if (
        kind == "ledger"
    ):  # where a column says of whom, or what exactly, was bought, that is what is looked into
        return _SAYS_WHAT.isdisjoint(fields) and not _BOUGHT.isdisjoint(fields)
    return not _OF_A_THING.isdisjoint(fields) and kind == "inventory"


def _count_segments(hosts: Iterable[tuple[str | None, str, bool]], tallies: Tallies) -> None:
    """Count for each segment of a site how many hosts it has, and how many of them without a MAC address."""
    for address, site, known in hosts:
        segment = _segment(address)
        if segment:
            tally = tallies.setdefault(("routed_segment", f"{site}{_SEGMENT}{segment}"), Tally())
            tally.of += 1
            tally.count += not known


def _sites(
    rows: pa.RecordBatch, by_field: Mapping[str, list[str]]
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Give the sites of a batch and, for each record, which of them it is at; the empty one is the first."""
    import numpy as np

    if "site" not in by_field:
        return [""], np.zeros(rows.num_rows, dtype=np.int64)
    encoded = rows.column(by_field["site"][0]).dictionary_encode()
    names = [""]
    place_of = {"": 0}
    own = []
    for text in encoded.dictionary.to_pylist():
        name = (text or "").strip()
        if name not in place_of:
            place_of[name] = len(names)
            names.append(name)
        own.append(place_of[name])
    codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    return names, np.where(codes < 0, 0, np.array([*own, 0], dtype=np.int64)[codes])


def _segment(text: str | None) -> str:
    first = (text or "").split("\n")[0].strip()
    if first.count(".") == 3 and ":" not in first:
        return first.rsplit(".", 1)[0] + ".0/24"
    try:
        address = ip_address(first)
    except ValueError:
        return ""
    return f"{':'.join(address.exploded.split(':')[:4])}::/64"


def _may_lack(kind: str, table: Sequence[Table]) -> bool:
    """Tell whether records of a table, one or none that is known, are of the things that a kind of blind spot speaks of."""
    if kind == "listed_without_key":
        return all(kind_of(one) == "inventory" for one in table)
    return any(
        OWN & {one.kind, one.kind_seen}
        or (one.kind == UNCERTAIN and not _OF_A_THING.isdisjoint(one.fields.values()))
        for one in table
    )


def of_input(
    tallies: Iterable[Tallies], said: Sequence[BlindSpot], path: str, tables: Sequence[Table] = (),
    is_maker: Callable[[str], bool] = lambda _: False,
) -> list[BlindSpot]:  # fmt: skip
    """Turn the tallies of one input's parts, and what its reader says itself, into blind spots.

    Where the reader speaks of a kind itself, its word stands and ours is dropped.

    Args:
        tables: of the input, with what each is a list of.
        is_maker: tells whether a name that the knowledge has no phrase for is one of a maker all the same.
    """
    joined: Tallies = {}
    for (key, site), one in merged(tallies).items():
        kind, _, rest = key.partition(_PART)
        number, _, name = rest.partition(_PART)
        if (not number or _may_lack(kind, tables[int(number) :][:1])) and not (name and is_maker(name)):
            joined.setdefault((kind, name or site), Tally()).merge(one)
    by_reader = {spot.kind for spot in said}
    made = list(said)
    hidden: dict[str, Tally] = {}
    seen_any = False
    for (kind, site), one in sorted(joined.items()):
        if kind == "routed_segment":
            at, _, segment = site.partition(_SEGMENT)
            seen_any = seen_any or one.count < one.of
            unseen = one.count == one.of
            hidden.setdefault(at, Tally()).add(
                one.count if unseen else 0, one.of, [((), segment)] if unseen else ()
            )
        elif kind not in by_reader and one.count:
            asked = kind == "maker_not_known"
            made.append(
                BlindSpot(
                    kind,
                    one.count,
                    one.of,
                    _WHO.format(name=_shown(site)) if asked else WHAT[kind],
                    "" if asked else site,
                    tuple(f"{path}, {item}" for item in one.shown()),
                )
            )
    if "routed_segment" not in by_reader and seen_any:
        # When no host has a MAC at all, the scan was taken from elsewhere, and `hosts_without_mac` says so.
        made += [
            BlindSpot("routed_segment", one.count, one.of, WHAT["routed_segment"], site, one.shown())
            for site, one in sorted(hidden.items())
            if one.count
        ]
    return made


def _shown(name: str) -> str:
    plain = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    return plain if len(plain) <= _MOST_OF_NAME else f"{plain[: _MOST_OF_NAME - 1]}…"


def _fewer_names(spots: Iterable[BlindSpot]) -> Iterator[BlindSpot]:
    """Give blind spots, of very many names that are asked about those of most things by themselves, and the rest as one."""
    counts: dict[str, int] = {}
    spots = list(spots)
    for spot in spots:
        if spot.kind == "maker_not_known":
            counts[spot.what] = counts.get(spot.what, 0) + spot.count
    ranked = sorted(counts, key=lambda what: (-counts[what], what))
    rest = frozenset(ranked[_MOST_SITES:] if len(ranked) > _MOST_SITES + 1 else ())
    for spot in spots:
        yield replace(spot, what=WHAT["maker_not_known"]) if spot.what in rest else spot


def joined(spots: Iterable[BlindSpot]) -> tuple[BlindSpot, ...]:
    """Add up the blind spots of several inputs by kind, site and words; ordered by kind and site.

    Of very many sites the largest counts keep their names, and the rest are one line.
    """
    sums: dict[tuple[str, str], dict[str, Tally]] = {}
    for number, spot in enumerate(_fewer_names(spots)):
        sites = sums.setdefault((spot.kind, spot.what), {})
        examples = (((number, place), example) for place, example in enumerate(spot.examples))
        sites.setdefault(spot.site, Tally()).add(spot.count, spot.of, examples)
    made: list[BlindSpot] = []
    for (kind, what), sites in sums.items():
        ranked = sorted(sites.items(), key=lambda item: (-item[1].count, item[0]))
        rest = ranked[_MOST_SITES:] if len(ranked) > _MOST_SITES + 1 else []
        for site, one in ranked[: len(ranked) - len(rest)]:
            made.append(BlindSpot(kind, one.count, one.of, what, site, one.shown()))
        if rest:
            left = Tally()
            for number, (_, one) in enumerate(rest):
                examples = (((number, place), example) for place, example in enumerate(one.shown()))
                left.add(one.count, one.of, examples)
            made.append(BlindSpot(kind, left.count, left.of, what, f"{len(rest)} other sites", left.shown()))
    return tuple(sorted(made, key=lambda spot: (spot.kind, spot.what, spot.site)))


def of_devices(devices: Sequence[Device], purchases: Sequence[PurchaseLine]) -> list[BlindSpot]:
    """Count what only the joined records show: purchases, sightings and listings that have no counterpart."""
    from proscribe.model.devices import KeyKind

    sums: dict[tuple[str, str], Tally] = {}
    numbers = itertools.count()

    def add(kind: str, site: str, count: int, of: int, example: str) -> None:
        examples = [((next(numbers),), example)] if count else ()
        sums.setdefault((kind, site), Tally()).add(count, of, examples)

    kinds = {kind for device in devices for kind in device.sources}
    networked = bool(kinds - {"inventory", "ledger"})
    for line in purchases:
        # A line without a quantity that lacks nothing and explains nothing is a mere payment.
        bought = line.quantity if line.quantity is not None else int(bool(line.missing or line.devices))
        if bought:
            name = line.order_line or line.record.record_id or f"record {line.record.ref.row}"
            add("purchase_without_device", line.record.site, line.missing, bought, name)
    for device in devices:
        if purchases:
            bought = any(record.lot for record in device.records)
            add(
                "device_without_purchase",
                device.site,
                0 if bought else device.units,
                device.units,
                device.name,
            )
        if "inventory" in kinds and networked:
            listed = "inventory" in device.sources
            seen = bool(set(device.sources) - {"inventory", "ledger"})
            if seen:
                add("seen_and_not_listed", device.site, int(not listed), 1, device.name)
            if listed:
                add("listed_and_not_seen", device.site, int(not seen), 1, device.name)
        if _HOSTS & set(device.sources):
            known = any(key.kind is KeyKind.MAC for key in device.keys)
            add("hosts_without_mac", device.site, int(not known), 1, device.name)
        if "recorder" in device.sources:
            alone = set(device.sources) <= {"recorder"}
            add("channels_without_device", device.site, int(alone), 1, device.name)
    return [
        BlindSpot(kind, one.count, one.of, WHAT[kind], site, one.shown())
        for (kind, site), one in sorted(sums.items())
        if one.count
    ]


def settled(devices: Sequence[Device]) -> frozenset[str]:
    """Give the kinds that joined records settle better than one input: `of_devices` replaces what inputs said of them.

    An address that a lease or an inventory knows is not missing, and a joined record has a site.
    """
    kinds = {kind for device in devices for kind in device.sources}
    return frozenset(
        ({"hosts_without_mac"} if kinds & _HOSTS else set())
        | ({"channels_without_device"} if "recorder" in kinds else set())
    )
