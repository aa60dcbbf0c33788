"""Devices reports attached to cases: what they say stands against documents until two people judge the device."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click.testing
import pytest

from proscribe.app.inventory.devices import devices
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.store.desk import Desk
from proscribe.casework import backup
from proscribe.casework.commands import cases, judging
from proscribe.casework.devices import devices_of
from proscribe.casework.store import Store
from proscribe.cli.main import cli
from proscribe.model.authors import Author
from proscribe.model.casework import CaseFile, Verdict
from proscribe.model.devices_document import read_devices
from proscribe.model.errors import CaseError
from proscribe.model.papers import Paper, PaperState

from .conftest import DAY, scan

AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
DAHUA = "3c:ef:8c:62:11:0e"
INVENTORY = "Asset tag,Site,Manufacturer,Model,Serial number,MAC address\n"
ARP = f"IP address,MAC address,Last seen\n10.0.0.5,{DAHUA},2026-11-18\n"
SAID = (
    "organisation: {name: Harbour Systems LLC, contacts: [{name: Dana Ruiz}]}\n"
    "inquiry:\n  searched: [{name: Register, kind: assets, how: scanned whole, by: Sam Lind, on: 2026-11-23}]\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(tmp_path / "c.db", now=lambda: AT) as store:
        yield Desk(store)


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[Path]]:
    def write(**texts: str) -> list[Path]:
        made = []
        for name, text in texts.items():
            made.append(tmp_path / f"{name}.csv")
            made[-1].write_text(text)
        return made

    return write


def report(paths: list[Path], **asked: Any) -> bytes:
    return devices(paths, as_of=asked.pop("as_of", DAY), **asked).to_json().encode()


@pytest.fixture
def contradictory(files: Callable[..., list[Path]]) -> bytes:
    """The label says Axis, the MAC is Dahua's."""
    return report(files(inventory=f"{INVENTORY}HR-1,HQ,Axis,P3245-LV,,{DAHUA}\n", arp=ARP))


@pytest.fixture
def case(desk: Desk, files: Callable[..., list[Path]]) -> CaseFile:
    """A case over a clean list."""
    (clean,) = files(clean="Asset ID,Manufacturer,Model\nA3,Axis,P3245-LV\n")
    return desk.open_from_scan(scan(clean).to_json().encode(), "scan.json", by="R. Ito", zone="UTC")


def annual(desk: Desk, tmp_path: Path) -> Paper:
    (tmp_path / "said.yml").write_text(SAID)
    making = Making(
        "annual-representation",
        (tmp_path / "said.yml",),
        as_of=date(2026, 11, 25),
        made_at=AT,
        author="Dana Ruiz",
    )
    return make_paper(making, (), desk, "C-0001")


def codes(paper: Paper) -> set[str]:
    return {one["code"] for one in paper.data["obstacles"]} - {"blind-spot", "knowledge-changed"}


def judge(desk: Desk, device: str, verdict: Verdict, by: str) -> CaseFile:
    return judging.judge(
        desk.store, "C-0001", device, verdict, by=Author(by), reason="opened, an Axis board in it"
    )


def test_a_contradiction_stands_until_two_people_judge_the_device(
    desk: Desk, case: CaseFile, contradictory: bytes, tmp_path: Path
) -> None:
    assert "device-contradiction" not in codes(annual(desk, tmp_path))
    file = desk.attach_devices(case.case.id, contradictory, "devices.json", by="R. Ito")
    (made,) = file.device_reports
    assert (made.devices, made.contradictions) == (1, 1)
    (device,) = desk.devices(file)
    assert device.contradictions and device.band
    refused = annual(desk, tmp_path)
    assert {"device-contradiction", "device"} <= codes(refused) and refused.state is PaperState.REFUSED
    judge(desk, device.id, Verdict.DIFFERENT, "R. Ito")
    assert "judgement-not-approved" in codes(annual(desk, tmp_path))
    judge(desk, device.id, Verdict.DIFFERENT, "M. Diaz")
    settled = annual(desk, tmp_path)
    assert not codes(settled) & {"device", "device-contradiction", "judgement-not-approved"}
    aside = settled.data["body"]["representations"]["use"]["set_aside"]
    assert [one["finding"] for one in aside] == [device.id] and aside[0][
        "by"
    ] == "R. Ito, approved by M. Diaz"
    judge(desk, device.id, Verdict.SAME, "M. Diaz")
    (stands,) = [
        one
        for one in annual(desk, tmp_path).data["obstacles"]
        if one["code"] == "device" and one["questions"] == ["use"]
    ]
    assert not stands["overridable"]
    assert desk.layer().set_aside == 0, "a scan finds no devices, so none can be set aside in it"


