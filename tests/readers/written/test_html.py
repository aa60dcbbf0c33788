"""Web pages: words and tables as people see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from proscribe.app.scan.api import scan

PAGE = (
    "<!DOCTYPE html><html><head><title>Survey</title><style>.Huawei{}</style><script>var a='ZTE'</script></head><body>"
    "<p>Lobby: <b>Da</b>hua IPC-HFW2431S<br>second line<table><tr><th>Asset<th>Manufacturer<th>Model"
    "<tr><td>A-1<td>Hikvision<td>DS-2CD2143G2-I<tr><td>A-2<td>Axis<td>P3245</table><img alt='Hytera PD785'></body></html>"
)


def test_words_and_tables(read: Any) -> None:
    found = read(PAGE.encode())
    assert found.reader == "html" and not found.issues
    assert [row["text"] for row in found.rows[0]] == [
        "Survey",
        "Lobby: Dahua IPC-HFW2431S",
        "second line",
        "Hytera PD785",
    ]
    assert [row["Model"] for row in found.rows[1]] == ["DS-2CD2143G2-I", "P3245"]
    assert found.tables[1].fields["Manufacturer"] == "maker_name"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251", "gbk"])
def test_encodings(read: Any, encoding: str) -> None:
    text = "<html><head><meta charset='{}'></head><body><p>{} DS-2CD2143G2-I</p></body></html>"
    words = {
        "utf-16": "海康威视",
        "cp1251": "Хиквижн камера видеонаблюдения",
        "gbk": "海康威视 摄像机 网络 设备",
    }[encoding]
    found = read(text.format(encoding, words).encode(encoding))
    assert found.only() == [{"text": f"{words} DS-2CD2143G2-I"}]


@pytest.mark.parametrize(
    "head",
    [
        "<table><tr><td>a</td><td>b</td></tr><tr><td>Hikvision</td><td>x</td></tr></table>",
        "<div><p>Hikvision</p></div>",
    ],
)
def test_a_piece_of_a_page_is_read(read: Any, head: str) -> None:
    found = read(head.encode())
    assert found.reader == "html" and "Hikvision" in str(found.rows)


def test_a_page_that_breaks_off_is_read_so_far(read: Any) -> None:
    cut = PAGE[: PAGE.index("P3245")]
    assert "DS-2CD2143G2-I" in str(read(cut.encode()).rows)


@pytest.mark.parametrize("mark", ["<a x", "<!--", "<", "<table><tr><td>", "<a b='", "&#"])
def test_marks_that_never_end_take_no_time_without_bound(read: Any, mark: str) -> None:
    found = read(b"<html><body><p>Hikvision</p>" + (mark * (300_000 // len(mark))).encode())
    assert "Hikvision" in str(found.rows)


FORM = "<html><body><table><tr><th>Tag<th>Manufacturer<th>Model<tr><td>A-1<td>Bosch<td>P1<tr><td>A-2<td>{}<td>P2</table></body></html>"


@pytest.mark.parametrize(
    ("offered", "maker"),
    [
        (
            "<select><option>Axis</option><option selected>Acme</option><option>Bosch</option></select>",
            "Acme",
        ),
        ("<select><option>Axis<option selected>Acme<option>Bosch</select>", "Acme"),
        ("<select><optgroup label=x><option>Axis<option selected=''>Acme</optgroup></select>", "x Acme"),
        ("<select multiple><option selected>Axis<option selected>Acme<option>Bosch</select>", "Axis / Acme"),
        ("<select><option value=7>Axis</option><option value=8>Acme</option></select>", "Axis / Acme"),
        ("<input type=radio name=m> Axis <input type=radio name=m checked> Acme", "Acme"),
        ("<label><input type=radio>Axis</label><label><input type=radio checked>Acme</label>", "Acme"),
        ("Axis <input type=radio name=m> Acme <input type=radio name=m checked>", "Axis / Acme"),
        ("<input type=radio name=row> Acme", "Acme"),
        ("<input type=checkbox> Acme", "Acme"),
        ("<input value=Acme>", "Acme"),
    ],
)
def test_a_form_holds_what_is_chosen_in_it(read: Any, offered: str, maker: str) -> None:
    assert [row["Manufacturer"] for row in read(FORM.format(offered).encode()).rows[0]] == ["Bosch", maker]


def test_what_a_form_offers_and_nobody_chose_is_probed(tmp_path: Path) -> None:
    page = tmp_path / "form.html"
    page.write_text(FORM.format("<select><option selected>Axis<option>Dahua</select>"))
    result = scan([page])
    assert not result.findings
    assert [issue.code for one in result.scan.inputs for issue in one.issues] == ["E140"]
