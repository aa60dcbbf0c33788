"""Ids of an earlier scan carried to a new one: what is the same is found, what is not is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.store.carry_over import carried, carried_text
from proscribe.cli.main import cli
from proscribe.model.casework import Verdict
from proscribe.model.findings import Finding, Role
from proscribe.model.papers import Paper
from proscribe.model.results import Scan
from proscribe.model.scan_reading import ScanDocument
from proscribe.model.scan_writing import scan_text

from .conftest import ROWS, scan, write_csv


def document(scan: Scan) -> ScanDocument:
    """Give a scan as one that was read from its file."""
    return ScanDocument(scan, "scan.json", "", b"")


def renamed(one: Scan, **changes: object) -> ScanDocument:
    """Give a scan as an earlier scheme of ids named its findings."""
    findings = tuple(
        replace(finding, id=f"f_{number:020x}", record=(), **changes)  # type: ignore[arg-type]
        for number, finding in enumerate(one.findings)
    )
    return document(replace(one, findings=findings))


def test_the_same_bytes_carry_every_id(assets: Path, tmp_path: Path) -> None:
    old = renamed(scan(assets).scan)
    new = scan(assets.rename(tmp_path / "november.csv")).scan
    answer = carried(old, document(new))
    assert answer.lost == ()
    assert answer.ids == {
        before.id: after.id for before, after in zip(old.scan.findings, new.findings, strict=True)
    }


def test_other_bytes_carry_what_has_an_id_of_its_own(tmp_path: Path) -> None:
    old = renamed(scan(write_csv(tmp_path / "october.csv", ROWS)).scan)
    rows = [*reversed(ROWS[1:]), ("B9", *ROWS[0][1:])]
    new = scan(write_csv(tmp_path / "november.csv", rows)).scan
    answer = carried(old, document(new))
    by_record = {finding.record_id: finding.id for finding in new.findings}
    assert answer.ids == {
        finding.id: by_record[finding.record_id] for finding in old.scan.findings if finding.record_id != "A1"
    }
    (lost,) = answer.lost
    assert (lost.id, "A1" in lost.at) == (old.scan.findings[0].id, True)
    assert "no finding with this record id" in lost.why


def test_two_of_one_name_are_not_guessed(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[0], ROWS[4]]
    old = renamed(scan(write_csv(tmp_path / "october.csv", rows)).scan)
    new = scan(write_csv(tmp_path / "november.csv", [*rows, ROWS[2]])).scan
    answer = carried(old, document(new))
    assert [finding.record_id for finding in old.scan.findings if finding.id in answer.ids] == ["A5"]
    assert all("several" in lost.why for lost in answer.lost) and len(answer.lost) == 2


def test_a_record_that_is_read_otherwise_at_its_place_is_lost(assets: Path) -> None:
    new = scan(assets).scan
    old = renamed(new, record_id="Z1")
    answer = carried(old, document(new))
    assert answer.ids == {} and len(answer.lost) == len(new.findings)
    assert "other contents" in answer.lost[0].why


def test_ids_that_are_there_already_stay(assets: Path, tmp_path: Path) -> None:
    first = scan(assets).scan
    again = replace(first, inputs=tuple(replace(item, sha256="0" * 64) for item in first.inputs))
    answer = carried(document(first), document(again))
    assert answer.ids == {finding.id: finding.id for finding in first.findings} and answer.lost == ()


def test_a_layer_gets_the_new_ids_and_nothing_else_changes(assets: Path) -> None:
    new = scan(assets).scan
    old = renamed(new)
    text = (
        "# decisions about f_00000000000000000000\n"
        "suppressions:\n"
        f"  - {{finding: {old.scan.findings[0].id}, reason: examined, by: R. Ito, at: 2026-11-20}}\n"
        "  - {finding: f_ffffffffffffffffffff, reason: gone, by: R. Ito, at: 2026-11-20}  # was a dome\n"
    )
    made = carried_text(text, old, document(new))
    assert made.text.split("\n")[2] == text.split("\n")[2].replace(
        old.scan.findings[0].id, new.findings[0].id
    )
    assert made.text.split("\n")[3] == text.split("\n")[3]
    assert made.carried == 1
    assert [(lost.id, lost.at) for lost in made.lost] == [("f_ffffffffffffffffffff", "line 4")]


def test_no_two_earlier_ids_become_one(assets: Path) -> None:
    new = scan(assets).scan
    twice: Sequence[Finding] = renamed(new).scan.findings
    old = replace(new, findings=(*twice, *(replace(one, id=one.id[:-1] + "f") for one in twice)))
    ids = carried(document(old), document(new)).ids
    assert len(set(ids.values())) == len(ids)


def test_the_command_writes_the_layer_and_names_what_is_lost(assets: Path, tmp_path: Path) -> None:
    new = scan(assets).scan
    old = renamed(new).scan
    for name, one in (("old.json", old), ("new.json", new)):
        (tmp_path / name).write_text(scan_text(one), encoding="utf-8")
    layer = tmp_path / "layer.yml"
    layer.write_text(f"a: {old.findings[1].id}\nb: f_{'e' * 20}\n", encoding="utf-8")
    asked = [
        "kb", "carry-over", str(layer), "--old", str(tmp_path / "old.json"), "--new", str(tmp_path / "new.json"),
        "-o", str(tmp_path / "carried.yml"),
    ]  # fmt: skip
    done = CliRunner().invoke(cli, asked)
    assert done.exit_code == 1, done.output
    assert "1 ids carried over, 1 not" in done.output and "line 2: f_eeee" in done.output
    assert (tmp_path / "carried.yml").read_text("utf-8") == f"a: {new.findings[1].id}\nb: f_{'e' * 20}\n"
    layer.write_text(f"a: {old.findings[1].id}\n", encoding="utf-8")
    assert CliRunner().invoke(cli, asked).exit_code == 0
    (tmp_path / "old.json").write_text("{}", encoding="utf-8")
    refused = CliRunner().invoke(cli, asked)
    assert refused.exit_code == 3 and "E157" in refused.output


def papers(cases: Cases, case_id: str) -> Paper:
    making = Making("annual-representation", author="R. Ito", values={"organisation": {"name": "Harbour"}})
    return make_paper(making, (), cases, case_id)


def test_a_reading_of_the_same_bytes_under_another_name_takes_the_place_of_the_one_before(
    tmp_path: Path,
) -> None:
    first, second = write_csv(tmp_path / "october.csv", ROWS), write_csv(tmp_path / "depot.csv", ROWS[:2])
    made = scan(first, second).scan
    role = next(one for one in Role if one is not made.findings[0].role)
    before = replace(
        made, findings=(replace(made.findings[0], id=f"f_{1:020x}", role=role), *made.findings[1:])
    )
    after = scan(first.rename(tmp_path / "november.csv"), second.rename(tmp_path / "the depot.csv")).scan
    with open_cases(str(tmp_path / "cases.db"), create=True) as cases:
        case_id = cases.open_from_scan(
            scan_text(before).encode(), "a.json", by="R. Ito", zone="UTC", title="x"
        ).case.id
        said = cases.judge(case_id, f"f_{1:020x}", Verdict.SAME, by="R. Ito", reason="it hangs there")
        earlier = papers(cases, case_id)
        file = cases.attach(case_id, scan_text(after).encode(), "b.json", by="R. Ito")
        assert file.standing()[made.findings[0].id].reason == said.judgements[-1].reason
        later = papers(cases, case_id)
        stands = [
            one.code for one in earlier.obstacles if one.code != "scan-not-replayed"
        ]  # the altered one cannot be
        assert [one.code for one in later.obstacles] == stands
        told = [paper.data["body"]["inquiry"] for paper in (earlier, later)]
        assert told[0]["records"] == told[1]["records"] == len(ROWS) + 2
        assert [one["kind"] for one in told[1]["sources"]] == [one["kind"] for one in told[0]["sources"]]
        assert not cases.store.verify()


def test_a_reading_of_fewer_files_leaves_what_was_said_of_the_others(tmp_path: Path) -> None:
    first, second = (
        write_csv(tmp_path / "october.csv", ROWS),
        write_csv(tmp_path / "depot.csv", [("B9", *ROWS[0][1:])]),
    )
    with open_cases(str(tmp_path / "cases.db"), create=True) as cases:
        case_id = cases.open_from_scan(
            scan_text(scan(first, second).scan).encode(), "a.json", by="R. Ito", zone="UTC", title="x"
        ).case.id
        again = scan_text(scan(second.rename(tmp_path / "again.csv")).scan).encode()
        cases.attach(case_id, again, "b.json", by="R. Ito")
        said = {one.what.partition(" row")[0].rpartition(" ")[2] for one in papers(cases, case_id).obstacles}
        named = {name for name in said if name.endswith(".csv")}
        assert named == {"october.csv", "again.csv"}