def test_findings_and_devices_know_each_other(desk: Desk, files: Callable[..., list[Path]]) -> None:
    paths = files(inventory=f"{INVENTORY}HR-1,HQ,Dahua,IPC-HDW2849T-S-IL,SN4455667,{DAHUA}\n", arp=ARP)
    file = cases.open_case(
        desk.store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 25), zone="UTC",
        report=read_devices(report(paths), "devices.json"),
    )  # fmt: skip
    assert [one.kind.value for one in desk.store.events("C-0001")] == ["opened", "devices_attached"]
    file = desk.attach("C-0001", scan(*paths).to_json().encode(), "scan.json", by="R. Ito")
    (device,) = desk.devices(file)
    assert set(device.findings) == set(file.case.finding_ids)
    assert desk.device_of_finding(desk.devices(file)) == dict.fromkeys(device.findings, device.id)


def test_a_device_whose_findings_are_not_in_the_case_stands_by_itself(
    desk: Desk, case: CaseFile, files: Callable[..., list[Path]], tmp_path: Path
) -> None:
    file = desk.attach_devices("C-0001", report(files(arp=ARP)), "devices.json", by="R. Ito")
    (device,) = desk.devices(file)
    assert device.findings and not set(device.findings) & set(file.case.finding_ids)
    assert "device" in codes(annual(desk, tmp_path))


def test_a_later_report_over_the_same_inputs_speaks_before_an_earlier_one(
    desk: Desk, case: CaseFile, contradictory: bytes, files: Callable[..., list[Path]]
) -> None:
    desk.attach_devices("C-0001", contradictory, "october.json", by="R. Ito", stated_at=AT)
    first = desk.devices(desk.store.case("C-0001"))
    # only the address table is read again: what the inventory said of the device still holds
    part = report(files(arp=ARP), as_of="2026-11-26")
    file = desk.attach_devices("C-0001", part, "part.json", by="R. Ito")
    assert [one.contradictions for one in desk.devices(file)] == [first[0].contradictions]
    # all of it is read again, and the label is corrected
    fixed = report(files(inventory=f"{INVENTORY}HR-1,HQ,Dahua,,,{DAHUA}\n", arp=ARP), as_of="2026-11-27")
    file = desk.attach_devices("C-0001", fixed, "november.json", by="R. Ito")
    (device,) = desk.devices(file)
    assert device.contradictions == () and not device.aged and device.last_seen == "2026-11-27"
    # the device is in neither file any more: it ages, and stands
    gone = report(
        files(inventory=f"{INVENTORY}HR-2,HQ,Axis,P3245-LV,B8A44F1122AA,\n", arp="IP address,MAC address\n10.0.0.9,\n"),
        as_of="2026-11-28",
    )  # fmt: skip
    file = desk.attach_devices("C-0001", gone, "december.json", by="R. Ito")
    (device,) = desk.devices(file)
    assert device.aged and device.last_seen == "2026-11-27"


def test_a_backup_a_bundle_and_a_check_carry_the_report(
    desk: Desk, case: CaseFile, contradictory: bytes, tmp_path: Path
) -> None:
    before = desk.attach_devices("C-0001", contradictory, "devices.json", by="R. Ito")
    (device,) = desk.devices(before)
    judge(desk, device.id, Verdict.UNSURE, "R. Ito")
    assert desk.store.verify() == []
    backup.backup(desk.store, tmp_path / "b.zip")
    backup.export_case(desk.store, "C-0001", tmp_path / "case.zip")
    with Store.open(tmp_path / "restored.db") as other:
        backup.restore(other, tmp_path / "b.zip", by="M. Diaz")
        assert devices_of(other, other.case("C-0001")) == (device,)
    with Store.open(tmp_path / "taken.db") as other:
        file = backup.import_case(other, tmp_path / "case.zip", by="M. Diaz")
        assert devices_of(other, file) == (device,) and other.verify() == []
        assert file.standing()[device.id].run_id == file.device_reports[0].id


def test_a_report_is_attached_once_and_an_unknown_device_is_not_judged(
    desk: Desk, case: CaseFile, contradictory: bytes
) -> None:
    desk.attach_devices("C-0001", contradictory, "devices.json", by="R. Ito")
    with pytest.raises(CaseError) as caught:
        desk.attach_devices("C-0001", contradictory, "devices.json", by="R. Ito")
    assert caught.value.code == "E424"
    with pytest.raises(CaseError) as caught:
        judge(desk, "d_00000000000000000000", Verdict.SAME, "R. Ito")
    assert caught.value.code == "E447"


def _without_device(value: dict[str, Any]) -> None:
    value["devices"] = []


def _without_contradiction(value: dict[str, Any]) -> None:
    value["devices"][0]["contradictions"] = []


def _lower_band(value: dict[str, Any]) -> None:
    value["devices"][0]["band"] = None
    value["summary"].update(possible=0, probable=0, confirmed=0)


def _without_finding(value: dict[str, Any]) -> None:
    value["devices"][0]["records"][0]["findings"] = []
    value["devices"][0]["records"][-1]["findings"] = []


