"""What is sifted, line by line or in columns, gives the answers, counts and issues of reading every record."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.app.scan import run
from proscribe.app.scan.line_sieves import Sending, sending
from proscribe.matching import asked, compiled, parted
from proscribe.matching.found import Findings, Mentions, Segment
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.lines import KEPT, Asked, CompiledSieve
from proscribe.model.observations import Table
from proscribe.readers.base import Options, Source
from proscribe.readers.columnar import Parquet
from proscribe.readers.tabular_text import open_text

ROOT = Path(__file__).parents[2]
LEDGER = {"id": "row_id", "vendor": "vendor_name", "what": "text", "sum": "amount", "aside": "other"}
FILES = sorted(
    path
    for folder in ("examples/inputs", "examples/company", "tests/readers/fixtures")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".csv", ".tsv", ".txt") and path.stat().st_size < 300_000
)


@pytest.fixture(scope="module")
def kernel(index: Index, compiled_loop: Any) -> Kernel:
    made = Kernel(index, always_scan=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "built", compiled_loop)
        made.scanner("text"), made.scanner("banner")
    return made


@pytest.fixture(autouse=True)
def _few_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have only the records kept whole of which samples are shown; else these files are."""
    keep_whole(200, monkeypatch)


def keep_whole(count: int, patch: pytest.MonkeyPatch) -> None:
    for module in (asked, parted):
        patch.setattr(module, "MOST_RECORDS", count)


def sifted(
    kernel: Kernel, loop: Any, path: Path, options: Options, *, sift: bool
) -> tuple[dict[str, Any], int]:
    """Match a file; gives all that comes of it, and how many records were left out."""
    source = Source(path.name, path, path.stat().st_size)
    reading: Any = (
        Parquet().open(source, options)
        if path.suffix == ".parquet"
        else open_text(source, options, "tabular")
    )
    left = 0
    if sift:
        table = run.kind_stated(reading, reading.tables[0])
        sent = sending(kernel, table, 1 << 40, keep_all=False)
        reading.line_sieve = made(sent, loop) if sent is not None else None
    part = run.Part()

    def batches() -> Any:
        nonlocal left
        for batch in reading.batches():
            left += batch.left.records if batch.left is not None else 0
            yield batch

    run.match_batches(kernel, reading, batches(), part, lambda _records: None)
    segments = [Segment(0, tuple(table.sheet for table in reading.tables), 0, part.found)]
    return {
        "records": part.records,
        "coverage": +part.coverage,
        "findings": list(Findings(segments)),
        "mentions": list(Mentions(segments)),
        "probes": part.probes,
        "blind": part.blind,
        "sites": part.sites.counts,
        "samples": part.samples,
        "closed": part.closed,
        "own words": part.own_words,
        "issues": reading.issues,
        "tables": reading.tables,
        "read": reading.bytes_read(),
    }, left


_made: dict[Asked, CompiledSieve] = {}


def made(sent: Sending, loop: Any) -> CompiledSieve:
    """Make a sieve, once for each thing that is asked."""
    if sent.asked not in _made:
        _made[sent.asked] = sent.made(loop)
    return _made[sent.asked]


def alike(kernel: Kernel, loop: Any, path: Path, options: Options, but: str = "") -> int:
    """Hold one way to the other, and give how many records were left out."""
    whole, nothing = sifted(kernel, loop, path, options, sift=False)
    some, left = sifted(kernel, loop, path, options, sift=True)
    assert nothing == 0
    for name, value in whole.items():
        assert name == but or some[name] == value, name
    return left


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_on_every_file_of_delimited_text(kernel: Kernel, compiled_loop: Any, path: Path) -> None:
    alike(kernel, compiled_loop, path, Options(batch_bytes=20_000))


def ledger(folder: Path, lines: Sequence[tuple[str, ...]], **how: Any) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, **{"lineterminator": "\n", **how}).writerows([tuple(LEDGER), *lines])
    path = folder / "ledger.csv"
    path.write_bytes(text.getvalue().encode())
    return path


