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

from proscribe.readers._fixed import FixedReading, Form, Row, Work, left_over, text_lines
from proscribe.readers._values import json_events
from proscribe.readers._view import first_character
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import find_mac, macs_in, normal_ip, normal_mac
from proscribe.readers.network.neighbours import NeighbourLines, without_mac

DEVICES = Form(
    None,
    "management",
    {
        "hostname": "hostname",
        "maker": "maker_name",
        "model": "model_number",
        "serial_number": "serial_number",
        "mac": "mac",
        "firmware.version": "banner",
        "cli.output": "banner",
        "commands": "note",
    },
)
#: `snmp.sysdescr` holds the LLDP system description, which IEEE 802.1AB asks to be the SNMP sysDescr, or
#: the version text of CDP.
NEIGHBOURS = Form(
    "neighbours",
    "neighbours",
    {
        "ip": "ip",
        "mac": "mac",
        "mac_vendor": "mac_vendor",
        "hostname": "hostname",
        "snmp.sysdescr": "banner",
        "platform": "product_name",
        "maker": "maker_name",
        "model": "model_number",
        "serial_number": "serial_number",
        "asset_tag": "asset_tag",
        "port": "port",
        "its port": "note",
        "vlan": "note",
        "state": "note",
        "seen by": "note",
        "seen_at": "seen_at",
        "other words": "note",
    },
    ("other words",),
)
MODULES = Form(
    "modules",
    "management",
    {
        "device": "note",
        "slot": "note",
        "product": "product_name",
        "model": "model_number",
        "maker": "maker_name",
        "serial_number": "serial_number",
        "mac": "mac",
    },
)
OTHER = Form(
    "other output",
    "management",
    {"hostname": "note", "command": "note", "serial_number": "serial_number", "mac": "mac", "output": "note"},
    ("output",),
)
_LEFT_OVER = left_over("neighbours")

#: Bound of what one device says of itself, in characters.
_DEVICE_TEXT = 131_072
_DEVICES = 256
_KEYED = 20_000
_NO_COMMAND = "(prompt)"
_LONGEST_LINE = 4096

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x07]|[^\x08]\x08")
_PAGER = re.compile(r"^\s*-{2,4} ?\(?more\)? ?(?:\d+%)?-*\s*|^\s*<--- More --->\s*", re.I)
_VERB = r"(?:dis|disp|displ|display|sh|sho|show|lldpcli|get|diagnose)"
_PROMPT = re.compile(
    r"^(?:RP/\S+?:)?(?:[<\[](?P<vrp>[~*]?[\w.\-()/: ]{1,64})[>\]]"
    r"|(?:[\w.-]{1,32}@)?(?P<ios>[\w.\-()/:~]{1,64})\s?[#>$])\s*"
    rf"(?P<command>{_VERB}\b[^\n]{{0,200}}"
    r"|(?:screen-length|terminal|term|enable|quit|exit|system-view|config\w*|no |set |return|logout)[^\n]{0,120}|)$"
)
_TITLE = re.compile(
    rf"^[-=*#!\s]{{2,80}}\s*[`'\"]?(?P<command>{_VERB} [a-z][\w \-|/.]{{1,80}}?)[`'\"]?\s*[-=*#!:\s]*$"
)
_BARE = re.compile(
    rf"^(?P<command>{_VERB} (?:ver|dev|inv|lldp|cdp|arp|mac|ip arp|esn|elabel|manu|chassis|hard|run|curr|saved|int|sys"
    r"|board|cl|log|lic)[\w \-|/.]{0,60})$"
)
_OWN = re.compile(
    r"ver|device|inventory|\besn|elabel|manu|chassis|hardware|board|idprom|serial|system|platform|module|product",
    re.I,
)
_NOT_OWN = re.compile(
    r"conf|logb|logging|interface|\bint\b|lldp|cdp|arp|mac-add|mac add|route|ont|neigh|temperature|mac-address",
    re.I,
)

