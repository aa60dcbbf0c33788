"""Two runs of a case, and what is new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import rostered

pytest.importorskip("uvicorn")

from browsers import (
    HOSTILE,
    INVENTORY,
    Answer,
    Browser,
    do_here,
    entered,
    hidden,
    linked,
    opened,
    sent,
    settled,
    words,
    workbench,
)

from proscribe.app.background import jobs
from proscribe.app.case import pending
from proscribe.app.case.cases import open_cases
from proscribe.app.store.runs_aside import said_of_run, set_run_aside
from proscribe.web.application import Workbench
from proscribe.web.calls import alike


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito") as made:
        entered(*made)
        yield made


def test_the_next_export_shows_what_is_new_and_what_was_not_read(bench: tuple[Workbench, Browser]) -> None:
    made, browser = bench
    other = "Asset;Maker;Model\nZ1;ZTE;MC801A\n"
    case = opened(bench, [("inventory.csv", INVENTORY.encode()), ("other.csv", other.encode())])
    assert "one run" in words(browser.get(f"{case}/runs"))
    later = (
        INVENTORY.replace("A3;Dahua;IPC-HFW2431S-S-S2;Depot\n", "") + f"A9;Huawei;S5735-L24P4S-A;{HOSTILE}\n"
    )
    looked = browser.hand_in([("inventory.csv", later.encode())])
    run = browser.post(linked(looked, r"/uploads/U-[0-9a-f]+/scan"))
    do_here(made)
    done = browser.get(run.path)
    shown = browser.post(linked(done, r"/runs/J-\d+/attach"), [("case", case.rsplit("/", 1)[1])])
    said = words(shown)
    assert "1 new finding" in said and "Huawei" in said.partition("New ")[2].partition("No longer")[0]
    assert "Dahua" in said.partition("No longer shown")[2].partition("In files that were not read again")[0]
    assert "Nothing is known of these since: other.csv" in said
    assert "<script>alert" not in shown.text and "\u202e" not in shown.text
    queue = browser.get(f"{case}/findings")
    fresh = browser.get(queue.path + linked(queue, r"\?new=yes"))
    assert "1 finding" in words(fresh)
    assert "(run 2" in words(browser.get(queue.path + linked(queue, r"\?run=2")))
    assert "(run 1) " in words(browser.get(f"{case}/findings?group=run"))
    assert browser.get(f"{case}/findings?run=x").status == 200
    swapped = browser.get(f"{case}/runs?first={_runs(shown)[1]}&second={_runs(shown)[0]}")
    assert "Read for the first time: other.csv" in words(swapped)
    assert browser.get(f"{case}/runs?first=r_nothing").status == 404
    assert browser.post(linked(done, r"/runs/J-\d+/attach"), [("case", "C-9999")]).status == 404


def test_a_case_asks_for_its_legal_entity_and_country_when_it_is_opened(
    bench: tuple[Workbench, Browser],
) -> None:
    made, browser = bench

    def done_run(name: str) -> Answer:
        sites = INVENTORY.replace(";Depot", ";Leeds, UK")
        looked = browser.hand_in([(name, sites.encode())])
        run = browser.post(linked(looked, r"/uploads/U-[0-9a-f]+/scan"))
        do_here(made)
        return browser.get(run.path)

    def opens(run: Answer, **said: str) -> Answer:
        return browser.post(linked(run, r"/runs/J-\d+/case"), [("title", "Cameras"), *said.items()])

    run = done_run("first.csv")
    assert 'value="United Kingdom"' in run.text and "The files name it" in run.text
    wrong = opens(run, entity="Harrow Ridge Ltd", country="Nowhereland")
    assert "The files name it" not in wrong.text  # somebody typed it
    assert wrong.status == 422 and "E443" in wrong.text
    assert 'value="Nowhereland"' in wrong.text and 'value="Harrow Ridge Ltd"' in wrong.text
    case = opens(run, entity="Harrow Ridge Ltd", country="United Kingdom").path
    browser.post(f"{case}/law", [("situation", "other")])
    do_here(made)
    stated = words(browser.get(f"{case}/law"))
    assert (
        "In which country do you act? GB" in stated or "In which country do you act? United Kingdom" in stated
    )
    second = done_run("second.csv")
    assert 'value="Harrow Ridge Ltd"' in second.text
    refused = opens(second, entity="Northlight GmbH", country="Germany")
    assert refused.status == 409 and "E424" in refused.text and "Northlight GmbH" in refused.text
    assert opens(second, entity="Harrow Ridge Limited", country="").path.startswith("/cases/")


def test_two_people_set_a_run_aside_on_its_page_by_name_or_by_key(
    bench: tuple[Workbench, Browser], tmp_path: Path
) -> None:
    made, browser = bench
    looked = browser.hand_in([("neighbour.csv", INVENTORY.encode())])
    run = browser.post(linked(looked, r"/uploads/U-[0-9a-f]+/scan"))
    do_here(made)
    place, number = browser.get(run.path), run.path.rsplit("/", 1)[1]
    assert "stands against a document that says “does not”" in words(place)
    assert browser.post(f"{run.path}/aside", [("reason", " ")]).status in (400, 409, 422)
    one = browser.post(f"{run.path}/aside", [("reason", HOSTILE)])
    assert "by R. Ito on" in words(one) and "a second person has to say so" in words(one)
    assert "<script>alert" not in one.text and "\u202e" not in one.text
    assert browser.post(f"{run.path}/aside", [("reason", "once more")]).status == 409
    with open_cases(made.settings.place) as cases:
        set_run_aside(cases.store, number, reason="their list, for a trial", by="Kim Berg")
    assert "a second person has to say so" not in words(browser.get(run.path))
    again = browser.post(f"{run.path}/again", [("reason", "it is our depot")])
    assert "Set the run aside" in again.text and "Kim Berg" not in again.text
    with open_cases(made.settings.place) as cases:
        hands = rostered.begun(
            cases.store, tmp_path / "keys", (("R. Ito", "analyst"), ("Kim Berg", "approver"))
        )
    waits = browser.post(f"{run.path}/aside", [("reason", "their list")])
    assert "It waits for the key of R. Ito" in words(waits)
    with open_cases(made.settings.place) as cases:
        (draft,) = pending.waiting(cases.store)
        assert said_of_run(cases.store, jobs.status(cases.store, number)) is None
    assert browser.post(f"/runs/{number}/pending/P-{'0' * 32}/drop").status == 404
    assert "It waits for" not in words(browser.post(f"/runs/{number}/pending/{draft.id}/drop"))
    browser.post(f"{run.path}/aside", [("reason", "their list")])
    with open_cases(made.settings.place) as cases:
        (draft,) = pending.waiting(cases.store)
        shown = pending.look(cases, draft)
        assert "neighbour.csv" in shown.words and "their list" in shown.words and shown.confirmed_aside
        cases.store.hand = hands["R. Ito"]
        pending.sign(cases, shown, hands["R. Ito"])
        assert not pending.waiting(cases.store)
    assert "by R. Ito on" in words(browser.get(run.path))


def test_an_answer_older_than_the_newest_run_says_so_and_is_renewed_under_what_was_stated(
    bench: tuple[Workbench, Browser],
) -> None:
    made, browser = bench
    case = opened(bench, [("inventory.csv", INVENTORY.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    assert "older than what was found" not in browser.get(case).text
    later = INVENTORY + "A9;Huawei;S5735-L24P4S-A;Depot\n"
    run = browser.post(
        linked(browser.hand_in([("inventory.csv", later.encode())]), r"/uploads/U-[0-9a-f]+/scan")
    )
    do_here(made)
    browser.post(linked(browser.get(run.path), r"/runs/J-\d+/attach"), [("case", case.rsplit("/", 1)[1])])
    for page in (case, f"{case}/law"):
        assert "The answer is older than what was found" in words(browser.get(page))
        assert "The law was not asked about the lists of run" in words(browser.get(page))
    again = sent(bench, f"{case}/law", [("again", "yes")])
    assert "older than what was found" not in again.text and "older than" not in browser.get(case).text
    assert "party.role" not in words(again) and "What is this about?" not in words(again)
    # the reading that was put to the law shows nothing first: what is new came with the one before
    queue = browser.get(f"{case}/findings")
    fresh = browser.get(queue.path + linked(queue, r"\?new=yes"))
    assert "1 finding" in words(fresh) and "Huawei" in words(fresh)
    assert "Huawei" in words(browser.get(f"{case}/findings?outcome=prohibited"))


def test_findings_are_gathered_by_what_they_share(bench: tuple[Workbench, Browser]) -> None:
    browser = bench[1]
    case = opened(
        bench, [("inventory.csv", INVENTORY.encode()), ("b.csv", f"Maker;Site\nZTE;{HOSTILE}\n".encode())]
    )
    sites = browser.get(f"{case}/findings?group=site")
    assert "Mill Lane 1 finding" in words(sites) and "Depot 1 finding" in words(sites)
    assert "<script>alert" not in sites.text and "\u202e" not in sites.text
    assert "1 finding" in words(browser.get(f"{case}/findings{linked(sites, r'[?]site=Depot')}"))
    products = browser.get(f"{case}/findings?group=product")
    named = re.findall(r'href="([^"]*[?&;]product=[^"]+)"', products.text)
    assert "<strong>by product</strong>" in products.text and named
    assert "1 finding" in words(browser.get(f"{case}/findings{unescape(named[0])}"))
    files = browser.get(f"{case}/findings?group=input&firm=zte")
    assert "b.csv 1 finding" in words(files) and "inventory.csv 1 finding" not in words(files)
    assert browser.get(f"{case}/findings?group=verdict%3B").status == 200


def _runs(answer: Answer) -> list[str]:
    return list(dict.fromkeys(re.findall(r'<option value="(r_[0-9a-f]+)"', answer.text)))


def test_what_a_run_did_not_read_stands_in_its_case_and_a_run_put_to_the_law_is_no_second_reading(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = bench[1]
    case = opened(
        bench, [("inventory.csv", INVENTORY.encode()), ("plan.dwg", b"AC1032\x00\x00" + bytes(200))]
    )
    sent(bench, f"{case}/law", [("situation", "own")])
    shown = words(browser.get(f"{case}/runs"))
    assert "plan.dwg, byte 0: By its content this is a drawing" in shown and "new finding" not in shown
    assert shown.count("law as of") == 1
    assert "not checked: " in words(browser.get(case))
    assert "2 findings" in words(browser.get(f"{case}/findings?text=nventory.CSV"))


def test_what_is_said_of_several_files_is_said_once() -> None:
    told = ["a.csv: no number", "No device was opened.", "b.csv: no number", "c.csv: empty", "Of all: x: y"]
    assert alike(told) == [
        ("no number", ("a.csv", "b.csv")), ("No device was opened.", ()), ("c.csv: empty", ()), ("Of all: x: y", ()),
    ]  # fmt: skip


def test_files_that_were_not_read_are_named_before_what_was_found(bench: tuple[Workbench, Browser]) -> None:
    looked = bench[1].hand_in([("list.csv", INVENTORY.encode()), ("broken.xlsx", b"PK\x03\x04 none")])
    page = settled(*bench, bench[1].post(linked(looked, r"/uploads/U-[0-9a-f]+/scan"))).text
    assert page.index("1 file was not read</a>") < page.index("What was found") < page.index('id="unread"')


def test_another_case_opens_from_the_same_files_and_asking_twice_opens_one(
    bench: tuple[Workbench, Browser],
) -> None:
    made, browser = bench
    looked = browser.hand_in([("cameras.csv", INVENTORY.encode())])
    run = browser.post(linked(looked, r"/uploads/U-[0-9a-f]+/scan"))
    do_here(made)
    opens = linked(browser.get(run.path), r"/runs/J-\d+/case")
    first = browser.post(opens, [("title", "What we use")]).path
    assert browser.post(opens, [("title", "Again")]).path == first
    page = browser.get(run.path)
    assert "Open another case from the same files" in words(page)
    said = [("title", "What we sell"), ("beside", hidden(page, "beside"))]
    second = browser.post(opens, said).path
    assert second.startswith("/cases/") and second != first
    assert browser.post(opens, said).path == second
    assert "Open from the same files, too: C-0002" in words(browser.get(run.path))
    assert browser.get(f"{second}/findings").status == 200
    with open_cases(made.settings.place) as cases:
        assert {one.id for one in cases.store.cases()} == {"C-0001", "C-0002"}
