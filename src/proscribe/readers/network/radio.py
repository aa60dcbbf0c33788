"""Wi-Fi surveys: what was heard on the air, one record per access point or station.

Layouts known: airodump-ng CSV (access points, then stations), WiGLE CSV (1.0 to 1.6), Kismet devices as JSON (an array, or
an object a line), `iw dev IF scan`, `iwlist scan`, `nmcli device wifi list` (table, terse, multiline), `netsh wlan show
networks mode=bssid` in any language, `airport -s`.

Columns of what was heard begin with `wifi.`: a transmitter need not be ours, so matching takes them for a question.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from proscribe.readers._fixed import LEFT_OVER, FixedReading, Form, Row, Work, declared, text_lines
from proscribe.readers._grammar import grammar
from proscribe.readers._values import json_records
from proscribe.readers._view import first_character
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import normal_ip, normal_mac
from proscribe.readers.network._devices import instant
from proscribe.readers.spots import Tally
from proscribe.wording.lines import lines_of

_GRAMMAR = grammar("network/grammars/radio.yml")
_RE = _GRAMMAR.patterns

_HEARD = _GRAMMAR.maps["heard"]
ACCESS_POINTS = Form(None, "radio", {"wifi.bssid": "mac", **_HEARD}, unread=("wifi.details",))
#: The access point a station talks to is another device, so its address joins nothing here.
STATIONS = Form(
    "stations",
    "radio",
    {"wifi.station": "mac", **_HEARD, "wifi.access_point": "note", "wifi.probed": "note"},
    unread=("wifi.details", "wifi.access_point", "wifi.probed"),
)
SURVEYOR = declared(_GRAMMAR, "surveyor")
_LEFT_OVER = Form(LEFT_OVER, "radio", {"wifi.line": "text"})
_FORMS = (ACCESS_POINTS, STATIONS, SURVEYOR, _LEFT_OVER)

_MAC = r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}"
_LONGEST_LINE = 16_384
_MOST_DETAILS = 2_000
_NMCLI_MODES = frozenset({"Infra", "Ad-Hoc", "AP", "Mesh", "N/A"})
_WPS = _GRAMMAR.maps["wps"]
_KISMET = "kismet.device.base.macaddr"
_KISMET_COLUMNS = _GRAMMAR.maps["kismet_columns"]
_MOST_VALUES = 20_000


class Radio:
    """Reader of Wi-Fi surveys."""

    name = "radio"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 97 when the text has the marks of a known survey, else 0."""
        start = head.start
        if start[:1] in ("[", "{"):
            return 97 if f'"{_KISMET}"' in start[:65_536] else 0
        lines = [line[:_LONGEST_LINE] for line in lines_of(start)[:80] if line.strip()]
        return 97 if _layout(lines) else 0

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open the survey."""
        rows = _kismet_rows if first_character(source) in ("[", "{") else _rows
        return FixedReading(source, options, self.name, rows, _FORMS)


def _layout(lines: list[str]) -> str:
    """Tell the layout of the first lines; empty when it is none of these."""
    if not lines:
        return ""
    if _RE["wigle"].match(lines[0]):
        return "wigle"
    for line in lines[:10]:
        if _RE["airodump"].match(line):
            return "airodump"
        if _RE["airport_head"].match(line):
            return "airport"
        if re.match(r"(?:IN-USE|\*)?\s*(?:BSSID\s+)?SSID\s+MODE\s+CHAN\s", line):
            return "nmcli"
    for line in lines[:30]:
        if _RE["iw"].match(line):
            return "iw"
        if _RE["iwlist"].match(line):
            return "iwlist"
    if all(_RE["nmcli_terse_mac"].search(line) for line in lines[:3]):
        return "nmcli"
    if all(_RE["nmcli_long"].match(line) for line in lines[:4]) and any("SSID" in line for line in lines[:6]):
        return "nmcli"
    if any(_RE["netsh_ssid"].match(line) for line in lines) and any(
        _RE["netsh_bssid"].match(line) for line in lines
    ):
        return "netsh"
    return ""


@dataclass(slots=True)
class _Heard:
    """One transmitter while its lines are read."""

    at: int
    form: Form = ACCESS_POINTS
    cells: dict[str, dict[str, None]] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)

    def add(self, column: str, value: str | None) -> None:
        """Add a value once, in order."""
        if value and (text := value.strip()):
            self.cells.setdefault(column, {})[text] = None

    def row(self) -> Row:
        """Give the record."""
        cells: dict[str, str | None] = {name: "\n".join(values) for name, values in self.cells.items()}
        cells["wifi.details"] = "\n".join(self.details)
        return self.form, f"line {self.at}", cells


class _Seen(Tally):
    """Counts transmitters that hide behind an address of their own making."""

    def __init__(self) -> None:
        super().__init__()
        self._all = 0

    def see(self, row: Row) -> Row:
        """Count one record."""
        address = row[2].get("wifi.bssid") or row[2].get("wifi.station")
        if row[0] is ACCESS_POINTS or row[0] is STATIONS:
            self._all += 1
            if address and int(address[1], 16) & 2:
                self.note("randomised_addresses", address)
        return row

    def close(self, work: Work) -> None:
        """Say how many there are."""
        work.blind_spots.extend(self.spots({"randomised_addresses": self._all}))


def _rows(work: Work) -> Iterator[Row]:
    reader = _Lines(work)
    tally = _Seen()
    for number, line in text_lines(work):
        for row in reader.feed(number, line):
            yield tally.see(row)
    for row in reader.flush():
        yield tally.see(row)
    tally.close(work)


class _Lines:
    """Understands a survey line by line; a file may hold several layouts one after the other."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._layout = ""
        self._names: list[str] = []
        self._held: _Heard | None = None
        self._ssid = ""
        self._named: int = 0
        self._network: list[str] = []
        self._given = True
        self._wps = False

    def flush(self) -> Iterator[Row]:
        """Give the record that was held back."""
        held, self._held = self._held, None
        if held is not None:
            yield held.row()
        if not self._given:
            # A network without any address below it, as `netsh` prints it without `mode=bssid`.
            self._given = True
            alone = _Heard(self._named, details=self._network)
            alone.add("wifi.ssid", self._ssid)
            yield alone.row()

    def feed(self, number: int, line: str) -> Iterator[Row]:
        """Take one line and give finished records."""
        if len(line) > _LONGEST_LINE:
            yield from self._unknown(number, line)
            return
        if not line.strip():
            if self._layout == "airodump":
                self._layout = ""
            return
        if self._begins(line):
            yield from self.flush()
        if _RE["airodump"].match(line):
            self._layout = "airodump"
            self._names = [name.strip().casefold() for name in line.split(",")]
        elif found := _RE["wigle"].match(line):
            self._layout = "wigle head"
            yield from _surveyor(number, line, found[1])
        elif found := _RE["iw"].match(line):
            self._layout, self._wps = "iw", False
            self._held = _Heard(number)
            self._held.add("wifi.bssid", normal_mac(found[1]))
            self._held.details.extend(text for text in (found[2], found[3].strip(" -")) if text)
        elif found := _RE["iwlist"].fullmatch(line):
            self._layout = "iwlist"
            self._held = _Heard(number)
            self._held.add("wifi.bssid", normal_mac(found[1]))
        elif _RE["airport_head"].match(line):
            self._layout = "airport"
        elif self._layout not in ("iw", "iwlist") and (found := _RE["netsh_bssid"].fullmatch(line)):
            self._layout = "netsh"
            self._held = _Heard(number)
            self._held.add("wifi.bssid", normal_mac(found[1]))
            self._held.add("wifi.ssid", self._ssid)
            self._held.details.extend(self._network)
            self._given = True
        elif self._layout in ("", "netsh") and (found := _RE["netsh_ssid"].fullmatch(line)):
            self._layout, self._ssid, self._named, self._network = "netsh", found[1].strip(), number, []
            self._given = False
        else:
            yield from self._inside(number, line)

    def _begins(self, line: str) -> bool:
        return self._layout not in ("", "airodump", "wigle") and bool(
            _RE["airodump"].match(line)
            or _RE["wigle"].match(line)
            or _RE["iw"].match(line)
            or _RE["iwlist"].match(line)
            or _RE["airport_head"].match(line)
            or (
                self._layout == "netsh"
                and (
                    _RE["netsh_ssid"].fullmatch(line)
                    or (self._held is not None and _RE["netsh_bssid"].fullmatch(line))
                )
            )
        )

    def _inside(self, number: int, line: str) -> Iterator[Row]:
        if self._layout == "airodump":
            row = _airodump(number, line, self._names)
            yield from (row,) if row is not None else self._unknown(number, line)
        elif self._layout == "wigle head":
            self._layout = "wigle"
            self._names = [name.strip().casefold() for name in line.split(",")]
            if "mac" not in self._names:
                yield from self._unknown(number, line)
        elif self._layout == "wigle":
            row = _wigle(number, line, self._names)
            yield from (row,) if row is not None else self._unknown(number, line)
        elif self._layout in ("iw", "iwlist", "netsh") and self._held is not None:
            self._property(number, line)
        elif self._layout == "netsh":
            self._network.append(" ".join(line.split()))
        elif self._layout == "airport" and (found := _RE["airport_row"].fullmatch(line)):
            heard = _Heard(number, details=[" ".join(found[3].split())])
            heard.add("wifi.bssid", normal_mac(found[2]))
            heard.add("wifi.ssid", found[1])
            yield heard.row()
        else:
            yield from self._nmcli(number, line)

    def _property(self, number: int, line: str) -> None:
        held = self._held
        assert held is not None
        found = _RE["labelled"].fullmatch(line)
        label = found[1].strip().casefold() if found else ""
        value = found[2].strip() if found else ""
        if self._layout == "iw":
            if label == "wps":
                self._wps = True
                inner = _RE["labelled"].fullmatch(value)
                label, value = (inner[1].strip().casefold(), inner[2].strip()) if inner else ("", "")
            elif not line.startswith(("\t\t", "   ")) and label not in _WPS:
                self._wps = False
            if label == "ssid":
                held.add("wifi.ssid", value)
                return
            if self._wps and label in _WPS:
                held.add(_WPS[label], value)
                return
        elif self._layout == "iwlist" and label == "essid":
            held.add("wifi.ssid", value.strip('"'))
            return
        if len(held.details) < _MOST_DETAILS:
            held.details.append(" ".join(line.split()))
        elif len(held.details) == _MOST_DETAILS:
            held.details.append("...")
            self._work.log.add("E125.record_has_more_than", f"line {number}", most_details=_MOST_DETAILS)

    def _nmcli(self, number: int, line: str) -> Iterator[Row]:
        if _RE["nmcli_terse_mac"].search(line) and (row := _terse(number, line)) is not None:
            yield row
            return
        if found := _RE["nmcli_long"].fullmatch(line):
            held = self._held
            key, value = found[1], found[2].strip()
            if held is None or self._layout != "nmcli long" or key in self._names:
                yield from self.flush()
                held = self._held = _Heard(number)
                self._layout, self._names = "nmcli long", []
            self._names.append(key)
            if key == "BSSID":
                held.add("wifi.bssid", normal_mac(value))
            elif key == "SSID" and value != "--":
                held.add("wifi.ssid", value)
            elif len(held.details) < _MOST_DETAILS:
                held.details.append(f"{key}: {value}")
            return
        if self._layout == "nmcli" and (found := _RE["nmcli_row"].fullmatch(line.strip())):
            heard = _Heard(number, details=[" ".join(f"{found['mode']} {found['rest']}".split())])
            heard.add("wifi.bssid", normal_mac(found["mac"] or ""))
            if found["ssid"].strip() != "--":
                heard.add("wifi.ssid", found["ssid"])
            yield heard.row()
            return
        if _RE["nmcli_head"].match(line.strip()) and "SSID" in line and normal_mac(line.strip()[:17]) is None:
            yield from self.flush()
            self._layout = "nmcli"
            return
        yield from self._unknown(number, line)

    def _unknown(self, number: int, line: str) -> Iterator[Row]:
        """Keep a line that is none of a survey; it matters when it holds an address."""
        doubtful = bool(self._layout) or re.search(_MAC, line[:_LONGEST_LINE]) is not None
        if doubtful:
            self._work.log.add("E165.kept_text", f"line {number}", line=line.strip()[:60])
        yield _LEFT_OVER, f"line {number}", {"wifi.line": line.strip()}