#: Commands that print settings and logs, which hold no tables of neighbours.
_SETTINGS = re.compile(r"conf|\brun|logb|logging|tech", re.I)

_MODEL = (
    re.compile(
        r"^(?:HUAWEI|Huawei|Quidway|H3C|HPE?|3Com)\s+(?!Versatile|Comware)(\S{2,40})(?: .{1,60}?)? uptime is\b"
    ),
    re.compile(r"^\s*PRODUCT\s*:\s*(\S{2,40})"),
    re.compile(r"^(\S{2,40})'s Device status", re.I),
    re.compile(r"^(ZX[A-Z0-9]{2,8} [\w-]{2,24})\s*$"),
    re.compile(r"^\s*cisco (\S{3,40})(?: \([^)]{1,60}\))? processor\b", re.I),
    re.compile(r"^\s*cisco (Nexus\S* \S{2,30}.{0,20}?)\s*(?:Chassis|\()", re.I),
    re.compile(r"^\s*Model [Nn]umber\s*:\s*(\S{2,40})"),
    re.compile(r"^(?:Model|Product model|Product name|Device model)\s*:\s*(\S.{1,40}?)\s*$", re.I),
    re.compile(r"^\s*DEVICE_NAME\s*:\s*(\S.{1,60}?)\s*$"),
    re.compile(r"VRP \(R\) software, Version \S{1,20} \(([\w-]{2,30}) "),
    re.compile(r"^\s*BoardType=(\S{2,40})"),
    re.compile(r"^ZTE (ZX\w{2,10}(?: \S{2,20}?)??) (?:Software|Version)"),
)
_SERIAL = (
    re.compile(r"\bESN(?: of [^:]{1,40})?\s*:\s*([A-Za-z0-9]{6,32})\b"),
    re.compile(r"^\s*(?:System )?[Ss]erial [Nn]umber\s*[:=]\s*([A-Za-z0-9-]{5,32})\s*$"),
    re.compile(r"^\s*Processor board ID ([A-Za-z0-9]{6,24})"),
    re.compile(r"^\s*DEVICE_SERIAL_NUMBER\s*:\s*([A-Za-z0-9-]{5,32})"),
    re.compile(
        r"^\s*(?:Equipment|Device|Chassis)[ -]?(?:SN|serial(?:[ -]?number)?)\s*[:=]\s*([A-Za-z0-9-]{5,32})",
        re.I,
    ),
    re.compile(r"^Chassis {2,}([A-Z0-9]{5,20}) +\S"),
    re.compile(r"^\s*BarCode=([A-Za-z0-9-]{5,32})"),
)
_NAME = (
    re.compile(r"^(?:Hostname|Host name|System name|Device name)\s*:\s*(\S{1,64})\s*$", re.I),
    re.compile(r"^([A-Za-z][\w.-]{0,63}) uptime is\b"),
    re.compile(r"^\s*(?:sysname|hostname) (\S{1,64})\s*$"),
)
_VERSION = (
    re.compile(r"Version \S{1,20} \([\w -]{2,40} (V\d{3}R\d{3}\w{0,16})\)"),
    re.compile(r"Software, Version:? ?([^,\n]{2,40}),"),
    re.compile(r"^\s*VERSION\s*:\s*(\S{2,60})"),
)
_OWN_MAC = re.compile(r"mac|hardware address|address is|ethernet address", re.I)
_MAKER_LINE = re.compile(r"^\s*(?:VENDOR_NAME|VendorName)\s*[:=]\s*(\S.{0,40}?)\s*$")
#: First lines of what a device prints about its version; a second one is a second device.
_FIRST_LINE = re.compile(
    r"^(?:Huawei Versatile Routing Platform|Cisco (?:IOS|Internetwork|Nexus)|(?:HPE?|H3C) Comware"
    r"|ZX[A-Z]\w+ [\w-]+$|Junos:|Arista \S+$)"
)
_ONT_SERIAL = re.compile(r"\b((?:HWTC|ZTEG|48575443|5A544547)-?[0-9A-Fa-f]{8})\b")

