"""Attacks on what is not known: a store in which nothing stands says nothing of what is due."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from proscribe.casework.store import Store
from proscribe.cli.main import cli


def test_a_case_that_is_refused_leaves_no_store_behind(tmp_path: Path) -> None:
    place = tmp_path / "new.db"
    about = ["--by", "R. Ito", "--title", "t", "--zone", "UTC", "--store", str(place)]
    refused = CliRunner().invoke(cli, ["case", "open", *about, "--at", "2130-01-01T00:00:00Z"])
    assert refused.exit_code == 2 and "E440" in refused.output
    assert list(tmp_path.iterdir()) == []
    looked = CliRunner().invoke(cli, ["clock", "--store", str(place)])
    assert looked.exit_code == 2 and "E420" in looked.output
    assert CliRunner().invoke(cli, ["case", "open", *about]).exit_code == 0
    refused = CliRunner().invoke(cli, ["case", "open", *about, "--at", "2130-01-01T00:00:00Z"])
    assert refused.exit_code == 2 and place.exists()  # what was there before stays
    said = CliRunner().invoke(cli, ["case", "show", "C-0001", "--store", str(place)])
    assert said.exit_code == 0


def test_a_store_without_cases_does_not_say_that_nothing_is_due(tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.db").close()
    said = CliRunner().invoke(cli, ["clock", "--store", str(tmp_path / "empty.db")])
    assert said.exit_code == 3 and "Nothing is due" not in said.output
    assert "No case stands in this store" in said.output
