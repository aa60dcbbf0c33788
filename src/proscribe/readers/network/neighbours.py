"""ARP, neighbour and MAC address tables as systems, switches and scanners print them.

Layouts known: `arp -a` of Linux, macOS, BSD and Windows (whatever language, since the layout tells),
`arp`, `/proc/net/arp`, `ip neigh` as text and JSON, `bridge fdb`, `ndp -a`, Get-NetNeighbor, netsh;
`show ip arp`, `show mac address-table`, `display arp`, `display mac-address`, `show ethernet-switching
table` and their kin of Cisco, Huawei, H3C, ZTE, Juniper, Fortinet and Palo Alto; MikroTik `print`;
arp-scan, netdiscover, arpwatch, fping and nbtscan.

Tables are told by the words of their header line; in the rows addresses are told by their form, and
the other words by the place below the header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from proscribe.readers._fixed import FixedReading, Row, Work, declared, left_over, text_lines
from proscribe.readers._grammar import grammar, longest_of
from proscribe.readers._values import json_events
from proscribe.readers._view import first_character
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import (
    find_ip,
    find_mac,
    looks_like_port,
    mac_of_client_id,
    macs_in,
    normal_ip,
    normal_mac,
)

_GRAMMAR = grammar("network/grammars/neighbours.yml")
_RE = _GRAMMAR.patterns

NEIGHBOURS = declared(_GRAMMAR, "neighbours")
_LEFT_OVER = left_over("neighbours")
_LONGEST_LINE = 4096
#: Blocks of `Name : value` have short lines; finding their ends costs the square of the length.
_LONGEST_FIELDS = 400
#: Bound of one entry over all its lines, against tables that never end a row.
_LONGEST_ENTRY = 16_384

_NUD = _GRAMMAR.words["nud"]

_ROLE = _GRAMMAR.maps["header"]
_HEADER = re.compile(rf"(?<![\w/-])({longest_of(_ROLE)})(?![\w/-])", re.I)
_PAIR_ROLE = _GRAMMAR.maps["pair_role"]
#: A DUID as pairs with a sign between them.
_LONGEST_CLIENT = 44
#: Columns that hold a value of a pair; the others are kept as other words.
_PLACED = frozenset({"mac", "ip", "hostname", "port", "state", "vlan"})
_BLOCK_ROLE = _GRAMMAR.maps["block_role"]


@dataclass(slots=True)
class NeighbourLines:
    """Understands the lines of a neighbour table one by one.

    `feed` answers with the finished entries, or `None` when it does not know the line. An entry is
    held back until the next line, because many systems break a row in two; `flush` gives the last one.
    """

    columns: list[tuple[str, int, int]] = field(default_factory=list)
    after_header: int = 0
    _above: list[tuple[str, int, int]] = field(default_factory=list)
    _translated: bool = False
    port: str = ""
    windows: bool = False
    scanner: bool = False
    headers: int = 0
    _pending: tuple[int, dict[str, str]] | None = None
    _block: dict[str, str] = field(default_factory=dict)
    _block_line: int = 0

    def flush(self) -> list[tuple[int, dict[str, str]]]:
        """Give the entry that was held back."""
        done = [self._pending] if self._pending else []
        self._pending = None
        if self._block:
            done.append((self._block_line, self._block))
            self._block = {}
        return done

    def _give(self, number: int, entry: dict[str, str]) -> list[tuple[int, dict[str, str]]]:
        done = self.flush()
        if entry.get("mac") == "00:00:00:00:00:00":
            # What Linux and switches print where no address is known.
            entry = {**entry, "mac": "", "state": f"{entry.get('state', '')} incomplete".strip()}
        self._pending = (number, {name: text for name, text in entry.items() if text})
        return done

    def feed(self, number: int, line: str) -> list[tuple[int, dict[str, str]]] | None:
        """Take one line; give finished entries, or `None` when the line is none of a table."""
        line = _RE["ansi"].sub("", line) if "\x1b" in line or "\x08" in line or "\x07" in line else line
        line = _RE["pager"].sub("", line).rstrip() if "ore" in line[:20] else line.rstrip()
        if not line or _RE["rule"].fullmatch(line):
            return []
        if len(line) > _LONGEST_LINE:
            return None
        alone = self._whole_line(line)
        if alone is not None:
            return self._give(number, _complete(alone, line)) if alone else self.flush()
        if self._translated and find_mac(line) is None and find_ip(line) is None:
            # The header of `arp -a` on Windows, in whatever language.
            self._translated = False
            return []
        if self.is_header(line):
            return self.flush()
        if _RE["chatter"].match(line.strip()) and find_mac(line) is None and not self._ip_beyond(line):
            return self.flush()
        if self.columns:
            made = self._row(line)
            if made is not None:
                return self._give(number, _complete(made, line))
            if self._continues(line):
                return []
        return self._pairs(number, line)

    def _ip_beyond(self, line: str) -> bool:
        """Tell whether a line of chatter speaks of an address other than the scanner's own."""
        return find_ip(line) is not None and not re.match(
            r"(?i)\s*(?:interface|starting|ending|doing)\b", line
        )

    def _whole_line(self, line: str) -> dict[str, str] | None:
        """Read the layouts of which each line stands alone; an empty entry is a line without a device."""
        if line[:1] in " \t":
            return self._windows_row(line) if self.windows else None
        if "(" in line and (entry := _arp_a(line)) is not None:
            return entry
        if _RE["windows_head"].fullmatch(line):
            self.windows, self.columns, self._translated = True, [], True
            return {}
        if found := _RE["netsh_head"].fullmatch(line):
            self.port = found.group(1).strip()
            self.windows = True
            return {}
        for sign, layout in _LAYOUTS:
            if sign in line and (entry := layout(line)) is not None:
                return entry
        if "\t" in line and self.scanner and (entry := _arp_scan(line)) is not None:
            return entry
        if (" is " in line or " : " in line) and (entry := _fping(line)) is not None:
            return entry
        if found := _RE["arp_scan_head"].match(line):
            self.scanner, self.columns = True, []
            return _scanner(line, found.group(1) or "")
        return None

    def _windows_row(self, line: str) -> dict[str, str] | None:
        found = _RE["windows_row"].fullmatch(line)
        address = normal_ip(found.group(1)) if found else None
        if found is None or address is None:
            return None
        mac = normal_mac(found.group(2) or "") or ""
        return {"ip": address, "mac": mac, "port": self.port, "state": found.group(3)}

    def is_header(self, line: str) -> bool:
        """Recognise a header line, or a further line of one."""
        if len(line) > 256 or "\t" in line or sum(map(line.count, ",;|")) > 1:
            # Tables with delimiters have a reader of their own.
            return False
        if find_mac(line) is not None or find_ip(line) is not None:
            return False
        found = [
            (_ROLE[item.group(1).lower()], item.start(1), item.end(1)) for item in _HEADER.finditer(line)
        ]
        covered = sum(end - start for _, start, end in found)
        words = len(line.replace(" ", "").replace("\t", ""))
        above, self._above = self._above, []
        if self.after_header:
            # Two and three line headers: `name  address  flags`, `VLAN/CEVLAN PVC`.
            self.after_header -= 1
            if covered * 3 >= words or (line[0] in " \t" and not any(char.isdigit() for char in line)):
                self.columns += [
                    column
                    for column in found
                    if all(column[1] - stop > 2 or start - column[2] > 2 for _, start, stop in self.columns)
                ]
                return True
            self.after_header = 0
        if not found or covered * 3 < words:
            return False
        self._above = found
        roles = {role for role, _, _ in (*above, *found)}
        if "mac" not in roles or len(roles) < 3 or (covered * 2 < words and not above):
            return False
        self.columns = [
            *above,
            *(column for column in found if column[0] not in {role for role, _, _ in above}),
        ]
        self._above = []
        self.after_header = 2
        self.headers += 1
        self.windows = False
        return True

    def _row(self, line: str) -> dict[str, str] | None:
        """Read a row of the table whose header is in force."""
        hardware = find_mac(line)
        mac = normal_mac(hardware.group()) if hardware else None
        start, end = hardware.span() if hardware else (0, 0)
        if mac is None:
            # bare digits, or the identifier of a DHCP client
            bare = (word for word in re.finditer(r"\S+", line) if 12 <= len(word.group()) <= _LONGEST_CLIENT)
            if word := next((word for word in bare if mac_of_client_id(word.group())), None):
                mac = mac_of_client_id(word.group())
                start, end = word.span()
        rest = line[:start] + " " * (end - start) + line[end:]
        # Access nodes print frame, slot and port apart: `0 /1 /0`.
        rest = re.sub(r"(\d{1,2}) ?/(\d{1,2}) ?/(\d{1,3})\b", r"\1/\2/\3", rest)
        address = find_ip(rest)
        roles = {role for role, _, _ in self.columns}
        if mac is None and (address is None or "ip" not in roles):
            return None
        if mac is None and not _fits_incomplete(rest, address):
            return None
        self.after_header = 0
        entry: dict[str, str] = {"mac": mac or ""}
        if address is not None:
            entry["ip"] = address[0]
            rest = rest[: address[1]] + " " * (address[2] - address[1]) + rest[address[2] :]
        places = {role: (begin, stop) for role, begin, stop in reversed(self.columns)}
        left: list[str] = []
        if "vendor" in places and places["vendor"][0] <= len(rest):
            cut = places["vendor"][0]
            # Counts stand right-aligned before the vendor and may touch its column.
            cut = rest.rfind("  ", 0, cut + 2) + 2 if "  " in rest[: cut + 2] else cut
            entry["mac_vendor"] = _known(rest[cut:].strip())
            rest = rest[:cut]
        state: list[str] = []
        words = [
            (word.group(), word.start(), _role_at(places, word.start(), word.end()))
            for word in re.finditer(r"\S+", rest)
        ]
        ports = _ports_of(words, "port" in places)
        entry["port"] = " ".join(ports)
        for token, at, role in words:
            if token in ports:
                continue
            if role == "host" and "hostname" not in entry and not token.startswith(("<", "?")):
                entry["hostname"] = token
            elif role == "ip" and address is None and "hostname" not in entry and at == 0 and mac:
                # `arp` without -n prints the name in the place of the address.
                entry["hostname"] = token
            elif (
                "vlan" in places
                and "vlan" not in entry
                and role in ("vlan", "")
                and re.match(r"(?i:vlan)?\d{1,4}(?:\D|$)", token)
            ):
                entry["vlan"] = token
            elif len(token) <= 12 or role in ("state", "age", "vlan", "port"):
                state.append(token)
            else:
                left.append(token)
        if mac is None:
            state = [word for word in state if word.strip("<>()-")] or ["incomplete"]
        entry["state"] = " ".join(word for word in state if word not in ("*", "-", "+", "~"))
        entry["other words"] = " ".join(left)
        return entry

    def _continues(self, line: str) -> bool:
        """Add the second line of a broken row to the row above it."""
        if self._pending is None or not line.startswith("       ") or find_mac(line) or find_ip(line):
            return False
        if len(line.split()) > 6 or not self._has_room(self._pending[1]):
            return False
        entry = self._pending[1]
        for word in re.finditer(r"\S+", line):
            token = word.group()
            if token.startswith((".", "/")) and entry.get("port") and token.count("/") <= 2:
                if "<" not in entry["port"]:
                    entry["port"] += token
            elif looks_like_port(token.split(",", 1)[0]) and entry.get("port"):
                entry["port"] += f" {token}"
            elif re.fullmatch(r"\d{1,4}/(?:-|\d{1,4})", token) and "vlan" not in entry:
                entry["vlan"] = token
            else:
                entry["other words"] = f"{entry.get('other words', '')} {token}".strip()
        return True

    @staticmethod
    def _has_room(entry: dict[str, str]) -> bool:
        return sum(map(len, entry.values())) <= _LONGEST_ENTRY

    def _pairs(self, number: int, line: str) -> list[tuple[int, dict[str, str]]] | None:
        """Read `name=value` rows (MikroTik) and `Name : value` blocks (Huawei, arpwatch mail)."""
        pairs = (
            [(name.lower(), value.strip('"')) for name, value in _RE["pair"].findall(line)]
            if "=" in line
            else []
        )
        if any(name in ("mac-address", "lladdr", "active-mac-address") for name, _ in pairs):
            return self._give(number, _complete(_entry_of(pairs), line))
        if pairs and self._pending is not None and line[:1] in " \t" and self._has_room(self._pending[1]):
            entry = self._pending[1]
            for name, value in pairs:
                role = _PAIR_ROLE.get(name)
                if role in ("hostname", "port", "state") and role not in entry and value:
                    entry[role] = value
                else:
                    entry["other words"] = f"{entry.get('other words', '')} {name}={value}".strip()
            rest = " ".join(_RE["pair"].sub(" ", line).split())
            if rest:
                entry["other words"] = f"{entry.get('other words', '')} {rest}".strip()
            return []
        if ":" not in line or len(line) > _LONGEST_FIELDS:
            return None
        return self._fields(number, line)

    def _fields(self, number: int, line: str) -> list[tuple[int, dict[str, str]]] | None:
        """Read a line of a block of `Name : value`; the first line of a block gives the address or the name."""
        fields = {name.strip().lower(): value.strip() for name, value in _RE["colon"].findall(line)}
        opener = fields.get("ipv6 address") or fields.get("ip address") or fields.get("hostname")
        opens = (
            opener and (normal_ip(opener) or "hostname" in fields) and _BLOCK_ROLE.keys().isdisjoint(fields)
        )
        if opens and opener and not self._block:
            done = self.flush()
            self._block_line = number
            self._block = {"hostname": opener} if "hostname" in fields else {"ip": normal_ip(opener) or ""}
            return done
        if not self._block or not self._has_room(self._block):
            return None
        if opener and (address := normal_ip(opener)):
            if self._block.get("mac") or self._block.get("ip"):
                done = self.flush()
                self._block_line, self._block = number, {"ip": address}
                return done
            self._block["ip"] = address
            return []
        used = False
        for name, value in fields.items():
            target = _BLOCK_ROLE.get(name)
            text = (normal_mac(value) or "") if target == "mac" else value
            if target and (text or target != "mac"):
                self._block[target] = text
                used = True
            elif not target and value and value != "-":
                self._block["other words"] = f"{self._block.get('other words', '')} {name}: {value}".strip()
                used = True
        # `VPN name     :` and the like carry nothing.
        return [] if used or re.match(r"\s*[A-Za-z][\w /-]{1,32}\s*:", line) else None