# --- neighbours -----------------------------------------------------------------------------------
_HAS = re.compile(r"^\s*(\S{2,48}) has (\d{1,4}) neighbou?rs?(?:\(s\))?\s*:?\s*$", re.I)
_DETECTED = re.compile(r"^Interface (\S{2,48}) detected (\d{1,4}) LLDP neighbors?:")
_OF_PORT = re.compile(r"^LLDP neighbor-information of port \d{1,8}\s*\[(\S{1,64})\]")
_OPENERS = re.compile(
    r"^(?:\s*(?:LLDP )?Neighbou?r index\s*:|Local Intf: |Local Interface\s*: |Local port\s*: |Device ID:|"
    r"\s*Neighbor \S{2,64}/\S{1,48}, age |Interface:\s+\S+, via: \w|LLDP Neighbou?r Information)",
    re.I,
)
_KEY = re.compile(r"^\s*(?:- )?([A-Za-z][A-Za-z0-9 /()_.-]{1,44}?)\s*(?::|(?<=\w) - )\s?(.*)$")
_TARGET = {
    "chassis id": "chassis", "chassisid": "chassis", "port id": "its port", "portid": "its port",
    "port id (outgoing port)": "its port", "neighbour port id": "its port", "port description": "port text",
    "portdescr": "port text", "system name": "hostname", "sysname": "hostname", "device id": "hostname",
    "system description": "snmp.sysdescr", "sysdescr": "snmp.sysdescr", "version": "snmp.sysdescr",
    "management address": "ip", "management address value": "ip", "mgmtip": "ip", "ip": "ip", "ipv6": "ip",
    "ip address": "ip", "ipv4 address": "ip", "ipv6 address": "ip", "address": "ip", "management ip address": "ip",
    "platform": "platform", "manufacturer name": "maker", "manufacturer": "maker", "vendor name": "maker",
    "model name": "model", "model": "model", "serialnum": "serial_number", "serial number": "serial_number",
    "serial num": "serial_number", "asset id": "asset_tag", "asset tracking identifier": "asset_tag",
    "local intf": "port", "local interface": "port", "local port": "port", "interface": "port",
    "peer source mac": "other mac", "vlan id": "vlan", "port vlan id(pvid)": "vlan",
}  # fmt: skip
#: Keys that end a text of several lines and are otherwise only kept.
_KNOWN = frozenset(
    (
        *_TARGET, "neighbor index", "lldp neighbor index", "chassis type", "chassis id type", "chassis id subtype",
        "port id type", "port id subtype", "system capabilities", "system capabilities supported",
        "system capabilities enabled", "enabled capabilities", "capability", "capabilities", "time remaining", "ttl",
        "time to live", "expired time", "expires in", "update time", "management addresses", "management address(es)",
        "management address type", "management address subtype", "advertisement version", "holdtime", "hold time",
        "entry address(es)", "auto negotiation", "auto-negotiation supported", "port vlan id", "duplex", "native vlan",
        "vtp management domain", "oid", "management address oid", "management address interface type",
        "management address interface id", "discovered time", "med information", "lldp-med", "port", "chassis",
        "mfs", "vlan", "parent interface", "index", "age", "physical media capabilities", "protocol identity",
        "link aggregation supported", "hardwarerev", "firmwarerev", "softwarerev", "h/w revision", "f/w revision",
        "s/w revision", "hardware revision", "software revision", "second port status",
        "power drawn", "unidirectional mode", "spare pair poe", "interface number",
    )
)  # fmt: skip
_NOTHING = frozenset(
    ("", "-", "--", "na", "n/a", "none", "not advertised", "- not advertised", "unknown", "null")
)
_WRAP = 57  # width after which Comware breaks a value

