"""Scans of nmap as people paste them: normal and greppable output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.readers import Options, Source, open_source
from proscribe.readers.head import Head
from proscribe.readers.network.nmap_text import NmapText

NORMAL = """$ nmap -sV -sC 10.2.0.0/24
Starting Nmap 7.94 ( https://nmap.org ) at 2025-10-20 22:40 UTC
Pre-scan script results:
| broadcast-upnp-info: 
|   10.2.0.7
|     Server: Huawei-ATP-IGD
|_    Manufacturer: HUAWEI
Nmap scan report for cam-1.example.net (10.2.0.12)
Host is up (0.0010s latency).
Not shown: 997 closed tcp ports (reset)
PORT     STATE    SERVICE VERSION
80/tcp   open     http    Hikvision Network Video Recorder http admin
| http-title: index
|_http-server-header: DNVRS-Webs
443/tcp  open     ssl/http
| ssl-cert: Subject: commonName=1.2.3.4/organizationName=HIKVISION
| Issuer: commonName=ca
|_Not valid after:  2030-01-01T00:00:00
554/tcp  filtered rtsp
MAC Address: 28:57:BE:AA:BB:01 (Hangzhou Hikvision Digital Technology)
Device type: webcam
Running: Linux 2.6.X
OS CPE: cpe:/o:linux:linux_kernel:2.6
Network Distance: 1 hop
Service Info: Host: cam1; OS: Linux; Device: webcam; CPE: cpe:/h:hikvision:ds-2cd

Host script results:
|_nbstat: NetBIOS name: CAM-7, NetBIOS user: <unknown>, NetBIOS MAC: 28:57:be:aa:bb:01 (x)

Nmap scan report for 10.2.0.13 [host down, received no-response]
Nmap scan report for 10.2.0.14
Host is up, received echo-reply ttl 61 (0.1s latency).
All 1000 scanned ports on 10.2.0.14 are filtered
an odd line

Nmap done: 256 IP addresses (2 hosts up) scanned in 9.00 seconds
"""  # noqa: W291
GREPPABLE = (
    "# Nmap 7.94 scan initiated Mon as: nmap -oG x\nHost: 10.2.0.12 (cam.example.net)\tStatus: Up\n"
    "Host: 10.2.0.12 (cam.example.net)\tPorts: 80/open/tcp//http//Hikvision Network Video Recorder http admin/, "
    "554/filtered/tcp//rtsp///, 22/open/tcp//ssh//OpenSSH 8.9p1|x/\tIgnored State: closed (998)\tOS: Linux 2.6\n"
    "# Nmap done at Mon -- 256 IP addresses (1 host up)\n"
)


def test_normal_output(read: Any) -> None:
    found = read(NORMAL)
    assert found.reader == "nmap-text" and not found.issues
    heard, camera, silent = found.only()
    assert heard["ip"] == "10.2.0.7" and "<manufacturer>HUAWEI</manufacturer>" in heard["ssdp.server"]
    assert camera["ip"] == "10.2.0.12" and camera["mac"] == "28:57:be:aa:bb:01"
    assert camera["hostname"] == "cam-1.example.net\ncam1\nCAM-7"
    assert (
        camera["port"] == "80/tcp open http\n443/tcp open ssl/http"
        and camera["ports_not_open"] == "554/tcp filtered rtsp"
    )
    assert camera["http.server"] == "Server: DNVRS-Webs" and camera["http.title"] == "<title>index</title>"
    assert (
        camera["tls.subject"] == "CN=1.2.3.4, O=HIKVISION\nissuer: CN=ca"
        and camera["cpe"] == "cpe:/h:hikvision:ds-2cd"
    )
    assert "linux" in camera["os"] and silent["scripts"] == "an odd line"
    spots = {spot.kind: (spot.count, spot.of) for spot in found.reading.blind_spots}
    assert (
        spots["routed_segment"] == (1, 2)
        and spots["hosts_down"] == (1, 3)
        and spots["hosts_without_mac"] == (1, 2)
    )


def test_greppable_output(read: Any) -> None:
    found = read(GREPPABLE)
    (row,) = found.only()
    assert found.reader == "nmap-text" and not found.issues
    assert (
        row["port"] == "80/tcp open http\n22/tcp open ssh"
        and row["ports_not_open"] == "554/tcp filtered rtsp"
    )
    assert (
        row["service"].startswith("Hikvision Network Video Recorder") and "OpenSSH 8.9p1/x" in row["service"]
    )
    assert row["hostname"] == "cam.example.net" and row["os"] == "Linux 2.6" and row["state"] == "up"
    masscan = "# Masscan 1.3 scan initiated x\nTimestamp: 1700000000\tHost: 10.3.0.5 ()\tPorts: 80/open/tcp//http//\n"
    (row,) = read(masscan).only()
    assert row["seen_at"] == "2023-11-14T22:13:20Z" and row["port"] == "80/tcp open http"


def test_findings_end_to_end(tmp_path: Path) -> None:
    path = tmp_path / "scan.txt"
    path.write_text(NORMAL)
    found = {
        (finding.entity, finding.band.value) for finding in proscribe.scan(path, as_of="2026-11-25").findings
    }
    assert ("hikvision", "confirmed") in found and any(entity == "huawei" for entity, _ in found)


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", "Host: x\n", "see Nmap scan report\n", "{}", "", "nmap 7.94\n", "Nmap scan is planned\n"],
)
def test_other_text_is_not_claimed(text: str) -> None:
    assert NmapText().sniff(Head(text.encode(), Source("x", Path("x"), len(text)))) == 0


@settings(max_examples=60)
@given(
    st.integers(0, len(NORMAL)),
    st.lists(st.tuples(st.integers(0, len(NORMAL)), st.text(max_size=8), st.integers(0, 30)), max_size=4),
)
def test_mutilated_scans_never_stop_the_reading(
    tmp_path_factory: pytest.TempPathFactory, start: int, changes: list[tuple[int, str, int]]
) -> None:
    text = NORMAL[start:] + GREPPABLE + NORMAL[:start]
    for place, new, gone in changes:
        text = text[:place] + new + text[place + gone :]
    path = tmp_path_factory.mktemp("n") / "scan"
    path.write_bytes(text.encode("utf-8", "replace"))
    reading = open_source(Source("scan", path, path.stat().st_size), Options(reader="nmap-text"))
    assert 0 < sum(batch.rows.num_rows for batch in reading.batches()) <= 60


def test_the_column_of_lines_that_were_not_understood_can_be_mapped(read: Any) -> None:
    text = "# Nmap 7.94 scan initiated Wed Nov 25 08:15:00 2026 as: nmap 10.0.0.1\nNmap scan report for 10.0.0.1\nHost is up.\n80/tcp open http\n"
    assert read(text, mapping={"line": "other"}).reader == "nmap-text"
