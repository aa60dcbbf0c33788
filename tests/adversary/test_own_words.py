"""What a list says itself of its things stands against a "does not", though no sign of a firm is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import signed_documents
import xlsxwriter

from proscribe.app.case.cases import open_cases
from proscribe.app.case.document_files import make_document
from proscribe.app.papers.documents import Making
from proscribe.app.scan.api import scan
from proscribe.readers._declared import values_of
from proscribe.readers.own_words import has_barred, marks, says_against

HEADS = "Tag,Manufacturer,Model,Serial number,Site,"
ROWS = ("A-1,Axis,P3245-LV,B8A44F1122AA,Depot,", "A-2,Brightcam,BC-200,S222221,Depot,")


def codes_of(folder: Path, head: str, first: str, second: str) -> dict[str, str]:
    path = folder / "list.csv"
    path.write_text(f"{HEADS}{head}\n{ROWS[0]}{first}\n{ROWS[1]}{second}\n", encoding="utf-8")
    return {issue.code: issue.at for item in scan([path]).scan.inputs for issue in item.issues}


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        ("NDAA compliant", "Yes", "No"),
        ("NDAA compliant?", "y", "No - OEM unit"),
        ("Section 889 covered", "no", "yes"),
        ("Section 889 status", "OK", "covered equipment"),
        ("NDAA", "yes", "no"),
        ("NDAA-konform", "ja", "nein"),
        ("NDAA合规", "是", "否"),
        ("Remarks", "fine", "banned under NDAA section 889 - replace"),
        ("Remarks", "NDAA compliant", "not NDAA-compliant"),
        ("Remarks", "", "on the FCC Covered List"),
        ("Remarks", "", "covered equipment"),
        ("Remarks", "NDAA ok, no PoE", "unlawful under section 889"),
        ("Remarks", "889 ok", "not allowed under 889"),
        ("Remarks", "NDAA: yes, stock: no", "889: no"),
        ("Remarks", "no 889 hits", "889(a)(1)(B) hit"),
        ("Remarks", "NDAA ✓", "NDAA ❌"),
        ("Remarks", "", "non-NDAA"),
        ("Remarks", "FCC approved", "FCC banned"),
        ("Remarks", "not blacklisted", "blacklisted"),
        ("Remarks", "not on the 889 list", "from the people whose maker stands on the 889 list"),
        ("Remarks", "nicht auf der 889-Liste", "steht auf der 889-Liste"),
        ("Remarks", "cumple NDAA", "prohibido por la sección 889"),
        ("Remarks", "", "запрещено 889"),
        ("Remarks", "NDAA合规", "受889条款限制"),
        ("NDAA ok", "✅", "❌"),
        ("Maker of record", "Axis", "banned maker"),
        ("Notes", "meets section 889", "named in section 889"),
        ("Notes", "no covered equipment", "covered equipment, waiver requested"),
        ("Notes", "section 889 audit passed", "889(a)(1)(B) item"),
        ("Notes", "NDAA? yes", "NDAA? no"),
        ("Notes", "five cameras", "made by one of the five firms"),
        ("Notes", "not on the entity list", "1260H company"),
        ("Notes", "supplier letter on section 889", "on the FASCSA order"),
        ("Notes", "not on the government list", "maker on the government blacklist"),
        ("Notes", "one of five", "one of the five"),
        ("Notes", "deleted user account", "delete this row before sending to GSA"),
        ("Notes", "kept off the floor", "keep off the list"),
        ("Notes", "not shown on the plan", "not to be shown to auditor"),
        ("Notes", "duplicate, delete from the list", "name left out on request of legal"),
        ("Notes", "hidden camera in the shop", "vor der Prüfung löschen"),
        ("Notes", "audit 2024 passed", "ne pas montrer à l'auditeur"),
        ("Notes", "no gira", "no mostrar al auditor"),
        ("备注", "审计通过", "不要告诉审计"),
        ("Notes", "replacement for a unit we had to remove", "identical to the cams we had to remove"),
        ("Notes", "UL listed, NDAA compliant", "889 listed"),
        ("Notes", "NDAA ok, covered by warranty", "covered by 889"),
        ("Notes", "for federal work", "not allowed for federal work"),
        ("Notes", "federal holiday crew", "not federally compliant"),
        ("Notes", "removed before painting", "must be removed before the federal audit"),
        ("Notes", "rip cord", "to be ripped out (R&R)"),
        ("Notes", "no waiver needed? ask", "waiver requested"),
        ("Notes", "low risk vendor", "high-risk vendor"),
        ("Bemerkung", "Hersteller nennt Lieferzeit", "gesperrter Hersteller"),
        ("Remarque", "accès interdit au public", "fabricant interdit"),
        ("Примечание", "вход запрещён", "запрещённый производитель"),
        ("备注", "禁止吸烟", "禁用品牌"),
        ("備考", "保証対象外", "NDAA対象外"),
    ],
)
def test_a_list_that_says_itself_that_the_law_names_a_thing(
    tmp_path: Path, head: str, first: str, second: str
) -> None:
    assert "row 3, " in codes_of(tmp_path, head, first, second)["E547"]
    assert scan([tmp_path / "list.csv"]).leaves_open


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ("NDAA compliant", "Yes"), ("NDAA compliant", "unknown"), ("Section 889 covered", "No"), ("Section 889 status", "not covered"),
        ("Remarks", "NDAA compliant"), ("Remarks", "replacement for a banned unit (NDAA)"), ("Remarks", "Not covered by section 889"),
        ("Cost centre", "889"), ("Remarks", "test 889 failed"), ("Remarks", "Is this banned under the NDAA?"),
        ("Remarks", "room no 889"), ("Remarks", "PO 889 not OK"), ("Remarks", "NDAA compliant, not installed"), ("Remarks", "NDAA N/A"),
        ("Remarks", "not an NDAA item"), ("Remarks", "4MP NDAA dome, no audio"), ("Remarks", "warranty: covered"),
        ("Remarks", "NDAA status not known"), ("Remarks", "FCC Part 15, no CE"), ("Remarks", "banned from VLAN 3"),
    ],
)  # fmt: skip
def test_a_list_that_says_nothing_against_its_things(tmp_path: Path, head: str, value: str) -> None:
    assert "E547" not in codes_of(tmp_path, head, value, value)


@pytest.mark.parametrize(
    ("head", "value", "denies"),
    [
        ("Qty", "12 (of which 4 other makes)", True), ("Remarks", "label says something else than Axis", True),
        ("Remarks", "swapped by installer in 2022 for another brand", True), ("Remarks", "maker entered from memory, nobody looked", True),
        ("Remarks", "8 more of another make at the gate, not listed", True), ("Bemerkung", "davon 2 andere Hersteller", True),
        ("Remarks", "dont 2 d'une autre marque", True), ("备注", "其中4台其他品牌", True), ("Notes", "2 are a different brand", True),
        ("Qty", "12 pcs", False), ("Remarks", "replaces another brand", False), ("Remarks", "no other makes", False),
        ("Remarks", "another camera beside it", False), ("Remarks", "battery swapped in 2022", False), ("Remarks", "brand new", False),
        ("Remarks", "works with other brands", False), ("Remarks", "label faded", False),
        ("Notes", "maker on the label is not the real one", True), ("Notes", "sticker removed before audit", True),
        ("Notes", "OEM: confidential", True), ("Notes", "supplier refuses to name maker", True), ("Notes", "logo painted over", True),
        ("Notes", "label is ours, made elsewhere", True), ("Notes", "same make as HR-7", True), ("Notes", "see HR-7 for maker", True),
        ("Notes", "ODM in Hangzhou", True), ("Notes", "house brand of the installer", True), ("Notes", "PRC state-owned maker", True),
        ("Notes", "OEM firmware 2.3", False), ("Notes", "makerspace", False), ("Notes", "covered with snow", False),
        ("Bemerkung", "Aufkleber abgezogen", True), ("Remarque", "étiquette arrachée", True), ("Примечание", "наклейка снята", True),
        ("Notes", "asset label removed", False), ("Notes", "warranty by manufacturer", False), ("Notes", "see the maker's manual", False),
        ("Notes", "firmware changed by manufacturer", False), ("Notes", "logo on the door, plate removed", False),
    ],
)  # fmt: skip
def test_a_remark_that_takes_the_maker_back_leaves_the_scan_incomplete(
    tmp_path: Path, head: str, value: str, denies: bool
) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(
        f'Tag,Category,Maker,Model,Serial,{head}\nA-1,Camera,Axis,P3245-LVE,S1001,"{value}"\n',
        encoding="utf-8",
    )
    answer = scan([path])
    told = [issue for item in answer.scan.inputs for issue in item.issues if issue.code == "E548"]
    assert any("not of the maker" in issue.what and issue.lossy for issue in told) is denies
    assert all(
        "Find out who made these things" in issue.what and "formulas" not in issue.what for issue in told
    )


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Bob, all our cameras are those Chinese ones on the 889 list.", True),
        ("Unsere Kameras stehen auf der 889-Liste.", True),
        ("The cameras in the yard are those named in section 889; replacement was deferred to FY28.", True),
        ("The landlord's recorders are covered equipment.", True),
        ("All devices meet section 889.", False),
        ("The Contractor shall not provide cameras that are covered equipment.", False),
        ("Our cameras are not on the 889 list.", False),
        ("We checked whether our cameras are on the 889 list.", False),
        ("Makers on the 889 list are Huawei and others.", False),
    ],
)
def test_running_text_that_says_it_of_ones_own_things(tmp_path: Path, text: str, speaks: bool) -> None:
    (tmp_path / "mail.txt").write_text(f"Hello\n{text}\nTom\n")
    codes = {issue.code for item in scan([tmp_path / "mail.txt"]).scan.inputs for issue in item.issues}
    assert ("E547" in codes) is speaks


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("IT took the stickers off the recorders before the audit.", True),
        ("The landlord's 12 cameras and the recorder are of the Hangzhou brand.", True),
        ("The logo on the radios is painted over.", True),
        ("The maker of the switches is in Shenzhen, and well known.", False),
        ("New asset labels were put on the cameras, the old ones removed.", False),
    ],
)
def test_running_text_that_takes_a_maker_back_leaves_the_scan_incomplete(
    tmp_path: Path, text: str, speaks: bool
) -> None:
    (tmp_path / "minutes.txt").write_text(f"Minutes\n{text}\nTom\n")
    issues = [issue for item in scan([tmp_path / "minutes.txt"]).scan.inputs for issue in item.issues]
    assert any(issue.code == "E548" and issue.lossy for issue in issues) is speaks


_THERE = (
    "Twelve more of the blacklisted make are ordered for the new hall",
    "Two of the banned cameras came back from repair and hang here again",
    "we kept one of the prohibited radios for emergencies",
    "they have not removed the banned cameras yet",
    "die verbotenen Kameras in Halle 3 hängen noch",
    "les caméras interdites sont toujours dans le sous-sol",
    "las cámaras prohibidas siguen en el almacén",
    "le telecamere vietate sono ancora in magazzino",
    "as câmeras proibidas ainda estão no depósito",
    "de verboden camera's hangen nog in hal 2",
    "zakazane kamery nadal wiszą w hali",
    "запрещенные камеры все еще висят в цехе",
    "那些美国人不让用的摄像头还在地下室",
    "禁止されたカメラがまだ倉庫にあります",
    "금지된 카메라가 아직 창고에 있다",
    "yasaklı kameralar hala depoda",
)
_NOT_THERE = (
    "no banned cameras here", "banned cameras removed in 2020", "none of the prohibited devices found", "we do not use banned equipment",
    "policy on prohibited equipment", "replaces the banned recorder", "keine verbotenen Kameras", "verbotene Kameras wurden 2021 entfernt",
    "sin cámaras prohibidas", "toutes les caméras interdites ont été retirées", "没有违禁设备", "запрещенного оборудования нет",
    "prohibited area camera 3", "forbidden items list at the gate", "camera with prohibited vehicle detection", "blacklisted MAC filter",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "there"), [*((one, True) for one in _THERE), *((one, False) for one in _NOT_THERE)]
)
def test_a_remark_that_something_barred_is_there_names_no_maker_and_is_told(text: str, there: bool) -> None:
    assert has_barred(text) is there
    assert has_barred(text, plainly=True) is there


@pytest.mark.parametrize(
    "text",
    [
        "prohibited, to be replaced 2027", "verboten, Ersatz bestellt", "запрещено, замена заказана", "被禁，已订购替换",
        "forbidden brand, still in use", "do not report", "not to be declared", "contracting officer must not see this one",
        "taken down for the audit only", "nach der Prüfung wieder aufgehängt", "à cacher pendant l'audit", "审计时藏起来",
        "спрятать на время проверки", "감사 때 숨길 것", "only the sticker is Axis", "not really Axis", "nur Aufkleber von Axis",
        "ask Tom what it really is", "waiver refused", "not allowed under the federal contract", "NDAA problem",
    ],
)  # fmt: skip
def test_remarks_that_say_of_their_thing_what_no_name_says_are_told(tmp_path: Path, text: str) -> None:
    assert {"E547", "E548"} & codes_of(tmp_path, "Remarks", "new", f'"{text}"').keys()


@pytest.mark.parametrize(
    "text",
    [
        "smoking is prohibited here", "reported to the landlord", "report the fault to Axis", "new sticker on the door", "really good picture",
        "audit of 2025 done", "put back after repair", "SIM locked", "must be seen from the gate", "so far no problems", "no issue known",
    ],
)  # fmt: skip
def test_remarks_about_other_things_are_not_told(tmp_path: Path, text: str) -> None:
    assert not {"E547", "E548"} & codes_of(tmp_path, "Remarks", "new", text).keys()


def test_cells_that_say_that_something_barred_is_there_stand_against_a_list(tmp_path: Path) -> None:
    found = codes_of(tmp_path, "Remarks", "no banned cameras here", "one banned camera behind the panel")
    assert "row 3, " in found["E547"]
    (tmp_path / "minutes.txt").write_text(f"Minutes\n{_THERE[1]}.\nTom\n", encoding="utf-8")
    (issue,) = [
        one
        for item in scan([tmp_path / "minutes.txt"]).scan.inputs
        for one in item.issues
        if one.code == "E547"
    ]
    assert "something barred is there" in issue.what
    assert not has_barred("one banned camera behind the panel", plainly=True)


def test_running_text_about_the_law_speaks_of_no_thing() -> None:
    clause = "The Contractor shall report covered equipment under section 889."
    assert not says_against(clause)


@pytest.mark.parametrize("value", ["#N/A", "#REF!", "#BEZUG!", "Err:502", "#NAME?"])
def test_a_maker_lost_in_a_formula_leaves_the_scan_incomplete(tmp_path: Path, value: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"Tag,Manufacturer,Model,Serial number\nA-1,Axis,P3245-LV,S1\nA-2,{value},X100,S2\n")
    result = scan([path])
    assert not result.complete
    assert {"E548"} == {issue.code for item in result.scan.inputs for issue in item.issues}


def test_a_maker_lost_in_a_formula_of_a_workbook_leaves_the_scan_incomplete(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "list.xlsx"))
    sheet = book.add_worksheet("Kit")
    for row, cells in enumerate([HEADS[:-1].split(","), *(one[:-1].split(",") for one in ROWS)], start=2):
        sheet.write_row(row, 1, cells)
    sheet.write_formula(4, 2, "=VLOOKUP(B5,Makers,2)", None, "#N/A")
    book.close()
    issues = [issue for item in scan([tmp_path / "list.xlsx"]).scan.inputs for issue in item.issues]
    assert [one.at for one in issues if one.code == "E116"] == ["sheet 'Kit'!C5"]
    (lost,) = (one for one in issues if one.code == "E548")
    assert lost.lossy and "row 5, 'Manufacturer'" in lost.at


@pytest.mark.parametrize("mark", ["ditto", "Do.", "〃", '""""', "同上", "-//-", "same as above"])
def test_a_maker_that_repeats_the_row_above_leaves_the_scan_incomplete(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        f"Tag,Manufacturer,Model,Serial number\nA-1,Hikvision,T1,S1\nA-2,{mark},T2,S2\n", encoding="utf-8"
    )
    result = scan([path])
    assert not result.complete
    assert [issue.at for item in result.scan.inputs for issue in item.issues if issue.code == "E548"]


