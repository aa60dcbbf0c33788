"""Where no rule of a nation reaches what was found, an answer says why, which were asked, and where the nation stands."""

from __future__ import annotations

import json

import pytest

from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import facts_of
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.model.answers import Answer
from proscribe.model.findings import Band, Locator
from proscribe.model.results import Scan
from proscribe.reports.answer import html_screens, text_lines
from proscribe.reports.scan.determinations import Saying

from .conftest import scan
from .test_scan_decide import a_scan, huawei

ROWS = """Site,Device,Maker,Network
MAD-1,BBU 5900,Huawei,5G
MAD-2,ZXRAN V9200,ZTE,5G
MAD-3,BTS 3900,Huawei,4G
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    path = tmp_path_factory.mktemp("network") / "network.csv"
    path.write_text(ROWS, encoding="utf-8")
    return scan(path).scan


@pytest.fixture(scope="module")
def decider() -> Decider:
    return open_decider()


def answered(decider: Decider, found: Scan, *regimes: str, **facts: object) -> Answer:
    told = {"party.role": "telecom_operator", "act.kind": "keep_in_operation", "network.is_public": True}
    text = json.dumps(
        {
            "as_of": "2026-12-01",
            **({"regimes": list(regimes)} if regimes else {}),
            "facts": {**told, **{k.replace("__", "."): v for k, v in facts.items()}},
        }
    )
    stated = facts_of(text, "facts.yml", decider.law, decider.firms)
    made = decide_findings(found, decider, stated)
    return Saying(made).answer


def first_screen(answer: Answer) -> str:
    return " ".join(html_screens(answer, {})[0].split())


def test_reasons_that_differ_stand_each_with_its_number_of_things(decider: Decider) -> None:
    doubtful = huawei(id="f_3", locator=Locator(3), band=Band.POSSIBLE)
    things = a_scan(huawei(), huawei(id="f_2", locator=Locator(2)), doubtful)
    (said,) = answered(decider, things, party__jurisdiction="ES").said
    assert said.things == 3
    assert said.because.startswith("of 2 things, the decree-law bars no maker by itself")
    assert "; of 1 thing, " in said.because
    assert "High-risk suppliers of 5G" in said.words


def test_the_first_screen_holds_the_reason_and_where_the_nation_stands(decider: Decider, found: Scan) -> None:
    screen = first_screen(answered(decider, found, party__jurisdiction="ES"))
    assert "bars no maker by itself" in screen
    assert "<details" not in screen
    assert "Spain stands at “conditional approval”" in screen
    assert "Asked of its law: High-risk suppliers of 5G" in screen


def test_rules_of_the_nation_that_were_not_asked_are_named(decider: Decider, found: Scan) -> None:
    answer = answered(
        decider, found, "gb-2022-cameras", party__jurisdiction="GB", party__role="private_company"
    )
    (world,) = [text for text in answer.notes if text.startswith("World: ")]
    assert "United Kingdom" in world and "Not asked" in world


def test_where_a_rule_reaches_something_the_stance_of_the_nation_is_no_news(
    decider: Decider, found: Scan
) -> None:
    answer = answered(decider, found, party__jurisdiction="PT", order__period_ends_on="2027-06-30")
    assert not [text for text in answer.notes if text.startswith("World: ")]
    assert "World: " not in " ".join(text_lines(answer, 100))
