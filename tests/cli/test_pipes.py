"""What is neither a file nor a folder is refused by name, not waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from proscribe.cli.main import cli

pytestmark = pytest.mark.timeout(60)


@pytest.mark.parametrize(
    "command",
    [
        "scan {good} --decide {pipe}",
        "scan {good} --knowledge {pipe}",
        "scan {good} --knowledge {folder}",
        "scan {good} --config={pipe}",
        "devices {good} --joins {pipe}",
        "explain --scan {pipe} finding",
        "questions {pipe}",
        "decide {pipe}",
        "decide /dev/zero",
        "exposure {folder}",
        "verify {pipe}",
        "kb diff {pipe}",
        "case list --store {pipe}",
    ],
)
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(command: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for place in (tmp_path / "pipe", folder / "facts.yml", folder / "a.json", folder / "me.pub.pem"):
        os.mkfifo(place)
    good = tmp_path / "good.csv"
    good.write_text("Maker,Model\nHikvision,DS-2CD2143G2-I\n")
    words = [word.format(good=good, pipe=tmp_path / "pipe", folder=folder) for word in command.split()]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code in (2, 3, 4)
    assert result.output.startswith("E") or "\nE" in result.output


def test_a_pipe_that_a_shell_made_is_read(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"facts: {}\n")
    os.close(writing)
    result = CliRunner().invoke(cli, ["decide", f"/dev/fd/{reading}"])
    os.close(reading)
    assert "a case needs an id" in result.output, "what stood in the pipe was looked at"
