"""Documents from the first question to a signed bundle, in the workbench, and what waits for a key."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

import rostered
from browsers import (
    HOSTILE,
    INVENTORY,
    Answer,
    Browser,
    entered,
    finding_page,
    hidden,
    linked,
    opened,
    sent,
    settled,
    words,
    workbench,
)
from click.testing import CliRunner

from proscribe import __version__
from proscribe.app.background import jobs
from proscribe.app.background.document_jobs import looked_at, submit
from proscribe.app.case import pending
from proscribe.app.case.case_law import put_to_the_law
from proscribe.app.case.cases import open_cases
from proscribe.app.keys import accounts
from proscribe.app.papers import document_gaps
from proscribe.cli.main import cli
from proscribe.documents import TYPES, paper_type
from proscribe.documents.checks import NOT_KNOWN
from proscribe.documents.obstacles import kinds_of, shared_kinds
from proscribe.model.errors import ProscribeError
from proscribe.model.jobs import DocumentJob
from proscribe.web.application import Workbench
from proscribe.web.pages.papers import place_of

Bench = tuple[Workbench, Browser]
#: Every kind of obstacle, by the type of document that may raise it.
ALL_KINDS = {type_: {**shared_kinds(), **kinds_of(paper_type(type_).get("obstacles", {}))} for type_ in TYPES}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with workbench(str(tmp_path / "cases.db"), person="Sam Lind", zone="America/New_York") as made:
        entered(*made)
        yield made


def verified(bench: Bench, files: list[tuple[str, bytes]], fingerprint: str = "") -> Answer:
    """Hand bundles in to be checked alone, and give the page once that is over."""
    answer = bench[1].hand_in(files, path="/verify", more=[("fingerprint", fingerprint)])
    if answer.status != 200:
        return answer
    assert "Leave and come back" in answer.text and "/cancel" in answer.text
    with open_cases(bench[0].settings.place) as cases:
        jobs.work(cases.store, once=True)
    answer = bench[1].get(answer.path)
    assert not re.search(r"[\s(]--[a-z]", words(answer)), words(answer)
    return answer


def bytes_under(made: Workbench) -> set[bytes]:
    """Give the contents of all files kept beside the store."""
    return {
        one.read_bytes() for one in Path(made.settings.place).parent.glob("*.files/**/*") if one.is_file()
    }


def as_(browser: Browser, name: str) -> None:
    browser.get("/")
    browser.post("/name", [("person", name)])


REPORT = [
    ("type", "far-report"), ("stage", "first"), ("organisation", "Harbour Systems LLC"), ("contract", "HS0021-26-C-0042"),
    ("approver", "Kim Berg"), ("signer", "A. Osei"), ("signer_title", "President"),
]  # fmt: skip


def reported(bench: Bench, case: str) -> str:
    """Make a first report; gives the path of the document."""
    browser = bench[1]
    browser.get(f"{case}/document?type=far-report")
    looked = sent(bench, f"{case}/document", [*REPORT, ("do", "look")])
    assert looked.status == 200, looked.text
    assert "How it reads" in looked.text and "HS0021-26-C-0042" in looked.text.partition("How it reads")[2]
    assert "holds no document yet" in words(browser.get(f"{case}/documents"))
    kept = sent(bench, f"{case}/document", [*REPORT, ("do", "keep")])
    assert kept.path == f"{case}/documents" and "1 document" in words(kept), words(kept)
    return linked(kept, rf"{case}/documents/DOC\d+/far-report\.data\.json").rpartition("/")[0]


def test_what_a_report_does_not_know_is_filled_in_by_fields(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    shown = sent(bench, f"{case}/document", [*REPORT, ("do", "look")])
    asked = re.findall(r'name="(fill:[^"]+:supplier\.name)"', shown.text)
    about = re.findall(r'<input type="hidden" name="(item:[^"]+)" value="([^"]*)"', shown.text)
    assert asked and {name.removeprefix("item:") for name, _ in about} >= {asked[0].split(":")[1]}
    filled = [*REPORT, *((name, unescape(text)) for name, text in about), (asked[0], "Bay Security Ltd")]
    again = sent(bench, f"{case}/document", [*filled, ("fill::event.due_at", "never"), ("do", "look")])
    assert f'name="{asked[0]}" value="Bay Security Ltd"' in again.text  # it stands there still
    assert "Bay Security Ltd" in again.text.partition("How it reads")[2]
    items = [one for one in about if one[0].removeprefix("item:") == asked[0].split(":")[1]]
    forged = sent(
        bench, f"{case}/document", [*REPORT, (items[0][0], "[1"), (asked[0], "Bay"), ("do", "look")]
    )
    assert forged.status in (200, 422) and "Traceback" not in forged.text


OFFER = [
    ("type", "offer-representation"), ("organisation", "Harbour Systems LLC"), ("answer:provide", "does"), ("answer:use", "does"),
    ("approver", "Kim Berg"),
]  # fmt: skip


def fields(answer: Answer) -> list[tuple[str, str]]:
    """Give the fields of the form of a document as a browser sends them, nothing typed but what stands there."""
    found = []
    for tag in re.findall(r"<input [^>]*>", answer.text):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, kind = unescape(told.get("name", "")), told.get("type", "text")
        if name.startswith(("fill:", "item:", "each:", "disclose:")) and (
            kind != "checkbox" or " checked" in tag
        ):
            found.append((name, unescape(told.get("value", ""))))
    return found


def test_a_disclosure_is_filled_in_for_many_things_at_once(bench: Bench) -> None:
    table = "Asset,Item,Supplier\n" + "".join(
        f"A-{number},{item},Bay Security Ltd\n"
        for number, item in enumerate(
            [
                "Hikvision DS-2CD2143G2-I",
                "Hikvision DS-7608NI-K2",
                "Dahua IPC-HFW2431S-S-S2",
                "Northern Video camera",
                "EZVIZ C6N",
            ]
        )
    )
    case = opened(bench, [("assets.csv", table.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    shown = sent(bench, f"{case}/document", [*OFFER, ("do", "look")])
    told = words(shown)
    assert "no item of the disclosure names it" in told and "Disclose it all the same" in told
    assert not re.search(r"for item i-[0-9a-f]{8}", told)
    every = re.findall(r'name="(disclose-all:\d+)" value="([^"]+)"', shown.text)
    one_by_one = re.findall(r'name="(disclose:f_[0-9a-f]+)"', shown.text)
    chosen = [*every, *((name, "yes") for name in one_by_one)]
    disclosed = sent(bench, f"{case}/document", [*OFFER, *fields(shown), *chosen, ("do", "look")])
    assert "no item of the disclosure names it" not in words(disclosed)
    assert "Disclosed although it is not settled" in words(disclosed)
    assert "not settled; it is disclosed all the same" in words(disclosed)
    asked = fields(disclosed)
    of_maker = next(name for name, _ in asked if name.startswith("each:producer.uei"))
    assert of_maker.count("i-") == 4  # one of the five is of another maker
    uses = [name for name, _ in asked if name.startswith("each:proposed_use")]
    assert sum(name.count("i-") for name in uses) == 4  # of one, nothing says what kind of thing it is
    (alone,) = {
        name
        for name, _ in asked
        if name.endswith(":proposed_use") and not any(name.split(":")[1] in use for use in uses)
    }
    said = {
        of_maker: "C9D8E7F6G5H4",
        **dict.fromkeys([*uses, alone], "cameras of the yard"),
        "fill::sam_review.result": "two firms found",
    }
    more = [(name, said.get(name, text)) for name, text in asked]
    assert set(said) <= {name for name, _ in asked}, asked
    filled = sent(bench, f"{case}/document", [*OFFER, *more, ("rest-not-known", "yes"), ("do", "look")])
    there = dict(fields(filled))
    uei = [
        text for name, text in there.items() if name.endswith(":producer.uei") and name.startswith("fill:i-")
    ]
    assert uei.count("C9D8E7F6G5H4") == 4 and "not known" in uei
    assert {text for name, text in there.items() if name.endswith(":proposed_use")} == {"cameras of the yard"}
    assert "two firms found" in filled.text.partition("How it reads")[2]
    # what is left is asked of the document, and a field of the page takes it
    left = words(filled).partition("What stands against it")[2].partition("How it reads")[0]
    assert "for Hikvision" not in left and "Excluded parties in SAM: reviewed on" in left
    assert 'name="fill::sam_review.reviewed_on"' in filled.text


FURTHER_LISTS = [
    ("asset register.csv", b"Asset,Maker,Model,Site\nA1,Hikvision,DS-2CD2143G2-I,Yard\nA2,Dahua,IPC-HFW2431S-S-S2,Yard\n"),
    ("price list.csv", b"Part no.,Description,Maker,List price\nDS-2CD2347G2-LU,Camera,Hikvision,120\nDH-SD49225T-HN,Camera,Dahua,310\n"),
    ("vendor master.csv", b"Creditor no,Name,City,IBAN,Payment terms\n7001,Hytera Mobilfunk GmbH,Bad Muender,DE00,30 days\n7002,Hikvision Europe B.V.,Hoofddorp,NL00,30 days\n"),
    ("dhcpd.leases", b"lease 10.6.0.21 {\n  starts 4 2026/11/26 06:11:02;\n  binding state active;\n  hardware ethernet 44:19:b6:2a:d0:76;\n}\n"),
]  # fmt: skip


def test_what_is_offered_is_filled_in_apart_and_a_vendor_is_no_item(bench: Bench) -> None:
    case = opened(bench, FURTHER_LISTS)
    sent(bench, f"{case}/law", [("situation", "offer")])
    for place in re.findall(r"/findings/(f_[0-9a-f]+)", bench[1].get(f"{case}/findings").text):
        seen = bench[1].get(f"{case}/findings/{place}").text
        if "vendor master" in seen:
            with open_cases(bench[0].settings.place) as cases:
                cases.judge(
                    case.rpartition("/")[2],
                    place,
                    "same",
                    by="Sam Lind",
                    reason="the firm of that name, as it says",
                )
    shown = sent(bench, f"{case}/document", [*OFFER, ("do", "look")])
    shown = sent(bench, f"{case}/document", [*OFFER, *chosen(shown), ("do", "look")])
    labels = {unescape(text) for text in re.findall(r'<label for="each[^"]*">([^<]*)</label>', shown.text)}
    uses = {text for text in labels if text.startswith("Proposed use")}
    assert len(uses) == 2 and not [text for text in uses if "in use" in text and "to be provided" in text], (
        labels
    )
    told = words(shown)
    reads = told.partition("How it reads")[2]
    assert "Named, and no item of equipment" in reads and "Hytera Mobilfunk GmbH" in reads
    with open_cases(bench[0].settings.place) as cases:
        paper = looked_at(cases.store, jobs.status(cases.store, shown.path.rpartition("=")[2]))
    assert paper is not None
    items = {one["name"]: one for one in paper.data["body"]["items"]}
    firms = [one for one in items.values() if one["kind"] == "named"]
    assert {one["findings"][0]["place"] for one in firms} == {
        "vendor master.csv row 2",
        "vendor master.csv row 3",
    }
    assert any("44:19:b6:2a:d0:76" in name for name in items), items
    filled = [(name, text or NOT_KNOWN) for name, text in fields(shown) if not name.startswith("each:")]
    again = sent(bench, f"{case}/document", [*OFFER, *filled, ("do", "look")])
    told = words(again)
    assert "Not known yet" not in told and "What you filled in" in told
    assert "not known not known" not in told
    count = sum(one["kind"] != "named" for one in items.values())
    assert f"{count} items: " in told.partition("Disclosed")[2] and "2 named only, and no item" in told


def chosen(answer: Answer) -> list[tuple[str, str]]:
    """Give what discloses everything that is not settled."""
    every = re.findall(r'name="(disclose-all:\d+)" value="([^"]+)"', answer.text)
    return [*every, *((name, "yes") for name in re.findall(r'name="(disclose:f_[0-9a-f]+)"', answer.text))]


def test_a_thing_that_came_under_a_second_answer_is_filled_in_once(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "offer")])
    said = [*OFFER[:2], ("approver", "Kim Berg"), ("answer:use", "does"), ("answer:provide", "does not")]
    both = [*said[:-1], ("answer:provide", "does")]
    more = chosen(sent(bench, f"{case}/document", [*both, ("do", "look")]))
    used = sent(bench, f"{case}/document", [*said, *more, ("do", "look")])
    filled = [(name, text or NOT_KNOWN) for name, text in fields(used) if not name.startswith("each:")]
    assert any(name.startswith("item:") for name, _ in filled), words(used)
    shown = sent(bench, f"{case}/document", [*both, *filled, ("do", "look")])
    with open_cases(bench[0].settings.place) as cases:
        paper = looked_at(cases.store, jobs.status(cases.store, shown.path.rpartition("=")[2]))
    assert paper is not None
    items = paper.data["body"]["items"]
    assert len({one["id"] for one in items}) == len(items)
    named = [name for one in items for name in one["finding_ids"]]
    assert len(named) == len(set(named))
    assert not [name for name, text in fields(shown) if name.startswith("fill:i-") and not text]


def test_more_items_than_a_page_takes_are_filled_in_one_page_after_the_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_gaps, "MOST_ITEMS", 2)
    rows = [
        "Hikvision DS-2CD2143G2-I",
        "Hikvision DS-7608NI-K2",
        "Dahua IPC-HFW2431S-S-S2",
        "Hikvision DS-2CD2347G2-LU",
    ]
    table = "Asset,Item\n" + "".join(f"A-{number},{item}\n" for number, item in enumerate(rows))
    case = opened(bench, [("assets.csv", table.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    shown = sent(bench, f"{case}/document", [*OFFER, ("do", "look")])
    shown = sent(bench, f"{case}/document", [*OFFER, *chosen(shown), ("do", "look")])
    first = [name for name, _ in fields(shown) if name.startswith("item:")]
    assert "2 more items ask for something" in words(shown) and len(first) == 4
    uei = next(name for name, _ in fields(shown) if name.startswith("each:proposed_use"))
    assert uei.count("i-") == 4  # filled in at once, it reaches those of the next page, too
    filled = [(name, text or NOT_KNOWN) for name, text in fields(shown) if not name.startswith("each:")]
    again = sent(bench, f"{case}/document", [*OFFER, *filled, (uei, "cameras of the yard"), ("do", "look")])
    open_ = {name.split(":")[1] for name, text in fields(again) if name.startswith("fill:i-") and not text}
    done = {name.split(":")[1] for name, text in filled if name.startswith("fill:i-")}
    assert len(open_) == 2 and not open_ & done
    assert "more items ask for something" not in words(again)
    kept = dict(fields(again))
    assert all(kept[name] == text for name, text in filled if name.startswith("fill:i-"))
    left = [one for one in fields(again) if not one[0].startswith("each:")]
    last = sent(
        bench,
        f"{case}/document",
        [*OFFER, *[(name, text or NOT_KNOWN) for name, text in left], ("do", "look")],
    )
    assert {text for name, text in fields(last) if name.startswith("fill:i-")} >= {
        NOT_KNOWN,
        "cameras of the yard",
    }
    assert not [name for name, text in fields(last) if name.startswith("fill:i-") and not text]


def test_what_is_to_be_judged_is_opened_and_what_was_begun_stays_listed(bench: Bench) -> None:
    browser = bench[1]
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    browser.post(
        finding_page(browser, case, "?band=confirmed").path,
        [("verdict", "different"), ("reason", "seen on the label")],
    )
    begun = sent(bench, f"{case}/document", [*OFFER, ("do", "look")])
    place = re.escape(f"{case}/findings?finding=f_")
    looked = sent(bench, f"{case}/document", [*REPORT, ("do", "look")])
    links = re.findall(rf'href="({place}[^"]+)">Judge it', begun.text + looked.text)
    assert links, words(looked)
    asked = set(re.findall(r"finding=(f_[0-9a-f]+)", unescape(links[0])))
    shown = set(re.findall(r"/findings/(f_[0-9a-f]+)", browser.get(unescape(links[0])).text))
    assert asked and asked <= shown
    reported(bench, case)  # a document of another type
    listed = browser.get(f"{case}/documents")
    assert begun.path in unescape(listed.text) and "1 document" in words(listed)
    assert looked.path not in unescape(listed.text)


def test_a_document_is_refused_with_what_lifts_each_thing_against_it(bench: Bench) -> None:
    browser = bench[1]
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    said = [("type", "annual-representation"), ("organisation", HOSTILE), ("do", "look")]
    browser.get(f"{case}/document")
    slip = browser.post(f"{case}/document", [*said, ("stated", "inquiry: [")])  # said before a job begins
    assert slip.status == 422 and "E407" in slip.text and "(2:1)" in slip.text and "/tmp" not in slip.text, (
        slip.text
    )
    assert 'href="#stated"' in slip.text and 'id="stated-wrong"' in slip.text
    assert "inquiry: [</textarea>" in slip.text  # what was typed stands there still
    shown = sent(bench, f"{case}/document", said)
    assert "It is refused while something stands against it" in shown.text
    assert "To lift it:" in shown.text and "there is no record of a reasonable inquiry" in shown.text.lower()
    assert 'value="keep"' not in shown.text
    assert (
        words(shown).count("not answered (left open below; what stands against “does not” is listed here)")
        == 2
    )
    assert words(shown).count("evidence can say that something is there, and never that nothing is") >= 2
    section = shown.text.partition('id="against"')[2].partition("</section>")[0]
    listed = re.findall(r"<div class=\"question\">.*?</div>", section, re.DOTALL)
    for one in listed:  # what stands against both answers stands once
        said_once = re.findall(r"<p>([^<]+)(?: <span|</p>)", one)
        assert len(said_once) == len(set(said_once)), said_once
    assert "against the answer to: provide and use" in words(shown)
    table = shown.text.partition("<caption>Obstacles, how to lift each")[2].partition("</table>")[0]
    told = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>", table, re.DOTALL)
    assert told and len({row[1:] for row in told}) == len(told)  # the same in the document itself
    assert any(row[0].endswith("on: provide, use") and row[0].count("/") == 2 for row in told), told
    against = words(shown).partition("How it reads")[0]
    assert "proscribe " not in against and "Answer what the law asks" in against  # it leads there instead
    assert f'href="{case}/law"' in shown.text and 'href="#searched">Say below what was searched' in shown.text
    read = re.sub(r' value="[^"]*"', "", shown.text)  # what was typed is given back as it was typed
    assert "<script>alert" not in shown.text and "\u202e" not in read and "{{7*7}}" in unescape(shown.text)
    forced = sent(bench, f"{case}/document", [*said[:2], ("do", "keep")])
    assert "It is refused" in forced.text, words(forced)
    assert "holds no document yet" in words(browser.get(f"{case}/documents"))
    inquiry = [
        ("scope", "all that we own"), ("method", "lists scanned, sites walked"), ("from_on", "2026-11-01"), ("to_on", "2026-11-20"),
        ("searched", "List of assets; assets; every row; Sam Lind; 2026-11-18\nBoth sites; site visit; walked; Sam Lind; 2026-11-19"),
        ("not_searched", "Home offices; nobody was there"),
    ]  # fmt: skip
    again = sent(bench, f"{case}/document", [*said, *inquiry])
    assert "there is no record of a reasonable inquiry" not in again.text.lower()
    does = sent(
        bench, f"{case}/document", [*said, *inquiry, ("answer:provide", "does"), ("answer:use", "does")]
    )
    assert "represents that it does use covered" in words(
        does
    ) and "represents that it does provide" in words(does)
    assert does.text.count('<option value="does" selected>') == 2
    anew = browser.get(f"{case}/document?type=annual-representation")
    assert "all that we own" in anew.text and "Both sites; site visit" in anew.text  # as the last form said
    assert "selected>does<" not in anew.text  # what is answered is said for each document
    listed = browser.get(f"{case}/documents")
    assert "Begun, and not kept" in listed.text and linked(listed, rf"{case}/document\?job=J-\d+")
    wrong = browser.post(f"{case}/document", [*said, ("not_searched", "a; b; c; d")])
    assert wrong.status == 422 and "E458" in wrong.text
    short = browser.post(
        f"{case}/document",
        [*said, ("searched", "List; assets; scanned; Sam Lind; 2026-11-18\n\nSites; walked")],
    )
    assert short.status == 422 and "Line 3 of what was searched is short" in words(short), words(short)
    assert "it does not say how, by whom, day" in words(short) and "Sites; walked</textarea>" in short.text
    day = browser.post(
        f"{case}/document", [*said, ("searched", "List; assets; scanned; Sam Lind; 03/04/2026")]
    )
    assert day.status == 422 and "Line 1 of what was searched names no day" in words(day)


def test_what_fails_for_want_of_what_no_field_takes_leads_to_where_it_is_stated(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    said = [("type", "product-certificate"), ("organisation", "Harbour Systems LLC"), ("do", "look")]
    shown = sent(bench, f"{case}/document", said)
    assert "names no offering" in words(shown) and 'href="#offering_name"' in shown.text
    assert "What to do:" in words(shown), "a job that failed says what to do"
    assert 'id="offering_name"' in shown.text and 'value="Harbour Systems LLC"' in shown.text
    stated = sent(bench, f"{case}/document", [*said, ("stated", "offering: {weight: 3 kg}")])
    assert 'href="#as-file"' in stated.text and '<details open id="as-file">' in stated.text


def test_a_wait_is_one_entry_of_the_access_log_for_each_who_waits(bench: Bench) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])

    def entries(about: str) -> int:
        with open_cases(made.settings.place) as cases:
            return sum(one.about == about for one in accounts.access_log(cases.store).entries)

    waiting = browser.post(f"{case}/document", [*OFFER, ("do", "look")])
    assert "data-follow" in waiting.text
    before = entries(f"{case}/document")
    for _ in range(5):
        assert "data-follow" in browser.get(waiting.path).text
    assert entries(f"{case}/document") == before
    settled(*bench, browser.get(waiting.path))
    assert entries(f"{case}/document") > before  # what came of it is shown, and that is written down
    after = entries(f"{case}/document")
    browser.get(waiting.path)
    assert entries(f"{case}/document") == after + 1


def test_what_the_approver_says_all_the_same_holds_however_late_the_job_runs(bench: Bench) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    looked = sent(bench, f"{case}/document", [*OFFER, ("do", "look")])
    reasons = re.findall(r'name="(override:[^"]+)"', looked.text)
    assert reasons
    form = {**dict(OFFER), **dict.fromkeys(reasons, "Kim Berg saw the list of the yard")}
    told = {"disclose:f_0": "yes", "override:o-not-there": "Kim Berg saw it"}
    with open_cases(made.settings.place) as cases:
        old = jobs.status(cases.store, looked.path.rpartition("=")[2]).spec()
        assert isinstance(old, DocumentJob)
        before = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=7)
        late = jobs.submit(cases.store, replace(old, made_at=before, form=form), by="Sam Lind")
    shown = settled(*bench, browser.get(f"{case}/document?job={late.id}"))
    assert "E464" not in shown.text and "How it reads" in shown.text, words(shown)
    assert shown.text.count('value="Kim Berg saw the list of the yard"') == len(reasons)
    # what was filled in before a failure stands there still, and what failed can be taken out
    with open_cases(made.settings.place) as cases:
        wrong = jobs.submit(cases.store, replace(old, form={**form, **told}), by="Sam Lind")
    failed = settled(*bench, browser.get(f"{case}/document?job={wrong.id}"))
    assert "E4" in failed.text and 'name="disclose:f_0" value="yes" checked' in failed.text
    tag = next(one for one in re.findall(r"<input [^>]*>", failed.text) if "override:o-not-there" in one)
    assert 'type="text"' in tag and 'value="Kim Berg saw it"' in tag


def test_a_report_is_made_approved_by_another_and_waits_for_the_signer_s_key(
    bench: Bench, tmp_path: Path
) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    document = reported(bench, case)
    other = browser.get(f"{case}/document?type=annual-representation").text
    assert (
        'value="Harbour Systems LLC"' in other
        and 'value="President"' in other
        and 'value="Kim Berg"' in other
    )
    assert browser.post(f"{document}/sent", [("to", "GSA")]).status in (409, 422)  # nobody approved it
    own = browser.post(f"{document}/approve")
    assert own.status in (409, 422)  # whoever made it does not approve it
    as_(browser, "Kim Berg")
    assert ", approved" in words(browser.post(f"{document}/approve"))
    approved = browser.get(f"{case}/documents")
    assert "Sign as" not in approved.text and "A. Osei asks here once" in words(approved)
    as_(browser, "A. Osei")
    assert "As President, which it names" in words(browser.get(f"{case}/documents"))
    asked = browser.post(
        f"{document}/sign", [("signer_title", hidden(browser.get(f"{case}/documents"), "signer_title"))]
    )
    assert "Sign DOC1 as President" in words(asked) and "Sign as" not in asked.text
    assert f"sign-pending --key FILE --store {made.settings.place}" in asked.text
    asked = browser.get(f"{case}/documents")
    assert "Waits for a key" in asked.text and "Sign as" not in asked.text
    assert "asked for under the name A. Osei, whose key it waits for" in words(asked)
    assert browser.get(f"{document}/bundle").status == 404
    private = rostered.key(tmp_path, "A. Osei")
    said = ["sign-pending", "--store", made.settings.place, "--by", "A. Osei"]
    listed = CliRunner().invoke(cli, [*said, "--list"])
    assert "sign DOC1 as President" in listed.output
    code = listed.output.split()[0]
    env = {"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}
    done = CliRunner().invoke(cli, [*said, "--yes", code, "--key", str(tmp_path / "a-osei.key")], env=env)
    assert done.exit_code == 0, done.output
    assert "Nothing waits" in CliRunner().invoke(cli, [*said, "--list"]).output
    shown = browser.get(f"{case}/documents")
    assert ", signed" in words(shown) and "Waits for a key" not in shown.text
    with open_cases(made.settings.place) as cases:
        place = pending.bundle(cases.store, case.rsplit("/", 1)[1], document.rsplit("/", 1)[1])
        assert place is not None
    got = browser.call("GET", f"{document}/bundle")
    assert got.headers["content-disposition"].startswith("attachment; ")
    # it went out, once, at an hour that has come
    for wrong in ([("to", "")], [("to", "GSA"), ("at", "soon")], [("to", "GSA"), ("at", "2999-01-01 09:00")]):
        assert browser.post(f"{document}/sent", wrong).status == 422, wrong
    assert ", submitted" in words(browser.post(f"{document}/sent", [("to", "GSA")]))
    assert "It went out: say to whom" not in browser.get(f"{case}/documents").text
    assert browser.post(f"{document}/sent", [("to", "GSA")]).status in (409, 422)
    # any bundle that is handed in is checked
    looked = browser.hand_in([("signed.zip", place.read_bytes())])
    at = linked(looked, r"/uploads/U-[0-9a-f]+/verify")
    checked = sent(bench, at, [("file", "signed.zip")])
    assert "INTACT, SIGNER NOT CHECKED" in checked.text
    named = sent(bench, at, [("file", "signed.zip"), ("fingerprint", private.key_id)])
    assert "VALID: every byte" in named.text
    assert "\\n" not in words(named)  # a line of a cell is a line
    assert browser.post(at, [("file", "other.zip")]).status == 404
    broken = bytearray(place.read_bytes())
    broken[len(broken) // 2] ^= 1
    looked = browser.hand_in([("signed.zip", bytes(broken))])
    checked = sent(bench, linked(looked, r"/uploads/U-[0-9a-f]+/verify"), [("file", "signed.zip")])
    assert "VALID: every byte" not in checked.text and checked.status == 200
    # the same on the page that keeps no bundle, but what came of it
    kept = bytes_under(made)
    asked = browser.get("/verify")
    assert 'aria-current="page">Verify' in asked.text
    sound = verified(bench, [("signed.zip", place.read_bytes())])
    assert "INTACT, SIGNER NOT CHECKED" in words(sound) and "What holds" in words(sound)
    told = json.loads(CliRunner().invoke(cli, ["verify", str(place), "-o", "json"]).output)["shown"]
    assert {one["label"] for one in told} >= {
        "Paper", "Firm", "States", "Prepared by", "Approved by", "Signed by", "Fingerprint of the key", "Made at", "Signed at",
        "Recorded at", "Program", "Knowledge", "Not checked by the paper itself",
    }  # fmt: skip
    shown = words(sound)
    for one in told:  # the same lines as at the command line
        for text in (one["label"], *one["value"].splitlines()):
            assert " ".join(text.split()) in shown, text
    assert private.key_id in shown and "Harbour Systems LLC" in shown
    trusted = verified(bench, [("signed.zip", place.read_bytes())], private.key_id)
    assert "VALID: every byte" in trusted.text and "What does not hold" not in words(trusted)
    several = [("broken.zip", bytes(broken)), ("<b>x</b>.zip", b"PK\x03\x04 no archive"), ("empty.zip", b"")]
    wrong = words(verified(bench, several))
    assert (
        "VALID: every byte" not in wrong.replace("NOT VALID", "") and wrong.count("It cannot be checked") >= 2
    )
    assert "<b>x</b>.zip" in wrong
    assert verified(bench, []).status == 422
    assert all(b"proscribe.checked/1" in one for one in bytes_under(made) - kept)
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("assets.csv", INVENTORY)
    assert (
        "/verify" not in browser.hand_in([("old.zip", plain.getvalue())]).text.partition("<main")[2]
    )  # any other archive is no bundle
    looked = browser.hand_in([("x.zip", b"PK\x03\x04 no archive")])
    checked = sent(bench, linked(looked, r"/uploads/U-[0-9a-f]+/verify"), [("file", "x.zip")])
    assert checked.status == 200 and re.search(r"E4\d\d", checked.text)


def test_where_people_are_keys_the_form_says_that_approver_and_signer_are_two(
    bench: Bench, tmp_path: Path
) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    with open_cases(made.settings.place) as cases:
        rostered.begun(cases.store, tmp_path / "keys")
    for wish in ("look", "keep"):
        one = sent(bench, f"{case}/document", [*OFFER, ("signer", "Kim Berg"), ("do", wish)])
        assert "Kim Berg is to approve the document and to sign it" in words(one)
        assert "no key shows who makes it; name two people" in words(one) and 'href="#signer"' in one.text
        assert 'value="Kim Berg"' in one.text
    two = sent(bench, f"{case}/document", [*OFFER, ("signer", "A. Osei"), ("do", "look")])
    assert "How it reads" in two.text and "to approve the document and to sign it" not in words(two)
    assert "takes three people: who makes it, who approves it, and who signs it" in words(
        browser.get("/people")
    )


def test_where_people_are_keys_what_was_looked_at_waits_for_one_as_a_judgement_does(
    bench: Bench, tmp_path: Path
) -> None:
    made, browser = bench
    rows = ["Asset,Item", *(f"A-{one},Wall bracket DS-1273ZJ-14{one} for Hikvision dome" for one in range(3))]
    case = opened(bench, [("assets.csv", "\n".join(rows).encode())])
    number = case.rsplit("/", 1)[1]
    with open_cases(made.settings.place) as cases:
        rostered.begun(cases.store, tmp_path / "keys")
        keys = [one.key for one in cases.mentions(number)]
    assert len(keys) == 3
    told = [("reason", HOSTILE), *(("key", one) for one in keys)]
    asked = browser.post(f"{case}/mentions/seen", told)
    assert asked.status == 200 and f"{case}/pending/P-" in asked.path, words(asked)
    assert "3 mentions were looked at, and are no equipment" in words(asked)
    assert all(f"DS-1273ZJ-14{one} for Hikvision dome ({key})" in asked.text for one, key in enumerate(keys))
    assert "<script>alert" not in asked.text
    shown = browser.get(f"{case}/mentions")
    assert shown.text.count("waits for your key") == 3 and "nobody looked at" not in shown.text
    with open_cases(made.settings.place) as cases:
        assert cases.said_of_mentions(number, keys) == {}
    env = {"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}
    said = ["sign-pending", "--store", made.settings.place, "--key"]
    other = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/kim-berg.key")], env=env, input="y\n")
    with open_cases(made.settings.place) as cases:
        assert cases.said_of_mentions(number, keys) == {}, other.output
    done = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/sam-lind.key")], env=env, input="y\n")
    assert done.exit_code == 0, done.output
    with open_cases(made.settings.place) as cases:
        seen = cases.said_of_mentions(number, keys)
        assert {key: [one.by for one in told] for key, told in seen.items()} == {
            key: ["Sam Lind"] for key in keys
        }
        assert len({one.seq for told in seen.values() for one in told}) == 1  # one signature for all of them
        assert not cases.verify().faults
    assert browser.get(f"{case}/mentions").text.count("Seen by Sam Lind") == 3
    # a second person says it at the command line; one that was taken as a finding meanwhile is signed by nobody
    key = str(tmp_path / "keys/kim-berg.key")
    args = [
        "case",
        "mention",
        number,
        "all",
        "--seen",
        "--reason",
        "I looked too",
        "--store",
        made.settings.place,
    ]
    without = CliRunner().invoke(cli, [*args, "--by", "Kim Berg"])
    assert without.exit_code == 2 and "E414" in without.output, without.output
    too = CliRunner().invoke(cli, [*args, "--key", key], env=env)
    assert too.exit_code == 0, too.output
    with open_cases(made.settings.place) as cases:
        assert {len(told) for told in cases.said_of_mentions(number, keys).values()} == {2}
    browser.post(f"{case}/mentions/seen", [("reason", "a bracket"), ("key", keys[0])])
    browser.post(f"{case}/mentions", [("reason", "it hangs there"), ("key", keys[0])])
    late = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/sam-lind.key")], env=env, input="y\n")
    assert late.exit_code == 1 and "E424" in late.output, late.output


def test_where_people_are_keys_a_judgement_that_clears_waits_for_one(bench: Bench, tmp_path: Path) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    number = case.rsplit("/", 1)[1]
    with open_cases(made.settings.place) as cases:
        rostered.begun(cases.store, tmp_path / "keys")
    one = finding_page(browser, case)
    finding = one.path.rsplit("/", 1)[1].partition("?")[0]
    asked = browser.post(one.path, [("verdict", "different"), ("reason", HOSTILE)])
    assert asked.status == 200 and f"{case}/pending/P-" in asked.path, words(asked)
    assert f'href="{case}/findings" aria-current="page"' in asked.text, "a judgement is signed under Findings"
    with open_cases(made.settings.place) as cases:
        assert not cases.case(number).judgements
        assert [item.told["finding"] for item in pending.waiting(cases.store, by="Sam Lind")] == [finding]
    shown = browser.get(f"{case}/documents")
    assert "<script>alert" not in shown.text and "\u202e" not in shown.text
    said = ["sign-pending", "--store", made.settings.place, "--key"]
    env = {"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}
    other = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/kim-berg.key")], env=env, input="y\n")
    with open_cases(made.settings.place) as cases:
        assert not cases.case(number).judgements, other.output  # nobody signs for another
    done = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/sam-lind.key")], env=env, input="y\n")
    assert done.exit_code == 0, done.output
    with open_cases(made.settings.place) as cases:
        (held,) = cases.case(number).judgements
        assert (held.finding_id, held.verdict.value, held.by) == (finding, "different", "Sam Lind")
    # what uncovers a clearance once it is taken back waits for the key as well
    again = browser.get(one.path)
    same = browser.post(
        one.path, [("verdict", "same"), ("reason", "it is theirs"), ("version", hidden(again, "version"))]
    )
    back = browser.post(linked(same, rf"{case}/judgements/\d+/back[^\"]*"))
    assert back.status == 200 and "Take back same of" in back.text and "1 judged different again" in back.text
    with open_cases(made.settings.place) as cases:
        assert cases.case(number).standing()[finding].verdict.value == "same"
    done = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/sam-lind.key")], env=env, input="y\n")
    assert done.exit_code == 0 and "Signed: take back same" in done.output, done.output
    with open_cases(made.settings.place) as cases:
        assert cases.case(number).standing()[finding].verdict.value == "different"
    # what was left out of a judgement of many is left out of what is signed
    shown = browser.get(f"{case}/judge?band=confirmed")
    sent = [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    aside = [("verdict", "different"), ("reason", "another maker's"), ("without", finding)]
    browser.post(f"{case}/judge?band=confirmed", [*aside, *sent])
    with open_cases(made.settings.place) as cases:
        (draft,) = pending.waiting(cases.store, by="Sam Lind")
        assert f'"without": ["{finding}"]' in draft.told["where"] and draft.told["count"] == "1"
    done = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/sam-lind.key")], env=env, input="y\n")
    assert done.exit_code == 0, done.output
    with open_cases(made.settings.place) as cases:
        assert [one.reason for one in cases.case(number).judgements if one.finding_id == finding] == [
            held.reason
        ]
        assert len(cases.case(number).judgements) == 2
    # what was asked for over a case that has changed since is refused, and stays
    shown = browser.get(f"{case}/judge?band=confirmed")
    sent = [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    browser.post(
        f"{case}/judge?band=confirmed",
        [("verdict", "cleared"), ("reason", "gone"), ("until", "2027-01-31"), *sent],
    )
    with open_cases(made.settings.place) as cases:
        cases.judge(number, finding, "unsure", by="Kim Berg", reason="not so sure")
    late = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/sam-lind.key")], env=env, input="y\n")
    assert late.exit_code == 1 and "E448" in late.output
    dropped = browser.get(f"{case}/documents")
    assert "Waits for a key" not in browser.post(linked(dropped, rf"{case}/pending/P-[0-9a-f]+/drop")).text
    assert browser.post(f"{case}/pending/P-{'0' * 32}/drop").status == 404
    assert browser.post(f"{case}/pending/..%2fx/drop").status == 404


def test_facts_are_stated_and_agreed_with_keys_that_never_reach_the_workbench(
    bench: Bench, tmp_path: Path
) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    number = case.rsplit("/", 1)[1]
    assert 'id="key"' not in browser.get(f"{case}/law").text  # without a roster there are names alone
    with open_cases(made.settings.place) as cases:
        rostered.begun(cases.store, tmp_path / "keys")
        before = [one.id for one in cases.case(number).determinations]
    law = browser.get(f"{case}/law")
    assert f'name="record" value="{before[-1]}"' in law.text and "with the key of Sam Lind" in law.text
    waits = browser.post(f"{case}/law/key", [("record", before[-1])])
    assert f"Put {number} to the law on what was stated for {before[-1]}" in words(waits)
    assert "What are you in this matter? prime contractor (the whole company)" in words(waits)
    said = ["sign-pending", "--store", made.settings.place, "--key"]
    env = {"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}
    other = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/kim-berg.key")], env=env, input="y\n")
    with open_cases(made.settings.place) as cases:
        assert [one.id for one in cases.case(number).determinations] == before, other.output
    done = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/sam-lind.key")], env=env, input="y\n")
    assert done.exit_code == 0 and f"Signed: put {number} to the law" in done.output, done.output
    with open_cases(made.settings.place) as cases:
        newest = cases.case(number).determinations[-1]
        assert newest.id not in before and (newest.author, newest.approver) == ("Sam Lind", "")
    assert f"Approve {newest.id}" not in browser.get(f"{case}/law").text  # nobody approves their own
    as_(browser, "Kim Berg")
    law = browser.get(f"{case}/law")
    assert f"Approve {newest.id} with the key of Kim Berg" in words(law)
    asked = browser.post(linked(law, rf"{case}/documents/{newest.id}/approve"))
    assert f"Approve {newest.id} ({number})" in words(asked)
    done = CliRunner().invoke(cli, [*said, str(tmp_path / "keys/kim-berg.key")], env=env, input="y\n")
    assert done.exit_code == 0, done.output
    with open_cases(made.settings.place) as cases:
        assert cases.case(number).determinations[-1].approver == "Kim Berg"
        assert not pending.waiting(cases.store)
    # what was overtaken is not signed any more
    assert browser.post(f"{case}/law/key", [("record", before[-1])]).status == 409


def test_a_document_that_was_overtaken_says_so_and_its_author_is_told_who_approves(bench: Bench) -> None:
    browser = bench[1]
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    reported(bench, case)
    shown = browser.get(f"{case}/documents")
    assert "made before" not in words(shown).lower() and "Approve as" not in shown.text
    assert "somebody else approves it: Kim Berg" in words(shown) and "proscribe case approve" in shown.text
    there = linked(browser.get(f"{case}/findings"), rf"{case}/findings/f_[0-9a-f]+")
    browser.post(there, [("verdict", "unsure"), ("reason", "walked past it")])
    stale = browser.get(f"{case}/documents")
    assert "Made before 1 later event that can bear on it: judged; make it anew" in words(stale)
    # a second report on one duty is refused, and so is one in place of what is not there
    twice = sent(bench, f"{case}/document", [*REPORT, ("do", "keep")])
    assert "E424" in twice.text and "1 document" in words(browser.get(f"{case}/documents"))
    assert browser.get(f"{case}/document?anew=DOC9").status == 404
    anew = browser.get(linked(stale, rf"{case}/document\?anew=DOC1"))
    assert "it takes the place of DOC1" in words(anew) and hidden(anew, "supersedes") == "DOC1"
    assert '<option value="first" selected>' in anew.text and 'value="HS0021-26-C-0042"' in anew.text
    again = [*REPORT, ("supersedes", hidden(anew, "supersedes"))]
    looked = sent(bench, f"{case}/document", [*again, ("do", "look")])
    assert hidden(looked, "supersedes") == "DOC1"
    kept = words(sent(bench, f"{case}/document", [*again, ("do", "keep")]))
    assert "2 documents" in kept and "superseded" in kept and "made, in place of DOC1" in kept
    assert "Made before" not in kept
    # what was judged before is taken back: the document that was made meanwhile rests on what counts no more
    back = browser.post(linked(browser.get(there), rf"{case}/judgements/\d+/back[^\"]*"))
    assert "resting on it: DOC2 (neither approved nor signed)" in words(back)
    stale = browser.get(f"{case}/documents")
    assert "Made before 1 later event that can bear on it: taken back; make it anew" in words(stale)


def test_no_button_is_offered_that_would_be_refused(bench: Bench) -> None:
    browser = bench[1]
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    reported(bench, case)
    as_(browser, "Lee Okafor")  # the report names another
    shown = browser.get(f"{case}/documents")
    assert "Approve as" not in shown.text and "Kim Berg approves it, as it says" in words(shown)
    as_(browser, "Kim Berg")
    assert "Approve as Kim Berg" in browser.get(f"{case}/documents").text
    there = linked(browser.get(f"{case}/findings"), rf"{case}/findings/f_[0-9a-f]+")
    browser.post(there, [("verdict", "unsure"), ("reason", "walked past it")])
    assert "Approve as Kim Berg" in browser.get(f"{case}/documents").text  # a report states no answer
    as_(browser, "Sam Lind")
    filled = [
        ("type", "annual-representation"), ("organisation", "Harbour Systems LLC"), ("approver", "Kim Berg"),
        ("scope", "all that we own"), ("method", "lists scanned"), ("from_on", "2026-11-01"), ("to_on", "2026-11-20"),
        ("searched", "List of assets; assets; every row; Sam Lind; 2026-11-18"),
        ("answer:provide", "does"), ("answer:use", "does"),
    ]  # fmt: skip
    kept = sent(bench, f"{case}/document", [*filled, ("do", "keep")])
    assert kept.path == f"{case}/documents", words(kept)
    as_(browser, "Kim Berg")
    assert browser.get(f"{case}/documents").text.count("Approve as Kim Berg") == 2
    browser.post(there, [("verdict", "same"), ("reason", "walked past it again")])
    overtaken = browser.get(f"{case}/documents")
    assert overtaken.text.count(
        "Approve as Kim Berg"
    ) == 1 and "As it stands it would not be signed" in words(overtaken)
    assert linked(overtaken, rf"{case}/document\?anew=DOC2")


PLACES_OF = sorted({one.remedy for kinds in ALL_KINDS.values() for one in kinds.values()})


@pytest.mark.parametrize("where", PLACES_OF)
def test_each_obstacle_of_each_document_leads_to_where_it_is_lifted(
    bench: Bench, where: str, tmp_path: Path
) -> None:
    address, told = place_of(where)
    assert told and address
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    if where == "law_key":  # asked for in stores with a roster alone
        sent(bench, f"{case}/law", [("situation", "own")])
        with open_cases(bench[0].settings.place) as cases:
            rostered.begun(cases.store, tmp_path / "keys")
    if not address.startswith("#"):
        path, _, place = address.format(case_id=case.rpartition("/")[2]).partition("#")
        there = bench[1].get(path)
        assert there.status == 200 and (not place or f'id="{place}"' in there.text), address
        return
    types = [type_ for type_, kinds in ALL_KINDS.items() if where in {one.remedy for one in kinds.values()}]
    for type_ in types:
        shown = bench[1].get(f"{case}/document?type={type_}").text
        if where == "contract" and paper_type(type_).get("under") is not None:
            assert "clause" not in paper_type(type_).get("weighs", ()), (
                "no clause of a contract stands against it"
            )
        elif where != "answers" or paper_type(type_).answers:
            assert f'id="{address[1:]}"' in shown, (type_, address)


def test_clauses_and_things_that_nobody_found_have_fields(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", b"Asset,Maker,Model\nA1,Axis,P3245-V\n")])
    said = [*OFFER, ("clauses", "52.204-24 (NOV 2021); 52.204-25")]
    shown = sent(bench, f"{case}/document", [*said, ("do", "look")])
    assert "which clause governs" not in words(shown).partition("How it reads")[0]
    assert 'href="#described">Describe it below' in shown.text
    wrong = bench[1].post(
        f"{case}/document", [*said, ("described", "perhaps; network camera"), ("do", "look")]
    )
    assert (
        wrong.status == 422
        and 'id="described-wrong"' in wrong.text
        and "provide, use or both" in words(wrong)
    )
    line = ("described", "both; network camera; Hikvision; DS-2CD2143G2-I; 4; Depot")
    told = sent(bench, f"{case}/document", [*said, line, ("do", "look")])
    assert "Hikvision DS-2CD2143G2-I" in words(told) and "no item is disclosed" not in words(told)
    filled = [(name, text or NOT_KNOWN) for name, text in fields(told) if not name.startswith("each:")]
    again = sent(bench, f"{case}/document", [*said, line, *filled, ("do", "look")])
    assert "What you filled in" in words(again) or "Excluded parties" in words(again)
    assert "will be provided, is used" in words(again)


def test_a_form_marks_what_is_needed_and_says_at_its_field_that_it_is_empty(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    form = bench[1].get(f"{case}/document?type=grant-certification")
    needed = re.findall(r'<label for="(\w+)">[^<]*<span class="small">\(needed\)', form.text)
    assert needed == ["organisation", "award"]
    said = [("type", "far-report"), ("uei", "ABCDEF123456"), ("organisation", " "), ("do", "look")]
    shown = bench[1].post(f"{case}/document", said)
    assert shown.status == 422 and 'id="organisation-wrong"' in shown.text and "E458" in shown.text
    assert "another shape" not in shown.text and 'value="ABCDEF123456"' in shown.text
    stated = [*said, ("stated", "organisation: {name: Harbour Systems LLC}")]
    assert "organisation-wrong" not in sent(bench, f"{case}/document", stated).text


def test_what_is_made_under_no_contract_asks_for_none(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    for type_, asked in (("annual-representation", False), ("offer-representation", True)):
        form = bench[1].get(f"{case}/document?type={type_}").text
        assert all((f'id="{name}"' in form) is asked for name in ("contract", "agency", "clauses")), type_


def test_a_body_abroad_is_offered_its_own_papers_first_and_asked_for_no_code_of_american_agencies(
    bench: Bench,
) -> None:
    vendors = "Vendor,Supplier number\nHikvision UK Limited,V-1\nPrint House,V-2\n"
    case = opened(bench, [("inventory.csv", INVENTORY.encode()), ("vendor master.csv", vendors.encode())])
    browser, case_id = bench[1], case.rsplit("/", 1)[1]
    assert "Of other countries" not in browser.get(f"{case}/documents").text  # nobody said where
    with open_cases(bench[0].settings.place) as cases:
        put_to_the_law(cases, case_id, by="R. Ito", company={"act.kind": "use", "party.jurisdiction": "GB"})
    shown = browser.get(f"{case}/documents").text
    here, _, elsewhere = shown.partition("</select>")[0].partition('<optgroup label="Of other countries">')
    assert (
        'value="phase-out-statement"' in here
        and 'value="portfolio-summary"' in here
        and 'value="far-report"' in elsewhere
    )
    assert here.index("phase-out-statement") < here.index("inquiry-record")
    for type_, asked in (("portfolio-summary", False), ("inquiry-record", False), ("far-report", True)):
        form = browser.get(f"{case}/document?type={type_}").text
        assert all((f'id="{name}"' in form) is asked for name in ("uei", "cage")), type_
    plan = browser.get(f"{case}/document?type=portfolio-summary").text
    steps = re.findall(r'name="plan:\d+:what" value="([^"]*)"', plan)
    assert sorted(steps) == [
        "Dahua IPC-HFW2431S-S-S2",
        "Hikvision DS-2CD2143G2-I",
    ]  # a firm among vendors is no step


def test_who_prepares_a_document_is_told_at_the_field_that_another_signs(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    for name in ("signer", "approver"):
        said = [one for one in REPORT if one[0] != name]
        shown = bench[1].post(f"{case}/document", [*said, (name, "Sam  LIND"), ("do", "look")])
        assert "E455" in shown.text and f'href="#{name}"' in shown.text and "job=" not in shown.path
        assert re.search(rf'id="{name}"[^>]* aria-invalid="true"', shown.text), shown.text


def test_a_page_of_what_was_signed_names_no_option(bench: Bench) -> None:
    assert "data-working=" in bench[1].get("/verify").text


def test_another_case_is_told_by_number_until_it_is_disclosed_and_by_whoever_may_see_it(bench: Bench) -> None:
    made, browser = bench
    first = opened(bench, [("inventory.csv", INVENTORY.encode())])
    second = opened(bench, [("other.csv", b"Asset,Maker,Model\nB1,Huawei,S5735-L24T4X-A\n")])
    other = first.rpartition("/")[2]
    said = [
        ("type", "annual-representation"),
        ("organisation", "Harbour Systems LLC"),
        ("answer:use", "does"),
    ]
    begun = browser.get(f"{second}/document?type=annual-representation")
    assert f'value="{other}"' in begun.text and 'id="disclosed"' in begun.text
    by_number = sent(bench, f"{second}/document", [*said, ("do", "look")])
    assert 'href="#disclosed">Disclose one by name' in by_number.text
    by_name = sent(bench, f"{second}/document", [*said, ("box:disclosed:1", other), ("do", "look")])
    assert f"name those of {other}" in words(by_name) and re.search(rf'value="{other}" checked', by_name.text)
    with open_cases(made.settings.place) as cases:
        file = cases.case(second.rpartition("/")[2])
        for told in ({"disclosed": other}, {"stated": f"disclosed: [{other}]"}):
            with pytest.raises(ProscribeError) as refused:
                submit(
                    cases.store,
                    file,
                    {**dict(said), **told},
                    by="Sam Lind",
                    keep=False,
                    sees=lambda one: one != other,
                )
            assert (refused.value.code, refused.value.at) == ("E423", "disclosed")


def test_rows_come_and_go_beside_what_stands_against_it(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    said = [
        ("type", "waiver-request"),
        ("organisation", "Harbour Systems LLC"),
        ("route", "dni"),
        ("plan:1:what", HOSTILE),
    ]
    looked = sent(bench, f"{case}/document", [*said, ("do", "look")])
    job = ("job", hidden(looked, "job"))
    more = bench[1].post(f"{case}/document", [*said, job, ("do", "more:plan")])
    assert more.status == 200 and 'id="plan:2"' in more.text and "What stands against it" in words(more)
    assert "<script>alert" not in more.text and "&lt;script&gt;" in more.text
    less = bench[1].post(f"{case}/document", [*said, job, ("plan:2:what", "Look"), ("do", "less:plan:1")])
    assert 'id="plan:2"' in less.text and 'id="plan:1"' not in less.text
    for wish in ("more:who", "less:plan", "more:plan:1:2", "less::", "more:"):
        assert bench[1].post(f"{case}/document", [*said, ("job", "J-9999"), ("do", wish)]).status in (
            200,
            404,
        )
    # a name that is none is no field, and no row beyond those that a page takes is read
    strange = [
        ("plan:0:what", "no"),
        ("plan:99999:what", "no"),
        ("plan:1:nothing", "no"),
        ("box:plan:1", "no"),
        ("box:", "no"),
    ]
    assert sent(bench, f"{case}/document", [*said, *strange, ("do", "look")]).status == 200


def test_a_check_is_a_job_of_whoever_asked_that_ends_and_leaves_nothing_of_the_bundle(bench: Bench) -> None:
    made, browser = bench
    content = b"PK\x03\x04" + bytes(1 << 10)
    kept = bytes_under(made)
    asked = browser.hand_in([("signed.zip", content)], path="/verify")
    assert content in bytes_under(made) and re.fullmatch(r"/verify/J-\d+", asked.path)
    assert asked.path in browser.get("/verify").text  # leave and come back
    as_(browser, "Kim Berg")
    for refused in (browser.get(asked.path), browser.post(f"{asked.path}/cancel")):
        assert refused.status == 404 and "E475" in refused.text
    assert asked.path not in browser.get("/verify").text
    as_(browser, "Sam Lind")
    assert "Cancelled" in words(browser.post(f"{asked.path}/cancel"))
    assert bytes_under(made) == kept
    # what an upload, or another check, names by the same digest stays
    browser.hand_in([("signed.zip", content)])
    for _ in range(2):
        browser.post(f"{browser.hand_in([('a.zip', content)], path='/verify').path}/cancel")
        assert content in bytes_under(made)


def test_how_a_finding_is_known_stands_on_its_page(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    page = finding_page(bench[1], case)
    told = words(page).partition("How this is known")[2].partition("Back to the findings")[0]
    assert hashlib.sha256(INVENTORY.encode()).hexdigest() in told and "inventory.csv" in told
    assert re.search(r"asked for by Sam Lind, began \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC and ended", told)
    assert (
        "column" in told and f"Proscribe {__version__}, knowledge 20" in told and "Judged by nobody" in told
    )
    assert re.search(r"[1-9]\d* lines? of what that scan did not look at", told)
    assert browser_opens(bench[1], page, r"/runs/J-\d+")
    judged = bench[1].post(
        page.path,
        [("verdict", "same"), ("reason", "the plate says so"), ("version", hidden(page, "version"))],
    )
    assert judged.status == 200, judged.text
    told = words(bench[1].get(page.path)).partition("How this is known")[2]
    assert re.search(r"by Sam Lind, \S+ \S+ UTC: the plate says so.* named, and signed with no key", told), (
        told
    )


def browser_opens(browser: Browser, page: Answer, pattern: str) -> bool:
    return browser.get(linked(page, pattern)).status == 200
