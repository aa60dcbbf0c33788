"""The law names only sources that the knowledge holds."""

from __future__ import annotations

from proscribe.app.rules.decide import Decider
from proscribe.kb.snapshot import Snapshot


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
