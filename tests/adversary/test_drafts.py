"""Attacks on what waits for a key: drafts that were altered, or prepared under another's name, beside the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rostered
from click.testing import CliRunner, Result
from scan_samples import whole

from proscribe.app.case import pending
from proscribe.app.case.cases import Cases, open_cases
from proscribe.casework.commands.cases import open_case
from proscribe.casework.findings import FindingFilter
from proscribe.casework.scans import read_scan
from proscribe.cli.main import cli
from proscribe.model.authors import Author
from proscribe.model.errors import ProscribeError

KIM = "Kim Berg"
BANDS = {"f_camera": "confirmed", "f_other": "possible", "f_third": "possible"}


def judged_together(cases: Cases, where: FindingFilter) -> dict[str, str]:
    chosen = cases.store.chosen("C-0001", where)
    return {
        "where": json.dumps(where.to_json()), "verdict": "different", "reason": "seen on site: other makers",
        "count": str(len(chosen.ids)), "digest": chosen.digest, "seen": "0",
    }  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with a roster, one confirmed and two possible findings, and Kim's draft over the possible ones."""
    found: list[dict[str, Any]] = [
        {"id": name, "record_id": name.upper(), "band": band, "evidence": [{"found": "DS-2CD2143G2-I", "why": "w"}]}
        for name, band in BANDS.items()
    ]  # fmt: skip
    scan = whole({"as_of": "2026-11-24", "inputs": [{"sha256": "1" * 64}], "findings": found})
    with open_cases(tmp_path / "ours.db", create=True) as cases:
        read = read_scan(json.dumps(scan).encode(), "scan.json")
        open_case(
            cases.store, by=Author("Sam Lind"), title="t", as_of=date(2026, 11, 24), zone="UTC", scan=read
        )
        rostered.begun(cases.store, tmp_path / "keys")
        told = judged_together(cases, FindingFilter(band=("possible",)))
        pending.ask(cases, pending.Deed.JUDGE_MANY, "C-0001", told, by=KIM)
    return tmp_path / "ours.db"


