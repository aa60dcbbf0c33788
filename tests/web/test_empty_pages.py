"""A page on which nothing stands yet says what would, and a question says once whom to ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import INVENTORY, Browser, entered, opened, sent, words, workbench

from proscribe.web.application import Workbench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito", zone="America/New_York") as (made, browser):
        yield made, browser


def test_empty_pages_say_what_would_stand_there_and_nobody_is_named_twice(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    assert "start such a clock" in words(browser.get("/clocks"))
    assert "what replacing it costs" in words(browser.get(f"{case}/choice"))
    sent(bench, f"{case}/law", [("situation", "carrier")])
    asked = browser.get(f"{case}/law?ask=party.is_under_individual_order")
    assert words(asked).count("Ask counsel. Ask counsel.") == 0 and "Ask counsel." in words(asked)
