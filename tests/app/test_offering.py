"""A parts list becomes the components of an offering: what is cleared, what is open, what no person may explain away."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.app.inventory import offering
from proscribe.app.inventory.offering import check_stated, join_offerings, read_offering, resolve
from proscribe.app.kb.plain_words import plain
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.errors import InputError

from .conftest import DAY

HEADER = "Level,Part number,Description,Manufacturer,Quantity,Vendor\n"
GATE = HEADER + (
    "0,GC-40,Gate controller,Siemens,1,\n"
    "1,MB-40,Main board,,1,\n"
    "2,LS1028A,Network processor,NXP,1,Arrow\n"
    "2,C-100N,Capacitor 100 nF,Murata,12,Arrow\n"
    "1,P3265-LV,Dome camera,Axis,1,Coastline\n"
)


@pytest.fixture
def put(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "bom.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path: Path) -> dict[str, dict[str, Any]]:
    return {one["ref"]: one for one in read_offering(path, as_of=DAY)["components"]}


def component(ref: str, state: str = "unresolved", **more: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "name": ref,
        "state": state,
        "maker": "",
        "parent_ref": "",
        "because": "",
        "finding_ids": [],
        **more,
    }


def test_every_line_is_a_component_with_its_maker_its_place_and_a_reason(put: Any) -> None:
    path = put(GATE)
    lines = read(path)
    assert list(lines) == [f"line {number}" for number in range(1, 6)]
    # a camera that is bought complete holds chips of which the list says nothing
    assert {ref: one["state"] for ref, one in lines.items() if one["state"] != "cleared"} == {
        "line 5": "unresolved"
    }
    assert all(one["because"] for one in lines.values())
    assert lines["line 2"]["because"] == "an assembly; all its parts are cleared"
    assert (lines["line 3"]["parent_ref"], lines["line 2"]["parent_ref"], lines["line 1"]["parent_ref"]) == (
        "line 2",
        "line 1",
        "",
    )
    assert (lines["line 4"]["quantity"], lines["line 4"]["supplier"], lines["line 4"]["model_number"]) == (
        "12",
        "Arrow",
        "C-100N",
    )
    assert (
        read_offering(path, as_of=DAY)["parts_list_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    )


def test_a_line_without_a_maker_is_open_and_so_is_what_it_is_in(put: Any) -> None:
    lines = read(put(GATE.replace("Murata", "")))
    assert (
        lines["line 4"]["state"] == "unresolved"
        and lines["line 4"]["because"] == "the parts list names no maker"
    )
    assert lines["line 2"]["state"] == "unresolved" and "1 is unresolved" in lines["line 2"]["because"]
    assert lines["line 1"]["state"] == "cleared", "its maker is named; its parts stand for themselves"


def test_a_covered_part_is_covered_and_a_chip_in_a_part_is_a_question(put: Any) -> None:
    lines = read(
        put(
            GATE.replace("P3265-LV,Dome camera,Axis", "DS-2CD2143G2-I,Dome camera,Hikvision")
            .replace("LS1028A,Network processor,NXP", "Hi3535V100,Network video SoC,HiSilicon")
            .replace("C-100N,Capacitor 100 nF,Murata", "VB-1,Video board with Hi3516DV300,Acme")
        )
    )
    assert lines["line 5"]["state"] == "covered" and "confirmed" in lines["line 5"]["because"]
    assert lines["line 3"]["state"] == "covered" and "Hi3535V100" in lines["line 3"]["chips"][0], (
        "the line is the chip"
    )
    assert lines["line 4"]["state"] == "unresolved" and "Hi3516DV300" in lines["line 4"]["chips"][0], (
        "the line holds the chip"
    )
    assert (
        lines["line 4"]["because"].endswith("?")
        and lines["line 4"]["finding_ids"]
        and lines["line 5"]["finding_ids"]
    )
    assert lines["line 1"]["state"] == "covered" and "line 3" in lines["line 1"]["because"], (
        "what holds a chip of theirs is no question, though its maker is named"
    )


def test_a_part_of_a_firm_of_other_laws_is_open_and_not_covered(put: Any) -> None:
    drone = read(put(HEADER + "0,M3E,Survey drone,DJI,1,\n"))["line 1"]
    assert drone["state"] == "unresolved"
    assert "possible" in drone["because"] and "does not name that firm" in drone["because"]


def test_what_is_certain_in_a_line_speaks_before_what_is_open(put: Any) -> None:
    lines = read(put(HEADER + "0,DS-2CD2143G2-I,Dome camera with Hi3516DV300,Hikvision,1,\n"))
    assert lines["line 1"]["state"] == "covered"


def test_a_relabel_names_the_badge(put: Any) -> None:
    (line,) = read(put(HEADER + "0,LNB9232S,Lorex network camera,Lorex,1,\n")).values()
    assert line["state"] != "cleared" and line["sold_as"]


def test_lines_that_share_a_reference_stay_two_lines(put: Any) -> None:
    lines = read(
        put(
            "Item ID,Parent ID,Description,Manufacturer\nA,,Recorder,Siemens\nB,A,Capacitor,Murata\nB,A,Capacitor,\n"
        )
    )
    assert len(lines) == 3
    assert sorted(one["state"] for one in lines.values()) == ["cleared", "cleared", "unresolved"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "not all of it could be read"),
        (HEADER, "no lines"),
        (b"PK\x03\x04 broken", "not all of it could be read"),
        (gzip.compress(GATE.encode())[:-20], "not all of it could be read"),
        (HEADER + "0,X,Part,NXP,1,\n" * 5_001, "more than 5,000 lines"),
    ],
)
def test_what_is_no_parts_list_is_refused(put: Any, content: str | bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_offering(put(content), as_of=DAY)
    assert caught.value.code == "E466" and says in caught.value.what


def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path: Path, put: Any) -> None:
    put(GATE)
    for path, says in (
        (tmp_path, "a folder"),
        (tmp_path / "none.csv", "no such file"),
        (Path("-"), "no such file"),
    ):
        with pytest.raises(InputError) as caught:
            read_offering(path, as_of=DAY)
        assert caught.value.code == "E466" and says in caught.value.what


def test_two_lists_in_one_archive_are_not_mixed(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("one.csv", GATE)
        archive.writestr("two.csv", GATE)
    with pytest.raises(InputError) as caught:
        read_offering(tmp_path / "two.zip", as_of=DAY)
    assert caught.value.code == "E466" and "it holds 2 files" in caught.value.what


# What a person resolves


def test_a_person_clears_an_open_line_and_is_named() -> None:
    lines = [
        component("1", "unresolved"),
        component("1.1", parent_ref="1"),
        component("2", "cleared", maker="NXP"),
    ]
    resolve(
        lines, [{"ref": "1.1", "because": "marking read on the part", "by": "L. Okafor", "maker": "Murata"}]
    )
    assert (lines[1]["state"], lines[1]["maker"], lines[1]["because"]) == (
        "cleared",
        "Murata",
        "marking read on the part (L. Okafor)",
    )
    assert lines[0]["state"] == "cleared" and lines[0]["because"] == "an assembly; all its parts are cleared"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"ref": "9", "because": "marking read on the part", "by": "X"}, "no such line"),
        ({"ref": "2", "because": "marking read on the part", "by": "X"}, "it is covered"),
        ({"ref": "3", "because": "marking read on the part", "by": "X"}, "it is cleared"),
        ({"ref": "1.1", "because": "known", "by": "X"}, "nobody says why"),
        ({"ref": "1.1", "because": "marking read on the part", "by": "  "}, "nobody says why"),
        ({"ref": "1.1", "because": "marking read on the part"}, "nobody says why"),
        (
            {"ref": "1.1", "because": "marking read on the part", "by": "X", "state": "cleared"},
            "another shape",
        ),
        ({"ref": "1.1", "because": ["marking read", "on the part"], "by": "X"}, "another shape"),
        ({"ref": None, "because": "marking read on the part", "by": "X"}, "another shape"),
        ({"ref": "1", "because": "marking read on the part", "by": "X"}, "is an assembly"),
        ({}, "no such line"),
    ],
)
def test_what_cannot_be_resolved_is_refused(entry: dict[str, Any], says: str) -> None:
    lines = [
        component("1"),
        component("1.1", parent_ref="1"),
        component("2", "covered"),
        component("3", "cleared", maker="NXP"),
    ]
    before = [dict(one) for one in lines]
    with pytest.raises(InputError) as caught:
        resolve(lines, [entry])
    assert caught.value.code == "E466" and says in caught.value.what and caught.value.at == "resolved[0]"
    assert lines == before


def test_lines_that_a_person_wrote_by_hand_may_lack_fields() -> None:
    lines: list[dict[str, Any]] = [{"ref": "1", "state": "unresolved"}, {"ref": ["2"], "state": "odd"}, {}]
    resolve(lines, [{"ref": "1", "because": "marking read on the part", "by": "X"}])
    assert lines[0]["state"] == "cleared"


def test_a_ring_of_parts_ends() -> None:
    lines = [
        component("1", parent_ref="2"),
        component("2", parent_ref="1"),
        component("3", parent_ref="3"),
        component("4"),
    ]
    resolve(lines, [{"ref": "4", "because": "marking read on the part", "by": "X"}])
    assert [one["state"] for one in lines] == ["unresolved", "unresolved", "unresolved", "cleared"]


_LOOK, _LOOKED_UP = offering._looked_up, dict[str, Any]()


def looked_up_once(rows: Sequence[Mapping[str, str]], *about: Any) -> Any:
    """Look the makers of equal rows up once: the examples name one maker three times each."""
    key = repr((rows, about))
    if key not in _LOOKED_UP:
        _LOOKED_UP[key] = _LOOK(rows, *about)
    return _LOOKED_UP[key]


@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.sampled_from(["cleared", "unresolved", "covered"]), st.booleans()),
        min_size=1,
        max_size=8,
    ),
    st.data(),
)
def test_resolving_never_makes_a_covered_part_anything_else(
    rows: list[tuple[int, str, bool]], data: st.DataObject
) -> None:
    lines = [
        component(
            str(place),
            state,
            parent_ref=str(parent) if parent < place else "",
            maker="NXP" if made or state == "covered" else "",
        )
        for place, (parent, state, made) in enumerate(rows)
    ]
    covered = [one["ref"] for one in lines if one["state"] == "covered"]
    entries = [
        {
            "ref": str(data.draw(st.integers(0, 8))),
            "because": "marking read on the part",
            "by": "X",
            "maker": "NXP",
        }
        for _ in range(3)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offering, "_looked_up", looked_up_once)
        for entry in entries:
            try:
                resolve(lines, [entry])
            except InputError as error:
                assert error.code == "E466"
    assert all(one["state"] == "covered" for one in lines if one["ref"] in covered)


# What is no maker, no proof, and nobody's to clear


@pytest.mark.parametrize(
    "maker", ["N/A", "n.a.", "unknown", "TBD", "-", "???", "Various", "generic", "OEM", "not specified"]
)
def test_a_cell_that_names_nobody_is_no_maker(put: Any, maker: str) -> None:
    lines = read(put(GATE.replace("Murata", maker)))
    assert (lines["line 4"]["state"], lines["line 4"]["maker"]) == ("unresolved", "") and lines["line 1"][
        "state"
    ] == "cleared"
    assembly = read(put(GATE.replace("Main board,,", f"Main board,{maker},")))
    assert assembly["line 2"]["because"] == "an assembly; all its parts are cleared"


def test_a_note_that_names_a_firm_leaves_the_line_open(put: Any) -> None:
    rows = GATE.splitlines()
    content = "\n".join([f"{rows[0]},Notes", *(f"{row}," for row in rows[1:-1]), f"{rows[-1]},made by Dahua"])
    lines = read_offering(put(content + "\n"), as_of=DAY)["components"]
    assert lines[-1]["state"] != "resolved" and "Dahua" in str(lines[-1]), lines[-1]


def test_what_a_layer_sets_aside_leaves_the_line_open(put: Any, tmp_path: Path) -> None:
    path = put(GATE.replace("P3265-LV,Dome camera,Axis", "DS-2CD2143G2-I,Dome camera,Hikvision"))
    layer = tmp_path / "aside.yml"
    layer.write_text(
        "suppressions:\n"
        "  - {entity: hikvision, text: DS-2CD2143G2-I, reason: looked at and not theirs, by: D. Ruiz, until: 2027-06-01, at: 2026-11-20}\n"
    )
    (line,) = (
        item
        for item in read_offering(path, as_of=DAY, knowledge=[layer])["components"]
        if item["name"].startswith("Dome")
    )
    assert line["state"] == "unresolved" and "D. Ruiz" in line["because"]


def test_nobody_clears_a_line_of_a_certificate_of_their_own() -> None:
    with pytest.raises(InputError) as caught:
        resolve(
            [component("1")],
            [{"ref": "1", "because": "marking read on the part", "by": "Ruiz, Dana"}],
            author="dana ruiz",
        )
    assert caught.value.code == "E466" and "prepares this document" in caught.value.what


@pytest.mark.parametrize("because", ["\u200b" * 12, "." * 12, "- - - - - - -"])
def test_marks_are_no_reason(because: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve([component("1")], [{"ref": "1", "because": because, "by": "L. Okafor"}])
    assert "nobody says why" in caught.value.what


def test_a_line_is_not_cleared_as_made_by_a_firm_that_is_named() -> None:
    lines = [component("1"), component("2")]
    with pytest.raises(InputError) as caught:
        resolve(
            lines,
            [{"ref": "1", "because": "marking read on the part", "by": "X", "maker": "Murata"},
             {"ref": "2", "because": "marking read on the part", "by": "X", "maker": "Hangzhou Hikvision Digital Technology"}],
            as_of=date.fromisoformat(DAY),
        )  # fmt: skip
    assert caught.value.at == "resolved[1]" and "a firm that is named" in caught.value.what


@pytest.mark.parametrize(
    ("said", "state"),
    [({"maker": "Hikvision"}, "covered"), ({"maker": "Acme", "model_number": "DS-2CD2143G2-I"}, "unresolved"), ({"chips": ["HiSilicon Hi3516"]}, "unresolved"),
     ({"maker": "Axis"}, "cleared"), ({}, "cleared")],
)  # fmt: skip
def test_what_a_person_writes_of_a_part_is_looked_up(said: dict[str, Any], state: str) -> None:
    lines = [
        component("1", "cleared", **{"because": "known to us", **said}),
        component("2", "cleared", maker="NXP", because="label"),
    ]
    check_stated([*lines, "no component", None], as_of=date.fromisoformat(DAY))
    assert (lines[0]["state"], lines[1]["state"]) == (state, "cleared")
    assert state == "cleared" or lines[0]["because"].startswith("said to be cleared (known to us), and: ")


@pytest.mark.parametrize(
    "what",
    [
        "NB-IoT modem module",
        "LTE Cat 1 module",
        "5G M.2 card",
        "Single-board computer",
        "Compute module 4 GB",
    ],
)
def test_a_board_that_may_hold_a_chip_is_not_cleared_by_who_assembled_it(put: Any, what: str) -> None:
    """A maker of modules buys the chips in them; only its parts, or its maker, say whose they are."""
    line = f'1,M-1,"{what}",Quectel,1,Arrow\n'
    whole = HEADER + "0,GC-40,Gate controller,Siemens,1,\n"
    (board,) = [one for one in read(put(whole + line)).values() if one["maker"] == "Quectel"]
    assert board["state"] == "unresolved" and "whose" in board["because"]
    parts = "2,LS1028A,Network processor,NXP,1,Arrow\n"
    told = read(put(whole + line + parts))
    assert [one["state"] for one in told.values() if one["maker"] == "Quectel"] == ["cleared"]


@pytest.mark.parametrize(
    "what",
    ["Capacitor for LTE band", "Card edge connector", "Camera housing", "Modem cable", "Resistor array"],
)
def test_a_part_without_chips_is_cleared_as_before(put: Any, what: str) -> None:
    told = read(put(HEADER + f"0,GC-40,Gate controller,Siemens,1,\n1,M-1,{what},Murata,1,Arrow\n"))
    assert [one["state"] for one in told.values() if one["maker"] == "Murata"] == ["cleared"]


def test_a_chip_that_is_not_sure_is_asked_about_by_who_made_it(put: Any) -> None:
    lines = read(put(HEADER + "1,X-1,Camera board with Hi3516DV300,Acme Zed,1,\n"))
    assert lines["line 1"]["state"] == "unresolved"
    assert "under the rule asked" not in lines["line 1"]["because"], "no page asks what the product is"
    assert lines["line 1"]["because"].endswith("and who made it?")


@pytest.mark.parametrize(
    ("maker", "own", "asks"),
    [
        ("Brandt", "Brandt Wägetechnik GmbH", "makes the product"),
        ("Harrow Ridge", "HARROW RIDGE Inc.", "makes the product"),
        ("Brand", "Brandt Wägetechnik GmbH", "who is that?"),
        ("Ridge", "Harrow Ridge Inc.", "who is that?"),
    ],
)
def test_who_makes_the_product_is_not_asked_who_that_is(put: Any, maker: str, own: str, asks: str) -> None:
    rows = f"0,P-1,Product,Axis,1,\n1,A-1,Housing,{maker},1,\n1,A-2,Frame,{maker},1,\n2,C-1,Capacitor,Murata,1,\n"
    components = read_offering(put(HEADER + rows), as_of=DAY)["components"]
    resolve(components, [], own=[own])
    _, housing, frame, _ = components
    assert housing["state"] == "unresolved" and asks in housing["because"], (
        "whose it is shows not what it holds"
    )
    assert (frame["state"] == "cleared") is (asks == "makes the product"), "an assembly is what its parts are"


def test_several_lists_of_a_product_are_one_offering(put: Any) -> None:
    board, software = (
        put(GATE),
        put(HEADER + "0,GC-40,Gate controller,Axis,1,\n1,P3265-LV,Camera,Dahua,1,\n", "software.csv"),
    )
    one, other = read_offering(board, as_of=DAY), read_offering(software, as_of=DAY)
    assert join_offerings([one]) == one and join_offerings([one, one]) == one
    both = join_offerings([one, other])
    assert len({line["ref"] for line in both["components"]}) == len(one["components"]) + len(
        other["components"]
    )
    last = both["components"][-1]
    assert (last["ref"], last["parent_ref"], last["state"]) == ("list 2 line 2", "list 2 line 1", "covered")
    assert [told["sha256"] for told in both["more_lists"]] == [other["parts_list_sha256"]]


def test_short_names_of_makers_of_parts_are_known_in_parts_lists_and_nowhere_else(put: Any) -> None:
    rows = "".join(
        f"{place},{name}\n"
        for place, name in enumerate(["ST", "TI", "Goodix", "Nexperia", "WE", "Zumtobelix"], 1)
    )
    lines = read(put(f"Part,Manufacturer\n{rows}"))
    told = {one["maker"]: (one["state"], one["because"]) for one in lines.values()}
    assert {name for name, (state, _) in told.items() if state == "cleared"} == {
        "ST",
        "TI",
        "Goodix",
        "Nexperia",
    }
    # what stands for a firm is said with the firm; a name that is one already is not said twice
    assert (
        "names ST (STMicroelectronics) as its maker" in told["ST"][1]
        and "Nexperia as its maker" in told["Nexperia"][1]
    )
    assert "WE: who is that?" in told["WE"][1]


def test_no_short_name_of_a_maker_is_one_of_a_screened_firm_its_brands_or_what_is_sold_with_its_units() -> (
    None
):
    knowledge = open_knowledge(())
    sources = knowledge.document("context/part-makers")["makers"]
    names = {plain(name) for source in sources for name in source["names"]}
    assert len(names) >= 100
    firms = {
        str(row[name] or "")
        for row in knowledge.table("entities")
        for name in ("name", "name_local", "statutory_name")
    }
    texts = {str(row["text"]) for row in knowledge.table("names")} | {
        str(row["brand"]) for row in knowledge.table("brands")
    }
    sold = {str(row["brand"]) for row in knowledge.table("relabels")}
    assert not names & {plain(text) for text in firms | texts | sold}
    assert {source["source"] for source in sources} <= {str(row["id"]) for row in knowledge.table("sources")}


APPROVED = "Pos,Ref,Qty,Description,MFR 1,MPN 1,MFR 2 (alt),MPN 2,MFR 3 (alt),MPN 3\n"


@pytest.mark.parametrize(
    ("line", "firm", "number"),
    [
        ("DDR3L,Micron,MT41K256M16TW-107,CXMT,CXDB4CBAM-MA-M,,", "ChangXin", "CXDB4CBAM-MA-M"),
        ("eMMC,Kioxia,THGBMNG5D1LBAIL,Samsung,KLM8G1,YMTC,YMEC6A1TB1A2C3", "Yangtze", "YMEC6A1TB1A2C3"),
        ("LTE modem,NXP,PLS63-W,Huawei,ME909s-120,,", "Huawei", "ME909s-120"),
        ("Wi-Fi SoC,Espressif,ESP32-D0WD,HiSilicon,Hi3861V100,,", "HiSilicon", "Hi3861V100"),
        ("Door camera,Axis,P3265-LV,Hikvision,DS-2CD2143G2-I,,", "Hangzhou Hikvision", "DS-2CD2143G2-I"),
    ],
)
def test_another_choice_of_a_named_firm_leaves_the_line_open_by_its_own_number(
    put: Any, line: str, firm: str, number: str
) -> None:
    (one,) = read_offering(put(APPROVED + f"10,U1,1,{line}\n"), as_of=DAY)["components"]
    _, maker, own, *_ = line.split(",")
    assert (one["state"], one["maker"], one["model_number"]) == ("unresolved", maker, own)
    assert f"{number} of {firm}" in one["because"] and f"{own} of" not in one["because"]
    assert f"or {own} alone?" in one["because"]
    settled = {"ref": one["ref"], "because": f"the pick list of every build has {own}", "by": "L. Okafor"}
    resolve([one], [settled])
    assert one["state"] == "cleared"


def test_what_the_line_itself_names_is_covered_whatever_its_other_choices_are(put: Any) -> None:
    (one,) = read_offering(put(APPROVED + "10,U1,1,SoC,HiSilicon,Hi3516EV300,NXP,IMX6,,\n"), as_of=DAY)[
        "components"
    ]
    assert one["state"] == "covered" and "choice" not in one["because"]


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("PHY,Microchip,KSZ8081,Realtek,RTL8201F,,", "cleared"),
        ("TVS,Littelfuse,SMAJ15A,n/a,-,,", "cleared"),
        ("TVS,Littelfuse,SMAJ15A,Hua Jing,SMAJ-HJ,,", "unresolved"),
        ("PHY,Microchip,KSZ8081,Realtek,RTL8201F,Hua Jing,HJ1", "unresolved"),
        ("PHY,Microchip,KSZ8081,Realtek,RTL8201F,,HJ8201", "unresolved"),
        ("TVS,,SMAJ15A,Littelfuse,SMAJ15B,,", "unresolved"),
    ],
)
def test_the_maker_of_another_choice_is_as_known_as_that_of_the_line(put: Any, line: str, state: str) -> None:
    (one,) = read_offering(put(APPROVED + f"10,U1,1,{line}\n"), as_of=DAY)["components"]
    assert one["state"] == state
    assert one["maker"] == line.split(",")[1]


def test_an_image_of_firmware_is_refused_by_what_it_is_and_what_can_be_certified(put: Any) -> None:
    data = b"#!/bin/sh\necho Dahua\n"
    name = b"etc/init\0"
    fields = [1, 0o100755, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]

    def entry(fields: list[int], name: bytes, data: bytes) -> bytes:
        head = b"070701" + b"".join(b"%08X" % one for one in fields) + name
        head += bytes(-len(head) % 4)
        return head + data + bytes(-len(data) % 4)

    end = entry([0] * 11 + [11, 0], b"TRAILER!!!\0", b"")
    image = gzip.compress(entry(fields, name, data) + end + bytes(512))
    with pytest.raises(InputError) as caught:
        read_offering(put(image, "initrd.cpio.gz"), as_of=DAY)
    assert caught.value.code == "E466" and "image of firmware" in caught.value.what
    assert "bill of materials" in caught.value.next_step and "--map" not in str(caught.value)
