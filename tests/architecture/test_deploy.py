"""What the service of a team is told holds where the system is at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    unit = shutil.copy(DEPLOY / "proscribe.service", tmp_path)
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_neither_image_nor_unit_runs_as_root_and_both_write_to_one_place_alone() -> None:
    """The image is started with a root that is read only, as docs/team.md has it: what it writes lies in its volume."""
    image = (DEPLOY.parent / "Containerfile").read_text(encoding="utf-8")
    last = image.rpartition("FROM ")[2]
    user = re.search(r"^USER (\d+):(\d+)$", last, re.MULTILINE)
    assert user is not None and "0" not in user.groups()
    assert re.findall(r"^VOLUME (\S+)$", last, re.MULTILINE) == ["/data"]
    told = dict(re.findall(r"\b([A-Z_]+)=(\S+)", last))
    written = ("HOME", "XDG_CACHE_HOME", "PROSCRIBE_STORE", "PROSCRIBE_FILES")
    assert all(told[name].startswith("/data") for name in written) and told["PYTHONDONTWRITEBYTECODE"] == "1"
    assert "podman run --read-only --tmpfs /tmp" in (DEPLOY.parent / "docs/team.md").read_text(
        encoding="utf-8"
    )
    unit = (DEPLOY / "proscribe.service").read_text(encoding="utf-8").splitlines()
    assert {
        "DynamicUser=yes",
        "ProtectSystem=strict",
        "StateDirectory=proscribe",
        "NoNewPrivileges=yes",
    } <= set(unit)
    assert not [line for line in unit if line.startswith(("User=", "ReadWritePaths="))]


def test_the_demo_ends_with_how_to_open_it_in_a_browser() -> None:
    makefile = (DEPLOY.parent / "Makefile").read_text(encoding="utf-8")
    told = re.search(r"^demo:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert told is not None
    assert "proscribe serve --demo" in told[1].splitlines()[-1]
