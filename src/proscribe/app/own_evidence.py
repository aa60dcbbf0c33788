"""What we hold about a supplier: findings of our scans, traced back to who sold the thing.

The JSON of a scan does not say who sold what. The files that were scanned do: they are looked up beside the scan, compared
by digest, and read again for the columns that name a seller or an order. What cannot be traced is said, not guessed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proscribe.app.vendor_list import name_key
from proscribe.model.errors import InputError
from proscribe.readers import Options, Source, expand, open_source, sha256_of

_MAC = re.compile(
    r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])|(?<![0-9A-Fa-f.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![0-9A-Fa-f.])"
)
_SHORTEST_MODEL = 5


@dataclass(frozen=True, slots=True)
class HeldFinding:
    """One finding of a scan of ours.

    Attributes:
        firm: name of the firm it is about.
        why: evidence in words, strongest first.
        place: file and row, with the order line where one is known.
        seller: who sold it, as a record of ours names them; empty when none does.
        macs, serials, models: of the evidence and the record, folded.
        set_aside: why it does not count; empty when it does.
        file, row: where it stands, for the order.
        mark: what the strongest evidence found, without what differs from unit to unit.
    """

    id: str
    firm: str
    band: str
    role: str
    why: str
    place: str
    seller: str = ""
    macs: frozenset[str] = frozenset()
    serials: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    set_aside: str = ""
    questions: tuple[str, ...] = ()
    file: str = ""
    row: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Everything we hold that can be compared with an answer.

    Attributes:
        scans: name and SHA-256 of each scan.
        untraced: inputs whose sellers are not known, each with the reason.
        sellers: folded names of all sellers that the records name, found or not.
        days: day of each scan.
    """

    findings: tuple[HeldFinding, ...] = ()
    scans: tuple[tuple[str, str], ...] = ()
    untraced: tuple[str, ...] = ()
    sellers: frozenset[str] = frozenset()
    days: tuple[str, ...] = ()


@dataclass(slots=True)
class _Trace:
    """Rows of the inputs of one scan: (input, sheet, row) to seller and order; order to seller."""

    seller: dict[tuple[int, str | None, int], str] = field(default_factory=dict)
    order: dict[tuple[int, str | None, int], str] = field(default_factory=dict)
    sold_by: dict[str, set[str]] = field(default_factory=dict)
    sellers: set[str] = field(default_factory=set)
    untraced: list[str] = field(default_factory=list)


def macs_in(text: str) -> frozenset[str]:
    """Give the MAC addresses in a text, as 12 hex digits."""
    return frozenset(re.sub(r"[^0-9a-f]", "", found.group().casefold()) for found in _MAC.finditer(text))


