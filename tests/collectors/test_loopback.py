"""Real sockets on loopback: from the command to a capture, and from the capture to findings."""

from __future__ import annotations

import json
import socket
import struct
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import proscribe
from proscribe.cli.main import cli
from proscribe.collectors import COLLECTORS, Scope, Settings
from proscribe.collectors.wire import SocketWire
from proscribe.model.captures import CaptureEnd, CaptureHeader, Exchange, read_line
from proscribe.model.errors import EnvironmentProblem

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "tests/contracts/schemas-0.1/proscribe.capture-1.schema.json").read_text()
)
FAST = ("--timeout", "0.4", "--rate", "200", "--no-progress")


@pytest.fixture
def collect(tmp_path: Path) -> Any:
    def run(protocol: str, *more: str, targets: str = "127.0.0.1") -> tuple[Path, str]:
        out = tmp_path / f"{protocol}.jsonl"
        done = CliRunner().invoke(
            cli, ["collect", protocol, "--targets", targets, "-o", str(out), *FAST, *more]
        )
        assert done.exit_code == 0, done.output
        return out, done.output

    return run


def lines_of(path: Path) -> tuple[CaptureHeader, list[Exchange], CaptureEnd]:
    written = path.read_bytes().splitlines()
    for line in written:
        jsonschema.validate(json.loads(line), SCHEMA)
    lines = [read_line(line) for line in written]
    assert all(sound for _, sound in lines)
    header, *exchanges, end = [value for value, _ in lines]
    assert isinstance(header, CaptureHeader) and isinstance(end, CaptureEnd)
    return header, [item for item in exchanges if isinstance(item, Exchange)], end


def found_in(path: Path) -> dict[str, str]:
    result = proscribe.scan([str(path)])
    assert result.complete
    return {finding.entity: finding.band.value for finding in result.findings}


def test_sadp(collect: Any, udp_device: Any, words: Any) -> None:
    device = udp_device(lambda data: [words["sadp"]()] if b"<Types>inquiry</Types>" in data else [])
    capture, output = collect("sadp", "--port", str(device.port))
    header, (exchange,), end = lines_of(capture)
    assert (header.protocol, header.addresses, end.complete, end.exchanges) == ("sadp", 1, True, 1)
    assert exchange.answer == words["sadp"]() and exchange.sent == device.heard[0]
    assert "1 of 1 address answered" in output
    assert found_in(capture) == {"hikvision": "confirmed"}


def test_dhip_finds_dahua_behind_the_badge_of_lorex(collect: Any, udp_device: Any, words: Any) -> None:
    device = udp_device(lambda data: [words["dhip"]()] if data[4:8] == b"DHIP" else [])
    capture, _ = collect("dhip", "--port", str(device.port))
    assert found_in(capture) == {"dahua": "confirmed"}


def test_onvif(collect: Any, udp_device: Any, tcp_device: Any, words: Any) -> None:
    told = (
        b"<?xml version='1.0'?><s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body>"
        b"<GetDeviceInformationResponse xmlns='http://www.onvif.org/ver10/device/wsdl'><Manufacturer>HIKVISION</Manufacturer>"
        b"<Model>DS-2CD2143G0-I</Model><FirmwareVersion>V5.5.82 build 190909</FirmwareVersion>"
        b"<SerialNumber>DS-2CD2143G0-I20190101AAWR000000001</SerialNumber></GetDeviceInformationResponse></s:Body></s:Envelope>"
    )

    def service(request: bytes) -> bytes:
        if b"GetDeviceInformation" in request:
            return b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\nContent-Length: %d\r\n\r\n" % len(told) + told
        return b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"

    web = tcp_device(service)
    device = udp_device(lambda _: [words["onvif"](f"http://127.0.0.1:{web.port}/onvif/device_service")])
    capture, _ = collect("onvif", "--port", str(device.port))
    _, exchanges, _ = lines_of(capture)
    assert [item.what for item in exchanges] == ["probe", "GetDeviceInformation", "GetScopes", "GetHostname"]
    assert len(web.heard) == 3
    assert found_in(capture) == {"hikvision": "confirmed"}


def test_ssdp(collect: Any, udp_device: Any, tcp_device: Any) -> None:
    description = (Path(__file__).parents[1] / "readers/fixtures/discovery/upnp-huawei.xml").read_bytes()
    web = tcp_device(lambda _: b"HTTP/1.0 200 OK\r\n\r\n" + description)
    answer = (
        f"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\nSERVER: Linux UPnP/1.0 HUAWEI_iCOS/iCOS V1R1C00\r\n"
        f"LOCATION: http://127.0.0.1:{web.port}/desc.xml\r\n\r\n"
    ).encode()
    device = udp_device(lambda _: [answer])
    capture, _ = collect("ssdp", "--port", str(device.port))
    assert [item.what for item in lines_of(capture)[1]] == ["search", "description"]
    assert web.heard[0].startswith(b"GET /desc.xml HTTP/1.1\r\n")
    assert found_in(capture)["huawei"] in ("probable", "confirmed")


