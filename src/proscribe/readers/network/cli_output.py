"""What network devices print on their command line: version, inventory, serial numbers, LLDP and CDP neighbours.

A transcript is taken apart at its prompts. What a device says of itself becomes one record per device;
each neighbour it names, and each entry of its ARP and MAC tables, one record of another table; modules
with part and serial numbers a third. Output of other commands, such as a configuration, is kept line by
line and not matched, because it names the makers of other devices; names in it are reported.

Layouts: Huawei VRP and SmartAX, ZTE ZXROS, H3C and HPE Comware, Cisco IOS, NX-OS and their kin, Junos,
Arista, lldpd (`lldpcli` as text, keyvalue and JSON).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from proscribe.readers._fixed import FixedReading, Row, Work, declared, left_over, text_lines
from proscribe.readers._grammar import grammar, longest_of
from proscribe.readers._values import json_events, nothing_found
from proscribe.readers._view import first_character
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import find_mac, macs_in, normal_ip, normal_mac
from proscribe.readers.network.neighbours import NeighbourLines, without_mac

_GRAMMAR = grammar("network/grammars/cli.yml")
_RE = _GRAMMAR.patterns
_CHOICES = _GRAMMAR.choices

DEVICES = declared(_GRAMMAR, "devices")
NEIGHBOURS = declared(_GRAMMAR, "neighbours")
MODULES = declared(_GRAMMAR, "modules")
OTHER = declared(_GRAMMAR, "other")
_LEFT_OVER = left_over("neighbours")

#: Bound of what one device says of itself, in characters.
_DEVICE_TEXT = 131_072
_DEVICES = 256
_KEYED = 20_000
_NO_COMMAND = "(prompt)"
_LONGEST_LINE = 4096

_VERB = r"(?:dis|disp|displ|display|sh|sho|show|lldpcli|get|diagnose)"


# --- neighbours -----------------------------------------------------------------------------------
_TARGET = _GRAMMAR.maps["target"]
_KNOWN = _GRAMMAR.words["kept"].union(_TARGET)
_NOTHING = _GRAMMAR.words["nothing"]
_WRAP = 57  # width after which Comware breaks a value


_BRIEF_ROLE = _GRAMMAR.maps["brief"]
_BRIEF = re.compile(longest_of(_BRIEF_ROLE), re.I)
#: Parts of the inventory of LLDP-MED, by the column of each.
_INVENTORY = {"manufacturer": "maker", "model": "model", "serial": "serial_number", "asset": "asset_tag"}
_KEYVALUE_TARGET = _GRAMMAR.maps["keyvalue_target"]

# --- ONTs behind an access node ---------------------------------------------------------------------
_ONT_TARGET = _GRAMMAR.maps["ont_target"]

# --- modules --------------------------------------------------------------------------------------
_MANU_ROLE = _GRAMMAR.maps["manu_role"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """Where a command begins: at a prompt, or at a title that names it.

    Attributes:
        host: name in the prompt, or empty.
        command: what was typed; empty when nothing was.
        shown: whether a prompt stands there.
    """

    host: str
    command: str
    shown: bool


def read_prompt(line: str, known: str) -> Prompt | None:
    """Tell a prompt, a title that names a command, or a command that stands alone.

    Args:
        line: the line.
        known: name of the device whose prompt was seen last, or empty.
    """
    if line[:1] in "<[" or "#" in line[:80] or ">" in line[:80] or "$" in line[:80]:
        found = _RE["prompt"].match(line)
        if found and not (line[:1] == "[" and "=" in line):
            command = found.group("command").strip()
            host = (found.group("vrp") or found.group("ios") or "").strip("~* ")
            host = re.sub(r"\([\w-]*\)$", "", host).split("-diagnose")[0]
            if found.group("ios") and "@" in line:
                host = line.split("@", 1)[1].split(">")[0].split("#")[0].strip()
            if not re.match(r"\w[\w.-]*", host) or host.lower() in ("rp", "gmt"):
                host = ""
            # Words such as `no` and `set` open a command only behind a prompt that is known.
            asks = re.match(rf"{_VERB}\b", command) is not None
            # A name in angle brackets alone may be a tag of XML.
            empty = not command and line[:1] == "<" and line[-1:] == ">" and host == known != ""
            if asks or empty or (command and (host == known or line[:1] == "<")):
                return Prompt(host, command, True)
    if known and line.strip()[-1:] in "#>]" and line.strip("<>[]#~* ") == known:
        return Prompt(known, _NO_COMMAND, True)
    if title := _RE["title"].match(line) or _RE["bare"].match(line):
        return Prompt("", title.group("command").strip(), False)
    return None


def brief_header(line: str) -> list[tuple[str, int]]:
    """Give the columns of the header of a brief LLDP or CDP listing, empty when the line is none."""
    if len(line) > 240 or "  " not in line or ":" in line or find_mac(line):
        return []
    found = [(_BRIEF_ROLE[item.group().lower()], item.start()) for item in _BRIEF.finditer(line)]
    roles = [role for role, _ in found]
    covered = sum(len(item.group().replace(" ", "")) for item in _BRIEF.finditer(line))
    if covered * 10 < 8 * len(line.replace(" ", "")):
        return []
    named = "hostname" in roles or "chassis" in roles
    return found if named and ("port" in roles or "its port" in roles) and len(found) >= 3 else []


@dataclass(slots=True)
class _Device:
    """What one device said of itself so far."""

    line: int
    found: dict[str, list[str]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    size: int = 0
    commands: list[str] = field(default_factory=list)
    version_lines: int = 0
    _ranks: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, value: str, rank: int = 0) -> None:
        """Note a value once. The first one is the device's, unless a line that says it better comes later."""
        values = self.found.setdefault(name, [])
        if not value or value in values or len(values) >= 1_000:
            return
        if values and rank < self._ranks.get(name, 0):
            values.insert(0, value)
        else:
            values.append(value)
        self._ranks[name] = min(rank, self._ranks.get(name, rank))


