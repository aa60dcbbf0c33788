"""What each rule says, in every format: nothing lost, nothing that runs, nothing when the law was not asked."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from proscribe.model.decisions import Determination, Obligation, Outcome, TraceNode
from proscribe.model.findings import Band
from proscribe.model.observations import ADDED_COLUMNS as COLUMNS
from proscribe.model.results import Decided, FindingDecision, Scan, StatedFact
from proscribe.model.scan_writing import scan_lines, scan_pieces, scan_text
from proscribe.readers import Options, expand, open_source
from proscribe.reports.answer import text_lines
from proscribe.reports.scan import determinations, formats
from proscribe.reports.scan.added_columns import OUTCOME, OUTCOME_IN_WORDS, marks_of
from proscribe.reports.scan.html import to_html
from proscribe.reports.scan.markdown import to_markdown
from proscribe.reports.scan.table import to_table
from proscribe.rules.answer_words import headline
from proscribe.rules.facts import FACTS

from .conftest import HOSTILE, build_scan

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "tests/contracts/schemas-0.1" / "proscribe.scan-1.schema.json").read_text()
)


def duty(**changes: Any) -> Obligation:
    plain = Obligation(
        "us-far-52.204-25/report-1", "First report", "report", date(2026, 3, 3),
        {"count": 1, "unit": "business_day", "from": "event.identified_at"}, ("contracting officer",),
        ("contract number",), "48 CFR 52.204-25(d)(2)(i)",
    )  # fmt: skip
    return replace(plain, **changes)


def determination(outcome: Outcome, **changes: Any) -> Determination:
    plain = Determination(
        regime="us-889-b", outcome=outcome, citations=("48 CFR 52.204-25(b)(2)",), missing=(), waivers=(), until=None,
        obligations=(), possible_obligations=(), exceptions=(), open_exceptions=(), confidence="high", notices=(),
        trace=TraceNode("regime", "us-889-b", outcome.value, because="the entity uses it"),
    )  # fmt: skip
    return replace(plain, **changes)


PROHIBITED = FindingDecision(
    Outcome.PROHIBITED,
    (determination(Outcome.PROHIBITED, obligations=(duty(),), open_exceptions=("waiver.grantor",)),),
    (("item.producer", "hikvision"), ("party.role", "prime_contractor")),
)
OPEN = FindingDecision(
    Outcome.UNDETERMINED,
    (
        determination(
            Outcome.UNDETERMINED,
            missing=("item.producer", "item.purpose", "reading.use"),
            possible_obligations=(duty(missing=("item.purpose",)),),
            notices=(HOSTILE,),
        ),
        determination(Outcome.NOT_COVERED, regime="us-889-a"),
    ),
    (("contract.agency", HOSTILE),),
    ("Which model is it, and who made it?",),
)


@pytest.fixture
def scan() -> Scan:
    plain = build_scan()
    live = [one.id for one in plain.findings if one.ignored is None]
    decisions = {name: OPEN if place else PROHIBITED for place, name in enumerate(live)}
    stated = (StatedFact("item.purpose", "[none]", f"site:{HOSTILE}"),)
    return replace(
        plain, decided=Decided("2026-03-02", ("us-889-a", "us-889-b"), stated, decisions, (HOSTILE,))
    )


def test_the_json_keeps_its_schema_and_every_way_of_writing_agrees(scan: Scan) -> None:
    value = json.loads(scan_text(scan))
    jsonschema.Draft202012Validator(SCHEMA).validate(value)
    assert json.loads("".join(scan_pieces(scan))) == value
    lines = [json.loads(line) for line in scan_lines(scan)]
    assert lines[0]["decided"] == value["decided"]
    first = next(one for one in value["findings"] if one["id"] == "f_0001")
    assert first["outcome"] == "prohibited"
    (said,) = first["determinations"]
    assert said["citations"] == ["48 CFR 52.204-25(b)(2)"]
    (short,) = said["obligations"]
    assert short["due"] == "2026-03-03"
    whole = value["decided"]["obligations"][short["detail"]]
    assert (whole["id"], whole["contents"]) == (short["id"], ["contract number"])
    assert value["decided"]["by_outcome"]["prohibited"] == 1


def test_without_a_decision_nothing_is_added(scan: Scan) -> None:
    plain = build_scan()
    value = json.loads(scan_text(plain))
    assert "decided" not in value and not any("determinations" in one for one in value["findings"])
    for text in (to_table(plain), to_markdown(plain), to_html(plain)):
        assert determinations.TITLE.lower() not in text.lower()
    assert marks_of(plain, 0).columns == COLUMNS


def test_a_finding_that_was_set_aside_has_no_outcome(scan: Scan) -> None:
    value = json.loads(scan_text(scan))
    (aside,) = [one for one in value["findings"] if "ignored" in one]
    assert "outcome" not in aside


@pytest.mark.parametrize("write", [to_table, to_markdown, to_html])
def test_people_read_outcome_citation_question_and_clock(scan: Scan, write: Any) -> None:
    text = " ".join(write(scan).replace("\\", "").replace("&#x27;", "'").split())
    for words in (
        "This may not be done. Why: The entity uses it. The rule: 48 CFR 52.204-25(b)(2).",
        "by 2026-03-03, in 1 day",
        "report to the contracting officer",
        FACTS["item.purpose"].question,
        "site owner can say",
        "Which model is it, and who made it?",
        "Is a stored, a landlord's or a hotel's device used by the entity?",
        "not legal advice",
    ):
        assert words in text, words


def test_the_most_severe_stands_first_and_equal_answers_stand_together(scan: Scan) -> None:
    made = determinations.Saying(scan).groups
    assert [one.decision.outcome for one in made] == [Outcome.PROHIBITED, Outcome.UNDETERMINED]
    assert scan.decided is not None
    assert sum(len(one.findings) for one in made) == len(scan.decided.by_finding)


def test_hostile_texts_stay_text(scan: Scan) -> None:
    page = to_html(scan)
    assert page.count("<script") == 1, "its own"

    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            if tag not in ("meta", "br", "link", "img", "hr", "path", "rect", "line", "input"):
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag in self.open:
                assert self.open.pop() == tag

    parser = Tags()
    parser.feed(page)
    assert parser.open == []
    for text in (to_table(scan), to_markdown(scan)):
        assert "\x1b" not in text and "\u202e" not in text
    assert "<script" not in to_markdown(scan)


@pytest.mark.parametrize("width", [40, 72, 100, 160])
def test_lines_of_the_section_fit(scan: Scan, width: int) -> None:
    from proscribe.wording.shown import display_width

    for line in [
        *determinations.text_lines(determinations.Saying(scan), width, 50),
        *text_lines(determinations.Saying(scan).answer, width, screen=24),
    ]:
        assert display_width(line) <= width, line


def test_the_answer_stands_first_and_a_running_clock_is_never_silent(scan: Scan) -> None:
    for text in (to_table(scan), to_markdown(scan)):
        assert text.index("What the law says") < text.index("Due") < text.lower().index("record")
    page = to_html(scan)
    assert (
        "<title>What the law says, 2026-03-02: Prohibited: 1 thing; due by 2026-03-03, in 1 day</title>"
        in page
    )
    assert page.index('id="law"') < page.index('id="findings-head"') < page.index('id="rules"')
    free = FindingDecision(
        Outcome.NOT_COVERED, (determination(Outcome.NOT_COVERED, obligations=(duty(),)),), ()
    )
    assert scan.decided is not None
    quiet = replace(
        scan, decided=replace(scan.decided, by_finding=dict.fromkeys(scan.decided.by_finding, free))
    )
    answer = determinations.Saying(quiet).answer
    assert headline(answer).startswith("Due by 2026-03-03")
    said = " ".join(" ".join(text_lines(answer, 100)).split())
    assert "has to be reported" in said and "reaches this" not in said


def test_what_is_open_is_said_once_with_each_way_of_being_open_and_why_a_sure_thing_is_among_it(
    scan: Scan,
) -> None:
    by_law = determination(
        Outcome.UNDETERMINED, missing=("reading.use",), citations=("47 CFR 2.903",), regime="us-fcc"
    )
    kinds = (OPEN, replace(OPEN, determinations=(by_law,)))
    live = [replace(one, band=Band.CONFIRMED) for one in scan.findings if one.ignored is None]
    assert scan.decided is not None and len(live) > 1
    decided = replace(scan.decided, by_finding={one.id: kinds[at % 2] for at, one in enumerate(live)})
    said = list(
        text_lines(determinations.Saying(replace(scan, findings=live, decided=decided)).answer, 10_000)
    )
    (line,) = [one for one in said if "Cannot be said yet" in one]
    assert "hangs on the questions below (" in line and "the law is open on the point that decides (" in line
    assert "48 CFR 52.204-25(b)(2)" in line and "47 CFR 2.903" in line
    assert f"{len(live)} confirmed findings are among them" in line


def test_questions_that_do_not_fit_on_a_screen_are_counted(scan: Scan) -> None:
    from proscribe.model.answers import Asked

    assert scan.decided is not None
    asked = tuple(Asked(f"Question {number}?", "somebody", "a place") for number in range(10))
    full = replace(scan, decided=replace(scan.decided, asked=asked, more_asked=90))
    lines = list(text_lines(determinations.Saying(full).answer, 60, screen=16))
    last = next(place for place, line in enumerate(lines) if "… and" in line)
    assert last < 16 and "(first of 100 questions)" in " ".join(lines)
    assert sum("Question" in line for line in lines) >= 3


# Files back


@pytest.mark.parametrize("fmt", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_file_given_back_has_the_outcome_in_a_column_of_its_own(
    tmp_path: Path, fmt: str, suffix: str
) -> None:
    import pyarrow.parquet as pq

    import proscribe

    path = tmp_path / f"assets.{suffix}"
    rows = [("Maker", "Model", "Note"), ("Hikvision", "DS-2CD2143G2-I", "x"), ("Axis", "P3245", "y")]
    if suffix == "csv":
        path.write_text("".join(",".join(row) + "\n" for row in rows))
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save(path)
    plain = proscribe.scan([path], as_of="2026-11-25").scan
    assert len(plain.findings) == 1
    sources = expand([str(path)]).sources

    def back(scan: Scan, name: str) -> list[list[str]]:
        target = tmp_path / name
        formats.write(
            scan, fmt, target, sources=sources, open_reading=lambda source: open_source(source, Options())
        )
        if fmt == "csv":
            return list(csv.reader(io.StringIO(target.read_text("utf-8-sig"))))
        if fmt == "parquet":
            table = pq.read_table(target)
            return [table.schema.names, *([v or "" for v in row.values()] for row in table.to_pylist())]
        sheets = openpyxl.load_workbook(target).worksheets
        # what the law says has a sheet of its own, the first
        sheet = next(one for one in sheets if one.title != "Answers")
        return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]

    decided = Decided("2026-11-25", (), (), {plain.findings[0].id: PROHIBITED})
    before, after = back(plain, f"a.{fmt}"), back(replace(plain, decided=decided), f"b.{fmt}")
    # programs read CSV and Parquet, people a workbook
    words = (OUTCOME_IN_WORDS, "Prohibited (us-889-b)")
    assert after[0] == [*before[0], words[0] if fmt == "xlsx" else OUTCOME]
    assert after[1] == [*before[1], words[1] if fmt == "xlsx" else "prohibited (us-889-b)"]
    assert after[2][: len(before[0])] == before[2]
    assert "".join(after[2][len(before[0]) :]) == ""
