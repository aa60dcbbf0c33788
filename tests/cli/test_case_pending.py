"""What waits for a key at the command line, how a finding is known, and a case with a scan put to the law with a key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rostered

from proscribe.app.case.cases import Cases, open_cases

FACTS = "title: ours\nfacts:\n  party.role: prime_contractor\n  act.kind: use\n  contract.agency: GSA\n"
LIST = "Asset ID,Manufacturer,Model,Site\nA1,Hikvision,DS-2CD2143G2-I,Mill Lane\nA2,Dahua,IPC-HDW2431T,Mill Lane\n"


@pytest.fixture
def store(run: Any, write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Open a case with a decided scan in a store with a roster."""
    place = str(tmp_path / "c.db")
    monkeypatch.setenv("PROSCRIBE_STORE", place)
    monkeypatch.setenv("PROSCRIBE_PASSPHRASE", rostered.PASSPHRASE)
    monkeypatch.delenv("PROSCRIBE_KEY", raising=False)
    scan = tmp_path / "scan.json"
    facts = write("facts.yml", FACTS)
    run("scan", write("list.csv", LIST), "--decide", facts, "--quiet", "-o", f"json={scan}")
    assert run("case", "open", "--scan", scan, "--by", "Sam Lind", "--zone", "UTC").code == 0
    with open_cases(place) as cases:
        rostered.begun(cases.store, tmp_path / "keys")
    return place


def own_key(tmp_path: Path) -> tuple[str, ...]:
    return ("--key", str(tmp_path / "keys/sam-lind.key"))


def of_findings(cases: Cases) -> bool:
    return "findings" in json.loads(cases.store.blob(cases.case("C-0001").determinations[-1].sha256))


def first_finding(run: Any) -> str:
    return str(run("case", "findings", "C-0001", "-o", "json").json()["findings"][0]["finding_id"])


def test_what_was_stated_for_a_scan_is_put_to_the_law_with_a_key(
    run: Any, store: str, tmp_path: Path
) -> None:
    done = run("case", "decide", "C-0001", *own_key(tmp_path))
    assert done.code == 0 and done.out.startswith("D2:"), done.err
    with open_cases(store) as cases:
        file = cases.case("C-0001")
        newest = file.determinations[-1]
        assert of_findings(cases) and newest.author == "Sam Lind"
        stated = json.loads(cases.store.blob(file.runs[-1].scan_sha256))["decided"]["stated"]
        assert {(one["fact"], one["value"]) for one in stated} >= {
            ("contract.agency", "GSA"),
            ("act.kind", "use"),
        }
    # a fact of the case that says the same leaves the findings their say; another one is not left out in silence
    assert run("case", "fact", "C-0001", "act.kind=use", *own_key(tmp_path)).code == 0
    run("case", "decide", "C-0001", *own_key(tmp_path))
    with open_cases(store) as cases:
        assert of_findings(cases)
    assert run("case", "fact", "C-0001", "act.kind=procure", *own_key(tmp_path)).code == 0
    run("case", "decide", "C-0001", *own_key(tmp_path))
    with open_cases(store) as cases:
        assert not of_findings(cases)


def test_what_a_command_asks_for_waits_and_changes_nothing_until_it_is_signed(
    run: Any, store: str, tmp_path: Path
) -> None:
    finding, by = first_finding(run), ("--by", "Sam Lind")
    refused = run("case", "judge", "C-0001", finding, "different", "--reason", "not theirs", *by)
    assert refused.code == 2 and "E414" in refused.err
    said = ("--reason", "not theirs", *by, "--wait")
    kept = run("case", "judge", "C-0001", finding, "different", *said)
    assert (
        kept.code == 0 and f"judge {finding} different: not theirs" in kept.out and "1 confirmed" in kept.out
    )
    run("case", "decide", "C-0001", *by, "--wait")
    counted = run("case", "findings", "C-0001", "--where", "band=confirmed", "--facets", "-o", "json").json()
    expected = ("--expect-count", str(counted["total"]), "--expect-digest", counted["digest"])
    many = run(
        "case",
        "judge",
        "C-0001",
        "cleared",
        "--where",
        "band=confirmed",
        *expected,
        "--until",
        "2099-01-01",
        *said,
    )
    assert many.code == 0 and "judge 2 findings cleared" in many.out, many.err
    listed = run("case", "pending", "C-0001", "-o", "json").json()["waiting"]
    assert [one["deed"] for one in listed] == ["judge", "decide", "judge_many"]
    assert all(one["stands"] and one["by"] == "Sam Lind" for one in listed)
    with open_cases(store) as cases:
        assert not cases.case("C-0001").standing()
    left = run("case", "pending", "C-0001", "--drop", listed[2]["id"])
    assert left.code == 0 and listed[2]["id"] not in left.out and listed[0]["id"] in left.out
    shown = run("sign-pending", "--list")
    codes = [line.split()[0] for line in shown.out.splitlines() if line[:1].strip()]
    assert len(codes) == 2
    signed = run("sign-pending", *own_key(tmp_path), *by, "--yes", codes[0])
    assert signed.code == 0, signed.err
    with open_cases(store) as cases:
        assert cases.case("C-0001").standing()[finding].verdict.value == "different"
    # a take-back waits like any other; what it takes back stands until then
    assert run("case", "judge", "C-0001", finding, "same", "--reason", "seen", *own_key(tmp_path)).code == 0
    back = run("case", "take-back", "C-0001", finding, *by, "--wait")
    assert back.code == 0 and "1 judged different again" in back.out
    # the determination that was to be decided anew is the newest still, and what overtakes it is said
    run("case", "decide", "C-0001", *own_key(tmp_path))
    gone = [
        one for one in run("case", "pending", "C-0001", "-o", "json").json()["waiting"] if not one["stands"]
    ]
    assert [one["deed"] for one in gone] == ["decide"] and "superseded" in gone[0]["words"]
    assert "can no longer be signed" in run("case", "pending", "C-0001").out


def test_how_a_finding_is_known_is_said(run: Any, store: str, tmp_path: Path) -> None:
    finding = first_finding(run)
    before = run("case", "known", "C-0001", finding).out
    assert "list.csv\n" in before and "row 2" in before and "Judged: by nobody" in before
    assert "No device was opened" in before  # what was not looked at
    assert (
        run("case", "judge", "C-0001", finding, "different", "--reason", "plate", *own_key(tmp_path)).code
        == 0
    )
    said = run("case", "known", "C-0001", finding).out
    assert "different by Sam Lind" in said and ": signed, " in said, said[-900:]
    value = run("case", "known", "C-0001", finding, "-o", "json").json()
    assert [one["shown_by"] for one in value["said"]] == ["key"] and value["run"]["not_checked"]
    assert set(value["columns"]) == {"Manufacturer", "Model"}
