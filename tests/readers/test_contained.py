"""Records inside records, and tables that are written otherwise than as objects."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import proscribe
from proscribe.readers._values import document_events
from proscribe.readers.contained import taken_out

DEVICES = [{"make": "Dahua", "model": "IPC-HDW2431T"}, {"make": "Axis", "model": "P3245-V"}]


def test_each_thing_of_a_site_is_a_record_with_its_site(read: Any) -> None:
    sites = [{"site": "Lyon", "cameras": DEVICES}, {"site": "Oslo", "cameras": DEVICES[:1]}]
    found = read(json.dumps(sites))
    assert [(row["site"], row["cameras.model"]) for row in found.only()] == [
        ("Lyon", "IPC-HDW2431T"), ("Lyon", "P3245-V"), ("Oslo", "IPC-HDW2431T"),
    ]  # fmt: skip
    assert found.tables[0].fields == {
        "site": "site", "cameras.make": "maker_name", "cameras.model": "model_number",
    }  # fmt: skip


def test_lists_within_lists_and_the_name_of_a_list_of_sites(read: Any) -> None:
    found = read(json.dumps({"sites": [{"name": "HQ", "rooms": [{"room": "1", "equipment": DEVICES}]}]}))
    assert found.only()[0] == {
        "site": "HQ", "rooms.room": "1", "rooms.equipment.make": "Dahua", "rooms.equipment.model": "IPC-HDW2431T",
    }  # fmt: skip
    assert found.tables[0].fields["site"] == "site"
    (_, first, _), (_, second, _) = taken_out(("/sites", "/sites/0", {"rooms": [{"equipment": DEVICES}]}))
    assert (first, second) == ("/sites/0/rooms/0/equipment/0", "/sites/0/rooms/0/equipment/1")


@pytest.mark.parametrize(
    "record",
    [
        {"name": "sw1", "manufacturer": "Huawei", "model": "S5735", "parts_seen": [{"model": "SFP-10G"}]},
        {"name": "sw1", "interfaces": [{"name": "eth0", "mac": "00:e0:fc:00:00:01"}]},
        {"name": "sw1", "networkInterfaces": [{"name": "eth0"}]},
        {"manufacturer": "Huawei", "hosts": [{"up": "yes"}]},
        {"site": "Lyon", "cameras": []},
        {"site": "Lyon", "cameras": ["Dahua", "Axis"]},
    ],
)
def test_what_one_thing_has_stays_in_its_record(record: dict[str, Any]) -> None:
    assert list(taken_out(("", "/0", record))) == [("", "/0", record)]


def test_what_a_record_says_at_length_is_said_once() -> None:
    long = "Hikvision cameras of this site were told to us by the landlord in a letter that nobody has found since then."
    events = list(taken_out(("", "/0", {"site": "Lyon", "remark": long, "cameras": DEVICES})))
    assert [pointer for _, pointer, _ in events] == ["/0", "/0/cameras/0", "/0/cameras/1"]
    assert [value.get("remark") for _, _, value in events] == [long, None, None]


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=100)
NAMES = st.sampled_from(["name", "site", "model", "make", "devices", "rooms", "interfaces", "lines", "x"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)


def leaves(value: Any) -> Counter[str]:
    if isinstance(value, dict):
        return sum((leaves(item) for item in value.values()), Counter())
    if isinstance(value, list):
        return sum((leaves(item) for item in value), Counter())
    return Counter([repr(value)] if value not in (None, "") else [])


@given(VALUES)
def test_nothing_of_a_document_is_lost(value: Any) -> None:
    events = [one for event in document_events(value) for one in taken_out(event)]
    told = leaves([[*made] if isinstance(made, dict) else [] for _, _, made in events]) + leaves(
        [made for _, _, made in events]
    )
    assert leaves(value) <= told


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([["asset", "description"], ["A-1", "Dahua NVR"], ["A-2", "Axis"]], "/1"),
        ({"columns": ["asset", "description"], "data": [["A-1", "Dahua NVR"], ["A-2", "Axis"]]}, "/data/0"),
        ({"index": [0, 1], "columns": ["asset", "description"], "data": [["A-1", "Dahua NVR"], ["A-2", "Axis"]]}, "/data/0"),
        ({"asset": ["A-1", "A-2"], "description": ["Dahua NVR", "Axis"]}, "/asset/0"),
        ({"export": {"asset": ["A-1", "A-2"], "description": ["Dahua NVR", "Axis"]}}, "/export/asset/0"),
    ],
)  # fmt: skip
def test_tables_of_other_shapes(value: Any, pointer: str) -> None:
    events = list(document_events(value))
    assert events[0][1:] == (pointer, {"asset": "A-1", "description": "Dahua NVR"})
    assert [made.get("asset") for _, _, made in events][:2] == ["A-1", "A-2"]


@pytest.mark.parametrize(
    "value", [[["Dahua", "Axis"], ["NVR", "camera"]], {"x": ["a", "b"], "y": ["c", "d"]}]
)
def test_lists_without_a_known_header_are_rows_of_their_own(value: Any) -> None:
    assert not any(isinstance(made, dict) and "Dahua" in made for _, _, made in document_events(value))


def test_settings_with_lists_of_tables_are_no_broken_json(tmp_path: Any) -> None:
    (tmp_path / "assets.toml").write_text(
        '[[asset]]\nid = "A-1"\ndescription = "Dahua NVR"\n\n[[asset]]\nid = "A-2"\ndescription = "Hikvision camera"\n'
    )
    scan = proscribe.scan(tmp_path / "assets.toml", as_of="2026-11-25")
    assert {one.entity for one in scan.findings} == {"dahua", "hikvision"} and not scan.issues
