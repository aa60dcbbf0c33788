"""What follows from the kind of a table: what is counted, what is written, what ids rest on, and what never changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

import proscribe
from proscribe.app.inventory.devices import devices
from proscribe.cli.main import cli
from proscribe.model.errors import UsageError
from proscribe.model.observations import KINDS, PROVIDE_KINDS, SILENT_KINDS, USE_KINDS, answers_of
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_writing import scan_text

AS_OF = "2026-11-25"
VENDORS = (
    "Vendor number,Vendor,Street,City,VAT ID,IBAN\n1,Hangzhou Hikvision Digital Technology,Main St,Bonn,DE1,DE2\n"
    "2,Acme,High St,Ulm,DE2,DE3\n"
)
PAYMENTS = "Paid on,Payee,Amount\n2024-01-02,Hikvision UK Limited,99.00\n2024-02-02,Acme,10.00\n"
INVENTORY = "Asset tag,Manufacturer,Model,Room\nA-1,Hikvision,DS-2CD2143G2-I,4\nA-2,Axis,P3265,5\n"


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def table_of(text: str, place: int = 0) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)["inputs"][place]["tables"][0]
    return value


def test_vendors_and_payments_are_no_devices(tmp_path: Path) -> None:
    report = devices(
        [written(tmp_path, vendors=VENDORS, payments=PAYMENTS, inventory=INVENTORY)], as_of=AS_OF
    ).report
    assert report.summary["devices"] == 2 and report.records_apart == {"vendors": 2}
    assert report.summary["units_bought_without_device"] == 0
    assert all(spot.kind != "purchase_without_device" for spot in report.blind_spots)


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("equipment", 2),
        ("network", 2),
        ("uncertain", 2),
        *((kind, 0) for kind in ("vendors", "other", "offered", "purchases")),
    ],
)
def test_a_stated_kind_decides_what_is_counted(tmp_path: Path, kind: str, count: int) -> None:
    folder = written(tmp_path, inventory=INVENTORY)
    made = devices([folder], as_of=AS_OF, kinds={"inventory.csv": kind})
    assert made.report.summary["devices"] == count
    assert len(made.result.findings) == 1  # found, whatever the table is said to be


def test_a_purchase_of_a_thing_is_still_one(tmp_path: Path) -> None:
    bought = "Paid on,Payee,Item,Amount\n2024-01-02,Acme,Hikvision dome camera,99.00\n2024-01-02,Acme,chairs,9.00\n"
    report = devices([written(tmp_path, bought=bought)], as_of=AS_OF).report
    assert report.summary["units_bought_without_device"] == 1


def test_the_scan_says_what_each_table_is(tmp_path: Path) -> None:
    folder = written(tmp_path, inventory=INVENTORY)
    text = proscribe.scan([folder], as_of=AS_OF).to_json()
    table = table_of(text)
    assert (table["kind"], table["kind_by"]) == ("equipment", "headers") and "Asset tag" in table[
        "kind_words"
    ]
    assert table["column_plan"][1] == {
        "name": "Manufacturer", "field": "maker_name", "why": "header", "samples": ["Hikvision", "Axis"],
    }  # fmt: skip
    assert json.loads(text)["statement"]["predicate"]["inputs"][0]["tables"][0]["kind"] == "equipment"
    # read back and written again it is the same
    assert scan_text(read_scan(text.encode()).scan) == text


def test_what_is_stated_stands_in_the_options_and_the_statement(tmp_path: Path) -> None:
    folder = written(tmp_path, inventory=INVENTORY)
    text = proscribe.scan([folder], as_of=AS_OF, kinds={"inventory.csv": "offered"}).to_json()
    assert (table_of(text)["kind"], table_of(text)["kind_by"]) == ("offered", "stated")
    assert json.loads(text)["statement"]["predicate"]["options"]["kinds"] == {"inventory.csv": "offered"}
    read_scan(text.encode())
    forged = text.replace('"kind": "offered"', '"kind": "equipment"')
    with pytest.raises(ValueError, match="result"):
        read_scan(forged.encode())


def test_a_scan_without_kinds_is_uncertain_and_keeps_its_bytes(tmp_path: Path) -> None:
    folder = written(tmp_path, inventory=INVENTORY)
    value = json.loads(proscribe.scan([folder], as_of=AS_OF).to_json())
    value.pop("statement")
    for name in ("kind", "kind_by", "kind_words", "column_plan"):
        value["inputs"][0]["tables"][0].pop(name)
    (table,) = (scan := read_scan(json.dumps(value).encode()).scan).inputs[0].tables
    assert (table.kind, table.kind_by) == ("uncertain", "")
    assert json.loads(scan_text(scan))["inputs"] == value["inputs"]


def test_a_day_counts_in_ids_where_purchases_are_stated(tmp_path: Path) -> None:
    rows = (
        "Item,Checked\nHikvision dome camera,2024-01-02\n",
        "Item,Checked\nHikvision dome camera,2025-01-02\n",
    )

    def ids(kind: str | None) -> set[str]:
        kinds = {"list.csv": kind} if kind else {}
        return {
            proscribe.scan([written(tmp_path, list=text)], as_of=AS_OF, kinds=kinds).findings[0].id
            for text in rows
        }

    assert len(ids(None)) == len(ids("equipment")) == len(ids("uncertain")) == 1
    assert len(ids("purchases")) == 2


def test_what_kinds_answer() -> None:
    assert {kind: sorted(answers_of(kind)) for kind in KINDS} == {
        **{kind: ["use"] for kind in USE_KINDS},
        **{kind: ["provide"] for kind in PROVIDE_KINDS},
        **{kind: [] for kind in SILENT_KINDS},
        "uncertain": ["provide", "use"],
        "totals": ["provide", "use"],
    }
    assert answers_of("of a later version") == {"provide", "use"}


def test_names_that_fit_nothing_are_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, inventory=INVENTORY)
    for kinds in (
        {"inventory.csv": "devices"},
        {"inventories.csv": "equipment"},
        {"inventory.csv#Sheet1": "other"},
    ):
        with pytest.raises(UsageError, match="E144"):
            proscribe.scan([folder], as_of=AS_OF, kinds=kinds)


def test_faces_say_what_a_table_is_and_what_speaks_against_a_statement(tmp_path: Path) -> None:
    folder = written(tmp_path, inventory=INVENTORY)
    made = proscribe.scan([folder], as_of=AS_OF, kinds={"inventory.csv": "vendors"})
    for form in ("table", "html"):
        proscribe.write_scan(made, form, tmp_path / f"answer.{form}")
        text = " ".join((tmp_path / f"answer.{form}").read_text("utf-8").split())
        assert "by itself it would be own equipment" in text and "columns speak against it: Asset tag" in text
    run = CliRunner().invoke(
        cli, ["scan", str(folder / "inventory.csv"), "--plan", "--kind", "inventory.csv=vendors"]
    )
    assert run.exit_code == 0 and "vendors (stated: inventory.csv); by itself: equipment" in run.output
    assert "Hikvision | Axis" in run.output
    run = CliRunner().invoke(cli, ["scan", str(folder / "inventory.csv"), "--plan", "-o", "json"])
    (planned,) = json.loads(run.output)["inputs"]
    assert (
        json.loads(run.output)["schema"] == "proscribe.scan-plan/1"
        and planned["tables"][0]["kind"] == "equipment"
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("inventory.csv", "does not say which file"),
        ("inventory.csv=device", "no kind 'device'"),
        ("x*=vendors", "nothing that is read"),
    ],
)
def test_slips_of_the_option_are_usage_errors(tmp_path: Path, given: str, says: str) -> None:
    folder = written(tmp_path, inventory=INVENTORY)
    for more in ([], ["--plan"]):
        run = CliRunner().invoke(cli, ["scan", str(folder), "--kind", given, "--quiet", *more])
        assert run.exit_code == 2 and "E144" in run.output and says in run.output


_TELLING = {
    "Hikvision": "hikvision", "Dahua Technology": "dahua", "DS-2CD2143G2-I": "hikvision",
    "44:19:B6:00:00:01": "hikvision", "Huawei S5720-28X": "huawei", "华为": "huawei",
}  # fmt: skip
_HEADERS = (
    "Vendor number", "Vendor", "VAT ID", "IBAN", "Question", "Answer", "Signed by", "Customer", "List price", "EAN",
    "Invoice no", "Amount", "Designator", "Model", "Room", "Remarks", "型号", "Foo",
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@hypothesis_given(data=st.data())
def test_no_kind_makes_a_record_silent(tmp_path: Path, data: st.DataObject) -> None:
    more = data.draw(st.lists(st.sampled_from(_HEADERS), max_size=5, unique=True))
    header = data.draw(st.permutations(["Manufacturer", "Description", *more]))
    telling = data.draw(st.sampled_from(sorted(_TELLING)))
    row, other = (["plain"] * len(header) for _ in range(2))
    row[data.draw(st.integers(0, len(header) - 1))] = telling
    text = "\n".join(map(",".join, (header, row, other))) + "\n"
    name = data.draw(st.sampled_from(["list", "vendors", "supplier declaration", "preisliste", "bom"]))
    (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    stated = data.draw(st.sampled_from([None, *KINDS]))
    found = proscribe.scan(
        [tmp_path / f"{name}.csv"], as_of=AS_OF, kinds={"*.csv": stated} if stated else None
    )
    assert any(
        one.locator.row == 1 and _TELLING[telling] in (one.entity, *one.covered_through)
        for one in found.findings
    ), (text, stated)
    (table,) = found.scan.inputs[0].tables
    assert table.kind == stated or stated is None