def _airodump(number: int, line: str, names: list[str]) -> Row | None:
    """Read one row of airodump-ng; a name may hold commas, its length stands before it."""
    station = names[0] != "bssid"
    last = "probed essids" if station else "essid"
    place = names.index(last) if last in names else len(names) - 1
    parts = line.split(",", place)
    address = normal_mac(parts[0])
    if address is None or len(parts) <= place:
        return None
    values = dict(zip(names, (part.strip() for part in parts), strict=False))
    tail = parts[place]
    heard = _Heard(number, STATIONS if station else ACCESS_POINTS)
    heard.add("wifi.station" if station else "wifi.bssid", address)
    heard.add("seen_at", values.get("last time seen"))
    if station:
        heard.add("wifi.probed", tail)
        linked = normal_mac(values.get("bssid", ""))
        heard.add("wifi.access_point", linked)
    else:
        name, key = tail.removeprefix(" "), ""
        length = values.get("id-length", "")
        if length.isdecimal() and len(length) <= 3:
            raw = name.encode("utf-8", "replace")
            name, key = (
                raw[: int(length)].decode("utf-8", "replace"),
                raw[int(length) :].decode("utf-8", "replace"),
            )
        elif "," in name:
            name, key = name.rsplit(",", 1)
        heard.add("wifi.ssid", name.strip("\0"))
        heard.add("wifi.ip", normal_ip(values.get("lan ip", "").replace(" ", "")))
        if heard.cells.get("wifi.ip") == {"0.0.0.0": None}:  # noqa: S104  an address that was not seen
            del heard.cells["wifi.ip"]
        if key.strip(" ,"):
            heard.details.append(f"key:{key}")
    passed = {names[0], last, "last time seen", "lan ip", "id-length"}
    heard.details.extend(f"{name}: {value}" for name, value in values.items() if value and name not in passed)
    return heard.row()


