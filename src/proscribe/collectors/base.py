"""The contract of every collector: which bytes are sent to a target, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import UUID, uuid5

from proscribe.model.captures import Exchange

#: Most bytes kept of one answer over TCP.
STREAM_LIMIT = 64 * 1024
_MESSAGES = UUID("6f6c0f0e-6d53-5a0c-9b1f-2a7f0c6a4b11")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a collector needs of the machine it runs on.

    Attributes:
        group: multicast group it can use when the user asks for that, or empty.
        group_port: port of that group.
        listen_port: port on which answers to a multicast question arrive; 0 when they come back to the sender.
        community: whether it needs an SNMP community from the user.
    """

    group: str = ""
    group_port: int = 0
    listen_port: int = 0
    community: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for.

    Attributes:
        ports: ports to ask instead of the protocol's own; empty for its own.
        tls_ports: of `http`: ports that speak TLS; empty for its own.
        community: SNMP community, given by the user, never guessed.
        multicast: whether one multicast question may be sent to the segment.
        interface: the machine's own IPv4 address through which multicast goes, or empty.
        rate: questions a second, over all targets.
        timeout_s: seconds to wait for an answer.
        attempts: how often a datagram is sent to a target that stays silent.
        agent: what the program calls itself in HTTP requests.
        run: text that makes message ids of this run differ from those of another.
    """

    ports: tuple[int, ...] = ()
    tls_ports: tuple[int, ...] = ()
    community: bytes = b""
    multicast: bool = False
    interface: str = ""
    rate: int = 20
    timeout_s: float = 3.0
    attempts: int = 2
    agent: str = "proscribe"
    run: str = ""

    def blank(self, answer: bytes) -> bytes:
        """Give an answer as it may be kept: SNMP devices repeat the community in it."""
        if not self.community:
            return answer
        said = bytes([0x04, len(self.community)]) + self.community
        return answer.replace(said, said[:2] + b"*" * len(self.community), 1)

    def message_id(self, address: str, what: str) -> str:
        """Give the UUID of a message: the same for the same run, target and question."""
        return str(uuid5(_MESSAGES, f"{self.run} {address} {what}"))


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to one address.

    Attributes:
        what: which question of the protocol.
        transport: `udp`, `tcp` or `tls` (which also keeps the certificate).
        address, port: whom it goes to; a multicast group only with `Settings.multicast`.
        payload: the bytes sent.
        shown: the bytes as they may be kept and printed: `payload` with secrets blanked.
        whole: tells from the bytes so far that the answer is whole; `None` reads until the other side closes.
        limit: most bytes kept of the answer.
    """

    what: str
    transport: Literal["udp", "tcp", "tls"]
    address: str
    port: int
    payload: bytes
    shown: bytes = b""
    whole: Callable[[bytes], bool] | None = field(default=None, compare=False)
    limit: int = STREAM_LIMIT

    def printable(self) -> bytes:
        """Give the bytes that may be kept and printed."""
        return self.shown or self.payload


class Collector(Protocol):
    """Knows the questions of one protocol. Stateless; builds bytes, opens nothing."""

    name: str
    version: int
    needs: Needs
    #: One line for people: what is asked.
    about: str

    def asks(self, address: str, settings: Settings) -> Iterator[Ask]:
        """Give the questions that a target gets in any case; of datagrams at most one for each port."""
        ...

    def follow(self, exchange: Exchange, settings: Settings) -> Iterator[Ask]:
        """Give the questions that an answer leads to, all to the address that answered."""
        ...

    def usual(self, ask: Ask) -> bytes:
        """Give an answer as most devices give it, so that a dry run can show what it leads to; empty for none."""
        ...
