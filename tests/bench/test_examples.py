"""The example inputs are what their script writes, and hold the difficulties they promise."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    spec = importlib.util.spec_from_file_location("make_inputs", EXAMPLES / "make_inputs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("inputs")
    module.write_all(folder)
    return folder


def test_committed_inputs_are_those_of_the_script(written: Any) -> None:
    committed = {path.name for path in (EXAMPLES / "inputs").iterdir()}
    assert committed == {path.name for path in written.iterdir()}
    for name in committed - {"inventory.xlsx"}:
        assert (EXAMPLES / "inputs" / name).read_bytes() == (written / name).read_bytes(), name


def test_committed_workbook_has_the_cells_of_the_script(written: Any) -> None:
    """Cells, not bytes: another version of the writing library may lay the package out differently."""
    ours = openpyxl.load_workbook(EXAMPLES / "inputs" / "inventory.xlsx")
    fresh = openpyxl.load_workbook(written / "inventory.xlsx")
    assert ours.sheetnames == fresh.sheetnames
    for name in ours.sheetnames:
        assert list(ours[name].values) == list(fresh[name].values), name
        assert ours[name].sheet_state == fresh[name].sheet_state


def test_workbook_holds_what_the_readme_promises() -> None:
    book = openpyxl.load_workbook(EXAMPLES / "inputs" / "inventory.xlsx")
    assert [sheet.title for sheet in book if sheet.sheet_state == "hidden"] == ["Old stock"]
    assert book["Cameras"]["A4"].value == "Asset tag"
    assert {str(area) for area in book["Network"].merged_cells.ranges} == {"A1:B1", "C1:D1", "E1:G1"}


def test_ledger_is_code_page_1252() -> None:
    raw = (EXAMPLES / "inputs" / "ledger-2026-10.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    lines = raw.decode("cp1252").splitlines()
    assert {line.count(";") for line in lines} == {6}


def test_a_plate_says_another_maker_than_the_inventory(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    from proscribe import devices, scan

    spec = importlib.util.spec_from_file_location("make_plates", EXAMPLES / "make_plates.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write_all(tmp_path)
    # the picture's bytes follow the library that compresses it
    assert {path.name for path in tmp_path.iterdir()} == {
        path.name for path in (EXAMPLES / "plates").iterdir()
    }
    assert (tmp_path / "inventory.csv").read_bytes() == (EXAMPLES / "plates/inventory.csv").read_bytes()
    plate, listed = scan([EXAMPLES / "plates"]).findings
    assert (plate.entity, plate.band.value, plate.details.serial_number) == (
        "dahua",
        "confirmed",
        module.SERIAL,
    )
    # the record of the inventory that names Sentryline is joined with the plate by that number
    joined = [(one.matcher, one.found) for one in listed.evidence if one.matcher == "joined"]
    assert (listed.entity, listed.record_id, joined) == ("dahua", "HR-2601", [("joined", module.SERIAL)])
    clashes = [
        one.contradictions for one in devices([EXAMPLES / "plates"]).report.devices if one.contradictions
    ]
    assert [{side.maker for side in clash.sides} for (clash,) in clashes] == [{"dahua", "sentryline"}]


def test_company_files_are_those_of_their_script(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_company", EXAMPLES / "make_company.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_company"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    module.write_all(tmp_path)
    assert {path.name for path in (EXAMPLES / "company").iterdir()} == {
        path.name for path in tmp_path.iterdir()
    }
    for path in tmp_path.iterdir():
        assert (EXAMPLES / "company" / path.name).read_bytes() == path.read_bytes(), path.name
    assert len(module.devices()) == 40
