"""Attack 4: a store set back to an older copy, or continued from one, does not hold the head that somebody kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tampered import edited, filled

from proscribe.app.case.cases import kept_head
from proscribe.app.proofs.case_bundles import Trust
from proscribe.casework.commands import cases
from proscribe.casework.store import Store
from proscribe.cli.main import cli
from proscribe.model.authors import Author
from proscribe.model.errors import CaseError


def head_in(place: Path, target: Path, expect: int = 0) -> str:
    done = CliRunner().invoke(cli, ["case", "head", str(target), "--store", str(place)])
    assert done.exit_code == expect, done.output
    return done.output


def verified(place: Path, target: Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["case", "verify", "--head", str(target), "--store", str(place)])
    return done.exit_code, done.output


def test_a_store_set_back_or_forked_does_not_hold_the_kept_head(tmp_path: Path) -> None:
    place = tmp_path / "ours.db"
    filled(place).close()
    older = place.read_bytes()
    with Store.open(place) as store:
        cases.note(store, "C-0001", "the report is overdue", by=Author("R. Ito"))
    told = head_in(place, tmp_path / "head.json")
    kept = json.loads((tmp_path / "head.json").read_text())
    assert kept["digest"][:12] in told and kept["digest"] in told
    assert verified(place, tmp_path / "head.json")[0] == 0
    with Store.open(place) as store:
        cases.note(store, "C-0001", "goes on", by=Author("R. Ito"))
    assert verified(place, tmp_path / "head.json")[0] == 0

    place.write_bytes(older)
    code, said = verified(place, tmp_path / "head.json")
    assert code == 1 and "truncated" in said
    with Store.open(place) as store:  # another history, as long as the first
        for text in ("nothing to see", "nothing was found"):
            cases.note(store, "C-0001", text, by=Author("R. Ito"))
    code, said = verified(place, tmp_path / "head.json")
    assert code == 1 and "is not the one that the kept head names" in said
    # Two heads: the fork holds its own, and each excludes the other.
    head_in(place, tmp_path / "other.json")
    assert verified(place, tmp_path / "other.json")[0] == 0


def test_a_head_is_not_given_by_a_store_that_is_not_sound(tmp_path: Path) -> None:
    place = tmp_path / "ours.db"
    filled(place).close()
    edited(place, "UPDATE judgements SET verdict = 'different'")
    assert "E427" in head_in(place, tmp_path / "head.json", expect=2)
    assert not (tmp_path / "head.json").exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"store_id": "x", "seq": 1, "digest": "y"}'])
def test_what_is_no_head_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "head.json").write_text(text)
    with pytest.raises(CaseError, match="E433"):
        kept_head(tmp_path / "head.json", Trust(unsigned=True))
