"""A case is put to the law with the newest reading of each list, whichever run read it, in one determination."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import proscribe
from proscribe.app.case.case_answers import answer_about
from proscribe.app.case.case_law import ask_the_law, newest_scan, not_put, open_questions, put_to_the_law
from proscribe.app.case.case_reports import scan_as_judged
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.case.run_comparison import compare_runs
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.rules.asking import facts_of_situation
from proscribe.app.store.desk import Inputs
from proscribe.app.store.scan_replay import Outcome
from proscribe.model.casework import CaseFile
from proscribe.model.codec import CodecError
from proscribe.model.errors import CaseError
from proscribe.model.scan_reading import read_scan

HEAD = "Asset,Make,Model,Serial number,Site\n"
LISTS = {
    "routers.csv": HEAD + "R1,Huawei,AR617VW,21K900771,Depot\nR2,ZTE,MF286D,ZT-700221,Office\n",
    "cameras.csv": HEAD + "C1,Axis,P3265-LV,SN-44101,Yard\nC2,Hikvision,DS-2CD2143G2-I,SN-44102,Yard\n",
    # the camera of the yard again, as the network shows it, and a switch of a firm that nobody forbids
    "network.csv": "Host,MAC,Vendor,Serial number\ncam-2,44:19:b6:01:02:03,Hikvision,SN-44102\nsw-1,00:1b:17:00:01:02,Cisco,X1\n",
    "purchases.csv": "PO,Vendor,Item,Qty,Amount,Date\nP1,Dahua Technology,IPC-HFW2431S,4,300.00,2024-03-01\n",
}
BY = "Dana Ruiz"


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    with open_cases(str(tmp_path / "c.db"), create=True) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "lists"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


def scanned(lists: Mapping[str, str], day: str = "2026-11-27") -> bytes:
    for name, text in lists.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    return proscribe.scan(list(lists), as_of=day, known_as_of=day).to_json().encode()


def opened(cases: Cases, *runs: bytes) -> str:
    first, *later = runs
    case_id = cases.open_from_scan(first, "scan.json", by=BY, title="Count", zone="UTC").case.id
    for content in later:
        cases.attach(case_id, content, "scan.json", by=BY)
    return case_id


def put(cases: Cases, case_id: str, **more: Any) -> CaseFile:
    return put_to_the_law(cases, case_id, by=BY, company=facts_of_situation("own"), **more)


def decisions(cases: Cases, file: CaseFile) -> dict[str, Any]:
    said = file.determination()
    assert said is not None
    found: dict[str, Any] = json.loads(cases.store.blob(said.sha256))
    duties = found["decided"]["obligations"]
    for one in found["findings"].values():
        for each in one["determinations"]:
            for name in ("obligations", "possible_obligations"):
                each[name] = [duties[duty["detail"]] for duty in each[name]]
    made: dict[str, Any] = found["findings"]
    return made


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (["routers.csv"], []),
        (["cameras.csv", "purchases.csv"], ["cameras.csv"]),
        (["routers.csv", "network.csv", "cameras.csv"], ["network.csv", "routers.csv"]),
    ],
)
def test_two_runs_are_answered_finding_by_finding_as_one_of_all_their_lists(
    cases: Cases, folder: Path, first: list[str], again: list[str]
) -> None:
    one = scanned({name: LISTS[name] for name in first})
    other = scanned({name: text for name, text in LISTS.items() if name not in first or name in again})
    parted, whole = opened(cases, one, other), opened(cases, scanned(LISTS))
    two, single = put(cases, parted), put(cases, whole)
    assert decisions(cases, two) == decisions(cases, single)
    said = two.determination()
    assert said is not None
    assert set(said.run_ids) == {run.id for run in two.made_runs}
    answer = answer_about(cases, two)
    assert answer is not None
    assert not any("not in this answer" in each.words for each in answer.said)
    assert answer.signable == answer_about(cases, single).signable  # type: ignore[union-attr]
    form, alone = open_questions(cases, two), open_questions(cases, single)
    assert form is not None and alone is not None
    assert [each.fact for each in form.questions] == [each.fact for each in alone.questions]


def test_an_answer_of_all_lists_comes_out_again_and_is_what_papers_rest_on(
    cases: Cases, folder: Path
) -> None:
    names = list(LISTS)
    runs = [
        scanned({name: LISTS[name] for name in names[:2]}, "2026-11-25"),
        scanned({name: LISTS[name] for name in names[2:]}, "2026-11-27"),
    ]
    file = put(cases, opened(cases, *runs))
    _, again = cases.replay(file.case.id, Inputs((folder,), (folder,)), by=BY)
    assert {one.outcome for one in again} == {Outcome.SAME}
    (folder / "cameras.csv").write_text(LISTS["cameras.csv"].replace("Hikvision", "Axis"), encoding="utf-8")
    changed = cases.replayed(
        cases.store.blob(file.runs[-1].scan_sha256), "scan", Inputs((folder,), (folder,))
    )
    assert changed.outcome is Outcome.MISSING
    told = {
        "organisation": {"name": "Harbour Systems LLC"},
        "people": [{"name": BY, "title": "CO"}],
        "answers": {"use": "does not"},
    }
    paper = make_paper(Making("annual-representation", author=BY, values=told), (), cases, file.case.id)
    assert sum(one["kind"] == "scan" for one in paper.data["rests_on"]) == 1
    assert sum(one["kind"] == "input" for one in paper.data["rests_on"]) == len(LISTS)
    assert not [one for one in paper.obstacles if one.code.startswith("knowledge-changed.less")]


def test_reports_count_what_every_run_holds_before_and_after_the_law_is_asked(
    cases: Cases, folder: Path
) -> None:
    case_id = opened(cases, *(scanned({name: LISTS[name]}) for name in LISTS))
    for file in (cases.case(case_id), put(cases, case_id)):
        scan = scan_as_judged(cases, file)
        assert len(scan.findings) == cases.store.facets(case_id).total == len(file.case.finding_ids)
        assert not any("more finding" in line for line in scan.not_checked)
    assert compare_runs(cases, cases.case(case_id)) is not None
    assert not_put(cases.case(case_id)) is None


def test_one_run_alone_is_put_where_that_is_said_and_the_answer_tells_of_the_others(
    cases: Cases, folder: Path
) -> None:
    case_id = opened(cases, *(scanned({name: LISTS[name]}) for name in LISTS))
    put(cases, case_id)
    cameras = cases.case(case_id).made_runs[1]
    file = put(cases, case_id, run_id=cameras.id)
    said = file.determination()
    assert said is not None and len(said.run_ids) == 1
    answer = answer_about(cases, file)
    assert answer is not None and any("not in this answer" in each.words for each in answer.said)
    assert not_put(file) is not None
    file = ask_the_law(cases, case_id, by=BY, version=file.case.version)
    assert not_put(file) is None
    with pytest.raises(CaseError, match="no run"):
        put(cases, case_id, run_id="r_000000000000")


def test_a_list_that_is_read_again_takes_the_place_of_its_former_reading_alone(
    cases: Cases, folder: Path
) -> None:
    case_id = opened(cases, scanned({name: LISTS[name] for name in ("routers.csv", "cameras.csv")}))
    put(cases, case_id)
    cases.attach(
        case_id,
        scanned({"cameras.csv": LISTS["cameras.csv"] + "C3,Dahua,IPC-HFW2431S,SN-44103,Gate\n"}),
        "s.json",
        by=BY,
    )
    file = put(cases, case_id)
    _, scan = newest_scan(cases, file) or pytest.fail("no scan")
    assert sorted(one.path for one in scan.inputs) == ["cameras.csv", "routers.csv"]
    assert len(decisions(cases, file)) == 4


def test_what_is_stated_of_one_list_stays_on_it_where_another_site_has_one_of_the_same_name(
    cases: Cases, folder: Path
) -> None:
    name = "inventory.csv"
    case_id = opened(cases, scanned({name: LISTS["routers.csv"]}))
    put(cases, case_id, answers=[("act.kind", f"list:{name}", "provide_to_government")])
    cases.attach(case_id, scanned({name: LISTS["cameras.csv"]}), "s.json", by=BY)
    file = put(cases, case_id)
    _, scan = newest_scan(cases, file) or pytest.fail("no scan")
    assert len({one.path for one in scan.inputs}) == 2
    said = decisions(cases, file)
    acts = {
        one.id: (scan.inputs[one.input].sha256, said[one.id]["decided_on"].get("act.kind"))
        for one in scan.findings
    }
    provided = {sha256 for sha256, act in acts.values() if act == "provide_to_government"}
    assert provided == {file.made_runs[0].inputs[0][1]}
    # the list of the second site is read again: it takes the place of that one, and of no other
    cases.attach(
        case_id,
        scanned({name: LISTS["cameras.csv"] + "C3,Dahua,IPC-HFW2431S,SN-44103,Gate\n"}),
        "s.json",
        by=BY,
    )
    file = put(cases, case_id)
    _, scan = newest_scan(cases, file) or pytest.fail("no scan")
    assert len(scan.inputs) == 2 and len(decisions(cases, file)) == 4


def test_one_thing_that_lists_of_two_runs_tell_of_otherwise_is_two_findings_as_in_one_run(
    cases: Cases, folder: Path
) -> None:
    own = "Make,Model,Serial number,Site\nHikvision,DS-2CD2143G2-I,SN-44102,Yard\n"
    other = "Serial number,Site,Make,Model,Note\nSN-44102,Yard,Hikvision,DS-2CD2143G2-I,watches the gate\n"
    one = decisions(cases, put(cases, opened(cases, scanned({"a.csv": own}), scanned({"b.csv": other}))))
    single = decisions(cases, put(cases, opened(cases, scanned({"a.csv": own, "b.csv": other}))))
    assert one == single and len(one) == 2


def test_a_record_that_a_later_export_repeats_stands_there_alone_unless_something_is_stated_of_its_list(
    cases: Cases, folder: Path
) -> None:
    names, record = ("october.csv", "november.csv"), LISTS["cameras.csv"]
    case_id = opened(
        cases,
        *(
            scanned({name: record + row})
            for name, row in zip(names, ("", "C9,Dahua,IPC-HFW2431S,S9,Yard\n"), strict=True)
        ),
    )
    assert len(decisions(cases, put(cases, case_id))) == 2
    case_id = opened(cases, scanned({names[0]: record}))
    put(cases, case_id, answers=[("act.kind", f"list:{names[0]}", "provide_to_government")])
    cases.attach(case_id, scanned({names[1]: record + "\n"}), "s.json", by=BY)
    file = put(cases, case_id)
    assert "provide_to_government" in {
        one["decided_on"].get("act.kind") for one in decisions(cases, file).values()
    }
    assert len(decisions(cases, file)) == 2
    _, again = cases.replay(case_id, Inputs((folder,), (folder,)), by=BY)
    assert again[-1].outcome is Outcome.SAME


def test_a_scan_whose_readings_do_not_hold_its_lists_is_refused(cases: Cases, folder: Path) -> None:
    file = put(cases, opened(cases, *(scanned({name: LISTS[name]}) for name in LISTS)))
    value = json.loads(cases.store.blob(file.runs[-1].scan_sha256))
    value["readings"][0]["inputs"][0]["index"] = 7
    with pytest.raises(CodecError, match="readings"):
        read_scan(json.dumps(value).encode())


@pytest.mark.parametrize("told", [(False, False), (True, False), (False, True)])
def test_a_scan_that_does_not_say_how_it_was_read_is_left_beside_the_answer_and_told(
    cases: Cases, folder: Path, told: tuple[bool, bool]
) -> None:
    """As scans of earlier versions are kept."""
    runs = []
    for says, name in zip(told, ("routers.csv", "cameras.csv"), strict=True):
        scan = json.loads(scanned({name: LISTS[name]}))
        if not says:
            del scan["statement"]
        runs.append(json.dumps(scan).encode())
    case_id = opened(cases, *runs)
    file = put(cases, case_id)
    said = file.determination()
    assert said is not None and decisions(cases, file)
    left = [run.inputs[0][0] for run in file.made_runs if run.id not in said.run_ids]
    if all(told):
        assert not left
    else:
        answer = answer_about(cases, file)
        assert left and answer is not None
        assert any("not in this answer" in one.words for one in answer.said)
