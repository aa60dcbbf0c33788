"""A parts list that says that it is not whole, or that is of another product, is certified by nobody's word alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from proscribe.app.inventory.offering import join_offerings, read_offering
from proscribe.app.papers.documents import Making, make_paper
from proscribe.documents import render
from proscribe.model.papers import Paper, PaperState

PRODUCT = "name: Gate controller, part_number: GC-40, revision: D, maker: Murata, parts_list_complete: true, parts_list: {admits: []}"
HEADER = "Level,Part Number,Description,Manufacturer,MPN,Qty\n"
WHOLE = "0,GC-40,Gate controller,Murata,,1\n"
PART = "1,R-1,Resistor,Yageo,RC0402,10\n"
DOCUMENT: dict[str, Any] = {
    "bomFormat": "CycloneDX", "specVersion": "1.6",
    "metadata": {"component": {"type": "device", "name": "Gate controller", "version": "D", "manufacturer": {"name": "Murata"}}},
    "components": [{"type": "device", "bom-ref": "c1", "name": "Board", "manufacturer": {"name": "Yageo"}}],
}  # fmt: skip


def certificate(folder: Path, content: str, *others: Path) -> Paper:
    said = folder / "said.yml"
    said.write_text(f"organisation: {{name: Harrow Ridge}}\noffering: {{{PRODUCT}}}\n")
    path = folder / ("parts.cdx.json" if content.startswith("{") else "parts.csv")
    path.write_text(content, encoding="utf-8")
    values = {"offering": join_offerings([read_offering(one) for one in (*others, path)])}
    today = datetime.now(UTC).date()
    making = Making(
        "product-certificate", (said,), as_of=today, author="Sam Lind", approver="Kim Berg", values=values
    )
    return make_paper(making)


def document(**more: Any) -> str:
    return json.dumps(DOCUMENT | more)


def codes(paper: Paper) -> set[str]:
    return {one.code for one in paper.obstacles}


@pytest.mark.parametrize("content", [
    HEADER + WHOLE + PART, "Bill of materials GC-40 rev. D\n" + HEADER + WHOLE + PART, HEADER + PART, document(),
    document(compositions=[{"aggregate": "complete", "assemblies": ["c1"]}], dependencies=[{"ref": "c1", "dependsOn": []}]),
    HEADER + "0,GC-40,\"Controller, gate\",Murata,,1\n" + PART,
])  # fmt: skip
def test_a_list_of_the_product_that_says_nothing_against_itself_is_ready(
    tmp_path: Path, content: str
) -> None:
    made = certificate(tmp_path, content)
    assert made.state is PaperState.READY, made.obstacles


CHILD = {"type": "device", "bom-ref": "c2", "name": "Radio", "manufacturer": {"name": "Yageo"},
         "externalReferences": [{"type": "bom", "url": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1"}]}  # fmt: skip


@pytest.mark.parametrize("content", [
    *(document(compositions=[{"aggregate": one, "assemblies": ["c1"]}])
      for one in ("incomplete", "unknown", "incomplete_first_party_only", "not_specified")),
    document(dependencies=[{"ref": "c1", "dependsOn": ["c9"]}]), document(components=[]), HEADER + WHOLE,
    document(components=[*DOCUMENT["components"], CHILD]),
])  # fmt: skip
def test_a_list_from_which_parts_are_missing_is_not_complete_because_somebody_says_so(
    tmp_path: Path, content: str
) -> None:
    made = certificate(tmp_path, content)
    assert made.state is PaperState.REFUSED and codes(made) == {"parts-list-admits"}
    assert made.data["body"]["offering"]["parts_list_complete"] is not True


@pytest.mark.parametrize(
    "title", ["DRAFT - not complete", "Entwurf", "Sheet 1 of 3", "Gate controller without its radio"]
)
def test_a_title_that_says_more_than_the_product_stands_against_it_and_is_printed(
    tmp_path: Path, title: str
) -> None:
    made = certificate(tmp_path, f"{title}\n{HEADER}{WHOLE}{PART}")
    assert made.state is PaperState.REFUSED and codes(made) == {"source-says"}
    assert title in "".join(made.data["body"]["offering"]["parts_list_titles"])


@pytest.mark.parametrize(("content", "named"), [
    (HEADER + WHOLE.replace("GC-40", "GC-41") + PART, "GC-41"), (HEADER + "0,XX-9,Door station,Murata,,1\n" + PART, "Door station"),
    (document(metadata={"component": DOCUMENT["metadata"]["component"] | {"name": "Door station"}}), "Door station"),
    (document(metadata={"component": DOCUMENT["metadata"]["component"] | {"version": "C"}}), "revision C"),
    ("Level,Part Number,Description,Manufacturer,Rev\n0,GC-40,Gate controller,Murata,B\n1,R-1,Resistor,Yageo,A\n", "revision B"),
])  # fmt: skip
def test_a_list_of_another_product_or_revision_is_named_beside_the_certified_one(
    tmp_path: Path, content: str, named: str
) -> None:
    made = certificate(tmp_path, content)
    assert made.state is PaperState.REFUSED and codes(made) == {"parts-list-other"}
    (only,) = made.obstacles
    assert named in only.what and only.overridable and ("GC-40" in only.what or "revision D" in only.what)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (HEADER + WHOLE + "1,S-1,Software,Axis,,1\n", ""),
        (HEADER + "0,ZZ-9,Door station,Murata,,1\n" + PART, "parts-list-other"),
        (document(compositions=[{"aggregate": "incomplete", "assemblies": ["c1"]}]), "parts-list-admits"),
        (HEADER + WHOLE + "1,S-1,Camera,Dahua,,1\n", "does"),
    ],
)
def test_each_of_several_lists_speaks_against_the_certificate(tmp_path: Path, second: str, code: str) -> None:
    first = tmp_path / "first.csv"
    first.write_text(HEADER + WHOLE + PART, encoding="utf-8")
    made = certificate(tmp_path, second, first)
    assert codes(made) == {code} - {"", "does"}
    assert (made.data["body"]["representations"]["contain"]["answer"] == "does") is (code == "does")
    digest = made.data["body"]["offering"]["more_lists"][0]
    assert digest in render(made, "md").decode(), "what it speaks of is printed"