def _no_list(value: dict[str, Any]) -> None:
    value["devices"] = {"d_1": value["devices"][0]}


def _odd_id(value: dict[str, Any]) -> None:
    value["devices"][0]["id"] = "d_\x1b[2J"


def _number(value: dict[str, Any]) -> None:
    value["devices"][0]["units"] = 1.5


def _deep(value: dict[str, Any]) -> None:
    value["devices"][0]["records"] = "x" * 1000


@pytest.mark.parametrize(
    ("change", "code"),
    [(_without_device, "E446"), (_without_contradiction, "E446"), (_lower_band, "E446"), (_without_finding, "E446"),
     (_no_list, "E445"), (_odd_id, "E445"), (_number, "E445"), (_deep, "E445")],
)  # fmt: skip
def test_a_report_that_was_tampered_with_is_refused(
    desk: Desk, case: CaseFile, contradictory: bytes, change: Callable[[dict[str, Any]], None], code: str
) -> None:
    value = json.loads(contradictory)
    change(value)
    with pytest.raises(CaseError) as caught:
        desk.attach_devices("C-0001", json.dumps(value).encode(), "devices.json", by="R. Ito")
    assert caught.value.code == code and "\x1b" not in str(caught.value)
    assert desk.store.case("C-0001").device_reports == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[" * 100_000, b'{"schema":"proscribe.scan/1"}', b'{"schema":1,"schema":2}', b"null"],
)
def test_what_is_no_report_is_refused(content: bytes) -> None:
    with pytest.raises(CaseError) as caught:
        read_devices(content, "devices.json")
    assert caught.value.code == "E445"


def test_a_bundle_with_another_report_than_its_event_says_is_not_taken_over(
    desk: Desk, case: CaseFile, contradictory: bytes, tmp_path: Path
) -> None:
    """Whoever makes bundles by hand can name any bytes; the event has to say what they say."""
    document = read_devices(contradictory, "devices.json")
    from proscribe.casework.devices import record_of
    from proscribe.casework.events import Draft
    from proscribe.model.casework import EventKind

    said = {**record_of(document), "contradictions": 0}
    desk.store.change(
        "C-0001",
        [Draft(EventKind.DEVICES_ATTACHED, {"report": said})],
        by=Author("R. Ito"),
        blobs=[contradictory],
    )
    with pytest.raises(CaseError, match="devices report") as told:
        backup.export_case(desk.store, "C-0001", tmp_path / "case.zip")
    assert told.value.code == "E427" and not (tmp_path / "case.zip").exists()


def test_from_the_command_line(
    tmp_path: Path, files: Callable[..., list[Path]], contradictory: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "devices.json").write_bytes(contradictory)
    monkeypatch.setenv("PROSCRIBE_STORE", str(tmp_path / "c.db"))
    monkeypatch.setenv("PROSCRIBE_USER", "R. Ito")

    def run(*words: str, code: int = 0) -> str:
        result = click.testing.CliRunner().invoke(cli, ["case", *words])
        assert result.exit_code == code, result.output
        return result.output

    run("open", "--title", "Cameras", "--zone", "UTC")
    assert "1 devices, 1 of them contradictory" in run(
        "attach", "C-0001", "--devices", str(tmp_path / "devices.json")
    )
    assert run("attach", "C-0001", code=2).startswith("E438")
    shown = json.loads(run("show", "C-0001", "-o", "json"))
    (device,) = shown["devices"]
    assert shown["device_of_finding"] == dict.fromkeys(device["findings"], device["id"])
    run("judge", "C-0001", device["id"], "different", "--reason", "opened")
    text = run("show", "C-0001")
    assert (
        f"{device['id']}  probable dahua" in text and "contradiction: " in text and "judged different" in text
    )
    assert run("verify").strip()


def test_a_device_that_loses_its_verdict_to_other_knowledge_stands(
    desk: Desk, case: CaseFile, contradictory: bytes, files: Callable[..., list[Path]], tmp_path: Path
) -> None:
    file = desk.attach_devices(case.case.id, contradictory, "devices.json", by="R. Ito")
    (before,) = desk.devices(file)
    assert not [one for one in annual(desk, tmp_path).data["obstacles"] if "devices report" in one["what"]]
    paths = files(inventory=f"{INVENTORY}HR-1,HQ,Axis,P3245-LV,,{DAHUA}\n", arp=ARP)
    later = report(paths, known_as_of="2001-01-01")
    assert not any(one.verdicts or one.contradictions for one in read_devices(later, "later").report.devices)
    file = desk.attach_devices(case.case.id, later, "later.json", by="R. Ito")
    (after,) = desk.devices(file)
    assert (after.id, after.contradictions, after.aged) == (before.id, before.contradictions, True)
    paper = annual(desk, tmp_path)
    assert {"device-contradiction", "device"} <= codes(paper)
    assert [
        one for one in paper.data["obstacles"] if one["what"].startswith("devices report 1 used only facts")
    ]
