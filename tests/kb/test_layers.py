"""An organisation's own facts lie on top and overwrite nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.kb import Snapshot, open_knowledge
from proscribe.model.errors import KnowledgeError

from .conftest import Tree

OWN = """\
defaults: {recorded_on: 2026-11-25, source: org:src/register, basis: stated, confidence: high}
sources:
  - {id: org:src/register, title: Our register, kind: catalogue}
entities:
  - {id: org:acme, kind: company, name: Acme Security Ltd}
names:
  - {id: org:name/acme, entity: org:acme, text: Acme Security, form: short, strength: strong, examples: [Acme Security cam], near_misses: [Acme Bakery]}
stakes:
  - {id: org:own/acme, owner: dahua, asset: org:acme, relation: sells_units_made_by}
models:
  - {id: org:model/cam, maker: org:acme, what: camera, regex: 'ACM-\\d{4}', anchors: [acm], strength: strong, examples: [ACM-1234], near_misses: [ACME 1]}
suppressions:
  - {entity: dahua, text: DH-PFA130, reason: a bracket, by: R. Ito, at: 2026-11-20, until: 2027-11-20}
  - {finding: f_123, reason: seen, by: R. Ito, at: 2026-11-21}
cleared:
  - {serials: ['4C001', '4C002'], models: [X1], entity: lorex, reason: opened, by: R. Ito, at: 2026-11-20}
"""


def layer(tmp_path: Path, text: str, name: str = "own.yml") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_own_facts_are_rows_like_the_others(tree: Tree, tmp_path: Path) -> None:
    base = Snapshot.open(tree())
    snapshot = base.with_layer(layer(tmp_path, OWN))
    assert [row["id"] for row in snapshot.table("entities")][-1] == "org:acme"
    assert set(snapshot.table("models")[-1]) == set(snapshot.table("models")[0])
    assert len(base.table("entities")) == len(snapshot.table("entities")) - 1, "the base stays as it was"
    assert base.layers == () and base.suppressions == ()
    assert snapshot.layers[0].startswith("own.yml@") and snapshot.manifest == base.manifest


def test_decisions_name_who_why_and_where(tree: Tree, tmp_path: Path) -> None:
    found = Snapshot.open(tree()).with_layer(layer(tmp_path, OWN)).suppressions
    assert found[0] == {
        "kind": "suppression", "entity": "dahua", "text": "DH-PFA130", "reason": "a bracket", "by": "R. Ito",
        "at": "2026-11-20", "until": "2027-11-20", "place": "own.yml:13:5",
    }  # fmt: skip
    assert found[1]["finding"] == "f_123" and "until" not in found[1]
    cleared = [
        (item.get("serial"), item.get("model"), item["entity"]) for item in found if item["kind"] == "cleared"
    ]
    assert cleared == [("4C001", None, "lorex"), ("4C002", None, "lorex"), (None, "X1", "lorex")]


def test_layers_stack_and_folders_are_layers(tree: Tree, tmp_path: Path) -> None:
    layer(tmp_path, OWN, "folder/facts.yml")
    layer(
        tmp_path,
        "suppressions:\n  - {finding: f_9, reason: x, by: y, at: 2026-01-01}\n",
        "folder/proscribe.local.yml",
    )
    layer(tmp_path, "sources:\n  - {id: org:src/b, title: B, kind: maker}\n", "folder/sources/b.yml")
    second = layer(
        tmp_path,
        "listings:\n  - {id: org:listing/a, entity: org:acme, list: org:ours, recorded_on: 2026-11-25, source: org:src/b,"
        " basis: stated, confidence: high}\n",
        "second.yml",
    )
    snapshot = open_knowledge([tree(), tmp_path / "folder", second])
    assert len(snapshot.layers) == 2 and len(snapshot.suppressions) == 6
    assert snapshot.table("listings")[-1]["entity"] == "org:acme"


def test_the_name_of_a_layer_is_the_same_everywhere(tree: Tree, tmp_path: Path) -> None:
    base = Snapshot.open(tree())
    one = base.with_layer(layer(tmp_path, OWN, "x/own.yml")).layers
    assert one == base.with_layer(layer(tmp_path, OWN, "y/own.yml")).layers
    assert one != base.with_layer(layer(tmp_path, OWN.replace("a bracket", "a box"), "z/own.yml")).layers


def test_an_update_never_collides_with_own_ids(tree: Tree, tmp_path: Path) -> None:
    # the same layer over a newer release that brings an entity of the same bare name
    newer = tree(
        {"entities/acme.yml": (tree() / "entities/lorex.yml").read_text().replace("lorex", "acme")}, "newer"
    )
    ids = [row["id"] for row in Snapshot.open(newer).with_layer(layer(tmp_path, OWN)).table("entities")]
    assert "acme" in ids and "org:acme" in ids


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("id: org:acme", "id: acme", "E224", "org:acme"),
        ("id: org:name/acme", "id: name:hikvision/hikvision", "E224", "taken"),
        ("id: org:name/acme", "id: org:acme", "E224", "taken by own.yml:5"),
        ("owner: dahua", "owner: dahau", "E215", "'dahau'"),
        ("ACM-\\d{4}", "(A+)+", "E218", "not safe"),
        ("anchors: [acm]", "anchors: [xyz]", "E219", "no anchor"),
        ("near_misses: [ACME 1]", "near_misses: []", "E217", "near-miss"),
        ("entity: dahua, text", "entity: dahau, text", "E215", "dahau"),
        ("reason: a bracket, ", "", "E225", "'reason' is missing"),
        ("by: R. Ito, at: 2026-11-20, until", "at: 2026-11-20, until", "E225", "'by' is missing"),
        ("at: 2026-11-20, until", "at: 20.11.2026, until", "E225", "'20.11.2026'"),
        ("until: 2027-11-20", "until: 2026-11-19", "E225", "ends before"),
        ("text: DH-PFA130", "txt: DH-PFA130", "E225", "unknown field 'txt'"),
        ("text: DH-PFA130, ", "", "E225", "names no finding"),
        ("finding: f_123, ", "site: Berlin, ", "E225", "names no finding"),
        ("serials: ['4C001', '4C002'], models: [X1], ", "", "E225", "clears nothing"),
        ("serials: ['4C001', '4C002']", "serials: {a: b}", "E225", "not a list of texts"),
        ("suppressions:", "supressions:", "E209", "supressions"),
        ("recorded_on: 2026-11-25, ", "", "E210", "recorded_on"),
    ],
)
def test_faults_are_named_with_their_place(
    tree: Tree, tmp_path: Path, old: str, new: str, code: str, said: str
) -> None:
    assert old in OWN
    path = layer(tmp_path, OWN.replace(old, new, 1))
    with pytest.raises(KnowledgeError) as caught:
        Snapshot.open(tree()).with_layer(path)
    message = str(caught.value)
    assert f": {code} " in message and said in message
    assert "own.yml:" in message


def test_layers_cannot_change_words_or_law(tree: Tree, tmp_path: Path) -> None:
    layer(tmp_path, "accessory: []\n", "folder/context/words.yml")
    with pytest.raises(KnowledgeError, match="cannot carry documents"):
        Snapshot.open(tree()).with_layer(tmp_path / "folder")


def test_a_missing_layer_says_so(tree: Tree, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        Snapshot.open(tree()).with_layer(tmp_path / "none.yml")
    assert caught.value.code == "E201"
