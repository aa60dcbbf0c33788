"""What stands against a "does not", what lifts it, and what no person may sign away."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import paper_samples as ps
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import annual, codes, scanned

from proscribe.documents import render
from proscribe.documents.blocks import Fields
from proscribe.documents.formats import laid_out
from proscribe.model.errors import CaseError
from proscribe.model.organisations import ContractRef, Person
from proscribe.model.papers import (
    EvidenceFile,
    FindingJudgement,
    KnowledgeState,
    Override,
    Paper,
    PaperInputs,
    PaperState,
    Question,
    StatedFactRef,
    SupplierAnswer,
)

NOW = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)


def not_covered(regime: str = "us-889-b", **facts: str) -> dict[str, Any]:
    return {
        "decided_on": facts,
        "determinations": [
            ps.determination("us-889-a", "not_covered", because="x"), ps.determination(regime, "not_covered", because="No rule reaches it."),
        ],
    }  # fmt: skip


def answer(paper: Paper, question: str = "use") -> str:
    return str(paper.data["body"]["representations"][question]["answer"])


def test_nothing_against_it_says_does_not() -> None:
    paper = annual()
    assert paper.state is PaperState.READY and answer(paper) == answer(paper, "provide") == "does not"


@pytest.mark.parametrize("band", ["confirmed", "probable", "possible"])
@pytest.mark.parametrize(
    "outcome",
    [
        "prohibited",
        "permitted_until",
        "approval_required",
        "waived",
        "excepted",
        "undetermined",
        "not_in_force",
    ],
)
def test_a_finding_stands_against_it(band: str, outcome: str) -> None:
    found = ps.finding(
        band=band,
        determinations=[
            ps.determination("us-889-b", outcome, missing=["item.purpose"]),
            ps.determination("us-889-a", "not_covered"),
        ],
        decided_on={"item.producer": "other"},
    )
    paper = annual(scans=scanned(found), answers={"use": "does not"})
    assert paper.state is PaperState.REFUSED and answer(paper) == ""
    (against,) = [one for one in paper.obstacles if "f_0001" in one.evidence and "use" in one.questions]
    assert against.overridable is (band != "confirmed")
    assert against.lift and "f_0001" in str(paper.data["body"]["findings"])


def test_undecided_findings_stand_against_it() -> None:
    paper = annual(
        scans=scanned(ps.finding(band="possible")), answers={"use": "does not", "provide": "does not"}
    )
    assert codes(paper) == {"not-decided"} and len(paper.obstacles) == 2


def test_the_evidence_answers_where_the_author_does_not() -> None:
    paper = annual(scans=(ps.proved(ps.COVERED),))
    assert paper.state is PaperState.READY and answer(paper) == "does"
    assert paper.data["body"]["representations"]["use"]["proposed_by_evidence"] is True


@pytest.mark.parametrize("state", ["waived", "excepted"])
def test_an_exception_or_a_waiver_does_not_make_it_does_not(state: str) -> None:
    paper = annual(
        scans=scanned(
            ps.finding(
                determinations=[ps.determination("us-889-b", state), ps.determination("us-889-a", state)]
            )
        )
    )
    assert answer(paper) == "does", (
        "the duty to say so stays: 52.204-24(e) asks for the factors on permissibility"
    )


def test_not_covered_clears_only_by_a_fact_about_the_thing() -> None:
    shown = scanned(ps.finding(**not_covered(**{"item.producer": "other"})))
    # until 2026-11 a roster alone sufficed, whoever typed the fact: it takes what a judgement takes
    alone, by_names = (annual(scans=one, roster="store") for one in (shown, ps.agreed(*shown, keys=False)))
    assert codes(alone) == codes(by_names) == {"facts-not-proved"}
    cleared = annual(scans=ps.agreed(*shown), roster="store")
    assert cleared.state is PaperState.READY
    by_name = annual(scans=shown, answers={"use": "does not"})
    assert all("(confirmed) is confirmed. On" in one.what for one in by_name.obstacles), by_name.obstacles
    probable = scanned(ps.finding(band="probable", **not_covered(**{"item.producer": "other"})))
    (judged_same,) = [
        one
        for one in annual(scans=probable, judgements=(judged("same"),), answers={"use": "does not"}).obstacles
        if one.questions == ("use",)
    ]
    assert judged_same.code == "facts-not-proved" and "is confirmed" not in judged_same.what
    assert '(probable) is judged "same" by a person. On' in judged_same.what
    assert codes(by_name) == {"facts-not-proved"} and not any(one.overridable for one in by_name.obstacles)
    assert all(f"On '{one.questions[0]}' it would not count" in one.what for one in by_name.obstacles)
    assert all("since somebody stated that" in one.what for one in by_name.obstacles)
    (group,) = by_name.data["obstacle_groups"]
    assert group["command"].startswith("proscribe case roster begin --person")
    (aside,) = cleared.data["body"]["representations"]["use"]["set_aside"]
    assert aside["finding"] == "f_0001" and "none of the firms" in aside["why"]
    role = annual(scans=scanned(ps.finding(**not_covered(**{"item.role_in_system": "neither"}))))
    assert role.state is PaperState.REFUSED and codes(role) == {"not-a-clearance"}


@pytest.mark.parametrize(("band", "same", "stands"), [
    ("probable", False, True), ("possible", False, False), ("possible", True, True),
])  # fmt: skip
def test_a_fact_that_one_person_stated_clears_what_one_person_judges(
    band: str, same: bool, stands: bool
) -> None:
    found = ps.finding(band=band, **not_covered(**{"use.state": "disposed", "use.by": "the_entity"}))
    scans = tuple(dataclasses.replace(one, said_same=("f_0001",) if same else ()) for one in scanned(found))
    paper = annual(scans=scans, answers={"use": "does not"})
    told = [one for one in paper.obstacles if one.code == "facts-not-agreed"]
    assert bool(told) is stands and all(one.overridable for one in told)
    assert annual(scans=ps.agreed(*scans, keys=False)).state is PaperState.READY


def test_what_the_record_itself_shows_takes_no_second_person() -> None:
    found = ps.finding(band="probable", **not_covered(**{"item.kind": "passive_accessory"}))
    value = ps.scan(found)
    for stated, ready in ((["item.kind"], False), (["party.role"], True)):
        value["decided"] = {
            "stated": [{"fact": name, "value": "x", "applies_to": "company"} for name in stated]
        }
        assert (annual(scans=(ps.proved(value, "22" * 32),)).state is PaperState.READY) is ready


def test_who_judges_it_the_same_later_or_states_otherwise_is_heard() -> None:
    (scan,) = ps.agreed(
        *scanned(ps.finding(**not_covered(**{"use.state": "disposed", "use.by": "the_entity"})))
    )
    later = dataclasses.replace(judged("same"), at=ps.MADE_AT)
    before = tuple(
        dataclasses.replace(one, approved_at=ps.MADE_AT - timedelta(hours=1)) for one in scan.facts_agreed
    )
    heard = annual(
        scans=(dataclasses.replace(scan, facts_agreed=before),), judgements=(later,), roster="store",
        answers={"use": "does not"},
    )  # fmt: skip
    assert "facts-not-agreed" in codes(heard) and not any(one.overridable for one in heard.obstacles)
    changed = tuple(dataclasses.replace(one, changed=("Is it in service? yes",)) for one in scan.facts_agreed)
    paper = annual(
        scans=(dataclasses.replace(scan, facts_agreed=changed),), roster="store", answers={"use": "does not"}
    )
    assert "facts-changed" in codes(paper) and not any(one.overridable for one in paper.obstacles)


def test_no_approver_overrides_confirmed_equipment_that_a_rule_does_not_reach() -> None:
    facts = {"act.kind": "continue_contract"}
    for band, can in (("confirmed", False), ("probable", True)):
        paper = annual(scans=scanned(ps.finding(band=band, **not_covered(**facts))), roster="store")
        assert codes(paper) == {"not-a-clearance"}
        assert {one.overridable for one in paper.obstacles} == {can}


@pytest.mark.parametrize(("band", "by", "why"), [
    ("possible", "B. Lind", "who also prepares this document; it does not count"),
    ("probable", "B. Lind", "who also prepares this document; it does not count"),
    ("probable", "T. Okafor", "one person settles only what is merely possible"),
])  # fmt: skip
def test_a_judgement_of_one_person_that_does_not_count_is_told_with_why(band: str, by: str, why: str) -> None:
    judged = FindingJudgement("f_0001", "different", by, "looked at the label", ps.MADE_AT)
    author = Person("B. Lind")
    paper = annual(
        scans=scanned(ps.finding(band=band)), judgements=(judged,), author=author, answers={"use": "does not"}
    )
    told = [one for one in paper.obstacles if one.code == "judgement-not-approved"]
    assert told and all(
        f"judged to be another maker's thing by {by}" in one.what and why in one.what for one in told
    )


def test_purpose_clears_the_three_makers_and_not_huawei() -> None:
    facts = {"item.purpose": "none"}
    cleared = ps.agreed(*scanned(ps.finding(**not_covered(**facts))))
    assert annual(scans=cleared, roster="s").state is PaperState.READY
    huawei = ps.finding(entity="huawei", covered_through=["huawei"], **not_covered(**facts))
    assert codes(annual(scans=scanned(huawei))) == {"not-a-clearance"}


def test_several_purposes_do_not_clear() -> None:
    paper = annual(scans=scanned(ps.finding(**not_covered(**{"item.purpose": "none, public_safety"}))))
    assert codes(paper) == {"not-a-clearance"}


def test_own_use_is_not_providing() -> None:
    facts = {"use.by": "the_entity"}
    found = ps.finding(
        decided_on=facts,
        determinations=[
            ps.determination("us-889-a", "not_covered"),
            ps.determination("us-889-b", "prohibited"),
        ],
    )
    paper = annual(scans=ps.agreed(*scanned(found)), roster="store")
    assert answer(paper, "provide") == "does not" and answer(paper) == "does"
    assert "facts-not-proved" in codes(annual(scans=scanned(found)))


def test_recalled_law_does_not_clear() -> None:
    facts = not_covered(**{"item.producer": "other"})
    for one in facts["determinations"]:
        one["confidence"] = "low"
    assert codes(annual(scans=scanned(ps.finding(**facts)))) == {"recalled-law"}


# Judgements


def judged(verdict: str, **more: Any) -> FindingJudgement:
    return FindingJudgement(
        **{
            "finding_id": "f_0001",
            "verdict": verdict,
            "by": "Sam Lind",
            "reason": "label read",
            "at": NOW,
            "approver": "Kim Berg",
            **more,
        }
    )


def with_judgement(band: str, *judgements: FindingJudgement, **more: Any) -> Paper:
    return annual(
        scans=scanned(ps.finding(band=band)),
        judgements=judgements,
        answers={"use": "does not", "provide": "does not"},
        **more,
    )


@pytest.mark.parametrize("band", ["confirmed", "probable", "possible"])
@pytest.mark.parametrize("verdict", ["different", "cleared"])
def test_an_approved_judgement_sets_aside(band: str, verdict: str) -> None:
    paper = with_judgement(band, judged(verdict, proved=True))
    assert paper.state is PaperState.READY
    (aside,) = paper.data["body"]["representations"]["use"]["set_aside"]
    assert (
        aside["by"] == "Sam Lind, approved by Kim Berg, both with their keys" and "label read" in aside["why"]
    )


def test_two_names_without_keys_set_nothing_confirmed_aside() -> None:
    paper = with_judgement("confirmed", judged("different"))
    assert codes(paper) == {"names-not-proved"} and not paper.obstacles[0].overridable
    assert "proscribe case roster begin" in paper.obstacles[0].lift
    assert with_judgement("probable", judged("different")).state is PaperState.READY


@pytest.mark.parametrize(
    "approver", ["", "Sam Lind", "SAM LIND", "S. Lind", "sam.lind@x.com", "Dr. Sam Lind"]
)
def test_one_person_alone_does_not_set_aside_what_is_strong(approver: str) -> None:
    assert codes(with_judgement("confirmed", judged("different", approver=approver))) == {
        "judgement-not-approved"
    }
    assert with_judgement("possible", judged("different", approver=approver)).state is PaperState.READY


def test_a_judgement_ends() -> None:
    last = judged("cleared", until=ps.DAY)
    assert with_judgement("probable", last).state is PaperState.READY
    ended = with_judgement("probable", judged("cleared", until=ps.DAY - timedelta(days=1)))
    assert ended.state is PaperState.REFUSED and "ended on 2026-11-24" in ended.obstacles[0].what


def test_the_newest_judgement_counts_and_one_from_the_future_does_not() -> None:
    earlier, later = judged("different"), judged("same", at=NOW + timedelta(minutes=5))
    paper = with_judgement("probable", later, earlier)
    assert paper.state is PaperState.REFUSED and not paper.obstacles[0].overridable, (
        "judged the same: as sure as confirmed"
    )
    future = judged("different", at=NOW + timedelta(days=3))
    assert with_judgement("probable", future).state is PaperState.REFUSED


@pytest.mark.parametrize("verdict", ["unsure", "same"])
def test_other_judgements_leave_it_standing(verdict: str) -> None:
    assert with_judgement("probable", judged(verdict)).state is PaperState.REFUSED


def test_ignores_of_a_scan() -> None:
    ignored = {"reason": "recycled", "by": "j.doe", "at": "2026-01-05", "until": "2027-01-05"}
    assert annual(scans=scanned(ps.finding(band="possible", ignored=ignored))).state is PaperState.READY
    assert codes(annual(scans=scanned(ps.finding(band="probable", ignored=ignored)))) == {"set-aside"}
    assert codes(annual(scans=scanned(ps.finding(ignored=ignored)))) == {"set-aside"}
    past = {**ignored, "until": "2026-11-24"}
    assert codes(annual(scans=scanned(ps.finding(band="probable", ignored=past)))) == {"not-decided"}


# The search, the suppliers, the knowledge


def test_a_source_not_searched_stands_against_its_question_only() -> None:
    paper = annual(inquiry=ps.OPEN_INQUIRY)
    assert codes(paper) == {"not-searched"} and all(one.questions == ("use",) for one in paper.obstacles)
    assert answer(paper) == answer(paper, "provide") == "", "a refused document says no does-not on any page"
    assert (
        "Nothing stands against this answer by itself"
        in paper.data["body"]["representations"]["provide"]["statement"]
    )


def test_no_search_at_all_cannot_be_overridden() -> None:
    paper = annual(inquiry=None, scans=())
    assert "no-inquiry" in codes(paper)
    assert all(not one.overridable for one in paper.obstacles if one.code == "no-inquiry")


def test_scans_without_a_record_of_the_inquiry() -> None:
    assert codes(annual(inquiry=None)) == {"no-inquiry-record"}


def test_blind_spots_are_listed_each_with_its_text() -> None:
    value = ps.scan(
        not_checked=["column 'remarks' names a firm"],
        blind_spots=[
            {
                "kind": "hosts_without_mac",
                "site": "HQ",
                "count": 4,
                "of": 20,
                "what": "hosts behind a router",
                "examples": ["10.0.0.4"],
            }
        ],
    )
    value["inputs"][0]["issues"] = [
        {"code": "E120", "at": "sheet 'Chart1'", "what": "nothing was read of it", "lossy": True}
    ]
    paper = annual(scans=(ps.proved(value),))
    told = " ".join(text for one in paper.obstacles for text in one.evidence)
    assert (
        codes(paper) == {"blind-spot"}
        and "remarks" in told
        and "Chart1" in told
        and "HQ: hosts behind a router (4 of 20)" in told
    )


def test_old_later_and_other_knowledge() -> None:
    assert "scan-old" in codes(annual(scans=scanned(as_of="2026-08-01")))
    assert "scan-later" in codes(annual(scans=scanned(as_of="2026-12-01")))
    assert "knowledge-changed" in codes(
        annual(scans=scanned(knowledge={"version": "2026.1.1", "sha256": "ff" * 32}))
    )
    assert "knowledge-overdue" in codes(
        annual(knowledge=KnowledgeState(ps.KNOWLEDGE.version, ps.KNOWLEDGE.sha256, ("relabels/dahua",)))
    )


def test_suppliers() -> None:
    def with_supplier(**more: Any) -> set[str]:
        plain: dict[str, Any] = {
            "supplier": "Acme",
            "answers": {"provide": "does not"},
            "valid_to": date(2027, 1, 1),
        }
        return codes(annual(suppliers=(SupplierAnswer(**{**plain, **more}),)))

    assert with_supplier() == set()
    assert with_supplier(contradictions=("a Hikvision camera was bought from it",)) == {
        "supplier-contradicted"
    }
    assert with_supplier(valid_to=date(2026, 11, 24)) == {"supplier-expired"}
    assert with_supplier(valid_to=date(2026, 11, 25)) == set()
    assert with_supplier(answers={"provide": "refused"}) == {"supplier-silent"}
    assert with_supplier(answers={"provide": "does"}) == {"supplier-does"}


def test_a_scan_that_does_not_bear_on_a_question() -> None:
    assets = ps.proved(ps.COVERED, "22" * 32, (Question.USE,), "an asset list says nothing of what is sold")
    paper = annual(scans=(ps.proved(ps.CLEAN), assets))
    # What is confirmed stands all the same: nobody puts it outside in one step.
    assert [one.code for one in paper.obstacles] == ["outside"] and paper.obstacles[0].questions == (
        "provide",
    )
    possible = ps.proved(
        ps.scan(ps.finding(band="possible")),
        "22" * 32,
        (Question.USE,),
        "an asset list says nothing of what is sold",
    )
    paper = annual(scans=(ps.proved(ps.CLEAN), possible))
    assert {name for one in paper.obstacles for name in one.questions} == {"use"}
    assert paper.data["body"]["representations"]["provide"]["outside"] == 1
    assert "an asset list says nothing" in str(paper.data["rests_on"])


def test_devices_read_together() -> None:
    def report(**more: Any) -> tuple[EvidenceFile, ...]:
        device = {
            "id": "d_1",
            "name": "Camera 4",
            "site": "HQ",
            "band": "probable",
            "records": [{"findings": ["f_0001"]}],
            "contradictions": [],
            **more,
        }
        return (
            EvidenceFile(
                "devices",
                "devices",
                "55" * 32,
                {"schema": "proscribe.devices/1", "devices": [device], "blind_spots": []},
            ),
        )

    possible = scanned(ps.finding(band="possible"))
    assert "device" in codes(annual(scans=possible, files=report()))
    agreed = annual(scans=possible, files=report(), judgements=(judged("different"),))
    assert agreed.state is PaperState.READY
    odd = report(
        band=None, records=[], contradictions=[{"what": "two makers for one MAC", "explained": False}]
    )
    assert codes(annual(files=odd)) == {"device-contradiction"}


# Overrides


def override(*names: str, **more: Any) -> Override:
    return Override(
        **{
            "obstacle_ids": names,
            "approver": "Lee Okafor",
            "reason": "the landlord's network is not ours",
            "at": NOW,
            **more,
        }
    )


def test_an_override_is_printed_and_lifts() -> None:
    paper = ps.make("annual-representation", ps.overridden())
    assert paper.state is PaperState.OVERRIDDEN and answer(paper) == "does not"
    assert paper.data["overrides"][0]["approver"] == "Lee Okafor" and paper.data["obstacles"]


def test_a_part_of_the_obstacles_is_not_all() -> None:
    value = ps.scan(not_checked=["a column"])
    first = annual(inquiry=ps.OPEN_INQUIRY, scans=(ps.proved(value),)).obstacles
    paper = annual(inquiry=ps.OPEN_INQUIRY, scans=(ps.proved(value),), overrides=(override(first[0].id),))
    assert len(first) > 1 and paper.state is PaperState.REFUSED


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"approver": "Dana Ruiz"}, "E457"),
        ({"approver": " dana  RUIZ "}, "E457"),
        ({"approver": ""}, "E457"),
        ({"reason": "ok"}, "E457"),
        ({"obstacle_ids": ("*",)}, "E456"),
        ({"obstacle_ids": ("finding/0000000000",)}, "E456"),
    ],
)
def test_overrides_that_are_refused(more: dict[str, Any], code: str) -> None:
    name = annual(inquiry=ps.OPEN_INQUIRY).obstacles[0].id
    with pytest.raises(CaseError) as raised:
        annual(
            inquiry=ps.OPEN_INQUIRY,
            overrides=(
                override(name, **more) if "obstacle_ids" not in more else override(*more["obstacle_ids"]),
            ),
        )
    assert raised.value.code == code


def test_a_confirmed_finding_is_never_overridden() -> None:
    inputs = {"scans": (ps.proved(ps.COVERED),), "answers": {"use": "does not"}}
    name = annual(**inputs).obstacles[0].id
    with pytest.raises(CaseError) as raised:
        annual(**inputs, overrides=(override(name),))
    assert raised.value.code == "E456" and "disclose" in raised.value.next_step


def test_an_override_for_other_evidence_does_not_carry_over() -> None:
    """The id of an obstacle is made of what it is about: another finding is another obstacle."""
    one = annual(
        scans=scanned(ps.finding("f_1", band="probable")), answers={"use": "does not", "provide": "does not"}
    ).obstacles
    two = annual(
        scans=scanned(ps.finding("f_2", band="probable")), answers={"use": "does not", "provide": "does not"}
    ).obstacles
    assert one and two and not {item.id for item in one} & {item.id for item in two}


# Other types


def offer(**more: Any) -> Paper:
    contract = dataclasses.replace(ps.CONTRACT, clauses=("52.204-24 (NOV 2021)",))
    options = {"sam_reviewed_on": "2026-11-24", "sam_result": "none"}
    return ps.make("offer-representation", ps.base(contract=contract, options=options, **more))


def test_a_will_needs_every_finding_disclosed_and_writes_items_itself() -> None:
    paper = offer(scans=(ps.proved(ps.COVERED),))
    (item,) = paper.data["body"]["items"]
    assert (
        item["finding_ids"] == ["f_0001"]
        and item["model_number"] == "DS-2CD2143G2-I"
        and item["taken_from"]["model_number"] == "f_0001"
    )
    assert set(item["concerns"]) == {"provide", "use"}
    missing = {row["words"] for row in paper.data["checklist"] if row["state"] == "missing"}
    assert "explanation of the proposed use" in missing and codes(paper) == {"element-missing"}
    assert paper.state is PaperState.REFUSED


def test_a_does_leaves_no_open_finding_out() -> None:
    value = ps.scan(
        ps.finding(
            "f_0001",
            determinations=[
                ps.determination("us-889-a", "prohibited"),
                ps.determination("us-889-b", "prohibited"),
            ],
        ),
        ps.finding("f_0002", band="possible", locator={"row": 2}),
    )
    paper = offer(scans=(ps.proved(value),), items=(ps.ITEM,))
    assert codes(paper) == {"open-undisclosed"} and len(paper.data["body"]["items"]) == 1
    assert all(one.overridable and "f_0002" in one.evidence for one in paper.obstacles)
    disclosed = offer(scans=(ps.proved(value),), items=(ps.ITEM,), disclosed=("f_0002",))
    assert "open-undisclosed" not in codes(disclosed)
    (_, added) = disclosed.data["body"]["items"]
    assert added["finding_ids"] == ["f_0002"]
    missing = next(one for one in disclosed.obstacles if one.code == "element-missing")
    assert "assets.csv row 2" in missing.what and added["id"] not in missing.what  # what a person can find
    told = [
        row
        for one in laid_out(disclosed).blocks
        if isinstance(one, Fields)
        for row in one.rows
        if row[0] == "Covered"
    ]
    assert told == [("Covered", "not settled; it is disclosed all the same")]
    with pytest.raises(CaseError) as caught:
        offer(scans=(ps.proved(value),), items=(ps.ITEM,), disclosed=("f_0009",))
    assert caught.value.code == "E458" and "f_0009" in caught.value.what


def test_the_law_clears_what_one_person_alone_does_not() -> None:
    ignored = {"reason": "recycled", "by": "j.doe", "at": "2026-01-05", "until": None}
    found = ps.finding(ignored=ignored, **not_covered(**{"item.producer": "other"}))
    assert annual(scans=ps.agreed(*scanned(found)), roster="store").state is PaperState.READY


def test_items_that_contradict_a_does_not() -> None:
    paper = offer(items=(dataclasses.replace(ps.ITEM, finding_ids=()),), answers={"use": "does not"})
    assert "disclosed-anyway" in codes(paper)
    assert "nothing-disclosed" in codes(offer(answers={"use": "does"}))


def test_the_annual_answer_spares_the_offer_and_certain_evidence_does_not_let_it() -> None:
    facts = (StatedFactRef("sam.uses", "false"), StatedFactRef("sam.provides", "false"))
    paper = offer(facts=facts)
    assert paper.state is PaperState.READY and answer(paper) == "not completed"
    against = offer(facts=facts, scans=(ps.proved(ps.COVERED),))
    assert codes(against) == {"annual-contradicted"} and not any(one.overridable for one in against.obstacles)


def test_no_excluded_parties_review_stands_against_an_offer() -> None:
    contract = dataclasses.replace(ps.CONTRACT, clauses=("52.204-24",))
    paper = ps.make("offer-representation", ps.base(contract=contract))
    assert any("excluded" in one.what for one in paper.obstacles)


def test_it_is_not_known_which_clause_governs() -> None:
    contract = dataclasses.replace(ps.CONTRACT, clauses=())
    paper = ps.make(
        "offer-representation",
        ps.base(contract=contract, options={"sam_reviewed_on": "2026-11-24", "sam_result": "none"}),
    )
    assert codes(paper) == {"clause-not-known"}
    report = ps.make(
        "far-report", ps.base(contract=contract, items=(ps.ITEM,), scans=(ps.proved(ps.COVERED),))
    )
    assert report.state is PaperState.READY and "not known which clause governs" in report.data["notes"][0]


def test_a_report_is_never_refused_for_what_is_not_known_yet() -> None:
    contract = dataclasses.replace(ps.CONTRACT, number="")
    paper = ps.make("far-report", ps.base(contract=contract, scans=(ps.proved(ps.COVERED),)))
    assert paper.state is PaperState.READY
    words = {one["words"] for one in paper.data["gaps"]}
    assert {"contract number", "brand", "item description"} <= words and "supplier CAGE code" not in words
    assert "order number(s), if applicable" not in words


def test_a_report_names_what_it_leaves_out() -> None:
    value = ps.scan(
        ps.finding("f_0001", determinations=[ps.determination("us-889-b", "prohibited")]),
        ps.finding(
            "f_0002", determinations=[ps.determination("us-889-b", "undetermined")], locator={"row": 9}
        ),
    )
    paper = ps.make("far-report", ps.base(contract=ps.CONTRACT, scans=(ps.proved(value),), items=(ps.ITEM,)))
    assert [one["place"] for one in paper.data["body"]["findings"]] == [
        "assets.csv row 1",
        "assets.csv row 9",
    ]
    summary, _, annex = render(paper, "md").decode().partition("Annex A")
    assert "1 more finding, of which it is not settled" in summary
    assert "assets.csv row 9" in annex.partition("Not yet known, being looked into")[2].partition("#")[0]


def test_a_late_report_says_so() -> None:
    event = dataclasses.replace(ps.EVENT, due_at=datetime(2026, 11, 25, 9, 29, tzinfo=ps.EASTERN))
    paper = ps.make(
        "far-report",
        ps.base(contract=ps.CONTRACT, items=(dataclasses.replace(ps.ITEM, finding_ids=()),), event=event),
    )
    assert paper.data["body"]["event"]["late"] is True


def test_rfo_disclosure_excepts_what_it_discloses_and_nothing_else() -> None:
    dod = dataclasses.replace(ps.CONTRACT, clauses=("52.240-90",))
    value = ps.scan(
        ps.finding(
            "f_0001",
            determinations=[
                ps.determination("us-889-b", "prohibited"),
                ps.determination("us-889-a", "prohibited"),
            ],
        ),
        ps.finding("f_0002", band="possible", locator={"row": 2}),
    )
    paper = ps.make(
        "rfo-disclosure", ps.base(contract=dod, scans=(ps.proved(value),), items=(ps.ITEM,), event=ps.EVENT)
    )
    assert codes(paper) == {"not-decided"} and all("f_0002" in one.evidence for one in paper.obstacles)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "unresolved"}, "component-unresolved"),
        ({"state": "covered"}, "component-covered"),
        ({"because": ""}, "component-unfounded"),
        ({"declared_by": ("Nobody Ltd",)}, "declaration-missing"),
    ],
)
def test_certificates(change: dict[str, Any], code: str) -> None:
    components = (dataclasses.replace(ps.OFFERING.components[0], **change),)
    paper = ps.make(
        "product-certificate",
        ps.base(
            offering=dataclasses.replace(ps.OFFERING, components=components), answers={"contain": "does not"}
        ),
    )
    assert codes(paper) - {"element-missing"} == {code} and paper.state is PaperState.REFUSED
    (against,) = [one for one in paper.obstacles if one.code == code]
    assert against.overridable is (code in ("component-unfounded", "declaration-missing"))


def test_a_certificate_of_a_covered_component_says_does() -> None:
    components = (dataclasses.replace(ps.OFFERING.components[0], state="covered", because="HiSilicon chip"),)
    paper = ps.make(
        "product-certificate", ps.base(offering=dataclasses.replace(ps.OFFERING, components=components))
    )
    assert answer(paper, "contain") == "does" and paper.state is PaperState.READY


def test_a_certificate_needs_a_complete_parts_list() -> None:
    offering = dataclasses.replace(ps.OFFERING, parts_list_complete=None)
    assert codes(ps.make("product-certificate", ps.base(offering=offering, suppliers=(ps.DECLARATION,)))) == {
        "parts-list-open"
    }
    assert "no-parts-list" in codes(
        ps.make("product-certificate", ps.base(offering=dataclasses.replace(offering, components=())))
    )


def waiver(**more: Any) -> Paper:
    _, inputs = ps.samples()["waiver-request"]
    return ps.make("waiver-request", dataclasses.replace(inputs, **more))


def test_a_waiver_request_needs_its_parts() -> None:
    _, inputs = ps.samples()["waiver-request"]
    asked = inputs.waiver_asked
    assert asked is not None
    assert codes(waiver(waiver_asked=dataclasses.replace(asked, justification=" "))) >= {"no-justification"}
    assert "no-plan" in codes(waiver(plan=()))
    assert "no-laydown" in codes(waiver(items=(), scans=(ps.proved(ps.CLEAN),)))
    assert "step-open" in codes(waiver(plan=(dataclasses.replace(ps.PLAN[1], owner="", by_on=None),)))
    assert "step-late" in codes(waiver(plan=(dataclasses.replace(ps.PLAN[1], by_on=date(2027, 4, 1)),)))
    assert "conditions-unknown" in codes(waiver(waiver_asked=dataclasses.replace(asked, readiness=())))
    ended = {
        "title": "ends by 2022-08-13",
        "citation": "48 CFR 4.2104(a)(1)",
        "met": False,
        "missing": ["waiver.valid_to"],
        "ended": True,
    }
    paper = waiver(waiver_asked=dataclasses.replace(asked, route="agency_head", readiness=(ended,)))
    (against,) = [one for one in paper.obstacles if one.code == "condition-not-met"]
    assert not against.overridable, "a route that has ended cannot be signed back to life"
    assert "not-searched" in codes(waiver(inquiry=ps.OPEN_INQUIRY)), "the laydown is to be full and complete"


def test_phase_out_dates() -> None:
    _, inputs = ps.samples()["phase-out-statement"]
    late = dataclasses.replace(inputs.plan[1], latest_on=date(2026, 11, 24))
    paper = ps.make("phase-out-statement", dataclasses.replace(inputs, plan=(inputs.plan[0], late)))
    assert answer(paper) == "does" and paper.data["body"]["plan"][1]["late"] is True
    denied = ps.make(
        "phase-out-statement", dataclasses.replace(inputs, plan=(late,), answers={"use": "does not"})
    )
    assert "removal-late" in codes(denied) and denied.state is PaperState.REFUSED
    planned = dataclasses.replace(inputs.plan[1], by_on=date(2028, 1, 1))
    assert "planned-late" in codes(
        ps.make("phase-out-statement", dataclasses.replace(inputs, plan=(planned,)))
    )


def test_grant_money_of_ones_own_is_free() -> None:
    paper = ps.make(*ps.samples()["grant-certification"])
    assert answer(paper, "spend") == "does not" and "own money" in str(
        paper.data["body"]["representations"]["spend"]["set_aside"]
    )


def test_a_thing_that_is_there_is_no_cost_of_an_award_before_somebody_says_so() -> None:
    def found(name: str, **more: Any) -> dict[str, Any]:
        return ps.finding(name, record_id=name, band="probable", **{"details": {}, **more})

    bars = [ps.determination("us-889-grants", "prohibited", citations=["2 CFR 200.216(a)"])]
    outside = [ps.determination("us-889-grants", "not_covered", citations=["2 CFR 200.216(a)"])]
    scan = ps.scan(
        found("f_lease", determinations=outside),
        found("f_paid", determinations=bars),
        found("f_priced", determinations=outside, details={"amount": "900.00", "currency": "USD"}),
    )
    about = ps.base(
        contract=ContractRef(award="CA-26-0031", agency="DOT"), scans=(ps.proved(scan, "33" * 32),)
    )
    costs = ps.make("grant-certification", about).data["body"]["costs"]
    assert [one["finding"] for one in costs] == ["f_paid", "f_priced", "", ""]
    assert costs[-1]["what"].startswith("Of 1 finding no record or answer shows a cost")
    assert costs[-2]["what"].startswith("Of 2 costs above 2 by no record and no answer tied to this award:")


def test_a_cost_says_what_ties_it_to_the_award_and_those_that_nothing_ties_are_counted() -> None:
    def priced(name: str, cells: list[list[str]], **more: Any) -> dict[str, Any]:
        amount = {"amount": "900.00", "currency": "USD"}
        return ps.finding(name, record_id=name, band="probable", record=cells, details=amount, **more)

    bars = [ps.determination("us-889-grants", "prohibited", citations=["2 CFR 200.216(a)"])]
    open_ = [
        ps.determination(
            "us-889-grants", "undetermined", citations=["2 CFR 200.216(a)"], missing=["funds.kind"]
        )
    ]
    scan = ps.scan(
        priced("f_invoice", [["Item", "NVR"]], determinations=open_),
        priced("f_number", [["Item", "R01-AI-33210 case"], ["Purchase fund", "NIH R01 AI 3321"]], determinations=bars),
        priced("f_other", [["Project", "R01-AI-9999"]], determinations=bars, decided_on={"funds.federal_award": "true"}),
    )  # fmt: skip
    about = ps.base(
        contract=ContractRef(award="R01-AI-3321", agency="NIH"), scans=(ps.proved(scan, "33" * 32),)
    )
    costs = ps.make("grant-certification", about).data["body"]["costs"]
    said = {one["finding"]: one["what"] for one in costs}
    assert "names the award (Purchase fund: NIH R01 AI 3321)" in said["f_number"]
    assert "no record says that it is this one" in said["f_other"]
    assert "no record or answer ties it to this award" in said["f_invoice"]
    assert [one["finding"] for one in costs][-2:] == ["f_invoice", ""]  # what is tied stands first
    assert said[""].startswith("Of 3 costs above 1 by no record and no answer tied to this award, and 1 not")


def test_the_inquiry_record_gives_no_answer_and_lists_what_is_open() -> None:
    overdue = KnowledgeState(ps.KNOWLEDGE.version, ps.KNOWLEDGE.sha256, ("relabels/dahua",))
    paper = ps.make("inquiry-record", ps.base(inquiry=ps.OPEN_INQUIRY, knowledge=overdue))
    assert paper.state is PaperState.READY and "representations" not in paper.data["body"]
    (point,) = paper.data["body"]["open"]
    assert point["questions"] == ["provide", "use"] and paper.data["body"]["not_searched"]


# More against it never makes it milder


@st.composite
def worlds(draw: st.DrawFn) -> PaperInputs:
    outcomes = st.sampled_from(["prohibited", "undetermined", "excepted", "not_covered", "waived"])
    found = [
        ps.finding(
            f"f_{number}", band=draw(st.sampled_from(["confirmed", "probable", "possible"])),
            determinations=[ps.determination(name, draw(outcomes)) for name in draw(st.sets(st.sampled_from(["us-889-a", "us-889-b"])))],
            decided_on=draw(st.sampled_from([{}, {"item.producer": "other"}, {"item.purpose": "none"}, {"use.by": "the_entity"}])),
        )
        for number in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    judgements = tuple(
        judged(
            draw(st.sampled_from(["same", "different", "unsure", "cleared"])),
            finding_id=one["id"],
            approver=draw(st.sampled_from(["", "Kim Berg"])),
        )
        for one in found
        if draw(st.booleans())
    )
    return ps.base(
        scans=(ps.proved(ps.scan(*found, not_checked=draw(st.sampled_from([[], ["a column"]])))),), judgements=judgements,
        inquiry=draw(st.sampled_from([None, ps.INQUIRY, ps.OPEN_INQUIRY])), answers={"use": "does not", "provide": "does not"},
    )  # fmt: skip


@given(worlds(), st.integers(0, 3))
@settings(max_examples=60)
def test_more_against_it_never_lifts_a_refusal(inputs: PaperInputs, kind: int) -> None:
    before = ps.make("annual-representation", inputs)
    value = dict(inputs.scans[0].value)
    if kind == 0:
        value["findings"] = [*value["findings"], ps.finding("f_new", band="possible")]
    elif kind == 1:
        value["not_checked"] = [*value["not_checked"], "another column"]
    elif kind == 2:
        inputs = dataclasses.replace(inputs, judgements=())
    else:
        inputs = dataclasses.replace(inputs, suppliers=(SupplierAnswer("Acme", {"use": "none"}),))
    after = ps.make("annual-representation", dataclasses.replace(inputs, scans=(ps.proved(value),)))
    if before.state is PaperState.REFUSED and kind != 2:
        assert after.state is PaperState.REFUSED
        assert {one.id for one in before.obstacles if one.code != "blind-spot"} <= {
            one.id for one in after.obstacles
        }
    if kind in (0, 1, 3):
        assert after.state is PaperState.REFUSED
    for paper in (before, after):
        for one in paper.data["body"]["representations"].values():
            assert one["answer"] != "does not" or not [
                item for item in paper.obstacles if one["id"] in item.questions
            ]


def test_author_is_needed_to_override() -> None:
    plain = ps.base(inquiry=ps.OPEN_INQUIRY, author=None, signed_at=None)
    name = ps.make("annual-representation", plain).obstacles[0].id
    with pytest.raises(CaseError) as raised:
        ps.make("annual-representation", dataclasses.replace(plain, overrides=(override(name),)))
    assert raised.value.code == "E457"


def test_a_refused_disclosure_makes_no_statement() -> None:
    dod = dataclasses.replace(ps.CONTRACT, clauses=("52.240-90",))
    value = ps.scan(ps.finding("f_0001", band="possible"))
    paper = ps.make(
        "rfo-disclosure",
        ps.base(
            contract=dod, scans=(ps.proved(value),), items=(dataclasses.replace(ps.ITEM, finding_ids=()),)
        ),
    )
    assert paper.state is PaperState.REFUSED
    for one in paper.data["body"]["representations"].values():
        assert one["statement"].startswith("No answer is given on whether Harbour Systems LLC")


def test_a_judgement_of_the_future_is_named_as_not_used() -> None:
    paper = with_judgement("probable", judged("different", at=NOW + timedelta(days=3)))
    assert "is later than this document and was not used" in paper.data["notes"][0]


@pytest.mark.parametrize(("after", "used"), [(0.7, True), (1.0, False), (1.2, False)])
def test_a_judgement_of_the_second_in_which_a_document_is_made_counts(after: float, used: bool) -> None:
    paper = with_judgement("probable", judged("different", at=ps.base().made_at + timedelta(seconds=after)))
    assert any("later than this document" in one for one in paper.data["notes"]) is not used
    assert (not paper.obstacles) is used


def test_an_override_of_the_future_is_refused() -> None:
    name = annual(inquiry=ps.OPEN_INQUIRY).obstacles[0].id
    with pytest.raises(CaseError) as raised:
        annual(inquiry=ps.OPEN_INQUIRY, overrides=(override(name, at=NOW + timedelta(days=1)),))
    assert raised.value.code == "E464"


def test_the_annual_representation_is_under_no_contract() -> None:
    assert annual(contract=ps.CONTRACT).data["contract"] is None
