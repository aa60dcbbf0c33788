"""masscan, ZGrab, Shodan and Censys: one record a host, each value where its key says."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.readers import Options, Source, open_source
from proscribe.readers.head import Head
from proscribe.readers.network._devices import certificate_names, unescape
from proscribe.readers.network.netscan_json import NetScan

MASSCAN = """[
{   "ip": "10.3.0.5",   "timestamp": "1700000000", "ports": [ {"port": 80, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 63} ] },
{   "ip": "10.3.0.6",   "timestamp": "1700000001", "ports": [ {"port": 22, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 63} ] },
{   "ip": "10.3.0.5",   "timestamp": "1700000002", "ports": [ {"port": 80, "proto": "tcp", "service": {"name": "http", "banner": "HTTP/1.1 200 OK\\u000d\\u000aServer: App-webs/\\u000d\\u000a\\u000d\\u000a<title>index</title>"} } ] },
{   "ip": "10.3.0.6",   "timestamp": "1700000002", "ports": [ {"port": 22, "proto": "tcp", "service": {"name": "ssh", "banner": "SSH-2.0-HUAWEI-1.5"} } ] },
{   "ip": "10.3.0.7",   "timestamp": "1700000002", "ports": [ {"port": 80, "proto": "tcp", "service": {"name": "title", "banner": "WEB SERVICE"} } ] },
"""
ZGRAB = {
    "ip": "172.17.0.3",
    "domain": "target",
    "data": {
        "http": {
            "status": "success", "protocol": "http", "timestamp": "2018-04-06T19:38:11Z",
            "result": {"response": {
                "status_line": "200 OK", "status_code": 200,
                "headers": {"server": ["DNVRS-Webs"], "www_authenticate": ['Digest realm="DVRNVRDVS"'],
                            "unknown": [{"key": "etag", "value": ['"2254"']}]},
                "body": "<html><title>index</title></html>",
                "request": {
                    "headers": {"unknown": [{"key": "user_agent", "value": ["Mozilla/5.0 zgrab/0.x"]}]},
                    "tls_log": {"handshake_log": {
                        "client_hello": {"server_name": "huawei"},
                        "server_certificates": {"certificate": {"raw": "MIIC", "parsed": {
                            "subject_dn": "CN=target, O=HIKVISION", "issuer_dn": "CN=target",
                            "extensions": {"subject_alt_name": {"dns_names": ["a.example.net"]}}}}}}},
                },
            }},
        },
        "ssh": {"status": "success", "protocol": "ssh", "result": {"server_id": {"raw": "SSH-2.0-HUAWEI-1.5", "version": "2.0"}}},
        "telnet": {"status": "success", "protocol": "telnet", "result": {"banner": "192.0.0.64 login:"}},
        "ftp": {"status": "success", "protocol": "ftp", "result": {"banner": "220 FTP service ready."}},
    },
}  # fmt: skip
SHODAN = [
    {"ip_str": "192.0.2.7", "port": 80, "transport": "tcp", "timestamp": "2025-05-01T10:00:00.1", "data": "HTTP/1.1 200 OK\r\nServer: Webs\r\n\r\n",
     "org": "Huawei Clouds", "hostnames": ["h.example.net"], "http": {"title": "index", "server": "Webs", "favicon": {"hash": 999357577, "data": "AAA"}},
     "ssl": {"cert": {"subject": {"CN": "x", "O": "HIKVISION"}, "issuer": {"CN": "y"}}}, "_shodan": {"module": "http"}},
    {"ip_str": "192.0.2.7", "port": 37777, "transport": "tcp", "timestamp": "2025-05-02T10:00:00.1", "data": "x", "product": "Dahua DVR",
     "mac": {"3C:EF:8C:00:10:22": {"assignment": "3C:EF:8C", "org": "Zhejiang Dahua Technology Co., Ltd."}}, "_shodan": {"module": "dahua-dvr"}},
]  # fmt: skip
CENSYS = {
    "ip": "192.0.2.9", "last_updated_at": "2025-05-01T10:00:00Z", "autonomous_system": {"name": "ZTE-AS"},
    "operating_system": {"vendor": "Huawei", "uniform_resource_identifier": "cpe:2.3:o:huawei:euleros:*:*:*:*:*:*:*:*"},
    "services": [
        {"port": 443, "service_name": "HTTP", "transport_protocol": "TCP",
         "http": {"response": {"headers": {"Server": ["DNVRS-Webs"], "_encoding": {"Server": "DISPLAY_UTF8"}}, "html_title": "index"}},
         "tls": {"certificates": {"leaf_data": {"subject_dn": "C=CN, O=HIKVISION", "issuer_dn": "CN=x"}}}},
        {"port": 161, "service_name": "SNMP", "transport_protocol": "UDP", "snmp": {"oid_system": {"desc": "VRP (R) software", "object_id": "1.3.6.1.4.1.2011.2"}}},
    ],
}  # fmt: skip


def lines(*values: object) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


@pytest.mark.parametrize("ending", ["]\n", "{finished: 1}\n]\n", '{"finished": 1}]', "", "\n,\n]\n"])
def test_masscan_arrays_however_they_end(read: Any, ending: str) -> None:
    found = read(MASSCAN + ending)
    assert found.reader == "netscan" and not found.issues, found.issues
    rows = {row["ip"]: row for row in found.only()}
    assert rows.keys() == {"10.3.0.5", "10.3.0.6", "10.3.0.7"}, "one record a host"
    assert (
        rows["10.3.0.5"]["http.server"] == "Server: App-webs/"
        and rows["10.3.0.5"]["http.title"] == "<title>index</title>"
    )
    assert rows["10.3.0.5"]["port"] == "80/tcp open" and rows["10.3.0.5"]["seen_at"] == "2023-11-14T22:13:22Z"
    assert rows["10.3.0.6"]["ssh.banner"] == "SSH-2.0-HUAWEI-1.5"
    assert found.reading.blind_spots[0].kind == "hosts_without_mac"


def test_the_first_masscan_wrote_bare_keys(read: Any) -> None:
    found = read('{   ip: "10.0.2.15",   ports: [ {port: 514, proto: "tcp", status: "open", reason: "syn-ack", ttl: 64} ] },\n'
                 '{   ip: "10.0.2.15",   ports: [ {port: 22, proto: "tcp", status: "open", reason: "syn-ack", ttl: 64} ] },\n{finished: 1}\n',
                 reader="netscan")  # fmt: skip
    assert [row["port"] for row in found.only()] == ["514/tcp open\n22/tcp open"]
    # it is read so only where somebody states the reader: nothing of its own would choose it
    assert [issue.code for issue in found.issues] == ["E108"]


def test_masscan_lists_and_lines(read: Any) -> None:
    found = read(
        "#masscan\nopen tcp 80 10.3.0.5 1700000000\nbanner tcp 80 10.3.0.5 1700000001 http HTTP/1.1 200 OK\\x0d\\x0aServer: DNVRS-Webs\\x0d\\x0a\n"
        "closed tcp 81 10.3.0.5 1700000001\nthis is Hikvision\n# end\n"
    )
    first, left = sorted(found.only(), key=lambda row: row["ip"] or "z")
    assert (first["port"], first["ports_not_open"], first["http.server"]) == (
        "80/tcp open",
        "81/tcp closed",
        "Server: DNVRS-Webs",
    )
    assert (
        left["unparsed"] == "this is Hikvision"
        and found.issue("E163").lossy
        and found.issue("E163").at == "line 5"
    )
    found = read(lines(
        {"ip": "10.3.0.5", "timestamp": "1700000000", "port": 80, "proto": "tcp", "rec_type": "status", "data": {"status": "open"}},
        {"ip": "10.3.0.5", "timestamp": "1700000000", "port": 80, "proto": "tcp", "rec_type": "banner",
         "data": {"service_name": "http", "banner": 'HTTP/1.0 401\r\nWWW-Authenticate: Basic realm="HuaweiHomeGateway"\r\n'}},
    ))  # fmt: skip
    assert found.only()[0]["http.www_authenticate"] == 'WWW-Authenticate: Basic realm="HuaweiHomeGateway"'


def test_zgrab(read: Any) -> None:
    found = read(lines(ZGRAB))
    (row,) = found.only()
    assert not found.issues and row["ip"] == "172.17.0.3" and row["hostname"] == "target"
    assert row["http.server"] == "Server: DNVRS-Webs" and row["http.title"] == "<title>index</title>"
    assert row["http.www_authenticate"] == 'WWW-Authenticate: Digest realm="DVRNVRDVS"'
    assert row["tls.subject"] == "CN=target, O=HIKVISION\nissuer: CN=target\nnames: a.example.net"
    assert row["ssh.banner"] == "SSH-2.0-HUAWEI-1.5" and row["telnet.banner"] and row["ftp.banner"]
    assert not any("zgrab/0.x" in (text or "") or text == "huawei" for text in row.values()), (
        "what the scanner sent says nothing"
    )


@pytest.mark.parametrize("form", ["lines", "array", "pretty"])
def test_shodan(read: Any, form: str) -> None:
    text = {"lines": lines(*SHODAN), "array": json.dumps(SHODAN), "pretty": json.dumps(SHODAN, indent=2)}[
        form
    ]
    found = read(text)
    (row,) = found.only()
    assert found.reader == "netscan" and not found.issues
    assert (
        row["ip"] == "192.0.2.7"
        and row["mac"].lower() == "3c:ef:8c:00:10:22"
        and row["mac_vendor"].startswith("Zhejiang Dahua")
    )
    assert (
        row["port"] == "80/tcp open http\n37777/tcp open dahua-dvr"
        and row["seen_at"] == "2025-05-02T10:00:00.1"
    )
    assert (
        row["http.favicon_mmh3"] == "favicon mmh3 999357577"
        and row["tls.subject"] == "CN=x, O=HIKVISION\nissuer: CN=y"
    )
    assert "org: Huawei Clouds" in row["about"] and found.tables[0].fields["about"] == "note"


def test_censys(read: Any) -> None:
    for text in (lines(CENSYS), lines({"code": 200, "result": CENSYS}), json.dumps([CENSYS], indent=1)):
        found = read(text)
        (row,) = found.only()
        assert found.reader == "netscan" and row["port"] == "443/tcp open http\n161/udp open snmp"
        assert row["http.server"] == "Server: DNVRS-Webs" and row["snmp.sysdescr"] == "VRP (R) software"
        assert row["sysobjectid"] == "1.3.6.1.4.1.2011.2" and "ZTE-AS" in row["about"]
        assert "euleros" in row["os"] and not row["cpe"], "a guessed system is a guess"


def test_the_owner_of_a_network_is_no_equipment(tmp_path: Path) -> None:
    path = tmp_path / "shodan.json"
    path.write_text(lines({"ip_str": "192.0.2.1", "port": 443, "transport": "tcp", "data": "hello", "timestamp": "2025-05-01T10:00:00",
                           "org": "Huawei Clouds", "isp": "ZTE Corporation", "_shodan": {"module": "https"}}))  # fmt: skip
    result = proscribe.scan(path, as_of="2026-11-25")
    assert not result.findings and not result.mentions
    assert "E140" in {issue.code for issue in result.issues}, "but it is said that the column names firms"


def test_findings_end_to_end(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_text(MASSCAN + "]\n")
    result = proscribe.scan(path, as_of="2026-11-25")
    assert {(finding.entity, finding.locator.pointer) for finding in result.findings} >= {
        ("hikvision", "line 2"),
        ("huawei", "line 3"),
    }
    path.write_text(lines(*SHODAN))
    assert {finding.entity for finding in proscribe.scan(path, as_of="2026-11-25").findings} >= {
        "dahua",
        "hikvision",
    }


@pytest.mark.parametrize("text", [
    lines({"ip": "10.0.0.1", "vendor": "Huawei"}, {"ip": "10.0.0.2", "vendor": "x"}), '{"a": 1}', "[]", "{}", "open the door\n", "[1, 2]",
    lines({"ip": "10.0.0.1", "data": {"a": 1}, "other": 2}), json.dumps({"hosts": [{"ip": "1.1.1.1"}]}), "ip,mac\n1,2\n", "",
])  # fmt: skip
def test_other_json_is_left_to_the_general_reader(text: str) -> None:
    assert NetScan().sniff(Head(text.encode(), Source("x", Path("x"), len(text)))) == 0


def test_bounds(read: Any) -> None:
    deep: object = "x"
    for _ in range(200):
        deep = {"a": deep}
    found = read(lines({**CENSYS, "more": deep}))
    assert found.issue("E162").lossy and found.only()[0]["http.server"]
    found = read(
        lines(
            {
                **CENSYS,
                "more": ["v" * 50] * 20,
                "wide": {f"k{n}": "text here" * 5 + str(n) for n in range(5_000)},
            }
        )
    )
    assert len(found.only()[0]["other"]) < 100_000
    found = read('[{"ip": "1.2.3.4", "ports": [{"port": 1, "proto": "tcp"}]}\n' + "[" * 100_000)
    assert found.issue("E163").lossy


def test_a_certificate_gives_its_names() -> None:
    # A name as X.520 writes it: 2.5.4.10 (O) and 2.5.4.3 (CN), issuer, validity, subject.
    def name(oid: int, text: bytes) -> bytes:
        return (
            b"\x30"
            + bytes([len(text) + 7])
            + b"\x06\x03\x55\x04"
            + bytes([oid])
            + b"\x0c"
            + bytes([len(text)])
            + text
        )

    times = b"\x30\x1e\x17\x0d180209203140Z\x17\x0d180311203140Z"
    der = b"\x30\x82" + name(3, b"ca") + times + name(10, b"HIKVISION") + name(3, b"cam")
    assert certificate_names(der) == ["O=HIKVISION, CN=cam", "issuer: CN=ca"]
    assert certificate_names(base64.b64decode("AAAA")) == []


def test_unescape() -> None:
    assert (
        unescape(r"a\x0d\n\x41\\x") == "a\r\nA\\x" and unescape("plain") == "plain" and unescape("\\") == "\\"
    )


_SAMPLE = (MASSCAN + lines(ZGRAB, *SHODAN, CENSYS)).encode()


@settings(max_examples=80)
@given(
    st.integers(0, len(_SAMPLE)),
    st.lists(st.tuples(st.integers(0, len(_SAMPLE)), st.binary(max_size=8), st.integers(0, 30)), max_size=5),
)
def test_mutilated_scans_never_stop_the_reading(
    tmp_path_factory: pytest.TempPathFactory, start: int, changes: list[tuple[int, bytes, int]]
) -> None:
    data = bytearray(_SAMPLE[start:] + _SAMPLE[:start])
    for place, new, gone in changes:
        data[place : place + gone] = new
    path = tmp_path_factory.mktemp("n") / "scan"
    path.write_bytes(bytes(data))
    reading = open_source(Source("scan", path, len(data)), Options(reader="netscan"))
    assert sum(batch.rows.num_rows for batch in reading.batches()) <= 60


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["ip", "mac", "services", "http", "headers", "server", "subject", "data", "banner", "favicon", "raw", "port", "snmp", "result"]
    ) | st.text(max_size=6), inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=120)
@given(
    st.dictionaries(st.sampled_from(["ip", "services", "data", "ports", "http", "mac"]), _JSON, max_size=4)
)
def test_any_object_is_taken(tmp_path_factory: pytest.TempPathFactory, value: dict) -> None:
    path = tmp_path_factory.mktemp("n") / "scan"
    path.write_text(json.dumps(value) + "\n", encoding="utf-8")
    reading = open_source(Source("scan", path, path.stat().st_size), Options(reader="netscan"))
    assert sum(batch.rows.num_rows for batch in reading.batches()) <= 1
