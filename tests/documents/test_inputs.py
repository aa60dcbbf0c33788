"""Inputs that no document can be made from are refused with a code, a place and a next step."""

from __future__ import annotations

import copy
import dataclasses
import json
import sys
from datetime import date, datetime, timedelta
from typing import Any

import paper_samples as ps
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.documents import inputs_from_json, make, paper_from_json, render
from proscribe.documents.envelope import plain
from proscribe.model.errors import CaseError, EnvironmentProblem, InputError, ProscribeError, UsageError
from proscribe.model.organisations import ContractRef, Person
from proscribe.model.papers import (
    PaperInputs,
    Party,
    Stage,
)
from proscribe.wording.errors import page


def refused(type_: str, inputs: PaperInputs) -> ProscribeError:
    with pytest.raises(ProscribeError) as raised:
        ps.make(type_, inputs)
    error = raised.value
    assert error.expected and error.next_step and page(error.code)
    return error


@pytest.mark.parametrize(
    "uei",
    ["H7K2M4N6P8R", "07K2M4N6P8R1", "H7K2M4N6P8RO", "h7k2m4n6p8r1", "H7K2M4N6P8R1 ", "123456789ABC", "=1+1"],
)
def test_wrong_uei(uei: str) -> None:
    error = refused(
        "annual-representation", ps.base(organisation=dataclasses.replace(ps.ORGANISATION, uei=uei))
    )
    assert error.code == "E450" and error.at == "organisation.uei"


@pytest.mark.parametrize("cage", ["7ABC", "7ABCO", "7abc1", "7ABC12"])
def test_wrong_cage_anywhere(cage: str) -> None:
    item = dataclasses.replace(ps.ITEM, finding_ids=(), producer=Party("Maker", cage=cage))
    error = refused("far-report", ps.base(contract=ps.CONTRACT, items=(item,)))
    assert error.code == "E451" and error.at == "items[0].producer.cage"


def test_not_known_is_an_answer() -> None:
    item = dataclasses.replace(ps.ITEM, finding_ids=(), producer=Party("Maker", "not known", "Not Known"))
    made = ps.make("far-report", ps.base(contract=ps.CONTRACT, items=(item,)))
    (shown,) = made.data["body"]["items"]
    assert (shown["producer"]["uei"], shown["producer"]["cage"]) == ("not known", "Not Known")


@pytest.mark.parametrize(
    "clause", ["52.204-25 (MAY 2027)", "889", "52.204-25; DROP TABLE", "", "clause 52.204-25"]
)
def test_unknown_clause(clause: str) -> None:
    contract = dataclasses.replace(ps.CONTRACT, clauses=(clause,))
    assert (
        refused(
            "far-report", ps.base(contract=contract, items=(dataclasses.replace(ps.ITEM, finding_ids=()),))
        ).code
        == "E452"
    )


@pytest.mark.parametrize(
    "clause",
    ["FAR 52.204-25 (NOV 2021)", "far 52.204-25(Nov. 2021)", "48 CFR 52.204-25 (November 2021)", "48 C.F.R. § 52.204–25 [NOV 2021]"],
)  # fmt: skip
def test_a_clause_is_read_as_people_write_it(clause: str) -> None:
    item = dataclasses.replace(ps.ITEM, finding_ids=())
    plain_one, written = (
        ps.make(
            "far-report", ps.base(contract=dataclasses.replace(ps.CONTRACT, clauses=(one,)), items=(item,))
        )
        for one in ("52.204-25 (NOV 2021)", clause)
    )
    assert written.data["clause"] == plain_one.data["clause"]
    other = dataclasses.replace(ps.CONTRACT, clauses=("FAR 52.240-91",))
    assert "does not name clause" in refused("far-report", ps.base(contract=other, items=(item,))).what


def test_another_clause_than_that_of_the_document() -> None:
    contract = dataclasses.replace(ps.CONTRACT, clauses=("52.240-91",))
    error = refused(
        "far-report", ps.base(contract=contract, items=(dataclasses.replace(ps.ITEM, finding_ids=()),))
    )
    assert error.code == "E452" and "52.204-25" in error.what


@pytest.mark.parametrize(
    ("type_", "day"),
    [
        ("annual-representation", date(2019, 12, 12)),
        ("offer-representation", date(2019, 8, 12)),
        ("rfo-disclosure", date(2025, 1, 1)),
        ("fascsa-report", date(2023, 12, 3)),
    ],
)
def test_a_day_before_the_law(type_: str, day: date) -> None:
    assert (
        refused(
            type_, ps.base(as_of=day, scans=(), items=(dataclasses.replace(ps.ITEM, finding_ids=()),))
        ).code
        == "E453"
    )


