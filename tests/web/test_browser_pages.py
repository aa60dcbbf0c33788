"""Every page in a real browser, full, empty, with very long values, and where something went wrong.

Pages are found by following links, so that a new one is looked at without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, do_here, entered, linked, opened, sent, workbench
from page_states import STATES, built
from seen import LAPTOP, PHONE, PLACED, ZOOMED, Seen, real_browser, tab

from proscribe.web.routes import PAGES

MAKERS = (
    "Hikvision;DS-2CD2143G2-I",
    "Dahua;IPC-HFW2431S-S-S2",
    "Huawei;S5735-L24P4S-A1",
    "ZTE;ZXR10 5250",
    "Axis;P3245-V",
)
FULL = "Asset;Maker;Model;Site;Note\n" + "".join(
    f"A{row};{MAKERS[row % 5]};{('Mill Lane', 'Depot', 'Harbour')[row % 3]};{'bracket for Hikvision camera' if row % 5 == 4 else ''}\n"
    for row in range(60)
)
#: Pages that no link leads to, with the reason.
UNLINKED = {
    "/name": "is asked before anything else is shown",
    "/cases/{case_id}/documents/{document_id}/{name}": "a file that is saved, and no page",
    "/cases/{case_id}/documents/{document_id}/bundle": "a file that is saved, and no page",
    "/cases/{case_id}/reports/{job_id}": "a file that is saved, and no page",
    "/cases/{case_id}/choice/tables": "a file that is saved, and no page",
    "/cases/{case_id}/choice/{job_id}/{name}": "a file that is saved, and no page",
    "/cases/{case_id}/suppliers/forms": "a file that is saved, and no page",
    "/cases/{case_id}/pending/{pending_id}": "waits for a key: `test_browser_keys` looks at it",
    "/pending/{pending_id}": "waits for a key: `test_browser_keys` looks at it",
}
LINK = re.compile(r'<a\b[^>]*?href="(/[^"#]*)"([^>]*)')


#: Forms that take nothing that could be wrong, with the reason.
NEVER_REFUSED = {
    "/example": "takes no value",
    "/runs/{job_id}/case": "a run that a case took leads there",
    "/sessions/end": "takes no value on one's own machine",
    "/cases/{case_id}/suppliers/remind": "takes no value",
    "/cases/{case_id}/views": "a name is cut, and none is no view",
    "/administration/retain": "removes what nothing needs, with or without a day",
}
#: What is sent with a form that would be taken where it holds nothing.
REFUSED_WITH = {
    "/name": [("person", "x" * 1000)],
    "/uploads/{upload_id}/scan": [("kind|signed.zip|", "nosuch")],
    "/cases/{case_id}/law": [("fact:0", "nosuch"), ("answer:0", "yes")],
    "/cases/{case_id}/devices": [("job", "J-9999")],
}


class Looked:
    """A workbench with a case in each state, and the addresses of its pages."""

    def __init__(self, browser: Browser, cases: dict[str, str], more: list[str]) -> None:
        self.browser = browser
        self.more = more  # what forms lead to
        self.cases = cases
        self.routes = {
            page.path: re.compile(re.sub(r"\{\w+\}", "[^/]+", page.path))
            for page in PAGES
            if page.method == "GET"
        }
        self.addresses: dict[tuple[str, str], str] = {}
        self._follow()

    def route(self, address: str) -> str | None:
        """Give the route of an address; the one with the fewest parameters where several fit."""
        path = address.split("?")[0]
        fits = [route for route, pattern in self.routes.items() if pattern.fullmatch(path)]
        return min(fits, key=lambda one: one.count("{"), default=None)

    def _follow(self) -> None:
        waiting = [
            *self.more,
            *(route for route in self.routes if "{" not in route and route not in UNLINKED),
        ]
        waiting += self.cases.values()
        while waiting:
            address = waiting.pop(0)
            route = self.route(address)
            state = next(
                (
                    name
                    for name, case in self.cases.items()
                    if f"{address}/".startswith(f"{case}/") or f"{case}?" in address
                ),
                "",
            )
            if route is None or (route, state) in self.addresses or route in UNLINKED:
                continue
            answer = self.browser.get(address)
            assert answer.status == 200, f"{address} answers {answer.status}"
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            self.addresses[route, state] = address
            waiting += [unescape(link) for link, more in LINK.findall(answer.text) if " download" not in more]

    def refused(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Give each address that takes a form, of the case that holds something, with what it does not take."""
        found = {"case_id": self.cases["full"].rpartition("/")[2]}
        for (route, state), address in self.addresses.items():
            if state in ("", "full"):
                pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route)
                matched = re.fullmatch(pattern, address.split("?")[0])
                found |= {} if matched is None else matched.groupdict()
        for page in PAGES:
            if page.method == "POST" and page.path not in NEVER_REFUSED:
                parts = {name: found.get(name, "1") for name in re.findall(r"\{(\w+)\}", page.path)}
                yield page.path.format(**parts), REFUSED_WITH.get(page.path, [])


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    place = str(tmp_path_factory.mktemp("pages") / "cases.db")
    with workbench(place, person="R. Ito", zone="America/New_York") as made:
        browser = entered(*made)
        cases = built(made)
        handed = browser.hand_in([("signed.zip", b"PK\x03\x04" + bytes(18))])
        asked = browser.post(linked(handed, r"/uploads/[^\"]+/verify"), [("file", "signed.zip")])
        do_here(made[0])  # no page goes on by itself while it is looked at
        yield Looked(
            browser, cases, [f"{cases['full']}/judge?band=confirmed", f"{cases['full']}/document", asked.path]
        )


