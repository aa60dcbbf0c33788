"""What is sifted line by line gives the answers, counts and issues of reading every record."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.app.scan import run
from proscribe.app.scan.line_sieves import Sending, sending
from proscribe.matching import asked, compiled, parted
from proscribe.matching.found import Findings, Mentions, Segment
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.lines import Asked, CompiledSieve
from proscribe.model.observations import Table
from proscribe.readers.base import Options, Source
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
    reading = open_text(source, options, "tabular")
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


def ledger(folder: Path, lines: list[tuple[str, ...]], **how: Any) -> Path:
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


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
