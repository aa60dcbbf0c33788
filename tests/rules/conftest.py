"""A small law of its own, so that these tests do not move with the shipped rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from proscribe.app.rules.decide import Decider
from proscribe.kb.snapshot import Snapshot
from proscribe.kb.strictyaml import parse
from proscribe.model.decisions import Case
from proscribe.model.law import Law
from proscribe.rules.facts import typed
from proscribe.rules.regimes import load


@dataclass(frozen=True)
class Tie:
    certainty: str
    path: tuple[str, ...] = ()
    last_day: date | None = None


class Entities:
    """Knowledge with one firm `huawei`, its subsidiary until 2022-11-23 `lorex`, doubtful `maybe`, and a stranger."""

    def __init__(self) -> None:
        self.known = {
            "huawei",
            "zte",
            "hikvision",
            "lorex",
            "maybe",
            "pending-sale",
            "acme",
            "always",
            "relabeller",
        }

    def knows(self, entity: str) -> bool:
        return entity in self.known

    def tie(self, entity: str, firms: frozenset[str], on: date) -> Tie:
        if entity == "always":
            return Tie("certain", (entity, "huawei"))
        if entity == "lorex":
            if on < date(2018, 2, 6):
                return Tie("none")
            held = on < date(2022, 11, 24)
            return (
                Tie("certain", (entity, "huawei")) if held else Tie("former", (entity,), date(2022, 11, 23))
            )
        if entity == "maybe":
            return Tie("weak", (entity, "huawei"))
        if entity == "pending-sale":
            return Tie("unsettled", (entity, "huawei"))
        return Tie("certain", (entity,)) if entity in firms else Tie("none")

    def held_over(self, entity: str, firms: frozenset[str], on: date, percent: int) -> tuple[str, ...]:
        """`maybe` is held by `huawei` to 30 per cent."""
        return (entity, "huawei") if entity == "maybe" and "huawei" in firms and percent < 30 else ()

    def maker_for(self, entity: str, firms: frozenset[str], days: Sequence[date]) -> str | None:
        """`relabeller` sold units of `huawei` in 2023 only."""
        sold = not days or any(day.year == 2023 for day in days)
        return "huawei" if entity == "relabeller" and "huawei" in firms and sold else None

    def names_any(self, name: str, on: date) -> bool:
        return name == "a-list"

    def lists_of(self, entity: str, on: date) -> frozenset[str]:
        return frozenset({"a-list"}) if entity in ("huawei", "lorex") else frozenset()

    def jurisdiction_of(self, entity: str) -> str | None:
        return {"huawei": "CN", "acme": "US"}.get(entity)


@pytest.fixture(scope="session")
def entities() -> Entities:
    return Entities()


REGIME = {
    "regime": "xx-ban",
    "title": "A ban",
    "jurisdiction": "XX",
    "kind": "prohibition",
    "citations": ["Act 1 §1"],
    "dates": {"enacted": "2019-01-01"},
    "in_force": [{"from": "2020-01-01", "to": None}],
    "stance": "ban",
}


def documents(rules: str, *, regime: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Give documents of one regime `xx-ban` with these rules (YAML)."""
    return {
        "regimes/xx-ban/regime": {**REGIME, **(regime or {})},
        "regimes/xx-ban/rules": parse(rules, "rules.yml").value,
        **more,
    }


def law_of(rules: str, **more: Any) -> Law:
    return load(documents(rules, **more))


def case_of(as_of: str, facts: Mapping[str, Any], *regimes: str, id: str = "case") -> Case:
    """Give a case; values as a text-first reader gives them."""
    return Case(
        id,
        date.fromisoformat(as_of),
        regimes or ("xx-ban",),
        {name: typed(name, value) for name, value in facts.items()},
    )


@pytest.fixture(scope="session")
def decider() -> Decider:
    """The shipped law."""
    return Decider.of(Snapshot.open())
