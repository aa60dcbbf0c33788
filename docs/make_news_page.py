"""Write docs/news-report-2020-07.md: what a news report said, and what the rules answer.

    python docs/make_news_page.py

The claims and the questions are in docs/news-report-2020-07.yml. Every outcome, stance, citation and open question on
the page is what the engine answers while the page is made; dates in the prose come from the rules too.
`tests/knowledge/test_news_page.py` fails when page and rules differ, or when an answer is not the one expected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from make_law_pages import Book, answer_words, citations_of, country, facts_words, table

from proscribe.app.rules.casefile import cases_of
from proscribe.kb.strictyaml import parse
from proscribe.model.decisions import Case, CaseResult, Obligation
from proscribe.model.law import Exception_, Law, Rule, WaiverSpec
from proscribe.model.periods import parse_day
from proscribe.rules.stance import JurisdictionStance, jurisdictions, stance

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = ROOT / "docs" / "news-report-2020-07.yml"
PAGE = ROOT / "docs" / "news-report-2020-07.md"
COMMAND = "python docs/make_news_page.py"
_DATE = re.compile(r"\{([a-z0-9./@-]+):([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put on one day, with the answer.

    Attributes:
        claim: id of the claim.
        question: what was asked, as in the data file.
    """

    claim: str
    question: Mapping[str, Any]
    case: Case
    result: CaseResult

    @property
    def day(self) -> date:
        """Give the day asked."""
        return self.case.as_of

    def duties(self) -> list[Obligation]:
        """Give the duties of the kinds that the question wants shown, each citation once."""
        kinds = self.question.get("duties") or []
        found = [
            duty for item in self.result.determinations for duty in item.obligations if duty.kind in kinds
        ]
        return list({duty.citation: duty for duty in found}.values())


@dataclass(frozen=True, slots=True)
class Stood:
    """A jurisdiction's stance on one day."""

    claim: str
    wanted: Mapping[str, Any]
    found: JurisdictionStance


def claims_file() -> dict[str, Any]:
    """Read the data file."""
    value = parse(CLAIMS.read_bytes(), CLAIMS.name).value
    assert isinstance(value, dict)
    return value


def asked(book: Book, data: Mapping[str, Any]) -> list[Asked]:
    """Put every question on every day it names."""
    raw: list[dict[str, Any]] = []
    owners: list[tuple[str, Mapping[str, Any]]] = []
    for claim in data["claims"]:
        for question in claim.get("questions") or []:
            facts: dict[str, Any] = {}
            for part in question["facts"]:
                facts |= data["facts"][part] if isinstance(part, str) else part
            for day in sorted(question["expect"]):
                name = f"{claim['id']} {len(raw)}"
                case: dict[str, Any] = {"id": name, "as_of": day, "facts": facts}
                if question.get("regimes"):
                    case["regimes"] = question["regimes"]
                raw.append(case)
                owners.append((claim["id"], question))
    cases = cases_of(json.dumps(raw), CLAIMS.name, book.law)
    results = book.decider.run(cases)
    return [
        Asked(claim, question, case, result)
        for (claim, question), case, result in zip(owners, cases, results, strict=True)
    ]


def stood(book: Book, data: Mapping[str, Any]) -> list[Stood]:
    """Ask for every stance on every day it names."""
    return [
        Stood(claim["id"], wanted, stance(book.law, wanted["jurisdiction"], parse_day(day)))
        for claim in data["claims"]
        for wanted in claim.get("stances") or []
        for day in sorted(wanted["expect"])
    ]


def dated(text: str, law: Law) -> str:
    """Put the dates of the rules into a text.

    Raises:
        ValueError: when a rule or a date of it does not exist.
    """
    return _DATE.sub(lambda found: _date(found[1], found[2], law).isoformat(), text)


def _date(identity: str, what: str, law: Law) -> date:
    if "/" not in identity:
        regime = law.regimes.get(identity)
        day = None if regime is None else regime.dates.get(what)
        if day is None and regime is not None and what == "from" and regime.in_force:
            day = regime.in_force[0].start
        if day is None:
            raise ValueError(f"{identity} has no date {what!r}")
        return day
    records: list[Rule | Exception_ | WaiverSpec] = [
        *(rule for rules in law.rules.values() for rule in rules),
        *law.exceptions.values(),
        *(waiver for waivers in law.waivers.values() for waiver in waivers),
    ]
    for record in records:
        if record.id != identity:
            continue
        if what == "until" and not isinstance(record, WaiverSpec) and record.until is not None:
            return record.until
        end = record.in_force[-1].end if record.in_force else None
        if what == "last" and end is not None:
            return end - timedelta(days=1)
    raise ValueError(f"{identity} has no date {what!r}")


def page(book: Book) -> str:
    """Write the page."""
    return "\n".join(_lines(book, claims_file())).rstrip() + "\n"


