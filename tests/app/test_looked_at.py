"""A document that is only looked at leaves behind that its scan came out again, so that the next look reads no file anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import proscribe
from proscribe.app.background.document_jobs import submit
from proscribe.app.background.job_work import Setting, run_job
from proscribe.app.case.case_law import put_to_the_law
from proscribe.app.case.cases import Cases
from proscribe.app.rules.asking import facts_of_situation
from proscribe.app.store import scan_replay
from proscribe.casework.store import Store

FORM = {
    "type": "annual-representation", "organisation": "Harbour Systems LLC", "approver": "Kim Berg", "signer": "A. Osei",
    "scope": "all", "searched": "all; assets; scanned; Sam Lind; 2026-11-18",
}  # fmt: skip


@pytest.mark.parametrize("changed", [False, True])
def test_a_scan_runs_again_for_the_first_look_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    assets = tmp_path / "assets.csv"
    assets.write_text("Asset,Make,Model\nA1,Hikvision,DS-2CD2143G2-I\n", encoding="utf-8")
    ran: list[str] = []
    whole = scan_replay._scanned

    def seen(*about: Any) -> Any:
        ran.append("scan")
        return whole(*about)

    monkeypatch.setattr(scan_replay, "_scanned", seen)
    with Store.open(tmp_path / "cases.db") as store:
        cases = Cases(store)
        made = proscribe.scan([assets], as_of="2026-11-27").to_json().encode()
        cases.open_from_scan(made, "scan.json", by="R. Ito", zone="UTC")
        put_to_the_law(cases, "C-0001", by="R. Ito", company=facts_of_situation("own"))
        if changed:
            assets.write_text("Asset,Make,Model\nA1,Axis,P3245\n", encoding="utf-8")

        def look() -> list[str]:
            ran.clear()
            job = submit(store, cases.case("C-0001"), FORM, by="R. Ito", keep=False)
            run_job(job.spec(), setting=Setting(store=store))
            return list(ran)

        first = look()
        kept = cases.case("C-0001").replays
        assert first == ([] if changed else ["scan"]) and bool(kept) is not changed
        assert look() == [] and cases.case("C-0001").replays == kept
        assert not cases.case("C-0001").documents
        if not changed:
            put_to_the_law(cases, "C-0001", by="R. Ito", answers=[("use.by", "company", "the_entity")])
            assert look() == ["scan"], "another scan is proved by itself"
