"""A report names every thing that the law surely reaches, once; what is open stands apart, and what is sold is not used."""

from __future__ import annotations

import dataclasses
from typing import Any

import paper_samples as ps
import pytest

from proscribe.documents import render
from proscribe.model.papers import FindingJudgement, Item, Override, Paper, PaperState, Stage

PROHIBITED = [ps.determination("us-889-b", "prohibited")]
OPEN = [ps.determination("us-889-b", "undetermined")]
MAC = "9C:14:63:0A:0B:0C"


def found(name: str, row: int, model: str = "", determinations: Any = None, **more: Any) -> dict[str, Any]:
    evidence = [_evidence("entity_name", "Hikvision")]
    if model:
        evidence.append(_evidence("model_number", model))
    if "mac" in more:
        evidence.append(_evidence("oui", more.pop("mac")))
    serial = more.pop("serial", None)
    value = ps.finding(
        name, input=more.pop("input", 0), locator={"row": row, "sheet": None, "pointer": None}, record_id=f"A-{row}", evidence=evidence,
        determinations=PROHIBITED if determinations is None else determinations, **more,
    )  # fmt: skip
    value["details"] = {"quantity": "1", **({"serial_number": serial} if serial else {})}
    return value


def _evidence(matcher: str, text: str) -> dict[str, Any]:
    return {
        "matcher": matcher, "field": matcher, "found": text, "span": [0, 1], "facts": [], "weight_mbit": 9000,
        "why": "seen",
    }  # fmt: skip


def report(*findings: dict[str, Any], items: tuple[Item, ...] = (), kind: str = "", **about: Any) -> Paper:
    value = ps.scan(*findings)
    if kind:
        value["inputs"][0]["tables"] = [{"sheet": None, "kind": kind, "kind_by": "stated", "kind_words": []}]
    type_ = about.pop("type_", "far-report")
    given = {"contract": ps.CONTRACT, "event": ps.EVENT, "items": items, **about}
    return ps.make(type_, ps.base(scans=(ps.proved(value, "31" * 32),), **given))


def names(paper: Paper) -> list[tuple[str, ...]]:
    return [tuple(one["finding_ids"]) for one in paper.data["body"]["items"]]


def test_described_items_leave_out_nothing_that_the_law_reaches() -> None:
    item = dataclasses.replace(ps.ITEM, finding_ids=("f_1",))
    paper = report(
        found("f_1", 1, "DS-1111"),
        found("f_2", 2, "DS-2222"),
        found("f_3", 3, "DS-3333", OPEN),
        items=(item,),
    )
    assert paper.state is PaperState.READY and names(paper) == [("f_1",), ("f_2",)]
    assert any(
        "1 item was added to those described" in one and "DS-2222" in one for one in paper.data["notes"]
    )
    assert "2 items of covered equipment" in render(paper, "md").decode()


def test_a_supplement_about_one_thing_names_whatever_else_the_law_reaches() -> None:
    item = dataclasses.replace(ps.ITEM, finding_ids=("f_0",))
    many = [found(f"f_{row}", row, f"DS-{row:04}") for row in range(30)]
    paper = report(*many, items=(item,), type_="rfo-report", stage=Stage.SUPPLEMENT, contract=None)
    assert names(paper) == [("f_0",)]
    note = next(one for one in paper.data["notes"] if "29 more findings that the law reaches" in one)
    assert all(f"DS-{row:04}" in note for row in range(1, 30))


def test_what_is_open_or_only_possible_stands_beside_what_is_sure() -> None:
    paper = report(
        found("f_1", 1, "DS-1111"),
        found("f_2", 2, "DS-2222", OPEN),
        found("f_3", 3, "DS-3333", band="possible"),
    )
    assert names(paper) == [("f_1",)]
    summary, _, annex = render(paper, "md").decode().partition("Annex A")
    apart = annex.partition("Not yet known, being looked into")[2].partition("#")[0]
    assert "f\\_2" in apart and "f\\_3" in apart and "f\\_1" not in apart
    assert "2 more findings, of which it is not settled" in summary


