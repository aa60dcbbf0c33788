"""The capture file, `proscribe.capture/1`: what was asked of whom, when, and the raw answer.

JSON lines in UTF-8. The first line is the header, then one line an exchange, then the end line with the SHA-256
of all bytes before it. Collectors write it and readers read it; neither knows the other.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import As, CodecError, Limits, named, omitted, parse, read, write

SCHEMA: Literal["proscribe.capture/1"] = "proscribe.capture/1"

_Bytes = Annotated[
    bytes,
    As(
        lambda text: base64.b64decode(text, validate=True),
        lambda value: base64.b64encode(value).decode("ascii"),
        "base64",
        schema=(("contentEncoding", "base64"),),
    ),
]
_Sha256 = Annotated[str, Limits("[0-9a-f]{64}", expected="64 hex digits")]


@dataclass(frozen=True, slots=True)
class CaptureHeader:
    """What a capture is.

    Attributes:
        protocol: name of the collector, such as `sadp`.
        collector_version: version of the collector; a change of what it sends raises it.
        program: version of Proscribe.
        started_at: instant, ISO 8601 UTC.
        targets: the targets as the user gave them.
        addresses: how many addresses that is.
        settings: what else was asked for: rate, timeout, ports. Never a secret.
    """

    protocol: str
    collector_version: int
    program: str = field(metadata=named("proscribe"))
    started_at: str
    targets: tuple[str, ...]
    addresses: int
    settings: Mapping[str, str] = field(default_factory=dict)
    schema: Literal["proscribe.capture/1"] = SCHEMA


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and one answer to it; a question without an answer has an exchange too.

    Attributes:
        protocol: name of the collector.
        what: which question of the protocol, such as `probe` or `description`.
        transport: `udp`, `tcp` or `tls`.
        address, port: whom it was sent to.
        sent: the bytes sent. Secrets, such as an SNMP community, are blanked here.
        asked_at: instant, ISO 8601 UTC.
        source: address the answer came from, empty when there was none.
        answered_at: instant of the last byte of the answer, empty when there was none.
        answer: the bytes as they came; `None` when there was no answer.
        cut: whether more came than is kept.
        failure: why there is no answer, in words; empty when there is one.
    """

    protocol: str
    what: str
    transport: str
    address: str
    port: int
    sent: _Bytes
    asked_at: str
    source: str = omitted("")
    answered_at: str = omitted("")
    answer: _Bytes | None = omitted(None)
    cut: bool = omitted(False)
    failure: str = omitted("")


@dataclass(frozen=True, slots=True)
class ExchangeLine(Exchange):
    """An exchange as it is written; `sha256` is the digest of its answer."""

    sha256: _Sha256 = omitted("")


@dataclass(frozen=True, slots=True)
class CaptureEnd:
    """The last line of a capture.

    Attributes:
        exchanges: how many exchanges the capture holds.
        complete: whether every target was asked; `False` when a person stopped the run.
        outside: how many datagrams came from addresses that are no targets; they were thrown away.
        ended_at: instant, ISO 8601 UTC.
        sha256: digest of every byte before this line, in hexadecimal.
    """

    exchanges: int
    complete: bool
    outside: int
    ended_at: str
    sha256: _Sha256
    end: Literal[True] = True


class NotACapture(ValueError):
    """A line does not have the form of this format; the message says what was expected."""


def header_line(header: CaptureHeader) -> bytes:
    """Write the first line, with its line feed."""
    return _line(write(header))


def exchange_line(exchange: Exchange) -> bytes:
    """Write one exchange as a line, with its line feed."""
    digest = {} if exchange.answer is None else {"sha256": hashlib.sha256(exchange.answer).hexdigest()}
    return _line({**write(exchange), **digest})


def end_line(end: CaptureEnd) -> bytes:
    """Write the last line, with its line feed."""
    return _line(write(end))


def _line(value: Mapping[str, Any]) -> bytes:
    return canonical_json(value).encode("utf-8") + b"\n"


def read_line(line: bytes) -> tuple[CaptureHeader | Exchange | CaptureEnd, bool]:
    """Read one line of a capture.

    Returns:
        What the line is, and whether the digest it states for its answer is that of the answer (`True` for lines
        without an answer).

    Raises:
        NotACapture: the line has another form.
    """
    try:
        value = parse(line)
        if not isinstance(value, dict):
            raise NotACapture("one JSON object was expected")
        if value.get("end") is True:
            return read(CaptureEnd, value, open_=True), True
        if "schema" in value:
            return read(CaptureHeader, value, open_=True), True
        exchange = read(Exchange, value, open_=True)
    except CodecError as error:
        raise NotACapture(str(error)) from None
    answer = exchange.answer
    return exchange, answer is None or value.get("sha256") == hashlib.sha256(answer).hexdigest()
