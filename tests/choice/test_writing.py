"""What the commands of a choice write, and what they never write over."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from money import CONTRACT, folder_of

from proscribe.cli.main import cli

COMMANDS = {
    "exposure": ["exposure", "of"],
    "plan": ["plan", "phase-out", "--from", "2027-01"],
    "matrix": ["matrix", "--years", "2026"],
}


@pytest.fixture
def folder(tmp_path: Path, scan: tuple[Path, dict[str, str]]) -> Path:
    path, found = scan
    assets = [
        {"Finding": found["E1"], "Item": "camera", "Quantity": "1", "Unit cost": "100", "Currency": "USD"}
    ]
    return folder_of(tmp_path / "money", path, assets=assets, contracts=[CONTRACT])


def run(folder: Path, command: str, *outputs: str) -> tuple[int, str]:
    done = CliRunner().invoke(
        cli, [*COMMANDS[command], str(folder), "--decide", str(folder / "facts.yml"), *outputs]
    )
    return done.exit_code, done.output


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["assets.csv", "contracts.csv", "scan.json", "facts.yml"])
def test_nothing_is_written_over_what_it_was_made_from(folder: Path, command: str, name: str) -> None:
    if command == "plan":
        pytest.importorskip("highspy")
    before = (folder / name).read_bytes()
    code, said = run(folder, command, "-o", f"json={folder / name}")
    assert code == 2 and "E191" in said
    assert (folder / name).read_bytes() == before


@pytest.mark.parametrize("command", ["exposure", "plan"])
def test_a_workbook_for_the_terminal_is_refused_before_any_work(folder: Path, command: str) -> None:
    code, said = run(folder / "nowhere", command, "-o", "xlsx")
    assert code == 2 and "E193" in said and "-o xlsx=FILE" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_an_answer_of_each_command_reaches_its_file(folder: Path, tmp_path: Path, command: str) -> None:
    if command == "plan":
        pytest.importorskip("highspy")
    target = tmp_path / "answer.html"
    _, said = run(folder, command, "-o", f"html={target}")
    assert f"Written: {target}" in said.replace("\n", "")
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
