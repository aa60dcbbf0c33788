"""RTF: words in every group, letters of every alphabet, tables."""

from __future__ import annotations

from typing import Any

import pytest

RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}{\*\generator Huawei;}{\header Hytera PD785\par}"
    rb"\f0 Lobby: Hik\b vision\b0  DS-2CD2143G2-I\par \trowd\cellx1\cellx2 Manufacturer\cell Model\cell\row"
    rb"\trowd Dahua\cell IPC-HFW2431S\cell\row\pard \u28023?\u24247? camera\par {\f1 \'d5\'e8\'ea}\par}"
)


def test_words_letters_and_tables(read: Any) -> None:
    found = read(RTF)
    assert found.reader == "rtf" and not found.issues
    assert [row["text"] for row in found.rows[0]] == [
        "Hytera PD785",
        "Lobby: Hikvision DS-2CD2143G2-I",
        "海康 camera",
        "Хик",
    ]
    assert found.rows[1] == [{"Manufacturer": "Dahua", "Model": "IPC-HFW2431S"}]


@pytest.mark.parametrize(
    "group",
    [
        rb"{\footnote Hikvision}",
        rb"{\*\annotation Hikvision}",
        rb"{\shp{\*\shpinst{\shptxt Hikvision\par}}}",
        rb"{\footer Hikvision\par}",
    ],
)
def test_words_outside_the_text_are_read(read: Any, group: bytes) -> None:
    assert "Hikvision" in str(read(rb"{\rtf1\ansi x\par " + group + rb" y\par}").rows)


def test_a_cut_document_and_objects_are_said(read: Any) -> None:
    found = read(RTF[: RTF.index(b"Dahua")])
    assert "DS-2CD2143G2-I" in str(found.rows) and found.issue("E109").lossy
    found = read(rb"{\rtf1 Hikvision\par{\object{\*\objdata 0105}}{\pict 0102}}")
    assert found.issue("E145").lossy and found.issue("E147").at == "document"


@pytest.mark.parametrize(
    "data", [b"{" * 300_000, rb"\bin999999999 " * 9, b"\\u-1?" * 90_000, rb"\trowd" * 90_000, b"}" * 9_000]
)
def test_hostile_groups_end(read: Any, data: bytes) -> None:
    assert read(rb"{\rtf1 Hikvision\par " + data).reader == "rtf"
