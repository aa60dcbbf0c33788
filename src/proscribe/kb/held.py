"""Places whose law is held: what a rule says of places without a rule lists those with one, and is checked against them.

A definition `<regime>/held` names the places by one fact, `{fact: party.jurisdiction, in: [...]}`. Nations held are the
jurisdictions of the regimes that can be asked; states held are those that any other regime tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from proscribe.kb.issues import Issue, fault

_STATE = "party.subdivision"
_NAME = "/held"


def lint(documents: Mapping[str, object]) -> Iterator[Issue]:
    """Yield each definition of places held that differs from the places whose rules are there."""
    regimes = {
        path.split("/")[1]: content
        for path, content in documents.items()
        if path.startswith("regimes/") and path.endswith("/regime") and isinstance(content, Mapping)
    }
    for name in regimes:
        path = f"regimes/{name}/rules"
        rules = documents.get(path)
        told = rules.get("definitions", []) if isinstance(rules, Mapping) else []
        for one in told:
            if one.get("id") != name + _NAME:
                continue
            test = one.get("when", {})
            listed = set(_values(test))
            if test.get("fact") == _STATE:
                held = _states(name, regimes, documents)
            else:
                held = {
                    str(regime["jurisdiction"])
                    for other, regime in regimes.items()
                    if other != name and regime.get("asked") is True
                }
            if listed != held:
                yield fault(
                    "E232",
                    f"{path}.yml",
                    0,
                    fact=one["id"],
                    unheld=", ".join(sorted(listed - held)) or "none",
                    unlisted=", ".join(sorted(held - listed)) or "none",
                )


def _states(name: str, regimes: Mapping[str, Any], documents: Mapping[str, object]) -> set[str]:
    tested: set[str] = set()
    for other, regime in regimes.items():
        if other == name:
            continue
        for raw in (regime.get("asked_when"), documents.get(f"regimes/{other}/rules")):
            for test in _tests(raw):
                tested.update(_values(test))
    return tested


def _tests(raw: object) -> Iterator[Mapping[str, Any]]:
    """Find every test of a state, at any depth."""
    if isinstance(raw, Mapping):
        if raw.get("fact") == _STATE:
            yield raw
        for value in raw.values():
            yield from _tests(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _tests(value)


def _values(test: Mapping[str, Any]) -> list[str]:
    return [str(value) for value in (test.get("in") or ([test["is"]] if "is" in test else []))]