def run(place: Path, *words: str, answer: str = "y\n") -> Result:
    named = [] if "--list" in words else ["--key", str(place.parent / "keys/kim-berg.key")]
    return CliRunner().invoke(
        cli, ["sign-pending", "--store", str(place), "--by", KIM, *named, *words],
        env={"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}, input=answer,
    )  # fmt: skip


def altered(place: Path, change: Callable[[dict[str, Any]], None]) -> None:
    (file,) = (place.parent / "ours.db.files/pending").glob("P-*.json")
    value = json.loads(file.read_bytes())
    change(value)
    file.write_text(json.dumps(value))


def judged(place: Path) -> set[str]:
    with open_cases(place) as cases:
        return {one.finding_id for one in cases.case("C-0001").judgements}


def over_confirmed(place: Path) -> Callable[[dict[str, Any]], None]:
    with open_cases(place) as cases:
        told = judged_together(cases, FindingFilter(band=("confirmed",)))
    return lambda draft: draft["told"].update(told)


def test_what_is_signed_is_shown_from_the_store(place: Path) -> None:
    honest = run(place, "--list").output
    assert "judge 2 findings different" in honest and "2 possible" in honest
    assert "f_other" in honest and "f_third" in honest and "DS-2CD2143G2-I" in honest
    assert "CONFIRMED" not in honest and f"under the name {KIM}; nothing proves by whom" in honest
    altered(place, over_confirmed(place))
    edited = run(place, "--list").output
    assert "SETS 1 CONFIRMED FINDINGS ASIDE" in edited and "f_camera  confirmed" in edited
    assert edited.split()[0] != honest.split()[0]  # the code is that of what is shown
    refused = run(place, "--yes", honest.split()[0])
    assert refused.exit_code == 1 and "nothing that waits is shown under the code" in refused.output
    assert not judged(place)


def test_the_confirmed_ones_come_first_and_all_of_them_can_be_listed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proscribe.cli.sign_pending._FIRST", 1)
    with open_cases(place) as cases:
        told = judged_together(cases, FindingFilter())
    altered(place, lambda draft: draft["told"].update(told))
    short, long = run(place, "--list").output, run(place, "--list", "--all").output
    assert short.index("f_camera") < short.index("f_other") and "and 1 more: list them with --all" in short
    assert "f_third" not in short and "f_third" in long and "more: list" not in long


@pytest.mark.parametrize("name", ["where", "digest", "count"])
def test_a_draft_over_others_than_it_was_made_with_is_refused(place: Path, name: str) -> None:
    other = {"where": '{"band": ["confirmed", "possible"]}', "digest": "0" * 64, "count": "1"}
    altered(place, lambda draft: draft["told"].update({name: other[name]}))
    done = run(place)
    assert done.exit_code == 1 and "E448" in done.output and "Sign this" not in done.output
    assert not judged(place)


BROKEN = {
    "no filter": {"where": ""}, "no JSON": {"where": "{"}, "another field": {"where": '{"x": 1}'},
    "no texts": {"where": '{"band": [{"a": 1}]}'}, "no number": {"count": "two"}, "no verdict": {"verdict": "fine"},
    "no day": {"until": "soon"},
}  # fmt: skip


@pytest.mark.parametrize("way", BROKEN)
def test_a_draft_that_cannot_be_read_is_refused_in_words(place: Path, way: str) -> None:
    altered(place, lambda draft: draft["told"].update(BROKEN[way]))
    done = run(place)
    assert done.exit_code == 1 and ("E416" in done.output or "E433" in done.output), done.output
    assert not judged(place)


def test_what_changed_while_it_was_shown_is_not_signed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft is not read again after it was shown: an edit between the two reaches nobody."""
    change = over_confirmed(place)

    def confirm(*_: object, **__: object) -> bool:
        altered(place, change)
        return True

    monkeypatch.setattr("click.confirm", confirm)
    assert run(place).exit_code == 0
    assert judged(place) == {"f_other", "f_third"}


def test_a_code_signs_exactly_what_it_was_shown_for(place: Path) -> None:
    code = run(place, "--list").output.split()[0]
    done = run(place, "--yes", code, answer="")
    assert done.exit_code == 0 and "Signed: judge 2 findings different" in done.output, done.output
    assert judged(place) == {"f_other", "f_third"}


def test_what_a_signature_would_overturn_is_shown_whatever_the_draft_says_was_seen(place: Path) -> None:
    with open_cases(place) as cases:
        cases.judge("C-0001", "f_other", "same", by="Sam Lind", reason="plate read, it is their camera")
    before = run(place, "--list").output
    assert before.count("OVERTURNS") == 1 and "OVERTURNS 1 JUDGED SAME" in before
    altered(place, lambda draft: draft["told"].update(seen="99999"))
    assert "OVERTURNS 1 JUDGED SAME" in run(place, answer="n\n").output
    assert judged(place) == {"f_other"}


def test_a_draft_is_taken_back_in_its_own_case_alone(place: Path) -> None:
    with open_cases(place) as cases:
        (draft,) = pending.waiting(cases.store)
        with pytest.raises(ProscribeError, match="E416"):
            pending.drop(cases.store, draft.id, case_id="C-0002")
        pending.drop(cases.store, draft.id, case_id="C-0001")
        assert not pending.waiting(cases.store)


def taken_back_in(place: Path) -> None:
    """Let Kim set two findings aside with a key and judge them same after, by name; keep a draft that takes that back."""
    assert run(place).exit_code == 0  # f_other and f_third are different
    with open_cases(place) as cases:
        where = FindingFilter()
        chosen = cases.store.chosen("C-0001", where)
        cases.judge_many("C-0001", where, "same", by=KIM, reason="all of them", expect=chosen.told)
        judged = {"judged": str(cases.store.last_judged("C-0001")), "reason": "the wrong filter"}
        pending.ask(cases, pending.Deed.TAKE_BACK, "C-0001", judged, by=KIM)


def test_a_take_back_that_sets_findings_aside_again_waits_for_a_key(place: Path) -> None:
    taken_back_in(place)
    shown = run(place, "--list").output
    assert "take back same of 3 findings" in shown and "the wrong filter" in shown
    assert (
        "1 judged by nobody again, 2 judged different again" in shown and "OVERTURNS 3 JUDGED SAME" in shown
    )
    assert (
        "2 possible" in shown and "f_other" in shown and "f_camera" not in shown and "CONFIRMED" not in shown
    )
    done = run(place)
    assert done.exit_code == 0 and "Signed: take back same of 3 findings" in done.output, done.output
    with open_cases(place) as cases:
        standing = cases.case("C-0001").standing()
        assert {name: one.verdict.value for name, one in standing.items()} == dict.fromkeys(
            ("f_other", "f_third"), "different"
        )
        assert cases.store.verify() == [] and not pending.waiting(cases.store)


@pytest.mark.parametrize("judged", ["0", "9999", "soon", ""])
def test_a_draft_that_takes_back_nothing_is_refused(place: Path, judged: str) -> None:
    taken_back_in(place)
    altered(place, lambda draft: draft["told"].update(judged=judged))
    done = run(place)
    assert done.exit_code == 1 and ("E416" in done.output or "E423" in done.output), done.output


def test_a_draft_under_a_name_takes_back_what_that_person_judged_alone(place: Path) -> None:
    taken_back_in(place)
    with open_cases(place) as cases:
        cases.judge("C-0001", "f_camera", "unsure", by="Sam Lind", reason="to be seen")
        other = str(cases.store.last_judged("C-0001"))
    altered(place, lambda draft: draft["told"].update(judged=other))
    done = run(place)
    assert done.exit_code == 1 and "Sam Lind judged that" in done.output and "Sign this" not in done.output


def test_what_was_judged_while_a_take_back_was_shown_is_not_taken_along(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_back_in(place)

    def confirm(*_: object, **__: object) -> bool:
        with open_cases(place) as cases:
            cases.judge("C-0001", "f_other", "unsure", by="Sam Lind", reason="looked again")
        return True

    monkeypatch.setattr("click.confirm", confirm)
    done = run(place)
    assert done.exit_code == 1 and "E422" in done.output
