"""The first pages of a document: two at most, with the answer, the people and what stands against it; all else is annex."""

from __future__ import annotations

import dataclasses
import itertools
import re
import zipfile
from io import BytesIO

import paper_samples as of
import pypdfium2
import pytest

from proscribe.documents import render
from proscribe.documents.summary import cut, state_words
from proscribe.model.errors import ProscribeError
from proscribe.model.organisations import Person
from proscribe.model.papers import Paper, Party, Question, SourceNotSearched, SupplierAnswer

NAMES = sorted(of.samples())
LONG = "中国移动通信集团公司北京分公司数据中心 — شركة هايكفيجن للتقنية الرقمية " * 6


def pages_before_the_annex(paper: Paper) -> int:
    document = pypdfium2.PdfDocument(render(paper, "pdf"))
    texts = [document[number].get_textpage().get_text_range() for number in range(min(5, len(document)))]
    return next(number for number, text in enumerate(texts) if "Annex A: the evidence" in text)


def summary_of(paper: Paper) -> str:
    text = render(paper, "md").decode()
    assert text.count("## Annex A: the evidence") == 1
    return text.partition("## Annex A: the evidence")[0]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (["does not", "does not"], "Nothing stands against"),
        (
            ["does", "does"],
            "It tells of equipment that was found, and does not say that there is none: nothing",
        ),
        (
            ["does not", "does"],
            "It tells of equipment that was found beside what it says there is none of: nothing",
        ),
        (["does", ""], "It tells of equipment that was found, and does not say that there is none: nothing"),
    ],
)
def test_the_state_of_a_paper_denies_no_answer_that_it_gives(answers: list[str], says: str) -> None:
    given = {str(at): {"answer": one} for at, one in enumerate(answers)}
    data = {"state": "ready", "body": {"representations": given}}
    assert state_words(data).startswith(says) and state_words(data).endswith("then signed")
    assert state_words(data, signed=True) == state_words(data).partition("; to be approved")[0]
    refused = {**data, "state": "refused"}
    assert state_words(refused) == state_words(refused, signed=True) == "Refused: not to be signed"


@pytest.mark.parametrize("name", NAMES)
def test_every_document_begins_with_its_summary(name: str) -> None:
    type_, inputs = of.samples()[name]
    paper = of.make(type_, inputs)
    short = summary_of(paper)
    for told in ("## Summary", "**State**", "**Law**", "**Rests on**", "**Not checked**", "Who answers for it", "Dana Ruiz", "Lee Okafor"):  # fmt: skip
        assert told in short, told
    for one in paper.data["body"].get("representations", {}).values():
        assert one["statement"] in short.replace("\\", "")
    assert pages_before_the_annex(paper) <= 2


@pytest.mark.parametrize("type_", ["annual-representation", "inquiry-record", "portfolio-summary"])
def test_it_is_two_pages_whatever_the_evidence(type_: str) -> None:
    told = [
        ("possible", "undetermined"),
        ("confirmed", "prohibited"),
        ("probable", "not_covered"),
        ("possible", "not_covered"),
    ]
    rows = [
        {
            **of.finding(f"f_{number:05}", band=band, outcome=outcome,
                         determinations=[of.determination(one, outcome, because=LONG) for one in ("us-889-a", "us-889-b")]),
            "record_id": f"A-{number}", "locator": {"row": number, "sheet": LONG[:60], "pointer": None},
        }
        for number in range(1, 61)
        for band, outcome in [told[number % 4]]
    ]  # fmt: skip
    scan = of.scan(*rows, not_checked=[f"{LONG} {number}" for number in range(30)])
    scan["inputs"][0]["path"] = LONG[:200]
    inputs = of.base(
        scans=(of.proved(scan, "11" * 32),),
        answers={"provide": "does not", "use": "does not"},
        author=Person(LONG[:300], LONG[:300]),
        organisation=dataclasses.replace(of.ORGANISATION, name=LONG[:150]),
        inquiry=dataclasses.replace(
            of.INQUIRY,
            not_searched=tuple(
                SourceNotSearched(f"{LONG} {number}", LONG, (Question.USE,)) for number in range(40)
            ),
        ),
        suppliers=tuple(SupplierAnswer(f"{LONG} {number}", {"provide": "refused"}) for number in range(60)),
    )
    paper = of.make(type_, inputs)
    assert pages_before_the_annex(paper) <= 2
    assert "more, in the annex" in summary_of(paper)


def test_a_certificate_is_headed_by_its_answer() -> None:
    type_, inputs = of.samples()["product-certificate"]
    lines = [line for line in summary_of(of.make(type_, inputs)).splitlines() if line]
    assert lines[2].startswith(
        "**Does not contain equipment of the firms named: Gate Controller GC\\-40".replace("\\-", "-")
    )
    type_, inputs = of.samples()["product-certificate-refused"]
    assert "**No answer is given: this certificate is refused" in summary_of(of.make(type_, inputs))


