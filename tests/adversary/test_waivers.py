"""Attacks on waivers: a grant that was never asked for, that holds before it was given, for another agency, without its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from proscribe.app.case.cases import Cases, open_cases
from proscribe.model.errors import CaseError

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
ASKED, GRANTED, LAST = date(2026, 11, 18), date(2026, 11, 20), date(2026, 12, 31)


@pytest.fixture(scope="module")
def law() -> dict[str, Any]:
    return {}


@pytest.fixture
def cases(tmp_path: Path, law: dict[str, Any]) -> Iterator[Cases]:
    """A case of a contract of GSA, with nothing asked for."""
    with open_cases(tmp_path / "c.db", create=True, now=lambda: NOW) as made:
        made.__dict__.update(law)
        law["decider"] = made.decider
        made.open_by_hand(ASKED, {"contract.agency": "GSA"}, decide=False, by="R. Ito", title="t", zone="UTC")
        yield made


def asked(cases: Cases, **fields: Any) -> None:
    value = {
        "grantor": "dni", "part": "b", "scope": "12 cameras", "agency": "GSA", "valid_to": LAST.isoformat(), "justification": "j",
        "laydown": "l", "phase_out": "p", **fields,
    }  # fmt: skip
    at = datetime(ASKED.year, ASKED.month, ASKED.day, 12, tzinfo=UTC)
    cases.ask_for_waiver("C-0001", value, by="R. Ito", version=1, stated_at=at)


def granted(cases: Cases, **days: Any) -> tuple[date | None, tuple[str, ...]]:
    about = {"granted_on": GRANTED, "valid_from": GRANTED, "valid_to": None, **days}
    file, ready = cases.grant("C-0001", "W1", by="L. Park", version=2, proof=b"copy", **about)
    return file.waivers[0].valid_to, ready.differs


def refused(cases: Cases, **days: Any) -> str:
    with pytest.raises(CaseError) as caught:
        granted(cases, **days)
    assert cases.case("C-0001").waivers[0].status == "draft"
    return f"{caught.value.code} {caught.value.what}"


def test_no_grant_before_it_was_asked_for(cases: Cases) -> None:
    asked(cases)
    for day in (date(2019, 8, 20), date(2026, 11, 17)):
        assert refused(cases, granted_on=day, valid_from=day).startswith("E430 waiver W1 was asked for on")
    assert granted(cases, granted_on=ASKED, valid_from=ASKED) == (LAST, ())


def test_no_waiver_holds_before_it_was_granted(cases: Cases) -> None:
    asked(cases)
    assert refused(cases, valid_from=date(2026, 11, 19)).startswith("E430 the waiver holds from 2026-11-19")


def test_the_last_day_that_was_asked_for_never_vanishes(cases: Cases) -> None:
    asked(cases)
    assert granted(cases) == (LAST, ())
    assert [due.deadline.obligation for due in cases.deadlines()] == ["waiver/W1/end"]


def test_another_end_than_was_asked_for_is_said_then_and_later(cases: Cases) -> None:
    asked(cases)
    last, differs = granted(cases, valid_to=date(2027, 6, 30))
    assert last == date(2027, 6, 30)
    assert differs == ("its last day is 2027-06-30; asked for was 2026-12-31",)
    assert cases.check_waiver("C-0001", "W1", GRANTED).differs == differs


def test_a_request_that_begins_after_the_last_day_it_asks_for(cases: Cases) -> None:
    asked(cases, valid_to="2026-11-19")
    assert refused(cases)[:4] in ("E405", "E430")


@pytest.mark.parametrize(("agency", "says"), [("GSA", ""), ("General Services Administration", ""), ("DoD", "E434"),
                                              ("NASA", "E434"), ("Dept of Nothing", "it is asked of Dept of Nothing")])  # fmt: skip
def test_a_request_to_another_agency_than_that_of_the_contract(cases: Cases, agency: str, says: str) -> None:
    asked(cases, agency=agency)
    if says == "E434":
        assert "the contract of the case is one of GSA" in refused(cases)
        return
    _, differs = granted(cases)
    assert ("; ".join(differs)).startswith(says) and bool(differs) == bool(says)
