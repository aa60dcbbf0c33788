"""A walk through the workbench, and attempts to get in, to send what was not asked for, or to leave a trace in a page."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import time
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("uvicorn")

from browsers import (
    HOSTILE,
    INVENTORY,
    Browser,
    do_here,
    entered,
    finding_page,
    hidden,
    linked,
    opened,
    sent,
    settled,
    workbench,
)
from cases_ready import ready_case

from proscribe.app.background import jobs, uploads
from proscribe.app.background.uploads import given_name
from proscribe.app.case.cases import open_cases
from proscribe.app.case.document_files import Making, make_document
from proscribe.app.case.original_rows import AT_ONCE
from proscribe.app.scan.record_words import beside
from proscribe.model.errors import ProscribeError, UsageError
from proscribe.model.jobs import DevicesJob, JobState, ScanJob
from proscribe.web.application import Workbench
from proscribe.web.routes import PAGES, Role
from proscribe.web.server import serve
from proscribe.web.settings import Settings


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito", zone="America/New_York") as made:
        yield made


@pytest.fixture
def browser(bench: tuple[Workbench, Browser]) -> Browser:
    return entered(*bench)


def test_files_become_findings_that_are_judged_and_put_to_the_law(bench: tuple[Workbench, Browser]) -> None:
    made, browser = bench[0], entered(*bench)
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    queue = browser.get(f"{case}/findings")
    assert "2 findings" in queue.text
    assert "inventory.csv, row 2" in queue.text
    only = browser.get(f"{case}/findings?firm=dahua")
    assert "1 finding<" in only.text
    one = browser.get(linked(only, rf"{case}/findings/f_[0-9a-f]+\?firm=dahua"))
    assert "IPC-HFW2431S-S-S2" in one.text
    judged = browser.post(one.path, [("verdict", "same"), ("reason", "opened and photographed")])
    assert judged.status == 200
    assert "/findings?firm=dahua&was=" in judged.path  # the filter is kept
    with open_cases(made.settings.place) as cases:
        file = cases.case(case.rsplit("/", 1)[1])
        assert [(one.verdict.value, one.by) for one in file.judgements] == [("same", "R. Ito")]
        assert file.case.zone == "America/New_York"
    asked = browser.get(f"{case}/law")
    assert 'name="situation"' in asked.text
    answered = sent(bench, f"{case}/law", [("situation", "own")])
    assert "Cannot be said" in answered.text
    counted = linked(answered, rf"{case}/findings\?outcome=\w+")  # a headline leads to what it counts
    assert "2 findings" in browser.get(counted).text
    assert "is the_entity" not in answered.text and "/tmp/" not in answered.text
    first, scope = hidden(answered, "fact:1"), hidden(answered, "applies:1")
    ones = [("answer:1", "public_safety"), ("answer:1", "none")]
    wrong = browser.post(f"{case}/law", [("fact:1", first), ("applies:1", scope), *ones])
    assert wrong.status == 422 and "1 answer was not taken" in wrong.text
    assert first == "item.purpose" and wrong.text.count(" checked>") == 2
    again = sent(bench, f"{case}/law", [("fact:1", first), ("applies:1", scope), ("answer:1", "?")])
    assert again.status == 200
    assert first in again.text  # what was asked and is not known stands among what was stated
    several = re.search(r'type="checkbox"[^>]*name="answer:([0-9]+)" value="public_safety"', answered.text)
    assert several is not None  # what may hold together is ticked
    place = several[1]
    ticked = [(f"{name}:{place}", hidden(answered, f"{name}:{place}")) for name in ("fact", "applies")]
    ticked += [(f"answer:{place}", one) for one in ("public_safety", "other_national_security")]
    both = sent(bench, f"{case}/law", ticked)
    assert re.search(r"public_safety; other_national_security", both.text.partition("What was stated")[2])
    typed = re.search(r'type="text"[^>]*name="(answer:[0-9]+)"', both.text)
    assert typed is not None
    about = [
        (name, hidden(both, name))
        for name in (typed[1].replace("answer", one) for one in ("fact", "applies"))
    ]
    wrong = browser.post(f"{case}/law", [*about, (typed[1], "perhaps")])
    assert wrong.status == 422 and 'value="perhaps"' in wrong.text
    clause = [("fact:1", "contract.clauses"), ("applies:1", "company"), ("answer:1", "52.204-25 (NOV 2021)")]
    assert "52.204-25 (NOV 2021)" in sent(bench, f"{case}/law", clause).text
    assert (
        "52.204-25 (NOV 2021)" in browser.post(f"{case}/law").text
    )  # and is not forgotten where nothing is added


def test_the_filter_of_bands_runs_from_the_surest_and_a_row_of_the_list_shows_its_id(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    more = "ID,Site,Item\nBW-1001,Loading dock of the north hall,Dome camera of the loading dock Hikvision DS-2CD2385G1-I\n"
    files = [
        ("inventory.csv", INVENTORY.encode()),
        ("dock.csv", more.encode()),
        ("note.csv", b"Item\nHIK camera\nHIK dome camera\n"),
    ]
    shown = browser.get(f"{opened(bench, files)}/findings").text
    bands = re.findall(r"\?band=(\w+)", shown.partition('id="filters"')[2])
    assert len(bands) > 1 and bands == sorted(bands, key=["confirmed", "probable", "possible"].index), bands
    assert "BW-1001" in shown.partition("dock.csv, row 2")[0].rpartition('class="where"')[2]


def test_the_law_names_the_things_it_asks_about_and_what_was_stated_is_corrected(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    answered = sent(bench, f"{case}/law", [("situation", "own")])
    asked = answered.text.partition('id="asked"')[2].partition("</section>")[0]
    of_things = [one for one in asked.split('<div class="question">')[1:] if 'value="company"' not in one]
    for one in of_things:
        assert re.search(rf'<a href="{case}/findings/f_[0-9a-f]+">inventory.csv, row [0-9]', one), one
    assert of_things and "(+" not in asked and "?." not in re.sub(r"<[^>]+>", "", asked)
    thing = linked(answered, rf"{case}/findings/f_[0-9a-f]+").rpartition("/")[2]
    about = [("fact:1", "use.since"), ("applies:1", f"finding:{thing}")]
    stated = sent(bench, f"{case}/law", [*about, ("answer:1", "2019-05-01")])
    row = next(one for one in stated.text.split("<tr>") if ">2019-05-01<" in one)
    assert f'href="{case}/findings/{thing}">inventory.csv, row' in row and ">one thing<" not in row
    again = browser.get(linked(stated, rf"{case}/law\?fact=use.since&amp;applies=finding[^\"]+"))
    assert "Stated, and to be said anew" in again.text and 'value="2019-05-01"' in again.text
    assert hidden(again, "fact:1") == "use.since" and hidden(again, "applies:1") == f"finding:{thing}"
    wrong = browser.post(f"{case}/law", [*about, ("answer:1", "some day")])
    assert (
        wrong.status == 422 and 'value="some day"' in wrong.text
    )  # beside its question, though that was answered
    anew = sent(bench, f"{case}/law", [*about, ("answer:1", "2020-06-02")]).text.partition("What was stated")[
        2
    ]
    assert "2020-06-02" in anew and "2019-05-01" not in anew


def test_a_list_that_was_read_as_offered_is_corrected_where_the_law_is_asked(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    prices = "Order code;Product;Dealer price;EAN code\n1;Hikvision DS-2CD2143G2-I;120.00;40012\n"
    case = opened(bench, [("prices.csv", prices.encode())])
    answered = sent(bench, f"{case}/law", [("situation", "own")])
    assert "Read as what you offer, by its form alone" in answered.text
    again = browser.get(linked(answered, rf"{case}/law\?fact=act.kind&amp;applies=list%3Aprices.csv"))
    about = [(name, hidden(again, name)) for name in ("fact:1", "applies:1")]
    assert about == [("fact:1", "act.kind"), ("applies:1", "list:prices.csv")]
    said = sent(bench, f"{case}/law", [*about, ("answer:1", "use")])
    row = next(one for one in said.text.split("<tr>") if ">all in prices.csv<" in one)
    assert re.search(r"read as a list of what is offered; corrected by R. Ito on 20\d\d-\d\d-\d\d;", row)
    assert "Read as what you offer" not in said.text


def test_the_overview_and_the_law_ask_the_same_first(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    sites = ["Archive"] * 2 + ["Zoo hall"] * 9 + ["Mill"] * 4
    rows = "".join(f"A{nth};Hikvision;DS-2CD2143G2-I;{site}\n" for nth, site in enumerate(sites))
    case = opened(bench, [("inventory.csv", f"Asset;Maker;Model;Site\n{rows}".encode())])
    law = sent(bench, f"{case}/law", [("situation", "own")]).text
    asked = re.findall(r"<strong>([^<]+\?)</strong> <span class=\"about\">([^<]*)", law)
    lines = re.findall(
        r"<li>([^<(]+\?) \(([^<]*)", browser.get(case).text.partition("Cannot be said until")[2]
    )
    assert len(asked) > 2
    for (question, about), (line, more) in zip(asked, lines, strict=False):
        assert question == line and (about == "the company" or more.startswith(about)), (asked, lines)
    of_sites = [about for _, about in asked if about in sites]
    assert of_sites == sorted(of_sites, key=lambda one: -sites.count(one)) and "Zoo hall" in of_sites


def test_columns_and_kinds_that_a_person_says_are_shown_kept_and_scanned_so(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    table = "Ref;Zu;Was |<b>\nA1;Mill Lane;Hikvision DS-2CD2143G2-I\nA2;Depot;none\nA3;Depot;none\n"
    looking = browser.hand_in([("list.csv", table.encode()), ("plan.dwg", b"AC1032" + bytes(2_000))])
    assert "Scan these files" in looking.text  # nobody has to wait for it
    looked = settled(*bench, looking)
    refused_row = r"plan\.dwg.{0,60}</th><td[^>]*>[^<]*DWG[^<]*</td>"
    assert "1 file is not read" in looked.text and re.search(refused_row, looked.text)
    act = linked(looked, r"/uploads/U-[0-9a-f]+/scan")
    kind, *columns = (unescape(name) for name in re.findall(r'name="((?:kind|column)\|[^"]+)"', looked.text))
    assert len(columns) == 3 and 'other text <span class="small">by its values' in looked.text
    told = [(kind, "purchases"), (columns[1], "site"), (columns[2], "model_number")]
    assert '<option value="vendor_name">seller, payee</option>' in looked.text
    refused = browser.post(act, [(columns[1], "place of it"), (kind, "purchases"), ("do", "look")])
    assert refused.status == 422 and "E134" in refused.text and "--map" not in refused.text
    assert "Nothing is called place of it: choose from the list." in refused.text
    assert 'value="purchases" selected' in refused.text  # what was chosen besides stands there still
    shown = sent(bench, act, [*told, ("do", "look")])
    assert shown.path.startswith("/uploads/") and shown.text.count("as you said") == 2
    assert 'value="purchases" selected' in shown.text and 'value="model_number" selected' in shown.text
    assert browser.get(shown.path).text.count("as you said") == 2  # kept until the files are scanned
    run = browser.post(act, [("as_told", "yes")])
    do_here(bench[0])
    done = browser.get(run.path)
    assert "1 file was not read" in done.text and re.search(refused_row, done.text)
    assert "a list of purchases; Was |&lt;b&gt; is model number; Zu is where it is" in done.text
    case = browser.post(linked(done, r"/runs/J-\d+/case")).path
    assert "1 finding<" in browser.get(f"{case}/findings?site=Mill+Lane").text
    assert "<b>" not in finding_page(browser, case).text.replace("<b>1</b>", "")
    browser.post(f"{case}/devices")
    with open_cases(bench[0].settings.place) as cases:
        joined = jobs.listed(cases.store)[0].spec()
    assert isinstance(joined, DevicesJob)
    assert joined.files[0].columns["Zu"] == "site"  # devices are told from the same reading


def test_what_only_a_form_takes_for_provided_is_never_folded(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    price_list = "Order code;Product;Dealer price;EAN code\n1;Hikvision DS-2CD2143G2-I;120.00;40012\n2;Axis P3265;99.00;40013\n"
    own = "Asset tag;Manufacturer;Model;Room\nA-1;Hikvision;DS-2CD2143G2-I;4\nA-2;Axis;P3265;5\n"
    parts = {
        "bomFormat": "CycloneDX", "specVersion": "1.5",
        "metadata": {"component": {"type": "device", "name": "Pump gateway"}},
        "components": [{"type": "library", "name": "openssl", "version": "3.0.13"}],
    }  # fmt: skip
    handed = [
        ("own.csv", own.encode()),
        ("x.csv", price_list.encode()),
        ("gateway.cdx.json", json.dumps(parts).encode()),
    ]
    looked = settled(*bench, browser.hand_in(handed)).text
    assert "The first 2 ask for a look; the others are folded." in looked
    asks, folded = looked.split('<details class="file"')
    assert "own.csv" in folded and "x.csv" not in folded
    assert asks.count("then counts as what you provide") == 2 and "then counts" not in folded
    assert "by its columns (<q>" in asks and "by its format" in asks


def test_a_mention_is_taken_as_a_finding_with_a_reason(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    table = "Asset,Item\nA-1,Hikvision DS-2CD2143G2-I\nA-2,Wall bracket DS-1273ZJ-140 for dome\n"
    case = opened(bench, [("assets.csv", table.encode())])
    shown = browser.get(f"{case}/mentions")
    assert "Item: <q>Wall bracket DS-1273ZJ-140 for dome</q>" in shown.text
    seen = browser.post(
        f"{case}/mentions/seen", [("key", hidden(shown, "key")), ("reason", "a bracket alone")]
    )
    assert "Seen by R. Ito, no equipment: a bracket alone" in " ".join(seen.text.split())
    assert "Seen too, no equipment" not in seen.text  # who looked once does not agree with themselves
    browser.get("/name")
    browser.post("/name", [("person", "M. Weber")])
    asked = browser.get(f"{case}/mentions")
    assert "one person alone looked at" in asked.text
    too = browser.post(
        f"{case}/mentions/seen", [("key", hidden(asked, "key")), ("reason", "I looked at it too")]
    )
    assert "Seen too by M. Weber, no equipment: I looked at it too" in " ".join(too.text.split())
    assert "Seen too, no equipment" not in too.text
    taken = browser.post(
        f"{case}/mentions", [("key", hidden(shown, "key")), ("reason", "it still hangs there")]
    )
    assert "/findings/f_" in taken.path and "it still hangs there" in taken.text
    assert "Taken as a finding" in browser.get(f"{case}/mentions").text


def test_a_mention_says_its_sheet(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    case = opened(bench, [("assets.xlsx", two_sheets())])
    shown = browser.get(f"{case}/mentions").text
    assert "assets.xlsx, sheet Mounts, row 2" in " ".join(shown.split())


def two_sheets() -> bytes:
    import xlsxwriter

    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name, item in (
            ("CCTV", "Hikvision DS-2CD2143G2-I"),
            ("Mounts", "Wall bracket DS-1273ZJ-140 for dome"),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Asset", "Item"])
            sheet.write_row(1, 0, [f"{name}-1", item])
    return data.getvalue()


def test_what_is_judged_at_once_is_what_was_shown(bench: tuple[Workbench, Browser]) -> None:
    made, browser = bench[0], entered(*bench)
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    shown = browser.get(f"{case}/judge?site=Mill+Lane")
    assert "Judge 1 finding<" in shown.text
    count, digest = (hidden(shown, name) for name in ("count", "digest"))
    wrong = browser.post(
        f"{case}/judge", [("verdict", "unsure"), ("reason", "x y"), ("count", count), ("digest", digest)]
    )
    assert wrong.status == 409 and "E448" in wrong.text  # without the filter other findings are chosen
    right = browser.post(
        f"{case}/judge?site=Mill+Lane",
        [
            ("verdict", "unsure"),
            ("reason", "to be photographed"),
            ("count", count),
            ("digest", digest),
            ("seen", "0"),
        ],
    )
    assert right.status == 200 and "1 finding was judged." in right.text
    none = browser.post(
        f"{case}/judge?text=nowhere",
        [("verdict", "unsure"), ("reason", "x y"), ("count", "0"), ("digest", ""), ("seen", "1")],
    )
    assert f'href="{case}/findings?text=nowhere"' in none.text  # back to what was chosen
    assert "E448" in none.text and "--" not in none.text and "proscribe case" not in none.text
    assert "No finding fits" in browser.get(f"{case}/judge?text=nowhere").text
    with open_cases(made.settings.place) as cases:
        assert len(cases.case(case.rsplit("/", 1)[1]).judgements) == 1


def test_what_somebody_judged_meanwhile_is_not_judged_over(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    shown = browser.get(f"{case}/judge?band=confirmed")
    one = browser.get(linked(browser.get(f"{case}/findings"), rf"{case}/findings/f_[0-9a-f]+"))
    said = [("verdict", "same"), ("reason", "plate seen"), ("version", hidden(one, "version"))]
    next_one = browser.post(one.path, said)
    assert next_one.status == 200 and "Judged <strong>same</strong>" in next_one.text
    assert f'href="{one.path}#judge"' in next_one.text  # back to what was judged
    again = browser.post(one.path, [*said[1:], ("verdict", "different")])
    assert again.status == 409 and "E422" in again.text
    sent = [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    late = browser.post(
        f"{case}/judge?band=confirmed", [("verdict", "different"), ("reason", "all lenses"), *sent]
    )
    assert late.status == 409 and "E448" in late.text and "R. Ito" in late.text


def test_nobody_enters_without_the_token_and_it_counts_once(bench: tuple[Workbench, Browser]) -> None:
    made, browser = bench
    for path in ("/", "/cases/C-0001", "/uploads/U-" + "0" * 32, "/nowhere"):
        assert browser.get(path).status == 403
    assert browser.get("/enter?token=guessed").status == 403
    entered(made, browser)
    stranger = Browser(int(browser.host.split(":")[1]))
    assert stranger.get(f"/enter?token={made.settings.token}").status == 403
    assert browser.get("/").status == 200


def test_a_name_of_a_stranger_that_leads_here_opens_nothing(browser: Browser) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1:1", ""):
        assert browser.call("GET", "/", headers={"Host": host or " "}).status in (400, 421)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "", "Sec-Fetch-Site": ""},
    ],
)
def test_a_page_of_somebody_else_changes_nothing(browser: Browser, headers: dict[str, str]) -> None:
    browser.get("/")
    assert browser.post("/name", [("person", "M. Allory")], headers=headers).status == 403
    assert "R. Ito" in browser.get("/").text


def test_a_form_without_the_token_of_the_session_changes_nothing(browser: Browser) -> None:
    browser.get("/")
    assert browser.post("/name", [("person", "M. Allory")], token="").status == 403
    assert browser.post("/name", [("person", "M. Allory")], token="x" * 43).status == 403
    browser.form_token = "x" * 43
    assert browser.hand_in([("a.csv", b"Maker\nHikvision\n")]).status == 403


def test_pages_hold_no_style_and_no_script_and_bind_the_browser(browser: Browser) -> None:
    answer = browser.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce is not None and f'nonce="{nonce[1]}"' in answer.text
    assert nonce[1] not in browser.get("/").text
    assert "style=" not in answer.text and " on" not in re.sub(r">[^<]*<", "><", answer.text)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.text):
        assert browser.get(path).status == 200
    assert browser.get("/static/../application.py").status == 404


def test_what_files_and_cells_hold_never_becomes_markup(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    name = f"{HOSTILE}.csv".replace('"', "")
    content = f"Maker;Model;{HOSTILE}\nHikvision;DS-2CD2143G2-I;{HOSTILE}\n"
    case = opened(
        bench,
        [(name, content.encode()), ("x.svg", b"<svg onload=alert(1)>"), ("b.csv", b"<script>1</script>")],
    )
    found = browser.get(f"{case}/findings")
    pages = [
        browser.get(path)
        for path in (case, f"{case}/findings?text={'%3Cscript%3E'}", f"{case}/law", f"{case}/mentions", "/")
    ]
    pages += [found, browser.get(linked(found, rf"{case}/findings/f_[0-9a-f]+"))]
    for page in pages:
        assert page.status == 200, page.path
        assert "<script>" not in page.text and "\u202e" not in page.text and "<svg" not in page.text
        assert "{{7*7}}" in page.text


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\Users\\me\\list.csv", "Users/me/list.csv"),
        ("a/./b//../c.csv", "a/b/c.csv"),
        ("\x00\x07", "file"),
        ("....", "file"),
        ("", "file"),
        ("Hikvision cameras/1/2/3/4/5/6/7/8/9/a.csv", "Hikvision cameras/1/2/3/4/5/6/7/8/9/a.csv"),
        ("Hikvision " + "x" * 240 + ".csv", "Hikvision " + "x" * 240 + ".csv"),
    ],
)
def test_a_name_leads_nowhere(said: str, name: str) -> None:
    assert given_name(said) == name
    assert given_name(said, [name]) != name


@pytest.mark.parametrize("said", ["Hikvision " + "x" * 300 + ".csv", "Hikvision/" + "a/" * 2100 + "b.csv"])
def test_a_name_that_cannot_be_kept_whole_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="E415"):
        given_name(said)


def test_a_folder_far_up_is_told_as_its_name_is(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    deep = "Hikvision cameras/1/2/3/4/5/6/7/8/assets.csv"
    page = browser.hand_in([(deep, b"id,description\nA1,Dome camera\n")])
    assert page.status == 200
    with open_cases(bench[0].settings.place) as cases:
        assert [one.display for one in uploads.upload(cases.store, page.path.rpartition("/")[2]).files] == [
            deep
        ]
    long = browser.hand_in([("x" * 300 + ".csv", b"a\n1\n")])
    assert long.status == 422 and "E415" in long.text


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_what_is_handed_in_is_its_owners_alone(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    assert browser.hand_in([("inventory.csv", INVENTORY.encode())]).status == 200
    folder = Path(f"{bench[0].settings.place}.files")
    kept = [folder, *folder.rglob("*")]
    assert len(kept) == 5  # the record of what was handed in, and the file, each in its folder
    assert not [one for one in kept if one.stat().st_mode & 0o077]


def test_what_does_not_exist_or_is_no_input_is_said(browser: Browser) -> None:
    assert browser.hand_in([("a.csv", b"Maker\nHikvision\n")]).status == 200
    for path in (
        "/cases/C-9999",
        "/cases/C-9999/findings",
        "/runs/J-9999",
        f"/uploads/U-{'0' * 32}",
        "/uploads/..%2f..%2fx",
    ):
        answer = browser.get(path)
        assert answer.status == 404 and re.search(r"E\d{3}", answer.text), path
    assert browser.hand_in([]).status == 422
    assert browser.call(
        "POST", "/uploads", b"--x\r\nbroken", {"Content-Type": "multipart/form-data; boundary=x"}
    ).status in (400, 403)
    assert browser.get("/why?q=E199x").status == browser.get("/why?q=E199").status == 200
    assert "Lorex" in browser.get("/why?q=lorex").text


def test_more_than_may_be_sent_is_refused(tmp_path: Path) -> None:
    with workbench(
        str(tmp_path / "cases.db"), person="R. Ito", most_upload_bytes=2_000, most_form_bytes=1_000
    ) as made:
        browser = entered(*made)
        assert browser.hand_in([("a.csv", b"Maker\n" + b"x" * 5_000)]).status == 413
        assert browser.post("/name", [("person", "x" * 5_000)]).status == 413
        assert browser.hand_in([("a.csv", b"Maker\nHikvision\n")]).status == 200


def test_a_workbench_without_a_name_asks_for_one(tmp_path: Path) -> None:
    with workbench(str(tmp_path / "cases.db")) as made:
        browser = entered(*made)
        assert "Who are you?" in browser.get("/cases/C-0001").text
        assert browser.post("/name", [("person", "  ")]).status == 422
        assert "B. Lind" in browser.post("/name", [("person", "B. Lind")]).text
        asked = browser.get("/name?from=/clocks")
        assert hidden(asked, "from") == "/clocks"
        assert browser.post("/name", [("person", "C. Moreau"), ("from", "/clocks")]).path == "/clocks"
        for away in (
            "",
            "//evil.example/clocks",
            "https://evil.example/",
            "/\\evil.example",
            "/name",
            "/clocks\r\nx: y",
        ):
            told = browser.post("/name", [("person", "C. Moreau"), ("from", away)], follow=False)
            assert told.headers["location"] == "/"


def test_every_page_says_who_may_open_it() -> None:
    assert len({(page.path, page.method) for page in PAGES}) == len(PAGES)
    for page in PAGES:
        assert page.role in Role
        assert callable(page.endpoint())
        assert page.method == "POST" or not re.search(r"scan|cancel", page.name.split(".")[1])


def test_a_session_ends(bench: tuple[Workbench, Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    made, browser = bench[0], entered(*bench)
    monkeypatch.setattr(made.sessions, "_clock", lambda: 1e12)
    assert browser.get("/").status == 403


def test_a_finding_shows_the_row_of_the_file_whole_with_what_was_found_marked(
    bench: tuple[Workbench, Browser],
) -> None:
    made, browser = bench[0], entered(*bench)
    far = "x" * 6_000 + " Hikvision DS-2CD2143G2-I " + "y" * 6_000
    content = f"Asset;Note;Empty;What\nA1;{HOSTILE};;{far}\n"
    case = opened(bench, [("list.csv", content.encode()), ("other.csv", INVENTORY.encode())])
    page = finding_page(browser, case, "?input=list.csv")
    assert "The row of the file, whole" in page.text and "Read now from the file" in page.text
    assert "<mark>DS-2CD2143G2-I</mark>" in page.text  # far behind what the scan keeps of a cell
    assert "(empty)" in page.text and "letters of it are not shown" in page.text
    assert (
        "Who names the firm, and since when" in page.text and "<strong>since 2020-08-13</strong>" in page.text
    )
    assert "<script>" not in page.text and "\u202e" not in page.text
    with open_cases(made.settings.place) as cases:
        from proscribe.casework.files import Files

        files = Files.of(cases.store)
        (run,) = cases.case(case.rsplit("/", 1)[1]).runs
        place = files.path(dict(run.inputs)["other.csv"])
    place.write_bytes(INVENTORY.replace("Depot", "Tower").encode())
    changed = finding_page(browser, case, "?firm=dahua")
    assert "the kept file was changed" in changed.text and "as the scan kept it" in changed.text
    assert "Depot" in changed.text and "Tower" not in changed.text
    place.unlink()
    assert "not kept beside this store" in finding_page(browser, case, "?firm=dahua").text


def test_a_large_file_is_read_again_when_asked(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    site = "Mill Lane, " * 40  # what takes the time is rows, not bytes
    rows = "".join(f"B{number};Axis;P3245-V;{site};\n" for number in range(3_000))
    content = f"Asset;Maker;Model;Site;Void\n{rows}A1;Hikvision;DS-2CD2143G2-I;Depot;\n"
    assert len(content) > AT_ONCE
    page = finding_page(browser, opened(bench, [("big.csv", content.encode())]))
    assert "as the scan kept it" in page.text and "(empty)" not in page.text
    asked = browser.get(linked(page, r"[^\"]+row=whole"))
    assert "The row of the file, whole" in asked.text and "(empty)" in asked.text


def test_a_finding_in_a_picture_shows_what_is_seen(bench: tuple[Workbench, Browser]) -> None:
    image = pytest.importorskip("PIL.Image")
    from PIL import ImageDraw, ImageFont

    browser = entered(*bench)
    wall = image.new("RGB", (600, 400), (120, 120, 120))
    draw, font = ImageDraw.Draw(wall), ImageFont.load_default(size=18)
    draw.rectangle((200, 150, 550, 350), fill="white")
    for row, line in enumerate(("HIKVISION", "Model: DS-2CD2143G2-IS", "S/N: F12345678", "MADE IN CHINA")):
        draw.text((220, 170 + row * 31), line, fill="black", font=font)
    held = io.BytesIO()
    wall.save(held, "JPEG")
    case = opened(bench, [("plate.jpg", held.getvalue())])
    page = finding_page(browser, case)
    shown = re.search(r'<img src="data:image/jpeg;base64,([^"]+)" width="(\d+)"', page.text)
    assert shown is not None and int(shown[2]) < 450  # the plate, not the wall
    browser.get(f"{case}/document")
    said = [("type", "annual-representation"), ("organisation", "Harbour Systems LLC"), ("do", "look")]
    annex = sent(bench, f"{case}/document", said).text.partition("Pictures in which findings were read")[2]
    assert shown[0] in annex and "model as read: DS-2CD2143G2-IS" in annex


def test_firms_go_by_their_names_and_an_address_by_what_its_record_calls_the_thing(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    leases = "ip;mac;name;note\n10.0.0.1;44:19:b6:11:22:33;gate-<b>cam;north\n10.0.0.2;44:19:b6:11:22:34;;\n"
    case = opened(bench, [("leases.csv", leases.encode()), ("inventory.csv", INVENTORY.encode())])
    queue = browser.get(f"{case}/findings")
    assert "<b>Hikvision</b>" in queue.text and "<b>hikvision</b>" not in queue.text
    assert ">Dahua</a>" in queue.text and "firm=dahua" in queue.text
    assert "called <q>gate-&lt;b&gt;cam</q>" in queue.text
    page = finding_page(browser, case, "?input=leases.csv")
    assert "The record calls the thing" in page.text and "44:19:b6:11:22:33" in page.text
    assert "Hikvision" in re.sub(r"<[^>]*>", "", re.search(r"<h1>.*?</h1>", page.text, re.S)[0])  # type: ignore[index]
    shown = browser.get(f"{case}/judge?firm=dahua")
    assert "<strong>firm</strong> Dahua" in shown.text


def test_documents_are_listed_and_their_files_saved_and_never_shown(
    bench: tuple[Workbench, Browser], tmp_path: Path
) -> None:
    made, browser = bench[0], entered(*bench)
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    assert "holds no document yet" in browser.get(f"{case}/documents").text
    said = tmp_path / "said.yml"
    said.write_text(
        "organisation: {name: Harbour Systems LLC, uei: H7K2M4N6P8R1, cage: 7ABC1}\n"
        "people:\n  - {name: Dana Ruiz, title: Compliance officer}\n  - {name: Lee Okafor, title: General counsel}\n"
        "contract: {number: HS0021-26-C-0042}\nitems: [{id: a, description: Camera}]\n"
    )
    facts = {
        "party.role": "prime_contractor", "act.kind": "use", "contract.clauses": ["52.204-25 (NOV 2021)"],
        "event.identified_at": "2026-11-20T10:00:00-05:00", "event.during_performance": True,
    }  # fmt: skip
    with open_cases(made.settings.place) as cases:
        file = cases.open_by_hand(
            date(2026, 11, 23), facts, regimes=["us-889-b"], by="Dana Ruiz", title="Cameras", zone="America/New_York",
            contract="HS0021-26-C-0042",
        )  # fmt: skip
        at = datetime.fromisoformat("2026-11-23T14:00:00-05:00")
        making = Making(
            "far-report",
            (said,),
            as_of=date(2026, 11, 23),
            made_at=at,
            author="Dana Ruiz",
            approver="Lee Okafor",
        )
        told = make_document(making, cases=cases, case_id=file.case.id, formats=["md"])
        assert told.stored is not None, told.paper.data["obstacles"]
    case = f"/cases/{file.case.id}"
    listed = browser.get(f"{case}/documents")
    assert "1 document<" in listed.text
    assert (
        "Dana Ruiz" in listed.text
        and "nobody yet" in listed.text
        and "First and follow-up report, 48 CFR 52.204-25(d)" in listed.text
    )
    paths = re.findall(rf'href="({case}/documents/[^"]+)"', listed.text)
    assert len(paths) == 2
    for path in paths:
        got = browser.get(path)
        assert got.status == 200 and got.text
        assert got.headers["content-disposition"].startswith("attachment; ")
        assert got.headers["content-type"] == "application/octet-stream"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]
    for path in (f"{case}/documents/DOC-9/x", f"{paths[0]}x", f"{case}/documents/..%2f..%2fx/y"):
        assert browser.get(path).status == 404


def test_the_worker_beside_the_server_takes_no_program_of_the_folder_in_which_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered, store = tmp_path / "delivered", str(tmp_path / "cases.db")
    (delivered / "proscribe").mkdir(parents=True)
    for name in ("proscribe/__init__.py", "proscribe/__main__.py"):
        (delivered / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    (delivered / "list.csv").write_text(INVENTORY)
    monkeypatch.chdir(delivered)
    with open_cases(store, create=True) as cases:
        job = jobs.submit(cases.store, ScanJob((str(delivered / "list.csv"),)), by="R. Ito")

    def opened_at(_address: str) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and not (tmp_path / "ran").exists():
            with open_cases(store) as cases:
                if jobs.status(cases.store, job.id).state is JobState.DONE:
                    raise KeyboardInterrupt
            time.sleep(0.2)
        pytest.fail("the worker did not do the job, or is not ours")

    with pytest.raises(KeyboardInterrupt):
        serve(Settings(store), opened=opened_at)


def test_both_addresses_of_localhost_are_taken_or_none(tmp_path: Path) -> None:
    told: list[str] = []

    def opened_at(address: str) -> None:
        told.append(address)
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.socket(family) as line:
                line.settimeout(20)
                line.connect((host, urlsplit(address).port))
        raise KeyboardInterrupt

    with socket.socket(socket.AF_INET6) as other:
        try:
            other.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no ::1")
        other.listen()
        with pytest.raises(ProscribeError) as known:
            serve(Settings(str(tmp_path / "cases.db")), port=other.getsockname()[1], opened=opened_at)
        assert known.value.code == "E417" and not told
    with pytest.raises(KeyboardInterrupt):
        serve(Settings(str(tmp_path / "cases.db")), opened=opened_at)
    assert told[0].startswith("http://localhost:")


def _law(browser: Browser, case: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(f"{case}/law").text).split())


def test_what_is_judged_reaches_the_answer_of_the_law(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    rows = INVENTORY + "A4;;dahua style dome;Depot\n"
    case = opened(bench, [("inventory.csv", rows.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    before = _law(browser, case)
    assert "things" in before and "not counted here" not in before

    def say(where: str, verdict: str) -> None:
        shown = browser.get(f"{case}/judge{where}")
        sent = [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
        said = browser.post(f"{case}/judge{where}", [("verdict", verdict), ("reason", "plates seen"), *sent])
        assert said.status == 200, said.text

    say("?band=confirmed", "different")
    alone = _law(browser, case)
    assert "counted until a second person says the same" in alone
    assert "are not counted here" not in alone
    browser.post("/name", [("person", "C. Moreau")])
    say("?band=confirmed", "different")
    two = _law(browser, case)
    assert "judged to be something else, or cleared, and" in two and "names alone say so" in two
    assert "Prohibited" not in two
    overview = " ".join(re.sub(r"<[^>]+>", " ", browser.get(case).text).split())
    assert "judged to be something else, or cleared, and" in overview  # one view on every page


def test_what_somebody_says_is_what_it_is_reaches_the_law_as_sure(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    case = opened(bench, [("leases.csv", b"ip;mac;name\n10.0.0.1;44:19:b6:11:22:33;gate\n")])
    sent(bench, f"{case}/law", [("situation", "own")])
    assert "Who made it?" in _law(browser, case)
    assert "(Hikvision)" in _law(browser, case)  # two findings of one record differ by their firms
    one = finding_page(browser, case)
    browser.post(one.path, [("verdict", "same"), ("reason", "the plate says so")])
    assert "Who made it?" not in _law(browser, case)
    # the bands of the overview and those of reports differ, and each page says by how much
    assert "1 finding was judged to be what it says, and counts as confirmed" in _law(browser, case)
    shown = " ".join(re.sub(r"<[^>]+>", " ", browser.get(case).text).split())
    assert "Judgements raise 1 to confirmed; left are 1 confirmed, 0 probable, 0 possible" in shown
    shown = " ".join(re.sub(r"<[^>]+>", " ", browser.get(f"{case}/reports").text).split())
    assert (
        "1 confirmed, 0 probable, 0 possible; 0 are set aside, and 1 raised to confirmed by a judgement"
        in shown
    )


def test_rules_and_clocks_go_by_names_and_stand_once(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    said = _law(browser, case)
    assert not re.search(r"\bus-[a-z]+", said)
    clocks = " ".join(re.sub(r"<[^>]+>", " ", browser.get("/clocks").text).split())
    assert clocks.count("May be due after it is found") == 1
    spans = re.findall(r"within [\w ]+(?=, if)", clocks)
    assert spans and len(spans) == len(set(spans))
    for line in said.split(". "):
        duties = [part.strip() for part in line.split(";")]
        assert len(duties) == len(set(duties)), line


def test_each_rule_says_what_it_says_of_one_finding_on_any_day(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    found = finding_page(browser, case, "?firm=hikvision").path.split("?")[0]
    assert f'href="{found}/law"' in browser.get(found).text
    assert "was not asked about this finding" in browser.get(f"{found}/law").text
    sent(bench, f"{case}/law", [("situation", "own")])
    rule = "Contracting with an entity that uses covered equipment"
    today = browser.get(f"{found}/law").text
    assert rule in today and "<blockquote>" in today and "is no permission" in today
    early = browser.get(f"{found}/law?on=2019-01-01").text
    assert "in force only from 2020-08-13" in early and "in force only from 2020-08-13" not in today
    nation = "<li>AU: "  # none of its rules reaches a thing that stands elsewhere
    assert nation not in today and nation in browser.get(f"{found}/law?every=yes").text
    assert browser.get(f"{found}/law?on=tomorrow").status == 422
    assert browser.get(f"{case}/findings/f_{'0' * 32}/law").status == 404


def test_a_view_has_a_name_for_whoever_gave_it_and_for_nobody_else(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    first, second = (
        f"/cases/{ready_case(bench[0].settings.place, title=title)[0]}" for title in ("One", "Two")
    )
    assert "Your views" not in browser.get(f"{first}/findings").text
    chosen = browser.get(f"{first}/findings?firm=dahua&group=site")
    kept = browser.post(linked(chosen, rf"{first}/views[^\"]*"), [("view", HOSTILE)])
    assert kept.path.endswith("/findings?firm=dahua&group=site") and "<script>alert" not in kept.text
    assert 'href="' + f'{first}/findings?firm=dahua&amp;group=site" aria-current="true"' in kept.text
    assert "Your views" not in browser.get(f"{second}/findings").text
    browser.get("/name")
    browser.post("/name", [("person", "Somebody Else")])
    assert "Your views" not in browser.get(f"{first}/findings").text
    browser.get("/name")
    browser.post("/name", [("person", "r. ito")])  # a person, however the name is written
    again = browser.get(f"{first}/findings")
    assert "Forget a view" in again.text
    browser.post(f"{first}/views", [("do", "forget"), ("view", HOSTILE)])
    assert "Your views" not in browser.get(f"{first}/findings").text


def test_what_does_not_count_is_said_with_its_ground_and_a_second_person_says_the_same(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    case = f"/cases/{ready_case(bench[0].settings.place, 1)[0]}"
    one = finding_page(browser, case)
    lacking = browser.post(one.path, [("verdict", "not-ours"), ("reason", "freight on the manifest")])
    assert lacking.status == 422 and "whose it is" in lacking.text
    assert 'value="not-ours" checked' in lacking.text and "freight on the manifest</textarea>" in lacking.text
    assert 'aria-invalid="true" aria-describedby="whose-wrong"' in lacking.text
    gone = [("verdict", "gone"), ("paper", "receipt 4471"), ("reason", "it was swapped")]
    assert 'value="receipt 4471"' in browser.post(one.path, gone).text
    ahead = browser.post(one.path, [*gone, ("day", "2190-01-01")]).text
    assert 'value="2190-01-01" maxlength="300" aria-invalid="true"' in ahead and "E430" in ahead
    browser.post(
        one.path, [("verdict", "not-ours"), ("whose", "a customer's"), ("reason", "on the manifest")]
    )
    shown = browser.get(one.path).text
    assert "Not ours: a customer's. on the manifest" in unescape(shown), shown
    assert "<strong>not ours</strong>" in shown and "judged not ours" in browser.get(f"{case}/findings").text
    assert "alone says so" in shown
    assert "Say the same" not in shown  # not to whoever said it
    browser.get("/")
    browser.post("/name", [("person", "Kim Berg")])
    asked = browser.get(one.path)
    told = [(name, hidden(asked, name)) for name in ("verdict", "until", "version")]
    assert told[0] == ("verdict", "cleared")
    agreed = browser.post(one.path, [*told, ("reason", "I opened the crate")])
    assert agreed.status == 200
    assert "Kim Berg and R. Ito say the same" in browser.get(one.path).text


def test_rows_of_the_queue_show_what_their_record_says(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    table = "Asset,Item,Maker,Room\nA-1,Dome camera at the gate,Hikvision DS-2CD2143G2-I,Mill 3\n"
    case = opened(bench, [("assets.csv", table.encode())])
    shown = " ".join(re.sub(r"<[^>]+>", " ", browser.get(f"{case}/findings").text).split())
    assert "DS-2CD2143G2-I A-1 · Dome camera at the gate · Mill 3 · assets.csv, row 2" in shown, shown
    long = beside({"record": [["Item", "dome " * 40]], "evidence": []})
    assert long.endswith("…") and len(long) < 80


def test_all_that_is_judged_at_once_can_be_seen_before(bench: tuple[Workbench, Browser]) -> None:
    browser = entered(*bench)
    rows = "".join(f"A{n};Hikvision;DS-2CD2143G2-I;Hall {n}\n" for n in range(14))
    case = opened(bench, [("inventory.csv", f"Asset;Maker;Model;Site\n{rows}".encode())])
    assert browser.get(f"{case}/findings?firm=hikvision").text.count("Judge all 14 at once") == 2
    shown = browser.get(f"{case}/judge?firm=hikvision").text
    assert "Show the 4 that follow" in shown
    assert len(set(re.findall(rf"{case}/findings/(f_[0-9a-f]+)", shown))) == 14
