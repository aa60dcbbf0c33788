"""Ways to a "does not" that is not true: each has to end in a refusal, or in an error that says what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import paper_samples as ps
import pytest
from paper_samples import annual, codes, scanned

from proscribe.documents.items import still_asked
from proscribe.model.errors import CaseError, InputError
from proscribe.model.papers import (
    EvidenceFile,
    FindingJudgement,
    Override,
    Paper,
    PaperState,
    PortfolioUnit,
    Question,
    SourceNotSearched,
    StatedFactRef,
    SupplierAnswer,
)

NOW = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)


def denies(paper: Paper) -> bool:
    said: Mapping[str, Mapping[str, Any]] = paper.data["body"]["representations"]
    return any(one["answer"] in ("does not", "not completed") for one in said.values())


def refused_for(paper: Paper, code: str) -> None:
    assert code in codes(paper) and paper.state is PaperState.REFUSED and not denies(paper)


def judged(**more: Any) -> FindingJudgement:
    return FindingJudgement(
        **{
            "finding_id": "f_0001",
            "verdict": "different",
            "by": "Sam Lind",
            "reason": "label read",
            "at": NOW,
            "approver": "Kim Berg",
            **more,
        }
    )


# Searches that were none


def test_a_scan_that_read_no_record_searched_nothing() -> None:
    value = ps.scan()
    value["inputs"][0]["records"] = 0
    paper = annual(scans=(ps.proved(value),), inquiry=None)
    refused_for(paper, "no-inquiry")
    assert any("no record was read" in one.what for one in paper.obstacles if one.code == "blind-spot")


@pytest.mark.parametrize("day", ["2018-01-01", "2026-11-24", "", None, "lately"])
def test_a_scan_that_used_only_a_part_of_the_knowledge(day: str | None) -> None:
    refused_for(annual(scans=scanned(known_as_of=day)), "knowledge-changed")


@pytest.mark.parametrize("day", ["", None, "some day"])
def test_a_scan_of_no_day(day: str | None) -> None:
    refused_for(annual(scans=scanned(as_of=day)), "scan-old")


def test_a_column_that_names_a_firm_and_was_not_read_stands_by_itself() -> None:
    value = ps.scan()
    value["inputs"][0]["issues"] = [
        {"code": "E140", "at": "column 'Remarks'", "what": "It names Dahua in 3 records.", "lossy": False}
    ]
    paper = annual(scans=(ps.proved(value),))
    refused_for(paper, "names-unread")
    assert any("Dahua in 3" in one.what for one in paper.obstacles)


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"how": "\u200b\u200b"},
        {"by": "..."},
        {"records": 0},
        {"bears_on": ()},
        {"on": date(2027, 1, 1)},
    ],
)
def test_a_source_that_says_nothing_was_not_searched(change: dict[str, Any]) -> None:
    source = dataclasses.replace(ps.INQUIRY.searched[0], **change)
    refused_for(annual(scans=(), inquiry=dataclasses.replace(ps.INQUIRY, searched=(source,))), "no-inquiry")


def test_a_search_of_long_ago_alone() -> None:
    source = dataclasses.replace(ps.INQUIRY.searched[0], on=date(2021, 1, 1))
    refused_for(annual(scans=(), inquiry=dataclasses.replace(ps.INQUIRY, searched=(source,))), "search-old")


def test_lists_that_somebody_says_were_searched_and_no_scan_read() -> None:
    paper = annual(scans=())
    refused_for(paper, "inquiry-not-scanned")
    (first, *_) = [one for one in paper.obstacles if one.code == "inquiry-not-scanned"]
    assert "Asset register" in first.what and "Purchase ledger" in first.what
    asked = dataclasses.replace(
        ps.INQUIRY.searched[0], kind="people", name="Heads of sites", digests=(), records=None
    )
    told = annual(scans=(), inquiry=dataclasses.replace(ps.INQUIRY, searched=(asked,)))
    assert "inquiry-not-scanned" not in {one.code for one in told.obstacles}


@pytest.mark.parametrize("kind", ["ledger", "assets", "site visit", "other"])
def test_files_that_the_inquiry_names_by_digest_and_no_scan_read(kind: str) -> None:
    named = dataclasses.replace(ps.INQUIRY.searched[0], kind=kind, name="Second ledger", digests=("cc" * 32,))
    paper = annual(inquiry=dataclasses.replace(ps.INQUIRY, searched=(*ps.INQUIRY.searched, named)))
    assert any("Second ledger" in one.what and "cc" * 6 in one.what for one in paper.obstacles)
    assert not denies(paper)
    read = dataclasses.replace(named, digests=("AA" * 32,))
    honest = annual(inquiry=dataclasses.replace(ps.INQUIRY, searched=(*ps.INQUIRY.searched, read)))
    assert not any("Second ledger" in one.what for one in honest.obstacles)


def test_a_place_not_searched_is_not_hidden_by_bearing_on_nothing() -> None:
    hidden = SourceNotSearched("Tampa", "nobody was there", ())
    refused_for(annual(inquiry=dataclasses.replace(ps.INQUIRY, not_searched=(hidden,))), "not-searched")


def test_two_places_of_one_name_are_overridden_one_by_one() -> None:
    inquiry = dataclasses.replace(
        ps.INQUIRY,
        not_searched=(SourceNotSearched("Office", "locked"), SourceNotSearched("Office", "flooded")),
    )
    against = [one for one in annual(inquiry=inquiry).obstacles if "use" in one.questions]
    assert len({one.id for one in against}) == 2 and {"locked", "flooded"} == {
        one.what.split(": ")[1] for one in against
    }


@pytest.mark.parametrize(
    ("bears", "why"),
    [((), "it bears on nothing at all"), ((Question.PROVIDE,), " "), ((Question.PROVIDE,), "----------")],
)
def test_a_scan_is_not_put_outside_without_a_reason(bears: tuple[Question, ...], why: str) -> None:
    scan = ps.proved(ps.COVERED, "22" * 32, bears, why)
    refused_for(annual(scans=(scan,), answers={"use": "does not", "provide": "does not"}), "scan-outside")


def test_mentions_are_told() -> None:
    paper = annual(
        scans=scanned(mentions=[{"entity": "dahua", "kind": "negated", "evidence": ["'Dahua' in Remarks"]}])
    )
    assert any("1 place " in note for note in paper.data["notes"])


# Days


def test_a_day_that_has_not_come() -> None:
    paper = annual(as_of=date(2027, 6, 1))
    refused_for(paper, "day-ahead")
    assert not any(one.overridable for one in paper.obstacles if one.code == "day-ahead")


def test_a_document_dated_back_revives_nothing() -> None:
    early: dict[str, Any] = {"as_of": date(2026, 11, 20), "scans": scanned(as_of="2026-11-20")}
    ended = annual(
        **early, suppliers=(SupplierAnswer("Acme", {"provide": "does not"}, valid_to=date(2026, 11, 22)),)
    )
    refused_for(ended, "supplier-expired")
    found = scanned(ps.finding(band="possible"), as_of="2026-11-20")
    refused_for(
        annual(
            as_of=date(2026, 11, 20),
            scans=found,
            judgements=(judged(verdict="cleared", until=date(2026, 11, 22)),),
        ),
        "not-decided",
    )
    refused_for(annual(as_of=date(2026, 1, 20), scans=scanned(as_of="2026-01-20")), "day-past")


def test_what_ends_before_the_signature_has_ended() -> None:
    paper = annual(
        scans=scanned(ps.finding(band="possible")), judgements=(judged(verdict="cleared", until=ps.DAY + timedelta(days=3)),),
        signed_at=ps.MADE_AT + timedelta(days=5),
    )  # fmt: skip
    refused_for(paper, "not-decided")


# Judgements and entries that clear nothing


@pytest.mark.parametrize(
    "change",
    [
        {"reason": " "},
        {"reason": "...."},
        {"by": ""},
        {"by": "\u200b"},
        {"approver": "\u200b"},
        {"approver": "Ｓam Lind"},
    ],
)
def test_a_judgement_of_nobody_or_for_no_reason(change: dict[str, Any]) -> None:
    refused_for(
        annual(scans=scanned(ps.finding(band="probable")), judgements=(judged(**change),)),
        "judgement-not-approved",
    )


def test_the_author_alone_sets_nothing_aside() -> None:
    own = judged(by="Ruiz, Dana", approver="")
    refused_for(
        annual(scans=scanned(ps.finding(band="possible")), judgements=(own,)), "judgement-not-approved"
    )
    ignored = {"reason": "recycled", "by": "dana ruiz", "at": "2026-01-05"}
    refused_for(annual(scans=scanned(ps.finding(band="possible", ignored=ignored))), "set-aside")


@pytest.mark.parametrize("change", [{"by": ""}, {"reason": "\u200b"}, {"until": "soon"}])
def test_an_entry_of_nobody_or_for_no_reason(change: dict[str, str]) -> None:
    ignored = {"reason": "recycled", "by": "j.doe", "at": "2026-01-05", **change}
    refused_for(annual(scans=scanned(ps.finding(band="possible", ignored=ignored))), "set-aside")


# What the law said elsewhere, twice, or until a day


def test_two_determinations_of_one_regime_clear_only_together() -> None:
    both = [
        ps.determination("us-889-b", "prohibited"),
        ps.determination("us-889-b", "not_covered"),
        ps.determination("us-889-a", "not_covered"),
    ]
    for order in (both, both[::-1]):
        found = ps.finding(band="possible", determinations=order, decided_on={"item.producer": "other"})
        refused_for(annual(scans=scanned(found), answers={"use": "does not"}), "finding")


def test_facts_of_one_decision_do_not_clear_under_another() -> None:
    found = ps.finding(
        decided_on={"item.purpose": "none"},
        determinations=[ps.determination(name, "prohibited") for name in ("us-889-a", "us-889-b")],
    )
    cases = {
        "cases": [
            {
                "id": "f_0001",
                "determinations": [
                    ps.determination(name, "not_covered") for name in ("us-889-a", "us-889-b")
                ],
            }
        ]
    }
    paper = annual(
        scans=scanned(found),
        files=(EvidenceFile("determinations", "decided anew", "", cases),),
        answers={"use": "does not"},
    )
    refused_for(paper, "decided-elsewhere")


def test_a_lawful_period_that_has_passed() -> None:
    _, inputs = ps.samples()["phase-out-statement"]
    value = ps.scan(
        ps.finding(
            entity="huawei",
            covered_through=["huawei"],
            determinations=[ps.determination("gb-2022-dvd", "permitted_until", until="2026-11-24")],
        )
    )
    refused_for(
        ps.make(
            "phase-out-statement",
            dataclasses.replace(inputs, scans=(ps.proved(value),), answers={"use": "does not"}),
        ),
        "finding",
    )


# Suppliers


@pytest.mark.parametrize("said", ["DOES", "Does Not", "no", "", "unknown", "d\u043ees not"])
def test_an_answer_in_other_words_is_none(said: str) -> None:
    refused_for(
        annual(suppliers=(SupplierAnswer("Acme", {"provide": said, "use": said}),)), "supplier-silent"
    )


def test_a_supplier_without_any_answer_is_silent() -> None:
    refused_for(annual(suppliers=(SupplierAnswer("Acme", {}),)), "supplier-silent")


# Overrides


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "\u200b" * 20},
        {"reason": "." * 20},
        {"reason": " - " * 20},
        {"approver": "\u200b"},
        {"approver": "---"},
        {"approver": "RUIZ, Dana"},
        {"approver": "D\u0430na Ruiz"},
    ],
)
def test_an_override_of_nobody_or_for_no_reason(change: dict[str, str]) -> None:
    plain = ps.base(inquiry=ps.OPEN_INQUIRY)
    names = tuple(one.id for one in ps.make("annual-representation", plain).obstacles)
    told = {"approver": "Lee Okafor", "reason": "the landlord's network is not ours", **change}
    one = Override(obstacle_ids=names, at=NOW, **told)
    with pytest.raises(CaseError) as raised:
        ps.make("annual-representation", dataclasses.replace(plain, overrides=(one,)))
    assert raised.value.code == "E457"


# Files that would be passed over


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Devices", {}),
        ("device", {}),
        ("devices", None),
        ("devices", {"schema": "proscribe.devices/1"}),
        ("devices", {"devices": []}),
    ],
)
def test_a_device_report_is_not_passed_over(kind: str, value: dict[str, Any] | None) -> None:
    with pytest.raises(InputError) as raised:
        annual(files=(EvidenceFile(kind, "devices", "55" * 32, value),))
    assert raised.value.code == "E461" and raised.value.at.startswith("/files/0/")


@pytest.mark.parametrize("explained", [False, None, "false", "no", ""])
def test_a_contradiction_is_explained_by_true_alone(explained: Any) -> None:
    device = {
        "id": "d_1",
        "band": None,
        "records": [],
        "contradictions": [{"what": "two makers for one MAC", "explained": explained}],
    }
    report = {"schema": "proscribe.devices/1", "devices": [device], "blind_spots": []}
    refused_for(
        annual(files=(EvidenceFile("devices", "devices", "55" * 32, report),)), "device-contradiction"
    )


# The types


def offer(**more: Any) -> Paper:
    _, inputs = ps.samples()["offer-representation"]
    return ps.make("offer-representation", dataclasses.replace(inputs, **more))


SPARED = (StatedFactRef("sam.uses", "false"), StatedFactRef("sam.provides", "false"))


@pytest.mark.parametrize("band", ["confirmed", "probable", "possible"])
def test_an_open_finding_stands_against_leaving_an_answer_out(band: str) -> None:
    paper = offer(facts=SPARED, scans=scanned(ps.finding(band=band)))
    refused_for(paper, "not-decided")
    assert "annual representation" in paper.obstacles[0].what


@pytest.mark.parametrize("more", [StatedFactRef("sam.uses", "true"), StatedFactRef("sam.uses", "unknown")])
def test_annual_answers_that_differ_spare_nothing(more: StatedFactRef) -> None:
    paper = offer(facts=(*SPARED, more))
    assert paper.data["body"]["representations"]["use"]["answer"] != "not completed"


def test_a_solicitation_of_which_nothing_is_said_leaves_the_clause_open() -> None:
    refused_for(offer(contract=None), "clause-not-known")


def test_an_annual_answer_of_one_site_spares_nothing() -> None:
    paper = offer(facts=(StatedFactRef("sam.uses", "false", "site:HQ"),))
    assert paper.data["body"]["representations"]["use"]["answer"] != "not completed"


def test_an_item_that_names_no_answer_concerns_those_that_have_to_disclose_it() -> None:
    found = ps.finding(band="confirmed")
    left = dataclasses.replace(ps.ITEM, id="judged-away", concerns=(), finding_ids=("f_gone",))
    item = dataclasses.replace(ps.ITEM, concerns=(), finding_ids=(found["id"], "f_gone"))
    seen: Any = [SimpleNamespace(id=found["id"])]
    both = still_asked((item, left), {Question.PROVIDE: seen, Question.USE: seen})
    assert [(one.concerns, one.finding_ids) for one in both] == [
        ((Question.PROVIDE, Question.USE), (found["id"],))
    ]
    assert still_asked((item,), {Question.USE: seen})[0].concerns == (Question.USE,)
    assert still_asked((item,), {}) == []
    named = dataclasses.replace(ps.ITEM, finding_ids=("f_gone",))
    assert still_asked((named,), {}) == [named]  # what a person says of its answers holds


def test_what_is_disclosed_as_used_is_not_disclosed_as_provided() -> None:
    dod = dataclasses.replace(ps.CONTRACT, clauses=("52.240-90",))
    item = dataclasses.replace(ps.ITEM, concerns=(Question.USE,))
    paper = ps.make(
        "rfo-disclosure",
        ps.base(contract=dod, scans=scanned(ps.finding(band="probable")), items=(item,), event=ps.EVENT),
    )
    assert {name for one in paper.obstacles if one.code == "not-decided" for name in one.questions} == {
        "provide"
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "done", "done_on": date(2027, 9, 1), "latest_on": date(2026, 11, 24)}, "removal-late"),
        ({"state": "done", "done_on": date(2027, 9, 1)}, "step-open"),
        ({"latest_on": None, "finding_ids": ()}, "step-open"),
        ({"state": "Done", "latest_on": date(2026, 11, 24)}, "removal-late"),
    ],
)
def test_a_removal_that_has_not_come(change: dict[str, Any], code: str) -> None:
    _, inputs = ps.samples()["phase-out-statement"]
    step = dataclasses.replace(inputs.plan[1], **change)
    refused_for(
        ps.make(
            "phase-out-statement", dataclasses.replace(inputs, plan=(step,), answers={"use": "does not"})
        ),
        code,
    )


def test_no_step_ends_later_than_the_regime() -> None:
    _, inputs = ps.samples()["phase-out-statement"]
    step = dataclasses.replace(inputs.plan[1], latest_on=date(2035, 1, 1))
    day = date(2028, 2, 1)
    later = dataclasses.replace(
        inputs,
        plan=(step,),
        as_of=day,
        made_at=datetime(2028, 2, 1, 9, tzinfo=UTC),
        signed_at=None,
        answers={"use": "does not"},
    )
    refused_for(ps.make("phase-out-statement", later), "removal-late")


def test_units_that_somebody_wrote_make_no_finding_go_away() -> None:
    paper = ps.make(
        "portfolio-summary", ps.base(scans=(ps.proved(ps.COVERED),), units=(PortfolioUnit("Norfolk", 10),))
    )
    assert any("1 confirmed" in text for text in paper.data["body"]["not_known"])
