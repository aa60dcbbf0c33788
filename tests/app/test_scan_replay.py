"""A scan says what it rests on, and comes out again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forging import cut, forged

from proscribe.app.scan.api import scan
from proscribe.app.store.scan_replay import Outcome, Replay, replay_scan
from proscribe.model.codec import CodecError
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_writing import input_value, scan_text

from .conftest import write_xlsx

CAMERAS = (
    "Tag,Manufacturer,Model,Site\n"
    "A-1,Hikvision,DS-2CD2143G2-I,Mill Lane\n"
    "A-2,Axis,P3265-LV,Mill Lane\n"
    "A-3,Dahua,IPC-HFW5442E-ZE,Depot\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a list of cameras."""
    (tmp_path / "cameras.csv").write_text(CAMERAS, encoding="utf-8")
    return tmp_path


def _scan(folder: Path, *names: str, **options: Any) -> bytes:
    paths = [folder / name for name in names or ("cameras.csv",)]
    return scan(paths, as_of="2026-11-25", known_as_of="2026-11-25", **options).to_json().encode()


def _again(content: bytes, folder: Path, **more: Any) -> Replay:
    return replay_scan(content, "scan.json", [folder], **more)


def test_a_scan_states_what_it_rests_on(folder: Path) -> None:
    content = _scan(folder, mapping={"Model": "model_number"})
    statement = json.loads(content)["statement"]
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    predicate = statement["predicate"]
    assert predicate["options"] == {"columns": {"Model": "model_number"}, "reader": None}
    assert predicate["inputs"][0]["tables"][0]["columns"]["model_number"] == "Model"
    assert predicate["knowledge"]["digest"]["sha256"] == json.loads(content)["knowledge"]["sha256"]
    assert content == _scan(folder, mapping={"Model": "model_number"})
    document = read_scan(content)
    assert scan_text(document.scan).encode() == content


def test_half_a_character_in_a_finding_is_refused(folder: Path) -> None:
    value = json.loads(_scan(folder))
    value["findings"][0]["\ud800"] = "\ud800"
    with pytest.raises(CodecError):
        read_scan(json.dumps(value).encode())


@pytest.mark.parametrize("key", ["as_of", "known_as_of", "not_checked", "blind_spots", "inputs", "knowledge"])
def test_a_statement_about_another_scan_is_refused(folder: Path, key: str) -> None:
    value = json.loads(_scan(folder))
    changed = {
        "as_of": "2026-01-01", "known_as_of": "2026-01-01", "not_checked": [], "blind_spots": [],
        "inputs": [{**value["inputs"][0], "coverage": {}}], "knowledge": {"version": "2026.01.01", "sha256": "a" * 64},
    }  # fmt: skip
    if value[key] == changed[key]:
        value["not_checked"] = ["something else"]
    with pytest.raises(CodecError, match="statement"):
        read_scan(json.dumps({**value, key: changed[key]}).encode())


def test_a_scan_comes_out_again_wherever_its_inputs_lie(folder: Path) -> None:
    content = _scan(folder)
    assert _again(content, folder).outcome is Outcome.SAME
    elsewhere = folder / "archive" / "2026"
    elsewhere.mkdir(parents=True)
    (folder / "cameras.csv").rename(elsewhere / "an-other-name.txt")
    again = _again(content, folder / "archive")
    assert (again.outcome, len(again.inputs)) == (Outcome.SAME, 1)
    near = replay_scan(content, "scan.json", (), near=[folder / "archive"])
    assert near.outcome is Outcome.MISSING


def test_an_input_that_has_changed_is_named(folder: Path) -> None:
    content = _scan(folder)
    (folder / "cameras.csv").write_text(CAMERAS.replace("A-1", "A-9"), encoding="utf-8")
    again = _again(content, folder)
    assert again.outcome is Outcome.MISSING
    assert "cameras.csv" in again.what[0] and "changed" in again.what[0]


def test_no_link_is_followed_to_an_input(folder: Path, tmp_path: Path) -> None:
    content = _scan(folder)
    hidden = tmp_path.parent / "outside.csv"
    (folder / "cameras.csv").rename(hidden)
    (folder / "linked.csv").symlink_to(hidden)
    assert _again(content, folder).outcome is Outcome.MISSING


