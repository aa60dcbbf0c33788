"""What pages say of one thing is the same everywhere, and said to whoever clicks: counts, advice, and what waits for a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

import rostered
from browsers import (
    INVENTORY,
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
from soft_key import SoftKey, text_of

from proscribe.app.case import pending
from proscribe.app.case.cases import open_cases
from proscribe.app.keys import browser_keys
from proscribe.model.pending import Deed
from proscribe.web.application import Workbench

Bench = tuple[Workbench, Browser]
#: A list of more sites than a page names.
SITES = "Asset ID,Manufacturer,Model,Description,Site\n" + "".join(
    f"A{number},Hikvision,DS-2CD2143G2-I,Camera,Site {number}\n" for number in range(1, 9)
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with workbench(str(tmp_path / "cases.db"), person="Sam Lind") as made:
        entered(*made)
        yield made


def test_what_was_not_checked_is_counted_alike_on_every_page(bench: Bench) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    told = re.search(r"What was not checked: ([\d,]+) line", words(browser.get(case)))
    with open_cases(made.settings.place) as cases:
        job = cases.store.jobs()[0].id if hasattr(cases.store, "jobs") else "J-0002"
    runs = browser.get(f"{case}/runs")
    run = (
        browser.get(linked(runs, r"/runs/J-\d+")) if "/runs/J-" in runs.text else browser.get(f"/runs/{job}")
    )
    there = re.search(r"What was not checked \(([\d,]+)\)", words(run))
    assert told is not None and there is not None and told[1] == there[1]
    listed = run.text.partition('id="not-checked"')[2].partition("</section>")[0]
    assert listed.count("<li>") == int(told[1])


def test_sites_are_counted_as_many_as_there_are(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", SITES.encode())])
    said = words(sent(bench, f"{case}/law", [("situation", "own")]))
    assert "By site (first of 8)" in said and "and 3 more" in said and "By site (6)" not in said


def test_a_rule_about_other_things_is_told_in_one_line_and_no_row(bench: Bench) -> None:
    case = opened(bench, [("inventory.csv", SITES.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    one = finding_page(bench[1], case)
    page = bench[1].get(f"{one.path}/law")
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', page.text)
    assert rows and not any("Drone" in row or "Not covered" in row for row in rows)
    (line,) = re.findall(r"<p>(?:Does|Do) not reach it, since .*?</p>", page.text)
    assert "American Security Drone Act" in line and "Connected vehicles" in line
    assert '<details id="silent">' in page.text


def test_of_a_thing_of_which_nobody_knows_what_it_is_such_rules_are_one_line(bench: Bench) -> None:
    unknown = "Asset ID,Manufacturer,Description\nA1,Hikvison,Unit\nA2,Dahau,Box\n"
    case = opened(bench, [("inventory.csv", unknown.encode())])
    page = sent(bench, f"{case}/law", [("situation", "own")])
    others = page.text.partition("Other rules")[2].partition("</details>")[0]
    (line,) = [one for one in re.findall(r"<li>(.*?)</li>", others) if "Drone" in one or "Kaspersky" in one]
    assert "whether these reach them hangs on what they are and who made them" in line
    assert "Drone" in line and "Kaspersky" in line


def test_ones_own_question_to_the_law_is_in_no_way_of_ones_judgement(bench: Bench) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    page = finding_page(browser, case)
    version = hidden(page, "version")
    sent(bench, f"{case}/law", [("situation", "own")])
    said = [("verdict", "same"), ("reason", "plate seen"), ("version", version)]
    done = browser.post(page.path, said)
    assert done.status == 200 and "E422" not in done.text
    with open_cases(made.settings.place) as cases:
        assert [one.reason for one in cases.case(case.rsplit("/", 1)[1]).judgements] == ["plate seen"]


def test_another_persons_question_and_another_list_of_ones_own_are_in_the_way(
    bench: Bench, tmp_path: Path
) -> None:
    import proscribe

    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    case_id = case.rsplit("/", 1)[1]
    page = finding_page(browser, case)
    said = [("verdict", "same"), ("reason", "plate seen"), ("version", hidden(page, "version"))]
    with open_cases(made.settings.place) as cases:
        from proscribe.app.case.case_law import put_to_the_law

        put_to_the_law(cases, case_id, by="R. Ito", company={"act.kind": "use", "party.jurisdiction": "US"})
    late = browser.post(page.path, said)
    assert late.status == 409 and "E422" in late.text and "R. Ito" in late.text
    said[-1] = ("version", hidden(browser.get(page.path), "version"))
    other = tmp_path / "inventory.csv"
    other.write_text(INVENTORY.replace("Hikvision", "Dahua"))
    with open_cases(made.settings.place) as cases:
        cases.attach(case_id, proscribe.scan([other]).to_json().encode(), "later.json", by="Sam Lind")
    late = browser.post(page.path, said)
    assert late.status == 409 and "E422" in late.text


def test_a_key_that_did_not_do_leaves_the_roles_that_were_chosen(bench: Bench) -> None:
    browser = bench[1]
    browser.host = browser.host.replace("127.0.0.1", "localhost")
    page = entered(*bench).get("/people")
    assert not re.search(r'name="roles"[^>]*checked', page.text)
    assert "opens this one browser" in words(page)
    wrong = browser.post(
        "/people/keys",
        [("public", "AAAA"), ("credential", "AAAA"), ("roles", "approver"), ("roles", "signer")],
    )
    assert wrong.status >= 400 and "No key was kept." in words(wrong)
    assert re.findall(r'id="may-(\w+)" value="\w+" checked', wrong.text) == ["approver", "signer"]
    nobody = browser.post("/people/keys", [("public", "AAAA"), ("credential", "AAAA")])
    assert "Tick what the person may do with the key" in words(nobody)


def test_a_second_proposal_of_the_same_key_says_that_it_was_proposed(tmp_path: Path) -> None:
    place = tmp_path / "ours.db"
    with open_cases(place, create=True) as cases:
        rostered.begun(cases.store, tmp_path / "keys")
        key = SoftKey(credential=text_of(b"Zoe"))
        told = browser_keys.offer(
            cases.store, "Zoe Last", ["approver"], public=key.public, credential=key.credential, site=key.site
        ).key_id
        first, second = (
            pending.ask(cases, Deed.ENROL, "", {"offers": told}, by="Sam Lind") for _ in range(2)
        )
        hand = rostered.key(tmp_path / "keys", "Sam Lind")
        cases.store.hand = hand
        pending.sign(cases, pending.look(cases, first), hand)
        left = pending.waits(cases, second)
    assert not left.stands and "proposed already or taken back" in left.words and "'" not in left.words
    with workbench(str(place), person="Sam Lind") as (made, browser):
        entered(made, browser)
        assert "it was proposed already or taken back" in words(browser.get("/people"))


def test_a_column_that_names_a_firm_and_is_not_read_is_advised_without_a_command(bench: Bench) -> None:
    browser = bench[1]
    content = (
        Path(__file__).parents[1].joinpath("readers", "fixtures", "radio", "airodump-01.csv").read_bytes()
    )
    looked = browser.hand_in([("airodump-01.csv", content)])
    done = settled(*bench, browser.post(linked(looked, r"/uploads/U-[0-9a-f]+/scan")))
    assert "E140" in done.text, "the list names a firm in a column that is not read"
    assert "Have it read as text." in words(done) and "--map" not in words(done)
