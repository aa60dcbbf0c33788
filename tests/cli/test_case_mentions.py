"""Mentions of a case from the command line: listed with their rows, taken for equipment with a reason, bad input named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click.testing
import pytest

from proscribe.cli.main import cli

ROWS = (
    "Asset,Description,Room\n"
    "A1,Bracket for Hikvision camera,Lobby\n"
    "A2,Hikvision DS-2CD2143G2-I camera,Lobby\n"
    "A3,no Dahua parts in here,Yard\n"
)


class Desk:
    """Runs commands as one clerk, on a store of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str | Path, code: int = 0, by: str = "R. Ito") -> str:
        environment = {
            "PROSCRIBE_STORE": str(self.folder / "c.db"),
            "PROSCRIBE_ZONE": "UTC",
            "PROSCRIBE_USER": by,
        }
        result = click.testing.CliRunner().invoke(cli, [str(word) for word in words], env=environment)
        assert result.exit_code == code, result.output + str(result.exception)
        assert "Traceback" not in result.output
        return result.output

    def json(self, *words: str | Path) -> Any:
        return json.loads(self(*words, "-o", "json"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "assets.csv").write_text(ROWS)
    made = Desk(tmp_path)
    scan = tmp_path / "scan.json"
    made("scan", tmp_path / "assets.csv", "--as-of", "2026-11-25", "--quiet", "-o", f"json={scan}", code=1)
    made("case", "open", "--scan", scan)
    return made


def _key(desk: Desk, entity: str) -> str:
    listed = desk.json("case", "mentions", "C-0001")["mentions"]
    (key,) = [one["key"] for one in listed if one["mention"]["entity"] == entity]
    return str(key)


def test_mentions_are_listed_with_place_and_row(desk: Desk) -> None:
    said = desk("case", "mentions", "C-0001")
    assert "assets.csv, row 2" in said and "Description: Bracket for Hikvision camera" in said
    assert "Room: Yard" in said and "2 mentions." in said and "case mention C-0001 KEY" in said
    for one in desk.json("case", "mentions", "C-0001")["mentions"]:
        assert one["key"].startswith("m_") and not one["taken"] and one["finding_id"] is None


def test_a_mention_is_taken_for_equipment_and_judged_like_any_other(desk: Desk) -> None:
    key = _key(desk, "hikvision")
    before = len(desk.json("case", "show", "C-0001")["support"])
    said = desk("case", "mention", "C-0001", key, "--reason", "the box holds the camera")
    assert f"{key} is the finding f_" in said
    assert len(desk.json("case", "show", "C-0001")["support"]) == before + 1
    assert key not in desk("case", "mentions", "C-0001")
    assert "taken for equipment as f_" in desk("case", "mentions", "C-0001", "--all")
    (taken,) = [one for one in desk.json("case", "mentions", "C-0001", "--all")["mentions"] if one["taken"]]
    desk("case", "judge", "C-0001", taken["finding_id"], "unsure", "--reason", "opened the box")
    assert "Sound" in desk("case", "verify")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("C-0001", "m_0000000000000000", "--reason", "r"), "E439"),
        (("C-0001", "nonsense", "--reason", "r"), "E439"),
        (("C-0009", "m_0000000000000000", "--reason", "r"), "E423"),
        (("C-0001", "{key}", "--reason", "  "), "E438"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_taken(desk: Desk, words: tuple[str, ...], code: str) -> None:
    key = _key(desk, "dahua")
    said = desk("case", "mention", *(word.format(key=key) for word in words), code=2)
    assert code in said
    assert not [one for one in desk.json("case", "mentions", "C-0001", "--all")["mentions"] if one["taken"]]


def test_a_mention_is_taken_once_and_never_without_a_reason(desk: Desk) -> None:
    key = _key(desk, "dahua")
    assert "--reason" in desk("case", "mention", "C-0001", key, code=2)
    desk("case", "mention", "C-0001", key, "--reason", "they are in the rack")
    assert "E424" in desk("case", "mention", "C-0001", key, "--reason", "again", code=2)
    assert "E423" in desk("case", "mentions", "C-0009", code=2)
