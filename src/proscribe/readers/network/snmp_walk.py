"""SNMP recordings: `.snmprec` of snmpsim, the text of `snmpwalk` and `snmpbulkwalk`, and JSON dumps of walks.

One record per agent says what it calls itself (SNMPv2-MIB, RFC 3418), whose enterprise numbers it answers
under, and its hardware addresses (IF-MIB, RFC 2863). Physical entities (ENTITY-MIB, RFC 6933), neighbours
(ARP of RFC 4293 and RFC 1213, bridge tables of RFC 4188 and 4363, LLDP-MIB, CISCO-CDP-MIB) and installed
software (HOST-RESOURCES-MIB, RFC 2790) are tables of their own.

Object names are those of the MIBs; of names of other MIBs only the number can be looked up, so a walk
printed with `-On` says most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from proscribe.readers._fixed import FixedReading, Form, Row, Work, left_over, text_lines
from proscribe.readers._values import json_events
from proscribe.readers._view import first_character
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import mac_of_octets, macs_in, normal_ip, normal_mac

AGENTS = Form(
    None,
    "management",
    {
        "ip": "ip",
        "hostname": "hostname",
        "snmp.sysdescr": "banner",
        "sysobjectid": "sysobjectid",
        "mac": "mac",
        "maker": "maker_name",
        "model": "model_number",
        "serial_number": "serial_number",
        "own values": "banner",
        "interfaces": "banner",
        "enterprises": "other",
        "enterprise values": "other",
        "mib modules": "note",
        "location": "site",
        "other addresses": "note",
        "other values": "note",
    },
    ("mib modules", "other values"),
)
ENTITIES = Form(
    "physical entities",
    "management",
    {
        "component_ref": "component_ref",
        "parent_ref": "parent_ref",
        "agent": "note",
        "class": "category",
        "name": "note",
        "product": "product_name",
        "model": "model_number",
        "maker": "maker_name",
        "serial_number": "serial_number",
        "asset_tag": "asset_tag",
        "firmware.version": "banner",
    },
)
NEIGHBOURS = Form(
    "neighbours",
    "neighbours",
    {
        "ip": "ip",
        "mac": "mac",
        "hostname": "hostname",
        "snmp.sysdescr": "banner",
        "platform": "product_name",
        "port": "port",
        "its port": "note",
        "vlan": "note",
        "state": "note",
        "seen by": "note",
    },
)
SOFTWARE = Form("installed software", "software", {"product": "product_name", "agent": "note"})
_LEFT_OVER = left_over("management")

#: Bounds of what is held for one agent.
_ENTITIES = 50_000
_REMOTES = 100_000
_MACS = 4_096
_TEXTS = 200
_TEXT_CHARACTERS = 32_768
_LONGEST_VALUE = 65_536
_AGENTS = 10_000

_NUMERIC = r"\.?(?:1|0|2)(?:\.\d{1,10}){2,128}"
_SNMPREC = re.compile(r"((?:\d{1,10}\.){2,128}\d{1,10})\|(\d{1,3}[xe]{0,2}(?::\w{1,32})?)\|(.*)", re.S)
_NAME = (
    rf"(?:{_NUMERIC}|\.?iso(?:\.[\w-]{{1,64}}){{1,128}}|[A-Za-z][\w-]{{1,64}}::[A-Za-z][\w-]{{0,128}}(?:[.\[][^\s=]{{0,512}})?"
    r"|(?:sys|if|ent|ip|hr|lldp|dot1)[A-Z]\w{2,40}\.[\w.\-:\"']{1,256})"
)
_WALK = re.compile(rf"({_NAME})\s*=\s?(?:([A-Z][A-Za-z0-9 -]{{1,24}}): ?)?(.*)", re.S)
_QUICK = re.compile(rf"({_NAME})(?: (.*))?", re.S)
_COMMAND = re.compile(r"^.{0,120}?\bsnmp(?:bulk|get|bulkget|v\d)?(?:walk|get|next)\b(.{1,512})$")
_HOST_LINE = re.compile(
    r"^[#=*\-\s]{0,16}(?:host|agent|target|device|walk of|walking|ip)\b\s*[:=]?\s*"
    r"([0-9A-Fa-f.:]{3,45}|[A-Za-z0-9][\w.-]{1,64})\s*[#=*\-]{0,16}$",
    re.I,
)
_CUT = re.compile(
    r"^(?:Timeout: No Response|Error in packet|.{0,40}Timeout|snmp(?:bulk)?walk: |Error: OID not increasing)",
    re.I,
)
_END = re.compile(r"(?:No more variables left in this MIB View|End of MIB|no such (?:object|instance))", re.I)
_ABSENT = re.compile(r"^No (?:Such (?:Object|Instance)|more variables left)", re.I)
_HEX_WORDS = re.compile(r"(?:[0-9A-Fa-f]{2}[ :]?)+")

_SYSTEM = "1.3.6.1.2.1.1."
_ENTERPRISE = "1.3.6.1.4.1."
_ENTITY = "1.3.6.1.2.1.47.1.1.1.1."
_LLDP = "1.0.8802.1.1.2.1.4."
_LLDP2 = "1.3.111.2.802.1.1.13.1.4."
_LLDP_LOCAL = "1.0.8802.1.1.2.1.3."
_CDP = "1.3.6.1.4.1.9.9.23.1.2.1.1."
_IF_DESCR = "1.3.6.1.2.1.2.2.1.2."
_IF_MAC = "1.3.6.1.2.1.2.2.1.6."
_IF_NAME = "1.3.6.1.2.1.31.1.1.1.1."
_BRIDGE_MAC = "1.3.6.1.2.1.17.1.1.0"
_ARP = ("1.3.6.1.2.1.4.22.1.2.", "1.3.6.1.2.1.3.1.1.2.")
_ARP_NEW = "1.3.6.1.2.1.4.35.1.4."
_FDB_PORT = "1.3.6.1.2.1.17.4.3.1.2."
_FDB_MAC = "1.3.6.1.2.1.17.4.3.1.1."
_QFDB_PORT = "1.3.6.1.2.1.17.7.1.2.2.1.2."
_OWN_IP = "1.3.6.1.2.1.4.20.1.1."
_SOFTWARE = "1.3.6.1.2.1.25.6.3.1.2."
_DEVICE_DESCR = "1.3.6.1.2.1.25.3.2.1.3."
_PRINTER_SERIAL = "1.3.6.1.2.1.43.5.1.1.17."
_ENTITY_COLUMN = {
    "2": "product", "4": "parent_ref", "5": "class", "7": "name", "8": "hardware", "9": "firmware", "10": "software",
    "11": "serial_number", "12": "maker", "13": "model", "15": "asset_tag",
}  # fmt: skip
_CLASSES = {
    "1": "other", "2": "unknown", "3": "chassis", "4": "backplane", "5": "container", "6": "power supply", "7": "fan",
    "8": "sensor", "9": "module", "10": "port", "11": "stack", "12": "cpu",
}  # fmt: skip
#: Names of the objects that are read, to their numbers.
_OBJECTS = {
    "sysDescr": "1.3.6.1.2.1.1.1", "sysObjectID": "1.3.6.1.2.1.1.2", "sysUpTime": "1.3.6.1.2.1.1.3",
    "sysUpTimeInstance": "1.3.6.1.2.1.1.3.0", "sysContact": "1.3.6.1.2.1.1.4", "sysName": "1.3.6.1.2.1.1.5",
    "sysLocation": "1.3.6.1.2.1.1.6", "sysORID": "1.3.6.1.2.1.1.9.1.2", "sysORDescr": "1.3.6.1.2.1.1.9.1.3",
    "ifDescr": "1.3.6.1.2.1.2.2.1.2", "ifPhysAddress": "1.3.6.1.2.1.2.2.1.6", "ifName": "1.3.6.1.2.1.31.1.1.1.1",
    "ifAlias": "1.3.6.1.2.1.31.1.1.1.18", "atPhysAddress": "1.3.6.1.2.1.3.1.1.2",
    "ipAdEntAddr": "1.3.6.1.2.1.4.20.1.1", "ipNetToMediaPhysAddress": "1.3.6.1.2.1.4.22.1.2",
    "ipNetToPhysicalPhysAddress": "1.3.6.1.2.1.4.35.1.4", "dot1dBaseBridgeAddress": "1.3.6.1.2.1.17.1.1",
    "dot1dTpFdbAddress": "1.3.6.1.2.1.17.4.3.1.1", "dot1dTpFdbPort": "1.3.6.1.2.1.17.4.3.1.2",
    "dot1qTpFdbPort": "1.3.6.1.2.1.17.7.1.2.2.1.2", "hrDeviceDescr": "1.3.6.1.2.1.25.3.2.1.3",
    "hrSWInstalledName": "1.3.6.1.2.1.25.6.3.1.2", "prtGeneralSerialNumber": "1.3.6.1.2.1.43.5.1.1.17",
    "entPhysicalDescr": f"{_ENTITY}2", "entPhysicalVendorType": f"{_ENTITY}3", "entPhysicalContainedIn": f"{_ENTITY}4",
    "entPhysicalClass": f"{_ENTITY}5", "entPhysicalName": f"{_ENTITY}7", "entPhysicalHardwareRev": f"{_ENTITY}8",
    "entPhysicalFirmwareRev": f"{_ENTITY}9", "entPhysicalSoftwareRev": f"{_ENTITY}10",
    "entPhysicalSerialNum": f"{_ENTITY}11", "entPhysicalMfgName": f"{_ENTITY}12", "entPhysicalModelName": f"{_ENTITY}13",
    "entPhysicalAlias": f"{_ENTITY}14", "entPhysicalAssetID": f"{_ENTITY}15",
    "lldpLocChassisId": "1.0.8802.1.1.2.1.3.2", "lldpLocSysName": "1.0.8802.1.1.2.1.3.3",
    "lldpLocSysDesc": "1.0.8802.1.1.2.1.3.4", "lldpRemChassisIdSubtype": f"{_LLDP}1.1.4", "lldpRemChassisId": f"{_LLDP}1.1.5",
    "lldpRemPortIdSubtype": f"{_LLDP}1.1.6", "lldpRemPortId": f"{_LLDP}1.1.7", "lldpRemPortDesc": f"{_LLDP}1.1.8",
    "lldpRemSysName": f"{_LLDP}1.1.9", "lldpRemSysDesc": f"{_LLDP}1.1.10", "lldpRemManAddrIfSubtype": f"{_LLDP}2.1.3",
    "lldpRemManAddrIfId": f"{_LLDP}2.1.4", "cdpCacheAddress": f"{_CDP}4", "cdpCacheVersion": f"{_CDP}5",
    "cdpCacheDeviceId": f"{_CDP}6", "cdpCacheDevicePort": f"{_CDP}7", "cdpCachePlatform": f"{_CDP}8",
    "mib-2": "1.3.6.1.2.1", "enterprises": "1.3.6.1.4.1", "internet": "1.3.6.1", "mgmt": "1.3.6.1.2", "iso": "1",
    "org": "1.3", "dod": "1.3.6", "private": "1.3.6.1.4", "snmpModules": "1.3.6.1.6.3", "transmission": "1.3.6.1.2.1.10",
    "system": "1.3.6.1.2.1.1", "interfaces": "1.3.6.1.2.1.2",
}  # fmt: skip
_TEXTUAL = {
    "org": "3",
    "dod": "6",
    "internet": "1",
    "mgmt": "2",
    "mib-2": "1",
    "private": "4",
    "enterprises": "1",
}
_OCTET_TYPES = frozenset(("STRING", "Hex-STRING", "OCTET STRING", "BITS", "Opaque"))


@dataclass(slots=True)
class _Value:
    """One variable of a walk.

    Attributes:
        oid: number without a leading dot; empty when the name is of a MIB not known here.
        text: the value as text.
        octets: the octets when the recording shows them.
        is_text: whether it is a string, and not a number, address or time.
    """

    oid: str
    text: str
    octets: bytes | None = None
    is_text: bool = False
    is_oid: bool = False
    module: str = ""

    def mac(self) -> str | None:
        """Give the value as a hardware address."""
        if self.octets is not None and len(self.octets) == 6:
            return mac_of_octets(self.octets)
        mac = normal_mac(self.text)
        return None if mac in ("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff") else mac


@dataclass(slots=True)
class _Agent:
    """What one agent said so far."""

    place: str
    host: str = ""
    name: str = ""
    descr: str = ""
    objectid: str = ""
    location: str = ""
    ips: list[str] = field(default_factory=list)
    macs: dict[str, None] = field(default_factory=dict)
    enterprises: dict[str, None] = field(default_factory=dict)
    modules: dict[str, None] = field(default_factory=dict)
    own: dict[str, None] = field(default_factory=dict)
    far: dict[str, None] = field(default_factory=dict)
    plain: dict[str, None] = field(default_factory=dict)
    ports: dict[str, None] = field(default_factory=dict)
    entities: dict[str, dict[str, str]] = field(default_factory=dict)
    remotes: dict[str, dict[str, str]] = field(default_factory=dict)
    fdb: dict[str, None] = field(default_factory=dict)
    serials: dict[str, None] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    values: int = 0

    def keep(self, name: str, text: str) -> None:
        """Keep one text of a kind, once, within bounds; what is beyond is counted."""
        texts: dict[str, None] = getattr(self, name)
        text = text.strip()
        if not text or text in texts:
            return
        if len(texts) >= _TEXTS or len(text) > _TEXT_CHARACTERS or sum(map(len, texts)) > _TEXT_CHARACTERS:
            self.dropped[name] = self.dropped.get(name, 0) + 1
        else:
            texts[text] = None


class Walk:
    """Collects the variables of agents, and gives rows when an agent ends."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._agent: _Agent | None = None
        self._host = ""
        self._number = 0
        self.agents = 0
        self.without_entities = 0
        self.without_name = 0
        self.neighbours = 0
        self.over: set[str] = set()

    def start(self, host: str, place: str) -> Iterator[Row]:
        """Begin with another agent."""
        if self._agent is not None and self._agent.values and host != self._agent.host:
            yield from self.finish()
        if self._agent is not None and not self._agent.values:
            self._agent.host = host
        self._host = host

    def add(self, value: _Value, place: str) -> Iterator[Row]:
        """Take one variable."""
        if (
            value.oid == "1.3.6.1.2.1.1.1.0"
            and self._agent is not None
            and self._agent.descr
            and self._agent.values > 3
        ):
            # A second description: another agent's walk was appended.
            yield from self.finish()
        if self._agent is None:
            self._agent = _Agent(place, self._host)
        agent = self._agent
        agent.values += 1
        if value.module:
            agent.keep("modules", value.module)
        oid = value.oid
        if oid.startswith(_SYSTEM):
            self._system(agent, oid[len(_SYSTEM) :], value)
        elif oid.startswith(_ENTERPRISE):
            number, _, rest = oid[len(_ENTERPRISE) :].partition(".")
            agent.keep("enterprises", _ENTERPRISE + number)
            if oid.startswith(_CDP):
                self._remote(agent, oid[len(_CDP) :], value, "cdp", place)
            elif value.is_text and value.text:
                self._enterprise_text(agent, rest, value)
        elif oid.startswith(_ENTITY):
            self._entity(agent, oid[len(_ENTITY) :], value, place)
        elif oid.startswith(_IF_MAC) or oid == _BRIDGE_MAC:
            mac = value.mac()
            if mac and len(agent.macs) < _MACS:
                agent.macs[mac] = None
        elif oid.startswith((_LLDP, _LLDP2)):
            start = _LLDP if oid.startswith(_LLDP) else _LLDP2
            kind = "lldp" if start == _LLDP else "lldp2"
            self._remote(agent, oid[len(start) :], value, kind, place)
        elif oid.startswith(_LLDP_LOCAL):
            self._local(agent, oid[len(_LLDP_LOCAL) :], value)
        elif oid.startswith(_ARP) or oid.startswith(_ARP_NEW):
            yield from self._arp(oid, value, place)
        elif oid.startswith((_FDB_PORT, _FDB_MAC, _QFDB_PORT)):
            yield from self._bridge(agent, oid, value, place)
        elif oid.startswith(_SOFTWARE):
            if value.text:
                yield SOFTWARE, place, {"product": value.text, "agent": agent.name or agent.host}
        elif oid.startswith((_IF_DESCR, _DEVICE_DESCR)):
            # Port numbers differ, what the maker wrote around them does not.
            agent.keep("ports", re.sub(r"\d+(?:[/.:]\d+)*\s*$|(?<=[a-z])\d+(?:[/.:]\d+)+", "", value.text))
        elif oid.startswith(_PRINTER_SERIAL):
            agent.keep("serials", value.text)
        elif oid.startswith(_OWN_IP):
            address = normal_ip(value.text) or normal_ip(oid[len(_OWN_IP) :])
            if (
                address
                and not address.startswith("127.")
                and address not in agent.ips
                and len(agent.ips) < 1_000
            ):
                agent.ips.append(address)
        elif value.is_text and value.text and not oid.startswith(_IF_NAME):
            agent.keep("plain", value.text)
        if value.is_oid and (found := re.match(r"1\.3\.6\.1\.4\.1\.\d+", value.text)):
            agent.keep("enterprises", found.group())

    def _system(self, agent: _Agent, rest: str, value: _Value) -> None:
        if rest == "1.0":
            agent.descr = value.text
        elif rest == "2.0":
            agent.objectid = value.text
        elif rest == "5.0":
            agent.name = value.text
        elif rest == "6.0":
            agent.location = value.text
        elif value.is_text and value.text:
            agent.keep("plain", value.text)

    def _enterprise_text(self, agent: _Agent, rest: str, value: _Value) -> None:
        scalar = rest.endswith(".0")
        for mac in macs_in(value.text) if len(value.text) < 64 else ():
            if scalar and len(agent.macs) < _MACS:
                agent.macs[mac] = None
        # What stands once per agent is the agent's own; rows of tables may speak of others.
        agent.keep("own" if scalar else "far", value.text)

    def _entity(self, agent: _Agent, rest: str, value: _Value, place: str) -> None:
        column, _, index = rest.partition(".")
        name = _ENTITY_COLUMN.get(column)
        if name is None or not index:
            if value.is_text and value.text:
                agent.keep("plain", value.text)
            return
        if index not in agent.entities and len(agent.entities) >= _ENTITIES:
            self._bound("physical entities", _ENTITIES)
            agent.keep("plain", value.text)
            return
        entity = agent.entities.setdefault(index, {"at": place})
        if value.text:
            entity[name] = value.text

    def _local(self, agent: _Agent, rest: str, value: _Value) -> None:
        if rest == "2.0" and (mac := value.mac()):
            agent.macs[mac] = None
        elif rest == "3.0":
            agent.name = agent.name or value.text
        elif rest == "4.0":
            agent.descr = agent.descr or value.text
        elif value.is_text and value.text and rest.startswith("7.1.4."):
            agent.keep("ports", re.sub(r"\d+(?:[/.:]\d+)*\s*$", "", value.text))

    def _remote(self, agent: _Agent, rest: str, value: _Value, kind: str, place: str) -> None:
        parts = rest.split(".")
        if kind == "cdp":
            column, key = parts[0], "cdp." + ".".join(parts[1:])
            name = {
                "4": "address",
                "5": "snmp.sysdescr",
                "6": "hostname",
                "7": "its port",
                "8": "platform",
            }.get(column)
        else:
            table, column, index = parts[0], parts[2] if len(parts) > 2 else "", parts[3:]
            # LLDP-MIB: time mark, local port, index; LLDP-V2-MIB: time mark, interface, destination, index.
            size = 3 if kind == "lldp" else 4
            key = f"{kind}." + ".".join(index[:size])
            if table == "2":
                self._hold(agent, key, "address", _address_of_index(index[size:]), place)
                return
            shift = 0 if kind == "lldp" else 1
            name = {4: "chassis type", 5: "chassis", 6: "port type", 7: "its port", 8: "port text", 9: "hostname",
                    10: "snmp.sysdescr"}.get(int(column) - shift if column.isdigit() and len(column) < 4 else -1)  # fmt: skip
            if table != "1":
                name = None
            if len(index) >= 2:
                self._hold(agent, key, "port", index[1], place)
        if name is None:
            return
        text = value.text
        if name == "chassis":
            text = value.mac() or text
        elif name == "address" and value.octets is not None and len(value.octets) == 4:
            text = ".".join(str(octet) for octet in value.octets)
        elif name == "its port":
            text = (value.mac() if value.octets is not None and not value.is_text else None) or text
        self._hold(agent, key, name, text, place)

    def _hold(self, agent: _Agent, key: str, name: str, text: str, place: str) -> None:
        if key not in agent.remotes and len(agent.remotes) >= _REMOTES:
            self._bound("LLDP and CDP neighbours", _REMOTES)
            agent.keep("plain", text)
        elif text:
            agent.remotes.setdefault(key, {"at": place}).setdefault(name, text)

    def _bound(self, what: str, bound: int) -> None:
        if what not in self.over:
            self.over.add(what)
            self._work.log.add("E168", f"agent {self.agents + 1}", f"The agent has more than {bound} {what}.")

    def _arp(self, oid: str, value: _Value, place: str) -> Iterator[Row]:
        mac = value.mac()
        for start in (*_ARP, _ARP_NEW):
            if oid.startswith(start):
                index = oid[len(start) :].split(".")
                break
        if start == _ARP_NEW:
            address = _address_of_index(index[1:])
        else:
            address = normal_ip(".".join(index[-4:])) or ""
        self.neighbours += 1
        if mac is None and value.text:
            self._work.log.add("E167", place, f"{value.text[:40]!r} is no hardware address.", lossy=False)
        yield (
            NEIGHBOURS,
            place,
            {
                "ip": address,
                "mac": mac or value.text,
                "port": index[0],
                "state": "arp",
                "seen by": self._who(),
            },
        )

    def _bridge(self, agent: _Agent, oid: str, value: _Value, place: str) -> Iterator[Row]:
        vlan = ""
        if oid.startswith(_QFDB_PORT):
            vlan, _, rest = oid[len(_QFDB_PORT) :].partition(".")
        elif oid.startswith(_FDB_PORT):
            rest = oid[len(_FDB_PORT) :]
        else:
            rest = oid[len(_FDB_MAC) :]
        numbers = rest.split(".")
        mac = None
        if len(numbers) == 6 and all(number.isdigit() and int(number) < 256 for number in numbers):
            mac = mac_of_octets(bytes(int(number) for number in numbers))
        mac = mac or (value.mac() if oid.startswith(_FDB_MAC) else None)
        if mac is None:
            return
        key = f"{vlan}/{mac}"
        if oid.startswith(_FDB_MAC):
            # The port stands in the next column; the entry is given there, or at the end when it never comes.
            if len(agent.fdb) < _REMOTES:
                agent.fdb.setdefault(key)
                return
            self._bound("bridge entries without a port", _REMOTES)
        agent.fdb.pop(key, None)
        self.neighbours += 1
        yield (
            NEIGHBOURS,
            place,
            {"mac": mac, "port": value.text, "vlan": vlan, "state": "bridge", "seen by": self._who()},
        )

    def _who(self) -> str:
        return (self._agent.name or self._agent.host) if self._agent is not None else self._host

    def finish(self) -> Iterator[Row]:
        """Give the agent that ended."""
        agent, self._agent = self._agent, None
        if agent is None or not agent.values:
            return
        self.agents += 1
        who = agent.name or agent.host or f"agent {self.agents}"
        chassis = _chassis(agent.entities)
        address = normal_ip(agent.host)
        ips = ([address] if address else []) + [ip for ip in agent.ips if ip != address]
        name = agent.name or ("" if address else agent.host)
        objectid = agent.objectid
        if not objectid and not agent.descr and len(agent.enterprises) == 1:
            # A walk of one firm's subtree alone: what answers below a number is of its holder.
            objectid = next(iter(agent.enterprises))
        self.without_entities += not agent.entities
        self.without_name += not agent.objectid and not agent.descr
        for what, count in agent.dropped.items():
            self._work.log.add(
                "E125",
                f"{agent.place}, '{what}'",
                f"{count} more different texts of this kind were not kept.",
            )
        for index, entity in agent.entities.items():
            yield ENTITIES, entity["at"], _entity_row(index, entity, who, agent.entities)
        for key in agent.fdb:
            vlan, _, mac = key.partition("/")
            self.neighbours += 1
            yield NEIGHBOURS, agent.place, {"mac": mac, "vlan": vlan, "state": "bridge", "seen by": who}
        for remote in agent.remotes.values():
            if row := _remote_row(remote, who):
                self.neighbours += 1
                yield NEIGHBOURS, remote["at"], row
        yield (
            AGENTS,
            agent.place,
            {
                "ip": ips[0] if ips else None,
                "hostname": name or None,
                "snmp.sysdescr": agent.descr,
                "sysobjectid": objectid,
                "mac": "\n".join(agent.macs),
                "maker": chassis.get("maker"),
                "model": chassis.get("model"),
                "serial_number": chassis.get("serial_number") or "\n".join(agent.serials),
                "own values": "\n".join(agent.own),
                "interfaces": "\n".join(text for text in agent.ports if len(text) > 3),
                "enterprises": "\n".join(
                    number for number in agent.enterprises if not _below(objectid, number)
                ),
                "enterprise values": "\n".join(agent.far),
                "mib modules": " ".join(agent.modules),
                "location": agent.location,
                "other addresses": " ".join(ips[1:]),
                "other values": "\n".join(agent.plain),
            },
        )

    def tell(self) -> None:
        """Say what the walks could not show."""
        self._work.spot(
            "walk_without_entity_table",
            self.without_entities,
            self.agents,
            "Walks without the table of physical entities: makers, models and serial numbers of modules are not shown.",
        )
        self._work.spot(
            "agents_without_identity",
            self.without_name,
            self.agents,
            "Walks without sysDescr and sysObjectID: the agent does not say what it is.",
        )


