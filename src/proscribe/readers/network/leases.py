"""DHCP leases: ISC dhcpd, Kea, dnsmasq, Windows Server, pfSense and OPNsense.

Formats: dhcpd.leases(5) with its host declarations; the memfile of Kea for IPv4 and IPv6 as CSV, and the
answers of its lease commands as JSON; the lease file of dnsmasq; the CSV of Get-DhcpServerv4Lease, the
DHCP audit log, `netsh dhcp server dump` and `show clients`.

dhcpd appends to its file, so one address appears many times. One record is given per address and
hardware address, with the last lease and every name and vendor class seen; `current` says whether the
address was still theirs at the end. So no device that ever had a lease is lost.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from proscribe.readers._dialect import Dialect
from proscribe.readers._fixed import FixedReading, Row, Work, declared, left_over, text_lines
from proscribe.readers._grammar import grammar
from proscribe.readers._header import unique_names
from proscribe.readers._opened import Opened
from proscribe.readers._values import json_events, nothing_found
from proscribe.readers._view import HeadView
from proscribe.readers.base import Batch, Options, Reading, Source
from proscribe.readers.head import Head, sniffed
from proscribe.readers.header_fields import found_columns
from proscribe.readers.network._addresses import (
    client_octets,
    find_mac,
    mac_of_client_id,
    mac_of_octets,
    normal_ip,
    normal_mac,
)
from proscribe.readers.network.neighbours import instant
from proscribe.readers.spots import blind_spot
from proscribe.readers.tabular_text import TextReading, open_text

_GRAMMAR = grammar("network/grammars/leases.yml")
_RE = _GRAMMAR.patterns

LEASES = declared(_GRAMMAR, "leases")
_LEFT_OVER = left_over("leases")
#: How many pairs of address and hardware address are held to join their leases.
_HELD = 200_000
_LONGEST_LINE = 16_384


def _unquote(text: str) -> tuple[str, bytes]:
    """Read a string of dhcpd.leases: quotes, octal escapes; give it as text and as octets."""
    text = text.strip().rstrip(";").strip()
    if not text.startswith('"'):
        return text, b""
    body = text[1 : text.rfind('"')] if text.count('"') > 1 else text[1:]
    octets = bytearray()
    place = 0
    while place < len(body):
        char = body[place]
        if char == "\\" and re.match(r"[0-7]{3}", body[place + 1 : place + 4]):
            octets.append(int(body[place + 1 : place + 4], 8) & 0xFF)
            place += 4
        elif char == "\\" and place + 1 < len(body):
            octets += body[place + 1].encode("utf-8", "replace")
            place += 2
        else:
            octets += char.encode("utf-8", "replace")
            place += 1
    return octets.decode("utf-8", "replace"), bytes(octets)


def _moment(text: str) -> str:
    """Read a time of dhcpd.leases, which is UTC; empty for `never`."""
    if found := _RE["time"].search(text):
        year, month, day, clock = found.groups()
        return f"{year}-{month}-{day}T{clock}Z"
    if found := _RE["epoch"].search(text):
        return instant(int(found.group(1)))
    return ""


@dataclass(slots=True)
class _Lease:
    """One block, or several of the same address and device."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    named: str = ""

    def more(self, name: str, text: str) -> None:
        """Keep one of several values, within bounds."""
        values = self.several.setdefault(name, [])
        if text and text not in values and len(values) < 64:
            values.append(text)

    def merge(self, older: _Lease) -> None:
        """Take what an older block of the same pair says and this one does not."""
        for name, text in older.values.items():
            self.values.setdefault(name, text)
        for name, texts in older.several.items():
            for text in texts:
                self.more(name, text)

    def row(self, current: bool | None) -> dict[str, str | None]:
        """Give the record."""
        joined = {name: "\n".join(texts) for name, texts in self.several.items()}
        said = {None: "", True: "yes", False: "no, the address went to another device later"}[current]
        return {**self.values, **joined, "current": said}


