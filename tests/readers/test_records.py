"""JSON lines and documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers import Limits, _values
from proscribe.readers import records as module


def test_json_lines_with_nesting_and_pointers(read: Any) -> None:
    found = read(
        '{"id": 1, "device": {"maker": "Huawei", "tags": ["a", "b"]}}\n\n{"id": 2, "device": {"maker": "ZTE"}}\n'
    )
    assert found.reader == "json"
    assert found.only() == [
        {"id": "1", "device.maker": "Huawei", "device.tags": "a, b"},
        {"id": "2", "device.maker": "ZTE", "device.tags": None},
    ]
    assert found.tables[0].fields["device.maker"] == "maker_name"
    assert [found.reading.source_row(0, record) for record in (1, 2)] == [1, 3]


def test_numbers_keep_their_digits(read: Any) -> None:
    found = read('[{"item": "x", "n": 1.10, "big": 12345678901234567890123, "e": 1E5, "t": true, "z": null}]')
    assert found.only() == [
        {"item": "x", "n": "1.10", "big": "12345678901234567890123", "e": "1E5", "t": "true", "z": None}
    ]


def test_one_bad_line_is_kept_as_text_and_the_rest_is_read(read: Any) -> None:
    found = read('{"item": "router"}\n{"item": "Huawei\n{"item": "camera"}\n')
    assert [row["item"] for row in found.only()] == ["router", None, "camera"]
    assert found.only()[1]["(unparsed)"] == '{"item": "Huawei'
    assert found.tables[0].fields["(unparsed)"] == "text"
    assert found.issue("E130").at.startswith("line 2")
    assert found.issue("E130").lossy


def test_wrapper_objects(read: Any) -> None:
    found = read(
        json.dumps(
            {
                "generated": "x",
                "data": {"items": [{"model": "DS-2CD1"}, {"model": "B-1"}]},
                "sites": [{"name": "HQ"}],
            }
        )
    )
    assert [table.sheet for table in found.tables] == ["/data/items", "/sites", "(document)"]
    assert found.rows[0] == [{"model": "DS-2CD1"}, {"model": "B-1"}]
    assert found.rows[2] == [{"generated": "x"}]


def test_objects_keyed_by_id(read: Any) -> None:
    found = read(json.dumps({str(n): {"model": f"DS-{n}", "fw": "x"} for n in range(5)}))
    assert [row["(key)"] for row in found.only()] == ["0", "1", "2", "3", "4"]
    assert found.tables[0].fields["model"] == "model_number"


def test_array_of_texts(read: Any) -> None:
    found = read('["00:11:22:aa:bb:cc", "00:11:22:aa:bb:cd"]')
    assert [row["text"] for row in found.only()] == ["00:11:22:aa:bb:cc", "00:11:22:aa:bb:cd"]


def test_repeated_keys_are_both_kept(read: Any) -> None:
    assert read('[{"item": "Huawei", "item": "x"}]').only() == [{"item": "Huawei", "item_2": "x"}]


def test_cut_off_array(read: Any) -> None:
    text = json.dumps([{"item": f"thing {n}"} for n in range(50)])
    cut = text.index('"thing 40"') + 5
    found = read(text[:cut])
    assert [row["item"] for row in found.rows[0]] == [f"thing {n}" for n in range(40)]
    assert found.issue("E131").lossy
    assert "thin" in found.rows[1][0]["(unparsed)"], "what broke off is still checked as text"


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_depth_is_bounded(read: Any, text: str) -> None:
    found = read(text)
    assert found.codes & {"E131", "E132"}
    assert any(issue.lossy for issue in found.issues)


def test_levels_below_the_limit_stay_text(read: Any) -> None:
    found = read('[{"item": "x", "a": {"b": {"c": {"d": "Huawei"}}}}]', limits=Limits(max_json_depth=2))
    assert found.only()[0]["a.b"] == '{"c": {"d": "Huawei"}}'
    assert found.issue("E132").at == "/0"


def test_huge_value_and_hostile_text(read: Any) -> None:
    found = read(
        json.dumps(
            [
                {"item": "x" * 5_000},
                {"item": "=cmd|' /C calc'!A0"},
                {"item": "a\u202eb"},
                {"item": "Hua\0wei"},
            ]
        ),
        limits=Limits(max_field_bytes=1_000),
    )
    assert len(found.only()[0]["item"]) == 1_000
    assert found.issue("E125").at.startswith("/0")
    assert found.issue("E117").at.startswith("/1")
    assert found.issue("E121").at.startswith("/2")
    assert found.only()[3]["item"] == "Huawei"
    assert "E120" in found.codes


def test_keys_that_appear_late(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SAMPLE_RECORDS", 3)
    lines = [{"item": f"n{n}"} for n in range(5)] + [{"item": "z", "maker": "Huawei"}]
    found = read("\n".join(map(json.dumps, lines)))
    assert [row["item"] for row in found.only()] == ["n0", "n1", "n2", "n3", "n4", "z"]
    assert found.only()[-1]["(beyond header)"] == "maker: Huawei"
    assert found.tables[0].fields["(beyond header)"] == "text"
    assert "E138" in found.codes


def test_utf16_and_byte_order_marks(read: Any) -> None:
    text = '[{"item": "华为"}]'
    for data in (b"\xef\xbb\xbf" + text.encode(), b"\xff\xfe" + text.encode("utf-16-le")):
        assert read(data).only() == [{"item": "华为"}]


def test_text_that_only_looks_like_json(read: Any) -> None:
    assert read("[core]\neditor = vim\n").reader == "lines"
    assert read("{name} bought Huawei\n").reader == "lines"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(
        st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=4), min_size=1, max_size=12
    )
)
def test_streamed_and_whole_documents_agree(read_file: Any, tmp_path: Path, records: Any) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    whole = read_file(path)
    kept = _values.WHOLE_BYTES
    _values.WHOLE_BYTES = 0
    try:
        streamed = read_file(path)
    finally:
        _values.WHOLE_BYTES = kept
    assert sum(map(len, whole.rows.values())) == len(records)
    assert whole.rows == streamed.rows


def test_halves_of_characters_in_keys_lose_no_value(read: Any) -> None:
    found = read(
        '{"\\ud800x": [{"Model": "Hikvision DS-2CD2143G2-I", "\\udfffk": "v", "\\udffek": "w"}], "b": [{"c\\ud801": 1}]}'
    )
    first, second = found.rows[0], found.rows[1]
    assert sorted(text for text in first[0].values() if text) == ["Hikvision DS-2CD2143G2-I", "v", "w"]
    assert list(second[0].values()) == ["1"]
    for table in found.tables:
        str(table).encode("utf-8")


def test_lists_of_names_and_values_are_columns(read: Any) -> None:
    pairs = [{"name": "Make", "value": "Dahua"}, {"name": "Model", "value": "IPC-HDW2431T"}]
    found = read(json.dumps([{"id": "A-1", "attributes": pairs}, {"id": "A-2", "attributes": pairs[:1]}]))
    assert found.only()[0] == {"id": "A-1", "attributes.Make": "Dahua", "attributes.Model": "IPC-HDW2431T"}
    assert found.tables[0].fields["attributes.Make"] == "maker_name"
    twice = read(json.dumps([{"id": "A-1", "attributes": [pairs[0], pairs[0]]}]))
    assert twice.only() == [{"id": "A-1", "attributes": json.dumps([pairs[0], pairs[0]])}]


def test_the_name_of_an_empty_object_is_a_column(read: Any) -> None:
    found = read('[{"id": "A1", "brand": {"Hikvision": {}}}, {"id": "A2", "brand": {"Axis": {}}}]')
    assert found.tables[0].header == ("id", "brand.Hikvision", "brand.Axis")


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({"637": "0102aabb", "76": "1005"}, '0x027D "0102aabb", 0x004C "1005"'),
        ({"0x027D": [1, 2]}, '0x027D ["1", "2"]'),
        ([{"company_id": 637, "data": "01"}], '0x027D {"company_id": "637", "data": "01"}'),
        ([{"company": 637, "id": 76}], '[{"company": "637", "id": "76"}]'),
        ([{"data": "01"}], '[{"data": "01"}]'),
    ],
)
def test_what_bluetooth_devices_send_is_kept_by_the_number_of_the_company(
    read: Any, sent: Any, text: str
) -> None:
    rows = read(json.dumps([{"address": "C0:56:E3:11:20:7A", "manufacturer_data": sent}] * 2)).rows[0]
    assert rows[0]["manufacturer_data"] == text


def test_names_of_what_bluetooth_devices_send_stay_columns(read: Any) -> None:
    rows = read(json.dumps([{"manufacturer_data": {"note": "none", "637": "x"}}] * 2)).rows[0]
    assert rows[0]["manufacturer_data.note"] == "none"
