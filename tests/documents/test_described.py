"""What a report takes from the record of a finding: supplier, brand, model, description."""

from __future__ import annotations

from typing import Any

import paper_samples as ps
import pytest

from proscribe.documents import render, validate
from proscribe.documents.checks import NOT_KNOWN
from proscribe.model.papers import Item, Paper

FIELDS = {
    "Seller": "vendor_name", "Item": "text", "Make": "maker_name", "Part": "model_number", "Remark": "note", "Port": "banner",
    "Apps": "other", "Site": "site",
}  # fmt: skip


def seen(matcher: str, field: str, found: str) -> dict[str, Any]:
    return {
        "matcher": matcher, "field": field, "found": found, "span": [0, 1], "facts": [], "weight_mbit": 9000, "why": "seen",
    }  # fmt: skip


def report(*findings: dict[str, Any], why: str = "header") -> Paper:
    value = ps.scan(*findings)
    value["inputs"][0]["tables"] = [
        {
            "sheet": None, "kind": "purchases", "kind_by": "headers", "kind_words": [],
            "column_plan": [{"name": name, "field": field, "why": why, "samples": []} for name, field in FIELDS.items()],
        }
    ]  # fmt: skip
    paper = ps.make("far-report", ps.base(scans=(ps.proved(value, "31" * 32),)))
    validate(paper.data, paper.type)
    return paper


def found(name: str, evidence: list[dict[str, Any]], record: dict[str, str], **more: Any) -> dict[str, Any]:
    return ps.finding(
        name, evidence=evidence, record=[list(one) for one in record.items()],
        determinations=[ps.determination("us-889-b", "prohibited")], **more,
    )  # fmt: skip


def test_a_brand_is_no_model_and_the_record_says_who_sold_what() -> None:
    evidence = [seen("relabel", "Item", "Acme"), seen("brand", "Item", "Acme")]
    record = {"Seller": "Wholesale Ltd", "Item": "Acme QX-4455 x2"}
    paper = report(found("f_1", evidence, record, role="relabel", brand="Acme"))
    (item,) = paper.data["body"]["items"]
    assert (item["brand"], item["model_number"], item["name"]) == ("Acme", "", "Acme QX-4455 x2")
    assert (item["supplier"]["name"], item["description"]) == ("Wholesale Ltd", "Acme QX-4455 x2")
    assert item["taken_from"]["supplier.name"] == item["taken_from"]["description"] == "f_1"


@pytest.mark.parametrize(("why", "model"), [("header", "Q9"), ("stated", "")])
def test_a_model_of_the_record_counts_where_its_column_says_so(why: str, model: str) -> None:
    record = {"Make": "Hikvision", "Part": "Q9", "Seller": "Wholesale Ltd"}
    (item,) = report(found("f_1", [seen("entity_name", "Make", "Hikvision")], record), why=why).data["body"][
        "items"
    ]
    assert (item["brand"], item["model_number"]) == ("Hikvision", model)


def test_a_port_is_no_model_and_a_remark_does_not_describe_the_thing_of_its_row() -> None:
    port = found("f_1", [seen("fingerprint", "Port", "8000/tcp")], {"Port": "8000/tcp open"})
    remark = found(
        "f_2", [seen("entity_name", "Remark", "Hikvision")],
        {"Part": "Q9", "Item": "Axis dome", "Remark": "was Hikvision"}, locator={"row": 2},
    )  # fmt: skip
    items = report(port, remark).data["body"]["items"]
    assert [(one["brand"], one["model_number"]) for one in items] == [("", ""), ("", "")]
    assert items[1]["description"] == "was Hikvision"


@pytest.mark.parametrize(
    ("evidence", "record", "more", "model"),
    [
        # a name of a program or an owner makes another maker's telephone nobody's
        ([seen("entity_name", "Apps", "Hik-Connect")], {"Make": "Sound", "Part": "SM-5", "Apps": "Hik-Connect"}, {}, ""),
        ([seen("entity_name", "Item", "Dahua")], {"Item": "Li Dahua's", "Make": "Apple", "Part": "Phone 13"}, {}, ""),
        ([seen("entity_name", "Site", "Dahua")], {"Part": "Q9", "Site": "Dahua St 5"}, {}, ""),
        ([seen("entity_name", "Item", "Dahua")], {"Item": "Dahua dome", "Make": "n/a", "Part": "Q9"}, {}, "Q9"),
        ([seen("entity_name", "Part", "Dahua")], {"Make": "Generic", "Part": "Dahua Q9"}, {}, "Dahua Q9"),
        # a number that a remark says it resembles is not the number of what is sold under another name
        (
            [seen("relabel", "Item", "Acme"), seen("model_number", "Remark", "B593")],
            {"Item": "Acme Speedy II", "Remark": "same as Huawei B593"}, {"role": "relabel", "brand": "Acme"}, "",
        ),
        ([seen("model_number", "Remark", "MU709")], {"Make": "Till Co", "Part": "5000", "Remark": "modem MU709"}, {}, "MU709"),
        (
            [seen("model_number", "Remark", "B593"), seen("model_number", "Part", "B535")],
            {"Part": "B535", "Remark": "after B593"}, {}, "B535",
        ),
    ],
)  # fmt: skip
def test_a_model_is_that_of_the_thing_that_the_finding_names(
    evidence: list[dict[str, Any]], record: dict[str, str], more: dict[str, Any], model: str
) -> None:
    (item,) = report(found("f_1", evidence, record, **more)).data["body"]["items"]
    assert item["model_number"] == model


