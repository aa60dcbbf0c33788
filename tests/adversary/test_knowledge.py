"""Attacks on what the program knows: a snapshot without a firm, a signature moved to other knowledge, another's key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rostered
from click.testing import CliRunner
from doctored import members, without
from scan_samples import say_ran_again

import proscribe
from proscribe.app.case.cases import open_cases
from proscribe.app.kb.knowledge_origin import KEYS_VARIABLE, origin_of, signed
from proscribe.app.papers.documents import Making, make_paper
from proscribe.attestations import Signer
from proscribe.cli.main import cli
from proscribe.kb import signature as signatures
from proscribe.kb.members import packed_members
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import KnowledgeError
from proscribe.model.papers import Paper

TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def shipped() -> bytes:
    return open_knowledge().packed()


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return rostered.key(tmp_path, "Pub Lisher")


def sealed(data: bytes, signer: Signer) -> bytes:
    told = Snapshot.from_bytes(data, "x").manifest
    return signed(data, told.version, told.sha256, signer)


def written(tmp_path: Path, data: bytes) -> Path:
    place = tmp_path / "knowledge.zip"
    place.write_bytes(data)
    return place


def paper(
    tmp_path: Path, *knowledge: Path, days: Any = TODAY, people: Sequence[tuple[str, str]] = ()
) -> Paper:
    (tmp_path / "list.csv").write_text("Tag,Manufacturer,Model\nA-1,Axis,P3245-LV\n")
    content = proscribe.scan(tmp_path / "list.csv", as_of=days, knowledge=knowledge).to_json().encode()
    said = tmp_path / "said.yml"
    said.write_text("organisation: {name: Acme Inc}\nanswers: {provide: does not, use: does not}\n")
    with open_cases(tmp_path / "c.db", create=True, knowledge=knowledge) as cases:
        case_id = cases.open_from_scan(content, "s.json", by="B. Lind", title="t", zone="UTC").case.id
        say_ran_again(cases.store, case_id)  # with the knowledge that a scan names: `test_replay.py`
        if people:
            rostered.begun(cases.store, tmp_path, people)
        making = Making("annual-representation", (said,), as_of=days, author="B. Lind", approver="C. Moreau")
        return make_paper(making, knowledge, cases, case_id)


def test_a_doctored_snapshot_of_ones_own_is_told_and_answered_for(tmp_path: Path, shipped: bytes) -> None:
    made = paper(tmp_path, written(tmp_path, without(shipped, "hytera")))
    found = [one for one in made.obstacles if one.code == "own-knowledge"]
    assert len(found) == 2 and "not signed" in found[0].what
    assert any("one's own: not signed" in note for note in made.data["notes"])


def test_the_knowledge_of_an_installation_says_that_it_was_built_here(tmp_path: Path) -> None:
    made = paper(tmp_path)
    assert "own-knowledge" not in {one.code for one in made.obstacles}
    assert any("built here from source" in note and "not signed" in note for note in made.data["notes"])


def test_a_signature_moved_to_other_knowledge_is_refused_on_open(shipped: bytes, signer: Signer) -> None:
    held = members(sealed(shipped, signer))
    other = packed_members(
        {**members(without(shipped, "hytera")), signatures.MEMBER: held[signatures.MEMBER]}
    )
    with pytest.raises(KnowledgeError, match="E202"):
        Snapshot.from_bytes(other, "other")


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"schema": "x/1"}, {"extra": "1"}, {"signature": 7}]
)
def test_a_signature_of_another_shape_is_refused_on_open(
    shipped: bytes, signer: Signer, change: dict[str, Any]
) -> None:
    held = members(sealed(shipped, signer))
    told = {**json.loads(held[signatures.MEMBER]), **change}
    with pytest.raises(KnowledgeError, match="E202"):
        Snapshot.from_bytes(packed_members({**held, signatures.MEMBER: canonical_json(told).encode()}), "x")


def test_a_known_key_named_over_a_signature_of_another_is_refused(
    tmp_path: Path, shipped: bytes, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS_VARIABLE, str(tmp_path / "pub-lisher.pub.pem"))
    forged = without(shipped, "hytera")
    stranger = rostered.key(tmp_path, "Eve Stone")
    told = Snapshot.from_bytes(forged, "x").manifest
    made = signatures.Signature(
        told.version, told.sha256, signer.key_id,
        stranger.sign(signatures.signed_text(told.version, told.sha256)),
    )  # fmt: skip
    place = written(tmp_path, signatures.with_signature(forged, made))
    with pytest.raises(KnowledgeError, match="E202"):
        paper(tmp_path, place)
    ran = CliRunner().invoke(cli, ["kb", "status", "--knowledge", str(place)])
    assert ran.exit_code not in (0, 1) and "E202" in ran.output


def test_a_key_that_somebody_names_is_told_and_vouches_where_it_is_an_approvers(
    tmp_path: Path, shipped: bytes, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = written(tmp_path, sealed(shipped, signer))
    unknown = origin_of(open_knowledge([place]))
    assert unknown.is_own and "neither its publisher's nor named here" in unknown.says
    monkeypatch.setenv(KEYS_VARIABLE, str(tmp_path / "pub-lisher.pub.pem"))
    named = origin_of(open_knowledge([place]))
    assert (named.kind, named.is_own) == ("named", False)
    made = paper(tmp_path, place)
    told = [one for one in made.obstacles if one.code == "own-knowledge"]
    assert told and not any(one.overridable for one in told), "whoever scans names what key they like"
    assert named.says in made.data["notes"]
    people = [("Pub Lisher", "approver"), ("Sam Lind", "analyst")]
    (tmp_path / "c.db").unlink()
    made = paper(tmp_path, place, people=people)
    assert "own-knowledge" not in {one.code for one in made.obstacles} and named.says in made.data["notes"]
    assert open_knowledge([place]).packed() == place.read_bytes(), "a bundle keeps the signature"


def test_a_key_of_the_publisher_vouches(
    tmp_path: Path, shipped: bytes, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = [{"name": "The publisher", "key": signer.public_pem}]
    monkeypatch.setattr("proscribe.app.kb.knowledge_origin.publishers", lambda: pinned)
    found = origin_of(Snapshot.from_bytes(sealed(shipped, signer), "x"))
    assert found.kind == "publisher" and "The publisher" in found.says


def test_a_snapshot_is_built_with_a_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSCRIBE_PASSPHRASE", rostered.PASSPHRASE)
    rostered.key(tmp_path, "Pub Lisher")
    monkeypatch.setenv(KEYS_VARIABLE, str(tmp_path / "pub-lisher.pub.pem"))
    target = tmp_path / "ours.zip"
    tree = str(Path(__file__).parents[2] / "knowledge")
    ran = CliRunner().invoke(
        cli, ["kb", "build", tree, "--key", str(tmp_path / "pub-lisher.key"), "--to", str(target)]
    )
    assert ran.exit_code == 0, ran.output
    assert origin_of(open_knowledge([target])).kind == "named"
    assert Snapshot.open(target).manifest == Snapshot.open().manifest, (
        "with a signature it is the same knowledge"
    )
