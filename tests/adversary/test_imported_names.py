"""Attacks with a store of one's own: its people carry the names of ours, and a case of theirs is taken over."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rostered
from click.testing import CliRunner
from scan_samples import whole

from proscribe.app.proofs.case_bundles import Trust, import_case, write_signed
from proscribe.app.store.desk import Desk
from proscribe.casework.commands import cases, judging
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.cli.main import cli
from proscribe.model.authors import Author
from proscribe.model.casework import Verdict

PEOPLE = ("Sam Lind", "Kim Berg")


def scanned(**bands: str) -> bytes:
    found: list[dict[str, Any]] = [
        {"id": name, "record_id": name.upper(), "band": band, "evidence": [{"found": "DS-2CD2143G2-I", "why": "w"}]}
        for name, band in bands.items()
    ]  # fmt: skip
    return json.dumps(
        whole({"as_of": "2026-11-24", "inputs": [{"sha256": "1" * 64}], "findings": found})
    ).encode()


def opened(store: Store) -> None:
    scan = read_scan(scanned(f_camera="confirmed", f_other="possible"), "scan.json")
    cases.open_case(store, by=Author("Sam Lind"), title="t", as_of=date(2026, 11, 24), zone="UTC", scan=scan)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Our store with a roster; a case in it comes, signed, from a store whose keys under our names are all one person's."""
    with Store.open(tmp_path / "theirs.db") as theirs:
        opened(theirs)
        hands = rostered.begun(theirs, tmp_path / "their keys")
        for finding in ("f_camera", "f_other"):
            for by in PEOPLE:
                theirs.hand = hands[by]
                judging.judge(
                    theirs,
                    "C-0001",
                    finding,
                    Verdict.DIFFERENT,
                    by=Author(by),
                    reason="label read, other maker",
                )
        theirs.hand = None
        write_signed(theirs, tmp_path / "c.zip", hands["A. Osei"], signed_by="A. Osei", case_id="C-0001")
    with Store.open(tmp_path / "ours.db") as ours:
        rostered.begun(ours, tmp_path / "keys")
        trust = Trust(keys=(tmp_path / "their keys/a-osei.pub.pem",))
        import_case(ours, tmp_path / "c.zip", trust, by="Sam Lind")
    return tmp_path / "ours.db"


def test_names_of_another_store_are_marked_as_such(place: Path) -> None:
    said = CliRunner().invoke(cli, ["case", "show", "C-0001", "--store", str(place)])
    assert said.exit_code == 0, said.output
    lines = [line for line in said.output.splitlines() if "judged different" in line]
    assert len(lines) == 2
    assert all("by Kim Berg (imported, not of this store's roster)" in line for line in lines)
    assert "imported: who did what before is told with names of another store" in said.output


def test_the_layer_sets_no_confirmed_finding_aside_on_their_word(place: Path) -> None:
    with Store.open(place) as ours:
        ours.check_signature = rostered.checks
        layer = Desk(ours).layer()
    assert "f_camera" not in layer.text and layer.set_aside == 1
    assert 'by: "Kim Berg (imported, not of this store\'s roster)"' in layer.text
    assert layer.left_out == (
        "2 judgements of confirmed findings of C-0001 that were made in another store: no key proves them here",
    )


def test_what_our_own_people_say_of_it_afterwards_counts(place: Path) -> None:
    with Store.open(place) as ours:
        ours.check_signature = rostered.checks
        ours.hand = rostered.key(place.parent / "keys", "Kim Berg")
        judging.judge(
            ours,
            "C-0001",
            "f_camera",
            Verdict.DIFFERENT,
            by=Author("Kim Berg"),
            reason="looked at it ourselves",
        )
        layer = Desk(ours).layer()
    assert layer.set_aside == 2 and 'by: "Kim Berg"' in layer.text
    said = CliRunner().invoke(cli, ["case", "show", "C-0001", "--store", str(place)]).output
    assert "by Kim Berg: looked at it ourselves" in said
