"""Every door that takes a scan refuses one that does not hold together, with its own code and what does not add up."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scan_samples import DAY, whole

import proscribe
from proscribe.app.papers.document_scans import _scan
from proscribe.app.rules.questions import read_scan
from proscribe.app.scan.explain import explain
from proscribe.app.store.desk import Desk
from proscribe.app.vendors.own_evidence import held_in
from proscribe.casework.store import Store
from proscribe.model.errors import ProscribeError
from proscribe.model.scan_document import SCHEMA

SOURCES = Path(proscribe.__file__).parent
FINDING = {"id": "f_1", "record_id": "A-1", "evidence": [{"found": "DS-2CD2042WD-I"}]}
WHOLE = whole(
    {
        "inputs": [{"records": 12}],
        "findings": [FINDING, {**FINDING, "id": "f_2", "band": "possible"}, {**FINDING, "id": "f_3", "entity": "dahua"}],
        "mentions": [
            {"input": 0, "locator": {"row": 4}, "record_id": None, "entity": "zte", "kind": "negated", "evidence": ["no ZTE"]}
        ],
    }
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(tmp_path / "cases.db") as store:
        yield Desk(store)


Door = Callable[[bytes, Desk, Path], object]


def _questions(content: bytes, desk: Desk, folder: Path) -> object:
    path = folder / "scan.json"
    path.write_bytes(content)
    return read_scan(path)


def _attached(content: bytes, desk: Desk, folder: Path) -> object:
    first = json.dumps(whole({"as_of": "2026-11-01"})).encode()
    desk.open_from_scan(first, "first.json", by="R. Ito", zone="UTC", title="Cameras")
    return desk.attach("C-0001", content, "scan.json", by="R. Ito")


DOORS: dict[str, tuple[str, Door]] = {
    "case open": (
        "E433",
        lambda content, desk, _: desk.open_from_scan(content, "s.json", by="R. Ito", zone="UTC"),
    ),
    "case attach": ("E433", _attached),
    "questions": ("E157", _questions),
    "suppliers": ("E157", lambda content, desk, _: held_in([("s.json", content)])),
    "documents": ("E461", lambda content, desk, _: _scan("s.json", content)),
    "explain": ("E157", lambda content, desk, _: explain("f_1", scan=content)),
}


def _without(value: dict[str, Any]) -> None:
    del value["findings"][2]


def _weaker(value: dict[str, Any]) -> None:
    value["findings"][0]["band"] = "possible"


def _another_role(value: dict[str, Any]) -> None:
    value["findings"][0]["role"] = "component"


def _fewer_records(value: dict[str, Any]) -> None:
    value["inputs"][0]["records"] = 3


def _aside(value: dict[str, Any]) -> None:
    value["findings"][0]["ignored"] = {"reason": "no", "by": "x", "at": DAY, "until": None}


def _unmentioned(value: dict[str, Any]) -> None:
    value["mentions"] = []


def _uncounted(value: dict[str, Any]) -> None:
    del value["summary"]


def _twice(value: dict[str, Any]) -> None:
    value["findings"][1] = value["findings"][0]


def _nowhere(value: dict[str, Any]) -> None:
    value["findings"][1]["input"] = 1


def _nobody(value: dict[str, Any]) -> None:
    value["findings"][1]["entity"] = ""


CUTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "a finding is gone": (_without, "findings = 3, it lists 2"),
    "a band is lower": (_weaker, "by_band confirmed = 2, it lists 1"),
    "a role is another": (_another_role, "by_role component = 0, it lists 1"),
    "records are gone": (_fewer_records, "records = 12, it lists 3"),
    "a finding is set aside": (_aside, "findings = 3, it lists 2"),
    "a mention is gone": (_unmentioned, "mentions = 1, it lists 0"),
    "the numbers are gone": (_uncounted, "its summary is missing"),
    "a finding stands twice": (_twice, "the finding f_1 stands in it twice"),
    "a finding is of no input": (_nowhere, "input 1 is not listed"),
    "a finding is of nobody": (_nobody, "/findings/1/entity"),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_scan_that_holds_together_passes(door: str, desk: Desk, tmp_path: Path) -> None:
    DOORS[door][1](json.dumps(WHOLE).encode(), desk, tmp_path)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_scan_that_was_cut_is_refused(
    door: str, cut: str, indent: int | None, desk: Desk, tmp_path: Path
) -> None:
    value = json.loads(json.dumps(WHOLE))
    change, says = CUTS[cut]
    change(value)
    code, enter = DOORS[door]
    with pytest.raises(ProscribeError) as caught:
        enter(json.dumps(value, indent=indent).encode(), desk, tmp_path)
    assert caught.value.code == code and says in caught.value.what


def test_one_file_alone_names_the_schema_of_a_scan() -> None:
    kind = SCHEMA.partition("/")[0].rpartition(".")[2]
    named = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if f"{kind}/" in (text := path.read_text("utf-8"))  # to parse the others takes most of the time
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(SCHEMA.partition("/")[0] + "/")
        and "\n" not in node.value
    }
    assert named == {"model/scan_document.py"}