class _Joined:
    """Joins the leases of one address and device; the last one wins."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._held: dict[tuple[str, str], _Lease] = {}
        self._last: dict[str, tuple[str, str]] = {}
        self._flushed = False
        self.total = 0
        self.bare = 0

    def add(self, lease: _Lease) -> Iterator[Row]:
        """Take a lease; rows come out only when the bound is reached."""
        key = (lease.values.get("ip", ""), lease.values.get("mac", "") or lease.values.get("client id", ""))
        older = self._held.pop(key, None)
        if older is not None:
            lease.merge(older)
        self._held[key] = lease
        if key[0]:
            self._last[key[0]] = key
        if len(self._held) >= _HELD:
            self._work.log.add("E168.more_than_leases_had", f"line {lease.line}", lossy=False, held=_HELD)
            yield from self.flush()

    def flush(self) -> Iterator[Row]:
        """Give what is held."""
        for key, lease in self._held.items():
            self.total += 1
            self.bare += not lease.values.get("mac")
            current = self._last.get(key[0]) == key if key[0] else None
            yield LEASES, f"line {lease.line}", lease.row(current)
        self._held, self._last = {}, {}

    def tell(self) -> None:
        """Say how many leases show no hardware address."""
        self._work.spot("hosts_without_mac.leases", self.bare, self.total)


class _IscLines:
    """Reads the blocks of dhcpd.leases and dhcpd6.leases line by line."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.joined = _Joined(work)
        self._lease: _Lease | None = None
        self._outer = b""
        self._depth = self._inner = self._opened = 0

    def feed(self, number: int, line: str) -> Iterator[Row]:
        """Take one line, stripped, and give what it completes."""
        found = _RE["block"].match(line) if "{" in line else None
        if found:
            kind, name, line = found.groups()
            if self._lease is not None and kind in ("lease", "host"):
                self._work.log.add("E166.lease_has_no_closing", f"line {self._lease.line}")
                yield from self._end()
            if kind.startswith("ia-"):
                self._outer = _unquote(name)[1] or name.encode()
                self._depth += 1
                self._opened = number
                return
            self._begin(number, kind, name)
            if not line:
                return
        if self._lease is None:
            yield from self._outside(number, line)
        else:
            yield from self._inside(self._lease, line)

    def _begin(self, number: int, kind: str, name: str) -> None:
        lease = self._lease = _Lease(number, named=name)
        self._inner = 1
        address = normal_ip(name.strip('"'))
        if address:
            lease.values["ip"] = address
        elif kind == "host":
            lease.more("hostname", name.strip('"'))
            lease.values["state"] = "reservation"
        if self._outer and kind in ("iaaddr", "iaprefix"):
            duid = self._outer[4:] if len(self._outer) > 8 else self._outer  # the IAID stands before the DUID
            mac = mac_of_octets(client_octets(duid))
            lease.values["client id"] = duid.hex(":")
            if mac:
                lease.values["mac"] = mac

    def _end(self) -> Iterator[Row]:
        lease, self._lease, self._inner = self._lease, None, 0
        if lease is not None:
            yield from self.joined.add(lease)

    def _outside(self, number: int, line: str) -> Iterator[Row]:
        if line.startswith("}"):
            self._depth = max(0, self._depth - 1)
            self._outer = b"" if self._depth == 0 else self._outer
        elif _RE["other_block"].match(line):
            self._depth += 1
            self._opened = number
        elif not self._depth and not _RE["setting"].match(line):
            yield _unknown(self._work, number, line)

    def _inside(self, lease: _Lease, line: str) -> Iterator[Row]:
        for part in _parts(line):
            if part.startswith("#"):
                return
            if part == "}":
                self._inner -= 1
                if self._inner <= 0:
                    yield from self._end()
                    return
            elif part.endswith("{"):
                self._inner += 1
            elif self._inner == 1 and not _statement(lease, part, self._work):
                lease.more("other words", part[:400])

    def finish(self) -> Iterator[Row]:
        """Give what is held, and say when the text ends within a block."""
        if self._lease is not None:
            self._work.log.add("E166.last_lease_has_no", f"line {self._lease.line}")
            yield from self._end()
        elif self._depth:
            self._work.log.add("E166.last_block_has_no", f"line {self._opened}")
        yield from self.joined.flush()
        self.joined.tell()


def _isc_rows(work: Work) -> Iterator[Row]:
    lines = _IscLines(work)
    for number, raw in text_lines(work):
        line = raw.strip()
        if len(line) > _LONGEST_LINE and not line.startswith("#"):
            yield _unknown(work, number, line)
        elif line and not line.startswith("#"):
            yield from lines.feed(number, line)
    yield from lines.finish()


