"""A correction of the knowledge, proposed as a layer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from browsers import HOSTILE, Browser, entered, workbench

import proscribe

SAID = {
    "brand": "HarrowView", "verdict": "relabel", "maker": "dahua", "scope": "all cameras", "source": "Letter of the installer",
    "example": "HarrowView dome camera", "near_miss": "Harrow Views Estate Agents",
}  # fmt: skip


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito") as made:
        yield entered(*made)


def test_a_correction_is_a_layer_that_later_scans_can_use(browser: Browser, tmp_path: Path) -> None:
    assert "propose a correction" in browser.get("/why?q=lorex").text
    got = browser.post("/why/correction", list(SAID.items()))
    assert got.headers["content-disposition"].startswith("attachment; ")
    layer, listed = tmp_path / "correction.yml", tmp_path / "list.csv"
    layer.write_text(got.text, encoding="ascii")
    listed.write_text("Item\nHarrowView dome camera\n")
    assert not proscribe.scan([listed], as_of="2026-11-29").findings
    (found,) = proscribe.scan([listed], as_of="2026-11-29", knowledge=[layer]).findings
    assert found.entity == "dahua"


@pytest.mark.parametrize(
    "said",
    [
        {"source": ""},
        {"maker": "nobody"},
        {"verdict": "{{7*7}}"},
        {"near_miss": "HarrowView dome camera"},
        {"brand": "x" * 900},
    ],
)
def test_what_is_no_correction_is_refused_or_harmless(browser: Browser, said: dict[str, str]) -> None:
    browser.get("/why")
    answer = browser.post("/why/correction", list({**SAID, **said}.items()))
    assert answer.status in (200, 422)
    assert (answer.status == 200) == answer.headers.get("content-type", "").startswith(
        "application/octet-stream"
    )


def test_hostile_words_stay_words_of_a_layer(browser: Browser, tmp_path: Path) -> None:
    browser.get("/why")
    hostile = f'{HOSTILE}"]\nrelabels: []\n- {{id: org:relabel/evil}}'
    answer = browser.post(
        "/why/correction",
        [*((name, value) for name, value in SAID.items() if name != "scope"), ("scope", hostile)],
    )
    assert answer.status == 200, answer.text
    assert answer.text.count("\nrelabels: ") == 1 and answer.text.isascii()