def _below(objectid: str, number: str) -> bool:
    return objectid == number or objectid.startswith(number + ".")


def _chassis(entities: dict[str, dict[str, str]]) -> dict[str, str]:
    """Choose the entity that stands for the whole device: a stack or chassis, else one that is in nothing."""
    for wanted in ("3", "11"):
        for entity in entities.values():
            if _class(entity) == wanted and (entity.get("model") or entity.get("serial_number")):
                return entity
    for entity in entities.values():
        if entity.get("parent_ref") == "0" and (entity.get("model") or entity.get("serial_number")):
            return entity
    return {}


def _class(entity: dict[str, str]) -> str:
    found = re.search(r"\d+", entity.get("class", ""))
    return found.group() if found else ""


def _entity_row(
    index: str, entity: dict[str, str], who: str, entities: dict[str, dict[str, str]]
) -> dict[str, str | None]:
    parent = entity.get("parent_ref", "")
    versions = [entity[name] for name in ("hardware", "firmware", "software") if entity.get(name)]
    return {
        "component_ref": f"{who}#{index}",
        # Some agents name a container that they do not list.
        "parent_ref": f"{who}#{parent}" if parent in entities and parent != index else None,
        "agent": who,
        "class": _CLASSES.get(_class(entity), entity.get("class")),
        "name": entity.get("name"),
        "product": entity.get("product"),
        "model": entity.get("model"),
        "maker": entity.get("maker"),
        "serial_number": entity.get("serial_number"),
        "asset_tag": entity.get("asset_tag"),
        "firmware.version": "\n".join(versions),
    }