def test_options_and_hidden_files_are_run_again(folder: Path) -> None:
    (folder / ".hidden").write_text("x", encoding="utf-8")
    content = scan([folder], as_of="2026-11-25", mapping={"Site": "note"}).to_json().encode()
    assert _again(content, folder).outcome is Outcome.SAME


def _lower(value: dict[str, Any]) -> None:
    value["findings"][0]["band"] = "possible"


def _another_day(value: dict[str, Any]) -> None:
    value["as_of"] = "2015-01-01"


def _no_columns(value: dict[str, Any]) -> None:
    value["inputs"][0]["tables"][0]["columns"] = {}


def _without_limits(value: dict[str, Any]) -> None:
    value["not_checked"], value["blind_spots"] = [], []


def _set_aside(value: dict[str, Any]) -> None:
    value["findings"][0]["ignored"] = {
        "reason": "a bracket",
        "by": "R. Ito",
        "at": "2026-11-20",
        "until": None,
    }


@pytest.mark.parametrize("change", [cut, _lower, _another_day, _no_columns, _without_limits, _set_aside])
def test_a_scan_that_was_changed_does_not_come_out(
    folder: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    again = _again(forged(json.loads(_scan(folder)), change), folder)
    assert again.outcome is Outcome.DIFFERENT
    assert again.what


def test_the_finding_that_was_cut_out_is_named(folder: Path) -> None:
    content = forged(json.loads(_scan(folder)), lambda value: cut(value, "A-3"))
    again = _again(content, folder)
    assert "dahua, " in again.what[0] and "(A-3), confirmed" in again.what[0]


def test_another_version_is_called_so_and_never_forged(folder: Path) -> None:
    def other(value: dict[str, Any]) -> None:
        value["proscribe"] = "0.0.9"
        value["findings"][0]["questions"] = ["Worded otherwise?"]

    assert _again(forged(json.loads(_scan(folder)), other), folder).outcome is Outcome.SAME

    def fewer(value: dict[str, Any]) -> None:
        other(value)
        cut(value, "A-3")

    again = _again(forged(json.loads(_scan(folder)), fewer), folder)
    assert (again.outcome, again.scanned_with) == (Outcome.OTHER_VERSION, "0.0.9")
    assert "A-3" in again.what[0]


def test_a_scan_runs_again_under_its_own_knowledge(folder: Path) -> None:
    layer = folder / "judged.yml"
    layer.write_text(
        "suppressions:\n  - {entity: dahua, record_id: A-3, reason: opened and photographed, by: R. Ito, at: 2026-11-20}\n",
        encoding="utf-8",
    )
    content = _scan(folder, knowledge=[str(layer)])
    assert "ignored" in content.decode()
    again = _again(content, folder)
    assert (again.outcome, "judged.yml" in again.what[0]) == (Outcome.MISSING, True)
    named = _again(content, folder, knowledge=[layer])
    assert named.outcome is Outcome.SAME
    layer.unlink()
    kept = _again(content, folder, kept=lambda _: named.knowledge)
    assert kept.outcome is Outcome.SAME


def test_a_scan_of_an_earlier_version_cannot_be_run_again(folder: Path) -> None:
    value = json.loads(_scan(folder))
    del value["statement"]
    assert _again(json.dumps(value).encode(), folder).outcome is Outcome.MISSING


def test_facts_and_what_the_law_says_are_run_again(folder: Path) -> None:
    from proscribe.app.rules.scan_decide import Ready

    facts = folder / "facts.yml"
    facts.write_text(
        "facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: continue_contract, use.by: the_entity}\n"
        "sites: {Depot: {item.purpose: [government_facility_security]}}\n",
        encoding="utf-8",
    )
    made = scan([folder / "cameras.csv"], as_of="2026-11-25", known_as_of="2026-11-25").scan
    content = scan_text(Ready.of([facts]).decide(made)).encode()
    assert _again(content, folder).outcome is Outcome.SAME

    def cleared(value: dict[str, Any]) -> None:
        one = value["findings"][0]
        value["decided"]["by_outcome"][one["outcome"]] -= 1
        value["decided"]["by_outcome"]["not_covered"] += 1
        one["outcome"] = "not_covered"
        for item in one["determinations"]:
            item["outcome"] = "not_covered"

    again = _again(forged(json.loads(content), cleared), folder)
    assert again.outcome is Outcome.DIFFERENT
    assert "determinations" in again.what[0]


def test_a_scan_is_run_again_without_what_an_earlier_run_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can write the cache of a user changes no proof: every table is made anew from the knowledge."""
    from proscribe.app.kb import knowledge_index

    content = _scan(folder)
    asked: list[object] = []
    monkeypatch.setattr(knowledge_index, "kept_tables", lambda *about: asked.append(about))
    knowledge_index.opened_index.cache_clear()
    assert _again(content, folder).outcome is Outcome.SAME
    assert not asked
    knowledge_index.opened_index.cache_clear()
    _scan(folder)
    assert asked
    knowledge_index.opened_index.cache_clear()


#: Real files of network gear, scanners and programs that keep inventories.
EXPORTS = Path(__file__).parents[1] / "readers" / "fixtures"


def test_every_kind_of_listing_comes_out_again(tmp_path: Path) -> None:
    (tmp_path / "switch.txt").write_text(
        "sw3#show mac address-table\n"
        "Vlan    Mac Address       Type        Ports\n"
        "----    -----------       --------    -----\n"
        "  10    4419.b612.3456    DYNAMIC     Gi1/0/1\n"
        "sw3#show lldp neighbors\n"
        "Device ID           Local Intf     Hold-time  Capability      Port ID\n"
        "S5720-Hof           Gi1/0/48       120        B,R             GigabitEthernet0/0/1\n",
        encoding="utf-8",
    )
    files = [
        path
        for folder in ("cli", "discovery", "inventory", "neighbours", "nmap", "radio", "snmp")
        for path in sorted((EXPORTS / folder).iterdir(), key=lambda path: (path.stat().st_size, path.name))[
            :3
        ]
    ]
    made = scan([*files, tmp_path], as_of="2026-11-25", known_as_of="2026-11-25")
    read_by = {one.reader for one in made.scan.inputs}
    assert read_by >= {"captures", "cli", "neighbours", "nmap", "radio", "snmp", "tabular"}
    content = made.to_json().encode()
    back = read_scan(content).scan
    assert scan_text(back).encode() == content
    for one, again in zip(made.scan.inputs, back.inputs, strict=True):
        assert input_value(one) == input_value(again)
    replay = replay_scan(content, "scan.json", [EXPORTS, tmp_path])
    assert (replay.outcome, replay.what) == (Outcome.SAME, ())


def _not_known(folder: Path) -> bytes:
    """Scan with a questionnaire of which two questions were answered as not known."""
    from proscribe.app.rules.scan_decide import Ready

    answers = write_xlsx(
        folder / "answers.xlsx",
        [
            ("When was the contract awarded?", "unknown", "contract.awarded_on", "company"),
            ("Where is the company?", "US", "party.jurisdiction", "company"),
            ("What is done?", "use", "act.kind", "company"),
            ("Who looks at these pictures?", "not known", "item.purpose", "site:Mill Lane"),
        ],
        ("Question", "Answer", "Fact", "Applies to"),
    )
    made = scan([folder / "cameras.csv"], as_of="2026-11-25", known_as_of="2026-11-25").scan
    return scan_text(Ready.of([answers]).decide(made)).encode()


def test_what_people_could_not_say_comes_out_again(folder: Path) -> None:
    content = _not_known(folder)
    asked = [one["fact"] for one in json.loads(content)["decided"]["not_known"]]
    assert asked == ["contract.awarded_on", "item.purpose"]
    replay = _again(content, folder)
    assert (replay.outcome, replay.what) == (Outcome.SAME, ())


@pytest.mark.parametrize("change", [{"fact": "contract.worth"}, {"applies_to": "planet:Mars"}])
def test_what_nobody_can_be_asked_is_not_said_to_be_unknown(folder: Path, change: dict[str, str]) -> None:
    content = forged(
        json.loads(_not_known(folder)), lambda value: value["decided"]["not_known"][0].update(change)
    )
    assert _again(content, folder).outcome is Outcome.DIFFERENT
