"""Ruled tables on paper: the cells are told by the lines around them, whatever the columns are called."""

from __future__ import annotations

import importlib.util
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from proscribe import scan
from proscribe.readers.written.positions import Word
from proscribe.readers.written.ruled import Rule, ruled_tables


def _builders() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "pdf_of_invoices", Path(__file__).with_name("test_invoices.py")
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BUILDERS = _builders()
XS = (40, 110, 300, 480, 560)
HEAD = ("Tag", "Where it hangs", "Device", "Seen by")
ROWS = (
    ("BH-01", "Gate, left", "Dahua NVR4108HS-8P-4KS2", "Jo"),
    ("BH-02", "Hall", "Axis P3265-LVE", "Jo"),
    ("BH-03", "Roof", "Hikvision DS-2CD2143G2-I", "Mia"),
)


def ruled(rows: Any, *, boxes: bool = False, at: int = 700) -> bytes:
    """Give the operators of a table, its cells ruled by lines or each drawn as a box."""
    drawn = [b"0.5 w"]
    for n in range(len(rows)):
        for left, right in pairwise(XS):
            low = at - 20 * (n + 1)
            if boxes:
                drawn.append(b"%d %d %d 20 re S" % (left, low, right - left))
            else:
                drawn.append(
                    b"%d %d m %d %d l S %d %d m %d %d l S"
                    % (left, low, right, low, left, low, left, low + 20)
                )
                drawn.append(b"%d %d m %d %d l S" % (left, low + 20, right, low + 20))
                drawn.append(b"%d %d m %d %d l S" % (right, low, right, low + 20))
    cells = [
        (x + 3, at - 20 * n - 14, text)
        for n, row in enumerate(rows)
        for x, text in zip(XS, row, strict=False)
    ]
    return b"\n".join(drawn) + b"\n" + BUILDERS.written(cells)


def document(tmp_path: Path, *pages: bytes) -> Any:
    path = tmp_path / "walk.pdf"
    path.write_bytes(BUILDERS.pages(*pages))
    return scan(path)


@pytest.mark.parametrize("boxes", [False, True])
def test_a_ruled_table_without_counts_or_prices_is_read_into_its_columns(tmp_path: Path, boxes: bool) -> None:
    result = document(tmp_path, ruled((HEAD, *ROWS), boxes=boxes))
    found = {dict(one.record)["Tag"]: dict(one.record) for one in result.findings}
    assert set(found) == {"BH-01", "BH-03"}
    assert found["BH-01"]["Device"] == "Dahua NVR4108HS-8P-4KS2" and found["BH-01"]["Seen by"] == "Jo"
    assert not any("Tag" in value for one in result.findings for value in dict(one.record).values())


def test_it_goes_on_over_pages_without_its_head(tmp_path: Path) -> None:
    result = document(tmp_path, ruled((HEAD, *ROWS[:2])), ruled((ROWS[2],), at=760))
    assert [dict(one.record)["Tag"] for one in result.findings] == ["BH-01", "BH-03"]


def test_boxes_without_known_heads_stay_lines_of_text(tmp_path: Path) -> None:
    result = document(
        tmp_path, ruled((("Please", "tick", "one", "box"), ("yes", "no", "Dahua NVR4108HS", "maybe")))
    )
    (found,) = result.findings
    assert list(dict(found.record)) == ["text"]


def _word(text: str, left: float, top: float) -> Word:
    return Word(text, left, top, left + 6.0 * len(text), top + 10, line=int(top // 20))


def _rules(*, down: tuple[float, ...], across: tuple[float, ...]) -> list[Rule]:
    left, right, top, bottom = down[0], down[-1], across[0], across[-1]
    return [*((x, top, x, bottom) for x in down), *((left, y, right, y) for y in across)]


def test_a_word_across_a_line_shows_that_it_is_no_table() -> None:
    rules = _rules(down=(0, 100, 200), across=(0, 20, 40))
    words = [
        _word("Device", 5, 5),
        _word("Serial", 105, 5),
        _word("Hikvision", 5, 25),
        _word("7719", 105, 25),
    ]
    (table,) = ruled_tables(words, rules, None)
    assert [column.name for column in table.columns] == ["Device", "Serial"]
    assert table.records[0].cells == ["Hikvision", "7719"]
    assert not ruled_tables([*words, _word("all of the floor", 50, 25)], rules, None)


def test_two_lines_in_one_cell_are_one_record() -> None:
    rules = _rules(down=(0, 100, 200), across=(0, 20, 60))
    words = [
        _word("Device", 5, 5),
        _word("Serial", 105, 5),
        _word("Hikvision", 5, 25),
        _word("turret", 5, 40),
    ]
    (table,) = ruled_tables(words, rules, None)
    assert [record.cells for record in table.records] == [["Hikvision turret", ""]]


def aligned(rows: Any, xs: Any = (40, 100, 200, 300, 440), at: int = 700, pitch: int = 18) -> bytes:
    """Give the operators of rows of which the cells stand in lanes, and nothing is ruled."""
    return BUILDERS.written(
        [
            (x, at - pitch * n, text)
            for n, row in enumerate(rows)
            for x, text in zip(xs, row, strict=False)
            if text
        ]
    )


LIST = (
    ("Tag", "Location", "Manufacturer", "Model", "Status"),
    ("C-01", "North gate", "Hikvision", "DS-2CD2143G2-I", "in use"),
    ("", "Hall", "Axis", "P3265-LVE", "in use"),
    ("C-03", "Roof", "Dahua", "IPC-HFW2431T-ZS", "removed 2022"),
)


def test_a_list_in_lanes_without_rules_is_read_into_its_columns(tmp_path: Path) -> None:
    found = {one.entity: dict(one.record) for one in document(tmp_path, aligned(LIST)).findings}
    assert found["hikvision"] == dict(zip(LIST[0], LIST[1], strict=True))
    assert found["dahua"] == dict(zip(LIST[0], LIST[3], strict=True))


def test_a_line_within_a_row_of_a_list_goes_on_with_its_cells(tmp_path: Path) -> None:
    rows = aligned((*LIST[:2], LIST[3]), pitch=24)
    wrapped = BUILDERS.written([(100, 665, "left pillar"), (300, 665, "2.8mm")])
    (hikvision,) = [
        one for one in document(tmp_path, rows + b"\n" + wrapped).findings if one.entity == "hikvision"
    ]
    assert dict(hikvision.record)["Location"] == "North gate left pillar"
    assert dict(hikvision.record)["Model"] == "DS-2CD2143G2-I 2.8mm"


@pytest.mark.parametrize(
    "rows",
    [
        (*LIST[:2], ("C-09", "a remark that reaches over the lanes of the list", "", "Dahua NVR5216")),
        (("Tag", "Where it hangs", "Thing", "Now"), ("C-01", "Gate", "Hikvision DS-2CD2143G2-I", "up")),
        (("Tag", "Model", "Tag", "Model"), ("C-01", "DS-2CD2143G2-I", "C-02", "P3265-LVE")),
    ],
)
def test_what_is_no_list_for_certain_stays_lines_of_text(tmp_path: Path, rows: Any) -> None:
    for one in document(tmp_path, aligned(rows)).findings:
        assert [name for name, _ in one.record] == ["text"]