PLAIN = [(f"Q{n}", "Acme Stationery", "paper, large boxes", f"{n}.50", "") for n in range(100, 800)]
#: Ids that run on, and look like numbers of models.
RUNNING = [(f"R{n}", "Acme", "recorder" if n % 7 else "", "1", "") for n in range(8_000, 8_600)]
FOUND = [
    ("R9000", "Hangzhou Hikvision Digital Technology", "", "1.00", ""),
    ("R9001", "", "camera DS-2CD2042WD-I", "2.00", ""),
    ("R9002", "Acme", "海康威视 摄像机", "3", ""),
    ("R9003", "Acme", "+AEgAaQBrAHYAaQBzAGkAbwBu-", "", ""),
    ("R9004", "Acme", "data:image/png;base64,iVBORw0KGgo", "", ""),
    ("R9005", "Acme", 'a 19" switch of "Huawei"', "", ""),
    ("R9006", "Acme", "router\nby ZTE", "", ""),
    ("R9007", "Acme", "&#72;ikvision", "", ""),
    ("R9008", "Acme", "a camera DS-2CD21\x0b43G2-I", "", ""),
    ("", "", "", "", ""),
    ("", "Acme", "no key here", "4", "see Dahua quote"),
    ("R9009", "Acme", "#REF!", "", ""),
    ("R9010", "Acme", "Err:502", "", ""),
    ("R9011", "Acme", "Same as above", "", ""),
    ("R9012", "Acme", "camera", "", "banned under NDAA 889"),
    ("R9013", "Acme", "camera", "", "(889) prohibited"),
    ("R9014", "Acme", "on the FCC Covered List", "", ""),
    ("R9015", "Acme", '"', "", ""),
]


@pytest.mark.parametrize("mapping", [LEDGER, {}, {**LEDGER, "sum": "quantity"}, {"aside": "text"}], ids=str)
@pytest.mark.parametrize("batch_bytes", [1 << 24, 9_000])
def test_most_lines_of_a_ledger_are_left_out(
    kernel: Kernel, compiled_loop: Any, tmp_path: Path, mapping: Mapping[str, str], batch_bytes: int
) -> None:
    path = ledger(tmp_path, [*PLAIN[:300], *FOUND, *PLAIN[300:], *RUNNING, *FOUND])
    options = Options(dict(mapping), batch_bytes=batch_bytes)
    whole, _ = sifted(kernel, compiled_loop, path, options, sift=False)
    assert len(whole["findings"]) > 8 and alike(kernel, compiled_loop, path, options) > 150


@pytest.mark.parametrize(
    "how", [{"lineterminator": "\r\n"}, {"quoting": csv.QUOTE_ALL}, {"delimiter": ";"}], ids=str
)
def test_in_other_dialects(kernel: Kernel, compiled_loop: Any, tmp_path: Path, how: dict[str, Any]) -> None:
    path = ledger(tmp_path, [*PLAIN, *FOUND], **how)
    assert alike(kernel, compiled_loop, path, Options(dict(LEDGER))) > 300


_PIECE = st.one_of(
    st.sampled_from(
        ["Hikvision", "HUAWEI", "DS-2CD2042", "ditto", "#N/A", "Err:508", " 889 ", "NDAA banned", "\n\n", "acme", " ", ".50",
         "12", "2026-01-02", '"', '""', "\r", "\r\n", "\n", "=cmd|x!A1",
         "\x00", "é", "\ufeff", "\u202e", "海康", "a" * 16, "data:a/b", "begin 644 x", "+AEgAaQBr", "%48", "R8000", "x" * 9_000]
    ),
    st.text(max_size=4),
)  # fmt: skip
_CELL = st.lists(_PIECE, max_size=3).map("".join)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_on_any_text(kernel: Kernel, compiled_loop: Any, tmp_path: Path, data: st.DataObject) -> None:
    cells = st.one_of(_CELL, _CELL.map(lambda text: '"' + text.replace('"', '""') + '"'))
    line = st.one_of(
        st.just("R1,Acme,paper,1.00,"),
        st.lists(cells, min_size=5, max_size=5).map(",".join),
        st.lists(cells, max_size=6).map(",".join),
    )
    ending = st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n"])
    lines = data.draw(st.lists(st.tuples(line, ending), max_size=10))
    text = "id,vendor,what,sum,aside\n" + "".join(line + end for line, end in lines)
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    path = tmp_path / "any.csv"
    path.write_bytes(
        text.encode(encoding, "replace") + data.draw(st.sampled_from([b"", b"\xff", b"R2,Acme"]))
    )
    mapping = data.draw(st.sampled_from([LEDGER, {name: LEDGER[name] for name in ("vendor", "what")}]))
    options = Options(dict(mapping), batch_bytes=data.draw(st.sampled_from([60, 1 << 20])))
    with pytest.MonkeyPatch.context() as patch:
        keep_whole(0, patch)
        alike(kernel, compiled_loop, path, options, but="samples")


