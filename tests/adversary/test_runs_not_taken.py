"""Attack: a run finds equipment, nobody opens a case from it, and the document rests on another list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rostered

from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.store.runs_aside import let_run_stand, set_run_aside
from proscribe.casework import backup, jobs
from proscribe.casework.files import Files
from proscribe.model.errors import ProscribeError
from proscribe.model.jobs import DevicesJob, JobProgress, JobState, Original, Originals, ScanJob
from proscribe.model.papers import Paper

from .test_organisation import codes, opened, paper, scan, seen

SURE = {"id": "f_1", "band": "confirmed"}


def run(
    cases: Cases,
    content: bytes,
    state: JobState = JobState.DONE,
    name: str = "cctv.csv",
    findings: int = -1,
    spec: type[ScanJob] | type[DevicesJob] = ScanJob,
    handed: str = "1",
) -> str:
    """A scan, or a join of devices, that a worker did; gives the digest of its answer."""
    made = Files.of(cases.store).put([content])
    originals = Originals((Original("paths", name, handed * 64, 10),))
    job = jobs.add(cases.store, spec((name,)), originals, by="B. Lind")
    assert jobs.take(cases.store, "w") is not None
    if state is JobState.RUNNING:
        return made[0]
    told = json.loads(content)
    count = len(told["findings"]) if findings < 0 else findings
    seen = len(told.get("mentions", ()))
    jobs.finish(
        cases.store, job.id, "w", state, progress=JobProgress(findings=count, mentions=seen),
        result=("scan.json", *made) if state is JobState.DONE else ("", "", 0),
    )  # fmt: skip
    return made[0]


def told(made: Paper) -> list[tuple[str, int, int, bool]]:
    """The runs that a document names: job, confirmed findings, others, whether the answer is gone."""
    return [(one["job_id"], one["sure"], one["open"], one["gone"]) for one in made.data["store"]["runs"]]


def test_what_a_run_found_and_no_case_took_stands_against_a_does_not(cases: Cases, tmp_path: Path) -> None:
    run(cases, scan("cctv.csv", SURE, {"id": "f_2", "band": "possible"}))
    case_id = opened(cases, scan("assets.csv"))
    made = paper(cases, case_id, tmp_path)
    assert made.state == "refused" and told(made) == [("J-0001", 1, 1, False)]
    words = [one.what for one in made.obstacles if one.code == "run-not-taken"]
    assert any(
        "1 confirmed finding of the run J-0001 (cctv.csv;" in one and "B. Lind" in one for one in words
    )
    # by name nobody answers for what is confirmed; with keys an approver says what the run was
    assert {one.overridable for one in made.obstacles if one.code == "run-not-taken"} == {False, True}
    rostered.begun(cases.store, tmp_path / "keys")
    assert codes(paper(cases, case_id, tmp_path))["run-not-taken"] is True


def test_a_run_that_is_opened_as_a_case_counts_there_alone(cases: Cases, tmp_path: Path) -> None:
    content = scan("cctv.csv", SURE)
    run(cases, content)
    case_id = opened(cases, scan("assets.csv"))
    opened(cases, content, "Cameras")
    made = paper(cases, case_id, tmp_path)
    assert "run-not-taken" not in codes(made) and codes(made)["elsewhere"] is False
    # the very same reading once more, also of a part of it, adds nothing
    run(cases, content)
    run(cases, scan("part.csv", SURE, records=3))
    assert told(paper(cases, case_id, tmp_path)) == []


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED, JobState.QUEUED, JobState.RUNNING])
def test_a_list_that_was_handed_in_and_nobody_read_stands_until_a_scan_reads_it(
    cases: Cases, tmp_path: Path, state: JobState
) -> None:
    # it was once expected that such a run is none
    case_id = opened(cases, scan("assets.csv"))
    run(cases, scan("cctv.csv", SURE), state, handed="2")
    made = paper(cases, case_id, tmp_path)
    words = [one for one in made.obstacles if one.code == "run-not-taken"]
    assert words and all(f"is {state.value}, and no scan read" in one.what for one in words)
    assert all(one.overridable for one in words) and made.state == "refused"
    if state is JobState.QUEUED:
        assert jobs.take(cases.store, "w") is not None  # it is done in the end, and finds nothing
        answer = Files.of(cases.store).put([scan("cctv.csv")])
        jobs.finish(cases.store, "J-0001", "w", JobState.DONE, result=("scan.json", *answer))
    else:
        run(cases, scan("cctv.csv"), handed="2")
    assert told(paper(cases, case_id, tmp_path)) == []


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (JobState.FAILED, "failed"),
        (JobState.CANCELLED, "cancelled"),
        (JobState.QUEUED, "cancelled"),
        (JobState.RUNNING, "cancelled"),
    ],
)
def test_a_backup_forgets_no_list_that_was_handed_in_and_read_by_nobody(
    cases: Cases, tmp_path: Path, state: JobState, then: str
) -> None:
    case_id = opened(cases, scan("assets.csv"))
    run(cases, scan("cctv.csv", SURE), state, handed="2")
    backup.backup(cases.store, tmp_path / "b.zip")
    with open_cases(tmp_path / "restored.db", create=True) as other:
        backup.restore(other.store, tmp_path / "b.zip", by="M. Diaz")
        words = [one.what for one in paper(other, case_id, tmp_path).obstacles if one.code == "run-not-taken"]
        assert words and all(f"is {then}, and no scan read" in one for one in words)
        assert jobs.take(other.store, "w") is None  # nothing of it is run there


def test_a_list_that_a_case_read_elsewhere_was_read(cases: Cases, tmp_path: Path) -> None:
    run(cases, scan("cctv.csv", SURE), JobState.CANCELLED, handed="2")
    value = json.loads(scan("cctv.csv"))
    value["inputs"][0]["sha256"] = "2" * 64
    assert told(paper(cases, opened(cases, json.dumps(value).encode()), tmp_path)) == []


def test_a_clean_run_and_one_of_another_store_are_none(cases: Cases, tmp_path: Path) -> None:
    run(cases, scan("cctv.csv"))
    ignored = {"id": "f_3", "band": "possible", "ignored": {"note": "a town", "source": "own"}}
    run(cases, scan("town.csv", ignored))
    with open_cases(tmp_path / "other.db", create=True) as other:
        run(other, scan("cctv.csv", SURE))
    assert told(paper(cases, opened(cases, scan("assets.csv")), tmp_path)) == []


def test_of_runs_that_show_a_thing_alike_the_newest_counts(cases: Cases, tmp_path: Path) -> None:
    run(cases, scan("cctv.csv", SURE, {"id": "f_2", "band": "probable"}))
    run(cases, scan("cctv.csv", SURE, records=11))
    made = paper(cases, opened(cases, scan("assets.csv")), tmp_path)
    assert told(made) == [("J-0002", 1, 0, False), ("J-0001", 0, 1, False)]


@pytest.mark.parametrize(
    ("found", "stands"),
    [(seen("s-1 "), False), (seen("S-2"), True), (seen("S-1", "DS-2CD2143G2-I"), True)],
)
def test_what_a_case_set_aside_is_that_thing_alone(
    cases: Cases, tmp_path: Path, found: dict[str, Any], stands: bool
) -> None:
    case_id = opened(cases, scan("assets.csv", seen("S-1")))
    for by in ("T. Okafor", "L. Park"):
        cases.judge(case_id, "f_1", "different", by=by, reason="opened, and another maker's board")
    run(cases, scan("cctv.csv", found))
    assert bool(told(paper(cases, case_id, tmp_path))) is stands


def test_a_weaker_reading_in_a_case_does_not_replace_what_a_run_confirmed(
    cases: Cases, tmp_path: Path
) -> None:
    case_id = opened(cases, scan("assets.csv", {"id": "f_1", "band": "possible"}))
    run(cases, scan("assets.csv", SURE))
    assert told(paper(cases, case_id, tmp_path)) == [("J-0001", 1, 0, False)]
    cases.judge(case_id, "f_1", "same", by="L. Park", reason="opened, and it is one")
    assert told(paper(cases, case_id, tmp_path)) == []


@pytest.mark.parametrize("harm", ["removed", "another"])
def test_an_answer_that_is_kept_no_longer_is_not_clean(cases: Cases, tmp_path: Path, harm: str) -> None:
    sha256 = run(cases, scan("cctv.csv", SURE))
    place = Files.of(cases.store).path(sha256)
    place.unlink()
    if harm == "another":
        place.write_bytes(scan("cctv.csv"))
    made = paper(cases, opened(cases, scan("assets.csv")), tmp_path)
    assert told(made) == [("J-0001", 0, 0, True)] and codes(made)["run-not-taken"] is True


def read(text: str, sha256: str, code: str = "E140", at: str = "list.xlsx:Assets!B2") -> bytes:
    """A scan of a workbook beside whose records something stands."""
    value = json.loads(scan("/srv/lists/list.xlsx"))
    issue = {
        "code": code,
        "at": at,
        "what": text,
        "why": "it is a comment",
        "next_step": "Write it into a column.",
    }
    value["inputs"][0] |= {"sha256": sha256 * 64, "issues": [issue] if text else []}
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("first", "later", "stands"),
    [
        (read("a comment says Hikvision", "1"), read("", "2"), 1),
        (read("a comment says Hikvision", "1"), read("a comment says Dahua", "2"), 2),
        (read("a comment says Hikvision", "1"), read("a comment says Hikvision", "2", at="list.xlsx:Assets!B9"), 1),
        (read("a comment says Hikvision", "1"), read("", "1"), 0),  # the very same file, read as somebody told
        (read("", "1"), read("", "2"), 0),
    ],
)  # fmt: skip
def test_what_stood_beside_the_records_of_an_edited_list_was_said(
    cases: Cases, tmp_path: Path, first: bytes, later: bytes, stands: int
) -> None:
    case_id = opened(cases, first)
    if first != later:
        cases.attach(case_id, later, "later.json", by="B. Lind")
    made = paper(cases, case_id, tmp_path)
    told = {one.what for one in made.obstacles if one.code == "names-unread"}
    assert len(told) == stands and codes(made).get("names-unread", True)


# Set aside by two people


def aside(cases: Cases, *people: str, reason: str = "the list of a neighbour, for a demonstration") -> None:
    for by in people:
        set_run_aside(cases.store, "J-0001", reason=reason, by=by)


def stands(made: Paper) -> dict[str, bool]:
    """Of the obstacles of runs, which end of their code stands and whether somebody can answer for it."""
    return {
        one.what.split(" of the run")[0]: one.overridable
        for one in made.obstacles
        if one.code == "run-not-taken"
    }


def test_two_people_set_aside_what_is_not_confirmed_by_name_and_all_of_it_with_keys(
    cases: Cases, tmp_path: Path
) -> None:
    run(cases, scan("cctv.csv", SURE, {"id": "f_2", "band": "possible"}))
    case_id = opened(cases, scan("assets.csv"))
    aside(cases, "T. Okafor")
    made = paper(cases, case_id, tmp_path)
    assert told(made) == [("J-0001", 1, 1, False)]
    assert any(
        "; a second person has to say so" in one.what and "neighbour" in one.what for one in made.obstacles
    )
    with pytest.raises(ProscribeError, match=r"E424 T\. OKAFOR"):
        aside(cases, "T. OKAFOR")
    aside(cases, "L. Park")
    made = paper(cases, case_id, tmp_path)
    assert told(made) == [("J-0001", 1, 0, False)] and set(stands(made)) == {"1 confirmed finding"}
    hands = rostered.begun(cases.store, tmp_path / "keys")
    assert told(paper(cases, case_id, tmp_path)) == [
        ("J-0001", 1, 0, False)
    ]  # what was said by name is no key
    with pytest.raises(ProscribeError, match="E414"):
        aside(cases, "Kim Berg")
    for by in ("Sam Lind", "Kim Berg"):
        cases.store.hand = hands[by]
        aside(cases, by)
    cases.store.hand = None
    made = paper(cases, case_id, tmp_path)
    assert told(made) == [("J-0001", 0, 0, False)] and not stands(made)
    named = [one["what"] for one in made.data["rests_on"] if "J-0001" in one["what"]]
    assert len(named) == 1 and "1 confirmed finding, 1 other finding set aside by T. Okafor" in named[0]
    assert "Kim Berg" in named[0] and "cctv.csv" in named[0]
    let_run_stand(cases.store, "J-0001", reason="it was our own depot", by="R. Ito")
    assert told(paper(cases, case_id, tmp_path)) == [("J-0001", 1, 1, False)]
    assert cases.store.verify() == []


def test_two_who_judge_and_none_who_approves_set_nothing_confirmed_aside(
    cases: Cases, tmp_path: Path
) -> None:
    run(cases, scan("cctv.csv", SURE))
    people = (*rostered.PEOPLE, ("Noor Hadid", "analyst"))
    hands = rostered.begun(cases.store, tmp_path / "keys", people)
    for by in ("Sam Lind", "Noor Hadid"):
        cases.store.hand = hands[by]
        aside(cases, by)
    cases.store.hand = None
    assert told(paper(cases, opened(cases, scan("assets.csv")), tmp_path)) == [("J-0001", 1, 0, False)]


def test_a_run_that_was_set_aside_shows_nothing_for_another_one(cases: Cases, tmp_path: Path) -> None:
    open_one = {"id": "f_2", "band": "probable"}
    run(cases, scan("ours.csv", open_one), name="ours.csv")
    run(cases, scan("cctv.csv", open_one, records=12))
    for by in ("T. Okafor", "L. Park"):
        set_run_aside(cases.store, "J-0002", reason="a trial on a list of another firm", by=by)
    made = paper(cases, opened(cases, scan("assets.csv")), tmp_path)
    assert told(made) == [("J-0002", 0, 0, False), ("J-0001", 0, 1, False)]


def test_what_cannot_be_set_aside(cases: Cases, tmp_path: Path) -> None:
    content = scan("cctv.csv", SURE)
    sha256 = run(cases, content)
    with pytest.raises(ProscribeError, match="E438"):
        aside(cases, "T. Okafor", reason=" ")
    with pytest.raises(ProscribeError, match="E475"):
        set_run_aside(cases.store, "J-0009", reason="no such one", by="T. Okafor")
    with pytest.raises(ProscribeError, match="E424"):
        let_run_stand(cases.store, "J-0001", reason="nobody said so", by="T. Okafor")
    with pytest.raises(ProscribeError, match="E476"):
        set_run_aside(cases.store, "J-0001", reason="another answer", by="T. Okafor", seen="0" * 64)
    Files.of(cases.store).path(sha256).rename(tmp_path / "away")
    with pytest.raises(ProscribeError, match="E479"):
        aside(cases, "T. Okafor")  # what nobody can look at
    (tmp_path / "away").rename(Files.of(cases.store).folder / sha256[:2] / sha256)
    case_id = opened(cases, content)
    with pytest.raises(ProscribeError, match=rf"E424.*{case_id}"):
        aside(cases, "T. Okafor")


# Mentions and devices


def mentioned(path: str, count: int, sha256: str = "5") -> bytes:
    value = json.loads(scan(path))
    value["inputs"][0]["sha256"] = sha256 * 64
    one = {
        "input": 0, "locator": {"row": 1, "sheet": None, "pointer": None}, "record_id": "R1", "entity": "hikvision",
        "kind": "compatible", "evidence": ["fits Hikvision"],
    }  # fmt: skip
    value["mentions"] = [one | {"locator": {**one["locator"], "row": row}} for row in range(1, count + 1)]  # type: ignore[dict-item]
    value["summary"]["mentions"] = count
    return json.dumps(value).encode()


def test_what_a_run_mentions_stands_until_a_case_shows_that_very_file(cases: Cases, tmp_path: Path) -> None:
    run(cases, mentioned("cctv.csv", 3))
    case_id = opened(cases, scan("assets.csv"))
    made = paper(cases, case_id, tmp_path)
    named = [one for one in made.obstacles if one.code == "run-not-taken"]
    assert named
    assert all(one.what.startswith("3 records of the run J-0001") and one.overridable for one in named)
    assert [run["mentions"] for run in made.data["store"]["runs"]] == [3]
    opened(cases, mentioned("other.csv", 3), "Cameras")
    assert told(paper(cases, case_id, tmp_path)) == []
    run(cases, mentioned("cctv.csv", 4), name="again.csv")  # newer knowledge sees one more
    made = paper(cases, case_id, tmp_path)
    assert [run["mentions"] for run in made.data["store"]["runs"]] == [1]


def joined_devices(*found: dict[str, Any], lifted: bool = False, against: tuple[str, ...] = ()) -> bytes:
    """What a job that joins devices leaves."""
    band = "confirmed" if lifted else "probable"
    verdict = {"entity": "hikvision", "band": band, **({"lifted_from": "probable"} if lifted else {})}
    device = {
        "id": "d_0a1b2c3d", "band": band, "verdicts": [verdict],
        "contradictions": [{"what": text, "explained": False} for text in against],
    }  # fmt: skip
    findings = json.loads(scan("cctv.csv", *found))["findings"]
    return json.dumps({"schema": "proscribe.devices/1", "devices": [device], "findings": findings}).encode()


@pytest.mark.parametrize(
    ("lifted", "against", "expected"),
    [
        (False, (), []),  # its finding stands in the case
        (True, (), [("J-0001", 1, 0, False)]),  # surer than any of its records
        (False, ("one says Axis, one Hikvision",), [("J-0001", 0, 1, False)]),
    ],
)
def test_what_a_join_of_devices_shows_beyond_its_findings_stands(
    cases: Cases,
    tmp_path: Path,
    lifted: bool,
    against: tuple[str, ...],
    expected: list[tuple[str, int, int, bool]],
) -> None:
    found = {"id": "f_1", "band": "probable"}
    case_id = opened(cases, scan("assets.csv", found))
    run(cases, joined_devices(found, lifted=lifted, against=against), spec=DevicesJob)
    assert told(paper(cases, case_id, tmp_path)) == expected


def test_the_findings_of_a_join_of_devices_that_no_case_took_stand(cases: Cases, tmp_path: Path) -> None:
    run(cases, joined_devices(SURE), spec=DevicesJob)
    case_id = opened(cases, scan("assets.csv"))
    assert told(paper(cases, case_id, tmp_path)) == [("J-0001", 1, 0, False)]
    aside(cases, "T. Okafor", "L. Park")
    assert told(paper(cases, case_id, tmp_path)) == [("J-0001", 1, 0, False)]  # by name, and it is confirmed
