"""YAML that holds things, and YAML that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import proscribe
from proscribe.app.scan.api import scan
from proscribe.readers import yaml_text
from proscribe.readers.yaml_text import documents_of

INVENTORY = """\
# The Hikvision recorder in the cellar is on no list.
sites:
  - name: Lyon
    devices:
      - {asset: A-1, make: Dahua, model: IPC-HDW2431T}  # bought from ZTE
      - asset: A-2
        make: Axis
        model: P3245-V
        note: "no # comment"
  - name: Oslo
    devices:
      - asset: 0012
        make: Huawei
        make: Hytera
        model: S5735-L24P4S-A1
"""


def test_things_are_records_with_their_site_and_comments_are_read(read: Any) -> None:
    found = read(INVENTORY)
    assert found.reader == "yaml"
    assert [(row["site"], row["devices.asset"], row["devices.make"]) for row in found.rows[0]] == [
        ("Lyon", "A-1", "Dahua"), ("Lyon", "A-2", "Axis"), ("Oslo", "0012", "Huawei"),
    ]  # fmt: skip
    assert found.rows[0][2]["devices.make_2"] == "Hytera"
    assert [row["comment"] for row in found.rows[1]] == [
        "The Hikvision recorder in the cellar is on no list.", "bought from ZTE",
    ]  # fmt: skip


@pytest.mark.parametrize("merged", ["*a", "{<<: *a, tag: A4}"])
def test_things_in_braces_with_anchors_are_records_and_so_is_what_stands_for_them(
    tmp_path: Path, merged: str
) -> None:
    path = tmp_path / "cameras.yml"
    path.write_text(
        f"- &a {{tag: A1, manufacturer: Hikvision, model: DS-2CD2143G2-I}}\n- {{tag: A2, manufacturer: Axis}}\n- {merged}\n"
    )
    assert [one.band.value for one in scan([path]).findings] == ["confirmed", "confirmed"]


def test_a_map_of_things_and_several_documents(read: Any) -> None:
    one = (
        "A-1:\n  make: Dahua\n  model: X1\nA-2:\n  make: Axis\n  model: X2\nA-3:\n  make: ZTE\n  model: X3\n"
    )
    found = read(f"{one}---\n- make: Hytera\n  model: PD785\n")
    assert [row["make"] for rows in found.rows.values() for row in rows] == ["Dahua", "Axis", "ZTE", "Hytera"]


@pytest.mark.parametrize(
    "text",
    [
        "server:\n  listen: 80\n  name: web\nlogging:\n  level: info\n",
        "Device: cam-1\n  Manufacturer: Hikvision\n  Model: DS-2CD2143G2-I\n\nDevice: cam-2\n  Manufacturer: Axis\n  Model: P3245\n",
        "- make: Dahua\n  model: [X1\n- make: Axis\n  model: X2\n",
        "Dear all:\n  - the Hikvision camera was moved: to room 2\n  we thank you.\n",
    ],
)
def test_other_texts_are_left_to_other_readers(read: Any, text: str) -> None:
    assert read(text).reader != "yaml"


def test_what_breaks_off_below_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "hosts.yaml"
    path.write_text(
        "".join(f"- asset: A-{n}\n  make: Axis\n  model: P3245-V\n" for n in range(2_500))
        + "- [\nHikvision DS-2CD2143G2-I\n"
    )
    scan = proscribe.scan(path, as_of="2026-11-25")
    assert {one.entity for one in scan.findings} == {"hikvision"}
    assert "E130" in {issue.code for issue in scan.scan.inputs[0].issues} and not scan.complete


def test_a_large_text_is_read_line_by_line_and_says_so(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "_MOST_BYTES", 1_000)
    found = read("".join(f"- asset: A-{n}\n  make: Dahua\n  model: X{n}\n" for n in range(60)))
    assert found.reader == "yaml" and [issue.code for issue in found.issues] == ["E130"]
    assert sum(map(len, found.rows.values())) == 180


def test_aliases_do_not_make_an_endless_text() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert documents_of("\n".join(levels)) is None
    assert documents_of("a: &x {make: Dahua}\nb: *x\n") == [{"a": {"make": "Dahua"}, "b": {"make": "Dahua"}}]


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("all:\n  children:\n    cameras:\n      hosts:\n        cam-1:\n          make: Dahua\n          model: X1\n", ["cam-1"]),
        ("cameras:\n  cam-1: {make: Dahua, model: X1}\nradios:\n  base-1: {make: Hytera, model: X2, qty: 14}\n", ["cam-1", "base-1"]),
        ("a:\n  hosts:\n    x: {make: ZTE, model: 1}\nb:\n  hosts:\n    y: {make: ZTE, model: 1}\nc:\n  hosts:\n    z: {make: ZTE, model: 1}\n", ["x", "y", "z"]),
        ("s1:\n  make: Dahua\n  model: X1\n  ports: [{name: e0}]\ns2:\n  make: Axis\n  model: X1\n  ports: [{name: e0}]\n", ["s1", "s2"]),
    ],
)  # fmt: skip
def test_groups_of_things_are_taken_apart_and_things_are_not(read: Any, text: str, hosts: list[str]) -> None:
    found = read(text)
    assert found.reader == "yaml"
    assert [row["(key)"] for rows in found.rows.values() for row in rows] == hosts


@pytest.mark.parametrize(
    "text",
    [
        "devices:\n  - !Hikvision\n    id: A1\n    model: dome\n  - !Axis\n    id: A2\n    model: bullet\n",
        "cameras:\n  - &Hikvision\n    id: A1\n    model: dome\n  - &Axis\n    id: A2\n    model: bullet\n",
        "%TAG !h! tag:hikvision.com,2020:\n---\ncameras:\n  - !h!dome {id: A1, model: dome}\n  - {id: A2, model: bullet, make: Axis}\n",
        "cameras:\n  - !DS-2CD2143G2-I {id: A1, site: HQ, make: unknown}\n  - !P3245 {id: A2, site: HQ, make: Axis}\n",
        "cameras:\n  - id: A1\n    make: White label   # Hikvision\n  - id: A2\n    make: Hikvisionary\n    model: P1\n",
    ],
)
def test_tags_anchors_and_comments_are_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.yml").write_text(text)
    scan = proscribe.scan(tmp_path / "list.yml", as_of="2026-11-25")
    assert scan.scan.inputs[0].reader == "yaml"
    assert any(one.entity == "hikvision" for one in scan.findings)
