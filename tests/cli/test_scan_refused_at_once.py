"""What cannot be written is refused before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from proscribe.cli.main import cli


@pytest.mark.parametrize("target", ["xlsx={}/out.xlsx", "csv={}/out.csv", "csv"])
def test_one_file_for_several_inputs(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("Tag,Maker\nA-1,Axis\n")
    monkeypatch.setattr(
        "proscribe.app.background.job_work.run_job", lambda *_, **__: pytest.fail("it was scanned")
    )
    told = CliRunner().invoke(cli, ["scan", str(tmp_path), "-o", target.format(tmp_path)])
    assert told.exit_code == 2 and "E190" in told.stderr and "there are 2" in told.stderr, told.output
    assert not list(tmp_path.glob("out*"))
