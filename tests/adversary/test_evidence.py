"""Attack 5 and its kin: a scan that was edited, typed or made of other files carries no "does not"."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from forging import cut, forged
from scan_samples import scan_bytes

from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.case.document_files import make_document
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.scan.api import scan as scan_files
from proscribe.app.store.desk import Inputs
from proscribe.casework import backup
from proscribe.model.errors import CaseError
from proscribe.model.papers import Paper, PaperState

TODAY = datetime.now(UTC).date()
CLEAN = (
    "Asset ID,Manufacturer,Model,Description,Serial number,Site,Quantity\n"
    "A-1,Axis,P3265-LV,Camera,B8A44F1122AA,Mill Lane,2\nA-2,Cisco,C9200L-24T,Switch,FOC2330X1AB,Mill Lane,1\n"
)
CAMERAS = (
    CLEAN + "A-3,Hikvision,DS-2CD2143G2-I,Camera,K41209881,Mill Lane,1\n"
    "A-4,Dahua,IPC-HFW5442E-ZE,Camera,6J0A1F2PAZ00031,Depot,1\n"
)
#: A scan of 300 bytes that says of ten rows that nothing is in them.
TYPED = scan_bytes({"as_of": TODAY.isoformat(), "inputs": [{"path": "assets.csv", "records": 10}]})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which somebody works."""
    here = tmp_path / "work"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def scanned(*names: str, **options: Any) -> bytes:
    """Scan files of the working folder, as one who types their names does."""
    return scan_files([Path(name) for name in names], as_of=TODAY.isoformat(), **options).to_json().encode()


def opened(cases: Cases, content: bytes, inputs: Inputs | None = None) -> str:
    file = cases.open_from_scan(content, "scan.json", by="B. Lind", title="Yearly", zone="UTC", inputs=inputs)
    return file.case.id


def making(folder: Path, extra: str = "", **more: Any) -> Making:
    said = folder / "said.yml"
    said.write_text(
        "organisation: {name: Acme Inc}\nanswers: {provide: does not, use: does not}\n"
        f"inquiry:\n  searched:\n    - {{name: List, kind: assets, how: read, by: B. Lind, on: {TODAY}}}\n"
        f"    - {{name: Offers, kind: offers, how: read whole, by: B. Lind, on: {TODAY}}}\n{extra}"
    )
    return Making(
        "annual-representation", (said,), as_of=TODAY, author="B. Lind", approver="C. Moreau", **more
    )


def paper(cases: Cases, case_id: str, folder: Path, extra: str = "", **more: Any) -> Paper:
    return make_paper(making(folder, extra, **more), (), cases, case_id)


def codes(made: Paper) -> set[str]:
    return {one.code for one in made.obstacles}


def against_scans(made: Paper) -> list[str]:
    """What stands against the scans as such; nobody overrides it."""
    found = [one for one in made.obstacles if one.code == "scan-not-replayed"]
    assert not any(one.overridable for one in found)
    return [f"{one.what} {one.lift}" for one in found]


def test_a_clean_list_whose_scan_was_run_again_is_ready(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CLEAN)
    made = paper(cases, opened(cases, scanned("list.csv"), Inputs((folder,))), folder)
    assert made.state is PaperState.READY, made.obstacles
    assert "run again from its inputs" in made.data["rests_on"][0]["run_again"]


@pytest.mark.parametrize("kind", ["assets", "Assets", "SITE  visit"])
def test_a_list_of_own_things_does_not_say_that_nothing_is_provided(
    cases: Cases, folder: Path, kind: str
) -> None:
    (folder / "list.csv").write_text(CLEAN)
    case_id = opened(cases, scanned("list.csv"), Inputs((folder,)))
    asked = making(folder)
    said = folder / "said.yml"
    lines = [line for line in said.open() if "kind: offers" not in line]
    said.write_text("".join(lines).replace("kind: assets", f"kind: {kind}"))
    made = make_paper(asked, (), cases, case_id)
    assert made.state is PaperState.REFUSED and codes(made) == {"own-things-only"}
    assert [one.questions for one in made.obstacles] == [("provide",)]


