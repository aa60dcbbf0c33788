"""Sockets, and the last gate before them: nothing leaves for an address that is no target."""

from __future__ import annotations

import ipaddress
import select
import socket
import ssl
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.collectors.targets import Scope
from proscribe.model.errors import error

_DATAGRAM_LIMIT = 65_535
_STEP = 16 * 1024


@dataclass(frozen=True, slots=True)
class Streamed:
    """What came back over TCP.

    Attributes:
        answer: the bytes, `None` when none came.
        certificate: the other side's certificate in DER, empty without TLS.
        cut: whether more came than was kept.
        failure: why nothing came, in words.
    """

    answer: bytes | None
    certificate: bytes = b""
    cut: bool = False
    failure: str = ""


class Datagrams(Protocol):
    """An open UDP socket."""

    def send(self, ask: Ask) -> str:
        """Send; give the reason in words when the system refused, else an empty text."""
        ...

    def receive(self, wait_s: float) -> tuple[bytes, str, int] | None:
        """Give the next datagram with the address and port it came from, or `None` after the wait."""
        ...

    def close(self) -> None:
        """Give the socket back."""
        ...


class Wire(Protocol):
    """The way out to the network."""

    def datagrams(self, scope: Scope, needs: Needs, settings: Settings) -> Datagrams:
        """Open a UDP socket."""
        ...

    def stream(self, scope: Scope, ask: Ask, timeout_s: float) -> Streamed:
        """Connect, send, read the answer, close."""
        ...


class SocketWire:
    """The real network."""

    def datagrams(self, scope: Scope, needs: Needs, settings: Settings) -> Datagrams:
        """Open a UDP socket.

        Raises:
            EnvironmentProblem: E527 when the socket, the port or the multicast group cannot be had.
        """
        try:
            return _UdpSockets(scope, needs, settings)
        except OSError as problem:
            raise error(
                "E527",
                at=f"UDP port {needs.listen_port}" if settings.multicast and needs.listen_port else "UDP",
                strerror=problem.strerror or problem,
            ) from problem

    def stream(self, scope: Scope, ask: Ask, timeout_s: float) -> Streamed:
        """Connect, send, read the answer, close; what goes wrong is told in words."""
        scope.require(ask.address)
        started = time.monotonic()
        try:
            with socket.create_connection((ask.address, ask.port), timeout=timeout_s) as bare:
                if ask.transport == "tls":
                    with _trusting_context().wrap_socket(bare, server_hostname=None) as secured:
                        certificate = secured.getpeercert(binary_form=True) or b""
                        return self._talk(secured, ask, started + 2 * timeout_s, certificate)
                return self._talk(bare, ask, started + 2 * timeout_s, b"")
        except OSError as error:
            return Streamed(None, failure=_in_words(error))

    def _talk(self, line: socket.socket, ask: Ask, deadline: float, certificate: bytes) -> Streamed:
        data = bytearray()
        failure = ""
        try:
            line.sendall(ask.payload)
            while len(data) <= ask.limit:
                # A device that sends a byte now and then must not hold the run for ever.
                left = deadline - time.monotonic()
                if left <= 0:
                    failure = "the answer did not end in time"
                    break
                line.settimeout(left)
                piece = line.recv(_STEP)
                if not piece:
                    break
                data += piece
                if ask.whole is not None and ask.whole(bytes(data)):
                    break
        except OSError as error:
            failure = _in_words(error)
        cut = len(data) > ask.limit
        if not data:
            return Streamed(None, certificate, failure=failure or "closed without an answer")
        return Streamed(bytes(data[: ask.limit]), certificate, cut, failure)


class _UdpSockets:
    """One socket a family; multicast leaves through a chosen interface and no router."""

    def __init__(self, scope: Scope, needs: Needs, settings: Settings) -> None:
        self._scope = scope
        self._group = needs.group if settings.multicast else ""
        self._open: dict[int, socket.socket] = {}
        families = {_family(address) for address in scope.addresses} or {socket.AF_INET}
        if self._group:
            families.add(socket.AF_INET)
        try:
            for family in sorted(families):
                made = socket.socket(family, socket.SOCK_DGRAM)
                self._open[family] = made
                if family == socket.AF_INET and self._group:
                    self._join(made, needs, settings)
                elif family == socket.AF_INET:
                    made.bind(("", 0))
                else:
                    made.bind(("::", 0))
        except OSError:
            self.close()
            raise

    def _join(self, made: socket.socket, needs: Needs, settings: Settings) -> None:
        through = socket.inet_aton(settings.interface or "0.0.0.0")  # noqa: S104  any interface
        if needs.listen_port:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("", needs.listen_port))
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        if settings.interface:
            made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, through)
        if needs.listen_port:
            made.setsockopt(
                socket.IPPROTO_IP,
                socket.IP_ADD_MEMBERSHIP,
                struct.pack("4s4s", socket.inet_aton(needs.group), through),
            )

    def send(self, ask: Ask) -> str:
        """Send to a target, or to the group when multicast was asked for."""
        if ask.address != self._group or not self._group:
            self._scope.require(ask.address)
        try:
            self._open[_family(ask.address)].sendto(ask.payload, (ask.address, ask.port))
        except OSError as error:
            return _in_words(error)
        return ""

    def receive(self, wait_s: float) -> tuple[bytes, str, int] | None:
        """Wait for one datagram."""
        try:
            ready, _, _ = select.select(list(self._open.values()), [], [], max(0.0, wait_s))
        except InterruptedError:
            return None
        for one in ready:
            try:
                data, sender = one.recvfrom(_DATAGRAM_LIMIT)
            except OSError:
                # An ICMP message about an earlier datagram shows as an error of the next read.
                continue
            return data, str(sender[0]), int(sender[1])
        return None

    def close(self) -> None:
        """Close the sockets."""
        for one in self._open.values():
            with suppress(OSError):
                one.close()


def _family(address: str) -> int:
    return socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET


def _trusting_context() -> ssl.SSLContext:
    """Make a context that takes any certificate, old protocols too: the certificate is what we came for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with suppress(ssl.SSLError, ValueError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    with suppress(ValueError):
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


def _in_words(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or 'no agreement'}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ConnectionResetError):
        return "reset by the other side"
    return (error.strerror or type(error).__name__).lower()
