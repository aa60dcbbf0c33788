"""One scan: inputs read, batches matched, findings placed, everything unread named."""

from __future__ import annotations

import gc
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, overload

from proscribe.app.blind_spots import Tallies, count_batch
from proscribe.matching.kernel import Answer, Kernel
from proscribe.model.errors import InputError
from proscribe.model.findings import Band, Details, Finding, Ignore, Locator, Mention
from proscribe.model.observations import CONTENT_FIELDS, ReadIssue, Table
from proscribe.model.results import LIMITS_OF_ANY_SCAN, ScannedInput

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from proscribe.matching.index import Index
    from proscribe.readers.base import Batch, Reading

#: Called with bytes done, bytes in all, records done.
Progress = Callable[[int, int, int], None]

_MAKER_FIELDS = ("maker_name", "vendor_name")
_MODEL_FIELDS = ("model_number", "part_number", "product_name", "chip")
_IDENTIFIER_FIELDS = ("mac", "cpe", "purl", "fcc_id", "usb_id", "sysobjectid", "serial_number", "hostname")
#: Identifiers inside free text, for tables that have no column of identifiers. Case-insensitive, RE2.
_IDENTIFIER = (
    r"(?i)\b(?:[0-9a-f]{2}[:-]){2}[0-9a-f]{2}(?:[:-][0-9a-fxn*_?]{2}){3}(?:[^0-9a-z]|$)"
    r"|\b[0-9a-f]{4}[.-][0-9a-f]{2}[0-9a-fx*]{2}[.-][0-9a-fx*]{4}\b"
    r"|\b[0-9a-f]{6}(?:[-:][0-9a-fx*]{6}(?:[^0-9a-z]|$)|[x*_]{6}|-{6})"
    r"|\bcpe:(?:2\.3:|/)|\bpkg:[a-z]|\b1\.3\.6\.1\.4\.1\.\d|\bfcc[ -]?id\b|\bid [0-9a-f]{4}:[0-9a-f]{4}\b"
)
#: Matchers whose evidence is an identifier.
_IDENTIFIER_MATCHERS = frozenset({"oui", "cpe", "pen", "usb_id", "pci_id", "fcc_id"})
COVERAGE = (
    "records_with_maker",
    "records_with_model",
    "records_with_identifier",
    "records_with_nothing_usable",
)


@dataclass(slots=True)
class Placed:
    """An answer with its place and what the record says beside it."""

    table: int
    record: int
    pointer: str | None
    record_id: str | None
    texts: tuple[str, ...]
    details: Details
    answer: Answer


