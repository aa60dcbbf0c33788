"""What a form for a document begins with: the files that scans read, and what they did not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

import proscribe
from proscribe.app.background.document_jobs import known_values, submit
from proscribe.app.case.cases import open_cases
from proscribe.app.case.document_form import making_of
from proscribe.app.case.searched import searched_in
from proscribe.app.papers.document_statements import read_statements
from proscribe.documents.evidence import as_read
from proscribe.model.papers import Inquiry, ScanInput, SourceSearched

DAY = "2026-11-25"


def test_the_files_of_scans_stand_there_and_what_was_not_read_of_them(tmp_path: Path) -> None:
    (tmp_path / "assets; old.csv").write_text(
        "Asset tag;Manufacturer;Model\nA1;Hikvision;DS-2CD2143G2-I\nA2;Axis;P3245-V\n"
    )
    (tmp_path / "payments.csv").write_text("Invoice,Vendor,Amount\n1,Acme,10\n2,Dahua Technology,20\n")
    (tmp_path / "plan.xlsx").write_bytes(b"PK\x03\x04" + b"\x00" * 400)
    made = proscribe.scan(tmp_path, as_of=DAY)
    with open_cases(str(tmp_path / "cases.db"), create=True) as cases:
        file = cases.open_from_scan(
            made.to_json().encode(), "scan.json", by="R. Ito", zone="UTC", title="Depot"
        )
        told = searched_in(cases, file)
        assert (told["from_on"], told["to_on"]) == (DAY, DAY)
        lines = told["searched"].splitlines()
        assert len(lines) == 2 and lines[0].endswith(
            f"assets, old.csv; assets; scanned, every row; R. Ito; {DAY}"
        )
        assert lines[1].endswith(f"payments.csv; ledger; scanned, every row; R. Ito; {DAY}")
        assert "plan.xlsx; " in told["not_searched"]
        form = dict(known_values(cases, file, "annual-representation").fields)
        assert form["searched"] == told["searched"]
        form["searched"] += f"\nHome offices; site visit; walked every floor; R. Ito; {DAY}"
        with making_of(form, author="R. Ito") as making:
            (written,) = (read_statements(place) for place in making.files)
            assert len(written.value["inquiry"]["searched"]) == 3


def _scan(folder: Path, name: str, *rows: str) -> bytes:
    (folder / name).write_text("Asset tag,Manufacturer,Model\n" + "".join(f"{row}\n" for row in rows))
    return proscribe.scan(folder / name, as_of=DAY).to_json().encode()


def test_what_was_searched_is_brought_up_to_the_scans_that_came_since_it_was_said(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 25, 9, tzinfo=UTC)]
    with open_cases(str(tmp_path / "cases.db"), create=True, now=lambda: now[0]) as cases:
        first = _scan(tmp_path, "assets.csv", "A1,Hikvision,DS-2CD2143G2-I", "A2,Axis,P3245-V")
        file = cases.open_from_scan(first, "scan.json", by="R. Ito", zone="UTC", title="Depot")
        taken = _scan(tmp_path, "yard.csv", "Y1,Axis,P3245-V")
        file = cases.attach(file.case.id, taken, "more.json", by="R. Ito")
        form = dict(known_values(cases, file, "annual-representation").fields)
        assert [line.partition(";")[0].rpartition("/")[2] for line in form["searched"].splitlines()] == [
            "assets.csv",
            "yard.csv",
        ]
        yard = form["searched"].splitlines()[1]
        form["searched"] = (
            form["searched"].splitlines()[0] + f"\nThe safe; site visit; looked in; R. Ito; {DAY}"
        )
        form |= {
            "type": "annual-representation",
            "organisation": "Harbour Systems LLC",
            "method": "Two lists",
        }
        now[0] += timedelta(hours=1)
        submit(cases.store, file, form, by="R. Ito", keep=False)
        begun = known_values(cases, file, "annual-representation")
        assert (begun.fields["searched"], begun.read_since) == (form["searched"], ())

        now[0] += timedelta(hours=1)
        newer = _scan(tmp_path, "depot.csv", "D1,Axis,P3245-V")
        file = cases.attach(file.case.id, newer, "more.json", by="T. Osei")
        again = _scan(tmp_path, "assets.csv", "A1,Axis,P3245-V", "A2,Axis,P3245-V")
        file = cases.attach(file.case.id, again, "more.json", by="T. Osei")
        begun = known_values(cases, file, "annual-representation")
        lines = begun.fields["searched"].splitlines()
        # What a person took out stays out, what they wrote stays, and a list that was read again stands once, as read last.
        assert yard not in lines and lines[0].startswith("The safe;")
        assert sorted(line.rpartition("/")[2] for line in lines[1:]) == [
            f"assets.csv; assets; scanned, every row; T. Osei; {DAY}",
            f"depot.csv; assets; scanned, every row; T. Osei; {DAY}",
        ]
        assert [name.rpartition("/")[2] for name in begun.read_since] == ["assets.csv", "depot.csv"]
        assert begun.fields["method"] == "Two lists"


@pytest.mark.parametrize(
    ("first", "then", "clauses", "left"),
    [
        ("grant-certification", "far-report", "2 CFR 200.216, FAR 52.204-25 (NOV 2021)", "FAR 52.204-25 (NOV 2021)"),
        ("far-report", "grant-certification", "52.204-25 (NOV 2021)", ""),
        ("far-report", "rfo-report", "52.204-25 (NOV 2021)", "52.204-25 (NOV 2021)"),
        ("grant-certification", "portfolio-summary", "2 CFR 200.216", "2 CFR 200.216"),
        ("grant-certification", "grant-certification", "2 CFR 200.216", "2 CFR 200.216"),
    ],
)  # fmt: skip
def test_a_form_begins_with_clauses_of_its_own_title_alone(
    tmp_path: Path, first: str, then: str, clauses: str, left: str
) -> None:
    (tmp_path / "assets.csv").write_text("Asset tag,Manufacturer,Model\nA1,Hikvision,DS-2CD2143G2-I\n")
    made = proscribe.scan(tmp_path / "assets.csv", as_of=DAY)
    with open_cases(str(tmp_path / "cases.db"), create=True) as cases:
        file = cases.open_from_scan(
            made.to_json().encode(), "scan.json", by="R. Ito", zone="UTC", title="Depot"
        )
        form = {"type": first, "organisation": "Harbour Systems LLC", "clauses": clauses, "agency": "GSA"}
        submit(cases.store, file, form, by="R. Ito", keep=False)
        begun = known_values(cases, file, then).fields
    assert (begun.get("clauses", ""), begun["agency"]) == (left, "GSA")


def test_a_source_that_names_a_scanned_file_says_what_was_counted_and_one_that_does_not_stays_a_statement() -> (
    None
):
    value = {
        "schema": "proscribe.scan/1",
        "findings": [],
        "inputs": [{"path": "a.csv", "sha256": "a" * 64, "reader": "tabular", "records": 7}],
    }
    scan = ScanInput(value, "b" * 64)
    plain, counted, other = (
        SourceSearched(name, "assets", "scanned, every row", "R. Ito", date(2026, 11, 25), records)
        for name, records in (("a.csv", None), ("a.csv", 6), ("The safe", None))
    )
    found = as_read(Inquiry((plain, counted, other)), [scan])
    assert found is not None
    assert [(one.records, one.digests) for one in found.searched] == [(7, ("a" * 64,)), (6, ()), (None, ())]