def test_editions_by_the_day() -> None:
    first = ps.make("annual-representation", ps.base(as_of=date(2019, 12, 13), scans=()))
    assert first.data["clause"]["edition"] == "DEC 2019" and set(first.data["body"]["representations"]) == {
        "provide"
    }
    assert (
        ps.make("annual-representation", ps.base(as_of=date(2020, 10, 26), scans=())).data["clause"][
            "edition"
        ]
        == "OCT 2020"
    )
    contract = ContractRef(solicitation="S-1", clauses=("52.204-24 (AUG 2019)",))
    old = ps.make("offer-representation", ps.base(as_of=date(2019, 9, 1), scans=(), contract=contract))
    assert {row["citation"] for row in old.data["checklist"]} == {"48 CFR 52.204-24(c)"}
    bare = ContractRef(solicitation="S-1", clauses=("52.204-24",), awarded_on=date(2020, 9, 1))
    assert ps.make("offer-representation", ps.base(contract=bare)).data["clause"]["edition"] == "AUG 2020"


@pytest.mark.parametrize(
    "more",
    [
        {"author": None},
        {"author": Person(" ")},
        {"approver": None},
        {"approver": Person("")},
        {"organisation": dataclasses.replace(ps.ORGANISATION, name=" ")},
    ],
)
def test_missing_people(more: dict[str, Any]) -> None:
    assert refused("annual-representation", ps.base(**more)).code == "E454"


def test_unsigned_needs_no_people() -> None:
    paper = ps.make("annual-representation", ps.base(author=None, approver=None, signed_at=None))
    assert "Not signed" in render(paper, "md").decode()


@pytest.mark.parametrize(
    ("author", "approver", "at", "says"),
    [
        ("Person B", "Marta Klein", "author", "'Person B', which is no name of a person"),
        ("Dana Ruiz", "the CFO", "approver", "the approver is named 'the CFO'"),
        ("Dana Ruiz", "D. Ruiz", "Dana Ruiz", "are the same person"),
    ],
)
def test_whose_name_is_none_is_said_of_that_name(author: str, approver: str, at: str, says: str) -> None:
    problem = refused("annual-representation", ps.base(author=Person(author), approver=Person(approver)))
    assert problem.code == "E455" and problem.at == at and says in problem.what


def test_author_is_not_approver() -> None:
    assert refused("annual-representation", ps.base(approver=Person("dana  RUIZ"))).code == "E455"


@pytest.mark.parametrize(
    ("type_", "more"),
    [
        ("annual-representation", {"answers": {"use": "no"}}), ("annual-representation", {"answers": {"spend": "does"}}),
        ("far-report", {}), ("rfo-disclosure", {}), ("far-report", {"stage": Stage.SUPPLEMENT}),
        ("far-report", {"items": (ps.ITEM, ps.ITEM), "scans": (ps.proved(ps.COVERED),)}), ("far-report", {"items": (ps.ITEM,)}),
        ("far-report", {"items": (dataclasses.replace(ps.ITEM, kind="thing", finding_ids=()),)}),
        ("inquiry-record", {"inquiry": None, "scans": ()}), ("product-certificate", {}), ("waiver-request", {}),
        ("portfolio-summary", {"scans": ()}), ("grant-certification", {}), ("phase-out-statement", {}),
    ],
)  # fmt: skip
def test_inputs_that_do_not_make_the_document(type_: str, more: dict[str, Any]) -> None:
    assert refused(type_, ps.base(**more)).code == "E458"


def test_unknown_type_and_format() -> None:
    with pytest.raises(UsageError) as raised:
        make("sf-1449", ps.base(), ps.law("far-report"))
    assert raised.value.code == "E459"
    with pytest.raises(UsageError) as raised:
        render(ps.make("annual-representation", ps.base()), "odt")
    assert raised.value.code == "E462"


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {},
        {"schema": "proscribe.scan/2"},
        {"schema": "proscribe.scan/1"},
        {"schema": "proscribe.scan/1", "findings": {}, "inputs": []},
    ],
)
def test_not_a_scan(value: Any) -> None:
    assert refused("annual-representation", ps.base(scans=(ps.proved(value),))).code == "E461"


def test_long_texts_are_refused_and_never_cut() -> None:
    inquiry = dataclasses.replace(ps.INQUIRY, scope="x" * 20_001)
    assert refused("inquiry-record", ps.base(inquiry=inquiry)).code == "E463"
    whole = dataclasses.replace(ps.INQUIRY, scope="word " * 3_999)
    assert render(ps.make("inquiry-record", ps.base(inquiry=whole)), "md").decode().count("word") >= 3_999


