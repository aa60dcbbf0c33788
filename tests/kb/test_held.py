"""Places whose law is held: the list that says which are not, checked against the rules that are there."""

from __future__ import annotations

from typing import Any

import pytest

from proscribe.kb.held import lint
from proscribe.kb.strictyaml import parse

BESIDE = {
    "regimes/xx-ban/regime": "{regime: xx-ban, jurisdiction: XX, asked: true}",
    "regimes/yy-list/regime": "{regime: yy-list, jurisdiction: YY, asked: false}",
    "regimes/us-aa/regime": "{regime: us-aa, jurisdiction: US, asked: true, asked_when: {any: [{fact: party.subdivision, is: US-AA}]}}",
    "regimes/us-aa/rules": "{rules: [{id: us-aa/a@1, when: {all: [{fact: party.subdivision, in: [US-AA, US-BB]}]}}]}",
    "regimes/not-held/regime": "{regime: not-held, jurisdiction: ZZ, asked: true}",
}


def documents(test: str) -> dict[str, Any]:
    rules = f"{{definitions: [{{id: not-held/held, when: {test}}}]}}"
    return {
        path: parse(text, path).value for path, text in {**BESIDE, "regimes/not-held/rules": rules}.items()
    }


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("{fact: party.jurisdiction, in: [US, XX]}", ""),
        ("{fact: party.jurisdiction, in: [US]}", "without a rule none; with a rule and not listed XX"),
        (
            "{fact: party.jurisdiction, in: [US, XX, YY]}",
            "without a rule YY; with a rule and not listed none",
        ),
        ("{fact: party.subdivision, in: [US-AA, US-BB]}", ""),
        (
            "{fact: party.subdivision, is: US-CC}",
            "without a rule US-CC; with a rule and not listed US-AA, US-BB",
        ),
    ],
    ids=["nations", "nation-not-listed", "nation-without-rule", "states", "states-astray"],
)
def test_places_listed_are_those_whose_rules_are_there(test: str, told: str) -> None:
    issues = list(lint(documents(test)))
    assert [one.code for one in issues] == (["E232"] if told else [])
    assert all(told in one.what and one.fact == "not-held/held" for one in issues)