#: Fields whose columns are kept for the roll-up of parts, when a table says how parts lie in assemblies.
PARTS_FIELDS = frozenset({"component_ref", "parent_ref", "level", "designators", "fitting"})
#: Fields whose columns the roll-up needs; the other columns of a bill of materials are kept only when all are asked for.
_KEPT_FIELDS = PARTS_FIELDS | {
    "quantity", "unit_cost", "currency", "site", "row_id", "part_number", "model_number", "product_name", "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """Whole columns of one batch, kept for questions that need the records without findings too.

    Attributes:
        first_record: number of the first record, counted from 1 within the table.
        rows: the table's columns under their own names, every row of the batch; for the roll-up alone, those it needs.
        pointers: places of the records, as in the batch.
    """

    table: int
    first_record: int
    rows: pa.RecordBatch
    pointers: Sequence[str] | None = None


@dataclass(slots=True)
class Part:
    """What was made of one input, or of one byte range of it.

    `keep_all` asks for the columns of every table; otherwise only bills of materials are kept.
    """

    records: int = 0
    coverage: Counter[str] = field(default_factory=Counter)
    placed: list[Placed] = field(default_factory=list)
    probes: dict[tuple[int, str], tuple[Counter[str], int]] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    keep_all: bool = False
    blind: Tallies = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptInput:
    """One input with the columns of its records, for questions that need those without findings too."""

    index: int
    path: str
    tables: tuple[Table, ...]
    parts: tuple[Part, ...]
    reader: str = ""


def fault(error: InputError | OSError, display: str) -> ReadIssue:
    """Turn what stopped the reading of an input into an issue; what was read before stands."""
    if isinstance(error, InputError):
        pieces = (error.what, f"Expected {error.expected}." if error.expected else "", error.next_step)
        return ReadIssue(error.code, error.at or display, " ".join(piece for piece in pieces if piece))
    return ReadIssue("E102", display, f"The file could not be read: {error.strerror or error}.")


def read_fields(table: Table) -> dict[str, str]:
    """Give the columns of a table that are matched, with their fields."""
    unread = set(table.unread)
    return {
        name: kind for name, kind in table.fields.items() if kind in CONTENT_FIELDS and name not in unread
    }


def match_batches(
    kernel: Kernel, reading: Reading, batches: Iterable[Batch], part: Part, tick: Callable[[int], None]
) -> None:
    """Match every batch and collect answers, counts and probes of unread columns into `part`."""
    with no_cycle_search():
        _match_batches(kernel, reading, batches, part, tick)


#: The last index and its kernel: a scanner takes half a second to make, for the images of one scan once.
_sieving: list[Kernel] = []


def sieve_of(index: Index) -> Callable[[pa.StringArray, str], list[int]]:
    """Give a function that tells which texts of a column hold a sign by themselves, for readers of very many strings.

    The function takes the column and the field it would be read as, and gives row numbers, ascending.
    """
    if not _sieving or _sieving[0].index is not index:
        _sieving[:] = [Kernel(index, always_scan=True)]
    kernel = _sieving[0]

    def rows(column: pa.StringArray, kind: str) -> list[int]:
        import pyarrow as pa

        texts = pa.RecordBatch.from_pydict({"text": column})
        with no_cycle_search():
            return [place for place, _ in kernel.match_rows(texts, {"text": kind})]

    return rows


@contextmanager
def no_cycle_search() -> Iterator[None]:
    """Pause the search for reference cycles: matching makes very many objects and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _match_batches(
    kernel: Kernel, reading: Reading, batches: Iterable[Batch], part: Part, tick: Callable[[int], None]
) -> None:
    for batch in batches:
        table = reading.tables[batch.table]
        fields = read_fields(table)
        rows = batch.rows
        part.records += rows.num_rows
        identified = _count_coverage(rows, fields, part.coverage)
        context = {
            kind: name for name, kind in reversed(list(table.fields.items())) if kind not in CONTENT_FIELDS
        }
        serial = next((name for name, kind in table.fields.items() if kind == "serial_number"), None)
        dates = _iso_days(rows.column(context["dated_on"])) if "dated_on" in context else None
        said: dict[int, set[str]] = {}
        for place, answer in kernel.match_rows(rows, fields, dates):
            said[place] = {
                verdict.covered_through[-1] for verdict in answer[0] if verdict.band is Band.CONFIRMED
            }
            if not identified[place] and _rests_on_identifier(answer):
                part.coverage["records_with_identifier"] += 1
            part.placed.append(
                Placed(
                    table=batch.table,
                    record=batch.first_record + place,
                    pointer=batch.pointers[place] if batch.pointers else None,
                    record_id=_cell(rows, context.get("row_id") or context.get("component_ref"), place),
                    texts=tuple(_cell(rows, name, place) or "" for name in fields),
                    details=Details(
                        quantity=_cell(rows, context.get("quantity"), place),
                        unit_cost=_cell(rows, context.get("unit_cost"), place),
                        amount=_cell(rows, context.get("amount"), place),
                        currency=_cell(rows, context.get("currency"), place),
                        site=_cell(rows, context.get("site"), place),
                        dated_on=_cell(rows, context.get("dated_on"), place),
                        serial_number=_cell(rows, serial, place),
                    ),
                    answer=answer,
                )
            )
        if part.keep_all or not PARTS_FIELDS.isdisjoint(table.fields.values()):
            part.kept.append(_kept(batch, table, whole=part.keep_all))
        count_batch(rows, table, batch.first_record, part.blind)
        _probe(kernel, rows, table, batch, part, said)
        tick(rows.num_rows)


class _Packed(Sequence[str]):
    """Texts held as one Arrow array: a tenth of the memory of a list of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        import pyarrow as pa

        self._texts = pa.array(texts, pa.string())

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            texts: list[str] = self._texts[place].to_pylist()
            return texts
        text: str = self._texts[place].as_py()
        return text


def _kept(batch: Batch, table: Table, *, whole: bool) -> Kept:
    if whole:
        return Kept(batch.table, batch.first_record, batch.rows, batch.pointers)
    wanted = [
        name
        for name in batch.rows.schema.names
        if table.fields.get(name) in _KEPT_FIELDS
        # what programs say of themselves at length names nobody's parts
        and not (table.kind == "software" and table.fields[name] == "text")
    ]
    pointers = _Packed(batch.pointers) if batch.pointers is not None else None
    return Kept(batch.table, batch.first_record, batch.rows.select(wanted), pointers)


def _cell(rows: pa.RecordBatch, name: str | None, place: int) -> str | None:
    if name is None:
        return None
    value = rows.column(name)[place].as_py()
    return value if value else None


def _rests_on_identifier(answer: Answer) -> bool:
    return any(item.matcher in _IDENTIFIER_MATCHERS for verdict in answer[0] for item in verdict.evidence)


def _count_coverage(
    rows: pa.RecordBatch, fields: Mapping[str, str], coverage: Counter[str]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Count what the records carry; give the records counted as carrying an identifier."""
    import numpy as np
    import pyarrow.compute as pc

    filled: dict[str, Any] = {}
    for name, kind in fields.items():
        lengths = pc.fill_null(pc.binary_length(rows.column(name)), 0)
        present = pc.greater(lengths, 0).to_numpy(zero_copy_only=False)
        filled[kind] = filled[kind] | present if kind in filled else present
    identified = np.zeros(rows.num_rows, dtype=bool)
    nothing = np.ones(rows.num_rows, dtype=bool)
    for present in filled.values():
        nothing &= ~present
    for label, kinds in (
        ("records_with_maker", _MAKER_FIELDS),
        ("records_with_model", _MODEL_FIELDS),
        ("records_with_identifier", _IDENTIFIER_FIELDS),
    ):
        mask = np.zeros(rows.num_rows, dtype=bool)
        for kind in kinds:
            if kind in filled:
                mask |= filled[kind]
        if label == "records_with_identifier":
            if not mask.any() and len(fields) == 1:
                mask = _identifiers_inside(rows, fields)
            identified = mask
        coverage[label] += int(mask.sum())
    coverage["records_with_nothing_usable"] += int(nothing.sum())
    return identified


def _identifiers_inside(
    rows: pa.RecordBatch, fields: Mapping[str, str]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which lines of a list carry an identifier; a list of devices often has no columns at all."""
    import numpy as np
    import pyarrow.compute as pc

    ((name, kind),) = fields.items()
    if kind not in ("text", "other", "banner", "product_name"):
        return np.zeros(rows.num_rows, dtype=bool)
    found = pc.fill_null(pc.match_substring_regex(rows.column(name), _IDENTIFIER), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _probe(
    kernel: Kernel,
    rows: pa.RecordBatch,
    table: Table,
    batch: Batch,
    part: Part,
    said: Mapping[int, set[str]],
) -> None:
    """Look whether columns that are not read hold a name we know, so that the report can say so.

    Args:
        said: by row, the firms that the columns which are read confirm already; a note adds nothing to these.
    """
    places = {name: place for place, name in enumerate(rows.schema.names)}
    # A column of recorders is kept to join by, and often names the recorder's maker too.
    recorders = tuple(name for name, kind in table.fields.items() if kind == "recorder")
    for name in (*table.unread, *recorders):
        if name not in places or rows.column(places[name]).null_count == rows.num_rows:
            continue
        for place, (verdicts, spoken) in kernel.match_rows(rows.select([name]), {name: "text"}):
            # What a note denies or compares with is named all the same, and a person should read it.
            named = {verdict.covered_through[-1] for verdict in verdicts} | {item.entity for item in spoken}
            named -= said.get(place, set())
            if not named:
                continue
            key = (batch.table, name)
            counts, first = part.probes.get(key, (Counter(), batch.first_record + place))
            counts.update(named)
            part.probes[key] = (counts, min(first, batch.first_record + place))


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


def iso_day(text: str) -> str | None:
    """Read the day out of a date as people write it; the earlier day where month and day could change places.

    The earlier day is taken because it never makes a divested firm's unit look newer than it is.
    """
    found = _YEAR_FIRST.search(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
        return _valid(year, month, day)
    found = _YEAR_LAST.search(text)
    if found:
        first, second, year = (int(part) for part in found.groups())
        readings = [
            reading for reading in (_valid(year, second, first), _valid(year, first, second)) if reading
        ]
        return min(readings) if readings else None
    found = re.fullmatch(r"\s*((?:19|20)\d{2})\s*", text)
    return f"{found.group(1)}-01-01" if found else None


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _iso_days(column: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = column.dictionary_encode()
    days = [iso_day(text) if text else None for text in encoded.dictionary.to_pylist()]
    return pc.take(pa.array(days, pa.string()), encoded.indices)


def assemble(
    index: Index,
    number: int,
    path: str,
    tables: list[Table],
    parts: Iterable[Part],
    seen: Counter[str],
) -> tuple[list[Finding], list[Mention]]:
    """Turn placed answers into findings and mentions with stable ids, in order of table, record and entity.

    `seen` counts equal records over all inputs of a scan, so that files of one name in two folders share no id.
    """
    findings: list[Finding] = []
    mentions: list[Mention] = []
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    for part in parts:
        for placed in part.placed:
            sheet = tables[placed.table].sheet
            locator = Locator(placed.record, sheet, placed.pointer)
            verdicts, spoken = placed.answer
            for verdict in verdicts:
                subject = digest(
                    name,
                    sheet or "",
                    placed.record_id or "",
                    *placed.texts,
                    verdict.entity,
                    verdict.role.value,
                )
                seen[subject] += 1
                identity = digest(subject, str(seen[subject]))
                finding = Finding(
                    id=f"f_{identity}",
                    input=number,
                    locator=locator,
                    record_id=placed.record_id,
                    entity=verdict.entity,
                    covered_through=verdict.covered_through,
                    role=verdict.role,
                    band=verdict.band,
                    basis=verdict.basis,
                    lists=verdict.lists,
                    evidence=verdict.evidence,
                    against=verdict.against,
                    questions=verdict.questions,
                    details=placed.details,
                    brand=verdict.brand,
                    category=verdict.category,
                    total_mbit=verdict.total_mbit,
                )
                set_aside = ignored(index, finding, placed) if index.suppressions else None
                findings.append(finding if set_aside is None else replace(finding, ignored=set_aside))
            mentions.extend(
                Mention(number, locator, placed.record_id, item.entity, item.kind, item.evidence)
                for item in spoken
            )
    return findings, mentions


def digest(*parts: str) -> str:
    """Digest texts with their lengths, so that moving a letter from one to the next gives another answer."""
    hashed = hashlib.blake2b(digest_size=10)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(data))
        hashed.update(data)
    return hashed.hexdigest()


def ignored(index: Index, finding: Finding, placed: Placed) -> Ignore | None:
    """Find the organisation's decision that sets a finding aside on the day asked about."""
    for item in index.suppressions:
        until = item.get("until")
        if until and str(until) < index.as_of.isoformat():
            continue
        if item.get("finding") and item["finding"] != finding.id:
            continue
        if item.get("entity") and item["entity"] not in (finding.entity, *finding.covered_through):
            continue
        if item.get("record_id") and item["record_id"] != placed.record_id:
            continue
        if item.get("serial") and item["serial"] != placed.details.serial_number:
            continue
        if item.get("site") and item["site"] != placed.details.site:
            continue
        if item.get("text") and not any(str(item["text"]).lower() in text.lower() for text in placed.texts):
            continue
        if item.get("model") and not any(_names_model(str(item["model"]), text) for text in placed.texts):
            continue
        keys = ("finding", "record_id", "serial", "text", "model")
        if not any(item.get(key) for key in keys) and not (item.get("entity") and item.get("site")):
            continue
        return Ignore(str(item["reason"]), str(item["by"]), str(item["at"]), str(until) if until else None)
    return None


def _names_model(model: str, text: str) -> bool:
    """Tell whether a text names this very model: `X1` is not `MAX100`, nor `X1-PRO`."""
    whole = rf"(?<![0-9a-z])(?<![0-9a-z][-/.]){re.escape(model.lower())}(?![-/.]?[0-9a-z])"
    return re.search(whole, text.lower()) is not None


def probe_issues(index: Index, tables: list[Table], parts: Iterable[Part]) -> list[ReadIssue]:
    """Say which unread columns hold names of screened firms."""
    totals: dict[tuple[int, str], tuple[Counter[str], int]] = {}
    for part in parts:
        for key, (counts, first) in part.probes.items():
            known, known_first = totals.get(key, (Counter(), first))
            totals[key] = (known + counts, min(known_first, first))
    issues = []
    for (table, column), (counts, first) in sorted(totals.items()):
        names = ", ".join(
            f"{index.entity_names.get(entity, entity)} in {count}" for entity, count in sorted(counts.items())
        )
        sheet = tables[table].sheet
        place = f"sheet {sheet!r}, column {column!r}" if sheet else f"column {column!r}"
        issues.append(
            ReadIssue(
                "E140",
                place,
                f"This column was not read, and it names {names} record(s), first in record {first}. "
                f"Read it with --map '{column}=text'.",
                lossy=False,
            )
        )
    return issues


def not_checked(inputs: Iterable[ScannedInput]) -> list[str]:
    """List, in words, what this scan did not look at."""
    said: list[str] = []
    for item in inputs:
        for table in item.tables:
            where = item.path if table.sheet is None else f"{item.path}, sheet {table.sheet!r}"
            if table.unread:
                shown = ", ".join(repr(name) for name in table.unread[:12])
                more = f" and {len(table.unread) - 12} more" if len(table.unread) > 12 else ""
                said.append(f"{where}: columns not read: {shown}{more}")
            if table.hidden:
                said.append(f"{where}: this sheet is hidden in the workbook; it was read")
        nothing = item.coverage.get("records_with_nothing_usable", 0)
        if nothing:
            said.append(f"{item.path}: {nothing} of {item.records} records hold nothing that can be matched")
        identified = item.coverage.get("records_with_identifier", 0)
        if item.records and not identified:
            said.append(
                f"{item.path}: no MAC address, CPE, FCC id or other identifier was recognised in any record, so "
                "relabelled units without a telling name or model cannot be seen here"
            )
        said.extend(
            f"{item.path}, {issue.at}: {issue.what}"
            for issue in item.issues
            if issue.lossy or issue.code == "E140"
        )
    images = any(table.kind == "firmware" for item in inputs for table in item.tables)
    said.append(
        f"{LIMITS_OF_ANY_SCAN[0]} No device was opened, no network was asked, no photograph"
        + (" or paper label was examined." if images else ", paper label or firmware image was examined.")
    )
    said.append(f"{LIMITS_OF_ANY_SCAN[1]}; it is not known to be clear either.")
    return said
