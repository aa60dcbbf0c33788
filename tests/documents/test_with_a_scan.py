"""From a file to a document: what a real scan writes is what the builders read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import paper_samples as ps
import pytest
from click.testing import CliRunner

from proscribe.cli.main import cli
from proscribe.documents import render, validate
from proscribe.documents.evidence import sources
from proscribe.model.papers import KnowledgeState, Paper, PaperState

ROWS = """id,description,maker,model,mac,site
1,DS-2CD2143G2-I dome camera,Hikvision,DS-2CD2143G2-I,44:19:b6:12:34:56,HQ
2,Access switch,Cisco,C9200L-24T,00:00:0c:12:34:56,HQ
"""
FACTS = """facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: award_contract
  use.by: the_entity
  item.role_in_system: substantial_or_essential_component
sites:
  HQ: {item.purpose: [PURPOSE]}
entities:
  hikvision: {item.contains_producer: []}
"""


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Any:
    import json

    def run(purpose: str) -> dict[str, Any]:
        folder: Path = tmp_path_factory.mktemp("scan")
        (folder / "assets.csv").write_text(ROWS, "utf-8")
        (folder / "facts.yml").write_text(FACTS.replace("PURPOSE", purpose), "utf-8")
        out = folder / "scan.json"
        result = CliRunner().invoke(
            cli,
            ["scan", str(folder / "assets.csv"), "--decide", str(folder / "facts.yml"), "--as-of", "2026-11-25",
             "--map", "id=row_id", "--fail-on", "none", "--quiet", "-o", f"json={out}"],
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        value: dict[str, Any] = json.loads(out.read_text("utf-8"))
        return value

    return run


def annual(value: dict[str, Any]) -> Paper:
    stamp = KnowledgeState(value["knowledge"]["version"], value["knowledge"]["sha256"])
    read = tuple(one["sha256"] for one in value["inputs"])
    register, *others = ps.INQUIRY.searched
    inquiry = replace(ps.INQUIRY, searched=(replace(register, digests=read, records=2), *others))
    paper = ps.make(
        "annual-representation",
        ps.base(
            scans=ps.agreed(ps.proved(value, "12" * 32)),
            inquiry=inquiry,
            knowledge=stamp,
            as_of=date(2026, 11, 25),
            roster="store",
        ),
    )
    validate(paper.data, paper.type)
    return paper


def test_a_camera_at_a_guarded_site_is_use(scan: Any) -> None:
    paper = annual(scan("government_facility_security"))
    said = paper.data["body"]["representations"]
    assert said["use"]["answer"] == "does" and said["provide"]["answer"] == "does not", paper.obstacles
    assert paper.state is PaperState.READY
    text = render(paper, "md").decode()
    assert (
        "DS-2CD2143G2" in text
        and "assets.csv row 2" in text
        and "Only the inputs named above were read" in text
    )


def test_a_camera_that_serves_no_listed_purpose_is_set_aside_with_the_reason(scan: Any) -> None:
    paper = annual(scan('"none"'))
    said = paper.data["body"]["representations"]["use"]
    assert said["answer"] == "does not", paper.obstacles
    (aside,) = said["set_aside"]
    assert "none of the four purposes" in aside["why"] and "889(f)(3)(B)" in aside["why"]


def test_what_a_scan_left_out_of_a_folder_is_no_file_that_it_read(scan: Any) -> None:
    value = scan("none")
    (read,) = value["inputs"]
    own = {"code": "E105", "at": "proscribe.toml", "what": "A file of this program.", "lossy": False}
    value["inputs"].append({**read, "path": "proscribe.toml", "sha256": "", "records": 0, "issues": [own]})
    assert [one["path"] for one in sources(ps.proved(value, "12" * 32))] == [read["path"]]
