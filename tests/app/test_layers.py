"""An organisation's own facts and decisions, in a scan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from proscribe.app.kb import knowledge_index
from proscribe.app.scan import api
from proscribe.model.errors import KnowledgeError
from proscribe.model.periods import AsOf

from .conftest import ROWS, answer, scan, write_csv

FACTS = """\
defaults: {recorded_on: 2026-10-01, source: org:src/register, basis: stated, confidence: high}
sources:
  - {id: org:src/register, title: Our register, kind: catalogue}
entities:
  - {id: org:zorblax, kind: company, name: Zorblax Ltd}
names:
  - {id: org:name/zorblax, entity: org:zorblax, text: Zorblax, form: short, strength: sure, examples: [Zorblax camera], near_misses: [Zorba Bakery]}
stakes:
  - {id: org:own/zorblax, owner: dahua, asset: org:zorblax, relation: subsidiary_of}
models:
  - {id: org:model/zbx, maker: org:zorblax, what: camera, regex: 'ZBX-\\d{4}', anchors: [zbx], strength: strong, examples: [ZBX-1234], near_misses: [ZBXA 1]}
"""


def layer(folder: Path, text: str, name: str = "own.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_own_facts_are_found_and_named(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", [("Zorblax", "ZBX-2200"), ("", "ZBX-2201")], ("Manufacturer", "Model")
    )
    assert not scan(path).findings
    value = answer(path, knowledge=[layer(tmp_path, FACTS)])
    assert [item["covered_through"][-1] for item in value["findings"]] == ["dahua", "dahua"]
    facts = {fact for item in value["findings"] for one in item["evidence"] for fact in one["facts"]}
    assert {"org:name/zorblax", "org:model/zbx"} <= facts
    assert value["fact_notes"]["org:model/zbx"] == "Our register"
    assert value["knowledge"]["layers"][0].startswith("own.yml@")


def test_the_shipped_answer_stays_as_it_was(tmp_path: Path, assets: Path) -> None:
    with_layer = scan(assets, knowledge=[layer(tmp_path, FACTS)])
    assert with_layer.findings == scan(assets).findings


def test_a_taken_id_is_refused(tmp_path: Path, assets: Path) -> None:
    clash = layer(tmp_path, FACTS.replace("id: org:zorblax,", "id: hikvision,"))
    with pytest.raises(KnowledgeError) as caught:
        scan(assets, knowledge=[clash])
    assert caught.value.exit_code == 4 and "E224" in str(caught.value)


def ignored(
    tmp_path: Path, assets: Path, monkeypatch: pytest.MonkeyPatch, decisions: str, as_of: str = "2026-11-25"
) -> dict[str | None, str]:
    """Give the record ids of the findings with the reason they are set aside for.

    A layer of decisions alone changes nothing of the compiled index but its decisions, so the one at hand is used.
    """
    base, compiled = knowledge_index.opened_index(
        (), AsOf(date.fromisoformat(as_of), date.fromisoformat("2026-11-25"))
    )
    above = base.with_layer(layer(tmp_path, decisions))
    index = replace(compiled, suppressions=[dict(item) for item in above.suppressions])
    monkeypatch.setattr(api, "opened_index", lambda *_, **__: (above, index))
    result = scan(assets, as_of=as_of)
    assert {item.record_id for item in result.findings} == {"A1", "A3", "A4", "A5", "A7"}, "nothing goes away"
    return {item.record_id: item.ignored.reason for item in result.findings if item.ignored is not None}


BY = "by: R. Ito, at: 2026-01-20"


@pytest.mark.parametrize(
    ("decision", "records"),
    [
        ("suppressions:\n  - {entity: hikvision, record_id: A1, reason: scrapped, %s}", {"A1"}),
        ("suppressions:\n  - {entity: hikvision, text: dome CAMERA, reason: scrapped, %s}", {"A1"}),
        ("suppressions:\n  - {entity: dahua, record_id: A1, reason: scrapped, %s}", set()),
        ("suppressions:\n  - {entity: hikvision, record_id: A1, text: turret, reason: scrapped, %s}", set()),
        ("cleared:\n  - {record_ids: [A5, A7], reason: opened, %s}", {"A5", "A7"}),
        ("cleared:\n  - {models: [MF286D], reason: opened, %s}", {"A7"}),
        ("cleared:\n  - {models: [mf286d], entity: zte, reason: opened, %s}", {"A7"}),
        ("cleared:\n  - {models: [MF286], reason: another model, %s}", set()),
        ("cleared:\n  - {models: [DS-2CD2143], reason: another model, %s}", set()),
        ("cleared:\n  - {models: [DS-2CD2143G2], reason: another variant, %s}", set()),
        ("cleared:\n  - {models: [HFW5442E-ZE], reason: a part of the number, %s}", set()),
        ("cleared:\n  - {models: [MF286D], entity: huawei, reason: another firm, %s}", set()),
        ("cleared:\n  - {record_ids: [A5], site: Berlin, reason: another site, %s}", set()),
    ],
)
def test_a_decision_sets_aside_what_it_names(
    tmp_path: Path, assets: Path, monkeypatch: pytest.MonkeyPatch, decision: str, records: set[str]
) -> None:
    assert set(ignored(tmp_path, assets, monkeypatch, decision % BY)) == records


def test_a_finding_is_set_aside_by_its_id(
    tmp_path: Path, assets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (third,) = [item for item in scan(assets).findings if item.record_id == "A3"]
    said = ignored(
        tmp_path, assets, monkeypatch, f"suppressions:\n  - {{finding: {third.id}, reason: on loan, {BY}}}"
    )
    assert said == {"A3": "on loan"}


@pytest.mark.parametrize(
    ("day", "records"), [("2026-05-31", {"A5"}), ("2026-06-01", {"A5"}), ("2026-06-02", set())]
)
def test_the_last_day_of_a_decision_counts(
    tmp_path: Path, assets: Path, monkeypatch: pytest.MonkeyPatch, day: str, records: set[str]
) -> None:
    decision = f"cleared:\n  - {{record_ids: [A5], reason: opened, {BY}, until: 2026-06-01}}"
    assert set(ignored(tmp_path, assets, monkeypatch, decision, day)) == records


def test_serials_and_sites_are_compared_with_the_record(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        [
            ("Dahua camera", "4C001", "Berlin"),
            ("Dahua camera", "4C002", "Berlin"),
            ("Dahua camera", "4C003", "Bonn"),
        ],
        ("Description", "Serial number", "Site"),
    )
    own = layer(
        tmp_path,
        f"suppressions:\n  - {{entity: dahua, site: Bonn, reason: sold, {BY}}}\ncleared:\n  - {{serials: [4C002], reason: opened, {BY}}}\n",
    )
    result = scan(path, knowledge=[own])
    assert {item.locator.row: item.ignored.reason for item in result.findings if item.ignored} == {
        2: "opened",
        3: "sold",
    }


def test_ignored_findings_are_shown_and_not_counted(tmp_path: Path, assets: Path) -> None:
    own = layer(tmp_path, f"cleared:\n  - {{record_ids: [A5], reason: opened, {BY}, until: 2027-01-01}}\n")
    value = answer(assets, knowledge=[own])
    (item,) = [item for item in value["findings"] if "ignored" in item]
    assert item["ignored"] == {"reason": "opened", "by": "R. Ito", "at": "2026-01-20", "until": "2027-01-01"}
    assert value["summary"]["ignored"] == 1
    assert value["summary"]["findings"] == 4 == sum(value["summary"]["by_band"].values())
    assert len(value["findings"]) == 5 and len(ROWS) == value["summary"]["records"]
