"""What a camera is for, as people say it: readings can be taken, and what nobody took stays unknown."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from proscribe.cli.main import cli
from proscribe.kb.snapshot import Snapshot
from proscribe.rules.facts import PURPOSES
from proscribe.rules.purposes import DOCUMENT, OpenUse, Purposes, purposes_of


@pytest.fixture(scope="module")
def purposes() -> Purposes:
    return purposes_of(Snapshot.open().document(DOCUMENT))


def test_every_purpose_and_every_use_has_its_arguments_and_its_source(purposes: Purposes) -> None:
    assert tuple(one.name for one in purposes.purposes) == PURPOSES
    assert {one.id for one in purposes.uses} == {
        "body-temperature", "loss-prevention", "car-park", "school", "hospital", "dormitory", "bank", "office", "warehouse",
        "hotel", "works", "equipment-room",
    }  # fmt: skip
    sources = set(Snapshot.open().columns("sources")["id"])
    for purpose in purposes.purposes:
        assert purpose.argued_for and purpose.argued_against and purpose.source in sources
    for use in purposes.uses:
        assert len(use.readings) > 1 and use.changes
        assert any(one.purposes == ("none",) for one in use.readings), "a narrow reading"
        assert any(one.purposes != ("none",) for one in use.readings), "a wide reading"
        for one in use.readings:
            assert one.source in sources and one.why and set(one.purposes) <= set(PURPOSES)
            assert purposes.reading(one.name) is one
    assert "overly broad" in " ".join(one.argued_against for one in purposes.purposes)


def test_a_use_is_not_known_before_a_reading_is_taken(purposes: Purposes) -> None:
    with pytest.raises(OpenUse, match="does not say") as caught:
        purposes.named(["a car park behind the shop"])
    assert "car-park/narrow" in caught.value.expected
    assert purposes.named(["car-park/narrow"])[0] == ("none",)
    assert purposes.named(["Car-Park/Wide", "government facility security"])[0] == (
        "public_safety", "government_facility_security",
    )  # fmt: skip
    # another purpose beside a reading that sees none is a purpose
    assert purposes.named(["car-park/narrow", "public_safety"])[0] == ("public_safety",)
    assert purposes.named(["sightseeing"])[0] == ("sightseeing",)
    assert purposes.use_in("embankment") is None


@pytest.mark.parametrize(
    ("site", "kinds"),
    [
        ("Parking garage P2", ["car-park"]),
        ("Retail outlet Tampa", ["loss-prevention"]),
        ("Escuela Norte", ["school"]),
        ("Valley clinic", ["hospital"]),
        ("Residence hall B", ["dormitory"]),
        ("First Bank, Elm Street", ["bank"]),
        ("Head office", ["office"]),
        ("Lagerhalle 4", ["warehouse"]),
        ("Hotel Pueblo", ["hotel"]),
        ("Plant floor", ["works"]),
        ("Data closet 3W", ["equipment-room"]),
        ("Hospital car park", ["car-park", "hospital"]),
        # whose name holds a word of one of the purposes is of no such kind
        ("Sheriff's office", []),
        ("Courthouse parking", []),
        ("Ammunition depot", []),
        ("Airport hotel", []),
        # near misses
        ("South Tower reception", []),  # of a hospital, of a hotel
        ("River embankment", []),
        ("Parkway", []),
        ("Workshopping", []),
        ("Officer's mess", []),
        ("Schooner pier", []),
        ("Innsbruck", []),
        ("Shopton", []),
        ("Harbor hostel", []),
    ],
)
def test_the_name_of_a_site_says_what_kind_of_place_it_is(
    purposes: Purposes, site: str, kinds: list[str]
) -> None:
    assert [one.id for one in purposes.kinds_of_site(site)] == kinds


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code in (0, 1), result.output
    return result.output


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("a car park", "undetermined"), ("car-park/wide", "prohibited"), ("car-park/narrow", "not_covered"), ("?", "undetermined")],
)  # fmt: skip
def test_an_answer_of_a_questionnaire_may_name_a_reading(tmp_path: Path, answer: str, outcome: str) -> None:
    (tmp_path / "a.csv").write_text("Asset ID,Manufacturer,Model,Site\nA1,Hikvision,DS-2CD2143G2-I,Lot 4\n")
    (tmp_path / "f.yml").write_text(
        "regimes: [us-889-b]\nfacts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity, item.contains_producer: []}\n"
    )
    scan = ("scan", tmp_path / "a.csv", "--as-of", "2026-11-25", "--quiet", "--decide", tmp_path / "f.yml")
    run(*scan, "-o", f"json={tmp_path / 's.json'}")
    run("questions", tmp_path / "s.json", "-o", f"csv={tmp_path / 'q.csv'}")
    with (tmp_path / "q.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["Fact"] == "item.purpose"
    rows[0]["Answer"] = answer
    with (tmp_path / "q.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    run(*scan, "--answers", tmp_path / "q.csv", "-o", f"json={tmp_path / 's.json'}")
    told = json.loads((tmp_path / "s.json").read_text())
    assert told["findings"][0]["outcome"] == outcome
    assert any("car-park" in note for note in told["decided"]["notes"]) is (answer != "?")


def test_the_readings_are_listed_for_lawyers() -> None:
    assert "car-park/narrow = none" in run("law", "purposes")
    told = json.loads(run("law", "purposes", "-o", "json"))
    assert told["schema"] == "proscribe.law-purposes/1"
    assert {one["name"] for one in told["purposes"]} == set(PURPOSES)


def test_an_inquiry_clears_no_finding(tmp_path: Path) -> None:
    """What was found carries a sign, so that an inquiry says nothing of it, whoever is said to have made it."""
    (tmp_path / "a.csv").write_text("Asset ID,Description,MAC,Site\nA1,unknown device,44:19:b6:01:02:03,HQ\n")
    facts = {
        "regimes": ["us-889-b"],
        "facts": {
            "party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "use", "use.by": "the_entity",
            "inquiry.completed_on": "2026-11-20", "inquiry.covers": ["all"],
        },
    }  # fmt: skip
    scan = ("scan", tmp_path / "a.csv", "--as-of", "2026-11-25", "--quiet", "--decide", tmp_path / "f.json")
    (tmp_path / "f.json").write_text(json.dumps(facts))
    run(*scan, "-o", f"json={tmp_path / 's.json'}")
    (found,) = json.loads((tmp_path / "s.json").read_text())["findings"]
    facts["findings"] = {found["id"]: {"item.producer": "other", "item.kind": "telecommunications_equipment"}}
    (tmp_path / "f.json").write_text(json.dumps(facts))
    run(*scan, "-o", f"json={tmp_path / 's.json'}")
    (found,) = json.loads((tmp_path / "s.json").read_text())["findings"]
    assert found["outcome"] == "undetermined"


def test_facts_may_name_a_reading_and_the_questionnaire_carries_it_back(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Asset ID,Manufacturer,Model,Site\nA1,Hikvision,DS-2CD2143G2-I,Lot 4\n")
    (tmp_path / "f.yml").write_text(
        "regimes: [us-889-b]\nfacts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity}\n"
        "sites: {Lot 4: {item.purpose: [car-park/narrow]}}\n"
    )
    scan = (
        "scan",
        tmp_path / "a.csv",
        "--as-of",
        "2026-11-25",
        "--quiet",
        "-o",
        f"json={tmp_path / 's.json'}",
    )
    run(*scan, "--decide", tmp_path / "f.yml")
    told = json.loads((tmp_path / "s.json").read_text())
    assert any("rests on the reading car-park/narrow" in note for note in told["decided"]["notes"])
    run("questions", tmp_path / "s.json", "-o", f"csv={tmp_path / 'q.csv'}")
    assert "car-park/narrow" in (tmp_path / "q.csv").read_text(encoding="utf-8-sig")
    # fed back alone, the reading is still named
    run(*scan, "--decide", tmp_path / "q.csv")
    again = json.loads((tmp_path / "s.json").read_text())
    assert again["findings"][0]["outcome"] == told["findings"][0]["outcome"]
    assert any("rests on the reading car-park/narrow" in note for note in again["decided"]["notes"])


def test_bodies_and_places_in_an_answer_name_purposes_and_never_none(purposes: Purposes) -> None:
    assert purposes.in_words("the police and our guards") == ("public_safety",)
    assert purposes.in_words("gate of a federal building") == ("government_facility_security",)
    assert purposes.in_words("the car park of the police") == (), (
        "a use that is open is not settled by a word beside it"
    )
    for one in purposes.purposes:
        assert bool(one.words) is (one.name != "none")