#: Rules and legends around listings.
_AROUND = re.compile(
    r"[-=*+#!\s]+|LLDP neighbors:|LLDP agent nearest-\S+:|\s*Total (?:entries displayed|items displayed|cdp entries).{0,40}|"
    r"\s+[A-Za-z] - [A-Z][\w -]{2,20}(?:, [A-Za-z] ?- [A-Z][\w -]{2,24})*,?|Capability [Cc]odes:.*|Scope codes:.*|"
    r"\s+\((?:R|W|T|O|B|P|S)\) [A-Z][\w ]{2,24}(?:, \(\w\) [\w ]{2,24})*,?|\s+(?:NB|NC|NTPMR)\s+= .{3,40}"
)

_BRIEF_WORDS: tuple[tuple[str, str], ...] = (
    ("neighbor device id", "hostname"), ("neighbor device", "hostname"), ("neighbor dev", "hostname"), ("device id", "hostname"),
    ("device-id", "hostname"), ("system name", "hostname"), ("remote system", "hostname"), ("neighbor system", "hostname"),
    ("local intrfce", "port"), ("local interface", "port"), ("local intf", "port"), ("local port", "port"), ("local int", "port"),
    ("neighbor interface", "its port"), ("neighbor intf", "its port"), ("neighbor port id", "its port"), ("port id", "its port"),
    ("port-id", "its port"), ("port info", "its port"), ("remote port", "its port"), ("chassis id", "chassis"),
    ("chassisid", "chassis"), ("remote chassis id", "chassis"), ("platform", "platform"), ("parent interface", ""),
    ("holdtme", ""), ("hold-time", ""), ("holdtime", ""), ("hold time", ""), ("hldtme", ""), ("capability", ""),
    ("capabilities", ""), ("exptime(s)", ""), ("exptime", ""), ("ttl", ""), ("scope", ""), ("port", "port"),
)  # fmt: skip
_BRIEF = re.compile(
    "|".join(re.escape(word) for word, _ in sorted(_BRIEF_WORDS, key=lambda pair: -len(pair[0]))), re.I
)
_BRIEF_ROLE = dict(_BRIEF_WORDS)
_KEYVALUE = re.compile(
    r"^lldp\.([\w.\-/:]{1,64}?)\.((?:chassis|port|via|rid|age|vlan|ttl|lldp-med|ppvid|pi|mgmt-ip|unknown-tlv)[\w.-]{0,64})=(.*)$"
)
_KEYVALUE_TARGET = {
    "chassis.mac": "chassis", "chassis.local": "chassis", "chassis.name": "hostname", "chassis.descr": "snmp.sysdescr",
    "chassis.mgmt-ip": "ip", "mgmt-ip": "ip", "port.ifname": "its port", "port.mac": "its port", "port.local": "its port",
    "port.descr": "port text", "vlan.vlan-id": "vlan", "lldp-med.inventory.manufacturer": "maker",
    "lldp-med.inventory.model": "model", "lldp-med.inventory.serial": "serial_number", "lldp-med.inventory.asset": "asset_tag",
}  # fmt: skip

# --- ONTs behind an access node ---------------------------------------------------------------------
_ONT_PORT = re.compile(
    r"^\s*F/S/P\s*:\s*(\d{1,3} ?/ ?\d{1,3} ?/ ?\d{1,3})\s*$|^\s*In port (\d+/ ?\d+/ ?\d+),"
)
_ONT_FIELD = re.compile(
    r"^\s*((?:ont|onu|main|sn|vendor|equipment|product|loid|password|checkcode|description)[\w /-]{0,24}?)\s*:\s*(.*?)\s*$",
    re.I,
)
_ONT_TARGET = {
    "sn": "serial_number",
    "ont sn": "serial_number",
    "vendorid": "maker",
    "vendor-id": "maker",
    "ont mac": "mac",
    "ont equipmentid": "model",
    "equipment-id": "model",
}
_ONT_ROW = re.compile(r"^\s*(\d{1,4})\s+([0-9A-F]{16}|[A-Z]{4}[0-9A-F]{8})\s+([A-Za-z][\w-]{2,20})\s+(\S.*)$")

