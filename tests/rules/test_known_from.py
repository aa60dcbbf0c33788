"""What an answer cites was known on the day asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from proscribe.app.rules.decide import Decider
from proscribe.model.decisions import Outcome

from .conftest import case_of, law_of
from .test_monotone import shipped_cases

RULES = """
rules:
  - id: xx-ban/ban@1
    title: Ban
    citation: Act 1 §1
    in_force: [{from: 2020-01-01, to: null}]
    outcome: prohibited
    when: {fact: act.kind, is: use}
  - id: xx-ban/later@1
    title: A later instrument of the same regime
    citation: Order 7 of 2024
    also: ["Act 1 §1(b)"]
    in_force: [{from: 2024-01-01, to: null}]
    outcome: prohibited
    when: {fact: act.kind, is: import}
"""


def test_a_later_instrument_is_known_from_its_own_day_and_the_act_from_its_first() -> None:
    law = law_of(RULES)
    assert law.known_from == {
        "Act 1 §1": date(2019, 1, 1),
        "Order 7 of 2024": date(2024, 1, 1),
        "Act 1 §1(b)": date(2019, 1, 1),
    }


def test_a_day_under_citations_and_a_day_in_a_name_decide() -> None:
    law = law_of(
        RULES.replace("Order 7 of 2024", "Order (2023-11-05)")
        + "citations:\n  - {citation: Act 1 §1(b), published_on: 2019-06-01}\n"
    )
    assert law.known_from == {
        "Act 1 §1": date(2019, 1, 1),
        "Order (2023-11-05)": date(2023, 11, 5),
        "Act 1 §1(b)": date(2019, 6, 1),
    }


def test_an_answer_leaves_out_what_was_not_known(entities: object) -> None:
    from proscribe.rules.engine import decide

    law = law_of(RULES)
    case = case_of("2021-01-01", {"act.kind": "market"})
    (found,) = decide(case, law, entities).determinations  # type: ignore[arg-type]
    assert found.outcome is Outcome.NOT_COVERED and found.citations == ("Act 1 §1", "Act 1 §1(b)")


def test_a_rule_that_nobody_could_know_yet_is_told_without_a_citation(entities: object) -> None:
    from proscribe.rules.engine import decide

    law = law_of(RULES)
    case = case_of("2018-06-01", {"act.kind": "use"})
    (found,) = decide(case, law, entities).determinations  # type: ignore[arg-type]
    assert found.outcome is Outcome.NOT_IN_FORCE and found.citations == ()
    assert "in force only from 2020-01-01" in str(found.trace)
    later = replace(case, as_of=date(2019, 6, 1))
    (found,) = decide(later, law, entities).determinations  # type: ignore[arg-type]
    assert found.outcome is Outcome.NOT_IN_FORCE and "Act 1 §1" in found.citations


#: Days on which instruments were published, kept beside the shipped law on purpose.
PUBLISHED = {
    "Pub. L. 115-232 ": date(2018, 8, 13),
    "48 CFR 4.21": date(2019, 8, 13),
    "48 CFR 52.204-25": date(2019, 8, 13),
    "48 CFR 52.204-25(b)(2)": date(2020, 7, 14),
    "48 CFR 52.204-27": date(2023, 6, 2),
    "48 CFR 52.204-30": date(2023, 10, 5),
    "48 CFR 40.2": date(2024, 11, 12),
    "48 CFR 52.240-1": date(2024, 11, 12),
    "RFO ": date(2025, 8, 13),
    "2 CFR 200.216": date(2020, 8, 13),
    "2 CFR 200.216(c)": date(2024, 4, 22),
    "47 CFR 54.9": date(2020, 1, 3),
    "85 FR 230": date(2020, 1, 3),
    "47 CFR 54.1": date(2021, 1, 13),
    "47 CFR 2.90": date(2023, 2, 6),
    "FCC 22-84": date(2022, 11, 25),
    "FCC 25-71": date(2025, 10, 29),
    "90 FR 53227": date(2025, 11, 25),
    "FCC 26-50": date(2026, 7, 23),
    "91 FR 57798": date(2026, 9, 11),
    "FR Doc. 2026-13518": date(2026, 7, 6),
    "15 CFR 791.3": date(2025, 1, 16),
    "Pub. L. 117-263 ": date(2022, 12, 23),
    "Pub. L. 118-31 ": date(2023, 12, 22),
    "Pub. L. 118-159 ": date(2024, 12, 23),
    "Telecommunications (Security) Act 2021": date(2021, 11, 17),
    "Designated vendor direction": date(2022, 10, 13),
    "Procurement Act 2023": date(2023, 10, 26),
    "BSIG 2025": date(2025, 12, 5),
    "BSIG §9b": date(2021, 5, 27),
    "Real Decreto-ley 7/2022": date(2022, 3, 30),
    "Real Decreto 443/2024": date(2024, 5, 1),
    "Stb. 2019, 457": date(2019, 12, 5),
    "PTS ": date(2020, 10, 20),
    "Loi 2019-810": date(2019, 8, 2),
    "Law 163/2021": date(2021, 6, 11),
    "Act 264/2025": date(2025, 8, 4),
    "TKG 2021": date(2021, 10, 28),
    "Ekomloven": date(2024, 12, 13),
}


def published_on(citation: str) -> date:
    """Give the day of the longest name that begins the citation, or the day in its own name."""
    if "(20" in citation and (named := citation.rpartition("(")[2].rstrip(")")).count("-") == 2:
        return date.fromisoformat(named) if not citation.startswith("Essential") else date(2024, 4, 9)
    names = [name for name in PUBLISHED if citation.startswith(name)]
    return PUBLISHED[max(names, key=len)] if names else date.min


def test_no_answer_of_the_shipped_law_cites_what_was_still_to_come(decider: Decider) -> None:
    """The worked cases as asked by 110 askers, all laws, on twelve days each: the unpublished is never cited, by no outcome."""
    wrong = set()
    for case in shipped_cases(decider)[::20]:
        for step in range(12):
            day = date(2018, 9, 1) + timedelta(days=270 * step)
            for item in decider.decide(replace(case, regimes=(), as_of=day)).determinations:
                late = [
                    text
                    for text in item.citations
                    if max(decider.law.known_from.get(text, day), published_on(text)) > day
                ]
                if late:
                    wrong.add((item.regime, item.outcome.value, day.isoformat(), *late))
    assert wrong == set()


def test_every_citation_of_the_shipped_law_has_a_day(decider: Decider) -> None:
    law = decider.law
    texts = {text for rules in law.rules.values() for one in rules for text in (one.citation, *one.also)}
    texts |= {text for one in law.definitions.values() for text in (one.citation, *one.also)}
    texts |= {text for one in law.exceptions.values() for text in (one.citation, *one.also)}
    assert sorted(filter(None, texts - set(law.known_from))) == []