def test_what_is_not_yet_known_says_how_it_was_judged() -> None:
    judged = FindingJudgement("f_2", "same", "Sam Lind", "label read", ps.MADE_AT)
    other = found("f_3", 3, "DS-3333", OPEN)
    paper = report(found("f_1", 1, "DS-1111"), found("f_2", 2, "DS-2222", OPEN), other, judgements=(judged,))
    text = render(paper, "md").decode()
    shown = text.partition("Established by people, not yet known whether the law reaches it")[2].partition(
        "#"
    )[0]
    assert f"; judged to be what it says by Sam Lind, {ps.MADE_AT.date()}" in shown and "f\\_3" not in shown
    assert "so much is established, by them" in shown and "not established that the law reaches" in shown
    apart = text.partition("Not yet known, being looked into")[2].partition("#")[0]
    assert "f\\_3" in apart and "f\\_2" not in apart and "judged" not in apart


def test_where_nothing_is_sure_all_that_is_identified_is_reported() -> None:
    assert names(report(found("f_1", 1, "DS-1111", OPEN), found("f_2", 2, "DS-2222", OPEN))) == [
        ("f_1",),
        ("f_2",),
    ]


def test_what_may_have_to_be_reported_stands_in_the_annex_with_what_it_hangs_on() -> None:
    duty = {"id": "us-far-52.204-25/report-1", "kind": "report", "citation": "48 CFR 52.204-25(d)(2)(i)"}
    sure = [ps.determination("us-889-b", "not_covered", obligations=[duty], possible_obligations=[])]
    hangs = {**duty, "missing": ["item.purpose", "item.role_in_system"]}
    open_ = [ps.determination("us-889-b", "not_covered", obligations=[], possible_obligations=[hangs])]
    out = [ps.determination("us-889-b", "not_covered", obligations=[], possible_obligations=[])]
    paper = report(
        found("f_1", 1, "DS-1111", sure), found("f_2", 2, "DS-2222", open_), found("f_3", 3, "DS-3333", out)
    )
    assert names(paper) == [("f_1",)]
    summary, _, annex = render(paper, "md").decode().partition("Annex A")
    apart = annex.partition("Not yet known, being looked into")[2].partition("#")[0]
    assert "f\\_2" in apart and "Who looks at these pictures" in apart and "f\\_3" not in apart
    assert "1 more finding, of which it is not settled" in summary
    alone = report(found("f_2", 2, "DS-2222", open_))
    assert names(alone) == [("f_2",)] and "0 surely covered" in render(alone, "md").decode()


@pytest.mark.parametrize("shared", [{"mac": MAC}, {"serial": "K41209881"}])
def test_records_of_one_thing_are_one_item(shared: dict[str, Any]) -> None:
    paper = report(
        found("f_1", 1, "DS-2CD2143", input=1, **shared),
        found("f_2", 2, "DS-2CD2143G2-I", input=2, **shared),
        found("f_3", 3, input=3, **shared),
    )
    (item,) = paper.data["body"]["items"]
    assert (item["finding_ids"], item["model_number"], item["quantity"]) == (
        ["f_1", "f_2", "f_3"], "DS-2CD2143G2-I", "1",
    )  # fmt: skip


def test_two_models_are_two_things_whatever_they_share() -> None:
    assert len(names(report(found("f_1", 1, "DS-1111", mac=MAC), found("f_2", 2, "NVR-2222", mac=MAC)))) == 2
    both = report(found("f_1", 1, "DS-1111"), found("f_2", 1, "ME909s", entity="huawei"))
    assert [one["model_number"] for one in both.data["body"]["items"]] == ["DS-1111", "ME909s"]


@pytest.mark.parametrize("mac", ["00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF", "9C:14:63"])
def test_an_address_of_nobody_joins_nothing(mac: str) -> None:
    assert len(names(report(found("f_1", 1, mac=mac), found("f_2", 2, mac=mac)))) == 2


def test_a_described_thing_is_not_added_again_from_another_record() -> None:
    item = dataclasses.replace(ps.ITEM, finding_ids=("f_1",))
    paper = report(found("f_1", 1, "DS-1111", mac=MAC), found("f_2", 2, mac=MAC, input=2), items=(item,))
    assert names(paper) == [("f_1", "f_2")]