def _parts(line: str) -> Iterator[str]:
    """Cut a line into statements at semicolons and braces outside quotes."""
    for found in re.finditer(r'(?:[^;{}"]|"(?:[^"\\]|\\.)*"?)+\{?|[{}]', line):
        part = found.group().strip()
        if part:
            yield part


def _statement(lease: _Lease, text: str, work: Work) -> bool:
    """Take in one statement of a lease; false when it is none that is known."""
    found = _RE["statement"].match(text)
    if found is None:
        return False
    name, value = found.group(1).lower(), found.group(2).strip()
    bare = value.rstrip("; ")
    values = lease.values
    if name.startswith("hardware"):
        mac = normal_mac(bare)
        if mac is None:
            work.log.add("E167.no_hardware_address", f"line {lease.line}", value=value[:40])
            lease.more("other words", value[:200])
        else:
            values["mac"] = mac
    elif _RE["name_key"].search(name):
        lease.more("hostname", _unquote(value.lstrip("= "))[0])
    elif _RE["class_key"].search(name):
        lease.more("dhcp.vendor_class", _unquote(value.lstrip("= "))[0])
    elif name == "uid":
        _identify(lease, value)
    elif name == "cltt":
        values["seen_at"] = _moment(value) or values.get("seen_at", "")
    elif name == "starts":
        values.setdefault("seen_at", _moment(value))
    elif name == "ends":
        values["ends"] = _moment(value) or bare
    elif name in ("binding state", "abandoned"):
        values["state"] = bare if name == "binding state" else name
    elif name.startswith("fixed-address"):
        if address := normal_ip(value.split(",", 1)[0].rstrip("; ")):
            values.setdefault("ip", address)
    elif not _RE["passed_key"].match(name):
        lease.more("other words", text[:400])
    return True


def _identify(lease: _Lease, value: str) -> None:
    """Take in the client identifier, and the hardware address in it."""
    text, octets = _unquote(value)
    lease.values["client id"] = octets.hex(":") if octets else text
    mac = mac_of_octets(client_octets(octets)) if octets else mac_of_client_id(text)
    if mac:
        lease.values.setdefault("mac", mac)


def _unknown(work: Work, number: int, line: str) -> Row:
    doubtful = find_mac(line[:_LONGEST_LINE]) is not None
    work.log.add(
        "E165",
        f"line {number}",
        f"{line.strip()[:60]!r} was kept as text." if doubtful else "The line was kept as text.",
        lossy=doubtful,
    )
    return _LEFT_OVER, f"line {number}", {"line": line.strip()}


def _line_rows(work: Work) -> Iterator[Row]:
    """Read dnsmasq leases and what netsh prints: one line, one lease."""
    joined = _Joined(work)
    for number, line in text_lines(work):
        if not line.strip() or line.lstrip().startswith("#") or _RE["around"].fullmatch(line):
            continue
        made = _line(number, line) if len(line) <= _LONGEST_LINE else None
        if made is None and (re.match(r"duid [0-9A-Fa-f:]+$", line.strip()) or _RE["netsh"].match(line)):
            # The server's own identifier; scopes, ranges and options of a dump. They list no device.
            continue
        if made is None:
            yield _unknown(work, number, line)
        else:
            yield from joined.add(made)
    yield from joined.flush()
    joined.tell()


