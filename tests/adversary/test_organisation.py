"""Attack 2: a second case, a shorter list, a withheld source: the organisation answers, not the case."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rostered
from scan_samples import say_ran_again, whole

import proscribe
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.papers.document_keeping import store_paper
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.papers.organisation import expect, fewer_read, register_of, retire_source
from proscribe.casework import backup
from proscribe.casework.organisation import family
from proscribe.casework.register import organisation_key
from proscribe.model.errors import CaseError
from proscribe.model.papers import Paper

TODAY = datetime.now(UTC).date()


def scan(
    path: str = "assets.csv",
    *more: dict[str, Any] | str,
    records: int = 10,
    mentions: int = 0,
    day: date = TODAY,
) -> bytes:
    """A scan of a list or several, with findings of the first, as one that somebody hands over."""
    findings = [one for one in more if isinstance(one, dict)]
    paths = [path, *(one for one in more if isinstance(one, str))]
    found = [
        {"record_id": f"A-{number}", "evidence": [{"found": "DS-2CD2042WD-I", "why": "a model"}], **one}
        for number, one in enumerate(findings)
    ]
    named = [
        {
            "input": 0, "locator": {"row": number + 1, "sheet": None, "pointer": None}, "record_id": f"M-{number}",
            "entity": "huawei", "kind": "reference", "evidence": [],
        }
        for number in range(mentions)
    ]  # fmt: skip
    value: dict[str, Any] = {
        "as_of": day.isoformat(), "findings": found,
        "inputs": [{"path": one, "sha256": "1" * 64, "records": records} for one in paths],
    }  # fmt: skip
    if named:
        value["mentions"] = named
    return json.dumps(whole(value)).encode()


def opened(cases: Cases, content: bytes, title: str = "Yearly", **more: Any) -> str:
    file = cases.open_from_scan(
        content, "scan.json", by="B. Lind", title=title, zone="UTC", as_of=TODAY, **more
    )
    return file.case.id


def paper(cases: Cases, case_id: str, tmp_path: Path, name: str = "Acme Inc", *, scope: str = "") -> Paper:
    said = tmp_path / "said.yml"
    said.write_text(
        f'organisation: {{name: "{name}"}}\nanswers: {{provide: does not, use: does not}}\n'
        f"inquiry:\n  searched:\n    - {{name: List, kind: assets, how: read, by: B. Lind, on: {TODAY}, records: 10}}\n{scope}"
    )
    making = Making("annual-representation", (said,), as_of=TODAY, author="B. Lind", approver="C. Moreau")
    return make_paper(making, (), cases, case_id)


def codes(made: Paper) -> dict[str, bool]:
    """Codes of what stands against it, and whether an approver can override each."""
    return {one.code: one.overridable for one in made.obstacles}


def test_a_second_case_from_a_shorter_list(cases: Cases, tmp_path: Path) -> None:
    opened(
        cases,
        scan("assets.csv", {"id": "f_1", "band": "confirmed"}, {"id": "f_2", "band": "possible"}),
        "Cameras",
    )
    made = paper(cases, opened(cases, scan("assets.csv", records=8)), tmp_path)
    assert made.state == "refused"
    assert codes(made)["elsewhere"] is False or any(
        one.code == "elsewhere" and not one.overridable for one in made.obstacles
    )
    told = " ".join(one.what for one in made.obstacles)
    assert "A-0" in told and "C-0001 (Cameras)" in told
    assert made.data["store"]["beside"][0]["sure"] == 1 and made.data["store"]["beside"][0]["open"] == 1


def test_a_confirmed_finding_elsewhere_is_overridden_by_nobody(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}), "Cameras")
    case_id = opened(cases, scan("assets.csv", records=9))
    sure = [one for one in paper(cases, case_id, tmp_path).obstacles if one.code == "elsewhere"]
    scope = "".join(
        f"overrides:\n  - {{obstacle_ids: [{one.id}], approver: C. Moreau, reason: it was looked at by many, at: {TODAY}T00:00:00Z}}\n"
        for one in sure[:1]
    )
    with pytest.raises(CaseError, match="E456"):
        paper(cases, case_id, tmp_path, scope=scope)


@pytest.mark.parametrize("weaker", ["probable", "possible"])
@pytest.mark.parametrize("also_in_the_first", [False, True])
def test_a_weaker_reading_of_the_same_thing_does_not_replace_the_confirmed_one(
    cases: Cases, tmp_path: Path, weaker: str, also_in_the_first: bool
) -> None:
    lowered = scan("assets.csv", {"id": "f_1", "band": weaker})
    first = opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}), "Cameras")
    if also_in_the_first:
        cases.attach(first, lowered, "mapped.json", by="B. Lind")
    case_id = opened(cases, lowered)
    for by in ("T. Okafor", "L. Park"):
        cases.judge(case_id, "f_1", "different", by=by, reason="opened, and another maker's board")
    made = paper(cases, case_id, tmp_path)
    told, _ = [one for one in made.obstacles if one.code == "elsewhere"]  # one a question
    assert not told.overridable and "A-0" in told.what and "confirmed" in told.what
    assert (f"{weaker} in the newest reading" in told.what) is also_in_the_first
    # the other way round the own reading is the surer one, and is weighed itself
    assert "elsewhere" not in codes(paper(cases, first, tmp_path))


def test_what_another_case_says_is_the_same_stands_beside_a_weaker_reading(
    cases: Cases, tmp_path: Path
) -> None:
    listed = scan("assets.csv", {"id": "f_1", "band": "possible"})
    cases.judge(
        opened(cases, listed, "Cameras"), "f_1", "same", by="T. Okafor", reason="opened, and it is one"
    )
    case_id = opened(cases, listed)
    cases.judge(case_id, "f_1", "different", by="L. Park", reason="opened, and another maker's board")
    assert codes(paper(cases, case_id, tmp_path))["elsewhere"] is False
    cases.judge(case_id, "f_1", "same", by="L. Park", reason="opened, and it is one")
    assert "elsewhere" not in codes(paper(cases, case_id, tmp_path))


def by_two_keys(cases: Cases, folder: Path, finding: str, verdict: str, **more: Any) -> None:
    """Judge a finding of C-0001 with the keys of two people of a roster."""
    hands = rostered.begun(cases.store, folder / "keys")
    for name in ("Sam Lind", "Kim Berg"):
        cases.store.hand = hands[name]
        cases.judge("C-0001", finding, verdict, by=name, reason="opened, and another maker's board", **more)
    cases.store.hand = None


def seen(serial: str, model: str = "DS-2CD2042WD-I", band: str = "confirmed") -> dict[str, Any]:
    """A finding under the tag A-0, as a list shows it."""
    cells = [["Tag", "A-0"], ["Model", model], ["Serial", serial]]
    return {"id": "f_1", "band": band, "record": cells, "evidence": [{"found": model, "why": "a model"}]}


@pytest.mark.parametrize("there", [seen("S-2"), seen("S-1", "DS-2CD2143G2-I"), seen("S-2", band="possible")])
def test_what_two_keys_set_aside_is_not_another_thing_that_bears_its_tag_in_another_case(
    cases: Cases, tmp_path: Path, there: dict[str, Any]
) -> None:
    first = opened(cases, scan("assets.csv", seen("S-1")), "Cameras")
    other = opened(cases, scan("assets.csv", there))
    same = opened(cases, scan("assets.csv", seen("s-1 "), records=11))
    by_two_keys(cases, tmp_path, "f_1", "different")
    told, _ = [
        one for one in paper(cases, first, tmp_path).obstacles if one.code == "elsewhere"
    ]  # one a question
    assert f"{other} (" in told.what and "another record" in told.what
    assert same not in told.what  # it shows what was looked at, and no more
    assert told.overridable is (there["band"] == "possible")


@pytest.mark.parametrize("people", [("B. Lind",), ("B. Lind", "b lind"), ("B. Lind", "L. Park")])
def test_one_person_or_one_in_two_spellings_settles_nothing(
    cases: Cases, tmp_path: Path, people: tuple[str, ...]
) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "probable"}), "Cameras")
    for name in people:
        cases.judge("C-0001", "f_1", "different", by=name, reason="opened, and another maker's board")
    made = paper(cases, opened(cases, scan("assets.csv")), tmp_path)
    assert ("elsewhere" in codes(made)) is ("L. Park" not in people)


@pytest.mark.parametrize("verdict", ["different", "cleared"])
def test_two_names_settle_nothing_confirmed_of_another_case(
    cases: Cases, tmp_path: Path, verdict: str
) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}), "Cameras")
    until = TODAY + timedelta(days=1_700) if verdict == "cleared" else None
    for name in ("T. Okafor", "L. Park"):
        cases.judge("C-0001", "f_1", verdict, by=name, reason="another maker's board", until=until)
    case_id = opened(cases, scan("assets.csv"))
    made = paper(cases, case_id, tmp_path)
    assert codes(made)["elsewhere"] is False and "A-0" in " ".join(one.what for one in made.obstacles)
    by_two_keys(cases, tmp_path, "f_1", verdict, until=until)
    assert "elsewhere" not in codes(paper(cases, case_id, tmp_path))


def test_a_report_of_names_and_an_override_of_names_lift_nothing_confirmed(
    cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "proscribe.app.papers.organisation._reports", lambda desk, file: [("C-0001-R1", {"f_1"})]
    )
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}), "Cameras")
    case_id = opened(cases, scan("assets.csv"))
    by_name = [one for one in paper(cases, case_id, tmp_path).obstacles if one.code == "elsewhere"]
    assert len(by_name) == 2 and not any(one.overridable for one in by_name)
    assert all("C-0001-R1" in one.what and "roster" in one.lift for one in by_name)
    rostered.begun(cases.store, tmp_path / "keys")
    with_keys = [one for one in paper(cases, case_id, tmp_path).obstacles if one.code == "elsewhere"]
    assert len(with_keys) == 2 and all(one.overridable for one in with_keys)


def test_a_clearance_that_has_ended_settles_nothing(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}), "Cameras")
    by_two_keys(cases, tmp_path, "f_1", "cleared", until=TODAY)
    case_id = opened(cases, scan("assets.csv"))
    assert "elsewhere" not in codes(paper(cases, case_id, tmp_path))
    later = Making(
        "annual-representation", (tmp_path / "said.yml",), as_of=TODAY + timedelta(days=1), author="B. Lind"
    )
    assert "elsewhere" in codes(make_paper(later, (), cases, case_id))


PART = (
    {"id": "f_1", "band": "probable"},
    {"id": "f_2", "band": "confirmed"},
    {"id": "f_3", "band": "possible"},
)


def test_what_a_scan_shows_stands_also_where_a_case_took_a_part_of_it(cases: Cases, tmp_path: Path) -> None:
    whole_scan = scan("assets.csv", *PART)
    part = opened(cases, whole_scan, "Part", only=("f_1",))
    opened(cases, whole_scan, "Part again", only=("f_1",))
    clean = opened(cases, scan("assets.csv", records=9))
    for judged in (part, "C-0002"):
        for by in ("T. Okafor", "L. Park"):
            cases.judge(judged, "f_1", "different", by=by, reason="opened, and another maker's board")
    made = paper(cases, clean, tmp_path, scope=f"disclosed: [{part}]\n")
    (told,) = made.data["store"]["beside"]
    assert (told["case_id"], told["sure"], told["open"]) == (part, 1, 1)
    assert "A-1" in told["named"][0] and "never taken into the case" in told["named"][0]
    assert any(one.code == "elsewhere" and not one.overridable for one in made.obstacles)
    # its own document weighs the whole scan
    assert "elsewhere" not in codes(paper(cases, part, tmp_path))
    assert "f_2" in json.dumps([one.evidence for one in paper(cases, part, tmp_path).obstacles])
    # a case that takes the rest is where it is judged
    rest = opened(cases, whole_scan, "Rest", only=("f_2", "f_3"))
    made = paper(cases, clean, tmp_path)
    assert [(one["case_id"], one["sure"]) for one in made.data["store"]["beside"]] == [(rest, 1)]


@pytest.mark.parametrize("again", [{"id": "f_2", "band": "confirmed"}, {"id": "f_2", "band": "possible"}])
def test_what_no_case_took_is_weighed_where_the_document_shows_it_as_surely(
    cases: Cases, tmp_path: Path, again: dict[str, Any]
) -> None:
    opened(cases, scan("assets.csv", *PART), "Part", only=("f_1", "f_3"))
    case_id = opened(cases, scan("assets.csv", *PART[::2], again))
    found = paper(cases, case_id, tmp_path).data["store"]["beside"]
    assert sum(one["sure"] for one in found) == (again["band"] != "confirmed")


def test_a_closed_case_is_weighed_and_one_opened_again_elsewhere_too(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}), "Cameras")
    cases.close("C-0001", by="B. Lind", reason="nothing more to do")
    backup.export_case(cases.store, "C-0001", tmp_path / "c.zip")
    made = paper(cases, opened(cases, scan("assets.csv")), tmp_path)
    assert "elsewhere" in codes(made)
    with open_cases(tmp_path / "second.db", create=True) as other:
        backup.import_case(other.store, tmp_path / "c.zip", by="B. Lind")
        assert "elsewhere" in codes(paper(other, opened(other, scan("assets.csv")), tmp_path))


def test_a_second_store_says_that_it_is_another_and_how_young_it_is(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}))
    with open_cases(tmp_path / "second.db", create=True) as other:
        made = paper(other, opened(other, scan("assets.csv")), tmp_path)
        told = made.data["store"]
        assert told["id"] == other.store.store_id != cases.store.store_id
        assert (told["cases"], told["begun_on"], told["head"]) == (
            1,
            TODAY.isoformat(),
            other.store.head().digest,
        )


#: Facts of a camera that was found, whose first report is long overdue.
FOUND: dict[str, Any] = {
    "party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "continue_contract",
    "use.by": "the_entity", "contract.clauses": ["52.204-25 (NOV 2021)"], "contract.awarded_on": "2024-05-20",
    "event.identified_at": "2026-10-09T16:40:00-04:00", "event.during_performance": True, "event.source": "own",
    "item.kind": "video_surveillance_equipment", "item.producer": "hikvision", "item.purpose": ["government_facility_security"],
    "item.role_in_system": "substantial_or_essential_component",
}  # fmt: skip


def test_an_overdue_report_of_another_case_stands(cases: Cases, tmp_path: Path) -> None:
    cases.open_by_hand(
        date(2026, 10, 9), FOUND, regimes=["us-889-b"], by="B. Lind", title="Found", zone="UTC"
    )
    case_id = opened(cases, scan("assets.csv"))
    made = paper(cases, case_id, tmp_path)
    assert codes(made)["clock-overdue"] is False
    assert "First report" in " ".join(one.what for one in made.obstacles)
    for due in cases.deadlines():
        cases.withdraw("C-0001", due.deadline.id, by="L. Park", reason="it was no camera of the listed firm")
    assert not {"clock-overdue", "clock-runs"} & set(codes(paper(cases, case_id, tmp_path)))


def test_a_clock_that_the_author_withdrew_is_told(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, scan("assets.csv"))
    cases.open_by_hand(
        date(2026, 10, 9), FOUND, regimes=["us-889-b"], by="T. Okafor", title="Found", zone="UTC"
    )
    for due in cases.deadlines():
        cases.withdraw("C-0002", due.deadline.id, by="Ms. B. Lind", reason="I do not think that it applies")
    made = paper(cases, case_id, tmp_path)
    told = [one for one in made.obstacles if one.code == "clock-runs"]
    assert told and all("withdrawn by the author" in one.what and one.overridable for one in told)


@pytest.mark.parametrize(("by", "told"), [("Ms. B. Lind", True), ("T. Okafor", False)])
def test_a_report_that_went_out_in_the_word_of_the_author_alone_is_told(
    cases: Cases, tmp_path: Path, by: str, told: bool
) -> None:
    case_id = opened(cases, scan("assets.csv"))
    cases.open_by_hand(
        date(2026, 10, 9), FOUND, regimes=["us-889-b"], by="T. Okafor", title="Found", zone="UTC"
    )
    for due in cases.deadlines():
        cases.meet("C-0002", due.deadline.id, by=by, how="sent by e-mail, no copy was kept")
    made = paper(cases, case_id, tmp_path)
    found = [one for one in made.obstacles if "met in the word of" in one.what]
    assert bool(found) is told and all("no copy was kept" in one.what and one.overridable for one in found)


def test_in_a_roster_a_key_alone_shows_that_somebody_else_took_a_source_out(
    cases: Cases, tmp_path: Path
) -> None:
    hands = rostered.begun(cases.store, tmp_path / "keys")
    case_id = opened(cases, scan("assets.csv"))
    for hand, told in ((None, True), (hands["Lee Okafor"], False)):
        source = expect(cases, "Cameras", ["depot-*.csv"], owner="", every_days=90, by="B. Lind")
        cases.store.hand = hand
        retire_source(cases, source.id, reason="the depot was sold in May", by="Lee Okafor")
        cases.store.hand = None
        assert ("source-retired" in codes(paper(cases, case_id, tmp_path))) is told
    source = expect(cases, "Gates", ["gates-*.csv"], owner="", every_days=90, by="B. Lind")
    cases.store.hand = hands["Sam Lind"]
    with pytest.raises(CaseError, match="E414"):
        retire_source(cases, source.id, reason="the depot was sold in May", by="Lee Okafor")


def test_two_cases_of_one_name_are_two(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}), "Yearly")
    case_id = opened(cases, scan("assets.csv"), "Yearly")
    made = paper(cases, case_id, tmp_path)
    assert codes(made)["elsewhere"] is False and "C-0001 (Yearly)" in " ".join(
        one.what for one in made.obstacles
    )


@pytest.mark.parametrize("days", [-3_000, -89, 1])
def test_a_document_of_another_day_does_not_pass_over_what_stands(
    cases: Cases, tmp_path: Path, days: int
) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}), "Cameras")
    case_id = opened(cases, scan("assets.csv"))
    paper(cases, case_id, tmp_path)
    day = TODAY + timedelta(days=days)
    making = Making("annual-representation", (tmp_path / "said.yml",), as_of=day, author="B. Lind")
    try:
        made = make_paper(making, (), cases, case_id)
    except CaseError as problem:
        assert problem.code == "E453", "the clause was not there yet"
    else:
        assert made.state == "refused" and codes(made)["elsewhere"] is False


def test_mentions_of_another_case_that_nobody_looked_at_stand(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("vendors.csv", mentions=3))
    made = paper(cases, opened(cases, scan("assets.csv")), tmp_path)
    assert codes(made)["elsewhere-mentions"] is True
    assert "3 records" in " ".join(one.what for one in made.obstacles)


def test_a_list_that_was_read_before_and_is_withheld_shows(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("site-mill-lane-2026-10.csv"))
    case_id = opened(cases, scan("site-harrow-2026-11.csv"))
    assert "source-withheld" in codes(paper(cases, case_id, tmp_path))
    cases.attach(case_id, scan("site-mill-lane-november.csv"), "scan.json", by="B. Lind")
    assert "source-withheld" not in codes(paper(cases, case_id, tmp_path))


def test_one_of_several_numbered_lists_that_is_withheld_shows(cases: Cases, tmp_path: Path) -> None:
    for number in (1, 2, 3, 4, 5, 6):
        opened(cases, scan(f"site{number}.csv", records=100))
    case_id = opened(cases, scan("site1.csv", records=100))
    for number in (2, 4, 5, 6):
        cases.attach(case_id, scan(f"site{number}.csv", records=100), "scan.json", by="B. Lind")
    told = [one.what for one in paper(cases, case_id, tmp_path).obstacles if one.code == "source-withheld"]
    assert told and "site3.csv" in told[0] and "site4.csv" not in told[0]


SITES = ("hq", "depot", "north")
MONTHS = tuple(f"{month:02}" for month in range(1, 11))


@pytest.mark.parametrize(("before", "after", "gone"), [
    ([f"in/{one}/list.csv" for one in SITES], [f"in/{one}/list.csv" for one in SITES], []),
    ([f"in/{one}/list.csv" for one in SITES], ["in/hq/list.csv", "in/north/list.csv"], ["in/depot/list.csv"]),
    ([f"in/{one}/list.csv" for one in SITES], [f"y2/2026-10/{one}/list.csv" for one in SITES], []),
    ([f"in/{one}/list.csv" for one in SITES], [f"y2/{one}/list.csv" for one in ("hq", "annex", "north")], ["in/depot/list.csv"]),
    (["in/list.csv"], ["other/list.csv"], []),
    (["2025-10/list.csv"], ["2026-01/list.csv"], []),
    ([f"ledger-2025-{one}.csv" for one in MONTHS], [f"ledger-2026-{one}.csv" for one in MONTHS], []),
    ([f"ledger-2025-{one}.csv" for one in MONTHS], [f"ledger-2025-{one}.csv" for one in MONTHS[:-1]], ["ledger-2025-10.csv"]),
    ([f"{one}/ledger.csv" for one in MONTHS], [f"{one}/ledger.csv" for one in MONTHS[1:]], ["01/ledger.csv"]),
    (["cams-may.csv", "cams-june.csv"], ["cams-june.csv"], ["cams-may.csv"]),
])  # fmt: skip
def test_lists_of_one_name_are_told_apart_by_folder_and_counted_by_month(
    cases: Cases, tmp_path: Path, before: list[str], after: list[str], gone: list[str]
) -> None:
    opened(cases, scan(*before))
    told = [
        one.what
        for one in paper(cases, opened(cases, scan(*after)), tmp_path).obstacles
        if one.code == "source-withheld"
    ]
    assert bool(told) == bool(gone)
    assert all(one in told[0] for one in gone)
    assert not told or all(one not in told[0] for one in before if one not in gone)


@pytest.mark.parametrize(("before", "after", "gone"), [
    (["hq.csv", "depot.csv"], ["hq.csv"], "depot.csv"), (["hq.csv", "depot.csv"], ["depot.csv", "hq.csv"], ""),
    (["hq.csv"], ["all.csv"], ""), (["2025-01.csv", "2025-02.csv"], ["2026-01.csv", "2026-02.csv"], ""),
    (["may.csv", "june.csv"], ["july.csv"], "may.csv"), (["hq.csv", "depot/a.csv"], ["hq.csv", "north/a.csv"], "depot/a.csv"),
])  # fmt: skip
def test_a_member_of_an_archive_that_is_withheld_shows(
    cases: Cases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: list[str],
    after: list[str],
    gone: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    def archive(names: list[str]) -> bytes:
        with zipfile.ZipFile("all.zip", "w") as file:
            for name in names:
                file.writestr(name, f"Asset tag,Manufacturer,Model\n{name},Axis,P3245-LVE\n")
        return proscribe.scan(["all.zip"]).to_json().encode()

    opened(cases, archive(before))
    made = paper(cases, opened(cases, archive(after)), tmp_path)
    told = [one.what for one in made.obstacles if one.code == "source-withheld"]
    assert bool(told) == bool(gone) and all(f"“{gone}” of all.zip" in one for one in told)


@pytest.mark.parametrize(("before", "after"), [
    ("assets-2025.csv", "assets-2026.csv"), ("assets 2025-11.csv", "assets 2026-01 (2).csv"), ("Nov 25 assets.csv", "assets-3-Dec.csv"),
    ("assets_20251127T101500.csv", "assets_2026-11-27_10-15-00.csv"), ("assets 27.11.25.csv", "assets 1.12.2026.csv"),
    ("assets_v2.csv", "ASSETS v13.csv"), ("assets KW47.csv", "assets Q4.csv"), ("assets 11-2025.csv", "assets FY26.csv"),
])  # fmt: skip
def test_the_next_export_of_a_list_is_that_list(before: str, after: str) -> None:
    assert family(before) == family(after) == "assets csv"


def test_a_source_that_the_author_took_out_of_the_register_shows(cases: Cases, tmp_path: Path) -> None:
    source = expect(
        cases, "Cameras of the depot", ["depot-*.csv"], owner="B. Lind", every_days=90, by="T. Okafor"
    )
    case_id = opened(cases, scan("assets.csv"))
    assert "source-not-seen" in codes(paper(cases, case_id, tmp_path))
    retire_source(cases, source.id, reason="the depot was sold in May", by="b. lind")
    found = paper(cases, case_id, tmp_path).obstacles
    told = [one for one in found if one.code == "source-retired"]
    assert told and "Cameras of the depot" in told[0].what and "sold in May" in told[0].what
    again = expect(cases, "Cameras of the depot", ["depot-*.csv"], owner="", every_days=90, by="T. Okafor")
    retire_source(cases, again.id, reason="the depot was sold in May", by="T. Okafor")
    assert "source-retired" not in codes(paper(cases, case_id, tmp_path))


def test_a_scan_of_many_fewer_records_says_so(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("assets-october.csv", records=100))
    case_id = opened(cases, scan("assets-november.csv", records=79))
    assert "source-shrunk" in codes(paper(cases, case_id, tmp_path))
    assert "had 100" in fewer_read(cases, case_id)[0]
    # nobody answered for November, so that December is compared with October all the same
    assert "had 100" in fewer_read(cases, opened(cases, scan("assets-december.csv", records=78)))[0]
    assert fewer_read(cases, opened(cases, scan("assets-december.csv", records=80))) == []


def test_a_list_of_a_few_rows_is_not_the_source_of_its_name(cases: Cases, tmp_path: Path) -> None:
    expect(
        cases, "Inventory", ["inventory*.csv"], owner="T. Okafor", every_days=31, by="B. Lind", records=400
    )
    case_id = opened(cases, scan("inventory.csv", records=10))
    say_ran_again(cases.store, case_id)
    told = [one.what for one in paper(cases, case_id, tmp_path).obstacles if one.code == "source-not-seen"]
    assert told and all("10 records" in one and "at least 400" in one for one in told)
    assert [(seen, read) for _, seen, _, read in register_of(cases)] == [(None, 10)]
    case_id = opened(cases, scan("inventory.csv", records=420))
    say_ran_again(cases.store, case_id)
    assert "source-not-seen" not in codes(paper(cases, case_id, tmp_path))
    assert [(seen, read) for _, seen, _, read in register_of(cases)] == [(TODAY, 420)]
    with pytest.raises(CaseError, match="E438"):
        expect(cases, "Ledger", ["l*.csv"], owner="", every_days=31, by="B. Lind", records=-1)


def test_an_expected_source_that_was_never_seen_or_long_ago_stands(cases: Cases, tmp_path: Path) -> None:
    expect(cases, "Ledger", ["ledger*.xlsx"], owner="A. Osei", every_days=31, by="B. Lind")
    expect(cases, "Assets", ["ASSETS*.csv"], owner="T. Okafor", every_days=31, by="B. Lind")
    case_id = opened(cases, scan("in/assets.csv"))
    assert sum(one.code == "source-not-seen" for one in paper(cases, case_id, tmp_path).obstacles) == 4
    assert all(seen is None for _, seen, *_ in register_of(cases)), "nobody ran that scan again"
    say_ran_again(cases.store, case_id)
    made = paper(cases, case_id, tmp_path)
    assert next(one.what for one in made.obstacles if one.code == "source-not-seen").startswith(
        "Ledger, expected every 31 days from A. Osei"
    )
    assert "Assets" not in " ".join(one.what for one in made.obstacles)
    assert {one.id: seen for one, seen, *_ in register_of(cases)} == {"SRC1": None, "SRC2": TODAY}
    old = TODAY - timedelta(days=40)
    for day in (old, date(2099, 1, 1)):
        cases.attach(case_id, scan("ledger.xlsx", day=day), "scan.json", by="B. Lind")
        say_ran_again(cases.store, case_id)
        assert "source-not-seen" in codes(paper(cases, case_id, tmp_path)), (
            "nothing was seen on a day to come"
        )
    with pytest.raises(CaseError, match="E438"):
        retire_source(cases, "SRC1", reason="no", by="B. Lind")
    retire_source(cases, "SRC1", reason="the ledger moved to another firm", by="B. Lind")
    assert "source-not-seen" not in codes(paper(cases, case_id, tmp_path))
    assert cases.store.verify() == []
    backup.backup(cases.store, tmp_path / "b.zip")


def test_a_renamed_organisation_is_the_same_and_another_is_refused(cases: Cases, tmp_path: Path) -> None:
    case_id = opened(cases, scan("assets.csv"))
    made = paper(cases, case_id, tmp_path, "Acme Inc")
    store_paper(cases, case_id, made, (), by="B. Lind", version=cases.version(case_id))
    for same in ("ACME, Inc.", "acme incorporated", "Acme", "Ac\u00e9me Inc".replace("\u00e9", "")):
        if organisation_key(same) == organisation_key("Acme Inc"):
            paper(cases, case_id, tmp_path, same)
    assert organisation_key("ACME, Inc.") == organisation_key("Acme Inc")
    with pytest.raises(CaseError) as caught:
        paper(cases, case_id, tmp_path, "Acme Holdings Ltd")
    assert caught.value.code == "E424" and "--store" in caught.value.next_step


def test_a_case_of_another_organisation_is_refused(cases: Cases) -> None:
    opened(cases, scan("assets.csv"), uei="ZQGGH8XPGKL9")
    opened(cases, scan("assets.csv", records=11), uei="ZQGGH8XPGKL9")
    with pytest.raises(CaseError, match="E424"):
        opened(cases, scan("assets.csv", records=12), uei="H7K2M4N6P8R1")
    assert len(cases.find()) == 2


def test_what_the_store_holds_beside_it_is_no_field_that_a_file_states(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("assets.csv", {"id": "f_1", "band": "confirmed"}))
    with pytest.raises(Exception, match="E465"):
        paper(
            cases, opened(cases, scan("assets.csv")), tmp_path, scope="store: {id: x, events: 1, head: y}\n"
        )


def test_two_hundred_findings_elsewhere_make_one_obstacle(cases: Cases, tmp_path: Path) -> None:
    opened(cases, scan("assets.csv", *({"id": f"f_{number}", "band": "confirmed"} for number in range(450))))
    case_id = opened(cases, scan("assets.csv"))
    made = paper(cases, case_id, tmp_path, scope="disclosed: [C-0001]\n")
    assert sum(one.code == "elsewhere" for one in made.obstacles) == 2  # one for each question
    told = made.data["store"]["beside"][0]
    assert told["sure"] == 450 and len(told["named"]) == 200
    made = paper(cases, case_id, tmp_path)
    told = made.data["store"]["beside"][0]
    assert (told["sure"], told["named"]) == (450, []), (
        "by number alone, where its author does not disclose the case"
    )
    assert sum(one.code == "elsewhere" for one in made.obstacles) == 2