def _remote_row(remote: dict[str, str], who: str) -> dict[str, str | None] | None:
    chassis = remote.get("chassis", "")
    mac = normal_mac(chassis)
    its = remote.get("its port", "")
    macs = [item for item in (mac, normal_mac(its)) if item]
    if not (
        macs or remote.get("hostname") or remote.get("snmp.sysdescr") or chassis or remote.get("platform")
    ):
        return None
    return {
        "ip": normal_ip(remote.get("address", "")) or normal_ip(chassis),
        "mac": "\n".join(dict.fromkeys(macs)),
        "hostname": remote.get("hostname") or (chassis if not mac else None),
        "snmp.sysdescr": remote.get("snmp.sysdescr"),
        "platform": remote.get("platform"),
        "port": remote.get("port"),
        "its port": its or remote.get("port text"),
        "state": "lldp or cdp",
        "seen by": who,
    }


def _address_of_index(index: list[str]) -> str:
    """Read `type.length.octets` of an index as an address (INET-ADDRESS-MIB, RFC 4001)."""
    if len(index) < 3 or not all(
        part.isdigit() and len(part) <= 3 and int(part) < 256 for part in index[2:18]
    ):
        return ""
    octets = [int(part) for part in index[2:]]
    if index[1] == "4" and len(octets) >= 4:
        return ".".join(map(str, octets[:4]))
    if index[1] == "16" and len(octets) >= 16:
        return normal_ip(":".join(f"{octets[at] << 8 | octets[at + 1]:x}" for at in range(0, 16, 2))) or ""
    return ""


