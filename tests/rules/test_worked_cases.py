"""Every worked case that the knowledge carries is met."""

from __future__ import annotations

import json

from proscribe.kb.snapshot import Snapshot
from proscribe.pipeline.casefile import cases_of
from proscribe.pipeline.decide import Decider, check, dangerous


def test_worked_cases_are_met(decider: Decider) -> None:
    wrong: list[str] = []
    count = 0
    for name, raw in sorted(decider.law.cases.items()):
        cases = cases_of(json.dumps(raw), f"regimes/{name}/cases.yml", decider.law)
        for case in cases:
            assert case.expect, f"{name}: {case.id} expects nothing"
            assert case.why, f"{name}: {case.id} says no why"
            count += 1
            result = decider.decide(case)
            for item in check(case, result):
                mark = " DANGEROUS" if dangerous(case, result) else ""
                wrong.append(f"{name} {case.id}{mark}: {item.what}: expected {item.expected}; got {item.got}")
    assert count > 0
    assert wrong == [], "\n".join(wrong)


def test_every_source_of_the_law_is_in_the_knowledge(decider: Decider) -> None:
    known = set(Snapshot.open().columns("sources")["id"])
    law = decider.law
    named = {regime.provenance.source for regime in law.regimes.values()}
    for group in (law.rules, law.obligations, law.waivers):
        named |= {item.provenance.source for items in group.values() for item in items}
    for single in (law.definitions, law.exceptions, law.clauses):
        named |= {item.provenance.source for item in single.values()}
    named |= {reading.source for rules in law.rules.values() for rule in rules for reading in rule.readings}
    assert named - known - {""} == set()