@pytest.fixture(scope="module")
def seen(looked: Looked) -> Iterator[Seen]:
    with real_browser() as started, tab(started, looked.browser) as found:
        yield found


def faults(seen: Seen, status: int, about: str, *, dark: bool = False) -> list[str]:
    """Look at the page that is shown on a phone, on a laptop and at 200 %; give what is wrong with it.

    Where the same is painted as in a size before, only rules about places can find something else.
    """
    found = [f"console: {line}" for line in seen.said]
    found += [f"status {status}"] * (status >= 500)
    painted: set[str] = set()
    for size in (LAPTOP, ZOOMED, PHONE):
        seen.sized(size)
        now = seen.painted()
        found += [f"too wide at {size[0]}: {one}" for one in seen.too_wide()]
        found += [f"at {size[0]}: {one}" for one in seen.faults(*PLACED * (now in painted))]
        painted.add(now)
        found += [f"at {size[0]}: the tab {one} is out of sight" for one in seen.tabs_out_of_sight()]
    if dark:
        seen.page.emulate_media(color_scheme="dark")
        found += [f"dark: {one}" for one in seen.faults("color-contrast")]
    return [f"{about[:60]}: {one}" for one in found]


def problems(seen: Seen, address: str, *, dark: bool = False) -> list[str]:
    """Open a page and look at it in each width; give what is wrong with it."""
    return faults(seen, seen.open(address, LAPTOP), address, dark=dark)


@pytest.mark.parametrize("state", ["", *STATES])
def test_pages_are_without_fault_and_never_scroll_sideways_in_any_width(
    looked: Looked, seen: Seen, state: str
) -> None:
    found: list[str] = []
    for (_, of), address in looked.addresses.items():
        if of == state:
            found += problems(seen, address, dark=state in ("", "full"))
    assert not found, "\n".join(found)


def test_pages_that_went_wrong_are_without_fault(looked: Looked, seen: Seen) -> None:
    case = looked.cases["full"]
    found: list[str] = []
    for address in (
        "/cases/C-9999", "/nowhere", "/why?q=lorex", "/why?q=E199", f"{case}/findings?text=nothing+fits",
        f"{case}/findings?firm=dahua&band=confirmed", f"{case}/findings?row=%3Cscript%3E", f"{case}/devices/d_{'0' * 20}",
        f"{case}/findings?sote=Bern&firm=dahu&new=yes", f"{case}/judge?sote={'x' * 400}", f"{case}/judge?without=f_0",
    ):  # fmt: skip
        found += problems(seen, address)
    assert not found, "\n".join(found)


def test_a_form_that_is_refused_answers_with_a_page_without_fault(looked: Looked, seen: Seen) -> None:
    found: list[str] = []
    seen.open("/verify")
    for address, values in looked.refused():
        status = seen.send(address, [*values, ("form_token", looked.browser.form_token)])
        found += [f"{address} takes {values}: {status}"] * (status < 400)
        found += faults(seen, status, address)
    assert not found, "\n".join(found)


def test_every_page_is_looked_at(looked: Looked) -> None:
    reached = {route for route, _ in looked.addresses}
    missing = looked.routes.keys() - reached - UNLINKED.keys()
    assert not missing, f"no link leads to {sorted(missing)}"
    assert not UNLINKED.keys() - looked.routes.keys()


@pytest.mark.parametrize("state", ["full", "long"])
def test_the_first_finding_is_seen_on_a_phone_without_scrolling(
    looked: Looked, seen: Seen, state: str
) -> None:
    seen.open(f"{looked.cases[state]}/findings", PHONE)
    box = seen.page.locator("[data-row]").first.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= PHONE[1], box
    assert box["width"] > 300


