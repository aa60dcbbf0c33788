"""Where each nation stood on a day, and what changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, entered, workbench

from proscribe.app.rules.law import law_of
from proscribe.web.pages.world import FIRST, LAST
from proscribe.wording.nations import nation_words


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito") as made:
        yield entered(*made)


def test_a_day_has_its_stances_and_a_timeline_with_attributes_alone(browser: Browser) -> None:
    page = browser.get("/world?on=2020-08-13&since=2020-07-10")
    assert page.status == 200
    row = re.search(
        r'<th scope="row">United Kingdom \(GB\)</th><td data-head="Stance">([^<]+)</td>', page.text
    )
    assert row is not None and row[1] == "phase out"
    assert "the stance went from restrict to phase out" in page.text
    assert "<svg" in page.text and "style=" not in page.text and "The same as a table" in page.text
    assert "was not looked at" in page.text


def test_every_nation_of_the_table_stands_on_the_map_and_is_told_without_its_colour(browser: Browser) -> None:
    page = browser.get("/world?on=2026-11-25")
    for one in law_of().stances(date(2026, 11, 25)):
        said = f"<title>{nation_words(one.jurisdiction)}: {one.stance.replace('_', ' ')}</title>"
        assert said in page.text and f">{one.jurisdiction}</text>" in page.text, one.jurisdiction
    used = set(re.findall(r'fill="url\(#([^)]+)\)"', page.text))
    assert used and used <= set(re.findall(r'<pattern id="([^"]+)"', page.text))
    assert "where they are disputed the map says nothing" in page.text


def test_nations_stand_by_name_with_links_and_changes_in_words(browser: Browser) -> None:
    page = browser.get("/world?on=2026-11-25&since=2025-11-01")
    table = page.text.partition("Where each nation stands on")[2].partition("</table>")[0]
    names = re.findall(r'<th scope="row">([^<]+)</th>', table)
    assert len(names) > 20 and names == sorted(names)
    addresses = re.findall(r'<a href="(/why\?q=[^"]+)">', table)
    assert len(addresses) > 20
    assert "Citations:" in browser.get(addresses[0]).text
    changed = page.text.partition('<h2 id="changed">')[2]
    assert "United States of America (US): " in changed or "United States (US): " in changed
    assert "rule “" in changed and not re.search(r"rule [a-z]{2}-[a-z0-9-]+/", changed)


def test_days_that_are_none_are_said(browser: Browser) -> None:
    assert browser.get("/world?on=%3Cscript%3E").status == 422
    order = browser.get("/world?on=2020-01-01&since=2021-01-01")
    assert order.status == 200 and "E404" in order.text


def test_spans_say_of_every_day_what_the_law_says_of_it() -> None:
    book = law_of()
    spans = book.spans(FIRST, LAST)
    for name, made in spans.items():
        assert made[0][1] == FIRST and made[-1][2] == LAST
        for (before, _, end), (after, start, _) in pairwise(made):
            assert start == end + timedelta(days=1) and before != after
        for stance, start, end in made:
            for day in (start, end, start + (end - start) / 2):
                assert book.stances(day, name)[0].stance == stance, (name, day)
    assert date(2026, 11, 25) < LAST
