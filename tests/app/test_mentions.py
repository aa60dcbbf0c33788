"""A mention that a person takes for equipment becomes a finding of the case."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe
from proscribe.app.case.cases import Cases, Inputs
from proscribe.app.papers.documents import Making, make_paper
from proscribe.model.errors import CaseError
from proscribe.model.findings import Band
from proscribe.model.papers import Paper

LINES = "Asset,Description,Room\nA1,Bracket for Hikvision camera,Lobby\nA2,Hikvision DS-2CD2143G2-I camera,Lobby\n"


@pytest.fixture
def scan(tmp_path: Path) -> bytes:
    path = tmp_path / "assets.csv"
    path.write_text(LINES, encoding="utf-8")
    return proscribe.scan([path], as_of="2026-11-27").to_json().encode()


@pytest.fixture
def cases(tmp_path: Path, scan: bytes) -> Cases:
    made = proscribe.open_cases(tmp_path / "cases.db", create=True)
    made.open_from_scan(scan, "scan.json", by="R. Ito", zone="UTC")
    return made


def test_a_mention_keeps_its_row_and_becomes_a_finding_with_author_and_reason(cases: Cases) -> None:
    (mention,) = cases.mentions("C-0001")
    assert (mention.mention.locator.row, mention.mention.kind.value, mention.taken) == (1, "accessory", False)
    assert ("Room", "Lobby") in mention.mention.record
    file, name = cases.take_mention(
        "C-0001", mention.key, by="R. Ito", reason="the bracket carries the camera"
    )
    assert name in file.case.finding_ids and len(file.case.finding_ids) == 2
    (taken,) = cases.mentions("C-0001")
    assert taken.taken and taken.key == mention.key
    value = cases.store.finding("C-0001", name).whole
    (question,) = value["questions"]
    assert "R. Ito" in question and "the bracket carries the camera" in question
    assert (value["band"], value["entity"], value["locator"]["row"]) == (Band.POSSIBLE.value, "hikvision", 1)
    assert not cases.verify().faults


def test_it_is_judged_like_any_finding_and_no_later_scan_ages_it(cases: Cases, tmp_path: Path) -> None:
    (mention,) = cases.mentions("C-0001")
    _, name = cases.take_mention("C-0001", mention.key, by="R. Ito", reason="seen on the wall")
    cases.judge("C-0001", name, "same", by="M. Weber", reason="label read on site")
    path = tmp_path / "assets.csv"
    path.write_text(LINES.replace("Lobby", "Hall"), encoding="utf-8")
    later = proscribe.scan([path], as_of="2026-11-28").to_json().encode()
    file = cases.attach("C-0001", later, "later.json", by="R. Ito")
    held = {one.finding_id: one.aged for one in file.support}
    assert held[name] is False
    assert [one.run_id for one in cases.mentions("C-0001")] == [file.runs[-1].id]


def test_a_mention_is_taken_once_by_its_key_and_with_a_reason(cases: Cases) -> None:
    (mention,) = cases.mentions("C-0001")
    with pytest.raises(CaseError) as caught:
        cases.take_mention("C-0001", mention.key, by="R. Ito", reason="  ")
    assert caught.value.code == "E438"
    with pytest.raises(CaseError) as caught:
        cases.take_mention("C-0001", "m_0", by="R. Ito", reason="why not")
    assert caught.value.code == "E439"
    cases.take_mention("C-0001", mention.key, by="R. Ito", reason="seen on the wall")
    with pytest.raises(CaseError) as caught:
        cases.take_mention("C-0001", mention.key, by="R. Ito", reason="seen on the wall")
    assert caught.value.code == "E424"


def test_a_persons_reading_is_nothing_to_run_again(cases: Cases, tmp_path: Path) -> None:
    (mention,) = cases.mentions("C-0001")
    cases.take_mention("C-0001", mention.key, by="R. Ito", reason="seen on the wall")
    file, made = cases.replay("C-0001", Inputs((tmp_path,)), by="R. Ito")
    assert len(made) <= 1 and [run.is_a_persons for run in file.runs] == [False, True]


def test_a_page_of_mentions_says_what_the_scans_say_and_leaves_out_what_a_newer_run_read(
    cases: Cases, tmp_path: Path
) -> None:
    ledger, assets = tmp_path / "ledger.csv", tmp_path / "assets.csv"
    ledger.write_text("Item\n" + "Bracket for Dahua camera\n" * 3, encoding="utf-8")
    scan = proscribe.scan([assets, ledger], as_of="2026-11-27").to_json().encode()
    cases.attach("C-0001", scan, "both.json", by="R. Ito")
    ledger.write_text("Item\nMount for ZTE router\nBracket for Hytera radio\n", encoding="utf-8")
    file = cases.attach(
        "C-0001", proscribe.scan([ledger], as_of="2026-11-28").to_json().encode(), "later.json", by="R. Ito"
    )
    cases.take_mention("C-0001", cases.mentions("C-0001")[0].key, by="R. Ito", reason="seen on the wall")
    file, every = cases.case("C-0001"), cases.mentions("C-0001")
    assert [one.mention.entity for one in every] == ["zte", "hytera", "hikvision"]
    assert [one.taken for one in every] == [True, False, False]
    assert cases.store.count_mentions(file) == len(every)
    for start in range(4):
        assert cases.mention_page(file, start, 2) == every[start : start + 2]


def test_what_somebody_looked_at_stands_against_no_document_of_another(cases: Cases) -> None:
    (mention,) = cases.mentions("C-0001")
    with pytest.raises(CaseError) as caught:
        cases.see_mentions("C-0001", ["m_0000000000000000"], by="R. Ito", reason="a bracket")
    assert caught.value.code == "E439"
    cases.see_mentions("C-0001", [mention.key], by="R. Ito", reason="a bracket")

    def paper(author: str) -> Paper:
        making = Making("annual-representation", author=author, values={"organisation": {"name": "Harbour"}})
        return make_paper(making, (), cases, "C-0001")

    own, other = paper("R. Ito"), paper("M. Weber")
    against = [
        one for one in own.obstacles if one.code == "mentions"
    ]  # nobody clears the way of their own document
    assert against
    for one in against:
        assert "R. Ito, who also prepares this document, alone looked at them" in one.what
        assert "nobody looked at them" not in one.what and "Have another person look" in one.lift
    assert "mentions" not in {one.code for one in other.obstacles}
    said = "1 mention of C-0001, looked at by R. Ito and no equipment: a bracket"
    assert said in [one["what"] for one in other.data["rests_on"]]
    cases.see_mentions("C-0001", [mention.key], by="M. Weber", reason="a bracket, I looked too")
    both = paper("R. Ito")
    assert "mentions" not in {one.code for one in both.obstacles}
    said = "1 mention of C-0001, looked at by R. Ito and M. Weber and no equipment: a bracket"
    assert said in [one["what"] for one in both.data["rests_on"]]
    assert not cases.verify().faults
