"""Which kind of file answers which question, and what no kind can clear."""

from __future__ import annotations

from typing import Any

import paper_samples as ps
import pytest

from proscribe.documents import render, validate
from proscribe.model.papers import FindingJudgement, Paper, PaperState, ScanInput

USED = {"item.producer": "hikvision", "use.by": "the_entity"}


def table(kind: str, by: str = "headers", **more: Any) -> dict[str, Any]:
    return {
        "sheet": None, "hidden": False, "columns": {}, "recognised_by": {}, "unread_columns": [], "first_row": 2,
        "kind": kind, "kind_by": by, "kind_words": ["Model", "Room"],
        "column_plan": [
            {"name": "Vendor", "field": "vendor_name", "why": "header", "samples": []},
            {"name": "Item", "field": "text", "why": "header", "samples": []},
        ],
        **more,
    }  # fmt: skip


def named(field: str = "Vendor", matcher: str = "entity_name") -> list[dict[str, Any]]:
    return [
        {
            "matcher": matcher,
            "field": field,
            "found": "Hikvision",
            "span": [0, 9],
            "facts": [],
            "weight_mbit": 9000,
            "why": "name",
        }
    ]


def found(outcome: str = "not_covered", **more: Any) -> dict[str, Any]:
    """A confirmed camera that is used by the entity: no rule on what is provided reaches it."""
    law = [ps.determination("us-889-a", outcome), ps.determination("us-889-b", "prohibited")]
    return ps.finding(outcome="prohibited", decided_on=USED, determinations=law, **more)


def annual(one: dict[str, Any] | None, *tables: dict[str, Any], **more: Any) -> Paper:
    value = ps.scan(*([one] if one else []))
    value["inputs"][0]["tables"] = list(tables)
    paper = ps.make("annual-representation", ps.base(scans=(ScanInput(value, "22" * 32),), **more))
    validate(paper.data, paper.type)
    return paper


def against(paper: Paper, question: str) -> set[str]:
    return {one.code for one in paper.obstacles if question in one.questions}


def aside(paper: Paper, question: str) -> list[str]:
    return [one["why"] for one in paper.data["body"]["representations"][question]["set_aside"]]


def covered(paper: Paper, question: str) -> list[str]:
    said = paper.data["body"]["representations"][question]
    return [*said["covered"], *said["doubtful"]]


@pytest.mark.parametrize("kind", ["product_parts", "offered", "bought_to_sell", "as_built"])
def test_what_is_sold_speaks_to_provide_whatever_is_said_of_use(kind: str) -> None:
    paper = annual(found(), table(kind))
    assert paper.state is PaperState.REFUSED and "sold" in against(paper, "provide")
    (one,) = [one for one in paper.obstacles if one.code == "sold"]
    assert not one.overridable and "whatever use.by says" in one.what
    # and it is no answer on use, which says by name what it leaves out
    assert covered(paper, "use") == [] and "which speaks to 'provide'" in aside(paper, "use")[0]


@pytest.mark.parametrize("kind", ["equipment", "network"])
def test_what_is_owned_speaks_to_use(kind: str) -> None:
    paper = annual(found("prohibited"), table(kind))
    assert covered(paper, "use") == ["f_0001"] and covered(paper, "provide") == []
    assert "which speaks to 'use'" in aside(paper, "provide")[0]


def bought(
    said: str = "", record: list[list[str]] | None = None, outcome: str = "not_covered"
) -> dict[str, Any]:
    """A camera that was bought, with what is stated about whether it goes to others."""
    one = found(outcome)
    one["decided_on"] = {**USED, **({"act.passes_on": said} if said else {})}
    return {**one, "record": record or []}


