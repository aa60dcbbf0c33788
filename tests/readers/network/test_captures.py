"""Answers to discovery protocols: our own captures, and dumps of other programs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.model.captures import (
    CaptureEnd,
    CaptureHeader,
    Exchange,
    NotACapture,
    end_line,
    exchange_line,
    header_line,
    read_line,
)
from proscribe.readers import Options, open_source
from proscribe.readers.base import Source
from proscribe.readers.network import _payloads as said

FIXTURES = Path(__file__).parents[1] / "fixtures" / "discovery"
WHEN = "2026-11-25T10:00:00.000Z"


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def dhip_frame(body: bytes) -> bytes:
    size = len(body).to_bytes(4, "little") + bytes(4)
    return b"\x20\0\0\0DHIP" + bytes(8) + size + size + body


def capture(*exchanges: Exchange, protocol: str = "sadp", complete: bool = True, addresses: int = 1) -> bytes:
    import hashlib

    lines = header_line(CaptureHeader(protocol, 1, "0.1.0", WHEN, ("192.168.1.0/24",), addresses))
    lines += b"".join(exchange_line(item) for item in exchanges)
    digest = hashlib.sha256(lines).hexdigest()
    return lines + end_line(CaptureEnd(len(exchanges), complete, 0, WHEN, digest))


def answer(data: bytes, protocol: str = "sadp", what: str = "inquiry", **more: Any) -> Exchange:
    values: dict[str, Any] = {
        "transport": "udp", "address": "192.168.1.64", "port": 37020, "sent": b"?", "asked_at": WHEN,
        "source": "192.168.1.64", "answered_at": WHEN,
    }  # fmt: skip
    return Exchange(protocol, what, answer=data, **(values | more))


def sadp_one() -> bytes:
    return fixture("sadp.xml").split(b"<?xml")[1].join([b"<?xml", b""])


# --- the format itself ---------------------------------------------------------------------------------------


@given(
    st.builds(
        Exchange,
        protocol=st.text(max_size=8), what=st.text(max_size=8), transport=st.sampled_from(["udp", "tcp", "tls"]),
        address=st.text(max_size=20), port=st.integers(0, 65535), sent=st.binary(max_size=64), asked_at=st.just(WHEN),
        source=st.text(max_size=20), answered_at=st.just(WHEN), answer=st.binary(max_size=200), cut=st.booleans(),
        failure=st.text(max_size=20),
    )
)  # fmt: skip
def test_a_line_says_again_what_was_written(exchange: Exchange) -> None:
    line = exchange_line(exchange)
    assert line.count(b"\n") == 1
    assert read_line(line) == (exchange, True)


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"null", b"{", b'{"schema": "proscribe.capture/2"}', b'{"end": true}', b"[" * 100_000],
)
def test_another_line_is_refused(line: bytes) -> None:
    with pytest.raises(NotACapture):
        read_line(line)


def test_one_record_a_device_joins_its_answers(read: Any) -> None:
    page = b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\nContent-Length: 22\r\n\r\n<title>index</title>"
    found = read(
        capture(
            answer(sadp_one()),
            answer(page, "http", "start", transport="tcp", port=80),
            answer(sadp_one(), address="192.168.1.65", source="192.168.1.65"),
        )
    )
    assert found.reader == "captures" and not found.issues
    assert found.tables[0].source_kind == "discovery"
    first = found.only()[0]
    assert first["mac"] == "58:50:ed:00:00:01"
    assert first["model_number"] == "DS-2CD2385G1-I"
    assert first["http.server"] == "Server: App-webs/"
    assert first["http.title"] == "<title>index</title>"
    assert first["seen_at"] == WHEN
    assert first["ip"].split("\n")[0] == "192.168.1.64"
    assert found.reading.blind_spots == []


def test_silence_is_a_blind_spot_and_not_a_record(read: Any) -> None:
    silent = Exchange("sadp", "inquiry", "udp", "192.168.1.9", 37020, b"?", WHEN, failure="no answer")
    found = read(capture(answer(sadp_one()), silent, addresses=2))
    assert len(found.only()) == 1
    (spot,) = found.reading.blind_spots
    assert (spot.kind, spot.count, spot.of, spot.examples) == (
        "targets_without_answer",
        1,
        2,
        ("192.168.1.9",),
    )


def test_a_capture_without_answers_is_no_clearance(read: Any) -> None:
    silent = Exchange("sadp", "inquiry", "udp", "192.168.1.9", 37020, b"?", WHEN, failure="no answer")
    found = read(capture(silent))
    assert found.rows == {}
    assert found.reading.blind_spots[0].count == 1


def test_changed_and_cut_off_captures_are_said(read: Any) -> None:
    whole = capture(answer(sadp_one()))
    lines = whole.splitlines(keepends=True)
    cut = read(lines[0] + lines[1])
    assert "no end line" in cut.issue("E169").what and len(cut.only()) == 1
    forged = json.loads(lines[1])
    forged["sha256"] = "0" * 64
    changed = read(lines[0] + json.dumps(forged).encode() + b"\n" + lines[2])
    assert sum(issue.code == "E169" for issue in changed.issues) == 2 and len(changed.only()) == 1
    assert all(issue.lossy for issue in changed.issues if issue.code == "E169")
    missing = read(lines[0] + lines[2])
    assert any("1 exchanges were written, 0 are there" in issue.what for issue in missing.issues)


def test_a_stopped_run_is_said(read: Any) -> None:
    assert "stopped" in read(capture(answer(sadp_one()), complete=False)).issue("E164").what


def test_two_captures_in_one_file(read: Any) -> None:
    found = read(
        capture(answer(sadp_one())) + capture(answer(sadp_one(), address="10.0.0.1", source="10.0.0.1"))
    )
    assert not found.issues


def test_bytes_of_another_protocol_are_kept_as_text(read: Any) -> None:
    found = read(capture(answer(b"\x01\x02 Server: DNVRS-Webs \xff")))
    assert found.issue("E170").at == "line 2"
    assert "DNVRS-Webs" in found.only()[0]["answer"]
    broken = read(capture(answer(sadp_one()[:300])))
    assert "breaks off" in broken.issues[0].what
    assert broken.only()[0]["mac"] is None and "DS-2CD2385G1-I" in broken.only()[0]["model_number"]


def test_a_long_line_does_not_end_the_reading(read: Any) -> None:
    lines = capture(answer(sadp_one())).splitlines(keepends=True)
    found = read(lines[0] + b'{"x":"' + b"a" * (5 * 1024**2) + b'"}\n' + lines[1])
    assert len(found.only()) == 1 and "longer than" in found.issue("E169").what


# --- each protocol -------------------------------------------------------------------------------------------


def test_snmp_answer(read: Any) -> None:
    message = bytes.fromhex(
        "3070020101040666756e6e7974a263020401020304020100020100305530330608"
    )  # cut off on purpose: no variable is whole
    assert not said.snmp(message, said.Seen())
    described = b"Huawei Versatile Routing Platform Software"

    def item(tag: int, content: bytes) -> bytes:
        return bytes([tag, len(content)]) + content

    arcs = b"\x2b\x06\x01\x02\x01\x01"
    pairs = item(0x30, item(6, arcs + b"\x01\x00") + item(4, described))
    pairs += item(0x30, item(6, arcs + b"\x02\x00") + item(6, b"\x2b\x06\x01\x04\x01\x8f\x5b\x02"))
    pairs += item(0x30, item(6, arcs + b"\x05\x00") + item(4, b"core-1"))
    body = item(2, b"\x01") + item(2, b"\x00") + item(2, b"\x00") + b"\x30\x81" + bytes([len(pairs)]) + pairs
    message = item(2, b"\x01") + item(4, b"******") + b"\xa2\x81" + bytes([len(body)]) + body
    message = b"\x30\x81" + bytes([len(message)]) + message
    found = read(capture(answer(message, "snmp", "get", port=161)))
    row = found.only()[0]
    assert row["snmp.sysdescr"] == described.decode()
    assert row["sysobjectid"] == "1.3.6.1.4.1.2011.2"
    assert row["hostname"] == "core-1"


def test_dhip_in_its_frame_and_bare() -> None:
    body = fixture("dhip-lorex.json").splitlines()[0]
    for data in (dhip_frame(body), dhip_frame(body) + bytes(3), body):
        seen = said.Seen()
        assert said.dhip(data, seen)
        row = seen.row()
        assert row["maker_name"] == "Lorex" and row["model_number"] == "W461ASC"
        assert row["ip"] == "192.168.86.81" and row["mac"] == "00:1f:54:00:00:01"
        assert row["firmware.version"] == "2.800.030000000.3.R"
        assert "DHIP" in (row["udp37810.payload"] or "")


def test_questions_are_not_taken_for_the_words_of_a_device() -> None:
    question = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1,"deviceInfo":{}}}'
    assert not said.dhip(dhip_frame(question), said.Seen())
    root, _ = said.tree_of(b"<Probe><Uuid>X</Uuid><Types>inquiry</Types></Probe>")
    assert root is not None and not list(said.xml_devices(root, str))
    assert not said.ssdp(b"M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\nMAN: x\r\n\r\n", said.Seen())
    assert not said.mdns(
        bytes.fromhex("000000000001000000000000055f68747470045f746370056c6f63616c00000c0001"), said.Seen()
    )


def test_words_that_stand_for_no_maker_are_left_out() -> None:
    seen = said.Seen()
    assert said.dhip(fixture("dhip-lorex.json").splitlines()[1], seen)
    assert seen.first("maker_name") is None and seen.first("model_number") == "VTO2000A"


def test_menus_of_a_page_are_not_read() -> None:
    seen = said.Seen()
    page = b"HTTP/1.1 200 OK\r\n\r\n<title>NVR &amp; more</title><select><option>HIKVISION<option>Dahua</select><script>window.location.href = '/doc/page/login.asp'</script>"
    assert said.http(page, seen)
    assert seen.first("http.title") == "<title>NVR & more</title>"
    assert seen.first("http.body") == "window.location.href = '/doc/page/login.asp'"
    assert "HIKVISION" not in str(seen.row())


def test_icon_hashes() -> None:
    # Published test values of MurmurHash3, x86, 32 bits, seed 0.
    assert said.murmur3(b"") == 0
    assert said.murmur3(b"test") & 0xFFFFFFFF == 0xBA6BD213
    assert said.murmur3(b"Hello, world!") & 0xFFFFFFFF == 0xC0363E43
    assert said.murmur3(b"The quick brown fox jumps over the lazy dog") & 0xFFFFFFFF == 0x2E4FF723
    seen = said.Seen()
    assert said.icon(b"HTTP/1.1 200 OK\r\nContent-Type: image/x-icon\r\n\r\n\0\0\1\0", seen)
    assert seen.first("http.favicon_md5") == hashlib.md5(b"\0\0\1\0").hexdigest()
    assert not said.icon(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", said.Seen())
    assert not said.icon(b"HTTP/1.1 404 Not Found\r\n\r\nx", said.Seen())


def test_certificate_names() -> None:
    der = certificate_of(
        subject=[("2.5.4.6", "CN"), ("2.5.4.10", "HIKVISION"), ("2.5.4.11", "DVRNVR"), ("2.5.4.3", "cam")]
    )
    seen = said.Seen()
    assert said.certificate(der, seen)
    assert seen.first("tls.subject") == "C=CN,O=HIKVISION,OU=DVRNVR,CN=cam\nissuer: CN=factory"
    for size in range(len(der)):
        said.certificate(der[:size], said.Seen())


def certificate_of(subject: list[tuple[str, str]]) -> bytes:
    def item(tag: int, content: bytes) -> bytes:
        size = bytes([len(content)]) if len(content) < 128 else b"\x82" + len(content).to_bytes(2, "big")
        return bytes([tag]) + size + content

    def name(pairs: list[tuple[str, str]]) -> bytes:
        made = b""
        for kind, text in pairs:
            arcs = [int(arc) for arc in kind.split(".")]
            made += item(
                0x31,
                item(0x30, item(6, bytes([arcs[0] * 40 + arcs[1], *arcs[2:]])) + item(0x0C, text.encode())),
            )
        return item(0x30, made)

    body = item(0xA0, item(2, b"\x02")) + item(2, b"\x01") + item(0x30, b"") + name([("2.5.4.3", "factory")])
    body += item(0x30, b"") + name(subject) + item(0x30, b"")
    return item(0x30, item(0x30, body) + item(0x30, b"") + item(3, b"\0"))


# --- dumps of other programs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "records", "expected"),
    [
        ("sadp.xml", 2, {"mac": "58:50:ed:00:00:01", "model_number": "DS-2CD2385G1-I", "ip": "192.168.124.40",
                         "firmware.version": "V5.6.2build 190701\nV7.3 build 190626"}),
        ("dhip-lorex.json", 2, {"maker_name": "Lorex", "mac": "00:1f:54:00:00:01", "serial_number": "ND021700000001"}),
        ("probematches.xml", 2, {"mac": "58:50:ed:00:00:01", "model_number": "DS-2CD2143G0-I",
                                 "product_name": "HIKVISION DS-2CD2143G0-I", "ip": "192.168.1.64\nfe80::5a50:edff:fe00:1"}),
        ("upnp-huawei.xml", 1, {"maker_name": "Huawei Technologies Co., Ltd.", "mac": "00:e0:fc:00:00:03",
                                "ip": "192.168.100.1", "serial_number": "48575443AABB0001"}),
        ("ssdp.txt", 2, {"ssdp.server": "SERVER: Linux/2.6.34 UPnP/1.0 HUAWEI_iCOS/iCOS V1R1C00", "ip": "192.168.100.1"}),
        ("gssdp-discover.txt", 1, {"ip": "192.168.100.1", "port": "37215"}),
        ("avahi-browse.txt", 2, {"ip": "192.168.1.64", "hostname": "HIKVISION-C42F90"}),
        ("avahi-browse-parsable.txt", 1, {"ip": "192.168.1.64\nfd00::64", "hostname": "HIKVISION-C42F90"}),
        ("dns-sd.txt", 2, {"hostname": "HIKVISION-C42F90", "port": "80"}),
        ("zeroconf.txt", 1, {"ip": "192.168.1.64", "model_number": "DS-2CD2032-I", "hostname": "HIKVISION-C42F90"}),
    ],
)  # fmt: skip
def test_dumps(read: Any, name: str, records: int, expected: dict[str, str]) -> None:
    found = read(fixture(name), name)
    assert found.reader == "captures"
    main = next(number for number, table in enumerate(found.tables) if table.sheet is None)
    rows = found.rows[main]
    assert len(rows) == records
    assert {key: rows[0][key] for key in expected} == expected
    assert not [issue for issue in found.issues if issue.lossy]


def test_mdns_names_carry_the_instance(read: Any) -> None:
    for name in ("avahi-browse.txt", "avahi-browse-parsable.txt", "dns-sd.txt", "zeroconf.txt"):
        row = next(iter(read(fixture(name), name).rows.values()))[0]
        assert row["mdns.name"].startswith("HIKVISION DS-2CD2032-I - C42F90000001._"), name


def test_documents_between_other_lines(read: Any) -> None:
    one = (
        fixture("sadp.xml")
        .decode()
        .split("<?xml")[1]
        .partition("?>")[2]
        .strip()
        .replace("192.168.124.40", "0.0.0.0")
    )
    log = f"2026-11-24 10:00 answer from 192.168.7.7\n{one}\n-----\nnothing else heard, Hikvision unit in the hall\n"
    found = read(log)
    main = next(number for number, table in enumerate(found.tables) if table.sheet is None)
    assert found.rows[main][0]["ip"] == "192.168.7.7"
    left = next(number for number, table in enumerate(found.tables) if table.sheet)
    assert [row["line"] for row in found.rows[left]] == [
        "2026-11-24 10:00 answer from 192.168.7.7", "nothing else heard, Hikvision unit in the hall",
    ]  # fmt: skip


def test_utf16_and_old_chinese_text(read: Any) -> None:
    text = fixture("sadp.xml").decode()
    assert len(read(text.encode("utf-16")).rows[0]) == 2
    seen_in = '<?xml version="1.0" encoding="GB2312"?><ProbeMatch><MAC>58-50-ed-00-00-01</MAC><DeviceDescription>网络摄像机</DeviceDescription></ProbeMatch>'
    found = read(capture(answer(seen_in.encode("gb2312"))))
    assert found.only()[0]["model_number"] == "网络摄像机"


def test_dhip_raw_from_the_wire_and_wrapped(read: Any) -> None:
    lines = fixture("dhip-lorex.json").splitlines()
    raw = read(b"".join(dhip_frame(line + b"\n") for line in lines))
    assert raw.reader == "captures" and [row["mac"] for row in raw.rows[0]] == [
        "00:1f:54:00:00:01",
        "3c:ef:8c:00:00:02",
    ]
    value = json.loads(lines[1])
    del value["params"]["deviceInfo"]["IPv4Address"]
    wrapped = read(json.dumps([{"ip": "10.1.1.5", "answer": value}]))
    assert wrapped.only()[0]["ip"] == "10.1.1.5"


def test_hostile_xml_is_not_expanded(read: Any) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><ProbeMatch><MAC>&b;</MAC><DeviceSN>1</DeviceSN></ProbeMatch>'
    found = read(capture(answer(bomb.encode())))
    assert "entities" in found.issues[0].what
    deep = b"<ProbeMatch>" + b"<a>" * 100_000
    assert "too many elements" in read(capture(answer(deep))).issues[0].what
    many = read(b"<ProbeMatch>" * 50_000)
    assert many.rows


def test_a_service_that_was_named_and_never_told_more_of_is_kept(read: Any) -> None:
    named = "Service {} of type _http._tcp.local. state changed: ServiceStateChange.{}"
    told = fixture("zeroconf.txt").decode().splitlines()
    hik = "HIKVISION DS-2CD2032-I - C42F90000001._http._tcp.local."
    lines = [
        told[0], named.format("HUAWEI AR101._http._tcp.local.", "Added"), *told[1:],
        named.format(hik, "Updated"), named.format("HUAWEI AR101._http._tcp.local.", "Removed"),
    ]  # fmt: skip
    rows = read("\n".join(lines)).only()
    assert [(row["mdns.name"].partition(".")[0], row["ip"]) for row in rows] == [
        ("HIKVISION DS-2CD2032-I - C42F90000001", "192.168.1.64"), ("HUAWEI AR101", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", sorted(path.name for path in FIXTURES.iterdir() if path.suffix in (".xml", ".json", ".txt"))
)
def test_every_cut_is_read_and_keeps_the_firms_it_names(read: Any, name: str) -> None:
    data = fixture(name)
    whole = read(data, reader="captures")
    for size in range(1, len(data), max(1, len(data) // 40)):
        read(data[:size], reader="captures").keeps(data[:size], whole)


PAYLOADS = (said.dhip, said.ssdp, said.mdns, said.snmp, said.certificate, said.http, said.icon, said.rtsp)


@settings(max_examples=300)
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [b"", b"HTTP/1.1 200 OK\r\n", b"\x20\0\0\0DHIP{", b"\0\0\x84\0\0\0\0\1", b"\x30\x20", b"<a>"]
    ),
)
def test_no_payload_makes_a_parser_fail(data: bytes, start: bytes) -> None:
    for parser in PAYLOADS:
        parser(start + data, said.Seen())
    root, _ = said.tree_of(start + data)
    if root is not None:
        list(said.xml_devices(root, str))


@settings(max_examples=60)
@given(st.data())
def test_damaged_captures_never_crash(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = bytearray(
        capture(answer(sadp_one()), answer(dhip_frame(fixture("dhip-lorex.json")), "dhip", "search"))
    )
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "x"
    path.write_bytes(whole)
    reading = open_source(Source("x", path, len(whole)), Options(reader="captures"))
    for _ in reading.batches():
        pass


def test_devices_are_handed_out_when_there_is_no_room() -> None:
    held = said.Devices(most=2)
    made = []
    for number in range(5):
        seen = said.Seen()
        seen.add("ip", f"10.0.0.{number}")
        made += held.put(seen)
    made += held.drain()
    assert [seen.first("ip") for seen in made] == [f"10.0.0.{number}" for number in range(5)]


def test_an_address_used_by_two_devices_gives_two_records() -> None:
    held = said.Devices()
    for mac in ("00:00:00:00:00:01", "00:00:00:00:00:02"):
        seen = said.Seen()
        seen.add("ip", "10.0.0.1")
        seen.add("mac", mac)
        held.put(seen)
    assert len(held.drain()) == 2


@pytest.mark.parametrize(
    "text",
    [
        'ip,payload\n10.0.0.1,"<?xml version=""1.0""?>\n<ProbeMatch><DeviceSN>1</DeviceSN></ProbeMatch>"\n10.0.0.2,x\n',
        "ip,payload\n10.0.0.1,<ProbeMatch><DeviceSN>1</DeviceSN></ProbeMatch>\n10.0.0.2,x\n",
        'ip,answer\n10.0.0.1,"HTTP/1.1 200 OK\nUSN: uuid:1\nST: upnp:rootdevice"\n10.0.0.2,"x"\n',
        '[{"name": "a", "deviceInfo": {"os": "x"}}, {"name": "b", "deviceInfo": {"os": "y"}}]',
        "Supplier,Item\nHTTP Ltd,cable\nUSN: uuid,thing\n",
        "a line\n<html><body>ProbeMatch</body></html>\n",
    ],
)
def test_tables_that_hold_messages_stay_tables(read: Any, text: str) -> None:
    assert read(text).reader != "captures"


@pytest.mark.parametrize(
    "text",
    [
        "+ eth0 IPv4 " + " " * 500_000 + "x\n", "=;e;IPv4;" + ";" * 500_000 + "\n",
        "+ e IPv4 a\n1:00:00.000 Add 2 4 local. _http._tcp. " + "a  " * 200_000 + "\n" + "x" * 300_000 + "._tcp. can be reached at \n",
        "ServiceInfo(type='" + "name='" * 100_000 + "\n", "HTTP/1.1 200 OK\nUSN: uuid:1\n" + "a: b\n" * 100_000,
        "<ProbeMatch>" + "<!--" * 200_000, "<root xmlns='urn:schemas-upnp-org:device-1-0'>" + "<device>" * 100_000,
        '{"client.notifyDevInfo": ' + "[" * 500_000, '{"client.notifyDevInfo":1}' * 20_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_hostile_dumps_end_soon(read: Any, text: str) -> None:
    import time

    started = time.monotonic()
    read(text, reader="captures")
    assert time.monotonic() - started < 60


def test_hostile_pages_end_soon() -> None:
    import time

    started = time.monotonic()
    for piece in (b"<script>", b"<title>", b"<script", b"<meta refresh", b"\r\n", b"a:b\r\n"):
        said.http(b"HTTP/1.1 200 OK\r\n\r\n" + piece * 8_000, said.Seen())
        said.http(b"HTTP/1.1 200 OK\r\n" + piece * 8_000, said.Seen())
    assert time.monotonic() - started < 60


def test_a_superscript_behind_a_backslash_is_text_and_no_number(read: Any) -> None:
    """Such signs are digits to Python and no numbers; the reader once ended at one."""
    listing = fixture("avahi-browse-parsable.txt").replace(
        b"\\032DS-2CD2032-I", "\\²\\03DS-2CD2032-I".encode()
    )
    assert "DS-2CD2032-I" in str(read(listing).rows)
