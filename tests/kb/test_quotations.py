"""What rules point at in the law library: looked up, copied with its edition, and refused when it is not there."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from proscribe.kb.quotations import collect, lint
from proscribe.kb.snapshot import Snapshot
from proscribe.kb.strictyaml import parse

WORDS = "(a) No one may use it.\n\n(b) This does not reach—\n\n(1) A toy; or\n\n(2) A tool."
TEXT = f"""---
citation: "48 CFR 99.123-1"
title: A clause
edition: NOV 2021
issuing_body: A council
in_force: {{from: 2021-12-06, to: null}}
source: {{address: example.org, retrieved_on: 2026-11-27}}
licence: public domain
reading: verbatim-from-official
sha256: {hashlib.sha256(WORDS.encode()).hexdigest()}
---

{WORDS}
"""


def documents(rules: str, **more: Any) -> dict[str, Any]:
    return {
        "texts/xx/clause--NOV-2021.md": TEXT,
        "regimes/xx-ban/rules": parse(rules, "rules.yml").value,
        **more,
    }


def test_words_are_copied_with_where_they_stand() -> None:
    found, issues = collect(
        documents(
            "rules: [{id: xx-ban/use@1, text: [texts/xx/clause--NOV-2021#a, texts/xx/clause--NOV-2021#b-2]}]"
        )
    )
    assert issues == []
    first, second = found.values()
    assert (first["citation"], first["edition"], first["from"], first["to"]) == (
        "48 CFR 99.123-1(a)",
        "NOV 2021",
        "2021-12-06",
        None,
    )
    assert first["words"] == ["(a) No one may use it."]
    assert (second["citation"], second["words"]) == (
        "48 CFR 99.123-1(b)(2)",
        ["(b) This does not reach—", "(2) A tool."],
    )


@pytest.mark.parametrize(
    ("reference", "code"),
    [("texts/xx/clause--NOV-2022#a", "E231"), ("texts/xx/clause--NOV-2021#c", "E228")],
)
def test_a_reference_that_leads_nowhere_is_an_issue(reference: str, code: str) -> None:
    found, issues = collect(documents(f"rules: [{{id: xx-ban/use@1, text: {reference}}}]"))
    assert found == {}
    assert [issue.code for issue in issues] == [code]
    assert issues[0].file == "regimes/xx-ban/rules.yml"


def test_high_confidence_needs_words() -> None:
    told = "rules: [{id: xx-ban/use@1, confidence: high%s}]"
    assert [issue.fact for issue in lint(documents(told % ""))] == ["xx-ban/use@1"]
    assert list(lint(documents(told % ", text: texts/xx/clause--NOV-2021#a"))) == []
    quoted = {"regimes/xx-ban/text/act.md": "## one\nSource: Act 1\n> No one may use it.\n"}
    assert list(lint(documents(told % ", text: text/act.md#one", **quoted))) == []


def test_a_paraphrase_of_stored_words_is_refused() -> None:
    said = {
        "regimes/xx-ban/text/act.md": "## one\nSource: 48 CFR 99.123-1(a). Paraphrase: nobody may use it.\n"
    }
    rules = "rules: [{id: xx-ban/use@1, confidence: low, citation: %s, text: text/act.md#one}]"
    (issue,) = lint(documents(rules % "48 CFR 99.123-1(a)", **said))
    assert "48 CFR" not in issue.what and "99.123-1" in issue.what
    assert list(lint(documents(rules % "48 CFR 99.123-12(a)", **said))) == []


def test_a_rule_that_rests_on_a_paraphrase_says_so_in_its_answer() -> None:
    said = {"regimes/xx-ban/text/act.md": "## one\nParaphrase of press reports: nobody may use it.\n"}
    rules = "rules: [{id: xx-ban/use@1, confidence: medium, text: text/act.md#one%s}]"
    (issue,) = lint(documents(rules % "", **said))
    assert issue.fact == "xx-ban/use@1" and "cautions" in (issue.expected or "")
    for more in (
        ", cautions: [{says: The act was read in reports.}]",
        ", when: {all: [{unsettled: reading.statute_not_read}]}",
        ", text: texts/xx/clause--NOV-2021#a",
    ):
        told = (
            rules.replace("text: text/act.md#one%s", more.removeprefix(", "))
            if "text:" in more
            else rules % more
        )
        assert list(lint(documents(told, **said))) == [], more


def test_every_word_that_the_shipped_rules_point_at_stands_in_its_text(snapshot: Snapshot) -> None:
    held = snapshot.document("regimes/quotations")
    assert len(held) > 100
    for reference, entry in held.items():
        text = snapshot.document(f"{reference.partition('#')[0]}.md")
        assert entry["sha256"] in text
        for line in entry["words"]:
            assert "".join(line.lstrip("# ").split()) in "".join(text.split()), reference