# --- the three spellings --------------------------------------------------------------------------
def _decode(octets: bytes) -> tuple[str, bool]:
    """Show octets as text when they are text."""
    body = octets.rstrip(b"\0")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
        if sum(32 <= char < 127 for char in body) * 10 < 8 * len(body):
            return octets.hex(":"), False
    if any(ord(char) < 32 and char not in "\t\r\n" for char in text):
        return octets.hex(":"), False
    return text.replace("\r\n", "\n").replace("\r", "\n"), True


def _snmprec_value(oid: str, tag: str, raw: str, place: str, work: Work) -> _Value:
    kind = tag.split(":", 1)[0]
    number = kind.rstrip("xe")
    if "x" in kind:
        try:
            octets = bytes.fromhex(raw.strip())
        except ValueError:
            work.log.add("E167", place, f"{raw[:40]!r} is not hexadecimal.")
            return _Value(oid, raw, None, is_text=True)
        if number == "64":
            return _Value(oid, ".".join(map(str, octets)), octets)
        text, readable = _decode(octets)
        return _Value(oid, text, octets, is_text=readable and number == "4")
    if "e" in kind:
        raw = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda found: chr(int(found.group(1), 16)), raw)
    if number == "6":
        return _Value(oid, raw.strip().lstrip("."), is_oid=True)
    return _Value(
        oid,
        raw,
        raw.encode("latin-1", "replace") if number == "4" and len(raw) == 6 else None,
        is_text=number == "4",
    )