def _lines(book: Book, data: Mapping[str, Any]) -> Iterator[str]:
    then, now = parse_day(data["then"]), parse_day(data["now"])
    source = book.sources[data["source"]]
    questions, stances = asked(book, data), stood(book, data)
    yield "# The news report of July 2020, beside the law"
    yield ""
    yield data["about"].strip()
    yield ""
    yield (
        f"The report: `{data['source']}`, {source['publisher']}, <{source['url']}>. The claims are in our own words."
        f" Every answer below is what the rules give on the day named; *then* is {then.isoformat()}, *today* is"
        f" {now.isoformat()}, the day of the knowledge. An answer that rests on a recalled rule says so."
        " [The rules](law/README.md)"
    )
    yield ""
    yield table(
        ("", "claim", "how it stands"),
        (
            (f"[{claim['id']}](#{claim['id'].lower()})", claim["heading"], claim["verdict"])
            for claim in data["claims"]
        ),
    )
    yield ""
    number = 0
    appendix: list[tuple[int, Asked]] = []
    for claim in data["claims"]:
        yield f'<a id="{claim["id"].lower()}"></a>'
        yield ""
        yield f"## {claim['id'] if claim['id'][1:].isdigit() else 'Also'}: {claim['heading']}"
        yield ""
        yield f"**The report:** {' '.join(claim['said'].split())}"
        yield ""
        yield f"**The law:** {dated(' '.join(claim['law'].split()), book.law)}"
        yield ""
        rows: list[tuple[str, ...]] = []
        for item in (one for one in stances if one.claim == claim["id"]):
            found = item.found
            named = ", ".join(
                f"[`{one.regime}`](law/{one.regime}.md) ({one.citation})" for one in found.instruments
            )
            rows.append(
                (
                    country(found.jurisdiction),
                    _day(found.as_of, then, now),
                    f"**{found.stance}**",
                    named or "none",
                    ", ".join(f"`{name}`" for name in found.pending) or "none",
                )
            )
        if rows:
            yield table(("where", "on", "stance", "in force", "pending"), rows)
            yield ""
        rows = []
        last: Mapping[str, Any] | None = None
        for one in (item for item in questions if item.claim == claim["id"]):
            first = one.question is not last
            if first:
                number += 1
                appendix.append((number, one))
            last = one.question
            rows.append(
                (
                    f"{number}. {one.question['ask']}" if first else "",
                    _day(one.day, then, now),
                    _answer(one),
                    _rests(one, book.law),
                )
            )
        if rows:
            yield table(("asked", "on", "answer", "rests on"), rows)
            yield ""
    yield "## Where every jurisdiction stood"
    yield ""
    yield '"none" means that no instrument is on record that binds or advises; a stance of the report\'s own countries is bold.'
    yield ""
    reported = {item.wanted["jurisdiction"] for item in stances}
    yield table(
        ("jurisdiction", then.isoformat(), "pending then", now.isoformat(), "pending today"),
        (
            (
                f"**{country(name)}**" if name in reported else country(name),
                *(
                    text
                    for at in (stance(book.law, name, then), stance(book.law, name, now))
                    for text in (at.stance, ", ".join(f"`{item}`" for item in at.pending))
                ),
            )
            for name in sorted(jurisdictions(book.law), key=country)
        ),
    )
    yield ""
    yield "## The facts of each question"
    yield ""
    yield "To ask for yourself, put them into a case file and run `proscribe decide`."
    yield ""
    for place, one in appendix:
        regimes = (
            ", ".join(f"[`{name}`](law/{name}.md)" for name in one.case.regimes)
            or "every regime that could bind"
        )
        yield f"{place}. {one.question['ask']}. {facts_words(one.case)}. Asked: {regimes}"
    yield ""
    yield f"*Not legal advice. Written by `{COMMAND}` from the rules and `{CLAIMS.name}`; do not edit.*"


def _day(day: date, then: date, now: date) -> str:
    word = " (then)" if day == then else " (today)" if day == now else ""
    return f"{day.isoformat()}{word}"


def _answer(one: Asked) -> str:
    text = answer_words(one.result)
    if any(item.confidence == "low" for item in one.result.deciding()):
        text += " *recalled, must be verified*"
    return text


def _rests(one: Asked, law: Law) -> str:
    """Say what an answer rests on: the citations, and the duties where the question asks for them."""
    rules = [rule for item in one.result.deciding() for rule in law.rules.get(item.regime, ())]
    own = {text for rule in rules for text in (rule.citation, *rule.also)}
    cited = citations_of(one.result)
    # the rule's or exception's own words first; definitions are on the rule's page
    held = [text for text in cited if text in own] or cited
    special = (
        [text for text in cited if text not in own]
        if one.result.outcome.value in ("excepted", "waived")
        else []
    )
    parts = ["; ".join(dict.fromkeys([*special[:2], *held[:3]]))]
    wanted = one.question.get("duties")
    if wanted:
        listed = [
            f"{duty.kind} {duty.citation}" + ("" if duty.clause_known else " (if that text governs)")
            for duty in one.duties()
        ]
        parts.append("Duties: " + ("; ".join(listed) or "none"))
    return ". ".join(part for part in parts if part)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(Book.open()), encoding="utf-8")


if __name__ == "__main__":
    main()