@pytest.mark.parametrize("told", [table("purchases"), table("equipment", "stated", kind_seen="purchases")])
@pytest.mark.parametrize("outcome", ["not_covered", "undetermined", "prohibited"])
def test_what_was_bought_stands_against_provide_until_somebody_says_that_it_goes_to_nobody(
    told: dict[str, Any], outcome: str
) -> None:
    paper = annual(bought(outcome=outcome), told)
    assert covered(paper, "provide") == ["f_0001"] and aside(paper, "provide") == []
    paper = annual(bought("true", outcome=outcome), told)
    assert covered(paper, "provide") == ["f_0001"], "who says that it is sold has said no more than that"
    # one person's word leaves it open for an approver
    paper = annual(bought("false"), told)
    assert covered(paper, "provide") == ["f_0001"] and covered(paper, "use")
    (one,) = [one for one in paper.obstacles if one.code == "passed-on"]
    assert one.overridable and "it is not sold, leased or installed for others" in one.what


def test_who_uses_what_was_bought_says_nothing_of_whom_it_was_bought_for() -> None:
    (one,) = [one for one in annual(bought(), table("purchases")).obstacles if one.code == "passed-on"]
    assert not one.overridable and "nobody said whether it is sold" in one.what


@pytest.mark.parametrize("scope", ["list:orders.csv", "list:Orders.CSV", "list:store/orders.csv"])
def test_of_a_list_that_one_person_states_to_be_used_an_approver_is_asked_too(scope: str) -> None:
    value = ps.scan(bought())
    value["inputs"][0] |= {"path": "store/orders.csv", "tables": [table("purchases")]}
    said = {"fact": "act.kind", "value": "use", "applies_to": scope, "note": "", "unit": ""}
    value["decided"] = {**(value.get("decided") or {}), "stated": [said]}
    paper = ps.make("annual-representation", ps.base(scans=(ScanInput(value, "22" * 32),)))
    assert covered(paper, "provide") == ["f_0001"] and covered(paper, "use")
    (one,) = [one for one in paper.obstacles if one.code == "passed-on"]
    assert one.overridable and "it is not sold, leased or installed for others" in one.what


@pytest.mark.parametrize(
    ("kind", "column", "text", "stands"),
    [
        ("equipment", "Customer", "Fort Harlan", True),
        ("network", "End user", "Springfield schools", True),
        ("equipment", "Installiert bei", "Stadtwerke", True),
        ("equipment", "最终用户", "学校", True),
        ("equipment", "Remarks", "van stock, unit 3", True),
        ("equipment", "备注", "用于转售的库存", True),
        ("equipment", "Customer", " ", False),
        ("equipment", "Project", "Refit 2021", False),
        ("equipment", "Room", "Lobby", False),
    ],
)
def test_a_record_that_names_another_stands_against_provide_itself(
    kind: str, column: str, text: str, stands: bool
) -> None:
    paper = annual(bought(record=[[column, text]]), table(kind))
    assert bool(covered(paper, "provide")) is stands


@pytest.mark.parametrize(
    ("column", "text", "itself"),
    [
        ("Ship to", "Works 2, Gate 3", False),
        ("Lieferadresse", "Werk Süd", False),
        ("Projekt", "Neubau Halle 4", False),
        ("Drop ship to", "Fort Harlan", True),
        ("Kundenauftrag", "4711", True),
    ],
)
def test_where_a_purchase_goes_is_answered_by_what_is_said_of_all_but_whom_it_is_for_is_not(
    column: str, text: str, itself: bool
) -> None:
    (one,) = [
        one
        for one in annual(bought("false", record=[[column, text]]), table("purchases")).obstacles
        if one.code == "passed-on.denied" or one.code == "passed-on"
    ]
    assert (f"whose record says “{column}: {text}”" in one.what) is itself


@pytest.mark.parametrize(
    "tables",
    [(), (table("uncertain", "uncertain"),), (table("equipment", ""),), (table("of a later version"),)],
)
def test_an_uncertain_kind_stands_against_both(tables: tuple[dict[str, Any], ...]) -> None:
    paper = annual(found("prohibited"), *tables)
    assert covered(paper, "use") == covered(paper, "provide") == ["f_0001"]


@pytest.mark.parametrize("kind", ["vendors", "supplier_statement", "other"])
def test_a_name_in_a_list_of_names_answers_neither(kind: str) -> None:
    paper = annual(found("prohibited", category=None, evidence=named()), table(kind))
    for question in ("use", "provide"):
        assert covered(paper, question) == [] and "neither use nor provision" in aside(paper, question)[0]


