"""XML of no known kind: every text and attribute, with its path."""

from __future__ import annotations

from typing import Any

import pytest

ASSETS = (
    "<?xml version='1.0'?><assets><asset id='1'><maker>Hikvision</maker><model>DS-2CD2143G2-I</model></asset>"
    "<asset id='2'><maker>Axis</maker><model>P1</model><note>see <b>Dahua</b> IPC-HFW2431S</note></asset><site name='HQ'/></assets>"
)


def test_elements_of_one_path_are_a_table(read: Any) -> None:
    found = read(ASSETS.encode())
    assert found.reader == "xml" and not found.issues
    table = next(number for number, table in enumerate(found.tables) if table.sheet == "/assets/asset")
    assert (
        found.tables[table].fields["maker"] == "maker_name"
        and found.tables[table].fields["model"] == "model_number"
    )
    assert found.rows[table][0] == {"id": "1", "maker": "Hikvision", "model": "DS-2CD2143G2-I"}
    places = [place for batch in found.reading.batches() if batch.table == table for place in batch.pointers]
    assert places == ["/assets/asset[1]", "/assets/asset[2]"]


@pytest.mark.parametrize(
    "text",
    [
        "<a>Hikvision</a>", "<a b='Hikvision'/>", "<a>x<b/>Hikvision</a>", "<a><b><c>Hikvision</c></b></a>", "<a><![CDATA[Hikvision]]></a>",
        "<n:a xmlns:n='x'><n:b n:c='Hikvision'/></n:a>", "<a><b>x</b><b>Hikvision</b></a>", "<a><b>Hik&#118;ision</b></a>",
    ],
)  # fmt: skip
def test_every_text_and_attribute_is_read(read: Any, text: str) -> None:
    found = read(text.encode())
    assert found.reader == "xml" and "Hikvision" in str(found.rows)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251", "gbk", "iso-8859-1"])
def test_encodings(read: Any, encoding: str) -> None:
    words = {"utf-16": "海康", "gbk": "海康威视摄像机", "cp1251": "Хиквижн", "iso-8859-1": "Kamera für Tür"}[
        encoding
    ]
    found = read(f"<?xml version='1.0' encoding='{encoding}'?><a><b>{words}</b></a>".encode(encoding))
    assert words in str(found.rows)


def test_a_document_that_breaks_off_is_read_and_said(read: Any) -> None:
    found = read(ASSETS[: ASSETS.index("</model>")].encode())
    assert "DS-2CD2143G2-I" in str(found.rows) and found.issue("E109").lossy


def test_what_stands_behind_damage_is_text(read: Any) -> None:
    found = read(b"<?xml version='1.0'?><a><b>x</b>\n<c></d>\n<e>Hikvision DS-2CD2143G2-I</e></a>")
    assert "Hikvision" in str(found.rows) and found.issue("E109").at == "line 2"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY z '&x;&x;'>]><a>&z;</a>", "E161"),
        ("<a>" * 5_000, "E162"),
        ("<a><b " + "x" * 9_000_000, "E162"),
    ],
)  # fmt: skip
def test_hostile_documents_end_as_an_issue(read: Any, text: str, code: str) -> None:
    found = read(f"<?xml version='1.0'?>{text}".encode())
    assert found.issue(code).lossy


def test_many_kinds_of_elements_stay_bounded(read: Any) -> None:
    found = read(
        (
            "<r>" + "".join(f"<k{n}><v>Hikvision {n}</v><w>a</w></k{n}>" for n in range(3_000)) + "</r>"
        ).encode()
    )
    assert len(found.tables) <= 1_002 and str(found.rows).count("Hikvision") == 3_000


@pytest.mark.parametrize(
    "text", ["<SW1>display version\nHuawei Versatile Routing Platform", "<SW1>", "<Hikvision DS-2CD2143G2-I"]
)
def test_a_text_that_begins_with_a_bracket_is_no_xml(read: Any, text: str) -> None:
    found = read(text)
    assert found.reader != "xml" and found.reader != "none"


@pytest.mark.parametrize(
    "form",
    [
        "<field name='{}'>{}</field>",
        "<prop name='{}' value='{}'/>",
        "<prop><name>{}</name><value>{}</value></prop>",
    ],
)
def test_names_and_values_of_an_element_are_its_cells(read: Any, form: str) -> None:
    fields = [("asset", "A-1"), ("Make", "Dahua"), ("Model", "IPC-HDW2431T")]
    said = "".join(form.format(name, text) for name, text in fields)
    found = read(f"<list><thing>{said}</thing><thing>{said.replace('Dahua', 'Axis')}</thing></list>")
    assert found.rows[0] == [dict(fields), {**dict(fields), "Make": "Axis"}]
    assert found.tables[0].fields["Make"] == "maker_name"


def test_names_that_nobody_knows_or_that_come_twice_stay_rows(read: Any) -> None:
    for names in (("A-1", "A-2"), ("Make", "Make")):
        first, second = (f"<item name='{name}'>Dahua NVR</item>" for name in names)
        found = read(f"<list>{first}{second}</list>")
        assert [row["item"] for row in found.rows[0]] == ["Dahua NVR", "Dahua NVR"]
        assert [row["name"] for row in found.rows[0]] == list(names)


@pytest.mark.parametrize(
    "text", ["H<em>ikvisio</em>n", "Hi<x>kv</x>i<y>si</y>on", "Dome by Hik<i>vis</i>ion, hall"]
)
def test_markup_inside_a_word_does_not_take_it_apart(read: Any, text: str) -> None:
    found = read(f"<inv><row><make>{text}</make></row><row><make>Axis</make></row></inv>")
    assert "Hikvision" in str(found.rows)


def test_what_a_declaration_says_of_every_element_is_its_own(read: Any) -> None:
    found = read(
        "<!DOCTYPE inv [<!ATTLIST row make CDATA 'Hikvision'>]><inv><row id='A1'/><row id='A2' make='Axis'/></inv>"
    )
    assert [row["make"] for row in found.rows[0]] == ["Hikvision", "Axis"]
