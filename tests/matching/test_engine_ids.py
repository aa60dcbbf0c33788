"""Ids of SNMP engines (RFC 3411), and hardware addresses under the shorter names of their holders."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe


def _entities(tmp_path: Path, text: str, name: str = "engines.csv") -> list[str]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return [one.entity for one in proscribe.scan([str(tmp_path / name)], as_of="2026-11-25").findings]


@pytest.mark.parametrize(
    ("written", "entity"),
    [
        ("800007DB0300E0FC123456", "huawei"),
        ("0x800007DB0300E0FC123456", "huawei"),
        ("80:00:07:db:03:00:1b:21:12:34:56", "huawei"),
        ("800098FD034419B6AABBCC", "hikvision"),
        ("800098fd010a010203", "hikvision"),
        ("800098fd04646f636b", "hikvision"),
        ("80001F880300E0FC123456", "huawei"),
    ],
)
def test_an_engine_tells_its_enterprise_and_its_address(tmp_path: Path, written: str, entity: str) -> None:
    assert _entities(tmp_path, f"Host,Remark\n10.1.0.2,{written}\n") == [entity]
    assert _entities(tmp_path, f"the engine {written} answered\n", "engines.txt") == [entity]


@pytest.mark.parametrize(
    "written",
    [
        "8000000903001B21112233",
        "80001F8880E963000061FB1234",
        "800007DB03001B2111",
        "1800007DB03001B21123456",
        "800007DB03001B2112345678",
        "800007DB",
    ],
)
def test_other_engines_and_numbers_stay_silent(tmp_path: Path, written: str) -> None:
    assert _entities(tmp_path, f"Host,Remark\n10.1.0.2,{written}\n") == []


def test_a_holder_cut_shorter_asks_and_a_city_does_not(tmp_path: Path) -> None:
    nodes = ["HuaweiTe", "HangzhouHi", "ZhejiangDa", "Hangzhou", "Zhejiang", "Shenzhen", "Cisco"]
    rows = "".join(f"{node}_aa:bb:0{place},{place}\n" for place, node in enumerate(nodes))
    assert _entities(tmp_path, f"Node,Bytes\n{rows}") == ["huawei", "hikvision", "dahua"]


@pytest.mark.parametrize(
    ("written", "entities"),
    [
        ("00:40:8c:11:22:33:44:19:b6:14:02:92:08:00", ["hikvision"]),
        ("MAC=e0:fc:00:11:22:33:00:40:8c:14:02:91:86:dd", []),
        ("MAC=00:e0:fc:11:22:33:00:40:8c:14:02:91:86:dd SRC=10.1.1.2", ["huawei"]),
        ("MAC=00-40-8c-11-22-33-44-19-b6-14-02-92-08-06", ["hikvision"]),
        ("00:40:8c:11:22:33:44:19:b6:14:02:92:09:99", []),
    ],
)
def test_the_head_of_a_frame_holds_two_addresses(tmp_path: Path, written: str, entities: list[str]) -> None:
    assert _entities(tmp_path, f"Time,Remark\n2026-11-01,{written}\n", "log.csv") == entities