def _number_of(name: str) -> tuple[str, str]:
    """Turn a name of a walk into its number; also the MIB module when it is of one not known here."""
    if name[0].isdigit() or name[:2].lstrip(".")[:1].isdigit():
        return name.lstrip("."), ""
    module, _, rest = name.rpartition("::")
    rest = rest.replace("[", ".").replace("]", "")
    rest = rest.lstrip(".")
    head, _, index = rest.partition(".")
    if head == "iso":
        known: list[str] = ["1"]
        for part in index.split("."):
            if part.isdigit():
                known.append(part)
            elif part in _TEXTUAL:
                known.append(_TEXTUAL[part])
            elif part in _OBJECTS:
                known = _OBJECTS[part].split(".")
            elif known and not part.isdigit():
                # A group such as `system` or `ifTable`: the object below it fixes the number.
                continue
        return ".".join(known), ""
    start = _OBJECTS.get(head)
    if start is None:
        return "", module or head
    index = _plain_index(index)
    return f"{start}.{index}" if index else start, ""


def _plain_index(index: str) -> str:
    """Write the readable parts of an index as numbers: `1.ipv4."10.0.0.1"`, `1.0:1a:2b:3c:4d:5e`."""
    index = index.strip(".")
    if '"' in index:

        def address(found: re.Match[str]) -> str:
            kind, text = found.group(1), normal_ip(found.group(2))
            if text is None:
                return found.group()
            if ":" in text:
                return "2.16." + ".".join(str(octet) for octet in _v6_octets(text))
            return f"1.4.{text}" if kind else text

        index = re.sub(r'(?:(ipv[46]z?)\.)?"([^"]{1,64})"', address, index)
    if ":" in index:
        head, _, last = index.rpartition(".")
        mac = normal_mac(last)
        if mac:
            numbers = ".".join(str(int(pair, 16)) for pair in mac.split(":"))
            index = f"{head}.{numbers}" if head else numbers
    return index


