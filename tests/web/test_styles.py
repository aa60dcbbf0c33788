"""The style sheets: how large they are, what they name, and that they fetch nothing."""

from __future__ import annotations

import gzip
import json
import re
import runpy
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = files("proscribe.web").joinpath("static")
SHEETS = ("uswds.css", "workbench.css")


def sheet(name: str) -> str:
    return STATIC.joinpath(name).read_text(encoding="utf-8")


def test_sheets_are_small() -> None:
    packed = sum(len(gzip.compress(sheet(name).encode())) for name in SHEETS)
    assert packed < 25_000
    assert sum(len(place.read_bytes()) for place in STATIC.iterdir()) < 100_000


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_fetches_nothing_and_hides_no_page_that_is_too_wide(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet(name), flags=re.S)
    assert "url(" not in text and "@import" not in text and "@font-face" not in text
    assert "usa-" not in text
    body = [found[1] for found in re.finditer(r"(?:^|\n|,)(?:html|body)[^{]*\{([^}]*)\}", text)]
    assert not [one for one in body if "overflow-x:hidden" in one] or "overflow-x:visible" in sheet(
        "workbench.css"
    )


def test_every_colour_of_a_sheet_has_a_value_for_light_and_for_dark_screens() -> None:
    both = "".join(sheet(name) for name in SHEETS)
    used = set(re.findall(r"var\(--([\w-]+)\)", both))
    light = set(re.findall(r"--([\w-]+):", re.sub(r"@media[^{]*dark\)\{.*", "", both)))
    assert used <= light
    (first, rest) = sheet("uswds.css").split("@media (prefers-color-scheme:dark)", 1)
    names = re.findall(r"--([\w-]+):#", first)
    assert names and names == re.findall(r"--([\w-]+):#", rest.splitlines()[0])
    assert not re.search(r"#[0-9a-f]{3,8}\b", rest.split("\n", 1)[1])


def test_the_sheet_says_from_what_it_was_made() -> None:
    made = runpy.run_path(str(ROOT / "release" / "styles" / "make.py"))
    lock = json.loads((ROOT / "release" / "styles" / "package-lock.json").read_text())["packages"]
    held = lock[made["PACKAGE"]]
    assert sheet("uswds.css").startswith(
        made["HEAD"].format(version=held["version"], integrity=held["integrity"])
    )
    assert [one for one in STATIC.iterdir() if one.name == "LICENSE-USWDS.md"]


def test_what_keeps_a_name_of_its_source_is_left_out() -> None:
    made = runpy.run_path(str(ROOT / "release" / "styles" / "make.py"))
    css = (
        "a,.usa-a{color:#fff}.usa-b{color:#000}@media (x){.usa-c{d:e}}"
        "p:not(.usa-d):is(a,b),q{background:url(x);top:0}@font-face{src:local(y)}"
    )
    assert made["written"](made["pruned"](made["rules"](css))) == (
        "a{color:#fff}\np:is(a,b),q{top:0}\n@font-face{src:local(y)}\n"
    )
    with pytest.raises(SystemExit, match="#123456"):
        made["coloured"]("a{color:#123456}")