# --- modules --------------------------------------------------------------------------------------
_INVENTORY = re.compile(r'^\s*NAME:\s*"([^"]{0,200})",?\s*DESCR:\s*"([^"]{0,400})"')
_PID = re.compile(r"^\s*PID:\s*(\S*?)\s*,\s*VID:\s*([^,]{0,20}?)\s*,\s*SN:\s*(\S*)\s*$")
_SLOT = re.compile(r"^\s*((?:Slot|Chassis|Fan|Power|Subslot|CPU)\s?[\w ]{0,16}?)\s*:?\s*$", re.I)
_BLOCK = re.compile(
    r"^\[(Board Properties|Slot_\w+|BackPlane_\w+|Port_\S+|Main_Board|Rack\w*|Manufacture Properties)\]"
)
_MANU = re.compile(
    r"^\s*(DEVICE_NAME|DEVICE_SERIAL_NUMBER|MAC_ADDRESS|VENDOR_NAME|BoardType|BarCode|Item|Description|VendorName|Manufactured)\s*[:=]\s*(.*?)\s*$"
)
_MANU_ROLE = {
    "DEVICE_NAME": "model", "BoardType": "model", "DEVICE_SERIAL_NUMBER": "serial_number", "BarCode": "serial_number",
    "MAC_ADDRESS": "mac", "VENDOR_NAME": "maker", "VendorName": "maker", "Description": "product",
}  # fmt: skip
_JUNOS_HARDWARE = re.compile(r"^Item\s+Version\s+Part number\s+Serial number\s+Description")
_BOARD_SERIALS = re.compile(r"^\s*S[ol]+t ID\s+Board Name\s+Serial Number", re.I)


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
        found = _PROMPT.match(line)
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
    if title := _TITLE.match(line) or _BARE.match(line):
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
        line = _ANSI.sub("", raw) if "\x1b" in raw or "\x08" in raw or "\x07" in raw else raw
        line = _PAGER.sub("", line) if "ore" in line[:20] else line
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
        if "lldp." in line and (found := _KEYVALUE.match(line)):
            self._keyvalue(number, *found.groups())
            if len(self._keyed) > _KEYED:
                oldest = next(iter(self._keyed))
                yield self.neighbour(*self._keyed.pop(oldest))
            return
        yield from self._line(number, line)

    def _line(self, number: int, line: str) -> Iterator[Row]:
        opens = self._opens_neighbour(line)
        if opens:
            yield from self._end_listing()
            self._start_neighbour(number, line)
            return
        if found := _HAS.match(line) or _DETECTED.match(line) or _OF_PORT.match(line):
            yield from self._end_listing()
            self._port = found.group(1)
            return
        header = brief_header(line)
        if header:
            yield from self._end_listing()
            self._brief = header
            return
        if self._neighbour is not None:
            self._neighbour_line_of(line)
            return
        if self._brief:
            yield from self._brief_row(number, line)
            return
        if not self._command or "ont" in self._command:
            taken, done = self._ont_line(number, line)
            yield from done
            if taken:
                return
        if self._arp is None and not self._owns() and not _SETTINGS.search(self._command):
            self._arp = NeighbourLines()
        if self._arp is not None or (not self._command and self._looks_like_table(line)):
            if self._arp is None:
                self._arp = NeighbourLines()
            entries = self._arp.feed(number, line)
            if entries is not None:
                for at, entry in entries:
                    yield self.neighbour(at, entry)
                if self._arp.headers or entries or not self._owns():
                    return
            elif self._owns():
                for at, entry in self._arp.flush():
                    yield self.neighbour(at, entry)
                self._arp = None
        if _AROUND.fullmatch(line):
            return
        if self._owns():
            yield from self._own(number, line)
        else:
            yield from self._other(number, line)

    def _looks_like_table(self, line: str) -> bool:
        probe = NeighbourLines()
        return len(line) < 200 and "  " in line and probe.is_header(line)

    def _owns(self) -> bool:
        """Tell whether the command at work makes the device speak of itself."""
        if not self._command:
            return True
        return _OWN.search(self._command) is not None and _NOT_OWN.search(self._command) is None

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
        first = _FIRST_LINE.match(line) is not None
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
                self._work.log.add(
                    "E125",
                    f"line {number}",
                    f"The device says more than {_DEVICE_TEXT} characters of itself; the rest is kept as other output.",
                )
        else:
            yield from self._other(number, line)
        for name, patterns in (
            ("model", _MODEL),
            ("serial_number", _SERIAL),
            ("hostname", _NAME),
            ("firmware.version", _VERSION),
        ):
            for rank, pattern in enumerate(patterns):
                if found := pattern.search(line):
                    value = found.group(1).strip()
                    if name == "hostname" and value.upper() in ("HUAWEI", "QUIDWAY", "SYSTEM", "MPU", "SLOT"):
                        continue
                    device.add(name, value, rank)
                    break
        if (found := _MAKER_LINE.match(line)) and found.group(1).upper() not in ("NONE", "NULL"):
            device.add("maker", found.group(1))
        if _OWN_MAC.search(line):
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
                "E165", f"line {device.line}", f"{len(device.text)} lines were kept as text.", lossy=False
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
        if found := _INVENTORY.match(line):
            yield from self._end_module()
            self._module = {"slot": found.group(1), "product": found.group(2)}
            self._module_line = number
            return
        if self._module and (found := _PID.match(line)):
            self._module.update(model=found.group(1), serial_number=found.group(3))
            yield from self._end_module()
            return
        if _JUNOS_HARDWARE.match(line):
            self._columns = "junos"
            return
        if _BOARD_SERIALS.match(line):
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
        place = _SLOT.match(line) or _BLOCK.match(line)
        if place is not None:
            yield from self._end_module()
            self._module_place = place.group(1)
            return
        if found := _MANU.match(line):
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
        serial = _ONT_SERIAL.search(line[:_LONGEST_LINE])
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
        if _OPENERS.match(line):
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
        found = _KEY.match(line)
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
            self._work.log.add(
                "E125",
                f"line {self._neighbour_line}",
                "The neighbour's other values were cut at 16384 characters.",
            )

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
        if found := _ONT_PORT.match(line):
            done = self._end_ont()
            self._port = (found.group(1) or found.group(2)).replace(" ", "")
            if found.group(1):
                self._ont, self._ont_line_number = {"port": self._port, "state": "ont"}, number
            return True, done
        if self._port and (row := _ONT_ROW.match(line)):
            place, serial, model, rest = row.groups()
            entry = {"port": f"{self._port}/{place}", "state": "ont", "serial_number": serial, "model": model}
            return True, [self.neighbour(number, {**entry, "other words": rest})]
        if self._ont is None:
            return False, []
        named = _ONT_FIELD.match(line)
        if named is None:
            return False, self._end_ont() if _AROUND.fullmatch(line) else []
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
        entry: dict[str, str] = {"port": port}
        chassis = item.get("chassis")
        chassis = chassis[0] if isinstance(chassis, list) and chassis else chassis
        if isinstance(chassis, dict):
            if "id" not in chassis and len(chassis) == 1:
                name, chassis = next(iter(chassis.items()))
                entry["hostname"] = name
                chassis = chassis if isinstance(chassis, dict) else {}
            entry["chassis"] = _plain(chassis.get("id"))
            entry["hostname"] = _plain(chassis.get("name")) or entry.get("hostname", "")
            entry["snmp.sysdescr"] = _plain(chassis.get("descr"))
            entry["ip"] = _plain(chassis.get("mgmt-ip"))
        far = item.get("port")
        far = far[0] if isinstance(far, list) and far else far
        if isinstance(far, dict):
            entry["its port"] = _plain(far.get("id"))
            entry["other words"] = _plain(far.get("descr"))
        med = item.get("lldp-med")
        med = med[0] if isinstance(med, list) and med else med
        inventory = med.get("inventory") if isinstance(med, dict) else None
        inventory = inventory[0] if isinstance(inventory, list) and inventory else inventory
        if isinstance(inventory, dict):
            for key, target in (
                ("manufacturer", "maker"),
                ("model", "model"),
                ("serial", "serial_number"),
                ("asset", "asset_tag"),
            ):
                entry[target] = _plain(inventory.get(key))
        macs = [
            mac
            for mac in (normal_mac(entry.get("chassis", "")), normal_mac(entry.get("its port", "")))
            if mac
        ]
        entry["mac"] = "\n".join(dict.fromkeys(macs))
        yield {name: text for name, text in entry.items() if text}


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
            work.log.add(
                "E165",
                pointer or "document",
                "No neighbour was found in this part.",
                lossy=isinstance(value, str),
            )
            yield (
                _LEFT_OVER,
                pointer or "document",
                {"line": str(value)[: work.options.limits.max_field_bytes // 4]},
            )
    without_mac(work, bare, total)


#: Lines by which a device gives itself away, and what they weigh.
_SIGNS = (
    (re.compile(r"^(?:Huawei Versatile Routing Platform|VRP \(R\) software|HUAWEI \S+ uptime|Quidway \S+ .{0,40}uptime)"), 3),
    (re.compile(r"^\s*PRODUCT\s*:\s*(?:MA|EA|UA)\d{3}|^\s*Active Mainboard Running Area"), 3),
    (re.compile(r"^ZTE ZX\w+ .{0,40}(?:Software|Version)|^System image file is <"), 3),
    (re.compile(r"'s Device status:\s*$", re.I), 3),
    (re.compile(r"^(?:Slot|Chassis|Unit)\s+(?:Card|Sub|#|SubType|Type)\s+.*(?:Online|Status|Register)", re.I), 2),
    (re.compile(r"^(?:Cisco (?:IOS|Internetwork|Nexus)|(?:HPE?|H3C) Comware|Comware Software, Version)|^JUNOS |^Junos: "), 3),
    (re.compile(r"^ROM: |^\S+ uptime is \d|^Processor board ID|^System image file is \""), 1),
    (re.compile(r'^\s*NAME: "[^"]*",?\s*DESCR: "'), 3),
    (re.compile(r"^\s*PID: .{0,40}, VID: .{0,20}, SN: "), 2),
    (re.compile(r"^\s*DEVICE_(?:NAME|SERIAL_NUMBER)\s*:|^\s*VENDOR_NAME\s*:"), 3),
    (re.compile(r"^\s*(?:BarCode|BoardType)=|^\[Board Properties\]"), 2),
    (re.compile(r"^\s*ESN(?: of [^:]{1,40})?\s*:\s*\w{8,}"), 3),
    (_JUNOS_HARDWARE, 3),
    (_BOARD_SERIALS, 3),
    (re.compile(r"^\s*Ont (?:SN|EquipmentID)\s*:\s*\S|^\s*In port \d+/ ?\d+/ ?\d+, the total of ONTs are"), 3),
    (re.compile(r"^\s*SlotID\s+BoardName\s+Status\s"), 3),
    (_HAS, 3),
    (_DETECTED, 3),
    (_OF_PORT, 3),
    (re.compile(r"^Interface:\s+\S+, via: \w+"), 3),
    (re.compile(r"^\s+ChassisID:\s+(?:mac|local|ifname|ip)\s"), 2),
    (re.compile(r"^Local Intf: \S|^Chassis id: \S|^(?:- )?Chassis ID\s*:\s*\S|^\s*Chassis type\s*:"), 1),
    (re.compile(r"^System [Nn]ame\s*: ?\S|^Device ID: ?\S|^Platform: .{0,60}Capabilities:|^Port id: \S"), 1),
    (_KEYVALUE, 3),
)  # fmt: skip


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
                and (line[:1] == "<" or _BARE.match(prompt.command))
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
        lines = [_ANSI.sub("", line) for line in head.view.text.split(head.view.newline)[:800]]
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