def test_mdns(collect: Any, udp_device: Any) -> None:
    name = b"\x26HIKVISION DS-2CD2032-I - C42F90000001A"
    answer = struct.pack(">6H", 0, 0x8400, 0, 1, 0, 0) + b"\x05_http\x04_tcp\x05local\x00"
    answer += struct.pack(">HHIH", 12, 1, 10, len(name) + 2) + name + b"\xc0\x0c"
    device = udp_device(lambda data: [answer] if data[4:6] != b"\0\0" else [])
    capture, _ = collect("mdns", "--port", str(device.port))
    assert set(found_in(capture)) == {"hikvision"}


def test_snmp(collect: Any, udp_device: Any) -> None:
    def item(tag: int, content: bytes) -> bytes:
        return (
            bytes([tag, len(content)]) + content
            if len(content) < 128
            else bytes([tag, 0x81, len(content)]) + content
        )

    def answer(data: bytes) -> list[bytes]:
        at = data.index(b"\x04") + 2
        community = data[at : at + data[at - 1]]
        arcs = b"\x2b\x06\x01\x02\x01\x01"
        pairs = item(
            0x30,
            item(6, arcs + b"\1\0") + item(4, b"Huawei Versatile Routing Platform Software VRP (R) software"),
        )
        pairs += item(0x30, item(6, arcs + b"\2\0") + item(6, b"\x2b\x06\x01\x04\x01\x8f\x5b\x02"))
        body = item(2, b"\1") + item(2, b"\0") + item(2, b"\0") + item(0x30, pairs)
        return [item(0x30, item(2, b"\1") + item(4, community) + item(0xA2, body))]

    device = udp_device(answer)
    capture, _ = collect("snmp", "--port", str(device.port), "--community", "hall-42")
    assert b"hall-42" in device.heard[0] and b"hall-42" not in capture.read_bytes()
    assert all(b"hall-42" not in item.sent + (item.answer or b"") for item in lines_of(capture)[1])
    assert found_in(capture)["huawei"] in ("probable", "confirmed")


def test_http_and_https(collect: Any, tcp_device: Any) -> None:
    icon = b"HTTP/1.1 200 OK\r\nContent-Type: image/x-icon\r\nContent-Length: 4\r\n\r\n\0\0\1\0"
    start = b"HTTP/1.1 302 Found\r\nServer: App-webs/\r\nLocation: /doc/page/login.asp\r\nContent-Length: 0\r\n\r\n"
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n<title>index</title>  "

    def web(request: bytes) -> bytes:
        path = request.split()[1]
        return {b"/": start, b"/favicon.ico": icon}.get(path, page)

    plain, secured = tcp_device(web), tcp_device(web, tls=True)
    capture, _ = collect("http", "--port", str(plain.port), "--tls-port", str(secured.port))
    exchanges = lines_of(capture)[1]
    # two ports are asked side by side
    assert sorted(item.what for item in exchanges) == sorted(["start", "icon", "redirected"] * 2 + ["certificate"])  # fmt: skip
    assert all(
        request.startswith(b"GET /") and b"Authorization" not in request
        for request in plain.heard + secured.heard
    )
    found = found_in(capture)
    assert found == {"hikvision": found["hikvision"]} and found["hikvision"] in ("probable", "confirmed")


def test_nobody_outside_the_targets_hears_anything(collect: Any, udp_device: Any, words: Any) -> None:
    device = udp_device(lambda _: [words["sadp"]()])
    neighbour = udp_device(lambda _: [words["sadp"]("127.0.0.2")], host="127.0.0.2")
    collect("sadp", "--port", str(device.port), targets="127.0.0.1/32")
    assert device.heard and not neighbour.heard


def test_a_silent_and_a_slow_device_do_not_hold_the_run(collect: Any, tcp_device: Any) -> None:
    silent = tcp_device(lambda _: None)
    capture, output = collect("http", "--port", str(silent.port))
    (exchange,) = lines_of(capture)[1]
    assert exchange.failure and exchange.answer is None
    assert "0 of 1 address answered" in output
    assert proscribe.scan([str(capture)]).findings == ()


def test_an_endless_page_is_cut(collect: Any, tcp_device: Any) -> None:
    web = tcp_device(lambda _: b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\n\r\n" + b"a" * 300_000)
    capture, _ = collect("http", "--port", str(web.port))
    start = lines_of(capture)[1][0]
    assert start.cut and len(start.answer or b"") == 64 * 1024


def test_a_port_that_is_taken_is_an_environment_problem() -> None:
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        holder.bind(("", 37020))
    except OSError:
        pytest.skip("the port is in use")
    try:
        with pytest.raises(EnvironmentProblem) as caught:
            SocketWire().datagrams(
                Scope.of(["x"], ["127.0.0.1"]), COLLECTORS["sadp"].needs, Settings(multicast=True)
            )
        assert caught.value.code == "E527"
    finally:
        holder.close()
