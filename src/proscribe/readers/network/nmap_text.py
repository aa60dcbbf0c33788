"""Scans of nmap as people save or paste them: normal output (`-oN`, the screen) and greppable output (`-oG`).

Format: Nmap Reference Guide, "Normal Output" and "Grepable Output". Both say less than the XML; scripts stand as they
are shown, so they are sorted by the same rules (`nmap_xml`). Lines that belong to no host are kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from proscribe.readers._fixed import FixedReading, Row, Work, left_over, text_lines
from proscribe.readers._grammar import grammar
from proscribe.readers._xml import Element
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import normal_ip
from proscribe.readers.network._devices import DeviceRecord, add_banner, instant, unescape
from proscribe.readers.network._nmap_run import asked_of, run_of
from proscribe.readers.network.nmap_xml import (
    HOSTS,
    HostCounts,
    add_service_fingerprint,
    routed_by_ttl,
    script_records,
    sort_script,
)
from proscribe.readers.own_account import ARGUMENTS

_GRAMMAR = grammar("network/grammars/nmap_text.yml")
_RE = _GRAMMAR.patterns

_LEFT_OVER = left_over("network_scan")


class NmapText:
    """Reader of nmap's normal and greppable output."""

    name = "nmap-text"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score text that begins as nmap's reports do 97, the rest 0."""
        text = head.view.text if head.view is not None else ""
        found = _RE["opening"].search(text, 0, 8_192)
        # A shell prompt or a note may stand above what was pasted.
        if found is None or text.count("\n", 0, found.start()) >= 30 or head.is_headed_table:
            return 0
        return 97

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open the scan."""
        return FixedReading(source, options, self.name, _rows, (HOSTS, _LEFT_OVER))


class _Host:
    """The host, or the section of scripts before or after the scan, whose lines are being read."""

    def __init__(self, place: str, *, is_section: bool = False) -> None:
        self.place = place
        self.sections: list[Element] | None = [] if is_section else None
        self.record = DeviceRecord()
        self.script: tuple[str, list[str]] | None = None
        self.port = ("", "")
        self.fingerprint: list[str] = []
        self.distance = self.ttl = 0
        self.open = self.filtered = 0
        self.asked = False
        self.down = False

    def end_script(self) -> None:
        """Sort the output of the script that was being read."""
        if self.script is not None:
            name, lines = self.script
            self.script = None
            made = Element("script", {"id": name, "output": "\n".join(lines)})
            if self.sections is not None:
                # What was heard on the network belongs to the addresses in it.
                self.sections.append(made)
            else:
                sort_script(self.record, made, *self.port)
                self.asked = True
        if self.fingerprint:
            add_service_fingerprint(self.record, "\n".join(self.fingerprint), "")
            self.fingerprint = []


def _rows(work: Work) -> Iterator[Row]:
    counts = HostCounts()
    counts.finished = True
    run = run_of(work.source)
    work.beside.add(ARGUMENTS, asked_of(work.source))
    greppable: dict[str, tuple[str, DeviceRecord]] = {}
    host: _Host | None = None
    for number, line in text_lines(work):
        place = f"line {number}"
        if found := _RE["greppable"].match(line):
            _greppable(greppable, found, place)
            continue
        if found := _RE["report"].match(line):
            yield from _ended(host, counts)
            host = _Host(place)
            host.record.add("scan_run", run)
            host.record.add("hostname", found[1])
            bare = found[3] or ""
            own = normal_ip(found[2] or bare)
            host.record.add("ip", own)
            if not own:
                host.record.add("hostname", bare)
            host.down = bool(found[4])
            continue
        if found := _RE["section"].match(line):
            if found[1] == "Host" and host is not None:
                host.end_script()
                host.port = ("", "")
            else:
                yield from _ended(host, counts)
                host = _Host(place, is_section=True)
            continue
        if host is not None and _line(host, line):
            continue
        if _RE["noise"].match(line):
            if host is not None:
                host.end_script()
                if found := _RE["up"].match(line):
                    host.ttl = int(found[1] or 0)
                    host.record.add("state", "up")
            continue
        if host is not None:
            host.record.add("scripts", line)
        else:
            yield _LEFT_OVER, place, {"line": line}
    yield from _ended(host, counts)
    for place, record in greppable.values():
        address = record.first("ip")
        counts.count(
            address, mac=False, routed=False, open_ports="port" in record.cells,
            filtered="filtered" in "".join(record.cells.get("ports_not_open", ())), probed="service" in record.cells,
        )  # fmt: skip
        record.add("scan_run", run)
        yield HOSTS, place, record.row()
    counts.report(work)


def _ended(host: _Host | None, counts: HostCounts) -> Iterator[Row]:
    if host is None:
        return
    host.end_script()
    if host.sections is not None:
        around = Element("prescript")
        around.children = host.sections
        for number, made in script_records(around):
            yield HOSTS, f"{host.place}, script {number}", made.row()
        if host.record.cells:
            yield HOSTS, host.place, host.record.row()
        return
    record = host.record
    if host.down:
        counts.is_down()
        if record.cells.keys() <= {"ip", "state", "scan_run"}:
            return
    else:
        counts.count(
            record.first("ip"),
            mac="mac" in record.cells,
            routed=host.distance > 1
            or (not host.distance and "mac" not in record.cells and routed_by_ttl(host.ttl)),
            open_ports=host.open,
            filtered=host.filtered,
            probed=host.asked,
        )
    yield HOSTS, host.place, record.row()


def _line(host: _Host, line: str) -> bool:
    """Take in a line of a host; tell whether it was one."""
    if line.startswith("|"):
        if found := _RE["script"].match(line):
            host.end_script()
            host.script = (found[1], [found[2]])
        elif host.script is not None:
            host.script[1].append(line[2:])
        else:
            host.record.add("scripts", line[1:].strip(" _"))
        return True
    if line.startswith("SF"):
        host.fingerprint.append(line)
        return True
    if found := _RE["port"].match(line):
        host.end_script()
        _port_line(host, found)
        return True
    if found := _RE["mac"].match(line):
        host.end_script()
        host.record.add("mac", found[1].lower())
        if found[2] and found[2] != "Unknown":
            host.record.add("mac_vendor", found[2])
        return True
    if found := _RE["os"].match(line):
        host.end_script()
        host.record.add("os", found[2])
        return True
    if found := _RE["hops"].match(line):
        host.distance = int(found[1])
        return True
    if found := _RE["info"].match(line):
        host.end_script()
        for part in found[1].split("; "):
            key, _, value = part.partition(": ")
            if key == "CPE":
                host.record.add("cpe", *value.split(", "))
            elif key.startswith("Host"):
                host.record.add("hostname", *value.split(", "))
            else:
                host.record.add("service", part)
        return True
    return False


def _port_line(host: _Host, found: re.Match[str]) -> None:
    number, protocol, state, service, said = found.groups()
    service = service.rstrip("?")
    host.port = (number, service)
    column = "port" if state == "open" else "ports_not_open"
    host.record.add(column, f"{number}/{protocol} {state} {service}")
    host.open += state == "open"
    host.filtered += state == "filtered"
    said = _RE["reason"].sub("", said or "").strip()
    if said:
        host.asked = True
        host.record.add("service", said)
        if service == "rtsp":
            host.record.add("rtsp.server", f"Server: {said}")


def _greppable(hosts: dict[str, tuple[str, DeviceRecord]], found: re.Match[str], place: str) -> None:
    seconds, address, name, rest = found.groups()
    record = hosts.setdefault(address, (place, DeviceRecord()))[1]
    record.add("ip", normal_ip(address) or address)
    record.add("hostname", name)
    record.add("seen_at", instant(seconds or ""))
    port = service = ""
    for part in rest.split("\t"):
        key, _, value = part.partition(": ")
        if key == "Status":
            record.add("state", value.strip().lower())
        elif key == "Ports":
            for item in value.split(", "):
                cells = item.strip().split("/")
                if len(cells) < 5:
                    record.add("scripts", item)
                    continue
                state = cells[1]
                record.add(
                    "port" if state == "open" else "ports_not_open",
                    f"{cells[0]}/{cells[2]} {state} {cells[4]}".rstrip(),
                )
                # A slash inside a version is written as a bar.
                record.add("service", "/".join(cells[6:]).strip("/").replace("|", "/"))
        elif key == "OS":
            record.add("os", value)
        elif key == "Port":
            port = value
        elif key == "Service":
            service = value
        elif key == "Banner":
            add_banner(record, service, unescape(value), port)
        elif key not in ("Ignored State", "Seq Index", "IP ID Seq", "Protocols"):
            record.add("scripts", part)