@pytest.mark.parametrize(
    ("kind", "concerns"), [("product_parts", ["provide"]), ("offered", ["provide"]), ("equipment", ["use"])]
)
def test_what_is_sold_is_not_said_to_be_used(kind: str, concerns: list[str]) -> None:
    (item,) = report(found("f_1", 1, "DS-1111"), kind=kind).data["body"]["items"]
    assert item["concerns"] == concerns


def test_what_units_share_or_forms_put_for_nothing_makes_no_two_rows_one_thing() -> None:
    bare = "Hikvision"
    for serial in ("1234567890", "N/A 000000", "K41209881"):
        same_list = report(*(found(f"f_{row}", row, serial=serial) for row in range(40)))
        assert len(names(same_list)) == 40, (bare, serial)
    channels = report(*(found(f"f_{row}", row, mac=MAC) for row in range(40)))
    assert len(names(channels)) == 40
    everywhere = report(*(found(f"f_{row}", row, serial="K41209881", input=row) for row in range(1, 20)))
    assert len(names(everywhere)) == 19


def test_rows_of_one_kind_in_one_list_add_up_and_those_of_several_lists_do_not() -> None:
    (one_list,) = report(*(found(f"f_{row}", row, "DS-2CD2143") for row in range(3))).data["body"]["items"]
    assert (len(one_list["finding_ids"]), one_list["quantity"]) == (3, "3")
    (two_lists,) = report(found("f_1", 1, "DS-2CD2143"), found("f_2", 2, "DS-2CD2143", input=2)).data["body"][
        "items"
    ]
    assert two_lists["quantity"] == "", "nothing shows that these are not the same three"
    told = [found(f"f_{row}", row, "DS-2CD2143") for row in range(2)]
    told[1]["details"]["quantity"] = "a few"
    assert report(*told).data["body"]["items"][0]["quantity"] == ""


def test_what_nobody_confirmed_stands_apart_and_waits_for_a_judgement_or_an_approver() -> None:
    told = (found("f_1", 1, "DS-1111"), found("f_2", 2, "DS-2222", band="probable"))
    paper = report(*told)
    assert paper.state is PaperState.REFUSED and names(paper) == [("f_1",), ("f_2",)]
    (stands,) = paper.obstacles
    assert (stands.code, stands.evidence, stands.overridable) == ("unconfirmed", ("f_2",), True)
    text = render(paper, "md").decode()
    assert "1 item of covered equipment or services, and 1 item that nobody confirmed" in text
    sure, _, apart = text.partition("Annex A")[2].partition("Not looked at by anybody")
    assert "DS-1111" in sure and "DS-2222" not in sure and "DS-2222" in apart

    lifted = Override(
        (stands.id,), "Kim Berg", "goes out in time; the store is looked at tomorrow", ps.base().made_at
    )
    assert report(*told, overrides=(lifted,)).state is PaperState.OVERRIDDEN
    same = FindingJudgement("f_2", "same", "Sam Lind", "seen in place", ps.base().made_at)
    looked = report(*told, judgements=(same,))
    assert looked.state is PaperState.READY and "Not looked at" not in render(looked, "md").decode()
    street = dataclasses.replace(same, verdict="different", reason="a street of that name")
    assert names(report(*told, judgements=(street,))) == [("f_1",)]


def test_an_item_of_which_only_the_firm_is_known_says_which_thing_it_is() -> None:
    (item,) = report(found("f_1", 1)).data["body"]["items"]
    assert item["name"] != "Hikvision" and item["name"].startswith("Hikvision")
    assert "row 1" in item["name"]


@pytest.mark.parametrize(
    ("band", "approver", "named"), [("confirmed", "", True), ("confirmed", "Lee Okafor", False), ("probable", "", False)]
)  # fmt: skip
def test_one_person_alone_takes_no_confirmed_finding_out_of_a_report(
    band: str, approver: str, named: bool
) -> None:
    judged = FindingJudgement("f_1", "different", "Sam Lind", "read the label", ps.MADE_AT, approver=approver)
    paper = report(found("f_1", 1, "DS-1111", band=band), found("f_2", 2, "DS-2222"), judgements=(judged,))
    assert (("f_1",) in names(paper)) == named and ("f_2",) in names(paper)
