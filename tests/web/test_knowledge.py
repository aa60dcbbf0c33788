"""A correction of the knowledge, proposed as a layer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("uvicorn")

from browsers import HOSTILE, Browser, entered, words, workbench

import proscribe
from proscribe.app.scan.weighing import weighed

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


def test_a_name_is_explained_in_words_with_days_and_sources(browser: Browser) -> None:
    plain = browser.get("/why?q=Lorex").text.split("<details><summary>All of it")[0]
    assert "covered through Dahua" in plain and "To settle:" in plain
    assert "subsidiary of Dahua, <strong>since 2018-02-06, before 2022-11-24</strong>" in plain
    assert "https://www.acquisition.gov/far/52.204-25" in plain and "probable by itself" in plain
    assert " bits" not in plain and "brand:lorex" not in plain and "us-889" not in plain
    gone = browser.get("/why?q=replaced+Hikvision+camera+with+Axis").text
    assert "raises a doubt" in gone and "What speaks against it" in gone
    lens = browser.get("/why?q=wall+bracket+for+Hikvision+camera").text
    assert "is not its equipment" in lens
    assert "This is not a clearance" in browser.get("/why?q=Axis").text
    assert "Says who" not in browser.get("/why?q=E119").text
    assert "&lt;script&gt;" in browser.get("/why?q=" + quote(f"Hikvision {HOSTILE}")).text


def test_names_and_numbers_that_begin_so_are_offered(browser: Browser) -> None:
    half = browser.get("/why?q=hikv").text
    assert (
        "Names and model numbers in the knowledge that begin so" in half
        and 'href="/why?q=Hikvison+NVR"' in half
    )
    assert 'href="/why?q=MF286D"' in browser.get("/why?q=mf286").text
    none = words(browser.get("/why?q=Zvx5"))
    assert "Looked for a word that begins with “Zvx5”, in the names and examples of the knowledge." in none
    assert "This is not a clearance" in none


def test_what_a_piece_comes_to_is_said_in_words() -> None:
    bands = {"confirmed": 14_000, "probable": 7_000, "possible": 2_500}
    pieces = [(14_000, "a"), (9_000, "b"), (9_000, "b"), (2_500, "c"), (2_499, "d"), (0, "e"), (-1, "f")]
    assert list(weighed(pieces, bands)) == [
        "confirmed by itself", "probable by itself", "says the same, and counts once", "possible by itself",
        "too little by itself", "raises a doubt", "speaks against it",
    ]  # fmt: skip


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
