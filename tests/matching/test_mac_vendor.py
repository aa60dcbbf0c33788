"""What another program looked up for a MAC address says no more than the address."""

from __future__ import annotations

from pathlib import Path

import proscribe
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band


def test_a_looked_up_vendor_alone_is_a_question(index: Index) -> None:
    (verdict,), spoken = analyse(
        index, [("vendor", "mac_vendor", "Hangzhou Hikvision Digital Technology Co.,Ltd.")]
    )
    assert verdict.entity == "hikvision" and verdict.band is Band.POSSIBLE
    assert verdict.questions and spoken == ()


def test_a_looked_up_vendor_beside_its_own_mac_counts_once(index: Index) -> None:
    (verdict,), _ = analyse(
        index,
        [
            ("mac", "mac", "44:19:B6:00:00:01"),
            ("vendor", "mac_vendor", "Hangzhou Hikvision Digital Technology"),
        ],
    )
    assert verdict.band is Band.PROBABLE
    assert {item.group for item in verdict.evidence} == {"mac"}


def test_a_looked_up_vendor_supports_a_banner(index: Index) -> None:
    alone, _ = analyse(index, [("http.server", "banner", "DNVRS-Webs")])
    both, _ = analyse(
        index,
        [
            ("http.server", "banner", "DNVRS-Webs"),
            ("vendor", "mac_vendor", "Hangzhou Hikvision Digital Technology"),
        ],
    )
    assert both[0].total_mbit > alone[0].total_mbit


def test_the_maker_of_a_network_card_speaks_not_against_a_model(index: Index) -> None:
    alone, _ = analyse(index, [("model", "model_number", "DS-2CD2143G2-I")])
    with_card, _ = analyse(
        index, [("model", "model_number", "DS-2CD2143G2-I"), ("v", "mac_vendor", "Intel Corporate")]
    )
    assert with_card[0].band is alone[0].band and with_card[0].against == ()


def test_a_column_named_after_its_channel_is_read_in_that_channel_alone(index: Index) -> None:
    port = "37777/tcp open"
    assert not any(
        item.matcher == "fingerprint"
        for verdict in analyse(index, [("http.title", "banner", port), ("m", "maker_name", "Dahua")])[0]
        for item in verdict.evidence
    )
    assert any(
        item.matcher == "fingerprint"
        for verdict in analyse(index, [("port", "banner", port), ("m", "maker_name", "Dahua")])[0]
        for item in verdict.evidence
    )


def test_an_address_of_another_maker_makes_the_name_of_a_host_a_question(tmp_path: Path) -> None:
    path = tmp_path / "hosts.csv"
    path.write_text(
        "host,mac\ndahua-slot-3,\ndahua-slot-3,00:40:8C:11:22:33\ndahua-slot-3,02:40:8C:11:22:33\n"
        "hikvision-cam-7,44:19:B6:10:20:30\n",
        encoding="utf-8",
    )
    alone, denied, made_up, own = proscribe.scan([path], as_of="2026-11-27").findings
    assert denied.band is Band.POSSIBLE and any("another maker" in question for question in denied.questions)
    assert [(item.matcher, "AXIS" in item.why.upper()) for item in denied.against] == [("oui", True)]
    assert all(one.band.rank >= Band.PROBABLE.rank for one in (alone, made_up, own))