def test_what_is_prohibited_due_and_asked_is_seen_without_scrolling(looked: Looked, seen: Seen) -> None:
    def bottom(found: Any) -> float:
        box = found.bounding_box()
        return float(box["y"] + box["height"])

    seen.open(f"{looked.cases['full']}/law", PHONE)
    for words in ("You may not sign", "May be due", "Cannot be said yet", "Cannot be said until"):
        assert bottom(seen.page.get_by_text(words).first) <= PHONE[1], words
    seen.sized(LAPTOP)
    assert bottom(seen.page.locator("[name^=answer]").first) <= LAPTOP[1]


def test_whoever_has_no_name_is_asked_for_one(seen: Seen, tmp_path: Path) -> None:
    with (
        workbench(str(tmp_path / "cases.db")) as made,
        tab(seen.page.context.browser, entered(*made)) as unnamed,
    ):
        found = problems(unnamed, "/", dark=True)
        assert unnamed.page.url.endswith("/name")
        assert not found, "\n".join(found)


def test_a_first_visit_and_a_filter_take_few_bytes(looked: Looked, seen: Seen) -> None:
    case = looked.cases["full"]
    with tab(seen.page.context.browser, looked.browser) as fresh:
        answers: list[Any] = []
        fresh.page.on("response", lambda answer: answers.append(answer))
        fresh.open(f"{case}/findings", LAPTOP)
        fresh.page.wait_for_load_state("networkidle")
        first = sum(len(one.body()) for one in answers)
        answers.clear()
        fresh.page.locator("aside a", has_text="Dahua").click()
        fresh.page.wait_for_url("**firm=dahua**")
        assert 10_000 < first < 120_000
        assert 1_000 < sum(len(one.body()) for one in answers if "/static/" not in one.url) < 15_000


def test_every_filter_of_a_case_of_300_findings_takes_few_bytes(tmp_path: Path) -> None:
    sites, suppliers = (
        ("Bristol House", "Laredo Field Office", "Warehouse North"),
        ("Ostara Telecom GmbH", "Pike & Sons"),
    )
    name = "asset-register-2026-10-15.csv"
    register = "Asset tag,Description,Manufacturer,Model,Serial number,Site,Supplier\n" + "".join(
        f"A-{row:04},Camera or recorder,{MAKERS[row % 4].replace(';', ',')},SN{row * 7919},{sites[row % 3]},{suppliers[row % 2]}\n"
        for row in range(300)
    )
    with workbench(str(tmp_path / "cases.db"), person="R. Ito", zone="America/New_York") as made:
        browser = entered(*made)
        case = opened(made, [(name, register.encode()), ("inventory.csv", FULL.encode())])
        sent(made, f"{case}/law", [("situation", "own")])
        shown = browser.get(f"{case}/findings")
        links = {
            unescape(link) for link in re.findall(r'<a href="(\?[^"]+)"', shown.text) if "group=" not in link
        }
        assert f"?input={name}" in links and len(links) > 12
        sizes = {link: len(browser.get(f"{case}/findings{link}").text.encode()) for link in links}
        chosen = browser.get(f"{case}/findings?input={name}").text
        assert max(sizes.values()) < 15_000, sizes
        assert f"{name}, row" in shown.text and f"{name}, row" not in chosen and "· row 2<" in chosen


def test_a_page_works_without_a_script(looked: Looked, seen: Seen) -> None:
    case = looked.cases["full"]
    with tab(seen.page.context.browser, looked.browser, java_script_enabled=False) as plain:
        plain.open(f"{case}/findings", LAPTOP)
        plain.page.get_by_label("Beginnings of words or of model numbers").fill("Tampa")
        plain.page.get_by_role("button", name="Search").click()
        plain.page.locator("[data-row]").first.click()
        plain.page.get_by_label("unsure").check()
        plain.page.get_by_label("Why, so that a stranger can follow it").fill("plate is missing")
        plain.page.get_by_role("button", name="Judge").click()
        assert "text=Tampa" in plain.page.url
        plain.open(f"{case}/findings?judged=yes", LAPTOP)
        assert plain.page.locator("[data-row]").count() == 2  # with the one that was judged before


def test_nothing_stays_in_the_browser_but_the_session(looked: Looked, seen: Seen) -> None:
    for path in ("/", f"{looked.cases['full']}/findings", f"{looked.cases['full']}/law"):
        seen.open(path)
        left = seen.page.evaluate(
            "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, document.cookie]"
        )
        assert left == [0, 0, 0, ""], path  # the session is no script's to read
    assert len(seen.page.context.cookies()) == 1


def test_what_a_page_may_not_do_is_refused_and_told(seen: Seen) -> None:
    seen.open("/")
    seen.page.evaluate(
        "() => { const s = document.createElement('style'); s.textContent = 'p{color:red}'; document.head.append(s) }"
    )
    assert [line for line in seen.said if "Content Security Policy" in line]
    told: Any = seen.page.evaluate(
        "() => { try { document.body.innerHTML = '<p>'; return 'taken' } catch (e) { return e.name } }"
    )
    assert told == "TypeError"
