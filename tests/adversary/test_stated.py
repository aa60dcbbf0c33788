"""Attacks 1 and 3: what a file states sets nothing aside; events of two people do, and what is confirmed takes more."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rostered
import yaml
from scan_samples import say_ran_again, scan_bytes

from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.case.document_files import make_document
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.rules.scan_decide import Ready
from proscribe.app.scan.api import scan as scan_files
from proscribe.casework import backup
from proscribe.documents.evidence import PROBABLE_MBIT
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import Paper, PaperState

ROOT = Path(__file__).parents[2]
TODAY = datetime.now(UTC).date()
SHIPPED = open_knowledge(()).manifest
COMPANY = "organisation: {name: Acme Inc}\nanswers: {provide: does not, use: does not}\n"
INQUIRY = (
    f"inquiry:\n  searched: [{{name: Sites, kind: site visit, how: walked, by: B. Lind, on: {TODAY}}}]\n"
)


def camera(name: str, band: str = "confirmed", site: str = "Depot") -> dict[str, Any]:
    return {
        "id": name, "band": band, "record_id": name.upper(), "details": {"site": site},
        "evidence": [{"found": "DS-2CD2042WD-I", "why": "a model"}],
    }  # fmt: skip


def opened(cases: Cases, *findings: dict[str, Any], path: str = "assets.csv", records: int = 10) -> str:
    content = scan_bytes(
        {
            "as_of": TODAY.isoformat(),
            "inputs": [{"path": path, "records": records}],
            "findings": list(findings),
            "knowledge": {"version": SHIPPED.version, "sha256": SHIPPED.sha256},
        }
    )
    case_id = cases.open_from_scan(content, "scan.json", by="B. Lind", title="Yearly", zone="UTC").case.id
    say_ran_again(cases.store, case_id)
    return case_id


def making(tmp_path: Path, extra: str = INQUIRY, **more: Any) -> Making:
    said = tmp_path / "said.yml"
    said.write_text(COMPANY + extra)
    told = {"as_of": TODAY, "author": "B. Lind", "approver": "C. Moreau", **more}
    return Making("annual-representation", (said,), **told)


def paper(cases: Cases, case_id: str, tmp_path: Path, extra: str = INQUIRY, **more: Any) -> Paper:
    return make_paper(making(tmp_path, extra, **more), (), cases, case_id)


def refused(cases: Cases | None, case_id: str, tmp_path: Path, extra: str) -> ProscribeError:
    with pytest.raises(ProscribeError) as caught:
        make_paper(making(tmp_path, INQUIRY + extra), (), cases, case_id)
    return caught.value


def against(made: Paper, code: str) -> list[str]:
    return [f"{one.what} {one.lift}" for one in made.obstacles if one.code == code]


def test_one_line_of_a_file_sets_three_cameras_aside(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, camera("f_1"), camera("f_2"), camera("f_3"))
    line = "scans_bear_on: {questions: [spend], why: a list of what was bought}\n"
    for desk, case in ((cases, case_id), (None, "")):
        problem = refused(desk, case, tmp_path, line)
        assert problem.code == "E468" and "proscribe case scope" in problem.next_step


def test_a_scope_of_two_names_sets_no_confirmed_camera_aside(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, camera("f_1"), camera("f_2", "possible"))
    cases.narrow(case_id, bears_on=["spend"], reason="a list of what was bought", by="B. Lind")
    cases.approve(case_id, "ST1", by="C. Moreau")
    made = paper(cases, case_id, tmp_path)
    assert made.state is PaperState.REFUSED
    assert len(against(made, "outside")) == 2 and "row 1" in str(made.data["scopes"])
    assert not any(one.overridable for one in made.obstacles if one.code == "outside")
    assert len(made.data["scopes"][0]["outside"]["findings"]) == 2
    assert made.data["scopes"][0]["outside"]["sources"] == ["assets.csv"]


@pytest.mark.parametrize("approver", ["B. Lind", "b. lind", "Ms B. Lind", "B. LIND, MBA"])
def test_a_scope_is_not_approved_by_its_author_in_another_spelling(
    cases: Cases, tmp_path: Path, approver: str
) -> None:
    case_id = opened(cases, camera("f_2", "possible"))
    cases.narrow(case_id, bears_on=["spend"], reason="a list of what was bought", by="B. Lind")
    with pytest.raises(ProscribeError):
        cases.approve(case_id, "ST1", by=approver)
    assert against(paper(cases, case_id, tmp_path), "not-decided")


def test_a_site_is_set_aside_by_two_and_named(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, camera("f_1", "possible", "Closed depot"), camera("f_2", "possible", "Mill Lane"))
    _, outside = cases.narrow(
        case_id, without_sites=["Closed depot"], reason="sold in the spring of 2024", by="B. Lind"
    )
    assert len(outside) == 1
    assert len(against(paper(cases, case_id, tmp_path), "not-decided")) == 4
    cases.approve(case_id, "ST1", by="C. Moreau")
    made = paper(cases, case_id, tmp_path)
    assert len(against(made, "not-decided")) == 2
    assert "Closed depot" in str(made.data["scopes"][0]["sites"])
    cases.widen(case_id, "ST1", by="B. Lind")
    assert len(against(paper(cases, case_id, tmp_path), "not-decided")) == 4


def test_keys_of_two_people_make_a_scope_that_an_approver_answers_for(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, camera("f_1"))
    hands = rostered.begun(cases.store, tmp_path / "keys")
    cases.store.hand = hands["Sam Lind"]
    cases.narrow(case_id, bears_on=["spend"], reason="a list of what was bought", by="Sam Lind")
    cases.store.hand = hands["Kim Berg"]
    cases.approve(case_id, "ST1", by="Kim Berg")
    cases.store.hand = None
    made = paper(cases, case_id, tmp_path, author="Sam Lind", approver="Kim Berg")
    found = [one for one in made.obstacles if one.code == "outside"]
    assert len(found) == 2 and all(one.overridable for one in found), "a second step remains"


@pytest.mark.parametrize("arguments", [
    {"bears_on": ["use"], "reason": ". . ."}, {"bears_on": [], "reason": "it does not bear on it"},
    {"bears_on": ["use"], "reason": "it does not bear on it", "scans": ["r_none"]},
    {"without_sites": ["No such site"], "reason": "it does not bear on it"},
    {"bears_on": ["use", "provide", "contain", "spend"], "reason": "it does not bear on it"},
])  # fmt: skip
def test_a_scope_that_says_nothing_is_refused(cases: Cases, arguments: dict[str, Any]) -> None:
    case_id = opened(cases, camera("f_1"))
    with pytest.raises(ProscribeError, match="E468"):
        cases.narrow(case_id, by="B. Lind", **arguments)


def test_a_scope_out_of_an_unsigned_archive_counts_for_nothing(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, camera("f_2", "possible"))
    cases.narrow(case_id, bears_on=["spend"], reason="a list of what was bought", by="B. Lind")
    cases.approve(case_id, "ST1", by="C. Moreau")
    backup.export_case(cases.store, case_id, tmp_path / "c.zip")
    with open_cases(tmp_path / "second.db", create=True) as other:
        backup.import_case(other.store, tmp_path / "c.zip", by="B. Lind")
        made = paper(other, case_id, tmp_path)
        assert "scopes" not in made.data and against(made, "not-decided")


def test_judgements_of_a_file_with_two_invented_people(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, camera("f_1"))
    line = (
        "judgements: [{finding_id: f_1, verdict: different, by: Ann One, approver: Bob Two, reason: another maker, "
        f"at: {TODAY}T00:00:00Z}}]\n"
    )
    for desk, case in ((cases, case_id), (None, "")):
        assert refused(desk, case, tmp_path, line).code == "E458"


def test_determinations_of_a_file_clear_nothing(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, camera("f_1"), camera("f_2", "possible"))
    said = ", ".join(
        f"{{id: {name}, determinations: [{{regime: {regime}, outcome: excepted, confidence: high}}]}}"
        for name, regime in (("f_1", "us-889-b"), ("f_2", "us-889-b"))
    )
    line = f"files: [{{kind: determinations, what: decided anew, sha256: '', value: {{cases: [{said}]}}}}]\n"
    for desk, case in ((cases, case_id), (None, "")):
        problem = refused(desk, case, tmp_path, line)
        assert problem.code == "E468" and "case approve" in problem.next_step
    path = tmp_path / "decided.yml"
    path.write_text(line)
    cases.make_statement(case_id, [path], by="B. Lind")
    assert refused(cases, case_id, tmp_path, line).code == "E468", "one person alone"
    cases.approve(case_id, "ST1", by="C. Moreau")
    made = paper(cases, case_id, tmp_path, INQUIRY + line)
    assert made.state is PaperState.REFUSED and any(
        "F_1" in one or "row 1" in one for one in against(made, "finding")
    )


def test_who_stated_what_is_no_field_of_a_file(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases)
    for line in (
        "files: [{kind: statement, what: 'inquiry: stated by the auditor', sha256: ''}]\n",
        "scopes: [{id: C-0001/ST9, questions: [spend], scans: [], sites: [], why: x, author: A, approver: B}]\n",
    ):
        assert refused(cases, case_id, tmp_path, line).code == "E465"


def test_an_override_by_somebody_who_never_approves_the_document(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, camera("f_2", "possible"))
    ids = [one.id for one in paper(cases, case_id, tmp_path).obstacles]
    line = (
        f"overrides: [{{obstacle_ids: [{', '.join(ids)}], approver: Dr Invented, reason: seen and of another maker, "
        f"at: {TODAY}T00:00:00Z}}]\n"
    )
    problem = refused(cases, case_id, tmp_path, line)
    assert problem.code == "E457" and "C. Moreau" in problem.what


def test_what_files_state_becomes_an_event_of_its_author_and_is_printed(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases)
    made = make_document(
        making(tmp_path), cases=cases, case_id=case_id, outputs=[("json", tmp_path / "a.json")]
    )
    assert made.paper.state is PaperState.READY, made.paper.obstacles
    (statement,) = cases.case(case_id).statements
    assert (statement.author, statement.fields) == ("B. Lind", ("inquiry",))
    (row,) = (one for one in made.paper.data["rests_on"] if one["kind"] == "statement")
    assert row["sha256"] == statement.sha256 and "B. Lind" in row["what"]
    again = make_document(
        making(tmp_path), cases=cases, case_id=case_id, outputs=[("json", tmp_path / "b.json")]
    )
    assert again.stored is not None and len(cases.case(case_id).statements) == 1
    later = paper(cases, case_id, tmp_path, "")
    assert later.state is PaperState.READY and "Sites" in str(later.data["body"]["inquiry"]["sources"])
    assert cases.store.verify() == []


SET_ASIDE = {"reason": "not ours at all", "by": "T. Invented", "at": "2026-11-20", "until": None}


def test_a_layer_with_an_invented_name_lifts_nothing_confirmed(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, {**camera("f_1"), "ignored": SET_ASIDE})
    made = paper(cases, case_id, tmp_path)
    found = [one for one in made.obstacles if one.code == "set-aside"]
    assert len(found) == 2 and not any(one.overridable for one in found)
    assert all("T. Invented" in one.what and "no keys show" in one.what for one in found)
    ids = ", ".join(one.id for one in found)
    line = (
        f"overrides: [{{obstacle_ids: [{ids}], approver: C. Moreau, reason: seen and of another maker, "
        f"at: {TODAY}T00:00:00Z}}]\n"
    )
    with pytest.raises(ProscribeError, match="E456"):
        paper(cases, case_id, tmp_path, INQUIRY + line)


def soon() -> datetime:
    """Give an instant at which what was just said is known: documents are made at whole seconds."""
    return datetime.now(UTC) + timedelta(seconds=2)


def test_keys_of_two_people_lift_what_a_layer_sets_aside(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, {**camera("f_1"), "ignored": SET_ASIDE})
    hands = rostered.begun(cases.store, tmp_path / "keys")
    why = "opened: another maker's board"
    cases.store.hand = hands["Sam Lind"]
    cases.judge(case_id, "f_1", "different", by="Sam Lind", reason=why)
    alone = paper(cases, case_id, tmp_path, author="Kim Berg", approver="Lee Okafor", made_at=soon())
    assert {one.code for one in alone.obstacles} == {"judgement-not-approved"}
    assert not any(one.overridable for one in alone.obstacles), "one key is one person"
    cases.store.hand = hands["Kim Berg"]
    cases.judge(case_id, "f_1", "different", by="Kim Berg", reason=why)
    cases.store.hand = None
    made = paper(cases, case_id, tmp_path, author="Sam Lind", approver="Kim Berg", made_at=soon())
    assert made.state is PaperState.READY, made.obstacles


def test_a_layer_that_can_hide_a_camera_is_named_and_answered_for(cases: Cases, tmp_path: Path) -> None:
    stamp = {"version": SHIPPED.version, "sha256": SHIPPED.sha256, "layers": ["ours.yml@87ab310734bb"]}
    value = {
        "as_of": TODAY.isoformat(), "inputs": [{"path": "assets.csv", "records": 10}], "knowledge": stamp
    }  # fmt: skip
    file = cases.open_from_scan(scan_bytes(value), "scan.json", by="B. Lind", title="Yearly", zone="UTC")
    say_ran_again(cases.store, file.case.id)
    made = paper(cases, file.case.id, tmp_path)
    found = [one for one in made.obstacles if one.code == "own-knowledge"]
    assert made.state is PaperState.REFUSED and len(found) == 2
    assert all("ours.yml" in one.what for one in found)
    assert not any(one.overridable for one in found), "a name that somebody types does not answer for it"
    rostered.begun(cases.store, tmp_path / "keys")
    proved = paper(
        cases, file.case.id, tmp_path, author="Sam Lind", approver="Kim Berg", made_at=soon()
    ).obstacles
    assert all(one.overridable for one in proved if one.code == "own-knowledge")


def test_a_scan_without_the_layer_beside_one_with_it_answers_for_it(cases: Cases, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Tag,Manufacturer,Model\nA-1,Axis,P3245-LV\n")
    layer = Path(__file__).resolve().parents[2] / "docs" / "examples" / "own-knowledge.yml"
    plain, layered = (
        scan_files(tmp_path / "list.csv", as_of=TODAY.isoformat(), knowledge=more).to_json().encode()
        for more in ((), (layer,))
    )
    case_id = cases.open_from_scan(layered, "scan.json", by="B. Lind", title="t", zone="UTC").case.id
    cases.attach(case_id, plain, "plain.json", by="B. Lind")
    say_ran_again(cases.store, case_id)
    assert not against(paper(cases, case_id, tmp_path, made_at=soon()), "own-knowledge")


@pytest.mark.parametrize(
    ("words", "weight", "stands"),
    [("removed", 18000, True), ("removed", 7000, True), ("removed", 4000, False), ("", 18000, False)],
)
def test_what_only_its_own_words_made_doubtful_takes_two(
    cases: Cases, tmp_path: Path, words: str, weight: int, stands: bool
) -> None:
    said = [{"matcher": "context", "field": "Description", "found": "Hikvision", "span": [0, 9], "facts": [],
             "weight_mbit": 0, "why": f"'{words}': it is said to be gone", "group": "context"}]  # fmt: skip
    gone = {"role": "formerly", "against": said} if words else {}
    case_id = opened(cases, {**camera("f_1", "possible"), **gone, "total_mbit": weight})
    why = "opened: another maker's board"
    cases.judge(case_id, "f_1", "different", by="T. Okafor", reason=why)
    alone = paper(cases, case_id, tmp_path, made_at=soon())
    assert bool(against(alone, "judgement-not-approved")) is stands
    cases.judge(case_id, "f_1", "different", by="L. Park", reason=why)
    assert paper(cases, case_id, tmp_path, made_at=soon()).state is PaperState.READY


@pytest.mark.parametrize("text", [
    "Hikvision DS-2CD2143G2-I - removed from ceiling and now on wall", "Hikvision camera, sold in 2024",
])  # fmt: skip
def test_words_of_a_real_list_that_say_it_is_gone(cases: Cases, tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(f'Tag,Description,Site\nA-1,"{text}",HQ\n')
    content = scan_files(tmp_path / "list.csv", as_of=TODAY.isoformat()).to_json().encode()
    case_id = cases.open_from_scan(content, "scan.json", by="B. Lind", title="Yearly", zone="UTC").case.id
    say_ran_again(cases.store, case_id)
    (raw,) = json.loads(content)["findings"]
    assert raw["band"] == "possible"
    cases.judge(case_id, raw["id"], "different", by="T. Okafor", reason="opened: another maker's board")
    made = paper(cases, case_id, tmp_path, made_at=soon())
    assert against(made, "judgement-not-approved") and made.state is PaperState.REFUSED


def decided_as(fact: str, value: str) -> dict[str, Any]:
    """Parts of a finding that the law does not reach, on a fact that somebody stated."""
    said = [
        {"regime": name, "outcome": "not_covered", "because": "shown", "confidence": "high", "until": None,
         "citations": ["x"], "missing": []}
        for name in ("us-889-a", "us-889-b")
    ]  # fmt: skip
    return {"decided_on": {fact: value}, "determinations": said}


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("item.producer", "other", "(Who made it? other)"),
        ("item.kind", "passive_accessory", "(What kind of thing is it? passive accessory)"),
        ("use.by", "employee_personal", "(Who uses it: you, or somebody else? employee personal)"),
    ],
)
def test_a_fact_that_somebody_types_lifts_nothing_confirmed(
    cases: Cases, tmp_path: Path, fact: str, value: str, words: str
) -> None:
    case_id = opened(cases, {**camera("f_1"), **decided_as(fact, value)})
    found = [one for one in paper(cases, case_id, tmp_path).obstacles if one.code == "facts-not-proved"]
    assert found and not any(one.overridable for one in found) and words in found[0].what
    weak = opened(cases, {**camera("f_2", "probable"), **decided_as(fact, value)}, path="weak.csv")
    made = paper(cases, weak, tmp_path)
    assert not against(made, "facts-not-proved") and against(made, "facts-not-agreed")
    # that the store has a roster shows nothing of who typed the fact: here was once expected that it suffices
    rostered.begun(cases.store, tmp_path / "keys")
    assert against(paper(cases, case_id, tmp_path), "facts-not-proved")


FACTS = """regimes: [us-889-a, us-889-b]
facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity, contract.is_idiq: false, %s}
"""


def decided(
    cases: Cases,
    tmp_path: Path,
    fact: str = "use.state: disposed",
    row: str = "Hikvision,DS-2CD2143G2-I,S-1",
    case_id: str = "",
) -> tuple[str, str]:
    """A case with a list that was put to the law on stated facts, by B. Lind; gives it and its finding."""
    (tmp_path / "list.csv").write_text(f"Tag,Manufacturer,Model,Serial number\nA-1,{row}\n")
    (tmp_path / "facts.yml").write_text(FACTS % fact)
    read = scan_files(tmp_path / "list.csv", as_of=TODAY.isoformat())
    law = Ready.of([tmp_path / "facts.yml"])
    content = replace(read, scan=law.decide(read.scan)).to_json().encode()
    if case_id:
        cases.attach(case_id, content, "scan.json", by="B. Lind")
    else:
        case_id = cases.open_from_scan(
            content, "scan.json", by=cases.store.author("B. Lind" if cases.store.hand is None else ""),
            title="Yearly", zone="UTC",
        ).case.id  # fmt: skip
    say_ran_again(cases.store, case_id)
    return case_id, json.loads(content)["findings"][0]["id"]


def by_facts(made: Paper) -> list[tuple[str, bool]]:
    return [
        (one.code, one.overridable) for one in made.obstacles if one.code.startswith("facts-") and "use" in one.questions
    ]  # fmt: skip


PROBABLE = ",DS-2CD2143G2-I,"


def test_two_people_answer_for_a_fact_that_clears_what_is_probable(cases: Cases, tmp_path: Path) -> None:
    case_id, _ = decided(cases, tmp_path, row=PROBABLE)
    assert by_facts(paper(cases, case_id, tmp_path)) == [("facts-not-agreed", True)]
    cases.approve(case_id, "D1", by="C. Moreau")
    made = paper(cases, case_id, tmp_path)
    assert not by_facts(made)
    assert "B. Lind, approved by C. Moreau (C-0001/D1)" in str(made.data)


def test_keys_of_two_people_answer_for_a_fact_that_clears_what_is_confirmed(
    cases: Cases, tmp_path: Path
) -> None:
    hands = rostered.begun(cases.store, tmp_path / "keys")
    unsigned, _ = decided(cases, tmp_path)
    cases.store.hand = hands["Sam Lind"]
    signed, _ = decided(cases, tmp_path)
    cases.store.hand = hands["Kim Berg"]
    told: dict[str, Any] = {"author": "Sam Lind", "approver": "Kim Berg", "made_at": soon()}
    for case_id, states in ((unsigned, ["refused"] * 2), (signed, ["refused", "ready"])):
        seen = []
        for _ in states:
            cases.store.hand = None
            seen.append(by_facts(paper(cases, case_id, tmp_path, **told)))
            cases.store.hand = hands["Kim Berg"]
            if len(seen) == 1:
                cases.approve(case_id, "D1", by="Kim Berg")
        assert seen == [[("facts-not-proved", False)] if one == "refused" else [] for one in states]


def test_whoever_judges_it_the_same_after_a_fact_was_approved_is_heard(cases: Cases, tmp_path: Path) -> None:
    case_id, finding = decided(cases, tmp_path, row=PROBABLE)
    cases.approve(case_id, "D1", by="C. Moreau")
    cases.judge(case_id, finding, "same", by="L. Park", reason="the label was read, it records")
    assert by_facts(paper(cases, case_id, tmp_path, made_at=soon())) == [("facts-not-proved", False)]
    cases.judge(case_id, finding, "unsure", by="B. Lind", reason="we will look once more")
    assert not by_facts(paper(cases, case_id, tmp_path, made_at=soon()))


@pytest.mark.parametrize("said", ["in_service", None])
def test_what_is_stated_of_a_case_later_is_heard(cases: Cases, tmp_path: Path, said: str | None) -> None:
    case_id, _ = decided(cases, tmp_path, row=PROBABLE)
    cases.approve(case_id, "D1", by="C. Moreau")
    cases.state(case_id, {"contract.agency": "GSA"}, by="L. Park", version=cases.version(case_id))
    assert not by_facts(paper(cases, case_id, tmp_path, made_at=soon())), "the law says the same on that"
    cases.state(case_id, {"use.state": said}, by="L. Park", version=cases.version(case_id))
    made = paper(cases, case_id, tmp_path, made_at=soon())
    assert by_facts(made) == [("facts-changed", False)]
    assert "L. Park" in against(made, "facts-changed")[0] and "disposed" in against(made, "facts-changed")[0]
    # decided anew on that, it has to be agreed to anew
    decided(cases, tmp_path, row=PROBABLE + ",", case_id=case_id)
    assert by_facts(paper(cases, case_id, tmp_path, made_at=soon())) == [("facts-not-agreed", True)]
    cases.approve(case_id, "D2", by="C. Moreau")
    assert not by_facts(paper(cases, case_id, tmp_path, made_at=soon()))


def test_an_agreement_out_of_an_unsigned_archive_counts_for_nothing(cases: Cases, tmp_path: Path) -> None:
    case_id, _ = decided(cases, tmp_path, row=PROBABLE)
    cases.approve(case_id, "D1", by="C. Moreau")
    backup.export_case(cases.store, case_id, tmp_path / "c.zip")
    with open_cases(tmp_path / "second.db", create=True) as other:
        backup.import_case(other.store, tmp_path / "c.zip", by="B. Lind")
        assert by_facts(paper(other, case_id, tmp_path)) == [("facts-not-agreed", True)]


@pytest.mark.parametrize("shown", [(), ("possible",)])
def test_what_an_older_reading_shows_is_not_settled_by_names(
    cases: Cases, tmp_path: Path, shown: tuple[str, ...]
) -> None:
    case_id = opened(cases, camera("f_1"), camera("f_2", "probable"))
    newer = {
        "as_of": TODAY.isoformat(), "inputs": [{"path": "assets.csv", "records": 8}],
        "findings": [camera(name, band) for band in shown for name in ("f_1", "f_2")],
        "knowledge": {"version": SHIPPED.version, "sha256": SHIPPED.sha256},
    }  # fmt: skip
    cases.attach(case_id, scan_bytes(newer), "newer.json", by="B. Lind")
    say_ran_again(cases.store, case_id)
    for name in ("f_1", "f_2"):
        for by in ("T. Okafor", "L. Park"):
            cases.judge(case_id, name, "different", by=by, reason="taken down, as we all know")
    made = paper(cases, case_id, tmp_path, made_at=soon())
    assert len(against(made, "names-not-proved")) == 2 and made.state is PaperState.REFUSED
    assert "DS-2CD2042WD-I" in against(made, "names-not-proved")[0]


@pytest.mark.parametrize("name", ["Beta GmbH", "Acme \u0406nc", "\u0410cme Inc"])
def test_an_inquiry_of_another_organisation(cases: Cases, tmp_path: Path, name: str) -> None:
    case_id = opened(cases)
    theirs = tmp_path / "theirs.yml"
    theirs.write_text(f"organisation: {{name: {name}}}\n{INQUIRY}", encoding="utf-8")
    made = making(tmp_path, "")
    with pytest.raises(ProscribeError) as caught:
        make_paper(replace(made, files=(*made.files, theirs)), (), cases, case_id)
    assert caught.value.code == "E458" and name in str(caught.value) and "Acme Inc" in str(caught.value)
    assert ("look alike" in str(caught.value)) is not name.startswith("Beta")
    theirs.write_text(f"organisation: {{name: ACME}}\n{INQUIRY}", encoding="utf-8")
    assert make_paper(replace(made, files=(*made.files, theirs)), (), cases, case_id)


@pytest.mark.parametrize("until", ["9999-12-31", "soon", "2020-01-01", "20991231", "2099-12-31T00:00"])
def test_a_layer_that_sets_aside_for_ever_or_until_no_day(cases: Cases, tmp_path: Path, until: str) -> None:
    (tmp_path / "list.csv").write_text("Tag,Manufacturer,Model\nA-1,Hikvision,DS-2CD2143G2-I\n")
    layer = tmp_path / "ours.yml"
    layer.write_text(
        "suppressions:\n  - {text: DS-2CD2143G2-I, entity: hikvision, reason: not ours at all, by: T. Okafor, "
        f'at: "2026-11-20", until: "{until}"}}\n'
    )
    try:
        scanned = scan_files(tmp_path / "list.csv", as_of=TODAY.isoformat(), knowledge=[layer])
    except ProscribeError as problem:
        assert problem.code == "E225" and until != "9999-12-31"
        return
    content = scanned.to_json().encode()
    case_id = cases.open_from_scan(content, "scan.json", by="B. Lind", title="Yearly", zone="UTC").case.id
    made = paper(cases, case_id, tmp_path)
    assert against(made, "set-aside") and against(made, "own-knowledge")
    assert not any(one.overridable for one in made.obstacles if one.code == "set-aside")


def test_what_is_probable_weighs_what_matching_says() -> None:
    weights = yaml.safe_load((ROOT / "knowledge" / "matching" / "weights.yml").read_text())
    assert weights["bands"]["probable"] == PROBABLE_MBIT
