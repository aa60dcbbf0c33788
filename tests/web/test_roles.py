"""Who may open what: every route for every role, made from the routes themselves."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("limits")

import rostered
import sqlalchemy as sa
from browsers import Browser, entered, workbench
from cases_ready import ready_case

from proscribe.app.case import pending
from proscribe.app.case.cases import open_cases
from proscribe.app.keys import accounts
from proscribe.casework.files import Files
from proscribe.model.accounts import Actor, Opens, Role
from proscribe.web.api.application import OPERATIONS
from proscribe.web.application import Workbench
from proscribe.web.routes import OTHERS, PAGES, Page
from proscribe.web.sessions import Session

PEOPLE = {
    "viewer": Role.VIEWER,
    "analyst": Role.ANALYST,
    "approver": Role.APPROVER,
    "administrator": Role.ADMINISTRATOR,
}


class Held:
    """Sessions of people with roles, by a cookie that is their name."""

    def __init__(self) -> None:
        self.actors: dict[str, Actor] = {}

    def get(self, name: str) -> Session | None:
        return Session(self.actors[name], "t" * 43, 0, 0) if name in self.actors else None

    def name_person(self, name: str, person: str) -> None:
        raise AssertionError("who signed in has a name")

    def end(self, name: str) -> None:
        self.actors.pop(name, None)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Workbench, Browser, Held, dict[str, str]]]:
    place = str(tmp_path_factory.mktemp("roles") / "cases.db")
    mine, ids = ready_case(place)
    other, _ = ready_case(place, title="Other")
    with workbench(place, person="R. Ito") as (bench, browser):
        held = Held()
        bench._held = held
        for number, (name, role) in enumerate(PEOPLE.items(), 1):
            held.actors[name] = Actor(number, name.title(), {"": role})
        held.actors["guest"] = Actor(8, "Guest", {mine: Role.ANALYST})
        held.actors["nobody"] = Actor(9, "Nobody Yet", {})
        yield bench, browser, held, {"case_id": mine, "finding_id": ids[0], "other": other}


def call(
    browser: Browser, name: str, page: Page, parts: dict[str, str], values: Sequence[tuple[str, str]] = ()
) -> Any:
    browser.hold(name)
    browser.form_token = "t" * 43
    path = re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], "X-1"), page.path)
    return browser.get(path) if page.method == "GET" else browser.post(path, values, follow=False)


def test_every_route_declares_who_may_call_it(made: tuple[Workbench, Browser, Held, dict[str, str]]) -> None:
    declared = {(page.path, page.method) for page in PAGES}
    for route in made[0].application.routes:
        path = route.path  # type: ignore[attr-defined]
        if path.startswith("/api/v1"):
            continue  # see test_api
        methods = set(route.methods) - {"HEAD"}  # type: ignore[attr-defined]
        assert path in OTHERS or all((path, method) in declared for method in methods), path
    assert {page.role for page in PAGES} <= set(Role)
    own = {"/name", "/sessions", "/sessions/end"}  # what is of whoever asks alone
    assert {page.path for page in PAGES if page.role is Role.NOBODY} == own
    # a check that whoever reads asked for, and nobody else sees; and a key of one's own, which counts once two people enrolled it
    own |= {"/verify/{job_id}/cancel", "/people/keys"}
    assert all(
        page.method == "GET" or page.role.rank >= Role.ANALYST.rank or page.path in own for page in PAGES
    )


@pytest.mark.parametrize(
    "page", [one for one in PAGES if one.path != "/name"], ids=lambda one: f"{one.method} {one.path}"
)
def test_a_page_opens_for_its_role_and_for_no_lesser_one(
    made: tuple[Workbench, Browser, Held, dict[str, str]], page: Page
) -> None:
    bench, browser, _, parts = made
    with open_cases(bench.settings.place) as cases:
        before = cases.store.head().seq
        assert browser.call("GET", "/", headers={"Cookie": ""}).status == 403
        for name, role in {"nobody": Role.NOBODY, **PEOPLE}.items():
            if role.rank >= page.role.rank:
                continue
            answer = call(browser, name, page, parts)
            hidden = "{case_id}" in page.path and role is Role.NOBODY
            assert answer.status == (404 if hidden else 403), (name, answer.text)
            assert ("E423" if hidden else "E506") in answer.text
        assert cases.store.head().seq == before  # nobody who may not has changed a thing
    least = next(name for name, role in PEOPLE.items() if role.rank >= page.role.rank)
    assert "E506" not in call(browser, least, page, parts).text


def test_a_role_in_one_case_opens_that_case_alone(
    made: tuple[Workbench, Browser, Held, dict[str, str]],
) -> None:
    bench, browser, _, parts = made
    for page in (
        one for one in PAGES if "{case_id}" in one.path and one.role is Role.VIEWER and one.method == "GET"
    ):
        assert "E506" not in call(browser, "guest", page, parts).text
        foreign = call(browser, "guest", page, {**parts, "case_id": parts["other"]})
        missing = call(browser, "guest", page, {**parts, "case_id": "C-7777"})
        assert foreign.status == missing.status == 404
        assert (
            foreign.text.replace(parts["other"], "C-7777").split("<main")[1] == missing.text.split("<main")[1]
        )
    browser.hold("guest")
    start = browser.get("/")
    assert parts["case_id"] in start.text and parts["other"] not in start.text
    assert browser.get("/clocks").status == 403
    assert browser.get("/administration").status == 403
    browser.form_token = "t" * 43
    assert browser.hand_in([("a.csv", b"Maker\nHikvision\n")]).status == 403
    # files that somebody handed in are of no case
    browser.hold("analyst")
    browser.get("/")
    handed = browser.hand_in([("secret.csv", b"Maker\nHikvision\n")]).path
    for name, status in (("analyst", 200), ("guest", 404)):
        browser.hold(name)
        for taking in ("waivers", "suppliers", "choice"):
            shown = browser.get(f"/cases/{parts['case_id']}/{taking}?upload={handed.rpartition('/')[2]}")
            assert shown.status == status and (status == 200 or "secret.csv" not in shown.text), (
                name,
                taking,
            )
    with open_cases(bench.settings.place) as cases:
        told = [(one.account, one.about, one.outcome) for one in accounts.access_log(cases.store).entries]
    assert (8, f"/cases/{parts['other']}", "missing") in told


@pytest.mark.parametrize("name", ["nobody", *PEOPLE, "guest", "looker"])
def test_no_page_offers_what_its_reader_would_be_refused(
    made: tuple[Workbench, Browser, Held, dict[str, str]], name: str
) -> None:
    _, browser, held, parts = made
    held.actors["looker"] = Actor(7, "Looker", {parts["case_id"]: Role.VIEWER})
    actor, offers = held.actors[name], 0
    for page in (one for one in PAGES if one.method == "GET"):
        shown = call(browser, name, page, parts).text
        found = [("GET", address) for address in re.findall(r'href="(/[^"#?]*)', shown)]
        found += [
            (method.upper(), address)
            for method, address in re.findall(r'<form method="(get|post)" action="(/[^"?]*)', shown)
        ]
        for method, address in found:
            case = re.match(r"/cases/([^/]+)", address)
            role = next(
                (one.role for one in PAGES if one.method == method and one.fits(address)),
                OTHERS.get(address, (Role.NOBODY, Opens.NOTHING))[0],
            )
            offers += 1
            assert address == "/" or actor.may(role, case[1] if case else ""), (page.path, method, address)
    assert offers > len(PAGES) // 2
    finding = call(browser, name, next(one for one in PAGES if one.name == "queue.finding"), parts).text
    may_judge = actor.may(Role.ANALYST, parts["case_id"])
    assert ('name="verdict"' in finding) == may_judge
    assert ("This takes the role: analyst." in finding) == (
        actor.may(Role.VIEWER, parts["case_id"]) and not may_judge
    )


GUESSED = {
    "document_id": "DOC1", "name": "x.pdf", "job_id": "J-0077", "upload_id": f"U-{'a' * 32}", "waiver_id": "W7",
    "device_id": f"d_{'1' * 32}", "pending_id": f"P-{'0' * 32}",
}  # fmt: skip


@pytest.mark.parametrize(
    "page",
    # a token is known by its number to administrators, who see all of them
    [one for one in PAGES if "{" in one.path.replace("{case_id}", "") and one.role is not Role.ADMINISTRATOR],
    ids=lambda one: f"{one.method} {one.path}",
)
def test_a_thing_by_a_guessed_id_is_not_found_and_that_is_written_down(
    made: tuple[Workbench, Browser, Held, dict[str, str]], page: Page
) -> None:
    bench, browser, _, parts = made
    with open_cases(bench.settings.place) as cases:
        (other,) = cases.store.findings(parts["other"], limit=1).findings
        before, said = cases.store.head().seq, [("verdict", "same"), ("reason", "plate seen")]
        answer = call(
            browser, "administrator", page, {**parts, **GUESSED, "finding_id": other.support.finding_id}, said
        )
        assert answer.status == 404, answer.text
        newest = accounts.access_log(cases.store).entries[0]
        assert (newest.what, newest.about, newest.outcome) == (page.name, answer.path, "missing")
        assert cases.store.head().seq == before and not pending.waiting(cases.store)


#: All that shows nothing of a store: law and knowledge, the forms of who comes in, and files of the program.
UNLOGGED = {
    "GET /name", "GET /world", "GET /why", "POST /why/correction", "/static/{name}", "/sign-in", "/sign-in/begin",
}  # fmt: skip


def test_all_that_opens_something_of_a_store_says_so() -> None:
    nothing = {f"{one.method} {one.path}" for one in PAGES if one.opens is Opens.NOTHING}
    nothing |= {path for path, (_, opens) in OTHERS.items() if opens is Opens.NOTHING}
    assert nothing == UNLOGGED
    assert not [one.name for one in OPERATIONS if one.opens is Opens.NOTHING]


@pytest.mark.parametrize("page", PAGES, ids=lambda one: f"{one.method} {one.path}")
def test_a_page_leaves_an_entry_unless_it_opens_nothing(
    made: tuple[Workbench, Browser, Held, dict[str, str]], page: Page
) -> None:
    bench, browser, held, parts = made
    held.actors["administrator"] = Actor(4, "Administrator", {"": Role.ADMINISTRATOR})
    with open_cases(bench.settings.place) as cases:
        log = accounts.access_log(cases.store).entries
        before = log[0].seq if log else 0
        if page.path == "/name" and page.method == "POST":
            return  # see below: in a team nobody names themselves
        answer = call(browser, "administrator", page, parts)
        new = [one for one in accounts.access_log(cases.store).entries if one.seq > before]
    told = [(one.by, one.about) for one in new if one.what == page.name]
    asked = re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], "X-1"), page.path)
    assert told == ([] if page.opens is Opens.NOTHING else [("Administrator", asked)]), answer.text


def test_the_lists_the_log_itself_and_files_that_come_are_written_down(tmp_path: Path) -> None:
    place = str(tmp_path / "cases.db")
    case_id, _ = ready_case(place)
    with workbench(place) as (bench, browser):
        assert browser.get("/enter?token=guessed").status == 403
        entered(bench, browser)
        browser.post("/name", [("person", "C. Moreau")])
        for path in ("/clocks", "/world", "/why?q=lorex", "/administration", f"/cases/{case_id}"):
            assert browser.get(path).status == 200
        upload = browser.hand_in([("a.csv", b"Maker\nHikvision\n")]).path
        with open_cases(place) as cases:
            log = accounts.access_log(cases.store)
    assert not log.faults
    assert [(one.by, one.what, one.about, one.outcome) for one in reversed(log.entries)] == [
        ("", "enter", "127.0.0.1", "refused"),
        ("", "start.take_name", "C. Moreau", "done"),
        ("C. Moreau", "start.start", "/", "opened"),
        ("C. Moreau", "cases.clocks", "/clocks", "opened"),
        ("C. Moreau", "administration.administration", "/administration", "opened"),
        ("C. Moreau", "cases.case", f"/cases/{case_id}", "opened"),
        ("C. Moreau", "start.hand_in", upload, "done"),
        ("C. Moreau", "start.files", upload, "opened"),
    ]


def test_who_opened_what_is_written_down_and_every_change_of_it_shows(tmp_path: Path) -> None:
    place = str(tmp_path / "cases.db")
    case_id, ids = ready_case(place)
    with workbench(place, person="R. Ito") as made:
        browser = entered(*made)
        assert browser.get(f"/cases/{case_id}/findings/{ids[0]}").status == 200
        assert browser.get(f"/cases/{case_id}/findings/f_guessed").status == 404
        page = browser.get("/administration")
        assert f"/cases/{case_id}/findings/{ids[0]}" in page.text and "verified whole" in page.text
        with open_cases(place) as cases:
            log = accounts.access_log(cases.store)
            assert not log.faults
            assert [(one.by, one.what, one.outcome) for one in reversed(log.entries)] == [
                ("R. Ito", "start.start", "opened"), ("R. Ito", "queue.finding", "opened"),
                ("R. Ito", "queue.finding", "missing"), ("R. Ito", "administration.administration", "opened"),
            ]  # fmt: skip
            with pytest.raises(sa.exc.DBAPIError), cases.store._engine.begin() as conn:
                conn.execute(sa.text("UPDATE accesses SET by = 'x'"))
            for damage in (
                "UPDATE accesses SET by = 'M. Allory' WHERE seq = 1",
                "UPDATE accesses SET by = 'R. Ito' WHERE seq = 1; DELETE FROM accesses WHERE seq = 2",
            ):
                with cases.store._engine.begin() as conn:
                    for one in ("UPDATE", "DELETE"):
                        conn.execute(sa.text(f"DROP TRIGGER IF EXISTS accesses_no_{one.lower()}"))
                    for statement in damage.split("; "):
                        conn.execute(sa.text(statement))
                faults = accounts.access_log(cases.store).faults
                assert faults, damage
                assert any("access log" in one.what for one in cases.store.verify())
        assert "verified whole" not in browser.get("/administration").text


def test_people_shows_the_roster_or_how_it_is_begun(tmp_path: Path) -> None:
    place = str(tmp_path / "cases.db")
    with workbench(place, person="R. Ito") as made:
        browser = entered(*made)
        page = browser.get("/people").text
        assert 'id="roster"' in page and "There is none yet" in page and "proscribe case roster begin" in page
        with open_cases(place, create=True) as cases:
            hands = rostered.begun(cases.store, tmp_path / "keys")
        page = browser.get("/people").text
        assert "There is none yet" not in page
        row = page.partition("Kim Berg")[2].partition("</tr>")[0]
        assert ">approver<" in row and hands["Kim Berg"].key_id[:16] in row and "no end" in row
        assert "proscribe case roster add" in page and "proscribe sign-pending --key" in page


def test_a_page_that_cannot_be_written_down_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "cases.db")
    case_id, ids = ready_case(place)
    with workbench(place, person="R. Ito") as made:
        browser = entered(*made)
        with open_cases(place) as cases, cases.store._engine.begin() as conn:
            conn.execute(sa.text("ALTER TABLE accesses RENAME TO gone"))
        answer = browser.get(f"/cases/{case_id}/findings/{ids[0]}")
        assert answer.status >= 400 and ids[0] not in answer.text


def test_what_is_asked_too_often_has_to_wait(tmp_path: Path) -> None:
    with workbench(
        str(tmp_path / "cases.db"),
        person="R. Ito",
        rates={"search": "3 per minute", "upload": "1 per minute"},
    ) as made:
        browser = entered(*made)
        answers = [browser.get("/why?q=lorex").status for _ in range(5)]
        assert answers == [200, 200, 200, 429, 429]
        browser.get("/")
        assert browser.hand_in([("a.csv", b"Maker\nHikvision\n")]).status == 200
        assert browser.hand_in([("a.csv", b"Maker\nHikvision\n")]).status == 429
        assert browser.get("/").status == 200


def test_old_files_that_nothing_needs_are_removed_after_a_look(tmp_path: Path) -> None:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito") as (made, browser):
        entered(made, browser)
        browser.hand_in([("old.csv", b"Asset;Maker\nA1;Axis\n"), ("new.csv", b"Asset;Maker\nA2;Axis\n")])
        page = browser.get("/administration").text
        assert (
            "proscribe case backup monday.zip --key YOUR.key --by" in page
            and "What is kept, and for how long" in page
        )
        assert "Nothing older than 30 days can go" in browser.get("/administration?retain=30").text
        with open_cases(made.settings.place) as cases:
            files = Files.of(cases.store)
            new = {one.sha256 for one in files}
            old, _ = files.put([b"what a job made that nobody asks for"])
            os.utime(files.path(old), (1, 1))
        shown = browser.get("/administration?retain=30").text
        assert "Remove them" in shown and 'name="seen" value="1"' in shown
        refused = browser.post("/administration/retain", [("days", "30"), ("seen", "2")]).text
        assert "1 file was removed" not in refused and "Remove them" in refused
        done = browser.post("/administration/retain", [("days", "30"), ("seen", "1")]).text
        assert "1 file was removed" in done
        with open_cases(made.settings.place) as cases:
            left = {one.sha256 for one in Files.of(cases.store)}
        assert new and left == new
