"""What somebody states of a column, and what the records would be without it."""

from __future__ import annotations

from pathlib import Path

import proscribe


def test_a_statement_that_lowers_findings_names_the_row_and_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Depot,,\nTag,Item,Remark\nT1,Chair,blue\nT2,Camera,Hikvision DS-2CD2143G2-I\nT3,Modem,Huawei MU709s-2\n"
    )
    said = [
        one for one in proscribe.scan([path], mapping={"Remark": "protocol"}).issues if one.code == "E100"
    ]
    assert len(said) == 1
    assert "record 2 in row 4 ('Remark': “Hikvision DS-2CD2143G2-I”)" in said[0].what
