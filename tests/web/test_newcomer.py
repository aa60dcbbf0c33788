"""The made-up company with which somebody begins who has nothing at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

from click.testing import CliRunner

from proscribe.app.case.cases import open_cases
from proscribe.cli.main import cli


def test_a_demo_starts_with_the_files_of_the_company(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from proscribe.web import server

    held: list[Any] = []

    def run(settings: Any, **_more: Any) -> None:
        with open_cases(settings.place) as cases:
            from proscribe.app.background.uploads import uploads

            held.append((settings, uploads(cases.store)))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(server, "serve", run)
    done = CliRunner().invoke(cli, ["serve", "--demo", "--no-browser"])
    assert done.exit_code == 0, done.output
    ((settings, (upload,)),) = held
    assert len(upload.files) == 13 and settings.person
    assert not Path(settings.place).exists() and not list(tmp_path.iterdir())
    both = CliRunner().invoke(cli, ["serve", "--demo", "--team", "x.toml"])
    assert both.exit_code == 2 and "leave --team out" in both.output
