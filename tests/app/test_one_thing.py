"""A thing that one list tells the maker of, and another an address, a name or a number of, is one thing wherever it is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import facts_of
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.choice.asset_rows import choose
from proscribe.devices.marks import device_name
from proscribe.model.results import Scan
from proscribe.reports.scan.determinations import Saying

HEADER = "Hostname,Manufacturer,Model,Site"
OLT = "LDS-OLT-01,Huawei,MA5800-X7,Leeds"
NEIGHBOUR = """LDS-RTR-1> show lldp neighbors
Local Interface    Parent Interface    Chassis Id          Port info          System Name
xe-0/1/0           -                   {mac}   GE0/0/1            {name}
"""
HUAWEI, ZTE = "00:e0:fc:5a:10:01", "00:15:eb:20:10:02"
FACTS = "facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity}\n%s"


@pytest.fixture(scope="module")
def decider() -> Decider:
    return open_decider((), None)


def decided(folder: Path, decider: Decider, files: dict[str, str], more: str = "") -> Scan:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = proscribe.scan([folder / name for name in files], as_of="2026-11-27").scan
    return decide_findings(
        found,
        decider,
        facts_of(FACTS % more, "facts.yml", decider.law, decider.firms, decider.purposes),
    )


def things(scan: Scan) -> int:
    answer = Saying(scan).answer
    assert answer.sum is not None
    return sum(number for _, number in answer.sum.outcomes)


def asked_who(scan: Scan, decider: Decider) -> int:
    return sum(
        len(one.findings)
        for one in questionnaire(scan, decider).questions
        if one.fact in ("item.producer", "item.kind")
    )


@pytest.mark.parametrize("name", ["LDS-OLT-01", "lds-olt-01.net.example"])
def test_what_a_network_calls_as_the_inventory_does_is_that_thing(
    tmp_path: Path, decider: Decider, name: str
) -> None:
    files = {"a.csv": f"{HEADER}\n{OLT}\n", "n.txt": NEIGHBOUR.format(mac=HUAWEI, name=name)}
    scan = decided(tmp_path, decider, files)
    assert len(scan.findings) == 2 and things(scan) == 1
    assert len(choose(scan)[0]) == 1 and "also in" in choose(scan)[0][0].note
    assert asked_who(scan, decider) == 0
    assert scan.decided is not None and len({one.outcome for one in scan.decided.by_finding.values()}) == 1


@pytest.mark.parametrize(
    ("rows", "mac", "name"),
    [
        # another firm's card, another name, one that names no one thing, two rows of that name
        ([OLT], ZTE, "LDS-OLT-01"),
        ([OLT], HUAWEI, "LDS-OLT-02"),
        (["switch01,Huawei,MA5800-X7,Leeds"], HUAWEI, "switch01"),
        ([OLT, OLT.replace("Leeds", "Derby")], HUAWEI, "LDS-OLT-01"),
    ],
    ids=["firm", "name", "generic", "twice"],
)
def test_what_may_be_another_thing_is_counted_and_asked_about(
    tmp_path: Path, decider: Decider, rows: list[str], mac: str, name: str
) -> None:
    files = {"a.csv": "\n".join([HEADER, *rows, ""]), "n.txt": NEIGHBOUR.format(mac=mac, name=name)}
    scan = decided(tmp_path, decider, files)
    assert len(scan.findings) == things(scan) == len(rows) + 1
    assert len(choose(scan)[0]) == len(rows) + 1
    assert asked_who(scan, decider) >= 1


@pytest.mark.parametrize("state", ["scrapped 2022-03-01", "in store, disconnected"])
def test_what_left_is_not_the_thing_that_answers_in_the_network(
    tmp_path: Path, decider: Decider, state: str
) -> None:
    files = {
        "a.csv": f"{HEADER},Status\n{OLT},{state}\n",
        "n.txt": NEIGHBOUR.format(mac=HUAWEI, name="LDS-OLT-01"),
    }
    scan = decided(tmp_path, decider, files)
    (seen,) = [one for one in scan.findings if scan.inputs[one.input].path.endswith("n.txt")]
    assert scan.decided is not None
    assert "item.producer" not in dict(scan.decided.by_finding[seen.id].facts)


def test_what_is_stated_of_where_one_is_does_not_speak_of_what_answers_by_its_name(
    tmp_path: Path, decider: Decider
) -> None:
    files = {"a.csv": f"{HEADER}\n{OLT}\n", "n.txt": NEIGHBOUR.format(mac=HUAWEI, name="LDS-OLT-01")}
    scan = decided(tmp_path, decider, files)
    (listed,) = [one for one in scan.findings if scan.inputs[one.input].path.endswith("a.csv")]
    gone = decided(tmp_path, decider, files, f"findings: {{{listed.id}: {{use.state: disposed}}}}\n")
    assert gone.decided is not None
    outcomes = {name: one.outcome.value for name, one in gone.decided.by_finding.items()}
    assert outcomes.pop(listed.id) == "not_covered" and set(outcomes.values()) == {"undetermined"}


def test_a_thing_that_another_list_names_by_its_tag_alone_is_counted_once(
    tmp_path: Path, decider: Decider
) -> None:
    tags = [f"BW-{number:04}" for number in (11, 27, 31, 48, 59)]
    assets = "\n".join(
        [
            "Asset tag,Manufacturer,Model,Site",
            *(f"{tag},Hikvision,DS-2CD2143G2-I,Depot" for tag in tags[:2]),
            *(f"{tag},Axis,P3245,Depot" for tag in tags[2:]),
        ]
    )
    jobs = "\n".join(
        ["Asset tag,Visited,Work", *(f"{tag},2026-03-0{n + 1},cleaned" for n, tag in enumerate(tags))]
    )
    scan = decided(tmp_path, decider, {"assets.csv": f"{assets}\n", "visits.csv": f"{jobs}\n"})
    lent = [one for one in scan.findings if any(item.matcher == "joined" for item in one.evidence)]
    assert len(lent) == 2 and len(scan.findings) == 4
    assert things(scan) == len(choose(scan)[0]) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("LDS-OLT-01", "lds-olt-01"), ("lds-olt-01.corp.example", "lds-olt-01"), ("core-sw-12", "core-sw-12"),
        ("switch01", ""), ("camera-12", ""), ("SW-01", ""), ("10.0.0.17", ""), ("printer", ""), ("LDS OLT 01", ""),
        ("00:e0:fc:5a:10:01", ""), ("AABB.CC00.1122", ""), ("", ""), ("N/A", ""), ("router-gateway-1000", ""),
    ],
)  # fmt: skip
def test_a_name_of_a_device_is_one_that_no_other_bears(text: str, name: str) -> None:
    assert device_name(text) == name
