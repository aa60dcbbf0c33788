"""The committed pages about the law are what the rules give."""

from __future__ import annotations

import re
from datetime import date

import pytest
from make_law_pages import (
    COMMAND,
    PAGES,
    Book,
    anchor,
    condition,
    country,
    coverage_page,
    decides,
    folder,
    pages,
    quote,
)

from proscribe.model.law import AllOf, AnyOf, DefinitionRef, FactTest, NotOf, UnlessShown, Unsettled
from proscribe.rules.stance import jurisdictions, stance

_LINK = re.compile(r"\]\(([^)#\s]*)#?([^)\s]*)\)")
_ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


@pytest.fixture(scope="module")
def made(book: Book) -> dict[str, str]:
    return pages(book)


def test_committed_pages_are_current(made: dict[str, str]) -> None:
    held = {page.name: page.read_text("utf-8") for page in PAGES.glob("*.md")}
    wrong = [
        *(f"{name} is not committed" for name in sorted(made.keys() - held.keys())),
        *(f"{name} is of no regime" for name in sorted(held.keys() - made.keys())),
        *(f"{name} is out of date" for name in sorted(made.keys() & held.keys()) if made[name] != held[name]),
    ]
    assert not wrong, f"run `{COMMAND}` and commit docs/law: " + "; ".join(wrong)


def test_every_record_is_on_its_page(book: Book, made: dict[str, str]) -> None:
    law = book.law
    records = [
        *(rule for rules in law.rules.values() for rule in rules),
        *law.exceptions.values(),
        *law.definitions.values(),
        *(waiver for waivers in law.waivers.values() for waiver in waivers),
        *(duty for duties in law.obligations.values() for duty in duties),
    ]
    missing = [item.id for item in records if f"`{item.id}`" not in made[f"{folder(item)}.md"]]
    assert records
    assert missing == []


def test_every_rule_stands_beside_its_words_and_citation(book: Book, made: dict[str, str]) -> None:
    for regime, rules in book.law.rules.items():
        page = " ".join(made[f"{regime}.md"].split())
        for rule in rules:
            assert rule.citation in page, rule.id
            for line in rule.excerpt.splitlines():
                words = " ".join(line.removeprefix("Source:").split())
                assert words in page, f"{rule.id}: {words}"


def test_every_worked_case_is_shown_with_its_outcome(book: Book, made: dict[str, str]) -> None:
    for name, worked in book.cases.items():
        lines = made[f"{name}.md"].splitlines()
        for item in worked:
            shown = [
                line for line in lines if f"`{item.case.id}`" in line and item.case.as_of.isoformat() in line
            ]
            assert any(f"**{item.result.outcome.value}**" in line for line in shown), (
                f"{name}: {item.case.id}"
            )


def test_recalled_is_marked(book: Book, made: dict[str, str]) -> None:
    for name, regime in book.law.regimes.items():
        records = [regime, *book.law.rules.get(name, ())]
        if any(record.provenance.confidence == "low" for record in records):
            assert "Recalled, must be verified." in made[f"{name}.md"], name


def test_links_lead_somewhere(made: dict[str, str]) -> None:
    anchors = {name: set(_ANCHOR.findall(text)) for name, text in made.items()}
    broken = []
    for name, text in made.items():
        for page, part in _LINK.findall(text):
            if page.startswith(("http", "../")):
                continue
            target = page or name
            if target not in made or (part and part not in anchors[target]):
                broken.append(f"{name} -> {page}#{part}")
    assert broken == []


def test_anchors_are_unique(made: dict[str, str]) -> None:
    for name, text in made.items():
        found = _ANCHOR.findall(text)
        assert len(found) == len(set(found)), name


def test_coverage_counts(book: Book) -> None:
    page = coverage_page(book)
    for name, regime in book.law.regimes.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| [`{name}`]"))
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        own = sum(
            name in {item.regime for item in one.result.determinations}
            for some in book.cases.values()
            for one in some
        )
        assert cells[1] == regime.jurisdiction
        assert cells[3] == (regime.verified_on or "not recorded")
        assert cells[4].strip("*") == regime.provenance.confidence
        assert int(cells[-1]) == own


def test_stances_page_agrees_with_the_engine(book: Book, made: dict[str, str]) -> None:
    sections = dict(re.findall(r"^## (.+?)$\n(.*?)(?=^## |\Z)", made["stances.md"], re.MULTILINE | re.DOTALL))
    for code in jurisdictions(book.law):
        rows = re.findall(
            r"^\| (\d{4}-\d\d-\d\d)[^|]*\| \*\*(\w+)\*\*", sections[country(code)], re.MULTILINE
        )
        assert rows, code
        for day in (date(2015, 1, 1), date(2020, 7, 10), book.day):
            held = [name for start, name in rows if date.fromisoformat(start) <= day]
            assert (held[-1] if held else "none") == stance(book.law, code, day).stance, f"{code} {day}"


def test_conditions_keep_their_logic(book: Book) -> None:
    name, definition = next(iter(book.law.definitions.items()))
    expression = AllOf(
        (
            FactTest("item.kind", "is", ("software",)),
            UnlessShown(AnyOf((FactTest("use.by", "is", ("parent",)), Unsettled("reading.use")))),
            NotOf(DefinitionRef(name)),
        )
    )
    lines = condition(expression, book.law, "nowhere")
    assert lines[0] == "- all of these:"
    assert lines[1].startswith("  - `item.kind`")
    assert lines[2] == "  - unless it is shown that"
    assert lines[3].strip() == "- at least one of these:"
    depth = [len(line) - len(line.lstrip()) for line in lines]
    assert depth == [0, 2, 2, 4, 6, 6, 2]
    assert lines[-1].startswith("  - not: ")
    assert f"{folder(definition)}.md#{anchor(definition)}" in lines[-1]


def test_a_quotation_is_told_from_a_paraphrase() -> None:
    quoted = quote("Source: Act 1 §1\n> shall not\n> buy\n")
    assert quoted == ["> shall not", "> buy", ">", "> — Act 1 §1"]
    told = quote("Source: Act 1 §2. Paraphrase: no\nbuying.\n")
    assert told == ["> *No quotation stored.* Act 1 §2. Paraphrase: no buying."]
    assert quote("") == ["*No stored excerpt.*"]


def test_the_share_of_rules_on_words_leaves_out_what_can_only_ask(book: Book) -> None:
    by_id = {rule.id: rule for rules in book.law.rules.values() for rule in rules}
    assert decides(book.law.rules["us-889-a"][0])
    assert not decides(by_id["us-dod-853-chips/contract@1"])  # always an open reading
    assert not decides(by_id["us-far-2026-001/part-40@1"])  # a proposal
    assert "of the federal rules that can decide a case" in coverage_page(book)


def test_every_regime_says_what_to_watch(book: Book) -> None:
    assert [regime.id for regime in book.law.regimes.values() if not regime.watch] == []
