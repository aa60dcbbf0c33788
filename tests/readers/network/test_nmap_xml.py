"""Scans of nmap: one record a host, every string in its channel, and what the scan could not see."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.readers import Options, Source, open_source
from proscribe.readers.head import Head
from proscribe.readers.network.nmap_xml import NmapXml

FIXTURES = Path(__file__).parents[1] / "fixtures" / "nmap"
FILES = sorted(FIXTURES.glob("*.xml"))
AS_OF = "2026-11-25"

START = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -sV -sC 10.2.0.0/24" start="1761000000" version="7.94" xmloutputversion="1.05">
"""
END = '<runstats><finished time="1761000100" exit="success"/><hosts up="1" down="0" total="1"/></runstats>\n</nmaprun>\n'


def host(inside: str, *, status: str = '<status state="up" reason="arp-response" reason_ttl="0"/>') -> str:
    return f'<host starttime="1761000001" endtime="1761000099">{status}\n<address addr="10.2.0.12" addrtype="ipv4"/>\n{inside}\n</host>\n'


def port(
    number: int, name: str, inside: str = "", *, service: str = "", state: str = "open", protocol: str = "tcp"
) -> str:
    return (
        f'<port protocol="{protocol}" portid="{number}"><state state="{state}" reason="syn-ack" reason_ttl="64"/>'
        f'<service name="{name}" {service} method="probed" conf="10"/>{inside}</port>'
    )


def script(name: str, output: str, inside: str = "") -> str:
    output = output.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\n", "&#xa;")
    return f'<script id="{name}" output="{output}">{inside}</script>'


@pytest.fixture
def one(read: Any) -> Any:
    def run(inside: str, **more: str) -> dict:
        found = read(START + host(inside, **more) + END)
        assert found.reader == "nmap" and not found.issues, found.issues
        (row,) = found.only()
        return row

    return run


def test_real_scans_are_read_completely_and_raise_nothing(read_file: Any) -> None:
    assert len(FILES) == 4
    records = {}
    for path in FILES:
        found = read_file(path)
        assert found.reader == "nmap" and not found.issues
        assert found.tables[0].source_kind == "network_scan"
        records[path.name] = len(found.only())
    assert records == {
        "1_os_banner_scripts.xml": 1,
        "2_hosts_version.xml": 2,
        "dionaea_scan.xml": 8,
        "os_scan6.xml": 3,
    }
    result = proscribe.scan(FILES, as_of=AS_OF)
    # of 2024 and before, as they say themselves
    assert not result.findings and {one.code for one in result.issues} <= {"E552"}


def test_a_camera_is_confirmed_and_a_relabel_is_named(tmp_path: Path) -> None:
    camera = host(
        '<address addr="28:57:BE:AA:BB:01" addrtype="mac" vendor="Hangzhou Hikvision Digital Technology"/><ports>'
        + port(
            80,
            "http",
            script("http-title", "index", '<elem key="title">index</elem>')
            + script("http-server-header", "DNVRS-Webs"),
        )
        + "</ports>"
    )
    relabel = host(
        '<address addr="3C:EF:8C:00:10:22" addrtype="mac" vendor="Zhejiang Dahua Technology"/><ports>'
        + port(80, "http", script("http-title", "Lorex Login"))
        + port(37777, "unknown")
        + "</ports>"
    )
    guess = host('<os><osmatch name="Hikvision DS-7600 NVR" accuracy="99"><osclass type="webcam" vendor="Hikvision" osfamily="embedded">'
                 "<cpe>cpe:/h:hikvision:ds-7600</cpe></osclass></osmatch></os>")  # fmt: skip
    path = tmp_path / "scan.xml"
    path.write_text(START + camera + relabel + guess + END)
    result = proscribe.scan(path, as_of=AS_OF)
    found = {finding.locator.row: finding for finding in result.findings}
    assert (found[1].entity, found[1].role.value, found[1].band.value) == (
        "hikvision",
        "made_by",
        "confirmed",
    )
    assert {"oui", "fingerprint"} <= {item.matcher for item in found[1].evidence}
    assert (found[2].entity, found[2].role.value, found[2].brand) == ("dahua", "relabel", "Lorex")
    assert found[3].band.value == "possible", "a guess from the shape of packets is no more than that"
    assert found[1].locator.pointer == "/nmaprun/host[1]"


def test_a_port_alone_is_no_finding(tmp_path: Path) -> None:
    path = tmp_path / "scan.xml"
    path.write_text(
        START
        + host("<ports>" + port(37777, "unknown") + port(554, "rtsp") + port(8000, "http-alt") + "</ports>")
        + END
    )
    assert not proscribe.scan(path, as_of=AS_OF).findings


