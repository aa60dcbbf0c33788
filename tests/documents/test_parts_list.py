"""A certificate on a product speaks of its parts list: what else a case knows is no part of it, and hides nothing of the product."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import paper_samples as ps
import pytest

from proscribe.documents import render, validate
from proscribe.model.papers import Answer, Component, Paper, PaperState, PartsList, Question, SupplierAnswer

LIST = "ab" * 32


def table(kind: str, by: str = "headers") -> dict[str, Any]:
    return {"sheet": None, "kind": kind, "kind_by": by, "kind_words": [], "column_plan": []}


def read(index: int, path: str, kind: str, sha256: str = "", by: str = "headers") -> dict[str, Any]:
    value = ps.scan()["inputs"][0]
    return {
        **value,
        "index": index,
        "path": path,
        "sha256": sha256 or f"{index:02x}" * 32,
        "tables": [table(kind, by)],
    }


def found(name: str, place: int) -> dict[str, Any]:
    return {**ps.COVERED, "id": name, "input": place}


def made(inputs: list[dict[str, Any]], *findings: dict[str, Any], **more: Any) -> Paper:
    lines = [f"{one['path']}: nothing was read of its pictures" for one in inputs[1:]]
    value = {**ps.scan(*findings), "inputs": inputs, "not_checked": lines}
    offering = replace(ps.OFFERING, parts_list_sha256=LIST)
    register = replace(ps.INQUIRY.searched[0], digests=tuple(one["sha256"] for one in inputs[1:]))
    paper = ps.make(
        "product-certificate",
        ps.base(
            offering=offering,
            suppliers=(ps.DECLARATION,),
            scans=(ps.proved(value, "12" * 32),),
            inquiry=replace(ps.INQUIRY, searched=(register,)),
            **more,
        ),
    )
    validate(paper.data, paper.type)
    return paper


@pytest.mark.parametrize("kind", ["equipment", "purchases", "network", "vendors", "supplier_statement"])
def test_lists_of_the_firm_are_no_part_of_a_certificate(kind: str) -> None:
    ours = [read(0, "parts.csv", "product_parts", LIST), read(1, "Bergamo register.csv", kind)]
    paper = made(ours, found("f_0000000001", 1))
    assert paper.state is PaperState.READY and paper.data["body"]["findings"] == []
    text = render(paper, "md").decode()
    assert "Bergamo" not in text and "f_0000000001" not in text
    assert "1 more file, which is not this parts list" in text
    assert "nothing was read of its pictures" not in text, "it is of the other list"


def test_what_stands_in_the_list_itself_stands_against_it() -> None:
    ours = [read(0, "parts.csv", "product_parts", LIST), read(1, "register.csv", "equipment")]
    paper = made(ours, found("f_0000000001", 0), found("f_0000000002", 1))
    assert paper.state is PaperState.REFUSED
    assert any("f_0000000001" in one.evidence for one in paper.obstacles)
    assert not any("f_0000000002" in one.evidence for one in paper.obstacles)


@pytest.mark.parametrize(
    ("kind", "by"),
    [("product_parts", "reader"), ("offered", "headers"), ("uncertain", "values"), ("equipment", "")],
)
def test_another_list_that_may_be_of_the_product_stands_against_a_denial(kind: str, by: str) -> None:
    ours = [read(0, "parts.csv", "product_parts", LIST), read(1, "firmware.cdx.json", kind, by=by)]
    paper = made(ours, found("f_0000000001", 1))
    (one,) = paper.obstacles
    assert (one.code, one.overridable) == ("parts-list-beside", True) and "firmware.cdx.json" in one.what
    assert made(ours).state is PaperState.READY, "a list without findings stands against nothing"
    told = made(ours, found("f_0000000001", 1), answers={Question.CONTAIN.value: Answer.DOES.value})
    assert told.data["body"]["findings"] == [], "it is no list of this certificate"


def test_where_no_scan_read_the_list_whatever_may_be_it_is_weighed() -> None:
    ours = [read(0, "bom copy.csv", "product_parts"), read(1, "register.csv", "equipment")]
    paper = made(ours, found("f_0000000001", 0), found("f_0000000002", 1))
    against = {name for one in paper.obstacles for name in one.evidence}
    assert "f_0000000001" in against and "f_0000000002" not in against


def silent(offering: Any, *asked: SupplierAnswer) -> set[str]:
    """Give the suppliers that stand against the certificate of an offering for having said nothing."""
    paper = ps.make("product-certificate", ps.base(offering=offering, suppliers=asked))
    return {one.evidence[0] for one in paper.obstacles if one.code == "supplier-silent"}


SETTLED = replace(
    ps.OFFERING,
    parts_list_complete=True,
    components=(
        Component("U1", "Processor", "cleared", maker="NXP", supplier="Arrow", because="the parts list names NXP as its maker"),
        Component("U2", "Flash", "cleared", maker="Winbond", because="the parts list names Winbond as its maker"),
    ),
)  # fmt: skip


def test_who_supplies_no_part_of_the_product_does_not_stand_against_it_by_silence() -> None:
    asked = [
        SupplierAnswer(name, {"contain": "none"})
        for name in ("Brightview Optics Ltd.", "Arrow Electronics", "WINBOND Corp")
    ]
    assert silent(SETTLED, *asked) == {"Arrow Electronics", "WINBOND Corp"}
    refused = SupplierAnswer("Brightview Optics Ltd.", {"contain": "refused"})
    assert silent(SETTLED, refused) == set()
    # what it said before that it covers, and what our own evidence says against it, is looked at
    assert silent(SETTLED, replace(refused, covers=("U2",))) == {"Brightview Optics Ltd."}


@pytest.mark.parametrize(
    "change",
    [
        {"parts_list_complete": None}, {"parts_list_complete": False}, {"parts_list": PartsList(admits=("It names parts that stand in no line",))},
        {"components": (*SETTLED.components, Component("U3", "Optics", "unresolved"))},
        {"components": (*SETTLED.components, Component("U3", "lens by brightview", "cleared", maker="Axis"))},
        {"more_lists": (PartsList(admits=("one composition is not complete",)),)},
    ],
)  # fmt: skip
def test_silence_stands_where_a_part_of_the_supplier_may_be_in_the_product(change: dict[str, Any]) -> None:
    asked = SupplierAnswer("Brightview Optics Ltd.", {"contain": "none"})
    assert silent(replace(SETTLED, **change), asked) == {"Brightview Optics Ltd."}