def _surveyor(number: int, line: str, version: str) -> Iterator[Row]:
    """Give the telephone that made a WiGLE file: it is one of the survey's own devices."""
    values: dict[str, str] = {}
    for part in line.split(",")[1:]:
        key, sign, value = part.partition("=")
        if sign and value.strip():
            values.setdefault(key.strip().casefold(), value.strip())
    if values:
        rest = [f"{key}={value}" for key, value in values.items() if key not in ("brand", "model", "display")]
        yield (
            SURVEYOR,
            f"line {number}",
            {
                "maker": values.get("brand"),
                "model": values.get("model"),
                "firmware": values.get("display"),
                "details": " ".join([f"WigleWifi-{version}", *rest]),
            },
        )


def _wigle(number: int, line: str, names: list[str]) -> Row | None:
    try:
        parts = next(csv.reader([line]), [])
    except csv.Error:
        return None
    values = dict(zip(names, parts, strict=False))
    kind = values.get("type", "WIFI").strip().upper() or "WIFI"
    address = normal_mac(values.get("mac", ""))
    if address is None and kind == "WIFI":
        return None
    heard = _Heard(number, ACCESS_POINTS if kind == "WIFI" else STATIONS)
    heard.add("wifi.bssid" if kind == "WIFI" else "wifi.station", address)
    heard.add("wifi.ssid", values.get("ssid"))
    heard.add("seen_at", values.get("firstseen"))
    passed = {"ssid", "firstseen"} | ({"mac"} if address else set())
    heard.details.extend(f"{name}: {value}" for name, value in values.items() if value and name not in passed)
    heard.details.extend(value for value in parts[len(names) :] if value)
    return heard.row()