def test_a_number_that_may_stand_in_the_description_is_not_said_to_be_missing_outright() -> None:
    evidence, more = [seen("relabel", "Item", "Acme")], {"role": "relabel", "brand": "Acme"}
    text = render(report(found("f_1", evidence, {"Item": "Recorder Acme N863A63B"}, **more)), "md").decode()
    assert "Model number (unless the description names it)" in text
    text = render(report(found("f_1", evidence, {"Item": "Recorder Acme"}, **more)), "md").decode()
    assert "Model number" in text and "unless the description" not in text


def test_what_is_not_known_counts_only_the_items_without_it() -> None:
    named = found("f_1", [seen("model_number", "Part", "QX-1")], {"Part": "QX-1"})
    bare = found("f_2", [seen("entity_name", "Make", "Hikvision")], {"Make": "Hikvision"}, locator={"row": 2})
    paper = report(named, bare)
    first, second = (one["id"] for one in paper.data["body"]["items"])
    gaps = [one for one in paper.data["gaps"] if "model number" in one["words"]]
    assert {one["item"] for one in gaps if one["words"].startswith("model number")} == {second}
    assert {one["item"] for one in gaps if one["words"].startswith("Kind of")} == {first}


def test_what_is_only_possible_or_said_to_be_gone_is_named_and_not_reported_as_used() -> None:
    evidence, record = [seen("model_number", "Part", "QX-1")], {"Part": "QX-1"}
    sure = found("f_sure", evidence, record, band="probable")
    maybe = found("f_maybe", evidence, record, band="possible")
    gone = found("f_gone", evidence, record, role="formerly")
    scrapped = found("f_scrapped", evidence, record, state="disposed")
    paper = report(sure, maybe, gone, scrapped)
    (item,) = paper.data["body"]["items"]
    assert item["finding_ids"] == ["f_sure"]
    text = render(paper, "md").decode().replace("\\", "")
    beside = text.partition("Not yet known, being looked into")[2].partition("## ")[0]
    assert all(f"[{name}]" in beside for name in ("f_maybe", "f_gone", "f_scrapped"))
    assert "f_sure" not in beside


def test_a_report_of_nothing_but_doubts_still_goes_out() -> None:
    paper = report(
        found("f_maybe", [seen("model_number", "Part", "QX-1")], {"Part": "QX-1"}, band="possible")
    )
    assert [one["finding_ids"] for one in paper.data["body"]["items"]] == [["f_maybe"]]
    assert "being looked into" not in render(paper, "md").decode()


def disclosed(*findings: dict[str, Any], table: dict[str, Any], **more: Any) -> Paper:
    value = ps.scan(*findings)
    value["inputs"][0]["tables"] = [{"sheet": None, "kind_by": "headers", "kind_words": [], **table}]
    offer = ps.base(
        scans=(ps.proved(value, "31" * 32),), answers={"provide": "does", "use": "does"},
        disclosed=tuple(one["id"] for one in findings), **more,
    )  # fmt: skip
    paper = ps.make("offer-representation", offer)
    validate(paper.data, paper.type)
    return paper


def table_of(kind: str, **columns: tuple[str, str]) -> dict[str, Any]:
    plan = [
        {"name": name, "field": field, "why": why, "samples": []} for name, (field, why) in columns.items()
    ]
    return {"kind": kind, "columns": {one["field"]: one["name"] for one in plan}, "column_plan": plan}


@pytest.mark.parametrize(("why", "model"), [("values", "ME906s-158"), ("header", "")])
def test_a_number_that_was_found_is_the_model_unless_its_column_is_called_otherwise(
    why: str, model: str
) -> None:
    table = table_of("product_parts", Order=("serial_number", why), Make=("maker_name", "header"))
    evidence = [seen("model_number", "Order", "ME906s-158"), seen("entity_name", "Make", "Huawei")]
    one = ps.finding("f_1", evidence=evidence, record=[["Order", "ME906s-158"], ["Make", "Huawei"]])
    (item,) = disclosed(one, table=table).data["body"]["items"]
    assert item["model_number"] == model