def test_identity_and_ports(one: Any) -> None:
    row = one(
        '<address addr="fe80::1" addrtype="ipv6"/><address addr="00:11:22:33:44:55" addrtype="mac" vendor="CIMSYS"/>'
        '<hostnames><hostname name="a.example.net" type="PTR"/><hostname name="b.example.net" type="user"/></hostnames><ports>'
        + port(
            22,
            "ssh",
            service='product="OpenSSH" version="8.9" extrainfo="protocol 2.0" hostname="c.example.net"',
        )
        + port(25, "smtp", state="filtered")
        + port(161, "snmp", protocol="udp")
        + "</ports>"
    )
    assert (
        row["ip"] == "10.2.0.12\nfe80::1"
        and row["mac"] == "00:11:22:33:44:55"
        and row["mac_vendor"] == "CIMSYS"
    )
    assert row["hostname"] == "a.example.net\nb.example.net\nc.example.net"
    assert (
        row["port"] == "22/tcp open ssh\n161/udp open snmp"
        and row["ports_not_open"] == "25/tcp filtered smtp"
    )
    assert row["seen_at"] == "2025-10-20T22:40:01Z" and row["state"] == "up"
    assert row["service"] == "OpenSSH 8.9 protocol 2.0"


@pytest.mark.parametrize(("name", "output", "column", "value"), [
    ("http-title", "WEB SERVICE", "http.title", "<title>WEB SERVICE</title>"),
    ("http-server-header", "App-webs/", "http.server", "Server: App-webs/"),
    ("http-favicon", "Unknown favicon MD5: 89B932FCC47CF4CA3FAADB0CFDEF89CF", "http.favicon_md5", "favicon md5 89b932fcc47cf4ca3faadb0cfdef89cf"),
    ("http-auth", "\nHTTP/1.1 401 Unauthorized\n  Basic realm=HuaweiHomeGateway\n", "http.www_authenticate", 'WWW-Authenticate: Basic realm="HuaweiHomeGateway"'),
    ("http-headers", "\n  Server: DNVRS-Webs\n  Date: x\n  \n  (Request type: HEAD)\n", "http.server", "Server: DNVRS-Webs"),
    ("snmp-sysdescr", "Hikvision company products\n  System uptime: 1d (1 timeticks)", "snmp.sysdescr", "Hikvision company products"),
    ("snmp-info", "\n  enterprise: 39165\n  engineIDFormat: mac\n  engineIDData: c4:2f:90:00:11:22", "sysobjectid", "1.3.6.1.4.1.39165"),
    ("snmp-info", "\n  enterprise: x\n  engineIDFormat: mac\n  engineIDData: c4:2f:90:00:11:22", "mac", "c4:2f:90:00:11:22"),
    ("upnp-info", "\n10.2.0.1\n    Server: ZTE/1.0 UPnP/1.0\n    Manufacturer: HIKVISION", "ssdp.server", "10.2.0.1|Server: ZTE/1.0 UPnP/1.0|<manufacturer>HIKVISION</manufacturer>"),
    ("wsdd-discover", "\n  Devices\n    Type: dn:NetworkVideoTransmitter", "onvif.scope", "Devices\n    Type: dn:NetworkVideoTransmitter"),
    ("nbstat", "NetBIOS name: CAM-7, NetBIOS user: <unknown>, NetBIOS MAC: 28:57:be:00:00:01 (x)", "hostname", "CAM-7"),
    ("nbstat", "NetBIOS name: CAM-7, NetBIOS user: <unknown>, NetBIOS MAC: 28:57:be:00:00:01 (x)", "mac", "28:57:be:00:00:01"),
    ("ssl-cert", "Subject: commonName=1.2.3.4/organizationName=HIKVISION/countryName=CN\nIssuer: commonName=ca", "tls.subject", "CN=1.2.3.4, O=HIKVISION, C=CN|issuer: CN=ca"),
    ("dns-service-discovery", "\n  80/tcp http\n    Address=10.2.0.12", "mdns.name", "80/tcp http\n    Address=10.2.0.12"),
    ("whois-ip", "orgname: Huawei Cloud", "about", "whois-ip: orgname: Huawei Cloud"),
    ("http-vuln-cve2017-1", "NOT VULNERABLE: Huawei", "about", "http-vuln-cve2017-1: NOT VULNERABLE: Huawei"),
    ("some-new-script", "speaks", "scripts", "speaks"),
    ("http-title", "Site doesn't have a title (text/html).", "about", "http-title: Site doesn't have a title (text/html)."),
])  # fmt: skip
def test_scripts_go_to_their_channel(one: Any, name: str, output: str, column: str, value: str) -> None:
    row = one("<hostscript>" + script(name, output) + "</hostscript>")
    assert row[column].replace("\n    ", "\n    ") == value.replace("|", "\n")


