"""Days at the ends of the calendar, clocks that are set otherwise, searches that claim more, and many who write at once."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import signed_documents as samples
from forked_scripts import forked_scripts

from proscribe.app.case.cases import open_cases
from proscribe.app.papers.documents import Making, make_paper
from proscribe.casework.commands.cases import note
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import Paper, PaperState
from proscribe.rules.facts import clause_of

WHO = """\
organisation: {name: Harbour Systems LLC, contacts: [{name: Sam Lind}]}
people: [{name: Sam Lind, title: Compliance officer}]
"""
LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
FIRST = datetime(1, 1, 1, tzinfo=UTC)


def world(folder: Path, rows: tuple[tuple[str, ...], ...]) -> samples.World:
    """Begin a store with one case over a list; nobody has said anything of it."""
    content = samples.scanned(folder, "assets.csv", rows)
    with open_cases(folder / "c.db", create=True, now=lambda: samples.AT) as cases:
        cases.open_from_scan(content, "scan.json", by="Sam Lind", title="Yearly", zone="UTC")
    return samples.World(folder)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> samples.World:
    return world(tmp_path_factory.mktemp("clean"), samples.CLEAN)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> samples.World:
    return world(tmp_path_factory.mktemp("dirty"), samples.DIRTY)


def paper(
    where: samples.World,
    said: str = samples.SAID,
    *,
    day: date = samples.DAY,
    made_at: datetime = samples.AT,
    now: datetime = samples.AT,
) -> Paper:
    file = where.folder / "said.yml"
    file.write_text(said, encoding="utf-8")
    making = Making(
        "annual-representation", (file,), as_of=day, made_at=made_at, author="Sam Lind", approver="Kim Berg"
    )
    with where.cases(now) as cases:
        return make_paper(making, (), cases, "C-0001")


def search(name: str = "Register", on: str = "2026-11-23", by: str = "Sam Lind", records: int = 1) -> str:
    one = f"{{name: {name}, kind: assets, how: scanned whole, by: {by}, on: {on}, records: {records}}}"
    offers = f"{{name: Offers, kind: offers, how: read whole, by: {by}, on: {on}}}"
    return f"{WHO}inquiry:\n  searched: [{one}, {offers}]\n"


def test_the_clean_list_is_ready_on_its_day(clean: samples.World) -> None:
    assert paper(clean).state is PaperState.READY


@pytest.mark.parametrize(
    "day", [date.max, date(9999, 11, 30), date(2027, 1, 1), date(2026, 11, 24), date(2025, 11, 25)]
)
def test_a_document_of_another_day_is_blocked_to_the_ends_of_the_calendar(
    clean: samples.World, day: date
) -> None:
    assert paper(clean, day=day).state is PaperState.REFUSED


@pytest.mark.parametrize("day", [date.min, date(2018, 8, 13), date(2019, 8, 12)])
def test_a_document_of_a_day_before_its_clause_is_none(dirty: samples.World, day: date) -> None:
    with pytest.raises(ProscribeError, match="did not exist"):
        paper(dirty, day=day)


@pytest.mark.parametrize("made_at", [LAST, FIRST, datetime(2030, 1, 1, tzinfo=UTC)])
def test_a_making_at_the_ends_of_the_calendar_is_blocked(clean: samples.World, made_at: datetime) -> None:
    assert paper(clean, made_at=made_at).state is PaperState.REFUSED


@pytest.mark.parametrize("now", [LAST, datetime(2030, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_no_clock_of_the_machine_lifts_what_was_found(dirty: samples.World, now: datetime) -> None:
    made = paper(dirty, now=now)
    assert made.state is PaperState.REFUSED
    assert any("A1" in f"{one.what} {one.lift}" or "Hikvision" in one.what for one in made.obstacles)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "No/Where", "../../etc/passwd"])
def test_no_time_zone_of_the_machine_lifts_what_was_found(
    dirty: samples.World, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert paper(dirty).state is PaperState.REFUSED
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "said",
    [
        search(on="9999-12-31"),
        search(on="0001-01-01"),
        search(on="2026-11-26"),
        search(records=5_000),
        search(records=0),
        search(by='""'),
        f"{WHO}inquiry:\n  searched: []\n",
    ],
)
def test_a_search_that_claims_more_than_was_scanned_or_another_day(clean: samples.World, said: str) -> None:
    assert paper(clean, said).state is PaperState.REFUSED


@pytest.mark.parametrize(
    "line",
    [
        "findings: []", "devices: []", "obstacles: []", "state: ready", "mentions: []", "overrides: [{code: finding, by: Kim Berg}]",
        "waivers: [{id: W1, state: granted}]", "exception: {name: backhaul}", "kinds: {assets.csv: vendors}", "scope: {bears_on: [spend]}",
    ],
)  # fmt: skip
def test_what_the_case_decides_is_no_line_of_a_file(dirty: samples.World, line: str) -> None:
    with pytest.raises(ProscribeError) as caught:
        paper(dirty, f"{samples.SAID}{line}\n")
    assert caught.value.code in ("E461", "E468")


_WRITE = """
import sys
from proscribe.app.case.cases import open_cases
from proscribe.casework.commands import cases as commands
from proscribe.model.authors import Author
for number in range(6):
    with open_cases(sys.argv[1]) as cases:
        commands.note(cases.store, "C-0001", f"{sys.argv[2]} {number}", by=Author("R. Ito"))
"""


def test_eight_programs_that_write_to_one_case_lose_nothing(tmp_path: Path) -> None:
    where = world(tmp_path, samples.CLEAN)
    with Store.open(where.folder / "c.db") as store:
        before = len(list(store.events()))
    with forked_scripts(
        "from proscribe.app.case.cases import open_cases; from proscribe.casework.commands import cases"
    ) as scripts:
        started = [scripts.start(_WRITE, where.folder / "c.db", number) for number in range(8)]
        said = [(one.communicate(), one.returncode) for one in started]
    assert said == [(b"", 0)] * 8
    with Store.open(where.folder / "c.db") as store:
        assert len(list(store.events())) == before + 48
        note(store, "C-0001", "goes on", by=Author("R. Ito"))


def test_a_clause_number_before_many_blanks_takes_no_time() -> None:
    with pytest.raises(ValueError, match="not a clause number"):
        clause_of("52.204-2" + " " * 3_000 + "x")