def _line(number: int, line: str) -> _Lease | None:
    if found := _RE["dnsmasq"].fullmatch(line):
        expires, hardware, where, name, client = found.groups()
        address = normal_ip(where)
        if address is None:
            return None
        lease = _Lease(number, {"ip": address, "ends": instant(int(expires))})
        # `06-aa:bb:...` carries the hardware type first; for IPv6 the second word is the IAID.
        mac = normal_mac(hardware.partition("-")[2] if "-" in hardware and ":" in hardware else hardware)
        mac = mac if "." in address else mac_of_client_id(client)
        mac = mac or mac_of_client_id(client)
        if mac:
            lease.values["mac"] = mac
        if name != "*":
            lease.more("hostname", name)
        if client != "*":
            lease.values["client id"] = client
        return lease
    if found := _RE["reserved"].fullmatch(line.strip()):
        _, _, where, hardware, name, remark = found.groups()
        lease = _Lease(number, {"ip": normal_ip(where) or "", "state": "reservation", "client id": hardware})
        if mac := normal_mac(hardware) or mac_of_client_id(hardware):
            lease.values["mac"] = mac
        lease.more("hostname", name or "")
        lease.more("other words", remark or "")
        return lease
    if found := _RE["client"].fullmatch(line):
        where, _, hardware, ends, kind, name = found.groups()
        lease = _Lease(number, {"ip": normal_ip(where) or "", "ends": ends.strip(), "state": kind or ""})
        if mac := normal_mac(hardware):
            lease.values["mac"] = mac
        lease.more("hostname", name or "")
        return lease
    return None


# --- CSV ------------------------------------------------------------------------------------------
#: Header words, folded, to fields. The user's columns all stay as they are.
_COLUMNS = _GRAMMAR.maps["columns"]
_PLAIN = _GRAMMAR.words["plain"]
_USED_KEYS = _GRAMMAR.words["used_keys"]
_LEASE_WORDS = _GRAMMAR.words["lease_words"]


#: Columns that are made of the user's own, the field of each, and what the first word of its makings may be called.
_MAC, _SEEN = "mac of client id", "lease seen_at"
_MADE = {_MAC: "mac", _SEEN: "seen_at"}
_CLIENTS, _STARTS = ("clientid", "duid", "uniqueid"), ("cltt", "starts", "leasestart", "start")
_MADE_OF = {_MAC: frozenset(_CLIENTS), _SEEN: frozenset((*_STARTS, "validlifetime"))}


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9_]", "", name.lower()).replace("_", "")


def _csv_header(view: HeadView) -> tuple[str, list[str]] | None:
    """Find the header of a lease table; give the delimiter and the names."""
    for line in view.text.split(view.newline)[:60]:
        for delimiter in (",", "\t", ";"):
            if line.count(delimiter) < 2 or len(line) > 4096:
                continue
            try:
                names = next(csv.reader([line.strip("\ufeff\r")], delimiter=delimiter), [])
            except csv.Error:
                continue
            folded = [_fold(name) for name in names]
            roles = {_COLUMNS.get(name) for name in folded}
            if "ip" in roles and roles & {"mac", "client"} and not _LEASE_WORDS.isdisjoint(folded):
                return delimiter, names
    return None