def _terse(number: int, line: str) -> Row | None:
    """Read a line of `nmcli -t`: values with colons between, and a backslash before a colon inside a value."""
    parts = [
        part.replace("\\:", ":").replace("\\\\", "\\") for part in re.split(r"(?<!\\):", line.strip("\r\n"))
    ]
    place = next((where for where, part in enumerate(parts) if normal_mac(part) is not None), None)
    if place is None:
        return None
    # The name stands before or after the address, whichever columns were asked for.
    after = parts[place + 1] if place + 1 < len(parts) else ""
    before = parts[place - 1] if place else ""
    named = (
        place - 1
        if after in _NMCLI_MODES or not after or before not in ("", "*", " ", "yes", "no")
        else place + 1
    )
    heard = _Heard(number)
    heard.add("wifi.bssid", normal_mac(parts[place]))
    if 0 <= named < len(parts):
        heard.add("wifi.ssid", parts[named])
    heard.details.append(
        " ".join(part for where, part in enumerate(parts) if part.strip() and where not in (place, named))
    )
    return heard.row()


# --- Kismet --------------------------------------------------------------------------------------------


def _kismet_rows(work: Work) -> Iterator[Row]:
    tally = _Seen()
    for pointer, value in json_records(work):
        if not isinstance(value, dict) or _KISMET not in value:
            if value not in ("", None) and not isinstance(value, dict):
                yield _LEFT_OVER, pointer, {"wifi.line": str(value)}
            elif value:
                yield _LEFT_OVER, pointer, {"wifi.line": _flat(value)}
            continue
        yield tally.see(_kismet(pointer, value))
    tally.close(work)


def _flat(value: dict[str, Any]) -> str:
    return " ".join(f"{key}: {item}" for key, item in value.items() if not isinstance(item, dict | list))


def _kismet(pointer: str, value: dict[str, Any]) -> Row:
    kind = str(value.get("kismet.device.base.type") or "")
    station = "ap" not in kind.casefold().split() and bool(kind)
    heard = _Heard(0, STATIONS if station else ACCESS_POINTS)
    heard.add("wifi.station" if station else "wifi.bssid", normal_mac(str(value[_KISMET])))
    heard.add("seen_at", instant(str(value.get("kismet.device.base.last_time") or "")))
    waiting: list[tuple[str, Any]] = list(reversed(value.items()))
    for _ in range(_MOST_VALUES):
        if not waiting:
            break
        key, item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend((str(name), inner) for name, inner in reversed(item.items()))
        elif isinstance(item, list):
            waiting.extend((key, inner) for inner in reversed(item))
        elif item not in (None, "", True, False):
            text = str(item)
            column = _KISMET_COLUMNS.get(key, "")
            if column == "wifi.ssid" and normal_mac(text) is not None:
                continue  # Kismet calls what has no name by its address
            if column in heard.form.columns:
                heard.add(column, text)
            elif any(map(str.isalpha, text)) and not _RE["kismet_passed"].search(key) and key != _KISMET:
                heard.details.append(f"{key}: {text}")
    row = heard.row()
    return row[0], pointer, row[2]