def test_a_scan_is_run_again_in_passing_where_its_inputs_lie_and_that_is_kept(
    cases: Cases, folder: Path
) -> None:
    (folder / "list.csv").write_text(CLEAN)
    case_id = opened(cases, scanned("list.csv"))
    assert not cases.case(case_id).replays
    made = make_document(making(folder), cases=cases, case_id=case_id, outputs=[("json", folder / "a.json")])
    assert made.paper.state is PaperState.READY and made.stored is not None
    (kept,) = cases.case(case_id).replays
    (folder / "list.csv").unlink()
    assert paper(cases, case_id, folder).state is PaperState.READY and kept.by == "B. Lind"
    assert cases.store.verify() == []


def test_a_typed_scan_of_300_bytes(cases: Cases, folder: Path) -> None:
    made = paper(cases, opened(cases, TYPED), folder)
    assert made.state is PaperState.REFUSED
    assert any("case replay C-0001" in told for told in against_scans(made))


def _cut(value: dict[str, Any]) -> None:
    cut(value)


def _lower(value: dict[str, Any]) -> None:
    for one in value["findings"]:
        one["band"] = "possible"
        one["ignored"] = {"reason": "a bracket", "by": "R. Ito", "at": "2026-11-20", "until": None}


def _stale(value: dict[str, Any]) -> None:
    cut(value)
    del value["statement"]