def test_what_was_bought_of_a_firm_among_vendors_is_asked() -> None:
    one = found("prohibited", category=None, evidence=named())
    paper = annual(one, table("vendors"))
    assert all("vendor-named" in against(paper, question) for question in ("use", "provide"))
    assert all(item.overridable for item in paper.obstacles if item.code == "vendor-named")
    judged = FindingJudgement("f_0001", "different", "Sam Lind", "a town", ps.MADE_AT, approver="Kim Berg")
    assert "vendor-named" in against(annual(one, table("vendors"), judgements=(judged,)), "use"), (
        "it is confirmed"
    )
    probable = {**one, "band": "probable"}
    assert "vendor-named" in against(annual(probable, table("vendors")), "use")
    assert "vendor-named" not in against(annual(probable, table("vendors"), judgements=(judged,)), "use")
    brand = found("prohibited", category=None, evidence=named(matcher="brand"))
    assert "vendor-named" not in against(annual(brand, table("vendors")), "use")


@pytest.mark.parametrize(
    ("by", "lift"),
    [("Sam Lind", "Have a second person judge it, too"), ("Dana Ruiz", "Have another person judge it;")],
)
def test_of_a_firm_among_vendors_that_one_person_judged_it_is_said_who_is_missing(by: str, lift: str) -> None:
    one = found("prohibited", category=None, evidence=named(), band="probable")
    judged = FindingJudgement("f_0001", "different", by, "a dentist", ps.MADE_AT)
    paper = annual(one, table("vendors"), judgements=(judged,))
    said = {(item.what, item.lift) for item in paper.obstacles if item.code == "vendor-named"}
    ((what, how),) = said
    assert f"judged to be another maker's thing by {by}" in what and "was bought or hired" in what
    assert how.startswith(lift) and "judge the finding" not in how


@pytest.mark.parametrize("kind", ["vendors", "supplier_statement", "other"])
@pytest.mark.parametrize(
    "one",
    [
        found("prohibited"),  # a model number
        found("prohibited", evidence=named(matcher="oui"), category=None),
        found("prohibited", evidence=named("Item")),
    ],
)
def test_a_thing_in_a_list_of_names_stands_against_both(kind: str, one: dict[str, Any]) -> None:
    paper = annual(one, table(kind))
    assert covered(paper, "use") == covered(paper, "provide") == ["f_0001"]


SAME = FindingJudgement("f_0001", "same", "Sam Lind", "label read", ps.MADE_AT, approver="Kim Berg")


@pytest.mark.parametrize("kind", ["supplier_statement", "other"])
def test_a_name_that_was_judged_a_thing_stands(kind: str) -> None:
    paper = annual(found("prohibited", category=None, evidence=named()), table(kind), judgements=(SAME,))
    assert covered(paper, "use") == ["f_0001"]


@pytest.mark.parametrize("band", ["confirmed", "probable", "possible"])
@pytest.mark.parametrize("outcome", ["prohibited", "undetermined"])
def test_that_a_vendor_is_the_firm_makes_no_thing_of_it_and_leaves_open_what_was_bought(
    band: str, outcome: str
) -> None:
    one = {**found(outcome, category=None, evidence=named()), "band": band}
    paper = annual(one, table("vendors"), judgements=(SAME,))
    for question in ("use", "provide"):
        assert covered(paper, question) == [] and "vendor-named" in against(paper, question)
    (what,) = {item.what for item in paper.obstacles if item.code == "vendor-named"}
    assert "judged to be what it says by Sam Lind" in what and "bought or hired of it is not told" in what
    about = [item for item in paper.obstacles if "f_0001" in item.what or item.code == "vendor-named"]
    assert about and all(item.overridable for item in about)


@pytest.mark.parametrize("evidence", [named("Item"), named(matcher="brand"), named(matcher="oui")])
def test_what_else_stands_among_vendors_and_was_judged_the_same_stands(
    evidence: list[dict[str, Any]],
) -> None:
    paper = annual(
        found("prohibited", category=None, evidence=evidence), table("vendors"), judgements=(SAME,)
    )
    assert covered(paper, "use") == ["f_0001"]