def _v6_octets(text: str) -> bytes:
    import ipaddress

    return ipaddress.IPv6Address(text).packed


def _walk_value(name: str, kind: str, raw: str, place: str, work: Work) -> _Value:
    oid, module = _number_of(name)
    text = raw.strip()
    kind = kind.strip()
    if _ABSENT.match(text):
        return _Value(oid, "", module=module)
    if kind in ("OID", "OBJECT IDENTIFIER") or (
        not kind and re.fullmatch(rf"{_NUMERIC}|iso(?:\.[\w-]+)+|[\w-]+::\w[\w.-]*", text)
    ):
        number, _ = _number_of(text) if text else ("", "")
        return _Value(oid, number or text, is_oid=True, module=module)
    if kind == "Hex-STRING" or (
        not kind
        and len(text) >= 17
        and re.fullmatch(r'"?(?:[0-9A-Fa-f]{2}[ \n]+){5,}(?:[0-9A-Fa-f]{2})?\s*"?', text)
    ):
        try:
            octets = bytes.fromhex("".join(text.strip('"').split()))
        except ValueError:
            work.log.add("E167", place, f"{text[:40]!r} is not hexadecimal.")
            return _Value(oid, text, None, is_text=True, module=module)
        shown, readable = _decode(octets)
        return _Value(oid, shown, octets, is_text=readable, module=module)
    quoted = len(text) >= 2 and text[0] == '"' == text[-1]
    if quoted:
        text = text[1:-1].replace('\\"', '"')
    if text in ('""',):
        text = ""
    is_text = (
        kind in _OCTET_TYPES
        or quoted
        or (not kind and not re.fullmatch(r"[-\d.:() ,a-z]*\d[-\d.:() ,]*", text))
    )
    return _Value(oid, text, is_text=is_text, module=module)


