"""Records that are spread over lines of `name: value`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import proscribe

LOG = """2026-11-20 inventory agent 4.2 started

Device: cam-lobby
  Manufacturer: Hikvision
  Model: DS-2CD2143G2-I
  Serial Number: J44101271
  Notes: hangs over the door,
     replaced in 2021

Device: cam-gate
  Manufacturer: Axis
  Model: P3245
  Serial Number: ACCC8E123456
"""


def test_a_block_is_one_record(read: Any) -> None:
    found = read(LOG)
    assert found.reader == "blocks"
    assert [table.sheet for table in found.tables] == ["text", "records"]
    assert found.tables[1].fields["Manufacturer"] == "maker_name"
    first, second = found.rows[1]
    assert first["Notes"] == "hangs over the door,\nreplaced in 2021" and second["Model"] == "P3245"
    places = [place for batch in found.reading.batches() if batch.table == 1 for place in batch.pointers]
    assert places == ["line 3", "line 10"]


def test_maker_and_model_count_together(tmp_path: Path) -> None:
    path = tmp_path / "agent.log"
    path.write_text(LOG)
    (finding,) = proscribe.scan(path, as_of="2026-11-25").findings
    assert finding.band == "confirmed" and finding.locator.pointer == "line 3"


@pytest.mark.parametrize("between", ["\n", "---\n", "==========\n", ""])
def test_where_a_block_ends(read: Any, between: str) -> None:
    text = between.join(f"Vendor: ZTE\nModel: F660\nSerial: ZTEGC000000{n}\n" for n in range(1, 5))
    assert [row["Serial"] for row in read(text).only()] == [f"ZTEGC000000{n}" for n in range(1, 5)]


@pytest.mark.parametrize("form", ["{} : {}", "{} = {}", "{}: {}", "{}......: {}", "{}：{}"])
def test_forms_of_a_line(read: Any, form: str) -> None:
    text = "\n".join(
        form.format(name, value)
        for name, value in [("Manufacturer", "Hikvision"), ("Model", "DS-7608NI"), ("Serial", "J44101271")]
    )
    found = read(text)
    assert found.reader == ("blocks" if form != "{}：{}" else "lines")
    assert "Hikvision" in str(found.rows)


@pytest.mark.parametrize(
    "text",
    [
        "From: here\nTo: there\nHikvision DS-2CD2143G2-I\n",
        "10:02:11 login from 10.0.0.5\n10:02:12 logout\n10:02:13 login from 10.0.0.6\n",
        "Server: App-webs/\nDate: Mon\nLocation: /doc\n",
        "http://10.0.0.5/\nhttp://10.0.0.6/\nrtsp://10.0.0.7/\n",
        "Manufacturer,Model\nHikvision: x,DS-1\nDahua: y,IPC-2\n",
        "Maker: Hikvision cameras\nfree text that goes on\nand on and on\nfor some lines\nmore\nand more\n",
    ],
)  # fmt: skip
def test_other_texts_are_left_to_others(read: Any, text: str) -> None:
    assert read(text).reader != "blocks"


def test_lines_before_and_after_damage_are_all_kept(read: Any) -> None:
    found = read(LOG[: LOG.index("P3245")] + "\n\x00stray Dahua IPC-HFW2431S line")
    assert (
        found.reader == "blocks" and "IPC-HFW2431S" in str(found.rows) and "DS-2CD2143G2-I" in str(found.rows)
    )


def test_ever_new_names_stay_bounded(read: Any) -> None:
    text = "".join(
        f"Manufacturer: Hikvision\nModel: DS-2CD{n}\nName{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}: x\n\n"
        for n in range(2_000)
    )
    found = read(text)
    assert found.reader == "blocks" and len(found.tables[-1].header) <= 300
    assert str(found.rows).count("Hikvision") == 2_000


def test_a_heading_in_brackets_begins_a_block_that_blank_lines_and_remarks_do_not_end(read: Any) -> None:
    found = read(
        "[cam-1]\nmanufacturer=Hikvision\nmodel = DS-2CD2143G2-I\n\n; spare: ZTE router\nserial=J44101271\n"
        "[cam-2]\nmanufacturer = Axis\nmodel = P3245\n[cam-3]\nmanufacturer = Axis\nmodel = P3245\n"
    )
    assert found.reader == "blocks"
    assert found.rows[1][0] == {
        "section": "cam-1", "manufacturer": "Hikvision", "model": "DS-2CD2143G2-I", "serial": "J44101271",
    }  # fmt: skip
    assert [row["section"] for row in found.rows[1]] == ["cam-1", "cam-2", "cam-3"]
    assert [row["text"] for row in found.rows[0]] == ["; spare: ZTE router"]