@pytest.mark.parametrize(
    ("address", "complete"), [
        ("2.1147E+14", False), ("211470284357633", False), ("44:19:B6:00:01", False), ("44-19-B6-00-00-00-01", False),
        ("O4:19:B6:00:00:0S", False), ("4419B600000", False), ("B8A44F1122AA", True), ("b8:a4:4f:11:22:aa", True),
        ("01-b8-a4-4f-11-22-aa", True), ("b8:a4:4f:xx:xx:xx", True), ("0:1b:4f:1:2:a", True), ("b8:a4:4f", True), ("12345678901", True),
        ("none", True), ("b8:a4:4f:ff:fe:11:22:aa", True),
    ],
)  # fmt: skip
def test_an_address_that_is_none_any_more_leaves_the_scan_incomplete(
    tmp_path: Path, address: str, complete: bool
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        f"Tag,Manufacturer,Model,MAC address\nA-1,Brightcam,BC-1,{address}\nA-2,Axis,P1,B8A44F1122AB\n"
    )
    result = scan([path])
    assert result.complete is complete
    assert complete or "E548" in {issue.code for item in result.scan.inputs for issue in item.issues}


def test_an_error_in_a_column_of_prices_loses_no_name(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Tag,Manufacturer,Model,Serial number,Price\nA-1,Axis,P3245-LV,S1,#N/A\n")
    assert scan([path]).complete


def test_a_list_that_says_itself_that_a_thing_is_not_compliant_is_denied_by_no_author(tmp_path: Path) -> None:
    rows = "Tag,Manufacturer,Model,Serial number,Site,NDAA compliant\nA-2,Brightcam,BC-200,S222221,Depot,No\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")
    content = scan([tmp_path / "list.csv"], as_of=signed_documents.DAY).to_json().encode()
    with open_cases(tmp_path / "c.db", create=True, now=lambda: signed_documents.AT) as cases:
        cases.open_from_scan(content, "scan.json", by="Sam Lind", title="Yearly", zone="UTC")
        said = tmp_path / "said.yml"
        said.write_text(signed_documents.SAID)
        making = Making(
            "annual-representation", (said,), as_of=signed_documents.DAY, made_at=signed_documents.AT,
            author="Sam Lind", approver="Kim Berg",
        )  # fmt: skip
        made = make_document(making, cases=cases, case_id="C-0001", formats=("md",))
    assert made.refused
    (told,) = {(one.what, one.overridable) for one in made.paper.obstacles if one.code == "says-covered"}
    assert "NDAA compliant" in told[0] and told[1]


def test_a_mark_stands_in_whatever_names_the_law() -> None:
    """Cells without one are not looked into."""
    bare = [mark.replace(".", " ").replace("-", " ") for mark in marks()]
    declared = values_of("own_words.yml")
    named = [*declared["law"], *(word for word in declared["against"] if "ndaa" in word or "889" in word)]
    # "889 a" is how a person writes 889(a)
    assert [word for word in named if not any(mark in word for mark in bare)] == []