@pytest.mark.parametrize(("service", "number", "banner", "column"), [
    ("ftp", 21, "220 FTP service ready.", "ftp.banner"), ("telnet", 23, "192.0.0.64 login:", "telnet.banner"),
    ("ssh", 22, "SSH-2.0-HUAWEI-1.5", "ssh.banner"), ("unknown", 2222, "SSH-2.0-x", "ssh.banner"),
    ("http", 80, "HTTP/1.1 200 OK\\x0D\\x0AServer: Webs\\x0D\\x0A", "http.server"),
    ("rtsp", 554, "RTSP/1.0 401 Unauthorized\\x0D\\x0AServer: Dahua Rtsp Server\\x0D\\x0A", "rtsp.server"),
    ("sip", 5060, "SIP/2.0 200 OK\\x0D\\x0AUser-Agent: Huawei SoftX3000\\x0D\\x0A", "sip.user_agent"),
    ("other", 9999, "hello", "service"),
])  # fmt: skip
def test_banners_go_to_the_channel_of_their_protocol(
    one: Any, service: str, number: int, banner: str, column: str
) -> None:
    row = one("<ports>" + port(number, service, script("banner", banner)) + "</ports>")
    assert row[column]


def test_addresses_of_video_count_only_when_they_answered(one: Any) -> None:
    tried = '<table key="other responses"><table key="401"><elem>rtsp://10.2.0.12/Streaming/Channels/101</elem></table></table>'
    row = one(
        "<ports>"
        + port(554, "rtsp", script("rtsp-url-brute", "\n  other responses: ...", tried))
        + "</ports>"
    )
    assert row["rtsp.path"] is None
    found = '<table key="discovered"><elem>rtsp://10.2.0.12/cam/realmonitor</elem></table>' + tried
    row = one(
        "<ports>" + port(554, "rtsp", script("rtsp-url-brute", "\n  discovered: ...", found)) + "</ports>"
    )
    assert row["rtsp.path"] == "rtsp://10.2.0.12/cam/realmonitor"
    text = "\n  discovered: \n    rtsp://a/cam/realmonitor\n  other responses: \n    401: \n      rtsp://a/Streaming/Channels/1"
    row = one("<ports>" + port(554, "rtsp", script("rtsp-url-brute", text)) + "</ports>")
    assert row["rtsp.path"] == "rtsp://a/cam/realmonitor"


def test_an_unknown_service_gives_what_it_sent(one: Any) -> None:
    raw = (
        "SF-Port80-TCP:V=7.94%I=7%D=10/20%Time=68F5%P=x86_64%r(GetRequest,60,&quot;HTTP/1\\.1\\x20200\\x20OK\\r\\nServer:\\x20"
        "DNVRS&#xa;SF:-Webs\\r\\n\\r\\n&lt;title&gt;index&lt;/title&gt;&quot;);"
    )
    row = one("<ports>" + port(80, "http", service=f'servicefp="{raw}"') + "</ports>")
    assert row["http.server"] == "Server: DNVRS-Webs" and row["http.title"] == "<title>index</title>"


def test_what_was_heard_on_the_network_is_split_by_address(read: Any) -> None:
    heard = "\n  10.2.0.7\n    Server: Huawei-ATP-IGD\n    Manufacturer: HUAWEI\n  10.2.0.8\n    Server: Linux UPnP/1.0\n"
    found = read(START + "<prescript>" + script("broadcast-upnp-info", heard) + "</prescript>" + END)
    rows = found.only()
    assert [row["ip"] for row in rows] == ["10.2.0.7", "10.2.0.8"]
    assert "<manufacturer>HUAWEI</manufacturer>" in rows[0]["ssdp.server"]


def test_blind_spots_are_counted(read: Any) -> None:
    routed = host("<distance value='4'/>", status='<status state="up" reason="echo-reply" reason_ttl="60"/>')
    silent = host('<ports><extraports state="filtered" count="1000"/></ports>')
    down = host("", status='<status state="down" reason="no-response" reason_ttl="0"/>')
    seen = host(
        '<address addr="00:11:22:33:44:55" addrtype="mac"/><ports>'
        + port(80, "http", service='product="x"')
        + "</ports>"
    )
    found = read(
        START
        + routed
        + silent
        + down
        + seen
        + '<target specification="nohost" status="skipped" reason="invalid"/>'
        + END
    )
    spots = {spot.kind: (spot.count, spot.of) for spot in found.reading.blind_spots}
    assert len(found.only()) == 3, "an address without an answer is no device"
    assert spots["hosts_without_mac"] == (2, 3) and spots["routed_segment"] == (1, 3)
    assert (
        spots["ports_filtered"] == (1, 3)
        and spots["hosts_down"] == (1, 4)
        and spots["targets_skipped"] == (1, 0)
    )


