"""What we hold about a supplier: findings of our scans, traced back to who sold the thing.

The JSON of a scan does not say who sold what. The files that were scanned do: they are looked up beside the scan, compared
by digest, and read again for the columns that name a seller or an order. What cannot be traced is said, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from proscribe.app.scan.reading_process import open_apart
from proscribe.app.vendors.vendor_list import name_key
from proscribe.model.codec import CodecError
from proscribe.model.errors import InputError, error
from proscribe.model.findings import Evidence, Finding
from proscribe.model.results import Scan, ScannedInput, firm_of
from proscribe.model.scan_reading import ScanDocument, read_scan
from proscribe.readers import Options, Source, expand, sha256_of

_MAC = re.compile(
    r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])|(?<![0-9A-Fa-f.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![0-9A-Fa-f.])"
)
_SHORTEST_MODEL = 5


@dataclass(frozen=True, slots=True)
class OwnFinding:
    """One finding of a scan of ours, and who sold the thing.

    Attributes:
        firm: name of the firm it is about.
        path: of the input it stands in.
        seller: who sold it, as a record of ours names them; empty when none does.
        order: order and line, where one is known.
        macs, serials, models: of the evidence and the record, folded.
        set_aside: why it does not count; empty when it does.
    """

    finding: Finding
    firm: str
    path: str
    seller: str = ""
    order: str = ""
    macs: frozenset[str] = frozenset()
    serials: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    set_aside: str = ""

    @property
    def id(self) -> str:
        """Give the id of the finding."""
        return self.finding.id

    @property
    def file(self) -> str:
        """Give the name of its file, without folders."""
        return Path(self.path).name

    @property
    def place(self) -> str:
        """Give file and row, with the order line where one is known."""
        at = self.finding.locator
        sheet = f", sheet {at.sheet}" if at.sheet else ""
        record = f", {self.finding.record_id}" if self.finding.record_id else ""
        return f"{self.file}{sheet} {at.words}{record}" + (f", order {self.order}" if self.order else "")

    @property
    def why(self) -> str:
        """Give the evidence in words, strongest first."""
        said = [f"{one.field} {one.found[:60]!r}, {one.why}" for one in _ranked(self.finding)[:2]]
        if not said and self.finding.derived_from:
            return "it contains what other findings are about"
        return "; ".join(said) or "no evidence is given"

    @property
    def mark(self) -> str:
        """Give what the strongest evidence found, without what differs from unit to unit."""
        models = sorted(one.found for one in self.finding.evidence if one.matcher == "model_number")
        if models:
            return code_key(models[0])
        # The last half of a MAC address is the unit's own.
        return next((one.facts[0] if one.facts else one.found[:60] for one in _ranked(self.finding)), "")

    @property
    def questions(self) -> tuple[str, ...]:
        """Give what would settle it."""
        return tuple(one[:300] for one in self.finding.questions[:3])


def _ranked(finding: Finding) -> list[Evidence]:
    return sorted(finding.evidence, key=lambda one: -one.weight_mbit)


@dataclass(frozen=True, slots=True)
class Held:
    """Everything we hold that can be compared with an answer.

    Attributes:
        scans: name and SHA-256 of each scan.
        untraced: inputs whose sellers are not known, each with the reason.
        sellers: folded names of all sellers that the records name, found or not.
        days: day of each scan.
    """

    findings: tuple[OwnFinding, ...] = ()
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
    findings: dict[str, OwnFinding] = {}
    untraced: dict[str, None] = {}
    sellers: set[str] = set()
    documents = [_read(name, content) for name, content in scans]
    for document in documents:
        trace = _trace(document.scan, [Path(document.name).parent, *folders])
        untraced.update(dict.fromkeys(trace.untraced))
        sellers |= trace.sellers
        findings |= {one.id: _traced(document.scan, one, trace) for one in document.scan.findings}
    return Held(
        tuple(findings.values()),
        tuple((document.name, document.sha256) for document in documents),
        tuple(untraced),
        frozenset(map(name_key, sellers)),
        tuple(document.scan.as_of for document in documents),
    )


def _read(name: str, content: bytes) -> ScanDocument:
    try:
        return read_scan(content, name)
    except CodecError as problem:
        raise error("E157.handed_over", name=name, why=problem) from None


def _trace(scan: Scan, folders: Sequence[Path]) -> _Trace:
    trace = _Trace()
    for one in scan.inputs:
        if not one.records:
            continue
        found = _located(one.path, one.sha256, folders)
        if isinstance(found, str):
            trace.untraced.append(f"{Path(one.path).name}: {found}")
            continue
        try:
            _read_sellers(one, found, trace)
        except (InputError, OSError) as problem:
            trace.untraced.append(f"{Path(one.path).name}: it could not be read again ({problem})")
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


def _read_sellers(one: ScannedInput, path: Path, trace: _Trace) -> None:
    columns = {field: column for table in one.tables for column, field in table.fields.items()}
    for source in expand([path]).sources:
        reading = open_apart(Source(one.path, source.path, source.size_bytes), Options())
        for batch in reading.batches():
            table = reading.tables[batch.table]
            names = {field: header for header, field in table.fields.items()}
            names |= {name: column for name, column in columns.items() if column in table.header}
            picked = {
                key: batch.rows.column(table.header.index(names[key])).to_pylist()
                for key in ("vendor_name", "order_line")
                if names.get(key) in table.header
            }
            for offset in range(batch.rows.num_rows if picked else 0):
                place = (one.index, table.sheet, batch.first_record + offset)
                seller = (picked["vendor_name"][offset] or "").strip() if "vendor_name" in picked else ""
                order = code_key(picked["order_line"][offset] or "") if "order_line" in picked else ""
                if order:
                    trace.order[place] = picked["order_line"][offset].strip()
                if seller:
                    trace.seller[place] = seller
                    trace.sellers.add(seller)
                    if order:
                        trace.sold_by.setdefault(order, set()).add(seller)


def _traced(scan: Scan, finding: Finding, trace: _Trace) -> OwnFinding:
    place = (finding.input, finding.locator.sheet, finding.locator.row)
    order = trace.order.get(place, "")
    seller = trace.seller.get(place, "")
    if not seller and order:
        # An order that two sellers share tells nothing.
        sold_by = trace.sold_by.get(code_key(order), set())
        seller = next(iter(sold_by)) if len({name_key(one) for one in sold_by}) == 1 else ""
    texts = [one.found for one in finding.evidence]
    firm = firm_of(finding)
    return OwnFinding(
        finding,
        scan.entity_names.get(firm, firm),
        scan.inputs[finding.input].path,
        seller,
        order,
        frozenset().union(*map(macs_in, texts)),
        frozenset(filter(None, [code_key(finding.details.serial_number or "")])),
        frozenset(key for key in map(code_key, texts) if len(key) >= _SHORTEST_MODEL),
        f"set aside: {finding.ignored.reason[:200]}" if finding.ignored is not None else "",
    )


def about(
    held: Held, names: Iterable[str], products: Sequence[Mapping[str, str]]
) -> list[tuple[OwnFinding, str]]:
    """Give the findings that concern a supplier, each with how they are known to: the seller, or an identifier of its form."""
    keys = {name_key(name) for name in names if name_key(name)}
    serials = " ".join(row.get("serials", "") for row in products)
    macs = macs_in(serials)
    codes = {code_key(one) for one in re.split(r"[\s,;]+", _MAC.sub(" ", serials))}
    codes = {one for one in codes if len(one) >= _SHORTEST_MODEL}
    models = {code_key(row.get("model", "")) for row in products}
    models = {one for one in models if len(one) >= _SHORTEST_MODEL}
    found: list[tuple[OwnFinding, str]] = []
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
