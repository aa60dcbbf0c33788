"""The strongest in force, what is pending, and what changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from proscribe.rules.regimes import load
from proscribe.rules.stance import differences, stance, stances

from .conftest import REGIME


def regime(name: str, **more: Any) -> dict[str, Any]:
    return {f"regimes/{name}/regime": {**REGIME, "regime": name, "title": name, **more}}


LAW = load(
    {
        **regime("xx-ban", dates={"enacted": "2019-01-01"}, in_force=[{"from": "2020-01-01", "to": "2021-01-01"}]),
        **regime("xx-advice", kind="advice", stance="discouraged", dates={}, in_force=[{"from": "2018-06-01", "to": None}]),
        **regime("xx-bill", kind="proposal", dates={"introduced": "2018-01-01"}, in_force=[], ended="2022-01-01", stance="considered"),
        **regime("yy-bill", jurisdiction="YY", kind="proposal", dates={"proposed": "2019-03-01"}, in_force=[], stance="considered"),
        **regime(
            "yy-power", jurisdiction="YY", dates={"published": "2020-03-30"}, in_force=[{"from": "2020-03-31", "to": None}],
            stances=[
                {"stance": "conditional_approval", "from": "2020-03-31", "to": "2023-01-01"},
                {"stance": "ban", "from": "2023-01-01", "to": None, "citation": "Decree 5"},
            ],
        ),
        **regime("zz-shared", jurisdiction="ZZ", kind="definitions", in_force=[]),
    }
)  # fmt: skip


def at(jurisdiction: str, day: str) -> tuple[str, tuple[str, ...]]:
    found = stance(LAW, jurisdiction, date.fromisoformat(day))
    return found.stance, found.pending


def test_the_strongest_in_force_is_the_stance() -> None:
    assert at("XX", "2017-12-31") == ("none", ())
    assert at("XX", "2018-01-01") == ("considered", ("xx-bill",))
    assert at("XX", "2018-06-01") == ("discouraged", ("xx-bill",))
    assert at("XX", "2019-12-31") == ("discouraged", ("xx-ban", "xx-bill"))
    assert at("XX", "2020-01-01") == ("ban", ("xx-bill",))
    assert at("XX", "2020-12-31") == ("ban", ("xx-bill",))
    assert at("XX", "2021-01-01") == ("discouraged", ("xx-bill",))
    assert at("XX", "2022-01-01") == ("discouraged", ())


def test_stances_may_change_by_period_and_a_published_law_is_pending() -> None:
    assert at("YY", "2020-03-30") == ("considered", ("yy-bill", "yy-power"))
    assert at("YY", "2020-03-31") == ("conditional_approval", ("yy-bill",))
    assert at("YY", "2023-01-01") == ("ban", ("yy-bill",))
    held = stance(LAW, "YY", date(2023, 1, 1)).to_json()
    assert held["instruments"] == [
        {
            "regime": "yy-power",
            "stance": "ban",
            "citation": "Decree 5",
            "in_force": {"from": "2023-01-01", "to": None},
        }
    ]


def test_an_unknown_jurisdiction_stands_at_none_and_definitions_are_never_pending() -> None:
    assert at("QQ", "2020-01-01") == ("none", ())
    assert at("ZZ", "2026-01-01") == ("none", ())
    assert [item.jurisdiction for item in stances(LAW, date(2020, 1, 1))] == ["XX", "YY", "ZZ"]


def test_changes_between_two_days_are_said_in_words() -> None:
    lines = differences(LAW, date(2019, 12, 31), date(2021, 1, 1))
    assert "XX: xx-ban (xx-ban) came into force on 2020-01-01." in lines
    assert "XX: xx-ban (xx-ban) was no longer in force from 2021-01-01." in lines
    assert "YY: yy-power (yy-power) was published on 2020-03-30." in lines
    assert any(
        line.startswith("YY: the stance went from considered to conditional_approval") for line in lines
    )
    assert differences(LAW, date(2020, 2, 1), date(2020, 2, 1)) == []