class CsvLeases(Opened):
    """A table of leases: the user's rows as they are, with the hardware address and the time in a usual form."""

    def __init__(self, source: Source, options: Options, inner: TextReading) -> None:
        super().__init__(source, options, "leases")
        self.issues = inner.issues
        self._inner = inner
        table = inner.tables[0]
        self._sources = {_fold(name): name for name in reversed(table.header)}
        fields, by = dict(table.fields), dict(table.recognised_by)
        unread = list(table.unread)
        renamed: list[str] = []
        told = {"config": options.configured(), "map": options.mapping}
        stated = {column: how for how, said in told.items() for column in found_columns(said, table.header)}
        for name in table.header:
            role = _COLUMNS.get(_fold(name))
            if name in stated:
                # what says nothing new of any table says something of one of leases
                renamed.append(name)
                by[name] = stated[name]
                continue
            if role == "dhcp.vendor_class":
                renamed.append("dhcp.vendor_class")
                fields.pop(name, None)
                by.pop(name, None)
                fields["dhcp.vendor_class"], by["dhcp.vendor_class"] = "banner", "header"
                unread = [other for other in unread if other != name]
                continue
            renamed.append(name)
            if role in ("ip", "mac", "hostname", "mac_vendor"):
                fields[name], by[name] = role, "header"
                unread = [other for other in unread if other != name]
            elif role == "client":
                fields[name], by[name] = "note", "header"
                unread = [other for other in unread if other != name]
            elif _fold(name) in _PLAIN or _fold(name) in _LEASE_WORDS:
                fields[name], by[name] = "note", "header"
                if name not in unread:
                    unread.append(name)
        self._made = [name for name, of in _MADE_OF.items() if of & self._sources.keys()]
        header = unique_names([*renamed, *self._made])
        for made, name in zip(self._made, header[len(renamed) :], strict=True):
            fields[name], by[name] = _MADE[made], "content"
        self.tables = [
            replace(
                table,
                header=header,
                fields={name: fields[name] for name in header if name in fields},
                recognised_by={name: by[name] for name in header if name in by},
                unread=tuple(name for name in header if name in unread),
                source_kind="leases",
                # of the rows as they are given, so that columns that are made show theirs
                samples={},
            )
        ]

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed."""
        return self._inner.bytes_read()

    def source_row(self, table: int, record: int) -> int:
        """Return the row of the file as a spreadsheet program would number it."""
        return self._inner.source_row(table, record)

    def batches(self) -> Iterator[Batch]:
        """Yield the rows with the columns that are made of theirs."""
        total = bare = 0
        for batch in self._inner.batches():
            rows = batch.rows
            # Columns that turn up late have no field of their own here; the table keeps them.
            count = rows.num_rows
            clients = self._texts(rows, _CLIENTS)
            macs = self._texts(rows, ("hwaddr", "mac", "macaddress", "hwaddress", "hardwareaddress"))
            found = [
                mac_of_client_id(client) if client and not (mac and normal_mac(mac)) else None
                for client, mac in zip(clients, macs, strict=True)
            ]
            total += count
            bare += sum(1 for mac, own in zip(macs, found, strict=True) if not mac and not own)
            arrays = list(rows.columns)
            for name in self._made:
                arrays.append(pa.array(found if name == _MAC else self._times(rows), pa.string()))
            yield replace(batch, rows=pa.RecordBatch.from_arrays(arrays, names=list(self.tables[0].header)))
        if bare:
            self.blind_spots.append(blind_spot("hosts_without_mac.leases", bare, total))

    def _texts(self, rows: pa.RecordBatch, names: tuple[str, ...]) -> list[str | None]:
        column = next((self._sources[name] for name in names if name in self._sources), None)
        return rows.column(column).to_pylist() if column in rows.schema.names else [None] * rows.num_rows

    def _times(self, rows: pa.RecordBatch) -> list[str | None]:
        expires = self._texts(rows, ("expire", "expires"))
        lifetimes = self._texts(rows, ("validlifetime",))
        starts = self._texts(rows, _STARTS)
        times: list[str | None] = []
        for expire, lifetime, start in zip(expires, lifetimes, starts, strict=True):
            if start and (
                moment := _moment(start) or (instant(int(start)) if re.fullmatch(r"\d{9,11}", start) else "")
            ):
                times.append(moment)
            elif (
                expire
                and lifetime
                and re.fullmatch(r"\d{9,11}", expire)
                and re.fullmatch(r"\d{1,10}", lifetime)
            ):
                # Kea writes when a lease ends; it was given its lifetime before.
                times.append(instant(int(expire) - int(lifetime)) or None)
            else:
                times.append(start if start and re.match(r"\d{4}-\d\d-\d\d", start) else None)
        return times


# --- JSON -----------------------------------------------------------------------------------------
def _json_leases(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value:
            yield from _json_leases(item, depth + 1)
    elif isinstance(value, dict):
        if _is_lease(value):
            yield value
        else:
            for item in value.values():
                if isinstance(item, list | dict):
                    yield from _json_leases(item, depth + 1)


def _is_lease(value: dict[str, Any]) -> bool:
    keys = {_fold(str(key)) for key in value}
    return (
        bool({"ipaddress", "address"} & keys)
        and bool({"hwaddress", "duid", "mac", "hwaddr", "clientid"} & keys)
        and not _LEASE_WORDS.union({"state", "subnetid"}).isdisjoint(keys)
    )


def _json_rows(work: Work) -> Iterator[Row]:
    total = bare = 0
    for pointer, value in json_events(work, whole=True):
        some = False
        for number, item in enumerate(_json_leases(value)):
            some = True
            total += 1
            row = _json_lease(item)
            bare += not row.get("mac")
            yield LEASES, f"{pointer}#{number}" if pointer else f"lease {number + 1}", row
        if not some:
            yield nothing_found(work, _LEFT_OVER, "E165.no_lease_found_part", pointer, value)
    work.spot("hosts_without_mac.leases", bare, total)


def _json_lease(item: dict[str, Any]) -> dict[str, str | None]:
    plain = {_fold(str(key)): "" if value is None else str(value) for key, value in item.items()}
    client = plain.get("clientid") or plain.get("duid") or ""
    mac = normal_mac(
        plain.get("hwaddress") or plain.get("hwaddr") or plain.get("mac") or ""
    ) or mac_of_client_id(client)
    cltt, lifetime = plain.get("cltt", ""), plain.get("validlft", "")
    seen = instant(int(cltt)) if re.fullmatch(r"\d{1,12}", cltt) else _moment(cltt)
    ends = (
        instant(int(cltt) + int(lifetime))
        if re.fullmatch(r"\d{1,12}", cltt) and re.fullmatch(r"\d{1,12}", lifetime)
        else ""
    )
    context = item.get("user-context")
    return {
        "ip": normal_ip(plain.get("ipaddress") or plain.get("address") or "") or None,
        "mac": mac,
        "hostname": plain.get("hostname", "").rstrip(".") or None,
        "seen_at": seen or None,
        "ends": ends or None,
        "state": plain.get("state") or None,
        "client id": client or None,
        "dhcp.vendor_class": _vendor_class(context),
        "other words": "; ".join(
            f"{key}={text}" for key, text in plain.items() if key not in _USED_KEYS and text
        )
        or None,
    }


def _vendor_class(context: Any) -> str | None:
    """Find a vendor class in the user context that Kea's hooks write."""
    if isinstance(context, dict):
        for key, value in context.items():
            if "vendor" in str(key).lower() and isinstance(value, str):
                return value
            if isinstance(value, dict) and (inner := _vendor_class(value)):
                return inner
    return None


