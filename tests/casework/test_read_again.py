"""Of two files of one name, the later reads the earlier again only where it holds something of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import proscribe
from proscribe.app.case.cases import Cases
from proscribe.app.papers.document_scans import newest_scans
from proscribe.app.store.mentions import mentions_of
from proscribe.casework.store import Store
from proscribe.model.casework import CaseFile, read_again

HEAD = "Asset,Description,Serial,Qty\n"
LEEDS = HEAD + (
    "L1,Bracket for Hikvision camera,,4\nL2,Desk of the reception,LD-77120,1\nL3,Dahua IPC-HFW2231S camera,LD-88121,2\n"
)
YORK = HEAD + "Y1,Printer of the office,YK-10001,1\nY2,Chair with arms,YK-10002,8\n"


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    with Store.open(tmp_path / "cases.db") as store:
        yield Cases(store)


def scanned(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.chdir(tmp_path)
    Path("inventory.csv").write_text(text, encoding="utf-8")
    return proscribe.scan(["inventory.csv"], as_of="2026-11-27").to_json().encode()


def opened(cases: Cases, content: bytes) -> None:
    cases.open_from_scan(content, "scan.json", by="R. Ito", zone="UTC")


def left(cases: Cases) -> tuple[list[str], int, int]:
    """Give the runs that still count, the mentions, and the findings of the runs that count."""
    file = cases.case("C-0001")
    scans = {run.id: {"value": _value(cases, run.scan_sha256), "run": run.id} for run in file.runs}
    newest = newest_scans(file, scans, of_case=False)
    mentions = list(mentions_of(file, lambda sha256: cases.store.blob(sha256)))
    return [one["run"] for one in newest], len(mentions), sum(len(one["value"]["findings"]) for one in newest)


def _value(cases: Cases, sha256: str) -> dict[str, object]:
    value: dict[str, object] = json.loads(cases.store.blob(sha256))
    return value


def runs_of(file: CaseFile) -> list[str]:
    return [run.id for run in file.runs]


def test_a_list_of_another_site_takes_nothing_of_the_first_away(
    cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(cases, scanned(tmp_path, LEEDS, monkeypatch))
    before = left(cases)
    cases.attach("C-0001", scanned(tmp_path, YORK, monkeypatch), "scan.json", by="R. Ito")
    after = left(cases)
    assert before[1:] == after[1:] == (1, 1)
    assert sorted(after[0]) == sorted(runs_of(cases.case("C-0001")))


@pytest.mark.parametrize(
    "text",
    [
        LEEDS.replace("L1,", "L9,Monitor,LD-10,1\nL1,"),
        LEEDS.replace("Bracket for Hikvision camera", "Bracket"),
        HEAD + "L2,Desk of the reception,LD-77120,1\n",
        LEEDS.replace(",2\n", ",3\n"),
    ],
)
def test_a_newer_state_of_a_list_is_read_in_its_place(
    cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    opened(cases, scanned(tmp_path, LEEDS, monkeypatch))
    cases.attach("C-0001", scanned(tmp_path, text, monkeypatch), "scan.json", by="R. Ito")
    first, second = runs_of(cases.case("C-0001"))
    assert left(cases)[0] == [second]
    assert read_again(cases.case("C-0001").runs)[first] == {"inventory.csv"}


def test_the_same_bytes_are_read_again_under_another_name(
    cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(cases, scanned(tmp_path, YORK, monkeypatch))
    Path("york.csv").write_text(YORK, encoding="utf-8")
    again = proscribe.scan(["york.csv"], as_of="2026-11-27").to_json().encode()
    cases.attach("C-0001", again, "scan.json", by="R. Ito")
    first = cases.case("C-0001").runs[0].id
    assert read_again(cases.case("C-0001").runs)[first] == {"inventory.csv"}


def test_nothing_shows_that_an_unread_file_was_replaced_by_one_of_its_name(
    cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("inventory.csv").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\x00" * 300)
    opened(cases, proscribe.scan(["inventory.csv"], as_of="2026-11-27").to_json().encode())
    cases.attach("C-0001", scanned(tmp_path, YORK, monkeypatch), "scan.json", by="R. Ito")
    first = cases.case("C-0001").runs[0].id
    assert read_again(cases.case("C-0001").runs)[first] == set()