def test_a_scan_that_was_stopped_says_so(read: Any) -> None:
    hint = '<hosthint><status state="up" reason="arp-response"/><address addr="10.2.0.9" addrtype="ipv4"/><address addr="28:57:BE:00:00:09" addrtype="mac"/></hosthint>'
    found = read(START + hint + hint.replace("10.2.0.9", "10.2.0.12") + host("") + "</nmaprun>")
    assert [row["ip"] for row in found.only()] == ["10.2.0.12", "10.2.0.9"]
    assert found.only()[1]["mac"] == "28:57:be:00:00:09"
    assert found.codes == {"E164"} and not any(issue.lossy for issue in found.issues)
    found = read(
        START + host("") + '<runstats><finished exit="error" errormsg="route lost"/></runstats></nmaprun>'
    )
    assert "route lost" in found.issue("E164").what


def test_masscan_writes_the_same_form(read: Any) -> None:
    text = (
        '<?xml version="1.0"?>\n<!-- masscan v1.0 scan -->\n<nmaprun scanner="masscan" start="1700000000" version="1.0-BETA" '
        'xmloutputversion="1.03">\n<host endtime="1700000001"><address addr="10.3.0.5" addrtype="ipv4"/><ports>'
        '<port protocol="tcp" portid="80"><state state="open" reason="response" reason_ttl="52"/>'
        '<service name="http" banner="HTTP/1.1 200 OK\\x0d\\x0aServer: App-webs/\\x0d\\x0a"></service></port></ports></host>\n'
        '<runstats>\n<finished time="1700000005" />\n</runstats>\n</nmaprun>\n'
    )
    found = read(text)
    assert not found.issues and found.only()[0]["http.server"] == "Server: App-webs/"


def test_a_mapping_wins(read: Any) -> None:
    found = read(
        START + host("<hostscript>" + script("whois-ip", "x") + "</hostscript>") + END,
        mapping={"about": "text"},
    )
    assert found.tables[0].fields["about"] == "text" and "about" not in found.tables[0].unread


def test_other_xml_is_not_claimed() -> None:
    source = Source("x", Path("x"), 0)
    for head in (b"<bom/>", b"<html>nmaprun</html>", b"nmaprun", b"<a><nmaprun/></a>", b""):
        assert NmapXml().sniff(Head(head, source)) == 0
    assert NmapXml().sniff(Head(START.encode("utf-16"), source)) == 100


@pytest.mark.parametrize(
    "name",
    [
        "http-title",
        "http-headers",
        "ssl-cert",
        "banner",
        "rtsp-url-brute",
        "upnp-info",
        "nbstat",
        "http-auth",
    ],
)
@pytest.mark.parametrize(
    "unit",
    [
        "\n",
        " ",
        "Server: ",
        "<title>",
        "Subject: ",
        '%r(a,1,"',
        "  1.1.1.1\n",
        "|_ ",
        "realm=",
        "\\x",
        "HTTP/1.1 200 OK\nServer:  \n",
    ],
)
def test_hostile_output_is_sorted_soon(one: Any, name: str, unit: str) -> None:
    text = unit * (120_000 // len(unit)) + "x"
    started = time.perf_counter()
    one("<ports>" + port(80, "http", script(name, "HTTP/1.1 200 OK\n" + text)) + "</ports>")
    assert time.perf_counter() - started < 60


_TEXT = FILES[2].read_bytes()


@settings(max_examples=80)
@given(
    st.integers(0, len(_TEXT)),
    st.lists(st.tuples(st.integers(0, len(_TEXT)), st.binary(max_size=12), st.integers(0, 60)), max_size=4),
)
def test_mutilated_scans_never_stop_the_reading(
    tmp_path_factory: pytest.TempPathFactory, cut: int, changes: list[tuple[int, bytes, int]]
) -> None:
    data = bytearray(_TEXT[:cut] if cut % 3 else _TEXT)
    for place, new, gone in changes:
        data[place : place + gone] = new
    path = tmp_path_factory.mktemp("n") / "scan.xml"
    path.write_bytes(bytes(data))
    reading = open_source(Source("scan.xml", path, len(data)), Options(reader="nmap"))
    records = sum(batch.rows.num_rows for batch in reading.batches())
    assert records <= 60
    if bytes(data) != _TEXT and _TEXT.startswith(bytes(data)) and len(data) < len(_TEXT.rstrip()):
        assert any(issue.lossy for issue in reading.issues), "a cut file is never taken for a whole one"
