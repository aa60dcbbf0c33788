"""The graph written as devices, purchase lines and open joins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from proscribe.devices.claims import contradictions
from proscribe.devices.fuse import earliest, verdicts
from proscribe.devices.graph import Graph, Link, _digest
from proscribe.devices.keys import DeviceTable, is_short_serial
from proscribe.devices.kinds import DEVICE_KINDS, PURCHASE_KINDS
from proscribe.devices.rows import Rows, Spot
from proscribe.matching.described import describes_part
from proscribe.matching.index import Index
from proscribe.matching.normalize import TOKEN, fold
from proscribe.model.amounts import money_of, pieces_of
from proscribe.model.devices import (
    Device,
    DeviceKey,
    Join,
    KeyKind,
    PurchaseLine,
    SeenRecord,
)
from proscribe.model.findings import Band, Finding
from proscribe.readers.written.invoices import is_total

#: Cells shown of a record, and characters of each.
_SHOWN_CELLS = 14
_SHOWN_CHARS = 160
_KIND_OF_KEY = {
    "serial": KeyKind.SERIAL, "mac": KeyKind.MAC, "asset_tag": KeyKind.ASSET_TAG, "hostname": KeyKind.HOSTNAME,
    "ip": KeyKind.IP, "recorder_channel": KeyKind.RECORDER_CHANNEL, "order_line": KeyKind.ORDER_LINE,
}  # fmt: skip
_ORDER_OF_KEYS = {name: list(KeyKind).index(kind) for name, kind in _KIND_OF_KEY.items()}
Place = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Assembled:
    """Devices, purchases and joins, ready for a report."""

    devices: tuple[Device, ...]
    purchases: tuple[PurchaseLine, ...]
    open_joins: tuple[Join, ...]
    apart: dict[str, int]
    kinds: tuple[tuple[int, str, str, int], ...]


def assemble(
    index: Index,
    tables: Sequence[DeviceTable],
    graph: Graph,
    findings: Iterable[Finding],
    iso_day: Callable[[str], str | None],
) -> Assembled:
    """Judge every device and write the graph in the shapes of the report.

    Args:
        index: compiled knowledge.
        tables: the records.
        graph: their joins.
        findings: of the scan of the same records.
        iso_day: reads the day out of a date as people write it.
    """
    writer = _Writer(index, tables, graph, findings, iso_day)
    devices = writer.devices()
    return Assembled(
        devices=devices,
        purchases=writer.purchases(devices),
        open_joins=tuple(writer.join(link) for link in graph.open),
        apart=writer.apart(),
        kinds=tuple(
            (
                table.input,
                table.table.sheet or "",
                table.kind,
                sum(batch.rows.num_rows for batch in table.batches),
            )
            for table in tables
        ),
    )


class _Writer:
    def __init__(
        self,
        index: Index,
        tables: Sequence[DeviceTable],
        graph: Graph,
        findings: Iterable[Finding],
        iso_day: Callable[[str], str | None],
    ) -> None:
        self.index = index
        self.tables = tables
        self.graph = graph
        self.rows = Rows(tables)
        self.iso_day = iso_day
        self.by_place: dict[Place, list[Finding]] = {}
        for finding in findings:
            place = (finding.input, finding.locator.sheet or "", finding.locator.row)
            self.by_place.setdefault(place, []).append(finding)
        self.root_of = {record: number for number, records in enumerate(graph.clusters) for record in records}
        self.explained: dict[int, list[tuple[int, Link]]] = {}
        for lot, held in graph.purchases.items():
            for root, link in held:
                self.explained.setdefault(self.root_of[root], []).append((lot, link))
        self.ids: dict[int, str] = {}

    def found(self, spot: Spot) -> list[Finding]:
        ref = spot.ref
        return self.by_place.get((ref.input, ref.sheet, ref.row), [])

    # Devices

    def devices(self) -> tuple[Device, ...]:
        by_link: dict[int, list[Link]] = {}
        for link in self.graph.links:
            by_link.setdefault(self.root_of[link.left], []).append(link)
        self._name_all()
        made = [
            self._device(number, records, by_link.get(number, []))
            for number, records in enumerate(self.graph.clusters)
            if not (len(records) == 1 and _is_total(self.rows.spot(records[0])))
        ]
        return tuple(
            sorted(
                made,
                key=lambda item: (
                    -(item.band.rank if item.band else 0),
                    not any(not one.explained for one in item.contradictions),
                    not item.contradictions,
                    item.id,
                ),
            )
        )

    def _name_all(self) -> None:
        """Give each device the id of its surest key; where two share it, of all they have."""
        shared = self.graph.keys.shared
        surest: dict[int, str] = {}
        for number, records in enumerate(self.graph.clusters):
            for kind in ("mac", "serial", "asset_tag", "recorder_channel"):
                values = sorted(
                    value
                    for record in records
                    for value in self.graph.values.get(record, {}).get(kind, ())
                    if (kind, value) not in shared and not (kind == "serial" and is_short_serial(value))
                )
                if values:
                    surest[number] = f"{kind}:{values[0]}"
                    break
        counted = Counter(surest.values())
        for number, records in enumerate(self.graph.clusters):
            key = surest.get(number)
            if key is not None and counted[key] == 1:
                self.ids[number] = "d_" + _digest(key)
            else:
                digests = sorted(self.graph.digests[record] for record in records)
                self.ids[number] = "d_" + _digest(key or "", *digests)

    def _device(self, number: int, records: Sequence[int], links: Sequence[Link]) -> Device:
        identity = self.ids[number]
        spots = [self.rows.spot(record) for record in records]
        lots = sorted(self.explained.get(number, []), key=lambda item: item[0])
        lot_spots = [self.rows.spot(lot) for lot, _ in lots]
        judged = [(spot, self.found(spot)) for spot in (*spots, *lot_spots)]
        found = any(items for _, items in judged)
        disagreement = contradictions(self.index, identity, judged) if found else ()
        dated = earliest(
            [
                self.iso_day(text) if (text := spot.first("dated_on")) else None
                for spot in (*spots, *lot_spots)
            ]
        )
        values = self.graph.values
        held = {
            (kind, value)
            for record in records
            for kind, same in values.get(record, {}).items()
            if kind in _KIND_OF_KEY
            for value in same
        }
        keys = [
            DeviceKey(_KIND_OF_KEY[kind], value)
            for kind, value in sorted(held, key=lambda pair: (_ORDER_OF_KEYS[pair[0]], pair[1]))
        ]
        seen = [self._seen(record, spot) for record, spot in zip(records, spots, strict=True)]
        seen.sort(key=lambda item: (_SOURCE_ORDER.get(item.source, 50), item.ref))
        judged_as = verdicts(self.index, judged, disagreement, dated) if found else ()
        return Device(
            id=identity,
            name=_name(spots, keys),
            band=max((one.band for one in judged_as), key=lambda band: band.rank, default=None),
            site=" / ".join(sorted({site for spot in spots if (site := spot.first("site"))})),
            units=max(self._units(spot) for spot in spots),
            quantity_not_read=next((text for spot in spots if (text := self._not_read(spot))), ""),
            records=(
                *seen,
                *(self._seen(lot, spot, lot=True) for (lot, _), spot in zip(lots, lot_spots, strict=True)),
            ),
            keys=tuple(keys),
            joins=tuple(self.join(link) for link in (*links, *(link for _, link in lots))),
            verdicts=judged_as,
            contradictions=disagreement,
            label=_label(spots, lot_spots),
            sources=tuple(sorted({spot.table.kind for spot in (*spots, *lot_spots)})),
        )

    def _units(self, spot: Spot) -> int:
        """Give how many pieces a record stands for: the least number, where its quantity is not read."""
        number = pieces_of(spot.first("quantity")) if self._counts(spot) else None
        return 1 if number is None else number

    def _not_read(self, spot: Spot) -> str:
        text = (spot.first("quantity") or "").strip() if self._counts(spot) else ""
        return text[:_SHOWN_CHARS] if text and pieces_of(text) is None else ""

    @staticmethod
    def _counts(spot: Spot) -> bool:
        """Tell whether a record may stand for several pieces: what has a key of its own is one."""
        return spot.table.kind == "inventory" and not (spot.first("serial_number") or spot.first("mac"))

    def _seen(self, record: int, spot: Spot, *, lot: bool = False) -> SeenRecord:
        span = self.graph.keys.spans.get(record)
        return SeenRecord(
            input=spot.ref.input,
            sheet=spot.ref.sheet,
            row=spot.ref.row,
            pointer=spot.ref.pointer,
            source=spot.table.kind,
            record_id=spot.own_id(),
            site=spot.first("site") or "",
            seen=None if span is None else (_iso(span.first), _iso(span.last)),
            says=spot.told(_SHOWN_CELLS, _SHOWN_CHARS),
            findings=tuple(finding.id for finding in self.found(spot)),
            lot=lot,
        )

    def join(self, link: Link) -> Join:
        """Write a link with the places of its records."""
        return Join(
            id=link.id, kind=link.kind, value=link.value, left=self.rows.ref(link.left),
            right=self.rows.ref(link.right), strength=link.strength, score_mbit=link.score_mbit, why=link.why,
            state=link.state, because=link.because,
        )  # fmt: skip

    # Purchases and the rest

    def purchases(self, devices: Sequence[Device]) -> tuple[PurchaseLine, ...]:
        """List the lines that buy equipment: those with a finding, a device word, or a device."""
        made = []
        units = {device.id: device.units for device in devices}
        for record, spot in self._records(PURCHASE_KINDS):
            held = sorted({self.ids[self.root_of[root]] for root, _ in self.graph.purchases.get(record, ())})
            findings = self.found(spot)
            if not (held or findings or self._is_equipment(spot)):
                continue
            text = spot.first("quantity")
            number = pieces_of(text)
            explained = sum(units[one] for one in held)
            wanted = number if number is not None else int(bool(held) or self._names_a_thing(spot, findings))
            if self._buys_parts(spot, findings):
                wanted = explained
            made.append(
                PurchaseLine(
                    record=self._seen(record, spot, lot=True),
                    order_line=next(iter(self.graph.values.get(record, {}).get("order_line", ())), ""),
                    quantity=number,
                    quantity_not_read=text.strip()[:_SHOWN_CHARS] if text and number is None else "",
                    devices=tuple(held),
                    missing=max(0, wanted - explained),
                    overdrawn=max(0, explained - number) if number is not None else 0,
                    findings=tuple(finding.id for finding in findings),
                )
            )
        return tuple(sorted(made, key=lambda item: item.record.ref))

    def _names_a_thing(self, spot: Spot, findings: Sequence[Finding]) -> bool:
        """Tell a line that buys something from a mere payment, which names a payee and a sum."""
        fields = spot.table.table.fields
        return self._is_equipment(spot) or any(
            fields.get(item.field) != "vendor_name" for one in findings for item in one.evidence
        )

    def _buys_parts(self, spot: Spot, findings: Sequence[Finding]) -> bool:
        """Tell whether a line buys accessories or licences: however many, no device is missing for them."""
        return all(one.band is Band.POSSIBLE for one in findings) and describes_part(
            self.index, spot.content()
        )

    def _is_equipment(self, spot: Spot) -> bool:
        device = self.index.words.device
        words = self.index.words.accessory
        for _, field, text in spot.content():
            if field in ("model_number", "serial_number"):
                return True
            if field in ("text", "product_name", "other"):
                tokens = {match.group() for match in TOKEN.finditer(fold(text).text)}
                if any(token in device for token in tokens) and not tokens & words:
                    return True
        return False

    def _records(self, kinds: frozenset[str]) -> Iterable[tuple[int, Spot]]:
        starts = self.graph.keys.starts
        for number, table in enumerate(self.tables):
            if table.kind in kinds:
                for record in range(starts[number], starts[number + 1]):
                    yield record, self.rows.spot(record)

    def apart(self) -> dict[str, int]:
        """Count the records that are no device and no purchase, by kind."""
        counted: Counter[str] = Counter()
        for table in self.tables:
            if table.kind not in DEVICE_KINDS and table.kind not in PURCHASE_KINDS:
                counted[table.kind] += sum(batch.rows.num_rows for batch in table.batches)
        return dict(sorted(counted.items()))


_SOURCE_ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            "inventory",
            "recorder",
            "network_scan",
            "discovery",
            "management",
            "neighbours",
            "leases",
            "radio",
            "ledger",
        )
    )
}


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_total(spot: Spot) -> bool:
    """Tell whether a row sums up the others: a word for it, and beside it nothing but quantities and amounts."""
    told = [text for _, text in spot.told(_SHOWN_CELLS, _SHOWN_CHARS)]
    named = [text for text in told if pieces_of(text) is None and money_of(text) is None]
    return len(named) == 1 and len(told) > 1 and is_total(named[0])


def _name(spots: Sequence[Spot], keys: Sequence[DeviceKey]) -> str:
    ranked = sorted(spots, key=lambda spot: (_SOURCE_ORDER.get(spot.table.kind, 50), spot.ref))
    by_kind: dict[KeyKind, str] = {}
    for key in keys:
        by_kind.setdefault(key.kind, key.value)
    host = by_kind.get(KeyKind.HOSTNAME, "").split(".")[0]
    mac = by_kind.get(KeyKind.MAC, "")
    tag = by_kind.get(KeyKind.ASSET_TAG) or next(
        (text for spot in ranked if (text := spot.first("row_id"))), ""
    )
    shown = ":".join(mac[place : place + 2] for place in range(0, 12, 2)).lower() if mac else ""
    parts = [part for part in (tag, host) if part]
    if parts:
        return " ".join(parts)[:_SHOWN_CHARS]
    for text in (
        by_kind.get(KeyKind.IP), shown, by_kind.get(KeyKind.SERIAL), by_kind.get(KeyKind.RECORDER_CHANNEL),
        *(spot.first("text", "product_name", "model_number", "maker_name") for spot in ranked),
    ):  # fmt: skip
        if text:
            return text[:_SHOWN_CHARS]
    return "record without a name"


def _label(spots: Sequence[Spot], lots: Sequence[Spot]) -> str:
    """Say what inventory, type plate and purchase call the device."""
    said = []
    for spot in sorted(spots, key=lambda item: (item.table.kind == "plate", item.ref)):
        if spot.table.kind in ("inventory", "plate"):
            words = [spot.first("maker_name"), spot.first("model_number", "part_number", "product_name")]
            text = " ".join(word.strip() for word in words if word) or (spot.first("text") or "").strip()
            text = text[:_SHOWN_CHARS]
            if text and spot.table.kind == "plate":
                text = f"plate {text}"
            if text and text.removeprefix("plate ") not in said:
                said.append(text)
    for spot in lots:
        words = [spot.first("maker_name"), spot.first("text", "product_name", "model_number")]
        text = " ".join(word.strip() for word in words if word)
        if text:
            said.append(f"bought as {text[:_SHOWN_CHARS]}")
    return "; ".join(dict.fromkeys(said))
