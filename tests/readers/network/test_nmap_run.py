"""Exports of one run of nmap name it alike; other runs never do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from proscribe.readers import expand
from proscribe.readers.network._nmap_run import run_of

ARGS = "nmap -sV -oA scan 10.0.0.0/24"
XML = (
    '<?xml version="1.0"?><nmaprun scanner="nmap" args="{args}" start="1795687200" startstr="{begun}" version="7.94" '
    'xmloutputversion="1.05"><host starttime="1795687201"><status state="up"/><address addr="10.0.0.5" addrtype="ipv4"/><ports>'
    '<port protocol="tcp" portid="80"><state state="open"/><service name="http"/></port></ports></host><runstats>'
    '<finished time="1795687262" summary="Nmap done at Thu Nov 26 10:01:02 2026; 256 IP addresses ({up} hosts up) scanned in '
    '{took} seconds" elapsed="{took}"/><hosts up="{up}" down="1" total="256"/></runstats></nmaprun>'
)
END = (
    "# Nmap done at Thu Nov 26 10:01:02 2026 -- 256 IP addresses ({up} hosts up) scanned in {took} seconds\n"
)
GREPPABLE = (
    "# Nmap 7.94 scan initiated {begun} as: {args}\nHost: 10.0.0.5 ()\tStatus: Up\nHost: 10.0.0.5 ()\tPorts: 80/open/tcp//http///\n"
    + END
)
NORMAL = (
    "# Nmap 7.94 scan initiated {begun} as: {args}\nNmap scan report for 10.0.0.5\nHost is up.\nPORT   STATE SERVICE\n80/tcp open  http\n\n"
    + END
)
FORMS = {"xml": XML, "greppable": GREPPABLE, "normal": NORMAL}
USUAL = {"begun": "Thu Nov 26 10:00:00 2026", "args": ARGS, "up": 3, "took": "62.00"}


def run(tmp_path: Path, form: str, **more: Any) -> str:
    path = tmp_path / form
    path.write_text(FORMS[form].format(**{**USUAL, **more}))
    return run_of(expand([path]).sources[0])


def test_every_export_names_the_run_alike(read: Any, tmp_path: Path) -> None:
    named = {run(tmp_path, form) for form in FORMS}
    assert len(named) == 1 and "" not in named
    for form, text in FORMS.items():
        assert [row["scan_run"] for row in read(text.format(**USUAL)).rows[0]] == [*named], form


@pytest.mark.parametrize(
    "change", [{"begun": "Thu Nov 26 10:00:01 2026"}, {"args": ARGS + " -Pn"}, {"up": 4}, {"took": "62.01"}]
)
def test_another_run_has_another_name(tmp_path: Path, change: dict[str, Any]) -> None:
    assert run(tmp_path, "normal", **change) != run(tmp_path, "xml")


def test_a_scan_that_was_not_finished_has_no_name(tmp_path: Path) -> None:
    path = tmp_path / "cut"
    path.write_text(NORMAL.format(**USUAL).partition("# Nmap done")[0])
    assert run_of(expand([path]).sources[0]) == ""
    path.write_bytes(b"\x00\x01" * 500)
    assert run_of(expand([path]).sources[0]) == ""