@pytest.mark.parametrize(
    "told",
    [
        table("vendors", "stated", kind_seen="equipment", kind_against=["Model"]),
        table("other", "stated", kind_seen="uncertain", kind_against=["Model"]),
        table("product_parts", "stated", kind_seen="equipment"),
        table("equipment", "stated", kind_seen="product_parts"),
        table("bought_to_sell", "stated", kind_seen="purchases"),
        table("as_built", "stated", kind_seen="equipment", kind_against=["Tag"]),
    ],
)
def test_a_stated_kind_takes_no_question_away_that_the_table_answers(told: dict[str, Any]) -> None:
    paper = annual(found("prohibited", category=None, evidence=named()), told)
    assert covered(paper, "use") == covered(paper, "provide") == ["f_0001"]


def test_what_looks_like_a_parts_list_and_is_stated_to_be_equipment_is_still_sold() -> None:
    paper = annual(found(), table("equipment", "stated", kind_seen="product_parts"))
    assert "sold" in against(paper, "provide")
    (sold,) = (one for one in paper.obstacles if one.code == "sold")
    assert "by its form it lists parts of a product that is sold" in sold.what


@pytest.mark.parametrize(
    ("kind", "open_"),
    [
        ("equipment", {"provide"}), ("product_parts", {"use"}), ("bought_to_sell", {"use"}), ("as_built", {"use"}), ("vendors", {"use", "provide"}),
        ("other", {"use", "provide"}), ("uncertain", set()),
    ],
)  # fmt: skip
def test_files_that_answer_a_question_are_the_search_for_it(kind: str, open_: set[str]) -> None:
    paper = annual(None, table(kind), inquiry=None)
    assert {one for one in ("use", "provide") if "no-inquiry" in against(paper, one)} == open_


def test_the_document_shows_which_kinds_answered_which_question() -> None:
    paper = annual(None, table("equipment"), table("offered", sheet="Shop"), table("vendors", sheet="V"))
    assert paper.data["kinds"] == [
        {"kind": "equipment", "by": "headers", "answers": ["use"], "files": ["assets.csv"], "more": 0},
        {
            "kind": "offered",
            "by": "headers",
            "answers": ["provide"],
            "files": ["assets.csv sheet Shop"],
            "more": 0,
        },
        {"kind": "vendors", "by": "headers", "answers": [], "files": ["assets.csv sheet V"], "more": 0},
    ]
    text = render(paper, "md").decode()
    assert "Kinds of files, and the question that each answers" in text and "neither use nor provide" in text


@pytest.mark.parametrize(
    ("one", "tables", "speaks"),
    [
        (None, [table("equipment")], ["use"]),
        (None, [table("equipment"), table("offered", sheet="Shop")], ["provide", "use"]),
        (None, [table("vendors")], []),
        (found(evidence=named()), [table("vendors")], []),
        (found(evidence=named("Item")), [table("vendors")], ["provide", "use"]),
        (None, [], ["provide", "use"]),
    ],
)
def test_a_file_speaks_to_what_is_asked_and_its_tables_and_findings_answer(
    one: dict[str, Any] | None, tables: list[dict[str, Any]], speaks: list[str]
) -> None:
    paper = annual(one, *tables)
    scan, file = paper.data["rests_on"][:2]
    assert (scan["bears_on"], file["bears_on"]) == (["provide", "use"], speaks)
    assert ("nothing asked here" in render(paper, "md").decode()) is not bool(speaks)


@pytest.mark.parametrize("said", ["", "false"])
def test_who_uses_what_a_doubtful_list_names_another_beside_says_nothing_of_whom_it_is_for(said: str) -> None:
    told = table("purchases", "stated", kind_seen="uncertain", kind_against=["Drop ship to"])
    paper = annual(bought(said, record=[["Drop ship to", "Fort Harlan"]]), told)
    assert covered(paper, "provide") == ["f_0001"]
    (one,) = [one for one in paper.obstacles if one.code.startswith("passed-on")]
    assert one.overridable is (said == "false"), "a no of this very list waits for an approver"