def test_who_is_to_sign_stands_beside_author_and_approver() -> None:
    inputs = dataclasses.replace(of.base(), signer=Person("A. Osei", "President"))
    short = summary_of(of.make("annual-representation", inputs))
    assert re.search(r"To be signed by \| A. Osei \| President", short)
    with pytest.raises(ProscribeError, match="E455"):
        of.make("annual-representation", dataclasses.replace(inputs, signer=of.AUTHOR))


@pytest.mark.parametrize("name", NAMES)
def test_headings_of_a_word_file_skip_no_level(name: str) -> None:
    type_, inputs = of.samples()[name]
    with zipfile.ZipFile(BytesIO(render(of.make(type_, inputs), "docx"))) as package:
        text = package.read("word/document.xml").decode()
    levels = [int(found) for found in re.findall(r'w:pStyle w:val="Heading(\d)"', text)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert text.count("w:pageBreakBefore") >= 1, "the annex begins a page"


def test_an_id_keeps_to_its_column_and_signatures_to_the_page_of_the_answer() -> None:
    name = "f_d66483c7bb3591fb27fb"
    paper = of.make("annual-representation", of.base(scans=(of.proved(of.scan(of.finding(name))),)))
    document = pypdfium2.PdfDocument(render(paper, "pdf"))
    texts = [page.get_textpage() for page in document]
    (table,) = [one for one in texts if "What and where" in one.get_text_range()]
    told = table.get_text_range()
    head = table.get_charbox(told.index("What and where"))[0]
    start = told.index("f_d6", told.index("What and where"))
    letters = [place for place in range(start, start + 30) if told[place] in name]
    assert max(table.get_charbox(place)[2] for place in letters[:20]) < head
    ready = of.make(*of.samples()["annual-representation"])
    first = pypdfium2.PdfDocument(render(ready, "pdf"))[0].get_textpage().get_text_range()
    assert "represents that it" in first and "To be approved by" in first and "Signature" in first
    assert "to be approved by another person" in first and "Ready to be signed" not in first


def test_what_is_cut_keeps_its_words_and_its_citation_whole() -> None:
    assert cut("asks for the model number of the manufacturer", 36) == "asks for the model number of the…"
    assert cut("x" * 40, 36) == "x" * 36 + "…"
    _, inputs = of.samples()["far-report"]
    items = tuple(
        dataclasses.replace(of.ITEM, id=f"i{number}", finding_ids=(), supplier=Party("", "", ""), model_number_kind="", model_number="")
        for number in range(3)
    )  # fmt: skip
    short = summary_of(of.make("far-report", dataclasses.replace(inputs, items=(*inputs.items, *items))))
    gaps = short.partition("Not known when this was made")[2]
    assert "3 items: " in gaps and "(48 CFR 52.204-25(d)(2)(i))" in gaps.replace("\\", ""), gaps
    assert not re.search(r"ite…|CFR 52…", gaps)


def test_a_report_names_what_was_not_searched_and_counts_what_the_law_surely_reaches() -> None:
    _, inputs = of.samples()["far-report"]
    place = SourceNotSearched("Home offices", "nobody went there", (Question.USE,))
    told = dataclasses.replace(inputs, inquiry=dataclasses.replace(of.INQUIRY, not_searched=(place,)))
    short = summary_of(of.make("far-report", told))
    assert "Home offices: nobody went there" in short and "no place is named" not in short
    assert "1 item of covered equipment or services" in short
    open_ = of.finding(
        "f_0002",
        locator={"row": 2},
        determinations=[of.determination("us-889-b", "undetermined", missing=["item.kind"])],
    )
    both = dataclasses.replace(
        inputs,
        scans=(*inputs.scans, of.proved(of.scan(open_), "33" * 32)),
        items=(*inputs.items, dataclasses.replace(of.ITEM, id="second", finding_ids=("f_0002",))),
    )
    counted = summary_of(of.make("far-report", both))
    assert "2 items of equipment or services, 1 surely covered" in counted, counted[:400]


def test_what_was_not_read_is_named_whatever_the_document_answers() -> None:
    line = "register.xlsx, sheet 'Old': a hidden sheet was not read"
    value = {**of.scan(of.COVERED), "not_checked": [line]}
    inputs = of.base(scans=(of.proved(value, "22" * 32),), answers={"use": "does"})
    made = of.make("annual-representation", inputs)
    assert made.data["not_read"] == [line]
    first, _, annex = render(made, "md").decode().partition("## Annex A")
    assert line in first and line in annex and "no place is named" not in first


def test_the_front_page_says_who_wrote_what_an_approver_is_to_say() -> None:
    made = of.make("annual-representation", of.overridden())
    first, _, annex = render(made, "md").decode().partition("## Annex A")
    author, approver = (made.data["people"][name]["name"] for name in ("author", "approver"))
    for part in (first, annex):
        assert (
            author in part and f"{approver}, " in part and "on approving this document and not before" in part
        )
    assert f"Written by {author}" in first and "overrode" not in first
