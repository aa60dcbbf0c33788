"""Small devices on loopback that speak the real bytes of each protocol, and a network that only remembers."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.collectors.targets import Scope
from proscribe.collectors.wire import Streamed

FIXTURES = Path(__file__).parents[1] / "readers" / "fixtures" / "discovery"

#: Key and certificate made for these tests alone: `O=HIKVISION, CN=cam`.
CERTIFICATE = Path(__file__).parent / "cam.pem"


class UdpDevice:
    """Answers datagrams; `answer` gives the datagrams to send back."""

    def __init__(self, answer: Callable[[bytes], list[bytes]], host: str = "127.0.0.1") -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self.port = self._socket.getsockname()[1]
        self.heard: list[bytes] = []
        self._answer = answer
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                data, sender = self._socket.recvfrom(65_535)
                self.heard.append(data)
                for one in self._answer(data):
                    self._socket.sendto(one, sender)

    def close(self) -> None:
        self._socket.close()


class TcpDevice:
    """Answers one request a connection; `answer` gives the bytes, or `None` to say nothing at all."""

    def __init__(
        self, answer: Callable[[bytes], bytes | None], *, tls: bool = False, host: str = "127.0.0.1"
    ) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, 0))
        self._socket.listen(16)
        self.port = self._socket.getsockname()[1]
        self.heard: list[bytes] = []
        self._answer = answer
        self._context = None
        if tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(CERTIFICATE)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                threading.Thread(target=self._one, args=(line,), daemon=True).start()

    def _one(self, line: socket.socket) -> None:
        with suppress(OSError):
            if self._context is not None:
                line = self._context.wrap_socket(line, server_side=True)
            data = b""
            while b"\r\n\r\n" not in data:
                piece = line.recv(65_536)
                if not piece:
                    break
                data += piece
            self.heard.append(data)
            answer = self._answer(data)
            if answer is not None:
                line.sendall(answer)
            line.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def udp_device() -> Iterator[Callable[..., UdpDevice]]:
    made: list[UdpDevice] = []

    def start(answer: Callable[[bytes], list[bytes]], **more: str) -> UdpDevice:
        made.append(UdpDevice(answer, **more))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.fixture
def tcp_device() -> Iterator[Callable[..., TcpDevice]]:
    made: list[TcpDevice] = []

    def start(answer: Callable[[bytes], bytes | None], **more: object) -> TcpDevice:
        made.append(TcpDevice(answer, **more))  # type: ignore[arg-type]
        return made[-1]

    yield start
    for one in made:
        one.close()


# --- the words of devices ------------------------------------------------------------------------------------


def sadp_answer(address: str = "127.0.0.1") -> bytes:
    text = (FIXTURES / "sadp.xml").read_text().split("<?xml")[1]
    return ("<?xml" + text).replace("192.168.124.40", address).encode()


def dhip_answer(line: int = 0, address: str = "127.0.0.1") -> bytes:
    value = json.loads((FIXTURES / "dhip-lorex.json").read_text().splitlines()[line])
    value["params"]["deviceInfo"]["IPv4Address"]["IPAddress"] = address
    body = json.dumps(value).encode()
    size = struct.pack("<I4x", len(body))
    return b"\x20\0\0\0DHIP" + bytes(8) + size + size + body


def probe_matches(xaddrs: str) -> bytes:
    text = (FIXTURES / "probematches.xml").read_text()
    first = text[: text.index("<d:ProbeMatch><wsa:EndpointReference><wsa:Address>uuid:0000")]
    return (
        (first + "</d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>")
        .replace(
            "http://192.168.1.64/onvif/device_service http://[fe80::5a50:edff:fe00:1]/onvif/device_service",
            xaddrs,
        )
        .encode()
    )


# --- a network that only remembers ---------------------------------------------------------------------------


@dataclass
class Clock:
    """Time that goes on only when somebody waits."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class PaperWire:
    """Remembers what would have left; answers from a table."""

    clock: Clock
    answers: dict[str, list[tuple[bytes, str, int]]] = field(default_factory=dict)
    sent: list[tuple[float, Ask]] = field(default_factory=list)
    streamed: dict[tuple[str, int], Streamed] = field(default_factory=dict)
    closed: int = 0
    _waiting: list[tuple[bytes, str, int]] = field(default_factory=list)

    def datagrams(self, scope: Scope, needs: Needs, settings: Settings) -> PaperWire:
        self.scope = scope
        return self

    def send(self, ask: Ask) -> str:
        self.sent.append((self.clock.now, ask))
        self._waiting += self.answers.get(ask.address, [])
        return ""

    def receive(self, wait_s: float) -> tuple[bytes, str, int] | None:
        if self._waiting:
            return self._waiting.pop(0)
        self.clock.now += wait_s
        return None

    def close(self) -> None:
        self.closed += 1

    def stream(self, scope: Scope, ask: Ask, timeout_s: float) -> Streamed:
        scope.require(ask.address)
        self.sent.append((self.clock.now, ask))
        return self.streamed.get((ask.address, ask.port), Streamed(None, failure="refused"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def paper(clock: Clock) -> PaperWire:
    return PaperWire(clock)


@pytest.fixture
def words() -> dict[str, Callable[..., bytes]]:
    return {"sadp": sadp_answer, "dhip": dhip_answer, "onvif": probe_matches}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fail whatever tries to open a socket."""
    tried: list[str] = []

    def refuse(*_: object, **__: object) -> None:
        tried.append("socket")
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    return tried