def code_key(text: str) -> str:
    """Fold a model or serial number: letters and digits alone, in capitals."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def held_in(scans: Sequence[tuple[str, bytes]], folders: Sequence[Path] = ()) -> Held:
    """Read scans, and trace their findings to who sold the things.

    Args:
        scans: name and bytes of the JSON of each scan; a name that is a path tells where its inputs may lie.
        folders: where the scanned files may lie.

    Raises:
        InputError: E157 when a file is not the JSON of a scan.
    """
    findings: dict[str, HeldFinding] = {}
    untraced: dict[str, None] = {}
    sellers: set[str] = set()
    digests = []
    days = []
    for name, content in scans:
        value = _scan(name, content)
        digests.append((name, hashlib.sha256(content).hexdigest()))
        days.append(str(value["as_of"]))
        trace = _trace(value, [Path(name).parent, *folders])
        untraced.update(dict.fromkeys(trace.untraced))
        sellers |= trace.sellers
        for item in value["findings"]:
            made = _finding(value, item, trace)
            findings[made.id] = made
    return Held(
        tuple(findings.values()),
        tuple(digests),
        tuple(untraced),
        frozenset(map(name_key, sellers)),
        tuple(days),
    )


def _scan(name: str, content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
        if not str(value["schema"]).startswith("proscribe.scan/"):
            raise ValueError("its schema is " + str(value["schema"])[:60])
        for item in value["findings"]:  # what is asked of each later must be there
            _why(item)
            _ = (
                item["id"],
                item["band"],
                item["role"],
                item["entity"],
                item["input"],
                item["locator"]["row"],
            )
        for item in value["inputs"]:
            _ = (item["index"], item["path"], item["sha256"])
        _ = value["as_of"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "E157",
            f"{name} is not the JSON of a scan: {error or type(error).__name__}",
            expected="a file of `proscribe scan ... -o json=scan.json`",
            next_step="Scan again, and hand over that file.",
        ) from None
    assert isinstance(value, dict)
    return value


def _why(item: Mapping[str, Any]) -> str:
    ranked = sorted(item["evidence"], key=lambda one: -int(one["weight_mbit"]))
    said = [f"{one['field']} {str(one['found'])[:60]!r}, {one['why']}" for one in ranked[:2]]
    if not said and item.get("derived_from"):
        return "it contains what other findings are about"
    return "; ".join(said) or "no evidence is given"


def _mark(item: Mapping[str, Any]) -> str:
    models = sorted(str(one["found"]) for one in item["evidence"] if one["matcher"] == "model_number")
    if models:
        return code_key(models[0])
    ranked = sorted(item["evidence"], key=lambda one: -int(one["weight_mbit"]))
    # The last half of a MAC address is the unit's own.
    return next((str(one["facts"][0]) if one.get("facts") else str(one["found"])[:60] for one in ranked), "")


def _trace(value: Mapping[str, Any], folders: Sequence[Path]) -> _Trace:
    trace = _Trace()
    for entry in value["inputs"]:
        if not entry.get("records"):
            continue
        path = str(entry["path"])
        found = _located(path, str(entry["sha256"]), folders)
        if isinstance(found, str):
            trace.untraced.append(f"{Path(path).name}: {found}")
            continue
        try:
            _read_sellers(int(entry["index"]), path, found, entry.get("columns") or {}, trace)
        except (InputError, OSError) as problem:
            trace.untraced.append(f"{Path(path).name}: it could not be read again ({problem})")
    return trace


def _located(path: str, sha256: str, folders: Sequence[Path]) -> Path | str:
    seen = False
    for place in dict.fromkeys(
        [Path(path), *(one / path for one in folders), *(one / Path(path).name for one in folders)]
    ):
        try:
            if not place.is_file():
                continue
            seen = True
            if sha256_of(place) == sha256:
                return place
        except OSError:
            continue
    return (
        "the file has changed since the scan"
        if seen
        else "the scanned file is not at hand, so that who sold its things is not known"
    )


def _read_sellers(index: int, shown: str, path: Path, columns: Mapping[str, Any], trace: _Trace) -> None:
    for source in expand([path]).sources:
        reading = open_source(Source(shown, source.path, source.size_bytes), Options())
        for batch in reading.batches():
            table = reading.tables[batch.table]
            names = {field: header for header, field in table.fields.items()}
            names |= {str(key): str(column) for key, column in columns.items() if column in table.header}
            picked = {
                key: batch.rows.column(table.header.index(names[key])).to_pylist()
                for key in ("vendor_name", "order_line")
                if names.get(key) in table.header
            }
            for offset in range(batch.rows.num_rows if picked else 0):
                place = (index, table.sheet, batch.first_record + offset)
                seller = (picked["vendor_name"][offset] or "").strip() if "vendor_name" in picked else ""
                order = code_key(picked["order_line"][offset] or "") if "order_line" in picked else ""
                if order:
                    trace.order[place] = picked["order_line"][offset].strip()
                if seller:
                    trace.seller[place] = seller
                    trace.sellers.add(seller)
                    if order:
                        trace.sold_by.setdefault(order, set()).add(seller)


def _finding(value: Mapping[str, Any], item: Mapping[str, Any], trace: _Trace) -> HeldFinding:
    paths = {one["index"]: str(one["path"]) for one in value["inputs"]}
    names = value.get("entity_names") or {}
    place = (item["input"], item["locator"].get("sheet"), int(item["locator"]["row"]))
    order = trace.order.get(place, "")
    seller = trace.seller.get(place, "")
    if not seller and order:
        # An order that two sellers share tells nothing.
        sold_by = trace.sold_by.get(code_key(order), set())
        seller = next(iter(sold_by)) if len({name_key(one) for one in sold_by}) == 1 else ""
    texts = [str(one["found"]) for one in item["evidence"]]
    serial = str((item.get("details") or {}).get("serial_number") or "")
    firm = str((item.get("covered_through") or [item["entity"]])[-1])
    sheet = f", sheet {item['locator']['sheet']}" if item["locator"].get("sheet") else ""
    record = f", {item['record_id']}" if item.get("record_id") else ""
    aside = ""
    if item.get("ignored"):
        aside = f"set aside: {str(item['ignored'].get('reason', ''))[:200]}"
    return HeldFinding(
        str(item["id"]),
        str(names.get(firm, firm)),
        str(item["band"]),
        str(item["role"]),
        _why(item),
        f"{Path(paths.get(item['input'], '?')).name}{sheet} row {place[2]}{record}"
        + (f", order {order}" if order else ""),
        seller,
        frozenset().union(*map(macs_in, texts)),
        frozenset(filter(None, [code_key(serial)])),
        frozenset(key for key in map(code_key, texts) if len(key) >= _SHORTEST_MODEL),
        aside,
        tuple(str(one)[:300] for one in item.get("questions") or ())[:3],
        Path(paths.get(item["input"], "?")).name,
        place[2],
        _mark(item),
    )


def about(
    held: Held, names: Iterable[str], products: Sequence[Mapping[str, str]]
) -> list[tuple[HeldFinding, str]]:
    """Give the findings that concern a supplier, each with how they are known to: the seller, or an identifier of its form."""
    keys = {name_key(name) for name in names if name_key(name)}
    serials = " ".join(row.get("serials", "") for row in products)
    macs = macs_in(serials)
    codes = {code_key(one) for one in re.split(r"[\s,;]+", _MAC.sub(" ", serials))}
    codes = {one for one in codes if len(one) >= _SHORTEST_MODEL}
    models = {code_key(row.get("model", "")) for row in products}
    models = {one for one in models if len(one) >= _SHORTEST_MODEL}
    found: list[tuple[HeldFinding, str]] = []
    for one in held.findings:
        if one.seller and name_key(one.seller) in keys:
            found.append((one, f"sold by {one.seller}"))
        elif one.macs & macs:
            found.append((one, "its MAC address stands on the form"))
        elif one.serials & codes:
            found.append((one, "its serial number stands on the form"))
        elif not one.seller and one.models & models:
            found.append((one, "its model stands on the form"))
    return found