def _text_rows(work: Work) -> Iterator[Row]:
    walk = Walk(work)
    held: tuple[str, str, str, list[str], str, int] | None = None

    def release() -> Iterator[Row]:
        nonlocal held
        if held is None:
            return
        name, kind, first, more, place, _ = held
        held = None
        yield from walk.add(_walk_value(name, kind, "\n".join([first, *more]), place, work), place)

    cut = ""
    for number, line in text_lines(work):
        place = f"line {number}"
        bare = line.strip()
        if (found := _SNMPREC.match(line)) is not None:
            yield from release()
            oid, tag, raw = found.groups()
            yield from walk.add(_snmprec_value(oid, tag, raw[:_LONGEST_VALUE], place, work), place)
            if len(raw) > _LONGEST_VALUE:
                work.log.add(
                    "E125", place, f"The value has {len(raw)} characters; {_LONGEST_VALUE} were read."
                )
            continue
        if held is not None and _inside(held) and not re.match(rf"{_NAME} ?=", line[:700]):
            if sum(map(len, held[3])) < _LONGEST_VALUE:
                held[3].append(line)
            else:
                work.log.add("E125", held[4], f"The value was cut at {_LONGEST_VALUE} characters.")
            continue
        found = _WALK.match(line) if "=" in line[:700] else None
        quick = (
            None
            if found is not None
            else _QUICK.match(line)
            if re.match(r"\.?(?:1\.[03]|iso)|[A-Za-z][\w-]+::", line)
            else None
        )
        if found is not None or quick is not None:
            yield from release()
            if found is not None:
                name, kind, raw = found.group(1), found.group(2) or "", found.group(3)
            else:
                assert quick is not None
                name, kind, raw = quick.group(1), "", quick.group(2) or ""
            held = (name, kind, raw[:_LONGEST_VALUE], [], place, number)
            continue
        if not bare:
            if held is not None and held[3]:
                held[3].append("")
            continue
        if _END.search(line):
            continue
        if _CUT.match(bare):
            cut = place
            work.log.add("E166", place, f"{bare[:80]!r}: the agent stopped answering.")
            continue
        command = _COMMAND.match(line)
        host = _host_of(command.group(1)) if command else ""
        named = _HOST_LINE.match(line) if not host else None
        if host or named:
            yield from release()
            yield from walk.start(host or (named.group(1) if named else ""), place)
            continue
        if bare.startswith("#") or re.fullmatch(r"[-=*#\s]+", bare):
            continue
        if held is not None and (held[1] in ("STRING", "Hex-STRING", "BITS", "") or line[:1] in " \t"):
            # Strings go on over line ends without quotes in the usual output.
            if sum(map(len, held[3])) < _LONGEST_VALUE:
                held[3].append(line)
            continue
        work.log.add("E165", place, f"{bare[:60]!r} was kept as text.", lossy=False)
        yield _LEFT_OVER, place, {"line": bare}
    if held is not None and _inside(held):
        work.log.add("E166", held[4], "The last value has no closing quotation mark; it was read so far.")
    yield from release()
    yield from walk.finish()
    walk.tell()
    if cut:
        work.spot(
            "walk_broken_off",
            1,
            walk.agents,
            "A walk stopped before its end: tables after that place are missing.",
            (cut,),
        )


def _inside(held: tuple[str, str, str, list[str], str, int]) -> bool:
    """Tell whether a quoted value is still open."""
    text = held[2].strip()
    if not text.startswith('"'):
        return False
    last = held[3][-1].rstrip() if held[3] else text
    return not (last.endswith('"') and not last.endswith('\\"') and (held[3] or len(text) > 1))


