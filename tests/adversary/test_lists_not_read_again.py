"""Attack: a later run reads one list of several again, and what the others hold stands nowhere against a "does not"."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import proscribe
from proscribe.app.case.case_answers import answer_about
from proscribe.app.case.case_law import put_to_the_law
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.rules.asking import facts_of_situation
from proscribe.model.answers import NOTHING
from proscribe.model.papers import Paper

HEAD = "Asset,Make,Model,Serial number,Site\n"
ROUTERS = HEAD + "R1,Huawei,AR617VW,21K900771,Depot\nR2,ZTE,MF286D,ZT-700221,Office\n"
CAMERAS = HEAD + "".join(
    f"C{number},{make},{model},SN-44{number}01,Yard\n"
    for number, (make, model) in enumerate(
        [
            ("Axis", "P3265-LV"),
            ("Hikvision", "DS-2CD2143G2-I"),
            ("Dahua", "IPC-HFW2431S"),
            ("Bosch", "NBE-3502"),
        ]
    )
)
#: As it was, but for what is left out.
FEWER = "".join(line for line in CAMERAS.splitlines(keepends=True) if "Hikvision" not in line)
NONE_BANNED = "".join(line for line in FEWER.splitlines(keepends=True) if "Dahua" not in line)


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    with open_cases(str(tmp_path / "c.db"), create=True) as made:
        yield made


def scanned(monkeypatch: pytest.MonkeyPatch, folder: Path, **lists: str) -> bytes:
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, text in lists.items():
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    return proscribe.scan([f"{name}.csv" for name in lists], as_of="2026-11-27").to_json().encode()


def taken_in(
    cases: Cases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, later: dict[str, str], *, put: bool = True
) -> str:
    """Open a case of two lists that the law is asked about, and take a later run in."""
    first = scanned(monkeypatch, tmp_path / "f1", routers=ROUTERS, cameras=CAMERAS)
    case_id = cases.open_from_scan(first, "scan.json", by="Dana Ruiz", title="Count", zone="UTC").case.id
    put_to_the_law(cases, case_id, by="Dana Ruiz", company=facts_of_situation("own"))
    cases.attach(case_id, scanned(monkeypatch, tmp_path / "f2", **later), "scan.json", by="Dana Ruiz")
    if put:
        put_to_the_law(cases, case_id, by="Dana Ruiz")
    return case_id


def paper(cases: Cases, case_id: str) -> Paper:
    told = {
        "organisation": {"name": "Harbour Systems LLC"},
        "people": [{"name": "Dana Ruiz", "title": "CO"}],
        "answers": {"use": "does not", "provide": "does not"},
    }
    return make_paper(Making("annual-representation", author="Dana Ruiz", values=told), (), cases, case_id)


def against(made: Paper, words: str) -> list[str]:
    return [one.code for one in made.obstacles if words in one.what]


@pytest.mark.parametrize("put", [True, False])
@pytest.mark.parametrize(
    "later",
    [{"cameras": CAMERAS}, {"cameras": FEWER}, {"cameras": NONE_BANNED}, {"others": NONE_BANNED}],
    ids=["all", "fewer", "none", "another"],
)
def test_what_a_list_holds_that_was_not_read_again_stands_against_a_does_not(
    cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: dict[str, str], put: bool
) -> None:
    made = paper(cases, taken_in(cases, monkeypatch, tmp_path, later, put=put))
    for row in ("AR617VW", "MF286D"):
        assert {"finding", "undetermined"} & set(against(made, row)), row
    assert against(made, "DS-2CD2143G2-I")  # what a list no longer says was said


@pytest.mark.parametrize("later", [{"cameras": FEWER}, {"others": NONE_BANNED}], ids=["fewer", "another"])
def test_the_answer_is_of_the_lists_that_were_not_read_again_and_begins_with_what_a_list_no_longer_says(
    cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: dict[str, str]
) -> None:
    case_id = taken_in(cases, monkeypatch, tmp_path, later)
    answer = answer_about(cases, cases.case(case_id))
    assert answer is not None
    assert all(one.words != NOTHING for one in answer.said)
    # the camera that its list no longer holds
    outside = [one.words for one in answer.said if "not in this answer" in one.words]
    assert outside == [one for one in [answer.said[0].words] if "cameras" in later]
    assert all(words.startswith("1 finding of 1 file") for words in outside)
    assert ("cameras.csv" in answer.notes[0]) is bool(outside)
    against_use = next(one for one in answer.signable if one.signing.denies.endswith("use"))
    stands = [one for one in paper(cases, case_id).obstacles if one.code in {"finding", "undetermined"}]
    assert against_use.forced_by + against_use.open == len({one.what for one in stands}) == 4


def test_an_answer_of_all_that_a_case_holds_says_nothing_of_others(
    cases: Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = taken_in(
        cases, monkeypatch, tmp_path, {"routers": ROUTERS, "cameras": CAMERAS, "others": NONE_BANNED}
    )
    answer = answer_about(cases, cases.case(case_id))
    assert answer is not None
    assert not any("not in this answer" in one.words for one in answer.said)
