"""`proscribe devices` as a user meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Run

COMPANY = Path(__file__).parents[2] / "examples" / "company"
DAY = ("--as-of", "2026-11-25")
INVENTORY = "Asset tag,Manufacturer,Model,Serial number,MAC address\nHR-1,Dahua,IPC-HDW2849T-S-IL,SN4455667,3c:ef:8c:62:11:0e\n"
ARP = "IP address,MAC address,Last seen\n10.0.0.5,3c:ef:8c:62:11:0e,2026-11-18\n"
CLEAN = (
    "Asset tag,Manufacturer,Model,Serial number,MAC address\nHR-9,Axis,P3245-LV,SN9955667,ac:cc:8e:12:34:56\n"
)


@pytest.fixture
def site(write: Callable[..., Path]) -> tuple[Path, Path]:
    return write("inventory.csv", INVENTORY), write("arp.csv", ARP)


def test_json_table_html_and_csv_in_one_call(run: Run, site: tuple[Path, Path], tmp_path: Path) -> None:
    targets = {name: tmp_path / f"out.{name}" for name in ("html", "csv", "table")}
    words = [word for name, path in targets.items() for word in ("-o", f"{name}={path}")]
    answer = run("devices", *site, *DAY, "--no-progress", "-o", "json", *words)
    assert answer.code == 1
    value = answer.json()
    assert value["schema"] == "proscribe.devices/1" and len(value["devices"]) == 1
    assert all(path.stat().st_size > 300 for path in targets.values())
    assert "Written:" in answer.err


def test_exit_codes(run: Run, write: Callable[..., Path], site: tuple[Path, Path]) -> None:
    assert run("devices", *site, *DAY, "--quiet").code == 1
    assert run("devices", *site, *DAY, "--quiet", "--fail-on", "none").code == 0
    assert run("devices", write("clean.csv", CLEAN), *DAY, "--quiet").code == 0
    assert run("devices", "nowhere.csv", *DAY, "--quiet").code == 3
    unknown = run("devices", *site, *DAY, "-o", "xml")
    assert unknown.code == 2 and "E152" in unknown.err
    vendors = write("vendors.csv", "Vendor no.,Name 1\n7,Hangzhou Hikvision Digital Technology\n")
    assert run("devices", vendors, *DAY, "--quiet").code == 1, "a finding outside devices counts too"


def test_a_join_is_taken_back_by_its_id(run: Run, site: tuple[Path, Path]) -> None:
    value = run("devices", *site, *DAY, "--quiet", "-o", "json").json()
    (join,) = value["devices"][0]["joins"]
    without = run("devices", *site, *DAY, "--quiet", "-o", "json", "--without-join", join["id"]).json()
    assert len(without["devices"]) == 2
    assert [(one["id"], one["state"]) for one in without["open_joins"]] == [(join["id"], "undone")]
    wrong = run("devices", *site, *DAY, "--quiet", "--without-join", join["id"][:-1] + "z")
    assert wrong.code == 2 and "E142" in wrong.err and join["id"] in wrong.err


def test_decisions_of_people(run: Run, site: tuple[Path, Path], write: Callable[..., Path]) -> None:
    decisions = write(
        "joins.yml",
        "joins:\n  - decision: different\n    keys: ['mac:3c:ef:8c:62:11:0e', 'ip:10.0.0.5']\n    by: A. Person\n"
        "    at: 2026-11-20\n    reason: moved\n  - decision: same\n    join: j_0123456789abcdef0123\n    by: A. Person\n"
        "    at: 2026-11-20\n    reason: plate read\n",
    )
    answer = run("devices", *site, *DAY, "--quiet", "-o", "json", "--joins", decisions)
    value = answer.json()
    assert any("j_0123456789abcdef0123" in note for note in value["notes"]), (
        "a decision that meets nothing is said"
    )
    bad = run("devices", *site, *DAY, "--joins", write("bad.yml", "joins: 1\n"))
    assert bad.code == 2 and "E141" in bad.err


def test_standard_input_and_unreadable_parts(run: Run) -> None:
    answer = run(
        "devices", "-", *DAY, "--quiet", "-o", "json", stdin=INVENTORY.encode() + b"HR-2,\xff\xfe,X,,\n"
    )
    assert len(answer.json()["devices"]) == 2


def test_the_example_company_in_the_table(run: Run) -> None:
    answer = run("devices", COMPANY, *DAY, "--no-progress")
    assert answer.code == 1
    for word in (
        "CONTRADICTIONS (2)",
        "HR-2601",
        "Sentryline",
        "Hi3518EV300",
        "BLIND SPOTS",
        "PO-2023-0214/1",
    ):
        assert word in answer.out
    assert "HR-5001" not in answer.out
    assert "HR-5001" in run("devices", COMPANY, *DAY, "--no-progress", "--all").out


@pytest.mark.parametrize("code", ["E141", "E142", "E143"])
def test_every_code_has_its_page(run: Run, code: str) -> None:
    assert run("explain", code).code == 0