def _host_of(arguments: str) -> str:
    """Find the agent among the arguments of a command of net-snmp: the first that is no option."""
    words = arguments.split()
    takes = {
        "-v",
        "-c",
        "-l",
        "-u",
        "-a",
        "-A",
        "-x",
        "-X",
        "-t",
        "-r",
        "-m",
        "-M",
        "-n",
        "-e",
        "-E",
        "-Z",
        "-O",
        "-C",
        "-I",
    }
    skip = False
    for word in words[:40]:
        if skip:
            skip = False
        elif word in takes:
            skip = True
        elif not word.startswith("-"):
            host = word.rpartition("@")[2]
            host = re.sub(r"^(?:udp|tcp|udp6|tcp6):", "", host)
            plain = host if normal_ip(host) else host.partition(":")[0]
            return plain if re.fullmatch(r"[\w.:-]{1,64}", plain) else ""
    return ""


# --- JSON -----------------------------------------------------------------------------------------
_JSON_TYPES = {
    "octetstring": "STRING",
    "octetstr": "STRING",
    "objectid": "OID",
    "objectidentifier": "OID",
    "hex-string": "Hex-STRING",
}
_OID_KEY = re.compile(rf"{_NUMERIC}")


def _pairs(value: Any, host: str = "", depth: int = 0) -> Iterator[tuple[str, str, str, Any]]:
    """Find host, name, type and value of every variable in a JSON dump, whatever its nesting."""
    if depth > 8:
        return
    if isinstance(value, dict):
        lower = {str(key).lower(): item for key, item in value.items()}
        name = lower.get("oid") or lower.get("name")
        if (
            isinstance(name, str)
            and ("value" in lower or "val" in lower)
            and (_OID_KEY.fullmatch(name) or "::" in name)
        ):
            index = lower.get("oid_index") or lower.get("index")
            full = f"{name}.{index}" if isinstance(index, str) and index and "oid_index" in lower else name
            kind = str(lower.get("type") or lower.get("snmp_type") or "")
            item = lower.get("value", lower.get("val"))
            yield str(lower.get("host") or lower.get("agent") or host), full, kind, item
            return
        own = next(
            (
                str(lower[key])
                for key in ("host", "agent", "target", "ip", "address")
                if isinstance(lower.get(key), str)
            ),
            host,
        )
        for key, item in value.items():
            if _OID_KEY.fullmatch(str(key)) or "::" in str(key):
                if isinstance(item, dict):
                    inner = {str(name).lower(): part for name, part in item.items()}
                    if "value" in inner:
                        yield own, str(key), str(inner.get("type") or ""), inner["value"]
                        continue
                if not isinstance(item, dict | list):
                    yield own, str(key), "", item
                    continue
            if isinstance(item, dict | list):
                inside = (
                    str(key) if normal_ip(str(key)) or re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", str(key)) else own
                )
                yield from _pairs(item, inside, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _pairs(item, host, depth + 1)


def _json_rows(work: Work) -> Iterator[Row]:
    walk = Walk(work)
    for pointer, value in json_events(work, whole=True):
        some = False
        place = pointer or "document"
        for host, name, kind, item in _pairs(value):
            some = True
            yield from walk.start(host, place)
            text = "" if item is None else str(item)
            numeric = _number_of(name)[0] or name
            kind = _JSON_TYPES.get(kind.lower().replace(" ", "").replace("_", ""), kind)
            if re.fullmatch(r"0x(?:[0-9A-Fa-f]{2})+", text) and kind in ("STRING", "Hex-STRING", ""):
                kind, text = "Hex-STRING", text[2:]
            if not kind and re.search(r"[A-Za-z]", text):
                kind = "OID" if text.lower().startswith(("iso.", "snmpv2-smi::")) else "STRING"
            yield from walk.add(_walk_value(numeric, kind, text, place, work), place)
        if not some:
            work.log.add("E165", place, "No variable was found in this part.", lossy=isinstance(value, str))
            yield _LEFT_OVER, place, {"line": str(value)[: work.options.limits.max_field_bytes // 4]}
    yield from walk.finish()
    walk.tell()


class SnmpWalk:
    """Reader of SNMP recordings."""

    name = "snmp"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 96 when the lines are variables of SNMP, else 0."""
        if head.view is None:
            return 0
        if re.match(r"[\[{]\s*[\[{\"\]}]", head.start):
            return 96 if _json_form(head) else 0
        lines = head.view.lines(300)
        records = walks = quick = 0
        for line in lines:
            if _SNMPREC.match(line):
                records += 1
            elif "=" in line[:700] and _WALK.match(line):
                walks += 1
            elif re.match(r"\.?1\.[03]\.\d[\d.]+ |iso\.[\d.]+ |[A-Z][\w-]+MIB::\w+\S* ", line):
                quick += 1
        found = records + walks + quick
        named = sum(1 for line in lines if re.match(r"\.?1\.[03]\.|\.?iso\.|[\w-]+::|(?:sys|if)[A-Z]", line))
        if not (found and named and found * 10 >= 3 * len(lines) and (records + walks or quick >= 2)):
            return 0
        return 0 if head.is_headed_table else 96

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open a recording."""
        return FixedReading(
            source,
            options,
            self.name,
            _json_rows if first_character(source) in ("[", "{") else _text_rows,
            (AGENTS, ENTITIES, NEIGHBOURS, SOFTWARE, _LEFT_OVER),
        )


def _json_form(head: Head) -> bool:
    first = head.first_value
    if isinstance(first, dict):
        return len(list(islice(_pairs(first), 2))) >= (1 if _is_one(first) else 2)
    return (
        first is None and len(re.findall(r'"\.?1\.3\.6\.1\.(?:2\.1|4\.1)\.[\d.]+"', head.start[:4_000])) >= 3
    )


def _is_one(value: dict[str, Any]) -> bool:
    return any(str(key).lower() == "oid" for key in value)
