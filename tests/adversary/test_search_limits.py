"""Attacks through words that say in passing that less was searched than there is: they stand, and do not only wait to be read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.app.kb.firms import Firms
from proscribe.app.kb.search_limits import limits, limits_scope
from proscribe.app.papers.own_answers import admitted
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.organisations import Person
from proscribe.model.papers import Inquiry, PersonAsked, SourceSearched

DAY = date(2026, 11, 25)
LISTED = "Is there a camera that is not on the list?"


@pytest.fixture(scope="module")
def firms() -> Firms:
    return Firms.of(open_knowledge(()))


def said(field: str, text: str) -> Inquiry:
    if field == "asked":
        question, _, answer = text.partition("? ")
        return Inquiry(people=(PersonAsked(Person("T. Okafor"), DAY, f"{question}?", answer),))
    how, kind = (
        (text, "site visit" if field == "walked" else "assets")
        if field in ("how", "walked")
        else ("scanned whole", "assets")
    )
    source = SourceSearched("Register", kind, how, "B. Lind", DAY)
    return Inquiry(
        (source,), scope=text if field == "scope" else "", method=text if field == "method" else ""
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        # shares of a whole
        ("scope", "all sites and systems of the company barring the annex, one in ten"), ("how", "searched for 'Huawei', every third row"),
        ("how", "one list of the four was read, all rows"), ("how", "jede zweite Zeile gelesen"), ("how", "lu en entier, une ligne sur dix vérifiée"), ("how", "leído todo, una de cada cinco filas"),
        ("how", "letto tutto, una riga su tre"), ("how", "sechs von zehn Listen gelesen, alle Zeilen"), ("how", "scanned whole, 40 % of the rows by hand"), ("how", "scanned whole, makers A to K"),
        ("how", "every row read, rows 1 to 400"), ("how", "the newest 200 rows read whole"), ("how", "scanned every row above 500 USD"), ("method", "The lists were scanned, a third of the sites were walked."),
        ("method", "Nine in ten lists were scanned, every site was walked."),
        # taken out, or put off
        ("how", "scanned, every row, 889 items parked"), ("how", "scanned whole, cameras out"), ("how", "scanned whole, legacy units excluded"), ("how", "walked all floors, annex deferred"),
        ("how", "scanned whole, tenants' gear exempted"), ("how", "all rows read, cameras set aside"), ("how", "scanned whole, warnings suppressed"), ("scope", "all sites and systems, the lab exempt"),
        # not quite all, or which of all
        ("scope", "substantially all sites and systems of the company"), ("scope", "all main sites of the company"), ("scope", "all staffed sites and systems"), ("scope", "All relevant equipment of the company"),
        ("scope", "all sites and systems of the company in Virginia"), ("scope", "Every site in Germany"), ("how", "generally read whole"), ("method", "All lists were scanned and all sites walked where possible."),
        # long ago
        ("how", "read whole in 2021"), ("how", "all rows read in June 2024"), ("how", "export of 2023-04-30 read whole"), ("how", "read whole two years ago"), ("walked", "every floor walked last summer"),
        ("method", "All lists were scanned as of 2019."),
        # changed first
        ("how", "hits corrected then scanned whole"), ("how", "list amended, then scanned whole"), ("how", "scanned whole until clean"), ("how", "sanitised list, scanned whole"),
        # looked at from elsewhere, or shut
        ("walked", "walked every floor by video, doors shut"), ("walked", "walked all floors over Zoom"), ("walked", "both sites walked remotely"), ("walked", "every site walked from photos"),
        ("walked", "walked every room, racks closed"), ("walked", "walked all floors, lights off"), ("walked", "visited both sites, cabinets unopened"),
        # asked of less, or of what is listed anyway
        ("asked", "Is anything missing from the list but the known cameras? No."), ("asked", "Apart from the cameras, is there anything? No."), ("asked", "Setting aside the warehouse, do we use any radio that is not on the list? No."),
        ("asked", "Is there a camera, radio or router that is on the list? No."), ("asked", "Do you have any router which is in our list? No."),
    ],
)  # fmt: skip
def test_words_that_plainly_limit_a_search_stand_against_it(firms: Firms, field: str, text: str) -> None:
    assert list(admitted(said(field, text), firms))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("how", "proscribe scan, every row, labels compared"), ("how", "all 889 rows scanned"), ("how", "scanned, every row of both sheets"), ("how", "scanned 3 of 3 lists, every row"), ("how", "100 % of rows read"),
        ("how", "every row above and below 500 USD read"), ("how", "read whole on 2026-11-18"), ("how", "all rows read in November 2026"), ("how", "read whole, nothing left out"), ("how", "scanned whole, log filed"),
        ("how", "read from the first row to the last"), ("how", "whole list read after the refresh, spares too"), ("how", "all rows read, cameras counted"), ("how", "letto tutto, ogni riga"),
        ("walked", "walked every floor, photos taken of each label"), ("walked", "walked with the site manager, every rack opened"), ("walked", "both sites walked from the cellar to the roof"),
        ("walked", "walked the car park and the yard, every pole looked at"), ("walked", "visited both sites, cabinets opened"), ("walked", "walked every floor on 19 November 2026"),
        ("scope", "All sites and systems of the company"), ("scope", "Everything at all three plants and both offices"), ("scope", "All sites of the company, owned or leased"),
        ("scope", "The whole group, all subsidiaries"), ("scope", "alle Standorte und Systeme der Firma"), ("method", "Every list was scanned whole; two people checked each hit."),
        ("method", "All lists were scanned, every site was walked in November 2026."), ("asked", "Is there any equipment other than what is on the list? No."),
        ("asked", "Besides those on our list, do we use any camera? No."), ("asked", "Is everything on the list? Yes."), ("asked", f"{LISTED} No."),
    ],
)  # fmt: skip
def test_words_on_a_whole_search_stand_against_nothing(firms: Firms, field: str, text: str) -> None:
    assert not list(admitted(said(field, text), firms))


@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(["{} of {} lists read", "{} out of {} sites walked", "{} von {} Listen gelesen"]),
)
def test_some_of_a_number_is_a_share_and_all_of_it_is_none(some: int, whole: int, form: str) -> None:
    assert bool(limits(form.format(some, whole))) is (some < whole)


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.dates(date(2015, 1, 1), date(2030, 12, 31)))
def test_the_latest_day_that_is_named_has_to_be_of_the_search(named: date, since: date) -> None:
    text = f"every row read on {named.isoformat()}"
    ends = (named.year, named.month) < (since.year, since.month)
    assert bool(limits(text, since)) is ends
    assert not limits(f"{text} and on {since.isoformat()}", since), "a later search beside it counts"


@given(
    st.sampled_from(["all sites", "every list", "the whole company"]),
    st.sampled_from(["Texas", "Virginia", "Germany", "the United Kingdom"]),
)
def test_a_scope_within_a_country_or_state_is_less_than_all(whole: str, where: str) -> None:
    assert not limits_scope(whole) and limits_scope(f"{whole} in {where}")