# --- columns ---------------------------------------------------------------------------------


def columns_of(lines: Sequence[tuple[Any, ...]], *, repeating: bool) -> pa.Table:
    """Make a table of LEDGER; a text that is empty is a null in every other column."""
    arrays = []
    for place in range(len(LEDGER)):
        texts = [line[place] or ("" if place % 2 else None) for line in lines]
        array = pa.array(texts, pa.string())
        arrays.append(array.dictionary_encode() if repeating else array)
    return pa.table(arrays, names=list(LEDGER))


def parquet(folder: Path, table: pa.Table, rows_a_group: int) -> Path:
    path = folder / "ledger.parquet"
    pq.write_table(table, path, row_group_size=rows_a_group)
    return path


@pytest.mark.parametrize("repeating", [False, True])
@pytest.mark.parametrize("mapping", [LEDGER, {}, {**LEDGER, "sum": "quantity"}, {"aside": "text"}], ids=str)
@pytest.mark.parametrize("rows_a_group", [10_000, 250])
def test_most_rows_of_columns_are_left_out(
    kernel: Kernel,
    compiled_loop: Any,
    tmp_path: Path,
    mapping: Mapping[str, str],
    rows_a_group: int,
    repeating: bool,
) -> None:
    lines = [*PLAIN[:300], *FOUND, *PLAIN[300:], *RUNNING, *FOUND]
    path = parquet(tmp_path, columns_of(lines, repeating=repeating), rows_a_group)
    options = Options(dict(mapping))
    assert alike(kernel, compiled_loop, path, options) > 150
    # and as the same rows in delimited text, but for the rows of the file
    told = [
        sifted(kernel, compiled_loop, one, options, sift=True)[0] for one in (path, ledger(tmp_path, lines))
    ]
    columns, delimited = (
        [(one.record_id, one.entity, one.band, one.evidence) for one in each["findings"]] for each in told
    )
    assert columns == delimited and len(columns) > 8
    assert told[0]["records"] == told[1]["records"] and told[0]["coverage"] == told[1]["coverage"]


def test_parts_of_a_file_of_columns_are_sifted_as_the_whole(
    kernel: Kernel, compiled_loop: Any, tmp_path: Path
) -> None:
    path = parquet(tmp_path, columns_of([*PLAIN, *FOUND, *RUNNING], repeating=True), 200)
    options = Options(dict(LEDGER))
    whole, _ = sifted(kernel, compiled_loop, path, options, sift=True)
    source = Source(path.name, path, path.stat().st_size)
    parts = Parquet().open(source, options).partitions(3)
    assert parts is not None and len(parts) == 3
    made_parts = []
    for part in parts:
        reading = part.open()
        sent = sending(kernel, run.kind_stated(reading, reading.tables[0]), 1 << 40, keep_all=False)
        assert sent is not None
        reading.line_sieve = made(sent, compiled_loop)
        one = run.Part()
        run.match_batches(kernel, reading, reading.batches(), one, lambda _records: None)
        made_parts.append(one)
    segments = [Segment(0, (None,), 0, one.found) for one in made_parts]
    assert list(Findings(segments)) == whole["findings"]
    assert whole["findings"]
    assert sum(one.records for one in made_parts) == whole["records"]