@pytest.mark.parametrize("change", [_cut, _lower, _stale])
def test_a_scan_whose_findings_were_edited(
    cases: Cases, folder: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    (folder / "list.csv").write_text(CAMERAS)
    content = forged(json.loads(scanned("list.csv")), change)
    if change is not _stale:
        with pytest.raises(CaseError, match="E467"):
            opened(cases, content, Inputs((folder,)))
    made = paper(cases, opened(cases, content), folder)
    assert made.state is PaperState.REFUSED
    told = " ".join(against_scans(made))
    if change is _stale:
        assert "does not say how it was made" in told
    else:
        assert "A-3" in told and "A-4" in told, "the findings are named"


def test_an_edited_scan_handed_over_beside_the_case(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CAMERAS)
    (folder / "other.csv").write_text(CLEAN)
    (folder / "edited.json").write_bytes(forged(json.loads(scanned("list.csv")), _cut))
    case_id = opened(cases, scanned("other.csv"), Inputs((folder,)))
    made = paper(cases, case_id, folder, scans=(folder / "edited.json",))
    assert "A-3" in " ".join(against_scans(made))
    alone = make_paper(making(folder, scans=(folder / "edited.json",)))
    assert "A-3" in " ".join(against_scans(alone)), "without a case too"


def test_inputs_that_were_swapped_after_the_scan(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CLEAN)
    content = scanned("list.csv")
    (folder / "list.csv").write_text(CAMERAS)
    made = paper(cases, opened(cases, content, Inputs((folder,))), folder)
    assert "list.csv" in " ".join(against_scans(made)) and "has changed" in " ".join(against_scans(made))


def test_a_scan_run_again_beside_another_folder(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CAMERAS)
    content = forged(json.loads(scanned("list.csv")), _cut)
    elsewhere = folder / "clean"
    elsewhere.mkdir()
    (folder / "list.csv").rename(folder.parent / "hidden.csv")
    (elsewhere / "list.csv").write_text(CLEAN)
    made = paper(cases, opened(cases, content, Inputs((elsewhere,), (elsewhere,))), folder)
    assert against_scans(made) and made.state is PaperState.REFUSED


@pytest.mark.parametrize("claim", ["0.0.9", "99.0.0"])
def test_a_scan_that_claims_another_version_to_be_compared_less(
    cases: Cases, folder: Path, claim: str
) -> None:
    (folder / "list.csv").write_text(CAMERAS)

    def change(value: dict[str, Any]) -> None:
        value["proscribe"] = claim
        cut(value)

    made = paper(cases, opened(cases, forged(json.loads(scanned("list.csv")), change)), folder)
    told = " ".join(against_scans(made))
    assert f"version {claim}" in told and "A-3" in told and "forged" not in told


def test_what_another_version_could_not_see_is_not_dropped_either(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text("Tag,Manufacturer,Model\nA-1,Axis,P3265-LV\n")

    def change(value: dict[str, Any]) -> None:
        value["proscribe"] = "0.0.9"
        value["not_checked"], value["blind_spots"] = [], []
        for one in value["inputs"]:
            one["blind_spots"], one["issues"] = [], []

    content = forged(json.loads(scanned("list.csv")), change)
    assert against_scans(paper(cases, opened(cases, content), folder))


def _no_words_against(value: dict[str, Any]) -> None:
    for one in value["findings"]:
        one["against"], one["total_mbit"] = [], 1000


def _another_kind(value: dict[str, Any]) -> None:
    for one in value["inputs"]:
        for table in one["tables"]:
            table["kind"], table["kind_by"] = "vendors", "headers"


@pytest.mark.parametrize("change", [_no_words_against, _another_kind])
def test_what_a_document_weighs_is_compared_whatever_version_a_scan_names(
    cases: Cases, folder: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    (folder / "list.csv").write_text(
        "Tag,Description,Site\nA-1,Hikvision DS-2CD2143G2-I - removed from ceiling,HQ\n"
    )

    def another(value: dict[str, Any]) -> None:
        value["proscribe"] = "0.0.9"
        change(value)

    content = forged(json.loads(scanned("list.csv")), another)
    assert against_scans(paper(cases, opened(cases, content), folder))


def test_an_honest_scan_of_another_version_that_finds_the_same_supports(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CLEAN)
    content = forged(json.loads(scanned("list.csv")), lambda value: value.update(proscribe="0.0.9"))
    made = paper(cases, opened(cases, content), folder)
    assert made.state is PaperState.READY
    assert "made with version 0.0.9" in made.data["rests_on"][0]["run_again"]


def test_two_scans_of_which_the_typed_one_replaces_the_honest_one(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CAMERAS)
    content = scanned("list.csv")
    case_id = opened(cases, content, Inputs((folder,)))
    value = json.loads(content)
    cases.attach(case_id, forged(value, _cut), "newer.json", by="B. Lind")
    made = paper(cases, case_id, folder)
    assert made.state is PaperState.REFUSED and against_scans(made)
    told = " ".join(one.what for one in made.obstacles)
    assert "Hikvision" in told and "Dahua" in told, "what the honest one found stands as well"


def test_a_replay_that_an_unsigned_archive_brings_counts_for_nothing(
    cases: Cases, folder: Path, tmp_path: Path
) -> None:
    (folder / "list.csv").write_text(CLEAN)
    case_id = opened(cases, scanned("list.csv"), Inputs((folder,)))
    backup.export_case(cases.store, case_id, tmp_path / "c.zip")
    (folder / "list.csv").unlink()
    with open_cases(tmp_path / "second.db", create=True) as other:
        backup.import_case(other.store, tmp_path / "c.zip", by="B. Lind")
        made = paper(other, case_id, folder)
        assert against_scans(made)
        (folder / "list.csv").write_text(CLEAN)
        other.replay(case_id, Inputs((folder,)), by="B. Lind")
        assert not against_scans(paper(other, case_id, folder))


def test_a_replay_is_no_field_that_a_file_states(cases: Cases, folder: Path) -> None:
    case_id = opened(cases, TYPED)
    with pytest.raises(Exception, match="E465"):
        paper(cases, case_id, folder, "scans: [{replay: {outcome: same}}]\n")


@pytest.mark.parametrize(
    "type_", ["offer-representation", "product-certificate", "grant-certification", "annual-representation"]
)
def test_every_document_that_denies_asks(cases: Cases, folder: Path, type_: str) -> None:
    case_id = opened(cases, TYPED)
    said = folder / "said.yml"
    said.write_text(
        "organisation: {name: Acme Inc}\ncontract: {award: CA-1, solicitation: S-1, agency: DOT}\n"
        "offering: {name: Gate, maker: Acme Inc, parts_list_complete: true}\n"
    )
    made = make_paper(Making(type_, (said,), as_of=TODAY, author="B. Lind"), (), cases, case_id)
    assert "scan-not-replayed" in codes(made)


def told(cases: Cases, case_id: str, folder: Path, source: str) -> Paper:
    """Make a document whose inquiry tells one more source."""
    return paper(cases, case_id, folder, f"    - {{{source}}}\n")


def test_an_inquiry_of_ten_records_where_the_scan_read_two(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CLEAN)
    case_id = opened(cases, scanned("list.csv"), Inputs((folder,)))
    digest = cases.case(case_id).runs[0].inputs[0][1]
    about = f"name: Assets, kind: assets, how: read whole, by: B. Lind, on: {TODAY}"
    by_digest = told(cases, case_id, folder, f"{about}, records: 10, digests: [{digest}]")
    alone = told(cases, case_id, folder, f"{about}, records: 10")
    for made, overridable in ((by_digest, False), (alone, True)):
        found = [one for one in made.obstacles if one.code == "inquiry-contradicted"]
        assert len(found) == 2 and found[0].overridable is overridable
        assert "10 records" in found[0].what and "2 of list.csv" in found[0].what, "both numbers are shown"
    assert told(cases, case_id, folder, f"{about}, records: 2").state is PaperState.READY


def test_an_inquiry_of_a_later_day_than_its_scan(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CLEAN)
    old = TODAY - timedelta(days=20)
    content = scan_files([Path("list.csv")], as_of=old.isoformat()).to_json().encode()
    case_id = opened(cases, content, Inputs((folder,)))
    made = told(
        cases,
        case_id,
        folder,
        f"name: Assets, kind: assets, how: read whole, by: B. Lind, on: {TODAY}, records: 2",
    )
    assert any(str(old) in one.what and str(TODAY) in one.what for one in made.obstacles)


def test_the_inquiry_lists_what_the_scans_read_themselves(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(CLEAN)
    made = paper(cases, opened(cases, scanned("list.csv"), Inputs((folder,))), folder)
    assert "2 records of list.csv" in made.data["body"]["inquiry"]["sources"][0]["how"]


def test_lines_that_mention_a_firm_and_nobody_looked_at_stand(cases: Cases, folder: Path) -> None:
    (folder / "list.csv").write_text(
        CLEAN + "A-5,Axis,P3265-LV,Camera that replaced the Hikvision unit,B8A44F1122AB,Depot,1\n"
    )
    content = scanned("list.csv")
    value = json.loads(content)
    made = paper(cases, opened(cases, content, Inputs((folder,))), folder)
    seen = len(value["mentions"]) + len(value["findings"])
    assert seen and made.state is PaperState.REFUSED
    if value["mentions"]:
        found = [one for one in made.obstacles if one.code == "mentions"]
        assert len(found) == 2 and "A-5" in found[0].what


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "All units of this list: Hikvision\n" + CLEAN),
        ("list.csv", CLEAN.replace("Serial number", "Hikvision serial no.")),
        ("Hikvision cameras.csv", CLEAN),
    ],
)
def test_a_firm_that_is_named_beside_the_records_stands(
    cases: Cases, folder: Path, name: str, text: str
) -> None:
    (folder / name).write_text(text)
    content = scanned(name)
    assert not json.loads(content)["findings"]
    made = paper(cases, opened(cases, content, Inputs((folder,))), folder)
    assert made.state is PaperState.REFUSED and "names-unread" in codes(made)
    assert any("Hikvision" in one.what for one in made.obstacles if one.code == "names-unread")