class Leases:
    """Reader of DHCP leases."""

    name = "leases"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 94 for lease files of a known server, 92 for CSV with the header of one, else 0."""
        return {"csv": 92, "isc": 94, "lines": 94, "json": 95}.get(_form(head), 0)

    def open(self, source: Source, options: Options) -> Reading:
        """Open a lease file."""
        head = sniffed(source)
        form = _form(head)
        if form == "csv" and head.view is not None and (header := _csv_header(head.view)) is not None:
            return CsvLeases(source, options, open_text(source, options, self.name, Dialect(header[0])))
        rows = {"json": _json_rows, "isc": _isc_rows}.get(form, _line_rows)
        return FixedReading(source, options, self.name, rows, (LEASES, _LEFT_OVER))


def _form(head: Head) -> str:
    """Tell which spelling of leases an input has; empty when it has none."""
    if head.view is None:
        return ""
    if re.match(r"[\[{]\s*[\[{\"\]}]", head.start):
        return "json" if _json_form(head) else ""
    lines = head.view.lines(600)
    blocks = sum(
        1
        for line in lines
        if re.match(
            r"\s*(?:lease|iaaddr)\s+[0-9A-Fa-f.:]+\s*\{|\s*host\s+\S+\s*\{.{0,40}(?:hardware|$)", line
        )
    )
    inside = sum(
        1
        for line in lines
        if re.search(r"\b(?:hardware ethernet|binding state|client-hostname|starts \d|cltt \d)", line)
    )
    if blocks and inside >= 1:
        return "isc"
    plain = [line for line in lines if not line.lstrip().startswith("#")]
    one = sum(1 for line in plain if _line(1, line) is not None)
    extra = sum(
        1 for line in plain if re.match(r"duid [0-9A-Fa-f:]+$", line.strip()) or _RE["netsh"].match(line)
    )
    if one and (one + extra) * 2 >= len(plain):
        return "lines"
    # netsh wraps its listing in words of the server's language.
    if (
        one >= 2
        and sum(1 for line in plain if _RE["client"].fullmatch(line)) == one
        and one * 4 >= len(plain)
    ):
        return "lines"
    return "csv" if _csv_header(head.view) is not None else ""


def _json_form(head: Head) -> bool:
    first = head.first_value
    if isinstance(first, dict):
        return next(_json_leases(first), None) is not None
    # A document cut by the window: the names of its keys decide.
    return first is None and '"leases"' in head.start[:2_000] and '"ip-address"' in head.start[:8_000]
