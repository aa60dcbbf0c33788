"""Where a thing is now by the other cells of its record."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

import proscribe
from proscribe.app.kb.knowledge_examples import run_states
from proscribe.app.rules.own_facts import own_facts
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index
from proscribe.matching.readings import WHETHER_CARRIED
from proscribe.model.findings import Band, Finding, Role, State


def scanned(tmp_path: Path, column: str, text: str, line: str = "Hikvision DS-2CD2143G2-I camera") -> Finding:
    path = tmp_path / "assets.csv"
    path.write_text(f'Asset,Description,{column}\n1,"{line}","{text}"\n', encoding="utf-8")
    (finding,) = proscribe.scan([path], as_of="2026-11-27").findings
    return finding


@pytest.mark.parametrize(
    ("column", "text", "state"),
    [
        ("Status", "Active", State.IN_SERVICE),
        ("Zustand", "in Betrieb", State.IN_SERVICE),
        ("Status", "planned removal Q3", State.PLANNED_REMOVAL),
        ("Remarks", "scheduled for removal in 2031", State.PLANNED_REMOVAL),
        ("Estado", "en stock", State.STORED_DISCONNECTED),
        ("Condition", "spare", State.STORED_DISCONNECTED),
        ("Remarks", "not in use since May", State.STORED_DISCONNECTED),
        ("Status", "end of life", State.UNKNOWN),
        ("Cost centre", "disposed", State.UNKNOWN),
        ("Remarks", "bracket removed, repainted", State.UNKNOWN),
        ("Remarks", "old Axis removed here", State.UNKNOWN),
        ("Remarks", "hard disk replaced 2020", State.UNKNOWN),
        ("Remarks", "spare keys in reception", State.UNKNOWN),
    ],
)
def test_a_cell_of_states_or_a_remark_says_where_the_thing_is(
    tmp_path: Path, column: str, text: str, state: State
) -> None:
    finding = scanned(tmp_path, column, text)
    assert (finding.state, finding.role) == (state, Role.MADE_BY)
    assert finding.band.rank >= Band.PROBABLE.rank
    against = any(item.field == column for item in finding.against)
    assert against is (state not in (State.UNKNOWN, State.IN_SERVICE))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Status", "Disposed 2021"), ("Status", "ausgemustert"), ("状態", "廃棄済み"), ("Remarks", "sold 2019 to Acme"),
        ("Remarks", "replaced by Axis P3245"), ("Remarques", "mise au rebut en 2020"),
    ],
)  # fmt: skip
def test_what_a_cell_says_is_gone_is_formerly_with_its_question(
    tmp_path: Path, column: str, text: str
) -> None:
    finding = scanned(tmp_path, column, text)
    assert (finding.role, finding.band) == (Role.FORMERLY, Band.POSSIBLE)
    assert finding.questions and finding.state in (State.DISPOSED, State.UNKNOWN)


def test_where_line_and_cell_differ_the_thing_may_still_be_there(tmp_path: Path) -> None:
    finding = scanned(tmp_path, "Status", "Disposed", "Hikvision camera still in use")
    assert (finding.state, finding.role) == (State.IN_SERVICE, Role.MADE_BY)
    assert any("Disposed" in item.why for item in finding.against)


def test_a_shown_state_is_a_fact_of_use_and_disposed_by_words_is_none(tmp_path: Path) -> None:
    shown = {
        "Active": "in_service",
        "to be removed": "in_service",
        "in stock": "stored_disconnected",
        "Disposed": None,
    }
    for text, fact in shown.items():
        assert own_facts(scanned(tmp_path, "Status", text)).said.get("use.state") == fact


def test_every_shipped_value_says_its_state_in_its_column_alone(index: Index) -> None:
    assert [str(failure) for failure in run_states(index, Snapshot.open().documents("context/"))] == []


@pytest.mark.parametrize("key", ["headers", "left_on", "left_why"])
def test_a_header_that_says_no_state_is_named(index: Index, key: str) -> None:
    documents = dict(Snapshot.open().documents("context/"))
    shipped = documents["context/states"]
    documents["context/states"] = {**shipped, key: [*shipped[key], "wall colour"]}
    (failure,) = run_states(index, documents)
    state = "in_service" if key == "headers" else "disposed"
    assert f"{key} 'wall colour'" in str(failure) and f"should be read as {state}" in str(failure)


@pytest.mark.parametrize(
    "column",
    ["Abgang", "Disposed", "retired on", "Fecha de baja", "Date de sortie", "Data dismissione", "Дата списания", "报废日期", "廃棄日"],
)  # fmt: skip
def test_a_day_of_leaving_asks_what_proves_it(tmp_path: Path, column: str) -> None:
    gone = scanned(tmp_path, column, "31.03.2023")
    assert (gone.state, gone.role, gone.band) == (State.DISPOSED, Role.FORMERLY, Band.POSSIBLE)
    assert gone.questions and any(item.field == column for item in gone.against)
    planned = scanned(tmp_path, column, "2031-05-01")
    assert (planned.state, planned.role) == (State.PLANNED_REMOVAL, Role.MADE_BY)


@pytest.mark.parametrize(
    "column",
    [
        "Reason for disposal", "Grund der Aussonderung", "Motivo de baja", "Motif de mise au rebut", "Przyczyna likwidacji",
        "Důvod vyřazení", "Причина списания", "报废原因", "廃棄理由", "Aussonderungsgrund", "Why retired", "asset disposal method",
    ],
)  # fmt: skip
def test_a_reason_for_leaving_says_that_the_thing_left(tmp_path: Path, column: str) -> None:
    gone = scanned(tmp_path, column, "worn out")
    assert (gone.state, gone.role, gone.band) == (State.DISPOSED, Role.FORMERLY, Band.POSSIBLE)
    assert gone.questions and any(item.field == column for item in gone.against)
    for text in ("n/a", "-"):
        assert scanned(tmp_path, column, text).role is Role.MADE_BY
    assert scanned(tmp_path, column, "still in use").state is not State.DISPOSED


@pytest.mark.parametrize(
    "column", ["Reason for change", "Planned disposal date", "Reason", "Grund", "Removal team"]
)
def test_other_reasons_and_plans_take_nothing_away(tmp_path: Path, column: str) -> None:
    assert scanned(tmp_path, column, "worn out").role is Role.MADE_BY


@pytest.mark.parametrize(
    "name",
    [
        "Disposed 2024", "disposals_FY23", "Bajas", "Ausgemustert", "Ausgemusterte Geräte 2022", "Sprzęt wycofany 2021",
        "Vyřazený majetek", "Retired assets", "Décommissionnés", "Списано 2023", "报废清单", "廃棄一覧2022", "폐기목록",
    ],
)  # fmt: skip
def test_a_list_of_what_left_says_so_of_its_rows(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_text(
        "Asset,Description,Status\n1,Hikvision camera,\n2,Hikvision DVR,in use\n", encoding="utf-8"
    )
    gone, here = proscribe.scan([path], as_of="2026-11-27").findings
    assert (gone.state, gone.role, gone.band) == (State.DISPOSED, Role.FORMERLY, Band.POSSIBLE)
    assert gone.questions and any(name in item.found for item in gone.against)
    assert (here.state, here.role) == (State.IN_SERVICE, Role.MADE_BY)


@pytest.mark.parametrize(
    "name",
    [
        "Active and disposed",
        "To be disposed",
        "Disposed 2031",
        "Disposal policy",
        "Sold 2024",
        "Altas y bajas",
        "Inventory",
    ],
)
def test_other_lists_take_nothing_away(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_text("Asset,Description\n1,Hikvision camera\n", encoding="utf-8")
    (finding,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert finding.role is Role.MADE_BY


def test_the_name_of_a_sheet_goes_before_that_of_its_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("Bestand", "Kameras"):
        sheet = book.create_sheet(name)
        sheet.append(["Inv.-Nr.", "Bezeichnung"])
        sheet.append(["1", "Hikvision DS-2CD2143G2-I"])
    book.remove(book["Sheet"])
    path = tmp_path / "ausgemustert.xlsx"
    book.save(path)
    here, gone = proscribe.scan([path], as_of="2026-11-27").findings
    assert (here.role, gone.role) == (Role.MADE_BY, Role.FORMERLY)


@pytest.mark.parametrize("text", ["", "00.00.0000", "31.12.9999", "1900-01-01"])
def test_a_day_that_stands_for_none_says_nothing(tmp_path: Path, text: str) -> None:
    finding = scanned(tmp_path, "Abgang", text)
    assert (finding.state, finding.role) == (State.UNKNOWN, Role.MADE_BY)
    bought = scanned(tmp_path, "Purchase date", "31.03.2023")
    assert bought.role is Role.MADE_BY


GONE = [
    "Camera removed 2023 and shredded", "Kamera 2023 entsorgt", "caméra démontée en 2022 et détruite", "cámara retirada en 2022",
    "telecamera rimossa nel 2022", "câmera retirada em 2022", "camera verwijderd in 2022", "kamera zdemontowana w 2022",
    "камера демонтирована в 2022", "摄像机2022年已拆除", "设备2020年报废", "カメラ2022年撤去", "2022년 카메라 철거", "تمت إزالة الكاميرا في 2022",
]  # fmt: skip


@pytest.mark.parametrize("column", ["Notes", "Description", "Foo"])
@pytest.mark.parametrize("text", GONE)
def test_a_note_of_going_asks_in_whichever_column_it_may_stand(
    tmp_path: Path, column: str, text: str
) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(f"Asset,Maker,Model,{column}\n1,Hikvision,DS-2CD2143G2-I,{text}\n", encoding="utf-8")
    (finding,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (finding.role, finding.band) == (Role.FORMERLY, Band.POSSIBLE)
    assert finding.questions and finding.state in (State.DISPOSED, State.UNKNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "bracket removed 2023", "camera housing replaced 2022", "old Bosch camera removed 2021", "firmware removed 2023",
        "camera installed 2021 after the old one was scrapped", "Kamera wurde 2022 nicht entsorgt", "Gehäuse der Kamera getauscht 2022",
        "camera removed 2021, reinstalled 2022",
        "other camera removed 2023", "second camera removed 2023", "2 cameras removed 2023", "zweite Kamera 2022 entsorgt",
        "autre caméra démontée en 2022", "cámara vecina retirada en 2022", "другая камера демонтирована в 2022",
        "隔壁摄像机2022年已拆除", "隣のカメラ2022年撤去", "다른 카메라 2022년 철거", "تمت إزالة الكاميرا الأخرى في 2022",
        "previous Hikvision DVR disposed 2021", "Hikvision DVR disposed 2021", "Hikvision DS-7608NI-K2 scrapped 2020",
        "vorherige Hikvision Kamera entsorgt 2021", "two Hikvision cameras removed 2021",
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["Notes", "Location"])
def test_a_note_of_something_else_that_went_takes_nothing_away(
    tmp_path: Path, column: str, text: str
) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(f'Asset,Maker,Model,{column}\n1,Hikvision,DS-2CD2143G2-I,"{text}"\n', encoding="utf-8")
    (finding,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (finding.role, finding.band.rank >= Band.PROBABLE.rank) == (Role.MADE_BY, True)


@pytest.mark.parametrize("column", ["Site", "Owner", "Department", "Project", "Supplier", "Foo"])
@pytest.mark.parametrize(
    "text",
    [
        "Camera disposal room 2", "Decommissioning Unit 3", "Camera removal team", "Demolition of hall 7",
        "Waste disposal plant camera 3", "Abbau Halle 7 2023",
    ],
)  # fmt: skip
def test_names_of_places_and_teams_take_nothing_away(tmp_path: Path, column: str, text: str) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(f"Asset,Maker,Model,{column}\n1,Hikvision,DS-2CD2143G2-I,{text}\n", encoding="utf-8")
    (finding,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (finding.role, finding.band, finding.state) == (Role.MADE_BY, Band.CONFIRMED, State.UNKNOWN)


def test_a_note_of_another_thing_of_the_maker_keeps_its_question(tmp_path: Path) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(
        "Maker,Model,Notes\nHikvision,DS-2CD2143G2-I,previous Hikvision DVR disposed 2021\n", encoding="utf-8"
    )
    (finding,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (finding.role, finding.band, finding.state) == (Role.MADE_BY, Band.CONFIRMED, State.UNKNOWN)
    assert finding.questions and any(item.field == "Notes" for item in finding.against)


def test_a_makers_column_says_nothing_against_a_line_of_going(tmp_path: Path) -> None:
    path = tmp_path / "assets.csv"
    path.write_text("Maker,Model\nHikvision,DS-2CD2143G2-I removed 2023\n", encoding="utf-8")
    (finding,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (finding.role, finding.band, finding.state) == (Role.FORMERLY, Band.POSSIBLE, State.DISPOSED)


def bought(tmp_path: Path, *rows: str) -> list[Finding]:
    path = tmp_path / "purchases.csv"
    head = "Document no.;Posting date;Vendor;Posting text;Quantity;Amount EUR\n"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return list(proscribe.scan([path], as_of="2026-11-27").findings)


@pytest.mark.parametrize("quantity", ["-1", "- 2,00", "1-", "(3)", "\u22121", "-1 pcs"])
def test_a_row_that_takes_pieces_back_asks_whether_the_thing_is_there(tmp_path: Path, quantity: str) -> None:
    kept, back = bought(
        tmp_path,
        "1;2021-04-02;Store;Camera Hikvision DS-2CD2143G2-I;1;99,99",
        f"2;2021-04-02;Store;Storno camera Hikvision DS-2CD2143G2-I;{quantity};-99,99",
    )
    assert (kept.role, kept.band) == (Role.MADE_BY, Band.CONFIRMED)
    assert (back.role, back.band, back.state) == (Role.FORMERLY, Band.POSSIBLE, State.UNKNOWN)
    assert back.questions and any(item.field == "Quantity" for item in back.against)
    assert "use.state" not in own_facts(back).facts and "item.producer" not in own_facts(back).facts


@pytest.mark.parametrize("quantity", ["1", "0", "-", "-0", "", "2-3", "n/a", "-A-"])
def test_any_other_quantity_takes_nothing_back(tmp_path: Path, quantity: str) -> None:
    (found,) = bought(tmp_path, f"1;2021-04-02;Store;Camera Hikvision DS-2CD2143G2-I;{quantity};-99,99")
    assert (found.role, found.band) == (Role.MADE_BY, Band.CONFIRMED)


@pytest.mark.parametrize(
    ("remark", "role"),
    [
        ("sold to Meyer 03/2021", Role.FORMERLY),
        ("given to Okafor in March 2021", Role.FORMERLY),
        ("verkauft an Meyer 03/2021", Role.FORMERLY),
        ("verkocht aan Jansen 2020", Role.FORMERLY),
        ("sold to us by Meyer 2021", Role.MADE_BY),
        ("not sold to Meyer", Role.MADE_BY),
        ("repaired, removed jumper 2021", Role.MADE_BY),
    ],
)
def test_a_remark_says_to_whom_a_thing_went(tmp_path: Path, remark: str, role: Role) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(f'Tag,What,Remarks\nH-1,Dahua NVR4208,"{remark}"\nH-2,Axis P3245,\n', encoding="utf-8")
    (found,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (found.role, bool(found.questions)) == (role, role is Role.FORMERLY)


def test_a_row_of_a_sum_asks_whether_it_counts_anything_else(tmp_path: Path) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(
        "No,Item,Qty\n1,Hikvision camera,4\n,Total Hikvision 12,\nTotal,Hikvision,12\n,Summe Hikvision-Kameras,12\n"
        "合计,海康威视摄像机,3\nИтого,Камеры Hikvision,3\n2,Total station room Hikvision camera,1\n",
        encoding="utf-8",
    )
    thing, *sums, place = proscribe.scan([path], as_of="2026-11-27").findings
    assert len(sums) == 5
    assert {(one.band, one.role, one.questions) for one in sums} == {
        (
            Band.POSSIBLE,
            Role.MADE_BY,
            ("Is this row the sum of others, or does it count things that no other row lists?",),
        )
    }
    assert all(one.band.rank >= Band.PROBABLE.rank for one in (thing, place))


@pytest.mark.parametrize(
    "text",
    ["selejtezve 2022", "casat 2021", "kasserad", "poistettu", "hurdaya ayrıldı", "rusak, sudah dibuang"],
)
def test_a_cell_that_says_no_more_than_that_a_thing_left_is_heard_in_any_column(
    tmp_path: Path, text: str
) -> None:
    found = scanned(tmp_path, "Zuq", text)
    assert (found.band, found.role) == (Band.POSSIBLE, Role.FORMERLY)


def test_a_column_of_states_is_told_by_its_values(tmp_path: Path) -> None:
    path = tmp_path / "assets.csv"
    rows = ["1;Hikvision DS-2CD2143G2-I;in use", "2;Dahua NVR4108;spare", "3;Huawei S5720-28P-LI-AC;sold"]
    path.write_text("Asset;Model;Priority\n" + "\n".join(rows) + "\n", encoding="utf-8")
    states = [one.state for one in proscribe.scan([path], as_of="2026-11-27").findings]
    assert states == [State.IN_SERVICE, State.STORED_DISCONNECTED, State.DISPOSED]


def test_a_return_of_minus_one_piece_took_it_back(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("Item,Qty,Narration\nZTE MF927U dongle,-1,purchase return\n", encoding="utf-8")
    (found,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (found.band, found.role) == (Band.POSSIBLE, Role.FORMERLY)


def test_what_is_planned_of_the_ports_of_a_switch_is_not_the_switch(tmp_path: Path) -> None:
    found = scanned(tmp_path, "Notes", "48 ports planned", "Huawei S5720-28P-LI-AC")
    assert found.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    ("name", "title", "offered"),
    [
        ("Angebot-2024-113.csv", "", True),
        ("quote 5512.csv", "", True),
        ("list.csv", "Nabídka č. 2024/55 pro Město Kolín", True),
        ("list.csv", "御見積書", True),
        ("accepted quote 5512.csv", "", False),
        ("Rechnung zu Angebot 113.csv", "", False),
        ("list.csv", "Cameras of the estate, as in quote 12", False),
    ],
)
def test_what_a_list_offers_is_not_said_to_be_here(
    tmp_path: Path, name: str, title: str, offered: bool
) -> None:
    path = tmp_path / name
    rows = "Pos;Bezeichnung;Menge\n1;Hikvision DS-2CD2143G2-I Kamera;4\n2;Axis P3245;1\n"
    path.write_text((f"{title}\n\n" if title else "") + rows, encoding="utf-8")
    (found,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (found.band is Band.POSSIBLE) is offered
    assert any("offered" in one.why for one in found.against) is offered


@pytest.mark.parametrize(
    "header",
    [
        "Consignment,Shipper,Consignee,Goods carried",
        "Fuvarlevél,Feladó,Címzett,Áru",
        "Sevk No,Gönderen,Alıcı,Taşınan mal",
    ],
)
def test_goods_in_transit_are_asked_for(tmp_path: Path, header: str) -> None:
    path = tmp_path / "run.csv"
    path.write_text(f"{header}\n1,Norbain Ltd,B&M Stores,Hikvision cameras 60 ctn\n", encoding="utf-8")
    (found,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (found.band, WHETHER_CARRIED in found.questions) == (Band.POSSIBLE, True)
    mail = tmp_path / "mail.csv"
    mail.write_text(
        "No,Sender,Recipient,Subject\n1,Norbain Ltd,B&M Stores,Hikvision cameras 60 ctn\n", encoding="utf-8"
    )
    (own,) = proscribe.scan([mail], as_of="2026-11-27").findings
    assert WHETHER_CARRIED not in own.questions


@pytest.mark.parametrize("text", ["Hikvision HikCentral", "Hikvision iVMS-4200"])
def test_a_firm_before_its_program_is_a_question_where_nothing_names_a_device(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "licences.csv"
    path.write_text(f"Item,Model\nLicence,{text}\nServer,{text} server\n", encoding="utf-8")
    licence, server = proscribe.scan([path], as_of="2026-11-27").findings
    assert licence.band is Band.POSSIBLE
    assert server.band.rank >= Band.PROBABLE.rank
