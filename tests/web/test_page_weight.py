"""Pages of findings stay small, whatever is chosen on them, and their links lead to what they say."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import pytest

pytest.importorskip("uvicorn")

from browsers import Answer, Browser, entered, hidden, workbench
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scan_samples import scan_bytes

from proscribe.app.case.cases import open_cases
from proscribe.app.settings.named_views import MOST, View, keep
from proscribe.model.accounts import Actor, Role
from proscribe.web.application import Workbench
from proscribe.web.filters import GROUPS, kept, where_of
from proscribe.web.offers import offered

#: Bytes that a filter may take; no page is compressed.
LIMIT = 15_000
SITES = [
    *(f"Site {number:02}" for number in range(40)),
    *(f"Ward {number}, Bâtiment « Étoile » & annexe, 4ᵉ étage" for number in range(20)),
    *(f"東京都千代田区丸の内一丁目{number}番地 データセンター別館 サーバー室" for number in range(20)),
]
PATHS = [
    f"Regional estate/2026/Q3 + Q4/asset-register-of-the-field-offices-{number:02}.csv" for number in range(8)
]
PATHS += [f"資産台帳/二〇二六年度/東京・大阪・名古屋 第{number}号.csv" for number in range(8)]


def named(number: int) -> str:
    """Give the name of a view, as long as one may be."""
    return f"{number:02} telecommunications gear & cameras of the northern branches"[:60]


MAKERS = ("hikvision", "dahua", "huawei", "zte", "hytera")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Browser, list[str]]]:
    """A case of 600 findings in many places, files and products, and as many views as one person may have."""
    place = str(tmp_path_factory.mktemp("weight") / "cases.db")
    ids = [f"f_{secrets.token_hex(16)}" for _ in range(600)]
    found = [
        {
            "id": ids[row], "input": row % len(PATHS), "record_id": str(row), "locator": {"row": row + 2},
            "entity": MAKERS[row % 5], "band": ("confirmed", "probable", "possible")[row % 3],
            "role": ("made_by", "component")[row % 2], "details": {"site": SITES[row % len(SITES)]},
            "evidence": [{"found": f"DS-2CD2{row % 90}42WD-I"}],
            "record": [["Description", f"Kamera {row} für das Foyer, 2. Obergeschoß, neben der Tür zum Treppenhaus"]],
        }
        for row in range(600)
    ]  # fmt: skip
    inputs = [
        {"index": number, "path": path, "sha256": f"{number:064x}", "records": 80}
        for number, path in enumerate(PATHS)
    ]
    with open_cases(place, create=True) as cases:
        cases.open_from_scan(
            scan_bytes({"inputs": inputs, "findings": found}), "scan.json", by="A. Setup", zone="UTC", title="x" * 120
        )  # fmt: skip
        for number in range(MOST):
            query = [("site", one) for one in SITES[number % 50 : number % 50 + 20]]
            keep(cases.store, "R. Ito", View(named(number), "C-0001", tuple(query)))
    with workbench(place, person="R. Ito") as (made, browser):
        yield made, entered(made, browser), ids


def total_of(page: Answer) -> int:
    found = re.search(r"<h1>([\d,]+) findings?</h1>", page.text)
    assert found is not None and page.status == 200, page.text[:2_000]
    return int(found[1].replace(",", ""))


def expected(made: Workbench, query: list[tuple[str, str]]) -> int:
    with open_cases(made.settings.place) as cases:
        return cases.store.facets("C-0001", where_of(query)).total


_VALUES = st.one_of(
    st.tuples(st.just("site"), st.sampled_from([*SITES, "(none)"])),
    st.tuples(st.just("input"), st.sampled_from(PATHS)),
    st.tuples(st.just("firm"), st.sampled_from(MAKERS)),
    st.tuples(st.just("band"), st.sampled_from(("confirmed", "probable", "possible"))),
    st.tuples(st.just("product"), st.integers(0, 89).map(lambda number: f"DS-2CD2{number}42WD-I")),
    st.tuples(st.just("role"), st.sampled_from(("made_by", "component", "sold_by"))),
    st.tuples(st.sampled_from(("judged", "new", "aged", "ignored")), st.sampled_from(("yes", "no"))),
    st.tuples(st.just("text"), st.sampled_from(("kamera", "Foyer 2*", "資産台帳", "x" * 300))),
    st.tuples(st.just("verdict"), st.just("(none)")),
)
_BESIDE: st.SearchStrategy[list[tuple[str, str]]] = st.one_of(
    st.just([]),
    st.tuples(st.sampled_from(sorted(GROUPS)), st.integers(0, 90)).map(
        lambda told: [("group", told[0]), ("start", str(told[1]))]
    ),
    st.just([("after", "0-4")]),
)


@settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_any_filter_takes_few_bytes_and_its_links_keep_it(
    served: tuple[Workbench, Browser, list[str]], data: st.DataObject
) -> None:
    made, browser, ids = served
    query = data.draw(st.lists(_VALUES, max_size=30))
    name = data.draw(st.sampled_from(("finding", "without")))
    query += [(name, one) for one in data.draw(st.lists(st.sampled_from(ids), max_size=100, unique=True))]
    beside = data.draw(_BESIDE)
    page = browser.get(f"/cases/C-0001/findings?{urlencode([*query, *beside])}")
    assert total_of(page) == expected(made, query)
    assert len(page.text.encode()) < LIMIT, page.path
    # Whatever is clicked next goes on from there.
    links = [unescape(one) for one in re.findall(r'<a href="(\?[^"]*)"', page.text)]
    link = data.draw(st.sampled_from(links or ["?"]))
    begun = query if page.path.startswith("/in/") else []
    then = kept([*begun, *parse_qsl(urlsplit(link).query, keep_blank_values=True)])
    clicked = browser.get(urljoin(page.path, link))
    assert total_of(clicked) == expected(made, then)
    assert len(clicked.text.encode()) < LIMIT, clicked.path
    # A finding is opened out of its list, and leads back to it.
    rows = re.findall(r'<a href="([^"]*/findings/f_[^"]*)" data-row', page.text)
    if rows:
        opened = browser.get(urljoin(page.path, unescape(rows[-1])))
        back = re.search(r'<a href="([^"]+)" data-back', opened.text)
        assert back is not None and total_of(browser.get(unescape(back[1]))) == total_of(page)


def test_a_page_that_holds_less_goes_on_where_it_ended(served: tuple[Workbench, Browser, list[str]]) -> None:
    made, browser, ids = served
    query = [("without", one) for one in ids[:80]] + [("site", one) for one in SITES[40:]]
    page, seen = browser.get(f"/cases/C-0001/findings?{urlencode(query)}"), list[str]()
    while True:
        seen += re.findall(r"/findings/(f_[0-9a-f]+)", page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        if following is None:
            break
        page = browser.get(urljoin(page.path, unescape(following[1])))
    assert len(seen) == len(set(seen)) == expected(made, query) > 200


def test_groups_are_shown_a_page_at_a_time_until_all_were(
    served: tuple[Workbench, Browser, list[str]],
) -> None:
    _, browser, _ = served
    page, sites = browser.get("/cases/C-0001/findings?group=site"), list[str]()
    while True:
        assert len(page.text.encode()) < LIMIT
        sites += [unescape(one) for one in re.findall(r'data-row><b class="what">([^<]*)</b>', page.text)]
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        if following is None:
            break
        page = browser.get(urljoin(page.path, unescape(following[1])))
    assert sorted(sites) == sorted(SITES)


def test_views_that_are_many_are_opened_from_a_list(served: tuple[Workbench, Browser, list[str]]) -> None:
    made, browser, _ = served
    name = named(MOST - 1)
    page = browser.get("/cases/C-0001/findings")
    assert f"<option>{escape(name)}" in page.text and f">{escape(name)}</a>" not in page.text
    opened = browser.post("/cases/C-0001/views", [("view", name), ("do", "open")])
    query = [("site", one) for one in SITES[MOST - 1 : MOST + 19]]
    assert total_of(opened) == expected(made, query) < 600


def test_a_long_filter_is_judged_as_it_was_shown(served: tuple[Workbench, Browser, list[str]]) -> None:
    made, browser, ids = served
    query = [("finding", one) for one in ids[:40]]
    page = browser.get(f"/cases/C-0001/findings?{urlencode(query)}")
    judge = re.search(r'<a class="button quiet" href="([^"]+)">Judge all 40 at once', page.text)
    assert page.path.startswith("/in/") and judge is not None
    asked = browser.get(urljoin(page.path, unescape(judge[1])))
    assert "Judge 40 findings" in asked.text
    told = [("verdict", "unsure"), ("reason", "to be looked at"), ("without", ids[0])]
    told += [(name, hidden(asked, name)) for name in ("count", "digest", "seen")]
    act = re.search(r'<form method="post" action="([^"]+)" class="judge"', asked.text)
    assert act is not None
    done = browser.post(unescape(act[1]), told)
    assert "39 findings were judged" in done.text and done.path.startswith("/in/")
    back = re.search(r'<form method="post" action="([^"]+/back)"', done.text)
    assert back is not None
    taken = browser.post(urljoin(done.path, unescape(back[1])), [("reason", "too soon")])
    assert "Taken back" in taken.text and total_of(taken) == 40
    assert expected(made, [("judged", "yes")]) == 0


@pytest.mark.parametrize(
    "path", ["/in/site=x", "/in/site=x/", "/in/site=x/api/v1/cases", "/in/site=x/administration", "/in//cases/C-0001/findings"]
)  # fmt: skip
def test_a_filter_stands_before_pages_of_a_case_alone(
    served: tuple[Workbench, Browser, list[str]], path: str
) -> None:
    assert served[1].get(path).status == 404


def test_what_stands_within_a_path_is_read_as_a_filter_and_nothing_else(
    served: tuple[Workbench, Browser, list[str]],
) -> None:
    made, browser, _ = served
    hostile = "../../administration?<script>alert(1)</script>&band=confirmed#/%2e%2e\r\nSet-Cookie: a=b"
    page = browser.get(f"/in/{quote(urlencode([('site', hostile)]), safe='=&+')}/cases/C-0001/findings")
    assert total_of(page) == 0 and "<script>alert" not in page.text and not page.cookies
    assert expected(made, [("site", hostile)]) == 0
    # An address that nobody wrote so leads to the one of its filter.
    short = browser.get("/in/firm=dahua/cases/C-0001/findings?group=site")
    assert short.path == "/cases/C-0001/findings?firm=dahua&group=site" and total_of(short) == 120


def test_links_beside_a_page_are_offered_to_whom_they_are_for() -> None:
    viewer, analyst = (Actor(1, "V. Roe", {"": role}) for role in (Role.VIEWER, Role.ANALYST))
    page = '<a href="./judge">Judge all</a> <a href="?site=x">x</a> <form method="post" action="./judge"><button></form>'
    assert offered(page, analyst, "/cases/C-0001/findings") == page
    told = offered(page, viewer, "/cases/C-0001/findings")
    assert "./judge" not in told and "Judge all <span" in told and '<a href="?site=x">' in told
