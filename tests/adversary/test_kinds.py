"""Attack 6: a product's parts hidden behind what is said of use, and devices hidden in lists that answer nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import proscribe
from proscribe.app.case.cases import open_cases
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import Ready
from proscribe.app.settings.config import find_config
from proscribe.app.settings.file_rules import readings
from proscribe.documents import render
from proscribe.model.decisions import Outcome
from proscribe.model.observations import answers_of, question_kinds
from proscribe.model.papers import Obstacle, Paper
from proscribe.model.results import Scan
from proscribe.model.scan_writing import scan_text

AS_OF = "2026-11-25"
FACTS = """as_of: 2026-11-25
facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: award_contract
  use.by: the_entity
  item.role_in_system: substantial_or_essential_component
"""
PARTS = (
    "RefDes,Qty,Manufacturer,MPN,Description\nU1,1,Huawei,ME909s-120,LTE module\nR1,4,Yageo,RC0402,resistor\n"
)
INVENTORY = "Asset tag,Manufacturer,Model,Room\nA-1,Huawei,ME909s-120,4\nA-2,Axis,P3265,5\n"


def decided(folder: Path, text: str, name: str = "list.csv", **options: Any) -> Scan:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "facts.yml").write_text(FACTS, encoding="utf-8")
    scan = proscribe.scan([folder / name], as_of=AS_OF, **options).scan
    return Ready.of([folder / "facts.yml"]).decide(scan)


def provide_of(scan: Scan) -> Outcome:
    (found,) = scan.findings
    (told,) = [one for one in scan.determinations[found.id] if one.regime == "us-889-a"]
    return told.outcome


def test_what_is_said_of_all_use_does_not_reach_the_parts_of_a_product(tmp_path: Path) -> None:
    used, sold = decided(tmp_path, INVENTORY), decided(tmp_path, PARTS)
    assert [one.inputs[0].tables[0].kind for one in (used, sold)] == ["equipment", "product_parts"]
    assert provide_of(used) is Outcome.NOT_COVERED
    assert provide_of(sold) is not Outcome.NOT_COVERED
    assert dict(sold.decided.by_finding[sold.findings[0].id].facts).get("use.by") is None  # type: ignore[union-attr]
    assert any("what is sold" in note for note in sold.decided.notes)  # type: ignore[union-attr]
    # who uses it is asked of the thing itself, and of nothing wider
    assert all(
        one.applies_to.startswith("finding:") for one in questionnaire(sold).questions if one.fact == "use.by"
    )


@pytest.mark.parametrize("kind", ["equipment", "other", "vendors", "uncertain"])
def test_a_stated_kind_does_not_bring_it_back(tmp_path: Path, kind: str) -> None:
    sold = decided(tmp_path, PARTS, kinds={"list.csv": kind})
    assert provide_of(sold) is not Outcome.NOT_COVERED


PRICES = "Order code,Product,Dealer price,EAN code\nS-1,Huawei ME909s-120,120.00,40012\nS-2,Axis P3265,99.00,40013\n"


def _denied(folder: Path, lists: str, text: str = PRICES) -> tuple[Obstacle, ...]:
    """Give what stands against "does not provide" where a list that shows itself as sold is stated to be used."""
    (folder / "list.csv").write_text(text, encoding="utf-8")
    (folder / "facts.yml").write_text(FACTS + lists, encoding="utf-8")
    scan = proscribe.scan([folder / "list.csv"], as_of=AS_OF).scan
    content = scan_text(Ready.of([folder / "facts.yml"]).decide(scan)).encode()
    said = folder / "said.yml"
    said.write_text("organisation: {name: Acme Inc}\nanswers: {provide: does not}\n")
    with open_cases(folder / "c.db", create=True) as cases:
        case_id = cases.open_from_scan(content, "s.json", by="B. Lind", title="t", zone="UTC").case.id
        making = Making("annual-representation", (said,), as_of=date.fromisoformat(AS_OF), author="B. Lind")
        found = make_paper(making, (), cases, case_id).obstacles
    return tuple(one for one in found if "list.csv" in one.what or "ME909s" in one.what)


@pytest.mark.parametrize("act", ["use", "keep_in_operation"])
def test_no_correction_of_a_list_that_shows_itself_as_sold_signs_that_it_is_not_provided(
    tmp_path: Path, act: str
) -> None:
    stands = _denied(tmp_path, f"lists: {{list.csv: {{act.kind: {act}}}}}\n")
    # it is confirmed, and no keys show who corrected and who approved: nobody overrides it
    assert ("sold", False) in {(one.code, one.overridable) for one in stands}, stands


def test_the_correction_of_what_is_probable_waits_for_an_approver_and_names_who_made_it(
    tmp_path: Path,
) -> None:
    text = PRICES.replace("Huawei ME909s-120", "Hikvision camera")
    stands = _denied(tmp_path, "lists: {list.csv: {act.kind: use}}\n", text)
    (sold,) = [one for one in stands if one.code == "sold"]
    assert sold.overridable and "corrected that to" in sold.what and "B. Lind" in sold.what
    assert "by its format" in sold.what or "by its names" in sold.what


SOLD_AND_USED = {
    "sales_invoices.csv": "Invoice,Customer,Description,Amount,Serial\nI-1,US Air Force,Hikvision DS-2CD2143G2-I,4800.00,G12345678",
    "invoices.csv": "Invoice,Buyer,Description,Amount\nI-1,US Air Force,Hikvision DS-2CD2143G2-I,4800.00",
    "assets.csv": "Asset Tag,Customer,Model,Site,MAC\nA-1,US Air Force,DS-2CD2143G2-I,Fort Meade,C0:6D:ED:14:02:91",
    "hq-lobby.csv": "SKU,Product,List price,MAC,In use at\nI-1,Hikvision DS-2CD2143G2-I,120.00,C0:6D:ED:14:02:91,HQ lobby",
    "preisliste.csv": "Artikel,Verkaufspreis,Lagerbestand,Einsatzort\nHikvision DS-2CD2143G2-I,120.00,1,Empfang",
    "kunde.csv": "Kunde,Bezeichnung,MAC\nZentrale,Hikvision DS-2CD2143G2-I,C0:6D:ED:14:02:91",
    "bom.csv": "Item,Assembly,Qty,MAC\nHikvision DS-2CD2143G2-I,Lobby,1,C0:6D:ED:14:02:91",
    "resold.csv": "PO,Invoice,Sold to,Model,Amount,MAC\n1,2,HQ,DS-2CD2143G2-I,100,C0:6D:ED:14:02:91",
}


@pytest.mark.parametrize("name", SOLD_AND_USED)
def test_a_list_that_shows_a_user_and_a_buyer_stands_against_both(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SOLD_AND_USED[name] + "\n", encoding="utf-8")
    table = proscribe.scan([tmp_path / name], as_of=AS_OF).scan.inputs[0].tables[0]
    assert answers_of(table.kind) == {"use", "provide"}


@pytest.mark.parametrize(("name", "kind"), [("invoices.csv", "purchases"), ("assets.csv", "equipment")])
def test_no_statement_takes_the_buyer_out_of_a_list(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_text(SOLD_AND_USED[name] + "\n", encoding="utf-8")
    table = proscribe.scan([tmp_path / name], as_of=AS_OF, kinds={name: kind}).scan.inputs[0].tables[0]
    assert question_kinds(table.kind, table.kind_by, table.kind_seen, bool(table.kind_against)) == {
        "use",
        "provide",
    }


@pytest.mark.parametrize("kind", ["vendors", "supplier_statement", "other"])
def test_devices_that_are_stated_to_be_something_else_are_told(tmp_path: Path, kind: str) -> None:
    text = proscribe.scan([_written(tmp_path, INVENTORY)], as_of=AS_OF, kinds={"list.csv": kind}).to_json()
    (table,) = json.loads(text)["inputs"][0]["tables"]
    assert (table["kind"], table["kind_seen"]) == (kind, "equipment")
    assert set(table["kind_against"]) >= {"Asset tag", "Manufacturer", "Model"}


def _written(folder: Path, text: str) -> Path:
    (folder / "list.csv").write_text(text, encoding="utf-8")
    return folder / "list.csv"


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"Manufacturer": "row_id", "Model": "serial_number"}, ["Manufacturer", "Model"]),
        ({"Model": "quantity"}, ["Model"]),
        ({"Manufacturer": "vendor_name", "Site": "note"}, []),
    ],
)
def test_a_column_of_makers_that_is_stated_to_be_something_else_is_told(
    tmp_path: Path, columns: dict[str, str], told: list[str]
) -> None:
    (tmp_path / "list.csv").write_text(
        "Tag,Manufacturer,Model,Site,Qty\nA-1,Hikvision,DS-2CD2143G2-I,HQ,1\nA-2,Axis,P3245-LV,HQ,1\n"
    )
    content = proscribe.scan(tmp_path / "list.csv", mapping=columns, as_of=AS_OF).to_json().encode()
    with open_cases(tmp_path / "c.db", create=True) as cases:
        case_id = cases.open_from_scan(content, "s.json", by="B. Lind", title="t", zone="UTC").case.id
        said = tmp_path / "said.yml"
        said.write_text("organisation: {name: Acme Inc}\nanswers: {use: does not}\n")
        making = Making("annual-representation", (said,), as_of=date.fromisoformat(AS_OF), author="B. Lind")
        found = [one.what for one in make_paper(making, (), cases, case_id).obstacles]
    named = " ".join(one for one in found if "otherwise than its header says" in one)
    assert [name for name in ("Manufacturer", "Model", "Site") if repr(name) in named] == told


@pytest.mark.parametrize("header", ["Manufacturer,Model", "Zeug,Genaues"])
@pytest.mark.parametrize(
    "field", ["mac_vendor", "protocol", "row_id", "note", "quantity", "other", "hostname"]
)
def test_a_stated_column_that_lowers_what_is_confirmed_is_overridden_by_nobody(
    tmp_path: Path, header: str, field: str
) -> None:
    text = (
        f"Asset tag,{header},Location,Serial number\n"
        "HR-1,Hikvision,DS-2CD2143G2-I,HQ,S1\nHR-2,Dell,Latitude 5440,HQ,S2\n"
    )
    columns = dict.fromkeys(header.split(","), field)
    file = _written(tmp_path, text)
    assert proscribe.scan(file, as_of=AS_OF).scan.findings[0].band == "confirmed"
    scan = proscribe.scan(file, mapping=columns, as_of=AS_OF)
    # What decides by itself may still be confirmed; if not, the document says so.
    lowered = all(one.band != "confirmed" for one in scan.scan.findings)
    assert lowered or field not in ("mac_vendor", "protocol", "row_id", "note")
    stands = _stands(tmp_path, scan.to_json())
    assert (("columns-stated", False) in {(one.code, one.overridable) for one in stands}) is lowered


def test_a_stated_column_that_lowers_nothing_stands_against_nothing(tmp_path: Path) -> None:
    text = "Asset,Manufacturer,Model,Feld 9\nHR-1,Hikvision,DS-2CD2143G2-I,HQ\nHR-2,Dell,Latitude 5440,HQ\n"
    scan = proscribe.scan(_written(tmp_path, text), mapping={"Feld 9": "site"}, as_of=AS_OF)
    assert "columns-stated" not in {one.code for one in _stands(tmp_path, scan.to_json())}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"known_as_of": "2001-01-01"}, "knowledge-changed"),
        ({"known_as_of": "2026-11-24"}, "knowledge-changed"),
        ({"reader": "firmware"}, "reader-stated"),
        ({"reader": "snmp"}, "reader-stated"),
    ],
)
def test_a_scan_that_was_asked_not_to_look_is_overridden_by_nobody(
    tmp_path: Path, options: dict[str, Any], code: str
) -> None:
    text = "Asset,Manufacturer,Model\nHR-1,Hikvision,DS-2CD2143G2-I\nHR-2,Dell,Latitude 5440\n"
    scan = proscribe.scan(_written(tmp_path, text), as_of=AS_OF, **options)
    stands = _stands(tmp_path, scan.to_json())
    assert (code, False) in {(one.code, one.overridable) for one in stands}


def test_a_reader_that_fits_stands_against_nothing(tmp_path: Path) -> None:
    scan = proscribe.scan(_written(tmp_path, INVENTORY), as_of=AS_OF, reader="tabular")
    assert "reader-stated" not in {one.code for one in _stands(tmp_path, scan.to_json())}


@pytest.mark.parametrize(
    ("name", "code_page"), [("하이크비전", "euc-kr"), ("هيكفيجن", "cp1256"), ("Хиквижн", "cp866")]
)
def test_a_code_page_that_was_guessed_is_told(tmp_path: Path, name: str, code_page: str) -> None:
    text = f"Asset,Manufacturer,Model\nA-1,{name},X-1\nA-2,Dell,Latitude 5440\n"
    (tmp_path / "list.csv").write_bytes(text.encode(code_page))
    stands = _stands(tmp_path, proscribe.scan(tmp_path / "list.csv", as_of=AS_OF).to_json())
    (told,) = {(one.what, one.overridable) for one in stands if one.code == "encoding-guessed"}
    assert "list.csv" in told[0] and "read as" in told[0] and told[1]


def _stands(folder: Path, scan: str) -> tuple[Obstacle, ...]:
    """Give what stands against a "does not" on a scan."""
    return _paper(folder, scan).obstacles


def _paper(folder: Path, scan: str) -> Paper:
    with open_cases(folder / "c.db", create=True) as cases:
        case_id = cases.open_from_scan(scan.encode(), "s.json", by="B. Lind", title="t", zone="UTC").case.id
        said = folder / "said.yml"
        said.write_text("organisation: {name: Acme Inc}\nanswers: {use: does not}\n")
        making = Making("annual-representation", (said,), as_of=date.fromisoformat(AS_OF), author="B. Lind")
        return make_paper(making, (), cases, case_id)


def test_the_day_of_a_purchase_counts_when_a_statement_is_compared(tmp_path: Path) -> None:
    text = (
        "Asset,Description,Purchase date,Feld 9\n"
        "HR-1,Honor Magic5 Pro smartphone,2023-05-02,HQ\nHR-2,Dell Latitude 5440,2023-05-02,HQ\n"
    )
    scan = proscribe.scan(_written(tmp_path, text), mapping={"Feld 9": "site"}, as_of=AS_OF)
    assert "columns-stated" not in {one.code for one in _stands(tmp_path, scan.to_json())}


@pytest.mark.parametrize(
    ("options", "said", "changed"),
    [
        ({"mapping": {"Model": "note"}}, "column 'Model' is read as note", "as note, as somebody stated"),
        ({"mapping": {"Asset tag": "row_id"}}, "column 'Asset tag' is read as row id", "weigh less"),
        ({"reader": "tabular"}, "it is read with the reader tabular", "look like what it reads"),
        ({"reader": "firmware"}, "it is read with the reader firmware", "does not look like"),
        ({"kinds": {"list.csv": "vendors"}}, "it is a list of vendors", "the program would say equipment"),
        ({"known_as_of": "2026-11-24"}, "recorded after 2026-11-24", "as of 2026-11-25"),
    ],
)
def test_what_somebody_stated_of_a_reading_is_printed_with_what_it_changed(
    tmp_path: Path, options: dict[str, Any], said: str, changed: str
) -> None:
    content = proscribe.scan(_written(tmp_path, INVENTORY), as_of=AS_OF, **options).to_json()
    (row,) = _paper(tmp_path, content).data["read_as"]
    assert row["scan"] == "scan 1" and said in row["said"] and changed in row["changed"]
    text = render(_paper(tmp_path, content), "md").decode()
    assert "How the search was made" in text and said.partition("'")[0] in text


def test_rules_of_the_configuration_are_printed_with_the_files_that_they_were_said_of(tmp_path: Path) -> None:
    (tmp_path / "proscribe.toml").write_text(
        '[[files]]\npath = "*.csv"\nkind = "other"\ncolumns = {"Room" = "site"}\nreader = "tabular"\n'
    )
    file = _written(tmp_path, INVENTORY)
    said = readings(find_config(named=tmp_path / "proscribe.toml"), [file])
    content = proscribe.scan(file, as_of=AS_OF, files=said.files).to_json()
    rows = _paper(tmp_path, content).data["read_as"]
    assert {one["of"] for one in rows} == {"list.csv"}
    assert [word in one["said"] for word, one in zip(("Room", "tabular", "other"), rows, strict=True)] == [
        True
    ] * 3
    assert "equipment" in rows[2]["changed"]


def test_a_scan_of_which_nothing_was_stated_prints_nothing_of_it(tmp_path: Path) -> None:
    content = proscribe.scan(_written(tmp_path, INVENTORY), as_of=AS_OF).to_json()
    assert "read_as" not in _paper(tmp_path, content).data


PHONES = "Asset ID,Manufacturer,Model,Serial number,Purchased,Warranty until\nX1,Honor,Honor 20 YAL-L21,S123456,2019-05-01,2024-06-01\n"


@pytest.mark.parametrize(("stated", "told"), [
    ({}, 0), ({"Purchased": "dated_on"}, 0), ({"Purchased": "note", "Warranty until": "dated_on"}, 1),
    ({"Warranty until": "dated_on"}, 1), ({"Purchased": "other"}, 1), ({"Model": "model_number"}, 0),
])  # fmt: skip
def test_a_day_of_purchase_that_is_stated_to_stand_elsewhere_is_told(
    tmp_path: Path, stated: dict[str, str], told: int
) -> None:
    content = proscribe.scan(_written(tmp_path, PHONES), mapping=stated, as_of=AS_OF).to_json()
    found = [one for one in _paper(tmp_path, content).obstacles if one.code == "columns-stated"]
    assert len({one.what for one in found}) == told
    assert all("Purchased" in one.what and "dated_on" in one.what for one in found)


@pytest.mark.parametrize(
    "stated", [{"Item": "text"}, {"Item": "product_name"}, {"Serial no.": "serial_number"}]
)
def test_a_statement_of_one_column_takes_nothing_from_another(tmp_path: Path, stated: dict[str, str]) -> None:
    file = _written(
        tmp_path, "Tag,Item,Foo,Serial no.\nA-1,Camera,大华,S1\nA-2,Camera,HIK dome,S2\nA-3,Camera,X 1,S3\n"
    )
    alone, said = (proscribe.scan(file, mapping=columns, as_of=AS_OF).findings for columns in ({}, stated))
    assert {one.record_id for one in alone} == {"A-1", "A-2"}
    assert {one.record_id for one in said} >= {"A-1", "A-2"}


@pytest.mark.parametrize(
    ("kind", "text", "stands"),
    [
        (
            "assets",
            "Vendor number,Vendor name,Address,City,Country,Tax ID\n1,Axis,Street 1,Lund,SE,12\n",
            True,
        ),
        (
            "ledger",
            "Vendor number,Vendor name,Address,City,Country,Tax ID\n1,Axis,Street 1,Lund,SE,12\n",
            False,
        ),
        (
            "assets",
            "Asset tag,Manufacturer,Model,Serial number,Site\nA-1,Axis,P3265,B8A44F1122AA,Depot\n",
            False,
        ),
    ],
)
def test_a_search_of_assets_over_lists_of_vendors_alone_stands(
    tmp_path: Path, kind: str, text: str, stands: bool
) -> None:
    content = proscribe.scan([_written(tmp_path, text)], as_of=AS_OF).to_json().encode()
    said = tmp_path / "said.yml"
    search = f"{{name: Register, kind: {kind}, how: scanned whole, by: T. Okafor, on: {AS_OF}, records: 1}}"
    said.write_text(f"organisation: {{name: Acme Inc}}\ninquiry:\n  searched: [{search}]\n")
    with open_cases(tmp_path / "ours.db", create=True) as cases:
        cases.open_from_scan(content, "scan.json", by="B. Lind", title="Yearly", zone="UTC")
        making = Making("annual-representation", (said,), as_of=date.fromisoformat(AS_OF), author="B. Lind")
        told = [
            one
            for one in make_paper(making, (), cases, "C-0001").obstacles
            if one.code == "inquiry-not-scanned"
        ]
    assert bool(told) is stands
