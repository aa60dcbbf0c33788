"""What the check of a bundle shows of it, each line with how it was checked: of a paper, a case, and of what was changed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import signed_documents
from signed_documents import World

from proscribe.app.proofs.shown import Line
from proscribe.app.proofs.verifying import HEADLINES, examine
from proscribe.attestations import pack, unpack


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = signed_documents.begun(tmp_path_factory.mktemp("world"))
    made.sign()
    with made.cases() as cases:
        cases.export("C-0001", made.folder / "case.zip")
    return made


def shown(bundle: Path | bytes, **more: object) -> dict[str, Line]:
    return {one.label: one for one in examine(bundle, **more).lines}  # type: ignore[arg-type]


def test_a_paper_says_what_it_is_whose_and_who_stands_behind_it(world: World) -> None:
    told = shown(world.folder / "signed.zip", keys=[world.public("A. Osei")])
    assert told["Paper"].value.startswith("Annual representation") and told["Paper"].result == "ok"
    assert told["Firm"].value == "Harbour Systems LLC" and told["Firm"].result == "not_checked"
    assert "represents that it does not provide" in told["States"].value
    assert "to be approved" not in told["State"].value and told["State"].value.startswith(
        "Nothing stands against"
    )
    for label, name, person in (
        ("Prepared by", "Sam Lind", "P1"), ("Approved by", "Kim Berg", "P2"), ("Signed by", "A. Osei, as President", "P4"),
    ):  # fmt: skip
        assert told[label].value == name and told[label].result == "ok", told[label]
        assert told[label].how.startswith(f"Proved by a key of the roster: {person}, ")
    key = told["Fingerprint of the key"]
    assert key.value == world.key("A. Osei").key_id and key.result == "ok"
    assert told["Made at"].value == signed_documents.AT.isoformat()
    assert told["Signed at"].result == "not_checked" and "No time is proven" in told["Signed at"].how
    assert "2026.11" in told["Knowledge"].value and "SHA-256" in told["Knowledge"].value
    assert told["Not checked by the paper itself"].value


def test_a_paper_that_has_ended_says_so_first(world: World) -> None:
    signed, trusted = world.folder / "signed.zip", [world.public("A. Osei")]
    last = date.fromisoformat(shown(signed, keys=trusted)["Speaks until"].value)
    still = examine(signed, keys=trusted, today=last)
    assert "spoke until" not in still.headline
    assert {one.label: one.result for one in still.lines}["Speaks until"] == "not_checked"
    ended = examine(signed, keys=trusted, today=last + timedelta(days=1))
    assert ended.headline.startswith("VALID") and f"It spoke until {last}" in ended.headline
    assert ended.to_json()["headline"] == ended.headline
    assert {one.label: one.result for one in ended.lines}["Speaks until"] == "failed"
    content = unpack(signed.read_bytes())
    files = dict(content.files) | {next(one for one in content.files if one.endswith(".md")): b"changed"}
    changed = pack(files, content.envelope, content.keys, content.timestamps, content.countersignatures)
    assert examine(changed, keys=trusted, today=last).headline == HEADLINES["invalid"]
    of_case = {
        one.label: one for one in examine(world.folder / "case.zip", today=last + timedelta(days=1)).lines
    }
    assert of_case["DOC1 speaks until"].result == "failed"


def test_without_a_roster_a_name_is_a_name(world: World) -> None:
    content = unpack((world.folder / "signed.zip").read_bytes())
    files = {name: data for name, data in content.files.items() if name != "people.jsonl"}
    told = shown(pack(files, content.envelope, content.keys, content.timestamps, content.countersignatures))
    assert {told[name].result for name in ("Prepared by", "Approved by", "Signed by")} <= {
        "not_checked",
        "failed",
    }


def test_a_paper_that_was_changed_shows_no_line_of_it_as_checked(world: World) -> None:
    content = unpack((world.folder / "signed.zip").read_bytes())
    data = json.loads(content.files["document.json"])
    data["organisation"]["name"] = "Another Firm Inc"
    files = {**content.files, "document.json": json.dumps(data).encode()}
    told = shown(pack(files, content.envelope, content.keys, content.timestamps, content.countersignatures))
    assert all(told[name].result == "failed" for name in ("Paper", "Firm", "States") if name in told)
    assert told["Signed by"].value == "A. Osei, as President"  # the statement is as it was signed


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", b'{"type": 7}', b'{"people": {"author": []}, "body": 3}', b"\xff", b"null"]
)
def test_data_of_any_shape_is_shown_as_none(world: World, data: bytes) -> None:
    content = unpack((world.folder / "signed.zip").read_bytes())
    files = {**content.files, "document.json": data}
    told = shown(pack(files, content.envelope, content.keys, content.timestamps, content.countersignatures))
    assert told["Paper"].result == "failed" and "Firm" not in told


def test_a_case_says_what_it_holds_and_who_judged_and_signed(world: World) -> None:
    told = shown(world.folder / "case.zip")
    assert told["Case"].value.startswith("C-0001 “Yearly”") and told["Case"].result == "ok"
    assert told["Holds"].value.startswith("1 scan, ")
    document = told["Document DOC1"]
    assert "approved by Kim Berg" in document.value and "signed by A. Osei" in document.value
    assert document.result == "ok" and "Proved by a key of the roster" in document.how
    assert told["Signed by"].value == "nobody"  # the case itself
    assert "2026.11" in told["Knowledge"].value