class Transcript:
    """Takes transcripts apart line by line, and gives rows as soon as they are complete."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._host = ""
        self._command = ""
        self._devices: dict[str, _Device] = {}
        self._neighbour: dict[str, str] | None = None
        self._neighbour_line = 0
        self._long = ""
        self._wrapped = False
        self._port = ""
        self._ont: dict[str, str] | None = None
        self._ont_line_number = 0
        self._keyed: dict[str, tuple[int, dict[str, str]]] = {}
        self._brief: list[tuple[str, int]] = []
        self._brief_name: tuple[int, str] | None = None
        self._arp: NeighbourLines | None = None
        self._module: dict[str, str] = {}
        self._module_line = 0
        self._module_place = ""
        self._columns: str = ""
        self.neighbours = 0
        self.neighbours_bare = 0
        self.unknown = 0
        self.prompts = 0
        self.own_lines = 0

    # -- driving

    def feed(self, number: int, raw: str) -> Iterator[Row]:
        """Take one line and give the rows it completes."""
        line = _RE["ansi"].sub("", raw) if "\x1b" in raw or "\x08" in raw or "\x07" in raw else raw
        line = _RE["pager"].sub("", line) if "ore" in line[:20] else line
        line = line.rstrip()
        if len(line) > _LONGEST_LINE:
            yield from self._other(number, line)
            return
        prompt = read_prompt(line, self._host)
        if prompt is not None:
            yield from self._end_blocks()
            command = self._command = prompt.command
            self._host = prompt.host or self._host
            self.prompts += prompt.shown
            if command not in ("", _NO_COMMAND) and len(device := self._device(number).commands) < 200:
                device.append(command)
            return
        if not line.strip():
            if self._long and self._neighbour is not None and self._neighbour.get(self._long):
                self._long = ""
            yield from self._lone_name()
            return
        if "lldp." in line and (found := _RE["keyvalue"].match(line)):
            self._keyvalue(number, *found.groups())
            if len(self._keyed) > _KEYED:
                oldest = next(iter(self._keyed))
                yield self.neighbour(*self._keyed.pop(oldest))
            return
        yield from self._line(number, line)

    def _line(self, number: int, line: str) -> Iterator[Row]:
        if self._opens_neighbour(line):
            yield from self._end_listing()
            self._start_neighbour(number, line)
        elif found := _RE["has"].match(line) or _RE["detected"].match(line) or _RE["of_port"].match(line):
            yield from self._end_listing()
            self._port = found.group(1)
        elif header := brief_header(line):
            yield from self._end_listing()
            self._brief = header
        elif self._neighbour is not None:
            self._neighbour_line_of(line)
        elif self._brief:
            yield from self._brief_row(number, line)
        else:
            yield from self._plain_line(number, line)

    def _plain_line(self, number: int, line: str) -> Iterator[Row]:
        """Take a line that is none of a listing of neighbours in detail or in brief."""
        if not self._command or "ont" in self._command:
            taken, done = self._ont_line(number, line)
            yield from done
            if taken:
                return
        owns = self._owns()
        asked = not owns and not _RE["settings"].search(self._command)
        if self._arp is None and (asked or (not self._command and self._looks_like_table(line))):
            self._arp = NeighbourLines()
        if self._arp is not None:
            entries = self._arp.feed(number, line)
            if entries is None and owns:
                entries, headers, self._arp = self._arp.flush(), 0, None
            else:
                headers = self._arp.headers
            for at, entry in entries or ():
                yield self.neighbour(at, entry)
            if self._arp is not None and entries is not None and (headers or entries or not owns):
                return
        if _RE["around"].fullmatch(line):
            return
        yield from self._own(number, line) if owns else self._other(number, line)

    def _looks_like_table(self, line: str) -> bool:
        probe = NeighbourLines()
        return len(line) < 200 and "  " in line and probe.is_header(line)

    def _owns(self) -> bool:
        """Tell whether the command at work makes the device speak of itself."""
        if not self._command:
            return True
        return _RE["own"].search(self._command) is not None and _RE["not_own"].search(self._command) is None

    def finish(self) -> Iterator[Row]:
        """Give everything that was held back."""
        yield from self._end_blocks()
        for _, (line, entry) in self._keyed.items():
            yield self.neighbour(line, entry)
        self._keyed = {}
        for host in list(self._devices):
            yield from self._end_device(host)

    def _end_blocks(self) -> Iterator[Row]:
        yield from self._end_listing()
        yield from self._end_module()
        self._port, self._columns = "", ""
        self._module_place = ""

    # -- the device itself

    def _device(self, number: int) -> _Device:
        device = self._devices.get(self._host)
        if device is None:
            device = self._devices[self._host] = _Device(number)
        return device

    def _own(self, number: int, line: str) -> Iterator[Row]:
        yield from self._modules(number, line)
        if len(self._devices) >= _DEVICES and self._host not in self._devices:
            yield from self._end_device(next(iter(self._devices)))
        device = self._device(number)
        first = _RE["first_line"].match(line) is not None
        if first and device.version_lines and not self.prompts and device.size > 120:
            # A second version text without a prompt between: the outputs of several devices in one file.
            yield from self._end_module()
            yield from self._end_device(self._host)
            device = self._device(number)
        device.version_lines += first
        self.own_lines += 1
        if device.size < _DEVICE_TEXT:
            device.text.append(line.strip())
            device.size += len(line) + 1
            if device.size >= _DEVICE_TEXT:
                self._work.log.add("E125.device_says_more_than", f"line {number}", device_text=_DEVICE_TEXT)
        else:
            yield from self._other(number, line)
        for name, patterns in (
            ("model", _CHOICES["model"]),
            ("serial_number", _CHOICES["serial"]),
            ("hostname", _CHOICES["name"]),
            ("firmware.version", _CHOICES["version"]),
        ):
            for rank, pattern in enumerate(patterns):
                if found := pattern.search(line):
                    value = found.group(1).strip()
                    if name == "hostname" and value.upper() in ("HUAWEI", "QUIDWAY", "SYSTEM", "MPU", "SLOT"):
                        continue
                    device.add(name, value, rank)
                    break
        if (found := _RE["maker_line"].match(line)) and found.group(1).upper() not in ("NONE", "NULL"):
            device.add("maker", found.group(1))
        if _RE["own_mac"].search(line):
            for mac in macs_in(line):
                device.add("mac", mac)

    def _end_device(self, host: str) -> Iterator[Row]:
        device = self._devices.pop(host)
        if not device.text and not host and not device.found:
            return
        name = host or "".join(device.found.get("hostname", [])[:1])
        if not name and not device.found and not device.version_lines and self.neighbours:
            # A neighbour listing with words around it, not a device that speaks of itself.
            self._work.log.add(
                "E165.lines_kept_text", f"line {device.line}", lossy=False, count=len(device.text)
            )
            yield _LEFT_OVER, f"line {device.line}", {"line": "\n".join(device.text)}
            return
        first = {key: values[0] for key, values in device.found.items() if values and key != "mac"}
        yield (
            DEVICES,
            f"line {device.line}",
            {
                **first,
                "hostname": name,
                "mac": "\n".join(device.found.get("mac", [])[:256]),
                "cli.output": "\n".join(device.text),
                "commands": "; ".join(device.commands),
            },
        )

    def _modules(self, number: int, line: str) -> Iterator[Row]:
        if found := _RE["inventory"].match(line):
            yield from self._end_module()
            self._module = {"slot": found.group(1), "product": found.group(2)}
            self._module_line = number
            return
        if self._module and (found := _RE["pid"].match(line)):
            self._module.update(model=found.group(1), serial_number=found.group(3))
            yield from self._end_module()
            return
        if _RE["junos_hardware"].match(line):
            self._columns = "junos"
            return
        if _RE["board_serials"].match(line):
            self._columns = "boards"
            return
        if self._columns == "boards":
            words = line.split()
            if len(words) == 3 and words[0].isdigit() and words[2] != "--":
                yield self._module_row(
                    number, {"slot": f"slot {words[0]}", "model": words[1], "serial_number": words[2]}
                )
            return
        if self._columns == "junos":
            if found := re.match(
                r"^(\s*\S.{0,15}?)\s{2,}(?:(?i:rev) \S+\s+)?(\S+)?\s{2,}(\S+)\s{2,}(\S.*)$", line
            ):
                place, part, serial, text = (item or "" for item in found.groups())
                yield self._module_row(
                    number,
                    {
                        "slot": place.strip(),
                        "model": "" if part == "BUILTIN" else part,
                        "serial_number": "" if serial == "BUILTIN" else serial,
                        "product": text,
                    },
                )
            return
        place = _RE["slot"].match(line) or _RE["block"].match(line)
        if place is not None:
            yield from self._end_module()
            self._module_place = place.group(1)
            return
        if found := _RE["manu"].match(line):
            role = _MANU_ROLE.get(found.group(1))
            value = found.group(2)
            if role == "model" and self._module.get("model"):
                yield from self._end_module()
            if role and value and value.upper() not in ("NONE", "NULL"):
                if self._module_place:
                    self._module.setdefault("slot", self._module_place)
                self._module_line = self._module_line or number
                self._module[role] = (normal_mac(value) or "") if role == "mac" else value

    def _module_row(self, number: int, module: dict[str, str]) -> Row:
        device = self._host or f"device of line {self._device(number).line}"
        return MODULES, f"line {number}", {**module, "device": device}

    def _end_module(self) -> Iterator[Row]:
        module, self._module = self._module, {}
        line, self._module_line = self._module_line, 0
        if (
            any(module.get(name) for name in ("model", "serial_number", "mac"))
            or {"product", "slot"} <= module.keys()
        ):
            yield self._module_row(line, module)

    def _other(self, number: int, line: str) -> Iterator[Row]:
        self.unknown += 1
        serial = _RE["ont_serial"].search(line[:_LONGEST_LINE])
        yield (
            OTHER,
            f"line {number}",
            {
                "hostname": self._host,
                "command": self._command,
                "serial_number": serial.group(1).replace("-", "").upper() if serial else "",
                "mac": "\n".join(macs_in(line[:_LONGEST_LINE])[:64])
                if find_mac(line[:_LONGEST_LINE])
                else "",
                "output": line.strip(),
            },
        )

    # -- neighbours in detail

    def _end_listing(self) -> Iterator[Row]:
        """Give what is held back of the listing that ends here."""
        yield from self._end_neighbour()
        yield from self._lone_name()
        yield from self._end_ont()
        if self._arp is not None:
            for at, entry in self._arp.flush():
                yield self.neighbour(at, entry)
        self._brief, self._arp = [], None

    def _opens_neighbour(self, line: str) -> bool:
        if self._long and line[:1] in " \t":
            return False
        if _RE["openers"].match(line):
            return not re.match(r"^Device ID\s{2,}|^Local Interface\s{2,}\S+\s{2,}[^:]*$", line)
        if self._neighbour is not None and re.match(r"^\s*(?:- )?Chassis ?id\s*:", line, re.I):
            return "chassis" in self._neighbour
        return bool(self._neighbour is None and re.match(r"^(?:Chassis id|Chassis type)\s*:", line, re.I))

    def _start_neighbour(self, number: int, line: str) -> None:
        self._neighbour, self._neighbour_line, self._long = {"port": self._port}, number, ""
        found = re.match(r"^Interface:\s+(\S+), via: (\w+)", line)
        if found:
            self._neighbour["port"] = found.group(1).rstrip(",")
            return
        if re.match(
            r"^\s*(?:Neighbor \S+/|LLDP Neighbou?r Information)|\s*(?:LLDP )?Neighbou?r index", line, re.I
        ):
            return
        self._neighbour_line_of(line)

    def _neighbour_line_of(self, line: str) -> None:
        neighbour = self._neighbour
        if neighbour is None:
            return
        found = _RE["key"].match(line)
        key = found.group(1).strip().lower() if found else ""
        value = found.group(2).strip() if found else ""
        if found is None or (key not in _KNOWN and self._long):
            text = line.strip()
            if self._long:
                self._continue(neighbour, line, text)
            elif text and not re.fullmatch(r"[-=*\s]+", text):
                self._note(neighbour, text)
            return
        target = _TARGET.get(key)
        if key == "interface" and "port id (outgoing port)" in line.lower():
            port, _, its = value.partition(",")
            neighbour["port"] = port.strip()
            neighbour["its port"] = its.partition(":")[2].strip()
            self._long = ""
            return
        if key == "platform":
            value = value.split(",  Capabilities", 1)[0].split(", Capabilities", 1)[0].strip(" ,")
        if key == "version" and "snmp.sysdescr" not in neighbour:
            self._long, self._wrapped = "snmp.sysdescr", False
            neighbour["snmp.sysdescr"] = value
            return
        self._long = ""
        if key == "management addresses" and value.startswith("IP: "):
            target, value = "ip", value[4:]
        if target is None:
            if value.lower() not in _NOTHING:
                self._note(neighbour, f"{key}: {value}")
            return
        value = value.strip('"')
        if target == "snmp.sysdescr":
            self._long, self._wrapped = target, len(value) >= _WRAP
            if value.lower() not in _NOTHING:
                neighbour[target] = value
            return
        if value.lower() in _NOTHING:
            return
        self._put(neighbour, target, value)

    def _continue(self, neighbour: dict[str, str], line: str, text: str) -> None:
        before = neighbour.get(self._long, "")
        if len(before) > 16_384:
            self._note(neighbour, text)
            return
        deep = len(line) - len(line.lstrip()) >= 20
        glue = "" if deep and self._wrapped else "\n"
        neighbour[self._long] = f"{before}{glue}{text}" if before else text
        self._wrapped = deep and len(text) >= _WRAP

    def _put(self, neighbour: dict[str, str], target: str, value: str) -> None:
        if target in ("chassis", "other mac", "its port"):
            bare = re.sub(r"^(?:mac|local|ifname|ifalias|ip|component)\s+", "", value).strip('"')
            mac = normal_mac(bare)
            if mac:
                have = neighbour.get("mac", "")
                if mac not in have.split("\n"):
                    neighbour["mac"] = f"{have}\n{mac}".strip()
            elif target == "chassis" and (address := normal_ip(bare)):
                neighbour.setdefault("ip", address)
            if target == "chassis":
                neighbour["chassis"] = bare
            elif target == "its port":
                neighbour["its port"] = bare
            elif mac is None:
                self._note(neighbour, value)
        elif target == "ip":
            address = normal_ip(value)
            if address is None or ("ip" in neighbour and address != neighbour["ip"]):
                if value:
                    self._note(neighbour, f"address {value}")
            else:
                neighbour["ip"] = address
        elif target == "port text":
            self._note(neighbour, f"port description: {value}")
        elif target not in neighbour or not neighbour[target]:
            neighbour[target] = value
        elif neighbour[target] != value:
            self._note(neighbour, value)

    def _note(self, neighbour: dict[str, str], text: str) -> None:
        have = neighbour.get("other words", "")
        if len(have) < 16_384:
            neighbour["other words"] = f"{have}; {text}" if have else text
        else:
            self._work.log.add("E125.neighbour_s_other_values", f"line {self._neighbour_line}")

    def _end_neighbour(self) -> Iterator[Row]:
        neighbour, self._neighbour = self._neighbour, None
        self._long = ""
        if neighbour is None:
            return
        if any(
            neighbour.get(name) for name in ("mac", "hostname", "chassis", "ip", "snmp.sysdescr", "platform")
        ):
            yield self.neighbour(self._neighbour_line, neighbour)
        elif neighbour.get("other words"):
            yield (
                OTHER,
                f"line {self._neighbour_line}",
                {
                    "hostname": self._host,
                    "command": self._command,
                    "output": neighbour["other words"],
                },
            )

    def neighbour(self, line: int, entry: dict[str, str]) -> Row:
        """Give a neighbour as a row of its table, whatever listing named it."""
        self.neighbours += 1
        self.neighbours_bare += not entry.get("mac")
        row = {name: text for name, text in entry.items() if name in NEIGHBOURS.columns and text}
        chassis = entry.get("chassis", "")
        if (
            chassis
            and normal_mac(chassis) is None
            and normal_ip(chassis) is None
            and chassis != row.get("hostname")
        ):
            if "hostname" in row:
                row["other words"] = f"chassis {chassis}; {row.get('other words', '')}".strip("; ")
            else:
                row["hostname"] = chassis
        if named_mac := normal_mac(row.get("hostname", "")):
            row.setdefault("mac", named_mac)
            del row["hostname"]
        if "hostname" in row:
            phone = re.fullmatch(r"(?:SEP|ATA)([0-9A-F]{12})", row["hostname"])
            if phone and "mac" not in row:
                row["mac"] = normal_mac(phone.group(1)) or ""
            # NX-OS and others put the serial number behind the name.
            if named := re.fullmatch(r"(\S+)\(([A-Z0-9]{8,16})\)", row["hostname"]):
                row["hostname"] = named.group(1)
                row.setdefault("serial_number", named.group(2))
        row["seen by"] = self._host
        return NEIGHBOURS, f"line {line}", row

    def _keyvalue(self, number: int, port: str, key: str, value: str) -> None:
        entry = self._keyed.setdefault(port, (number, {"port": port}))[1]
        target = _KEYVALUE_TARGET.get(key)
        if target == "snmp.sysdescr":
            entry[target] = value
        elif target and value.lower() not in _NOTHING:
            self._put(entry, target, value)
        elif value:
            self._note(entry, f"{key}: {value}")

    # -- ONTs

    def _ont_line(self, number: int, line: str) -> tuple[bool, list[Row]]:
        """Read a line of an ONT listing; tell whether it was one, and give the rows it completes."""
        if found := _RE["ont_port"].match(line):
            done = self._end_ont()
            self._port = (found.group(1) or found.group(2)).replace(" ", "")
            if found.group(1):
                self._ont, self._ont_line_number = {"port": self._port, "state": "ont"}, number
            return True, done
        if self._port and (row := _RE["ont_row"].match(line)):
            place, serial, model, rest = row.groups()
            entry = {"port": f"{self._port}/{place}", "state": "ont", "serial_number": serial, "model": model}
            return True, [self.neighbour(number, {**entry, "other words": rest})]
        if self._ont is None:
            return False, []
        named = _RE["ont_field"].match(line)
        if named is None:
            return False, self._end_ont() if _RE["around"].fullmatch(line) else []
        key, value = named.group(1).lower(), named.group(2)
        target = _ONT_TARGET.get(key)
        if not value or value in ("-", "--"):
            return True, []
        if target == "mac" and (mac := normal_mac(value)):
            self._ont["mac"] = mac
        elif target in ("maker", "model"):
            self._ont[target] = value
        else:
            if target == "serial_number":
                # The readable form stands in brackets: 48575443... (HWTC-...).
                self._ont[target] = value.split(" ", 1)[0]
            self._note(self._ont, f"{key}: {value}")
        return True, []

    def _end_ont(self) -> list[Row]:
        ont, self._ont = self._ont, None
        if ont is None or not any(ont.get(name) for name in ("serial_number", "mac", "model", "maker")):
            return []
        return [self.neighbour(self._ont_line_number, ont)]

    # -- brief tables

    def _lone_name(self) -> Iterator[Row]:
        """Keep a line that looked like the first half of a row when no second half came."""
        held, self._brief_name = self._brief_name, None
        if held is not None:
            yield from self._other(*held)

    def _brief_row(self, number: int, line: str) -> Iterator[Row]:
        if re.fullmatch(r"[-=+\s]+", line) or re.match(
            r"\s*(?:Total|Capability|Chassis ID :|Scope codes)", line, re.I
        ):
            return
        chunks = [(item.group(), item.start()) for item in re.finditer(r"\S+(?: \S+)*", line)]
        if len(chunks) == 1 and chunks[0][1] == 0 and len(chunks[0][0]) >= self._brief[1][1] - 2:
            # A name too long for its column stands on a line of its own.
            yield from self._lone_name()
            self._brief_name = (number, chunks[0][0])
            return
        entry: dict[str, str] = {}
        if self._brief_name is not None and line[:1] in " \t":
            entry["hostname"] = self._brief_name[1]
            self._brief_name = None
        yield from self._lone_name()
        if len(chunks) == len(self._brief) and "hostname" not in entry:
            placed = [(role, text) for (role, _), (text, _) in zip(self._brief, chunks, strict=True)]
        else:
            words = [(item.group(), item.start()) for item in re.finditer(r"\S+", line)]
            cells: dict[int, list[str]] = {}
            for text, at in words:
                column = max((n for n, (_, start) in enumerate(self._brief) if start <= at + 2), default=0)
                cells.setdefault(column, []).append(text)
            placed = [(self._brief[column][0], " ".join(texts)) for column, texts in cells.items()]
        for role, text in placed:
            if not role or text in ("-", "--"):
                if not role and text.strip("- "):
                    self._note(entry, text)
                continue
            self._put(entry, role, text)
        if any(entry.get(name) for name in ("hostname", "mac", "chassis")) and (
            "port" in entry or "its port" in entry
        ):
            yield self.neighbour(number, entry)
        else:
            yield from self._other(number, line)


def _rows(work: Work) -> Iterator[Row]:
    transcript = Transcript(work)
    for number, line in text_lines(work):
        yield from transcript.feed(number, line)
    yield from transcript.finish()
    without_mac(work, transcript.neighbours_bare, transcript.neighbours)


def _lldp_json(value: Any) -> Iterator[dict[str, str]]:
    """Find the neighbours in the JSON of `lldpcli`, in both its shapes."""
    interfaces = value.get("lldp", {}) if isinstance(value, dict) else {}
    if isinstance(interfaces, list):
        interfaces = {
            "interface": [
                item for part in interfaces if isinstance(part, dict) for item in part.get("interface", [])
            ]
        }
    found = interfaces.get("interface", []) if isinstance(interfaces, dict) else []
    items: list[tuple[str, Any]] = []
    for part in found if isinstance(found, list) else [found]:
        if isinstance(part, dict):
            if "chassis" in part or "via" in part:
                items.append((str(part.get("name", "")), part))
            else:
                items += [(name, inner) for name, inner in part.items() if isinstance(inner, dict)]
    for port, item in items:
        chassis = _object(item.get("chassis"))
        name = ""
        if "id" not in chassis and len(chassis) == 1:
            name, inner = next(iter(chassis.items()))
            chassis = _object(inner)
        far = _object(item.get("port"))
        inventory = _object(_object(item.get("lldp-med")).get("inventory"))
        entry = {
            "port": port,
            "chassis": _plain(chassis.get("id")),
            "hostname": _plain(chassis.get("name")) or name,
            "snmp.sysdescr": _plain(chassis.get("descr")),
            "ip": _plain(chassis.get("mgmt-ip")),
            "its port": _plain(far.get("id")),
            "other words": _plain(far.get("descr")),
            **{column: _plain(inventory.get(key)) for key, column in _INVENTORY.items()},
        }
        macs = (normal_mac(entry["chassis"]), normal_mac(entry["its port"]))
        entry["mac"] = "\n".join(dict.fromkeys(mac for mac in macs if mac))
        yield {name: text for name, text in entry.items() if text}


def _object(value: Any) -> dict[str, Any]:
    """Give an object that lldpd may also write as a list of one."""
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> str:
    """Give the text of a value that lldpd writes as a string, an object or a list of objects."""
    if isinstance(value, list):
        return _plain(value[0]) if value else ""
    if isinstance(value, dict):
        return _plain(value.get("value", ""))
    return "" if value is None else str(value)


def _json_rows(work: Work) -> Iterator[Row]:
    total = bare = 0
    transcript = Transcript(work)
    for pointer, value in json_events(work, whole=True):
        entries = list(_lldp_json(value))
        for entry in entries:
            total, bare = total + 1, bare + ("mac" not in entry)
            form, _, row = transcript.neighbour(0, entry)
            yield form, pointer or "document", row
        if not entries:
            yield nothing_found(work, _LEFT_OVER, "E165.no_neighbour_found_part", pointer, value)
    without_mac(work, bare, total)


#: Lines by which a device gives itself away, and what they weigh.
_SIGNS = (
    *((pattern, weight) for weight in (3, 2, 1) for pattern in _CHOICES[f"signs_{weight}"]),
    *(
        (_RE[name], 3)
        for name in ("junos_hardware", "board_serials", "has", "detected", "of_port", "keyvalue")
    ),
)


def _score(lines: list[str]) -> int:
    """Add up the signs of command line output in the first lines; each sign counts once."""
    seen: set[int] = set()
    total = 0
    for line in lines:
        line = line.rstrip()
        if not line or len(line) > 512:
            continue
        for number, (pattern, weight) in enumerate(_SIGNS):
            if number not in seen and pattern.search(line):
                seen.add(number)
                total += weight
        if total >= 6:
            return total
        prompt = read_prompt(line, "")
        if prompt is not None:
            # A prompt with a command that devices know says it alone; a title needs other signs.
            if (
                -1 not in seen
                and prompt.shown
                and prompt.command
                and (line[:1] == "<" or _RE["bare"].match(prompt.command))
            ):
                seen.add(-1)
                total += 3
        elif -2 not in seen and brief_header(line):
            seen.add(-2)
            total += 3
    return total


class CliOutput:
    """Reader of what network devices print on their command line."""

    name = "cli"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 94 when several lines are such as devices print, else 0."""
        if head.view is None:
            return 0
        if head.start[:1] == "{":
            first = head.first_value
            told = isinstance(first, dict) and isinstance(first.get("lldp"), dict | list)
            return 95 if told or (first is None and '"lldp"' in head.start[:200]) else 0
        lines = [_RE["ansi"].sub("", line) for line in head.view.text.split(head.view.newline)[:800]]
        return 94 if _score(lines) >= 3 and not head.is_headed_table else 0

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open a transcript."""
        return FixedReading(
            source,
            options,
            self.name,
            _json_rows if first_character(source) == "{" else _rows,
            (DEVICES, NEIGHBOURS, MODULES, OTHER, _LEFT_OVER),
        )
