"""Web pages: words and tables as people see them."""

from __future__ import annotations

from typing import Any

import pytest

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