_TYPED = (
    (pa.int64(), st.sampled_from([0, 7, 2_042, 123_456_789_012, -5])),
    (pa.float64(), st.sampled_from([0.0, 1.5, 8.9, float("nan"), 1e300])),
    (pa.date32(), st.sampled_from([datetime.date(2026, 1, 2), datetime.date(1999, 12, 31)])),
    (pa.timestamp("ns"), st.sampled_from([0, 1_700_000_000_000_000, 1])),
    (pa.bool_(), st.booleans()),
    (pa.binary(), st.sampled_from([b"Hikvision", b"\xff\x00", b"", b"paper"])),
    (pa.list_(pa.string()), st.lists(st.sampled_from(["Huawei", "paper"]), max_size=2)),
    (pa.large_string(), _CELL), (pa.string_view(), _CELL), (pa.null(), st.none()),
    (pa.string(), _CELL), (pa.string(), st.sampled_from(["", "Acme", "Dahua", "paper"])),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_on_columns_of_any_type(
    kernel: Kernel, compiled_loop: Any, tmp_path: Path, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, 12))
    arrays = []
    for _ in LEDGER:
        kind, values = data.draw(st.sampled_from(_TYPED))
        drawn = data.draw(st.lists(st.none() | values, min_size=count, max_size=count))
        array = pa.array(drawn, kind)
        arrays.append(
            array.dictionary_encode() if kind == pa.string() and data.draw(st.booleans()) else array
        )
    path = parquet(tmp_path, pa.table(arrays, names=list(LEDGER)), data.draw(st.sampled_from([3, 100])))
    mapping = data.draw(st.sampled_from([LEDGER, {name: LEDGER[name] for name in ("vendor", "what")}]))
    with pytest.MonkeyPatch.context() as patch:
        keep_whole(0, patch)
        alike(kernel, compiled_loop, path, Options(dict(mapping)), but="samples")


@settings(max_examples=100)
@given(
    st.lists(
        _CELL.map(lambda text: "".join(char for char in text if char not in ',"\r\n')).filter(bool),
        min_size=1,
    )
)
def test_a_cell_of_a_column_is_kept_where_a_line_of_it_would_be(
    kernel: Kernel, compiled_loop: Any, texts: list[str]
) -> None:
    table = Table(None, ("vendor", "x"), {"vendor": "vendor_name", "x": "text"})
    with pytest.MonkeyPatch.context() as patch:
        keep_whole(0, patch)
        sent = sending(kernel, table, 1 << 40, keep_all=False)
    assert sent is not None
    sieve = made(sent, compiled_loop)
    found = sieve.sifted("".join(f"{text},\n" for text in texts).encode(), b",", b'"', 1)
    assert found is not None
    empty = pa.nulls(len(texts), pa.string())
    for column in (pa.array(texts), pa.array(texts).dictionary_encode(), pa.array(["x", *texts]).slice(1)):
        left = sieve.left_out([column, empty], 1)
        assert left.numbers.tolist() == found.left.numbers.tolist()
        assert (left.records, left.holding) == (found.left.records, found.left.holding)
    assert sieve._said(pa.array([None, *texts]), 1)[0] & KEPT == 0


def test_tables_that_ask_more_of_each_record_are_handed_over_whole(
    kernel: Kernel, compiled_loop: Any
) -> None:
    plain = Table(None, ("id", "vendor", "sum"), {"id": "row_id", "vendor": "vendor_name", "sum": "amount"})

    def given_to(table: Table, size: int = 1 << 30, *, keep_all: bool = False) -> bool:
        return sending(kernel, table, size, keep_all=keep_all) is not None

    assert given_to(plain)
    assert not given_to(plain, keep_all=True) and not given_to(plain, 1_000)
    for field in ("mac", "maker_name", "serial_number", "hostname", "fcc_id", "level", "model_number"):
        assert not given_to(
            replace(plain, header=(*plain.header, "x"), fields={**plain.fields, "x": field})
        ), field
    assert not given_to(Table(None, ("what", "x"), {"what": "text"}))