def test_dates_that_cannot_hold() -> None:
    assert (
        refused("annual-representation", ps.base(signed_at=ps.MADE_AT - timedelta(minutes=1))).code == "E464"
    )
    naive = datetime(2026, 11, 25, 9, 30)  # noqa: DTZ001
    assert refused("annual-representation", ps.base(made_at=naive, signed_at=None)).code == "E464"


# From JSON


@pytest.mark.parametrize("name", sorted(ps.samples()))
def test_inputs_go_through_json(name: str) -> None:
    _, inputs = ps.samples()[name]
    assert inputs_from_json(json.loads(json.dumps(plain(inputs)))) == inputs


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"colour": "red"}, "/colour"), ({"as_of": "25.11.2026"}, "/as_of"), ({"as_of": 20261125}, "/as_of"), ({"made_at": "2026-11-25T09:30:00"}, "/made_at"),
        ({"organisation": "Harbour"}, "/organisation"), ({"organisation": {"name": "x", "addres": []}}, "/organisation/addres"), ({"organisation": {}}, "organisation.name"),
        ({"scans": {}}, "/scans"), ({"stage": "third"}, "/stage"), ({"answers": {"use": True}}, "/answers/use"), ({"judgements": [{"finding_id": 1}]}, "/judgements/0/finding_id"),
        ({"knowledge": None}, "/knowledge"), ({"items": [None]}, "/items/0"), ({"units": [{"name": "x", "records": 1.5}]}, "/units/0/records"),
    ],
)  # fmt: skip
def test_inputs_of_another_shape(change: dict[str, Any], place: str) -> None:
    value = {**json.loads(json.dumps(plain(ps.base()))), **change}
    with pytest.raises(InputError) as raised:
        inputs_from_json(value)
    assert raised.value.code == "E461" and raised.value.at == place


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["as_of", "organisation", "scans", "items", "value"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(junk)
@settings(max_examples=150)
def test_junk_is_refused_with_a_code(value: Any) -> None:
    with pytest.raises(InputError) as raised:
        inputs_from_json(value)
    assert raised.value.code == "E461"


@given(st.data())
@settings(max_examples=80)
def test_a_scan_with_junk_inside_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever stands in a scan, the answer is a document that holds to its schema, or a coded refusal; never a crash."""
    value = copy.deepcopy(ps.COVERED)
    target = value["findings"][0] if data.draw(st.booleans()) else value
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(junk)
    try:
        paper = ps.make("annual-representation", ps.base(scans=(ps.proved(value),)))
    except ProscribeError as error:
        assert error.code.startswith("E4")
        return
    assert paper_from_json(json.loads(render(paper, "json"))).digest == paper.digest
    render(paper, "md")


def test_data_with_half_a_character_is_refused_in_words() -> None:
    paper = ps.make(*ps.samples()["annual-representation-refused"])
    data = json.loads(render(paper, "json"))
    data["obstacles"][0]["what"] = "broken \ud83d"
    with pytest.raises(InputError) as caught:
        paper_from_json(data)
    assert caught.value.code == "E460" and caught.value.at == "/obstacles/0/what"


def test_data_of_another_shape() -> None:
    paper = ps.make("annual-representation", ps.base())
    for broken in list[Any](
        (
            None,
            [],
            {"type": 3},
            {**paper.data, "state": "fine"},
            {**paper.data, "body": {}},
            {**paper.data, "extra": 1},
            {**paper.data, "made_at": "2026-13-45T09:30:00Z"},
        )
    ):
        with pytest.raises(InputError) as raised:
            paper_from_json(broken)
        assert raised.value.code == "E460"


def test_refusals_are_case_errors() -> None:
    with pytest.raises(CaseError):
        ps.make("annual-representation", ps.base(approver=None))


@pytest.mark.parametrize(("format_", "package"), [("pdf", "typst"), ("docx", "docx")])
def test_a_missing_extra_is_named(format_: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = ps.make("annual-representation", ps.base())
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EnvironmentProblem) as raised:
        render(paper, format_)
    assert raised.value.code == "E502" and "proscribe[app]" in raised.value.next_step
    assert render(paper, "md") and render(paper, "json")


def test_checking_needs_the_extra_too(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = ps.make("annual-representation", ps.base())
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(EnvironmentProblem):
        paper_from_json(paper.data)


def test_a_finding_in_a_picture_names_its_box() -> None:
    place = {"row": 1, "sheet": "(type plates)", "pointer": "picture 1, xywh=63,47,450,488"}
    paper = ps.make("inquiry-record", ps.base(scans=(ps.proved(ps.scan(ps.finding(locator=place))),)))
    assert "at picture 1, xywh=63,47,450,488" in str(paper.data["body"]["findings"])
