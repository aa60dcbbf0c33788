"""The capture file, `proscribe.capture/1`: what was asked of whom, when, and the raw answer.

JSON lines in UTF-8. The first line is the header, then one line an exchange, then the end line with the SHA-256
of all bytes before it. Collectors write it and readers read it; neither knows the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from proscribe.model.canonical import canonical_json

SCHEMA = "proscribe.capture/1"


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
    program: str
    started_at: str
    targets: tuple[str, ...]
    addresses: int
    settings: Mapping[str, str] = field(default_factory=dict)


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
    sent: bytes
    asked_at: str
    source: str = ""
    answered_at: str = ""
    answer: bytes | None = None
    cut: bool = False
    failure: str = ""


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
    sha256: str


class NotACapture(ValueError):
    """A line does not have the form of this format; the message says what was expected."""


def header_line(header: CaptureHeader) -> bytes:
    """Write the first line, with its line feed."""
    return _line(
        {
            "schema": SCHEMA,
            "protocol": header.protocol,
            "collector_version": header.collector_version,
            "proscribe": header.program,
            "started_at": header.started_at,
            "targets": list(header.targets),
            "addresses": header.addresses,
            "settings": dict(header.settings),
        }
    )


def exchange_line(exchange: Exchange) -> bytes:
    """Write one exchange as a line, with its line feed."""
    value: dict[str, Any] = {
        "protocol": exchange.protocol,
        "what": exchange.what,
        "transport": exchange.transport,
        "address": exchange.address,
        "port": exchange.port,
        "sent": base64.b64encode(exchange.sent).decode("ascii"),
        "asked_at": exchange.asked_at,
    }
    if exchange.answer is not None:
        value |= {
            "source": exchange.source,
            "answered_at": exchange.answered_at,
            "answer": base64.b64encode(exchange.answer).decode("ascii"),
            "sha256": hashlib.sha256(exchange.answer).hexdigest(),
        }
    if exchange.cut:
        value["cut"] = True
    if exchange.failure:
        value["failure"] = exchange.failure
    return _line(value)


def end_line(end: CaptureEnd) -> bytes:
    """Write the last line, with its line feed."""
    return _line(
        {
            "end": True,
            "exchanges": end.exchanges,
            "complete": end.complete,
            "outside": end.outside,
            "ended_at": end.ended_at,
            "sha256": end.sha256,
        }
    )


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
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotACapture("one JSON object was expected") from error
    if not isinstance(value, dict):
        raise NotACapture("one JSON object was expected")
    if value.get("end") is True:
        return _end(value), True
    if "schema" in value:
        return _header(value), True
    return _exchange(value)


def _header(value: dict[str, Any]) -> CaptureHeader:
    if value["schema"] != SCHEMA:
        raise NotACapture(f"schema {SCHEMA} was expected, {str(value['schema'])[:60]!r} stands there")
    targets = value.get("targets")
    settings = value.get("settings")
    return CaptureHeader(
        protocol=_text(value, "protocol"),
        collector_version=_number(value, "collector_version"),
        program=_text(value, "proscribe"),
        started_at=_text(value, "started_at"),
        targets=tuple(str(item) for item in targets) if isinstance(targets, list) else (),
        addresses=_number(value, "addresses"),
        settings={str(key): str(item) for key, item in settings.items()}
        if isinstance(settings, dict)
        else {},
    )


def _exchange(value: dict[str, Any]) -> tuple[Exchange, bool]:
    answer = _bytes(value, "answer") if "answer" in value else None
    sound = answer is None or value.get("sha256") == hashlib.sha256(answer).hexdigest()
    return (
        Exchange(
            protocol=_text(value, "protocol"),
            what=_text(value, "what"),
            transport=_text(value, "transport"),
            address=_text(value, "address"),
            port=_number(value, "port"),
            sent=_bytes(value, "sent"),
            asked_at=_text(value, "asked_at"),
            source=_text(value, "source", ""),
            answered_at=_text(value, "answered_at", ""),
            answer=answer,
            cut=value.get("cut") is True,
            failure=_text(value, "failure", ""),
        ),
        sound,
    )


def _end(value: dict[str, Any]) -> CaptureEnd:
    return CaptureEnd(
        exchanges=_number(value, "exchanges"),
        complete=value.get("complete") is True,
        outside=_number(value, "outside"),
        ended_at=_text(value, "ended_at"),
        sha256=_text(value, "sha256"),
    )


def _text(value: dict[str, Any], key: str, default: str | None = None) -> str:
    found = value.get(key, default)
    if not isinstance(found, str):
        raise NotACapture(f"text was expected under {key!r}")
    return found


def _number(value: dict[str, Any], key: str) -> int:
    found = value.get(key)
    if not isinstance(found, int) or isinstance(found, bool):
        raise NotACapture(f"a whole number was expected under {key!r}")
    return found


def _bytes(value: dict[str, Any], key: str) -> bytes:
    try:
        return base64.b64decode(_text(value, key), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotACapture(f"base64 was expected under {key!r}") from error