def test_what_nobody_knows_of_an_item_is_no_part_of_its_title() -> None:
    table = table_of("network", Mac=("mac", "header"), Ip=("ip", "header"))
    evidence = [seen("oui", "Mac", "44:19:b6:2a:d0:76")]
    one = ps.finding("f_1", evidence=evidence, record=[["Mac", "44:19:b6:2a:d0:76"], ["Ip", "10.6.0.21"]])
    typed = Item(
        "i-1",
        concerns=(),
        finding_ids=("f_1",),
        brand=NOT_KNOWN,
        model_number=NOT_KNOWN,
        description="Not known",
    )
    (item,) = disclosed(one, table=table, items=(typed,)).data["body"]["items"]
    assert item["name"] == "Hikvision: 44:19:b6:2a:d0:76, 10.6.0.21"
    assert item["model_number"] == NOT_KNOWN  # what was said of it stands


def test_what_is_not_settled_is_not_said_to_be_provided_and_a_name_is_no_item() -> None:
    evidence = [seen("entity_name", "Name", "Hikvision")]
    one = ps.finding(
        "f_1", evidence=evidence, record=[["Name", "Hikvision Europe B.V."]], category="", band="possible"
    )
    paper = disclosed(one, table=table_of("vendors", Name=("text", "header")))
    (item,) = paper.data["body"]["items"]
    assert item["kind"] == "named" and not [
        row for row in paper.data["checklist"] if row["item"] == item["id"]
    ]
    assert {one.code for one in paper.obstacles} >= {"nothing-disclosed"}
    text = render(paper, "md").decode()
    assert (
        "Named, and no item of equipment" in text
        and "not settled whether it is to be provided or is used" in text
    )
    assert "will be provided" not in text.partition("Named, and no item")[2].partition("Findings")[0]
    assert "1 named only, and no item" in text


SENTENCE = "replaced last week by a Hikvision camera that hums in the rain"


def test_a_sentence_is_no_title_and_stands_beneath_as_the_words_of_the_record() -> None:
    record = {"Item": "Camera", "Remark": SENTENCE}
    told = [seen("entity_name", "Remark", "Hikvision")]
    paper = report(found("f_1", told, record))
    (item,) = paper.data["body"]["items"]
    assert item["name"] == "Hikvision: video surveillance equipment, assets.csv row 1"
    assert item["description"] == SENTENCE and SENTENCE in render(paper, "md").decode()
    # what a column of things calls it is its name, and what a person wrote stays
    (item,) = report(
        found("f_1", [seen("entity_name", "Item", "Hikvision")], {"Item": "Hikvision dome"})
    ).data["body"]["items"]
    assert item["name"] == "Hikvision dome"


@pytest.mark.parametrize(
    ("category", "kind", "title"),
    [
        ("telecommunications_equipment", "", "telecommunications equipment"),
        ("", "video_surveillance_equipment", "video surveillance equipment"),
        ("", "", "equipment"),
    ],
)
def test_what_a_text_speaks_of_is_titled_by_what_it_is(category: str, kind: str, title: str) -> None:
    one = found(
        "f_1", [seen("entity_name", "text", "Hikvision")], {"text": f"We saw it at the gate: {SENTENCE}."},
        category=category, decided_on={"item.kind": kind} if kind else {},
    )  # fmt: skip
    value = ps.scan(one)
    value["inputs"][0]["tables"] = [
        {
            "sheet": None, "kind": "uncertain", "kind_by": "uncertain", "kind_words": [],
            "column_plan": [{"name": "text", "field": "text", "why": "header", "samples": []}],
        }
    ]  # fmt: skip
    (item,) = ps.make("far-report", ps.base(scans=(ps.proved(value, "31" * 32),))).data["body"]["items"]
    assert item["name"] == f"Hikvision: {title}, assets.csv row 1"
    # where it is open whether the law reaches it, what the text speaks of is only named, with its words beside it
    open_ = one | {"determinations": [ps.determination("us-889-b", "undetermined")]}
    paper = ps.make("far-report", ps.base(scans=(ps.proved(value | {"findings": [open_]}, "31" * 32),)))
    (item,) = paper.data["body"]["items"]
    assert (item["kind"], item["name"]) == ("named", "Hikvision: only named, assets.csv row 1")
    shown = render(paper, "md").decode().partition("Named, and no item of equipment")[2]
    assert f"“We saw it at the gate: {SENTENCE}.”" in shown
