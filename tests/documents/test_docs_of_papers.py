"""docs/documents.md says what the builders do."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import re
from pathlib import Path

import click
import paper_samples as ps
import pytest
from scan_samples import whole

from proscribe.app.inventory.offering import read_offering
from proscribe.app.papers import documents as papers
from proscribe.app.papers.document_statements import NOT_OF_A_FILE
from proscribe.cli.main import cli
from proscribe.documents import FORMATS, TYPES
from proscribe.documents.obstacles import kinds_of, shared_kinds
from proscribe.kb.snapshot import Snapshot
from proscribe.model.papers import PaperInputs

PAGE = (ps.ROOT / "docs/documents.md").read_text("utf-8")
SOURCE = ps.ROOT / "src/proscribe/documents"


def test_every_type_is_listed() -> None:
    written = (ps.ROOT / "docs/checklists.md").read_text("utf-8")
    for one in TYPES.values():
        assert f"| `{one.name}` | {one.what} | `{' '.join(one.command)}" in written
        assert one.what and "(checklists.md)" in PAGE


def test_every_key_of_a_declaration_is_told_and_used() -> None:
    table = PAGE.split("| key of `document.yml` |")[1].split("\n\n")[0]
    told = {one for row in table.splitlines() for one in re.findall(r"`([a-z_]+)", row.split(" | ")[0])}
    assert told == {key for one in TYPES.values() for key in one.spec}


def test_every_code_of_an_obstacle_is_listed_and_raised() -> None:
    declared = {**shared_kinds()}
    for one in TYPES.values():
        declared |= kinds_of(one.get("obstacles", {}))
    code = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    for name in declared:
        raised = name.removesuffix(".sure")
        assert f'"{raised}"' in code or (raised.startswith("no-") and 'f"no-{name}"' in code), raised
    table = PAGE.split("## What stands against", 1)[1].split("\n## ", 1)[0]
    listed = {
        name
        for row in re.findall(r"^\| (`[^|]+) \|", table, re.M)
        for name in re.findall(r"`([a-z-]+)`", row)
    }
    assert len(listed) > 30 and listed == {one.code for one in declared.values()}


def test_the_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    (tmp_path / "scan.json").write_text(json.dumps(ps.CLEAN), "utf-8")
    monkeypatch.chdir(tmp_path)
    opened = ps.knowledge()
    monkeypatch.setattr(Snapshot, "open", classmethod(lambda cls: opened))
    exec(compile(code, "docs/documents.md", "exec"), {})
    written = sorted(path.suffix for path in tmp_path.glob("annual-representation-*"))
    assert written == sorted(kind.suffix for kind in FORMATS.values())


def test_the_page_of_checklists_is_that_of_the_knowledge() -> None:
    spec = importlib.util.spec_from_file_location("make_checklists", ps.ROOT / "docs/make_checklists.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ps.ROOT / "docs/checklists.md").read_text("utf-8")
    assert written == module.page(ps.knowledge()), "run python docs/make_checklists.py"


def test_the_page_names_every_field_that_people_state() -> None:
    section = PAGE.split("### What people state", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    paragraph, _, rest = section.partition("What the program knows itself")
    stated = set(
        re.findall(r"`([a-z_]+)`", paragraph.split("text-first YAML:", 1)[1].split("An unknown field", 1)[0])
    )
    own = set(re.findall(r"`([a-z_]+)`", rest.split("\n\n", 1)[0]))
    assert stated | own == {one.name for one in dataclasses.fields(PaperInputs)} and not stated & own
    assert own == set(NOT_OF_A_FILE)


def test_the_files_of_the_page_make_documents(tmp_path: Path) -> None:
    company, offering = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    (tmp_path / "company.yml").write_text(company, "utf-8")
    (tmp_path / "product.yml").write_text(offering, "utf-8")
    (tmp_path / "scan.json").write_text(json.dumps(whole(ps.scan(ps.finding(record_id="HR-0101")))), "utf-8")
    said = {"as_of": ps.DAY, "made_at": ps.MADE_AT, "author": "B. Lind", "approver": "C. Moreau"}
    asked = papers.Making(
        "annual-representation", (tmp_path / "company.yml",), (tmp_path / "scan.json",), **said
    )
    paper = papers.make_paper(asked)
    assert paper.data["people"]["author"]["title"] == "Compliance officer"
    (tmp_path / "bom.csv").write_text(
        "RefDes,Description,Manufacturer,MPN\nC1,Capacitor,,C-1\nU1,Lens,Lumen Modules,L-1\n", "utf-8"
    )
    capacitor, lens = read_offering(tmp_path / "bom.csv")["components"]
    lines = [capacitor | {"ref": "line 7"}, lens]
    values = {"organisation": {"name": "Harrow Ridge"}, "offering": {"components": lines}}
    paper = papers.make_paper(
        papers.Making("product-certificate", (tmp_path / "product.yml",), values=values, **said)
    )
    component, other = paper.data["body"]["components"]
    assert other["state"] == "cleared" and "Jena" in other["because"]
    assert (component["state"], component["maker"]) == ("cleared", "Murata") and "T. Okafor" in component[
        "because"
    ]


def test_every_command_of_the_page_is_one(tmp_path: Path) -> None:
    shown = PAGE.split("## From the command line", 1)[1].split("```", 2)[1]
    lines = [line.partition("#")[0].split() for line in shown.strip().splitlines()]
    assert len(lines) >= 10
    for words in lines:
        command: click.Command = cli
        rest = words[1:]
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), rest.pop(0))
            assert found is not None, words
            command = found
        known = {option for one in command.params for option in one.opts}
        assert {word for word in rest if word.startswith("-")} <= known, words