def _entry_of(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Make an entry of the pairs of one line."""
    entry: dict[str, str] = {}
    other: list[str] = []
    for name, value in pairs:
        role = _PAIR_ROLE.get(name, "")
        text = normal_mac(value) if role == "mac" else normal_ip(value) if role == "ip" else value
        if role in _PLACED and text:
            entry.setdefault(role, text)
        elif value:
            other.append(f"{name}={value}")
    entry["other words"] = " ".join(other)
    return entry


def _arp_a(line: str) -> dict[str, str] | None:
    """Read `arp -a` of Linux, macOS and BSD: the words for 'at' and 'on' are translated, the brackets are not."""
    found = _RE["arp_a"].fullmatch(line)
    address = normal_ip(found.group(2)) if found else None
    if found is None or address is None:
        return None
    name, _, hardware, rest = found.groups()
    mac = normal_mac(hardware)
    if mac is None and not _RE["no_mac"].fullmatch(hardware) and "ncom" not in hardware:
        return None
    port = _RE["arp_a_port"].search(rest)
    kind = re.search(r"\[(\w+)\]", rest)
    return {
        "ip": address,
        "mac": mac or "",
        "hostname": "" if name == "?" else name,
        "port": port.group(1) if port else "",
        "state": "incomplete" if mac is None else kind.group(1) if kind else "",
    }


def _bridge(line: str) -> dict[str, str] | None:
    """Read `bridge fdb`."""
    found = _RE["fdb"].fullmatch(line)
    mac = normal_mac(found.group(1)) if found else None
    if found is None or mac is None:
        return None
    words = found.group(3).split()
    vlan = words[words.index("vlan") + 1] if "vlan" in words[:-1] else ""
    return {"mac": mac, "port": found.group(2), "vlan": vlan, "state": " ".join(words[-1:])}


def _ip_neigh(line: str) -> dict[str, str] | None:
    """Read `ip neigh`."""
    found = _RE["ip_neigh"].fullmatch(line)
    address = normal_ip(found.group(1)) if found else None
    if found is None or address is None:
        return None
    words = found.group(4).split()
    states = [word for word in words if word in _NUD]
    if not states and not found.group(3):
        return None
    return {
        "ip": address,
        "mac": normal_mac(found.group(3) or "") or "",
        "port": found.group(2) or "",
        "state": " ".join(states).lower(),
        "other words": " ".join(word for word in words if word not in _NUD and word != "router"),
    }


def _cisco(line: str) -> dict[str, str] | None:
    """Read `show ip arp` of IOS."""
    found = _RE["cisco"].fullmatch(line)
    address = normal_ip(found.group(1)) if found else None
    if found is None or address is None:
        return None
    mac = normal_mac(found.group(3))
    port = (found.group(4) or "").strip()
    return {"ip": address, "mac": mac or "", "port": port, "state": "" if mac else found.group(3).lower()}


def _arpwatch_file(line: str) -> dict[str, str] | None:
    found = _RE["arpwatch_dat"].fullmatch(line)
    if found is None:
        return None
    hardware, where, seconds, name, port = found.groups()
    mac, address = normal_mac(hardware), normal_ip(where)
    if mac is None or address is None:
        return None
    seen = instant(int(seconds))
    return {
        "ip": address, "mac": mac, "hostname": (name or "").strip(), "port": port or "", "seen_at": seen
    }  # fmt: skip


def _arpwatch_log(line: str) -> dict[str, str] | None:
    found = _RE["arpwatch_log"].fullmatch(line)
    if found is None:
        return None
    start, state, where, hardware, older, port = found.groups()
    mac, address = normal_mac(hardware), normal_ip(where)
    if mac is None or address is None:
        return None
    stamp = _RE["syslog_iso"].search(start)
    before = normal_mac(older or "")
    return {
        "ip": address,
        # The address that a station had before is a device too.
        "mac": "\n".join(dict.fromkeys([mac, *([before] if before else [])])),
        "port": port or "",
        "state": state.strip(),
        "seen_at": stamp.group() if stamp else "",
    }


def _arp_scan(line: str) -> dict[str, str] | None:
    found = _RE["arp_scan"].fullmatch(line)
    address = normal_ip(found.group(1)) if found else None
    if found is None or address is None:
        return None
    vendor = re.sub(r"\s*\(DUP: \d+\)", "", (found.group(3) or "").strip())
    return {"ip": address, "mac": normal_mac(found.group(2)) or "", "mac_vendor": _known(vendor)}


def _fping(line: str) -> dict[str, str] | None:
    found = _RE["fping"].fullmatch(line)
    if found is None:
        return None
    named = found.group(1) or found.group(5)
    return {
        "ip": normal_ip(found.group(2) or named) or "",
        "hostname": "" if normal_ip(named) else named,
        "state": found.group(3) or "answered or asked",
    }


def _scanner(line: str, port: str) -> dict[str, str]:
    """Give the scanner itself, which arp-scan names in its first line."""
    own = find_mac(line)
    if own is None:
        return {}
    address = (find_ip(line) or ("",))[0]
    mac = normal_mac(own.group()) or ""
    return {"ip": address, "mac": mac, "port": port, "state": "the scanner itself"}


#: Layouts of which each line stands alone, by a word that every such line holds, in the order in which they are tried.
_LAYOUTS: tuple[tuple[str, Callable[[str], dict[str, str] | None]], ...] = (
    ("dev ", _bridge),
    ("dev ", _ip_neigh),
    ("lladdr ", _ip_neigh),
    ("Internet", _cisco),
    ("\t", _arpwatch_file),
    ("arpwatch", _arpwatch_log),
)


def _ports_of(words: list[tuple[str, int, str]], has_column: bool) -> list[str]:
    """Choose the words of a row that name its ports."""
    ports = [token for token, _, role in words if role == "port" and token not in ("-", "N/A")]
    if has_column and not any(looks_like_port(token.split(",", 1)[0]) for token in ports):
        apart = [token for token, _, role in words if role != "port" and looks_like_port(token)]
        return apart[-1:] or ports
    if any(looks_like_port(token) for token in ports):
        return [token for token in ports if looks_like_port(token.split(",", 1)[0])]
    return ports


def _complete(entry: dict[str, str], line: str) -> dict[str, str]:
    """Add the hardware addresses of a line that the layout did not place: each of them is a device."""
    macs = macs_in(line)
    if not macs or (len(macs) == 1 and (entry.get("mac") or macs[0] in entry.get("other words", ""))):
        return entry
    have = [mac for mac in entry.get("mac", "").split("\n") if mac]
    entry["mac"] = "\n".join(dict.fromkeys([*have, *macs]))
    return entry


def _role_at(places: dict[str, tuple[int, int]], start: int, end: int) -> str:
    """Tell below which header word a word of a row stands; the nearest one that overlaps or touches."""
    best, distance = "", 3
    for role, (begin, stop) in places.items():
        gap = max(begin - end, start - stop, 0)
        if gap < distance:
            best, distance = role, gap
    return best


def _fits_incomplete(rest: str, address: tuple[str, int, int] | None) -> bool:
    """Tell a row without a hardware address from a sentence that holds an IP address."""
    words = rest.split()
    if address is None or len(words) > 9:
        return False
    return rest[: address[1]].strip() == "" or len(words) <= 6


def _known(vendor: str) -> str:
    """Drop what scanners print when they know no vendor."""
    return (
        "" if re.fullmatch(r"\(?unknown(?: vendor)?(?:: locally administered)?\)?", vendor, re.I) else vendor
    )


def instant(seconds: int | float) -> str:
    """Write seconds since 1970 as ISO 8601; empty when they are out of range."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""


def worth_asking(line: str) -> bool:
    """Tell whether a line that was not understood speaks of a device: then its loss would matter."""
    return find_mac(line[:_LONGEST_LINE]) is not None or find_ip(line[:_LONGEST_LINE]) is not None


def _rows(work: Work) -> Iterator[Row]:
    lines = NeighbourLines()
    total = bare = 0
    for number, line in text_lines(work):
        done = lines.feed(number, line)
        if done is None:
            doubtful = worth_asking(line)
            work.log.add(
                "E165",
                f"line {number}",
                f"{line.strip()[:60]!r} was kept as text." if doubtful else "The line was kept as text.",
                lossy=doubtful,
            )
            yield _LEFT_OVER, f"line {number}", {"line": line.strip()}
            continue
        for at, entry in done:
            total, bare = total + 1, bare + ("mac" not in entry)
            yield NEIGHBOURS, f"line {at}", entry
    for at, entry in lines.flush():
        total, bare = total + 1, bare + ("mac" not in entry)
        yield NEIGHBOURS, f"line {at}", entry
    without_mac(work, bare, total)


def without_mac(work: Work, bare: int, total: int) -> None:
    """Say how many neighbours show no hardware address."""
    work.spot("hosts_without_mac.neighbours", bare, total)


_JSON_NAMES = _GRAMMAR.maps["json_names"]


def _json_rows(work: Work) -> Iterator[Row]:
    total = bare = 0
    for pointer, value in json_events(work):
        if not isinstance(value, dict):
            yield _LEFT_OVER, pointer, {"line": str(value)}
            continue
        entry: dict[str, str] = {}
        other: list[str] = []
        for key, item in value.items():
            if isinstance(item, list):
                text = " ".join(str(part) for part in item)
            else:
                text = "" if item is None else str(item)
            role = _JSON_NAMES.get(key.lower())
            if role == "mac":
                mac = normal_mac(text)
                entry["mac"] = mac or entry.get("mac", "")
                if text and mac is None:
                    other.append(f"{key}={text}")
            elif role == "ip" and (address := normal_ip(text)):
                entry["ip"] = address
            elif role in ("port", "hostname", "state", "vlan") and text and role not in entry:
                entry[role] = text
            elif text:
                other.append(f"{key}={text}")
        entry["other words"] = " ".join(other)
        total, bare = total + 1, bare + (not entry.get("mac"))
        yield NEIGHBOURS, pointer, entry
    without_mac(work, bare, total)


def _is_json(first: Any) -> bool:
    if not isinstance(first, dict):
        return False
    keys = {key.lower() for key in first}
    return ("lladdr" in keys and ("dst" in keys or "dev" in keys)) or (
        {"dst", "dev", "state"} <= keys
        or {"hwaddress", "iface"} <= keys
        or {"mac", "ifname", "flags", "state"} <= keys
    )


class Neighbours:
    """Reader of neighbour tables."""

    name = "neighbours"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 93 when the layout of a known table fills much of the text, 95 for its JSON, else 0."""
        if head.view is None:
            return 0
        if head.start[:1] in ("[", "{", ""):
            return 95 if _is_json(head.first_value) else 0
        return 93 if _share(head.view.lines(400)) else 0

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open a neighbour table."""
        rows = _json_rows if first_character(source) in ("[", "{") else _rows
        return FixedReading(source, options, self.name, rows, (NEIGHBOURS, _LEFT_OVER))


def _share(lines: list[str]) -> bool:
    """Tell whether enough lines are entries of known layouts, and say what a list of addresses would not."""
    if not any(
        "\t" not in line
        or "arp" in line
        or _RE["arpwatch_dat"].fullmatch(line)
        or _RE["arp_scan"].fullmatch(line)
        for line in lines[:50]
    ):
        return False
    reader = NeighbourLines()
    entries = unknown = 0
    for number, line in enumerate(lines, start=1):
        done = reader.feed(number, line)
        unknown += done is None
        entries += len(done or ())
    entries += len(reader.flush())
    if not entries:
        return reader.headers > 0 and unknown * 2 <= len(lines) and len(lines) <= 40
    return entries >= 1 and unknown * 2 <= len(lines)
